//! Records that reach a default that none should reach.

use super::not_decided;
use super::surveyed::Surveyed;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::proof::Gap;

pub(super) static RULE: Rule = Rule {
    id: "routing-gap",
    severity: Severity::Error,
    page: include_str!("routing_gap.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in &context.tables {
        let Some(Ok(survey)) = &table.survey else { continue };
        match &survey.gap {
            Ok(Some(gap)) => findings.push(finding(table, gap)),
            Ok(None) => {}
            Err(why) => {
                let address = &table.router.entity().address;
                let whether = format!("whether records reach the default of `{address}`");
                let about = (default(table), format!("{address}.default"));
                findings.extend(not_decided::finding(context, &whether, why, about));
            }
        }
    }
    findings
}

fn finding(table: &Surveyed<'_>, gap: &Gap) -> Finding {
    let entity = table.router.entity();
    let message = format!("records reach the default of `{}`, which is a gap", entity.address);
    let finding = Finding::new(RULE.id, message)
        .at(default(table))
        .label(gap.in_words())
        .about(format!("{}.default", entity.address))
        .help(
            "add a rule for them, or say `default_is = \"home\"` if the default is right for them",
        );
    match &table.router.routing.default_is {
        Some(meaning) => finding.also(entity.place(meaning.span), "no record should get there"),
        None => finding,
    }
}

/// Where the default is written.
fn default(table: &Surveyed<'_>) -> Place {
    let entity = table.router.entity();
    let default = table.router.routing.default.as_ref();
    default.map_or_else(|| entity.header(), |default| entity.place(default.span))
}
