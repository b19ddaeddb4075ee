//! What is known of commits, kept in Git's own folder between runs.
//!
//! A commit never changes, so what was found out about it once holds for ever. The files are only a
//! memory: they may be deleted at any time, and one that is damaged, cut short, of another version or
//! written by something else is as good as none. Each is written whole under another name first, so that
//! a run that is stopped leaves nothing half done, and runs beside each other only add files.

use super::{ObjectId, Repository};
use faster_hex::hex_string;
use sha2::{Digest, Sha256};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// What every file begins with.
const MAGIC: &[u8; 16] = b"opmodel journal1";
/// The ending of the files.
const ENDING: &str = "journal";
/// Bytes of an entry in the table of a file: id, offset, length, checksum.
const ROW: usize = 20 + 8 + 4 + 4;
/// Bytes before the table: magic, key, number of entries, checksum of the table.
const HEAD: usize = 16 + 32 + 4 + 4;
/// The beginning of the ending of a file that is being written.
const HALF: &str = "half-";
/// More files than this are made fewer.
const FILES: usize = 8;
/// All files together take no more than this, in bytes.
const BOUND: u64 = 512 << 20;
/// One file is no larger, in bytes.
const FILE_BOUND: u64 = 256 << 20;
/// So many bytes of new answers are as much as is worth holding.
const HELD: usize = 16 << 20;
/// What was left half written is removed when it is so old.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// So many files were begun by this process.
static TURN: AtomicUsize = AtomicUsize::new(0);

/// Answers about commits that runs before this one found.
#[derive(Debug, Default)]
pub struct Journal {
    folder: PathBuf,
    key: [u8; 32],
    /// What is there, read when it is first asked for.
    found: OnceCell<Vec<File>>,
    fresh: BTreeMap<ObjectId, Vec<u8>>,
    /// About so many bytes they take.
    fresh_bytes: usize,
}

impl Repository {
    /// The journal of a question; `key` is everything that an answer depends on beside the commit.
    ///
    /// One that cannot be read is empty.
    pub fn journal(&self, key: &str) -> Journal {
        let folder = self.common_dir().join("opmodel");
        let key: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        Journal { folder, key, ..Journal::default() }
    }
}

impl Journal {
    /// What was written down about a commit, if it was and is whole; what this journal has saved itself
    /// need not be among it.
    pub fn get(&self, id: ObjectId) -> Option<&[u8]> {
        let fresh = self.fresh.get(&id).map(Vec::as_slice);
        fresh.or_else(|| self.files().iter().find_map(|file| file.get(id)))
    }

    fn files(&self) -> &[File] {
        self.found.get_or_init(|| {
            let mut paths = of_key(&self.folder, &self.key);
            paths.sort();
            paths.iter().filter_map(|path| File::read(path, &self.key)).collect()
        })
    }

    /// Notes an answer; it is written down by [`Journal::save`].
    pub fn put(&mut self, id: ObjectId, answer: Vec<u8>) {
        self.fresh_bytes = self.fresh_bytes.saturating_add(answer.len() + ROW);
        self.fresh.insert(id, answer);
    }

    /// Notes an answer, and writes down what is noted where that is much.
    pub fn put_by_and_by(&mut self, id: ObjectId, answer: Vec<u8>) {
        self.put(id, answer);
        if self.fresh_bytes >= HELD {
            self.save();
        }
    }

    /// Writes down what is new. Where that is not possible the next run finds it out again.
    pub fn save(&mut self) {
        let mut entries = std::mem::take(&mut self.fresh);
        self.fresh_bytes = 0;
        if entries.is_empty() {
            return;
        }
        let merged = self.small_enough(entries.values().map(Vec::len).sum());
        for file in &merged {
            for (id, answer) in file.entries() {
                entries.entry(id).or_insert_with(|| answer.to_vec());
            }
        }
        let Some(path) = self.write(&entries) else { return };
        // What was known before may be asked for again; what is new was asked for just now, and a long
        // walk would fill the memory with it.
        if let Some(files) = self.found.get_mut().filter(|_| !merged.is_empty()) {
            files.extend(File::read(&path, &self.key));
        }
        for file in merged.iter().filter(|file| file.path != path) {
            // Whoever still reads it has read it whole.
            let _ = fs::remove_file(&file.path);
        }
        self.keep_within_bounds();
    }

    /// Where there are many files, as many of the small ones as make one with so many new bytes.
    fn small_enough(&mut self, new: usize) -> Vec<File> {
        // How many there are is seen without reading them.
        if self.found.get().map_or_else(|| of_key(&self.folder, &self.key).len(), Vec::len) < FILES
        {
            return Vec::new();
        }
        self.files();
        let Some(files) = self.found.get_mut() else { return Vec::new() };
        let bound = usize::try_from(FILE_BOUND).unwrap_or(usize::MAX);
        // A row of the table for each answer is in the files already; those of new ones are few.
        let mut bytes = new.saturating_mul(2);
        files.sort_by_key(|file| file.bytes.len());
        let fits = |file: &&File| {
            bytes = bytes.saturating_add(file.bytes.len());
            bytes <= bound
        };
        let count = files.iter().take_while(fits).count();
        files.drain(..count).collect()
    }

