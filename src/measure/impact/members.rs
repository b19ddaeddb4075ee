//! What a model counts records among: whoever fits the ICP, meets a definition, belongs to a segment or a
//! territory, may enter a stage or leave it, or is covered by a promise.

use super::super::former::Ready;
use crate::criteria::{Expr, Test};
use crate::load::{Criterion, ModelScope};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::strategy::Icp;
use crate::model::{Address, Entity, Item};
use std::collections::BTreeMap;

/// What records are counted among.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Those who fit an ICP.
    Icp,
    /// Those of a tier of an ICP: who fits, and of no better tier.
    Tier,
    /// Those a definition means.
    Definition,
    /// Those of a segment.
    Segment,
    /// Those of a territory.
    Territory,
    /// Those who may enter a stage.
    Entry,
    /// Those who may leave a stage forwards.
    Exit,
    /// Those who may go from a stage to the next one: out of the one, and into the other.
    Gate,
    /// Those a promise of time covers.
    Sla,
}

impl Sort {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Icp => "icp",
            Self::Tier => "tier",
            Self::Definition => "definition",
            Self::Segment => "segment",
            Self::Territory => "territory",
            Self::Entry => "stage entry",
            Self::Exit => "stage exit",
            Self::Gate => "gate",
            Self::Sla => "sla",
        }
    }
}

/// A group that a model counts records among.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Its address in its own state.
    pub(super) address: Address,
    /// What it asks for, with references followed and in the names of now; or why that is not known.
    pub(super) says: Result<Expr, String>,
}

/// The groups of the records of an object, by what they are and their address of now.
pub(super) fn members(ready: &Ready<'_>, object: &str) -> BTreeMap<(Sort, String), Member> {
    let mut found = BTreeMap::new();
    let Some(own) = ready.object_then(object) else { return found };
    let collect = Collect { ready, own: &own };
    let about = |kind| {
        let all = ready.own().model().of_kind(kind);
        all.filter(|entity: &&Entity| entity.object() == Some(own.as_str()))
    };
    for (kind, sort) in [
        ("icp", Sort::Icp),
        ("definition", Sort::Definition),
        ("segment", Sort::Segment),
        ("territory", Sort::Territory),
    ] {
        for entity in about(kind) {
            collect.add(&mut found, sort, entity.address.clone(), collect.predicate(entity));
        }
    }
    for entity in about("icp") {
        collect.tiers(entity, &mut found);
    }
    for entity in about("lifecycle") {
        collect.stages(entity, &mut found);
    }
    for entity in about("sla") {
        let applies_to = entity.address.join("applies_to");
        collect.add(&mut found, Sort::Sla, entity.address.clone(), collect.below(&applies_to));
    }
    found
}

type Found = BTreeMap<(Sort, String), Member>;

/// What criteria say together, or none where one cannot be read.
type Says = Option<Expr>;

struct Collect<'c, 'a> {
    ready: &'c Ready<'a>,
    /// What the object is called in this state.
    own: &'c str,
}

