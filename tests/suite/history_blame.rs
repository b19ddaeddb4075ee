//! Blame against a naive oracle: every commit compared whole, newest first.

use opmodel::change::{Change, ChangeSet};
use opmodel::git::{Commit, NewCommit, ObjectId, Person, RepositoryBuilder, WalkOptions};
use opmodel::history::{At, BlameOptions, Tip, Workspace, units};
use opmodel::model::{Address, Model, Pattern};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A table of a model: an entity, or an item of one.
#[derive(Clone, Default)]
struct Table {
    kind: &'static str,
    id: String,
    formerly: Vec<String>,
    entries: Vec<(String, String)>,
    items: Vec<Self>,
    note: Option<usize>,
}

/// A model in two files.
#[derive(Clone)]
struct World {
    files: [Vec<Table>; 2],
    layout: usize,
    fresh: usize,
}

fn table(kind: &'static str, id: &str, entries: &[(&str, &str)]) -> Table {
    let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Table { kind, id: id.to_owned(), entries: entries.collect(), ..Table::default() }
}

impl World {
    fn new() -> Self {
        let rule =
            |id: &str, when: &str, to: &str| table("rule", id, &[("when", when), ("to", to)]);
        let mut routing =
            table("routing", "inbound", &[("object", "'lead'"), ("default", "'queue.a'")]);
        routing.items = vec![
            rule("one", "\"score > 1 and country = 'DE'\"", "'queue.a'"),
            rule("two", "\"segment.big\"", "'queue.b'"),
            rule("three", "\"score > 3\"", "'queue.b'"),
        ];
        let definition = table(
            "definition",
            "mql",
            &[
                ("object", "'lead'"),
                ("criteria.fit", "\"segment.big\""),
                ("criteria.score", "\"score >= 60 and country = 'DE'\""),
            ],
        );
        let segment = table("segment", "big", &[("object", "'lead'"), ("when", "\"score > 50\"")]);
        let first = vec![definition, segment, table("list", "eu", &[("values", "['DE', 'NL']")])];
        let second = vec![
            routing,
            table("queue", "a", &[("members", "['role.x', 'role.y']")]),
            table("queue", "b", &[("members", "['role.z']")]),
            table("sla", "touch", &[("within", "'4 hours'"), ("target", "'95%'")]),
            table("list", "us", &[("values", "['US', 'CA']")]),
            table("territory", "north", &[("when", "\"country in ['DE', 'DK']\"")]),
            table("territory", "south", &[("when", "\"country in ['IT', 'ES']\"")]),
        ];
        Self { files: [first, second], layout: 0, fresh: 0 }
    }

    fn tables(&mut self) -> Vec<&mut Table> {
        self.files.iter_mut().flatten().flat_map(Table::all).collect()
    }

    fn text(&self, file: usize) -> String {
        let mut text = String::new();
        if self.layout % 3 == 1 {
            text.push_str("# written once\n\n");
        }
        for table in &self.files[file] {
            table.write(&mut text, self.layout);
        }
        text
    }

    /// The same under another name wherever it is referred to.
    fn rename_references(&mut self, old: &str, new: &str) {
        for table in self.tables() {
            for (_, value) in &mut table.entries {
                *value = value.replace(old, new);
            }
        }
    }

    fn fresh(&mut self) -> usize {
        self.fresh += 1;
        self.fresh
    }

