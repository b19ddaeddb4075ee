//! Stretches of the history in which files cannot be read: said, and never a place to hide a change.

use super::{Script, expected};

#[test]
fn a_change_hidden_in_an_unreadable_stretch_is_found_where_it_ends() {
    let script = Script::new();
    for at in 0..3 {
        script.write("words.toml", &format!("[definition.mql\ncriteria = {at}\n"));
        script.commit(&format!("broken {at}"));
    }
    script.replace("lists.toml", "'NL'", "'BE'");
    script.commit("elsewhere");
    script.write("words.toml", &super::words(100));
    script.commit("mended");
    let unreadable: &[&str] = &["unreadable model/words.toml"];
    assert_eq!(
        script.since(),
        expected(&[
            (
                "mended",
                &[
                    "definition-broadened definition.mql.criteria.size",
                    "readable again model/words.toml"
                ]
            ),
            (
                "elsewhere",
                &["list-value-added list.other.values", "list-value-removed list.other.values"]
            ),
            ("broken 2", unreadable),
            ("broken 1", unreadable),
            ("broken 0", unreadable),
        ])
    );
    let steps = script.steps();
    assert!(matches!(
        steps[0].changes.changes[0].verdict,
        Some(opmodel::proof::Verdict::Looser { .. })
    ));
    assert_eq!(script.told(), script.first_parents());
}

#[test]
fn conflict_markers_are_unreadable() {
    let script = Script::new();
    script.branch("side", "main");
    script.replace("words.toml", "200", "300");
    script.commit("tighter");
    script.switch("main");
    script.replace("words.toml", "200", "100");
    script.commit("softer");
    script.begin_merge("side");
    assert!(script.read("words.toml").contains("<<<<<<<"));
    script.commit("markers");
    script.write("words.toml", &super::words(250));
    script.commit("mended");
    let told = script.since();
    assert_eq!(told[1], expected(&[("markers", &["unreadable model/words.toml"])])[0]);
    assert_eq!(
        told[0],
        expected(&[(
            "mended",
            &[
                "definition-narrowed definition.mql.criteria.size",
                "readable again model/words.toml"
            ]
        )])[0]
    );
    let steps = script.steps();
    assert!(steps[1].unreadable[0].reason.contains("conflict"), "{:?}", steps[1].unreadable);
    assert!(!steps[1].in_merge);
}

#[test]
fn what_is_deleted_while_it_cannot_be_read_is_gone() {
    let script = Script::new();
    script.write("lists.toml", "[list.served\n");
    script.commit("broken");
    script.repo.remove("model/lists.toml");
    script.commit("deleted");
    assert_eq!(
        script.since(),
        expected(&[
            ("deleted", &["list-removed list.other", "list-removed list.served"]),
            ("broken", &["unreadable model/lists.toml"]),
        ])
    );
}

#[test]
fn what_moves_out_of_an_unreadable_file_is_not_gone() {
    let script = Script::new();
    script.write("lists.toml", "[list.served\n");
    script.commit("broken");
    script.repo.remove("model/lists.toml");
    script.write("other.toml", &super::lists("'DE', 'AT'", "'NL', 'BE'"));
    script.commit("in another file");
    assert_eq!(
        script.since()[0],
        expected(&[(
            "in another file",
            &[
                "entity-file-moved list.other",
                "entity-file-moved list.served",
                "list-value-added list.other.values",
            ]
        )])[0]
    );
    let script = Script::new();
    script.write("lists.toml", "[list.served\n");
    script.write("other.toml", "[list.other]\nvalues = ['NL']\n");
    script.commit("moved and broken");
    script.write("lists.toml", "[list.served]\nvalues = ['DE', 'AT']\n");
    script.commit("mended");
    let told = script.since();
    assert!(!told[0].1.iter().any(|line| line.contains("removed")), "{told:?}");
}

#[test]
fn bytes_that_are_no_text_are_unreadable() {
    let script = Script::new();
    script.repo.write("model/lists.toml", b"[list.served]\nvalues = ['\xff\xfe']\n".as_slice());
    script.commit("latin");
    script.write("lists.toml", &super::lists("'DE'", "'NL'"));
    script.commit("text");
    assert_eq!(
        script.since(),
        expected(&[
            ("text", &["list-value-removed list.served.values", "readable again model/lists.toml"]),
            ("latin", &["unreadable model/lists.toml"]),
        ])
    );
}

#[test]
fn a_file_that_never_could_be_read_is_new_when_it_can() {
    let script = Script::new();
    script.write("more.toml", "[list.more\n");
    script.commit("broken from the start");
    script.write("more.toml", "[list.more]\nvalues = ['x']\n");
    script.commit("mended");
    assert_eq!(
        script.since(),
        expected(&[
            ("mended", &["list-added list.more", "readable again model/more.toml"]),
            ("broken from the start", &["unreadable model/more.toml"]),
        ])
    );
}

#[test]
fn a_merge_of_an_unreadable_side_says_what_it_says_itself() {
    let script = Script::new();
    script.branch("side", "main");
    script.append("words.toml", "[definition.mql\n");
    script.commit("broken");
    script.switch("main");
    script.replace("words.toml", "200", "100");
    script.commit("softer");
    script.begin_merge("side");
    script.write("words.toml", &super::words(50));
    script.commit("mended in the merge");
    let told = script.since();
    assert_eq!(
        told[0],
        expected(&[(
            "mended in the merge",
            &["definition-broadened definition.mql.criteria.size"]
        )])[0]
    );
    assert_eq!(told.len(), 3);
    let steps = script.steps();
    assert!(steps[0].in_merge);
    let size = &steps[0].changes.changes[0];
    assert_eq!(size.before.as_ref().unwrap(), "employees >= 100");
}

#[test]
fn the_commands_say_so_in_words() {
    let script = Script::new();
    script.write("words.toml", "[definition.mql\n");
    script.commit("broken");
    script.write("words.toml", &super::words(100));
    script.commit("mended");
    let run = crate::cli::opmodel(script.repo.path(), &["log", "--full"]).exits(0);
    run.says("unreadable model/words.toml").says("readable again").says("employees >= 200");
}
