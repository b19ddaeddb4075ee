//! Decision rights that leave some changes to nobody.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::decision::Decision;

pub(super) static RULE: Rule = Rule {
    id: "no-default-decision",
    severity: Severity::Warning,
    page: include_str!("no_default_decision.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let Some(first) = context.model.of_kind("decision").next() else { return Vec::new() };
    if context.model.get(Decision::DEFAULT).is_some() {
        return Vec::new();
    }
    let finding =
        Finding::new(RULE.id, "there is no `decision.default` for changes that no decision covers")
            .at(first.header())
            .label("the decisions begin here")
            .about(first.address.as_str())
            .help("say who approves all other changes: `[decision.default]` with `approve`");
    vec![finding]
}
