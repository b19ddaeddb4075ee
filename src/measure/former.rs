//! A model of another state under the names that its objects and fields have now, so that both are asked about
//! one reading of a record.

use crate::change::Names;
use crate::criteria::{self, ExpandError, Expr, FieldKind};
use crate::load::ModelScope;
use crate::model::{Address, Entity, Model};
use crate::records::{self, Count, Field, InputRead, Meaning, Opened, Read};
use std::collections::{BTreeMap, BTreeSet};

/// A model, and what its objects and fields are called now.
#[derive(Debug)]
pub struct Former {
    model: Model,
    /// Its objects and fields under their names of now, where any has another one.
    renamed: Option<Model>,
    names: Names,
}

impl Former {
    /// A model of another state.
    pub fn new(model: Model, names: Names) -> Self {
        let renamed = names.have_fields().then(|| renamed(&model, &names));
        Self { model, renamed, names }
    }

    /// The model of now.
    pub fn of_now(model: Model) -> Self {
        Self::new(model, Names::default())
    }

    /// The model, under its own names.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Makes it ready for questions.
    pub fn ready(&self) -> Ready<'_> {
        Ready {
            own: ModelScope::new(&self.model),
            renamed: self.renamed.as_ref().map(ModelScope::new),
            names: &self.names,
        }
    }
}

/// The objects and fields of a model under their names of now. A field of an object that has another name
/// stands below both, since references lead to the one it had.
fn renamed(model: &Model, names: &Names) -> Model {
    let mut found = Model::default();
    let fields = model.entities().filter(|entity| entity.address.kind() == "field");
    for entity in model.of_kind("object").chain(fields) {
        let now = names.now(entity.address.as_str());
        if let (Some((_, own)), Some((_, id))) =
            (entity.address.as_str().split_once('.'), now.rsplit_once('.'))
            && let Some((object, _)) = own.split_once('.')
        {
            add(&mut found, entity, format!("field.{object}.{id}"));
        }
        add(&mut found, entity, now);
    }
    found
}

fn add(model: &mut Model, entity: &Entity, address: String) {
    model.insert(Entity { address: Address::new(address), ..entity.clone() });
}

/// The same, ready for questions.
#[derive(Debug)]
pub struct Ready<'a> {
    own: ModelScope<'a>,
    renamed: Option<ModelScope<'a>>,
    names: &'a Names,
}

impl<'a> Ready<'a> {
    /// The model under its own names.
    pub fn own(&self) -> &ModelScope<'a> {
        &self.own
    }

    /// Where criteria are asked that [`Ready::meaning`] gives: its fields have their names of now.
    pub fn now(&self) -> &ModelScope<'a> {
        self.renamed.as_ref().unwrap_or(&self.own)
    }

    /// Whether fields have other names now.
    pub fn is_renamed(&self) -> bool {
        self.renamed.is_some()
    }

    /// What things were renamed to.
    pub fn names(&self) -> &'a Names {
        self.names
    }

    /// What an object of now is called in it; none where that name was another's.
    pub fn object_then(&self, object: &str) -> Option<String> {
        self.names.object_then(object)
    }

    /// What a criterion about one of its objects says, with references followed, in the names of now.
    ///
    /// # Errors
    /// A reference that cannot be followed.
    pub fn meaning(&self, expr: &Expr, object: &str) -> Result<Expr, ExpandError> {
        let expanded = criteria::expand(expr, &self.own)?;
        Ok(self.names.expr(&expanded, object, &self.own).into_owned())
    }
}

/// The fields of an object as several states of a model know them.
#[derive(Debug, Default)]
pub struct Known {
    /// The fields, as the newest state that has each of them reads it.
    pub fields: Vec<Field>,
    /// The words by which older states recognise the column of a field, by its place.
    former: BTreeMap<usize, BTreeSet<String>>,
    /// Fields that hold something else in an older state, and what they hold in both, older first.
    retyped: BTreeMap<String, (FieldKind, FieldKind)>,
    /// Fields whose values exports call otherwise in an older state.
    pub relabelled: BTreeSet<String>,
}

