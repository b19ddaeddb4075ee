//! Clocks that were wrong: what came first is what the parents say, whatever the dates do.

use super::{DAY, Script, T, expected};

#[test]
fn a_child_dated_before_its_parent_comes_first_all_the_same() {
    let script = Script::new();
    script.replace("words.toml", "200", "150");
    script.commit("softer");
    script.replace("words.toml", "150", "100");
    script.repo.commit("softer still, long ago", T - 900 * DAY);
    script.replace("words.toml", "100", "300");
    script.commit("tighter");
    let names: Vec<String> = script.told().into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(names, ["tighter", "softer still, long ago", "softer", "the model"]);
    assert_eq!(script.told(), script.first_parents());
}

#[test]
fn a_branch_with_a_wrong_clock_came_by_its_merge() {
    for years in [-9, 9] {
        let script = Script::new();
        script.branch("side", "main");
        script.write("side.toml", "[list.side]\nvalues = ['x']\n");
        script.repo.commit("side", T + years * 365 * DAY);
        script.append("side.toml", "[list.more]\nvalues = ['x']\n");
        script.repo.commit("more", T - years * 365 * DAY);
        script.switch("main");
        script.replace("words.toml", "200", "150");
        script.commit("softer");
        script.merge("both", &["side"]);
        script.replace("words.toml", "150", "100");
        script.commit("softer still");
        let by = |name: &str| (name.to_owned(), "both".to_owned());
        assert_eq!(script.brought(), [by("more"), by("side")], "{years}");
        assert_eq!(script.told().len(), 5);
    }
}

#[test]
fn a_main_line_with_a_wrong_clock_is_the_main_line() {
    let script = Script::new();
    script.branch("side", "main");
    for at in 0..70 {
        script.write("side.toml", &format!("[list.side]\nvalues = ['{at}']\n"));
        script.repo.commit(&format!("side {at}"), T + (100 + at) * DAY);
    }
    script.switch("main");
    for at in 0..3 {
        script.write("main.toml", &format!("[list.main]\nvalues = ['{at}']\n"));
        script.repo.commit(&format!("main {at}"), T - (100 - at) * DAY);
    }
    script.repo.git_at(T - 50 * DAY, &["merge", "--quiet", "--no-ff", "-m", "both", "side"]);
    assert_eq!(script.brought().len(), 70);
    assert!(
        script.brought().iter().all(|(subject, by)| subject.starts_with("side") && by == "both")
    );
    let line: Vec<String> =
        script.first_parents().into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(line, ["both", "main 2", "main 1", "main 0", "the model"]);
}

#[test]
fn dates_beyond_all_calendars_are_no_end_of_the_walk() {
    let script = Script::new();
    script.replace("words.toml", "200", "150");
    script.repo.git(&["add", "--all"]);
    let tree = script.repo.git(&["write-tree"]);
    let parent = script.repo.git(&["rev-parse", "HEAD"]);
    for (at, seconds) in ["-1", "99999999999999", "9223372036854775807", "0"].iter().enumerate() {
        let who = format!("Ada Author <ada@example.com> {seconds} +9999");
        let text = format!(
            "tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nfar off {at}\n"
        );
        script.repo.write("../commit", &text);
        let id =
            script.repo.git(&["hash-object", "-t", "commit", "--literally", "-w", "../commit"]);
        script.repo.git(&["update-ref", "refs/heads/main", &id]);
        let told = script.since();
        assert_eq!(told.len(), 1, "{seconds}");
        assert!(told[0].1[0].ends_with("definition.mql.criteria.size"), "{told:?}");
        let run = crate::cli::opmodel(script.repo.path(), &["log", "--full", "--no-cache"]);
        run.exits(0).says("far off");
    }
}

#[test]
fn commits_that_touch_nothing_of_the_model_are_passed_over() {
    let script = Script::new();
    script.commit("empty");
    script.repo.write("src/code.py", "print()");
    script.repo.write("model/notes.md", "# Not a model file");
    script.repo.write("model/.hidden/x.toml", "[list.x]\nvalues = []\n");
    script.commit("elsewhere");
    script.replace("lists.toml", "'NL'", "'BE'");
    script.commit("a list");
    assert_eq!(
        script.told().into_iter().map(|(subject, _)| subject).collect::<Vec<_>>(),
        ["a list", "the model"]
    );
    assert_eq!(
        script.since(),
        expected(&[(
            "a list",
            &["list-value-added list.other.values", "list-value-removed list.other.values"]
        )])
    );
}
