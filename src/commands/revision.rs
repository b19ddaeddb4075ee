//! Revisions and addresses as people mix them on a command line.

use super::address::{mistaken, pattern};
use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::git::{Commit, CommitTime, GitError, ObjectId, Range, Repository, WalkOptions};
use crate::history::{At, Moment, Workspace, Zone, parse_date};
use crate::model::{Kind, Pattern};
use crate::view::{DatedRow, RevisionRow, instant};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What the free arguments of a command mean.
pub(super) struct Named {
    /// The revisions, as written.
    pub(super) revisions: Vec<String>,
    /// The addresses.
    pub(super) addresses: Vec<Pattern>,
}

/// Tells revisions from addresses as Git tells revisions from paths: what resolves is a revision,
/// what starts with a kind is an address, in any order, and `--` ends the revisions.
pub(super) fn named(
    workspace: &Workspace,
    free: &[String],
    behind: &[String],
    most: usize,
) -> Result<Named, Failure> {
    let mut named = Named { revisions: Vec::new(), addresses: Vec::new() };
    for word in free {
        let known = resolves(workspace, word);
        if known && is_address(word) {
            let message = format!("`{word}` is a revision, and could be an address");
            let help = format!(
                "write addresses behind `--`, or `refs/tags/{word}` or `refs/heads/{word}` for the revision"
            );
            return Err(Failure::usage(message, help));
        }
        if !known && (is_address(word) || word.contains('*')) {
            named.addresses.push(pattern(word)?);
            continue;
        }
        let mistaken =
            (!known && is_unknown(workspace, word)).then(|| mistaken(workspace, word)).flatten();
        if let Some(failure) = mistaken {
            return Err(failure);
        }
        // A range names both sides; beside it there is room for nothing that is no revision.
        let is_full = !known && named.revisions.iter().any(|spec| spec.contains(".."));
        if named.revisions.len() < most && !is_full {
            named.revisions.push(word.clone());
        } else {
            let message = format!("`{word}` is neither a further revision nor an address");
            let help = "write addresses as `kind.id`, for example `definition.mql`";
            return Err(Failure::usage(message, help));
        }
    }
    for word in behind {
        named.addresses.push(pattern(word)?);
    }
    Ok(named)
}

fn is_address(word: &str) -> bool {
    let kind = word.split('.').next().unwrap_or_default();
    !word.contains("..") && (Kind::of(kind).is_some() || kind == "*")
}

fn resolves(workspace: &Workspace, word: &str) -> bool {
    workspace.maybe_repository().is_some_and(|repository| repository.resolve(word).is_ok())
}

/// Whether nothing has that name, rather than something that cannot be read.
fn is_unknown(workspace: &Workspace, word: &str) -> bool {
    let repository = workspace.maybe_repository();
    repository.is_some_and(|repository| {
        let parsed = repository.parse_range(word);
        matches!(parsed, Err(GitError::UnknownRevision { .. } | GitError::BadRevision { .. }))
    })
}

/// `HEAD`, or nothing before the first commit.
pub(super) fn head(repository: &Repository) -> Result<At, Failure> {
    match repository.resolve("HEAD") {
        Ok(commit) => Ok(At::Commit(Box::new(commit))),
        Err(GitError::Unborn { .. }) => Ok(At::Nothing),
        Err(error) => Err(error.into()),
    }
}

/// One revision; a range is refused.
pub(super) fn single(workspace: &Workspace, spec: &str) -> Result<At, Failure> {
    match workspace.repository()?.parse_range(spec)? {
        Range::Single(commit) => Ok(At::Commit(Box::new(commit))),
        _ => Err(Failure::usage(
            format!("`{spec}` is a range, and one revision is wanted here"),
            "name one revision, for example `HEAD~2`",
        )),
    }
}

/// A day as an option gives it.
pub(super) fn day(text: &str) -> Result<Date, Failure> {
    parse_date(text).ok_or_else(|| match Moment::parse(text) {
        Some(_) => Failure::usage(
            format!("`{text}` names a time, and a day is wanted here"),
            "write year, month and day alone: 2026-06-30",
        ),
        None => Failure::usage(
            format!("`{text}` is not a date"),
            "write year, month and day: 2026-06-30",
        ),
    })
}

/// A state with the name it is shown under.
pub(super) struct NamedAt {
    pub(super) at: At,
    pub(super) name: String,
    /// The instant it was asked for by, where it was.
    dated: Option<Dated>,
}

/// An instant that stands for a commit.
struct Dated {
    moment: Moment,
    seconds: i64,
    branch: String,
}

impl NamedAt {
    pub(super) fn new(at: At, name: impl Into<String>) -> Self {
        Self { at, name: name.into(), dated: None }
    }

