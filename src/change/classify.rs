//! From an edit to a change: the kind from the catalogue, the sentence, the fingerprint.

use super::beside;
use super::canonical::{self, canonical};
use super::catalogue::{self, Action, CATALOGUE, ChangeKind, Impact, Level};
use super::decide::{Decide, Question, Side};
use super::edit::{Edit, Edited, Operation};
use super::fingerprint::Fingerprint;
use super::left_behind;
use super::members::{says_all, turns};
use super::renames::Names;
use super::sense::is_turned;
use super::size;
use crate::document::Node;
use crate::finding::Place;
use crate::model::{Address, Direction, Polarity, Property, Shape};
use crate::proof::{Row, Verdict};
use serde_json::{Value as Json, json};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One change, judged.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its kind.
    pub kind: &'static ChangeKind,
    /// What it is about.
    pub address: Address,
    /// The address before, where it was another; of what two share that of the other.
    pub previous: Option<Address>,
    /// One sentence, without the values.
    pub summary: String,
    /// The value before, as written.
    pub before: Option<Json>,
    /// The value after, as written.
    pub after: Option<Json>,
    /// What it does.
    pub impact: Impact,
    /// What it asks for, the policy applied.
    pub level: Level,
    /// The policy entry that gave the level, where one did.
    pub policy: Option<String>,
    /// How the predicates compare, where it is about one.
    pub verdict: Option<Verdict>,
    /// What it is known by.
    pub fingerprint: Fingerprint,
    /// What it follows from, where nobody wrote it: the entities that were changed.
    pub caused_by: Vec<Address>,
    /// The records that go elsewhere, where it is about them.
    pub row: Option<Box<Row>>,
    /// Where it stands in the base.
    pub base: Option<Place>,
    /// Where it stands in the head.
    pub head: Option<Place>,
    /// Where what held it stands in the head, when it stands nowhere there itself.
    pub surviving: Option<Place>,
}

impl Change {
    /// Whether nothing happens otherwise because of it.
    pub fn is_cosmetic(&self) -> bool {
        self.impact == Impact::Cosmetic
    }

    /// Whether it is a declared rename.
    pub fn is_rename(&self) -> bool {
        matches!(self.kind.id.as_str(), "entity-id-renamed" | "item-id-renamed")
    }

    /// Whether only words for people changed: nothing can be computed from them.
    pub fn is_wording(&self) -> bool {
        let id = self.kind.id.as_str();
        id.ends_with("-prose-changed") || id.ends_with("-display-changed")
    }

    /// Whether it follows from another one: from something at or below the entities that it names.
    pub fn follows_from(&self, cause: &Self) -> bool {
        let mut ends = [Some(&cause.address), cause.previous.as_ref()].into_iter().flatten();
        ends.any(|end| self.caused_by.iter().any(|by| end.is_within(by.as_str())))
    }

    /// Whether the whole of what stands at its address came or went.
    pub fn is_of_whole(&self) -> bool {
        self.before.is_none() || self.after.is_none()
    }

    /// The change of a kind over some addresses; the policy is applied later.
    pub(super) fn new(
        kind: &'static ChangeKind,
        address: Address,
        summary: String,
        forms: (Option<&Json>, Option<&Json>),
    ) -> Self {
        let fingerprint = Fingerprint::of(&kind.id, address.as_str(), forms.0, forms.1);
        Self {
            kind,
            address,
            previous: None,
            summary,
            before: None,
            after: None,
            impact: kind.impact,
            level: kind.level,
            policy: None,
            verdict: None,
            fingerprint,
            caused_by: Vec::new(),
            row: None,
            base: None,
            head: None,
            surviving: None,
        }
    }
}

