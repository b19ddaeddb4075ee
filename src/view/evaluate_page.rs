//! What records come to under a model, for people: the answers first, then what they are made of.

use super::bars::{bar, percent};
use super::evaluate::{
    CriterionRow, EvaluateReport, FamilyRow, FitFigures, GateFigures, LifecycleRow, RoutingRow,
    RuleRow, StageFigures,
};
use super::evaluate_measures::{act_lines, metric_blocks, signal_blocks};
use super::evaluate_rest::{by_blocks, rest_blocks};
use super::records::read_page;
use super::words::{counted, list_of, thousands};
use crate::report::{Block, Line, Page, Style};

/// How a page is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// How many cells a bar has.
    pub bar: usize,
}

impl Layout {
    /// The layout for so many columns.
    pub fn of(width: usize) -> Self {
        /// Beside the bar stand a name, a share, a count and a word on them.
        const BESIDE: usize = 72;
        Self { bar: width.saturating_sub(BESIDE).clamp(6, 20) }
    }
}

/// What records come to.
pub fn evaluate_page(report: &EvaluateReport, layout: Layout) -> Page {
    let mut page = read_page(&report.read);
    if report.at.commit.is_some() {
        let told = format!("by the model of `{}`", report.at.rev);
        page.push(Block::Paragraph(Line::new().sentence(&told)));
    }
    if report.read.records == 0 {
        page.push(Block::Paragraph(Line::of("there is no record, and so nothing to say")));
        return page;
    }
    adherence(&mut page, report, layout);
    act(&mut page, report);
    for fit in report.icps.iter().chain(&report.definitions) {
        fit_blocks(&mut page, fit, layout);
    }
    for lifecycle in &report.lifecycles {
        lifecycle_blocks(&mut page, lifecycle, layout);
    }
    for routing in &report.routing {
        routing_blocks(&mut page, routing, layout);
    }
    for family in &report.families {
        family_blocks(&mut page, family, layout);
    }
    metric_blocks(&mut page, &report.metrics);
    signal_blocks(&mut page, &report.signals);
    by_blocks(&mut page, report);
    rest_blocks(&mut page, report);
    page
}

pub(super) fn heading(page: &mut Page, line: Line) {
    page.gap();
    page.push(Block::Heading(2, line));
}

pub(super) fn head(cells: &[&str]) -> Vec<Line> {
    cells.iter().map(|cell| Line::of(*cell)).collect()
}

/// Words that stand at the right of a column.
pub(super) fn right(words: &[String]) -> Vec<String> {
    let width = words.iter().map(|word| word.chars().count()).max().unwrap_or_default();
    words.iter().map(|word| format!("{word:>width$}")).collect()
}

/// The answers: how many fit each ICP and meet each definition.
fn adherence(page: &mut Page, report: &EvaluateReport, layout: Layout) {
    let fits: Vec<&FitFigures> = report.icps.iter().chain(&report.definitions).collect();
    if fits.is_empty() || report.read.records == 0 {
        return;
    }
    heading(page, Line::of("How many fit"));
    let shares: Vec<String> = fits.iter().map(|fit| share_of(&fit.gate)).collect();
    let counts: Vec<String> = fits.iter().map(|fit| thousands(fit.gate.pass)).collect();
    let rows = fits.iter().zip(right(&shares)).zip(right(&counts)).map(|((fit, share), count)| {
        let share = match fit.gate.not_answered {
            0 => Line::new().strong(share),
            _ => Line::new().with(Style::Warn, share),
        };
        vec![
            Line::of(&fit.name),
            bar_line(fit.gate.pass, fit.gate.records, layout),
            share,
            Line::of(count),
            costliest(&fit.gate),
        ]
    });
    let records = format!("of {}", thousands(report.read.records));
    page.push(Block::Table(head(&["", "", "share", &records, ""]), rows.collect()));
}

