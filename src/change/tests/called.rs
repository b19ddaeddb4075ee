//! Whom owner fields and approvals name, where somebody is called otherwise.

use super::beside::told;
use super::exact::exactly;
use super::world::one;

const OTHERS: &str = "[role.b]\n[[role.b.holder]]\nid = 'bob'\nname = 'Bob Roe'\nknown_as = ['BR', '0058d000001XyZA']\n\
     [queue.desk]\nname = 'Front desk'\n";

/// A person before and after, and what comes of it.
const CASES: &[(&str, &str, &[&str])] = &[
    ("email = 'a@x.org'", "email = 'A@x.org'", &["cosmetic role-holder-email-changed"]),
    ("email = 'a@x.org'", "email = 'ann@x.org'", &["breaking role-holder-email-changed"]),
    (
        "login = 'ann-x'\nemail = 'a@x.org'",
        "login = 'ann-x'\nemail = 'ann@x.org'\nknown_as = ['a@x.org']",
        &["additive role-holder-alias-added", "shifting role-holder-email-changed"],
    ),
    (
        "email = 'a@x.org'",
        "email = 'ann@x.org'\nknown_as = ['a@x.org']",
        &["additive role-holder-alias-added", "breaking role-holder-email-changed"],
    ),
    ("login = 'ann-x'", "", &["breaking role-holder-login-unset"]),
    ("login = 'ann-x'", "login = 'ann-y'", &["breaking role-holder-login-changed"]),
    ("", "login = 'ann-x'", &["shifting role-holder-login-set"]),
    ("", "login = 'br'", &["breaking role-holder-login-set"]),
    ("", "name = 'Ann Lee'", &["additive role-holder-name-set"]),
    ("", "name = 'bob roe'", &["breaking role-holder-name-set"]),
    ("", "known_as = ['front desk']", &["breaking role-holder-alias-added"]),
    ("", "known_as = ['BR ']", &["breaking role-holder-alias-added"]),
    // Ids of a CRM differ by the case of a letter alone.
    ("", "known_as = ['0058d000001XyZa']", &["additive role-holder-alias-added"]),
    ("", "known_as = ['0058d000001XyZAAAY']", &["breaking role-holder-alias-added"]),
];

#[test]
fn whoever_is_not_recognised_any_more_is_told() {
    let model = |says: &str| format!("{OTHERS}[role.a]\n[[role.a.holder]]\nid = 'ann'\n{says}");
    for (before, after, expected) in CASES {
        let changes = exactly(&one(&model(before)), &one(&model(after)));
        assert_eq!(told(&changes), *expected, "{before} → {after}");
    }
    let said = |before: &str, after: &str| {
        exactly(&one(&model(before)), &one(&model(after))).changes[0].summary.clone()
    };
    assert_eq!(
        said("", "known_as = ['BR']"),
        "`known_as`: `BR` added; an owner field that says `BR` names nobody: another person or queue is \
         called so too"
    );
    assert_eq!(
        said("login = 'ann-x'", "login = 'ann-y'\nformerly = ['ann-x']"),
        "`login` changed; nothing signed as `ann-x` counts as theirs any more"
    );
}

#[test]
fn a_queue_that_is_called_as_somebody_is_names_nobody() {
    let model = |says: &str| format!("{OTHERS}[queue.q]\n{says}");
    for (after, expected) in [
        ("name = 'Bob Roe'", "breaking pool-name-set"),
        ("name = 'Back desk'", "additive pool-name-set"),
        ("known_as = ['desk']", "breaking pool-alias-added"),
    ] {
        assert_eq!(told(&exactly(&one(&model("")), &one(&model(after)))), [expected], "{after}");
    }
}
