//! Proposals reviewed: what they mean, who must sign, and what nobody can talk away.

use super::{DAY, T, opmodel};
use crate::repo::Repo;
use std::fmt::Write as _;

const MODEL: &str = r#"
[object.lead]
[queue.dach]
[queue.benelux]
[queue.north]
[queue.triage]
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL", "BE", "SE"]
[field.lead.employees]
type = "integer"
[field.lead.score]
type = "number"
[definition.mql]
object = "lead"
description = "Worth a call."
criteria.size = "employees >= 200"
# What they did.
# The score is explained elsewhere.
criteria.intent = "score >= 60"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "benelux"
when = "country in ['NL', 'BE']"
to = "queue.benelux"
[[routing.inbound.rule]]
id = "dach"
when = "country in ['AT', 'DE']"
name = "Germany and Austria"
# Whoever is there.
to = "queue.dach"

[[role.cro.holder]]
id = "ada-quill"
name = "Ada Quill"
email = "ada.quill@example.com"
login = "adaq"
[[role.revops.holder]]
id = "ines"
name = "Ines Copperfeld"
email = "ines@example.com"
login = "ines"
[decision.gates]
covers = ["definition.*"]
approve = ["role.cro"]
separation_of_duties = true
[decision.routing]
covers = ["routing.*"]
approve = ["role.revops"]
[decision.default]
approve = ["role.cro"]
[policy.rule-removed]
level = "forbid"
reason = "A rule is replaced, never taken away."
"#;

const SOFTER: (&str, &str) = ("employees >= 200", "employees >= 100");
const REWORDED: (&str, &str) = ("Worth a call.", "Worth a call today.");

/// A repository whose `main` has the model, and whose branch `proposal` has edits of it, a commit each.
fn proposed(edits: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    apply(&repo, edits);
    repo
}

/// Commits edits of what is on disk.
fn apply(repo: &Repo, edits: &[(&str, &str)]) {
    for (at, (from, to)) in (1..).zip(edits) {
        edit(repo, from, to);
        repo.commit("edit", T + at * DAY);
    }
}

fn edit(repo: &Repo, from: &str, to: &str) {
    let path = repo.path().join("model/all.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    repo.write("model/all.toml", text.replace(from, to));
}

/// The reviews of a pull request: login, state, commit.
fn reviews(repo: &Repo, of: &[(&str, &str, &str)]) {
    let one = |(login, state, commit): &(&str, &str, &str)| {
        serde_json::json!({ "user": { "login": login }, "state": state, "commit_id": commit,
            "submitted_at": "2026-07-01T10:00:00Z" })
    };
    let all: Vec<_> = of.iter().map(one).collect();
    std::fs::write(repo.beside("reviews.json"), serde_json::to_string(&all).unwrap()).unwrap();
}

fn review(repo: &Repo, more: &[&str]) -> super::Run {
    opmodel(repo.path(), &[&["review", "main", "--head", "proposal"], more].concat())
}

#[test]
fn a_proposal_waits_for_who_decides_and_passes_when_they_signed() {
    let repo = proposed(&[SOFTER]);
    review(&repo, &[])
        .exits(3)
        .says("waiting for 1 signature: 1 change")
        .says("`role.cro` (Ada Quill) signs (1 change, `decision.gates`)")
        .says("passes now, for example: employees = 150");
    // What fails on a build server is what keeps it from being merged.
    review(&repo, &["--format", "junit"])
        .exits(3)
        .says("failures=\"1\"")
        .says("<failure message=\"`decision.gates` is missing");
    let head = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("adaq", "APPROVED", &head)]);
    let file = repo.beside("reviews.json");
    let with = ["--approvals", file.to_str().unwrap()];
    review(&repo, &with).exits(0).says("approved: 1 change").says("[x]").says("Ada Quill");
    review(&repo, &[&with[..], &["--format", "junit"]].concat()).exits(0).says("failures=\"0\"");
    // Somebody else's approval does not count, and is not silently dropped.
    reviews(&repo, &[("ines", "APPROVED", &head)]);
    review(&repo, &with).exits(3).says("does not count");
    // What was taken back does not count either.
    reviews(&repo, &[("adaq", "APPROVED", &head), ("adaq", "DISMISSED", &head)]);
    review(&repo, &with).exits(3);
}