/// The share that passes; from what is certain to what could be where nobody knows.
fn share_of(gate: &GateFigures) -> String {
    let least = percent(gate.pass, gate.records);
    match gate.not_answered {
        0 => least,
        unknown => format!("{least} to {}", percent(gate.pass + unknown, gate.records)),
    }
}

fn bar_line(part: u64, whole: u64, layout: Layout) -> Line {
    Line::new().with(Style::Good, bar(part, whole, layout.bar))
}

/// The criterion that costs most, or why there is no answer.
fn costliest(gate: &GateFigures) -> Line {
    if let Some(why) = &gate.why_not_answered {
        let told = format!("{} not answered: {why}", thousands(gate.not_answered));
        return Line::new().sentence(&told);
    }
    let costly = gate.costliest.as_ref();
    let Some(row) = costly.and_then(|name| gate.criteria.iter().find(|row| row.name == *name))
    else {
        return Line::new();
    };
    match gate.criteria.len() {
        0 | 1 => Line::new(),
        _ => Line::of(format!("{} more would but for ", thousands(row.fail_only_this)))
            .quoted(&row.name),
    }
}

/// What somebody must look at.
fn act(page: &mut Page, report: &EvaluateReport) {
    let mut lines = act_lines(&report.metrics, &report.signals);
    for routing in report.routing.iter().filter(|routing| routing.default_is_gap) {
        let default = routing.rules.last().map_or(0, |rule| rule.records);
        if default > 0 {
            let line = Line::new().code(&routing.routing);
            let told = match default {
                1 => ": 1 reaches the default, and none should".to_owned(),
                _ => format!(": {} reach the default, and none should", thousands(default)),
            };
            lines.push(line.plain(told));
        }
    }
    for lifecycle in &report.lifecycles {
        let astray: u64 = lifecycle.stages.iter().map(|stage| stage.entry.fail).sum();
        if astray > 0 {
            let line = Line::new().code(&lifecycle.lifecycle);
            let told = match astray {
                1 => ": 1 stands in a stage whose entry criteria it does not meet".to_owned(),
                _ => format!(
                    ": {} stand in a stage whose entry criteria they do not meet",
                    thousands(astray)
                ),
            };
            lines.push(line.plain(told));
        }
    }
    if !lines.is_empty() {
        heading(page, Line::of("What asks for somebody"));
        page.extend_nested(1, lines);
    }
}

/// An ICP or a definition, criterion by criterion.
fn fit_blocks(page: &mut Page, fit: &FitFigures, layout: Layout) {
    // Of a single criterion the share above says all there is.
    let says_more = fit.gate.criteria.len() > 1 || fit.gate.not_answered > 0;
    if fit.gate.records == 0 || fit.gate.criteria.is_empty() || !says_more {
        return;
    }
    let line = Line::new().strong(&fit.address).plain(format!(" {}", fit.name));
    heading(page, line);
    let told = format!(
        "{} of {} pass all of it ({})",
        thousands(fit.gate.pass),
        thousands(fit.gate.records),
        share_of(&fit.gate)
    );
    page.push(Block::Nested(1, Line::of(told)));
    page.push(criteria_table(&fit.gate, layout));
    let tiers = fit.tiers.iter().map(|tier| format!("`{}` {}", tier.tier, thousands(tier.records)));
    let mut tiers: Vec<String> = tiers.collect();
    if fit.untiered > 0 {
        tiers.push(format!("none of them {}", thousands(fit.untiered)));
    }
    if fit.tier_not_answered > 0 {
        tiers.push(format!("not answered {}", thousands(fit.tier_not_answered)));
    }
    if !tiers.is_empty() && fit.gate.pass > 0 {
        let line = Line::of("by tier: ").sentence(&tiers.join(", "));
        page.push(Block::Nested(1, line));
    }
}

