//! Random edits of the example model.

use super::layout::rewritten;
use super::world::{assert_mirrored, diff, example, of};
use crate::change::{ChangeSet, Consequences};
use crate::document::{Entry, Node, Table, Value};
use crate::model::{Address, Declaration, Entity, Model, Property, Shape};
use crate::source::{Source, Span};
use proptest::prelude::*;

/// Numbers that look random and are the same again for the same seed.
#[derive(Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let sides = u64::try_from(sides.max(1)).expect("a number of sides");
        usize::try_from(mixed % sides).expect("a number below the sides")
    }

    /// Heads or tails.
    pub(super) fn flip(&mut self) -> bool {
        self.roll(2) == 0
    }

    /// Another order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.roll(at + 1));
        }
    }
}

/// The model after a few edits somebody might make.
fn edited(model: &Model, dice: &mut Dice) -> Model {
    let mut entities: Vec<Entity> = model.entities().cloned().collect();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(entities.len());
        match dice.roll(12) {
            0 => {
                entities.remove(at);
            }
            1 => {
                let mut copy = entities[at].clone();
                // `[model]` has no id that a copy could have another of.
                if copy.kind.is_none_or(|kind| kind.depth == 0) {
                    continue;
                }
                copy.address = Address::new(format!("{}-copy", copy.address));
                copy.table.entries.retain(|entry| entry.key != "formerly");
                entities.push(copy);
            }
            2 => rename(&mut entities[at]),
            3 => entities[at].source = Source::new("model/elsewhere.toml", ""),
            _ => {
                let noun = entities[at].declaration().expect("a known kind");
                edit_table(&mut entities[at].table, noun, dice);
            }
        }
    }
    of(&entities)
}

fn rename(entity: &mut Entity) {
    if entity.address.as_str() == "model" {
        return;
    }
    let id = entity.address.last().to_owned();
    entity.address = Address::new(format!("{}-2", entity.address));
    set(&mut entity.table, "formerly", Value::Array(vec![text(&id)]));
}

fn edit_table(table: &mut Table, noun: &'static Declaration, dice: &mut Dice) {
    if table.entries.is_empty() || dice.roll(6) == 0 {
        let properties: Vec<&Property> = noun.properties().collect();
        let property = properties[dice.roll(properties.len())];
        if property.name != "id" && property.name != "formerly" {
            table.entries.retain(|entry| entry.key != property.name);
        }
        return;
    }
    let at = dice.roll(table.entries.len());
    let entry = &mut table.entries[at];
    if let Some(property) = noun.property(&entry.key)
        && !matches!(property.name, "id" | "formerly")
    {
        edit_value(&mut entry.node, &property.shape, dice);
    }
}

fn edit_value(node: &mut Node, shape: &Shape, dice: &mut Dice) {
    match (&mut node.value, shape) {
        (Value::Table(table), Shape::Record(noun)) => edit_table(table, noun, dice),
        (Value::Array(items), Shape::Items(noun)) => edit_items(items, noun, dice),
        (Value::Array(items), Shape::List(inner)) => edit_list(items, inner, dice),
        (Value::Table(table), Shape::Named(inner)) => edit_named(table, inner, dice),
        (Value::Table(table), _) => set(table, "extra", Value::Integer(1)),
        (Value::Integer(number), _) => *number += if dice.flip() { 1 } else { -1 },
        (Value::Decimal(number), _) => *number += rust_decimal::Decimal::ONE,
        (Value::Bool(flag), _) => *flag = !*flag,
        (Value::Date(date), _) => *date = date.tomorrow().expect("a tomorrow"),
        (Value::Text(text), shape) => *text = other_text(text, shape, dice),
        _ => {}
    }
}

fn other_text(text: &str, shape: &Shape, dice: &mut Dice) -> String {
    let chosen = |words: &[&str], dice: &mut Dice| words[dice.roll(words.len())].to_owned();
    match shape {
        Shape::Duration => chosen(&["3 hours", "180 min", "3 business hours", "9 months"], dice),
        Shape::Percent => chosen(&["1%", "1.0%", "99.5 %"], dice),
        Shape::Code(words) => chosen(words, dice),
        Shape::Predicate => match dice.roll(3) {
            0 => format!("({text})"),
            1 => format!("{text} and extra is set"),
            _ => format!("{text} and"),
        },
        _ => format!("{text}x"),
    }
}

