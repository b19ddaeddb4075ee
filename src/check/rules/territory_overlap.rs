//! Two exclusive territories that share records.

use super::not_decided;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::proof::{Shared, in_words};

pub(super) static RULE: Rule = Rule {
    id: "territory-overlap",
    severity: Severity::Error,
    page: include_str!("territory_overlap.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for claimed in &context.territories {
        findings.extend(claimed.shared.iter().map(finding));
        for (one, other, why) in &claimed.unknown {
            let whether =
                format!("whether `{}` and `{}` share records", one.address, other.address);
            let about = (other.header(), other.address.as_str());
            findings.extend(not_decided::finding(context, &whether, why, about));
        }
    }
    findings
}

fn finding(shared: &Shared<'_>) -> Finding {
    let [one, other] = shared.both;
    let (first, second) = (&one.entity.address, &other.entity.address);
    let message = format!("`{second}` shares records with `{first}`, and both are exclusive");
    Finding::new(RULE.id, message)
        .at(other.entity.place(other.criterion.span))
        .label(format!("for example {}", in_words(&shared.witness)))
        .also(one.entity.place(one.criterion.span), format!("`{first}` has it too"))
        .about(second.as_str())
        .help("make one of them narrower, or one a `part_of` the other")
}
