//! Promises of time: when each clock started and stopped, what has elapsed, and how it stands.

use super::condition::{Case, Condition, answer, first};
use super::gates::{about_entity, described};
use super::plan::{AS_OF_AT, Plan, RECORD};
use super::view::{Column, Item, View, select, with};
use crate::criteria::FieldKind;
use crate::model::service::Sla;
use crate::model::{Clock, Duration, Entity, Unit};
use std::fmt::Write as _;

/// The zone whose days criteria speak of.
const UTC: &str = "UTC";

/// How a limit is held against a clock.
enum Limit {
    /// By an instant.
    Due(String),
    /// By seconds of working time, counted in the view of a calendar.
    Worked { view: String, seconds: i64 },
    /// Not at all, and why.
    Unknown(String),
}

/// The states of a promise.
const STATES: [&str; 9] = [
    "not covered",
    "not started",
    "stopped",
    "unclear",
    "unknown",
    "kept",
    "broken",
    "open",
    "overdue",
];

/// A promise put to the records of its object.
pub(super) struct Promised {
    /// The queries that lead there, each over the one before it. The last has a row for each record.
    pub(super) named: Vec<(&'static str, String)>,
    /// How the promise stands, by the columns of the last, `t`.
    pub(super) state: String,
    limit: Limit,
    warnings: Vec<String>,
}

impl<'m> Plan<'_, 'm> {
    /// A promise of time.
    pub(super) fn promise_view(
        &mut self,
        object: &str,
        entity: &'m Entity,
    ) -> Result<View, String> {
        let pen = self.pen;
        let address = entity.address.as_str();
        let promised = self.promised(object, entity, (Vec::new(), ""))?;
        let mut about = about_entity(entity);
        about.extend(entity.read::<Sla>().within.map(|within| format!("within {}", within.value)));
        about.extend(promised.warnings);
        let (items, columns) = self.stated(&promised.limit, promised.state);
        let query = select(pen, &items, &format!("FROM {} AS t", pen.own("timed")), 0);
        Ok(View {
            name: self.views.of(address, &address.replace('.', "_")),
            rank: 50,
            about,
            sql: with(pen, &promised.named, &query),
            description: described(entity),
            columns,
            never: Vec::new(),
        })
    }

    /// A promise put to the records of its object, or to those that a `WHERE` leaves, with more columns
    /// of theirs. No record is looked for by its key, of which there may be none or two.
    pub(super) fn promised(
        &mut self,
        object: &str,
        entity: &'m Entity,
        (more, narrowed): (Vec<Item>, &str),
    ) -> Result<Promised, String> {
        let pen = self.pen;
        let sla: Sla = entity.read();
        let address = entity.address.as_str();
        let (starts, stops) = (sla.starts.as_ref(), sla.stops.as_ref());
        let starts = starts.ok_or("it does not say what starts the clock")?;
        let stops = stops.ok_or("it does not say what stops the clock")?;
        let within = sla.within.as_ref().ok_or("it does not say how long it may take")?.value;
        let zone = self.zone_of(sla.calendar.as_ref().map(|calendar| &*calendar.address));
        let started = self.moment_of(object, starts, &zone)?;
        let stopped = self.moment_of(object, stops, &zone)?;
        let now = pen.column("r", AS_OF_AT);
        let covered = self.clause(address, "applies_to", true)?;
        let otherwise = self.clause(address, "stops_when", false)?;
        let mut clock = vec![
            Item::same(pen, "r", RECORD),
            Item::same(pen, "r", AS_OF_AT),
            covered.named("covered"),
            Item::new("started_at", earlier(&started, &now))
                .under(format!("starts: {}", &***starts)),
            Item::new("stopped_at", earlier(&stopped, &now)).under(format!("stops: {}", &***stops)),
            otherwise.named("stopped_otherwise"),
        ];
        clock.extend(more);
        let over = format!("{}{narrowed}", self.over_judged(object));
        let kinds = [starts, stops].map(|path| self.field(object, path).map(|(_, kind)| kind));
        let days = kinds.contains(&Ok(FieldKind::Date));
        let anew = self.anew(object, &sla, &zone);
        let (mut named, limit) = match anew {
            Ok(Some(anew)) => {
                let said = format!("anew: {}", anew.told);
                clock.push(Item::new("restarted_at", anew.sql).under(said));
                let last = self.started_anew(&clock);
                let named = vec![("moments", select(pen, &clock, &over, 2)), ("clock", last)];
                (named, self.limit(&sla, (within, days || anew.days), &zone)?)
            }
            Ok(None) => {
                let limit = self.limit(&sla, (within, days), &zone)?;
                (vec![("clock", select(pen, &clock, &over, 2))], limit)
            }
            Err(why) => (vec![("clock", select(pen, &clock, &over, 2))], Limit::Unknown(why)),
        };
        let warnings = self.warned(entity, &sla, &limit);
        named.push(("timed", self.timed(&limit)));
        Ok(Promised { named, state: self.state(&limit), limit, warnings })
    }

