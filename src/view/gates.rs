//! What ICPs, segments, territories and lifecycles make of a record, with the words that decide.

use super::trace::{TriedRow, criterion_blocks};
use super::words::{count, list_of};
use crate::load::{Asked, Fit, Gate, Gates, Standing, Way};
use crate::model::Address;
use crate::report::{Block, Line, Page, Style};
use schemars::JsonSchema;
use serde::Serialize;

/// What an ICP makes of the record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FitRow {
    /// The ICP.
    pub icp: String,
    /// Whether the record fits; nothing where that cannot be judged.
    pub fits: Option<bool>,
    /// The first tier that holds, where it fits.
    pub tier: Option<String>,
    /// Its criteria and disqualifiers, in order.
    pub because: Vec<TriedRow>,
    /// Why it cannot be judged.
    pub not_judged: Option<String>,
}

/// Where a record stands in a lifecycle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StandingRow {
    /// The lifecycle.
    pub lifecycle: String,
    /// The field that holds the stage.
    pub field: Option<String>,
    /// What the record holds in it.
    pub stored: Option<String>,
    /// The stage it stands in.
    pub stage: Option<String>,
    /// Each stage, in order.
    pub stages: Vec<StageRow>,
    /// Whether it may leave the stage it stands in.
    pub may_leave: Option<bool>,
    /// The exit criteria of that stage.
    pub exit: Vec<TriedRow>,
    /// The stages it may go to next, as far as the stage it stands in names them.
    pub next: Vec<WayRow>,
    /// The stage the recycle rule takes it back to, where that rule holds.
    pub back: Option<String>,
}

/// What lets a record into a stage.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StageRow {
    /// The stage.
    pub stage: String,
    /// Whether the record may enter it by its entry criteria and required fields.
    pub may_enter: Option<bool>,
    /// The entry criteria.
    pub entry: Vec<TriedRow>,
    /// Fields it requires that are not set.
    pub missing_fields: Vec<String>,
    /// Why it cannot be judged.
    pub not_judged: Option<String>,
}

/// A way on from the stage a record stands in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WayRow {
    /// The stage it leads to.
    pub to: String,
    /// Whether the record may go.
    pub open: Option<bool>,
    /// The id of the rule that forbids it.
    pub forbidden: Option<String>,
}

impl FitRow {
    pub(super) fn of(fit: &Fit<'_, '_>) -> Self {
        Self {
            icp: fit.entity.address.to_string(),
            fits: fit.gate.is_open(),
            tier: fit.tier.clone(),
            because: tried(&fit.entity.address, &fit.gate),
            not_judged: not_judged(&fit.gate),
        }
    }
}

impl StandingRow {
    pub(super) fn of(standing: &Standing<'_, '_>) -> Self {
        let lifecycle = &standing.entity.address;
        let stage = |(id, gate): &(String, Gate<'_, '_>)| StageRow {
            stage: id.clone(),
            may_enter: gate.is_open(),
            entry: tried(lifecycle, gate),
            missing_fields: gate.missing.clone(),
            not_judged: not_judged(gate),
        };
        let way = |way: &Way| WayRow {
            to: way.to.clone(),
            open: way.open,
            forbidden: way.forbidden.clone(),
        };
        Self {
            lifecycle: lifecycle.to_string(),
            field: standing.field.clone(),
            stored: standing.stored.clone(),
            stage: standing.stage.clone(),
            stages: standing.stages.iter().map(stage).collect(),
            may_leave: standing.exit.as_ref().and_then(Gate::is_open),
            exit: standing.exit.iter().flat_map(|gate| tried(lifecycle, gate)).collect(),
            next: standing.ways.iter().map(way).collect(),
            back: standing.back.clone(),
        }
    }
}

fn tried(entity: &Address, gate: &Gate<'_, '_>) -> Vec<TriedRow> {
    let row = |asked: &Asked<'_, '_>| {
        TriedRow::of(&name(entity, asked), asked.condition.criterion, &asked.obstacles)
    };
    gate.asked.iter().map(row).collect()
}

fn not_judged(gate: &Gate<'_, '_>) -> Option<String> {
    gate.unjudged.as_ref().map(ToString::to_string)
}

/// A criterion as it is called below its entity: `criteria.size`, `stage.sql.entry.budget`.
fn name(entity: &Address, asked: &Asked<'_, '_>) -> String {
    let address = asked.condition.criterion.address.as_str();
    let below = address.strip_prefix(entity.as_str()).unwrap_or(address);
    below.trim_start_matches('.').to_owned()
}

/// So many ICPs that a record does not fit are shown with their reasons.
const ICPS: usize = 8;

