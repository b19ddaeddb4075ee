//! The plan: conditions as clauses, and which clauses each field closes.

use super::clauses::{Clause, clauses};
use super::logic::{Ask, Logic};
use super::open::words_for;
use super::order::{Order, order};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is asked of one field.
#[derive(Debug, Default)]
pub(in crate::records) struct Asks {
    /// The tests, by their numbers.
    pub(super) tests: Vec<usize>,
    /// What clauses need of it, in terms of those tests.
    pub(super) needs: Vec<Logic>,
    /// The need, by its place, and the clause that is closed where it is not met.
    pub(super) closes: Vec<(usize, usize)>,
}

/// All conditions, laid out.
#[derive(Debug)]
pub(in crate::records) struct Plan {
    pub(super) tests: Vec<Ask>,
    /// The place of each test among those of its field.
    pub(super) places: Vec<usize>,
    /// What is asked of each field, by the field's place.
    pub(super) fields: Vec<Asks>,
    /// How many words hold a bit for each clause.
    pub(in crate::records) words: usize,
    /// The conditions in the order in which they were asked; those that are the same share clauses.
    conditions: Vec<Condition>,
    /// The condition that each clause is laid out for.
    owners: Vec<usize>,
}

/// A condition as clauses.
#[derive(Debug, Clone, Default)]
struct Condition {
    clauses: Range<usize>,
    /// The word of its clauses and their bits in it, where they stand in one and decide.
    word: Option<(usize, u64)>,
    /// What decides where a clause is left open; none where that is enough.
    decides: Option<Logic>,
}

/// Conditions in a row, of which the first that holds is asked.
#[derive(Debug)]
pub(in crate::records) struct List {
    /// The bits of their clauses, word by word.
    bits: Vec<u64>,
    /// Which of those words have any.
    some: Vec<u64>,
    /// The condition of each clause, from the first that is theirs.
    places: Vec<Place>,
    first: usize,
}

/// The condition of a clause: its place among those of a list, and the highest bit where it has to be
/// decided by more than the clause.
type Place = u32;

const UNDECIDED: Place = 1 << 31;

/// What the cells of a record come to.
pub(in crate::records) trait Meanings {
    /// The clauses that are left open, in words.
    fn open(&self) -> &[u64];

    /// Which of those words have any, one bit each.
    fn some(&self) -> &[u64];

    /// Whether a test passes, by its field and its place among those of the field.
    fn passes(&self, field: usize, test: usize) -> bool;
}

/// What clauses need.
#[derive(Debug, Default)]
struct Needs {
    /// By field and need its place, and the clauses.
    places: BTreeMap<(usize, Logic), (usize, Vec<usize>)>,
    /// How many there are of each field.
    counts: BTreeMap<usize, usize>,
}

impl Needs {
    /// A clause needs something of a field.
    fn add(&mut self, field: usize, need: Logic, clause: usize) {
        let next = self.counts.entry(field).or_default();
        let (_, clauses) = self.places.entry((field, need)).or_insert((*next, Vec::new()));
        *next += usize::from(clauses.is_empty());
        clauses.push(clause);
    }
}

impl Plan {
    /// Lays out conditions about records with so many fields, and the lists that some of them make.
    pub(in crate::records) fn new(
        tests: &[Ask],
        conditions: &[Logic],
        lists: &[Range<usize>],
        fields: usize,
    ) -> (Self, Vec<List>) {
        let mut plan = Self {
            tests: tests.to_vec(),
            places: Vec::new(),
            fields: (0..fields).map(|_| Asks::default()).collect(),
            words: 0,
            conditions: vec![Condition::default(); conditions.len()],
            owners: Vec::new(),
        };
        for (number, test) in tests.iter().enumerate() {
            let asks = plan.fields.get_mut(test.field.unwrap_or(usize::MAX));
            plan.places.push(asks.as_ref().map_or(0, |asks| asks.tests.len()));
            if let Some(asks) = asks {
                asks.tests.push(number);
            }
        }
        let Order { laid, stands_for } = order(conditions, lists);
        let mut needs = Needs::default();
        for at in laid {
            let condition = conditions.get(at).map(|condition| plan.add(at, condition, &mut needs));
            plan.conditions.get_mut(at).into_iter().zip(condition).for_each(|(at, of)| *at = of);
        }
        for (at, of) in stands_for.iter().enumerate().filter(|(at, of)| at != *of) {
            let of = plan.conditions.get(*of).cloned();
            plan.conditions.get_mut(at).into_iter().zip(of).for_each(|(at, of)| *at = of);
        }
        plan.words = words_for(plan.owners.len().div_ceil(64));
        for ((field, need), (place, clauses)) in needs.places {
            let Some(asks) = plan.fields.get_mut(field) else { continue };
            asks.closes.extend(clauses.into_iter().map(|clause| (place, clause)));
            let length = asks.needs.len().max(place + 1);
            asks.needs.resize(length, Logic::constant(true));
            asks.needs.get_mut(place).into_iter().for_each(|at| at.clone_from(&need));
        }
        let lists = lists.iter().map(|list| plan.list(list.clone(), &stands_for)).collect();
        (plan, lists)
    }

    fn add(&mut self, at: usize, condition: &Logic, needs: &mut Needs) -> Condition {
        let field_of = |test: usize| self.tests.get(test).and_then(|test| test.field);
        let found = clauses(condition, &field_of);
        let decides = found.is_none().then(|| condition.clone());
        let start = self.owners.len();
        for clause in found.unwrap_or_else(|| BTreeSet::from([Clause::new()])) {
            for (field, need) in clause {
                needs.add(field, need, self.owners.len());
            }
            self.owners.push(at);
        }
        let clauses = start..self.owners.len();
        let word = one_word(&clauses).filter(|_| decides.is_none());
        Condition { clauses, word, decides }
    }

