//! One human action is one change: what leaves one place and arrives at another, joined.

use super::canonical;
use super::catalogue::CATALOGUE;
use super::classify::{self, Change};
use super::decide::{Decide, Side};
use super::edit::{Edit, Edited, Operation};
use super::fingerprint::Fingerprint;
use super::renames::Names;
use crate::criteria::{self, Expr, Literal, Node, SetOf, Test, Value, lower_case};
use crate::document::Node as TomlNode;
use crate::model::{Address, Shape};
use crate::proof::Verdict;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Members that can move from one entity to another, and the kind that says so.
const MOVABLE: [(&str, &str, &str); 2] =
    [("list", "values", "list-value-moved"), ("queue", "members", "pool-member-moved")];

/// Joins edits that are two halves of one action; the others are returned as they came.
pub(super) fn combine<'m>(
    edits: Vec<Edit<'m>>,
    names: &Names,
    decide: &dyn Decide,
) -> (Vec<Change>, Vec<Edit<'m>>) {
    let mut joined = Vec::new();
    let edits = members(edits, &mut joined);
    let edits = holders(edits, &mut joined);
    let edits = territories(edits, names, decide, &mut joined);
    (joined, edits)
}

/// What leaves some edits and arrives at others, each thing once, in order: from, to, what.
fn handed_over<K: Ord + Clone>(
    leaving: impl Iterator<Item = (K, usize)>,
    arriving: impl Iterator<Item = (K, usize)>,
) -> BTreeMap<(usize, usize), BTreeSet<K>> {
    let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (what, to) in arriving {
        waiting.entry(what).or_default().push_back(to);
    }
    let mut moves: BTreeMap<(usize, usize), BTreeSet<K>> = BTreeMap::new();
    for (what, from) in leaving {
        if let Some(to) = waiting.get_mut(&what).and_then(VecDeque::pop_front) {
            moves.entry((from, to)).or_default().insert(what);
        }
    }
    moves
}

/// Values and members that leave one entity for another; what only leaves or arrives stays.
fn members<'m>(mut edits: Vec<Edit<'m>>, joined: &mut Vec<Change>) -> Vec<Edit<'m>> {
    type Member = (&'static str, String);
    let kind = |edit: &Edit<'_>| {
        let property = edit.property?;
        let movable =
            MOVABLE.iter().find(|(noun, name, _)| *noun == edit.noun && *name == property.name)?;
        Some(movable.2)
    };
    let mut leaving: Vec<(Member, usize)> = Vec::new();
    let mut arriving: Vec<(Member, usize)> = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        let Some(kind) = kind(edit) else { continue };
        let (members, into) = match &edit.operation {
            Operation::MembersRemoved(members) => (members, &mut leaving),
            Operation::MembersAdded(members) => (members, &mut arriving),
            _ => continue,
        };
        into.extend(members.iter().map(|member| ((kind, member.clone()), at)));
    }
    let mut used: BTreeSet<(usize, String)> = BTreeSet::new();
    for ((from, to), members) in handed_over(leaving.into_iter(), arriving.into_iter()) {
        let (Some(out), Some(into), Some(kind)) =
            (edits.get(from), edits.get(to), members.first().map(|(kind, _)| *kind))
        else {
            continue;
        };
        let members: Vec<String> = members.into_iter().map(|(_, member)| member).collect();
        let what = members.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(", ");
        let summary = format!("{what} moved from `{}` to `{}`", entity_of(out), entity_of(into));
        joined.extend(moved(kind, (out, into), summary, &json!(members)));
        used.extend(members.iter().flat_map(|m| [(from, m.clone()), (to, m.clone())]));
    }
    for (at, edit) in edits.iter_mut().enumerate() {
        if let Operation::MembersRemoved(members) | Operation::MembersAdded(members) =
            &mut edit.operation
        {
            members.retain(|member| !used.contains(&(at, member.clone())));
        }
    }
    edits.retain(|edit| match &edit.operation {
        Operation::MembersRemoved(members) | Operation::MembersAdded(members) => {
            !members.is_empty()
        }
        _ => true,
    });
    edits
}