#[test]
fn an_approval_survives_a_rewording_and_ends_with_the_meaning() {
    let repo = proposed(&[SOFTER]);
    let approved = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("adaq", "APPROVED", &approved)]);
    let file = repo.beside("reviews.json");
    let with = ["--approvals", file.to_str().unwrap()];
    // A rebase, or what looks like one: the same change in another commit.
    repo.git(&["commit", "--quiet", "--amend", "--message", "reworded"]);
    review(&repo, &with).exits(0);
    apply(&repo, &[("employees >= 100", "employees >= 50")]);
    review(&repo, &with).exits(3);
}

#[test]
fn a_trailer_and_the_ledger_count_too() {
    let repo = proposed(&[]);
    edit(&repo, SOFTER.0, SOFTER.1);
    repo.commit("Softer\n\nApproved-by: Ada Quill <ada.quill@example.com>", T + DAY);
    review(&repo, &[]).exits(0).says("trailer");
    let repo = proposed(&[SOFTER]);
    let report = review(&repo, &["--format", "json"]).exits(3).json();
    let fingerprint = report["changes"][0]["fingerprint"].as_str().unwrap().to_owned();
    opmodel(repo.path(), &["approve", &fingerprint, "--as", "role.cro", "--by", "adaq"]).exits(0);
    repo.commit("sign", T + 2 * DAY);
    review(&repo, &[]).exits(0).says("approvals/");
}

#[test]
fn nobody_mutes_the_judgement_of_their_own_proposal() {
    // A level, a right, a holder and an exception, all changed in the same proposal.
    let mute = r#"
[policy.definition-criterion-weakened]
level = "off"
reason = "No."
[exception.mine]
waives = "definition.mql.criteria.size"
scope = "employees >= 0"
reason = "Please."
approved_by = "role.cro"
expires = 2030-01-01
"#;
    let repo = proposed(&[SOFTER, ("[\"role.cro\"]\nseparation", "[\"role.mine\"]\nseparation")]);
    let text = std::fs::read_to_string(repo.path().join("model/all.toml")).unwrap();
    let holder = "[[role.mine.holder]]\nid = \"ada\"\nname = \"Ada Author\"\nemail = \"ada@example.com\"\nlogin = \"ada\"\n";
    repo.write("model/all.toml", text + mute + holder);
    repo.commit("mute", T + 3 * DAY);
    let head = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("ada", "APPROVED", &head)]);
    let file = repo.beside("reviews.json");
    review(&repo, &["--approvals", file.to_str().unwrap(), "--as-of", "2029-12-01"])
        .exits(3)
        .says("loosening definition.mql.criteria.size")
        .says("`role.cro` (Ada Quill) signs");
    review(&repo, &["--policy-from", "proposal"])
        .exits(2)
        .complains("judged by rules of their own");
}

#[test]
fn what_policy_forbids_fails_whoever_signs() {
    let rule = "[[routing.inbound.rule]]\nid = \"benelux\"\nwhen = \"country in ['NL', 'BE']\"\nto = \"queue.benelux\"\n";
    let repo = proposed(&[(rule, "")]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("adaq", "APPROVED", &head), ("ines", "APPROVED", &head)]);
    let file = repo.beside("reviews.json");
    review(&repo, &["--approvals", file.to_str().unwrap()])
        .exits(1)
        .says("cannot be merged as it is")
        .says("nobody may sign this");
}

#[test]
fn reviews_are_taken_from_standard_input() {
    let repo = proposed(&[SOFTER]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("adaq", "APPROVED", &head)]);
    let given = |arguments: &[&str]| {
        let file = std::fs::File::open(repo.beside("reviews.json")).unwrap();
        super::ran(super::command(repo.path(), arguments).stdin(file))
    };
    given(&["review", "main", "--head", "proposal", "--approvals", "-"]).exits(0);
    given(&["approvals", "main...proposal", "--approvals", "-"]).exits(0);
    given(&["review", "main", "--approvals", "-", "--records", "-"])
        .exits(2)
        .complains("standard input can be read only once");
}

