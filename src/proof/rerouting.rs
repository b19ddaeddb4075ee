//! Two routing tables: the records that go elsewhere, each in one row, and the proof that no others
//! do.

use super::other_days::{MANY_DAYS, OtherDays};
use super::prover::{Ground, Prover, Undecided};
use super::table::{Fate, Laid, Outcomes, Table, expanded};
use super::universe::Universe;
use super::verdict::{Witness, in_words};
use crate::analysis::{self, Reach, Rules};
use crate::criteria::Expr;
use std::collections::BTreeSet;

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
        let found = expanded(&[before, after]).map_err(Undecided::from).and_then(|expanded| {
            let mut found = self.rerouted(before, after, &expanded)?;
            let other = self.on_other_days(before, after, (&expanded, &found));
            found.undecided.extend(other);
            Ok(found)
        });
        match found {
            Ok(rerouting) => rerouting,
            Err(why) => Rerouting { undecided: vec![why.to_string()], ..Rerouting::default() },
        }
    }

    /// Where nothing goes elsewhere: why it is not known that this is so on other days as well.
    fn on_other_days(
        &self,
        before: &Table<'_>,
        after: &Table<'_>,
        (expanded, today): (&[Vec<Expr>], &Rerouting),
    ) -> Option<String> {
        let [old, new] = expanded else { return None };
        if !today.rows.is_empty() || !today.undecided.is_empty() {
            return None;
        }
        let [old, new] = [only_in(old, new), only_in(new, old)];
        let OtherDays { instants, are_more } = OtherDays::of(old.into_iter().chain(new));
        for as_of in instants {
            let then = Self { as_of, ..*self };
            let found = then.rerouted(before, after, expanded).ok()?;
            if let Some(row) = found.rows.first() {
                let (from, to) = (row.before.name(), row.after.name());
                return Some(format!(
                    "on {} none does, and on other days some do, on {} from `{from}` to `{to}`: {}",
                    self.day(),
                    then.day(),
                    in_words(&row.witness)
                ));
            }
        }
        are_more.then(|| MANY_DAYS.to_owned())
    }

    fn rerouted(
        &self,
        before: &Table<'_>,
        after: &Table<'_>,
        expanded: &[Vec<Expr>],
    ) -> Result<Rerouting, Undecided> {
        if let [old, new] = expanded
            && before.sends_as(after)
            && are_same(old, new)
        {
            let scopes = [before.scope, after.scope];
            Universe::can_be(before.object, &scopes, expanded.iter().flatten())?;
            return Ok(Rerouting::default());
        }
        let mut ground = self.lay_ground(&[before, after], expanded)?;
        let old = ground.lay(before, expanded.first())?;
        let new = ground.lay(after, expanded.get(1))?;
        let outcomes = Outcomes::of([&old, &new]);
        let (was, is) = (outcomes.each(&old), outcomes.each(&new));
        let default = |table: &Table<'_>| outcomes.number(table.fate_of(None).destination());
        let one = analysis::Side { rules: &old.rules, outcomes: &was, default: default(before) };
        let other = analysis::Side { rules: &new.rules, outcomes: &is, default: default(after) };
        let moves = analysis::moved(&one, &other, &mut ground.budget);
        let rows = self.rows(&ground, [&old, &new], expanded, &moves.moved);
        let undecided = moves.undecided.iter().map(|(from, to)| {
            let (from, to) = (old.name(*from), new.name(*to));
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
        let untouched = untouched(old, new);
        for rule in new.ahead..new.rules.len() {
            if untouched.contains(&rule) {
                continue;
            }
            ground.refill(self.budget);
            let Fate::Rule(id, _) = new.fate(Some(rule)) else { continue };
            let former = (old.ahead..old.rules.len()).find(|at| old.name(Some(*at)) == id);
            let Ok(reach) = new.rules.reach(rule, new.ahead, &mut ground.budget) else { continue };
            // What takes one record in both tables is alive in both.
            if let Reach::Fires(point) = &reach
                && former.is_some_and(|former| old.rules.taken_by(point) == Some(former))
            {
                continue;
            }
            let is = Life::of(&reach);
            let was = former.map(|former| old.rules.reach(former, old.ahead, &mut ground.budget));
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

/// The conditions of one table that stand nowhere in another one.
fn only_in<'e>(these: &'e [Expr], others: &[Expr]) -> Vec<&'e Expr> {
    if are_same(these, others) {
        return Vec::new();
    }
    let others: BTreeSet<Expr> = others.iter().map(Expr::without_spans).collect();
    these.iter().filter(|expr| !others.contains(&expr.without_spans())).collect()
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

/// The rules of a table, by place, that take what they took before: with the same condition behind the same
/// rules, but for such as share no record with them. Of two rules with one condition either may stand for
/// the other; what became of a rule is said of those of its name alone.
fn untouched(before: &Laid<'_, '_>, after: &Laid<'_, '_>) -> BTreeSet<usize> {
    let (old, new) = (&before.rules, &after.rules);
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
    let same = pairs.filter(|(was, is)| {
        before.name(Some(*was)) == after.name(Some(*is))
            && !meets(old, &gone, *was)
            && !meets(new, &come, *is)
    });
    same.map(|(_, is)| is).collect()
}