    /// A criterion of a promise, or what holds where there is none.
    fn clause(&mut self, address: &str, name: &str, default: bool) -> Result<Clause, String> {
        let part = self.at(&format!("{address}.{name}"))?;
        if let Some(part) = part {
            let remark = Some(format!("{name}: {}", part.text));
            return Ok(Clause { remark, sql: answer(&part.condition, 4) });
        }
        let none = Vec::new();
        let always = if default { Condition::All(none) } else { Condition::Any(none) };
        Ok(Clause { remark: None, sql: answer(&always, 4) })
    }

    /// A field as an instant; a day is its first one in UTC.
    pub(super) fn instant_of(&mut self, object: &str, path: &str) -> Result<String, String> {
        self.moment_of(object, path, UTC)
    }

    /// A field as an instant; a day is its first one in a zone.
    pub(super) fn moment_of(
        &mut self,
        object: &str,
        path: &str,
        zone: &str,
    ) -> Result<String, String> {
        let pen = self.pen;
        let (column, kind) = self.field(object, path)?;
        let column = pen.column("r", &column);
        match kind {
            FieldKind::DateTime => Ok(column),
            FieldKind::Date if zone == UTC => Ok(pen.dialect.midnight(&column)),
            FieldKind::Date => Ok(pen.dialect.midnight_in(&column, &pen.text(zone)?)),
            _ => Err(format!("`{path}` is neither a date nor an instant")),
        }
    }

    /// The limit of a clock; its days and months are those of a zone.
    fn limit(
        &mut self,
        sla: &Sla,
        (within, days): (Duration, bool),
        zone: &str,
    ) -> Result<Limit, String> {
        let pen = self.pen;
        let count = i64::from(within.count);
        let started = pen.column("c", "started_at");
        let of = sla.calendar_of.as_ref().filter(|of| of.word != "model");
        if let Some(of) = of.filter(|_| days || within.unit == Unit::Month) {
            let of = of.word;
            let why = format!(
                "its days begin by the calendar of the {of}, which records alone do not tell"
            );
            return Ok(Limit::Unknown(why));
        }
        if let (Some(outside), Clock::Wall) = (&sla.outside_hours, within.clock) {
            let outside = outside.word;
            let why = format!(
                "what starts outside of working hours has another limit, which is not reckoned with \
                 here (outside_hours: {outside})"
            );
            return Ok(Limit::Unknown(why));
        }
        let minutes = match within.unit {
            Unit::Minute => Some(1),
            Unit::Hour => Some(60),
            Unit::Day => Some(1_440),
            Unit::Week => Some(10_080),
            Unit::Month => None,
        };
        Ok(match (within.clock, minutes) {
            (Clock::Wall, Some(minutes)) => {
                Limit::Due(pen.dialect.instant_moved(&started, count * minutes, "minute"))
            }
            (Clock::Wall, None) => {
                Limit::Due(pen.dialect.months_moved_in(&started, count, &pen.text(zone)?))
            }
            (Clock::Business, None) => {
                Limit::Unknown(format!("`{within}` is no number of working hours"))
            }
            (Clock::Business, Some(minutes)) => self.worked(sla, within, count, minutes),
        })
    }

    fn worked(&mut self, sla: &Sla, within: Duration, count: i64, minutes: i64) -> Limit {
        if let Some(of) = sla.calendar_of.as_ref().filter(|of| of.word != "model") {
            let of = of.word;
            let why =
                format!("it runs on the calendar of the {of}, which records alone do not tell");
            return Limit::Unknown(why);
        }
        let named = sla.calendar.as_ref().map(|calendar| calendar.address.clone());
        let time = match self.working_time(named.as_deref()) {
            Ok(time) => time,
            Err(why) => return Limit::Unknown(why),
        };
        let seconds = match within.unit {
            Unit::Day => count * time.day_seconds,
            Unit::Week => count * 5 * time.day_seconds,
            _ => count * minutes * 60,
        };
        Limit::Worked { view: self.calendar(&time), seconds }
    }

