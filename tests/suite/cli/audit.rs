//! Evidence: written, verified where nothing happened, and verified where something did.

use super::{DAY, Run, T, command, history, model, opmodel, ran};
use crate::repo::Repo;
use opmodel::audit::package::sha256;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

mod signers;

/// A company of two who may decide about promises, four commits, and a package beside it.
fn evidence() -> (Repo, PathBuf) {
    let repo = decided();
    let folder = repo.beside("evidence");
    opmodel(repo.path(), &["audit", "--to", "../evidence"]).exits(0).says("SHA-256");
    (repo, folder)
}

fn decided() -> Repo {
    let repo = history();
    repo.write("model/model.toml", format!("{}{RIGHT}", model("5 hours")));
    repo.commit("who decides", T + 3 * DAY);
    repo.write("model/model.toml", format!("{}{RIGHT}", model("9 hours")));
    repo.commit("much more time", T + 4 * DAY);
    repo
}

const RIGHT: &str = r#"
[decision.promises]
owner = "role.lead"
covers = ["sla.*"]
approve = ["role.lead"]
separation_of_duties = true
"#;

fn verify(repo: &Repo) -> Run {
    verify_in(repo.path(), "../evidence")
}

fn verify_in(place: &Path, folder: &str) -> Run {
    flat(opmodel(place, &["audit", "--verify", folder]))
}

/// The run with its results in one line, however they wrap.
fn flat(run: Run) -> Run {
    Run { out: run.out.split_whitespace().collect::<Vec<_>>().join(" "), ..run }
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect("a file of the package")
}

/// Changes a text in a file of the package.
#[track_caller]
fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let text = read(folder, file);
    assert!(text.contains(from), "no `{from}` in {file}:\n{text}");
    fs::write(folder.join(file), text.replacen(from, to, 1)).expect("a written file");
}

