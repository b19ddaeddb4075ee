//! A condition multiplied out into clauses.

use super::logic::Logic;
use std::collections::{BTreeMap, BTreeSet};

/// A condition of more clauses than this is not multiplied out.
const MOST: usize = 64;

/// What must hold of each of some fields, together.
pub(super) type Clause = BTreeSet<(usize, Logic)>;

/// The clauses of which one must hold for the condition to hold; none where there are too many.
pub(super) fn clauses(
    condition: &Logic,
    field_of: &impl Fn(usize) -> Option<usize>,
) -> Option<BTreeSet<Clause>> {
    let mut clauses = multiplied(&grouped(condition, field_of))?;
    let all = clauses.clone();
    clauses.retain(|clause| !all.iter().any(|other| other != clause && other.is_subset(clause)));
    Some(clauses)
}

/// A condition with what it asks of one field put together.
#[derive(Debug, Clone)]
enum Grouped {
    One(usize, Logic),
    Enough(usize, Vec<Grouped>),
}

fn grouped(logic: &Logic, field_of: &impl Fn(usize) -> Option<usize>) -> Grouped {
    let (needed, of) = match logic {
        Logic::Ask(test, _) => {
            let never = || Grouped::Enough(1, Vec::new());
            return field_of(*test).map_or_else(never, |field| Grouped::One(field, logic.clone()));
        }
        Logic::Enough(needed, of) => (*needed, of),
    };
    let mut parts: Vec<Grouped> = of.iter().map(|one| grouped(one, field_of)).collect();
    if needed == 0 || needed > parts.len() {
        return Grouped::Enough(usize::from(needed != 0), Vec::new());
    }
    // Of one part, all and any are the same, and what is flat for one is not for the other.
    if parts.len() == 1 {
        return parts.pop().unwrap_or(Grouped::Enough(1, Vec::new()));
    }
    let (all, any) = (needed == parts.len(), needed == 1);
    if !all && !any {
        return Grouped::Enough(needed, parts);
    }
    let mut own: BTreeMap<usize, Vec<Logic>> = BTreeMap::new();
    let mut rest = Vec::new();
    for part in parts.into_iter().flat_map(|part| flat(part, all, any)) {
        match part {
            Grouped::One(field, logic) => own.entry(field).or_default().push(logic),
            other @ Grouped::Enough(..) => rest.push(other),
        }
    }
    let needed = |count: usize| if all { count } else { 1 };
    let together = |mut of: Vec<Logic>| match (of.len(), of.pop()) {
        (1, Some(only)) => only,
        (count, last) => {
            of.extend(last);
            Logic::Enough(needed(count), of)
        }
    };
    let mut parts: Vec<Grouped> =
        own.into_iter().map(|(field, of)| Grouped::One(field, together(of))).collect();
    parts.extend(rest);
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (count, last) => {
            parts.extend(last);
            Grouped::Enough(needed(count), parts)
        }
    }
}

/// The parts of a part that is joined by the same word.
fn flat(part: Grouped, all: bool, any: bool) -> Vec<Grouped> {
    match part {
        Grouped::Enough(needed, of) if all && needed == of.len() || any && needed == 1 => of,
        other => vec![other],
    }
}

fn multiplied(grouped: &Grouped) -> Option<BTreeSet<Clause>> {
    match grouped {
        Grouped::One(field, logic) => {
            Some(BTreeSet::from([Clause::from([(*field, logic.clone())])]))
        }
        Grouped::Enough(needed, of) => {
            if ways(of.len(), *needed) > MOST {
                return None;
            }
            let parts: Option<Vec<_>> = of.iter().map(multiplied).collect();
            enough(*needed, &parts?)
        }
    }
}

/// In how many ways so many can be chosen, or a number that is too large.
fn ways(of: usize, chosen: usize) -> usize {
    let chosen = chosen.min(of.saturating_sub(chosen));
    let mut ways = 1_usize;
    for one in 0..chosen {
        ways = ways.saturating_mul(of - one) / (one + 1);
        if ways > MOST * MOST {
            return ways;
        }
    }
    ways
}

fn enough(needed: usize, of: &[BTreeSet<Clause>]) -> Option<BTreeSet<Clause>> {
    if needed == 0 {
        return Some(BTreeSet::from([Clause::new()]));
    }
    let Some((first, rest)) = of.split_first().filter(|_| needed <= of.len()) else {
        return Some(BTreeSet::new());
    };
    let mut clauses = enough(needed, rest)?;
    for others in enough(needed - 1, rest)? {
        for own in first {
            clauses.insert(others.union(own).cloned().collect());
            if clauses.len() > MOST {
                return None;
            }
        }
    }
    Some(clauses)
}
