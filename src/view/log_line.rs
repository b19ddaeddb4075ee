//! The history of a model, a line a change: what was done, to what, by whom, and who approved it.

use super::changes::{impact_style, value_text};
use super::cut::{fitted, shares, squeezed};
use super::words::{count, instant, list_of};
use crate::change::{Change, Verb};
use crate::git::{CommitTime, ObjectId};
use crate::history::{Approver, Provenance, Step, Unreadable};
use crate::model::{Address, Kind};
use crate::report::{Line, Style, shown};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Why nothing is told of what came before a commit.
pub(super) const CUT_OFF: &str = "the history before this commit was not fetched (shallow clone)";
/// What to do about it.
pub(super) const CUT_OFF_HELP: &str = "run `git fetch --unshallow` to see it";

/// More new entities than this in one commit are counted by kind.
const FOLDED_FROM: usize = 10;

/// How much of a step is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    /// Whether what follows from a change elsewhere is listed.
    pub expand: bool,
    /// Whether changes of form alone are listed.
    pub cosmetic: bool,
    /// Whether many new entities are counted.
    pub fold: bool,
}

/// Something that is told of a step, in a line.
#[derive(Debug)]
pub(super) enum Told<'s> {
    /// A file that cannot be read.
    Unreadable(&'s Unreadable),
    /// A file that can be read again.
    ReadableAgain(&'s str),
    /// So many new entities that they are counted.
    New(Vec<&'s Change>),
    /// A change.
    Change(&'s Change),
    /// An id that was given away, with the commit since which it stands for something else.
    Reused(&'s Address, ObjectId),
    /// What follows from the change above.
    Follows(&'s Change),
    /// So many that follow from the changes above.
    FollowsFolded(usize),
    /// Nothing is known of what came before.
    CutOff,
}

/// What is said of an id that was used again.
pub(super) fn reused(commit: ObjectId) -> String {
    format!("the id stands for something else since {}", commit.short())
}

/// What is told of a step: what follows from a change stands under the first that causes it.
pub(super) fn told(step: &Step, telling: Telling) -> Vec<Told<'_>> {
    let mut all: Vec<Told<'_>> = step.unreadable.iter().map(Told::Unreadable).collect();
    all.extend(step.readable_again.iter().map(|path| Told::ReadableAgain(path)));
    // A rename changes no meaning, and is where a history goes on under another name.
    let is_told =
        |change: &&Change| telling.cosmetic || !change.is_cosmetic() || change.is_rename();
    let changes = step.changes.changes.iter().filter(is_told);
    let (direct, follows): (Vec<&Change>, Vec<&Change>) =
        changes.partition(|change| change.caused_by.is_empty());
    let new: Vec<&Change> = direct.iter().copied().filter(|c| is_new_entity(c)).collect();
    // A commit that brings a whole model is one line, not one for each entity.
    let fold = telling.fold && new.len() > FOLDED_FROM;
    if fold {
        all.push(Told::New(new));
    }
    // What was asked for may be nothing but what follows.
    let expand = telling.expand || direct.is_empty();
    let mut said: BTreeSet<usize> = BTreeSet::new();
    for cause in direct.iter().copied().filter(|change| !fold || !is_new_entity(change)) {
        all.push(Told::Change(cause));
        let reused = step.reused_by(cause);
        all.extend(reused.map(|(address, commit)| Told::Reused(address, commit)));
        for (at, change) in follows.iter().copied().enumerate().filter(|_| expand) {
            if change.follows_from(cause) && said.insert(at) {
                all.push(Told::Follows(change));
            }
        }
    }
    let rest = follows.iter().copied().enumerate().filter(|(at, _)| !said.contains(at));
    if expand {
        all.extend(rest.map(|(_, change)| Told::Change(change)));
    } else if !follows.is_empty() {
        all.push(Told::FollowsFolded(follows.len()));
    }
    if step.cut_off {
        all.push(Told::CutOff);
    }
    all
}

fn is_new_entity(change: &Change) -> bool {
    let address = change.address.as_str();
    let depth = Kind::of(change.address.kind()).map_or(1, |kind| kind.depth);
    let entity = address.split('.').count() == depth + 1;
    entity && change.before.is_none() && change.kind.id.ends_with("-added")
}

/// How many entities of each kind are new.
pub(super) fn by_kind(changes: &[&Change]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for change in changes {
        *kinds.entry(change.address.kind()).or_default() += 1;
    }
    let kinds: Vec<String> =
        kinds.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    list_of(&kinds)
}

/// Of long texts, the words that went and the words that came; each with the comparison before it, so
/// that it is seen which way a limit moved.
pub(super) fn changed_words(change: &Change) -> Option<Line> {
    Differing::of(change).map(|differing| differing.line(true))
}

/// The one stretch of words in which two texts differ.
struct Differing<'c> {
    before: String,
    after: String,
    /// Whether the same words stand before it, and behind it.
    around: (bool, bool),
    /// The comparison that begins both.
    operator: Option<&'c str>,
}

impl<'c> Differing<'c> {
    /// Words between a field and a value.
    const OPERATORS: [&'static str; 10] =
        ["=", "!=", "<", "<=", ">", ">=", "in", "contains", "with", "between"];

    fn of(change: &'c Change) -> Option<Self> {
        const LONGEST: usize = 120;
        let (Some(Json::String(before)), Some(Json::String(after))) =
            (&change.before, &change.after)
        else {
            return None;
        };
        let (old, new): (Vec<&str>, Vec<&str>) =
            (before.split_whitespace().collect(), after.split_whitespace().collect());
        let same = |(one, other): &(&&str, &&str)| one == other;
        let first = old.iter().zip(&new).take_while(same).count();
        let left = old.len().min(new.len()) - first;
        let last = old.iter().rev().zip(new.iter().rev()).take(left).take_while(same).count();
        let is_both = first + last < old.len().min(new.len());
        let operator = first.checked_sub(1).and_then(|at| old.get(at)).copied();
        let operator = operator.filter(|word| is_both && Self::OPERATORS.contains(word));
        let words = |all: &[&str]| all.get(first..all.len() - last).unwrap_or_default().join(" ");
        let (before, after) = (words(&old), words(&new));
        if before.len() + after.len() > LONGEST {
            return None;
        }
        let is_cut_before = first > usize::from(operator.is_some());
        Some(Self { before, after, around: (is_cut_before, last > 0), operator })
    }

    /// What each text says there, where both say something.
    fn sides(&self) -> Option<(String, String)> {
        let operator = self.operator.map(|word| format!("{word} ")).unwrap_or_default();
        let side = |words: &str| (!words.is_empty()).then(|| format!("{operator}{words}"));
        Some((side(&self.before)?, side(&self.after)?))
    }

    /// The words; marked where others stand around them, if there is room for that.
    fn line(&self, marked: bool) -> Line {
        let (left, right) = match self.around {
            (left, right) if marked => {
                (if left { "… " } else { "" }, if right { " …" } else { "" })
            }
            _ => ("", ""),
        };
        let operator = self.operator.map(|word| format!("{word} ")).unwrap_or_default();
        let side = |line: Line, style, words: &str| {
            line.plain(left).with(style, format!("{operator}{words}")).plain(right)
        };
        let line = Line::new();
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => side(line, Style::Added, &self.after).plain(" added"),
            (_, true) => side(line, Style::Removed, &self.before).plain(" removed"),
            _ => {
                let line = side(line, Style::Removed, &self.before).plain(ARROW);
                side(line, Style::Added, &self.after)
            }
        }
    }
}

/// Who is named as having approved a change, by name.
pub(super) fn approved_by(provenance: &Provenance, change: Option<&Change>) -> Vec<String> {
    let approvers = change.map(|change| provenance.approvers(change));
    approvers.unwrap_or_default().into_iter().map(Approver::name).collect()
}

/// The day a commit was recorded, in UTC.
pub(super) fn day(time: CommitTime) -> String {
    instant(time).split('T').next().unwrap_or_default().to_owned()
}

/// What a line says beside commit and author.
pub(super) struct Entry<'c> {
    /// Whether it follows from the one above.
    pub(super) follows: bool,
    /// What was done.
    pub(super) verb: String,
    /// What it is about.
    pub(super) about: String,
    /// The values, or a few words.
    pub(super) says: Says<'c>,
    /// Who approved it.
    pub(super) approvers: Vec<String>,
    style: Style,
}

/// What is said of what something is about.
pub(super) enum Says<'c> {
    /// What it was and what it is; of long ones, the words that the change changed.
    Values(String, String, Option<&'c Change>),
    /// Words.
    Words(Line),
}

impl Says<'_> {
    /// The columns in which all that matters of it can be said.
    fn least(&self) -> usize {
        match self {
            Self::Values(_, _, Some(change)) => {
                Differing::of(change).map_or(usize::MAX, |words| words.line(false).width())
            }
            _ => usize::MAX,
        }
    }

    /// The words, where so many columns are enough for them.
    pub(super) fn within(&self, width: Option<usize>) -> Line {
        let pair = |before: &str, after: &str| {
            let line = Line::new().with(Style::Removed, before).plain(ARROW);
            line.with(Style::Added, after)
        };
        match (self, width) {
            (Self::Words(line), None) => line.clone(),
            (Self::Words(line), Some(width)) => fitted(line, width),
            (Self::Values(before, after, _), None) => pair(before, after),
            (Self::Values(before, after, change), Some(width)) => {
                let whole = pair(before, after);
                if whole.width() <= width {
                    return whole;
                }
                let differing = change.and_then(Differing::of);
                let shorter = [true, false].into_iter();
                let mut shorter = shorter.filter_map(|it| Some(differing.as_ref()?.line(it)));
                shorter.find(|words| words.width() <= width).unwrap_or_else(|| {
                    let sides = differing.as_ref().and_then(Differing::sides);
                    let (before, after) = sides.unwrap_or((before.clone(), after.clone()));
                    let room = width.saturating_sub(Line::of(ARROW).width());
                    let (left, right) = shares(&before, &after, room);
                    pair(&squeezed(&before, left), &squeezed(&after, right))
                })
            }
        }
    }
}

const ARROW: &str = " → ";

impl<'c> Entry<'c> {
    fn about(&self) -> Line {
        Line::new().code(self.about.clone())
    }

    /// What is told, as a line says it.
    pub(super) fn of(told: &Told<'c>, provenance: &Provenance) -> Self {
        let plain = |verb: &str, style, about: &str, words: Line| Self {
            follows: false,
            verb: verb.to_owned(),
            about: flat(about),
            says: Says::Words(words),
            approvers: Vec::new(),
            style,
        };
        match told {
            Told::Unreadable(file) => {
                let words = Line::new().sentence(&file.reason);
                plain("unreadable", Style::Bad, &file.path, words)
            }
            Told::ReadableAgain(path) => {
                let words = Line::of("readable again, compared with when it last was");
                plain("readable", Style::Dim, path, words)
            }
            Told::New(changes) => {
                let number = count(changes.len(), "entity", "entities");
                plain("added", Style::Good, &number, Line::of(by_kind(changes)))
            }
            Told::FollowsFolded(number) => {
                let words = count(*number, "change follows", "changes follow");
                let words = Line::new().sentence(&format!("{words} (`--expand` lists them)"));
                Self { follows: true, ..plain("", Style::Dim, "", words) }
            }
            Told::Reused(address, commit) => {
                plain("id reused", Style::Warn, address.as_str(), Line::of(reused(*commit)))
            }
            Told::CutOff => {
                let words = Line::of(CUT_OFF).plain("; ").sentence(CUT_OFF_HELP);
                plain("cut off", Style::Warn, "", words)
            }
            Told::Change(change) => Self::of_change(change, false, provenance),
            Told::Follows(change) => Self::of_change(change, true, provenance),
        }
    }

    fn of_change(change: &'c Change, follows: bool, provenance: &Provenance) -> Self {
        Self {
            follows,
            verb: change.kind.verb.word().to_owned(),
            about: flat(change.address.as_str()),
            says: says(change, follows),
            approvers: approved_by(provenance, Some(change)),
            style: impact_style(change.impact),
        }
    }
}

/// What is said of a change beside its address: its values in the file's words, else a sentence.
fn says(change: &Change, under_cause: bool) -> Says<'_> {
    let text = |value: &Option<Json>| {
        let text = value.as_ref().and_then(value_text)?;
        Some(flat(&text))
    };
    let (before, after) = (text(&change.before), text(&change.after));
    let whole = [&change.before, &change.after].into_iter().flatten().find(|it| it.is_object());
    let is_member = matches!(change.kind.verb, Verb::Added | Verb::Removed);
    let sentence = |words: &str| Says::Words(Line::new().sentence(words));
    match (before, after) {
        _ if !change.caused_by.is_empty() && under_cause => sentence(&change.summary),
        _ if !change.caused_by.is_empty() => {
            let causes: Vec<String> = change.caused_by.iter().map(|by| format!("`{by}`")).collect();
            sentence(&format!("{}, because of {}", change.summary, list_of(&causes)))
        }
        (Some(before), Some(after)) => Says::Values(before, after, Some(change)),
        (None, Some(after)) if change.before.is_none() && is_member => {
            Says::Words(Line::new().with(Style::Added, format!("+ {}", bare(&after))))
        }
        (Some(before), None) if change.after.is_none() && is_member => {
            Says::Words(Line::new().with(Style::Removed, format!("- {}", bare(&before))))
        }
        (None, Some(after)) if change.before.is_none() => {
            Says::Values(NOTHING.to_owned(), after, None)
        }
        (Some(before), None) if change.after.is_none() => {
            Says::Values(before, NOTHING.to_owned(), None)
        }
        // Of what came or went as a whole, its name says most.
        _ => match whole.and_then(|whole| whole.get("name")).and_then(Json::as_str) {
            Some(name) if is_member => Says::Words(Line::of(flat(name))),
            None if is_member && whole.is_some() => Says::Words(Line::new()),
            _ => fields(change).map_or_else(|| sentence(&change.summary), Says::Words),
        },
    }
}

