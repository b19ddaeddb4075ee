//! Two criteria side by side that say the same.

use super::extents::each;
use super::not_decided;
use crate::check::{Context, Rule};
use crate::criteria::{self, Expr, FieldPath};
use crate::finding::{Finding, Severity};
use crate::load::Criterion;
use crate::proof::Extent;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-criterion",
    severity: Severity::Warning,
    page: include_str!("duplicate_criterion.md"),
    run: Some(run),
};

/// The properties under which criteria stand side by side, each with a name.
const GROUPS: [&str; 5] = ["criteria", "disqualifiers", "entry", "exit", "acceptance"];

/// A criterion that some records meet and others do not.
type Open<'c, 'm> = (&'c Criterion<'m>, &'c Expr);

fn run(context: &Context<'_>) -> Vec<Finding> {
    let open = each(context).filter(|(_, extent)| **extent == Ok(Extent::Sometimes));
    let open = open.filter_map(|(criterion, _)| Some((criterion, criterion.expr.as_deref()?)));
    let open: Vec<Open<'_, '_>> =
        open.filter(|(criterion, _)| group(criterion).is_some()).collect();
    // The criteria of a property are written in one table: a group is a stretch.
    let groups = open.chunk_by(|(one, _), (other, _)| group(one) == group(other));
    groups.flat_map(|group| of_group(context, group)).collect()
}

/// What a criterion stands in, and under which property; none where it stands alone.
fn group<'c>(criterion: &'c Criterion<'_>) -> Option<(&'c str, &'c str)> {
    let item = criterion.item.as_str();
    let below = criterion.address.as_str().strip_prefix(item)?.strip_prefix('.')?;
    let (property, _) = below.split_once('.')?;
    GROUPS.contains(&property).then_some((item, property))
}

fn of_group(context: &Context<'_>, group: &[Open<'_, '_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, (other, expr)) in group.iter().enumerate() {
        for (one, first) in group.iter().take(at) {
            if are_apart(first, expr) {
                continue;
            }
            let object = other.object.as_deref().unwrap_or_default();
            match context.prover.same(object, context.scope, [first, expr]) {
                Ok(false) => {}
                Ok(true) => {
                    findings.push(finding(one, other));
                    break;
                }
                Err(why) => {
                    let whether =
                        format!("whether `{}` says the same as `{}`", other.address, one.address);
                    let about = (other.entity.place(other.span), other.address.as_str());
                    findings.extend(not_decided::finding(context, &whether, &why, about));
                }
            }
        }
    }
    findings
}

/// Whether two criteria ask for different fields: then they cannot say the same, since some records
/// meet each and others do not.
fn are_apart(one: &Expr, other: &Expr) -> bool {
    let plain = |expr| criteria::references(expr).iter().all(|named| named.kind == "list");
    let asks = |expr, field: &FieldPath| {
        criteria::fields(expr).iter().any(|other| other.parts.first() == field.parts.first())
    };
    plain(one) && plain(other) && !criteria::fields(one).iter().any(|field| asks(other, field))
}

fn finding(one: &Criterion<'_>, other: &Criterion<'_>) -> Finding {
    let message = format!("`{}` says the same as `{}`", other.address, one.address);
    Finding::new(RULE.id, message)
        .at(other.entity.place(other.span))
        .also(one.entity.place(one.span), "the same records meet this")
        .about(other.address.as_str())
        .help("delete one of the two, or write what was meant")
}
