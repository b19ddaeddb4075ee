//! Every rule runs on every page: its own failing examples fail, no passing example does.

mod advice;
mod proved;
mod stated;

use super::{Example, Options, RULES, Report, check};
use crate::document::Limits;
use crate::finding::{Finding, Severity};
use crate::proof::DEFAULT_BUDGET;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The day for which examples are judged that say of none.
const TODAY: Date = date(2026, 6, 30);

fn checked(example: &Example) -> Report {
    checked_for(example, example.as_of.unwrap_or(TODAY))
}

fn checked_for(example: &Example, as_of: Date) -> Report {
    let options = Options {
        as_of,
        folder: "model",
        from: "model",
        change_kinds: &BTreeSet::new(),
        limits: Limits::default(),
        budget: example.budget.unwrap_or(DEFAULT_BUDGET),
        policy: None,
    };
    check(example.files(), options).expect("the schemas are valid")
}

/// What is found in a model, in lines: the rule, the words it underlines, and the help.
fn said(text: &str) -> Vec<String> {
    let example =
        Example { fails: true, is_latin1: false, budget: None, as_of: None, text: text.to_owned() };
    let line = |finding: &Finding| {
        let place = finding.place.as_ref().expect("every finding has a place");
        let words = place.source.text().get(place.span.start..place.span.end).unwrap_or_default();
        format!("{} | {words} | {}", finding.rule, finding.help.as_deref().unwrap_or_default())
    };
    let report = checked(&example);
    let heavy = report.findings.iter().filter(|finding| finding.severity != Severity::Note);
    heavy.map(line).collect()
}

fn rules(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut rules = BTreeMap::new();
    for finding in &report.findings {
        *rules.entry(finding.rule).or_default() += 1;
    }
    rules
}

#[test]
fn who_leaves_today_still_holds_the_role() {
    let model = |left: &str| {
        format!(
            "[model]\nformat = 1\n[role.cro]\n[[role.cro.holder]]\nid = \"ann-lee\"\nleft = {left}\n\
             [decision.default]\napprove = [\"role.cro\"]\n"
        )
    };
    assert_eq!(said(&model("2026-06-30")), [""; 0]);
    let found = said(&model("2026-06-29"));
    assert!(found.iter().any(|line| line.starts_with("holder-left | ")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("role-without-holder | ")), "{found:?}");
}

#[test]
fn every_page_is_complete() {
    for rule in RULES {
        let page = rule.page();
        assert_eq!(page.title, rule.id, "the heading is the rule's id");
        assert!(page.summary.len() > 20, "{}: the page opens with a sentence", rule.id);
        assert!(page.examples.iter().any(|e| e.fails), "{}: an example that fails", rule.id);
        assert!(page.examples.iter().any(|e| !e.fails), "{}: an example that passes", rule.id);
    }
}

#[test]
fn every_rule_is_registered_once() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
}

#[test]
fn every_example_does_what_it_says() {
    for rule in RULES {
        for example in rule.page().examples {
            let report = checked(&example);
            let found = rules(&report).contains_key(rule.id);
            assert_eq!(
                found, example.fails,
                "{}\n{}\n{:#?}",
                rule.id, example.text, report.findings
            );
            for finding in report.findings.iter().filter(|f| f.rule == rule.id) {
                let message = &finding.message;
                assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
                assert!(finding.place.is_some(), "{}: {message}", rule.id);
            }
        }
    }
}

#[test]
fn examples_answer_alike_on_every_day_but_those_that_say_their_day() {
    for rule in RULES {
        for example in rule.page().examples {
            let on = |day| rules(&checked_for(&example, day));
            let here = rules(&checked(&example));
            let differs =
                [date(2020, 1, 1), date(2040, 1, 1)].into_iter().any(|day| on(day) != here);
            assert_eq!(differs, example.as_of.is_some(), "{}\n{}", rule.id, example.text);
            let told = example.as_of.map(|day| format!("`opmodel check --as-of {day}`"));
            let is_told = told.is_none_or(|words| rule.page.contains(&words));
            assert!(is_told, "{}: the day stands in the text", rule.id);
        }
    }
}

