//! The site: whole, harmless, the same every time, and no more than its own in its folder.

mod clones;
mod folder;
mod hostile;
mod large;
mod markup;
mod serve;
mod telling;

use crate::cli::{Run, opmodel};
use crate::repo::Repo;
use markup::{Document, documents};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const DAY: i64 = 86_400;
/// 2026-01-01, noon.
const START: i64 = 1_767_268_800;

/// A model with a definition of who is qualified.
fn qualified(threshold: u32) -> String {
    format!(
        "[object.lead]\n[field.lead.score]\ntype = \"integer\"\n[definition.mql]\nobject = \"lead\"\n\
         criteria.intent = \"score >= {threshold}\"\n"
    )
}

/// The files of a folder by path, with `/` between parts.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(path.read_dir().unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let below = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            found.insert(below, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Writes the site of a folder's model, and reads it.
#[track_caller]
fn built(folder: &Path, out: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    run(folder, out, more).exits(0);
    files(out)
}

fn run(folder: &Path, out: &Path, more: &[&str]) -> Run {
    let out = out.to_string_lossy();
    let arguments = [&["site", "--out", &out, "--as-of", "2026-10-30"], more].concat();
    opmodel(folder, &arguments)
}

/// The demonstration's repository, and its site.
fn demo() -> (Repo, PathBuf, BTreeMap<String, Vec<u8>>) {
    let repo = Repo::new();
    let folder = repo.beside("demo");
    opmodel(repo.path(), &["init", "--demo", &folder.to_string_lossy()]).exits(0);
    let site = built(&folder, &repo.beside("out"), &[]);
    (repo, folder, site)
}

fn text<'s>(site: &'s BTreeMap<String, Vec<u8>>, path: &str) -> &'s str {
    let bytes = site.get(path).unwrap_or_else(|| panic!("no `{path}`"));
    std::str::from_utf8(bytes).unwrap()
}

/// The words of a page, without its mark-up and in one line.
fn words(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    Document::of(text(site, path)).words()
}

#[test]
fn the_site_of_the_demonstration_is_whole_and_says_what_people_ask() {
    let (_repo, _, site) = demo();
    let documents = documents(&site);
    assert!(documents.len() > 250, "{}", documents.len());
    markup::assert_sound(&site, &documents);

    let sql = words(&site, "entity/definition.sql.html");
    for said in [
        "A lead counts as Sales qualified lead when all 3 criteria below hold.",
        "Meeting held is set",
        "at least 2 of these: Need is set Budget confirmed is true",
        "Company is not in the list Competitors (or it is not set)",
        "company not in list.competitors",
        "Chief revenue officer and Head of marketing",
        "An SQL with only a need is not one",
        "[definition.sql]",
    ] {
        assert!(sql.contains(said), "no `{said}` in {sql}");
    }
    let map = words(&site, "territories.html");
    assert!(map.contains("AT DACH "), "{map}");
    assert!(map.contains("nobody’s No territory claims it."), "{map}");
    let table = words(&site, "entity/routing.inbound.html");
    assert!(table.contains("Everything else gap No record should get here."), "{table}");
    // What was found says which records, and where, as `check` does.
    assert!(table.contains("only such with country = 'LT', for example "), "{table}");
    assert!(table.contains("model/routing/inbound.toml:"), "{table}");
    let rights = words(&site, "rights.html");
    assert!(rights.contains("changes that tighten 2 of "), "{rights}");
    let index = words(&site, "index.html");
    for said in ["What waits", "What the bigger desk needs", "was to be reviewed by 2026-09-30"] {
        assert!(index.contains(said), "no `{said}` in {index}");
    }
    let drawing = text(&site, "lifecycle.html");
    assert!(drawing.contains("<svg class=\"lifecycle\""));
    assert!(
        words(&site, "lifecycle.html")
            .contains("Nurture when Last engaged was more than 90 days ago")
    );
}

#[test]
fn the_same_revision_and_day_give_the_same_bytes() {
    let (repo, folder, site) = demo();
    let again = built(&folder, &repo.beside("again"), &["--at", "main"]);
    assert_eq!(site.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, bytes) in &site {
        assert!(bytes == &again[path], "{path} differs");
    }
    // Nothing is written that says the same already.
    run(&folder, &repo.beside("out"), &[]).exits(0).complains("none of them new or different");
}

#[test]
fn a_site_needs_no_repository_and_no_history() {
    let repo = Repo::new();
    repo.write("model/a.toml", "[team.sales]\nname = \"Sales\"\nlead = \"role.boss\"\n");
    let site = built(repo.path(), &repo.beside("unborn"), &[]);
    markup::assert_sound(&site, &documents(&site));
    assert!(!site.contains_key("register.html"));
    assert!(words(&site, "contents.html").contains("Sales team.sales"));
}

#[test]
fn the_demonstration_builds_its_site() {
    let repo = Repo::new();
    let folder = repo.beside("acme");
    let run = opmodel(repo.path(), &["demo", "--site", "--dir", &folder.to_string_lossy()]);
    run.exits(0).says("8. The same for everyone who will never open a terminal");
    assert!(folder.join("site/index.html").is_file());
}

#[test]
fn what_metrics_should_be_is_told_in_their_unit() {
    let repo = Repo::new();
    let metric = |id: &str, more: &str| format!("[metric.{id}]\nobject = \"lead\"\n{more}\n");
    repo.write(
        "model/all.toml",
        String::from("[object.lead]\n")
            + &metric("kept", "formula = \"kept promises\"\ntarget = 0.955\nalert = 0.8")
            + &metric("part", "formula = \"ratio\"\nunit = \"share\"\ntarget = 0.31")
            + &metric("cover", "formula = \"ratio\"\ntarget = 2.7")
            + &metric("days", "formula = \"median days\"\nunit = \"days\"\ntarget = 95"),
    );
    let site = built(repo.path(), &repo.beside("out"), &[]);
    let words = words(&site, "metrics.html");
    for told in ["95.5%", "80%", "31%", "2.7", "95 days"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("270%") && !words.contains("0.31"), "{words}");
}
