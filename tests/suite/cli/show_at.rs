//! `show --at` and `diff --from --to`: what was in force at an instant, and how that is told.

use opmodel::history::{At, Workspace};
use opmodel::load::ModelScope;
use opmodel::model::Model;
use opmodel::report::{TextOptions, text};
use opmodel::view::entity_page;

use super::{DAY, Run, T, history, model, opmodel};
use crate::repo::Repo;
use std::path::Path;

/// 2026-06-30 22:30 UTC, which is already July in Berlin.
const LATE: i64 = 1_782_858_600;

fn show(folder: &Path, arguments: &[&str]) -> Run {
    let mut all = vec!["show"];
    all.extend(arguments);
    opmodel(folder, &all)
}

/// Whether the machine has a database of time zones.
fn knows_places() -> bool {
    jiff::tz::TimeZone::get("Europe/Berlin").is_ok()
}

fn late() -> Repo {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", LATE - 10 * DAY);
    repo.write("model/model.toml", model("5 hours"));
    repo.commit("late in the evening", LATE);
    repo.write("model/model.toml", model("6 hours"));
    repo.commit("in July", LATE + 20 * DAY);
    repo
}

#[test]
fn the_instant_its_zone_and_the_commit_are_said() {
    let repo = late();
    let short = |spec: &str| repo.git(&["rev-parse", "--short=10", spec]);
    let said = format!(
        "as of 2026-06-30 23:59:59 UTC: commit {} of 2026-06-30 22:30 UTC (main)",
        short("HEAD~1")
    );
    let at = |arguments: &[&str]| {
        let mut all = vec!["sla.touch", "--at"];
        all.extend(arguments);
        show(repo.path(), &all)
    };
    let words = |run: &Run| run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let run = at(&["2026-06-30"]).exits(0).says("5 hours");
    assert!(words(&run).contains(&said), "{}", run.out);
    let run = at(&["2026-06-30", "--time-zone", "+02:00"]).exits(0).says("4 hours");
    assert!(words(&run).contains("as of 2026-06-30 23:59:59 +02:00: commit"), "{}", run.out);
    assert!(words(&run).contains("of 2026-06-21 00:30 +02:00 (main)"), "{}", run.out);
    at(&["2026-06-30T22:30"]).exits(0).says("5 hours");
    at(&["2026-06-30T22:29:59"]).exits(0).says("4 hours");
    at(&["2026-06-30T22:30Z", "--time-zone", "-05:00"]).exits(0).says("5 hours");
    at(&["2026-07-01T00:30+02:00"]).exits(0).says("5 hours");
    at(&["2026-07-01 00:29+02:00"]).exits(0).says("4 hours");
    let run = at(&["HEAD~2"]).exits(0).says("4 hours");
    assert!(
        words(&run).contains(&format!("as of HEAD~2: commit {} of 2026-06-20", short("HEAD~2")))
    );
    let json = at(&["2026-06-30", "--format", "json"]).exits(0).json();
    assert_eq!(json["at"]["dated"]["instant"], "2026-06-30T23:59:59Z");
    assert_eq!(json["at"]["dated"]["branch"], "main");
    assert_eq!(json["at"]["commit"], repo.git(&["rev-parse", "HEAD~1"]).as_str());
}

#[test]
fn places_have_their_own_clock_where_the_machine_knows_them() {
    let repo = late();
    let berlin = ["sla.touch", "--at", "2026-06-30", "--time-zone", "Europe/Berlin"];
    let wrong = ["sla.touch", "--at", "2026-06-30", "--time-zone", "Europe/Berln"];
    show(repo.path(), &wrong)
        .exits(2)
        .complains("`Europe/Berln` is no time zone that this machine");
    if !knows_places() {
        show(repo.path(), &berlin).exits(2).complains("+02:00");
        return;
    }
    show(repo.path(), &berlin).exits(0).says("4 hours").says("23:59:59 +02:00 Europe/Berlin");
    show(repo.path(), &wrong).complains("did you mean `Europe/Berlin`?");
    // The model's own calendar is a hint, never the clock.
    repo.write("model/calendar.toml", "[model.calendar]\ntime_zone = \"Europe/Berlin\"\n");
    repo.remove("model/calendar.toml");
    let text = model("5 hours")
        .replace("[object.lead]", "[model.calendar]\ntime_zone = \"Europe/Berlin\"\n[object.lead]");
    repo.git(&["checkout", "--quiet", "HEAD~1"]);
    repo.write("model/model.toml", text);
    repo.commit("a calendar", LATE + 60);
    show(repo.path(), &["sla.touch", "--at", "2026-06-30"])
        .exits(0)
        .says("5 hours")
        .complains("in the model's own time zone it is commit")
        .complains("add `--time-zone Europe/Berlin`");
    let noon = show(repo.path(), &["sla.touch", "--at", "2026-07-02"]).exits(0);
    assert_eq!(noon.err, "", "nothing is said where it makes no difference");
}

