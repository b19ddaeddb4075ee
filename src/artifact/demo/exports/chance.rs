//! Chance that comes out the same every time.

use jiff::Timestamp;

/// Numbers that look thrown and are not: the generator `SplitMix64`, by Sebastiano Vigna.
pub(super) struct Chance(u64);

impl Chance {
    /// A row of numbers of its own.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound that is not zero.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or_default()
    }

    /// A number between two, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of some; nothing of none.
    pub(super) fn of<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let at = self.below(u32::try_from(choices.len()).unwrap_or(u32::MAX));
        choices.get(at as usize).copied().unwrap_or_default()
    }

    /// One of some, each as often as its weight says.
    pub(super) fn weighted<T: Copy + Default>(&mut self, choices: &[(u32, T)]) -> T {
        let all = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(all);
        for (weight, choice) in choices {
            if left < *weight {
                return *choice;
            }
            left -= weight;
        }
        T::default()
    }

    /// A record's key: a prefix and twelve signs.
    pub(super) fn key(&mut self, prefix: &str) -> String {
        const SIGNS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
        let signs = (0..12).map(|_| char::from(self.of(SIGNS)));
        format!("{prefix}{}", signs.collect::<String>())
    }
}

/// An instant that lies so many minutes before the morning on which the demonstration plays.
pub(super) fn before(minutes: u32) -> Timestamp {
    // 2026-11-02T08:00:00Z
    const MORNING: i64 = 1_793_606_400;
    Timestamp::from_second(MORNING - i64::from(minutes) * 60).unwrap_or_default()
}

/// Minutes of some days.
pub(super) const fn days(days: u32) -> u32 {
    days * 24 * 60
}
