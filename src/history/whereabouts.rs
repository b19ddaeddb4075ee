//! Where a record would have gone at each commit of the main line: a bisect for a lead.
//!
//! Every commit that touches what decides about the record is asked, one after the other: a
//! destination can change back, so halving the history would miss it.

use super::entity_at::compared;
use super::exact::Proved;
use super::reach::{reach, reach_of_fields};
use super::replay::{Advance, Replay};
use super::unreadable::Unreadable;
use super::workspace::{HistoryError, Workspace};
use crate::change::Change;
use crate::document::Table;
use crate::git::{Commit, Mailmap, ObjectId, Repository, WalkOptions};
use crate::load::{self, Gate, Judge, ModelScope, Router, fit, standing};
use crate::model::{Address, Entity, Model};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A record whose way through the model is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The type of record.
    pub object: &'a str,
    /// The record as it was written.
    pub record: &'a Table,
    /// The day from which days are counted, whichever commit is asked.
    pub as_of: Timestamp,
    /// Only this routing table, and neither ICPs nor stages.
    pub routing: Option<&'a str>,
}

/// What the model makes of a record in one respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A routing table sends it somewhere, by a rule or by default.
    Goes {
        /// The address it goes to.
        to: Option<String>,
        /// The rule.
        rule: String,
    },
    /// A routing table is not about it.
    NotAbout,
    /// An ICP or a gate lets it pass, or does not.
    Passes(bool),
    /// There is no answer, and why.
    Unjudged(String),
}

/// A commit at which an answer changed.
#[derive(Debug)]
pub struct Turn {
    /// The commit.
    pub commit: Commit,
    /// The routing table, the ICP, or the `entry` or `exit` of a stage.
    pub about: String,
    /// The answer before; none where nothing of that address was there.
    pub before: Option<Answer>,
    /// The answer from then on.
    pub after: Option<Answer>,
    /// The changes of the commit that are the likely cause, the likeliest first.
    pub causes: Vec<Change>,
}

/// The way of a record through a history.
#[derive(Debug)]
pub struct Whereabouts {
    /// The commit the history begins with.
    pub from: Commit,
    /// The commit it leads to.
    pub to: Commit,
    /// The commits at which an answer changed, newest first.
    pub turns: Vec<Turn>,
    /// How many commits were looked at, and how many of them changed the model.
    pub commits: (usize, usize),
    /// Files that could not be read for a while, newest first.
    pub unreadable: Vec<Stretch>,
    /// What of the record was not known to older revisions, each with the first commit that knew it.
    pub unknown: Vec<(Commit, String)>,
    /// Whether the history before the first commit was not fetched.
    pub cut_off: bool,
}

/// A file that could not be read for a while, so that what it said before was taken.
#[derive(Debug)]
pub struct Stretch {
    /// The first commit in which it cannot be read.
    pub from: Commit,
    /// The commit in which it can be read again, or is gone; none where that is not yet so.
    pub to: Option<Commit>,
    /// The file, and why.
    pub file: Unreadable,
}

