//! No property can change unclassified: every one of every kind is changed in every way.

use super::world::{assert_mirrored, diff, of};
use crate::change::Impact;
use crate::document::{Entry, Node, Table, Value};
use crate::model::{Address, Declaration, Entity, KINDS, Kind, Model, Polarity, Property, Shape};
use crate::source::{Source, Span};
use jiff::civil::date;

/// A way into an entity: the keys above a property, and whether an item stands there.
type Above = Vec<(&'static str, bool)>;

struct Case {
    kind: &'static Kind,
    above: Above,
    property: &'static Property,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in KINDS {
        walk(kind, kind.declaration(), &Vec::new(), &mut cases);
    }
    cases
}

fn walk(kind: &'static Kind, noun: &'static Declaration, above: &Above, cases: &mut Vec<Case>) {
    for property in noun.properties() {
        if property.name == "id" {
            // The id of an item is its place in the model: another id is another item.
            continue;
        }
        cases.push(Case { kind, above: above.clone(), property });
        let inner = match &property.shape {
            Shape::Record(inner) => Some((*inner, false)),
            Shape::Items(inner) => Some((*inner, true)),
            _ => None,
        };
        if let Some((inner, item)) = inner {
            let mut above = above.clone();
            above.push((property.name, item));
            walk(kind, inner, &above, cases);
        }
    }
}

/// What criteria are about in a pair that is compared exactly: an object and a field of it.
fn world() -> Vec<Entity> {
    let entity = |kind: &'static Kind, steps: &[&str], entries: Vec<Entry>| Entity {
        address: steps.iter().fold(Address::new(kind.id), |address, step| address.join(step)),
        kind: Some(kind),
        source: Source::new("model/world.toml", ""),
        key_span: Span::default(),
        table: Table { entries },
    };
    let kind = |id: &str| Kind::of(id).expect("a kind");
    vec![
        entity(kind("object"), &["lead"], Vec::new()),
        entity(kind("field"), &["lead", "a"], vec![entry("type", text("integer"))]),
    ]
}

/// Two criteria over the field of the world, by how they compare.
const CRITERIA: [(&str, &str, &str); 5] = [
    ("broadened", "a > 2", "a > 1"),
    ("shifted", "a > 2", "a < 7"),
    ("reworded", "a > 2", "a >= 3"),
    ("respelled", "a > 2", "(a > 2)"),
    ("of another field", "a > 2", "b > 2"),
];

/// A pair of models for each property and each way in which it can change, and for each kind of
/// entity that comes, with a name.
pub(super) fn pairs() -> Vec<(String, Model, Model)> {
    let mut pairs: Vec<_> = KINDS.iter().map(coming).collect();
    for case in cases() {
        let [small, large] = ends(case.property);
        let unlike = unlike(&case.property.shape);
        let mut push = |way: &str, before: Option<&Node>, after: &Node| {
            pairs.push((
                format!("{} {way}", case.name()),
                case.model(before),
                case.model(Some(after)),
            ));
        };
        push("set", None, &small);
        push("larger", Some(&small), &large);
        push("unlike", Some(&small), &unlike);
        if let (Some(one), Some(other)) = (small.as_array(), large.as_array()) {
            let both = node(Value::Array([one, other].concat()));
            push("more", Some(&small), &both);
            push("turned round", Some(&both), &node(Value::Array([other, one].concat())));
        }
        for (way, before, after) in CRITERIA {
            let Some([before, after]) = criteria(&case.property.shape, [before, after]) else {
                continue;
            };
            let name = format!("{} {way}", case.name());
            pairs.push((name, case.model_in_world(&before), case.model_in_world(&after)));
        }
    }
    pairs
}

/// An entity of a kind, of which nothing is said, comes into the world.
fn coming(kind: &'static Kind) -> (String, Model, Model) {
    let mut entities = world();
    let before = of(&entities);
    entities.push(entity_x(kind, Table::default()));
    (format!("{} added", kind.id), before, of(&entities))
}

