//! A routing rule without which every record would go to the same place.

use super::surveyed::{Found, Surveyed, destination};
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::proof::Useless;

pub(super) static RULE: Rule = Rule {
    id: "rule-redundant",
    severity: Severity::Warning,
    page: include_str!("rule_redundant.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let useless = context.tables.iter().flat_map(Surveyed::useless);
    let redundant = useless.filter(|found| *found.how == Useless::Redundant && !does_more(found));
    redundant.map(|found| finding(&found)).collect()
}

/// Whether a rule does something else than to send records, or does not say where to.
fn does_more(found: &Found<'_, '_>) -> bool {
    let rule = found.rule;
    rule.protects.is_some() || rule.marks.is_some() || destination(rule).to.is_none()
}

fn finding(found: &Found<'_, '_>) -> Finding {
    let message = format!(
        "rule `{}` changes nothing: without it, its records go to the same place",
        found.rule.id
    );
    let finding = Finding::new(RULE.id, message)
        .at(found.place())
        .about(found.address())
        .help("delete it, or send its records where they should go");
    match destination(found.rule).to {
        Some(to) => {
            finding.label(format!("later rules or the default send them to `{to}` as well"))
        }
        None => finding,
    }
}