#[test]
fn a_date_is_looked_up_on_the_main_line_of_a_branch() {
    let repo = history();
    repo.git(&["checkout", "--quiet", "-b", "side", "HEAD~2"]);
    repo.write("model/model.toml", model("9 hours"));
    repo.commit("on the side", T + DAY / 2);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at(T + 3 * DAY, &["merge", "--quiet", "-s", "ours", "-m", "merged", "side"]);
    let noon = ["sla.touch", "--at", "2023-11-15T12:00"];
    show(repo.path(), &noon).exits(0).says("4 hours").says("(main)");
    let side = ["sla.touch", "--at", "2023-11-15T12:00", "--branch", "side"];
    show(repo.path(), &side).exits(0).says("9 hours").says("(side)");
    show(repo.path(), &["sla.touch", "--at", "side", "--branch", "side"])
        .exits(2)
        .complains("`--branch` is for dates");
    show(repo.path(), &["sla.touch", "--at", "2023-11-15", "--branch", "sidee"])
        .exits(128)
        .complains("did you mean `side`?");
    let stood = show(repo.path(), &["sla.touch", "--at", "main@{2023-11-15}"]);
    stood.complains("`2023-11-15` with `--branch main`");
    repo.git(&["branch", "2023-11-15"]);
    show(repo.path(), &["sla.touch", "--at", "2023-11-15"])
        .exits(0)
        .complains("is read as a date")
        .complains("refs/heads/2023-11-15");
    show(repo.path(), &["sla.touch", "--at", "refs/heads/2023-11-15"]).exits(0).says("5 hours");
}

#[test]
fn where_clocks_went_wrong_the_walk_from_the_tip_decides_and_it_is_said() {
    let repo = Repo::new();
    for (within, time) in [("1 hours", 0), ("2 hours", 8), ("3 hours", 2), ("4 hours", 10)] {
        repo.write("model/model.toml", model(within));
        repo.commit(within, T + time * DAY);
    }
    // Days 0, 8, 2, 10: on day 5 the third commit is the first from the tip that is old enough.
    let at = |day: i64| {
        let instant = jiff::Timestamp::from_second(T + day * DAY).unwrap().to_string();
        show(repo.path(), &["sla.touch", "--at", &instant]).exits(0)
    };
    at(5).says("3 hours").complains("a clock was wrong");
    assert_eq!(at(9).says("3 hours").err, "", "both are older than that");
    at(1).says("1 hours");
    at(11).says("4 hours");
}

#[test]
fn instants_that_are_none_are_told_kindly() {
    let repo = history();
    for (spec, words) in [
        ("2026-06-31", "`2026-06-31` is not a date"),
        ("2026-06-30T25:00", "is not an instant"),
        ("2026-06-30T12", "write 2026-06-30T12:00"),
        ("2026-06-30T12:00[Europe/Berlin]", "is not an instant"),
    ] {
        show(repo.path(), &["sla.touch", "--at", spec]).exits(2).complains(words);
    }
    show(repo.path(), &["sla.touch", "--at", "2020-01-01"])
        .exits(128)
        .complains("the history begins after 2020-01-01 23:59:59 UTC: its first commit, ")
        .complains("is of 2023-11-14 22:13 UTC");
    show(repo.path(), &["sla.touch", "--at", "2999-01-01"])
        .exits(0)
        .says("5 hours")
        .complains("still to come");
    let empty = Repo::new();
    show(empty.path(), &["sla.touch", "--at", "2026-01-01"]).exits(128).complains("no commit yet");
    let folder = tempfile::tempdir().expect("a folder");
    show(folder.path(), &["sla.touch", "--at", "2026-01-01"]).exits(128).complains("repository");
}

