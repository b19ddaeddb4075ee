//! Approvals in real repositories: who must agree, who has, and what ends an approval.

use super::{DAY, Run, T, opmodel};
use crate::repo::Repo;
use serde_json::{Value, json};

const RIGHTS: &str = r#"
[role.cro]
name = "Chief revenue officer"
[[role.cro.holder]]
id = "ann-lee"
name = "Ann Lee"
email = "ann.lee@example.com"
login = "annlee"

[role.sales]
name = "Head of sales"
[[role.sales.holder]]
id = "bo-chen"
name = "Bo Chen"
email = "bo.chen@example.com"
login = "bochen"

[decision.default]
approve = ["role.cro"]
separation_of_duties = true

[decision.promises]
covers = ["sla.*"]
approve = ["role.cro", "role.sales"]
separation_of_duties = true
"#;

fn model(touch: &str) -> String {
    format!("{}{RIGHTS}", super::model(touch))
}

/// A main branch, and a proposal that makes the promise longer.
fn proposal() -> Repo {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    repo.write("model/model.toml", model("6 hours"));
    repo.commit("more time", T + DAY);
    repo
}

fn approvals(repo: &Repo, more: &[&str]) -> Run {
    let mut arguments = vec!["approvals", "--as-of", "2026-06-30"];
    arguments.extend(more);
    opmodel(repo.path(), &arguments)
}

fn data(repo: &Repo, more: &[&str]) -> Value {
    approvals(repo, &[&["--format", "json"], more].concat()).json()
}

/// The fingerprint of the only change.
fn fingerprint(repo: &Repo) -> String {
    let data = data(repo, &[]);
    assert_eq!(data["changes"].as_array().map(Vec::len), Some(1), "{data:#}");
    data["changes"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned()
}

fn reviews(repo: &Repo, said: &[(&str, &str, &str)]) {
    let review = |(at, (login, state, commit)): (usize, &(&str, &str, &str))| {
        json!({ "id": at, "user": { "login": login }, "state": state, "commit_id": commit,
            "submitted_at": format!("2026-06-30T{:02}:00:00Z", at + 1), "body": "", "_links": {} })
    };
    let all: Vec<Value> = said.iter().enumerate().map(review).collect();
    std::fs::write(repo.beside("reviews.json"), Value::from(all).to_string()).expect("a file");
}

fn with_reviews(repo: &Repo) -> Run {
    let file = repo.beside("reviews.json");
    approvals(repo, &["--approvals", file.to_str().expect("a path")])
}

#[test]
fn a_proposal_says_whom_it_needs() {
    let repo = proposal();
    approvals(&repo, &[])
        .exits(3)
        .says("1 change asks for approval; 0 of 1 decision right met")
        .says("Chief revenue officer: not signed; Ann Lee can")
        .says("Head of sales: not signed; Bo Chen can")
        .says("sla.touch.within");
    let range = data(&repo, &["main...proposal"]);
    assert_eq!(range["met"], false);
    assert_eq!(range["requirements"][0]["right"], "decision.promises");
    assert_eq!(range, {
        let mut same = data(&repo, &["main...HEAD"]);
        same["base"]["rev"] = range["base"]["rev"].clone();
        same
    });
    repo.git(&["checkout", "--quiet", "main"]);
    approvals(&repo, &[]).exits(0).says("nothing is proposed");
    approvals(&repo, &["proposal"]).exits(3).says("decision.promises");
    approvals(&repo, &["proposal~1..proposal"]).exits(3);
}

#[test]
fn what_was_compared_is_said() {
    let repo = proposal();
    let short = |name: &str| repo.git(&["rev-parse", name])[..10].to_owned();
    let (main, tip) = (short("main"), short("HEAD"));
    for (spec, head, base) in [
        (None, "HEAD", "main"),
        (Some("proposal"), "proposal", "main"),
        (Some("main...proposal"), "proposal", "main"),
        (Some("main..HEAD"), "HEAD", "main"),
        (Some("proposal^!"), "proposal^!", main.as_str()),
        (Some("main..."), "HEAD", "main"),
    ] {
        let said = format!("approvals of `{head}` ({tip}) for `{base}` ({main})");
        approvals(&repo, spec.as_slice()).exits(3).says(&said);
    }
    // The base where the proposal is asked for: nothing is missing, and nothing was asked.
    approvals(&repo, &["main"])
        .exits(0)
        .says("`main` has all that `main` has: nothing is proposed")
        .complains("what `HEAD` proposes for it is `opmodel approvals main...HEAD`");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "proposal"]);
    let merged = approvals(&repo, &["proposal"]).exits(0).says("nothing is proposed");
    assert_eq!(merged.err, "");
}

