//! The name of an object: 20 bytes, written as 40 hexadecimal digits.

use faster_hex::hex_string;
use std::fmt;

/// Number of digits of [`ObjectId::short`].
const SHORT_DIGITS: usize = 10;

/// The name of a commit, tree or blob.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 20]);

impl ObjectId {
    /// The id that these 40 hexadecimal digits write, if they do.
    pub fn from_hex(digits: &str) -> Option<Self> {
        gix::ObjectId::from_hex(digits.as_bytes()).ok().map(Self::from)
    }

    /// The first ten digits: enough to find the object again in any repository of a believable size.
    pub fn short(self) -> String {
        let mut digits = hex_string(&self.0);
        digits.truncate(SHORT_DIGITS);
        digits
    }

    /// The id that these 20 bytes are, if they are as many.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex_string(&self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({self})")
    }
}

impl From<gix::ObjectId> for ObjectId {
    fn from(id: gix::ObjectId) -> Self {
        let gix::ObjectId::Sha1(bytes) = id else { return Self([0; 20]) };
        Self(bytes)
    }
}

impl From<ObjectId> for gix::ObjectId {
    fn from(id: ObjectId) -> Self {
        Self::Sha1(id.0)
    }
}
