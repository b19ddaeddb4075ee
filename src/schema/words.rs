//! What a schema's refusal means, in the words of whoever wrote the file.

use super::length::length_help;
use crate::document::{Node, Value};
use crate::finding::did_you_mean;
use crate::letters::latin;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

/// A sentence and what to do about it.
pub(super) struct Said {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// The value that was refused.
#[derive(Clone, Copy)]
pub(super) struct Wrong<'a> {
    /// The key it stands under.
    pub(super) key: &'a str,
    /// The path of its keys, as a header names it.
    pub(super) path: &'a str,
    /// The value in the words of the file, ready for a sentence.
    pub(super) said: &'a str,
    /// The value; none for the table as a whole.
    pub(super) node: Option<&'a Node>,
}

/// The part of the schema that refused.
pub(super) struct Context<'s> {
    /// The schema object that holds the keyword.
    schema: &'s Json,
    /// The property it is about: the nearest one above with a note of its own.
    property: &'s Json,
    /// Whether that property must be there.
    required: bool,
}

impl<'s> Context<'s> {
    /// The context of a keyword's location in a schema.
    pub(super) fn of(root: &'s Json, keyword: &str) -> Self {
        let mut schema = root;
        let mut property = root;
        let mut required = false;
        let mut around: Option<&Json> = None;
        let mut steps: Vec<&str> = keyword.split('/').skip(1).collect();
        steps.pop();
        for step in steps {
            let name = step.replace("~1", "/").replace("~0", "~");
            let next = match schema {
                Json::Array(items) => name.parse::<usize>().ok().and_then(|i| items.get(i)),
                other => other.get(&name),
            };
            let Some(next) = next else { break };
            if name == "properties" {
                around = schema.get("required");
            } else if name == "items" {
                around = None;
                required = false;
            }
            schema = next;
            if schema.get("x-opmodel").is_some() {
                property = schema;
                let names = around.take().and_then(Json::as_array);
                required = names.is_some_and(|names| names.iter().any(|n| *n == name.as_str()));
            }
        }
        Self { schema, property, required }
    }