    /// The commit, where it is one.
    pub(super) fn commit(&self) -> Option<&Commit> {
        match &self.at {
            At::Commit(commit) => Some(commit),
            _ => None,
        }
    }

    /// Whether a date named it.
    pub(super) fn is_dated(&self) -> bool {
        self.dated.is_some()
    }

    /// As JSON names it.
    pub(super) fn row(&self) -> RevisionRow {
        let commit = self.commit();
        let dated = self.dated.as_ref().zip(commit).map(|(dated, commit)| DatedRow {
            instant: instant(CommitTime { seconds: dated.seconds, offset_minutes: 0 }),
            branch: dated.branch.clone(),
            record_time: instant(commit.committer_time),
        });
        RevisionRow { rev: self.name.clone(), commit: commit.map(|c| c.id.to_string()), dated }
    }

    /// As people are told: the instant with its zone, and the commit that was taken.
    pub(super) fn told(&self, zone: &Zone) -> String {
        let Some(commit) = self.commit() else { return self.name.clone() };
        let taken =
            format!("commit {} of {}", commit.id.short(), zone.minute(commit.committer_time));
        match &self.dated {
            Some(dated) => format!("{}: {taken} ({})", zone.second(dated.seconds), dated.branch),
            None => format!("{}: {taken}", self.name),
        }
    }
}

/// How dates on a command line are read.
#[derive(Debug, Args)]
pub(super) struct Dates {
    /// The zone in which dates are read and times are shown: `UTC`, an offset such as `+02:00`, or
    /// a name such as `Europe/Berlin` where this machine knows it; UTC where none is given.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    time_zone: Option<String>,
    /// The branch whose main line (first parents) a date is looked up on; `HEAD` where none is
    /// given.
    #[arg(long, value_name = "REV")]
    branch: Option<String>,
}

impl Dates {
    /// Dates read in a zone and looked up on a branch, where they are given.
    pub(super) fn of(time_zone: Option<String>, branch: Option<String>) -> Self {
        Self { time_zone, branch }
    }

    /// The zone in which dates are read.
    pub(super) fn zone(&self) -> Result<Zone, Failure> {
        match &self.time_zone {
            Some(name) => zone_called(name),
            None => Ok(Zone::utc()),
        }
    }

    /// The state a revision, a date or an instant names. A date means its end, and gives the
    /// newest commit of the main line, from the tip of the branch back, that was recorded no later.
    pub(super) fn state(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        spec: &str,
    ) -> Result<NamedAt, Failure> {
        let zone = self.zone()?;
        let Some(moment) = Moment::parse(spec) else {
            if let Some(failure) = no_date(workspace, spec) {
                return Err(failure);
            }
            if self.branch.is_some() {
                let message = format!("`{spec}` is a revision, and `--branch` is for dates");
                return Err(Failure::usage(message, "leave `--branch` out, or write a date"));
            }
            return stood(session, workspace, spec);
        };
        if resolves(workspace, spec) {
            let help =
                format!("write `refs/heads/{spec}` or `refs/tags/{spec}` for what is so called");
            session.note(&format!("`{spec}` is read as a date; {help}"));
        }
        let (tip, branch) = self.tip(workspace)?;
        let seconds = moment.end(&zone);
        let commit = in_force(workspace.repository()?, &tip, seconds, &zone)?;
        note_clocks(session, workspace.repository()?, &commit, seconds, &zone)?;
        let dated = Some(Dated { moment, seconds, branch });
        Ok(NamedAt { at: At::Commit(Box::new(commit)), name: spec.to_owned(), dated })
    }

    /// What is on disk, where no date or revision is asked for.
    pub(super) fn on_disk(&self) -> Result<NamedAt, Failure> {
        if self.branch.is_some() {
            let help = "add `--at DATE`, or leave `--branch` out for what is on disk";
            return Err(Failure::usage("`--branch` says where a date is looked up", help));
        }
        Ok(NamedAt::new(At::WorkTree, "the work tree"))
    }

    /// The tip of the branch dates are looked up on, and what people call it.
    pub(super) fn tip(&self, workspace: &Workspace) -> Result<(Commit, String), Failure> {
        let repository = workspace.repository()?;
        let spec = self.branch.as_deref().unwrap_or("HEAD");
        let At::Commit(tip) = single(workspace, spec)? else {
            return Err(GitError::UnknownRevision {
                spec: spec.to_owned(),
                near: None,
                shallow: repository.is_shallow(),
            }
            .into());
        };
        let standing = self.branch.is_none().then(|| repository.head_name().ok().flatten());
        Ok((*tip, standing.flatten().unwrap_or_else(|| spec.to_owned())))
    }

