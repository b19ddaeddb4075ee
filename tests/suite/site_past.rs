//! The history of the site, held against what the commands say of the same repository.

use crate::cli::opmodel;
use crate::repo::Repo;
use opmodel::git::{Commit, NewCommit, Person, RepositoryBuilder};
use opmodel::history::{At, Workspace, unreadable};
use opmodel::load;
use opmodel::model::Model;
use opmodel::proof::DEFAULT_BUDGET;
use opmodel::site::past::{Asked, Due, Past, Said, Version};
use opmodel::view::entity_source;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const DAY: i64 = 86_400;
/// 2026-01-01, noon.
const START: i64 = 1_767_268_800;
const AS_OF: &str = "2026-10-31";

/// The history of a repository as the site knows it.
fn past(folder: &Path, as_of: &str, remembers: bool) -> Past {
    let workspace = Workspace::find(folder, None).expect("a workspace");
    let tip = workspace.repository().expect("a repository").resolve("HEAD").expect("a tip");
    let model = workspace.model(&At::Commit(Box::new(tip.clone()))).expect("a model");
    let asked = Asked {
        tip: &tip,
        model: &model,
        as_of: as_of.parse().expect("a day"),
        days: 14,
        budget: DEFAULT_BUDGET,
        remembers,
        progress: &|_| (),
    };
    Past::of(&workspace, &asked).expect("a history")
}

/// The demonstration, in a folder that goes away.
fn demo() -> (Repo, PathBuf) {
    let repo = Repo::new();
    let folder = repo.beside("demo");
    opmodel(repo.path(), &["init", "--demo", folder.to_str().expect("a path")]).exits(0);
    (repo, folder)
}

/// The version of an entity at a revision.
fn version_at<'p>(past: &'p Past, address: &str, number: usize) -> Option<&'p Version> {
    past.versions.get(address)?.iter().rev().find(|version| version.at <= number)
}

fn said_at<'p>(past: &'p Past, address: &str, number: usize) -> Option<&'p Said> {
    version_at(past, address, number)?.said.as_ref()
}

/// What `show --format toml` prints of an entity, without the line that says where and when.
fn shown(model: &Model, address: &str) -> String {
    let part = model.part(address).expect("an entity");
    let text = entity_source(&[part], "then");
    text.split_once("\n\n").expect("a head").1.to_owned()
}

fn commit(workspace: &Workspace, id: &str) -> Commit {
    workspace.repository().expect("a repository").resolve(id).expect("a commit")
}

/// Holds every version against the model of its revision, read whole; how many were compared.
fn hold_against_models(folder: &Path, past: &Past) -> usize {
    let workspace = Workspace::find(folder, None).expect("a workspace");
    let mut compared = 0;
    for (number, revision) in past.revisions.iter().enumerate() {
        let at = At::Commit(Box::new(commit(&workspace, &revision.id)));
        let loaded = load::read(workspace.files(&at).expect("files"), workspace.limits);
        let broken = unreadable(&loaded.findings);
        let broken: BTreeMap<&str, &str> =
            broken.iter().map(|file| (file.path.as_str(), file.reason.as_str())).collect();
        let noted = revision.unreadable.iter().map(|(path, why)| (path.as_str(), why.as_str()));
        assert_eq!(noted.collect::<BTreeMap<_, _>>(), broken, "{}", revision.subject);
        let model = loaded.model.without_files(&broken.keys().copied().collect());
        for address in past.versions.keys() {
            let version = version_at(past, address, number);
            let said = version.and_then(|version| version.said.as_ref());
            if version.is_some_and(|version| version.unreadable.is_some()) {
                let file = &said.expect("what it said before").file;
                assert!(broken.contains_key(file.as_str()), "{address}");
                assert_eq!(said, said_at(past, address, number - 1), "{address}");
                continue;
            }
            let Some(entity) = model.get(address) else {
                assert_eq!(said, None, "{address} at {}", revision.subject);
                continue;
            };
            let said = said.unwrap_or_else(|| panic!("no {address} at {}", revision.subject));
            assert_eq!(said.text, shown(&model, address), "{address} at {}", revision.subject);
            assert_eq!(said.file, entity.source.path());
            assert_eq!(said.name, entity.name());
            compared += 1;
        }
        for entity in model.entities() {
            assert!(past.versions.contains_key(entity.address.as_str()), "{}", entity.address);
        }
    }
    compared
}

