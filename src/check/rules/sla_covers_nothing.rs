//! A promise of time about records that cannot be.

use super::extents::{each, is_consequence, is_sla_scope};
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::load::Criterion;
use crate::proof::Extent;

pub(super) static RULE: Rule = Rule {
    id: "sla-covers-nothing",
    severity: Severity::Error,
    page: include_str!("sla_covers_nothing.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let scopes = each(context).filter(|(criterion, _)| is_sla_scope(criterion));
    let never = scopes.filter(|(_, extent)| **extent == Ok(Extent::Never));
    let own = never.filter(|(criterion, _)| !is_consequence(context, criterion));
    own.map(|(criterion, _)| finding(criterion)).collect()
}

fn finding(criterion: &Criterion<'_>) -> Finding {
    let message = format!("`{}` covers no record", criterion.entity.address);
    Finding::new(RULE.id, message)
        .at(criterion.entity.place(criterion.span))
        .label("no record meets this")
        .about(criterion.address.as_str())
        .help("say for which records the promise is made")
}
