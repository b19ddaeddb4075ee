//! Which column of an export holds which field.

use super::field::Field;
use crate::finding::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

/// The columns of an input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
    /// The column of each field, by the field's place.
    pub places: Vec<Option<usize>>,
    /// The systems whose words count: the one that was asked for, or the one whose words the header
    /// has most of; several where they are level.
    pub systems: Vec<String>,
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
    /// A field that another column holds already, by that column's place.
    Again(usize),
    /// One of several fields, by their places: nobody says which.
    Ambiguous(Vec<usize>),
    /// No field of the object; the nearest name there is.
    Unknown(Option<String>),
}

/// Near names are looked up for so many columns.
const NEAR: usize = 100;

/// No longer header is near to a name.
const LONGEST_NAME: usize = 100;

impl Layout {
    /// Holds a header against fields: by the columns of a system (where none is given, of the one
    /// with most of them), then by name, then by id; first as written but for letter case, then by
    /// letters and digits alone, so that `Annual Revenue` is `AnnualRevenue`. What stands for
    /// several fields stands for none.
    pub fn of(header: Vec<String>, fields: &[Field], system: Option<&str>) -> Self {
        Self::recognising(header, fields, system).suggesting(fields)
    }

    /// The columns that hold what an earlier one holds already, each behind that.
    pub fn repeated(&self) -> impl Iterator<Item = (&Column, &Column)> {
        self.columns.iter().filter_map(|column| match column.meaning {
            Meaning::Again(earlier) => Some((self.columns.get(earlier)?, column)),
            _ => None,
        })
    }

    /// The same without near names for what is not recognised, which cost more than everything else.
    pub(super) fn recognising(header: Vec<String>, fields: &[Field], system: Option<&str>) -> Self {
        let systems = match system {
            Some(system) => vec![system.to_owned()],
            None => likeliest(&header, fields),
        };
        let mut places: Vec<Option<usize>> = vec![None; fields.len()];
        let mut meanings: Vec<Option<Meaning>> = vec![None; header.len()];
        for level in &levels(fields, &systems) {
            for (at, header) in header.iter().enumerate() {
                let Some(meaning) = meanings.get_mut(at).filter(|meaning| meaning.is_none()) else {
                    continue;
                };
                *meaning = level.meaning(header, at, &mut places);
            }
        }
        let columns = header.into_iter().zip(meanings);
        let columns = columns.map(|(header, meaning)| {
            let meaning = meaning.unwrap_or(Meaning::Unknown(None));
            Column { header, meaning }
        });
        Self { columns: columns.collect(), places, systems }
    }

    /// Adds the near names.
    pub(super) fn suggesting(mut self, fields: &[Field]) -> Self {
        let near = near(&self.places, fields, &self.systems);
        let unknown = |column: &&mut Column| column.meaning == Meaning::Unknown(None);
        for column in self.columns.iter_mut().filter(unknown).take(NEAR) {
            let header = column.header.trim();
            let is_name = column.header.len() <= LONGEST_NAME;
            let found = is_name.then(|| did_you_mean(header, near.iter().copied())).flatten();
            column.meaning = Meaning::Unknown(found.map(str::to_owned));
        }
        self
    }

    /// How many fields have a column.
    pub fn recognised(&self) -> usize {
        self.places.iter().flatten().count()
    }
}

/// One kind of word for fields.
#[derive(Default)]
struct Level {
    /// Whether only letters and digits count.
    is_loose: bool,
    /// The fields a word stands for, each with the kind of word it is for it.
    fields: BTreeMap<String, BTreeMap<usize, String>>,
}

impl Level {
    fn new(is_loose: bool) -> Self {
        Self { is_loose, ..Self::default() }
    }

    fn add(&mut self, word: &str, field: usize, by: &str) {
        let key = self.key(word);
        if !key.is_empty() {
            let fields = self.fields.entry(key).or_default();
            fields.entry(field).or_insert_with(|| by.to_owned());
        }
    }

