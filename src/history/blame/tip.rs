//! Where the walk starts: what the model says there, and in which files.

use super::sides::Differing;
use super::units::{Unit, units};
use super::{BlameOptions, HistoryError, Workspace};
use crate::git::{Commit, ObjectId, Repository, TreeFile, WorkChange, work_file};
use crate::history::unreadable::{Unreadable, unreadable};
use crate::load;
use crate::model::{Address, Kind, Model, Pattern};
use crate::source::{RawContent, RawFile};
use memchr::memmem;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The state whose parts are asked about.
#[derive(Debug, Clone)]
pub enum Tip {
    /// A commit.
    Commit(Box<Commit>),
    /// What is on disk, and the commit it follows; none before the first.
    WorkTree(Option<Box<Commit>>),
}

impl Tip {
    fn commit(&self) -> Option<&Commit> {
        match self {
            Self::Commit(commit) => Some(commit),
            Self::WorkTree(commit) => commit.as_deref(),
        }
    }
}

/// What is known before the first step.
pub(super) struct Start {
    /// The parts that are asked about, each with its entity, by file and place.
    pub(super) asked: Vec<(Address, Unit)>,
    pub(super) model: Model,
    pub(super) unreadable: Vec<Unreadable>,
    /// The commit at the tip, or the one the work tree follows.
    pub(super) head: Option<ObjectId>,
    /// The files that are as that commit records them.
    pub(super) recorded: BTreeMap<String, TreeFile>,
    /// The files that are not.
    pub(super) changes: Vec<Differing>,
}

/// Reads the tip, as far as it holds what is asked for.
pub(super) fn start(
    workspace: &Workspace,
    repository: &Repository,
    tip: &Tip,
    options: &BlameOptions,
) -> Result<Start, HistoryError> {
    let head = tip.commit();
    let mut search = Search {
        workspace,
        repository,
        entities: entities(&options.addresses),
        recorded: BTreeMap::new(),
        found: Vec::new(),
    };
    if let Some(head) = head {
        let files = repository.tree_files(head.tree, &workspace.folder)?;
        search.recorded = files.into_iter().map(|file| (file.path.clone(), file)).collect();
    }
    let changes = search.run(tip)?;
    let Search { recorded, mut found, .. } = search;
    // Of an entity that is declared twice, the first file has it.
    found.sort_by(|a, b| a.path.cmp(&b.path));
    let (model, unreadable) = readable(workspace, found);
    let asked = asked(&model, options);
    let head = head.map(|head| head.id);
    let changes = changes.into_iter().map(Differing::from).collect();
    Ok(Start { asked, model, unreadable, head, recorded, changes })
}

/// The model of some files without those that cannot be read, and these.
fn readable(workspace: &Workspace, files: Vec<RawFile>) -> (Model, Vec<Unreadable>) {
    let loaded = load::read(files, workspace.limits);
    let mut broken = unreadable(&loaded.findings);
    for file in &mut broken {
        let inside = loaded.model.entities().filter(|entity| entity.source.path() == file.path);
        file.holds = inside.map(|entity| entity.address.clone()).collect();
    }
    let paths: BTreeSet<&str> = broken.iter().map(|file| file.path.as_str()).collect();
    (loaded.model.without_files(&paths), broken)
}

/// The parts that are asked about, by file and place.
fn asked(model: &Model, options: &BlameOptions) -> Vec<(Address, Unit)> {
    let mut asked: Vec<(&str, Address, Unit)> = Vec::new();
    for entity in model.entities() {
        let wanted = units(entity).into_iter().filter(|unit| options.wants(unit.address.as_str()));
        let path = entity.source.path();
        asked.extend(wanted.map(|unit| (path, entity.address.clone(), unit)));
    }
    asked.sort_by(|(path, _, unit), (other_path, _, other)| {
        (path, unit.span, unit.kind).cmp(&(other_path, other.span, other.kind))
    });
    asked.into_iter().map(|(_, entity, unit)| (entity, unit)).collect()
}

