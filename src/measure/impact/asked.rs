//! What is asked of every record, of both states, and what may come of it by what is proved.

use super::super::declared::Declared;
use super::super::former::{Known, Ready};
use super::ImpactQuestion;
use super::members::{Member, Sort, members};
use super::tables::{AskedTable, TableSide, rule_now, tables};
use crate::criteria::Expr;
use crate::proof::{self, Destination, Fate, Verdict};
use crate::records::{Asked, Questions};
use std::collections::{BTreeMap, BTreeSet};

/// The groups and tables of both states, before anything is asked.
pub(super) struct Both<'s, 'a> {
    pub(super) states: [&'s Ready<'a>; 2],
    tables: [BTreeMap<String, TableSide<'s, 'a>>; 2],
    members: [BTreeMap<(Sort, String), Member>; 2],
}

/// A table as it is asked.
pub(super) struct TablePlan {
    pub(super) address: String,
    pub(super) former: Option<String>,
    /// What can become of records, before and after; a state without the table routes none.
    pub(super) fates: [Vec<Fate>; 2],
    /// How it is asked before and after; where both make the same of every record, only after.
    pub(super) asked: [Option<AskedTable>; 2],
    pub(super) same: bool,
    /// Whom the promise of each fate covers, before and after; none where it covers everybody, or there is
    /// no promise.
    pub(super) covers: [Vec<Option<Asked>>; 2],
    /// What is asked for that.
    pub(super) promised: Declared,
    /// The moves to another place that are proved to be all there are; none where that is not known.
    pub(super) proved: Option<BTreeSet<(usize, usize)>>,
    pub(super) unchecked: Vec<String>,
    pub(super) declared: Declared,
}

/// A group as it is asked.
pub(super) struct MemberPlan {
    pub(super) sort: Sort,
    pub(super) address: String,
    pub(super) former: Option<String>,
    pub(super) asked: [Option<Asked>; 2],
    /// How both compare; none where only one state has it.
    pub(super) verdict: Option<Verdict>,
    pub(super) declared: Declared,
}

/// Everything that is asked.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) tables: Vec<TablePlan>,
    pub(super) members: Vec<MemberPlan>,
    /// How many groups of each sort mean the same.
    pub(super) same: BTreeMap<Sort, usize>,
    /// What could not be asked, and why.
    pub(super) not_compared: Vec<(String, String)>,
}

impl<'s, 'a> Both<'s, 'a> {
    pub(super) fn of(before: &'s Ready<'a>, after: &'s Ready<'a>, object: &str) -> Self {
        Self {
            states: [before, after],
            tables: [tables(before, object), tables(after, object)],
            members: [members(before, object), members(after, object)],
        }
    }

