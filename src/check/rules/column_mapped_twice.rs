//! Two fields of an object that claim the same column of a system.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::model::field::Field;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub(super) static RULE: Rule = Rule {
    id: "column-mapped-twice",
    severity: Severity::Warning,
    page: include_str!("column_mapped_twice.md"),
    run: Some(run),
};

/// An object, a system and a column; systems do not tell columns apart by letter case.
type Column = (String, String, String);

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<Column, (Place, String)> = BTreeMap::new();
    let mut findings = Vec::new();
    for (entity, field) in context.model.each::<Field>() {
        let Some((object, name)) = entity.address.id().split_once('.') else { continue };
        for (system, column) in field.columns.iter().flat_map(|columns| columns.iter()) {
            let key = (object.to_owned(), system.clone(), column.to_lowercase());
            let place = entity.place(column.span);
            let (other_place, other) = match first.entry(key) {
                Entry::Vacant(open) => {
                    open.insert((place, name.to_owned()));
                    continue;
                }
                Entry::Occupied(taken) => taken.get().clone(),
            };
            let column: &str = column;
            let message = format!(
                "`{name}` and `{other}` are both mapped to the column `{column}` of `{system}`"
            );
            let finding = Finding::new(RULE.id, message)
                .at(place)
                .also(other_place, format!("`{other}` is mapped to it here"))
                .about(format!("{}.columns.{system}", entity.address))
                .help("map one of them to another column, or make them one field");
            findings.push(finding);
        }
    }
    findings
}