#[test]
fn versions_say_what_show_says_of_every_entity_at_every_revision() {
    let (_repo, folder) = demo();
    let past = past(&folder, AS_OF, true);
    assert!(hold_against_models(&folder, &past) > 9_000);
    // The command itself, for a few.
    for (address, number) in [("definition.mql", 3), ("routing.inbound", 20), ("icp.core", 36)] {
        let id = &past.revisions[number].id;
        let run = opmodel(&folder, &["show", address, "--at", id, "--format", "toml"]).exits(0);
        let text = run.out.split_once("\n\n").expect("a head").1;
        assert_eq!(said_at(&past, address, number).expect("a version").text, text);
    }
    for versions in past.versions.values() {
        let numbers: Vec<usize> = versions.iter().map(|version| version.at).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        for pair in versions.windows(2) {
            let same = |version: &Version| {
                (
                    version.said.as_ref().map(|said| (said.text.clone(), said.file.clone())),
                    version.unreadable.clone(),
                )
            };
            assert_ne!(same(&pair[0]), same(&pair[1]), "a version says something else");
        }
    }
}

#[test]
fn the_demonstration_is_told_as_the_commands_tell_it() {
    let (_repo, folder) = demo();
    let past = past(&folder, AS_OF, true);
    let files: BTreeMap<String, Vec<u8>> = past.files().into_iter().collect();
    the_register_is_that_of_drift(&folder, &past, &files);
    data_files_carry_the_versions_and_what_led_to_them(&past, &files);
    what_waits_and_what_is_overdue_is_known(&past);
    both_ends_are_compared_as_diff_does(&folder, &past);
}

fn the_register_is_that_of_drift(folder: &Path, past: &Past, files: &BTreeMap<String, Vec<u8>>) {
    let drift = opmodel(folder, &["drift", "--until", AS_OF, "--format", "json"]).exits(0);
    let drift: Value = serde_json::from_str(&drift.out).expect("JSON");
    // What the drift page says of how to make it again holds.
    let sum = drift["reproduce"]["sha256"].as_str().expect("a sum");
    assert_eq!(past.reproduce().sha256, sum);
    assert_eq!(past.reproduce().command, drift["reproduce"]["command"]);
    let register = drift["register"].as_array().expect("a register");
    let theirs: BTreeSet<String> = register.iter().map(Value::to_string).collect();
    let own: BTreeSet<String> = past
        .register
        .iter()
        .map(|row| serde_json::to_value(&row.entry).expect("a row").to_string())
        .collect();
    assert_eq!(own, theirs);
    assert_eq!(past.register.len(), register.len());
    for row in &past.register {
        assert_eq!(past.revisions[row.revision].id, row.entry.commit);
        assert!(row.entry.address.starts_with(&row.entity));
    }
    let counted: usize = past.revisions.iter().map(|revision| revision.changes).sum();
    assert_eq!(Value::from(counted), drift["summary"]["changes"]);
    let csv = opmodel(folder, &["drift", "--until", AS_OF, "--format", "csv"]).exits(0);
    assert_eq!(String::from_utf8_lossy(&files["register.csv"]), csv.out);
    assert_eq!(rows_of_pieces(files).len(), register.len());
}

