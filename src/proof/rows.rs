//! The records that go elsewhere, row by row: their conditions, an example, its edge, and what becomes
//! of it without a field.

use super::prover::{Ground, Prover};
use super::replay::{Left, Replay};
use super::rerouting::{Edge, Row, Without};
use super::table::{Laid, SHORT, spelled};
use super::universe::Ordered;
use super::verdict::{Witness, literal, witness};
use crate::analysis::{Backdrop, Budget, Moved, Point, Region};
use crate::criteria::{self, ExpandError, Expr, Node, Record, Value};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// The rules that take records, of the table before and of the table after; none for the default.
type Cell = (Option<usize>, Option<usize>);

/// Two tables over one ground.
struct Both<'b, 't, 'a> {
    prover: &'b Prover,
    ground: &'b Ground,
    old: Side<'b, 't, 'a>,
    new: Side<'b, 't, 'a>,
    /// The names of the rules of both.
    names: Vec<&'b str>,
}

/// One of them.
struct Side<'b, 't, 'a> {
    laid: &'b Laid<'t, 'a>,
    expanded: &'b [Expr],
    /// For each rule its place among those that the other table does not have as well; none if it does.
    changed: Vec<Option<usize>>,
    /// The name of each rule; none for what the table is not about.
    names: Vec<Option<usize>>,
    replay: OnceCell<Result<Replay<'t, 'a>, ExpandError>>,
}

/// What stands before the rules of a row.
#[derive(Default)]
struct Earlier {
    /// The names of rules.
    except: Vec<usize>,
    /// Those of them that only one table has, by their places among such.
    changed: Vec<usize>,
}

/// The example of a row, and what it looks like to each table before any of its fields is changed.
struct Example {
    record: Record,
    left: [Result<Left, ExpandError>; 2],
}

/// A value of a field and what becomes of the example of a row with it.
struct There {
    value: Value,
    cell: Cell,
}

impl Prover {
    /// The rows of two tables.
    pub(super) fn rows(
        &self,
        ground: &Ground,
        [old, new]: [&Laid<'_, '_>; 2],
        expanded: &[Vec<Expr>],
        moved: &[Moved],
    ) -> Vec<Row> {
        let [before, after] = expanded else { return Vec::new() };
        if moved.is_empty() {
            return Vec::new();
        }
        let mut names = Names::default();
        let mut count = 0;
        let old = Side::new(old, new, before, &mut names, &mut count);
        let new = Side::new(new, old.laid, after, &mut names, &mut count);
        let changed = [&old, &new].into_iter().flat_map(Side::changed);
        let mut backdrop = Backdrop::new(&ground.universe.space, changed, SHORT);
        let both = Both { prover: self, ground, old, new, names: names.listed };
        moved.iter().map(|moved| both.row(moved, &mut backdrop)).collect()
    }
}

/// Names, each with a number.
#[derive(Default)]
struct Names<'b> {
    numbers: BTreeMap<&'b str, usize>,
    listed: Vec<&'b str>,
}

impl<'b> Names<'b> {
    fn number(&mut self, name: &'b str) -> usize {
        *self.numbers.entry(name).or_insert_with(|| {
            self.listed.push(name);
            self.listed.len() - 1
        })
    }
}

impl<'b, 't, 'a> Side<'b, 't, 'a> {
    /// A table beside another one; what the other does not have as well is counted.
    fn new(
        laid: &'b Laid<'t, 'a>,
        other: &Laid<'_, '_>,
        expanded: &'b [Expr],
        names: &mut Names<'b>,
        count: &mut usize,
    ) -> Self {
        let others: BTreeMap<&str, usize> =
            (0..other.rules.len()).rev().map(|at| (other.name(Some(at)), at)).collect();
        let is_kept = |rule: usize| {
            let there = others.get(laid.name(Some(rule)));
            there.is_some_and(|at| other.rules.condition(*at) == laid.rules.condition(rule))
        };
        let mut changed = Vec::new();
        for rule in 0..laid.rules.len() {
            let kept = is_kept(rule);
            changed.push((!kept).then_some(*count));
            *count += usize::from(!kept);
        }
        let mut name = |rule| (rule >= laid.ahead).then(|| names.number(laid.name(Some(rule))));
        let names = (0..laid.rules.len()).map(&mut name).collect();
        Self { laid, expanded, changed, names, replay: OnceCell::new() }
    }