/// Follows a record along the main line from a commit to a tip; from the first commit where none
/// is given. None where that commit is not on the main line.
///
/// # Errors
/// The repository does not give its history.
pub fn whereabouts(
    workspace: &Workspace,
    tip: &Commit,
    since: Option<ObjectId>,
    wanted: &Wanted<'_>,
    model: &Model,
) -> Result<Option<Whereabouts>, HistoryError> {
    let repository = workspace.repository()?.for_walking();
    let Some(mut line) = main_line(&repository, tip, since)? else { return Ok(None) };
    let Some(first) = line.pop() else { return Ok(None) };
    let first = repository.commit(first)?;
    let (replay, broken) = Replay::start(workspace, &first)?;
    let mut path = Path {
        wanted,
        objects: former_objects(model, wanted),
        former: former_names(model, wanted),
        replay,
        tops: BTreeMap::new(),
        unknown: BTreeSet::new(),
        mailmap: repository.mailmap(),
    };
    path.ask_all();
    let broken = broken.into_iter();
    let broken = broken.map(|file| Stretch { from: first.clone(), to: None, file }).collect();
    let mut found = Whereabouts {
        to: tip.clone(),
        turns: Vec::new(),
        commits: (line.len(), 0),
        unreadable: broken,
        unknown: Vec::new(),
        cut_off: first.boundary && since.is_none(),
        from: first,
    };
    while let Some(id) = line.pop() {
        let commit = repository.commit(id)?;
        let Some(advance) = path.replay.advance(&commit)? else { continue };
        found.commits.1 += 1;
        let unknown = path.unknown.clone();
        found.turns.extend(path.turns(&commit, &advance));
        let known = unknown.difference(&path.unknown);
        found.unknown.extend(known.map(|what| (commit.clone(), what.clone())));
        for stretch in found.unreadable.iter_mut().filter(|stretch| stretch.to.is_none()) {
            let again = advance.readable_again.contains(&stretch.file.path);
            stretch.to = again.then(|| commit.clone());
        }
        for file in advance.unreadable {
            let known = |known: &Stretch| known.to.is_none() && known.file.path == file.path;
            if !found.unreadable.iter().any(known) {
                found.unreadable.push(Stretch { from: commit.clone(), to: None, file });
            }
        }
    }
    found.turns.reverse();
    let mut proved = Proved::new(workspace, true)?;
    for turn in &mut found.turns {
        turn.causes = proved.told(&turn.commit, std::mem::take(&mut turn.causes))?;
    }
    found.unreadable.reverse();
    Ok(Some(found))
}

/// The commits of a main line, newest first, up to and with one; none where that is not met.
fn main_line(
    repository: &Repository,
    tip: &Commit,
    since: Option<ObjectId>,
) -> Result<Option<Vec<ObjectId>>, HistoryError> {
    let options = WalkOptions { tips: vec![tip.id], first_parent: true, ..WalkOptions::default() };
    let mut line = Vec::new();
    for commit in repository.walk(options) {
        let id = commit?.id;
        line.push(id);
        if Some(id) == since {
            return Ok(Some(line));
        }
    }
    Ok(since.is_none().then_some(line))
}

/// The names of the type of a record, that of the tip first.
fn former_objects(model: &Model, wanted: &Wanted<'_>) -> Vec<String> {
    let object = model.get(&format!("object.{}", wanted.object));
    let former = object.iter().flat_map(|object| object.former_addresses());
    let former = former.map(|then| then.id().to_owned());
    std::iter::once(wanted.object.to_owned()).chain(former).collect()
}

/// The names fields of a record had before, as the model of the tip declares them.
fn former_names(model: &Model, wanted: &Wanted<'_>) -> BTreeMap<String, Vec<String>> {
    let names = wanted.record.entries.iter().filter_map(|entry| {
        let field = model.get(&format!("field.{}.{}", wanted.object, entry.key))?;
        let former = field.former_addresses().map(|then| then.last().to_owned());
        Some((entry.key.clone(), former.collect()))
    });
    names.collect()
}

/// A routing table, an ICP or a lifecycle.
struct Top {
    /// What it depends on.
    reach: BTreeSet<Address>,
    /// What it makes of the record.
    answers: BTreeMap<String, Answer>,
}

/// A record on its way through the commits.
struct Path<'w, 'a> {
    wanted: &'a Wanted<'a>,
    /// What the type of the record is or was called.
    objects: Vec<String>,
    former: BTreeMap<String, Vec<String>>,
    replay: Replay<'w>,
    tops: BTreeMap<Address, Top>,
    /// What of the record was not known when it was last asked.
    unknown: BTreeSet<String>,
    mailmap: Mailmap,
}

impl Path<'_, '_> {
    fn ask_all(&mut self) {
        let all: Vec<Address> =
            self.replay.model.entities().map(|entity| entity.address.clone()).collect();
        for address in all {
            if let Some(top) = self.ask(&address) {
                self.tops.insert(address, top);
            }
        }
    }

    /// What the type of the record is called in the commit that is asked.
    fn object(&self) -> &str {
        let is_there =
            |object: &&String| self.replay.model.get(&format!("object.{object}")).is_some();
        self.objects.iter().find(is_there).map_or(self.wanted.object, String::as_str)
    }

