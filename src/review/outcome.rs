//! What the base would be with the proposal, and where that is more than the proposal says.

use super::{Request, Sides};
use crate::change::{CATALOGUE, Change, ChangeSet, Fingerprint, Policies};
use crate::check::{Options, check};
use crate::finding::{Finding, Severity};
use crate::git::Commit;
use crate::history::{At, HistoryError, Merged, Workspace};
use crate::load::{ModelScope, Router};
use crate::model::Model;
use crate::proof::{DEFAULT_BUDGET, Destination, Fate, Prover, Table, Witness};
use crate::source::{RawContent, RawFile};
use jiff::civil::Date;

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
        let told = |change: &Change| {
            proposal.changes.iter().any(|other| other.fingerprint == change.fingerprint)
        };
        let mut grown = Vec::new();
        if let Some(prover) = prover
            && changes.changes.iter().any(|change| change.row.is_some() && !told(change))
        {
            let model = |workspace: &Workspace, commit| workspace.model(&at(commit));
            let models = [
                model(workspace, &sides.base)?,
                model(workspace, &sides.head)?,
                model(&both, &commit)?,
            ];
            let rows = changes.changes.iter().filter(|change| !told(change) && known(change));
            let has_grown = |change: &&Change| has_grown(change, models.each_ref(), prover);
            grown = rows.filter(has_grown).map(|change| change.fingerprint.clone()).collect();
        }
        let is_grown = |change: &Change| grown.contains(&change.fingerprint);
        let news: Vec<Change> = changes
            .changes
            .iter()
            .filter(|change| !change.is_cosmetic() && (!known(change) || is_grown(change)))
            .cloned()
            .collect();
        let mut interactions: Vec<Interaction> =
            news.into_iter().map(|change| Interaction { change, is_new_to_both: false }).collect();
        if let Some(prover) = prover
            && interactions.iter().any(|interaction| interaction.change.row.is_some())
        {
            let head = workspace.model(&at(&sides.head))?;
            for interaction in &mut interactions {
                interaction.is_new_to_both = is_new(&interaction.change, &head, prover);
            }
        }
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

/// Whether a row of the merge holds a record that the base sends as the row says, and that the head alone
/// sends elsewhere than the merge: nobody who signed the row of the proposal signed for that one.
fn has_grown(change: &Change, [base, head, both]: [&Model; 3], prover: Prover) -> bool {
    let Some(row) = &change.row else { return false };
    let scopes = [base, head, both].map(ModelScope::new);
    let [base, head, both] = scopes.each_ref();
    let routing = change.address.as_str().split('.').take(2).collect::<Vec<_>>().join(".");
    let router = |scope| Some(Router::of(scope, scope.model().get(&routing)?));
    let (Some(base), Some(head), Some(both)) = (router(base), router(head), router(both)) else {
        return false;
    };
    let (Some(base), Some(head), Some(both)) =
        (Table::of(&base), Table::of(&head), Table::of(&both))
    else {
        return false;
    };
    let goes = |table: &Table<'_>, record: &Witness| prover.fate(table, &record.record());
    let beyond = prover.rerouting(&head, &both).rows.into_iter();
    beyond
        .filter(|other| other.after == row.after)
        .any(|other| goes(&base, &other.witness).is_ok_and(|was| was == row.before))
}

/// Whether the head sends the record of a row elsewhere than the merge does.
fn is_new(change: &Change, head: &Model, prover: Prover) -> bool {
    let Some(row) = &change.row else { return false };
    let scope = ModelScope::new(head);
    let routing = change.address.as_str().split('.').take(2).collect::<Vec<_>>().join(".");
    let Some(entity) = head.get(&routing) else { return false };
    let router = Router::of(&scope, entity);
    let Some(table) = Table::of(&router) else { return false };
    let there = prover.fate(&table, &row.witness.record());
    let goes = |fate: &Fate| fate.destination().cloned().unwrap_or_else(Destination::default);
    there.is_ok_and(|there| goes(&there) != goes(&row.after))
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
