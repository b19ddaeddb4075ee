//! The territory map: for each value of the field that places a record, whose it is.

use super::clause::Teller;
use super::grid::{Grid, grids};
use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use super::names::stem;
use super::people::who;
use super::prose::{Text, label};
use super::said::scalar;
use crate::criteria::{self, Atom, Expr, Node, Scope, Value, midnight};
use crate::model::strategy::Territory;
use crate::model::{At, Entity, Listed as ListOf, Target};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Page {
    maps: Vec<Map>,
    grids: Vec<Grid>,
    territories: Vec<TerritoryRow>,
    segments: Vec<SegmentRow>,
    found: Vec<super::known::Found>,
}

/// The map of one object.
#[derive(Serialize)]
struct Map {
    id: String,
    object: Text,
    field: Text,
    rows: Vec<Place>,
    more: usize,
}

/// A value of the field, and whose its records are.
#[derive(Serialize)]
struct Place {
    value: Option<String>,
    claims: Vec<Claim>,
    /// How many more claims there are.
    more: usize,
}

#[derive(Serialize)]
struct Claim {
    territory: Text,
    /// What else must hold for a record of this value to lie in it; nothing where all do.
    only_if: Option<super::clause::Clause>,
    worked_by: Text,
    people: String,
    owner: Text,
}

#[derive(Serialize)]
struct TerritoryRow {
    it: Listed,
    id: String,
    worked_by: Text,
    owner: Text,
    part_of: Text,
    quota: String,
    exclusive: bool,
}

#[derive(Serialize)]
struct SegmentRow {
    it: Listed,
    owner: Text,
    family: String,
    ask: Option<super::said::Ask>,
}

/// Tables have no more rows than this.
const ROWS: usize = 400;

/// A map shows no more claims than this, if need be the same number for each value.
const CLAIMS: usize = 150;

/// The page of territories and segments.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let title = "Territories and segments";
    let frame = Frame { path: "territories.html", title, ..Frame::default() };
    let model = known.model();
    let rules = ["territory-gap", "territory-overlap", "segment-overlap"];
    let about = known.facts.report.findings.iter().filter(|it| rules.contains(&it.rule));
    let page = Page {
        maps: maps(known),
        grids: grids(known),
        territories: model.each().take(ROWS).map(|(entity, it)| row(known, entity, &it)).collect(),
        segments: model.of_kind("segment").take(ROWS).map(|it| segment(known, it)).collect(),
        found: about.map(|finding| known.told(finding, true)).collect(),
    };
    layout.page(&frame, "territories.html", page)
}

fn row(known: &Known<'_>, entity: &Entity, territory: &Territory) -> TerritoryRow {
    let parent = territory.part_of.as_ref().map(|parent| known.names.link(&parent.address));
    TerritoryRow {
        it: Known::listed(entity),
        id: stem(entity.address.as_str()),
        worked_by: assigned(known, territory.assigned_to.as_ref()),
        owner: known.owner(entity),
        part_of: parent.unwrap_or_default(),
        quota: entity.table.get("quota").map(scalar).unwrap_or_default(),
        exclusive: territory.exclusive.as_ref().is_some_and(|it| it.value),
    }
}

fn segment(known: &Known<'_>, entity: &Entity) -> SegmentRow {
    let telling = super::said::Telling { names: known.names, entity };
    SegmentRow {
        it: Known::listed(entity),
        owner: known.owner(entity),
        family: entity.table.text("exclusive").map(label).unwrap_or_default(),
        ask: entity.table.get("when").map(|node| telling.ask(node, "", String::new())),
    }
}

fn assigned<K>(known: &Known<'_>, to: Option<&At<ListOf<Target<K>>>>) -> Text {
    let to = to.into_iter().flat_map(|to| to.iter());
    known.names.links(to.map(|to| to.address.as_str()), " and ")
}

/// A territory and what it asks, every reference replaced by what it stands for.
struct Claimant<'m> {
    entity: &'m Entity,
    territory: Territory,
    asks: Expr,
}

/// The maps of the objects that have territories.
fn maps(known: &Known<'_>) -> Vec<Map> {
    let mut by_object: BTreeMap<&str, Vec<Claimant<'_>>> = BTreeMap::new();
    for (entity, territory) in known.model().each::<Territory>() {
        // The sum of others is in nobody's hands.
        let counts = territory.exclusive.as_ref().is_some_and(|it| it.value)
            || territory.assigned_to.is_some();
        let Some(object) = entity.object().filter(|_| counts) else { continue };
        let predicate = known.names.scope.predicate("territory", entity.address.id());
        let asks = predicate.and_then(|it| criteria::expand(&it.expr, known.names.scope).ok());
        if let Some(asks) = asks {
            by_object.entry(object).or_default().push(Claimant { entity, territory, asks });
        }
    }
    by_object.into_iter().filter_map(|(object, claimants)| map(known, object, &claimants)).collect()
}

