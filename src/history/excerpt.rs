//! The part of a model that says what one address means, read without the rest.
//!
//! Files of a commit are looked at in the order in which they probably hold what is wanted: those
//! whose path shares words with the address come first. Which entities a file holds is told from the
//! headers of its tables; only files that hold one that is needed are read. So a model of thousands
//! of files answers for one entity by opening a handful.
//!
//! INVARIANT: where no address is declared twice, which is a fault that `check` finds, the answer is
//! the one that the whole model gives. What cannot be found this way is looked for in all of it.

use super::workspace::{At, HistoryError, Workspace};
use crate::criteria::{Expr, parse, references};
use crate::git::{Repository, TreeFile};
use crate::load::{self, Loaded, addresses_in};
use crate::model::{Entity, Kind, Shape, Slot};
use crate::source::RawFile;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

impl Workspace {
    /// As much of a model as says what an address means: its entity, what that names, and whatever
    /// its criteria refer to, directly or through others. The entities of a kind for a pattern over
    /// it, and the whole model where no entity of the address can be found.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn excerpt(&self, at: &At, address: &str) -> Result<Loaded, HistoryError> {
        let mut shelf = Shelf::of(self, at)?;
        let kind = address.split('.').next().unwrap_or_default();
        let all_of_kind = kind == address && Kind::of(kind).is_some_and(|kind| kind.depth > 0);
        let chosen = if address.contains('*') || all_of_kind {
            shelf.of_kind(kind)?
        } else {
            shelf.about(entity_address(address))?
        };
        shelf.read_chosen(chosen)
    }

    /// All model files of a state; those of a commit through a cache, because most are small
    /// differences to each other.
    pub(super) fn all_files(&self, at: &At) -> Result<Vec<RawFile>, HistoryError> {
        match at {
            At::Commit(commit) => {
                let repository = self.repository()?.for_walking();
                Ok(repository.snapshot(commit, &self.folder, self.limits.file_bytes)?.files)
            }
            other => self.files(other),
        }
    }
}

/// The address of the entity that an address names or stands below.
pub fn entity_address(address: &str) -> &str {
    let kind = address.split('.').next().unwrap_or_default();
    let steps = Kind::of(kind).map_or(2, |kind| kind.depth + 1);
    let end = address.match_indices('.').nth(steps.saturating_sub(1));
    end.and_then(|(end, _)| address.get(..end)).unwrap_or(address)
}

/// A file that is opened when it is needed.
enum Volume {
    Closed(TreeFile),
    Open(RawFile),
}

/// The files of a state, and what is known of them so far.
struct Shelf<'w> {
    workspace: &'w Workspace,
    repository: Option<Repository>,
    volumes: Vec<Volume>,
    /// The volume of each entity that was seen; of two the first by path.
    holding: BTreeMap<String, usize>,
}

impl<'w> Shelf<'w> {
    fn of(workspace: &'w Workspace, at: &At) -> Result<Self, HistoryError> {
        let (repository, volumes) = match at {
            At::Commit(commit) => {
                let repository = workspace.repository()?.for_walking();
                let files = repository.tree_files(commit.tree, &workspace.folder)?;
                (Some(repository), files.into_iter().map(Volume::Closed).collect())
            }
            other => {
                let files = workspace.files(other)?;
                (None, files.into_iter().map(Volume::Open).collect::<Vec<_>>())
            }
        };
        let mut shelf = Self { workspace, repository, volumes, holding: BTreeMap::new() };
        // What is at hand already costs nothing to look through.
        for at in 0..shelf.volumes.len() {
            if matches!(shelf.volumes.get(at), Some(Volume::Open(_))) {
                shelf.look_through(at);
            }
        }
        Ok(shelf)
    }

    /// Opens a volume, if it was closed, and notes what it holds.
    fn open(&mut self, at: usize) -> Result<(), HistoryError> {
        if let (Some(Volume::Closed(file)), Some(repository)) =
            (self.volumes.get(at), &self.repository)
        {
            let file = repository.read(file, self.workspace.limits.file_bytes)?;
            if let Some(volume) = self.volumes.get_mut(at) {
                *volume = Volume::Open(file);
            }
            self.look_through(at);
        }
        Ok(())
    }

    fn look_through(&mut self, at: usize) {
        let Some(Volume::Open(file)) = self.volumes.get(at) else { return };
        let addresses: Vec<String> = match addresses_in(file) {
            Some(addresses) => addresses.into_iter().map(str::to_owned).collect(),
            None => self.read([at]).model.entities().map(|e| e.address.to_string()).collect(),
        };
        for address in addresses {
            let first = self.holding.entry(address).or_insert(at);
            *first = at.min(*first);
        }
    }

