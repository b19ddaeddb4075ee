//! What each rule of a routing table takes in the end.

use super::words::list_of;
use crate::model::Address;
use crate::proof::{Effect, Effects, Witness, in_words};
use crate::report::{Block, Line, Page, Style, Tool};
use schemars::JsonSchema;
use serde::Serialize;

/// A table and what its rules take, or why that is not known.
type Found = (Address, Result<Effects, String>);

/// What `trace --format json` prints without a record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EffectsReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The routing tables.
    pub tables: Vec<EffectsTable>,
}

/// A routing table.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EffectsTable {
    /// Its address.
    pub routing: String,
    /// Its rules, in order.
    pub rules: Vec<EffectRow>,
    /// Whether all pairs of rules that only order keeps apart are named.
    pub complete: bool,
    /// Why it is not known what its rules take.
    pub undecided: Option<String>,
}

/// A rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EffectRow {
    /// Its id.
    pub rule: String,
    /// Where its records go.
    pub to: Option<String>,
    /// The promise that starts with it.
    pub sla: Option<String>,
    /// What it takes, empty where nothing is asked; nothing where that has no short form.
    pub takes: Option<String>,
    /// A record it takes; nothing where it takes none.
    pub witness: Option<Witness>,
    /// The later rules that would send some of its records elsewhere.
    pub ahead_of: Vec<AheadRow>,
}

/// A later rule, and a record that only the order keeps from it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AheadRow {
    /// The later rule.
    pub rule: String,
    /// The record.
    pub witness: Witness,
}

impl EffectsReport {
    /// What the rules of some tables take, as data.
    pub fn new(found: &[Found]) -> Self {
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            tables: found.iter().map(EffectsTable::of).collect(),
        }
    }
}

impl EffectsTable {
    fn of((routing, effects): &Found) -> Self {
        let rules = effects.iter().flat_map(|effects| &effects.rules);
        Self {
            routing: routing.to_string(),
            rules: rules.map(EffectRow::of).collect(),
            complete: effects.as_ref().is_ok_and(|effects| effects.complete),
            undecided: effects.as_ref().err().cloned(),
        }
    }
}

impl EffectRow {
    fn of(effect: &Effect) -> Self {
        let ahead = effect.ahead_of.iter();
        Self {
            rule: effect.rule.clone(),
            to: effect.to.to.clone(),
            sla: effect.to.sla.clone(),
            takes: effect.takes.clone(),
            witness: effect.witness.clone(),
            ahead_of: ahead
                .map(|(rule, witness)| AheadRow { rule: rule.clone(), witness: witness.clone() })
                .collect(),
        }
    }
}

/// The same as a page.
pub fn effects_page(found: &[Found]) -> Page {
    let mut page = Page::default();
    for (routing, effects) in found {
        page.gap();
        page.push(Block::Heading(2, Line::new().strong(routing.to_string())));
        match effects {
            Ok(effects) => {
                for effect in &effects.rules {
                    effect_blocks(&mut page, effect);
                }
            }
            Err(why) => page.push(Block::Nested(1, Line::new().with(Style::Warn, why.as_str()))),
        }
    }
    page
}

fn effect_blocks(page: &mut Page, effect: &Effect) {
    let to = effect.to.to.as_deref().unwrap_or("nowhere that is said");
    let head = Line::new().strong(effect.rule.clone()).plain(" to ").code(to);
    page.push(Block::Nested(1, head));
    let Some(record) = &effect.witness else {
        let line = Line::new().with(Style::Bad, "takes no record: earlier rules take them all");
        page.push(Block::Nested(2, line));
        return;
    };
    let takes = match effect.takes.as_deref() {
        Some("") => Line::of("takes every record"),
        Some(takes) => Line::of("takes those with ").code(takes),
        None => Line::of("takes what earlier rules leave of its own condition"),
    };
    page.push(Block::Nested(2, takes));
    page.push(Block::Nested(2, Line::of(format!("for example: {}", in_words(record)))));
    if !effect.ahead_of.is_empty() {
        let names: Vec<String> =
            effect.ahead_of.iter().map(|(rule, _)| format!("`{rule}`")).collect();
        let line = format!("some of them only because it stands before {}", list_of(&names));
        page.push(Block::Nested(2, Line::new().dim(line)));
    }
}
