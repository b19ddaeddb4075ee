//! Which column of an export holds which field.

use super::field::Field;

/// The columns of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
    /// The column of each field, by the field's place.
    pub places: Vec<Option<usize>>,
}

/// A column of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header as written.
    pub header: String,
    /// What it holds.
    pub meaning: Meaning,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A field, by its place, and the word by which it was recognised: a system, `name` or `id`.
    Field(usize, String),
    /// A field that an earlier column holds already, by that column's place.
    Again(usize),
    /// No field of the object; the nearest name there is.
    Unknown(Option<String>),
}

impl Layout {
    /// Holds a header against fields: by the columns of a system (of any where none is given), then
    /// by name, then by id. Letter case does not matter.
    pub fn of(header: Vec<String>, fields: &[Field], system: Option<&str>) -> Self {
        let mut places = vec![None; fields.len()];
        let mut columns: Vec<Column> = Vec::with_capacity(header.len());
        for (at, header) in header.into_iter().enumerate() {
            let meaning = match recognised(&header, fields, system) {
                Some((field, by)) => match places.get_mut(field) {
                    Some(place @ None) => {
                        *place = Some(at);
                        Meaning::Field(field, by)
                    }
                    Some(Some(earlier)) => Meaning::Again(*earlier),
                    None => Meaning::Unknown(None),
                },
                None => Meaning::Unknown(None),
            };
            columns.push(Column { header, meaning });
        }
        Self { columns, places }
    }
}

/// The field a header names, and by which word.
fn recognised(header: &str, fields: &[Field], system: Option<&str>) -> Option<(usize, String)> {
    let same = |word: &str| word.eq_ignore_ascii_case(header);
    let by_system = fields.iter().enumerate().find_map(|(at, field)| {
        let mut columns = field.columns.iter();
        let asked = |name: &str| system.is_none_or(|system| system == name);
        columns
            .find(|(name, column)| asked(name) && same(column))
            .map(|(name, _)| (at, name.clone()))
    });
    let by = |word: fn(&Field) -> &str, told: &str| {
        let at = fields.iter().position(|field| same(word(field)))?;
        Some((at, told.to_owned()))
    };
    by_system.or_else(|| by(|field| &field.name, "name")).or_else(|| by(|field| &field.path, "id"))
}
