//! What `git install` writes into a repository, and how it is undone.

use super::block::Block;
use super::hook;
use crate::commands::output::write_file;
use crate::commands::revision::head;
use crate::commands::{Failure, Session};
use crate::git::{Repository, program};
use crate::history::{At, Workspace, unreadable};
use crate::load;
use crate::view::shell_word;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The settings of the diff driver. Where the tool is not found Git would stop the whole difference
/// or history, and so files are shown as they are then.
const SETTINGS: [(&str, &str); 2] = [
    (
        "command",
        "f() { if command -v opmodel >/dev/null; then opmodel git diff-driver \"$@\"; \
         else echo \"$1: opmodel is not on the path, so this is by line\"; \
         test $# -lt 7 || git --no-pager diff --no-ext-diff --no-index -- \"$2\" \"$5\" || :; \
         fi; }; f",
    ),
    (
        "textconv",
        "f() { if command -v opmodel >/dev/null; then opmodel git textconv \"$1\"; \
         else cat \"$1\"; fi; }; f",
    ),
];

/// The same as they were written once.
const EARLIER: [(&str, &str); 2] =
    [("command", "opmodel git diff-driver"), ("textconv", "opmodel git textconv")];

/// Sets the repository up: diff driver, attributes, hook. What speaks against it is found before
/// anything is written.
pub(super) fn install(session: &mut Session<'_>) -> Result<u8, Failure> {
    let workspace = session.unread_workspace()?;
    let repository = workspace.repository()?;
    must_hold_a_model(&workspace)?;
    let place = attributes(repository);
    let line = attribute(&workspace.folder)?;
    let hooks = repository.hooks()?;
    let plan = hook::plan(session, &hooks, &workspace.folder)?;
    set_driver(session, repository)?;
    edit(session, &place, |text| {
        let mut lines = Block::of(text).map(|block| block.lines().to_vec()).unwrap_or_default();
        if !lines.contains(&line) {
            lines.push(line.clone());
        }
        Block::new(lines).put(text)
    })?;
    hook::install(session, &hooks, plan)?;
    note_path(session);
    Ok(0)
}

/// Says where Git will not find the tool, which it calls by its name.
fn note_path(session: &mut Session<'_>) {
    if program("opmodel").is_some() {
        return;
    }
    let means = "until it is, `git diff` goes by line and a push is refused";
    let own = std::env::current_exe().ok();
    let how = match own.as_deref().and_then(|own| Some((own, own.parent()?))) {
        Some((own, folder)) => format!(
            "this one is `{}`: put its folder on the path, for example with `export PATH={}:\"$PATH\"`",
            own.display(),
            shell_word(&folder.to_string_lossy())
        ),
        None => "put the folder of the program on it".to_owned(),
    };
    session.note(&format!("`opmodel` is not on the path, where Git looks for it; {means}; {how}"));
}

/// Refuses a folder without a model, on disk and in `HEAD`: nothing of what is promised would come
/// about.
fn must_hold_a_model(workspace: &Workspace) -> Result<(), Failure> {
    let repository = workspace.repository()?;
    let on_disk = repository.work_dir().map(|_| At::WorkTree);
    for at in on_disk.into_iter().chain([head(repository)?]) {
        let loaded = load::read(workspace.files(&at)?, workspace.limits);
        if !loaded.model.is_empty() || !unreadable(&loaded.findings).is_empty() {
            return Ok(());
        }
    }
    let message = format!("there is nothing of a model in `{}`", workspace.folder_name());
    Err(Failure::usage(message, "name its folder with `--model`, or begin one with `opmodel init`"))
}

/// Takes out what `install` wrote; whatever else is in these files stays to the byte. Of several
/// models one may be named: what the others need stays.
pub(super) fn uninstall(session: &mut Session<'_>) -> Result<u8, Failure> {
    let workspace = session.unread_workspace()?;
    let repository = workspace.repository()?;
    let place = attributes(repository);
    let block = read(&place)?.as_deref().and_then(Block::of);
    let lines = block.as_ref().map(Block::lines).unwrap_or_default();
    let mut rest = Vec::new();
    let only = session.model.is_some().then_some(workspace.folder.as_str());
    if let Some(folder) = only.filter(|_| !lines.is_empty()) {
        let line = attribute(folder)?;
        if !lines.contains(&line) {
            let message = format!("nothing was installed for `{}`", workspace.folder_name());
            let help = "`opmodel git uninstall` alone undoes it for every model";
            return Err(Failure::usage(message, help));
        }
        rest = lines.iter().filter(|other| **other != line).cloned().collect();
    }
    if rest.is_empty() {
        take_driver_out(session, repository)?;
        if block.is_some() {
            edit(session, &place, Block::take_out)?;
            remove_empty(&place)?;
        }
    } else {
        edit(session, &place, |text| Block::new(rest).put(text))?;
    }
    hook::uninstall(session, &repository.hooks()?, only)?;
    Ok(0)
}

fn take_driver_out(session: &mut Session<'_>, repository: &Repository) -> Result<(), Failure> {
    let config = config(repository);
    match read(&config)?.as_deref().and_then(Block::of) {
        Some(block) if is_own(&block) => edit(session, &config, Block::take_out)?,
        Some(_) => say_changed(session, &config),
        None => {}
    }
    Ok(())
}

/// Removes a file of which nothing is left: it was made for what was taken out.
fn remove_empty(place: &Path) -> Result<(), Failure> {
    if fs::metadata(place).is_ok_and(|known| known.len() == 0) {
        fs::remove_file(place).map_err(|error| Failure::disk("remove", place, error))?;
    }
    Ok(())
}

fn config(repository: &Repository) -> PathBuf {
    repository.common_dir().join("config")
}

