//! What a change does where that depends on what stands beside it: whom a decision right takes changes
//! from, how a change is judged without a policy entry, which limit covers a record otherwise.
//!
//! Such a kind has the impact that can be told of it alone; a single change has the one it comes to.

use super::allowed;
use super::called;
use super::catalogue::{CATALOGUE, ChangeKind, Impact, Level};
use super::edit::{Edit, Edited, Operation};
use super::members::turns;
use super::working_time;
use crate::document::{Node, Table};
use crate::load;
use crate::model::decision::Decision;
use crate::model::root::PolicyEntry;
use crate::model::{Address, Direction, Duration, Entity, Pattern};
use crate::proof::Verdict;
use std::cmp::Ordering;

/// What the ids of such kinds begin with, and what they end in.
const KINDS: [(&str, &[&str]); 24] = [
    ("cycle-limit-", &["added", "removed"]),
    ("cycle-limit-scope-", &["broadened", "narrowed", "set", "unset"]),
    ("decision-", &["added", "removed"]),
    ("decision-alternative-", &["added", "removed", "set", "unset"]),
    ("decision-approver-", &["added", "removed"]),
    ("decision-impact-", &["added", "removed", "set", "unset"]),
    ("decision-kind-", &["added", "removed", "set", "unset"]),
    ("decision-scope-", &["added", "removed", "set", "unset"]),
    ("exception-object-", &["changed", "set", "unset"]),
    ("field-former-id-", &["added", "removed"]),
    ("field-values-source-", &["changed", "set", "unset"]),
    ("model-calendar-", &["set", "unset"]),
    ("policy-", &["added", "removed"]),
    ("policy-scope-", &["added", "removed", "set", "unset"]),
    ("pool-alias-", &["added"]),
    ("pool-name-", &["changed", "set", "unset"]),
    ("role-holder-alias-", &["added"]),
    ("role-holder-email-", &["changed", "set", "unset"]),
    ("role-holder-login-", &["changed", "set", "unset"]),
    ("role-holder-name-", &["changed", "set", "unset"]),
    ("sla-calendar-", &["changed", "set", "unset"]),
    ("sla-clock-", &["changed", "set", "unset"]),
    ("sla-clock-day-", &["added", "removed"]),
    ("sla-clock-holiday-", &["added", "removed"]),
];

impl ChangeKind {
    /// Whether what stands beside a change of this kind decides what it does.
    pub fn depends_on_others(&self) -> bool {
        let of = |(stem, done): &(&str, &[&str])| {
            self.id.strip_prefix(stem).is_some_and(|rest| done.contains(&rest))
        };
        self.id == "exception-subject-changed" || KINDS.iter().any(of)
    }
}

/// What an edit does, where that depends on what stands beside it and is known.
pub(super) fn impact(
    edit: &Edit<'_>,
    kind: &ChangeKind,
    verdict: Option<&Verdict>,
) -> Option<Impact> {
    if !kind.depends_on_others() {
        return None;
    }
    let direction = match kind.id.split('-').next()? {
        "decision" => return decision(edit),
        "policy" => policy(edit),
        "exception" if edit.property?.name == "object" => {
            return has_same_object(edit).then_some(Impact::Cosmetic);
        }
        "exception" => subject(edit),
        "field" if edit.property?.name == "values_from" => {
            return (!allowed::is_known(edit)).then_some(Impact::Undecided);
        }
        "field" => return has_columns(edit).then_some(Impact::Cosmetic),
        "model" | "sla" => return working_time::is_same(edit).then_some(Impact::Cosmetic),
        "pool" | "role" => return called::impact(edit),
        _ => return limit(edit, verdict),
    };
    direction.map(Impact::from)
}

impl From<Direction> for Impact {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Looser => Self::Loosening,
            Direction::Tighter => Self::Tightening,
        }
    }
}

/// Whether an edit makes an entity, or an item of it, be about more than before.
fn grows(edit: &Edit<'_>) -> bool {
    let turns = || edit.property.is_some_and(|property| turns(edit, property));
    match &edit.operation {
        // Where a condition is not given all are meant.
        Operation::Added | Operation::Unset | Operation::Covered(_) => true,
        Operation::MembersAdded(_) => !turns(),
        Operation::MembersRemoved(_) => turns(),
        _ => false,
    }
}

