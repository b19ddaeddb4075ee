//! What was shown before is shown again only where all that it rested on still holds.

use super::Script;
use crate::cli::opmodel;
use std::fs;
use std::path::{Path, PathBuf};

/// The ways in which what was shown is kept.
const KEPT: [&[&str]; 6] = [
    &["log"],
    &["log", "--full"],
    &["log", "--stat"],
    &["log", "--stat=author", "--per", "month"],
    &["log", "--exact", "--expand", "--color", "always"],
    &["drift", "--brief", "--until", "2100-01-01"],
];

/// The same words with others behind the command.
fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let (command, rest) = words.split_first().expect("a command");
    [&[*command], more, rest].concat()
}

/// Every way says what it says without a memory, the first time and again.
#[track_caller]
fn holds(repo: &Path, more: &[&str]) {
    for words in KEPT {
        let words = with(words, more);
        let anew = opmodel(repo, &with(&words, &["--no-cache"])).exits(0);
        for turn in 0..3 {
            let said = opmodel(repo, &words).exits(0);
            assert_eq!((&said.out, &said.err), (&anew.out, &anew.err), "{words:?}, {turn}");
        }
    }
}

/// A history with a branch, a merge, approvals, and an id that stands for something else in the end.
fn grown() -> Script {
    let script = Script::new();
    script.replace("words.toml", "200", "150");
    script.commit("softer (#12)\n\nApproved-by: Dora <dora@example.com>");
    script.branch("side", "main");
    script.replace("lists.toml", "'NL'", "'NL', 'BE'");
    script.commit("a list");
    script.switch("main");
    let sql = "[definition.sql]\nobject = 'lead'\ncriteria.base = 'definition.mql'\n";
    script.replace("words.toml", sql, "");
    script.commit("gone");
    script.merge("Merge pull request #13 from side", &["side"]);
    script.append("words.toml", &format!("{sql}criteria.more = 'employees >= 7'\n"));
    script.commit("another");
    script.replace("words.toml", "employees >= 7", "employees  >=  7");
    script.commit("form alone");
    script
}

#[test]
fn from_whichever_commit_a_history_is_seen() {
    let script = grown();
    let repo = script.repo.path();
    for _ in 0..2 {
        for tip in ["HEAD", "HEAD~2", "HEAD~3", "side", "HEAD~1", "HEAD"] {
            holds(repo, &[tip]);
        }
    }
    let reused = "the id stands for something else since";
    opmodel(repo, &["log"]).exits(0).says(reused).says("merged").says("approved by Dora");
    assert!(!opmodel(repo, &["log", "HEAD~2"]).exits(0).out.contains(reused));
    assert!(!opmodel(repo, &["log", "side"]).exits(0).out.contains("merged"));
}

#[test]
fn a_part_of_a_history_says_what_it_says_in_the_whole() {
    let script = grown();
    let repo = script.repo.path();
    opmodel(repo, &["log"]).exits(0);
    for more in [
        &["HEAD~3.."][..],
        &["-n", "2"],
        &["--first-parent"],
        &["--since", "2023-11-17"],
        &["--author", "nobody"],
        &["--impact", "cosmetic"],
        &["--level", "off"],
        &["definition.mql"],
        &["HEAD..HEAD"],
    ] {
        for words in KEPT.iter().filter(|words| words[0] == "log") {
            let words = with(words, more);
            let anew = opmodel(repo, &with(&words, &["--no-cache"])).exits(0);
            for _ in 0..2 {
                let said = opmodel(repo, &words).exits(0);
                assert_eq!((&said.out, &said.err), (&anew.out, &anew.err), "{words:?}");
            }
        }
    }
}

#[test]
fn people_are_called_as_they_are_now() {
    let script = grown();
    let repo = script.repo.path();
    holds(repo, &[]);
    for name in ["Dora Dorn", "Dora Quist"] {
        script.repo.write(".mailmap", format!("{name} <dora@example.com>\n"));
        opmodel(repo, &["log"]).exits(0).says(name);
        holds(repo, &[]);
    }
    fs::remove_file(repo.join(".mailmap")).unwrap();
    holds(repo, &[]);
    assert!(!opmodel(repo, &["log"]).exits(0).out.contains("Quist"));
}

