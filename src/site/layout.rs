//! What every page has: its head, the way around the site, and its foot; and the one place that
//! knows the template engine.

use super::names::root_from;
use super::{Facts, State};
use crate::report::escaped;
use crate::view::{instant, when};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, context};
use serde::Serialize;

/// The templates, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("templates/layout.html")),
    ("overview.html", include_str!("templates/overview.html")),
];

/// A part of the site that its header leads to: what the page is called there, and where it is.
const PARTS: &[(&str, &str)] = &[("Overview", "index.html")];

/// Prints pages.
pub(in crate::site) struct Layout {
    templates: Environment<'static>,
    /// What is the same on every page.
    everywhere: Value,
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
    parts: &'a [(&'a str, &'a str)],
    as_of: String,
    state: Told,
    version: &'static str,
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
        let everywhere = Value::from(Serde(Everywhere {
            name: facts.scope.model().get("model").map_or("The operating model", |root| {
                root.table.text("name").unwrap_or("The operating model")
            }),
            parts: PARTS,
            as_of: facts.as_of.to_string(),
            state: Told::of(facts.state),
            version: env!("CARGO_PKG_VERSION"),
        }));
        Ok(Self { templates, everywhere })
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

/// Why a template of the tool cannot be followed, in a line.
fn broken(error: &minijinja::Error) -> String {
    let name = error.name().unwrap_or("a template").to_owned();
    let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
    format!("{name}{line}: {error}")
}
