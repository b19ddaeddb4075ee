//! When what a model makes of a record changed: a line a commit, with the likely cause.

use super::changes::short_values;
use super::difference::ChangeRow;
use super::log::PersonRow;
use super::words::{count, instant};
use crate::change::Change;
use crate::git::CommitTime;
use crate::history::{Answer, Stretch, Turn, Whereabouts, Zone};
use crate::load::DEFAULT;
use crate::report::{Block, Line, Page, Style};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The way of a record through a history, as data.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WhereaboutsRow {
    /// The commit it begins with: what was in force there is what the first change changed.
    pub from: String,
    /// The commit it leads to.
    pub to: String,
    /// The instant from which days are counted at every commit.
    pub as_of: String,
    /// How many commits of the main line were looked at.
    pub commits: usize,
    /// How many of them changed the model.
    pub commits_with_model: usize,
    /// Whether the history before the first commit was not fetched.
    pub cut_off: bool,
    /// The commits at which an answer changed, newest first.
    pub turns: Vec<TurnRow>,
    /// Files that could not be read, so that what they said before was taken.
    pub unreadable: Vec<UnreadableAtRow>,
    /// What of the record older revisions did not know; it counted as not set there.
    pub unknown: Vec<UnknownRow>,
}

/// A commit at which an answer changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TurnRow {
    /// The commit.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Who wrote it.
    pub author: PersonRow,
    /// The first line of its message.
    pub subject: String,
    /// The routing table, the ICP, or the `entry` or `exit` of a stage.
    pub about: String,
    /// The answer before; nothing where there was nothing of that address.
    pub before: Option<AnswerRow>,
    /// The answer from then on.
    pub after: Option<AnswerRow>,
    /// The changes of the commit that are the likely cause.
    pub causes: Vec<ChangeRow>,
}

/// What a model makes of a record in one respect.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AnswerRow {
    /// Where a routing table sends it.
    pub to: Option<String>,
    /// The rule that takes it; `default` where none does.
    pub rule: Option<String>,
    /// Whether an ICP or a gate lets it pass.
    pub passes: Option<bool>,
    /// Why there is no answer.
    pub not_judged: Option<String>,
}

/// A file that could not be read from a commit on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnreadableAtRow {
    /// The first commit in which it cannot be read.
    pub commit: String,
    /// The commit in which it can be read again, or is gone; none where that is not yet so.
    pub until: Option<String>,
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// Something of a record that an older revision did not know.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownRow {
    /// The first commit that knew it.
    pub known_from: String,
    /// What was not known before.
    pub what: String,
}

impl WhereaboutsRow {
    /// The way of a record, as data.
    pub fn new(found: &Whereabouts, as_of: Timestamp) -> Self {
        let unreadable = found.unreadable.iter().map(|stretch| UnreadableAtRow {
            commit: stretch.from.id.to_string(),
            until: stretch.to.as_ref().map(|commit| commit.id.to_string()),
            path: stretch.file.path.clone(),
            reason: stretch.file.reason.clone(),
        });
        let unknown = found.unknown.iter().map(|(commit, what)| UnknownRow {
            known_from: commit.id.to_string(),
            what: what.clone(),
        });
        Self {
            from: found.from.id.to_string(),
            to: found.to.id.to_string(),
            as_of: as_of.to_string(),
            commits: found.commits.0,
            commits_with_model: found.commits.1,
            cut_off: found.cut_off,
            turns: found.turns.iter().map(TurnRow::of).collect(),
            unreadable: unreadable.collect(),
            unknown: unknown.collect(),
        }
    }
}

impl TurnRow {
    fn of(turn: &Turn) -> Self {
        Self {
            commit: turn.commit.id.to_string(),
            record_time: instant(turn.commit.committer_time),
            author: (&turn.commit.author).into(),
            subject: turn.commit.subject.clone(),
            about: turn.about.clone(),
            before: turn.before.as_ref().map(AnswerRow::of),
            after: turn.after.as_ref().map(AnswerRow::of),
            causes: turn.causes.iter().map(Into::into).collect(),
        }
    }
}

impl AnswerRow {
    fn of(answer: &Answer) -> Self {
        let mut row = Self { to: None, rule: None, passes: None, not_judged: None };
        match answer {
            Answer::Goes { to, rule } => {
                row.to.clone_from(to);
                row.rule = Some(rule.clone());
            }
            Answer::NotAbout => {}
            Answer::Passes(passes) => row.passes = Some(*passes),
            Answer::Unjudged(why) => row.not_judged = Some(why.clone()),
        }
        row
    }
}

