//! Where a model is looked for, and what a repository can be.

use super::{DAY, T, command, history, model, opmodel, ran};
use crate::repo::Repo;
use std::fs;

#[test]
fn without_a_repository_files_are_checked_and_history_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("model")).unwrap();
    fs::write(folder.path().join("model/a.toml"), model("4 hours")).unwrap();
    opmodel(folder.path(), &["check"]).exits(0).says("the model is valid");
    opmodel(folder.path(), &["show", "sla.touch"]).exits(0).says("4 hours");
    for verb in ["diff", "log"] {
        opmodel(folder.path(), &[verb])
            .exits(128)
            .complains("is not inside a Git repository")
            .complains("help:");
    }
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repo = Repo::new();
    repo.write("model/a.toml", model("4 hours"));
    opmodel(repo.path(), &["check"]).exits(0);
    opmodel(repo.path(), &["diff", "--name-only"]).exits(0).says("sla.touch");
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(1);
    opmodel(repo.path(), &["diff", "--staged", "--exit-code"]).exits(0);
    repo.git(&["add", "."]);
    opmodel(repo.path(), &["diff", "--staged", "--name-only"]).exits(0).says("sla.touch");
    opmodel(repo.path(), &["show", "sla.touch"]).exits(0);
    opmodel(repo.path(), &["log"]).exits(128).complains("branch `main` has no commit yet");
    opmodel(repo.path(), &["diff", "HEAD"]).exits(128).complains("has no commit yet");
}

#[test]
fn a_bare_repository_has_revisions_and_no_work_tree() {
    let repo = history();
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    opmodel(&bare, &["log", "--full"]).exits(0).says("more time");
    opmodel(&bare, &["diff", "HEAD~2", "HEAD"]).exits(0).says("sla.touch");
    opmodel(&bare, &["check", "HEAD"]).exits(0).says("the model is valid");
    opmodel(&bare, &["show", "sla.touch", "--at", "HEAD~2"]).exits(0).says("4 hours");
    opmodel(&bare, &["diff"]).exits(128).complains("bare").complains("HEAD");
    opmodel(&bare, &["check"]).exits(128).complains("bare").complains("HEAD");
}

/// While the hooks of a server judge a push, its objects are not in the repository yet.
#[test]
fn a_push_is_judged_before_it_is_taken() {
    let repo = history();
    let (server, pushed) =
        (repo.beside(if cfg!(windows) { "a;b.git" } else { "a:b.git" }), repo.beside("pushed"));
    repo.git(&["clone", "--quiet", "--bare", ".", &server.to_string_lossy()]);
    repo.git(&["clone", "--quiet", ".", &pushed.to_string_lossy()]);
    fs::write(pushed.join("model/model.toml"), model("7 hours")).unwrap();
    repo.git_in(&pushed, &["commit", "--quiet", "--all", "--message", "even more time"]);
    let tip = repo.git_in(&pushed, &["rev-parse", "HEAD"]);
    let objects = server.join("objects");
    let new = objects.join("tmp_objdir-incoming");
    let names = repo.git_in(&pushed, &["rev-list", "--objects", "HEAD", "^origin/main"]);
    for name in names.lines().filter_map(|line| line.split(' ').next()) {
        let (folder, file) = name.split_at(2);
        fs::create_dir_all(new.join(folder)).unwrap();
        let from = pushed.join(".git/objects").join(folder).join(file);
        fs::copy(from, new.join(folder).join(file)).unwrap();
    }
    let judged = |arguments: &[&str]| {
        ran(command(&server, arguments)
            .env("GIT_DIR", ".")
            .env("GIT_NAMESPACE", "somebody")
            .env("GIT_OBJECT_DIRECTORY", &new)
            // As Git writes a folder whose name has what parts folders in a list.
            .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", format!("{objects:?}")))
    };
    judged(&["check", &tip]).exits(0).says("the model is valid");
    judged(&["diff", "main", &tip]).exits(0).says("+ 7 hours");
    judged(&["log", &tip[..12]]).exits(0).says("5 hours → 7 hours").says("4 hours → 5 hours");
    opmodel(&server, &["check", &tip]).exits(128).complains("there is no revision");
}

#[test]
fn what_the_environment_names_and_is_not_there_is_said() {
    let repo = history();
    for (name, complaint) in [
        ("GIT_DIR", "`GIT_DIR` is set in the environment, and `nowhere` is not a Git repository"),
        ("GIT_OBJECT_DIRECTORY", "and `nowhere` is not a folder"),
    ] {
        ran(command(repo.path(), &["check"]).env(name, "nowhere"))
            .exits(128)
            .complains(complaint)
            .complains(&format!("help: `unset {name}`"));
    }
}

#[test]
fn a_linked_work_tree_is_a_work_tree() {
    let repo = history();
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "--quiet", "-b", "side", &linked.to_string_lossy()]);
    fs::write(linked.join("model/model.toml"), model("9 hours")).unwrap();
    opmodel(&linked, &["diff"]).exits(0).says("sla.touch.within");
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(0);
    opmodel(&linked, &["log", "--full", "-n", "1"]).exits(0).says("a comment");
}

