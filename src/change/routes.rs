//! Which records go elsewhere: the rows of a routing table that changed, or whose words mean
//! something else, and what that says of the changes that were written.

use super::base::Base;
use super::canonical;
use super::catalogue::{CATALOGUE, ChangeKind, Impact};
use super::classify::Change;
use super::decide::{Decide, Exactly, Side};
use super::fingerprint::Fingerprint;
use super::renames::Names;
use crate::load::Router;
use crate::model::{Address, Entity};
use crate::proof::{Destination, Fate, Rerouting, Row, Table};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a routing table makes of records that it, or another revision of it, treated otherwise.
#[derive(Debug, Clone)]
pub struct Rerouted {
    /// The table.
    pub routing: Address,
    /// The records that go elsewhere, and what is not known.
    pub rerouting: Rerouting,
    /// The rules that give records a protection that others do not, or the other way round, by their
    /// ids before and after; none where that is not known.
    protection: Option<BTreeSet<[String; 2]>>,
    /// The records that go where they went and get another mark, in rows; none where that is not known.
    marked: Option<Vec<Row>>,
}

impl Rerouted {
    /// Whether it is proved that no other record goes elsewhere.
    pub fn is_exact(&self) -> bool {
        self.rerouting.undecided.is_empty()
    }

    /// Whether records that stay where they are are protected otherwise because of a rule, by its ids
    /// before and after.
    fn protects_otherwise(&self, was: &str, is: &str) -> bool {
        self.protection
            .as_ref()
            .is_none_or(|pairs| pairs.iter().any(|[before, after]| before == was || after == is))
    }
}

/// A routing table of both revisions.
struct Pair<'a> {
    before: &'a Entity,
    after: &'a Entity,
}

/// The tables that changed or depend on what did, with the records that go elsewhere.
///
/// `causes` gives the entities whose changes reach the criteria of an entity.
pub(super) fn rerouted(
    direct: &[Change],
    exactly: &Exactly<'_, '_>,
    names: &Names,
    mut causes: impl FnMut(&Address) -> BTreeSet<String>,
) -> Vec<(Rerouted, Vec<Address>)> {
    let mut found = Vec::new();
    for pair in pairs(exactly, names) {
        let address = &pair.after.address;
        // A rule under another name marks otherwise what it takes.
        let marks = pair.after.table.get("marks").is_some();
        let matters = |change: &Change| !change.is_cosmetic() || (marks && change.is_rename());
        let touched =
            direct.iter().any(|change| matters(change) && decides(&change.address, address));
        let mut by: Vec<Address> = causes(address).into_iter().map(Address::new).collect();
        by.extend(touched.then(|| address.clone()));
        if by.is_empty() {
            continue;
        }
        found.push((table(&pair, exactly, names), by));
    }
    found
}

/// Whether an address is part of what a routing table decides by: who owns it, for example, or
/// which field remembers the rule, moves no record.
fn decides(address: &Address, routing: &Address) -> bool {
    let Some(part) = address.as_str().strip_prefix(routing.as_str()) else { return false };
    let mut steps = part.split('.').skip(1);
    match steps.next() {
        Some("rule") => matches!(steps.nth(1), None | Some("when" | "to" | "sla")),
        Some("object" | "applies_to" | "default" | "default_sla") => true,
        Some(_) => false,
        None => part.is_empty(),
    }
}

/// The routing tables that both revisions have.
fn pairs<'a>(exactly: &Exactly<'a, '_>, names: &Names) -> Vec<Pair<'a>> {
    let before = exactly.before.model();
    let pair = |after: &'a Entity| {
        let before = before.get(&names.then(after.address.as_str())?)?;
        Some(Pair { before, after })
    };
    exactly.after.model().of_kind("routing").filter_map(pair).collect()
}

