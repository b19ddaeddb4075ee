//! One commit of the main line, judged as a proposal to its first parent by the policy of that one.

use super::entry::{Entry, Flag, Judged, Renamed, Standing, Unreadable};
use super::population::{Class, Ground};
use super::signed::Signed;
use crate::change::{Change, ChangeSet, Impact, Level};
use crate::git::{Commit, Mailmap, Person, WalkOptions};
use crate::history::{
    HistoryError, Proposal, PullRequest, Reader, Step, Unreadable as FileUnreadable, Workspace,
    Written,
};
use crate::load;
use crate::model::{Address, Model};
use crate::proof::{Verdict, in_words};
use crate::rights::Refusal;
use crate::source::{RawContent, RawFile};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Judges commits of the main line, quickest newest first. It belongs to one thread.
pub struct Judge {
    workspace: Workspace,
    reader: Reader,
    /// The steps that one question to the prover may take.
    budget: u64,
}

impl Judge {
    /// A judge of commits of a workspace.
    ///
    /// # Errors
    /// There is no repository.
    pub fn new(workspace: &Workspace, budget: u64) -> Result<Self, HistoryError> {
        let workspace = workspace.for_walking();
        let reader = Reader::new(&workspace)?;
        Ok(Self { workspace, reader, budget })
    }

    /// Judges a commit.
    ///
    /// # Errors
    /// The repository does not give what is asked of it. What cannot be read in a commit is no error.
    pub fn judge(&mut self, commit: &Commit) -> Result<Judged, HistoryError> {
        let mut judged = nothing(commit);
        if commit.boundary {
            judged.class = Class::CutOff;
            return Ok(judged);
        }
        let repository = self.workspace.repository()?;
        let parent = commit.parents.first().map(|id| repository.commit(*id)).transpose()?;
        judged.touches = touches(&self.workspace, parent.as_ref(), commit)?;
        let folder = &self.workspace.folder;
        if repository.changed_files(parent.as_ref(), commit, folder)?.is_empty() {
            return Ok(judged);
        }
        judged.class = Class::Cosmetic;
        let shared = Arc::new(commit.clone());
        let mut step = self.reader.by_form(Arc::clone(&shared))?;
        if step.changes.meaningful().next().is_some() {
            let form = step.changes;
            step = self.reader.exactly(shared, self.budget)?;
            judged.entries = self.entries(commit, parent.as_ref(), &mut step, form)?;
            let silenced = judged.entries.iter().filter(|entry| entry.level == Level::Off);
            judged.silenced = silenced.count();
        }
        if !judged.entries.is_empty() {
            judged.class = Class::Changes;
        }
        let (again, once) = self.declared_again(commit, parent.as_ref())?;
        step.unreadable.extend(again);
        step.readable_again.extend(once);
        if !step.unreadable.is_empty() {
            judged.class = Class::Unreadable;
        }
        judged.cosmetic = step.changes.changes.iter().filter(|change| change.is_cosmetic()).count();
        judged.renamed = step.changes.changes.iter().filter_map(renamed).collect();
        judged.readable_again = step.readable_again;
        let unreadable = step.unreadable.into_iter();
        judged.unreadable =
            unreadable.map(|file| Unreadable { path: file.path, reason: file.reason }).collect();
        Ok(judged)
    }

    /// What a commit declares a second time, which no model allows: that one of the two is passed over
    /// must not go unsaid. Then the files that declare nothing a second time any more.
    fn declared_again(
        &mut self,
        commit: &Commit,
        parent: Option<&Commit>,
    ) -> Result<(Vec<FileUnreadable>, Vec<String>), HistoryError> {
        let now = self.reader.declared_twice(commit)?;
        let before = match parent {
            Some(parent) => self.reader.declared_twice(parent)?,
            None => BTreeSet::new(),
        };
        let files = |twice: &BTreeSet<(String, String)>| -> BTreeSet<String> {
            twice.iter().map(|(_, path)| path.clone()).collect()
        };
        let once = files(&before).difference(&files(&now)).cloned().collect();
        let again = now.into_iter().filter(|known| !before.contains(known));
        let said = again.map(|(address, path)| {
            let reason =
                format!("`{address}` is declared twice, and one of the two does not count");
            FileUnreadable { path, reason, holds: vec![Address::new(address)] }
        });
        Ok((said.collect(), once))
    }

