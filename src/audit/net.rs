//! What is different in the end: the start and the end of a period compared as two states, however
//! many steps lie between them.

use super::judge::compared;
use super::report::{Net, NetVerdict};
use super::steps::Way;
use super::subject::{Lineage, decides, gate, is_near, is_predicate, plain, stands, subject};
use crate::change::{Change, ChangeSet, Exactly, Impact, Names, Policies, Rerouted};
use crate::git::Commit;
use crate::history::{At, Compared, HistoryError, Unreadable, Workspace};
use crate::load::ModelScope;
use crate::model::Model;
use crate::proof::{Fate, Prover, Verdict, in_words};
use crate::report::in_ticks;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// So many differences of one thing are told; the others are counted.
const TOLD: usize = 3;

/// The two states that are compared.
pub(super) struct Ends {
    pub(super) before: Model,
    pub(super) after: Model,
    pub(super) changes: ChangeSet,
    /// The files that cannot be read at the start, and at the end.
    unreadable: [Vec<Unreadable>; 2],
    prover: Prover,
}

impl Ends {
    /// The models of two commits, and what is different between them.
    pub(super) fn of(
        workspace: &Workspace,
        baseline: &Commit,
        end: &Commit,
        budget: u64,
    ) -> Result<Self, HistoryError> {
        let at = |commit: &Commit| At::Commit(Box::new(commit.clone()));
        let as_of = Timestamp::from_second(end.committer_time.seconds).unwrap_or_default();
        let prover = Prover { as_of, budget };
        // Policy does not make a difference smaller.
        let all = Policies::default();
        let (from, to) = (at(baseline), at(end));
        let Compared { changes, before, after, unreadable } =
            workspace.changes_whole(&from, &to, prover, &all)?;
        Ok(Self { before, after, changes, unreadable, prover })
    }

    /// Compares everything that some ways lead through, and everything that is different.
    pub(super) fn net(&self, ways: &BTreeMap<String, Way<'_>>, lineage: &Lineage) -> Vec<Net> {
        let scopes = (ModelScope::of_part(&self.before), ModelScope::of_part(&self.after));
        let exactly = Exactly { prover: self.prover, before: &scopes.0, after: &scopes.1 };
        let names = lineage.names(&self.before);
        let then = self.names_at_start(lineage);
        let renames = self.changes.changes.iter().filter(|change| change.is_rename());
        let declared: Names = renames
            .filter_map(|change| Some((change.previous.as_ref()?, &change.address)))
            .collect();
        let mut below: BTreeMap<String, Vec<&Change>> =
            ways.keys().map(|subject| (subject.clone(), Vec::new())).collect();
        for change in self.changes.meaningful().filter(|change| !change.is_wording()) {
            // What only the two states show may be another thing than the one that was followed.
            if let Some(subject) = subject(change.address.as_str())
                && declared.then(&subject) == names.then(&subject)
            {
                below.entry(subject).or_default().push(change);
            }
        }
        let all: Vec<String> = below.keys().cloned().collect();
        let (exactly, names) = (&exactly, &names);
        let hidden = self.hidden(lineage);
        let compare = Compare {
            ends: self,
            exactly,
            names,
            declared: &declared,
            then: &then,
            hidden: &hidden,
            below,
        };
        let nets = all.into_iter().map(|subject| {
            let mut net = compare.one(&subject);
            net.former = lineage.former(&subject);
            net
        });
        // What differs in no way and had no step on the way is of no interest.
        nets.filter(|net| net.verdict != NetVerdict::Same || ways.contains_key(&net.address))
            .collect()
    }

    /// What files hold that cannot be read at the start, and at the end, under the names of the end,
    /// each with its file.
    fn hidden(&self, lineage: &Lineage) -> [BTreeMap<String, &str>; 2] {
        self.unreadable.each_ref().map(|files| {
            let held = files.iter().flat_map(|file| file.holds.iter().map(move |it| (it, file)));
            held.map(|(it, file)| (lineage.now(it.as_str()), file.path.as_str())).collect()
        })
    }

    /// What the start has, under the names of the end.
    fn names_at_start(&self, lineage: &Lineage) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for entity in self.before.entities() {
            names.insert(lineage.now(entity.address.as_str()));
            for stage in entity.item_ids("stage") {
                let stage = entity.address.join("stage").join(stage);
                names.insert(lineage.now(stage.as_str()));
            }
        }
        names
    }
}

