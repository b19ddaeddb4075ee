//! What pages say of who did what, of what waits, and of how to ask again, held against the commands.

use super::{DAY, START, built, demo, markup, qualified, run, text, words};
use crate::cli::opmodel;
use crate::repo::Repo;
use std::collections::BTreeMap;

#[test]
fn what_a_merge_brought_is_told_as_of_whoever_wrote_it() {
    let repo = Repo::new();
    repo.write("model/all.toml", qualified(60));
    repo.commit("the model", START);
    repo.git(&["checkout", "--quiet", "-b", "lower"]);
    repo.write("model/all.toml", qualified(50) + "[team.sales]\nname = \"Sales\"\n");
    repo.git(&["add", "--all"]);
    let by = "Elif Writer <elif@example.com>";
    repo.git_at(START + DAY, &["commit", "--quiet", "--author", by, "-m", "lower"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at(START + 4 * DAY, &["merge", "--quiet", "--no-ff", "lower", "-m", "Merge #7"]);
    let site = built(repo.path(), &repo.beside("out"), &[]);
    let definition = words(&site, "entity/definition.mql.html");
    let told = "Last changed 2026-01-02, Elif Writer (merged 2026-01-05 by Ada Author)";
    assert!(definition.contains(told), "{definition}");
    assert!(definition.contains("First recorded 2026-01-01, Ada Author"), "{definition}");
    assert!(definition.contains("Merge #7 by Elif Writer, merged by Ada Author"), "{definition}");
    assert!(definition.contains("written 2026-01-02 by Elif Writer"), "{definition}");
    let show = opmodel(repo.path(), &["show", "definition.mql"]).exits(0);
    show.says("2026-01-02").says("Elif Writer");
    let team = words(&site, "entity/team.sales.html");
    assert!(team.contains("Last changed 2026-01-02, Elif Writer (merged"), "{team}");
    for page in ["index.html", "timeline.html"] {
        let page = words(&site, page);
        assert!(page.contains("Merge #7 by Elif Writer, merged by Ada Author"), "{page}");
    }
    let as_of = words(&site, "as-of.html");
    assert!(as_of.contains("Merge #7 Elif Writer, merged by Ada Author"), "{as_of}");
}

#[test]
fn every_page_of_the_demonstration_says_who_changed_it_as_show_does() {
    let (_repo, folder, site) = demo();
    let pages = site.keys().filter(|path| path.starts_with("entity/") && markup::is_page(path));
    let mut compared = 0;
    for path in pages {
        let page = text(&site, path);
        let Some((_, rest)) = page.split_once("<a href=\"#versions\">") else { continue };
        let told = rest.split("</a>").next().unwrap();
        let Some((told, _)) = told.split_once(" (merged ") else { continue };
        let (day, author) = told.split_once(", ").unwrap();
        let address = page.split("data-address=\"").nth(1).unwrap().split('"').next().unwrap();
        opmodel(&folder, &["show", address]).exits(0).says(day).says(author);
        compared += 1;
    }
    assert!(compared > 3, "{compared}");
}

#[test]
fn an_exception_is_told_with_its_scope_and_not_as_approved_where_nobody_approved_it() {
    let (_repo, _folder, site) = demo();
    let page = words(&site, "entity/exception.keystone-budget.html");
    assert!(page.contains("Where Account name of its Account is Keystone Mills"), "{page}");
    assert!(page.contains("does not count until 2026-09-30."), "{page}");
    assert!(page.contains("It names Chief revenue officer as who approved that;"), "{page}");
    assert!(page.contains("calls it unapproved."), "{page}");
    assert!(!page.contains("as Chief revenue officer approved"), "{page}");
}

/// A proposal of the name of a branch.
fn propose(repo: &Repo, branch: &str, text: &str, at: i64) {
    repo.git(&["checkout", "--quiet", "-b", branch]);
    repo.write("model/all.toml", text);
    repo.commit(&format!("propose {branch}"), at);
    repo.git(&["checkout", "--quiet", "main"]);
}

#[test]
fn a_branch_that_cannot_be_merged_as_it_is_waits_and_says_so_first() {
    let repo = Repo::new();
    repo.write("model/all.toml", qualified(60));
    repo.commit("the model", START);
    propose(&repo, "unreadable", &(qualified(60) + "<<<<<<< HEAD\n"), START + DAY);
    let wrong = qualified(50) + "[team.sales]\nlead = \"role.nobody\"\n";
    propose(&repo, "wrong", &wrong, START + 2 * DAY);
    propose(&repo, "sound", &qualified(70), START + 3 * DAY);
    let site = built(repo.path(), &repo.beside("out"), &[]);
    let index = words(&site, "index.html");
    let card = |branch: &str| {
        let rest = index.split(&format!("branch {branch} by")).nth(1);
        let rest = rest.unwrap_or_else(|| panic!("no {branch} in {index}"));
        rest.split("proposed on the").next().unwrap().to_owned()
    };
    for branch in ["unreadable", "wrong"] {
        let review = opmodel(repo.path(), &["review", "main", "--head", branch]).exits(1);
        let first = review.out.lines().nth(1).unwrap().to_owned();
        assert!(first.starts_with("cannot be merged as it is"), "{first}");
        let told = card(branch);
        let (_, first) = first.split_at(1);
        assert!(told.contains(&format!("C{first}")), "{told}");
        assert!(!told.contains("Everybody who has to has agreed"), "{told}");
    }
    assert!(card("unreadable").contains("a merge conflict was left in the file"));
    assert!(card("wrong").contains("role.nobody"));
    assert!(!card("sound").contains("annot be merged"));
    assert!(card("sound").contains("Everybody who has to has agreed"));
}

/// The commands that stand on a page by themselves.
fn commands(page: &str) -> Vec<String> {
    let after = page.split("<pre").skip(1).filter_map(|rest| rest.split("</pre>").next());
    let after = after.filter_map(|rest| rest.split_once('>')).map(|(_, text)| text);
    after.filter(|it| it.starts_with("opmodel ")).map(|it| it.replace("&#39;", "'")).collect()
}

#[test]
fn commands_on_pages_name_the_folder_of_the_model_and_can_be_run() {
    let repo = Repo::new();
    repo.write("crm/it's/all.toml", qualified(60));
    repo.commit("the model", START);
    let out = repo.beside("out");
    run(repo.path(), &out, &["--model", "crm/it's"]).exits(0);
    let site = super::files(&out);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let site_again =
        format!(r"opmodel --model 'crm/it'\''s' site --out site --at {head} --as-of 2026-10-30");
    let found = commands(text(&site, "audit.html"));
    assert_eq!(found.first(), Some(&site_again));
    let evidence =
        format!(r"opmodel --model 'crm/it'\''s' audit --until 2026-10-30 --to evidence {head}");
    assert_eq!(found.get(1), Some(&evidence));
    let drift = commands(text(&site, "drift.html"));
    assert!(drift[0].starts_with(r"opmodel --model 'crm/it'\''s' drift --until"), "{drift:?}");
    let compare = words(&site, "compare.html");
    assert!(compare.contains(r"opmodel --model 'crm/it'\''s' diff FROM TO"), "{compare}");
}

#[test]
fn a_routing_page_names_the_command_that_traces_a_record() {
    let (_repo, folder, site) = demo();
    let page = words(&site, "entity/routing.inbound.html");
    let told = "opmodel trace RECORD --routing routing.inbound";
    assert!(page.contains(told), "{page}");
    let record = r#"{"country": "AT"}"#;
    let arguments = ["trace", record, "--routing", "routing.inbound"];
    opmodel(&folder, &arguments).exits(0).says("queue.dach");
}

#[test]
fn a_time_is_told_as_it_is_written_on_every_page() {
    let repo = Repo::new();
    let sla = "[object.lead]\n[field.lead.created]\ntype = \"datetime\"\n[field.lead.touched]\ntype = \"datetime\"\n\
               [sla.first]\nobject = \"lead\"\nstarts = \"created\"\nstops = \"touched\"\nwithin = \"24 hours\"\n";
    repo.write("model/all.toml", sla);
    repo.commit("the model", START);
    let site = built(repo.path(), &repo.beside("out"), &[]);
    for page in ["promises.html", "entity/sla.first.html"] {
        let page = words(&site, page);
        assert!(page.contains("24 hours") && !page.contains("1 day"), "{page}");
    }
}

/// The files whose bytes differ.
fn different<'f>(
    one: &'f BTreeMap<String, Vec<u8>>,
    other: &BTreeMap<String, Vec<u8>>,
) -> Vec<&'f str> {
    one.iter()
        .filter(|(path, bytes)| other.get(*path) != Some(*bytes))
        .map(|(it, _)| &**it)
        .collect()
}

#[test]
fn another_clone_gives_the_same_bytes_but_for_its_branches_and_tags() {
    let (repo, folder, site) = demo();
    let head = repo.git_in(&folder, &["rev-parse", "HEAD"]);
    let clone = repo.beside("clone");
    repo.git(&[
        "clone",
        "--quiet",
        "--no-tags",
        &folder.to_string_lossy(),
        &clone.to_string_lossy(),
    ]);
    // Whoever is called otherwise in this clone is so in this clone alone.
    repo.git_in(&clone, &["config", "mailmap.file", ".git/names"]);
    std::fs::write(clone.join(".git/names"), "Somebody Else <elif.sandowry@quarlwick.example>\n")
        .unwrap();
    let again = built(&clone, &repo.beside("again"), &["--at", &head]);
    let of_clone = |path: &&str| *path == "index.html" || path.starts_with("data/ends");
    let differs: Vec<&str> =
        different(&site, &again).into_iter().filter(|it| !of_clone(it)).collect();
    assert_eq!(differs, Vec::<&str>::new());
    let audit = words(&site, "audit.html");
    assert!(audit.contains("the same bytes but where branches and tags come in"), "{audit}");
}
