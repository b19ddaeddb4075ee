//! Which fields the files of an export have a column for, and what cannot be answered without.

use crate::criteria::{self, ExpandError, Expr, Node, Test};
use crate::load::ModelScope;
use crate::records::{Field, Opened};
use std::collections::BTreeSet;

/// The fields that files of an export have a column for.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    files: Vec<(String, BTreeSet<String>)>,
    /// The systems whose words the files use.
    systems: BTreeSet<String>,
    /// Whether a field without a column counts as empty everywhere.
    lenient: bool,
}

/// What some question needs and files do not have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lacking {
    /// For each file that lacks something its place and the fields.
    pub files: Vec<(usize, Vec<String>)>,
}

impl Columns {
    /// The columns of opened files.
    pub fn of(opened: &[Opened<'_>], fields: &[Field]) -> Self {
        let there = |input: &Opened<'_>| {
            let places = fields.iter().zip(&input.layout.places);
            let there = places.filter(|(_, place)| place.is_some());
            let there = there.map(|(field, _)| field.path.clone());
            (input.name.clone(), there.collect())
        };
        let systems = opened.iter().flat_map(|input| input.layout.systems.clone()).collect();
        Self { files: opened.iter().map(there).collect(), systems, lenient: false }
    }

    /// The same where a field without a column counts as empty.
    #[must_use]
    pub fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    /// The names of the files, in the order given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(name, _)| name.as_str())
    }

    /// What the column of a field is called in the system that files come from; none where no system
    /// is known, or it has no word for the field.
    pub fn called<'f>(&self, field: &'f Field) -> Option<&'f str> {
        let mut words = field.columns.iter().filter(|(system, _)| self.systems.contains(*system));
        words.next().map(|(_, column)| column.as_str())
    }

    /// Whether any file has a column for a field.
    pub fn any(&self, field: &str) -> bool {
        self.files.iter().any(|(_, there)| there.contains(field))
    }

    /// Whether a field says something: some file has a column for it, or it counts as empty.
    pub fn says(&self, field: &str) -> bool {
        self.lenient || self.any(field)
    }

    /// Whether no field has a column in every file.
    pub fn is_empty(&self) -> bool {
        let somewhere_missing = |field: &String| self.without(field).next().is_some();
        self.files.first().is_none_or(|(_, there)| there.iter().all(somewhere_missing))
    }

    /// Whether some file has no column for a field that does not count as empty there.
    pub fn lacks(&self, field: &str) -> bool {
        !self.lenient && self.without(field).next().is_some()
    }

    /// The names of the files that have no column for a field.
    pub fn without<'c>(&'c self, field: &'c str) -> impl Iterator<Item = &'c str> {
        let without = self.files.iter().filter(move |(_, there)| !there.contains(field));
        without.map(|(name, _)| name.as_str())
    }

    /// What is lacking of some fields.
    pub fn lacking<'f>(&self, fields: impl IntoIterator<Item = &'f str>) -> Lacking {
        let fields: BTreeSet<&str> = fields.into_iter().collect();
        let lacking = |(place, (_, there)): (usize, &(String, BTreeSet<String>))| {
            let fields = fields.iter().filter(|field| !there.contains(**field));
            let fields: Vec<String> = fields.map(|field| (*field).to_owned()).collect();
            (!fields.is_empty()).then_some((place, fields))
        };
        if self.lenient {
            return Lacking::default();
        }
        Lacking { files: self.files.iter().enumerate().filter_map(lacking).collect() }
    }
}

impl Lacking {
    /// Whether nothing is lacking anywhere.
    pub fn is_nothing(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether a file has all that is needed.
    pub fn allows(&self, file: usize) -> bool {
        self.files.iter().all(|(place, _)| *place != file)
    }

    /// The fields that some file lacks, each once.
    pub fn fields(&self) -> BTreeSet<&str> {
        self.files.iter().flat_map(|(_, fields)| fields.iter().map(String::as_str)).collect()
    }
}

/// What a condition asks about, references followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asks {
    /// The fields.
    pub fields: BTreeSet<String>,
    /// Whether days are counted, so that the answer is another one tomorrow.
    pub counts_days: bool,
}

impl Asks {
    /// What a condition asks about.
    ///
    /// # Errors
    /// A reference that cannot be followed.
    pub fn of(expr: &Expr, scope: &ModelScope<'_>) -> Result<Self, ExpandError> {
        let whole = criteria::expand(expr, scope)?;
        let fields = criteria::fields(&whole).into_iter();
        let fields = fields.map(|field| field.name().into_owned()).collect();
        Ok(Self { fields, counts_days: counts_days(&whole) })
    }
}

fn counts_days(expr: &Expr) -> bool {
    let here = matches!(&expr.node, Node::Atom(atom) if matches!(atom.test, Test::Days { .. }));
    here || expr.operands().iter().any(counts_days)
}
