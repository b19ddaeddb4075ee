//! `records doctor`: what of an export is understood, and what ails it.

use super::{Run, command, folder_with, opmodel};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

const MODEL: &str = r#"
[model]
format = 1
currency = "EUR"
[object.lead]
name = "Lead"
key_field = "id"
[object.deal]
name = "Deal"
[system.crm]
[system.crm.exports]
numbers = "1.234,56"
dates = "31.12.2026"
time_zone = "UTC"
[system.mail]
[queue.triage]
[field.lead.id]
type = "text"
columns = { crm = "Id" }
[field.lead.source]
name = "Lead source"
type = "choice"
values = ["GTX Pro", "Web"]
label = [{ id = "web", value = "Web", words = ["Website"] }]
columns = { crm = "LeadSource" }
[field.lead.employees]
name = "Employees"
type = "integer"
columns = { crm = "NumberOfEmployees" }
[field.lead.revenue]
name = "Annual revenue"
type = "money"
columns = { crm = "AnnualRevenue" }
[field.lead.created]
name = "Created"
type = "datetime"
columns = { crm = "CreatedDate" }
[field.lead.touched]
name = "First touch"
type = "datetime"
[field.lead.score]
name = "Score"
type = "number"
[field.deal.id]
type = "text"
[field.deal.amount]
name = "Amount"
type = "money"
[icp.core]
object = "lead"
criteria.size = "employees >= 50"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "big"
when = "icp.core and revenue > 1000000"
to = "queue.triage"
[sla.touch]
object = "lead"
applies_to = "created is set"
starts = "created"
stops = "touched"
within = "4 hours"
[metric.speed]
object = "lead"
formula = "kept promises"
sla = "sla.touch"
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    folder_with(&[&[("model/all.toml", MODEL)], files].concat())
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    std::fs::write(path, bytes).expect("a file");
}

fn doctor(folder: &Path, arguments: &[&str]) -> Run {
    opmodel(folder, &[&["records", "doctor"], arguments].concat())
}

const ILL: &str = "\"Leads of the quarter\"
\"As of 2026-06-30\"

Id;Lead Source;AnnualRevenue;CreatedDate;LeadSource;Employes
1;Website;1.234,50;30.06.2026 14:05;Website;7
2;GTXPro;$5;06/30/2026;Website;8
2;website;12.5;2026-06-30;website;9
;Web;;;Web;
4;Web
\"Leads of the quarter\"
\"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"
";

#[test]
fn everything_that_ails_an_export_is_said() {
    let folder = folder(&[("leads.csv", ILL)]);
    doctor(folder.path(), &["leads.csv", "--rejects", "rejects.csv"])
        .exits(1)
        .says("read as `lead` records: 4 of 6 columns are its fields")
        .says("4 records of `lead`; CSV with `;`, UTF-8; its columns are called as in `crm`")
        .says("2 rows above the header are the title of a report")
        .says("2 rows hold no record: empty, or the footer of a report")
        .says("LeadSource     source   crm            100 %")
        .says("Lead Source is the field of `LeadSource`, column 5, which counts; they differ in 1 record")
        .says("Employes; did you mean `Employees`?")
        .says("employees  icp.core (size), routing.inbound (big)")
        .says("touched    metric.speed, sla.touch (stops)")
        .says("not there either, and asked for by nothing: score")
        .says("revenue: 2 cells that should be an amount of money in the currency of the model, such as `$5`")
        .says("`--dates 12/31/2026` reads 1 of them, but not `30.06.2026 14:05`, which is read now")
        .says("leads.csv:6 and line 7")
        .says("8 problems")
        .says("leads.csv:9")
        .says("it has 2 cells, the header 6: 4 | Web");
    let rejects = std::fs::read_to_string(folder.path().join("rejects.csv")).expect("rejects");
    assert_eq!(
        rejects,
        "file,line,why,cells\nleads.csv,9,\"it has 2 cells, the header 6\",4,Web\n"
    );
}

#[test]
fn a_fit_export_is_fit() {
    let text = "id,source,employees,revenue,created,touched\n1,Web,5,7,2026-06-30,\n";
    let folder = folder(&[("leads.csv", text)]);
    doctor(folder.path(), &["leads.csv"])
        .exits(0)
        .says("1 record of")
        .says("fit: everything the model asks for can be answered");
}

#[test]
fn a_form_that_would_lose_other_cells_is_no_remedy() {
    let text = "id;score;created\n1;1,5;13/02/2026\n2;2,25;02/13/2026\n3;12.5;\n4;3;\n";
    let folder = folder(&[("leads.csv", text)]);
    for (numbers, other, lost) in [("1234.56", "1.234,56", "12.5"), ("1.234,56", "1234.56", "1,5")]
    {
        let arguments = ["leads.csv", "--numbers", numbers, "--dates", "31/12/2026"];
        let run = doctor(folder.path(), &arguments).exits(1).hides("reads all of them");
        let run =
            run.says(&format!("`--numbers {other}` reads ")).says(&format!("but not `{lost}`"));
        run.says("`--dates 12/31/2026` reads 1 of them, but not `13/02/2026`");
    }
}

