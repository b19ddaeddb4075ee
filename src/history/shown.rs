//! What was shown of commits, kept between runs together with all that it rested on.

use super::reuse::Moved;
use crate::git::{Journal, ObjectId, Repository};
use crate::model::Address;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// Counts changes of what is kept beside what was shown.
const REVISION: u32 = 2;

/// The commits that earlier runs showed in one way.
pub(super) struct Shown<T> {
    journal: Journal,
    what: PhantomData<T>,
}

/// What was shown of a commit.
pub(super) struct Record<T> {
    pub(super) commit: ObjectId,
    pub(super) brought_by: Option<ObjectId>,
    /// The whole entities it gives, takes away and renames.
    pub(super) moved: Vec<Moved>,
    /// Of the ids that it frees, those that stood for something else later.
    pub(super) reused: BTreeMap<Address, ObjectId>,
    /// What was shown; none where there was nothing to say.
    pub(super) what: Option<T>,
}

/// A record as it is kept, in the order of its properties.
type Kept<M, T> = ([u8; 20], Option<[u8; 20]>, M, Vec<(String, [u8; 20])>, T);

impl<T: Serialize + DeserializeOwned> Shown<T> {
    /// What was shown in a way that `key` tells in full.
    pub(super) fn of(repository: &Repository, key: &str) -> Self {
        let journal = repository.journal(&format!("shown {REVISION} {key}"));
        Self { journal, what: PhantomData }
    }

    /// What was shown of a commit that came to the main line in some way.
    pub(super) fn get(&self, commit: ObjectId, brought_by: Option<ObjectId>) -> Option<Record<T>> {
        let bytes = self.journal.get(name(commit, brought_by))?;
        let (kept, rest) = postcard::take_from_bytes::<Kept<Vec<Moved>, Option<T>>>(bytes).ok()?;
        let (of, by, moved, reused, what) = kept;
        let is_meant = rest.is_empty()
            && of == *commit.as_bytes()
            && by == brought_by.map(|by| *by.as_bytes());
        let id = |(address, id): (String, [u8; 20])| {
            Some((Address::new(address), ObjectId::from_bytes(&id)?))
        };
        let reused: Option<_> = reused.into_iter().map(id).collect();
        Some(Record { commit, brought_by, moved, reused: reused?, what }).filter(|_| is_meant)
    }

    /// Keeps what was shown, unless something is kept already.
    pub(super) fn put(&mut self, record: &Record<&T>) {
        let name = name(record.commit, record.brought_by);
        if self.journal.get(name).is_some() {
            return;
        }
        let reused = record.reused.iter();
        let kept: Kept<&[Moved], Option<&T>> = (
            *record.commit.as_bytes(),
            record.brought_by.map(|by| *by.as_bytes()),
            &record.moved,
            reused.map(|(address, id)| (address.to_string(), *id.as_bytes())).collect(),
            record.what,
        );
        if let Ok(bytes) = postcard::to_stdvec(&kept) {
            self.journal.put_by_and_by(name, bytes);
        }
    }
}

impl<T> Drop for Shown<T> {
    fn drop(&mut self) {
        self.journal.save();
    }
}

/// A name for a commit and the merge that brought it: seen from another tip it may be another one.
fn name(commit: ObjectId, brought_by: Option<ObjectId>) -> ObjectId {
    let Some(merge) = brought_by else { return commit };
    let mut bytes = *commit.as_bytes();
    bytes.iter_mut().zip(merge.as_bytes()).for_each(|(byte, other)| *byte ^= other);
    ObjectId::from_bytes(&bytes).unwrap_or(commit)
}
