//! `opmodel backtest`: the records of the past through every revision of a definition.

use super::address::help;
use super::effort::whole;
use super::exports::Reading;
use super::output::Forms;
use super::revision::day;
use super::{Failure, Session};
use crate::criteria;
use crate::git::Commit;
use crate::history::{At, Workspace, meanings};
use crate::load::ModelScope;
use crate::measure::{BacktestQuestion, Former, Known, Outcome, Ready, backtest, states};
use crate::model::lifecycle::Lifecycle;
use crate::model::{Entity, Model};
use crate::proof::{DEFAULT_BUDGET, Prover};
use crate::report::{json, markdown, text};
use crate::view::{
    BacktestReport, BacktestTold, ReadRow, RevisionRow, backtest_csv, backtest_page,
};
use clap::{Args, ValueEnum};

/// The forms of a backtest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-backtest` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
    /// For a spreadsheet: a row for each revision.
    Csv,
}

/// The kinds that can be put to the records of the past.
const KINDS: [&str; 4] = ["definition", "icp", "segment", "territory"];

/// Put every revision of a definition or ICP to the records of the past.
///
/// Walks the main line (first parents) for the commits at which what the entity asks for was another, by
/// itself or by what it refers to, and reads the same records through each: how many meet it, how many of the
/// deals that were won and lost do, with precision, recall and lift. The records are the same throughout, so
/// a change of the number is a change of the definition and of nothing else. Beside it each record is judged
/// by what was in force on its own day.
///
/// Outcomes are asked of the same records: a definition of leads needs leads that carry how their deal
/// ended, in a field of their own or by way of a reference to it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel backtest opportunities.csv definition.opportunity\n  opmodel backtest opportunities.csv definition.opportunity --since 2026-01-01 --until 2026-06-30\n  opmodel backtest leads.csv icp.core --won \"outcome = 'Won'\" --lost \"outcome = 'Lost'\"\n  opmodel backtest q1.csv q2.csv definition.opportunity --format csv > revisions.csv\n  opmodel log definition.opportunity                what each commit did to it"
)]
pub struct BacktestCommand {
    /// Files of records (`-` is standard input) and the address to put to them, in any order.
    #[arg(value_name = "FILE|ADDRESS", required = true)]
    free: Vec<String>,
    /// The tip of the main line; `HEAD`, and behind it what is on disk, where none is given.
    #[arg(long, value_name = "REV")]
    tip: Option<String>,
    /// The definition, or the criterion, by which a deal is won; `definition.win` where none is given.
    #[arg(long, value_name = "ADDRESS|CRITERION")]
    won: Option<String>,
    /// The definition, or the criterion, by which a deal is lost; `definition.loss` where none is given.
    #[arg(long, value_name = "ADDRESS|CRITERION")]
    lost: Option<String>,
    /// Only deals that were won or lost on this day or later, by the `happens_at` of the outcome.
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only deals that were won or lost on this day or earlier.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The date field by which a record is judged by what was in force; the `happens_at` of what is asked, else
    /// when the record was made, where none is given.
    #[arg(long, value_name = "FIELD")]
    dated_by: Option<String>,
    #[command(flatten)]
    reading: Reading,
    /// The most steps one exact question may take before it is called undecided.
    #[arg(long, value_name = "STEPS", default_value_t = DEFAULT_BUDGET, value_parser = whole::<u64>, allow_negative_numbers = true)]
    budget: u64,
    #[command(flatten)]
    forms: Forms<Format>,
}

/// The newest state of the model.
struct Newest {
    tip: Commit,
    on_disk: bool,
    model: Model,
    row: RevisionRow,
}

