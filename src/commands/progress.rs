//! How far a long walk is, on standard error, where somebody watches and nothing else is shown.

use super::Session;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::OnceCell;

/// So many commits are looked at before it is worth saying.
const WORTH_SAYING: usize = 1_000;

/// A line that says how many commits have been looked at; it is gone when the walk is over.
pub(super) struct Progress {
    shown: bool,
    line: OnceCell<ProgressBar>,
}

impl Session<'_> {
    /// The progress of a walk whose results come at the end, or go elsewhere.
    pub(super) fn progress(&self) -> Progress {
        Progress { shown: self.surroundings.stderr_is_terminal, line: OnceCell::new() }
    }

    /// The progress of a walk whose results come as it goes: they are what is seen of it on a
    /// terminal.
    pub(super) fn progress_beside_results(&self) -> Progress {
        let seen = self.surroundings.stdout_is_terminal;
        let shown = self.surroundings.stderr_is_terminal && !seen;
        Progress { shown, line: OnceCell::new() }
    }
}

impl Progress {
    /// Says how many commits have been looked at.
    pub(super) fn at(&self, commits: usize) {
        if self.shown && commits >= WORTH_SAYING {
            let line = self.line.get_or_init(line);
            line.set_position(u64::try_from(commits).unwrap_or(u64::MAX));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(line) = self.line.get() {
            line.finish_and_clear();
        }
    }
}

fn line() -> ProgressBar {
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{spinner} {human_pos} commits looked at, {elapsed}");
    match style {
        Ok(style) => line.with_style(style),
        Err(_) => line,
    }
}
