//! The changes between two revisions: as data, and as a page with the changed words marked.

use super::words::{count, list_of};
use crate::change::{Change, ChangeSet, Impact, Level, NotChecked};
use crate::finding::Place;
use crate::model::Address;
use crate::proof::{Verdict, Witness};
use crate::report::{Block, Line, Page, Style, Tool};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, BTreeSet};

/// A revision, as JSON names it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RevisionRow {
    /// As it was written, or what it is: `work tree`, `index`.
    pub rev: String,
    /// The commit, where it is one.
    pub commit: Option<String>,
}

/// What `diff --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The revisions.
    pub inputs: Inputs,
    /// Counts.
    pub summary: DiffSummary,
    /// The changes, the strictest level first, then by impact and address.
    pub changes: Vec<ChangeRow>,
    /// What could not be compared.
    pub not_checked: Vec<NotChecked>,
}

/// The two sides of a comparison.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inputs {
    /// What it starts from.
    pub base: RevisionRow,
    /// What it leads to.
    pub head: RevisionRow,
}

/// Counts of changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffSummary {
    /// Changes that are more than form.
    pub changes: usize,
    /// Changes of form alone.
    pub cosmetic: usize,
    /// Changes of which it is not known what they do.
    pub undecided: usize,
    /// Changes that policy turned off.
    pub silenced: usize,
    /// All shown changes by impact.
    pub by_impact: BTreeMap<Impact, usize>,
    /// All shown changes by level.
    pub by_level: BTreeMap<Level, usize>,
}

/// One change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeRow {
    /// What it is known by: the same while its meaning is the same.
    pub fingerprint: String,
    /// Its kind; `opmodel kinds` lists them.
    pub kind: String,
    /// What it is about.
    pub address: String,
    /// The address before, where it was another.
    pub previous_address: Option<String>,
    /// What it does.
    pub impact: Impact,
    /// What it asks for.
    pub level: Level,
    /// The policy entry that gave the level, where one did.
    pub policy: Option<String>,
    /// Whether it was written, rather than follows from another change.
    pub direct: bool,
    /// The entities whose changes it follows from, where nobody wrote it.
    pub caused_by: Vec<String>,
    /// One sentence.
    pub summary: String,
    /// The value before, as written.
    pub before: Option<Json>,
    /// The value after, as written.
    pub after: Option<Json>,
    /// How two criteria compare, where it is about one.
    pub evidence: Option<Evidence>,
    /// Where it stands.
    pub locations: Locations,
}

/// How two criteria compare.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Evidence {
    /// `equivalent`, `looser`, `tighter`, `shifted` or `undecided`.
    pub verdict: &'static str,
    /// Whether it is proved.
    pub exact: bool,
    /// Why it is undecided.
    pub reason: Option<String>,
    /// A record that passes now and did not before.
    pub admits: Option<Witness>,
    /// A record that passed and does not any more.
    pub refuses: Option<Witness>,
}

/// Where a change stands on both sides.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Locations {
    /// In the base.
    pub base: Option<Location>,
    /// In the head.
    pub head: Option<Location>,
}

/// A line of a file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Location {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

impl From<&Place> for Location {
    fn from(place: &Place) -> Self {
        let line = place.source.line_column(place.span.start).line;
        Self { path: place.source.path().to_owned(), line }
    }
}

impl From<&Change> for ChangeRow {
    fn from(change: &Change) -> Self {
        Self {
            fingerprint: change.fingerprint.to_string(),
            kind: change.kind.id.clone(),
            address: change.address.to_string(),
            previous_address: change.previous.as_ref().map(ToString::to_string),
            impact: change.impact,
            level: change.level,
            policy: change.policy.clone(),
            direct: change.caused_by.is_empty(),
            caused_by: change.caused_by.iter().map(ToString::to_string).collect(),
            summary: change.summary.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            evidence: change.verdict.as_ref().map(Into::into),
            locations: Locations {
                base: change.base.as_ref().map(Into::into),
                head: change.head.as_ref().map(Into::into),
            },
        }
    }
}

impl From<&Verdict> for Evidence {
    fn from(verdict: &Verdict) -> Self {
        let (word, admits, refuses) = match verdict {
            Verdict::Equivalent => ("equivalent", None, None),
            Verdict::Looser { admits } => ("looser", Some(admits.clone()), None),
            Verdict::Tighter { refuses } => ("tighter", None, Some(refuses.clone())),
            Verdict::Shifted { admits, refuses } => {
                ("shifted", Some(admits.clone()), Some(refuses.clone()))
            }
            Verdict::Undecided(_) => ("undecided", None, None),
        };
        let reason = match verdict {
            Verdict::Undecided(reason) => Some(reason.clone()),
            _ => None,
        };
        Self { verdict: word, exact: reason.is_none(), reason, admits, refuses }
    }
}

