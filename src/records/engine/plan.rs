//! The plan: conditions as clauses, and which clauses each field closes.

use super::clauses::{Clause, clauses};
use super::logic::{Ask, Logic};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How many words of clauses are looked at together.
const WORDS: usize = 8;

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
    pub(super) words: usize,
    conditions: Vec<Condition>,
    /// The condition of each clause.
    owners: Vec<usize>,
}

/// A condition as clauses.
#[derive(Debug)]
struct Condition {
    clauses: Range<usize>,
    /// The fields that can close one of them.
    fields: Vec<usize>,
    /// What decides where a clause is left open; none where that is enough.
    decides: Option<Logic>,
}

/// Conditions in a row, of which the first that holds is asked.
#[derive(Debug)]
pub(in crate::records) struct List {
    clauses: Range<usize>,
    fields: Vec<usize>,
}

/// What the cells of a record come to.
pub(in crate::records) trait Meanings {
    /// The clauses that a field leaves open, in words.
    fn open(&self, field: usize) -> &[u64];

    /// Whether a test passes, by its field and its place among those of the field.
    fn passes(&self, field: usize, test: usize) -> bool;
}

/// What clauses need: by field and need its place, and the clauses.
type Needs = BTreeMap<(usize, Logic), (usize, Vec<usize>)>;

impl Plan {
    /// Lays out conditions about records with so many fields.
    pub(in crate::records) fn new(tests: &[Ask], conditions: &[Logic], fields: usize) -> Self {
        let mut plan = Self {
            tests: tests.to_vec(),
            places: Vec::new(),
            fields: (0..fields).map(|_| Asks::default()).collect(),
            words: 0,
            conditions: Vec::new(),
            owners: Vec::new(),
        };
        for (number, test) in tests.iter().enumerate() {
            let asks = plan.fields.get_mut(test.field.unwrap_or(usize::MAX));
            plan.places.push(asks.as_ref().map_or(0, |asks| asks.tests.len()));
            asks.into_iter().for_each(|asks| asks.tests.push(number));
        }
        let mut needs = Needs::new();
        for condition in conditions {
            plan.add(condition, &mut needs);
        }
        plan.words = plan.owners.len().div_ceil(64);
        for ((field, need), (place, clauses)) in needs {
            let Some(asks) = plan.fields.get_mut(field) else { continue };
            asks.closes.extend(clauses.into_iter().map(|clause| (place, clause)));
            let length = asks.needs.len().max(place + 1);
            asks.needs.resize(length, Logic::constant(true));
            asks.needs.get_mut(place).into_iter().for_each(|at| at.clone_from(&need));
        }
        plan
    }

    fn add(&mut self, condition: &Logic, needs: &mut Needs) {
        let field_of = |test: usize| self.tests.get(test).and_then(|test| test.field);
        let found = clauses(condition, &field_of);
        let decides = found.is_none().then(|| condition.clone());
        let start = self.owners.len();
        let mut fields = BTreeSet::new();
        for clause in found.unwrap_or_else(|| BTreeSet::from([Clause::new()])) {
            for (field, need) in clause {
                fields.insert(field);
                let next =
                    needs.range((field, Logic::least())..(field + 1, Logic::least())).count();
                let (_, closed) = needs.entry((field, need)).or_insert((next, Vec::new()));
                closed.push(self.owners.len());
            }
            self.owners.push(self.conditions.len());
        }
        let (clauses, fields) = (start..self.owners.len(), fields.into_iter().collect());
        self.conditions.push(Condition { clauses, fields, decides });
    }

    /// Whether any condition asks a field.
    pub(in crate::records) fn asks(&self, field: usize) -> bool {
        self.fields.get(field).is_some_and(|asks| !asks.tests.is_empty())
    }

    /// Conditions in a row.
    pub(in crate::records) fn list(&self, conditions: Range<usize>) -> List {
        let of = self.conditions.get(conditions).unwrap_or_default();
        let start = of.first().map_or(0, |first| first.clauses.start);
        let end = of.last().map_or(0, |last| last.clauses.end);
        let fields: BTreeSet<usize> =
            of.iter().flat_map(|one| one.fields.iter().copied()).collect();
        List { clauses: start..end, fields: fields.into_iter().collect() }
    }

    /// Whether a condition holds.
    pub(in crate::records) fn holds(&self, condition: usize, cells: &impl Meanings) -> bool {
        let Some(Condition { clauses, fields, decides }) = self.conditions.get(condition) else {
            return false;
        };
        let open = self.open(clauses, fields, cells);
        open.is_some() && decides.as_ref().is_none_or(|logic| self.walk(logic, cells))
    }

    /// The first condition of a list that holds.
    pub(in crate::records) fn first(&self, list: &List, cells: &impl Meanings) -> Option<usize> {
        let mut clauses = list.clauses.clone();
        loop {
            let clause = self.open(&clauses, &list.fields, cells)?;
            let owner = self.owners.get(clause).copied()?;
            let condition = self.conditions.get(owner)?;
            if condition.decides.as_ref().is_none_or(|logic| self.walk(logic, cells)) {
                return Some(owner);
            }
            clauses.start = condition.clauses.end;
        }
    }

    fn walk(&self, logic: &Logic, cells: &impl Meanings) -> bool {
        logic.holds(&|test| {
            let field = self.tests.get(test).and_then(|test| test.field);
            let place = self.places.get(test);
            field.zip(place).is_some_and(|(field, place)| cells.passes(field, *place))
        })
    }

    /// The first of some clauses that every one of some fields leaves open.
    #[inline]
    fn open(
        &self,
        clauses: &Range<usize>,
        fields: &[usize],
        cells: &impl Meanings,
    ) -> Option<usize> {
        if clauses.is_empty() {
            return None;
        }
        let (first, last) = (clauses.start / 64, (clauses.end - 1) / 64);
        let below_start = !(u64::MAX << (clauses.start % 64));
        let beyond_end = !(u64::MAX >> (63 - (clauses.end - 1) % 64));
        if first == last {
            let mut open = !below_start & !beyond_end;
            for field in fields {
                open &= cells.open(*field).get(first)?;
            }
            return (open != 0).then(|| first * 64 + open.trailing_zeros() as usize);
        }
        let mut from = first;
        while from <= last {
            let mut open = [u64::MAX; WORDS];
            let upto = (from + WORDS).min(last + 1);
            for field in fields {
                let own = cells.open(*field).get(from..upto).unwrap_or_default();
                open.iter_mut().zip(own).for_each(|(open, own)| *open &= own);
            }
            for (word, mut open) in (from..upto).zip(open) {
                open &= if word == first { !below_start } else { u64::MAX };
                open &= if word == last { !beyond_end } else { u64::MAX };
                if open != 0 {
                    return Some(word * 64 + open.trailing_zeros() as usize);
                }
            }
            from = upto;
        }
        None
    }
}
