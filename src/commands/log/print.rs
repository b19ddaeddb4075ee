//! Printing the steps of a history as they come, in the form that was asked for.

use super::{By, Format, Log, Per};
use crate::commands::kept::build;
use crate::commands::{Failure, Session};
use crate::history::{Provenances, Step};
use crate::report::{
    Block, Line, Page, TextOptions, csv, csv_line, json, json_line, markdown, text,
};
use crate::view::{
    Counted, LOG_COLUMNS, LogCounts, STAT_COLUMNS, StatBy, StatPer, Telling, log_cells, log_lines,
    log_page, log_rows, log_stat_cells, log_stat_page, log_table, log_table_rows,
};
use serde::{Deserialize, Serialize};

/// A terminal narrower than this breaks lines.
const NARROWEST: usize = 60;

/// Counts changes of how steps are shown.
const REVISION: u32 = 2;

/// What is kept of a step that was shown.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Shown {
    /// Its text, and how many changes of form alone that leaves out.
    Text(String, usize),
    /// What is counted of it.
    Counted(Counted),
}

/// Prints the steps of a history as they come.
pub(super) struct Printer<'w> {
    provenances: Provenances<'w>,
    format: Format,
    telling: Telling,
    full: bool,
    /// The columns of the terminal, where lines are cut to them.
    width: Option<usize>,
    counts: Option<LogCounts>,
    rows: Vec<Vec<Line>>,
    /// How many commits were shown.
    pub(super) shown: usize,
    /// How many changes of form alone were left out.
    pub(super) of_form: usize,
}

impl<'w> Printer<'w> {
    pub(super) fn new(
        log: &Log,
        fold: bool,
        provenances: Provenances<'w>,
        session: &Session<'_>,
    ) -> Self {
        let terminal = session.surroundings.stdout_is_terminal;
        let cosmetic = log.is_selective();
        let by = log.stat.map(|by| match by {
            By::Address => StatBy::Address,
            By::Kind => StatBy::Kind,
            By::Impact => StatBy::Impact,
            By::Author => StatBy::Author,
        });
        let per = log.per.map(|per| match per {
            Per::Month => StatPer::Month,
            Per::Quarter => StatPer::Quarter,
            Per::Year => StatPer::Year,
        });
        Self {
            provenances,
            format: log.format,
            telling: Telling { expand: log.expand, cosmetic, fold: !cosmetic && fold },
            full: log.full,
            width: session.surroundings.columns.filter(|_| terminal).map(|it| it.max(NARROWEST)),
            counts: by.map(|by| LogCounts::new(by, per)),
            rows: Vec::new(),
            shown: 0,
            of_form: 0,
        }
    }

    pub(super) fn begin(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        if self.format == Format::Csv && self.counts.is_none() {
            session.write(&csv_line(&LOG_COLUMNS))?;
        }
        Ok(())
    }

    /// In which way steps are shown, and all that this depends on; none where what is shown is not
    /// worth being kept, because programs ask for it, which ask once.
    pub(super) fn way(&self, session: &Session<'_>) -> Option<String> {
        if self.counts.is_some() {
            let build = build().filter(|_| !self.telling.cosmetic)?;
            return Some(format!("log counts {REVISION} {build}"));
        }
        let build = build().filter(|_| self.format == Format::Text)?;
        let (telling, full, width) = (self.telling, self.full, self.width);
        let options = (session.color, session.width);
        Some(format!("log {REVISION} {build} {telling:?} {full} {width:?} {options:?}"))
    }

    /// Prints a step; what is to be kept of that, where it holds for ever.
    pub(super) fn step(
        &mut self,
        session: &mut Session<'_>,
        step: &Step,
    ) -> Result<Option<Shown>, Failure> {
        if self.counts.is_some() {
            let counted = LogCounts::of(step, self.telling.cosmetic);
            self.count(&counted);
            return Ok(Some(Shown::Counted(counted)));
        }
        let provenance = self.provenances.of(&step.commit, step.brought_by.as_deref())?;
        let text = match self.format {
            Format::Json => log_rows(step, &provenance).iter().map(json_line).collect(),
            Format::Csv => log_cells(step, &provenance).iter().map(|row| csv_line(row)).collect(),
            Format::Text if self.full => {
                text(&log_page(step, &provenance, self.telling), session.text_options())
            }
            Format::Text => {
                lines(&log_lines(step, &provenance, self.telling, self.width), session.color)
            }
            Format::Markdown => {
                let rows = log_table_rows(step, &provenance, self.telling);
                self.shown += usize::from(!rows.is_empty());
                self.rows.extend(rows);
                String::new()
            }
        };
        let leaves_out = matches!(self.format, Format::Text | Format::Markdown) && !self.full;
        let mut of_form = 0;
        if leaves_out && !self.telling.cosmetic {
            let cosmetic = step.changes.changes.iter();
            of_form = cosmetic.filter(|c| c.is_cosmetic() && !c.is_rename()).count();
        }
        self.print(session, &text, of_form)?;
        Ok(provenance.lasts().then_some(Shown::Text(text, of_form)))
    }

    /// Prints what was printed before.
    pub(super) fn again(
        &mut self,
        session: &mut Session<'_>,
        shown: &Shown,
    ) -> Result<(), Failure> {
        match shown {
            Shown::Text(text, of_form) => self.print(session, text, *of_form),
            Shown::Counted(counted) => {
                self.count(counted);
                Ok(())
            }
        }
    }

    fn count(&mut self, counted: &Counted) {
        if let Some(counts) = &mut self.counts {
            self.shown += usize::from(counts.add(counted));
        }
    }

    fn print(
        &mut self,
        session: &mut Session<'_>,
        text: &str,
        of_form: usize,
    ) -> Result<(), Failure> {
        self.of_form += of_form;
        if text.is_empty() {
            return Ok(());
        }
        if self.full && self.shown > 0 {
            session.write("\n")?;
        }
        self.shown += 1;
        session.write(text)
    }

    pub(super) fn end(self, session: &mut Session<'_>) -> Result<(), Failure> {
        let Some(counts) = self.counts else {
            return match self.format {
                Format::Markdown => session.write(&markdown(&log_table(self.rows))),
                _ => Ok(()),
            };
        };
        let empty = counts.is_empty();
        let stat = counts.stat();
        match self.format {
            Format::Json => session.write(&json(&stat)),
            Format::Csv => session.write(&csv(&STAT_COLUMNS, log_stat_cells(&stat))),
            _ if empty => Ok(()),
            Format::Markdown => session.write(&markdown(&log_stat_page(&stat, false, None))),
            Format::Text => {
                let options =
                    TextOptions { color: session.color, width: usize::MAX, is_seen: false };
                session.write(&text(&log_stat_page(&stat, true, self.width), options))
            }
        }
    }
}

/// Lines as they are: whoever made them knows how wide the terminal is.
fn lines(lines: &[Line], color: bool) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut page = Page::default();
    page.push(Block::Verbatim(0, lines.to_vec()));
    text(&page, TextOptions { color, width: usize::MAX, is_seen: false })
}
