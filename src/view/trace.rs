//! Why a record goes where it goes: each rule that was tried, and the words that kept it out.

use super::difference::Location;
use crate::load::{DEFAULT, Obstacle, Outcome, Trace, Tried};
use crate::model::Address;
use crate::proof::{Witness, in_words};
use crate::report::{Block, Line, Page, Style, Tool};
use schemars::JsonSchema;
use serde::Serialize;

/// What `trace --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TraceReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The type of the record.
    pub object: String,
    /// The record.
    pub record: Witness,
    /// Each routing table of that type of record.
    pub routes: Vec<TraceRow>,
}

/// What one table makes of the record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TraceRow {
    /// The table.
    pub routing: String,
    /// The rule that takes it; `default` where none does; nothing where the table is not about it.
    pub rule: Option<String>,
    /// Where it goes.
    pub to: Option<String>,
    /// The promise that starts with it.
    pub sla: Option<String>,
    /// The conditions that were tried, in order.
    pub because: Vec<TriedRow>,
}

/// A condition that was tried.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TriedRow {
    /// The rule, or `applies_to`.
    pub rule: String,
    /// Its condition.
    pub when: String,
    /// Whether it holds.
    pub holds: bool,
    /// The words by which it does not hold, those behind references last.
    pub words: Vec<String>,
    /// Where it is written.
    pub location: Location,
}

impl TraceReport {
    /// What some tables make of a record, as data.
    pub fn new(object: &str, record: Witness, traces: &[(Address, Trace<'_, '_>)]) -> Self {
        let row = |(routing, trace): &(Address, Trace<'_, '_>)| {
            let outcome = trace.outcome.as_ref();
            TraceRow {
                routing: routing.to_string(),
                rule: outcome.map(|outcome| outcome.rule.clone()),
                to: outcome.and_then(|outcome| outcome.to.clone()),
                sla: outcome.and_then(|outcome| outcome.sla.clone()),
                because: trace.tried.iter().map(|tried| tried_row(routing, tried)).collect(),
            }
        };
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            object: object.to_owned(),
            record,
            routes: traces.iter().map(row).collect(),
        }
    }
}

fn tried_row(routing: &Address, tried: &Tried<'_, '_>) -> TriedRow {
    TriedRow {
        rule: name(routing, tried).to_owned(),
        when: tried.criterion.text.to_owned(),
        holds: tried.obstacles.is_empty(),
        words: tried.obstacles.iter().map(|obstacle| obstacle.expr.to_string()).collect(),
        location: (&tried.criterion.entity.place(tried.criterion.span)).into(),
    }
}

/// The rule a condition belongs to, or `applies_to`.
fn name<'t>(routing: &Address, tried: &'t Tried<'_, '_>) -> &'t str {
    let item = &tried.criterion.item;
    if item == routing {
        "applies_to"
    } else {
        item.as_str().rsplit('.').next().unwrap_or_default()
    }
}

/// The same as a page.
pub fn trace_page(record: &Witness, traces: &[(Address, Trace<'_, '_>)]) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(Line::new().dim(in_words(record))));
    for (routing, trace) in traces {
        page.gap();
        page.push(Block::Heading(2, headline(routing, trace.outcome.as_ref())));
        for tried in &trace.tried {
            tried_blocks(&mut page, routing, tried);
        }
    }
    page
}

fn headline(routing: &Address, outcome: Option<&Outcome>) -> Line {
    let line = Line::new().strong(routing.to_string());
    let Some(outcome) = outcome else { return line.plain(" is not about this record") };
    let to = outcome.to.as_deref().unwrap_or("nowhere");
    let line = match outcome.rule.as_str() {
        DEFAULT => line.plain(": no rule takes it; it goes to "),
        rule => line.plain(": rule ").code(rule).plain(" takes it, to "),
    };
    let line = line.code(to);
    match &outcome.sla {
        Some(sla) => line.plain(" under ").code(sla),
        None => line,
    }
}

fn tried_blocks(page: &mut Page, routing: &Address, tried: &Tried<'_, '_>) {
    let at = Location::from(&tried.criterion.entity.place(tried.criterion.span));
    let holds = tried.obstacles.is_empty();
    let (style, word) = match (holds, name(routing, tried)) {
        (true, "applies_to") => (Style::Good, "is about it: "),
        (true, _) => (Style::Good, "takes it: "),
        (false, _) => (Style::Dim, "not "),
    };
    let line = Line::new().with(style, word).strong(name(routing, tried));
    page.push(Block::Nested(1, line.dim(format!(" {}:{}", at.path, at.line))));
    let (own, behind): (Vec<_>, Vec<_>) =
        tried.obstacles.iter().partition(|obstacle| is_own(tried, obstacle));
    page.push(Block::Verbatim(2, underlined(tried.criterion.text, &own)));
    for obstacle in behind {
        let at = Location::from(&obstacle.place);
        let not = if obstacle.inverted { "since it must not hold: " } else { "since not: " };
        let line = Line::new().plain(not).code(obstacle.expr.to_string());
        page.push(Block::Nested(2, line.dim(format!(" {}:{}", at.path, at.line))));
    }
}

/// Whether an obstacle is written in the condition itself, not behind a reference.
fn is_own(tried: &Tried<'_, '_>, obstacle: &Obstacle<'_>) -> bool {
    let span = tried.criterion.span;
    obstacle.place.source == tried.criterion.entity.source
        && span.start <= obstacle.place.span.start
        && obstacle.place.span.end <= span.end
}

/// A text in lines that fit beside each other, with carets below the words of some obstacles.
fn underlined(text: &str, obstacles: &[&Obstacle<'_>]) -> Vec<Line> {
    const WIDEST: usize = 72;
    let spans = obstacles.iter().map(|obstacle| obstacle.expr.span);
    let spans: Vec<_> = spans.map(|span| span.start..span.end).collect();
    let mut lines = Vec::new();
    let mut at = 0;
    for words in textwrap::wrap(text, textwrap::Options::new(WIDEST).break_words(false)) {
        // Where the words begin; what was wrapped away is blank.
        let start = text.get(at..).and_then(|rest| rest.find(words.as_ref())).unwrap_or_default();
        let first = at + start;
        at = first + words.len();
        let marks = words.char_indices().flat_map(|(offset, sign)| {
            let below = spans.iter().any(|span| span.contains(&(first + offset)));
            let width = textwrap::core::display_width(sign.encode_utf8(&mut [0; 4]));
            std::iter::repeat_n(if below { '^' } else { ' ' }, width)
        });
        let marks: String = marks.collect();
        lines.push(Line::new().code(words.into_owned()));
        if !marks.trim_end().is_empty() {
            lines.push(Line::new().with(Style::Bad, marks.trim_end()));
        }
    }
    lines
}
