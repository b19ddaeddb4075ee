//! What the start and the end of a period come to, found out once for two commits.

use super::chain::{Chain, Question};
use super::court::journal;
use super::net::Ends;
use super::report::Net;
use super::steps::Way;
use super::subject::Lineage;
use crate::change::NotChecked;
use crate::git::{Commit, ObjectId};
use crate::history::{At, HistoryError, Workspace};
use crate::model::Model;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Counts changes of what is kept, and of how it is found out.
const REVISION: u32 = 1;

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
        let what = format!("balance {REVISION}");
        let mut journal = journal(workspace, &what, question.budget, question.remembers)?;
        let name = name([Some(baseline), chain.start.as_ref(), Some(end)]);
        let at_end = || workspace.model(&At::Commit(Box::new(end.clone())));
        let known = journal.as_ref().zip(name).and_then(|(journal, name)| journal.get(name));
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
        if let Some((journal, name)) = journal.as_mut().zip(name)
            && at_end()?.len() == found.after.len()
            && let Ok(bytes) = postcard::to_stdvec(&found.kept())
        {
            journal.put(name, bytes);
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

/// The name by which a journal knows a stretch of the main line, made of those of its ends.
fn name(ends: [Option<&Commit>; 3]) -> Option<ObjectId> {
    let mut sum = Sha256::new();
    for end in ends {
        match end {
            Some(commit) => sum.update(commit.id.as_bytes()),
            None => sum.update([0; 20]),
        }
    }
    ObjectId::from_bytes(sum.finalize().get(..20)?)
}

/// What was kept; none where it is not what was written.
fn read(bytes: &[u8]) -> Option<Kept> {
    let (kept, rest) = postcard::take_from_bytes::<Kept>(bytes).ok()?;
    rest.is_empty().then_some(kept)
}
