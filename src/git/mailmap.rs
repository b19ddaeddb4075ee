//! Who people are now, by the repository's `.mailmap`.

use super::{Commit, GitError, Person, Repository};
use crate::source::RawContent;
use gix::bstr::ByteSlice;

/// A larger mailmap, in bytes, is an accident or an attack.
const LIMIT: u64 = 4 << 20;

/// The names and addresses people had, and those they have now.
#[derive(Debug, Clone, Default)]
pub struct Mailmap(gix::mailmap::Snapshot);

impl Repository {
    /// The mailmap of the work tree (of `HEAD` in a bare repository) and of the configuration.
    ///
    /// One that is not there or cannot be read is empty, as it is for Git.
    pub fn mailmap(&self) -> Mailmap {
        Mailmap(self.inner.open_mailmap())
    }

    /// The mailmap that a commit carries at its root; empty where it carries none.
    ///
    /// Who may approve a change is judged by that of the base: a change cannot make its author
    /// somebody else.
    pub fn mailmap_at(&self, commit: &Commit) -> Result<Mailmap, GitError> {
        let file = self.file_at(commit, ".mailmap", LIMIT)?;
        Ok(match file.map(|file| file.content) {
            Some(RawContent::Bytes(bytes)) => Mailmap::parse(&bytes),
            _ => Mailmap::default(),
        })
    }
}

impl Mailmap {
    /// What the text of a mailmap says; lines that say nothing are left out, as Git does.
    pub fn parse(text: &[u8]) -> Self {
        Self(gix::mailmap::Snapshot::from_bytes(text))
    }

    /// All that it says, the same for two that say the same.
    pub fn told(&self) -> String {
        format!("{:?}", self.0.entries())
    }

    /// A person as they are called now.
    #[must_use]
    pub fn current(&self, person: &Person) -> Person {
        let signature = gix::actor::SignatureRef {
            name: person.name.as_bytes().as_bstr(),
            email: person.email.as_bytes().as_bstr(),
            time: "",
        };
        match self.0.try_resolve_ref(signature) {
            None => person.clone(),
            Some(now) => Person {
                name: now
                    .name
                    .map_or_else(|| person.name.clone(), |name| name.to_str_lossy().into()),
                email: now
                    .email
                    .map_or_else(|| person.email.clone(), |email| email.to_str_lossy().into()),
            },
        }
    }
}
