//! The records of the past through every revision of a definition, from the command line.

use super::{DAY, T, opmodel};
use crate::repo::Repo;
use jiff::Timestamp;
use opmodel::criteria::{self, Record, Value};
use opmodel::document::Limits;
use opmodel::load::{self, ModelScope};
use opmodel::model::Model;
use opmodel::source::{RawContent, RawFile};
use std::fmt::Write as _;

const FIELDS: &str = r#"
[object.deal]
[field.deal.stage]
type = "choice"
values = ["Won", "Lost", "Open"]
[field.deal.country]
type = "text"
[field.deal.closed]
type = "date"
[field.deal.made]
type = "date"
[definition.win]
object = "deal"
happens_at = "closed"
criteria.is = "stage = 'Won'"
[definition.loss]
object = "deal"
happens_at = "closed"
criteria.is = "stage = 'Lost'"
"#;

/// A revision of the model: what sizes are called, from which size on, and where.
fn model(field: &str, least: u32, countries: &str, name: &str) -> String {
    let formerly = if field == "employees" { "formerly = [\"size\"]\n" } else { "" };
    let former = if name == "worth" { "formerly = [\"good\"]\n" } else { "" };
    format!(
        "{FIELDS}[field.deal.{field}]\ntype = \"integer\"\n{formerly}[list.served]\nvalues = {countries}\n\
         [definition.{name}]\nobject = \"deal\"\nhappens_at = \"made\"\n{former}\
         criteria.size = \"{field} >= {least}\"\ncriteria.where = \"country in list.served\"\n"
    )
}

/// The revisions of the main line, a day apart: the second says the same in other words.
fn revisions() -> Vec<String> {
    let first = model("size", 200, "['DE']", "good");
    vec![
        first.clone(),
        first.replace("size >= 200", "not (size < 200 or size is not set)"),
        model("size", 100, "['DE']", "good"),
        model("size", 100, "['DE', 'NL']", "good"),
        model("employees", 100, "['DE', 'NL']", "worth"),
        model("employees", 300, "['DE', 'NL']", "worth"),
    ]
}

fn repo() -> Repo {
    let repo = Repo::new();
    for (text, at) in revisions().iter().zip(0..) {
        repo.write("model/all.toml", text);
        repo.commit(&format!("revision {at}"), T + at * DAY);
    }
    repo
}

/// Rows that look drawn, and are the same every time.
fn rows(number: u64) -> Vec<[String; 5]> {
    let mut state = 7_u64;
    let mut draw = move |most: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    // The first revision is of 2023-11-14.
    let day = |at: u64| format!("2023-11-{:02}", 10 + at);
    let mut one = || {
        let pick = |of: &[&str], at: u64| of[usize::try_from(at).unwrap()].to_owned();
        let size = draw(5);
        [
            pick(&["", "50", "100", "200", "400"], size),
            pick(&["DE", "nl", "FR", ""], draw(4)),
            pick(&["Won", "Lost", "Open"], draw(3)),
            if draw(10) == 0 { String::new() } else { day(draw(15)) },
            if draw(10) == 0 { String::new() } else { day(draw(15)) },
        ]
    };
    (0..number).map(|_| one()).collect()
}

const NAMES: [&str; 5] = ["size", "country", "stage", "closed", "made"];

fn csv(rows: &[[String; 5]]) -> String {
    let mut text = NAMES.join(",") + "\n";
    for row in rows {
        let _ = writeln!(text, "{}", row.join(","));
    }
    text
}

fn record(row: &[String; 5], size: &str) -> Record {
    let mut record = Record::new();
    for (name, cell) in NAMES.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
        match *name {
            "size" => record.set(size, Value::Number(cell.parse().unwrap())),
            "closed" | "made" => record.set(*name, Value::Date(cell.parse().unwrap())),
            _ => record.set(*name, Value::Text(cell.clone())),
        }
    }
    record
}

fn read(text: &str) -> Model {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    load::read(vec![RawFile { path: "model/all.toml".to_owned(), content }], Limits::default())
        .model
}

