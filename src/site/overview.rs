//! The first page: what is in force, what changed lately, what waits, what is overdue.

use super::entries::ways_in;
use super::known::{Found, Known, Listed};
use super::layout::{Frame, Layout};
use super::past::By;
use super::prose::{Text, sentence_case};
use crate::finding::Severity;
use crate::view::count;
use serde::Serialize;

#[derive(Serialize)]
struct Overview {
    name: String,
    description: Option<String>,
    /// What the state is called that is shown, for example the branch. No other page says that: whoever
    /// makes the site again may call it otherwise.
    state: String,
    ways_in: Vec<(&'static str, &'static str, &'static str)>,
    questions: Vec<(String, Text)>,
    parts: Vec<Part>,
    lately: Vec<Lately>,
    has_past: bool,
    proposals: Vec<Proposal>,
    more_proposals: usize,
    approvals: usize,
    overdue: Vec<Overdue>,
    found: Vec<Found>,
    found_words: String,
    /// Whether anything was found at all.
    found_any: bool,
}

/// A part of the model that is in force.
#[derive(Serialize)]
struct Part {
    name: &'static str,
    href: String,
    count: usize,
    some: Vec<Listed>,
    more: usize,
}

#[derive(Serialize)]
struct Lately {
    day: String,
    by: Option<By>,
    subject: String,
    number: usize,
    says: Vec<Text>,
    more: usize,
    loosened: usize,
    tightened: usize,
}

#[derive(Serialize)]
struct Proposal {
    branch: String,
    day: String,
    author: String,
    subject: String,
    refused: Option<String>,
    mend: Vec<Text>,
    more_to_mend: usize,
    says: Vec<Text>,
    more: usize,
    missing: Vec<String>,
}

#[derive(Serialize)]
struct Overdue {
    name: Text,
    words: String,
    owner: Text,
    days: i64,
}

/// So many revisions, sentences of one, findings and entities of a kind are told.
const REVISIONS: usize = 6;
const SENTENCES: usize = 4;
const FOUND: usize = 8;
const SOME: usize = 4;

/// The kinds of which the first page names some, and the page that shows all of each.
const PARTS: &[(&str, &str)] = &[
    ("icp", ""),
    ("definition", ""),
    ("lifecycle", "lifecycle.html"),
    ("routing", "routing.html"),
    ("territory", "territories.html"),
    ("sla", "promises.html"),
    ("metric", "metrics.html"),
    ("decision", "rights.html"),
    ("role", "people.html"),
];

/// The first page.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "index.html", title: "Overview", ..Frame::default() };
    let model = known.model();
    let root = model.get("model");
    let report = known.facts.report;
    let grave = report.findings.iter().filter(|finding| finding.severity != Severity::Note);
    let mut grave: Vec<_> = grave.collect();
    grave.sort_by_key(|finding| finding.severity);
    let past = known.facts.past;
    let waiting = past.map(|past| &past.waiting);
    let overview = Overview {
        name: root
            .and_then(|root| root.table.text("name"))
            .unwrap_or("The operating model")
            .to_owned(),
        description: root.and_then(|root| root.table.text("description")).map(str::to_owned),
        state: known.facts.state.name.to_owned(),
        ways_in: ways_in(),
        questions: questions(known),
        parts: PARTS.iter().filter_map(|(kind, page)| part(known, kind, page)).collect(),
        lately: lately(known),
        has_past: past.is_some(),
        proposals: waiting
            .into_iter()
            .flat_map(|it| &it.proposals)
            .map(|it| proposal(known, it))
            .collect(),
        more_proposals: waiting.map(|waiting| waiting.more).unwrap_or_default(),
        approvals: waiting.map(|waiting| waiting.approvals.len()).unwrap_or_default(),
        overdue: overdue(known),
        found: grave.into_iter().take(FOUND).map(|finding| known.told(finding, true)).collect(),
        found_words: found_words(known),
        found_any: !report.findings.is_empty(),
    };
    layout.page(&frame, "overview.html", overview)
}

fn found_words(known: &Known<'_>) -> String {
    let report = known.facts.report;
    let errors = count(report.count(Severity::Error), "error", "errors");
    let warnings = count(report.count(Severity::Warning), "warning", "warnings");
    let notes = count(report.count(Severity::Note), "note", "notes");
    sentence_case(&format!("{errors}, {warnings} and {notes}."))
}

