//! How a company weighs findings otherwise: `[policy.…]`, applied where findings leave the room.

use super::rules::{forbidden_policy, unused_policy};
use super::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::root::PolicyEntry;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Weighs findings: a rule's own severity, then the model's policy. What policy turns off is only
/// counted, and policy that did nothing is itself a finding.
pub(super) fn apply(
    context: &Context<'_>,
    findings: Vec<Finding>,
) -> (Vec<Finding>, BTreeMap<&'static str, usize>) {
    let mut entries = PolicyEntry::all(context.policy.unwrap_or(context.model));
    entries.retain(|entry| !forbidden_policy::is_forbidden(entry));
    let mut used = vec![false; entries.len()];
    let mut kept = Vec::new();
    let mut silenced = BTreeMap::new();
    for finding in findings {
        match weigh(finding, &entries, &mut used) {
            Ok(finding) => kept.push(finding),
            Err(rule) => *silenced.entry(rule).or_default() += 1,
        }
    }
    // Of another model's policy it does not matter here whether it was of use.
    let is_own = context.policy.is_none();
    let idle = entries.iter().zip(used).filter(|(_, used)| is_own && !used).map(|(entry, _)| entry);
    for finding in idle.filter_map(|entry| unused_policy::finding(context, entry)) {
        if let Ok(finding) = weigh(finding, &entries, &mut vec![false; entries.len()]) {
            kept.push(finding);
        }
    }
    (kept, silenced)
}

/// The finding with its weight, or the rule that policy turned off.
fn weigh(
    mut finding: Finding,
    entries: &[PolicyEntry<'_>],
    used: &mut [bool],
) -> Result<Finding, &'static str> {
    if let Some(rule) = Rule::of(finding.rule) {
        finding.severity = rule.severity;
    }
    let address = finding.address.as_deref().unwrap_or_default();
    let mut counting: Option<(usize, Option<Reverse<Severity>>)> = None;
    for (entry, used) in entries.iter().zip(used).filter(|(entry, _)| entry.rule == finding.rule) {
        let Some(closeness) = entry.closeness(address) else { continue };
        *used = true;
        counting = counting.max(Some((closeness, severity(entry.level).map(Reverse))));
    }
    match counting {
        None => Ok(finding),
        Some((_, Some(Reverse(severity)))) => Ok(Finding { severity, ..finding }),
        Some((_, None)) => Err(finding.rule),
    }
}

/// The severity that a level of policy gives to a finding; none where it turns it off.
fn severity(level: &str) -> Option<Severity> {
    match level {
        "off" => None,
        "note" => Some(Severity::Note),
        "warn" | "warning" => Some(Severity::Warning),
        _ => Some(Severity::Error),
    }
}