fn edit_items(items: &mut Vec<Node>, noun: &'static Declaration, dice: &mut Dice) {
    let at = dice.roll(items.len());
    let Some(Value::Table(table)) = items.get_mut(at).map(|item| &mut item.value) else { return };
    match dice.roll(5) {
        0 => {
            items.remove(at);
        }
        1 => {
            let mut copy = items[at].clone();
            if let Value::Table(table) = &mut copy.value {
                set(table, "id", Value::Text(format!("new-{}", dice.roll(9))));
                table.entries.retain(|entry| entry.key != "formerly");
            }
            items.insert(dice.roll(items.len() + 1), copy);
        }
        2 => {
            let item = items.remove(at);
            items.insert(dice.roll(items.len() + 1), item);
        }
        3 => {
            let id = table.text("id").unwrap_or_default().to_owned();
            set(table, "id", Value::Text(format!("{id}-2")));
            set(table, "formerly", Value::Array(vec![text(&id)]));
        }
        _ => edit_table(table, noun, dice),
    }
}

fn edit_list(items: &mut Vec<Node>, inner: &Shape, dice: &mut Dice) {
    let at = dice.roll(items.len());
    match dice.roll(4) {
        0 if at < items.len() => {
            items.remove(at);
        }
        1 => dice.shuffle(items),
        2 if at < items.len() => edit_value(&mut items[at], inner, dice),
        _ => items.push(text("something-new")),
    }
}

fn edit_named(table: &mut Table, inner: &Shape, dice: &mut Dice) {
    let at = dice.roll(table.entries.len());
    match dice.roll(3) {
        0 if at < table.entries.len() => {
            table.entries.remove(at);
        }
        1 if at < table.entries.len() => edit_value(&mut table.entries[at].node, inner, dice),
        _ => set(table, "another", Value::Text("extra is set".to_owned())),
    }
}

fn text(text: &str) -> Node {
    node(Value::Text(text.to_owned()))
}

fn node(value: Value) -> Node {
    Node { value, span: Span::default() }
}

fn set(table: &mut Table, key: &str, value: Value) {
    table.entries.retain(|entry| entry.key != key);
    let entry = Entry { key: key.to_owned(), key_span: Span::default(), node: node(value) };
    table.entries.push(entry);
}

fn fingerprints(changes: &ChangeSet) -> Vec<(String, String)> {
    let name = |change: &crate::change::Change| {
        (change.fingerprint.to_string(), format!("{} {}", change.kind.id, change.address))
    };
    let mut names: Vec<_> = changes.meaningful().map(name).collect();
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_way_back_mirrors_the_way_there(seed: u64) {
        let base = example();
        let head = edited(base, &mut Dice(seed));
        assert_mirrored(base, &head, "random edits");
        prop_assert!(diff(&head, &head).is_empty());
    }

    #[test]
    fn layout_keeps_every_fingerprint(seed: u64) {
        let base = example();
        let head = edited(base, &mut Dice(seed));
        let plain = diff(base, &head);
        let laid_out = diff(&rewritten(base, seed), &rewritten(&head, seed ^ 1));
        prop_assert_eq!(fingerprints(&plain), fingerprints(&laid_out));
    }

    #[test]
    fn the_same_input_gives_the_same_answer(seed: u64) {
        let base = example();
        let head = edited(base, &mut Dice(seed));
        let answer = || format!("{:#?}", diff(base, &head).changes);
        prop_assert_eq!(answer(), answer());
    }

    #[test]
    fn what_follows_from_a_change_is_found_as_one_by_one(seed: u64) {
        let mut dice = Dice(seed);
        let mut changes = diff(example(), &edited(example(), &mut dice)).changes;
        let named: Vec<Address> =
            changes.iter().flat_map(|c| c.address.and_above().map(Address::new).collect::<Vec<_>>()).collect();
        for change in &mut changes {
            let causes = 0..dice.roll(4);
            change.caused_by = causes.map(|_| named[dice.roll(named.len())].clone()).collect();
        }
        let consequences = Consequences::among(&changes);
        for cause in &changes {
            let found: Vec<&str> = consequences.of(cause).map(|c| c.address.as_str()).collect();
            let one_by_one = changes.iter().filter(|change| change.follows_from(cause));
            prop_assert_eq!(found, one_by_one.map(|c| c.address.as_str()).collect::<Vec<_>>());
        }
    }
}
