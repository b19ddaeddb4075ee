//! The hook that checks what is pushed.

use crate::commands::demo::quoted;
use crate::commands::output::write_file;
use crate::commands::{Failure, Session};
use crate::git::Hooks;
use std::fs;
use std::path::Path;

/// By this line the hook is known again.
const MARK: &str = "# Written by `opmodel git install`; `opmodel git uninstall` takes it away.";

/// The hook for a model's folder: every commit that is pushed and holds the folder is checked.
fn script(folder: &str) -> String {
    let tree = if folder.is_empty() { String::new() } else { folder.to_owned() };
    let named = if folder.is_empty() { "." } else { folder };
    format!(
        r#"#!/bin/sh
{MARK}
# `git push --no-verify` pushes without it.
status=0
while read -r _ commit _ _; do
    case $commit in *[!0]*) ;; *) continue ;; esac
    git cat-file -e "$commit":{tree} 2>/dev/null || continue
    opmodel --model {named} check "$commit" >&2 || status=1
done
exit $status
"#,
        tree = quoted(&tree),
        named = quoted(named),
    )
}

/// The line that somebody with a hook of their own adds to it.
fn line_to_add(folder: &str) -> String {
    match folder {
        "model" => "opmodel check || exit 1".to_owned(),
        "" => "opmodel --model . check || exit 1".to_owned(),
        folder => format!("opmodel --model {} check || exit 1", quoted(folder)),
    }
}

/// Puts the hook where none is; the hook of somebody else stays.
pub(super) fn install(
    session: &mut Session<'_>,
    hooks: &Hooks,
    folder: &str,
) -> Result<(), Failure> {
    let place = hooks.folder.join("pre-push");
    let shown = session.seen(&place);
    let line = line_to_add(folder);
    if hooks.shared {
        session.note(&format!(
            "`core.hooksPath` is set for more than this repository, so no hook was written; to check before a push, add this line to {shown}: `{line}`"
        ));
        return Ok(());
    }
    let wanted = script(folder);
    match fs::read_to_string(&place) {
        Ok(text) if text == wanted => {
            return session.write(&format!("kept {shown}, which was there\n"));
        }
        Ok(text) if !text.contains(MARK) => {
            leave_foreign(session, &shown, &line);
            return Ok(());
        }
        // A hook may be a program.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            leave_foreign(session, &shown, &line);
            return Ok(());
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Failure::disk("read", &place, error));
        }
        _ => {}
    }
    let folder = &hooks.folder;
    fs::create_dir_all(folder).map_err(|e| Failure::disk("make the folder", folder, e))?;
    write_file(&place, &wanted)?;
    make_runnable(&place)?;
    session.write(&format!("wrote {shown}: what is pushed is checked first\n"))
}

fn leave_foreign(session: &mut Session<'_>, shown: &str, line: &str) {
    session.note(&format!(
        "{shown} is somebody else's and stays as it is; to check before a push, add this line to it: `{line}`"
    ));
}

/// Takes the hook away, if it is the one that was put there.
pub(super) fn uninstall(
    session: &mut Session<'_>,
    hooks: &Hooks,
    folder: &str,
) -> Result<(), Failure> {
    let place = hooks.folder.join("pre-push");
    let Ok(text) = fs::read_to_string(&place) else { return Ok(()) };
    if !text.contains(MARK) {
        return Ok(());
    }
    let shown = session.seen(&place);
    if text != script(folder) {
        session.note(&format!(
            "{shown} is for another folder, or was changed since it was written, and stays as it is"
        ));
        return Ok(());
    }
    fs::remove_file(&place).map_err(|error| Failure::disk("remove", &place, error))?;
    session.write(&format!("removed {shown}\n"))
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