    /// What the records alone do not tell, said above the view and where the command was run.
    fn warned(&mut self, entity: &Entity, sla: &Sla, limit: &Limit) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Limit::Unknown(why) = limit {
            self.undecided.insert(entity.address.to_string(), why.clone());
            warnings.push(format!("whether it is kept stays `unknown`: {why}"));
        }
        if sla.stops_when.is_some() {
            warnings.push(
                "what `stops_when` stopped is `stopped`: records do not tell when".to_owned(),
            );
        }
        for warning in &warnings {
            self.note(entity.address.as_str(), warning);
        }
        warnings
    }

    /// The clock with what has elapsed on it.
    fn timed(&self, limit: &Limit) -> String {
        let pen = self.pen;
        let [started, stopped, now] =
            ["started_at", "stopped_at", AS_OF_AT].map(|name| pen.column("c", name));
        let until = format!("COALESCE({stopped}, {now})");
        let mut items = vec![Item::all("c")];
        let mut from = format!("FROM {} AS c", pen.own("clock"));
        match limit {
            Limit::Due(due) => {
                items.push(Item::new("due_at", due.clone()));
                items.push(Item::new("elapsed", pen.dialect.seconds(&started, &until)));
            }
            Limit::Worked { view, .. } => {
                let worked = |row: &str, at: &str| {
                    let [starts, ends, before] =
                        ["starts_at", "ends_at", "worked_before"].map(|name| pen.column(row, name));
                    let part = pen.dialect.seconds(&starts, &format!("LEAST({at}, {ends})"));
                    format!("{before} + {part}")
                };
                let elapsed = format!("({}) - ({})", worked("u", &until), worked("b", &started));
                for (row, at) in [("b", &started), ("u", &until)] {
                    let [starts, next] =
                        ["starts_at", "next_starts_at"].map(|name| pen.column(row, name));
                    let calendar = pen.view(view);
                    let within = format!("{at} >= {starts} AND {at} < {next}");
                    let _ = write!(from, "\nLEFT JOIN {calendar} AS {row}\n  ON {within}");
                }
                let none = format!("CAST(NULL AS {})", pen.dialect.instant_type());
                items.push(Item::new("due_at", none));
                items.push(Item::new("elapsed", elapsed));
            }
            Limit::Unknown(_) => {
                let none = format!("CAST(NULL AS {})", pen.dialect.instant_type());
                items.push(Item::new("due_at", none));
                items.push(Item::new("elapsed", pen.dialect.seconds(&started, &until)));
            }
        }
        select(pen, &items, &from, 2)
    }

    /// How it stands, by the columns of the clock, `t`.
    fn state(&self, limit: &Limit) -> String {
        let pen = self.pen;
        let [covered, started, stopped, otherwise, due, elapsed, now] = [
            "covered",
            "started_at",
            "stopped_at",
            "stopped_otherwise",
            "due_at",
            "elapsed",
            AS_OF_AT,
        ]
        .map(|name| pen.column("t", name));
        let (known, in_time) = match limit {
            Limit::Due(_) => (due.clone(), format!("COALESCE({stopped}, {now}) <= {due}")),
            Limit::Worked { seconds, .. } => (elapsed.clone(), format!("{elapsed} <= {seconds}")),
            Limit::Unknown(_) => ("NULL".to_owned(), "FALSE".to_owned()),
        };
        let whens = [
            format!("NOT {covered}"),
            format!("{started} IS NULL"),
            format!("{stopped} IS NULL AND {otherwise}"),
            format!("{stopped} < {started}"),
            format!("{known} IS NULL"),
            format!("{stopped} IS NOT NULL AND {in_time}"),
            format!("{stopped} IS NOT NULL"),
            in_time.clone(),
        ];
        let case = |(when, state): (String, &str)| Case {
            remark: String::new(),
            when,
            then: format!("'{state}'"),
        };
        let cases: Vec<Case> = whens.into_iter().zip(STATES).map(case).collect();
        first(&cases, Some("'overdue'"), 2)
    }

    /// What comes out: the clock, and the state it is in.
    fn stated(&self, limit: &Limit, state: String) -> (Vec<Item>, Vec<Column>) {
        let pen = self.pen;
        let elapsed = format!("GREATEST({}, 0) / 60", pen.column("t", "elapsed"));
        let clock = match limit {
            Limit::Worked { .. } => "minutes of working time",
            _ => "minutes on the wall clock",
        };
        let items = vec![
            Item::same(pen, "t", RECORD),
            Item::same(pen, "t", "covered"),
            Item::same(pen, "t", "started_at"),
            Item::same(pen, "t", "stopped_at"),
            Item::same(pen, "t", "due_at"),
            Item::new("elapsed_minutes", elapsed).under(clock),
            Item::new("state", state),
        ];
        let columns = vec![
            Column { unique: true, ..Column::new(RECORD, "The record.").required() },
            Column::new("covered", "Whether the promise covers it."),
            Column::new("started_at", "When the clock started, for the last time."),
            Column::new("stopped_at", "When it stopped."),
            Column::new("due_at", "When the limit is reached, on the wall clock."),
            Column::new("elapsed_minutes", format!("The {clock} that went by.")),
            Column::new("state", format!("How the promise stands: {}.", STATES.join(", "))),
        ];
        (items, columns)
    }
}

struct Clause {
    remark: Option<String>,
    sql: String,
}

impl Clause {
    fn named(self, name: &str) -> Item {
        Item {
            remarks: self.remark.into_iter().collect(),
            sql: self.sql,
            name: Some(name.to_owned()),
        }
    }
}

/// An instant that has come; what lies ahead has not happened yet.
fn earlier(instant: &str, now: &str) -> String {
    format!("CASE WHEN {instant} <= {now} THEN {instant} END")
}