    /// The commit a history begins behind: the one a revision names, or the one before all that was
    /// recorded on the main line of a tip on a day or later; none where that begins with it.
    pub(super) fn since(
        &self,
        workspace: &Workspace,
        spec: &str,
        tip: &Commit,
    ) -> Result<Option<ObjectId>, Failure> {
        let Some(moment) = Moment::parse(spec) else {
            if let Some(failure) = no_date(workspace, spec) {
                return Err(failure);
            }
            let At::Commit(commit) = single(workspace, spec)? else { return Ok(None) };
            return Ok(Some(commit.id));
        };
        let seconds = moment.start(&self.zone()?);
        Ok(workspace.repository()?.commit_before_date(tip.id, seconds)?)
    }

    /// Says when a date would name another commit by the model's own clock.
    pub(super) fn note_calendar(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        state: &NamedAt,
    ) -> Result<(), Failure> {
        let (None, Some(dated)) = (&self.time_zone, &state.dated) else { return Ok(()) };
        let model = workspace.excerpt(&state.at, "model")?.model;
        let calendar = model.part("model.calendar.time_zone");
        let Some(name) = calendar.and_then(|part| part.node?.as_text()) else { return Ok(()) };
        let Ok(zone) = zone_called(name) else { return Ok(()) };
        let seconds = dated.moment.end(&zone);
        let (tip, _) = self.tip(workspace)?;
        let there = workspace.repository()?.commit_at_date(tip.id, seconds, true)?;
        if there.as_ref() != state.commit() {
            let gives = match &there {
                Some(commit) => format!("is commit {}", commit.id.short()),
                None => "lies before the history".to_owned(),
            };
            session.note(&format!(
                "`{}` is read in UTC; in the model's own time zone it {gives}: add `--time-zone {name}`",
                dated.moment
            ));
        }
        Ok(())
    }
}

/// The state a revision names. Where a branch stood at an instant (`main@{2026-06-30}`) is what the
/// log of this one clone says, which is rarely what is asked for.
fn stood(session: &mut Session<'_>, workspace: &Workspace, spec: &str) -> Result<NamedAt, Failure> {
    let inside =
        spec.split_once("@{").and_then(|(name, rest)| Some((name, rest.strip_suffix('}')?)));
    let Some((name, day)) = inside.filter(|(_, day)| Moment::parse(day).is_some()) else {
        return Ok(NamedAt::new(single(workspace, spec)?, spec));
    };
    let name = if name.is_empty() { "HEAD" } else { name };
    let instead = format!("write `{day}` with `--branch {name}` for what its main line says");
    match single(workspace, spec) {
        Ok(at) => {
            session.note(&format!("`{spec}` is where it stood in this clone; {instead}"));
            Ok(NamedAt::new(at, spec))
        }
        Err(Failure::World { message, .. }) => Err(Failure::World { message, help: Some(instead) }),
        Err(failure) => Err(failure),
    }
}

/// What was in force at an instant on the main line of a branch.
fn in_force(
    repository: &Repository,
    tip: &Commit,
    seconds: i64,
    zone: &Zone,
) -> Result<Commit, Failure> {
    if let Some(commit) = repository.commit_at_date(tip.id, seconds, true)? {
        return Ok(commit);
    }
    let options = WalkOptions { tips: vec![tip.id], first_parent: true, ..WalkOptions::default() };
    let first = repository.walk(options).last().transpose()?;
    let first = first.as_ref().unwrap_or(tip);
    Err(Failure::World {
        message: format!(
            "the history begins after {}: its first commit, {}, is of {}",
            zone.second(seconds),
            first.id.short(),
            zone.minute(first.committer_time)
        ),
        help: Some("name a later date; `opmodel log` shows the first commits last".to_owned()),
    })
}

/// Says what makes the commit of an instant less than certain: a time that is still to come, and
/// clocks that went wrong.
fn note_clocks(
    session: &mut Session<'_>,
    repository: &Repository,
    commit: &Commit,
    seconds: i64,
    zone: &Zone,
) -> Result<(), Failure> {
    if seconds > session.surroundings.now_seconds {
        let instant = zone.second(seconds);
        session.note(&format!("{instant} is still to come; this is what is in force now"));
    }
    let Some(parent) = commit.parents.first() else { return Ok(()) };
    let parent = repository.commit(*parent)?;
    if parent.committer_time.seconds > seconds {
        session.note(&format!(
            "commit {} is dated {}, before the commit it follows ({}, {}): a clock was wrong",
            commit.id.short(),
            zone.minute(commit.committer_time),
            parent.id.short(),
            zone.minute(parent.committer_time)
        ));
    }
    Ok(())
}

