//! `opmodel deviations`: records in a state that the model does not allow.

use super::effort::whole;
use super::exports::{Reading, unopened};
use super::handed::{LARGE, handed_text};
use super::judging::{Judging, read_model};
use super::listed::{List, Whole};
use super::memory::in_small_pages;
use super::output::Forms;
use super::revision::{NamedAt, head};
use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::git::Commit;
use crate::history::{At, Workspace};
use crate::load::ModelScope;
use crate::measure::deviations::{Deviations as Found, Earlier, Finding, Kind, find};
use crate::measure::{Roster, Soon};
use crate::model::field::Object;
use crate::model::{Duration, Model};
use crate::records::{Field, Opened, fields};
use crate::report::{markdown, text};
use crate::view::{Chosen, DeviationsReport, LimitRow, ReadRow, counted, deviations_page};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// So many deviations of each kind are listed where nobody says otherwise.
const LISTED: usize = 8;

/// The part of a limit, in hundredths, whose last is soon.
const SOON: u8 = 10;

/// The forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For a ticket or a message.
    Markdown,
    /// For programs; `opmodel schema output-deviations` describes it.
    Json,
    /// A row for every deviation, safe to open in a spreadsheet.
    Csv,
}

impl Format {
    /// The form that holds every deviation, where it is one.
    fn whole(self) -> Option<Whole> {
        match self {
            Self::Json => Some(Whole::Json),
            Self::Csv => Some(Whole::Csv),
            Self::Text | Self::Markdown => None,
        }
    }
}