    fn names(&self) -> Vec<&'s str> {
        let object = self.schema.get("properties").and_then(Json::as_object);
        object.map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    fn title(&self) -> Option<&'s str> {
        self.schema.get("title").and_then(Json::as_str)
    }

    pub(super) fn unknown(&self, name: &str) -> String {
        match self.title() {
            Some(title) => format!("`{name}` is not a property of `{title}`"),
            None => format!("`{name}` is not a property here"),
        }
    }

    pub(super) fn known(&self, name: &str) -> String {
        let names = self.names();
        if let Some(near) = did_you_mean(name, names.iter().copied()) {
            return format!("did you mean `{near}`?");
        }
        format!("use one of {}", list(&names))
    }

    pub(super) fn missing(&self, name: &str) -> String {
        let description = self
            .schema
            .get("properties")
            .and_then(|properties| properties.get(name))
            .and_then(|property| property.get("description"))
            .and_then(Json::as_str);
        match description {
            Some(description) => {
                format!("add `{name}`: {}", lower_first(description.trim_end_matches('.')))
            }
            None => format!("add `{name}`"),
        }
    }

    pub(super) fn wrong(&self, kind: &ValidationErrorKind, wrong: &Wrong<'_>) -> Said {
        let Wrong { key, said, node, .. } = *wrong;
        let word = node.map_or("this", |node| node.value.a_word());
        match kind {
            ValidationErrorKind::Type { kind } => {
                let wanted = wanted(kind);
                Said {
                    message: format!("`{key}` must be {wanted}, not {word}"),
                    help: self.type_help(wrong, wanted),
                }
            }
            ValidationErrorKind::Enum { options } => code(wrong, options),
            ValidationErrorKind::Pattern { .. } => self.pattern(wrong),
            ValidationErrorKind::MinLength { .. } => Said {
                message: format!("`{key}` is empty"),
                help: Some(self.empty_help().to_owned()),
            },
            ValidationErrorKind::Minimum { limit } => Said {
                message: format!("`{key}` must be at least {limit}, not {said}"),
                help: Some(format!("write a number from {limit} upwards")),
            },
            ValidationErrorKind::Maximum { limit } => Said {
                message: format!("`{key}` must be at most {limit}, not {said}"),
                help: Some(format!("write a number up to {limit}")),
            },
            other => Said {
                message: format!("`{key}` is not as the format wants it ({})", other.keyword()),
                help: self.description(),
            },
        }
    }

    /// What to do about a text without a letter: one that must be there cannot be left out.
    fn empty_help(&self) -> &'static str {
        if self.required { "write something" } else { "write something, or leave it out" }
    }

    fn type_help(&self, wrong: &Wrong<'_>, wanted: &str) -> Option<String> {
        let Wrong { key, path, said, node } = *wrong;
        let value = &node?.value;
        let is_number = matches!(value, Value::Integer(_) | Value::Decimal(_));
        match (value, wanted) {
            (_, "a list" | "a table") if self.holds_tables() => {
                Some(format!("give it as a list of tables: `[[{path}]]`"))
            }
            (_, "a table") if self.property.get("properties").is_some() => {
                Some(format!("give it as a table: `[{path}]`"))
            }
            (_, "a table") if self.property.get("additionalProperties").is_some() => {
                Some(format!("give each entry a name: `{key}.<name> = …`"))
            }
            (Value::Text(text), "a list") => {
                let items: Vec<String> = listed(text).into_iter().map(quoted).collect();
                Some(format!("put it in square brackets: `[{}]`", items.join(", ")))
            }
            (_, "text") if is_number && self.form() == Some("duration") => {
                Some("write a length of time with its unit, such as `\"4 hours\"`".to_owned())
            }
            (_, "text") if is_number && self.form() == Some("percent") => {
                Some("write a share with its sign, such as `\"95%\"`".to_owned())
            }
            (_, "text") if self.form() == Some("date") => Some(DATE_HELP.to_owned()),
            (Value::Integer(_) | Value::Decimal(_), "text") if self.form().is_none() => {
                Some(format!("put it in quotation marks: `\"{}\"`", said.trim_matches('`')))
            }
            (Value::Text(text), "a number" | "a whole number") if text.parse::<f64>().is_ok() => {
                Some("take the quotation marks away".to_owned())
            }
            (Value::Text(text), "true or false") if matches!(text.as_str(), "true" | "false") => {
                Some("take the quotation marks away".to_owned())
            }
            (_, "true or false") => Some("write `true` or `false`".to_owned()),
            _ => self.description(),
        }
    }

    /// Whether the property is a list of tables with properties of their own.
    fn holds_tables(&self) -> bool {
        self.property.get("items").is_some_and(|items| items.get("properties").is_some())
    }

    fn form(&self) -> Option<&'s str> {
        self.property.get("x-opmodel").and_then(|note| note.get("form")).and_then(Json::as_str)
    }

    /// What the property says, as something to do: the first sentence of its description.
    fn description(&self) -> Option<String> {
        let text = self.property.get("description").and_then(Json::as_str)?;
        let first = text.split(". ").next().unwrap_or(text);
        // For which of its like the property is there, is no part of what to write.
        let first = match first.split_once(": ") {
            Some((case, what)) if case.starts_with("For ") => what,
            _ => first,
        };
        Some(format!("write {}", lower_first(first.trim_end_matches('.'))))
    }

    fn pattern(&self, wrong: &Wrong<'_>) -> Said {
        let Wrong { key, said, node, .. } = *wrong;
        let text = node.and_then(Node::as_text).unwrap_or_default();
        let references = self
            .property
            .get("x-opmodel")
            .and_then(|note| note.get("references"))
            .and_then(Json::as_array);
        let kinds: Vec<&str> = references.into_iter().flatten().filter_map(Json::as_str).collect();
        let (what, help) = match self.form() {
            Some("duration") => ("a length of time", length_help(text)),
            Some("percent") => ("a share", "write a number and a percent sign: `95%`".to_owned()),
            Some("date") => ("a date", DATE_HELP.to_owned()),
            Some("address") if !kinds.is_empty() => {
                return wrong_reference(key, text, said, &kinds);
            }
            Some("address") => ("an address", address_help(text)),
            _ => ("an id", short_of(text, &kinds).unwrap_or_else(|| id_help(text))),
        };
        Said { message: format!("{said} is not {what}"), help: Some(help) }
    }
}

