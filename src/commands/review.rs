//! `opmodel review`: what a proposal means, and who must sign it.

use super::approvals::{Evidence, reviews_of};
use super::effort::Effort;
use super::exports::{Reading, Written};
use super::handed::{SMALL, handed};
use super::impact::OnRecords;
use super::output::Forms;
use super::{Failure, Session};
use crate::change::Impact;
use crate::git::Commit;
use crate::history::{At, Workspace};
use crate::report::{excerpts, github, json, junit, sarif, text};
use crate::review::{Expected, Request, Review as Reviewed, Sides, SidesError, Verdict, Wanted};
use crate::rights::Approval;
use crate::source::{RawContent, RawFile};
use crate::view::{
    ImpactReport, ReviewReport, RevisionRow, review_comment, review_failures, review_findings,
    review_page, review_scan,
};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The forms of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// The comment of a pull request.
    Markdown,
    /// For programs; `opmodel schema output-review` describes it.
    Json,
    /// Annotations of a workflow log.
    Github,
    /// SARIF 2.1.0, for code scanners: what changes and what stands in the way.
    Sarif,
    /// Test results, for what shows such.
    Junit,
}

/// What a proposal may be held to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    /// Nothing but form.
    Cosmetic,
}

/// Say what a proposal means, whose approval it needs, and whether it has it.
///
/// Compares what the head proposes since it left the base, looks at what would come of merging it
/// into the base as it is now, and judges both by the levels, decision rights, roles and exceptions
/// of the base: nobody is judged by rules of their own. Approvals come from a reviews file of the
/// forge, from `Approved-by:` trailers, and from the files in `approvals/` that `opmodel approve`
/// writes; each counts for exactly the changes that it was given for. Exits with 0 when it can be
/// merged, with 3 while signatures are missing, and with 1 when nobody may sign it away.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel review                                  what HEAD proposes for the default branch\n  opmodel review main --head proposal/new-mql     another branch\n  opmodel review --approvals reviews.json         with what was approved at the forge\n  opmodel review --output markdown=comment.md --output sarif=review.sarif\n  opmodel review --records leads.csv              with what it does to real leads
  opmodel review --only cosmetic                  fail if anything but form changes\n  opmodel review --expect intent.toml             fail if it does not do what it says\n\nReviews of the forge are bound to whoever is logged in. A trailer, an entry below approvals/ and the name of a commit's author are as trustworthy as whoever may push to the branch: protect it, or sign by review."
)]
pub struct Review {
    /// The branch it is proposed for; the remote's default branch, else `main` or `master`.
    #[arg(value_name = "BASE")]
    base: Option<String>,
    /// What is proposed.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    head: String,
    /// Read levels, decision rights, roles and exceptions from here instead of the base.
    #[arg(long, value_name = "REV")]
    policy_from: Option<String>,
    /// The reviews of the pull request, as GitHub's API lists them; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    approvals: Option<PathBuf>,
    /// What comes with the proposal beside the changes, such as a rollback note. An `Evidence:` trailer of a commit says the same.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    evidence: Vec<Evidence>,
    /// A file of records: what the proposal does to them is told with it, as evidence; may be given several times.
    #[arg(long, value_name = "FILE")]
    records: Vec<String>,
    #[command(flatten)]
    written: Written,
    /// The field of the records whose amounts are added up beside the counts.
    #[arg(long, value_name = "FIELD", requires = "records")]
    sum: Option<String>,
    /// Fail if the proposal does anything else than this file says, or less; `opmodel explain expect` has its form.
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    expect: Option<String>,
    /// Fail if the proposal does more than this.
    #[arg(long, value_name = "WHAT")]
    only: Option<Only>,
    /// Print nothing where the meaning does not change; a file of `--output` is taken away.
    #[arg(long)]
    skip_empty: bool,
    /// Exit with 4 when it could not be decided what some change does, and nothing else is wrong.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl Review {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let read = self.records.iter().chain(&self.expect).cloned();
        let reviews = self.approvals.as_ref().map(|path| path.to_string_lossy().into_owned());
        let read: Vec<String> = read.chain(reviews).collect();
        self.forms.refuse(&session.directory(), &read)?;
        if read.iter().filter(|name| *name == "-").count() > 1 {
            let help = "name `-` once";
            return Err(Failure::usage("standard input can be read only once", help));
        }
        let workspace = session.unread_workspace()?;
        let wanted = Wanted {
            base: self.base.as_deref(),
            head: Some(&self.head),
            policy: self.policy_from.as_deref(),
        };
        let sides = Sides::find(workspace.repository()?, wanted)?;
        for note in &sides.notes {
            session.note(note);
        }
        let reviews = self.reviews(session)?;
        let Ok(expected) = self.expected(session)? else { return Ok(1) };
        let states = [&sides.base, &sides.head].map(|commit| At::Commit(Box::new(commit.clone())));
        let prover = self.effort.prover(session, &states)?;
        let impact = self.impact(session, &workspace, &sides, prover.budget)?;
        let mut evidence: Vec<&str> = self.evidence.iter().map(|kind| kind.word()).collect();
        let is_told = |impact: &&ImpactReport| impact.read.records > 0;
        evidence.extend(impact.as_ref().filter(is_told).map(|_| Evidence::RecordsImpact.word()));
        let as_of = self.effort.day(session)?;
        let request = Request {
            prover: Some(prover),
            as_of,
            reviews: &reviews,
            evidence: &evidence,
            expected: expected.as_ref(),
        };
        let review = Reviewed::of(&workspace, sides, &request)?;
        let is_quiet = matches!(review.verdict, Verdict::Nothing | Verdict::FormOnly);
        if self.skip_empty && is_quiet {
            session.deliver_nothing(&self.forms)?;
        } else {
            let impact = impact.as_ref();
            session.deliver(&self.forms, |format, options| match format {
                Format::Text => text(&review_page(&review, impact), options),
                Format::Markdown => review_comment(&review, impact),
                Format::Json => json(&ReviewReport::new(&review, impact)),
                Format::Github => github(&review_findings(&review)),
                Format::Sarif => {
                    let (findings, rules) = review_scan(&review);
                    sarif(&findings, &rules)
                }
                Format::Junit => junit("opmodel review", &review_failures(&review)),
            })?;
        }
        let code = review.verdict.exit_code();
        let undecided = review.changes().any(|change| change.impact == Impact::Undecided);
        Ok(if code == 0 && self.strict && undecided { 4 } else { code })
    }

    /// What the proposal does to real records, where some were named.
    fn impact(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        sides: &Sides,
        budget: u64,
    ) -> Result<Option<ImpactReport>, Failure> {
        if self.records.is_empty() {
            return match self.written.given() {
                Some(option) => {
                    let message = format!("`{option}` is about records, and none are named");
                    Err(Failure::usage(message, "name a file of them: `--records FILE`"))
                }
                None => Ok(None),
            };
        }
        let as_of = self.effort.written().map(str::to_owned);
        let reading = Reading::of(self.written.clone(), as_of);
        let question =
            OnRecords { files: &self.records, sum: self.sum.as_deref(), reading: &reading, budget };
        let at = |commit: &Commit| At::Commit(Box::new(commit.clone()));
        let row = |name: &str, commit: &Commit| RevisionRow {
            rev: name.to_owned(),
            commit: Some(commit.id.to_string()),
            dated: None,
        };
        let (from, to) = (at(&sides.merge_base), at(&sides.head));
        let base = row(&sides.base_name, &sides.merge_base);
        let head = row(&sides.head_name, &sides.head);
        question.report(session, workspace, [(&from, base), (&to, head)]).map(Some)
    }

    fn reviews(&self, session: &Session<'_>) -> Result<Vec<Approval>, Failure> {
        let file = self.approvals.as_deref();
        file.map_or_else(|| Ok(Vec::new()), |path| reviews_of(session, path))
    }

    /// What the author announced; an error inside is a file that says it wrongly, which was shown.
    fn expected(&self, session: &mut Session<'_>) -> Result<Result<Option<Expected>, ()>, Failure> {
        let Some(path) = &self.expect else {
            return Ok(Ok(self.only.map(|Only::Cosmetic| Expected::Cosmetic)));
        };
        let full = session.directory().join(path);
        let bytes = handed(session, &full, SMALL);
        let bytes = bytes.map_err(|error| Failure::disk("read", path, error))?;
        let file = RawFile { path: path.clone(), content: RawContent::Bytes(bytes) };
        match Expected::read(file) {
            Ok(expected) => Ok(Ok(Some(expected))),
            Err(findings) => {
                let shown = excerpts(&findings, session.text_options());
                session.write(&shown)?;
                Ok(Err(()))
            }
        }
    }
}

impl From<SidesError> for Failure {
    fn from(error: SidesError) -> Self {
        let message = error.to_string();
        match error {
            SidesError::Git(error) => error.into(),
            SidesError::NoBase => {
                let help = "name the branch it is proposed for: `trunk`, or `trunk...HEAD`";
                Self::World { message, help: Some(help.to_owned()) }
            }
            SidesError::OwnPolicy(_) => {
                Self::usage(message, "leave `--policy-from` out: the base is taken then")
            }
        }
    }
}