    /// The conditions of the rules that the other table does not have as well.
    fn changed(&self) -> impl Iterator<Item = &[Region]> {
        let rules = self.changed.iter().enumerate().filter(|(_, changed)| changed.is_some());
        rules.map(|(rule, _)| self.laid.rules.condition(rule))
    }

    /// The rules before one, or all, that meet some regions.
    fn meeting(&self, regions: &[Region], before: Option<usize>) -> Vec<usize> {
        self.laid.rules.meeting(regions, 0..before.unwrap_or(self.laid.rules.len()))
    }

    fn changed_at(&self, rule: usize) -> Option<usize> {
        self.changed.get(rule).copied().flatten()
    }

    fn name_at(&self, rule: usize) -> Option<usize> {
        self.names.get(rule).copied().flatten()
    }

    /// The table, ready for many records.
    fn ready(&self, prover: &Prover) -> Result<&Replay<'t, 'a>, ExpandError> {
        let replay = || Replay::new(self.laid.table, self.expanded, prover.as_of);
        self.replay.get_or_init(replay).as_ref().map_err(ExpandError::clone)
    }

    /// What an example looks like to the table.
    fn left(&self, prover: &Prover, record: &Record) -> Result<Left, ExpandError> {
        self.ready(prover)?.left(record)
    }

    /// Holds an example against the table as everybody else does, with one field changed, perhaps.
    fn replay(
        &self,
        prover: &Prover,
        (record, left): (&Record, &Result<Left, ExpandError>),
        changed: Option<&str>,
        expected: Option<usize>,
    ) {
        let left = left.as_ref().map_err(ExpandError::clone);
        let taken = left.and_then(|left| self.ready(prover)?.taken(record, left, changed));
        let expected = match expected {
            Some(rule) if rule < self.laid.ahead => (false, None),
            rule => (true, rule.map(|rule| rule - self.laid.ahead)),
        };
        assert!(
            taken.as_ref() == Ok(&expected),
            "{record:?} should have the fate {expected:?} in a table, not {taken:?}"
        );
    }
}

