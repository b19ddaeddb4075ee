//! Objects that lie where the environment says: those of a push do, while the hooks of a server judge it.

use super::GitError;
use gix::odb::store::init::Options;
use gix::odb::{Store, alternate};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// Where new objects are, and before all others are looked for.
const NEW: &str = "GIT_OBJECT_DIRECTORY";
/// Where objects may be besides: a list like that of `PATH`.
const BESIDES: &str = "GIT_ALTERNATE_OBJECT_DIRECTORIES";

/// A folder without objects that leads to all those with some; it goes away with the last handle.
pub(super) type Signpost = Arc<TempDir>;

/// Has objects looked for where the environment says, if it says so.
pub(super) fn look_elsewhere(
    repository: &mut gix::ThreadSafeRepository,
) -> Result<Option<Signpost>, GitError> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let (new, besides) = (named(NEW), named(BESIDES));
    if new.is_none() && besides.is_none() {
        return Ok(None);
    }
    let own = new.map_or_else(|| repository.objects.path().to_owned(), PathBuf::from);
    let mut folders = vec![absolute(&own)?];
    for folder in besides.map(|list| listed(&list)).transpose()?.unwrap_or_default() {
        folders.push(absolute(&folder)?);
    }
    if !own.is_dir() {
        return Err(GitError::Environment { name: NEW, path: own, is_not: "a folder" });
    }
    // As Git does: what another folder would add is not there.
    folders.retain(|folder| folder.is_dir());
    let failed = |error| GitError::disk("prepare a folder in", &std::env::temp_dir(), error);
    let signpost = pointing_at(&lines(&folders)?).map_err(failed)?;
    let (place, hash) = (signpost.path().to_owned(), repository.objects.object_hash());
    let store = Store::at_opts(place, hash, &mut std::iter::empty(), Options::default());
    let failed = |error| GitError::disk("read the objects in", &own, error);
    repository.objects = Arc::new(store.map_err(failed)?);
    Ok(Some(Arc::new(signpost)))
}

fn absolute(folder: &Path) -> Result<PathBuf, GitError> {
    std::path::absolute(folder).map_err(|error| GitError::disk("find the folder", folder, error))
}

/// The folders of a list in which a name may stand in quotes, so that it can hold what parts names.
fn listed(list: &std::ffi::OsStr) -> Result<Vec<PathBuf>, GitError> {
    let separator = if cfg!(windows) { b';' } else { b':' };
    let (mut quoted, mut escaped) = (false, false);
    let list = gix::path::os_str_into_bstr(list);
    let list = list.map_err(|error| GitError::git("read the environment", &error))?;
    let mut list = list.to_vec();
    let mut before = separator;
    for byte in &mut list {
        let this = *byte;
        if this == separator && !quoted {
            *byte = b'\n';
        } else if this == b'"' && !escaped {
            quoted = !quoted && before == separator;
        }
        escaped = quoted && this == b'\\' && !escaped;
        before = this;
    }
    alternate::parse(&list).map_err(|error| GitError::git("read the environment", &error))
}

/// A new folder whose list of other places for objects is this.
fn pointing_at(list: &[u8]) -> io::Result<TempDir> {
    let signpost = tempfile::Builder::new().prefix("opmodel-").tempdir()?;
    let info = signpost.path().join("info");
    std::fs::create_dir(&info)?;
    std::fs::write(info.join("alternates"), list)?;
    Ok(signpost)
}

/// A list as Git writes it: a folder a line, in quotes.
fn lines(folders: &[PathBuf]) -> Result<Vec<u8>, GitError> {
    let mut lines = Vec::new();
    for folder in folders {
        let name = gix::path::into_bstr(folder.as_path());
        let name = name.map_err(|error| GitError::git("read the environment", &error))?;
        lines.push(b'"');
        for byte in name.iter().copied() {
            if matches!(byte, b'"' | b'\\') {
                lines.push(b'\\');
            }
            lines.push(byte);
        }
        lines.extend(b"\"\n");
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn names_in_quotes_may_hold_what_parts_names() {
        let list = r#"/a/b:"/c:d/\"e\\":f"g:"/h""#;
        let expected = ["/a/b", r#"/c:d/"e\"#, "f\"g", "/h"].map(PathBuf::from);
        let folders = listed(list.as_ref()).unwrap();
        assert_eq!(folders, expected);
        assert_eq!(alternate::parse(&lines(&folders).unwrap()).unwrap(), expected);
    }
}
