//! Where records come to a stage from several others: nobody knows from which, so that they left one
//! without what lets a record out for certain only where none of them would have let them go.

use super::case::Case;
use super::checks::Asker;
use super::gates::{Gate, Then};
use super::waivers::waived_behind;
use super::{Deviation, Kind};
use crate::report::in_ticks;

/// A stage from which records may have come.
pub(super) struct Way<'a> {
    /// What the stage is called.
    pub(super) from: String,
    /// What lets a record out of it.
    pub(super) exit: Vec<Gate<'a>>,
}

/// What may be asked of records that came by one of several ways: nothing where one of them asks nothing,
/// which is said.
pub(super) fn asked<'a>(
    asker: &mut Asker<'_, 'a, '_>,
    (stage, held): (&str, &str),
    entry: &[Gate<'_>],
    mut ways: Vec<Way<'a>>,
) -> Vec<Way<'a>> {
    let is_free = |way: &Way<'_>| way.exit.is_empty();
    if ways.iter().all(is_free) {
        return Vec::new();
    }
    if let Some(free) = ways.iter().find(|way| is_free(way)) {
        let froms: Vec<String> = ways.iter().map(|way| in_ticks(&way.from)).collect();
        let reason = format!(
            "records are in {} from {}, and nothing says which of them they left",
            in_ticks(held),
            froms.join(" or ")
        );
        let free = in_ticks(&free.from);
        let help = format!(
            "{free} lets every record go: write its `exit`, or write what all of them need into \
             `entry` of `{stage}`"
        );
        let gates = ways.iter().flat_map(|way| &way.exit);
        let parts = gates.map(|gate| gate.address.to_string()).collect();
        asker.not_checked.push(super::NotChecked {
            kinds: vec![Kind::ExitCriteria],
            parts,
            reason,
            help,
            lacks_column: false,
        });
        return Vec::new();
    }
    // What is asked of whoever comes in is told there.
    for way in &mut ways {
        way.exit.retain(|gate| entry.iter().all(|entry| entry.words() != gate.words()));
    }
    if ways.iter().any(is_free) { Vec::new() } else { ways }
}

/// Whether a record could have come by any of several ways.
pub(super) fn judge(case: &mut Case<'_, '_>, ways: &[Way<'_>], held: &str, then: Then) {
    let mut unmet: Vec<(&Way<'_>, Vec<&Gate<'_>>)> = Vec::new();
    let mut is_known = true;
    for way in ways {
        let gates = || way.exit.iter().map(|gate| (gate, gate.holds(case, then)));
        let failing: Vec<&Gate<'_>> =
            gates().filter(|(_, holds)| *holds == Some(false)).map(|(gate, _)| gate).collect();
        if !failing.is_empty() {
            unmet.push((way, failing));
        } else if gates().any(|(_, holds)| holds.is_none()) {
            is_known = false;
        } else {
            return case.looks(Kind::ExitCriteria);
        }
    }
    let first = unmet.first().and_then(|(_, failing)| failing.first());
    let (true, Some(first)) = (is_known, first) else { return };
    case.looks(Kind::ExitCriteria);
    // The stages that ask for the same are told together.
    let mut told: Vec<(Vec<String>, String)> = Vec::new();
    let (mut waived, mut address) = (None, None);
    for (way, failing) in &unmet {
        let (mut without, mut by) = (Vec::new(), Vec::new());
        for gate in failing {
            let obstacles = gate.obstacles(case);
            without.push(gate.in_the_way(&obstacles));
            let waiver = waived_behind(case, &obstacles, &gate.address);
            address = address.or_else(|| waiver.is_none().then(|| gate.address.clone()));
            by.push(waiver);
        }
        // A way on which everything is waived is one by which it may have come.
        let by: Option<Vec<usize>> = by.into_iter().collect();
        let by = by.and_then(|by| by.into_iter().min_by_key(|by| case.is_in_force(*by)));
        waived = waived.into_iter().chain(by).max_by_key(|by| case.is_in_force(*by));
        let (from, without) = (in_ticks(&way.from), without.join(" and "));
        match told.iter_mut().find(|(_, other)| *other == without) {
            Some((froms, _)) => froms.push(from),
            None => told.push((vec![from], without)),
        }
    }
    let told = told.iter().map(|(froms, why)| format!("{} without {why}", froms.join(" or ")));
    let told: Vec<String> = told.collect();
    let told = format!("in `{held}`, having left {}", told.join(", or "));
    let address = address.unwrap_or_else(|| first.address.clone());
    let found = case.deviation(Kind::ExitCriteria, address, told);
    case.found.push(Deviation { waived, ..found });
}
