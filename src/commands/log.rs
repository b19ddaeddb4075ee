//! `opmodel log`: who changed the meaning of what, and when.

mod print;

use super::address::{help, is_known, model_at};
use super::drift::no_model;
use super::effort::whole;
use super::revision::{day, named};
use super::{Failure, Session};
use crate::change::{CATALOGUE, Change, Impact, Level, Verb};
use crate::finding::did_you_mean;
use crate::git::{Range, WalkOptions, WalkOrder};
use crate::history::{At, LogFilter, Provenances, Step, Steps, Told, Workspace};
use crate::history::{day_end, day_start};
use crate::model::Pattern;
use crate::proof::DEFAULT_BUDGET;
use crate::view::count;
use clap::{Args, ValueEnum};
use print::Printer;

/// The forms of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a line a change.
    Text,
    /// One JSON object a line and change; `opmodel schema output-log` describes it.
    Json,
    /// One row a change, for spreadsheets; nothing in it is a formula.
    Csv,
    /// A table for a comment.
    Markdown,
}

/// What changes are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// The entity that changed.
    Address,
    /// The kind of change.
    Kind,
    /// What it does.
    Impact,
    /// Who wrote it.
    Author,
}

/// The stretches of time they are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Per {
    /// A month.
    Month,
    /// A quarter of the calendar year.
    Quarter,
    /// A year.
    Year,
}

