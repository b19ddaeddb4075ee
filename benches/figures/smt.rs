//! The same lists for Z3, as SMT-LIB.
//!
//! Choices, names and mail domains are the numbers of the values and texts that the rules name, with
//! one more for all others and zero for unset; a beginning is the numbers of the names that begin so.
//! Parts of titles and values of multi-selects are a Bool each, and money has steps of a half. So Z3
//! is told what texts there can be, which `opmodel` finds out for itself.

use crate::lists::{BEGINNINGS, Condition, DOMAINS, FIELDS, NAMES, Rule, Sort, TITLES, Test};
use std::fmt::Write;

/// What numbers are to Z3; which it decides faster differs from list to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// Integers without bounds, in linear arithmetic.
    Integers,
    /// Bit-vectors wide enough for every constant, in the theory of finite domains.
    Bits,
}

impl Numbers {
    pub(crate) const ALL: [Self; 2] = [Self::Integers, Self::Bits];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        if self == Self::Integers { "integers" } else { "bit-vectors" }
    }

    fn head(self) -> String {
        let logic = if self == Self::Integers { "QF_LIA" } else { "QF_FD" };
        format!("(set-logic {logic})\n{}", self.records())
    }

    /// A number that is not negative.
    fn declared(self, name: &str, width: u32) -> String {
        match self {
            Self::Integers => format!("(declare-const {name} Int)\n(assert (>= {name} 0))"),
            Self::Bits => format!("(declare-const {name} (_ BitVec {width}))"),
        }
    }

    fn number(self, number: usize, width: u32) -> String {
        match self {
            Self::Integers => number.to_string(),
            Self::Bits => format!("(_ bv{number} {width})"),
        }
    }

    fn compared(self, name: &str, sign: &str, number: &str) -> String {
        let sign = match (self, sign) {
            (Self::Bits, ">=") => "bvuge",
            (Self::Bits, "<=") => "bvule",
            (Self::Bits, "<") => "bvult",
            (_, sign) => sign,
        };
        format!("({sign} {name} {number})")
    }
    /// What records there can be.
    fn records(self) -> String {
        let mut text = String::new();
        for (name, sort, required) in FIELDS {
            let _ = writeln!(text, "(declare-const {name}? Bool)");
            let width = width(sort);
            let mut number = |most: usize| {
                let _ = writeln!(text, "{}", self.declared(name, width));
                let zero = self.number(0, width);
                let _ = writeln!(text, "(assert (= {name}? (not (= {name} {zero}))))");
                let most = self.compared(name, "<=", &self.number(most, width));
                let _ = writeln!(text, "(assert {most})");
            };
            match sort {
                Sort::One(count) => number(count),
                Sort::Name => number(NAMES + BEGINNINGS + 1),
                Sort::Mail => number(DOMAINS + 1),
                Sort::Several(count) => {
                    let some: Vec<String> = (0..count).map(|at| format!("{name}.{at}")).collect();
                    for one in &some {
                        let _ = writeln!(text, "(declare-const {one} Bool)");
                    }
                    let _ = writeln!(text, "(assert (= {name}? (or {})))", some.join(" "));
                }
                Sort::Title => {
                    for at in 0..TITLES.len() {
                        let _ = writeln!(text, "(declare-const {name}.{at} Bool)");
                        let _ = writeln!(text, "(assert (=> {name}.{at} {name}?))");
                    }
                }
                Sort::Truth => {
                    let _ = writeln!(text, "(declare-const {name} Bool)");
                }
                Sort::Number(..) | Sort::Day => {
                    let _ = writeln!(text, "{}", self.declared(name, width));
                }
            }
            if required {
                let _ = writeln!(text, "(assert {name}?)");
            }
        }
        text
    }

    fn condition(self, (field, test): &Condition) -> String {
        let Some((name, sort, _)) = FIELDS.get(*field).copied() else { return "false".to_owned() };
        let width = width(sort);
        // All that is below zero has the number 0.
        let number = |value: i64| {
            let step = if let Sort::Number("money", _) = sort { 2 } else { 1 };
            self.number(usize::try_from(step * (value + 1)).unwrap_or(0), width)
        };
        let compared = |sign: &str, value: i64| self.compared(name, sign, &number(value));
        let one = |values: &mut dyn Iterator<Item = i64>| {
            let each: Vec<String> =
                values.map(|value| format!("(= {name} {})", number(value))).collect();
            if each.len() == 1 { each.concat() } else { format!("(or {})", each.join(" ")) }
        };
        match test {
            Test::Set => format!("{name}?"),
            Test::Unset => format!("(not {name}?)"),
            Test::In(values) if sort == Sort::Truth => {
                let truth = if values == &[1] { name.to_owned() } else { format!("(not {name})") };
                format!("(and {name}? {truth})")
            }
            Test::In(values) => one(&mut values.iter().copied()),
            Test::NotIn(values) => format!("(not {})", one(&mut values.iter().copied())),
            Test::Has(bit) => format!("{name}.{bit}"),
            Test::HasNot(bit) => format!("(not {name}.{bit})"),
            Test::Starts(word) => {
                let word = usize::try_from(*word).unwrap_or(0);
                let named = (word..NAMES).step_by(BEGINNINGS).chain([NAMES + word]);
                one(&mut named.filter_map(|place| i64::try_from(place).ok()))
            }
            Test::AtLeast(least) => format!("(and {name}? {})", compared(">=", *least)),
            Test::Below(most) => format!("(and {name}? {})", compared("<", *most)),
            Test::Between(low, high) => {
                format!("(and {name}? {} {})", compared(">=", *low), compared("<=", *high))
            }
        }
    }

    fn all(self, when: &[Vec<Condition>]) -> String {
        let clause = |clause: &Vec<Condition>| {
            let parts: Vec<String> = clause.iter().map(|one| self.condition(one)).collect();
            if parts.len() == 1 { parts.concat() } else { format!("(or {})", parts.join(" ")) }
        };
        format!("(and true {})", when.iter().map(clause).collect::<Vec<_>>().join(" "))
    }
}

