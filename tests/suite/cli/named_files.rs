//! Exports as they are named: which instant they are judged for, each file once, and what of the model
//! the files have no column for.

use super::{command, folder_with, opmodel};
use crate::repo::Repo;
use std::fmt::Write as _;
use std::fs;
use wait4::Wait4 as _;

const MODEL: &str = r#"
[model]
format = 1
[object.lead]
key_field = "id"
owner_field = "owner"
[team.sdr]
[role.sdr]
team = "team.sdr"
[[role.sdr.holder]]
id = "ann"
name = "Ann Example"
[[role.sdr.holder]]
id = "ben"
name = "Ben Example"
[role.ae]
team = "team.sdr"
[[role.ae.holder]]
id = "cleo"
name = "Cleo Example"
[field.lead.id]
type = "text"
[field.lead.owner]
type = "text"
[field.lead.country]
type = "text"
[field.lead.size]
type = "integer"
[field.lead.routed_at]
type = "datetime"
[icp.core]
object = "lead"
criteria.size = "size >= 10"
criteria.place = "country is set"
[routing.inbound]
object = "lead"
default = "role.sdr"
[[routing.inbound.rule]]
id = "big"
when = "size >= 10 and country is set"
to = "role.sdr"
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    folder_with(&[&[("model/all.toml", MODEL)], files].concat())
}

#[test]
fn no_clock_is_a_day_away_from_utc() {
    let folder = folder(&[("leads.csv", "id,owner,country,size\n1,Ann Example,DE,20\n")]);
    let evaluate = |instant| opmodel(folder.path(), &["evaluate", "leads.csv", "--as-of", instant]);
    evaluate("2026-06-30T12:00:00+14:00").exits(0).says("2026-06-29T22:00:00Z");
    for instant in ["2026-06-30T12:00:00+25:00", "2026-06-30T12:00-14:30"] {
        evaluate(instant)
            .exits(2)
            .complains("is neither a date nor an instant")
            .complains("no clock is further from UTC than 14 hours");
    }
    let zone = ["evaluate", "leads.csv", "--time-zone", "+25:00"];
    opmodel(folder.path(), &zone).exits(2);
}

