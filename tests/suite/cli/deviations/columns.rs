//! `deviations`: a column that was not exported accuses nobody.

use super::{HEAD, LEADS, MODEL, MONDAY, deviations, folder, found};
use crate::cli::{folder_with, opmodel};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The model with an end of the whole way, days that are counted, owners who work by a calendar of
/// their own, and a clock that starts anew.
fn model() -> String {
    let more = "
[field.lead.closed_at]
type = \"date\"
[calendar.late]
time_zone = \"America/New_York\"
days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]
hours = \"09:00-17:00\"
[sla.owned]
object = \"lead\"
applies_to = \"status = 'SQL'\"
starts = \"routed_at\"
stops = \"touched_at\"
within = \"4 business hours\"
calendar_of = \"owner\"
";
    let changed = [
        (
            "starts = \"created_at\"\n[[lifecycle",
            "starts = \"created_at\"\nends = \"closed_at\"\n[[lifecycle",
        ),
        ("entry.qualified =", "entry.fresh = \"days since contacted_at <= 3\"\nentry.qualified ="),
        (
            "[[routing.inbound.rule]]\nid = \"big\"",
            "[[routing.inbound.rule]]\nid = \"fresh\"\nwhen = \"country = 'NL' and days since created_at <= 2\"\nto = \"queue.dach\"\n[[routing.inbound.rule]]\nid = \"big\"",
        ),
        (
            "contact_field = \"contacted_at\"",
            "contact_field = \"contacted_at\"\nrouted_field = \"routed_at\"",
        ),
        ("[team.sdr]\n", "[team.sdr]\ncalendar = \"calendar.late\"\n"),
    ];
    let model = changed.iter().fold(MODEL.to_owned(), |model, (from, to)| {
        assert!(model.contains(from), "{from}");
        model.replacen(from, to, 1)
    });
    model + more
}

/// The leads, with ids of their own, some that closed and some that were routed while they were fresh.
fn leads(ids: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<String> = LEADS.iter().map(|lead| format!("{lead},")).collect();
    rows.push("30,Closed,Ann Example,DE,200,SQL,2026-08-01,2026-11-20T08:00:00Z,2026-11-20T15:00:00Z,2026-11-19,2026-11-20,dach,2026-09-01".to_owned());
    rows.push(
        "31,Fresh then,Ann Example,NL,200,New,2026-11-10,2026-11-11T10:00:00Z,,,2026-11-20,,"
            .to_owned(),
    );
    let cells = |row: &String| format!("{ids}{row}").split(',').map(str::to_owned).collect();
    rows.iter().map(cells).collect()
}

/// Writes leads, but for one column.
fn write(folder: &Path, name: &str, leads: &[Vec<String>], without: Option<&str>) {
    let head: Vec<&str> = HEAD.split(',').chain(["closed_at"]).collect();
    let kept: Vec<usize> = (0..head.len()).filter(|at| Some(head[*at]) != without).collect();
    let line = |cells: Vec<&str>| cells.join(",") + "\n";
    let mut text = line(kept.iter().map(|at| head[*at]).collect());
    for lead in leads {
        text += &line(kept.iter().map(|at| lead[*at].as_str()).collect());
    }
    fs::write(folder.join(name), text).expect("a file");
}

/// What deviates in files, without who waives it, and whatever routing calls it; and what is not judged.
fn deviating(folder: &Path, files: &[&str]) -> (BTreeSet<String>, String) {
    let arguments = [&["deviations"], files, &["--as-of", MONDAY, "--format", "json"]].concat();
    let report = opmodel(folder, &arguments).exits(0).json();
    let routed = ["not-routed", "misrouted", "overridden", "older-revision"];
    let each = found(&report).into_iter().map(|row| {
        let row = row.split(" by ").next().unwrap_or_default().to_owned();
        routed.iter().fold(row, |row, kind| row.replace(kind, "elsewhere"))
    });
    (each.collect(), report["not_checked"].to_string())
}

