//! A promise of time that cannot be kept, or that promises nothing.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;
use crate::model::service::Sla;

pub(super) static RULE: Rule = Rule {
    id: "sla-impossible",
    severity: Severity::Error,
    page: include_str!("sla_impossible.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, sla) in context.model.each::<Sla>() {
        let found = [
            no_time(entity, &sla),
            late_goal(entity, &sla),
            no_share(entity, &sla),
            one_moment(entity, &sla),
        ];
        findings.extend(found.into_iter().flatten());
    }
    findings
}

fn no_time(entity: &Entity, sla: &Sla) -> Option<Finding> {
    let within = sla.within.as_ref().filter(|within| within.count == 0)?;
    let text = entity.table.text("within").unwrap_or_default();
    let finding = Finding::new(RULE.id, format!("nothing can be done within `{text}`"))
        .at(entity.place(within.span))
        .about(format!("{}.within", entity.address));
    Some(finding.help("say how long it may take"))
}

fn late_goal(entity: &Entity, sla: &Sla) -> Option<Finding> {
    let (goal, within) = sla.goal.as_ref().zip(sla.within.as_ref())?;
    let order = goal.value.partial_cmp(&within.value)?;
    if order.is_le() {
        return None;
    }
    let text = |key| entity.table.text(key).unwrap_or_default();
    let (longer, limit) = (text("goal"), text("within"));
    let message = format!("the goal of `{longer}` is longer than the limit of `{limit}`");
    let finding = Finding::new(RULE.id, message)
        .at(entity.place(goal.span))
        .also(entity.place(within.span), "the limit")
        .about(format!("{}.goal", entity.address));
    Some(finding.help("exchange the two, or make the goal shorter than the limit"))
}

fn no_share(entity: &Entity, sla: &Sla) -> Option<Finding> {
    let target = sla.target.as_ref().filter(|target| target.0.is_zero())?;
    let message = "a promise that must be kept for `0%` of the records promises nothing";
    let finding = Finding::new(RULE.id, message)
        .at(entity.place(target.span))
        .about(format!("{}.target", entity.address));
    Some(finding.help("say the share for which it must be kept, such as `95%`"))
}

fn one_moment(entity: &Entity, sla: &Sla) -> Option<Finding> {
    let (starts, stops) = sla.starts.as_ref().zip(sla.stops.as_ref())?;
    if starts.value != stops.value {
        return None;
    }
    let message = format!("the clock starts and stops at the same moment, `{}`", starts.value.0);
    let finding = Finding::new(RULE.id, message)
        .at(entity.place(stops.span))
        .also(entity.place(starts.span), "the clock starts here")
        .about(format!("{}.stops", entity.address));
    Some(finding.help("name the field that is filled when the work is done"))
}