const WRITTEN: &str = "# Lists of countries.\n\n# What we serve,\n# as of this year.\n[list.eu] # by law\n\
values = [\n  'DE', # first\n  'NL',\n]\n\n# Others.\n[list.us]\nvalues = ['US']\n";

#[test]
fn toml_is_what_stands_in_the_file() {
    let repo = history();
    repo.write("model/lists.toml", WRITTEN);
    repo.write("model/all/more.toml", "[list]\nuk.values = ['GB']\njp.values = ['JP']\n");
    let commit = repo.commit("lists", T + 3 * DAY);
    let toml = |address: &str| {
        let run = show(repo.path(), &[address, "--at", "2023-11-20", "--format", "toml"]).exits(0);
        let (head, rest) = run.out.split_once("\n\n").expect("a comment above it");
        (head.to_owned(), rest.to_owned())
    };
    let (head, text) = toml("list.eu");
    let said = format!(
        "# model/lists.toml:5, as of 2023-11-20 23:59:59 UTC: commit {} of 2023-11-17 22:13 UTC (main)",
        &commit[..10]
    );
    assert_eq!(head, said);
    assert_eq!(
        text,
        "# What we serve,\n# as of this year.\n[list.eu] # by law\nvalues = [\n  'DE', # first\n  'NL',\n]\n"
    );
    assert_eq!(toml("list.uk").1, "[list]\nuk.values = ['GB']\n");
    assert_eq!(toml("sla.touch.within").1, "[sla.touch]\n\nwithin = \"5 hours\"\n");
    let all = show(repo.path(), &["list.*", "--at", "HEAD", "--format", "toml"]).exits(0).out;
    assert!(all.starts_with("# model/all/more.toml:2, as of HEAD: commit "), "{all}");
    assert!(all.ends_with(&format!("\n{}", &WRITTEN[WRITTEN.find("# What").unwrap()..])), "{all}");
    // What is printed is a model again.
    let again = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(again.path().join("model")).unwrap();
    std::fs::write(again.path().join("model/all.toml"), &all).unwrap();
    let values = show(again.path(), &["list.*", "--format", "json"]).exits(0).json();
    assert_eq!(values["covers"].as_array().unwrap().len(), 4);
}

