//! Lifecycles put to records: where each stands, whether it should, and where it could go.

use super::gate::{Gate, GateTally};
use crate::criteria::Value;
use crate::load;
use crate::measure::question::{Asking, Question};
use crate::model::lifecycle::{self, Lifecycle};
use crate::model::{Entity, Item};
use crate::records::{Row, Slot};
use std::collections::BTreeMap;

/// So many values that are no stage's are kept apart.
const MOST_ASTRAY: usize = 1_000;

/// A lifecycle before records.
#[derive(Debug, Clone)]
pub struct Stages {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// The field that holds the stage, by its values; or why nobody knows where a record stands.
    pub field: Result<Slot, String>,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    by_value: BTreeMap<String, usize>,
}

/// A stage before records.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its id.
    pub id: String,
    /// Whether a record that is here stays here.
    pub terminal: bool,
    /// What lets a record in: its entry criteria and the fields it requires.
    pub entry: Gate,
    /// What lets a record out.
    pub exit: Gate,
    /// The ways on.
    pub ways: Vec<Way>,
    /// Where the recycle rule takes a record back to, and when.
    pub back: Option<(String, Gate)>,
}

/// A way from a stage to a next one.
#[derive(Debug, Clone)]
pub struct Way {
    /// The stage it leads to.
    pub to: String,
    /// That stage by its place, where there is one.
    stage: Option<usize>,
    /// For each rule that forbids it, what waives the rule.
    forbidden: Vec<Vec<Question>>,
}

/// Where a record stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JudgedStage {
    /// The stage, by its place.
    pub stage: Option<usize>,
    /// Whether the field holds anything.
    pub stored: bool,
    /// What the field holds where that is no stage's value.
    pub astray: Option<String>,
    /// Whether it meets what lets a record in where it stands.
    pub entry: Option<bool>,
    /// The same criterion by criterion.
    pub entry_answers: Vec<Option<bool>>,
    /// Whether it may leave.
    pub leave: Option<bool>,
    /// The same criterion by criterion.
    pub exit_answers: Vec<Option<bool>>,
    /// For each way on whether it may go.
    pub ways: Vec<Option<bool>>,
    /// Whether the recycle rule takes it back.
    pub back: Option<bool>,
}

impl Stages {
    pub(super) fn of(asking: &mut Asking<'_, '_, '_>, entity: &Entity) -> Self {
        let lifecycle: Lifecycle = entity.read();
        let field = match &lifecycle.stage_field {
            Some(field) => asking.slot(field),
            None => Err("it names no field that holds the stage".to_owned()),
        };
        let items = lifecycle.stages();
        let mut by_value = BTreeMap::new();
        for (place, stage) in items.iter().enumerate() {
            by_value.entry(stage.stored_value().0.to_owned()).or_insert(place);
        }
        let stages = items.iter().map(|item| stage(asking, entity, &lifecycle, item)).collect();
        let (address, name) = (entity.address.to_string(), entity.name().to_owned());
        Self { address, name, field, stages, by_value }
    }

    /// Where a record stands.
    pub(super) fn judge(&self, row: &Row<'_>, judged: &mut JudgedStage) {
        let stored = self.field.as_ref().ok().and_then(|slot| row.value(*slot));
        judged.stored = stored.is_some();
        let stored = stored.map(|stored| match stored {
            Value::Text(text) => text,
            other => other.to_string(),
        });
        judged.stage = stored.as_ref().and_then(|text| self.by_value.get(text).copied());
        judged.astray = stored.filter(|_| judged.stage.is_none());
        judged.ways.clear();
        (judged.entry, judged.leave, judged.back) = (None, None, None);
        let Some(stage) = judged.stage.and_then(|place| self.stages.get(place)) else { return };
        judged.entry = stage.entry.judge(row, &mut judged.entry_answers);
        judged.leave = stage.exit.judge(row, &mut judged.exit_answers);
        let leave = judged.leave;
        judged.ways.extend(stage.ways.iter().map(|way| self.may_go(row, leave, way)));
        judged.back = stage.back.as_ref().and_then(|(_, when)| when.is_open(row));
    }

    fn may_go(&self, row: &Row<'_>, leave: Option<bool>, way: &Way) -> Option<bool> {
        let forbidden = forbidden(row, way);
        let next = way.stage.and_then(|place| self.stages.get(place));
        let enter = || next.map_or(Some(false), |stage| stage.entry.is_open(row));
        if forbidden == Some(true) || leave == Some(false) {
            return Some(false);
        }
        match (enter(), leave, forbidden) {
            (Some(false), _, _) => Some(false),
            (Some(true), Some(true), Some(false)) => Some(true),
            _ => None,
        }
    }
}

