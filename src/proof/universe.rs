//! All records that some conditions tell apart: each field a few classes of values, each class one
//! value that stands for it.

use super::axis::{Axis, is_not};
use super::values::{Known, One, Several};
use super::words::Words;
use crate::analysis::{Budget, Classes, Exhausted, Formula, Level, Point, Region, Space};
use crate::criteria::{
    Atom, Comparison, Expr, FieldFacts, FieldKind, FieldPath, Node, Record, Scope, Test, Value,
};
use jiff::Timestamp;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};

/// The records of an object, as far as some criteria tell them apart.
#[derive(Debug)]
pub(super) struct Universe {
    pub(super) space: Space,
    variables: BTreeMap<String, Variable>,
    /// What is asked of a level by some classes, as far as somebody wanted it in words; none where there
    /// are no words for it.
    pub(super) said: RefCell<BTreeMap<Level, HashMap<Classes, Option<Expr>>>>,
}

/// One field.
#[derive(Debug)]
pub(super) enum Variable {
    Truth { level: Level, optional: bool },
    One(One),
    Several(Several),
    Words(Words),
    Ordered(Ordered),
}

/// A field whose values have an order: its cells are the classes, behind that of unset.
#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) level: Level,
    pub(super) axis: Axis,
    optional: bool,
    /// The cell of each class that is not unset, the most natural one first.
    cells: Vec<usize>,
    /// The class of each cell.
    classes: Vec<usize>,
    examples: Vec<Value>,
    /// The value that stands for each cell, once it is asked for.
    shown: Vec<OnceCell<Option<Value>>>,
}

/// Why criteria cannot be laid out over one universe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// A field has no type to go by.
    #[error("the field `{0}` is not declared")]
    Field(String),
    /// A field holds something else on the other side.
    #[error("the field `{0}` has another type in the two revisions")]
    Type(String),
}

