//! HTML as the site writes it, taken apart: enough to see whether it is sound.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Elements that have no end.
const VOID: [&str; 5] = ["meta", "link", "input", "br", "hr"];

/// An element's start.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) tags: Vec<Tag>,
    texts: Vec<String>,
    /// What is between the tags of scripts and styles.
    inline: Vec<String>,
}

impl Document {
    /// Takes a page apart; panics where an element does not end, or ends before it began.
    #[track_caller]
    pub(super) fn of(text: &str) -> Self {
        let mut document = Self::default();
        let mut open: Vec<String> = Vec::new();
        let mut rest = text.strip_prefix("<!doctype html>").expect("a doctype");
        while let Some((before, after)) = rest.split_once('<') {
            let inside = open.last().map(String::as_str);
            match inside {
                Some("script" | "style") => document.inline.push(before.trim().to_owned()),
                Some("title") if open.len() == 3 => {}
                _ => document.texts.push(unescaped(before)),
            }
            let (tag, behind) = after.split_once('>').expect("a tag ends");
            rest = behind;
            if let Some(name) = tag.strip_prefix('/') {
                let last = open.pop();
                assert_eq!(last.as_deref(), Some(name), "`</{name}>` ends something else");
                continue;
            }
            let tag = tag_of(tag);
            let closed = after.split_once('>').is_some_and(|(tag, _)| tag.ends_with('/'));
            if !closed && !VOID.contains(&tag.name.as_str()) {
                open.push(tag.name.clone());
            }
            document.tags.push(tag);
        }
        assert!(open.is_empty(), "{open:?} never end");
        document
    }

    /// The words in one line.
    pub(super) fn words(&self) -> String {
        self.texts
            .join(" ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" ,", ",")
            .replace(" .", ".")
    }

    fn ids(&self) -> Vec<&str> {
        self.tags.iter().filter_map(|tag| tag.attribute("id")).collect()
    }
}

fn tag_of(text: &str) -> Tag {
    let text = text.trim_end_matches('/').trim();
    let (name, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        if let Some(value) = rest.strip_prefix("=\"") {
            let (value, behind) = value.split_once('"').expect("a value ends");
            attributes.push((key, unescaped(value)));
            rest = behind;
        } else {
            assert!(!rest.starts_with('='), "`{text}`: a value without quotes");
            attributes.push((key, String::new()));
        }
    }
    Tag { name: name.to_owned(), attributes }
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&#x27;", "'").replace("&#x2f;", "/").replace("&amp;", "&")
}

/// Whether a file is a page.
pub(super) fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "html")
}

/// The pages of a site, taken apart.
#[track_caller]
pub(super) fn documents(site: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, Document> {
    let pages = site.iter().filter(|(path, _)| is_page(path));
    pages
        .map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).expect("UTF-8");
            (path.as_str(), Document::of(text))
        })
        .collect()
}

/// Panics where a page asks for something that is not there, is not of the site, or could act.
#[track_caller]
pub(super) fn assert_sound(site: &BTreeMap<String, Vec<u8>>, documents: &BTreeMap<&str, Document>) {
    let mut faults = BTreeSet::new();
    let places: BTreeMap<&str, BTreeSet<&str>> =
        documents.iter().map(|(path, it)| (*path, it.ids().into_iter().collect())).collect();
    for (path, document) in documents {
        let ids = document.ids();
        let own = &places[path];
        if own.len() != ids.len() {
            let twice = ids.iter().filter(|id| ids.iter().filter(|it| it == id).count() > 1);
            faults.insert(format!(
                "{path}: places that are there twice: {:?}",
                twice.collect::<BTreeSet<_>>()
            ));
        }
        faults.extend(
            document
                .inline
                .iter()
                .filter(|text| !text.is_empty())
                .map(|text| format!("{path}: `{text}` stands in the page")),
        );
        for tag in &document.tags {
            faults.extend(acts(tag).map(|fault| format!("{path}: {fault}")));
            for name in ["href", "src"] {
                let Some(link) = tag.attribute(name) else { continue };
                faults.extend(
                    fault_of(site, &places, path, link).map(|fault| format!("{path}: {fault}")),
                );
            }
            for name in ["for", "aria-labelledby", "aria-describedby"] {
                let named = tag.attribute(name).unwrap_or_default();
                faults.extend(
                    named
                        .split_whitespace()
                        .filter(|id| !own.contains(id))
                        .map(|id| format!("{path}: nothing is called `{id}`")),
                );
            }
        }
        let policy = document.tags.iter().find(|tag| tag.attribute("http-equiv").is_some());
        let policy = policy.and_then(|tag| tag.attribute("content")).unwrap_or_default();
        if !policy.starts_with("default-src 'none'") || policy.contains("unsafe") {
            faults.insert(format!("{path}: the policy is `{policy}`"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults: {:#?}",
        faults.len(),
        faults.iter().take(30).collect::<Vec<_>>()
    );
    let css = String::from_utf8_lossy(&site["assets/site.css"]);
    assert!(!css.contains("url(") && !css.contains("@import") && !css.contains("//"));
}

/// What of a tag could act or style by itself.
fn acts(tag: &Tag) -> Option<String> {
    let named = |(name, _): &&(String, String)| {
        name.starts_with("on") || name == "style" || name == "srcdoc"
    };
    if let Some((name, _)) = tag.attributes.iter().find(named) {
        return Some(format!("`{}` has `{name}`", tag.name));
    }
    let alien = ["style", "iframe", "object", "embed", "base", "img", "video", "audio"];
    let naked = tag.name == "script" && tag.attribute("src").is_none();
    (alien.contains(&tag.name.as_str()) || naked).then(|| format!("there is a `{}`", tag.name))
}

/// What is wrong with a link on a page.
fn fault_of(
    site: &BTreeMap<String, Vec<u8>>,
    places: &BTreeMap<&str, BTreeSet<&str>>,
    path: &str,
    link: &str,
) -> Option<String> {
    let (file, place) = link.split_once('#').unwrap_or((link, ""));
    if file.contains(':') || file.starts_with('/') {
        return Some(format!("`{link}` leads elsewhere"));
    }
    let target = if file.is_empty() { path.to_owned() } else { joined(path, file) };
    if !site.contains_key(&target) {
        return Some(format!("`{link}` leads to nothing"));
    }
    let there = places.get(target.as_str());
    let lost = !place.is_empty() && !there.is_some_and(|there| there.contains(place));
    lost.then(|| format!("`{link}` leads to no place there"))
}

fn joined(path: &str, link: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}
