//! Promises and metrics that are left out or stay unknown, and what is said of them.

use super::written::{SMALL, model, package};
use opmodel::sql::Dialect;

const ROUND: &str = r#"
[metric.c]
object = "lead"
formula = "count"

[metric.r1]
object = "lead"
formula = "ratio"
numerator = "metric.r2"
denominator = "metric.c"

[metric.r2]
object = "lead"
formula = "ratio"
numerator = "metric.c"
denominator = "metric.r1"

[metric.half]
object = "lead"
formula = "ratio"
numerator = "metric.c"

[metric.of-half]
object = "lead"
formula = "ratio"
numerator = "metric.half"
denominator = "metric.c"

[metric.d0]
object = "lead"
formula = "ratio"
numerator = "metric.c"
denominator = "metric.c"
"#;

#[test]
fn metrics_of_metrics_are_left_out_for_what_is_wrong_with_them() {
    use std::fmt::Write as _;
    let mut text = format!("{SMALL}{ROUND}");
    for at in 1..40 {
        let below = at - 1;
        write!(text, "[metric.d{at}]\nobject = \"lead\"\nformula = \"ratio\"\n").unwrap();
        writeln!(text, "numerator = \"metric.d{below}\"\ndenominator = \"metric.d{below}\"")
            .unwrap();
    }
    let package = package(&model(&text), Dialect::Postgres, false);
    let said = |address: &str| {
        let omission = package.omissions.iter().find(|omission| omission.address == address);
        omission.map(|omission| omission.reason.as_str())
    };
    assert_eq!(said("metric.c"), None);
    assert_eq!(said("metric.r1"), Some("`metric.r1` leads back to itself"));
    assert_eq!(said("metric.r2"), Some("`metric.r2` leads back to itself"));
    assert_eq!(said("metric.half"), Some("it has no denominator"));
    assert_eq!(said("metric.of-half"), Some("it needs `metric.half`, which is left out"));
    for at in 0..40 {
        let deep = "it is made of metrics of metrics, more than 31 deep";
        assert_eq!(said(&format!("metric.d{at}")), (at > 30).then_some(deep), "{at}");
    }
}

const UNDECIDED: &str = r#"
[sla.waits]
object = "lead"
applies_to = "company is set"
starts = "seen_at"
stops = "seen_at"
within = "2 hours"
outside_hours = "waits"

[sla.whose]
object = "lead"
applies_to = "company is set"
starts = "seen_at"
stops = "seen_at"
within = "2 business hours"
calendar_of = "owner"

[sla.plain]
object = "lead"
applies_to = "company is set"
starts = "seen_at"
stops = "seen_at"
within = "2 hours"

[metric.waits]
object = "lead"
formula = "kept promises"
sla = "sla.waits"

[metric.whose]
object = "lead"
formula = "kept promises"
sla = "sla.whose"

[metric.plain]
object = "lead"
formula = "kept promises"
sla = "sla.plain"

[metric.each]
object = "lead"
formula = "ratio"
numerator = "metric.plain"
denominator = "metric.waits"
"#;

#[test]
fn a_promise_that_is_not_reckoned_with_stays_unknown_and_no_metric_is_made_of_it() {
    let model = model(&format!("{SMALL}{UNDECIDED}"));
    for dialect in Dialect::ALL {
        let package = package(&model, dialect, false);
        let omitted: Vec<String> =
            package.omissions.iter().map(|o| format!("{}: {}", o.address, o.reason)).collect();
        let expected = [
            "metric.each: it needs `metric.waits`, which is left out",
            "metric.waits: it needs `sla.waits`, which stays `unknown`: what starts outside of \
             working hours has another limit, which is not reckoned with here (outside_hours: waits)",
            "metric.whose: it needs `sla.whose`, which stays `unknown`: it runs on the calendar of \
             the owner, which records alone do not tell",
        ];
        assert_eq!(omitted, expected);
        let view = |name: &str| {
            let mut files = package.files.iter();
            let found = files.find(|(path, _)| path.ends_with(&format!("_{name}.sql")));
            found.map(|(_, text)| text.as_str())
        };
        for name in ["sla_waits", "sla_whose"] {
            let text = view(name).unwrap_or_default();
            assert!(text.contains("WHEN NULL IS NULL THEN 'unknown'"), "{text}");
            let note = format!("`{}`", name.replace('_', "."));
            assert!(package.notes.iter().any(|told| told.contains(&note)), "{:?}", package.notes);
        }
        assert!(view("metric_plain").is_some() && view("metric_waits").is_none());
        assert!(view("sla_plain").is_some_and(|text| !text.contains("outside")));
    }
}

#[test]
fn a_share_of_kept_promises_is_no_figure_where_one_of_them_is_unknown() {
    let model = model(&format!("{SMALL}{UNDECIDED}"));
    for dialect in Dialect::ALL {
        let package = package(&model, dialect, false);
        let metric = &package.files["60_metric_plain.sql"];
        let unknown = "'unknown' THEN 1 ELSE 0 END) = 0 THEN CAST(";
        assert!(metric.contains(unknown), "{metric}");
        assert!(metric.contains("-- kept promises; nothing where it is not known of one"));
    }
}

const DOTTED: &str = r#"
[list.turkish]
values = ["Acme", "DİE"]

[definition.dotted]
object = "lead"
criteria.one = "company starts with 'İst'"

[definition.dotted-list]
object = "lead"
criteria.one = "not (company in list.turkish)"

[definition.undotted]
object = "lead"
criteria.one = "company = 'Iğdır' or products contains 'crm'"
"#;

#[test]
fn a_text_with_a_letter_whose_small_one_differs_between_databases_is_left_out() {
    let model = model(&format!("{SMALL}{DOTTED}"));
    for dialect in Dialect::ALL {
        let package = package(&model, dialect, false);
        let omitted: Vec<String> =
            package.omissions.iter().map(|o| format!("{}: {}", o.address, o.reason)).collect();
        let differs = "databases do not agree on the small letter of the `İ` in";
        let expected = [
            format!("definition.dotted: `definition.dotted.criteria.one`: {differs} `İst`"),
            format!(
                "definition.dotted-list: `definition.dotted-list.criteria.one`: {differs} `DİE`"
            ),
        ];
        assert_eq!(omitted, expected);
        assert!(package.files.contains_key("30_definition_undotted.sql"));
    }
}
