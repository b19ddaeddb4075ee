//! What a proposal does to real records: both states of a model over one reading of the same rows.
//!
//! LAW: what is counted agrees with what is proved. A record that goes elsewhere outside of the proved
//! rows, or that a proved comparison rules out, ends the tool: it is a bug, never a result.

mod asked;
mod counted;
mod load;
mod members;
mod tables;

pub use load::{Load, Room};
pub use members::Sort;

use super::declared::Declared;
use super::former::{Gaps, Known, Ready};
use super::moved::{Tally, Told};
use crate::change::ChangeSet;
use crate::proof::{Destination, Fate, Prover, Verdict};
use crate::records::{Opened, Pace, Questions, Read, RecordsError, scan};
use asked::{Both, MemberPlan, Plan, TablePlan};
use counted::Counted;
use load::Arrivals;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked.
#[derive(Clone, Copy)]
pub struct ImpactQuestion<'a> {
    /// The type of the records, as it is called now.
    pub object: &'a str,
    /// The exact comparison of both states, for the same instant.
    pub changes: &'a ChangeSet,
    /// Who compares further.
    pub prover: Prover,
    /// The fields as both states know them.
    pub known: &'a Known,
    /// The field that is added up.
    pub sum: Option<&'a str>,
    /// How many threads read.
    pub threads: usize,
}

/// What a proposal does to real records.
#[derive(Debug)]
pub struct Impact {
    /// What was read.
    pub read: Read,
    /// How many records are treated otherwise in any respect.
    pub touched: u64,
    /// The routing tables.
    pub tables: Vec<TableImpact>,
    /// What records are counted among, as far as it means something else.
    pub members: Vec<MemberImpact>,
    /// How many groups of each sort mean the same.
    pub same: BTreeMap<Sort, usize>,
    /// The promises that start with routing, by destination.
    pub loads: Vec<Load>,
    /// The pools that get other records, and how many there is room for.
    pub rooms: Vec<Room>,
    /// What could not be compared, and why.
    pub not_compared: Vec<(String, String)>,
    /// What of the fields that are asked for is not known.
    pub gaps: Gaps,
}

/// What a routing table does to real records.
#[derive(Debug)]
pub struct TableImpact {
    /// Its address.
    pub address: String,
    /// Its address before, where it was another.
    pub former: Option<String>,
    /// Whether each state has it, before and after.
    pub is_there: [bool; 2],
    /// The records by what became of them and what becomes of them; places have their names of now.
    pub cells: BTreeMap<(Fate, Fate), Tally>,
    /// How many come to each destination, before and after, and what they add up to; those that the
    /// promise of a rule does not cover come without one.
    pub arrivals: Arrivals,
    /// Why it was not checked that no other record goes elsewhere; empty where it was.
    pub unchecked: Vec<String>,
    /// How many records that go elsewhere are none that there can be, by what the models say: nothing
    /// is proved of these.
    pub beside_proof: u64,
}

impl TableImpact {
    /// The records that go elsewhere, or are promised something else.
    pub fn moved(&self) -> impl Iterator<Item = (&(Fate, Fate), &Tally)> {
        self.cells.iter().filter(|((before, after), _)| before.destination() != after.destination())
    }

    /// The records that another rule takes, wherever they go.
    pub fn retaken(&self) -> impl Iterator<Item = (&(Fate, Fate), &Tally)> {
        self.cells.iter().filter(|((before, after), _)| {
            before.destination() != after.destination() || before.name() != after.name()
        })
    }
}

/// What becomes of a group of real records.
#[derive(Debug)]
pub struct MemberImpact {
    /// What it is.
    pub sort: Sort,
    /// Its address.
    pub address: String,
    /// Its address before, where it was another.
    pub former: Option<String>,
    /// How both compare for all records there can be; none where only one state has it.
    pub verdict: Option<Verdict>,
    /// Whether each state has it, before and after.
    pub is_there: [bool; 2],
    /// How many records it has, before and after.
    pub records: [u64; 2],
    /// Those that come.
    pub entered: Tally,
    /// Those that go.
    pub left: Tally,
    /// How many that come or go are none that there can be, by what the models say.
    pub beside_proof: u64,
}

