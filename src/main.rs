//! The command: arguments in, output written once, exit code out.

use opmodel::cli::{self, PagerSettings, Surroundings};
use std::ffi::OsStr;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Models are many small pieces; this allocator is made for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(feature = "parquet")]
    keep_quiet_of_what_is_caught();
    let surroundings = Surroundings {
        directory: std::env::current_dir().unwrap_or_default(),
        now_seconds: now(),
        stdout_is_terminal: std::io::stdout().is_terminal() || pager_in_use(),
        stderr_is_terminal: std::io::stderr().is_terminal(),
        colors: colors(),
        columns: columns(),
        pager: std::io::stdout().is_terminal().then(pager_settings),
    };
    let mut stdout = std::io::stdout().lock();
    let outcome = cli::run(std::env::args_os(), &surroundings, &mut stdout);
    // A reader that went away (`| head`) is no failure.
    let _ = stdout.flush();
    let _ = std::io::stderr().lock().write_all(outcome.stderr.as_bytes());
    ExitCode::from(outcome.code)
}

/// A panic that is caught becomes a message about a file; nobody needs to read of it twice.
#[cfg(feature = "parquet")]
fn keep_quiet_of_what_is_caught() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !opmodel::records::is_guarded() {
            usual(panic);
        }
    }));
}

/// What the environment says of colours: `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR` as programs have
/// agreed on them, and a terminal that knows none.
fn colors() -> Option<bool> {
    let says = |name, wanted: fn(&OsStr) -> bool| {
        std::env::var_os(name).is_some_and(|value| !value.is_empty() && wanted(&value))
    };
    match () {
        () if says("NO_COLOR", |_| true) => Some(false),
        () if says("CLICOLOR_FORCE", |value| value != "0") => Some(true),
        () if says("CLICOLOR", |value| value == "0") => Some(false),
        () if says("TERM", |value| value == "dumb") => Some(false),
        () => None,
    }
}

/// Whether Git shows what is written here in its pager, which is a terminal in all but name.
fn pager_in_use() -> bool {
    std::env::var_os("GIT_PAGER_IN_USE").is_some_and(|value| value == "true")
}

fn pager_settings() -> PagerSettings {
    let is_set = |name| std::env::var_os(name).is_some();
    PagerSettings {
        git_pager: std::env::var_os("GIT_PAGER"),
        pager: std::env::var_os("PAGER"),
        less: is_set("LESS"),
        lv: is_set("LV"),
    }
}

/// The width of results: what `COLUMNS` says, else that of the terminal they go to.
fn columns() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout());
    said.or_else(|| terminal().map(|(width, _)| usize::from(width.0)))
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
