//! The trail: merges, unreadable revisions, renames.

use super::{DAY, T, history, model, opmodel};
use crate::repo::Repo;

/// Two branches that change two things, merged by `main`.
fn merged(merge: &[&str]) -> Repo {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("model/side.toml", "[list.side]\nvalues = ['x']\n");
    repo.commit("a list", T + 3 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("model/model.toml", model("6 hours"));
    repo.commit("even more time", T + 4 * DAY);
    repo.git_at(T + 5 * DAY, merge);
    repo
}

#[test]
fn a_merge_that_only_brings_together_is_silent() {
    let repo = merged(&["merge", "--quiet", "--no-ff", "-m", "merge side", "side"]);
    opmodel(repo.path(), &["log", "--full"])
        .exits(0)
        .hides("merge side")
        .says("a list")
        .says("even more time");
    opmodel(repo.path(), &["log", "--full", "--first-parent"])
        .exits(0)
        .says("merge side")
        .says("list.side")
        .hides("a list");
}

#[test]
fn what_a_merge_changes_by_itself_is_shown() {
    let repo = merged(&["merge", "--quiet", "--no-ff", "--no-commit", "side"]);
    repo.write("model/evil.toml", "[list.evil]\nvalues = ['x']\n");
    repo.commit("an evil merge", T + 6 * DAY);
    let log = opmodel(repo.path(), &["log", "--full", "-n", "1"]).exits(0);
    log.says("an evil merge").says("list.evil").hides("list.side");
}

#[test]
fn an_octopus_is_a_merge_too() {
    let repo = history();
    for name in ["one", "two", "three"] {
        repo.git(&["checkout", "--quiet", "-b", name, "main"]);
        repo.write(&format!("model/{name}.toml"), format!("[list.{name}]\nvalues = ['x']\n"));
        repo.commit(&format!("list {name}"), T + 3 * DAY);
    }
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at(T + 4 * DAY, &["merge", "--quiet", "-m", "octopus", "one", "two", "three"]);
    let parents = repo.git(&["log", "-n", "1", "--format=%P"]);
    assert_eq!(parents.split(' ').count(), 3);
    let log = opmodel(repo.path(), &["log", "--full"]).exits(0).hides("octopus");
    log.says("list.one").says("list.two").says("list.three");
}

#[test]
fn what_cannot_be_read_is_an_entry_and_the_walk_goes_on() {
    let repo = history();
    repo.write("model/model.toml", "[sla.touch\nwithin = ");
    repo.commit("broken", T + 3 * DAY);
    repo.write("model/model.toml", "still [ broken");
    repo.commit("broken again", T + 4 * DAY);
    repo.write("model/model.toml", model("9 hours"));
    repo.commit("mended", T + 5 * DAY);
    let log = opmodel(repo.path(), &["log", "--full"]).exits(0);
    let log = log.says("broken again").says("unreadable").says("model/model.toml: line 1");
    // Compared with the last version that could be read, not with nothing.
    let log = log.says("readable again").says("5 hours → 9 hours").hides("means the same");
    log.says("the model").says("more time");
    let rows = opmodel(repo.path(), &["log", "--format", "json"]).exits(0).out;
    let rows: Vec<serde_json::Value> =
        rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let unreadable = rows.iter().filter(|row| !row["unreadable"].is_null()).count();
    assert_eq!(unreadable, 2);
    let kinds: Vec<_> = rows.iter().filter_map(|row| row["change"]["kind"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "sla-loosened").count(), 2);
    let broken = opmodel(repo.path(), &["diff", "HEAD~2", "HEAD", "--exit-code"]).exits(1);
    broken.says("not readable in the base").hides("means the same");
    opmodel(repo.path(), &["diff", "HEAD~3", "HEAD"]).exits(0).says("9 hours");
}

#[test]
fn files_move_without_a_change() {
    let repo = history();
    repo.git(&["mv", "model/model.toml", "model/elsewhere.toml"]);
    repo.commit("moved", T + 3 * DAY);
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--exit-code"]).exits(0);
    let log =
        opmodel(repo.path(), &["log", "--full", "sla.touch", "--impact", "loosening"]).exits(0);
    log.says("more time");
    let changed = repo.git(&["rev-parse", "--short=10", "HEAD~2"]);
    opmodel(repo.path(), &["show", "sla.touch"]).exits(0).says(&changed);
}

#[test]
fn renames_are_followed_where_they_are_declared() {
    let repo = history();
    let text = model("5 hours").replace("[sla.touch]", "[sla.first]\nformerly = ['touch']");
    repo.write("model/model.toml", text);
    repo.commit("renamed", T + 3 * DAY);
    let diff = opmodel(repo.path(), &["diff", "HEAD~1", "HEAD"]).exits(0);
    diff.says("sla.touch").says("sla.first").hides("is gone");
    opmodel(repo.path(), &["diff", "HEAD", "HEAD~1"]).exits(0).hides("is gone");
}

#[test]
fn an_id_with_dots_is_one_step_of_an_address() {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", T);
    let odd = "[segment.'a/b..c']\nobject = 'lead'\nwhen = 'touched_at is set'\n\
        [segment.'p.q']\nobject = 'lead'\nwhen = 'created_at is set'\n";
    repo.write("model/odd.toml", odd);
    repo.commit("odd", T + DAY);
    let run = opmodel(repo.path(), &["log", "--expand", "-n", "1"]).exits(0);
    run.says("segment.a/b··c").says("segment.p·q");
    let run = opmodel(repo.path(), &["diff", "HEAD~1", "HEAD"]).exits(0);
    run.says("segment `a/b··c` is new").says("segment `p·q` is new");
    let run = opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--stat"]).exits(0);
    run.says("segment.a/b··c  1 additive\nsegment.p·q     1 additive");
    opmodel(repo.path(), &["drift", "--since", "2023-01-01"]).exits(0).says("2 new or gone");
    opmodel(repo.path(), &["show", "segment.p·q"]).exits(0).says("created_at is set");
}

#[test]
fn the_log_can_be_narrowed() {
    let repo = history();
    let subjects = |arguments: &[&str]| {
        let mut all = vec!["log", "--format", "json"];
        all.extend(arguments);
        let out = opmodel(repo.path(), &all).exits(0).out;
        let mut subjects: Vec<String> = out
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|row| row["subject"].as_str().unwrap_or_default().to_owned())
            .collect();
        subjects.dedup();
        subjects
    };
    assert_eq!(subjects(&[]), ["a comment", "more time", "the model"]);
    assert_eq!(subjects(&["--kind", "sla-*"]), ["more time", "the model"]);
    assert_eq!(subjects(&["--impact", "loosening"]), ["more time"]);
    assert_eq!(subjects(&["--impact", "cosmetic"]), ["a comment"]);
    assert_eq!(subjects(&["--until", "2023-11-14"]), ["the model"]);
    assert_eq!(subjects(&["--since", "2023-11-16"]), ["a comment"]);
    assert_eq!(subjects(&["HEAD~2..HEAD~1"]), ["more time"]);
    assert_eq!(subjects(&["sla.touch.within"]), ["more time", "the model"]);
    assert_eq!(subjects(&["-n", "1"]), ["a comment"]);
    assert_eq!(subjects(&["--author", "ADA@"]), ["a comment", "more time", "the model"]);
    assert_eq!(subjects(&["--author", "nobody"]), [""; 0]);
    opmodel(repo.path(), &["log", "--author", "nobody"]).exits(0).complains("no commit");
}
