//! Merges of every shape: what came in by one is told once, where it was made.

use super::{Script, expected};

#[test]
fn an_octopus_brings_and_says_nothing() {
    let script = Script::new();
    for (name, value) in [("one", 300), ("two", 400), ("three", 500)] {
        script.branch(name, "main");
        let text =
            format!("[definition.{name}]\nobject = 'lead'\ncriteria.x = 'employees > {value}'\n");
        script.write(&format!("{name}.toml"), &text);
        script.commit(name);
    }
    script.switch("main");
    script.replace("words.toml", "200", "150");
    script.commit("softer");
    script.merge("octopus", &["one", "two", "three"]);
    assert_eq!(
        script.since(),
        expected(&[
            ("softer", &["definition-broadened definition.mql.criteria.size"]),
            ("three", &["definition-added definition.three"]),
            ("two", &["definition-added definition.two"]),
            ("one", &["definition-added definition.one"]),
        ])
    );
    let by = |name: &str| (name.to_owned(), "octopus".to_owned());
    assert_eq!(script.brought(), [by("three"), by("two"), by("one")]);
    let line = script.first_parents();
    assert_eq!(line[0].0, "octopus");
    assert_eq!(line[0].1.len(), 3);
    assert!(script.steps().iter().all(|step| !step.in_merge));
}

#[test]
fn an_octopus_can_change_something_too() {
    let script = Script::new();
    for name in ["one", "two"] {
        script.branch(name, "main");
        script.write(&format!("{name}.toml"), &format!("[list.{name}]\nvalues = ['x']\n"));
        script.commit(name);
    }
    script.switch("main");
    script.write("main.toml", "[list.main]\nvalues = ['x']\n");
    script.commit("main");
    script.merge("octopus", &["one", "two"]);
    script.replace("one.toml", "'x'", "'x', 'y'");
    script.replace("main.toml", "'x'", "'z'");
    script.repo.git(&["add", "--all"]);
    script.git(&["commit", "--quiet", "--amend", "--message", "an evil octopus"]);
    let steps = script.steps();
    assert_eq!(
        super::told(&steps)[0],
        expected(&[(
            "an evil octopus",
            &[
                "list-value-added list.main.values",
                "list-value-added list.one.values",
                "list-value-removed list.main.values",
            ]
        )])[0]
    );
    assert!(steps[0].in_merge && steps[0].brought_by.is_none());
    assert_eq!(steps.len(), 5);
}

#[test]
fn criss_cross_merges_are_silent_and_bring_by_the_oldest() {
    let script = Script::new();
    script.branch("side", "main");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side list");
    script.switch("main");
    script.replace("words.toml", "200", "150");
    script.commit("softer");
    script.repo.git(&["branch", "main-then"]);
    script.merge("main takes side", &["side"]);
    script.switch("side");
    script.merge("side takes main", &["main-then"]);
    script.replace("side.toml", "'x'", "'x', 'y'");
    script.commit("longer side list");
    script.switch("main");
    script.replace("words.toml", "150", "100");
    script.commit("softer still");
    script.merge("main takes side again", &["side"]);
    assert_eq!(
        script.since(),
        expected(&[
            ("softer still", &["definition-broadened definition.mql.criteria.size"]),
            ("longer side list", &["list-value-added list.side.values"]),
            ("softer", &["definition-broadened definition.mql.criteria.size"]),
            ("side list", &["list-added list.side"]),
        ])
    );
    let by = |name: &str, merge: &str| (name.to_owned(), merge.to_owned());
    assert_eq!(
        script.brought(),
        [by("longer side list", "main takes side again"), by("side list", "main takes side")]
    );
}

#[test]
fn branches_of_branches_came_by_the_merge_on_the_main_line() {
    let script = Script::new();
    script.branch("side", "main");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side");
    script.branch("deep", "side");
    script.write("deep.toml", "[list.deep]\nvalues = ['x']\n");
    script.commit("deep");
    script.switch("side");
    script.merge("side takes deep", &["deep"]);
    script.switch("main");
    script.merge("main takes side", &["side"]);
    let by = |name: &str| (name.to_owned(), "main takes side".to_owned());
    assert_eq!(script.brought(), [by("deep"), by("side")]);
    assert_eq!(script.since().len(), 2);
    let line = script.first_parents();
    assert_eq!(
        line[0],
        expected(&[("main takes side", &["list-added list.deep", "list-added list.side"])])[0]
    );
}

