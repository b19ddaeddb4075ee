//! Questions about all records that were given up.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::proof::Undecided;

pub(super) static RULE: Rule = Rule {
    id: ID,
    severity: Severity::Note,
    page: include_str!("not_decided.md"),
    // Whoever asks a question says that it has no answer.
    run: None,
};

/// Its id.
pub(in crate::check) const ID: &str = "not-decided";

/// Says that a question has no answer: `whether` so or so. Where something is written wrongly,
/// another rule speaks of that already.
pub(super) fn finding(
    context: &Context<'_>,
    whether: &str,
    why: &Undecided,
    (place, address): (Place, impl Into<String>),
) -> Option<Finding> {
    if why.is_fault() {
        return None;
    }
    let help = match why {
        Undecided::Exhausted => {
            let steps = context.prover.budget;
            format!("allow more steps than {steps} with `--budget`, or ask for less at once")
        }
        _ => format!("ask for less at once: {why}"),
    };
    let finding = Finding::new(RULE.id, format!("it was not decided {whether}"));
    Some(finding.at(place).about(address).help(help))
}