    fn edit(&mut self, how: u8, which: usize, what: usize) {
        let fresh = self.fresh();
        let mut tables = self.tables();
        let count = tables.len();
        let table = &mut *tables[which % count];
        match how % 14 {
            0 => table.change_value(what),
            1 => table.rewrite(what),
            2 => table.entries.reverse(),
            3 => table.note = Some(what % 5),
            4 => self.layout = what,
            5 => {
                let (from, to) = (which % 2, (which + 1) % 2);
                if self.files[from].len() > 1 {
                    let at = what % self.files[from].len();
                    let moved = self.files[from].remove(at);
                    self.files[to].push(moved);
                }
            }
            6 => {
                let old = format!("{}.{}", table.kind, table.id);
                let former = std::mem::replace(&mut table.id, format!("n{fresh}"));
                if !what.is_multiple_of(4) {
                    table.formerly = vec![former];
                }
                let new = format!("{}.{}", table.kind, table.id);
                if !what.is_multiple_of(3) && table.kind != "rule" {
                    self.rename_references(&old, &new);
                }
            }
            7 => {
                let all = self.files.iter_mut().flatten();
                for routing in all.filter(|table| table.items.len() > 1) {
                    let count = routing.items.len();
                    routing.items.swap(which % count, what % count);
                }
            }
            8 => {
                let id = format!("r{fresh}");
                let entries = [("when", "\"score > 9\""), ("to", "'queue.a'")];
                let new = self::table("rule", &id, &entries);
                let all = self.files.iter_mut().flatten();
                if let Some(routing) = all.into_iter().find(|table| table.kind == "routing") {
                    let at = what % (routing.items.len() + 1);
                    routing.items.insert(at, new);
                }
            }
            9 => {
                let all = self.files.iter_mut().flatten();
                for routing in all.filter(|table| table.items.len() > 2) {
                    routing.items.remove(what % routing.items.len());
                }
            }
            10 => match what % 3 {
                0 => table.set("description", &format!("'words {fresh}'")),
                1 => table.set("owner", "'role.x'"),
                _ => table.set("review_by", &format!("'2027-01-{:02}'", what % 28 + 1)),
            },
            11 => {
                if table.entries.len() > 1 {
                    table.entries.remove(what % table.entries.len());
                }
            }
            12 => self.hand_over(what),
            _ => {
                let new = self::table("list", &format!("l{fresh}"), &[("values", "['x']")]);
                self.files[which % 2].insert(0, new);
            }
        }
    }

    /// A value leaves one list, queue or territory for another.
    fn hand_over(&mut self, what: usize) {
        let (kind, values) = [
            ("list", ["'DE'", "'NL'", "'US'", "'CA'"]),
            ("queue", ["'role.x'", "'role.y'", "'role.z'", "'role.w'"]),
            ("territory", ["'DE'", "'DK'", "'IT'", "'ES'"]),
        ][what % 3];
        let value = values[what / 3 % 4];
        for table in self.tables().into_iter().filter(|table| table.kind == kind) {
            for (_, text) in &mut table.entries {
                let Some(start) = text.find('[') else { continue };
                let end = text.rfind(']').expect("a closed list");
                let inner = text[start + 1..end].to_owned();
                let mut members: Vec<&str> =
                    inner.split(", ").filter(|member| !member.is_empty()).collect();
                match members.iter().position(|member| *member == value) {
                    Some(at) if members.len() > 1 => drop(members.remove(at)),
                    Some(_) => {}
                    None => members.push(value),
                }
                text.replace_range(start + 1..end, &members.join(", "));
            }
        }
    }
}

impl Table {
    fn all(&mut self) -> Vec<&mut Self> {
        // An entity and its items cannot be held at once; which of them is chosen by its notes.
        if self.items.is_empty() || self.note.is_some_and(|note| note % 2 == 0) {
            vec![self]
        } else {
            self.items.iter_mut().collect()
        }
    }

    fn set(&mut self, key: &str, value: &str) {
        self.entries.retain(|(other, _)| other != key);
        self.entries.insert(0, (key.to_owned(), value.to_owned()));
    }

    fn change_value(&mut self, what: usize) {
        let count = self.entries.len();
        if let Some((_, value)) = self.entries.get_mut(what % count.max(1)) {
            let digit = char::from(b'1' + u8::try_from(what % 9).expect("a digit"));
            *value = value.replace(|c: char| c.is_ascii_digit(), &digit.to_string());
        }
    }

