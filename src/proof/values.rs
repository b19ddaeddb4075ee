//! Fields of which a record holds one of some values, or several of them.

use super::axis::is_not;
use crate::analysis::{Classes, Formula, Level, Point, Region, Space};
use crate::criteria::{Comparison, Literal, SetOf, Test, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Things told apart step by step: those in a set from those outside of it.
#[derive(Debug, Clone)]
pub(super) struct Partition {
    class_of: Vec<usize>,
    /// How many things each class has.
    sizes: Vec<usize>,
}

impl Partition {
    /// Nothing is told apart yet.
    pub(super) fn new(things: usize) -> Self {
        let sizes = if things > 0 { vec![things] } else { Vec::new() };
        Self { class_of: vec![0; things], sizes }
    }

    /// Tells some things apart from the others.
    pub(super) fn split(&mut self, members: impl IntoIterator<Item = usize>) {
        let mut members: Vec<usize> = members.into_iter().collect();
        members.sort_unstable();
        members.dedup();
        let mut inside = vec![0_usize; self.sizes.len()];
        for class in members.iter().filter_map(|member| self.class_of.get(*member)) {
            if let Some(inside) = inside.get_mut(*class) {
                *inside += 1;
            }
        }
        let is_whole = |class: &usize| inside.get(*class) == self.sizes.get(*class);
        let whole: Vec<bool> = (0..inside.len()).map(|class| is_whole(&class)).collect();
        let mut halves: Vec<Option<usize>> = vec![None; inside.len()];
        for member in members {
            let Some(class) = self.class_of.get_mut(member) else { continue };
            if whole.get(*class).is_none_or(|whole| *whole) {
                continue;
            }
            let Some(half) = halves.get_mut(*class) else { continue };
            let half = *half.get_or_insert_with(|| {
                self.sizes.push(0);
                self.sizes.len() - 1
            });
            self.sizes.get_mut(*class).into_iter().for_each(|size| *size -= 1);
            self.sizes.get_mut(half).into_iter().for_each(|size| *size += 1);
            *class = half;
        }
    }

    /// The class of a thing.
    pub(super) fn class(&self, thing: usize) -> usize {
        self.class_of.get(thing).copied().unwrap_or_default()
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.sizes.len()
    }
}

/// A field that holds one value: a choice, or the id of another record.
#[derive(Debug, Clone)]
pub(super) struct One {
    level: Level,
    /// Whether class 0 stands for a field that is not set.
    optional: bool,
    /// The values by name, and the class of each.
    class_of: BTreeMap<String, usize>,
    /// The class of a value that nobody names, where there can be one.
    other: Option<usize>,
    /// For each class the value that stands for it.
    shown: Vec<Option<Value>>,
}

impl One {
    /// The level of a field, made for all tests that are put to it.
    ///
    /// `values` are the declared ones, in order; where it is `open`, others may occur.
    pub(super) fn new<'t>(
        space: &mut Space,
        tests: impl IntoIterator<Item = &'t Test>,
        facts: &Known,
    ) -> Self {
        let mut names: Vec<String> = facts.values.clone();
        let mut known: BTreeSet<&str> = facts.values.iter().map(String::as_str).collect();
        // In an order of their own, so that both ways round a question has the same classes.
        let sets: BTreeSet<Vec<&str>> = tests.into_iter().filter_map(named).collect();
        if facts.open {
            for text in sets.iter().flatten() {
                if known.insert(text) {
                    names.push((*text).to_owned());
                }
            }
        }
        // One more stands for all values that nobody names.
        let things = names.len() + usize::from(facts.open);
        let mut partition = Partition::new(things);
        let places: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        for set in &sets {
            partition.split(set.iter().filter_map(|text| places.get(text).copied()));
        }
        let optional = !facts.required;
        let class = |thing: usize| usize::from(optional) + partition.class(thing);
        let class_of: BTreeMap<String, usize> =
            names.iter().enumerate().map(|(at, name)| (name.clone(), class(at))).collect();
        let other = facts.open.then(|| class(names.len()));
        let count = usize::from(optional) + partition.classes();
        let mut shown: Vec<Option<Value>> = vec![None; count.max(1)];
        let strange = other.map(|_| strange(&known));
        let examples = facts.examples.iter().filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let examples =
            examples.map(|text| (text, class_of.get(text).copied().or(other).unwrap_or(count)));
        let named = names.iter().enumerate().map(|(at, name)| (name.as_str(), class(at)));
        let strange = strange.as_deref().zip(other);
        for (name, class) in examples.chain(named).chain(strange) {
            if let Some(place) = shown.get_mut(class)
                && place.is_none()
            {
                *place = Some(Value::from(name));
            }
        }
        Self { level: space.level(count.max(1)), optional, class_of, other, shown }
    }

    /// Where the field is not set.
    pub(super) fn unset(&self) -> (Level, Classes) {
        let unset = if self.optional { Classes::one(0) } else { Classes::none() };
        (self.level, unset)
    }

    /// What a test asks of the field.
    pub(super) fn formula(&self, test: &Test) -> Formula {
        match test {
            Test::IsSet { negated } => {
                let unset = Formula::Is(self.level, self.unset().1);
                if *negated { unset } else { Formula::Not(Box::new(unset)) }
            }
            test => {
                let Some(set) = named(test) else { return Formula::Never };
                let classes = set.iter().filter_map(|text| self.class_of.get(*text).copied());
                let formula = Formula::Is(self.level, Classes::of(classes));
                if is_not(test) { Formula::Not(Box::new(formula)) } else { formula }
            }
        }
    }

    /// The value that stands for where the point lies; none where the field is not set.
    pub(super) fn value(&self, point: &Point) -> Option<Value> {
        self.shown.get(point.get(self.level)).cloned().flatten()
    }
}