    /// The changes of meaning of a step, each with whoever answers for it.
    fn entries(
        &mut self,
        commit: &Commit,
        parent: Option<&Commit>,
        step: &mut Step,
        form: ChangeSet,
    ) -> Result<Vec<Entry>, HistoryError> {
        let workspace = &self.workspace;
        let judge = match parent {
            Some(parent) => in_force(workspace, &mut self.reader, parent)?,
            None => None,
        };
        let mailmap = workspace.repository()?.mailmap_at(judge.as_ref().unwrap_or(commit))?;
        let recorded = commit;
        let commit = &known(&mailmap, commit);
        let (Some(parent), Some(judge)) = (parent, judge) else {
            let adopted = |change: &Change| {
                let mut entry = entry(commit, change);
                entry.standing = Standing::Adopted;
                (entry.made_by, entry.authors) =
                    (vec![commit.id.to_string()], vec![who(&commit.author)]);
                entry
            };
            return Ok(step.changes.meaningful().map(adopted).collect());
        };
        self.reader.weigh(&mut step.changes, &judge)?;
        let policy = self.reader.model_at(&judge)?;
        let proposal = Proposal::new(parent.clone(), recorded.clone(), parent.id);
        let mut written = if recorded.parents.len() == 1 {
            vec![Written { commit: recorded.clone(), changes: form }]
        } else {
            proposal.written(workspace)?
        };
        let judging = (policy, &mailmap);
        let by = (&proposal, written.as_slice());
        let signed = Signed::of(workspace, by, &step.changes, judging, self.budget)?;
        for written in &mut written {
            written.commit = known(&mailmap, &written.commit);
        }
        let mut dates = Dates { workspace, models: BTreeMap::new() };
        let meaningful = step.changes.meaningful().map(|change| {
            let mut entry = entry(commit, change);
            made(&mut entry, commit, change, &written);
            signed.tell(&mut entry, change);
            entry.effective_from = dates.before(commit, change).map(|date| date.to_string());
            entry.flags = flags(&entry, commit, &signed, (change, &written));
            entry
        });
        Ok(meaningful.collect())
    }
}

/// What a commit changes by which approvals are judged, beside the model.
fn touches(
    workspace: &Workspace,
    parent: Option<&Commit>,
    commit: &Commit,
) -> Result<Vec<Ground>, HistoryError> {
    let repository = workspace.repository()?;
    let ledger = workspace.ledger_folder();
    let of = |commit: &Commit| -> Result<_, HistoryError> {
        let names = repository.whereabouts(commit.tree, ".mailmap")?.file;
        Ok((repository.folder_tree(commit.tree, &ledger)?, names.map(|file| file.id)))
    };
    let (before, after) = (parent.map(of).transpose()?.unwrap_or_default(), of(commit)?);
    let approvals = (before.0 != after.0).then_some(Ground::Approvals);
    Ok(approvals.into_iter().chain((before.1 != after.1).then_some(Ground::Names)).collect())
}

fn nothing(commit: &Commit) -> Judged {
    Judged {
        commit: commit.id.to_string(),
        class: Class::NotTouching,
        entries: Vec::new(),
        cosmetic: 0,
        silenced: 0,
        renamed: Vec::new(),
        unreadable: Vec::new(),
        readable_again: Vec::new(),
        touches: Vec::new(),
    }
}

fn renamed(change: &Change) -> Option<Renamed> {
    let from = change.previous.as_ref().filter(|_| change.is_rename())?;
    Some(Renamed { from: from.to_string(), to: change.address.to_string() })
}

