//! A model with fields of every type, in slightly different revisions.

use opmodel::criteria::Value;
use opmodel::document::Limits;
use opmodel::load;
use opmodel::model::Model;
use opmodel::source::{RawContent, RawFile};
use std::fmt::{self, Debug, Formatter, Write as _};

/// A field as it is declared.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) object: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) values: Vec<&'static str>,
    pub(super) open: bool,
    pub(super) required: bool,
    /// The object a reference leads to.
    pub(super) target: &'static str,
    examples: &'static str,
}

impl Field {
    /// A text of an export as a value of this field.
    pub(crate) fn value(&self, text: &str) -> Value {
        let text = text.trim();
        match self.kind {
            "choice" | "reference" | "text" => Value::from(text),
            "choices" => Value::Values(text.split(';').map(str::to_owned).collect()),
            "integer" | "number" | "money" => Value::Number(text.parse().unwrap()),
            "bool" => Value::Bool(text == "true"),
            "datetime" if text.contains('T') => Value::DateTime(text.parse().unwrap()),
            "date" | "datetime" => Value::Date(text.parse().unwrap()),
            other => panic!("{other}"),
        }
    }
}

/// One revision of the model.
#[derive(Clone)]
pub(crate) struct World {
    /// What differs from other revisions, beside the conditions.
    pub(super) twist: u8,
    pub(crate) fields: Vec<Field>,
    pub(super) lists: Vec<(&'static str, Vec<&'static str>)>,
    /// The condition of `segment.one`.
    pub(crate) segment: String,
    /// The criteria of `icp.fit`, all of which hold.
    pub(crate) criteria: Vec<String>,
    /// The disqualifiers of `icp.fit`, none of which holds.
    pub(crate) disqualifiers: Vec<String>,
    /// The routing table, as TOML.
    pub(crate) routing: String,
}

/// Object, name, type with its values, and more: `!` required, `+` open.
const FIELDS: &[(&str, &str, &str, &str, &str)] = &[
    ("lead", "country", "choice AT CH DE NL", "", ""),
    ("lead", "tier", "choice gold iron tin", "!", ""),
    ("lead", "origin", "choice web event", "+", "'fair', 'web'"),
    ("lead", "via", "choice", "!", ""),
    ("lead", "products", "choices crm data support", "", ""),
    ("lead", "wants", "choices crm data", "!", ""),
    ("lead", "tags", "choices hot cold", "+", ""),
    ("lead", "company", "text", "", "'Acme AB', 'ab', 'Bab'"),
    ("lead", "slogan", "text", "!", ""),
    ("lead", "employees", "integer", "", "2, 40"),
    ("lead", "seats", "integer", "!", ""),
    ("lead", "score", "number", "", "0.5"),
    ("lead", "budget", "money", "", ""),
    ("lead", "opted_in", "bool", "", ""),
    ("lead", "sure", "bool", "!", ""),
    ("lead", "renewal_on", "date", "", "2026-07-01"),
    ("lead", "signed_on", "date", "!", ""),
    ("lead", "seen_at", "datetime", "", ""),
    ("lead", "account", "reference account", "", ""),
    ("lead", "owner", "reference user", "!", ""),
    ("account", "industry", "choice Software Industrial", "", ""),
    ("account", "name", "text", "!", ""),
    ("account", "arr", "money", "", ""),
    ("account", "customer", "bool", "!", ""),
    ("account", "parent", "reference account", "", ""),
    ("user", "region", "choice north south", "!", ""),
    ("user", "left_on", "date", "", ""),
];

/// What a criterion about a lead can name.
pub(crate) const PATHS: &[&str] = &[
    "country",
    "tier",
    "origin",
    "via",
    "products",
    "wants",
    "tags",
    "company",
    "slogan",
    "employees",
    "seats",
    "score",
    "budget",
    "opted_in",
    "sure",
    "renewal_on",
    "signed_on",
    "seen_at",
    "account",
    "owner",
    "account.industry",
    "account.name",
    "account.arr",
    "account.customer",
    "account.parent",
    "account.parent.industry",
    "owner.region",
    "owner.left_on",
];

