//! Reviews as the forge writes them, whole and broken.

use super::world::commit;
use crate::rights::{CountsFor, reviews};
use proptest::prelude::*;

fn review(login: &str, state: &str, hour: u8, at: u8) -> String {
    format!(
        r#"{{"id": 80, "node_id": "x", "user": {{"login": "{login}", "id": 1}}, "body": "",
            "state": "{state}", "author_association": "MEMBER",
            "submitted_at": "2026-06-30T{hour:02}:00:00Z", "commit_id": "{}"}}"#,
        commit(at)
    )
}

fn list(reviews: &[String]) -> String {
    format!("[{}]", reviews.join(","))
}

/// Login, commit and whether it stands, for each approval.
fn read(json: &str) -> Vec<(String, u8, bool)> {
    let found = reviews(json).expect("a list of reviews").into_iter().map(|approval| {
        let stands = approval.withdrawn.is_none();
        let at = match &approval.counts_for {
            CountsFor::At(commit) => commit.as_bytes()[0],
            CountsFor::Only(_) => 0,
        };
        (approval.by.login.expect("a login"), at, stands)
    });
    found.collect()
}

#[test]
fn what_each_person_said_last_counts() {
    let said = |states: &[&str]| {
        let at = |(at, state): (usize, &&str)| {
            let at = u8::try_from(at + 1).expect("few reviews");
            review("ann", state, at, at)
        };
        read(&list(&states.iter().enumerate().map(at).collect::<Vec<_>>()))
    };
    let ann = |at, stands| vec![("ann".to_owned(), at, stands)];
    assert_eq!(said(&["APPROVED"]), ann(1, true));
    assert_eq!(said(&["APPROVED", "COMMENTED"]), ann(1, true));
    assert_eq!(said(&["APPROVED", "PENDING"]), ann(1, true));
    assert_eq!(said(&["APPROVED", "CHANGES_REQUESTED"]), ann(2, false));
    assert_eq!(said(&["CHANGES_REQUESTED", "APPROVED"]), ann(2, true));
    assert_eq!(said(&["APPROVED", "DISMISSED"]), ann(2, false));
    assert_eq!(said(&["CHANGES_REQUESTED"]), []);
    assert_eq!(said(&["COMMENTED"]), []);
    let late = list(&[review("Ann", "CHANGES_REQUESTED", 9, 2), review("ann", "APPROVED", 3, 1)]);
    assert!(!read(&late)[0].2, "the clock counts, not the order of the file");
}

#[test]
fn pages_come_in_several_forms() {
    let (one, two) =
        (list(&[review("ann", "APPROVED", 1, 1)]), list(&[review("bo", "APPROVED", 1, 1)]));
    for text in [
        format!("{one}{two}"),
        format!("{one}\n{two}\n"),
        format!("[{one},{two}]"),
        format!("\u{feff}{one}[]{two}"),
    ] {
        assert_eq!(read(&text).len(), 2, "{text}");
    }
    assert_eq!(read("[]"), []);
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let wrong = |text: &str| reviews(text).expect_err("an error").to_string();
    assert!(wrong("[\n  {\"state\": }\n]").starts_with("line 2, column 13: this is not JSON"));
    assert!(wrong("[][{]").starts_with("line 1, column 5: this is not JSON"));
    assert_eq!(wrong("[{\"user\": {}}]"), "review 1: it has no `state`");
    assert_eq!(wrong("[{\"state\": \"APPROVED\"}]"), "review 1: it has no `user.login`");
    assert_eq!(wrong("[[], [4]]"), "review 1: it is not an object");
    assert!(wrong("").contains("the file is empty"));
    assert!(wrong("{\"message\": \"Not Found\"}").contains("an error message of the forge"));
    assert!(reviews("[{\"state\": \"APPROVED\", \"user\": null}]").expect("a list").is_empty());
}

#[test]
fn a_review_without_a_commit_counts_for_nothing() {
    let text = r#"[{"state": "APPROVED", "user": {"login": "ann"}, "commit_id": null}]"#;
    let found = reviews(text).expect("a list");
    assert!(matches!(&found[0].counts_for, CountsFor::Only(none) if none.is_empty()));
}

proptest! {
    #[test]
    fn whatever_stands_in_a_file_is_no_panic(text in "[\\[\\]{},:\"a-z0-9 ]{0,40}") {
        let _ = reviews(&text);
    }
}
