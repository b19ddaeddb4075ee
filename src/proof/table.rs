//! Routing tables for all records there can be: what each rule takes, what nobody takes, and which
//! records go elsewhere under another table.

use super::prover::{Ground, Prover, Undecided};
use super::verdict::{Witness, witness};
use crate::analysis::{self, Exhausted, Moved, Point, Reach, Region, Rules};
use crate::criteria::{self, Expr, Node, Record, Scope, Value};
use std::collections::BTreeMap;

/// A region is described by no more conditions than this, side by side.
const SHORT: usize = 3;

/// A routing table of one revision.
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
pub struct TableRule<'a> {
    /// Its id.
    pub id: &'a str,
    /// Which records it takes, of those no earlier rule took.
    pub when: &'a Expr,
    /// Where they go.
    pub to: Destination,
}

/// Where records go, and what they are promised.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    /// The address they are sent to; none where a rule does not say it.
    pub to: Option<String>,
    /// The promise of time that starts with it.
    pub sla: Option<String>,
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
}

/// Records that go elsewhere: those that one rule takes before and another after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What became of them.
    pub before: Fate,
    /// What becomes of them.
    pub after: Fate,
    /// The conditions that they meet; empty where nothing is asked.
    pub include: String,
    /// The earlier rules, of either table, that take some records that meet these conditions.
    pub except: Vec<String>,
    /// One of them.
    pub witness: Witness,
    /// The last value that moves and the first that does not, with all other fields of the witness
    /// as they are.
    pub edge: Option<Edge>,
    /// What becomes of the witness without a field that the conditions ask for.
    pub without: Vec<Without>,
}

/// Two neighbouring values of a field, one of which makes a record move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The field.
    pub field: String,
    /// The witness with the last value that moves.
    pub moves: Witness,
    /// The witness with the first value that does not.
    pub stays: Witness,
}

/// A record without one of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Without {
    /// The field.
    pub field: String,
    /// What became of it.
    pub before: Fate,
    /// What becomes of it.
    pub after: Fate,
}

/// What another table makes of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rerouting {
    /// The records that go elsewhere, each in one row.
    pub rows: Vec<Row>,
    /// Why it is not known whether others do; empty where it is proved that no others do.
    pub undecided: Vec<String>,
}

/// A table laid out over a universe.
struct Laid<'t, 'a> {
    table: &'t Table<'a>,
    rules: Rules,
    /// Rules in front that stand for records the table is not about.
    ahead: usize,
}

impl Prover {
    /// The rules of a table that are of no use, by place; none for a rule that is.
    ///
    /// # Errors
    /// Why the table as a whole cannot be laid out.
    pub fn useless(&self, table: &Table<'_>) -> Result<Vec<Option<Useless>>, Undecided> {
        let (mut ground, expanded) = self.lay_ground(&[table])?;
        let laid = ground.lay(table, expanded.first())?;
        let outcomes = Outcomes::of([&laid]);
        let own = outcomes.each(&laid);
        let mut found = Vec::new();
        for rule in laid.ahead..laid.rules.len() {
            ground.refill(self.budget);
            found.push(self.use_of(&mut ground, &laid, rule, &own, &outcomes));
        }
        Ok(found)
    }