/// A commit by whoever the mailmap says they are.
fn known(mailmap: &Mailmap, commit: &Commit) -> Commit {
    let author = mailmap.current(&commit.author);
    Commit { author, committer: mailmap.current(&commit.committer), ..commit.clone() }
}

/// Whose policy judges what comes after a commit: its own, or that of the last one before whose model
/// can be read whole, so that nothing is judged more kindly by what cannot be read. None where there
/// was no model yet.
fn in_force(
    workspace: &Workspace,
    reader: &mut Reader,
    commit: &Commit,
) -> Result<Option<Commit>, HistoryError> {
    let options =
        WalkOptions { tips: vec![commit.id], first_parent: true, ..WalkOptions::default() };
    let mut last = None;
    for earlier in workspace.repository()?.walk(options) {
        let earlier = earlier?;
        if workspace.has_files(&earlier)? {
            if reader.can_read(&earlier)? {
                return Ok(Some(earlier));
            }
            last.get_or_insert(earlier);
        } else if earlier.boundary {
            return Ok(Some(earlier));
        }
    }
    Ok(last)
}

/// What is known of a change by itself.
fn entry(commit: &Commit, change: &Change) -> Entry {
    let (verdict, admits, refuses) = compared(change.verdict.as_ref());
    Entry {
        commit: commit.id.to_string(),
        record_time: instant(commit.committer_time.seconds),
        reason: commit.subject.clone(),
        made_by: Vec::new(),
        made_in_merge: false,
        authors: Vec::new(),
        committer: who(&commit.committer),
        pull_request: PullRequest::of(&commit.message).map(|request| request.to_string()),
        kind: change.kind.id.clone(),
        impact: change.impact,
        level: change.level,
        address: change.address.to_string(),
        previous: change.previous.as_ref().map(ToString::to_string),
        summary: change.summary.clone(),
        before: change.before.as_ref().map(in_text),
        after: change.after.as_ref().map(in_text),
        fingerprint: change.fingerprint.to_string(),
        direct: change.caused_by.is_empty(),
        caused_by: change.caused_by.iter().map(ToString::to_string).collect(),
        verdict: verdict.map(str::to_owned),
        admits,
        refuses,
        wording: change.is_wording(),
        standing: Standing::NotAsked,
        required: Vec::new(),
        approvals: Vec::new(),
        refused: Vec::new(),
        missing: Vec::new(),
        waived_by: None,
        effective_from: None,
        id_freed_by: None,
        flags: Vec::new(),
    }
}

/// How criteria compare, in a word, with a record that passes since then and one that did before.
pub(super) fn compared(
    verdict: Option<&Verdict>,
) -> (Option<&'static str>, Option<String>, Option<String>) {
    match verdict {
        None => (None, None, None),
        Some(Verdict::Equivalent) => (Some("equivalent"), None, None),
        Some(Verdict::Looser { admits }) => (Some("looser"), Some(in_words(admits)), None),
        Some(Verdict::Tighter { refuses }) => (Some("tighter"), None, Some(in_words(refuses))),
        Some(Verdict::Shifted { admits, refuses }) => {
            (Some("shifted"), Some(in_words(admits)), Some(in_words(refuses)))
        }
        Some(Verdict::Undecided(_)) => (Some("undecided"), None, None),
    }
}

/// A value in the file's words; as JSON where it is more than a text.
fn in_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Says which commits made a change, and who wrote them.
fn made(entry: &mut Entry, commit: &Commit, change: &Change, written: &[Written]) {
    if !entry.direct {
        entry.authors = authors(written.iter());
        return;
    }
    let touches = |written: &&Written| {
        written.changes.meaningful().any(|other| {
            let ends = [Some(&change.address), change.previous.as_ref()];
            let others = [Some(&other.address), other.previous.as_ref()];
            let near = |one: &str, two: &Address| two.is_within(one) || two.as_str() == one;
            ends.into_iter().flatten().any(|end| {
                others
                    .into_iter()
                    .flatten()
                    .any(|other| near(end.as_str(), other) || near(other.as_str(), end))
            })
        })
    };
    let mut makers: Vec<&Written> = written.iter().filter(touches).collect();
    entry.made_in_merge =
        commit.parents.len() > 1 && makers.iter().any(|written| written.commit.id == commit.id);
    if makers.is_empty() {
        makers = written.iter().collect();
    }
    let mut ids: Vec<String> = makers.iter().map(|written| written.commit.id.to_string()).collect();
    ids.dedup();
    entry.made_by = if ids.is_empty() { vec![commit.id.to_string()] } else { ids };
    entry.authors = authors(makers.into_iter());
    if entry.authors.is_empty() {
        entry.authors = vec![who(&commit.author)];
    }
}

