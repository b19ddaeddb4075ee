//! What properties say of fields, of each other and of the rest of the model.

use super::said;

const LEAD: &str = "[object.lead]\n[field.lead.status]\ntype = \"choice\"\nvalues = [\"new\", \"won\"]\n\
    [field.lead.needs]\ntype = \"choices\"\nvalues = [\"speed\", \"price\"]\n\
    [field.lead.size]\ntype = \"integer\"\n[field.lead.at]\ntype = \"datetime\"\n";

/// What some rules find in a model of a lead: the rule and the words it underlines.
fn found(rules: &[&str], text: &str) -> Vec<String> {
    let all = said(&format!("{LEAD}{text}"));
    let own =
        all.iter().filter(|line| rules.iter().any(|rule| line.split(" | ").next() == Some(rule)));
    own.map(|line| line.rsplit_once(" | ").map_or(line.as_str(), |(rest, _)| rest).to_owned())
        .collect()
}

#[test]
fn a_stated_value_must_be_one_that_the_field_can_hold() {
    let rules = ["unknown-value", "unknown-field", "type-mismatch", "never-holds"];
    let field = |of: &str, says: &str| format!("[field.lead.f]\ntype = \"{of}\"\n{says}\n");
    let sets = |sets: &str| {
        format!(
            "[sla.s]\nobject = \"lead\"\napplies_to = \"size > 1\"\nstarts = \"at\"\nstops = \"at\"\n\
             within = \"4 hours\"\n[[sla.s.escalation]]\nid = \"x\"\nsets = {{ {sets} }}\n"
        )
    };
    let source = |field: &str, values: &str| {
        format!("[source.s]\nobject = \"lead\"\nfield = \"{field}\"\nvalues = [{values}]\n")
    };
    let choice = "values = [\"a\", \"b\"]";
    for (text, words) in [
        (
            field("integer", "examples = [\"abc\", 1.5, 3]"),
            vec!["type-mismatch | \"abc\"", "never-holds | 1.5"],
        ),
        (
            field("choice", &format!("{choice}\nexamples = [\"a\", \"c\"]")),
            vec!["unknown-value | \"c\""],
        ),
        (
            field("choices", &format!("{choice}\nexamples = [\"a\", \"c\", [\"a\", \"d\"]]")),
            vec!["unknown-value | \"c\"", "unknown-value | [\"a\", \"d\"]"],
        ),
        (field("choice", &format!("{choice}\nopen = true\nexamples = [\"c\"]")), vec![]),
        (
            field("choice", &format!("{choice}\ngroups = {{ x = [\"a\", \"c\"] }}")),
            vec!["unknown-value | \"c\""],
        ),
        (field("date", "examples = [\"2026-01-31\", 2026-01-31]"), vec![]),
        (source("status", "\"new\", \"lost\""), vec!["unknown-value | \"lost\""]),
        (source("needs", "\"speed\", \"fun\""), vec!["unknown-value | \"fun\""]),
        (
            sets("status = \"lost\", nope = 1, size = \"x\", needs = [\"fun\"]"),
            vec![
                "unknown-value | \"lost\"",
                "unknown-field | nope",
                "type-mismatch | \"x\"",
                "unknown-value | [\"fun\"]",
            ],
        ),
        (sets("status = \"won\", size = 1, at = \"\", needs = [\"speed\"]"), vec![]),
    ] {
        assert_eq!(found(&rules, &text), words, "{text}");
    }
    let text = field("text", "groups = { x = [\"a\"] }");
    assert_eq!(
        found(&["field-type-conflict", "unknown-value"], &text),
        ["field-type-conflict | groups"]
    );
}

#[test]
fn a_value_stands_in_one_group_and_means_one_source() {
    let found = |text: &str| found(&["duplicate-value"], text);
    let groups = |groups: &str| {
        format!(
            "[field.lead.f]\ntype = \"choice\"\nvalues = [\"a\", \"b\"]\ngroups = {{ {groups} }}\n"
        )
    };
    let twice = |word: &str| vec![format!("duplicate-value | \"{word}\"")];
    assert_eq!(found(&groups("x = [\"a\"], y = [\"b\", \"a\"]")), twice("a"));
    assert_eq!(found(&groups("x = [\"a\", \"a\"], y = [\"b\"]")), [""; 0]);
    assert_eq!(found(&groups("x = [\"a\"], y = [\"b\"]")), [""; 0]);
    let sources = |first: &str, second: &str| {
        format!(
            "[source.s]\nobject = \"lead\"\nvalues = [\"new\"]\n{first}\n\
             [source.t]\nobject = \"lead\"\nvalues = [\"won\", \"new\"]\n{second}\n\
             [source.u]\npart_of = \"source.s\"\n"
        )
    };
    let (status, other) = ("field = \"status\"", "field = \"needs\"");
    let with = |more: &str| format!("{status}\n{more}");
    assert_eq!(found(&sources(status, status)), twice("new"));
    assert_eq!(found(&sources(status, other)), [""; 0]);
    assert_eq!(found(&sources(status, &with("part_of = \"source.s\""))), [""; 0]);
    assert_eq!(found(&sources(&with("part_of = \"source.t\""), status)), [""; 0]);
    assert_eq!(found(&sources(status, &with("part_of = \"source.u\""))), [""; 0]);
    assert_eq!(found(&sources(status, &with("when = \"size > 1\""))), [""; 0]);
    assert_eq!(found(&sources(&with("when = \"size > 1\""), status)), [""; 0]);
}

