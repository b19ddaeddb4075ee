//! The way a path takes from an object to a field, and what was probably meant where it leads nowhere.

use super::expr::FieldPath;
use super::fault::{Fault, FaultCode, advice, nearest, shown};
use super::print::Quoted;
use super::scope::{FieldFacts, FieldKind, Scope};
use super::stretch::is_unit;
use super::value::{EMPTY_WORDS, TIME_WORDS};
use crate::source::Span;

/// Words of other languages that stand where a condition begins, and name no field.
const NO_NAMES: [&str; 28] = [
    "all", "any", "none", "both", "either", "neither", "exactly", "least", "most", "at", "of",
    "if", "then", "else", "when", "where", "case", "select", "having", "unless", "since", "until",
    "must", "should", "does", "has", "field", "object",
];

/// A path that leads to no field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Astray {
    /// What is wrong, with its place in the path.
    pub fault: Fault,
    /// The object whose fields were looked through last.
    pub object: String,
    /// Whether the right path is known.
    pub(super) is_sure: bool,
}

/// Why a path from an object leads to no field, if it leads to none; places are bytes of the path.
pub fn astray(path: &str, object: &str, scope: &dyn Scope) -> Option<Astray> {
    let parts = path.split('.').map(str::to_owned).collect();
    let path = FieldPath { parts, span: Span::new(0, path.len()) };
    follow(&path, object, scope).err()
}

/// Follows a path to its field.
pub(super) fn follow<'a>(
    path: &FieldPath,
    object: &'a str,
    scope: &'a dyn Scope,
) -> Result<FieldFacts<'a>, Astray> {
    let is_field = path.parts.first().is_some_and(|first| scope.field(object, first).is_some());
    let meant = if is_field { None } else { with_object(path, object, scope) };
    meant.map_or_else(|| walk(path, object, scope), Err)
}

fn walk<'a>(
    path: &FieldPath,
    object: &'a str,
    scope: &'a dyn Scope,
) -> Result<FieldFacts<'a>, Astray> {
    let mut object = object;
    let last = path.parts.len().saturating_sub(1);
    for (index, part) in path.parts.iter().enumerate() {
        let Some(facts) = scope.field(object, part) else {
            return Err(no_field(path, index, object, scope));
        };
        if index == last {
            return Ok(facts);
        }
        let Some(target) = facts.target.filter(|_| facts.kind == FieldKind::Reference) else {
            let name = shown(part);
            let kind = facts.kind.with_article();
            let message = format!("{name} is {kind} field and leads to no other object");
            let help = format!("use {name} alone, or a field of type `reference` before the dot");
            let fault = Fault::new(FaultCode::TypeMismatch, path.part_span(index), message);
            let object = object.to_owned();
            return Err(Astray { fault: fault.help(help), object, is_sure: false });
        };
        object = target;
    }
    // A path has at least one step.
    Err(no_field(path, last, object, scope))
}

/// What is meant by a path that names the object as well: `lead.email`, `field.lead.email`.
fn with_object(path: &FieldPath, object: &str, scope: &dyn Scope) -> Option<Astray> {
    let skip = usize::from(path.parts.first().is_some_and(|first| first == "field"));
    let named = path.parts.get(skip)?;
    // Where nothing is advised the words are the same whatever else is known of the object.
    let mut fields = scope.fields(object);
    if fields.is_empty() {
        return None;
    }
    let rest = path.parts.get(skip + 1..).filter(|rest| !rest.is_empty())?.to_vec();
    let start = path.part_span(skip + 1).start;
    let rest = FieldPath { parts: rest, span: Span::new(start, start.max(path.span.end)) };
    let (written, found) = if named == object {
        (rest.to_string(), walk(&rest, object, scope).err())
    } else {
        let leads = |name: &String| {
            scope.field(object, name).is_some_and(|facts| facts.target == Some(named))
        };
        fields.retain(leads);
        let [only] = fields.as_slice() else { return None };
        (format!("{only}.{rest}"), walk(&rest, named, scope).err())
    };
    if let Some(mut astray) = found {
        // What is advised for the first step stands without the object.
        if named == object && astray.fault.span.start == start {
            astray.fault.span.start = path.span.start;
        }
        return Some(Astray { is_sure: true, ..astray });
    }
    let message = format!("{} is more than the path to a field", shown(&path.name()));
    let fault = Fault::new(FaultCode::UnknownField, path.span, message).help(advice(&written));
    Some(Astray { fault, object: object.to_owned(), is_sure: true })
}

fn no_field(path: &FieldPath, index: usize, object: &str, scope: &dyn Scope) -> Astray {
    let part = path.parts.get(index).map_or("", String::as_str);
    let span = path.part_span(index);
    let astray = |fault, is_sure| Astray { fault, object: object.to_owned(), is_sure };
    if scope.is_there("field", &format!("{object}.{part}")) {
        let message = format!("what {} holds cannot be read where it is declared", shown(part));
        let help = format!("correct the `type` of `field.{object}.{part}`");
        return astray(Fault::new(FaultCode::FieldAtFault, span, message).help(help), true);
    }
    let message = format!("{} has no field {}", shown(object), shown(part));
    let fault = Fault::new(FaultCode::UnknownField, span, message);
    if let Some(now) = scope.renamed(&format!("field.{object}.{part}")) {
        let now = now.strip_prefix(&format!("field.{object}.")).unwrap_or(&now).to_owned();
        return astray(fault.help(format!("it is called {} now", shown(&now))), true);
    }
    let names = scope.fields(object);
    let help = nearest(part, names.iter().map(String::as_str))
        .unwrap_or_else(|| declared(part, object, index, scope));
    astray(fault.help(help), false)
}

/// How a field of this name would be declared, if one can be.
fn declared(part: &str, object: &str, index: usize, scope: &dyn Scope) -> String {
    let is = |word: &str| word.eq_ignore_ascii_case(part);
    let is_word = is_unit(part)
        || NO_NAMES.iter().chain(&EMPTY_WORDS).chain(&TIME_WORDS).any(|word| is(word));
    if index == 0 && (is_word || part == object) {
        let mut names = scope.fields(object).into_iter();
        return match names.next() {
            Some(first) => format!("name a field of {}, such as {}", shown(object), shown(&first)),
            None => format!("name a field of {}", shown(object)),
        };
    }
    if part.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c)))
    {
        return format!(
            "name a field of {}, or put quotes around text: {}",
            shown(object),
            Quoted(part)
        );
    }
    let declare = format!("declare it: `[field.{object}.{part}]`");
    if scope.fields(part).is_empty() {
        return declare;
    }
    format!("{declare} with `type = \"reference\"` and `object = \"{part}\"`")
}