#[test]
fn approvals_are_written_down_and_count_when_committed() {
    let repo = proposal();
    let change = fingerprint(&repo);
    let approve = |role: &str, by: &str| {
        let arguments = ["approve", &change, "--as", role, "--by", by, "--on", "2026-06-30"];
        opmodel(repo.path(), &arguments)
    };
    approve("role.cro", "annlee@nowhere").exits(0).complains("nobody called annlee@nowhere");
    repo.git(&["clean", "--quiet", "--force", "-d"]);
    approve("role.cro", "@AnnLee")
        .exits(0)
        .says("wrote 1 approval as role.cro by Ann Lee <ann.lee@example.com> to approvals/2026-06-30-cro-")
        .says("commit the file");
    approve("cro", "Ann Lee").exits(0).says("nothing was added");
    approvals(&repo, &[])
        .exits(3)
        .says("Ann Lee can")
        .complains("not committed yet, and so it does not count: `approvals/2026-06-30-cro-");
    repo.commit("Ann approves", T + 2 * DAY);
    approvals(&repo, &[]).exits(3).says("signed by Ann Lee, entry in approvals/2026-06-30-cro-");
    // On another branch, at the same time.
    repo.git(&["checkout", "--quiet", "-b", "other", "HEAD~1"]);
    approve("sales", "bo-chen").exits(0);
    repo.commit("Bo approves", T + 2 * DAY);
    repo.git(&["checkout", "--quiet", "proposal"]);
    repo.git(&["merge", "--quiet", "--no-edit", "other"]);
    approvals(&repo, &[]).exits(0).says("nothing is missing");
    opmodel(repo.path(), &["check"]).exits(0);
    // Reformatting and a rebase keep them, another meaning does not.
    repo.write("model/model.toml", format!("# a comment\n{}", model("6 hours")));
    repo.commit("a comment", T + 3 * DAY);
    approvals(&repo, &[]).exits(0);
    repo.write("model/model.toml", model("8 hours"));
    repo.commit("even more time", T + 4 * DAY);
    approvals(&repo, &[])
        .exits(3)
        .says("does not count")
        .says("asks for approval has this fingerprint");
}

#[test]
fn days_on_which_an_approval_says_less_than_it_seems_are_pointed_out() {
    let repo = proposal();
    let change = fingerprint(&repo);
    let left =
        model("6 hours").replace("login = \"bochen\"", "login = \"bochen\"\nleft = 2026-03-31");
    repo.write("model/model.toml", left);
    let approve = |role: &str, by: &str, on: &str| {
        let words = ["approve", &change, "--as", role, "--by", by, "--on", on];
        opmodel(repo.path(), &words).exits(0)
    };
    approve("cro", "annlee", "2999-01-01")
        .complains("2999-01-01 is still to come; the approval counts from the commit on");
    approve("sales", "bochen", "2026-06-30")
        .complains("Bo Chen does not hold `role.sales` on that day");
    approve("sales", "bochen", "2026-03-01")
        .complains("Bo Chen left on 2026-03-31, for `role.sales`")
        .complains("does not count today");
    let run = approve("cro", "annlee", "2026-03-02");
    assert!(!run.err.contains("Ann Lee") && !run.err.contains("to come"), "{}", run.err);
}