/// Each criterion on its own, and how many it alone keeps out.
fn criteria_table(gate: &GateFigures, layout: Layout) -> Block {
    let shares: Vec<String> =
        gate.criteria.iter().map(|row| percent(row.pass, gate.records)).collect();
    let counts: Vec<String> = gate.criteria.iter().map(|row| thousands(row.pass)).collect();
    let alone: Vec<String> =
        gate.criteria.iter().map(|row| thousands(row.fail_only_this)).collect();
    let cells = right(&shares).into_iter().zip(right(&counts)).zip(right(&alone));
    let rows = gate.criteria.iter().zip(cells).map(|(row, ((share, count), alone))| {
        let (share, count) = match row.not_answered {
            0 => (Line::of(share), Line::of(count)),
            _ => (Line::new().with(Style::Warn, "?"), Line::of(count)),
        };
        vec![
            Line::of("  ").code(&row.name),
            bar_line(row.pass, gate.records, layout),
            share,
            count,
            Line::of(alone),
            said(row),
        ]
    });
    Block::Table(head(&["  criterion", "", "pass", "", "fail only it", ""]), rows.collect())
}

/// What a criterion says, or why it has no answer.
fn said(row: &CriterionRow) -> Line {
    if let Some(why) = &row.why_not_answered {
        let told = format!("{} not answered: {why}", thousands(row.not_answered));
        return Line::new().sentence(&told);
    }
    let text = row.text.as_deref().unwrap_or("must be set");
    match (row.disqualifier, text.contains(" or ") || text.contains(" and ")) {
        (false, _) => Line::new().dim(text),
        (true, false) => Line::new().dim("not ").dim(text),
        (true, true) => Line::new().dim("not (").dim(text).dim(")"),
    }
}

fn lifecycle_blocks(page: &mut Page, row: &LifecycleRow, layout: Layout) {
    heading(page, Line::new().strong(&row.lifecycle).plain(format!(" {}", row.name)));
    if let Some(why) = &row.not_answered {
        let line = Line::of("where records stand is not answered: ").sentence(why);
        return page.push(Block::Nested(1, line));
    }
    let stages: Vec<&StageFigures> = row.stages.iter().filter(|stage| stage.records > 0).collect();
    let total: u64 = row.stages.iter().map(|stage| stage.records).sum();
    let counts: Vec<String> = stages.iter().map(|stage| thousands(stage.records)).collect();
    let rows = stages.iter().zip(right(&counts)).map(|(stage, count)| {
        vec![
            Line::of("  ").code(&stage.stage),
            bar_line(stage.records, total, layout),
            Line::of(count),
            passing(&stage.entry),
            if stage.terminal { Line::new().dim("stay") } else { passing(&stage.exit) },
            next(stage),
        ]
    });
    let columns = ["  stage", "", "here", "meet entry", "may leave", "may go on to"];
    page.push(Block::Table(head(&columns), rows.collect()));
    for stage in &stages {
        page.extend_nested(1, hindrances(stage));
    }
    let empty = row.stages.iter().filter(|stage| stage.records == 0);
    let empty: Vec<String> = empty.map(|stage| format!("`{}`", stage.stage)).collect();
    if !empty.is_empty() {
        page.push(Block::Nested(1, Line::of("nobody stands in ").sentence(&list_of(&empty))));
    }
    if row.unset > 0 {
        let hold = if row.unset == 1 { "holds" } else { "hold" };
        page.push(Block::Nested(1, Line::of(format!("{} {hold} no stage", thousands(row.unset)))));
    }
    if row.elsewhere > 0 {
        page.push(Block::Nested(1, astray(row)));
    }
}

/// The values that are no stage's, the most frequent first.
fn astray(row: &LifecycleRow) -> Line {
    const FEW: usize = 6;
    let hold = if row.elsewhere == 1 { "holds" } else { "hold" };
    let told = format!("{} {hold} a value that is no stage's: ", thousands(row.elsewhere));
    let mut line = Line::of(told);
    for (at, value) in row.astray.iter().take(FEW).enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        line =
            line.plain(comma).quoted(&value.value).dim(format!(" ({})", thousands(value.records)));
    }
    match row.astray.len().checked_sub(FEW) {
        None | Some(0) => line,
        Some(more) => line.plain(format!(" and {}", counted(more as u64, "more value"))),
    }
}