#[test]
fn a_report_tells_the_tags_there_are() {
    let script = grown();
    let repo = script.repo.path();
    holds(repo, &[]);
    script.git(&["tag", "--annotate", "--message", "audited", "v1", "HEAD~1"]);
    holds(repo, &[]);
    script.git(&["tag", "--delete", "v1"]);
    script.git(&["replace", "HEAD~1", "HEAD~2"]);
    holds(repo, &[]);
}

#[test]
fn something_new_is_told_beside_what_is_known() {
    let script = grown();
    let repo = script.repo.path();
    for turn in 0..12 {
        holds(repo, &[]);
        script.replace("lists.toml", "'NL'", &format!("'NL', 'X{turn}'"));
        script.commit("one more");
    }
    holds(repo, &[]);
}

#[test]
fn each_form_and_colour_is_a_way_of_its_own() {
    let script = grown();
    let repo = script.repo.path();
    for words in [&["log"][..], &["log", "--full"], &["drift", "--brief", "--until", "2100-01-01"]]
    {
        for format in ["text", "markdown"] {
            for color in ["always", "never"] {
                let words = with(words, &["--color", color]);
                if words[0] == "log" && words.contains(&"--full") && format == "markdown" {
                    continue;
                }
                let words = with(&words, &["--format", format]);
                let anew = opmodel(repo, &with(&words, &["--no-cache"])).exits(0).out;
                for _ in 0..2 {
                    assert_eq!(opmodel(repo, &words).exits(0).out, anew, "{words:?}");
                }
            }
        }
    }
}

fn journals(repo: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(repo.join(".git/opmodel")).expect("a folder of journals");
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Bytes before the table of a journal, and of a row in it.
const HEAD: usize = 56;
const ROW: usize = 36;

#[test]
fn what_is_damaged_or_makes_no_sense_is_found_out_anew() {
    let script = grown();
    let repo = script.repo.path();
    let all: Vec<Vec<&str>> = KEPT.iter().map(|words| words.to_vec()).collect();
    let said = |words: &[&str]| opmodel(repo, words).exits(0).out;
    let expected: Vec<String> = all.iter().map(|words| said(words)).collect();
    let whole: Vec<(PathBuf, Vec<u8>)> =
        journals(repo).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    let hurt: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() - 3),
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 4;
        },
        |bytes| *bytes = vec![0xff; 300],
        |bytes| poison(bytes, b"\x01\x05nope."),
    ];
    for hurt in hurt {
        for path in journals(repo) {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in &whole {
            let mut bytes = bytes.clone();
            hurt(&mut bytes);
            fs::write(path, bytes).unwrap();
        }
        for (words, expected) in all.iter().zip(&expected) {
            for _ in 0..2 {
                assert_eq!(&said(words), expected, "{words:?}");
            }
        }
    }
}

/// Puts other bytes in the place of every answer, with the right sums.
fn poison(bytes: &mut Vec<u8>, poison: &[u8]) {
    let count = u32::from_le_bytes(bytes[48..52].try_into().unwrap());
    let count = usize::try_from(count).unwrap();
    for row in 0..count {
        let row = HEAD + row * ROW;
        let start = bytes.len();
        bytes.extend_from_slice(poison);
        bytes[row + 20..row + 28].copy_from_slice(&u64::try_from(start).unwrap().to_le_bytes());
        let length = u32::try_from(poison.len()).unwrap().to_le_bytes();
        bytes[row + 28..row + 32].copy_from_slice(&length);
        bytes[row + 32..row + 36].copy_from_slice(&crc32fast::hash(poison).to_le_bytes());
    }
    let sum = crc32fast::hash(&bytes[HEAD..HEAD + count * ROW]);
    bytes[52..56].copy_from_slice(&sum.to_le_bytes());
}
