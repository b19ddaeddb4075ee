//! `opmodel kinds`: the catalogue of changes.

use super::{Failure, Session};
use crate::change::CATALOGUE;
use crate::finding::did_you_mean;
use crate::model::KINDS;
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
    /// Only kinds whose id contains this, in capitals or not.
    #[arg(value_name = "TEXT", default_value = "")]
    containing: String,
}

impl Kinds {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let wanted = self.containing.to_lowercase();
        if !CATALOGUE.kinds().any(|kind| kind.id.contains(&wanted)) {
            let entities = KINDS.iter().map(|kind| kind.id);
            let ids = CATALOGUE.kinds().map(|kind| kind.id.as_str());
            let help = match did_you_mean(&wanted, entities.chain(ids)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "list all of them with `opmodel kinds`".to_owned(),
            };
            let message = format!("no kind of change has `{}` in its id", self.containing);
            return Err(Failure::usage(message, help));
        }
        session.page(&kinds_page(&wanted))?;
        Ok(0)
    }
}