#[test]
fn a_new_change_in_a_merge_is_the_merges_own() {
    let script = Script::new();
    script.branch("side", "main");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side");
    script.switch("main");
    script.begin_merge("side");
    script.replace("words.toml", "employees >= 200", "employees >= 1");
    script.commit("an evil merge");
    let steps = script.steps();
    assert_eq!(
        super::told(&steps)[..2],
        expected(&[
            ("an evil merge", &["definition-broadened definition.mql.criteria.size"]),
            ("side", &["list-added list.side"]),
        ])
    );
    assert!(steps[0].in_merge && !steps[1].in_merge);
}

#[test]
fn a_conflict_resolved_to_a_third_value_is_the_merges_own() {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("words.toml", "200", "300");
    script.commit("tighter");
    script.switch("main");
    script.replace("words.toml", "200", "100");
    script.commit("softer");
    script.begin_merge("side");
    script.write("words.toml", &super::words(150));
    script.commit("between");
    let steps = script.steps();
    assert_eq!(
        super::told(&steps)[..3],
        expected(&[
            ("between", &["definition-narrowed definition.mql.criteria.size"]),
            ("softer", &["definition-broadened definition.mql.criteria.size"]),
            ("tighter", &["definition-narrowed definition.mql.criteria.size"]),
        ])
    );
    assert!(steps[0].in_merge);
    let change = &steps[0].changes.changes[0];
    assert_eq!(change.before.as_ref().unwrap(), "employees >= 100", "told against the main line");
}

#[test]
fn a_third_spelling_of_what_one_side_says_is_form_alone() {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("words.toml", "employees >= 200", "employees >= 300");
    script.commit("tighter");
    script.switch("main");
    script.replace("words.toml", "employees >= 200", "employees >= 100");
    script.commit("softer");
    script.begin_merge("side");
    script.write(
        "words.toml",
        &super::words(100)
            .replace("employees >= 100", "not (employees < 100) and employees is set"),
    );
    script.commit("the same in other words");
    let steps = script.steps();
    assert_eq!(
        super::told(&steps)[0],
        expected(&[(
            "the same in other words",
            &["definition-rewritten definition.mql.criteria.size"]
        )])[0]
    );
}

#[test]
fn a_merge_that_takes_one_side_whole_says_nothing() {
    for strategy in ["ours", "theirs"] {
        let script = Script::new();
        script.branch("side", "main");
        script.replace("words.toml", "200", "300");
        script.commit("tighter");
        script.switch("main");
        script.replace("words.toml", "200", "100");
        script.commit("softer");
        let option = format!("-X{strategy}");
        let words = ["merge", "--quiet", "--no-ff", &option, "-m", "one side", "side"];
        script.git(&words);
        assert_eq!(script.since().len(), 2, "{strategy}");
        let line = script.first_parents();
        let told = expected(&[("one side", &["definition-narrowed definition.mql.criteria.size"])]);
        match strategy {
            "ours" => assert_eq!(line[0].0, "softer"),
            _ => assert_eq!(line[0], told[0]),
        }
    }
}

/// Two branches that change something else each, and a merge that is one of them.
fn one_side_alone(takes: &str) -> Script {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("words.toml", "200", "300");
    script.commit("tighter");
    script.switch("main");
    script.replace("lists.toml", "'NL'", "'NL', 'BE'");
    script.commit("another country");
    script.git(&["merge", "--quiet", "--no-ff", "--no-commit", "-s", "ours", "side"]);
    if takes == "theirs" {
        script.git(&["checkout", "side", "--", "model"]);
    }
    script.commit("one side alone");
    script
}

#[test]
fn a_merge_that_undoes_what_one_side_changed_says_so() {
    for (takes, undone) in [
        ("ours", "definition-broadened definition.mql.criteria.size"),
        ("theirs", "list-value-removed list.other.values"),
    ] {
        let script = one_side_alone(takes);
        let told = script.since();
        assert_eq!(told[0], expected(&[("one side alone", &[undone])])[0], "{takes}");
        assert_eq!(told.len(), 3, "{takes}");
        assert!(script.steps()[0].in_merge);
        // The other side's own commit is told all the same.
        let line = script.first_parents();
        let of_line = match takes {
            "ours" => "another country",
            _ => "one side alone",
        };
        assert_eq!(line[0].0, of_line, "{takes}");
    }
}

