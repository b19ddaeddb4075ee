//! Texts, held against the words that are asked for.

use super::logic::Ask;
use super::memo::Fast;
use super::number::literals;
use crate::criteria::{FieldKind, Test, Value};
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// The words that tests name. Texts in which the same words were found are the same to every test.
#[derive(Debug)]
pub(super) struct Texts {
    /// The words that are compared as they stand.
    exact: Option<Words>,
    /// The words that are compared without regard to case, in lower case.
    folded: Option<Words>,
    /// The codes of what was found in texts.
    codes: HashMap<Vec<u64>, u32, Fast>,
    found: Vec<u64>,
    lower: Vec<u8>,
}

impl Texts {
    /// The words of some tests; none where there are too many of them.
    pub(super) fn of<'a>(asks: impl Iterator<Item = &'a Ask> + Clone) -> Option<Self> {
        let of = |fold: bool| {
            let asks = asks.clone().filter(move |ask| (ask.kind == FieldKind::Text) == fold);
            Words::of(asks, fold)
        };
        let (codes, found, lower) = (HashMap::default(), Vec::new(), Vec::new());
        Some(Self { exact: of(false)?, folded: of(true)?, codes, found, lower })
    }

    /// The code that is kept for a text without blanks around it.
    #[inline]
    pub(super) fn find(&mut self, text: &str) -> Option<u32> {
        self.found.clear();
        if let Some(words) = &self.exact {
            words.find(text.as_bytes(), &mut self.found);
        }
        if let Some(words) = &self.folded {
            self.lower.clear();
            if text.is_ascii() {
                self.lower.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
            } else {
                self.lower.extend(text.to_lowercase().bytes());
            }
            words.find(&self.lower, &mut self.found);
        }
        self.codes.get(&self.found).copied()
    }

    /// Keeps the code of the text that was looked for last.
    pub(super) fn keep(&mut self, code: u32) {
        self.codes.insert(self.found.clone(), code);
    }

    /// Forgets all codes.
    pub(super) fn clear(&mut self) {
        self.codes.clear();
    }
}

/// Words in one of two ways of comparing.
#[derive(Debug)]
struct Words {
    whole: HashMap<Vec<u8>, u64, Fast>,
    starts: Parts,
    ends: Parts,
    anywhere: Option<AhoCorasick>,
}

/// Beginnings, or ends, of texts.
#[derive(Debug, Default)]
struct Parts {
    parts: HashMap<Vec<u8>, u64, Fast>,
    /// How long they are, the longest first.
    lengths: Vec<usize>,
}

impl Words {
    /// None inside where there are no words; none at all where there are too many.
    fn of<'a>(asks: impl Iterator<Item = &'a Ask>, fold: bool) -> Option<Option<Self>> {
        let mut sets: [BTreeSet<Vec<u8>>; 4] = Default::default();
        for ask in asks {
            let [whole, starts, ends, anywhere] = &mut sets;
            let set = match ask.test {
                Test::StartsWith(_) => starts,
                Test::EndsWith(_) => ends,
                Test::Contains(_) => anywhere,
                _ => whole,
            };
            for literal in literals(&ask.test) {
                // Every text begins and ends with nothing.
                let Value::Text(text) = &literal.value else { continue };
                let text = if fold { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) };
                set.extend((!text.is_empty()).then(|| text.as_bytes().to_vec()));
            }
        }
        let [whole, starts, ends, anywhere] = sets;
        if [&whole, &starts, &ends, &anywhere].iter().all(|set| set.is_empty()) {
            return Some(None);
        }
        let anywhere = match anywhere.is_empty() {
            true => None,
            false => Some(AhoCorasick::new(anywhere).ok()?),
        };
        let whole = numbered(whole);
        Some(Some(Self { whole, starts: Parts::of(starts), ends: Parts::of(ends), anywhere }))
    }

    /// Adds what is found in a text: a text that is asked for as a whole decides everything.
    #[inline]
    fn find(&self, text: &[u8], found: &mut Vec<u64>) {
        if let Some(number) = self.whole.get(text).filter(|_| !self.whole.is_empty()) {
            found.push(1 << 63 | *number);
            return;
        }
        let start = self.starts.longest(|length| text.get(..length));
        let end = self.ends.longest(|length| text.get(text.len().checked_sub(length)?..));
        found.push(start << 31 | end);
        if let Some(anywhere) = &self.anywhere {
            let from = found.len();
            found.resize(from + anywhere.patterns_len().div_ceil(64), 0);
            for part in anywhere.find_overlapping_iter(text) {
                let part = part.pattern().as_usize();
                let word = found.get_mut(from + part / 64);
                word.into_iter().for_each(|word| *word |= 1 << (part % 64));
            }
        }
    }
}

impl Parts {
    fn of(parts: BTreeSet<Vec<u8>>) -> Self {
        let lengths: BTreeSet<usize> = parts.iter().map(Vec::len).collect();
        Self { lengths: lengths.into_iter().rev().collect(), parts: numbered(parts) }
    }

    /// The number of the longest that a text has, which decides all shorter ones; zero if it has none.
    #[inline]
    fn longest<'t>(&self, part: impl Fn(usize) -> Option<&'t [u8]>) -> u64 {
        let mut parts = self.lengths.iter().filter_map(|length| part(*length));
        parts.find_map(|part| self.parts.get(part)).copied().unwrap_or(0)
    }
}

fn numbered(words: BTreeSet<Vec<u8>>) -> HashMap<Vec<u8>, u64, Fast> {
    words.into_iter().zip(1..).collect()
}
