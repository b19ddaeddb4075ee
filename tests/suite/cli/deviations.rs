//! `deviations`: records in a state that the model does not allow.

mod columns;
mod limits;
mod past;

use super::{Run, folder_with, opmodel};
use crate::repo::Repo;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A Monday, 11:00 in Berlin.
const MONDAY: &str = "2026-11-23T10:00:00Z";

const MODEL: &str = r#"
[model]
format = 1
currency = "EUR"
[model.calendar]
time_zone = "Europe/Berlin"
days = ["mon", "tue", "wed", "thu", "fri"]
hours = "09:00-17:00"
[object.lead]
key_field = "id"
owner_field = "owner"
contact_field = "contacted_at"
[team.sdr]
name = "Sales development"
[team.ops]
name = "Operations"
[role.sdr]
team = "team.sdr"
[[role.sdr.holder]]
id = "ann"
name = "Ann Example"
email = "ann@example.com"
known_as = ["005AAAAAAAAAAAAAAA"]
[[role.sdr.holder]]
id = "ben"
name = "Ben Example"
[role.ae]
team = "team.sdr"
[[role.ae.holder]]
id = "cleo"
name = "Cleo Example"
[queue.dach]
name = "DACH"
owner = "team.sdr"
members = ["role.sdr"]
[queue.big]
name = "Big ones"
owner = "team.sdr"
members = ["role.ae"]
[queue.triage]
name = "Triage"
owner = "team.ops"
members = ["role.sdr"]
[field.lead.id]
type = "text"
[field.lead.company]
type = "text"
required = true
[field.lead.owner]
type = "text"
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL"]
[field.lead.employees]
type = "integer"
[field.lead.status]
type = "choice"
values = ["New", "MQL", "SQL", "Done"]
[field.lead.created_at]
type = "datetime"
[field.lead.routed_at]
type = "datetime"
[field.lead.touched_at]
type = "datetime"
[field.lead.entered_at]
type = "datetime"
[field.lead.contacted_at]
type = "date"
[field.lead.rule]
type = "text"
[definition.mql]
object = "lead"
criteria.size = "employees >= 100"
criteria.place = "country is set"
[lifecycle.lead]
object = "lead"
stage_field = "status"
starts = "created_at"
[[lifecycle.lead.cycle]]
id = "big"
when = "employees >= 1000"
within = "100 days"
[[lifecycle.lead.cycle]]
id = "all"
within = "60 days"
[[lifecycle.lead.stage]]
id = "new"
value = "New"
owner = "team.ops"
next = ["mql"]
[[lifecycle.lead.stage]]
id = "mql"
value = "MQL"
owner = "team.sdr"
limit = "5 business days"
entered = "entered_at"
contact_within = "10 days"
entry.qualified = "definition.mql"
exit.touched = "touched_at is set"
next = ["sql"]
[[lifecycle.lead.stage]]
id = "sql"
value = "SQL"
owner = "team.sdr"
entry.placed = "country in ['AT', 'DE', 'NL']"
required_fields = ["employees"]
next = ["done"]
[[lifecycle.lead.stage]]
id = "done"
value = "Done"
terminal = true
[routing.inbound]
object = "lead"
default = "queue.triage"
default_is = "gap"
marks = "rule"
[[routing.inbound.rule]]
id = "big"
when = "employees >= 1000"
to = "queue.big"
sla = "sla.touch"
[[routing.inbound.rule]]
id = "dach"
when = "country in ['AT', 'DE']"
to = "queue.dach"
sla = "sla.touch"
[sla.touch]
object = "lead"
applies_to = "status in ['MQL', 'SQL']"
starts = "routed_at"
stops = "touched_at"
within = "4 business hours"
target = "95%"
[exception.acme]
waives = "lifecycle.lead.stage.mql.entry.qualified"
scope = "company = 'Acme'"
reason = "a partner"
approved_by = "role.ae"
expires = 2026-11-23
[exception.old]
waives = "lifecycle.lead.stage.mql.entry.qualified"
scope = "company = 'Oldies'"
reason = "it was a partner"
approved_by = "role.ae"
expires = 2026-11-22
"#;

