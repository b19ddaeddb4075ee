//! Routing tables for all records there can be: what each rule takes, what nobody takes, and which
//! records go elsewhere under another table.

use super::prover::{Ground, Prover, Undecided};
use super::verdict::{Witness, in_words, witness};
use crate::analysis::{Classes, Exhausted, Point, Reach, Region, Rules};
use crate::criteria::{self, ExpandError, Expr, Node, Program, Record, Scope};
use crate::load::Router;
use crate::model::routing::Routing;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A region is described by no more conditions than this, side by side.
pub(super) const SHORT: usize = 3;

/// Conditions of more bytes than this are shown nowhere.
const LONGEST: usize = 100;

/// What stands in place of a rule's id where the table is not about a record, and where no rule
/// takes it.
const NOT_ROUTED: &str = "not routed";
const DEFAULT: &str = "default";

/// A routing table of one revision.
#[derive(Clone)]
pub struct Table<'a> {
    /// The id of the object it routes.
    pub object: &'a str,
    /// The model that gives the names in its conditions a meaning.
    pub scope: &'a dyn Scope,
    /// Which records it routes at all; every record where nothing is said.
    pub applies_to: Option<&'a Expr>,
    /// The rules, in order.
    pub rules: Vec<TableRule<'a>>,
    /// Where a record goes that no rule takes.
    pub default: Destination,
}

/// One rule.
#[derive(Clone)]
pub struct TableRule<'a> {
    /// Its id.
    pub id: &'a str,
    /// Which records it takes, of those no earlier rule took.
    pub when: &'a Expr,
    /// Where they go.
    pub to: Destination,
}

impl<'a> Table<'a> {
    /// A routing table of a model; none where some of its conditions cannot be read, since nobody
    /// knows then what the others get.
    pub fn of(router: &'a Router<'a, '_>) -> Option<Self> {
        let Routing { applies_to, rule, default, default_sla, .. } = &router.routing;
        let sound = |span| {
            let criterion = router.condition(span)?;
            criterion.expr.as_deref().filter(|_| criterion.faults.is_empty())
        };
        let applies_to = match applies_to {
            Some(applies_to) => Some(sound(applies_to.span)?),
            None => None,
        };
        let mut rules = Vec::new();
        for rule in rule.iter().flat_map(|rules| rules.iter()) {
            let Some(when) = &rule.when else { continue };
            let sla = rule.sla.as_ref().map(|sla| sla.address.clone());
            let to = rule.to.as_ref().map(|to| to.address.clone());
            let to = Destination { to, sla, is_gap: false };
            rules.push(TableRule { id: &rule.id, when: sound(when.span)?, to });
        }
        let sla = default_sla.as_ref().map(|sla| sla.address.clone());
        let is_gap = router.routing.defaults_to_gap();
        let default =
            Destination { to: default.as_ref().map(|to| to.address.clone()), sla, is_gap };
        let object = router.entity().object()?;
        Some(Self { object, scope: router.scope(), applies_to, rules, default })
    }
}

/// Where records go, and what they are promised.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    /// The address they are sent to; none where a rule does not say it.
    pub to: Option<String>,
    /// The promise of time that starts with it.
    pub sla: Option<String>,
    /// Whether it is a gap that no record should fall into, whoever gets what falls.
    pub is_gap: bool,
}

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The table is not about it.
    NotRouted,
    /// A rule takes it.
    Rule(String, Destination),
    /// No rule takes it.
    Default(Destination),
}

impl Fate {
    /// Where the record goes; nowhere if the table is not about it.
    pub fn destination(&self) -> Option<&Destination> {
        match self {
            Self::NotRouted => None,
            Self::Rule(_, to) | Self::Default(to) => Some(to),
        }
    }
}

/// How a rule can be of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Useless {
    /// No record meets its own condition.
    Contradiction,
    /// Earlier rules take every record that meets its condition: their places in the list.
    Shadowed(Vec<usize>),
    /// It takes records, and all go where they would go without it.
    Redundant,
    /// Not decided, and why.
    Undecided(String),
}

/// Records that no rule takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// One of them.
    pub witness: Witness,
    /// All of them, or the most of them, as conditions, empty where nothing is asked; none
    /// where they have no short form.
    pub conditions: Option<String>,
    /// Whether the conditions name all of them.
    pub complete: bool,
    /// Conditions that all of them meet, where few records do; perhaps others meet them as well.
    pub narrow: Option<String>,
}

