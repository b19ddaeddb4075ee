//! The history as data for the scripts of the site: classic scripts that a page from a disk may load.
//!
//! | file | name | what |
//! | --- | --- | --- |
//! | `data/revisions.js` | `revisions` | `{revisions: [{id, short, day, time, from, author, subject, …}]}`, oldest first |
//! | `data/model.js` | `model` | `{entities: [[address, name, kind, [[revision, alive, name?], …], stem], …], kinds: [[id, words], …]}` |
//! | `data/entity/STEM.js` | `entity/STEM` | `{address, versions: […], changes: […]}` |
//! | `data/ends.js` | `ends` | `{pairs: [{from, days, tags}]}`: what is compared with the newest revision |
//! | `data/ends/N.js` | `ends/N` | `{changes: [[entity, effect, sentence, direct], …]}` |
//! | `data/register.js` | `register` | `{columns, csv, count, pieces: [{first, rows, from, to}]}` |
//! | `data/register/N.js` | `register/N` | `{rows: [[…], …]}`, a cell for each of the columns |
//!
//! A revision is its number everywhere: its place in `revisions`. What was in force at an instant is the
//! last revision whose `from` is not after it. In `model.js` an entity is said to be there (1) or not (0)
//! at each revision from which on it says something else, with the name of then where that is another
//! than the last one. A revision that is `cut_off` is the oldest that was fetched: what came before it is not
//! known. The effect of what lies between two revisions is that of the `changes` in between.
//!
//! The columns of the register are those of `register.csv` (`csv`), but for what a revision tells once for
//! all its rows, and, as lists, who approved it in which role and what it follows from.
//!
//! A list that is too large for one file is in several, as `site/data.rs` says. An entity with much to say
//! is in `data/entity/STEM/N.js`, `{versions: […], changes: […]}` of some revisions each; the file of its
//! own name has `pieces: [first revision, …]` then, and of each version only when it is and whether there
//! is one.

use super::{Past, Revision, Row, Version};
use crate::audit::Class;
use crate::site::data::{PIECE, file, list, room};
use crate::site::kinds;
use crate::site::names::stem;
use crate::view::{REGISTER_COLUMNS, register_cells};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// The columns of the register that a revision tells once for all its rows.
const OF_REVISION: [&str; 5] = ["record_time", "commit", "pull_request", "committer", "reason"];

/// All data files of a history, by path.
pub(super) fn files(past: &Past) -> Vec<(String, Vec<u8>)> {
    let mut files = list("revisions", "revisions", Map::new(), &revisions(past));
    let kinds = Map::from_iter([("kinds".to_owned(), kinds_of(past))]);
    files.extend(list("model", "entities", kinds, &model(past)));
    files.push(("register.csv".to_owned(), past.register_csv.clone().into_bytes()));
    for address in past.versions.keys() {
        files.extend(in_pieces(&format!("entity/{}", stem(address)), entity(past, address)));
    }
    files.extend(register(past));
    files.extend(ends(past));
    files
}

/// The kinds of all entities that there ever were, in the order of the manual, and the words for several
/// of each.
fn kinds_of(past: &Past) -> Json {
    let of = |address: &String| address.split('.').next().unwrap_or_default().to_owned();
    let known: BTreeSet<String> = past.versions.keys().map(of).collect();
    let mut known: Vec<String> = known.into_iter().collect();
    known.sort_by_key(|kind| kinds::place(kind));
    known.iter().map(|kind| json!([kind, kinds::many(kind)])).collect()
}

/// What is compared with the newest revision, and what differs there.
fn ends(past: &Past) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (number, ends) in past.ends.iter().enumerate() {
        let changes = ends.changes.iter();
        let changes: Vec<Json> = changes
            .map(|it| json!([it.entity, it.impact.word(), it.says, u8::from(it.direct)]))
            .collect();
        files.extend(list(&format!("ends/{number}"), "changes", Map::new(), &changes));
    }
    let pairs = past.ends.iter();
    let pairs = pairs.map(|it| json!({ "from": it.from, "days": it.days, "tags": it.tags }));
    files.push(file("ends", &json!({ "pairs": pairs.collect::<Vec<_>>() })));
    files
}

#[derive(Serialize)]
struct RevisionData<'p> {
    id: &'p str,
    short: &'p str,
    day: &'p str,
    time: &'p str,
    from: &'p str,
    author: &'p str,
    subject: &'p str,
    /// Who recorded it, as the register has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    committer: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_request: Option<&'p str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    merge: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut_off: bool,
    #[serde(skip_serializing_if = "is_nought")]
    adopted: usize,
    changes: usize,
    follow: usize,
    loosened: usize,
    tightened: usize,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unreadable: &'p [(String, String)],
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_nought(number: &usize) -> bool {
    *number == 0
}

