//! Every rule runs on every page: its own failing examples fail, no passing example does.

use super::{Example, Options, RULES, Report, check};
use crate::document::Limits;
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn checked(example: &Example) -> Report {
    let options = Options {
        as_of: date(2026, 6, 30),
        folder: "model",
        from: "model",
        change_kinds: &BTreeSet::new(),
        limits: Limits::default(),
    };
    check(example.files(), options).expect("the schemas are valid")
}

fn rules(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut rules = BTreeMap::new();
    for finding in &report.findings {
        *rules.entry(finding.rule).or_default() += 1;
    }
    rules
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