/// What a data file hands over.
fn handed(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    let text = std::str::from_utf8(&files[&format!("data/{name}.js")]).expect("UTF-8");
    let head = format!("opmodel.data({}, ", Value::from(name));
    let json = text.strip_prefix(&head).and_then(|rest| rest.strip_suffix(");\n"));
    let json = json.unwrap_or_else(|| panic!("{name} is not handed over"));
    assert!(!json.contains(['<', '\u{2028}', '\u{2029}']), "{name}");
    serde_json::from_str(json).expect("JSON")
}

/// The rows of all pieces of the register, each as columns with cells.
fn rows_of_pieces(files: &BTreeMap<String, Vec<u8>>) -> Vec<BTreeMap<String, Value>> {
    let index = handed(files, "register");
    let columns: Vec<String> = serde_json::from_value(index["columns"].clone()).expect("columns");
    let mut rows = Vec::new();
    for (number, piece) in index["pieces"].as_array().expect("pieces").iter().enumerate() {
        let name = format!("register/{number}");
        assert!(files[&format!("data/{name}.js")].len() < 400_000);
        assert_eq!(piece["first"], rows.len());
        let inside = handed(files, &name);
        let inside = inside["rows"].as_array().expect("rows");
        assert_eq!(piece["rows"], inside.len());
        for row in inside {
            let cells = row.as_array().expect("cells").iter().cloned();
            rows.push(columns.iter().cloned().zip(cells).collect());
        }
    }
    assert_eq!(index["count"], rows.len());
    rows
}

/// A definition that has much to say is in pieces: each revision in the one that begins before it.
fn pieces_of_an_entity_are_all_of_it(files: &BTreeMap<String, Vec<u8>>) {
    let index = handed(files, "entity/definition.d0");
    assert_eq!(handed(files, "entity/definition.d1")["pieces"], Value::Null);
    let firsts = index["pieces"].as_array().expect("pieces");
    assert!(firsts.len() > 2, "{firsts:?}");
    let mut dates = Vec::new();
    let mut changes = 0;
    for (number, first) in firsts.iter().enumerate() {
        let piece = handed(files, &format!("entity/definition.d0/{number}"));
        let within = |at: &Value| {
            let next = firsts.get(number + 1).and_then(Value::as_u64).unwrap_or(u64::MAX);
            first.as_u64() <= at.as_u64() && at.as_u64() < Some(next)
        };
        for version in piece["versions"].as_array().expect("versions") {
            assert!(within(&version["at"]) && version["text"].is_string());
            dates.push(version["at"].clone());
        }
        for change in piece["changes"].as_array().expect("changes") {
            assert!(within(&change["at"]));
            changes += 1;
        }
    }
    let told = index["versions"].as_array().expect("versions");
    assert_eq!(dates, told.iter().map(|version| version["at"].clone()).collect::<Vec<_>>());
    let rows = rows_of_pieces(files);
    let own = rows.iter().filter(|row| row["entity"] == "definition.d0");
    assert_eq!(changes, own.count());
}

/// What is told of both ends is what `diff` says of them.
fn both_ends_are_compared_as_diff_does(folder: &Path, past: &Past) {
    assert!(past.ends.len() > 3, "{}", past.ends.len());
    assert!(past.ends.iter().any(|ends| ends.days == ["2026-06-30"]));
    let tip = &past.revisions.last().expect("a revision").id;
    for ends in &past.ends {
        let from = &past.revisions[ends.from].id;
        let json = opmodel(folder, &["diff", from, tip, "--format", "json"]).out;
        let json: Value = serde_json::from_str(&json).expect("JSON");
        let told: Vec<(&str, &str)> =
            ends.changes.iter().map(|it| (it.impact.word(), it.says.as_str())).collect();
        for change in json["changes"].as_array().expect("changes") {
            let text = |key: &str| change[key].as_str().expect("text");
            let said = (text("impact"), text("summary"));
            assert!(said.0 == "cosmetic" || told.contains(&said), "{from}: {said:?}");
        }
    }
}

