//! The verbs that need no repository.

use super::{command, opmodel, ran};

#[test]
fn a_starter_is_valid_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    opmodel(folder.path(), &["init"]).exits(0).says("wrote model/");
    opmodel(folder.path(), &["check"]).exits(0).says("the model is valid");
    opmodel(folder.path(), &["schema", "--check", "schemas"]).exits(0);
    let file = folder.path().join("model/model.toml");
    std::fs::write(&file, "# mine\n").expect("a written file");
    opmodel(folder.path(), &["init"]).exits(0).says("kept");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "# mine\n");
    opmodel(folder.path(), &["init", "deep/er", "--model", "rules"]).exits(0);
    opmodel(&folder.path().join("deep/er"), &["check", "--model", "rules"]).exits(0);
}

#[test]
fn the_files_of_a_starter_name_the_schemas_from_where_they_stand() {
    for model in ["model", "gtm/ops", "./a/b/c/", "."] {
        let folder = tempfile::tempdir().expect("a folder");
        opmodel(folder.path(), &["init", "--model", model]).exits(0);
        let place = folder.path().join(model);
        for name in ["fields", "lead", "model", "people"] {
            let file = place.join(name).with_extension("toml");
            let text = std::fs::read_to_string(file).expect("a file of the starter");
            let path = text.lines().next().and_then(|line| line.strip_prefix("#:schema "));
            let schema = place.join(path.expect("the path of a schema"));
            assert!(schema.is_file(), "{model}: {}", schema.display());
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("file"), "").expect("a file");
    opmodel(folder.path(), &["init", "file/below"]).exits(128).complains("cannot");
    for name in ["model", "schemas"] {
        let below = folder.path().join(name);
        std::fs::create_dir(&below).expect("a folder");
        std::fs::write(below.join(name), "").expect("a file");
        let run = opmodel(&below, &["init"]).exits(128).silent();
        run.complains(&format!("`{name}` is a file, and a folder of this name is wanted"));
        assert_eq!(std::fs::read_dir(&below).expect("a folder").count(), 1);
    }
    #[cfg(target_os = "linux")]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
        let help = command(folder.path(), &["--help"]).stdout(full).output().expect("a run");
        assert_eq!(help.status.code(), Some(128));
    }
    opmodel(folder.path(), &["schema", "--check", "nowhere"]).exits(128).complains("nowhere");
    opmodel(folder.path(), &["-C", "nowhere", "check"])
        .exits(128)
        .complains("`nowhere` is not there");
    opmodel(folder.path(), &["-C", "file", "check"]).exits(128).complains("`file` is no folder");
}

#[test]
fn everything_that_is_listed_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let kinds = opmodel(folder.path(), &["kinds"]).exits(0).out;
    assert!(kinds.lines().count() > 300);
    for word in ["sla-loosened", "duplicate-id", "criteria", "syntax", "entity-id-reused"] {
        assert!(opmodel(folder.path(), &["explain", word]).exits(0).out.contains(word), "{word}");
    }
    for line in opmodel(folder.path(), &["schema"]).exits(0).out.lines().skip(1) {
        let name = line.split(' ').next().unwrap_or_default();
        let schema = opmodel(folder.path(), &["schema", name]).exits(0).json();
        assert!(jsonschema::validator_for(&schema).is_ok(), "{name}");
    }
}

#[test]
fn what_is_said_to_print_an_output_is_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = opmodel(folder.path(), &["schema"]).exits(0).out;
    let outputs: Vec<&str> = list.lines().filter(|line| line.starts_with("output-")).collect();
    assert!(outputs.len() > 15);
    for line in outputs {
        let command = line.split('`').nth(1).expect("a command").split(' ');
        let mut words: Vec<&str> = command.take_while(|word| !word.starts_with("--")).collect();
        words.push("--help");
        opmodel(folder.path(), &words).exits(0).says("--format");
    }
}

#[test]
fn a_kind_that_a_proof_decides_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    for kind in ["rule-added", "rule-removed", "rule-moved"] {
        let page = opmodel(folder.path(), &["explain", kind]).exits(0);
        page.says("impact: undecided until proved").says("shifting").says("cosmetic");
        opmodel(folder.path(), &["kinds", kind]).exits(0).says("undecided until proved");
    }
    let page = opmodel(folder.path(), &["explain", "rule-condition-undecided"]).exits(0);
    page.says("impact: undecided, which is computed");
}

#[test]
fn every_command_has_a_manual_page_that_names_it_as_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    opmodel(folder.path(), &["man", "--dir", "man"]).exits(0);
    let page = |name: &str| {
        let path = folder.path().join("man").join(format!("{name}.1"));
        std::fs::read_to_string(path).unwrap_or_default().replace("\\-", "-")
    };
    let mut named = vec!["opmodel".to_owned()];
    while let Some(name) = named.pop() {
        let page = page(&name);
        let synopsis = page.split(".SH SYNOPSIS\n\\fB").nth(1).unwrap_or(&page);
        let written = synopsis.split("\\fR").next().unwrap_or_default();
        assert_eq!(written.replace(' ', "-"), name, "{page}");
        let words: Vec<&str> = written.split(' ').skip(1).chain(["--help"]).collect();
        opmodel(folder.path(), &words).exits(0);
        named.extend(page.lines().filter_map(|line| line.strip_suffix("(1)")).map(str::to_owned));
    }
    assert!(page("opmodel-records-doctor").contains("opmodel records doctor leads.csv"));
    assert!(page("opmodel-git").contains("opmodel-git-install(1)"));
}