#[test]
fn a_file_that_is_named_twice_would_count_twice() {
    let folder = folder(&[("leads.csv", "id,owner,country,size\n1,Ann Example,DE,20\n")]);
    let path = folder.path();
    for command in [vec!["evaluate"], vec!["deviations"], vec!["records", "doctor"]] {
        let run = |files: [&str; 2]| opmodel(path, &[command.as_slice(), &files].concat());
        run(["leads.csv", "leads.csv"])
            .exits(2)
            .complains("`leads.csv` is named twice, and its records would count twice")
            .complains("name each file once");
        run(["leads.csv", "./leads.csv"])
            .exits(2)
            .complains("`leads.csv` and `./leads.csv` are one file");
    }
    let copy = fs::copy(path.join("leads.csv"), path.join("copy.csv"));
    copy.expect("a copy");
    opmodel(path, &["evaluate", "leads.csv", "copy.csv"]).exits(0).says("2 `lead` records");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_is_the_file() {
    let folder = folder(&[("leads.csv", "id,owner,country,size\n1,Ann Example,DE,20\n")]);
    std::os::unix::fs::symlink("leads.csv", folder.path().join("link.csv")).expect("a link");
    opmodel(folder.path(), &["evaluate", "leads.csv", "link.csv"])
        .exits(2)
        .complains("`leads.csv` and `link.csv` are one file");
    fs::hard_link(folder.path().join("leads.csv"), folder.path().join("hard.csv")).expect("a link");
    opmodel(folder.path(), &["evaluate", "leads.csv", "hard.csv"])
        .exits(2)
        .complains("`leads.csv` and `hard.csv` are one file");
}

#[test]
fn what_is_read_is_not_written_over() {
    let export = "id,owner,country,size\n1,Ann Example,DE,20\n";
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.write("leads.csv", export);
    repo.commit("model", 1_790_000_000);
    let path = repo.path();
    let kept = |arguments: &[&str], name: &str| {
        opmodel(path, arguments)
            .exits(2)
            .complains(&format!("the result would overwrite `{name}`, which is"))
            .complains("name another file for the result");
        assert_eq!(fs::read_to_string(path.join("leads.csv")).expect("the export"), export);
        assert_eq!(fs::read_to_string(path.join("model/all.toml")).expect("the model"), MODEL);
    };
    for output in ["csv=leads.csv", "json=./model/../leads.csv"] {
        let name = output.split_once('=').expect("a path").1;
        kept(&["evaluate", "leads.csv", "--output", output], name);
        kept(&["deviations", "leads.csv", "--output", output], name);
        kept(&["impact", "HEAD", "--records", "leads.csv", "--output", output], name);
        kept(&["backtest", "icp.core", "leads.csv", "--output", output], name);
    }
    kept(&["review", "--records", "leads.csv", "--output", "json=leads.csv"], "leads.csv");
    for option in ["--approvals", "--expect"] {
        kept(&["review", option, "leads.csv", "--output", "json=leads.csv"], "leads.csv");
    }
    repo.write("other.csv", export);
    let since = ["deviations", "other.csv", "--new-since", "leads.csv"];
    kept(&[&since[..], &["--output", "csv=leads.csv"]].concat(), "leads.csv");
    kept(&["evaluate", "leads.csv", "--output", "csv=model/all.toml"], "model/all.toml");
    kept(&["check", "--output", "json=model/all.toml"], "model/all.toml");
    opmodel(path, &["evaluate", "leads.csv", "--output", "csv=other.csv"]).exits(0);
    opmodel(path, &["evaluate", "leads.csv", "--output", "csv=other.csv"]).exits(0);
}

#[test]
fn two_columns_of_one_field_are_said() {
    let folder = folder(&[("leads.csv", "id,Owner,owner,country,size\n1,Ann Example,,DE,20\n")]);
    for command in ["evaluate", "deviations"] {
        opmodel(folder.path(), &[command, "leads.csv"]).exits(0).complains(
            "`leads.csv` has two columns of one field, `Owner` and `owner`: the first counts",
        );
    }
}

#[test]
fn what_no_column_tells_is_not_called_unchanged() {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.commit("model", 1_790_000_000);
    repo.write("model/all.toml", MODEL.replace("size >= 10\"", "size >= 20\""));
    repo.commit("softer", 1_790_000_100);
    repo.write("leads.csv", "id,owner,country\n1,Ann Example,DE\n");
    opmodel(repo.path(), &["impact", "HEAD~1", "HEAD", "--records", "leads.csv"])
        .exits(0)
        .says("nothing changes for these records if the fields without a column are empty: `size`");
}

#[test]
fn a_column_that_no_file_has_is_told_from_one_that_some_have() {
    let all = folder(&[
        ("a.csv", "id,owner,country\n1,Ann Example,DE\n"),
        ("b.csv", "id,owner,country\n2,Ann Example,DE\n"),
        ("c.csv", "id,owner,country,size\n3,Ann Example,DE,20\n"),
    ]);
    let deviations = |files: &[&str]| {
        opmodel(all.path(), &[&["deviations"], files].concat()).exits(0).unbroken()
    };
    let one = deviations(&["a.csv"]);
    assert!(one.contains("the file has no column for `size`"), "{one}");
    let both = deviations(&["a.csv", "b.csv"]);
    assert!(both.contains("no file has a column for `size`"), "{both}");
    let some = deviations(&["a.csv", "c.csv"]);
    assert!(some.contains("not every file has a column for `size`"), "{some}");
    let evaluate =
        |files: &[&str]| opmodel(all.path(), &[&["evaluate"], files].concat()).exits(0).unbroken();
    let both = evaluate(&["a.csv", "b.csv"]);
    assert!(both.contains("there is no column for `size`"), "{both}");
    let some = evaluate(&["a.csv", "c.csv"]);
    assert!(some.contains("not every file has a column for `size`"), "{some}");
}

#[test]
fn a_file_with_every_column_is_answered_whatever_another_lacks() {
    let model = "[model]\nformat = 1\n[object.lead]\nkey_field = \"id\"\n[field.lead.id]\n\
        type = \"text\"\n[field.lead.n]\ntype = \"integer\"\n[icp.large]\n\
        object = \"lead\"\ncriteria.size = \"n > 5\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file");
    };
    fs::create_dir(folder.path().join("model")).expect("a folder");
    write("model/all.toml", model);
    write("a.csv", "id\n1\n2\n");
    write("b.csv", "id,n\n3,9\n4,1\n");
    let arguments = ["evaluate", "a.csv", "b.csv", "--format", "json"];
    let report = opmodel(folder.path(), &arguments).exits(0).json();
    let gate = &report["icps"][0];
    let numbers = ["pass", "fail", "not_answered"].map(|key| gate[key].as_u64().expect(key));
    assert_eq!(numbers, [1, 1, 2]);
}

