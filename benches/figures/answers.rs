//! The answers whose cost is measured, each given by a process of its own.
//!
//! The harness starts itself as `figures answer <verb> <file>…`; what it prints is held against what
//! Z3 says before anything is timed.

use opmodel::document::Limits;
use opmodel::load::{self, ModelScope, Router};
use opmodel::model::Model;
use opmodel::proof::{DEFAULT_BUDGET, Fate, Prover, Row, Table, Useless};
use opmodel::source::{RawContent, RawFile};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The word that makes a process answer instead of measure.
pub(crate) const ANSWER: &str = "answer";

/// Gives one answer.
pub(crate) fn answer(arguments: &[String]) -> Result<String, String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["read", files @ ..] => {
            let counts = files.iter().map(|file| with_table(file, |table| Ok(table.rules.len())));
            counts.map(|count| Ok(format!("{}\n", count?))).collect()
        }
        ["useless", file] => with_table(file, useless),
        ["rerouting", old, new] => {
            with_table(old, |before| with_table(new, |after| rerouting(before, after)))
        }
        ["alone", "useless", file] => with_table(file, |table| timed(|| useless(table))),
        ["alone", "rerouting", old, new] => {
            with_table(old, |before| with_table(new, |after| timed(|| rerouting(before, after))))
        }
        ["records", words @ ..] => crate::records::answer(words),
        ["z3", program, file, rules @ ..] => pairs(program, file, rules),
        _ => Err(format!("no answer is called {words:?}")),
    }
}

/// How many nanoseconds a question takes whose models are read.
fn timed(ask: impl FnOnce() -> Result<String, String>) -> Result<String, String> {
    let begun = Instant::now();
    ask()?;
    Ok(format!("{}\n", begun.elapsed().as_nanos()))
}

/// The day that the lists count from.
fn prover() -> Result<Prover, String> {
    let as_of = "2026-06-30T00:00:00Z".parse().map_err(|error| format!("{error}"))?;
    Ok(Prover { as_of, budget: DEFAULT_BUDGET })
}

pub(crate) fn read(path: &str) -> Result<Model, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let file = RawFile { path: path.to_owned(), content: RawContent::Bytes(bytes) };
    let loaded = load::read(vec![file], Limits::default());
    loaded.findings.first().map_or(Ok(loaded.model), |finding| Err(finding.message.clone()))
}

fn with_table<T>(
    path: &str,
    with: impl FnOnce(&Table<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let model = read(path)?;
    let scope = ModelScope::new(&model);
    let fault = scope.criteria().iter().find_map(|c| Some((c.text, c.faults.first()?)));
    if let Some((text, fault)) = fault {
        return Err(format!("{text}: {}", fault.message));
    }
    let entity = model.get("routing.all").ok_or("no routing table")?;
    let router = Router::of(&scope, entity);
    with(&Table::of(&router).ok_or("a condition cannot be read")?)
}

/// The rules that never fire, by place.
fn useless(table: &Table<'_>) -> Result<String, String> {
    let useless = prover()?.useless(table).map_err(|why| why.to_string())?;
    let mut said = String::new();
    for (at, how) in useless.iter().enumerate() {
        match how {
            Some(Useless::Contradiction | Useless::Shadowed(_)) => {
                let _ = writeln!(said, "{at}");
            }
            Some(Useless::Undecided(why)) => return Err(why.clone()),
            Some(Useless::Redundant) | None => {}
        }
    }
    Ok(said)
}

/// The pairs of rules between which records move, by place; past the last one is the default.
fn rerouting(before: &Table<'_>, after: &Table<'_>) -> Result<String, String> {
    let rerouting = prover()?.rerouting(before, after);
    if let Some(why) = rerouting.undecided.first() {
        return Err(why.clone());
    }
    let place = |table: &Table<'_>, fate: &Fate| {
        let rule = table.rules.iter().position(|rule| rule.id == fate.name());
        rule.unwrap_or(table.rules.len())
    };
    let pair = |row: &Row| (place(before, &row.before), place(after, &row.after));
    Ok(spelled(rerouting.rows.iter().map(pair).collect()))
}

/// Pairs in order, a line each.
fn spelled(mut pairs: Vec<(usize, usize)>) -> String {
    pairs.sort_unstable();
    let lines: Vec<String> = pairs.iter().map(|(from, to)| format!("{from} {to}\n")).collect();
    lines.concat()
}

/// The same pairs from Z3: a record that moves, which rules take it, and again without those.
fn pairs(program: &str, file: &str, limit: &[&str]) -> Result<String, String> {
    let fault = |error: std::io::Error| format!("{program}: {error}");
    let mut child = Command::new(program)
        .args(limit)
        .arg("-in")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(fault)?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(format!("{program} has no input"));
    };
    let mut lines = BufReader::new(output).lines();
    let mut line = || lines.next().unwrap_or(Ok("timeout".to_owned())).map_err(fault);
    input.write_all(&std::fs::read(Path::new(file)).map_err(fault)?).map_err(fault)?;
    let mut pairs = Vec::new();
    loop {
        input.write_all(b"(check-sat)\n").and_then(|()| input.flush()).map_err(fault)?;
        match line()?.as_str() {
            "sat" => {}
            "unsat" => break,
            _ => {
                let _ = child.wait();
                return Ok("timeout\n".to_owned());
            }
        }
        input.write_all(b"(get-value (o n))\n").and_then(|()| input.flush()).map_err(fault)?;
        let values = line()? + &line()?;
        let number = |word: &str| match word.strip_prefix("#b") {
            Some(bits) => usize::from_str_radix(bits, 2).ok(),
            None => word.parse().ok(),
        };
        let numbers = values.split(['(', ')', ' ']).filter_map(number).collect::<Vec<_>>();
        let &[from, to] = numbers.as_slice() else { return Err(values) };
        pairs.push((from, to));
        let block = format!("(assert (not (and o{from} n{to})))\n");
        input.write_all(block.as_bytes()).map_err(fault)?;
    }
    drop(input);
    child.wait().map_err(fault)?;
    Ok(spelled(pairs))
}
