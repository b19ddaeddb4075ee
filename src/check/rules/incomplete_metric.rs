//! A metric that cannot be computed from what it says.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;
use crate::model::measure::Metric;

pub(super) static RULE: Rule = Rule {
    id: "incomplete-metric",
    severity: Severity::Warning,
    page: include_str!("incomplete_metric.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let metrics = context.model.each::<Metric>();
    metrics.filter_map(|(entity, metric)| incomplete(entity, &metric)).collect()
}

fn incomplete(entity: &Entity, metric: &Metric) -> Option<Finding> {
    let address = &entity.address;
    let Some(formula) = &metric.formula else {
        if entity.table.get("formula").is_some() {
            return None;
        }
        let message = format!("`{address}` does not say how it is computed");
        let finding = Finding::new(RULE.id, message).at(entity.header()).about(address.as_str());
        return Some(finding.help(
            "add a `formula`: `share`, `count`, `sum`, `average`, `median days`, `ratio` or `kept promises`",
        ));
    };
    let given = |key: &&str| entity.table.get(key).is_some();
    // A ratio looks back as far as the metrics that it is made of.
    let looks_back = metric.window.is_some() && formula.word != "ratio";
    let needed = needed(formula.word).iter().copied().chain(looks_back.then_some(DATED_BY));
    let missing: Vec<&str> = needed.filter(|key| !given(key)).collect();
    let with = if missing.contains(&DATED_BY) { " with a `window`" } else { "" };
    let message = format!("a `{}`{with} needs {}", formula.word, listed(&missing)?);
    let finding =
        Finding::new(RULE.id, message).at(entity.place(formula.span)).about(address.as_str()).help(
            format!("add {}", missing.iter().map(|key| hint(key)).collect::<Vec<_>>().join(", ")),
        );
    Some(finding)
}

/// What says which records lie in a window.
const DATED_BY: &str = "dated_by";

/// What a formula is made of.
fn needed(formula: &str) -> &'static [&'static str] {
    match formula {
        "share" => &["population", "counts"],
        "sum" | "average" => &["population", "of"],
        "median days" => &["population", "from", "to"],
        "ratio" => &["numerator", "denominator"],
        "kept promises" => &["population", "sla"],
        _ => &["population"],
    }
}

fn hint(key: &str) -> &'static str {
    match key {
        "sla" => "`sla`, the promise that is kept or not",
        "counts" => "`counts`, the records of the population that count",
        "of" => "`of`, the field that is added up",
        "from" => "`from`, the date field it counts from",
        "to" => "`to`, the date field it counts to",
        "numerator" => "`numerator`, the metric above the line",
        DATED_BY => "`dated_by`, the date field that says which records lie in the window",
        "denominator" => "`denominator`, the metric below the line",
        _ => "`population`, the records it is computed over",
    }
}

/// `a`, `a and b`, `a, b and c`; none for nothing.
fn listed(keys: &[&str]) -> Option<String> {
    let (last, rest) = keys.split_last()?;
    let rest: Vec<String> = rest.iter().map(|key| format!("`{key}`")).collect();
    Some(if rest.is_empty() {
        format!("`{last}`")
    } else {
        format!("{} and `{last}`", rest.join(", "))
    })
}