const HEAD: &str = "id,company,owner,country,employees,status,created_at,routed_at,touched_at,entered_at,contacted_at,rule";

/// Lines of a file of leads; each is fine but for what its company says.
const LEADS: &[&str] = &[
    "1,Fine,Ann Example,DE,200,MQL,2026-11-20,2026-11-20T14:00:00Z,2026-11-20T15:00:00Z,2026-11-20,2026-11-20,dach",
    // Four business hours from Friday, 14:00 in Berlin: until Monday, 10:00.
    "2,Breached,ann@example.com,DE,200,MQL,2026-11-20,2026-11-20T13:00:00Z,,2026-11-20,2026-11-20,dach",
    "3,Soon,005AAAAAAAAAAAA,DE,200,MQL,2026-11-20,2026-11-20T14:10:00Z,,2026-11-20,2026-11-20,dach",
    "4,Late,Ben Example,AT,200,MQL,2026-11-18,2026-11-19T08:00:00Z,2026-11-20T10:00:00Z,2026-11-19,2026-11-20,dach",
    "5,Nobody,,DE,200,MQL,2026-11-23,,,2026-11-23,,",
    "6,Still in triage,Triage,DE,200,MQL,2026-11-23,,,2026-11-23,,",
    "7,Silent,Ann Example,DE,200,MQL,2026-11-09,2026-11-09T10:00:00Z,2026-11-09T11:00:00Z,2026-11-17,2026-11-12,dach",
    "8,Misrouted,Big ones,DE,200,MQL,2026-11-23,2026-11-23T09:00:00Z,,2026-11-23,,",
    "9,Overridden,Cleo Example,DE,200,MQL,2026-11-23,2026-11-23T09:00:00Z,,2026-11-23,,dach",
    "10,No entry,Ann Example,DE,20,MQL,2026-11-20,2026-11-20T14:00:00Z,2026-11-20T15:00:00Z,2026-11-20,2026-11-20,dach",
    "11,No exit,Ann Example,DE,200,SQL,2026-11-20,,,2026-11-20,2026-11-20,dach",
    "12,Too long,Ann Example,DE,200,MQL,2026-11-10,2026-11-10T14:00:00Z,2026-11-10T15:00:00Z,2026-11-12,2026-11-20,dach",
    "13,Whole way,Ann Example,DE,200,SQL,2026-08-10,2026-08-10T14:00:00Z,2026-08-10T15:00:00Z,2026-11-12,2026-11-20,dach",
    "14,Whole way of a big one is longer,Cleo Example,DE,2000,SQL,2026-08-20,2026-08-20T14:00:00Z,2026-08-20T15:00:00Z,,,big",
    "15,,Ann Example,DE,200,New,2026-11-20,,,,,",
    "16,Empty size,Ann Example,DE,,SQL,2026-11-20,2026-11-20T14:00:00Z,2026-11-20T15:00:00Z,,,dach",
    "17,Undeclared,Ann Example,De,200,New,2026-11-20,,,,,",
    "18,Unreadable,Ann Example,DE,many,New,2026-11-20,,,,,",
    "19,Acme,Ann Example,DE,20,MQL,2026-11-20,2026-11-20T14:00:00Z,2026-11-20T15:00:00Z,2026-11-20,2026-11-20,dach",
    "20,Oldies,Ann Example,DE,20,MQL,2026-11-20,2026-11-20T14:00:00Z,2026-11-20T15:00:00Z,2026-11-20,2026-11-20,dach",
    "21,Somebody else,Dora Nobody-Knows,DE,200,New,2026-11-20,,,,,",
    "22,Done and forgotten,Cleo Example,DE,200,Done,2025-11-20,,,2025-11-20,,",
    "23,Waits where it may,,DE,200,New,2026-11-23,,,,,",
];

fn folder(leads: &[&str]) -> tempfile::TempDir {
    let folder = folder_with(&[("model/all.toml", MODEL)]);
    write_leads(folder.path(), "leads.csv", leads);
    folder
}

