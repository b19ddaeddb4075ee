//! Texts, held against the words that are asked for.

use super::logic::Ask;
use super::memo::Fast;
use super::number::literals;
use super::numbered::Numbered;
use crate::criteria::{FieldKind, Test, Value, lower_case};
use crate::records::stretch::Stretch;
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The words that tests name. Texts in which the same words were found are the same to every test.
#[derive(Debug)]
pub(super) struct Texts {
    /// The words that are compared as they stand.
    exact: Option<Words>,
    /// The words that are compared without regard to case, in lower case.
    folded: Option<Words>,
    /// What was found in the text that was looked at last.
    found: Vec<u64>,
    /// The codes of what is found in texts, where that is one number.
    near: Vec<u32>,
    codes: HashMap<Vec<u64>, u32, Fast>,
    /// Room for a text that is not compared where it stands.
    text: Vec<u8>,
    /// Whether it is worth while to keep whole texts: above zero while they come again.
    patience: i32,
}

/// What is to be done about a text that was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    /// Keep it.
    Keep,
    /// Nothing.
    Pass,
    /// Forget all that were kept: so few come again that they are not worth their room.
    Forget,
}

/// Texts are kept while most of them come again; where they do not, for so many they are not.
const PATIENCE: i32 = 3_000;
const PAUSE: i32 = -100_000;

/// Numbers below this have a place of their own.
const NEAR: usize = 1 << 14;

/// What is found has no code yet.
const UNKNOWN: u32 = u32::MAX;

impl Texts {
    /// The words of some tests; none where there are too many of them.
    pub(super) fn of<'a>(asks: &(impl Iterator<Item = &'a Ask> + Clone)) -> Option<Self> {
        let of = |fold: bool| {
            let asks = asks.clone().filter(move |ask| (ask.kind == FieldKind::Text) == fold);
            Words::of(asks, fold)
        };
        let (exact, folded) = (of(false)?, of(true)?);
        let patience = if exact.is_none() && folded.is_none() { 0 } else { PATIENCE };
        let (found, near, text) = (Vec::new(), Vec::new(), Vec::new());
        Some(Self { exact, folded, found, near, codes: HashMap::default(), text, patience })
    }

    /// Whether a text may be kept.
    #[inline]
    pub(super) fn recalls(&self) -> bool {
        self.patience > 0
    }

    /// A text was kept.
    #[inline]
    pub(super) fn recalled(&mut self) {
        self.patience = (self.patience + 1).min(PATIENCE);
    }

    /// A text was not kept; what is to be done about it.
    #[inline]
    pub(super) fn missed(&mut self) -> Missed {
        if self.is_bare() {
            return Missed::Pass;
        }
        let recalls = self.recalls();
        self.patience += if recalls { -1 } else { 1 };
        match (recalls, self.recalls()) {
            (true, true) => return Missed::Keep,
            (true, false) => {
                self.patience = PAUSE;
                return Missed::Forget;
            }
            (false, true) => self.patience = PATIENCE,
            (false, false) => {}
        }
        Missed::Pass
    }

    /// Whether no words are looked for: then all texts are the same, and none needs to be kept.
    #[inline]
    fn is_bare(&self) -> bool {
        self.exact.is_none() && self.folded.is_none()
    }

    /// Looks for words in what is written in a cell; false where it is blank.
    #[inline]
    pub(super) fn find(&mut self, cell: Stretch<'_>, written: &[u8]) -> bool {
        let Self { exact, folded, found, text, .. } = self;
        found.clear();
        let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let is_plain = plain(written.first()) && plain(written.last()) && written.is_ascii();
        if is_plain && written.len() == cell.len() {
            for words in exact.iter().chain(folded.iter()) {
                words.find(cell, found);
            }
            return true;
        }
        let whole = String::from_utf8_lossy(written);
        let trimmed = whole.trim();
        if trimmed.is_empty() {
            return false;
        }
        if let Some(words) = exact {
            words.find(with_room(text, trimmed), found);
        }
        if let Some(words) = folded {
            let lower = if is_plain { Cow::Borrowed(trimmed) } else { lower_case(trimmed) };
            words.find(with_room(text, &lower), found);
        }
        true
    }

    /// The code that is kept for what was found.
    #[inline]
    pub(super) fn code(&self) -> Option<u32> {
        match self.found.as_slice() {
            [] => self.near.first(),
            [only] if *only < NEAR as u64 => self.near.get(usize::try_from(*only).ok()?),
            found => return self.codes.get(found).copied(),
        }
        .copied()
        .filter(|code| *code != UNKNOWN)
    }

    /// Keeps the code for what was found.
    pub(super) fn keep(&mut self, code: u32) {
        let only = match self.found.as_slice() {
            [] => Some(0),
            [only] => usize::try_from(*only).ok().filter(|only| *only < NEAR),
            _ => None,
        };
        let Some(only) = only else {
            self.codes.insert(self.found.clone(), code);
            return;
        };
        if self.near.len() <= only {
            self.near.resize(only + 1, UNKNOWN);
        }
        self.near.get_mut(only).into_iter().for_each(|near| *near = code);
    }

    /// Forgets all codes.
    pub(super) fn clear(&mut self) {
        self.codes.clear();
        self.near.clear();
    }
}

