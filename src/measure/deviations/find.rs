//! From opened files to what deviates in them.

use super::case::Case;
use super::checks::{Checks, judge};
use super::earlier::Before;
use super::past::Past;
use super::routes::Suspect;
use super::tally::{Deviations, Gathered, PromiseCount, Selection, Tally, Waiver};
use super::waivers::waive;
use super::{Deviation, Earlier, Kind, NotChecked};
use crate::git::Commit;
use crate::history::{HistoryError, Workspace};
use crate::load::ModelScope;
use crate::measure::RoutingDates;
use crate::measure::columns::Columns;
use crate::measure::sla::Soon;
use crate::measure::standing::{Roster, Whose};
use crate::records::{Field, Form, Opened, Pace, Questions, Read, RecordsError, Row, scan};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// So many records wait to be held against older models at a time.
const BATCH: usize = 2_500;

/// What is looked for.
#[derive(Clone)]
pub struct Finding<'f, 'm> {
    /// The model.
    pub scope: &'f ModelScope<'m>,
    /// The type of the records.
    pub object: &'f str,
    /// Its fields.
    pub fields: &'f [Field],
    /// The instant for which records are judged.
    pub as_of: Timestamp,
    /// When a promise is about to run out.
    pub soon: Soon,
    /// Where older models are found, and the commit from which they are looked for.
    pub history: Option<(&'f Workspace, Commit)>,
    /// Whether fields without a column count as empty.
    pub lenient: bool,
    /// How many threads read.
    pub threads: usize,
    /// Only these kinds; all where none are named.
    pub kinds: &'f [Kind],
    /// Only records of this owner.
    pub owner: Option<&'f str>,
    /// Only records of this team, by its address.
    pub team: Option<&'f str>,
    /// Only what was not there before.
    pub earlier: Option<&'f Earlier>,
    /// No more deviations of each kind are kept than this, the worst of them; each is handed on.
    pub keep: usize,
}

/// What was found of the rows of a block.
#[derive(Default)]
struct Part {
    gathered: Gathered,
    rows: Vec<Vec<Deviation>>,
    /// The rows that are to be held against older models, with what else was found of them.
    suspects: Vec<(Suspect, Vec<Deviation>)>,
}

/// Looks for deviations in opened files. Each is handed on as it is found, with the exceptions that
/// may waive it; [`Deviation::rank`] says in which order they are listed.
///
/// # Errors
/// Where a file cannot be read on, or the history; and what whoever takes them hands back.
pub fn find<E: From<RecordsError> + From<HistoryError>>(
    opened: Vec<Opened<'_>>,
    finding: &Finding<'_, '_>,
    mut each: impl FnMut(&Deviation, &[Waiver]) -> Result<(), E>,
) -> Result<Deviations, E> {
    let columns = Columns::of(&opened, finding.fields);
    let columns = if finding.lenient { columns.lenient() } else { columns };
    let Finding { scope, object, fields, as_of, .. } = *finding;
    let mut questions = Questions::new(object, fields, as_of);
    let checks =
        Checks::ask(&mut questions, scope, object, (&columns, fields), (as_of, finding.soon));
    let selection =
        Selection { kinds: finding.kinds, earlier: finding.earlier, keep: finding.keep };
    let waivers = checks.waivers.iter().map(|waiver| Waiver {
        address: waiver.address.clone(),
        name: waiver.name.clone(),
        reason: waiver.reason.clone(),
        expires: waiver.expires,
        over: waiver.over,
        deviations: 0,
    });
    let forms: Vec<Form> = opened.iter().map(|input| input.form.clone()).collect();
    let mut sink = Sink {
        finding,
        forms: &forms,
        tally: Tally::new(object, selection, waivers.collect()),
        gathered: Gathered::default(),
        past: None,
        waiting: Vec::new(),
    };
    let whose = finding.owner.map(|owner| (owner, checks.roster.find(owner)));
    let teams = finding.team.map(|team| checks.roster.teams_within(team));
    let of_owner =
        |has: (&str, Option<Whose>)| whose.is_none_or(|asked| is_of(&checks.roster, has, asked));
    let of_team = |team: Option<&str>| {
        teams.as_ref().is_none_or(|teams| team.is_some_and(|team| teams.contains(team)))
    };
    let wanted = |case: &Case<'_, '_>| {
        let owner = (case.owner.as_str(), case.whose);
        (whose.is_none() || !case.holder.unsaid)
            && of_owner(owner)
            && of_team(case.holder.team.as_deref())
    };
    let sought = |before: &Before<'_>| {
        let owner = before.owner.unwrap_or_default();
        let kind = before
            .kind
            .is_some_and(|kind| finding.kinds.is_empty() || finding.kinds.contains(&kind));
        kind && of_owner((owner, checks.roster.find(owner))) && of_team(before.team)
    };
    let fresh = || {
        let mut part = Part::default();
        let promises = checks.promises.asked.iter();
        let count = |promise| PromiseCount::new(promise, checks.promises.day_of(promise));
        part.gathered.promises = promises.map(|asked| count(&asked.promise)).collect();
        part
    };
    let take = |part: &mut Part, row: &Row<'_>| {
        let case = Case::new(&checks, row);
        if wanted(&case) {
            part.take(case);
        }
    };
    let pace = Pace::of(finding.threads);
    let read = scan(opened, &questions, pace, fresh, take, |part, _| sink.take(part, &mut each))?;
    let said = (checks.not_checked.clone(), checks.moments.dated_by.clone());
    sink.done(read, said, sought, &mut each)
}

