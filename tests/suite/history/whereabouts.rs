//! Where a history is: bare, linked, shallow, partial, with objects replaced, not begun.

use super::{ANEW, Script, Way, expected, steps, told, tried_steps};
use crate::cli::opmodel;
use crate::repo::Repo;
use std::fs;

fn grown() -> Script {
    let script = Script::new();
    script.replace("words.toml", "200", "150");
    script.commit("softer");
    script.branch("side", "main");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side");
    script.switch("main");
    script.replace("words.toml", "150", "100");
    script.commit("softer still");
    script.merge("both", &["side"]);
    script
}

fn url(script: &Script) -> String {
    format!("file://{}", script.repo.path().display())
}

#[test]
fn bare_repositories_and_linked_work_trees_say_the_same() {
    let script = grown();
    let there = script.told();
    script.repo.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    script.repo.git(&["worktree", "add", "--quiet", "--detach", "../linked"]);
    for name in ["bare", "linked"] {
        let place = script.repo.beside(name);
        for remembers in [true, true, false] {
            let way = Way { remembers, ..ANEW };
            assert_eq!(told(&steps(&place, way)), there, "{name}");
        }
        opmodel(&place, &["log", "--full"]).exits(0).says("softer still").says("list.side");
    }
    assert!(script.repo.beside("bare/opmodel").is_dir());
    assert!(script.repo.path().join(".git/opmodel").is_dir(), "linked work trees share it");
    assert!(!script.repo.path().join(".git/worktrees/linked/opmodel").exists());
    opmodel(&script.repo.path().join("model"), &["log", "--full"]).exits(0).says("softer still");
}

#[test]
fn a_shallow_clone_says_where_it_is_cut_off() {
    let script = grown();
    let all = script.told();
    script.repo.git(&["clone", "--quiet", "--depth", "2", &url(&script), "../shallow"]);
    let place = script.repo.beside("shallow");
    for remembers in [true, true, false] {
        let cut = told(&steps(&place, Way { remembers, ..ANEW }));
        let cut_off: &[&str] = &["cut off"];
        assert_eq!(cut, expected(&[("softer still", cut_off), ("side", cut_off)]));
    }
    opmodel(&place, &["log", "--full"]).exits(0).says("git fetch --unshallow");
    script.repo.git_in(&place, &["fetch", "--quiet", "--unshallow"]);
    for remembers in [true, true] {
        assert_eq!(
            told(&steps(&place, Way { remembers, ..ANEW })),
            all,
            "nothing of the cut stays"
        );
    }
}

#[test]
fn what_a_deep_clone_found_a_shallow_one_does_not_claim() {
    let script = grown();
    let place = script.repo.beside("clone");
    script.repo.git(&["clone", "--quiet", &url(&script), "../clone"]);
    let all = told(&steps(&place, Way { remembers: true, ..ANEW }));
    assert_eq!(all, script.told());
    script.repo.git_in(&place, &["fetch", "--quiet", "--depth", "1", "origin", "main"]);
    let cut = told(&steps(&place, Way { remembers: true, ..ANEW }));
    assert_eq!(cut, expected(&[("both", &["cut off"])]));
}

#[test]
fn a_partial_clone_says_what_is_not_there_and_keeps_nothing_of_it() {
    let script = grown();
    script.repo.git(&["config", "uploadpack.allowFilter", "true"]);
    script.repo.git(&[
        "clone",
        "--quiet",
        "--bare",
        "--filter=blob:none",
        &url(&script),
        "../partial",
    ]);
    let place = script.repo.beside("partial");
    let way = Way { remembers: true, ..ANEW };
    for asked in [&["log"][..], &["diff", "HEAD~1", "HEAD"], &["check", "HEAD"], &["drift"]] {
        opmodel(&place, asked)
            .exits(128)
            .silent()
            .complains("this is a partial clone")
            .complains("git fetch --refetch --no-filter");
    }
    script.repo.git_in(&place, &["fetch", "--quiet", "--refetch", "--no-filter"]);
    assert_eq!(told(&steps(&place, way)), script.told());
}

