//! The walk back: suspects are handed from each commit to those parents in which they are the same.

use super::merge::Merge;
use super::sides::{After, Differing, Place, Sides};
use super::tip::Start;
use super::{BlameOptions, Gap, HistoryError, Origin, Workspace};
use crate::git::{Ancestry, ChangedFile, Link, ObjectId, Repository, TreeFile, Whereabouts};
use crate::model::Address;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Up to so many files are looked up one by one; of more, whole folders are compared.
const FEW: usize = 2;

/// A part whose commit is looked for.
#[derive(Clone)]
pub(super) struct Suspect {
    /// Which of the parts that were asked for.
    pub(super) unit: usize,
    /// Whether it is about what is written, not about what it means.
    pub(super) form: bool,
    /// Its address in the commit it was handed to.
    pub(super) address: Address,
    /// Commits that could not be read, and that may be to blame as well.
    pub(super) gap: Option<Box<Gap>>,
}

impl Suspect {
    /// Whether both are the same part, and asked for the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        (self.unit, self.form) == (other.unit, other.form)
    }
}

/// The suspects of a file by their entities.
type Suspects = BTreeMap<Address, Vec<Suspect>>;

/// A file of a commit with the suspects in it.
struct Held {
    file: TreeFile,
    known: Option<Whereabouts>,
    suspects: Suspects,
}

/// The suspects of a commit by their files.
type Files = BTreeMap<String, Held>;

/// A commit and what it holds.
struct Load {
    link: Link,
    files: Files,
}

pub(super) struct Walk<'a> {
    workspace: &'a Workspace,
    repository: &'a Repository,
    ancestry: Ancestry<'a>,
    options: &'a BlameOptions,
    /// Of each part the commit that changed its meaning, and the one that changed its form.
    origins: Vec<[Option<Origin>; 2]>,
    loads: BTreeMap<ObjectId, Load>,
    /// The commits with suspects; the newest comes first, of one second the first reached.
    queue: BinaryHeap<(i64, Reverse<usize>, ObjectId)>,
    reached: usize,
}