/// What people ask most, and where it is answered.
fn questions(known: &Known<'_>) -> Vec<(String, Text)> {
    let names = known.names;
    let mut questions = Vec::new();
    let all = |kind: &str| -> Vec<&str> {
        known.model().of_kind(kind).take(SOME).map(|entity| entity.address.as_str()).collect()
    };
    let mut ask = |words: &str, text: Text| {
        if !text.is_empty() {
            questions.push((words.to_owned(), text));
        }
    };
    ask("Who is our ideal customer?", names.links(all("icp").into_iter(), ", "));
    ask("What must be true to enter a stage?", names.links(all("lifecycle").into_iter(), ", "));
    ask("Where does a record go, and why?", names.links(all("routing").into_iter(), ", "));
    let has = |kind: &str| known.model().of_kind(kind).next().is_some();
    if has("territory") {
        ask("Whose country is it?", Text::default().link("The territory map", "territories.html"));
    }
    if has("sla") {
        ask(
            "How fast must somebody answer?",
            Text::default().link("Promises of time", "promises.html"),
        );
    }
    if has("decision") {
        ask("Who must agree to a change?", Text::default().link("Who decides what", "rights.html"));
    }
    if known.facts.past.is_some() {
        ask(
            "What changed last quarter, and who approved it?",
            Text::default().link("The change register", "register.html"),
        );
        ask(
            "What did a definition say on a day in the past?",
            Text::default().link("The model as of a date", "as-of.html"),
        );
    }
    questions
}

fn part(known: &Known<'_>, kind: &str, page: &str) -> Option<Part> {
    let all = known.model().of_kind(kind).count();
    if all == 0 {
        return None;
    }
    let (_, name) = KIND_NAMES.iter().find(|(id, _)| *id == kind)?;
    Some(Part {
        name,
        href: if page.is_empty() { known.contents(kind) } else { page }.to_owned(),
        count: all,
        some: known.model().of_kind(kind).take(SOME).map(Known::listed).collect(),
        more: all.saturating_sub(SOME),
    })
}

/// The kinds of the first page in a word or two.
const KIND_NAMES: &[(&str, &str)] = &[
    ("icp", "Ideal customer"),
    ("definition", "Definitions"),
    ("lifecycle", "Lifecycles"),
    ("routing", "Routing tables"),
    ("territory", "Territories"),
    ("sla", "Promises of time"),
    ("metric", "Metrics"),
    ("decision", "Decision rights"),
    ("role", "Roles"),
];

fn lately(known: &Known<'_>) -> Vec<Lately> {
    let happened = known.facts.past.map(|past| past.lately(REVISIONS)).unwrap_or_default();
    let told = happened.iter().map(|it| {
        let rows = it.rows.iter().filter(|row| row.entry.direct);
        let says: Vec<Text> = rows.map(|row| changed(known, row)).collect();
        Lately {
            day: it.revision.day.clone(),
            by: known.facts.past.map(|past| past.by(it)),
            subject: it.revision.subject.clone(),
            number: it.number,
            more: says.len().saturating_sub(SENTENCES),
            says: says.into_iter().take(SENTENCES).collect(),
            loosened: it.revision.loosened,
            tightened: it.revision.tightened,
        }
    });
    told.collect()
}

/// A change of the past; what is gone since then has a page too.
fn changed(known: &Known<'_>, row: &super::past::Row) -> Text {
    let link = known.facts.past.map(|past| past.link(&row.entity)).unwrap_or_default();
    link.plain(": ").then(known.names.sentence(&row.entry.summary))
}

/// A sentence behind a link to what it is about.
fn about(known: &Known<'_>, address: &str, sentence: &str) -> Text {
    let text = known.names.link(address);
    text.plain(": ").then(known.names.sentence(sentence))
}

fn proposal(known: &Known<'_>, proposed: &super::past::Proposed) -> Proposal {
    let says = proposed.changes.iter();
    let says = says.map(|(address, sentence)| about(known, address, sentence));
    Proposal {
        branch: proposed.branch.clone(),
        day: proposed.day.clone(),
        author: proposed.author.clone(),
        subject: proposed.subject.clone(),
        refused: proposed.refused.as_deref().map(sentence_case),
        mend: proposed.mend.iter().take(SENTENCES).map(|it| known.names.sentence(it)).collect(),
        more_to_mend: proposed.mend.len().saturating_sub(SENTENCES),
        says: says.take(2 * SENTENCES).collect(),
        more: proposed.changes.len().saturating_sub(2 * SENTENCES),
        missing: proposed.missing.clone(),
    }
}

fn overdue(known: &Known<'_>) -> Vec<Overdue> {
    let overdue = known.facts.past.into_iter().flat_map(|past| &past.overdue);
    let told = overdue.map(|it| Overdue {
        name: known.names.link(&it.address),
        words: format!("{} {}", it.what.words(), it.by),
        owner: it.owner.as_deref().map(|owner| known.names.link(owner)).unwrap_or_default(),
        days: it.days,
    });
    told.collect()
}
