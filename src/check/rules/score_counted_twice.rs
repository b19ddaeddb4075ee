//! Two rules of a score that give points for the same: to the same records, or where two ranges meet.

use super::extents::each;
use super::not_decided;
use crate::check::{Context, Rule};
use crate::criteria::{Atom, Comparison, DaysTest, Direction, Expr, Literal, Node, Test};
use crate::finding::{Finding, Severity};
use crate::load::Criterion;
use crate::model::preparation::{ScoreRule, Scoring};
use crate::model::{Duration, Entity, Item};
use crate::proof::{Extent, Undecided, Wanted};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "score-counted-twice",
    severity: Severity::Warning,
    page: include_str!("score_counted_twice.md"),
    run: Some(run),
};

/// A rule of a score with what it asks for, which some records meet and others do not.
struct Scored<'c, 'm> {
    rule: Item<ScoreRule>,
    criterion: &'c Criterion<'m>,
    expr: &'c Expr,
}

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut open: BTreeMap<&str, (&Criterion<'_>, &Expr)> = BTreeMap::new();
    let mut findings = Vec::new();
    if context.model.of_kind("scoring").next().is_none() {
        return findings;
    }
    for (criterion, extent) in each(context) {
        if criterion.entity.address.kind() == "scoring"
            && *extent == Ok(Extent::Sometimes)
            && let Some(expr) = criterion.expr.as_deref()
        {
            open.insert(criterion.address.as_str(), (criterion, expr));
        }
    }
    for (entity, scoring) in context.model.each::<Scoring>() {
        let Some(object) = entity.object() else { continue };
        let mut groups: BTreeMap<String, Vec<Scored<'_, '_>>> = BTreeMap::new();
        for rule in scoring.rule.map(|rules| rules.value.0).unwrap_or_default() {
            let address = format!("{}.rule.{}.when", entity.address, rule.id);
            let Some((criterion, expr)) = open.remove(address.as_str()) else { continue };
            let group = rule.group.as_ref().map(|group| group.value.0.clone()).unwrap_or_default();
            groups.entry(group).or_default().push(Scored { rule, criterion, expr });
        }
        for rules in groups.values() {
            findings.extend(same(context, entity, object, rules));
            findings.extend(meeting(context, entity, object, rules));
        }
    }
    findings
}

/// Rules that give points to the same records, for as long and as often.
fn same(
    context: &Context<'_>,
    entity: &Entity,
    object: &str,
    rules: &[Scored<'_, '_>],
) -> Vec<Finding> {
    let exprs: Vec<&Expr> = rules.iter().map(|rule| rule.expr).collect();
    let pair = |(one, other): (usize, usize)| Some((rules.get(one)?, rules.get(other)?));
    let repeats = context.prover.repeats(object, context.scope, &exprs);
    let told = repeats.into_iter().filter_map(|repeat| {
        let (one, other) = pair((repeat.first, repeat.again))?;
        let (first, again) = (&one.rule.id, &other.rule.id);
        if terms(&one.rule) != terms(&other.rule) {
            return None;
        }
        if let Some(why) = repeat.undecided {
            let whether =
                format!("whether `{again}` gives points to the same records as `{first}`");
            return undecided(context, other, &whether, &why);
        }
        let message = format!("`{again}` gives points to the same records as `{first}`");
        let finding = found(entity, message, (one, other), "the same records get points here");
        Some(finding.help("add the points up in one of the two, or write what was meant"))
    });
    told.collect()
}

/// How often points are given, and for how long.
fn terms(rule: &ScoreRule) -> [Option<Duration>; 2] {
    [&rule.once_per, &rule.decays_after].map(|term| term.as_ref().map(|term| term.value))
}

