//! Findings as SARIF 2.1.0, the form code scanners exchange.

use super::findings::{FindingRow, RuleInfo};
use super::json::Tool;
use crate::finding::Severity;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// A SARIF log of one run.
pub fn sarif(findings: &[FindingRow], rules: &[RuleInfo]) -> String {
    let rule = |rule: &RuleInfo| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.summary },
            "fullDescription": { "text": rule.summary },
            "help": { "text": rule.summary, "markdown": rule.page },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    };
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": Tool::THIS.name,
                "version": Tool::THIS.version,
                "semanticVersion": Tool::THIS.version,
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(|finding| result(finding, rules)).collect::<Vec<_>>(),
        }],
    });
    super::json::json(&log)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(finding: &FindingRow, rules: &[RuleInfo]) -> Json {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == finding.rule) {
        insert(&mut result, "ruleIndex", json!(index));
    }
    // A forge refuses a whole log for one result that stands nowhere.
    let path = finding.path.as_deref().or(finding.removed_from.as_deref()).unwrap_or(".");
    insert(&mut result, "locations", json!([location(finding, path)]));
    if let Some(fingerprint) = &finding.fingerprint {
        insert(&mut result, "partialFingerprints", json!({ "opmodelChange/v1": fingerprint }));
    }
    result
}

fn location(finding: &FindingRow, path: &str) -> Json {
    let mut physical = json!({ "artifactLocation": { "uri": uri(path) } });
    if let (Some(line), Some(column)) = (finding.line, finding.column) {
        let region = json!({
            "startLine": line,
            "startColumn": column,
            "endLine": finding.end_line.unwrap_or(line),
            "endColumn": finding.end_column.unwrap_or(column),
        });
        insert(&mut physical, "region", region);
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(address) = &finding.address {
        insert(&mut location, "logicalLocations", json!([{ "fullyQualifiedName": address }]));
    }
    location
}

fn insert(object: &mut Json, key: &str, value: Json) {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_owned(), value);
    }
}

/// A relative path as a URI reference: everything but plain characters percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
