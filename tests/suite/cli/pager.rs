//! Long results on a terminal go through a pager as Git's do, and nothing else does.

use super::{command, history, opmodel, ran};
use crate::repo::Repo;
use std::process::Command;

/// Runs the tool on a terminal of its own, as `script` makes one; none where there is no `script`.
fn on_a_terminal(
    repo: &Repo,
    environment: &[(&str, &str)],
    arguments: &str,
) -> Option<(i32, String)> {
    let typed = format!("{} {arguments}", env!("CARGO_BIN_EXE_opmodel"));
    let mut script = Command::new("script");
    script
        .args(["--quiet", "--return", "--command", &typed, "/dev/null"])
        .current_dir(repo.path())
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", repo.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("SHELL", "/bin/sh")
        .env("TERM", "xterm")
        .envs(environment.iter().copied())
        .stdin(std::process::Stdio::null());
    let output = script.output().ok()?;
    Some((output.status.code()?, String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn seen(repo: &Repo) -> Option<String> {
    let path = repo.path().join("seen.txt");
    let text = std::fs::read_to_string(&path).ok()?;
    std::fs::remove_file(path).expect("a file that goes away");
    Some(text)
}

#[test]
fn a_terminal_gets_the_pager_git_would_take() {
    let repo = history();
    let into_a_file = "cat > seen.txt";
    for environment in
        [&[("GIT_PAGER", into_a_file), ("PAGER", "false")][..], &[("PAGER", into_a_file)]]
    {
        let Some((code, out)) = on_a_terminal(&repo, environment, "log") else { return };
        assert_eq!((code, out.as_str()), (0, ""));
        let paged = seen(&repo).expect("what the pager got");
        // Colours are kept, as the pager shows them.
        assert!(paged.contains("sla.touch.within") && paged.contains("\u{1b}["), "{paged:?}");
    }
    repo.git(&["config", "core.pager", into_a_file]);
    for arguments in ["log", "diff HEAD~2 HEAD~1", "show", "kinds sla"] {
        let environment = [("PAGER", "false")];
        let Some((code, out)) = on_a_terminal(&repo, &environment, arguments) else { return };
        assert_eq!((code, out.as_str()), (0, ""), "{arguments}");
        assert!(seen(&repo).expect(arguments).contains("sla"), "{arguments}");
    }
}

#[test]
fn no_pager_where_none_is_wanted() {
    let repo = history();
    let into_a_file = [("GIT_PAGER", "cat > seen.txt")];
    for (environment, arguments) in [
        (&into_a_file[..], "--no-pager log"),
        (&into_a_file, "log --no-pager"),
        (&into_a_file, "check"),
        (&[("GIT_PAGER", "")], "log"),
        (&[("GIT_PAGER", "cat")], "log"),
        (&[("GIT_PAGER", "there-is-no-such-pager")], "log"),
    ] {
        let Some((_, out)) = on_a_terminal(&repo, environment, arguments) else { return };
        assert!(out.contains("sla.touch") || out.contains("6 entities"), "{arguments}: {out:?}");
        assert_eq!(seen(&repo), None, "{arguments}");
    }
    let mut piped = command(repo.path(), &["log"]);
    piped.env("GIT_PAGER", "cat > seen.txt");
    ran(&mut piped).exits(0).says("sla.touch.within").hides("\u{1b}[");
    assert_eq!(seen(&repo), None);
}

#[test]
fn a_reader_who_leaves_is_no_fault() {
    let repo = history();
    for pager in ["true", "head -c 1 > seen.txt", "exit 3"] {
        let environment = [("GIT_PAGER", pager)];
        let Some((code, out)) = on_a_terminal(&repo, &environment, "kinds") else { return };
        assert_eq!((code, out.as_str()), (0, ""), "{pager}");
    }
    // A mistake is told at once, and no pager opens for it.
    let environment = [("GIT_PAGER", "cat > seen.txt")];
    let Some((code, out)) = on_a_terminal(&repo, &environment, "log --impact x") else { return };
    assert!(code == 2 && out.contains("there is no impact"), "{code} {out}");
    opmodel(repo.path(), &["log", "--no-pager"]).exits(0);
}

#[test]
fn lines_fit_the_terminal() {
    let repo = history();
    for (columns, arguments) in [
        (60, "log"),
        (70, "log --full"),
        (80, "log"),
        (80, "log --stat --per month"),
        (100, "log"),
        (110, "log --stat"),
        (120, "log"),
    ] {
        let width = columns.to_string();
        let environment = [("COLUMNS", width.as_str()), ("GIT_PAGER", "cat > seen.txt")];
        let arguments = format!("--color never {arguments}");
        let Some((0, _)) = on_a_terminal(&repo, &environment, &arguments) else { return };
        let paged = seen(&repo).expect("what the pager got");
        let fits = |line: &str| line.trim_end().chars().count() <= columns;
        assert!(paged.lines().all(fits), "{arguments} {columns}\n{paged}");
    }
}

#[test]
fn who_did_it_is_told_before_values_are_told_whole() {
    let repo = Repo::new();
    let with = |intent: &str| {
        let field = "[field.lead.engagement_score]\ntype = \"integer\"\n";
        let definition =
            "[definition.sales-accepted-lead]\nowner = \"role.lead\"\nobject = \"lead\"\n";
        format!("{}{field}{definition}criteria.intent = \"{intent}\"\n", super::model("4 hours"))
    };
    repo.write("model/model.toml", with("engagement_score >= 70"));
    repo.commit("the model", super::T);
    repo.write("model/model.toml", with("engagement_score >= 60"));
    let message =
        "lower\n\nApproved-by: Ann Lee <ann@example.com>\nApproved-by: Bo Chen <bo@example.com>";
    repo.commit(message, super::T + super::DAY);
    for columns in ["80", "100", "120"] {
        let environment = [("COLUMNS", columns), ("GIT_PAGER_IN_USE", "true")];
        let mut log = command(repo.path(), &["log", "-n", "1", "--color", "never"]);
        let run = ran(log.envs(environment)).exits(0);
        let lines: Vec<&str> = run.out.lines().collect();
        assert_eq!(lines.len(), 2, "{}", run.out);
        assert!(lines[0].contains(">= 70 → ") && lines[0].ends_with(">= 60"), "{}", run.out);
        let people = "by Ada Author  approved by Ann Lee and Bo Chen";
        assert_eq!(lines[1].trim(), people, "{}", run.out);
    }
}
