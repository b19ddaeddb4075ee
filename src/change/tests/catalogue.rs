//! The catalogue is closed under its mirror.

use crate::change::actions::actions;
use crate::change::catalogue::id;
use crate::change::{CATALOGUE, Impact, Level};
use crate::model::{Declaration, KINDS, Kind, Shape};

/// Kinds whose way back does not do the opposite, and why.
const ONE_WAY: &[(&str, &str)] = &[
    ("required-field-added", "records without the field break; without the demand they pass again"),
    ("required-field-removed", "the way back of the one above"),
];

#[test]
fn every_kind_has_a_mirror_that_mirrors_back() {
    for kind in CATALOGUE.kinds() {
        let mirror = CATALOGUE.get(&kind.mirror);
        assert!(mirror.is_some(), "{}: no kind `{}`", kind.id, kind.mirror);
        let Some(mirror) = mirror else { continue };
        assert_eq!(mirror.mirror, kind.id, "the mirror of {}", mirror.id);
    }
}

#[test]
fn looser_and_tighter_mirror_each_other() {
    for kind in CATALOGUE.kinds() {
        let waived = ONE_WAY.iter().any(|(id, _)| *id == kind.id);
        let Some(mirror) = CATALOGUE.get(&kind.mirror).filter(|_| !waived) else { continue };
        let (there, back) = (kind.impact, mirror.impact);
        let comes_and_goes = matches!(
            (there, back),
            (Impact::Additive, Impact::Breaking) | (Impact::Breaking, Impact::Additive)
        );
        assert!(comes_and_goes || there.mirrored() == back, "{} / {}", kind.id, mirror.id);
    }
}

#[test]
fn what_lets_something_be_otherwise_for_a_while_is_signed() {
    for noun in ["exception", "pilot"] {
        for (action, impact) in [("added", Impact::Loosening), ("removed", Impact::Tightening)] {
            let kind = CATALOGUE.get(&format!("{noun}-{action}")).unwrap();
            assert_eq!((kind.impact, kind.level), (impact, Level::Approve), "{}", kind.id);
        }
    }
}

#[test]
fn every_waiver_is_needed() {
    for (id, _) in ONE_WAY {
        let kind = CATALOGUE.get(id).expect("a waived kind");
        let mirror = CATALOGUE.get(&kind.mirror).expect("its mirror");
        assert_ne!(kind.impact.mirrored(), mirror.impact, "{id}");
    }
}

#[test]
fn a_kind_says_all_that_it_is_about_and_its_mirror_says_the_opposite() {
    let about = |id: &str| &CATALOGUE.get(id).expect("a kind").about;
    assert_eq!(about("sla-clock-changed").len(), 6, "{:?}", about("sla-clock-changed"));
    assert_eq!(about("sla-loosened").len(), 1, "{:?}", about("sla-loosened"));
    for id in
        ["rule-never-matches", "rule-became-unreachable", "route-lost", "territory-gap-opened"]
    {
        let kind = CATALOGUE.get(id).expect("a kind");
        assert_ne!(kind.about, *about(&kind.mirror), "{id}");
    }
}

#[test]
fn ids_are_kebab_case_and_kinds_say_what_they_are_about() {
    for kind in CATALOGUE.kinds() {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(kind.id.chars().all(kebab) && !kind.id.contains("--"), "{}", kind.id);
        let is_sentence = |says: &&str| {
            says.starts_with(|c: char| c.is_uppercase() || c == '`') && says.ends_with('.')
        };
        assert!(!kind.about.is_empty() && kind.about.iter().all(is_sentence), "{}", kind.id);
    }
}

/// All that the nouns declare: each property with the noun it is of.
fn nouns() -> Vec<&'static Declaration> {
    let mut nouns: Vec<&'static Declaration> = Vec::new();
    let mut open: Vec<&'static Declaration> = KINDS.iter().map(Kind::declaration).collect();
    while let Some(noun) = open.pop() {
        if nouns.iter().any(|known| std::ptr::eq(*known, noun)) {
            continue;
        }
        nouns.push(noun);
        open.extend(noun.properties().filter_map(|property| match &property.shape {
            Shape::Record(inner) | Shape::Items(inner) => Some(*inner),
            _ => None,
        }));
    }
    nouns
}

#[test]
fn properties_that_share_a_kind_agree_on_what_it_does() {
    let mut wrong = Vec::new();
    for noun in nouns() {
        for property in noun.properties().filter(|property| property.name != "id") {
            // Of rules that come and go the table decides what they do.
            if matches!(&property.shape, Shape::Items(inner) if inner.noun == "rule") {
                continue;
            }
            for (action, impact) in actions(property) {
                let kind = CATALOGUE.get(&id(noun.noun, property, action)).expect("a kind");
                if kind.impact != impact {
                    let Declaration { noun, .. } = noun;
                    wrong.push(format!(
                        "{noun}.{}: {} is {}, not {impact}",
                        property.name, kind.id, kind.impact
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
