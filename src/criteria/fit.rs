//! Whether a test and its values fit the field they are put to.

use super::expr::{
    Comparison, DaysTest, FieldPath, Literal, REFERENCE_KINDS, Reference, SetOf, Test, Value,
};
use super::fault::{Fault, FaultCode, advice, nearest, shown};
use super::numeral::may_be_thousands;
use super::order::order;
use super::phrase::spread;
use super::print::Quoted;
use super::scope::{FieldFacts, FieldKind, Scope};
use crate::source::Span;

/// More declared values than this are not spelled out in a message.
const LISTED_VALUES: usize = 8;

/// A test of one field, under examination.
pub(super) struct Fit<'a> {
    /// The whole condition.
    pub(super) span: Span,
    pub(super) field: &'a FieldPath,
    pub(super) facts: FieldFacts<'a>,
    pub(super) scope: &'a dyn Scope,
    pub(super) faults: Vec<Fault>,
}

impl FieldKind {
    /// The kind's word after `a` or `an`.
    pub(super) fn with_article(self) -> String {
        let article = if self == Self::Integer { "an" } else { "a" };
        format!("{article} {}", self.word())
    }
}

impl Fit<'_> {
    pub(super) fn test(&mut self, test: &Test) {
        let kind = self.facts.kind;
        let is_text = kind == FieldKind::Text;
        if kind == FieldKind::Choices
            && let Some((values, negated)) = asked_whole(test)
        {
            return self.one_of_many(test, values, negated);
        }
        match test {
            Test::IsTrue => self.bare(),
            Test::IsSet { .. } => {}
            Test::Compare { op, value } => self.compare(*op, value),
            Test::Between { low, high } if kind.is_ordered() => self.between(low, high),
            Test::In { set, negated } if kind != FieldKind::Choices => self.member(set, *negated),
            Test::Contains(part) if is_text || kind == FieldKind::Choices => self.part(part),
            Test::StartsWith(part) | Test::EndsWith(part) if is_text => {
                self.part(part);
                let begins = matches!(test, Test::StartsWith(_));
                self.blank_ends(part, [begins, !begins], false);
            }
            Test::Days { test, .. } if kind.is_time() => self.days(*test),
            Test::Between { .. } => self.misfit("between"),
            Test::In { negated: false, .. } => self.misfit("in"),
            Test::In { negated: true, .. } => self.misfit("not in"),
            Test::Contains(_) => self.misfit("contains"),
            Test::StartsWith(_) => self.misfit("starts with"),
            Test::EndsWith(_) => self.misfit("ends with"),
            Test::Days { direction, .. } => self.misfit(&direction.to_string()),
        }
    }

    fn fault(&mut self, code: FaultCode, span: Span, message: String, help: impl Into<String>) {
        self.faults.push(Fault::new(code, span, message).help(help));
    }

    fn name(&self) -> String {
        shown(&self.field.name())
    }

    /// `write …` with words of the language.
    fn write(&self, after_field: &str) -> String {
        format!("write {}", shown(&format!("{} {after_field}", self.field)))
    }

    fn bare(&mut self) {
        if self.facts.kind != FieldKind::Bool {
            let kind = self.facts.kind.with_article();
            let message = format!("{} is {kind} field and no condition by itself", self.name());
            let help = format!("{}, or compare it with a value", self.write("is set"));
            self.fault(FaultCode::TypeMismatch, self.field.span, message, help);
        }
    }

    /// A multi-select is asked for its values one by one.
    fn one_of_many(&mut self, test: &Test, values: &[Literal], negated: bool) {
        let operator = match test {
            Test::Compare { op, .. } => op.to_string(),
            _ if negated => "not in".to_owned(),
            _ => "in".to_owned(),
        };
        let message = format!("`{operator}` does not fit {}, a choices field", self.name());
        let help = match spread(self.field, "contains", values, " or ", negated) {
            Some(spread) => advice(&spread),
            None => "ask for one value after the other with `contains`".to_owned(),
        };
        self.fault(FaultCode::TypeMismatch, self.span, message, help);
    }

    fn misfit(&mut self, operator: &str) {
        let kind = self.facts.kind;
        let message =
            format!("`{operator}` does not fit {}, {} field", self.name(), kind.with_article());
        let help = match kind {
            FieldKind::Bool => {
                format!("write {} or {}", self.name(), shown(&format!("{} = false", self.field)))
            }
            FieldKind::Choices => "use `contains` or `is set`".to_owned(),
            FieldKind::Choice | FieldKind::Reference => {
                "use `=`, `!=`, `in`, `not in` or `is set`".to_owned()
            }
            FieldKind::Text => {
                "use `=`, `in`, `contains`, `starts with`, `ends with` or `is set`".to_owned()
            }
            FieldKind::Integer | FieldKind::Number | FieldKind::Money => {
                "use a comparison such as `>=`, or `between`, `in` or `is set`".to_owned()
            }
            FieldKind::Date | FieldKind::DateTime => {
                "use a comparison such as `>=`, or `between`, `days since` or `is set`".to_owned()
            }
        };
        self.fault(FaultCode::TypeMismatch, self.span, message, help);
    }

    fn compare(&mut self, op: Comparison, value: &Literal) {
        let kind = self.facts.kind;
        if kind == FieldKind::Choices || (op.is_ordering() && !kind.is_ordered()) {
            return self.misfit(&op.to_string());
        }
        if !op.is_ordering() && is_empty_text(value) && takes_text(kind) {
            return self.empty(op, value.span);
        }
        if !self.value(value) || op.is_ordering() {
            return;
        }
        let always = op == Comparison::NotEqual;
        self.held_by_none(value, always);
    }

    /// A value of the field's type that no record ever has.
    fn held_by_none(&mut self, value: &Literal, always: bool) {
        if self.is_fraction_of_integer(value) {
            let message = format!("{} holds whole numbers, never `{value}`", self.name());
            self.fault(never_or(always), value.span, message, "write a whole number");
        }
        self.blank_ends(value, [true, true], always);
    }

    /// Blanks at the start or the end of a text, which no record has: exports are read without them.
    fn blank_ends(&mut self, literal: &Literal, [start, end]: [bool; 2], always: bool) {
        let Value::Text(text) = &literal.value else { return };
        let kept = if start { text.trim_start() } else { text };
        let kept = if end { kept.trim_end() } else { kept };
        if self.facts.kind != FieldKind::Text || kept == text {
            return;
        }
        let message =
            "no record holds this text: blanks at the ends of texts are not read".to_owned();
        let help = match (kept.trim().is_empty(), start && end) {
            (false, _) => advice(&Quoted(kept).to_string()),
            (true, true) => self.write(if always { "is set" } else { "is not set" }),
            (true, false) => "name what the text begins or ends with, or remove it".to_owned(),
        };
        self.fault(never_or(always), literal.span, message, help);
    }

    fn empty(&mut self, op: Comparison, span: Span) {
        let (outcome, help) = match op {
            Comparison::NotEqual => ("every record satisfies", self.write("is set")),
            _ => ("no record satisfies", self.write("is not set")),
        };
        let message = format!("an empty text counts as not set, so {outcome} `{op} ''`");
        self.fault(never_or(op == Comparison::NotEqual), span, message, help);
    }

    fn between(&mut self, low: &Literal, high: &Literal) {
        let fits = [self.value(low), self.value(high)] == [true, true];
        let inverted = match (&low.value, &high.value) {
            // A day stands for its first instant only against an instant on the other side.
            (Value::Date(_), Value::DateTime(_)) => {
                order(&high.value, &low.value).map(std::cmp::Ordering::is_lt)
            }
            (low, high) => order(low, high).map(std::cmp::Ordering::is_gt),
        };
        if fits && inverted == Some(true) {
            let help = self.write(&format!("between {high} and {low}"));
            let message = format!("nothing lies between `{low}` and `{high}`");
            self.fault(FaultCode::NeverHolds, low.span.to(high.span), message, help);
        }
    }

    fn days(&mut self, test: DaysTest) {
        if let DaysTest::Between { low, high } = test
            && low > high
        {
            let message = format!("nothing lies between `{low}` and `{high}`");
            let help = format!("write `between {high} and {low}`");
            self.fault(FaultCode::NeverHolds, self.span, message, help);
        }
    }

    fn part(&mut self, part: &Literal) {
        if self.facts.kind == FieldKind::Text && is_empty_text(part) {
            let message = "every text has the empty text in it".to_owned();
            let help = self.write("is set");
            self.fault(FaultCode::AlwaysHolds, part.span, message, help);
        } else {
            self.value(part);
        }
    }

    fn member(&mut self, set: &SetOf, negated: bool) {
        let values = match set {
            SetOf::List(list) => return self.list(list),
            SetOf::Values(values) => values,
        };
        if values.is_empty() {
            let outcome = if negated { "every record satisfies" } else { "no record satisfies" };
            let operator = if negated { "not in" } else { "in" };
            let message = format!("{outcome} `{operator} []`");
            self.fault(never_or(negated), self.span, message, "name at least one value");
        }
        for value in values {
            if is_empty_text(value) && takes_text(self.facts.kind) {
                let message = "an empty text counts as not set and is in no list".to_owned();
                let help = format!(
                    "remove it, and {}",
                    self.write(if negated { "is set" } else { "is not set" })
                );
                self.fault(never_or(negated), value.span, message, help);
            } else if self.value(value) {
                self.held_by_none(value, negated);
            }
        }
    }

    fn list(&mut self, list: &Reference) {
        if list.kind != "list" {
            let message =
                format!("{} is a condition, not a list of values", shown(&list.to_string()));
            let help = format!(
                "write {} alone, or name a list: `in list.countries`",
                shown(&list.to_string())
            );
            return self.fault(FaultCode::WrongKind, list.span, message, help);
        }
        let Some(values) = self.scope.list(&list.id) else {
            self.faults.push(unknown_reference(list, self.scope));
            return;
        };
        if !takes_text(self.facts.kind) {
            let kind = self.facts.kind.with_article();
            let message = format!(
                "{} is {kind} field, and {} holds texts",
                self.name(),
                shown(&list.to_string())
            );
            return self.fault(
                FaultCode::TypeMismatch,
                list.span,
                message,
                "write the values in brackets",
            );
        }
        let mut undeclared = values.iter().filter(|value| !self.is_declared(value));
        let Some(first) = undeclared.next() else { return };
        let rest = match undeclared.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let message = format!(
            "{} holds {}{rest}, which {} does not declare",
            shown(&list.to_string()),
            shown(first),
            self.name()
        );
        let help = self.declared_help(first);
        self.fault(FaultCode::UnknownValue, list.span, message, help);
    }

    /// Whether a value is of the field's type and, for a choice, one that is declared.
    fn value(&mut self, literal: &Literal) -> bool {
        let kind = self.facts.kind;
        let fits = match literal.value {
            Value::Text(_) => takes_text(kind),
            Value::Number(_) => kind.is_ordered() && !kind.is_time(),
            Value::Bool(_) => kind == FieldKind::Bool,
            Value::Date(_) => kind.is_time(),
            Value::DateTime(_) => kind == FieldKind::DateTime,
            Value::Values(_) => false,
        };
        if !fits {
            let what = sort_of(&literal.value);
            let message = format!(
                "{} is {} field, and {} is {what}",
                self.name(),
                kind.with_article(),
                shown(&literal.to_string())
            );
            self.fault(
                FaultCode::TypeMismatch,
                literal.span,
                message,
                instead(kind, &literal.value),
            );
            return false;
        }
        if let Value::Number(number) = &literal.value
            && may_be_thousands(*number)
            && (kind != FieldKind::Number || number.is_integer())
        {
            let written = literal.to_string();
            let [fraction, thousands] = if number.is_integer() {
                [number.normalize().to_string(), written.replace('.', "_")]
            } else {
                [format!("{written}0"), written.replace('.', "_")]
            };
            let message = format!("{} may mean {fraction} or {thousands}", shown(&written));
            let help = format!("write {} or {}", shown(&thousands), shown(&fraction));
            self.fault(FaultCode::TypeMismatch, literal.span, message, help);
            return false;
        }
        if let Value::Text(text) = &literal.value
            && !self.is_declared(text)
        {
            let message = format!("{} is not a value of {}", shown(text), self.name());
            let help = self.declared_help(text);
            self.fault(FaultCode::UnknownValue, literal.span, message, help);
            return false;
        }
        true
    }

    fn is_declared(&self, text: &str) -> bool {
        let closed = matches!(self.facts.kind, FieldKind::Choice | FieldKind::Choices)
            && !self.facts.open
            && !self.facts.values.is_empty();
        !closed || self.facts.values.iter().any(|value| value == text)
    }

    fn declared_help(&self, text: &str) -> String {
        let values = &self.facts.values;
        let folded = text.to_lowercase();
        if let Some(value) = values.iter().find(|value| value.to_lowercase() == folded) {
            return format!(
                "write {}: the case of a choice value counts",
                shown(&Quoted(value).to_string())
            );
        }
        if let Some(near) = nearest(text, values.iter().map(String::as_str)) {
            return near;
        }
        if values.len() > LISTED_VALUES {
            return format!("use one of the {} declared values, or declare it", values.len());
        }
        let listed: Vec<String> = values.iter().map(|value| Quoted(value).to_string()).collect();
        format!("use one of {}, or declare it", listed.join(", "))
    }

    fn is_fraction_of_integer(&self, literal: &Literal) -> bool {
        let whole = match &literal.value {
            Value::Number(number) => number.is_integer(),
            _ => true,
        };
        self.facts.kind == FieldKind::Integer && !whole
    }
}

