//! What is different in the end, and what only went there and back, on the auditor's page.

use super::drift_page::{Extent, day, more, section, short};
use super::drift_timeline::{Months, legend, timeline};
use super::words::{count, list_of};
use crate::audit::{Drift, Net, NetVerdict, Oscillation};
use crate::report::{Block, Line, Page, Style};

/// So many things are named in a sentence; the others are counted.
const NAMED: usize = 8;

/// So many ways there and back are told in a brief report.
const WAYS: usize = 8;

/// What is different in the end.
pub(super) fn net(page: &mut Page, drift: &Drift, extent: Extent) {
    section(page, "Net drift");
    let period = &drift.period;
    if let (Some(with), Some(end)) = (&period.compared_with, &period.end) {
        let line = format!(
            "{} compared with {}: the two states, not the sum of the steps",
            short(end),
            short(with)
        );
        page.push(Block::Nested(1, Line::new().dim(line)));
    }
    if drift.net.is_empty() {
        let line = "no definition, gate, ICP, segment, territory, routing table or SLA changed";
        page.push(Block::Nested(1, Line::new().with(Style::Good, line)));
        return;
    }
    let months = Months::of(period, &drift.net);
    let (by_reference, own): (Vec<&Net>, Vec<&Net>) =
        drift.net.iter().partition(|net| net.indirect);
    let widest = own.iter().map(|net| timeline(net, months.as_ref()).width()).max();
    let row = |net: &&Net| net_row(net, months.as_ref(), widest.unwrap_or_default());
    page.push(Block::Verbatim(1, own.iter().map(row).collect()));
    if !own.is_empty() {
        page.push(Block::Nested(1, legend(months.as_ref())));
    }
    if extent == Extent::Whole {
        for net in own.iter().filter(|net| net.has_drifted()) {
            page.gap();
            differences(page, net);
        }
        page.gap();
    }
    if !by_reference.is_empty() {
        let more = by_reference.len().saturating_sub(NAMED);
        let named = by_reference.iter().take(NAMED).map(|net| format!("`{}`", net.address));
        let names: Vec<String> = named.chain((more > 0).then(|| format!("{more} more"))).collect();
        let line = format!("and through what they refer to: {}", list_of(&names));
        page.push(Block::Nested(1, Line::new().sentence(&line)));
    }
    there_and_back(page, drift, extent);
}

/// One thing in a line: how it compares, its way, what it is.
fn net_row(net: &Net, months: Option<&Months>, widest: usize) -> Line {
    const SHORT: usize = 60;
    let (style, word) = verdict(net.verdict);
    let way = timeline(net, months);
    let room = " ".repeat(widest.saturating_sub(way.width()) + 2);
    let line = Line::new().with(style, format!("{word:<8} ")).then(way).plain(room);
    let line = line.code(net.address.clone());
    let said = net.says.iter().find(|words| words.contains('→') && words.chars().count() <= SHORT);
    match said {
        Some(words) => line.plain(format!("  {}", words.replace('`', ""))),
        None if net.verdict == NetVerdict::Same => {
            let steps = count(net.steps.len(), "step", "steps");
            line.dim(format!("  after {steps}"))
        }
        None => line,
    }
}

/// What is different about something, with a record that shows it.
fn differences(page: &mut Page, net: &Net) {
    let line = Line::new().code(net.address.clone()).plain(format!(" ({}) ", net.name));
    let (style, word) = verdict(net.verdict);
    let line = line.with(style, word);
    let former: Vec<String> = net.former.iter().map(|name| format!("`{name}`")).collect();
    let line = if former.is_empty() {
        line
    } else {
        line.plain(", formerly ").sentence(&list_of(&former))
    };
    page.push(Block::Nested(1, line));
    page.extend_nested(2, net.says.iter().map(|words| Line::new().sentence(words)));
    let shown = [
        ("passes now: ", &net.admits),
        ("does not pass any more: ", &net.refuses),
        ("for example: ", &net.example),
    ];
    for (words, record) in shown {
        if let Some(record) = record {
            page.push(Block::Nested(2, Line::new().dim(words).sentence(record)));
        }
    }
}

fn there_and_back(page: &mut Page, drift: &Drift, extent: Extent) {
    let all: Vec<&Oscillation> = drift.net.iter().flat_map(|net| &net.oscillations).collect();
    if all.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Heading(3, Line::of("There and back")));
    let (follow, own): (Vec<&Oscillation>, Vec<&Oscillation>) =
        all.iter().partition(|oscillation| oscillation.indirect);
    let untold = own.len().saturating_sub(extent.of(WAYS));
    page.extend_nested(1, own.into_iter().take(extent.of(WAYS)).map(back));
    more(page, untold, "way there and back", "ways there and back");
    if !follow.is_empty() {
        let line = format!("and {} only through what they refer to", follow.len());
        page.push(Block::Nested(1, Line::new().dim(line)));
    }
}

fn verdict(verdict: NetVerdict) -> (Style, &'static str) {
    match verdict {
        NetVerdict::Gone => (Style::Warn, "gone"),
        NetVerdict::Broken => (Style::Bad, "broken"),
        NetVerdict::Looser => (Style::Warn, "looser"),
        NetVerdict::Shifted => (Style::Warn, "shifted"),
        NetVerdict::Undecided => (Style::Bad, "undecided"),
        NetVerdict::Tighter => (Style::Good, "tighter"),
        NetVerdict::New => (Style::Plain, "new"),
        NetVerdict::Same => (Style::Dim, "same"),
    }
}

fn back(oscillation: &Oscillation) -> Line {
    let days = count(usize::try_from(oscillation.days).unwrap_or_default(), "day", "days");
    let line = Line::new()
        .code(oscillation.address.clone())
        .plain(format!(
            "  {} {}, back after {days} with {}: ",
            day(&oscillation.out_time),
            short(&oscillation.out),
            short(&oscillation.back)
        ))
        .sentence(&oscillation.says);
    match &oscillation.quarter_end {
        Some(end) => line.with(Style::Warn, format!(" (around the quarter's end {end})")),
        None => line,
    }
}
