//! What is kept between runs: never more than a memory. Damaged, cut, foreign, shared or locked, it
//! changes nothing of what is said.

use super::{ANEW, Script, Way, steps, told};
use crate::cli::{command, opmodel};
use opmodel::git::{ObjectId, Repository};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const REMEMBERING: Way = Way { remembers: true, ..ANEW };

/// A history with one of everything that is kept of a commit.
fn grown() -> Script {
    let script = Script::new();
    script.replace("words.toml", "200", "150");
    script.append("words.toml", "ratio = 0.1234567890123456789\nodd = 1e-7\n");
    script.commit("softer");
    script.write("lists.toml", "[list.served\n");
    script.commit("broken");
    script.branch("side", "main");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side");
    script.switch("main");
    script.write("lists.toml", &super::lists("'AT'", "'DE', 'BE'"));
    script.commit("mended");
    script.begin_merge("side");
    script.replace("side.toml", "'x'", "'y'");
    script.replace("words.toml", "ratio = 0.1234567890123456789", "ratio = 0.3");
    script.commit("in the merge itself");
    script
}

fn folder(repo: &Path) -> PathBuf {
    repo.join(".git/opmodel")
}

fn journals(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "journal"));
    paths.sort();
    paths
}

/// Everything that is said, so that no difference is overlooked.
fn said(repo: &Path, remembers: bool) -> String {
    let mut out = String::new();
    for arguments in [
        ["log", "--format", "json"].as_slice(),
        &["log", "--format", "text"],
        &["log", "--first-parent", "--format", "json"],
        &["log", "--exact", "--expand", "--format", "json"],
        &["log", "--exact", "--expand"],
    ] {
        let mut arguments = arguments.to_vec();
        if !remembers {
            arguments.push("--no-cache");
        }
        out += &opmodel(repo, &arguments).exits(0).out;
    }
    out
}

#[test]
fn a_second_run_says_the_same_byte_for_byte() {
    let script = grown();
    let anew = said(script.repo.path(), false);
    assert!(
        journals(&folder(script.repo.path())).is_empty(),
        "nothing is left where not asked for"
    );
    for _ in 0..3 {
        assert_eq!(said(script.repo.path(), true), anew);
    }
    assert_eq!(
        journals(&folder(script.repo.path())).len(),
        7,
        "one for each question, two for how it was shown, one for commits, one for what is declared twice"
    );
    script.replace("words.toml", "150", "100");
    script.commit("one more");
    assert_eq!(said(script.repo.path(), true), said(script.repo.path(), false));
}

/// The reports of several periods, which end and begin also where a file cannot be read.
fn reported(repo: &Path, remembers: bool) -> String {
    let mut out = String::new();
    for tip in ["HEAD", "HEAD~1", "HEAD~2"] {
        for since in ["2000-01-01", "2026-03-01"] {
            let mut arguments = vec!["drift", tip, "--since", since, "--until", "2100-01-01"];
            arguments.extend(["--format", "json"]);
            if !remembers {
                arguments.push("--no-cache");
            }
            out += &opmodel(repo, &arguments).exits(0).out;
        }
    }
    out
}

#[test]
fn what_a_period_comes_to_is_remembered_as_it_is() {
    let script = grown();
    let place = tempfile::tempdir().unwrap();
    opmodel(place.path(), &["init", "--demo", "there"]).exits(0);
    for repo in [script.repo.path(), &place.path().join("there")] {
        let anew = reported(repo, false);
        for _ in 0..3 {
            assert_eq!(reported(repo, true), anew);
        }
    }
}

#[test]
fn the_example_with_its_history_is_remembered_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    opmodel(place.path(), &["init", "--demo", "there"]).exits(0);
    let repo = place.path().join("there");
    let anew = said(&repo, false);
    assert!(anew.len() > 10_000);
    for _ in 0..2 {
        assert_eq!(said(&repo, true), anew);
    }
}

/// The journals of a small history, of its steps and of its commits, and a way to try others in their
/// place.
struct Trial {
    script: Script,
    journals: Vec<(PathBuf, Vec<u8>)>,
    expected: Vec<(String, Vec<String>)>,
}

impl Trial {
    fn new() -> Self {
        let script = grown();
        let expected = script.told();
        steps(script.repo.path(), REMEMBERING);
        let paths = journals(&folder(script.repo.path()));
        assert_eq!(paths.len(), 2, "{paths:?}");
        let read = |path: PathBuf| {
            let whole = fs::read(&path).unwrap();
            (path, whole)
        };
        Self { script, journals: paths.into_iter().map(read).collect(), expected }
    }

