//! The auditor's report against real repositories: who had agreed then, what is different in the
//! end, and what cannot be talked away.

use super::{DAY, Run, opmodel};
use crate::repo::Repo;
use serde_json::Value as Json;

mod ends;
mod grounds;

/// Noon of 2026-01-05, a Monday.
const START: i64 = 1_767_614_400;

const MODEL: &str = r#"
[object.lead]
[queue.sdr]
[queue.triage]
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL"]
[field.lead.employees]
type = "integer"
[field.lead.score]
type = "number"
[field.lead.created_at]
type = "datetime"
[field.lead.touched_at]
type = "datetime"
[definition.mql]
object = "lead"
description = "Worth a call."
criteria.size = "employees >= 200"
criteria.intent = "score >= 60"
[sla.touch]
object = "lead"
applies_to = "definition.mql"
starts = "created_at"
stops = "touched_at"
within = "4 hours"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "dach"
when = "country in ['AT', 'DE']"
to = "queue.sdr"

[[role.cro.holder]]
id = "una"
name = "Una Quill"
email = "una@example.com"
[[role.cro.holder]]
id = "odo"
name = "Odo Past"
email = "odo@example.com"
left = 2025-12-31
[[role.ops.holder]]
id = "ines"
name = "Ines Fern"
email = "ines@example.com"
[decision.gates]
covers = ["definition.*"]
approve = ["role.cro"]
separation_of_duties = true
[decision.default]
approve = ["role.ops"]
"#;

const SOFTER: (&str, &str) = ("employees >= 200", "employees >= 100");
const BACK: (&str, &str) = ("employees >= 100", "employees >= 200");
const BY_UNA: &str = "Approved-by: Una Quill <una@example.com>";

/// A repository whose first commit is the model, on the day of `START`.
fn adopted() -> Repo {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.commit("the model", START);
    repo
}

fn edit(repo: &Repo, (from, to): (&str, &str)) {
    let path = repo.path().join("model/all.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    repo.write("model/all.toml", text.replace(from, to));
}

/// Edits the model and commits it so many days after the start.
fn change(repo: &Repo, day: i64, change: (&str, &str), message: &str) -> String {
    edit(repo, change);
    repo.commit(message, START + day * DAY)
}

fn drift(repo: &Repo, more: &[&str]) -> Run {
    opmodel(repo.path(), &[&["drift", "--until", "2026-12-31"], more].concat())
}

fn report(repo: &Repo, more: &[&str]) -> Json {
    drift(repo, &[&["--format", "json"], more].concat()).exits(0).json()
}

/// The entry of the register at an address that a commit brought.
#[track_caller]
fn entry<'j>(report: &'j Json, commit: &str, address: &str) -> &'j Json {
    let register = report["register"].as_array().unwrap();
    register
        .iter()
        .find(|entry| entry["commit"] == commit && entry["address"] == address)
        .unwrap_or_else(|| panic!("no {address} in {commit}: {report:#}"))
}

fn flags(entry: &Json) -> Vec<&str> {
    entry["flags"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap()).collect()
}

#[track_caller]
fn net<'j>(report: &'j Json, address: &str) -> &'j Json {
    let all = report["net"].as_array().unwrap();
    all.iter()
        .find(|net| net["address"] == address)
        .unwrap_or_else(|| panic!("no {address}: {report:#}"))
}

const SIZE: &str = "definition.mql.criteria.size";

