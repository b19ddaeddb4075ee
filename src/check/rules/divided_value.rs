//! A value of a multi-select that no record can hold.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::field::Field;
use crate::model::list::List;
use crate::model::{At, Entity, Listed, Word};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    id: "divided-value",
    severity: Severity::Warning,
    page: include_str!("divided_value.md"),
    run: Some(run),
};

/// What stands between the values of a multi-select wherever records are written.
const BETWEEN: char = ';';

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lists = BTreeSet::new();
    for (entity, field) in context.model.each::<Field>() {
        if field.r#type.as_ref().is_none_or(|kind| kind.word != "choices") {
            continue;
        }
        findings.extend(divided(entity, field.values.as_ref()));
        let from = field.values_from.as_ref().and_then(|from| context.model.get(&from.address));
        let Some(list) = from.filter(|list| lists.insert(list.address.as_str())) else { continue };
        findings.extend(divided(list, list.read::<List>().values.as_ref()));
    }
    findings
}

fn divided(entity: &Entity, values: Option<&At<Listed<Word>>>) -> Vec<Finding> {
    let values = values.into_iter().flat_map(|values| values.iter());
    let divided = values.filter(|value| value.value.0.contains(BETWEEN));
    let finding = |value: &At<Word>| {
        let message = format!("no record can hold `{}`: `;` stands between values", value.value.0);
        Finding::new(RULE.id, message)
            .at(entity.place(value.span))
            .about(entity.address.as_str())
            .help("write the values it consists of, or the name that exports have for it")
    };
    divided.map(finding).collect()
}