/// The way an edit goes whose growing goes one way.
fn towards(direction: Direction, grows: bool) -> Direction {
    if grows { direction } else { direction.opposite() }
}

/// What becomes of the changes that a decision right takes from `decision.default`, or leaves to it: somebody
/// else is asked about them, whoever that is.
fn decision(edit: &Edit<'_>) -> Option<Impact> {
    let asks = |entity: &Entity| entity.read::<Decision>().asks_somebody();
    let [was, is] = edit.of.map(|entity| entity.is_some_and(asks));
    let is_default = edit.address.is_within(Decision::DEFAULT);
    let grows = match edit.property.map(|property| property.name) {
        // Whom a right asks is of no concern to the default unless it asks nobody in one revision.
        Some("approve" | "any_of") if is_default || was == is => return None,
        Some("approve" | "any_of") => is,
        _ => grows(edit),
    };
    let replaces = !is_default && if grows { is } else { was } && !is_one_more(edit);
    Some(if replaces { Impact::Shifting } else { towards(Direction::Tighter, grows).into() })
}

/// Whether `decision.default` asks nobody about all that a right covers, with it and without it: because it
/// asks nobody at all, or because another right asks somebody anyway.
fn is_one_more(edit: &Edit<'_>) -> bool {
    let own: Vec<Vec<Pattern>> =
        edit.of.into_iter().flatten().map(|it| it.read::<Decision>().patterns()).collect();
    let covers_own = |others: &[Pattern]| {
        let covers = |one: &Pattern| others.iter().any(|other| other.covers(one.as_str()));
        others.is_empty() || own.iter().all(|own| !own.is_empty() && own.iter().all(covers))
    };
    edit.beside.as_ref().is_some_and(|beside| {
        beside.rights().iter().all(|rights| {
            let mut others = rights.about_all.iter().filter(|(it, _)| !is_at(edit, it));
            !rights.has_default || others.any(|(_, patterns)| covers_own(patterns))
        })
    })
}

/// Whether an edit is one of an entity, before or after.
fn is_at(edit: &Edit<'_>, entity: &Address) -> bool {
    edit.of.into_iter().flatten().any(|it| it.address == *entity)
}

/// How changes are judged by a policy entry, beside how all other entries about the same judge, and how they
/// are judged where none says anything. The ends of the scale go one way beside any other level.
fn policy(edit: &Edit<'_>) -> Option<Direction> {
    let entry = |entity| PolicyEntry::of(entity, &entity.read());
    let said = |entity| entry(entity).and_then(|it| Some((it.rule, Level::of(it.level)?)));
    let (rule, level) = match edit.of.map(|entity| entity.and_then(said)) {
        [Some(before), Some(after)] => (before == after).then_some(before)?,
        [before, after] => before.or(after)?,
    };
    let others = levels_beside(edit, &rule);
    // An entry about some things counts before one about all: to name them first is not only less where
    // another one is about the rest.
    if edit.property.is_some_and(|property| turns(edit, property)) && !others.entries.is_empty() {
        return None;
    }
    let mut all = others.entries.iter().chain(&others.usual);
    let is_known = others.usual.is_some();
    let direction = match level {
        Level::Forbid => Direction::Tighter,
        Level::Off => Direction::Looser,
        _ if is_known && all.clone().all(|other| level >= *other) && all.any(|it| *it != level) => {
            Direction::Looser
        }
        _ if is_known && all.clone().all(|other| level <= *other) && all.any(|it| *it != level) => {
            Direction::Tighter
        }
        _ => return None,
    };
    Some(towards(direction, grows(edit)))
}

/// How changes are judged that an entry is not about.
struct Others {
    /// By the other entries about the same rule, before or after.
    entries: Vec<Level>,
    /// Where no entry says anything, if that is known.
    usual: Option<Level>,
}