const DATE_HELP: &str = "write year, month and day: `2026-01-31`";

/// What to do about text that is not an id.
pub(super) fn id_help(text: &str) -> String {
    match spelt(text) {
        Some(spelt) => format!("write `{spelt}`"),
        None => "write ids in small letters, digits and single hyphens or underscores, such as `mid-market`".to_owned(),
    }
}

fn address_help(text: &str) -> String {
    match address_spelt(text) {
        Some(spelt) => format!("write `{spelt}`"),
        None => "write the address of something, or `*` in place of a step".to_owned(),
    }
}

/// The nearest id to what was written.
pub fn spelt(text: &str) -> Option<String> {
    let mut id = String::new();
    let mut between = None;
    for c in latin(&apart(text)).chars() {
        if c.is_ascii_alphanumeric() {
            id.extend(between.take().filter(|_| !id.is_empty()));
            id.push(c);
        } else if between != Some('-') {
            between = Some(if c == '_' { '_' } else { '-' });
        }
    }
    (!id.is_empty()).then_some(id)
}

/// Words that stand together and begin with a capital each, with something between them: `OwnerId` as
/// `Owner_Id`. What stands behind capitals alone is no word before two small letters: `MQLs`, `ACVAmount`.
fn apart(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is = |at: usize, of: fn(char) -> bool| chars.get(at).copied().is_some_and(of);
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let begins = at > 0 && c.is_uppercase() && {
            let small = |at| is(at, char::is_lowercase);
            small(at - 1) || (is(at - 1, char::is_uppercase) && small(at + 1) && small(at + 2))
        };
        if begins {
            out.push('_');
        }
        out.push(*c);
    }
    out
}

/// The nearest address to what was written, step by step.
fn address_spelt(text: &str) -> Option<String> {
    let step = |step: &str| if step == "*" { Some("*".to_owned()) } else { spelt(step) };
    let steps: Option<Vec<_>> = text.split('.').map(step).collect();
    Some(steps?.join("."))
}

/// The id alone, where a whole address was written in the place of one.
fn short_of(text: &str, kinds: &[&str]) -> Option<String> {
    let (kind, rest) = text.split_once('.')?;
    let id = match kinds {
        ["stage"] => text.rsplit_once("stage.").map(|(_, id)| id)?,
        _ if kinds.contains(&kind) => rest,
        _ => return None,
    };
    spelt(id).map(|id| format!("write `{id}`"))
}

fn wrong_reference(key: &str, text: &str, said: &str, kinds: &[&str]) -> Said {
    let forms = either(&kinds.iter().map(|kind| format!("`{kind}.…`")).collect::<Vec<_>>());
    let spelt = address_spelt(text);
    let begins = |spelt: &&String| {
        spelt.split_once('.').is_some_and(|(kind, _)| kinds.contains(&kind)) && *spelt != text
    };
    if let Some(spelt) = spelt.as_ref().filter(begins) {
        return Said {
            message: format!("`{key}` must be an address, and {said} is none"),
            help: Some(format!("write `{spelt}`")),
        };
    }
    let id = spelt.filter(|id| !id.contains('.'));
    let help = match (kinds, id) {
        ([only], Some(id)) => format!("did you mean `{only}.{id}`?"),
        (_, Some(id)) => {
            let full: Vec<_> = kinds.iter().map(|kind| format!("`{kind}.{id}`")).collect();
            format!("write the whole address: {}", either(&full))
        }
        _ => format!("write an address that starts with {forms}"),
    };
    Said { message: format!("`{key}` must be {forms}, not {said}"), help: Some(help) }
}