    /// Another spelling that means the same.
    fn rewrite(&mut self, what: usize) {
        for (key, value) in &mut self.entries {
            let inner = value.trim_matches('"').to_owned();
            if let Some((left, right)) = inner.split_once(" and ") {
                *value = format!("\"{right} and {left}\"");
            } else if key == "values" || key == "members" {
                let inner = value.trim_matches(['[', ']']).to_owned();
                let mut members: Vec<&str> = inner.split(", ").collect();
                let count = members.len();
                members.rotate_left(what % count);
                *value = format!("[{}]", members.join(", "));
            } else if key == "within" {
                *value = value.replace(" hours", "h").replace("h'", " hours'");
            }
        }
    }

    fn write(&self, text: &mut String, layout: usize) {
        let path = format!("{}.{}", self.kind, self.id);
        if let Some(note) = self.note {
            let _ = writeln!(text, "# note {note}");
        }
        let _ = writeln!(text, "[{path}]");
        self.write_entries(text, layout, &path);
        for item in &self.items {
            let _ = writeln!(text, "[[{path}.{}]]\nid = '{}'", item.kind, item.id);
            item.write_entries(text, 0, "");
        }
        text.push('\n');
    }

    fn write_entries(&self, text: &mut String, layout: usize, path: &str) {
        if !self.formerly.is_empty() {
            let _ = writeln!(text, "formerly = ['{}']", self.formerly.join("', '"));
        }
        let apart = layout % 2 == 1;
        let is_apart = |key: &str| apart && key.starts_with("criteria.");
        for (key, value) in self.entries.iter().filter(|(key, _)| !is_apart(key)) {
            let space = if layout % 5 == 2 { "   " } else { "" };
            let _ = writeln!(text, "{key} {space}= {value}");
        }
        if self.entries.iter().any(|(key, _)| is_apart(key)) {
            let _ = writeln!(text, "[{path}.criteria]");
            for (key, value) in self.entries.iter().filter(|(key, _)| is_apart(key)) {
                let _ = writeln!(text, "{} = {value}", key.replace("criteria.", ""));
            }
        }
    }
}

/// A history of a model, and the place it is in.
fn history(folder: &std::path::Path, edits: &[(u8, usize, usize)]) -> Workspace {
    let mut builder = RepositoryBuilder::init(&folder.join("r"), "main").expect("a repository");
    let mut world = World::new();
    let mut parents = Vec::new();
    let author = Person { name: "Ada".to_owned(), email: "ada@example.com".to_owned() };
    for (number, edit) in std::iter::once(None).chain(edits.iter().map(Some)).enumerate() {
        if let Some((how, which, what)) = edit {
            world.edit(*how, *which, *what);
            if how % 3 == 0 {
                world.edit(how / 3, *what, *which);
            }
        }
        let files = (0..2).map(|at| (format!("model/{at}.toml"), world.text(at).into_bytes()));
        let files: BTreeMap<String, Vec<u8>> = files.collect();
        let seconds = 1_700_000_000 + i64::try_from(number).expect("few commits") * 60;
        let commit = NewCommit {
            files: &files,
            parents: parents.clone(),
            author: author.clone(),
            committer: None,
            seconds,
            offset_minutes: 0,
            message: "edit",
        };
        parents = vec![builder.commit("main", &commit).expect("a commit")];
    }
    Workspace::find(&folder.join("r"), None).expect("a workspace")
}

/// Whether a change is one of the meaning of what stands at an address.
fn is_about(change: &Change, address: &Address) -> bool {
    if change.is_cosmetic() {
        return false;
    }
    let property = |name: &str| {
        let mut ends = std::iter::once(&change.address).chain(&change.previous);
        ends.any(|end| end.join(name) == *address)
    };
    match change.kind.id.as_str() {
        "list-value-moved" => property("values"),
        "pool-member-moved" => property("members"),
        "territory-scope-moved" => property("when"),
        "entity-id-reused" => address.is_within(change.address.as_str()),
        id if id.ends_with("-moved") => change.address == *address,
        _ if change.before.is_none() => address.is_within(change.address.as_str()),
        _ => change.address == *address,
    }
}

