//! Since when each part of a model means what it means: the commit that last changed it.
//!
//! Every part starts as a suspect at the tip and is handed from a commit to that parent in which
//! it means the same; where there is none, the commit is to blame. Files that are the same in a
//! parent go there whole, whatever is in them, so that only what differs is ever read.

mod merge;
mod sides;
mod tip;
mod units;
mod walk;

pub use tip::Tip;
pub use units::{Unit, UnitKind, units};

use super::unreadable::Unreadable;
use super::workspace::{HistoryError, Workspace};
use crate::git::{Commit, Mailmap, ObjectId, Repository};
use crate::model::{Address, Model, Pattern};
use std::collections::{BTreeMap, BTreeSet};

/// What of a history is asked.
#[derive(Debug, Clone, Default)]
pub struct BlameOptions {
    /// Of which addresses; of all where there are none.
    pub addresses: Vec<Pattern>,
    /// Whether only the first parent of a merge is followed.
    pub first_parent: bool,
    /// Whether the commit that last changed what is written is looked for, too.
    pub form: bool,
}

impl BlameOptions {
    fn is_about_single_entities(&self) -> bool {
        tip::entities(&self.addresses).is_some()
    }

    fn wants(&self, address: &str) -> bool {
        self.addresses.is_empty() || self.addresses.iter().any(|pattern| pattern.covers(address))
    }
}

/// The commit to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The commit; none for what is not committed yet.
    pub commit: Option<ObjectId>,
    /// Whether the history before it was not fetched, so that it may be older.
    pub boundary: bool,
    /// The commits before it in which the file could not be read: it may be one of those.
    pub gap: Option<Gap>,
}

/// A stretch of history in which a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The file.
    pub path: String,
    /// The first commit in which it could not be read.
    pub from: ObjectId,
    /// The last one.
    pub to: ObjectId,
}

/// A part of a model and whom to ask about it.
#[derive(Debug, Clone)]
pub struct BlamedUnit {
    /// The entity it is a part of.
    pub entity: Address,
    /// The part.
    pub unit: Unit,
    /// The commit that last changed what it means.
    pub meaning: Origin,
    /// The commit that last changed how it is written, where that was asked.
    pub form: Option<Origin>,
}

/// Whom to ask about what a model says.
#[derive(Debug, Default)]
pub struct Blame {
    /// The model at the tip, as far as it was read.
    pub model: Model,
    /// The parts that were asked for, by file and place.
    pub units: Vec<BlamedUnit>,
    /// The commits that are named.
    pub commits: BTreeMap<ObjectId, Commit>,
    /// Files that cannot be read at the tip, as far as they may hold what was asked for.
    pub unreadable: Vec<Unreadable>,
}

impl Workspace {
    /// The commit that last changed the meaning of each part of a model.
    ///
    /// # Errors
    /// The repository or the disk does not give what is asked of it.
    pub fn blame(&self, tip: &Tip, options: &BlameOptions) -> Result<Blame, HistoryError> {
        let repository = self.repository()?;
        // Of one file most objects are read once; of many files each of their folders is read on
        // the way to it and on the way from it.
        let repository = if options.is_about_single_entities() {
            repository.for_passing()
        } else {
            repository.for_walking()
        };
        let start = tip::start(self, &repository, tip, options)?;
        let mut walk = walk::Walk::new(self, &repository, options, start.asked.len());
        walk.begin(&start)?;
        walk.run()?;
        let blamed = |(at, (entity, unit)): (usize, (Address, Unit))| {
            let [meaning, form] = walk.origins(at);
            Some(BlamedUnit { entity, unit, meaning: meaning?, form })
        };
        let units: Vec<BlamedUnit> =
            start.asked.into_iter().enumerate().filter_map(blamed).collect();
        let commits = named(&repository, &units)?;
        Ok(Blame { model: start.model, units, commits, unreadable: start.unreadable })
    }

    /// The last commit up to `from` on its main line in which a file can be read; none where the
    /// file was never readable.
    ///
    /// # Errors
    /// The repository does not give it.
    pub fn last_readable(
        &self,
        from: &Commit,
        path: &str,
    ) -> Result<Option<ObjectId>, HistoryError> {
        let repository = self.repository()?.for_passing();
        Ok(sides::last_readable(self, &repository, from.id, path)?.commit)
    }
}

/// The commits that some parts name, with the names their people have now.
fn named(
    repository: &Repository,
    units: &[BlamedUnit],
) -> Result<BTreeMap<ObjectId, Commit>, HistoryError> {
    let origins = units.iter().flat_map(|unit| [Some(&unit.meaning), unit.form.as_ref()]);
    let ids: BTreeSet<ObjectId> = origins.flatten().filter_map(|origin| origin.commit).collect();
    let mailmap: Mailmap = repository.mailmap();
    let mut commits = BTreeMap::new();
    for id in ids {
        let mut commit = repository.commit(id)?;
        commit.author = mailmap.current(&commit.author);
        commit.committer = mailmap.current(&commit.committer);
        commits.insert(id, commit);
    }
    Ok(commits)
}
