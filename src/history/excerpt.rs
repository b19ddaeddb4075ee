//! The part of a model that says what one address means, read without the rest.
//!
//! Which file holds an entity is told from the headers of its tables; only files that are needed,
//! and those whose headers do not tell, are read. A model of thousands of files answers for one
//! entity by reading a handful.

use super::workspace::{At, HistoryError, Workspace};
use crate::criteria::{parse, references};
use crate::load::{self, Loaded, addresses_in};
use crate::model::{Entity, Kind, Model, Shape};
use crate::source::RawFile;
use std::collections::{BTreeMap, BTreeSet};

impl Workspace {
    /// As much of a model as says what an address means: its entity, what that names, and whatever
    /// its criteria refer to, directly or through others. The whole model where no entity of that
    /// address can be found so.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn excerpt(&self, at: &At, address: &str) -> Result<Loaded, HistoryError> {
        let files = self.all_files(at)?;
        let wanted = Library::of(&files).files_for(self, address);
        let files = match wanted {
            Some(wanted) => {
                let files = files.into_iter().enumerate();
                files.filter(|(at, _)| wanted.contains(at)).map(|(_, file)| file).collect()
            }
            None => files,
        };
        Ok(load::read(files, self.limits))
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
pub(super) fn entity_address(address: &str) -> &str {
    let kind = address.split('.').next().unwrap_or_default();
    let steps = Kind::of(kind).map_or(2, |kind| kind.depth + 1);
    let end = address.match_indices('.').nth(steps.saturating_sub(1));
    end.and_then(|(end, _)| address.get(..end)).unwrap_or(address)
}

/// Files by the entities their headers name.
struct Library<'f> {
    files: &'f [RawFile],
    named: BTreeMap<&'f str, Vec<usize>>,
    /// The files whose headers do not tell.
    untold: Vec<usize>,
}

impl<'f> Library<'f> {
    fn of(files: &'f [RawFile]) -> Self {
        let mut library = Self { files, named: BTreeMap::new(), untold: Vec::new() };
        for (at, file) in files.iter().enumerate() {
            match addresses_in(file) {
                None => library.untold.push(at),
                Some(addresses) => {
                    for address in addresses {
                        library.named.entry(address).or_default().push(at);
                    }
                }
            }
        }
        library
    }

    /// The files that say what an address means; none where there is no such entity.
    fn files_for(&self, workspace: &Workspace, address: &str) -> Option<BTreeSet<usize>> {
        let asked = entity_address(address);
        let mut chosen: BTreeSet<usize> = self.untold.iter().copied().collect();
        let mut models = vec![self.read(workspace, self.untold.iter().copied())];
        let mut open = vec![asked.to_owned(), "model".to_owned()];
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        let mut found = false;
        while !open.is_empty() {
            let holding = open.iter().filter_map(|name| self.named.get(name.as_str())).flatten();
            let new: Vec<usize> = holding.copied().filter(|at| chosen.insert(*at)).collect();
            models.push(self.read(workspace, new.into_iter()));
            let names = std::mem::take(&mut open);
            for name in &names {
                for entity in models.iter().filter_map(|model| model.get(name)) {
                    found |= name == asked;
                    open.extend(named_by(entity, name == asked));
                }
            }
            open.retain(|name| seen.insert(name.clone()));
        }
        found.then_some(chosen)
    }

    fn read(&self, workspace: &Workspace, files: impl Iterator<Item = usize>) -> Model {
        let files = files.filter_map(|at| self.files.get(at).cloned()).collect();
        load::read(files, workspace.limits).model
    }
}

/// The entities an entity's criteria refer to, and those its properties name where they are shown.
fn named_by(entity: &Entity, shown: bool) -> Vec<String> {
    let mut named = Vec::new();
    for slot in entity.slots() {
        let Some(text) = slot.node.as_text() else { continue };
        match slot.shape {
            Shape::Predicate => {
                let expr = parse(text).expr;
                let references = expr.iter().flat_map(references);
                named.extend(references.map(ToString::to_string));
            }
            Shape::Target(_) if shown => named.push(entity_address(text).to_owned()),
            Shape::ObjectId if shown => named.push(format!("object.{text}")),
            _ => {}
        }
    }
    named
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
}