/// Rules of which the one ends at the very value at which the other begins.
fn meeting(
    context: &Context<'_>,
    entity: &Entity,
    object: &str,
    rules: &[Scored<'_, '_>],
) -> Vec<Finding> {
    let bounds: Vec<[Vec<Atom>; 2]> = rules.iter().map(|rule| bounds(rule.expr)).collect();
    let mut findings = Vec::new();
    for ((at, other), [lows, highs]) in rules.iter().enumerate().zip(&bounds) {
        for (one, [first_lows, first_highs]) in rules.iter().zip(&bounds).take(at) {
            let shared = |ends: &[Atom], others: &[Atom]| {
                ends.iter().find(|end| others.iter().any(|other| is_alike(end, other))).cloned()
            };
            let Some(point) = shared(first_highs, lows).or_else(|| shared(first_lows, highs))
            else {
                continue;
            };
            let point = Expr::new(Node::Atom(point));
            match is_shared(context, object, [one.expr, other.expr], &point) {
                Ok(false) => {}
                Ok(true) => {
                    let (first, second) = (&one.rule.id, &other.rule.id);
                    let message =
                        format!("where `{point}`, `{first}` and `{second}` both give points");
                    let finding = found(entity, message, (one, other), "this includes the value");
                    let help = "let one of the two begin behind the value at which the other ends";
                    findings.push(finding.label("and so does this").help(help));
                }
                Err(why) => {
                    let whether = format!(
                        "whether `{}` and `{}` give points to the same records",
                        one.rule.id, other.rule.id
                    );
                    findings.extend(undecided(context, other, &whether, &why));
                }
            }
        }
    }
    findings
}

/// Whether two rules that meet at a point share records there, and each holds for others as well.
fn is_shared(
    context: &Context<'_>,
    object: &str,
    [one, other]: [&Expr; 2],
    point: &Expr,
) -> Result<bool, Undecided> {
    let possible = |wanted: &[Wanted<'_>]| context.prover.possible(object, context.scope, wanted);
    let holds = |expr| Wanted { expr, holds: true };
    let elsewhere = Wanted { expr: point, holds: false };
    Ok(possible(&[holds(one), holds(other)])?
        && possible(&[holds(one), elsewhere])?
        && possible(&[holds(other), elsewhere])?
        && !possible(&[holds(one), holds(other), elsewhere])?)
}

/// The least values and the greatest that a condition lets pass, each as the test for that very value.
fn bounds(expr: &Expr) -> [Vec<Atom>; 2] {
    let mut bounds = [Vec::new(), Vec::new()];
    let parts = match &expr.node {
        Node::And(parts) => parts.as_slice(),
        _ => std::slice::from_ref(expr),
    };
    for part in parts {
        let Node::Atom(Atom { field, test }) = &part.node else { continue };
        let [lows, highs] = &mut bounds;
        let is = |test: Test| Atom { field: field.clone(), test };
        let value = |value: &Literal| {
            is(Test::Compare { op: Comparison::Equal, value: Literal::new(value.value.clone()) })
        };
        let days = |direction: Direction, days: i64| {
            is(Test::Days { direction, test: DaysTest::Compare { op: Comparison::Equal, days } })
        };
        match test {
            Test::Compare { op: Comparison::GreaterOrEqual, value: low } => lows.push(value(low)),
            Test::Compare { op: Comparison::LessOrEqual, value: high } => highs.push(value(high)),
            Test::Between { low, high } => {
                lows.push(value(low));
                highs.push(value(high));
            }
            Test::Days { direction, test } => match *test {
                DaysTest::Compare { op: Comparison::GreaterOrEqual, days: low } => {
                    lows.push(days(*direction, low));
                }
                DaysTest::Compare { op: Comparison::LessOrEqual, days: high } => {
                    highs.push(days(*direction, high));
                }
                DaysTest::Between { low, high } => {
                    lows.push(days(*direction, low));
                    highs.push(days(*direction, high));
                }
                DaysTest::Compare { .. } => {}
            },
            _ => {}
        }
    }
    bounds
}

/// Whether two tests ask for the same value of the same field.
fn is_alike(one: &Atom, other: &Atom) -> bool {
    one.field.parts == other.field.parts && one.test == other.test
}

fn found(
    entity: &Entity,
    message: String,
    (one, other): (&Scored<'_, '_>, &Scored<'_, '_>),
    said: &str,
) -> Finding {
    Finding::new(RULE.id, message)
        .at(entity.place(other.criterion.span))
        .also(entity.place(one.criterion.span), said)
        .about(other.criterion.address.as_str())
}

fn undecided(
    context: &Context<'_>,
    rule: &Scored<'_, '_>,
    whether: &str,
    why: &Undecided,
) -> Option<Finding> {
    let criterion = rule.criterion;
    let about = (criterion.entity.place(criterion.span), criterion.address.as_str());
    not_decided::finding(context, whether, why, about)
}