    fn write(&self, entries: &BTreeMap<ObjectId, Vec<u8>>) -> Option<PathBuf> {
        // The answers are not laid together first: that would take as much room again.
        let opening = opening(&self.key, entries);
        let pieces = || std::iter::once(&opening).chain(entries.values());
        if u64::try_from(pieces().map(Vec::len).sum::<usize>()).ok()? > FILE_BOUND {
            return None;
        }
        fs::create_dir_all(&self.folder).ok()?;
        let mut hash = Sha256::new();
        pieces().for_each(|piece| hash.update(piece));
        let name =
            format!("{}-{}", hex_string(self.key.get(..8)?), hex_string(hash.finalize().get(..8)?));
        let path = self.folder.join(format!("{name}.{ENDING}"));
        // Threads and processes each write under a name of their own.
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let open = self.folder.join(format!("{name}.{HALF}{}-{turn}", std::process::id()));
        let whole = || -> io::Result<()> {
            let mut file = BufWriter::new(fs::File::create(&open)?);
            pieces().try_for_each(|piece| file.write_all(piece))?;
            file.flush()
        };
        let written = whole().and_then(|()| fs::rename(&open, &path));
        if written.is_err() {
            let _ = fs::remove_file(&open);
        }
        written.ok().map(|()| path)
    }

    /// Removes the oldest files until all together are small enough, and what was left half written.
    fn keep_within_bounds(&self) {
        let Ok(found) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in found.filter_map(Result::ok) {
            let Ok(about) = entry.metadata() else { continue };
            let Ok(modified) = about.modified() else { continue };
            let path = entry.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ending == ENDING {
                files.push((modified, about.len(), path));
            } else if ending.starts_with(HALF)
                && modified.elapsed().is_ok_and(|age| age > LEFT_BEHIND)
            {
                let _ = fs::remove_file(path);
            }
        }
        files.sort();
        let mut all: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in files {
            if all > BOUND {
                all -= bytes;
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// The files of a folder that are called after a key.
fn of_key(folder: &Path, key: &[u8; 32]) -> Vec<PathBuf> {
    let beginning = hex_string(key.get(..8).unwrap_or_default());
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(&beginning) && path.extension().is_some_and(|ending| ending == ENDING)
    };
    found.filter_map(|entry| Some(entry.ok()?.path())).filter(named).collect()
}

/// One file, read whole; its entries are looked up in the table at its beginning.
#[derive(Debug)]
struct File {
    path: PathBuf,
    bytes: Vec<u8>,
    count: usize,
}

impl File {
    fn read(path: &Path, key: &[u8; 32]) -> Option<Self> {
        if fs::metadata(path).ok()?.len() > FILE_BOUND {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        let head = bytes.get(..HEAD)?;
        if head.get(..16)? != MAGIC || head.get(16..48)? != key {
            return None;
        }
        let count = usize::try_from(number(head.get(48..52)?)?).ok()?;
        let table = bytes.get(HEAD..HEAD.checked_add(count.checked_mul(ROW)?)?)?;
        if crc32fast::hash(table) != number(head.get(52..56)?)? {
            return None;
        }
        Some(Self { path: path.to_owned(), bytes, count })
    }

    fn row(&self, at: usize) -> Option<&[u8]> {
        let start = HEAD + at.checked_mul(ROW)?;
        self.bytes.get(start..start + ROW)
    }

    fn get(&self, id: ObjectId) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            let row = self.row(middle)?;
            match row.get(..20)?.cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.answer(row),
            }
        }
        None
    }

    fn answer(&self, row: &[u8]) -> Option<&[u8]> {
        let start = usize::try_from(u64::from_le_bytes(row.get(20..28)?.try_into().ok()?)).ok()?;
        let length = usize::try_from(number(row.get(28..32)?)?).ok()?;
        let answer = self.bytes.get(start..start.checked_add(length)?)?;
        (crc32fast::hash(answer) == number(row.get(32..36)?)?).then_some(answer)
    }

    fn entries(&self) -> impl Iterator<Item = (ObjectId, &[u8])> {
        (0..self.count).filter_map(|at| {
            let row = self.row(at)?;
            Some((ObjectId::from_bytes(row.get(..20)?)?, self.answer(row)?))
        })
    }
}

/// What stands before the answers of a file.
fn opening(key: &[u8; 32], entries: &BTreeMap<ObjectId, Vec<u8>>) -> Vec<u8> {
    let mut table = Vec::with_capacity(entries.len() * ROW);
    let mut start = HEAD + entries.len() * ROW;
    for (id, answer) in entries {
        table.extend_from_slice(id.as_bytes());
        table.extend_from_slice(&u64::try_from(start).unwrap_or(u64::MAX).to_le_bytes());
        table.extend_from_slice(&u32::try_from(answer.len()).unwrap_or(u32::MAX).to_le_bytes());
        table.extend_from_slice(&crc32fast::hash(answer).to_le_bytes());
        start += answer.len();
    }
    let mut bytes = Vec::with_capacity(HEAD + table.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(&u32::try_from(entries.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&table).to_le_bytes());
    bytes.extend_from_slice(&table);
    bytes
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}
