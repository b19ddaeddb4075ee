//! Two routing tables: the records that go elsewhere, each in one row, and the proof that no others
//! do.

use super::prover::{Ground, Prover, Undecided};
use super::table::{Fate, Laid, Outcomes, SHORT, Table, expanded, spelled};
use super::universe::Universe;
use super::verdict::{Witness, literal, witness};
use crate::analysis::{self, Budget, Moved, Point, Reach, Region, Rules};
use crate::criteria::{self, Expr, Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Records that go elsewhere: those that one rule takes before and another after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What became of them.
    pub before: Fate,
    /// What becomes of them.
    pub after: Fate,
    /// The conditions that they meet; empty where nothing is asked.
    pub include: String,
    /// The earlier rules, of either table, that take some records that meet these conditions; what
    /// the table is not about at all is not said again.
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
    /// The same in words: `days since x = 8`, `employees = 200`.
    pub words: (String, String),
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
    /// The rules that both tables have and that take records in one of them only: id, and whether
    /// it is the second.
    pub reached: Vec<(String, bool)>,
    /// The rules whose own condition no record meets any more, or some record meets again: id, and
    /// whether it is met now.
    pub met: Vec<(String, bool)>,
}

/// Whether a rule takes records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Fires,
    /// Earlier rules take everything.
    Shadowed,
    /// No record meets its own condition.
    Absurd,
}

impl Prover {
    /// The records that another table sends elsewhere, or that it promises something else.
    pub fn rerouting(&self, before: &Table<'_>, after: &Table<'_>) -> Rerouting {
        match self.rerouted(before, after) {
            Ok(rerouting) => rerouting,
            Err(why) => Rerouting { undecided: vec![why.to_string()], ..Rerouting::default() },
        }
    }

    fn rerouted(&self, before: &Table<'_>, after: &Table<'_>) -> Result<Rerouting, Undecided> {
        let expanded = expanded(&[before, after])?;
        if let [old, new] = expanded.as_slice()
            && before.sends_as(after)
            && are_same(old, new)
        {
            let scopes = [before.scope, after.scope];
            Universe::can_be(before.object, &scopes, expanded.iter().flatten())?;
            return Ok(Rerouting::default());
        }
        let mut ground = self.lay_ground(&[before, after], &expanded)?;
        let old = ground.lay(before, expanded.first())?;
        let new = ground.lay(after, expanded.get(1))?;
        let outcomes = Outcomes::of([&old, &new]);
        let (was, is) = (outcomes.each(&old), outcomes.each(&new));
        let default = |table: &Table<'_>| outcomes.number(table.fate_of(None).destination());
        let one = analysis::Side { rules: &old.rules, outcomes: &was, default: default(before) };
        let other = analysis::Side { rules: &new.rules, outcomes: &is, default: default(after) };
        let moves = analysis::moved(&one, &other, &mut ground.budget);
        let kept = (kept(&old, &new), kept(&new, &old));
        let both = Both { prover: self, ground: &ground, old: &old, new: &new, kept };
        let rows = moves.moved.iter().map(|moved| both.row(moved)).collect();
        let name = |laid: &Laid<'_, '_>, rule| laid.fate(rule).name().to_owned();
        let undecided = moves.undecided.iter().map(|(from, to)| {
            let (from, to) = (name(&old, *from), name(&new, *to));
            format!("from `{from}` to `{to}`: {}", Undecided::Exhausted)
        });
        let mut rerouting =
            Rerouting { rows, undecided: undecided.collect(), ..Rerouting::default() };
        self.lives(&mut ground, (&old, &new), &mut rerouting);
        Ok(rerouting)
    }

