//! The folder of an evidence package: what may be put where, and what is there.

use super::Failure;
use crate::audit::Written;
use crate::audit::package::{Files, HEADER, SUMS};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// More bytes than this in one folder are no package.
const LIMIT: u64 = 2 << 30;
/// Folders nested deeper than this are no package.
const DEPTH: usize = 64;

/// Refuses a folder that holds anything but, where it is to be replaced, an earlier package.
pub(super) fn refuse(place: &Path, named: &Path, force: bool) -> Result<(), Failure> {
    let shown = named.display();
    let refused =
        |message: String, help: &str| Err(Failure::World { message, help: Some(help.to_owned()) });
    match fs::symlink_metadata(place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::disk("look at", place, error)),
        Ok(known) if !place.is_dir() || known.is_symlink() => {
            return refused(
                format!("`{shown}` is not a folder"),
                "name a folder that is empty, or does not exist yet",
            );
        }
        Ok(_) => {}
    }
    let failed = |error| Failure::disk("read the folder", place, error);
    if fs::read_dir(place).map_err(failed)?.next().is_none() {
        return Ok(());
    }
    if !may_be_package(place, named)? {
        return refused(
            format!("`{shown}` is not empty, and what is in it is no evidence package"),
            "name a folder that is empty, or does not exist yet",
        );
    }
    if !force {
        return refused(
            format!("there is an evidence package in `{shown}` already"),
            "verify it with `--verify`, put the new one in its place with `--force`, or name another folder",
        );
    }
    let package = Written::new(read(place, named)?);
    match package.foreign_file() {
        None => Ok(()),
        Some(file) => refused(
            format!("`{shown}` holds `{file}`, which is no part of the package there"),
            "move it elsewhere first",
        ),
    }
}

/// Writes a package where [`refuse`] had nothing against it; the sums come last, so that one that
/// was not finished can be told.
pub(super) fn write(place: &Path, files: &Files) -> Result<(), Failure> {
    if place.exists() {
        for path in read(place, place)?.keys() {
            let path = place.join(path);
            fs::remove_file(&path).map_err(|error| Failure::disk("remove", &path, error))?;
        }
    }
    fs::create_dir_all(place).map_err(|error| Failure::disk("make the folder", place, error))?;
    let (sums, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| *path == SUMS);
    for (path, bytes) in others.into_iter().chain(sums) {
        let path = place.join(path);
        if let Some(parent) = path.parent() {
            let made = fs::create_dir_all(parent);
            made.map_err(|error| Failure::disk("make the folder", parent, error))?;
        }
        fs::write(&path, bytes).map_err(|error| Failure::disk("write", &path, error))?;
    }
    Ok(())
}

/// Whether a folder has what only a package has, told before anything in it is read.
pub(super) fn may_be_package(place: &Path, named: &Path) -> Result<bool, Failure> {
    let known = fs::metadata(place).map_err(|error| Failure::disk("open", named, error))?;
    if !known.is_dir() {
        return Err(no_folder(named));
    }
    Ok([HEADER, SUMS].iter().any(|file| fs::symlink_metadata(place.join(file)).is_ok()))
}

fn no_folder(named: &Path) -> Failure {
    Failure::World {
        message: format!("`{}` is not a folder", named.display()),
        help: Some("name the folder that `opmodel audit --to` wrote".to_owned()),
    }
}

/// The files of a folder; a link is taken for what it says, and never followed.
pub(super) fn read(place: &Path, named: &Path) -> Result<Files, Failure> {
    let known = fs::metadata(place).map_err(|error| Failure::disk("open", named, error))?;
    if !known.is_dir() {
        return Err(no_folder(named));
    }
    let mut files = Files::new();
    let mut left = LIMIT;
    let mut open = vec![(place.to_path_buf(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = open.pop() {
        let failed = |error| Failure::disk("read the folder", &folder, error);
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() && depth < DEPTH {
                open.push((entry.path(), format!("{path}/"), depth + 1));
                continue;
            }
            files.insert(path, content(&entry.path(), kind, &mut left)?);
        }
    }
    Ok(files)
}

fn content(path: &Path, kind: fs::FileType, left: &mut u64) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::disk("read", path, error);
    if !kind.is_file() {
        return Ok(b"not a file".to_vec());
    }
    let size = fs::metadata(path).map_err(failed)?.len();
    let Some(rest) = left.checked_sub(size) else {
        return Err(failed(ErrorKind::FileTooLarge.into()));
    };
    *left = rest;
    fs::read(path).map_err(failed)
}
