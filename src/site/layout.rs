//! What every page has: its head, the way around the site, and its foot; and the one place that
//! knows the template engine.

use super::names::{command, root_from};
use super::past::Past;
use super::{Facts, State};
use crate::report::escaped;
use crate::view::{instant, when};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, context};
use serde::Serialize;

/// The templates, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("contents.html", include_str!("templates/contents.html")),
    ("entity.html", include_str!("templates/entity.html")),
    ("entry.html", include_str!("templates/entry.html")),
    ("layout.html", include_str!("templates/layout.html")),
    ("lifecycle.html", include_str!("templates/lifecycle.html")),
    ("metrics.html", include_str!("templates/metrics.html")),
    ("overview.html", include_str!("templates/overview.html")),
    ("parts/diagram.html", include_str!("templates/parts/diagram.html")),
    ("parts/listed.html", include_str!("templates/parts/listed.html")),
    ("parts/said.html", include_str!("templates/parts/said.html")),
    ("parts/table.html", include_str!("templates/parts/table.html")),
    ("people.html", include_str!("templates/people.html")),
    ("promises.html", include_str!("templates/promises.html")),
    ("rights.html", include_str!("templates/rights.html")),
    ("routing.html", include_str!("templates/routing.html")),
    ("territories.html", include_str!("templates/territories.html")),
];

/// A group of parts of the site: what it is called, and its pages by title and path.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

/// The parts of the site that every page leads to. Those of the past are there where there is one.
const GROUPS: &[Group] = &[
    (
        "Start",
        &[
            ("Overview", "index.html"),
            ("Executive", "executive.html"),
            ("Manager", "manager.html"),
            ("Operator", "operator.html"),
            ("Audit", "audit.html"),
        ],
    ),
    (
        "What is in force",
        &[
            ("Lifecycle", "lifecycle.html"),
            ("Routing", "routing.html"),
            ("Territories and segments", "territories.html"),
            ("Promises of time", "promises.html"),
            ("Metrics and meetings", "metrics.html"),
            ("Who decides what", "rights.html"),
            ("People and roles", "people.html"),
            ("Contents, A to Z", "contents.html"),
        ],
    ),
    (
        PAST,
        &[
            ("Timeline", "timeline.html"),
            ("Change register", "register.html"),
            ("Drift", "drift.html"),
            ("Compare", "compare.html"),
            ("As of a date", "as-of.html"),
        ],
    ),
];

/// The group of pages that are made from history.
const PAST: &str = "How it came to be";

/// Prints pages.
pub(in crate::site) struct Layout {
    templates: Environment<'static>,
    /// What is the same on every page.
    everywhere: Value,
    groups: Vec<Group>,
}

/// A page, apart from what is in it.
#[derive(Debug, Clone, Default)]
pub(in crate::site) struct Frame<'a> {
    /// Where it is, from the root of the site.
    pub(in crate::site) path: &'a str,
    /// Its title.
    pub(in crate::site) title: &'a str,
    /// The part of the site it belongs to, as a path of the header; its own where none is given.
    pub(in crate::site) part: Option<&'a str>,
    /// The pages above it: what each is called, and where it is.
    pub(in crate::site) above: &'a [(&'a str, &'a str)],
}

/// What is the same on every page.
#[derive(Serialize)]
struct Everywhere<'a> {
    /// What the model is called.
    name: &'a str,
    /// How a command line asks of this model.
    command: String,
    groups: &'a [Group],
    has_past: bool,
    /// Where the history that was fetched begins, where that is not all of it.
    cut_off: Option<CutOff>,
    as_of: String,
    state: Told,
    version: &'static str,
}

/// The oldest revision of a history that was fetched in part.
#[derive(Serialize)]
struct CutOff {
    day: String,
    short: String,
}

/// The state a site shows, in words.
#[derive(Serialize)]
struct Told {
    name: String,
    id: Option<String>,
    short: Option<String>,
    time: Option<String>,
    instant: Option<String>,
}

impl Told {
    fn of(state: State<'_>) -> Self {
        let commit = state.commit;
        Self {
            name: state.name.to_owned(),
            id: commit.map(|commit| commit.id.to_string()),
            short: commit.map(|commit| commit.id.short()),
            time: commit.map(|commit| when(commit.committer_time)),
            instant: commit.map(|commit| instant(commit.committer_time)),
        }
    }
}

