//! Records put to a table as everybody else puts them, for a table that gets many.

use super::prover::Prover;
use super::table::Table;
use crate::criteria::{self, ExpandError, Expr, Node, Program, Record, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// So many values of one field are remembered.
const MOST: usize = 4_096;

/// The conditions of a table, ready for any record: first that which says what it is about, if
/// anything does.
///
/// What a condition demands of one field alone is answered once for each value of the field: only
/// rules that nothing speaks against are put to the record as a whole.
pub(super) struct Replay<'a> {
    conditions: Program<'a>,
    /// The demands of all conditions.
    demands: Program<'a>,
    fields: Vec<Field>,
    /// The first rule: the one behind what says what the table is about.
    about: usize,
}

/// A field that some conditions make a demand of.
struct Field {
    name: String,
    /// The conditions with the demand of each.
    demands: Vec<(usize, usize)>,
    /// For each value that was met the conditions that it does not rule out, as a set.
    met: RefCell<BTreeMap<Value, Vec<u64>>>,
    /// The same where the field is not set.
    unset: RefCell<Option<Vec<u64>>>,
}

impl<'a> Replay<'a> {
    /// Makes a table ready, whose conditions are known with all references followed.
    pub(super) fn new(
        prover: &Prover,
        table: &Table<'a>,
        expanded: &[Expr],
    ) -> Result<Self, ExpandError> {
        let mut demanded: Vec<&Expr> = Vec::new();
        let mut fields: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        let about = usize::from(table.applies_to.is_some());
        for (condition, expr) in expanded.iter().enumerate().skip(about) {
            for demand in demands(expr) {
                let Some(name) = only_field(demand) else { continue };
                fields.entry(name).or_default().push((condition, demanded.len()));
                demanded.push(demand);
            }
        }
        let field = |(name, demands)| Field {
            name,
            demands,
            met: RefCell::default(),
            unset: RefCell::default(),
        };
        Ok(Self {
            conditions: prover.conditions(table)?,
            demands: Program::new(demanded, table.object, table.scope, prover.as_of)?,
            fields: fields.into_iter().map(field).collect(),
            about,
        })
    }

    /// The rule that takes a record; the first one where the table is not about it and says so.
    pub(super) fn taken(&self, record: &Record) -> Result<Option<usize>, ExpandError> {
        let reading = self.conditions.read(record);
        if self.about == 1 && !self.conditions.holds(0, &reading)? {
            return Ok(Some(0));
        }
        let mut open = vec![u64::MAX; self.conditions.len().div_ceil(64)];
        for field in &self.fields {
            self.close(&mut open, field, record)?;
        }
        for (at, word) in open.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                let condition = at * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                if condition >= self.about && self.conditions.holds(condition, &reading)? {
                    return Ok(Some(condition));
                }
            }
        }
        Ok(None)
    }

    /// Takes from a set the conditions that what a record has in a field rules out.
    fn close(&self, open: &mut [u64], field: &Field, record: &Record) -> Result<(), ExpandError> {
        let mut keep = |met: &[u64]| open.iter_mut().zip(met).for_each(|(open, met)| *open &= met);
        let Some(value) = record.get(&field.name) else {
            let mut unset = field.unset.borrow_mut();
            if unset.is_none() {
                *unset = Some(self.not_ruled_out(field, record)?);
            }
            unset.iter().for_each(|met| keep(met));
            return Ok(());
        };
        let mut met = field.met.borrow_mut();
        if let Some(met) = met.get(value) {
            keep(met);
            return Ok(());
        }
        if met.len() >= MOST {
            met.clear();
        }
        let set = self.not_ruled_out(field, record)?;
        keep(&set);
        met.insert(value.clone(), set);
        Ok(())
    }

    /// The conditions whose demand of a field a record meets, and those without one.
    fn not_ruled_out(&self, field: &Field, record: &Record) -> Result<Vec<u64>, ExpandError> {
        let mut set = vec![u64::MAX; self.conditions.len().div_ceil(64)];
        let reading = self.demands.read(record);
        for (condition, demand) in &field.demands {
            if !self.demands.holds(*demand, &reading)?
                && let Some(word) = set.get_mut(condition / 64)
            {
                *word &= !(1 << (condition % 64));
            }
        }
        Ok(set)
    }
}

/// What must hold for a condition to hold.
fn demands(expr: &Expr) -> Vec<&Expr> {
    match &expr.node {
        Node::And(parts) => parts.iter().flat_map(demands).collect(),
        _ => vec![expr],
    }
}

/// The one field that is asked for, if it is one.
fn only_field(expr: &Expr) -> Option<String> {
    let mut fields = criteria::fields(expr).into_iter().map(|path| path.name());
    let first = fields.next()?;
    fields.all(|other| other == first).then(|| first.into_owned())
}
