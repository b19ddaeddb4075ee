//! What a proposal does to real records, from the command line.

use super::{T, opmodel};
use crate::repo::Repo;
use std::fmt::Write as _;

const MODEL: &str = r#"
[object.lead]
key_field = "id"
[queue.dach]
owner = "team.sdr"
members = ["role.sdr"]
capacity = 2
[queue.benelux]
owner = "team.sdr"
[queue.triage]
[team.sdr]
[[role.sdr.holder]]
id = "ines"
name = "Ines Copperfeld"
email = "ines@example.com"
login = "ines"
[role.sdr]
team = "team.sdr"
[system.crm]
[field.lead.id]
type = "text"
columns = { crm = "Lead Id" }
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL", "BE"]
columns = { crm = "Country__c" }
[field.lead.employees]
type = "integer"
columns = { crm = "Size__c" }
[field.lead.score]
type = "number"
[field.lead.amount]
type = "money"
[sla.first-touch]
object = "lead"
applies_to = "country is set"
starts = "seen_at"
stops = "seen_at"
within = "4 hours"
[definition.mql]
object = "lead"
criteria.size = "employees >= 200"
criteria.intent = "score >= 60"
[lifecycle.lead]
object = "lead"
[[lifecycle.lead.stage]]
id = "new"
exit.worth = "definition.mql"
next = ["sql"]
[[lifecycle.lead.stage]]
id = "sql"
entry.priced = "amount > 0"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "benelux"
when = "country in ['NL', 'BE']"
to = "queue.benelux"
sla = "sla.first-touch"
[[routing.inbound.rule]]
id = "dach"
when = "country in ['AT', 'DE']"
to = "queue.dach"
sla = "sla.first-touch"
[[role.cro.holder]]
id = "ada-quill"
name = "Ada Quill"
email = "ada.quill@example.com"
login = "adaq"
[decision.default]
approve = ["role.cro"]
evidence = ["records impact"]
"#;

/// NL goes from one desk to the other, and smaller companies are enough.
const EDITS: [(&str, &str); 3] = [
    ("['NL', 'BE']", "['BE']"),
    ("['AT', 'DE']", "['AT', 'DE', 'NL']"),
    ("employees >= 200", "employees >= 100"),
];

fn edited(edits: &[(&str, &str)]) -> String {
    let change = |text: String, (from, to): &(&str, &str)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    };
    edits.iter().fold(MODEL.to_owned(), change)
}

/// Twelve leads: each country thrice, in turn.
fn leads(header: &str) -> String {
    let mut text = format!("{header}\n");
    let cells = ["AT", "DE", "NL", "BE"].into_iter().cycle().zip(1..=12_u32);
    for (country, number) in cells {
        let (size, score) = (number * 40, if number % 2 == 0 { 80 } else { 20 });
        let _ = writeln!(text, "00Q{number},{country},{size},{score},{}", number * 1000);
    }
    text
}

const HEADER: &str = "Lead Id,Country__c,Size__c,Score,Amount";

fn repo(edits: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.write("leads.csv", leads(HEADER));
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    repo.write("model/all.toml", edited(edits));
    repo
}

const AS_OF: [&str; 4] = ["--records", "leads.csv", "--as-of", "2026-06-30"];

fn impact(repo: &Repo, arguments: &[&str]) -> super::Run {
    opmodel(repo.path(), &[&["impact"][..], &AS_OF, arguments].concat())
}

#[test]
fn five_lines_say_who_loses_and_who_gains_how_many() {
    let repo = repo(&EDITS);
    let run = impact(&repo, &["main"]).exits(0);
    let told: Vec<&str> = run.out.lines().skip(1).take(8).collect();
    assert_eq!(
        told,
        [
            &format!(
                "compared from `main` ({}) to `work tree`",
                &repo.git(&["rev-parse", "main"])[..10]
            ),
            "",
            "4 of 12 `lead` records (33.3%) are treated otherwise; 3 go elsewhere",
            "",
            "Who loses and who gains in `routing.inbound`",
            "               before  now  loses  gains",
            "queue.benelux  6       3    -3",
            "queue.dach     6       9           +3",
        ]
    );
    run.says("queue.benelux  queue.dach  3        00Q3, 00Q7, 00Q11")
        .says("3 from rule `benelux` to rule `dach`")
        .says("definition  definition.mql")
        .says("+1            looser")
        .says("sla.first-touch  queue.benelux       team.sdr  6       3")
        .says("full: `queue.dach`: 9 of these records come (6 before), and its 1 person may hold 2 at a time")
        .says("held against the proof: no record goes elsewhere in `routing.inbound`")
        .says("12 `lead` records of `leads.csv`, judged for 2026-06-30T00:00:00Z")
        .says("`leads.csv`: 12 records, SHA-256");
}

