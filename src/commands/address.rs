//! Addresses people write: whether there is such a thing, and what they probably meant.

use super::Failure;
use crate::change::ChangeSet;
use crate::finding::did_you_mean;
use crate::history::{At, HistoryError, Workspace};
use crate::load::read;
use crate::model::{Entity, KINDS, Kind, Model, Pattern};

/// What to do where nothing near is known.
const LIST: &str = "list the addresses there are with `opmodel show`";

/// A pattern from what was written; a `*` stands for a whole step.
pub(super) fn pattern(word: &str) -> Result<Pattern, Failure> {
    if word.split('.').any(|step| step.contains('*') && step != "*") {
        let message = format!("`{word}` has a `*` within a step");
        let whole: Vec<&str> =
            word.split('.').map(|step| if step.contains('*') { "*" } else { step }).collect();
        let help = format!("write `{}`: a `*` stands for a whole step", whole.join("."));
        return Err(Failure::usage(message, help));
    }
    Ok(Pattern::new(word))
}

/// Everything that could be read at a state.
pub(super) fn model_at(workspace: &Workspace, at: &At) -> Result<Model, HistoryError> {
    Ok(read(workspace.files(at)?, workspace.limits).model)
}

/// Refuses an address that names nothing on either side of a comparison.
///
/// A `*` may stand for nothing; what a file that cannot be read holds nobody knows.
pub(super) fn refuse_unknown(
    workspace: &Workspace,
    patterns: &[Pattern],
    sides: [&At; 2],
    changes: &ChangeSet,
) -> Result<(), Failure> {
    let is_touched = |pattern: &Pattern| {
        changes.changes.iter().any(|change| {
            let previous = change.previous.iter();
            previous.chain([&change.address]).any(|address| pattern.covers(address.as_str()))
        })
    };
    let mut doubtful = patterns.iter().filter(|pattern| !is_touched(pattern)).peekable();
    if doubtful.peek().is_none() || !changes.not_checked.is_empty() {
        return Ok(());
    }
    let [base, head] = sides;
    let models = [model_at(workspace, base)?, model_at(workspace, head)?];
    for pattern in doubtful {
        if !models.iter().any(|model| is_known(model, pattern)) {
            let message = format!("there is no `{}` on either side", pattern.as_str());
            return Err(Failure::usage(message, help(&models, pattern.as_str())));
        }
    }
    Ok(())
}

/// Whether an address names anything in a model: what stands there, what stood there under an
/// id given in `formerly`, or a property that could be stated.
pub(super) fn is_known(model: &Model, pattern: &Pattern) -> bool {
    let text = pattern.as_str();
    if Kind::of(text).is_some() {
        return true;
    }
    // A `*` may stand for nothing; the steps before it name something.
    let steps: Vec<&str> = text.split('.').collect();
    if let Some(star) = steps.iter().position(|step| *step == "*") {
        let before = steps.get(..star).unwrap_or_default();
        return before.is_empty() || is_known(model, &Pattern::new(before.join(".")));
    }
    if model.entities_near(pattern).any(|entity| pattern.covers(entity.address.as_str())) {
        return true;
    }
    if let Some((entity, rest)) = model.entity_above(text) {
        let declared = entity.declaration().is_some_and(|all| all.property(rest).is_some());
        return declared
            || model.part(text).is_some()
            || entity.slots().iter().any(|slot| pattern.covers(slot.address.as_str()))
            || model.renamed(text).is_some();
    }
    model.renamed(text).is_some()
}

/// What to do about an address that names nothing: the one that was probably meant.
pub(super) fn help(models: &[Model], address: &str) -> String {
    let entities = models.iter().flat_map(Model::entities);
    let names: Vec<&str> = entities.map(|entity| entity.address.as_str()).collect();
    let above = models.iter().filter_map(|model| model.entity_above(address));
    let below: Vec<String> =
        above.filter(|(_, rest)| !rest.is_empty()).flat_map(|(entity, _)| parts(entity)).collect();
    let names = names.into_iter().chain(below.iter().map(String::as_str));
    if let Some(now) = models.iter().rev().find_map(|model| model.renamed(address)) {
        return format!("it is called `{now}` now");
    }
    // A pattern is near to no name: only its kind may be written wrongly.
    let near = if address.contains('*') {
        let meant = kind_like(address).map(|(kind, rest)| format!("{kind}.{rest}"));
        meant
            .filter(|near| models.iter().any(|model| is_known(model, &Pattern::new(near.as_str()))))
    } else {
        did_you_mean(address, names).map(str::to_owned)
    };
    near.map_or_else(|| LIST.to_owned(), |near| format!("did you mean `{near}`?"))
}

/// The kind that the first step of a word is written like, and the rest of the word.
fn kind_like(word: &str) -> Option<(&'static str, &str)> {
    let (kind, rest) = word.split_once('.')?;
    Some((did_you_mean(kind, KINDS.iter().map(|kind| kind.id))?, rest))
}

/// The addresses below an entity, properties, criteria and items alike.
pub(super) fn parts(entity: &Entity) -> Vec<String> {
    let mut parts = Vec::new();
    for slot in entity.slots() {
        let mut address = slot.address.as_str();
        while address.len() > entity.address.as_str().len() {
            parts.push(address.to_owned());
            address = address.rsplit_once('.').map_or("", |(above, _)| above);
        }
    }
    parts.sort();
    parts.dedup();
    parts
}

/// The nearest address of the kind a word begins with, though written wrongly.
fn near_kind<'m>(model: &'m Model, word: &str) -> Option<&'m str> {
    let (kind, _) = kind_like(word)?;
    did_you_mean(word, model.of_kind(kind).map(|entity| entity.address.as_str()))
}

/// Refuses a file where an address is wanted.
pub(super) fn named_file(workspace: &Workspace, word: &str) -> Option<Failure> {
    let path = word.replace(std::path::MAIN_SEPARATOR, "/");
    if !path.to_lowercase().ends_with(".toml") && !workspace.root().join(&path).is_file() {
        return None;
    }
    let message = format!("`{word}` is a file, and an address is wanted here");
    let help =
        "write addresses as `kind.id`, for example `definition.mql`; list them with `opmodel show`";
    Some(Failure::usage(message, help))
}

/// What a word that is neither a revision nor an address was probably meant to be.
pub(super) fn mistaken(workspace: &Workspace, word: &str) -> Option<Failure> {
    if let Some(failure) = named_file(workspace, word) {
        return Some(failure);
    }
    let folded = word.to_lowercase();
    let model = model_at(workspace, &At::WorkTree).ok()?;
    let meant = model.entities().map(|entity| entity.address.as_str()).find(|address| {
        *address == folded || address.split_once('.').is_some_and(|(_, id)| id == folded)
    });
    let near = match meant {
        Some(address) => address,
        None => near_kind(&model, word)?,
    };
    Some(Failure::World {
        message: format!("there is no revision or address `{word}`"),
        help: Some(format!("did you mean `{near}`?")),
    })
}
