//! A text field: the texts that are named, the beginnings, parts and ends that are asked for, and
//! anything else.
//!
//! Texts compare without regard to case, so everything here is in lower case. One level holds which
//! named text or beginning it is, one which end it has, and one level a part whether it occurs; regions
//! that no text can lie in are impossible in the space, so that a witness always is a text that really
//! matches.

use super::values::Partition;
use crate::analysis::{Classes, Formula, Level, Point, Region, Space};
use crate::criteria::{Comparison, Literal, SetOf, Test, Value, lower_case};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of a field, as far as conditions tell them apart.
#[derive(Debug, Clone)]
pub(super) struct Words {
    main: Level,
    classes: Vec<Class>,
    /// The class of each named text, in order.
    named: Vec<(String, usize)>,
    /// What may occur anywhere, each with the level that says whether it does.
    parts: Vec<(String, Level)>,
    ends: Option<Ends>,
    /// The named texts that are not written in lower case, by what they are in it.
    spelt: BTreeMap<String, String>,
    examples: Vec<String>,
    /// A character that occurs in nothing that is named.
    joiner: char,
}

/// What the main level tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Class {
    Unset,
    /// Nothing that is named, and no named beginning.
    Other,
    /// This is the longest named beginning, and it goes on.
    Begins(String),
    /// One of some named texts between which no condition makes a difference.
    Named(Vec<String>),
}

/// How a text may end. The first class of the level is that of no named end, each other one that of a
/// text whose longest named end is this.
#[derive(Debug, Clone)]
struct Ends {
    level: Level,
    named: Vec<String>,
}

impl Ends {
    /// The class of a text.
    fn class(&self, text: &str) -> usize {
        let ends = self.named.iter().enumerate().filter(|(_, end)| text.ends_with(end.as_str()));
        ends.max_by_key(|(_, end)| end.len()).map_or(0, |(at, _)| at + 1)
    }

    /// The named end of a class.
    fn end(&self, class: usize) -> Option<&str> {
        self.named.get(class.checked_sub(1)?).map(String::as_str)
    }

    /// The classes of named ends that pass.
    fn classes_where(&self, passes: impl Fn(&str) -> bool) -> Classes {
        let classes = self.named.iter().enumerate().filter(|(_, end)| passes(end));
        Classes::of(classes.map(|(at, _)| at + 1))
    }
}

/// What all tests of a field name.
#[derive(Default)]
struct Mentioned<'t> {
    texts: BTreeSet<String>,
    beginnings: BTreeSet<String>,
    parts: BTreeSet<String>,
    ends: BTreeSet<String>,
    sets: BTreeSet<Vec<Cow<'t, str>>>,
    spelt: BTreeMap<String, String>,
}

impl<'t> Mentioned<'t> {
    fn by(tests: impl IntoIterator<Item = &'t Test>) -> Self {
        let mut mentioned = Self::default();
        for test in tests {
            match test {
                Test::StartsWith(part) => mentioned.beginnings.extend(lower(&part.value)),
                Test::Contains(part) => mentioned.parts.extend(lower(&part.value)),
                Test::EndsWith(part) => mentioned.ends.extend(lower(&part.value)),
                _ => {
                    for text in spelt(test) {
                        let Cow::Owned(lower) = lower_case(text) else { continue };
                        let known = mentioned.spelt.entry(lower).or_default();
                        // One of several spellings, whatever their order.
                        if known.is_empty() || text < known.as_str() {
                            text.clone_into(known);
                        }
                    }
                    mentioned.sets.insert(named(test).unwrap_or_default());
                }
            }
        }
        let mut texts: Vec<&Cow<'_, str>> = mentioned.sets.iter().flatten().collect();
        texts.sort_unstable();
        texts.dedup();
        mentioned.texts = texts.into_iter().map(|text| text.clone().into_owned()).collect();
        // The empty text is no value, and every text has it in it.
        let Self { texts, beginnings, parts, ends, .. } = &mut mentioned;
        for named in [texts, beginnings, parts, ends] {
            named.remove("");
        }
        mentioned
    }

