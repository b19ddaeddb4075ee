//! Long results on a terminal, shown as Git shows its own.

use crate::cli::PagerSettings;
use crate::git::Repository;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Whether results go through a pager.
pub(crate) enum Paging {
    /// They do not.
    Off,
    /// They do where a command says that they may be long.
    Allowed(PagerSettings),
    /// They do as soon as there are any.
    Asked(PagerSettings),
    /// They do.
    Running(Pager),
}

impl Paging {
    /// Notes that what follows may be long.
    pub(super) fn ask(&mut self) {
        *self = match std::mem::replace(self, Self::Off) {
            Self::Allowed(settings) => Self::Asked(settings),
            other => other,
        };
    }

    /// Starts the pager that was asked for; nothing happens where there is none.
    pub(super) fn start(&mut self, directory: &Path) {
        let Self::Asked(settings) = self else { return };
        let pager = command(settings, directory).and_then(|it| Pager::start(&it, settings));
        *self = pager.map_or(Self::Off, Self::Running);
    }

    /// Waits until the reader is done.
    pub(crate) fn close(&mut self) {
        if let Self::Running(pager) = std::mem::replace(self, Self::Off) {
            pager.close();
        }
    }
}

/// A pager that is running.
pub(crate) struct Pager {
    input: ChildStdin,
    /// Whether everything is written, so that only the reader is waited for.
    all_written: Arc<AtomicBool>,
    reading: JoinHandle<()>,
}

impl Pager {
    fn start(command: &OsStr, settings: &PagerSettings) -> Option<Self> {
        let mut child = process(command, settings).spawn().ok()?;
        let input = child.stdin.take()?;
        // Ctrl-C is for the pager, which stops reading or searching; without it the terminal would
        // be left to two programs. That it cannot be kept from us is no reason to show nothing.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::default());
        let all_written = Arc::new(AtomicBool::new(false));
        let reading = thread::spawn({
            let all_written = Arc::clone(&all_written);
            move || {
                let _ = child.wait();
                leave_unless(&all_written);
            }
        });
        Some(Self { input, all_written, reading })
    }

    fn close(self) {
        self.all_written.store(true, Ordering::SeqCst);
        drop(self.input);
        let _ = self.reading.join();
    }
}

/// Ends the run when the reader went away before everything was written: what is still being
/// computed is for nobody, and a prompt that does not come back is taken for a fault.
#[expect(clippy::exit, reason = "whoever would be told has left; nothing is half written on disk")]
fn leave_unless(all_written: &AtomicBool) {
    if !all_written.load(Ordering::SeqCst) {
        std::process::exit(0);
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.input.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.flush()
    }
}

/// The command of the pager, found as Git finds it; none where it is empty or `cat`.
fn command(settings: &PagerSettings, directory: &Path) -> Option<OsString> {
    let of_git = || Repository::discover(directory).ok().flatten()?.program("core.pager");
    let said = settings.git_pager.clone().or_else(of_git).or_else(|| settings.pager.clone());
    let command = said.unwrap_or_else(|| OsString::from("less"));
    (!command.is_empty() && command != "cat").then_some(command)
}

/// The process; as for Git, a shell is asked only where there is something for it to do.
fn process(command: &OsStr, settings: &PagerSettings) -> Command {
    const FOR_A_SHELL: &str = "|&;<>()$`\\\"' \t\n*?[#~=%";
    let mut process = if command.to_string_lossy().contains(|c| FOR_A_SHELL.contains(c)) {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(command);
        shell
    } else {
        Command::new(command)
    };
    process.stdin(Stdio::piped());
    if !settings.less {
        // What fits on a screen stays there, colours are colours, and nothing is wiped away.
        process.env("LESS", "FRX");
    }
    if !settings.lv {
        process.env("LV", "-c");
    }
    process
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(git_pager: Option<&str>, pager: Option<&str>) -> PagerSettings {
        PagerSettings {
            git_pager: git_pager.map(OsString::from),
            pager: pager.map(OsString::from),
            less: false,
            lv: true,
        }
    }

    #[test]
    fn the_pager_is_found_as_git_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let found = |git_pager, pager| {
            let found = command(&settings(git_pager, pager), folder.path());
            found.map(|command| command.to_string_lossy().into_owned())
        };
        assert_eq!(found(None, None).as_deref(), Some("less"));
        assert_eq!(found(None, Some("more")).as_deref(), Some("more"));
        assert_eq!(found(Some("most -w"), Some("more")).as_deref(), Some("most -w"));
        assert_eq!(found(Some(""), Some("more")), None);
        assert_eq!(found(Some("cat"), Some("more")), None);
        assert_eq!(found(None, Some("cat")), None);
    }

    #[test]
    fn a_shell_is_asked_where_it_has_something_to_do() {
        let name = |command: &str| {
            process(OsStr::new(command), &settings(None, None)).get_program().to_owned()
        };
        assert_eq!(name("less"), "less");
        assert_eq!(name("less -S"), "sh");
        let plain = process(OsStr::new("less"), &settings(None, None));
        let less = plain.get_envs().find(|(name, _)| *name == "LESS");
        assert_eq!(less, Some((OsStr::new("LESS"), Some(OsStr::new("FRX")))));
        assert!(!plain.get_envs().any(|(name, _)| name == "LV"));
    }
}