impl Known {
    /// The fields of an object, the newest state first.
    pub fn of<'a, 'm: 'a>(states: impl IntoIterator<Item = &'a Ready<'m>>, object: &str) -> Self {
        let mut known = Self::default();
        for state in states {
            for field in records::fields(state.now(), object) {
                known.add(field, state, object);
            }
        }
        known
    }

    fn add(&mut self, field: Field, state: &Ready<'_>, object: &str) {
        let place = self.fields.iter().position(|other| other.path == field.path);
        let Some((place, newer)) = place.and_then(|at| Some((at, self.fields.get(at)?))) else {
            self.fields.push(field);
            return;
        };
        if !are_read_alike(field.kind, newer.kind) {
            self.retyped.insert(field.path.clone(), (field.kind, newer.kind));
        }
        if field.labels != newer.labels {
            self.relabelled.insert(field.path.clone());
        }
        let mut words: BTreeSet<String> = field.columns.into_values().collect();
        words.insert(field.name);
        words.extend(field.former);
        words.extend(former_id(&field.path, state, object));
        self.former.entry(place).or_default().extend(words);
    }

    /// Looks for the columns that only an older state recognises; gives the fields they hold, and their
    /// headers.
    pub fn find_columns(&self, input: &mut Opened<'_>) -> Vec<(String, String)> {
        let layout = &mut input.layout;
        let mut all = Vec::new();
        for (field, words) in &self.former {
            let Some(place @ None) = layout.places.get_mut(*field) else { continue };
            let is_it = |header: &str| words.iter().any(|word| word.eq_ignore_ascii_case(header));
            let mut columns = layout.columns.iter_mut().enumerate();
            let found = columns.find(|(_, column)| {
                matches!(column.meaning, Meaning::Unknown(_)) && is_it(&column.header)
            });
            if let Some((at, column)) = found {
                column.meaning = Meaning::Field(*field, "former name".to_owned());
                *place = Some(at);
                let path = self.fields.get(*field).map(|field| field.path.clone());
                all.extend(path.map(|path| (path, column.header.clone())));
            }
        }
        all
    }

    /// Why a criterion cannot be asked of one reading of a record, if it cannot: a field that it asks for
    /// holds something else in another state.
    pub fn retyped(&self, expr: &Expr) -> Option<String> {
        let mut asked = criteria::fields(expr).into_iter().map(|field| field.name());
        let (path, (was, is)) = asked.find_map(|path| self.retyped.get_key_value(&*path))?;
        Some(format!("`{path}` held `{}` and holds `{}` now", was.word(), is.word()))
    }

    /// Why what a criterion asks in one state cannot be asked of the records, which are read as the newest
    /// state reads them, if it cannot.
    pub fn retyped_in(&self, expr: &Expr, state: &Ready<'_>, object: &str) -> Option<String> {
        let own = records::fields(state.now(), object);
        let mut asked = criteria::fields(expr).into_iter().map(|field| field.name());
        asked.find_map(|path| {
            let (_, is) = self.retyped.get(&*path)?;
            let was = own.iter().find(|field| field.path == *path)?.kind;
            let (then, now) = (was.word(), is.word());
            (!are_read_alike(was, *is))
                .then(|| format!("`{path}` held `{then}` and holds `{now}` now"))
        })
    }

    /// What of some fields is not known of the records that were read.
    pub fn gaps<'p>(&self, paths: impl IntoIterator<Item = &'p str>, read: &Read) -> Gaps {
        let mut gaps = Gaps::default();
        for path in paths {
            let at = self.fields.iter().position(|field| field.path == path);
            let lacks = |input: &InputRead| {
                at.and_then(|at| input.layout.places.get(at).copied().flatten()).is_none()
            };
            let inputs = read.inputs.iter().enumerate().filter(|(_, input)| lacks(input));
            let inputs: Vec<usize> = inputs.map(|(at, _)| at).collect();
            if !inputs.is_empty() {
                gaps.missing.push((path.to_owned(), inputs));
            }
            let count = at.and_then(|at| read.counts.get(at)).filter(|count| count.unreadable > 0);
            gaps.unreadable.extend(count.map(|count| (path.to_owned(), count.clone())));
        }
        gaps
    }

    /// Whether no field is another thing in an older state.
    pub fn are_of_one_type(&self) -> bool {
        self.retyped.is_empty()
    }
}

/// What of fields that are asked for is not known of the records that were read.
#[derive(Debug, Clone, Default)]
pub struct Gaps {
    /// The fields of which some input has no column, with these inputs.
    pub missing: Vec<(String, Vec<usize>)>,
    /// The fields of which some cells cannot be read, with what was found in them.
    pub unreadable: Vec<(String, Count)>,
}

/// What a field of the object itself was called in an older state.
fn former_id(path: &str, state: &Ready<'_>, object: &str) -> Option<String> {
    if path.contains('.') {
        return None;
    }
    let then = state.names.then(&format!("field.{object}.{path}"))?;
    then.rsplit_once('.').map(|(_, id)| id.to_owned())
}

/// Whether what stands in a cell is the same value for both.
fn are_read_alike(one: FieldKind, other: FieldKind) -> bool {
    let sort = |kind| match kind {
        FieldKind::Text | FieldKind::Choice | FieldKind::Reference => 0,
        FieldKind::Number | FieldKind::Money => 1,
        FieldKind::Choices => 2,
        FieldKind::Bool => 3,
        FieldKind::Integer => 4,
        FieldKind::Date => 5,
        FieldKind::DateTime => 6,
    };
    sort(one) == sort(other)
}