/// Judges an edit. None only for an edit whose kind the catalogue lacks, which a test rules out.
pub(super) fn change(edit: &Edit<'_>, names: &Names, decide: &dyn Decide) -> Option<Change> {
    let forms = forms(edit);
    let mut change = with_forms(edit, verdict(edit, names, &forms, decide), &forms)?;
    if !decide.knows_meaning() {
        return Some(change);
    }
    let former = edit.previous.as_ref().unwrap_or(&edit.address);
    let was = meaning(edit, edit.before, former, |side| decide.meaning(side, false));
    let is = meaning(edit, edit.after, &edit.address, |side| decide.meaning(side, true));
    let waived = |side: Option<Edited<'_>>, is_after| {
        decide.waived(side.filter(|_| edit.noun == "exception")?.entity, is_after)
    };
    let waived = [waived(edit.before, false), waived(edit.after, true)];
    if was.is_some() || is.is_some() || waived.iter().any(Option::is_some) {
        // An approval is one of what criteria say, not of the names they say it with.
        let known = |form: &Option<Json>, means, waived: &Option<Json>| match waived {
            None => json!([form, means]),
            Some(waived) => json!([form, means, waived]),
        };
        let (before, after) = (known(&forms.0, was, &waived[0]), known(&forms.1, is, &waived[1]));
        let (kind, address) = (&change.kind.id, edit.address.as_str());
        change.fingerprint = Fingerprint::of(kind, address, Some(&before), Some(&after));
    }
    Some(change)
}