#[test]
fn where_nothing_changes_it_is_said() {
    let repo = repo(&[]);
    impact(&repo, &["main", "--exit-code"])
        .exits(0)
        .says(
            "nothing changes for any of these records: of 12 `lead` records nobody goes elsewhere",
        )
        .hides("Who loses");
    for (more, why) in [("a,b\n", "1 row could not be read"), ("", "there is no record")] {
        let rows = if more.is_empty() { format!("{HEADER}\n") } else { leads(HEADER) + more };
        repo.write("leads.csv", rows);
        impact(&repo, &["main", "--object", "lead", "--exit-code"])
            .exits(1)
            .complains(&format!("{why}, so it cannot be said that all are treated as before"));
        impact(&repo, &["main", "--object", "lead"]).exits(0);
    }
    let repo = self::repo(&EDITS);
    impact(&repo, &["main", "--exit-code"]).exits(1);
    impact(&repo, &["main"]).exits(0);
    repo.commit("change", T + 60);
    impact(&repo, &["main...HEAD"]).exits(0).says("3 go elsewhere");
    impact(&repo, &[]).exits(0).says("nothing changes");
}

#[test]
fn programs_get_the_matrix_with_sums_and_examples() {
    let repo = repo(&EDITS);
    let found = impact(&repo, &["main", "--sum", "amount", "--format", "json"]).exits(0).json();
    assert_eq!(found["format_version"], "1.0");
    assert_eq!(found["summary"], serde_json::json!({ "touched": 4, "moved": 3, "checked": true }));
    let row = &found["routing"][0]["moves"][0];
    assert_eq!(
        (&row["from"]["to"], &row["to"]["to"]),
        (&"queue.benelux".into(), &"queue.dach".into())
    );
    assert_eq!((&row["records"], &row["sum"]), (&3.into(), &"21000".into()));
    assert_eq!(
        row["samples"][1],
        serde_json::json!({ "key": "00Q7", "file": "leads.csv", "line": 8 })
    );
    let hash = found["read"]["files"][0]["sha256"].as_str().expect("a hash");
    assert_eq!(hash.len(), 64);
    let group = |address: &str| {
        let groups = found["groups"].as_array().expect("groups");
        groups.iter().find(|group| group["address"] == address).expect(address).clone()
    };
    assert_eq!(group("definition.mql")["enter"]["samples"][0]["key"], "00Q4");
    assert_eq!(group("lifecycle.lead.stage.new.exit")["verdict"], "looser");
    assert_eq!(group("lifecycle.lead.stage.new.next.sql")["sort"], "gate");

    let csv = impact(&repo, &["main", "--sum", "amount", "--format", "csv"]).exits(0).out;
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some(
            "what,address,from,to,from_rule,to_rule,from_sla,to_sla,records,sum,without_sum,examples,checked"
        )
    );
    assert_eq!(
        lines.next(),
        Some(
            "route,routing.inbound,queue.benelux,queue.dach,benelux,dach,sla.first-touch,sla.first-touch,3,21000,0,00Q3 00Q7 00Q11,true"
        )
    );
}

#[test]
fn a_field_under_another_name_is_found_by_its_former_column() {
    let edits = [
        ("[field.lead.employees]", "[field.lead.headcount]\nformerly = [\"employees\"]"),
        ("crm = \"Size__c\"", "crm = \"Headcount__c\""),
        ("employees >= 200", "headcount >= 100"),
    ];
    let repo = repo(&edits);
    for header in [HEADER, "Lead Id,Country__c,Headcount__c,Score,Amount"] {
        repo.write("leads.csv", leads(header));
        let found = impact(&repo, &["main", "--format", "json"]).exits(0).json();
        assert_eq!(found["missing_fields"], serde_json::json!([]), "{header}");
        let group =
            found["groups"].as_array().unwrap().iter().find(|g| g["address"] == "definition.mql");
        assert_eq!(group.expect("the definition")["enter"]["records"], 1, "{header}");
        let told = found["notes"].to_string();
        let is_old = "`headcount` is read from the column `Size__c` for both, which only `main` knows as that";
        assert_eq!(told.contains(is_old), header == HEADER, "{told}");
    }
}

#[test]
fn a_column_that_only_the_base_knows_by_a_former_id_is_said() {
    let field = "[field.lead.employees]";
    let former = format!("{field}\nformerly = [\"headcount\"]");
    let repo = repo(&[]);
    repo.write("model/all.toml", edited(&[(field, &former), ("crm = \"Size__c\"", "")]));
    repo.commit("a former id", T + 1_000);
    repo.write("model/all.toml", edited(&[("crm = \"Size__c\"", "")]));
    repo.write("leads.csv", leads(&HEADER.replace("Size__c", "headcount")));
    impact(&repo, &["HEAD"])
        .exits(0)
        .says("`employees` is read from the column `headcount` for both");
}

