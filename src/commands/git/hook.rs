//! The hook that checks what is pushed.

use crate::commands::output::write_file;
use crate::commands::{Failure, Session};
use crate::git::Hooks;
use crate::view::shell_word;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// By this line the hook is known again.
const MARK: &str = "# Written by `opmodel git install`; `opmodel git uninstall` takes it away.";
/// What a line with a folder that is checked begins with.
const CHECKS: &str = "# Checks: ";

/// The hook for the folders of models: every commit that is pushed and holds one is checked.
fn script(folders: &[String]) -> String {
    let mut checks = String::new();
    for folder in folders {
        let _ = writeln!(checks, "{CHECKS}{}", named(folder));
    }
    format!(
        r#"#!/bin/sh
{MARK}
{checks}# `git push --no-verify` pushes without it.
if ! command -v opmodel >/dev/null; then
    echo "opmodel is not on the path, and what is pushed is checked with it first." >&2
    echo "Install it, push without the check with \`git push --no-verify\`, or delete $0." >&2
    exit 1
fi
{command}
"#,
        command = command(folders),
    )
}

/// The folder as a path that is not empty.
fn named(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

/// What checks the folders; it reads what Git hands to a hook.
fn command(folders: &[String]) -> String {
    let mut words = vec!["opmodel git pre-push".to_owned()];
    words.extend(folders.iter().map(|folder| match named(folder) {
        // What looks like an option is none.
        folder if folder.starts_with('-') => shell_word(&format!("./{folder}")),
        folder => shell_word(folder),
    }));
    format!("{} >&2", words.join(" "))
}

/// The folders that a hook checks; none where it is not as it was written.
fn checked(text: &str) -> Option<Vec<String>> {
    let named = text.lines().filter_map(|line| line.strip_prefix(CHECKS));
    let folder = |named: &str| if named == "." { String::new() } else { named.to_owned() };
    let folders: Vec<String> = named.map(folder).collect();
    (!folders.is_empty() && script(&folders) == text).then_some(folders)
}

/// A hook that is there.
enum Found {
    /// It is as it was written, for some folders.
    Own(Vec<String>),
    /// It was written by `git install`, and is not what it would write.
    Changed,
    /// Somebody else's; it may be a program.
    Foreign,
}

fn place(hooks: &Hooks) -> PathBuf {
    hooks.folder.join("pre-push")
}

fn found(hooks: &Hooks) -> Result<Option<Found>, Failure> {
    let place = place(hooks);
    match fs::read_to_string(&place) {
        Ok(text) => Ok(Some(match checked(&text) {
            Some(folders) => Found::Own(folders),
            None if text.contains(MARK) => Found::Changed,
            None => Found::Foreign,
        })),
        Err(error) if error.kind() == ErrorKind::InvalidData => Ok(Some(Found::Foreign)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::disk("read", &place, error)),
    }
}

/// What is to be done, found out before anything is written.
pub(super) enum Plan {
    /// It checks the folder already.
    Keep,
    /// It is to check these folders.
    Write(Vec<String>),
    /// It stays as it is, and this is said.
    Leave(String),
}

/// What is to be done so that a folder is checked before a push; the hook of somebody else stays.
pub(super) fn plan(session: &Session<'_>, hooks: &Hooks, folder: &str) -> Result<Plan, Failure> {
    let shown = session.seen(&place(hooks));
    let own = vec![folder.to_owned()];
    let advice = format!(
        "to check what is pushed, add to it `pushed=$(cat); echo \"$pushed\" | {} || exit 1`, and `echo \"$pushed\" |` before whatever else in it reads that",
        command(&own)
    );
    if hooks.folder.exists() && !hooks.folder.is_dir() {
        let off = format!(
            "`core.hooksPath` is `{}`, which is no folder: Git runs no hooks",
            hooks.folder.display()
        );
        if hooks.shared {
            return Ok(Plan::Leave(format!("{off}, so nothing is checked before a push")));
        }
        let help = "`git config --unset core.hooksPath` lets Git run the hooks of this repository";
        return Err(Failure::usage(off, help));
    }
    if hooks.shared {
        return Ok(Plan::Leave(format!(
            "`core.hooksPath` is set for more than this repository, so {shown} was not written; {advice}"
        )));
    }
    Ok(match found(hooks)? {
        None => Plan::Write(own),
        Some(Found::Own(folders)) if folders.iter().any(|other| other == folder) => Plan::Keep,
        // A repository may hold several models.
        Some(Found::Own(folders)) => Plan::Write([folders, own].concat()),
        Some(Found::Changed) => Plan::Leave(format!(
            "{shown} is not as this version writes it, or was changed since, and stays as it is; delete it and run this again for one that checks `{}`",
            named(folder)
        )),
        Some(Found::Foreign) => {
            Plan::Leave(format!("{shown} is somebody else's and stays as it is; {advice}"))
        }
    })
}

/// Puts the hook there as it was planned.
pub(super) fn install(session: &mut Session<'_>, hooks: &Hooks, plan: Plan) -> Result<(), Failure> {
    match plan {
        Plan::Keep => {
            let shown = session.seen(&place(hooks));
            session.write(&format!("kept {shown}, which was there\n"))
        }
        Plan::Write(folders) => write(session, hooks, &folders),
        Plan::Leave(why) => {
            session.note(&why);
            Ok(())
        }
    }
}

fn write(session: &mut Session<'_>, hooks: &Hooks, folders: &[String]) -> Result<(), Failure> {
    let (folder, place) = (&hooks.folder, place(hooks));
    fs::create_dir_all(folder).map_err(|e| Failure::disk("make the folder", folder, e))?;
    write_file(&place, &script(folders))?;
    make_runnable(&place)?;
    let shown = session.seen(&place);
    let names: Vec<String> = folders.iter().map(|folder| format!("`{}`", named(folder))).collect();
    session.write(&format!("wrote {shown}: before a push it checks {}\n", names.join(" and ")))
}

/// Takes a folder out of the hook, or the hook away: if it is the one that was put there.
pub(super) fn uninstall(
    session: &mut Session<'_>,
    hooks: &Hooks,
    only: Option<&str>,
) -> Result<(), Failure> {
    let place = place(hooks);
    let shown = session.seen(&place);
    // What cannot be read was not put there.
    match found(hooks).ok().flatten() {
        None | Some(Found::Foreign) => Ok(()),
        Some(Found::Changed) => {
            session.note(&format!(
                "{shown} is not as this version writes it, or was changed since, and stays as it is; delete it if nobody needs it"
            ));
            Ok(())
        }
        Some(Found::Own(folders)) => {
            let mut rest = folders.clone();
            rest.retain(|folder| only.is_some_and(|only| only != folder));
            if rest == folders {
                return Ok(());
            }
            if !rest.is_empty() {
                return write(session, hooks, &rest);
            }
            fs::remove_file(&place).map_err(|error| Failure::disk("remove", &place, error))?;
            session.write(&format!("removed {shown}\n"))
        }
    }
}

#[cfg(unix)]
fn make_runnable(place: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let runnable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(place, runnable).map_err(|e| Failure::disk("make runnable", place, e))
}

/// Git for Windows runs hooks whatever their permissions are.
#[cfg(not(unix))]
fn make_runnable(_place: &Path) -> Result<(), Failure> {
    Ok(())
}