#[test]
fn a_pattern_covers_something_or_what_may_come() {
    let warns = "level = \"warn\"\nreason = \"x\"";
    for (text, word) in [
        ("[playbook.p]\nexplains = [\"nope.x\", \"field.lead.size\"]\n", "\"nope.x\""),
        ("[pilot.p]\nchanges = [\"field.lead.sizes\", \"routing.*\"]\n", "\"field.lead.sizes\""),
        ("[view.v]\ndeviations = [\"nope\", \"exception.*\"]\n", "\"nope\""),
        (
            &format!("[policy.routing-changed]\n{warns}\ncovers = [\"routing.in\", \"*\"]\n"),
            "\"routing.in\"",
        ),
    ] {
        let line = format!("pattern-covers-nothing | {word}");
        assert_eq!(found(&["pattern-covers-nothing"], text), [line], "{text}");
    }
    let of_check = format!("[policy.sla-impossible]\n{warns}\ncovers = [\"sla.x\"]\n");
    let rules = ["pattern-covers-nothing", "unused-policy"];
    assert_eq!(found(&rules, &of_check), ["unused-policy | sla-impossible"]);
}

#[test]
fn a_move_is_either_allowed_or_forbidden() {
    let lifecycle = |stages: &[(&str, &str)], forbidden: &str| {
        let stage =
            |(id, says): &(&str, &str)| format!("[[lifecycle.l.stage]]\nid = \"{id}\"\n{says}\n");
        let stages: String = stages.iter().map(stage).collect();
        let forbidden = match forbidden {
            "" => String::new(),
            says => format!("[[lifecycle.l.forbidden]]\nid = \"f\"\n{says}\n"),
        };
        format!("[lifecycle.l]\nobject = \"lead\"\n{stages}{forbidden}")
    };
    let found = |stages: &[(&str, &str)], forbidden: &str| {
        found(&["conflicting-move", "missing-property"], &lifecycle(stages, forbidden))
    };
    let stages = [("a", "next = [\"b\"]"), ("b", "next = [\"c\"]\nrecycle.to = \"a\""), ("c", "")];
    for (forbidden, lines) in [
        ("from = \"a\"\nto = \"b\"", vec!["conflicting-move | \"b\""]),
        ("to = \"c\"", vec!["conflicting-move | \"c\""]),
        ("from = \"b\"\nto = \"a\"", vec!["conflicting-move | \"a\""]),
        ("from = \"a\"\nto = \"c\"", vec![]),
        ("from = \"a\"\nto = \"b\"\nunless = \"size > 1\"", vec![]),
        ("from = \"a\"", vec!["missing-property | \"f\""]),
    ] {
        assert_eq!(found(&stages, forbidden), lines, "{forbidden}");
    }
    for says in ["next = [\"a\"]", "recycle = { to = \"a\" }"] {
        let says = format!("terminal = true\n{says}");
        assert_eq!(found(&[("a", ""), ("b", &says)], ""), ["conflicting-move | true"], "{says}");
    }
    let open = "terminal = false\nnext = [\"a\"]";
    assert_eq!(found(&[("a", open), ("b", "terminal = true\nnext = []")], ""), [""; 0]);
}

#[test]
fn a_term_ends_after_it_starts_and_a_pilot_is_over_after_its_last_day() {
    let found = |text: &str| found(&["ends-before-it-starts", "pilot-over"], text);
    let pilot = |days: &str| format!("[pilot.p]\n{days}\n");
    for (days, lines) in [
        ("starts = 2026-06-30\nends = 2026-06-30", vec![]),
        ("ends = 2026-06-29", vec!["pilot-over | 2026-06-29"]),
        ("starts = 2026-08-01\nends = 2026-07-31", vec!["ends-before-it-starts | 2026-07-31"]),
        ("starts = 2026-07-01", vec![]),
        ("starts = 2026-06-01\nends = 2026-05-31", vec!["ends-before-it-starts | 2026-05-31"]),
    ] {
        assert_eq!(found(&pilot(days)), lines, "{days}");
    }
    let holder = "[[role.cro.holder]]\nid = \"ann\"\nsince = 2026-02-01\nleft = 2026-01-31\n";
    assert_eq!(found(&format!("[role.cro]\n{holder}")), ["ends-before-it-starts | 2026-01-31"]);
}

