//! One record before everything that is asked of it.

use super::checks::Checks;
use super::routes::Suspect;
use super::{Deviation, Holder, Kind, Place};
use crate::criteria::{Record, Value};
use crate::measure::clock::Calendar;
use crate::measure::standing::Whose;
use crate::model::{Address, Clock};
use crate::records::{Row, Slot};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::cell::OnceCell;

/// How many records each kind of deviation was looked for in.
#[derive(Debug, Clone, Default)]
pub(super) struct Looked {
    /// Those in which it could be judged, by the kind's place.
    pub(super) at: [u64; Kind::ALL.len()],
    /// Those that do not say when, by the kind's place.
    pub(super) undated: [u64; Kind::ALL.len()],
}

impl Looked {
    pub(super) fn add(&mut self, other: &Self) {
        self.at.iter_mut().zip(other.at).for_each(|(sum, more)| *sum += more);
        self.undated.iter_mut().zip(other.undated).for_each(|(sum, more)| *sum += more);
    }
}

/// A record, and what was found of it.
pub(super) struct Case<'c, 'm> {
    pub(super) row: &'c Row<'c>,
    pub(super) checks: &'c Checks<'c, 'm>,
    /// What its owner field holds.
    pub(super) owner: String,
    /// Whom that names.
    pub(super) whose: Option<Whose>,
    pub(super) holder: Holder,
    /// What its stage field holds.
    pub(super) stage: Option<String>,
    /// Whether it stays where it is.
    pub(super) terminal: bool,
    pub(super) found: Vec<Deviation>,
    /// What is to be held against older models first.
    pub(super) suspect: Option<Suspect>,
    pub(super) looked: Looked,
    record: OnceCell<Record>,
}

impl<'c, 'm> Case<'c, 'm> {
    pub(super) fn new(checks: &'c Checks<'c, 'm>, row: &'c Row<'c>) -> Self {
        let owner =
            checks.owner.slot.map(|slot| row.text(slot).trim().to_owned()).unwrap_or_default();
        let whose = checks.roster.find(&owner).filter(|_| !owner.is_empty());
        let (stage, standing) = checks.stage(row);
        let team = match whose {
            Some(whose) => checks.roster.team(whose),
            None if owner.is_empty() => standing.and_then(|stage| stage.team.as_deref()),
            None => None,
        };
        let name = whose.map(|whose| checks.roster.name(whose).to_owned());
        let holder = Holder {
            known: name.is_some(),
            unsaid: !checks.says_owner(row),
            name: name.or_else(|| Some(owner.clone()).filter(|owner| !owner.is_empty())),
            team: team.map(str::to_owned),
        };
        let terminal = standing.is_some_and(|stage| stage.terminal);
        let (found, looked, record) = (Vec::new(), Looked::default(), OnceCell::new());
        let suspect = None;
        Self { row, checks, owner, whose, holder, stage, terminal, found, suspect, looked, record }
    }

    /// Every field that is set.
    pub(super) fn record(&self) -> &Record {
        self.record.get_or_init(|| self.row.record())
    }

    /// The calendar for a limit of some clock: that by which the owner works; none where a calendar is
    /// needed and there is none.
    pub(super) fn calendar(&self, clock: Clock) -> Option<&'c Calendar> {
        let promises = &self.checks.promises;
        let own = promises.calendar_of(&self.checks.roster, self.whose);
        own.or_else(|| (clock == Clock::Wall).then(|| promises.plain()))
    }

    /// The instant a date field holds, by the clock of a zone; what lies ahead has not happened.
    pub(super) fn moment(&self, slot: Option<Slot>, zone: &TimeZone) -> Option<Timestamp> {
        let value: Value = self.row.value(slot?)?;
        let at = crate::measure::standing::instant_of(&value, zone)?;
        (at <= self.checks.as_of).then_some(at)
    }

    /// Notes that a kind was looked for.
    pub(super) fn looks(&mut self, kind: Kind) {
        self.looked.at.get_mut(kind.place()).into_iter().for_each(|count| *count = 1);
    }

    /// Notes that a kind could not be looked for, as nothing says when.
    pub(super) fn undated(&mut self, kind: Kind) {
        self.looked.undated.get_mut(kind.place()).into_iter().for_each(|count| *count = 1);
    }

    /// Whether an exception, by its place, is not over.
    pub(super) fn is_in_force(&self, waiver: usize) -> bool {
        self.checks.waivers.get(waiver).is_some_and(|waiver| !waiver.over)
    }

    /// A deviation of this record.
    pub(super) fn deviation(&self, kind: Kind, address: Address, told: String) -> Deviation {
        let key = self.checks.key.map(|slot| self.row.text(slot).trim().to_owned());
        let key = key.filter(|key| !key.is_empty());
        let record = Place { key, file: self.row.input(), line: self.row.line() };
        Deviation {
            kind,
            address,
            record,
            holder: self.holder.clone(),
            stage: self.stage.clone(),
            told,
            since: None,
            due: None,
            late: None,
            spent: 0,
            expected: None,
            waived: None,
            fingerprint: None,
        }
    }
}