/// All files below a folder, by path.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("a path below");
                found.push(below.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// Chains the register anew, and sums everything up again: what a careful forger does.
fn seal(folder: &Path) {
    let mut previous = sha256(read(folder, "header.json").as_bytes());
    let mut text = String::new();
    for line in read(folder, "register.jsonl").lines() {
        let mut value: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let parts = value.as_object_mut().expect("an object");
        parts.shift_remove("hash");
        parts["previous_hash"] = previous.clone().into();
        let line = value.to_string();
        previous = sha256(line.as_bytes());
        let open = line.strip_suffix('}').expect("an object");
        text.extend([open, ",\"hash\":\"", &previous, "\"}\n"]);
    }
    fs::write(folder.join("register.jsonl"), text).expect("a register");
    let mut manifest: serde_json::Value =
        serde_json::from_str(&read(folder, "manifest.json")).expect("a manifest");
    manifest["entries"] = read(folder, "register.jsonl").lines().count().into();
    manifest["last_hash"] = previous.into();
    for file in manifest["files"].as_array_mut().expect("sums") {
        let path = file["path"].as_str().expect("a path");
        file["sha256"] = sha256(&fs::read(folder.join(path)).expect("a file")).into();
    }
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("a manifest");
    resum(folder);
}

fn resum(folder: &Path) {
    let paths = files(folder).into_iter().filter(|path| path != "SHA256SUMS");
    let sum = |path: String| {
        let bytes = fs::read(folder.join(&path)).expect("a file");
        format!("{}  {path}\n", sha256(&bytes))
    };
    fs::write(folder.join("SHA256SUMS"), paths.map(sum).collect::<String>()).expect("sums");
}

#[test]
fn a_package_holds_what_an_auditor_needs_and_is_what_the_repository_says() {
    let (repo, folder) = evidence();
    assert_eq!(
        files(&folder),
        [
            "README.md",
            "SHA256SUMS",
            "header.json",
            "manifest.json",
            "model-at-end/model/model.toml",
            "population.csv",
            "register.jsonl",
            "report.json",
            "report.md",
            "schemas/header.schema.json",
            "schemas/manifest.schema.json",
            "schemas/register.schema.json",
            "schemas/report.schema.json",
            "schemas/signatures.schema.json",
            "signatures.jsonl",
        ]
    );
    assert_eq!(read(&folder, "population.csv").lines().count(), 6);
    let register = read(&folder, "register.jsonl");
    let last: serde_json::Value = serde_json::from_str(register.lines().last().unwrap()).unwrap();
    assert_eq!(last["address"], "sla.touch.within");
    assert_eq!(last["standing"], "unapproved");
    verify(&repo)
        .exits(0)
        .says("everything in ../evidence is what the repository says: 5 commits,")
        .says("the repository gives the same files, byte for byte");
}

#[test]
fn without_a_folder_it_says_what_evidence_there_is() {
    let repo = decided();
    opmodel(repo.path(), &["audit"])
        .exits(0)
        .says("unapproved")
        .says("commits: 5 without")
        .says("nothing was written");
    assert!(!repo.beside("evidence").exists());
    let found = opmodel(repo.path(), &["audit", "--format", "json"]).exits(0).json();
    assert_eq!(found["commit_signatures"]["absent"], 5);
    assert_eq!(found["written"], serde_json::Value::Null);
    assert!(found["objects_verified"].as_u64().unwrap() > 10);
    opmodel(repo.path(), &["audit", "--format", "markdown"]).exits(0).says("## Evidence");
}

#[test]
fn outputs_and_files_are_what_their_schemas_say() {
    let (repo, folder) = evidence();
    let holds = |schema: &serde_json::Value, value: &serde_json::Value| {
        let validator = jsonschema::validator_for(schema).expect("a schema");
        let faults: Vec<String> =
            validator.iter_errors(value).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new());
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let schema = |name: &str| json(&read(&folder, &format!("schemas/{name}.schema.json")));
    for (file, name) in
        [("header.json", "header"), ("manifest.json", "manifest"), ("report.json", "report")]
    {
        holds(&schema(name), &json(&read(&folder, file)));
    }
    for (file, name) in [("register.jsonl", "register"), ("signatures.jsonl", "signatures")] {
        for line in read(&folder, file).lines() {
            holds(&schema(name), &json(line));
        }
    }
    let of = |name: &str| opmodel(repo.path(), &["schema", name]).exits(0).json();
    let audit = opmodel(repo.path(), &["audit", "--format", "json"]).exits(0).json();
    holds(&of("output-audit"), &audit);
    let arguments = ["audit", "--verify", "../evidence", "--format", "json"];
    holds(&of("output-audit-verify"), &opmodel(repo.path(), &arguments).exits(0).json());
    edit(&folder, "register.jsonl", "sla.touch", "sla.other");
    let found = opmodel(repo.path(), &arguments).exits(1).json();
    holds(&of("output-audit-verify"), &found);
    assert_eq!(found["confirmed"], false);
    assert_eq!(found["first_difference"]["file"], "register.jsonl");
}

#[test]
fn the_same_history_gives_the_same_bytes_wherever_it_is() {
    let (repo, folder) = evidence();
    let bare = repo.beside("bare.git");
    let fresh = repo.beside("fresh");
    repo.git_in(repo.dir.path(), &["clone", "--quiet", "--bare", "work", "bare.git"]);
    repo.git_in(repo.dir.path(), &["clone", "--quiet", "bare.git", "fresh"]);
    repo.git(&["gc", "--quiet", "--aggressive", "--prune=now"]);
    for (place, to) in [(&bare, "one"), (&fresh, "two"), (&repo.path().to_path_buf(), "three")] {
        let to = repo.beside(to);
        opmodel(place, &["audit", "--to", to.to_str().unwrap()]).exits(0);
        assert_eq!(files(&to), files(&folder));
        for file in files(&folder) {
            assert_eq!(read(&to, &file), read(&folder, &file), "{file}");
        }
        opmodel(place, &["audit", "--verify", folder.to_str().unwrap()]).exits(0);
    }
}

#[test]
fn the_report_is_the_one_of_drift_with_the_same_hash() {
    let (repo, folder) = evidence();
    let report: serde_json::Value = serde_json::from_str(&read(&folder, "report.json")).unwrap();
    let command = report["reproduce"]["command"].as_str().unwrap();
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--format", "json"]).collect();
    let again = opmodel(repo.path(), &words).exits(0).json();
    assert_eq!(again["reproduce"]["sha256"], report["reproduce"]["sha256"]);
    assert_eq!(again["register"], report["register"]);
    let register = read(&folder, "register.jsonl");
    assert_eq!(register.lines().count(), report["register"].as_array().unwrap().len());
}

#[test]
fn what_only_the_clone_has_makes_no_difference() {
    let (repo, _) = evidence();
    repo.write(".mailmap", "Eve <eve@example.com> <ada@example.com>\n");
    repo.git(&["replace", "HEAD~1", "HEAD~3"]);
    verify(&repo).exits(0);
    repo.git(&["worktree", "add", "--quiet", "--detach", "../linked"]);
    let linked = repo.beside("linked");
    verify_in(&linked, "../evidence").exits(0);
    fs::create_dir_all(linked.join("deep/er")).unwrap();
    verify_in(&linked.join("deep/er"), "../../../evidence").exits(0);
}

#[test]
fn a_model_at_the_root_and_one_elsewhere_have_evidence_too() {
    let repo = Repo::new();
    repo.write("sales ops/a.toml", model("4 hours"));
    repo.commit("the model", T);
    for (folder, to) in [("sales ops", "../one"), (".", "../two")] {
        opmodel(repo.path(), &["audit", "--model", folder, "--to", to]).exits(0);
        verify_in(repo.path(), to).exits(0).says(&format!("about {folder} from"));
    }
}

#[test]
fn the_manual_in_the_package_works_without_the_tool() {
    let (_repo, folder) = evidence();
    let run = || {
        let manual = read(&folder, "README.md");
        let scripts = manual.split("```sh\n").skip(1).take(2);
        let scripts = scripts.map(|part| part.split("```").next().unwrap());
        let script: String = ["set -e\n"].into_iter().chain(scripts).collect();
        Command::new("sh").args(["-c", &script]).current_dir(&folder).output().expect("a shell")
    };
    let output = run();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let entries = read(&folder, "register.jsonl").lines().count();
    assert!(said.contains(&format!("the chain holds: {entries} lines")), "{said}");
    let register = read(&folder, "register.jsonl");
    edit(&folder, "register.jsonl", "sla.touch", "sla.other");
    assert!(!run().status.success());
    resum(&folder);
    assert!(String::from_utf8_lossy(&run().stdout).contains("is not what its hash was made of"));
    let without: Vec<&str> = register.lines().skip(1).collect();
    fs::write(folder.join("register.jsonl"), format!("{}\n", without.join("\n"))).unwrap();
    resum(&folder);
    assert!(String::from_utf8_lossy(&run().stdout).contains("line 1 does not follow"));
}

#[test]
fn an_edited_entry_is_named_by_its_word() {
    let (repo, folder) = evidence();
    edit(&folder, "register.jsonl", "\"standing\":\"unapproved\"", "\"standing\":\"approved\"");
    verify(&repo)
        .exits(1)
        .says("`register.jsonl` is not the file that was summed")
        .says("is not what its own hash was made of")
        .says("`standing` is `approved` in the package, and `unapproved` by the repository");
}

#[test]
fn an_entry_with_a_hash_of_its_own_breaks_the_one_behind_it() {
    let (repo, folder) = evidence();
    let register = read(&folder, "register.jsonl");
    let line = register.lines().next().unwrap();
    let (says, _) = line.rsplit_once(",\"hash\":").unwrap();
    let says = says.replace("\"level\":\"approve\"", "\"level\":\"note\"");
    let says = if says.contains("\"level\":\"note\"") {
        says
    } else {
        says.replacen("\"level\":\"", "\"level\":\"x", 1)
    };
    let forged = format!("{says},\"hash\":\"{}\"}}", sha256(format!("{says}}}").as_bytes()));
    fs::write(folder.join("register.jsonl"), register.replacen(line, &forged, 1)).unwrap();
    verify(&repo)
        .exits(1)
        .says("entry 2 of `register.jsonl` does not follow the one before")
        .says("entry 1")
        .says("`level` is");
}

#[test]
fn a_register_forged_with_all_its_sums_is_not_what_the_repository_says() {
    let (repo, folder) = evidence();
    edit(&folder, "register.jsonl", "\"standing\":\"unapproved\"", "\"standing\":\"approved\"");
    seal(&folder);
    verify(&repo)
        .exits(1)
        .says("files holds")
        .says("chain holds")
        .says("history holds")
        .says("first difference: `register.jsonl`, entry")
        .says("`standing` is `approved` in the package, and `unapproved` by the repository");
}

#[test]
fn entries_and_rows_that_were_left_out_are_named() {
    let (repo, folder) = evidence();
    let register = read(&folder, "register.jsonl");
    let kept: Vec<&str> = register.lines().take(register.lines().count() - 1).collect();
    fs::write(folder.join("register.jsonl"), format!("{}\n", kept.join("\n"))).unwrap();
    verify(&repo).exits(1).says("entries, and the manifest says");
    seal(&folder);
    verify(&repo)
        .exits(1)
        .says("chain holds")
        .says("of the repository is left out: `sla.touch.within`");

    let (repo, folder) = evidence();
    let population = read(&folder, "population.csv");
    let third = population.lines().nth(3).unwrap();
    fs::write(folder.join("population.csv"), population.replace(&format!("{third}\n"), ""))
        .unwrap();
    resum(&folder);
    verify(&repo).exits(1).says("`population.csv`, row 3").says("a comment");
}

#[test]
fn every_file_counts() {
    let (repo, folder) = evidence();
    for file in files(&folder) {
        let text = read(&folder, &file);
        fs::write(folder.join(&file), format!("{text} ")).unwrap();
        if file != "SHA256SUMS" {
            resum(&folder);
        }
        let run = verify(&repo).exits(1);
        assert!(run.out.contains("first difference") && run.out.contains(&file), "{}", run.out);
        fs::write(folder.join(&file), text).unwrap();
    }
    resum(&folder);
    for file in ["header.json", "report.md", "register.jsonl", "SHA256SUMS"] {
        let text = read(&folder, file);
        fs::remove_file(folder.join(file)).unwrap();
        verify(&repo).exits(1).says(&format!("`{file}` is missing"));
        fs::write(folder.join(file), text).unwrap();
    }
    verify(&repo).exits(0);
    fs::write(folder.join("more.txt"), "").unwrap();
    verify(&repo).exits(1).says("`more.txt` is not listed in `SHA256SUMS`");
    resum(&folder);
    verify(&repo).exits(1).says("`more.txt` is in the package, and nothing in the repository");
}

#[test]
fn a_rewritten_history_is_told_from_where_on() {
    let (repo, _) = evidence();
    let before = repo.git(&["rev-parse", "--short=10", "HEAD"]);
    repo.git_at(T + 5 * DAY, &["commit", "--quiet", "--amend", "-m", "said otherwise"]);
    verify(&repo)
        .exits(1)
        .says("files holds")
        .says("the history of `main` was rewritten after")
        .says("(`who decides`)")
        .says(&before)
        .says("(`said otherwise`)")
        .says("still in this repository and no longer part of that line");
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "--quiet", "--prune=now"]);
    verify(&repo)
        .exits(1)
        .says("which is not in this repository any more")
        .says("the commit it was made at is not in this repository");
}

