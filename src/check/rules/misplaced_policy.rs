//! Policy in a file where nobody who judges a change would look.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "misplaced-policy",
    severity: Severity::Error,
    page: include_str!("misplaced_policy.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let misplaced = |path: &str| {
        let below = path.strip_prefix(context.folder).unwrap_or(path);
        below.trim_start_matches('/').contains('/')
    };
    let policies = context.model.of_kind("policy");
    policies
        .filter(|entity| misplaced(entity.source.path()))
        .map(|entity| {
            let message = format!("`{}` stands in a folder below the model's own", entity.address);
            Finding::new(RULE.id, message)
                .at(entity.header())
                .about(entity.address.as_str())
                .help("move it to a file directly in the model's folder, such as `model.toml`; changes are judged only by what stands there")
        })
        .collect()
}