impl Gap {
    /// Which records they are, in a line, and one of them.
    pub fn in_words(&self) -> String {
        let example = in_words(&self.witness);
        let is_short = |words: &&str| words.len() <= LONGEST;
        match (self.conditions.as_deref().filter(is_short), &self.narrow) {
            (Some(""), _) if self.complete => format!("all records, for example {example}"),
            (Some(conditions), _) if self.complete => {
                format!("those with `{conditions}`, for example {example}")
            }
            (_, Some(narrow)) => format!("only such with `{narrow}`, for example {example}"),
            (Some(conditions), None) if !conditions.is_empty() => {
                format!("among them those with `{conditions}`, as {example}")
            }
            _ => format!("for example {example}"),
        }
    }
}

/// A table laid out over a universe.
pub(super) struct Laid<'t, 'a> {
    pub(super) table: &'t Table<'a>,
    pub(super) rules: Rules,
    /// Rules in front that stand for records the table is not about.
    pub(super) ahead: usize,
    /// The conditions as they are put to a record, once one is.
    conditions: OnceCell<Result<Program<'a>, ExpandError>>,
}

/// What was found out about a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The rules that are of no use, by place; none for a rule that is.
    pub useless: Vec<Option<Useless>>,
    /// The records that no rule takes, if there are any and it was asked for them.
    pub gap: Result<Option<Gap>, Undecided>,
}

impl Prover {
    /// Everything about a table that can be known without another one. Where the default is a gap,
    /// the records that reach it are looked for, and a rule that saves a record from it is of use.
    ///
    /// # Errors
    /// Why the table as a whole cannot be laid out.
    pub fn survey(&self, table: &Table<'_>, is_gap: bool) -> Result<Survey, Undecided> {
        if !is_gap && self.are_useful(table) {
            return Ok(Survey { useless: vec![None; table.rules.len()], gap: Ok(None) });
        }
        let expanded = expanded(&[table])?;
        let mut ground = self.lay_ground(&[table], &expanded)?;
        let laid = ground.lay(table, expanded.first())?;
        let useless = self.useless_rules(&mut ground, &laid, is_gap);
        ground.refill(self.budget);
        let gap = if is_gap { self.gap_of(&mut ground, &laid) } else { Ok(None) };
        Ok(Survey { useless, gap })
    }

    /// The rules of a table that are of no use, by place; none for a rule that is.
    ///
    /// # Errors
    /// Why the table as a whole cannot be laid out.
    pub fn useless(&self, table: &Table<'_>) -> Result<Vec<Option<Useless>>, Undecided> {
        Ok(self.survey(table, false)?.useless)
    }

    fn useless_rules(
        &self,
        ground: &mut Ground,
        laid: &Laid<'_, '_>,
        is_gap: bool,
    ) -> Vec<Option<Useless>> {
        let outcomes = Outcomes::of([laid]);
        let own = outcomes.each(laid);
        let default =
            if is_gap { u32::MAX } else { outcomes.number(laid.table.fate_of(None).destination()) };
        let mut found = Vec::new();
        for rule in laid.ahead..laid.rules.len() {
            ground.refill(self.budget);
            found.push(self.use_of(ground, laid, rule, &own, default));
        }
        found
    }

    fn use_of(
        &self,
        ground: &mut Ground,
        laid: &Laid<'_, '_>,
        rule: usize,
        own: &[u32],
        default: u32,
    ) -> Option<Useless> {
        let reach = match laid.rules.reach(rule, laid.ahead, &mut ground.budget) {
            Ok(Reach::Fires(point)) => point,
            Ok(Reach::Contradiction) => return Some(Useless::Contradiction),
            Ok(Reach::Shadowed { blockers }) => {
                // What the table is not about is no rule that could be named.
                let named = blockers.into_iter().filter_map(|at| at.checked_sub(laid.ahead));
                return Some(Useless::Shadowed(named.collect()));
            }
            Err(Exhausted) => return Some(Useless::Undecided(Undecided::Exhausted.to_string())),
        };
        // Nobody is shown this record.
        if cfg!(debug_assertions) {
            let record = ground.universe.record(&reach);
            self.replayed(laid, &record, &laid.fate(Some(rule)));
        }
        match laid.rules.redundant_beyond(rule, &reach, own, default, &mut ground.budget) {
            Ok(true) => Some(Useless::Redundant),
            Ok(false) => None,
            Err(Exhausted) => Some(Useless::Undecided(Undecided::Exhausted.to_string())),
        }
    }

