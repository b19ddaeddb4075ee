//! The records of the past through every revision of a definition: what each would have said of the deals
//! that were won and lost, and of the same records.

mod counted;
mod states;

pub use counted::{Adherence, RevisionCount};
pub use states::{Past, states};

use super::declared::Declared;
use super::former::{Gaps, Known, Ready};
use crate::criteria::{self, Expr, Node, Test};
use crate::git::Commit;
use crate::load::ModelScope;
use crate::proof::{Asked as Compared, Prover, Verdict};
use crate::records::{Asked, Opened, Pace, Questions, Read, RecordsError, Slot, scan};
use counted::Counted;
use jiff::Timestamp;
use jiff::civil::Date;
use states::{Says, in_force};
use std::collections::{BTreeMap, BTreeSet};

/// How deals end: a condition of the newest model, and when it happens.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What it is called: the definition, or the criterion as it was written.
    pub told: String,
    /// The condition.
    pub expr: Expr,
    /// The date field of the moment it happens.
    pub happens_at: Option<String>,
}

/// What is asked.
#[derive(Clone, Copy)]
pub struct BacktestQuestion<'a> {
    /// The type of the records, as it is called now.
    pub object: &'a str,
    /// Who compares revisions, and for which instant records are judged.
    pub prover: Prover,
    /// The fields as all revisions know them.
    pub known: &'a Known,
    /// Which deals were won.
    pub won: &'a Outcome,
    /// Which were lost.
    pub lost: &'a Outcome,
    /// The first and the last day on which a deal that counts was won or lost.
    pub period: (Option<Date>, Option<Date>),
    /// The date fields that say when a record is to be judged by what was in force; the first that is set.
    pub dated_by: &'a [String],
    /// How many threads read.
    pub threads: usize,
}

/// A revision of the entity that means something else than the one before.
#[derive(Debug)]
pub struct Revision {
    /// The commit from which on it was so; none for what is on disk.
    pub commit: Option<Commit>,
    /// What the entity was called; none where it was not there.
    pub address: Option<String>,
    /// How it compares with the last revision before it that can be asked; none where there is none.
    pub verdict: Option<Verdict>,
    /// Why it cannot be put to the records.
    pub unanswerable: Option<String>,
    /// From when on it is in force; never for what is on disk.
    pub in_force_from: Option<Timestamp>,
    /// What it makes of the records.
    pub counts: RevisionCount,
}

/// The records of the past through every revision.
#[derive(Debug)]
pub struct Backtest {
    /// What was read.
    pub read: Read,
    /// The revisions, oldest first.
    pub revisions: Vec<Revision>,
    /// How many deals count as won, and how many as lost.
    pub decided: [u64; 2],
    /// How many are both won and lost by what was asked; they count as neither.
    pub both: u64,
    /// How many are neither.
    pub open: u64,
    /// How many were decided outside of the period.
    pub outside: u64,
    /// How many were decided on a day that is not known, where a period was named.
    pub undated: u64,
    /// How records fared under what was in force on their own day, by year and quarter.
    pub adherence: BTreeMap<(i16, i8), Adherence>,
    /// How many records have no day of their own.
    pub dateless: u64,
    /// What of the fields that are asked for is not known.
    pub gaps: Gaps,
    /// Whether some revision counts days: from the instant for which records are judged or, where a record
    /// is judged by what was in force, from its own day.
    pub counts_days: bool,
}