fn data_files_carry_the_versions_and_what_led_to_them(
    past: &Past,
    files: &BTreeMap<String, Vec<u8>>,
) {
    let revisions = handed(files, "revisions");
    assert_eq!(revisions["revisions"].as_array().expect("a list").len(), past.revisions.len());
    let model = handed(files, "model");
    for entity in model["entities"].as_array().expect("entities") {
        let (address, stem) =
            (entity[0].as_str().expect("text"), entity[4].as_str().expect("text"));
        let data = handed(files, &format!("entity/{stem}"));
        assert_eq!(data["address"], address);
        let versions = data["versions"].as_array().expect("versions");
        assert_eq!(versions.len(), past.versions[address].len());
        for (version, own) in versions.iter().zip(&past.versions[address]) {
            assert_eq!(version["at"], own.at);
            assert_eq!(version["text"].as_str(), own.said.as_ref().map(|said| &*said.text));
        }
        let turns = entity[3].as_array().expect("turns");
        for (turn, own) in turns.iter().zip(&past.versions[address]) {
            assert_eq!((turn[0].as_u64(), turn[1] == 1), (Some(own.at as u64), own.said.is_some()));
        }
        for change in data["changes"].as_array().expect("changes") {
            let row = &past.register
                [usize::try_from(change["row"].as_u64().expect("a number")).expect("small")];
            assert_eq!(change["says"], row.entry.summary);
            assert_eq!(change["at"], row.revision);
        }
    }
    let cells = rows_of_pieces(files);
    for (cells, row) in cells.iter().zip(&past.register) {
        assert_eq!(cells["revision"], row.revision);
        assert_eq!(cells["entity"], row.entity);
        assert_eq!(cells["summary"], row.entry.summary);
        assert_eq!(cells["direct"], row.entry.direct.to_string());
    }
}

#[test]
fn the_same_history_gives_the_same_files_whatever_is_remembered() {
    let (_repo, folder) = demo();
    let found = past(&folder, AS_OF, true).files();
    assert!(found == past(&folder, AS_OF, true).files(), "what was remembered says the same");
    assert!(found == past(&folder, AS_OF, false).files(), "and what is found anew");
}

fn what_waits_and_what_is_overdue_is_known(past: &Past) {
    let branches: Vec<&str> =
        past.waiting.proposals.iter().map(|proposed| proposed.branch.as_str()).collect();
    assert_eq!(branches, ["proposal/benelux-to-dach"]);
    let proposed = &past.waiting.proposals[0];
    assert!(
        proposed.changes.iter().any(|(address, _)| address == "territory.dach"),
        "{proposed:?}"
    );
    assert!(proposed.missing.iter().any(|missing| missing.starts_with("the approval of")));
    assert!(past.waiting.approvals.is_sorted_by(|a, b| a.revision > b.revision));
    let overdue: Vec<(&str, Due)> =
        past.overdue.iter().map(|overdue| (overdue.address.as_str(), overdue.what)).collect();
    assert!(overdue.contains(&("exception.keystone-budget", Due::Exception)), "{overdue:?}");
}

/// A small model: a definition with a threshold, and a field.
fn model(name: &str, threshold: u32) -> String {
    format!(
        "[object.lead]\n[field.lead.score]\ntype = \"integer\"\n[definition.{name}]\nobject = \"lead\"\n\
         criteria.intent = \"score >= {threshold}\"\n"
    )
}