fn write_leads(folder: &Path, name: &str, leads: &[&str]) {
    fs::write(folder.join(name), format!("{HEAD}\n{}\n", leads.join("\n"))).expect("a file");
}

fn deviations(folder: &Path, arguments: &[&str]) -> Run {
    opmodel(folder, &[&["deviations", "leads.csv", "--as-of", MONDAY], arguments].concat())
}

/// Every deviation as `record kind address`, with who waives it.
fn found(report: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let waived = row["waived_by"].as_str().map(|by| format!(" by {by}"));
        let [record, kind, address] = ["record", "kind", "address"].map(text);
        format!("{record} {kind} {address}{}", waived.unwrap_or_default())
    };
    report["deviations"].as_array().expect("deviations").iter().map(row).collect()
}

/// What was printed, however its lines are broken.
const EXPECTED: &[&str] = &[
    "2 sla-breached sla.touch",
    "3 sla-soon sla.touch",
    "5 not-routed routing.inbound",
    "6 not-routed routing.inbound",
    "7 no-contact lifecycle.lead.stage.mql.contact_within",
    "8 misrouted routing.inbound",
    "10 entry-criteria lifecycle.lead.stage.mql.entry.qualified",
    "20 entry-criteria lifecycle.lead.stage.mql.entry.qualified",
    "11 exit-criteria lifecycle.lead.stage.mql.exit.touched",
    "12 stage-limit lifecycle.lead.stage.mql.limit",
    "13 cycle-limit lifecycle.lead.cycle.all",
    "9 overridden routing.inbound",
    "4 sla-late sla.touch",
    "15 required-empty field.lead.company",
    "16 required-empty lifecycle.lead.stage.sql.required_fields.employees",
    "17 undeclared-value field.lead.country",
    "18 unreadable-value field.lead.employees",
    "19 entry-criteria lifecycle.lead.stage.mql.entry.qualified by exception.acme",
];

#[test]
fn every_kind_is_found_and_nothing_else_the_worst_first() {
    let folder = folder(LEADS);
    let report = deviations(folder.path(), &["--format", "json"]).exits(0).json();
    assert_eq!(found(&report), EXPECTED);
    assert_eq!(report["summary"]["deviations"], 17);
    assert_eq!(report["summary"]["records"], 17);
    assert_eq!(report["summary"]["looked_at"], 23);
    assert_eq!(report["summary"]["waived"], 1);
    let promise = &report["promises"][0];
    let states = ["kept", "late", "breached", "soon", "open", "not_started"];
    let states = states.map(|state| promise[state].as_u64().expect("a number"));
    // An open clock is never kept, and no part of the share.
    assert_eq!(states, [9, 1, 1, 1, 2, 3]);
    assert_eq!(promise["kept_share"], 9.0 / 11.0);
    assert_eq!(report["unknown_owners"][0]["owner"], "Dora Nobody-Knows");
    assert_eq!(report["exceptions"][1]["in_force"], false);
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let folder = folder(LEADS);
    let run = deviations(folder.path(), &[]).exits(0);
    for words in [
        "23 `lead` records of `leads.csv`, judged for 2026-11-23T10:00:00Z",
        "17 deviations from the model in 17 of 23 records (73.9%); 1 more waived by exceptions",
        "1. 1 sla-breached: answer them now, in the order below",
        "it was due Mon 2026-11-23 10:00 CET, 1 business h ago; the limit is 4 business hours",
        "it is due Mon 2026-11-23 11:10 CET, 10 business min from now; the limit is 4 business",
        "nobody has it; by the rule `dach` routing says DACH",
        "still in Triage; by the rule `dach` routing says DACH",
        "the last contact was on 2026-11-12, 11 days ago; in `MQL` it may be 10 days",
        "in `MQL` without `employees >= 100`",
        "in `SQL`, having left `MQL` without `touched_at is set`",
        "in `MQL` since 2026-11-12, 7 business days; the limit is 5 business days",
        "on its way since 2026-08-10, 105 days; the whole way may take 60 days",
        "Cleo Example has it; by the rule `dach` routing says DACH; the CRM had routed it by",
        "it took 1 business day 2 h, 6 business h too long; the limit is 4 business hours",
        "did somebody mean `DE`?",
        "`employees` holds `many`, and not a whole number",
        "exception.acme waives 1 until 2026-11-23",
        "exception.old ran out on 2026-11-22: 1 it would waive are counted",
        "whose owner the model does not know: `Dora Nobody-Knows` (1)",
        "there is no history, so older revisions were not asked",
    ] {
        assert!(run.unbroken().contains(words), "no `{words}` in:\n{}", run.out);
    }
}

