//! The way of one thing through a period: its steps, and where it went one way and back again.

use super::entry::Entry;
use super::judge::day;
use super::report::{Direction, Oscillation, StepOf};
use super::subject::{direction, plain};
use super::window::{quarter_end, quarter_ends};
use crate::change::Impact;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Longer values are told in a sentence.
const SHORT: usize = 60;

/// The entries about one thing, oldest first, with the addresses they have in the end.
pub(super) struct Way<'a> {
    /// What it is about.
    pub(super) subject: &'a str,
    /// The entries.
    pub(super) entries: Vec<(String, &'a Entry)>,
}

impl Way<'_> {
    /// Its steps, one a commit.
    pub(super) fn steps(&self) -> Vec<StepOf> {
        let mut steps: Vec<StepOf> = Vec::new();
        for (address, entry) in &self.entries {
            let whole = self.subject == address || self.subject.starts_with(&format!("{address}."));
            let direction = direction(entry, whole);
            if let Some(step) = steps.last_mut().filter(|step| step.commit == entry.commit) {
                step.more += 1;
                step.direction = both(step.direction, direction);
                if step.indirect && entry.direct {
                    step.says = says(entry);
                }
                step.indirect &= !entry.direct;
                continue;
            }
            steps.push(StepOf {
                commit: entry.commit.clone(),
                record_time: entry.record_time.clone(),
                direction,
                indirect: !entry.direct,
                says: says(entry),
                more: 0,
            });
        }
        steps
    }

    /// Where a part of it went one way and came back, wholly or in part. Near a quarter's end is what
    /// came no more than so many days before it.
    pub(super) fn oscillations(&self, days: u32) -> Vec<Oscillation> {
        let mut parts: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for (address, entry) in &self.entries {
            parts.entry(address).or_default().push(entry);
        }
        let mut found: Vec<Oscillation> =
            parts.iter().flat_map(|(part, entries)| there_and_back(part, entries, days)).collect();
        found.sort_by(|a, b| (&a.out_time, &a.back_time).cmp(&(&b.out_time, &b.back_time)));
        found.dedup_by(|a, b| a.out == b.out && a.back == b.back);
        found
    }
}

/// Both ways at once.
fn both(one: Direction, other: Direction) -> Direction {
    match (one, other) {
        (one, other) if one == other => one,
        (whole @ (Direction::Came | Direction::Went), _)
        | (_, whole @ (Direction::Came | Direction::Went)) => whole,
        (Direction::Undecided, _) | (_, Direction::Undecided) => Direction::Undecided,
        _ => Direction::Shifted,
    }
}

/// What an entry did, in short.
fn says(entry: &Entry) -> String {
    let short = |value: &&String| value.chars().count() <= SHORT && !value.contains(['\n', '{']);
    match (entry.before.as_ref().filter(short), entry.after.as_ref().filter(short)) {
        (Some(before), Some(after)) if entry.direct && before != after => {
            format!("`{before}` → `{after}`")
        }
        _ => entry.summary.clone(),
    }
}

/// The pairs of entries of which the second takes back what the first did; none is in two pairs.
fn there_and_back(address: &str, entries: &[&Entry], days: u32) -> Vec<Oscillation> {
    let mut found = Vec::new();
    let mut last: Option<&Entry> = None;
    for entry in entries {
        match last.filter(|out| takes_back(entry, out)) {
            Some(out) => {
                found.push(oscillation(address, out, entry, days));
                last = None;
            }
            None => last = Some(entry),
        }
    }
    found
}

/// Whether an entry goes the other way, or back to what was before.
fn takes_back(entry: &Entry, out: &Entry) -> bool {
    let opposite = matches!(
        (out.impact, entry.impact),
        (Impact::Loosening, Impact::Tightening) | (Impact::Tightening, Impact::Loosening)
    );
    let returns = out.before.is_some() && out.before == entry.after && out.after == entry.before;
    opposite || (returns && out.before != out.after)
}

fn oscillation(address: &str, out: &Entry, back: &Entry, days: u32) -> Oscillation {
    let (from, to) = (day_of(&out.record_time), day_of(&back.record_time));
    let near = i64::from(days);
    let within_next = |end: Date| end.tomorrow().is_ok_and(|next| to <= quarter_end(next));
    let ended = quarter_ends(from, to).into_iter();
    let quarter_end = ended
        .filter(|end| *end < to && days_between(from, *end) <= near)
        .find(|end| within_next(*end));
    Oscillation {
        out: out.commit.clone(),
        out_time: out.record_time.clone(),
        direction: direction(out, false),
        back: back.commit.clone(),
        back_time: back.record_time.clone(),
        indirect: !out.direct && !back.direct,
        days: days_between(from, to),
        quarter_end: quarter_end.map(|end| end.to_string()),
        address: plain(address),
        says: format!("{}, then {}", says(out), says(back)),
    }
}

/// The day of an instant as entries write it, in UTC.
pub(super) fn day_of(instant: &str) -> Date {
    instant.parse::<Timestamp>().map(|instant| day(instant.as_second())).unwrap_or_default()
}

/// How many days lie between two.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