#[test]
fn a_merge_that_refuses_a_branch_takes_back_what_it_changed() {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("words.toml", "200", "300");
    script.commit("tighter");
    script.switch("main");
    script.git(&["merge", "--quiet", "--no-ff", "-s", "ours", "-m", "no, thanks", "side"]);
    let told = expected(&[
        ("no, thanks", &["definition-broadened definition.mql.criteria.size"]),
        ("tighter", &["definition-narrowed definition.mql.criteria.size"]),
    ]);
    assert_eq!(script.since(), told);
    // The main line never said anything else.
    assert_eq!(script.first_parents().len(), 1);
}

/// The second definition alone, as it stands in a file.
const SQL: &str = "[definition.sql]\nobject = 'lead'\ncriteria.base = 'definition.mql'\n";

#[test]
fn what_moved_on_one_side_is_neither_gone_nor_new_where_the_other_side_is_taken() {
    for moves_on in ["side", "main"] {
        let script = Script::new();
        script.branch("side", "main");
        script.switch(moves_on);
        script.replace("words.toml", &format!("\n{SQL}"), "");
        if moves_on == "side" {
            script.write("sql.toml", SQL);
        } else {
            script.append("lists.toml", &format!("\n{SQL}"));
            script.replace("lists.toml", "'NL'", "'BE'");
        }
        script.commit("moves");
        script.switch(if moves_on == "side" { "main" } else { "side" });
        if moves_on == "side" {
            script.replace(
                "words.toml",
                "criteria.base = 'definition.mql'",
                "criteria.base = 'employees > 9'",
            );
        } else {
            script.replace("lists.toml", "'NL'", "'NL', 'BE'");
        }
        script.commit("says something else");
        script.switch("main");
        script.git(&["merge", "--quiet", "--no-ff", "--no-commit", "-s", "ours", "side"]);
        if moves_on == "main" {
            script.git(&["checkout", "side", "--", "model"]);
        }
        script.commit("one side alone");
        let told = script.since();
        let back: &[&str] = match moves_on {
            "side" => &["entity-file-moved definition.sql"],
            // Each side replaced the other country; what the main line took out is there again.
            _ => &["entity-file-moved definition.sql", "list-value-added list.other.values"],
        };
        assert_eq!(told[0], expected(&[("one side alone", back)])[0], "{moves_on}: {told:?}");
        assert!(told.iter().any(|(subject, _)| subject == "says something else"), "{moves_on}");
    }
}

#[test]
fn what_both_sides_add_to_one_list_is_not_told_again() {
    let script = Script::new();
    script.write("lists.toml", "[list.served]\nvalues = [\n  'DE',\n  'AT',\n  'NL',\n]\n");
    script.commit("line by line");
    script.branch("side", "main");
    script.replace("lists.toml", "  'DE',\n", "  'BE',\n  'DE',\n");
    script.commit("BE too");
    script.switch("main");
    script.replace("lists.toml", "  'NL',\n", "");
    script.append("lists.toml", "\n[list.more]\nvalues = ['x']\n");
    script.commit("without NL");
    script.merge("both", &["side"]);
    assert_eq!(
        script.told()[..2],
        expected(&[
            ("without NL", &["list-added list.more", "list-value-removed list.served.values"]),
            ("BE too", &["list-value-added list.served.values"]),
        ])
    );
    script.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    script.begin_merge("side");
    script.replace("lists.toml", "  'AT',\n", "  'AT',\n  'CH',\n");
    script.commit("both and CH");
    let steps = script.steps();
    let own = &steps[0].changes.changes;
    assert_eq!(own.len(), 1, "{own:?}");
    assert_eq!(own[0].kind.id, "list-value-added");
    assert!(own[0].after.as_ref().unwrap().to_string().contains("CH"));
}

