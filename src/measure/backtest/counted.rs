//! What is counted while rows go by.

use super::Plan;
use crate::criteria::{self, Value};
use crate::proof::Verdict;
use crate::records::{Read, Row, Slot};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What a revision makes of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevisionCount {
    /// How many of all records meet it.
    pub met: u64,
    /// How many meet it and did not meet the one before.
    pub entered: u64,
    /// How many met the one before and do not meet it.
    pub left: u64,
    /// How many of the deals that were won meet it, and how many of those that were lost.
    pub decided: [u64; 2],
}

/// How records fared under what was in force on their own day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adherence {
    /// How many there are.
    pub records: u64,
    /// How many have a day on which there was no revision that could be asked.
    pub before: u64,
    /// How many meet what was in force then.
    pub then: u64,
    /// How many of those for which something was in force meet the newest revision.
    pub now: u64,
}

/// What was counted in some rows.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) revisions: Vec<RevisionCount>,
    pub(super) decided: [u64; 2],
    pub(super) both: u64,
    pub(super) open: u64,
    pub(super) outside: u64,
    pub(super) undated: u64,
    pub(super) adherence: BTreeMap<(i16, i8), Adherence>,
    pub(super) dateless: u64,
    /// The first record that does what is proved that none does.
    contradiction: Option<(usize, u64, String)>,
}

/// What became of a deal.
enum Ended {
    Open,
    Both,
    Outside,
    Undated,
    /// Won (0) or lost (1).
    So(usize),
}

impl Counted {
    pub(super) fn of(plan: &Plan<'_, '_>) -> Self {
        let mut counted = Self::default();
        counted.revisions.resize_with(plan.revisions.len(), RevisionCount::default);
        counted
    }

    /// Counts one more record.
    pub(super) fn take(&mut self, plan: &Plan<'_, '_>, row: &Row<'_>) {
        let met: Vec<Option<bool>> = plan
            .revisions
            .iter()
            .map(|revision| revision.asked.map(|asked| row.holds(asked)))
            .collect();
        let decided = self.end(plan, row);
        let mut before = None;
        for ((counts, revision), met) in self.revisions.iter_mut().zip(&plan.revisions).zip(&met) {
            let Some(met) = *met else {
                // What cannot be asked is passed over; where nothing was there, nobody was in it.
                before = before.filter(|_| revision.unanswerable.is_some());
                continue;
            };
            counts.met += u64::from(met);
            counts.entered += u64::from(met && before == Some(false));
            counts.left += u64::from(!met && before == Some(true));
            if let Some(side) = decided.and_then(|side| counts.decided.get_mut(side)) {
                *side += u64::from(met);
            }
            let is_ruled_out = matches!(
                (&revision.verdict, before, met),
                (Some(Verdict::Tighter { .. } | Verdict::Equivalent), Some(false), true)
                    | (Some(Verdict::Looser { .. } | Verdict::Equivalent), Some(true), false)
            );
            if is_ruled_out && self.contradiction.is_none() && revision.declared.hold(&row.record())
            {
                let does = if met { "enters" } else { "leaves" };
                let what = format!("{does} a revision, and it is proved that none does");
                self.contradiction = Some((row.input(), row.line(), what));
            }
            before = Some(met);
        }
        self.adhere(plan, row, &met);
    }

    /// How the deal ended, where that counts.
    fn end(&mut self, plan: &Plan<'_, '_>, row: &Row<'_>) -> Option<usize> {
        match ended(plan, row) {
            Ended::Open => self.open += 1,
            Ended::Both => self.both += 1,
            Ended::Outside => self.outside += 1,
            Ended::Undated => self.undated += 1,
            Ended::So(side) => {
                if let Some(number) = self.decided.get_mut(side) {
                    *number += 1;
                }
                return Some(side);
            }
        }
        None
    }

