//! The history of a model in numbers: how often what was loosened, tightened or shifted.

use super::changes::{entity_of, impact_style};
use super::cut::squeezed;
use super::log_line::day;
use super::words::count;
use crate::change::{Change, Impact};
use crate::history::Step;
use crate::report::{Block, Line, Page, Style, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What changes are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatBy {
    /// The entity that changed.
    Address,
    /// The kind of change.
    Kind,
    /// What it does.
    Impact,
    /// Who wrote it.
    Author,
}

impl StatBy {
    fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Kind => "kind",
            Self::Impact => "impact",
            Self::Author => "author",
        }
    }
}

/// The stretches of time that changes are counted in, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatPer {
    /// A month: `2026-06`.
    Month,
    /// A quarter of the calendar year: `2026-Q2`.
    Quarter,
    /// A year: `2026`.
    Year,
}

impl StatPer {
    /// The name of the stretch that a day lies in.
    fn of(self, day: &str) -> String {
        let mut parts = day.rsplitn(3, '-').skip(1);
        let month = parts.next().unwrap_or_default();
        let year = parts.next().unwrap_or_default();
        match self {
            Self::Year => year.to_owned(),
            Self::Month => format!("{year}-{month}"),
            Self::Quarter => {
                let quarter = month.parse::<u32>().map_or(0, |month| month.saturating_sub(1) / 3);
                format!("{year}-Q{}", quarter + 1)
            }
        }
    }
}

/// What `log --stat --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogStat {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// What is counted by.
    pub by: StatBy,
    /// The stretches of time it is counted in, where it is.
    pub per: Option<StatPer>,
    /// How many commits changed something that is counted.
    pub commits: usize,
    /// How many changes there are in all.
    pub changes: usize,
    /// The numbers: the latest stretch of time first, and in it what changed most often.
    pub rows: Vec<StatRow>,
}

/// The changes of one address, kind, impact or author.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct StatRow {
    /// The stretch of time, where it is counted in such.
    pub period: Option<String>,
    /// The address, kind, impact or author.
    pub key: String,
    /// How many changes.
    pub changes: usize,
    /// So many of them let more pass, or ask for less.
    pub loosened: usize,
    /// So many let less pass, or ask for more.
    pub tightened: usize,
    /// So many do something else.
    pub shifted: usize,
    /// Of so many it is not known.
    pub undecided: usize,
    /// So many break what followed the old model.
    pub breaking: usize,
    /// So many add something nobody relied on not being there.
    pub additive: usize,
    /// So many change form alone; counted only where they were asked for.
    pub cosmetic: usize,
    /// The day of the first one, in UTC.
    pub first_changed: String,
    /// The day of the last one.
    pub last_changed: String,
}

impl StatRow {
    fn counts(&self) -> [(Impact, usize); 7] {
        [
            (Impact::Loosening, self.loosened),
            (Impact::Tightening, self.tightened),
            (Impact::Shifting, self.shifted),
            (Impact::Undecided, self.undecided),
            (Impact::Breaking, self.breaking),
            (Impact::Additive, self.additive),
            (Impact::Cosmetic, self.cosmetic),
        ]
    }

    fn add(&mut self, impact: Impact, day: &str) {
        self.changes += 1;
        let number = match impact {
            Impact::Loosening => &mut self.loosened,
            Impact::Tightening => &mut self.tightened,
            Impact::Shifting => &mut self.shifted,
            Impact::Undecided => &mut self.undecided,
            Impact::Breaking => &mut self.breaking,
            Impact::Additive => &mut self.additive,
            Impact::Cosmetic => &mut self.cosmetic,
        };
        *number += 1;
        if self.first_changed.is_empty() || day < self.first_changed.as_str() {
            day.clone_into(&mut self.first_changed);
        }
        if day > self.last_changed.as_str() {
            day.clone_into(&mut self.last_changed);
        }
    }
}

/// What is counted of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The day it was recorded, in UTC.
    day: String,
    /// Who wrote it, as they are called now.
    author: String,
    /// Of each change the entity, the kind and what it does.
    changes: Vec<(String, String, Impact)>,
}

/// Counts while a history is walked.
#[derive(Debug)]
pub struct LogCounts {
    by: StatBy,
    per: Option<StatPer>,
    commits: usize,
    rows: BTreeMap<Option<String>, BTreeMap<String, StatRow>>,
}