#[test]
fn who_works_here_approves_where_nobody_is_named() {
    let repo = proposal();
    let change = fingerprint(&repo);
    let approve = ["approve", &change, "--as", "cro"];
    opmodel(repo.path(), &approve).exits(2).complains("Git has no `user.name` here");
    repo.git(&["config", "user.name", "A. Lee"]);
    repo.git(&["config", "user.email", "ann.lee@example.com"]);
    opmodel(repo.path(), &approve).exits(0).says("by Ann Lee <ann.lee@example.com>");
    let written = std::fs::read_dir(repo.path().join("approvals")).expect("a folder");
    let files: Vec<_> = written.map(|file| file.expect("a file").path()).collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(&files[0]).expect("its text");
    assert!(text.contains("summary = \"loosening sla.touch.within"), "{text}");
}

#[test]
fn what_was_signed_merged_and_taken_back_is_signed_again() {
    let repo = proposal();
    let mut at = T + DAY;
    let mut turn = |touch: &str| {
        at += DAY;
        repo.write("model/model.toml", model(touch));
        repo.commit("other time", at);
        let change = fingerprint(&repo);
        for (role, by) in [("cro", "annlee"), ("sales", "bochen")] {
            let approve = ["approve", &change, "--as", role, "--by", by, "--on", "2026-06-30"];
            opmodel(repo.path(), &approve).exits(0).says("wrote 1 approval");
            opmodel(repo.path(), &approve).exits(0).says("nothing was added");
        }
        at += DAY;
        repo.commit("signed", at);
        approvals(&repo, &[]).exits(0);
        repo.git(&["branch", "--force", "main"]);
    };
    turn("6 hours");
    turn("4 hours");
    turn("6 hours");
    let files = std::fs::read_dir(repo.path().join("approvals")).expect("a folder");
    assert_eq!(files.count(), 6);
}

#[test]
fn a_role_that_the_proposal_renames_signs_as_the_base_calls_it() {
    let repo = proposal();
    let text = model("6 hours").replace("role.cro", "role.chief");
    let text = text.replace("[role.chief]", "[role.chief]\nformerly = [\"cro\"]");
    repo.write("model/model.toml", text);
    repo.commit("another name", T + 2 * DAY);
    let changes = data(&repo, &[]);
    let changes = changes["changes"].as_array().expect("changes").iter();
    let all: Vec<&str> =
        changes.map(|change| change["fingerprint"].as_str().expect("a text")).collect();
    let approve = |role: &str| {
        let by = ["--as", role, "--by", "annlee"];
        opmodel(repo.path(), &[&["approve"], all.as_slice(), &by].concat())
    };
    approve("role.cto").exits(2).complains("there is no `role.cto` in the model on disk");
    approve("role.cro").exits(0).says("as role.cro by Ann Lee");
    repo.commit("signed", T + 3 * DAY);
    approvals(&repo, &[]).says("signed by Ann Lee");
}