fn table(pair: &Pair<'_>, exactly: &Exactly<'_, '_>, names: &Names) -> Rerouted {
    let mut rerouted = Rerouted {
        routing: pair.after.address.clone(),
        rerouting: Rerouting::default(),
        protection: None,
        marked: None,
    };
    let routers = (Router::of(exactly.before, pair.before), Router::of(exactly.after, pair.after));
    let (Some(mut before), Some(mut after)) = (Table::of(&routers.0), Table::of(&routers.1)) else {
        let why = "a condition of the table cannot be read in one of the revisions".to_owned();
        rerouted.rerouting.undecided.push(why);
        return rerouted;
    };
    if names.object_now(before.object) != after.object {
        let why = "it is about another type of record now".to_owned();
        rerouted.rerouting.undecided.push(why);
        return rerouted;
    }
    // A field under another name is the same field, and so are queues and rules.
    let base = Base::new(exactly.before, names);
    let applies_to = before.applies_to.map(|expr| base.expr(expr, before.object));
    let conditions: Vec<_> =
        before.rules.iter().map(|rule| base.expr(rule.when, before.object)).collect();
    before.applies_to = applies_to.as_deref();
    for (rule, condition) in before.rules.iter_mut().zip(&conditions) {
        rule.when = condition;
    }
    before.scope = &base;
    before.object = after.object;
    let destinations = before.rules.iter_mut().map(|rule| &mut rule.to);
    for destination in destinations.chain([&mut before.default]) {
        for address in [&mut destination.to, &mut destination.sla].into_iter().flatten() {
            *address = names.now(address);
        }
    }
    let ids: Vec<(String, &str)> =
        before.rules.iter().map(|rule| (now(pair, rule.id, names), rule.id)).collect();
    for (rule, (id, _)) in before.rules.iter_mut().zip(&ids) {
        rule.id = id;
    }
    // That the default counts as a gap from now on, or no more, is told as that.
    before.default.is_gap = after.default.is_gap;
    rerouted.rerouting = exactly.prover.rerouting(&before, &after);
    rerouted.marked = marked(pair, (&before, &after), &ids, exactly);
    let protecting = [protecting(&routers.0), protecting(&routers.1)];
    rerouted.protection = if protecting.iter().all(BTreeMap::is_empty) {
        Some(BTreeSet::new())
    } else {
        for (rule, (_, then)) in before.rules.iter_mut().zip(&ids) {
            protect(&mut rule.to, protecting[0].get(*then));
        }
        for rule in &mut after.rules {
            protect(&mut rule.to, protecting[1].get(rule.id));
        }
        protected_otherwise(&exactly.prover.rerouting(&before, &after), &ids)
    };
    // What became of a record before is said in the words of before.
    let marked = rerouted.marked.iter_mut().flatten();
    for row in rerouted.rerouting.rows.iter_mut().chain(marked) {
        let fates = row.without.iter_mut().map(|without| &mut without.before);
        for fate in fates.chain([&mut row.before]) {
            if let Fate::Rule(id, _) = fate
                && let Some((_, then)) = ids.iter().find(|(now, _)| now == id)
            {
                (*then).clone_into(id);
            }
        }
    }
    rerouted
}

/// Behind the destination of a rule that marks what it takes, the mark.
const MARK: char = '\u{1f}';

/// The records that go where they went and get another mark: the id of the rule that took them, where both
/// tables write it into a field. None where that is not known.
fn marked(
    pair: &Pair<'_>,
    (before, after): (&Table<'_>, &Table<'_>),
    ids: &[(String, &str)],
    exactly: &Exactly<'_, '_>,
) -> Option<Vec<Row>> {
    let marks = |entity: &Entity| entity.table.get("marks").is_some();
    if !(marks(pair.before) && marks(pair.after)) {
        return Some(Vec::new());
    }
    let (mut before, mut after) = (before.clone(), after.clone());
    for (rule, (_, then)) in before.rules.iter_mut().zip(ids) {
        mark(&mut rule.to, then);
    }
    for rule in &mut after.rules {
        mark(&mut rule.to, rule.id);
    }
    let mut rerouting = exactly.prover.rerouting(&before, &after);
    for row in &mut rerouting.rows {
        let without = row.without.iter_mut().flat_map(|it| [&mut it.before, &mut it.after]);
        for fate in without.chain([&mut row.before, &mut row.after]) {
            if let Fate::Rule(_, to) = fate {
                unmark(to);
            }
        }
    }
    rerouting.rows.retain(|row| row.before.destination() == row.after.destination());
    rerouting.undecided.is_empty().then_some(rerouting.rows)
}

