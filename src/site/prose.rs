//! Words with links: what pages are made of below their mark-up.

use super::kinds;
use super::names::page_of;
use crate::criteria::FieldPath;
use crate::load::ModelScope;
use crate::model::Entity;
use crate::report::pieces;
use serde::Serialize;

/// How a run of words is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::site) enum Kind {
    /// As the rest.
    Plain,
    /// Stands out.
    Strong,
    /// The user's own words: a value, an id.
    Code,
    /// Beside the point.
    Dim,
}

/// Words of one kind, that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::site) struct Run {
    text: String,
    kind: Kind,
    /// Where it leads, from the root of the site.
    href: Option<String>,
}

/// A line or a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub(in crate::site) struct Text(Vec<Run>);

impl Text {
    /// Plain words.
    pub(in crate::site) fn of(text: impl Into<String>) -> Self {
        Self::default().plain(text)
    }

    fn with(mut self, text: impl Into<String>, kind: Kind, href: Option<String>) -> Self {
        self.0.push(Run { text: text.into(), kind, href });
        self
    }

    /// More plain words.
    #[must_use]
    pub(in crate::site) fn plain(self, text: impl Into<String>) -> Self {
        self.with(text, Kind::Plain, None)
    }

    /// More words that stand out.
    #[must_use]
    pub(in crate::site) fn strong(self, text: impl Into<String>) -> Self {
        self.with(text, Kind::Strong, None)
    }

    /// More of the user's own words.
    #[must_use]
    pub(in crate::site) fn code(self, text: impl Into<String>) -> Self {
        self.with(text, Kind::Code, None)
    }

    /// More words beside the point.
    #[must_use]
    pub(in crate::site) fn dim(self, text: impl Into<String>) -> Self {
        self.with(text, Kind::Dim, None)
    }

    /// More words that lead somewhere.
    #[must_use]
    pub(in crate::site) fn link(self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.with(text, Kind::Plain, Some(href.into()))
    }

    /// All of another line behind this one.
    #[must_use]
    pub(in crate::site) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Lines one behind the other: `a, b and c`.
    pub(in crate::site) fn joined(lines: Vec<Self>, last: &str) -> Self {
        let count = lines.len();
        let mut out = Self::default();
        for (at, line) in lines.into_iter().enumerate() {
            let before = match at {
                0 => "",
                _ if at + 1 == count => last,
                _ => ", ",
            };
            if !before.is_empty() {
                out = out.plain(before);
            }
            out = out.then(line);
        }
        out
    }

    /// The first words, made otherwise.
    #[must_use]
    pub(in crate::site) fn map_first(mut self, change: impl Fn(&str) -> String) -> Self {
        if let Some(first) = self.0.first_mut() {
            first.text = change(&first.text);
        }
        self
    }

    /// Whether nothing is said.
    pub(in crate::site) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words alone.
    pub(in crate::site) fn words(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}

/// What things of a model are called, and where they are.
#[derive(Clone, Copy)]
pub(in crate::site) struct Names<'a> {
    pub(in crate::site) scope: &'a ModelScope<'a>,
}

impl<'a> Names<'a> {
    /// The entity an address names or stands below.
    pub(in crate::site) fn entity(self, address: &str) -> Option<&'a Entity> {
        self.scope.model().get(address)
    }

    /// A link to what an address names: an entity, or a part of one.
    pub(in crate::site) fn link(self, address: &str) -> Text {
        match self.href(address) {
            Some(href) => Text::default().link(self.title(address), href),
            None => Text::default().code(address),
        }
    }

    /// The same under other words.
    pub(in crate::site) fn link_as(self, address: &str, words: &str) -> Text {
        match self.href(address) {
            Some(href) => Text::default().link(words, href),
            None => Text::of(words),
        }
    }

    /// What an address is called: an entity by its name, a part by its address below it as well.
    fn title(self, address: &str) -> String {
        match self.scope.model().entity_above(address) {
            Some((entity, "")) => name_of(entity),
            Some((entity, rest)) => format!("{}: {}", name_of(entity), rest.replace('.', " ")),
            None => address.to_owned(),
        }
    }

    /// Where the page is on which an address is explained.
    pub(in crate::site) fn href(self, address: &str) -> Option<String> {
        let (entity, rest) = self.scope.model().entity_above(address)?;
        let page = page_of(entity.address.as_str());
        let there = rest.is_empty() || self.scope.model().part(address).is_none();
        Some(if there { page } else { format!("{page}#{}", super::said::anchor_of(entity, rest)) })
    }

    /// Links to several things: `A, B and C`.
    pub(in crate::site) fn links<'x>(
        self,
        addresses: impl Iterator<Item = &'x str>,
        last: &str,
    ) -> Text {
        Text::joined(addresses.map(|address| self.link(address)).collect(), last)
    }

    /// A field as people call it, through related objects: `Industry of the Account`.
    pub(in crate::site) fn field(self, object: Option<&str>, path: &FieldPath) -> Text {
        self.field_named(object, &path.parts.join("."))
    }

    /// The same of a path that is written with dots.
    pub(in crate::site) fn field_named(self, object: Option<&str>, path: &str) -> Text {
        let Some(object) = object else { return Text::default().code(path) };
        let Some((address, _)) = self.scope.field_at(object, path) else {
            return Text::default().code(path);
        };
        let text = self.link(address.as_str());
        match path.rsplit_once('.') {
            Some((over, _)) => text.plain(" of its ").then(self.field_named(Some(object), over)),
            None => text,
        }
    }

    /// An object as people call it in the middle of a sentence: `lead`.
    pub(in crate::site) fn object(self, id: &str) -> Text {
        let address = format!("object.{id}");
        match self.entity(&address) {
            Some(entity) => Text::default().link(name_of(entity).to_lowercase(), page_of(&address)),
            None => Text::default().code(id),
        }
    }

    /// Words in which backticks mark the user's own, with links where these are addresses.
    pub(in crate::site) fn sentence(self, text: &str) -> Text {
        let mut out = Text::default();
        for (is_own, part) in pieces(text) {
            out = match (is_own, self.href(part)) {
                (true, Some(href)) => out.with(part, Kind::Code, Some(href)),
                (true, None) => out.code(part),
                (false, _) => out.plain(part),
            };
        }
        out
    }
}

/// The name people use, on one line.
pub(in crate::site) fn name_of(entity: &Entity) -> String {
    one_line(entity.name())
}

/// A text on one line.
pub(in crate::site) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A key as words: `applies_to` as `Applies to`.
pub(in crate::site) fn label(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

/// What a pattern over addresses covers: all of a kind by the word for it, else as it is written.
pub(in crate::site) fn covered(pattern: &str) -> Text {
    match pattern.strip_suffix(".*") {
        _ if pattern == "*" => Text::of("everything"),
        Some(kind) if kinds::is_known(kind) => Text::of(kinds::many(kind)),
        _ => Text::default().code(pattern),
    }
}

/// The first letter made large.
pub(in crate::site) fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