#[test]
fn what_was_approved_is_told_apart_from_what_was_not() {
    let repo = adopted();
    let approved = change(&repo, 1, SOFTER, &format!("Softer (#7)\n\n{BY_UNA}"));
    let alone = change(&repo, 2, BACK, "Back (#8)");
    let report = report(&repo, &[]);
    let first = entry(&report, &approved, SIZE);
    assert_eq!(first["standing"], "approved");
    assert_eq!(flags(first), [""; 0]);
    assert_eq!(first["pull_request"], "#7");
    assert_eq!(first["approvals"][0]["who"], "Una Quill");
    assert_eq!(first["approvals"][0]["role"], "role.cro");
    assert_eq!(first["reason"], "Softer (#7)");
    assert_eq!(first["record_time"], "2026-01-06T12:00:00Z");
    assert_eq!(first["admits"], "employees = 150");
    let second = entry(&report, &alone, SIZE);
    assert_eq!(second["standing"], "unapproved");
    assert_eq!(flags(second), ["unapproved"]);
    assert_eq!(second["missing"][0], "the approval of `role.cro`");
    assert_eq!(report["summary"]["changes"], 2);
    assert_eq!(report["summary"]["unapproved"], 1);
    // Everything that the model began with was adopted, not approved.
    assert_eq!(report["population"]["totals"]["commits"], 3);
    assert!(report["summary"]["adopted"].as_u64().unwrap() > 5);
    drift(&repo, &[]).exits(0).says("1 unapproved").says("missing: the approval of `role.cro`");
}

#[test]
fn nobody_approves_what_is_their_own() {
    let repo = adopted();
    edit(&repo, SOFTER);
    repo.git(&["add", "--all"]);
    let author = "--author=Una Quill <una@example.com>";
    let message = format!("--message=Softer (#7)\n\n{BY_UNA}");
    repo.git_at(START + DAY, &["commit", "--quiet", author, &message]);
    let own = repo.git(&["rev-parse", "HEAD"]);
    let report = report(&repo, &[]);
    let entry = entry(&report, &own, SIZE);
    assert_eq!(flags(entry), ["unapproved", "self-approved"]);
    assert_eq!(entry["refused"][0]["refusal"], "own");
    assert_eq!(entry["authors"][0], "Una Quill <una@example.com>");
}

#[test]
fn an_own_approval_that_policy_lets_count_is_told_all_the_same() {
    let repo = adopted();
    edit(&repo, ("within = \"4 hours\"", "within = \"9 hours\""));
    repo.git(&["add", "--all"]);
    let author = "--author=Ines Fern <ines@example.com>";
    let message = "--message=More time (#9)\n\nApproved-by: Ines Fern <ines@example.com>";
    repo.git_at(START + DAY, &["commit", "--quiet", author, message]);
    let own = repo.git(&["rev-parse", "HEAD"]);
    let report = report(&repo, &[]);
    let entry = entry(&report, &own, "sla.touch.within");
    assert_eq!(entry["standing"], "approved");
    assert_eq!(flags(entry), ["self-approved"]);
}

#[test]
fn who_did_not_hold_the_role_then_approves_nothing() {
    let repo = adopted();
    let left = change(&repo, 1, SOFTER, "Softer (#7)\n\nApproved-by: Odo Past <odo@example.com>");
    let other = change(&repo, 2, BACK, "Back (#8)\n\nApproved-by: Zoe Guest <zoe@example.com>");
    let report = report(&repo, &[]);
    let entry_left = entry(&report, &left, SIZE);
    assert_eq!(flags(entry_left), ["unapproved", "not-holder"]);
    let reason = entry_left["refused"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("left on 2025-12-31"), "{reason}");
    assert_eq!(flags(entry(&report, &other, SIZE)), ["unapproved", "not-holder"]);
    assert_eq!(report["summary"]["not_holder"], 2);
}

#[test]
fn each_commit_is_judged_by_the_policy_of_its_day() {
    let repo = adopted();
    // On the first day Una decides; then Ines takes over, and Una's name counts no more.
    let first = change(&repo, 1, SOFTER, &format!("Softer (#1)\n\n{BY_UNA}"));
    change(&repo, 2, ("approve = [\"role.cro\"]", "approve = [\"role.ops\"]"), "Ines decides (#2)");
    let second = change(&repo, 3, BACK, &format!("Back (#3)\n\n{BY_UNA}"));
    let third =
        change(&repo, 4, SOFTER, "Softer (#4)\n\nApproved-by: Ines Fern <ines@example.com>");
    let report = report(&repo, &[]);
    assert_eq!(entry(&report, &first, SIZE)["standing"], "approved");
    assert_eq!(entry(&report, &second, SIZE)["standing"], "unapproved");
    assert_eq!(entry(&report, &second, SIZE)["required"][0]["all_of"][0], "role.ops");
    assert_eq!(entry(&report, &third, SIZE)["standing"], "approved");
}

