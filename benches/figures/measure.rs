//! Whole commands, taken in turn, and what each run cost.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

/// A command line to measure.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// What the table calls it.
    pub(crate) label: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    folder: PathBuf,
    /// How many of the rounds it takes part in; slow peers need fewer.
    rounds: usize,
}

impl Line {
    pub(crate) fn new(label: &str, program: impl Into<PathBuf>, folder: &Path) -> Self {
        let (program, folder) = (program.into(), folder.to_owned());
        Self { label: label.to_owned(), program, arguments: Vec::new(), folder, rounds: usize::MAX }
    }

    /// Adds arguments written as one text, separated by blanks.
    pub(crate) fn with(mut self, arguments: &str) -> Self {
        self.arguments.extend(arguments.split_whitespace().map(OsString::from));
        self
    }

    /// Adds paths.
    pub(crate) fn paths(mut self, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        self.arguments.extend(paths.into_iter().map(PathBuf::into_os_string));
        self
    }

    pub(crate) fn at_most(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// Runs it once: what it prints, and what that cost.
    pub(crate) fn said(&self) -> Result<(String, Figure), String> {
        let fault = |error: std::io::Error| format!("{}: {error}", self.program.display());
        let mut command = quiet(&self.program);
        command.args(&self.arguments).current_dir(&self.folder);
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(fault)?;
        let mut said = String::new();
        if let Some(mut output) = child.stdout.take() {
            output.read_to_string(&mut said).map_err(fault)?;
        }
        let used = child.wait4().map_err(fault)?;
        let cpu = used.rusage.utime + used.rusage.stime;
        let peak = used.rusage.maxrss;
        let run = Run { cpu, wall: begun.elapsed(), peak, code: used.status.code() };
        Ok((said, middle(self, &[run])))
    }

    /// Runs it once, its output thrown away.
    pub(crate) fn run(&self) -> Result<Run, String> {
        let fault = |error: std::io::Error| format!("{}: {error}", self.program.display());
        let mut command = quiet(&self.program);
        command.args(&self.arguments).current_dir(&self.folder);
        let begun = Instant::now();
        let child = command.spawn().map_err(fault)?;
        let used = child.wait4().map_err(fault)?;
        let wall = begun.elapsed();
        let cpu = used.rusage.utime + used.rusage.stime;
        Ok(Run { cpu, wall, peak: used.rusage.maxrss, code: used.status.code() })
    }
}

/// A command that reads and writes nothing, and whose Git knows no one's settings.
pub(crate) fn quiet(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("LC_ALL", "C").env("NO_COLOR", "1");
    command
}

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// User and system time of the command and of everything it waited for.
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
    /// The most memory it held, in bytes.
    pub(crate) peak: u64,
    pub(crate) code: Option<i32>,
}

/// The middle of several runs.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(crate) label: String,
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
    /// The most memory that any run held, in bytes.
    pub(crate) peak: u64,
    /// The exit code, where all runs had the same.
    pub(crate) code: Option<i32>,
}

impl Figure {
    /// Its CPU time as a share of another's.
    pub(crate) fn of(&self, other: &Self) -> f64 {
        self.cpu.as_secs_f64() / other.cpu.as_secs_f64()
    }

    /// Its wall time as a share of another's.
    pub(crate) fn wall_of(&self, other: &Self) -> f64 {
        self.wall.as_secs_f64() / other.wall.as_secs_f64()
    }
}

/// Runs commands in turn, A B C A B C …, and takes the middle of each. The first round only warms
/// the caches.
pub(crate) fn in_turn(lines: &[Line], rounds: usize) -> Result<Vec<Figure>, String> {
    let mut runs: Vec<Vec<Run>> = lines.iter().map(|_| Vec::new()).collect();
    for line in lines {
        line.run()?;
    }
    for round in 0..rounds {
        for (line, runs) in lines.iter().zip(&mut runs) {
            if round < line.rounds {
                runs.push(line.run()?);
            }
        }
    }
    Ok(lines.iter().zip(runs).map(|(line, runs)| middle(line, &runs)).collect())
}

fn middle(line: &Line, runs: &[Run]) -> Figure {
    let median = |of: fn(&Run) -> Duration| {
        let mut times: Vec<Duration> = runs.iter().map(of).collect();
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let first = runs.first().and_then(|run| run.code);
    let code = first.filter(|code| runs.iter().all(|run| run.code == Some(*code)));
    let peak = runs.iter().map(|run| run.peak).max().unwrap_or(0);
    let label = line.label.clone();
    Figure { label, cpu: median(|r| r.cpu), wall: median(|r| r.wall), peak, code }
}
