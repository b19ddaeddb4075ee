//! The changes between two revisions as a page with the changed words marked.

use super::difference::Location;
use super::words::{count, list_of};
use crate::change::{Change, ChangeSet, Consequences, Impact, Level, NotChecked, Rerouted};
use crate::proof::{Row, Verdict, Witness, in_words};
use crate::report::{Block, Line, Page, Style};
use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, BTreeSet};

/// How much of changes is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Detail {
    /// So many of them, with what follows from each.
    pub(super) changes: usize,
    /// Whether with a record each.
    pub(super) witnesses: bool,
    /// Whether with what each asks for, and the fingerprint by which it is approved.
    pub(super) judged: bool,
}

impl Detail {
    /// Everything.
    pub(super) const ALL: Self = Self { changes: usize::MAX, witnesses: true, judged: true };
}

/// The changes as a page: what asks most first, form last and folded into one line.
pub fn changes_page(changes: &ChangeSet) -> Page {
    changes_page_within(changes, Detail::ALL)
}

/// The changes as a page, without what a policy asks for: where it is not known which one judges.
pub fn changes_page_unjudged(changes: &ChangeSet) -> Page {
    changes_page_within(changes, Detail { judged: false, ..Detail::ALL })
}

/// One change as a page.
pub(super) fn change_page(change: &Change, detail: Detail) -> Page {
    let mut page = Page::default();
    if change.caused_by.is_empty() {
        change_blocks(&mut page, change, detail);
    } else {
        alone(&mut page, change, detail);
    }
    page
}