    /// The files of the entities that say what an entity means; none where not all can be found.
    fn about(&mut self, asked: &str) -> Result<Option<BTreeSet<usize>>, HistoryError> {
        let mut chosen = BTreeSet::new();
        let mut named = BTreeSet::new();
        let mut open = vec![asked.to_owned()];
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let Some(at) = self.find(&name)? else { return Ok(None) };
            chosen.insert(at);
            let loaded = self.read([at]);
            let Some(entity) = loaded.model.get(&name) else { return Ok(None) };
            open.extend(referred(entity).into_iter().filter(|name| seen.insert(name.clone())));
            if name == asked {
                named = targets(entity);
            }
        }
        // Of what is only named nothing but the name is shown, and one that leads nowhere has none.
        for name in named {
            chosen.extend(self.find(&name)?);
        }
        Ok(Some(chosen))
    }

    /// The file that holds an entity.
    fn find(&mut self, address: &str) -> Result<Option<usize>, HistoryError> {
        if !self.holding.contains_key(address) {
            for at in self.by_likelihood(address) {
                self.open(at)?;
                if self.holding.contains_key(address) {
                    break;
                }
            }
        }
        Ok(self.holding.get(address).copied())
    }

    /// The volumes that are closed, the likeliest to hold an entity first.
    fn by_likelihood(&self, address: &str) -> Vec<usize> {
        let wanted: Vec<&str> = words(address).collect();
        let folder = self.workspace.folder.as_str();
        let mut ranked: Vec<(Reverse<usize>, usize)> = Vec::new();
        for (at, volume) in self.volumes.iter().enumerate() {
            let Volume::Closed(file) = volume else { continue };
            let below = file.path.strip_prefix(folder).unwrap_or(&file.path);
            let shared = |wanted: &&&str| words(below).any(|word| is_like(word, wanted));
            ranked.push((Reverse(wanted.iter().filter(shared).count()), at));
        }
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// The files that hold an entity of a kind; all of them where the kind is not known.
    fn of_kind(&mut self, kind: &str) -> Result<Option<BTreeSet<usize>>, HistoryError> {
        if Kind::of(kind).is_none() {
            return Ok(None);
        }
        let mut chosen = BTreeSet::new();
        for at in 0..self.volumes.len() {
            self.open(at)?;
            let Some(Volume::Open(file)) = self.volumes.get(at) else { continue };
            let is_of = |address: &str| address.split('.').next() == Some(kind);
            if addresses_in(file).is_none_or(|addresses| addresses.into_iter().any(is_of)) {
                chosen.insert(at);
            }
        }
        Ok(Some(chosen))
    }

    fn read(&self, volumes: impl IntoIterator<Item = usize>) -> Loaded {
        let file = |at| match self.volumes.get(at) {
            Some(Volume::Open(file)) => Some(file.clone()),
            _ => None,
        };
        load::read(volumes.into_iter().filter_map(file).collect(), self.workspace.limits)
    }

    /// The model of the files that were chosen, or of all.
    fn read_chosen(mut self, chosen: Option<BTreeSet<usize>>) -> Result<Loaded, HistoryError> {
        if let Some(chosen) = chosen {
            return Ok(self.read(chosen));
        }
        for at in 0..self.volumes.len() {
            self.open(at)?;
        }
        Ok(self.read(0..self.volumes.len()))
    }
}

/// The words of a path or an address.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', '.', '-', '_', ' ']).filter(|word| !word.is_empty())
}

/// Whether two words are one in two forms: `territory` and `territories`.
fn is_like(one: &str, other: &str) -> bool {
    const SHORT: usize = 3;
    let shorter = one.len().min(other.len());
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    one == other || shorter >= SHORT && common >= SHORT.max(shorter - 1)
}

/// The entities an entity's criteria refer to.
fn referred(entity: &Entity) -> Vec<String> {
    let slots = entity.slots().into_iter().filter(|slot| *slot.shape == Shape::Predicate);
    let exprs = slots.filter_map(|slot| parse(slot.node.as_text()?).expr);
    let names =
        |expr: Expr| references(&expr).into_iter().map(ToString::to_string).collect::<Vec<_>>();
    exprs.flat_map(names).collect()
}

/// The entities an entity's properties name.
fn targets(entity: &Entity) -> BTreeSet<String> {
    let target = |slot: &Slot<'_>| match slot.shape {
        Shape::Target(_) => Some(entity_address(slot.node.as_text()?).to_owned()),
        Shape::ObjectId => Some(format!("object.{}", slot.node.as_text()?)),
        _ => None,
    };
    entity.slots().iter().filter_map(target).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_in_an_entity() {
        assert_eq!(entity_address("definition.mql.criteria.fit"), "definition.mql");
        assert_eq!(entity_address("field.lead.country.values"), "field.lead.country");
        assert_eq!(entity_address("model.calendar.time_zone"), "model");
        assert_eq!(entity_address("queue.x"), "queue.x");
        assert_eq!(entity_address("queue"), "queue");
    }

    #[test]
    fn words_are_alike_in_two_forms() {
        assert!(is_like("territories", "territory") && is_like("icps", "icp") && is_like("7", "7"));
        assert!(!is_like("11", "1") && !is_like("sla", "slow") && !is_like("lead", "le"));
    }
}