#[test]
fn a_history_rebased_from_its_root_has_nothing_in_common() {
    let (repo, _) = evidence();
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.commit("all at once", T + 6 * DAY);
    repo.git(&["branch", "--quiet", "-M", "main"]);
    verify(&repo).exits(1).says("none of the 5 commits of the package is on `main`");
    let other = Repo::new();
    other.write("model/model.toml", model("1 hour"));
    other.commit("another company", T);
    let evidence = repo.beside("evidence");
    verify_in(other.path(), evidence.to_str().unwrap())
        .exits(1)
        .says("it is another repository, or its history was rewritten from the first commit on");
}

#[test]
fn a_shortened_history_is_told() {
    let (repo, _) = evidence();
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    verify(&repo)
        .exits(1)
        .says("the history of `main` is shorter here: it ends at")
        .says("(`a comment`)")
        .says("(`who decides`)");
}

#[test]
fn a_missing_and_a_damaged_object_are_named() {
    let (repo, _) = evidence();
    let place = |id: &str| {
        let (folder, file) = id.split_at(2);
        repo.path().join(".git/objects").join(folder).join(file)
    };
    for (spec, other) in [
        ("HEAD~2", "HEAD"),
        ("HEAD~2^{tree}", "HEAD^{tree}"),
        ("HEAD~3:model/model.toml", "HEAD:model/model.toml"),
    ] {
        let [id, other] = [spec, other].map(|spec| repo.git(&["rev-parse", spec]));
        let bytes = fs::read(place(&id)).unwrap();
        fs::remove_file(place(&id)).unwrap();
        verify(&repo).exits(1).says(&format!("object `{id}` of the history is missing"));
        opmodel(repo.path(), &["audit"]).exits(128).complains("missing");
        fs::copy(place(&other), place(&id)).unwrap();
        verify(&repo).exits(1).says("damaged");
        opmodel(repo.path(), &["audit"]).exits(128).complains("damaged");
        fs::remove_file(place(&id)).unwrap();
        fs::write(place(&id), bytes).unwrap();
    }
    verify(&repo).exits(0);
}