impl Universe {
    /// The universe of some criteria with all references expanded.
    ///
    /// What is known of a field is what any of the scopes says: a value is possible where one of
    /// them declares it, a field may be unset where one of them does not require it.
    pub(super) fn of<'e>(
        object: &str,
        scopes: &[&dyn Scope],
        criteria: impl IntoIterator<Item = &'e Expr>,
        as_of: Timestamp,
    ) -> Result<Self, Unknown> {
        let mut asked: BTreeMap<String, (&FieldPath, Vec<&Test>)> = BTreeMap::new();
        for expr in criteria {
            collect(expr, &mut asked);
        }
        let mut space = Space::new();
        let mut variables = BTreeMap::new();
        let mut owners = BTreeMap::new();
        for (name, (path, tests)) in asked {
            let (kind, known) = known(object, path, scopes)?;
            let variable = Variable::new(&mut space, kind, &known, &tests, as_of);
            if path.parts.len() > 1 {
                owners.insert(name.clone(), owner(object, path, scopes));
            }
            variables.insert(name, variable);
        }
        let mut universe = Self { space, variables, said: RefCell::default() };
        universe.forbid_parts_of_nothing(&owners);
        Ok(universe)
    }

    /// Whether there is a universe of some expanded criteria, without making it.
    pub(super) fn can_be<'e>(
        object: &str,
        scopes: &[&dyn Scope],
        criteria: impl IntoIterator<Item = &'e Expr>,
    ) -> Result<(), Unknown> {
        let mut asked: BTreeMap<String, (&FieldPath, Vec<&Test>)> = BTreeMap::new();
        for expr in criteria {
            collect(expr, &mut asked);
        }
        for (path, _) in asked.into_values() {
            let mut kinds =
                scopes.iter().filter_map(|scope| Some(facts(object, path, *scope)?.0.kind));
            let first = kinds.next().ok_or_else(|| Unknown::Field(path.name().into_owned()))?;
            if kinds.any(|kind| kind != first) {
                return Err(Unknown::Type(path.name().into_owned()));
            }
        }
        Ok(())
    }

    /// A record without an account has no industry of its account, and a record with one has
    /// everything that an account must have.
    fn forbid_parts_of_nothing(&mut self, owners: &BTreeMap<String, String>) {
        let mut impossible = Vec::new();
        for (part, variable) in &self.variables {
            let some = variable.some(&self.space);
            for (other, lacking) in &self.variables {
                let needs = is_below(part, other)
                    || owners.get(other).is_some_and(|own| own == part || is_below(part, own));
                if let Some(unset) = lacking.unset().filter(|_| needs && part != other) {
                    let some = some.iter();
                    impossible.extend(some.filter_map(|(level, set)| unset.with(*level, set)));
                }
            }
        }
        for region in impossible {
            self.space.forbid(region);
        }
    }

    /// What an expanded criterion asks of a point.
    pub(super) fn formula(&self, expr: &Expr) -> Formula {
        let each = |parts: &[Expr]| parts.iter().map(|part| self.formula(part)).collect();
        match &expr.node {
            Node::And(parts) => Formula::And(each(parts)),
            Node::Or(parts) => Formula::Or(each(parts)),
            Node::Not(part) => Formula::Not(Box::new(self.formula(part))),
            Node::AtLeast { count, of } => {
                Formula::AtLeast(usize::try_from(*count).unwrap_or(usize::MAX), each(of))
            }
            Node::Atom(atom) => self.atom(atom),
            // There is none left in an expanded criterion.
            Node::Reference(_) => Formula::Never,
        }
    }

    fn atom(&self, atom: &Atom) -> Formula {
        let variable = self.variables.get(&*atom.field.name());
        variable.map_or(Formula::Never, |variable| variable.formula(&atom.test, &self.space))
    }

    /// Where a criterion holds, as regions.
    pub(super) fn regions(
        &self,
        expr: &Expr,
        budget: &mut Budget,
    ) -> Result<Vec<Region>, Exhausted> {
        self.space.regions(&self.formula(expr), budget)
    }

    /// The record that stands for a point.
    pub(super) fn record(&self, point: &Point) -> Record {
        let mut record = Record::new();
        for (name, variable) in &self.variables {
            if let Some(value) = variable.value(point) {
                record.set(name.clone(), value);
            }
        }
        record
    }

    /// Takes from a point what occurs in a text that is not set any more.
    pub(super) fn clear_patterns(&self, field: &str, point: &mut Point) {
        if let Some(Variable::Words(words)) = self.variables.get(field) {
            words.clear_patterns(point);
        }
    }

    /// The fields, by name.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// The fields whose values have an order, by name.
    pub(super) fn ordered(&self) -> impl Iterator<Item = (&str, &Ordered)> {
        self.variables.iter().filter_map(|(name, variable)| match variable {
            Variable::Ordered(ordered) => Some((name.as_str(), ordered)),
            _ => None,
        })
    }
}

/// Everything that is asked of each field.
fn collect<'e>(expr: &'e Expr, asked: &mut BTreeMap<String, (&'e FieldPath, Vec<&'e Test>)>) {
    match &expr.node {
        Node::And(parts) | Node::Or(parts) | Node::AtLeast { of: parts, .. } => {
            for part in parts {
                collect(part, asked);
            }
        }
        Node::Not(part) => collect(part, asked),
        Node::Atom(atom) => {
            let name = atom.field.name();
            match asked.get_mut(&*name) {
                Some((_, tests)) => tests.push(&atom.test),
                None => {
                    asked.insert(name.into_owned(), (&atom.field, vec![&atom.test]));
                }
            }
        }
        Node::Reference(_) => {}
    }
}

