//! The house: what `src/README.md` says of rooms and storeys, read from the sources themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The storeys, from the ground up. A room uses rooms of lower storeys only.
const STOREYS: &[(&str, &[&str])] = &[
    ("ground", &["source", "letters", "finding", "artifact"]),
    ("the two languages", &["git", "document", "report"]),
    ("meaning", &["model", "criteria", "schema", "analysis"]),
    ("the hard questions", &["load"]),
    ("proof", &["proof"]),
    ("judgement", &["check", "change"]),
    ("who decides", &["rights"]),
    ("over time and over data", &["history", "records", "governance", "merge"]),
    ("the proposal", &["review", "audit", "measure"]),
    ("windows", &["view", "sql"]),
    ("the site", &["site"]),
    ("roof", &["main", "lib", "cli", "commands"]),
];

/// Rooms of one storey that meet all the same, and why.
const MEETING: &[(&str, &str, &str)] = &[
    ("finding", "source", "a finding points into a source, which is what the ground is made of"),
    ("main", "cli", "the roof is put together from its own parts"),
    ("cli", "commands", "the command line is the list of its commands"),
    ("commands", "cli", "a manual page is made from the command line"),
];

/// What is named in a few places only: the words, and the rooms or files that may say them.
const CONFINED: &[(&[&str], &[&str])] = &[
    (&["gix"], &["git"]),
    (&["toml", "toml_parser"], &["document"]),
    (&["jsonschema"], &["schema"]),
    (&["clap", "clap_complete", "clap_mangen"], &["commands", "cli"]),
    (&["miette"], &["report/excerpt.rs"]),
    (&["similar"], &["view", "report", "records/engine/order.rs"]),
    (&["batsat"], &["analysis/solver.rs"]),
    (&["csv", "simd_csv"], &["report/csv.rs", "records"]),
    (&["flate2", "ruzstd", "parquet", "fearless_simd"], &["records"]),
    (&["signal_hook"], &["commands/pager.rs"]),
    (&["rustix"], &["commands/memory.rs"]),
    (&["same_file"], &["commands/one_file.rs"]),
    (&["minijinja"], &["site"]),
    (&["tiny_http"], &["commands/site/serve.rs"]),
];

/// Disk, environment and clock: an answer depends on nothing but its arguments.
const WORLD: &[&str] =
    &["std::fs", "std::env", "std::process", "SystemTime", "Timestamp::now", "Zoned::now"];
const WORLDLY: &[&str] = &["git", "commands", "main"];

/// Longest file, in lines.
const LINES: usize = 600;

/// A file of the sources.
struct File {
    /// Its path below `src`, with `/` between parts.
    path: String,
    /// The folder or file directly in `src`.
    room: String,
    text: String,
    /// The text without comments and without the tests at its end.
    code: String,
}

impl File {
    fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// Whether a place names this file, its folder or its room.
    fn stands_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.room == *place || self.path == *place)
    }
}

fn sources() -> Vec<File> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a readable source");
        let path = path.strip_prefix(root).expect("a path below src");
        let path = path.to_string_lossy().replace('\\', "/");
        let room_name =
            path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        File { code: code(&text), path, room: room_name, text }
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

/// The code without comments; the tests at the end of a file are left out.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let bare = |line: &str| line.split("//").next().unwrap_or(line).to_owned();
    own.lines().map(bare).collect::<Vec<_>>().join("\n")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The names that follow a path such as `crate::`, those in braces included.
fn names_after(code: &str, path: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(path) {
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            None => names.extend([rest.chars().take_while(|c| is_word(*c)).collect::<String>()]),
            Some(list) => names.extend(first_names(list)),
        }
    }
    names
}

/// The first name of every element of a list in braces that may hold further lists.
fn first_names(list: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut depth, mut open) = (1, true);
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.push(String::new());
                open = true;
                continue;
            }
            c if open && is_word(c) => {
                names.last_mut().expect("a name").push(c);
                continue;
            }
            c if c.is_whitespace() => continue,
            _ => {}
        }
        open = false;
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Whether code names something: the word, not as a part of another word.
fn mentions(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + word.len()..];
        let alone = before.is_none_or(|c| !is_word(c)) && !after.starts_with(is_word);
        alone && (word.contains("::") || after.starts_with("::") || !after.starts_with(' '))
    })
}

