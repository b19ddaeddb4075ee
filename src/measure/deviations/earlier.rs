//! What an earlier run found.

use super::{Fingerprint, Kind};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The deviations that were there before.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    pub(super) all: BTreeSet<Fingerprint>,
    kinds: Vec<Kind>,
    owner: Option<String>,
    team: Option<String>,
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
            let why = "it holds only what was new then; compare with a whole list";
            return Err(why.to_owned());
        }
        let text = |key: &str| of(key).and_then(Json::as_str).map(str::to_owned);
        let kinds = of("kinds").and_then(Json::as_array).into_iter().flatten();
        let kinds = kinds.filter_map(|kind| Kind::parse(kind.as_str()?)).collect();
        let (owner, team) = (text("owner"), text("team"));
        let rows = whole.get("deviations").and_then(Json::as_array);
        let rows = rows.ok_or("it is JSON, but nothing that `deviations --format json` wrote")?;
        let in_force = rows.iter().filter(|row| row.get("waived_by").is_none_or(Json::is_null));
        let all = in_force.filter_map(|row| Fingerprint::parse(row.get("fingerprint")?.as_str()?));
        Ok(Self { all: all.collect(), kinds, owner, team })
    }

    /// The first two cells hold nothing that would have to be quoted.
    fn csv(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let head = lines.next().unwrap_or_default();
        if !head.trim_matches('"').starts_with("fingerprint,waived_by,") {
            let why = "it is nothing that `deviations --format json` or `--format csv` wrote";
            return Err(why.to_owned());
        }
        let in_force = lines.filter_map(|line| {
            let mut cells = line.split(',').map(|cell| cell.trim_matches('"'));
            let (fingerprint, waived) = (cells.next()?, cells.next()?);
            waived.is_empty().then(|| Fingerprint::parse(fingerprint)).flatten()
        });
        Ok(Self { all: in_force.collect(), ..Self::default() })
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

    /// How many there were.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