    /// Whether an entity is one whose answers are wanted.
    fn wants(&self, entity: &Entity) -> bool {
        let kind = match (entity.address.kind(), self.wanted.routing) {
            ("routing", Some(only)) => {
                entity.address.id() == only || entity.address.as_str() == only
            }
            ("routing" | "icp" | "lifecycle", None) => true,
            _ => false,
        };
        kind && entity.object() == Some(self.object())
    }

    /// What an entity makes of the record now; nothing where it is not asked.
    fn ask(&mut self, address: &Address) -> Option<Top> {
        let entity = self.replay.model.get(address.as_str()).filter(|entity| self.wants(entity))?;
        let own = [entity.address.to_string()];
        let mut all = reach(&self.replay.model, address.as_str(), &own);
        let table = self.record();
        let names = table.entries.iter().map(|entry| entry.key.as_str());
        let former = self.former.values().flatten().map(String::as_str);
        let object = self.object().to_owned();
        let object = object.as_str();
        all.extend(reach_of_fields(&self.replay.model, object, names.chain(former)));
        all.insert(address.clone());
        let model = self.replay.part(&all);
        let scope = ModelScope::new(&model);
        let (record, faults) = load::record(&table, object, &scope);
        self.unknown = faults.into_iter().map(|fault| fault.message).collect();
        let judge = Judge { scope: &scope, object, record: &record, as_of: self.wanted.as_of };
        let entity = model.get(address.as_str())?;
        Some(Top { reach: all, answers: answers(&judge, entity) })
    }

    /// The record under the names its fields have now.
    fn record(&self) -> Table {
        let mut table = self.wanted.record.clone();
        let object = self.object();
        let is_field = |name: &str| {
            let address = format!("field.{object}.{name}");
            self.replay.model.get(address.as_str()).is_some()
        };
        for entry in &mut table.entries {
            let former = self.former.get(&entry.key).into_iter().flatten();
            if !is_field(&entry.key)
                && let Some(former) = former.into_iter().find(|name| is_field(name))
            {
                entry.key.clone_from(former);
            }
        }
        table
    }

    /// The answers that a commit changed.
    fn turns(&mut self, commit: &Commit, advance: &Advance) -> Vec<Turn> {
        let touched = &advance.touched;
        let depends = |(address, top): (&Address, &Top)| {
            let touches =
                touched.contains(address) || touched.iter().any(|t| top.reach.contains(t));
            touches.then(|| address.clone())
        };
        let mut asked: BTreeSet<Address> = self.tops.iter().filter_map(depends).collect();
        let new = touched.iter().filter_map(|address| self.replay.model.get(address.as_str()));
        asked.extend(new.filter(|entity| self.wants(entity)).map(|e| e.address.clone()));
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        let mut reached = BTreeSet::new();
        for address in asked {
            if let Some(top) = self.tops.remove(&address) {
                before.extend(top.answers);
                reached.extend(top.reach);
            }
            if let Some(top) = self.ask(&address) {
                after.extend(top.answers.clone());
                reached.extend(top.reach.iter().cloned());
                self.tops.insert(address, top);
            }
        }
        if before == after {
            return Vec::new();
        }
        let changes = compared(&advance.before, &advance.after);
        let before = renamed(before, &changes);
        let abouts: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let differing = abouts.into_iter().filter(|about| before.get(*about) != after.get(*about));
        differing
            .map(|about| {
                let (old, new) = (before.get(about).cloned(), after.get(about).cloned());
                let causes = self.causes(about, [old.as_ref(), new.as_ref()], &changes, &reached);
                let mut commit = commit.clone();
                commit.author = self.mailmap.current(&commit.author);
                Turn { commit, about: about.clone(), before: old, after: new, causes }
            })
            .collect()
    }

