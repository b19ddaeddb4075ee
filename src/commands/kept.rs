//! Results that are kept as they were shown, for the next run that asks the same.

use crate::git::{Commit, Journal, ObjectId, Repository};
use std::fs;
use std::time::UNIX_EPOCH;

/// A result of a commit, in a file of its own: what is known of other questions need not be read.
pub(super) struct Kept {
    journal: Journal,
    commit: ObjectId,
}

/// What was shown: on standard output, and on standard error.
pub(super) type Shown = (String, String);

impl Kept {
    /// The place of a result; `question` is all that it depends on beside the commit and this build of
    /// the tool. None where something was not fetched that may be there next time.
    pub(super) fn of(repository: &Repository, commit: &Commit, question: &str) -> Option<Self> {
        let is_whole = !repository.is_shallow() && !repository.is_partial();
        let key = build().filter(|_| is_whole)?;
        let journal = repository.journal(&format!("result {key} {question}"));
        Some(Self { journal, commit: commit.id })
    }

    /// What an earlier run showed; none where it is not what was written.
    pub(super) fn shown(&self) -> Option<Shown> {
        let (shown, rest) = postcard::take_from_bytes(self.journal.get(self.commit)?).ok()?;
        rest.is_empty().then_some(shown)
    }

    /// Keeps what is shown.
    pub(super) fn keep(mut self, shown: &Shown) {
        if let Ok(bytes) = postcard::to_stdvec(shown) {
            self.journal.put(self.commit, bytes);
            self.journal.save();
        }
    }
}

/// The version of the program with its size and date: what another build shows may be something else.
/// None where that cannot be seen.
pub(super) fn build() -> Option<String> {
    let about = std::env::current_exe().and_then(fs::metadata).ok()?;
    let date = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some(format!("{} {} {date}", env!("CARGO_PKG_VERSION"), about.len()))
}
