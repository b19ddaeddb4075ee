//! A region back in the words of the criteria language.

use super::axis::Axis;
use super::universe::{Ordered, Universe, Variable};
use super::values::{One, Several};
use super::words::Words;
use crate::analysis::{Classes, Level, Region};
use crate::criteria::{Comparison, Expr, Literal, Node, SetOf, Test, Value};

impl Universe {
    /// A condition that holds exactly in a region; none where the language has no words for it.
    pub(super) fn condition(&self, region: &Region) -> Option<Expr> {
        let asked = Asked { universe: self, region };
        let mut parts = Vec::new();
        for (name, variable) in self.variables() {
            parts.extend(variable.condition(name, &asked)?);
        }
        Some(if parts.is_empty() { Expr::new(Node::And(Vec::new())) } else { Expr::all(parts) })
    }

    /// Conditions of some regions joined by `or`, shortest first; none where there are more than
    /// so many, or one has no words.
    pub(super) fn conditions(&self, regions: &[Region], most: usize) -> Option<Expr> {
        if regions.len() > most {
            return None;
        }
        let conditions: Option<Vec<Expr>> = regions.iter().map(|r| self.condition(r)).collect();
        conditions.map(Expr::any)
    }
}

/// What a region asks, level by level.
struct Asked<'a> {
    universe: &'a Universe,
    region: &'a Region,
}

impl Asked<'_> {
    /// What is asked of a level, in words that are looked for once for all regions: nothing if it is
    /// open. None where there are no words.
    fn of(
        &self,
        level: Level,
        words: impl FnOnce(&Classes, usize) -> Option<Expr>,
    ) -> Option<Vec<Expr>> {
        let Some(classes) = self.region.classes(level) else { return Some(Vec::new()) };
        let mut said = self.universe.said.borrow_mut();
        let of_level = said.entry(level).or_default();
        if let Some(known) = of_level.get(classes) {
            return known.clone().map(|known| vec![known]);
        }
        let words = words(classes, self.universe.space.classes(level));
        of_level.insert(classes.clone(), words.clone());
        words.map(|words| vec![words])
    }
}

impl Variable {
    /// What a region asks of the field: nothing, or some conditions that all hold.
    fn condition(&self, name: &str, asked: &Asked<'_>) -> Option<Vec<Expr>> {
        match self {
            Self::One(one) => asked.of(one.level(), |classes, _| one.condition(name, classes)),
            Self::Ordered(ordered) => {
                asked.of(ordered.level, |classes, count| ordered.condition(name, classes, count))
            }
            Self::Truth { level, optional } => {
                asked.of(*level, |classes, _| truth(name, classes, *optional))
            }
            Self::Several(several) => several.conditions(name, asked.region),
            Self::Words(words) => words.conditions(name, asked),
        }
    }
}

fn is_set(name: &str, negated: bool) -> Expr {
    Expr::atom(name, Test::IsSet { negated })
}

/// `=` for one value, `in` for several; their opposites where `negated`.
fn among(name: &str, values: &[&str], negated: bool) -> Expr {
    let literals: Vec<Literal> = values.iter().map(|v| Literal::new(Value::from(*v))).collect();
    let test = match literals.as_slice() {
        [only] => {
            let op = if negated { Comparison::NotEqual } else { Comparison::Equal };
            Test::Compare { op, value: only.clone() }
        }
        _ => Test::In { set: SetOf::Values(literals), negated },
    };
    Expr::atom(name, test)
}

/// A field of which some values and perhaps unset are allowed; `missing` are the named values that
/// are not. Whether records without it are, and `others`, values that nobody names, is told where there
/// can be any.
fn choice(
    name: &str,
    named: &[&str],
    missing: &[&str],
    without: Option<bool>,
    others: Option<bool>,
) -> Option<Expr> {
    // Of a field that every record has the shorter words do, and none of them speaks of its absence.
    let unset = without.unwrap_or(true);
    let some_others = others == Some(true);
    let all = missing.is_empty() && others != Some(false);
    // What is left out is fewer words than what is in, or cannot be said otherwise.
    let fewer = if unset { missing.len() <= named.len() } else { missing.len() + 2 < named.len() };
    let by_exclusion = some_others || (others.is_none() && fewer);
    Some(match (unset, by_exclusion) {
        (true, _) if named.is_empty() && !some_others => is_set(name, true),
        (false, _) if all && (some_others || !named.is_empty()) => is_set(name, false),
        (true, true) if !missing.is_empty() => among(name, missing, true),
        (false, true) => Expr::all([is_set(name, false), among(name, missing, true)]),
        (false, false) if !named.is_empty() => among(name, named, false),
        (true, false) if without.is_none() => among(name, named, false),
        (true, false) => Expr::any([is_set(name, true), among(name, named, false)]),
        _ => return None,
    })
}