#[test]
fn what_comes_after_the_period_is_no_difference_and_what_comes_into_it_is() {
    let (repo, _) = evidence();
    let to = repo.beside("half");
    let to = to.to_str().unwrap();
    let until = "2023-11-16";
    opmodel(repo.path(), &["audit", "--until", until, "--to", to]).exits(0);
    verify_in(repo.path(), to).exits(0).says("3 commits,");
    repo.write("model/model.toml", format!("{}{RIGHT}", model("10 hours")));
    repo.commit("later", T + 9 * DAY);
    verify(&repo).exits(0).says("1 commit has come since");
    verify_in(repo.path(), to).exits(0);
    repo.write("model/model.toml", format!("{}{RIGHT}", model("11 hours")));
    repo.commit("backdated", T + DAY);
    verify_in(repo.path(), to)
        .exits(1)
        .says("(`backdated`) on `main` lies in the period and is not in the package");
    verify(&repo).exits(1).says("(`backdated`)");
}

#[test]
fn the_package_is_held_against_the_line_it_is_about() {
    let (repo, _) = evidence();
    repo.git(&["checkout", "--quiet", "-b", "old", "HEAD~2"]);
    repo.commit("elsewhere", T + 6 * DAY);
    verify(&repo).exits(0).says("on `main`");
    flat(opmodel(repo.path(), &["audit", "--verify", "../evidence", "old"]))
        .exits(1)
        .says("the history of `old` was rewritten after");
    opmodel(repo.path(), &["audit", "--verify", "../evidence", "nowhere"]).exits(128);
}

