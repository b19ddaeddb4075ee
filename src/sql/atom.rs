//! One field and its test in SQL.

use super::condition::Condition;
use super::pen::Pen;
use crate::criteria::{
    Comparison, DaysTest, Direction, FieldKind, LAST_SIGMA, Literal, SIGMA, SetOf, Test, Value,
    lower_case,
};

/// A field of a row, under a test.
pub(super) struct Tested<'a> {
    pub(super) pen: Pen,
    /// The column.
    pub(super) column: String,
    pub(super) kind: FieldKind,
    /// The values of a list that the test looks among.
    pub(super) list: &'a [String],
    /// The columns of the as-of instant and of its day.
    pub(super) as_of: [String; 2],
}

/// Days before or after the as-of instant that every database can count to.
const FARTHEST: i64 = 700_000;

type Written = Result<Condition, String>;

impl Tested<'_> {
    /// The test, or its opposite.
    pub(super) fn test(&self, test: &Test, holds: bool) -> Written {
        let column = &self.column;
        match test {
            Test::IsSet { negated } => {
                let word = if *negated == holds { "NULL" } else { "NOT NULL" };
                Ok(Condition::Test(format!("{column} IS {word}")))
            }
            Test::IsTrue => Ok(self.compare("=", "<>", "TRUE", holds)),
            Test::Compare { op, value } => self.comparison(*op, value, holds),
            Test::Between { low, high } => {
                let bounds = format!("{} AND {}", self.literal(low)?, self.literal(high)?);
                Ok(self.compare("BETWEEN", "NOT BETWEEN", &bounds, holds))
            }
            Test::In { set, negated } => self.member(set, holds != *negated),
            Test::Contains(part) => self.contains(part, holds),
            Test::StartsWith(part) => self.at_an_end(part, holds, |text, literal, _| {
                self.pen.dialect.starts_with(text, literal)
            }),
            Test::EndsWith(part) => self.at_an_end(part, holds, |text, literal, letters| {
                self.pen.dialect.ends_with(text, literal, letters)
            }),
            Test::Days { direction, test } => self.days(*direction, *test, holds),
        }
    }

    /// What compares with some literals: texts without regard to case, all else as it is.
    fn compared(&self, with: &str) -> String {
        match self.kind {
            FieldKind::Text if with.contains(SIGMA) => {
                format!("REPLACE(LOWER({}), '{LAST_SIGMA}', '{SIGMA}')", self.column)
            }
            FieldKind::Text => format!("LOWER({})", self.column),
            _ => self.column.clone(),
        }
    }

    fn literal(&self, literal: &Literal) -> Result<String, String> {
        self.pen.literal(&literal.value, self.kind)
    }

    /// A comparison, or its opposite: which holds where there is nothing to compare.
    fn compare(&self, sign: &str, opposite: &str, with: &str, holds: bool) -> Condition {
        let compared = self.compared(with);
        if holds {
            Condition::Test(format!("{compared} {sign} {with}"))
        } else {
            self.or_unset(&format!("{compared} {opposite} {with}"))
        }
    }

    fn or_unset(&self, otherwise: &str) -> Condition {
        Condition::Test(format!("({} IS NULL OR {otherwise})", self.column))
    }

    fn comparison(&self, op: Comparison, value: &Literal, holds: bool) -> Written {
        let value = self.literal(value)?;
        let (op, holds) = match op {
            Comparison::NotEqual => (Comparison::Equal, !holds),
            other => (other, holds),
        };
        let (sign, opposite) = match op {
            Comparison::Equal | Comparison::NotEqual => ("=", "<>"),
            Comparison::Less => ("<", ">="),
            Comparison::LessOrEqual => ("<=", ">"),
            Comparison::Greater => (">", "<="),
            Comparison::GreaterOrEqual => (">=", "<"),
        };
        Ok(self.compare(sign, opposite, &value, holds))
    }

    fn member(&self, set: &SetOf, is_in: bool) -> Written {
        let texts: Vec<Literal>;
        let literals = match set {
            SetOf::Values(literals) => literals.as_slice(),
            SetOf::List(_) => {
                let literal = |text: &String| Literal::new(Value::Text(text.clone()));
                texts = self.list.iter().map(literal).collect();
                texts.as_slice()
            }
        };
        let mut written: Vec<String> = Vec::new();
        for literal in literals {
            let literal = self.literal(literal)?;
            if !written.contains(&literal) {
                written.push(literal);
            }
        }
        if written.is_empty() {
            return Ok(if is_in { Condition::Any(Vec::new()) } else { Condition::All(Vec::new()) });
        }
        let compared = self.compared(&written.concat());
        Ok(if is_in {
            Condition::Among { before: format!("{compared} IN "), values: written, after: "" }
        } else {
            let before = format!("({} IS NULL OR {compared} NOT IN ", self.column);
            Condition::Among { before, values: written, after: ")" }
        })
    }

    /// A part of a text, or one value of a multi-select, whose values stand between semicolons.
    fn contains(&self, part: &Literal, holds: bool) -> Written {
        let Value::Text(text) = &part.value else { return Err(not_text()) };
        let dialect = self.pen.dialect;
        if self.kind == FieldKind::Choices {
            if text.contains(';') {
                let why = "contains a semicolon, which in a column parts one value from the next";
                return Err(format!("`{text}` {why}"));
            }
            let stored = format!("';' || {} || ';'", self.column);
            let part = self.pen.text(&format!(";{text};"))?;
            let test = dialect.contains(&stored, &part, holds);
            return Ok(if holds { Condition::Test(test) } else { self.or_unset(&test) });
        }
        if text.is_empty() {
            return self.test(&Test::IsSet { negated: false }, holds);
        }
        let part = self.literal(part)?;
        let test = dialect.contains(&self.compared(&part), &part, holds);
        Ok(if holds { Condition::Test(test) } else { self.or_unset(&test) })
    }

    fn at_an_end(
        &self,
        part: &Literal,
        holds: bool,
        write: impl Fn(&str, &str, usize) -> String,
    ) -> Written {
        let Value::Text(text) = &part.value else { return Err(not_text()) };
        if text.is_empty() {
            return self.test(&Test::IsSet { negated: false }, holds);
        }
        let letters = lower_case(text).chars().count();
        let part = self.literal(part)?;
        let test = write(&self.compared(&part), &part, letters);
        let opposite = || self.or_unset(&format!("NOT {test}"));
        Ok(if holds { Condition::Test(test.clone()) } else { opposite() })
    }

    fn days(&self, direction: Direction, test: DaysTest, holds: bool) -> Written {
        let (low, high, holds) = match test {
            DaysTest::Between { low, high } => (Some(low), Some(high), holds),
            DaysTest::Compare { op, days } => match op {
                Comparison::Equal => (Some(days), Some(days), holds),
                Comparison::NotEqual => (Some(days), Some(days), !holds),
                Comparison::Less => (None, Some(days.saturating_sub(1)), holds),
                Comparison::LessOrEqual => (None, Some(days), holds),
                Comparison::Greater => (Some(days.saturating_add(1)), None, holds),
                Comparison::GreaterOrEqual => (Some(days), None, holds),
            },
        };
        let far = [low, high].into_iter().flatten().find(|days| days.abs() > FARTHEST);
        if let Some(days) = far {
            return Err(format!("{days} days from now is further than databases count"));
        }
        // At least `low` days lie between, and less than one more than `high`.
        let least = low.map(|days| self.bound(direction, days, true, holds));
        let most = high.map(|days| self.bound(direction, days, false, holds));
        let tests: Vec<String> = least.into_iter().chain(most).collect();
        Ok(if holds {
            let all = tests.join(" AND ");
            Condition::Test(if tests.len() > 1 { format!("({all})") } else { all })
        } else {
            self.or_unset(&tests.join(" OR "))
        })
    }

    /// One end of a number of days as a bound of the field itself.
    fn bound(&self, direction: Direction, days: i64, is_least: bool, holds: bool) -> String {
        let [instant, day] = &self.as_of;
        let dialect = self.pen.dialect;
        let is_day = self.kind == FieldKind::Date;
        // An instant is full days away until the next one is full; a day is so many days away.
        let days = if is_day || is_least { days } else { days.saturating_add(1) };
        let away = if direction == Direction::Since { -days } else { days };
        let bound = if is_day {
            dialect.day_moved(day, away)
        } else {
            dialect.instant_moved(instant, away.saturating_mul(24), "hour")
        };
        let strict = !is_least && !is_day;
        let earlier = is_least == (direction == Direction::Since);
        let sign = match (earlier, strict, holds) {
            (true, false, true) | (false, true, false) => "<=",
            (true, true, true) | (false, false, false) => "<",
            (false, false, true) | (true, true, false) => ">=",
            (false, true, true) | (true, false, false) => ">",
        };
        format!("{} {sign} {bound}", self.column)
    }
}

fn not_text() -> String {
    "a text is compared with something that is none".to_owned()
}