impl One {
    fn condition(&self, name: &str, classes: &Classes) -> Option<Expr> {
        let (named, missing) = self.named(classes);
        choice(name, &named, &missing, self.allows_unset(classes), self.allows_others(classes))
    }
}

fn truth(name: &str, classes: &Classes, optional: bool) -> Option<Expr> {
    let first = usize::from(optional);
    let unset = optional && classes.contains(0);
    let value = |value: bool| {
        let value = Literal::new(Value::Bool(value));
        Expr::atom(name, Test::Compare { op: Comparison::Equal, value })
    };
    let yes = Expr::atom(name, Test::IsTrue);
    Some(match (unset, classes.contains(first), classes.contains(first + 1)) {
        (false, true, false) => yes,
        (false, false, true) => value(false),
        (true, false, true) => yes.negated(),
        (true, true, false) => value(false).negated(),
        (true, false, false) => is_set(name, true),
        (false, true, true) => is_set(name, false),
        _ => return None,
    })
}

impl Ordered {
    fn condition(&self, name: &str, classes: &Classes, count: usize) -> Option<Expr> {
        let unset = self.allows_unset(classes);
        let allowed = |cell: &usize| self.class_of(*cell).is_some_and(|c| classes.contains(c));
        let cells: Vec<usize> = (0..self.axis.cells()).filter(allowed).collect();
        if cells.is_empty() {
            return unset.then(|| is_set(name, true));
        }
        if cells.len() == self.axis.cells() {
            return (!unset).then(|| is_set(name, false));
        }
        if unset && classes.len() * 2 > count {
            // Unset and most values: the opposite says it in fewer words.
            let others = (0..self.axis.cells()).filter(|cell| !allowed(cell)).collect::<Vec<_>>();
            return ranges(&self.axis, name, &others).map(Expr::negated);
        }
        let ranges = ranges(&self.axis, name, &cells)?;
        Some(if unset { Expr::any([is_set(name, true), ranges]) } else { ranges })
    }
}

/// The values of some cells, as one range or several.
fn ranges(axis: &Axis, name: &str, cells: &[usize]) -> Option<Expr> {
    let runs = cells.chunk_by(|a, b| a + 1 == *b);
    let run = |run: &[usize]| {
        let (first, last) = (*run.first()?, *run.last()?);
        let bounds = axis.words(first, last)?;
        Some(Expr::all(bounds.into_iter().map(|test| Expr::atom(name, test))))
    };
    let runs: Option<Vec<Expr>> = runs.map(run).collect();
    runs.map(Expr::any)
}

impl Several {
    fn conditions(&self, name: &str, region: &Region) -> Option<Vec<Expr>> {
        if self.none().is_some_and(|none| none.contains(region)) {
            return Some(vec![is_set(name, true)]);
        }
        let mut parts = Vec::new();
        for (option, level) in self.options() {
            if let Some(classes) = region.classes(level) {
                let part = Literal::new(Value::from(option?));
                let there = Expr::atom(name, Test::Contains(part));
                parts.push(if classes.contains(1) { there } else { there.negated() });
            }
        }
        Some(parts)
    }
}

impl Words {
    fn conditions(&self, name: &str, asked: &Asked<'_>) -> Option<Vec<Expr>> {
        let mut parts = asked.of(self.level(), |classes, _| self.main(name, classes))?;
        for (part, level) in self.parts() {
            if let Some(classes) = asked.region.classes(level) {
                let there = Expr::atom(name, Test::Contains(Literal::new(Value::from(part))));
                parts.push(if classes.contains(1) { there } else { there.negated() });
            }
        }
        if let Some(level) = self.ends() {
            let ending = |classes: &Classes, count| self.ending(name, classes, count);
            parts.extend(asked.of(level, ending)?);
        }
        Some(parts)
    }

    /// The texts of some classes of the main level.
    fn main(&self, name: &str, classes: &Classes) -> Option<Expr> {
        let (named, missing) = self.named_texts(classes);
        match self.beginnings(classes) {
            // All or none of the beginnings go with anything else.
            Some(with_others) => {
                choice(name, &named, &missing, self.allows_unset(classes), Some(with_others))
            }
            None => self.begins(name, classes),
        }
    }

    /// The texts that end as some classes of so many do.
    fn ending(&self, name: &str, classes: &Classes, count: usize) -> Option<Expr> {
        let end = |end: &str| Expr::atom(name, Test::EndsWith(Literal::new(Value::from(end))));
        let any = |ends: Vec<&str>| Expr::any(ends.into_iter().map(end));
        let others = || self.ends_of(&classes.complement(count));
        self.ends_of(classes).map(any).or_else(|| Some(any(others()?).negated()))
    }

    /// Exactly what starts with one beginning, longer ones included.
    fn begins(&self, name: &str, classes: &Classes) -> Option<Expr> {
        let (beginning, all) = self.one_beginning(classes)?;
        let part = Literal::new(Value::from(beginning));
        (all == *classes).then(|| Expr::atom(name, Test::StartsWith(part)))
    }
}
