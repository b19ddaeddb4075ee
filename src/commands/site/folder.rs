//! The folder of a site: what may be put where, and what of an earlier site goes.

use super::Failure;
use crate::site::Site;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path};

/// The list of a site's own files, a path a line.
const MANIFEST: &str = "site.manifest";

/// Its first line, by which a site is known.
const HEADER: &str =
    "# The files of this site, made by `opmodel site`. What is not listed here is not touched.";

/// The files of the site that is in a folder; none where the folder is empty or not there.
///
/// # Errors
/// The folder holds something else, and would not be what it was.
pub(super) fn earlier(place: &Path, named: &Path) -> Result<BTreeSet<String>, Failure> {
    let refused = |message: String| {
        let help = "name a folder that is empty, does not exist yet, or holds an earlier site";
        Err(Failure::World { message, help: Some(help.to_owned()) })
    };
    match fs::metadata(place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(Failure::disk("look at", place, error)),
        Ok(known) if !known.is_dir() => {
            return refused(format!("`{}` is not a folder", named.display()));
        }
        Ok(_) => {}
    }
    let failed = |error| Failure::disk("read the folder", place, error);
    if fs::read_dir(place).map_err(failed)?.next().is_none() {
        return Ok(BTreeSet::new());
    }
    let list = place.join(MANIFEST);
    let foreign = format!("`{}` is not empty, and what is in it is no site", named.display());
    let text = match fs::read_to_string(&list) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return refused(foreign),
        Err(error) if error.kind() == ErrorKind::InvalidData => return refused(foreign),
        Err(error) => return Err(Failure::disk("read", list, error)),
    };
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return refused(foreign);
    }
    Ok(lines.filter(|path| stays_inside(path)).map(str::to_owned).collect())
}

/// Writes what is new or different of a site, and removes what an earlier one had and this one has
/// not; how many files were written.
pub(super) fn write(
    place: &Path,
    site: &Site,
    earlier: &BTreeSet<String>,
) -> Result<usize, Failure> {
    fs::create_dir_all(place).map_err(|error| Failure::disk("make the folder", place, error))?;
    let own: BTreeSet<String> = site.files().map(|(path, _)| path.to_owned()).collect();
    refuse_links(place, own.union(earlier))?;
    refuse_foreign(place, own.difference(earlier))?;
    // Whatever happens on the way, each file that is there is in the list.
    put(place, MANIFEST, listed(own.union(earlier)).as_bytes())?;
    let mut written = 0;
    for (path, bytes) in site.files() {
        written += usize::from(put(place, path, bytes)?);
    }
    for path in earlier.difference(&own) {
        remove(place, path)?;
    }
    put(place, MANIFEST, listed(own.iter()).as_bytes())?;
    Ok(written)
}

/// Refuses a folder in which somebody put a link where the site has a folder or a file of its own: what
/// is written and removed there would be elsewhere.
fn refuse_links<'a>(place: &Path, paths: impl Iterator<Item = &'a String>) -> Result<(), Failure> {
    let own: BTreeSet<(&Path, &str)> = paths
        .map(String::as_str)
        .chain([MANIFEST])
        .flat_map(|path| {
            let folders = Path::new(path).ancestors().skip(1).map(|folder| (folder, "folder"));
            folders.chain([(Path::new(path), "file")])
        })
        .filter(|(path, _)| !path.as_os_str().is_empty())
        .collect();
    for (path, what) in own {
        let full = place.join(path);
        if fs::symlink_metadata(&full).is_ok_and(|known| known.is_symlink()) {
            return Err(Failure::World {
                message: format!("`{}` is a link, and the site has a {what} there", full.display()),
                help: Some("remove the link, or name another folder".to_owned()),
            });
        }
    }
    Ok(())
}

/// Refuses a folder in which somebody put something where the site gets a file: it would be lost.
fn refuse_foreign<'a>(
    place: &Path,
    mut new: impl Iterator<Item = &'a String>,
) -> Result<(), Failure> {
    match new.find(|path| fs::symlink_metadata(place.join(path)).is_ok()) {
        None => Ok(()),
        Some(path) => Err(Failure::World {
            message: format!("`{path}` is there already, and the site has a file of that name"),
            help: Some("move it elsewhere, or name another folder".to_owned()),
        }),
    }
}

fn listed<'a>(paths: impl Iterator<Item = &'a String>) -> String {
    let mut text = format!("{HEADER}\n");
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// Writes a file unless it says the same already; whether it did.
fn put(place: &Path, path: &str, bytes: &[u8]) -> Result<bool, Failure> {
    let path = place.join(path);
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        let made = fs::create_dir_all(parent);
        made.map_err(|error| Failure::disk("make the folder", parent, error))?;
    }
    fs::write(&path, bytes).map_err(|error| Failure::disk("write", &path, error))?;
    Ok(true)
}

/// Removes a file, and the folders that held nothing else.
fn remove(place: &Path, path: &str) -> Result<(), Failure> {
    let full = place.join(path);
    match fs::remove_file(&full) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Failure::disk("remove", full, error));
        }
        _ => {}
    }
    let below = Path::new(path).ancestors().skip(1);
    for folder in below.filter(|folder| !folder.as_os_str().is_empty()) {
        if fs::remove_dir(place.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Whether a path of a list cannot lead out of the folder.
fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
