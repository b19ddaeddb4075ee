//! Conditions in SQL: negations pushed down to single tests, so that nothing depends on what a
//! database makes of `NOT` and a value that is not there.

use std::fmt::Write as _;

/// A condition of which every part is two-valued once a missing answer counts as no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// One test, in parentheses where it needs them.
    Test(String),
    /// One test that looks among values.
    Among { before: String, values: Vec<String>, after: &'static str },
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// So many hold, or fewer than so many.
    Count { of: Vec<Self>, sign: &'static str, count: u32 },
}

/// A condition stays on one line up to this many letters.
const LINE: usize = 88;

impl Condition {
    /// All of them; a single one stands for itself.
    pub(super) fn all(mut parts: Vec<Self>) -> Self {
        match (parts.len(), parts.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                parts.extend(last);
                Self::All(parts)
            }
        }
    }

    /// At least one of them; a single one stands for itself.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        match Self::all(parts) {
            Self::All(parts) => Self::Any(parts),
            only => only,
        }
    }

    /// The condition in SQL; lines after the first are indented.
    pub(super) fn sql(&self, indent: usize) -> String {
        let line = self.line();
        if indent + line.len() <= LINE { line } else { self.lines(indent) }
    }

    fn line(&self) -> String {
        match self {
            Self::Test(test) => test.clone(),
            Self::Among { before, values, after } => {
                format!("{before}({}){after}", values.join(", "))
            }
            Self::All(parts) if parts.is_empty() => "TRUE".to_owned(),
            Self::Any(parts) if parts.is_empty() => "FALSE".to_owned(),
            Self::All(parts) => joined(parts, " AND ", |part| part.within(self, Self::line)),
            Self::Any(parts) => joined(parts, " OR ", |part| part.within(self, Self::line)),
            Self::Count { of, sign, count } => {
                let sum = joined(of, " + ", |part| counted(&part.line()));
                format!("{sum} {sign} {count}")
            }
        }
    }

    fn lines(&self, indent: usize) -> String {
        let break_before = |word: &str| format!("\n{:indent$}{word}", "");
        let each = |part: &Self| part.within(self, |part| part.sql(indent + 2));
        match self {
            Self::All(parts) => joined(parts, &break_before("AND "), each),
            Self::Any(parts) => joined(parts, &break_before("OR "), each),
            Self::Count { of, sign, count } => {
                let sum = joined(of, &break_before("+ "), |part| counted(&part.sql(indent + 2)));
                format!("{sum} {sign} {count}")
            }
            Self::Test(test) => test.clone(),
            Self::Among { before, values, after } => {
                format!("{before}(\n{}){after}", filled(values, indent + 2))
            }
        }
    }

    /// A part of another condition, in parentheses where that binds differently.
    fn within(&self, whole: &Self, write: impl Fn(&Self) -> String) -> String {
        let mixed = match (self, whole) {
            (Self::All(parts), Self::Any(_)) | (Self::Any(parts), Self::All(_)) => {
                !parts.is_empty()
            }
            _ => false,
        };
        let text = write(self);
        if mixed { format!("({text})") } else { text }
    }
}

fn joined(parts: &[Condition], between: &str, write: impl Fn(&Condition) -> String) -> String {
    parts.iter().map(write).collect::<Vec<_>>().join(between)
}

/// Values on lines of their own, as many as fit on each.
fn filled(values: &[String], indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for value in values {
        match lines.last_mut() {
            Some(line) if line.len() + value.len() + 2 <= LINE => {
                line.push_str(", ");
                line.push_str(value);
            }
            _ => lines.push(format!("{:indent$}{value}", "")),
        }
    }
    lines.join(",\n")
}

fn counted(condition: &str) -> String {
    format!("CASE WHEN {condition} THEN 1 ELSE 0 END")
}

/// What a condition answers: true or false, never nothing.
pub(super) fn answer(condition: &Condition, indent: usize) -> String {
    let inline = condition.line();
    if inline.len() + indent + 36 <= LINE {
        return format!("CASE WHEN {inline} THEN TRUE ELSE FALSE END");
    }
    let mut out = format!("CASE WHEN {}\n", condition.sql(indent + 5));
    let _ = write!(out, "{:indent$}THEN TRUE ELSE FALSE END", "", indent = indent + 2);
    out
}

/// More cases than this in one `CASE` are more than some databases take.
const CASES: usize = 50;

/// A case: what is said of it, when it is one, and what then comes out.
pub(super) struct Case {
    pub(super) remark: String,
    pub(super) when: String,
    pub(super) then: String,
}

/// The result of the first case that applies; long chains are cut.
pub(super) fn first(cases: &[Case], otherwise: Option<&str>, indent: usize) -> String {
    if cases.is_empty() {
        return otherwise.unwrap_or("NULL").to_owned();
    }
    if cases.len() <= CASES {
        return chain(cases, otherwise, indent);
    }
    let mut parts: Vec<String> =
        cases.chunks(CASES).map(|cases| chain(cases, None, indent + 2)).collect();
    parts.extend(otherwise.map(str::to_owned));
    let between = format!(",\n{:indent$}", "", indent = indent + 2);
    format!("COALESCE(\n{:in2$}{}\n{:indent$})", "", parts.join(&between), "", in2 = indent + 2)
}

fn chain(cases: &[Case], otherwise: Option<&str>, indent: usize) -> String {
    let mut out = "CASE\n".to_owned();
    let inner = indent + 2;
    for Case { remark, when, then } in cases {
        out.push_str(remark);
        let _ = writeln!(out, "{:inner$}WHEN {when} THEN {then}", "");
    }
    if let Some(otherwise) = otherwise {
        let _ = writeln!(out, "{:inner$}ELSE {otherwise}", "");
    }
    let _ = write!(out, "{:indent$}END", "");
    out
}
