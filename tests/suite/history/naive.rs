//! What a history says, found out the long way: both models of every comparison read whole, nothing
//! kept, nothing left out, one commit after the other.

use super::Way;
use super::timeline::{Files, Timeline};
use crate::repo::Repo;
use opmodel::change::{ByForm, Change, Exactly, Policies, compare};
use opmodel::document::Limits;
use opmodel::history::{Step, Unreadable, unreadable};
use opmodel::load::{self, ModelScope};
use opmodel::model::{Address, Model};
use opmodel::proof::{DEFAULT_BUDGET, Prover, Verdict};
use opmodel::source::{RawContent, RawFile};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of a commit, in a form that can be held against another telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) commit: String,
    brought_by: Option<String>,
    in_merge: bool,
    changes: Vec<String>,
    unreadable: Vec<(String, String)>,
    readable_again: Vec<String>,
}

impl Told {
    /// A step of the walk.
    pub(super) fn of(step: &Step) -> Self {
        let mut changes: Vec<String> = step.changes.changes.iter().map(line).collect();
        changes.sort();
        Self {
            commit: step.commit.id.to_string(),
            brought_by: step.brought_by.as_ref().map(|merge| merge.id.to_string()),
            in_merge: step.in_merge,
            changes,
            unreadable: step.unreadable.iter().map(said).collect(),
            readable_again: step.readable_again.clone(),
        }
    }

    /// A commit of which nothing is said.
    pub(super) fn nothing(commit: &str) -> Self {
        Self {
            commit: commit.to_owned(),
            brought_by: None,
            in_merge: false,
            changes: Vec::new(),
            unreadable: Vec::new(),
            readable_again: Vec::new(),
        }
    }

    /// What only one of two tellings says, line by line.
    pub(super) fn difference(&self, other: &Self) -> String {
        let lines = |told: &Self| -> BTreeSet<String> {
            let head = format!("{} {:?} {}", told.commit, told.brought_by, told.in_merge);
            let files = told.unreadable.iter().map(|file| format!("unreadable {file:?}"));
            let again = told.readable_again.iter().map(|path| format!("again {path}"));
            files.chain(again).chain([head]).chain(told.changes.iter().cloned()).collect()
        };
        let (mine, theirs) = (lines(self), lines(other));
        let only = |sign, lines: BTreeSet<&String>| {
            let lines: Vec<String> = lines.iter().map(|line| format!("{sign} {line}")).collect();
            lines.iter().fold(String::new(), |text, line| text + line + "\n")
        };
        let gone = mine.difference(&theirs).collect();
        only('-', gone) + &only('+', theirs.difference(&mine).collect())
    }
}

fn said(file: &Unreadable) -> (String, String) {
    (file.path.clone(), file.reason.clone())
}

/// Everything about a change but what it was read from.
fn line(change: &Change) -> String {
    let place = |place: &Option<opmodel::finding::Place>| {
        place.as_ref().map(|place| {
            let line = place.source.line_column(place.span.start).line;
            format!("{}:{line}", place.source.path())
        })
    };
    format!(
        "{} {} was {:?}: {} | {:?} → {:?} | {:?} {:?} {:?} | {:?} | {} | {:?} {:?} {:?}",
        change.kind.id,
        change.address,
        change.previous.as_ref().map(ToString::to_string),
        change.summary,
        change.before.as_ref().map(ToString::to_string),
        change.after.as_ref().map(ToString::to_string),
        change.impact,
        change.level,
        change.policy,
        change.verdict.as_ref().map(verdict),
        change.fingerprint,
        change.caused_by,
        place(&change.base),
        place(&change.head),
    )
}

fn verdict(verdict: &Verdict) -> String {
    format!("{verdict:?}")
}

/// What a timeline says, by commit; `ids` are what its commits are called in the repository.
pub(super) fn told(timeline: &Timeline, (repo, ids): (&Repo, &[String]), way: Way) -> Vec<Told> {
    let line = timeline.main_line();
    let walked: BTreeSet<usize> = if way.first_parent {
        line.iter().copied().collect()
    } else {
        timeline.reached_from(timeline.0.len() - 1)
    };
    let brought = brought(timeline, &line);
    let mut told = Vec::new();
    for at in walked {
        let mut step = found(timeline, (repo, ids), at, way);
        step.commit.clone_from(&ids[at]);
        step.brought_by = brought.get(&at).map(|merge| ids[*merge].clone());
        if !step.changes.is_empty() || !step.unreadable.is_empty() {
            told.push(step);
        }
    }
    told
}

