//! Advice that is followed to the letter leaves nothing to say.

use super::{Example, checked, said};
use crate::finding::Severity;

/// A small model that is as it should be.
const MODEL: &str = r#"
[model]
format = 1
[object.lead]
[object.account]
[field.account.arr]
type = "money"
[field.lead.account]
type = "reference"
object = "account"
[field.lead.employees]
type = "integer"
[field.lead.country]
type = "choice"
values = ["AT", "DE"]
[field.lead.consent]
type = "bool"
[field.lead.status]
type = "choice"
values = ["new", "sql"]
[field.lead.routed_at]
type = "datetime"
[field.lead.touched_at]
type = "datetime"
[field.lead.score]
type = "integer"
[list.dach]
values = ["AT", "DE"]
[role.head]
team = "team.sales"
holder = [{ id = "ann-lee", name = "Ann Lee" }]
[team.sales]
[queue.triage]
members = ["role.head"]
[definition.mql]
object = "lead"
criteria.size = "employees >= 50"
criteria.place = "country in list.dach"
[lifecycle.lead]
object = "lead"
stage_field = "status"
[[lifecycle.lead.stage]]
id = "new"
value = "new"
owner = "team.sales"
next = ["sql"]
exit.fit = "definition.mql"
[[lifecycle.lead.stage]]
id = "sql"
value = "sql"
terminal = true
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "fit"
when = "definition.mql"
to = "team.sales"
[sla.touch]
object = "lead"
applies_to = "definition.mql"
starts = "routed_at"
stops = "touched_at"
within = "4 hours"
"#;

/// The model with some words in place of others.
fn with(before: &str, after: &str) -> String {
    assert_eq!(MODEL.matches(before).count(), 1, "{before}");
    MODEL.replace(before, after)
}

/// The model after all advice was followed: what is underlined gives way to the words in backticks,
/// `write` being left away.
fn followed(text: &str) -> String {
    let example =
        Example { fails: true, is_latin1: false, budget: None, as_of: None, text: text.to_owned() };
    let mut findings = checked(&example).findings;
    findings.retain(|finding| finding.severity == Severity::Error);
    findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span));
    let mut text = text.to_owned();
    for finding in findings.iter().rev() {
        let help = finding.help.as_deref().unwrap_or_default();
        let advised = help.split('`').nth(1).unwrap_or_default();
        let span = finding.place.as_ref().expect("a place").span;
        let words = text.get(span.start..span.end).unwrap_or_default();
        let quoted = words.starts_with('"') && !advised.starts_with(['"', '[']);
        let advised = if quoted { format!("\"{advised}\"") } else { advised.to_owned() };
        text.replace_range(span.start..span.end, &advised);
    }
    text
}

/// A slip, the help it gets, and that the model has no error once it is followed.
#[track_caller]
fn leads_back(before: &str, after: &str, help: &str) {
    let text = with(before, after);
    let found = said(&text);
    assert!(found.iter().any(|line| line.ends_with(&format!("| {help}"))), "{after}: {found:?}");
    let text = followed(&text);
    let errors: Vec<String> =
        said(&text).into_iter().filter(|line| !line.starts_with("unreachable")).collect();
    assert_eq!(errors, [""; 0], "{after}");
}

#[test]
fn the_small_model_is_sound() {
    assert_eq!(said(MODEL), [""; 0]);
}

#[test]
fn what_was_renamed_is_named_as_it_is_called_now() {
    for (before, after, help) in [
        (
            "[queue.triage]",
            "[queue.unplaced]\nformerly = [\"triage\"]",
            "it is called `queue.unplaced` now",
        ),
        (
            "[definition.mql]",
            "[definition.hot]\nformerly = [\"mql\"]",
            "it is called `definition.hot` now",
        ),
        ("[role.head]", "[role.chief]\nformerly = [\"head\"]", "it is called `role.chief` now"),
        ("[list.dach]", "[list.near]\nformerly = [\"dach\"]", "it is called `list.near` now"),
        (
            "[field.lead.employees]",
            "[field.lead.headcount]\nformerly = [\"employees\"]",
            "it is called `headcount` now",
        ),
        (
            "[field.lead.routed_at]",
            "[field.lead.given_at]\nformerly = [\"routed_at\"]",
            "it is called `given_at` now",
        ),
        (
            "id = \"sql\"",
            "id = \"qualified\"\nformerly = [\"sql\"]",
            "it is called `qualified` now",
        ),
    ] {
        leads_back(before, after, help);
    }
}

