//! The forms of the trail: a line a change, rows for spreadsheets, a table, and numbers.

use super::{DAY, Run, T, history, model, opmodel};
use crate::repo::Repo;
use serde_json::Value;

/// The history of the small model, and what came by pull requests, with all that can be said of
/// who approved it.
fn approved() -> Repo {
    let repo = history();
    repo.write(".mailmap", "Bo Chen <bo@example.com> <bo@old.example>\n");
    repo.write("model/model.toml", model("6 hours"));
    let message = "Yet more time (#12)\n\nApproved-by: bo <bo@old.example>\nReviewed-by: @cy\n";
    repo.commit(message, T + 3 * DAY);
    repo
}

fn log(repo: &Repo, arguments: &[&str]) -> Run {
    opmodel(repo.path(), &[&["log"], arguments].concat())
}

fn rows(repo: &Repo, arguments: &[&str]) -> Vec<Value> {
    let out = log(repo, &[arguments, &["--format", "json"]].concat()).exits(0).out;
    out.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

#[test]
fn a_change_is_one_line_with_all_that_is_known_of_it() {
    let repo = approved();
    let commit = repo.git(&["rev-parse", "--short=10", "HEAD"]);
    let line = format!(
        "2023-11-17  {commit}  loosened     sla.touch.within  5 hours → 6 hours  by Ada Author  #12  approved by Bo Chen and @cy\n"
    );
    let out = log(&repo, &[]).exits(0).out;
    assert!(out.starts_with(&line), "{out}");
    // A comment is no change of meaning; the first commit brought few entities, a line each.
    assert_eq!(out.lines().count(), 2 + 6, "{out}");
    assert!(out.lines().all(|line| line.starts_with("2023-11-1")), "{out}");
    log(&repo, &["--verb", "loosened", "-n", "1"]).exits(0).says(&line).hides("added");
}

#[test]
fn a_line_is_never_cut_or_broken_where_no_terminal_is() {
    let repo = history();
    let long = "a word and another one ".repeat(40);
    let text = model("5 hours").replace(
        "[sla.touch]",
        "[definition.a]\ncriteria.x = \"lead.created_at is set\"\n\n[sla.touch]",
    );
    repo.write("model/model.toml", &text);
    repo.commit("a definition", T + 3 * DAY);
    let criterion = |words: &str| {
        let criterion =
            format!("criteria.x = \"lead.created_at is set and lead.name = '{words}'\"");
        text.replace("criteria.x = \"lead.created_at is set\"", &criterion)
    };
    repo.write("model/model.toml", criterion(&long));
    repo.commit("long", T + 4 * DAY);
    let out = log(&repo, &["definition.a", "-n", "1"]).exits(0).out;
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains(&format!("'{long}'")) && !out.contains('…'), "{out}");
}

#[test]
fn who_approved_is_read_from_trailers_the_ledger_and_the_branch_of_a_merge() {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "gate"]);
    repo.write("model/model.toml", model("6 hours"));
    repo.write("model/side.toml", "[list.side]\nvalues = ['x']\n");
    repo.commit("more time, and a list", T + 3 * DAY);
    let diff = opmodel(repo.path(), &["diff", "main", "HEAD", "--format", "json"]).exits(0).json();
    let changes = diff["changes"].as_array().expect("changes");
    let change = changes.iter().find(|change| change["kind"] == "sla-loosened").expect("it");
    let fingerprint = change["fingerprint"].as_str().expect("a fingerprint");
    repo.write(
        "approvals/one.toml",
        format!(
            "[[approval]]\nfingerprint = \"{fingerprint}\"\nrole = \"role.lead\"\nby = \"Dee Fox <dee@example.com>\"\non = 2023-11-18\n"
        ),
    );
    repo.commit("approve\n\nReviewed-by: Eve Gray <eve@example.com>", T + 4 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    let message = "Merge pull request #7 from acme/gate\n\nMore time\n\nApproved-by: Flo Hay <flo@example.com>";
    repo.git_at(T + 5 * DAY, &["merge", "--quiet", "--no-ff", "-m", message, "gate"]);
    let rows = rows(&repo, &["--first-parent", "-n", "1"]);
    let named = |kind: &str| {
        let row = rows.iter().find(|row| row["change"]["kind"] == kind).expect(kind);
        assert_eq!(row["pull_request"], "#7");
        let approvers = row["approvers"].as_array().expect("approvers");
        let name = |it: &Value| it["name"].as_str().unwrap_or_default().to_owned();
        approvers.iter().map(name).collect::<Vec<String>>()
    };
    // A trailer is for all that came in, an entry of the ledger for one change.
    assert_eq!(named("sla-loosened"), ["Flo Hay", "Eve Gray", "Dee Fox"]);
    assert_eq!(named("list-added"), ["Flo Hay", "Eve Gray"]);
    let dee = &rows.iter().find(|row| row["change"]["kind"] == "sla-loosened").expect("it");
    assert_eq!(dee["approvers"][2]["path"], "approvals/one.toml");
    assert_eq!(dee["approvers"][2]["role"], "role.lead");
    assert!(dee["approvers"][0]["commit"].as_str().expect("a commit").len() == 40);
    assert_eq!(dee["verb"], "loosened");
    let full = log(&repo, &["--first-parent", "--full", "-n", "1"]).exits(0);
    full.says("Merge pull request #7").says("approved by Flo Hay, Eve Gray and Dee Fox");
}

