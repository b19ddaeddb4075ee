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

impl Case {
    /// The model in which the property has a value, or none.
    fn model(&self, value: Option<&Node>) -> Model {
        let mut table = Table::default();
        if let Some(value) = value {
            table.entries.push(entry(self.property.name, value.clone()));
        }
        for (key, item) in self.above.iter().rev() {
            let inner = if *item {
                table.entries.insert(0, entry("id", text("x")));
                node(Value::Array(vec![node(Value::Table(table))]))
            } else {
                node(Value::Table(table))
            };
            table = Table { entries: vec![entry(key, inner)] };
        }
        let steps = std::iter::repeat_n("x", self.kind.depth);
        let address = steps.fold(Address::new(self.kind.id), |address, step| address.join(step));
        let source = Source::new("model/x.toml", "");
        let kind = Some(self.kind);
        of(&[Entity { address, kind, source, key_span: Span::default(), table }])
    }

    fn name(&self) -> String {
        let mut steps = vec![self.kind.id];
        steps.extend(self.above.iter().map(|(key, _)| *key));
        steps.push(self.property.name);
        steps.join(".")
    }

    /// Values of a property that differ in meaning, the smaller first; and one of no form it has.
    fn values(&self) -> Vec<Node> {
        let [small, large] = two(&self.property.shape);
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

/// Whether two values mean the same: a flag that is not stated is off.
fn same(before: Option<&Node>, after: Option<&Node>) -> bool {
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
                assert_eq!(diff(&base, &head).is_empty(), same(*before, *after), "{name}");
                assert_mirrored(&base, &head, &name);
            }
        }
    }
}

#[test]
fn every_change_does_what_the_polarity_says() {
    for case in cases() {
        let [small, large] = two(&case.property.shape);
        let (base, head) = (case.model(Some(&small)), case.model(Some(&large)));
        let impacts: Vec<Impact> = diff(&base, &head).changes.iter().map(|c| c.impact).collect();
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