/// For each commit beside the main line the oldest commit on it that reaches it.
fn brought(timeline: &Timeline, line: &[usize]) -> BTreeMap<usize, usize> {
    let mut brought = BTreeMap::new();
    // Newest first, so that the oldest is what stays.
    for merge in line {
        for reached in timeline.reached_from(*merge) {
            brought.insert(reached, *merge);
        }
    }
    brought.retain(|at, _| !line.contains(at));
    brought
}

fn raw(files: &Files) -> Vec<RawFile> {
    let file = |(path, text): (&String, &Vec<u8>)| RawFile {
        path: path.clone(),
        content: RawContent::Bytes(text.clone()),
    };
    files.iter().map(file).collect()
}

fn reasons(files: &Files) -> BTreeMap<String, Unreadable> {
    let loaded = load::read(raw(files), Limits::default());
    unreadable(&loaded.findings).into_iter().map(|file| (file.path.clone(), file)).collect()
}

/// The files of a commit, or none before the first.
fn files_at(timeline: &Timeline, at: Option<usize>) -> Files {
    at.map(|at| timeline.0[at].files.clone()).unwrap_or_default()
}

/// A comparison of a commit with one of its parents.
struct Compared {
    changes: Vec<Change>,
    unreadable: Vec<Unreadable>,
    readable_again: Vec<String>,
}

/// What each parent of a merge changed, by form, since it came apart from another one; where one of
/// them cannot read all of that, nothing is known.
type Since = BTreeMap<(usize, usize), Vec<Change>>;

fn since(timeline: &Timeline, (repo, ids): (&Repo, &[String]), parents: &[usize]) -> Since {
    let mut since = Since::new();
    for (side, at) in parents.iter().enumerate() {
        for (from, other) in parents.iter().enumerate().filter(|(from, _)| *from != side) {
            let bases = repo.git(&["merge-base", "--all", ids[*at].as_str(), &ids[*other]]);
            let base = |id| ids.iter().position(|known| known == id).expect("of the timeline");
            let told: Vec<Compared> = bases
                .lines()
                .map(|id| compared_by(timeline, Some(base(id)), *at, &|old, new| by_form(old, new)))
                .collect();
            if told.iter().all(|told| told.unreadable.is_empty()) {
                let changes = told.into_iter().flat_map(|told| told.changes).collect();
                since.insert((side, from), changes);
            }
        }
    }
    since
}

fn by_form(before: &Files, after: &Files) -> Vec<Change> {
    let (old, new) = readable(before, after);
    compare(&old, &new, &Policies::default(), &ByForm).changes
}

fn found(timeline: &Timeline, ids: (&Repo, &[String]), at: usize, way: Way) -> Told {
    let parents = &timeline.0[at].parents;
    let followed = if way.first_parent { 1 } else { usize::MAX };
    let mut sides: Vec<Compared> = parents
        .iter()
        .take(followed)
        .map(|parent| compared(timeline, Some(*parent), at, way))
        .collect();
    if sides.is_empty() {
        sides.push(compared(timeline, None, at, way));
    }
    let policies = Policies::of(&policy_model(&files_at(timeline, parents.first().copied())));
    let merge = sides.len() > 1;
    let since = if merge { since(timeline, ids, parents) } else { Since::new() };
    let changes = own(&sides, &since);
    let mut set = opmodel::change::ChangeSet { changes, ..Default::default() };
    set.weigh(&policies);
    let mut changes: Vec<String> = set.changes.iter().map(line).collect();
    changes.sort();
    let is_broken = |side: &Compared, path| side.unreadable.iter().any(|file| file.path == path);
    let mut unreadable = sides[0].unreadable.clone();
    unreadable.retain(|file| sides.iter().all(|side| is_broken(side, file.path.clone())));
    let mut readable_again = sides[0].readable_again.clone();
    readable_again.retain(|path| sides.iter().all(|side| side.readable_again.contains(path)));
    Told {
        commit: String::new(),
        brought_by: None,
        in_merge: merge && !changes.is_empty(),
        changes,
        unreadable: unreadable.iter().map(said).collect(),
        readable_again,
    }
}

fn policy_model(files: &Files) -> Model {
    let direct = files.iter().filter(|(path, _)| path.matches('/').count() == 1);
    let direct = direct.map(|(path, text)| (path.clone(), text.clone())).collect();
    load::read(raw(&direct), Limits::default()).model
}

fn compared(timeline: &Timeline, parent: Option<usize>, at: usize, way: Way) -> Compared {
    compared_by(timeline, parent, at, &|old, new| between(old, new, timeline, at, way))
}