#[test]
fn a_push_to_the_main_line_is_told_apart_from_a_merge() {
    let repo = adopted();
    let pushed = change(&repo, 1, SOFTER, &format!("Softer\n\n{BY_UNA}"));
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    let made = change(&repo, 2, BACK, "Back");
    let fingerprint = {
        let of =
            opmodel(repo.path(), &["diff", "main", "HEAD", "--format", "json"]).exits(0).json();
        let mut changes = of["changes"].as_array().unwrap().iter();
        let written = changes.find(|change| change["address"] == SIZE).unwrap();
        written["fingerprint"].as_str().unwrap().to_owned()
    };
    let on = ["--as", "role.cro", "--by", "Una Quill <una@example.com>"];
    opmodel(repo.path(), &[&["approve", &fingerprint], &on[..]].concat()).exits(0);
    repo.commit("sign", START + 2 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    let merge = [
        "merge",
        "--quiet",
        "--no-ff",
        "--message",
        "Merge pull request #12 from acme/back",
        "proposal",
    ];
    repo.git_at(START + 3 * DAY, &merge);
    let merged = repo.git(&["rev-parse", "HEAD"]);
    let report = report(&repo, &[]);
    assert_eq!(flags(entry(&report, &pushed, SIZE)), ["direct-push"]);
    let entry = entry(&report, &merged, SIZE);
    assert_eq!(flags(entry), [""; 0], "{entry:#}");
    assert_eq!(entry["standing"], "approved");
    assert_eq!(entry["pull_request"], "#12");
    assert_eq!(entry["made_by"], serde_json::json!([made]));
    assert!(entry["approvals"][0]["source"].as_str().unwrap().contains("approvals/"), "{entry:#}");
    assert_eq!(report["population"]["totals"]["merges"], 1);
    // The branch's own commits are not of the main line.
    assert_eq!(report["population"]["totals"]["commits"], 3);
}

#[test]
fn what_is_changed_in_the_merge_itself_is_said() {
    let repo = adopted();
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    change(&repo, 1, ("within = \"4 hours\"", "within = \"5 hours\""), "More time");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at(START + 2 * DAY, &["merge", "--quiet", "--no-ff", "--no-commit", "proposal"]);
    let evil = change(&repo, 2, SOFTER, "Merge branch 'proposal'");
    let report = report(&repo, &[]);
    assert_eq!(entry(&report, &evil, SIZE)["made_in_merge"], true);
    assert_eq!(entry(&report, &evil, SIZE)["made_by"], serde_json::json!([evil]));
    assert_eq!(entry(&report, &evil, "sla.touch.within")["made_in_merge"], false);
}

#[test]
fn net_drift_is_what_differs_in_the_end() {
    let repo = adopted();
    change(&repo, 1, SOFTER, "a (#1)");
    change(&repo, 2, ("employees >= 100", "employees >= 50"), "b (#2)");
    change(&repo, 3, ("within = \"4 hours\"", "within = \"9 hours\""), "c (#3)");
    change(&repo, 9, ("within = \"9 hours\"", "within = \"4 hours\""), "d (#4)");
    change(&repo, 10, ("'AT', 'DE'", "'AT', 'DE', 'NL'"), "e (#5)");
    let report = report(&repo, &[]);
    let mql = net(&report, "definition.mql");
    assert_eq!(mql["verdict"], "looser");
    assert_eq!(mql["steps"].as_array().unwrap().len(), 2);
    assert_eq!(mql["says"][0], "`employees >= 200` → `employees >= 50`");
    assert!(mql["admits"].as_str().unwrap().contains("employees = "), "{mql:#}");
    let routing = net(&report, "routing.inbound");
    assert_eq!(routing["verdict"], "shifted");
    let example = routing["example"].as_str().unwrap();
    assert!(example.contains("goes to `queue.sdr` instead of `queue.triage`"), "{example}");
    // The promise itself came back; what it is about did not.
    let sla = net(&report, "sla.touch");
    let there = &sla["oscillations"][0];
    assert_eq!(there["address"], "sla.touch.within");
    assert_eq!(there["days"], 6);
    assert_eq!(there["direction"], "loosened");
    drift(&repo, &[]).exits(0).says("definition.mql  employees >= 200 → employees >= 50");
}

#[test]
fn what_only_went_there_and_back_around_a_quarters_end_is_told() {
    let repo = adopted();
    // 2026-03-26 and 2026-04-02.
    let out = change(&repo, 80, SOFTER, "Softer (#1)");
    let back = change(&repo, 87, BACK, "As before (#2)");
    let report = report(&repo, &[]);
    let mql = net(&report, "definition.mql");
    assert_eq!(mql["verdict"], "same");
    assert_eq!(mql["oscillations"][0]["out"], *out);
    assert_eq!(mql["oscillations"][0]["back"], *back);
    assert_eq!(mql["oscillations"][0]["quarter_end"], "2026-03-31");
    assert_eq!(report["summary"]["only_oscillated"], 1);
    assert_eq!(report["summary"]["drifted"], 0);
    assert_eq!(report["windows"][0]["to"], "2026-03-31");
    assert_eq!(report["windows"][0]["changes"][0]["commit"], *out);
    assert_eq!(report["summary"]["near_period_end"], 1);
    drift(&repo, &[])
        .exits(0)
        .says("0 drifted net · 1 only oscillated")
        .says("definition.mql  after 2 steps")
        .says("2026-03-31)")
        .says("▲▼·");
    // In the quarter alone it drifted.
    let quarter = opmodel(repo.path(), &["drift", "--until", "2026-03-31", "--format", "json"]);
    assert_eq!(net(&quarter.exits(0).json(), "definition.mql")["verdict"], "looser");
}

#[test]
fn a_rename_is_followed_through_the_register_and_the_net() {
    let repo = adopted();
    change(&repo, 1, SOFTER, "Softer (#1)");
    edit(&repo, ("applies_to = \"definition.mql\"", "applies_to = \"definition.warm\""));
    let named = ("[definition.mql]\n", "[definition.warm]\nformerly = [\"mql\"]\n");
    change(&repo, 2, named, "Call it warm (#2)");
    change(&repo, 3, ("employees >= 100", "employees >= 50"), "Softer still (#3)");
    let report = report(&repo, &[]);
    let all = report["net"].as_array().unwrap();
    assert!(all.iter().all(|net| net["address"] != "definition.mql"), "{report:#}");
    let warm = net(&report, "definition.warm");
    assert_eq!(warm["verdict"], "looser");
    assert_eq!(warm["former"], serde_json::json!(["definition.mql"]));
    assert_eq!(warm["steps"].as_array().unwrap().len(), 2);
    let narrowed = self::report(&repo, &["definition.mql"]);
    assert_eq!(narrowed["summary"]["changes"], 1, "{narrowed:#}");
    let narrowed = self::report(&repo, &["definition.warm"]);
    assert_eq!(narrowed["summary"]["changes"], 2);
    assert_eq!(narrowed["net"].as_array().unwrap().len(), 1);
}

#[test]
fn what_says_to_be_in_force_before_it_was_recorded_is_retroactive() {
    let repo = adopted();
    let since = ("description = \"Worth a call.\"", "effective_from = 2026-01-01");
    edit(&repo, SOFTER);
    let late = change(&repo, 9, since, "Softer since New Year (#1)");
    let early = change(
        &repo,
        10,
        ("effective_from = 2026-01-01", "effective_from = 2026-02-01"),
        "Not yet (#2)",
    );
    let report = report(&repo, &[]);
    let entry_late = entry(&report, &late, SIZE);
    assert_eq!(flags(entry_late), ["unapproved", "retroactive"]);
    assert_eq!(entry_late["effective_from"], "2026-01-01");
    assert!(
        report["register"]
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| { entry["commit"] != *early || !flags(entry).contains(&"retroactive") })
    );
}