/// What the criteria of one side of an edit say with everything they refer to written out, where they
/// refer to anything: that of a criterion, or those of what came or went as a whole.
fn meaning(
    edit: &Edit<'_>,
    side: Option<Edited<'_>>,
    address: &Address,
    says: impl Fn(Side<'_>) -> Option<String>,
) -> Option<Json> {
    let Edited { entity, node, .. } = side?;
    let says = |address: &str, text| says(Side { address, text, form: None });
    if is_predicate(edit) {
        return says(address.as_str(), node?.as_text()?).map(Json::from);
    }
    let is_whole = node.is_none_or(|node| node.as_table().is_some());
    let comes_or_goes = matches!(
        edit.operation,
        Operation::Added | Operation::Removed | Operation::Set | Operation::Unset
    );
    if !is_whole || !comes_or_goes {
        return None;
    }
    let slots = entity.slots().into_iter();
    let criteria = slots.filter(|slot| *slot.shape == Shape::Predicate);
    let below = criteria.filter(|slot| slot.address.is_within(address.as_str()));
    let said = below.filter_map(|slot| {
        let part = slot.address.as_str().strip_prefix(address.as_str())?.to_owned();
        Some((part, says(slot.address.as_str(), slot.node.as_text()?)?.into()))
    });
    // In whatever order they are written.
    let said: BTreeMap<String, Json> = said.collect();
    (!said.is_empty()).then(|| json!(said))
}

/// Whether an edit is of a criterion.
fn is_predicate(edit: &Edit<'_>) -> bool {
    edit.property.is_some_and(|property| match &property.shape {
        Shape::Predicate => true,
        Shape::Named(inner) => **inner == Shape::Predicate,
        _ => false,
    })
}

/// What an edit does, without the words for it.
pub(super) fn impact(edit: &Edit<'_>, names: &Names, decide: &dyn Decide) -> Option<Impact> {
    let id = kind_id(edit, compared(edit, names, decide).as_ref());
    CATALOGUE.get(&id).map(|kind| kind.impact)
}

/// How the criteria of both sides of an edit compare; none where it is of something else.
pub(super) fn compared(edit: &Edit<'_>, names: &Names, decide: &dyn Decide) -> Option<Verdict> {
    verdict(edit, names, &(None, None), decide)
}

/// The change an edit makes, where it is known how its predicates compare.
pub(super) fn judged(edit: &Edit<'_>, verdict: Option<Verdict>) -> Option<Change> {
    with_forms(edit, verdict, &forms(edit))
}

fn with_forms(
    edit: &Edit<'_>,
    verdict: Option<Verdict>,
    (before, after): &Forms,
) -> Option<Change> {
    let id = kind_id(edit, verdict.as_ref());
    let kind = CATALOGUE.get(&id)?;
    let summary = summary(edit, verdict.as_ref());
    let mut change =
        Change::new(kind, edit.address.clone(), summary, (before.as_ref(), after.as_ref()));
    let beside = beside::impact(edit, kind, verdict.as_ref());
    change.impact = beside.unwrap_or(kind.impact);
    change.summary.extend(beside::remark(edit, kind, beside));
    change.previous.clone_from(&edit.previous);
    change.verdict = verdict;
    change.before = written(edit, edit.before);
    change.after = written(edit, edit.after);
    change.base = edit.before.as_ref().map(place);
    change.head = edit.after.as_ref().map(place);
    Some(change)
}

fn place(edited: &Edited<'_>) -> Place {
    let span = match edited.node {
        // What stands where nothing is given is written nowhere.
        Some(node) if node.span.is_empty() => edited.key_span,
        Some(node) if node.as_table().is_none() => edited.key_span.to(node.span),
        _ => edited.key_span,
    };
    edited.entity.place(span)
}

/// How the criteria of both sides compare, whose canonical forms may be at hand.
fn verdict(edit: &Edit<'_>, names: &Names, forms: &Forms, decide: &dyn Decide) -> Option<Verdict> {
    if !is_predicate(edit) || !matches!(edit.operation, Operation::Replaced | Operation::Rewritten)
    {
        return None;
    }
    if edit.operation == Operation::Rewritten {
        return Some(Verdict::Equivalent);
    }
    let (before, after) = (edit.before?.node?.as_text()?, edit.after?.node?.as_text()?);
    let (head, base) = (&edit.address, edit.previous.as_ref().unwrap_or(&edit.address));
    let [was, is] = [&forms.0, &forms.1].map(|form| form.as_ref().and_then(Json::as_str));
    Some(decide.decide(Question {
        before: Side { address: base.as_str(), text: before, form: was },
        after: Side { address: head.as_str(), text: after, form: is },
        names,
    }))
}

/// The id of the kind an edit is of.
fn kind_id(edit: &Edit<'_>, verdict: Option<&Verdict>) -> String {
    let noun = edit.noun;
    match (&edit.operation, edit.property) {
        (Operation::MovedFile, _) => "entity-file-moved".to_owned(),
        (Operation::Renamed, _) if edit.before.is_some_and(|side| side.node.is_some()) => {
            "item-id-renamed".to_owned()
        }
        (Operation::Renamed, _) => "entity-id-renamed".to_owned(),
        (Operation::Reused, _) => "entity-id-reused".to_owned(),
        (Operation::Moved { .. }, _) => format!("{noun}-moved"),
        (Operation::Added, _) if is_required_field(edit, edit.after) => {
            "required-field-added".to_owned()
        }
        (Operation::Removed, _) if is_required_field(edit, edit.before) => {
            "required-field-removed".to_owned()
        }
        (Operation::Added, _) => format!("{noun}-added"),
        (Operation::Removed, _) => format!("{noun}-removed"),
        (operation, None) => {
            let action = match operation {
                Operation::Set => "set",
                Operation::Unset => "unset",
                _ => "changed",
            };
            format!("unknown-property-{action}")
        }
        (_, Some(property)) if is_binding_prose(edit, property) => {
            "binding-prose-changed".to_owned()
        }
        (operation, Some(property)) => {
            catalogue::id(noun, property, action(edit, operation, property, verdict))
        }
    }
}

fn is_required_field(edit: &Edit<'_>, side: Option<Edited<'_>>) -> bool {
    let required = side.and_then(|s| s.entity.table.get("required")).and_then(Node::as_bool);
    edit.noun == "field" && edit.property.is_none() && required == Some(true)
}

/// Whether words changed that bind, on one side at least.
fn is_binding_prose(edit: &Edit<'_>, property: &Property) -> bool {
    let binds = |side: Edited<'_>| canonical::binds(edit.noun, property, &side.entity.table);
    edit.before.is_some_and(binds) || edit.after.is_some_and(binds)
}

fn action(
    edit: &Edit<'_>,
    operation: &Operation,
    property: &Property,
    verdict: Option<&Verdict>,
) -> Action {
    let polarity = property.facet.polarity;
    if matches!(polarity, Polarity::Wording | Polarity::Display) {
        return Action::Changed;
    }
    let has_size = matches!(polarity, Polarity::LargerIsLooser | Polarity::SmallerIsLooser);
    match operation {
        Operation::MembersAdded(_) if turns(edit, property) => Action::Set,
        Operation::MembersRemoved(_) if turns(edit, property) => Action::Unset,
        Operation::MembersAdded(_) | Operation::Covered(_) => Action::Added,
        Operation::MembersRemoved(_) | Operation::LeftBehind(_) => Action::Removed,
        Operation::CriterionAdded => Action::CriterionAdded,
        Operation::CriterionRemoved => Action::CriterionRemoved,
        Operation::Reordered => Action::Reordered,
        Operation::Rewritten => Action::Rewritten,
        Operation::Set | Operation::Unset if has_size && property.shape == Shape::Bool => {
            by_size(edit, property)
        }
        Operation::Set => Action::Set,
        Operation::Unset => Action::Unset,
        _ => match verdict {
            Some(verdict) => by_verdict(edit, verdict, property.facet.inverted),
            None if has_size => by_size(edit, property),
            // What is not even text cannot be compared as a criterion.
            None if matches!(polarity, Polarity::GatePredicate | Polarity::ScopePredicate) => {
                Action::Undecided
            }
            None => Action::Changed,
        },
    }
}

fn by_verdict(edit: &Edit<'_>, verdict: &Verdict, inverted: bool) -> Action {
    let direction = match verdict {
        Verdict::Equivalent => return Action::Rewritten,
        Verdict::Shifted { .. } => return Action::Shifted,
        Verdict::Undecided(_) => return Action::Undecided,
        Verdict::Looser { .. } => Direction::Looser,
        Verdict::Tighter { .. } => Direction::Tighter,
    };
    let Some(is_turned) = is_turned(edit) else { return Action::Shifted };
    match if inverted == is_turned { direction } else { direction.opposite() } {
        Direction::Looser => Action::Looser,
        Direction::Tighter => Action::Tighter,
    }
}

fn by_size(edit: &Edit<'_>, property: &Property) -> Action {
    let node = |side: Option<Edited<'_>>| side.and_then(|s| s.node).cloned();
    let (before, after) = (node(edit.before), node(edit.after));
    let Some(order) = size::compare(property, before.as_ref(), after.as_ref()) else {
        return Action::Shifted;
    };
    let Some(is_turned) = is_turned(edit) else { return Action::Shifted };
    let larger_is_looser = (property.facet.polarity == Polarity::LargerIsLooser) != is_turned;
    match (order, larger_is_looser) {
        (Ordering::Less, true) | (Ordering::Greater, false) => Action::Looser,
        (Ordering::Greater, true) | (Ordering::Less, false) => Action::Tighter,
        (Ordering::Equal, _) => Action::Shifted,
    }
}

/// The canonical forms of both sides.
type Forms = (Option<Json>, Option<Json>);

/// The canonical forms of both sides, for the fingerprint.
fn forms(edit: &Edit<'_>) -> Forms {
    let sorted = |members: &[String]| {
        let mut members = members.to_vec();
        members.sort();
        Some(Json::from(members))
    };
    match &edit.operation {
        Operation::Moved { from, to, behind } => {
            let (before, after) = (form(edit, edit.before), form(edit, edit.after));
            (Some(json!([from, before])), Some(json!([to, behind, after])))
        }
        // Where a rule or stage stands is part of what it means.
        Operation::Added if is_ordered(edit) => {
            (None, Some(json!([behind(edit.after), form(edit, edit.after)])))
        }
        Operation::Removed if is_ordered(edit) => {
            (Some(json!([behind(edit.before), form(edit, edit.before)])), None)
        }
        Operation::MembersAdded(members) => (None, sorted(members)),
        Operation::MembersRemoved(members) => (sorted(members), None),
        Operation::Covered(renames) => (None, Some(json!(renames))),
        Operation::LeftBehind(renames) => (Some(json!(renames)), None),
        _ => (form(edit, edit.before), form(edit, edit.after)),
    }
}

fn is_ordered(edit: &Edit<'_>) -> bool {
    edit.property.is_some_and(|property| property.facet.polarity == Polarity::Ordered)
}

/// The id of the item before this one in its list; none where it is the first.
fn behind(side: Option<Edited<'_>>) -> Option<&str> {
    let side = side?;
    let node = side.node?;
    let lists = side.entity.table.entries.iter().filter_map(|entry| entry.node.as_array());
    let find = |list: &&[Node]| list.iter().any(|item| std::ptr::eq(item, node));
    let list = lists.into_iter().find(find)?;
    let at = list.iter().position(|item| std::ptr::eq(item, node))?;
    list.get(at.checked_sub(1)?)?.as_table()?.text("id")
}

/// The canonical form of a side.
fn form(edit: &Edit<'_>, side: Option<Edited<'_>>) -> Option<Json> {
    let side = side?;
    match &edit.operation {
        Operation::MovedFile => return Some(Json::from(side.entity.source.path())),
        Operation::Renamed if side.node.is_none() => {
            return Some(Json::from(side.entity.address.as_str()));
        }
        _ => {}
    }
    match (side.node, edit.property) {
        (None, _) => Some(canonical::table(side.entity.declaration(), &side.entity.table)),
        (Some(node), Some(property)) => match (&property.shape, node.as_table()) {
            (Shape::Items(declaration), Some(table)) => {
                Some(canonical::table(Some(declaration), table))
            }
            (Shape::Named(inner), None) if **inner == Shape::Predicate => {
                Some(Json::from(canonical::predicate(node.as_text().unwrap_or_default())))
            }
            _ => Some(canonical(property, node)),
        },
        (Some(node), None) => Some(canonical::plain(node)),
    }
}

/// The value of a side as written, for people and other programs.
fn written(edit: &Edit<'_>, side: Option<Edited<'_>>) -> Option<Json> {
    let side = side?;
    let is_after = edit.after.is_some_and(|after| std::ptr::eq(after.entity, side.entity));
    match &edit.operation {
        Operation::MovedFile => Some(Json::from(side.entity.source.path())),
        Operation::MembersAdded(members) | Operation::MembersRemoved(members) => {
            let added = matches!(edit.operation, Operation::MembersAdded(_));
            (added == is_after).then(|| Json::from(members.clone()))
        }
        Operation::Covered(renames) => is_after.then(|| left_behind::names(renames, 1)),
        Operation::LeftBehind(renames) => (!is_after).then(|| left_behind::names(renames, 0)),
        Operation::Renamed if side.node.is_none() => Some(Json::from(side.entity.address.as_str())),
        Operation::Renamed | Operation::Moved { .. } => None,
        _ => match side.node {
            Some(node) => Some(node.to_json()),
            None => Some(side.entity.table.to_json()),
        },
    }
}

fn summary(edit: &Edit<'_>, verdict: Option<&Verdict>) -> String {
    let noun = edit.noun.replace('-', " ");
    let last = edit.address.last();
    let property = edit.property.map_or(last, |property| property.name);
    let several = |members: &[String]| {
        members.iter().map(|member| format!("`{member}`")).collect::<Vec<_>>().join(", ")
    };
    let turns = || edit.property.is_some_and(|property| turns(edit, property));
    let says_all = || edit.property.is_some_and(|property| says_all(edit, property));
    match &edit.operation {
        Operation::Added => format!("{} is new", named(edit, &noun, last)),
        Operation::Removed => format!("{} is gone", named(edit, &noun, last)),
        Operation::Renamed => {
            let before = edit.previous.as_ref().map_or("", Address::as_str);
            format!("`{before}` is called `{}` now", edit.address)
        }
        Operation::MovedFile => format!("`{}` stands in another file", edit.address),
        Operation::Reused => {
            format!("`{}` was renamed away, and the id stands for something else now", edit.address)
        }
        Operation::MembersAdded(members) if turns() && says_all() => {
            format!("`{property}`: only {}, not all any more", several(members))
        }
        Operation::MembersRemoved(members) if turns() && says_all() => {
            format!("`{property}`: all, not only {} any more", several(members))
        }
        Operation::MembersAdded(members) if turns() => {
            format!("`{property}` is stated now: {}", several(members))
        }
        Operation::MembersRemoved(members) if turns() => {
            format!("`{property}` is not stated any more: {} removed", several(members))
        }
        Operation::MembersAdded(members) => format!("`{property}`: {} added", several(members)),
        Operation::MembersRemoved(members) => format!("`{property}`: {} removed", several(members)),
        Operation::Covered(renames) => left_behind::covers_now(property, renames),
        Operation::LeftBehind(renames) => left_behind::covers_no_more(property, renames),
        Operation::CriterionAdded => format!("{} is new", what(edit, property, last)),
        Operation::CriterionRemoved => format!("{} is gone", what(edit, property, last)),
        Operation::Moved { from, to, behind } => {
            let behind = match behind {
                Some(id) => format!("behind `{id}`"),
                None => "to the top".to_owned(),
            };
            // Where all others moved as well it may stand at the place at which it stood.
            let places =
                if from == to { String::new() } else { format!(" (from place {from} to {to})") };
            format!("{noun} `{last}` moved {behind}{places}")
        }
        Operation::Reordered => format!("the order of `{property}` is another"),
        Operation::Set => format!("{} is stated now", what(edit, property, last)),
        Operation::Unset => format!("{} is not stated any more", what(edit, property, last)),
        Operation::Rewritten => {
            format!("{} is written otherwise and means the same", what(edit, property, last))
        }
        Operation::Replaced => match verdict {
            Some(verdict) => predicate_summary(edit, property, last, verdict),
            None => by_value(edit, property, last),
        },
    }
}

/// What came or went, with what it is: without that where there is only one, or nobody knows what it is.
fn named(edit: &Edit<'_>, noun: &str, last: &str) -> String {
    match noun {
        "entity" => format!("`{}`", edit.address),
        noun if edit.address.as_str() == noun => format!("the table `{noun}`"),
        noun => format!("{noun} `{last}`"),
    }
}

/// A property as files name it; a named criterion by what it is one of.
fn what(edit: &Edit<'_>, property: &str, last: &str) -> String {
    let criteria = edit.property.is_some_and(|property| match &property.shape {
        Shape::Named(inner) => **inner == Shape::Predicate,
        _ => false,
    });
    let named = edit.property.is_some_and(|p| matches!(p.shape, Shape::Named(_)));
    let words = property.replace('_', " ");
    match property {
        "criteria" => format!("criterion `{last}`"),
        "disqualifiers" => format!("disqualifier `{last}`"),
        _ if criteria => format!("{words} criterion `{last}`"),
        _ if named => format!("{words} `{last}`"),
        _ => format!("`{property}`"),
    }
}

fn by_value(edit: &Edit<'_>, property: &str, last: &str) -> String {
    let node = |side: Option<Edited<'_>>| side.and_then(|s| s.node).cloned();
    let shape = edit.property.map(|property| &property.shape);
    let (before, after) = (node(edit.before), node(edit.after));
    let order = edit.property.and_then(|it| size::compare(it, before.as_ref(), after.as_ref()));
    let what = what(edit, property, last);
    match (shape, order) {
        (Some(Shape::Bool), Some(Ordering::Less)) => format!("{what} is switched on"),
        (Some(Shape::Bool), Some(Ordering::Greater)) => format!("{what} is switched off"),
        (Some(Shape::Date), Some(Ordering::Less)) => format!("{what} is later"),
        (Some(Shape::Date), Some(Ordering::Greater)) => format!("{what} is earlier"),
        (Some(Shape::Duration), Some(Ordering::Less)) => format!("{what} is longer"),
        (Some(Shape::Duration), Some(Ordering::Greater)) => format!("{what} is shorter"),
        (_, Some(Ordering::Less)) => format!("{what} is higher"),
        (_, Some(Ordering::Greater)) => format!("{what} is lower"),
        _ => format!("{what} changed"),
    }
}

fn predicate_summary(edit: &Edit<'_>, property: &str, last: &str, verdict: &Verdict) -> String {
    let what = what(edit, property, last);
    let facet = edit.property.map(|property| property.facet);
    let does = |count: &str| match facet.filter(|facet| facet.inverted) {
        Some(facet) if facet.polarity == Polarity::GatePredicate => {
            format!("{what} shuts out {count} records")
        }
        Some(_) => format!("{what} covers {count} records"),
        None if is_turned(edit) == Some(true) => {
            format!("{what} takes points from {count} records")
        }
        // What says which records are meant holds none of them back.
        None if facet.is_some_and(|facet| facet.polarity == Polarity::ScopePredicate) => {
            format!("{what} covers {count} records")
        }
        None => format!("{what} lets {count} records pass"),
    };
    match verdict {
        Verdict::Equivalent => format!("{what} is written otherwise and means the same"),
        Verdict::Looser { .. } => does("more"),
        Verdict::Tighter { .. } => does("fewer"),
        Verdict::Shifted { .. } => does("other"),
        Verdict::Undecided(_) => {
            format!("{what} changed; whether it is looser or tighter is not decided")
        }
    }
}
