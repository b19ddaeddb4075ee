//! The auditor's report held against a naive reckoning: histories drawn at random, with two numbers
//! that anybody can follow by hand.

use opmodel::audit::{Class, Drift, NetVerdict, Question, Standing};
use opmodel::change::Impact;
use opmodel::git::{NewCommit, Person, RepositoryBuilder};
use opmodel::history::Workspace;
use opmodel::proof::DEFAULT_BUDGET;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const DAY: i64 = 86_400;
/// 2026-01-01, noon.
const START: i64 = 1_767_268_800;

/// What a commit does.
#[derive(Debug, Clone, Copy)]
struct Deed {
    /// Days since the commit before.
    after: i64,
    /// The two thresholds from now on.
    size: i64,
    intent: i64,
    /// Whether it writes something of no meaning too.
    comment: bool,
    /// Whether somebody who may approve it did.
    approved: bool,
}

fn deed() -> impl Strategy<Value = Deed> {
    (0_i64..40, 0_i64..3, 0_i64..3, any::<bool>(), any::<bool>()).prop_map(
        |(after, size, intent, comment, approved)| Deed {
            after,
            size: 100 + 50 * size,
            intent: 40 + 10 * intent,
            comment,
            approved,
        },
    )
}

fn model(size: i64, intent: i64, comments: usize) -> String {
    let mut text = format!(
        "[object.lead]\n[field.lead.employees]\ntype = \"integer\"\n[field.lead.score]\ntype = \"integer\"\n\
        [definition.mql]\nobject = \"lead\"\ncriteria.size = \"employees >= {size}\"\n\
        criteria.intent = \"score >= {intent}\"\n[decision.default]\napprove = [\"role.cro\"]\n\
        [[role.cro.holder]]\nid = \"una\"\nname = \"Una\"\nemail = \"una@example.com\"\n"
    );
    for comment in 0..comments {
        let _ = writeln!(text, "# {comment}");
    }
    text
}

/// A commit as it was played.
#[derive(Debug, Clone)]
struct Played {
    id: String,
    seconds: i64,
    size: i64,
    intent: i64,
    touches: bool,
    approved: bool,
}

/// A history of these deeds, after a first commit; and what a person would note down of it.
fn played(folder: &std::path::Path, deeds: &[Deed]) -> Vec<Played> {
    let mut builder = RepositoryBuilder::init(folder, "main").unwrap();
    let first = Deed { after: 0, size: 150, intent: 50, comment: false, approved: false };
    let (mut seconds, mut comments, mut last) = (START, 0, String::new());
    let (mut parents, mut played) = (Vec::new(), Vec::new());
    for deed in std::iter::once(&first).chain(deeds) {
        seconds += deed.after * DAY;
        comments += usize::from(deed.comment);
        let text = model(deed.size, deed.intent, comments);
        let files = BTreeMap::from([("model/all.toml".to_owned(), text.clone().into_bytes())]);
        let approval = "\n\nApproved-by: Una <una@example.com>";
        let message = format!("a deed (#1){}", if deed.approved { approval } else { "" });
        let author = Person { name: "Ada".to_owned(), email: "ada@example.com".to_owned() };
        let id = builder
            .commit(
                "main",
                &NewCommit {
                    files: &files,
                    parents: std::mem::take(&mut parents),
                    author,
                    committer: None,
                    seconds,
                    offset_minutes: 0,
                    message: &message,
                },
            )
            .unwrap();
        played.push(Played {
            id: id.to_string(),
            seconds,
            size: deed.size,
            intent: deed.intent,
            touches: text != last,
            approved: deed.approved,
        });
        parents = vec![id];
        last = text;
    }
    builder.checkout("main").unwrap();
    played
}

/// How two pairs of thresholds compare: the lower, the looser.
fn verdict(before: &Played, after: &Played) -> NetVerdict {
    let ways = [after.size - before.size, after.intent - before.intent];
    match (ways.iter().any(|way| *way < 0), ways.iter().any(|way| *way > 0)) {
        (false, false) => NetVerdict::Same,
        (true, false) => NetVerdict::Looser,
        (false, true) => NetVerdict::Tighter,
        (true, true) => NetVerdict::Shifted,
    }
}

fn report(folder: &std::path::Path, since: Option<i64>, until: i64) -> Drift {
    let workspace = Workspace::find(folder, None).unwrap();
    let tip = workspace.repository().unwrap().resolve("main").unwrap();
    let (budget, days) = (DEFAULT_BUDGET, 14);
    let question = Question { tip: &tip, since, until, days, budget, addresses: &[] };
    Drift::of(&workspace, &question).unwrap()
}