    fn use_of(
        &self,
        ground: &mut Ground,
        laid: &Laid<'_, '_>,
        rule: usize,
        own: &[u32],
        outcomes: &Outcomes<'_>,
    ) -> Option<Useless> {
        let reach = match laid.rules.reach(rule, &mut ground.budget) {
            Ok(Reach::Fires(point)) => point,
            Ok(Reach::Contradiction) => return Some(Useless::Contradiction),
            Ok(Reach::Shadowed { blockers }) => {
                // What the table is not about is no rule that could be named.
                let named = blockers.into_iter().filter_map(|at| at.checked_sub(laid.ahead));
                return Some(Useless::Shadowed(named.collect()));
            }
            Err(Exhausted) => return Some(Useless::Undecided(Undecided::Exhausted.to_string())),
        };
        let record = ground.universe.record(&reach);
        self.replayed(laid.table, &record, &laid.fate(Some(rule)));
        let default = outcomes.number(laid.table.fate_of(None).destination());
        match laid.rules.redundant(rule, own, default, &mut ground.budget) {
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
        let (mut ground, expanded) = self.lay_ground(&[table])?;
        let laid = ground.lay(table, expanded.first())?;
        let all = [Region::everything()];
        let Some(point) = laid.rules.leftover(&all, &mut ground.budget)? else { return Ok(None) };
        let record = ground.universe.record(&point);
        self.replayed(table, &record, &laid.fate(None));
        let described = laid.rules.describe_leftover(&all, SHORT, &mut ground.budget).ok();
        let conditions =
            described.as_ref().and_then(|d| ground.universe.conditions(&d.regions, SHORT));
        Ok(Some(Gap {
            witness: witness(&record),
            conditions: conditions.as_ref().map(spelled),
            complete: described.is_some_and(|described| described.complete),
        }))
    }

    /// The records that another table sends elsewhere, or that it promises something else.
    pub fn rerouting(&self, before: &Table<'_>, after: &Table<'_>) -> Rerouting {
        match self.rerouted(before, after) {
            Ok(rerouting) => rerouting,
            Err(why) => Rerouting { rows: Vec::new(), undecided: vec![why.to_string()] },
        }
    }

    fn rerouted(&self, before: &Table<'_>, after: &Table<'_>) -> Result<Rerouting, Undecided> {
        let (mut ground, expanded) = self.lay_ground(&[before, after])?;
        let old = ground.lay(before, expanded.first())?;
        let new = ground.lay(after, expanded.get(1))?;
        let outcomes = Outcomes::of([&old, &new]);
        let (was, is) = (outcomes.each(&old), outcomes.each(&new));
        let default = |table: &Table<'_>| outcomes.number(table.fate_of(None).destination());
        let side = |laid: &Laid<'_, '_>, numbers| (laid.rules.clone(), numbers);
        let ((old_rules, was), (new_rules, is)) = (side(&old, was), side(&new, is));
        let one = analysis::Side { rules: &old_rules, outcomes: &was, default: default(before) };
        let other = analysis::Side { rules: &new_rules, outcomes: &is, default: default(after) };
        let moves = analysis::moved(&one, &other, &mut ground.budget);
        let both = Both { prover: self, ground: &ground, old: &old, new: &new };
        let rows = moves.moved.iter().map(|moved| both.row(moved)).collect();
        let name = |laid: &Laid<'_, '_>, rule| laid.fate(rule).name().to_owned();
        let undecided = moves.undecided.iter().map(|(from, to)| {
            let (from, to) = (name(&old, *from), name(&new, *to));
            format!("from `{from}` to `{to}`: {}", Undecided::Exhausted)
        });
        Ok(Rerouting { rows, undecided: undecided.collect() })
    }

    /// One ground for some tables, and their conditions with all references followed: first
    /// whether a table is about a record, then its rules.
    fn lay_ground(&self, tables: &[&Table<'_>]) -> Result<(Ground, Vec<Vec<Expr>>), Undecided> {
        let mut expanded = Vec::new();
        for table in tables {
            let not_about = table.applies_to.map(|expr| expr.clone().negated());
            let conditions = not_about.iter().chain(table.rules.iter().map(|rule| rule.when));
            let conditions: Result<Vec<Expr>, _> =
                conditions.map(|expr| criteria::expand(expr, table.scope)).collect();
            expanded.push(conditions?);
        }
        let scopes: Vec<&dyn Scope> = tables.iter().map(|table| table.scope).collect();
        let object = tables.first().map_or("", |table| table.object);
        let ground = self.ground(object, &scopes, expanded.iter().flatten())?;
        Ok((ground, expanded))
    }

    /// Holds a record against a table as everybody else does.
    fn replayed(&self, table: &Table<'_>, record: &Record, expected: &Fate) {
        let fate = self.fate(table, record);
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
        let holds =
            |expr: &Expr| criteria::evaluate(expr, record, table.object, table.scope, self.as_of);
        if let Some(applies_to) = table.applies_to
            && !holds(applies_to)?
        {
            return Ok(Fate::NotRouted);
        }
        for (at, rule) in table.rules.iter().enumerate() {
            if holds(rule.when)? {
                return Ok(table.fate_of(Some(at)));
            }
        }
        Ok(table.fate_of(None))
    }
}

impl Table<'_> {
    fn fate_of(&self, rule: Option<usize>) -> Fate {
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
            Self::NotRouted => "not routed",
            Self::Rule(id, _) => id,
            Self::Default(_) => "default",
        }
    }
}