/// What the scopes know of a field, taken together.
fn known(
    object: &str,
    path: &FieldPath,
    scopes: &[&dyn Scope],
) -> Result<(FieldKind, Known), Unknown> {
    let mut found: Option<(FieldKind, Known)> = None;
    for scope in scopes {
        let Some((facts, required)) = facts(object, path, *scope) else { continue };
        let choice = matches!(facts.kind, FieldKind::Choice | FieldKind::Choices);
        let open = facts.open || !choice || facts.values.is_empty();
        match &mut found {
            None => {
                let (values, examples) = (facts.values.into_owned(), facts.examples.into_owned());
                found = Some((facts.kind, Known { values, open, required, examples }));
            }
            Some((kind, _)) if *kind != facts.kind => {
                return Err(Unknown::Type(path.name().into_owned()));
            }
            Some((_, known)) => {
                let more = facts.values.iter().filter(|value| !known.values.contains(value));
                let more: Vec<String> = more.cloned().collect();
                known.values.extend(more);
                known.examples.extend(facts.examples.iter().cloned());
                known.open |= open;
                known.required &= required;
            }
        }
    }
    let (kind, known) = found.ok_or_else(|| Unknown::Field(path.name().into_owned()))?;
    Ok((kind, known.that_occurs()))
}

/// Whether a path leads on from another.
fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// What always has the field at the end of a path: the shortest beginning of the path from which
/// every scope requires all further steps.
fn owner(object: &str, path: &FieldPath, scopes: &[&dyn Scope]) -> String {
    let required = |steps: usize| {
        let part =
            FieldPath { parts: path.parts.iter().take(steps).cloned().collect(), span: path.span };
        let known = scopes.iter().filter_map(|scope| facts(object, &part, *scope));
        known.map(|(facts, _)| facts.required).reduce(|one, other| one && other).unwrap_or(false)
    };
    let mut steps = path.parts.len();
    while steps > 1 && required(steps) {
        steps -= 1;
    }
    path.parts.iter().take(steps).map(String::as_str).collect::<Vec<_>>().join(".")
}

/// What one scope knows of a field, and whether every record has it: itself, and all that leads
/// to it.
pub(super) fn facts<'s>(
    object: &str,
    path: &FieldPath,
    scope: &'s dyn Scope,
) -> Option<(FieldFacts<'s>, bool)> {
    let mut object = object;
    let mut found: Option<FieldFacts<'s>> = None;
    let mut required = true;
    for part in &path.parts {
        if let Some(facts) = &found {
            object = facts.target?;
        }
        let facts = scope.field(object, part)?;
        required &= facts.required;
        found = Some(facts);
    }
    found.map(|facts| (facts, required))
}

impl Variable {
    fn new(
        space: &mut Space,
        kind: FieldKind,
        known: &Known,
        tests: &[&Test],
        as_of: Timestamp,
    ) -> Self {
        let tests = tests.iter().copied();
        match kind {
            FieldKind::Bool => {
                let optional = !known.required;
                Self::Truth { level: space.level(2 + usize::from(optional)), optional }
            }
            FieldKind::Choice | FieldKind::Reference => Self::One(One::new(space, tests, known)),
            FieldKind::Choices => Self::Several(Several::new(space, tests, known)),
            FieldKind::Text => {
                Self::Words(Words::new(space, tests, known.required, &known.examples))
            }
            _ => Self::Ordered(Ordered::new(space, Axis::new(kind, as_of, tests), known)),
        }
    }

    /// Where the field is not set.
    pub(super) fn unset(&self) -> Option<Region> {
        let (level, classes) = match self {
            Self::Several(several) => return several.none(),
            Self::One(one) => one.unset(),
            Self::Words(words) => words.unset(),
            Self::Truth { level, optional } => (*level, unset(*optional)),
            Self::Ordered(ordered) => (ordered.level, unset(ordered.optional)),
        };
        Region::everything().with(level, &classes)
    }

    /// Where it is set: a level and its classes each.
    fn some(&self, space: &Space) -> Vec<(Level, Classes)> {
        let (level, unset) = match self {
            Self::Several(several) => return several.some(),
            Self::One(one) => one.unset(),
            Self::Words(words) => words.unset(),
            Self::Truth { level, optional } => (*level, unset(*optional)),
            Self::Ordered(ordered) => (ordered.level, unset(ordered.optional)),
        };
        vec![(level, unset.complement(space.classes(level)))]
    }

    fn formula(&self, test: &Test, space: &Space) -> Formula {
        match self {
            Self::One(one) => one.formula(test),
            Self::Several(several) => several.formula(test),
            Self::Words(words) => words.formula(test),
            Self::Truth { level, optional } => truth(*level, *optional, test),
            Self::Ordered(ordered) => ordered.formula(test, space),
        }
    }