#[test]
fn what_a_file_does_not_say_accuses_nobody() {
    let folder = folder_with(&[("model/all.toml", &model())]);
    let path = folder.path();
    let (first, second) = (leads("1"), leads("2"));
    write(path, "first.csv", &first, None);
    write(path, "second.csv", &second, None);
    let (whole, _) = deviating(path, &["first.csv", "second.csv"]);
    assert!(whole.len() > 2 * 17, "{whole:?}");
    let kept = ["130 cycle-limit", "130 sla-late sla.owned", "131 elsewhere"];
    for row in kept {
        assert!(!whole.iter().any(|found| found.starts_with(row)), "{row}");
    }
    for column in HEAD.split(',').chain(["closed_at"]).filter(|column| *column != "id") {
        write(path, "second.csv", &second, Some(column));
        let (some, why) = deviating(path, &["first.csv", "second.csv"]);
        let more: Vec<&String> = some.difference(&whole).collect();
        assert_eq!(more, Vec::<&String>::new(), "not every file has `{column}`");
        let of_first = |all: &BTreeSet<String>| {
            all.iter().filter(|row| row.starts_with('1')).cloned().collect::<Vec<_>>()
        };
        assert_eq!(of_first(&some), of_first(&whole), "the other file lacks `{column}`");
        let (alone, why_alone) = deviating(path, &["second.csv"]);
        let more: Vec<&String> = alone.difference(&whole).collect();
        assert_eq!(more, Vec::<&String>::new(), "the file lacks `{column}`");
        if column != "rule" {
            assert!(why.contains(&format!("not every file has a column for `{column}`")), "{why}");
            assert!(why_alone.contains(&format!("`{column}`")), "{why_alone}");
        }
    }
}

#[test]
fn nobody_is_another_than_whom_the_file_does_not_name() {
    let folder = folder_with(&[("model/all.toml", &model())]);
    let path = folder.path();
    write(path, "leads.csv", &leads("1"), Some("owner"));
    let run = |more: &[&str]| {
        opmodel(path, &[&["deviations", "leads.csv", "--as-of", MONDAY], more].concat()).exits(0)
    };
    run(&[]).says("not said  Sales development").says("the file has no column for `owner`");
    let report = run(&["--owner", "nobody", "--format", "json"]).json();
    assert_eq!(report["summary"]["deviations"], 0);
    let empty = run(&["--missing-as-empty", "--format", "json"]).json();
    assert!(found(&empty).iter().any(|row| row.contains("not-routed")), "taken as empty");
}

#[test]
fn a_name_of_two_people_is_told_from_one_of_nobody() {
    let model = MODEL.replace("name = \"Cleo Example\"", "name = \"Ben Example\"");
    let folder = folder(&[
        "1,A,Ben Example,DE,200,New,2026-11-20,,,,,",
        "2,B,Dora Nobody-Knows,DE,200,New,2026-11-20,,,,,",
    ]);
    fs::write(folder.path().join("model/all.toml"), model).expect("a file");
    let run = deviations(folder.path(), &[]).exits(0);
    for words in [
        "whose owner the model does not know: `Dora Nobody-Knows` (1)",
        "routing of 1 record whose owner may be one of several: `Ben Example` (1), the name of \
         Ben Example in `role.ae` as `cleo` and Ben Example in `role.sdr` as `ben`",
        "give each of them an e-mail or a `known_as` that is theirs alone",
    ] {
        assert!(run.unbroken().contains(words), "no `{words}` in:\n{}", run.out);
    }
}

#[test]
fn a_column_is_called_as_in_the_system_that_the_file_comes_from() {
    let columns = |field: &str| {
        format!(
            "[field.lead.{field}]\ncolumns.hubspot = \"hs_{field}\"\n\
             columns.salesforce = \"{field}__c\"\n"
        )
    };
    let fields = ["company", "owner", "country"];
    let model = fields.iter().fold(MODEL.to_owned(), |model, field| {
        model.replace(&format!("[field.lead.{field}]\n"), &columns(field))
    });
    let model = model + "[system.hubspot]\n[system.salesforce]\n";
    for (header, there, other) in [
        ("owner__c,company__c", "`country__c`", "hs_country"),
        ("hs_owner,hs_company", "`hs_country`", "country__c"),
    ] {
        let leads = format!("id,{header}\n1,Ann Example,A\n");
        let folder = folder_with(&[("model/all.toml", &model), ("leads.csv", &leads)]);
        let run = opmodel(folder.path(), &["deviations", "leads.csv", "--as-of", MONDAY]).exits(0);
        assert!(run.unbroken().contains(there), "{}", run.out);
        run.hides(other);
    }
}
