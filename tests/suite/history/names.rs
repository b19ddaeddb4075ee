//! Entities that change their name, their file, or both, and ids that are used again.

use super::{Script, expected};
use opmodel::git::{WalkOptions, WalkOrder};
use opmodel::history::{LogFilter, Steps, Workspace};
use opmodel::model::Pattern;

/// What the walk says of an address, under whatever name it had.
fn of(script: &Script, address: &str) -> Vec<(String, Vec<String>)> {
    let workspace = Workspace::find(script.repo.path(), None).expect("a workspace");
    let head = workspace.repository().unwrap().resolve("HEAD").unwrap();
    let order = WalkOrder::ChildrenFirst;
    let options = WalkOptions { tips: vec![head.id], order, ..WalkOptions::default() };
    let addresses = vec![Pattern::new(address)];
    let filter = LogFilter { addresses, ..LogFilter::default() };
    let steps = Steps::new(&workspace, filter, false).unwrap().remembering(false);
    let walk: Vec<_> = steps.walk(&options).map(|step| step.expect("a step")).collect();
    super::told(&walk)
}

#[test]
fn a_rename_with_an_edit_is_both() {
    let script = Script::new();
    let text = super::words(150)
        .replace("[definition.mql]", "[definition.lead]\nformerly = ['mql']")
        .replace("'definition.mql'", "'definition.lead'");
    script.write("words.toml", &text);
    script.commit("renamed and softer");
    let both: &[&str] = &[
        "definition-broadened definition.lead.criteria.size",
        "definition-rewritten definition.sql.criteria.base",
        "entity-id-renamed definition.lead",
    ];
    let told = script.since();
    assert_eq!(told[0].0, "renamed and softer");
    for line in [both[0], both[2]] {
        assert!(told[0].1.contains(&line.to_owned()), "{told:?}");
    }
    assert!(told[0].1.iter().all(|line| both.contains(&line.as_str())), "{told:?}");
    let steps = script.steps();
    let softer = steps[0].changes.changes.iter().find(|c| c.kind.id == "definition-broadened");
    let previous = softer.unwrap().previous.as_ref().map(ToString::to_string);
    assert_eq!(previous.as_deref(), Some("definition.mql.criteria.size"));
}

#[test]
fn a_chain_of_renames_is_followed_to_its_beginning() {
    let script = Script::new();
    script.replace("words.toml", "200", "150");
    script.commit("softer");
    let lists =
        |head: &str| format!("[{head}]\nvalues = ['DE', 'AT']\n\n[list.other]\nvalues = ['NL']\n");
    script.write("lists.toml", &lists("list.near]\nformerly = ['served'").replace("']]", "']"));
    script.commit("once");
    script.write("lists.toml", &lists("list.here]\nformerly = ['near'").replace("']]", "']"));
    script.commit("twice");
    script.replace("lists.toml", "'AT'", "'AT', 'CH'");
    script.commit("longer");
    let subjects: Vec<String> =
        of(&script, "list.here").into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(subjects, ["longer", "twice", "once", "the model"]);
    assert!(of(&script, "list.here")[1].1.contains(&"entity-id-renamed list.here".to_owned()));
}

#[test]
fn items_are_renamed_too() {
    let script = Script::new();
    let stages = |id: &str, limit: u8| {
        format!(
            "[lifecycle.lead]\nobject = 'lead'\nstage_field = 'country'\n[[lifecycle.lead.stage]]\n{id}\nvalue = 'DE'\nlimit = '{limit} days'\n"
        )
    };
    let rules = |id: &str, n: u32| {
        format!(
            "[routing.in]\nobject = 'lead'\ndefault = 'queue.q'\n[[routing.in.rule]]\n{id}\nwhen = 'employees > {n}'\nto = 'queue.q'\n"
        )
    };
    script.write("stages.toml", &stages("id = 'new'", 2));
    script.write("rules.toml", &rules("id = 'big'", 10));
    script.commit("items");
    script.write("stages.toml", &stages("id = 'fresh'\nformerly = ['new']", 3));
    script.write("rules.toml", &rules("id = 'large'\nformerly = ['big']", 5));
    script.commit("renamed");
    assert_eq!(
        script.told()[0].1,
        [
            "item-id-renamed lifecycle.lead.stage.fresh",
            "item-id-renamed routing.in.rule.large",
            "rule-condition-broadened routing.in.rule.large.when",
            "stage-limit-raised lifecycle.lead.stage.fresh.limit",
        ]
    );
    assert_eq!(of(&script, "routing.in.rule.large").len(), 2);
}

