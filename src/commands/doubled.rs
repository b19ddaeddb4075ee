//! What is declared in two files: which of the two is followed must not go unsaid.

use super::{Failure, Session};
use crate::history::{At, Doubled, Workspace};
use crate::model::Pattern;

/// So many are named one by one.
const NAMED: usize = 5;

impl Session<'_> {
    /// Says of what was asked for what a state declares twice, each once; what was found out is kept
    /// for the next run where that is wanted.
    pub(super) fn note_doubled(
        &mut self,
        workspace: &Workspace,
        at: &At,
        asked: &[Pattern],
        remembers: bool,
    ) -> Result<(), Failure> {
        let doubled = workspace.doubled(at, asked, remembers)?;
        for Doubled { address, counts, passed_over } in doubled.iter().take(NAMED) {
            self.note(&format!(
                "`{address}` is declared twice: what `{counts}` says is followed, and `{passed_over}` is passed over"
            ));
        }
        let more = doubled.len().saturating_sub(NAMED);
        if more > 0 {
            self.note(&format!("{more} more are declared twice; `opmodel check` names them"));
        }
        Ok(())
    }
}