/// Whether a record belongs to somebody: by who they are, by a role, team or queue of theirs, or by
/// what is written.
fn is_of(
    roster: &Roster,
    (owner, has): (&str, Option<Whose>),
    (name, asked): (&str, Option<Whose>),
) -> bool {
    if name.eq_ignore_ascii_case("nobody") {
        return owner.is_empty();
    }
    match (asked, has) {
        (Some(asked), Some(has)) => asked == has,
        (None, Some(has)) => roster.belongs(has, name),
        (_, None) => owner.eq_ignore_ascii_case(name),
    }
}

impl Part {
    fn take(&mut self, mut case: Case<'_, '_>) {
        self.gathered.looked_at += 1;
        if case.whose.is_none() && !case.owner.is_empty() {
            self.gathered.unknown(case.owner.clone(), 1);
        }
        judge(&mut case, &mut self.gathered.promises);
        self.gathered.looked.add(&case.looked);
        let mut found = std::mem::take(&mut case.found);
        for deviation in &mut found {
            waive(&case, deviation);
        }
        match case.suspect.take() {
            Some(mut suspect) => {
                waive(&case, &mut suspect.deviation);
                self.suspects.push((suspect, found));
            }
            None if !found.is_empty() => self.rows.push(found),
            None => {}
        }
    }
}

/// Where everything comes together, in the order of the files.
struct Sink<'f, 'm> {
    finding: &'f Finding<'f, 'm>,
    /// How each input is read.
    forms: &'f [Form],
    tally: Tally<'f>,
    gathered: Gathered,
    past: Option<Past<'f, 'm>>,
    waiting: Vec<(Suspect, Vec<Deviation>)>,
}

impl Sink<'_, '_> {
    fn take<E: From<HistoryError>>(
        &mut self,
        part: Part,
        each: &mut impl FnMut(&Deviation, &[Waiver]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.gathered.merge(part.gathered);
        part.rows.into_iter().try_for_each(|found| self.tally.record(found, each))?;
        self.waiting.extend(part.suspects);
        if self.waiting.len() >= BATCH {
            self.hold_against_past(each)?;
        }
        Ok(())
    }

    fn hold_against_past<E: From<HistoryError>>(
        &mut self,
        each: &mut impl FnMut(&Deviation, &[Waiver]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut suspects, found): (Vec<_>, Vec<_>) = self.waiting.drain(..).unzip();
        if let (None, Some((workspace, tip)), false) =
            (&self.past, &self.finding.history, suspects.is_empty())
        {
            let Finding { scope, object, fields, as_of, .. } = *self.finding;
            let read = (object, fields, self.forms);
            self.past = Some(Past::of(workspace, tip, (scope, as_of), read)?);
        }
        if let Some(past) = &self.past {
            past.judged(&mut suspects)?;
        }
        for (suspect, mut found) in suspects.into_iter().zip(found) {
            found.push(suspect.deviation);
            self.tally.record(found, each)?;
        }
        Ok(())
    }

    fn done<E: From<HistoryError>>(
        mut self,
        read: Read,
        (mut not_checked, dated_by): (Vec<NotChecked>, RoutingDates),
        sought: impl Fn(&Before<'_>) -> bool,
        each: &mut impl FnMut(&Deviation, &[Waiver]) -> Result<(), E>,
    ) -> Result<Deviations, E> {
        self.hold_against_past(each)?;
        if self.finding.history.is_none() {
            not_checked.push(NotChecked {
                kinds: vec![Kind::OlderRevision],
                reason: "there is no history, so older revisions were not asked".to_owned(),
                help: "run this in the Git repository of the model".to_owned(),
                lacks_column: false,
                parts: BTreeSet::new(),
            });
        }
        if self.past.as_ref().is_some_and(|past| past.cut_off) {
            not_checked.push(NotChecked {
                kinds: vec![Kind::OlderRevision],
                reason: "the history was fetched in part only, and older revisions are missing"
                    .to_owned(),
                help: "run `git fetch --unshallow`".to_owned(),
                lacks_column: false,
                parts: BTreeSet::new(),
            });
        }
        let chosen = self.finding.kinds;
        not_checked.retain(|it| {
            chosen.is_empty() || it.kinds.is_empty() || it.kinds.iter().any(|k| chosen.contains(k))
        });
        Ok(self.tally.done(read, self.gathered, (not_checked, dated_by), sought))
    }
}
