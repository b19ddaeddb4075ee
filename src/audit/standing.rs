//! What stands at the end of a period: since when everything means what it means, which exceptions
//! are past their last day, and what nobody has looked at for long.

use super::chain::main_line;
use super::court::Court;
use super::drift::{Told, told};
use super::freed::Freed;
use super::net::name;
use super::report::{AsOf, Expired, Stale};
use super::steps::{day_of, days_between};
use super::subject::{Lineage, is_near, subjects};
use crate::document::Node;
use crate::git::Commit;
use crate::history::{HistoryError, Workspace};
use crate::model::Model;
use crate::model::exception::Exception;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What did not change for more days is pointed out.
const LONG: i64 = 365;

/// So many commits are judged together.
const TOGETHER: usize = 64;

/// What the main line recorded before a period, asked for only as far as it is needed.
pub(super) struct Older<'a> {
    workspace: &'a Workspace,
    court: Court<'a>,
    start: Option<&'a Commit>,
}

impl<'a> Older<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        court: Court<'a>,
        start: Option<&'a Commit>,
    ) -> Self {
        Self { workspace, court, start }
    }
}

/// Since when everything that can drift means what it means at the end. On the way back it is found out
/// what the ids that the period gave stood for before.
pub(super) fn as_of(
    model: &Model,
    register: &[Told],
    (lineage, freed): (&mut Lineage, &mut Freed),
    older: &mut Older<'_>,
) -> Result<Vec<AsOf>, HistoryError> {
    let all = subjects(model);
    let mut open: BTreeSet<String> = all.clone();
    let mut found: BTreeMap<String, (String, String, bool)> = BTreeMap::new();
    let mut settle = |register: &[Told], open: &mut BTreeSet<String>| {
        for told in register.chunk_by(|a, b| a.entry.commit == b.entry.commit) {
            open.retain(|subject| {
                let mut about = told.iter().filter(|told| is_near(&told.now, subject)).peekable();
                let Some(first) = about.peek() else { return true };
                let (commit, time) = (first.entry.commit.clone(), first.entry.record_time.clone());
                let indirect = about.all(|told| !told.entry.direct);
                found.insert(subject.clone(), (commit, time, indirect));
                false
            });
        }
    };
    settle(register, &mut open);
    if let Some(start) = older.start {
        let mut commits = main_line(older.workspace, start)?;
        while !open.is_empty() || !freed.is_settled() {
            let next: Vec<Commit> = commits.by_ref().take(TOGETHER).collect::<Result<_, _>>()?;
            if next.is_empty() {
                break;
            }
            for judged in older.court.judge_all(&next, &|_| ())? {
                freed.meet_older(&judged);
                settle(&told(judged, lineage), &mut open);
            }
        }
    }
    let as_of = all.into_iter().map(|address| {
        let since = found.remove(&address);
        let (commit, record_time, indirect) = match since {
            Some((commit, time, indirect)) => (Some(commit), Some(time), indirect),
            None => (None, None, false),
        };
        let name = name(model, &address).unwrap_or_else(|| address.clone());
        AsOf { address, name, commit, record_time, indirect }
    });
    Ok(as_of.collect())
}

/// The exceptions that are past their last day.
pub(super) fn expired(model: &Model, last_day: Date) -> Vec<Expired> {
    let expired = model.each::<Exception>().filter_map(|(entity, exception)| {
        let expires = exception.expires.as_ref()?.value;
        let waives = exception.waives.as_ref().map(|pattern| pattern.value.0.clone());
        let finding = exception.waives_finding.as_ref().map(|kind| kind.value.0.clone());
        (expires < last_day).then(|| Expired {
            exception: entity.address.to_string(),
            name: entity.name().to_owned(),
            waives: waives.or(finding),
            approved_by: exception.approved_by.as_ref().map(|role| role.address.clone()),
            expired: expires.to_string(),
            days_over: days_between(expires, last_day),
        })
    });
    expired.collect()
}

/// What was to be reviewed and was not, and what means the same for more than a year.
pub(super) fn stale(model: &Model, as_of: &[AsOf], last_day: Date) -> Vec<Stale> {
    let since: BTreeMap<&str, &str> = as_of
        .iter()
        .filter_map(|as_of| Some((as_of.address.as_str(), as_of.record_time.as_deref()?)))
        .collect();
    let stale = model.entities().filter_map(|entity| {
        let address = entity.address.to_string();
        let review_by = entity.table.get("review_by").and_then(Node::as_date);
        let review_by = review_by.filter(|by| *by < last_day);
        let unchanged = since.get(address.as_str()).map(|time| day_of(time));
        let unchanged = unchanged.filter(|day| days_between(*day, last_day) > LONG);
        (review_by.is_some() || unchanged.is_some()).then(|| Stale {
            name: entity.name().to_owned(),
            owner: entity.table.text("owner").map(str::to_owned),
            review_by: review_by.map(|by| by.to_string()),
            unchanged_since: unchanged.map(|day| day.to_string()),
            address,
        })
    });
    stale.collect()
}