/// How a commit differs from one of its parents, as far as it was looked at.
struct Difference {
    files: BTreeMap<String, ChangedFile>,
    /// Whether all files were looked at.
    is_whole: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        repository: &'a Repository,
        options: &'a BlameOptions,
        parts: usize,
    ) -> Self {
        Self {
            workspace,
            repository,
            ancestry: repository.ancestry(),
            options,
            origins: vec![[None, None]; parts],
            loads: BTreeMap::new(),
            queue: BinaryHeap::new(),
            reached: 0,
        }
    }

    /// The commits of a part: of its meaning, and of its form.
    pub(super) fn origins(&self, part: usize) -> [Option<Origin>; 2] {
        self.origins.get(part).cloned().unwrap_or_default()
    }

    /// Puts every part that was asked for where it stands at the tip.
    pub(super) fn begin(&mut self, start: &Start) -> Result<(), HistoryError> {
        let mut files: BTreeMap<&str, Suspects> = BTreeMap::new();
        for (unit, (entity, part)) in start.asked.iter().enumerate() {
            let Some(stands) = start.model.get(entity.as_str()) else { continue };
            let suspects = files.entry(stands.source.path()).or_default();
            let suspects = suspects.entry(entity.clone()).or_default();
            let suspect = |form| Suspect { unit, form, address: part.address.clone(), gap: None };
            suspects.push(suspect(false));
            suspects.extend(self.options.form.then(|| suspect(true)));
        }
        let mut uncommitted = BTreeMap::new();
        let head = start.head.map(|id| self.ancestry.link(id)).transpose()?;
        for (path, suspects) in files {
            match (&head, start.recorded.get(path)) {
                (Some(head), Some(file)) => {
                    self.give(head, path, (file.clone(), None), suspects);
                }
                _ => {
                    uncommitted.insert(path.to_owned(), suspects);
                }
            }
        }
        if let Some(head) = head.filter(|_| !uncommitted.is_empty()) {
            let sides = Sides::read(self.workspace, self.repository, &start.changes, head.id)?;
            uncommitted = self.hand_down(&sides, &head, uncommitted)?;
        }
        self.settle(uncommitted, None, false);
        Ok(())
    }

    pub(super) fn run(&mut self) -> Result<(), HistoryError> {
        while let Some((_, _, id)) = self.queue.pop() {
            if let Some(load) = self.loads.remove(&id) {
                self.commit(&load.link, load.files)?;
            }
        }
        Ok(())
    }

    /// Hands what a commit holds to its parents; what none of them takes is its own.
    fn commit(&mut self, link: &Link, files: Files) -> Result<(), HistoryError> {
        let followed = if self.options.first_parent { 1 } else { usize::MAX };
        let parents = link.parents.iter().take(followed).map(|id| self.ancestry.link(*id));
        let parents = parents.collect::<Result<Vec<Link>, _>>()?;
        let mut rest = self.settle_taken_back(link, &parents, files)?;
        let mut differences = Vec::new();
        for parent in &parents {
            if rest.is_empty() {
                return Ok(());
            }
            let (difference, other) = self.hand_whole(link, parent, rest)?;
            differences.push((parent, difference));
            rest = other;
        }
        let files: BTreeMap<String, TreeFile> =
            rest.iter().map(|(path, held)| (path.clone(), held.file.clone())).collect();
        let mut rest: BTreeMap<String, Suspects> =
            rest.into_iter().map(|(path, held)| (path, held.suspects)).collect();
        for (parent, difference) in differences {
            if rest.is_empty() {
                return Ok(());
            }
            rest = self.hand_parts(link, parent, difference, &files, rest)?;
        }
        self.settle(rest, Some(link.id), link.boundary);
        Ok(())
    }

    /// Lays to a merge what it says as one side and what all come from do, although another side changed
    /// it, and gives back the rest.
    fn settle_taken_back(
        &mut self,
        link: &Link,
        parents: &[Link],
        mut files: Files,
    ) -> Result<Files, HistoryError> {
        if parents.len() < 2 {
            return Ok(files);
        }
        let Some(merge) = Merge::of(self.workspace, self.repository, link, parents)? else {
            return Ok(files);
        };
        let mut own: BTreeMap<String, Suspects> = BTreeMap::new();
        for (path, held) in &mut files {
            for (entity, suspects) in &mut held.suspects {
                let left = merge.taken_back(path, entity, suspects)?;
                suspects.retain(|suspect| !left.iter().any(|left| left.is(suspect)));
                own.entry(path.clone()).or_default().insert(entity.clone(), left);
            }
            held.suspects.retain(|_, suspects| !suspects.is_empty());
        }
        files.retain(|_, held| !held.suspects.is_empty());
        self.settle(own, Some(link.id), link.boundary);
        Ok(files)
    }

    /// Hands a parent the files it has as well, and gives back the others.
    fn hand_whole(
        &mut self,
        link: &Link,
        parent: &Link,
        load: Files,
    ) -> Result<(Difference, Files), HistoryError> {
        let none = Difference { files: BTreeMap::new(), is_whole: true };
        if link.tree == parent.tree {
            self.give_all(parent, load);
            return Ok((none, Files::new()));
        }
        let (mut same, mut other) = (Files::new(), Files::new());
        let mut files = BTreeMap::new();
        let is_whole = load.len() > FEW;
        if is_whole {
            same = load;
            for change in self.changed(link, parent)? {
                other.extend(same.remove_entry(&change.path));
                files.insert(change.path.clone(), change);
            }
        } else {
            for (path, mut held) in load {
                let mut known = match held.known.take() {
                    Some(known) => known,
                    None => self.repository.whereabouts(link.tree, &path)?,
                };
                let there = self.repository.other_whereabouts(parent.tree, &path, &mut known)?;
                held.known = Some(known);
                let Some(there) = there else {
                    same.insert(path, held);
                    continue;
                };
                let after = Some(held.file.clone());
                let change = ChangedFile { path: path.clone(), before: there.file, after };
                files.insert(path.clone(), change);
                other.insert(path, held);
            }
        }
        self.give_all(parent, same);
        Ok((Difference { files, is_whole }, other))
    }

    fn changed(&self, link: &Link, parent: &Link) -> Result<Vec<ChangedFile>, HistoryError> {
        let folder = &self.workspace.folder;
        let before = self.repository.folder_tree(parent.tree, folder)?;
        let after = self.repository.folder_tree(link.tree, folder)?;
        Ok(self.repository.changed_in_folder(before, after, folder)?)
    }

    /// Hands a parent the parts that mean the same there, and gives back the others.
    fn hand_parts(
        &mut self,
        link: &Link,
        parent: &Link,
        difference: Difference,
        files: &BTreeMap<String, TreeFile>,
        rest: BTreeMap<String, Suspects>,
    ) -> Result<BTreeMap<String, Suspects>, HistoryError> {
        let near: Vec<Differing> = files
            .iter()
            .filter(|(path, _)| rest.contains_key(*path))
            .map(|(path, after)| Differing {
                path: path.clone(),
                before: difference.files.get(path).and_then(|change| change.before.clone()),
                after: Some(After::Recorded(after.clone())),
            })
            .collect();
        let read = |differing: &[Differing]| {
            Sides::read(self.workspace, self.repository, differing, parent.id)
        };
        let mut sides = read(&near)?;
        let mut entities = rest.values().flat_map(BTreeMap::keys);
        if !entities.all(|entity| sides.knows(entity)) {
            // What else changed may be where it comes from, or what it refers to.
            let all: Vec<ChangedFile> = if difference.is_whole {
                difference.files.into_values().collect()
            } else {
                self.changed(link, parent)?
            };
            if all.len() > near.len() {
                sides = read(&all.into_iter().map(Differing::from).collect::<Vec<_>>())?;
            }
        }
        self.hand_down(&sides, parent, rest)
    }

    /// Hands down what means the same on both sides, and gives back the rest.
    fn hand_down(
        &mut self,
        sides: &Sides,
        parent: &Link,
        rest: BTreeMap<String, Suspects>,
    ) -> Result<BTreeMap<String, Suspects>, HistoryError> {
        let mut remaining: BTreeMap<String, Suspects> = BTreeMap::new();
        for (path, mut unread) in rest {
            let read = unread.keys().filter(|entity| !sides.is_unread(entity));
            let read: Vec<Address> = read.cloned().collect();
            let read: Vec<_> =
                read.iter().filter_map(|entity| unread.remove_entry(entity)).collect();
            let mut left = Suspects::new();
            if let Some(place) = sides.file(&path) {
                self.hand(place, parent, unread)?;
            } else {
                let new = |(entity, all)| (entity, sides.newly_there(&path, all));
                left.extend(unread.into_iter().map(new));
            }
            for (entity, suspects) in read {
                let judged = sides.judge(&path, &entity, suspects);
                if let Some((place, then, passed)) = judged.passed {
                    self.hand(place, parent, Suspects::from([(then, passed)]))?;
                }
                left.insert(entity, judged.left);
            }
            left.retain(|_, suspects| !suspects.is_empty());
            if !left.is_empty() {
                remaining.insert(path, left);
            }
        }
        Ok(remaining)
    }

    /// Hands suspects to where their file is: in a parent, or in a commit further back.
    fn hand(
        &mut self,
        place: Place,
        parent: &Link,
        mut suspects: Suspects,
    ) -> Result<(), HistoryError> {
        suspects.retain(|_, suspects| !suspects.is_empty());
        let Place { commit, file } = place;
        let path = file.path.clone();
        if suspects.is_empty() {
            return Ok(());
        }
        if commit == parent.id {
            self.give(parent, &path, (file, None), suspects);
        } else {
            self.give(&self.ancestry.link(commit)?, &path, (file, None), suspects);
        }
        Ok(())
    }

    /// Hands many files to a commit.
    fn give_all(&mut self, to: &Link, files: Files) {
        if files.is_empty() {
            return;
        }
        let load = self.load(to);
        if load.files.is_empty() {
            load.files = files;
            return;
        }
        for (path, Held { file, known, suspects }) in files {
            self.give(to, &path, (file, known), suspects);
        }
    }

    fn give(
        &mut self,
        to: &Link,
        path: &str,
        (file, known): (TreeFile, Option<Whereabouts>),
        suspects: Suspects,
    ) {
        let load = self.load(to);
        match load.files.get_mut(path) {
            Some(held) => {
                for (entity, suspects) in suspects {
                    held.suspects.entry(entity).or_default().extend(suspects);
                }
            }
            None => {
                load.files.insert(path.to_owned(), Held { file, known, suspects });
            }
        }
    }

    /// What a commit holds; it is looked at once it holds anything.
    fn load(&mut self, link: &Link) -> &mut Load {
        self.loads.entry(link.id).or_insert_with(|| {
            self.queue.push((link.seconds, Reverse(self.reached), link.id));
            self.reached += 1;
            Load { link: link.clone(), files: Files::new() }
        })
    }

    /// Lays parts to a commit; to none what is not committed yet.
    fn settle(
        &mut self,
        files: BTreeMap<String, Suspects>,
        commit: Option<ObjectId>,
        boundary: bool,
    ) {
        let suspects = files.into_values().flat_map(BTreeMap::into_values).flatten();
        for Suspect { unit, form, gap, .. } in suspects {
            let gap = gap.map(|gap| *gap);
            let origin = Origin { commit, boundary, gap };
            if let Some(found) =
                self.origins.get_mut(unit).and_then(|both| both.get_mut(usize::from(form)))
            {
                *found = Some(origin);
            }
        }
    }
}

impl From<ChangedFile> for Differing {
    fn from(change: ChangedFile) -> Self {
        let ChangedFile { path, before, after } = change;
        Self { path, before, after: after.map(After::Recorded) }
    }
}