/// How many of those in a stage pass one of its gates.
fn passing(gate: &GateFigures) -> Line {
    match (gate.criteria.is_empty(), gate.not_answered) {
        (true, _) => Line::new().dim("all"),
        (_, 0) if gate.pass == gate.records => Line::of("all"),
        (_, 0) => Line::new().with(Style::Warn, thousands(gate.pass)),
        (_, unknown) => {
            let told = format!("{} ({} ?)", thousands(gate.pass), thousands(unknown));
            Line::new().with(Style::Warn, told)
        }
    }
}

fn next(stage: &StageFigures) -> Line {
    let open = stage.next.iter().filter(|next| next.records > 0);
    let mut ways: Vec<String> =
        open.map(|next| format!("`{}` {}", next.to, thousands(next.records))).collect();
    if stage.back > 0 {
        ways.push(format!("recycled {}", thousands(stage.back)));
    }
    Line::new().sentence(&ways.join(", "))
}

/// What keeps records of a stage from being where they are, and from going on.
fn hindrances(stage: &StageFigures) -> Vec<Line> {
    let sides = [
        ("does not belong in", "do not belong in", &stage.entry),
        ("may not leave", "may not leave", &stage.exit),
    ];
    let line = |(one, many, gate): (&str, &str, &GateFigures)| {
        let mut failing: Vec<&CriterionRow> =
            gate.criteria.iter().filter(|row| row.fail > 0).collect();
        failing.sort_by_key(|row| std::cmp::Reverse(row.fail));
        let called = |row: &&CriterionRow| match gate.fail {
            1 => criterion_name(gate, row),
            _ => format!("{} {}", criterion_name(gate, row), thousands(row.fail)),
        };
        let failing: Vec<String> = failing.iter().map(called).collect();
        let told = match gate.fail {
            1 => format!("1 {one} `{}`; it fails ", stage.stage),
            number => format!("{} {many} `{}`; they fail ", thousands(number), stage.stage),
        };
        let unknown = gate.why_not_answered.as_ref().map(|why| {
            let told = format!("{} of `{}` not answered: {why}", gate.not_answered, stage.stage);
            Line::new().sentence(&told)
        });
        let failing = (!failing.is_empty())
            .then(|| Line::new().sentence(&told).sentence(&failing.join(", ")));
        [failing, unknown].into_iter().flatten().collect::<Vec<Line>>()
    };
    let asked = if stage.terminal { 1 } else { 2 };
    sides.into_iter().take(asked).flat_map(line).collect()
}

/// What a criterion of a gate is called: a field that must be set may be called as another one is.
fn criterion_name(gate: &GateFigures, row: &CriterionRow) -> String {
    let namesakes = gate.criteria.iter().filter(|other| other.name == row.name).count();
    let is_field = row.text.is_none() && namesakes > 1;
    format!("`{}`{}", row.name, if is_field { " (must be set)" } else { "" })
}

fn routing_blocks(page: &mut Page, row: &RoutingRow, layout: Layout) {
    heading(page, Line::new().strong(&row.routing).plain(format!(" {}", row.name)));
    if let Some(why) = &row.not_answered {
        return page.push(Block::Nested(1, Line::of("not answered: ").sentence(why)));
    }
    let all = thousands(row.records + row.outside);
    let told = match (row.records, row.outside) {
        (0, _) => format!("it is about none of the {all}"),
        (_, 0) => format!("it routes all {all}"),
        (records, outside) => format!(
            "it routes {} of {all}; it is not about the other {}",
            thousands(records),
            thousands(outside)
        ),
    };
    page.push(Block::Nested(1, Line::of(told)));
    if row.unsure > 0 {
        let fields: Vec<String> = row.missing.iter().map(|field| format!("`{field}`")).collect();
        let told = format!(
            "{} could go elsewhere: there is no column for {}, which {} taken as empty",
            thousands(row.unsure),
            list_of(&fields),
            if fields.len() == 1 { "is" } else { "are" }
        );
        page.push(Block::Nested(1, Line::new().with(Style::Warn, "! ").sentence(&told)));
    }
    if row.records > 0 {
        destinations(page, row, layout);
        rules(page, row, layout);
    }
}

