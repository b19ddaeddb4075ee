//! What is written wrongly is said, and never looks like a result.

use super::{DAY, T, command, folder_with, history, model, opmodel, ran};
use std::fs;

/// The three commits, and a fourth in which one file cannot be read.
fn broken() -> crate::repo::Repo {
    let repo = history();
    repo.write("model/broken.toml", "[list.a\n");
    repo.commit("broken", T + 3 * DAY);
    repo
}

#[test]
fn what_was_not_read_is_never_no_change() {
    let repo = broken();
    let unread = ["diff", "HEAD~1", "HEAD"];
    let with = |more: &[&str]| opmodel(repo.path(), &[&unread[..], more].concat()).exits(1);
    for more in [&[][..], &["--stat"], &["--format", "markdown"]] {
        let run = with(more).says("nothing could be compared in 1 file").hides("no change");
        run.says("not compared:").says("not readable in the head");
    }
    let names = with(&["--name-only"]).complains("note: not compared: `model/broken.toml`");
    assert_eq!(names.out, "");
    with(&["--format", "json"]).says("not readable in the head");
    let both = opmodel(repo.path(), &["diff", "HEAD~3", "HEAD"]).exits(1);
    both.says("1 change: 1 loosening").says("; 1 file could not be compared");
    let form = opmodel(repo.path(), &["diff", "HEAD~2", "HEAD"]).exits(1);
    form.says("nothing could be compared in 1 file; elsewhere only form changed");
}

#[test]
fn an_address_that_names_nothing_is_refused() {
    let repo = history();
    let diff = |address: &str| opmodel(repo.path(), &["diff", "HEAD~2", "HEAD", address]);
    diff("sla.tuch").exits(2).complains("there is no `sla.tuch`").complains("`sla.touch`?");
    diff("sla.touch.withing").exits(2).complains("did you mean `sla.touch.within`?");
    diff("list.zzz").exits(2).complains("`opmodel show`");
    for known in
        ["sla.touch", "sla.touch.description", "field.lead", "list", "list.*", "model", "*"]
    {
        diff(known).exits(0);
    }
    diff("slas.*").exits(2).complains("there is no `slas.*`").complains("did you mean `sla.*`?");
    diff("sla.tuch.*").exits(2).complains("there is no `sla.tuch.*`");
    let range = opmodel(repo.path(), &["diff", "HEAD~2..HEAD", "nope.x"]).exits(2);
    range.complains("`nope.x` is neither a further revision nor an address");
    diff("sla.to*").exits(2).complains("a `*` stands for a whole step").complains("`sla.*`");
    for (verb, said) in [("log", "there never was a"), ("drift", "there is no")] {
        let asked = |more: &[&str]| opmodel(repo.path(), &[&[verb], more].concat());
        let refused = asked(&["sla.tuch"]).exits(2).complains("did you mean `sla.touch`?");
        assert_eq!(refused.complains(&format!("{said} `sla.tuch`")).out, "");
        asked(&["list.*"]).exits(0);
    }
    // Outside of a stretch there may have been such a thing.
    let part = opmodel(repo.path(), &["log", "-n", "1", "HEAD~1..", "sla.tuch"]).exits(0);
    part.complains("there is no `sla.tuch`");
    repo.remove("model/model.toml");
    opmodel(repo.path(), &["diff", "sla.touch"]).exits(0).says("sla.touch");
    repo.commit("nothing left", 1_800_000_000);
    for verb in ["log", "drift"] {
        opmodel(repo.path(), &[verb, "sla.touch"]).exits(0).says("sla.touch");
    }
}

#[test]
fn a_log_of_nothing_says_what_was_meant() {
    let repo = history();
    let log = |arguments: &[&str]| opmodel(repo.path(), &[&["log"], arguments].concat());
    log(&["sla.tuch"]).exits(2).complains("did you mean `sla.touch`?");
    assert_eq!(log(&["sla.touch", "-n", "1"]).exits(0).err, "");
    log(&["sla.to*"]).exits(2).complains("whole step");
    log(&["--kind", "foo"]).exits(2).complains("there is no kind of change `foo`");
    log(&["--kind", "sla-losened"]).exits(2).complains("did you mean `sla-loosened`?");
    log(&["--kind", "nosuch*"]).exits(2).complains("opmodel kinds");
    log(&["--impact", "Loosening"]).exits(2).complains("did you mean `loosening`?");
    log(&["-n", "x"]).exits(2).complains("write a whole number");
    let text = model("5 hours").replace("[sla.touch]", "[sla.first]\nformerly = ['touch']");
    repo.write("model/model.toml", text);
    repo.commit("renamed", T + 3 * DAY);
    assert!(!log(&["sla.touch", "--since", "2030-01-01"]).exits(0).err.contains("there is no"));
    repo.remove("model/model.toml");
    repo.commit("gone", T + 4 * DAY);
    assert_eq!(log(&["sla.first", "-n", "1"]).exits(0).says("removed").err, "");
}