fn levels_beside(edit: &Edit<'_>, rule: &str) -> Others {
    let entries = edit.models().into_iter().flatten().flat_map(PolicyEntry::all);
    let others = entries.filter(|it| it.rule == rule && !is_at(edit, &it.entity.address));
    Others {
        entries: others.filter_map(|it| Level::of(it.level)).collect(),
        usual: CATALOGUE.get(rule).map(|kind| kind.level),
    }
}

/// An exception that waives all that it waived, and more, or the other way round.
fn subject(edit: &Edit<'_>) -> Option<Direction> {
    fn text(side: Option<Edited<'_>>) -> Option<&str> {
        side?.node?.as_text()
    }
    (edit.property?.name == "waives").then_some(())?;
    let (before, after) = (text(edit.before)?, text(edit.after)?);
    if Pattern::new(after).covers(before) {
        Some(Direction::Looser)
    } else {
        Pattern::new(before).covers(after).then_some(Direction::Tighter)
    }
}

/// Whether an exception is for records of the type of which it was for some, or for none by its scope.
fn has_same_object(edit: &Edit<'_>) -> bool {
    let ([Some(was), Some(is)], Some([base, head])) = (edit.of, edit.models()) else {
        return false;
    };
    let has_scope = |exception: &Entity| exception.table.get("scope").is_some();
    let object = load::object_of(base, was);
    (object.is_some() && object == load::object_of(head, is)) || !(has_scope(was) || has_scope(is))
}

/// Whether a field's columns are named anyway, so that no export needs a former id of it.
fn has_columns(edit: &Edit<'_>) -> bool {
    let named = |entity: &Entity| entity.table.get("columns").is_some();
    edit.of.into_iter().flatten().all(named)
}

/// What is said of a change beside what it is: whom another name leaves behind, and that it is not known which
/// values come and go.
pub(super) fn remark(edit: &Edit<'_>, kind: &ChangeKind, does: Option<Impact>) -> Option<String> {
    if !kind.depends_on_others() {
        return None;
    }
    match (kind.id.split('-').next()?, does) {
        ("pool" | "role", _) => called::remark(edit),
        ("field", Some(Impact::Undecided)) => {
            Some("; which values come and go is not known: a list is not at hand".to_owned())
        }
        _ => None,
    }
}

/// What a limit does that covers more records than before, or fewer.
fn limit(edit: &Edit<'_>, verdict: Option<&Verdict>) -> Option<Impact> {
    let grows = match verdict {
        Some(Verdict::Looser { .. }) => true,
        Some(Verdict::Tighter { .. }) => false,
        Some(_) => return None,
        None => grows(edit),
    };
    let direction = beside_limits(edit, grows);
    Some(direction.map_or(Impact::Shifting, |direction| towards(direction, grows).into()))
}

/// Which way it goes that a limit covers more records: they have it in place of the next in order that
/// covered them.
fn beside_limits(edit: &Edit<'_>, grows: bool) -> Option<Direction> {
    let is_new = edit.property?.name != "when";
    // The others as they were where it takes records from them, and as they are where it leaves them some;
    // of what came or went itself as they are beside it.
    let after = grows == is_new;
    let [was, is] = edit.of;
    let former = edit.previous.as_ref().unwrap_or(&edit.address);
    let (entity, address) = if after { (is?, &edit.address) } else { (was?, former) };
    let part = address.as_str().strip_prefix(entity.address.as_str())?;
    let id = part.split('.').nth(2)?;
    let limits = entity.table.get("cycle").and_then(Node::as_array)?;
    let mut limits = limits.iter().filter_map(Node::as_table);
    let within = |table: &Table| Duration::parse(table.text("within")?);
    let own = within(limits.by_ref().find(|table| table.text("id") == Some(id))?)?;
    let (mut shorter, mut longer, mut rest) = (false, false, true);
    for other in limits {
        match own.partial_cmp(&within(other)?)? {
            Ordering::Less => shorter = true,
            Ordering::Greater => longer = true,
            Ordering::Equal => {}
        }
        if other.get("when").is_none() {
            rest = false;
            break;
        }
    }
    // What no other limit covers had none.
    match (shorter || rest, longer) {
        (true, false) => Some(Direction::Tighter),
        (false, true) => Some(Direction::Looser),
        _ => None,
    }
}