/// A person who is removed from one role and added to another.
fn holders<'m>(edits: Vec<Edit<'m>>, joined: &mut Vec<Change>) -> Vec<Edit<'m>> {
    let holder = |wanted: &Operation, (at, edit): (usize, &Edit<'_>)| {
        (edit.noun == "role-holder" && edit.operation == *wanted).then_some(())?;
        // Somebody of the same id and another address is somebody else, and who holds a role from
        // another day on, or with another share, has not just moved.
        let Shape::Items(declaration) = edit.property?.shape else { return None };
        let side = edit.after.or(edit.before)?.node?.as_table()?;
        let terms = canonical::table(Some(declaration), side).to_string();
        let known_by = |key| side.text(key).unwrap_or_default().to_owned();
        Some(((["id", "email", "login"].map(known_by), terms), at))
    };
    let leaving = edits.iter().enumerate().filter_map(|edit| holder(&Operation::Removed, edit));
    let arriving = edits.iter().enumerate().filter_map(|edit| holder(&Operation::Added, edit));
    let mut used = BTreeSet::new();
    for ((from, to), people) in handed_over(leaving, arriving) {
        let (Some(out), Some(into)) = (edits.get(from), edits.get(to)) else { continue };
        for ([who, ..], _) in people {
            let summary =
                format!("`{who}` moved from `{}` to `{}`", entity_of(out), entity_of(into));
            joined.extend(moved("role-holder-moved", (out, into), summary, &json!([who])));
        }
        used.extend([from, to]);
    }
    without_used(edits, &used)
}

fn entity_of(edit: &Edit<'_>) -> Address {
    let side = edit.after.or(edit.before);
    side.map_or_else(|| edit.address.clone(), |side| side.entity.address.clone())
}

fn without_used<'m>(edits: Vec<Edit<'m>>, used: &BTreeSet<usize>) -> Vec<Edit<'m>> {
    edits.into_iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, e)| e).collect()
}

fn moved(
    kind: &str,
    (from, to): (&Edit<'_>, &Edit<'_>),
    summary: String,
    what: &Json,
) -> Option<Change> {
    let kind = CATALOGUE.get(kind)?;
    let (old, new) = (entity_of(from), entity_of(to));
    let before = json!({ "at": old.as_str(), "what": what });
    let after = json!({ "at": new.as_str(), "what": what });
    let mut change = Change::new(kind, new, summary, (Some(&before), Some(&after)));
    change.previous = Some(old);
    change.base = from.before.as_ref().map(|side| side.entity.place(side.key_span));
    change.head = to.after.as_ref().map(|side| side.entity.place(side.key_span));
    change.before = Some(before);
    change.after = Some(after);
    Some(change)
}

/// Territories whose conditions hand values over: what one gains, another loses.
fn territories<'m>(
    edits: Vec<Edit<'m>>,
    names: &Names,
    decide: &dyn Decide,
    joined: &mut Vec<Change>,
) -> Vec<Edit<'m>> {
    let mut scopes: BTreeMap<usize, Scope> =
        edits.iter().enumerate().filter_map(|(at, edit)| Some((at, Scope::of(edit)?))).collect();
    if decide.knows_meaning() {
        // A value that no record of the territory has is written elsewhere, and nothing is handed over.
        let idle = |edit| classify::compared(edit, names, decide) == Some(Verdict::Equivalent);
        scopes.retain(|at, _| !edits.get(*at).is_some_and(idle));
    }
    let each = |values: fn(&Scope) -> &Values| {
        scopes.iter().flat_map(move |(at, scope)| {
            values(scope).keys().map(move |value| ((&scope.of, value.clone()), *at))
        })
    };
    let mut handed: BTreeMap<usize, usize> = BTreeMap::new();
    for ((from, to), values) in handed_over(each(|s| &s.lost), each(|s| &s.gained)) {
        let (Some(out), Some(into)) = (edits.get(from), edits.get(to)) else { continue };
        let Some(gained) = scopes.get(&to).map(|scope| &scope.gained) else { continue };
        *handed.entry(from).or_default() += values.len();
        *handed.entry(to).or_default() += values.len();
        let Some((of, _)) = values.first().cloned() else { continue };
        let values = values.iter().filter_map(|(_, value)| gained.get(value).cloned()).collect();
        joined.extend(territory_move(of, &values, (out, into), decide));
    }
    // What nobody took over is still a change of the territory that lost or gained it.
    let all_handed = |(at, scope): &(&usize, &Scope)| {
        handed.get(at) == Some(&(scope.lost.len() + scope.gained.len()))
    };
    let used = scopes.iter().filter(all_handed).map(|(at, _)| *at).collect();
    without_used(edits, &used)
}

/// Values by what they are compared as, which is without regard to case, as they are written.
type Values = BTreeMap<String, String>;

/// What the condition of a territory loses and gains.
struct Scope {
    of: Records,
    lost: Values,
    gained: Values,
}

