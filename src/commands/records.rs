//! `opmodel records`: what is in exports of records.

use super::exports::{Reading, Rejecting};
use super::judging::note_doubts;
use super::{Failure, Session};
use crate::history::At;
use crate::load::{self, ModelScope};
use crate::model::field::Object;
use crate::records::{Reject, examine, wanted};
use crate::report::{json, markdown, text};
use crate::view::{DoctorReport, Examined, doctor_page};
use clap::{Args, Subcommand, ValueEnum};

/// Look at exports of records.
#[derive(Debug, Args)]
pub struct Records {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    Doctor(Doctor),
}

/// The forms of a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-doctor` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
}

/// Say what of an export is understood, and what ails it: which column is which field, which fields
/// are missing and what has no answer without them, values that are not declared, cells and rows that
/// cannot be read, and why.
///
/// Files are CSV, JSON Lines or Parquet (where it was built in), packed with gzip or Zstandard or not
/// at all; what parts the cells and how text is encoded is found out.
///
/// Nothing is guessed. A column is a field by what the field is called in the system, by its name or
/// by its id, whatever the letter case and what stands between words. A value of a choice is one that
/// is declared, to the letter, or a label of one. `true`, `yes` and `1` are true, `false`, `no` and `0`
/// false. Numbers and days are read in the one form that `--numbers` and `--dates` or the system say,
/// days with the year first always. Percent signs and the marks of other currencies are not read;
/// an amount in parentheses is below zero.
///
/// Exits with 1 where there are problems.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel records doctor leads.csv\n  opmodel records doctor deals.csv --object opportunity --system salesforce\n  opmodel records doctor leads.csv.gz --dates 31.12.2026 --numbers 1.234,56\n  zcat leads.csv.gz | opmodel records doctor -\n  opmodel records doctor leads.csv --rejects rejects.csv"
)]
struct Doctor {
    /// The files; `-` is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    rejecting: Rejecting,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Records {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        match self.question {
            Question::Doctor(doctor) => doctor.run(session),
        }
    }
}

impl Doctor {
    fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let report = self.report(session)?;
        match self.format {
            Format::Text => {
                let page = text(&doctor_page(&report), session.text_options());
                session.long();
                session.write(&page)?;
            }
            Format::Markdown => session.write(&markdown(&doctor_page(&report)))?,
            Format::Json => session.write(&json(&report))?,
        }
        Ok(u8::from(!report.is_fit()))
    }

    fn report(&self, session: &mut Session<'_>) -> Result<DoctorReport, Failure> {
        let workspace = session.workspace()?;
        let loaded = load::read(workspace.files(&At::WorkTree)?, workspace.limits);
        note_doubts(session, &loaded);
        let model = loaded.model;
        let scope = ModelScope::new(&model);
        let exports = self.reading.exports(session, &scope, &self.files, true)?;
        let mut rejected = self.rejecting.begin(session, &self.files)?;
        let object = model.get(&format!("object.{}", exports.object));
        let key = object.and_then(|object| object.read::<Object>().key_field);
        let key = key.map(|key| key.value.0);
        let as_of = self.reading.as_of(session)?;
        let names: Vec<String> = exports.inputs.iter().map(|input| input.name.clone()).collect();
        let separators: Vec<u8> = exports.inputs.iter().map(|input| input.separator).collect();
        let take = |rejects: &[Reject]| rejected.add(&names, rejects);
        let about = (exports.object.as_str(), key.as_deref());
        let how = (as_of, self.reading.threads());
        let found = examine(exports.inputs, about, &exports.fields, how, take)?;
        rejected.end()?;
        let about = Examined {
            object: &exports.object,
            found: exports.found.as_deref(),
            fields: &exports.fields,
            wanted: &wanted(&scope, &exports.object),
            as_of,
            separators: &separators,
        };
        Ok(DoctorReport::new(&found, &about))
    }
}
