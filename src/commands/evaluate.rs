//! `opmodel evaluate`: what the records of an export come to under the model.

use super::address::{help as nearest, pattern};
use super::exports::Reading;
use super::judging::{Judging, read_model};
use super::output::{Draft, Forms};
use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::load::ModelScope;
use crate::measure::Columns;
use crate::measure::evaluate::{Evaluation, Judged, Tally, Wanted};
use crate::measure::question::Asking;
use crate::model::{Kind, Model, Pattern, Percent};
use crate::records::{Opened, Pace, Questions, Read, Row, fields, scan};
use crate::report::{html, json, markdown, text};
use crate::view::{
    EvaluateLayout, EvaluateReport, Evaluated, ReadRow, counted, evaluate_page, record_csv,
    record_csv_head, record_json,
};
use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The forms of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: the answers first, then what they are made of.
    Text,
    /// For programs; `opmodel schema output-evaluate` describes it.
    Json,
    /// A row a record, safe to open in a spreadsheet.
    Csv,
    /// A line of JSON a record; `opmodel schema output-evaluate-record` describes it.
    JsonLines,
    /// For a comment or a page.
    Markdown,
    /// One file for a browser, for paper or to be sent on.
    Html,
}

impl Format {
    /// Whether it has a row for each record.
    fn is_rows(self) -> bool {
        matches!(self, Self::Csv | Self::JsonLines)
    }
}

/// Say what the records of a CRM export come to: who fits, who qualifies, where everybody goes.
///
/// Every record is put to the ICPs, definitions, segments, territories, routing tables and stages of
/// its type, and what comes out is added up: how many fit, which criterion alone keeps the most
/// out, how many go where, which rules no record reached, who stands where and may go on, what each
/// metric is and whether somebody must act, which signals fire. Addresses name what is asked; all is
/// where none are given. Every figure says how many records it rests on. A criterion that asks for a
/// column no file has is `not answered`, unless it is the same however the tests of that column turn
/// out.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel evaluate leads.csv\n  opmodel evaluate leads.csv icp.core definition.sql   only these\n  opmodel evaluate deals.csv --object opportunity --as-of 2026-06-30\n  opmodel evaluate leads.csv --by lead_source          by where they come from\n  opmodel evaluate leads.csv --at 2026-01-01           by the model of that day\n  opmodel evaluate leads.csv --format csv > each.csv   what came out for each record\n  opmodel evaluate leads.csv --fail-under icp.core=60%\n  zcat leads.csv.gz | opmodel evaluate - --output html=leads.html"
)]
pub struct Evaluate {
    /// Files, `-` for standard input, and the addresses that are asked.
    #[arg(value_name = "FILE|ADDRESS", required = true)]
    given: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    /// Break the figures down by the values of this field.
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    #[command(flatten)]
    judging: Judging,
    /// Exit with 1 when a smaller share than this fits an ICP or meets a definition, for example
    /// `icp.core=60%`, or when too many rows cannot be read to say so; may be given several times.
    #[arg(long, value_name = "ADDRESS=SHARE", value_parser = least)]
    fail_under: Vec<Least>,
    #[command(flatten)]
    forms: Forms<Format>,
}

/// The smallest share of records that may pass.
#[derive(Debug, Clone)]
struct Least {
    address: String,
    share: Percent,
}

/// `icp.core=60%`.
fn least(text: &str) -> Result<Least, String> {
    let parsed = text.rsplit_once('=').and_then(|(address, share)| {
        let share = Percent::parse(share)?;
        let is_share = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&share.0);
        is_share.then(|| Least { address: address.trim().to_owned(), share })
    });
    let help = "write an address and a share from 0% to 100%, such as `icp.core=60%`";
    parsed.ok_or_else(|| help.to_owned())
}

/// What a block of records came to.
struct Part {
    tally: Tally,
    judged: Judged,
    csv: String,
    lines: String,
}