fn code(wrong: &Wrong<'_>, options: &Json) -> Said {
    let words: Vec<&str> =
        options.as_array().map(|a| a.iter().filter_map(Json::as_str).collect()).unwrap_or_default();
    let message = format!("`{}` cannot be {}", wrong.key, wrong.said);
    let text = wrong.node.and_then(Node::as_text).filter(|text| !text.is_empty());
    let near = text.and_then(|text| {
        elsewhere(text, &words).or_else(|| did_you_mean(text, words.iter().copied()))
    });
    let help = match near {
        Some(near) => format!("did you mean `{near}`? write {}", list(&words)),
        None => format!("write {}", list(&words)),
    };
    Said { message, help: Some(help) }
}

/// What other tools call something, and the word for it here.
const ELSEWHERE: [(&str, &str); 10] = [
    ("int | long | count | whole", "integer"),
    ("float | double | decimal | percent | percentage | numeric", "number"),
    ("boolean | checkbox | flag | yes-no", "bool"),
    ("picklist | dropdown | select | enum | enumeration | option | radio", "choice"),
    ("multipicklist | multiselect | multi-select | checkboxes | tags | options", "choices"),
    ("string | str | varchar | textarea | email | phone | url", "text"),
    ("currency | amount | price", "money"),
    ("timestamp | date-time | date_time | moment | instant", "datetime"),
    ("day", "date"),
    ("lookup | relation | relationship | link | foreign-key | id | user", "reference"),
];

/// The one of some words that other tools call so.
fn elsewhere<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let text = text.to_lowercase().replace(' ', "-");
    let named = |(said, _): &&(&str, &str)| said.split(" | ").any(|said| said == text);
    let (_, meant) = ELSEWHERE.iter().find(named)?;
    words.iter().copied().find(|word| word == meant)
}

/// The items of a list that was written as one text.
fn listed(text: &str) -> Vec<&str> {
    let items: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
    let is_name = |item: &&str| !item.is_empty() && item.split_whitespace().count() <= 3;
    if items.iter().all(is_name) { items } else { vec![text] }
}

/// Text as TOML writes it, in double quotation marks.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn wanted(kind: &TypeKind) -> &'static str {
    use jsonschema::JsonType;
    let single = match kind {
        TypeKind::Single(single) => *single,
        TypeKind::Multiple(_) => return "text, a number, true or false, a date or a list",
    };
    match single {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a table",
        JsonType::String => "text",
    }
}

fn list(words: &[&str]) -> String {
    either(&words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>())
}

fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let is_word = text.chars().nth(1).is_some_and(|c| !c.is_uppercase());
    match chars.next() {
        Some(first) if is_word => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{address_spelt, short_of, spelt};

    #[test]
    fn what_was_meant_is_spelt_as_an_id() {
        for (text, id) in [
            ("Mid Market", "mid-market"),
            ("_A__b -c_", "a_b-c"),
            ("é7", "e7"),
            ("Größe", "groesse"),
            ("sаles", "sales"),
        ] {
            assert_eq!(spelt(text).as_deref(), Some(id), "{text}");
        }
        assert_eq!(spelt("…"), None);
        assert_eq!(address_spelt("team.Sales.*").as_deref(), Some("team.sales.*"));
    }

    #[test]
    fn an_address_in_the_place_of_an_id_is_cut() {
        let cut = |text, kinds: &[&str]| short_of(text, kinds).unwrap_or_default();
        assert_eq!(cut("object.Lead", &["object"]), "write `lead`");
        assert_eq!(cut("lifecycle.lead.stage.sql", &["stage"]), "write `sql`");
        assert_eq!(cut("team.sales", &["object"]), "");
    }
}