fn revisions(past: &Past) -> Vec<Json> {
    let data = |(number, revision): (usize, &Revision)| {
        let mut rows = past.rows_at(number);
        json!(RevisionData {
            id: &revision.id,
            short: &revision.short,
            day: &revision.day,
            time: &revision.time,
            from: &revision.from,
            author: &revision.author,
            subject: &revision.subject,
            committer: rows.next().map(|row| row.entry.committer.as_str()),
            pull_request: revision.pull_request.as_deref(),
            merge: revision.merge,
            cut_off: revision.class == Class::CutOff,
            adopted: revision.adopted,
            changes: revision.changes,
            follow: revision.follow,
            loosened: revision.loosened,
            tightened: revision.tightened,
            unreadable: &revision.unreadable,
        })
    };
    past.revisions.iter().enumerate().map(data).collect()
}

fn model(past: &Past) -> Vec<Json> {
    let entity = |(address, versions): (&String, &Vec<Version>)| {
        let last = super::last_name(address, versions);
        let turn = |version: &Version| match &version.said {
            Some(said) if said.name != last => json!([version.at, 1, said.name]),
            said => json!([version.at, u8::from(said.is_some())]),
        };
        let turns: Vec<Json> = versions.iter().map(turn).collect();
        let kind = address.split('.').next().unwrap_or_default();
        json!([address, last, kind, turns, stem(address)])
    };
    past.versions.iter().map(entity).collect()
}

#[derive(Serialize)]
struct EntityData<'p> {
    address: &'p str,
    versions: Vec<VersionData<'p>>,
    changes: Vec<ChangeData<'p>>,
}

#[derive(Serialize)]
struct VersionData<'p> {
    at: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'p str>,
    rows: Vec<[&'p str; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formerly: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<&'p str>,
}

impl VersionData<'_> {
    /// When it is, and whether there is one.
    fn date(&self) -> Json {
        if self.gone { json!({ "at": self.at, "gone": true }) } else { json!({ "at": self.at }) }
    }
}

#[derive(Serialize)]
struct ChangeData<'p> {
    at: usize,
    row: usize,
    address: &'p str,
    kind: &'p str,
    effect: &'static str,
    says: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    admits: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refuses: Option<&'p str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    caused_by: &'p [String],
    standing: &'static str,
    authors: &'p [String],
}

fn entity<'p>(past: &'p Past, address: &'p str) -> EntityData<'p> {
    let versions = past.versions.get(address).map(Vec::as_slice).unwrap_or_default();
    let version = |version: &'p Version| {
        let said = version.said.as_ref();
        let rows = said.map(|said| said.rows.as_slice()).unwrap_or_default();
        VersionData {
            at: version.at,
            gone: said.is_none(),
            name: said.map(|said| said.name.as_str()),
            file: said.map(|said| said.file.as_str()),
            text: said.map(|said| said.text.as_str()),
            rows: rows.iter().map(|row| [&*row.path, &*row.label, &*row.words]).collect(),
            formerly: version.formerly.as_deref(),
            now: version.now.as_deref(),
            unreadable: version.unreadable.as_deref(),
        }
    };
    let change = |(number, row): (usize, &'p Row)| {
        let entry = &row.entry;
        ChangeData {
            at: row.revision,
            row: number,
            address: &entry.address,
            kind: &entry.kind,
            effect: entry.impact.word(),
            says: &entry.summary,
            before: entry.before.as_deref(),
            after: entry.after.as_deref(),
            verdict: entry.verdict.as_deref(),
            admits: entry.admits.as_deref(),
            refuses: entry.refuses.as_deref(),
            caused_by: &entry.caused_by,
            standing: crate::view::standing_word(entry.standing),
            authors: &entry.authors,
        }
    };
    EntityData {
        address,
        versions: versions.iter().map(version).collect(),
        changes: past.rows_of(address).map(change).collect(),
    }
}

