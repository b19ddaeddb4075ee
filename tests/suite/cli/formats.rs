//! What other programs read: schemas hold, bytes repeat, colours keep out.

use super::{DAY, T, command, history, model, opmodel, ran};
use serde_json::Value;
use std::path::Path;

fn valid(folder: &Path, schema: &str, output: &Value) {
    let schema = opmodel(folder, &["schema", schema]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema that compiles");
    let faults: Vec<_> = validator.iter_errors(output).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{output:#}");
}

/// A history with a finding, an unreadable file and an unknown property in its work tree.
fn troubled() -> crate::repo::Repo {
    let repo = history();
    repo.write("model/broken.toml", "[list.a\n");
    repo.commit("broken", T + 3 * DAY);
    repo.write(
        "model/other.toml",
        "[list.b]\nvalues = 3\nmood = 'good'\n[segment.s]\nobject = 'lead'\nwhen = 'nope'\n",
    );
    repo
}

#[test]
fn every_output_is_as_its_schema_says() {
    let repo = troubled();
    let folder = repo.path();
    let json = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--format", "json"]);
        opmodel(folder, &all)
    };
    valid(folder, "output-check", &json(&["check"]).exits(1).json());
    valid(folder, "output-check", &json(&["check", "HEAD~3"]).exits(0).json());
    valid(folder, "output-diff", &json(&["diff", "HEAD~3"]).exits(1).json());
    valid(folder, "output-diff", &json(&["diff", "HEAD~3..HEAD~2"]).exits(0).json());
    valid(folder, "output-diff", &json(&["diff", "--staged"]).exits(0).json());
    for address in ["sla.touch", "sla.touch.within", "segment.s", "role.lead.holder.ada", "model"] {
        valid(folder, "output-show", &json(&["show", address]).exits(0).json());
    }
    valid(folder, "output-log-stat", &json(&["log", "--stat", "--per", "month"]).exits(0).json());
    valid(folder, "output-blame", &json(&["blame"]).exits(0).json());
    valid(folder, "output-blame", &json(&["blame", "-C", "sla.touch"]).exits(0).json());
    let log = json(&["log"]).exits(0).out;
    assert!(log.lines().count() > 5);
    for line in log.lines() {
        valid(folder, "output-log", &serde_json::from_str(line).expect("a JSON object a line"));
    }
}

#[test]
fn a_difference_as_data_names_both_sides() {
    let repo = history();
    let diff =
        opmodel(repo.path(), &["diff", "HEAD~2", "HEAD", "--format", "json"]).exits(0).json();
    assert_eq!(diff["format_version"], "1.0");
    let change = &diff["changes"][0];
    assert_eq!(
        (&change["kind"], &change["address"]),
        (&"sla-loosened".into(), &"sla.touch.within".into())
    );
    assert_eq!((&change["before"], &change["after"]), (&"4 hours".into(), &"5 hours".into()));
    assert!(change["fingerprint"].as_str().is_some_and(|print| print.starts_with("om1:")));
    let again =
        opmodel(repo.path(), &["diff", "HEAD~2..HEAD~1", "--format", "json"]).exits(0).json();
    assert_eq!(again["changes"][0]["fingerprint"], change["fingerprint"]);
}

#[test]
fn sarif_is_what_scanners_expect() {
    let repo = troubled();
    let sarif = opmodel(repo.path(), &["check", "--format", "sarif"]).exits(1).json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "opmodel");
    let rules: Vec<&Value> = run["tool"]["driver"]["rules"].as_array().unwrap().iter().collect();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with("model/") && !uri.contains(' '), "{uri}");
        let line = place["region"]["startLine"].as_u64();
        assert!(line.is_none_or(|line| line > 0), "{place}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let repo = troubled();
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["diff", "HEAD~3"],
        &["diff", "HEAD~3", "--format", "json"],
        &["diff", "HEAD~3", "--stat"],
        &["log"],
        &["log", "--format", "json"],
        &["show", "sla.touch"],
        &["blame", "sla.touch"],
        &["blame", "-C", "--format", "json"],
        &["kinds"],
        &["schema", "model"],
    ] {
        let first = opmodel(repo.path(), arguments);
        assert_eq!(first, opmodel(repo.path(), arguments), "{arguments:?}");
        let elsewhere = opmodel(&repo.path().join("model"), arguments);
        assert_eq!(first.out, elsewhere.out, "{arguments:?} from another folder");
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let repo = history();
    let escape = '\u{1b}';
    let diff = ["diff", "HEAD~2", "HEAD"];
    assert!(!opmodel(repo.path(), &diff).exits(0).out.contains(escape));
    let always = ["diff", "HEAD~2", "HEAD", "--color", "always"];
    assert!(opmodel(repo.path(), &always).exits(0).out.contains(escape));
    let never = ["diff", "HEAD~2", "HEAD", "--color", "never"];
    assert!(!opmodel(repo.path(), &never).exits(0).out.contains(escape));
    let run = ran(command(repo.path(), &["check", "--color", "auto"]).env("NO_COLOR", "1"));
    assert!(!run.exits(0).out.contains(escape));
    let run = ran(command(repo.path(), &["frobnicate"]).env("NO_COLOR", "1"));
    assert!(!run.exits(2).err.contains(escape));
    // In a pager of Git's it is as on a terminal.
    let terminal = ("GIT_PAGER_IN_USE", "true");
    for (environment, is_colored) in [
        (&[terminal][..], true),
        (&[terminal, ("NO_COLOR", "")], true),
        (&[terminal, ("NO_COLOR", "1")], false),
        (&[terminal, ("TERM", "xterm")], true),
        (&[terminal, ("TERM", "dumb")], false),
        (&[terminal, ("CLICOLOR", "1")], true),
        (&[terminal, ("CLICOLOR", "0")], false),
        (&[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")], true),
        (&[("CLICOLOR_FORCE", "0")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ] {
        for arguments in [&diff[..], &["--help"]] {
            let run = ran(command(repo.path(), arguments).envs(environment.iter().copied()));
            let found = run.exits(0).out.contains(escape);
            assert_eq!(found, is_colored, "{arguments:?} {environment:?}");
        }
    }
}

#[test]
fn width_follows_the_terminal() {
    let repo = history();
    repo.write("model/model.toml", model("6 hours"));
    for columns in ["40", "80", "0", "99999999999999999999", "wide"] {
        let run = ran(command(repo.path(), &["diff"]).env("COLUMNS", columns));
        run.exits(0).says("6 hours");
    }
}

#[test]
fn exit_codes_and_short_forms_tell_meaning_from_form() {
    let repo = history();
    let code = |from: &str, to: &str| opmodel(repo.path(), &["diff", from, to, "--exit-code"]).code;
    assert_eq!(code("HEAD~2", "HEAD"), 1);
    assert_eq!(code("HEAD~1", "HEAD"), 0, "a comment is form alone");
    assert_eq!(code("HEAD", "HEAD"), 0);
    let names = |from: &str| opmodel(repo.path(), &["diff", from, "--name-only"]).exits(0).out;
    assert!(names("HEAD~2").starts_with("sla.touch"));
    assert_eq!(names("HEAD~1"), "");
    let stat = opmodel(repo.path(), &["diff", "HEAD~2", "--stat"]).exits(0);
    stat.says("sla.touch").says("1");
}
