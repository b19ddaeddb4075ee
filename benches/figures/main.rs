//! Figures: `opmodel` beside its peers, whole commands in turn, CPU and wall time.
//!
//! `cargo bench --bench figures` measures all, `cargo bench --bench figures -- start` those whose
//! name contains `start`. Nothing is asserted: what a number should be stands beside it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]

mod answers;
mod chance;
mod exports;
mod ground;
mod history;
mod lists;
mod measure;
mod peers;
mod proof;
mod records;
mod smt;
mod template;
mod trail;
mod words;

use ground::Ground;
use history::COMMITS;
use measure::{Figure, Line, in_turn};
use peers::Peers;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures one thing on the ground, with the peers of a folder, and prints it.
type Section = fn(&Ground, &Path) -> Result<(), String>;

/// Measures what has a ground of its own: the folder for it, the folder of the peers.
type Apart = fn(&Path, &Path) -> Result<(), String>;

/// The allocator of the command, for answers that are given here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const OPMODEL: &str = env!("CARGO_BIN_EXE_opmodel");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = arguments.split_first()
        && first == answers::ANSWER
    {
        match answers::answer(rest) {
            Ok(said) => print!("{said}"),
            Err(words) => {
                eprintln!("{words}");
                return ExitCode::FAILURE;
            }
        }
        return ExitCode::SUCCESS;
    }
    measure_all(&arguments.into_iter().filter(|a| !a.starts_with('-')).collect::<Vec<_>>());
    ExitCode::SUCCESS
}

fn measure_all(filter: &[String]) {
    let wanted = |name: &str| filter.is_empty() || filter.iter().any(|word| name.contains(word));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap_or(root);
    let peers = std::env::var_os("PEERS").map_or_else(|| root.join("target/peers"), PathBuf::from);
    let failed = |name: &str, words: String| eprintln!("{name} could not be measured: {words}");
    let apart: [(&str, Apart); 6] = [
        ("never-fires", proof::never_fires),
        ("moves", proof::moves),
        ("growth", proof::growth),
        ("trail", trail::trail),
        ("records-million", records::million),
        ("records-ten-million", records::ten_million),
    ];
    for (name, section) in apart.into_iter().filter(|(name, _)| wanted(name)) {
        section(target, &peers).unwrap_or_else(|words| failed(name, words));
    }
    let sections: [(&str, Section); 6] = [
        ("check", check),
        ("history", history),
        ("log", log),
        ("change", change),
        ("review", review),
        ("start", start),
    ];
    let mut sections = sections.into_iter().filter(|(name, _)| wanted(name)).peekable();
    if sections.peek().is_none() {
        return;
    }
    let ground = match Ground::prepare(root, target) {
        Ok(ground) => ground,
        Err(words) => return eprintln!("the model to measure on could not be made: {words}"),
    };
    for (name, section) in sections {
        section(&ground, &peers).unwrap_or_else(|words| failed(name, words));
    }
}

/// `check` of the generated model beside validators of TOML and JSON.
fn check(ground: &Ground, folder: &Path) -> Result<(), String> {
    let peers = Peers::find(folder, ground)?;
    let files = ground.model_files()?.len();
    let mut notes = Vec::new();
    let mut lines = vec![Line::new("opmodel check", OPMODEL, &ground.company).with("check")];
    for peer in &peers.present {
        if !peer.sees_the_fault()? {
            notes.push(format!("{} passed a file with a fault", peer.model.label));
        }
        lines.push(peer.model.clone());
    }
    if !peers.missing.is_empty() {
        let names = peers.missing.join(", ");
        notes.push(format!("missing: {names}; benches/peers/install.sh installs them"));
    }
    let figures = in_turn(&lines, 9)?;
    let title = format!("`check` of a model of {files} files");
    let taplo = figures.iter().position(|figure| figure.label.starts_with("taplo"));
    table(&title, &figures, taplo, &[("opmodel check", "≤ 0.35")], &notes);
    Ok(())
}

/// `diff` over the whole history.
fn history(ground: &Ground, _: &Path) -> Result<(), String> {
    let range = format!("HEAD~{COMMITS} HEAD");
    let opmodel = |label: &str| {
        let words = label.trim_start_matches("opmodel diff");
        Line::new(label, OPMODEL, &ground.company).with(&format!("diff {range} {words}"))
    };
    let git = Line::new("git diff --stat", "git", &ground.company)
        .with(&format!("diff --stat {range} -- model"));
    let lines = [
        git,
        opmodel("opmodel diff --by-form"),
        opmodel("opmodel diff --by-form --stat"),
        opmodel("opmodel diff"),
    ];
    let title = format!("`diff` over {COMMITS} commits of change");
    let target = ("opmodel diff --by-form", "≤ 0.7");
    table(&title, &in_turn(&lines, 11)?, Some(0), &[target], &[]);
    Ok(())
}

