//! An example for which something else comes out than it says.

use super::cases::Case;
use crate::check::{Context, Rule};
use crate::criteria::{self, Value, midnight};
use crate::finding::{Finding, Place, Severity, did_you_mean};
use crate::load::{Condition, DEFAULT, DESCRIBED, Judge, Obstacle, Outcome, Router, Unjudged};
use crate::model::example::Example;
use crate::model::routing::{self, Routing};
use crate::model::{AddressPattern, At, Entity, Item, Listed};
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "example-fails",
    severity: Severity::Error,
    page: include_str!("example_fails.md"),
    run: Some(run),
};

/// More places than this in a model are not shown beside one expectation.
const MAX_LABELS: usize = 8;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let routers = context.tables.iter().map(|table| &table.router);
    let routers: BTreeMap<&str, &Router<'_, '_>> =
        routers.map(|router| (router.entity().address.id(), router)).collect();
    // What comes out for a record that cannot be is not worth saying.
    for case in context.cases.iter().filter(|case| case.faults.is_empty()) {
        let Case { entity, example, object, record, .. } = case;
        let day = example.as_of.as_ref().map_or(context.as_of, |day| day.value);
        let judge = Judge { scope: context.scope, object, record, as_of: midnight(day) };
        findings.extend(Trial { context, routers: &routers, entity, judge }.run(example));
    }
    findings
}

/// One example before the model.
struct Trial<'a, 'm> {
    context: &'a Context<'m>,
    routers: &'a BTreeMap<&'m str, &'a Router<'m, 'm>>,
    entity: &'a Entity,
    judge: Judge<'a, 'm>,
}

/// An expectation: where it is written, under which key, and whether criteria must hold.
#[derive(Clone, Copy)]
struct Expected {
    span: Span,
    key: &'static str,
    holds: bool,
}