#[test]
fn a_spreadsheet_gets_rows_and_no_formulas() {
    let repo = approved();
    repo.write("model/list.toml", "[list.a]\nname = '=HYPERLINK(1)'\nvalues = ['x']\n");
    repo.commit("=1+1", T + 4 * DAY);
    repo.write("model/list.toml", "[list.a]\nname = '@SUM(1)'\nvalues = ['x', '-2+3']\n");
    repo.commit("more", T + 5 * DAY);
    let out = log(&repo, &["--format", "csv"]).exits(0).out;
    let mut lines = out.lines();
    assert!(
        lines.next().expect("a head").starts_with("date,commit,verb,kind,impact,level,address,")
    );
    let head_cells = 25;
    for line in out.lines() {
        let mut quoted = false;
        let commas = line.chars().filter(|c| {
            quoted ^= *c == '"';
            *c == ',' && !quoted
        });
        assert_eq!(commas.count() + 1, head_cells, "{line}");
    }
    assert!(out.contains(",'=1+1,") && !out.contains(",=1+1"), "{out}");
    assert!(out.contains(",'@SUM(1),") && out.contains(",'=HYPERLINK(1),"), "{out}");
    assert!(out.contains(",Bo Chen; '@cy,#12,Yet more time (#12),"), "{out}");
    assert!(out.contains("sla.touch.within,,5 hours,6 hours,"), "{out}");
    // Form alone is data too.
    assert!(out.contains(",cosmetic,note,"), "{out}");
    assert_eq!(out, log(&repo, &["--format", "csv"]).out);
}

#[test]
fn a_table_for_a_comment_is_harmless() {
    let repo = approved();
    repo.write("model/list.toml", "[list.a]\nname = '<b>|x|</b> @team'\nvalues = ['a|b`c']\n");
    repo.commit("a list (#3)", T + 4 * DAY);
    let out = log(&repo, &["--format", "markdown"]).exits(0).out;
    let head = out.lines().next().expect("a head");
    assert_eq!(
        head,
        "| date | commit | what | address | before → after | author | approved by | request |"
    );
    assert!(!out.contains("<b>") && !out.contains("@team") && !out.contains("#12"), "{out}");
    for line in out.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 9, "{line}");
    }
    assert_eq!(log(&repo, &["--until", "2000-01-01", "--format", "markdown"]).exits(0).out, "");
}