impl BacktestCommand {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        let newest = self.newest(&workspace)?;
        let (files, address) = self.named(session, &newest.model)?;
        self.forms.refuse(&session.directory(), &files)?;
        let entity = entity(&newest.model, &address)?;
        let object = self.object(&newest.model, entity)?;
        let names = names(entity);
        let dated_by = self.dated_by(&newest.model, entity, &object)?;
        let found = meanings(&workspace, &newest.tip, &names)?;
        let cut_off = found.cut_off;
        let on_disk = newest.on_disk.then_some(address.as_str());
        let all = states(found.all, on_disk, &newest.model);
        let now = Former::of_now(newest.model);
        let now = now.ready();
        let won = self.outcome(now.own(), &object, "won")?;
        let lost = self.outcome(now.own(), &object, "lost")?;
        let period = self.period([&won, &lost])?;
        let ready: Vec<Ready<'_>> = all.iter().map(|state| state.former.ready()).collect();
        let known = Known::of(std::iter::once(&now).chain(ready.iter().rev()), &object);
        let started = self.reading.about(&object).start(session, now.own(), &files, true)?;
        let mut inputs = started.records(session, &known.fields)?;
        for input in &mut inputs {
            known.find_columns(input);
        }
        let as_of = self.reading.as_of(session)?;
        let question = BacktestQuestion {
            object: &object,
            prover: Prover { as_of, budget: self.budget },
            known: &known,
            won: &won,
            lost: &lost,
            period,
            dated_by: &dated_by,
            threads: self.reading.threads(),
        };
        let found = backtest(&all, &ready, &now, &question, inputs)?;
        let found = found.map_err(|why| {
            Failure::usage(why, "run `opmodel check`: it says what is wrong and where")
        })?;
        let read = ReadRow::new(&found.read, &object, as_of);
        let told = BacktestTold {
            address,
            newest: newest.row,
            outcomes: [won.told.clone(), lost.told.clone()],
            period: [self.since.clone(), self.until.clone()],
            dated_by,
            cut_off,
        };
        let counts_days = found.counts_days;
        let mut report = BacktestReport::new(&found, told, read);
        report.notes = notes(counts_days, cut_off, &known, &report);
        session.deliver(&self.forms, |format, options| match format {
            Format::Text => text(&backtest_page(&report), options),
            Format::Markdown => markdown(&backtest_page(&report)),
            Format::Json => json(&report),
            Format::Csv => backtest_csv(&report),
        })?;
        Ok(0)
    }

    /// The newest state: what is on disk, or the tip that was named.
    fn newest(&self, workspace: &Workspace) -> Result<Newest, Failure> {
        let repository = workspace.repository()?;
        let spec = self.tip.as_deref().unwrap_or("HEAD");
        let tip = repository.resolve(spec)?;
        let on_disk = self.tip.is_none() && repository.work_dir().is_some();
        let at = if on_disk { At::WorkTree } else { At::Commit(Box::new(tip.clone())) };
        let (rev, commit) = if on_disk {
            ("work tree".to_owned(), None)
        } else {
            (spec.to_owned(), Some(tip.id.to_string()))
        };
        let row = RevisionRow { rev, commit, dated: None };
        Ok(Newest { model: workspace.model(&at)?, tip, on_disk, row })
    }

    /// The files and the address, which stand in any order.
    fn named(
        &self,
        session: &Session<'_>,
        model: &Model,
    ) -> Result<(Vec<String>, String), Failure> {
        let is_address = |word: &&String| {
            let kind = word.split_once('.').map(|(kind, _)| kind);
            let is_file = || session.directory().join(word).exists();
            kind.is_some_and(|kind| KINDS.contains(&kind))
                && (model.get(word).is_some() || !is_file())
        };
        let (addresses, files): (Vec<&String>, Vec<&String>) =
            self.free.iter().partition(is_address);
        let files: Vec<String> = files.into_iter().cloned().collect();
        let other = files
            .iter()
            .find(|word| model.get(word).is_some() && !session.directory().join(word).exists());
        if let Some(other) = other {
            let message = format!("`{other}` is nothing that a single record can meet");
            return Err(Failure::usage(message, format!("name one of {}", candidates(model))));
        }
        match addresses.as_slice() {
            _ if files.is_empty() => Err(Failure::usage(
                "no file of records is named",
                "write `opmodel backtest opportunities.csv definition.opportunity`",
            )),
            [one] => Ok((files, (*one).clone())),
            [] => Err(Failure::usage(
                "it is not said what to put to the records",
                format!("add one of {}", candidates(model)),
            )),
            [_, second, ..] => Err(Failure::usage(
                format!("`{second}` is a second address, and one is put to the records at a time"),
                "run the command once for each",
            )),
        }
    }

    /// The type of the records, which is that of what is put to them.
    fn object(&self, model: &Model, entity: &Entity) -> Result<String, Failure> {
        let scope = ModelScope::new(model);
        let Some(own) = entity.object() else {
            let message = format!("`{}` does not say which records it judges", entity.address);
            return Err(Failure::usage(message, "add `object` to it"));
        };
        if self.reading.names_object() {
            let said = self.reading.object(&scope)?;
            if said != own {
                let message = format!("`{}` judges `{own}` records, not `{said}`", entity.address);
                return Err(Failure::usage(message, "leave `--object` out"));
            }
        }
        Ok(own.to_owned())
    }

    /// The date fields by which a record is judged by what was in force, in the order they are tried.
    fn dated_by(
        &self,
        model: &Model,
        entity: &Entity,
        object: &str,
    ) -> Result<Vec<String>, Failure> {
        let is_date = |path: &str| {
            let field = model.get(&format!("field.{object}.{path}"));
            let kind = field.and_then(|field| field.table.text("type"));
            kind.is_some_and(|kind| matches!(kind, "date" | "datetime"))
        };
        if let Some(path) = &self.dated_by {
            if is_date(path) {
                return Ok(vec![path.clone()]);
            }
            let message = format!("`{object}` records have no date field `{path}`");
            let help = format!("list the fields with `opmodel show 'field.{object}.*'`");
            return Err(Failure::usage(message, help));
        }
        let own = entity.table.text("happens_at").map(str::to_owned);
        let lifecycles = model.each::<Lifecycle>();
        let starts = lifecycles
            .filter(|(entity, _)| entity.object() == Some(object))
            .filter_map(|(_, lifecycle)| lifecycle.starts.map(|starts| starts.value.0));
        let usual = ["created_at", "created_date", "created"].map(str::to_owned);
        let mut found: Vec<String> = Vec::new();
        for path in own.into_iter().chain(starts).chain(usual) {
            if is_date(&path) && !found.contains(&path) {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// How a deal ends: by a definition, or by a criterion.
    fn outcome(
        &self,
        scope: &ModelScope<'_>,
        object: &str,
        which: &str,
    ) -> Result<Outcome, Failure> {
        let (given, usual) = match which {
            "won" => (&self.won, "definition.win"),
            _ => (&self.lost, "definition.loss"),
        };
        let told = given.clone().unwrap_or_else(|| usual.to_owned());
        let model = scope.model();
        let is_address = told.split_once('.').is_some_and(|(kind, _)| KINDS.contains(&kind))
            && !told.contains(' ');
        let parsed = criteria::parse(&told).sound();
        let Some(entity) = model.get(&told).filter(|_| is_address) else {
            if is_address && given.is_some() {
                let message = format!("there is no `{told}`");
                return Err(Failure::usage(message, help(std::slice::from_ref(model), &told)));
            }
            if given.is_none() {
                let message =
                    format!("it is not said which deals were {which}: there is no `{usual}`");
                let help = format!(
                    "add `--{which}` with a definition or a criterion of `{object}` records"
                );
                return Err(Failure::usage(message, help));
            }
            let Some(expr) = parsed else {
                let message = format!("`{told}` is neither an address nor a criterion");
                return Err(Failure::usage(message, "write `definition.win` or `stage = 'Won'`"));
            };
            if let Some(fault) = criteria::check(&expr, object, scope).into_iter().next() {
                let message = format!("`--{which}`: {}", fault.message);
                let help = fault.help.unwrap_or_else(|| {
                    format!("list the fields with `opmodel show 'field.{object}.*'`")
                });
                return Err(Failure::usage(message, help));
            }
            return Ok(Outcome { told, expr, happens_at: None });
        };
        if entity.object() != Some(object) {
            let message = format!(
                "`{told}` judges `{}` records, and these are `{object}` records",
                entity.object().unwrap_or("no")
            );
            return Err(Failure::usage(message, carried(scope, object, entity, which)));
        }
        let expr = parsed.unwrap_or_else(|| criteria::Expr::all([]));
        let happens_at = entity.table.text("happens_at").map(str::to_owned);
        Ok(Outcome { told, expr, happens_at })
    }

    fn period(
        &self,
        outcomes: [&Outcome; 2],
    ) -> Result<(Option<jiff::civil::Date>, Option<jiff::civil::Date>), Failure> {
        let since = self.since.as_deref().map(day).transpose()?;
        let until = self.until.as_deref().map(day).transpose()?;
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            let message = "the period ends before it begins";
            return Err(Failure::usage(message, "exchange `--since` and `--until`"));
        }
        let undated = outcomes.into_iter().find(|outcome| outcome.happens_at.is_none());
        if let Some(outcome) = undated.filter(|_| since.is_some() || until.is_some()) {
            let message = format!("it is not known when `{}` happens", outcome.told);
            let help =
                "name a definition that has a `happens_at`, or leave `--since` and `--until` out";
            return Err(Failure::usage(message, help));
        }
        Ok((since, until))
    }
}

/// The entity that is put to the records.
fn entity<'m>(model: &'m Model, address: &str) -> Result<&'m Entity, Failure> {
    model.get(address).ok_or_else(|| {
        let message = format!("there is no `{address}`");
        Failure::usage(message, help(std::slice::from_ref(model), address))
    })
}