/// The way of a record through a history as a page.
pub fn whereabouts_page(found: &Whereabouts, as_of: Timestamp, zone: &Zone) -> Page {
    let mut page = Page::default();
    let from = &found.from;
    let words = format!(
        "since commit {} of {}: {}, {} changed the model",
        from.id.short(),
        zone.minute(from.committer_time),
        count(found.commits.0, "commit", "commits"),
        if found.commits.1 == 0 { "none".to_owned() } else { found.commits.1.to_string() },
    );
    page.push(Block::Heading(2, Line::new().strong(words)));
    let seconds = CommitTime { seconds: as_of.as_second(), offset_minutes: 0 };
    let counted = format!("days are counted up to {} at every commit", zone.minute(seconds));
    page.push(Block::Paragraph(Line::new().dim(counted)));
    if found.turns.is_empty() {
        let words = "nothing of what the model makes of this record changed";
        page.push(Block::Paragraph(Line::of(words)));
    }
    let mut last = None;
    for turn in &found.turns {
        if last != Some(turn.commit.id) {
            page.gap();
            page.push(Block::Paragraph(head(turn, zone)));
        }
        last = Some(turn.commit.id);
        turn_blocks(&mut page, turn);
    }
    said_once(&mut page, found, zone);
    page
}

/// The commit of a turn in a line.
fn head(turn: &Turn, zone: &Zone) -> Line {
    let commit = &turn.commit;
    Line::new()
        .with(Style::Warn, commit.id.short())
        .plain(format!(" {} ", zone.minute(commit.committer_time)))
        .strong(commit.author.name.clone())
        .plain(format!("  {}", commit.subject))
}

fn turn_blocks(page: &mut Page, turn: &Turn) {
    let line = Line::new().code(turn.about.clone()).plain(": ");
    let line = line.then(answer_words(turn, turn.before.as_ref(), Style::Removed)).plain(" → ");
    page.push(Block::Nested(1, line.then(answer_words(turn, turn.after.as_ref(), Style::Added))));
    let Some(first) = turn.causes.first() else {
        let words = "because of something in this commit that could not be told";
        page.push(Block::Nested(2, Line::new().dim(words)));
        return;
    };
    let line = Line::new().dim("because of ").then(cause(first));
    let line = match turn.causes.len() {
        1 => line,
        all => line.dim(format!(", and {} there", count(all - 1, "more change", "more changes"))),
    };
    page.push(Block::Nested(2, line));
}

fn cause(change: &Change) -> Line {
    let line = Line::new().code(change.address.to_string()).plain(": ");
    match short_values(change) {
        Some(values) => line.then(values),
        None => line.sentence(&change.summary),
    }
}

fn answer_words(turn: &Turn, answer: Option<&Answer>, style: Style) -> Line {
    let line = Line::new();
    let verb = match turn.about.rsplit('.').next() {
        Some("entry") => ["may enter", "may not enter"],
        Some("exit") => ["may leave", "may not leave"],
        _ => ["fits", "does not fit"],
    };
    match answer {
        None => line.dim("(not there)"),
        Some(Answer::Goes { to, rule }) => {
            let line = line.with(style, to.clone().unwrap_or_else(|| "nowhere".to_owned()));
            match rule.as_str() {
                DEFAULT => line.plain(" by default"),
                rule => line.plain(" by rule ").code(rule),
            }
        }
        Some(Answer::NotAbout) => line.with(style, "not about this record"),
        Some(Answer::Passes(passes)) => {
            let [yes, no] = verb;
            line.with(style, if *passes { yes } else { no })
        }
        Some(Answer::Unjudged(why)) => line.plain("cannot be judged (").sentence(why).plain(")"),
    }
}

/// What makes the answers less than certain.
fn said_once(page: &mut Page, found: &Whereabouts, zone: &Zone) {
    page.gap();
    let told = |commit: &crate::git::Commit| {
        format!("commit {} of {}", commit.id.short(), zone.minute(commit.committer_time))
    };
    for Stretch { from, to, file } in &found.unreadable {
        let line = Line::new().with(Style::Warn, "not readable ").code(file.path.clone());
        let until = to.as_ref().map_or_else(|| "on".to_owned(), |to| format!("until {}", told(to)));
        let line = line.plain(format!(" from {} {until}: ", told(from))).sentence(&file.reason);
        page.push(Block::Paragraph(line.plain("; what it said before was taken")));
    }
    for (commit, what) in &found.unknown {
        let line = Line::new().with(Style::Warn, format!("before {}: ", told(commit)));
        page.push(Block::Paragraph(line.sentence(what).plain("; it was judged without")));
    }
    if found.cut_off {
        let words = "the history before the first commit was not fetched (shallow clone)";
        page.push(Block::Paragraph(Line::new().with(Style::Warn, words)));
        let help = "run `git fetch --unshallow` to see it";
        page.push(Block::Paragraph(Line::new().sentence(help)));
    }
}
