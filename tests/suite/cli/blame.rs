//! Blame: the commit that last changed what each line means.

use super::{DAY, Run, T, history, model, opmodel};
use crate::repo::Repo;
use serde_json::Value;
use std::path::Path;

/// The commit of every line, by its text; lines without one are left out.
fn lines(run: &Run) -> Vec<(String, String)> {
    let line = |line: &str| {
        let (margin, text) = line.split_once(" | ")?;
        let mut words = margin.split_whitespace();
        let commit = words.next().filter(|_| words.next().is_some())?;
        Some((text.to_owned(), commit.to_owned()))
    };
    run.out.lines().filter_map(line).collect()
}

/// The commit of the line that starts with some words.
#[track_caller]
fn commit_of(folder: &Path, arguments: &[&str], words: &str) -> String {
    let mut all = vec!["blame"];
    all.extend(arguments);
    let run = opmodel(folder, &all).exits(0);
    let lines = lines(&run);
    let line = lines.iter().find(|(text, _)| text.starts_with(words));
    line.unwrap_or_else(|| panic!("no `{words}` in:\n{}", run.out)).1.clone()
}

/// A table of two rules, and where they stand in the file.
fn routing(rules: &[(&str, &str)]) -> String {
    let head = "[routing.inbound]\nobject = \"lead\"\ndefault = \"role.lead\"\n";
    let rule = |(id, when): &(&str, &str)| {
        format!(
            "\n# about {id}\n[[routing.inbound.rule]]\nid = \"{id}\"\nwhen = \"{when}\"\nto = \"role.lead\"\n"
        )
    };
    let rules: Vec<String> = rules.iter().map(rule).collect();
    head.to_owned() + &rules.concat()
}

const ONE: (&str, &str) = ("one", "created_at is set");
const TWO: (&str, &str) = ("two", "touched_at is set");

#[test]
fn every_line_has_the_commit_that_changed_its_meaning() {
    let repo = history();
    let first = repo.git(&["rev-parse", "--short=10", "HEAD~2"]);
    let second = repo.git(&["rev-parse", "--short=10", "HEAD~1"]);
    let run = opmodel(repo.path(), &["blame", "sla.touch"]).exits(0);
    assert_eq!(run.err, "");
    let expected = format!(
        "model/model.toml\n\
         {first} 2023-11-14 Ada Author 20 | [sla.touch]\n\
         {first} 2023-11-14 Ada Author 21 | owner = \"role.lead\"\n\
         {first} 2023-11-14 Ada Author 22 | object = \"lead\"\n\
         {first} 2023-11-14 Ada Author 23 | applies_to = \"created_at is set\"\n\
         {first} 2023-11-14 Ada Author 24 | starts = \"created_at\"\n\
         {first} 2023-11-14 Ada Author 25 | stops = \"touched_at\"\n\
         {second} 2023-11-15 Ada Author 26 | within = \"5 hours\"\n"
    );
    assert_eq!(run.out, expected);
    // Asked about an older revision, later commits do not count.
    let at = commit_of(repo.path(), &["sla.touch", "--at", "HEAD~2"], "within");
    assert_eq!(at, first);
    assert_eq!(commit_of(repo.path(), &["sla.touch", "--at", "2023-11-14"], "within"), first);
    let one = opmodel(repo.path(), &["blame", "sla.touch.within"]).exits(0);
    assert_eq!(lines(&one), [("within = \"5 hours\"".to_owned(), second)]);
}

#[test]
fn form_is_passed_over_and_shown_when_asked() {
    let repo = history();
    let text = model("5 hours").replace("within = \"5 hours\"", "within   = '5h' # soon");
    repo.write("model/model.toml", text.replace("5h", "5 hours"));
    let form = repo.commit("another layout", T + 3 * DAY);
    let meaning = repo.git(&["rev-parse", "--short=10", "HEAD~2"]);
    assert_eq!(commit_of(repo.path(), &["sla.touch"], "within"), meaning);
    let run = opmodel(repo.path(), &["blame", "-C", "sla.touch.within"]).exits(0);
    let line = run.out.lines().nth(1).unwrap();
    assert!(line.starts_with(&meaning) && line.contains(&form[..10]), "{line}");
    // In front of the command it is the folder, as in Git.
    let root = repo.path().to_str().unwrap();
    let outside = opmodel(repo.dir.path(), &["-C", root, "blame", "-C", "sla.touch.within"]);
    assert_eq!(outside.exits(0).out, run.out);
    let elsewhere = opmodel(repo.dir.path(), &["blame", "--directory", root, "sla.touch.within"]);
    elsewhere.exits(0).says(&meaning);
}