/// What the report must say of a period, reckoned by hand.
fn hold(drift: &Drift, played: &[Played], since: Option<i64>, until: i64) {
    let within = |commit: &Played| {
        commit.seconds <= until && since.is_none_or(|since| commit.seconds >= since)
    };
    let period: Vec<&Played> = played.iter().filter(|commit| within(commit)).collect();
    let ids = |commits: &[&Played]| -> Vec<String> {
        commits.iter().rev().map(|commit| commit.id.clone()).collect()
    };
    let rows: Vec<String> = drift.population.rows.iter().map(|row| row.commit.clone()).collect();
    assert_eq!(rows, ids(&period));
    assert!(drift.population.completeness.complete);
    let touching = period.iter().filter(|commit| commit.touches).count();
    assert_eq!(drift.population.totals.touching, touching);

    let mut written = 0;
    for pair in played.windows(2) {
        let [before, after] = pair else { continue };
        if !within(after) {
            continue;
        }
        let steps = [("size", before.size, after.size), ("intent", before.intent, after.intent)];
        for (criterion, was, is) in steps {
            let address = format!("definition.mql.criteria.{criterion}");
            let entry = drift
                .register
                .iter()
                .find(|entry| entry.commit == after.id && entry.address == address);
            assert_eq!(entry.is_some(), was != is, "{address} in {}", after.id);
            let Some(entry) = entry else { continue };
            written += 1;
            let loosens = is < was;
            assert_eq!(entry.impact == Impact::Loosening, loosens);
            let standing = [Standing::Unapproved, Standing::Approved][usize::from(after.approved)];
            assert_eq!(entry.standing, standing);
        }
        let row = drift.population.rows.iter().find(|row| row.commit == after.id).unwrap();
        let same = verdict(before, after) == NetVerdict::Same;
        let class = match (after.touches, same) {
            (false, _) => Class::NotTouching,
            (true, true) => Class::Cosmetic,
            (true, false) => Class::Changes,
        };
        assert_eq!(row.class, class);
    }
    assert_eq!(drift.summary.changes, written);

    let end = played.iter().rfind(|commit| commit.seconds <= until).unwrap();
    let start = played.iter().rfind(|commit| since.is_some_and(|since| commit.seconds < since));
    let net = drift.net.iter().find(|net| net.address == "definition.mql");
    let expected = verdict(start.unwrap_or(&played[0]), end);
    assert_eq!(net.map_or(NetVerdict::Same, |net| net.verdict), expected);
    assert_eq!(net.is_some(), written > 0, "what never changed is not listed");

    let known: Vec<&Played> = played.iter().filter(|commit| commit.seconds <= until).collect();
    let changed = known.windows(2).rev().find(|pair| verdict(pair[0], pair[1]) != NetVerdict::Same);
    let since = changed.map_or(&known[0].id, |pair| &pair[1].id);
    let as_of = drift.as_of.iter().find(|row| row.address == "definition.mql").unwrap();
    assert_eq!(as_of.commit.as_ref(), Some(since));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn the_report_says_what_anybody_can_reckon(
        deeds in prop::collection::vec(deed(), 1..8),
        since in prop::option::of(0_i64..120),
        length in 0_i64..200,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("repository");
        let played = played(&folder, &deeds);
        let midnight = START - DAY / 2;
        let since = since.map(|day| midnight + day * DAY);
        let until = since.unwrap_or(midnight) + length * DAY + DAY - 1;
        hold(&report(&folder, since, until), &played, since, until);
    }
}

#[test]
fn clocks_that_went_wrong_are_counted_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("repository");
    let deed = |after, size| Deed { after, size, intent: 50, comment: false, approved: true };
    let played = played(&folder, &[deed(9, 100), deed(-5, 200), deed(9, 150)]);
    let drift = report(&folder, None, START + 100 * DAY);
    assert_eq!(drift.population.rows.len(), played.len());
    assert_eq!(drift.population.completeness.out_of_order, 1);
    assert!(drift.population.completeness.contiguous);
    assert_eq!(drift.summary.changes, 3);
    let net = drift.net.iter().find(|net| net.address == "definition.mql").unwrap();
    assert_eq!(net.verdict, NetVerdict::Same);
    assert_eq!(net.steps.len(), 3);
}
