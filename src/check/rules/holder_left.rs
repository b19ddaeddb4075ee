//! A person who has left and is still listed as the holder of a role.

use super::since::ago;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::model::decision::Decision;
use crate::model::people::Role;

pub(super) static RULE: Rule = Rule {
    id: "holder-left",
    severity: Severity::Warning,
    page: include_str!("holder_left.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, role) in context.model.each::<Role>() {
        let address = &entity.address;
        for holder in role.holder.iter().flat_map(|holders| holders.iter()) {
            let gone = holder.left.as_ref().filter(|left| left.value < context.as_of);
            let Some(left) = gone else { continue };
            let Some(ago) = ago(left.value, context.as_of) else { continue };
            let id = &holder.id;
            let message = format!(
                "`{id}` left on {}, {ago}, and is still listed for `{address}`",
                left.value
            );
            let mut finding = Finding::new(RULE.id, message)
                .at(entity.place(left.span))
                .about(format!("{address}.holder.{id}"))
                .help("delete the holder and name a successor; the history keeps who it was");
            for place in waiting(context, address.as_str()) {
                finding = finding.also(place, "this approval depends on the role");
            }
            findings.push(finding);
        }
    }
    findings
}

/// Where decisions ask for the approval of a role.
fn waiting(context: &Context<'_>, role: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for (entity, decision) in context.model.each::<Decision>() {
        for asked in decision.approve.iter().chain(&decision.any_of).flat_map(|l| l.iter()) {
            if asked.address == role {
                places.push(entity.place(asked.span));
            }
        }
    }
    places
}
