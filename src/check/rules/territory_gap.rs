//! Records that lie in no territory, though each should lie in one.

use super::not_decided;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "territory-gap",
    severity: Severity::Warning,
    page: include_str!("territory_gap.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for claimed in &context.territories {
        let object = claimed.object;
        let Some(entity) = context.model.get(&format!("object.{object}")) else { continue };
        let about = (entity.header(), entity.address.as_str());
        match &claimed.rest {
            Ok(None) => {}
            Ok(Some(gap)) => {
                let message =
                    format!("some records of `{object}` lie in none of its exclusive territories");
                let finding = Finding::new(RULE.id, message)
                    .at(about.0)
                    .label(gap.in_words())
                    .about(about.1)
                    .help("give them to a territory, if need be to one for all others");
                findings.push(finding);
            }
            Err(why) => {
                let whether = format!("whether every record of `{object}` lies in one territory");
                findings.extend(not_decided::finding(context, &whether, why, about));
            }
        }
    }
    findings
}