impl Ground {
    fn lay<'t, 'a>(
        &mut self,
        table: &'t Table<'a>,
        conditions: Option<&Vec<Expr>>,
    ) -> Result<Laid<'t, 'a>, Exhausted> {
        let conditions = conditions.into_iter().flatten();
        let regions: Result<Vec<_>, _> = conditions.map(|expr| self.regions(expr)).collect();
        let rules = Rules::new(&self.universe.space, &regions?);
        Ok(Laid { table, rules, ahead: usize::from(table.applies_to.is_some()) })
    }
}

impl Laid<'_, '_> {
    /// What becomes of records that a rule takes.
    fn fate(&self, rule: Option<usize>) -> Fate {
        match rule {
            Some(rule) if rule < self.ahead => Fate::NotRouted,
            Some(rule) => self.table.fate_of(Some(rule - self.ahead)),
            None => self.table.fate_of(None),
        }
    }
}

/// Conditions as text; empty where nothing is asked.
fn spelled(conditions: &Expr) -> String {
    if conditions.node == Node::And(Vec::new()) { String::new() } else { conditions.to_string() }
}

/// Each destination that occurs, as a number.
struct Outcomes<'t> {
    numbers: BTreeMap<Option<&'t Destination>, u32>,
}

impl<'t> Outcomes<'t> {
    fn of<'a: 't>(laid: impl IntoIterator<Item = &'t Laid<'t, 'a>>) -> Self {
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

    fn number(&self, destination: Option<&Destination>) -> u32 {
        self.numbers.get(&destination).copied().unwrap_or_default()
    }

    /// The number of each rule of a table.
    fn each(&self, laid: &Laid<'_, '_>) -> Vec<u32> {
        (0..laid.rules.len()).map(|rule| self.number(laid.fate(Some(rule)).destination())).collect()
    }
}

/// Two tables over one ground.
struct Both<'b, 't, 'a> {
    prover: &'b Prover,
    ground: &'b Ground,
    old: &'b Laid<'t, 'a>,
    new: &'b Laid<'t, 'a>,
}