#[test]
fn a_part_of_what_was_renamed_is_named_as_it_is_called_now() {
    let model = with("[definition.mql]", "[definition.hot]\nformerly = [\"mql\"]")
        .replace("= \"definition.mql\"", "= \"definition.hot\"");
    let terms =
        "scope = \"*\"\nreason = \"a pilot\"\napproved_by = \"role.head\"\nexpires = 2026-12-31";
    for (rest, rule) in [
        (format!("waives = \"definition.mql.criteria.size\"\n{terms}"), "exception-subject"),
        (
            format!(
                "waives = \"definition.mql.criteria.size\"\nwaives_finding = \"criterion-weakened\"\n{terms}"
            ),
            "exception-subject",
        ),
    ] {
        let found = said(&format!("{model}\n[exception.pilot]\n{rest}\n"));
        let help = "it is called `definition.hot.criteria.size` now";
        assert!(
            found.iter().any(|line| line.starts_with(rule) && line.ends_with(help)),
            "{rest}: {found:?}"
        );
    }
    let rest = "[decision.fit]\ncovers = [\"definition.mql.criteria.*\"]\ndecides = \"role.head\"";
    let found = said(&format!("{model}\n{rest}\n"));
    let help = "it is called `definition.hot.criteria.*` now";
    assert!(found.iter().any(|line| line.ends_with(help)), "{found:?}");
}

#[test]
fn a_field_is_named_without_its_object() {
    for (before, after, help) in [
        ("employees >= 50", "lead.employees >= 50", "write `employees`"),
        ("employees >= 50", "field.lead.employees >= 50", "write `employees`"),
        ("employees >= 50", "lead.account.arr >= 50", "write `account.arr`"),
        ("employees >= 50", "field.account.arr >= 50", "write `account.arr`"),
        ("employees >= 50", "lead.emplyees >= 50", "did you mean `employees`?"),
        ("starts = \"routed_at\"", "starts = \"lead.routed_at\"", "write `routed_at`"),
        ("starts = \"routed_at\"", "starts = \"field.lead.routed_at\"", "write `routed_at`"),
        ("stage_field = \"status\"", "stage_field = \"field.lead.status\"", "write `status`"),
    ] {
        leads_back(before, after, help);
    }
}

#[test]
fn no_field_is_declared_that_nobody_meant() {
    for (word, help) in [
        ("lead", "name a field of `lead`, such as `account`"),
        ("weeks", "name a field of `lead`, such as `account`"),
        ("all", "name a field of `lead`, such as `account`"),
        ("MQL", "name a field of `lead`, or put quotes around text: 'MQL'"),
        ("region", "declare it: `[field.lead.region]`"),
    ] {
        let found = said(&with("employees >= 50", &format!("{word} >= 50")));
        assert_eq!(found, [format!("unknown-field | {word} | {help}")], "{word}");
    }
    let unrelated = with(
        "[object.account]",
        "[object.account]\n[object.deal]\n[field.deal.arr]\ntype = \"money\"",
    );
    let found = said(&unrelated.replace("employees >= 50", "deal.arr >= 50"));
    let help =
        "declare it: `[field.lead.deal]` with `type = \"reference\"` and `object = \"deal\"`";
    assert!(found.contains(&format!("unknown-field | deal | {help}")), "{found:?}");
}

#[test]
fn a_field_of_no_known_type_is_said_once() {
    for (before, wrong, right) in [
        ("[field.lead.employees]\ntype = \"integer\"", "int", "integer"),
        ("[field.lead.consent]\ntype = \"bool\"", "boolean", "bool"),
        ("[field.lead.country]\ntype = \"choice\"", "picklist", "choice"),
        ("[field.lead.country]\ntype = \"choice\"", "Dropdown", "choice"),
        ("[field.lead.routed_at]\ntype = \"datetime\"", "timestamp", "datetime"),
        ("[field.lead.account]\ntype = \"reference\"", "lookup", "reference"),
        ("[field.account.arr]\ntype = \"money\"", "currency", "money"),
    ] {
        let after = before.replace(&format!("\"{right}\""), &format!("\"{wrong}\""));
        let found = said(&with(before, &after));
        assert_eq!(found.len(), 1, "{wrong}: {found:?}");
        let one = found.concat();
        let start = format!("wrong-value | \"{wrong}\" | did you mean `{right}`?");
        assert!(one.starts_with(&start), "{one}");
        leads_back(before, &after, one.rsplit(" | ").next().unwrap_or_default());
    }
}

