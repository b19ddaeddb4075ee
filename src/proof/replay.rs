//! Records put to a table as everybody else puts them, for a table that gets many.

use super::table::Table;
use crate::criteria::{self, ExpandError, Expr, Node, Program, Record, Value, evaluate};
use jiff::Timestamp;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// So many values of one field are remembered.
const MOST: usize = 4_096;

/// A table that is put to many records.
///
/// What a condition demands of one field alone is answered once for each value of the field: only
/// rules that nothing speaks against are put to the record as a whole.
pub(super) struct Replay<'t, 'a> {
    table: &'t Table<'a>,
    as_of: Timestamp,
    /// The demands of all rules.
    demands: Program<'a>,
    fields: Vec<Field>,
}

/// A field that some rules make a demand of.
struct Field {
    name: String,
    /// The rules with the demand of each.
    demands: Vec<(usize, usize)>,
    /// For each value that was met the rules that it does not rule out, as a set.
    met: RefCell<HashMap<Value, Rc<[u64]>>>,
    /// The same where the field is not set.
    unset: RefCell<Option<Rc<[u64]>>>,
}

/// For each field the rules that what a record has in it does not rule out, as a set.
pub(super) type Left = Vec<Rc<[u64]>>;

impl<'t, 'a> Replay<'t, 'a> {
    /// Makes a table ready, whose conditions are known with all references followed.
    pub(super) fn new(
        table: &'t Table<'a>,
        expanded: &[Expr],
        as_of: Timestamp,
    ) -> Result<Self, ExpandError> {
        let mut demanded: Vec<&Expr> = Vec::new();
        let mut fields: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        let ahead = usize::from(table.applies_to.is_some());
        for (rule, expr) in expanded.iter().skip(ahead).enumerate() {
            for demand in demands(expr) {
                let Some(name) = only_field(demand) else { continue };
                fields.entry(name).or_default().push((rule, demanded.len()));
                demanded.push(demand);
            }
        }
        let field = |(name, demands)| Field {
            name,
            demands,
            met: RefCell::default(),
            unset: RefCell::default(),
        };
        let demands = Program::new(demanded, table.object, table.scope, as_of)?;
        Ok(Self { table, as_of, demands, fields: fields.into_iter().map(field).collect() })
    }

    /// Whether a condition of the table holds for a record.
    fn holds(&self, expr: &Expr, record: &Record) -> Result<bool, ExpandError> {
        evaluate(expr, record, self.table.object, self.table.scope, self.as_of)
    }

    /// What each field of a record leaves.
    pub(super) fn left(&self, record: &Record) -> Result<Left, ExpandError> {
        self.fields.iter().map(|field| self.left_by(field, record)).collect()
    }

    /// Whether the table is about a record at all, and the rule that takes it, if any does. It is known
    /// what is left by the fields, but for one that has another value now.
    pub(super) fn taken(
        &self,
        record: &Record,
        left: &Left,
        changed: Option<&str>,
    ) -> Result<(bool, Option<usize>), ExpandError> {
        if let Some(about) = self.table.applies_to
            && !self.holds(about, record)?
        {
            return Ok((false, None));
        }
        let mut open = vec![u64::MAX; self.table.rules.len().div_ceil(64)];
        let mut keep =
            |left: &[u64]| open.iter_mut().zip(left).for_each(|(own, left)| *own &= left);
        for (field, left) in self.fields.iter().zip(left) {
            match changed.filter(|changed| *changed == field.name) {
                Some(_) => keep(&self.left_by(field, record)?),
                None => keep(left),
            }
        }
        for (at, word) in open.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                let place = at * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                let Some(rule) = self.table.rules.get(place) else { break };
                if self.holds(rule.when, record)? {
                    return Ok((true, Some(place)));
                }
            }
        }
        Ok((true, None))
    }

    /// The rules that what a record has in a field does not rule out.
    fn left_by(&self, field: &Field, record: &Record) -> Result<Rc<[u64]>, ExpandError> {
        let Some(value) = record.get(&field.name) else {
            if let Some(left) = &*field.unset.borrow() {
                return Ok(Rc::clone(left));
            }
            let left = self.not_ruled_out(field, record)?;
            *field.unset.borrow_mut() = Some(Rc::clone(&left));
            return Ok(left);
        };
        let mut met = field.met.borrow_mut();
        if let Some(left) = met.get(value) {
            return Ok(Rc::clone(left));
        }
        if met.len() >= MOST {
            met.clear();
        }
        let left = self.not_ruled_out(field, record)?;
        met.insert(value.clone(), Rc::clone(&left));
        Ok(left)
    }

    /// The rules whose demand of a field a record meets, and those without one.
    fn not_ruled_out(&self, field: &Field, record: &Record) -> Result<Rc<[u64]>, ExpandError> {
        let mut set = vec![u64::MAX; self.table.rules.len().div_ceil(64)];
        let reading = self.demands.read(record);
        for (rule, demand) in &field.demands {
            if !self.demands.holds(*demand, &reading)?
                && let Some(word) = set.get_mut(rule / 64)
            {
                *word &= !(1 << (rule % 64));
            }
        }
        Ok(set.into())
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
