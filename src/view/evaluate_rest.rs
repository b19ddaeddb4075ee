//! What figures on records rest on, and the same figures by the values of a field.

use super::bars::percent;
use super::evaluate::{ByRow, EvaluateReport};
use super::evaluate_page::{heading, right};
use super::words::{list_of, thousands};
use crate::report::{Block, Line, Page, Style, in_ticks};
use std::collections::BTreeMap;

/// So many values of a field are shown.
const VALUES: usize = 40;

/// So many undeclared values are shown.
const UNDECLARED: usize = 8;

/// Adds how many fit what, by the values of a field.
pub(super) fn by_blocks(page: &mut Page, report: &EvaluateReport) {
    let Some(by) = &report.by else { return };
    heading(page, Line::of("How many fit, by ").code(&by.field));
    if by.too_many {
        let told = format!("`{}` has too many values to be told apart", by.field);
        return page.push(Block::Nested(1, Line::new().sentence(&told)));
    }
    page.push(by_table(by));
    if by.values.len() > VALUES {
        let more = by.values.len() - VALUES;
        let told = format!("{more} more values; `--format json` has them all");
        page.push(Block::Nested(1, Line::new().sentence(&told)));
    }
}

fn by_table(by: &ByRow) -> Block {
    let mut columns = vec![Line::new().plain("  ").plain(&by.field), Line::of("records")];
    columns.extend(by.addresses.iter().map(Line::of));
    let mut values: Vec<_> = by.values.iter().collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.records));
    values.truncate(VALUES);
    let counts: Vec<String> = values.iter().map(|value| thousands(value.records)).collect();
    let rows = values.iter().zip(right(&counts)).map(|(value, count)| {
        let name = value.value.as_deref().unwrap_or("(not set)");
        let mut row = vec![Line::of("  ").code(name), Line::of(count)];
        row.extend(value.pass.iter().zip(&value.not_answered).map(
            |(pass, unknown)| match unknown {
                0 => Line::of(percent(*pass, value.records)),
                _ => Line::new().with(Style::Warn, format!("{} ?", percent(*pass, value.records))),
            },
        ));
        row
    });
    Block::Table(columns, rows.collect())
}

/// Adds what the figures rest on: columns, cells and values.
pub(super) fn rest_blocks(page: &mut Page, report: &EvaluateReport) {
    let mut lines = missing(report);
    for row in &report.unreadable {
        let (cells, verbs) = match row.cells {
            1 => ("cell", "cannot be read and counts as empty"),
            _ => ("cells", "cannot be read and count as empty"),
        };
        let line = Line::of(format!("{} {cells} of ", thousands(row.cells))).quoted(&row.field);
        let line = line.plain(format!(" {verbs}"));
        lines.push(match (&row.sample, &row.wanted) {
            (Some(sample), Some(wanted)) => {
                line.plain(", for example ").quoted(sample).plain(format!(": not {wanted}"))
            }
            _ => line,
        });
    }
    lines.extend(undeclared(report));
    if lines.is_empty() {
        return;
    }
    heading(page, Line::of("What is missing"));
    page.extend_nested(1, lines);
    page.gap();
    let told = "`opmodel records doctor` says what each of these makes unanswerable";
    page.push(Block::Paragraph(Line::new().sentence(told)));
}

/// The fields without a column, by the files that have none.
fn missing(report: &EvaluateReport) -> Vec<Line> {
    let mut by_files: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for row in &report.missing_columns {
        by_files.entry(&row.files).or_default().push(format!("`{}`", row.field));
    }
    let line = |(files, fields): (&[String], Vec<String>)| {
        let line = Line::of("no column for ").sentence(&list_of(&fields));
        if files.is_empty() || files.len() == report.read.files.len() {
            return line;
        }
        let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
        line.plain(" in ").sentence(&list_of(&files))
    };
    by_files.into_iter().map(line).collect()
}

fn undeclared(report: &EvaluateReport) -> Option<Line> {
    let rows = &report.undeclared;
    let cells = rows.iter().map(|row| row.cells).sum::<u64>() + report.more_undeclared;
    if rows.is_empty() {
        return None;
    }
    let shown = rows.iter().take(UNDECLARED);
    let mut values: Vec<String> = shown
        .map(|row| format!("{} = {} ({})", row.field, in_ticks(&row.value), thousands(row.cells)))
        .collect();
    if rows.len() > UNDECLARED {
        let more = if report.more_undeclared > 0 { ", and yet others" } else { "" };
        values.push(format!("{} more{more}", rows.len() - UNDECLARED));
    }
    let told = match cells {
        1 => "1 cell holds a value that is not declared: ".to_owned(),
        _ => format!("{} cells hold a value that is not declared: ", thousands(cells)),
    };
    Some(Line::of(told).sentence(&values.join(", ")))
}