/// An entity in one file, or, where it has much to say, in several that are loaded as they are asked for.
fn in_pieces(name: &str, data: EntityData<'_>) -> Vec<(String, Vec<u8>)> {
    let whole = file(name, &data);
    if whole.1.len() <= PIECE {
        return vec![whole];
    }
    let dates: Vec<Json> = data.versions.iter().map(VersionData::date).collect();
    let (mut files, mut firsts) = (Vec::new(), Vec::new());
    let mut open = EntityPiece::default();
    let versions = data.versions.into_iter().map(|it| (it.at, to_raw_value(&it), true));
    let changes = data.changes.into_iter().map(|it| (it.at, to_raw_value(&it), false));
    let mut all: Vec<_> = versions.chain(changes).collect();
    all.sort_by_key(|(at, _, is_version)| (*at, !is_version));
    for of_one in all.chunk_by(|(a, ..), (b, ..)| a == b) {
        let rows = || of_one.iter().filter_map(|(_, row, kind)| Some((row.as_ref().ok()?, *kind)));
        let more: usize = rows().map(|(row, _)| room(row)).sum();
        if open.bytes + more > PIECE && open.bytes > 0 {
            files.push(file(&format!("{name}/{}", files.len()), &std::mem::take(&mut open)));
        }
        if open.bytes == 0 {
            firsts.extend(of_one.first().map(|(at, ..)| *at));
        }
        open.bytes += more;
        for (row, is_version) in rows() {
            let kept = if is_version { &mut open.versions } else { &mut open.changes };
            kept.push(row.clone());
        }
    }
    files.push(file(&format!("{name}/{}", files.len()), &open));
    let index = json!({ "address": data.address, "versions": dates, "pieces": firsts });
    files.push(file(name, &index));
    files
}

/// What an entity said, and what changed, in some of its revisions.
#[derive(Default, Serialize)]
struct EntityPiece {
    versions: Vec<Box<RawValue>>,
    changes: Vec<Box<RawValue>>,
    #[serde(skip)]
    bytes: usize,
}

/// The register in pieces, and what is in which.
fn register(past: &Past) -> Vec<(String, Vec<u8>)> {
    let kept: Vec<bool> =
        REGISTER_COLUMNS.iter().map(|column| !OF_REVISION.contains(column)).collect();
    let columns = REGISTER_COLUMNS.iter().zip(&kept).filter(|(_, kept)| **kept);
    let columns = columns.map(|(column, _)| *column);
    let columns: Vec<&str> =
        ["revision", "entity"].into_iter().chain(columns).chain(["approved", "because"]).collect();
    let mut pieces = Pieces::default();
    for (number, row) in past.register.iter().enumerate() {
        let cells = register_cells(&row.entry).into_iter().zip(&kept);
        let cells = cells.filter(|(_, kept)| **kept).map(|(cell, _)| Json::from(cell));
        let first = [Json::from(row.revision), Json::from(row.entity.as_str())];
        let approvals = row.entry.approvals.iter();
        let approved: Json = approvals.map(|it| json!([it.who, it.role])).collect();
        let last = [approved, json!(row.entry.caused_by)];
        let cells: Vec<Json> = first.into_iter().chain(cells).chain(last).collect();
        if let Ok(cells) = to_raw_value(&cells) {
            pieces.add(number, row.revision, cells);
        }
    }
    pieces.close();
    let index = json!({
        "columns": columns,
        "csv": REGISTER_COLUMNS,
        "count": past.register.len(),
        "pieces": pieces.index,
    });
    pieces.files.push(file("register", &index));
    pieces.files
}

/// Pieces of the register: one that is open, and those that are done.
#[derive(Default)]
struct Pieces {
    open: Vec<Box<RawValue>>,
    bytes: usize,
    first: usize,
    from: usize,
    to: usize,
    index: Vec<Json>,
    files: Vec<(String, Vec<u8>)>,
}

impl Pieces {
    fn add(&mut self, number: usize, revision: usize, row: Box<RawValue>) {
        let bytes = room(&row);
        if self.bytes + bytes > PIECE {
            self.close();
        }
        if self.open.is_empty() {
            (self.first, self.from) = (number, revision);
        }
        self.open.push(row);
        self.bytes += bytes;
        self.to = revision;
    }

    fn close(&mut self) {
        let rows = std::mem::take(&mut self.open);
        if rows.is_empty() {
            return;
        }
        self.bytes = 0;
        let (number, count) = (self.files.len(), rows.len());
        self.files.push(file(&format!("register/{number}"), &Piece { rows }));
        let Self { first, from, to, .. } = *self;
        self.index.push(json!({ "first": first, "rows": count, "from": from, "to": to }));
    }
}

#[derive(Serialize)]
struct Piece {
    rows: Vec<Box<RawValue>>,
}
