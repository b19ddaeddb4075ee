//! Codes: a number for each meaning that the cells of a field have.

use super::memo::Fast;
use super::open::Open;
use super::plan::{Asks, Plan};
use crate::records::scan::Count;
use std::collections::HashMap;

/// What a cell was found to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Found {
    Unset,
    Value,
    /// Values of a choice that are not declared.
    Undeclared(Vec<String>),
    Unreadable,
}

/// The codes of a field: cells with one code are the same to everything that is asked, and in what
/// is counted of them.
#[derive(Debug, Default)]
pub(super) struct Codes {
    numbers: HashMap<(Found, Vec<u64>), u32, Fast>,
    found: Vec<Found>,
    /// How often each occurred, from when on they are counted one by one.
    counts: Vec<u64>,
    /// How many cells with a value were counted before.
    set: u64,
    /// Whether a code means more than a value or none.
    one_by_one: bool,
    /// For each code the answers to the tests of the field, one bit each.
    answers: Vec<u64>,
    /// For each code the clauses it leaves open.
    open: Open,
}

impl Codes {
    /// The code of what was found, with the answers to the tests.
    pub(super) fn number(
        &mut self,
        found: Found,
        answers: &[bool],
        plan: &Plan,
        asks: &Asks,
    ) -> u32 {
        let words = packed(answers);
        let next = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        let code = *self.numbers.entry((found.clone(), words.clone())).or_insert(next);
        if code == next {
            self.one_by_one |= !matches!(found, Found::Unset | Found::Value);
            self.found.push(found);
            self.counts.push(0);
            self.answers.extend(words);
            self.open.add(&left_open(answers, plan, asks));
        }
        code
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// Counts cells. Where there are only those with a value and those without, which all have one code,
    /// they are counted together.
    pub(super) fn count(&mut self, codes: &[u32], unset: u32) {
        if !self.one_by_one {
            let set = codes.iter().map(|code| u32::from(*code != unset));
            let set = set.fold(0, u32::wrapping_add);
            self.set += u64::from(set);
            return;
        }
        for code in codes {
            if let Some(count) = self.counts.get_mut(*code as usize) {
                *count = count.wrapping_add(1);
            }
        }
    }

    /// The clauses that all codes leave open.
    pub(super) fn open(&self) -> &Open {
        &self.open
    }

    /// Whether a test passes, of so many.
    pub(super) fn passes(&self, code: u32, test: usize, of: usize) -> bool {
        let word = self.answers.get(code as usize * of.div_ceil(64) + test / 64);
        word.is_some_and(|word| word >> (test % 64) & 1 == 1)
    }

    /// Adds up what was counted, and begins again.
    pub(super) fn tell(&mut self, into: &mut Count) {
        into.set += std::mem::take(&mut self.set);
        for (found, count) in self.found.iter().zip(&mut self.counts) {
            let count = std::mem::take(count);
            match found {
                Found::Unset => {}
                Found::Unreadable => into.unreadable += count,
                Found::Value => into.set += count,
                Found::Undeclared(values) => {
                    into.set += count;
                    values.iter().filter(|_| count > 0).for_each(|value| into.add(value, count));
                }
            }
        }
    }
}

fn packed(bits: &[bool]) -> Vec<u64> {
    let word = |bits: &[bool]| bits.iter().rev().fold(0, |word, bit| word << 1 | u64::from(*bit));
    bits.chunks(64).map(word).collect()
}

fn left_open(answers: &[bool], plan: &Plan, asks: &Asks) -> Vec<u64> {
    let answer = |test: usize| {
        let place = plan.places.get(test).copied().unwrap_or_default();
        answers.get(place).copied().unwrap_or_default()
    };
    let met: Vec<bool> = asks.needs.iter().map(|need| need.holds(&answer)).collect();
    let mut open = vec![u64::MAX; plan.words];
    for (need, clause) in &asks.closes {
        if met.get(*need) == Some(&false)
            && let Some(word) = open.get_mut(clause / 64)
        {
            *word &= !(1 << (clause % 64));
        }
    }
    open
}
