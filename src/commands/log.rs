//! `opmodel log`: who changed the meaning of what, and when.

use super::revision::named;
use super::{Failure, Session};
use crate::change::{ByForm, Impact};
use crate::git::WalkOptions;
use crate::history::{LogFilter, Steps, day_end, parse_date};
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
    #[arg(short = 'n', long, value_name = "NUMBER")]
    max_count: Option<usize>,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Log {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let named = named(&workspace, &self.free, &self.addresses, 1)?;
        let spec = named.revisions.first().map_or("HEAD", String::as_str);
        let options: WalkOptions = workspace.repository()?.parse_range(spec)?.walk_options();
        let filter = LogFilter {
            addresses: named.addresses,
            since: self.since.as_deref().map(day_start).transpose()?,
            until: self.until.as_deref().map(|text| day(text).map(day_end)).transpose()?,
            author: self.author.clone(),
            kinds: self.kind.clone(),
            impacts: self.impact.iter().map(|word| impact(word)).collect::<Result<_, _>>()?,
        };
        let steps = Steps::new(&workspace, &ByForm, filter, self.first_parent)?;
        let mut shown = 0;
        for step in steps.walk(&options).take(self.max_count.unwrap_or(usize::MAX)) {
            let step = step?;
            shown += 1;
            match self.format {
                Format::Text => {
                    if shown > 1 {
                        session.write("\n")?;
                    }
                    session.page(&log_page(&step))?;
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
        Ok(0)
    }
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
        Failure::usage(message, format!("it may be {}", words.join(", ")))
    })
}
