//! `opmodel demo`: the main job on a company's model with history.

mod play;

pub(super) use play::build;

use super::{Failure, Session};
use crate::artifact::demo::{Event, MAIN, PRESENT, PROPOSAL, events};
use crate::cli::{self, Surroundings};
use crate::report::{Block, Line, Page, TextOptions, text};
use crate::view::shell_word;
use clap::Args;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Build a company's model with 18 months of history, and show the main job on it.
///
/// The company is invented. Its repository is a real one: the tour runs the commands it prints, so
/// each can be repeated, and the folder stays until you delete it. Exits with 0 although the model
/// has findings, because it is meant to.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel demo                           in a new temporary folder\n  opmodel demo --dir acme                in a folder that is empty or not there yet\n  opmodel demo --serve                   the company's site in a browser\n  opmodel init --demo acme               the repository without the tour"
)]
pub struct Demo {
    /// Where to build the repository; a new folder below the system's temporary one where none is
    /// given.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The same, as `opmodel init` takes it.
    #[arg(value_name = "DIR", conflicts_with = "dir", hide = true)]
    folder: Option<PathBuf>,
    /// Write the company's site into the folder `site` beside its model, too.
    #[arg(long)]
    site: bool,
    /// Show the company's site to a browser on this computer instead of the tour, until Ctrl-C.
    #[arg(long, conflicts_with = "site")]
    serve: bool,
}

impl Demo {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let folder = match self.dir.or(self.folder) {
            Some(dir) => session.directory().join(dir),
            None => fresh_folder(&std::env::temp_dir())?,
        };
        build(&folder)?;
        let tour = Tour { folder: folder.display().to_string() };
        tour.opening(session)?;
        if self.serve {
            tour.shown(session, SERVED)?;
            return Ok(0);
        }
        for (stop, number) in STOPS.iter().zip(1..) {
            tour.stop(session, number, stop)?;
        }
        if self.site {
            tour.stop(session, STOPS.len() + 1, &SITE)?;
        }
        tour.ending(session)?;
        Ok(0)
    }
}

/// Makes a folder that was not there; the name stays short as long as it is free.
fn fresh_folder(below: &Path) -> Result<PathBuf, Failure> {
    let mut number = 1_u32;
    loop {
        let name = match number {
            1 => "opmodel-demo".to_owned(),
            _ => format!("opmodel-demo-{number}"),
        };
        let folder = below.join(name);
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(Failure::disk("make the folder", folder, error)),
        }
    }
}

/// A command of the tour, and what to look at.
struct Stop {
    title: &'static str,
    look: &'static str,
    command: &'static [&'static str],
}

static STOPS: &[Stop] = &[
    Stop {
        title: "What is wrong with the model",
        look: "A country that no territory has, a clean-up that was forgotten, a waiver past its last day, somebody who left, a review nobody did. All at once, each in the words that are there.",
        command: &["check", "--as-of", PRESENT],
    },
    Stop {
        title: "What the open proposal changes in meaning, and who must sign it",
        look: "The branch is named after moving one country, and says so in its first commit. Look at what else it does, and whose decision that is.",
        command: &["review", "main", "--head", "proposal/benelux-to-dach", "--as-of", PRESENT],
    },
    Stop {
        title: "What it does to the leads there are",
        look: "What the CRM exported this morning, put to the model before and after. Who loses leads and who gains them, who passes a gate that kept them out, and whose desk is too small for it; no record moved that was not proved to.",
        command: &[
            "impact",
            "main",
            "proposal/benelux-to-dach",
            "--records",
            "exports/leads.csv",
            "--object",
            "lead",
            "--as-of",
            PRESENT,
        ],
    },
    Stop {
        title: "What changed before",
        look: "The MQL threshold went from 100 to 60 in steps and up only once. One step came in with a merge conflict, two more without anybody else's signature. Newest first.",
        command: &["log", "definition.mql"],
    },
    Stop {
        title: "What happened in the last days of a quarter",
        look: "Three evenings in June 2026: a promise, a waiver and the threshold, the first of them only until Wednesday.",
        command: &["log", "--since", "2026-06-28", "--until", "2026-06-30", "--exact"],
    },
    Stop {
        title: "What an auditor finds in 18 months",
        look: "Every commit judged by the rights and roles of its day, and the start compared with the end: what drifted, what only went there and back, and how to make the same report again. Without `--brief` it says who was missing, and lists every change.",
        command: &["drift", "--until", PRESENT, "--brief"],
    },
    Stop {
        title: "What was in force on a date",
        look: "The auditor's question: how many points made an MQL when the third quarter of 2025 closed, and since which commit.",
        command: &["show", "definition.mql.criteria.intent", "--at", "2025-09-30"],
    },
];

/// The stop that writes the site.
static SITE: Stop = Stop {
    title: "The same for everyone who will never open a terminal",
    look: "Pages that open from the folder with any browser: every definition in words, who may change it and how it came to be, the lifecycles drawn, and a lead to send through the routing tables.",
    command: &["site", "--out", "site", "--as-of", PRESENT],
};

/// The command that shows the site.
const SERVED: &[&str] = &["site", "--serve", "--as-of", PRESENT];