#[test]
fn a_rename_is_followed_and_told_at_both_names() {
    let repo = Repo::new();
    repo.write("model/all.toml", model("mql", 60));
    repo.commit("the model", START);
    repo.write("model/all.toml", model("mql", 50));
    repo.commit("lower", START + DAY);
    repo.write("model/all.toml", model("ready", 50) + "formerly = [\"mql\"]\n");
    repo.commit("a new name", START + 2 * DAY);
    repo.write("model/all.toml", model("ready", 70) + "formerly = [\"mql\"]\n");
    repo.commit("higher", START + 3 * DAY);
    let past = past(repo.path(), "2026-02-01", true);
    hold_against_models(repo.path(), &past);
    let last = past.versions["definition.mql"].last().expect("a version");
    assert_eq!((last.at, last.said.is_none()), (2, true));
    assert_eq!(last.now.as_deref(), Some("definition.ready"));
    let first = &past.versions["definition.ready"][0];
    assert_eq!(first.formerly.as_deref(), Some("definition.mql"));
    let numbers = |address: &str| -> Vec<usize> {
        past.timeline_of(address).iter().map(|happened| happened.number).collect()
    };
    assert_eq!(numbers("definition.ready"), [3, 2, 1, 0], "under both names");
    assert_eq!(numbers("definition.mql"), [2, 1, 0]);
    assert_eq!(past.gone().collect::<Vec<_>>(), [("definition.mql", "mql")]);
    let impacts: Vec<(usize, usize)> =
        past.revisions.iter().map(|revision| (revision.loosened, revision.tightened)).collect();
    assert_eq!(impacts, [(0, 0), (1, 0), (0, 0), (0, 1)]);
}

#[test]
fn a_merge_is_one_revision_and_commits_that_leave_the_model_alone_are_none() {
    let repo = Repo::new();
    repo.write("model/all.toml", model("mql", 60));
    repo.commit("the model", START);
    repo.git(&["checkout", "--quiet", "-b", "lower"]);
    repo.write("model/all.toml", model("mql", 50));
    repo.commit("lower", START + DAY);
    repo.write("model/all.toml", model("mql", 40));
    repo.commit("lower still", START + 2 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("notes.txt", "about something else\n");
    repo.commit("notes", START + 3 * DAY);
    repo.git_at(START + 4 * DAY, &["merge", "--quiet", "--no-ff", "lower", "-m", "Merge #7"]);
    let past = past(repo.path(), "2026-02-01", true);
    hold_against_models(repo.path(), &past);
    let subjects: Vec<(&str, bool)> =
        past.revisions.iter().map(|revision| (revision.subject.as_str(), revision.merge)).collect();
    assert_eq!(subjects, [("the model", false), ("Merge #7", true)]);
    assert_eq!(past.revisions[1].changes, 1);
    assert!(past.waiting.proposals.is_empty(), "what was merged does not wait");
}

#[test]
fn a_file_that_cannot_be_read_keeps_what_it_said() {
    let repo = Repo::new();
    repo.write("model/all.toml", model("mql", 60));
    repo.commit("the model", START);
    repo.write("model/all.toml", model("mql", 50) + "<<<<<<< HEAD\n");
    repo.commit("a broken merge", START + DAY);
    repo.write("model/other.toml", "[object.deal]\n");
    repo.commit("something else", START + 2 * DAY);
    repo.write("model/all.toml", model("mql", 50));
    repo.commit("mended", START + 3 * DAY);
    let past = past(repo.path(), "2026-02-01", true);
    hold_against_models(repo.path(), &past);
    let versions = &past.versions["definition.mql"];
    let told: Vec<(usize, bool, bool)> = versions
        .iter()
        .map(|it| {
            (
                it.at,
                it.unreadable.is_some(),
                it.said.as_ref().is_some_and(|said| said.text.contains("60")),
            )
        })
        .collect();
    assert_eq!(told, [(0, false, true), (1, true, true), (3, false, false)]);
    // What did not change is marked while it cannot be read, and as it was afterwards.
    let object: Vec<usize> =
        past.versions["object.lead"].iter().map(|version| version.at).collect();
    assert_eq!(object, [0, 1, 3]);
    assert_eq!(past.revisions[2].unreadable.len(), 1, "it is still so");
}

#[test]
fn a_shallow_clone_tells_what_it_has() {
    let repo = Repo::new();
    for (day, threshold) in [(0, 60), (1, 50), (2, 40)] {
        repo.write("model/all.toml", model("mql", threshold));
        repo.commit("a threshold", START + day * DAY);
    }
    let clone = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, clone.to_str().expect("a path")]);
    let past = past(&clone, "2026-02-01", true);
    hold_against_models(&clone, &past);
    assert_eq!(past.revisions.len(), 2);
    assert_eq!(past.versions["definition.mql"].len(), 2);
    assert_eq!(past.revisions.iter().map(|revision| revision.changes).sum::<usize>(), 1);
}

