//! Results for machines: annotations, SARIF, reports of tests, and several of them in one run.

use super::{T, history, model, opmodel};
use crate::repo::Repo;
use serde_json::Value;
use std::fs;

/// A change of every weight, a removed part, and a removed entity, on top of the small model.
fn changed() -> Repo {
    let repo = history();
    let lists = "[list.eu]\nvalues = ['DE', 'NL']\n\n[list.us]\nvalues = ['US']\n";
    repo.write("model/lists.toml", lists);
    repo.write("model/gone.toml", "[list.gone]\nvalues = ['XX']\n");
    repo.commit("lists", T + 400_000);
    let text = model("7 hours").replace("applies_to = \"created_at is set\"\n", "");
    repo.write("model/model.toml", text);
    repo.write("model/lists.toml", "[list.eu]\nvalues = ['DE']\n");
    repo.remove("model/gone.toml");
    repo
}

fn sarif(repo: &Repo, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "sarif"]);
    opmodel(repo.path(), &all).json()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("results")
}

fn result<'a>(log: &'a Value, address: &str) -> &'a Value {
    let about = |result: &&Value| {
        result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == address
    };
    results(log).iter().find(about).unwrap_or_else(|| panic!("nothing of {address}: {log:#}"))
}

/// Where a result stands: the file, and the line where one is known.
fn place(result: &Value) -> (&str, Option<u64>) {
    let place = &result["locations"][0]["physicalLocation"];
    let path = place["artifactLocation"]["uri"].as_str().expect("a file");
    (path, place["region"]["startLine"].as_u64())
}

