//! One human action is one change: what leaves one place and arrives at another, joined.

use super::canonical;
use super::catalogue::CATALOGUE;
use super::classify::Change;
use super::edit::{Edit, Operation};
use crate::criteria::{self, Expr, Literal, Node, SetOf, Test, Value};
use crate::document::Node as TomlNode;
use crate::finding::Place;
use crate::model::Address;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Members that can move from one entity to another, and the kind that says so.
const MOVABLE: [(&str, &str, &str); 2] =
    [("list", "values", "list-value-moved"), ("queue", "members", "pool-member-moved")];

/// Joins edits that are two halves of one action; the others are returned as they came.
pub(super) fn combine(edits: Vec<Edit<'_>>) -> (Vec<Change>, Vec<Edit<'_>>) {
    let mut joined = Vec::new();
    let edits = members(edits, &mut joined);
    let edits = holders(edits, &mut joined);
    let edits = territories(edits, &mut joined);
    (joined, edits)
}

fn members<'m>(edits: Vec<Edit<'m>>, joined: &mut Vec<Change>) -> Vec<Edit<'m>> {
    let key = |edit: &Edit<'_>| -> Option<(&'static str, bool, Vec<String>)> {
        let property = edit.property?;
        let (.., kind) =
            MOVABLE.iter().find(|(noun, name, _)| *noun == edit.noun && *name == property.name)?;
        match &edit.operation {
            Operation::MembersRemoved(members) => Some((kind, false, sorted(members))),
            Operation::MembersAdded(members) => Some((kind, true, sorted(members))),
            _ => None,
        }
    };
    pair(edits, key, |kind, members, from, to| {
        let what = members.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(", ");
        let (old, new) = (entity_of(from), entity_of(to));
        let summary = format!("{what} moved from `{old}` to `{new}`");
        joined.extend(moved(kind, (from, to), summary, &json!(members)));
    })
}

/// A person who is removed from one role and added to another.
fn holders<'m>(edits: Vec<Edit<'m>>, joined: &mut Vec<Change>) -> Vec<Edit<'m>> {
    let key = |edit: &Edit<'_>| -> Option<(&'static str, bool, Vec<String>)> {
        let id = edit.address.as_str().rsplit('.').next()?;
        let added = match edit.operation {
            Operation::Added => true,
            Operation::Removed => false,
            _ => return None,
        };
        (edit.noun == "role-holder").then(|| ("role-holder-moved", added, vec![id.to_owned()]))
    };
    pair(edits, key, |kind, members, from, to| {
        let (old, new) = (entity_of(from), entity_of(to));
        let who = members.first().map_or("", String::as_str);
        let summary = format!("`{who}` moved from `{old}` to `{new}`");
        joined.extend(moved(kind, (from, to), summary, &json!(members)));
    })
}

fn sorted(members: &[String]) -> Vec<String> {
    members.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn entity_of(edit: &Edit<'_>) -> Address {
    let side = edit.after.or(edit.before);
    side.map_or_else(|| edit.address.clone(), |side| side.entity.address.clone())
}

/// Pairs what leaves with what arrives: the same kind, the same members, each used once.
fn pair<'m>(
    edits: Vec<Edit<'m>>,
    key: impl Fn(&Edit<'_>) -> Option<(&'static str, bool, Vec<String>)>,
    mut join: impl FnMut(&'static str, &[String], &Edit<'m>, &Edit<'m>),
) -> Vec<Edit<'m>> {
    let keys: Vec<_> = edits.iter().map(&key).collect();
    let mut used = BTreeSet::new();
    for (at, from) in edits.iter().enumerate() {
        let Some(Some((kind, false, members))) = keys.get(at) else { continue };
        let arrival = keys.iter().position(|key| {
            key.as_ref().is_some_and(|(k, arrives, m)| k == kind && *arrives && m == members)
        });
        let partner = arrival.and_then(|index| Some((index, edits.get(index)?)));
        if let Some((index, to)) = partner
            && !used.contains(&index)
        {
            join(kind, members, from, to);
            used.extend([at, index]);
        }
    }
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

/// Territories whose conditions hand values over: what one loses the other gains, nothing else.
fn territories<'m>(edits: Vec<Edit<'m>>, joined: &mut Vec<Change>) -> Vec<Edit<'m>> {
    let scopes: Vec<Option<Scope>> = edits.iter().map(Scope::of).collect();
    let mut used = BTreeSet::new();
    for (at, from) in edits.iter().enumerate() {
        let Some(Some(loses)) = scopes.get(at) else { continue };
        let partner = scopes.iter().enumerate().position(|(index, scope)| {
            index != at && scope.as_ref().is_some_and(|gains| loses.hands_over_to(gains))
        });
        let to = partner.and_then(|index| Some((index, edits.get(index)?)));
        if let Some((index, to)) = to
            && !used.contains(&index)
            && !used.contains(&at)
        {
            joined.extend(territory_move(loses, from, to));
            used.extend([at, index]);
        }
    }
    edits.into_iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, e)| e).collect()
}