/// A revision as it is asked.
struct Asking<'q, 'm> {
    place: usize,
    is_there: bool,
    asked: Option<Asked>,
    unanswerable: Option<String>,
    verdict: Option<Verdict>,
    declared: Declared,
    in_force_from: Option<Timestamp>,
    /// What it says, where that is another answer on another day.
    by_day: Option<(&'q Expr, &'q ModelScope<'m>)>,
}

/// Everything that is asked.
struct Plan<'a, 'm> {
    revisions: Vec<Asking<'a, 'm>>,
    outcomes: [Asked; 2],
    /// When each outcome happened.
    moments: [Option<Slot>; 2],
    /// When a record is judged by what was in force.
    dated_by: Vec<Slot>,
    question: &'a BacktestQuestion<'a>,
}

/// Puts every revision to the rows of exports. `ready` are the states, `now` the newest model.
///
/// # Errors
/// An export cannot be read. The inner one: an outcome cannot be asked, and why.
pub fn backtest(
    states: &[Past],
    ready: &[Ready<'_>],
    now: &Ready<'_>,
    question: &BacktestQuestion<'_>,
    inputs: Vec<Opened<'_>>,
) -> Result<Result<Backtest, String>, RecordsError> {
    let says: Vec<Says> = states
        .iter()
        .zip(ready)
        .map(|(state, ready)| Says::of(state, ready, question.object))
        .collect();
    let fields = &question.known.fields;
    let mut questions = Questions::new(question.object, fields, question.prover.as_of);
    let mut outcome = |outcome: &Outcome| {
        let asked = questions.condition(now.now(), &outcome.expr);
        asked.map_err(|why| format!("`{}`: {why}", outcome.told))
    };
    let outcomes = match (outcome(question.won), outcome(question.lost)) {
        (Ok(won), Ok(lost)) => [won, lost],
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    let moment = |outcome: &Outcome| outcome.happens_at.clone();
    let moments = [question.won, question.lost].map(moment);
    let moments = moments.map(|path| path.and_then(|path| questions.field(&path)));
    let dated_by = question.dated_by.iter().filter_map(|path| questions.field(path)).collect();
    let revisions = revisions(states, ready, &says, question, &mut questions);
    let plan = Plan { revisions, outcomes, moments, dated_by, question };
    let mut all = Counted::of(&plan);
    let read = scan::<Counted, RecordsError>(
        inputs,
        &questions,
        Pace::of(question.threads),
        || Counted::of(&plan),
        |part, row| part.take(&plan, row),
        |part, _| {
            all.merge(part);
            Ok(())
        },
    )?;
    all.agree(&read);
    let asked = plan.revisions.iter().flat_map(|revision| revision.declared.paths());
    let outcomes = [question.won, question.lost].into_iter();
    let outcomes = outcomes.filter_map(|outcome| criteria::expand(&outcome.expr, now.own()).ok());
    let outcomes: Vec<Expr> = outcomes.collect();
    let own = outcomes.iter().flat_map(criteria::fields).map(|field| field.name().into_owned());
    let asked: BTreeSet<String> = asked.map(str::to_owned).chain(own).collect();
    Ok(Ok(Backtest {
        gaps: question.known.gaps(asked.iter().map(String::as_str), &read),
        counts_days: says.iter().any(|says| matches!(says, Says::Asks(expr) if counts_days(expr))),
        revisions: told(states, plan.revisions, all.revisions),
        decided: all.decided,
        both: all.both,
        open: all.open,
        outside: all.outside,
        undated: all.undated,
        adherence: all.adherence,
        dateless: all.dateless,
        read,
    }))
}

/// The states that mean something else than the one before, asked.
fn revisions<'q, 'm>(
    states: &[Past],
    ready: &'q [Ready<'m>],
    says: &'q [Says],
    question: &BacktestQuestion<'_>,
    questions: &mut Questions<'q>,
) -> Vec<Asking<'q, 'm>> {
    let mut found: Vec<Asking<'q, 'm>> = Vec::new();
    let in_force = in_force(states);
    // The last one that can be asked, while the entity is there.
    let mut last: Option<(&Expr, &Ready<'_>)> = None;
    for (place, ((state, ready), says)) in states.iter().zip(ready).zip(says).enumerate() {
        let begins = in_force.get(place).copied().flatten();
        let mut asking = Asking::of(place, state, begins);
        match says {
            Says::NotThere => {
                last = None;
                // Before it came, and once it is gone, there is nothing more to say.
                if found.last().is_none_or(|last| !last.is_there) {
                    continue;
                }
            }
            Says::Unknown(why) => asking.unanswerable = Some(why.clone()),
            Says::Asks(expr) => {
                let follows = found.last().is_some_and(|last| last.asked.is_some());
                let known = last.map(|last| compare(last, (expr, ready), question));
                if follows && known == Some(Verdict::Equivalent) {
                    found.last_mut().into_iter().for_each(|last| last.restated(state, begins));
                    continue;
                }
                asking.verdict = known;
                asking.ask((expr, ready), last, question, questions);
                if asking.asked.is_some() {
                    last = Some((expr, ready));
                }
            }
        }
        found.push(asking);
    }
    found
}

impl<'q, 'm> Asking<'q, 'm> {
    fn of(place: usize, state: &Past, in_force_from: Option<Timestamp>) -> Self {
        Self {
            place,
            is_there: state.address.is_some(),
            asked: None,
            unanswerable: None,
            verdict: None,
            declared: Declared::default(),
            in_force_from,
            by_day: None,
        }
    }

    /// The same in other words: a day that is named for it only now counts for what it says.
    fn restated(&mut self, state: &Past, begins: Option<Timestamp>) {
        let recorded = state.commit.as_ref().map(|commit| commit.committer_time.seconds);
        if begins.is_some_and(|begins| Some(begins.as_second()) != recorded) {
            self.in_force_from = begins;
        }
    }

    /// Asks what a state says; what was asked last is what it is held against.
    fn ask(
        &mut self,
        (expr, ready): (&'q Expr, &'q Ready<'m>),
        last: Option<(&Expr, &Ready<'m>)>,
        question: &BacktestQuestion<'_>,
        questions: &mut Questions<'q>,
    ) {
        self.unanswerable = question.known.retyped_in(expr, ready, question.object);
        if self.unanswerable.is_some() {
            return;
        }
        let criteria = last.iter().map(|(expr, _)| *expr).chain([expr]);
        let scopes: Vec<&Ready<'_>> = last.iter().map(|(_, ready)| *ready).chain([ready]).collect();
        self.declared = Declared::of(&scopes, question.object, criteria);
        match questions.condition(ready.now(), expr) {
            Ok(asked) => {
                self.asked = Some(asked);
                self.by_day = Some((expr, ready.now())).filter(|_| counts_days(expr));
            }
            Err(why) => self.unanswerable = Some(why.to_string()),
        }
    }
}

fn compare(
    (before, was): (&Expr, &Ready<'_>),
    (after, is): (&Expr, &Ready<'_>),
    question: &BacktestQuestion<'_>,
) -> Verdict {
    if question.known.are_of_one_type() && before.same(after) {
        return Verdict::Equivalent;
    }
    let before = Compared { expr: before, scope: was.now() };
    let after = Compared { expr: after, scope: is.now() };
    question.prover.compare(question.object, before, after)
}

fn told(states: &[Past], asked: Vec<Asking<'_, '_>>, counts: Vec<RevisionCount>) -> Vec<Revision> {
    let revision = |(asking, counts): (Asking<'_, '_>, RevisionCount)| {
        let state = states.get(asking.place)?;
        Some(Revision {
            commit: state.commit.clone(),
            address: state.address.clone(),
            verdict: asking.verdict,
            unanswerable: asking.unanswerable,
            in_force_from: asking.in_force_from,
            counts,
        })
    };
    asked.into_iter().zip(counts).filter_map(revision).collect()
}

/// Whether a criterion counts days from an instant.
fn counts_days(expr: &Expr) -> bool {
    let days = matches!(&expr.node, Node::Atom(atom) if matches!(atom.test, Test::Days { .. }));
    days || expr.operands().iter().any(counts_days)
}