#[test]
fn a_sub_folder_sees_the_model_at_the_root() {
    let repo = history();
    repo.write("docs/deep/note.md", "x");
    let below = repo.path().join("docs/deep");
    let root = opmodel(repo.path(), &["check"]).exits(0);
    assert_eq!(opmodel(&below, &["check"]).exits(0).out, root.out);
    opmodel(&below, &["diff", "HEAD~2", "HEAD"]).exits(0).says("model/model.toml");
    let inside = repo.path().join("model");
    assert_eq!(opmodel(&inside, &["check"]).exits(0).out, root.out);
    assert_eq!(opmodel(repo.path(), &["-C", "docs/deep", "check"]).exits(0).out, root.out);
}

#[test]
fn the_folder_can_be_named_and_never_leads_out() {
    let repo = Repo::new();
    repo.write("gtm/rules/a.toml", model("4 hours"));
    repo.commit("elsewhere", T);
    repo.write("gtm/rules/a.toml", model("6 hours"));
    repo.commit("changed", T + DAY);
    opmodel(repo.path(), &["check", "--model", "gtm/rules"]).exits(0);
    opmodel(repo.path(), &["log", "--model", "gtm/rules/"]).exits(0).says("within");
    let below = repo.path().join("gtm");
    opmodel(&below, &["diff", "HEAD~1", "--model", "./rules"]).exits(0).says("sla.touch.within");
    opmodel(&below, &["check", "--model", "../gtm/rules"]).exits(0);
    fs::create_dir(repo.beside("outside")).unwrap();
    fs::write(repo.beside("outside").join("a.toml"), model("1 hour")).unwrap();
    for verb in [&["check"][..], &["diff", "HEAD~1"], &["log"], &["show", "sla.touch"]] {
        let mut arguments = verb.to_vec();
        arguments.extend(["--model", "../outside"]);
        opmodel(repo.path(), &arguments)
            .exits(128)
            .complains("is not a folder inside the repository")
            .hides("hour");
    }
}