struct Compare<'a> {
    ends: &'a Ends,
    exactly: &'a Exactly<'a, 'a>,
    names: &'a Names,
    /// The names that the two states alone tell.
    declared: &'a Names,
    then: &'a BTreeSet<String>,
    hidden: &'a [BTreeMap<String, &'a str>; 2],
    /// What is different, by what it is about.
    below: BTreeMap<String, Vec<&'a Change>>,
}

impl Compare<'_> {
    fn one(&self, subject: &str) -> Net {
        let held = gate(subject).unwrap_or(subject);
        let (was, is) = (self.then.contains(held), stands(&self.ends.after, subject));
        let mut net = Net {
            address: subject.to_owned(),
            former: Vec::new(),
            name: name(&self.ends.after, subject).unwrap_or_else(|| plain(subject)),
            verdict: NetVerdict::Same,
            indirect: self.below(subject).all(|change| !change.caused_by.is_empty()),
            says: Vec::new(),
            admits: None,
            refuses: None,
            example: None,
            steps: Vec::new(),
            oscillations: Vec::new(),
        };
        let ends = [(was, "start"), (is, "end")].into_iter().zip(self.hidden);
        let hidden: Vec<String> = ends
            .filter(|((stands, _), _)| !stands)
            .filter_map(|((_, end), hidden)| {
                let (_, path) = hidden.iter().find(|(it, _)| is_near(held, it))?;
                Some(format!(
                    "what it meant at the {end} is not known: {} could not be read",
                    in_ticks(path)
                ))
            })
            .collect();
        match (was, is) {
            _ if !hidden.is_empty() => {
                net.verdict = NetVerdict::Undecided;
                net.says = hidden;
            }
            (false, false) => net.says.push("it came and went within the period".to_owned()),
            (false, true) => net.verdict = NetVerdict::New,
            (true, false) => net.verdict = NetVerdict::Gone,
            (true, true) if is_predicate(subject) => self.predicate(&mut net),
            (true, true) if self.names.then(subject) != self.declared.then(subject) => {
                net.verdict = NetVerdict::Undecided;
                let says =
                    "its id was another thing's in between, so that its two ends were not compared";
                net.says.push(says.to_owned());
            }
            (true, true) => self.promise(&mut net),
        }
        net
    }

    /// A set of records, compared as a whole.
    fn predicate(&self, net: &mut Net) {
        let whole = self.exactly.whole(self.names, &net.address);
        let (_, admits, refuses) = compared(whole.as_ref());
        (net.admits, net.refuses) = (admits, refuses);
        net.verdict = match whole {
            Some(Verdict::Looser { .. }) => NetVerdict::Looser,
            Some(Verdict::Tighter { .. }) => NetVerdict::Tighter,
            Some(Verdict::Shifted { .. }) => NetVerdict::Shifted,
            Some(Verdict::Undecided(reason)) => {
                net.says.push(reason);
                NetVerdict::Undecided
            }
            Some(Verdict::Equivalent) => NetVerdict::Same,
            None => {
                net.says.push("it is not known what it was called at the start".to_owned());
                NetVerdict::Undecided
            }
        };
        let mut impacts: BTreeSet<Impact> = self
            .below(&net.address)
            .filter(|change| !decides(change.address.as_str()))
            .map(|change| change.impact)
            .collect();
        if !impacts.is_empty() {
            impacts.extend(impact(net.verdict));
            net.verdict = together(&impacts);
        }
        if net.verdict != NetVerdict::Same {
            self.tell(net);
        }
    }

    /// Where records go, or how soon: what the differences come to together.
    fn promise(&self, net: &mut Net) {
        let mut routes = self.ends.changes.routes.iter();
        let table = routes.find(|table| table.routing.as_str() == net.address);
        if let Some(table) = table.filter(|table| table.is_exact()) {
            net.example = table.rerouting.rows.first().map(|row| {
                let (from, to) = (fate(&row.before), fate(&row.after));
                format!("{} goes to {to} instead of {from}", in_words(&row.witness))
            });
        }
        if let Some(table) = table.filter(|table| !table.rerouting.rows.is_empty()) {
            let rows = table.rerouting.rows.len();
            let groups = if rows == 1 { "one group" } else { "groups" };
            net.says.push(match rows {
                1 => format!("{groups} of records goes elsewhere"),
                _ => format!("{rows} {groups} of records go elsewhere"),
            });
        }
        let proved = table.is_some_and(proves_nothing_moves);
        let impacts: BTreeSet<Impact> = self
            .below(&net.address)
            .filter(|change| !(proved && change.address.as_str().contains(".rule")))
            .map(|change| change.impact)
            .collect();
        net.verdict = together(&impacts);
        if net.verdict != NetVerdict::Same {
            self.tell(net);
        }
    }

    fn below(&self, subject: &str) -> impl Iterator<Item = &Change> {
        self.below.get(subject).into_iter().flatten().copied()
    }

    /// Says what is different, in the file's words where they are short.
    fn tell(&self, net: &mut Net) {
        let all: Vec<String> = self
            .below(&net.address)
            // What the groups of records were told for is not said once more.
            .filter(|change| change.row.is_none())
            .map(|change| {
                let text = |value: &Option<serde_json::Value>| {
                    let text = value.as_ref()?.as_str()?;
                    (text.chars().count() <= 60).then(|| text.to_owned())
                };
                let because = change.caused_by.iter().map(|cause| format!("`{cause}`"));
                let because: Vec<String> = because.collect();
                let says = match (text(&change.before), text(&change.after)) {
                    (Some(before), Some(after)) if before != after => {
                        format!("{} → {}", in_ticks(&before), in_ticks(&after))
                    }
                    _ if because.is_empty() => change.summary.clone(),
                    _ => format!("{}, because of {}", change.summary, because.join(", ")),
                };
                // A table has many conditions of one name.
                let rule = change.address.as_str().strip_prefix(&net.address);
                let rule = rule.and_then(|rest| rest.strip_prefix(".rule.")?.split('.').next());
                rule.map_or_else(|| says.clone(), |rule| format!("rule `{rule}`: {says}"))
            })
            .collect();
        let more = all.len().saturating_sub(TOLD);
        net.says.extend(all.into_iter().take(TOLD));
        if more > 0 {
            net.says.push(format!("and {more} more"));
        }
    }
}

