//! A policy entry that changed nothing.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::root::PolicyEntry;

pub(super) static RULE: Rule = Rule {
    id: "unused-policy",
    severity: Severity::Warning,
    page: include_str!("unused_policy.md"),
    // Only whoever has weighed all findings knows what policy did.
    run: None,
};

/// The finding about an entry that was not used, unless it is about changes.
pub(in crate::check) fn finding(context: &Context<'_>, entry: &PolicyEntry<'_>) -> Option<Finding> {
    let rule = entry.rule.as_str();
    let place = entry.entity.place(entry.rule_span);
    if Rule::of(rule).is_some() {
        let message = format!("`{rule}` found nothing that this entry would change");
        let finding = Finding::new(RULE.id, message).at(place);
        return Some(
            finding
                .about(entry.entity.address.as_str())
                .help("delete the entry; it can only hide what is written later"),
        );
    }
    if context.change_kinds.contains(rule) {
        return None;
    }
    let known = context.change_kinds.iter().copied();
    let near = did_you_mean(rule, super::RULES.iter().map(|rule| rule.id).chain(known));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "see `opmodel explain` for the rules and `opmodel kinds` for the changes".to_owned()
        }
    };
    let message = format!("there is neither a rule nor a kind of change called `{rule}`");
    Some(Finding::new(RULE.id, message).at(place).about(entry.entity.address.as_str()).help(help))
}
