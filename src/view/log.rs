//! The history of a model as data, and as commits with their changes below them.

use super::difference::ChangeRow;
use super::log_line::{
    CUT_OFF, CUT_OFF_HELP, Telling, Told, approved_by, changed_words, reused, told,
};
use super::words::{count, instant, list_of, when};
use crate::change::Change;
use crate::git::{Commit, Person};
use crate::history::{Approver, Provenance, Step};
use crate::report::{Block, Line, Page, Style};
use crate::rights::ApprovalSource;
use schemars::JsonSchema;
use serde::Serialize;

/// One line of `log --format json`: a change, or a file that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogRow {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The commit.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Who wrote it.
    pub author: PersonRow,
    /// Who recorded it.
    pub committer: PersonRow,
    /// The first line of its message.
    pub subject: String,
    /// The pull or merge request its message names, as the forge writes it: `#12`, `!12`.
    pub pull_request: Option<String>,
    /// The merge that brought it to the main line, where one did.
    pub brought_by: Option<MergeRow>,
    /// Whether it is a merge, and says something that none of its parents says.
    pub in_merge: bool,
    /// Who is named as having approved the change: in a trailer or in the ledger beside the model.
    /// Whether it counts is not judged here.
    pub approvers: Vec<ApproverRow>,
    /// What was done, in a word.
    pub verb: Option<&'static str>,
    /// The change.
    pub change: Option<ChangeRow>,
    /// A file that cannot be read in this commit, and why.
    pub unreadable: Option<UnreadableRow>,
    /// Whether the history before this commit was not fetched.
    pub cut_off: bool,
    /// The later commit since which the id that the change takes away, or gives up for another, stands for
    /// something else.
    pub id_reused_in: Option<String>,
}

/// A merge that brought a commit to the main line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MergeRow {
    /// The merge.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// The first line of its message.
    pub subject: String,
}

impl From<&Commit> for MergeRow {
    fn from(merge: &Commit) -> Self {
        Self {
            commit: merge.id.to_string(),
            record_time: instant(merge.committer_time),
            subject: merge.subject.clone(),
        }
    }
}

/// Somebody who is named as having approved.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ApproverRow {
    /// The name.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The login at the forge.
    pub login: Option<String>,
    /// The role they gave it in, where they said so.
    pub role: Option<String>,
    /// The commit whose trailer says so.
    pub commit: Option<String>,
    /// The file of the ledger that says so.
    pub path: Option<String>,
}

impl From<&Approver> for ApproverRow {
    fn from(approver: &Approver) -> Self {
        let (commit, path) = match &approver.source {
            ApprovalSource::Trailer(commit) => (Some(commit.to_string()), None),
            ApprovalSource::Ledger(path) => (None, Some(path.clone())),
            ApprovalSource::Review => (None, None),
        };
        let who = approver.who.clone();
        let (name, email, login) = (who.name, who.email, who.login);
        Self { name, email, login, role: approver.role.clone(), commit, path }
    }
}

/// A name and an address.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PersonRow {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
}

/// A file that cannot be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnreadableRow {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl From<&Person> for PersonRow {
    fn from(person: &Person) -> Self {
        Self { name: person.name.clone(), email: person.email.clone() }
    }
}

/// The rows of a step.
pub fn log_rows(step: &Step, provenance: &Provenance) -> Vec<LogRow> {
    let row = |change: Option<&Change>, unreadable| LogRow {
        format_version: "1.0",
        commit: step.commit.id.to_string(),
        record_time: instant(step.commit.committer_time),
        author: (&step.commit.author).into(),
        committer: (&step.commit.committer).into(),
        subject: step.commit.subject.clone(),
        pull_request: provenance.pull_request.map(|request| request.to_string()),
        brought_by: provenance.brought_by.as_ref().map(Into::into),
        in_merge: step.in_merge,
        approvers: change.map_or_else(Vec::new, |change| {
            provenance.approvers(change).into_iter().map(Into::into).collect()
        }),
        verb: change.map(|change| change.kind.verb.word()),
        change: change.map(Into::into),
        unreadable,
        cut_off: step.cut_off,
        id_reused_in: change
            .and_then(|change| step.reused_by(change))
            .map(|(_, commit)| commit.to_string()),
    };
    let unreadable = step.unreadable.iter().map(|file| {
        let file = UnreadableRow { path: file.path.clone(), reason: file.reason.clone() };
        row(None, Some(file))
    });
    let mut rows: Vec<LogRow> = unreadable.collect();
    rows.extend(step.changes.changes.iter().map(|change| row(Some(change), None)));
    if rows.is_empty() {
        rows.push(row(None, None));
    }
    rows
}

