//! `evaluate`: what the records of an export come to.

use super::{Run, T, folder_with, opmodel};
use crate::repo::Repo;
use std::fmt::Write as _;
use std::path::Path;

/// The model that comes with the tool's sources.
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/model");

const LEAD_COLUMNS: &str = "Company,Email,Email_Domain__c,Email_Bounced__c,Status,CountryCode,State,PostalCode,Industry,NumberOfEmployees,Lead_Score__c,LeadSource,Last_Engaged_At__c,CreatedDate,Routed_At__c,MQL_At__c,First_Touch_At__c,LastActivityDate,Meeting_Held_At__c,SQL_At__c,Need__c,Budget_Confirmed__c,Decision_Maker__c,Timeline__c,OwnerId,Account_Owner__c,Account_Owner_Active__c,Previous_Owner__c,Previous_Owned_Until__c,Last_Closed_Deal_At__c,Demo_Requested_At__c,Partner_Account__c,Disqualify_Reason__c,Matched_Account__c,Job_Level__c,Job_Function__c,Eligibility_Reviewed_At__c,Partner_Tier__c,Partner_Registered_Until__c";

/// One of some values, in turn.
fn one<'v>(at: usize, values: &[&'v str]) -> &'v str {
    values[at % values.len()]
}

/// Forty-eight invented leads of all sorts, some of them written badly.
fn leads() -> String {
    let mut text = format!("{LEAD_COLUMNS}\n");
    for at in 0..48_usize {
        let status =
            one(at, &["New", "Engaged", "MQL", "MQL", "Working", "SQL", "Nurture", "Disqualified"]);
        let met = status == "SQL" || (status == "Working" && at % 3 == 0);
        let touched = matches!(status, "Working" | "SQL");
        let day = 1 + at % 25;
        let when = |is: bool, words: String| if is { words } else { String::new() };
        let routed = format!("2026-09-{day:02}T09:00:00Z");
        let cells: [(&str, String); 30] = [
            (
                "Company",
                one(at, &["Muster Walzwerk", "Polderkracht", "Fjordkraft", "Gear & Co"]).into(),
            ),
            ("Email", when(at % 9 > 0, format!("lead{at}@works{at}.example"))),
            ("Email_Domain__c", one(at, &["works.example", "gmail.com", "mill.example"]).into()),
            ("Email_Bounced__c", (at % 13 == 5).to_string()),
            ("Status", status.into()),
            (
                "CountryCode",
                one(at, &["DE", "NL", "US", "FR", "", "BR", "AT", "SE", "GB", "DE"]).into(),
            ),
            ("State", when(at % 20 == 2, "NY".into())),
            ("PostalCode", one(at, &["80331", "10115"]).into()),
            (
                "Industry",
                one(
                    at,
                    &["Manufacturing", "Energy", "Logistics", "Manufacturing", "Software & IT"],
                )
                .into(),
            ),
            (
                "NumberOfEmployees",
                one(at, &["450", "2300", "120", "900", "800", "5200", "about 300"]).into(),
            ),
            ("Lead_Score__c", (at * 17 % 100).to_string()),
            ("LeadSource", one(at, &["Website", "Webinar", "Trade fair", "Outbound"]).into()),
            ("Last_Engaged_At__c", format!("2026-0{}-12T08:00:00Z", 6 + at % 4)),
            ("CreatedDate", format!("2026-09-{day:02}T07:00:00Z")),
            ("Routed_At__c", routed.clone()),
            ("MQL_At__c", when(matches!(status, "MQL" | "Working" | "SQL"), routed)),
            (
                "First_Touch_At__c",
                when(touched, format!("2026-09-{day:02}T{}:30:00Z", 10 + at % 8)),
            ),
            ("LastActivityDate", when(touched, "2026-09-28T10:00:00Z".into())),
            ("Meeting_Held_At__c", when(met, "2026-09-26T09:00:00Z".into())),
            ("SQL_At__c", when(status == "SQL", "2026-09-27T09:00:00Z".into())),
            ("Need__c", when(touched && at % 3 > 0, "Stops of the mill".into())),
            ("Budget_Confirmed__c", when(touched && at % 4 == 1, "true".into())),
            ("Decision_Maker__c", when(touched && at % 2 == 1, "Kim Doe".into())),
            ("Timeline__c", when(touched && at % 5 == 0, "This quarter".into())),
            ("OwnerId", when(touched, format!("user-{}", at % 3))),
            ("Demo_Requested_At__c", when(at % 12 == 1, "2026-09-29T12:00:00Z".into())),
            ("Partner_Account__c", when(at % 16 == 15, "partner-1".into())),
            (
                "Disqualify_Reason__c",
                when(status == "Disqualified" && at != 15, "Company: too small".into()),
            ),
            ("Job_Level__c", one(at, &["Manager", "Director", "C-level", ""]).into()),
            ("Job_Function__c", one(at, &["Maintenance", "IT", "Operations"]).into()),
        ];
        let cell = |column: &str| {
            let found = cells.iter().find(|(name, _)| *name == column);
            found.map(|(_, cell)| cell.clone()).unwrap_or_default()
        };
        let row: Vec<String> = LEAD_COLUMNS.split(',').map(cell).collect();
        let _ = writeln!(text, "{}", row.join(","));
    }
    text
}