impl LogCounts {
    /// Nothing counted yet.
    pub fn new(by: StatBy, per: Option<StatPer>) -> Self {
        Self { by, per, commits: 0, rows: BTreeMap::new() }
    }

    /// What a commit changed itself; what follows elsewhere is no change of its own. Changes of form
    /// alone are counted only where they are asked for.
    pub fn of(step: &Step, cosmetic: bool) -> Counted {
        let is_counted =
            |change: &&Change| change.caused_by.is_empty() && (cosmetic || !change.is_cosmetic());
        let counted = |change: &Change| {
            (entity_of(change.address.as_str()), change.kind.id.clone(), change.impact)
        };
        Counted {
            day: day(step.commit.committer_time),
            author: step.commit.author.name.clone(),
            changes: step.changes.changes.iter().filter(is_counted).map(counted).collect(),
        }
    }

    /// Counts a commit; whether there was anything to count.
    pub fn add(&mut self, counted: &Counted) -> bool {
        let Counted { day, author, changes } = counted;
        if changes.is_empty() {
            return false;
        }
        self.commits += 1;
        let period = self.per.map(|per| per.of(day));
        let rows = self.rows.entry(period.clone()).or_default();
        for (entity, kind, impact) in changes {
            let key = match self.by {
                StatBy::Address => entity,
                StatBy::Kind => kind,
                StatBy::Impact => impact.word(),
                StatBy::Author => author,
            };
            if let Some(row) = rows.get_mut(key) {
                row.add(*impact, day);
                continue;
            }
            let named =
                StatRow { period: period.clone(), key: key.to_owned(), ..StatRow::default() };
            rows.entry(key.to_owned()).or_insert(named).add(*impact, day);
        }
        true
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The numbers.
    pub fn stat(self) -> LogStat {
        let mut rows: Vec<StatRow> =
            self.rows.into_values().flat_map(BTreeMap::into_values).collect();
        let order =
            |row: &StatRow| (Reverse(row.period.clone()), Reverse(row.changes), row.key.clone());
        rows.sort_by_cached_key(order);
        LogStat {
            format_version: "1.0",
            tool: Tool::THIS,
            by: self.by,
            per: self.per,
            commits: self.commits,
            changes: rows.iter().map(|row| row.changes).sum(),
            rows,
        }
    }
}

/// The heads of the columns of numbers, and the same where there is little room.
const NUMBERS: [(&str, &str); 7] = [
    ("changes", "all"),
    ("loosened", "loose"),
    ("tightened", "tight"),
    ("shifted", "shift"),
    ("undecided", "undec"),
    ("breaking", "break"),
    ("other", "other"),
];
/// A table narrower than this has the short heads.
const WIDE: usize = 110;
/// A day, and the head over days.
const LAST: &str = "last changed";
/// Columns between two others.
const GAP: usize = 2;

/// The numbers as a page: a bar a row where there is room for bars. On a terminal it is no wider
/// than that.
pub fn log_stat_page(stat: &LogStat, bars: bool, width: Option<usize>) -> Page {
    let short = width.is_some_and(|width| width < WIDE);
    let heads = NUMBERS.map(|(head, brief)| if short { brief } else { head });
    let period = stat.rows.iter().filter_map(|row| row.period.as_ref()).map(|it| it.len() + GAP);
    let fixed: usize = heads.iter().map(|head| head.len() + GAP).sum::<usize>()
        + period.max().map_or(0, |period| period.max("period".len() + GAP))
        + if short { 0 } else { LAST.len() + GAP };
    let key_width = stat.rows.iter().map(|row| Line::of(row.key.clone()).width()).max();
    let key_width = key_width.unwrap_or_default().max(stat.by.word().len());
    let key_room = width.map_or(key_width, |width| {
        key_width.min(width.saturating_sub(fixed + GAP).max(SHORTEST_KEY))
    });
    let bar_room = width.map_or(LONGEST_BAR, |width| width.saturating_sub(fixed + key_room + GAP));
    let bar_room = bar_room.min(if bars && !short { LONGEST_BAR } else { 0 });
    let most = stat.rows.iter().map(|row| row.changes).max().unwrap_or_default();
    let timed = stat.per.is_some();
    let mut head: Vec<Line> = Vec::new();
    head.extend(timed.then(|| Line::of("period")));
    head.push(Line::of(stat.by.word()));
    head.extend(heads.map(Line::of));
    head.extend((!short).then(|| Line::of(LAST)));
    head.extend((bar_room > 0).then(Line::new));
    let row = |row: &StatRow| {
        let mut cells: Vec<Line> = Vec::new();
        cells.extend(timed.then(|| Line::of(row.period.clone().unwrap_or_default())));
        cells.push(Line::new().code(squeezed(&row.key, key_room)));
        cells.extend(numbers(row, heads));
        cells.extend((!short).then(|| Line::of(row.last_changed.clone())));
        cells.extend((bar_room > 0).then(|| bar(row, most, bar_room)));
        cells
    };
    let mut page = Page::default();
    page.push(Block::Table(head, stat.rows.iter().map(row).collect()));
    page.gap();
    let changes = count(stat.changes, "change", "changes");
    let commits = count(stat.commits, "commit", "commits");
    page.push(Block::Paragraph(Line::new().strong(changes).plain(format!(" in {commits}"))));
    page
}

/// What is counted by is never cut below this.
const SHORTEST_KEY: usize = 16;
/// The longest bar.
const LONGEST_BAR: usize = 20;

/// The numbers of a row, each under the end of its head; none is nothing to see.
fn numbers(row: &StatRow, heads: [&str; 7]) -> Vec<Line> {
    let other = (Impact::Additive, row.additive + row.cosmetic);
    let counted = row.counts().into_iter().take(heads.len() - 2).chain([other]);
    let styled = counted.map(|(impact, number)| (impact_style(impact), number));
    let all = std::iter::once((Style::Strong, row.changes)).chain(styled);
    let cell = |((style, number), head): ((Style, usize), &str)| {
        let width = head.len();
        match number {
            0 => Line::new(),
            number => Line::new().with(style, format!("{number:>width$}")),
        }
    };
    all.zip(heads).map(cell).collect()
}

/// A bar as long as the row has changes, in the colours of what they do.
fn bar(row: &StatRow, most: usize, longest: usize) -> Line {
    let scaled =
        |number: usize| if most <= longest { number } else { (number * longest).div_ceil(most) };
    let length = scaled(row.changes);
    let mut line = Line::new();
    let (mut counted, mut drawn) = (0, 0);
    for (impact, number) in row.counts() {
        counted += number;
        // Each end is rounded by itself, so that the parts together are as long as the whole.
        let until = scaled(counted).min(length);
        let part = until.saturating_sub(drawn);
        if part > 0 {
            line = line.with(impact_style(impact), "█".repeat(part));
        }
        drawn = until;
    }
    line
}

/// The head of the rows of numbers for spreadsheets.
pub const STAT_COLUMNS: [&str; 12] = [
    "period",
    "key",
    "changes",
    "loosened",
    "tightened",
    "shifted",
    "undecided",
    "breaking",
    "additive",
    "cosmetic",
    "first_changed",
    "last_changed",
];

/// The rows of numbers for spreadsheets.
pub fn log_stat_cells(stat: &LogStat) -> Vec<Vec<String>> {
    let cells = |row: &StatRow| {
        let mut cells = vec![row.period.clone().unwrap_or_default(), row.key.clone()];
        cells.push(row.changes.to_string());
        cells.extend(row.counts().map(|(_, number)| number.to_string()));
        cells.extend([row.first_changed.clone(), row.last_changed.clone()]);
        cells
    };
    stat.rows.iter().map(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lies_in_its_month_quarter_and_year() {
        for (day, quarter) in [
            ("2026-01-01", "2026-Q1"),
            ("2026-03-31", "2026-Q1"),
            ("2026-04-01", "2026-Q2"),
            ("2026-12-31", "2026-Q4"),
        ] {
            assert_eq!(StatPer::Quarter.of(day), quarter);
            assert_eq!(StatPer::Year.of(day), "2026");
        }
        assert_eq!(StatPer::Month.of("2026-06-30"), "2026-06");
        assert_eq!(StatPer::Year.of("-0044-03-15"), "-0044");
    }

    #[test]
    fn the_parts_of_a_bar_are_as_long_as_the_whole() {
        let row =
            StatRow { changes: 50, loosened: 1, tightened: 30, additive: 19, ..StatRow::default() };
        for most in [50, 51, 200, 5000] {
            let all = StatRow { changes: 50, shifted: 50, ..StatRow::default() };
            assert_eq!(bar(&row, most, 20).width(), bar(&all, most, 20).width());
        }
        assert_eq!(
            bar(&StatRow { changes: 3, shifted: 3, ..StatRow::default() }, 7, 20).width(),
            3
        );
    }
}