    fn value(&self, point: &Point) -> Option<Value> {
        match self {
            Self::One(one) => one.value(point),
            Self::Several(several) => several.value(point),
            Self::Words(words) => words.value(point),
            Self::Ordered(ordered) => ordered.value(point),
            Self::Truth { level, optional } => {
                let class = point.get(*level);
                let class = if *optional { class.checked_sub(1)? } else { class };
                Some(Value::Bool(class == 0))
            }
        }
    }
}

fn unset(optional: bool) -> Classes {
    if optional { Classes::one(0) } else { Classes::none() }
}

/// True stands before false, behind unset.
fn truth(level: Level, optional: bool, test: &Test) -> Formula {
    let first = usize::from(optional);
    let of = |truth: bool| Formula::Is(level, Classes::one(if truth { first } else { first + 1 }));
    match test {
        Test::IsTrue => of(true),
        Test::IsSet { negated } => {
            let unset = Formula::Is(level, unset(optional));
            if *negated { unset } else { Formula::Not(Box::new(unset)) }
        }
        Test::Compare { op, value } => match (op, &value.value) {
            (Comparison::Equal, Value::Bool(value)) => of(*value),
            (Comparison::NotEqual, Value::Bool(value)) => Formula::Not(Box::new(of(*value))),
            _ => Formula::Never,
        },
        Test::In { set: crate::criteria::SetOf::Values(values), .. } => {
            let any = values.iter().filter_map(|value| match value.value {
                Value::Bool(value) => Some(of(value)),
                _ => None,
            });
            let any = Formula::Or(any.collect());
            if is_not(test) { Formula::Not(Box::new(any)) } else { any }
        }
        _ => Formula::Never,
    }
}

impl Ordered {
    fn new(space: &mut Space, axis: Axis, known: &Known) -> Self {
        let mut cells: Vec<usize> = (0..axis.cells()).collect();
        // A count below one is rarely what a real record holds.
        cells.sort_by_key(|cell| axis.is_odd(*cell));
        let optional = !known.required;
        let mut classes = vec![0; cells.len()];
        for (place, cell) in cells.iter().enumerate() {
            if let Some(class) = classes.get_mut(*cell) {
                *class = place + usize::from(optional);
            }
        }
        let level = space.level(cells.len() + usize::from(optional));
        let shown = vec![OnceCell::new(); cells.len()];
        let examples = known.examples.clone();
        Self { level, axis, optional, cells, classes, examples, shown }
    }

    /// Whether records without the field are among some classes.
    pub(super) fn allows_unset(&self, classes: &Classes) -> bool {
        self.optional && classes.contains(0)
    }

    /// The class of a cell.
    pub(super) fn class_of(&self, cell: usize) -> Option<usize> {
        self.classes.get(cell).copied()
    }

    /// The cell of a class; none for unset.
    pub(super) fn cell_of(&self, class: usize) -> Option<usize> {
        let place = class.checked_sub(usize::from(self.optional))?;
        self.cells.get(place).copied()
    }

    fn formula(&self, test: &Test, space: &Space) -> Formula {
        if let Test::IsSet { negated } = test {
            let unset = unset(self.optional);
            let classes =
                if *negated { unset } else { unset.complement(space.classes(self.level)) };
            return Formula::Is(self.level, classes);
        }
        let Some((cells, negated)) = self.axis.passing(test) else { return Formula::Never };
        let classes = Classes::of(cells.into_iter().filter_map(|cell| self.class_of(cell)));
        let classes = if negated { classes.complement(space.classes(self.level)) } else { classes };
        Formula::Is(self.level, classes)
    }

    fn value(&self, point: &Point) -> Option<Value> {
        let cell = self.cell_of(point.get(self.level))?;
        let value = || {
            let example = self.examples.iter().find(|example| self.axis.holds(cell, example));
            example.cloned().or_else(|| self.axis.natural(cell))
        };
        self.shown.get(cell)?.get_or_init(value).clone()
    }
}