impl<'m> Trial<'_, 'm> {
    fn run(&self, example: &Example) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (key, holds, targets) in
            [("holds", true, &example.holds), ("fails", false, &example.fails)]
        {
            for target in targets.iter().flat_map(|targets| targets.iter()) {
                let expected = Expected { span: target.span, key, holds };
                findings.extend(self.predicate(&target.address, expected));
            }
        }
        findings.extend(self.stages(example.may_enter.as_ref(), "may_enter", true));
        findings.extend(self.stages(example.may_not_enter.as_ref(), "may_not_enter", false));
        findings.extend(self.stages(example.may_leave.as_ref(), "may_leave", true));
        findings.extend(self.stages(example.may_not_leave.as_ref(), "may_not_leave", false));
        for (id, to) in example.routes.iter().flat_map(|routes| routes.iter()) {
            let wanted = Wanted::To(&to.address);
            findings.extend(self.routing(id, to.key_span, to.span, wanted));
        }
        for (id, rule) in example.taken_by.iter().flat_map(|rules| rules.iter()) {
            findings.extend(self.routing(id, rule.key_span, rule.span, Wanted::Rule(rule)));
        }
        findings
    }

    fn finding(&self, span: Span, key: &str, message: String) -> Finding {
        Finding::new(RULE.id, message)
            .at(self.entity.place(span))
            .about(format!("{}.{key}", self.entity.address))
            .help("correct the example if the model is right, and the model if the example is")
    }

    /// A predicate that is about records of another object has no answer for this one.
    fn other_object(&self, about: &Entity, span: Span, key: &str) -> Option<Finding> {
        let object = about.object().filter(|object| *object != self.judge.object)?;
        let own = self.judge.object;
        let message =
            format!("`{}` is about `{object}`, and this record is of `{own}`", about.address);
        let finding = self.finding(span, key, message);
        Some(
            finding.help(format!(
                "name something about `{own}`, or make the example one of `{object}`"
            )),
        )
    }

    fn predicate(&self, address: &str, expected: Expected) -> Option<Finding> {
        let entity = self.context.model.get(address)?;
        if let Some(finding) = self.other_object(entity, expected.span, expected.key) {
            return Some(finding);
        }
        let conditions: Vec<_> = self.judge.scope.conditions(entity).collect();
        let outcome = if expected.holds { "does not hold" } else { "holds" };
        let message = format!("`{address}` {outcome} for this record");
        self.gate(&conditions, expected, message, entity.header())
    }

    fn stages(
        &self,
        named: Option<&At<Listed<AddressPattern>>>,
        key: &'static str,
        holds: bool,
    ) -> Vec<Finding> {
        let stages = named.into_iter().flat_map(|stages| stages.iter());
        stages.filter_map(|at| self.stage(at, Expected { span: at.span, key, holds })).collect()
    }

    fn stage(&self, name: &str, expected: Expected) -> Option<Finding> {
        let (address, entity) = self.stage_called(name)?;
        if let Some(finding) = self.other_object(entity, expected.span, expected.key) {
            return Some(finding);
        }
        let (side, verb) =
            if expected.key.ends_with("enter") { ("entry", "enter") } else { ("exit", "leave") };
        let gate = format!("{address}.{side}");
        let below = self.judge.scope.criteria_below(&gate);
        let conditions: Vec<_> =
            below.map(|criterion| Condition { criterion, inverted: false }).collect();
        let may = if expected.holds { "may not" } else { "may" };
        let message = format!("this record {may} {verb} `{name}`");
        let part = self.context.model.part(&gate).or_else(|| self.context.model.part(&address))?;
        self.gate(&conditions, expected, message, entity.place(part.key_span))
    }

    /// The stage of `lead.sql` or `lifecycle.lead.stage.sql`, by address; one that is not there
    /// is found by another rule.
    fn stage_called(&self, name: &str) -> Option<(String, &'m Entity)> {
        let (lifecycle, stage) = name.strip_prefix("lifecycle.").unwrap_or(name).split_once('.')?;
        let stage = stage.strip_prefix("stage.").unwrap_or(stage).split('.').next()?;
        let address = format!("lifecycle.{lifecycle}.stage.{stage}");
        let entity = self.context.model.part(&address)?.entity;
        Some((address, entity))
    }

    /// The finding where conditions hold and should not, or the other way round.
    fn gate(
        &self,
        conditions: &[Condition<'_, 'm>],
        expected: Expected,
        message: String,
        place: Place,
    ) -> Option<Finding> {
        let obstacles = match self.judge.obstacles(conditions.iter().copied()) {
            Ok(obstacles) => obstacles,
            Err(trouble) => return self.unjudged(expected.span, expected.key, &trouble),
        };
        if obstacles.is_empty() == expected.holds {
            return None;
        }
        let finding = self.finding(expected.span, expected.key, message);
        Some(match (expected.holds, conditions.is_empty()) {
            (true, _) => self.labelled(finding, &obstacles),
            (false, true) => finding.also(place, "it asks for nothing"),
            (false, false) => finding.also(place, "all it asks for holds"),
        })
    }

    /// What cannot be read or followed is found where it is written; only size is news here.
    fn unjudged(&self, span: Span, key: &str, trouble: &Unjudged) -> Option<Finding> {
        let Unjudged::Lost(criteria::ExpandError::TooLarge { .. }) = trouble else { return None };
        Some(self.finding(span, key, format!("this cannot be judged: {trouble}")))
    }

    fn labelled(&self, mut finding: Finding, obstacles: &[Obstacle<'_>]) -> Finding {
        for obstacle in obstacles.iter().take(MAX_LABELS) {
            let values = self.values(obstacle);
            let words = match (obstacle.inverted, values.is_empty()) {
                (true, true) => "this disqualifier holds".to_owned(),
                (true, false) => format!("this disqualifier holds: {values}"),
                (false, true) => "does not hold".to_owned(),
                (false, false) => format!("does not hold: {values}"),
            };
            finding = finding.also(obstacle.place.clone(), words);
        }
        finding
    }

    /// What the record has in the fields that an obstacle names.
    fn values(&self, obstacle: &Obstacle<'_>) -> String {
        let mut names: Vec<_> =
            criteria::fields(obstacle.expr).into_iter().map(|field| field.name()).collect();
        names.dedup();
        let value = |name: &str| match self.judge.record.get(name) {
            Some(Value::Text(text)) if text == DESCRIBED => format!("`{name}` is set"),
            Some(value) => format!("`{name}` is {value}"),
            None => format!("`{name}` is not set"),
        };
        names.iter().map(|name| value(name)).collect::<Vec<_>>().join(", ")
    }
}

/// What a routing table is expected to do.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// Send the record here.
    To(&'a str),
    /// Let this rule take it.
    Rule(&'a str),
}

impl Wanted<'_> {
    fn key(self) -> &'static str {
        match self {
            Self::To(_) => "routes",
            Self::Rule(_) => "taken_by",
        }
    }

    fn is_met(self, outcome: &Outcome) -> bool {
        match self {
            Self::To(to) => outcome.to.as_deref() == Some(to),
            Self::Rule(rule) => outcome.rule == rule,
        }
    }

    fn is_of(self, rule: &Item<routing::Rule>) -> bool {
        match self {
            Self::To(address) => rule.to.as_ref().is_some_and(|to| to.address == address),
            Self::Rule(id) => rule.id == id,
        }
    }
}

