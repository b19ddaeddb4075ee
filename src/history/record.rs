//! A step in the form in which it is kept between runs.

use super::steps::Step;
use super::unreadable::Unreadable;
use crate::change::{ChangeRecord, ChangeSet, NotChecked};
use crate::git::Commit;
use crate::model::Address;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is kept of a step. The commit itself is read anew: it tells who wrote it and when.
#[derive(Debug, Serialize, Deserialize)]
struct StepRecord<T> {
    changes: Vec<ChangeRecord<T>>,
    not_checked: Vec<(T, T)>,
    unreadable: Vec<(T, T, Vec<T>)>,
    readable_again: Vec<T>,
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

/// The step that bytes stand for; none where they are not what [`written`] makes. Of one that is only
/// counted the changes have no words.
pub(super) fn read(bytes: &[u8], commit: &Arc<Commit>, counted: bool) -> Option<Step> {
    let (record, rest) = postcard::take_from_bytes::<StepRecord<&str>>(bytes).ok()?;
    if !rest.is_empty() || commit.boundary {
        return None;
    }
    let change =
        |record: ChangeRecord<&str>| if counted { record.counted() } else { record.read() };
    let changes: Option<Vec<_>> = record.changes.into_iter().map(change).collect();
    let mut step = Step::of(Arc::clone(commit));
    let not_checked = record.not_checked.into_iter().map(|(address, reason)| NotChecked {
        address: address.to_owned(),
        reason: reason.to_owned(),
    });
    step.changes =
        ChangeSet { changes: changes?, not_checked: not_checked.collect(), ..ChangeSet::default() };
    let unreadable = record.unreadable.into_iter().map(|(path, reason, holds)| Unreadable {
        path: path.to_owned(),
        reason: reason.to_owned(),
        holds: holds.into_iter().map(Address::new).collect(),
    });
    step.unreadable = unreadable.collect();
    step.readable_again = record.readable_again.into_iter().map(str::to_owned).collect();
    step.in_merge = record.in_merge;
    Some(step)
}
