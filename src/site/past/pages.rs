//! The pages made from history: timeline, register, drift, and what compares and goes back.

use super::chart::{Chart, Mark, Size, Span, chart};
use super::told::{HappenedTold, RevisionTold, RowTold, fitting, revision_told};
use super::{Happened, Past, Row};
use crate::audit::Net;
use crate::site::layout::{Frame, Layout};
use crate::site::names::{page_of, stem};
use crate::site::prose::Text;
use serde::Serialize;
use std::cmp::Reverse;

/// So many changes or revisions are in a page; the others are in the data.
const NEWEST: usize = 200;
/// So many things have a chart of their own on the timeline.
const CHARTS: usize = 60;
/// So many steps are told below a chart.
const STEPS: usize = 5;
/// So much room, in bytes, lists of changes have on a page beside which there is not much.
const ROOM: usize = 330_000;
/// The same on a page with much else.
const LITTLE_ROOM: usize = 150_000;

#[derive(Serialize)]
struct Timeline {
    lead: String,
    chart: Option<Chart>,
    subjects: Vec<Subject>,
    more_subjects: usize,
    revisions: Vec<HappenedTold>,
    more: usize,
}

/// Something that changed, with its way.
#[derive(Serialize)]
struct Subject {
    about: Text,
    name: String,
    verdict: &'static str,
    class: &'static str,
    chart: Option<Chart>,
    steps: Vec<StepTold>,
    more: usize,
}

#[derive(Serialize)]
struct StepTold {
    day: String,
    direction: &'static str,
    follows: bool,
    says: Text,
}

#[derive(Serialize)]
struct Register {
    rows: Vec<RowTold>,
    count: usize,
    pieces: bool,
}

#[derive(Serialize)]
struct Shell {
    revisions: Vec<RevisionTold>,
    count: usize,
}

/// The history of an entity, for its page.
#[derive(Serialize)]
pub(in crate::site) struct Section {
    address: String,
    stem: String,
    chart: Option<Chart>,
    happened: Vec<HappenedTold>,
    /// How many older revisions are in the data alone.
    more: usize,
    /// How many wordings it had.
    wordings: usize,
}

#[derive(Serialize)]
struct Gone<'p> {
    address: &'p str,
    note: Text,
    past: Section,
}

impl Past {
    /// The pages, by path.
    ///
    /// # Errors
    /// The reason, where a template of the tool itself is broken.
    pub(in crate::site) fn pages(&self, layout: &Layout) -> Result<Vec<(String, String)>, String> {
        let mut pages = vec![
            page(layout, ("timeline.html", "Timeline"), "past/timeline.html", self.timeline())?,
            page(layout, ("register.html", "Register"), "past/register.html", self.newest())?,
            page(layout, ("drift.html", "Drift"), "past/drift.html", self.drift_told())?,
            page(layout, ("compare.html", "Compare"), "past/compare.html", self.shell())?,
            page(layout, ("as-of.html", "As it was"), "past/as-of.html", self.shell())?,
        ];
        for (address, name) in self.gone() {
            let told = self.gone_told(address);
            pages.push(page(layout, (&page_of(address), name), "past/gone.html", told)?);
        }
        Ok(pages)
    }

    fn timeline(&self) -> Timeline {
        let span = self.span;
        let marks = self.register.iter().filter_map(Mark::of_row);
        let chart = span.and_then(|span| chart(marks, span, Size::Full));
        let mut nets: Vec<&Net> =
            self.drift.net.iter().filter(|net| !net.steps.is_empty()).collect();
        let direct = |net: &Net| net.steps.iter().filter(|step| !step.indirect).count();
        nets.sort_by_key(|net| (Reverse(direct(net)), Reverse(net.steps.len()), &net.address));
        let subjects = nets.iter().take(CHARTS).map(|net| self.subject(net, span)).collect();
        let newest: Vec<Happened<'_>> = self.lately(NEWEST);
        let newest = newest.iter().map(|happened| self.happened_told(happened));
        let revisions = fitting(newest, LITTLE_ROOM, HappenedTold::room);
        let changed = self.revisions.iter().filter(|revision| super::is_changed(revision)).count();
        Timeline {
            lead: self.lead(),
            chart,
            subjects,
            more_subjects: nets.len().saturating_sub(CHARTS),
            more: changed - revisions.len(),
            revisions,
        }
    }

