//! A long history: walked to its end in a memory that does not grow with it, remembered, and no worse
//! for a run that is killed.

use super::timeline::fed;
use super::{Script, T};
use crate::cli::{command, opmodel};
use crate::repo::Repo;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;
use wait4::Wait4 as _;

const COMMITS: usize = 10_000;
const FILES: usize = 40;

/// What a commit of the history does, by its number.
fn does(at: usize) -> Does {
    match at % 10 {
        3 => Does::Criterion,
        1 | 5 | 7 => Does::Promise,
        8 => Does::Comment,
        _ => Does::Nothing,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Criterion,
    Promise,
    Comment,
    Nothing,
}

/// A file after so many turns of its criterion, its promise and its comment.
fn text(file: usize, [criterion, promise, comment]: [usize; 3]) -> String {
    format!(
        "# Read {comment} times.\n[definition.d{file}]\nobject = 'lead'\ncriteria.size = 'employees >= {}'\ncriteria.place = 'country in list.served'\n\n[sla.s{file}]\nobject = 'lead'\napplies_to = 'definition.d{file}'\nwithin = '{} hours'\n",
        criterion % 3 + 100,
        promise % 5 + 1,
    )
}

/// Commits one after the other; every twentieth stands on a branch that the next one merges.
fn history() -> Repo {
    let repo = Script::new().repo;
    let root = repo.git(&["rev-parse", "HEAD"]);
    let mut feed = Vec::new();
    let mut turns = [[0; 3]; FILES];
    let mut main = root;
    for at in 0..COMMITS {
        let is_side = at % 20 == 9;
        let branch = if is_side { "side" } else { "main" };
        writeln!(feed, "reset refs/heads/{branch}\ncommit refs/heads/{branch}\nmark :{}", at + 1)
            .unwrap();
        let seconds = T + 60 * i64::try_from(at).unwrap();
        writeln!(feed, "committer Carl <carl@example.com> {seconds} +0000\ndata 6\n{at:06}")
            .unwrap();
        writeln!(feed, "from {main}").unwrap();
        if at > 0 && (at - 1) % 20 == 9 {
            writeln!(feed, "merge :{at}").unwrap();
        }
        if at == 0 {
            for (file, turns) in turns.iter().enumerate() {
                say(&mut feed, &format!("model/f{file}.toml"), &text(file, *turns));
            }
        }
        let file = at / 10 % FILES;
        match does(at) {
            Does::Criterion => turns[file][0] += 1,
            Does::Promise => turns[file][1] += 1,
            Does::Comment => turns[file][2] += 1,
            Does::Nothing => {}
        }
        say(&mut feed, &format!("model/f{file}.toml"), &text(file, turns[file]));
        say(&mut feed, "code.txt", &at.to_string());
        feed.push(b'\n');
        if !is_side {
            main = format!(":{}", at + 1);
        }
    }
    fed(&repo, &feed);
    repo
}

fn say(feed: &mut Vec<u8>, path: &str, text: &str) {
    writeln!(feed, "M 100644 inline {path}\ndata {}\n{text}", text.len()).unwrap();
}

/// The lines of a log by kind, and the most memory the run took, in megabytes.
fn run(repo: &Repo, arguments: &[&str]) -> (usize, u64, String) {
    let file = repo.beside("out");
    let out = std::fs::File::create(&file).unwrap();
    let child = command(repo.path(), arguments).stdout(out).spawn().expect("a child");
    let used = child.wait4().expect("an end");
    assert!(used.status.success());
    let out = std::fs::read_to_string(file).unwrap();
    (out.lines().count(), used.rusage.maxrss >> 20, out)
}

#[test]
fn ten_thousand_commits_are_walked_to_the_end() {
    let repo = history();
    let changing = (0..COMMITS).filter(|at| does(*at) != Does::Nothing).count();
    // The small model, and what the first of these commits adds.
    let first = 10 + 2 * FILES;
    let (lines, most, anew) = run(&repo, &["log", "--format", "json", "--no-cache"]);
    assert_eq!(lines, changing + first);
    let (short, least, _) = run(&repo, &["log", "HEAD~1000..", "--format", "json", "--no-cache"]);
    assert!((300..700).contains(&short), "{short}");
    assert!(most < least + 64, "memory grows: {least} MB, then {most} MB");
    killed(&repo);
    for _ in 0..2 {
        let (_, _, said) = run(&repo, &["log", "--format", "json"]);
        assert!(said == anew, "what is remembered is what was found");
    }
    let line = opmodel(repo.path(), &["log", "--first-parent", "--format", "json"]).exits(0);
    assert_eq!(line.out.lines().count(), changing + first);
}

/// Runs that end in the middle leave nothing that the next one trips over.
fn killed(repo: &Repo) {
    for milliseconds in [20, 150, 600] {
        let mut command = command(repo.path(), &["log", "--format", "json"]);
        let mut child = command.stdout(Stdio::null()).spawn().expect("a child");
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().expect("a child that can be killed");
        child.wait().expect("an end");
    }
}