/// The changes as a page, as far as there is room.
pub(super) fn changes_page_within(changes: &ChangeSet, detail: Detail) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(headline(changes, detail.judged)));
    let direct = changes.meaningful().filter(|change| change.caused_by.is_empty());
    let consequences = Consequences::among(&changes.changes);
    let mut said = BTreeSet::new();
    let mut left = detail.changes;
    for change in direct.take(detail.changes) {
        page.gap();
        change_blocks(&mut page, change, detail);
        for follows in consequences.of(change).filter(|one| said.insert(&one.fingerprint)) {
            consequence(&mut page, follows, detail);
        }
        left -= 1;
    }
    let follows = changes.meaningful().filter(|change| !change.caused_by.is_empty());
    for change in follows.filter(|change| !said.contains(&change.fingerprint)).take(left) {
        page.gap();
        alone(&mut page, change, detail);
    }
    let proved = proved_lines(changes);
    if !proved.is_empty() {
        page.gap();
        page.blocks.extend(proved.into_iter().map(Block::Paragraph));
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

/// What is proved of records that are in no row.
fn proved_lines(changes: &ChangeSet) -> Vec<Line> {
    let exact = changes.routes.iter().filter(|table| table.is_exact());
    let (moving, still): (Vec<_>, Vec<_>) =
        exact.partition(|table| !table.rerouting.rows.is_empty());
    let names = |tables: Vec<&Rerouted>| {
        let names: Vec<String> = tables.iter().map(|t| format!("`{}`", t.routing)).collect();
        (!names.is_empty()).then(|| list_of(&names))
    };
    let line = |words: String| Line::new().sentence(&words);
    let moving = names(moving)
        .map(|names| line(format!("no other record goes elsewhere in {names}: proved")));
    let still =
        names(still).map(|names| line(format!("no record goes elsewhere in {names}: proved")));
    moving.into_iter().chain(still).collect()
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

fn headline(changes: &ChangeSet, judged: bool) -> Line {
    let meaningful = changes.meaningful().count();
    let cosmetic = changes.changes.len() - meaningful;
    let off = changes.meaningful_silenced().count();
    let turned_off = match off {
        1 => "1 change of meaning is turned off by policy".to_owned(),
        _ => format!("{off} changes of meaning are turned off by policy"),
    };
    if meaningful == 0 && changes.not_checked.is_empty() {
        if off > 0 {
            let line = Line::new().with(Style::Warn, turned_off);
            return match cosmetic {
                0 => line.plain(", and nothing else changed"),
                _ => line.plain("; of the rest only form changed"),
            };
        }
        let words = match cosmetic {
            0 if changes.silenced.is_empty() => "no change",
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
        _ if !judged => line,
        0 => line,
        1 => line.plain("; 1 needs an approval"),
        _ => line.plain(format!("; {approve} need an approval")),
    };
    let line = if off > 0 { line.plain(format!("; {turned_off}")) } else { line };
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

fn change_blocks(page: &mut Page, change: &Change, detail: Detail) {
    let head = Line::new()
        .with(impact_style(change.impact), format!("{} ", change.impact.word()))
        .strong(change.address.to_string());
    page.push(Block::Heading(2, head));
    page.push(Block::Nested(1, Line::new().sentence(&change.summary)));
    let values = value_lines(change);
    if !values.is_empty() {
        page.push(Block::Verbatim(2, values));
    }
    page.extend_nested(1, proof_lines(change, detail));
    page.push(Block::Nested(1, tail(change, detail)));
}

/// What shows that a change does what is said.
fn proof_lines(change: &Change, detail: Detail) -> Vec<Line> {
    if !detail.witnesses {
        return Vec::new();
    }
    change.row.as_deref().map_or_else(|| evidence_lines(change), row_lines)
}

/// Where a change stands, and what it asks for.
fn tail(change: &Change, detail: Detail) -> Line {
    let mut tail = Line::new().dim(change.kind.id.clone());
    if let Some(previous) = change.previous.as_ref() {
        let is_shared = change.kind.id.starts_with("territory-overlap-");
        let word = if is_shared { "with" } else { "before" };
        tail = tail.dim(format!(", {word} {previous}"));
    }
    if let Some(place) = change.head.as_ref().or(change.base.as_ref()) {
        let at = Location::from(place);
        let gone = if change.head.is_none() { " (base)" } else { "" };
        tail = tail.dim(format!(", {}:{}{gone}", at.path, at.line));
    }
    if !detail.judged {
        return tail;
    }
    tail = tail.dim(format!(", {}", level_words(change)));
    tail.dim(format!(", {}", change.fingerprint))
}

/// What follows from a change, under it; what follows from several stands under the first.
fn consequence(page: &mut Page, change: &Change, detail: Detail) {
    let head = Line::new().plain("so ").then(indirect_head(change)).plain(": ");
    page.push(Block::Nested(1, head.sentence(&change.summary)));
    page.extend_nested(2, proof_lines(change, detail));
    page.push(Block::Nested(2, tail(change, detail)));
}

/// What follows from changes that are not shown: its causes were not asked for.
fn alone(page: &mut Page, change: &Change, detail: Detail) {
    let causes: Vec<String> = change.caused_by.iter().map(|by| format!("`{by}`")).collect();
    page.push(Block::Heading(2, indirect_head(change)));
    let why = format!("{}, because of {}", change.summary, list_of(&causes));
    page.push(Block::Nested(1, Line::new().sentence(&why)));
    page.extend_nested(1, proof_lines(change, detail));
    page.push(Block::Nested(1, tail(change, detail)));
}

fn indirect_head(change: &Change) -> Line {
    Line::new()
        .with(impact_style(change.impact), format!("{} ", change.impact.word()))
        .strong(change.address.to_string())
}

/// Of earlier rules that take some records away, so many are named.
const NAMED_RULES: usize = 4;

pub(super) fn row_lines(row: &Row) -> Vec<Line> {
    let include = match row.include.as_str() {
        "" => Line::new().plain("every record"),
        include => Line::new().plain("those with ").code(include),
    };
    let include = match row.except.as_slice() {
        [] => include,
        except => {
            let mut names: Vec<String> = except.iter().map(|name| format!("`{name}`")).collect();
            if let Some(more) = names.len().checked_sub(NAMED_RULES).filter(|more| *more > 1) {
                names.truncate(NAMED_RULES);
                names.push(format!("{more} more earlier rules"));
            }
            let take = if names.len() == 1 { "takes" } else { "take" };
            include.sentence(&format!(", except what {} {take}", list_of(&names)))
        }
    };
    let mut lines = vec![include];
    lines.push(Line::new().plain(format!("for example: {}", in_words(&row.witness))));
    if let Some(edge) = &row.edge {
        let (moves, stays) = &edge.words;
        lines.push(Line::new().plain(format!("with {moves} it moves, with {stays} it does not")));
    }
    for without in &row.without {
        let line = Line::new().plain("without ").quoted(without.field.clone()).plain(": ");
        let same = without.before.destination() == without.after.destination();
        lines.push(if same {
            line.quoted(without.after.name()).plain(", as before")
        } else {
            line.plain("from ")
                .quoted(without.before.name())
                .plain(" to ")
                .quoted(without.after.name())
        });
    }
    lines
}

/// A record for each direction in which criteria differ, or why that is not known.
pub(super) fn evidence_lines(change: &Change) -> Vec<Line> {
    let Some(verdict) = &change.verdict else { return Vec::new() };
    let record = |words: &str, witness: &Witness| {
        Line::new().plain(format!("{words}, for example: ")).plain(in_words(witness))
    };
    let (more, less) = match &change.kind {
        kind if kind.id.starts_with("icp-disqualifier") => {
            ("is shut out now", "is shut out no more")
        }
        kind if kind.covers => ("is covered now", "is covered no more"),
        _ => ("passes now", "passes no more"),
    };
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

pub(super) fn level_words(change: &Change) -> String {
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

/// A value in one line; none where it is a structure.
pub(super) fn value_text(value: &Json) -> Option<String> {
    match shown_value(value) {
        Shown::Text(text) => Some(text),
        Shown::Structure => None,
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
    page.push(Block::Paragraph(headline(changes, true)));
    let missing = changes.not_checked.iter().map(not_compared);
    page.blocks.extend(missing.map(Block::Paragraph));
    page
}

pub(super) fn entity_of(address: &str) -> String {
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