    /// Which rules came to life or died; of what is not decided nothing is said.
    fn lives(
        &self,
        ground: &mut Ground,
        (old, new): (&Laid<'_, '_>, &Laid<'_, '_>),
        into: &mut Rerouting,
    ) {
        let untouched = untouched(&old.rules, &new.rules);
        for rule in new.ahead..new.rules.len() {
            if untouched.contains(&rule) {
                continue;
            }
            ground.refill(self.budget);
            let Fate::Rule(id, _) = new.fate(Some(rule)) else { continue };
            let former = (old.ahead..old.rules.len()).find(|at| old.fate(Some(*at)).name() == id);
            let Ok(reach) = new.rules.reach(rule, &mut ground.budget) else { continue };
            // What takes one record in both tables is alive in both.
            if let Reach::Fires(point) = &reach
                && former.is_some_and(|former| old.rules.taken_by(point) == Some(former))
            {
                continue;
            }
            let is = Life::of(&reach);
            let was = former.map(|former| old.rules.reach(former, &mut ground.budget));
            match was {
                None if is == Life::Absurd => into.met.push((id, false)),
                Some(Ok(was)) => {
                    let was = Life::of(&was);
                    if (was == Life::Absurd) != (is == Life::Absurd) {
                        into.met.push((id, was == Life::Absurd));
                    } else if (was == Life::Fires) != (is == Life::Fires) {
                        into.reached.push((id, is == Life::Fires));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether two lists of expanded conditions say the same in the same words.
fn are_same(old: &[Expr], new: &[Expr]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.same(new))
}

impl Life {
    fn of(reach: &Reach) -> Self {
        match reach {
            Reach::Fires(_) => Self::Fires,
            Reach::Shadowed { .. } => Self::Shadowed,
            Reach::Contradiction => Self::Absurd,
        }
    }
}

/// The rules of a list, by place, that take what they took before: with the same condition behind the same
/// rules, but for such as share no record with them.
fn untouched(old: &Rules, new: &Rules) -> BTreeSet<usize> {
    let kept = old.kept_in(new);
    let partners: BTreeSet<usize> = kept.iter().flatten().copied().collect();
    let meets = |rules: &Rules, changed: &[usize], rule: usize| {
        let condition = rules.condition(rule);
        changed.iter().take_while(|at| **at < rule).any(|at| {
            let other = rules.condition(*at);
            other.iter().any(|one| condition.iter().any(|region| region.meets(one)))
        })
    };
    let gone: Vec<usize> = (0..old.len()).filter(|at| kept.get(*at) == Some(&None)).collect();
    let come: Vec<usize> = (0..new.len()).filter(|at| !partners.contains(at)).collect();
    let pairs = kept.iter().enumerate().filter_map(|(before, after)| Some((before, (*after)?)));
    let same =
        pairs.filter(|(before, after)| !meets(old, &gone, *before) && !meets(new, &come, *after));
    same.map(|(_, after)| after).collect()
}

/// For each rule of a table, whether another one has the same rule with the same condition.
fn kept(laid: &Laid<'_, '_>, other: &Laid<'_, '_>) -> Vec<bool> {
    let name = |laid: &Laid<'_, '_>, rule: usize| laid.fate(Some(rule)).name().to_owned();
    let others: BTreeMap<String, usize> =
        (0..other.rules.len()).rev().map(|at| (name(other, at), at)).collect();
    let is_kept = |rule: usize| {
        let there = others.get(&name(laid, rule));
        there.is_some_and(|at| other.rules.condition(*at) == laid.rules.condition(rule))
    };
    (0..laid.rules.len()).map(is_kept).collect()
}

/// Two tables over one ground.
struct Both<'b, 't, 'a> {
    prover: &'b Prover,
    ground: &'b Ground,
    old: &'b Laid<'t, 'a>,
    new: &'b Laid<'t, 'a>,
    /// Which rules of each table the other has as well.
    kept: (Vec<bool>, Vec<bool>),
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
        self.prover.replayed(self.old, record, before);
        self.prover.replayed(self.new, record, after);
    }

    /// The conditions of a row in the words of the language, or as the rules are written, and the
    /// earlier rules that take some of it away.
    ///
    /// Of earlier rules those that both tables have are named; what the others take is what changed,
    /// and is left out of the conditions.
    fn words(&self, moved: &Moved) -> (String, Vec<String>) {
        let universe = &self.ground.universe;
        let mut except: Vec<String> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut changed: Vec<Region> = Vec::new();
        let is_kept = |kept: &[bool], at: usize| kept.get(at).copied().unwrap_or_default();
        for (laid, kept, rule) in
            [(self.old, &self.kept.0, moved.before), (self.new, &self.kept.1, moved.after)]
        {
            for at in laid.rules.meeting(&moved.regions, 0..rule.unwrap_or(laid.rules.len())) {
                if !is_kept(kept, at) {
                    changed.extend(laid.rules.condition(at).iter().cloned());
                }
                // What the table is not about is not said again.
                if let Fate::Rule(name, _) = laid.fate(Some(at))
                    && seen.insert(name.clone())
                {
                    except.push(name);
                }
            }
        }
        let mut budget = Budget::new(self.prover.budget);
        let rest = universe.space.describe(&moved.regions, &changed, SHORT, &mut budget);
        let rest = rest.ok().filter(|rest| rest.complete && !changed.is_empty());
        if let Some(rest) = rest
            && let Some(conditions) = universe.conditions(&rest.regions, SHORT)
        {
            let near = |laid: &Laid<'_, '_>, kept: &[bool], rule: Option<usize>| {
                let near = laid.rules.meeting(&rest.regions, 0..rule.unwrap_or(laid.rules.len()));
                let near = near.into_iter().filter(|at| is_kept(kept, *at));
                near.map(|at| laid.fate(Some(at)).name().to_owned()).collect::<BTreeSet<_>>()
            };
            let old = near(self.old, &self.kept.0, moved.before);
            let new = near(self.new, &self.kept.1, moved.after);
            except.retain(|name| old.contains(name) || new.contains(name));
            return (spelled(&conditions), except);
        }
        let short = universe.conditions(&moved.regions, SHORT);
        (spelled(&short.unwrap_or_else(|| self.both_written(moved))), except)
    }

    /// The conditions of both rules of a row, as they are written.
    fn both_written(&self, moved: &Moved) -> Expr {
        let old = self.written(self.old, moved.before);
        let new = self.written(self.new, moved.after);
        let new = new.filter(|new| !old.as_ref().is_some_and(|old| old.same(new)));
        Expr::all(old.into_iter().chain(new))
    }

    /// The condition of a rule as it is written; written out where what it refers to means
    /// something else in the other revision.
    fn written(&self, laid: &Laid<'_, '_>, rule: Option<usize>) -> Option<Expr> {
        let when = laid.table.rules.get(rule?.checked_sub(laid.ahead)?)?.when;
        let meaning = |laid: &Laid<'_, '_>| criteria::expand(when, laid.table.scope).ok();
        let (old, new) = (meaning(self.old), meaning(self.new));
        let alike = old.as_ref().zip(new.as_ref()).is_some_and(|(old, new)| old.same(new));
        if alike { Some(when.clone()) } else { meaning(laid).or_else(|| Some(when.clone())) }
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
                    // There it moves too, in another row.
                    if there.0.destination() != there.1.destination() {
                        break;
                    }
                    let pick = |cell: usize, last: bool| {
                        let (low, high) = ordered.axis.ends(cell);
                        if last { high } else { low }
                    };
                    let (moves, stays) = (pick(cell, upwards), pick(next, !upwards));
                    let (Some(moves), Some(stays)) = (moves, stays) else { break };
                    let days = ordered.axis.days_at(cell.min(next));
                    let words = days.map(|(direction, below, above)| {
                        let (moves, stays) = if upwards { (below, above) } else { (above, below) };
                        let say = |days| format!("{direction} {field} = {days}");
                        (say(moves), say(stays))
                    });
                    return Some(self.edge_at(
                        field,
                        &moved.witness,
                        (moves, fates),
                        (stays, &there),
                        words,
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
        words: Option<(String, String)>,
    ) -> Edge {
        let record = |(value, fates): (Value, &(Fate, Fate))| {
            let mut record = self.ground.universe.record(point);
            record.set(field, value);
            self.replay(&record, fates);
            witness(&record)
        };
        let (moves, stays) = (record(moves), record(stays));
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
