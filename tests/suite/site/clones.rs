//! The site of a clone that does not hold everything: nothing is claimed of what is not there.

use super::{DAY, START, built, documents, files, markup, qualified, run, words};
use crate::cli::opmodel;
use crate::repo::Repo;
use std::path::PathBuf;

/// A model that three commits worded, and a clone of it.
fn cloned(repo: &Repo, how: &[&str]) -> PathBuf {
    for (day, threshold) in [(0, 60), (1, 50), (2, 40)] {
        repo.write("model/all.toml", qualified(threshold));
        repo.commit("a threshold", START + day * DAY);
    }
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repo.beside("clone");
    let from = format!("file://{}", repo.path().display());
    let to = clone.to_string_lossy();
    repo.git(&[&["clone", "--quiet"], how, &[&from, &to]].concat());
    clone
}

#[test]
fn a_partial_clone_is_refused_as_drift_refuses_it() {
    let repo = Repo::new();
    let clone = cloned(&repo, &["--filter=blob:none"]);
    let out = repo.beside("out");
    let drift = opmodel(&clone, &["drift", "--until", "2026-10-30"]).exits(128);
    let site = run(&clone, &out, &[]).exits(128).complains("this is a partial clone");
    assert_eq!(site.err, drift.err);
    assert!(!out.exists(), "a history with holes is not written");
    repo.git_in(&clone, &["fetch", "--quiet", "--refetch", "--no-filter"]);
    let whole = built(&clone, &out, &[]);
    assert!(words(&whole, "drift.html").contains("Complete: 3 commits"));
}

#[test]
fn a_shallow_clone_claims_nothing_of_what_was_before() {
    let repo = Repo::new();
    let clone = cloned(&repo, &["--depth", "2"]);
    let out = repo.beside("out");
    run(&clone, &out, &[])
        .exits(0)
        .complains("this is a shallow clone: the history on the pages is complete only from")
        .complains("git fetch --unshallow");
    let site = files(&out);
    markup::assert_sound(&site, &documents(&site));
    let told = "The history is told from 2026-01-02";
    let pages = [
        "index.html",
        "timeline.html",
        "register.html",
        "compare.html",
        "as-of.html",
        "entity/definition.mql.html",
        "entity/object.lead.html",
    ];
    for page in pages {
        assert!(words(&site, page).contains(told), "{page}");
    }
    assert!(words(&site, "drift.html").contains("are known, back to"));
    for page in site.keys().filter(|path| markup::is_page(path)) {
        let words = words(&site, page);
        for claim in ["First recorded", "form alone", "Nothing is recorded yet", "The model began"]
        {
            assert!(!words.contains(claim), "{page}: {claim}");
        }
    }
    let definition = words(&site, "entity/definition.mql.html");
    assert!(definition.contains("Last changed 2026-01-03"), "{definition}");
    assert!(definition.contains("It had 2 wordings on the main line since then."), "{definition}");
    let object = words(&site, "entity/object.lead.html");
    assert!(object.contains("since when, and by whom, is not known here"), "{object}");
    let revisions = super::text(&site, "data/revisions.js");
    assert_eq!(revisions.matches("\"cut_off\":true").count(), 1);
    // A clone of all of it claims all of it.
    repo.git_in(&clone, &["fetch", "--quiet", "--unshallow"]);
    let whole = built(&clone, &out, &[]);
    assert!(words(&whole, "entity/definition.mql.html").contains("First recorded 2026-01-01"));
    assert!(!words(&whole, "timeline.html").contains("The history is told from"));
}

#[test]
fn a_clone_of_the_tip_alone_says_that_it_knows_nothing_of_changes() {
    let repo = Repo::new();
    let clone = cloned(&repo, &["--depth", "1"]);
    let site = built(&clone, &repo.beside("out"), &[]);
    let index = words(&site, "index.html");
    assert!(index.contains("Nothing changed its meaning since then."), "{index}");
    assert!(words(&site, "as-of.html").contains("not known: what came before was not fetched"));
}
