//! What ICPs, segments, territories and lifecycles make of a record, criterion by criterion.

use super::criteria::Criterion;
use super::judge::{Judge, Obstacle, Unjudged};
use super::scope::{Condition, ModelScope};
use crate::criteria::{Record, Value};
use crate::model::lifecycle::{ForbiddenMove, Lifecycle, Stage};
use crate::model::strategy::Icp;
use crate::model::{Address, Entity, Item};

/// Everything of a model that judges records of an object, before one record.
#[derive(Debug, Default)]
pub struct Gates<'a, 'm> {
    /// The ICPs.
    pub icps: Vec<Fit<'a, 'm>>,
    /// The segments the record is in.
    pub segments: Vec<&'m Address>,
    /// The territories it is in.
    pub territories: Vec<&'m Address>,
    /// Segments and territories that cannot be judged, and why.
    pub unjudged: Vec<(&'m Address, Unjudged)>,
    /// The lifecycles.
    pub lifecycles: Vec<Standing<'a, 'm>>,
}

/// A criterion that was put to a record on its own.
#[derive(Debug)]
pub struct Asked<'a, 'm> {
    /// The criterion, and whether it must not hold.
    pub condition: Condition<'a, 'm>,
    /// The words by which it keeps the record out; none where it does not.
    pub obstacles: Vec<Obstacle<'a>>,
}

impl Asked<'_, '_> {
    /// Whether it lets the record pass.
    pub fn passes(&self) -> bool {
        self.obstacles.is_empty()
    }
}

/// Criteria that all must let a record pass.
#[derive(Debug, Default)]
pub struct Gate<'a, 'm> {
    /// The criteria, as far as they can be judged.
    pub asked: Vec<Asked<'a, 'm>>,
    /// Fields that must be set and are not.
    pub missing: Vec<String>,
    /// Why a criterion cannot be judged.
    pub unjudged: Option<Unjudged>,
}

impl Gate<'_, '_> {
    /// Whether the record passes; nobody knows where a criterion cannot be judged and the others
    /// let it pass.
    pub fn is_open(&self) -> Option<bool> {
        let kept_out = !self.missing.is_empty() || !self.asked.iter().all(Asked::passes);
        match (kept_out, &self.unjudged) {
            (true, _) => Some(false),
            (false, None) => Some(true),
            (false, Some(_)) => None,
        }
    }
}

/// An ICP before a record.
#[derive(Debug)]
pub struct Fit<'a, 'm> {
    /// The ICP.
    pub entity: &'m Entity,
    /// Its criteria and disqualifiers.
    pub gate: Gate<'a, 'm>,
    /// The first tier that holds, where the record fits.
    pub tier: Option<String>,
}

/// A record in a lifecycle.
#[derive(Debug)]
pub struct Standing<'a, 'm> {
    /// The lifecycle.
    pub entity: &'m Entity,
    /// The field that holds the stage.
    pub field: Option<String>,
    /// What the record holds in it.
    pub stored: Option<String>,
    /// The stage it stands in by that.
    pub stage: Option<String>,
    /// Each stage with what lets a record in.
    pub stages: Vec<(String, Gate<'a, 'm>)>,
    /// What lets the record out of the stage it stands in.
    pub exit: Option<Gate<'a, 'm>>,
    /// The ways on from there.
    pub ways: Vec<Way>,
    /// The stage it may go back to by the recycle rule, where that holds.
    pub back: Option<String>,
}

/// A way from the stage a record stands in to a next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The stage it leads to.
    pub to: String,
    /// The id of the rule that forbids it.
    pub forbidden: Option<String>,
    /// Whether the record may go: out of the one, into the other, and nothing forbids it.
    pub open: Option<bool>,
}

impl<'a, 'm: 'a> Gates<'a, 'm> {
    /// What the model of a judge makes of its record.
    pub fn of(judge: &Judge<'a, 'm>) -> Self {
        let model = judge.scope.model();
        let about = |kind: &'static str| {
            model.of_kind(kind).filter(|entity| entity.object() == Some(judge.object))
        };
        let mut gates = Self {
            icps: about("icp").map(|entity| fit(judge, entity)).collect(),
            lifecycles: about("lifecycle").map(|entity| standing(judge, entity)).collect(),
            ..Self::default()
        };
        for kind in ["segment", "territory"] {
            for entity in about(kind) {
                let obstacles = judge.obstacles(judge.scope.conditions(entity));
                match obstacles {
                    Ok(obstacles) if !obstacles.is_empty() => {}
                    Ok(_) if kind == "segment" => gates.segments.push(&entity.address),
                    Ok(_) => gates.territories.push(&entity.address),
                    Err(why) => gates.unjudged.push((&entity.address, why)),
                }
            }
        }
        gates
    }

    /// Whether nothing of the model judges records of that object.
    pub fn is_empty(&self) -> bool {
        self.icps.is_empty() && self.lifecycles.is_empty()
    }
}

/// What an ICP makes of the record.
pub fn fit<'a, 'm: 'a>(judge: &Judge<'a, 'm>, entity: &'m Entity) -> Fit<'a, 'm> {
    let gate = gate(judge, judge.scope.conditions(entity));
    let tier = (gate.is_open() == Some(true)).then(|| tier(judge, entity)).flatten();
    Fit { entity, gate, tier }
}

