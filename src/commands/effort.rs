//! How much work an exact answer may take, and for which day it is given.

use super::revision::day;
use super::{Failure, Session};
use crate::criteria::midnight;
use crate::history::At;
use crate::proof::{DEFAULT_BUDGET, Prover};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use std::str::FromStr;

/// What exact answers depend on beside the model.
#[derive(Debug, Args)]
pub(super) struct Effort {
    /// The day from which `days since` and `days until` are counted; that of the newer commit
    /// where none is given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The most steps one question may take before it is called undecided.
    #[arg(long, value_name = "STEPS", default_value_t = DEFAULT_BUDGET, value_parser = whole::<u64>, allow_negative_numbers = true)]
    budget: u64,
}

/// A whole number as an option gives it.
pub(super) fn whole<N: FromStr>(text: &str) -> Result<N, &'static str> {
    text.parse().map_err(|_| match text.strip_prefix('+').unwrap_or(text) {
        digits if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            "this number is too large"
        }
        _ => "write a whole number, for example `10`",
    })
}

impl Effort {
    /// Whoever answers questions about some states of a model: always the same for the same
    /// commits, whatever the day.
    pub(super) fn prover<'a>(
        &self,
        session: &Session<'_>,
        states: impl IntoIterator<Item = &'a At>,
    ) -> Result<Prover, Failure> {
        let as_of = if let Some(day) = self.given()? {
            midnight(day)
        } else {
            let committed = states.into_iter().filter_map(|state| match state {
                At::Commit(commit) => Timestamp::from_second(commit.committer_time.seconds).ok(),
                _ => None,
            });
            committed.max().unwrap_or_else(|| session.now())
        };
        Ok(Prover { as_of, budget: self.budget })
    }

    /// The day for which terms of office and expiries are judged: today where none is given.
    pub(super) fn day(&self, session: &Session<'_>) -> Result<Date, Failure> {
        Ok(self.given()?.unwrap_or_else(|| session.surroundings.today()))
    }

    /// The day that was given, as it was written.
    pub(super) fn written(&self) -> Option<&str> {
        self.as_of.as_deref()
    }

    /// The day that was given.
    fn given(&self) -> Result<Option<Date>, Failure> {
        self.as_of.as_deref().map(day).transpose()
    }
}

impl Session<'_> {
    /// Now, as the surroundings tell.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.surroundings.now_seconds).unwrap_or_default()
    }
}
