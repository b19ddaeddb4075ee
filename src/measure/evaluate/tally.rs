//! What the records come to: each figure added up, part by part, in any order.

use super::gate::GateTally;
use super::judged::{Judged, JudgedFit};
use super::plan::{Evaluation, Fit};
use super::routes::RouteTally;
use super::stages::StagesTally;
use crate::measure::groups::{Grouped, Groups};
use crate::measure::metrics::MetricTally;
use crate::records::Row;

/// What the records come to; everything stands in the order of the evaluation.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many records there are.
    pub records: u64,
    /// The ICPs.
    pub icps: Vec<FitTally>,
    /// The definitions.
    pub definitions: Vec<FitTally>,
    /// The families.
    pub families: Vec<FamilyTally>,
    /// The routing tables.
    pub tables: Vec<RouteTally>,
    /// The lifecycles.
    pub lifecycles: Vec<StagesTally>,
    /// The metrics.
    pub metrics: Vec<MetricTally>,
    /// How many records make each signal fire.
    pub signals: Vec<u64>,
    /// How many fit what, by the values of a field.
    pub by: Groups<Group>,
}

/// How many records fit an ICP or meet a definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FitTally {
    /// Its criteria.
    pub gate: GateTally,
    /// How many of those that fit are of each tier.
    pub tiers: Vec<u64>,
    /// How many of those are of no tier.
    pub untiered: u64,
    /// Of how many of those nobody knows the tier.
    pub tier_unknown: u64,
}

/// How many records are in which segment, territory or persona.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FamilyTally {
    /// For each member how many are in it, and of how many nobody knows.
    pub members: Vec<(u64, u64)>,
    /// How many are in none for certain.
    pub none: u64,
}

/// How many of the records with one value fit what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// How many records.
    pub records: u64,
    /// How many fit each ICP, then meet each definition; and of how many nobody knows.
    pub fits: Vec<(u64, u64)>,
}

impl Grouped for Group {
    fn merge(&mut self, other: &Self) {
        self.records += other.records;
        for (one, more) in self.fits.iter_mut().zip(&other.fits) {
            *one = (one.0 + more.0, one.1 + more.1);
        }
    }
}

impl Tally {
    /// No record yet.
    pub fn new(evaluation: &Evaluation) -> Self {
        let fits = |fits: &[Fit]| fits.iter().map(FitTally::new).collect();
        let families = evaluation.families.iter();
        Self {
            records: 0,
            icps: fits(&evaluation.icps),
            definitions: fits(&evaluation.definitions),
            families: families
                .map(|family| FamilyTally { members: vec![(0, 0); family.members.len()], none: 0 })
                .collect(),
            tables: evaluation.tables.iter().map(RouteTally::new).collect(),
            lifecycles: evaluation.lifecycles.iter().map(StagesTally::new).collect(),
            metrics: evaluation.metrics.iter().map(MetricTally::new).collect(),
            signals: vec![0; evaluation.signals.len()],
            by: Groups::default(),
        }
    }

    /// Adds a record and what came out for it.
    pub fn add(&mut self, evaluation: &Evaluation, row: &Row<'_>, judged: &Judged) {
        self.records += 1;
        for (tally, judged) in self.icps.iter_mut().zip(&judged.icps) {
            tally.add(judged);
        }
        for (tally, judged) in self.definitions.iter_mut().zip(&judged.definitions) {
            tally.add(judged);
        }
        for (tally, answers) in self.families.iter_mut().zip(&judged.families) {
            tally.add(answers);
        }
        for (tally, judged) in self.tables.iter_mut().zip(&judged.routes) {
            if let Some(judged) = judged {
                tally.add(*judged);
            }
        }
        for (tally, judged) in self.lifecycles.iter_mut().zip(&judged.stages) {
            tally.add(judged);
        }
        for (tally, metric) in self.metrics.iter_mut().zip(&evaluation.metrics) {
            tally.add(metric, row, &evaluation.clocks);
        }
        for (fired, holds) in self.signals.iter_mut().zip(&judged.signals) {
            *fired += u64::from(*holds == Some(true));
        }
        if let Some((_, slot)) = &evaluation.by {
            self.by.add(row.value(*slot), Group::default, |group| group.add(judged));
        }
    }

    /// Adds all of another part.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        each(&mut self.icps, &other.icps, FitTally::merge);
        each(&mut self.definitions, &other.definitions, FitTally::merge);
        each(&mut self.families, &other.families, FamilyTally::merge);
        each(&mut self.tables, &other.tables, RouteTally::merge);
        each(&mut self.lifecycles, &other.lifecycles, StagesTally::merge);
        each(&mut self.signals, &other.signals, |one, more| *one += more);
        for (one, more) in self.metrics.iter_mut().zip(other.metrics) {
            one.merge(more);
        }
        self.by.merge(other.by);
    }
}

fn each<T>(all: &mut [T], others: &[T], merge: impl Fn(&mut T, &T)) {
    for (one, more) in all.iter_mut().zip(others) {
        merge(one, more);
    }
}

impl Group {
    fn add(&mut self, judged: &Judged) {
        self.records += 1;
        self.fits.resize(judged.icps.len() + judged.definitions.len(), (0, 0));
        let all = judged.icps.iter().chain(&judged.definitions);
        for ((fits, unknown), judged) in self.fits.iter_mut().zip(all) {
            *fits += u64::from(judged.fits == Some(true));
            *unknown += u64::from(judged.fits.is_none());
        }
    }
}

impl FitTally {
    fn new(fit: &Fit) -> Self {
        let tiers = vec![0; fit.tiers.len()];
        Self { gate: GateTally::new(&fit.gate), tiers, ..Self::default() }
    }

    fn add(&mut self, judged: &JudgedFit) {
        self.gate.add(&judged.answers);
        if judged.fits != Some(true) {
            return;
        }
        match judged.tier.and_then(|tier| self.tiers.get_mut(tier)) {
            Some(tier) => *tier += 1,
            None if judged.tier_unknown => self.tier_unknown += 1,
            None => self.untiered += 1,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.gate.merge(&other.gate);
        self.untiered += other.untiered;
        self.tier_unknown += other.tier_unknown;
        each(&mut self.tiers, &other.tiers, |one, more| *one += more);
    }
}

impl FamilyTally {
    fn add(&mut self, answers: &[Option<bool>]) {
        self.none += u64::from(answers.iter().all(|answer| *answer == Some(false)));
        for ((inside, unknown), answer) in self.members.iter_mut().zip(answers) {
            *inside += u64::from(*answer == Some(true));
            *unknown += u64::from(answer.is_none());
        }
    }

    fn merge(&mut self, other: &Self) {
        self.none += other.none;
        each(&mut self.members, &other.members, |one, more| {
            *one = (one.0 + more.0, one.1 + more.1);
        });
    }
}
