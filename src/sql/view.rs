//! One view: its name, its SQL, and what is said of it and of its columns.

use super::pen::Pen;
use std::fmt::Write as _;

/// A view of the package.
#[derive(Debug)]
pub(super) struct View {
    pub(super) name: String,
    /// Views of a lower rank are made first.
    pub(super) rank: u8,
    /// What stands at its head: what it is, of which entity.
    pub(super) about: Vec<String>,
    pub(super) sql: String,
    /// What it is, in one sentence, for catalogues.
    pub(super) description: String,
    pub(super) columns: Vec<Column>,
    /// Rows that there should not be: a name, and a condition over the view's own columns.
    pub(super) never: Vec<(String, String)>,
}

/// A column of a view, as a catalogue shows it.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) description: String,
    /// The values it may hold; any where there are none.
    pub(super) values: Vec<String>,
    pub(super) required: bool,
    /// Whether it is required and tells each row from every other.
    pub(super) unique: bool,
}

impl Column {
    pub(super) fn new(name: &str, description: impl Into<String>) -> Self {
        Self { name: name.to_owned(), description: description.into(), ..Self::default() }
    }

    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// A column that is selected.
pub(super) struct Item {
    /// What is said above it.
    pub(super) remarks: Vec<String>,
    pub(super) sql: String,
    /// Its name; none for `*`.
    pub(super) name: Option<String>,
}

impl Item {
    /// All columns of a row.
    pub(super) fn all(row: &str) -> Self {
        Self { remarks: Vec::new(), sql: format!("{row}.*"), name: None }
    }

    pub(super) fn new(name: &str, sql: impl Into<String>) -> Self {
        Self { remarks: Vec::new(), sql: sql.into(), name: Some(name.to_owned()) }
    }

    /// A column of a row under the same name.
    pub(super) fn same(pen: Pen, row: &str, name: &str) -> Self {
        Self::new(name, pen.column(row, name))
    }

    pub(super) fn under(self, remark: impl Into<String>) -> Self {
        let remark = remark.into();
        Self { remarks: self.remarks.into_iter().chain([remark]).collect(), ..self }
    }
}

/// A selection with its remarks, all lines indented.
pub(super) fn select(pen: Pen, items: &[Item], from: &str, indent: usize) -> String {
    let inner = indent + 2;
    let mut out = format!("{:indent$}SELECT\n", "");
    for (at, item) in items.iter().enumerate() {
        let remarks: Vec<&str> = item.remarks.iter().map(String::as_str).collect();
        out.push_str(&pen.remarks(inner, &remarks));
        let _ = write!(out, "{:inner$}{}", "", item.sql);
        if let Some(name) = &item.name {
            let name = pen.own(name);
            if !item.sql.ends_with(&format!(".{name}")) {
                let _ = write!(out, " AS {name}");
            }
        }
        out.push_str(if at + 1 < items.len() { ",\n" } else { "\n" });
    }
    for line in from.lines() {
        let _ = writeln!(out, "{:indent$}{line}", "");
    }
    out
}

/// A query over queries that are named first.
pub(super) fn with(pen: Pen, named: &[(&str, String)], query: &str) -> String {
    let mut out = String::new();
    for (at, (name, sql)) in named.iter().enumerate() {
        let opens = if at == 0 { "WITH " } else { "" };
        let closes = if at + 1 < named.len() { ")," } else { ")" };
        let _ = writeln!(out, "{opens}{} AS (\n{sql}{closes}", pen.own(name));
    }
    out + query
}

/// A text of the ids whose answer is no, one after the other; nothing where there are none.
pub(super) fn ids_that(answers: &[(String, String)], pen: Pen) -> Result<String, String> {
    if answers.is_empty() {
        return Ok(format!("CAST(NULL AS {})", pen.dialect.text_type()));
    }
    let mut parts = Vec::new();
    for (id, when) in answers {
        parts.push(format!("CASE WHEN {when} THEN {} ELSE '' END", pen.text(&format!(", {id}"))?));
    }
    Ok(format!("NULLIF(SUBSTR({}, 3), '')", parts.join("\n    || ")))
}