/// Makes a destination another one by what a record is marked with.
fn mark(to: &mut Destination, id: &str) {
    to.to = Some(format!("{}{MARK}{id}", to.to.as_deref().unwrap_or_default()));
}

fn unmark(to: &mut Destination) {
    let plain = to.to.as_deref().and_then(|to| to.split_once(MARK)).map(|(to, _)| to);
    to.to = plain.filter(|to| !to.is_empty()).map(str::to_owned);
}

/// How long the rules of a table protect what they give, by their ids.
fn protecting(router: &Router<'_, '_>) -> BTreeMap<String, String> {
    let rules = router.routing.rule.iter().flat_map(|rules| rules.iter());
    let each = rules.filter_map(|rule| {
        Some((rule.id.clone(), rule.value.protects.as_ref()?.value.to_string()))
    });
    each.collect()
}

/// Makes a destination another one by how long a record stays there.
fn protect(to: &mut Destination, how_long: Option<&String>) {
    if let Some(how_long) = how_long {
        to.to = Some(format!("{} for {how_long}", to.to.as_deref().unwrap_or_default()));
    }
}

/// The rules of rows that come from protection too, by their ids before and after; a rule that takes the
/// records in both says itself what became of its protection.
fn protected_otherwise(
    rerouting: &Rerouting,
    ids: &[(String, &str)],
) -> Option<BTreeSet<[String; 2]>> {
    let then = |id: &str| {
        let known = ids.iter().find(|(now, _)| now == id);
        known.map_or_else(|| id.to_owned(), |(_, then)| (*then).to_owned())
    };
    let rows = rerouting.rows.iter().filter(|row| row.before.name() != row.after.name());
    let pairs = rows.map(|row| [then(row.before.name()), row.after.name().to_owned()]);
    rerouting.undecided.is_empty().then(|| pairs.collect())
}

/// What a rule of the table before is called now.
fn now(pair: &Pair<'_>, id: &str, names: &Names) -> String {
    let address = names.now(pair.before.address.join("rule").join(id).as_str());
    address.rsplit_once('.').map_or(id, |(_, id)| id).to_owned()
}

/// The changes that rows are, and one for what is not known.
pub(super) fn changes(
    rerouted: &Rerouted,
    by: &[Address],
    exactly: &Exactly<'_, '_>,
    names: &Names,
) -> Vec<Change> {
    let Rerouted { routing, rerouting, .. } = rerouted;
    let former = names.then(routing.as_str()).map_or_else(|| routing.clone(), Address::new);
    let gap = exactly.after.model().get(routing.as_str()).is_some_and(is_gap);
    let words = Words::of(rerouted, exactly, names);
    let rows = rerouting.rows.iter();
    let mut changes: Vec<Change> =
        rows.filter_map(|row| of_row((&former, routing), row, gap, &words)).collect();
    let of_rule = |id: &str, kind: &str, says: &str| {
        let summary = format!("rule `{id}` {says}");
        let kind = CATALOGUE.get(kind)?;
        Some(Change::new(kind, routing.join("rule").join(id), summary, (None, None)))
    };
    let marked = rerouted.marked.iter().flatten();
    changes.extend(marked.filter_map(|row| of_mark((&former, routing), row, &words)));
    changes.extend(rerouting.reached.iter().filter_map(|(id, now)| {
        if *now {
            of_rule(id, "rule-became-reachable", "takes records now")
        } else {
            let says = "takes no record any more: earlier rules take them all";
            of_rule(id, "rule-became-unreachable", says)
        }
    }));
    changes.extend(rerouting.met.iter().filter_map(|(id, now)| {
        if *now {
            of_rule(id, "rule-matches-again", "asks for what a record can meet again")
        } else {
            of_rule(id, "rule-never-matches", "asks for what no record can meet")
        }
    }));
    if let Some(kind) = CATALOGUE.get("route-undecided").filter(|_| !rerouted.is_exact()) {
        let why = rerouting.undecided.join("; ");
        let summary = format!("it is not known whether other records go elsewhere: {why}");
        changes.push(Change::new(kind, routing.clone(), summary, (None, None)));
    }
    for change in &mut changes {
        change.caused_by = by.to_vec();
        change.head = head(&change.address, exactly);
    }
    changes
}