/// The address of an entity, and those it had before.
fn names(entity: &Entity) -> Vec<String> {
    let own = std::iter::once(entity.address.clone());
    own.chain(entity.former_addresses()).map(|address| address.to_string()).collect()
}

/// What can be put to records, for whoever did not say.
fn candidates(model: &Model) -> String {
    const MOST: usize = 8;
    let all = ["definition", "icp"].into_iter().flat_map(|kind| model.of_kind(kind));
    let names: Vec<String> = all.take(MOST).map(|entity| format!("`{}`", entity.address)).collect();
    names.join(", ")
}

/// How records of one object can carry how another ended.
fn carried(scope: &ModelScope<'_>, object: &str, outcome: &Entity, which: &str) -> String {
    let other = outcome.object().unwrap_or_default();
    let fields = scope.model().of_kind("field");
    let own = format!("field.{object}");
    let reference = fields
        .filter(|field| field.address.is_within(&own))
        .find(|field| field.object() == Some(other));
    match reference.and_then(|field| field.address.as_str().rsplit_once('.')) {
        Some((_, name)) => format!(
            "ask the `{other}` that `{name}` leads to: `--{which} \"{name}.…\"`, and export its columns beside the `{object}`"
        ),
        None => format!(
            "declare a field of `{object}` that holds how it ended, or one that refers to its `{other}`; export it, and name it with `--{which} \"outcome = '…'\"`"
        ),
    }
}

fn notes(counts_days: bool, cut_off: bool, known: &Known, report: &BacktestReport) -> Vec<String> {
    let mut notes = Vec::new();
    if counts_days {
        notes.push(format!(
            "days are counted from {} for every record and every revision; only the table by quarter counts from each record's own day",
            report.read.as_of
        ));
    }
    if cut_off {
        notes.push("the history before the first revision was not fetched; `git fetch --unshallow` brings it".to_owned());
    }
    notes.extend(
        known.relabelled.iter().map(|field| {
            format!("`{field}` had other labels once; records are read by those of now")
        }),
    );
    notes
}
