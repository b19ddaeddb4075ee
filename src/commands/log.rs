//! `opmodel log`: who changed the meaning of what, and when.

use super::address::{help, is_known, model_at};
use super::revision::named;
use super::{Failure, Session};
use crate::change::{ByForm, CATALOGUE, Impact};
use crate::finding::did_you_mean;
use crate::git::WalkOptions;
use crate::history::{At, LogFilter, Step, Steps, Workspace, day_end, parse_date};
use crate::model::Pattern;
use crate::proof::DEFAULT_BUDGET;
use crate::report::json_line;
use crate::view::{log_page, log_rows};
use clap::{Args, ValueEnum};

/// The forms of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object a line and change; `opmodel schema output-log` describes it.
    Json,
}

/// Say who changed the meaning of what, commit by commit, newest first.
///
/// Commits that changed no entity are left out. A revision that cannot be read is an entry of its
/// own, and never the end. A merge is shown only with what it changed itself, against every parent.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel log                            the whole history of the model\n  opmodel log definition.mql             of one definition\n  opmodel log main..HEAD                 of this branch\n  opmodel log --since 2026-01-01 --impact loosening,undecided\n  opmodel log --kind 'sla-*' --format json"
)]
pub struct Log {
    /// A revision or range, then addresses such as `definition.mql`.
    #[arg(value_name = "RANGE|ADDRESS")]
    free: Vec<String>,
    /// Addresses only.
    #[arg(last = true, value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// Only what was recorded on or after this day (UTC).
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only what was recorded on or before this day (UTC).
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only commits by an author whose name or address contains this.
    #[arg(long, value_name = "TEXT")]
    author: Option<String>,
    /// Only these kinds of change; a last `*` stands for any ending.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// Only changes that are breaking, loosening, tightening, shifting, undecided, additive or
    /// cosmetic.
    #[arg(long, value_name = "IMPACT", value_delimiter = ',')]
    impact: Vec<String>,
    /// Follow only the first parent of merges: what happened on the main line.
    #[arg(long)]
    first_parent: bool,
    /// At most this many commits.
    #[arg(short = 'n', long, value_name = "NUMBER", value_parser = number)]
    max_count: Option<usize>,
    /// Compare every change for all records there can be, as `diff` does; slower, because the
    /// whole model of each commit that changes a criterion is read.
    #[arg(long)]
    exact: bool,
    /// List what follows from a change elsewhere too, instead of counting it.
    #[arg(long, requires = "exact")]
    expand: bool,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Log {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        let named = named(&workspace, &self.free, &self.addresses, 1)?;
        let spec = named.revisions.first().map_or("HEAD", String::as_str);
        let range = workspace.repository()?.parse_range(spec)?;
        let options: WalkOptions = range.walk_options();
        for wanted in &self.kind {
            known_kind(wanted)?;
        }
        let mut unseen = named.addresses.clone();
        let filter = LogFilter {
            addresses: named.addresses,
            since: self.since.as_deref().map(day_start).transpose()?,
            until: self.until.as_deref().map(|text| day(text).map(day_end)).transpose()?,
            author: self.author.clone(),
            kinds: self.kind.clone(),
            impacts: self.impact.iter().map(|word| impact(word)).collect::<Result<_, _>>()?,
        };
        let mut steps = Steps::new(&workspace, &ByForm, filter, self.first_parent)?;
        if self.exact {
            steps = steps.exactly(DEFAULT_BUDGET);
        }
        let mut shown = 0;
        for step in steps.walk(&options).take(self.max_count.unwrap_or(usize::MAX)) {
            let step = step?;
            shown += 1;
            unseen.retain(|pattern| !is_about(&step, pattern));
            match self.format {
                Format::Text => {
                    if shown > 1 {
                        session.write("\n")?;
                    }
                    session.page(&log_page(&step, self.expand))?;
                }
                Format::Json => {
                    for row in log_rows(&step) {
                        session.write(&json_line(&row))?;
                    }
                }
            }
        }
        if shown == 0 {
            session.note("no commit changed what was asked for");
        }
        let tip = At::Commit(Box::new(range.after().clone()));
        note_unknown(session, &workspace, &tip, &unseen)?;
        Ok(0)
    }
}

/// Says which addresses name nothing, now or before; they may have named something once.
fn note_unknown(
    session: &mut Session<'_>,
    workspace: &Workspace,
    tip: &At,
    patterns: &[Pattern],
) -> Result<(), Failure> {
    if patterns.is_empty() {
        return Ok(());
    }
    let models = [model_at(workspace, tip)?];
    for pattern in patterns {
        if !models.iter().any(|model| is_known(model, pattern)) {
            let address = pattern.as_str();
            session.note(&format!("there is no `{address}`; {}", help(&models, address)));
        }
    }
    Ok(())
}

/// Whether a step tells something about an address.
fn is_about(step: &Step, pattern: &Pattern) -> bool {
    step.changes.changes.iter().any(|change| {
        let previous = change.previous.iter();
        previous.chain([&change.address]).any(|address| pattern.covers(address.as_str()))
    })
}

fn number(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| "write a whole number, for example `10`")
}

/// Refuses a kind of change that there is not.
fn known_kind(wanted: &str) -> Result<(), Failure> {
    let found = match wanted.strip_suffix('*') {
        Some(start) => CATALOGUE.kinds().any(|kind| kind.id.starts_with(start)),
        None => CATALOGUE.get(wanted).is_some(),
    };
    if found {
        return Ok(());
    }
    let kinds = CATALOGUE.kinds().map(|kind| kind.id.as_str());
    let help = match did_you_mean(wanted, kinds) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "list the kinds with `opmodel kinds`; a last `*` stands for any ending".to_owned(),
    };
    Err(Failure::usage(format!("there is no kind of change `{wanted}`"), help))
}

fn day(text: &str) -> Result<jiff::civil::Date, Failure> {
    parse_date(text).ok_or_else(|| {
        let message = format!("`{text}` is not a date");
        Failure::usage(message, "write year, month and day: 2026-06-30")
    })
}

fn day_start(text: &str) -> Result<i64, Failure> {
    let date = day(text)?;
    Ok(day_end(date.yesterday().unwrap_or(date)) + 1)
}

fn impact(word: &str) -> Result<Impact, Failure> {
    Impact::of(word).ok_or_else(|| {
        let words: Vec<&str> = Impact::ALL.iter().map(|impact| impact.word()).collect();
        let message = format!("there is no impact `{word}`");
        let help = match did_you_mean(word, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", words.join(", ")),
        };
        Failure::usage(message, help)
    })
}