/// A step as a page: the commit with its subject, and its changes below it.
pub fn log_page(step: &Step, provenance: &Provenance, telling: Telling) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(commit_line(step, provenance)));
    let told = told(step, telling);
    // Who approved all of it is said once.
    let all = approved_by(provenance, step.changes.changes.first());
    let alike = |told: &Told<'_>| match told {
        Told::Change(change) => approved_by(provenance, Some(change)) == all,
        _ => true,
    };
    let once = told.iter().all(alike);
    if once && !all.is_empty() {
        page.push(Block::Nested(1, Line::new().dim(format!("approved by {}", list_of(&all)))));
    }
    for told in &told {
        page.push(Block::Nested(1, told_line(told)));
        if let (Told::Change(change), false) = (told, once) {
            let named = approved_by(provenance, Some(change));
            if !named.is_empty() {
                let words = format!("approved by {}", list_of(&named));
                page.push(Block::Nested(2, Line::new().dim(words)));
            }
        }
    }
    let cosmetic = step.changes.changes.iter().filter(|c| c.is_cosmetic() && !c.is_rename());
    match cosmetic.filter(|_| !telling.cosmetic).count() {
        0 => {}
        number => {
            let words = count(number, "change", "changes");
            let line = Line::new().dim(format!("cosmetic   {words} of form alone"));
            page.push(Block::Nested(1, line));
        }
    }
    page
}

fn commit_line(step: &Step, provenance: &Provenance) -> Line {
    let line = Line::new()
        .with(Style::Warn, step.commit.id.short())
        .plain(format!(" {} ", when(step.commit.committer_time)))
        .strong(step.commit.author.name.clone())
        .plain(format!("  {}", step.commit.subject));
    let line = match provenance.pull_request.map(|request| request.to_string()) {
        Some(request) if !step.commit.subject.contains(&request) => {
            line.dim(format!("  ({request})"))
        }
        _ => line,
    };
    match &provenance.brought_by {
        Some(merge) => {
            line.dim(format!("  merged by {} {}", merge.id.short(), when(merge.committer_time)))
        }
        None if step.in_merge => line.dim("  in the merge itself"),
        None => line,
    }
}

fn told_line(told: &Told<'_>) -> Line {
    match told {
        Told::Unreadable(file) => {
            let line = Line::new().with(Style::Bad, "unreadable ").code(file.path.clone());
            line.plain(": ").sentence(&file.reason)
        }
        Told::ReadableAgain(path) => {
            let line = Line::new().dim("readable again ").code((*path).to_owned());
            line.dim(", compared with when it last was")
        }
        Told::New(changes) => {
            let number = count(changes.len(), "entity", "entities");
            let line = Line::new().with(Style::Good, "new ").strong(number);
            line.plain(format!(": {}", super::log_line::by_kind(changes)))
        }
        Told::Change(change) | Told::Follows(change) => change_line(change),
        Told::FollowsFolded(number) => {
            let words = count(*number, "change follows", "changes follow");
            Line::new().dim(format!("so         {words} from this (`--expand` lists them)"))
        }
        Told::Reused(address, commit) => {
            let line = Line::new().with(Style::Warn, "id reused ").code(address.to_string());
            line.plain("  ").sentence(&reused(*commit))
        }
        Told::CutOff => Line::new().with(Style::Warn, CUT_OFF).plain("; ").sentence(CUT_OFF_HELP),
    }
}

fn change_line(change: &Change) -> Line {
    let style = super::changes::impact_style(change.impact);
    let line = Line::new()
        .with(style, format!("{} ", change.impact.word()))
        .code(change.address.to_string());
    // Short values say more than a sentence about them.
    match super::changes::short_values(change) {
        _ if !change.caused_by.is_empty() => {
            let causes: Vec<String> =
                change.caused_by.iter().map(|cause| format!("`{cause}`")).collect();
            let because = format!("{}, because of {}", change.summary, list_of(&causes));
            line.plain("  ").sentence(&because)
        }
        Some(values) => line.plain("  ").then(values),
        None => match changed_words(change) {
            Some(words) => line.plain("  ").then(words),
            None => line.plain("  ").sentence(&change.summary),
        },
    }
}