#[test]
fn cross_talk_between_rules_is_known() {
    let mut table = String::new();
    for rule in RULES {
        for example in rule.page().examples {
            let others: Vec<_> = rules(&checked(&example))
                .into_iter()
                .filter(|(id, _)| *id != rule.id)
                .map(|(id, count)| format!("{id} {count}"))
                .collect();
            let sort = if example.fails { "fails" } else { "passes" };
            let _ = writeln!(table, "{} {sort}: {}", rule.id, others.join(", "));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_name_that_is_part_of_an_address_must_be_there() {
    let lead = "[object.lead]\n";
    assert_eq!(
        said(&format!("{lead}[field.lede.q]\ntype = \"text\"\n")),
        ["unknown-reference | lede | did you mean `lead`?"]
    );
    let free = "[object.acct]\nsystems = { crmm = \"Y\" }\n";
    assert!(said(free).is_empty());
    assert_eq!(
        said(&format!("[system.crm]\n{free}")),
        ["unknown-reference | crmm | did you mean `crm`?"]
    );
}

#[test]
fn a_named_field_must_hold_what_the_property_is_about() {
    let fields = "[object.account]\n[field.account.owner]\ntype = \"text\"\n[object.deal]\n\
                  [field.deal.owner]\ntype = \"text\"\n[field.lead.flag]\ntype = \"bool\"\n\
                  [field.lead.need]\ntype = \"text\"\n[field.lead.day]\ntype = \"date\"\n\
                  [field.lead.score]\ntype = \"integer\"\n[field.lead.account]\n\
                  type = \"reference\"\nobject = \"account\"\n";
    let unfit = |lead: &str, more: &str| -> Vec<String> {
        let found = said(&format!("[object.lead]\n{lead}\n{fields}{more}"));
        let own = found.iter().filter_map(|line| line.strip_prefix("unfit-field | "));
        own.map(|line| line.split(" | ").next().unwrap_or_default().to_owned()).collect()
    };
    for (lead, word) in [
        ("key_field = \"flag\"", "\"flag\""),
        ("owner_field = \"day\"", "\"day\""),
        ("contact_field = \"need\"", "\"need\""),
        ("routed_field = \"score\"", "\"score\""),
    ] {
        assert_eq!(unfit(lead, ""), [word], "{lead}");
    }
    let fit = "key_field = \"need\"\nowner_field = \"account.owner\"\ncontact_field = \"day\"";
    assert_eq!(unfit(fit, ""), [""; 0]);
    for (kind, says, word) in [
        ("definition", "happens_at = \"need\"", "\"need\""),
        ("metric", "formula = \"sum\"\nof = \"need\"", "\"need\""),
        ("metric", "formula = \"average\"\nof = \"day\"", "\"day\""),
        ("metric", "formula = \"sum\"\nof = \"score\"\ndated_by = \"score\"", "\"score\""),
        ("signal", "dated_by = \"flag\"", "\"flag\""),
        ("scoring", "field = \"need\"", "\"need\""),
        ("source", "field = \"flag\"", "\"flag\""),
        ("lifecycle", "stage_field = \"flag\"", "\"flag\""),
        ("lifecycle", "starts = \"day\"\nends = \"need\"", "\"need\""),
        ("lifecycle", "[[lifecycle.x.stage]]\nid = \"a\"\nentered = \"need\"", "\"need\""),
        ("routing", "default = \"field.lead.need\"\nmarks = \"flag\"", "\"flag\""),
        ("routing", "default = \"field.lead.day\"", "\"field.lead.day\""),
        ("routing", "default = \"field.deal.owner\"", "\"field.deal.owner\""),
    ] {
        let more = format!("[{kind}.x]\nobject = \"lead\"\n{says}\n");
        assert_eq!(unfit("", &more), [word], "{more}");
    }
    // A lead leads to its account, and to the account's owner.
    let near = "[routing.x]\nobject = \"lead\"\ndefault = \"field.account.owner\"\n";
    assert_eq!(unfit("", near), [""; 0]);
}

#[test]
fn policy_cannot_hide_that_a_model_is_not_read() {
    let twice = "[team.a]\n# file: model/b.toml\n[team.a]\n";
    let policy = "# file: model/c.toml\n[policy.duplicate-id]\nlevel = \"off\"\nreason = \"x\"\n";
    let help = "give one of the two another id, or merge them into one table";
    assert_eq!(
        said(&format!("# file: model/a.toml\n{twice}{policy}")),
        [
            format!("duplicate-id | a | {help}"),
            "forbidden-policy | duplicate-id | delete the entry, and mend what the rule found"
                .to_owned(),
        ]
    );
}

#[test]
fn what_is_written_wrongly_is_said_once() {
    let lead = "[object.lead]\n[field.lead.s]\ntype = \"choice\"\nvalues = [\"a\", \"b\"]\n\
                columns = { crm = \"S\" }\n[lifecycle.l]\nobject = \"lead\"\nstage_field = \"s\"\n";
    let stages = format!(
        "[team.t]\n{lead}[[lifecycle.l.stage]]\nid = \"a\"\nowner = 3\nnext = \"b\"\nexit = \"s = b\"\n\
         [[lifecycle.l.stage]]\nid = \"b\"\nterminal = \"yes\"\n"
    );
    for (text, found) in [
        (
            "[role.x]\nholder = \"robin\"\n",
            vec!["wrong-value | \"robin\" | give it as a list of tables: `[[role.x.holder]]`"],
        ),
        (
            &stages,
            vec![
                "wrong-value | 3 | write who answers for records in it",
                "wrong-value | \"b\" | put it in square brackets: `[\"b\"]`",
                "wrong-value | \"s = b\" | give each entry a name: `exit.<name> = …`",
                "wrong-value | \"yes\" | write `true` or `false`",
            ],
        ),
        (
            "[role.cro]\nholder = [{ id = \"a\" }]\n[decision.default]\napprove = \"role.cro\"\n",
            vec!["wrong-value | \"role.cro\" | put it in square brackets: `[\"role.cro\"]`"],
        ),
        (
            "[team.sales]\n[queue.q]\nmembers = [\"team.Sales\"]\n[queue.p]\nmembers = [\"team.sales\"]\n\
             overflow = \"queue.q\"\n[routing.r]\nobject = \"object.lead\"\ndefault = \"queue.p\"\n[object.lead]\n",
            vec![
                "wrong-value | \"team.Sales\" | write `team.sales`",
                "wrong-value | \"object.lead\" | write `lead`",
            ],
        ),
        (
            "[object.lead]\n[team.t]\n[routing.r]\nobject = \"lead\"\ndefault = \"team.t\"\n\
             [example.e]\nobject = \"lead\"\nroutes = { r = \"queue.q\" }\n",
            vec![
                "unknown-reference | \"queue.q\" | declare it as `[queue.q]`, or name one that exists",
            ],
        ),
    ] {
        assert_eq!(said(text), found, "{text}");
    }
}

#[test]
fn values_are_shown_as_they_are_written() {
    for (text, found) in [
        ("[object.lead]\n[field.lead.q]\ntype = 3\n", "`type` cannot be `3`"),
        ("[model]\nformat = 0\n", "`format` cannot be `0`"),
        ("[model]\ncalendar = { time_zone = \"Berlin\" }\n", "`Berlin` is not a time zone"),
        ("[role.r]\nholder = [{ id = \"a\", since = 09:00:00 }]\n", "`09:00:00` is not a date"),
        ("[icp.Core]\nobject = \"lead\"\n[object.lead]\n", "`Core` is not an id"),
    ] {
        let example = Example {
            fails: true,
            is_latin1: false,
            budget: None,
            as_of: None,
            text: text.to_owned(),
        };
        let report = checked(&example);
        let messages: Vec<_> = report.findings.iter().map(|f| f.message.as_str()).collect();
        assert!(messages.contains(&found), "{messages:#?}");
    }
    assert_eq!(
        said("[icp.Core]\nobject = \"lead\"\n[object.lead]\n"),
        ["malformed-id | Core | write `core`"]
    );
    for (written, meant) in [
        ("OwnerId", "owner_id"),
        ("NumberOfEmployees", "number_of_employees"),
        ("ACVAmount", "acv_amount"),
        ("MQLs", "mqls"),
        ("DACH", "dach"),
        ("Größe", "groesse"),
        ("Custom_Score__c", "custom_score_c"),
    ] {
        assert_eq!(
            said(&format!("[field.lead.'{written}']\ntype = \"text\"\n[object.lead]\n")),
            [format!("malformed-id | '{written}' | write `{meant}`")]
        );
    }
    assert_eq!(
        said("[icp.'a/B..c']\nobject = \"lead\"\n[object.lead]\n"),
        ["malformed-id | 'a/B..c' | write `a-b-c`"]
    );
}
