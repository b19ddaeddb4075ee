//! Since when a model says what it says: its lines with the commit that last changed each, and the
//! same as data.

use super::difference::{Location, RevisionRow};
use super::log::{PersonRow, UnreadableRow};
use super::words::{instant, when};
use crate::git::{Commit, ObjectId};
use crate::history::{Blame, BlamedUnit, Gap, Origin, UnitKind, units};
use crate::model::{Address, Entity};
use crate::report::{Block, Line, Page, Style, Tool};
use crate::source::{Source, Span};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What `blame --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlameReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The revision whose parts are listed.
    pub at: RevisionRow,
    /// Whether only the first parent of merges was followed.
    pub first_parent: bool,
    /// The commits that are named, by their ids.
    pub commits: Vec<BlameCommitRow>,
    /// The parts that were asked for, by file and place.
    pub parts: Vec<BlameRow>,
    /// Files that cannot be read in that revision: nothing is said of what stands in them.
    pub unreadable: Vec<UnreadableRow>,
}

/// A commit that changed something.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlameCommitRow {
    /// The commit.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Who wrote it.
    pub author: PersonRow,
    /// The first line of its message.
    pub subject: String,
}

/// A part of a model and the commit that last changed it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlameRow {
    /// Its address.
    pub address: String,
    /// What it is.
    pub part: PartRow,
    /// Where it is written.
    pub location: Location,
    /// The line on which it ends.
    pub end_line: usize,
    /// The commit that last changed what it means.
    pub meaning: OriginRow,
    /// The commit that last changed how it is written, where that was asked.
    pub form: Option<OriginRow>,
}

/// What a part of a model is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartRow {
    /// An entity: that it is there.
    Entity,
    /// An item of a list: that it is there, and where it stands if that matters.
    Item,
    /// A table of properties within an entity: that it is there.
    Group,
    /// A property or a named criterion.
    Property,
}

/// The commit to ask about a part.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OriginRow {
    /// The commit; `null` for what is not committed yet.
    pub commit: Option<String>,
    /// Whether the history before this commit was not fetched, so that the part may be older.
    pub boundary: bool,
    /// Commits before this one in which the file could not be read: it may have been one of those.
    pub unreadable: Option<GapRow>,
}

/// A stretch of history in which a file could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GapRow {
    /// The file.
    pub path: String,
    /// The first commit of the stretch.
    pub from: String,
    /// The last one.
    pub to: String,
}

impl From<UnitKind> for PartRow {
    fn from(kind: UnitKind) -> Self {
        match kind {
            UnitKind::Entity => Self::Entity,
            UnitKind::Item => Self::Item,
            UnitKind::Group => Self::Group,
            UnitKind::Property => Self::Property,
        }
    }
}

impl From<&Origin> for OriginRow {
    fn from(origin: &Origin) -> Self {
        let gap = |gap: &Gap| GapRow {
            path: gap.path.clone(),
            from: gap.from.to_string(),
            to: gap.to.to_string(),
        };
        Self {
            commit: origin.commit.map(|id| id.to_string()),
            boundary: origin.boundary,
            unreadable: origin.gap.as_ref().map(gap),
        }
    }
}

impl BlameReport {
    /// What was found, as data.
    pub fn new(blame: &Blame, at: RevisionRow, first_parent: bool) -> Self {
        let commits = blame.commits.values().map(|commit| BlameCommitRow {
            commit: commit.id.to_string(),
            record_time: instant(commit.committer_time),
            author: (&commit.author).into(),
            subject: commit.subject.clone(),
        });
        let parts = blame.units.iter().filter_map(|blamed| {
            let entity = blame.model.get(blamed.entity.as_str())?;
            Some(BlameRow {
                address: blamed.unit.address.to_string(),
                part: blamed.unit.kind.into(),
                location: (&entity.place(blamed.unit.span)).into(),
                end_line: line_span(&entity.source, blamed.unit.span).1,
                meaning: (&blamed.meaning).into(),
                form: blamed.form.as_ref().map(Into::into),
            })
        });
        let unreadable = blame
            .unreadable
            .iter()
            .map(|file| UnreadableRow { path: file.path.clone(), reason: file.reason.clone() });
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            at,
            first_parent,
            commits: commits.collect(),
            parts: parts.collect(),
            unreadable: unreadable.collect(),
        }
    }
}

/// The first and the last line of a stretch, counted from 1.
fn line_span(source: &Source, span: Span) -> (usize, usize) {
    let last = span.end.saturating_sub(1).max(span.start);
    (source.line_column(span.start).line, source.line_column(last).line)
}

/// The lines of the model that were asked for, each with its commit.
pub fn blame_page(blame: &Blame) -> Page {
    let mut files: BTreeMap<&str, (&Source, Vec<&BlamedUnit>)> = BTreeMap::new();
    for blamed in &blame.units {
        let Some(entity) = blame.model.get(blamed.entity.as_str()) else { continue };
        let file = files.entry(entity.source.path());
        file.or_insert((&entity.source, Vec::new())).1.push(blamed);
    }
    let mut entities: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
    for entity in blame.model.entities() {
        entities.entry(entity.source.path()).or_default().push(entity);
    }
    let margin = Margin::of(blame, files.values().map(|(source, _)| *source));
    let mut page = Page::default();
    for (path, (source, blamed)) in files {
        page.gap();
        page.push(Block::Paragraph(Line::new().strong(path)));
        let around = entities.get(path).map(Vec::as_slice).unwrap_or_default();
        for stretch in Sheet::new(source, &blamed, around).stretches() {
            let lines = stretch.into_iter().map(|(number, text, on_line)| {
                margin.line(number, on_line).plain(text.replace('\t', "    "))
            });
            page.push(Block::Verbatim(0, lines.collect()));
        }
    }
    page
}

/// What a line of a file is to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Blank, or a comment.
    Free,
    /// It says something that was not asked for.
    Other,
    /// It says something that was.
    Asked,
}

/// The lines of a file, and what stands on them.
struct Sheet<'a> {
    lines: Vec<&'a str>,
    marks: Vec<Mark>,
    /// The parts by the line they begin on.
    starts: BTreeMap<usize, Vec<&'a BlamedUnit>>,
}

/// A line: its number, its text, and the parts that begin on it.
type Numbered<'a> = (usize, &'a str, &'a [&'a BlamedUnit]);

impl<'a> Sheet<'a> {
    fn new(source: &'a Source, blamed: &[&'a BlamedUnit], entities: &[&Entity]) -> Self {
        let lines: Vec<&str> = source.text().lines().collect();
        let mut sheet =
            Self { marks: vec![Mark::Free; lines.len()], lines, starts: BTreeMap::new() };
        let asked: BTreeSet<&Address> = blamed.iter().map(|part| &part.unit.address).collect();
        for entity in entities {
            for unit in units(entity) {
                if !asked.contains(&unit.address) {
                    sheet.mark(line_span(source, unit.span), Mark::Other);
                }
            }
        }
        for part in blamed {
            let span = line_span(source, part.unit.span);
            sheet.mark(span, Mark::Asked);
            sheet.starts.entry(span.0).or_default().push(part);
        }
        sheet
    }

    fn mark(&mut self, (first, last): (usize, usize), mark: Mark) {
        let lines = self.marks.iter_mut().skip(first.saturating_sub(1));
        lines.take(last + 1 - first).for_each(|line| *line = mark);
    }

    /// The lines that were asked for, with what is free between them; what was not asked for parts
    /// one stretch from the next.
    fn stretches(&'a self) -> Vec<Vec<Numbered<'a>>> {
        let mut stretches: Vec<Vec<usize>> = Vec::new();
        let mut free = Vec::new();
        let mut open = false;
        for (at, mark) in self.marks.iter().enumerate() {
            match mark {
                Mark::Free => free.push(at),
                Mark::Other => {
                    open = false;
                    free.clear();
                }
                Mark::Asked => {
                    if open && let Some(stretch) = stretches.last_mut() {
                        stretch.append(&mut free);
                        stretch.push(at);
                    } else {
                        let mut stretch = self.heading(&free, at);
                        stretch.push(at);
                        stretches.push(stretch);
                    }
                    free.clear();
                    open = true;
                }
            }
        }
        stretches
            .iter()
            .map(|lines| lines.iter().filter_map(|at| self.line(*at)).collect())
            .collect()
    }

    /// The comment right above an entity or item, which is about it.
    fn heading(&self, free: &[usize], at: usize) -> Vec<usize> {
        let begins = self.starts.get(&(at + 1)).into_iter().flatten();
        let mut whole =
            begins.filter(|part| matches!(part.unit.kind, UnitKind::Entity | UnitKind::Item));
        if whole.next().is_none() {
            return Vec::new();
        }
        let is_comment =
            |at: &&usize| self.lines.get(**at).is_some_and(|line| line.trim().starts_with('#'));
        let mut comment: Vec<usize> = free.iter().rev().take_while(is_comment).copied().collect();
        comment.reverse();
        comment
    }

    fn line(&'a self, at: usize) -> Option<Numbered<'a>> {
        let parts = self.starts.get(&(at + 1)).map(Vec::as_slice).unwrap_or_default();
        Some((at + 1, self.lines.get(at)?, parts))
    }
}

/// Longest name of a person in the margin, in columns.
const NAME: usize = 20;
/// The columns of a commit: its id and its day.
const COMMIT: usize = 10 + 1 + 10;
/// What stands in their place before there is one.
const UNCOMMITTED: &str = "not committed yet";

/// What stands left of every line, and how wide it is.
struct Margin {
    commits: BTreeMap<ObjectId, Labels>,
    /// Whether any line has a mark before its commit.
    marked: bool,
    form: bool,
    name: usize,
    number: usize,
}

/// What a commit looks like in the margin.
struct Labels {
    seconds: i64,
    id: String,
    day: String,
    /// The day and who wrote it, as wide as the widest.
    rest: String,
}

impl Labels {
    fn of(commit: &Commit, width: usize) -> Self {
        let time = when(commit.committer_time);
        let day = format!(" {:<10}", time.get(..10).unwrap_or(&time));
        let name = name(commit);
        let pad = " ".repeat((width + 1).saturating_sub(columns(&name)));
        Self {
            seconds: commit.committer_time.seconds,
            id: commit.id.short(),
            rest: format!("{day} {name}{pad}"),
            day,
        }
    }
}

impl Margin {
    fn of<'a>(blame: &Blame, sources: impl Iterator<Item = &'a Source>) -> Self {
        let both = |part: &BlamedUnit| {
            mark(&part.meaning) != ' ' || part.form.as_ref().is_some_and(|form| mark(form) != ' ')
        };
        let lines = sources.map(|source| source.text().lines().count()).max().unwrap_or_default();
        let names = blame.commits.values().map(|commit| columns(&name(commit)));
        let name = names.max().unwrap_or_default();
        let labels = |(id, commit): (&ObjectId, &Commit)| (*id, Labels::of(commit, name));
        Self {
            name,
            commits: blame.commits.iter().map(labels).collect(),
            marked: blame.units.iter().any(both),
            form: blame.units.iter().any(|part| part.form.is_some()),
            number: lines.to_string().len(),
        }
    }

    fn line(&self, number: usize, parts: &[&BlamedUnit]) -> Line {
        let meaning = self.newest(parts.iter().map(|part| &part.meaning));
        let form = self.newest(parts.iter().filter_map(|part| part.form.as_ref()));
        let mut line = self.commit(meaning, |labels| &labels.rest);
        if meaning.is_none_or(|origin| origin.commit.is_none()) {
            line = line.plain(" ".repeat(1 + self.name + 1));
        }
        if self.form {
            let commit = |origin: Option<&Origin>| origin.map(|origin| origin.commit);
            let other = form.filter(|_| commit(form) != commit(meaning));
            line = line.then(self.commit(other, |labels| &labels.day)).plain(" ");
        }
        line.dim(format!("{number:>width$} | ", width = self.number))
    }

    /// The newest of some commits; what is not committed is newer than any.
    fn newest<'o>(&self, origins: impl Iterator<Item = &'o Origin>) -> Option<&'o Origin> {
        origins.max_by_key(|origin| match self.known(origin) {
            Some(labels) => (false, labels.seconds),
            None => (true, 0),
        })
    }

    fn known(&self, origin: &Origin) -> Option<&Labels> {
        self.commits.get(&origin.commit?)
    }

    /// The columns of a commit: its id and some words about it.
    fn commit(&self, origin: Option<&Origin>, words: fn(&Labels) -> &str) -> Line {
        let mut line = Line::new();
        if self.marked {
            line = line.with(Style::Warn, origin.map_or(' ', mark).to_string());
        }
        match (origin, origin.and_then(|origin| self.known(origin))) {
            (None, _) => line.plain(" ".repeat(COMMIT)),
            (Some(_), None) => line.with(Style::Warn, format!("{UNCOMMITTED:<COMMIT$}")),
            (Some(_), Some(labels)) => {
                line.with(Style::Warn, labels.id.as_str()).plain(words(labels))
            }
        }
    }
}

/// `^` where the history was not fetched, `?` where it could not be read, as Git marks boundaries.
fn mark(origin: &Origin) -> char {
    match (origin.boundary, &origin.gap) {
        (true, _) => '^',
        (false, Some(_)) => '?',
        (false, None) => ' ',
    }
}

/// How many columns of a terminal a text takes.
fn columns(text: &str) -> usize {
    Line::of(text).width()
}

/// Who wrote a commit, cut to what fits.
fn name(commit: &Commit) -> String {
    let mut name: String = commit.author.name.chars().take(NAME).collect();
    while columns(&name) > NAME {
        name.pop();
    }
    name
}
