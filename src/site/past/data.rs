//! The history as data for the scripts of the site: classic scripts that a page from a disk may load.
//!
//! | file | name | what |
//! | --- | --- | --- |
//! | `data/revisions.js` | `revisions` | `{revisions: [{id, short, day, time, from, author, subject, …}]}`, oldest first |
//! | `data/model.js` | `model` | `{entities: [[address, name, kind, [[revision, alive, name?], …], stem], …]}` |
//! | `data/entity/STEM.js` | `entity/STEM` | `{address, versions: […], changes: […]}` |
//! | `data/register.js` | `register` | `{columns, count, pieces: [{first, rows, from, to}]}` |
//! | `data/register/N.js` | `register/N` | `{rows: [[…], …]}`, a cell for each of the columns |
//!
//! A revision is its number everywhere: its place in `revisions`. What was in force at an instant is the
//! last revision whose `from` is not after it. In `model.js` an entity is said to be there (1) or not (0)
//! at each revision from which on it says something else, with the name of then where that is another
//! than the last one. The effect of what lies between two revisions is that of the `changes` in between.

use super::{Past, Revision, Row, Version};
use crate::site::data::script;
use crate::site::names::stem;
use crate::view::{REGISTER_COLUMNS, register_cells};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value as Json, json};

/// A piece of the register is cut before it is larger than this, in bytes.
const PIECE: usize = 380_000;

/// The columns of the register that a revision tells once for all its rows.
const OF_REVISION: [&str; 5] = ["record_time", "commit", "pull_request", "committer", "reason"];

/// All data files of a history, by path.
pub(super) fn files(past: &Past) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("data/revisions.js".to_owned(), script("revisions", &revisions(past)).into_bytes()),
        ("data/model.js".to_owned(), script("model", &model(past)).into_bytes()),
        ("register.csv".to_owned(), past.register_csv.clone().into_bytes()),
    ];
    for address in past.versions.keys() {
        let stem = stem(address);
        let data = entity(past, address);
        let text = script(&format!("entity/{stem}"), &data);
        files.push((format!("data/entity/{stem}.js"), text.into_bytes()));
    }
    files.extend(register(past));
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_request: Option<&'p str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    merge: bool,
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

fn revisions(past: &Past) -> Json {
    let data = |revision: &Revision| {
        json!(RevisionData {
            id: &revision.id,
            short: &revision.short,
            day: &revision.day,
            time: &revision.time,
            from: &revision.from,
            author: &revision.author,
            subject: &revision.subject,
            pull_request: revision.pull_request.as_deref(),
            merge: revision.merge,
            adopted: revision.adopted,
            changes: revision.changes,
            follow: revision.follow,
            loosened: revision.loosened,
            tightened: revision.tightened,
            unreadable: &revision.unreadable,
        })
    };
    json!({ "revisions": past.revisions.iter().map(data).collect::<Vec<_>>() })
}

fn model(past: &Past) -> Json {
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
    json!({ "entities": past.versions.iter().map(entity).collect::<Vec<_>>() })
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

/// The register in pieces, and what is in which.
fn register(past: &Past) -> Vec<(String, Vec<u8>)> {
    let kept: Vec<bool> =
        REGISTER_COLUMNS.iter().map(|column| !OF_REVISION.contains(column)).collect();
    let columns = REGISTER_COLUMNS.iter().zip(&kept).filter(|(_, kept)| **kept);
    let columns: Vec<&str> =
        ["revision", "entity"].into_iter().chain(columns.map(|(column, _)| *column)).collect();
    let mut pieces = Pieces::default();
    for (number, row) in past.register.iter().enumerate() {
        let cells = register_cells(&row.entry).into_iter().zip(&kept);
        let cells = cells.filter(|(_, kept)| **kept).map(|(cell, _)| Json::from(cell));
        let first = [Json::from(row.revision), Json::from(row.entity.as_str())];
        let cells: Vec<Json> = first.into_iter().chain(cells).collect();
        if let Ok(cells) = to_raw_value(&cells) {
            pieces.add(number, row.revision, cells);
        }
    }
    pieces.close();
    let index = json!({
        "columns": columns,
        "count": past.register.len(),
        "pieces": pieces.index,
    });
    pieces.files.push(("data/register.js".to_owned(), script("register", &index).into_bytes()));
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
        // Each `<` takes six bytes in the file.
        let bytes = row.get().len() + row.get().matches('<').count() * 5 + 1;
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
        let text = script(&format!("register/{number}"), &Piece { rows });
        self.files.push((format!("data/register/{number}.js"), text.into_bytes()));
        let Self { first, from, to, .. } = *self;
        self.index.push(json!({ "first": first, "rows": count, "from": from, "to": to }));
    }
}

#[derive(Serialize)]
struct Piece {
    rows: Vec<Box<RawValue>>,
}