/// A value that has no order with the smaller one of a form.
fn unlike(shape: &Shape) -> Node {
    match shape {
        Shape::Duration => text("1 business day"),
        _ => text("many"),
    }
}

/// The values a predicate has with some criteria; none where a property is no predicate.
fn criteria(shape: &Shape, texts: [&str; 2]) -> Option<[Node; 2]> {
    match shape {
        Shape::Predicate => Some(texts.map(text)),
        Shape::Named(inner) => criteria(inner, texts).map(|both| both.map(|one| table("a", one))),
        _ => None,
    }
}

/// The entity `x` of a kind.
fn entity_x(kind: &'static Kind, table: Table) -> Entity {
    let steps = std::iter::repeat_n("x", kind.depth);
    let address = steps.fold(Address::new(kind.id), |address, step| address.join(step));
    let source = Source::new("model/x.toml", "");
    Entity { address, kind: Some(kind), source, key_span: Span::default(), table }
}

impl Case {
    /// The model in which the property has a value, or none.
    fn model(&self, value: Option<&Node>) -> Model {
        of(&[entity_x(self.kind, self.table(self.kind.declaration(), &self.above, value, false))])
    }

    /// The same where all that can be about an object is about that of the world.
    fn model_in_world(&self, value: &Node) -> Model {
        let mut entities = world();
        let table = self.table(self.kind.declaration(), &self.above, Some(value), true);
        entities.push(entity_x(self.kind, table));
        of(&entities)
    }

