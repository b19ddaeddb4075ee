//! The demonstration's history as data: an invented company's model over 18 months.
//!
//! What happened stands here, commit by commit; who plays it into a repository is elsewhere. The
//! files start from the example model, taken back to what it was 18 months ago.

mod before;
mod beside;
mod edit;
mod exports;
mod first_half_2026;
mod people;
mod proposal;
mod second_half_2025;
mod second_half_2026;
mod spring_2025;

pub use edit::{Edit, Files, apply};
pub use exports::{deals, leads};
pub use people::Author;

use super::EXAMPLE;

/// The day on which the demonstration plays; what it finds is judged for this day.
pub const PRESENT: &str = "2026-11-02";

/// The main line.
pub const MAIN: &str = "main";

/// The branch with the open proposal.
pub const PROPOSAL: &str = "proposal/benelux-to-dach";

/// Something that happened to the repository.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// Somebody changed files.
    Commit(Commit),
    /// Somebody merged a branch into the main line.
    Merge(Merge),
    /// Somebody marked the end of a quarter on the main line.
    Tag(Tag),
}

/// A change of files.
#[derive(Debug, Clone, Copy)]
pub struct Commit {
    /// The branch; one that is not there yet starts where the main line is.
    pub branch: &'static str,
    /// When, with the offset of the author's clock.
    pub at: &'static str,
    /// Who wrote it.
    pub author: Author,
    /// Who recorded it, where that was somebody else.
    pub committer: Option<Author>,
    /// The message; `{subject}` stands for the id of the commit with this first line.
    pub message: &'static str,
    /// What it does to the files.
    pub edits: &'static [Edit],
}

/// A merge into the main line.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// The branch that ends in it.
    pub branch: &'static str,
    /// When, with the offset of the author's clock.
    pub at: &'static str,
    /// Who merged.
    pub author: Author,
    /// The message.
    pub message: &'static str,
}

/// A tag on the main line.
#[derive(Debug, Clone, Copy)]
pub struct Tag {
    /// Its name.
    pub name: &'static str,
    /// When, with the offset of the tagger's clock.
    pub at: &'static str,
    /// Who tagged.
    pub author: Author,
    /// The message.
    pub message: &'static str,
}

impl Event {
    /// A commit on the main line, recorded by its author.
    const fn main(
        at: &'static str,
        author: Author,
        message: &'static str,
        edits: &'static [Edit],
    ) -> Self {
        Self::Commit(Commit { branch: MAIN, at, author, committer: None, message, edits })
    }

    /// A commit on the main line that somebody else recorded, as a forge does on merging.
    const fn merged(
        at: &'static str,
        author: Author,
        committer: Author,
        message: &'static str,
        edits: &'static [Edit],
    ) -> Self {
        let committer = Some(committer);
        Self::Commit(Commit { branch: MAIN, at, author, committer, message, edits })
    }

    /// A commit on another branch.
    const fn on(
        branch: &'static str,
        at: &'static str,
        author: Author,
        message: &'static str,
        edits: &'static [Edit],
    ) -> Self {
        Self::Commit(Commit { branch, at, author, committer: None, message, edits })
    }

    const fn tag(name: &'static str, at: &'static str, message: &'static str) -> Self {
        Self::Tag(Tag { name, at, author: people::INES, message })
    }
}

/// Everything that happened, in order.
pub fn events() -> impl Iterator<Item = &'static Event> {
    [
        spring_2025::EVENTS,
        second_half_2025::EVENTS,
        first_half_2026::EVENTS,
        second_half_2026::EVENTS,
        proposal::EVENTS,
    ]
    .into_iter()
    .flatten()
}

/// The files on the day before the first commit.
///
/// # Errors
/// An edit that does not fit the example model.
pub fn beginning() -> Result<Files, String> {
    let carried = EXAMPLE.iter().map(|file| (format!("model/{}", file.path), file.text.to_owned()));
    let mut files: Files = carried.collect();
    for edits in before::EDITS {
        apply(edits, &mut files)?;
    }
    Ok(files)
}