/// The records that one value of a field stands for. Only between conditions that ask the same of all
/// else a value is handed over: otherwise both of them say more than that.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Records {
    object: Option<String>,
    field: String,
    /// The condition without the values.
    rest: String,
}

impl Scope {
    fn of(edit: &Edit<'_>) -> Option<Self> {
        let property = edit.property?;
        (edit.noun == "territory" && property.name == "when").then_some(())?;
        (edit.operation == Operation::Replaced).then_some(())?;
        let object = edit.before?.entity.object();
        (edit.after?.entity.object() == object).then_some(())?;
        let parse = |side: Option<Edited<'_>>| {
            criteria::parse(side?.node.and_then(TomlNode::as_text)?).sound()
        };
        let (before, after) = (parse(edit.before)?, parse(edit.after)?);
        let (old, new) = (lists(&before), lists(&after));
        let fields: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        // One field has other values; what it had and has stands in one list each.
        let differs = |field: &&String| old.get(*field) != new.get(*field);
        let mut fields = fields.into_iter().filter(differs);
        let (Some(field), None) = (fields.next(), fields.next()) else { return None };
        let (old, new) = (old.get(field)?.as_ref()?, new.get(field)?.as_ref()?);
        let rest = |expr: &Expr| canonical::predicate(&without(expr, field).to_string());
        let is = rest(&after);
        (rest(&before) == is).then(|| Self {
            of: Records { object: object.map(str::to_owned), field: field.clone(), rest: is },
            lost: beyond(old, new),
            gained: beyond(new, old),
        })
    }
}

/// The values that others do not have.
fn beyond(values: &Values, others: &Values) -> Values {
    let others = values.iter().filter(|(value, _)| !others.contains_key(*value));
    others.map(|(value, written)| (value.clone(), written.clone())).collect()
}

/// The fields of a condition, with the values that each may have; none where a field stands in more
/// than one place, or in another way than in a list of values.
fn lists(expr: &Expr) -> BTreeMap<String, Option<Values>> {
    let mut found = BTreeMap::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        if let Node::Atom(atom) = &expr.node {
            let values = match &atom.test {
                Test::In { set: SetOf::Values(values), negated: false } => {
                    let known_by = |text: String| (lower_case(&text).into_owned(), text);
                    values.iter().map(|value| text(value).map(known_by)).collect()
                }
                _ => None,
            };
            let again = |known: &mut Option<_>| *known = None;
            found.entry(atom.field.to_string()).and_modify(again).or_insert(values);
        }
        open.extend(expr.operands());
    }
    found
}

fn text(literal: &Literal) -> Option<String> {
    match &literal.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// The expression with the values of a field's lists taken out, to compare all the rest.
fn without(expr: &Expr, field: &str) -> Expr {
    let node = match &expr.node {
        Node::And(parts) => Node::And(parts.iter().map(|part| without(part, field)).collect()),
        Node::Or(parts) => Node::Or(parts.iter().map(|part| without(part, field)).collect()),
        Node::Atom(atom) if atom.field.to_string() == field => {
            let mut atom = atom.clone();
            if let Test::In { set: SetOf::Values(values), negated: false } = &mut atom.test {
                values.retain(|value| text(value).is_none());
                values.push(Literal { span: expr.span, value: Value::Text("…".to_owned()) });
            }
            Node::Atom(atom)
        }
        other => other.clone(),
    };
    Expr { span: expr.span, node }
}

fn territory_move(
    of: &Records,
    values: &BTreeSet<String>,
    (from, to): (&Edit<'_>, &Edit<'_>),
    decide: &dyn Decide,
) -> Option<Change> {
    let Records { field, rest, .. } = of;
    let (old, new) = (entity_of(from), entity_of(to));
    let named: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    let summary = format!("{field} {} moved from `{old}` to `{new}`", named.join(", "));
    let what = json!({ "field": field, "values": values });
    let mut change = moved("territory-scope-moved", (from, to), summary, &what)?;
    let place = |side: Edited<'_>| {
        side.entity.place(side.node.map_or(side.key_span, |node| side.key_span.to(node.span)))
    };
    change.base = from.before.map(place);
    change.head = to.after.map(place);
    // Which records have the values is said by the rest of the conditions.
    let means = |is_after| decide.meaning(Side { address: "", text: rest, form: None }, is_after);
    let known = [(&change.before, false), (&change.after, true)]
        .map(|(side, is_after)| json!([side, rest, means(is_after)]));
    let [before, after] = &known;
    change.fingerprint =
        Fingerprint::of(&change.kind.id, change.address.as_str(), Some(before), Some(after));
    Some(change)
}
