//! A queue that nobody takes records from.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::people::Queue;

pub(super) static RULE: Rule = Rule {
    id: "queue-without-member",
    severity: Severity::Warning,
    page: include_str!("queue_without_member.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, queue) in context.model.each::<Queue>() {
        let place = match &queue.members {
            _ if !written::nothing(&entity.table, "members") => continue,
            Some(members) => entity.place(members.span),
            None => entity.header(),
        };
        let finding =
            Finding::new(RULE.id, format!("nobody takes records from `{}`", entity.address))
                .at(place)
                .about(entity.address.as_str())
                .help("name the roles or teams that work it: `members = [\"role.…\"]`");
        findings.push(finding);
    }
    findings
}