    /// A character that stands in nothing that is named, so that it keeps pieces apart; no blank, as
    /// texts end in none.
    fn joiner(&self) -> char {
        let all = || self.texts.iter().chain(&self.beginnings).chain(&self.parts).chain(&self.ends);
        let is_used = |sign: char| all().any(|text| text.contains(sign));
        let plain = ['-', '.', '_', 'x', '0', '~', '+', '#'].into_iter();
        let any = ('\u{4e00}'..='\u{9fff}').chain('\u{ac00}'..='\u{d7a3}');
        plain.chain(any).find(|sign| !is_used(*sign)).unwrap_or('\u{10fffd}')
    }
}

impl Words {
    /// The levels of a text field, made for all tests that are put to it.
    pub(super) fn new<'t>(
        space: &mut Space,
        tests: impl IntoIterator<Item = &'t Test>,
        required: bool,
        examples: &[Value],
    ) -> Self {
        let mentioned = Mentioned::by(tests);
        let texts: Vec<String> = mentioned.texts.iter().cloned().collect();
        let mut partition = Partition::new(texts.len());
        let mut split = |passes: &dyn Fn(&str) -> bool| {
            let members = texts.iter().enumerate().filter(|(_, text)| passes(text));
            partition.split(members.map(|(at, _)| at));
        };
        for set in &mentioned.sets {
            split(&|text| contains(set, text));
        }
        for beginning in &mentioned.beginnings {
            split(&|text| text.starts_with(beginning.as_str()));
        }
        for part in &mentioned.parts {
            split(&|text| text.contains(part.as_str()));
        }
        for end in &mentioned.ends {
            split(&|text| text.ends_with(end.as_str()));
        }
        let mut classes: Vec<Class> = if required { vec![] } else { vec![Class::Unset] };
        classes.push(Class::Other);
        classes.extend(mentioned.beginnings.iter().cloned().map(Class::Begins));
        let first = classes.len();
        let named = texts.iter().enumerate();
        let named: Vec<(String, usize)> =
            named.map(|(at, text)| (text.clone(), first + partition.class(at))).collect();
        classes.extend((0..partition.classes()).map(|_| Class::Named(Vec::new())));
        for (text, class) in &named {
            if let Some(Class::Named(texts)) = classes.get_mut(*class) {
                texts.push(text.clone());
            }
        }
        let main = space.level(classes.len());
        let joiner = mentioned.joiner();
        let spelt = mentioned.spelt;
        let parts = mentioned.parts.into_iter().map(|part| (part, space.level(2))).collect();
        let named_ends: Vec<String> = mentioned.ends.into_iter().collect();
        let ends = (!named_ends.is_empty())
            .then(|| Ends { level: space.level(named_ends.len() + 1), named: named_ends });
        let text = |value: &Value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        let examples = examples.iter().filter_map(text).collect();
        let words = Self { main, classes, named, parts, ends, spelt, examples, joiner };
        words.forbid_impossible(space);
        words
    }

    /// Keeps out of the space what no text can be.
    fn forbid_impossible(&self, space: &mut Space) {
        let (no, yes) = (Classes::one(0), Classes::one(1));
        let mut forbid = |one: (Level, &Classes), other: (Level, &Classes)| {
            let region = Region::everything().with(one.0, one.1);
            if let Some(region) = region.and_then(|region| region.with(other.0, other.1)) {
                space.forbid(region);
            }
        };
        for (part, level) in &self.parts {
            let has = |class: &Class| match class {
                Class::Unset => Some(false),
                Class::Other => None,
                // What goes on behind a beginning may hold anything more.
                Class::Begins(text) => text.contains(part.as_str()).then_some(true),
                Class::Named(texts) => texts.first().map(|text| text.contains(part.as_str())),
            };
            forbid((self.main, &self.classes_where(|c| has(c) == Some(true))), (*level, &no));
            forbid((self.main, &self.classes_where(|c| has(c) == Some(false))), (*level, &yes));
            for (other, other_level) in &self.parts {
                if other != part && other.contains(part.as_str()) {
                    forbid((*other_level, &yes), (*level, &no));
                }
            }
            if let Some(ends) = &self.ends {
                let with = ends.classes_where(|end| end.contains(part.as_str()));
                forbid((ends.level, &with), (*level, &no));
            }
        }
        if let Some(ends) = &self.ends {
            let of = |class: &Class| match class {
                Class::Unset => Some(0),
                Class::Other | Class::Begins(_) => None,
                Class::Named(texts) => texts.first().map(|text| ends.class(text)),
            };
            let mut mains: BTreeMap<usize, Classes> = BTreeMap::new();
            for (at, class) in self.classes.iter().enumerate() {
                if let Some(end) = of(class) {
                    mains.entry(end).or_default().insert(at);
                }
            }
            for (end, main) in mains {
                let others = Classes::one(end).complement(ends.named.len() + 1);
                forbid((self.main, &main), (ends.level, &others));
            }
        }
    }

    fn classes_where(&self, passes: impl Fn(&Class) -> bool) -> Classes {
        let classes = self.classes.iter().enumerate();
        Classes::of(classes.filter(|(_, class)| passes(class)).map(|(at, _)| at))
    }

    /// Where the field is not set.
    pub(super) fn unset(&self) -> (Level, Classes) {
        (self.main, self.classes_where(|class| *class == Class::Unset))
    }

    /// What a test asks of the field.
    pub(super) fn formula(&self, test: &Test) -> Formula {
        match test {
            Test::IsSet { negated: false } => self.is_set(),
            Test::IsSet { negated: true } => Formula::Is(self.main, self.unset().1),
            Test::Contains(part) => {
                let Some(part) = lower(&part.value) else { return Formula::Never };
                let found = self.parts.binary_search_by(|(own, _)| own.cmp(&part)).ok();
                let level = found.and_then(|at| self.parts.get(at)).map(|(_, level)| *level);
                // Every text that is set has the empty text in it.
                level.map_or_else(|| self.is_set(), |level| Formula::Is(level, Classes::one(1)))
            }
            Test::EndsWith(part) => {
                let Some(part) = lower(&part.value) else { return Formula::Never };
                let ends = self.ends.as_ref().filter(|_| !part.is_empty());
                let is = |ends: &Ends| {
                    Formula::Is(ends.level, ends.classes_where(|end| end.ends_with(&part)))
                };
                ends.map_or_else(|| self.is_set(), is)
            }
            Test::StartsWith(part) => {
                let Some(part) = lower(&part.value) else { return Formula::Never };
                let classes = self.classes_where(|class| match class {
                    Class::Unset => false,
                    Class::Other => part.is_empty(),
                    Class::Begins(text) => text.starts_with(&part),
                    Class::Named(texts) => texts.iter().any(|text| text.starts_with(&part)),
                });
                Formula::Is(self.main, classes)
            }
            test => {
                let Some(set) = named(test) else { return Formula::Never };
                let place = |text: &Cow<'_, str>| {
                    let found = self.named.binary_search_by(|(one, _)| (**one).cmp(text)).ok()?;
                    self.named.get(found).map(|(_, class)| *class)
                };
                let classes = Classes::of(set.iter().filter_map(place));
                let formula = Formula::Is(self.main, classes);
                if super::axis::is_not(test) { Formula::Not(Box::new(formula)) } else { formula }
            }
        }
    }

    fn is_set(&self) -> Formula {
        Formula::Is(self.main, self.classes_where(|class| *class != Class::Unset))
    }

    /// Its main level.
    pub(super) fn level(&self) -> Level {
        self.main
    }

    /// The named texts that some classes allow, and those that they do not.
    pub(super) fn named_texts(&self, classes: &Classes) -> (Vec<&str>, Vec<&str>) {
        let texts = self.named.iter().map(|(text, class)| (text.as_str(), *class));
        let (named, missing): (Vec<_>, Vec<_>) =
            texts.partition(|(_, class)| classes.contains(*class));
        let text =
            |named: Vec<(_, _)>| named.into_iter().map(|(text, _)| self.spelt(text)).collect();
        (text(named), text(missing))
    }

    /// A named text as it is written.
    fn spelt<'t>(&'t self, text: &'t str) -> &'t str {
        self.spelt.get(text).map_or(text, String::as_str)
    }

    /// Whether records without the field are among some classes, where there can be any.
    pub(super) fn allows_unset(&self, classes: &Classes) -> Option<bool> {
        let (_, unset) = self.unset();
        (!unset.is_empty()).then(|| unset.is_subset(classes))
    }

    /// Whether anything else is allowed, where beginnings make no difference to that.
    pub(super) fn beginnings(&self, classes: &Classes) -> Option<bool> {
        let open = |class: &Class| matches!(class, Class::Other | Class::Begins(_));
        let mut allowed = self
            .classes
            .iter()
            .enumerate()
            .filter(|(_, class)| open(class))
            .map(|(at, _)| classes.contains(at));
        let first = allowed.next()?;
        allowed.all(|other| other == first).then_some(first)
    }

    /// The shortest beginning that is allowed, and all classes of texts that start with it.
    pub(super) fn one_beginning(&self, classes: &Classes) -> Option<(&str, Classes)> {
        let beginning = |(at, class): (usize, &'_ Class)| match class {
            Class::Begins(_) if classes.contains(at) => Some(at),
            _ => None,
        };
        let places = self.classes.iter().enumerate().filter_map(beginning);
        let text = |at: usize| match self.classes.get(at) {
            Some(Class::Begins(text)) => text.as_str(),
            _ => "",
        };
        let shortest = places.map(text).min_by_key(|text| text.len())?;
        let all = self.classes_where(|class| match class {
            Class::Begins(text) => text.starts_with(shortest),
            Class::Named(texts) => texts.iter().any(|text| text.starts_with(shortest)),
            _ => false,
        });
        Some((shortest, all))
    }

    /// What may occur in the text, each with its level.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&str, Level)> {
        self.parts.iter().map(|(part, level)| (part.as_str(), *level))
    }

    /// The level of its ends, if any are named.
    pub(super) fn ends(&self) -> Option<Level> {
        self.ends.as_ref().map(|ends| ends.level)
    }

    /// The fewest ends of which one is that of exactly the texts of some classes; none where no ends are.
    pub(super) fn ends_of(&self, classes: &Classes) -> Option<Vec<&str>> {
        let ends = self.ends.as_ref()?;
        let with = |end: &str| ends.classes_where(|other| other.ends_with(end));
        let mut covered = Classes::none();
        let mut shortest: Vec<&str> = classes.iter().filter_map(|class| ends.end(class)).collect();
        shortest.sort_by_key(|end| (end.len(), *end));
        shortest.retain(|end| {
            let own = with(end);
            let is_new = !own.is_subset(&covered);
            covered = covered.union(&own);
            is_new
        });
        shortest.sort_unstable();
        (covered == *classes).then_some(shortest)
    }

    /// Takes from a point everything that occurs in the text.
    pub(super) fn clear_patterns(&self, point: &mut Point) {
        let levels = self.parts.iter().map(|(_, level)| *level);
        levels.chain(self.ends()).for_each(|level| point.set(level, 0));
    }

    /// A text that lies where the point does; none where the field is not set.
    pub(super) fn value(&self, point: &Point) -> Option<Value> {
        let class = self.classes.get(point.get(self.main))?;
        if *class == Class::Unset {
            return None;
        }
        let here = |text: &&String| self.lies_at(text, point);
        if let Some(example) = self.examples.iter().find(here) {
            return Some(Value::Text(example.clone()));
        }
        let text = match class {
            Class::Named(texts) => {
                texts.first().map(|text| self.spelt(text).to_owned()).unwrap_or_default()
            }
            Class::Begins(beginning) => self.joined(beginning, point),
            _ => self.joined("", point),
        };
        Some(Value::Text(text))
    }

    /// A beginning, the parts and the end that the point asks for, held apart by a character that
    /// stands in none of them.
    fn joined(&self, beginning: &str, point: &Point) -> String {
        let end = self.ends.as_ref().and_then(|ends| ends.end(point.get(ends.level)));
        let end = end.unwrap_or_default();
        let there = self.parts.iter().filter(|(_, level)| point.get(*level) == 1);
        let mut parts: Vec<&str> = there.map(|(part, _)| part.as_str()).collect();
        let all = parts.clone();
        parts.retain(|part| {
            let in_another = all.iter().any(|other| other != part && other.contains(part));
            !in_another && !beginning.contains(part) && !end.contains(part)
        });
        let joiner = self.joiner;
        let plain = format!("{beginning}acme{}{end}", parts.concat());
        if self.lies_at(&plain, point) {
            return plain;
        }
        let mut text = format!("{beginning}{joiner}");
        for part in parts {
            text.push_str(part);
            text.push(joiner);
        }
        text + end
    }

    /// Whether a text lies where a point does.
    fn lies_at(&self, text: &str, point: &Point) -> bool {
        let text = lower_case(text);
        if text.is_empty() {
            return false;
        }
        let named = self.named.iter().find(|(named, _)| *named == text).map(|(_, class)| *class);
        let class = named.or_else(|| {
            let length = |class: &Class| match class {
                Class::Begins(beginning) if text.starts_with(beginning.as_str()) => {
                    Some(beginning.len())
                }
                _ => None,
            };
            let begins = self.classes.iter().enumerate();
            let begins = begins.filter_map(|(at, class)| Some((length(class)?, at))).max();
            let other = || self.classes.iter().position(|class| *class == Class::Other);
            begins.map(|(_, at)| at).or_else(other)
        });
        class == Some(point.get(self.main))
            && self.ends.as_ref().is_none_or(|ends| ends.class(&text) == point.get(ends.level))
            && self
                .parts
                .iter()
                .all(|(part, level)| text.contains(part.as_str()) == (point.get(*level) == 1))
    }
}