    /// Counts the record by what was in force on its own day; days are counted from that day.
    fn adhere(&mut self, plan: &Plan<'_, '_>, row: &Row<'_>, met: &[Option<bool>]) {
        let Some(instant) = plan.dated_by.iter().find_map(|slot| instant(row, *slot)) else {
            self.dateless += 1;
            return;
        };
        let date = TimeZone::UTC.to_datetime(instant).date();
        let counts = self.adherence.entry((date.year(), (date.month() - 1) / 3 + 1)).or_default();
        counts.records += 1;
        let dated = plan
            .revisions
            .iter()
            .rposition(|revision| revision.in_force_from.is_some_and(|from| from <= instant));
        let record = OnceCell::new();
        let answer = |at: usize| {
            let revision = plan.revisions.get(at)?;
            let Some((expr, scope)) = revision.by_day else {
                return met.get(at).copied().flatten();
            };
            let record = record.get_or_init(|| row.record());
            criteria::evaluate(expr, record, plan.question.object, scope, instant).ok()
        };
        match dated.and_then(answer) {
            None => counts.before += 1,
            Some(then) => {
                counts.then += u64::from(then);
                let now = plan.revisions.len().checked_sub(1).and_then(answer);
                counts.now += u64::from(now == Some(true));
            }
        }
    }

    /// Counts the records of another one, which come behind these.
    pub(super) fn merge(&mut self, other: Self) {
        for (counts, other) in self.revisions.iter_mut().zip(&other.revisions) {
            counts.met += other.met;
            counts.entered += other.entered;
            counts.left += other.left;
            counts.decided[0] += other.decided[0];
            counts.decided[1] += other.decided[1];
        }
        self.decided[0] += other.decided[0];
        self.decided[1] += other.decided[1];
        self.both += other.both;
        self.open += other.open;
        self.outside += other.outside;
        self.undated += other.undated;
        self.dateless += other.dateless;
        for (quarter, other) in other.adherence {
            let counts = self.adherence.entry(quarter).or_default();
            counts.records += other.records;
            counts.before += other.before;
            counts.then += other.then;
            counts.now += other.now;
        }
        self.contradiction = self.contradiction.take().or(other.contradiction);
    }

    /// Ends the tool where a record did what is proved that none does.
    pub(super) fn agree(&self, read: &Read) {
        let told = self.contradiction.as_ref().map(|(input, line, what)| {
            let input = read.inputs.get(*input).map_or("", |input| input.name.as_str());
            format!("the record on line {line} of {input} {what}")
        });
        assert!(
            told.is_none(),
            "opmodel contradicts itself, and no figure is shown: {}. Please report this with the \
             history of the model and that record; it is not a fault of the model",
            told.unwrap_or_default()
        );
    }
}

fn ended(plan: &Plan<'_, '_>, row: &Row<'_>) -> Ended {
    let [won, lost] = plan.outcomes.map(|asked| row.holds(asked));
    let side = match (won, lost) {
        (true, true) => return Ended::Both,
        (false, false) => return Ended::Open,
        (true, false) => 0,
        (false, true) => 1,
    };
    let (since, until) = plan.question.period;
    if since.is_none() && until.is_none() {
        return Ended::So(side);
    }
    let moment = plan.moments.get(side).copied().flatten();
    let Some(day) = moment.and_then(|slot| day(row, slot)) else { return Ended::Undated };
    let is_within =
        since.is_none_or(|since| day >= since) && until.is_none_or(|until| day <= until);
    if is_within { Ended::So(side) } else { Ended::Outside }
}

/// The day a field holds, in UTC.
fn day(row: &Row<'_>, slot: Slot) -> Option<Date> {
    match row.value(slot)? {
        Value::Date(date) => Some(date),
        Value::DateTime(instant) => Some(TimeZone::UTC.to_datetime(instant).date()),
        _ => None,
    }
}

/// The instant a field holds; of a day, its end.
fn instant(row: &Row<'_>, slot: Slot) -> Option<Timestamp> {
    match row.value(slot)? {
        Value::DateTime(instant) => Some(instant),
        Value::Date(date) => {
            let end = date.to_datetime(Time::constant(23, 59, 59, 0));
            TimeZone::UTC.to_timestamp(end).ok()
        }
        _ => None,
    }
}