impl World {
    /// A revision; each bit of the number is something that differs between revisions.
    pub(crate) fn new(twist: u8) -> Self {
        let differs = |bit: u8| twist & (1 << bit) != 0;
        let field = |&(object, name, kind, more, examples)| {
            let mut words = str::split(kind, ' ');
            let (kind, mut values) = (words.next().unwrap(), words.collect::<Vec<_>>());
            let target = if kind == "reference" { values.remove(0) } else { "" };
            let (mut open, mut required) = (str::contains(more, '+'), more.contains('!'));
            match name {
                "country" if differs(0) => values.retain(|value| *value != "NL"),
                "tier" | "seats" if differs(1) => required = false,
                "products" if differs(2) => open = true,
                "account" | "slogan" if differs(3) => required = !required,
                _ => {}
            }
            Field { object, name, kind, values, open, required, target, examples }
        };
        let dach = if differs(4) { vec!["AT", "CH"] } else { vec!["AT", "CH", "DE"] };
        Self {
            twist,
            fields: FIELDS.iter().map(field).collect(),
            lists: vec![("dach", dach), ("rivals", vec!["AB", "ba", "Acme"])],
            segment: String::new(),
            criteria: Vec::new(),
            disqualifiers: Vec::new(),
            routing: String::new(),
        }
    }

    /// The field a path ends at.
    pub(super) fn field(&self, path: &str) -> &Field {
        let mut object = "lead";
        let mut found = None;
        for part in path.split('.') {
            let field = self.fields.iter().find(|f| f.object == object && f.name == part);
            let field = field.unwrap_or_else(|| panic!("no field `{path}`"));
            (object, found) = (field.target, Some(field));
        }
        found.unwrap()
    }

    /// The model as the tool reads it.
    pub(crate) fn model(&self) -> Model {
        let content = RawContent::Bytes(self.toml().into_bytes());
        let file = RawFile { path: "model/all.toml".to_owned(), content };
        let loaded = load::read(vec![file], Limits::default());
        assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
        loaded.model
    }

    fn toml(&self) -> String {
        let mut text = String::from("[model]\ncurrency = \"EUR\"\n\n");
        for object in ["lead", "account", "user"] {
            writeln!(text, "[object.{object}]\n").unwrap();
        }
        for field in &self.fields {
            let Field { object, name, kind, values, open, required, target, examples } = field;
            writeln!(text, "[field.{object}.{name}]\ntype = \"{kind}\"").unwrap();
            writeln!(text, "open = {open}\nrequired = {required}").unwrap();
            writeln!(text, "values = {values:?}\nexamples = [{examples}]").unwrap();
            if !target.is_empty() {
                writeln!(text, "object = \"{target}\"").unwrap();
            }
        }
        for (id, values) in &self.lists {
            writeln!(text, "[list.{id}]\nvalues = {values:?}").unwrap();
        }
        if !self.segment.is_empty() {
            let when = quoted(&self.segment);
            writeln!(text, "[segment.one]\nobject = \"lead\"\nwhen = {when}").unwrap();
        }
        text.push_str("[icp.fit]\nobject = \"lead\"\n");
        for (key, all) in [("criteria", &self.criteria), ("disqualifiers", &self.disqualifiers)] {
            for (at, one) in all.iter().enumerate() {
                writeln!(text, "{key}.c{at} = {}", quoted(one)).unwrap();
            }
        }
        text + &self.routing
    }
}

/// What a case consists of, without the fields that are always the same.
impl Debug for World {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { twist, segment, criteria, disqualifiers, .. } = self;
        write!(f, "twist {twist}, one: {segment}, fit: {criteria:?} but {disqualifiers:?}")
    }
}

/// A text as TOML.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