#[test]
fn a_rule_has_the_commit_that_moved_it() {
    let repo = history();
    repo.write("model/routing.toml", routing(&[ONE, TWO]));
    let added = repo.commit("routing", T + 3 * DAY);
    repo.write("model/routing.toml", routing(&[TWO, ONE]));
    let moved = repo.commit("the other way round", T + 4 * DAY);
    repo.write("model/routing.toml", routing(&[TWO, ("three", "touched_at is not set"), ONE]));
    let third = repo.commit("a rule between", T + 5 * DAY);
    let run = opmodel(repo.path(), &["blame", "routing.inbound"]).exits(0);
    let commits: Vec<String> = lines(&run)
        .into_iter()
        .filter(|(text, _)| text.starts_with("[[") || text.starts_with("id"))
        .map(|(_, commit)| commit)
        .collect();
    let [added, moved, third] = [added, moved, third].map(|id| id[..10].to_owned());
    // The header of the rule that moved, and only that.
    let headers = [&commits[0], &commits[4]];
    assert_eq!(headers.iter().filter(|id| ***id == moved).count(), 1, "{}", run.out);
    assert_eq!(headers.iter().filter(|id| ***id == added).count(), 1, "{}", run.out);
    assert_eq!([&commits[1], &commits[5]], [&added, &added], "{}", run.out);
    assert_eq!([&commits[2], &commits[3]], [&third, &third], "{}", run.out);
    let rule = opmodel(repo.path(), &["blame", "routing.inbound.rule.one"]).exits(0);
    rule.says("# about one").says("id = \"one\"").hides("two").hides("three");
}

#[test]
fn renames_and_moves_are_followed() {
    let repo = history();
    repo.write("model/routing.toml", routing(&[ONE, TWO]));
    let added = repo.commit("routing", T + 3 * DAY);
    let named = "[routing.leads]\nformerly = [\"inbound\"]";
    let text = routing(&[("first", ONE.1), TWO]).replace("[routing.inbound]", named);
    let text = text.replace("routing.inbound.rule", "routing.leads.rule");
    let text = text.replace("id = \"first\"", "id = \"first\"\nformerly = [\"one\"]");
    repo.remove("model/routing.toml");
    repo.write("model/elsewhere/leads.toml", text);
    let renamed = repo.commit("another name, another file", T + 4 * DAY);
    let run = opmodel(repo.path(), &["blame", "routing.leads"]).exits(0);
    for (text, commit) in lines(&run) {
        let expected = if text.starts_with("formerly") { &renamed } else { &added };
        assert_eq!(commit, expected[..10], "{text}");
    }
    opmodel(repo.path(), &["blame", "routing.inbound"]).exits(128).complains("there is no");
}

#[test]
fn what_is_not_committed_is_said() {
    let repo = history();
    let text = model("6 hours").replace("starts = ", "# why\nstarts = ");
    repo.write("model/model.toml", text + "\n[list.new]\nvalues = [\n  'x',\n]\n");
    let run = opmodel(repo.path(), &["blame", "sla.touch"]).exits(0);
    let pending: Vec<&str> =
        run.out.lines().filter(|line| line.contains("not committed yet")).collect();
    assert_eq!(pending.len(), 1, "{}", run.out);
    assert!(pending[0].ends_with("within = \"6 hours\""), "{}", run.out);
    run.says("| # why");
    let run = opmodel(repo.path(), &["blame", "list.*"]).exits(0);
    // The last lines of a value have no commit of their own.
    assert_eq!(run.out.matches("not committed yet").count(), 2, "{}", run.out);
    run.says("| ]");
    opmodel(repo.path(), &["blame", "list.new", "--at", "HEAD"]).exits(128);
    let json = opmodel(repo.path(), &["blame", "list.new", "--format", "json"]).exits(0).json();
    assert_eq!(json["parts"][0]["meaning"]["commit"], Value::Null);
    // Moved on disk, and nothing else.
    repo.git(&["checkout", "--quiet", "."]);
    repo.git(&["mv", "model/model.toml", "model/moved.toml"]);
    let run = opmodel(repo.path(), &["blame", "sla.touch"]).exits(0).hides("not committed");
    run.says("model/moved.toml");
}