#[test]
fn later_policy_does_not_judge_earlier_changes() {
    let repo = decided();
    let entry = |until: &str, to: &str| {
        let folder = repo.beside(to);
        let to = folder.to_str().unwrap();
        opmodel(repo.path(), &["audit", "--until", until, "--to", to]).exits(0);
        let register = read(&folder, "register.jsonl");
        let lines = register.lines().map(|line| {
            let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
            let parts = value.as_object_mut().unwrap();
            parts.retain(|name, _| name != "hash" && name != "previous_hash");
            value
        });
        lines.collect::<Vec<_>>()
    };
    // On the first day nobody was asked; the right of the fourth day asks from the fifth on.
    let (early, late) = (entry("2023-11-15", "early"), entry("2023-11-18", "late"));
    assert_eq!(early, late[..early.len()]);
    let within: Vec<&serde_json::Value> =
        late.iter().filter(|entry| entry["address"] == "sla.touch.within").collect();
    assert_eq!(within.len(), 2);
    assert_eq!(within[0]["required"], serde_json::json!([]));
    assert_eq!(within[1]["required"][0]["right"], "decision.promises");
    assert_eq!(within[1]["standing"], "unapproved");
}

#[test]
fn a_shallow_clone_is_refused_or_said() {
    let (repo, _) = evidence();
    let url = format!("file://{}", repo.path().display());
    repo.git_in(repo.dir.path(), &["clone", "--quiet", "--depth", "2", &url, "shallow"]);
    let shallow = repo.beside("shallow");
    opmodel(&shallow, &["audit"]).exits(128).complains("git fetch --unshallow");
    // What is missing in the clone is no difference of the package.
    verify_in(&shallow, "../evidence").exits(128).complains("git fetch --unshallow");
    opmodel(&shallow, &["audit", "--allow-shallow", "--to", "../short"])
        .exits(0)
        .complains("from where on it is complete");
    assert!(read(&repo.beside("short"), "report.md").contains("cut off"));
    verify_in(&shallow, "../short").exits(0).says("2 commits,");
    verify(&repo).exits(0);
    verify_in(repo.path(), "../short")
        .exits(1)
        .says("the package was made in a shallow clone that ended at");
    repo.git_in(&shallow, &["fetch", "--quiet", "--unshallow"]);
    verify_in(&shallow, "../evidence").exits(0);
}