#[test]
fn windows_line_ends_are_no_other_wording() {
    let repo = Repo::new();
    let windows = |text: &str| text.replace('\n', "\r\n");
    repo.write("model/all.toml", windows(&model("mql", 60)));
    repo.commit("the model", START);
    repo.write("model/all.toml", windows(&model("mql", 50)));
    repo.commit("lower", START + DAY);
    let past = past(repo.path(), "2026-02-01", true);
    hold_against_models(repo.path(), &past);
    let said = said_at(&past, "definition.mql", 1).expect("a version");
    let rows: Vec<(&str, &str)> =
        said.rows.iter().map(|row| (row.path.as_str(), row.words.as_str())).collect();
    assert_eq!(rows, [("object", "lead"), ("criteria.intent", "score >= 50")]);
    assert_eq!(past.versions["object.lead"].len(), 1);
}

#[test]
fn the_state_of_a_day_is_what_show_takes_even_where_clocks_went_wrong() {
    let repo = Repo::new();
    repo.write("model/all.toml", model("mql", 60));
    repo.commit("the model", START);
    repo.write("model/all.toml", model("mql", 50));
    repo.commit("lower, by a clock that was ahead", START + 10 * DAY);
    repo.write("notes.txt", "nothing of the model\n");
    repo.commit("notes", START + 5 * DAY);
    let past = past(repo.path(), "2026-02-01", true);
    for day in ["2026-01-03", "2026-01-06", "2026-01-08", "2026-01-11", "2026-01-20"] {
        let end = format!("{day}T23:59:59Z");
        let number = past.revisions.iter().rposition(|revision| revision.from <= end);
        let number = number.expect("a revision");
        let run =
            opmodel(repo.path(), &["show", "definition.mql", "--at", day, "--format", "toml"]);
        let shown = run.exits(0).out;
        let said = &said_at(&past, "definition.mql", number).expect("a version").text;
        assert!(shown.ends_with(said.as_str()), "{day}: {shown} {said}");
    }
}

#[test]
fn an_entity_that_is_declared_twice_is_what_the_first_file_says() {
    let repo = Repo::new();
    repo.write("model/b.toml", model("mql", 60));
    repo.commit("the model", START);
    repo.write(
        "model/a.toml",
        "[definition.mql]\nobject = \"lead\"\ncriteria.intent = \"score >= 10\"\n",
    );
    repo.commit("declared again", START + DAY);
    repo.write("model/b.toml", model("mql", 70));
    repo.commit("the one that does not count", START + 2 * DAY);
    repo.remove("model/a.toml");
    repo.commit("once only", START + 3 * DAY);
    let past = past(repo.path(), "2026-02-01", true);
    hold_against_models(repo.path(), &past);
    let at: Vec<usize> = past.versions["definition.mql"].iter().map(|version| version.at).collect();
    assert_eq!(at, [0, 1, 3]);
}

/// The files of a site that the command writes of a repository.
fn written(repo: &Repo, folder: &Path, as_of: &str) -> BTreeMap<String, Vec<u8>> {
    let out = repo.beside("site");
    let place = out.to_str().expect("a path");
    opmodel(folder, &["site", "--out", place, "--as-of", as_of]).exits(0);
    let mut files = BTreeMap::new();
    let mut open = vec![out.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&out).expect("below").to_string_lossy().into_owned();
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    files
}

const PAGES: [&str; 5] =
    ["timeline.html", "register.html", "drift.html", "compare.html", "as-of.html"];