fn is_gap(entity: &Entity) -> bool {
    entity.table.text("default_is") == Some("gap")
}

/// What the words of rows stand for, with everything they refer to written out.
struct Words<'a, 'm> {
    exactly: &'a Exactly<'a, 'm>,
    /// The conditions before and after of the rules that rows name as exceptions.
    rules: BTreeMap<String, [Option<String>; 2]>,
    /// Which records the table is about at all, before and after; none where it is about all in both.
    scope: Option<[Option<String>; 2]>,
}

impl<'a, 'm> Words<'a, 'm> {
    fn of(rerouted: &Rerouted, exactly: &'a Exactly<'a, 'm>, names: &Names) -> Self {
        let rows = rerouted.rerouting.rows.iter().chain(rerouted.marked.iter().flatten());
        let named: BTreeSet<&String> = rows.flat_map(|row| &row.except).collect();
        let meaning = |address: Address| {
            let sides = [
                (exactly.before, names.then(address.as_str())),
                (exactly.after, Some(address.to_string())),
            ];
            sides.map(|(scope, address)| {
                let address = address?;
                let mut found = scope.criteria_below(&address);
                canonical::written_out(found.next()?.expr.as_deref()?, scope)
            })
        };
        let rule = |id: &String| {
            (id.clone(), meaning(rerouted.routing.join("rule").join(id).join("when")))
        };
        let scope = meaning(rerouted.routing.join("applies_to"));
        Self {
            exactly,
            rules: named.into_iter().map(rule).collect(),
            scope: scope.iter().any(Option::is_some).then_some(scope),
        }
    }

    /// What a row is known by: which records go elsewhere, and what became of them.
    fn known_by(&self, row: &Row, fate: &Json) -> Json {
        let include = Side { address: "", text: &row.include, form: None };
        let meaning = self.exactly.meaning(include, true);
        if row.except.is_empty() && meaning.is_none() && self.scope.is_none() {
            return json!([fate, row.include, row.except]);
        }
        // Rules go by their conditions: what a name stands for may be something else.
        let except: BTreeMap<_, _> = row.except.iter().map(|id| (id, self.rules.get(id))).collect();
        // What a table is not about its rows do not say.
        match &self.scope {
            None => json!([fate, row.include, meaning, except]),
            Some(scope) => json!([fate, row.include, meaning, except, scope]),
        }
    }
}

fn of_row(
    (former, routing): (&Address, &Address),
    row: &Row,
    gap: bool,
    words: &Words<'_, '_>,
) -> Option<Change> {
    let (was, is) = (row.before.destination(), row.after.destination());
    let elsewhere = was.map(|d| &d.to) != is.map(|d| &d.to);
    let is_default = |fate: &Fate| matches!(fate, Fate::Default(_));
    let kind = match (&row.before, &row.after) {
        (_, Fate::NotRouted) => "route-lost",
        (Fate::NotRouted, _) => "route-gained",
        (before, after) if is_default(before) && is_default(after) && elsewhere => {
            "default-route-changed"
        }
        (before, after) if is_default(before) && is_default(after) => "default-route-sla-changed",
        (_, after) if is_default(after) && gap => "route-lost",
        (before, _) if is_default(before) && gap => "route-gained",
        (_, after) if is_default(after) && elsewhere => "route-fell-to-default",
        (before, _) if is_default(before) && elsewhere => "route-left-default",
        _ if elsewhere => "route-changed",
        _ => "route-sla-changed",
    };
    Some(told((former, routing), CATALOGUE.get(kind)?, summary(row), (row, words)))
}

