//! The drift report as a page: what is different in the end, what only went there and back, and what
//! an auditor asks about.

use super::told::{RowTold, fitting, is_softened, sentence};
use super::{Asked, Past};
use crate::audit::{Direction, Drift, Net, NetVerdict, Oscillation};
use crate::history::day_end;
use crate::proof::DEFAULT_BUDGET;
use crate::site::names::command;
use crate::site::prose::Text;
use crate::view::{DriftReport, Reproduce};
use serde::Serialize;

/// So many rows a table has; the others are counted.
const ROWS: usize = 100;
/// So much room, in bytes, the changes that nobody approved have.
const ROOM: usize = 150_000;
/// So many sentences are said of one thing.
const SAID: usize = 4;

/// The days before a quarter's end that are near it where nobody says otherwise.
const DAYS: u32 = 14;

/// The report, as its template prints it.
#[derive(Serialize)]
pub(super) struct DriftTold {
    from: String,
    to: String,
    /// Figures with what they count, those that an auditor asks about last.
    figures: Vec<Figure>,
    asked: Vec<Figure>,
    complete: Text,
    warnings: Vec<Text>,
    net: Vec<NetTold>,
    more_net: usize,
    by_reference: Vec<Text>,
    softened: Vec<RowTold>,
    more_softened: usize,
    back: Vec<BackTold>,
    more_back: usize,
    expired: Vec<ExpiredTold>,
    stale: Vec<StaleTold>,
    command: String,
    sha256: String,
    version: &'static str,
}

#[derive(Serialize)]
struct Figure {
    number: usize,
    what: &'static str,
}

#[derive(Serialize)]
struct NetTold {
    about: Text,
    address: String,
    formerly: Vec<Text>,
    verdict: &'static str,
    class: &'static str,
    says: Vec<Text>,
    more: usize,
    admits: String,
    refuses: String,
    example: String,
    steps: usize,
}

#[derive(Serialize)]
struct BackTold {
    about: Text,
    out: String,
    back: String,
    days: i64,
    quarter_end: String,
    says: Text,
    direction: &'static str,
}

#[derive(Serialize)]
struct ExpiredTold {
    about: Text,
    expired: String,
    days: i64,
    waives: Text,
}

#[derive(Serialize)]
struct StaleTold {
    about: Text,
    owner: Text,
    review_by: String,
    unchanged_since: String,
}

/// How the same report is made on a command line, and the sum of what it says.
pub(super) fn reproduce(drift: &Drift, asked: &Asked<'_>) -> Reproduce {
    let mut words = vec![command(&drift.period.folder), "drift".to_owned()];
    let last = day_end(asked.as_of).max(asked.tip.committer_time.seconds);
    words.extend(["--until".to_owned(), super::revisions::day(last)]);
    if asked.days != DAYS {
        words.extend(["--days".to_owned(), asked.days.to_string()]);
    }
    if asked.budget != DEFAULT_BUDGET {
        words.extend(["--budget".to_owned(), asked.budget.to_string()]);
    }
    words.push(asked.tip.id.to_string());
    let command = words.join(" ");
    let made = DriftReport::new(drift, command.clone()).reproduce;
    made.unwrap_or(Reproduce { command, sha256: String::new() })
}

/// How something compares, in a word, and the class of its mark.
pub(super) fn verdict(verdict: NetVerdict) -> (&'static str, &'static str) {
    match verdict {
        NetVerdict::Gone => ("gone", "other"),
        NetVerdict::Broken => ("broken", "breaking"),
        NetVerdict::Looser => ("looser", "looser"),
        NetVerdict::Shifted => ("shifted", "other"),
        NetVerdict::Undecided => ("undecided", "other"),
        NetVerdict::Tighter => ("tighter", "tighter"),
        NetVerdict::New => ("new", "other"),
        NetVerdict::Same => ("as it was", "same"),
    }
}

/// Which way a step went, in a word.
pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Came => "came",
        Direction::Went => "went",
        Direction::Loosened => "looser",
        Direction::Tightened => "tighter",
        Direction::Shifted => "shifted",
        Direction::Undecided => "undecided",
    }
}

/// The day of an instant.
pub(super) fn day(instant: &str) -> String {
    instant.chars().take(10).collect()
}

