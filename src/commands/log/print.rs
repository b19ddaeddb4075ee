//! Printing the steps of a history as they come, in the form that was asked for.

use super::{By, Format, Log, Per};
use crate::commands::{Failure, Session};
use crate::history::{Provenances, Step};
use crate::report::{
    Block, Line, Page, TextOptions, csv, csv_line, json, json_line, markdown, text,
};
use crate::view::{
    LOG_COLUMNS, LogCounts, STAT_COLUMNS, StatBy, StatPer, Telling, log_cells, log_lines, log_page,
    log_rows, log_stat_cells, log_stat_page, log_table, log_table_rows,
};

/// A terminal narrower than this breaks lines.
const NARROWEST: usize = 60;

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
            counts: by.map(|by| LogCounts::new(by, per, cosmetic)),
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

    /// Prints a step; whether there was anything to print.
    pub(super) fn step(&mut self, session: &mut Session<'_>, step: &Step) -> Result<bool, Failure> {
        if let Some(counts) = &mut self.counts {
            return Ok(counts.add(step));
        }
        let provenance = self.provenances.of(&step.commit, step.brought_by.as_deref())?;
        let told = match self.format {
            Format::Json => {
                for row in log_rows(step, &provenance) {
                    session.write(&json_line(&row))?;
                }
                return Ok(true);
            }
            Format::Csv => {
                for row in log_cells(step, &provenance) {
                    session.write(&csv_line(&row))?;
                }
                return Ok(true);
            }
            Format::Text if self.full => {
                if self.shown > 0 {
                    session.write("\n")?;
                }
                session.page(&log_page(step, &provenance, self.telling))?;
                return Ok(true);
            }
            Format::Text => {
                let lines = log_lines(step, &provenance, self.telling, self.width);
                session.lines(&lines)?;
                !lines.is_empty()
            }
            Format::Markdown => {
                let rows = log_table_rows(step, &provenance, self.telling);
                let any = !rows.is_empty();
                self.rows.extend(rows);
                any
            }
        };
        if !self.telling.cosmetic {
            let of_form = step.changes.changes.iter().filter(|c| c.is_cosmetic() && !c.is_rename());
            self.of_form += of_form.count();
        }
        Ok(told)
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
                let options = TextOptions { color: session.color, width: usize::MAX };
                session.write(&text(&log_stat_page(&stat, true, self.width), options))
            }
        }
    }
}

impl Session<'_> {
    /// Writes lines as they are: whoever made them knows how wide the terminal is.
    fn lines(&mut self, lines: &[Line]) -> Result<(), Failure> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut page = Page::default();
        page.push(Block::Verbatim(0, lines.to_vec()));
        let options = TextOptions { color: self.color, width: usize::MAX };
        self.write(&text(&page, options))
    }
}