/// The change that a row of records is which go where they went and get another mark.
fn of_mark(tables: (&Address, &Address), row: &Row, words: &Words<'_, '_>) -> Option<Change> {
    Some(told(tables, CATALOGUE.get("route-mark-changed")?, marked_otherwise(row), (row, words)))
}

fn told(
    (former, routing): (&Address, &Address),
    kind: &'static ChangeKind,
    summary: String,
    (row, words): (&Row, &Words<'_, '_>),
) -> Change {
    let at = |routing: &Address, fate: &Fate| match fate {
        Fate::NotRouted => routing.join("applies_to"),
        Fate::Rule(id, _) => routing.join("rule").join(id),
        Fate::Default(_) => routing.join("default"),
    };
    let (before, after) = (at(former, &row.before), at(routing, &row.after));
    let forms = [&row.before, &row.after].map(form);
    let mut change = Change::new(kind, after.clone(), summary, (None, None));
    let named = words.known_by(row, &forms[0]);
    change.fingerprint = Fingerprint::of(&kind.id, after.as_str(), Some(&named), Some(&forms[1]));
    change.previous = (before != after).then_some(before);
    let [before, after] = forms;
    (change.before, change.after) = (Some(before), Some(after));
    change.row = Some(Box::new(row.clone()));
    change
}

fn form(fate: &Fate) -> Json {
    let (to, sla) = match fate.destination() {
        Some(Destination { to, sla, .. }) => (to.as_deref(), sla.as_deref()),
        None => (None, None),
    };
    json!({ "rule": fate.name(), "to": to, "sla": sla })
}

fn summary(row: &Row) -> String {
    let (before, after) = (row.before.destination(), row.after.destination());
    let same_promise = before.map(|d| &d.sla) == after.map(|d| &d.sla);
    let to = |fate: &Fate| {
        let Some(Destination { to, sla, .. }) = fate.destination() else {
            return "nowhere".to_owned();
        };
        let to =
            to.as_ref().map_or_else(|| "nowhere that is said".to_owned(), |to| format!("`{to}`"));
        match sla.as_ref().filter(|_| !same_promise) {
            Some(sla) => format!("{to} under `{sla}`"),
            None if same_promise => to,
            None => format!("{to} without a promise"),
        }
    };
    if row.before.destination().map(|d| &d.to) == row.after.destination().map(|d| &d.to) {
        match (&row.before, &row.after) {
            (_, Fate::Default(home)) if home.is_gap => {
                return format!(
                    "records {} fall into the gap, {} as before, because no rule takes them",
                    of(&row.before),
                    to(&row.after)
                );
            }
            (Fate::Default(home), Fate::Rule(id, _)) if home.is_gap => {
                return format!(
                    "records that fell into the gap are taken by rule `{id}`, to {} as before",
                    to(&row.after)
                );
            }
            _ => {}
        }
    }
    let by = match &row.after {
        Fate::NotRouted => String::new(),
        Fate::Rule(id, _) if row.before.name() == id => String::new(),
        Fate::Default(_) if matches!(row.before, Fate::Default(_)) => String::new(),
        Fate::Rule(id, _) => format!(" by rule `{id}`"),
        Fate::Default(_) => " because no rule takes them".to_owned(),
    };
    if let (Some(before), Some(after)) = (before, after)
        && before.to == after.to
    {
        let promise = |to: &Destination| match &to.sla {
            Some(sla) => format!("under `{sla}`"),
            None => "without a promise".to_owned(),
        };
        let to = after.to.as_ref().map_or_else(|| "nowhere".to_owned(), |to| format!("to `{to}`"));
        let (was, is) = (promise(before), promise(after));
        return format!(
            "records {} go {to} as before{by}, {is} now and {was} before",
            of(&row.before)
        );
    }
    if row.after == Fate::NotRouted {
        let went =
            before.map_or_else(String::new, |_| format!(", which went to {},", to(&row.before)));
        return format!("records {}{went} are not routed any more", of(&row.before));
    }
    let was = if row.before == Fate::NotRouted {
        String::new()
    } else {
        format!(" from {}", to(&row.before))
    };
    format!("records {} go{was} to {}{by}", of(&row.before), to(&row.after))
        .replace(" to nowhere", " nowhere")
}

