//! Criteria as SMT-LIB, written from `src/criteria/criteria.md` and from nothing else.
//!
//! A field is a Bool that says whether it is set, and a value: an Int for the values of choices and
//! the ids of references, for whole numbers, days and instants, a Real for numbers and money, a
//! String in lower case for texts, and a Bool for each value of a multi-select.

use super::world::World;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use opmodel::criteria::{
    Atom, Comparison, DaysTest, Direction, Expr, Literal, Node, SetOf, Test, Value, parse,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const DAY: i128 = 86_400_000_000_000;

/// Criteria of some revisions, over the same fields.
pub(super) struct Encoding<'w> {
    worlds: &'w [World],
    as_of: Timestamp,
    /// A number for each value of a choice and each id.
    codes: BTreeMap<String, usize>,
    /// The fields asked for, and for multi-selects the values.
    asked: BTreeMap<String, BTreeSet<String>>,
}

/// A criterion as the language has it.
pub(super) fn read(text: &str) -> Expr {
    let parsed = parse(text);
    assert!(parsed.faults.is_empty(), "{text}: {:?}", parsed.faults);
    parsed.expr.unwrap()
}

/// All of some assertions.
pub(super) fn all(parts: impl IntoIterator<Item = String>) -> String {
    joined("and", "true", parts)
}

/// One of some assertions.
pub(super) fn any(parts: impl IntoIterator<Item = String>) -> String {
    joined("or", "false", parts)
}

/// The opposite.
pub(super) fn not(part: &str) -> String {
    format!("(not {part})")
}

fn joined(word: &str, none: &str, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    if parts.is_empty() { none.to_owned() } else { format!("({word} {})", parts.join(" ")) }
}

impl<'w> Encoding<'w> {
    pub(super) fn new(worlds: &'w [World], as_of: Timestamp) -> Self {
        Self { worlds, as_of, codes: BTreeMap::new(), asked: BTreeMap::new() }
    }

    /// A criterion of a revision.
    pub(super) fn text(&mut self, world: usize, text: &str) -> String {
        self.holds(world, &read(text))
    }

    /// A criterion of a revision.
    pub(super) fn holds(&mut self, world: usize, expr: &Expr) -> String {
        match &expr.node {
            Node::And(parts) => all(self.each(world, parts)),
            Node::Or(parts) => any(self.each(world, parts)),
            Node::Not(part) => not(&self.holds(world, part)),
            Node::AtLeast { count, of } => {
                let ones = self.each(world, of).into_iter().map(|one| format!("(ite {one} 1 0)"));
                format!("(>= (+ 0 {}) {count})", ones.collect::<Vec<_>>().join(" "))
            }
            Node::Reference(reference) if reference.kind == "segment" => {
                self.text(world, &self.worlds[world].segment)
            }
            Node::Reference(_) => {
                let World { criteria, disqualifiers, .. } = &self.worlds[world];
                let holds = criteria.iter().map(|one| self.text(world, one)).collect::<Vec<_>>();
                let bars = disqualifiers.iter().map(|one| not(&self.text(world, one)));
                all(holds.into_iter().chain(bars))
            }
            Node::Atom(atom) => self.atom(world, atom),
        }
    }

    fn each(&mut self, world: usize, parts: &[Expr]) -> Vec<String> {
        parts.iter().map(|part| self.holds(world, part)).collect()
    }

