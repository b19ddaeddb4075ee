//! What an earlier run found.

use super::{Fingerprint, Gone, Kind};
use crate::report::csv_rows;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What the columns begin with that say in CSV what was left out: all kinds but some, all owners and
/// all teams but one, and what was not new.
pub const LEFT_OUT: [&str; 4] = ["only_kind=", "only_owner=", "only_team=", "only_new"];

/// The deviations that were there before.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    all: BTreeMap<Fingerprint, Kept>,
    /// Owners, teams and addresses, each once: there are far fewer of them than deviations.
    words: Vec<String>,
    kinds: Vec<Kind>,
    owner: Option<String>,
    team: Option<String>,
}

const ONLY_NEW: &str = "it holds only what was new then; compare with a whole list";

/// What is kept of one of them; texts by their place among the words.
#[derive(Debug, Clone, Copy)]
struct Kept {
    kind: Option<Kind>,
    address: Option<u32>,
    owner: Option<u32>,
    team: Option<u32>,
}

/// A deviation that was there before.
pub(super) struct Before<'e> {
    /// Its kind; none where this version knows it no more.
    pub(super) kind: Option<Kind>,
    pub(super) address: &'e str,
    pub(super) owner: Option<&'e str>,
    pub(super) team: Option<&'e str>,
}

/// What is read of a row: a cell of it by its name; none where it is empty.
type Cell<'r> = &'r dyn Fn(&str) -> Option<&'r str>;

/// Takes up rows.
#[derive(Default)]
struct Reading {
    all: BTreeMap<Fingerprint, Kept>,
    words: BTreeMap<String, u32>,
}

impl Reading {
    /// Takes up a row; what was waived does not count.
    fn take(&mut self, cell: Cell<'_>) {
        let print = cell("fingerprint").and_then(Fingerprint::parse);
        let Some(print) = print.filter(|_| cell("waived_by").is_none()) else { return };
        let kind = cell("kind").and_then(Kind::parse);
        let mut word = |name| Some(self.word(cell(name)?));
        let kept =
            Kept { kind, address: word("address"), owner: word("owner"), team: word("team") };
        self.all.insert(print, kept);
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(place) = self.words.get(word) {
            return *place;
        }
        let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.insert(word.to_owned(), place);
        place
    }

    fn done(self) -> Earlier {
        let mut words: Vec<(String, u32)> = self.words.into_iter().collect();
        words.sort_by_key(|(_, place)| *place);
        let words = words.into_iter().map(|(word, _)| word).collect();
        Earlier { all: self.all, words, ..Earlier::default() }
    }
}

impl Earlier {
    /// Reads what this command printed as JSON or as CSV; what was waived then does not count.
    ///
    /// # Errors
    /// Why that is no list of all deviations.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with('{') { Self::json(text) } else { Self::csv(text) }
    }

    fn json(text: &str) -> Result<Self, String> {
        let whole: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let of = |key: &str| whole.get("selection").and_then(|selection| selection.get(key));
        if of("new_since").is_some_and(|file| !file.is_null()) {
            return Err(ONLY_NEW.to_owned());
        }
        let text = |key: &str| of(key).and_then(Json::as_str).map(str::to_owned);
        let kinds = of("kinds").and_then(Json::as_array).into_iter().flatten();
        let kinds = kinds.filter_map(|kind| Kind::parse(kind.as_str()?)).collect();
        let (owner, team) = (text("owner"), text("team"));
        let rows = whole.get("deviations").and_then(Json::as_array);
        let rows = rows.ok_or("it is JSON, but nothing that `deviations --format json` wrote")?;
        let mut reading = Reading::default();
        for row in rows {
            reading.take(&|name| row.get(name)?.as_str().filter(|text| !text.is_empty()));
        }
        Ok(Self { kinds, owner, team, ..reading.done() })
    }

    fn csv(text: &str) -> Result<Self, String> {
        let mut rows = csv_rows(text);
        let head = rows.next().unwrap_or_default();
        if !head.starts_with(&["fingerprint".to_owned(), "waived_by".to_owned()]) {
            let why = "it is nothing that `deviations --format json` or `--format csv` wrote";
            return Err(why.to_owned());
        }
        let places: BTreeMap<&str, usize> =
            head.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let [kinds, owner, team, new] =
            LEFT_OUT.map(|column| head.iter().find_map(|name| name.strip_prefix(column)));
        if new.is_some() {
            return Err(ONLY_NEW.to_owned());
        }
        let mut reading = Reading::default();
        for row in rows {
            let cell = |name: &str| row.get(*places.get(name)?).map(String::as_str);
            reading.take(&|name| cell(name).filter(|text| !text.is_empty()));
        }
        let kinds = kinds.into_iter().flat_map(|kinds| kinds.split(' '));
        let kinds = kinds.filter_map(Kind::parse).collect();
        let (owner, team) = (owner.map(str::to_owned), team.map(str::to_owned));
        Ok(Self { kinds, owner, team, ..reading.done() })
    }

    /// The option with which it was made that leaves out what would be looked for now.
    pub fn leaves_out(
        &self,
        kinds: &[Kind],
        owner: Option<&str>,
        team: Option<&str>,
    ) -> Option<&'static str> {
        let fewer = kinds.is_empty() || kinds.iter().any(|kind| !self.kinds.contains(kind));
        let other = |then: &Option<String>, now| then.is_some() && then.as_deref() != now;
        let options = [
            ("--kind", !self.kinds.is_empty() && fewer),
            ("--owner", other(&self.owner, owner)),
            ("--team", other(&self.team, team)),
        ];
        options.into_iter().find(|(_, differs)| *differs).map(|(option, _)| option)
    }

    /// Whether it was there.
    pub(super) fn has(&self, print: Fingerprint) -> bool {
        self.all.contains_key(&print)
    }

    /// What became of all of them: those that were found again are still there, those that are
    /// looked for are gone, and of the others nobody can tell.
    pub(super) fn gone(
        &self,
        still: &BTreeSet<Fingerprint>,
        sought: impl Fn(&Before<'_>) -> bool,
    ) -> Gone {
        let mut gone = Gone::default();
        for (print, kept) in &self.all {
            if still.contains(print) {
                gone.still += 1;
            } else if sought(&self.before(kept)) {
                gone.gone += 1;
            } else {
                gone.not_sought += 1;
            }
        }
        gone
    }

    fn before(&self, kept: &Kept) -> Before<'_> {
        let word =
            |place: Option<u32>| self.words.get(usize::try_from(place?).ok()?).map(String::as_str);
        Before {
            kind: kept.kind,
            address: word(kept.address).unwrap_or_default(),
            owner: word(kept.owner),
            team: word(kept.team),
        }
    }
}
