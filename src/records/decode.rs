//! Text, however it is encoded, as UTF-8, as it is read.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes are turned in pieces of this many where they cannot stay where they are.
const PIECE: usize = 1 << 16;

/// How the text of an input is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8; where bytes are none, Windows-1252.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
}

impl Encoding {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// The encoding of text that begins so, and how many bytes its mark takes.
    pub(super) fn of(bytes: &[u8]) -> (Self, usize) {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8, 3),
            [0xff, 0xfe, ..] => (Self::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Self::Utf16Be, 2),
            // Without a mark: two plain letters give it away.
            [low, 0, next, 0, ..] if *low != 0 && *next != 0 => (Self::Utf16Le, 0),
            [0, low, 0, next, ..] if *low != 0 && *next != 0 => (Self::Utf16Be, 0),
            _ => (Self::Utf8, 0),
        }
    }

    /// The same text in UTF-8. What had to be mended is counted: bytes read as Windows-1252, or
    /// halves of letters.
    pub(super) fn decoded<'i>(
        self,
        bytes: Box<dyn Read + Send + 'i>,
        mended: Mended,
    ) -> Box<dyn Read + Send + 'i> {
        match self {
            Self::Utf8 => {
                Box::new(Utf8 { inner: bytes, carry: Vec::new(), out: Out::default(), mended })
            }
            Self::Utf16Le | Self::Utf16Be => Box::new(Utf16 {
                inner: bytes,
                big: self == Self::Utf16Be,
                piece: vec![0; PIECE],
                kept: 0,
                out: Out::default(),
                mended,
            }),
        }
    }
}

/// How many bytes had to be read as something else than the encoding says.
#[derive(Debug, Clone, Default)]
pub struct Mended(Arc<AtomicU64>);

impl Mended {
    /// So far.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// Text that is ready to be handed out.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) text: Vec<u8>,
    at: usize,
}

impl Out {
    /// Hands out as much as fits; nothing where there is none.
    pub(super) fn give(&mut self, into: &mut [u8]) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let given = rest.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..given), rest.get(..given)) {
            into.copy_from_slice(from);
        }
        self.at += given;
        if self.at >= self.text.len() {
            self.text.clear();
            self.at = 0;
        }
        given
    }
}

/// UTF-8 that stays where it is read; only what is none is turned.
struct Utf8<'i> {
    inner: Box<dyn Read + Send + 'i>,
    /// The first bytes of a letter whose others are still to come.
    carry: Vec<u8>,
    out: Out,
    mended: Mended,
}

impl Read for Utf8<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        /// Less room than for a letter or two is no place to look at text in.
        const ROOM: usize = 16;
        let given = self.out.give(into);
        if given > 0 || into.is_empty() {
            return Ok(given);
        }
        if into.len() < ROOM {
            let mut small = [0; ROOM];
            let read = self.fill(&mut small)?;
            self.out.text.splice(..0, small.iter().copied().take(read));
            return Ok(self.out.give(into));
        }
        let read = self.fill(into)?;
        Ok(if read > 0 { read } else { self.out.give(into) })
    }
}

impl Utf8<'_> {
    /// Reads text into a buffer; what is to come behind it may stand in `out` then.
    fn fill(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let kept = self.carry.len();
            for (place, byte) in into.iter_mut().zip(self.carry.drain(..)) {
                *place = byte;
            }
            let read = self.inner.read(into.get_mut(kept..).unwrap_or_default())?;
            let bytes = into.get(..kept + read).unwrap_or_default();
            if read > 0 && bytes.is_ascii() {
                return Ok(bytes.len());
            }
            let Err(error) = std::str::from_utf8(bytes) else { return Ok(bytes.len()) };
            let sound = error.valid_up_to();
            let rest = bytes.get(sound..).unwrap_or_default();
            if error.error_len().is_some() || read == 0 {
                let open = self.mend(rest, read == 0);
                self.carry.extend(rest.get(open..).unwrap_or_default());
                return Ok(sound);
            }
            self.carry.extend_from_slice(rest);
            if sound > 0 {
                return Ok(sound);
            }
        }
    }

    /// Turns bytes that are not all UTF-8; gives where a letter begins that is still to come.
    fn mend(&mut self, bytes: &[u8], is_end: bool) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (sound, bad) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), 0),
                Err(error) => match error.error_len() {
                    Some(bad) => (error.valid_up_to(), bad),
                    None if is_end => (error.valid_up_to(), rest.len() - error.valid_up_to()),
                    None => {
                        self.out.text.extend(rest.get(..error.valid_up_to()).unwrap_or_default());
                        return at + error.valid_up_to();
                    }
                },
            };
            self.out.text.extend(rest.get(..sound).unwrap_or_default());
            for byte in rest.get(sound..sound + bad).unwrap_or_default() {
                let mut room = [0; 4];
                self.out.text.extend(windows_1252(*byte).encode_utf8(&mut room).bytes());
            }
            self.mended.add(bad);
            at += sound + bad;
        }
        bytes.len()
    }
}

/// The letter that a byte is in Windows-1252.
fn windows_1252(byte: u8) -> char {
    /// Those from 0x80 on; the others are as in Latin-1.
    const OWN: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž',
        '\u{fffd}', '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ',
        '\u{fffd}', 'ž', 'Ÿ',
    ];
    let own = byte.checked_sub(0x80).and_then(|place| OWN.get(usize::from(place)));
    own.copied().unwrap_or(char::from(byte))
}

/// UTF-16, turned.
struct Utf16<'i> {
    inner: Box<dyn Read + Send + 'i>,
    big: bool,
    piece: Vec<u8>,
    /// How many bytes at the start of the piece are the beginning of a letter.
    kept: usize,
    out: Out,
    mended: Mended,
}

impl Read for Utf16<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let given = self.out.give(into);
            if given > 0 || into.is_empty() {
                return Ok(given);
            }
            let read = self.inner.read(self.piece.get_mut(self.kept..).unwrap_or_default())?;
            if read == 0 && self.kept == 0 {
                return Ok(0);
            }
            self.turn(self.kept + read, read == 0);
        }
    }
}

impl Utf16<'_> {
    fn turn(&mut self, filled: usize, is_end: bool) {
        let bytes = self.piece.get(..filled).unwrap_or_default();
        let pairs = bytes.chunks_exact(2);
        let odd = pairs.remainder().len();
        let unit = |pair: &[u8]| match (pair, self.big) {
            ([high, low], true) | ([low, high], false) => u16::from_be_bytes([*high, *low]),
            _ => 0,
        };
        let mut units: Vec<u16> = pairs.map(unit).collect();
        // The first half of a letter waits for the other one.
        let half = units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) && !is_end;
        if half {
            units.pop();
        }
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or_else(|_| {
                self.mended.add(2);
                char::REPLACEMENT_CHARACTER
            });
            let mut room = [0; 4];
            self.out.text.extend(letter.encode_utf8(&mut room).bytes());
        }
        let open = odd + 2 * usize::from(half);
        if is_end {
            self.mended.add(odd);
            self.kept = 0;
        } else {
            self.piece.copy_within(filled - open..filled, 0);
            self.kept = open;
        }
    }
}

/// Text in which a carriage return alone ends a line, with line feeds instead.
pub(super) struct LineFeeds<R>(pub(super) R);

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        for byte in into.iter_mut().take(read).filter(|byte| **byte == b'\r') {
            *byte = b'\n';
        }
        Ok(read)
    }
}