/// The entities that patterns are about, where each is about a single one.
pub(super) fn entities(patterns: &[Pattern]) -> Option<Vec<String>> {
    let entity = |pattern: &Pattern| {
        let text = pattern.as_str();
        let kind = Kind::of(text.split('.').next()?)?;
        let steps: Vec<&str> = text.split('.').take(kind.depth + 1).collect();
        (steps.len() == kind.depth + 1 && !steps.contains(&"*")).then(|| steps.join("."))
    };
    if patterns.is_empty() { None } else { patterns.iter().map(entity).collect() }
}

/// The search for the files that hold what is asked for.
struct Search<'a> {
    workspace: &'a Workspace,
    repository: &'a Repository,
    /// The entities to be found; none where any may be asked for.
    entities: Option<Vec<String>>,
    recorded: BTreeMap<String, TreeFile>,
    found: Vec<RawFile>,
}

impl Search<'_> {
    /// Finds the files at a tip, and gives those that are not as its commit records them.
    fn run(&mut self, tip: &Tip) -> Result<Vec<WorkChange>, HistoryError> {
        let Tip::WorkTree(head) = tip else {
            self.find()?;
            return Ok(Vec::new());
        };
        // Of single files it is quickly seen that they are on disk as they are recorded.
        if self.entities.is_some() && self.find()? && self.is_on_disk() {
            return Ok(Vec::new());
        }
        let (folder, limit) = (&self.workspace.folder, self.workspace.limits.file_bytes);
        let changes = self.repository.work_changes(head.as_deref(), folder, limit)?;
        self.found.clear();
        for change in &changes {
            self.recorded.remove(&change.path);
            self.found.extend(change.after.clone());
        }
        self.find()?;
        Ok(changes)
    }

    /// Finds the files; false where something that is asked for stands in none that is recorded.
    fn find(&mut self) -> Result<bool, HistoryError> {
        let Some(entities) = self.entities.clone() else {
            for file in self.recorded.values() {
                let limit = self.workspace.limits.file_bytes;
                self.found.push(self.repository.read(file, limit)?);
            }
            return Ok(false);
        };
        let mut all = true;
        for entity in &entities {
            all &= self.find_one(entity)?;
        }
        Ok(all)
    }

    /// Looks through the files until one holds the entity, the likely ones first.
    fn find_one(&mut self, entity: &str) -> Result<bool, HistoryError> {
        if self.found.iter().any(|file| self.holds(file, entity)) {
            return Ok(true);
        }
        let mut likely: Vec<(Reverse<usize>, &TreeFile)> = self
            .recorded
            .values()
            .map(|file| (Reverse(likeness(&file.path, entity)), file))
            .collect();
        likely.sort_by(|(likeness, file), (other, other_file)| {
            (likeness, &file.path).cmp(&(other, &other_file.path))
        });
        for (_, file) in likely {
            let file = self.repository.read(file, self.workspace.limits.file_bytes)?;
            if self.holds(&file, entity) {
                self.found.push(file);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn holds(&self, file: &RawFile, entity: &str) -> bool {
        let RawContent::Bytes(bytes) = &file.content else { return false };
        let id = entity.rsplit('.').next().unwrap_or(entity);
        memmem::find(bytes, id.as_bytes()).is_some()
            && load::read(vec![file.clone()], self.workspace.limits).model.get(entity).is_some()
    }

    /// Whether the files that were found stand on disk as they are recorded.
    fn is_on_disk(&self) -> bool {
        let limit = self.workspace.limits.file_bytes;
        let on_disk = |file: &RawFile| work_file(self.workspace.root(), &file.path, limit);
        self.found.iter().all(|file| on_disk(file).as_ref() == Some(file))
    }
}

/// How many words of an address are in a path.
fn likeness(path: &str, address: &str) -> usize {
    let is_in = |word: &str| words_of(path).any(|other| other.starts_with(word));
    words_of(address).filter(|word| !word.is_empty() && is_in(word)).count()
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}