#[test]
fn an_id_that_was_renamed_away_and_stands_for_something_else_is_said() {
    let script = Script::new();
    let text = "[list.near]\nformerly = ['served']\nvalues = ['DE', 'AT']\n\n[list.other]\nvalues = ['NL']\n\n[list.served]\nvalues = ['US', 'CA']\n";
    script.write("lists.toml", text);
    script.commit("the id again");
    let lines = &script.since()[0].1;
    assert!(lines.contains(&"entity-id-reused list.served".to_owned()), "{lines:?}");
    assert!(lines.contains(&"entity-id-renamed list.near".to_owned()), "{lines:?}");
}

#[test]
fn what_is_deleted_and_declared_again_went_and_came() {
    let script = Script::new();
    script.write("lists.toml", "[list.served]\nvalues = ['DE', 'AT']\n");
    script.commit("without");
    script.write("lists.toml", &super::lists("'DE', 'AT'", "'US'"));
    script.commit("again, and another");
    assert_eq!(
        script.since(),
        expected(&[
            ("again, and another", &["list-added list.other"]),
            ("without", &["list-removed list.other"]),
        ])
    );
    assert_eq!(of(&script, "list.other").len(), 3);
}

#[test]
fn two_files_that_swap_an_entity_change_nothing() {
    let script = Script::new();
    script.write("one.toml", "[list.one]\nvalues = ['x']\n");
    script.write("two.toml", "[list.two]\nvalues = ['y']\n");
    script.commit("two lists");
    script.write("one.toml", "[list.two]\nvalues = ['y']\n");
    script.write("two.toml", "[list.one]\nvalues = ['x']\n");
    script.commit("swapped");
    let lines = script.told()[0].1.clone();
    assert_eq!(lines, ["entity-file-moved list.one", "entity-file-moved list.two"]);
    assert!(script.steps()[0].changes.meaningful().next().is_none());
}

#[test]
fn an_entity_that_is_edited_while_it_moves_is_followed() {
    let script = Script::new();
    let (mql, sql) =
        super::words(150).split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    script.write("words.toml", &sql);
    script.write("deep/er/mql.toml", &format!("{mql}\n"));
    script.commit("moved and softer");
    assert_eq!(
        script.since()[0].1,
        ["definition-broadened definition.mql.criteria.size", "entity-file-moved definition.mql"]
    );
    assert_eq!(of(&script, "definition.mql").len(), 2);
}

#[test]
fn the_files_of_a_whole_folder_can_move() {
    let script = Script::new();
    for file in ["words.toml", "lists.toml", "fields.toml"] {
        script.repo.write(&format!("model/sub/{file}"), script.read(file));
        script.repo.remove(&format!("model/{file}"));
    }
    script.commit("a folder");
    let lines = &script.since()[0].1;
    assert!(lines.iter().all(|line| line.starts_with("entity-file-moved")), "{lines:?}");
    assert_eq!(lines.len(), 8);
}

#[test]
fn a_path_that_only_follows_a_renamed_field_says_nothing_else() {
    let script = Script::new();
    let more = |name: &str| {
        format!(
            "[object.account]\n\n[field.lead.account]\ntype = 'reference'\nobject = 'account'\n\n[field.account.{name}\ntype = 'datetime'\n"
        )
    };
    let promise = |path: &str| {
        format!(
            "[sla.touch]\nobject = 'lead'\nstarts = 'account.{path}'\napplies_to = 'account.{path} is set'\nwithin = '4 hours'\n"
        )
    };
    script.write("more.toml", &more("signed]"));
    script.write("promise.toml", &promise("signed"));
    script.commit("a promise");
    script.write("more.toml", &more("closed]\nformerly = ['signed']"));
    script.write("promise.toml", &promise("closed"));
    script.commit("another word");
    let lines = &script.told()[0].1;
    assert_eq!(
        *lines,
        ["entity-id-renamed field.account.closed", "sla-scope-rewritten sla.touch.applies_to"]
    );
}