    /// The changes of a commit that are the likely cause of another answer: those of the rules or
    /// the gate in question, else those of what these refer to, else those of what else decides.
    fn causes(
        &self,
        about: &str,
        answers: [Option<&Answer>; 2],
        changes: &[Change],
        reached: &BTreeSet<Address>,
    ) -> Vec<Change> {
        let rules = answers.into_iter().flatten().filter_map(|answer| match answer {
            Answer::Goes { rule, .. } if rule == load::DEFAULT => Some(format!("{about}.default")),
            Answer::Goes { rule, .. } => Some(format!("{about}.rule.{rule}")),
            Answer::NotAbout => Some(format!("{about}.applies_to")),
            _ => None,
        });
        let mut own: Vec<String> = rules.collect();
        if own.is_empty() {
            own.push(about.to_owned());
        }
        let top = super::excerpt::entity_address(about);
        let near = reach(&self.replay.model, top, &own);
        let is_at = |change: &Change, places: &dyn Fn(&Address) -> bool| {
            [Some(&change.address), change.previous.as_ref()].into_iter().flatten().any(places)
        };
        let within = |address: &Address| own.iter().any(|own| address.is_within(own));
        let entity_of =
            |address: &Address| Address::new(super::excerpt::entity_address(address.as_str()));
        let ranks: [&dyn Fn(&Address) -> bool; 4] = [
            &within,
            &|address| near.contains(&entity_of(address)),
            &|address| address.is_within(top) || top == address.as_str(),
            &|address| reached.contains(&entity_of(address)),
        ];
        let meant: Vec<&Change> = changes.iter().filter(|change| !change.is_cosmetic()).collect();
        for rank in ranks {
            let found: Vec<Change> =
                meant.iter().filter(|change| is_at(change, rank)).map(|c| (*c).clone()).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

/// What an entity makes of a record, by what is asked.
fn answers<'a, 'm: 'a>(judge: &Judge<'a, 'm>, entity: &'m Entity) -> BTreeMap<String, Answer> {
    let about = entity.address.to_string();
    let gate = |gate: &Gate<'_, '_>| match (gate.is_open(), &gate.unjudged) {
        (Some(open), _) => Answer::Passes(open),
        (None, why) => Answer::Unjudged(why.as_ref().map(ToString::to_string).unwrap_or_default()),
    };
    match entity.address.kind() {
        "icp" => BTreeMap::from([(about, gate(&fit(judge, entity).gate))]),
        "lifecycle" => {
            let standing = standing(judge, entity);
            let entry = |(id, entry): &(String, Gate<'_, '_>)| {
                (format!("{about}.stage.{id}.entry"), gate(entry))
            };
            let mut answers: BTreeMap<String, Answer> = standing.stages.iter().map(entry).collect();
            if let (Some(stage), Some(exit)) = (&standing.stage, &standing.exit) {
                answers.insert(format!("{about}.stage.{stage}.exit"), gate(exit));
            }
            answers
        }
        _ => {
            let answer = match Router::of(judge.scope, entity).route(judge.record, judge.as_of) {
                Ok(Some(outcome)) => Answer::Goes { to: outcome.to, rule: outcome.rule },
                Ok(None) => Answer::NotAbout,
                Err(why) => Answer::Unjudged(why.to_string()),
            };
            BTreeMap::from([(about, answer)])
        }
    }
}

/// Answers under the names that declared renames give: another name is no other answer.
fn renamed(answers: BTreeMap<String, Answer>, changes: &[Change]) -> BTreeMap<String, Answer> {
    let renames: BTreeMap<&str, &str> = changes
        .iter()
        .filter(|change| change.is_rename())
        .filter_map(|change| Some((change.previous.as_ref()?.as_str(), change.address.as_str())))
        .collect();
    if renames.is_empty() {
        return answers;
    }
    let now = |address: &str| -> String {
        let mut whole = address;
        loop {
            if let Some(name) = renames.get(whole) {
                return format!("{name}{}", address.strip_prefix(whole).unwrap_or_default());
            }
            match whole.rsplit_once('.') {
                Some((above, _)) => whole = above,
                None => return address.to_owned(),
            }
        }
    };
    let answer = |about: &str, answer: Answer| match answer {
        Answer::Goes { to, rule } => {
            let name = now(&format!("{about}.rule.{rule}"));
            let rule = name.rsplit('.').next().unwrap_or(&rule).to_owned();
            Answer::Goes { to: to.map(|to| now(&to)), rule }
        }
        other => other,
    };
    answers.into_iter().map(|(about, old)| (now(&about), answer(&about, old))).collect()
}