/// List the records of an export that are in a state the model does not allow, the worst first.
///
/// Broken promises and those about to break, records nobody has or somebody else has than routing
/// says, stages entered without what they ask for or stayed in for too long, silence, empty and
/// undeclared values. What an exception of the model waives is listed apart. What cannot be judged
/// is said, with what to write into the model or to export.
///
/// Records are judged by what they hold today. A criterion that counts days is judged for today and,
/// where it does not hold, for the day on which the record entered its stage or was routed. A record
/// was routed when the `routed_field` of its object says or, where the model names none, when the
/// promises start that the rules of its routing name; if nothing says that, when it came. Clocks run on the business calendar of the promise; one that still runs never counts as
/// kept.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel deviations leads.csv\n  opmodel deviations leads.csv --owner 'Katja Brambleby'\n  opmodel deviations leads.csv --team sdr --kind sla-breached,sla-soon\n  opmodel deviations leads.csv --soon '2 hours'\n  opmodel deviations leads.csv --format json > today.json\n  opmodel deviations leads.csv --new-since yesterday.json\n  opmodel deviations leads.csv --max sla-breached=0 --max 50     exit 1 if there are more\n  opmodel deviations leads.csv --at main                         by the model of a revision\n  zcat leads.csv.gz | opmodel deviations - --object lead --format csv\n\nKinds, the worst first: sla-breached, sla-soon, not-routed, no-contact, misrouted, entry-criteria,\nexit-criteria, stage-limit, cycle-limit, overridden, older-revision, sla-late, required-empty,\nundeclared-value, unreadable-value."
)]
pub struct Deviations {
    /// The exports; `-` is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    judging: Judging,
    /// Only these kinds.
    #[arg(long = "kind", value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<String>,
    /// Only records of this owner: a name, an address, a login, a role, a queue, or `nobody`.
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
    /// Only records of this team, by its id or name.
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// Only what is not in this file, which an earlier run wrote as JSON or CSV.
    #[arg(long, value_name = "FILE")]
    new_since: Option<String>,
    /// Exit with 1 if there are more than so many, of all kinds or of one, or if that cannot be said
    /// as the export lacks a column or has rows that cannot be read; may be given several times.
    #[arg(long = "max", value_name = "[KIND=]NUMBER")]
    most: Vec<String>,
    /// A promise is about to run out when no more than this is left of it, such as `2 hours`; the
    /// last tenth of its limit where none is given.
    #[arg(long, value_name = "DURATION")]
    soon: Option<String>,
    /// Take fields that the export has no column for as empty, instead of leaving out what they decide.
    #[arg(long)]
    missing_as_empty: bool,
    /// How many deviations of each kind are listed for people; CSV and JSON always hold all.
    #[arg(long, value_name = "NUMBER", default_value_t = LISTED, value_parser = whole::<usize>, allow_negative_numbers = true)]
    limit: usize,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl Deviations {
    pub(super) fn run(mut self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        in_small_pages();
        let read: Vec<String> = self.files.iter().chain(&self.new_since).cloned().collect();
        self.forms.refuse(&session.directory(), &read)?;
        let kinds = self.kinds.iter().map(|name| kind(name)).collect::<Result<Vec<_>, _>>()?;
        let most =
            self.most.iter().map(|text| limit(text, &kinds)).collect::<Result<Vec<_>, _>>()?;
        let soon = self.soon()?;
        let workspace = session.workspace()?;
        let zone = self.reading.written.time_zone.clone();
        let state = self.judging.state(session, &workspace, zone.as_deref())?;
        let model = read_model(session, &workspace, &state, !self.most.is_empty())?;
        let scope = ModelScope::new(&model);
        let as_of = self.reading.as_of(session)?;
        let started = self.reading.start(session, &scope, &self.files, false)?;
        let object = started.object.clone();
        let roster = Roster::of(&model, TimeZone::UTC.to_datetime(as_of).date());
        let team = self.team.as_deref().map(|name| team(&model, name)).transpose()?;
        let fields = fields(&scope, &object);
        let opened = started.records(session, &fields)?;
        let earlier = self.earlier(session, (&model, &object), (&opened, &fields), &kinds)?;
        let mut lists = self.lists();
        let files: Vec<String> = opened.iter().map(|input| input.name.clone()).collect();
        let finding = Finding {
            scope: &scope,
            object: &object,
            fields: &fields,
            as_of,
            soon,
            history: history(&workspace, &state)?,
            lenient: self.missing_as_empty,
            threads: self.reading.threads(),
            kinds: &kinds,
            owner: self.owner.as_deref(),
            team: team.as_deref(),
            earlier: earlier.as_ref(),
            keep: self.limit,
        };
        let found = find(opened, &finding, |deviation, waivers| {
            lists.iter_mut().try_for_each(|list| list.add(deviation, waivers, &files))
        })?;
        self.note_nobody(session, &found, &roster);
        let limits = limits(&most, &found);
        // What cannot be said is no reason to go on as if all were well.
        let exceeded = limits.iter().any(|limit| limit.exceeded != Some(false));
        let report = self.report((&found, &state), limits, (&object, as_of, team));
        self.write(session, (&found, report), &roster, lists)?;
        Ok(u8::from(exceeded))
    }

    /// The lists that hold every deviation: those that go into files first.
    fn lists(&mut self) -> Vec<List> {
        let files = self.forms.take(|format| format.whole().is_some()).into_iter();
        let files = files.filter_map(|(format, path)| Some(List::new(format.whole()?, Some(path))));
        let shown = self.forms.format.whole().map(|form| List::new(form, None));
        files.chain(shown).collect()
    }

    fn report(
        &self,
        (found, state): (&Found, &NamedAt),
        limits: Vec<LimitRow>,
        (object, as_of, team): (&str, Timestamp, Option<String>),
    ) -> DeviationsReport {
        let chosen = Chosen {
            kinds: self.kinds.clone(),
            owner: self.owner.clone(),
            team,
            new_since: self.new_since.clone(),
            soon: self.soon.clone().unwrap_or_else(|| "the last tenth of each limit".to_owned()),
            missing_as_empty: self.missing_as_empty,
        };
        let read = ReadRow::new(&found.read, object, as_of);
        DeviationsReport::new(found, (state.row(), read), chosen, limits)
    }

    fn write(
        &self,
        session: &mut Session<'_>,
        (found, report): (&Found, DeviationsReport),
        roster: &Roster,
        lists: Vec<List>,
    ) -> Result<(), Failure> {
        let page = || deviations_page(found, &report, roster, self.limit);
        let render = |format, options| match format {
            Format::Markdown => markdown(&page()),
            _ => text(&page(), options),
        };
        session.deliver_files(&self.forms, render)?;
        lists.into_iter().try_for_each(|list| list.write(session, &report))?;
        if self.forms.format.whole().is_some() {
            return Ok(());
        }
        let text = render(self.forms.format, session.text_options());
        session.write(&text)
    }

    fn soon(&self) -> Result<Soon, Failure> {
        let Some(text) = &self.soon else { return Ok(Soon::Hundredths(SOON)) };
        let limit = Duration::parse(text).map(Soon::Left);
        limit.ok_or_else(|| {
            let help = "write `2 hours`, `4 business hours` or `1 day`";
            Failure::usage(format!("`{text}` is no length of time"), help)
        })
    }

    /// What an earlier run found, where a file is named that holds it.
    fn earlier(
        &self,
        session: &Session<'_>,
        (model, object): (&Model, &str),
        (opened, fields): (&[Opened<'_>], &[Field]),
        kinds: &[Kind],
    ) -> Result<Option<Earlier>, Failure> {
        let Some(name) = &self.new_since else { return Ok(None) };
        keyed((model, object), (opened, fields))?;
        let path = session.directory().join(name);
        let text = handed_text(session, &path, LARGE);
        let text = text.map_err(|error| unopened(name, &path, error))?;
        let unfit = |why: String| {
            let help = "name a file that `opmodel deviations FILE --format json` wrote";
            Failure::usage(format!("`{name}` cannot be compared with: {why}"), help)
        };
        let earlier = Earlier::read(&text).map_err(unfit)?;
        let team = self.team.as_deref().map(|name| team(model, name)).transpose()?;
        match earlier.leaves_out(kinds, self.owner.as_deref(), team.as_deref()) {
            Some(option) => Err(unfit(format!("it was made with another `{option}`"))),
            None => Ok(Some(earlier)),
        }
    }

    /// Says that nothing at all belongs to somebody, who may be misspelled.
    fn note_nobody(&self, session: &mut Session<'_>, found: &Found, roster: &Roster) {
        let Some(owner) = self.owner.as_deref().filter(|_| found.looked_at == 0) else { return };
        let near = did_you_mean(owner, roster.words());
        let near = near.filter(|_| roster.find(owner).is_none());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        session.note(&format!("no record belongs to `{owner}`{near}"));
    }
}

fn kind(name: &str) -> Result<Kind, Failure> {
    Kind::parse(name).ok_or_else(|| {
        let ids = || Kind::ALL.iter().map(|kind| kind.id());
        let help = match did_you_mean(name, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("name one of {}", ids().collect::<Vec<_>>().join(", ")),
        };
        Failure::usage(format!("there is no kind of deviation `{name}`"), help)
    })
}

/// `50` or `sla-breached=0`, which is about something that is looked for.
fn limit(text: &str, chosen: &[Kind]) -> Result<(Option<Kind>, u64), Failure> {
    let (name, number) = match text.split_once('=') {
        Some((name, number)) => (Some(name), number),
        None => (None, text),
    };
    let most = number.trim().parse().map_err(|_| {
        let help = "write `--max 50`, or `--max sla-breached=0`";
        Failure::usage(format!("`{text}` is no number of deviations"), help)
    })?;
    let kind = name.map(|name| kind(name.trim())).transpose()?;
    match kind.filter(|kind| !chosen.is_empty() && !chosen.contains(kind)) {
        Some(kind) => {
            let message = format!("`--max {text}` is about a kind that `--kind` leaves out");
            Err(Failure::usage(message, format!("write `--kind {kind}` too")))
        }
        None => Ok((kind, most)),
    }
}

fn limits(most: &[(Option<Kind>, u64)], found: &Found) -> Vec<LimitRow> {
    let row = |(kind, most): &(Option<Kind>, u64)| {
        let of = |kind: &Kind| {
            let count = found.kinds.iter().find(|(found, _)| found == kind);
            count.map_or(0, |(_, count)| count.deviations)
        };
        let number = kind.as_ref().map_or(found.total, of);
        let exceeded = number > *most;
        let not_judged = found.unjudged(*kind).filter(|_| !exceeded);
        let mut not_judged: Vec<String> = not_judged.map(|it| it.reason.clone()).collect();
        let (rows, rejected) = (found.read.rows, found.read.rejected);
        if rows == 0 {
            not_judged = vec!["there is no record".to_owned()];
        } else if !exceeded && number.saturating_add(rejected) > *most {
            not_judged.push(format!("{} could not be read", counted(rejected, "row")));
        }
        LimitRow {
            kind: kind.map(|kind| kind.id().to_owned()),
            most: *most,
            found: number,
            exceeded: not_judged.is_empty().then_some(exceeded),
            not_judged,
        }
    };
    most.iter().map(row).collect()
}

/// The address of a team that is named by address, id or name.
fn team(model: &Model, name: &str) -> Result<String, Failure> {
    let is = |word: &str| word.eq_ignore_ascii_case(name);
    let mut teams = model.of_kind("team");
    let found =
        teams.find(|team| is(team.address.as_str()) || is(team.address.id()) || is(team.name()));
    found.map(|team| team.address.to_string()).ok_or_else(|| {
        let ids = || model.of_kind("team").map(|team| team.address.id());
        let help = match did_you_mean(name, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "list them with `opmodel show 'team.*'`".to_owned(),
        };
        Failure::usage(format!("the model has no team `{name}`"), help)
    })
}

/// Refuses to compare records that cannot be told apart.
fn keyed(
    (model, object): (&Model, &str),
    (opened, fields): (&[Opened<'_>], &[Field]),
) -> Result<(), Failure> {
    let entity = model.get(&format!("object.{object}"));
    let key = entity.and_then(|entity| entity.read::<Object>().key_field);
    let Some(key) = key.map(|at| at.value.0) else {
        let message =
            format!("nothing tells which `{object}` record is which from one day to the next");
        let help = format!("write `key_field = \"…\"` into `[object.{object}]`");
        return Err(Failure::usage(message, help));
    };
    let place = fields.iter().position(|field| field.path == key);
    let without = opened.iter().find(|input| {
        let column = place.and_then(|place| input.layout.places.get(place).copied().flatten());
        column.is_none()
    });
    match without {
        Some(input) => {
            let message = format!("`{}` has no column for the key field `{key}`", input.name);
            Err(Failure::usage(message, "export it too; without it nobody knows what is new"))
        }
        None => Ok(()),
    }
}

/// Where older models are found: from the commit whose model judges back, or from `HEAD`.
fn history<'w>(
    workspace: &'w Workspace,
    state: &NamedAt,
) -> Result<Option<(&'w Workspace, Commit)>, Failure> {
    if let Some(commit) = state.commit() {
        return Ok(Some((workspace, commit.clone())));
    }
    let Some(repository) = workspace.maybe_repository() else { return Ok(None) };
    Ok(match head(repository)? {
        At::Commit(tip) => Some((workspace, *tip)),
        _ => None,
    })
}