/// Whether it is proved that a table sends no record elsewhere.
fn proves_nothing_moves(table: &Rerouted) -> bool {
    table.is_exact() && table.rerouting.rows.is_empty()
}

/// Where a record ends, in words.
fn fate(fate: &Fate) -> String {
    let to = fate.destination().and_then(|destination| destination.to.clone());
    to.map_or_else(|| "nowhere".to_owned(), |to| format!("`{to}`"))
}

/// What a set of records that compares so does to whoever relies on it.
fn impact(verdict: NetVerdict) -> Option<Impact> {
    match verdict {
        NetVerdict::Looser => Some(Impact::Loosening),
        NetVerdict::Tighter => Some(Impact::Tightening),
        NetVerdict::Shifted => Some(Impact::Shifting),
        NetVerdict::Undecided => Some(Impact::Undecided),
        _ => None,
    }
}

/// What several differences come to.
fn together(impacts: &BTreeSet<Impact>) -> NetVerdict {
    let has = |impact| impacts.contains(&impact);
    match (has(Impact::Loosening), has(Impact::Tightening)) {
        _ if has(Impact::Breaking) => NetVerdict::Broken,
        (true, true) => NetVerdict::Shifted,
        _ if has(Impact::Shifting) || has(Impact::Additive) => NetVerdict::Shifted,
        _ if has(Impact::Undecided) => NetVerdict::Undecided,
        (true, false) => NetVerdict::Looser,
        (false, true) => NetVerdict::Tighter,
        (false, false) => NetVerdict::Same,
    }
}

/// The name people use for what stands at an address.
pub(super) fn name(model: &Model, address: &str) -> Option<String> {
    let (entity, rest) = model.entity_above(address)?;
    let stage = rest.strip_prefix("stage.").and_then(|rest| rest.split('.').next());
    let gate = rest.rsplit_once('.').map(|(_, gate)| gate);
    Some(match (stage, gate) {
        (Some(stage), Some(gate @ ("entry" | "exit"))) => {
            format!("{}: {gate} of {stage}", entity.name())
        }
        (Some(stage), _) => format!("{}: {stage}", entity.name()),
        _ => entity.name().to_owned(),
    })
}
