//! The findings of a check: as data, and the lines below them.

use super::words::count;
use crate::check::{RULES, Report};
use crate::finding::Severity;
use crate::report::{Block, FindingsReport, Line, Page, ReadRow, RuleInfo, Style, Summary, Tool};

/// A report as data; `from` says what was checked.
pub fn findings_report(report: &Report, from: &str) -> FindingsReport {
    FindingsReport {
        format_version: "1.0",
        tool: Tool::THIS,
        read: ReadRow {
            from: from.to_owned(),
            files: report.files,
            entities: report.entities.clone(),
            as_of: report.as_of.to_string(),
        },
        summary: Summary {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            notes: report.count(Severity::Note),
            silenced: report.silenced.values().sum(),
        },
        findings: report.findings.iter().map(Into::into).collect(),
    }
}

/// What was read, and for what day, in one line.
pub fn read_line(report: &Report, from: &str) -> String {
    let entities = count(report.entity_count(), "entity", "entities");
    let files = count(report.files, "file", "files");
    format!("read {entities} in {files} from {from}, judged for {}", report.as_of)
}

/// What was read, for what day, and what came of it.
pub fn summary_page(report: &Report, from: &str) -> Page {
    let mut page = Page::default();
    let read = Line::of(read_line(report, from));
    page.push(Block::Paragraph(read));
    page.push(Block::Paragraph(verdict(report)));
    let silenced: usize = report.silenced.values().sum();
    if silenced > 0 {
        let rules: Vec<&str> = report.silenced.keys().copied().collect();
        let found = count(silenced, "finding", "findings");
        let line = Line::new().dim(format!("policy turned off {found} of {}", rules.join(", ")));
        page.push(Block::Paragraph(line));
    }
    page
}

fn verdict(report: &Report) -> Line {
    let [errors, warnings, notes] =
        [Severity::Error, Severity::Warning, Severity::Note].map(|s| report.count(s));
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push((Style::Bad, count(errors, "error", "errors")));
    }
    if warnings > 0 {
        parts.push((Style::Warn, count(warnings, "warning", "warnings")));
    }
    if notes > 0 {
        parts.push((Style::Plain, count(notes, "note", "notes")));
    }
    let mut line = if errors > 0 {
        Line::new().with(Style::Bad, "the model is not valid: ")
    } else if parts.is_empty() {
        return Line::new()
            .with(Style::Good, "the model is valid, and there is nothing to say about it");
    } else {
        Line::new().with(Style::Good, "the model is valid").plain(", with ")
    };
    for (at, (style, words)) in parts.into_iter().enumerate() {
        if at > 0 {
            line = line.plain(", ");
        }
        line = line.with(style, words);
    }
    line
}

/// All rules, as formats that carry them want them.
pub fn rule_infos() -> Vec<RuleInfo> {
    let info = |rule: &&crate::check::Rule| RuleInfo {
        id: rule.id.to_owned(),
        summary: rule.page().summary,
        page: rule.page.to_owned(),
        severity: rule.severity,
    };
    RULES.iter().map(info).collect()
}
