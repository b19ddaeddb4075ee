//! Who people are now, by the repository's `.mailmap`.

use super::{Person, Repository};
use gix::bstr::ByteSlice;

/// The names and addresses people had, and those they have now.
#[derive(Debug)]
pub struct Mailmap(gix::mailmap::Snapshot);

impl Repository {
    /// The mailmap of the work tree (of `HEAD` in a bare repository) and of the configuration.
    ///
    /// One that is not there or cannot be read is empty, as it is for Git.
    pub fn mailmap(&self) -> Mailmap {
        Mailmap(self.inner.open_mailmap())
    }
}

impl Mailmap {
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