fn tier<'a, 'm: 'a>(judge: &Judge<'a, 'm>, entity: &'m Entity) -> Option<String> {
    let icp: Icp = entity.read();
    let mut tiers = icp.tier.iter().flat_map(|tiers| tiers.iter());
    let holds = |id: &str| {
        let address = format!("{}.tier.{id}", entity.address);
        let mut below = judge.scope.criteria_below(&address);
        below.all(|criterion| judge.holds(criterion) == Ok(true))
    };
    tiers.find(|tier| holds(&tier.id)).map(|tier| tier.id.clone())
}

fn gate<'a, 'm: 'a>(
    judge: &Judge<'a, 'm>,
    conditions: impl Iterator<Item = Condition<'a, 'm>>,
) -> Gate<'a, 'm> {
    let mut gate = Gate::default();
    for condition in conditions {
        match judge.obstacles([condition]) {
            Ok(obstacles) => gate.asked.push(Asked { condition, obstacles }),
            Err(why) => {
                gate.unjudged.get_or_insert(why);
            }
        }
    }
    gate
}

/// The criteria below an address.
fn gate_at<'a, 'm: 'a>(judge: &Judge<'a, 'm>, address: &str) -> Gate<'a, 'm> {
    let below = judge.scope.criteria_below(address);
    gate(judge, below.map(|criterion| Condition { criterion, inverted: false }))
}

/// Where the record stands in a lifecycle.
pub fn standing<'a, 'm: 'a>(judge: &Judge<'a, 'm>, entity: &'m Entity) -> Standing<'a, 'm> {
    let lifecycle: Lifecycle = entity.read();
    let field = lifecycle.stage_field.as_ref().map(|field| field.value.0.clone());
    let stored = field.as_ref().and_then(|field| stored(judge.record, field));
    let is_here = |stage: &&Item<Stage>| stored.as_deref() == Some(stage.stored_value().0);
    let here = lifecycle.stages().iter().find(is_here);
    let at = |stage: &str, side: &str| format!("{}.stage.{stage}.{side}", entity.address);
    let stages: Vec<(String, Gate<'_, '_>)> = lifecycle
        .stages()
        .iter()
        .map(|stage| {
            let mut entry = gate_at(judge, &at(&stage.id, "entry"));
            entry.missing = missing(judge.record, stage);
            (stage.id.clone(), entry)
        })
        .collect();
    let exit = here.map(|stage| gate_at(judge, &at(&stage.id, "exit")));
    let back = here.and_then(|stage| {
        let to = stage.recycle.as_ref()?.to.as_ref()?;
        let when = gate_at(judge, &at(&stage.id, "recycle"));
        (!when.asked.is_empty() && when.is_open() == Some(true)).then(|| to.value.0.clone())
    });
    let ways = here.iter().flat_map(|stage| {
        let next = stage.next.iter().flat_map(|next| next.iter());
        next.map(|to| {
            way(judge, entity, &lifecycle, (stage, &to.value.0), (&stages, exit.as_ref()))
        })
    });
    let ways = ways.collect();
    let stage = here.map(|stage| stage.id.clone());
    Standing { entity, field, stored, stage, stages, exit, ways, back }
}

/// What the record holds in the field of the stage.
fn stored(record: &Record, field: &str) -> Option<String> {
    match record.get(field)? {
        Value::Text(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The fields a stage requires that the record does not have.
fn missing(record: &Record, stage: &Stage) -> Vec<String> {
    let missing = stage.required().filter(|field| record.get(field).is_none());
    missing.map(|field| field.value.0.clone()).collect()
}

/// The criteria of which each alone waives a rule that forbids a way.
pub fn waivers<'a, 'm>(
    scope: &'a ModelScope<'m>,
    entity: &Entity,
    rule: &Item<ForbiddenMove>,
) -> impl Iterator<Item = &'a Criterion<'m>> + use<'a, 'm> {
    let unless = format!("{}.forbidden.{}.unless", entity.address, rule.id);
    scope.criteria_below(&unless).collect::<Vec<_>>().into_iter()
}

fn way<'a, 'm: 'a>(
    judge: &Judge<'a, 'm>,
    entity: &'m Entity,
    lifecycle: &Lifecycle,
    (from, to): (&Item<Stage>, &str),
    (stages, exit): (&[(String, Gate<'_, '_>)], Option<&Gate<'_, '_>>),
) -> Way {
    let forbids = |rule: &&Item<ForbiddenMove>| {
        let mut waivers = waivers(judge.scope, entity, rule);
        !waivers.any(|unless| judge.holds(unless) == Ok(true))
    };
    let mut rules = lifecycle.forbidding(&from.id, to);
    let forbidden = rules.find(forbids).map(|rule| rule.id.clone());
    let entry = stages.iter().find(|(id, _)| id == to).map(|(_, entry)| entry.is_open());
    let sides = [exit.map_or(Some(true), Gate::is_open), entry.unwrap_or(Some(false))];
    let open = match (&forbidden, sides) {
        (Some(_), _) => Some(false),
        (None, sides) if sides.contains(&Some(false)) => Some(false),
        (None, sides) if sides.contains(&None) => None,
        _ => Some(true),
    };
    Way { to: to.to_owned(), forbidden, open }
}