#[test]
fn a_shell_offers_files_only_where_files_are_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let fish = opmodel(folder.path(), &["completions", "fish"]).exits(0).out;
    let using = |command: &str| format!("-n \"__fish_opmodel_using_subcommand {command}\"");
    let line = format!("complete -c opmodel {} -f -a \"bash elvish", using("completions"));
    assert!(fish.contains(&line));
    assert!(fish.contains(&format!("complete -c opmodel {} -f\n", using("log"))));
    assert!(!fish.contains(&format!("complete -c opmodel {} -f\n", using("evaluate"))));
    let option = |name: &str| {
        let found = fish.lines().find(|line| line.contains(&format!(" -l {name} ")));
        found.expect("an option").to_owned()
    };
    assert!(option("since").ends_with(" -r -f"));
    assert!(option("out").contains("__fish_complete_directories"));
    assert!(option("rejects").ends_with(" -r -F"));
}

#[test]
fn a_shell_offers_the_words_that_a_command_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = |shell: &str| opmodel(folder.path(), &["completions", shell]).exits(0).out;
    let (bash, zsh, fish) = (script("bash"), script("zsh"), script("fish"));
    for (command, option, words) in [
        ("explain", None, &["stage-exit-undecided", "unknown-reference", "criteria", "expect"][..]),
        ("schema", None, &["output-diff", "definition"]),
        ("kinds", None, &["sla"]),
        ("log", Some("verb"), &["weakened"]),
        ("log", Some("impact"), &["loosening"]),
        ("log", Some("level"), &["approve"]),
        ("log", Some("kind"), &["sla-loosened"]),
        ("deviations", Some("kind"), &["sla-breached"]),
    ] {
        let branch = bash.split(&format!("        opmodel__subcmd__{command})\n")).nth(1);
        let branch = branch.and_then(|rest| rest.split("        opmodel__subcmd__").next());
        let branch = branch.expect(command);
        let offered = match option {
            Some(option) => branch.split(&format!("--{option})\n")).nth(1).expect(option),
            None => branch,
        };
        let offered = offered.lines().find(|line| line.contains(words[0])).expect(command);
        for word in words {
            assert!(offered.contains(word), "bash: {command} {word}");
            assert!(zsh.contains(word) && fish.contains(word), "{command} {word}");
        }
    }
    // What is wrong is answered as before, not with a thousand words.
    let run = opmodel(folder.path(), &["explain", "unknown-referenc"]).exits(2);
    run.complains("did you mean `unknown-reference`?");
}

#[test]
fn shells_and_manuals_are_served() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        opmodel(folder.path(), &["completions", shell]).exits(0).says("opmodel").says("diff");
    }
    opmodel(folder.path(), &["completions", "tcsh"]).exits(2);
    opmodel(folder.path(), &["man"]).exits(0).says(".TH");
    for verb in ["check", "diff", "log", "show", "init", "demo", "explain", "kinds", "schema"] {
        opmodel(folder.path(), &[verb, "--help"]).exits(0).says("Usage: opmodel");
    }
    opmodel(folder.path(), &["--version"]).exits(0).says("opmodel ");
    let run = ran(&mut command(folder.path(), &[]));
    assert_eq!(run.code, 2);
}

#[test]
fn what_was_not_decided_is_said_and_can_be_strict() {
    let folder = tempfile::tempdir().expect("a folder");
    opmodel(folder.path(), &["init"]).exits(0);
    let starter = opmodel(folder.path(), &["check", "--strict"]).exits(0);
    starter.says("there is nothing to say about it");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join("model").join(name), text).expect("a written file");
    };
    write(
        "routing.toml",
        "[object.visit]\nsystems = {}\n[field.visit.size]\ntype = \"integer\"\n[team.one]\n[team.two]\n\
         [routing.visits]\nobject = \"visit\"\ndefault = \"team.one\"\ndefault_is = \"gap\"\n\
         [[routing.visits.rule]]\nid = \"large\"\nwhen = \"size > 5\"\nto = \"team.two\"\n\
         [[routing.visits.rule]]\nid = \"small\"\nwhen = \"not (size > 5)\"\nto = \"team.one\"\n",
    );
    opmodel(folder.path(), &["check", "--strict"]).exits(0);
    let words = "it was not decided which records each rule of `routing.visits` takes";
    opmodel(folder.path(), &["check", "--budget", "1"]).exits(0).says(words).says("`--budget`");
    opmodel(folder.path(), &["check", "--budget", "1", "--strict"]).exits(4).says(words);
    write("broken.toml", "[sla.x]\n");
    opmodel(folder.path(), &["check", "--budget", "1", "--strict"]).exits(1).says(words);
    opmodel(folder.path(), &["check", "--budget", "many"]).exits(2);
}