#[test]
fn a_point_that_may_stand_between_thousands_is_told() {
    let text = "id;employees;revenue;score\n1;1.000;€ 2.500;1.500\n2;12.000;900;2\n";
    let folder = folder(&[("leads.csv", text)]);
    let doctor =
        |arguments: &[&str]| doctor(folder.path(), &[&["--system", "mail"], arguments].concat());
    doctor(&["leads.csv"])
        .exits(1)
        .says("employees: 2 cells that should be a whole number, such as `1.000` (leads.csv:2)")
        .says("revenue: 1 cell that should be an amount")
        .says("`--numbers 1234.56` and `--numbers 1.234,56` would read all of them: say which is meant")
        .says("score: 1 cell read as a fraction, such as `1.500` (leads.csv:2)")
        .says("`score`: 1 cell may be a fraction or thousands");
    let score = |numbers: &str| {
        let report = doctor(&["leads.csv", "--numbers", numbers, "--format", "json"]).json();
        report["problems"].to_string()
    };
    for said in ["1234.56", "1.234,56"] {
        assert!(!score(said).contains("cell"), "{}", score(said));
    }
    // Another number of the field says how this one is meant, and JSON has one way to write numbers.
    let json = "{\"id\":1,\"employees\":1.000,\"revenue\":2.500,\"score\":1.500}\n";
    for (name, text) in [("more.csv", &*format!("{text}3;5;7;0.5\n")), ("leads.jsonl", json)] {
        write(folder.path(), name, text);
        let report = doctor(&[name, "--format", "json"]).json();
        assert!(!report["problems"].to_string().contains("`score`"), "{}", report["problems"]);
    }
}

#[test]
fn other_words_for_true_and_false_are_read_by_their_labels() {
    let segment = "[segment.asked]\nobject = \"lead\"\nwhen = \"consent\"\n";
    let field = "[object.lead]\n[field.lead.consent]\ntype = \"bool\"\n";
    let label = |words: &str| {
        format!(
            "{field}label = [{{ id = \"yes\", value = \"true\", words = [{words}] }}, \
             {{ id = \"no\", value = \"false\", words = [\"nein\"] }}]\n{segment}"
        )
    };
    let export = "consent\nja\nnein\nJA\nyes\n0\n";
    let asked = |model: &str| {
        let folder = folder_with(&[("model/all.toml", model), ("leads.csv", export)]);
        let report = opmodel(folder.path(), &["evaluate", "leads.csv", "--format", "json"]).json();
        let doctor = opmodel(folder.path(), &["records", "doctor", "leads.csv"]);
        (report["families"][0]["members"][0]["records"].as_u64(), doctor)
    };
    let (asking, told) = asked(&format!("{field}{segment}"));
    assert_eq!(asking, Some(1));
    told.says("say by `label` of the field");
    let (asking, told) = asked(&label("\"ja\", \"JA\""));
    assert_eq!(asking, Some(3));
    told.exits(0).says("fit");
    // What says the truth by itself is not turned round.
    let turned = label("\"ja\", \"0\"");
    assert_eq!(asked(&turned).0, Some(2));
    let folder = folder_with(&[("model/all.toml", &turned)]);
    opmodel(folder.path(), &["check"]).says("`0` is never read as `true`");
}