fn compared_by(
    timeline: &Timeline,
    parent: Option<usize>,
    at: usize,
    changes: &dyn Fn(&Files, &Files) -> Vec<Change>,
) -> Compared {
    let after = files_at(timeline, Some(at));
    let mut before = files_at(timeline, parent);
    let differs = |path: &str, before: &Files| before.get(path) != after.get(path);
    let broken_after = reasons(&after);
    let mut readable_again = Vec::new();
    for path in
        reasons(&before).into_keys().filter(|path| differs(path, &before)).collect::<Vec<_>>()
    {
        if broken_after.contains_key(&path) {
            continue;
        }
        if after.contains_key(&path) {
            readable_again.push(path.clone());
        }
        let last = last_readable(timeline, parent, &path);
        before.insert(path, last);
    }
    let unreadable = broken_after.values().filter(|file| differs(&file.path, &before));
    let unreadable: Vec<Unreadable> = unreadable.cloned().collect();
    let changes = changes(&before, &after);
    Compared { changes, unreadable, readable_again }
}

/// The models of some files and of others, without the files that either cannot read.
fn readable(before: &Files, after: &Files) -> (Model, Model) {
    let (broken_before, broken_after) = (reasons(before), reasons(after));
    let broken: BTreeSet<&str> =
        broken_before.keys().chain(broken_after.keys()).map(String::as_str).collect();
    let model =
        |files: &Files| load::read(raw(files), Limits::default()).model.without_files(&broken);
    (model(before), model(after))
}

/// What is different between some files and others, as of a commit.
fn between(before: &Files, after: &Files, timeline: &Timeline, at: usize, way: Way) -> Vec<Change> {
    let (old, new) = readable(before, after);
    let scopes = (ModelScope::new(&old), ModelScope::new(&new));
    let as_of = jiff::Timestamp::from_second(timeline.0[at].seconds).expect("an instant");
    let prover = Prover { as_of, budget: DEFAULT_BUDGET };
    let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
    let mut set = compare(&old, &new, &Policies::default(), &exactly);
    let (broken_before, broken_after) = (reasons(before), reasons(after));
    let broken = broken_before.keys().chain(broken_after.keys()).map(String::as_str).collect();
    let rewritten = rewritten(&set.changes, [&old, &new], &broken);
    set.add_rewritten(&rewritten, &Policies::default());
    if way.whole {
        set.add_indirect(&exactly, &Policies::default());
    }
    set.changes
}

/// The files that differ and in which no change stands.
fn rewritten(
    changes: &[Change],
    [old, new]: [&Model; 2],
    broken: &BTreeSet<&str>,
) -> Vec<(opmodel::source::Source, opmodel::source::Source)> {
    let places = changes.iter().flat_map(|change| change.base.iter().chain(&change.head));
    let touched: BTreeSet<&str> = places.map(|place| place.source.path()).collect();
    let mut rewritten = Vec::new();
    for source in &old.sources {
        let path = source.path();
        let other = new.sources.iter().find(|other| other.path() == path);
        let Some(other) = other.filter(|other| other.text() != source.text()) else { continue };
        if !touched.contains(path) && !broken.contains(path) {
            rewritten.push((source.clone(), other.clone()));
        }
    }
    rewritten
}

/// What a file said in the last commit of a first-parent line in which it could be read.
fn last_readable(timeline: &Timeline, from: Option<usize>, path: &str) -> Vec<u8> {
    let mut at = from;
    while let Some(commit) = at {
        let Some(text) = timeline.0[commit].files.get(path) else { break };
        let alone = Files::from([(path.to_owned(), text.clone())]);
        if reasons(&alone).is_empty() {
            return text.clone();
        }
        at = timeline.0[commit].parents.first().copied();
    }
    Vec::new()
}

