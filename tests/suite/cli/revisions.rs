//! Revisions and addresses as Git's users write them.

use super::{DAY, T, history, model, opmodel};
use crate::repo::Repo;

#[test]
fn ranges_mean_what_git_means() {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "side", "HEAD~2"]);
    repo.write("model/side.toml", "[list.side]\nvalues = ['x']\n");
    repo.commit("a list", T + 3 * DAY);
    let names = |arguments: &[&str]| {
        let mut all = vec!["diff", "--name-only"];
        all.extend(arguments);
        opmodel(repo.path(), &all).exits(0).out
    };
    assert_eq!(names(&["main", "side"]), names(&["main..side"]));
    assert_eq!(names(&["main...side"]), "list.side\n");
    assert_eq!(names(&["main..."]), "list.side\n");
    assert!(names(&["main..side"]).contains("sla.touch"));
    assert_eq!(names(&["main~2..main", "list.*"]), "");
    assert!(names(&["main~2..main", "sla.touch"]).contains("sla.touch"));
    assert!(names(&["main~2..main", "--", "sla.*"]).contains("sla.touch"));
}

#[test]
fn tags_and_abbreviations_name_commits() {
    let repo = history();
    repo.git(&["tag", "v1", "HEAD~2"]);
    repo.git_at(T, &["tag", "-a", "-m", "two", "v2", "HEAD~1"]);
    let short = repo.git(&["rev-parse", "--short", "HEAD~1"]);
    for (from, to) in [("v1", "v2"), ("v1", short.as_str()), ("HEAD~2", "v2^{commit}")] {
        opmodel(repo.path(), &["diff", from, to, "--exit-code"]).exits(1).says("sla.touch");
    }
    opmodel(repo.path(), &["diff", "v2", &short, "--exit-code"]).exits(0);
    let tree = opmodel(repo.path(), &["diff", "HEAD~2", "HEAD:model/model.toml"]);
    tree.exits(128).complains("not a commit");
}

#[test]
fn what_is_a_revision_and_an_address_is_asked_back() {
    let repo = history();
    repo.git(&["tag", "sla.touch", "HEAD~2"]);
    for verb in ["log", "diff", "drift"] {
        opmodel(repo.path(), &[verb, "sla.touch"])
            .exits(2)
            .complains("`sla.touch` is a revision, and could be an address")
            .complains("refs/tags/sla.touch");
    }
    opmodel(repo.path(), &["log", "--", "sla.touch"]).exits(0).says("sla.touch");
    opmodel(repo.path(), &["diff", "refs/tags/sla.touch", "HEAD"]).exits(0).says("sla.touch");
}

#[test]
fn a_folder_without_a_model_is_no_model_without_changes() {
    let repo = history();
    opmodel(repo.path(), &["diff", "--model", "nope", "HEAD~1", "HEAD", "--exit-code"])
        .exits(128)
        .complains("there is no model in `nope`");
    opmodel(repo.path(), &["log", "--model", "nope"])
        .exits(128)
        .complains("there is no model in `nope` as of `HEAD`");
    opmodel(repo.path(), &["diff", "HEAD", "HEAD", "--exit-code"]).exits(0);
    opmodel(repo.path(), &["log", "HEAD..HEAD"]).exits(0);
}

#[test]
fn what_nobody_knows_is_said_with_what_is_near() {
    let repo = history();
    repo.git(&["branch", "proposal"]);
    opmodel(repo.path(), &["diff", "propsal"])
        .exits(128)
        .complains("there is no revision `propsal`")
        .complains("did you mean `proposal`?");
    opmodel(repo.path(), &["log", "nothing-like-it"]).exits(128).complains("git branch --all");
    opmodel(repo.path(), &["show", "sla.tuch"]).exits(128).complains("did you mean `sla.touch`?");
    opmodel(repo.path(), &["explain", "sla-losened"]).exits(2).complains("did you mean");
    opmodel(repo.path(), &["schema", "outptu-diff"]).exits(2).complains("did you mean");
}

