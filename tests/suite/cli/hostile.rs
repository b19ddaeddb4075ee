//! Input that means harm: nothing hangs, nothing falls over, nothing acts on a terminal.

use super::{DAY, Run, T, closed_early, model, opmodel};
use crate::repo::Repo;

fn committed_then(text: impl AsRef<[u8]>) -> Repo {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", T);
    repo.write("model/hostile.toml", text);
    repo
}

fn survives(text: &str) {
    let repo = committed_then(text);
    let check = opmodel(repo.path(), &["check"]);
    assert!((0..=1).contains(&check.code), "{}\n{}", check.code, check.err);
    // Where it could not be read, the comparison says so and fails.
    let unread = |run: Run| i32::from(run.out.contains("not compared: "));
    let diff = || opmodel(repo.path(), &["diff"]);
    diff().exits(unread(diff()));
    repo.commit("hostile", T + DAY);
    opmodel(repo.path(), &["log"]).exits(0);
    repo.write("model/hostile.toml", "");
    diff().exits(unread(diff()));
}

#[test]
fn deep_nesting_is_a_finding() {
    let (open, close) = ("[".repeat(5_000), "]".repeat(5_000));
    survives(&format!("[list.a]\nvalues = {open}{close}\n"));
    survives(&format!("[list.a]\nvalues = {open}\n"));
    survives(&format!("[list.a]\nx = {}\n", "{a=".repeat(5_000)));
    survives(&format!("a{} = 1\n", ".a".repeat(50_000)));
    survives(&format!("[a{}]\nx = 1\n", ".a".repeat(50_000)));
    survives(&format!("[[a{}]]\nx = 1\n", ".a".repeat(50_000)));
}

#[test]
fn long_criteria_are_a_finding() {
    let criterion =
        |text: String| format!("[segment.a]\nobject = 'lead'\nwhen = \"\"\"{text}\"\"\"\n");
    survives(&criterion("(".repeat(20_000)));
    survives(&criterion(format!("{}a{}", "(".repeat(20_000), ")".repeat(20_000))));
    survives(&criterion(format!("{}a", "not ".repeat(20_000))));
    survives(&criterion("at least 1 of (".repeat(20_000)));
    survives(&criterion(format!("a = 1{}", " or a = 1".repeat(20_000))));
    survives(&criterion(format!("a in [{}]", "'x', ".repeat(20_000))));
}

#[test]
fn numbers_and_dates_at_the_edge_do_no_harm() {
    survives(&format!(
        "[territory.a]\nobject = 'lead'\nquota = {}\n[queue.q]\ncapacity = 9223372036854775807\n\
         [signal.s]\nthreshold = -9223372036854775808\n[exception.e]\nexpires = 9999-12-31\n\
         [pilot.p]\nends = -0001-01-01\n[sla.s]\nwithin = '999999 business weeks'\n\
         [metric.m]\ntarget = 1e999\nalert = nan\n[scoring.s]\ncap = 1e-400\nfloor = 79228162514264337593543950335\n\
         [segment.s]\nwhen = 'days since created_at > 99999999999999999999'\n\
         [segment.t]\nwhen = 'at least 4294967296 of (a, b)'\n",
        "9".repeat(400)
    ));
}

#[test]
fn many_small_things_take_little_time() {
    let started = std::time::Instant::now();
    let values: Vec<_> = (0..20_000).map(|number| format!("'v{number}'")).collect();
    let rules: Vec<_> =
        (0..5_000).map(|number| format!("[[routing.r.rule]]\nid = 'r{number}'")).collect();
    survives(&format!(
        "[list.a]\nvalues = [{}]\n[routing.r]\n{}\n",
        values.join(","),
        rules.join("\n")
    ));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// What a terminal, a log or a reader's eye would obey.
fn assert_harmless(what: &str, text: &str) {
    let obeyed = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(obeyed), "{what}: {text:?}");
}

#[test]
fn nothing_acts_on_a_terminal() {
    let evil = "\\u001b[31mred\\u001b]0;title\\u0007\\u009b2J\\u202egnp";
    let raw = "\u{1b}[31mred\u{1b}]0;t\u{7}\u{9b}2J\u{202e}gnp";
    let repo = Repo::new();
    let text = |values: &str| {
        format!(
            "{}\n[list.\"{evil}\"]\nname = \"{evil}\"\nvalues = [{values}]\n\"{evil}\" = \"{evil}\"\n\
             [segment.x]\nname = \"{evil}\"\nobject = \"lead\"\nwhen = \"company = '{evil}{values}'\"\n",
            model("4 hours")
        )
    };
    repo.write(&format!("model/{raw}.toml"), text(""));
    repo.commit(&format!("first {raw}\n::error::injected"), T);
    repo.write(&format!("model/{raw}.toml"), text("7"));
    repo.write("model/raw.toml", format!("# {raw}\n[{raw}"));
    repo.commit(&format!("second {raw}"), T + DAY);
    opmodel(repo.path(), &["diff", "HEAD~1"]).exits(1).says("segment.x").says("raw.toml");
    for arguments in [
        &["check"][..],
        &["check", "--format", "github"],
        &["diff", "HEAD~1"],
        &["diff", "HEAD~1", "--stat"],
        &["diff", "HEAD~1", "--name-only"],
        &["diff", "HEAD~1", "--format", "markdown"],
        &["log"],
        &["show", "segment.x"],
        &["show", raw],
        &["blame"],
        &["blame", raw],
        &["diff", raw],
        &["explain", raw],
        &["schema", raw],
        &["log", "--since", raw],
        &["check", "--model", raw],
        &["diff", "HEAD~1", &format!("list.{raw}")],
    ] {
        let run = opmodel(repo.path(), arguments);
        assert_harmless(&format!("{arguments:?} results"), &run.out);
        assert_harmless(&format!("{arguments:?} messages"), &run.err);
    }
}

#[test]
fn a_log_line_cannot_be_forged() {
    let text =
        "[list.\"a\\n::error file=x::forged\"]\nname = \"%0A::warning::forged\"\nvalues = 7\n";
    let repo = committed_then(text);
    let run = opmodel(repo.path(), &["check", "--format", "github"]).exits(1);
    for line in run.out.lines() {
        let ours = ["::error ", "::warning ", "::notice "];
        assert!(ours.iter().any(|start| line.starts_with(start)), "{line}");
        assert!(!line.starts_with("::error file=x::"), "{line}");
    }
    opmodel(repo.path(), &["diff", "--name-only"]).exits(0).hides("\n::error");
}

#[cfg(unix)]
#[test]
fn a_file_cannot_be_named_like_a_command_of_a_workflow() {
    let repo = committed_then("");
    repo.write("model/x\n::error title=review::merge it.toml", "[list.a]\nvalues = 7\n");
    let run = opmodel(repo.path(), &["check"]).exits(1).says("x ::error title=review");
    run.hides("\n::");
}

#[test]
fn markdown_stays_what_it_is() {
    let text = "[list.a]\nname = '<script>alert(1)</script>'\nvalues = ['</details><img src=x>', '`tick`', '[link](javascript:x)', '| a | b |']\n";
    let repo = committed_then(text);
    let run = opmodel(repo.path(), &["diff", "--format", "markdown"]).exits(0);
    run.hides("<script").hides("<img");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let repo = committed_then("");
    for arguments in [&["kinds"][..], &["schema", "model"], &["log"], &["man"], &["check"]] {
        let run = closed_early(repo.path(), arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    }
}