/// Bits of the bit-vector of a field.
fn width(sort: Sort) -> u32 {
    let bits = |count: usize| usize::BITS - (count + 1).leading_zeros();
    match sort {
        Sort::One(count) => bits(count),
        Sort::Name => bits(NAMES + BEGINNINGS + 1),
        Sort::Mail => bits(DOMAINS + 1),
        Sort::Number("money", _) => 21,
        Sort::Number(_, most) if most > 1_000 => 15,
        Sort::Number(..) | Sort::Day => 12,
        Sort::Several(_) | Sort::Title | Sort::Truth => 0,
    }
}

/// For each rule the question whether a record meets it that none before it took.
pub(crate) fn never_fires(rules: &[Rule], numbers: Numbers) -> String {
    let mut text = numbers.head();
    for (at, rule) in rules.iter().enumerate() {
        let _ = writeln!(
            text,
            "(declare-const c{at} Bool)\n(assert (= c{at} {}))",
            numbers.all(&rule.when)
        );
        let _ = writeln!(text, "(check-sat-assuming (c{at}))\n(assert (not c{at}))");
    }
    text
}

/// Two lists, in which `o7` is true of what the seventh rule of the old one takes and `n7` of what
/// that of the new one does, and that some record goes elsewhere.
fn both(old: &[Rule], new: &[Rule], numbers: Numbers) -> String {
    let mut text = numbers.head();
    let mut destinations: Vec<[Vec<String>; 2]> = Vec::new();
    for (side, rules) in [old, new].into_iter().enumerate() {
        let letter = ["o", "n"].get(side).copied().unwrap_or("o");
        let mut before = "true".to_owned();
        for (at, rule) in rules.iter().enumerate() {
            let (takes, after) = (format!("{letter}{at}"), format!("{letter}{at}_"));
            let when = numbers.all(&rule.when);
            let _ = writeln!(text, "(declare-const {takes} Bool)\n(declare-const {after} Bool)");
            let _ = writeln!(text, "(assert (= {takes} (and {before} {when})))");
            let _ = writeln!(text, "(assert (= {after} (and {before} (not {takes}))))");
            destinations.resize(destinations.len().max(rule.queue + 1), Default::default());
            if let Some(side) = destinations.get_mut(rule.queue).and_then(|d| d.get_mut(side)) {
                side.push(takes);
            }
            before = after;
        }
    }
    let differs = destinations.iter().map(|[old, new]| {
        format!("(not (= (or false {}) (or false {})))", old.join(" "), new.join(" "))
    });
    // Whoever differs in the default differs in the queue on the other side.
    let _ = writeln!(text, "(assert (or {}))", differs.collect::<Vec<_>>().join(" "));
    text
}

/// Whether any record goes elsewhere.
pub(crate) fn any_moves(old: &[Rule], new: &[Rule], numbers: Numbers) -> String {
    both(old, new, numbers) + "(check-sat)\n"
}

/// The same, made ready to ask which rules take the record: their numbers, past the last one for
/// the default.
pub(crate) fn moves(old: &[Rule], new: &[Rule], numbers: Numbers) -> String {
    let mut text = both(old, new, numbers);
    for (letter, rules) in [("o", old), ("n", new)] {
        let count = rules.len();
        let _ = writeln!(text, "{}", numbers.declared(letter, 13));
        for at in 0..count {
            let place = numbers.number(at, 13);
            let _ = writeln!(text, "(assert (=> {letter}{at} (= {letter} {place})))");
        }
        let last = count.checked_sub(1).map_or("true".to_owned(), |at| format!("{letter}{at}_"));
        let _ = writeln!(text, "(declare-const {letter}{count} Bool)");
        let _ = writeln!(text, "(assert (= {letter}{count} {last}))");
        let place = numbers.number(count, 13);
        let _ = writeln!(text, "(assert (=> {last} (= {letter} {place})))");
    }
    text
}