#[test]
fn letters_that_look_like_others_are_called_by_their_name() {
    let letter = "is a Cyrillic letter";
    for (before, after, help) in [
        (
            "country in list.dach",
            "country = 'DЕ'",
            "did you mean `DE`? `Е` is a Cyrillic letter (U+0415) that looks like `E`",
        ),
        (
            "employees >= 50",
            "еmployees >= 50",
            "did you mean `employees`? `е` is a Cyrillic letter (U+0435) that looks like `e`",
        ),
        (
            "owner = \"team.sales\"",
            "owner = \"team.sаles\"",
            "write `team.sales`; `а` is a Cyrillic letter (U+0430) that looks like `a`",
        ),
    ] {
        let found = said(&with(before, after));
        let named = found.iter().filter(|line| line.contains(letter)).count();
        assert!(named == 1 && found.iter().any(|line| line.ends_with(help)), "{found:#?}");
    }
}

#[test]
fn values_of_another_form_are_written_in_theirs() {
    for (before, after, help) in [
        ("\"4 hours\"", "\"1.5 hours\"", "write `90 minutes`"),
        ("\"4 hours\"", "\"4 hrs\"", "write `4 hours`"),
        ("\"4 hours\"", "\"1 year\"", "write `12 months`"),
        ("\"4 hours\"", "4 hours", "write `\"4 hours\"`"),
        (
            "[\"AT\", \"DE\"]\n[field.lead.consent]",
            "\"AT, DE\"\n[field.lead.consent]",
            "put it in square brackets: `[\"AT\", \"DE\"]`",
        ),
        ("\"employees >= 50\"", "employees >= 50", "write `\"employees >= 50\"`"),
    ] {
        leads_back(before, after, help);
    }
    let found = said(&with(
        "[definition.mql]",
        "[segment.a]\nobject = \"lead\"\nwhen = \"consent\"\nexclusive = true\n[definition.mql]",
    ));
    assert!(!found.concat().contains("\"true\""), "{found:?}");
}

#[test]
fn numbers_of_other_countries_are_told_in_the_form_of_here() {
    for (written, help) in [
        ("employees >= 1.000", "write `1_000` or `1`"),
        ("employees >= 1,000", "write `1_000`"),
        ("employees >= 1, 000", "write `1_000`"),
        ("employees >= 1'000", "write `1_000`"),
        ("employees in [1'000, 2’500’000]", "write `2_500_000`"),
        ("employees >= 1.000.000", "write `1_000_000`"),
        ("employees >= 1,500,000 and consent", "write `1_500_000`"),
        ("account.arr >= 50.000", "write `50_000` or `50`"),
        ("account.arr >= 1.125", "write `1_125` or `1.1250`"),
        ("account.arr >= 1,5", "write `1.5`"),
        ("account.arr >= 12,50", "write `12.50`"),
        ("account.arr >= 1.500,50", "write `1_500.50`"),
        ("account.arr >= 1,500.50", "write `1_500.50`"),
        ("account.arr >= 1.500.000,50", "write `1_500_000.50`"),
        ("account.arr >= -1'500.50", "write `-1_500.50`"),
        ("account.arr between 1'500,50 and 3'000", "write `3_000`"),
    ] {
        leads_back("employees >= 50", written, help);
    }
    for sound in ["account.arr >= 1000.125", "account.arr >= 0.125", "account.arr >= 1.25"] {
        assert_eq!(said(&with("employees >= 50", sound)), [""; 0], "{sound}");
    }
}

#[test]
fn a_name_gets_the_address_of_what_is_called_so() {
    for (before, after, help) in [
        ("owner = \"team.sales\"", "owner = \"sales\"", "write `team.sales`"),
        ("[\"role.head\"]", "[\"ann-lee\"]", "write `role.head`, which `ann-lee` holds"),
        ("[\"role.head\"]", "[\"Ann Lee\"]", "write `role.head`, which `Ann Lee` holds"),
        ("[\"role.head\"]", "[\"haed\"]", "did you mean `role.head`?"),
        ("default = \"queue.triage\"", "default = \"triage\"", "write `queue.triage`"),
    ] {
        leads_back(before, after, help);
    }
    let owned = with(
        "[object.lead]",
        "[object.lead]\nowner_field = \"touched_by\"\n[field.lead.touched_by]\ntype = \"text\"",
    );
    for (text, help) in [
        ("keep", "write `field.lead.touched_by`"),
        ("owner", "write `field.lead.touched_by`"),
        ("touched_by", "write `field.lead.touched_by`"),
        ("nobody", "write the address of one that exists, such as `queue.triage`"),
    ] {
        let found = said(&owned.replace("to = \"team.sales\"", &format!("to = \"{text}\"")));
        assert!(found.iter().any(|line| line.ends_with(&format!("| {help}"))), "{found:?}");
    }
    let system = with(
        "[queue.triage]",
        "[enrichment.e]\nobject = \"lead\"\nproviders = [\"clearbit\"]\n[queue.triage]",
    );
    let help = "declare `[system.clearbit]` and write `system.clearbit`";
    assert!(said(&system).concat().contains(help), "{:?}", said(&system));
}