/// For each revision that means something else, whether each row meets it, worked out one by one.
fn naive(rows: &[[String; 5]]) -> Vec<Vec<bool>> {
    let as_of: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    let meet = |text: &String| {
        let model = read(text);
        let scope = ModelScope::new(&model);
        let (size, name) =
            if text.contains("employees") { ("employees", "worth") } else { ("size", "good") };
        let expr = criteria::parse(&format!("definition.{name}")).sound().unwrap();
        let meets =
            |row| criteria::evaluate(&expr, &record(row, size), "deal", &scope, as_of).unwrap();
        rows.iter().map(meets).collect::<Vec<bool>>()
    };
    let all: Vec<Vec<bool>> = revisions().iter().map(meet).collect();
    // Other words, and another name, mean the same.
    [0, 2, 3, 5].map(|at: usize| all[at].clone()).to_vec()
}

fn backtest(repo: &Repo, arguments: &[&str]) -> super::Run {
    let fixed = ["backtest", "deals.csv", "definition.worth", "--as-of", "2024-01-01"];
    opmodel(repo.path(), &[&fixed[..], arguments].concat())
}

#[test]
fn every_revision_counts_what_it_would_have_counted_then() {
    let repo = repo();
    let rows = rows(400);
    repo.write("deals.csv", csv(&rows));
    let found = backtest(&repo, &["--format", "json"]).exits(0).json();
    let naive = naive(&rows);
    let told = found["revisions"].as_array().unwrap();
    let subjects: Vec<&str> = told.iter().map(|row| row["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["revision 0", "revision 2", "revision 3", "revision 5"]);
    let verdicts: Vec<_> = told.iter().map(|row| row["verdict"].as_str()).collect();
    assert_eq!(verdicts, [None, Some("looser"), Some("looser"), Some("tighter")]);
    let count = |keeps: &dyn Fn(usize) -> bool| (0..rows.len()).filter(|at| keeps(*at)).count();
    let ends = |at: usize, stage: &str| rows[at][2] == stage;
    for (at, (row, meets)) in told.iter().zip(&naive).enumerate() {
        assert_eq!(row["met"], count(&|one| meets[one]), "{at}");
        assert_eq!(row["won"], count(&|one| meets[one] && ends(one, "Won")), "{at}");
        assert_eq!(row["lost"], count(&|one| meets[one] && ends(one, "Lost")), "{at}");
        if at > 0 {
            let was = &naive[at - 1];
            assert_eq!(row["entered"], count(&|one| meets[one] && !was[one]), "{at}");
            assert_eq!(row["left"], count(&|one| !meets[one] && was[one]), "{at}");
        }
    }
    assert_eq!(found["outcomes"]["won"], count(&|one| ends(one, "Won")));
    assert_eq!(found["outcomes"]["open"], count(&|one| ends(one, "Open")));

    // By what was in force at the end of a record's own day: commits are of 14 to 19 November, late at night.
    let in_force = |day: &str| match day {
        "" => None,
        day if day < "2023-11-14" => None,
        day if day < "2023-11-16" => Some(0_usize),
        day if day < "2023-11-17" => Some(1),
        day if day < "2023-11-19" => Some(2),
        _ => Some(3),
    };
    let then = |one: usize| in_force(&rows[one][4]);
    let quarter = &found["adherence"][0];
    assert_eq!(quarter["quarter"], "2023-Q4");
    assert_eq!(quarter["records"], count(&|one| !rows[one][4].is_empty()));
    assert_eq!(quarter["before"], count(&|one| !rows[one][4].is_empty() && then(one).is_none()));
    assert_eq!(quarter["then"], count(&|one| then(one).is_some_and(|at| naive[at][one])));
    assert_eq!(quarter["now"], count(&|one| then(one).is_some() && naive[3][one]));
    assert_eq!(found["dateless"], count(&|one| rows[one][4].is_empty()));
}

#[test]
fn what_takes_effect_on_another_day_is_in_force_from_that_day() {
    let repo = Repo::new();
    let from = |day: &str, text: &str| {
        text.replace("[definition.good]\n", &format!("[definition.good]\neffective_from = {day}\n"))
    };
    let revisions = [
        model("size", 200, "['DE']", "good"),
        // Recorded on 15 November, and in force two days later.
        from("2023-11-17", &model("size", 100, "['DE']", "good")),
        // Changed while it waits: it waits as well.
        from("2023-11-17", &model("size", 50, "['DE']", "good")),
        // Changed once it is in force: in force when it is recorded.
        from("2023-11-17", &model("size", 400, "['DE']", "good")),
        // Agreed on later than it holds.
        from("2023-11-13", &model("size", 300, "['DE']", "good")),
    ];
    for (text, at) in revisions.iter().zip([0, 1, 2, 4, 5]) {
        repo.write("model/all.toml", text);
        repo.commit(&format!("on day {at}"), T + at * DAY);
    }
    let row = |size: u32, made: &str| format!("{size},DE,Open,,{made}\n");
    let told = |text: &str, tip: &str| {
        repo.write("deals.csv", NAMES.join(",") + "\n" + text);
        let fixed = ["backtest", "deals.csv", "definition.good", "--as-of", "2024-01-01"];
        let more = ["--tip", tip, "--format", "json"];
        opmodel(repo.path(), &[&fixed[..], &more].concat()).exits(0).json()
    };
    let then = |size: u32, made: &str, tip: &str| {
        let quarter = told(&row(size, made), tip)["adherence"][0].clone();
        (quarter["before"] == 0).then(|| quarter["then"] == 1)
    };
    for (size, made, meets) in [
        (60, "2023-11-13", None),
        (199, "2023-11-16", Some(false)),
        (200, "2023-11-16", Some(true)),
        (60, "2023-11-17", Some(true)),
        (399, "2023-11-18", Some(false)),
    ] {
        assert_eq!(then(size, made, "HEAD~1"), meets, "{size} on {made}");
    }
    // The last revision holds for every day from the 13th on.
    assert_eq!(then(300, "2023-11-13", "HEAD"), Some(true));
    assert_eq!(then(299, "2023-11-17", "HEAD"), Some(false));
    let whole = told(&row(1, "2023-11-13"), "HEAD");
    let from: Vec<&str> = whole["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["in_force_from"].as_str().unwrap().get(..10).unwrap())
        .collect();
    assert_eq!(from, ["2023-11-14", "2023-11-17", "2023-11-17", "2023-11-18", "2023-11-13"]);
    opmodel(repo.path(), &["backtest", "deals.csv", "definition.good"])
        .exits(0)
        .says("was recorded on 2023-11-15 and is in force from 2023-11-17")
        .says("was recorded on 2023-11-19 and is in force from 2023-11-13")
        .hides("was recorded on 2023-11-18");
}

#[test]
fn what_a_definition_refers_to_moves_the_day_only_where_it_stood_before() {
    let repo = Repo::new();
    let segment = |day: &str, id: &str| {
        format!("[segment.{id}]\nobject = \"deal\"\nwhen = \"size > 0\"\neffective_from = {day}\n")
    };
    let good = |least: u32, id: &str| {
        model("size", least, "['DE']", "good") + &format!("criteria.also = \"segment.{id}\"\n")
    };
    let revisions = [
        // What it refers to is in force for years: it is in force when it is recorded.
        good(100, "old") + &segment("2020-01-01", "old"),
        // Referring to something else, of old as well.
        good(90, "older") + &segment("2020-01-01", "old") + &segment("2019-01-01", "older"),
        // What it refers to holds later, agreed before.
        good(80, "older") + &segment("2020-01-01", "old") + &segment("2023-11-20", "older"),
        // And earlier, agreed after.
        good(70, "older") + &segment("2020-01-01", "old") + &segment("2023-11-15", "older"),
        // Something that is not in force yet keeps it waiting.
        good(60, "new") + &segment("2023-11-15", "older") + &segment("2023-12-01", "new"),
    ];
    for (text, at) in revisions.iter().zip(0..) {
        repo.write("model/all.toml", text);
        repo.commit(&format!("on day {at}"), T + at * DAY);
    }
    repo.write("deals.csv", NAMES.join(",") + "\n60,DE,Open,,2023-11-13\n");
    let fixed = ["backtest", "deals.csv", "definition.good", "--as-of", "2024-01-01"];
    let told = opmodel(repo.path(), &[&fixed[..], &["--format", "json"]].concat()).exits(0).json();
    let from = told["revisions"].as_array().unwrap().iter();
    let from: Vec<&str> =
        from.map(|row| row["in_force_from"].as_str().unwrap().get(..10).unwrap()).collect();
    assert_eq!(from, ["2023-11-14", "2023-11-15", "2023-11-20", "2023-11-15", "2023-12-01"]);
}

#[test]
fn days_are_counted_from_the_day_of_the_record_beside_the_newest() {
    let repo = Repo::new();
    let fresh = |days: u32| {
        let model = model("size", 0, "['DE']", "good");
        model.replace("size >= 0", &format!("days since closed <= {days}"))
    };
    repo.write("model/all.toml", fresh(1));
    repo.commit("one day", T - 30 * DAY);
    repo.write("model/all.toml", fresh(3));
    repo.commit("three days", T + DAY);
    let rows = "1,DE,Won,2023-11-13,2023-11-14\n1,DE,Won,2023-11-12,2023-11-14\n\
                1,DE,Won,2023-11-14,2023-11-17\n1,DE,Won,2023-11-10,2023-11-17\n";
    repo.write("deals.csv", NAMES.join(",") + "\n" + rows);
    let run = |form: &str| {
        let fixed = ["backtest", "deals.csv", "definition.good", "--as-of", "2024-01-01"];
        opmodel(repo.path(), &[&fixed[..], &["--format", form]].concat()).exits(0)
    };
    let found = run("json").json();
    // Seen from the new year all of them are old.
    assert_eq!(found["revisions"][1]["met"], 0);
    let quarter = &found["adherence"][0];
    assert_eq!((&quarter["then"], &quarter["now"]), (&2.into(), &3.into()));
    let words = run("text").out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("days are counted from the record's own day"), "{words}");
    assert!(words.contains("days are counted from 2024-01-01T00:00:00Z"), "{words}");
}

#[test]
fn a_period_is_that_of_the_outcome() {
    let repo = repo();
    let rows = rows(300);
    repo.write("deals.csv", csv(&rows));
    let period = ["--since", "2023-11-12", "--until", "2023-11-18", "--format", "json"];
    let found = backtest(&repo, &period).exits(0).json();
    let within = |row: &&[String; 5]| ("2023-11-12"..="2023-11-18").contains(&row[3].as_str());
    let of = |stage: &str| rows.iter().filter(|row| row[2] == stage).filter(within).count();
    let decided = |row: &&[String; 5]| row[2] != "Open";
    assert_eq!(found["outcomes"]["won"], of("Won"));
    assert_eq!(found["outcomes"]["lost"], of("Lost"));
    let undated = rows.iter().filter(decided).filter(|row| row[3].is_empty()).count();
    assert_eq!(found["outcomes"]["undated"], undated);
    // Of a criterion nobody knows when it came true: the day of what is asked is another one.
    let won = ["--won", "stage = 'Won'"];
    let help = "name a definition that has a `happens_at`";
    backtest(&repo, &[&won[..], &["--since", "2023-11-12"]].concat())
        .exits(2)
        .complains("it is not known when `stage = 'Won'` happens")
        .complains(help);
    backtest(&repo, &won).exits(0);
}

#[test]
fn records_of_an_object_under_another_name_are_the_same_records() {
    let repo = repo();
    repo.write("deals.csv", csv(&rows(120)));
    let counts = |name: &str| -> Vec<u64> {
        let options =
            ["backtest", "deals.csv", "definition.worth", "--object", name, "--format", "json"];
        let found = opmodel(repo.path(), &options).exits(0).json();
        let rows = found["revisions"].as_array().expect("revisions").clone();
        rows.iter().map(|row| row["met"].as_u64().unwrap_or_else(|| panic!("{row:#}"))).collect()
    };
    let before = counts("deal");
    let mut text = revisions().pop().expect("a revision");
    for field in ["stage", "country", "closed", "made", "employees"] {
        let (header, now) = (format!("[field.deal.{field}]\n"), format!("[field.opp.{field}]\n"));
        let former = format!("{now}formerly = [\"deal.{field}\"]\n");
        text =
            text.replace(&format!("{header}type = \"integer\"\nformerly = [\"size\"]\n"), &header);
        assert!(text.contains(&header), "{header}");
        text = text.replace(&header, &former);
        if field == "employees" {
            text = text.replace("\"deal.employees\"", "\"deal.employees\", \"deal.size\"");
            text = text.replace("deal.size\"]\n", "deal.size\"]\ntype = \"integer\"\n");
        }
    }
    text = text
        .replace("[object.deal]\n", "[object.opp]\nformerly = [\"deal\"]\n")
        .replace("object = \"deal\"", "object = \"opp\"");
    repo.write("model/all.toml", text);
    repo.commit("deals are opportunities", T + 9 * DAY);
    assert_eq!(counts("opp"), before);
}

#[test]
fn a_revision_that_cannot_be_asked_is_not_passed_over_in_silence() {
    let repo = repo();
    repo.write("deals.csv", csv(&rows(30)));
    let newest = revisions().pop().expect("a revision");
    let newest = newest.replace(
        "[field.deal.employees]\ntype = \"integer\"",
        "[field.deal.employees]\ntype = \"text\"",
    );
    let newest = newest.replace("employees >= 300", "employees is set");
    repo.write("model/all.toml", newest);
    repo.commit("sizes are words", T + 9 * DAY);
    backtest(&repo, &[])
        .exits(0)
        .says("one of 7 revisions of it can be put to these records: ")
        .says("not asked: `employees` held")
        .hides("it meant the same all the time");
}

#[test]
fn people_see_the_same_records_through_every_revision() {
    let repo = repo();
    repo.write("deals.csv", csv(&rows(200)));
    let run = backtest(&repo, &[]).exits(0);
    assert!(run.out.starts_with(
        "`definition.worth` and the records of the past\n200 `deal` records of `deals.csv`"
    ));
    run.says("4 revisions of it, and the same records:")
        .says("The same 200 records through every revision")
        .says("▲ looser")
        .says("▼ tighter")
        .says("████████████████")
        .says("precision  recall")
        .says("Each record by what was in force on its own day, beside the newest")
        .says("a record's day is in `made`");
    // What is on disk is one more revision, where it means something else.
    repo.write("model/all.toml", model("employees", 50, "['DE']", "worth"));
    backtest(&repo, &[]).exits(0).says("on disk").says("5 revisions of it");
    backtest(&repo, &["--tip", "HEAD"]).exits(0).hides("on disk");
    repo.write("deals.csv", csv(&rows(1)));
    let one = backtest(&repo, &[]).exits(0).says("The same record through every revision");
    one.says(" of 1 record (").hides("1 records");
    repo.write("deals.csv", csv(&rows(200)));
    backtest(&repo, &["--format", "markdown"]).exits(0).says("| on disk |");
    let csv = backtest(&repo, &["--format", "csv"]).exits(0).out;
    assert_eq!(csv.lines().count(), 6);
}

#[test]
fn outcomes_are_those_of_the_same_records() {
    let repo = repo();
    let lead = "\n[object.lead]\n[field.lead.score]\ntype = \"number\"\n[field.lead.ended]\ntype = \"text\"\n\
                [definition.mql]\nobject = \"lead\"\ncriteria.a = \"score >= 60\"\n";
    repo.write("model/lead.toml", lead);
    repo.commit("leads", T + 10 * DAY);
    repo.write("leads.csv", "score,ended\n70,Won\n80,Won\n10,Won\n65,Lost\n5,Lost\n90,\n");
    opmodel(repo.path(), &["backtest", "leads.csv", "definition.mql"])
        .exits(2)
        .complains("`definition.win` judges `deal` records, and these are `lead` records")
        .complains("declare a field of `lead` that holds how it ended");
    let own = [
        "backtest",
        "leads.csv",
        "definition.mql",
        "--won",
        "ended = 'Won'",
        "--lost",
        "ended = 'Lost'",
    ];
    let found = opmodel(repo.path(), &[&own[..], &["--format", "json"]].concat()).exits(0).json();
    let row = &found["revisions"][0];
    assert_eq!((&row["won"], &row["lost"]), (&2.into(), &1.into()));
    assert_eq!(
        (&row["precision"], &row["recall"], &row["lift"]),
        (&0.6667.into(), &0.6667.into(), &1.1111.into())
    );
    opmodel(repo.path(), &[&own[..], &["--since", "2023-11-01"]].concat())
        .exits(2)
        .complains("it is not known when `ended = 'Won'` happens");
}

#[test]
fn mistakes_are_told() {
    let repo = repo();
    repo.write("deals.csv", csv(&rows(5)));
    let run = |arguments: &[&str]| {
        opmodel(repo.path(), &[&["backtest"][..], arguments].concat()).exits(2)
    };
    run(&["deals.csv"])
        .complains("it is not said what to put to the records")
        .complains("`definition.worth`");
    run(&["definition.worth"]).complains("no file of records is named");
    run(&["deals.csv", "definition.wroth"]).complains("did you mean `definition.worth`?");
    run(&["deals.csv", "definition.worth", "definition.win"])
        .complains("one is put to the records at a time");
    run(&["deals.csv", "definition.worth", "--won", "stgae = 'Won'"]).complains("stgae");
    run(&["deals.csv", "definition.worth", "--won", "definition.wn"])
        .complains("there is no `definition.wn`");
    run(&["deals.csv", "definition.worth", "--dated-by", "size"])
        .complains("have no date field `size`");
    run(&["deals.csv", "definition.worth", "--since", "2023-12-01", "--until", "2023-11-01"])
        .complains("the period ends before it begins");
}