#[test]
fn threads_files_and_order_do_not_change_what_is_found() {
    let folder = folder(LEADS);
    let (first, second) = LEADS.split_at(9);
    let mut turned = second.to_vec();
    turned.reverse();
    write_leads(folder.path(), "a.csv", first);
    write_leads(folder.path(), "b.csv", &turned);
    let run = |files: &[&str]| {
        let all = [&["deviations", "--as-of", MONDAY, "--format", "json"], files].concat();
        let mut rows = found(&opmodel(folder.path(), &all).exits(0).json());
        rows.sort();
        rows
    };
    let whole = run(&["leads.csv"]);
    assert_eq!(whole, run(&["a.csv", "b.csv"]));
    assert_eq!(whole, run(&["b.csv", "a.csv", "--threads", "1"]));
}

#[test]
fn owner_team_and_kind_choose() {
    let folder = folder(LEADS);
    let rows = |arguments: &[&str]| {
        let all = [arguments, &["--format", "json"]].concat();
        found(&deviations(folder.path(), &all).exits(0).json())
    };
    let of_ann = rows(&["--owner", "Ann Example"]);
    assert_eq!(of_ann, rows(&["--owner", "ann@example.com"]));
    // A long id of Salesforce names whom its short form names.
    assert_eq!(of_ann, rows(&["--owner", "005AAAAAAAAAAAAAAA"]));
    assert!(of_ann.contains(&EXPECTED[0].to_owned()) && of_ann.contains(&EXPECTED[1].to_owned()));
    assert_eq!(rows(&["--owner", "nobody"]), ["5 not-routed routing.inbound"]);
    assert_eq!(rows(&["--owner", "role.ae"]), ["9 overridden routing.inbound"]);
    assert_eq!(rows(&["--team", "Operations"]), ["6 not-routed routing.inbound"]);
    assert_eq!(rows(&["--kind", "sla-breached,sla-soon"]), EXPECTED[..2]);
    deviations(folder.path(), &["--owner", "Ann Exampel"])
        .exits(0)
        .says("no deviation from the model")
        .complains("did you mean `ann example`?");
}

#[test]
fn a_stage_is_left_too_late_only_once_working_time_has_gone_by() {
    // Five business days from Saturday end on Friday at 17:00 in Berlin; the next begins on Monday.
    let lead = "1,A,Ann Example,DE,200,MQL,2026-11-14,,,2026-11-14T10:00:00Z,2026-11-20,dach";
    let folder = folder(&[lead]);
    let kinds = ["--kind", "stage-limit", "--format", "json", "--as-of"];
    for (as_of, found) in [("2026-11-22T10:00:00Z", 0), ("2026-11-23T08:01:00Z", 1)] {
        let all = [&["deviations", "leads.csv"][..], &kinds, &[as_of]].concat();
        let report = opmodel(folder.path(), &all).exits(0).json();
        assert_eq!(report["summary"]["deviations"], found, "{as_of}");
    }
}

