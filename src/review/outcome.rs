//! What the base would be with the proposal, and where that is more than the proposal says.

use super::rows::Sent;
use super::{Request, Sides};
use crate::change::{CATALOGUE, Change, ChangeSet, Fingerprint, Policies};
use crate::check::{Options, check};
use crate::finding::{Finding, Severity};
use crate::git::Commit;
use crate::history::{At, HistoryError, Merged, Workspace};
use crate::model::Model;
use crate::proof::DEFAULT_BUDGET;
use crate::source::{RawContent, RawFile};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A change that comes only of both sides together.
#[derive(Debug, Clone)]
pub struct Interaction {
    /// What changes for the base.
    pub change: Change,
    /// Whether the record of it goes where neither side sends it.
    pub is_new_to_both: bool,
}

/// A place that both sides changed so that only a person can put it together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The file.
    pub path: String,
    /// What the base says and what the head says, place by place; none where one of them has no such
    /// file.
    pub places: Vec<Sided>,
}

/// What two sides say at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sided {
    /// The lines of the base.
    pub base: String,
    /// The lines of the head.
    pub head: String,
}

/// What comes of a proposal beside what it says.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) interactions: Vec<Interaction>,
    pub(super) already_there: Vec<Fingerprint>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) broken: Vec<Finding>,
}

impl Outcome {
    pub(super) fn of(
        workspace: &Workspace,
        sides: &Sides,
        proposal: &ChangeSet,
        request: &Request<'_>,
        (policy, policies): (&Model, &Policies),
    ) -> Result<Self, HistoryError> {
        let prover = request.prover;
        let judge = Judge { sides, policy, as_of: request.as_of };
        if sides.is_merged() {
            return Ok(Self::default());
        }
        if sides.is_up_to_date() {
            let broken = judge.broken((workspace, &sides.head), workspace)?;
            return Ok(Self { broken, ..Self::default() });
        }
        let Merged { workspace: both, commit, conflicts } =
            workspace.merged(&sides.base, &sides.head)?;
        let at = |commit: &Commit| At::Commit(Box::new(commit.clone()));
        let conflicts = of_paths(&both.files(&at(&commit))?, conflicts);
        let changes = both.changes_judged(&at(&sides.base), &at(&commit), prover, policies)?;
        let known = |change: &Change| proposal.changes.iter().any(|other| is_same(other, change));
        let told: BTreeSet<&Fingerprint> =
            proposal.changes.iter().map(|change| &change.fingerprint).collect();
        let untold = || {
            let is_told = |change: &Change| told.contains(&change.fingerprint);
            changes.changes.iter().filter(move |change| !change.is_cosmetic() && !is_told(change))
        };
        let rerouted = || untold().filter(|change| change.row.is_some());
        let models = if prover.is_some() && rerouted().next().is_some() {
            let model = |workspace: &Workspace, commit| workspace.model(&at(commit));
            let (base, head) = (model(workspace, &sides.base)?, model(workspace, &sides.head)?);
            Some([base, head, model(&both, &commit)?])
        } else {
            None
        };
        let sent =
            models.as_ref().zip(prover).map(|(models, prover)| Sent::of(models.each_ref(), prover));
        let known_rows = rerouted().filter(|change| known(change));
        let grown = sent.as_ref().map(|sent| sent.grown(known_rows)).unwrap_or_default();
        let is_new =
            |change: &Change| sent.as_ref().is_some_and(|sent| sent.is_new_to_head(change));
        let interactions = untold()
            .filter(|change| !known(change) || grown.contains(&change.fingerprint))
            .map(|change| Interaction { change: change.clone(), is_new_to_both: is_new(change) })
            .collect();
        let is_left = |change: &Change| changes.changes.iter().any(|other| is_same(other, change));
        let mut already: Vec<&Change> = proposal
            .changes
            .iter()
            .filter(|change| !change.is_cosmetic() && conflicts.is_empty() && !is_left(change))
            .collect();
        if !already.is_empty() {
            let meanwhile = workspace.changes(&at(&sides.merge_base), &at(&sides.base), None)?;
            already.retain(|change| !is_left_renamed(change, &changes, &meanwhile));
        }
        let already_there = already.into_iter().map(|change| change.fingerprint.clone()).collect();
        let broken = if conflicts.is_empty() {
            judge.broken((&both, &commit), workspace)?
        } else {
            Vec::new()
        };
        Ok(Self { interactions, already_there, conflicts, broken })
    }
}

