//! Figures by the values of a field, as long as there are not too many values.

use crate::criteria::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What is added up for each value of a field.
pub trait Grouped {
    /// Adds all of another.
    fn merge(&mut self, other: &Self);

    /// How much room it takes beyond that of a number.
    fn room(&self) -> usize {
        0
    }

    /// Takes less room, and is less exact.
    fn coarsen(&mut self) {}
}

/// Something by the values of a field, as long as there are not too many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups<G> {
    /// By value; of records that hold none under nothing.
    pub values: BTreeMap<Option<String>, G>,
    /// Whether there are too many values.
    pub too_many: bool,
    /// How much room all take together.
    room: usize,
    /// How often each was made coarser: all alike, so that no order matters.
    coarser: u32,
}

impl<G> Default for Groups<G> {
    fn default() -> Self {
        Self { values: BTreeMap::new(), too_many: false, room: 0, coarser: 0 }
    }
}

impl<G: Grouped> Groups<G> {
    /// So many values are told apart at most.
    pub const MOST: usize = 1_000;

    /// So much room all of them may take together.
    const ROOM: usize = 262_144;

    /// Adds to what is there for a value.
    pub fn add(
        &mut self,
        value: Option<Value>,
        fresh: impl FnOnce() -> G,
        add: impl FnOnce(&mut G),
    ) {
        if self.too_many {
            return;
        }
        let coarser = self.coarser;
        let group = self.values.entry(value.map(written)).or_insert_with(|| {
            let mut fresh = fresh();
            (0..coarser).for_each(|_| fresh.coarsen());
            fresh
        });
        let before = group.room();
        add(group);
        self.room = (self.room + group.room()).saturating_sub(before);
        self.fit();
    }

    /// Adds all of another.
    pub fn merge(&mut self, mut other: Self) {
        self.too_many |= other.too_many;
        (self.coarser..other.coarser).for_each(|_| self.coarsen());
        (other.coarser..self.coarser).for_each(|_| other.coarsen());
        for (value, group) in other.values {
            match self.values.entry(value) {
                Entry::Occupied(known) => {
                    known.into_mut().merge(&group);
                }
                Entry::Vacant(open) => {
                    open.insert(group);
                }
            }
        }
        self.room = self.values.values().map(G::room).sum();
        self.fit();
    }

    fn fit(&mut self) {
        if self.too_many || self.values.len() > Self::MOST {
            self.too_many = true;
            self.values.clear();
            self.room = 0;
        }
        while self.room > Self::ROOM {
            self.coarsen();
        }
    }

    fn coarsen(&mut self) {
        self.coarser += 1;
        self.values.values_mut().for_each(G::coarsen);
        self.room = self.values.values().map(G::room).sum();
    }
}

/// A value as people read it, written in one way however a cell writes it.
fn written(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        Value::Values(mut values) => {
            values.sort();
            values.dedup();
            values.join(", ")
        }
        Value::Number(number) => number.normalize().to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::lengths::Lengths;
    use proptest::prelude::*;

    impl Grouped for Lengths {
        fn merge(&mut self, other: &Self) {
            Self::merge(self, other);
        }

        fn room(&self) -> usize {
            self.different()
        }

        fn coarsen(&mut self) {
            Self::coarsen(self);
        }
    }

    fn all(lengths: impl IntoIterator<Item = (i64, i64)>) -> Groups<Lengths> {
        let mut groups = Groups::default();
        for (group, seconds) in lengths {
            let value = Some(Value::from(group));
            groups.add(value, || Lengths::new(usize::MAX), |lengths| lengths.add(seconds));
        }
        groups
    }

    #[test]
    fn one_value_has_one_name() {
        let number = |text: &str| Value::Number(text.parse().expect("a number"));
        assert_eq!(written(number("0.10")), written(number("0.1")));
        assert_eq!(written(number("100.00")), "100");
        let values =
            |all: &[&str]| Value::Values(all.iter().map(|one| (*one).to_owned()).collect());
        assert_eq!(written(values(&["q", "p", "q"])), "p, q");
    }

    #[test]
    fn all_share_one_room_and_are_equally_exact() {
        let many = i64::try_from(Groups::<Lengths>::ROOM).expect("a number");
        let lengths: Vec<_> = (0..many + 10).map(|at| (at % 3, at * 7)).collect();
        let exact = all(lengths.iter().take(1_000).copied());
        assert_eq!((exact.coarser, exact.room), (0, 1_000));
        let whole = all(lengths.iter().copied());
        assert!(whole.coarser > 0 && whole.room <= Groups::<Lengths>::ROOM);
        assert!(whole.values.values().all(Lengths::is_rounded));
        let (one, other) = lengths.split_at(200_000);
        let mut parts = all(other.iter().rev().copied());
        parts.merge(all(one.iter().copied()));
        assert_eq!(whole, parts);
    }

    proptest! {
        #[test]
        fn a_group_alone_is_what_the_whole_is(seconds in prop::collection::vec(0_i64..9_999, 1..90)) {
            let groups = all(seconds.iter().map(|seconds| (0, *seconds)));
            let mut whole = Lengths::new(65_536);
            for seconds in &seconds {
                whole.add(*seconds);
            }
            let group = groups.values.values().next().expect("a group");
            prop_assert_eq!(group.twice_the_median(), whole.twice_the_median());
        }
    }
}
