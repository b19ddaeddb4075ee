//! Criteria that all must let a record pass, and how many records each of them keeps out.

use crate::load::{Condition, Criterion};
use crate::measure::question::{Asking, Question};
use crate::records::Row;

/// One criterion of a gate.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its name below the entity, such as `size`.
    pub name: String,
    /// Its address.
    pub address: String,
    /// What it says; nothing for a field that must be set.
    pub text: Option<String>,
    /// Whether it must not hold.
    pub inverted: bool,
    /// What is asked.
    pub question: Question,
}

impl Clause {
    fn of(asking: &mut Asking<'_, '_, '_>, criterion: &Criterion<'_>, inverted: bool) -> Self {
        let address = criterion.address.as_str();
        let name = address.rsplit('.').next().unwrap_or(address).to_owned();
        let question = asking.criterion(criterion);
        let text = Some(criterion.text.to_owned());
        Self { name, address: address.to_owned(), text, inverted, question }
    }

    /// Whether it lets a record pass.
    pub fn passes(&self, row: &Row<'_>) -> Option<bool> {
        self.question.answer(row).map(|holds| holds != self.inverted)
    }
}

/// Criteria that all must let a record pass.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// The criteria, in order.
    pub clauses: Vec<Clause>,
}

impl Gate {
    /// The gate that some conditions are.
    pub(super) fn of<'c, 'm: 'c>(
        asking: &mut Asking<'_, '_, '_>,
        conditions: impl Iterator<Item = Condition<'c, 'm>>,
    ) -> Self {
        let clause = |condition: Condition<'_, '_>| {
            Clause::of(asking, condition.criterion, condition.inverted)
        };
        Self { clauses: conditions.map(clause).collect() }
    }

    /// The gate that the criteria below an address are.
    pub(super) fn below(asking: &mut Asking<'_, '_, '_>, address: &str) -> Self {
        let scope = asking.scope;
        let below = scope.criteria_below(address);
        Self { clauses: below.map(|criterion| Clause::of(asking, criterion, false)).collect() }
    }

    /// Asks that a field is set, too.
    pub(super) fn require(&mut self, asking: &mut Asking<'_, '_, '_>, address: &str, field: &str) {
        self.clauses.push(Clause {
            name: field.to_owned(),
            address: format!("{address}.{field}"),
            text: None,
            inverted: false,
            question: asking.is_set(field),
        });
    }

    /// Whether a record passes; nobody knows where a criterion has no answer and the others let it
    /// pass.
    pub fn is_open(&self, row: &Row<'_>) -> Option<bool> {
        together(self.clauses.iter().map(|clause| clause.passes(row)))
    }

    /// The same with what each criterion says.
    pub(super) fn judge(&self, row: &Row<'_>, answers: &mut Vec<Option<bool>>) -> Option<bool> {
        answers.clear();
        answers.extend(self.clauses.iter().map(|clause| clause.passes(row)));
        together(answers.iter().copied())
    }

    /// The fields without a column that it asks for, each once.
    pub fn missing(&self) -> Vec<String> {
        let mut missing: Vec<String> =
            self.clauses.iter().flat_map(|clause| clause.question.missing()).cloned().collect();
        missing.sort();
        missing.dedup();
        missing
    }
}

/// What answers that all must be yes come to.
fn together(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// How many records pass a gate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateTally {
    /// How many were asked.
    pub records: u64,
    /// How many pass.
    pub passes: u64,
    /// Of how many nobody knows.
    pub unknown: u64,
    /// Each criterion on its own.
    pub clauses: Vec<ClauseTally>,
}

/// How many records pass a criterion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClauseTally {
    /// How many pass.
    pub passes: u64,
    /// Of how many nobody knows.
    pub unknown: u64,
    /// How many pass every criterion of the gate but this one.
    pub only: u64,
}

impl GateTally {
    pub(super) fn new(gate: &Gate) -> Self {
        let clauses = vec![ClauseTally::default(); gate.clauses.len()];
        Self { clauses, ..Self::default() }
    }

    /// How many do not pass.
    pub fn fails(&self) -> u64 {
        self.records - self.passes - self.unknown
    }

    /// Adds a record, by what each criterion says of it.
    pub(super) fn add(&mut self, answers: &[Option<bool>]) {
        self.records += 1;
        let refused = answers.iter().filter(|answer| **answer == Some(false)).count();
        let unknown = answers.iter().filter(|answer| answer.is_none()).count();
        self.passes += u64::from(refused + unknown == 0);
        self.unknown += u64::from(refused == 0 && unknown > 0);
        let alone = refused == 1 && unknown == 0;
        for (clause, answer) in self.clauses.iter_mut().zip(answers) {
            match answer {
                Some(true) => clause.passes += 1,
                Some(false) => clause.only += u64::from(alone),
                None => clause.unknown += 1,
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.passes += other.passes;
        self.unknown += other.unknown;
        for (clause, more) in self.clauses.iter_mut().zip(&other.clauses) {
            clause.passes += more.passes;
            clause.unknown += more.unknown;
            clause.only += more.only;
        }
    }
}
