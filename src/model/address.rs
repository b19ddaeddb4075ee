//! Addresses: the path of a table is the name of what it holds.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The path of an entity or of a part of one, for example `lifecycle.lead.stage.sql.exit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// An address from its text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The address one step further down.
    #[must_use]
    pub fn join(&self, step: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + step.len());
        text.push_str(&self.0);
        text.push('.');
        text.push_str(step);
        Self(Arc::from(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first step: the kind.
    pub fn kind(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// Everything behind the kind; empty for `model`.
    pub fn id(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, id)| id)
    }

    /// The last step: what a field, a rule or a property is called where it stands.
    pub fn last(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }

    /// Whether `self` is `other` or stands below it.
    pub fn is_within(&self, other: &str) -> bool {
        self.behind(other).is_some()
    }

    /// What stands behind `other` in an address that [is within](Self::is_within) it: nothing, or a dot
    /// and the steps below.
    pub fn behind(&self, other: &str) -> Option<&str> {
        self.0.strip_prefix(other).filter(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The address itself and all that it [is within](Self::is_within), the widest first.
    pub fn and_above(&self) -> impl Iterator<Item = &str> {
        let ends = self.0.match_indices('.').map(|(at, _)| at);
        ends.chain([self.0.len()]).filter_map(|end| self.0.get(..end))
    }
}

/// An address is ordered and compared as its text is.
impl Borrow<str> for Address {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pattern over addresses: steps separated by dots, `*` for any one step, a last `*` for
/// anything below. A pattern also covers whatever stands below what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same pattern for what was called otherwise: none where it does not concern `address`.
    pub fn under(&self, address: &str, former: &str) -> Option<Self> {
        if self.covers(address) {
            return Some(Self::new(former));
        }
        if !self.is_below(address) {
            return None;
        }
        // A `*` stands for the step of either name.
        let (steps, formers) = (address.split('.').count(), former.split('.'));
        let own: Vec<&str> = self.0.split('.').collect();
        let (above, rest) = own.split_at_checked(steps)?;
        let kept = |(at, step)| if above.get(at) == Some(&"*") { "*" } else { step };
        let above: Vec<&str> = formers.enumerate().map(kept).collect();
        Some(Self(above.iter().chain(rest).copied().collect::<Vec<_>>().join(".")))
    }

    /// Whether it can only cover what stands below an address.
    pub fn is_below(&self, address: &str) -> bool {
        let mut wanted = self.0.split('.');
        address.split('.').all(|step| wanted.next().is_some_and(|w| w == "*" || w == step))
    }

    /// How closely some patterns name an address: by how many steps the closest says itself, none at all
    /// where no pattern is given; nothing where they do not cover it.
    pub fn closeness(patterns: &[Self], address: &str) -> Option<usize> {
        if patterns.is_empty() {
            return Some(0);
        }
        let covering = patterns.iter().filter(|pattern| pattern.covers(address));
        covering.map(|pattern| 1 + pattern.0.split('.').filter(|step| *step != "*").count()).max()
    }

    /// Whether an address is covered.
    pub fn covers(&self, address: &str) -> bool {
        let mut steps = address.split('.');
        for wanted in self.0.split('.') {
            match steps.next() {
                Some(step) if wanted == "*" || wanted == step => {}
                _ => return false,
            }
        }
        true
    }
}

/// Whether text is an id: kebab-case or `snake_case`, starting with a letter or digit.
pub fn is_id(text: &str) -> bool {
    let ends = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut last = b'-';
    for byte in text.bytes() {
        if !(ends(byte) || (matches!(byte, b'-' | b'_') && ends(last))) {
            return false;
        }
        last = byte;
    }
    ends(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_that_says_more_is_the_closer_one() {
        let closeness = |patterns: &[&str]| {
            let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::new(*text)).collect();
            Pattern::closeness(&patterns, "sla.first-touch.within")
        };
        assert_eq!(closeness(&[]), Some(0));
        assert_eq!(closeness(&["*"]), Some(1));
        assert_eq!(closeness(&["sla.*"]), Some(2));
        assert_eq!(closeness(&["sla.*", "sla.first-touch", "sla.other"]), Some(3));
        assert_eq!(closeness(&["sla.other"]), None);
    }

    #[test]
    fn patterns_cover_what_they_name_and_what_is_below() {
        let covers = |pattern: &str, address| Pattern::new(pattern).covers(address);
        assert!(covers("definition.*", "definition.mql.criteria.fit"));
        assert!(covers("lifecycle.*.stage.sql", "lifecycle.lead.stage.sql.exit.size"));
        assert!(!covers("definition.*", "definition"));
        assert!(!covers("definition.mql", "definition.mql2"));
    }

    #[test]
    fn ids_are_kebab_or_snake_case() {
        for good in ["mql", "dach-enterprise", "first_touch", "7-day-pool", "a1"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "MQL", "-a", "a-", "a--b", "a b", "é", "_a"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