#[test]
fn the_same_is_there_for_programs_and_for_pages() {
    let folder = folder(&[("leads.csv", ILL)]);
    let report = doctor(folder.path(), &["leads.csv", "--format", "json"]).exits(1).json();
    assert_eq!(report["format_version"], "1.0");
    assert_eq!((&report["object"], &report["records"]), (&"lead".into(), &4.into()));
    assert_eq!(report["files"][0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(report["inputs"][0]["columns"][1]["repeats"], 5);
    assert_eq!(report["keys"]["repeated"], 1);
    assert_eq!(report["keys"]["unset"], 1);
    let source = report["fields"].as_array().expect("fields").iter();
    let source = source.clone().find(|row| row["field"] == "source").expect("the source");
    assert_eq!(source["undeclared"][0]["near"], "Web");
    assert_eq!(report["problems"].as_array().expect("problems").len(), 8);
    let schema = opmodel(folder.path(), &["schema", "doctor"]).exits(0).json();
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    assert!(schema.is_valid(&report));
    doctor(folder.path(), &["leads.csv", "--format", "markdown"])
        .exits(1)
        .says("| column | field | recognised by | set |");
}

#[test]
fn the_type_of_the_records_is_found_out_or_asked_for() {
    let folder = folder(&[
        ("deals.csv", "id,amount\n1,5\n"),
        ("level.csv", "id\n1\n"),
        ("other.csv", "x,y\n1,2\n"),
    ]);
    doctor(folder.path(), &["deals.csv"]).says("1 record of `deal`");
    let leads = "id,source,employees,revenue\n1,Web,5,7\n";
    write(folder.path(), "leads.csv", leads);
    doctor(folder.path(), &["leads.csv", "deals.csv"])
        .exits(2)
        .complains("most columns of `lead` records, and `deals.csv` has more of `deal` records");
    doctor(folder.path(), &["leads.csv", "deals.csv", "--object", "lead"])
        .says("deals.csv\n1 record of `lead`");
    doctor(folder.path(), &["level.csv"])
        .exits(2)
        .complains("the columns are as much those of one type of record as of another: deal, lead")
        .complains("add `--object` with one of deal, lead");
    std::fs::create_dir_all(folder.path().join("bare/model")).expect("a folder");
    write(folder.path(), "bare/model/all.toml", "[model]\nformat = 1\n");
    write(folder.path(), "bare/x.csv", "id\n1\n");
    doctor(&folder.path().join("bare"), &["x.csv"])
        .exits(128)
        .complains("the model has no object, so nothing says what a record is");
    doctor(folder.path(), &["level.csv", "--object", "deal"]).exits(0);
    doctor(folder.path(), &["other.csv"])
        .exits(1)
        .says("`other.csv`: no column is a field of `lead`");
    doctor(folder.path(), &["level.csv", "--object", "leed"])
        .exits(2)
        .complains("did you mean `lead`?");
}

#[test]
fn inputs_come_packed_several_and_from_a_pipe() {
    let folder = folder(&[("a.csv", "Id,NumberOfEmployees\n1,5\n")]);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(b"{\"Id\": \"1\", \"NumberOfEmployees\": 7}\n").expect("packed");
    write(folder.path(), "b.txt", packed.finish().expect("packed"));
    let mut child = command(folder.path(), &["records", "doctor", "a.csv", "b.txt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(b"Id|Employees\n2|x\n").expect("a pipe");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    let out = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("1 record of `lead`; JSON Lines, UTF-8, packed with gzip"), "{out}");
    assert!(out.contains("standard input\n1 record of `lead`; CSV with `|`"), "{out}");
    assert!(out.contains("a.csv:2 and b.txt:1"), "{out}");
    assert!(out.contains("should be a whole number, such as `x` (standard input:2)"), "{out}");
}

#[test]
fn what_cannot_be_read_is_told_kindly() {
    let folder =
        folder(&[("leads.csv", "Id\n1\n"), ("empty.csv", ""), ("zip.csv", "PK\u{3}\u{4}")]);
    for (arguments, code, words) in [
        (vec!["none.csv"], 128, "none.csv"),
        (vec!["model"], 128, "`model` is a folder, and a file is wanted"),
        (vec!["empty.csv"], 128, "`empty.csv` is empty"),
        (vec!["zip.csv"], 128, "is a zip archive or an Excel workbook"),
        (vec!["leads.csv", "--separator", "ab"], 2, "write `,`, `;`, `|` or `tab`"),
        (vec!["-", "leads.csv", "-"], 2, "standard input can be read only once"),
        (vec!["leads.csv", "--threads", "999999999999"], 2, "from 1 to 64"),
        (vec!["leads.csv", "--numbers", "1,2"], 2, "is no form of numbers"),
        (vec!["leads.csv", "--dates", "y"], 2, "is no form of dates"),
        (vec!["leads.csv", "--system", "crn"], 2, "did you mean `crm`?"),
        (
            vec!["leads.csv", "--object", "lead", "--rejects", "leads.csv"],
            2,
            "would overwrite `leads.csv`",
        ),
        (vec!["leads.csv", "--object", "lead", "--rejects", "no/where.csv"], 128, "cannot write"),
        (vec![], 2, "<FILE>"),
    ] {
        doctor(folder.path(), &arguments).exits(code).silent().complains(words);
    }
}

/// Fifty thousand keys, packed.
fn packed_keys() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    writeln!(packed, "Id").expect("packed");
    for id in 1..50_000_u32 {
        writeln!(packed, "{:x}", id.wrapping_mul(2_654_435_761)).expect("packed");
    }
    packed.finish().expect("packed")
}

#[test]
fn of_a_file_that_is_cut_off_it_is_told_what_was_read() {
    let folder = folder(&[("other.csv", "Id\n1\n")]);
    let bytes = packed_keys();
    for length in [bytes.len() / 2, 2_000] {
        write(folder.path(), "leads.csv.gz", &bytes[..length]);
        for threads in ["1", "2"] {
            let run = doctor(
                folder.path(),
                &["leads.csv.gz", "other.csv", "--object", "lead", "--threads", threads],
            );
            run.exits(1)
                .says("records of `lead`; CSV with `,`, UTF-8, packed with gzip")
                .says("its packed data end too early: it was cut off; what is said here is")
                .says("`leads.csv.gz` breaks off at line ")
                .says("other.csv\n1 record of `lead`");
        }
        let arguments = ["leads.csv.gz", "--object", "lead", "--format", "json"];
        let report = doctor(folder.path(), &arguments).exits(1).json();
        let (records, line) = (&report["records"], &report["inputs"][0]["broken"]["line"]);
        assert_eq!(records.as_u64().map(|records| records + 2), line.as_u64());
        assert!(report["files"][0]["sha256"].is_null());
    }
    write(folder.path(), "leads.csv.gz", &bytes[..bytes.len() / 2]);
    opmodel(folder.path(), &["evaluate", "leads.csv.gz", "--object", "lead"])
        .exits(128)
        .silent()
        .complains(
            "cannot read `leads.csv.gz` to its end: its packed data end too early: it was cut off;",
        )
        .complains("rows were read before")
        .complains("get the file once more");
}

#[test]
fn the_footer_of_a_report_is_shown() {
    let text = "id,source,employees,revenue,created,touched\n1,Web,5,7,2026-06-30,\nTotal,,5,7,,\n";
    let folder = folder(&[("leads.csv", text)]);
    doctor(folder.path(), &["leads.csv"])
        .exits(0)
        .says("1 row holds no record: empty, or the footer of a report")
        .says("leads.csv:3 it is a total of a report: Total | | 5 | 7 |");
}

#[test]
fn keys_that_come_late_are_told_by_every_command() {
    let mut text = "{\"Id\": 1, \"NumberOfEmployees\": 60}\n".repeat(1_000);
    text.push_str("{\"Id\": 2, \"NumberOfEmployees\": 60, \"AnnualRevenue\": 7, \"x\": 1}\n");
    let folder = folder(&[("leads.jsonl", &text)]);
    let told =
        "`leads.jsonl`: `AnnualRevenue` first stands too far down to be a column; 1 record had it";
    doctor(folder.path(), &["leads.jsonl"]).exits(1).says(told);
    for command in ["evaluate", "deviations"] {
        let run = opmodel(folder.path(), &[command, "leads.jsonl", "--object", "lead"]);
        run.says("stands too far down to be a column; 1 record had it, and no\nfigure below rests on that");
        let report = opmodel(
            folder.path(),
            &[command, "leads.jsonl", "--object", "lead", "--format", "json"],
        )
        .json();
        assert_eq!(report["read"]["files"][0]["late_keys"][0]["field"], "revenue");
        assert_eq!(report["read"]["files"][0]["late_keys"][1]["field"], serde_json::Value::Null);
    }
}

#[test]
fn of_very_many_undeclared_values_it_is_said_that_there_are_more() {
    let rows: Vec<String> = (0..2_000).map(|at| format!("{at},x{at:04}\n")).collect();
    let text = ["Id,LeadSource\n", &rows.concat(), "2000,", &"a".repeat(5_000), "\n"].concat();
    let folder = folder(&[("leads.csv", &text)]);
    doctor(folder.path(), &["leads.csv"])
        .exits(1)
        .says("994 more values, and yet others")
        .says("`source`: 2,001 values are not declared");
    let report = doctor(folder.path(), &["leads.csv", "--format", "json"]).json();
    let fields = report["fields"].as_array().expect("fields");
    let source = fields.iter().find(|field| field["field"] == "source").expect("the source");
    assert_eq!(source["undeclared"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(source["more_undeclared"], 1_001);
    let asks = "[definition.web]\nobject = \"lead\"\ncriteria.source = \"source = 'Web'\"\n";
    write(folder.path(), "model/web.toml", asks);
    opmodel(folder.path(), &["evaluate", "leads.csv", "--object", "lead"])
        .says("2,001 cells hold a value that is not declared: ")
        .says("992 more, and yet others");
}

#[test]
fn nothing_of_an_export_acts_on_a_terminal_or_in_a_spreadsheet() {
    let text = "Id,\u{1b}[31mHeader,LeadSource\n1,x,\u{1b}[2J\n=1+1,\u{1b}]0;x\u{7}\n";
    let folder = folder(&[("leads.csv", text)]);
    let run = doctor(folder.path(), &["leads.csv", "--object", "lead", "--rejects", "rejects.csv"]);
    let run = run.exits(1);
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{7}'), "{:?}", run.out);
    let rejects = std::fs::read_to_string(folder.path().join("rejects.csv")).expect("rejects");
    assert!(rejects.contains(",'=1+1,?]0;x?\n"), "{rejects:?}");
}