impl Layout {
    /// The layout of a site.
    ///
    /// # Errors
    /// The reason, where a template cannot be read.
    pub(in crate::site) fn of(facts: &Facts<'_>) -> Result<Self, String> {
        let mut templates = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        templates.set_syntax(syntax.map_err(|error| broken(&error))?);
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_formatter(|out, state, value| match value.kind() {
            ValueKind::String if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => {
                let text = value.as_str().unwrap_or_default();
                out.write_str(&escaped(text)).map_err(minijinja::Error::from)
            }
            ValueKind::Undefined | ValueKind::None => Err(ErrorKind::UndefinedError.into()),
            _ => minijinja::escape_formatter(out, state, value),
        });
        for (name, text) in TEMPLATES.iter().chain(super::past::TEMPLATES) {
            templates.add_template(name, text).map_err(|error| broken(&error))?;
        }
        templates.add_filter("words", words);
        templates.add_filter("clause", clause);
        let has_past = facts.past.is_some();
        let groups = GROUPS.iter().filter(|(name, _)| has_past || *name != PAST);
        let groups: Vec<Group> = groups.copied().collect();
        let everywhere = Value::from(Serde(Everywhere {
            name: facts.scope.model().get("model").map_or("The operating model", |root| {
                root.table.text("name").unwrap_or("The operating model")
            }),
            command: command(facts.folder),
            groups: &groups,
            has_past,
            cut_off: facts
                .past
                .and_then(Past::cut_off)
                .map(|oldest| CutOff { day: oldest.day.clone(), short: oldest.short.clone() }),
            as_of: facts.as_of.to_string(),
            state: Told::of(facts.state),
            version: env!("CARGO_PKG_VERSION"),
        }));
        Ok(Self { templates, everywhere, groups })
    }

    /// The pages that every page leads to: title and path.
    pub(in crate::site) fn parts(&self) -> Vec<(&'static str, &'static str)> {
        self.groups.iter().flat_map(|(_, parts)| parts.iter().copied()).collect()
    }

    /// Prints a page by a template that builds on `layout.html`, and sees what is given as `it`.
    ///
    /// # Errors
    /// The reason, where the template cannot be followed.
    pub(in crate::site) fn page(
        &self,
        frame: &Frame<'_>,
        template: &str,
        it: impl Serialize,
    ) -> Result<String, String> {
        let part = frame.part.unwrap_or(frame.path);
        let values = context! {
            site => &self.everywhere,
            root => root_from(frame.path),
            page => context! {
                path => frame.path, title => frame.title, part, above => Value::from(Serde(frame.above)),
            },
            it => Value::from(Serde(it)),
        };
        let template = self.templates.get_template(template).map_err(|error| broken(&error))?;
        let mut text = template.render(values).map_err(|error| broken(&error))?;
        text.push('\n');
        Ok(text)
    }
}

/// Words with links as HTML, links relative to a root.
fn words(text: &Value, root: &str) -> Result<Value, minijinja::Error> {
    let mut out = String::new();
    runs(&mut out, text, root)?;
    Ok(Value::from_safe_string(out))
}

fn runs(out: &mut String, text: &Value, root: &str) -> Result<(), minijinja::Error> {
    for run in text.try_iter()? {
        let kind = run.get_attr("kind")?;
        let words = run.get_attr("text")?;
        let words = escaped(words.as_str().unwrap_or_default());
        let (open, close) = match kind.as_str() {
            Some("strong") => ("<strong>", "</strong>"),
            Some("code") => ("<code>", "</code>"),
            Some("dim") => ("<span class=\"dim\">", "</span>"),
            _ => ("", ""),
        };
        let href = run.get_attr("href")?;
        let (link, end) = match href.as_str() {
            Some(href) => (format!("<a href=\"{}{}\">", escaped(root), escaped(href)), "</a>"),
            None => (String::new(), ""),
        };
        out.extend([&*link, open, &words, close, end]);
    }
    Ok(())
}

/// A criterion in words as HTML: its parts below each other.
fn clause(clause: &Value, root: &str) -> Result<Value, minijinja::Error> {
    let mut out = String::new();
    parts(&mut out, clause, root)?;
    Ok(Value::from_safe_string(out))
}

fn parts(out: &mut String, clause: &Value, root: &str) -> Result<(), minijinja::Error> {
    runs(out, &clause.get_attr("words")?, root)?;
    let below = clause.get_attr("below")?;
    if below.len().unwrap_or_default() > 0 {
        out.push_str("<ul>");
        for part in below.try_iter()? {
            out.push_str("<li>");
            parts(out, &part, root)?;
            out.push_str("</li>");
        }
        out.push_str("</ul>");
    }
    Ok(())
}

/// Why a template of the tool cannot be followed, in a line.
fn broken(error: &minijinja::Error) -> String {
    let name = error.name().unwrap_or("a template").to_owned();
    let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
    format!("{name}{line}: {error}")
}