impl Trial<'_, '_> {
    fn routing(&self, id: &str, id_span: Span, span: Span, wanted: Wanted<'_>) -> Option<Finding> {
        let key = format!("{}.{id}", wanted.key());
        let Some(entity) = self.context.model.get(&format!("routing.{id}")) else {
            return Some(self.no_routing(id, id_span, &key));
        };
        if let Some(finding) = self.other_object(entity, id_span, &key) {
            return Some(finding);
        }
        let router = self.routers.get(id)?;
        let table = &router.routing;
        if let Wanted::Rule(rule) = wanted
            && let Some(help) = no_rule(table, rule)
        {
            let message = format!("`{}` has no rule `{rule}`", entity.address);
            return Some(self.finding(span, &key, message).help(help));
        }
        if let Wanted::To(to) = wanted
            && self.context.model.get(to).is_none()
        {
            return None;
        }
        match router.route(self.judge.record, self.judge.as_of) {
            Err(trouble) => self.unjudged(span, &key, &trouble),
            Ok(None) => {
                let message = format!("`{}` does not route this record", entity.address);
                let when = table.applies_to.as_ref().map(|when| when.span);
                Some(self.missed(self.finding(span, &key, message), entity, when))
            }
            Ok(Some(outcome)) if wanted.is_met(&outcome) => None,
            Ok(Some(outcome)) => {
                let message = instead(entity, &outcome, wanted);
                Some(self.explained(self.finding(span, &key, message), entity, &outcome, wanted))
            }
        }
    }

    fn no_routing(&self, id: &str, span: Span, key: &str) -> Finding {
        let names = self.context.model.of_kind("routing").map(|entity| entity.address.id());
        let finding = self.finding(span, key, format!("there is no `routing.{id}`"));
        finding.help(match did_you_mean(id, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it as `[routing.{id}]`, or name one that exists"),
        })
    }

    /// Shows what decided, and why the rule that was expected to did not.
    fn explained(
        &self,
        finding: Finding,
        entity: &Entity,
        outcome: &Outcome,
        wanted: Wanted<'_>,
    ) -> Finding {
        let words = match outcome.rule.as_str() {
            DEFAULT => "no rule takes it, so this is where it goes".to_owned(),
            rule => format!("rule `{rule}` takes it"),
        };
        let finding = finding.also(outcome.place.clone(), words);
        let table: Routing = entity.read();
        let mut rules = table.rule.iter().flat_map(|rules| rules.iter());
        let mut earlier = rules.by_ref().take_while(|rule| rule.id != outcome.rule);
        if let Some(rule) = earlier.find(|rule| wanted.is_of(rule)) {
            return self.missed(finding, entity, rule.when.as_ref().map(|when| when.span));
        }
        match rules.find(|rule| wanted.is_of(rule)) {
            Some(rule) => {
                let words = format!("rule `{}` comes later", rule.id);
                finding.also(entity.place(rule.id_span), words)
            }
            None => finding,
        }
    }

    /// Shows by which words a condition does not hold.
    fn missed(&self, finding: Finding, entity: &Entity, when: Option<Span>) -> Finding {
        let mut below = self.judge.scope.criteria_below(entity.address.as_str());
        let criterion = below.find(|criterion| Some(criterion.span) == when);
        let conditions = criterion.map(|criterion| Condition { criterion, inverted: false });
        match self.judge.obstacles(conditions) {
            Ok(obstacles) => self.labelled(finding, &obstacles),
            Err(_) => finding,
        }
    }
}

/// What came out, and what should have.
fn instead(entity: &Entity, outcome: &Outcome, wanted: Wanted<'_>) -> String {
    let address = &entity.address;
    match (wanted, outcome.rule.as_str()) {
        (Wanted::To(to), _) => {
            let came = outcome.to.as_deref().unwrap_or("nowhere");
            format!("`{address}` sends this record to `{came}`, not to `{to}`")
        }
        (Wanted::Rule(rule), DEFAULT) => {
            format!("no rule of `{address}` takes this record, not even `{rule}`")
        }
        (Wanted::Rule(DEFAULT), taker) => {
            format!(
                "rule `{taker}` of `{address}` takes this record, so it never reaches the default"
            )
        }
        (Wanted::Rule(rule), taker) => {
            format!("rule `{taker}` of `{address}` takes this record, not `{rule}`")
        }
    }
}

/// What to do about the id of a rule that is not there; none if it is.
fn no_rule(table: &Routing, id: &str) -> Option<String> {
    let ids = || {
        let rules = table.rule.iter().flat_map(|rules| rules.iter());
        rules.map(|rule| rule.id.as_str()).chain([DEFAULT])
    };
    if ids().any(|rule| rule == id) {
        return None;
    }
    Some(match did_you_mean(id, ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name one of its rules, or `default`".to_owned(),
    })
}