    fn add_columns(&mut self, fields: &[Field], system: &str) {
        for (at, field) in fields.iter().enumerate() {
            if let Some(column) = field.columns.get(system) {
                self.add(column, at, system);
            }
        }
    }

    fn key(&self, word: &str) -> String {
        if self.is_loose { loose(word) } else { plain(word) }
    }

    fn find(&self, header: &str) -> Option<&BTreeMap<usize, String>> {
        self.fields.get(&self.key(header))
    }

    fn meaning(
        &self,
        header: &str,
        column: usize,
        places: &mut [Option<usize>],
    ) -> Option<Meaning> {
        let found = self.find(header)?;
        let mut each = found.iter();
        let (Some((only, by)), None) = (each.next(), each.next()) else {
            return Some(Meaning::Ambiguous(found.keys().copied().collect()));
        };
        Some(match places.get_mut(*only)? {
            Some(earlier) => Meaning::Again(*earlier),
            place => {
                *place = Some(column);
                Meaning::Field(*only, by.clone())
            }
        })
    }
}

/// The words for fields, the surest first.
fn levels(fields: &[Field], systems: &[String]) -> Vec<Level> {
    let mut levels = Vec::new();
    for is_loose in [false, true] {
        let [mut columns, mut names, mut ids, mut also] = [(); 4].map(|()| Level::new(is_loose));
        for system in systems {
            columns.add_columns(fields, system);
        }
        for (at, field) in fields.iter().enumerate() {
            names.add(&field.name, at, "name");
            field.also.iter().for_each(|word| also.add(word, at, "name"));
            ids.add(&field.path, at, "id");
        }
        levels.extend([columns, names, ids, also]);
    }
    // What nothing is called now may still be called what something was called before.
    let mut former = Level::new(false);
    for (at, field) in fields.iter().enumerate() {
        field.former.iter().for_each(|word| former.add(word, at, "former id"));
    }
    levels.push(former);
    levels
}

/// The words, as they are written, for the fields that have no column.
fn near<'f>(places: &[Option<usize>], fields: &'f [Field], systems: &[String]) -> Vec<&'f str> {
    let missing = fields.iter().zip(places).filter(|(_, place)| place.is_none());
    let words = |(field, _): (&'f Field, _)| {
        let columns = systems.iter().filter_map(|system| field.columns.get(system));
        let columns = columns.map(String::as_str);
        columns.chain([field.name.as_str(), field.path.as_str()]).collect::<Vec<_>>()
    };
    missing.flat_map(words).collect()
}

/// The systems of whose words a header has most.
fn likeliest(header: &[String], fields: &[Field]) -> Vec<String> {
    let systems: BTreeSet<&String> = fields.iter().flat_map(|field| field.columns.keys()).collect();
    let mut found: Vec<(usize, &String)> = Vec::new();
    for system in systems {
        let mut levels = [Level::new(false), Level::new(true)];
        for level in &mut levels {
            level.add_columns(fields, system);
        }
        let has = |header: &&String| levels.iter().any(|level| level.find(header).is_some());
        found.push((header.iter().filter(has).count(), system));
    }
    let most = found.iter().map(|(count, _)| *count).max().unwrap_or(0);
    let best = found.into_iter().filter(|(count, _)| *count == most && most > 0);
    best.map(|(_, system)| system.clone()).collect()
}

/// A word as written, but for letter case and the width of its room.
fn plain(word: &str) -> String {
    let word = word.replace(['\u{feff}', '\u{200b}'], "");
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The letters and digits of a word, without the ending that one system gives to what customers add.
fn loose(word: &str) -> String {
    let word = word.to_lowercase();
    let steps = word.split('.').map(|step| {
        let own = step.trim().strip_suffix("__c").or_else(|| step.trim().strip_suffix("__r"));
        own.unwrap_or(step)
    });
    steps.flat_map(str::chars).filter(|letter| letter.is_alphanumeric()).collect()
}