    /// The records that no rule of a table takes, if there are any.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn gap(&self, table: &Table<'_>) -> Result<Option<Gap>, Undecided> {
        let expanded = expanded(&[table])?;
        let mut ground = self.lay_ground(&[table], &expanded)?;
        let laid = ground.lay(table, expanded.first())?;
        self.gap_of(&mut ground, &laid)
    }

    fn gap_of(&self, ground: &mut Ground, laid: &Laid<'_, '_>) -> Result<Option<Gap>, Undecided> {
        let Some((record, gap)) = ground.left_by(&laid.rules)? else { return Ok(None) };
        self.replayed(laid, &record, &laid.fate(None));
        Ok(Some(gap))
    }

    /// One ground for some tables with their expanded conditions.
    pub(super) fn lay_ground(
        &self,
        tables: &[&Table<'_>],
        expanded: &[Vec<Expr>],
    ) -> Result<Ground, Undecided> {
        let scopes: Vec<&dyn Scope> = tables.iter().map(|table| table.scope).collect();
        let object = tables.first().map_or("", |table| table.object);
        self.ground(object, &scopes, expanded.iter().flatten())
    }

    /// Holds a record against a table as everybody else does.
    pub(super) fn replayed(&self, laid: &Laid<'_, '_>, record: &Record, expected: &Fate) {
        let conditions = laid.conditions.get_or_init(|| self.conditions(laid.table));
        let fate = match conditions {
            Ok(conditions) => laid.table.fate(conditions, record),
            Err(lost) => Err(lost.clone()),
        };
        assert!(
            fate.as_ref() == Ok(expected),
            "{record:?} should have the fate {expected:?}, not {fate:?}"
        );
    }

    /// What becomes of a record, by trying one rule after the other.
    ///
    /// # Errors
    /// A reference that cannot be followed.
    pub fn fate(&self, table: &Table<'_>, record: &Record) -> Result<Fate, Undecided> {
        Ok(table.fate(&self.conditions(table)?, record)?)
    }

    /// The conditions of a table, first that which says what it is about, made ready for any record.
    pub(super) fn conditions<'a>(&self, table: &Table<'a>) -> Result<Program<'a>, ExpandError> {
        let rules = table.rules.iter().map(|rule| rule.when);
        let conditions = table.applies_to.into_iter().chain(rules);
        Program::new(conditions, table.object, table.scope, self.as_of)
    }
}

/// The conditions of some tables with all references followed: first whether a table is about a
/// record, then its rules.
pub(super) fn expanded(tables: &[&Table<'_>]) -> Result<Vec<Vec<Expr>>, ExpandError> {
    let each = |table: &&Table<'_>| -> Result<Vec<Expr>, ExpandError> {
        let not_about = table.applies_to.map(|expr| expr.clone().negated());
        let conditions = not_about.iter().chain(table.rules.iter().map(|rule| rule.when));
        conditions.map(|expr| criteria::expand(expr, table.scope)).collect()
    };
    tables.iter().map(each).collect()
}

impl Table<'_> {
    /// Whether rules of the same names, and the default, send to the same places as those of another
    /// table.
    pub(super) fn sends_as(&self, other: &Self) -> bool {
        let says = |rule: &TableRule<'_>, other: &TableRule<'_>| {
            rule.id == other.id && rule.to == other.to
        };
        self.default == other.default
            && self.applies_to.is_some() == other.applies_to.is_some()
            && self.rules.len() == other.rules.len()
            && self.rules.iter().zip(&other.rules).all(|(rule, other)| says(rule, other))
    }

    /// What becomes of a record, of which its conditions are asked.
    fn fate(&self, conditions: &Program<'_>, record: &Record) -> Result<Fate, ExpandError> {
        let record = conditions.read(record);
        let ahead = usize::from(self.applies_to.is_some());
        if ahead == 1 && !conditions.holds(0, &record)? {
            return Ok(Fate::NotRouted);
        }
        let first = conditions.first(ahead..conditions.len(), &record)?;
        Ok(self.fate_of(first.map(|at| at - ahead)))
    }

    pub(super) fn fate_of(&self, rule: Option<usize>) -> Fate {
        match rule.and_then(|rule| self.rules.get(rule)) {
            Some(rule) => Fate::Rule(rule.id.to_owned(), rule.to.clone()),
            None => Fate::Default(self.default.clone()),
        }
    }
}

impl Fate {
    /// The rule's id, or what stands in place of one.
    pub fn name(&self) -> &str {
        match self {
            Self::NotRouted => NOT_ROUTED,
            Self::Rule(id, _) => id,
            Self::Default(_) => DEFAULT,
        }
    }
}

impl Ground {
    pub(super) fn lay<'t, 'a>(
        &mut self,
        table: &'t Table<'a>,
        conditions: Option<&Vec<Expr>>,
    ) -> Result<Laid<'t, 'a>, Exhausted> {
        let conditions = conditions.into_iter().flatten();
        let regions: Result<Vec<_>, _> = conditions.map(|expr| self.regions(expr)).collect();
        let rules = Rules::new(&self.universe.space, &regions?);
        let ahead = usize::from(table.applies_to.is_some());
        Ok(Laid { table, rules, ahead, conditions: OnceCell::new() })
    }