    /// What is said with these bytes in the place of one journal, now and afterwards.
    #[track_caller]
    fn stands(&self, place: &Path, bytes: &[u8], what: &str) {
        for path in journals(&folder(self.script.repo.path())) {
            fs::remove_file(path).unwrap();
        }
        for (path, whole) in &self.journals {
            fs::write(path, if path == place { bytes } else { whole }).unwrap();
        }
        for _ in 0..2 {
            let said = told(&steps(self.script.repo.path(), REMEMBERING));
            assert_eq!(said, self.expected, "{what}");
        }
    }
}

/// Bytes before the table of a journal, and of a row in it.
const HEAD: usize = 56;
const ROW: usize = 36;
/// So many commits are written down.
const COMMITS: usize = 6;

#[test]
fn bytes_that_flipped_are_found_out() {
    let trial = Trial::new();
    let table = HEAD + COMMITS * ROW;
    for (path, whole) in &trial.journals {
        assert_eq!(usize::from(whole[48]), COMMITS);
        let head = (0..HEAD).step_by(3);
        let rows = (HEAD..table).step_by(11);
        let answers = (table..whole.len()).step_by(97);
        for (turn, at) in head.chain(rows).chain(answers).enumerate() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (turn % 8);
            trial.stands(path, &bytes, &format!("byte {at}"));
        }
    }
}

#[test]
fn what_was_cut_short_or_is_something_else_is_none() {
    let trial = Trial::new();
    for (path, whole) in &trial.journals {
        let length = whole.len();
        for keep in [
            0,
            1,
            15,
            16,
            47,
            52,
            HEAD - 1,
            HEAD,
            HEAD + ROW,
            HEAD + COMMITS * ROW,
            length / 2,
            length - 1,
        ] {
            trial.stands(path, &whole[..keep], &format!("{keep} bytes"));
        }
        trial.stands(path, &[whole.as_slice(), b"more"].concat(), "more behind it");
        trial.stands(path, &[0; 4096], "zeros");
        trial.stands(path, &[0xff; 4096], "ones");
        trial.stands(path, b"opmodel journal1", "the beginning alone");
        let mut other = whole.clone();
        other[15] = b'2';
        trial.stands(path, &other, "another form");
    }
}

#[test]
fn an_answer_that_makes_no_sense_is_found_out_anew() {
    let trial = Trial::new();
    let poisons = [&b""[..], b"\0", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x01\x05nope."];
    for ((path, whole), poison) in
        trial.journals.iter().flat_map(|journal| poisons.map(|poison| (journal, poison)))
    {
        let mut bytes = whole.clone();
        for row in 0..COMMITS {
            let row = HEAD + row * ROW;
            let start = u64::from_le_bytes(bytes[row + 20..row + 28].try_into().unwrap());
            let start = usize::try_from(start).unwrap();
            bytes[start..start + poison.len()].copy_from_slice(poison);
            let length = u32::try_from(poison.len()).unwrap().to_le_bytes();
            bytes[row + 28..row + 32].copy_from_slice(&length);
            bytes[row + 32..row + 36].copy_from_slice(&crc32fast::hash(poison).to_le_bytes());
        }
        let sum = crc32fast::hash(&bytes[HEAD..HEAD + COMMITS * ROW]);
        bytes[52..56].copy_from_slice(&sum.to_le_bytes());
        trial.stands(path, &bytes, &format!("{poison:?}"));
    }
}

#[test]
fn the_journal_of_another_question_is_not_taken_for_this_one() {
    let trial = Trial::new();
    let repo = trial.script.repo.path();
    steps(repo, Way { first_parent: true, ..REMEMBERING });
    let is_new = |path: &PathBuf| trial.journals.iter().all(|(known, _)| known != path);
    let other = fs::read(journals(&folder(repo)).into_iter().find(is_new).unwrap()).unwrap();
    for (path, _) in &trial.journals {
        trial.stands(path, &other, "of the first parents");
    }
    opmodel(repo, &["log", "--model", "elsewhere"]).exits(128).silent();
    opmodel(repo, &["log"]).exits(0).says("in the merge itself");
}

#[test]
fn a_folder_that_cannot_be_written_costs_time_alone() {
    let script = grown();
    let expected = script.told();
    let place = folder(script.repo.path());
    fs::write(&place, "a file").unwrap();
    assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), expected);
    assert_eq!(fs::read(&place).unwrap(), b"a file");
    fs::remove_file(&place).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::create_dir(&place).unwrap();
        for mode in [0o555, 0o000] {
            fs::set_permissions(&place, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), expected, "{mode:o}");
        }
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
        fs::remove_dir_all(&place).unwrap();
        std::os::unix::fs::symlink("nowhere", &place).unwrap();
        assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), expected);
    }
}