impl Both<'_, '_, '_> {
    fn row(&self, moved: &Moved) -> Row {
        let record = self.ground.universe.record(&moved.witness);
        let fates = (self.old.fate(moved.before), self.new.fate(moved.after));
        self.replay(&record, &fates);
        let (include, except) = self.words(moved);
        Row {
            include,
            except,
            witness: witness(&record),
            edge: self.edge(moved, &fates),
            without: self.without(moved),
            before: fates.0,
            after: fates.1,
        }
    }

    fn replay(&self, record: &Record, (before, after): &(Fate, Fate)) {
        self.prover.replayed(self.old.table, record, before);
        self.prover.replayed(self.new.table, record, after);
    }

    /// The conditions of a row in the words of the language, or as the rules are written, and the
    /// earlier rules that take some of it away.
    fn words(&self, moved: &Moved) -> (String, Vec<String>) {
        let universe = &self.ground.universe;
        let short = universe.conditions(&moved.regions, SHORT);
        let written = |laid: &Laid<'_, '_>, rule: Option<usize>| {
            let at = rule?.checked_sub(laid.ahead)?;
            laid.table.rules.get(at).map(|rule| rule.when.clone())
        };
        let both = || {
            let old = written(self.old, moved.before);
            let new =
                written(self.new, moved.after).filter(|n| !old.as_ref().is_some_and(|o| o.same(n)));
            Expr::all(old.into_iter().chain(new))
        };
        let include = short.unwrap_or_else(both);
        let mut except: Vec<String> = Vec::new();
        for (laid, rule) in [(self.old, moved.before), (self.new, moved.after)] {
            for at in laid.rules.meeting(&moved.regions, 0..rule.unwrap_or(laid.rules.len())) {
                let name = laid.fate(Some(at)).name().to_owned();
                if !except.contains(&name) {
                    except.push(name);
                }
            }
        }
        (spelled(&include), except)
    }

    /// What becomes of a point under both tables.
    fn fates(&self, point: &Point) -> (Fate, Fate) {
        (
            self.old.fate(self.old.rules.taken_by(point)),
            self.new.fate(self.new.rules.taken_by(point)),
        )
    }

    /// Along a field with an order, where the witness stops to move: upwards if it does.
    fn edge(&self, moved: &Moved, fates: &(Fate, Fate)) -> Option<Edge> {
        let universe = &self.ground.universe;
        for (field, ordered) in universe.ordered() {
            let asked = moved.regions.iter().any(|r| r.classes(ordered.level).is_some());
            let Some(start) = ordered.cell_of(moved.witness.get(ordered.level)) else { continue };
            if !asked {
                continue;
            }
            for upwards in [true, false] {
                let mut cell = start;
                loop {
                    let next = if upwards { Some(cell + 1) } else { cell.checked_sub(1) };
                    let Some(next) = next.filter(|next| *next < ordered.axis.cells()) else {
                        break;
                    };
                    let mut point = moved.witness.clone();
                    point.set(ordered.level, ordered.class_of(next)?);
                    if !universe.space.admits(&point) {
                        break;
                    }
                    let there = self.fates(&point);
                    if there == *fates {
                        cell = next;
                        continue;
                    }
                    let pick = |cell: usize, last: bool| {
                        let (low, high) = ordered.axis.ends(cell);
                        if last { high } else { low }
                    };
                    let (moves, stays) = (pick(cell, upwards), pick(next, !upwards));
                    let (Some(moves), Some(stays)) = (moves, stays) else { break };
                    return Some(self.edge_at(
                        field,
                        &moved.witness,
                        (moves, fates),
                        (stays, &there),
                    ));
                }
            }
        }
        None
    }

    fn edge_at(
        &self,
        field: &str,
        point: &Point,
        moves: (Value, &(Fate, Fate)),
        stays: (Value, &(Fate, Fate)),
    ) -> Edge {
        let record = |(value, fates): (Value, &(Fate, Fate))| {
            let mut record = self.ground.universe.record(point);
            record.set(field, value);
            self.replay(&record, fates);
            witness(&record)
        };
        Edge { field: field.to_owned(), moves: record(moves), stays: record(stays) }
    }

    /// What becomes of the witness without each field that the conditions ask for.
    fn without(&self, moved: &Moved) -> Vec<Without> {
        let universe = &self.ground.universe;
        let mut found = Vec::new();
        for (field, variable) in universe.variables() {
            let Some(unset) = variable.unset() else { continue };
            let asked = |level| moved.regions.iter().any(|region| region.classes(level).is_some());
            if unset.holds(&moved.witness) || !unset.parts().any(|(level, _)| asked(level)) {
                continue;
            }
            let mut point = moved.witness.clone();
            for (level, classes) in unset.parts() {
                point.set(level, classes.first().unwrap_or_default());
            }
            universe.clear_patterns(field, &mut point);
            if universe.space.admits(&point) {
                let (before, after) = self.fates(&point);
                let record = universe.record(&point);
                self.replay(&record, &(before.clone(), after.clone()));
                found.push(Without { field: field.to_owned(), before, after });
            }
        }
        found
    }
}
