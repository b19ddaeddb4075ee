//! Z3 as a child process that is asked one question after another.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What Z3 says of an assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Sat,
    Unsat,
    /// Not decided in time.
    Unknown,
}

/// A running Z3.
pub(super) struct Solver {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// How many questions were answered, and how many were not.
    pub(super) answered: usize,
    pub(super) unknown: usize,
}

/// The longest that one question may take.
const MILLISECONDS: u32 = 5_000;

impl Solver {
    pub(super) fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let peers = std::env::var_os("PEERS");
        let peers = peers.map_or_else(|| root.join("target/peers"), PathBuf::from);
        let z3 = peers.join("python/bin/z3");
        let mut child = Command::new(&z3)
            .arg("-in")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{}: {error}; benches/peers/install.sh installs it", z3.display())
            });
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output, answered: 0, unknown: 0 }
    }

    /// Forgets everything, and takes what is true in what follows.
    pub(super) fn begin(&mut self, ground: &str) {
        let text = format!("(reset)\n(set-option :timeout {MILLISECONDS})\n{ground}\n");
        self.input.write_all(text.as_bytes()).unwrap();
    }

    /// Whether something can be beside what is true.
    pub(super) fn ask(&mut self, assertion: &str) -> Answer {
        let text = format!("(push)\n(assert {assertion})\n(check-sat)\n(pop)\n");
        self.input.write_all(text.as_bytes()).unwrap();
        self.input.flush().unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        self.answered += 1;
        match line.trim() {
            "sat" => Answer::Sat,
            "unsat" => Answer::Unsat,
            "unknown" | "timeout" => {
                self.unknown += 1;
                Answer::Unknown
            }
            other => panic!("{other}\n{assertion}"),
        }
    }
}

impl Drop for Solver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