/// So many bytes are put behind a text, so that any part of it is loaded by words.
const ROOM: usize = 64;

/// A text, with room behind it.
fn with_room<'t>(room: &'t mut Vec<u8>, text: &str) -> Stretch<'t> {
    room.clear();
    room.extend_from_slice(text.as_bytes());
    room.extend_from_slice(&[0; ROOM]);
    Stretch::new(room, 0, u32::try_from(text.len()).unwrap_or(u32::MAX))
}

/// Words in one of two ways of comparing.
#[derive(Debug)]
struct Words {
    whole: Numbered,
    starts: Parts,
    ends: Parts,
    anywhere: Option<AhoCorasick>,
    /// Whether ASCII letters are alike in both cases; others are in lower case already.
    fold: bool,
}

/// Beginnings, or ends, of texts.
#[derive(Debug, Default)]
struct Parts {
    parts: Numbered,
    /// How long they are, the longest first, each with the bytes that stand where they meet the rest
    /// of the text's end or beginning.
    lengths: Vec<(usize, Bytes)>,
}

/// A set of bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Bytes([u64; 4]);

impl Bytes {
    fn add(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte / 64)) {
            *word |= 1 << (byte % 64);
        }
    }

    #[inline]
    fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte / 64)).is_some_and(|word| word >> (byte % 64) & 1 == 1)
    }
}

impl Words {
    /// None inside where there are no words; none at all where there are too many.
    #[expect(clippy::option_option, reason = "no words and too many of them are two answers")]
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
                let text = if fold { lower_case(text) } else { Cow::Borrowed(text.as_str()) };
                set.extend((!text.is_empty()).then(|| text.as_bytes().to_vec()));
            }
        }
        let [whole, starts, ends, anywhere] = sets;
        if [&whole, &starts, &ends, &anywhere].iter().all(|set| set.is_empty()) {
            return Some(None);
        }
        let anywhere = if anywhere.is_empty() {
            None
        } else {
            Some(AhoCorasick::builder().ascii_case_insensitive(fold).build(anywhere).ok()?)
        };
        let whole = Numbered::new(whole);
        let (starts, ends) = (Parts::of(starts, <[u8]>::last), Parts::of(ends, <[u8]>::first));
        Some(Some(Self { whole, starts, ends, anywhere, fold }))
    }

    /// Adds what is found in a text: a text that is asked for as a whole decides everything.
    #[inline]
    fn find(&self, text: Stretch<'_>, found: &mut Vec<u64>) {
        if let Some(number) = self.whole.find(text, self.fold) {
            found.push(number);
            return;
        }
        let bytes = text.bytes();
        let start = self.starts.longest(self.fold, |length| {
            let inner = bytes.get(length.checked_sub(1)?)?;
            Some((*inner, text.part(0, length)))
        });
        let end = self.ends.longest(self.fold, |length| {
            let from = bytes.len().checked_sub(length)?;
            Some((*bytes.get(from)?, text.part(from, length)))
        });
        // Behind the numbers of the whole words, one for each beginning with each end.
        let ends = self.ends.parts.len() + 1;
        found.push(self.whole.len() + 1 + start * ends + end);
        if let Some(anywhere) = &self.anywhere {
            let from = found.len();
            found.resize(from + anywhere.patterns_len().div_ceil(64), 0);
            for part in anywhere.find_overlapping_iter(bytes) {
                let part = part.pattern().as_usize();
                if let Some(word) = found.get_mut(from + part / 64) {
                    *word |= 1 << (part % 64);
                }
            }
        }
    }
}

impl Parts {
    /// Parts, each with the byte by which most texts are told not to have it.
    fn of(parts: BTreeSet<Vec<u8>>, inner: fn(&[u8]) -> Option<&u8>) -> Self {
        let mut lengths: BTreeMap<usize, Bytes> = BTreeMap::new();
        for part in &parts {
            let bytes = lengths.entry(part.len()).or_default();
            if let Some(byte) = inner(part) {
                bytes.add(*byte);
            }
        }
        Self { lengths: lengths.into_iter().rev().collect(), parts: Numbered::new(parts) }
    }

    /// The number of the longest that a text has, which decides all shorter ones; zero if it has none.
    #[inline]
    fn longest<'t>(&self, fold: bool, part: impl Fn(usize) -> Option<(u8, Stretch<'t>)>) -> u64 {
        for (length, bytes) in &self.lengths {
            if let Some((inner, part)) = part(*length)
                && bytes.has(if fold { inner.to_ascii_lowercase() } else { inner })
                && let Some(number) = self.parts.find(part, fold)
            {
                return number;
            }
        }
        0
    }
}