impl DiffReport {
    /// A set of changes between two revisions, as data.
    pub fn new(changes: &ChangeSet, base: RevisionRow, head: RevisionRow) -> Self {
        let by_impact = changes.by_impact();
        let of = |impact| by_impact.get(&impact).copied().unwrap_or_default();
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            inputs: Inputs { base, head },
            summary: DiffSummary {
                changes: changes.meaningful().count(),
                cosmetic: of(Impact::Cosmetic),
                undecided: of(Impact::Undecided),
                silenced: changes.silenced,
                by_level: changes.by_level(),
                by_impact,
            },
            changes: changes.changes.iter().map(Into::into).collect(),
            not_checked: changes.not_checked.clone(),
        }
    }
}

/// The changes as a page: what asks most first, form last and folded into one line.
pub fn changes_page(changes: &ChangeSet) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(headline(changes)));
    let direct = changes.meaningful().filter(|change| change.caused_by.is_empty());
    let mut said = BTreeSet::new();
    for change in direct {
        page.gap();
        change_blocks(&mut page, change);
        consequences(&mut page, change, changes, &mut said);
    }
    let cosmetic: Vec<&Change> = changes.changes.iter().filter(|c| c.is_cosmetic()).collect();
    if !cosmetic.is_empty() {
        page.gap();
        cosmetic_blocks(&mut page, &cosmetic);
    }
    for missing in &changes.not_checked {
        page.gap();
        page.push(Block::Paragraph(not_compared(missing)));
    }
    page
}

fn not_compared(missing: &NotChecked) -> Line {
    let line = Line::new().with(Style::Warn, "not compared: ").code(missing.address.clone());
    line.plain(format!(", {}", missing.reason))
}

/// In how many files something could not be compared; one may be unreadable on both sides.
fn files_not_compared(changes: &ChangeSet) -> usize {
    let files: BTreeSet<&str> = changes.not_checked.iter().map(|m| m.address.as_str()).collect();
    files.len()
}

fn headline(changes: &ChangeSet) -> Line {
    let meaningful = changes.meaningful().count();
    let cosmetic = changes.changes.len() - meaningful;
    if meaningful == 0 && changes.not_checked.is_empty() {
        let words = match cosmetic {
            0 if changes.silenced == 0 => "no change",
            0 => "no change that policy lets be shown",
            _ if changes.changes.iter().any(Change::is_wording) => {
                "no change in what can be computed: only form, and words for people"
            }
            _ => "no change in meaning: only form, proved by equal canonical models",
        };
        return Line::new().with(Style::Good, words);
    }
    let missing = count(files_not_compared(changes), "file", "files");
    if meaningful == 0 {
        let line = Line::new().with(Style::Warn, format!("nothing could be compared in {missing}"));
        return match cosmetic {
            0 => line,
            _ => line.plain("; elsewhere only form changed"),
        };
    }
    let parts: Vec<String> = changes
        .by_impact()
        .into_iter()
        .filter(|(impact, _)| *impact != Impact::Cosmetic)
        .map(|(impact, number)| format!("{number} {impact}"))
        .collect();
    let mut line = Line::new().strong(count(meaningful, "change", "changes"));
    if !parts.is_empty() {
        line = line.plain(format!(": {}", list_of(&parts)));
    }
    let approve = changes.by_level().get(&Level::Approve).copied().unwrap_or_default();
    let line = match approve {
        0 => line,
        1 => line.plain("; 1 needs an approval"),
        _ => line.plain(format!("; {approve} need an approval")),
    };
    if changes.not_checked.is_empty() {
        return line;
    }
    line.with(Style::Warn, format!("; {missing} could not be compared"))
}

pub(super) fn impact_style(impact: Impact) -> Style {
    match impact {
        Impact::Breaking | Impact::Loosening => Style::Bad,
        Impact::Tightening | Impact::Shifting | Impact::Undecided => Style::Warn,
        Impact::Additive => Style::Good,
        Impact::Cosmetic => Style::Dim,
    }
}

fn change_blocks(page: &mut Page, change: &Change) {
    let head = Line::new()
        .with(impact_style(change.impact), format!("{} ", change.impact.word()))
        .strong(change.address.to_string());
    page.push(Block::Heading(2, head));
    page.push(Block::Nested(1, Line::new().sentence(&change.summary)));
    let values = value_lines(change);
    if !values.is_empty() {
        page.push(Block::Verbatim(2, values));
    }
    page.extend_nested(1, evidence_lines(change));
    page.push(Block::Nested(1, tail(change)));
}

