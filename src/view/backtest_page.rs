//! The records of the past through every revision of a definition, as a page.

use super::backtest::{BacktestReport, BacktestRow, OutcomesRow};
use super::gaps::gaps;
use super::impact_page::percent;
use super::records::read_page;
use super::words::{counted, list_of, thousands};
use crate::report::{Block, Line, Page, Style};
use std::fmt::Write as _;

/// How long the longest bar is.
const LONGEST: u64 = 16;

/// The whole report.
pub fn backtest_page(report: &BacktestReport) -> Page {
    let mut page = Page::default();
    let title = Line::new().quoted(report.address.clone()).plain(" and the records of the past");
    page.push(Block::Heading(1, title));
    page.extend(read_page(&report.read));
    page.push(Block::Paragraph(headline(report)));
    drift(&mut page, report);
    decided(&mut page, report);
    adherence(&mut page, report);
    beside(&mut page, report);
    page
}

/// The one sentence to take away.
fn headline(report: &BacktestReport) -> Line {
    let asked: Vec<&BacktestRow> = report.revisions.iter().filter(|row| row.is_asked()).collect();
    let (Some(first), Some(last)) = (asked.first(), asked.last()) else {
        return Line::new()
            .with(Style::Warn, "there is no revision that can be put to these records");
    };
    let all = report.read.records;
    let there = report.revisions.iter().filter(|row| row.address.is_some()).count();
    let words = match (asked.len(), there) {
        (1, 1) => "it meant the same all the time: ".to_owned(),
        (1, many) => format!("one of {many} revisions of it can be put to these records: "),
        (some, all) if some < all => format!(
            "{some} of {all} revisions of it can be put to these records, which are the same throughout: "
        ),
        (all, _) => format!("{all} revisions of it, and the same records: "),
    };
    if asked.len() == 1 {
        return Line::of(words).strong(of_all(first.met, all)).plain(" meet it");
    }
    Line::of(words)
        .strong(of_all(first.met, all))
        .plain(" met the first, ")
        .strong(format!("{} ({})", thousands(last.met), percent(last.met, all)))
        .plain(" meet the newest")
}

fn of_all(part: u64, all: u64) -> String {
    format!("{} of {} ({})", thousands(part), counted(all, "record"), percent(part, all))
}

impl BacktestRow {
    /// Whether it was put to the records.
    fn is_asked(&self) -> bool {
        self.unanswerable.is_none() && self.address.is_some()
    }
}

/// Since when it was so, and by which commit.
fn since(row: &BacktestRow) -> [Line; 2] {
    let day = row.record_time.as_ref().and_then(|time| time.get(..10));
    let commit = row.commit.as_ref().and_then(|commit| commit.get(..7));
    match (day, commit) {
        (Some(day), Some(commit)) => [Line::of(day), Line::new().code(commit)],
        _ => [Line::of("on disk"), Line::new()],
    }
}

/// How it compares with the revision before it.
fn beside_former(row: &BacktestRow, at: usize) -> Line {
    match row.verdict {
        Some("looser") => Line::new().with(Style::Warn, "▲ looser"),
        Some("tighter") => Line::new().with(Style::Good, "▼ tighter"),
        Some("undecided") => Line::new().with(Style::Warn, "? undecided"),
        Some(word) => Line::of(format!("◆ {word}")),
        None if row.address.is_none() => Line::of("× gone"),
        None if at == 0 => Line::of("+ first"),
        None => Line::new(),
    }
}

/// The same records through every revision: a change of the number is a change of the definition.
fn drift(page: &mut Page, report: &BacktestReport) {
    if report.revisions.is_empty() {
        return;
    }
    let all = report.read.records;
    page.gap();
    let title = match all {
        1 => "The same record through every revision".to_owned(),
        all => format!("The same {} records through every revision", thousands(all)),
    };
    page.push(Block::Heading(2, Line::of(title)));
    let most = report.revisions.iter().map(|row| row.met).max().unwrap_or_default();
    let head = ["since", "", "", "meet it", "", "in", "out", ""].map(Line::of).to_vec();
    let rows = report.revisions.iter().enumerate().map(|(at, row)| {
        let [day, commit] = since(row);
        let mut cells = vec![day, commit, beside_former(row, at)];
        if let Some(why) = &row.unanswerable {
            cells.extend([Line::new(), Line::new(), Line::new(), Line::new()]);
            cells.push(Line::new().with(Style::Warn, "not asked: ").sentence(why));
            return cells;
        }
        let number = |sign: char, number: u64| match number {
            0 => Line::new(),
            number => Line::of(format!("{sign}{}", thousands(number))),
        };
        cells.extend([
            Line::of(format!("{}  {}", thousands(row.met), percent(row.met, all))),
            Line::of(bar(row.met, most)),
            number('+', row.entered),
            number('-', row.left),
            Line::new().dim(row.subject.clone().unwrap_or_default()),
        ]);
        cells
    });
    page.push(Block::Table(head, rows.collect()));
    let words = "the records are the same in every line, so a change of the number is a change of the \
                 definition, or of what it refers to, and of nothing else";
    page.push(Block::Paragraph(Line::new().dim(words)));
}

/// A bar in eighths of a character.
fn bar(part: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let length = u128::from(part) * u128::from(LONGEST) * 8;
    let length = length.checked_div(u128::from(most)).unwrap_or_default();
    let (whole, rest) = (length / 8, length % 8);
    let full = usize::try_from(whole).unwrap_or_default();
    let rest = usize::try_from(rest).ok().and_then(|rest| EIGHTHS.get(rest)).copied();
    let bar = "█".repeat(full) + rest.unwrap_or_default();
    // Something is never drawn as nothing.
    if bar.is_empty() && part > 0 { "▏".to_owned() } else { bar }
}

