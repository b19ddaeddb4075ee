//! A criterion that every record meets.

use super::extents::{each, is_consequence};
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::load::Criterion;
use crate::proof::Extent;

pub(super) static RULE: Rule = Rule {
    id: "criterion-always-true",
    severity: Severity::Warning,
    page: include_str!("criterion_always_true.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let always = each(context).filter(|(_, extent)| **extent == Ok(Extent::Always));
    let own = always.filter(|(criterion, _)| {
        !is_disqualifier(criterion) && !is_consequence(context, criterion)
    });
    own.map(|(criterion, _)| finding(criterion)).collect()
}

fn finding(criterion: &Criterion<'_>) -> Finding {
    Finding::new(RULE.id, format!("every record meets `{}`", criterion.address))
        .at(criterion.entity.place(criterion.span))
        .about(criterion.address.as_str())
        .help("say what must really be true, or delete it")
}

/// A disqualifier that every record meets leaves the ICP empty, and that is said there.
fn is_disqualifier(criterion: &Criterion<'_>) -> bool {
    criterion.address.is_within(criterion.entity.address.join("disqualifiers").as_str())
}
