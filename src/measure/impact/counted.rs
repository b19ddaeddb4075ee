//! What is counted while rows go by, and what must not be met.

use super::super::moved::{Sample, Tally, Told};
use super::asked::{MemberPlan, Plan, TablePlan};
use crate::proof::Verdict;
use crate::records::{Read, Row};
use std::collections::BTreeMap;

/// What was counted in some rows.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) touched: u64,
    pub(super) tables: Vec<TableCount>,
    pub(super) members: Vec<MemberCount>,
    /// The first record that does what is proved that none does.
    contradiction: Option<(Sample, String)>,
}

/// What a table did.
#[derive(Debug, Default)]
pub(super) struct TableCount {
    /// The records by what became of them before and after, by place among the fates.
    pub(super) cells: BTreeMap<(usize, usize), Tally>,
    /// The same by what became of them before, and after, and whether the promise of that covers them.
    pub(super) arrivals: [BTreeMap<(usize, bool), Tally>; 2],
    pub(super) beside_proof: u64,
}

/// What became of a group.
#[derive(Debug, Default)]
pub(super) struct MemberCount {
    pub(super) records: [u64; 2],
    pub(super) entered: Tally,
    pub(super) left: Tally,
    pub(super) beside_proof: u64,
}

impl Counted {
    /// Nothing counted yet.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut counted = Self::default();
        counted.tables.resize_with(plan.tables.len(), TableCount::default);
        counted.members.resize_with(plan.members.len(), MemberCount::default);
        counted
    }

    /// Counts one more record.
    pub(super) fn take(&mut self, plan: &Plan, row: &Row<'_>, told: &Told) {
        let mut touched = false;
        for (plan, counted) in plan.tables.iter().zip(&mut self.tables) {
            let broken = counted.take(plan, row, told, &mut touched);
            self.contradiction = self.contradiction.take().or(broken);
        }
        for (plan, counted) in plan.members.iter().zip(&mut self.members) {
            let broken = counted.take(plan, row, told, &mut touched);
            self.contradiction = self.contradiction.take().or(broken);
        }
        self.touched += u64::from(touched);
    }

    /// Counts the records of another one, which come behind these.
    pub(super) fn merge(&mut self, other: &Self) {
        self.touched += other.touched;
        for (counted, other) in self.tables.iter_mut().zip(&other.tables) {
            counted.beside_proof += other.beside_proof;
            for (cell, tally) in &other.cells {
                counted.cells.entry(*cell).or_default().merge(tally);
            }
            for (counted, other) in counted.arrivals.iter_mut().zip(&other.arrivals) {
                for (arrival, tally) in other {
                    counted.entry(*arrival).or_default().merge(tally);
                }
            }
        }
        for (counted, other) in self.members.iter_mut().zip(&other.members) {
            counted.beside_proof += other.beside_proof;
            counted.entered.merge(&other.entered);
            counted.left.merge(&other.left);
            counted.records[0] += other.records[0];
            counted.records[1] += other.records[1];
        }
        self.contradiction = self.contradiction.take().or_else(|| other.contradiction.clone());
    }

    /// Ends the tool where a record did what is proved that none does.
    pub(super) fn agree(&self, read: &Read) {
        let told = self.contradiction.as_ref().map(|(sample, what)| {
            let input = read.inputs.get(sample.input).map_or("", |input| input.name.as_str());
            format!("the record on line {} of {input} {what}", sample.line)
        });
        assert!(
            told.is_none(),
            "opmodel contradicts itself, and no figure is shown: {}. Please report this with the \
             two revisions of the model and that record; it is not a fault of the model",
            told.unwrap_or_default()
        );
    }
}

impl TableCount {
    fn take(
        &mut self,
        plan: &TablePlan,
        row: &Row<'_>,
        told: &Told,
        touched: &mut bool,
    ) -> Option<(Sample, String)> {
        let fate = |at: usize| plan.asked.get(at)?.as_ref().map(|asked| asked.fate(row));
        let after = fate(1).unwrap_or_default();
        let before = if plan.same { after } else { fate(0).unwrap_or_default() };
        self.cells.entry((before, after)).or_default().add(row, told);
        let sides = self.arrivals.iter_mut().zip(&plan.covers).zip([before, after]);
        for ((arrivals, covers), fate) in sides {
            let covers = covers.get(fate).copied().flatten();
            let is_covered = covers.is_none_or(|covers| row.holds(covers));
            arrivals.entry((fate, is_covered)).or_default().add(row, told);
        }
        let to = |side: usize, at: usize| plan.fates.get(side)?.get(at)?.destination();
        if to(0, before) == to(1, after) {
            return None;
        }
        *touched = true;
        let proved = plan.proved.as_ref()?;
        if proved.contains(&(before, after)) {
            return None;
        }
        if !plan.declared.hold(&row.record()) {
            self.beside_proof += 1;
            return None;
        }
        let name = |side: usize, at: usize| {
            plan.fates.get(side).and_then(|fates| fates.get(at)).map_or("", |fate| fate.name())
        };
        let (from, to) = (name(0, before), name(1, after));
        let what = format!(
            "goes from `{from}` to `{to}` in `{}`, and it is proved that none does",
            plan.address
        );
        Some((told.sample(row), what))
    }
}

impl MemberCount {
    fn take(
        &mut self,
        plan: &MemberPlan,
        row: &Row<'_>,
        told: &Told,
        touched: &mut bool,
    ) -> Option<(Sample, String)> {
        let [before, after] = plan.asked.map(|asked| asked.is_some_and(|asked| row.holds(asked)));
        self.records[0] += u64::from(before);
        self.records[1] += u64::from(after);
        if before == after {
            return None;
        }
        *touched = true;
        let group = if after { &mut self.entered } else { &mut self.left };
        group.add(row, told);
        let allowed = match (&plan.verdict, after) {
            (None | Some(Verdict::Undecided(_) | Verdict::Shifted { .. }), _)
            | (Some(Verdict::Looser { .. }), true)
            | (Some(Verdict::Tighter { .. }), false) => true,
            (Some(_), _) => false,
        };
        if allowed {
            return None;
        }
        if !plan.declared.hold(&row.record()) {
            self.beside_proof += 1;
            return None;
        }
        let does = if after { "enters" } else { "leaves" };
        let what = format!("{does} `{}`, and it is proved that none does", plan.address);
        Some((told.sample(row), what))
    }
}