#[test]
fn a_page_and_a_list_have_their_forms() {
    let repo = history();
    let page = show(repo.path(), &["sla.touch", "--at", "HEAD~2", "--format", "markdown"]).exits(0);
    page.says("**sla.touch**").says("- within: 4 hours");
    let list = show(repo.path(), &["role.*", "--format", "markdown"]).exits(0);
    list.says("| `role.lead` | Sales lead |");
    let json =
        show(repo.path(), &["field.*", "--at", "HEAD~2", "--format", "json"]).exits(0).json();
    assert_eq!(json["address"], "field.*");
    assert_eq!(json["at"]["rev"], "HEAD~2");
    assert_eq!(json["covers"][1]["address"], "field.lead.touched_at");
    assert!(json["covers"][1]["name"].is_null());
    let schema = opmodel(repo.path(), &["schema", "output-show-list"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema that compiles");
    assert!(validator.is_valid(&json));
}

#[test]
fn what_an_address_was_and_became_is_said() {
    let repo = history();
    let list = |id: &str, former: &str, values: &str| {
        repo.write("model/lists.toml", format!("[list.{id}]\n{former}values = [{values}]\n"));
    };
    list("served", "", "'DE'");
    let came = repo.commit("a list", T + 3 * DAY);
    list("markets", "formerly = ['served']\n", "'DE'");
    let renamed = repo.commit("renamed", T + 4 * DAY);
    list("markets", "formerly = ['served']\n", "'DE', 'NL'");
    repo.commit("larger", T + 5 * DAY);
    repo.remove("model/lists.toml");
    let gone = repo.commit("gone", T + 6 * DAY);
    show(repo.path(), &["list.markets", "--at", "2023-11-17"])
        .exits(128)
        .complains("there is no `list.markets` as of 2023-11-17 23:59:59 UTC: commit ")
        .complains("it was called `list.served` then")
        .complains("run `opmodel show list.served --at 2023-11-17`");
    show(repo.path(), &["list.served", "--at", "2023-11-15"])
        .exits(128)
        .complains(&format!("it came later, with commit {} of 2023-11-17 22:13 UTC", &came[..10]))
        .complains(&format!("run `opmodel show list.served --at {}`", &came[..10]));
    show(repo.path(), &["list.served", "--at", "HEAD~1"])
        .exits(128)
        .complains(&format!(
            "commit {} of 2023-11-18 22:13 UTC renamed it to `list.markets`",
            &renamed[..10]
        ))
        .complains("run `opmodel show list.markets --at HEAD~1`");
    show(repo.path(), &["list.markets.values", "--at", "HEAD"])
        .exits(128)
        .complains(&format!("commit {} of 2023-11-20 22:13 UTC took it away", &gone[..10]))
        .complains(&format!("run `opmodel show list.markets.values --at {}~1`", &gone[..10]));
    show(repo.path(), &["list.markets"]).exits(128).complains("took it away");
    show(repo.path(), &["list.nothing", "--at", "HEAD"]).exits(128).complains("`opmodel show`");
    show(repo.path(), &["sla.tuch", "--at", "HEAD"]).exits(128).complains("`sla.touch`?");
}

#[test]
fn a_clone_that_is_not_whole_says_so() {
    let repo = history();
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "1", &url, &shallow.to_string_lossy()]);
    show(&shallow, &["sla.touch", "--at", "2999-01-01"])
        .exits(0)
        .says("5 hours")
        .complains("who changed it last is not known");
    show(&shallow, &["sla.touch", "--at", "2023-11-15"])
        .exits(128)
        .complains("this is a shallow clone")
        .complains("git fetch --unshallow");
    let bare = repo.beside("bare");
    repo.git(&["clone", "--quiet", "--bare", &url, &bare.to_string_lossy()]);
    show(&bare, &["sla.touch", "--at", "2023-11-14"]).exits(0).says("4 hours").says("(main)");
}

#[test]
fn what_an_unreadable_file_may_hide_is_said() {
    let repo = history();
    repo.write("model/lists.toml", "[list.a]\nvalues = ['x']\n[list.b\nvalues = 3\n");
    repo.commit("broken", T + 3 * DAY);
    show(repo.path(), &["list.c", "--at", "HEAD"])
        .exits(128)
        .complains("it may stand in `model/lists.toml`, which cannot be read (line 3: ");
    show(repo.path(), &["list.a", "--at", "HEAD"]).exits(0).complains("only in part");
}

#[test]
fn differences_take_dates() {
    let repo = late();
    let diff = |arguments: &[&str]| {
        let mut all = vec!["diff"];
        all.extend(arguments);
        opmodel(repo.path(), &all)
    };
    let quarter = ["--from", "2026-06-25", "--to", "2026-06-30"];
    diff(&quarter)
        .exits(0)
        .says("from 2026-06-25 23:59:59 UTC: commit ")
        .says("to 2026-06-30 23:59:59 UTC: commit ")
        .says("4 hours")
        .says("5 hours");
    let zone = [&quarter[..], &["--time-zone", "+02:00", "--stat"]].concat();
    diff(&zone).exits(0).says("+02:00").hides("loosening");
    let json = diff(&[&quarter[..], &["--format", "json"]].concat()).exits(0).json();
    assert_eq!(json["inputs"]["head"]["dated"]["record_time"], "2026-06-30T22:30:00Z");
    assert_eq!(json["inputs"]["base"]["rev"], "2026-06-25");
    let names = diff(&[&quarter[..], &["--name-only", "sla.*"]].concat()).exits(0);
    assert_eq!(names.out, "sla.touch\n");
    names.complains("note: from 2026-06-25");
    diff(&["--from", "2026-06-25"]).exits(0).says("6 hours").says("to work tree");
    let back = diff(&["--from", "2026-06-30", "--to", "2026-06-25"]).exits(0);
    back.complains("2026-06-30 is after 2026-06-25: what is told leads back");
    diff(&["--from", "HEAD~2", "--to", "HEAD~1"]).exits(0).says("5 hours").hides("as of");
    diff(&["--to", "2026-06-25"]).exits(2);
    diff(&["HEAD~1", "--from", "2026-06-25"]).exits(2).complains("`--from` names one already");
    diff(&["2026-06-25", "2026-06-30"])
        .exits(2)
        .complains("write `opmodel diff --from 2026-06-25 --to 2026-06-30`");
    diff(&["2026-06-25..2026-06-30"]).exits(2).complains("--from 2026-06-25 --to 2026-06-30");
}

