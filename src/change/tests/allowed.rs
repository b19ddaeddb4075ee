//! What a field may hold by values of its own and by a list.

use super::beside::assert_told;
use super::exact::exactly;
use super::world::{diff, one};
use crate::change::Impact;
use crate::model::Model;

const LISTS: &str = "[object.lead]\n[list.a]\nvalues = ['X', 'Y']\n[list.b]\nvalues = ['Y', 'Z']\n";

fn field(says: &str) -> String {
    format!("[field.lead.f]\ntype = 'choice'\n{says}\n")
}

/// What a field says before and after, and what comes of it.
const SAID: &[(&str, &str, &[&str])] = &[
    (
        "values_from = 'list.a'",
        "values_from = 'list.b'",
        &[
            "loosening field-value-added",
            "shifting field-values-source-changed",
            "tightening field-value-removed",
        ],
    ),
    (
        "values_from = 'list.a'",
        "values = ['Y', 'W']",
        &[
            "loosening field-value-added",
            "shifting field-values-source-unset",
            "tightening field-value-removed",
        ],
    ),
    ("values_from = 'list.a'", "values = ['Y', 'X']", &["shifting field-values-source-unset"]),
    (
        "values = ['X']",
        "values = ['X']\nvalues_from = 'list.a'",
        &["loosening field-value-added", "shifting field-values-source-set"],
    ),
    ("values = ['X', 'W']\nvalues_from = 'list.a'", "values = ['W']\nvalues_from = 'list.a'", &[]),
    (
        "values = ['Z', 'W']\nvalues_from = 'list.a'",
        "values_from = 'list.b'",
        &["shifting field-values-source-changed", "tightening field-value-removed"],
    ),
    // What an open field allows is told of that alone.
    (
        "open = true\nvalues_from = 'list.a'",
        "open = true\nvalues_from = 'list.b'",
        &["shifting field-values-source-changed"],
    ),
];

#[test]
fn another_list_is_told_by_the_values_that_come_and_go() {
    for (before, after, expected) in SAID {
        let model = |says: &str| [LISTS, &field(says)].concat();
        assert_told(&model(before), &model(after), expected);
    }
    let changes = diff(
        &one(&[LISTS, &field("values_from = 'list.a'")].concat()),
        &one(&[LISTS, &field("values_from = 'list.b'")].concat()),
    );
    let said: Vec<&str> = changes.changes.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(said, ["`values`: `Z` added", "`values`: `X` removed", "`values_from` changed"]);
}

#[test]
fn a_list_of_another_name_allows_the_same() {
    let renamed = LISTS.replace("[list.a]", "[list.c]\nformerly = ['a']");
    assert_told(
        &[LISTS, &field("values_from = 'list.a'")].concat(),
        &[&renamed, &*field("values_from = 'list.c'")].concat(),
        &["cosmetic entity-id-renamed"],
    );
}

#[test]
fn a_list_that_is_not_at_hand_leaves_it_undecided() {
    let part = |says: &str| one(&field(says));
    let source = |base: &Model, head: &Model| {
        let changes = diff(base, head).changes;
        let source = changes.iter().find(|it| it.kind.id.contains("values-source"));
        source.map(|change| change.impact)
    };
    let (list, other) = (part("values_from = 'list.a'"), part("values_from = 'list.b'"));
    for (base, head) in [(&list, &other), (&list, &part("values = ['X']"))] {
        assert_eq!(source(base, head), Some(Impact::Undecided));
        assert_eq!(source(head, base), Some(Impact::Undecided));
    }
    // By a list that nobody has declared nothing is known either.
    let lost = exactly(&list, &other);
    let change = &lost.changes[0];
    assert_eq!((lost.changes.len(), change.impact), (1, Impact::Undecided));
    assert_eq!(
        change.summary,
        "`values_from` changed; which values come and go is not known: a list is not at hand"
    );
}
