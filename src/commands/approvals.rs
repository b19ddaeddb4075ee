//! `opmodel approvals`: who must agree to a proposal, who has, and what is missing.

use super::effort::Effort;
use super::handed::{LARGE, handed};
use super::revision::NamedAt;
use super::{Failure, Session};
use crate::finding::Severity;
use crate::git::{Commit, Range, Repository};
use crate::history::{At, Workspace};
use crate::report::json;
use crate::review::{Request, Review, Sides};
use crate::rights::{Approval, reviews};
use crate::view::{ApprovalsReport, approvals_page};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// The forms of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-approvals` describes it.
    Json,
}

/// What can be in a pull request beside the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Evidence {
    /// What the change does to real records.
    RecordsImpact,
    /// How the change is taken back.
    RollbackNote,
    /// The change applied to the records of the past.
    Backtest,
    /// What people are told.
    Announcement,
}

impl Evidence {
    /// As a decision right names it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::RecordsImpact => "records impact",
            Self::RollbackNote => "rollback note",
            Self::Backtest => "backtest",
            Self::Announcement => "announcement",
        }
    }
}

/// Say who must agree to a proposal, who has, and what is missing.
///
/// Levels, decision rights, roles, exceptions and `.mailmap` are those of the base: a proposal
/// does not choose its own judges. Approvals come from a file of reviews as the forge returns it,
/// from `Approved-by:` and `Reviewed-by:` trailers of the proposal's commits, and from the files
/// that `opmodel approve` writes. A review or trailer counts for the changes as they were at its
/// commit, an entry of a file for one change; when what a change means is another, it is asked for
/// again. Exits with 3 when something is missing, and with 1 when policy forbids a change.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel approvals                      what this branch needs, against the default branch\n  opmodel approvals main...proposal      what another one needs\n  opmodel approvals origin/main...HEAD   the same where the base is named, as in CI\n  opmodel approvals --approvals reviews.json\n  opmodel approvals --evidence rollback-note --format json\n\nA file of reviews is what GitHub's REST API returns:\n  gh api --paginate repos/OWNER/REPOSITORY/pulls/NUMBER/reviews > reviews.json"
)]
pub struct Approvals {
    /// The proposal: `A...B`, `A..B`, or a revision that is proposed against the default branch;
    /// `HEAD` where none is given.
    #[arg(value_name = "RANGE")]
    range: Option<String>,
    /// A file of reviews, as GitHub's REST API returns those of a pull request; `-` is standard input.
    #[arg(long = "approvals", value_name = "FILE")]
    reviews: Option<PathBuf>,
    /// What is in the pull request beside the change.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    evidence: Vec<Evidence>,
    #[command(flatten)]
    effort: Effort,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Approvals {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let spec = self.range.as_deref().unwrap_or("HEAD");
        let range = workspace.repository()?.parse_range(spec)?;
        let mut sides = Sides::of_range(workspace.repository()?, &range)?;
        name(workspace.repository()?, spec, &mut sides);
        for note in &sides.notes {
            session.note(note);
        }
        let reviews = match &self.reviews {
            Some(path) => reviews_of(session, path)?,
            None => Vec::new(),
        };
        let as_of = self.effort.day(session)?;
        let states = [&sides.base, &sides.head].map(|side| At::Commit(side.clone().into()));
        let prover = self.effort.prover(session, &states)?;
        let evidence: Vec<&str> = self.evidence.iter().map(|kind| kind.word()).collect();
        let request = Request {
            prover: Some(prover),
            as_of,
            reviews: &reviews,
            evidence: &evidence,
            expected: None,
        };
        let review = Review::of(&workspace, sides, &request)?;
        note_uncommitted(session, &workspace, &review.sides.head)?;
        if matches!(range, Range::Single(_)) {
            note_other_way_round(session, &workspace, &review.sides)?;
        }
        let (plan, changes, findings) = (&review.plan, review.all(), &review.ledger);
        match self.format {
            Format::Text => session.page(&approvals_page(&review))?,
            Format::Json => {
                let side = |commit: &Commit| {
                    NamedAt::new(At::Commit(commit.clone().into()), commit.id.short()).row()
                };
                let sides = [side(&review.sides.merge_base), side(&review.sides.head)];
                let report = ApprovalsReport::new(plan, &changes, sides, as_of, findings);
                session.write(&json(&report))?;
            }
        }
        let forbidden = review.forbidden().next().is_some();
        let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
        Ok(match plan.is_met() {
            // As in a review: what nobody may sign away weighs more than what is not signed yet.
            _ if forbidden => 1,
            false => 3,
            // A result must never look whole where something was not read.
            true if broken || !changes.not_checked.is_empty() => 1,
            true => 0,
        })
    }
}