#[test]
fn of_a_file_that_counts_in_part_the_rest_is_said_once() {
    let fields = "[field.lead.size]\ntype = \"KIND\"\n[field.lead.need]\ntype = \"KIND\"\n";
    let with =
        |touch: &str, kind: &str| format!("{}{}", model(touch), fields.replace("KIND", kind));
    let repo = Repo::new();
    repo.write("model/model.toml", with("4 hours", "integer"));
    repo.commit("the model", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    repo.write("model/model.toml", with("6 hours", "text"));
    repo.commit("more time\n\nCo-authored-by: Ann Lee <ann.lee@example.com>", T + DAY);
    let found = data(&repo, &[]);
    let changes = found["changes"].as_array().expect("changes");
    let all: Vec<&str> =
        changes.iter().map(|change| change["fingerprint"].as_str().expect("a text")).collect();
    assert_eq!(all.len(), 3, "{found:#}");
    let approve = |role: &str, by: &str| {
        let role = ["--as", role, "--by", by];
        opmodel(repo.path(), &[&["approve"], all.as_slice(), &role].concat()).exits(0)
    };
    // What will not count is said before anybody relies on it.
    let words = "as things are, for 2 of the 3 changes it will not count: no decision right asks for `role.sales` there";
    approve("sales", "bochen").complains(words);
    approve("cro", "annlee")
        .complains("for 1 of the 3 changes it will not count: whoever wrote a part of the proposal")
        .complains(
            "for 2 of the 3 changes it will not count: whoever wrote a part of the proposal",
        );
    repo.git(&["clean", "--quiet", "--force", "-d"]);
    approve("sales", "bochen");
    repo.commit("Bo approves", T + 2 * DAY);
    let why = ", for 2 of 3 changes";
    for command in ["approvals", "review"] {
        let run = opmodel(repo.path(), &[command, "--as-of", "2026-06-30"]).exits(3);
        let said = run.unbroken();
        assert!(said.contains(why) && said.contains("asks for `role.sales` there"), "{said}");
        assert_eq!(said.matches("does not count").count(), 1, "{said}");
    }
    let review = opmodel(repo.path(), &["review", "--as-of", "2026-06-30", "--format", "json"]);
    let review = review.exits(3).json();
    let told = review["approvals"]["not_counted"].as_array().expect("lines");
    assert_eq!(told.len(), 1, "{told:#?}");
    let rows = data(&repo, &[])["not_counted"].clone();
    let promise = changes.iter().find(|change| change["address"] == "sla.touch.within");
    let promise = &promise.expect("the promise")["fingerprint"];
    assert_eq!(rows.as_array().map(Vec::len), Some(2), "{rows:#}");
    for row in rows.as_array().expect("rows") {
        assert!(row["changes"].as_array().is_some_and(|of| of.len() == 1), "{row:#}");
        assert_ne!(&row["changes"][0], promise);
    }
}

#[test]
fn nonsense_is_refused_with_what_to_do() {
    let repo = proposal();
    let change = fingerprint(&repo);
    let refused = |arguments: &[&str]| opmodel(repo.path(), &[&["approve"], arguments].concat());
    refused(&["om1:12", "--as", "cro"]).exits(2).complains("`om1:12` is not a fingerprint");
    let upper = change.to_uppercase();
    refused(&[&upper, "--as", "cro"]).exits(2).complains(&format!("did you mean `{change}`?"));
    refused(&[&change, "--as", "slaes"]).exits(2).complains("did you mean `role.sales`?");
    refused(&[&change, "--as", ""]).exits(2).complains("no role stands behind `--as`");
    refused(&[&change, "--as", "cro", "--by", " "]).exits(2).complains("`--by` names nobody");
    refused(&[&change, "--as", "cro", "--by", "x", "--on", "soon"]).exits(2);
    refused(&[&change]).exits(2).complains("--as");
    refused(&["--as", "cro"]).exits(2).complains("FINGERPRINT");
    refused(&["om1:0123456789abcdef", "--as", "cro", "--by", "@annlee"])
        .exits(0)
        .complains("no change of this branch against the default branch is `om1:0123456789abcdef`");
    #[cfg(unix)]
    {
        repo.git(&["clean", "--quiet", "--force", "-d"]);
        std::os::unix::fs::symlink(repo.dir.path(), repo.path().join("approvals")).expect("a link");
        refused(&[&change, "--as", "cro", "--by", "@annlee"])
            .exits(128)
            .complains("is a symbolic link");
    }
}

#[test]
fn reviews_count_for_the_commit_they_were_given_at() {
    let repo = proposal();
    let first = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("annlee", "APPROVED", &first), ("BoChen", "APPROVED", &first)]);
    with_reviews(&repo).exits(0).says("signed by Ann Lee, review");
    reviews(
        &repo,
        &[
            ("annlee", "APPROVED", &first),
            ("bochen", "APPROVED", &first),
            ("annlee", "COMMENTED", &first),
            ("bochen", "CHANGES_REQUESTED", &first),
        ],
    );
    with_reviews(&repo).exits(3).says("signed by Ann Lee").says("changes were requested");
    // A later commit that changes nothing in meaning keeps them; another meaning does not.
    reviews(&repo, &[("annlee", "APPROVED", &first), ("bochen", "APPROVED", &first)]);
    repo.write("notes.md", "nothing of the model");
    repo.commit("notes", T + 2 * DAY);
    with_reviews(&repo).exits(0);
    repo.write("model/model.toml", model("7 hours"));
    repo.commit("another promise", T + 3 * DAY);
    with_reviews(&repo).exits(3).says("none of the changes that ask for approval was as it is now");
    reviews(&repo, &[("annlee", "APPROVED", &"0".repeat(40))]);
    with_reviews(&repo).exits(3).says("not known here any more");
    std::fs::write(repo.beside("reviews.json"), "[\n{]").expect("a file");
    with_reviews(&repo).exits(128).complains("line 2, column 2: this is not JSON");
    std::fs::write(repo.beside("reviews.json"), b"\xff\xfe[\0]\0").expect("a file");
    with_reviews(&repo).exits(128).complains("not UTF-8").complains("PowerShell");
}