#[test]
fn before_the_first_commit_nothing_is_committed() {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    let run = opmodel(repo.path(), &["blame", "sla.touch.within"]).exits(0);
    run.says("not committed yet");
    opmodel(repo.path(), &["blame", "--at", "HEAD"]).exits(128).complains("no commit yet");
    opmodel(repo.path(), &["blame", "sla.none"]).exits(128).complains("there is no `sla.none`");
}

/// A side branch that changes the promise, merged into a main line that went on.
fn merged(merge: &[&str]) -> (Repo, String) {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("model/model.toml", model("6 hours"));
    let side = repo.commit("more time", T + 3 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("model/side.toml", "[list.side]\nvalues = ['x']\n");
    repo.commit("a list", T + 4 * DAY);
    repo.git_at(T + 5 * DAY, merge);
    (repo, side[..10].to_owned())
}

#[test]
fn a_merge_is_passed_by_to_who_wrote_it() {
    let (repo, side) = merged(&["merge", "--quiet", "--no-ff", "-m", "merge side", "side"]);
    let merge = repo.git(&["rev-parse", "--short=10", "HEAD"]);
    assert_eq!(commit_of(repo.path(), &["sla.touch"], "within"), side);
    assert_eq!(commit_of(repo.path(), &["sla.touch", "--first-parent"], "within"), merge);
    let all = commit_of(repo.path(), &[], "within");
    assert_eq!(all, side);
}

#[test]
fn what_a_merge_changes_by_itself_is_its_own() {
    let (repo, side) = merged(&["merge", "--quiet", "--no-ff", "--no-commit", "side"]);
    let text = model("9 hours").replace("[sla.touch]", "[sla.touch]\ntarget = \"90%\"");
    repo.write("model/model.toml", text);
    let evil = repo.commit("an evil merge", T + 6 * DAY);
    let [within, target, starts] =
        ["within", "target", "starts"].map(|word| commit_of(repo.path(), &["sla.touch"], word));
    assert_eq!((&within, &target), (&evil[..10].to_owned(), &evil[..10].to_owned()));
    assert!(starts != evil[..10] && starts != side);
}

#[test]
fn both_sides_of_a_merge_are_asked_line_by_line() {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("model/model.toml", model("6 hours"));
    let side = repo.commit("more time", T + 3 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    let text = model("5 hours").replace("created_at is set", "touched_at is set");
    repo.write("model/model.toml", &text);
    let main = repo.commit("another promise", T + 4 * DAY);
    repo.try_git(&["merge", "--quiet", "--no-commit", "side"]);
    repo.write("model/model.toml", text.replace("5 hours", "6 hours"));
    repo.commit("both", T + 5 * DAY);
    assert_eq!(commit_of(repo.path(), &["sla.touch"], "within"), side[..10]);
    assert_eq!(commit_of(repo.path(), &["sla.touch"], "applies_to"), main[..10]);
}

#[test]
fn an_unreadable_stretch_is_stepped_over_and_said() {
    let repo = history();
    repo.write("model/model.toml", "[sla.touch\nwithin = ");
    let broken = repo.commit("broken", T + 3 * DAY);
    repo.write("model/model.toml", "still [ broken");
    let still = repo.commit("broken again", T + 4 * DAY);
    // What cannot be read cannot be asked about.
    let run = opmodel(repo.path(), &["blame", "sla.touch"]);
    assert_eq!(run.code, 128, "{}\n{}", run.out, run.err);
    opmodel(repo.path(), &["blame"]).exits(0).complains("cannot be read as of the work tree");
    repo.write("model/model.toml", model("9 hours"));
    let mended = repo.commit("mended", T + 5 * DAY);
    let first = repo.git(&["rev-parse", "--short=10", "HEAD~5"]);
    let run = opmodel(repo.path(), &["blame", "sla.touch"]).exits(0);
    run.says(&format!("?{} 2023-11-19 Ada Author 25 | within", &mended[..10]))
        .says(&format!(" {first} 2023-11-14 Ada Author 24 | stops"))
        .complains(&format!("from {} to {}", &broken[..10], &still[..10]));
    let json = opmodel(repo.path(), &["blame", "sla.touch.within", "--format", "json"]).json();
    assert_eq!(json["parts"][0]["meaning"]["unreadable"]["from"], broken);
    repo.write("model/model.toml", model("9 hours") + "\n[list.x\n");
    let run = opmodel(repo.path(), &["blame", "sla.touch"]).exits(128);
    run.complains("cannot be read as of the work tree").complains(&mended[..10]);
}

#[test]
fn a_shallow_clone_says_where_it_ends() {
    let repo = history();
    repo.write("model/model.toml", model("8 hours"));
    let last = repo.commit("much more", T + 3 * DAY);
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, shallow.to_str().unwrap()]);
    let boundary = repo.git(&["rev-parse", "--short=10", "HEAD~1"]);
    let run = opmodel(&shallow, &["blame", "sla.touch"]).exits(0);
    run.says(&format!("^{boundary} 2023-11-16 Ada Author 23 | starts"))
        .says(&format!(" {} 2023-11-17 Ada Author 25 | within", &last[..10]))
        .complains("git fetch --unshallow");
}