/// Who wrote some commits, each once.
fn authors<'a>(written: impl Iterator<Item = &'a Written>) -> Vec<String> {
    let mut authors: Vec<String> = written.map(|written| who(&written.commit.author)).collect();
    authors.sort();
    authors.dedup();
    authors
}

/// What an auditor asks about.
fn flags(
    entry: &Entry,
    commit: &Commit,
    signed: &Signed,
    (change, written): (&Change, &[Written]),
) -> Vec<Flag> {
    let asked = matches!(entry.level, Level::Forbid | Level::Approve);
    let unapproved = matches!(entry.standing, Standing::Unapproved | Standing::Unclaimed);
    let strangers = entry.refused.iter().any(|refused| refused.refusal == Refusal::NotHolder);
    let pushed = commit.parents.len() == 1 && entry.pull_request.is_none();
    let found = [
        (Flag::Forbidden, entry.standing == Standing::Forbidden),
        (Flag::Unapproved, unapproved),
        (Flag::SelfApproved, signed.is_own(entry, change)),
        (Flag::DirectPush, pushed && asked && entry.direct),
        (Flag::NotHolder, unapproved && strangers),
        (Flag::Retroactive, entry.effective_from.is_some()),
        (
            Flag::UndecidedAccepted,
            entry.impact == Impact::Undecided && !entry.wording && entry.level <= Level::Warn,
        ),
        (Flag::ApprovedEarlier, signed.was_earlier(entry, change, written)),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag).collect()
}

/// Effective dates of what changed, where they are before it was recorded.
struct Dates<'w> {
    workspace: &'w Workspace,
    /// The files that state any, by path.
    models: BTreeMap<String, Model>,
}

impl Dates<'_> {
    fn before(&mut self, commit: &Commit, change: &Change) -> Option<Date> {
        if !change.caused_by.is_empty() {
            return None;
        }
        let source = &change.head.as_ref().or(change.surviving.as_ref())?.source;
        if !source.text().contains("effective_from") {
            return None;
        }
        let limits = self.workspace.limits;
        let model = self.models.entry(source.path().to_owned()).or_insert_with(|| {
            let content = RawContent::Bytes(source.text().as_bytes().to_vec());
            load::read(vec![RawFile { path: source.path().to_owned(), content }], limits).model
        });
        let (entity, _) = model.entity_above(change.address.as_str())?;
        let from = entity.table.get("effective_from")?.as_date()?;
        (from < day(commit.committer_time.seconds)).then_some(from)
    }
}

/// Name and address as recorded.
pub(super) fn who(person: &Person) -> String {
    match person.email.as_str() {
        "" => person.name.clone(),
        email => format!("{} <{email}>", person.name),
    }
}

/// An instant in UTC, as JSON carries it.
pub(super) fn instant(seconds: i64) -> String {
    Timestamp::from_second(seconds).map(|instant| instant.to_string()).unwrap_or_default()
}

/// The day of an instant, in UTC. The last instant there is lies a little before the end of the last
/// day, and stands for it.
pub(super) fn day(seconds: i64) -> Date {
    if seconds >= Timestamp::MAX.as_second() {
        return Date::MAX;
    }
    let instant = Timestamp::from_second(seconds).unwrap_or_default();
    instant.to_zoned(TimeZone::UTC).date()
}