#[test]
fn what_cannot_be_compared_is_said_and_never_looks_whole() {
    let repo = repo(&EDITS);
    repo.write("model/more.toml", "[definition.broken\n");
    impact(&repo, &["main"]).exits(1).says("not compared: `model/more.toml`");
    repo.remove("model/more.toml");
    let faulty = edited(&[("score >= 60", "scroe >= 60")]);
    repo.write("model/all.toml", faulty);
    impact(&repo, &["main"])
        .exits(1)
        .says("not compared: `definition.mql`, one of its criteria cannot be read");
}

#[test]
fn a_column_that_is_not_there_is_said() {
    let repo = repo(&EDITS);
    repo.write("leads.csv", "Lead Id,Country__c\n00Q1,NL\n");
    impact(&repo, &["main"])
        .exits(0)
        .says("the file has no column of `amount`, `employees` and `score`: there they count as not set")
        .says("queue.benelux  queue.dach  1        00Q1");
    impact(&repo, &["main", "--sum", "amount"])
        .exits(2)
        .complains("no column of the files holds `amount`, so there is nothing to add up");
    impact(&repo, &["main", "--sum", "amuont"]).exits(2).complains("did you mean `amount`?");
    impact(&repo, &["main", "--sum", "country"]).exits(2).complains("cannot be added up");
    impact(&repo, &["main", "definition.mql"]).exits(2).complains("is an address");
    opmodel(repo.path(), &["impact", "main", "--records", "none.csv"])
        .exits(128)
        .complains("none.csv");
    opmodel(repo.path(), &["impact", "main"]).exits(2).complains("--records");
}

#[test]
fn a_review_carries_it_as_evidence() {
    let repo = repo(&EDITS);
    repo.commit("change", T + 60);
    let review = |more: &[&str]| {
        let fixed = ["review", "main", "--as-of", "2026-06-30"];
        opmodel(repo.path(), &[&fixed[..], more].concat()).exits(3)
    };
    let records = ["--records", "leads.csv"];
    review(&["--format", "markdown"])
        .says("- [ ] the proposal comes with: records impact")
        .hides("real records");
    review(&[&records[..], &["--format", "markdown"]].concat())
        .says("- [x] the proposal comes with: records impact")
        .says("### What it does to real records")
        .says("**4 of 12** `lead` **records (33.3%) are treated otherwise**; 3 go elsewhere")
        .says("| `queue.benelux` | 6 | 3 | **-3** |  |")
        .says("<summary>From where to where, who enters and leaves what, and some of the records</summary>")
        .says("| `queue.benelux` | `queue.dach` | 3 | `00Q3`, `00Q7`, `00Q11` |")
        .says("judged for 2026-06-30T00:00:00Z")
        .says("SHA-256");
    repo.write("none.csv", format!("{HEADER}\n"));
    review(&["--records", "none.csv", "--object", "lead", "--format", "markdown"])
        .says("- [ ] the proposal comes with: records impact");
    review(&records)
        .says("What it does to real records")
        .says("queue.dach     6       9           +3");
    let with = review(&[&records[..], &["--format", "json"]].concat()).json();
    assert_eq!(with["records"]["summary"]["moved"], 3);
    assert!(review(&["--format", "json"]).json().get("records").is_none());
    opmodel(repo.path(), &["review", "main", "--sum", "amount"]).exits(2).complains("--records");
    let written = leads(HEADER).replace(',', ";").replace(";40;", ";40,0;");
    repo.write("german.csv", written);
    let german = ["--records", "german.csv", "--separator", ";", "--numbers", "1.234,56"];
    review(&german).says("queue.dach     6       9           +3");
    for (option, value) in [("--numbers", "1.234,56"), ("--separator", ";"), ("--object", "lead")] {
        opmodel(repo.path(), &["review", "main", option, value])
            .exits(2)
            .complains(&format!("`{option}` is about records, and none are named"))
            .complains("--records");
    }
}

/// A table of which nothing is written but its default sends every record there.
#[test]
fn the_default_of_a_table_without_rules_sends_all() {
    let repo = Repo::new();
    let model = "[model]\nformat = 1\n[object.lead]\n[field.lead.id]\ntype = \"text\"\n[queue.a]\n\
                 [queue.b]\n";
    let table = "[routing.r]\nobject = \"lead\"\ndefault = \"queue.a\"\n";
    repo.write("model/model.toml", model);
    repo.write("model/routing.toml", table);
    repo.write("leads.csv", "id\n1\n2\n");
    repo.commit("first", T);
    repo.write("model/routing.toml", table.replace("queue.a", "queue.b"));
    impact(&repo, &[]).exits(0).says("all of these go elsewhere");
    let diff = opmodel(repo.path(), &["diff"]).exits(0);
    diff.says("go from `queue.a` to `queue.b`").says("every record");
}
