//! A routing rule that takes no record: earlier ones took them all.

use super::not_decided;
use super::surveyed::{Found, destination};
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Item;
use crate::model::routing;
use crate::proof::{Destination, Undecided, Useless};

pub(super) static RULE: Rule = Rule {
    id: "rule-never-fires",
    severity: Severity::Error,
    page: include_str!("rule_never_fires.md"),
    run: Some(run),
};

/// More rules than this are not pointed at.
const MAX_LABELS: usize = 8;

/// More rules than this are not named in the message.
const NAMED: usize = 2;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in &context.tables {
        if let Some(Err(why)) = &table.survey {
            let entity = table.router.entity();
            let whether = format!("which records each rule of `{}` takes", entity.address);
            let about = (entity.header(), entity.address.as_str());
            findings.extend(not_decided::finding(context, &whether, why, about));
        }
        for found in table.useless() {
            match found.how {
                Useless::Shadowed(blockers) => findings.push(finding(&found, blockers)),
                Useless::Undecided(_) => {
                    let whether = format!("whether rule `{}` changes anything", found.rule.id);
                    let about = (found.place(), found.address());
                    findings.extend(not_decided::finding(
                        context,
                        &whether,
                        &Undecided::Exhausted,
                        about,
                    ));
                }
                Useless::Contradiction | Useless::Redundant => {}
            }
        }
    }
    findings
}

fn finding(found: &Found<'_, '_>, blockers: &[usize]) -> Finding {
    let Found { table, rule, .. } = found;
    let blockers: Vec<_> =
        table.rules().enumerate().filter(|(at, _)| blockers.contains(at)).map(|(_, b)| b).collect();
    if blockers.is_empty() {
        return outside(found);
    }
    let names = named(&blockers);
    let take = if blockers.len() == 1 { "takes" } else { "take" };
    let message = format!("rule `{}` never fires: {names} {take} every record first", rule.id);
    let own = destination(rule);
    let mut finding = Finding::new(RULE.id, message).at(found.place()).about(found.address());
    if let Some(to) = &own.to {
        finding = finding.label(format!("would send them to `{to}`"));
    }
    let part = if blockers.len() == 1 { "them" } else { "some of them" };
    for blocker in blockers.iter().take(MAX_LABELS) {
        let text = said(&blocker.id, part, &own, &destination(blocker));
        finding = finding.also(table.place(blocker), text);
    }
    let elsewhere = blockers.iter().find(|blocker| destination(blocker) != own);
    finding.help(match elsewhere {
        Some(first) => {
            format!("move it before `{0}`, make `{0}` narrower, or delete it", first.id)
        }
        None => "delete it: its records go to the same place without it".to_owned(),
    })
}

/// A rule for records that the whole table is not about.
fn outside(found: &Found<'_, '_>) -> Finding {
    let Found { table, rule, .. } = found;
    let message = format!(
        "rule `{}` never fires: `{}` is not about any record that meets its condition",
        rule.id,
        table.router.entity().address
    );
    let finding = Finding::new(RULE.id, message).at(found.place()).about(found.address());
    let finding = finding.help("correct its condition, make `applies_to` wider, or delete it");
    match &table.router.routing.applies_to {
        Some(applies_to) => finding
            .also(table.router.entity().place(applies_to.span), "only these records are routed"),
        None => finding,
    }
}

/// What a rule does with records that another one waits for.
fn said(id: &str, part: &str, own: &Destination, its: &Destination) -> String {
    match (&its.to, &its.sla) {
        _ if its == own => format!("`{id}` takes {part}, to the same place"),
        (Some(to), _) if its.to != own.to => format!("`{id}` takes {part}, to `{to}`"),
        (_, Some(sla)) => format!("`{id}` takes {part}, under `{sla}`"),
        _ => format!("`{id}` takes {part}, without a promise of time"),
    }
}

fn named(rules: &[&Item<routing::Rule>]) -> String {
    let name = |rule: &&Item<routing::Rule>| format!("`{}`", rule.id);
    match rules {
        [] => String::new(),
        [only] => name(only),
        [one, other] => format!("{} and {}", name(one), name(other)),
        more => {
            let first: Vec<String> = more.iter().take(NAMED).map(name).collect();
            format!("{} and {} more", first.join(", "), more.len() - NAMED)
        }
    }
}