/// Say who changed the meaning of what, a line a change, newest first.
///
/// A line says when the change was recorded (in UTC), the commit, what was done to what, the value
/// before and after in the file's words, the author, the pull request its message names, and who is
/// named as having approved it: in a trailer of the commit or of its branch, or in the ledger
/// beside the model. Whether an approval counts is judged by `opmodel approvals`.
///
/// As text and Markdown, changes of form alone are left out unless they are asked for. A revision
/// that cannot be read is an entry of its own, and never the end. A merge is shown only with what
/// it changed itself, against every parent.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    after_help = "Examples:\n  opmodel log                            the whole history of the model\n  opmodel log definition.mql             of one definition\n  opmodel log 'definition.*' --full      of all of them, commit by commit\n  opmodel log main..HEAD                 of this branch\n  opmodel log --since 2026-01-01 --impact loosening,undecided\n  opmodel log --verb weakened,broadened --format csv > softer.csv\n  opmodel log --stat --per quarter       what changed how often"
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
    /// Only changes of these levels: forbid, approve, warn, note or off.
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    level: Vec<String>,
    /// Only what was weakened, redirected, loosened, or whatever else a line says was done.
    #[arg(long, value_name = "VERB", value_delimiter = ',')]
    verb: Vec<String>,
    /// Follow only the first parent of merges: what happened on the main line.
    #[arg(long)]
    first_parent: bool,
    /// At most this many commits.
    #[arg(short = 'n', long, value_name = "NUMBER", value_parser = whole::<usize>, allow_negative_numbers = true)]
    max_count: Option<usize>,
    /// Find what follows from each change elsewhere too, and count it; slower, because the whole
    /// model of each commit that changes a criterion is looked at.
    #[arg(long)]
    exact: bool,
    /// List what follows from a change elsewhere under it, instead of counting it.
    #[arg(long)]
    expand: bool,
    /// Show each commit with its subject, and its changes below it.
    #[arg(long, conflicts_with = "stat")]
    full: bool,
    /// Count changes instead of listing them.
    #[arg(long, value_name = "BY", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "address")]
    stat: Option<By>,
    /// Count them for each of these stretches of time (in UTC).
    #[arg(long, value_name = "PERIOD", requires = "stat")]
    per: Option<Per>,
    /// Find everything out anew, and leave nothing for the next run in Git's folder.
    #[arg(long)]
    no_cache: bool,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Log {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        if self.full && self.format != Format::Text {
            let help = "leave `--full` out; the other forms have the subject of each commit";
            return Err(Failure::usage("only the text form has commits with changes below", help));
        }
        let workspace = session.workspace()?;
        let named = named(&workspace, &self.free, &self.addresses, 1)?;
        let spec = named.revisions.first().map_or("HEAD", String::as_str);
        let range = workspace.repository()?.parse_range(spec)?;
        session.note_history(&workspace)?;
        // Which merge brought a commit is known once all its children have been met.
        let order = WalkOrder::ChildrenFirst;
        let options = WalkOptions { order, ..range.walk_options() };
        let asked = named.addresses.clone();
        let mut unseen = named.addresses.clone();
        let narrow = self.narrow()?;
        let filtered = self.is_selective() || self.is_of_some_commits();
        let filter = self.filter(named.addresses)?;
        let progress = session.progress_beside_results();
        let say = |commits| progress.at(commits);
        let steps = Steps::new(&workspace, filter, self.first_parent)?;
        let steps = steps.remembering(!self.no_cache).counted(self.stat.is_some());
        let mut steps = steps.reporting(&say);
        if self.exact || self.expand {
            steps = steps.exactly(DEFAULT_BUDGET);
        }
        let mut printer =
            Printer::new(&self, unseen.is_empty(), Provenances::new(&workspace)?, session);
        session.long();
        printer.begin(session)?;
        let most = self.max_count.unwrap_or(usize::MAX);
        let is_for_all = unseen.is_empty() && narrow.is_none();
        if let Some(way) = printer.way(session).filter(|_| is_for_all) {
            let mut walk = steps.walk_shown(&options, &way);
            while printer.shown < most {
                let Some(told) = walk.next() else { break };
                match told? {
                    Told::Shown(what) => printer.again(session, &what)?,
                    Told::Step(step) => {
                        if let Some(what) = printer.step(session, &step)? {
                            walk.keep(&what);
                        }
                    }
                }
            }
        } else {
            let mut walk = steps.walk(&options);
            while printer.shown < most {
                let Some(step) = walk.next() else { break };
                let mut step = step?;
                narrow.keep(&mut step);
                unseen.retain(|pattern| !is_about(&step, pattern));
                if !step.is_empty() {
                    printer.step(session, &step)?;
                }
            }
        }
        let (shown, of_form) = (printer.shown, printer.of_form);
        printer.end(session)?;
        let tip = At::Commit(Box::new(range.after().clone()));
        let unknown = unknown(&workspace, &tip, &unseen)?;
        // Where all of the history says nothing of it there never was such a thing.
        let is_all = !filtered && self.max_count.is_none() && matches!(range, Range::Single(_));
        if let Some(refused) = unknown.first().filter(|_| is_all && shown + of_form == 0) {
            let (address, help) = refused;
            return Err(Failure::usage(format!("there never was a `{address}`"), help));
        }
        if shown == 0 {
            note_nothing(session, of_form, &workspace, (spec, &range))?;
        }
        for (address, help) in unknown {
            session.note(&format!("there is no `{address}`; {help}"));
        }
        session.note_doubled(&workspace, &tip, &asked, !self.no_cache)?;
        Ok(0)
    }

    fn filter(&self, addresses: Vec<Pattern>) -> Result<LogFilter, Failure> {
        for wanted in &self.kind {
            known_kind(wanted)?;
        }
        let since = self.since.as_deref().map(|text| day(text).map(day_start)).transpose()?;
        let until = self.until.as_deref().map(|text| day(text).map(day_end)).transpose()?;
        if let (Some(first), Some(last)) = (&self.since, &self.until)
            && since > until
        {
            let message = format!("`--since {first}` is after `--until {last}`");
            return Err(Failure::usage(message, "write the earlier day behind `--since`"));
        }
        Ok(LogFilter {
            addresses,
            since,
            until,
            author: self.author.clone(),
            kinds: self.kind.clone(),
            impacts: self.impact.iter().map(|word| impact(word)).collect::<Result<_, _>>()?,
        })
    }

    fn narrow(&self) -> Result<Narrow, Failure> {
        Ok(Narrow {
            levels: self.level.iter().map(|word| level(word)).collect::<Result<_, _>>()?,
            verbs: self.verb.iter().map(|word| verb(word)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether somebody asked for certain commits, and not for all of a range.
    fn is_of_some_commits(&self) -> bool {
        self.since.is_some() || self.until.is_some() || self.author.is_some() || self.first_parent
    }

    /// Whether somebody asked for certain changes, and not simply for all.
    fn is_selective(&self) -> bool {
        [&self.kind, &self.impact, &self.level, &self.verb].iter().any(|asked| !asked.is_empty())
    }
}

/// Says why there is nothing where there is nothing.
fn note_nothing(
    session: &mut Session<'_>,
    of_form: usize,
    workspace: &Workspace,
    (spec, range): (&str, &Range),
) -> Result<(), Failure> {
    if of_form > 0 {
        let words = count(of_form, "change", "changes");
        let them = if of_form == 1 { "it" } else { "them" };
        session.note(&format!("only {words} of form; `--impact cosmetic` lists {them}"));
    } else if workspace.repository()?.walk(range.walk_options()).next().is_none() {
        session.note(&format!("there is no commit in `{spec}`"));
    } else {
        let mut there = false;
        for tip in range.walk_options().tips {
            there |= workspace.has_files(&workspace.repository()?.commit(tip)?)?;
        }
        // A folder that is misspelt would be unchanged for ever.
        if !there {
            return Err(no_model(workspace, &format!(" as of `{spec}`")));
        }
        session.note("no commit changed what was asked for");
    }
    Ok(())
}

/// What of a step is wanted, beside what a walk asks for.
struct Narrow {
    levels: Vec<Level>,
    verbs: Vec<Verb>,
}

impl Narrow {
    fn is_none(&self) -> bool {
        self.levels.is_empty() && self.verbs.is_empty()
    }

    fn keep(&self, step: &mut Step) {
        if self.is_none() {
            return;
        }
        let level = |change: &Change| self.levels.is_empty() || self.levels.contains(&change.level);
        let verb =
            |change: &Change| self.verbs.is_empty() || self.verbs.contains(&change.kind.verb);
        step.changes.changes.retain(|change| level(change) && verb(change));
        step.unreadable.clear();
    }
}

/// Which addresses name nothing, now or before, and what was probably meant; they may have named something
/// once.
fn unknown<'p>(
    workspace: &Workspace,
    tip: &At,
    patterns: &'p [Pattern],
) -> Result<Vec<(&'p str, String)>, Failure> {
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let models = [model_at(workspace, tip)?];
    let unknown = patterns.iter().filter(|pattern| !is_known(&models[0], pattern));
    Ok(unknown.map(|pattern| (pattern.as_str(), help(&models, pattern.as_str()))).collect())
}

/// Whether a step tells something about an address.
fn is_about(step: &Step, pattern: &Pattern) -> bool {
    step.changes.changes.iter().any(|change| {
        let previous = change.previous.iter();
        previous.chain([&change.address]).any(|address| pattern.covers(address.as_str()))
    })
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

fn impact(word: &str) -> Result<Impact, Failure> {
    let words = Impact::ALL.map(Impact::word);
    Impact::of(word).ok_or_else(|| no_such("impact", word, &words))
}

fn level(word: &str) -> Result<Level, Failure> {
    let words = Level::ALL.map(Level::word);
    Level::of(word).ok_or_else(|| no_such("level", word, &words))
}

fn verb(word: &str) -> Result<Verb, Failure> {
    let words: Vec<&str> = Verb::ALL.iter().map(|verb| verb.word()).collect();
    Verb::of(word).ok_or_else(|| no_such("verb", word, &words))
}

fn no_such(what: &str, word: &str, words: &[&str]) -> Failure {
    let help = match did_you_mean(word, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", words.join(", ")),
    };
    Failure::usage(format!("there is no {what} `{word}`"), help)
}
