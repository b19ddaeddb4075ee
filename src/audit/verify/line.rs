//! Whether the commits of a package are still those of the main line, and if not, since when.

use super::compare::{Difference, cells, quoted};
use super::{Outcome, Written};
use crate::audit::chain::main_line;
use crate::audit::judge::{day, instant};
use crate::audit::package::{self, Header};
use crate::git::{Commit, GitError, ObjectId};
use crate::history::{HistoryError, Workspace};
use std::collections::BTreeMap;

/// A line of history that a package may be about.
#[derive(Debug, Clone)]
pub struct MainLine {
    /// The name it is known by, such as `main`.
    pub name: String,
    /// Its tip.
    pub tip: Commit,
}

/// A line of history, walked until a commit was found or to its end.
struct Walked {
    /// Newest first.
    commits: Vec<Commit>,
    /// Whether the commit was found; it is the last one then.
    found: bool,
}

impl Written {
    /// Whether the commits of the package are those of one of the lines, and no others.
    ///
    /// # Errors
    /// The repository is in trouble of another kind than that a commit is missing.
    pub fn history(
        &self,
        workspace: &Workspace,
        lines: &[MainLine],
    ) -> Result<Outcome, HistoryError> {
        let Ok(header) = self.header() else {
            return Ok(Outcome::NotChecked("the header cannot be read".to_owned()));
        };
        let Some(tip) = ObjectId::from_hex(&header.period.tip) else {
            let says = "the `tip` in `header.json` is not the name of a commit";
            return Ok(Outcome::Differs(Difference::in_file(package::HEADER, None, says)));
        };
        match self.compared(workspace, lines, header, tip) {
            Err(HistoryError::Git(error)) => match damaged(&error) {
                Some(difference) => Ok(Outcome::Differs(difference)),
                None => Err(error.into()),
            },
            outcome => outcome,
        }
    }

    fn compared(
        &self,
        workspace: &Workspace,
        lines: &[MainLine],
        header: &Header,
        tip: ObjectId,
    ) -> Result<Outcome, HistoryError> {
        let mut first = None;
        for line in lines {
            let walked = walk(workspace, &line.tip, tip)?;
            if walked.found {
                return on_line(workspace, line, &walked, header);
            }
            first.get_or_insert((line, walked));
        }
        Ok(match first {
            Some((line, walked)) => Outcome::Differs(self.elsewhere(workspace, line, &walked)),
            None => Outcome::NotChecked("there is no main line here".to_owned()),
        })
    }

    /// How a line goes that the package is not about any more.
    fn elsewhere(&self, workspace: &Workspace, line: &MainLine, walked: &Walked) -> Difference {
        let name = quoted(&line.name);
        let here: BTreeMap<String, usize> =
            walked.commits.iter().enumerate().map(|(at, c)| (c.id.to_string(), at)).collect();
        let known = self.known();
        let Some(last) = known.iter().position(|known| here.contains_key(&known.id)) else {
            return strangers(line, walked, known.len());
        };
        let [Some(common), gone] =
            [known.get(last), last.checked_sub(1).and_then(|at| known.get(at))]
        else {
            return strangers(line, walked, known.len());
        };
        let gone = gone.cloned().unwrap_or_else(|| Known::tip(self));
        let lost = ObjectId::from_hex(&gone.id)
            .is_none_or(|id| workspace.repository().is_ok_and(|r| r.commit(id).is_err()));
        let whereabouts = if lost {
            "which is not in this repository any more"
        } else {
            "which is still in this repository and no longer part of that line"
        };
        let next = here.get(&common.id).and_then(|at| at.checked_sub(1));
        let says = match next.and_then(|at| walked.commits.get(at)) {
            Some(next) => format!(
                "the history of {name} was rewritten after {}: the package goes on with {}, {whereabouts}; here {} follows",
                common.told(),
                gone.told(),
                Known::of(next).told()
            ),
            None => format!(
                "the history of {name} is shorter here: it ends at {}, and the package goes on with {}, {whereabouts}",
                common.told(),
                gone.told()
            ),
        };
        Difference { commit: Some(gone.id), ..Difference::of(says) }
    }

    /// The commits of the population, newest first, with the one in force at its start.
    fn known(&self) -> Vec<Known> {
        let text = self.text(package::POPULATION).unwrap_or_default();
        let mut lines = text.lines();
        let names = cells(lines.next().unwrap_or_default());
        let column = |name: &str| names.iter().position(|known| known == name);
        let columns = [column("commit"), column("record_time"), column("subject")];
        let known = lines.map(|line| {
            let cells = cells(line);
            let [id, time, subject] =
                columns.map(|at| at.and_then(|at| cells.get(at)).cloned().unwrap_or_default());
            Known { id, time, subject }
        });
        let mut known: Vec<Known> = known.collect();
        known.reverse();
        let start = self.header().ok().and_then(|header| header.period.start.clone());
        known.extend(start.map(|id| Known { id, time: String::new(), subject: String::new() }));
        known
    }
}

/// A commit as somebody names it.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    time: String,
    subject: String,
}