/// Adds what everything but the routing tables makes of a record.
pub(super) fn gates_blocks(page: &mut Page, gates: &Gates<'_, '_>) {
    let mut refused = 0;
    for fit in &gates.icps {
        let fits = fit.gate.is_open();
        refused += usize::from(fits != Some(true));
        if fits == Some(true) || refused <= ICPS {
            fit_blocks(page, fit);
        }
    }
    if refused > ICPS {
        page.gap();
        let more = count(refused - ICPS, "more ICP is", "more ICPs are");
        let words = format!("{more} not fitted (`--format json` has the reasons)");
        page.push(Block::Paragraph(Line::new().sentence(&words)));
    }
    let names = |addresses: &[&Address]| {
        let names: Vec<String> = addresses.iter().map(|address| format!("`{address}`")).collect();
        list_of(&names)
    };
    let (segments, territories) = (names(&gates.segments), names(&gates.territories));
    page.gap();
    for (what, names) in [("segments", segments), ("territories", territories)] {
        if !names.is_empty() {
            let line = Line::new().plain(format!("{what}: ")).sentence(&names);
            page.push(Block::Paragraph(line));
        }
    }
    for (address, why) in &gates.unjudged {
        let line = Line::new().code(address.to_string()).plain(format!(" cannot be judged: {why}"));
        page.push(Block::Paragraph(line));
    }
    for standing in &gates.lifecycles {
        standing_blocks(page, standing);
    }
}

fn fit_blocks(page: &mut Page, fit: &Fit<'_, '_>) {
    page.gap();
    let line = Line::new().strong(fit.entity.address.to_string());
    let line = match (fit.gate.is_open(), &fit.tier) {
        (Some(true), Some(tier)) => line.plain(": the record fits, tier ").code(tier.clone()),
        (Some(true), None) => line.plain(": the record fits"),
        (Some(false), _) => line.plain(": the record does not fit"),
        (None, _) => line.plain(": cannot be judged"),
    };
    page.push(Block::Heading(2, line));
    gate_blocks(page, 1, &fit.entity.address, &fit.gate);
}

/// What in a gate keeps the record out.
fn gate_blocks(page: &mut Page, level: u8, entity: &Address, gate: &Gate<'_, '_>) {
    for asked in gate.asked.iter().filter(|asked| !asked.passes()) {
        let word = if asked.condition.inverted { "is barred by " } else { "not " };
        let line = Line::new().with(Style::Dim, word).strong(name(entity, asked));
        criterion_blocks(page, level, line, (asked.condition.criterion, &asked.obstacles));
    }
    for field in &gate.missing {
        let line = Line::new().with(Style::Dim, "not set: ").code(field.clone());
        page.push(Block::Nested(level, line));
    }
    if let Some(why) = &gate.unjudged {
        page.push(Block::Nested(level, Line::new().sentence(&why.to_string())));
    }
}

fn standing_blocks(page: &mut Page, standing: &Standing<'_, '_>) {
    page.gap();
    let address = &standing.entity.address;
    let line = Line::new().strong(address.to_string());
    let field = standing.field.as_deref().unwrap_or("stage_field");
    let line = match (&standing.stage, &standing.stored) {
        (Some(stage), _) => line.plain(": the record stands in ").code(stage.clone()),
        (None, Some(stored)) => {
            let line = line.plain(": no stage is stored as ").code(stored.clone());
            line.plain(" in ").code(field)
        }
        (None, None) if standing.field.is_none() => line.plain(": no field holds its stage"),
        (None, None) => {
            line.plain(": where it stands is not known, ").code(field).plain(" is not set")
        }
    };
    page.push(Block::Heading(2, line));
    let entered = |wanted: Option<bool>| {
        let stages = standing.stages.iter().filter(|(_, gate)| gate.is_open() == wanted);
        list_of(&stages.map(|(id, _)| format!("`{id}`")).collect::<Vec<_>>())
    };
    for (words, open) in
        [("may enter ", Some(true)), ("may not enter ", Some(false)), ("cannot be judged: ", None)]
    {
        let stages = entered(open);
        if !stages.is_empty() {
            page.push(Block::Nested(1, Line::of(words).sentence(&stages)));
        }
    }
    if let (Some(stage), Some(exit)) = (&standing.stage, &standing.exit) {
        exit_blocks(page, address, stage, exit);
    }
    for way in &standing.ways {
        way_blocks(page, standing, way);
    }
    if let Some(back) = &standing.back {
        let line = Line::of("may go back to ").code(back.clone()).plain(", its recycle rule holds");
        page.push(Block::Nested(1, line));
    }
}

fn exit_blocks(page: &mut Page, lifecycle: &Address, stage: &str, exit: &Gate<'_, '_>) {
    let line = match exit.is_open() {
        _ if exit.asked.is_empty() && exit.unjudged.is_none() => {
            Line::of("nothing is asked to leave ").code(stage)
        }
        Some(true) => Line::new().with(Style::Good, "may leave ").code(stage),
        Some(false) => Line::new().with(Style::Bad, "may not leave ").code(stage),
        None => Line::of("cannot be judged: leaving ").code(stage),
    };
    page.push(Block::Nested(1, line));
    gate_blocks(page, 2, lifecycle, exit);
}

fn way_blocks(page: &mut Page, standing: &Standing<'_, '_>, way: &Way) {
    let line = Line::of("on to ").code(way.to.clone());
    let line = match (&way.forbidden, way.open) {
        (Some(rule), _) => line.plain(": forbidden by ").code(rule.clone()),
        (None, Some(true)) => line.with(Style::Good, ": open"),
        (None, Some(false)) => line.with(Style::Bad, ": closed"),
        (None, None) => line.plain(": cannot be judged"),
    };
    page.push(Block::Nested(1, line));
    match standing.stages.iter().find(|(id, _)| *id == way.to) {
        Some((_, entry)) => gate_blocks(page, 2, &standing.entity.address, entry),
        None => page.push(Block::Nested(2, Line::of("there is no such stage"))),
    }
}