#[test]
fn exceptions_waive_while_they_hold_and_are_told_when_they_are_over() {
    let repo = adopted();
    let waiver = r#"
[exception.quarter]
waives = "definition.mql.criteria.size"
waives_finding = "definition-broadened"
reason = "The quarter."
approved_by = "role.cro"
expires = 2026-02-01
[decision.default]"#;
    change(&repo, 1, ("\n[decision.default]", waiver), "An exception (#1)");
    let waived = change(&repo, 2, SOFTER, "Softer (#2)");
    let over = change(&repo, 60, ("employees >= 100", "employees >= 50"), "Softer still (#3)");
    let report = report(&repo, &[]);
    let entry_waived = entry(&report, &waived, SIZE);
    assert_eq!(entry_waived["standing"], "waived", "{entry_waived:#}");
    assert_eq!(entry_waived["waived_by"]["exception"], "exception.quarter");
    assert_eq!(entry(&report, &over, SIZE)["standing"], "unapproved");
    assert_eq!(report["expired"][0]["exception"], "exception.quarter");
    assert_eq!(report["expired"][0]["days_over"], 333);
    drift(&repo, &[]).exits(0).says("1 expired exception still in use");
    let while_it_held =
        opmodel(repo.path(), &["drift", "--until", "2026-01-31", "--format", "json"]);
    assert_eq!(while_it_held.exits(0).json()["expired"], serde_json::json!([]));
}