    /// What the whole history comes to.
    fn lead(&self) -> String {
        let Some((first, last)) = self.revisions.first().zip(self.revisions.last()) else {
            return "Nothing of the model is recorded yet.".to_owned();
        };
        let summary = &self.drift.summary;
        let sum = |count: fn(&super::Revision) -> usize| self.revisions.iter().map(count).sum();
        let (loosened, tightened): (usize, usize) =
            (sum(|revision| revision.loosened), sum(|revision| revision.tightened));
        format!(
            "From {} to {}: {}, {} that somebody wrote and {} that follow from these. \
             {loosened} made something looser, {tightened} made something tighter.",
            first.day,
            last.day,
            crate::view::count(self.revisions.len(), "revision", "revisions"),
            crate::view::count(summary.changes, "change of meaning", "changes of meaning"),
            summary.follow,
        )
    }

    fn subject(&self, net: &Net, span: Option<Span>) -> Subject {
        let marks = net.steps.iter().map(Mark::of_step);
        let (verdict, class) = super::drift::verdict(net.verdict);
        let steps = net.steps.iter().rev().take(STEPS).map(|step| StepTold {
            day: super::drift::day(&step.record_time),
            direction: super::drift::direction(step.direction),
            follows: step.indirect,
            says: super::told::sentence(&step.says),
        });
        Subject {
            about: self.link(&net.address),
            name: net.name.clone(),
            verdict,
            class,
            chart: span.and_then(|span| chart(marks, span, Size::Small)),
            steps: steps.collect(),
            more: net.steps.len().saturating_sub(STEPS),
        }
    }

    fn newest(&self) -> Register {
        // Newest first, and in the order of the register within a revision.
        let numbered: Vec<(usize, &Row)> = self.register.iter().enumerate().collect();
        let revisions = numbered.chunk_by(|(_, a), (_, b)| a.revision == b.revision).rev();
        let rows = revisions.flatten().take(NEWEST);
        let rows = rows.map(|(number, row)| self.row_told(*number, row));
        let rows = fitting(rows, ROOM, RowTold::room);
        let count = self.register.len();
        Register { pieces: count > rows.len(), rows, count }
    }

    fn shell(&self) -> Shell {
        let newest = self.revisions.iter().enumerate().rev().take(NEWEST);
        let by = |number: usize, it| self.written_by(it, self.rows_at(number));
        Shell {
            revisions: newest.map(|(at, it)| revision_told(at, it, by(at, it))).collect(),
            count: self.revisions.len(),
        }
    }

    /// The history of an entity, for its page.
    pub(in crate::site) fn section(&self, address: &str) -> Section {
        let happened = self.timeline_of(address);
        let rows = happened.iter().flat_map(|happened| happened.rows.iter().copied());
        let marks = rows.filter_map(Mark::of_row);
        let versions = self.versions.get(address).map(Vec::as_slice).unwrap_or_default();
        let told = happened.iter().take(NEWEST).map(|it| self.happened_told(it));
        let told = fitting(told, LITTLE_ROOM, HappenedTold::room);
        Section {
            address: address.to_owned(),
            stem: stem(address),
            chart: self.span.and_then(|span| chart(marks, span, Size::Full)),
            more: happened.len() - told.len(),
            wordings: versions.iter().filter(|version| version.is_read()).count(),
            happened: told,
        }
    }

    fn gone_told<'p>(&self, address: &'p str) -> Gone<'p> {
        let last = self.versions.get(address).and_then(|versions| versions.last());
        let day = last.and_then(|last| self.revisions.get(last.at));
        let day = day.map(|revision| revision.day.as_str()).unwrap_or_default();
        let note = match last.map(|last| (&last.now, &last.unreadable)) {
            Some((Some(now), _)) => {
                Text::of(format!("It is not called this any more: since {day} it is "))
                    .then(self.link(now))
            }
            Some((_, Some(_))) => {
                Text::of(format!("The file that holds it cannot be read since {day}"))
            }
            _ => Text::of(format!("It is not part of the model any more: it went on {day}")),
        };
        Gone { address, note: note.plain("."), past: self.section(address) }
    }
}

/// A page by a template, with its path.
fn page(
    layout: &Layout,
    (path, title): (&str, &str),
    template: &str,
    it: impl Serialize,
) -> Result<(String, String), String> {
    let frame = Frame { path, title, ..Frame::default() };
    Ok((path.to_owned(), layout.page(&frame, template, it)?))
}
