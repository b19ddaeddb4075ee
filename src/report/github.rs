//! Findings as annotations of a forge's workflow log.

use super::findings::FindingRow;
use super::safe::shown;
use crate::finding::Severity;
use std::fmt::Write as _;

/// One workflow command a finding.
pub fn github(findings: &[FindingRow]) -> String {
    let mut out = String::new();
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(path) = &finding.path {
            properties.push(format!("file={}", property(path)));
        }
        let numbers = [
            ("line", finding.line),
            ("col", finding.column),
            ("endLine", finding.end_line),
            // Columns mean something only within one line.
            ("endColumn", finding.end_column.filter(|_| finding.line == finding.end_line)),
        ];
        for (name, number) in numbers {
            properties.extend(number.map(|number| format!("{name}={number}")));
        }
        properties.push(format!("title={}", property(&finding.rule)));
        let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let message = data(&format!("{}{help}", finding.message));
        let _ = writeln!(out, "::{command} {}::{message}", properties.join(","));
    }
    out
}

fn data(text: &str) -> String {
    shown(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
