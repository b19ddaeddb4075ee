//! Bytes as they are stored: hashed on the way, unpacked by what they begin with.

use faster_hex::hex_string;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest as _, Sha256};
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// Packed bytes are read in pieces of this many.
const PIECE: usize = 1 << 17;

/// What tells how bytes are packed stands in as many of the first ones.
const MAGIC: usize = 8;

/// How an input is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// By gzip.
    Gzip,
    /// By Zstandard.
    Zstandard,
}

impl Packing {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "Zstandard",
        }
    }
}

/// The SHA-256 of bytes as they are stored, once they have all been read; nothing where it was not
/// asked for.
#[derive(Debug, Clone, Default)]
pub struct Digest(Option<Arc<Mutex<Sha256>>>);

impl Digest {
    /// One that is asked for, or none.
    pub(super) fn asked(asked: bool) -> Self {
        Self(asked.then(Arc::default))
    }

    /// It, in hexadecimal.
    pub fn hex(&self) -> Option<String> {
        let sha = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(hex_string(&sha.finalize()))
    }

    /// Whether it is asked for.
    #[cfg(feature = "parquet")]
    pub(super) fn is_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Forgets the bytes so far.
    #[cfg(feature = "parquet")]
    pub(super) fn start(&self) {
        if let Some(sha) = &self.0 {
            *sha.lock().unwrap_or_else(PoisonError::into_inner) = Sha256::default();
        }
    }

    fn add(&self, bytes: &[u8]) {
        if let Some(sha) = &self.0 {
            sha.lock().unwrap_or_else(PoisonError::into_inner).update(bytes);
        }
    }
}

#[cfg(feature = "parquet")]
impl io::Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes that are hashed as they are read.
pub(super) struct Hashed<R> {
    pub(super) inner: R,
    pub(super) digest: Digest,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.digest.add(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// What the first bytes are the mark of.
pub(super) enum Mark {
    /// Something that is unpacked here.
    Packed(Packing),
    /// A Parquet file.
    Parquet,
    /// Something that is not read: what it is, and what to do.
    Foreign(&'static str, &'static str),
}

impl Mark {
    /// The mark that bytes begin with.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        const SHEET: &str = "unpack it first; if it is a workbook, save its sheet as CSV in UTF-8";
        const UNPACK: &str = "unpack it first, or pack it with gzip or Zstandard";
        let begins = |mark: &[u8]| bytes.starts_with(mark);
        // A Zstandard file may begin with a frame of anything, which is skipped.
        let skipped = bytes.get(1..4) == Some(b"\x2a\x4d\x18")
            && bytes.first().is_some_and(|first| first & 0xf0 == 0x50);
        Some(match () {
            () if begins(b"\x1f\x8b") => Self::Packed(Packing::Gzip),
            () if begins(b"\x28\xb5\x2f\xfd") || skipped => Self::Packed(Packing::Zstandard),
            () if begins(b"PAR1") => Self::Parquet,
            () if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") => {
                Self::Foreign("is a zip archive or an Excel workbook", SHEET)
            }
            () if begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => {
                Self::Foreign("is an Excel workbook", "save its sheet as CSV in UTF-8")
            }
            () if begins(b"\xff\xfe\0\0") || begins(b"\0\0\xfe\xff") => {
                Self::Foreign("is text in UTF-32", "save it in UTF-8")
            }
            () if begins(b"BZh") => Self::Foreign("is packed with bzip2", UNPACK),
            () if begins(b"\xfd7zXZ\0") => Self::Foreign("is packed with xz", UNPACK),
            () if begins(b"%PDF-") => Self::Foreign("is a PDF", "export the records as CSV"),
            () if begins(b"ORC") && bytes.get(3).is_some_and(|byte| *byte < 32) => {
                Self::Foreign("is an ORC file", "convert it to CSV first")
            }
            () if begins(b"Obj\x01") => Self::Foreign("is an Avro file", "convert it to CSV first"),
            () => return None,
        })
    }
}

/// The first bytes of something, and all of it.
pub(super) fn first_bytes<'i>(
    mut bytes: Box<dyn Read + Send + 'i>,
) -> io::Result<(Vec<u8>, Box<dyn Read + Send + 'i>)> {
    let mut first = Vec::with_capacity(MAGIC);
    (&mut bytes).take(MAGIC as u64).read_to_end(&mut first)?;
    Ok((first.clone(), Box::new(Cursor::new(first).chain(bytes))))
}

/// Unpacks as it is read.
pub(super) fn unpacked<'i>(
    packing: Packing,
    bytes: Box<dyn Read + Send + 'i>,
) -> Box<dyn Read + Send + 'i> {
    let bytes = BufReader::with_capacity(PIECE, bytes);
    match packing {
        Packing::Gzip => Box::new(Told(MultiGzDecoder::new(bytes))),
        Packing::Zstandard => {
            Box::new(Told(Frames { source: bytes, decoder: FrameDecoder::new(), open: false }))
        }
    }
}

/// Errors of a decoder in words.
struct Told<R>(R);

impl<R: Read> Read for Told<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| {
            let told = match error.kind() {
                ErrorKind::UnexpectedEof => "its packed data end too early: it was cut off",
                ErrorKind::InvalidData | ErrorKind::InvalidInput => "its packed data are damaged",
                _ => return error,
            };
            io::Error::new(error.kind(), told)
        })
    }
}

/// The frames of a Zstandard file, one behind the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame has been begun and not been read to its end.
    open: bool,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.open && !self.begin()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(fault)?;
            }
            let read = self.decoder.read(into)?;
            if read > 0 {
                return Ok(read);
            }
            self.open = !self.decoder.is_finished();
        }
    }
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame that holds data; there may be none.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => {
                    self.open = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(fault(error)),
            }
        }
        Ok(false)
    }
}

/// A fault of a frame: the file ends within it, the disk has one, or it is none.
fn fault(error: FrameDecoderError) -> io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(now) = cause {
        if let Some(below) = now.downcast_ref::<io::Error>() {
            return io::Error::new(below.kind(), below.to_string());
        }
        cause = now.source();
    }
    io::Error::new(ErrorKind::InvalidData, error)
}
