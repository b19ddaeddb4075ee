//! Names of our own making: what every database takes, each once, whatever the model calls things.

use faster_hex::hex_string;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

use super::dialect::LONGEST_NAME;

/// The names in one place: the views of a package, or the columns of a view.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The name of each thing.
    given: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// Names that nothing else may have.
    pub(super) fn reserving(names: &[&str]) -> Self {
        let taken = names.iter().map(|name| (*name).to_owned()).collect();
        Self { given: BTreeMap::new(), taken }
    }

    /// The name of a thing, made of some words where it has none yet.
    pub(super) fn of(&mut self, thing: &str, words: &str) -> String {
        if let Some(name) = self.given.get(thing) {
            return name.clone();
        }
        let plain = short(&plain(words));
        let mut name = plain.clone();
        let mut count = 2;
        while self.taken.contains(&name) {
            name = format!("{plain}_{count}");
            count += 1;
        }
        self.taken.insert(name.clone());
        self.given.insert(thing.to_owned(), name.clone());
        name
    }

    /// The name that a thing was given.
    pub(super) fn get(&self, thing: &str) -> Option<&str> {
        self.given.get(thing).map(String::as_str)
    }
}

/// Small letters, digits and underscores, not a digit first.
fn plain(words: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = words.chars().map(letter).collect();
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well { name } else { format!("n{name}") }
}

/// The name, or its start and a sum of it where it is too long; a number may still follow.
fn short(name: &str) -> String {
    const SPARE: usize = 4;
    const SUM: usize = 8;
    if name.len() <= LONGEST_NAME - SPARE {
        return name.to_owned();
    }
    let mut out: String = name.chars().take(LONGEST_NAME - SPARE - SUM - 1).collect();
    out.push('_');
    out.extend(hex_string(&Sha256::digest(name.as_bytes())).chars().take(SUM));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_has_a_name_of_its_own() {
        let mut names = Names::reserving(&["record_id"]);
        assert_eq!(names.of("a", "mid-market"), "mid_market");
        assert_eq!(names.of("b", "mid_market"), "mid_market_2");
        assert_eq!(names.of("a", "anything"), "mid_market");
        assert_eq!(names.of("c", "record_id"), "record_id_2");
        assert_eq!(names.of("d", "90-days"), "n90_days");
        let long = "x".repeat(200);
        let (one, two) = (names.of("e", &long), names.of("f", &format!("{long}y")));
        assert!(one != two && one.len() <= LONGEST_NAME && two.len() <= LONGEST_NAME);
    }
}