/// Calls the sides of a range as they were written, where that is what they are.
fn name(repository: &Repository, spec: &str, sides: &mut Sides) {
    let called = |name: &str, commit: &Commit| {
        let name = if name.is_empty() { "HEAD" } else { name };
        let is_it = repository.resolve(name).is_ok_and(|named| named.id == commit.id);
        if is_it { name.to_owned() } else { commit.id.short() }
    };
    let apart = spec.split_once("...").or_else(|| spec.split_once(".."));
    if let Some((base, _)) = apart {
        sides.base_name = called(base, &sides.base);
    } else if sides.base_name == sides.base.id.to_string() {
        sides.base_name = sides.base.id.short();
    }
    sides.head_name = called(apart.map_or(spec, |(_, head)| head), &sides.head);
}

/// Says so where the branch that something is proposed for was taken for the proposal, as `review`
/// would take it: the answer is that nothing is missing, whatever is proposed here.
fn note_other_way_round(
    session: &mut Session<'_>,
    workspace: &Workspace,
    sides: &Sides,
) -> Result<(), Failure> {
    let repository = workspace.repository()?;
    let Ok(here) = repository.resolve("HEAD") else { return Ok(()) };
    if sides.is_merged() && !repository.merge_bases(here.id, sides.base.id)?.contains(&here.id) {
        let name = &sides.head_name;
        session.note(&format!(
            "`{name}` was read as the proposal; what `HEAD` proposes for it is \
             `opmodel approvals {name}...HEAD`"
        ));
    }
    Ok(())
}

/// The approvals of a file of reviews.
pub(super) fn reviews_of(session: &Session<'_>, path: &Path) -> Result<Vec<Approval>, Failure> {
    let bytes = handed(session, path, LARGE).map_err(|error| Failure::handed(path, error))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::World {
        message: format!("`{}` is not UTF-8 text", path.display()),
        help: Some(
            "write it anew; PowerShell before version 7 writes another encoding with `>`"
                .to_owned(),
        ),
    })?;
    reviews(&text).map_err(|error| Failure::World {
        message: format!("`{}`, {error}", path.display()),
        help: Some(error.help().to_owned()),
    })
}

/// Says that approvals on disk do not count before they are committed.
fn note_uncommitted(
    session: &mut Session<'_>,
    workspace: &Workspace,
    head: &Commit,
) -> Result<(), Failure> {
    let repository = workspace.repository()?;
    let is_here = repository.resolve("HEAD").is_ok_and(|tip| tip.id == head.id);
    if !is_here || repository.is_bare() {
        return Ok(());
    }
    let head = At::Commit(head.clone().into());
    let committed = workspace.ledger(&head)?;
    let open: Vec<String> = workspace
        .ledger(&At::WorkTree)?
        .into_iter()
        .filter(|file| !committed.contains(file))
        .map(|file| format!("`{}`", file.path))
        .collect();
    if !open.is_empty() {
        let files = open.join(", ");
        session.note(&format!("not committed yet, and so it does not count: {files}"));
    }
    Ok(())
}
