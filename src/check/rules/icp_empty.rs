//! An ideal customer that nobody can be.

use super::contradiction::{contradiction, demands};
use super::not_decided;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;

pub(super) static RULE: Rule = Rule {
    id: "icp-empty",
    severity: Severity::Error,
    page: include_str!("icp_empty.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.model.of_kind("icp").filter_map(|entity| finding(context, entity)).collect()
}

fn finding(context: &Context<'_>, entity: &Entity) -> Option<Finding> {
    let about = (entity.header(), entity.address.as_str());
    let demands = demands(context, entity);
    let core = match contradiction(context, &demands) {
        Ok(core) => core?,
        Err(why) => {
            let whether = format!("whether a record can fit `{}`", entity.address);
            return not_decided::finding(context, &whether, &why, about);
        }
    };
    let finding = Finding::new(RULE.id, format!("no record can fit `{}`", entity.address))
        .at(about.0)
        .about(about.1)
        .help("correct the criteria and disqualifiers that leave nobody");
    Some(core.pointed_at(finding))
}
