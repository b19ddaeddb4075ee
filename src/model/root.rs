//! The model itself, and the policy it is judged by.

use super::calendar::Calendar;
use super::declaration::noun;
use super::read::{AddressPattern, Code, Listed, Prose, Record, Target, Word, codes, targets};

targets! {
    /// A business calendar.
    CalendarTarget => ["calendar"];
}

noun! {
    /// The model as a whole: the version of the format and what holds everywhere. Once a model.
    entity Root = "model" {
        /// The version of the format these files are written in; 1 is the only one so far.
        format: u32 = facet(Setting).required(),
        /// The currency of every amount of money, as an ISO 4217 code.
        currency: Word = facet(Setting).breaking(),
        /// The business calendar that durations such as `4 business hours` run on.
        calendar: Record<CalendarHours> = facet(Group),
        /// A calendar of its own standing in place of the table above.
        default_calendar: Target<CalendarTarget> = facet(Setting).stem("sla-clock"),
    }
}

/// The hours of the calendar written in `[model.calendar]`.
pub type CalendarHours = Calendar;

codes! {
    /// How a finding or change is treated.
    LevelCode => ["forbid", "approve", "warn", "note", "off"];
    /// What a record is allowed to weigh in `check`.
    SeverityCode => ["error", "warning", "note", "off"];
}

noun! {
    /// A deviation from the tool's own judgement of one rule of `check` or one kind of change.
    entity Policy = "policy" {
        /// The rule of `check` or the kind of change; the entity's id where none is given.
        rule: Word = facet(Setting).stem("policy-rule"),
        /// For a kind of change: `forbid`, `approve`, `warn`, `note` or `off`; for a rule of
        /// `check`: `error`, `warning`, `note` or `off` (`forbid` and `warn` are read as the
        /// first two).
        level: Code<PolicyLevel> = facet(Setting).stem("policy-level").required(),
        /// Only for these addresses; everywhere where none are given.
        covers: Listed<AddressPattern> = facet(SetGrowsLooser).stem("policy-scope"),
        /// Why this company judges it otherwise.
        reason: Prose = facet(Wording).required(),
    }
}

codes! {
    /// The levels of a policy entry.
    PolicyLevel => ["forbid", "approve", "error", "warn", "warning", "note", "off"];
}