/// Thirty-two invented deals.
fn deals() -> String {
    let mut text = String::from(
        "StageName,Amount,CloseDate,CreatedDate,Accepted_At__c,LastStageChangeDate,Pain__c,Champion__c,NextStep,Technical_Fit_Confirmed__c,Budget_Approved__c,Security_Review_Done__c,Signed_At__c,Loss_Reason__c,Competitor__c,PartnerAccountId\n",
    );
    for at in 0..32_usize {
        let stage = one(
            at,
            &[
                "0 Pending acceptance",
                "1 Discovery",
                "4 Proposal",
                "Won",
                "Lost",
                "4 Proposal",
                "Won",
                "5 Negotiation",
            ],
        );
        let (won, lost) = (stage == "Won", stage == "Lost");
        let when = |is: bool, words: &str| if is { words.to_owned() } else { String::new() };
        let day = 1 + at % 27;
        let _ = writeln!(
            text,
            "{stage},{},2026-{}-{day:02},2026-03-{day:02}T08:00:00Z,{},2026-0{}-{day:02}T08:00:00Z,{},{},{},{},{},{},{},{},,{}",
            when(at % 7 > 0, &(20_000 + at * 2_500).to_string()),
            if won || lost { "08" } else { "11" },
            when(at % 8 > 0, &format!("2026-04-{day:02}T08:00:00Z")),
            7 + at % 3,
            when(at % 3 > 0, "Two stops a week"),
            when(at % 4 > 0, "contact-1"),
            when(at % 5 > 0, "Call on Monday"),
            at % 2 == 0,
            at % 3 == 0,
            won || at % 4 == 0,
            when(won, &format!("2026-08-{day:02}")),
            when(lost && at % 3 > 0, "No decision"),
            when(at % 6 == 3, "partner-1"),
        );
    }
    text
}

fn folder() -> tempfile::TempDir {
    folder_with(&[("leads.csv", &leads()), ("deals.csv", &deals())])
}

fn evaluate(folder: &Path, arguments: &[&str]) -> Run {
    let mut all = vec!["--model", MODEL, "evaluate", "--as-of", "2026-10-01"];
    all.extend(arguments);
    opmodel(folder, &all)
}

#[test]
fn leads_are_told_in_plain_words() {
    let folder = folder();
    let run = evaluate(folder.path(), &["leads.csv"]).exits(0);
    insta::assert_snapshot!(run.out);
}

#[test]
fn deals_are_told_in_plain_words() {
    let folder = folder();
    let run = evaluate(folder.path(), &["deals.csv", "--object", "opportunity"]).exits(0);
    insta::assert_snapshot!(run.out);
}

