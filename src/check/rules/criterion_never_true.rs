//! A criterion, or a definition as a whole, that no record meets.

use super::contradiction::{Demand, contradiction, demands};
use super::extents::{each, is_consequence, is_sla_scope};
use super::not_decided;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::load::Criterion;
use crate::model::Entity;
use crate::proof::Extent;

pub(super) static RULE: Rule = Rule {
    id: "criterion-never-true",
    severity: Severity::Error,
    page: include_str!("criterion_never_true.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (criterion, extent) in each(context) {
        match extent {
            Ok(Extent::Never) if !is_sla_scope(criterion) => {
                if !is_consequence(context, criterion) {
                    findings.push(finding(criterion));
                }
            }
            Ok(_) => {}
            Err(why) => {
                let whether = format!("whether some records meet `{}`", criterion.address);
                let place = criterion.entity.place(criterion.span);
                let about = (place, criterion.address.as_str());
                findings.extend(not_decided::finding(context, &whether, why, about));
            }
        }
    }
    let definitions = context.model.of_kind("definition");
    findings.extend(definitions.filter_map(|entity| whole(context, entity)));
    findings
}

fn finding(criterion: &Criterion<'_>) -> Finding {
    Finding::new(RULE.id, format!("no record meets `{}`", criterion.address))
        .at(criterion.entity.place(criterion.span))
        .about(criterion.address.as_str())
        .help("correct it: some of its parts exclude each other, or ask for what cannot be")
}

/// A definition whose criteria exclude each other.
fn whole(context: &Context<'_>, entity: &Entity) -> Option<Finding> {
    let demands: Vec<Demand<'_, '_>> = demands(context, entity);
    let about = (entity.header(), entity.address.as_str());
    let core = match contradiction(context, &demands) {
        Ok(core) => core?,
        Err(why) => {
            let whether = format!("whether all criteria of `{}` can hold", entity.address);
            return not_decided::finding(context, &whether, &why, about);
        }
    };
    let message = format!("no record meets all criteria of `{}`", entity.address);
    let finding = Finding::new(RULE.id, message)
        .at(about.0)
        .about(about.1)
        .help("correct the criteria that exclude each other");
    Some(core.pointed_at(finding))
}