fn map(known: &Known<'_>, object: &str, claimants: &[Claimant<'_>]) -> Option<Map> {
    let (field, values) = placing_field(known, object, claimants)?;
    let mut rows = Vec::new();
    for value in values.iter().map(Some).chain([None]) {
        let claims = claimants.iter().filter_map(|it| claim(known, object, &field, value, it));
        rows.push(Place { value: value.cloned(), claims: claims.collect(), more: 0 });
    }
    let more = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    if rows.iter().map(|place| place.claims.len()).sum::<usize>() > CLAIMS {
        let each = (CLAIMS / rows.len().max(1)).max(1);
        for place in &mut rows {
            place.more = place.claims.len().saturating_sub(each);
            place.claims.truncate(each);
        }
    }
    rows.sort_by(|a, b| (a.value.is_none(), &a.value).cmp(&(b.value.is_none(), &b.value)));
    Some(Map {
        id: stem(&format!("map.{object}")),
        object: known.names.object(object),
        field: known.names.field_named(Some(object), &field),
        rows,
        more,
    })
}

/// The field with declared values that most territories ask about, and its values.
fn placing_field(
    known: &Known<'_>,
    object: &str,
    claimants: &[Claimant<'_>],
) -> Option<(String, Vec<String>)> {
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for claimant in claimants {
        let mut names: Vec<String> =
            criteria::fields(&claimant.asks).iter().map(|path| path.name().into_owned()).collect();
        names.sort();
        names.dedup();
        for name in names {
            *asked.entry(name).or_default() += 1;
        }
    }
    let with_values = asked.into_iter().filter_map(|(name, count)| {
        let (_, facts) = known.names.scope.field_at(object, &name)?;
        let values = facts.values.to_vec();
        (!values.is_empty()).then_some((count, name, values))
    });
    // The first of those that are asked equally often.
    let best = with_values.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, name, values)| (name, values))
}

/// Whether a territory claims the records of a value, and under which further condition.
fn claim(
    known: &Known<'_>,
    object: &str,
    field: &str,
    value: Option<&String>,
    claimant: &Claimant<'_>,
) -> Option<Claim> {
    let given = Given {
        scope: known.names.scope,
        object,
        field,
        value: value.map(|text| Value::Text(text.clone())),
        as_of: midnight(known.facts.as_of),
    };
    let rest = given.rest(&claimant.asks);
    let only_if = match rest {
        Rest::Never => return None,
        Rest::Always => None,
        Rest::If(expr) => {
            let teller = Teller { names: known.names, object: Some(object) };
            Some(teller.clause(&expr))
        }
    };
    let to = claimant.territory.assigned_to.as_ref();
    let people: Vec<String> = to
        .into_iter()
        .flat_map(|to| to.iter())
        .map(|to| who(known, &to.address))
        .filter(|names| !names.is_empty())
        .collect();
    Some(Claim {
        territory: known.names.link(claimant.entity.address.as_str()),
        only_if,
        worked_by: assigned(known, to),
        people: people.join("; "),
        owner: known.owner(claimant.entity),
    })
}

/// What is known of a record: one of its fields.
struct Given<'a> {
    scope: &'a dyn Scope,
    object: &'a str,
    field: &'a str,
    value: Option<Value>,
    as_of: jiff::Timestamp,
}

/// What is left of a condition where one field is known.
enum Rest {
    Always,
    Never,
    If(Expr),
}

impl Given<'_> {
    fn rest(&self, expr: &Expr) -> Rest {
        match &expr.node {
            Node::And(all) => self.all(all, true),
            Node::Or(all) => self.all(all, false),
            Node::Not(inner) => match self.rest(inner) {
                Rest::Always => Rest::Never,
                Rest::Never => Rest::Always,
                Rest::If(rest) => Rest::If(rest.negated()),
            },
            Node::AtLeast { count, of } => self.at_least(*count, of),
            Node::Atom(atom) => self.atom(expr, atom),
            Node::Reference(_) => Rest::If(expr.clone()),
        }
    }

    fn atom(&self, expr: &Expr, atom: &Atom) -> Rest {
        if atom.field.name() != self.field {
            return Rest::If(expr.clone());
        }
        let kind = self.scope.field(self.object, self.field).map(|facts| facts.kind);
        let Some(kind) = kind else { return Rest::If(expr.clone()) };
        match criteria::passes(&atom.test, self.value.as_ref(), kind, self.scope, self.as_of) {
            Ok(true) => Rest::Always,
            Ok(false) => Rest::Never,
            Err(_) => Rest::If(expr.clone()),
        }
    }

    /// All of some conditions, or any of them.
    fn all(&self, operands: &[Expr], all: bool) -> Rest {
        let mut open = Vec::new();
        for operand in operands {
            match (self.rest(operand), all) {
                (Rest::Always, true) | (Rest::Never, false) => {}
                (Rest::Never, true) => return Rest::Never,
                (Rest::Always, false) => return Rest::Always,
                (Rest::If(rest), _) => open.push(rest),
            }
        }
        match (open.is_empty(), all) {
            (true, true) => Rest::Always,
            (true, false) => Rest::Never,
            (false, true) => Rest::If(Expr::all(open)),
            (false, false) => Rest::If(Expr::any(open)),
        }
    }

    fn at_least(&self, count: u32, of: &[Expr]) -> Rest {
        let (mut left, mut open) = (count, Vec::new());
        for operand in of {
            match self.rest(operand) {
                Rest::Always => left = left.saturating_sub(1),
                Rest::Never => {}
                Rest::If(rest) => open.push(rest),
            }
        }
        match usize::try_from(left) {
            Ok(0) => Rest::Always,
            Ok(left) if left <= open.len() => Rest::If(Expr::new(Node::AtLeast {
                count: u32::try_from(left).unwrap_or(count),
                of: open,
            })),
            _ => Rest::Never,
        }
    }
}