/// So many fields beside those that anybody asks for.
const WIDE: usize = 40;

/// A repository with an export whose every record was given away by hand.
fn given_away(leads: usize) -> Repo {
    let repo = Repo::new();
    let mut model = MODEL.to_owned();
    let mut export = "id,owner,country,size,routed_at".to_owned();
    for at in 0..WIDE {
        let _ = write!(model, "[field.lead.more{at}]\ntype = \"text\"\n");
        let _ = write!(export, ",more{at}");
    }
    repo.write("model/all.toml", model);
    repo.commit("the model", super::T);
    export.push('\n');
    for lead in 0..leads {
        let _ = write!(export, "{lead},Cleo Example,DE,20,2026-06-01T10:00:00Z");
        for at in 0..WIDE {
            let _ = write!(export, ",{at} of {lead}");
        }
        export.push('\n');
    }
    repo.write("leads.csv", export);
    repo
}

/// The most memory that a list of deviations takes, in kilobytes.
fn peak(repo: &Repo, format: &str) -> u64 {
    let fixed = ["deviations", "leads.csv", "--as-of", "2026-06-30", "--threads", "2"];
    let mut command = command(repo.path(), &[&fixed[..], &["--format", format]].concat());
    let child = command.stdout(std::process::Stdio::null()).spawn().expect("a child");
    let used = child.wait4().expect("an end");
    assert!(used.status.success());
    used.rusage.maxrss >> 10
}

#[test]
fn records_that_wait_to_be_judged_take_little_room() {
    let (few, many) = (given_away(10), given_away(12_000));
    for format in ["text", "csv"] {
        let (least, most) = (peak(&few, format), peak(&many, format));
        assert!(most < least + 12_000, "{format}: {least} KB for a few records, then {most} KB");
    }
}

#[test]
fn an_answer_that_a_missing_column_cannot_change_is_given() {
    let more = "
[field.lead.known]
type = \"bool\"
[queue.all]
members = [\"role.sdr\"]
[definition.either]
object = \"lead\"
criteria.it = \"size > 5 or not (size > 5)\"
[definition.same]
object = \"lead\"
criteria.it = \"(size > 5 and known) or (not (size > 5) and known)\"
[definition.open]
object = \"lead\"
criteria.it = \"size > 5 or known\"
[routing.other]
object = \"lead\"
default = \"role.sdr\"
[[routing.other.rule]]
id = \"large\"
when = \"size > 5\"
to = \"queue.all\"
[[routing.other.rule]]
id = \"known\"
when = \"known\"
to = \"queue.all\"
";
    let files = [
        ("model/all.toml", &*(MODEL.to_owned() + more)),
        ("leads.csv", "id,owner,country,known\n1,Ann Example,DE,true\n2,Ann Example,DE,false\n"),
    ];
    let all = folder_with(&files);
    let report = ["evaluate", "leads.csv", "definition.*", "routing.other", "--format", "json"];
    let report = opmodel(all.path(), &report).exits(0).json();
    let of = |list: &str, key: &str, address: &str| {
        let mut rows = report[list].as_array().expect("rows").iter();
        rows.find(|row| row[key] == address).expect("a row").clone()
    };
    let counts = |address: &str| {
        let row = of("definitions", "address", address);
        [&row["pass"], &row["not_answered"]].map(|count| count.as_u64().expect("a count"))
    };
    assert_eq!(counts("definition.either"), [2, 0]);
    assert_eq!(counts("definition.same"), [1, 0]);
    assert_eq!(counts("definition.open"), [1, 1]);
    assert_eq!(of("routing", "routing", "routing.other")["unsure"], 1);
}