fn of(fate: &Fate) -> String {
    match fate {
        Fate::NotRouted => "that were not routed".to_owned(),
        Fate::Rule(id, _) => format!("of rule `{id}`"),
        Fate::Default(_) => "that no rule took".to_owned(),
    }
}

/// In words, that records get another mark.
fn marked_otherwise(row: &Row) -> String {
    let to = row.after.destination().and_then(|destination| destination.to.as_deref());
    let stay = to.map_or_else(String::new, |to| format!(" stay at `{to}` and"));
    match &row.after {
        Fate::Rule(id, _) => format!("records {}{stay} are marked `{id}` now", of(&row.before)),
        _ => format!("records {}{stay} are not marked any more", of(&row.before)),
    }
}

/// Where a rule, or the default, is written in the head.
fn head(address: &Address, exactly: &Exactly<'_, '_>) -> Option<crate::finding::Place> {
    let (entity, part) = exactly.after.model().entity_above(address.as_str())?;
    let id = part.strip_prefix("rule.");
    let rules = entity.table.get("rule").and_then(|node| node.as_array()).unwrap_or_default();
    let rule = rules
        .iter()
        .find(|rule| id.is_some() && rule.as_table().and_then(|table| table.text("id")) == id);
    let node = rule.or_else(|| entity.table.get(part));
    Some(node.map_or_else(|| entity.header(), |node| entity.place(node.span)))
}

impl ChangeKind {
    /// Whether a proof says in the end what such a change does: that records go elsewhere because of
    /// it, which is shifting, or that none does, which is cosmetic.
    pub fn is_settled(&self) -> bool {
        matches!(self.id.as_str(), "rule-added" | "rule-removed" | "rule-moved")
    }
}

/// Says of rules that came, went or moved what is known now: that other records go elsewhere
/// because of them, or that none does.
pub(super) fn settle(direct: &mut [Change], all: &[(Rerouted, Vec<Address>)]) {
    for change in direct.iter_mut() {
        if !change.kind.is_settled() {
            continue;
        }
        let kind = change.kind.id.as_str();
        let table = all.iter().find(|(table, _)| change.address.is_within(table.routing.as_str()));
        let Some((table, _)) = table.filter(|(table, _)| table.is_exact()) else { continue };
        let last = |address: &Address| address.last().to_owned();
        let is = last(&change.address);
        let was = change.previous.as_ref().map_or_else(|| is.clone(), last);
        let names = |row: &Row| {
            let of = |fate: &Fate, id: &str| matches!(fate, Fate::Rule(own, _) if own == id);
            of(&row.before, &was) || of(&row.after, &is)
        };
        if table.rerouting.rows.iter().any(names) {
            change.impact = Impact::Shifting;
            continue;
        }
        if table.marked.as_ref().is_none_or(|rows| rows.iter().any(names)) {
            let why = ": no record goes elsewhere because of it, but some are marked otherwise";
            change.summary.push_str(why);
            change.impact = Impact::Shifting;
            continue;
        }
        if table.protects_otherwise(&was, &is) {
            let why = ": no record goes elsewhere because of it, but how long some stay protected is another";
            change.summary.push_str(why);
            change.impact = Impact::Shifting;
            continue;
        }
        change.summary.push_str(": no record goes elsewhere because of it");
        change.impact = Impact::Cosmetic;
        change.level = Impact::Cosmetic.usual_level();
        if let Some(kind) =
            CATALOGUE.get("rule-reordered-no-effect").filter(|_| kind == "rule-moved")
        {
            change.kind = kind;
        }
    }
}