#[test]
fn trailers_count_and_authors_do_not() {
    let repo = proposal();
    let trailer = "Reviewed\n\nApproved-by: Ann Lee <ann.lee@example.com>\n\
                   reviewed-by: B. Chen <BO.CHEN@example.com>";
    repo.commit(trailer, T + 2 * DAY);
    approvals(&repo, &[]).exits(0).says("signed by Bo Chen, trailer in ");
    // Whoever has a hand in the change does not approve it.
    repo.write("model/model.toml", model("7 hours"));
    let with = "together\n\nCo-authored-by: Bo Chen <bo@home.example>";
    repo.commit(with, T + 3 * DAY);
    repo.commit(trailer, T + 4 * DAY);
    approvals(&repo, &[])
        .exits(3)
        .says("nobody who holds `role.sales` can act: Bo Chen wrote a part of the proposal")
        .says("under `decision.promises`");
}

#[test]
fn the_base_judges_not_the_proposal() {
    let repo = proposal();
    let easier =
        model("6 hours").replace("approve = [\"role.cro\", \"role.sales\"]", "inform = []");
    let easier = easier.replace("ann.lee@example.com", "ada@example.com");
    let policy = "\n[policy.sla-loosened]\nlevel = \"note\"\nreason = \"quick\"\n";
    repo.write("model/model.toml", format!("{easier}{policy}"));
    repo.write(".mailmap", "Ann Lee <ann.lee@example.com> Ada Author <ada@example.com>\n");
    repo.commit("my own rules", T + 2 * DAY);
    repo.commit("x\n\nApproved-by: Ada Author <ada@example.com>", T + 3 * DAY);
    let found = data(&repo, &[]);
    let changed = |row: &&Value| row["kind"] == "sla-loosened";
    let rows = found["changes"].as_array().expect("changes");
    assert_eq!(rows.iter().filter(changed).count(), 1, "{found:#}");
    assert_eq!(found["met"], false);
    let signed = found["requirements"].to_string();
    assert!(!signed.contains("Ada"), "{found:#}");
}

#[test]
fn what_policy_forbids_is_not_met_by_nobody_being_asked() {
    let repo = Repo::new();
    let policy = "[policy.sla-loosened]\nlevel = \"forbid\"\nreason = \"promised\"\n";
    let write = |within| repo.write("model/model.toml", format!("{}{policy}", model(within)));
    write("4 hours");
    repo.commit("the model", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    write("6 hours");
    repo.commit("more time", T + DAY);
    opmodel(repo.path(), &["review"]).exits(1);
    approvals(&repo, &[]).exits(1).says("forbidden by policy: nobody can approve").says("om1:");
    let found = data(&repo, &[]);
    assert_eq!(
        (&found["met"], &found["forbidden"][0]),
        (&json!(false), &found["changes"][0]["fingerprint"])
    );
}

#[test]
fn an_exception_waives_a_change_and_says_so() {
    let repo = Repo::new();
    let exception = "[exception.slow-summer]\nwaives_finding = \"sla-loosened\"\n\
                     waives = \"sla.touch\"\nreason = \"half the desk is away\"\n\
                     approved_by = \"role.cro\"\nexpires = 2026-08-31\n";
    repo.write("model/model.toml", format!("{}{exception}", model("4 hours")));
    repo.commit("the model", T);
    opmodel(repo.path(), &["check", "--as-of", "2026-06-30"]).exits(0);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    repo.write("model/model.toml", format!("{}{exception}", model("6 hours")));
    repo.commit("more time", T + DAY);
    approvals(&repo, &[]).exits(0).says("1 is waived").says("half the desk is away");
    opmodel(repo.path(), &["approvals", "--as-of", "2026-09-01"])
        .exits(3)
        .says("expired on 2026-08-31");
}

#[test]
fn a_file_of_approvals_that_is_wrong_is_said() {
    let repo = proposal();
    repo.write("approvals/x.toml", "[[approval]]\nfingerprint = \"om1:12\"\nrole = \"role.cro\"\n");
    repo.commit("by hand", T + 2 * DAY);
    approvals(&repo, &[]).exits(3).says("`om1:12` is not a fingerprint").says("approvals/x.toml:2");
}

#[test]
fn places_without_what_is_needed_say_so() {
    let repo = proposal();
    repo.git(&["branch", "--quiet", "--move", "main", "trunk"]);
    approvals(&repo, &[]).exits(128).complains("no branch `main` or `master`");
    approvals(&repo, &["trunk...HEAD"]).exits(3);
    let clone = repo.beside("shallow");
    let from = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "1", &from, clone.to_str().expect("a path")]);
    let run = opmodel(&clone, &["approvals", "origin/trunk...HEAD"]);
    assert_eq!(run.code, 128, "{run:?}");
}