/// Puts both states of a model to the rows of exports.
///
/// # Errors
/// An export cannot be read.
pub fn impact<'m>(
    (before, after): (&Ready<'m>, &Ready<'m>),
    question: &ImpactQuestion<'_>,
    inputs: Vec<Opened<'_>>,
) -> Result<Impact, RecordsError> {
    let object = question.object;
    let both = Both::of(before, after, object);
    let fields = &question.known.fields;
    let mut questions = Questions::new(object, fields, question.prover.as_of);
    let plan = both.ask(question, &mut questions);
    let key = after.own().model().get(&format!("object.{object}"));
    let key = key.and_then(|object| object.table.text("key_field"));
    let told = Told {
        key: key.and_then(|path| questions.field(path)),
        sum: question.sum.and_then(|path| questions.field(path)),
    };
    let mut all = Counted::of(&plan);
    let read = scan::<Counted, RecordsError>(
        inputs,
        &questions,
        Pace::of(question.threads),
        || Counted::of(&plan),
        |part, row| part.take(&plan, row, &told),
        |part, _| {
            all.merge(&part);
            Ok(())
        },
    )?;
    all.agree(&read);
    let gaps = gaps(&plan, question.known, &read);
    let Counted { touched, tables, members, .. } = all;
    let tables: Vec<TableImpact> =
        plan.tables.into_iter().zip(&tables).map(|(plan, counted)| table(plan, counted)).collect();
    let members = plan.members.into_iter().zip(members);
    let mut members: Vec<MemberImpact> =
        members.map(|(plan, counted)| member(plan, counted)).collect();
    let mut same = plan.same;
    // Other words, and proved to mean the same: nothing to tell.
    members.retain(|member| {
        let tells = member.verdict != Some(Verdict::Equivalent) || member.beside_proof > 0;
        *same.entry(member.sort).or_default() += usize::from(!tells);
        tells
    });
    same.retain(|_, number| *number > 0);
    let as_of = question.prover.as_of;
    Ok(Impact {
        touched,
        members,
        same,
        loads: load::loads(&tables, (before, after)),
        rooms: load::rooms(&tables, (before, after), as_of),
        not_compared: plan.not_compared,
        gaps,
        tables,
        read,
    })
}

/// What of the fields that are asked for is not known.
fn gaps(plan: &Plan, known: &Known, read: &Read) -> Gaps {
    let tables = plan.tables.iter().flat_map(|table| [&table.declared, &table.promised]);
    let all = tables.chain(plan.members.iter().map(|member| &member.declared));
    let asked: BTreeSet<&str> = all.flat_map(Declared::paths).collect();
    known.gaps(asked, read)
}

fn table(plan: TablePlan, counted: &counted::TableCount) -> TableImpact {
    let mut cells: BTreeMap<(Fate, Fate), Tally> = BTreeMap::new();
    for ((before, after), tally) in &counted.cells {
        let fate = |fates: &[Fate], at: usize| fates.get(at).cloned();
        if let (Some(before), Some(after)) =
            (fate(&plan.fates[0], *before), fate(&plan.fates[1], *after))
        {
            cells.entry((before, after)).or_default().merge(tally);
        }
    }
    let mut arrivals = Arrivals::new();
    for (side, (counted, fates)) in counted.arrivals.iter().zip(&plan.fates).enumerate() {
        for ((at, is_covered), tally) in counted {
            let Some(to) = fates.get(*at).and_then(Fate::destination) else { continue };
            let sla = to.sla.clone().filter(|_| *is_covered);
            let all =
                arrivals.entry(Destination { to: to.to.clone(), sla, is_gap: false }).or_default();
            if let Some((records, sum)) = all.get_mut(side) {
                *records += tally.records;
                *sum = sum.saturating_add(tally.sum);
            }
        }
    }
    TableImpact {
        arrivals,
        address: plan.address,
        former: plan.former,
        is_there: [plan.same || plan.asked[0].is_some(), plan.asked[1].is_some()],
        cells,
        unchecked: plan.unchecked,
        beside_proof: counted.beside_proof,
    }
}

fn member(plan: MemberPlan, counted: counted::MemberCount) -> MemberImpact {
    MemberImpact {
        sort: plan.sort,
        address: plan.address,
        former: plan.former,
        verdict: plan.verdict,
        is_there: plan.asked.map(|asked| asked.is_some()),
        records: counted.records,
        entered: counted.entered,
        left: counted.left,
        beside_proof: counted.beside_proof,
    }
}

#[cfg(test)]
mod tests;