impl Both<'_, '_, '_> {
    fn row(&self, moved: &Moved, backdrop: &mut Backdrop<'_>) -> Row {
        let record = self.ground.universe.record(&moved.witness);
        let left = [&self.old, &self.new].map(|side| side.left(self.prover, &record));
        let mut example = Example { record, left };
        self.replay(&example, None, (moved.before, moved.after));
        let (include, except) = self.words(moved, backdrop);
        Row {
            include,
            except,
            witness: witness(&example.record),
            edge: self.edge(moved, &mut example),
            without: self.without(moved, &mut example),
            before: self.old.laid.fate(moved.before),
            after: self.new.laid.fate(moved.after),
        }
    }

    /// Holds an example, with one field changed, perhaps, against both tables.
    fn replay(&self, example: &Example, changed: Option<&str>, (before, after): Cell) {
        let Example { record, left: [old, new] } = example;
        self.old.replay(self.prover, (record, old), changed, before);
        self.new.replay(self.prover, (record, new), changed, after);
    }

    /// The conditions of a row in the words of the language, or as the rules are written, and the
    /// earlier rules that take some of it away.
    ///
    /// Of earlier rules those that both tables have are named; what the others take is what changed,
    /// and is left out of the conditions.
    fn words(&self, moved: &Moved, backdrop: &mut Backdrop<'_>) -> (String, Vec<String>) {
        let universe = &self.ground.universe;
        let sides = [(&self.old, moved.before), (&self.new, moved.after)];
        let Earlier { mut except, changed } = self.earlier(sides, &moved.regions);
        let rest = (!changed.is_empty()).then(|| {
            let mut budget = Budget::new(self.prover.budget);
            backdrop.describe(&moved.regions, &changed, &mut budget).ok()
        });
        let rest = rest.flatten().filter(|rest| rest.complete);
        let said =
            rest.and_then(|rest| Some((universe.conditions(&rest.regions, SHORT)?, rest.regions)));
        let conditions = if let Some((conditions, regions)) = said {
            let near = self.kept_near(sides, &regions);
            except.retain(|name| near.get(*name).copied().unwrap_or_default());
            conditions
        } else if let Some(short) = universe.conditions(&moved.regions, SHORT) {
            self.within_scopes(short, sides, &moved.regions)
        } else {
            // As they are written both rules ask for records that earlier ones take all of, too.
            let regions = moved.met(&self.old.laid.rules, &self.new.laid.rules);
            except = self.earlier(sides, &regions).except;
            self.within_scopes(self.both_written(moved), sides, &regions)
        };
        let except = except.into_iter().filter_map(|name| self.names.get(name));
        (spelled(&conditions), except.map(|name| (*name).to_owned()).collect())
    }

    /// The rules before those of a row that meet some regions.
    fn earlier(
        &self,
        sides: [(&Side<'_, '_, '_>, Option<usize>); 2],
        regions: &[Region],
    ) -> Earlier {
        let mut earlier = Earlier::default();
        let mut seen = vec![false; self.names.len()];
        for (side, rule) in sides {
            for at in side.meeting(regions, rule) {
                earlier.changed.extend(side.changed_at(at));
                // What the table is not about is not said again.
                if let Some(name) = side.name_at(at)
                    && let Some(seen) = seen.get_mut(name).filter(|seen| !**seen)
                {
                    *seen = true;
                    earlier.except.push(name);
                }
            }
        }
        earlier
    }

    /// Of each name whether a rule of that name that both tables have meets some regions, before the rule
    /// of either table that takes them.
    fn kept_near(
        &self,
        sides: [(&Side<'_, '_, '_>, Option<usize>); 2],
        regions: &[Region],
    ) -> Vec<bool> {
        let mut near = vec![false; self.names.len()];
        for (side, rule) in sides {
            let met = side.meeting(regions, rule).into_iter();
            for name in met.filter(|at| side.changed_at(*at).is_none()) {
                if let Some(near) = side.name_at(name).and_then(|name| near.get_mut(name)) {
                    *near = true;
                }
            }
        }
        near
    }

    /// The conditions of both rules of a row, as they are written.
    fn both_written(&self, moved: &Moved) -> Expr {
        let old = self.written(self.old.laid, moved.before);
        let new = self.written(self.new.laid, moved.after);
        let new = new.filter(|new| !old.as_ref().is_some_and(|old| old.same(new)));
        Expr::all(old.into_iter().chain(new))
    }

    /// Conditions, and what the tables are about where the two do not agree on that and it keeps records of
    /// some regions out of a row.
    fn within_scopes(
        &self,
        conditions: Expr,
        sides: [(&Side<'_, '_, '_>, Option<usize>); 2],
        regions: &[Region],
    ) -> Expr {
        let scope = |(side, rule): (&Side<'_, '_, '_>, Option<usize>)| {
            let mut met = side.meeting(regions, rule).into_iter();
            let takes = met.any(|at| at < side.laid.ahead && side.changed_at(at).is_some());
            let applies_to = side.laid.table.applies_to.filter(|_| takes);
            Some(self.spelt_out(side.laid, applies_to?))
        };
        let parts = match conditions.node {
            Node::And(parts) => parts,
            _ => vec![conditions],
        };
        Expr::all(parts.into_iter().chain(sides.into_iter().filter_map(scope)))
    }

    /// The condition of a rule as it is written, or that the table is not about a record; none for the
    /// default.
    fn written(&self, laid: &Laid<'_, '_>, rule: Option<usize>) -> Option<Expr> {
        match rule?.checked_sub(laid.ahead) {
            Some(rule) => Some(self.spelt_out(laid, laid.table.rules.get(rule)?.when)),
            None => Some(self.spelt_out(laid, laid.table.applies_to?).negated()),
        }
    }

    /// A condition of a table as it is written; written out where what it refers to means something else
    /// in the other revision.
    fn spelt_out(&self, laid: &Laid<'_, '_>, condition: &Expr) -> Expr {
        let meaning = |laid: &Laid<'_, '_>| criteria::expand(condition, laid.table.scope).ok();
        let (old, new) = (meaning(self.old.laid), meaning(self.new.laid));
        let alike = old.as_ref().zip(new.as_ref()).is_some_and(|(old, new)| old.same(new));
        if alike { None } else { meaning(laid) }.unwrap_or_else(|| condition.clone())
    }

    /// Along a field with an order, where the witness stops to move: upwards if it does.
    fn edge(&self, moved: &Moved, example: &mut Example) -> Option<Edge> {
        for (field, ordered) in self.ground.universe.ordered() {
            if !moved.regions.iter().any(|region| region.classes(ordered.level).is_some()) {
                continue;
            }
            for upwards in [true, false] {
                if let Some((cell, moves, stays)) = self.end(moved, ordered, upwards) {
                    let days = ordered.axis.days_at(cell);
                    let words = days.map(|(direction, below, above)| {
                        let (moves, stays) = if upwards { (below, above) } else { (above, below) };
                        let say = |days| format!("{direction} {field} = {days}");
                        (say(moves), say(stays))
                    });
                    return Some(self.edge_at(field, example, moves, stays, words));
                }
            }
        }
        None
    }

    /// The last value on the way up or down a field with which the witness moves as it does, and the
    /// first with which it stays; with the lower cell of the two.
    fn end(
        &self,
        moved: &Moved,
        ordered: &Ordered,
        upwards: bool,
    ) -> Option<(usize, There, There)> {
        let space = &self.ground.universe.space;
        let (old, new) = (self.old.laid, self.new.laid);
        let along = [old, new].map(|laid| laid.rules.along(&moved.witness, ordered.level));
        let at = |class: usize| (along[0].taken_by(class), along[1].taken_by(class));
        let mut cell = ordered.cell_of(moved.witness.get(ordered.level))?;
        let mut here = (moved.before, moved.after);
        loop {
            let next = if upwards { Some(cell + 1) } else { cell.checked_sub(1) };
            let next = next.filter(|next| *next < ordered.axis.cells())?;
            let class = ordered.class_of(next)?;
            if space.is_bounded(ordered.level) {
                let mut point = moved.witness.clone();
                point.set(ordered.level, class);
                if !space.admits(&point) {
                    return None;
                }
            }
            let there = at(class);
            if old.are_alike(there.0, moved.before) && new.are_alike(there.1, moved.after) {
                (cell, here) = (next, there);
                continue;
            }
            // There it moves too, in another row.
            if old.destination(there.0) != new.destination(there.1) {
                return None;
            }
            let pick = |cell: usize, last: bool| {
                let (low, high) = ordered.axis.ends(cell);
                if last { high } else { low }
            };
            let moves = There { value: pick(cell, upwards)?, cell: here };
            let stays = There { value: pick(next, !upwards)?, cell: there };
            return Some((cell.min(next), moves, stays));
        }
    }

    fn edge_at(
        &self,
        field: &str,
        example: &mut Example,
        moves: There,
        stays: There,
        words: Option<(String, String)>,
    ) -> Edge {
        let own = example.record.get(field).cloned();
        let mut shown = |There { value, cell }| {
            example.record.set(field, value);
            self.replay(example, Some(field), cell);
            witness(&example.record)
        };
        let (moves, stays) = (shown(moves), shown(stays));
        if let Some(own) = own {
            example.record.set(field, own);
        }
        let words = words.unwrap_or_else(|| {
            let say = |record: &Witness| {
                let value = record.get(field).map_or_else(String::new, literal);
                format!("{field} = {value}")
            };
            (say(&moves), say(&stays))
        });
        Edge { field: field.to_owned(), moves, stays, words }
    }

    /// What becomes of the witness without each field that the conditions ask for.
    fn without(&self, moved: &Moved, example: &mut Example) -> Vec<Without> {
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
                found.push(self.without_one(field, &point, example));
            }
        }
        found
    }

    /// What becomes of an example without a field, which is where a point lies.
    fn without_one(&self, field: &str, point: &Point, example: &mut Example) -> Without {
        let (old, new) = (self.old.laid, self.new.laid);
        let cell = (old.rules.taken_by(point), new.rules.taken_by(point));
        let own = example.record.get(field).cloned();
        example.record.unset(field);
        self.replay(example, Some(field), cell);
        if let Some(own) = own {
            example.record.set(field, own);
        }
        let (before, after) = (old.fate(cell.0), new.fate(cell.1));
        Without { field: field.to_owned(), before, after }
    }
}