#[test]
fn changes_are_counted() {
    let repo = approved();
    let stat = log(&repo, &["--stat"]).exits(0);
    let stat = stat.says("address").says("last changed").says("sla.touch").says("2023-11-17");
    stat.says("8 changes in 3 commits").says("█");
    let json = |arguments: &[&str]| {
        log(&repo, &[&["--stat"], arguments, &["--format", "json"]].concat()).exits(0).json()
    };
    let by_address = json(&[]);
    assert_eq!(by_address["by"], "address");
    let row = &by_address["rows"][0];
    assert_eq!((&row["key"], &row["changes"]), (&"sla.touch".into(), &3.into()));
    assert_eq!((&row["loosened"], &row["tightened"]), (&2.into(), &1.into()));
    assert_eq!(
        (&row["first_changed"], &row["last_changed"]),
        (&"2023-11-14".into(), &"2023-11-17".into())
    );
    for (by, key) in [("kind", "sla-loosened"), ("impact", "loosening"), ("author", "Ada Author")] {
        let by = format!("--stat={by}");
        let out = log(&repo, &[&by, "--format", "json"]).exits(0).json();
        let rows = out["rows"].as_array().expect("rows");
        assert!(rows.iter().any(|row| row["key"] == key), "{by}: {out}");
    }
    let per = json(&["--per", "quarter"]);
    assert_eq!((&per["per"], &per["rows"][0]["period"]), (&"quarter".into(), &"2023-Q4".into()));
    let csv = log(&repo, &["--stat", "--per", "month", "--format", "csv"]).exits(0).out;
    assert!(csv.starts_with("period,key,changes,loosened,"), "{csv}");
    assert!(csv.contains("\n2023-11,sla.touch,3,2,1,0,"), "{csv}");
    log(&repo, &["--stat", "--format", "markdown"]).exits(0).says("| address | changes |");
    log(&repo, &["--per", "month"]).exits(2).complains("--stat");
    log(&repo, &["--stat", "--full"]).exits(2);
}

#[test]
fn many_new_entities_are_counted_unless_they_are_asked_for() {
    let repo = Repo::new();
    let lists = (0..12).map(|at| format!("[list.l{at}]\nvalues = ['x']\n"));
    let lists = lists.collect::<Vec<String>>().join("\n");
    repo.write("model/model.toml", format!("{}\n{lists}", model("4 hours")));
    repo.commit("the model", T);
    let out = log(&repo, &[]).exits(0).out;
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains("added        18 entities  2 field, 12 list, 1 model"), "{out}");
    assert_eq!(log(&repo, &["list.*"]).exits(0).out.lines().count(), 12);
    assert_eq!(log(&repo, &["--impact", "additive"]).exits(0).out.lines().count(), 16);
    assert_eq!(log(&repo, &["--format", "csv"]).exits(0).out.lines().count(), 1 + 18);
}

#[test]
fn form_is_shown_where_it_is_asked_for() {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", T);
    let named = model("4 hours").replace("[sla.touch]", "[sla.touch]\nname = 'First touch'");
    repo.write("model/model.toml", named);
    repo.commit("a name", T + DAY);
    let asked = log(&repo, &["--impact", "cosmetic"]).exits(0);
    asked.says("reworded     sla.touch.name  (none) → First touch");
    log(&repo, &["--since", "2023-11-15"])
        .exits(0)
        .silent()
        .complains("only 1 change of form; `--impact cosmetic` lists it");
    log(&repo, &["--full", "-n", "1"]).exits(0).says("cosmetic 1 change of form alone");
}

#[test]
fn wrong_words_are_told_with_the_near_ones() {
    let repo = history();
    let wrong = |arguments: &[&str], words: &str| {
        log(&repo, arguments).exits(2).silent().complains(words);
    };
    wrong(&["--level", "aprove"], "there is no level `aprove`");
    wrong(&["--level", "aprove"], "did you mean `approve`?");
    wrong(&["--level", "12"], "write one of forbid, approve, warn, note, off");
    wrong(&["--verb", "weakend"], "did you mean `weakened`?");
    wrong(&["--impact", "loosning"], "did you mean `loosening`?");
    wrong(
        &["--since", "2026-07-01", "--until", "2026-06-30"],
        "`--since 2026-07-01` is after `--until 2026-06-30`",
    );
    wrong(&["--format", "cvs"], "csv");
    wrong(&["--full", "--format", "csv"], "leave `--full` out");
    wrong(&["--stat=adress"], "address");
    log(&repo, &["HEAD..HEAD"]).exits(0).silent().complains("there is no commit in `HEAD..HEAD`");
    log(&repo, &["--level", "approve"]).exits(0).says("loosened     sla.touch.within");
    log(&repo, &["--level", "forbid"]).exits(0).silent().complains("no commit changed");
    let brought = log(&repo, &["--verb", "brought-forward,switched off"]).exits(0);
    brought.complains("no commit changed");
    log(&repo, &["-n", "0"]).exits(0).silent();
}