    fn atom(&mut self, world: usize, Atom { field, test }: &Atom) -> String {
        let path = field.name().into_owned();
        self.asked.entry(path.clone()).or_default();
        let set = format!("|{path}?|");
        let (kind, value) = (self.worlds[world].field(&path).kind, format!("|{path}|"));
        let is_set = |holds: String| format!("(and {set} {holds})");
        match test {
            Test::IsSet { negated: false } => set,
            Test::IsSet { negated: true } => not(&set),
            Test::IsTrue => is_set(value),
            Test::Compare { op: Comparison::NotEqual, value: literal } => {
                let literal = self.literal(kind, literal);
                not(&is_set(format!("(= {value} {literal})")))
            }
            Test::Compare { op, value: literal } => {
                let literal = self.literal(kind, literal);
                is_set(compared(*op, &value, &literal))
            }
            Test::Between { low, high } => {
                let (low, high) = (self.literal(kind, low), self.literal(kind, high));
                is_set(format!("(<= {low} {value} {high})"))
            }
            Test::In { set: values, negated } => {
                let literals: Vec<String> = match values {
                    SetOf::Values(values) => {
                        values.iter().map(|literal| self.literal(kind, literal)).collect()
                    }
                    SetOf::List(list) => {
                        let list = self.worlds[world].lists.iter().find(|(id, _)| *id == list.id);
                        list.unwrap().1.iter().map(|text| self.word(kind, text)).collect()
                    }
                };
                let one = literals.iter().map(|literal| format!("(= {value} {literal})"));
                let found = is_set(any(one));
                if *negated { not(&found) } else { found }
            }
            Test::Contains(part) if kind == "choices" => {
                let Value::Text(option) = &part.value else { panic!("{part:?}") };
                self.asked.get_mut(&path).unwrap().insert(option.clone());
                format!("|{path}:{option}|")
            }
            Test::Contains(part) => {
                is_set(format!("(str.contains {value} {})", self.literal(kind, part)))
            }
            Test::StartsWith(part) => {
                is_set(format!("(str.prefixof {} {value})", self.literal(kind, part)))
            }
            Test::EndsWith(part) => {
                is_set(format!("(str.suffixof {} {value})", self.literal(kind, part)))
            }
            Test::Days { direction, test } => {
                let days = self.days(kind, &value, *direction);
                let number = |days: i64| integer(i128::from(days));
                match test {
                    DaysTest::Compare { op: Comparison::NotEqual, days: than } => {
                        not(&is_set(format!("(= {days} {})", number(*than))))
                    }
                    DaysTest::Compare { op, days: than } => {
                        is_set(compared(*op, &days, &number(*than)))
                    }
                    DaysTest::Between { low, high } => {
                        is_set(format!("(<= {} {days} {})", number(*low), number(*high)))
                    }
                }
            }
        }
    }

    /// The whole days between a moment and the as-of instant.
    fn days(&self, kind: &str, value: &str, direction: Direction) -> String {
        let (now, day) = if kind == "date" {
            (i128::from(day_number(TimeZone::UTC.to_datetime(self.as_of).date())), 1)
        } else {
            (self.as_of.as_nanosecond(), DAY)
        };
        let now = integer(now);
        // `div` rounds down for a positive divisor.
        match direction {
            Direction::Since => format!("(div (- {now} {value}) {day})"),
            Direction::Until => format!("(div (- {value} {now}) {day})"),
        }
    }

    fn literal(&mut self, kind: &str, literal: &Literal) -> String {
        match &literal.value {
            Value::Text(text) => self.word(kind, text),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => {
                let positive = format!("{:?}", number.abs().to_string().parse::<f64>().unwrap());
                if number.is_sign_negative() { format!("(- {positive})") } else { positive }
            }
            Value::Date(day) if kind == "date" => integer(i128::from(day_number(*day))),
            Value::Date(day) => integer(i128::from(day_number(*day)) * DAY),
            Value::DateTime(instant) => integer(instant.as_nanosecond()),
            Value::Values(_) => panic!("{literal:?}"),
        }
    }

    /// A text, or the number of a value.
    fn word(&mut self, kind: &str, text: &str) -> String {
        if kind == "text" {
            string(&text.to_lowercase().replace('ς', "σ"))
        } else {
            self.code(text)
        }
    }

    fn code(&mut self, text: &str) -> String {
        let next = self.codes.len() + 1;
        self.codes.entry(text.to_owned()).or_insert(next).to_string()
    }