#[test]
fn runs_beside_each_other_do_not_meet() {
    let script = grown();
    let expected = script.told();
    let anew = opmodel(script.repo.path(), &["log", "--no-cache"]).exits(0).out;
    for round in 0..3 {
        let children: Vec<_> = (0..2)
            .map(|_| {
                let mut command = command(script.repo.path(), &["log"]);
                command.stdout(std::process::Stdio::piped()).spawn().expect("a child")
            })
            .collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), expected);
                });
            }
        });
        for child in children {
            let output = child.wait_with_output().expect("an end");
            assert!(output.status.success());
            assert_eq!(String::from_utf8(output.stdout).unwrap(), anew, "round {round}");
        }
        for path in journals(&folder(script.repo.path())) {
            assert_eq!(&fs::read(&path).unwrap()[..16], b"opmodel journal1");
            if round == 0 {
                fs::remove_file(path).unwrap();
            }
        }
    }
    let left = fs::read_dir(folder(script.repo.path())).unwrap().count();
    assert_eq!(left, journals(&folder(script.repo.path())).len(), "nothing half written is left");
}

fn old(path: &Path, hours: u64) {
    let then = SystemTime::now() - Duration::from_secs(hours * 3600);
    fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

#[test]
fn what_a_killed_run_left_is_cleared_away_later_and_nothing_else() {
    let script = grown();
    let place = folder(script.repo.path());
    fs::create_dir(&place).unwrap();
    let [stale, fresh, notes] =
        ["a.half-1-0", "b.half-2-0", "notes.txt"].map(|name| place.join(name));
    for path in [&stale, &fresh, &notes] {
        fs::write(path, "opmodel journal1 and then").unwrap();
    }
    old(&stale, 2);
    old(&notes, 2);
    assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), script.told());
    assert!(!stale.exists());
    assert!(fresh.exists(), "somebody may be writing it");
    assert!(notes.exists(), "somebody else's");
}

fn id(number: u32) -> ObjectId {
    let mut bytes = [0; 20];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ObjectId::from_bytes(&bytes).unwrap()
}

#[test]
fn many_files_become_few_and_nothing_is_lost() {
    let script = Script::new();
    let repository = Repository::open(script.repo.path()).unwrap();
    for round in 0..40_u32 {
        let mut journal = repository.journal("a question");
        for before in 0..round {
            let answer = journal.get(id(before)).expect("what an earlier run found");
            assert_eq!(answer, before.to_string().as_bytes());
        }
        journal.put(id(round), round.to_string().into_bytes());
        journal.save();
        assert!(journals(&folder(script.repo.path())).len() <= 8);
    }
    assert!(repository.journal("another question").get(id(0)).is_none());
}

#[test]
fn the_memory_is_bounded() {
    let script = grown();
    let place = folder(script.repo.path());
    fs::create_dir(&place).unwrap();
    // As large as they say, and empty.
    for at in 0..4_u64 {
        let path = place.join(format!("000000000000000{at}-0.journal"));
        fs::File::create(&path).unwrap().set_len(200 << 20).unwrap();
        old(&path, 10 - at);
    }
    steps(script.repo.path(), REMEMBERING);
    let left = journals(&place);
    let bytes: u64 = left.iter().map(|path| path.metadata().unwrap().len()).sum();
    assert!(bytes <= 512 << 20, "{left:?}");
    let first = left[0].file_name().unwrap().to_str().unwrap();
    assert!(first.starts_with("0000000000000002"), "the oldest go first: {left:?}");
    assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), script.told());
    // One of this question that is too large is not even read.
    let own = left.iter().find(|path| path.metadata().unwrap().len() < 1 << 20).unwrap();
    let huge = own.with_file_name(format!(
        "{}-ff.journal",
        &own.file_stem().unwrap().to_str().unwrap()[..16]
    ));
    fs::File::create(&huge).unwrap().set_len(300 << 20).unwrap();
    assert_eq!(told(&steps(script.repo.path(), REMEMBERING)), script.told());
}