/// `log` of the whole history, commit by commit.
fn log(ground: &Ground, _: &Path) -> Result<(), String> {
    let range = format!("log HEAD~{COMMITS}..HEAD");
    let git = |label: &str, words: &str| {
        Line::new(label, "git", &ground.company).with(&range).with(words).with("-- model")
    };
    let lines = [
        git("git log -p", "-p"),
        git("git log --stat", "--stat"),
        Line::new("opmodel log", OPMODEL, &ground.company).with(&range),
    ];
    let title = format!("`log` of {COMMITS} commits, each with what it changes");
    table(&title, &in_turn(&lines, 7)?, Some(0), &[], &[]);
    Ok(())
}

/// `diff` of a change of twenty files among two thousand.
fn change(ground: &Ground, _: &Path) -> Result<(), String> {
    let range = "diff HEAD~1 HEAD";
    let lines = [
        Line::new("git diff", "git", &ground.company).with(range).with("-- model"),
        Line::new("opmodel diff --by-form", OPMODEL, &ground.company).with(range).with("--by-form"),
        Line::new("opmodel diff", OPMODEL, &ground.company).with(range),
    ];
    let title = format!("`diff` of a change of {} files", history::LAST);
    table(&title, &in_turn(&lines, 31)?, Some(0), &[("opmodel diff --by-form", "≤ 3")], &[]);
    Ok(())
}

/// A proposal of 20 files in a model of 2,000, reviewed beside a check of the same.
fn review(ground: &Ground, _: &Path) -> Result<(), String> {
    let lines = [
        Line::new("opmodel check", OPMODEL, &ground.company).with("check"),
        Line::new("opmodel review", OPMODEL, &ground.company).with("review HEAD~1"),
    ];
    let title = format!("`review` of a proposal of {} files", history::LAST);
    table(&title, &in_turn(&lines, 21)?, Some(0), &[("opmodel review", "≤ 3")], &[]);
    Ok(())
}

/// How long it takes to begin, and to check the example model.
fn start(ground: &Ground, _: &Path) -> Result<(), String> {
    let lines = |at: &Path| {
        [
            Line::new("git status", "git", at).with("status"),
            Line::new("opmodel --version", OPMODEL, at).with("--version"),
            Line::new("opmodel check", OPMODEL, at).with("check"),
        ]
    };
    let targets = [("opmodel --version", "≤ 2"), ("opmodel check", "≤ 2")];
    let title = "Starting, and `check` of the example model in its repository";
    table(title, &in_turn(&lines(&ground.whole), 61)?, Some(0), &targets, &[]);
    let title = "The same in a repository that holds nothing but the model";
    table(title, &in_turn(&lines(&ground.example), 61)?, Some(0), &[], &[]);
    Ok(())
}

/// Prints figures as a table, each as a share of the one at `base`.
fn table(
    title: &str,
    figures: &[Figure],
    base: Option<usize>,
    targets: &[(&str, &str)],
    notes: &[String],
) {
    let base = base.and_then(|at| figures.get(at));
    println!("\n### {title}\n");
    let beside = base.map_or("a peer", |base| &base.label);
    println!("| command | CPU ms | wall ms | CPU / {beside} | wall / {beside} | target | exit |");
    println!("| --- | ---: | ---: | ---: | ---: | --- | ---: |");
    for figure in figures {
        let millis = |time: std::time::Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
        let (cpu, wall) = match base {
            Some(base) => (share(figure.of(base)), share(figure.wall_of(base))),
            None => ("–".to_owned(), "–".to_owned()),
        };
        let target = targets.iter().find(|(label, _)| *label == figure.label).map_or("", |t| t.1);
        let code = figure.code.map_or("varies".to_owned(), |code| code.to_string());
        let (label, cpu_ms, wall_ms) = (&figure.label, millis(figure.cpu), millis(figure.wall));
        println!("| `{label}` | {cpu_ms} | {wall_ms} | {cpu} | {wall} | {target} | {code} |");
    }
    for note in notes {
        println!("\n{note}");
    }
}

/// Prints how costs grow: for each size seconds to read a model, and for two questions about it.
fn growth_table(costs: &[(usize, [f64; 3])]) {
    println!("\n### How the work grows\n");
    println!("| rules | read, CPU ms | never fires, CPU ms | elsewhere, CPU ms |");
    println!("| ---: | ---: | ---: | ---: |");
    for (size, seconds) in costs {
        let [read, never, elsewhere] = seconds.map(|seconds| format!("{:.2}", seconds * 1000.0));
        println!("| {size} | {read} | {never} | {elsewhere} |");
    }
    let exponent = |from: (usize, f64), to: (usize, f64)| {
        let size = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX)).ln();
        (to.1 / from.1).ln() / (size(to.0) - size(from.0))
    };
    let [never, elsewhere] = [1, 2].map(|column| {
        let of = |(size, seconds): &(usize, [f64; 3])| Some((*size, *seconds.get(column)?));
        let from = costs.iter().find(|(size, _)| *size >= 500).and_then(of);
        let to = costs.last().and_then(of);
        from.zip(to).map_or("–".to_owned(), |(from, to)| format!("{:.2}", exponent(from, to)))
    });
    println!("| exponent from 500 on | | {never} | {elsewhere} |");
}

fn share(of: f64) -> String {
    if of < 0.1 { format!("{of:.4}") } else { format!("{of:.2}") }
}