impl<'a> Collect<'_, 'a> {
    fn scope(&self) -> &ModelScope<'a> {
        self.ready.own()
    }

    /// Adds a group; one that asks for nothing is none.
    fn add(&self, found: &mut Found, sort: Sort, address: Address, says: Says) {
        if says.as_ref().is_some_and(asks_nothing) {
            return;
        }
        let meaning = |expr: Expr| {
            self.ready
                .meaning(&expr, self.own)
                .map_err(|why: crate::criteria::ExpandError| why.to_string())
        };
        let says = says.ok_or_else(|| "one of its criteria cannot be read".to_owned());
        let now = self.ready.names().now(address.as_str());
        found.insert((sort, now), Member { address, says: says.and_then(meaning) });
    }

    fn predicate(&self, entity: &Entity) -> Says {
        let predicate = crate::criteria::Scope::predicate(
            self.scope(),
            entity.address.kind(),
            entity.address.id(),
        );
        predicate.map(|predicate| (*predicate.expr).clone())
    }

    /// What the criteria at or below an address say together.
    fn below(&self, address: &Address) -> Says {
        let criteria = self.scope().criteria_below(address.as_str());
        criteria.map(sound).collect::<Option<Vec<Expr>>>().map(Expr::all)
    }

    fn tiers(&self, entity: &Entity, found: &mut Found) {
        let icp: Icp = entity.read();
        let mut better: Vec<Says> = Vec::new();
        for tier in icp.tier.iter().flat_map(|tiers| tiers.iter()) {
            let address = entity.address.join("tier").join(&tier.id);
            let own = self.below(&address);
            let not = |other: &Says| other.clone().map(Expr::negated);
            let parts = [self.predicate(entity), own.clone()].into_iter();
            let all = parts.chain(better.iter().map(not)).collect::<Option<Vec<Expr>>>();
            self.add(found, Sort::Tier, address, all.map(Expr::all));
            better.push(own);
        }
    }

    fn stages(&self, entity: &Entity, found: &mut Found) {
        let lifecycle: Lifecycle = entity.read();
        let at = |stage: &str| entity.address.join("stage").join(stage);
        for stage in lifecycle.stages() {
            let address = at(&stage.id);
            self.add(found, Sort::Entry, address.join("entry"), self.entry(&address, stage));
            self.add(found, Sort::Exit, address.join("exit"), self.below(&address.join("exit")));
        }
        for (stage, next) in ways(&lifecycle) {
            let (from, to) = (at(&stage.id), at(&next.id));
            let parts = [self.below(&from.join("exit")), self.entry(&to, next)];
            let both = parts.into_iter().collect::<Option<Vec<Expr>>>().map(Expr::all);
            if both.as_ref().is_some_and(asks_nothing) {
                continue;
            }
            let mut one = BTreeMap::new();
            self.add(&mut one, Sort::Gate, from.join("next").join(&next.id), both);
            // The stage it leads to may have another name as well.
            let now = |address: &Address| self.ready.names().now(address.as_str());
            let (from, to) = (now(&from), now(&to));
            let to = to.rsplit('.').next().unwrap_or_default();
            let key = (Sort::Gate, format!("{from}.next.{to}"));
            found.extend(one.into_values().map(|member| (key.clone(), member)));
        }
    }

    /// What lets a record into a stage: its criteria, and the fields that must be set.
    fn entry(&self, address: &Address, stage: &Stage) -> Says {
        let criteria = self.below(&address.join("entry"))?;
        let required = stage.required();
        let is_set = |field: &str| Expr::atom(field, Test::IsSet { negated: false });
        let required = required.map(|field| is_set(&field.value.0));
        Some(Expr::all(Some(criteria).filter(|all| !asks_nothing(all)).into_iter().chain(required)))
    }
}

/// Whether every record meets it, because it has no parts.
fn asks_nothing(expr: &Expr) -> bool {
    matches!(&expr.node, crate::criteria::Node::And(parts) if parts.iter().all(asks_nothing))
}

fn sound(criterion: &Criterion<'_>) -> Option<Expr> {
    let expr = criterion.expr.as_deref().filter(|_| criterion.faults.is_empty());
    expr.cloned()
}

/// The way on from each stage: to the first of its next stages that stands behind it in the order.
fn ways(lifecycle: &Lifecycle) -> impl Iterator<Item = (&Item<Stage>, &Item<Stage>)> {
    let stages = lifecycle.stages();
    stages.iter().enumerate().filter_map(move |(at, stage)| {
        let named = |id: &str| {
            stage.value.next.iter().flat_map(|next| next.iter()).any(|next| next.value.0 == id)
        };
        let next = stages.get(at + 1..)?.iter().find(|next| named(&next.id))?;
        Some((stage, next))
    })
}