    /// The records that no rule takes, if there are any, and one of them.
    pub(super) fn left_by(&mut self, rules: &Rules) -> Result<Option<(Record, Gap)>, Exhausted> {
        let all = [Region::everything()];
        let Some(point) = rules.leftover(&all, &mut self.budget)? else { return Ok(None) };
        let record = self.universe.record(&point);
        let described = rules.describe_leftover(&all, SHORT, &mut self.budget).ok();
        let conditions =
            described.as_ref().and_then(|d| self.universe.conditions(&d.regions, SHORT));
        let gap = Gap {
            witness: witness(&record),
            conditions: conditions.as_ref().map(spelled),
            complete: described.is_some_and(|described| described.complete),
            narrow: self.narrow(rules, point).ok().flatten().as_ref().map(spelled),
        };
        Ok(Some((record, gap)))
    }
}

impl Ground {
    /// What all records that no rule takes have in common: fields of which they have only a few of
    /// many values, the narrowest first. One of these records is known.
    fn narrow(&mut self, rules: &Rules, point: Point) -> Result<Option<Expr>, Exhausted> {
        let mut points = vec![point];
        let mut narrow = Vec::new();
        for level in self.universe.space.levels() {
            let count = self.universe.space.classes(level);
            let mut reached = Classes::of(points.iter().map(|point| point.get(level)));
            for class in (0..count).filter(|_| count > 2) {
                let here = Region::everything().with(level, &Classes::one(class));
                let Some(here) = here.filter(|_| !reached.contains(class)) else { continue };
                if let Some(point) = rules.leftover(&[here], &mut self.budget)? {
                    reached.insert(class);
                    points.push(point);
                }
            }
            if reached.len() * 3 <= count {
                let region = Region::everything().with(level, &reached);
                let words = region.and_then(|region| self.universe.condition(&region));
                narrow.extend(words.map(|words| (reached.len() * 1_000 / count, words)));
            }
        }
        narrow.sort_by_key(|(share, _)| *share);
        let words: Vec<Expr> = narrow.into_iter().map(|(_, words)| words).take(SHORT).collect();
        let words = (!words.is_empty()).then(|| Expr::all(words));
        Ok(words.filter(|words| words.to_string().len() <= LONGEST))
    }
}

impl Laid<'_, '_> {
    /// What becomes of records that a rule takes.
    pub(super) fn fate(&self, rule: Option<usize>) -> Fate {
        match rule {
            Some(rule) if rule < self.ahead => Fate::NotRouted,
            Some(rule) => self.table.fate_of(Some(rule - self.ahead)),
            None => self.table.fate_of(None),
        }
    }

    /// A rule's id, or what stands in place of one.
    pub(super) fn name(&self, rule: Option<usize>) -> &str {
        match rule {
            Some(rule) if rule < self.ahead => NOT_ROUTED,
            Some(rule) => self.table.rules.get(rule - self.ahead).map_or(DEFAULT, |rule| rule.id),
            None => DEFAULT,
        }
    }

    /// Where records go that a rule takes; nowhere if the table is not about them.
    pub(super) fn destination(&self, rule: Option<usize>) -> Option<&Destination> {
        match rule {
            Some(rule) if rule < self.ahead => None,
            Some(rule) => {
                let rule = self.table.rules.get(rule - self.ahead);
                Some(rule.map_or(&self.table.default, |rule| &rule.to))
            }
            None => Some(&self.table.default),
        }
    }

    /// Whether the same becomes of records that two rules take.
    pub(super) fn are_alike(&self, one: Option<usize>, other: Option<usize>) -> bool {
        one == other || self.fate(one) == self.fate(other)
    }
}

/// Conditions as text; empty where nothing is asked.
pub(super) fn spelled(conditions: &Expr) -> String {
    if conditions.node == Node::And(Vec::new()) { String::new() } else { conditions.to_string() }
}

/// Each destination that occurs, as a number.
pub(super) struct Outcomes<'t> {
    numbers: BTreeMap<Option<&'t Destination>, u32>,
}

impl<'t> Outcomes<'t> {
    pub(super) fn of<'a: 't>(laid: impl IntoIterator<Item = &'t Laid<'t, 'a>>) -> Self {
        let mut numbers = BTreeMap::from([(None, 0)]);
        for laid in laid {
            let rules = laid.table.rules.iter().map(|rule| &rule.to);
            for to in rules.chain([&laid.table.default]) {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                numbers.entry(Some(to)).or_insert(next);
            }
        }
        Self { numbers }
    }

    pub(super) fn number(&self, destination: Option<&Destination>) -> u32 {
        self.numbers.get(&destination).copied().unwrap_or_default()
    }

    /// The number of each rule of a table.
    pub(super) fn each(&self, laid: &Laid<'_, '_>) -> Vec<u32> {
        (0..laid.rules.len()).map(|rule| self.number(laid.destination(Some(rule)))).collect()
    }
}
