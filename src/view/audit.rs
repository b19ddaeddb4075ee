//! Evidence of a period as a page and as data, and what came of verifying it.

use super::drift::DriftReport;
use super::drift_page::{Extent, drift_page};
use super::words::count;
use crate::audit::package::{Evidence, Files, Header, Manifest, RegisterLine, SUMS, sha256};
use crate::audit::{
    Completeness, Drift, Entry, Gathered, Outcome, Period, SignatureRow, Stage, Summary, Totals,
    Verification,
};
use crate::git::{SignatureStatus, SignerLists};
use crate::report::{Block, Line, Page, Style, Tool, json, markdown};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many signatures that are not good are listed one by one.
const LISTED: usize = 20;

/// What `audit --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditReport<'a> {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// The stretch it is about.
    pub period: &'a Period,
    /// The figures.
    pub summary: &'a Summary,
    /// How many commits there are of which class.
    pub totals: &'a Totals,
    /// How it is known that the population is whole.
    pub completeness: &'a Completeness,
    /// How many objects of the repository were found to be what their names say.
    pub objects_verified: usize,
    /// How many commits have a signature of which status.
    pub commit_signatures: BTreeMap<&'static str, usize>,
    /// How many tags have a signature of which status.
    pub tag_signatures: BTreeMap<&'static str, usize>,
    /// The signatures that are there and are not good.
    pub signatures_not_good: Vec<&'a SignatureRow>,
    /// The changes that an auditor asks about, newest first.
    pub exceptions: Vec<&'a Entry>,
    /// What was written.
    pub written: Option<&'a WrittenRow>,
}

/// A package that was written.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WrittenRow {
    /// The folder, as it was named.
    pub folder: String,
    /// How many files it has.
    pub files: usize,
    /// The SHA-256 of its `SHA256SUMS`: whoever keeps it knows the package again.
    pub sha256: String,
}

impl WrittenRow {
    /// A package in a folder.
    pub fn new(folder: String, files: &Files) -> Self {
        let sums = files.get(SUMS).map(Vec::as_slice).unwrap_or_default();
        Self { folder, files: files.len(), sha256: sha256(sums) }
    }
}

impl<'a> AuditReport<'a> {
    /// The report of what was gathered, and written where it was.
    pub fn new(gathered: &'a Gathered, written: Option<&'a WrittenRow>) -> Self {
        let drift = &gathered.drift;
        let of = |tags: bool| {
            let mut counts: BTreeMap<&'static str, usize> =
                SignatureStatus::ALL.iter().map(|status| (status.word(), 0)).collect();
            for row in gathered.signatures.iter().filter(|row| row.tag.is_some() == tags) {
                *counts.entry(row.status.word()).or_default() += 1;
            }
            counts
        };
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            period: &drift.period,
            summary: &drift.summary,
            totals: &drift.population.totals,
            completeness: &drift.population.completeness,
            objects_verified: gathered.objects,
            commit_signatures: of(false),
            tag_signatures: of(true),
            signatures_not_good: not_good(&gathered.signatures).collect(),
            exceptions: drift.register.iter().filter(|e| !e.flags.is_empty()).collect(),
            written,
        }
    }
}

fn not_good(rows: &[SignatureRow]) -> impl Iterator<Item = &SignatureRow> {
    let fine = [SignatureStatus::Good, SignatureStatus::Absent];
    rows.iter().filter(move |row| !fine.contains(&row.status))
}

/// What evidence there is, in short.
pub fn audit_page(gathered: &Gathered, written: Option<&WrittenRow>) -> Page {
    // What is written says the exceptions one by one; what is not, says them here.
    let mut page = opening(&gathered.drift, usize::from(written.is_none()));
    signatures(&mut page, &gathered.signatures);
    page.gap();
    page.push(Block::Heading(2, Line::of("Evidence")));
    let objects = count(gathered.objects, "object", "objects");
    let line = format!("{objects} of the repository: each is what its name says");
    page.push(Block::Nested(1, Line::of(line)));
    let Some(written) = written else {
        let line = "nothing was written; `--to FOLDER` writes the evidence package";
        page.push(Block::Nested(1, Line::new().sentence(line)));
        return page;
    };
    let files = count(written.files, "file", "files");
    let line = Line::of(format!("{files} in ")).code(written.folder.clone());
    page.push(Block::Nested(1, line));
    let line = Line::of("SHA-256 of its SHA256SUMS: ").code(written.sha256.clone());
    page.push(Block::Nested(1, line));
    let line = "keep that hash where nobody who could change the folder can reach it; the report is in `report.md`, and `opmodel audit --verify FOLDER` verifies it all";
    page.push(Block::Nested(1, Line::new().sentence(line)));
    page
}

