//! Things that lead back to themselves: predicates, teams, roles, queues, metrics.

use crate::check::{Context, Rule};
use crate::criteria::{REFERENCE_KINDS, references};
use crate::finding::{Finding, Place, Severity};
use crate::model::Shape;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    id: "reference-cycle",
    severity: Severity::Error,
    page: include_str!("reference_cycle.md"),
    run: Some(run),
};

/// Properties that lead from one entity to another of its kind and must come to an end.
struct Chain {
    properties: &'static [&'static str],
    /// What is true of whatever such a chain leads back to.
    said: &'static str,
    /// Whether two may lead to each other, and only one to itself is a fault.
    may_be_mutual: bool,
}

const CHAINS: [Chain; 5] = [
    Chain { properties: &["part_of"], said: "is part of itself", may_be_mutual: false },
    Chain { properties: &["reports_to"], said: "reports to itself", may_be_mutual: false },
    Chain { properties: &["overflow"], said: "overflows into itself", may_be_mutual: false },
    Chain {
        properties: &["numerator", "denominator"],
        said: "is computed from itself",
        may_be_mutual: false,
    },
    Chain { properties: &["deputy"], said: "stands in for itself", may_be_mutual: true },
];

/// More names than this are not spelled out.
const SHOWN: usize = 6;

/// One step of a chain, and where it is written.
#[derive(Debug)]
struct Step<'m> {
    from: &'m str,
    to: &'m str,
    place: Place,
}

type Graph<'m> = BTreeMap<&'m str, Vec<Step<'m>>>;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = found(&predicates(context), "refers to itself");
    for chain in &CHAINS {
        findings.extend(found(&entities(context, chain), chain.said));
    }
    findings
}

/// Which predicates the criteria of a predicate name. The criteria of its items, such as the tiers
/// of an ICP, are no part of it.
fn predicates<'m>(context: &Context<'m>) -> Graph<'m> {
    let mut graph = Graph::new();
    for criterion in context.scope.criteria() {
        let (entity, Some(expr)) = (criterion.entity, &criterion.expr) else { continue };
        if !REFERENCE_KINDS.contains(&entity.address.kind()) || criterion.item != entity.address {
            continue;
        }
        let from = entity.address.as_str();
        for reference in references(expr).into_iter().filter(|r| r.kind != "list") {
            let Some(to) = context.model.get(&reference.to_string()) else { continue };
            let place = criterion.place(reference.span);
            graph.entry(from).or_default().push(Step { from, to: to.address.as_str(), place });
        }
    }
    graph
}

fn entities<'m>(context: &Context<'m>, chain: &Chain) -> Graph<'m> {
    let mut graph = Graph::new();
    for slot in context.scope.slots() {
        let leads_on = matches!(*slot.shape, Shape::Target(_))
            && chain.properties.contains(&slot.property.name);
        let Some(to) = slot.node.as_text().filter(|_| leads_on) else { continue };
        let Some(to) = context.model.get(to).map(|entity| entity.address.as_str()) else {
            continue;
        };
        let from = slot.entity.address.as_str();
        if from == to || !chain.may_be_mutual {
            let place = slot.place();
            graph.entry(from).or_default().push(Step { from, to, place });
        }
    }
    graph
}

fn found(graph: &Graph<'_>, said: &str) -> Vec<Finding> {
    circles(graph).iter().filter_map(|circle| finding(circle, said)).collect()
}

fn finding(circle: &[&Step<'_>], said: &str) -> Option<Finding> {
    let (first, rest) = circle.split_first()?;
    let mut message = format!("`{}` {said}", first.from);
    if !rest.is_empty() {
        let names: Vec<_> = circle.iter().take(SHOWN).map(|s| format!("`{}`", s.from)).collect();
        let more = circle.len().saturating_sub(SHOWN);
        let gap = if more == 0 { String::new() } else { format!(" → {more} more") };
        message = format!("{message}: {}{gap} → `{}`", names.join(" → "), first.from);
    }
    let finding = Finding::new(RULE.id, message).at(first.place.clone()).about(first.from);
    let finding = rest.iter().take(SHOWN).fold(finding, |finding, step| {
        finding.also(step.place.clone(), format!("leads from `{}` to `{}`", step.from, step.to))
    });
    Some(finding.help("remove one of the steps; what leads back to itself means nothing"))
}

/// A visit to one name on the way.
struct Visit<'g, 'm> {
    at: &'m str,
    ahead: std::slice::Iter<'g, Step<'m>>,
    taken: Option<&'g Step<'m>>,
}

/// The circles of a graph, at most one for each name at which one closes.
fn circles<'g, 'm>(graph: &'g Graph<'m>) -> Vec<Vec<&'g Step<'m>>> {
    let mut walk = Walk { graph, trail: Vec::new(), depth: BTreeMap::new(), done: BTreeSet::new() };
    let mut circles = Vec::new();
    let mut closed = BTreeSet::new();
    for start in graph.keys() {
        walk.enter(start);
        while let Some(step) = walk.step() {
            match walk.depth.get(step.to) {
                Some(depth) if closed.insert(step.to) => {
                    let round = walk.trail.iter().skip(*depth);
                    circles.push(round.filter_map(|visit| visit.taken).collect());
                }
                Some(_) => {}
                None => walk.enter(step.to),
            }
        }
    }
    circles
}

/// A walk in depth, each name once, without recursion.
struct Walk<'g, 'm> {
    graph: &'g Graph<'m>,
    trail: Vec<Visit<'g, 'm>>,
    depth: BTreeMap<&'m str, usize>,
    done: BTreeSet<&'m str>,
}

impl<'g, 'm> Walk<'g, 'm> {
    fn enter(&mut self, at: &'m str) {
        if !self.done.contains(at) {
            self.depth.insert(at, self.trail.len());
            let ahead = self.graph.get(at).map(Vec::as_slice).unwrap_or_default().iter();
            self.trail.push(Visit { at, ahead, taken: None });
        }
    }

    /// The next step from the deepest name that has one; none when the walk is back at its start.
    fn step(&mut self) -> Option<&'g Step<'m>> {
        while let Some(visit) = self.trail.last_mut() {
            if let Some(step) = visit.ahead.next() {
                visit.taken = Some(step);
                return Some(step);
            }
            self.depth.remove(visit.at);
            self.done.insert(visit.at);
            self.trail.pop();
        }
        None
    }
}