impl One {
    /// Its level.
    pub(super) fn level(&self) -> Level {
        self.level
    }

    /// The named values that some classes allow, and those that they do not.
    pub(super) fn named(&self, classes: &Classes) -> (Vec<&str>, Vec<&str>) {
        let names = self.class_of.iter().map(|(name, class)| (name.as_str(), *class));
        let (named, missing): (Vec<_>, Vec<_>) =
            names.partition(|(_, class)| classes.contains(*class));
        let name = |named: Vec<(_, _)>| named.into_iter().map(|(name, _)| name).collect();
        (name(named), name(missing))
    }

    /// Whether records without the field are among some classes, where there can be any.
    pub(super) fn allows_unset(&self, classes: &Classes) -> Option<bool> {
        self.optional.then(|| classes.contains(0))
    }

    /// Whether values that nobody names are among some classes, where there can be any.
    pub(super) fn allows_others(&self, classes: &Classes) -> Option<bool> {
        self.other.map(|other| classes.contains(other))
    }
}

/// A field that holds any number of its values: a level for each that is named.
#[derive(Debug, Clone)]
pub(super) struct Several {
    options: Vec<(String, Level)>,
    /// Whether it holds any value that nobody names.
    other: Option<(Level, String)>,
}

impl Several {
    /// The levels of a field, made for all tests that are put to it.
    pub(super) fn new<'t>(
        space: &mut Space,
        tests: impl IntoIterator<Item = &'t Test>,
        facts: &Known,
    ) -> Self {
        let part = |test: &Test| match test {
            Test::Contains(part) => match &part.value {
                Value::Text(text) if can_occur(text) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        };
        let asked: BTreeSet<String> = tests.into_iter().filter_map(part).collect();
        let known = |text: &String| facts.open || facts.values.contains(text);
        let options: Vec<(String, Level)> =
            asked.iter().filter(|text| known(text)).map(|t| (t.clone(), space.level(2))).collect();
        let more = facts.values.iter().find(|value| !asked.contains(*value)).cloned();
        let more = more
            .or_else(|| facts.open.then(|| strange(&asked.iter().map(String::as_str).collect())));
        let other = more.map(|value| (space.level(2), value));
        let several = Self { options, other };
        if facts.required
            && let Some(none) = several.none()
        {
            space.forbid(none);
        }
        several
    }

    fn levels(&self) -> impl Iterator<Item = Level> {
        let options = self.options.iter().map(|(_, level)| *level);
        options.chain(self.other.iter().map(|(level, _)| *level))
    }

    /// The values that have a level; the last may stand for all that nobody names.
    pub(super) fn options(&self) -> impl Iterator<Item = (Option<&str>, Level)> {
        let options = self.options.iter().map(|(option, level)| (Some(option.as_str()), *level));
        options.chain(self.other.iter().map(|(level, _)| (None, *level)))
    }

    /// Where it holds nothing, which is where it is not set.
    pub(super) fn none(&self) -> Option<Region> {
        let absent = Classes::one(0);
        let mut levels = self.levels();
        levels.try_fold(Region::everything(), |region, level| region.with(level, &absent))
    }

    /// Where it holds something, a level and its classes each.
    pub(super) fn some(&self) -> Vec<(Level, Classes)> {
        self.levels().map(|level| (level, Classes::one(1))).collect()
    }

    /// What a test asks of the field.
    pub(super) fn formula(&self, test: &Test) -> Formula {
        let some = || {
            Formula::Or(
                self.some().into_iter().map(|(level, set)| Formula::Is(level, set)).collect(),
            )
        };
        match test {
            Test::IsSet { negated: false } => some(),
            Test::IsSet { negated: true } => Formula::Not(Box::new(some())),
            Test::Contains(part) => {
                let Value::Text(text) = &part.value else { return Formula::Never };
                let option = self.options.iter().find(|(option, _)| option == text);
                option.map_or(Formula::Never, |(_, level)| Formula::Is(*level, Classes::one(1)))
            }
            _ => Formula::Never,
        }
    }

    /// The values that the point asks for; none where there is none.
    pub(super) fn value(&self, point: &Point) -> Option<Value> {
        let options = self.options.iter().map(|(option, level)| (option, *level));
        let all = options.chain(self.other.iter().map(|(level, option)| (option, *level)));
        let there = all.filter(|(_, level)| point.get(*level) == 1);
        let values: Vec<String> = there.map(|(option, _)| option.clone()).collect();
        (!values.is_empty()).then_some(Value::Values(values))
    }
}