impl Evaluate {
    pub(super) fn run(mut self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let (files, addresses) = self.named(session)?;
        self.forms.refuse(&session.directory(), &files)?;
        let zone = self.reading.written.time_zone.clone();
        let state = self.judging.state(session, &workspace, zone.as_deref())?;
        let model = read_model(session, &workspace, &state, !self.fail_under.is_empty())?;
        let scope = ModelScope::new(&model);
        let about = about(&scope, &addresses);
        let object = self.reading.written.object.take().or(about);
        self.reading.written.object = object;
        let as_of = self.reading.as_of(session)?;
        let started = self.reading.start(session, &scope, &files, false)?;
        let object = started.object.clone();
        let fields = fields(&scope, &object);
        let opened = started.records(session, &fields)?;
        let columns = Columns::of(&opened, &fields);
        let mut questions = Questions::new(&object, &fields, as_of);
        let by = self.by.clone();
        let wanted = Wanted { as_of, addresses: &addresses, by: by.as_deref() };
        let mut asking = Asking::new(&scope, &mut questions, &columns, &object);
        let evaluation = Evaluation::of(&mut asking, &wanted).map_err(|why| {
            let help = format!("list the fields with `opmodel show 'field.{object}.*'`");
            Failure::usage(format!("`--by`: {why}"), help)
        })?;
        refuse_nothing(&evaluation, &model, &object, &addresses)?;
        self.refuse_unasked(&evaluation)?;
        let (tally, read) = self.scan(session, opened, &questions, &evaluation)?;
        let row = ReadRow::new(&read, &object, as_of);
        let evaluated = Evaluated {
            evaluation: &evaluation,
            tally: &tally,
            read: &read,
            fields: &fields,
            columns: &columns,
        };
        let report =
            EvaluateReport::new(evaluated, state.row(), row, |metric| wanted.covers(metric));
        self.show(session, &report)?;
        Ok(self.verdict(session, &report))
    }

    /// Tells files from addresses: what starts with a kind and is no file is an address.
    fn named(&self, session: &Session<'_>) -> Result<(Vec<String>, Vec<Pattern>), Failure> {
        let directory = session.directory();
        let (mut files, mut addresses) = (Vec::new(), Vec::new());
        for word in &self.given {
            let kind = word.split('.').next().unwrap_or_default();
            let is_address = Kind::of(kind).is_some() && !directory.join(word).exists();
            if is_address {
                addresses.push(pattern(word)?);
            } else {
                files.push(word.clone());
            }
        }
        if files.is_empty() {
            let help = "name a file with records, or `-` for standard input";
            return Err(Failure::usage("no file is named", help));
        }
        if files.iter().filter(|name| *name == "-").count() > 1 {
            let help = "name `-` once";
            return Err(Failure::usage("standard input can be read only once", help));
        }
        Ok((files, addresses))
    }

    /// Puts every record to what is asked, and hands on the rows as they come.
    fn scan(
        &mut self,
        session: &mut Session<'_>,
        opened: Vec<Opened<'static>>,
        questions: &Questions<'_>,
        evaluation: &Evaluation,
    ) -> Result<(Tally, Read), Failure> {
        let files: Vec<String> = opened.iter().map(|input| input.name.clone()).collect();
        let mut rows = Rows::of(session, &mut self.forms)?;
        let (csv, lines) = (rows.wants(Format::Csv), rows.wants(Format::JsonLines));
        if csv {
            rows.write(session, Format::Csv, &record_csv_head(evaluation))?;
        }
        let fresh = || Part {
            tally: Tally::new(evaluation),
            judged: Judged::default(),
            csv: String::new(),
            lines: String::new(),
        };
        let take = |part: &mut Part, row: &Row<'_>| {
            evaluation.judge(row, &mut part.judged);
            part.tally.add(evaluation, row, &part.judged);
            if csv {
                part.csv.push_str(&record_csv(evaluation, &files, row, &part.judged));
            }
            if lines {
                part.lines.push_str(&record_json(evaluation, &files, row, &part.judged));
            }
        };
        let mut tally = Tally::new(evaluation);
        let read =
            scan(opened, questions, Pace::of(self.reading.threads()), fresh, take, |part, _| {
                tally.merge(part.tally);
                rows.write(session, Format::Csv, &part.csv)?;
                rows.write(session, Format::JsonLines, &part.lines)
            })?;
        rows.finish()?;
        Ok((tally, read))
    }

    fn show(&self, session: &mut Session<'_>, report: &EvaluateReport) -> Result<(), Failure> {
        let page = |width| evaluate_page(report, EvaluateLayout::of(width));
        let title = format!("{} records against the model", report.read.object);
        let render = |format, options: crate::report::TextOptions| match format {
            Format::Json => json(report),
            Format::Markdown => markdown(&page(options.width)),
            Format::Html => html(&page(usize::MAX), &title),
            _ => text(&page(options.width), options),
        };
        if self.forms.format.is_rows() {
            if report.read.rejected > 0 {
                let rows = counted(report.read.rejected, "row");
                session.note(&format!(
                    "{rows} could not be read; `opmodel records doctor` lists them"
                ));
            }
            return session.deliver_files(&self.forms, render);
        }
        if self.forms.format == Format::Text {
            session.long();
        }
        session.deliver(&self.forms, render)
    }

    /// Refuses a share of what is not asked, before anything is read.
    fn refuse_unasked(&self, evaluation: &Evaluation) -> Result<(), Failure> {
        let asked = || evaluation.icps.iter().chain(&evaluation.definitions);
        let is_asked = |least: &&Least| asked().any(|fit| fit.address == least.address);
        let Some(least) = self.fail_under.iter().find(|least| !is_asked(least)) else {
            return Ok(());
        };
        let message = format!("`--fail-under`: `{}` is not asked of these records", least.address);
        let near = did_you_mean(&least.address, asked().map(|fit| fit.address.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name an ICP or a definition of these records".to_owned(),
        };
        Err(Failure::usage(message, help))
    }

    /// Whether the shares that were asked for are reached.
    fn verdict(&self, session: &mut Session<'_>, report: &EvaluateReport) -> u8 {
        let mut code = 0;
        for least in &self.fail_under {
            let mut all = report.icps.iter().chain(&report.definitions);
            let Some(fit) = all.find(|fit| fit.address == least.address) else { continue };
            let (pass, records) = (Decimal::from(fit.gate.pass), Decimal::from(fit.gate.records));
            if records.is_zero() && !least.share.0.is_zero() {
                let Least { address, share } = least;
                session.note(&format!(
                    "there is no record, so it cannot be said whether {share} pass `{address}`"
                ));
                code = 1;
                continue;
            }
            if pass * Decimal::ONE_HUNDRED < least.share.0 * records {
                let (pass, records) = (fit.gate.pass, fit.gate.records);
                let open = match fit.gate.not_answered {
                    0 => String::new(),
                    open => format!(" ({open} cannot be judged)"),
                };
                let Least { address, share } = least;
                let said = format!("{pass} of {records} pass `{address}`{open}: less than {share}");
                session.note(&said);
                code = 1;
                continue;
            }
            let rejected = Decimal::from(report.read.rejected);
            if pass * Decimal::ONE_HUNDRED < least.share.0 * (records + rejected) {
                let rows = counted(report.read.rejected, "row");
                let Least { address, share } = least;
                session.note(&format!(
                    "{rows} could not be read, so it cannot be said whether {share} pass `{address}`"
                ));
                code = 1;
            }
        }
        code
    }
}