/// Of a table before and after, the entries that differ.
fn fields(change: &Change) -> Option<Line> {
    let (before, after) =
        (change.before.as_ref()?.as_object()?, change.after.as_ref()?.as_object()?);
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |key: &&String| before.get(*key) != after.get(*key);
    let mut line = Line::new();
    for key in keys.into_iter().filter(differs) {
        let text = |side: &serde_json::Map<String, Json>| match side.get(key) {
            Some(value) => value_text(value).map(|text| flat(&text)),
            None => Some(NOTHING.to_owned()),
        };
        let gap = if line.runs.is_empty() { "" } else { ", " };
        line = line.plain(format!("{gap}{} ", flat(key)));
        line =
            line.with(Style::Removed, text(before)?).plain(ARROW).with(Style::Added, text(after)?);
    }
    (!line.runs.is_empty()).then_some(line)
}

/// What stands where there is no value.
const NOTHING: &str = "(none)";

/// A text in one line, as wide as it will be shown.
fn flat(text: &str) -> String {
    shown(text).replace(['\n', '\t'], " ")
}

/// The members of a list without its brackets.
fn bare(list: &str) -> &str {
    list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(list)
}

/// The lines of a step, cut to a width where there is one.
///
/// Date and commit stand before every line, so that each can be read and searched for by itself.
/// Where the width is not enough for all, people have a line of their own below what they did.
pub fn log_lines(
    step: &Step,
    provenance: &Provenance,
    telling: Telling,
    width: Option<usize>,
) -> Vec<Line> {
    let told = told(step, telling);
    let entries: Vec<Entry<'_>> = told.iter().map(|told| Entry::of(told, provenance)).collect();
    let (day, id) = (day(step.commit.committer_time), step.commit.id.short());
    let heads = (0..entries.len()).zip(&entries);
    let heads = heads.map(|(at, entry)| head((&day, &id), at > 0, entry));
    let heads: Vec<Line> = heads.collect();
    let people: Vec<Vec<Line>> = entries.iter().map(|it| people(step, provenance, it)).collect();
    let whole = |((head, entry), people): ((&Line, &Entry<'_>), &Vec<Line>)| {
        let people = people.first().cloned().unwrap_or_default();
        head.clone().then(beside(beside(entry.about(), entry.says.within(None)), people))
    };
    let whole: Vec<Line> = heads.iter().zip(&entries).zip(&people).map(whole).collect();
    let Some(width) = width.filter(|width| whole.iter().any(|line| line.width() > *width)) else {
        return whole;
    };
    let indent = day.len() + GAP.len();
    let signed = |people: &[Line]| {
        let room = width.saturating_sub(indent);
        let line = people.iter().find(|line| line.width() <= room).or(people.last())?;
        Some(Line::of(" ".repeat(indent)).then(fitted(line, room)))
    };
    let mut cut = Vec::new();
    let mut open: &[Line] = &[];
    for ((head, entry), people) in heads.iter().zip(&entries).zip(&people) {
        // What follows from a change is nobody's, and leaves open whose the change is.
        if !people.is_empty() {
            if people != open {
                cut.extend(signed(open));
            }
            open = people;
        }
        cut.push(composed(head, entry, width));
    }
    cut.extend(signed(open));
    cut
}

/// As wide as verbs are, all but a few.
const VERB_WIDTH: usize = 12;

/// Date, commit and verb.
fn head((day, id): (&str, &str), again: bool, entry: &Entry<'_>) -> Line {
    let line = if again {
        Line::new().dim(format!("{day}  {id}  "))
    } else {
        Line::of(format!("{day}  ")).with(Style::Warn, id).plain("  ")
    };
    // What follows is set in under its cause.
    let so = if entry.follows { "  so " } else { "" };
    match entry.verb.as_str() {
        "" => line.plain(so),
        verb => line.plain(so).with(entry.style, format!("{verb:<VERB_WIDTH$}")).plain(" "),
    }
}

/// Who wrote it, by which pull request it came, and who approved it: in full, and in ever fewer
/// words. Of what only follows, nobody is the author.
fn people(step: &Step, provenance: &Provenance, entry: &Entry<'_>) -> Vec<Line> {
    if entry.follows {
        return Vec::new();
    }
    let author = Line::new().dim("by ").plain(flat(&step.commit.author.name));
    let by = match provenance.pull_request {
        Some(request) => author.clone().plain("  ").code(request.to_string()),
        None => author.clone(),
    };
    let by = match &provenance.brought_by {
        Some(merge) => by.dim(format!("  merged {}", day(merge.committer_time))),
        None if step.in_merge => by.dim("  in the merge itself"),
        None => by,
    };
    if entry.approvers.is_empty() {
        return vec![by, author];
    }
    let approved = |by: &Line, who: String| by.clone().dim(format!("  approved by {who}"));
    let names = flat(&list_of(&entry.approvers));
    // Never as if nobody had.
    let number = entry.approvers.len().to_string();
    vec![approved(&by, names.clone()), approved(&author, names), approved(&author, number)]
}

/// A line without people, cut to a width: of the values what changed is kept longest.
fn composed(head: &Line, entry: &Entry<'_>, width: usize) -> Line {
    let gap = |part: &Line| if part.width() == 0 { 0 } else { GAP.len() };
    let (about, says) = (entry.about(), entry.says.within(None));
    let between = gap(&about).min(gap(&says));
    let room = width.saturating_sub(head.width() + between);
    let least = says.width().min(entry.says.least());
    let most = (room / 2).max(room.saturating_sub(least));
    let about = Line::new().code(squeezed(&entry.about, about.width().min(most)));
    let says = entry.says.within(Some(room.saturating_sub(about.width())));
    head.clone().then(beside(about, says))
}

/// Between the parts of a line.
const GAP: &str = "  ";

/// Two parts of a line with room between them.
fn beside(left: Line, right: Line) -> Line {
    if left.width() == 0 || right.width() == 0 {
        return left.then(right);
    }
    left.plain(GAP).then(right)
}
