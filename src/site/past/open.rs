//! What is open: proposals that wait, approvals that are missing, and what should have happened.

use super::{Asked, Row};
use crate::audit::{Drift, Standing};
use crate::change::Change;
use crate::document::Node;
use crate::git::{Commit, GitError, ObjectId};
use crate::history::{HistoryError, Workspace};
use crate::model::Model;
use crate::proof::Prover;
use crate::review::{Request, Review, Sides, SidesError, Verdict, Wanted};
use crate::rights::{Missing, Requirement};
use crate::view::verdict_words;
use jiff::Timestamp;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// So many proposals are told, the newest; the others are counted.
const PROPOSALS: usize = 10;

/// What waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waiting {
    /// The branches that would change the model, the newest first.
    pub proposals: Vec<Proposed>,
    /// How many branches there are besides that nobody looked into.
    pub more: usize,
    /// The revisions with changes whose approval is not recorded, the newest first.
    pub approvals: Vec<Unapproved>,
}

/// A branch that is not part of the main line and would change the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The branch.
    pub branch: String,
    /// Its tip.
    pub id: String,
    /// The day its tip was recorded.
    pub day: String,
    /// Who wrote its tip.
    pub author: String,
    /// The first line of its tip's message.
    pub subject: String,
    /// Why it cannot be merged as it is, in the words of `opmodel review`; none where it can, once whoever
    /// has to has agreed.
    pub refused: Option<String>,
    /// What is in the way of that, in words.
    pub mend: Vec<String>,
    /// What it would change, gravest first: the address, and a sentence.
    pub changes: Vec<(String, String)>,
    /// How many changes follow from these.
    pub follow: usize,
    /// Whose approval is missing, in words.
    pub missing: Vec<String>,
}

/// A revision with changes whose approval is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unapproved {
    /// The number of the revision.
    pub revision: usize,
    /// The entities that are concerned, under the names of that day.
    pub entities: Vec<String>,
    /// What is missing, in words.
    pub missing: Vec<String>,
}

/// What should have happened already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// What it is about.
    pub address: String,
    /// The name people use.
    pub name: String,
    /// Whoever owns it, where somebody does: the address of a role.
    pub owner: Option<String>,
    /// The last day on which it would have been in time.
    pub by: String,
    /// How many days that is ago.
    pub days: i64,
    /// What it is.
    pub what: Due,
}

/// What can be overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// It was to be reviewed.
    Review,
    /// An exception that is past its last day and still there.
    Exception,
    /// A pilot that is over and still there.
    Pilot,
}

impl Due {
    /// What is the matter, in words that follow the name.
    pub fn words(self) -> &'static str {
        match self {
            Self::Review => "was to be reviewed by",
            Self::Exception => "is an exception that expired on",
            Self::Pilot => "is a pilot that ended on",
        }
    }
}

/// What should have happened by a day, the longest overdue first.
pub(super) fn overdue(model: &Model, drift: &Drift, as_of: Date) -> Vec<Overdue> {
    let mut found = Vec::new();
    let days = |by: Date| by.until(as_of).map_or(0, |span| i64::from(span.get_days()));
    for entity in model.entities() {
        let ends = (entity.address.kind() == "pilot").then_some(("ends", Due::Pilot));
        for (property, what) in [("review_by", Due::Review)].into_iter().chain(ends) {
            let by = entity.table.get(property).and_then(Node::as_date);
            let Some(by) = by.filter(|by| *by < as_of) else { continue };
            found.push(Overdue {
                address: entity.address.to_string(),
                name: entity.name().to_owned(),
                owner: entity.table.text("owner").map(str::to_owned),
                by: by.to_string(),
                days: days(by),
                what,
            });
        }
    }
    found.extend(drift.expired.iter().map(|expired| Overdue {
        address: expired.exception.clone(),
        name: expired.name.clone(),
        owner: expired.approved_by.clone(),
        by: expired.expired.clone(),
        days: expired.days_over,
        what: Due::Exception,
    }));
    found.sort_by(|a, b| (Reverse(a.days), &a.address).cmp(&(Reverse(b.days), &b.address)));
    found
}

/// The revisions with changes that somebody wrote and whose approval is not recorded.
pub(super) fn unapproved(register: &[Row]) -> Vec<Unapproved> {
    let mut found: BTreeMap<usize, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for row in register.iter().filter(|row| row.entry.direct) {
        if !matches!(row.entry.standing, Standing::Unapproved | Standing::Unclaimed) {
            continue;
        }
        let (entities, missing) = found.entry(row.revision).or_default();
        entities.insert(&row.entity);
        missing.extend(row.entry.missing.iter().map(String::as_str));
    }
    let texts = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
    let told = found.into_iter().rev().map(|(revision, (entities, missing))| Unapproved {
        revision,
        entities: texts(entities),
        missing: texts(missing),
    });
    told.collect()
}