/// How the report on a period opens, with so many of its sections.
fn opening(drift: &Drift, sections: usize) -> Page {
    let mut begun = 0;
    let blocks = drift_page(drift, Extent::Brief).blocks.into_iter().take_while(|block| {
        begun += usize::from(matches!(block, Block::Heading(2, _)));
        begun <= sections
    });
    Page { blocks: blocks.collect() }
}

/// Whose signatures there are.
fn signatures(page: &mut Page, rows: &[SignatureRow]) {
    page.gap();
    page.push(Block::Heading(2, Line::of("Signatures")));
    let (tags, commits): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.tag.is_some());
    for (what, rows) in [("commits", commits), ("tags", tags)] {
        let some: Vec<String> = SignatureStatus::ALL
            .iter()
            .map(|status| (status, rows.iter().filter(|row| row.status == *status).count()))
            .filter(|(_, number)| *number > 0)
            .map(|(status, number)| format!("{number} {}", status_words(*status)))
            .collect();
        let some = if some.is_empty() { "none".to_owned() } else { some.join(", ") };
        page.push(Block::Nested(1, Line::of(format!("{what}: {some}"))));
    }
    for row in not_good(rows).take(LISTED) {
        page.push(Block::Nested(2, signature_line(row)));
    }
    let more = not_good(rows).count().saturating_sub(LISTED);
    if more > 0 {
        let line = format!("and {more} more, which `signatures.jsonl` lists");
        page.push(Block::Nested(2, Line::new().sentence(&line)));
    }
}

/// What is known of a signature, in words that follow a number.
fn status_words(status: SignatureStatus) -> &'static str {
    match status {
        SignatureStatus::Absent => "without",
        SignatureStatus::NotVerified => "not verified",
        SignatureStatus::Good => "good",
        SignatureStatus::NotAllowed => "by nobody who may",
        SignatureStatus::Bad => "bad",
    }
}

fn signature_line(row: &SignatureRow) -> Line {
    let short: String = row.commit.chars().take(10).collect();
    let style = match row.status {
        SignatureStatus::Bad | SignatureStatus::NotAllowed => Style::Bad,
        _ => Style::Warn,
    };
    let line = Line::new().with(style, status_words(row.status)).plain(" ");
    let line = match &row.tag {
        Some(tag) => line.plain("tag ").code(tag.name.clone()).plain(" on ").code(short),
        None => line.code(short),
    };
    let why = row.why.as_deref().unwrap_or_default();
    let key = row.key.as_ref().map(|key| format!(" (key {key})")).unwrap_or_default();
    line.plain(": ").sentence(why).plain(key)
}

/// The files of the package that what was gathered makes.
pub fn package_files(gathered: &Gathered, lists: &SignerLists) -> Files {
    let command = again(&gathered.header);
    let report = DriftReport::new(&gathered.drift, command);
    let mut page = report.page(Extent::Whole);
    // How the report is made again stays its end.
    let ends = page.blocks.iter().rposition(|block| matches!(block, Block::Heading(2, _)));
    let end = page.blocks.split_off(ends.unwrap_or(page.blocks.len()));
    signatures(&mut page, &gathered.signatures);
    page.gap();
    page.blocks.extend(end);
    let [start, end] = &gathered.models;
    let evidence = Evidence {
        header: &gathered.header,
        drift: &gathered.drift,
        signatures: &gathered.signatures,
        lists,
        report: markdown(&page),
        report_json: json(&report),
        schemas: package_schemas(),
        models: [start, end],
    };
    evidence.files()
}

/// The schemas of what is in a package, by file name.
fn package_schemas() -> BTreeMap<String, String> {
    [
        ("header", schema_for!(Header)),
        ("manifest", schema_for!(Manifest)),
        ("register", schema_for!(RegisterLine)),
        ("report", schema_for!(DriftReport<'static>)),
        ("signatures", schema_for!(SignatureRow)),
    ]
    .into_iter()
    .map(|(name, schema)| (format!("{name}.schema.json"), json(&schema)))
    .collect()
}

/// The command that makes the same report again, whatever the day.
fn again(header: &Header) -> String {
    let day = |instant: &str| instant.chars().take(10).collect::<String>();
    let Header { period, asked, .. } = header;
    let mut words = vec!["opmodel".to_owned()];
    if period.folder != "model" {
        // A shell takes all but a quote between quotes as it is.
        words.push(format!("--model '{}'", period.folder.replace('\'', r"'\''")));
    }
    words.push("drift".to_owned());
    words.extend(period.since.as_deref().map(|since| format!("--since {}", day(since))));
    words.push(format!("--until {}", period.last_day()));
    words.push(format!("--days {} --budget {}", asked.near_end_days, asked.budget));
    words.push(period.tip.clone());
    words.join(" ")
}

/// What `audit --verify --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerificationReport<'a> {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// The folder, as it was named.
    pub folder: &'a str,
    /// What the package is about, where that can be read.
    pub header: Option<&'a Header>,
    /// Whether everything in it is what the repository says.
    pub confirmed: bool,
    /// The first difference.
    pub first_difference: Option<StageRow<'a>>,
    /// What was looked at, in order.
    pub stages: Vec<StageRow<'a>>,
    /// What is to be known besides.
    pub notes: &'a [String],
    /// The SHA-256 of `SHA256SUMS` as it is now.
    pub sha256: &'a str,
}

/// What came of a stage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StageRow<'a> {
    /// What was looked at.
    pub stage: Stage,
    /// What came of it: `holds`, `differs` or `not-checked`.
    pub outcome: &'static str,
    /// In words.
    pub says: &'a str,
    /// The file of a difference.
    pub file: Option<&'a str>,
    /// The line of that file, from 1.
    pub line: Option<usize>,
    /// The commit a difference is about.
    pub commit: Option<&'a str>,
}