#[test]
fn addresses_say_what_is_asked_and_of_which_records() {
    let folder = folder();
    let run = evaluate(folder.path(), &["icp.core", "leads.csv", "definition.sql"]).exits(0);
    let run = run.says("Core ICP").says("Sales qualified lead").hides("Metrics").hides("routing");
    run.hides("Marketing qualified lead");
    evaluate(folder.path(), &["deals.csv", "definition.win"])
        .exits(0)
        .says("32 `opportunity` records")
        .says("definition.win");
    evaluate(folder.path(), &["leads.csv", "icp.cor"])
        .exits(2)
        .complains("there is no `icp.cor`")
        .complains("did you mean `icp.core`?");
    evaluate(folder.path(), &["leads.csv", "queue.triage", "--object", "lead"])
        .exits(2)
        .complains("nothing that is named judges `lead` records");
    evaluate(folder.path(), &["icp.core"]).exits(2).complains("no file is named");
    evaluate(folder.path(), &["gone.csv"]).exits(128).complains("gone.csv");
    evaluate(folder.path(), &["leads.csv", "--by", "shoe_size"])
        .exits(2)
        .complains("`lead` has no field `shoe_size`");
    std::fs::write(folder.path().join("odd.csv"), "a,b\n1,2\n").expect("a file");
    let run = evaluate(folder.path(), &["odd.csv"]);
    assert!(run.code == 2 || run.code == 128, "{}", run.err);
}