fn destinations(page: &mut Page, row: &RoutingRow, layout: Layout) {
    let shares: Vec<String> =
        row.destinations.iter().map(|to| percent(to.records, row.records)).collect();
    let counts: Vec<String> = row.destinations.iter().map(|to| thousands(to.records)).collect();
    let cells = right(&shares).into_iter().zip(right(&counts));
    let rows = row.destinations.iter().zip(cells).map(|(to, (share, count))| {
        vec![
            Line::of("  ").code(to.to.as_deref().unwrap_or("nowhere")),
            bar_line(to.records, row.records, layout),
            Line::of(share),
            Line::of(count),
        ]
    });
    let rows: Vec<Vec<Line>> = rows.collect();
    if !rows.is_empty() {
        page.push(Block::Table(head(&["  goes to", "", "", ""]), rows));
    }
}

fn rules(page: &mut Page, row: &RoutingRow, layout: Layout) {
    let is_default = |rule: &RuleRow| rule.rule == crate::load::DEFAULT;
    let hit: Vec<&RuleRow> =
        row.rules.iter().filter(|rule| rule.records > 0 || is_default(rule)).collect();
    let shares: Vec<String> = hit.iter().map(|rule| percent(rule.records, row.records)).collect();
    let counts: Vec<String> = hit.iter().map(|rule| thousands(rule.records)).collect();
    let cells = right(&shares).into_iter().zip(right(&counts));
    let rows = hit.iter().zip(cells).map(|(rule, (share, count))| {
        vec![
            Line::of("  ").code(&rule.rule),
            bar_line(rule.records, row.records, layout),
            Line::of(share),
            Line::of(count),
            Line::of("→ ").code(rule.to.as_deref().unwrap_or("nowhere")),
        ]
    });
    page.push(Block::Table(head(&["  by rule", "", "", "", ""]), rows.collect()));
    if !row.idle.is_empty() {
        let idle: Vec<String> = row.idle.iter().map(|rule| format!("`{rule}`")).collect();
        let told = format!("no record reached {}", list_of(&idle));
        page.push(Block::Nested(1, Line::new().sentence(&told)));
    }
}

fn family_blocks(page: &mut Page, row: &FamilyRow, layout: Layout) {
    let (title, one) = match row.kind.as_str() {
        "segment" => ("Segments", "segment"),
        "territory" => ("Territories", "territory"),
        _ => ("Personas", "persona"),
    };
    heading(page, Line::of(title));
    let shares: Vec<String> =
        row.members.iter().map(|member| percent(member.records, row.records)).collect();
    let counts: Vec<String> = row.members.iter().map(|member| thousands(member.records)).collect();
    let cells = right(&shares).into_iter().zip(right(&counts));
    let rows = row.members.iter().zip(cells).map(|(member, (share, count))| {
        let why = member.why_not_answered.as_ref().map_or_else(Line::new, |why| {
            let told = format!("{} not answered: {why}", thousands(member.not_answered));
            Line::new().sentence(&told)
        });
        vec![
            Line::of("  ").code(&member.address),
            bar_line(member.records, row.records, layout),
            Line::of(share),
            Line::of(count),
            why,
        ]
    });
    page.push(Block::Table(head(&["", "", "", "", ""]), rows.collect()));
    if row.none > 0 {
        let told = format!("{} in no {one}", thousands(row.none));
        page.push(Block::Nested(1, Line::of(told)));
    }
}