fn lower(value: &Value) -> Option<String> {
    lowered(value).map(Cow::into_owned)
}

/// The texts that a test names, as they are written.
fn spelt(test: &Test) -> impl Iterator<Item = &str> {
    let values = match test {
        Test::Compare { value, .. } => std::slice::from_ref(value),
        Test::In { set: SetOf::Values(values), .. } => values,
        _ => &[],
    };
    values.iter().filter_map(text)
}

fn text(literal: &Literal) -> Option<&str> {
    match &literal.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn contains(sorted: &[Cow<'_, str>], text: &str) -> bool {
    sorted.binary_search_by(|one| (**one).cmp(text)).is_ok()
}

fn lowered(value: &Value) -> Option<Cow<'_, str>> {
    let Value::Text(text) = value else { return None };
    Some(lower_case(text))
}

/// The texts that `=`, `!=`, `in` and `not in` name, in order.
fn named(test: &Test) -> Option<Vec<Cow<'_, str>>> {
    match test {
        Test::Compare { op: Comparison::Equal | Comparison::NotEqual, value } => {
            Some(lowered(&value.value).into_iter().collect())
        }
        Test::In { set: SetOf::Values(values), .. } => {
            let mut named: Vec<Cow<'_, str>> =
                values.iter().filter_map(|value| lowered(&value.value)).collect();
            named.sort_unstable();
            named.dedup();
            Some(named)
        }
        _ => None,
    }
}