#[test]
fn a_change_within_what_one_side_brought_is_the_merges_own() {
    for brings in ["main", "side"] {
        let script = Script::new();
        script.branch("side", "main");
        script.write(&format!("{brings}.toml"), "[list.x]\nvalues = ['x']\n");
        if brings == "side" {
            script.commit("a list");
            script.switch("main");
            script.replace("words.toml", "200", "100");
            script.commit("softer");
        } else {
            script.repo.remove("model/main.toml");
            script.replace("words.toml", "200", "100");
            script.commit("softer");
            script.switch("main");
            script.write("main.toml", "[list.x]\nvalues = ['x']\n");
            script.commit("a list");
        }
        script.begin_merge("side");
        script.replace(&format!("{brings}.toml"), "'x'", "'x', 'y'");
        script.commit("and more of it");
        let told = script.told();
        assert_eq!(
            told[0],
            expected(&[("and more of it", &["list-value-added list.x.values"])])[0],
            "{brings}"
        );
        assert_eq!(told.len(), 4, "{brings}");
    }
}

#[test]
fn what_a_merge_hands_over_by_itself_is_told() {
    let script = Script::new();
    script.branch("side", "main");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side");
    script.switch("main");
    script.write("main.toml", "[list.main]\nvalues = ['x']\n");
    script.commit("main");
    script.begin_merge("side");
    script.write("lists.toml", &super::lists("'DE'", "'NL', 'AT'"));
    script.commit("hands over");
    assert_eq!(script.told()[0], expected(&[("hands over", &["list-value-moved list.other"])])[0]);
}

#[test]
fn comments_on_both_sides_make_no_merge_of_its_own() {
    let script = Script::new();
    script.branch("side", "main");
    script.append("words.toml", "# At the end.\n");
    script.commit("at the end");
    script.switch("main");
    script.write("words.toml", &format!("# At the start.\n{}", super::words(200)));
    script.commit("at the start");
    script.merge("both", &["side"]);
    let rewritten: &[&str] = &["file-rewritten model/words.toml"];
    assert_eq!(script.since(), expected(&[("at the start", rewritten), ("at the end", rewritten)]));
}

#[test]
fn rebased_commits_are_those_of_the_rebase() {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("lists.toml", "'NL'", "'NL', 'BE'");
    script.commit("BE");
    script.switch("main");
    script.replace("words.toml", "200", "100");
    script.commit("softer");
    script.switch("side");
    script.git(&["rebase", "--quiet", "main"]);
    script.switch("main");
    script.git(&["merge", "--quiet", "--ff-only", "side"]);
    assert_eq!(
        script.since(),
        expected(&[
            ("BE", &["list-value-added list.other.values"]),
            ("softer", &["definition-broadened definition.mql.criteria.size"]),
        ])
    );
    assert!(script.brought().is_empty());
}

#[test]
fn a_cherry_pick_is_told_where_it_was_made_and_its_merge_is_silent() {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("words.toml", "200", "300");
    script.commit("tighter");
    script.write("side.toml", "[list.side]\nvalues = ['x']\n");
    script.commit("side");
    script.switch("main");
    script.git(&["cherry-pick", "side~1"]);
    script.merge("both", &["side"]);
    let tighter: &[&str] = &["definition-narrowed definition.mql.criteria.size"];
    assert_eq!(
        script.since(),
        expected(&[
            ("tighter", tighter),
            ("side", &["list-added list.side"]),
            ("tighter", tighter)
        ])
    );
    let steps = script.steps();
    let fingerprints = |at: usize| &steps[at].changes.changes[0].fingerprint;
    assert_eq!(fingerprints(0).as_str(), fingerprints(2).as_str());
}

#[test]
fn a_revert_is_a_change_the_other_way() {
    let script = Script::new();
    script.replace("words.toml", "200", "100");
    script.commit("softer");
    script.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(
        script.since(),
        expected(&[
            ("Revert \"softer\"", &["definition-narrowed definition.mql.criteria.size"]),
            ("softer", &["definition-broadened definition.mql.criteria.size"]),
        ])
    );
    script.branch("side", "main");
    script.replace("words.toml", "200", "50");
    script.commit("much softer");
    script.switch("main");
    script.merge("take it", &["side"]);
    script.git(&["revert", "--no-edit", "--mainline", "1", "HEAD"]);
    let told = script.since();
    assert_eq!(told[0].1, ["definition-narrowed definition.mql.criteria.size"]);
    assert_eq!(told[1].0, "much softer");
    assert_eq!(told.len(), 4);
}