impl Known {
    fn of(commit: &Commit) -> Self {
        Self {
            id: commit.id.to_string(),
            time: instant(commit.committer_time.seconds),
            subject: commit.subject.clone(),
        }
    }

    /// The tip of the main line as a package knows it.
    fn tip(written: &Written) -> Self {
        let id = written.header().map(|header| header.period.tip.clone()).unwrap_or_default();
        Self { id, time: String::new(), subject: String::new() }
    }

    fn told(&self) -> String {
        let short: String = self.id.chars().take(10).collect();
        let day = self.time.split('T').next().filter(|day| !day.is_empty());
        let day = day.map(|day| format!(" of {day}")).unwrap_or_default();
        let subject = match self.subject.as_str() {
            "" => String::new(),
            subject => format!(" ({})", quoted(subject)),
        };
        format!("{}{day}{subject}", quoted(&short))
    }
}

fn walk(workspace: &Workspace, from: &Commit, to: ObjectId) -> Result<Walked, HistoryError> {
    let mut walked = Walked { commits: Vec::new(), found: false };
    for commit in main_line(workspace, from)? {
        let commit = commit?;
        walked.found = commit.id == to;
        walked.commits.push(commit);
        if walked.found {
            break;
        }
    }
    Ok(walked)
}

/// What there is to say where the tip of the package is on the line: nothing came into the period
/// since, and all of it can still be seen.
fn on_line(
    workspace: &Workspace,
    line: &MainLine,
    walked: &Walked,
    header: &Header,
) -> Result<Outcome, HistoryError> {
    let name = quoted(&line.name);
    let Some(until) = header.period.until_seconds() else {
        let says = "the `until` in `header.json` is not an instant";
        return Ok(Outcome::Differs(Difference::in_file(package::HEADER, None, says)));
    };
    let Some((tip, newer)) = walked.commits.split_last() else {
        return Ok(Outcome::NotChecked("the line has no commits".to_owned()));
    };
    // A period that nobody ended goes on; what is dated before its last commit came in behind it.
    let last = if header.asked.open_end { tip.committer_time.seconds.min(until) } else { until };
    let within = |commit: &&Commit| commit.committer_time.seconds <= last;
    let late: Vec<&Commit> = newer.iter().rev().filter(within).collect();
    if let Some(first) = late.first() {
        let says = format!(
            "{} on {name} lies in the period and is not in the package: it was recorded after the package was made{}",
            Known::of(first).told(),
            match late.len() {
                1 => String::new(),
                more => format!(", as were {} others", more - 1),
            }
        );
        let commit = Some(first.id.to_string());
        return Ok(Outcome::Differs(Difference { commit, ..Difference::of(says) }));
    }
    let mut end = None;
    for commit in main_line(workspace, tip)? {
        end = Some(commit?);
    }
    let end = end.filter(|commit| commit.boundary);
    let ended = header.history.ended_at.as_deref();
    match end {
        Some(end) if ended != Some(end.id.to_string().as_str()) => {
            return Ok(Outcome::Differs(cut_off(&end)));
        }
        None if ended.is_some() => return Ok(Outcome::Differs(further_back(ended))),
        _ => {}
    }
    let newer = match newer.len() {
        0 => String::new(),
        1 => "; 1 commit has come since".to_owned(),
        count => format!("; {count} commits have come since"),
    };
    Ok(Outcome::Holds(format!("the package's commits are on {name}, and no others{newer}")))
}

fn cut_off(commit: &Commit) -> Difference {
    let says = format!(
        "the history here ends at {} (a shallow clone), and the package goes further back; run `git fetch --unshallow`",
        Known::of(commit).told()
    );
    Difference { commit: Some(commit.id.to_string()), ..Difference::of(says) }
}

fn further_back(ended: Option<&str>) -> Difference {
    let ended: String = ended.unwrap_or_default().chars().take(10).collect();
    Difference::of(format!(
        "the package was made in a shallow clone that ended at {}, and the history here goes further back",
        quoted(&ended)
    ))
}

/// What there is to say where no commit of the package is on the line.
fn strangers(line: &MainLine, walked: &Walked, count: usize) -> Difference {
    if let Some(end) = walked.commits.last().filter(|commit| commit.boundary) {
        return cut_off(end);
    }
    let began = walked.commits.last().map(|commit| day(commit.committer_time.seconds));
    let began = began.map(|day| format!(", which begins on {day},")).unwrap_or_default();
    Difference::of(format!(
        "none of the {count} commits of the package is on {}{began} here: it is another repository, or its history was rewritten from the first commit on",
        quoted(&line.name)
    ))
}

/// What is said of an object that should be there, where that is what went wrong.
pub fn damaged(error: &GitError) -> Option<Difference> {
    let (id, says) = match error {
        GitError::MissingObject { id } | GitError::PartialClone { id } => {
            (id, format!("object `{id}` of the history is missing from the repository"))
        }
        GitError::Corrupt { id, reason } => {
            (id, format!("object `{id}` of the history is damaged: {reason}"))
        }
        _ => return None,
    };
    Some(Difference { commit: Some(id.to_string()), ..Difference::of(says) })
}
