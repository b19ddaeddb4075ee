//! Territories by segments: where a routing table sends the records of each, unless an earlier rule
//! about something else takes them.

use super::known::Known;
use super::prose::Text;
use crate::criteria::{Expr, Node, Reference};
use crate::load::Router;
use crate::model::Entity;
use crate::model::routing::Routing;
use crate::model::strategy::{Segment, Territory};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Larger grids are no help.
const ROWS: usize = 60;
const COLUMNS: usize = 8;

/// Where one routing table sends records.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Grid {
    table: Text,
    segments: Vec<Text>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    territory: Text,
    cells: Vec<Cell>,
}

/// Where the records of a territory and a segment go.
#[derive(Debug, Clone, Serialize)]
struct Cell {
    to: Text,
    /// The rule that sends them there; none for the default.
    rule: Option<Text>,
    /// How many earlier rules may take some of them, by something else that they ask.
    unless: usize,
}

/// The grids of the routing tables that ask about territories.
pub(in crate::site) fn grids(known: &Known<'_>) -> Vec<Grid> {
    known.model().of_kind("routing").filter_map(|entity| grid(known, entity)).collect()
}

fn grid(known: &Known<'_>, entity: &Entity) -> Option<Grid> {
    let router = Router::of(known.names.scope, entity);
    let object = entity.object()?;
    let territories = exclusive(known, object);
    let asked = asked(&router);
    let is_asked = |address: &str| asked.contains(address);
    if !territories.keys().any(|territory| is_asked(territory)) || territories.len() > ROWS {
        return None;
    }
    let mut families = families(known, object);
    families.retain(|family| family.len() > 1 && family.len() <= COLUMNS);
    families.sort_by_key(|family| family.iter().filter(|address| is_asked(address)).count());
    let family = families.pop().filter(|family| family.iter().any(|it| is_asked(it)))?;
    let rows = territories.iter().map(|(territory, above)| {
        let cell = |segment: &String| {
            let place =
                Place { territory, above, segment, territories: &territories, family: &family };
            place.cell(known, entity, &router)
        };
        Row { territory: known.names.link(territory), cells: family.iter().map(cell).collect() }
    });
    Some(Grid {
        table: known.names.link(entity.address.as_str()),
        segments: family.iter().map(|segment| known.names.link(segment)).collect(),
        rows: rows.collect(),
    })
}

/// The territories of an object of which a record lies in one alone, each with those it is part of.
fn exclusive(known: &Known<'_>, object: &str) -> BTreeMap<String, BTreeSet<String>> {
    let all: BTreeMap<String, Territory> = known
        .model()
        .each::<Territory>()
        .filter(|(entity, _)| entity.object() == Some(object))
        .map(|(entity, territory)| (entity.address.to_string(), territory))
        .collect();
    let above = |address: &str| {
        let mut above = BTreeSet::new();
        let mut next = all.get(address).and_then(|it| it.part_of.as_ref());
        while let Some(parent) = next {
            if !above.insert(parent.address.clone()) {
                break;
            }
            next = all.get(&parent.address).and_then(|it| it.part_of.as_ref());
        }
        above
    };
    let is_exclusive = |it: &Territory| it.exclusive.as_ref().is_some_and(|flag| flag.value);
    let found = all.iter().filter(|(_, territory)| is_exclusive(territory));
    found.map(|(address, _)| (address.clone(), above(address))).collect()
}

/// The families of segments of an object of which a record is in one alone.
fn families(known: &Known<'_>, object: &str) -> Vec<Vec<String>> {
    let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (entity, segment) in known.model().each::<Segment>() {
        if let Some(family) = segment.exclusive.filter(|_| entity.object() == Some(object)) {
            families.entry(family.value.0).or_default().push(entity.address.to_string());
        }
    }
    families.into_values().collect()
}

/// What the conditions of a table refer to.
fn asked(router: &Router<'_, '_>) -> BTreeSet<String> {
    let conditions = conditions(&router.routing, router);
    let references = conditions.iter().flat_map(|(_, expr)| crate::criteria::references(expr));
    references.map(ToString::to_string).collect()
}

