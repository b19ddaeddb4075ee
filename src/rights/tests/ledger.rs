//! The ledger: what is written is read again, and what is wrong is said where it stands.

use super::world::TODAY;
use crate::change::Fingerprint;
use crate::rights::{Approval, CountsFor, Entry, Ledger, Signer, file_name};
use crate::source::{RawContent, RawFile};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn file(text: &str) -> RawFile {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    RawFile { path: "approvals/x.toml".to_owned(), content }
}

fn fingerprint(digits: u64) -> Fingerprint {
    Fingerprint::parse(&format!("om1:{digits:016x}")).expect("a fingerprint")
}

fn entry(by: Signer, summary: Option<String>) -> Entry {
    Entry { fingerprint: fingerprint(7), role: "role.cro".to_owned(), by, on: TODAY, summary }
}

/// The words underlined and the rule, for each thing that is wrong.
fn wrong(text: &str) -> Vec<String> {
    let (_, findings) = Ledger::read(&[file(text)]);
    let line = |finding: &crate::finding::Finding| {
        let place = finding.place.as_ref().expect("a place");
        format!("{} {}", finding.rule, place.span.of(text))
    };
    findings.iter().map(line).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        name in "\\PC{1,12}", email in "[a-z]{1,8}@example\\.com", summary in any::<Option<String>>()
    ) {
        prop_assume!(!name.trim().is_empty() && !name.contains(['<', '@']));
        let name = name.trim().to_owned();
        let by = Signer { name: Some(name), email: Some(email), login: None };
        let (approvals, findings) = Ledger::read(&[file(&entry(by.clone(), summary).to_toml())]);
        prop_assert!(findings.is_empty(), "{findings:#?}");
        prop_assert_eq!(approvals.len(), 1);
        let approval = &approvals[0];
        prop_assert_eq!(&approval.by, &by);
        prop_assert_eq!(approval.role.as_deref(), Some("role.cro"));
        prop_assert_eq!(approval.when.as_deref(), Some("2026-06-30"));
        let only = CountsFor::Only(BTreeSet::from([fingerprint(7)]));
        prop_assert_eq!(&approval.counts_for, &only);
    }

    #[test]
    fn whatever_stands_in_a_file_is_no_panic(text in "\\PC{0,80}") {
        let _ = Ledger::read(&[file(&text), file(&format!("[[approval]]\n{text}"))]);
    }
}

#[test]
fn what_is_wrong_is_said_and_the_rest_is_read() {
    let good = entry(Signer::parse("@annlee"), None).to_toml();
    for (text, found) in [
        ("[[approvals]]\n", "unknown-property approvals"),
        ("approval = 3\n", "wrong-value approval"),
        (
            "[[approval]]\nfingerprint = \"om1:1\"\nrole = \"role.a\"\nby = \"@a\"\n",
            "wrong-value \"om1:1\"",
        ),
        (
            "[[approval]]\nfingerprint = \"om1:0000000000000007\"\nrole = \"role.a\"\n",
            "missing-property [[approval]]",
        ),
        (
            "[[approval]]\nfingerprint = \"om1:0000000000000007\"\nrole = \"role.a\"\nby = \"@a\"\nfro = 1\n",
            "unknown-property fro",
        ),
        (
            "[[approval]]\nfingerprint = \"om1:0000000000000007\"\nrole = \"role.a\"\nby = \"@a\"\non = 1\n",
            "wrong-value 1",
        ),
    ] {
        assert_eq!(wrong(text), [found], "{text}");
        let both =
            if text.starts_with("approval") { good.clone() } else { format!("{good}{text}") };
        assert!(!Ledger::read(&[file(&both)]).0.is_empty(), "{text}");
    }
    assert_eq!(wrong("[[approval]\n")[0].split(' ').next(), Some("syntax"));
}

#[test]
fn two_people_never_write_the_same_file() {
    let ann = entry(Signer::parse("Ann Lee <ann.lee@example.com>"), None);
    let bo = entry(Signer::parse("Bo Chen <bo.chen@example.com>"), None);
    let name = |entry: &Entry| file_name(std::slice::from_ref(entry)).expect("a name");
    assert_ne!(name(&ann), name(&bo));
    assert_eq!(name(&ann), name(&ann.clone()));
    assert!(name(&ann).starts_with("2026-06-30-cro-"), "{}", name(&ann));
    let other = Entry { fingerprint: fingerprint(8), ..ann.clone() };
    assert_ne!(name(&ann), name(&other));
    let both = [ann.clone(), other.clone()];
    assert_eq!(file_name(&both), file_name(&[other, ann]));
    assert_eq!(file_name(&[]), None);
}

#[test]
fn earlier_proposals_do_not_matter() {
    let read = |number| -> Approval {
        let entry = Entry { fingerprint: fingerprint(number), ..entry(Signer::parse("@a"), None) };
        Ledger::read(&[file(&entry.to_toml())]).0.remove(0)
    };
    let (old, again, new) = (read(1), read(2), read(3));
    let before = [old.clone(), again.clone()];
    let all = vec![old, again.clone(), new.clone()];
    assert_eq!(Ledger::relevant(&before, all), [new]);
}