/// Of the deals won and lost, how many would have met each revision.
fn decided(page: &mut Page, report: &BacktestReport) {
    let OutcomesRow { won, lost, .. } = report.outcomes;
    page.gap();
    page.push(Block::Heading(2, Line::of("Of the deals that were won and lost")));
    page.push(Block::Paragraph(outcomes(&report.outcomes)));
    let rows: Vec<&BacktestRow> = report.revisions.iter().filter(|row| row.is_asked()).collect();
    if won + lost == 0 || rows.is_empty() {
        return;
    }
    let head = ["since", "", "won", "lost", "precision", "recall", "lift"].map(Line::of).to_vec();
    let cells = |row: &&BacktestRow| {
        let [day, commit] = since(row);
        let met = row.won + row.lost;
        let figure = |known: Option<f64>, part: u64, whole: u64| match known {
            Some(_) => Line::of(percent(part, whole)),
            None => Line::new().dim("none"),
        };
        vec![
            day,
            commit,
            Line::of(format!("{} of {}", thousands(row.won), thousands(won))),
            Line::of(format!("{} of {}", thousands(row.lost), thousands(lost))),
            figure(row.precision, row.won, met),
            figure(row.recall, row.won, won),
            row.lift.map_or_else(|| Line::new().dim("none"), |lift| Line::of(format!("{lift:.2}"))),
        ]
    };
    page.push(Block::Table(head, rows.iter().map(cells).collect()));
    let words = "precision: of the decided deals that meet it, those that were won; recall: of the deals that \
                 were won, those that meet it; lift: how many times as often deals that meet it are won as \
                 deals at large";
    page.push(Block::Paragraph(Line::new().dim(words)));
}

fn outcomes(row: &OutcomesRow) -> Line {
    let mut words = format!(
        "{} won (`{}`) and {} lost (`{}`)",
        thousands(row.won),
        row.won_by,
        thousands(row.lost),
        row.lost_by
    );
    let _ = match (&row.since, &row.until) {
        (Some(since), Some(until)) => write!(words, ", from {since} to {until}"),
        (Some(since), None) => write!(words, ", since {since}"),
        (None, Some(until)) => write!(words, ", until {until}"),
        (None, None) => Ok(()),
    };
    let others = [
        (row.open, "neither"),
        (row.both, "both, which counts as neither"),
        (row.outside, "outside of the period"),
        (row.undated, "on a day that is not known"),
    ];
    let others: Vec<String> = others
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", thousands(number)))
        .collect();
    if !others.is_empty() {
        let _ = write!(words, "; besides, {}", list_of(&others));
    }
    Line::new().sentence(&words)
}

/// Each record by what was in force on its own day, beside the newest revision.
fn adherence(page: &mut Page, report: &BacktestReport) {
    if report.adherence.is_empty() {
        return;
    }
    page.gap();
    let title = "Each record by what was in force on its own day, beside the newest";
    page.push(Block::Heading(2, Line::of(title)));
    let head = ["quarter", "records", "met what was in force", "meet the newest"];
    let (none, left_out) = if report.revisions.iter().any(|row| row.unanswerable.is_some()) {
        ("nothing was in force that can be asked", "not judged")
    } else {
        ("nothing was in force", "older")
    };
    let rows = report.adherence.iter().map(|row| {
        let judged = row.records - row.before;
        let share = |part: u64| match judged {
            0 => Line::new().dim(none),
            judged => Line::of(format!("{}  {}", thousands(part), percent(part, judged))),
        };
        let records = match row.before {
            0 => Line::of(thousands(row.records)),
            before if before == row.records => Line::of(thousands(row.records)),
            before => {
                Line::of(format!("{}, {} {left_out}", thousands(row.records), thousands(before)))
            }
        };
        vec![Line::of(row.quarter.clone()), records, share(row.then), share(row.now)]
    });
    page.push(Block::Table(head.map(Line::of).to_vec(), rows.collect()));
    page.extend_nested(1, report.revisions.iter().filter_map(otherwise_in_force));
    let by: Vec<String> = report.dated_by.iter().map(|field| format!("`{field}`")).collect();
    let mut words = format!("a record's day is in {}", by.join(", else "));
    if report.dateless > 0 {
        let _ = write!(words, "; {} have none", thousands(report.dateless));
    }
    words.push_str(
        "; what was in force is what the main line said at its end, by `effective_from` where that is \
         given; days are counted from the record's own day; the fields hold what they hold in the export, \
         not what they held then",
    );
    page.push(Block::Paragraph(Line::new().sentence(&words)));
}

/// A revision that is in force from another day on than the one on which it was recorded.
fn otherwise_in_force(row: &BacktestRow) -> Option<Line> {
    let day = |time: &Option<String>| time.as_ref()?.get(..10).map(str::to_owned);
    let (recorded, from) = (day(&row.record_time)?, day(&row.in_force_from)?);
    let [_, commit] = since(row);
    let told = format!(" was recorded on {recorded} and is in force from {from}");
    (recorded != from).then(|| commit.plain(told))
}

fn beside(page: &mut Page, report: &BacktestReport) {
    page.gap();
    gaps(page, &report.gaps);
    let known = report.read.files.iter().filter_map(|file| {
        let hash = file.sha256.as_ref()?;
        Some(Line::new().quoted(file.name.clone()).plain(": SHA-256 ").code(hash.clone()))
    });
    page.extend_nested(1, known);
    page.extend_nested(1, report.notes.iter().map(|note| Line::new().sentence(note)));
}
