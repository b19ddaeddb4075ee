//! What was found out about criteria, and the records that show it.

use crate::criteria::{Record, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How two predicates compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same records pass.
    Equivalent,
    /// Everything that passed still does, and more.
    Looser {
        /// A record that passes now and did not before.
        admits: Witness,
    },
    /// Nothing new passes, and less than before.
    Tighter {
        /// A record that passed and does not any more.
        refuses: Witness,
    },
    /// Some records pass that did not, some do not that did.
    Shifted {
        /// A record that passes now and did not before.
        admits: Witness,
        /// A record that passed and does not any more.
        refuses: Witness,
    },
    /// Not decided, and why.
    Undecided(String),
}

/// A record that shows something: field names and values; a field left out is not set.
///
/// In JSON days and instants are text, and so are numbers that a binary fraction would round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witness(BTreeMap<String, Value>);

/// What one criterion says of all records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every record passes.
    Always,
    /// No record passes.
    Never,
    /// Some pass, some do not.
    Sometimes,
}

/// A record as a witness.
pub fn witness(record: &Record) -> Witness {
    Witness(record.iter().map(|(field, value)| (field.to_owned(), value.clone())).collect())
}

impl Witness {
    /// The value of a field, if it is set.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// The same as a record.
    pub fn record(&self) -> Record {
        let values = self.0.iter().map(|(field, value)| (field.clone(), value.clone()));
        values.fold(Record::new(), |record, (field, value)| record.with(field, value))
    }

    /// The text it is kept as, which says of each value what it is.
    pub fn kept(&self) -> String {
        let form = |value: &Value| match value {
            Value::Number(number) => json!({ "number": number.to_string() }),
            Value::Date(date) => json!({ "date": date.to_string() }),
            Value::DateTime(instant) => json!({ "instant": instant.to_string() }),
            plain => shown(plain),
        };
        let forms: BTreeMap<_, _> =
            self.0.iter().map(|(field, value)| (field, form(value))).collect();
        json!(forms).to_string()
    }

    /// The witness that was kept as a text; none where the text is none of that form.
    pub fn of_kept(text: &str) -> Option<Self> {
        let value = |form: Json| {
            Some(match form {
                Json::String(text) => Value::Text(text),
                Json::Bool(truth) => Value::Bool(truth),
                Json::Array(values) => {
                    let text = |value: &Json| value.as_str().map(str::to_owned);
                    Value::Values(values.iter().map(text).collect::<Option<_>>()?)
                }
                Json::Object(form) => {
                    let (what, value) = form.iter().next()?;
                    let value = value.as_str()?;
                    match what.as_str() {
                        "number" => Value::Number(value.parse().ok()?),
                        "date" => Value::Date(value.parse().ok()?),
                        "instant" => Value::DateTime(value.parse().ok()?),
                        _ => return None,
                    }
                }
                Json::Null | Json::Number(_) => return None,
            })
        };
        let forms: BTreeMap<String, Json> = serde_json::from_str(text).ok()?;
        let values = forms.into_iter().map(|(field, form)| Some((field, value(form)?)));
        values.collect::<Option<_>>().map(Self)
    }
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, value)| (field, shown(value))))
    }
}

impl JsonSchema for Witness {
    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, Json>::schema_name()
    }

    fn inline_schema() -> bool {
        BTreeMap::<String, Json>::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, Json>::json_schema(generator)
    }
}

fn shown(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Bool(truth) => Json::from(*truth),
        Value::Date(date) => Json::from(date.to_string()),
        Value::DateTime(instant) => Json::from(instant.to_string()),
        Value::Values(values) => Json::from(values.clone()),
        Value::Number(number) => match number.to_i64().filter(|_| number.is_integer()) {
            Some(whole) => Json::from(whole),
            None => fraction(*number).map_or_else(|| Json::from(plain(*number)), Json::from),
        },
    }
}

/// The binary fraction that is written as a number is.
fn fraction(number: Decimal) -> Option<f64> {
    number.to_f64().filter(|fraction| fraction.to_string().parse() == Ok(number))
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// A record in a line: the fields that are set, or that none is.
pub fn in_words(witness: &Witness) -> String {
    if witness.0.is_empty() {
        return "a record with nothing set".to_owned();
    }
    let fields = witness.0.iter().map(|(field, value)| format!("{field} = {}", literal(value)));
    fields.collect::<Vec<_>>().join(", ")
}

/// A value as a criterion would write it.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Number(number) => plain(*number),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_what_is_shown_is_the_number_itself() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let cases = [
            (Value::from("2026-01-01"), r#""2026-01-01""#, "'2026-01-01'"),
            (Value::Date("2026-01-01".parse().unwrap()), r#""2026-01-01""#, "2026-01-01"),
            (
                Value::DateTime("2026-01-01T08:00:00Z".parse().unwrap()),
                r#""2026-01-01T08:00:00Z""#,
                "2026-01-01T08:00:00Z",
            ),
            (Value::from("3M's"), r#""3M's""#, "'3M''s'"),
            (Value::Bool(true), "true", "true"),
            (Value::Values(vec!["a".to_owned()]), r#"["a"]"#, "['a']"),
            (number("3000"), "3000", "3000"),
            (number("4.990"), "4.99", "4.99"),
            (number("9007199254740992.5"), r#""9007199254740992.5""#, "9007199254740992.5"),
            (number("100000000.123456790"), r"100000000.12345679", "100000000.12345679"),
            (number("100000000.1234567901"), r#""100000000.1234567901""#, "100000000.1234567901"),
        ];
        for (value, json, words) in cases {
            let witness = witness(&Record::new().with("f".to_owned(), value));
            assert_eq!(serde_json::to_string(&witness).unwrap(), format!("{{\"f\":{json}}}"));
            assert_eq!(in_words(&witness), format!("f = {words}"));
            assert_eq!(Witness::of_kept(&witness.kept()), Some(witness));
        }
    }
}
