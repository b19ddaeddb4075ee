//! The demonstration: the repository is sound, and everything it promises is in it.

use crate::repo::Repo;
use opmodel::artifact::demo::{MAIN, PRESENT, PROPOSAL};
use opmodel::cli::{self, Surroundings};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The repository of the demonstration in a folder that goes away.
struct Demo {
    repo: Repo,
    folder: PathBuf,
}

impl Demo {
    fn new() -> Self {
        let repo = Repo::new();
        let folder = repo.beside("demo");
        let (code, _, errors) = opmodel(repo.path(), &["init", "--demo", &text(&folder)]);
        assert_eq!((code, errors.as_str()), (0, ""));
        Self { repo, folder }
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.repo.git_in(&self.folder, arguments)
    }

    fn run(&self, arguments: &[&str]) -> (u8, String) {
        let (code, out, errors) = opmodel(&self.folder, arguments);
        assert!(code < 2, "{errors}");
        (code, out)
    }

    /// The rows of `log --format json` for more arguments, newest first.
    fn log(&self, arguments: &[&str]) -> Vec<Value> {
        let (_, out) = self.run(&[&["log", "--format", "json"], arguments].concat());
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The rows of the commit with this first line.
    fn commit(&self, subject: &str) -> Vec<Value> {
        let id = self.git(&["log", "--all", "--format=%H", "--fixed-strings", "--grep", subject]);
        let id = id.lines().last().unwrap_or_else(|| panic!("no commit `{subject}`"));
        let rows = self.log(&["-n", "1", id]);
        rows.into_iter().filter(|row| row["commit"] == id).collect()
    }

    /// Kind and address of what the commit with this first line means.
    fn changes(&self, subject: &str) -> Vec<String> {
        let rows = self.commit(subject);
        let changes = rows.iter().map(|row| &row["change"]).filter(|change| !change.is_null());
        changes
            .map(|change| format!("{} {}", word(change, "kind"), word(change, "address")))
            .collect()
    }
}

fn opmodel(folder: &Path, arguments: &[&str]) -> (u8, String, String) {
    let surroundings = Surroundings {
        directory: folder.to_owned(),
        now_seconds: 1_793_600_000,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        colors: Some(false),
        columns: Some(100),
        pager: None,
    };
    let arguments = ["opmodel"].iter().chain(arguments).map(OsString::from);
    let mut out = Vec::new();
    let outcome = cli::run(arguments, &surroundings, &mut out);
    (outcome.code, String::from_utf8(out).unwrap(), outcome.stderr)
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {value}"))
}

#[test]
fn the_same_history_gives_the_same_ids() {
    let ids = |demo: &Demo| demo.git(&["for-each-ref", "--format=%(refname) %(objectname)"]);
    let (one, two) = (Demo::new(), Demo::new());
    assert_eq!(ids(&one), ids(&two));
    assert!(ids(&one).contains(&format!("refs/heads/{PROPOSAL} ")));
}

#[test]
fn git_finds_nothing_wrong() {
    let demo = Demo::new();
    demo.git(&["fsck", "--strict", "--no-dangling"]);
    assert_eq!(demo.git(&["status", "--porcelain"]), "");
    assert_eq!(demo.git(&["symbolic-ref", "--short", "HEAD"]), MAIN);
    assert_eq!(demo.git(&["merge-base", MAIN, PROPOSAL]), demo.git(&["rev-parse", MAIN]));
    assert_eq!(demo.git(&["rev-list", "--merges", "--count", MAIN]), "1");
    assert_eq!(demo.git(&["describe", MAIN]).split('-').next(), Some("v2026.3"));
}

#[test]
fn the_history_takes_18_months_and_several_people() {
    let demo = Demo::new();
    let dates = demo.git(&["log", "--format=%cd", "--date=format:%Y-%m", MAIN]);
    let dates: Vec<&str> = dates.lines().collect();
    assert_eq!((dates.first(), dates.last()), (Some(&"2026-10"), Some(&"2025-05")));
    assert!(dates.is_sorted_by(|newer, older| newer >= older), "{dates:?}");
    assert!((25..=45).contains(&dates.len()), "{}", dates.len());
    let authors = demo.git(&["shortlog", "--summary", "--email", MAIN]);
    assert!(authors.lines().count() >= 8, "{authors}");
    assert!(authors.lines().all(|line| line.ends_with("@quarlwick.example>")), "{authors}");
}

#[test]
fn every_commit_but_one_can_be_read() {
    let demo = Demo::new();
    let rows = demo.log(&[PROPOSAL]);
    let unreadable: Vec<&Value> = rows.iter().filter(|row| !row["unreadable"].is_null()).collect();
    let [row] = unreadable.as_slice() else { panic!("{unreadable:?}") };
    assert_eq!(word(row, "subject"), "MQL threshold 70 for the autumn campaign");
    assert_eq!(word(&row["unreadable"], "path"), "model/strategy/definitions.toml");
    let resolved = demo.commit("Resolve the conflict in definitions.toml");
    assert_ne!(row["author"], resolved[0]["author"]);
    assert_eq!(word(&resolved[0]["change"], "address"), "definition.mql.criteria.intent");
}

#[test]
fn the_mql_threshold_drifts_down_and_once_up() {
    let demo = Demo::new();
    let scores = ["2025-05-31", "2025-07-31", "2025-09-30", "2025-12-31", "2026-02-01"];
    let scores = scores.into_iter().chain(["2026-04-30", "2026-06-30", PRESENT]);
    let shown: Vec<String> = scores
        .map(|day| {
            let address = "definition.mql.criteria.intent";
            let (_, out) = demo.run(&["show", address, "--at", day, "--format", "json"]);
            let shown: Value = serde_json::from_str(&out).unwrap();
            word(&shown, "value").trim_start_matches("score >= ").to_owned()
        })
        .collect();
    assert_eq!(shown, ["100", "80", "70", "60", "80", "70", "60", "60"]);
    let fit = demo.changes("Score: fit gives up to 60 points instead of 40");
    assert!(fit.iter().any(|change| change.contains("scoring.lead.group.fit.cap")), "{fit:?}");
    let fewer = demo.changes("SQL needs two of four things instead of three");
    assert!(fewer.iter().any(|change| change.contains("definition.sql.criteria.substance")));
}

#[test]
fn what_happened_is_in_the_log() {
    let demo = Demo::new();
    for (subject, expected) in [
        ("First touch: 24 hours until the quarter is over", "sla-loosened sla.first-touch.within"),
        (
            "Keystone: no budget needed before signature",
            "exception-added exception.keystone-budget",
        ),
        (
            "Grandport is decided, the exception can go",
            "exception-removed exception.grandport-champion",
        ),
        ("Rename the queue enterprise-inbound to high-value", "-renamed queue.high-value"),
        ("Call it a win, not closed-won", "-renamed definition.win"),
        ("Baltics to the Nordics desk", "territory.cee.when"),
        ("Open Southern Europe", "territory-added territory.southern-europe"),
        ("Revert \"Bring leads back from nurture", "lifecycle.lead.stage.nurture.exit.warm-again"),
    ] {
        let changes = demo.changes(subject);
        assert!(changes.iter().any(|change| change.contains(expected)), "{subject}: {changes:?}");
    }
    let reverted = demo.git(&["log", "-1", "--format=%H", "--grep", "^Bring leads back"]);
    let body = demo.git(&["log", "-1", "--format=%B", "--grep", "^Revert"]);
    assert!(body.contains(&format!("This reverts commit {reverted}.")), "{body}");
}

#[test]
fn nobody_else_signed_the_three_evenings() {
    let demo = Demo::new();
    let range = ["--since=2026-06-28T00:00:00Z", "--until=2026-06-30T23:59:59Z"];
    let trailers = "--format=%aE:%(trailers:key=Approved-by,valueonly,separator=|)";
    let signed = demo.git(&["log", range[0], range[1], trailers, MAIN]);
    let signed: Vec<&str> = signed.lines().collect();
    let bram = "bram.tolliver@quarlwick.example:Bram Tolliver <bram.tolliver@quarlwick.example>";
    let alone = ["elif.sandowry@quarlwick.example:", "fritz.oakenfield@quarlwick.example:"];
    assert_eq!(signed, [bram, alone[0], alone[1]]);
}

#[test]
fn form_alone_means_nothing() {
    let demo = Demo::new();
    for subject in [
        "Format with a formatter",
        "Move the definitions of deals",
        "Name the file after what it holds",
        "Say what marketing does with returned leads",
    ] {
        let rows = demo.commit(subject);
        assert!(!rows.is_empty(), "{subject}");
        for row in rows {
            assert_eq!(word(&row["change"], "impact"), "cosmetic", "{subject}: {row}");
        }
    }
}

#[test]
fn the_proposal_means_three_things() {
    let demo = Demo::new();
    let range = format!("{MAIN}...{PROPOSAL}");
    let (_, out) = demo.run(&["diff", &range, "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let changes = report["changes"].as_array().unwrap().iter();
    let mut direct: Vec<String> = changes
        .filter(|change| change["direct"] == true && change["impact"] != "cosmetic")
        .map(|change| format!("{} {}", word(change, "kind"), word(change, "address")))
        .collect();
    direct.sort();
    let [sla, exit, territory] = direct.as_slice() else { panic!("{direct:?}") };
    assert_eq!(sla, "sla-loosened sla.enterprise-first-touch.within");
    assert!(exit.starts_with("stage-exit-"), "{exit}");
    assert!(exit.ends_with(" lifecycle.lead.stage.sql.exit.size"), "{exit}");
    assert_eq!(territory, "territory-scope-moved territory.dach");
}

#[test]
fn the_main_line_has_a_handful_of_findings() {
    let demo = Demo::new();
    let (code, out) = demo.run(&["check", "--as-of", PRESENT, "--format", "json"]);
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let rules: Vec<&str> = findings.iter().map(|finding| word(finding, "rule")).collect();
    for rule in
        ["example-fails", "unknown-reference", "exception-expired", "holder-left", "review-overdue"]
    {
        assert!(rules.contains(&rule), "{rule} is not among {rules:?}");
    }
    assert!((4..=8).contains(&rules.len()), "{rules:?}");
    let (code, out) = demo.run(&["check", "v2025.2", "--as-of", "2025-06-30"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn the_tour_runs_what_it_prints() {
    let repo = Repo::new();
    let folder = text(&repo.beside("tour"));
    let (code, tour, errors) = opmodel(repo.path(), &["demo", "--dir", &folder]);
    assert_eq!((code, errors.as_str()), (0, ""));
    let typed: Vec<&str> =
        tour.lines().filter_map(|line| line.strip_prefix("$ opmodel ")).collect();
    assert_eq!(typed.len(), 7, "{tour}");
    for line in typed {
        let words: Vec<&str> = line.split(' ').collect();
        let (code, out, errors) = opmodel(repo.path(), &words);
        assert!(matches!(code, 0 | 1 | 3), "{line}: {errors}");
        assert!(tour.contains(&format!("$ opmodel {line}\n\n{out}")), "{line}");
    }
    // What is to be tried next stands alone on its line, so that it can be copied.
    let (_, next) = tour.split_once("Try next\n").expect("an ending");
    let is_next = |line: &&str| line.trim_start().starts_with("opmodel ");
    let next: Vec<&str> = next.lines().filter(is_next).map(str::trim).collect();
    assert!(next.len() > 5, "{tour}");
    for line in next.iter().filter(|line| !line.contains("--serve") && !line.contains('\'')) {
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        let (code, _, errors) = opmodel(repo.path(), &words);
        assert!(matches!(code, 0 | 1), "{line}: {errors}");
    }
    let (code, _, errors) = opmodel(repo.path(), &["demo", &folder]);
    assert!(code == 128 && errors.contains("is not empty"), "{errors}");
}

#[test]
fn a_folder_in_use_is_refused() {
    let repo = Repo::new();
    repo.write("kept.txt", "kept");
    for arguments in [["demo", "--dir", "."], ["init", "--demo", "."]] {
        let (code, out, errors) = opmodel(repo.path(), &arguments);
        assert_eq!((code, out.as_str()), (128, ""));
        assert!(errors.contains("is not empty"), "{errors}");
    }
}

#[test]
fn people_are_called_what_the_mailmap_says() {
    let demo = Demo::new();
    let (_, out) =
        demo.run(&["log", "--full", "--author", "bram.tolliver", "--since", "2026-06-30"]);
    assert!(out.contains("Bram Tolliver") && out.contains("MQL threshold 60"), "{out}");
    assert!(!out.contains(" bram "), "{out}");
}

#[test]
fn a_history_goes_on_under_the_name_before() {
    let demo = Demo::new();
    for (address, former) in [
        ("definition.win", "definition.closed-won"),
        ("queue.high-value", "queue.enterprise-inbound"),
    ] {
        let (_, out) = demo.run(&["log", address]);
        assert!(out.contains(&format!("{former} → {address}")), "{out}");
        assert!(out.contains(&format!("added        {former}")), "{out}");
    }
    let (_, out) = demo.run(&["log", "definition.mql.criteria.reachable"]);
    assert!(out.contains("added        definition.mql"), "{out}");
}

#[test]
fn show_says_what_could_not_be_read() {
    let demo = Demo::new();
    let broken = demo.git(&["log", "--format=%H", "--grep", "MQL threshold 70 for the autumn"]);
    let (_, _, told) =
        opmodel(&demo.folder, &["show", "definition.mql", "--at", broken.lines().next().unwrap()]);
    assert!(told.contains("could be read only in part"), "{told}");
}