/// The commit `show` names as the last that changed a meaning.
fn last_changed(repo: &Repo, address: &str, at: &str) -> String {
    let shown = show(repo.path(), &[address, "--at", at, "--format", "json"]).exits(0).json();
    shown["last_changed"]["commit"].as_str().unwrap_or("nobody").to_owned()
}

#[test]
fn whoever_changed_it_last_is_found_along_its_file() {
    let repo = history();
    let list = |path: &str, text: &str| repo.write(path, text);
    list("model/a.toml", "[list.x]\nvalues = ['DE']\n[list.other]\nvalues = ['a']\n");
    repo.commit("a list", T + 3 * DAY);
    list("model/a.toml", "[list.x]\nvalues = ['DE', 'NL']\n[list.other]\nvalues = ['a']\n");
    let larger = repo.commit("larger", T + 4 * DAY);
    list("model/a.toml", "# said\n[list.x]\nvalues = ['NL', 'DE']\n[list.other]\nvalues = ['b']\n");
    let other = repo.commit("another list", T + 5 * DAY);
    assert_eq!(last_changed(&repo, "list.x", "HEAD"), larger);
    assert_eq!(last_changed(&repo, "list.other.values", "HEAD"), other);
    // Moved, renamed, and broken for a while: the meaning is as old as before.
    list("model/a.toml", "[list.other]\nvalues = ['b']\n");
    list("model/b.toml", "[list.x]\nvalues = ['NL', 'DE']\n");
    repo.commit("moved", T + 6 * DAY);
    list("model/b.toml", "[list.y]\nformerly = ['x']\nvalues = ['NL', 'DE']\n");
    repo.commit("renamed", T + 7 * DAY);
    list("model/b.toml", "[list.y\nvalues = ['NL', 'DE']\n");
    repo.commit("broken", T + 8 * DAY);
    list("model/b.toml", "[list.y]\nformerly = ['x']\nvalues = [ 'NL', 'DE' ]\n");
    repo.commit("mended", T + 9 * DAY);
    assert_eq!(last_changed(&repo, "list.y", "HEAD"), larger);
    // What a side branch did and a merge threw away is not in force.
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    list("model/b.toml", "[list.y]\nformerly = ['x']\nvalues = ['IT']\n");
    repo.commit("thrown away", T + 10 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at(T + 11 * DAY, &["merge", "--quiet", "-s", "ours", "-m", "ours", "side"]);
    assert_eq!(last_changed(&repo, "list.y", "HEAD"), larger);
    // What a merge brings in is the commit that made it; what it makes itself is the merge.
    repo.git(&["checkout", "--quiet", "-b", "second"]);
    list("model/b.toml", "[list.y]\nformerly = ['x']\nvalues = ['FR']\n");
    let french = repo.commit("french", T + 12 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    list("model/a.toml", "[list.other]\nvalues = ['c']\n");
    repo.commit("meanwhile", T + 13 * DAY);
    repo.git_at(T + 14 * DAY, &["merge", "--quiet", "-m", "merged", "second"]);
    assert_eq!(last_changed(&repo, "list.y", "HEAD"), french);
    repo.git(&["checkout", "--quiet", "-b", "third", "HEAD~1"]);
    list("model/b.toml", "[list.y]\nformerly = ['x']\nvalues = ['ES']\n");
    repo.commit("spanish", T + 15 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.try_git(&["merge", "--quiet", "--no-commit", "third"]);
    list("model/b.toml", "[list.y]\nformerly = ['x']\nvalues = ['PT']\n");
    let evil = repo.commit("evil", T + 16 * DAY);
    assert_eq!(last_changed(&repo, "list.y", "HEAD"), evil);
}

/// A number in a row that looks like chance and is the same every time.
fn next(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

#[test]
fn the_quick_way_names_whom_the_log_names() {
    let mut seed = 11;
    let repo = history();
    for number in 3..40 {
        let mut files = [String::new(), String::new()];
        for id in ["a", "b", "c"] {
            let place = usize::from(next(&mut seed, 6) == 0);
            let value = ["DE", "NL", "FR"][usize::try_from(next(&mut seed, 9).min(2)).unwrap()];
            let layout = if next(&mut seed, 3) == 0 { " " } else { "" };
            let text = format!("[list.{id}]{layout}\nvalues = [{layout}'{value}']\n");
            files[place].push_str(&text);
        }
        if next(&mut seed, 8) == 0 {
            files[0] += "[list.";
        }
        for (place, text) in files.iter().enumerate() {
            repo.write(&format!("model/lists-{place}.toml"), text);
        }
        repo.commit("another", T + number * DAY);
    }
    for back in 0..12 {
        let at = format!("HEAD~{}", back * 3);
        for id in ["a", "b", "c"] {
            let address = format!("list.{id}");
            let log =
                opmodel(repo.path(), &["log", &at, &address, "--format", "json"]).exits(0).out;
            let meant = log.lines().find_map(|line| {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let impact = row["change"]["impact"].as_str().unwrap_or("cosmetic");
                (impact != "cosmetic").then(|| row["commit"].as_str().unwrap().to_owned())
            });
            // Of a file that cannot be read whole the log cannot say what it did.
            let whole = show(repo.path(), &[&address, "--at", &at]).err.is_empty();
            let Some(meant) = meant.filter(|_| whole) else { continue };
            assert_eq!(last_changed(&repo, &address, &at), meant, "{address} at {at}");
        }
    }
}

/// The page of an entity, with what it refers to.
fn page(scope: &ModelScope<'_>, address: &str) -> Option<String> {
    let part = scope.model().part(address)?;
    Some(text(&entity_page(address, part, "then", scope, None), TextOptions::default()))
}

#[test]
fn a_part_of_a_model_says_what_the_whole_says() {
    let repo = Repo::new();
    let folder = repo.beside("demo");
    opmodel(repo.path(), &["init", "--demo", &folder.to_string_lossy()]).exits(0);
    // Files whose headers do not tell, that break, and whose names say nothing.
    std::fs::rename(folder.join("model/strategy/segments.toml"), folder.join("model/zz.toml"))
        .unwrap();
    std::fs::write(
        folder.join("model/odd.toml"),
        "list.odd.values = ['x']\n[segment.\"odd-one\"]\nobject = 'lead'\nwhen = 'company in list.odd and segment.brok'\n         [list]\neven.values = ['y']\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("model/broken.toml"),
        "[segment.brok\nobject = 'lead'\nwhen = 'country in list.even'\n[list.late]\nvalues = ['z']\n",
    )
    .unwrap();
    repo.git_in(&folder, &["add", "--all"]);
    repo.git_in(&folder, &["commit", "--quiet", "-m", "odd"]);
    let workspace = Workspace::find(&folder, None).expect("a workspace");
    for spec in ["HEAD", "HEAD~20"] {
        let commit = workspace.repository().unwrap().resolve(spec).expect("a commit");
        let at = At::Commit(Box::new(commit));
        let whole = workspace.model(&at).expect("a model");
        let scope = ModelScope::new(&whole);
        let (mut asked, mut fewer) = (0, 0);
        let odd = ["segment.odd-one", "segment.brok", "list.odd", "list.late"];
        let some = whole
            .entities()
            .enumerate()
            .filter(|(at, entity)| at % 7 == 0 || odd.contains(&entity.address.as_str()));
        for (_, entity) in some {
            let address = entity.address.as_str();
            let part = workspace.excerpt(&at, address).expect("a part").model;
            (asked, fewer) = (asked + 1, fewer + usize::from(part.len() < whole.len()));
            let part = ModelScope::new(&part);
            assert_eq!(page(&part, address), page(&scope, address), "{address} at {spec}");
        }
        assert!(fewer * 2 > asked, "most are said by a part");
        for kind in ["definition", "list", "model"] {
            let part = workspace.excerpt(&at, &format!("{kind}.*")).expect("a part").model;
            let names = |model: &Model| -> Vec<String> {
                model.of_kind(kind).map(|entity| entity.address.to_string()).collect()
            };
            assert_eq!(names(&part), names(&whole), "{kind}");
        }
    }
}
