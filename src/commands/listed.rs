//! The list of deviations in the forms that hold all of them, which may be more than fit into memory.

use super::output::Draft;
use super::sorted::Sorted;
use super::{Failure, Session};
use crate::measure::deviations::{Deviation, Waiver};
use crate::view::{DeviationRow, DeviationsReport, deviations_csv_head, deviations_json_ends};
use std::path::PathBuf;

/// A form that holds every deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// A row of CSV each.
    Csv,
    /// The list of a report in JSON.
    Json,
}

/// Every deviation in one form, and where it goes: into a file, or to standard output.
pub(super) struct List {
    form: Whole,
    to: Option<PathBuf>,
    rows: Sorted,
}

impl List {
    /// Nothing yet.
    pub(super) fn new(form: Whole, to: Option<PathBuf>) -> Self {
        Self { form, to, rows: Sorted::default() }
    }

    /// Takes up a deviation of a record in one of some files.
    pub(super) fn add(
        &mut self,
        deviation: &Deviation,
        waivers: &[Waiver],
        files: &[String],
    ) -> Result<(), Failure> {
        let row = DeviationRow::new(deviation, waivers, files);
        let row = match self.form {
            Whole::Csv => row.csv(),
            Whole::Json => row.json(),
        };
        self.rows.add(deviation.rank(), row)
    }

    /// Writes all of them, the worst first, with the report around them.
    pub(super) fn write(
        self,
        session: &mut Session<'_>,
        report: &DeviationsReport,
    ) -> Result<(), Failure> {
        let Self { form, to, rows } = self;
        let Some(path) = to else {
            return whole(form, rows, report, |text| session.write(text));
        };
        let mut draft = Draft::of(&session.directory().join(path))?;
        whole(form, rows, report, |text| draft.write(text))?;
        draft.finish()
    }
}

fn whole(
    form: Whole,
    rows: Sorted,
    report: &DeviationsReport,
    mut write: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if form == Whole::Csv {
        let empty = ",".repeat(report.selection.columns().len());
        write(&deviations_csv_head(&report.selection))?;
        return rows.each(|row| match row.strip_suffix('\n') {
            Some(cells) if !empty.is_empty() => write(&format!("{cells}{empty}\n")),
            _ => write(row),
        });
    }
    let (before, behind) = deviations_json_ends(report);
    write(&before)?;
    let mut is_first = true;
    rows.each(|row| {
        write(if is_first { "\n" } else { ",\n" })?;
        is_first = false;
        write(row)
    })?;
    write(if is_first { "" } else { "\n  " })?;
    write(behind)
}