/// Whether code uses a crate: `name::…`, or `use name`.
fn uses(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        before.is_none_or(|c| !is_word(c) && c != ':')
    })
}

fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|(_, rooms)| rooms.contains(&room))
}

#[test]
fn every_file_belongs_to_a_room() {
    let homeless: Vec<_> = sources()
        .into_iter()
        .filter(|file| storey(&file.room).is_none())
        .map(|file| file.path)
        .collect();
    assert!(homeless.is_empty(), "no storey is known for {homeless:#?}");
}

#[test]
fn a_room_uses_only_rooms_on_lower_storeys() {
    let mut faults = BTreeSet::new();
    for file in sources() {
        let mut used = names_after(&file.code, "crate::");
        used.extend(names_after(&file.code, "opmodel::"));
        for room in used.iter().filter(|used| **used != file.room) {
            let (Some(here), Some(there)) = (storey(&file.room), storey(room)) else { continue };
            let waived =
                MEETING.iter().any(|(from, to, _)| *from == file.room && *to == room.as_str());
            if there >= here && !waived {
                faults.insert(format!("{} uses `{room}`", file.path));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_room_is_left_through_the_back_door() {
    let files = sources();
    let mut inside: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in &files {
        let parts = file.path.split('/').skip(1).map(|part| part.trim_end_matches(".rs"));
        inside.entry(&file.room).or_default().extend(parts);
    }
    for file in &files {
        for name in names_after(&file.code, "super::") {
            let own = inside.get(file.room.as_str()).is_some_and(|own| own.contains(&*name));
            let foreign = storey(&name).is_some() && name != file.room && !own;
            assert!(!foreign, "{} reaches `{name}` by `super::`; name it by `crate::`", file.path);
        }
    }
}

#[test]
fn every_waiver_is_needed() {
    for (from, to, _) in MEETING {
        let met = sources().into_iter().filter(|file| file.room == *from).any(|file| {
            names_after(&file.code, "crate::").contains(*to)
                || names_after(&file.code, "opmodel::").contains(*to)
        });
        assert!(met, "`{from}` does not use `{to}` any more");
    }
}

#[test]
fn each_foreign_crate_stays_in_its_room() {
    let mut faults = Vec::new();
    for file in sources() {
        for (crates, places) in CONFINED {
            for name in crates.iter().filter(|name| uses(&file.code, name)) {
                if !file.stands_in(places) {
                    faults.push(format!("{} names `{name}`", file.path));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn disk_environment_and_clock_stay_at_the_edge() {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test() && !file.stands_in(WORLDLY)) {
        for word in WORLD.iter().filter(|word| mentions(&file.code, word)) {
            faults.push(format!("{} names `{word}`", file.path));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let network = sources().into_iter().find(|file| mentions(&file.code, "std::net"));
    assert!(network.is_none(), "nothing here speaks to a network");
}

#[test]
fn files_are_short_and_open_with_a_sentence() {
    for File { path, text, .. } in sources() {
        let lines = text.lines().count();
        assert!(lines <= LINES, "{path} has {lines} lines, more than {LINES}");
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{path} opens with a sentence that says what it is");
        let vague = ["util", "utils", "helper", "helpers", "misc", "manager"];
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        assert!(!vague.contains(&name), "{path}: `{name}` names nothing");
    }
}

#[test]
fn the_description_of_the_house_names_every_room() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/README.md"));
    let page = page.expect("src/README.md");
    let rooms: BTreeSet<String> = sources().into_iter().map(|file| file.room).collect();
    for room in rooms {
        let named = page.contains(&format!("`{room}`")) || page.contains(&format!("`{room}/`"));
        assert!(named, "src/README.md does not name `{room}`");
    }
}

#[test]
fn the_reader_of_sources_reads() {
    assert_eq!(first_names("model::{A, B}, git, self}, rest"), ["model", "git", "self"]);
    assert!(names_after("use crate::model::Model;", "crate::").contains("model"));
    assert!(mentions("use std::fs;", "std::fs") && !mentions("std::fsx", "std::fs"));
    assert!(uses("let a = toml::de::x();", "toml") && !uses("my_toml::x", "toml"));
    assert_eq!(code("a // b\nc"), "a \nc");
}
