//! Four ways in: what an executive, a manager, an operator and an auditor want to see first.

use super::governance::{Waiver, exceptions};
use super::known::{Found, Known, Listed};
use super::layout::{Frame, Layout};
use super::metrics::{MetricRow, metric};
use super::prose::{Text, covered};
use super::said::scalar;
use crate::finding::Severity;
use crate::model::measure::{Metric, View};
use serde::Serialize;

/// Somebody the site is made for.
struct Entry {
    audience: &'static str,
    path: &'static str,
    title: &'static str,
    question: &'static str,
    /// Where they go from here: what it is called, where it is, and what is answered there.
    ways: &'static [(&'static str, &'static str, &'static str)],
}

const ENTRIES: &[Entry] = &[
    Entry {
        audience: "executive",
        path: "executive.html",
        title: "Executive",
        question: "Do we sell to whom we want to, and are the numbers what they should be?",
        ways: &[
            (
                "Metrics and meetings",
                "metrics.html",
                "What each number is, what it should be, and who looks at it when.",
            ),
            (
                "Who decides what",
                "rights.html",
                "Whose approval a change needs, and what is excepted for a while.",
            ),
            ("Timeline", "timeline.html", "Where the rules became looser, and where tighter."),
            ("Territories and segments", "territories.html", "Whose part of the world is whose."),
        ],
    },
    Entry {
        audience: "manager",
        path: "manager.html",
        title: "Manager",
        question: "Who is answerable for what, how fast, and where does it get stuck?",
        ways: &[
            (
                "Lifecycle",
                "lifecycle.html",
                "What lets a record into a stage and out of it, and who answers for it there.",
            ),
            (
                "Promises of time",
                "promises.html",
                "How fast somebody must react, and what happens when nobody does.",
            ),
            ("People and roles", "people.html", "Who holds which role, and who stands in."),
            ("Metrics and meetings", "metrics.html", "What is looked at, when, and who decides."),
        ],
    },
    Entry {
        audience: "operator",
        path: "operator.html",
        title: "Operator",
        question: "Where does this record go, why, and what do I have to do with it now?",
        ways: &[
            ("Routing", "routing.html", "Which rule takes which record; and a record to try."),
            ("Lifecycle", "lifecycle.html", "What must be true before a record moves on."),
            ("Promises of time", "promises.html", "Which clock runs, from when to when."),
            ("Contents", "contents.html", "Every field, list and queue by its name."),
        ],
    },
    Entry {
        audience: "audit",
        path: "audit.html",
        title: "Audit",
        question: "What was in force when, who changed it, and who agreed?",
        ways: &[
            (
                "Change register",
                "register.html",
                "Every change of meaning: who, when, why, and who approved it.",
            ),
            (
                "Drift",
                "drift.html",
                "What is different in the end, and which changes were out of order.",
            ),
            ("As of a date", "as-of.html", "The whole model as it was on a day."),
            ("Compare", "compare.html", "Two days side by side, with the words that changed."),
            ("Who decides what", "rights.html", "The rights by which changes are judged."),
        ],
    },
];

#[derive(Serialize)]
struct Page<'a> {
    question: &'static str,
    ways: Vec<&'static (&'static str, &'static str, &'static str)>,
    views: Vec<ViewTold>,
    metrics: Vec<MetricRow>,
    markets: Vec<Listed>,
    exceptions: Vec<Waiver>,
    meetings: Vec<Listed>,
    playbooks: Vec<Listed>,
    found: Vec<Found>,
    found_more: usize,
    audience: &'a str,
}

/// What somebody sees elsewhere.
#[derive(Serialize)]
struct ViewTold {
    it: Listed,
    roles: Text,
    refresh: String,
    shows: Vec<(String, Text)>,
    deviations: Text,
}

/// So many findings are told.
const FOUND: usize = 40;

