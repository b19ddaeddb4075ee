//! Rows that come in any order and leave in one of their own, however many there are.
//!
//! So many are held in memory; the others wait in files that have no name, and are gone with the
//! process.

use super::Failure;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read as _, Seek as _};

/// So many bytes of rows are held in memory.
const HELD: usize = 4 << 20;

/// So many files are read at a time; more of them become one first.
const FILES: usize = 64;

/// Rows, each with the key it is sorted by.
#[derive(Default)]
pub(super) struct Sorted {
    held: Vec<(Vec<u8>, String)>,
    bytes: usize,
    files: Vec<File>,
    /// Less than usual is held, for tests.
    most: Option<usize>,
}

impl Sorted {
    /// Takes up a row; of those with the same key the first to come is the first to leave.
    pub(super) fn add(&mut self, key: Vec<u8>, row: String) -> Result<(), Failure> {
        self.bytes += key.len() + row.len() + size_of::<(Vec<u8>, String)>();
        self.held.push((key, row));
        if self.bytes < self.most.unwrap_or(HELD) {
            return Ok(());
        }
        self.put_down().map_err(failed)
    }

    /// Hands out every row in order.
    pub(super) fn each(
        mut self,
        mut take: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.held.sort_by(|(one, _), (other, _)| one.cmp(other));
        let files = std::mem::take(&mut self.files);
        merged(files, self.held.into_iter(), |_, row| take(&row))
    }

    /// Writes what is held into a file.
    fn put_down(&mut self) -> io::Result<()> {
        self.held.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut file = BufWriter::new(tempfile::tempfile()?);
        for (key, row) in self.held.drain(..) {
            put(&mut file, &key, &row)?;
        }
        self.bytes = 0;
        self.files.push(file.into_inner().map_err(io::IntoInnerError::into_error)?);
        if self.files.len() < FILES {
            return Ok(());
        }
        let mut one = BufWriter::new(tempfile::tempfile()?);
        let files = std::mem::take(&mut self.files);
        merged(files, std::iter::empty(), |key, row| put(&mut one, key, &row))?;
        self.files.push(one.into_inner().map_err(io::IntoInnerError::into_error)?);
        Ok(())
    }
}

/// Something that hands out rows in order.
type Source<'s> = Box<dyn Iterator<Item = io::Result<(Vec<u8>, String)>> + 's>;

/// Hands out the rows of all files and those that are held, in order; a file stands before those that
/// were written later.
fn merged<E: From<Broken>>(
    files: Vec<File>,
    held: impl Iterator<Item = (Vec<u8>, String)>,
    mut take: impl FnMut(&[u8], String) -> Result<(), E>,
) -> Result<(), E> {
    let mut sources: Vec<Source<'_>> = Vec::new();
    for mut file in files {
        file.rewind().map_err(Broken)?;
        let mut file = BufReader::new(file);
        sources.push(Box::new(std::iter::from_fn(move || got(&mut file).transpose())));
    }
    sources.push(Box::new(held.map(Ok)));
    let mut next = BinaryHeap::new();
    for (place, source) in sources.iter_mut().enumerate() {
        if let Some((key, row)) = source.next().transpose().map_err(Broken)? {
            next.push(Reverse((key, place, row)));
        }
    }
    while let Some(Reverse((key, place, row))) = next.pop() {
        take(&key, row)?;
        let source = sources.get_mut(place);
        let more = source.and_then(Iterator::next).transpose().map_err(Broken)?;
        next.extend(more.map(|(key, row)| Reverse((key, place, row))));
    }
    Ok(())
}

/// A file of waiting rows that cannot be written or read back.
struct Broken(io::Error);

impl From<Broken> for io::Error {
    fn from(Broken(error): Broken) -> Self {
        error
    }
}

impl From<Broken> for Failure {
    fn from(Broken(error): Broken) -> Self {
        failed(error)
    }
}

fn failed(error: io::Error) -> Failure {
    Failure::disk("write the rows that wait to be sorted into", std::env::temp_dir(), error)
}

fn put(file: &mut impl io::Write, key: &[u8], row: &str) -> io::Result<()> {
    for part in [key, row.as_bytes()] {
        let length =
            u32::try_from(part.len()).map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
        file.write_all(&length.to_le_bytes())?;
        file.write_all(part)?;
    }
    Ok(())
}

/// The next row of a file; none at its end.
fn got(file: &mut BufReader<File>) -> io::Result<Option<(Vec<u8>, String)>> {
    use std::io::BufRead as _;
    if file.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut part = || -> io::Result<Vec<u8>> {
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        let mut part = Vec::new();
        let length = u64::from(u32::from_le_bytes(length));
        let read = file.by_ref().take(length).read_to_end(&mut part)?;
        if u64::try_from(read).ok() == Some(length) {
            Ok(part)
        } else {
            Err(ErrorKind::UnexpectedEof.into())
        }
    };
    let (key, row) = (part()?, part()?);
    let row = String::from_utf8(row).map_err(|_| io::Error::from(ErrorKind::InvalidData))?;
    Ok(Some((key, row)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_leave_in_order_wherever_they_waited(
            keys in prop::collection::vec(prop::collection::vec(0..3u8, 0..3), 0..300),
            most in 1..2_000usize,
        ) {
            let mut sorted = Sorted { most: Some(most), ..Sorted::default() };
            let mut plain: Vec<(Vec<u8>, String)> = Vec::new();
            for (at, key) in keys.into_iter().enumerate() {
                let row = "ü".repeat(at % 7) + &at.to_string();
                plain.push((key.clone(), row.clone()));
                sorted.add(key, row).unwrap();
            }
            plain.sort_by(|(one, _), (other, _)| one.cmp(other));
            let mut out = Vec::new();
            sorted.each(|row| { out.push(row.to_owned()); Ok(()) }).unwrap();
            prop_assert_eq!(out, plain.into_iter().map(|(_, row)| row).collect::<Vec<_>>());
        }
    }
}
