//! Two segments of one exclusive family that share records.

use super::extents::sound;
use super::not_decided;
use crate::check::{Context, Rule};
use crate::criteria::Expr;
use crate::finding::{Finding, Severity};
use crate::load::Criterion;
use crate::model::Entity;
use crate::model::strategy::Segment;
use crate::proof::{Partition, Witness, in_words};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "segment-overlap",
    severity: Severity::Error,
    page: include_str!("segment_overlap.md"),
    run: Some(run),
};

/// A segment and its condition.
type Member<'c, 'm> = (&'m Entity, &'c Criterion<'m>, &'c Expr);

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((object, family), members) in families(context) {
        if members.len() < 2 {
            continue;
        }
        let parts = members.iter().map(|(.., expr)| *expr).collect();
        match context.prover.partition(object, context.scope, parts) {
            Ok(partition) => findings.extend(overlaps(context, &family, &members, partition)),
            Err(why) => {
                let whether = format!("whether segments of the family `{family}` share records");
                let about =
                    members.first().map(|(entity, ..)| (entity.header(), entity.address.as_str()));
                findings.extend(
                    about.and_then(|about| not_decided::finding(context, &whether, &why, about)),
                );
            }
        }
    }
    findings
}

/// The segments of each family, by object and family.
fn families<'c, 'm>(context: &'c Context<'m>) -> BTreeMap<(&'m str, String), Vec<Member<'c, 'm>>> {
    let mut families: BTreeMap<_, Vec<Member<'_, '_>>> = BTreeMap::new();
    for (entity, segment) in context.model.each::<Segment>() {
        let Some((object, family)) = entity.object().zip(segment.exclusive) else { continue };
        let Some(condition) = context.scope.conditions(entity).next() else { continue };
        let Some((expr, _)) = sound(context.scope, condition.criterion) else { continue };
        let member = (entity, condition.criterion, expr);
        families.entry((object, family.value.0)).or_default().push(member);
    }
    families
}

fn overlaps(
    context: &Context<'_>,
    family: &str,
    members: &[Member<'_, '_>],
    mut partition: Partition<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, one) in members.iter().enumerate() {
        for other in partition.near(at) {
            let shared = partition.shared(at, other);
            let Some(other) = members.get(other) else { continue };
            match shared {
                Ok(None) => {}
                Ok(Some(witness)) => findings.push(finding(family, one, other, &witness)),
                Err(why) => {
                    let whether = format!(
                        "whether `{}` and `{}` share records",
                        one.0.address, other.0.address
                    );
                    let about = (other.0.header(), other.0.address.as_str());
                    findings.extend(not_decided::finding(context, &whether, &why, about));
                }
            }
        }
    }
    findings
}

fn finding(
    family: &str,
    (one, its, _): &Member<'_, '_>,
    (other, own, _): &Member<'_, '_>,
    witness: &Witness,
) -> Finding {
    let (first, second) = (&one.address, &other.address);
    let message =
        format!("`{second}` shares records with `{first}`, and both are of the family `{family}`");
    Finding::new(RULE.id, message)
        .at(other.place(own.span))
        .label(format!("for example {}", in_words(witness)))
        .also(one.place(its.span), format!("`{first}` has it too"))
        .about(second.as_str())
        .help("make one of them narrower, or leave `exclusive` out of it")
}
