//! Two criteria side by side that say the same.

use super::extents::each;
use super::not_decided;
use crate::check::{Context, Rule};
use crate::criteria::Expr;
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
    let object = group.first().and_then(|(one, _)| one.object.as_deref()).unwrap_or_default();
    let exprs: Vec<&Expr> = group.iter().map(|(_, expr)| *expr).collect();
    let criterion = |at: usize| group.get(at).map(|(criterion, _)| *criterion);
    let repeats = context.prover.repeats(object, context.scope, &exprs);
    let told = repeats.into_iter().filter_map(|repeat| {
        let (one, other) = (criterion(repeat.first)?, criterion(repeat.again)?);
        let Some(why) = repeat.undecided else { return Some(finding(one, other)) };
        let whether = format!("whether `{}` says the same as `{}`", other.address, one.address);
        let about = (other.entity.place(other.span), other.address.as_str());
        not_decided::finding(context, &whether, &why, about)
    });
    told.collect()
}

fn finding(one: &Criterion<'_>, other: &Criterion<'_>) -> Finding {
    let message = format!("`{}` says the same as `{}`", other.address, one.address);
    Finding::new(RULE.id, message)
        .at(other.entity.place(other.span))
        .also(one.entity.place(one.span), "the same records meet this")
        .about(other.address.as_str())
        .help("delete one of the two, or write what was meant")
}