#[test]
fn an_exception_waives_what_a_criterion_refers_to() {
    let folder = folder(&[
        "1,Acme,Ann Example,DE,20,MQL,2026-11-20,,,2026-11-20,2026-11-20,dach",
        "2,Acme,Ann Example,,20,MQL,2026-11-20,,,2026-11-20,2026-11-20,dach",
        "3,Other,Ann Example,DE,20,MQL,2026-11-20,,,2026-11-20,2026-11-20,dach",
    ]);
    let path = folder.path();
    let direct = "waives = \"lifecycle.lead.stage.mql.entry.qualified\"";
    let judged = |waives: &str, more: &str| {
        let model = MODEL.replace(direct, &format!("waives = \"{waives}\"")) + more;
        fs::write(path.join("model/all.toml"), model).expect("a file");
        let arguments = ["--kind", "entry-criteria", "--format", "json"];
        let report = deviations(path, &arguments).exits(0).json();
        let rows = report["deviations"].as_array().expect("a list").clone();
        let rows = rows.into_iter();
        let all = rows.map(|row| format!("{} {}", row["record"], row["waived_by"]));
        all.collect::<Vec<_>>().join(", ").replace('"', "")
    };
    // The second lacks another criterion of the definition too, which this does not waive.
    let size = "definition.mql.criteria.size";
    assert_eq!(judged(size, ""), "2 null, 3 null, 1 exception.acme");
    let all = "3 null, 1 exception.acme, 2 exception.acme";
    assert_eq!(judged("definition.mql.criteria.*", ""), all);
    let place = "\n[exception.place]\nwaives = \"definition.mql.criteria.place\"\n\
        scope = \"company = 'Acme'\"\nreason = \"told\"\napproved_by = \"role.ae\"\n\
        expires = 2026-11-30\n";
    assert_eq!(judged(size, place), all);
    let over = place.replace("2026-11-30", "2026-11-01");
    assert_eq!(judged(size, &over), "2 null, 3 null, 1 exception.acme");
}

#[test]
fn what_an_export_lacks_is_said_and_not_counted() {
    let folder = folder(&[]);
    let path = folder.path();
    let leads = "id,owner,status,created_at\n1,Cleo Example,MQL,2026-11-20\n";
    fs::write(path.join("leads.csv"), leads).expect("a file");
    let run = deviations(path, &[]).exits(0);
    for words in [
        "no deviation from the model",
        "the file has no column for `country`, `employees`",
        "the file has no column for `company`",
        "`no-contact` of `lifecycle.lead`: the file has no column for `contacted_at`",
        "add `--missing-as-empty` to take them as empty",
    ] {
        assert!(run.unbroken().contains(words), "no `{words}` in:\n{}", run.out);
    }
    let report = deviations(path, &["--missing-as-empty", "--format", "json"]).exits(0).json();
    assert_eq!(
        found(&report),
        [
            "1 entry-criteria lifecycle.lead.stage.mql.entry.qualified",
            "1 overridden routing.inbound",
            "1 required-empty field.lead.company",
        ]
    );
    let bare = MODEL
        .replace("entered = \"entered_at\"\n", "")
        .replace("owner_field = \"owner\"\n", "")
        .replace("contact_field = \"contacted_at\"\n", "");
    fs::write(path.join("model/all.toml"), bare).expect("a file");
    let run = deviations(path, &[]).exits(0);
    for words in [
        "nothing says since when records have been in `mql`",
        "write `owner_field = \"…\"` into `[object.lead]`",
        "write `contact_field = \"…\"` into `[object.lead]`",
    ] {
        assert!(run.unbroken().contains(words), "no `{words}` in:\n{}", run.out);
    }
}

#[test]
fn a_spreadsheet_computes_nothing_and_a_terminal_obeys_nothing() {
    let folder = folder(&[
        "=1+1,@SUM(A1),+cmd,DE,200,MQL,2026-11-20,2026-11-20T13:00:00Z,,2026-11-20,2026-11-20,dach",
        "\u{1b}[31m,x,,-2+3,200,New,2026-11-20,,,,,",
    ]);
    let csv = deviations(folder.path(), &["--format", "csv"]).exits(0).out;
    assert!(csv.starts_with("fingerprint,waived_by,kind,record,file,line,owner,"), "{csv}");
    assert!(csv.contains(",'=1+1,leads.csv,2,'+cmd,"), "{csv}");
    for run in [csv, deviations(folder.path(), &[]).out] {
        assert!(!run.contains('\u{1b}'), "{run}");
    }
    let markdown = deviations(folder.path(), &["--format", "markdown"]).exits(0);
    markdown.says("| record | owner | what |");
    write_leads(folder.path(), "leads.csv", &["1,ACME,`rm -rf` x,DE,200,New,2026-11-20,,,,,"]);
    let markdown = deviations(folder.path(), &["--format", "markdown"]).exits(0);
    markdown.says("whose owner the model does not know: `` `rm -rf` x `` (1)");
}