/// Whether a rule forbids a way for a record.
fn forbidden(row: &Row<'_>, way: &Way) -> Option<bool> {
    let mut all = Some(false);
    for waivers in &way.forbidden {
        let answers = || waivers.iter().map(|waiver| waiver.answer(row));
        if answers().any(|answer| answer == Some(true)) {
            continue;
        }
        if answers().any(|answer| answer.is_none()) {
            all = None;
        } else {
            return Some(true);
        }
    }
    all
}

fn stage(
    asking: &mut Asking<'_, '_, '_>,
    entity: &Entity,
    lifecycle: &Lifecycle,
    item: &Item<lifecycle::Stage>,
) -> Stage {
    let at = |side: &str| format!("{}.stage.{}.{side}", entity.address, item.id);
    let mut entry = Gate::below(asking, &at("entry"));
    for field in item.required() {
        entry.require(asking, &at("required_fields"), field);
    }
    let exit = Gate::below(asking, &at("exit"));
    let next = item.next.iter().flat_map(|next| next.iter());
    let ways: Vec<Way> =
        next.map(|to| way(asking, entity, lifecycle, (&item.id, &to.value))).collect();
    let recycle = item.recycle.as_ref().and_then(|recycle| recycle.to.as_ref());
    let back = recycle.map(|to| (to.value.0.clone(), Gate::below(asking, &at("recycle"))));
    Stage {
        id: item.id.clone(),
        terminal: item.is_terminal(),
        entry,
        exit,
        ways,
        back: back.filter(|(_, when)| !when.clauses.is_empty()),
    }
}

fn way(
    asking: &mut Asking<'_, '_, '_>,
    entity: &Entity,
    lifecycle: &Lifecycle,
    (from, to): (&str, &str),
) -> Way {
    let scope = asking.scope;
    let forbidden = lifecycle.forbidding(from, to).map(|rule| {
        let waivers = load::waivers(scope, entity, rule);
        waivers.map(|criterion| asking.criterion(criterion)).collect()
    });
    let forbidden = forbidden.collect();
    let stage = lifecycle.stages().iter().position(|stage| stage.id == to);
    Way { to: to.to_owned(), stage, forbidden }
}

/// How many records stand where in a lifecycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StagesTally {
    /// Each stage, in order.
    pub stages: Vec<StageTally>,
    /// How many hold nothing in the field.
    pub unset: u64,
    /// How many hold what is no stage's value.
    pub elsewhere: u64,
    /// The same by what they hold: of many values the first in the order of the alphabet.
    pub astray: BTreeMap<String, u64>,
}

/// How many records stand in a stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageTally {
    /// How many meet what lets a record in.
    pub entry: GateTally,
    /// How many may leave.
    pub exit: GateTally,
    /// For each way on how many may go, and of how many nobody knows.
    pub ways: Vec<(u64, u64)>,
    /// How many the recycle rule takes back.
    pub back: u64,
}

impl StagesTally {
    pub(super) fn new(stages: &Stages) -> Self {
        let one = |stage: &Stage| StageTally {
            entry: GateTally::new(&stage.entry),
            exit: GateTally::new(&stage.exit),
            ways: vec![(0, 0); stage.ways.len()],
            back: 0,
        };
        Self { stages: stages.stages.iter().map(one).collect(), ..Self::default() }
    }

    pub(super) fn add(&mut self, judged: &JudgedStage) {
        let Some(stage) = judged.stage.and_then(|place| self.stages.get_mut(place)) else {
            self.unset += u64::from(!judged.stored);
            self.elsewhere += u64::from(judged.stored);
            if let Some(value) = &judged.astray {
                self.go_astray(value, 1);
            }
            return;
        };
        stage.entry.add(&judged.entry_answers);
        stage.exit.add(&judged.exit_answers);
        for ((open, unknown), way) in stage.ways.iter_mut().zip(&judged.ways) {
            *open += u64::from(*way == Some(true));
            *unknown += u64::from(way.is_none());
        }
        stage.back += u64::from(judged.back == Some(true));
    }

    fn go_astray(&mut self, value: &str, count: u64) {
        *self.astray.entry(value.to_owned()).or_default() += count;
        if self.astray.len() > MOST_ASTRAY {
            self.astray.pop_last();
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.unset += other.unset;
        self.elsewhere += other.elsewhere;
        other.astray.iter().for_each(|(value, count)| self.go_astray(value, *count));
        for (stage, more) in self.stages.iter_mut().zip(&other.stages) {
            stage.entry.merge(&more.entry);
            stage.exit.merge(&more.exit);
            stage.back += more.back;
            for (way, more) in stage.ways.iter_mut().zip(&more.ways) {
                *way = (way.0 + more.0, way.1 + more.1);
            }
        }
    }
}