    /// Asks everything in which the two states differ, and every table.
    pub(super) fn ask<'q>(
        &'q self,
        question: &ImpactQuestion<'_>,
        questions: &mut Questions<'q>,
    ) -> Plan
    where
        's: 'q,
    {
        let mut plan = Plan::default();
        let addresses: BTreeSet<&String> = self.tables.iter().flat_map(BTreeMap::keys).collect();
        for address in addresses {
            match self.table(address, question, questions) {
                Ok(table) => plan.tables.push(table),
                Err(why) => plan.not_compared.push((address.clone(), why)),
            }
        }
        let groups: BTreeSet<&(Sort, String)> =
            self.members.iter().flat_map(BTreeMap::keys).collect();
        for group in groups {
            match self.member(group, question, questions) {
                Ok(Some(member)) => plan.members.push(member),
                Ok(None) => *plan.same.entry(group.0).or_default() += 1,
                Err(why) => plan.not_compared.push((group.1.clone(), why)),
            }
        }
        plan
    }

    fn table<'q>(
        &'q self,
        address: &String,
        question: &ImpactQuestion<'_>,
        questions: &mut Questions<'q>,
    ) -> Result<TablePlan, String>
    where
        's: 'q,
    {
        let sides = self.tables.each_ref().map(|side| side.get(address));
        for side in sides.into_iter().flatten() {
            side.obstacle(question.known).map_or(Ok(()), Err)?;
        }
        let same = matches!(sides, [Some(before), Some(after)] if before.same(after));
        let mut ask =
            |side: Option<&'q TableSide<'s, 'a>>| side.map(|side| side.ask(questions)).transpose();
        let asked = [if same { None } else { ask(sides[0])? }, ask(sides[1])?];
        let mut fates =
            sides.map(|side| side.map_or_else(|| vec![Fate::NotRouted], |side| side.fates.clone()));
        // Where the default is a gap now it counts as one before as well.
        if let [before, after] = &mut fates
            && let Some(is_gap) = after.iter().find_map(gap)
        {
            for fate in before.iter_mut() {
                *fate = of_gap(fate, is_gap);
            }
        }
        let mut promised: Vec<&Expr> = Vec::new();
        let covers = [0, 1].map(|side| {
            let Some((state, members)) = self.states.get(side).zip(self.members.get(side)) else {
                return Vec::new();
            };
            let mut covers = |sla: String| {
                let says = members.get(&(Sort::Sla, sla))?.says.as_ref().ok()?;
                if question.known.retyped(says).is_some() {
                    return None;
                }
                promised.push(says);
                questions.condition(state.now(), says).ok()
            };
            let mut asked: BTreeMap<String, Option<Asked>> = BTreeMap::new();
            let of_fate = |fate: &Fate| fate.destination()?.sla.clone();
            let all = fates.get(side).into_iter().flatten();
            all.map(|fate| {
                *asked.entry(of_fate(fate)?).or_insert_with_key(|sla| covers(sla.clone()))
            })
            .collect()
        });
        let former = sides[0].map(|before| before.address.to_string());
        let (proved, unchecked) = match sides {
            [Some(was), Some(_)] => {
                let now = |id: &str| rule_now(was.address.as_str(), id, self.states[0]);
                moves(address, &fates, &now, question)
            }
            _ => (None, Vec::new()),
        };
        let conditions = sides.into_iter().flatten().flat_map(TableSide::conditions);
        Ok(TablePlan {
            former: former.filter(|former| former != address),
            address: address.clone(),
            declared: Declared::of(&self.states, question.object, conditions),
            fates,
            asked,
            same,
            covers,
            promised: Declared::of(&self.states, question.object, promised),
            proved,
            unchecked,
        })
    }

    /// A group of both states, or of one; none where it means the same in both.
    fn member<'q>(
        &'q self,
        group: &(Sort, String),
        question: &ImpactQuestion<'_>,
        questions: &mut Questions<'q>,
    ) -> Result<Option<MemberPlan>, String>
    where
        's: 'q,
    {
        let sides = self.members.each_ref().map(|side| side.get(group));
        let says = |side: Option<&'q Member>| {
            side.map(|member| member.says.as_ref().map_err(Clone::clone)).transpose()
        };
        let says: [Option<&'q Expr>; 2] = [says(sides[0])?, says(sides[1])?];
        for expr in says.into_iter().flatten() {
            question.known.retyped(expr).map_or(Ok(()), Err)?;
        }
        let verdict = match says {
            [Some(before), Some(after)] if same(before, after, question.known) => return Ok(None),
            [Some(before), Some(after)] => Some(self.compare(before, after, question)),
            _ => None,
        };
        let mut ask = |state: &'q Ready<'a>, expr: Option<&Expr>| {
            let asked = expr.map(|expr| questions.condition(state.now(), expr));
            asked.transpose().map_err(|why| why.to_string())
        };
        let asked = [ask(self.states[0], says[0])?, ask(self.states[1], says[1])?];
        let former = sides[0].map(|before| before.address.to_string());
        Ok(Some(MemberPlan {
            sort: group.0,
            former: former.filter(|former| *former != group.1),
            address: group.1.clone(),
            asked,
            verdict,
            declared: Declared::of(&self.states, question.object, says.into_iter().flatten()),
        }))
    }

    fn compare(&self, before: &Expr, after: &Expr, question: &ImpactQuestion<'_>) -> Verdict {
        let asked = |expr, state: &'s Ready<'a>| proof::Asked { expr, scope: state.now() };
        let sides = [asked(before, self.states[0]), asked(after, self.states[1])];
        question.prover.compare(question.object, sides[0], sides[1])
    }
}

/// Whether two criteria are the same, of fields that are.
fn same(before: &Expr, after: &Expr, known: &Known) -> bool {
    known.are_of_one_type() && before.same(after)
}

/// The moves to another place that are proved to be all there are, and why they may not be.
fn moves(
    address: &str,
    fates: &[Vec<Fate>; 2],
    now: &dyn Fn(&str) -> String,
    question: &ImpactQuestion<'_>,
) -> (Option<BTreeSet<(usize, usize)>>, Vec<String>) {
    let routes = question.changes.routes.iter();
    let mut rerouted = routes.filter(|table| table.routing.as_str() == address);
    let Some(table) = rerouted.next() else { return (Some(BTreeSet::new()), Vec::new()) };
    if !table.is_exact() {
        return (None, table.rerouting.undecided.clone());
    }
    let place = |fates: &[Fate], fate: &Fate| fates.iter().position(|other| alike(other, fate));
    // A row tells what became of records in the words of before.
    let was = |fate: &Fate| match fate {
        Fate::Rule(id, to) => Fate::Rule(now(id), to.clone()),
        other => other.clone(),
    };
    let pairs = table.rerouting.rows.iter().filter_map(|row| {
        Some((place(&fates[0], &was(&row.before))?, place(&fates[1], &row.after)?))
    });
    (Some(pairs.collect()), Vec::new())
}

/// Whether the default is a gap.
fn gap(fate: &Fate) -> Option<bool> {
    match fate {
        Fate::Default(to) => Some(to.is_gap),
        _ => None,
    }
}

fn of_gap(fate: &Fate, is_gap: bool) -> Fate {
    match fate {
        Fate::Default(to) => Fate::Default(Destination { is_gap, ..to.clone() }),
        other => other.clone(),
    }
}

/// Whether two fates are the same rule of a table, or both none.
fn alike(one: &Fate, other: &Fate) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other) && one.name() == other.name()
}