#[test]
fn wrong_usage_exits_with_two() {
    let repo = history();
    for arguments in [
        &["frobnicate"][..],
        &["diff", "--format", "yaml"],
        &["diff", "--stat", "--format", "json"],
        &["diff", "HEAD", "HEAD", "HEAD"],
        &["diff", "HEAD..HEAD", "--staged"],
        &["diff", "--staged", "HEAD", "HEAD"],
        &["impact", "HEAD", "HEAD", "--staged", "--records", "x.csv"],
        &["log", "--since", "yesterday"],
        &["log", "--since", "2026-06-30T20:00:00Z"],
        &["log", "--impact", "cosmic"],
        &["check", "--as-of", "31.12.2026"],
        &["blame", "model/model.toml"],
        &["check", "HEAD~1..HEAD"],
        &["explain", "no-such-thing-at-all"],
        &["schema", "zzz"],
    ] {
        let run = opmodel(repo.path(), arguments).exits(2);
        assert!(!run.err.is_empty() && run.out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn numbers_are_asked_for_in_words() {
    let repo = history();
    for (arguments, words) in [
        (&["check", "--budget", "abc"][..], "write a whole number"),
        (&["check", "--budget", "-1"], "write a whole number"),
        (&["diff", "--budget", "1.5"], "write a whole number"),
        (&["log", "-n", "-1"], "write a whole number"),
        (&["drift", "--days", "x"], "write a whole number"),
        (&["check", "--budget", "99999999999999999999"], "this number is too large"),
        (&["evaluate", "x.csv", "--threads", "0"], "write a whole number from 1 to 64"),
        (&["evaluate", "x.csv", "--threads", "two"], "write a whole number from 1 to 64"),
    ] {
        opmodel(repo.path(), arguments).exits(2).complains(words);
    }
}

#[test]
fn what_is_not_staged_yet_is_not_missing() {
    let repo = Repo::new();
    repo.write("model/model.toml", model("6 hours"));
    let run = opmodel(repo.path(), &["check", "--staged"]).exits(2);
    run.complains("nothing of `model` is staged").complains("`git add model`");
    // Nor is a branch to compare with what is missing where nothing is committed.
    opmodel(repo.path(), &["review"]).exits(128).complains("has no commit yet");
    repo.git(&["add", "."]);
    opmodel(repo.path(), &["check", "--staged"]).exits(0);
}

#[test]
fn what_cannot_be_read_is_said_before_what_is_missing_for_it() {
    let repo = history();
    repo.write("model/z.toml", b"\xff[role.other]\n");
    repo.write("model/model.toml", model("5 hours").replace("role.lead\"", "role.other\""));
    let run = opmodel(repo.path(), &["check"]).exits(1);
    let place = |words: &str| run.out.find(words).unwrap_or_else(|| panic!("{words}: {}", run.out));
    assert!(place("model/z.toml") < place("there is no `role.other`"), "{}", run.out);
}

#[test]
fn what_is_staged_is_what_would_be_committed() {
    let repo = history();
    repo.write("model/model.toml", model("6 hours"));
    opmodel(repo.path(), &["diff", "--staged", "--exit-code"]).exits(0);
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(1);
    repo.git(&["add", "."]);
    repo.write("model/model.toml", model("7 hours"));
    opmodel(repo.path(), &["diff", "--staged"]).exits(0).says("6 hours").hides("7 hours");
    opmodel(repo.path(), &["check", "--staged"]).exits(0).says("index:model");
    repo.write("model/new.toml", "[list.new]\nvalues = ['x']\n");
    repo.git(&["add", "--intent-to-add", "model/new.toml"]);
    opmodel(repo.path(), &["diff", "--staged", "--name-only"]).exits(0).hides("list.new");
    opmodel(repo.path(), &["diff", "--name-only"]).exits(0).says("list.new");
}

#[test]
fn a_conflict_is_told_and_the_rest_is_compared() {
    let repo = history();
    repo.write("model/other.toml", "[list.a]\nvalues = ['x']\n");
    repo.commit("a list", T + 3 * DAY);
    repo.git(&["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    repo.write("model/model.toml", model("8 hours"));
    repo.commit("eight", T + 4 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("model/model.toml", model("9 hours"));
    repo.write("model/other.toml", "[list.a]\nvalues = ['x', 'y']\n");
    repo.commit("nine", T + 5 * DAY);
    assert!(!repo.try_git(&["merge", "--quiet", "side"]), "the merge conflicts");
    repo.write("model/third.toml", "[list.b]\nvalues = ['x']\n");
    repo.git(&["add", "model/third.toml"]);
    let staged = opmodel(repo.path(), &["diff", "--staged", "--exit-code"]).exits(1);
    staged.says("conflict").says("list.b");
    let work = opmodel(repo.path(), &["diff", "--exit-code"]).exits(1);
    work.says("merge conflict").says("list.b");
    opmodel(repo.path(), &["check"]).exits(1).says("conflict-markers").says("<<<<<<<");
    opmodel(repo.path(), &["check", "--staged"]).exits(1).says("conflict");
}

#[test]
fn dates_name_the_end_of_a_day() {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", 1_767_225_600);
    repo.write("model/model.toml", model("5 hours"));
    repo.commit("more time", 1_767_225_600 + 40 * DAY);
    let at = |date: &str| opmodel(repo.path(), &["show", "sla.touch", "--at", date]);
    at("2026-01-01").exits(0).says("4 hours");
    at("2026-03-01").exits(0).says("5 hours").says("2026-02-10");
    at("2025-12-31").exits(128).complains("the history begins after 2025-12-31");
    at("2026-02-30").exits(2).complains("is not a date");
}

#[test]
fn several_common_ancestors_are_said() {
    let repo = history();
    let main = repo.git(&["branch", "--show-current"]);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("model/side.toml", "[list.side]\nvalues = ['x']\n");
    repo.commit("side", T + 3 * DAY);
    repo.git(&["checkout", "--quiet", &main]);
    repo.write("model/main.toml", "[list.main]\nvalues = ['x']\n");
    repo.commit("main", T + 4 * DAY);
    repo.git(&["branch", "then"]);
    repo.git(&["merge", "--quiet", "--no-edit", "side"]);
    repo.git(&["checkout", "--quiet", "side"]);
    repo.git(&["merge", "--quiet", "--no-edit", "then"]);
    repo.write("model/side.toml", "[list.side]\nvalues = ['x', 'y']\n");
    repo.commit("longer", T + 5 * DAY);
    let range = format!("{main}...side");
    opmodel(repo.path(), &["diff", &range]).complains("has 2 nearest common ancestors");
    opmodel(repo.path(), &["review", &main]).complains("have 2 nearest common ancestors");
    repo.git(&["merge", "--quiet", "--no-edit", &main]);
    assert!(!opmodel(repo.path(), &["review", &main]).err.contains("nearest common"));
}