#[test]
fn what_no_right_is_about_and_what_policy_forbids_is_told() {
    let repo = adopted();
    let only = (
        "[decision.default]\napprove = [\"role.ops\"]\n",
        "[policy.rule-removed]\nlevel = \"forbid\"\nreason = \"A rule is replaced.\"\n",
    );
    change(&repo, 1, only, "Nobody decides the rest (#1)");
    let nobody = change(&repo, 2, ("within = \"4 hours\"", "within = \"5 hours\""), "Time (#2)");
    let rule = "[[routing.inbound.rule]]\nid = \"dach\"\nwhen = \"country in ['AT', 'DE']\"\nto = \"queue.sdr\"\n";
    let removed = change(&repo, 3, (rule, ""), "No rules (#3)");
    let report = report(&repo, &[]);
    assert_eq!(entry(&report, &nobody, "sla.touch.within")["standing"], "unclaimed");
    let forbidden = entry(&report, &removed, "routing.inbound.rule.dach");
    assert_eq!(forbidden["standing"], "forbidden");
    assert_eq!(flags(forbidden), ["forbidden"]);
    assert!(report["summary"]["unclaimed"].as_u64().unwrap() >= 1);
}

#[test]
fn a_file_that_cannot_be_read_for_a_while_hides_nothing() {
    let repo = adopted();
    let broken =
        change(&repo, 1, ("[definition.mql]", "<<<<<<< ours\n[definition.mql]"), "Oops (#1)");
    edit(&repo, SOFTER);
    let mended = change(&repo, 2, ("<<<<<<< ours\n", ""), "Mended (#2)");
    let report = report(&repo, &[]);
    assert_eq!(report["population"]["totals"]["unreadable"], 1);
    assert_eq!(report["unreadable"][0]["from"], *broken);
    assert_eq!(report["unreadable"][0]["to"], *mended);
    assert_eq!(entry(&report, &mended, SIZE)["impact"], "loosening");
    drift(&repo, &[]).exits(0).says("is unreadable from 2026-01-06");
}

#[test]
fn a_file_that_is_gone_is_unreadable_no_longer() {
    let repo = adopted();
    repo.write("model/more.toml", "[list.more\n");
    repo.commit("Oops (#1)", START + DAY);
    repo.remove("model/more.toml");
    repo.write("model/other.toml", "[list.more]\nvalues = ['x']\n");
    repo.commit("Mended under another name (#2)", START + 2 * DAY);
    let gone = repo.git(&["rev-parse", "HEAD"]);
    let report = report(&repo, &[]);
    assert_eq!(report["unreadable"][0]["path"], "model/more.toml");
    assert_eq!(report["unreadable"][0]["to"], *gone);
}

