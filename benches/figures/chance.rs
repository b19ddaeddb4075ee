//! Numbers that look like chance and are the same in every run.

/// A number made of two others (the finaliser of `SplitMix64`).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number made of a text.
pub(crate) fn seed(text: &str) -> u64 {
    text.bytes().fold(text.len() as u64, |seed, byte| mix(seed, u64::from(byte)))
}

/// A number below `bound`; zero where nothing is.
pub(crate) fn below(draw: u64, bound: usize) -> usize {
    usize::try_from(draw.checked_rem(bound as u64).unwrap_or(0)).unwrap_or(0)
}

/// One of several.
pub(crate) fn pick<T>(of: &[T], draw: u64) -> Option<&T> {
    of.get(below(draw, of.len()))
}

/// A row of draws.
#[derive(Debug, Clone)]
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = mix(self.0, 0);
        self.0
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        below(self.draw(), bound)
    }
}
