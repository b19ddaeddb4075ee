//! Merges that take back what one side changed, with the commit that `blame` names for it.

use super::{Script, expected, told};
use opmodel::history::{BlameOptions, Tip, Workspace};
use opmodel::model::Pattern;

/// A definition of one criterion.
fn definition(id: &str, employees: u32) -> String {
    format!("[definition.{id}]\nobject = 'lead'\ncriteria.x = 'employees >= {employees}'\n\n")
}

/// Three definitions in one file and one in another, and a branch `side` at it.
fn apart() -> Script {
    let script = Script::new();
    let three = ["a", "b", "c"].map(|id| definition(id, 10)).concat();
    script.write("three.toml", &three);
    script.write("one.toml", &definition("d", 10));
    script.commit("four definitions");
    script.branch("side", "main");
    script
}

impl Script {
    fn sets(&self, file: &str, id: &str, from: u32, to: u32) {
        self.replace(file, &definition(id, from), &definition(id, to));
        self.commit(&format!("{id} {to}"));
    }

    /// A merge with what somebody made of it, file by file.
    fn merges(&self, files: &[(&str, &str)]) {
        self.begin_merge("side");
        for (file, text) in files {
            self.write(file, text);
        }
        self.commit("merge");
    }

    /// The subject of the commit that last changed what a property says, with all ways and some.
    fn blamed(&self, address: &str) -> String {
        let workspace = Workspace::find(self.repo.path(), None).expect("a workspace");
        let head = workspace.repository().expect("a repository").resolve("HEAD").expect("a tip");
        let addresses = vec![Pattern::new(address)];
        let options = BlameOptions { addresses, ..BlameOptions::default() };
        let blame = workspace.blame(&Tip::Commit(Box::new(head)), &options).expect("an answer");
        let unit = blame.units.iter().find(|it| it.unit.address.as_str() == address);
        let commit = unit.expect("a property").meaning.commit.expect("a commit");
        blame.commits[&commit].subject.clone()
    }
}

/// The first thing told, which is the merge where it says anything.
fn first(script: &Script) -> (String, Vec<String>) {
    told(&script.steps()).remove(0)
}

#[test]
fn a_file_put_back_beside_others_that_are_merged() {
    let script = apart();
    script.sets("three.toml", "b", 10, 20);
    script.switch("main");
    script.sets("one.toml", "d", 10, 30);
    script.merges(&[("one.toml", &definition("d", 10))]);
    let broader = "definition-broadened definition.d.criteria.x";
    assert_eq!(first(&script), expected(&[("merge", &[broader])])[0]);
    assert!(script.steps()[0].in_merge);
    assert_eq!(script.blamed("definition.d.criteria.x"), "merge");
    assert_eq!(script.blamed("definition.b.criteria.x"), "b 20");
    assert_eq!(script.blamed("definition.a.criteria.x"), "four definitions");
}

#[test]
fn one_of_several_changes_of_a_file_is_dropped() {
    let script = apart();
    script.sets("three.toml", "b", 10, 20);
    script.sets("three.toml", "c", 10, 20);
    script.switch("main");
    script.sets("three.toml", "a", 10, 30);
    let merged = [("a", 30), ("b", 20), ("c", 10)].map(|(id, x)| definition(id, x)).concat();
    script.merges(&[("three.toml", &merged)]);
    let broader = "definition-broadened definition.c.criteria.x";
    assert_eq!(first(&script), expected(&[("merge", &[broader])])[0]);
    assert_eq!(script.blamed("definition.c.criteria.x"), "merge");
    assert_eq!(script.blamed("definition.a.criteria.x"), "a 30");
    assert_eq!(script.blamed("definition.b.criteria.x"), "b 20");
}

#[test]
fn what_both_changed_is_decided_and_what_one_changed_beside_it_is_dropped() {
    let script = apart();
    script.sets("three.toml", "a", 10, 20);
    script.sets("three.toml", "c", 10, 20);
    script.switch("main");
    script.sets("three.toml", "a", 10, 30);
    // Somebody solves the conflict by taking the whole file of one side.
    let ours = [("a", 30), ("b", 10), ("c", 10)].map(|(id, x)| definition(id, x)).concat();
    script.merges(&[("three.toml", &ours)]);
    let broader = "definition-broadened definition.c.criteria.x";
    assert_eq!(first(&script), expected(&[("merge", &[broader])])[0]);
    assert_eq!(script.blamed("definition.a.criteria.x"), "a 30");
    assert_eq!(script.blamed("definition.c.criteria.x"), "merge");
}

#[test]
fn what_one_side_renamed_and_the_other_changed_is_merged_or_dropped() {
    for keeps in [true, false] {
        let script = apart();
        script.sets("one.toml", "d", 10, 20);
        script.switch("main");
        let renamed = |employees| {
            let text = definition("e", employees);
            format!("{}formerly = ['d']\n", text.trim_end_matches('\n').to_owned() + "\n")
        };
        script.write("one.toml", &renamed(10));
        script.commit("another name");
        script.merges(&[("one.toml", &renamed(if keeps { 20 } else { 10 }))]);
        let address = "definition.e.criteria.x";
        if keeps {
            assert_ne!(first(&script).0, "merge", "{:?}", script.since());
            assert_eq!(script.blamed(address), "d 20");
        } else {
            let broader = format!("definition-broadened {address}");
            assert_eq!(first(&script), expected(&[("merge", &[&broader])])[0]);
            assert_eq!(script.blamed(address), "merge");
        }
    }
}

#[test]
fn an_octopus_that_refuses_all_branches_takes_back_what_they_changed() {
    let script = apart();
    script.sets("three.toml", "b", 10, 20);
    script.branch("other", "main");
    script.sets("one.toml", "d", 10, 20);
    script.switch("main");
    script.sets("three.toml", "a", 10, 30);
    script.git(&["merge", "--quiet", "-s", "ours", "-m", "merge", "side", "other"]);
    let back = [
        "definition-broadened definition.b.criteria.x",
        "definition-broadened definition.d.criteria.x",
    ];
    assert_eq!(first(&script), expected(&[("merge", &back)])[0]);
    assert_eq!(script.blamed("definition.b.criteria.x"), "merge");
    assert_eq!(script.blamed("definition.a.criteria.x"), "a 30");
}

#[test]
fn what_one_side_reverts_itself_is_not_taken_back_by_the_merge() {
    let script = apart();
    script.sets("three.toml", "b", 10, 20);
    script.git(&["revert", "--no-edit", "HEAD"]);
    script.switch("main");
    script.sets("three.toml", "a", 10, 30);
    script.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "side"]);
    assert_ne!(first(&script).0, "merge", "{:?}", script.since());
    // The main line never said anything else.
    assert_eq!(script.blamed("definition.b.criteria.x"), "four definitions");
}