/// The rules of a table with their conditions, in order; those that cannot be read are left out.
fn conditions<'a>(routing: &'a Routing, router: &'a Router<'_, '_>) -> Vec<(usize, &'a Expr)> {
    let rules = routing.rule.iter().flat_map(|rules| rules.iter()).enumerate();
    let read = rules.filter_map(|(at, rule)| {
        let criterion = router.condition(rule.when.as_ref()?.span)?;
        Some((at, criterion.expr.as_deref()?))
    });
    read.collect()
}

/// Whether a condition holds where little of a record is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
    Perhaps,
}

/// A territory and a segment.
struct Place<'a> {
    territory: &'a str,
    above: &'a BTreeSet<String>,
    segment: &'a str,
    territories: &'a BTreeMap<String, BTreeSet<String>>,
    family: &'a [String],
}

impl Place<'_> {
    fn cell(&self, known: &Known<'_>, entity: &Entity, router: &Router<'_, '_>) -> Cell {
        let link = |to: Option<&str>| to.map(|to| known.names.link(to)).unwrap_or_default();
        let mut unless = 0;
        for (at, condition) in conditions(&router.routing, router) {
            match self.holds(condition) {
                Holds::No => {}
                Holds::Perhaps => unless += 1,
                Holds::Yes => {
                    let mut rules = router.routing.rule.iter().flat_map(|rules| rules.iter());
                    let Some(rule) = rules.nth(at) else { break };
                    let address = format!("{}.rule.{}", entity.address, rule.id);
                    return Cell {
                        to: link(rule.to.as_ref().map(|to| to.address.as_str())),
                        rule: Some(known.names.link_as(&address, &rule.id)),
                        unless,
                    };
                }
            }
        }
        let default = router.routing.default.as_ref();
        Cell { to: link(default.map(|to| to.address.as_str())), rule: None, unless }
    }

    fn holds(&self, expr: &Expr) -> Holds {
        match &expr.node {
            Node::And(all) => self.enough(all, all.len()),
            Node::Or(all) => self.enough(all, 1),
            Node::AtLeast { count, of } => {
                self.enough(of, usize::try_from(*count).unwrap_or(usize::MAX))
            }
            Node::Not(inner) => match self.holds(inner) {
                Holds::Yes => Holds::No,
                Holds::No => Holds::Yes,
                Holds::Perhaps => Holds::Perhaps,
            },
            Node::Atom(_) => Holds::Perhaps,
            Node::Reference(reference) => self.is_in(reference),
        }
    }

    fn enough(&self, of: &[Expr], least: usize) -> Holds {
        let found: Vec<Holds> = of.iter().map(|part| self.holds(part)).collect();
        let count = |wanted| found.iter().filter(|it| **it == wanted).count();
        match count(Holds::Yes) {
            sure if sure >= least => Holds::Yes,
            sure if sure + count(Holds::Perhaps) < least => Holds::No,
            _ => Holds::Perhaps,
        }
    }

    fn is_in(&self, reference: &Reference) -> Holds {
        let address = reference.to_string();
        let sure = |is: bool| if is { Holds::Yes } else { Holds::No };
        if self.territories.contains_key(&address) {
            sure(address == self.territory)
        } else if self.above.contains(&address) {
            Holds::Yes
        } else if self.family.contains(&address) {
            sure(address == self.segment)
        } else {
            Holds::Perhaps
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_told_as_far_as_a_territory_and_a_segment_tell_it() {
        let above = BTreeSet::from(["territory.europe".to_owned()]);
        let territories = BTreeMap::from([
            ("territory.dach".to_owned(), above.clone()),
            ("territory.cee".to_owned(), BTreeSet::new()),
        ]);
        let family = ["segment.small".to_owned(), "segment.large".to_owned()];
        let place = Place {
            territory: "territory.dach",
            above: &above,
            segment: "segment.small",
            territories: &territories,
            family: &family,
        };
        let holds = |text: &str| place.holds(&crate::criteria::parse(text).sound().expect("sound"));
        for (text, wanted) in [
            ("territory.dach and segment.small", Holds::Yes),
            ("territory.europe", Holds::Yes),
            ("territory.cee or segment.large", Holds::No),
            ("not territory.cee", Holds::Yes),
            ("territory.dach and score > 5", Holds::Perhaps),
            ("territory.cee and score > 5", Holds::No),
            ("at least 2 of (territory.dach, segment.large, score > 5)", Holds::Perhaps),
            ("icp.core", Holds::Perhaps),
        ] {
            assert_eq!(holds(text), wanted, "{text}");
        }
    }
}