impl Past {
    /// The report, as its template prints it.
    pub(super) fn drift_told(&self) -> DriftTold {
        let drift = &self.drift;
        let (own, by_reference): (Vec<&Net>, Vec<&Net>) =
            drift.net.iter().partition(|net| !net.indirect);
        let softened =
            || self.register.iter().enumerate().rev().filter(|(_, row)| is_softened(row));
        let back: Vec<&Oscillation> = drift
            .net
            .iter()
            .flat_map(|net| &net.oscillations)
            .filter(|oscillation| !oscillation.indirect)
            .collect();
        let told = softened().take(ROWS).map(|(at, row)| self.row_told(at, row));
        let told = fitting(told, ROOM, RowTold::room);
        let end = |at: Option<&super::Revision>| at.map(|it| it.day.clone()).unwrap_or_default();
        DriftTold {
            from: end(self.revisions.first()),
            to: end(self.revisions.last()),
            figures: self.figures(),
            asked: self.asked_about(),
            complete: self.complete(),
            warnings: self.warnings(),
            net: own.iter().take(ROWS).map(|net| self.net_told(net)).collect(),
            more_net: own.len().saturating_sub(ROWS),
            by_reference: by_reference
                .iter()
                .take(ROWS)
                .map(|net| self.link(&net.address))
                .collect(),
            more_softened: softened().count() - told.len(),
            softened: told,
            more_back: back.len().saturating_sub(ROWS),
            back: back.into_iter().take(ROWS).map(|it| self.back_told(it)).collect(),
            expired: self.expired_told(),
            stale: self.stale_told(),
            command: self.reproduce.command.clone(),
            sha256: self.reproduce.sha256.clone(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    fn figures(&self) -> Vec<Figure> {
        let summary = &self.drift.summary;
        let figure = |number: usize, what: &'static str| Figure { number, what };
        vec![
            figure(summary.changes, "changes of meaning that somebody wrote"),
            figure(summary.follow, "changes that follow from these"),
            figure(summary.drifted, "things that are different in the end"),
            figure(summary.drifted_by_reference, "more, only through what they refer to"),
            figure(summary.only_oscillated, "things that only went there and back"),
            figure(summary.come_or_gone, "things that are new or gone"),
        ]
    }

    fn asked_about(&self) -> Vec<Figure> {
        let summary = &self.drift.summary;
        let figure = |(number, what): (usize, &'static str)| Figure { number, what };
        let all = [
            (summary.forbidden, "forbidden by the policy of their day"),
            (summary.unapproved, "without an approval that was asked for"),
            (summary.self_approved, "approved by nobody but their author"),
            (summary.direct_pushes, "without a merge or a pull request"),
            (summary.not_holder, "approved by somebody who did not hold the role"),
            (summary.retroactive, "in force from before they were recorded"),
            (summary.undecided_accepted, "accepted though nobody knows what they do"),
            (summary.approved_earlier, "approved before they were written"),
            (summary.ids_reused, "with an id that stood for something else"),
            (summary.waived, "waived by an exception"),
            (summary.expired, "expired exceptions that are still there"),
            (summary.near_period_end, "just before the end of a quarter"),
        ];
        all.into_iter().filter(|(number, _)| *number > 0).map(figure).collect()
    }

    /// How it is known that no commit is missing.
    fn complete(&self) -> Text {
        let found = &self.drift.population.completeness;
        let commits = self.drift.population.totals.commits;
        let commits = crate::view::count(commits, "commit", "commits");
        match (found.complete, &found.cut_off_at) {
            (_, Some(at)) => Text::of(format!("{commits} of the main line are known, back to "))
                .code(at.chars().take(10).collect::<String>())
                .plain(": what came before was not fetched into the clone that made this site."),
            (true, None) => Text::of(format!(
                "Complete: {commits} of the main line, each the first parent of the one after it, \
                 back to the first."
            )),
            (false, None) => Text::of("There is a gap in the chain of commits."),
        }
    }

    /// What could not be read or compared.
    fn warnings(&self) -> Vec<Text> {
        let stretches = self.drift.unreadable.iter().map(|stretch| {
            let from = day(&stretch.from_time);
            let until = if stretch.to.is_some() { " for a while" } else { " to the end" };
            Text::default()
                .code(&*stretch.path)
                .plain(format!(" cannot be read from {from} on{until}: "))
                .then(sentence(&stretch.reason))
        });
        let missing = self.drift.not_checked.iter().map(|missing| {
            self.link(&missing.address).plain(" is not compared: ").then(sentence(&missing.reason))
        });
        stretches.chain(missing).collect()
    }

    fn net_told(&self, net: &Net) -> NetTold {
        let (word, class) = verdict(net.verdict);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        NetTold {
            about: self.link(&net.address),
            address: net.address.clone(),
            formerly: net.former.iter().map(|name| Text::default().code(name)).collect(),
            verdict: word,
            class,
            says: net.says.iter().take(SAID).map(|says| sentence(says)).collect(),
            more: net.says.len().saturating_sub(SAID),
            admits: text(&net.admits),
            refuses: text(&net.refuses),
            example: text(&net.example),
            steps: net.steps.len(),
        }
    }

    fn back_told(&self, oscillation: &Oscillation) -> BackTold {
        BackTold {
            about: self.link(&oscillation.address),
            out: day(&oscillation.out_time),
            back: day(&oscillation.back_time),
            days: oscillation.days,
            quarter_end: oscillation.quarter_end.clone().unwrap_or_default(),
            says: sentence(&oscillation.says),
            direction: direction(oscillation.direction),
        }
    }

    fn expired_told(&self) -> Vec<ExpiredTold> {
        let told = self.drift.expired.iter().map(|expired| ExpiredTold {
            about: self.link(&expired.exception),
            expired: expired.expired.clone(),
            days: expired.days_over,
            waives: expired.waives.as_ref().map(|it| self.link(it)).unwrap_or_default(),
        });
        told.collect()
    }

    fn stale_told(&self) -> Vec<StaleTold> {
        let told = self.drift.stale.iter().take(ROWS).map(|stale| StaleTold {
            about: self.link(&stale.address),
            owner: stale.owner.as_ref().map(|owner| self.link(owner)).unwrap_or_default(),
            review_by: stale.review_by.clone().unwrap_or_default(),
            unchanged_since: stale.unchanged_since.clone().unwrap_or_default(),
        });
        told.collect()
    }
}