#[test]
fn form_alone_needs_nobody() {
    let repo = proposed(&[
        ("employees >= 200", "employees>=200"),
        ("[queue.north]\n", "# a remark\n[queue.north]\n"),
    ]);
    review(&repo, &[]).exits(0).says("no change in meaning (proved)");
    review(&repo, &["--skip-empty", "--format", "markdown"]).exits(0).silent();
    // What an earlier run wrote is not the review of this proposal.
    repo.write("comment.md", "stale");
    review(&repo, &["--skip-empty", "--output", "markdown=comment.md"]).exits(0).silent();
    assert!(!repo.path().join("comment.md").exists());
    review(&repo, &["--skip-empty", "--output", "markdown=comment.md"]).exits(0).silent();
    review(&repo, &["--only", "cosmetic"]).exits(0);
}

#[test]
fn what_the_base_did_meanwhile_is_not_blamed_on_the_proposal() {
    let repo = proposed(&[SOFTER]);
    repo.git(&["checkout", "--quiet", "main"]);
    apply(&repo, &[("score >= 60", "score >= 10")]);
    review(&repo, &[])
        .exits(3)
        .says("waiting for 1 signature: 1 change")
        .hides("score")
        .hides("Only together");
}

#[test]
fn proposals_that_are_fine_apart_and_wrong_together_are_found() {
    // The base takes a queue away, the proposal sends records there.
    let repo = proposed(&[("to = \"queue.dach\"", "to = \"queue.north\"")]);
    repo.git(&["checkout", "--quiet", "main"]);
    apply(&repo, &[("[queue.north]\n", "")]);
    review(&repo, &[]).exits(1).says("mend what is wrong").says("queue.north");
    // The base sends what the Netherlands have elsewhere, the proposal moves the Netherlands: records
    // go where neither sends them.
    let repo = proposed(&[("['NL', 'BE']", "['BE']"), ("['AT', 'DE']", "['AT', 'DE', 'NL']")]);
    repo.git(&["checkout", "--quiet", "main"]);
    apply(&repo, &[("to = \"queue.dach\"", "to = \"queue.north\"")]);
    let report = review(&repo, &["--format", "json"]).exits(3).json();
    let news = report["interactions"].as_array().unwrap();
    assert!(news.iter().any(|one| one["new_to_both"] == true), "{report:#}");
    review(&repo, &[])
        .exits(3)
        .says("Only together with what happened on `main`")
        .says("neither side alone sends this record there");
}

/// Who signed that some records go elsewhere did not sign for those that the base adds to them.
#[test]
fn records_that_only_the_base_adds_to_a_row_are_asked_for() {
    let meanwhile = |least: &str| {
        let repo = Repo::new();
        let scoped = "[routing.inbound]\nobject = \"lead\"\napplies_to = \"employees > 500\"\n";
        repo.write(
            "model/all.toml",
            MODEL.replace("[routing.inbound]\nobject = \"lead\"\n", scoped),
        );
        repo.commit("first", T);
        repo.git(&["checkout", "--quiet", "-b", "proposal"]);
        apply(&repo, &[("to = \"queue.dach\"", "to = \"queue.north\"")]);
        repo.git(&["checkout", "--quiet", "main"]);
        apply(&repo, &[("employees > 500", least)]);
        review(&repo, &[]).exits(3)
    };
    meanwhile("employees > 5").says("Only together with what happened on `main`");
    meanwhile("employees > 900").hides("Only together");
}

#[test]
fn a_conflict_shows_both_sides() {
    let repo = proposed(&[SOFTER]);
    repo.git(&["checkout", "--quiet", "main"]);
    apply(&repo, &[("employees >= 200", "employees >= 500")]);
    review(&repo, &[])
        .exits(1)
        .says("resolve the conflict in `model/all.toml`")
        .says("employees >= 500")
        .says("employees >= 100");
    // The repository on disk knows nothing of the merge.
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(repo.git(&["fsck", "--unreachable", "--no-reflogs"]), "");
}

#[test]
fn what_is_on_the_base_already_is_said() {
    let repo = proposed(&[SOFTER]);
    repo.git(&["checkout", "--quiet", "main"]);
    edit(&repo, SOFTER.0, SOFTER.1);
    repo.commit("the same, by somebody else", T + 9 * DAY);
    review(&repo, &[]).says("1 change is on `main` already");
}