/// The values of an attribute in a page.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let mark = format!(" {name}=\"");
    let after = page.split(mark.as_str()).skip(1);
    after.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn nothing_that_somebody_wrote_is_html_and_every_link_leads_somewhere() {
    let repo = Repo::new();
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    let text = |threshold: u32| {
        let name = evil.replace('"', "\\\"");
        model("mql", threshold) + &format!("name = \"{name}\"\n")
    };
    repo.write("model/all.toml", text(60));
    repo.commit(&format!("{evil} in the beginning"), START);
    repo.write("model/all.toml", text(50));
    repo.write("model/javascript:alert(1).toml", "[queue.gone-soon]\nname = \"</title>\"\n");
    repo.commit(&format!("lower {evil}"), START + DAY);
    repo.remove("model/javascript:alert(1).toml");
    repo.write("model/all.toml", text(70) + "<<<<<<< <script>\n");
    repo.commit("broken", START + 2 * DAY);
    let files = written(&repo, repo.path(), "2026-02-01");
    let gone = "entity/queue.gone-soon.html";
    for path in PAGES.into_iter().chain([gone]) {
        let page = String::from_utf8(files[path].clone()).expect("UTF-8");
        assert!(!page.contains("<script>"), "{path}");
        assert!(!page.contains("<img"), "{path}");
        assert!(!page.contains("</title>\"") && page.matches("</title>").count() >= 1, "{path}");
        assert!(page.len() < 500_000, "{path}");
        for link in attributes(&page, "href") {
            let to = link.split('#').next().expect("a path");
            let base = if path.starts_with("entity/") { "entity/" } else { "" };
            let to = match to.strip_prefix("../") {
                Some(above) => above.to_owned(),
                None if to.is_empty() => path.to_owned(),
                None => format!("{base}{to}"),
            };
            assert!(files.contains_key(&to), "{path} leads to {link}");
        }
        let ids = attributes(&page, "id");
        let single: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), single.len(), "{path} has an id twice: {ids:?}");
    }
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("data/")) {
        assert!(!bytes.contains(&b'<'), "{path}");
    }
}

#[test]
fn a_long_history_keeps_its_pages_small() {
    let repo = Repo::new();
    let folder = repo.beside("long");
    let mut builder = RepositoryBuilder::init(&folder, "main").expect("a repository");
    let mut parents = Vec::new();
    for step in 0..160_u32 {
        let mut text = String::from("[object.lead]\n[field.lead.score]\ntype = \"integer\"\n");
        for definition in 0..12 {
            let threshold = 40 + (step * (definition + 3)) % 50;
            let long = if definition == 0 { "much to say ".repeat(400) } else { String::new() };
            let _ = write!(
                text,
                "[definition.d{definition}]\nname = \"Definition number {definition}\"\nobject = \"lead\"\n\
                 description = \"{long}{threshold}\"\n\
                 criteria.intent = \"score >= {threshold} and score < 1000\"\n"
            );
        }
        let files = BTreeMap::from([("model/all.toml".to_owned(), text.into_bytes())]);
        let commit = NewCommit {
            files: &files,
            parents: std::mem::take(&mut parents),
            author: Person { name: "Ada".to_owned(), email: "ada@example.com".to_owned() },
            committer: None,
            seconds: START + i64::from(step) * DAY,
            offset_minutes: 0,
            message: "thresholds",
        };
        parents = vec![builder.commit("main", &commit).expect("a commit")];
    }
    builder.checkout("main").expect("a work tree");
    let files = written(&repo, &folder, "2026-12-31");
    for (path, bytes) in &files {
        // What a browser has to read at once; nobody has to read the register as one file.
        let limit = if path == "register.csv" { usize::MAX } else { 500_000 };
        assert!(bytes.len() < limit, "{path} has {} bytes", bytes.len());
    }
    pieces_of_an_entity_are_all_of_it(&files);
    let rows = rows_of_pieces(&files);
    assert!(rows.len() > 1_500, "{}", rows.len());
}