#[test]
fn json_says_the_same_and_fits_its_schema() {
    let folder = folder();
    let arguments = ["leads.csv", "--by", "lead_source", "--format", "json"];
    let report = evaluate(folder.path(), &arguments).exits(0).json();
    let schema = opmodel(folder.path(), &["schema", "evaluate"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(report["read"]["records"], 48);
    let core = &report["icps"][0];
    let number = |value: &serde_json::Value| value.as_u64().expect("a number");
    assert_eq!(number(&core["pass"]) + number(&core["fail"]) + number(&core["not_answered"]), 48);
    let by = &report["by"]["values"];
    let of_each: u64 = by.as_array().expect("values").iter().map(|v| number(&v["pass"][0])).sum();
    assert_eq!(of_each, number(&core["pass"]));
    let rules = report["routing"][0]["rules"].as_array().expect("rules");
    let routed: u64 = rules.iter().map(|rule| number(&rule["records"])).sum();
    assert_eq!(routed, number(&report["routing"][0]["records"]));
}

#[test]
fn each_record_has_a_row_and_rows_add_up() {
    let folder = folder();
    let csv = evaluate(folder.path(), &["leads.csv", "--format", "csv"]).exits(0).out;
    assert_eq!(csv.lines().count(), 49);
    let mut lines = csv.lines();
    let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
    assert_eq!(head[..4], ["file", "line", "key", "icp.core"]);
    let fitting = lines.clone().filter(|line| line.split(',').nth(3) == Some("yes")).count();
    assert!(lines.next().expect("a row").starts_with("leads.csv,2,,"));
    let report = evaluate(folder.path(), &["leads.csv", "--format", "json"]).exits(0).json();
    assert_eq!(report["icps"][0]["pass"], fitting);
    let arguments = ["leads.csv", "--format", "json-lines", "--output", "csv=each.csv"];
    let rows = evaluate(folder.path(), &arguments).exits(0).out;
    let written = std::fs::read_to_string(folder.path().join("each.csv")).expect("a file");
    assert_eq!(written, csv);
    let schema = opmodel(folder.path(), &["schema", "evaluate-record"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let rows: Vec<serde_json::Value> =
        rows.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(rows.len() == 48 && rows.iter().all(|row| validator.is_valid(row)));
    let fitting_too = rows.iter().filter(|row| row["icps"][0]["pass"] == true).count();
    assert_eq!(fitting, fitting_too);
}

#[test]
fn threads_and_the_order_of_columns_change_nothing() {
    let folder = folder();
    let all = |arguments: &[&str]| {
        let run = evaluate(folder.path(), &[&["leads.csv", "--format", "csv"], arguments].concat());
        run.exits(0).out
    };
    assert_eq!(all(&["--threads", "1"]), all(&["--threads", "4"]));
    let turned: String = leads()
        .lines()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let before = evaluate(folder.path(), &["leads.csv"]).exits(0).out;
    std::fs::write(folder.path().join("leads.csv"), turned).expect("a file");
    assert_eq!(evaluate(folder.path(), &["leads.csv"]).exits(0).out, before);
}

#[test]
fn what_a_missing_column_leaves_open_is_said() {
    let folder = folder();
    let text = leads().replace("NumberOfEmployees", "Staff__c");
    std::fs::write(folder.path().join("leads.csv"), text).expect("a file");
    let arguments = ["leads.csv", "icp.core", "routing.inbound", "segment.*"];
    evaluate(folder.path(), &arguments)
        .exits(0)
        .says("Core ICP")
        .says("0% to ")
        .says("not answered: there is no column for `employees`")
        .says("could go elsewhere: there is no column for `employees`, which is taken as empty")
        .says("no column for `employees`");
    let without_amount = deals().replace("Amount", "Value__c");
    std::fs::write(folder.path().join("deals.csv"), without_amount).expect("a file");
    let run =
        evaluate(folder.path(), &["deals.csv", "metric.bookings", "metric.pipeline-coverage"]);
    run.exits(0)
        .says("not answered: there is no column for")
        .says("not answered: `metric.open-pipeline`")
        .says("has no value: there is no column for")
        .hides("metric.win-rate");
}

#[test]
fn shares_that_are_too_small_fail_where_that_is_asked() {
    let folder = folder();
    let arguments = ["leads.csv", "icp.core", "--fail-under", "icp.core=90%"];
    evaluate(folder.path(), &arguments).exits(1).complains("pass `icp.core`: less than 90%");
    evaluate(folder.path(), &["leads.csv", "--fail-under", "icp.core=1%"]).exits(0);
    // A share of nothing is none.
    let head = leads().lines().take(1).map(|line| line.to_owned() + "\n").collect::<String>();
    std::fs::write(folder.path().join("none.csv"), head).expect("a file");
    let none = ["none.csv", "--object", "lead", "icp.core", "--fail-under", "icp.core=1%"];
    evaluate(folder.path(), &none).exits(1).complains("there is no record, so it cannot be said");
    // Rows that nobody can read may be such that do not pass, and such that do.
    std::fs::write(folder.path().join("broken.csv"), leads() + &"a,b\n".repeat(5_000))
        .expect("a file");
    let broken = ["broken.csv", "icp.core", "--fail-under", "icp.core=1%"];
    evaluate(folder.path(), &broken)
        .exits(1)
        .complains("5,000 rows could not be read, so it cannot be said whether 1% pass `icp.core`");
    let any = ["broken.csv", "icp.core", "--fail-under", "icp.core=0%"];
    evaluate(folder.path(), &any).exits(0);
    evaluate(folder.path(), &["leads.csv", "icp.core", "--fail-under", "icp.cor=1%"])
        .exits(2)
        .complains("`icp.cor` is not asked of these records");
    for share in ["half", "140%", "-1%"] {
        let share = format!("icp.core={share}");
        evaluate(folder.path(), &["leads.csv", "--fail-under", &share])
            .exits(2)
            .complains("such as `icp.core=60%`");
    }
}

#[test]
fn pages_stand_alone_and_their_words_are_words() {
    let folder = folder();
    let hostile =
        leads().replace("Gear & Co", "<script>x</script>").replace("Software & IT", "<b>IT");
    std::fs::write(folder.path().join("leads.csv"), hostile).expect("a file");
    let page = evaluate(folder.path(), &["leads.csv", "--format", "html"]).exits(0).out;
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(page.contains("&lt;b&gt;IT") && !page.contains("<b>IT") && !page.contains("<script"));
    assert!(!page.contains("http://") && !page.contains("https://"));
    let arguments = ["leads.csv", "--format", "markdown", "--output", "html=page.html"];
    let text = evaluate(folder.path(), &arguments).exits(0).out;
    assert!(text.contains("### How many fit") && text.contains("| Core ICP |"), "{text}");
    let written = std::fs::read_to_string(folder.path().join("page.html")).expect("a file");
    assert_eq!(written, page);
    evaluate(folder.path(), &["leads.csv", "--output", "csv=a", "--output", "html=a"])
        .exits(2)
        .complains("two results cannot go to `a`");
    evaluate(folder.path(), &["leads.csv", "--output", "csv=no/such/folder"])
        .exits(128)
        .complains("its folder does not exist");
}

#[test]
fn another_revision_judges_by_its_own_words() {
    let repo = Repo::new();
    let model = |least: u32| {
        format!(
            "[model]\nformat = 1\n[object.lead]\n[field.lead.employees]\ntype = \"integer\"\n\
             [icp.core]\nobject = \"lead\"\ncriteria.size = \"employees >= {least}\"\n"
        )
    };
    repo.write("model/model.toml", model(100));
    repo.commit("the model", T);
    repo.write("model/model.toml", model(1_000));
    repo.commit("larger", T + 86_400);
    repo.write("leads.csv", "employees\n50\n500\n5000\n");
    let pass = |arguments: &[&str]| {
        let mut all = vec!["evaluate", "leads.csv", "--object", "lead", "--format", "json"];
        all.extend(arguments);
        opmodel(repo.path(), &all).exits(0).json()["icps"][0]["pass"].clone()
    };
    assert_eq!(pass(&[]), 1);
    assert_eq!(pass(&["--at", "HEAD~1"]), 2);
    assert_eq!(pass(&["--at", "2023-11-14"]), 2);
    assert_eq!(pass(&["--at", "HEAD"]), 1);
    let said =
        opmodel(repo.path(), &["evaluate", "leads.csv", "--object", "lead", "--at", "HEAD~1"]);
    said.exits(0).says("by the model of `HEAD~1`");
    opmodel(repo.path(), &["evaluate", "leads.csv", "--object", "lead", "--at", "HEAD~9"])
        .exits(128);
}

#[test]
fn nothing_to_read_and_nothing_that_judges_are_told_kindly() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("leads.csv"), "employees\n1\n").expect("a file");
    opmodel(folder.path(), &["evaluate", "leads.csv"]).exits(128).complains("nothing of a model");
    std::fs::create_dir(folder.path().join("model")).expect("a folder");
    let bare = "[model]\nformat = 1\n[object.lead]\n[field.lead.employees]\ntype = \"integer\"\n";
    std::fs::write(folder.path().join("model/model.toml"), bare).expect("a file");
    opmodel(folder.path(), &["evaluate", "leads.csv", "--object", "lead"])
        .exits(2)
        .complains("nothing of the model judges `lead` records");
    let empty = format!("{bare}[icp.core]\nobject = \"lead\"\ncriteria.size = \"employees > 1\"\n");
    std::fs::write(folder.path().join("model/model.toml"), empty).expect("a file");
    std::fs::write(folder.path().join("leads.csv"), "employees\n").expect("a file");
    opmodel(folder.path(), &["evaluate", "leads.csv", "--object", "lead"])
        .exits(0)
        .says("there is no record");
}

#[test]
fn an_export_without_records_raises_no_alarm() {
    let folder = folder();
    std::fs::write(folder.path().join("none.csv"), format!("{LEAD_COLUMNS}\n")).expect("a file");
    evaluate(folder.path(), &["none.csv"])
        .exits(0)
        .says("0 `lead` records of `none.csv`")
        .says("there is no record, and so nothing to say")
        .hides("act now");
    let one: String = leads().lines().take(2).map(|line| line.to_owned() + "\n").collect();
    std::fs::write(folder.path().join("one.csv"), one).expect("a file");
    evaluate(folder.path(), &["one.csv", "icp.core"]).exits(0).says("1 `lead` record of");
    let mql = format!("{LEAD_COLUMNS}\n{}\n", leads().lines().nth(3).expect("an MQL"));
    std::fs::write(folder.path().join("mql.csv"), mql).expect("a file");
    evaluate(folder.path(), &["mql.csv", "metric.mqls"]).exits(0).says(" 1 record in 1 month");
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_read() {
    let folder = folder();
    let refused = evaluate(folder.path(), &["leads.csv", "--fail-under", "icp.cor=60%"]);
    refused
        .exits(2)
        .complains("`icp.cor` is not asked of these records")
        .complains("did you mean `icp.core`?")
        .hides("How many fit");
    evaluate(folder.path(), &["lead.csv"])
        .exits(128)
        .complains("there is no file `lead.csv`")
        .complains("did you mean `leads.csv`?");
    // Only what a metric is computed from is missed.
    std::fs::write(folder.path().join("one.csv"), "Status,Company\nMQL,Gear & Co\n")
        .expect("a file");
    let run = evaluate(folder.path(), &["one.csv", "metric.mqls"]).exits(0);
    run.says("there is no column for `mql_at`").hides("`first_touch_at`");
}

#[test]
fn a_field_that_must_be_set_is_told_from_a_criterion_of_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = "[model]\nformat = 1\n[object.deal]\n[field.deal.stage]\ntype = \"choice\"\n\
                 values = [\"Open\"]\n[field.deal.champion]\ntype = \"text\"\n[lifecycle.deal]\n\
                 object = \"deal\"\nstage_field = \"stage\"\n[[lifecycle.deal.stage]]\nid = \"open\"\n\
                 value = \"Open\"\nentry.champion = \"champion is set\"\n\
                 required_fields = [\"champion\"]\n";
    std::fs::create_dir(folder.path().join("model")).expect("a folder");
    std::fs::write(folder.path().join("model/all.toml"), model).expect("a file");
    let tells = |deals: &str, words: &str| {
        std::fs::write(folder.path().join("deals.csv"), deals).expect("a file");
        opmodel(folder.path(), &["evaluate", "deals.csv"]).exits(0).says(words);
    };
    tells("stage,champion\nOpen,\n", "it fails `champion`, `champion` (must be set)");
    let two = "they fail `champion` 2, `champion` (must be set) 2";
    tells("stage,champion\nOpen,\nOpen,\n", two);
}

#[test]
fn values_that_are_no_stages_are_named() {
    let model = "[object.deal]\n[field.deal.stage]\ntype = \"choice\"\nvalues = [\"New\", \"Won\", \"Lost\"]\n\
        [lifecycle.deal]\nobject = \"deal\"\nstage_field = \"stage\"\n\
        stage = [{ id = \"new\", value = \"New\" }, { id = \"won\", value = \"Won\" }]\n";
    let folder = folder_with(&[
        ("model/all.toml", model),
        ("deals.csv", "id,stage\n1,New\n2,Lost\n3,Lost\n4,Open\n5,\n"),
    ]);
    let run = opmodel(folder.path(), &["evaluate", "deals.csv"]).exits(0);
    run.says("1 holds no stage").says("3 hold a value that is no stage's: `Lost` (2), `Open` (1)");
    let row = opmodel(folder.path(), &["evaluate", "deals.csv", "--format", "json"]).json();
    assert_eq!(row["lifecycles"][0]["astray"][0]["value"], "Lost");
}

#[test]
fn a_file_is_looked_for_one_folder_down_and_never_among_empty_ones() {
    let folder = folder_with(&[
        ("model/all.toml", "[object.lead]\n"),
        ("exports/leads.csv", "id\n1\n"),
        ("each.csv", ""),
        ("deal.csv", "id\n1\n"),
    ]);
    let asked = |name: &str| opmodel(folder.path(), &["evaluate", name]).exits(128);
    asked("leads.csv").complains("help: did you mean `exports/leads.csv`?");
    assert!(!asked("eachs.csv").err.contains("each.csv`?"));
    asked("deals.csv").complains("help: did you mean `deal.csv`?");
}
