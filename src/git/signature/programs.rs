//! Foreign programs, run with an environment of their own and in a folder nobody else can read.

use super::GitError;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A program that takes longer is ended: it waits for something that nobody will give.
const PATIENCE: Duration = Duration::from_secs(20);
/// A program that says more is not listened to any longer.
const ANSWER_LIMIT: u64 = 1 << 20;
/// What a program may know of the machine, besides its arguments.
const KEPT: [&str; 2] = ["SystemRoot", "TEMP"];

/// A folder for what programs read and write; it goes away with this value.
pub(super) struct Scratch {
    folder: PathBuf,
    desks: AtomicUsize,
}

/// A part of it for one question, so that many can be asked at a time.
pub(super) struct Desk<'a> {
    scratch: &'a Scratch,
    folder: PathBuf,
}

/// What a program said.
pub(super) struct Answer {
    /// Whether it ended with success.
    pub(super) success: bool,
    /// Its results.
    pub(super) output: String,
    /// Its messages, without the names of our folders.
    pub(super) errors: String,
}

impl Scratch {
    /// A new folder in the system's place for such things.
    pub(super) fn new() -> Result<Self, GitError> {
        const TRIES: u32 = 1000;
        let place = std::env::temp_dir();
        let disk = |source| GitError::disk("make a folder in", &place, source);
        for attempt in 0..TRIES {
            let folder = place.join(format!("opmodel-{}-{attempt}", std::process::id()));
            match private().create(&folder) {
                Ok(()) => return Ok(Self { folder, desks: AtomicUsize::new(0) }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(disk(error)),
            }
        }
        Err(disk(io::ErrorKind::AlreadyExists.into()))
    }

    /// A file that all questions share.
    pub(super) fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf, GitError> {
        written(self.folder.join(name), content)
    }

    /// Room for a question.
    pub(super) fn desk(&self) -> Result<Desk<'_>, GitError> {
        let number = self.desks.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(number.to_string());
        let made = fs::create_dir(&folder);
        made.map_err(|source| GitError::disk("make the folder", &folder, source))?;
        Ok(Desk { scratch: self, folder })
    }
}

impl Desk<'_> {
    /// A file of its own.
    pub(super) fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf, GitError> {
        written(self.folder.join(name), content)
    }

    /// Runs a program to its end; none where it took too long.
    ///
    /// # Errors
    /// It could not be started.
    pub(super) fn run(
        &self,
        program: &Path,
        arguments: &[OsString],
        environment: &[(&str, OsString)],
        input: &Path,
    ) -> Result<Option<Answer>, GitError> {
        let disk = |action, path: &Path| {
            let path = path.to_owned();
            move |source| GitError::Disk { action, path, source }
        };
        let (output, errors) = (self.folder.join("output"), self.folder.join("errors"));
        // Files, not pipes: nobody has to read while somebody writes.
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(File::open(input).map_err(disk("read", input))?)
            .stdout(File::create(&output).map_err(disk("write", &output))?)
            .stderr(File::create(&errors).map_err(disk("write", &errors))?)
            .spawn()
            .map_err(disk("run", program))?;
        let ended = waited(&mut child).map_err(disk("run", program))?;
        Ok(ended.map(|success| Answer {
            success,
            output: said(&output),
            errors: self.without_folders(&said(&errors)),
        }))
    }

    fn without_folders(&self, text: &str) -> String {
        let folders = [&self.folder, &self.scratch.folder];
        folders.iter().fold(text.to_owned(), |text, folder| {
            text.replace(&format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR), "")
        })
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn written(path: PathBuf, content: &[u8]) -> Result<PathBuf, GitError> {
    let done = fs::write(&path, content);
    done.map_err(|source| GitError::disk("write", &path, source))?;
    Ok(path)
}

#[cfg(unix)]
fn private() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private() -> DirBuilder {
    DirBuilder::new()
}

/// Whether it ended with success; none where it had to be ended.
fn waited(child: &mut std::process::Child) -> io::Result<Option<bool>> {
    let mut slept = Duration::ZERO;
    let mut nap = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if slept >= PATIENCE {
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(nap);
        slept += nap;
        nap = (nap * 2).min(Duration::from_millis(20));
    }
}

fn said(path: &Path) -> String {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(ANSWER_LIMIT).read_to_end(&mut bytes));
    read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&bytes).into_owned())
}

/// Where a program is, by the folders the machine has for programs.
///
/// A folder that is not named from the root is passed over: what lies in the folder one happens to
/// stand in is no program of the machine.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut places = std::env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file));
    places.find(|place| place.is_file())
}