#[test]
fn what_the_base_renamed_meanwhile_is_not_called_done() {
    let repo = proposed(&[SOFTER]);
    repo.git(&["checkout", "--quiet", "main"]);
    edit(&repo, "[definition.mql]", "[definition.qualified]\nformerly = [\"mql\"]");
    repo.commit("another name", T + 9 * DAY);
    let run = review(&repo, &[]);
    assert!(!run.out.contains("already"), "{}", run.out);
    run.says("definition.qualified.criteria");
}

#[test]
fn a_merge_that_a_forge_made_is_seen_through() {
    let repo = proposed(&[SOFTER]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.git(&["merge", "--quiet", "--no-ff", "--message", "test merge", "proposal"]);
    opmodel(repo.path(), &["review", "main"])
        .exits(3)
        .complains("its second parent is reviewed")
        .says("waiting for 1 signature");
}

#[test]
fn bases_that_cannot_be_compared_are_explained() {
    let repo = proposed(&[SOFTER]);
    opmodel(repo.path(), &["review", "main", "--head", "main"]).exits(0).says("nothing to review");
    opmodel(repo.path(), &["review", "nowhere"]).exits(128).complains("there is no revision");
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.commit("unrelated", T);
    opmodel(repo.path(), &["review", "main"]).exits(128).complains("no commit in common");
    repo.git(&["checkout", "--quiet", "proposal"]);
    apply(&repo, &[(SOFTER.1, "employees >= 50")]);
    let shallow = repo.beside("shallow");
    let (from, to) = (format!("file://{}", repo.path().display()), shallow.display().to_string());
    let clone = ["clone", "--quiet", "--depth=1", "--no-single-branch", &from, &to];
    repo.git(&clone);
    opmodel(&shallow, &["review", "origin/main"]).exits(128).complains("git fetch");
    // Without a default branch nobody guesses.
    let alone = Repo::new();
    alone.git(&["checkout", "--quiet", "-b", "trunk"]);
    alone.write("model/all.toml", MODEL);
    alone.commit("first", T);
    opmodel(alone.path(), &["review"]).exits(128).complains("there is no branch `main`");
}

/// The level of a kind of change in a policy that is added to the model.
fn with_policy(policy: &str, edits: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    repo.write("model/all.toml", format!("{MODEL}{policy}"));
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    apply(&repo, edits);
    repo
}

#[test]
fn what_policy_turns_off_is_counted_and_has_its_consequences() {
    const OFF: &str = "[policy.definition-broadened]\nlevel = \"off\"\nreason = \"Trust.\"\n";
    let repo = with_policy(OFF, &[SOFTER]);
    let diff = opmodel(repo.path(), &["diff", "main", "proposal"]).exits(0);
    diff.says("1 change of meaning is turned off by policy, and nothing else changed")
        .hides("proved")
        .hides("written otherwise");
    review(&repo, &[]).exits(0).says("1 change that policy turns off, and nobody needs to sign");
    review(&repo, &["--only", "cosmetic"]).exits(1).says("is more than form");
    let json = review(&repo, &["--format", "json"]).exits(0).json();
    assert_eq!(json["summary"]["silenced"], 1);
    // What follows from it has levels of its own.
    let moved = ("country in ['NL', 'BE']", "country in list.benelux");
    let lists = format!(
        "{OFF}[policy.list-value-added]\nlevel = \"off\"\nreason = \"Often.\"\n\
        [list.benelux]\nvalues = [\"NL\", \"BE\"]\n"
    );
    let text = format!("{MODEL}{lists}").replace(moved.0, moved.1);
    let repo = Repo::new();
    repo.write("model/all.toml", &text);
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    apply(&repo, &[("[\"NL\", \"BE\"]\n", "[\"NL\", \"BE\", \"SE\"]\n")]);
    review(&repo, &[])
        .exits(3)
        .says("1 change of meaning is turned off by policy")
        .says("by rule `benelux`, because of")
        .says("`role.revops` (Ines Copperfeld) signs (1 change, `decision.routing`)");
}

#[test]
fn the_policy_that_names_a_thing_most_closely_counts() {
    for (one, other) in [("a", "z"), ("z", "a")] {
        let policy = format!(
            "[policy.{one}-all]\nrule = \"definition-broadened\"\nlevel = \"note\"\nreason = \"x\"\n\
             [policy.{other}-mql]\nrule = \"definition-broadened\"\nlevel = \"forbid\"\n\
             covers = [\"definition.mql\"]\nreason = \"x\"\n"
        );
        let repo = with_policy(&policy, &[SOFTER]);
        review(&repo, &[]).exits(1).says(&format!("nobody may sign this by policy.{other}-mql"));
        let alike = policy.replace("covers = [\"definition.mql\"]\n", "");
        let repo = with_policy(&alike, &[SOFTER]);
        review(&repo, &[]).exits(1).says(&format!("nobody may sign this by policy.{other}-mql"));
    }
}

#[test]
fn a_promise_withdrawn_from_some_is_looser() {
    const SLA: &str = "[field.lead.created_at]\ntype = \"datetime\"\n[field.lead.touched_at]\n\
        type = \"datetime\"\n[sla.touch]\nobject = \"lead\"\napplies_to = \"employees >= 10\"\n\
        starts = \"created_at\"\nstops = \"touched_at\"\nwithin = \"4 hours\"\n";
    let repo = with_policy(SLA, &[("employees >= 10\"", "employees >= 1_000\"")]);
    opmodel(repo.path(), &["diff", "main", "proposal"])
        .exits(0)
        .says("loosening sla.touch.applies_to")
        .says("`applies_to` covers fewer records")
        .says("is covered no more, for example: employees = ")
        .says("sla-scope-narrowed");
}

#[test]
fn an_announced_intent_is_held() {
    let repo = proposed(&[SOFTER, REWORDED]);
    review(&repo, &["--only", "cosmetic"]).exits(1).says("is more than form");
    let intent = |text: &str| {
        std::fs::write(repo.beside("intent.toml"), text).unwrap();
        repo.beside("intent.toml").display().to_string()
    };
    let exact = "[[expect]]\nkind = \"definition-*\"\naddress = \"definition.mql.*\"\n";
    review(&repo, &["--expect", &intent(exact)]).exits(3).hides("announced");
    let more = "[[expect]]\nkind = \"sla-loosened\"\naddress = \"sla.*\"\n";
    let path = intent(&format!("{exact}{more}"));
    review(&repo, &["--expect", &path]).exits(1).says("was announced, and is not there");
    let path = intent("[[expect]]\nkin = \"sla-loosened\"\n");
    review(&repo, &["--expect", &path]).exits(1).says("this is not known here");
}

#[test]
fn evidence_is_asked_for_and_given() {
    let repo = Repo::new();
    let with = MODEL.replace("separation_of_duties = true", "evidence = [\"rollback note\"]");
    repo.write("model/all.toml", with);
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    edit(&repo, SOFTER.0, SOFTER.1);
    repo.commit("Softer\n\nApproved-by: Ada Quill <ada.quill@example.com>", T + DAY);
    review(&repo, &[]).exits(3).says("1 piece of evidence").says("rollback note");
    review(&repo, &["--evidence", "rollback-note"]).exits(0);
    repo.commit("Say how to go back\n\nEvidence: rollback note", T + 2 * DAY);
    review(&repo, &[]).exits(0);
    review(&repo, &["--evidence", "a note"]).exits(2).complains("rollback-note");
}

#[test]
fn a_comment_fits_whatever_is_proposed_and_says_where_the_rest_is() {
    let mut base = MODEL.to_owned();
    for at in 0..500 {
        let _ = write!(
            base,
            "[definition.d{at}]\nobject = \"lead\"\ncriteria.size = \"employees >= {at}\"\n"
        );
    }
    let repo = Repo::new();
    repo.write("model/all.toml", &base);
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    repo.write("model/all.toml", base.replace("employees >= ", "employees >= 9"));
    repo.commit("all of them", T + DAY);
    let run = review(&repo, &["--format", "markdown"]).exits(3);
    assert!(run.out.chars().count() < 65_536, "{}", run.out.len());
    assert!(run.out.starts_with("<!-- opmodel-review -->"), "{}", run.out);
    run.says("501 changes").says("… and 489 more, below.").says("opmodel review");
}

#[test]
fn hostile_names_stay_words_in_every_form() {
    let hostile =
        "</td><script>alert(1)</script> @everyone [x](https://evil.example) ::error::x | y";
    let repo = proposed(&[("Worth a call.", hostile), SOFTER]);
    let edited = "[definition.other]\nobject = \"lead\"\nname = \"<img src=x>@team\"\ncriteria.a = \"employees > 1\"\n";
    let text = std::fs::read_to_string(repo.path().join("model/all.toml")).unwrap();
    repo.write("model/all.toml", text + edited);
    repo.commit("hostile", T + 5 * DAY);
    let markdown = review(&repo, &["--format", "markdown"]).exits(3);
    // Nothing acts inside a block of code.
    let outside: String = markdown.out.split("```").step_by(2).collect();
    for words in ["<script", "<img", "@everyone", "@team", "](https"] {
        assert!(!outside.contains(words), "{words}: {}", markdown.out);
    }
    let github = review(&repo, &["--format", "github"]).exits(3);
    assert!(github.out.lines().all(|line| line.starts_with("::")), "{}", github.out);
    let junit = review(&repo, &["--format", "junit"]).exits(3);
    assert!(!junit.out.contains("<script"), "{}", junit.out);
    review(&repo, &["--format", "sarif"]).exits(3).json();
}

#[test]
fn why_a_proposal_is_refused_is_in_every_form() {
    let softer_twice = [SOFTER, ("score >= 60", "score >= 50")];
    let repo = proposed(&softer_twice);
    let only = |form: &str| review(&repo, &["--only", "cosmetic", "--format", form]).exits(1);
    let log = only("sarif").hides("approval-missing").json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let refused = results.iter().filter(|result| result["ruleId"] == "unexpected-change");
    assert!(refused.clone().count() > 1 && refused.clone().count() < results.len(), "{log}");
    for result in refused {
        assert_eq!(result["level"], "error");
        assert!(result["ruleIndex"].is_number(), "{result}");
    }
    let junit = only("junit").out;
    let names: Vec<&str> = junit.lines().filter(|line| line.contains("<testcase ")).collect();
    assert!(
        names.iter().any(|name| name.contains("\"approval-missing: decision.gates, role.cro\""))
    );
    let different: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{junit}");
    // Of warnings a forge shows the first ten: those that stand in a file are the first.
    let github = only("github").out;
    let places = ["::error ", "::warning file=", "::warning title="];
    let order = github.lines().map(|line| places.iter().position(|place| line.starts_with(place)));
    assert!(order.clone().is_sorted(), "{github}");
    assert!(order.clone().all(|place| place.is_some()), "{github}");
    repo.git(&["checkout", "--quiet", "main"]);
    apply(&repo, &[("employees >= 200", "employees >= 500")]);
    review(&repo, &["--format", "sarif"]).exits(1).says("\"ruleId\": \"merge-conflict\"");
}

#[test]
fn the_proposal_of_the_demonstration_in_every_form() {
    let repo = Repo::new();
    opmodel(repo.path(), &["init", "--demo", "demo"]).exits(0);
    let folder = repo.path().join("demo");
    let review = ["review", "main", "--head", "proposal/benelux-to-dach", "--as-of", "2026-11-02"];
    for form in ["text", "markdown", "json", "github", "junit"] {
        let run = opmodel(&folder, &[&review[..], &["--format", form]].concat()).exits(3);
        insta::assert_snapshot!(format!("demonstration_{form}"), run.out);
    }
    let sarif = opmodel(&folder, &[&review[..], &["--format", "sarif"]].concat()).exits(3).json();
    insta::assert_snapshot!(
        "demonstration_sarif",
        serde_json::to_string_pretty(&sarif["runs"][0]["results"]).unwrap()
    );
}

#[test]
fn a_merge_with_something_of_its_own_is_not_seen_through() {
    let repo = proposed(&[]);
    repo.git(&["commit", "--quiet", "--allow-empty", "--message", "nothing"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["checkout", "--quiet", "-b", "evil"]);
    repo.git(&["merge", "--quiet", "--no-ff", "--no-commit", "proposal"]);
    edit(&repo, SOFTER.0, SOFTER.1);
    repo.commit("Merge", T + DAY);
    opmodel(repo.path(), &["review", "main"])
        .exits(3)
        .says("loosening definition.mql.criteria.size");
}

#[test]
fn a_second_declaration_and_a_folder_without_a_model_are_no_way_round() {
    let repo = proposed(&[]);
    let second =
        "[[role.cro.holder]]\nid = \"carl\"\nname = \"Carl\"\nemail = \"carl@example.com\"\n";
    repo.write("model/0.toml", second);
    repo.commit("one more", T + DAY);
    review(&repo, &[]).exits(1).says("mend what is wrong");
    review(&repo, &["--format", "junit"]).exits(1).says("duplicate-id");
    opmodel(repo.path(), &["--model", "nowhere", "review", "main", "--head", "proposal"])
        .exits(128)
        .complains("there is no model in `nowhere`");
}

#[test]
fn another_name_leads_to_no_kinder_judge() {
    // What a policy entry is about, and who takes what nobody else does, are said by their ids.
    let repo =
        proposed(&[("[policy.rule-removed]", "[policy.other]\nformerly = [\"rule-removed\"]")]);
    review(&repo, &[]).says("policy-removed").hides("no change in meaning");
    let repo = proposed(&[("[decision.default]", "[decision.other]\nformerly = [\"default\"]")]);
    review(&repo, &[]).exits(3).says("decision-removed");
    // A policy for another address does not judge what is renamed to it.
    let kind = "[policy.definition-criterion-weakened]\nlevel = \"note\"\ncovers = [\"definition.sandbox\"]\nreason = \"Play.\"\n";
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL.to_owned() + kind);
    repo.commit("first", T);
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    edit(&repo, "[definition.mql]", "[definition.sandbox]\nformerly = [\"mql\"]");
    edit(&repo, SOFTER.0, SOFTER.1);
    repo.commit("play", T + DAY);
    review(&repo, &[]).exits(3).says("needs approval");
}

#[test]
fn an_approval_is_of_what_a_criterion_says_not_of_the_names_it_says_it_with() {
    let hot = "[definition.hot]\nobject = \"lead\"\ncriteria.a = \"employees >= 150\"\n";
    let repo = proposed(&[]);
    let text = std::fs::read_to_string(repo.path().join("model/all.toml")).unwrap();
    repo.write("model/all.toml", text.replace("\"employees >= 200\"", "\"definition.hot\"") + hot);
    repo.commit("by name", T + DAY);
    let head = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("adaq", "APPROVED", &head)]);
    let file = repo.beside("reviews.json");
    let with = ["--approvals", file.to_str().unwrap()];
    review(&repo, &with).exits(0);
    apply(&repo, &[("employees >= 150", "employees >= 0")]);
    review(&repo, &with).exits(3);
}