#[test]
fn what_the_clone_lacks_is_no_difference_of_the_package() {
    let (repo, _) = evidence();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.path().display());
    let partial = ["clone", "--quiet", "--filter=blob:none", "--no-checkout", &url, "partial"];
    repo.git_in(repo.dir.path(), &partial);
    verify_in(&repo.beside("partial"), "../evidence").exits(128).complains("partial clone");
    // Where nothing is signed, a list of signers that is not there is of no use to anybody.
    repo.git(&["config", "gpg.ssh.allowedSignersFile", "../nowhere"]);
    verify(&repo).exits(0);
    opmodel(repo.path(), &["audit"]).exits(128).complains("gpg.ssh.allowedSignersFile");
}

#[test]
fn another_version_is_said_and_compared_as_far_as_that_goes() {
    let (repo, folder) = evidence();
    for file in ["header.json", "manifest.json", "report.json"] {
        edit(&folder, file, "0.1.0", "9.9.9");
    }
    edit(&folder, "README.md", "What this folder is", "What it was");
    seal(&folder);
    verify(&repo)
        .exits(0)
        .says("what follows from the history is the same; the package was made by opmodel `9.9.9`");
    // The version is no cover for a report that says something else.
    let honest = read(&folder, "report.md");
    edit(&folder, "report.md", "unapproved", "approved");
    seal(&folder);
    verify(&repo).exits(1).says("`report.md`, line").says("verify it with that version");
    fs::write(folder.join("report.md"), honest).unwrap();
    edit(&folder, "manifest.json", "9.9.9", "0.1.0");
    seal(&folder);
    verify(&repo).exits(1).says("`manifest.json` does not name the version");
    edit(&folder, "manifest.json", "0.1.0", "9.9.9");
    edit(&folder, "register.jsonl", "\"standing\":\"unapproved\"", "\"standing\":\"approved\"");
    seal(&folder);
    verify(&repo)
        .exits(1)
        .says("`standing` is `approved` in the package")
        .says("verify it with that version");
    edit(&folder, "header.json", "\"1.0\"", "\"2.0\"");
    verify(&repo).exits(1).says("is of form `2.0`, which this version cannot read");
}

#[test]
fn a_question_put_otherwise_is_a_difference() {
    let (repo, folder) = evidence();
    edit(&folder, "header.json", "\"since\": null", "\"since\": \"2023-11-16T00:00:00Z\"");
    seal(&folder);
    verify(&repo).exits(1).says("`header.json`, `period.start` is nothing in the package");
    edit(&folder, "header.json", "\"tip\": \"", "\"tip\": \"x");
    verify(&repo).exits(1).says("is not the name of a commit");
    fs::write(folder.join("header.json"), "[]").unwrap();
    verify(&repo).exits(1).says("`header.json` is not the header of a package");
}

#[test]
fn a_header_made_to_do_harm_does_none() {
    let (repo, folder) = evidence();
    let header = read(&folder, "header.json");
    for (from, to) in [
        ("\"near_end_days\": 14", "\"near_end_days\": 4294967295"),
        ("\"until\": \"2023-11-18T23:59:59Z\"", "\"until\": \"9999-12-30T22:00:00.999999999Z\""),
        ("\"since\": null", "\"since\": \"-009999-01-02T01:59:59Z\""),
        ("\"folder\": \"model\"", "\"folder\": \"../../etc\""),
        ("\"folder\": \"model\"", "\"folder\": \"a\\u0000`b`\\u001b[31m\""),
        ("\"budget\": 2", "\"budget\": 0, \"more\": 2"),
    ] {
        edit(&folder, "header.json", from, to);
        seal(&folder);
        let run = verify(&repo).exits(1);
        assert!(!run.out.contains('\u{1b}'), "{}", run.out);
        fs::write(folder.join("header.json"), &header).unwrap();
    }
    edit(&folder, "population.csv", "commit,parents", "x,y");
    seal(&folder);
    verify(&repo).exits(1).says("`population.csv`, line 1");
}