#[test]
fn every_change_is_a_result_with_its_fingerprint() {
    let repo = changed();
    let log = sarif(&repo, &["diff"]);
    let data = opmodel(repo.path(), &["diff", "--format", "json"]).exits(0).json();
    let prints = |values: Vec<Value>| {
        let mut prints: Vec<String> =
            values.iter().map(|v| v.as_str().expect("a fingerprint").to_owned()).collect();
        prints.sort();
        prints
    };
    let told = results(&log).iter().map(|r| r["partialFingerprints"]["opmodelChange/v1"].clone());
    let known = data["changes"].as_array().unwrap().iter().map(|c| c["fingerprint"].clone());
    assert_eq!(prints(told.collect()), prints(known.collect()));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn what_is_gone_points_at_what_held_it() {
    let repo = changed();
    let log = sarif(&repo, &["diff"]);
    assert_eq!(place(result(&log, "sla.touch.within")), ("model/model.toml", Some(24)));
    let sla = place(result(&log, "sla.touch.applies_to"));
    assert_eq!(sla, ("model/model.toml", Some(19)), "the table that held it");
    assert_eq!(place(result(&log, "list.us")), ("model/lists.toml", None), "the file that held it");
    // A forge refuses a whole log for one result that stands nowhere.
    assert_eq!(
        place(result(&log, "list.gone")),
        ("model/gone.toml", None),
        "the file that is gone"
    );
    let run = opmodel(repo.path(), &["diff", "--format", "github"]).exits(0);
    let gone = run.out.lines().find(|line| line.contains("`gone`")).expect("a line");
    assert!(!gone.contains("file="), "{gone}");
}

#[test]
fn a_change_says_what_was_and_what_is_on_one_line() {
    let repo = changed();
    let run = opmodel(repo.path(), &["diff", "--format", "github"]).exits(0);
    let within = run.out.lines().find(|line| line.contains("title=sla-loosened")).expect("a line");
    assert!(within.starts_with("::warning file=model/model.toml,line=24,col=1,"), "{within}");
    assert!(within.contains("`5 hours` → `7 hours`"), "{within}");
    assert!(within.contains("needs approval"), "{within}");
    assert!(run.out.lines().all(|line| line.starts_with("::")), "{}", run.out);
}

#[test]
fn hostile_values_stay_values() {
    let repo = history();
    let text =
        model("5 hours") + "\n[list.odd]\nvalues = ['a', '''b\n::error::x %0A ]]> <y/>''']\n";
    repo.write("model/model.toml", text);
    let run = opmodel(repo.path(), &["diff", "--format", "github"]).exits(0);
    assert!(run.out.lines().all(|line| !line.starts_with("::error::")), "{}", run.out);
    let run = opmodel(repo.path(), &["diff", "--format", "junit"]).exits(0);
    run.hides("<y/>").hides("]]>");
}

#[test]
fn what_could_not_be_compared_fails_a_build() {
    let repo = history();
    repo.write("model/broken.toml", "[list.a\n");
    let run = opmodel(repo.path(), &["diff", "--format", "junit"]).exits(1);
    run.says("failures=\"1\"")
        .says("type=\"not-compared\"")
        .says("classname=\"model/broken.toml\"");
    let log = sarif(&repo, &["diff"]);
    assert_eq!(results(&log)[0]["ruleId"], "not-compared");
    assert_eq!(results(&log)[0]["level"], "error");
}

#[test]
fn a_check_is_a_report_of_tests() {
    let repo = history();
    let run = opmodel(repo.path(), &["check", "--format", "junit"]).exits(0);
    run.says("<testsuite name=\"opmodel check\"").says("failures=\"0\"");
    repo.write("model/model.toml", model("soon"));
    let run = opmodel(repo.path(), &["check", "--format", "junit"]).exits(1);
    run.says("<failure message=").says("line=\"25\"").complains("read ");
}

#[test]
fn one_run_writes_several_files() {
    let repo = changed();
    let folder = repo.path();
    fs::create_dir(folder.join("out")).unwrap();
    let run = opmodel(
        folder,
        &["diff", "--color", "always", "--output", "markdown=out/a.md", "--output=text=out/a.txt"],
    );
    let shown = run.exits(0).out;
    assert!(shown.contains('\u{1b}'));
    let plain = fs::read_to_string(folder.join("out/a.txt")).unwrap();
    assert!(!plain.contains('\u{1b}') && plain.contains("7 hours"));
    let markdown = opmodel(folder, &["diff", "--format", "markdown"]).exits(0).out;
    assert_eq!(fs::read_to_string(folder.join("out/a.md")).unwrap(), markdown);
    let names = fs::read_dir(folder.join("out")).unwrap().count();
    assert_eq!(names, 2, "no draft is left");
    opmodel(folder, &["-C", "model", "check", "--output", "json=../out/a.md"]).exits(1);
    let json = fs::read_to_string(folder.join("out/a.md")).unwrap();
    assert!(json.starts_with('{'), "what was there is replaced whole");
}

#[test]
fn a_file_that_cannot_be_written_hides_no_other_result() {
    let repo = history();
    let folder = repo.path();
    let check = |output: &str| opmodel(folder, &["check", "--output", output]);
    let run = check("json=no/such/check.json").exits(128);
    run.complains("its folder does not exist")
        .complains("make the folder")
        .says("the model is valid");
    let several = ["json=no/a.json", "sarif=a.sarif", "junit=no/a.xml", "github=a.txt"];
    let several = several.iter().flat_map(|output| ["--output", output]);
    let run = opmodel(folder, &["check"].into_iter().chain(several).collect::<Vec<_>>()).exits(128);
    run.complains("no/a.json`: its folder does not exist").complains("no/a.xml`: its folder");
    assert!(["a.sarif", "a.txt"].iter().all(|name| folder.join(name).is_file()));
    check("json=model").exits(128).complains("is a folder, and a file is wanted");
    check("jsno=a.json").exits(2).complains("did you mean `json`?");
    check("yaml=a").exits(2).complains("there are text, json, github, sarif, junit");
    check("json=").exits(2).complains("name a file behind `json=`");
    check("json=-").exits(2).complains("for standard output write `--format json`");
    check("a.json").exits(2).complains("such as `json=result.json`");
    let twice = ["check", "--output", "json=a", "--output", "sarif=a"];
    opmodel(folder, &twice).exits(2).complains("two results cannot go to `a`");
    let quiet = ["diff", "--stat", "--output", "json=a"];
    opmodel(folder, &quiet).exits(2).complains("cannot be used with");
}

#[cfg(unix)]
#[test]
fn links_and_devices_stay_what_they_are() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repo = history();
    let folder = repo.path();
    opmodel(folder, &["check", "--output", "json=/dev/null"]).exits(0);
    repo.write("real.json", "");
    fs::set_permissions(folder.join("real.json"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.json", folder.join("link.json")).unwrap();
    opmodel(folder, &["check", "--output", "json=link.json"]).exits(0);
    assert!(fs::symlink_metadata(folder.join("link.json")).unwrap().is_symlink());
    let written = fs::metadata(folder.join("real.json")).unwrap();
    assert!(written.len() > 0);
    assert_eq!(written.permissions().mode() & 0o777, 0o640);
}