#[test]
fn a_clock_that_counts_milliseconds_hides_nothing() {
    let repo = adopted();
    edit(&repo, SOFTER);
    repo.git(&["add", "--all"]);
    repo.git_at(1_767_355_200_000, &["commit", "--quiet", "-m", "From the future"]);
    let late = ["drift", "--until", "9999-12-31"];
    opmodel(repo.path(), &late).exits(0).says("From the future");
    opmodel(repo.path(), &["drift"]).exits(0).complains("dated in the future (9999-12-30");
    opmodel(repo.path(), &["audit"]).exits(0).says("From the future");
    let log = opmodel(repo.path(), &["log", "--format", "json", "-n", "1"]).exits(0);
    log.says("\"record_time\":\"9999-12-30T22:00:00Z\"").says("\"verdict\":\"looser\"");
}

#[test]
fn form_alone_is_counted_and_asks_nobody() {
    let repo = adopted();
    change(&repo, 1, ("employees >= 200", "employees>=200"), "spaces");
    repo.write("README.md", "not the model");
    repo.commit("beside it", START + 2 * DAY);
    let report = report(&repo, &[]);
    let totals = &report["population"]["totals"];
    assert_eq!((&totals["touching"], &totals["cosmetic"]), (&2.into(), &1.into()));
    assert_eq!(report["population"]["rows"][0]["class"], "not-touching");
    assert_eq!(report["population"]["rows"][1]["class"], "cosmetic");
    assert_eq!(report["summary"]["changes"], 0);
    drift(&repo, &[])
        .exits(0)
        .says("no change of meaning")
        .says("no change that an auditor asks about")
        .says("no definition, gate, ICP, segment, territory, routing table or SLA changed");
}

#[test]
fn the_index_says_since_when_and_what_nobody_looked_at() {
    let repo = adopted();
    let softer = change(&repo, 1, SOFTER, "Softer (#1)");
    let report = report(&repo, &["--since", "2026-06-01"]);
    assert_eq!(report["population"]["rows"], serde_json::json!([]));
    let as_of = |address: &str| {
        let all = report["as_of"].as_array().unwrap();
        all.iter().find(|row| row["address"] == address).unwrap()["commit"].clone()
    };
    assert_eq!(as_of("definition.mql"), *softer);
    assert_eq!(as_of("sla.touch"), *softer, "its scope is that definition");
    assert_eq!(as_of("routing.inbound"), repo.git(&["rev-parse", "HEAD~1"]));
    let late = opmodel(repo.path(), &["drift", "--until", "2027-06-01", "--format", "json"]);
    let stale = late.exits(0).json()["stale"].clone();
    assert!(stale.as_array().unwrap().iter().any(|row| row["address"] == "routing.inbound"));
    drift(&repo, &["--since", "2026-06-01"])
        .exits(0)
        .complains("nothing was recorded in the period");
}

#[test]
fn a_model_that_was_taken_away_is_no_new_start() {
    let repo = adopted();
    repo.remove("model/all.toml");
    repo.write("README.md", "gone");
    repo.commit("gone", START + DAY);
    repo.write("model/all.toml", MODEL.replace(SOFTER.0, SOFTER.1));
    let again = repo.commit("again", START + 2 * DAY);
    let report = report(&repo, &[]);
    let entry = entry(&report, &again, "definition.mql");
    assert_ne!(entry["standing"], "adopted");
    assert_eq!(net(&report, "definition.mql")["verdict"], "looser");
}