const DAY: i64 = 86_400;
/// 2026-11-16, a Monday.
const WEEK: i64 = 1_794_787_200;

/// A repository whose routing sent leads of DACH to the big ones first.
fn history(of_object: &str) -> Repo {
    let repo = Repo::new();
    let model = MODEL.replace("[object.lead]\n", &format!("[object.lead]\n{of_object}"));
    let older = model.replace("to = \"queue.dach\"", "to = \"queue.big\"");
    repo.write("model/all.toml", older);
    repo.commit("to the big ones", WEEK);
    repo.write("model/all.toml", model);
    repo.commit("to DACH", WEEK + 3 * DAY);
    let leads = [
        // Routed while the older rule was in force, after it, and before there was any.
        "1,A,Cleo Example,DE,200,MQL,2026-11-17,2026-11-17T09:00:00Z,2026-11-17T10:00:00Z,2026-11-20,2026-11-20,",
        "2,B,Cleo Example,DE,200,MQL,2026-11-20,2026-11-20T09:00:00Z,2026-11-20T10:00:00Z,2026-11-20,2026-11-20,",
        "3,C,Cleo Example,DE,200,MQL,2026-11-11,2026-11-11T09:00:00Z,2026-11-11T10:00:00Z,2026-11-20,2026-11-20,",
        // Nobody says when it was routed: the day on which it came counts.
        "4,D,Cleo Example,DE,200,New,2026-11-18,,,,,",
    ];
    write_leads(repo.path(), "leads.csv", &leads);
    repo
}

#[test]
fn an_older_revision_is_told_from_a_hand_that_gave_it_away() {
    let repo = history("");
    let report = deviations(repo.path(), &["--format", "json"]).exits(0).json();
    assert_eq!(
        found(&report),
        [
            "2 overridden routing.inbound",
            "3 overridden routing.inbound",
            "1 older-revision routing.inbound",
            "4 older-revision routing.inbound",
        ]
    );
    let what = report["deviations"][2]["what"].as_str().expect("a sentence");
    assert!(what.contains("; when it was routed, the rule `dach` of "), "{what}");
    assert!(what.ends_with(" said Big ones"), "{what}");
}

#[test]
fn the_commit_that_is_named_is_that_of_the_records_own_time() {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL.replace("to = \"queue.dach\"", "to = \"queue.big\""));
    let first = repo.commit("to the big ones", WEEK);
    repo.write("notes.txt", "the model stays as it is");
    let second = repo.commit("notes", WEEK + DAY);
    repo.write("model/all.toml", MODEL);
    repo.commit("to DACH", WEEK + 3 * DAY);
    let routed = |id: &str, day: &str| {
        format!(
            "{id},A,Cleo Example,DE,200,MQL,2026-11-{day},2026-11-{day}T09:00:00Z,\
             2026-11-{day}T10:00:00Z,2026-11-20,2026-11-20,"
        )
    };
    write_leads(repo.path(), "leads.csv", &[&routed("1", "16"), &routed("2", "18")]);
    let report = deviations(repo.path(), &["--format", "json"]).exits(0).json();
    for (at, commit) in [first, second].iter().enumerate() {
        let told = report["deviations"][at]["what"].as_str().expect("a sentence");
        assert!(told.contains(&format!("the rule `dach` of {} said", &commit[..10])), "{told}");
    }
}