#[test]
fn kinds_are_found_in_capitals_and_refused_where_there_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let small = opmodel(folder.path(), &["kinds", "sla"]).exits(0).out;
    assert_eq!(opmodel(folder.path(), &["kinds", "SLA"]).exits(0).out, small);
    opmodel(folder.path(), &["kinds", "nosuch"]).exits(2).complains("`nosuch`");
    opmodel(folder.path(), &["kinds", "definitoin"]).exits(2).complains("`definition`?");
}

#[test]
fn a_mistaken_revision_is_told_in_the_users_words() {
    let repo = history();
    for date in ["2026-06-31", "2026-06", "2026-6-3"] {
        opmodel(repo.path(), &["show", "sla.touch", "--at", date])
            .exits(2)
            .complains(&format!("`{date}` is not a date"));
    }
    for word in ["touch", "Sla.touch", "slaa.touch"] {
        opmodel(repo.path(), &["diff", "HEAD~2", word])
            .exits(128)
            .complains(&format!("`{word}`"))
            .complains("did you mean `sla.touch`?");
    }
    opmodel(repo.path(), &["diff", "HEAD~2", "model/model.toml"])
        .exits(2)
        .complains("`model/model.toml` is a file, and an address is wanted here");
    opmodel(repo.path(), &["log", "sla.touch", "HEAD~1..HEAD"]).exits(0);
    let range = opmodel(repo.path(), &["diff", "sla.touch", "HEAD~2..HEAD"]).exits(0);
    range.says("sla.touch.within");
}

#[test]
fn addresses_are_listed() {
    let repo = history();
    let all = opmodel(repo.path(), &["show"]).exits(0);
    all.says("role.lead").says("Sales lead").says("sla.touch").says("model");
    let fields = opmodel(repo.path(), &["show", "field.*"]).exits(0).hides("sla.touch");
    fields.says("field.lead.created_at").says("field.lead.touched_at");
    opmodel(repo.path(), &["show", "sla"]).exits(0).says("sla.touch").hides("field.");
    opmodel(repo.path(), &["show", "sla.*.within"]).exits(0).says("sla.touch.within");
    opmodel(repo.path(), &["show", "list.*"]).exits(128).complains("there is no `list.*`");
    opmodel(repo.path(), &["show", "zzz.nothing"]).exits(128).complains("`opmodel show`");
    let listed = opmodel(repo.path(), &["show", "--format", "json"]).exits(0).json();
    assert_eq!(listed["covers"][0]["address"], "field.lead.created_at");
}

#[test]
fn impacts_levels_and_kinds_have_pages() {
    let folder = tempfile::tempdir().expect("a folder");
    let explain = |name: &str| opmodel(folder.path(), &["explain", name]).exits(0);
    for impact in
        ["breaking", "loosening", "tightening", "shifting", "undecided", "additive", "cosmetic"]
    {
        explain(impact).says("An impact").says("usual level");
    }
    for level in ["forbid", "approve", "warn", "note", "off"] {
        explain(level).says("A level").says("[policy.");
    }
    let page = explain("definition").says("[definition.<id>]").says("criteria: table by id");
    page.says("gate-predicate").says("required").says("address of");
    explain("field").says("[field.<id>.<id>]");
    explain("lifecycle").says("stage.<id>.exit");
    opmodel(folder.path(), &["explain", "loosenning"]).exits(2).complains("`loosening`?");
    for command in ["diff", "log", "check", "show"] {
        let short = opmodel(folder.path(), &["schema", command]).exits(0).out;
        let whole = opmodel(folder.path(), &["schema", &format!("output-{command}")]);
        assert_eq!(short, whole.exits(0).out);
    }
    let list = opmodel(folder.path(), &["schema"]).exits(0);
    list.says("kind: one").says("output: what");
}

/// The first of the next steps that `init` prints.
fn next_step(out: &str) -> Vec<String> {
    let words = out.lines().find_map(|line| line.trim().strip_prefix("opmodel "));
    words.expect("a next step").split(' ').map(str::to_owned).collect()
}