/// Whoever says what is wrong, by the policy of the base.
struct Judge<'a> {
    sides: &'a Sides,
    policy: &'a Model,
    as_of: Date,
}

impl Judge<'_> {
    /// What is wrong with what comes of a proposal, and not with the base: also where either side is
    /// fine alone.
    fn broken(
        &self,
        (seen, outcome): (&Workspace, &Commit),
        workspace: &Workspace,
    ) -> Result<Vec<Finding>, HistoryError> {
        let mut broken = self.errors(seen, outcome)?;
        if broken.is_empty() {
            return Ok(broken);
        }
        let known = self.errors(workspace, &self.sides.base)?;
        let is_known = |finding: &Finding| {
            known.iter().any(|other| {
                (other.rule, &other.address, &other.message)
                    == (finding.rule, &finding.address, &finding.message)
            })
        };
        broken.retain(|finding| !is_known(finding));
        Ok(broken)
    }

    fn errors(&self, workspace: &Workspace, commit: &Commit) -> Result<Vec<Finding>, HistoryError> {
        let change_kinds = CATALOGUE.ids();
        let options = Options {
            as_of: self.as_of,
            folder: &workspace.folder,
            from: &self.sides.head_name,
            change_kinds: &change_kinds,
            limits: workspace.limits,
            budget: DEFAULT_BUDGET,
            policy: Some(self.policy),
        };
        let files = workspace.files(&At::Commit(Box::new(commit.clone())))?;
        let report = check(files, options).map_or_else(|_| Vec::new(), |report| report.findings);
        Ok(report.into_iter().filter(|finding| finding.severity == Severity::Error).collect())
    }
}

/// Whether two changes say the same: of records that go elsewhere, that they go from one rule to
/// another, whatever other rules take before.
fn is_same(one: &Change, other: &Change) -> bool {
    one.fingerprint == other.fingerprint
        || (one.row.is_some()
            && other.row.is_some()
            && one.kind.id == other.kind.id
            && one.address == other.address
            && one.before == other.before
            && one.after == other.after)
}

/// Whether a change is still to be made at the name that the base gave meanwhile to what it is about.
fn is_left_renamed(change: &Change, left: &ChangeSet, meanwhile: &ChangeSet) -> bool {
    let renames = meanwhile.changes.iter().filter(|change| change.is_rename());
    let mut names = renames.filter_map(|rename| {
        let behind = change.address.behind(rename.previous.as_ref()?.as_str())?;
        Some(format!("{}{behind}", rename.address))
    });
    names.any(|name| {
        left.changes.iter().any(|other| {
            other.address.as_str() == name
                && (&other.kind.id, &other.before, &other.after)
                    == (&change.kind.id, &change.before, &change.after)
        })
    })
}

/// What both sides say at the places that a merge left open.
fn of_paths(merged: &[RawFile], paths: Vec<String>) -> Vec<Conflict> {
    let text = |path: &str| {
        merged.iter().find(|file| file.path == path).and_then(|file| match &file.content {
            RawContent::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        })
    };
    let conflict = |path: String| {
        let places = text(&path).map(|text| places(&text)).unwrap_or_default();
        Conflict { path, places }
    };
    paths.into_iter().map(conflict).collect()
}

/// The lines between the markers of a merge.
fn places(text: &str) -> Vec<Sided> {
    let mut places = Vec::new();
    let mut side: Option<(bool, Sided)> = None;
    for line in text.lines() {
        if line.starts_with("<<<<<<<") {
            side = Some((false, Sided { base: String::new(), head: String::new() }));
        } else if line.starts_with(">>>>>>>") {
            places.extend(side.take().map(|(_, sided)| sided));
        } else if let Some((in_head, sided)) = &mut side {
            if line.starts_with("=======") {
                *in_head = true;
            } else {
                let into = if *in_head { &mut sided.head } else { &mut sided.base };
                into.push_str(line);
                into.push('\n');
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_read_between_the_markers() {
        let text = "a\n<<<<<<< ours\nb\n=======\nc\nd\n>>>>>>> theirs\ne\n";
        let expected = Sided { base: "b\n".to_owned(), head: "c\nd\n".to_owned() };
        assert_eq!(places(text), [expected]);
        assert_eq!(places("plain\n"), []);
    }
}