#[test]
fn what_is_missing_or_damaged_is_found_again_once_it_is_mended() {
    let script = grown();
    let whole = script.told();
    let blob = script.repo.git(&["rev-parse", "HEAD~1:model/words.toml"]);
    let (folder, name) = blob.split_at(2);
    let place = script.repo.path().join(".git/objects").join(folder).join(name);
    let kept = fs::read(&place).unwrap();
    fs::remove_file(&place).unwrap();
    let way = Way { remembers: true, ..ANEW };
    let lacking = told(&steps(script.repo.path(), way));
    assert_ne!(lacking, whole);
    assert!(
        lacking
            .iter()
            .flat_map(|(_, lines)| lines)
            .any(|line| line == "unreadable model/words.toml")
    );
    fs::write(&place, kept).unwrap();
    assert_eq!(told(&steps(script.repo.path(), way)), whole);
}

#[test]
fn a_history_that_ends_in_a_loss_is_told_as_far_as_it_goes() {
    let script = grown();
    let tree = script.repo.git(&["rev-parse", "HEAD~2:model"]);
    let (folder, name) = tree.split_at(2);
    fs::remove_file(script.repo.path().join(".git/objects").join(folder).join(name)).unwrap();
    for remembers in [true, true, false] {
        let error = tried_steps(script.repo.path(), Way { remembers, ..ANEW }).expect_err("a loss");
        assert!(error.to_string().contains(&tree), "{error}");
    }
    opmodel(script.repo.path(), &["log", "--full"])
        .exits(128)
        .complains(&tree)
        .complains("git fsck");
}

#[test]
fn replaced_objects_and_grafts_are_not_followed_and_said() {
    let script = grown();
    let there = script.told();
    let [head, first] = ["HEAD", "HEAD~3"].map(|spec| script.repo.git(&["rev-parse", spec]));
    let softer = script.repo.git(&["rev-parse", "HEAD~2"]);
    script.repo.git(&["replace", &softer, &first]);
    assert_eq!(script.told(), there);
    opmodel(script.repo.path(), &["log", "--full"])
        .exits(0)
        .says("softer")
        .complains("git replace");
    script.repo.git(&["replace", "--delete", &softer]);
    fs::create_dir_all(script.repo.path().join(".git/info")).unwrap();
    fs::write(script.repo.path().join(".git/info/grafts"), format!("{head} {first}\n")).unwrap();
    assert_eq!(script.told(), there);
    opmodel(script.repo.path(), &["log", "--full"]).exits(0).says("side").complains("info/grafts");
    script.repo.git(&[
        "-c",
        "advice.graftFileDeprecated=false",
        "commit-graph",
        "write",
        "--reachable",
    ]);
    assert_eq!(script.told(), there);
}

#[test]
fn a_branch_without_a_commit_has_no_history() {
    let repo = Repo::new();
    let run = opmodel(repo.path(), &["log", "--full"]);
    assert!(run.code != 0, "{run:?}");
    run.complains("no commit").silent();
    repo.git(&["commit", "--quiet", "--allow-empty", "-m", "nothing"]);
    assert!(steps(repo.path(), ANEW).is_empty());
    let run = opmodel(repo.path(), &["log", "--full"]).exits(128).silent();
    run.complains("there is no model in `model` as of `HEAD`");
}

#[test]
fn a_detached_head_and_a_range_are_walked_from_where_they_are() {
    let script = grown();
    let all = script.told();
    script.repo.git(&["checkout", "--quiet", "--detach", "HEAD~1"]);
    let told = script.told();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|step| all.contains(step)));
    opmodel(script.repo.path(), &["log", "--full"])
        .exits(0)
        .says("softer still")
        .hides("list.side");
    opmodel(script.repo.path(), &["log", "--full", "HEAD..main"])
        .exits(0)
        .says("list.side")
        .hides("softer");
}

#[test]
fn packed_and_graphed_histories_say_the_same() {
    let script = grown();
    let all = script.told();
    script.repo.git(&["gc", "--quiet", "--prune=now"]);
    script.repo.git(&["commit-graph", "write", "--reachable"]);
    assert_eq!(script.told(), all);
    script.replace("words.toml", "100", "90");
    script.commit("beyond the graph");
    assert_eq!(script.told()[1..], all[..]);
}
