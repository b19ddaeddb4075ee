//! Whether two names mean one file: what is read must not be written over, nor count twice.

use std::path::Path;

/// Whether two paths lead to one file, by whatever names and links; neither if one is not there.
pub(super) fn is_one_file(one: &Path, two: &Path) -> bool {
    same_file::is_same_file(one, two).unwrap_or(false)
}

/// Whether standard input comes from a file.
pub(super) fn is_read_from(path: &Path) -> bool {
    let own = same_file::Handle::from_path(path);
    path.is_file() && own.is_ok_and(|own| same_file::Handle::stdin().is_ok_and(|read| read == own))
}
