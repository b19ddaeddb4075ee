//! Everything that evidence of a period is made from, gathered from the repository alone.

use super::chain::{Chain, Question, main_line};
use super::package::{Asked, FORMAT, Grounds, Header, MadeBy, SignerSums};
use super::report::Drift;
use super::signatures::{
    SignatureRow, anchors, commit_signatures, on_population, reconciled, tag_signatures,
};
use super::verify::Written;
use crate::git::{Commit, Intact, ObjectId, SignatureCheck, SignerLists, WalkOptions, WalkOrder};
use crate::history::{At, HistoryError, Workspace};
use crate::source::RawFile;

/// What evidence is asked for.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// The stretch of history.
    pub question: Question<'a>,
    /// Whether no end was asked for.
    pub open_end: bool,
    /// By which lists SSH signatures are judged.
    pub lists: &'a SignerLists,
}

/// What a package is made from.
#[derive(Debug)]
pub struct Gathered {
    /// What it is about.
    pub header: Header,
    /// What the history says.
    pub drift: Drift,
    /// The signatures of the period's commits, and of the tags on them.
    pub signatures: Vec<SignatureRow>,
    /// The model's files at the start and at the end.
    pub models: [Vec<RawFile>; 2],
    /// How many objects of the repository were found to be what their names say.
    pub objects: usize,
    /// What is to be known besides.
    pub notes: Vec<String>,
}

impl Gathered {
    /// Gathers it; where a package is verified, as far as that one knew.
    ///
    /// # Errors
    /// The repository does not give what is asked of it, or something in it is not what its name
    /// says.
    pub fn of(
        workspace: &Workspace,
        sought: &Sought<'_>,
        known: Option<&Written>,
    ) -> Result<Self, HistoryError> {
        let question = &sought.question;
        let objects = intact(workspace, question)?;
        let mut drift = Drift::of(workspace, question)?;
        let check = SignatureCheck::new(sought.lists)?;
        let mut rows = commit_signatures(workspace, &drift, &check)?;
        rows.extend(on_population(tag_signatures(workspace, &check)?, &drift));
        let mut notes = Vec::new();
        let mut history = grounds(workspace, question, &drift)?;
        let mut tool = MadeBy::this();
        if let Some((known, header)) = known.and_then(|known| Some((known, known.header().ok()?))) {
            (rows, notes) = reconciled(rows, &known.signatures());
            // What is told of the clone the package was made in cannot be seen in another one.
            let Grounds { shallow, replace_refs, grafts, .. } = header.history;
            history = Grounds { shallow, replace_refs, grafts, ..history };
            tool = header.tool.clone();
        }
        let found = &mut drift.population.completeness;
        (found.shallow, found.grafts) = (history.shallow, history.grafts);
        found.replace_refs = history.replace_refs;
        drift.population.anchors = anchors(&rows);
        let files = |id: &Option<String>| match commit(workspace, id.as_deref())? {
            Some(commit) => workspace.files(&At::Commit(Box::new(commit))),
            None => Ok(Vec::new()),
        };
        let models = [files(&drift.period.start)?, files(&drift.period.end)?];
        let header = Header {
            format_version: FORMAT.to_owned(),
            tool,
            asked: Asked {
                near_end_days: question.days,
                budget: question.budget,
                open_end: sought.open_end,
            },
            period: drift.period.clone(),
            history,
            signers: SignerSums::of(sought.lists),
        };
        Ok(Self { header, drift, signatures: rows, models, objects, notes })
    }
}

/// Looks whether all that the evidence rests on is there and is what its name says: the commits of
/// the period with those of the branches that were merged, and what they hold of the model, of
/// approvals and of the names of people.
fn intact(workspace: &Workspace, question: &Question<'_>) -> Result<usize, HistoryError> {
    let repository = workspace.repository()?;
    let start = Chain::of(workspace, question)?.start;
    let ledger = workspace.ledger_folder();
    let paths = [workspace.folder.as_str(), ledger.as_str(), ".mailmap"];
    let mut intact = Intact::default();
    if let Some(commit) = &start {
        repository.prove_intact(commit, &paths, &mut intact)?;
    }
    let options = WalkOptions {
        tips: vec![question.tip.id],
        hide: start.iter().map(|commit| commit.id).collect(),
        first_parent: false,
        order: WalkOrder::NewestFirst,
        ..WalkOptions::default()
    };
    for commit in repository.walk(options) {
        repository.prove_intact(&commit?, &paths, &mut intact)?;
    }
    Ok(intact.count())
}

fn grounds(
    workspace: &Workspace,
    question: &Question<'_>,
    drift: &Drift,
) -> Result<Grounds, HistoryError> {
    let mut first = None;
    for commit in main_line(workspace, question.tip)? {
        first = Some(commit?);
    }
    let id = |commit: Commit| commit.id.to_string();
    let (ended_at, first_commit) = match first {
        Some(commit) if commit.boundary => (Some(id(commit)), None),
        first => (None, first.map(id)),
    };
    let tree = |id: &Option<String>| -> Result<Option<String>, HistoryError> {
        let Some(commit) = commit(workspace, id.as_deref())? else { return Ok(None) };
        let tree = workspace.repository()?.folder_tree(commit.tree, &workspace.folder)?;
        Ok(tree.map(|tree| tree.to_string()))
    };
    let found = &drift.population.completeness;
    Ok(Grounds {
        first_commit,
        ended_at,
        model_at_start: tree(&drift.period.start)?,
        model_at_end: tree(&drift.period.end)?,
        shallow: found.shallow,
        replace_refs: found.replace_refs,
        grafts: found.grafts,
    })
}

fn commit(workspace: &Workspace, id: Option<&str>) -> Result<Option<Commit>, HistoryError> {
    match id.and_then(ObjectId::from_hex) {
        Some(id) => Ok(Some(workspace.repository()?.commit(id)?)),
        None => Ok(None),
    }
}
