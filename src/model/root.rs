//! The model itself, and the policy it is judged by.

use super::calendar::Calendar;
use super::declaration::noun;
use super::read::{AddressPattern, Code, Listed, Prose, Record, Target, Word, codes, targets};

use super::address::Pattern;
use super::entity::{Entity, Model};
use crate::source::Span;

targets! {
    /// A business calendar.
    CalendarTarget => ["calendar"];
}

noun! {
    /// The model as a whole: the version of the format and what holds everywhere. Once a model.
    entity Root = "model" {
        /// The version of the format these files are written in; 1 is the only one so far.
        format: u32 = facet(Setting),
        /// The currency of every amount of money, as an ISO 4217 code.
        currency: Word = facet(Setting).breaking(),
        /// The business calendar that durations such as `4 business hours` run on.
        calendar: Record<Calendar> = facet(Group),
        /// A calendar of its own standing in place of the table above.
        default_calendar: Target<CalendarTarget> = facet(Setting).stem("sla-clock"),
    }
}

noun! {
    /// A deviation from the tool's own judgement of one rule of `check` or one kind of change.
    entity Policy = "policy" {
        /// The rule of `check` or the kind of change; the entity's id where none is given.
        rule: Word = facet(Setting).stem("policy-rule").id_where("level"),
        /// For a kind of change: `forbid`, `approve`, `warn`, `note` or `off`; for a rule of
        /// `check`: `error`, `warning`, `note` or `off` (`forbid` and `warn` are read as the
        /// first two).
        level: Code<PolicyLevel> = facet(SmallerIsLooser).stem("policy-level").scale(LEVELS)
            .required(),
        /// Only for these addresses; everywhere where none are given. Of several entries about one thing
        /// the one that names it most closely counts, and of those that name it alike the strictest.
        covers: Listed<AddressPattern> = facet(Setting).stem("policy-scope").turns_at_none(&["*"]),
        /// Why this company judges it otherwise.
        reason: Prose = facet(Wording).required(),
    }
}

codes! {
    /// The levels of a policy entry.
    PolicyLevel => ["forbid", "approve", "error", "warn", "warning", "note", "off"];
}

/// The levels from the least to the strictest; for a rule of `check` two words name the same one.
const LEVELS: &[&[&str]] =
    &[&["off"], &["note"], &["warn", "warning"], &["approve"], &["forbid", "error"]];

/// A policy entry as it is applied.
#[derive(Debug, Clone)]
pub struct PolicyEntry<'m> {
    /// The entity that states it.
    pub entity: &'m Entity,
    /// The rule or kind of change it is about.
    pub rule: String,
    /// Where the rule's name is written.
    pub rule_span: Span,
    /// The level it gives.
    pub level: &'static str,
    /// The addresses it is limited to; everywhere where there are none.
    pub patterns: Vec<Pattern>,
}

impl<'m> PolicyEntry<'m> {
    /// All policy entries of a model that say a level, in order of address.
    pub fn all(model: &'m Model) -> Vec<Self> {
        model.each::<Policy>().filter_map(|(entity, policy)| Self::of(entity, &policy)).collect()
    }

    /// The entry that an entity states, where it says a level.
    pub fn of(entity: &'m Entity, policy: &Policy) -> Option<Self> {
        let level = policy.level.as_ref()?.word;
        let (rule, rule_span) = match &policy.rule {
            Some(rule) => (rule.value.0.clone(), rule.span),
            None => (entity.address.id().to_owned(), entity.key_span),
        };
        let covers = policy.covers.as_ref().map(|covers| covers.value.0.as_slice());
        let patterns = covers.unwrap_or_default().iter().map(|p| Pattern::new(p.0.clone()));
        let patterns = patterns.collect();
        Some(Self { entity, rule, rule_span, level, patterns })
    }

    /// How closely it names an address; nothing where it does not apply there.
    pub fn closeness(&self, address: &str) -> Option<usize> {
        Pattern::closeness(&self.patterns, address)
    }
}
