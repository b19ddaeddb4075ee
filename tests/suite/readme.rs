//! The README shows what the tool prints, word for word.
//!
//! Every `console` block opens with a command. To write the blocks anew after a change of the
//! output, run the tests with `README=write`.

use crate::repo::system;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn opmodel(folder: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_opmodel"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .envs(system())
        .env("COLUMNS", "92")
        .output()
        .unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2 || code == 3),
        "{words:?}: {output:?}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The blocks of the README with what the tool prints now in them, and the commands they show.
fn renewed(readme: &str, folder: &Path) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut commands = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != "```console" {
            continue;
        }
        let command = lines.next().unwrap();
        let words: Vec<&str> = command.strip_prefix("$ opmodel ").unwrap().split(' ').collect();
        commands.push(command.to_owned());
        let _ = write!(out, "{command}\n{}```\n", opmodel(folder, &words));
        for rest in lines.by_ref() {
            if rest == "```" {
                break;
            }
        }
    }
    (out, commands)
}

#[test]
fn the_readme_shows_what_the_tool_prints() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("demo");
    opmodel(temporary.path(), &["init", "--demo", "demo"]);
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (now, commands) = renewed(&readme, &folder);
    assert!(commands.len() >= 4, "{commands:?}");
    if std::env::var_os("README").is_some_and(|word| word == "write") {
        std::fs::write(&path, now).unwrap();
    } else {
        assert!(readme == now, "run `README=write cargo test readme` and look at what changed");
    }
}

#[test]
fn the_start_of_your_own_works() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let written = opmodel(folder, &["init"]);
    assert!(written.contains("wrote model/model.toml"), "{written}");
    let checked = opmodel(folder, &["check"]);
    assert!(checked.contains("nothing to say about it"), "{checked}");
    let again = opmodel(folder, &["init"]);
    assert!(again.contains("kept model/model.toml, which was there"), "{again}");
    assert!(!again.contains("wrote"), "{again}");
}

#[test]
fn the_schemas_are_fresh() {
    let output = Command::new(env!("CARGO_BIN_EXE_opmodel"))
        .args(["schema", "--check", "schemas"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_example_model_is_clean() {
    let checked = opmodel(&root(), &["check", "--as-of", "2026-11-02"]);
    assert!(checked.contains("nothing to say about it"), "{checked}");
}

#[test]
fn the_readme_names_every_option_that_writes() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let told = readme.split("Everything is read only").nth(1).unwrap();
    let told = told.split("The same input").next().unwrap();
    let mut commands = vec![opmodel::cli::definition()];
    let mut writing = Vec::new();
    while let Some(command) = commands.pop() {
        // A command that writes anyway is named as a whole.
        if told.contains(&format!("`{}`", command.get_name())) {
            continue;
        }
        for option in command.get_opts() {
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            let writes = help.starts_with("Write ") || help.contains("to write into");
            writing.extend(option.get_long().filter(|_| writes).map(|name| format!("--{name}`")));
        }
        commands.extend(command.get_subcommands().cloned());
    }
    assert!(writing.len() > 5, "{writing:?}");
    for option in writing {
        assert!(told.contains(&option), "{option} is not in:{told}");
    }
}