    /// What there can be: the fields asked for, and all that lead to them.
    pub(super) fn ground(&mut self) -> String {
        let paths: BTreeSet<String> = self.asked.keys().flat_map(|path| with_above(path)).collect();
        let mut text = String::new();
        for path in &paths {
            self.declare(path, &mut text);
        }
        text
    }

    fn declare(&mut self, path: &str, text: &mut String) {
        let fields: Vec<_> = self.worlds.iter().map(|world| world.field(path).clone()).collect();
        let kind = fields[0].kind;
        // A value is possible, and a field may lack, where one of the revisions says so.
        let open = fields.iter().any(|field| field.open || field.values.is_empty());
        let values: BTreeSet<&str> = fields.iter().flat_map(|f| f.values.iter().copied()).collect();
        let required = fields.iter().all(|field| field.required);
        let mut assert = |assertion: String| writeln!(text, "(assert {assertion})").unwrap();
        let sort = match kind {
            "text" => "String",
            "number" | "money" => "Real",
            "bool" | "choices" => "Bool",
            _ => "Int",
        };
        let mut declared = format!("(declare-const |{path}?| Bool)\n");
        let mut more = Vec::new();
        match kind {
            "choices" => {
                let mut options: BTreeSet<String> = values.into_iter().map(str::to_owned).collect();
                if open {
                    options.insert("…".to_owned());
                    options.extend(self.asked.get(path).into_iter().flatten().cloned());
                }
                let options = options.iter().map(|option| {
                    writeln!(declared, "(declare-const |{path}:{option}| Bool)").unwrap();
                    format!("|{path}:{option}|")
                });
                more.push(format!("(= |{path}?| {})", any(options)));
            }
            "choice" if !open => {
                let codes: Vec<String> = values.iter().map(|value| self.code(value)).collect();
                let one = codes.iter().map(|code| format!("(= |{path}| {code})"));
                more.push(format!("(=> |{path}?| {})", any(one)));
            }
            "text" => more.push(format!("(= |{path}?| (not (= |{path}| \"\")))")),
            "date" => {
                let (least, most) = (day_number(Date::MIN), day_number(Date::MAX));
                more.push(format!("(<= {} |{path}| {most})", integer(i128::from(least))));
            }
            "datetime" => {
                let [least, most] =
                    [Timestamp::MIN, Timestamp::MAX].map(|at| integer(at.as_nanosecond()));
                more.push(format!("(<= {least} |{path}| {most})"));
            }
            _ => {}
        }
        writeln!(declared, "(declare-const |{path}| {sort})").unwrap();
        // Every record has a field that is required, and nobody has a part of nothing.
        let above = path.rsplit_once('.').map(|(above, _)| format!("|{above}?|"));
        if let Some(above) = &above {
            more.push(format!("(=> |{path}?| {above})"));
        }
        if required {
            more.push(format!("(=> {} |{path}?|)", above.as_deref().unwrap_or("true")));
        }
        for assertion in more {
            assert(assertion);
        }
        text.insert_str(0, &declared);
    }
}

/// A path and all paths that lead to it.
fn with_above(path: &str) -> Vec<String> {
    let above = path.match_indices('.').map(|(at, _)| path[..at].to_owned());
    above.chain([path.to_owned()]).collect()
}

fn compared(op: Comparison, one: &str, other: &str) -> String {
    let sign = match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "distinct",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    };
    format!("({sign} {one} {other})")
}

fn integer(number: i128) -> String {
    if number < 0 { format!("(- {})", -number) } else { number.to_string() }
}

fn day_number(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\"\""),
            ' '..='~' if c != '\\' => quoted.push(c),
            _ => write!(quoted, "\\u{{{:x}}}", u32::from(c)).unwrap(),
        }
    }
    quoted.push('"');
    quoted
}