/// The branches that would change the model, the newest first, and how many nobody looked into.
pub(super) fn proposals(
    workspace: &Workspace,
    asked: &Asked<'_>,
) -> Result<(Vec<Proposed>, usize), HistoryError> {
    let repository = workspace.repository()?;
    let default = repository.default_branch();
    let mut tips: BTreeMap<ObjectId, String> = BTreeMap::new();
    for (name, id) in repository.branches()? {
        // What the default branch has is no proposal, wherever it stands.
        let is_default = default
            .as_ref()
            .is_some_and(|default| name == *default || name.ends_with(&format!("/{default}")));
        if !is_default && id != asked.tip.id {
            tips.entry(id).or_insert(name);
        }
    }
    let mut open: Vec<(Commit, String)> = Vec::new();
    for (id, name) in tips {
        match repository.commit(id) {
            Ok(commit) => open.push((commit, name)),
            Err(error) if is_cut_off(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    open.sort_by_key(|(commit, name)| (Reverse(commit.committer_time.seconds), name.clone()));
    let mut found = Vec::new();
    let mut more = 0;
    for (commit, name) in open {
        if !changes_model(workspace, asked.tip, &commit)? {
            continue;
        }
        if found.len() == PROPOSALS {
            more += 1;
            continue;
        }
        found.extend(proposed(workspace, asked, &commit, name)?);
    }
    Ok((found, more))
}

/// Whether a branch changes the model's files since it left the main line.
fn changes_model(workspace: &Workspace, tip: &Commit, head: &Commit) -> Result<bool, HistoryError> {
    let repository = workspace.repository()?;
    let base = match repository.merge_base(tip.id, head.id) {
        Ok(base) => base,
        Err(error) if is_cut_off(&error) => None,
        Err(error) => return Err(error.into()),
    };
    let Some(base) = base.filter(|base| base.id != head.id) else { return Ok(false) };
    let folder = |commit: &Commit| repository.folder_tree(commit.tree, &workspace.folder);
    Ok(folder(&base)? != folder(head)?)
}

/// What a branch proposes; nothing where the main line has all of it already.
fn proposed(
    workspace: &Workspace,
    asked: &Asked<'_>,
    head: &Commit,
    branch: String,
) -> Result<Option<Proposed>, HistoryError> {
    let (base, id) = (asked.tip.id.to_string(), head.id.to_string());
    let wanted = Wanted { base: Some(&base), head: Some(&id), policy: None };
    let repository = workspace.repository()?;
    let sides = match Sides::find(repository, wanted) {
        Ok(sides) => sides,
        Err(SidesError::Git(error)) if !is_cut_off(&error) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let as_of = Timestamp::from_second(head.committer_time.seconds).unwrap_or_default();
    let request = Request {
        prover: Some(Prover { as_of, budget: asked.budget }),
        as_of: asked.as_of,
        reviews: &[],
        evidence: &[],
        expected: None,
    };
    let review = match Review::of(workspace, sides, &request) {
        Ok(review) => review,
        Err(HistoryError::Git(error)) if is_cut_off(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_left = |change: &&Change| {
        !change.is_cosmetic() && !review.already_there.contains(&change.fingerprint)
    };
    let (direct, follow): (Vec<&Change>, Vec<&Change>) =
        review.changes().filter(is_left).partition(|change| change.caused_by.is_empty());
    // A file that cannot be read may change anything.
    let refused = review.verdict == Verdict::Refused;
    if direct.is_empty() && follow.is_empty() && !refused {
        return Ok(None);
    }
    let told = |change: &&Change| (change.address.to_string(), change.summary.clone());
    let missing: BTreeSet<String> = review
        .plan
        .requirements
        .iter()
        .flat_map(Requirement::missing)
        .map(|missing| match missing {
            Missing::Evidence(kind) => format!("what the proposal must show: {kind}"),
            other => other.to_string(),
        })
        .collect();
    Ok(Some(Proposed {
        branch,
        id,
        day: super::revisions::day(head.committer_time.seconds),
        author: repository.mailmap().current(&head.author).name,
        subject: head.subject.clone(),
        refused: refused.then(|| verdict_words(&review)),
        mend: mend(&review),
        changes: direct.iter().map(told).collect(),
        follow: follow.len(),
        missing: missing.into_iter().collect(),
    }))
}

/// What keeps a proposal from being merged, whoever signs.
fn mend(review: &Review) -> Vec<String> {
    let conflicts = review.conflicts.iter().map(|it| format!("a conflict in `{}`", it.path));
    let forbidden = review
        .forbidden()
        .map(|change| format!("`{}`: {}; policy forbids it", change.address, change.summary));
    let missing = review.proposal.not_checked.iter();
    let missing = missing.map(|it| format!("`{}` is not compared: {}", it.address, it.reason));
    let broken = review.broken.iter().map(|finding| match &finding.address {
        Some(address) if !finding.message.contains(address.as_str()) => {
            format!("`{address}`: {}", finding.message)
        }
        _ => finding.message.clone(),
    });
    conflicts.chain(forbidden).chain(missing).chain(broken).collect()
}

/// Whether something is not known only because it was not fetched.
pub(super) fn is_cut_off(error: &GitError) -> bool {
    matches!(
        error,
        GitError::Shallow { .. } | GitError::MissingObject { .. } | GitError::PartialClone { .. }
    )
}
