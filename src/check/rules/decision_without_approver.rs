//! A decision right that nobody can exercise, or that asks for nothing.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::model::Entity;
use crate::model::decision::Decision;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    id: "decision-without-approver",
    severity: Severity::Error,
    page: include_str!("decision_without_approver.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, decision) in context.model.each::<Decision>() {
        findings.extend(unmet_need(entity, &decision).or_else(|| nobody(entity)));
    }
    findings
}

/// `need` asks for more approvals than there are roles to give them.
fn unmet_need(entity: &Entity, decision: &Decision) -> Option<Finding> {
    let need = decision.need.as_ref()?;
    if decision.any_of.is_none() && entity.table.get("any_of").is_some() {
        return None;
    }
    let roles: BTreeSet<&str> =
        decision.any_of.iter().flat_map(|roles| roles.iter()).map(|r| r.address.as_str()).collect();
    if usize::try_from(need.value).is_ok_and(|need| need <= roles.len()) {
        return None;
    }
    let message = match roles.len() {
        0 => format!("`need = {}` and no role in `any_of` to give an approval", need.value),
        1 => format!("`need = {}` and only one role in `any_of`", need.value),
        count => format!("`need = {}` and only {count} roles in `any_of`", need.value),
    };
    let finding = found(entity, entity.place(need.span), message)
        .help("lower `need`, or name more roles in `any_of`");
    Some(match &decision.any_of {
        Some(roles) => finding.also(entity.place(roles.span), "the roles that count"),
        None => finding,
    })
}

/// No role is asked or told, and nothing is asked for beside the change.
fn nobody(entity: &Entity) -> Option<Finding> {
    let asked = ["approve", "any_of", "inform", "evidence"];
    if asked.into_iter().any(|key| !written::nothing(&entity.table, key)) {
        return None;
    }
    let message = format!("`{}` names nobody who approves or is told", entity.address);
    let finding = found(entity, entity.header(), message);
    Some(finding.help("name the roles that must agree in `approve`, or some of which in `any_of`"))
}

fn found(entity: &Entity, place: Place, message: String) -> Finding {
    Finding::new(RULE.id, message).at(place).about(entity.address.as_str())
}
