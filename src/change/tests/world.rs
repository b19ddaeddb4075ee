//! Models to compare, and the comparison in short.

use crate::change::classify;
use crate::change::edits::edits;
use crate::change::{ByForm, CATALOGUE, Change, ChangeSet, Names, Operation, Policies, compare};
use crate::document::Limits;
use crate::load;
use crate::model::{Entity, Model};
use crate::source::{RawContent, RawFile};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The model of some files, whatever is wrong with them.
pub(super) fn files<P: AsRef<str>, T: AsRef<[u8]>>(files: &[(P, T)]) -> Model {
    let raw = |(path, text): &(P, T)| RawFile {
        path: path.as_ref().to_owned(),
        content: RawContent::Bytes(text.as_ref().to_vec()),
    };
    load::read(files.iter().map(raw).collect(), Limits::default()).model
}

/// The model of one file.
pub(super) fn one(text: &str) -> Model {
    files(&[("model/all.toml", text)])
}

/// The model of some entities.
pub(super) fn of(entities: &[Entity]) -> Model {
    let mut model = Model::default();
    for entity in entities {
        model.insert(entity.clone());
    }
    model
}

/// The example model as it is committed.
pub(super) fn example() -> &'static Model {
    static EXAMPLE: LazyLock<Model> = LazyLock::new(read_example);
    &EXAMPLE
}

fn read_example() -> Model {
    let mut paths = Vec::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/model")), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("a path below the crate");
        let text = std::fs::read(path).expect("a readable file");
        (name.to_string_lossy().replace('\\', "/"), text)
    };
    files(&paths.iter().map(read).collect::<Vec<_>>())
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|end| end == "toml") {
            into.push(path);
        }
    }
}

/// The comparison by form alone, with no policy.
///
/// Holds in passing what must hold of every comparison: no edit is without a kind.
pub(super) fn diff(base: &Model, head: &Model) -> ChangeSet {
    for edit in edits(base, head) {
        assert!(
            classify::change(&edit, &Names::default(), &ByForm).is_some(),
            "no kind for {} {:?}",
            edit.address,
            edit.operation
        );
        if let Operation::MembersAdded(members) | Operation::MembersRemoved(members) =
            &edit.operation
        {
            assert!(!members.is_empty(), "{}", edit.address);
        }
    }
    compare(base, head, &Policies::default(), &ByForm)
}

/// The kinds of some changes, sorted.
pub(super) fn kinds<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Vec<String> {
    let mut kinds: Vec<_> = changes.into_iter().map(|change| change.kind.id.clone()).collect();
    kinds.sort();
    kinds
}

/// The mirror kinds of some changes, sorted.
fn mirrors(changes: &ChangeSet) -> Vec<String> {
    let mut kinds: Vec<_> = changes.changes.iter().map(|c| c.kind.mirror.clone()).collect();
    kinds.sort();
    kinds
}

/// Whether the way back mirrors the way there, kind by kind, and sides change places.
#[track_caller]
pub(super) fn assert_mirrored(base: &Model, head: &Model, what: &str) {
    let (there, back) = (diff(base, head), diff(head, base));
    assert_eq!(mirrors(&there), kinds(&back.changes), "{what}: the way back is no mirror image");
    let values = |set: &ChangeSet, swapped: bool| {
        let side = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
        let mut values: Vec<_> = set
            .changes
            .iter()
            .filter(|change| !change.kind.id.ends_with("-moved"))
            .map(|change| (side(&change.before), side(&change.after)))
            .map(|(before, after)| if swapped { (after, before) } else { (before, after) })
            .collect();
        values.sort();
        values
    };
    assert_eq!(values(&there, false), values(&back, true), "{what}: the sides change places");
    for change in there.changes.iter().chain(&back.changes) {
        assert!(CATALOGUE.get(&change.kind.id).is_some(), "{what}");
    }
}
