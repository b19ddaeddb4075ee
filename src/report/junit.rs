//! Findings as a `JUnit` report, the form in which build servers read tests.

use super::findings::FindingRow;
use super::json::Tool;
use super::safe::shown;
use crate::finding::Severity;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A suite of this name with a case a finding: what is an error fails, the rest passes and is
/// said. Without findings there is one case that passes, since a report without any is often
/// taken for a run that did not happen.
pub fn junit(suite: &str, findings: &[FindingRow]) -> String {
    let failures = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let tests = findings.len().max(1);
    let counts =
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\"");
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"{}\" {counts}>", Tool::THIS.name);
    let _ = writeln!(out, "  <testsuite name=\"{}\" {counts}>", attribute(suite));
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for finding in findings {
        let class = finding.path.as_deref().unwrap_or(suite);
        let mut name = name(finding);
        let times = known.entry((class, name.clone())).or_default();
        *times += 1;
        // Of cases that are called the same some servers show the first alone.
        if *times > 1 {
            let _ = write!(name, " ({times})");
        }
        case(&mut out, (&name, class), finding);
    }
    if findings.is_empty() {
        let class = attribute(suite);
        let _ = writeln!(
            out,
            "    <testcase name=\"nothing found\" classname=\"{class}\" time=\"0\"/>"
        );
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(out: &mut String, (name, class): (&str, &str), finding: &FindingRow) {
    let _ = write!(
        out,
        "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"",
        attribute(name),
        attribute(class),
    );
    if let Some(path) = &finding.path {
        let _ = write!(out, " file=\"{}\"", attribute(path));
    }
    if let Some(line) = finding.line {
        let _ = write!(out, " line=\"{line}\"");
    }
    out.push_str(">\n");
    let words = text(&said(finding));
    if finding.severity == Severity::Error {
        let (message, rule) = (attribute(&finding.message), attribute(&finding.rule));
        let _ =
            writeln!(out, "      <failure message=\"{message}\" type=\"{rule}\">{words}</failure>");
    } else {
        let _ = writeln!(out, "      <system-out>{words}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

/// What a case is called: the rule and what it is about, so that its history can be followed.
fn name(finding: &FindingRow) -> String {
    match &finding.address {
        Some(address) => format!("{}: {address}", finding.rule),
        None => finding.rule.clone(),
    }
}

fn said(finding: &FindingRow) -> String {
    let mut words = format!("{}: {}", finding.severity, finding.message);
    if let Some(path) = &finding.path {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        let _ = write!(words, "\nat {path}{line}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(words, "\nhelp: {help}");
    }
    if let Some(fingerprint) = &finding.fingerprint {
        let _ = write!(words, "\nfingerprint: {fingerprint}");
    }
    words
}

/// Text between tags: nothing of it is markup, and nothing of it is forbidden in XML.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in shown(words).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Two characters that XML knows and does not allow.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

/// The same between quotes, where a line end would be read as a space.
fn attribute(words: &str) -> String {
    let words = text(words).replace('"', "&quot;").replace('\'', "&apos;");
    words.replace('\n', "&#10;").replace('\t', "&#9;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity, message: &str) -> FindingRow {
        FindingRow { message: message.to_owned(), ..FindingRow::at("some-rule", severity, None) }
    }

    #[test]
    fn an_error_fails_and_the_rest_passes() {
        let findings = [finding(Severity::Error, "bad"), finding(Severity::Warning, "odd")];
        let report = junit("check", &findings);
        assert_eq!(report.matches("tests=\"2\" failures=\"1\"").count(), 2, "{report}");
        assert!(
            report.contains("<failure message=\"bad\" type=\"some-rule\">error: bad</failure>")
        );
        assert!(report.contains("<system-out>warning: odd</system-out>"));
    }

    #[test]
    fn no_two_cases_are_called_the_same() {
        let one = finding(Severity::Error, "bad");
        let placed = FindingRow { path: Some("a.toml".to_owned()), ..one.clone() };
        let report = junit("check", &[one.clone(), placed, one]);
        let named = |name: &str, class: &str| {
            let name = format!("<testcase name=\"{name}\" classname=\"{class}\"");
            report.matches(&name).count()
        };
        assert_eq!(named("some-rule", "check"), 1, "{report}");
        assert_eq!(named("some-rule", "a.toml"), 1, "{report}");
        assert_eq!(named("some-rule (2)", "check"), 1, "{report}");
    }

    #[test]
    fn a_report_is_never_empty() {
        let report = junit("check", &[]);
        assert!(report.contains("tests=\"1\" failures=\"0\""));
        assert!(report.contains("<testcase name=\"nothing found\""));
    }

    #[test]
    fn hostile_words_stay_words() {
        let words =
            "]]></failure><x a='b' c=\"d\">&\u{0}\u{b}\u{1b}[31m\u{85}\u{202e}\u{ffff}\r\n\tend";
        let report = junit(words, &[finding(Severity::Error, words)]);
        assert!(!report.contains("<x"), "{report}");
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(report.chars().all(allowed), "{report:?}");
        assert!(!report.contains(['\u{85}', '\u{202e}']), "{report:?}");
        assert_eq!(attribute("a\n\"b'<&>"), "a&#10;&quot;b&apos;&lt;&amp;&gt;");
    }
}