/// Commands to try next, with what they show.
static NEXT: &[(&[&str], &str)] = &[
    (&["diff", "main...proposal/benelux-to-dach"], "what the proposal does, without who signs"),
    (&["log"], "all of it, a line a change"),
    (&["log", "territory.*"], "the reorganisation that left a country out"),
    (&["log", "--kind", "exception-*"], "what was waived, and when"),
    (
        &["drift", "--since", "2026-04-01", "--until", "2026-06-30"],
        "a quarter as its auditor sees it",
    ),
    (&["blame", "definition.mql"], "who last changed the meaning of each line"),
    (
        &["evaluate", "exports/leads.csv", "--as-of", PRESENT],
        "how many leads fit, where they go, and what asks for somebody",
    ),
    (
        &["deviations", "exports/leads.csv", "--as-of", PRESENT],
        "which leads are where the model does not allow it",
    ),
    (
        &["records", "doctor", "exports/leads.csv"],
        "what of an export is understood, and what ails it",
    ),
    (SERVED, "all of it as pages, in a browser on this computer"),
    (&["audit", "--to", "evidence"], "the evidence of all that, for somebody who trusts nobody"),
    (&["diff", "v2025.2", "v2026.3", "--stat"], "five quarters in one table"),
    (&["show", "sla.first-touch"], "what was to be put back on Wednesday"),
];

/// The guided tour: what it prints is what it runs.
struct Tour {
    folder: String,
}

impl Tour {
    fn opening(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let mut page = Page::default();
        let line = Line::of("The repository of an invented company is in ").code(&*self.folder);
        page.push(Block::Paragraph(line.plain(".")));
        let line =
            Line::of(format!("It has {} commits from May 2025 to October 2026 on ", commits()));
        let line = line.code(MAIN).plain(" and an open proposal on ").code(PROPOSAL);
        page.push(Block::Paragraph(line.plain(". It stays until you delete it.")));
        let line = Line::of("The tour takes place on ").code(PRESENT);
        page.push(Block::Paragraph(
            line.plain(". Each command is run as it is printed; type it again to look closer."),
        ));
        session.page(&page)
    }

    fn stop(&self, session: &mut Session<'_>, number: usize, stop: &Stop) -> Result<(), Failure> {
        let mut page = Page::default();
        page.push(Block::Paragraph(Line::new().strong(format!("{number}. {}", stop.title))));
        page.push(Block::Paragraph(Line::of(stop.look)));
        session.write("\n")?;
        session.page(&page)?;
        self.shown(session, stop.command)
    }

    /// A command, and what it prints.
    fn shown(&self, session: &mut Session<'_>, command: &[&str]) -> Result<(), Failure> {
        session.write("\n")?;
        // In one line, however long, so that it can be copied.
        let line = Line::new().dim("$ ").code(self.typed(command));
        let page = Page { blocks: vec![Block::Verbatim(0, vec![line])] };
        let options = TextOptions { width: usize::MAX, ..session.text_options() };
        session.write(&text(&page, options))?;
        session.write("\n")?;
        self.run(session, command)
    }

    /// Runs a command as if it had been typed, with the colour and width of this run.
    fn run(&self, session: &mut Session<'_>, command: &[&str]) -> Result<(), Failure> {
        let color = if session.color { "always" } else { "never" };
        let arguments = ["opmodel", "-C", &self.folder, "--color", color];
        let arguments = arguments.iter().chain(command).map(OsString::from);
        let columns = Some(session.width);
        let surroundings = Surroundings { columns, pager: None, ..session.surroundings.clone() };
        let outcome = cli::run(arguments, &surroundings, session.stdout);
        // Findings and missing signatures are what there is to see.
        if !matches!(outcome.code, 0 | 1 | 3) {
            return Err(Failure::own(outcome.stderr.trim()));
        }
        session.stderr.push_str(&outcome.stderr);
        Ok(())
    }

    fn ending(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let mut page = Page::default();
        page.push(Block::Paragraph(Line::new().strong("Try next")));
        // Each command alone on its line, so that it can be copied.
        let lines = NEXT.iter().flat_map(|(command, shows)| {
            [Line::new().dim(format!("# {shows}")), Line::new().code(self.typed(command))]
        });
        // However wide they are: a command that is broken cannot be copied.
        page.push(Block::Difference(1, lines.collect()));
        page.push(Block::Gap);
        let words = "Where `opmodel` is not installed, type `cargo run --release --` in its place. By hand, `check` exits with 1 here, because the model is not valid; the tour exits with 0.";
        page.push(Block::Paragraph(Line::new().sentence(words)));
        session.write("\n")?;
        session.page(&page)
    }

    /// A command as a person types it.
    fn typed(&self, command: &[&str]) -> String {
        let mut words = vec!["opmodel".to_owned(), "-C".to_owned(), shell_word(&self.folder)];
        words.extend(command.iter().map(|word| shell_word(word)));
        words.join(" ")
    }
}

/// How many commits the main line reaches: all but those of the proposal.
fn commits() -> usize {
    let reached = |event: &&Event| match event {
        Event::Commit(commit) => commit.branch != PROPOSAL,
        Event::Merge(_) => true,
        Event::Tag(_) => false,
    };
    events().filter(reached).count()
}
