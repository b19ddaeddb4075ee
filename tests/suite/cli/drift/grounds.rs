//! What approvals rest on: when they were given, whose names they bear, and what an id stood for.

use super::*;

/// An entry of the ledger for a change, given by Una on a day.
fn ledger(fingerprint: &Json, on: &str) -> String {
    format!(
        "[[approval]]\nfingerprint = {fingerprint}\nrole = \"role.cro\"\nby = \"Una Quill <una@example.com>\"\non = {on}\n"
    )
}

#[test]
fn an_approval_that_is_older_than_the_change_is_told() {
    let repo = adopted();
    let first = change(&repo, 1, SOFTER, "Softer (#7)");
    let fingerprint = entry(&report(&repo, &[]), &first, SIZE)["fingerprint"].clone();
    change(&repo, 30, BACK, "Back (#8)");
    // The entry of then, copied for the same change once more.
    repo.write("approvals/copied.toml", ledger(&fingerprint, "2026-01-06"));
    let again = change(&repo, 60, SOFTER, "Softer once more (#9)");
    let told = report(&repo, &[]);
    let found = entry(&told, &again, SIZE);
    assert_eq!(found["standing"], "approved");
    assert_eq!(flags(found), ["approved-earlier"]);
    assert_eq!(told["summary"]["approved_earlier"], 1);
    drift(&repo, &[]).exits(0).says("approved before it was written").says("older than the change");
    // One of its own day says nothing.
    change(&repo, 90, BACK, "Back (#10)");
    repo.write("approvals/own.toml", ledger(&fingerprint, "2026-05-05"));
    let third = change(&repo, 120, SOFTER, "Softer a third time (#11)");
    let told = report(&repo, &[]);
    assert_eq!(flags(entry(&told, &third, SIZE)), [""; 0]);
}

#[test]
fn an_approval_that_was_copied_with_its_commit_is_told() {
    let repo = adopted();
    let copied = "(cherry picked from commit 1234567890123456789012345678901234567890)";
    let picked = change(&repo, 1, SOFTER, &format!("Softer (#7)\n\n{BY_UNA}\n{copied}"));
    let told = report(&repo, &[]);
    let found = entry(&told, &picked, SIZE);
    assert_eq!(found["standing"], "approved");
    assert_eq!(flags(found), ["approved-earlier"]);
}

#[test]
fn an_approval_above_co_authors_counts() {
    let repo = adopted();
    let co_author = "Co-authored-by: Ben Ash <ben@example.com>";
    let message = format!("Softer (#7)\n\n{BY_UNA}\n\n{co_author}");
    let squashed = change(&repo, 1, SOFTER, &message);
    assert_eq!(entry(&report(&repo, &[]), &squashed, SIZE)["standing"], "approved");
}

#[test]
fn commits_that_change_what_approvals_are_judged_by_are_counted() {
    let repo = adopted();
    repo.write(".mailmap", "Una Quill <una@example.com> <u.quill@example.com>\n");
    let names = repo.commit("an address of Una", START + DAY);
    repo.write("approvals/note.toml", "# nothing yet\n");
    let approvals = repo.commit("a ledger", START + 2 * DAY);
    repo.write("README.md", "words");
    repo.commit("words", START + 3 * DAY);
    let told = report(&repo, &[]);
    let totals = &told["population"]["totals"];
    assert_eq!((&totals["touching_names"], &totals["touching_approvals"]), (&1.into(), &1.into()));
    let touches = |commit: &str| {
        let rows = told["population"]["rows"].as_array().unwrap();
        rows.iter().find(|row| row["commit"] == commit).unwrap()["touches"].clone()
    };
    assert_eq!(touches(&names), serde_json::json!(["names"]));
    assert_eq!(touches(&approvals), serde_json::json!(["approvals"]));
    drift(&repo, &[])
        .exits(0)
        .says("2 commits change what approvals are judged by")
        .says("an address of Una")
        .says("a ledger");
}

const OTHER: &str = "[definition.mql]\nobject = \"lead\"\ncriteria.place = \"country = 'NL'\"\n";

#[test]
fn an_id_that_stands_for_something_else_later_is_told() {
    let repo = adopted();
    repo.write(
        "model/more.toml",
        "[definition.sql]\nobject = \"lead\"\ncriteria.x = \"score > 9\"\n",
    );
    repo.commit("another", START + DAY);
    repo.remove("model/more.toml");
    let freed = repo.commit("gone", START + 2 * DAY);
    repo.write("model/more.toml", OTHER.replace("mql", "sql"));
    let used = repo.commit("something else", START + 3 * DAY);
    repo.remove("model/more.toml");
    let gone = repo.commit("gone again", START + 4 * DAY);
    repo.write("model/more.toml", OTHER.replace("mql", "sql"));
    let back = repo.commit("back as it was", START + 5 * DAY);
    let told = report(&repo, &[]);
    let came = entry(&told, &used, "definition.sql");
    assert_eq!(came["id_freed_by"], Json::from(freed.as_str()));
    assert!(flags(came).contains(&"id-reused"), "{came:#}");
    // What comes back as it was is no other thing.
    assert!(!flags(entry(&told, &back, "definition.sql")).contains(&"id-reused"));
    drift(&repo, &[]).exits(0).says("id used again for something else").says("stood for something");
    let log = opmodel(repo.path(), &["log", "--format", "json"]).exits(0).out;
    let rows: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let freed_row = |commit: &str| {
        let found = rows
            .iter()
            .find(|row| row["commit"] == commit && row["change"]["address"] == "definition.sql");
        found.unwrap()["id_reused_in"].clone()
    };
    assert_eq!(freed_row(&freed), Json::from(used));
    assert_eq!(freed_row(&gone), Json::Null);
    opmodel(repo.path(), &["log"]).exits(0).says("the id stands for something else since");
    opmodel(repo.path(), &["log", "--full"]).exits(0).says("id reused");
}

#[test]
fn what_is_declared_twice_is_said_once() {
    let repo = adopted();
    repo.write("model/other.toml", OTHER);
    repo.commit("declared again", START + DAY);
    let words = "`definition.mql` is declared twice: what `model/all.toml` says is followed, and `model/other.toml` is passed over";
    for arguments in [&["log"][..], &["log", "definition.mql"], &["blame", "definition.mql"]] {
        let run = opmodel(repo.path(), arguments).exits(0).complains(words);
        assert_eq!(run.err.matches("declared twice").count(), 1, "{}", run.err);
    }
    let run = opmodel(repo.path(), &["log", "queue.*"]).exits(0);
    assert!(!run.err.contains("declared twice"), "{}", run.err);
}

#[test]
fn the_last_day_there_is_is_the_day_that_was_named() {
    let repo = adopted();
    let named = ["drift", "--until", "9999-12-31"];
    opmodel(repo.path(), &named).exits(0).says("to 9999-12-31").hides("9999-12-30");
    opmodel(repo.path(), &["audit", "--until", "9999-12-31"]).exits(0).hides("9999-12-30");
}