impl<'a> StageRow<'a> {
    fn new(stage: Stage, outcome: &'a Outcome) -> Self {
        let row =
            |outcome, says| Self { stage, outcome, says, file: None, line: None, commit: None };
        match outcome {
            Outcome::Holds(says) => row("holds", says),
            Outcome::NotChecked(says) => row("not-checked", says),
            Outcome::Differs(found) => Self {
                file: found.file.as_deref(),
                line: found.line,
                commit: found.commit.as_deref(),
                ..row("differs", &found.says)
            },
        }
    }
}

impl<'a> VerificationReport<'a> {
    /// The report.
    pub fn new(folder: &'a str, verification: &'a Verification) -> Self {
        let stages: Vec<StageRow<'_>> = verification
            .stages
            .iter()
            .map(|(stage, outcome)| StageRow::new(*stage, outcome))
            .collect();
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            folder,
            header: verification.header.as_ref(),
            confirmed: verification.holds(),
            first_difference: stages.iter().find(|row| row.outcome == "differs").cloned(),
            stages,
            notes: &verification.notes,
            sha256: &verification.sha256,
        }
    }
}

/// What came of verifying a package.
pub fn verification_page(folder: &str, verification: &Verification) -> Page {
    let mut page = Page::default();
    page.push(Block::Heading(1, Line::of("Evidence in ").code(folder)));
    page.gap();
    if let Some(header) = &verification.header {
        page.push(Block::Paragraph(about(header)));
        page.gap();
    }
    let rows = verification.stages.iter().map(|(stage, outcome)| {
        let (style, word, says) = match outcome {
            Outcome::Holds(says) => (Style::Good, "holds", says),
            Outcome::Differs(found) => (Style::Bad, "differs", &found.says),
            Outcome::NotChecked(says) => (Style::Warn, "not checked", says),
        };
        vec![Line::of(stage.word()), Line::new().with(style, word), Line::new().sentence(says)]
    });
    let head = ["looked at", "outcome", "what came of it"].map(Line::of).to_vec();
    page.push(Block::Table(head, rows.collect()));
    page.gap();
    for note in &verification.notes {
        page.push(Block::Nested(1, Line::new().with(Style::Warn, "! ").sentence(note)));
    }
    let line = Line::of("SHA-256 of its SHA256SUMS: ").code(verification.sha256.clone());
    page.push(Block::Nested(1, line.plain("; compare it with the one that was kept")));
    page.gap();
    page.push(Block::Paragraph(verdict(folder, verification)));
    page
}

fn about(header: &Header) -> Line {
    let day = |instant: &str| instant.chars().take(10).collect::<String>();
    let from = header.period.since.as_deref().map_or_else(|| "the beginning".to_owned(), day);
    Line::of("about ")
        .code(header.period.folder.clone())
        .plain(format!(" from {from} to {}, main line to ", header.period.last_day()))
        .code(day(&header.period.tip))
        .plain(format!(", made by opmodel {}", header.tool.version))
}

fn verdict(folder: &str, verification: &Verification) -> Line {
    if verification.holds() {
        let (commits, entries) = verification.counts;
        let line = if verification.is_foreign() {
            Line::new().with(Style::Good, "what follows from the history in ").code(folder)
        } else {
            Line::new().with(Style::Good, "everything in ").code(folder)
        };
        return line.plain(format!(
            " is what the repository says: {}, {}",
            count(commits, "commit", "commits"),
            count(entries, "entry of the register", "entries of the register")
        ));
    }
    match verification.difference() {
        Some((_, difference)) => {
            Line::new().with(Style::Bad, "first difference: ").sentence(&difference.says)
        }
        None => Line::new().with(Style::Bad, "not all of it could be checked"),
    }
}