fn attributes(repository: &Repository) -> PathBuf {
    repository.common_dir().join("info").join("attributes")
}

/// The folder of the model that a file belongs to, among those that were set up.
pub(super) fn model_of(repository: &Repository, path: &str) -> Option<String> {
    let block = read(&attributes(repository)).ok().flatten().as_deref().and_then(Block::of)?;
    let folders = path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default());
    let is_set_up = |folder: &&str| attribute(folder).is_ok_and(|it| block.lines().contains(&it));
    std::iter::once("").chain(folders).find(is_set_up).map(str::to_owned)
}

fn driver() -> Block {
    // Git takes what stands behind a bare `;` for a remark.
    let quoted = |value: &str| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    written(&SETTINGS.map(|(key, value)| (key, quoted(value))))
}

/// Whether a block is what is written now, or was once.
fn is_own(block: &Block) -> bool {
    let earlier = written(&EARLIER.map(|(key, value)| (key, value.to_owned())));
    block.is_part_of(&driver()) || block.is_part_of(&earlier)
}

fn written(settings: &[(&str, String)]) -> Block {
    let settings = settings.iter().map(|(key, value)| format!("\t{key} = {value}"));
    Block::new(std::iter::once("[diff \"opmodel\"]".to_owned()).chain(settings).collect())
}

/// Writes the driver, unless somebody has set one of its own up.
fn set_driver(session: &mut Session<'_>, repository: &Repository) -> Result<(), Failure> {
    let config = config(repository);
    let own = driver();
    if let Some(block) = read(&config)?.as_deref().and_then(Block::of) {
        if is_own(&block) {
            return edit(session, &config, |text| own.put(text));
        }
        say_changed(session, &config);
        return Ok(());
    }
    let set = |key: &str| repository.setting(&format!("diff.opmodel.{key}"));
    if SETTINGS.iter().all(|(key, value)| set(key).as_deref() == Some(*value)) {
        return session.write("kept the diff driver `opmodel`, which was set up already\n");
    }
    if let Some((key, other)) = SETTINGS.iter().find_map(|(key, _)| Some((key, set(key)?))) {
        session.note(&format!("`diff.opmodel.{key}` is `{other}` already, and stays as it is"));
        return Ok(());
    }
    edit(session, &config, |text| own.put(text))
}

fn say_changed(session: &mut Session<'_>, place: &Path) {
    let shown = session.seen(place);
    session.note(&format!(
        "the lines between the marks of opmodel in {shown} were changed since, and stay; delete what you do not want"
    ));
}

/// The line of attributes for the files of a model's folder.
fn attribute(folder: &str) -> Result<String, Failure> {
    if folder.chars().any(char::is_control) {
        let message = format!("`{folder}` cannot be written into a file of attributes");
        return Err(Failure::usage(message, "rename the folder"));
    }
    Ok(format!("{} diff=opmodel", pattern(folder)))
}

/// The files of a model's folder as Git's attributes name them.
fn pattern(folder: &str) -> String {
    if folder.is_empty() {
        return "*.toml".to_owned();
    }
    let mut escaped = String::new();
    for (at, c) in folder.char_indices() {
        // A first `!` would turn the pattern round.
        if matches!(c, '*' | '?' | '[' | '\\') || (at, c) == (0, '!') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    let pattern = format!("{escaped}/**/*.toml");
    let plain = !pattern.contains([' ', '"', '\\']) && !pattern.starts_with('#');
    if plain {
        pattern
    } else {
        format!("\"{}\"", pattern.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn read(place: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(place) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::disk("read", place, error)),
    }
}

/// Changes a file of Git's as Git does: under its lock, whole or not at all.
fn edit(
    session: &mut Session<'_>,
    place: &Path,
    change: impl FnOnce(&str) -> String,
) -> Result<(), Failure> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(|e| Failure::disk("make the folder", folder, e))?;
    }
    let lock = Lock::take(place)?;
    let found = read(place)?;
    let text = found.clone().unwrap_or_default();
    let changed = change(&text);
    let shown = session.seen(place);
    let line = if changed == text {
        match found {
            Some(_) if Block::of(&text).is_some() => {
                format!("kept {shown}, which was set up already\n")
            }
            _ => String::new(),
        }
    } else {
        write_file(place, &changed)?;
        let done = if Block::of(&changed).is_some() { "wrote" } else { "cleaned" };
        format!("{done} {shown}\n")
    };
    drop(lock);
    session.write(&line)
}

/// Git's lock on a file: as long as `FILE.lock` is there, nobody else writes it.
struct Lock(PathBuf);

impl Lock {
    fn take(place: &Path) -> Result<Self, Failure> {
        let mut name = place.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        match fs::OpenOptions::new().write(true).create_new(true).open(&lock) {
            Ok(mut file) => {
                let _ = file.flush();
                Ok(Self(lock))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::World {
                message: format!("`{}` is there: another Git process is at work", lock.display()),
                help: Some("wait for it; if there is none, delete that file".to_owned()),
            }),
            Err(error) => Err(Failure::disk("lock", place, error)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{attribute, pattern};

    #[test]
    fn a_pattern_means_the_folder_whatever_its_name_is() {
        for (folder, wanted) in [
            ("model", "model/**/*.toml"),
            ("", "*.toml"),
            ("our model", "\"our model/**/*.toml\""),
            ("a*[b]", "\"a\\\\*\\\\[b]/**/*.toml\""),
            ("#x", "\"#x/**/*.toml\""),
            ("!x!", "\"\\\\!x!/**/*.toml\""),
        ] {
            assert_eq!(pattern(folder), wanted);
        }
        assert!(attribute("a\nb").is_err());
    }
}