#[test]
fn a_bare_repository_is_asked_about_its_head() {
    let repo = history();
    let bare = repo.beside("bare.git");
    let path = bare.to_str().unwrap();
    repo.git(&["clone", "--quiet", "--bare", ".", path]);
    let here = opmodel(repo.path(), &["blame"]).exits(0).out;
    assert_eq!(opmodel(&bare, &["blame"]).exits(0).out, here);
}

#[test]
fn mistakes_are_answered() {
    let repo = history();
    let blame = |arguments: &[&str]| {
        let mut all = vec!["blame"];
        all.extend(arguments);
        opmodel(repo.path(), &all)
    };
    blame(&["sla.tuch"]).exits(128).complains("did you mean `sla.touch`?");
    blame(&["sla.touch.withn"]).exits(128).complains("did you mean `sla.touch.within`?");
    blame(&["sla.t*"]).exits(2).complains("stands for a whole step");
    blame(&["sla.touch", "--at", "HEAD~1..HEAD"]).exits(2).complains("is a range");
    blame(&["sla.touch", "--at", "2020-01-01"]).exits(128).complains("the history begins after");
    let nowhere = tempfile::tempdir().unwrap();
    opmodel(nowhere.path(), &["blame"]).exits(128).complains("not inside a Git repository");
}

#[test]
fn clocks_that_went_wrong_do_not_matter() {
    let repo = history();
    repo.write("model/model.toml", model("6 hours"));
    let late = repo.commit("dated before its parents", T - 100 * DAY);
    repo.write("model/side.toml", "[list.side]\nvalues = ['x']\n");
    repo.commit("a list", T + 4 * DAY);
    assert_eq!(commit_of(repo.path(), &["sla.touch"], "within"), late[..10]);
    assert_eq!(commit_of(repo.path(), &[], "within"), late[..10]);
}

#[test]
fn a_merge_that_undoes_what_one_side_changed_is_to_blame() {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "side", "main"]);
    repo.write("model/model.toml", model("9 hours"));
    repo.commit("slower", T + 8 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-s", "ours", "-m", "not slower", "side"]);
    let merge = repo.git(&["rev-parse", "--short=10", "HEAD"]);
    assert_eq!(commit_of(repo.path(), &["sla.touch"], "within"), merge);
    assert_ne!(commit_of(repo.path(), &["sla.touch", "--first-parent"], "within"), merge);
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_no_text_has_a_history() {
    use std::os::unix::ffi::OsStrExt;
    let repo = history();
    let name = std::ffi::OsStr::from_bytes(b"n\xffx.toml");
    std::fs::write(repo.path().join("model").join(name), "[list.odd]\nvalues = [\"x\"]\n").unwrap();
    repo.commit("adds the list", T + 9 * DAY);
    let blamed = opmodel(repo.path(), &["blame", "list.odd", "--format", "json"]).exits(0);
    let head = repo.git(&["rev-parse", "HEAD"]);
    blamed.says(&head).hides(&repo.git(&["rev-list", "--max-parents=0", "HEAD"]));
}