/// Refuses addresses that ask nothing, and a model that judges no record of the type.
fn refuse_nothing(
    evaluation: &Evaluation,
    model: &Model,
    object: &str,
    addresses: &[Pattern],
) -> Result<(), Failure> {
    for pattern in addresses {
        let mut named = model.entities_near(pattern).peekable();
        if named.peek().is_none() {
            let message = format!("there is no `{}`", pattern.as_str());
            let help = nearest(std::slice::from_ref(model), pattern.as_str());
            return Err(Failure::usage(message, help));
        }
    }
    if !evaluation.is_empty() {
        return Ok(());
    }
    let message = match addresses {
        [] => format!("nothing of the model judges `{object}` records"),
        _ => format!("nothing that is named judges `{object}` records"),
    };
    let help = "name another type with `--object`, or a whole ICP, definition, segment, territory, routing table, lifecycle, metric or signal";
    Err(Failure::usage(message, help))
}

/// Where the rows of records go while they are read.
struct Rows {
    /// The form of standard output, where it is one of rows.
    shown: Option<Format>,
    files: Vec<(Format, Draft)>,
}

impl Rows {
    fn of(session: &Session<'_>, forms: &mut Forms<Format>) -> Result<Self, Failure> {
        let shown = Some(forms.format).filter(|format| format.is_rows());
        let directory = session.directory();
        let taken = forms.take(Format::is_rows).into_iter();
        let draft = |(format, path)| Ok((format, Draft::of(&directory.join(path))?));
        Ok(Self { shown, files: taken.map(draft).collect::<Result<_, Failure>>()? })
    }

    fn wants(&self, format: Format) -> bool {
        self.shown == Some(format) || self.files.iter().any(|(known, _)| *known == format)
    }

    fn write(
        &mut self,
        session: &mut Session<'_>,
        format: Format,
        text: &str,
    ) -> Result<(), Failure> {
        for (_, draft) in self.files.iter_mut().filter(|(known, _)| *known == format) {
            draft.write(text)?;
        }
        if self.shown == Some(format) && !text.is_empty() {
            session.write(text)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        self.files.into_iter().try_for_each(|(_, draft)| draft.finish())
    }
}

/// The type of record that all that is asked is about.
fn about(scope: &ModelScope<'_>, addresses: &[Pattern]) -> Option<String> {
    let near = addresses.iter().flat_map(|pattern| scope.model().entities_near(pattern));
    let objects: BTreeSet<&str> = near.filter_map(|entity| entity.object()).collect();
    match objects.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    }
}