#[test]
fn the_report_can_be_made_again() {
    let repo = adopted();
    change(&repo, 1, SOFTER, "Softer (#1)");
    let first = report(&repo, &["--since", "2026-01-01", "definition.*"]);
    let command = first["reproduce"]["command"].as_str().unwrap().to_owned();
    assert!(
        command.starts_with("opmodel drift --since 2026-01-01 --until 2026-12-31 "),
        "{command}"
    );
    assert!(command.ends_with(" 'definition.*'"), "{command}");
    repo.commit("later", START + 3 * DAY);
    let words: Vec<String> =
        command.split(' ').skip(1).map(|word| word.trim_matches('\'').to_owned()).collect();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.extend(["--format", "json"]);
    let again = opmodel(repo.path(), &words).exits(0).json();
    assert_eq!(first, again);
    assert_eq!(first["reproduce"]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn the_register_is_a_table_for_spreadsheets() {
    let repo = adopted();
    change(&repo, 1, SOFTER, "=cmd|' /C calc'!A0");
    let run = drift(&repo, &["--format", "csv"]).exits(0);
    let mut lines = run.out.lines();
    let head = lines.next().unwrap();
    assert!(
        head.starts_with("record_time,commit,pull_request,made_by,authors,committer,reason,kind")
    );
    let first = lines.next().unwrap();
    assert!(first.contains("'=cmd|"), "{first}");
    assert!(run.out.contains("definition.mql.criteria.size"));
    drift(&repo, &["--format", "markdown"])
        .exits(0)
        .says("## Drift of")
        .says("<summary>Change register");
    drift(&repo, &["--brief"]).exits(0).says("Exceptions").hides("Change register");
}

#[test]
fn a_shallow_clone_says_from_where_on_it_is_complete() {
    let repo = adopted();
    change(&repo, 1, SOFTER, "Softer (#1)");
    let kept = change(&repo, 2, BACK, "Back (#2)");
    let tip = change(&repo, 3, SOFTER, "Softer (#3)");
    let clone = repo.beside("clone");
    let from = format!("file://{}", repo.path().display());
    let to = clone.to_str().unwrap();
    repo.git(&["clone", "--quiet", "--depth", "2", &from, to]);
    let run = opmodel(&clone, &["drift", "--until", "2026-12-31", "--format", "json"])
        .exits(0)
        .complains("complete only from")
        .complains("git fetch --unshallow");
    let report = run.json();
    assert_eq!(report["population"]["completeness"]["complete"], false);
    assert_eq!(report["population"]["completeness"]["cut_off_at"], *kept);
    assert_eq!(report["population"]["rows"][1]["class"], "cut-off");
    // What is known is judged all the same.
    assert_eq!(flags(entry(&report, &tip, SIZE)), ["unapproved"]);
    assert_eq!(net(&report, "definition.mql")["verdict"], "looser");
}

#[test]
fn a_history_that_is_told_otherwise_is_read_as_it_was_recorded() {
    let repo = adopted();
    let softer = change(&repo, 1, SOFTER, "Softer (#1)");
    let told = change(&repo, 2, BACK, "Back (#2)");
    let before = report(&repo, &[]);
    let root = repo.git(&["rev-list", "--max-parents=0", "HEAD"]);
    // As if the second commit had never been.
    repo.git(&["replace", "--graft", &told, &root]);
    let after = report(&repo, &[]);
    assert_eq!(after["register"], before["register"]);
    assert_eq!(after["population"]["rows"], before["population"]["rows"]);
    assert_eq!(after["population"]["completeness"]["replace_refs"], 1);
    assert_eq!(after["reproduce"], before["reproduce"]);
    assert!(softer != told);
    drift(&repo, &[]).exits(0).says("1 replace ref in this repository, not followed");
}

#[test]
fn bare_repositories_are_audited_too() {
    let repo = adopted();
    change(&repo, 1, SOFTER, "Softer (#1)");
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let run = opmodel(&bare, &["drift", "--until", "2026-12-31", "--format", "json"]).exits(0);
    assert_eq!(run.json()["register"], report(&repo, &[])["register"]);
}

#[test]
fn mistakes_are_answered_in_words() {
    let repo = adopted();
    drift(&repo, &["--since", "2027-01-01"]).exits(2).complains("before it begins");
    drift(&repo, &["--since", "soon"]).exits(2).complains("`soon` is not a date");
    opmodel(repo.path(), &["drift", "--until", "2020-01-01"])
        .exits(0)
        .says("nothing had been recorded by then")
        .complains("nothing had been recorded by the end of the period");
    drift(&repo, &["definition.nql"]).exits(2).complains("did you mean `definition.mql`?");
    drift(&repo, &["nowhere"]).exits(128).complains("there is no revision");
    let empty = Repo::new();
    drift(&empty, &[]).exits(128).complains("has no commit yet");
    empty.write("README.md", "no model");
    empty.commit("first", START);
    drift(&empty, &[]).exits(128).complains("there is no model in `model`");
    let nowhere = tempfile::tempdir().unwrap();
    opmodel(nowhere.path(), &["drift"]).exits(128).complains("not inside a Git repository");
}