#[test]
fn the_date_of_routing_is_the_one_the_model_names_and_it_is_said_which() {
    let dates = |repo: &Repo| {
        let report = deviations(repo.path(), &["--format", "json"]).exits(0).json();
        let dates = &report["routing_dates"];
        let text = |key: &str| dates[key].as_str().unwrap_or("none").to_owned();
        let is = |key: &str| dates[key].as_bool().expect("a yes or no");
        (text("routed"), is("declared"), is("exported"), text("created"), found(&report))
    };
    let inferred = history("");
    let (routed, declared, exported, created, _) = dates(&inferred);
    let told = (routed.as_str(), declared, exported, created.as_str());
    assert_eq!(told, ("routed_at", false, true, "created_at"));
    let says = deviations(inferred.path(), &[]).unbroken();
    let words = "older revisions of the routing are asked as of `routed_at`, by which most promises \
                 start that routing rules name (write `routed_field = \"routed_at\"` into \
                 `[object.lead]` to say so); where it is empty, as of `created_at`, when a record came";
    assert!(says.contains(words), "{says}");
    let named = history("routed_field = \"entered_at\"\n");
    let (routed, declared, exported, _, found) = dates(&named);
    assert_eq!((routed.as_str(), declared, exported), ("entered_at", true, true));
    // All were given away after the rule was changed, but the one of which nobody says when.
    let older: Vec<_> = found.iter().filter(|it| it.contains("older")).collect();
    assert_eq!(older, ["4 older-revision routing.inbound"]);
    let says = deviations(named.path(), &[]).unbroken();
    assert!(says.contains("the date of routing that"), "{says}");
}

#[test]
fn the_model_of_another_revision_judges_when_it_is_named() {
    let repo = history("");
    let then = deviations(repo.path(), &["--at", "HEAD~1", "--format", "json"]).exits(0).json();
    assert_eq!(found(&then), Vec::<String>::new());
    assert_eq!(then["at"]["rev"], "HEAD~1");
    let page = deviations(repo.path(), &["--at", "2026-11-17"]).exits(0);
    page.says("by the model of").says("no deviation from the model");
    let today = deviations(repo.path(), &["--at", "HEAD", "--format", "json"]).exits(0).json();
    let disk = deviations(repo.path(), &["--format", "json"]).exits(0).json();
    assert_eq!(found(&today), found(&disk));
    deviations(repo.path(), &["--at", "nowhere"]).exits(128).complains("nowhere");
    deviations(repo.path(), &["--branch", "main"]).exits(2).complains("--at");
}

#[test]
fn a_file_holds_the_same_as_standard_output_in_every_form() {
    let folder = folder(LEADS);
    let plain = |form: &str| deviations(folder.path(), &["--format", form]).exits(0).out;
    let outputs = ["--output", "csv=all.csv", "--output", "json=all.json", "--limit", "1"];
    deviations(folder.path(), &outputs).exits(0).says("17 deviations");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    assert_eq!(read("all.csv"), plain("csv"));
    // How many are listed for people is no part of either.
    assert_eq!(read("all.json"), plain("json"));
    let none = ["--kind", "older-revision", "--format", "json"];
    let none = deviations(folder.path(), &none).exits(0).json();
    assert_eq!(none["deviations"], Value::Array(Vec::new()));
    let same = ["--output", "csv=all.csv", "--output", "json=all.csv"];
    deviations(folder.path(), &same).exits(2).complains("two results cannot go to");
}

#[test]
fn what_was_asked_wrongly_is_said_kindly() {
    let folder = folder(LEADS);
    deviations(folder.path(), &["--new-since", "lead.csv"])
        .exits(128)
        .complains("did you mean `leads.csv`?");
    write_leads(folder.path(), "leads.csv", &[]);
    deviations(folder.path(), &[])
        .exits(0)
        .says("there is no record, and so nothing to judge")
        .hides("By kind");
    write_leads(folder.path(), "leads.csv", LEADS);
    for (arguments, words) in [
        (vec!["--kind", "sla-breeched"], "did you mean `sla-breached`?"),
        (vec!["--max", "sla-soon"], "is no number of deviations"),
        (vec!["--max", "slow=1"], "there is no kind of deviation `slow`"),
        (vec!["--soon", "a while"], "write `2 hours`"),
        (vec!["--team", "sdrs"], "did you mean `sdr`?"),
        (vec!["--object", "deal"], "the model has no object `deal`"),
    ] {
        deviations(folder.path(), &arguments).exits(2).complains(words);
    }
}
