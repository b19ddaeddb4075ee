//! Files as people, editors and merges leave them.

use super::{T, model, opmodel};
use crate::repo::Repo;
#[cfg(unix)]
use std::os::unix::fs::symlink;

/// A repository with the small model committed, and one more file on disk.
fn with_file(name: &str, content: impl AsRef<[u8]>) -> Repo {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", T);
    repo.write(&format!("model/{name}"), content);
    repo
}

#[test]
fn line_ends_and_byte_order_marks_mean_nothing() {
    let repo = with_file("model.toml", format!("\u{feff}{}", model("4 hours")));
    opmodel(repo.path(), &["check"]).exits(0);
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(0);
    repo.write("model/model.toml", model("4 hours").replace('\n', "\r\n"));
    opmodel(repo.path(), &["check"]).exits(0);
    // A fault in the first line is told as it is without the mark, and where it is.
    for mark in ["", "\u{feff}"] {
        repo.write("model/é.toml", format!("{mark}[list.é]\n[list.a]\n"));
        let run =
            opmodel(repo.path(), &["check"]).exits(1).says("has letters other than `a` to `z`");
        run.says(&format!("é.toml:1:{}]", 1 + mark.chars().count())).hides("byte order mark");
    }
    repo.remove("model/é.toml");
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(0).says("written otherwise");
    repo.write("model/model.toml", model("5 hours").replace('\n', "\r\n"));
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(1).says("5 hours");
}

#[test]
fn what_is_not_utf8_is_pointed_at() {
    let repo = with_file("latin.toml", b"[list.a]\nvalues = ['caf\xe9']\n");
    opmodel(repo.path(), &["check"]).exits(1).says("UTF-8").says("latin.toml:2:");
    opmodel(repo.path(), &["diff", "--exit-code"]).exits(1).says("not readable in the head");
    repo.write("model/latin.toml", b"\xff\xfe[\x00a\x00]\x00");
    opmodel(repo.path(), &["check"]).exits(1).says("latin.toml");
}

#[test]
fn conflict_markers_do_not_hide_the_rest() {
    let text = "[list.a]\n<<<<<<< ours\nvalues = ['x']\n=======\nvalues = ['y']\n>>>>>>> theirs\n\n[list.b]\nvalues = 7\n";
    let repo = with_file("lists.toml", text);
    let run = opmodel(repo.path(), &["check"]).exits(1);
    run.says("conflict-markers").says("lists.toml:2:").says("lists.toml:9:");
}

#[test]
fn an_id_in_two_files_is_shown_in_both() {
    let repo = with_file("again.toml", "[sla.touch]\nobject = 'lead'\n");
    let run = opmodel(repo.path(), &["check"]).exits(1).says("`sla.touch` is declared twice");
    run.says("model/again.toml:1").says("model/model.toml:1");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let repo = with_file("a.toml", "[list.a]\nvalues = [1\n[sla.b]\nwithin = 'soon'\n");
    repo.write("model/b.toml", "[segment.c]\nobject = 'lead'\nwhen = 'craeted_at is set'\n");
    let run = opmodel(repo.path(), &["check"]).exits(1);
    run.says("a.toml:").says("b.toml:3:").says("did you mean `created_at`?");
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let repo = with_file("large.toml", vec![b'#'; (4 << 20) + 1]);
    opmodel(repo.path(), &["check"]).exits(1).says("large.toml").says("4194305 bytes");
    repo.commit("large", T);
    opmodel(repo.path(), &["check", "HEAD"]).exits(1).says("4194305 bytes");
    opmodel(repo.path(), &["log", "-n", "1"]).exits(0).says("unreadable");
}

#[test]
fn what_cannot_be_a_file_of_a_model_is_to_be_taken_out() {
    let deep = "d/".repeat(66) + "a.toml";
    let repo = with_file(&deep, "[list.a]\nvalues = ['x']\n");
    let run = opmodel(repo.path(), &["check"]).exits(1).says("folders are nested more than");
    run.says("or take it out of the model's folder").hides("permissions");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let repo = with_file("fine.toml", "");
    std::fs::create_dir(repo.beside("secret")).unwrap();
    std::fs::write(repo.beside("secret").join("s.toml"), "[list.secret]\nvalues = ['x']\n")
        .unwrap();
    symlink(repo.beside("secret").join("s.toml"), repo.path().join("model/link.toml")).unwrap();
    symlink(repo.beside("secret"), repo.path().join("model/folder")).unwrap();
    symlink("link.toml", repo.path().join("model/inside.toml")).unwrap();
    let run = opmodel(repo.path(), &["check"]).exits(1).hides("list.secret");
    run.says("model/link.toml").says("symbolic link").says("model/inside.toml");
    opmodel(repo.path(), &["show", "list.secret"]).exits(128);
    repo.commit("links", T + 1);
    let run = opmodel(repo.path(), &["check", "HEAD"]).exits(1).hides("list.secret");
    run.says("model/link.toml").says("symbolic link");
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD"]).exits(1).hides("list.secret");
}

#[cfg(unix)]
#[test]
fn a_model_folder_that_is_a_link_is_not_followed() {
    let repo = Repo::new();
    std::fs::create_dir(repo.beside("secret")).unwrap();
    std::fs::write(repo.beside("secret").join("s.toml"), model("1 hour")).unwrap();
    symlink(repo.beside("secret"), repo.path().join("model")).unwrap();
    opmodel(repo.path(), &["check"]).exits(1).hides("is valid");
}

// Elsewhere folders do not tell the two apart.
#[cfg(target_os = "linux")]
#[test]
fn names_that_differ_in_case_are_two_files() {
    let repo = with_file("Model.toml", "[list.a]\nvalues = ['x']\n");
    repo.commit("two", T + 1);
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--name-only"]).exits(0).says("list.a");
}