#[test]
fn nothing_is_overwritten_without_being_asked() {
    let (repo, folder) = evidence();
    let to = ["audit", "--to", "../evidence"];
    opmodel(repo.path(), &to).exits(128).complains("already").complains("--force");
    repo.write("model/model.toml", format!("{}{RIGHT}", model("12 hours")));
    repo.commit("again", T + 7 * DAY);
    opmodel(repo.path(), &[&to[..], &["--force"]].concat()).exits(0);
    verify(&repo).exits(0).says("6 commits,");
    fs::write(folder.join("mine.txt"), "mine").unwrap();
    opmodel(repo.path(), &[&to[..], &["--force"]].concat())
        .exits(128)
        .complains("`mine.txt`, which is no part of the package");
    assert_eq!(read(&folder, "mine.txt"), "mine");
    opmodel(repo.path(), &["audit", "--to", "model", "--force"])
        .exits(128)
        .complains("is not empty");
    opmodel(repo.path(), &["audit", "--to", "model/model.toml"])
        .exits(128)
        .complains("is not a folder");
    fs::create_dir(repo.beside("empty")).unwrap();
    opmodel(repo.path(), &["audit", "--to", "../empty"]).exits(0);
    opmodel(repo.path(), &["audit", "--to", "../new/deep"]).exits(0);
}

#[test]
fn mistakes_are_told() {
    let (repo, folder) = evidence();
    let fails = |arguments: &[&str], code: i32, words: &str| {
        let all = [&["audit"], arguments].concat();
        opmodel(repo.path(), &all).exits(code).silent().complains(words);
    };
    fails(&["--verify", "model"], 128, "there is no evidence package in `model`");
    fails(&["--verify", "nowhere"], 128, "cannot open");
    fails(&["--verify", "model/model.toml"], 128, "is not a folder");
    fails(&["--verify", "../evidence", "--since", "2024-01-01"], 2, "cannot be used with");
    fails(&["--verify", "../evidence", "--model", "rules"], 2, "the package is about `model`");
    fails(&["--since", "yesterday"], 2, "`yesterday` is not a date");
    fails(&["--since", "2024-02-01", "--until", "2024-01-01"], 2, "ends on 2024-01-01, before");
    fails(&["--until", "2020-01-01"], 128, "there is no model in `model`");
    fails(&["--force"], 2, "--to");
    fails(&["nowhere"], 128, "nowhere");
    fails(&["--allowed-signers", "missing"], 128, "missing");
    fails(&["--model", "rules"], 128, "there is no model in `rules`");
    let place = repo.beside("no-repository");
    fs::create_dir(&place).unwrap();
    let run = ran(command(&place, &["audit", "--verify", folder.to_str().unwrap()])
        .env("GIT_CEILING_DIRECTORIES", repo.dir.path()));
    run.exits(128).complains("not inside a Git repository");
    let empty = Repo::new();
    opmodel(empty.path(), &["audit"]).exits(128).complains("no commit yet");
}

#[test]
fn what_is_no_package_is_told_before_it_is_read() {
    let (repo, _) = evidence();
    let place = repo.beside("large");
    fs::create_dir(&place).unwrap();
    // Larger than any package may be, and on disk without a byte of it.
    fs::File::create(place.join("export.csv")).unwrap().set_len(3 << 30).unwrap();
    opmodel(repo.path(), &["audit", "--verify", "../large"])
        .exits(128)
        .complains("there is no evidence package in `../large`");
    opmodel(repo.path(), &["audit", "--to", "../large"]).exits(128).complains("is not empty");
}

#[test]
fn hostile_names_stay_names() {
    let repo = decided();
    repo.write("model/odd %\"`=cmd'.toml", "[team.one]\nowner = \"role.lead\"\n");
    repo.commit("=cmd|' /C calc'!A0 `x` \u{202e}back", T + 6 * DAY);
    opmodel(repo.path(), &["audit", "--to", "../evidence"]).exits(0);
    let folder = repo.beside("evidence");
    let found = files(&folder);
    let odd = "model-at-end/model/odd %25%22%60%3Dcmd%27.toml";
    assert!(found.iter().any(|file| file == odd), "{found:#?}");
    let population = read(&folder, "population.csv");
    assert!(population.contains(",'=cmd|"), "{population}");
    for file in ["population.csv", "register.jsonl", "report.md", "report.json"] {
        assert!(!read(&folder, file).contains('\u{202e}'), "{file}");
    }
    verify(&repo).exits(0);
    edit(&folder, "population.csv", "calc", "calc\u{1b}[31m");
    assert!(!verify(&repo).exits(1).out.contains('\u{1b}'));
}