/// Where a change stands, and what it asks for.
fn tail(change: &Change) -> Line {
    let mut tail = Line::new().dim(change.kind.id.clone());
    if let Some(previous) = change.previous.as_ref() {
        tail = tail.dim(format!(", before {previous}"));
    }
    if let Some(place) = change.head.as_ref().or(change.base.as_ref()) {
        let at = Location::from(place);
        let gone = if change.head.is_none() { " (base)" } else { "" };
        tail = tail.dim(format!(", {}:{}{gone}", at.path, at.line));
    }
    tail = tail.dim(format!(", {}", level_words(change)));
    tail.dim(format!(", {}", change.fingerprint))
}

/// What follows from a change, under it; what follows from several stands under the first.
fn consequences(
    page: &mut Page,
    cause: &Change,
    changes: &ChangeSet,
    said: &mut BTreeSet<Address>,
) {
    let ends = [Some(&cause.address), cause.previous.as_ref()];
    let causes = |by: &Address| ends.into_iter().flatten().any(|end| end.is_within(by.as_str()));
    for change in changes.changes.iter().filter(|change| change.caused_by.iter().any(causes)) {
        if !said.insert(change.address.clone()) {
            continue;
        }
        let head = Line::new()
            .plain("so ")
            .with(impact_style(change.impact), format!("{} ", change.impact.word()))
            .strong(change.address.to_string())
            .plain(": ");
        page.push(Block::Nested(1, head.sentence(&change.summary)));
        page.extend_nested(2, evidence_lines(change));
        page.push(Block::Nested(2, tail(change)));
    }
}

/// A record for each direction in which criteria differ, or why that is not known.
fn evidence_lines(change: &Change) -> Vec<Line> {
    let Some(verdict) = &change.verdict else { return Vec::new() };
    let record = |words: &str, witness: &Witness| {
        Line::new().plain(format!("{words}, for example: ")).plain(in_words(witness))
    };
    let (more, less) = ("passes now", "passes no more");
    match verdict {
        Verdict::Equivalent => Vec::new(),
        Verdict::Looser { admits } => vec![record(more, admits)],
        Verdict::Tighter { refuses } => vec![record(less, refuses)],
        Verdict::Shifted { admits, refuses } => {
            vec![record(more, admits), record(less, refuses)]
        }
        Verdict::Undecided(why) => vec![Line::new().plain(format!("not decided: {why}"))],
    }
}