/// A time zone by its name; names of places are looked up in the system's database.
pub(super) fn zone_called(name: &str) -> Result<Zone, Failure> {
    if let Some(zone) = Zone::fixed(name) {
        return Ok(zone);
    }
    if let Ok(zone) = TimeZone::get(name) {
        let name = zone.iana_name().unwrap_or(name).to_owned();
        return Ok(Zone::named(&name, zone));
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let help = match did_you_mean(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => {
            "write an offset such as `+02:00`: this machine has no database of time zones"
                .to_owned()
        }
        None => {
            "write `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`".to_owned()
        }
    };
    Err(Failure::usage(format!("`{name}` is no time zone that this machine knows"), help))
}

/// A date that is none, unless something is called so.
fn no_date(workspace: &Workspace, spec: &str) -> Option<Failure> {
    let (date, time) = spec.split_once(['T', ' ']).map_or((spec, None), |(d, t)| (d, Some(t)));
    let mut parts = date.split('-');
    let year = parts.next()?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let rest: Vec<&str> = parts.collect();
    let looks_like_one = year.len() == 4
        && digits(year)
        && matches!(rest.len(), 1 | 2)
        && rest.iter().all(|part| part.len() <= 2 && digits(part))
        && time.is_none_or(|time| time.starts_with(|sign: char| sign.is_ascii_digit()));
    (looks_like_one && !resolves(workspace, spec)).then(|| {
        let (what, help) = match time {
            None => ("a date", "write year, month and day: 2026-06-30"),
            Some(_) => (
                "an instant",
                "write 2026-06-30T12:00, with Z or an offset such as +02:00 behind it if need be",
            ),
        };
        Failure::usage(format!("`{spec}` is not {what}"), help)
    })
}

/// The two states that revisions on a command line name: none is `HEAD` to the work tree, one
/// is from there to the work tree, two or a range are from the first to the second.
pub(super) fn two_states(
    session: &mut Session<'_>,
    workspace: &Workspace,
    revisions: &[String],
    staged: bool,
) -> Result<(NamedAt, NamedAt), Failure> {
    let repository = workspace.repository()?;
    let now = if staged {
        NamedAt::new(At::Index, "index")
    } else {
        NamedAt::new(At::WorkTree, "work tree")
    };
    match revisions {
        [] => Ok((NamedAt::new(head(repository)?, "HEAD"), now)),
        [one] => match repository.parse_range(one)? {
            Range::Single(commit) => Ok((NamedAt::new(At::Commit(Box::new(commit)), one), now)),
            range if staged => Err(Failure::usage(
                format!("`{one}` is a range, and `--staged` names the second side already"),
                format!("leave `--staged` out, or name one revision instead of {}", kind(&range)),
            )),
            range => {
                note_ancestors(session, one, &range);
                let before = match range.before() {
                    Some(commit) => At::Commit(Box::new(commit.clone())),
                    None => At::Nothing,
                };
                let after = At::Commit(Box::new(range.after().clone()));
                let (left, right) = split(one);
                Ok((NamedAt::new(before, left), NamedAt::new(after, right)))
            }
        },
        [_, _, ..] if staged => Err(Failure::usage(
            "`--staged` names the second side, and two revisions are named already",
            "leave `--staged` out, or name one revision",
        )),
        [one, two, ..] => {
            let (from, to) = (single(workspace, one)?, single(workspace, two)?);
            Ok((NamedAt::new(from, one), NamedAt::new(to, two)))
        }
    }
}

/// Says which common ancestor `A...B` starts from where there are several, as Git does.
fn note_ancestors(session: &mut Session<'_>, spec: &str, range: &Range) {
    if let Range::Symmetric { base, bases, .. } = range
        && bases.len() > 1
    {
        let (many, base) = (bases.len(), base.id.short());
        session.note(&format!(
            "`{spec}` has {many} nearest common ancestors, as both sides merged each other; {base} is \
             taken, and what came since by another is told too"
        ));
    }
}

fn kind(range: &Range) -> &'static str {
    match range {
        Range::Symmetric { .. } => "`A...B`",
        _ => "`A..B`",
    }
}

/// The two names of a range; an empty side is `HEAD`.
fn split(range: &str) -> (String, String) {
    let (left, right) = range
        .split_once("...")
        .map(|(left, right)| (format!("{left}...{right}"), right))
        .or_else(|| range.split_once("..").map(|(left, right)| (left.to_owned(), right)))
        .unwrap_or((range.to_owned(), range));
    let named = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
    (named(&left), named(right))
}
