//! What the start and the end of a period come to, found out once for two commits.

use super::chain::{Chain, Question};
use super::court::journal;
use super::net::Ends;
use super::report::Net;
use super::steps::Way;
use super::subject::Lineage;
use crate::change::NotChecked;
use crate::git::Commit;
use crate::history::{At, HistoryError, Workspace};
use crate::model::Model;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts changes of what is kept, and of how it is found out.
const REVISION: u32 = 6;

/// What is different in the end.
pub(super) struct Balance {
    /// What everything comes to that is different, or was on the way.
    pub(super) net: Vec<Net>,
    /// What could not be compared.
    pub(super) not_checked: Vec<NotChecked>,
    /// The model at the end, as far as it was compared.
    pub(super) after: Model,
}

/// What is kept of it between runs: all that is not read anew.
#[derive(Serialize, Deserialize)]
struct Kept {
    net: Vec<Net>,
    not_checked: Vec<(String, String)>,
}

impl Balance {
    /// Compares a baseline with the end of a chain, along the ways that lead from one to the other.
    pub(super) fn of(
        workspace: &Workspace,
        question: &Question<'_>,
        (baseline, chain, end): (&Commit, &Chain, &Commit),
        (ways, lineage): (&BTreeMap<String, Way<'_>>, &Lineage),
    ) -> Result<Self, HistoryError> {
        // Each question has a journal of its own: what is known of others need not be read.
        let ends = [Some(baseline), chain.start.as_ref(), Some(end)].map(|it| it.map(|it| it.id));
        let what = format!("balance {REVISION} {ends:?}");
        let mut journal = journal(workspace, &what, question.budget, question.remembers)?;
        let at_end = || workspace.model(&At::Commit(Box::new(end.clone())));
        let known = journal.as_ref().and_then(|journal| journal.get(end.id));
        if let Some(Kept { net, not_checked }) = known.and_then(read) {
            let not_checked = not_checked.into_iter();
            let not_checked =
                not_checked.map(|(address, reason)| NotChecked { address, reason }).collect();
            return Ok(Self { net, not_checked, after: at_end()? });
        }
        let ends = Ends::of(workspace, baseline, end, question.budget)?;
        let found = Self {
            net: ends.net(ways, lineage),
            not_checked: ends.changes.not_checked,
            after: ends.after,
        };
        // What one of the two cannot read was left out, and would have to be left out again.
        if let Some(journal) = &mut journal
            && at_end()?.len() == found.after.len()
            && let Ok(bytes) = postcard::to_stdvec(&found.kept())
        {
            journal.put(end.id, bytes);
            journal.save();
        }
        Ok(found)
    }

    fn kept(&self) -> Kept {
        let not_checked = self.not_checked.iter();
        let not_checked = not_checked.map(|it| (it.address.clone(), it.reason.clone())).collect();
        Kept { net: self.net.clone(), not_checked }
    }
}

/// What was kept; none where it is not what was written.
fn read(bytes: &[u8]) -> Option<Kept> {
    let (kept, rest) = postcard::take_from_bytes::<Kept>(bytes).ok()?;
    rest.is_empty().then_some(kept)
}