/// A record in a line: the fields that are set, or that none is.
pub(super) fn in_words(witness: &Witness) -> String {
    if witness.is_empty() {
        return "a record with nothing set".to_owned();
    }
    let value = |value: &Json| match value {
        Json::String(text) if text.starts_with(|sign: char| sign.is_ascii_digit()) => text.clone(),
        Json::String(text) => format!("'{}'", text.replace('\'', "''")),
        Json::Array(items) => {
            let items = items.iter().map(|item| match item {
                Json::String(text) => format!("'{}'", text.replace('\'', "''")),
                other => other.to_string(),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    };
    let fields = witness.iter().map(|(field, of)| format!("{field} = {}", value(of)));
    fields.collect::<Vec<_>>().join(", ")
}

fn level_words(change: &Change) -> String {
    let words = match change.level {
        Level::Forbid => "nobody may sign this",
        Level::Approve => "needs approval",
        Level::Warn => "a warning",
        Level::Note | Level::Off => "a note",
    };
    match &change.policy {
        Some(policy) => format!("{words} by {policy}"),
        None => words.to_owned(),
    }
}

fn cosmetic_blocks(page: &mut Page, cosmetic: &[&Change]) {
    let (words, form): (Vec<&Change>, Vec<&Change>) =
        cosmetic.iter().copied().partition(|change| change.is_wording());
    if !words.is_empty() {
        let number = count(words.len(), "change", "changes");
        let line = Line::new().dim(format!("and {number} of words for people, which you judge:"));
        page.push(Block::Paragraph(line));
        listed(page, &words);
        page.gap();
    }
    if !form.is_empty() {
        let number = count(form.len(), "change", "changes");
        let line = format!("and {number} of form alone, proved to change no meaning:");
        page.push(Block::Paragraph(Line::new().dim(line)));
        listed(page, &form);
    }
}

/// Changes in a line each, words with what they were and are.
fn listed(page: &mut Page, changes: &[&Change]) {
    const MOST: usize = 12;
    for change in changes.iter().take(MOST) {
        let line = if change.address.as_str().contains('/') {
            Line::new()
        } else {
            Line::new().dim(format!("{}: ", change.address))
        };
        page.push(Block::Nested(1, line.sentence(&change.summary)));
        if change.is_wording() {
            page.push(Block::Verbatim(2, value_lines(change)));
        }
    }
    if changes.len() > MOST {
        let more = format!("… and {} more (`--format json` lists all)", changes.len() - MOST);
        page.push(Block::Nested(1, Line::new().sentence(&more)));
    }
}

/// Before and after with the words that differ marked in both.
fn value_lines(change: &Change) -> Vec<Line> {
    let before = change.before.as_ref().map(shown_value);
    let after = change.after.as_ref().map(shown_value);
    match (before, after) {
        (Some(Shown::Text(before)), Some(Shown::Text(after))) => marked(&before, &after),
        (None, Some(Shown::Text(after))) => {
            vec![Line::new().with(Style::Added, format!("+ {after}"))]
        }
        (Some(Shown::Text(before)), None) => {
            vec![Line::new().with(Style::Removed, format!("- {before}"))]
        }
        _ => Vec::new(),
    }
}

enum Shown {
    Text(String),
    Structure,
}

fn shown_value(value: &Json) -> Shown {
    match value {
        Json::String(text) => Shown::Text(text.clone()),
        Json::Object(_) => Shown::Structure,
        Json::Array(items) if items.iter().any(Json::is_object) => Shown::Structure,
        Json::Array(items) => {
            let items = items.iter().map(|item| match item {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            });
            Shown::Text(format!("[{}]", items.collect::<Vec<_>>().join(", ")))
        }
        other => Shown::Text(other.to_string()),
    }
}

fn marked(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_words(before, after);
    let mut old = Line::new().with(Style::Removed, "- ");
    let mut new = Line::new().with(Style::Added, "+ ");
    for change in diff.iter_all_changes() {
        let words = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                old = old.with(Style::Removed, words);
                new = new.with(Style::Added, words);
            }
            ChangeTag::Delete => old = old.with(Style::RemovedWords, words),
            ChangeTag::Insert => new = new.with(Style::AddedWords, words),
        }
    }
    vec![old, new]
}

/// `--stat`: a line an entity, and the totals.
pub fn stat_page(changes: &ChangeSet) -> Page {
    let mut rows: BTreeMap<String, BTreeMap<Impact, usize>> = BTreeMap::new();
    for change in &changes.changes {
        let entity = entity_of(change.address.as_str());
        *rows.entry(entity).or_default().entry(change.impact).or_default() += 1;
    }
    let mut page = Page::default();
    let cell = |counts: &BTreeMap<Impact, usize>| {
        let mut line = Line::new();
        for (at, (impact, number)) in counts.iter().enumerate() {
            line = line.plain(if at == 0 { "" } else { ", " });
            line = line.with(impact_style(*impact), format!("{number} {impact}"));
        }
        line
    };
    let rows: Vec<Vec<Line>> =
        rows.iter().map(|(name, counts)| vec![Line::new().code(name), cell(counts)]).collect();
    page.push(Block::Table(vec![Line::new(), Line::new()], rows));
    page.push(Block::Paragraph(headline(changes)));
    let missing = changes.not_checked.iter().map(not_compared);
    page.blocks.extend(missing.map(Block::Paragraph));
    page
}

impl DiffReport {
    /// The addresses of the entities that changed in more than form, each once.
    pub fn names(changes: &ChangeSet) -> Vec<String> {
        let names: BTreeSet<String> =
            changes.meaningful().map(|change| entity_of(change.address.as_str())).collect();
        names.into_iter().collect()
    }
}

fn entity_of(address: &str) -> String {
    let kind = address.split('.').next().unwrap_or_default();
    match crate::model::Kind::of(kind) {
        Some(kind) => address.split('.').take(kind.depth + 1).collect::<Vec<_>>().join("."),
        None => address.to_owned(),
    }
}

/// The values of a change in one line, where they are short.
pub(super) fn short_values(change: &Change) -> Option<Line> {
    const LONGEST: usize = 70;
    let text = |value: &Option<Json>| match value.as_ref().map(shown_value) {
        Some(Shown::Text(text)) if text.chars().count() <= LONGEST => Some(text),
        _ => None,
    };
    let (before, after) = (text(&change.before), text(&change.after));
    match (before, after) {
        (Some(before), Some(after)) => {
            let line = Line::new().with(Style::Removed, before).plain(" → ");
            Some(line.with(Style::Added, after))
        }
        (None, Some(after)) if change.before.is_none() => {
            Some(Line::new().sentence(&change.summary).plain(": ").with(Style::Added, after))
        }
        (Some(before), None) if change.after.is_none() => {
            Some(Line::new().sentence(&change.summary).plain(": ").with(Style::Removed, before))
        }
        _ => None,
    }
}