/// The pages of the four ways in, by path; `made` are the pages there are.
pub(in crate::site) fn pages(
    known: &Known<'_>,
    layout: &Layout,
    made: &dyn Fn(&str) -> bool,
) -> Result<Vec<(&'static str, String)>, String> {
    let page = |entry: &'static Entry| {
        let frame = Frame { path: entry.path, title: entry.title, ..Frame::default() };
        let page = layout.page(&frame, "entry.html", shown(known, entry, made))?;
        Ok((entry.path, page))
    };
    ENTRIES.iter().map(page).collect()
}

/// The four ways in, for the first page: title, path and question.
pub(in crate::site) fn ways_in() -> Vec<(&'static str, &'static str, &'static str)> {
    ENTRIES.iter().map(|entry| (entry.title, entry.path, entry.question)).collect()
}

fn shown<'a>(known: &Known<'_>, entry: &'static Entry, made: &dyn Fn(&str) -> bool) -> Page<'a> {
    let is = |audience: &str| entry.audience == audience;
    let views: Vec<(&crate::model::Entity, View)> = known
        .model()
        .each::<View>()
        .filter(|(_, view)| view.audience.as_ref().is_some_and(|it| it.word == entry.audience))
        .collect();
    let mut findings: Vec<_> = known
        .facts
        .report
        .findings
        .iter()
        .filter(|finding| is("audit") || (is("operator") && finding.severity == Severity::Error))
        .collect();
    findings.sort_by_key(|finding| finding.severity);
    let all = |kind: &str, wanted: bool| if wanted { known.all(kind) } else { Vec::new() };
    Page {
        question: entry.question,
        ways: entry.ways.iter().filter(|(_, path, _)| made(path)).collect(),
        metrics: metrics(known, &views),
        views: views.iter().map(|(entity, view)| told(known, entity, view)).collect(),
        markets: all("icp", is("executive")),
        exceptions: if is("executive") || is("audit") { exceptions(known) } else { Vec::new() },
        meetings: all("cadence", is("manager")),
        playbooks: all("playbook", is("operator")),
        found: findings.iter().take(FOUND).map(|finding| known.told(finding, true)).collect(),
        found_more: findings.len().saturating_sub(FOUND),
        audience: entry.audience,
    }
}

fn shown_by(view: &View) -> impl Iterator<Item = &str> {
    view.shows.iter().flat_map(|shows| shows.iter()).map(|it| it.address.as_str())
}

/// The metrics of some views, each once.
fn metrics(known: &Known<'_>, views: &[(&crate::model::Entity, View)]) -> Vec<MetricRow> {
    let mut addresses: Vec<&str> = Vec::new();
    for address in views.iter().flat_map(|(_, view)| shown_by(view)) {
        if address.starts_with("metric.") && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let entities = addresses.into_iter().filter_map(|address| known.names.entity(address));
    entities.map(|entity| metric(known, entity, &entity.read::<Metric>())).collect()
}

/// How often something is: each `1 day` is each day.
fn every(time: String) -> String {
    time.strip_prefix("1 ").map(str::to_owned).unwrap_or(time)
}

fn told(known: &Known<'_>, entity: &crate::model::Entity, view: &View) -> ViewTold {
    let roles = view.roles.iter().flat_map(|roles| roles.iter());
    let others = shown_by(view).filter(|address| !address.starts_with("metric."));
    let shows = others.map(|address| {
        let kind = address.split('.').next().unwrap_or_default();
        (super::kinds::one(kind).to_owned(), known.names.link(address))
    });
    let deviations = view.deviations.iter().flat_map(|them| them.iter());
    let deviations = deviations.map(|pattern| match known.names.entity(&pattern.value) {
        Some(_) => known.names.link(&pattern.value),
        None => covered(&pattern.value),
    });
    ViewTold {
        it: Known::listed(entity),
        roles: known.names.links(roles.map(|role| role.address.as_str()), ", "),
        refresh: entity.table.get("refresh").map(scalar).map(every).unwrap_or_default(),
        shows: shows.collect(),
        deviations: Text::joined(deviations.collect(), ", "),
    }
}