/// The values that a test compares a field with as a whole, and whether for being others.
fn asked_whole(test: &Test) -> Option<(&[Literal], bool)> {
    match test {
        Test::Compare { op: op @ (Comparison::Equal | Comparison::NotEqual), value } => {
            Some((std::slice::from_ref(value), *op == Comparison::NotEqual))
        }
        Test::In { set: SetOf::Values(values), negated } => Some((values, *negated)),
        _ => None,
    }
}

fn never_or(always: bool) -> FaultCode {
    if always { FaultCode::AlwaysHolds } else { FaultCode::NeverHolds }
}

fn takes_text(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Choice | FieldKind::Choices | FieldKind::Text | FieldKind::Reference)
}

fn is_empty_text(literal: &Literal) -> bool {
    matches!(&literal.value, Value::Text(text) if text.is_empty())
}

fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::Date(_) => "a date",
        Value::DateTime(_) => "a moment",
        Value::Values(_) => "a list of values",
    }
}

/// What to write for a value of another type.
fn instead(kind: FieldKind, value: &Value) -> String {
    match (kind, value) {
        (FieldKind::Date, Value::DateTime(_)) => {
            "write the day alone, such as 2026-01-31".to_owned()
        }
        (FieldKind::Bool, _) => "write `true` or `false`".to_owned(),
        (FieldKind::Date | FieldKind::DateTime, Value::Text(text)) if looks_like_date(text) => {
            format!("remove the quotes: {}", shown(text))
        }
        (FieldKind::Date, _) => "write a date, such as 2026-01-31".to_owned(),
        (FieldKind::DateTime, _) => {
            "write a date or a moment, such as 2026-01-31 or 2026-01-31T09:00:00Z".to_owned()
        }
        (kind, Value::Text(text))
            if kind.is_ordered() && rust_decimal::Decimal::from_str_exact(text).is_ok() =>
        {
            format!("remove the quotes: {}", shown(text))
        }
        (kind, _) if kind.is_ordered() => "write a number, such as 100".to_owned(),
        (_, value) => format!("put quotes around text: {}", Quoted(&value.to_string())),
    }
}

fn looks_like_date(text: &str) -> bool {
    crate::document::time(text).is_some()
}

/// The fault for a reference to nothing.
pub(super) fn unknown_reference(reference: &Reference, scope: &dyn Scope) -> Fault {
    let Reference { kind, id, span } = reference;
    let elsewhere = REFERENCE_KINDS
        .iter()
        .filter(|other| **other != "list" && kind != "list")
        .find(|other| scope.predicate(other, id).is_some());
    let ids = scope.predicates(kind);
    let near = crate::finding::did_you_mean(id, ids.iter().map(String::as_str));
    let now = scope.renamed(&reference.to_string());
    let help = match (now, near, elsewhere) {
        (Some(now), ..) => format!("it is called {} now", shown(&now)),
        (_, Some(near), _) => format!("did you mean {}?", shown(&format!("{kind}.{near}"))),
        (.., Some(other)) => format!("did you mean {}?", shown(&format!("{other}.{id}"))),
        _ => format!("declare it: `[{kind}.{id}]`"),
    };
    let message = format!("there is no {}", shown(&reference.to_string()));
    Fault::new(FaultCode::UnknownReference, *span, message).help(help)
}
