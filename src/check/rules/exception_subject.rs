//! An exception that waives nothing there is.

use super::patterns::covers_something;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::exception::Exception;
use crate::model::{Address, AddressPattern, At, Entity, Model, Pattern, Slot, Word};

pub(super) static RULE: Rule = Rule {
    id: "exception-subject",
    severity: Severity::Error,
    page: include_str!("exception_subject.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, exception) in context.model.each::<Exception>() {
        match &exception.waives {
            Some(at) if exception.waives_finding.is_some() => {
                findings.extend(addresses(context, entity, at));
            }
            Some(waives) => findings.extend(criterion(context, entity, waives, waives)),
            None => {}
        }
        if let Some(waived) = &exception.waives_finding {
            findings.extend(judgement(context, entity, waived));
        }
        if ["waives", "waives_finding"].iter().all(|key| entity.table.get(key).is_none()) {
            let message = format!("`{}` does not say what it waives", entity.address);
            let finding = Finding::new(RULE.id, message)
                .at(entity.header())
                .about(entity.address.as_str())
                .help(
                    "add `waives` with the address of a criterion or a limit, or `waives_finding`",
                );
            findings.push(finding);
        }
    }
    findings
}

/// The finding about an address of nothing that records are held to.
fn criterion<T>(
    context: &Context<'_>,
    entity: &Entity,
    at: &At<T>,
    waived: &str,
) -> Option<Finding> {
    let addresses = || {
        let own =
            |criterion: &&crate::load::Criterion<'_>| criterion.entity.address != entity.address;
        context.scope.criteria().iter().filter(own).map(|criterion| criterion.address.as_str())
    };
    let pattern = Pattern::new(waived);
    let mut covered = context.scope.criteria_covered(&pattern);
    if covered.any(|criterion| criterion.entity.address != entity.address)
        || covers_limit(context.model, &pattern)
    {
        return None;
    }
    let exists = context.model.part(waived).is_some();
    let message = if exists {
        format!("`{waived}` is no criterion and no limit, and holds none")
    } else {
        format!("there is no criterion and no limit `{waived}`")
    };
    let near = did_you_mean(waived, addresses());
    let help = match (context.model.renamed(waived), near) {
        (Some(now), _) if !exists => format!("it is called `{now}` now"),
        (None, Some(near)) if !exists => format!("did you mean `{near}`?"),
        _ => "name a criterion by its address, such as `definition.mql.criteria.fit`, \
              or a limit, such as `lifecycle.deal.stage.proposal.limit`"
            .to_owned(),
    };
    let finding = Finding::new(RULE.id, message).at(entity.place(at.span));
    Some(finding.about(format!("{}.waives", entity.address)).help(help))
}

/// Whether a pattern covers something other than a criterion that records are held to.
fn covers_limit(model: &Model, pattern: &Pattern) -> bool {
    let limits = |entity: &Entity| {
        entity.slots().iter().filter_map(limit).any(|at| pattern.covers(at.as_str()))
    };
    model.entities_near(pattern).any(limits)
}

/// What `deviations` names where a record is past the limit that a value sets, or lacks what the value
/// asks for.
fn limit(slot: &Slot<'_>) -> Option<Address> {
    match slot.property.facet.stem? {
        "stage-limit" | "stage-contact-limit" => Some(slot.address.clone()),
        "stage-required-field" => slot.node.as_text().map(|field| slot.address.join(field)),
        "cycle-limit-length" => Some(slot.item.clone()),
        "field-required" if slot.node.as_bool() == Some(true) => Some(slot.entity.address.clone()),
        "sla" => Some(slot.entity.address.clone()),
        _ => None,
    }
}

/// The finding about addresses at which nothing stands, where a finding is waived.
fn addresses(context: &Context<'_>, entity: &Entity, at: &At<AddressPattern>) -> Option<Finding> {
    if covers_something(context.model, &Pattern::new(at.value.0.clone())) {
        return None;
    }
    let known = context.model.entities().map(|entity| entity.address.as_str());
    let help = match (context.model.renamed(at), did_you_mean(at, known)) {
        (Some(now), _) => format!("it is called `{now}` now"),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => {
            "write the address of something in the model, or leave `waives` out".to_owned()
        }
    };
    let message = format!("there is nothing at `{}`", at.value.0);
    let finding = Finding::new(RULE.id, message).at(entity.place(at.span));
    Some(finding.about(format!("{}.waives", entity.address)).help(help))
}

/// The finding about a word that is neither a kind of change nor a fingerprint.
fn judgement(context: &Context<'_>, entity: &Entity, waived: &At<Word>) -> Option<Finding> {
    let word: &str = waived;
    let kinds = context.change_kinds;
    let unjudged = kinds.is_empty() || word.contains(':');
    if unjudged || kinds.contains(word) {
        return None;
    }
    let (message, help) = if Rule::of(word).is_some() {
        let message = format!("`{word}` is a rule of `check`, and an exception waives changes");
        (message, format!("write `[policy.{word}]` with a level, what it covers and a reason"))
    } else {
        let help = match did_you_mean(word, kinds.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "list the kinds of change with `opmodel kinds`".to_owned(),
        };
        (format!("there is no kind of change called `{word}`"), help)
    };
    let finding = Finding::new(RULE.id, message).at(entity.place(waived.span));
    Some(finding.about(format!("{}.waives_finding", entity.address)).help(help))
}