    /// The table of a noun with the property in it, or below some keys.
    fn table(
        &self,
        noun: &'static Declaration,
        above: &[(&'static str, bool)],
        value: Option<&Node>,
        in_world: bool,
    ) -> Table {
        let mut entries = Vec::new();
        if in_world && noun.property("object").is_some() {
            entries.push(entry("object", text("lead")));
        }
        if let Some(((key, item), rest)) = above.split_first() {
            let property = noun.property(key).expect("a property on the way");
            let (Shape::Record(inner) | Shape::Items(inner)) = property.shape else {
                unreachable!("`{key}` is no way into a noun");
            };
            let mut table = self.table(inner, rest, value, in_world);
            entries.push(entry(
                key,
                if *item {
                    table.entries.insert(0, entry("id", text("x")));
                    node(Value::Array(vec![node(Value::Table(table))]))
                } else {
                    node(Value::Table(table))
                },
            ));
        } else {
            entries.extend(value.map(|value| entry(self.property.name, value.clone())));
        }
        Table { entries }
    }

    fn name(&self) -> String {
        let mut steps = vec![self.kind.id];
        steps.extend(self.above.iter().map(|(key, _)| *key));
        steps.push(self.property.name);
        steps.join(".")
    }

    /// Values of a property that differ in meaning, the smaller first; and one of no form it has.
    fn values(&self) -> Vec<Node> {
        let [small, large] = ends(self.property);
        vec![small, large, node(Value::Time("12:00:00".to_owned()))]
    }
}

fn node(value: Value) -> Node {
    Node { value, span: Span::default() }
}

fn text(text: &str) -> Node {
    node(Value::Text(text.to_owned()))
}

fn entry(key: &str, node: Node) -> Entry {
    Entry { key: key.to_owned(), key_span: Span::default(), node }
}

fn table(key: &str, value: Node) -> Node {
    node(Value::Table(Table { entries: vec![entry(key, value)] }))
}

/// Two values of a property, the smaller first.
fn ends(property: &Property) -> [Node; 2] {
    match property.facet.scale {
        [least, .., most] => [least, most].map(|step| text(step[0])),
        _ => two(&property.shape),
    }
}

/// Two values of a form, the smaller first.
fn two(shape: &Shape) -> [Node; 2] {
    let texts = |small, large| [text(small), text(large)];
    match shape {
        Shape::Count | Shape::Integer | Shape::Number | Shape::Scalar => {
            [1, 2].map(|number| node(Value::Integer(number)))
        }
        Shape::Bool => [false, true].map(|flag| node(Value::Bool(flag))),
        Shape::Date => [1, 2].map(|day| node(Value::Date(date(2026, 1, day)))),
        Shape::Duration => texts("1 hour", "1 day"),
        Shape::Percent => texts("10%", "20%"),
        Shape::Code(words) => texts(words[0], words[words.len() - 1]),
        Shape::Predicate => texts("a = 1", "a = 2"),
        Shape::Free => two(&Shape::Count).map(|value| table("a", value)),
        Shape::List(inner) => two(inner).map(|value| node(Value::Array(vec![value]))),
        Shape::Named(inner) => two(inner).map(|value| table("a", value)),
        Shape::Record(inner) => {
            let property = inner.properties().next().expect("a property");
            two(&property.shape).map(|value| table(property.name, value))
        }
        Shape::Items(_) => ["a", "b"].map(|id| node(Value::Array(vec![table("id", text(id))]))),
        _ => texts("one", "two"),
    }
}

/// Whether two values mean the same: a flag that is not stated is off, and some values are said to stand
/// where nothing is.
fn same(property: &Property, before: Option<&Node>, after: Option<&Node>) -> bool {
    let [before, after] = [before, after].map(|value| value.or(property.usual.as_ref()));
    let off = |value: Option<&Node>| value.is_none_or(|node| node.as_bool() == Some(false));
    let flag = |value: Option<&Node>| value.is_some_and(|node| node.as_bool().is_some());
    before == after || (flag(before) || flag(after)) && off(before) && off(after)
}

#[test]
fn every_change_of_every_property_is_classified() {
    let cases = cases();
    assert!(cases.len() > 250, "the walk reaches {} properties", cases.len());
    for case in cases {
        let values = case.values();
        let states: Vec<_> = values.iter().map(Some).chain([None]).collect();
        for before in &states {
            for after in &states {
                let (base, head) = (case.model(*before), case.model(*after));
                let name = format!("{}: {before:?} → {after:?}", case.name());
                assert_eq!(
                    diff(&base, &head).is_empty(),
                    same(case.property, *before, *after),
                    "{name}"
                );
                assert_mirrored(&base, &head, &name);
            }
        }
    }
}

#[test]
fn every_change_does_what_the_polarity_says() {
    for case in cases() {
        let [small, large] = ends(case.property);
        let (base, head) = (case.model(Some(&small)), case.model(Some(&large)));
        let changes = diff(&base, &head).changes;
        // What depends on others has tests of its own.
        if changes.iter().any(|change| change.kind.depends_on_others()) {
            continue;
        }
        let impacts: Vec<Impact> = changes.iter().map(|change| change.impact).collect();
        let is_list = matches!(case.property.shape, Shape::List(_) | Shape::Items(_));
        let expected: &[Impact] = match case.property.facet.polarity {
            _ if case.property.facet.breaking => &[Impact::Breaking],
            Polarity::GatePredicate | Polarity::ScopePredicate => &[Impact::Undecided],
            Polarity::LargerIsLooser => &[Impact::Loosening],
            Polarity::SmallerIsLooser => &[Impact::Tightening],
            Polarity::SetGrowsLooser | Polarity::SetGrowsTighter => {
                &[Impact::Loosening, Impact::Tightening]
            }
            Polarity::Identity if is_list => &[Impact::Breaking, Impact::Additive],
            Polarity::Identity => &[Impact::Breaking],
            // Where words are all there is, they bind.
            Polarity::Wording if is_binding(&case) => &[Impact::Undecided],
            Polarity::Wording | Polarity::Display => &[Impact::Cosmetic],
            // Of a group its first property changed; that has a case of its own.
            Polarity::Group => continue,
            Polarity::Ordered if rules(&case) => &[Impact::Undecided],
            _ => &[Impact::Shifting],
        };
        let mut impacts = impacts;
        impacts.dedup();
        assert_eq!(impacts, expected, "{}", case.name());
    }
}

fn is_binding(case: &Case) -> bool {
    matches!(case.kind.id, "definition" | "icp")
        && case.above.is_empty()
        && case.property.name == "description"
}

fn rules(case: &Case) -> bool {
    case.kind.id == "routing" && case.property.name == "rule"
}
