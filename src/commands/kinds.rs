//! `opmodel kinds`: the catalogue of changes.

use super::{Failure, Session};
use crate::view::kinds_page;
use clap::Args;

/// List the kinds of change, with what each does and asks for.
///
/// The impact is computed and cannot be configured; the level is policy.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel kinds\n  opmodel kinds sla\n  opmodel explain sla-loosened"
)]
pub struct Kinds {
    /// Only kinds whose id contains this.
    #[arg(value_name = "TEXT", default_value = "")]
    containing: String,
}

impl Kinds {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.page(&kinds_page(&self.containing))?;
        Ok(0)
    }
}