#[test]
fn whoever_decides_in_a_merge_is_an_author() {
    let repo = proposed(&[]);
    repo.git(&["commit", "--quiet", "--allow-empty", "--message", "nothing"]);
    repo.git(&["checkout", "--quiet", "main"]);
    apply(&repo, &[("employees >= 200", "employees >= 500")]);
    repo.git(&["checkout", "--quiet", "proposal"]);
    let name = ["-c", "user.name=Ada Quill", "-c", "user.email=ada.quill@example.com"];
    let author = ["--author", "Ada Quill <ada.quill@example.com>"];
    repo.git(&["merge", "--quiet", "--no-commit", "--strategy", "ours", "main"]);
    let commit = ["commit", "--quiet", "--message", "m"];
    repo.git(&[&name[..], &commit, &author].concat());
    let head = repo.git(&["rev-parse", "HEAD"]);
    reviews(&repo, &[("adaq", "APPROVED", &head)]);
    let file = repo.beside("reviews.json");
    review(&repo, &["--approvals", file.to_str().unwrap()]).exits(3).says("wrote the change");
}

#[test]
fn what_is_wrong_is_judged_by_the_policy_of_the_base() {
    let mute = "[policy.unknown-reference]\nlevel = \"off\"\nreason = \"No.\"\n";
    let repo = proposed(&[("to = \"queue.dach\"", "to = \"queue.gone\"")]);
    let text = std::fs::read_to_string(repo.path().join("model/all.toml")).unwrap();
    repo.write("model/all.toml", text + mute);
    repo.commit("mute", T + 2 * DAY);
    review(&repo, &[]).exits(1).says("queue.gone");
}