/// What an address of a commit was called in its parent.
fn then(changes: &ChangeSet, address: &Address) -> Address {
    let renames = changes.changes.iter().filter(|change| change.is_rename());
    let covering = renames.filter(|change| address.is_within(change.address.as_str()));
    let Some(rename) = covering.max_by_key(|change| change.address.as_str().len()) else {
        return address.clone();
    };
    let rest = address.as_str().strip_prefix(rename.address.as_str()).expect("a prefix");
    Address::new(format!("{}{rest}", rename.previous.as_ref().expect("a former id")))
}

fn addresses(model: &Model) -> BTreeSet<Address> {
    model.entities().flat_map(units).map(|unit| unit.address).collect()
}

/// The newest commit with a change of meaning of each part, or in which it was first stated.
fn oracle(workspace: &Workspace, tip: &Commit) -> BTreeMap<Address, ObjectId> {
    let repository = workspace.repository().expect("a repository");
    let options = WalkOptions { tips: vec![tip.id], ..WalkOptions::default() };
    let at = |commit: &Commit| At::Commit(Box::new(commit.clone()));
    let tip_model = workspace.model(&at(tip)).expect("a model");
    let mut open: BTreeMap<Address, Address> =
        addresses(&tip_model).into_iter().map(|address| (address.clone(), address)).collect();
    let mut found = BTreeMap::new();
    for commit in repository.walk(options) {
        let commit = commit.expect("a commit");
        let Some(parent) = commit.parents.first() else {
            found.extend(open.keys().map(|address| (address.clone(), commit.id)));
            break;
        };
        let parent = repository.commit(*parent).expect("a parent");
        let pair = workspace.pair(&at(&parent), &at(&commit)).expect("a pair");
        let changes = pair.changes(workspace.limits);
        let before = addresses(&workspace.model(&at(&parent)).expect("a model"));
        let mut next = BTreeMap::new();
        for (address, now) in open {
            let was = then(&changes, &now);
            let is_new = !before.contains(&was);
            if is_new || changes.changes.iter().any(|change| is_about(change, &now)) {
                found.insert(address, commit.id);
            } else {
                next.insert(address, was);
            }
        }
        open = next;
    }
    found
}

fn blamed(workspace: &Workspace, tip: &Tip, addresses: &[&str]) -> BTreeMap<Address, ObjectId> {
    let addresses = addresses.iter().map(|address| Pattern::new(*address)).collect();
    let options = BlameOptions { addresses, form: true, ..BlameOptions::default() };
    let blame = workspace.blame(tip, &options).expect("an answer");
    let seconds =
        |id: Option<ObjectId>| blame.commits[&id.expect("a commit")].committer_time.seconds;
    for part in &blame.units {
        let form = part.form.as_ref().expect("a commit of the form");
        let meaning = &part.meaning;
        assert!(seconds(form.commit) >= seconds(meaning.commit), "{}", part.unit.address);
    }
    let commit = |part: &opmodel::history::BlamedUnit| part.meaning.commit.expect("a commit");
    blame.units.iter().map(|part| (part.unit.address.clone(), commit(part))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn blame_is_what_comparing_every_commit_gives(
        edits in prop::collection::vec((any::<u8>(), 0_usize..64, 0_usize..64), 1..14)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let workspace = history(folder.path(), &edits);
        let head = workspace.repository().unwrap().resolve("main").unwrap();
        let expected = oracle(&workspace, &head);
        let tip = Tip::Commit(Box::new(head));
        let all = blamed(&workspace, &tip, &[]);
        let differing: Vec<_> =
            expected.iter().filter(|(address, id)| all.get(*address) != Some(*id)).collect();
        prop_assert!(differing.is_empty(), "{differing:?}");
        prop_assert_eq!(all.len(), expected.len());
        // One entity alone, found and followed in another way, has the same commits.
        let entities: BTreeSet<String> = all
            .keys()
            .map(|address| address.as_str().split('.').take(2).collect::<Vec<_>>().join("."))
            .collect();
        for entity in entities {
            let within = |address: &Address| address.is_within(&entity);
            let part: BTreeMap<Address, ObjectId> =
                all.iter().filter(|(a, _)| within(a)).map(|(a, id)| (a.clone(), *id)).collect();
            prop_assert_eq!(blamed(&workspace, &tip, &[&entity]), part);
        }
    }
}