#[test]
fn policy_below_the_models_folder_judges_nothing() {
    let off = "[policy.sla-loosened]\nlevel = \"off\"\nreason = \"none of it matters\"\n";
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.write("model/a/policy.toml", off);
    repo.commit("the model", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    repo.write("model/model.toml", model("6 hours"));
    repo.commit("more time", T + DAY);
    let level = |arguments: &[&str]| {
        let data = opmodel(repo.path(), &[arguments, &["--format", "json"]].concat()).json();
        let changes = data["changes"].as_array().or(data["entries"].as_array());
        changes.map(|changes| changes.iter().map(|it| it["level"].clone()).collect::<Vec<_>>())
    };
    let expected = level(&["diff", "main", "HEAD"]);
    assert_eq!(expected, Some(vec![json!("approve")]));
    assert_eq!(level(&["review", "main", "--as-of", "2026-06-30"]), expected);
    approvals(&repo, &[]).exits(3).says("Chief revenue officer");
    // An entry in its place is not hidden by one of the same name below.
    repo.git(&["checkout", "--quiet", "main"]);
    let strict = off.replace("off", "forbid");
    repo.write("model/model.toml", format!("{}{strict}", model("4 hours")));
    repo.commit("strict", T + DAY);
    repo.git(&["checkout", "--quiet", "-B", "proposal"]);
    repo.write("model/model.toml", format!("{}{strict}", model("6 hours")));
    repo.commit("more time", T + 2 * DAY);
    assert_eq!(level(&["review", "main", "--as-of", "2026-06-30"]), Some(vec![json!("forbid")]));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-edit", "proposal"]);
    let drift = opmodel(repo.path(), &["drift", "--format", "json"]).json();
    let register = drift["register"].as_array().expect("a register");
    let levels: Vec<&Value> = register.iter().map(|entry| &entry["level"]).collect();
    assert!(levels.contains(&&json!("forbid")) && !levels.contains(&&json!("off")), "{levels:?}");
}

#[test]
fn a_default_that_is_about_something_else_is_not_called_missing() {
    let rights = "[role.cro]\n[[role.cro.holder]]\nid = \"ann\"\nname = \"Ann Lee\"\n\
                  email = \"ann.lee@example.com\"\n[decision.default]\ncovers = [\"definition.*\"]\n\
                  approve = [\"role.cro\"]\n";
    let repo = Repo::new();
    let write = |touch: &str| {
        repo.write("model/model.toml", format!("{}{rights}", super::model(touch)));
    };
    write("4 hours");
    repo.commit("the model", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    write("6 hours");
    repo.commit("more time", T + DAY);
    opmodel(repo.path(), &["review", "main", "--as-of", "2026-06-30"])
        .exits(3)
        .says(
            "say who signs 1 change: no decision right asks anybody about it, nor does \
             `decision.default`",
        )
        .hides("to sign: ");
}
