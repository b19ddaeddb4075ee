//! A share of a pool for somebody who is not in it.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::is_id;
use crate::model::people::Queue;

pub(super) static RULE: Rule = Rule {
    id: "share-without-member",
    severity: Severity::Warning,
    page: include_str!("share_without_member.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, queue) in context.model.each::<Queue>() {
        let Some(members) = queue.members.as_ref().filter(|members| !members.is_empty()) else {
            continue;
        };
        let names = || members.iter().map(|member| member.address.as_str());
        for share in queue.share.iter().flat_map(|shares| shares.iter()) {
            let Some(member) = &share.member else { continue };
            if names().any(|name| name == member.address) {
                continue;
            }
            if !member.address.split('.').all(is_id) {
                continue;
            }
            let exists = context.model.get(&member.address).is_some();
            let help = match did_you_mean(&member.address, names()) {
                Some(near) if !exists => format!("did you mean `{near}`?"),
                _ => "add it to `members`, or delete the share".to_owned(),
            };
            let message = format!("`{}` is not a member of `{}`", member.address, entity.address);
            let finding = Finding::new(RULE.id, message)
                .at(entity.place(member.span))
                .also(entity.place(members.span), "the members")
                .about(format!("{}.share.{}", entity.address, share.id))
                .help(help);
            findings.push(finding);
        }
    }
    findings
}
