//! Criteria that a record should meet, asked of every row.

use super::NotChecked;
use super::case::Case;
use super::checks::Asker;
use crate::criteria::{self, Node};
use crate::load::{Condition, Criterion, Judge, Obstacle};
use crate::measure::columns::{Asks, Lacking};
use crate::model::Address;
use crate::records::Asked;
use crate::report::in_ticks;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// So many of the words that keep a record out are shown.
const SHOWN: usize = 3;

/// When a criterion had to be met.
#[derive(Debug, Clone, Copy)]
pub(super) enum Then {
    /// Now, as nothing says when else.
    Today,
    At(Timestamp),
    /// The file does not say when.
    Unsaid,
}

/// A criterion.
pub(super) struct Gate<'a> {
    pub(super) address: Address,
    /// Where the same is written once more.
    pub(super) also: Option<Address>,
    pub(super) lacking: Lacking,
    asked: Asked,
    counts_days: bool,
    criterion: &'a Criterion<'a>,
}

impl<'a> Gate<'a> {
    /// Asks a criterion; what cannot be read is nobody's fault here.
    pub(super) fn ask(
        asker: &mut Asker<'_, 'a, '_>,
        criterion: &'a Criterion<'a>,
    ) -> Result<Self, NotChecked> {
        let address = criterion.address.clone();
        let unread = || NotChecked {
            kinds: Vec::new(),
            reason: "the criterion cannot be read".to_owned(),
            help: "run `opmodel check` for what is wrong with it".to_owned(),
            lacks_column: false,
            parts: BTreeSet::from([address.to_string()]),
        };
        let expr = criterion.expr.as_deref().filter(|_| criterion.faults.is_empty());
        let expr = expr.ok_or_else(unread)?;
        let asks = Asks::of(expr, asker.scope).map_err(|_| unread())?;
        let asked = asker.questions.condition(asker.scope, expr).map_err(|_| unread())?;
        let lacking = asker.columns.lacking(asks.fields.iter().map(String::as_str));
        let counts_days = asks.counts_days;
        Ok(Self { address, also: None, lacking, asked, counts_days, criterion })
    }

    /// Whether it counts days, so that another day may answer it otherwise.
    pub(super) fn counts_days(&self) -> bool {
        self.counts_days
    }

    /// What is asked.
    pub(super) fn asked(&self) -> Asked {
        self.asked
    }

    /// The words of the criterion, however it is spaced.
    pub(super) fn words(&self) -> String {
        self.criterion.expr.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// Whether it is met: today, or at another time where it counts days. Nothing where that cannot
    /// be judged.
    pub(super) fn holds(&self, case: &Case<'_, '_>, then: Then) -> Option<bool> {
        self.lacking.allows(case.row.input()).then_some(())?;
        if case.row.holds(self.asked) {
            return Some(true);
        }
        let (true, Some(expr)) = (self.counts_days, &self.criterion.expr) else {
            return Some(false);
        };
        let then = match then {
            Then::Today => return Some(false),
            Then::Unsaid => return None,
            Then::At(then) => then,
        };
        let checks = case.checks;
        let held = criteria::evaluate(expr, case.record(), checks.object, checks.scope, then);
        Some(held == Ok(true))
    }

    /// What keeps a record out, what a reference leads to behind it.
    pub(super) fn obstacles<'c>(&self, case: &'c Case<'_, '_>) -> Vec<Obstacle<'c>>
    where
        'a: 'c,
    {
        let checks = case.checks;
        let judge = Judge {
            scope: checks.scope,
            object: checks.object,
            record: case.record(),
            as_of: checks.as_of,
        };
        let condition = Condition { criterion: self.criterion, inverted: false };
        judge.obstacles([condition]).unwrap_or_default()
    }

    /// The words that keep a record out.
    pub(super) fn in_the_way(&self, obstacles: &[Obstacle<'_>]) -> String {
        let named = |node: &Node| matches!(node, Node::Reference(_));
        let mut words: Vec<String> = Vec::new();
        for obstacle in obstacles.iter().filter(|obstacle| !named(&obstacle.expr.node)) {
            let expr = &obstacle.expr;
            let told = match (obstacle.inverted, &expr.node) {
                (false, _) => in_ticks(&expr.to_string()),
                (true, Node::Or(_) | Node::And(_)) => in_ticks(&format!("not ({expr})")),
                (true, _) => in_ticks(&format!("not {expr}")),
            };
            if !words.contains(&told) {
                words.push(told);
            }
        }
        if words.is_empty() {
            words.push(in_ticks(&self.words()));
        }
        let more = words.len().saturating_sub(SHOWN);
        words.truncate(SHOWN);
        let mut told = words.join(", ");
        if more > 0 {
            told = format!("{told} and {more} more");
        }
        told
    }
}
