//! A step in the form in which it is kept between runs.

use super::pair::Unreadable;
use super::steps::Step;
use crate::change::{ChangeRecord, ChangeSet, NotChecked};
use crate::git::Commit;
use crate::model::Address;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is kept of a step. The commit itself is read anew: it tells who wrote it and when.
#[derive(Debug, Default, Serialize, Deserialize)]
struct StepRecord {
    changes: Vec<ChangeRecord>,
    not_checked: Vec<(String, String)>,
    unreadable: Vec<(String, String, Vec<String>)>,
    readable_again: Vec<String>,
    in_merge: bool,
}

/// A step as bytes.
pub(super) fn written(step: &Step) -> Vec<u8> {
    let texts = |addresses: &[Address]| addresses.iter().map(ToString::to_string).collect();
    let changes = &step.changes;
    let record = StepRecord {
        changes: changes.changes.iter().map(Into::into).collect(),
        not_checked: changes
            .not_checked
            .iter()
            .map(|part| (part.address.clone(), part.reason.clone()))
            .collect(),
        unreadable: step
            .unreadable
            .iter()
            .map(|file| (file.path.clone(), file.reason.clone(), texts(&file.holds)))
            .collect(),
        readable_again: step.readable_again.clone(),
        in_merge: step.in_merge,
    };
    postcard::to_stdvec(&record).unwrap_or_default()
}

/// The step that bytes stand for; none where they are not what [`written`] makes.
pub(super) fn read(bytes: &[u8], commit: &Arc<Commit>) -> Option<Step> {
    let (record, rest) = postcard::take_from_bytes::<StepRecord>(bytes).ok()?;
    if !rest.is_empty() || commit.boundary {
        return None;
    }
    let changes: Option<Vec<_>> = record.changes.into_iter().map(ChangeRecord::read).collect();
    let mut step = Step::of(Arc::clone(commit));
    step.changes = ChangeSet {
        changes: changes?,
        not_checked: record
            .not_checked
            .into_iter()
            .map(|(address, reason)| NotChecked { address, reason })
            .collect(),
        ..ChangeSet::default()
    };
    let unreadable = record.unreadable.into_iter().map(|(path, reason, holds)| Unreadable {
        path,
        reason,
        holds: holds.into_iter().map(Address::new).collect(),
    });
    step.unreadable = unreadable.collect();
    step.readable_again = record.readable_again;
    step.in_merge = record.in_merge;
    Some(step)
}
