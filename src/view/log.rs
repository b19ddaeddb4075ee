//! The history of a model: a commit with its changes below it, or one JSON object a change.

use super::difference::ChangeRow;
use super::words::{count, instant, list_of, when};
use crate::change::Change;
use crate::git::Person;
use crate::history::Step;
use crate::model::Kind;
use crate::report::{Block, Line, Page, Style};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeMap;

/// One line of `log --format json`: a change, or a file that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogRow {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The commit.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Who wrote it.
    pub author: PersonRow,
    /// Who recorded it.
    pub committer: PersonRow,
    /// The first line of its message.
    pub subject: String,
    /// The change.
    pub change: Option<ChangeRow>,
    /// A file that cannot be read in this commit, and why.
    pub unreadable: Option<UnreadableRow>,
    /// Whether the history before this commit was not fetched.
    pub cut_off: bool,
}

/// A name and an address.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PersonRow {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
}

/// A file that cannot be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnreadableRow {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl From<&Person> for PersonRow {
    fn from(person: &Person) -> Self {
        Self { name: person.name.clone(), email: person.email.clone() }
    }
}

/// The rows of a step.
pub fn log_rows(step: &Step) -> Vec<LogRow> {
    let row = |change, unreadable| LogRow {
        format_version: "1.0",
        commit: step.commit.id.to_string(),
        record_time: instant(step.commit.committer_time),
        author: (&step.commit.author).into(),
        committer: (&step.commit.committer).into(),
        subject: step.commit.subject.clone(),
        change,
        unreadable,
        cut_off: step.cut_off,
    };
    let unreadable = step.unreadable.iter().map(|file| {
        let file = UnreadableRow { path: file.path.clone(), reason: file.reason.clone() };
        row(None, Some(file))
    });
    let mut rows: Vec<LogRow> = unreadable.collect();
    rows.extend(step.changes.changes.iter().map(|change| row(Some(change.into()), None)));
    if rows.is_empty() {
        rows.push(row(None, None));
    }
    rows
}

/// More new entities than this in one commit are counted by kind.
const FOLDED_FROM: usize = 10;

fn is_new_entity(change: &Change) -> bool {
    let address = change.address.as_str();
    let depth = Kind::of(change.address.kind()).map_or(1, |kind| kind.depth);
    let entity = address.split('.').count() == depth + 1;
    entity && change.before.is_none() && change.kind.id.ends_with("-added")
}

/// Of long texts, the words that went and the words that came.
fn changed_words(change: &Change) -> Option<Line> {
    const LONGEST: usize = 120;
    let (Some(Json::String(before)), Some(Json::String(after))) = (&change.before, &change.after)
    else {
        return None;
    };
    let diff = TextDiff::from_words(before.as_str(), after.as_str());
    let words = |wanted| {
        let changes = diff.iter_all_changes().filter(|change| change.tag() == wanted);
        let words: Vec<&str> =
            changes.map(|c| c.value().trim()).filter(|w| !w.is_empty()).collect();
        words.join(" ")
    };
    let (gone, come) = (words(ChangeTag::Delete), words(ChangeTag::Insert));
    if gone.len() + come.len() > LONGEST {
        return None;
    }
    let line = Line::new().plain("… ");
    Some(match (gone.is_empty(), come.is_empty()) {
        (true, _) => line.with(Style::Added, come).plain(" … added"),
        (_, true) => line.with(Style::Removed, gone).plain(" … removed"),
        _ => line.with(Style::Removed, gone).plain(" … → … ").with(Style::Added, come).plain(" …"),
    })
}

/// How many entities of each kind are new.
fn new_entities(changes: &[&Change]) -> Line {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for change in changes {
        *kinds.entry(change.address.kind()).or_default() += 1;
    }
    let kinds: Vec<String> =
        kinds.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    Line::new()
        .with(Style::Good, "new ")
        .strong(count(changes.len(), "entity", "entities"))
        .plain(format!(": {}", list_of(&kinds)))
}

/// A step as a page; what follows from its changes is counted, or listed where it is asked for.
pub fn log_page(step: &Step, expand: bool) -> Page {
    let mut page = Page::default();
    let head = Line::new()
        .with(Style::Warn, step.commit.id.short())
        .plain(format!(" {} ", when(step.commit.committer_time)))
        .strong(step.commit.author.name.clone())
        .plain(format!("  {}", step.commit.subject));
    page.push(Block::Paragraph(head));
    for file in &step.unreadable {
        let line = Line::new().with(Style::Bad, "unreadable ").code(file.path.clone());
        let line = line.plain(": ").sentence(&file.reason);
        page.push(Block::Nested(1, line));
    }
    for path in &step.readable_again {
        let line = Line::new().dim("readable again ").code(path.clone());
        page.push(Block::Nested(1, line.dim(", compared with when it last was")));
    }
    // A rename changes no meaning, and is where a history goes on under another name.
    let told = |change: &&Change| !change.is_cosmetic() || change.is_rename();
    let (new, changed): (Vec<&Change>, Vec<&Change>) =
        step.changes.changes.iter().filter(told).partition(|change| is_new_entity(change));
    let cosmetic = step.changes.changes.len() - new.len() - changed.len();
    // A commit that brings a whole model is one line, not one for each entity.
    let (folded, told) = if new.len() > FOLDED_FROM {
        (new, changed)
    } else {
        (Vec::new(), step.changes.changes.iter().filter(told).collect())
    };
    if !folded.is_empty() {
        page.push(Block::Nested(1, new_entities(&folded)));
    }
    let (told, follows): (Vec<&Change>, Vec<&Change>) =
        told.into_iter().partition(|change| change.caused_by.is_empty());
    // What was asked for may be nothing but what follows.
    let expand = expand || told.is_empty();
    let follows_listed = follows.iter().copied().filter(|_| expand);
    for change in told.into_iter().chain(follows_listed) {
        let style = super::changes::impact_style(change.impact);
        let line = Line::new()
            .with(style, format!("{} ", change.impact.word()))
            .code(change.address.to_string());
        // Short values say more than a sentence about them.
        let line = match super::changes::short_values(change) {
            _ if !change.caused_by.is_empty() => {
                let causes: Vec<String> =
                    change.caused_by.iter().map(|cause| format!("`{cause}`")).collect();
                let because = format!("{}, because of {}", change.summary, list_of(&causes));
                line.plain("  ").sentence(&because)
            }
            Some(values) => line.plain("  ").then(values),
            None => match changed_words(change) {
                Some(words) => line.plain("  ").then(words),
                None => line.plain("  ").sentence(&change.summary),
            },
        };
        page.push(Block::Nested(1, line));
    }
    if !expand && !follows.is_empty() {
        let words = count(follows.len(), "change follows", "changes follow");
        let line = format!("so         {words} from this (`--expand` lists them)");
        page.push(Block::Nested(1, Line::new().dim(line)));
    }
    if cosmetic > 0 {
        let words = count(cosmetic, "change", "changes");
        page.push(Block::Nested(1, Line::new().dim(format!("cosmetic   {words} of form alone"))));
    }
    if step.cut_off {
        let words = "the history before this commit was not fetched (shallow clone)";
        page.push(Block::Nested(1, Line::new().with(Style::Warn, words)));
        let help = "run `git fetch --unshallow` to see it";
        page.push(Block::Nested(1, Line::new().sentence(help)));
    }
    page
}