#[test]
fn a_folder_that_is_missing_or_empty_is_an_error() {
    let repo = Repo::new();
    repo.write("readme.md", "x");
    repo.commit("no model", T);
    opmodel(repo.path(), &["check"]).exits(1).says("opmodel init");
    opmodel(repo.path(), &["check", "HEAD"]).exits(1);
    opmodel(repo.path(), &["check", "--model", "nowhere"]).exits(1).says("nowhere");
    for verb in ["show", "blame"] {
        opmodel(repo.path(), &[verb, "--model", "nowhere"])
            .exits(128)
            .complains("there is no entity in `nowhere` as of");
    }
    fs::create_dir(repo.path().join("model")).unwrap();
    opmodel(repo.path(), &["check"]).exits(1).hides("is valid");
    repo.write("model/empty.toml", "");
    opmodel(repo.path(), &["check"]).exits(1).hides("is valid");
    repo.write("model/notes.txt", "no TOML");
    opmodel(repo.path(), &["check"]).exits(1);
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(0);
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let repo = history();
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "1", &url, &shallow.to_string_lossy()]);
    opmodel(&shallow, &["check"]).exits(0);
    opmodel(&shallow, &["diff"]).exits(0);
    opmodel(&shallow, &["diff", "HEAD~1"])
        .exits(128)
        .complains("`HEAD~1`")
        .complains("shallow clone")
        .complains("git fetch --unshallow");
    opmodel(&shallow, &["log"]).exits(0).says("not fetched").says("git fetch --unshallow");
    let json = opmodel(&shallow, &["log", "--format", "json"]).exits(0);
    assert_eq!(json.json()["cut_off"], true);
    opmodel(&shallow, &["show", "sla.touch"]).exits(0).says("5 hours");
    opmodel(&shallow, &["show", "sla.touch", "--at", "2020-01-01"])
        .exits(128)
        .complains("fatal: what was in force at that time on ")
        .complains(" lies beyond the history that was fetched");
}

#[test]
fn a_detached_head_is_a_revision_like_any_other() {
    let repo = history();
    repo.git(&["checkout", "--quiet", "--detach", "HEAD~1"]);
    opmodel(repo.path(), &["check"]).exits(0);
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(0);
    opmodel(repo.path(), &["log", "--full", "-n", "1"]).exits(0).says("more time");
    opmodel(repo.path(), &["diff", "HEAD", "main", "--exit-code"]).exits(0);
}

#[test]
fn what_git_was_told_not_to_check_out_is_said() {
    let repo = history();
    repo.write("model/teams/sdr.toml", "[team.sdr]\nlead = \"role.lead\"\n");
    repo.write("model/teams/ae.toml", "[team.ae]\nlead = \"role.lead\"\n");
    repo.commit("teams", T + 9 * DAY);
    opmodel(repo.path(), &["check"]).hides("not checked out");
    repo.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/model/teams/ae.toml"]);
    let said = "1 file of `model` is not checked out here and not read (a sparse checkout)";
    opmodel(repo.path(), &["check"]).complains(said);
    opmodel(repo.path(), &["export", "codeowners"]).complains(said);
    opmodel(repo.path(), &["show", "team.ae"]).exits(128).complains(said);
    repo.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/model/teams/"]);
    opmodel(repo.path(), &["check"]).complains("2 files of `model` are not checked out here");
    assert_eq!(opmodel(repo.path(), &["check", "HEAD"]).err, "");
    assert_eq!(opmodel(repo.path(), &["diff"]).exits(0).err, "");
}

#[test]
fn a_model_of_a_newer_format_is_not_told_as_if_all_of_it_were_known() {
    let repo = history();
    assert_eq!(opmodel(repo.path(), &["log", "-n", "1"]).exits(0).err, "");
    let path = "model/model.toml";
    let text = fs::read_to_string(repo.path().join(path)).expect("a file");
    repo.write(path, text.replace("format = 1", "format = 2"));
    repo.commit("the next format", T + 9 * DAY);
    let said = "note: `model` is written in format 2 and this tool reads up to 1: do not rely on what it says, \
                and update opmodel";
    for command in ["log -n 1", "diff HEAD~1", "blame sla.touch", "show sla.touch", "drift"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        opmodel(repo.path(), &arguments).complains(said);
    }
    // Whoever finds that in the model says it there.
    assert_eq!(opmodel(repo.path(), &["check"]).exits(1).says("newer-format").err, "");
    assert_eq!(opmodel(repo.path(), &["review", "HEAD~1"]).exits(1).says("format 2").err, "");
}
