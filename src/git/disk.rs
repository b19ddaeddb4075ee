//! The files of a model folder as they stand on disk.

use super::GitError;
use super::tree::{folder_parts, is_hidden, is_model_name};
use crate::source::{RawContent, RawFile};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Folders nested deeper than this are not entered.
const DEPTH_LIMIT: usize = 64;
/// More files than this in a model folder are an accident or an attack.
const FILES_LIMIT: usize = 200_000;

/// All model files below a folder on disk, by path; `folder` (empty for all) is relative to `root`.
///
/// Links are listed and never followed; hidden files and folders and repositories inside the folder
/// are left out. A folder that does not exist has no files.
pub fn work_files(root: &Path, folder: &str, limit: u64) -> Result<Vec<RawFile>, GitError> {
    let found = list(root, folder)?;
    Ok(found.into_iter().map(|found| found.read(limit)).collect())
}

/// One model file as it stands on disk; none where there is no regular file of that path.
pub fn work_file(root: &Path, path: &str, limit: u64) -> Option<RawFile> {
    let place = root.join(path);
    let is_file = fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file());
    let found = Found { path: path.to_owned(), place, kind: FoundKind::File };
    is_file.then(|| found.read(limit))
}

/// Something in a model folder that a report must know about.
pub(super) struct Found {
    /// Path below the root, as reports print it.
    pub(super) path: String,
    /// Where it is on disk.
    pub(super) place: PathBuf,
    pub(super) kind: FoundKind,
}

pub(super) enum FoundKind {
    File,
    Link,
    FolderLink,
    Unreadable(String),
}

impl Found {
    pub(super) fn read(self, limit: u64) -> RawFile {
        let content = match self.kind {
            FoundKind::File => read_file(&self.place, limit),
            FoundKind::Link | FoundKind::FolderLink => fs::read_link(&self.place)
                .map(|target| RawContent::Symlink(target.to_string_lossy().into_owned())),
            FoundKind::Unreadable(reason) => Ok(RawContent::Unreadable(reason)),
        };
        let content = content.unwrap_or_else(|error| RawContent::Unreadable(plain(&error)));
        RawFile { path: self.path, content }
    }
}

fn read_file(place: &Path, limit: u64) -> io::Result<RawContent> {
    let file = fs::File::open(place)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(RawContent::TooLarge(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(if read > limit { RawContent::TooLarge(read) } else { RawContent::Bytes(bytes) })
}

/// What there is below a folder, by path.
pub(super) fn list(root: &Path, folder: &str) -> Result<Vec<Found>, GitError> {
    let mut found = Vec::new();
    let mut place = root.to_owned();
    let mut path = String::new();
    for part in folder_parts(folder) {
        if part == ".." || part.contains(std::path::is_separator) {
            return Err(GitError::BadFolder { folder: folder.to_owned() });
        }
        place.push(part);
        path.push_str(part);
        if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_symlink()) {
            return Ok(vec![Found { path, place, kind: FoundKind::FolderLink }]);
        }
        path.push('/');
    }
    match fs::read_dir(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(GitError::disk("read the folder", &place, error)),
        Ok(_) => {}
    }
    let mut open = vec![(place, path, 0)];
    while let Some((place, path, depth)) = open.pop() {
        if depth > DEPTH_LIMIT {
            found.push(unreadable(
                place,
                &path,
                format!("folders are nested more than {DEPTH_LIMIT} deep"),
            ));
            continue;
        }
        match list_folder(&place, &path, depth, &mut found) {
            Ok(folders) => open.extend(folders),
            Err(error) => found.push(unreadable(place, &path, plain(&error))),
        }
        if found.len() > FILES_LIMIT {
            let folder = folder.to_owned();
            return Err(GitError::TooMuch { folder, limit: FILES_LIMIT, what: "files" });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn unreadable(place: PathBuf, path: &str, reason: String) -> Found {
    Found {
        path: path.trim_end_matches('/').to_owned(),
        place,
        kind: FoundKind::Unreadable(reason),
    }
}

/// Lists one folder and gives the folders in it.
fn list_folder(
    place: &Path,
    path: &str,
    depth: usize,
    found: &mut Vec<Found>,
) -> io::Result<Vec<(PathBuf, String, usize)>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(place)? {
        let entry = entry?;
        let name = entry.file_name();
        let (bytes, place) = (name.as_encoded_bytes(), entry.path());
        let path = format!("{path}{}", name.to_string_lossy());
        if is_hidden(bytes) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if fs::symlink_metadata(place.join(".git")).is_err() {
                folders.push((place, format!("{path}/"), depth + 1));
            }
            continue;
        }
        let kind = if kind.is_symlink() {
            if is_model_name(bytes) {
                FoundKind::Link
            } else if fs::metadata(&place).is_ok_and(|target| target.is_dir()) {
                FoundKind::FolderLink
            } else {
                continue;
            }
        } else if !is_model_name(bytes) {
            continue;
        } else if kind.is_file() {
            FoundKind::File
        } else {
            FoundKind::Unreadable("it is not a regular file".to_owned())
        };
        found.push(Found { path, place, kind });
    }
    Ok(folders)
}

/// What the system says, without its error number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.to_lowercase()
}