/// What the condition of a territory loses and gains.
struct Scope {
    field: String,
    lost: BTreeSet<String>,
    gained: BTreeSet<String>,
}

impl Scope {
    fn of(edit: &Edit<'_>) -> Option<Self> {
        let property = edit.property?;
        (edit.noun == "territory" && property.name == "when").then_some(())?;
        (edit.operation == Operation::Replaced).then_some(())?;
        let parse = |side: Option<super::edit::Edited<'_>>| {
            let parsed = criteria::parse(side?.node.and_then(TomlNode::as_text)?);
            parsed.expr.filter(|_| parsed.faults.is_empty())
        };
        let (before, after) = (parse(edit.before)?, parse(edit.after)?);
        let (old, new) = (values(&before), values(&after));
        let differs = |field: &&String| old.get(*field) != new.get(*field);
        let fields: BTreeSet<&String> = old.keys().chain(new.keys()).filter(differs).collect();
        let mut fields = fields.into_iter();
        let (Some(field), None) = (fields.next(), fields.next()) else { return None };
        let none = BTreeSet::new();
        let (old, new) = (old.get(field).unwrap_or(&none), new.get(field).unwrap_or(&none));
        let rest = |expr: &Expr| canonical::predicate(&without(expr, field).to_string());
        (rest(&before) == rest(&after)).then(|| Self {
            field: field.clone(),
            lost: old.difference(new).cloned().collect(),
            gained: new.difference(old).cloned().collect(),
        })
    }

    fn hands_over_to(&self, other: &Self) -> bool {
        self.field == other.field
            && !self.lost.is_empty()
            && self.gained.is_empty()
            && other.lost.is_empty()
            && self.lost == other.gained
    }
}

/// The values each field may have, of comparisons that are not negated.
fn values(expr: &Expr) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.node {
            Node::And(parts) | Node::Or(parts) => open.extend(parts),
            Node::Atom(atom) => {
                if let Test::In { set: SetOf::Values(values), negated: false } = &atom.test {
                    let entry = found.entry(atom.field.to_string()).or_default();
                    entry.extend(values.iter().filter_map(text));
                }
            }
            _ => {}
        }
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

fn territory_move(scope: &Scope, from: &Edit<'_>, to: &Edit<'_>) -> Option<Change> {
    let kind = CATALOGUE.get("territory-scope-moved")?;
    let (old, new) = (entity_of(from), entity_of(to));
    let what: Vec<String> = scope.lost.iter().map(|value| format!("`{value}`")).collect();
    let summary = format!("{} {} moved from `{old}` to `{new}`", scope.field, what.join(", "));
    let values = json!({ "field": scope.field, "values": scope.lost });
    let mut change = moved(&kind.id, (from, to), summary, &values)?;
    let place = |edit: &Edit<'_>, before: bool| -> Option<Place> {
        let side = if before { edit.before } else { edit.after }?;
        Some(side.entity.place(side.node.map_or(side.key_span, |node| side.key_span.to(node.span))))
    };
    change.base = place(from, true);
    change.head = place(to, false);
    Some(change)
}
