//! The model's folder and its files: gone for a while, renamed, links, and texts of other forms.

use super::{Script, expected};
use std::fs;

#[test]
fn a_model_that_is_gone_for_a_while_went_and_came_back() {
    let script = Script::new();
    let model = script.repo.path().join("model");
    fs::rename(&model, script.repo.beside("kept")).unwrap();
    script.commit("no model");
    script.repo.write("README.md", "Nothing here.");
    script.commit("a readme");
    fs::rename(script.repo.beside("kept"), &model).unwrap();
    script.commit("back");
    let told = script.told();
    assert_eq!(
        told.iter().map(|(subject, _)| subject.as_str()).collect::<Vec<_>>(),
        ["back", "no model", "the model"]
    );
    assert_eq!(told[0].1, told[2].1, "all of it is new again");
    assert_eq!(told[1].1.len(), told[2].1.len());
    assert!(told[1].1.iter().all(|line| line.contains("-removed ")), "{told:?}");
}

#[test]
fn a_folder_of_another_name_is_another_model() {
    let script = Script::new();
    script.repo.git(&["mv", "model", "gtm"]);
    script.commit("renamed folder");
    let told = script.told();
    assert_eq!(told[0].0, "renamed folder");
    assert!(told[0].1.iter().all(|line| line.contains("-removed ")));
    let run = crate::cli::opmodel(script.repo.path(), &["log", "--full", "--model", "gtm"]);
    run.exits(0).says("renamed folder").hides("the model");
}

#[test]
fn a_file_where_the_folder_should_be_is_no_model() {
    let script = Script::new();
    fs::remove_dir_all(script.repo.path().join("model")).unwrap();
    script.repo.write("model", "a file");
    script.commit("a file");
    script.repo.remove("model");
    script.write("words.toml", &super::words(100));
    script.commit("a folder");
    let told = script.told();
    assert_eq!(
        told[0],
        expected(&[(
            "a folder",
            &["definition-added definition.mql", "definition-added definition.sql"]
        )])[0]
    );
    assert_eq!(told[1].0, "a file");
    assert_eq!(told.len(), 3);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let script = Script::new();
    let place = script.repo.path().join("model/lists.toml");
    fs::remove_file(&place).unwrap();
    script.repo.write("elsewhere.toml", super::lists("'US'", "'US'"));
    std::os::unix::fs::symlink("../elsewhere.toml", &place).unwrap();
    script.commit("a link");
    fs::remove_file(&place).unwrap();
    script.write("lists.toml", &super::lists("'DE'", "'NL'"));
    script.commit("a file again");
    let told = script.since();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1].0, "a link");
    assert!(told.iter().all(|(_, lines)| !lines.is_empty()), "{told:?}");
}

#[test]
fn line_ends_and_marks_at_the_beginning_are_form() {
    let script = Script::new();
    let unix = script.read("words.toml");
    script.write("words.toml", &unix.replace('\n', "\r\n"));
    script.commit("CRLF");
    script.write("words.toml", &format!("\u{feff}{unix}"));
    script.commit("BOM");
    script.write("words.toml", &unix.replace("200", "100").replace('\n', "\r\n"));
    script.commit("CRLF and softer");
    let rewritten: &[&str] = &["file-rewritten model/words.toml"];
    assert_eq!(
        script.since(),
        expected(&[
            ("CRLF and softer", &["definition-broadened definition.mql.criteria.size"]),
            ("BOM", rewritten),
            ("CRLF", rewritten),
        ])
    );
}

#[test]
fn other_versions_of_the_format_are_compared_as_far_as_they_go() {
    let script = Script::new();
    let root =
        |format: &str| format!("[model]\nformat = {format}\ncurrency = 'EUR'\n\n[object.lead]\n");
    for (format, value) in [("0", 150), ("99", 120), ("'new'", 110), ("1", 100)] {
        script.write("model.toml", &root(format));
        script.write("words.toml", &super::words(value));
        script.commit(format);
    }
    let told = script.since();
    assert_eq!(told.len(), 4);
    for (format, lines) in told {
        let softer = "definition-broadened definition.mql.criteria.size".to_owned();
        assert!(lines.contains(&softer), "{format}: {lines:?}");
        assert!(lines.iter().any(|line| line.ends_with("model.format")), "{format}: {lines:?}");
    }
}

#[test]
fn what_the_tool_does_not_know_is_compared_by_form() {
    let script = Script::new();
    script
        .write("gizmos.toml", "[gizmo.one]\nspin = 1\nlabel = 'a'\n[gizmo.one.deep]\nx = [1, 2]\n");
    script.append("words.toml", "mood = 'good'\n");
    script.commit("unknown");
    script.write("gizmos.toml", "[gizmo.one]\nlabel = \"a\"\nspin = 1\ndeep = { x = [ 1, 2 ] }\n");
    script.commit("the same");
    script
        .write("gizmos.toml", "[gizmo.one]\nspin = 2\nlabel = 'a'\n[gizmo.one.deep]\nx = [1, 3]\n");
    script.replace("words.toml", "'good'", "'bad'");
    script.commit("another");
    script.repo.remove("model/gizmos.toml");
    script.commit("gone");
    assert_eq!(
        script.since(),
        expected(&[
            ("gone", &["entity-removed gizmo.one"]),
            (
                "another",
                &[
                    "unknown-property-changed definition.sql.mood",
                    "unknown-property-changed gizmo.one.deep",
                    "unknown-property-changed gizmo.one.spin",
                ]
            ),
            ("the same", &["file-rewritten model/gizmos.toml"]),
            ("unknown", &["entity-added gizmo.one", "unknown-property-set definition.sql.mood"]),
        ])
    );
}

#[test]
fn of_two_files_with_one_id_the_first_counts_and_nothing_panics() {
    let script = Script::new();
    script.write("zz.toml", "[list.served]\nvalues = ['US']\n");
    script.commit("doubled behind");
    script.repo.remove("model/zz.toml");
    script.write("aa.toml", "[list.served]\nvalues = ['US']\n");
    script.replace("words.toml", "200", "100");
    script.commit("doubled before");
    script.repo.remove("model/aa.toml");
    script.replace("words.toml", "100", "50");
    script.commit("once");
    let told = script.since();
    assert_eq!(told.len(), 3, "{told:?}");
    let softer = "definition-broadened definition.mql.criteria.size".to_owned();
    assert!(told[0].1.contains(&softer) && told[1].1.contains(&softer));
}