/// What is known of a field of two revisions together.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) values: Vec<String>,
    pub(super) open: bool,
    pub(super) required: bool,
    pub(super) examples: Vec<Value>,
}

impl Known {
    /// The same without what no record can hold, and each value once: whatever is declared, what stands
    /// for a class must be a value that a record can have.
    pub(super) fn that_occurs(mut self) -> Self {
        let mut met = BTreeSet::new();
        self.values.retain(|value| can_occur(value) && met.insert(value.clone()));
        self.examples.retain(|value| !matches!(value, Value::Text(text) if !can_occur(text)));
        self
    }
}

/// Whether a record can hold a text: an empty one is not set, and blanks at its ends are not read.
fn can_occur(text: &str) -> bool {
    !text.is_empty() && text.trim() == text
}

/// A value that none of the named ones is.
fn strange(known: &BTreeSet<&str>) -> String {
    let numbered = (2..).map(|number| format!("Other {number}"));
    let mut names = std::iter::once("Other".to_owned()).chain(numbered);
    names.find(|name| !known.contains(name.as_str())).unwrap_or_default()
}

fn text(literal: &Literal) -> Option<&str> {
    match &literal.value {
        Value::Text(text) if can_occur(text) => Some(text),
        _ => None,
    }
}

/// The values that `=`, `!=`, `in` and `not in` name, in order.
fn named(test: &Test) -> Option<Vec<&str>> {
    match test {
        Test::Compare { op: Comparison::Equal | Comparison::NotEqual, value } => {
            Some(text(value).into_iter().collect())
        }
        Test::In { set: SetOf::Values(values), .. } => {
            let mut named: Vec<&str> = values.iter().filter_map(text).collect();
            named.sort_unstable();
            named.dedup();
            Some(named)
        }
        _ => None,
    }
}