/// What a merge says that no parent of it says.
///
/// A change is told against one parent. It is the merge's own where something of it is told against
/// every other parent as well, or where those parents that say the same never said anything else since
/// they came apart from this one; of several tellings of one thing the one that says least counts.
fn own(sides: &[Compared], since: &Since) -> Vec<Change> {
    if let [alone] = sides {
        return alone.changes.clone();
    }
    let all = sides.iter().flat_map(|side| &side.changes).chain(since.values().flatten());
    let renames = all.filter(|change| aspect(change) == "name");
    let names: Vec<(String, String)> = renames
        .map(|it| (it.previous.as_ref().expect("a name").to_string(), it.address.to_string()))
        .collect();
    let mut groups: Vec<Vec<(usize, &Change)>> = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        let others = || sides.iter().enumerate().filter(|(other, _)| *other != at);
        for change in side.changes.iter().filter(|change| is_written(change)) {
            if !others().all(|(side, other)| {
                other.changes.iter().any(|c| is_written(c) && tells_of(change, c))
                    || since.get(&(side, at)).is_some_and(|since| !decided(since, change, &names))
            }) {
                continue;
            }
            let is_near = |(_, c): &(usize, &Change)| tells_of(change, c) || tells_of(c, change);
            match groups.iter_mut().find(|group| group.iter().any(is_near)) {
                Some(group) => group.push((at, change)),
                None => groups.push(vec![(at, change)]),
            }
        }
    }
    let mut own = Vec::new();
    for group in groups {
        let of_side =
            |at: usize| group.iter().filter(move |(side, _)| *side == at).map(|(_, c)| *c);
        let least = group
            .iter()
            .map(|(at, _)| *at)
            .min_by_key(|at| {
                let counts = of_side(*at).any(|change| !change.is_cosmetic());
                (counts, of_side(*at).map(|c| members(c).len()).sum::<usize>(), *at)
            })
            .expect("a group has a member");
        own.extend(of_side(least).cloned());
    }
    let mut following = Vec::new();
    for change in sides.iter().flat_map(|side| &side.changes) {
        let met = |known: &Change| known.fingerprint.as_str() == change.fingerprint.as_str();
        if own.iter().any(|cause| change.follows_from(cause)) && !following.iter().any(met) {
            following.push(change.clone());
        }
    }
    own.append(&mut following);
    own
}

/// Whether a parent that says what the merge says had changed it, under any of its names.
fn decided(since: &[Change], change: &Change, names: &[(String, String)]) -> bool {
    let mut all = BTreeSet::from([change.address.to_string()]);
    for _ in 0..=names.len() {
        for (one, other) in names.iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
            let renamed = all.iter().filter_map(|name| {
                let rest = name.strip_prefix(one.as_str())?;
                (rest.is_empty() || rest.starts_with('.')).then(|| format!("{other}{rest}"))
            });
            let renamed: Vec<String> = renamed.collect();
            all.extend(renamed);
        }
    }
    all.into_iter().any(|name| {
        let change = Change { address: Address::new(name), ..change.clone() };
        since.iter().any(|it| {
            is_written(it)
                && (change.is_cosmetic() || !it.is_cosmetic())
                && (tells_of(&change, it) || tells_of(it, &change))
        })
    })
}

/// Whether somebody wrote it and it is more than the layout of a file.
fn is_written(change: &Change) -> bool {
    change.caused_by.is_empty() && change.kind.id != "file-rewritten"
}

/// Whether a change against another parent is about the same thing as this one.
fn tells_of(change: &Change, other: &Change) -> bool {
    let (mine, theirs) = (members(change), members(other));
    if aspect(change) != aspect(other)
        || (!mine.is_empty() && !theirs.is_empty() && mine.is_disjoint(&theirs))
        || (change.address == other.address && direction(change) * direction(other) < 0)
    {
        return false;
    }
    ends(change).iter().any(|end| {
        ends(other).iter().any(|at| {
            let below = |below: &str, above: &str| below.starts_with(&format!("{above}."));
            end == at
                || (is_joined(change) && below(at, end))
                || ((is_joined(other) || is_whole(other)) && below(end, at))
        })
    })
}

fn is_joined(change: &Change) -> bool {
    let kind = change.kind.id.as_str();
    kind == "territory-scope-moved"
        || kind.ends_with("-moved") && change.before.is_some() && kind != "entity-file-moved"
}

/// Whether all of what stands there came or went.
fn is_whole(change: &Change) -> bool {
    change.before.is_some() != change.after.is_some()
}

/// 1 where something came, -1 where something went.
fn direction(change: &Change) -> i8 {
    i8::from(is_whole(change) && change.after.is_some())
        - i8::from(is_whole(change) && change.before.is_some())
}

fn aspect(change: &Change) -> &str {
    let kind = change.kind.id.as_str();
    match kind {
        "entity-file-moved" => "file",
        "rule-reordered-no-effect" => "order",
        "entity-id-renamed" | "item-id-renamed" => "name",
        _ if kind.ends_with("-moved") && change.before.is_none() => "order",
        _ => "value",
    }
}

fn ends(change: &Change) -> Vec<&str> {
    let previous = change.previous.iter().filter(|_| is_joined(change));
    previous.chain([&change.address]).map(Address::as_str).collect()
}

/// What came, went or moved, where it is members of something.
fn members(change: &Change) -> BTreeSet<String> {
    let list = |value: &serde_json::Value| -> BTreeSet<String> {
        value.as_array().into_iter().flatten().map(ToString::to_string).collect()
    };
    match (&change.before, &change.after) {
        (None, Some(value)) | (Some(value), None) => list(value),
        (_, Some(value)) if is_joined(change) => {
            list(&value["what"]).union(&list(&value["what"]["values"])).cloned().collect()
        }
        _ => BTreeSet::new(),
    }
}