#[test]
fn a_tier_or_a_limit_must_be_the_first_that_holds_for_some_record() {
    let items = |list: &str, items: &[(&str, &str)]| {
        let item = |(id, when): &(&str, &str)| {
            let when = match *when {
                "" => String::new(),
                when => format!("when = \"{when}\"\n"),
            };
            format!("[[{list}]]\nid = \"{id}\"\n{when}within = \"9 days\"\n")
        };
        items.iter().map(item).collect::<String>()
    };
    let icp = |criteria: &str, tiers: &[(&str, &str)]| {
        let tiers = items("icp.i.tier", tiers).replace("within = \"9 days\"\n", "");
        format!("[icp.i]\nobject = \"lead\"\n{criteria}\n{tiers}")
    };
    let cycle = |limits: &[(&str, &str)]| {
        format!("[lifecycle.l]\nobject = \"lead\"\n{}", items("lifecycle.l.cycle", limits))
    };
    let found = |text: &str| found(&["item-never-counts"], text);
    let never = |word: &str| vec![format!("item-never-counts | \"{word}\"")];
    let fits = "criteria.size = \"size >= 50\"\ndisqualifiers.won = \"status = 'won'\"";
    for (tiers, lines) in [
        (&[("a", "size >= 1000"), ("b", "size >= 50")][..], vec![]),
        (&[("a", "size >= 1000"), ("b", "size >= 50"), ("c", "")], vec![]),
        (&[("b", "size >= 10"), ("a", "size >= 1000")], never("size >= 1000")),
        (&[("b", ""), ("a", "size >= 1000")], never("size >= 1000")),
        (&[("a", "size < 10")], never("size < 10")),
        (&[("a", "status = 'won'")], never("status = 'won'")),
        (&[("a", "size > 99"), ("b", "size < 200"), ("c", "size = 70")], never("size = 70")),
        (&[("a", "size > 'x'"), ("b", "size > 99")], vec![]),
    ] {
        assert_eq!(found(&icp(fits, tiers)), lines, "{tiers:?}");
    }
    let nobody = "criteria.size = \"size >= 50\"\ncriteria.small = \"size < 50\"";
    assert_eq!(found(&icp(nobody, &[("a", "size >= 10"), ("b", "size >= 20")])), [""; 0]);
    assert_eq!(found(&cycle(&[("all", ""), ("never", "size >= 5000")])), never("size >= 5000"));
    assert_eq!(found(&cycle(&[("all", ""), ("again", "")])), never("again"));
    assert_eq!(found(&cycle(&[("large", "size >= 5000"), ("all", "")])), [""; 0]);
}

#[test]
fn what_a_score_says_of_its_rules_holds_together() {
    let score = |own: &str, rules: &[(&str, &str)]| {
        let rule = |(id, says): &(&str, &str)| {
            format!("[[scoring.s.rule]]\nid = \"{id}\"\npoints = 5\n{says}\n")
        };
        let rules: String = rules.iter().map(rule).collect();
        format!("[scoring.s]\nobject = \"lead\"\nfield = \"size\"\n{own}\n{rules}")
    };
    let group = "[[scoring.s.group]]\nid = \"fit\"\n";
    let of = |rules: &[&str], own: &str, says: &[(&str, &str)]| found(rules, &score(own, says));
    let groups = ["unknown-reference"];
    let line = vec!["unknown-reference | \"fitt\""];
    assert_eq!(of(&groups, group, &[("a", "group = \"fitt\"")]), line);
    assert_eq!(of(&groups, group, &[("a", "group = \"fit\"")]), [""; 0]);
    assert_eq!(of(&groups, "", &[("a", "group = \"fit\"")]), [""; 0]);
    let limits = ["crossed-limits"];
    assert_eq!(of(&limits, "floor = 100\ncap = 10", &[]), ["crossed-limits | 100"]);
    assert_eq!(of(&limits, "floor = 10\ncap = 10", &[]), [""; 0]);
    let crossed = format!("{group}least = 20\ncap = 10");
    assert_eq!(of(&limits, &crossed, &[]), ["crossed-limits | 20"]);

    let when = |when: &str, more: &str| format!("when = \"{when}\"\n{more}");
    let twice = |one: &str, other: &str| {
        of(&["score-counted-twice"], "", &[("a", one), ("b", other)]).len() == 1
    };
    for (one, other, is_twice) in [
        ("size between 11 and 1000", "size >= 1000", true),
        ("size >= 1000", "size between 11 and 1000", true),
        ("size between 11 and 1000", "size > 1000", false),
        ("size between 11 and 1000", "size >= 900", false),
        ("size between 11 and 1000 and status = 'new'", "size >= 1000 and status = 'won'", false),
        ("size between 11 and 1000 and status = 'new'", "size >= 1000", true),
        ("days since at <= 7", "days since at between 7 and 30", true),
        ("days since at <= 7", "days until at >= 7", false),
        ("size >= 1000", "size > 999", true),
        ("size >= 1000", "not size < 1000 and size is set", true),
        ("size >= 1000", "size > 1500", false),
        ("size >= 1000", "size <= 1000 and size >= 1000", false),
    ] {
        assert_eq!(twice(&when(one, ""), &when(other, "")), is_twice, "{one} | {other}");
    }
    let (often, once) = (when("size > 9", ""), when("size > 9", "once_per = \"1 day\""));
    assert!(twice(&often, &often) && !twice(&often, &once));
    let elsewhere = when("size > 9", "group = \"fit\"");
    assert!(twice(&elsewhere, &elsewhere) && !twice(&often, &elsewhere));
}