    /// Whether any condition asks a field.
    pub(in crate::records) fn asks(&self, field: usize) -> bool {
        self.fields.get(field).is_some_and(|asks| !asks.tests.is_empty())
    }

    fn list(&self, of: Range<usize>, stands_for: &[usize]) -> List {
        let laid = stands_for.get(of).unwrap_or_default();
        let (mut bits, mut some) = (vec![0; self.words], vec![0; self.words.div_ceil(64)]);
        let own = |at: &usize| self.conditions.get(*at).map(|condition| &condition.clauses);
        let first = laid.iter().filter_map(own).map(|own| own.start).min().unwrap_or_default();
        let behind = laid.iter().filter_map(own).map(|own| own.end).max().unwrap_or_default();
        let mut places = vec![UNDECIDED; behind.saturating_sub(first)];
        for (place, condition) in (0..).zip(laid.iter().map(|at| self.conditions.get(*at))) {
            let Some(Condition { clauses, decides, .. }) = condition else { continue };
            for clause in clauses.clone() {
                set(&mut bits, clause);
                set(&mut some, clause / 64);
                if let Some(known) = places.get_mut(clause - first) {
                    *known = place | if decides.is_some() { UNDECIDED } else { 0 };
                }
            }
        }
        List { bits, some, places, first }
    }

    /// Whether a condition holds.
    #[inline]
    pub(in crate::records) fn holds(&self, condition: usize, cells: &impl Meanings) -> bool {
        let word = self.conditions.get(condition).and_then(|condition| condition.word);
        match word {
            Some((word, bits)) => cells.open().get(word).is_some_and(|open| open & bits != 0),
            None => self.holds_in_words(condition, cells),
        }
    }

    fn holds_in_words(&self, condition: usize, cells: &impl Meanings) -> bool {
        let Some(Condition { clauses, decides, .. }) = self.conditions.get(condition) else {
            return false;
        };
        first_open(clauses, cells.open()).is_some()
            && decides.as_ref().is_none_or(|logic| self.walk(logic, cells))
    }

    /// The place in a list of its first condition that holds.
    #[inline]
    pub(in crate::records) fn first(&self, list: &List, cells: &impl Meanings) -> Option<usize> {
        for (at, (some, own)) in cells.some().iter().zip(&list.some).enumerate() {
            let mut words = some & own;
            while words != 0 {
                let word = (64 * at).wrapping_add(words.trailing_zeros() as usize);
                let open = cells.open().get(word).zip(list.bits.get(word));
                let first =
                    open.and_then(|(open, own)| self.first_of(list, word, open & own, cells));
                if first.is_some() {
                    return first;
                }
                words &= words.wrapping_sub(1);
            }
        }
        None
    }

    /// The place of the condition of the first of some clauses in a word that decides.
    #[inline]
    fn first_of(
        &self,
        list: &List,
        word: usize,
        mut clauses: u64,
        cells: &impl Meanings,
    ) -> Option<usize> {
        while clauses != 0 {
            let clause = (64 * word).wrapping_add(clauses.trailing_zeros() as usize);
            let place = *list.places.get(clause.wrapping_sub(list.first))?;
            if place & UNDECIDED == 0 || self.decides(clause, cells) {
                return Some((place & !UNDECIDED) as usize);
            }
            clauses &= clauses.wrapping_sub(1);
        }
        None
    }

    /// Whether the condition of a clause holds where the clause is open.
    #[inline(never)]
    fn decides(&self, clause: usize, cells: &impl Meanings) -> bool {
        let condition = self.owners.get(clause).and_then(|owner| self.conditions.get(*owner));
        let logic = condition.and_then(|condition| condition.decides.as_ref());
        logic.is_none_or(|logic| self.walk(logic, cells))
    }

    fn walk(&self, logic: &Logic, cells: &impl Meanings) -> bool {
        logic.holds(&|test| {
            let field = self.tests.get(test).and_then(|test| test.field);
            let place = self.places.get(test);
            field.zip(place).is_some_and(|(field, place)| cells.passes(field, *place))
        })
    }
}

/// Sets a bit of some words.
fn set(words: &mut [u64], bit: usize) {
    words.get_mut(bit / 64).into_iter().for_each(|word| *word |= 1 << (bit % 64));
}

/// The word in which some clauses stand, and their bits in it, where it is one.
fn one_word(clauses: &Range<usize>) -> Option<(usize, u64)> {
    let last = clauses.end.checked_sub(1).filter(|_| !clauses.is_empty())?;
    let word = clauses.start / 64;
    let bits = u64::MAX << (clauses.start % 64) & u64::MAX >> (63 - last % 64);
    (word == last / 64).then_some((word, bits))
}

/// The first of some clauses that is left open.
#[inline]
fn first_open(clauses: &Range<usize>, open: &[u64]) -> Option<usize> {
    if clauses.is_empty() {
        return None;
    }
    let end = clauses.end.wrapping_sub(1);
    let (first, last) = (clauses.start / 64, end / 64);
    let from_start = u64::MAX << (clauses.start % 64);
    let to_end = u64::MAX >> (63 - end % 64);
    let found = |word: usize, open: u64| {
        (open != 0).then(|| (word * 64).wrapping_add(open.trailing_zeros() as usize))
    };
    if first == last {
        return found(first, open.get(first)? & from_start & to_end);
    }
    let clause = found(first, open.get(first)? & from_start);
    let between = open.get(first.wrapping_add(1)..last)?;
    let clause = clause.or_else(|| {
        let place = between.iter().position(|open| *open != 0)?;
        found(first.wrapping_add(1).wrapping_add(place), *between.get(place)?)
    });
    clause.or_else(|| found(last, open.get(last)? & to_end))
}
