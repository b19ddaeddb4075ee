//! The ledger: approvals written down in files beside the model, each for one change.

use super::approval::{Approval, ApprovalSource, CountsFor, Signer};
use crate::change::Fingerprint;
use crate::document::{self, Entry as Written, Limits, Node, Table};
use crate::finding::{Finding, Place, did_you_mean};
use crate::source::{RawFile, Source, Span};
use faster_hex::hex_string;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// So many digits of a sum keep names of files apart.
const SUM_DIGITS: usize = 8;
/// The name of the list in a file of the ledger.
const LIST: &str = "approval";
/// What an entry says.
const KEYS: [&str; 5] = ["fingerprint", "role", "by", "on", "summary"];

/// One entry, as `opmodel approve` writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The change it is for.
    pub fingerprint: Fingerprint,
    /// The role it is given in, such as `role.cro`.
    pub role: String,
    /// Who gives it.
    pub by: Signer,
    /// The day it is given.
    pub on: Date,
    /// What the change is, for people.
    pub summary: Option<String>,
}

impl Entry {
    /// The entry as TOML, ready to stand behind another one.
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "[[{LIST}]]\nfingerprint = {}\nrole = {}\nby = {}\non = {}\n",
            quoted(self.fingerprint.as_str()),
            quoted(&self.role),
            quoted(&self.by.to_string()),
            self.on
        );
        if let Some(summary) = &self.summary {
            let _ = writeln!(text, "summary = {}", quoted(summary));
        }
        text
    }
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The name of the file that some entries of one day and role go to.
///
/// One act of approving is one file, so that two people who approve on two branches never write
/// the same one, and the same act written twice gives the same one.
pub fn file_name(entries: &[Entry]) -> Option<String> {
    let first = entries.first()?;
    let mut hash = Sha256::new();
    let people: BTreeSet<String> = entries.iter().map(|entry| entry.by.to_string()).collect();
    let changes: BTreeSet<&str> = entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
    for part in people.iter().map(String::as_str).chain(changes) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut sum = hex_string(&hash.finalize());
    sum.truncate(SUM_DIGITS);
    Some(format!("{}-{}-{sum}.toml", first.on, plain(&first.role)))
}

/// The id of a role, fit for the name of a file on any system.
fn plain(role: &str) -> String {
    let id = role.strip_prefix("role.").unwrap_or(role);
    let fit = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '-' };
    id.chars().map(fit).take(60).collect()
}

/// The files of approvals beside a model.
#[derive(Debug, Clone, Copy)]
pub struct Ledger;

impl Ledger {
    /// The approvals of some files, and what is wrong with them; an entry that does not say for
    /// which change, in which role and by whom it is given is a finding and no approval.
    pub fn read(files: &[RawFile]) -> (Vec<Approval>, Vec<Finding>) {
        let (mut approvals, mut findings) = (Vec::new(), Vec::new());
        for file in files {
            let (document, found) = document::read(file.clone(), Limits::default());
            findings.extend(found);
            let Some(document) = document else { continue };
            let mut reading = Reading { source: &document.source, findings: &mut findings };
            approvals.extend(reading.file(&document.root));
        }
        (approvals, findings)
    }

    /// The approvals that a proposal adds: those that were not there before. What was approved in
    /// earlier proposals was for these, though the same is proposed once more.
    pub fn relevant(before: &[Approval], after: Vec<Approval>) -> Vec<Approval> {
        after.into_iter().filter(|approval| !before.contains(approval)).collect()
    }
}

/// A file while it is read.
struct Reading<'a> {
    source: &'a Source,
    findings: &'a mut Vec<Finding>,
}

impl Reading<'_> {
    fn found(&mut self, rule: &'static str, span: Span, message: String, help: &str) {
        let place = Place::new(self.source, span);
        self.findings.push(Finding::new(rule, message).at(place).help(help));
    }

    fn file(&mut self, root: &Table) -> Vec<Approval> {
        let mut approvals = Vec::new();
        for entry in &root.entries {
            if entry.key != LIST {
                let message = format!("a file of approvals has no `{}`", entry.key);
                self.found("unknown-property", entry.key_span, message, "write `[[approval]]`");
                continue;
            }
            let Some(items) = entry.node.as_array() else {
                let message = "`approval` is a list of tables".to_owned();
                self.found("wrong-value", entry.key_span, message, "write `[[approval]]`");
                continue;
            };
            approvals.extend(items.iter().filter_map(|item| self.entry(item)));
        }
        approvals
    }

    fn entry(&mut self, item: &Node) -> Option<Approval> {
        let Some(table) = item.as_table() else {
            let message = format!("an approval is a table, not {}", item.value.a_word());
            self.found("wrong-value", item.span, message, "write `[[approval]]`");
            return None;
        };
        for entry in table.entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
            self.unknown(entry);
        }
        let fingerprint = self.fingerprint(table, item.span);
        let role = self.text(table, "role", item.span);
        let by = self.text(table, "by", item.span).map(Signer::parse);
        let on = self.day(table);
        let source = ApprovalSource::Ledger(self.source.path().to_owned());
        let counts_for = CountsFor::Only(BTreeSet::from([fingerprint?]));
        let mut approval = Approval::new(by?, source, counts_for);
        approval.role = Some(role?.to_owned());
        approval.when = on.map(|on| on.to_string());
        Some(approval)
    }

    fn unknown(&mut self, entry: &Written) {
        let message = format!("an approval has no `{}`", entry.key);
        let help = match did_you_mean(&entry.key, KEYS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("an approval says {}", KEYS.map(|key| format!("`{key}`")).join(", ")),
        };
        self.found("unknown-property", entry.key_span, message, &help);
    }

    fn fingerprint(&mut self, table: &Table, item: Span) -> Option<Fingerprint> {
        let text = self.text(table, "fingerprint", item)?;
        let read = Fingerprint::parse(text);
        if read.is_none() {
            let span = table.get("fingerprint").map_or(item, |node| node.span);
            let help = "copy it from `opmodel approvals`: `om1:` and sixteen digits or letters";
            self.found("wrong-value", span, format!("`{text}` is not a fingerprint"), help);
        }
        read
    }

    /// A text that must be there and say something.
    fn text<'t>(&mut self, table: &'t Table, key: &str, item: Span) -> Option<&'t str> {
        let Some(node) = table.get(key) else {
            let message = format!("this approval has no `{key}`");
            let help = format!("add `{key}`, or write the entry with `opmodel approve`");
            self.found("missing-property", item, message, &help);
            return None;
        };
        let text = node.as_text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            let message = format!("`{key}` of an approval is a text that says something");
            self.found("wrong-value", node.span, message, "write it in quotes");
        }
        text
    }

    /// The day, where one is written.
    fn day(&mut self, table: &Table) -> Option<Date> {
        let node = table.get("on")?;
        let day = node.as_date();
        if day.is_none() {
            let message = "`on` of an approval is a day".to_owned();
            self.found("wrong-value", node.span, message, "write year, month and day: 2026-06-30");
        }
        day
    }
}
