//! The folder of a site: nothing else is written over, and nothing else goes.

use super::{built, files, run};
use crate::repo::Repo;

fn model(teams: &[&str]) -> String {
    let each = teams.iter().map(|team| format!("[team.{team}]\nname = \"Team {team}\"\n"));
    each.collect::<Vec<_>>().concat()
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let repo = Repo::new();
    repo.write("model/a.toml", model(&["a"]));
    repo.commit("the model", 1_700_000_000);
    let out = repo.beside("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("index.html"), "mine").unwrap();
    run(repo.path(), &out, &[]).exits(128).complains("is not empty, and what is in it is no site");
    // A list that somebody else wrote is not ours.
    std::fs::write(out.join("site.manifest"), "index.html\n").unwrap();
    run(repo.path(), &out, &[]).exits(128).complains("what is in it is no site");
    std::fs::write(out.join("site.manifest"), b"\xff\xfe").unwrap();
    run(repo.path(), &out, &[]).exits(128).complains("what is in it is no site");
    assert_eq!(std::fs::read(out.join("index.html")).unwrap(), b"mine");
    let file = out.join("index.html");
    run(repo.path(), &file, &[]).exits(128).complains("is not a folder");
    run(repo.path(), repo.path(), &[]).exits(128).complains("is no site");
}

#[test]
fn what_is_gone_from_the_model_goes_from_the_site_and_nothing_else_does() {
    let repo = Repo::new();
    repo.write("model/a.toml", model(&["a", "b"]));
    let out = repo.beside("out");
    let first = built(repo.path(), &out, &[]);
    assert!(first.contains_key("entity/team.b.html"));
    std::fs::write(out.join("mine.txt"), "mine").unwrap();
    std::fs::write(out.join("entity/mine.html"), "mine").unwrap();
    std::fs::write(repo.beside("outside"), "mine").unwrap();
    // A list that names what is outside of the folder is not followed there.
    let list = out.join("site.manifest");
    let text = std::fs::read_to_string(&list).unwrap();
    let outside = repo.beside("outside");
    std::fs::write(
        &list,
        format!("{text}../outside\n{}\nmodel/../../outside\n", outside.display()),
    )
    .unwrap();
    repo.write("model/a.toml", model(&["a"]));
    let second = built(repo.path(), &out, &[]);
    assert!(!second.contains_key("entity/team.b.html"), "{:?}", second.keys());
    assert_eq!(second["mine.txt"], b"mine");
    assert_eq!(second["entity/mine.html"], b"mine");
    assert_eq!(std::fs::read(outside).unwrap(), b"mine");
    let list = String::from_utf8(second["site.manifest"].clone()).unwrap();
    assert!(!list.contains("mine") && !list.contains("outside"), "{list}");
    let listed = list.lines().skip(1).count();
    assert_eq!(listed + 3, files(&out).len());
}

#[test]
fn what_somebody_put_where_a_page_will_be_is_not_lost() {
    let repo = Repo::new();
    repo.write("model/a.toml", model(&["a"]));
    let out = repo.beside("out");
    let before = built(repo.path(), &out, &[]);
    std::fs::write(out.join("entity/team.c.html"), "mine").unwrap();
    repo.write("model/a.toml", model(&["a", "c"]));
    run(repo.path(), &out, &[])
        .exits(128)
        .complains("`entity/team.c.html` is there already, and the site has a file of that name");
    let mut after = files(&out);
    assert_eq!(after.remove("entity/team.c.html").as_deref(), Some(&b"mine"[..]));
    assert_eq!(after, before);
    std::fs::remove_file(out.join("entity/team.c.html")).unwrap();
    assert!(built(repo.path(), &out, &[]).contains_key("entity/team.c.html"));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_leads_nowhere() {
    let repo = Repo::new();
    repo.write("model/a.toml", model(&["a", "b"]));
    let out = repo.beside("out");
    built(repo.path(), &out, &[]);
    // Somebody put a link in place of a folder of the site.
    let elsewhere = repo.beside("elsewhere");
    std::fs::rename(out.join("entity"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, out.join("entity")).unwrap();
    repo.write("model/a.toml", model(&["a"]));
    run(repo.path(), &out, &[]).exits(128).complains("is a link");
    assert!(elsewhere.join("team.b.html").is_file());
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_page_is_not_written_through() {
    let repo = Repo::new();
    repo.write("model/a.toml", model(&["a"]));
    let out = repo.beside("out");
    built(repo.path(), &out, &[]);
    let elsewhere = repo.beside("elsewhere");
    std::fs::write(&elsewhere, "mine").unwrap();
    for page in ["index.html", "assets/site.css", "site.manifest"] {
        let kept = std::fs::read(out.join(page)).unwrap();
        std::fs::remove_file(out.join(page)).unwrap();
        std::fs::write(&elsewhere, &kept).unwrap();
        std::os::unix::fs::symlink(&elsewhere, out.join(page)).unwrap();
        repo.write("model/a.toml", model(&["a", "b"]));
        let told = format!("{page}` is a link, and the site has a file there");
        run(repo.path(), &out, &[]).exits(128).complains(&told);
        assert_eq!(std::fs::read(&elsewhere).unwrap(), kept, "{page}");
        std::fs::remove_file(out.join(page)).unwrap();
        std::fs::write(out.join(page), &kept).unwrap();
    }
    run(repo.path(), &out, &[]).exits(0);
}

#[test]
fn a_model_that_is_not_committed_is_not_called_missing() {
    let repo = Repo::new();
    repo.write("notes.txt", "something else");
    repo.commit("notes", 1_700_000_000);
    let out = repo.beside("out");
    run(repo.path(), &out, &[]).exits(128).complains("make a starter with `opmodel init`");
    repo.write("model/a.toml", model(&["a"]));
    run(repo.path(), &out, &[])
        .exits(128)
        .complains("the model in `model` is not committed yet")
        .complains("`git add model`");
    repo.commit("the model", 1_700_000_100);
    built(repo.path(), &out, &[]);
    // Of an earlier revision it is said what is there.
    let run = run(repo.path(), &out, &["--at", "HEAD~1"]).exits(128);
    assert!(!run.err.contains("not committed"), "{}", run.err);
}