#[test]
fn the_next_steps_work_from_here() {
    for arguments in [
        &["init"][..],
        &["init", "crm-model"],
        &["init", "--model", "gtm"],
        &["init", "--model", "./gtm/"],
        &["init", "--model", "."],
        &["init", "./deep/er", "--model", "rules"],
        &["init", "two words"],
        &["-C", "below", "init", "further"],
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("below")).expect("a folder");
        let run = opmodel(folder.path(), arguments).exits(0);
        let wrote = run.out.lines().filter_map(|line| line.strip_prefix("wrote "));
        for path in wrote {
            assert!(folder.path().join(path).exists(), "{arguments:?}: {path}");
        }
        let next = next_step(&run.out).join(" ").replace("'two words'", "two_words");
        let next: Vec<String> = next.split(' ').map(|word| word.replace('_', " ")).collect();
        let next: Vec<&str> = next.iter().map(String::as_str).collect();
        opmodel(folder.path(), &next).exits(0).says("the model is valid");
    }
}

#[test]
fn a_start_that_cannot_work_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let below = folder.path().join("below");
    fs::create_dir(&below).expect("a folder");
    for named in ["../up", "a/../../up", "/nowhere/at/all"] {
        let run = opmodel(&below, &["init", "--model", named]).exits(128);
        run.complains("is not a folder inside");
    }
    opmodel(&below, &["init", "--demo", "d2", "--model", "foo"]).exits(2).complains("`--demo`");
    assert_eq!(fs::read_dir(&below).expect("a folder").count(), 0);
    assert!(!folder.path().join("up").exists());
}

#[test]
fn a_mistake_is_told_in_the_asked_colours() {
    let folder = tempfile::tempdir().expect("a folder");
    let escape = '\u{1b}';
    for (arguments, colored) in [
        (&["--color", "never", "chek"][..], false),
        (&["chek", "--color=never"], false),
        (&["--color", "always", "chek"], true),
        (&["--color=always", "chek"], true),
        (&["chek", "--", "--color=always"], false),
        (&["chek"], false),
    ] {
        let run = ran(&mut command(folder.path(), arguments)).exits(2);
        assert_eq!(run.err.contains(escape), colored, "{arguments:?}");
    }
    let help = opmodel(folder.path(), &["diff", "--help", "--color", "never"]).exits(0);
    help.says("Everywhere:").hides("\u{1b}");
}

#[test]
fn what_is_declared_twice_is_said_by_whatever_takes_one_of_the_two() {
    let object = "[object.lead]\nkey_field = \"id\"\n[field.lead.id]\ntype = \"text\"\n[team.one]\n[team.two]\n";
    let routing =
        |team: &str| format!("[routing.inbound]\nobject = \"lead\"\ndefault = \"team.{team}\"\n");
    let folder = folder_with(&[
        ("model/a.toml", object),
        ("model/b.toml", &routing("one")),
        ("model/c.toml", &routing("two")),
        ("leads.csv", "id\n1\n"),
    ]);
    let told = "`routing.inbound` is declared in model/b.toml:1 and again in model/c.toml:1";
    for arguments in [
        &["trace", "{\"id\":\"1\"}"][..],
        &["evaluate", "leads.csv"],
        &["deviations", "leads.csv"],
        &["records", "doctor", "leads.csv"],
        &["show"],
    ] {
        opmodel(folder.path(), arguments).complains(told);
    }
    opmodel(folder.path(), &["export", "sql", "--out", "sql"]).exits(128).complains(told);
    let limit = ["deviations", "leads.csv", "--max", "5"];
    opmodel(folder.path(), &limit).exits(128).complains(told);
    assert!(!folder.path().join("sql").exists());
}

#[test]
fn options_that_say_nothing_are_refused() {
    let folder = folder_with(&[(
        "model/a.toml",
        "[object.lead]\n[object.deal]\n[field.lead.id]\ntype = \"text\"\n[example.one]\nobject = \"lead\"\nrecord = { id = \"1\" }\n[routing.r]\nobject = \"lead\"\ndefault = \"queue.q\"\n[queue.q]\n",
    )]);
    for (arguments, told) in [
        (&["trace", "example.one", "--object", "deal"][..], "`example.one` is a `lead` record"),
        (&["show", "queue.q", "--branch", "main"], "`--branch` says where a date is looked up"),
        (&["check", "--model", ""], "the name behind `--model` is empty"),
        (&["export", "sql", "--out", "x", "--key", " "], "a name behind `--key` is empty"),
        (&["export", "sql", "--out", "x", "--schema", "a..b"], "a name behind `--schema` is empty"),
    ] {
        opmodel(folder.path(), arguments).exits(2).complains(told);
    }
    opmodel(folder.path(), &["trace", "example.one", "--object", "lead"]).exits(0);
}

#[test]
fn a_starter_is_not_poured_into_a_model() {
    let folder = folder_with(&[("model/a.toml", "[object.company]\n")]);
    let run = opmodel(folder.path(), &["init"]).exits(0);
    run.says("there is a model in model already, with 1 entity of its own").says("wrote schemas/");
    assert_eq!(fs::read_dir(folder.path().join("model")).expect("a folder").count(), 1);
}
