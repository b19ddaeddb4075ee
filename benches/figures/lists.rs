//! Generated routing tables: lists of rules over fourteen fields, most of them live.
//!
//! Rules drawn at random are mostly shadowed by accident. So each rule is drawn around a record that
//! no earlier rule takes, and it holds for that record; a few are shadowed on purpose. As in lists
//! that people write, narrow rules come first and broad ones last.

use crate::chance::{Draws, seed};
use std::fmt::Write;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// One of so many values.
    One(usize),
    /// Any of so many values.
    Several(usize),
    /// A text of which the whole or the beginning is asked for.
    Name,
    /// A text of which the end is asked for.
    Mail,
    /// A text of which parts are asked for.
    Title,
    /// A number of a type, below a bound.
    Number(&'static str, i64),
    Truth,
    /// A day, counted so that the as-of day is [`AS_OF`].
    Day,
}

/// The fields: name, sort, and whether every record has it.
pub(crate) const FIELDS: [(&str, Sort, bool); 14] = [
    ("country", Sort::One(30), false),
    ("industry", Sort::One(12), false),
    ("source", Sort::One(8), false),
    ("segment", Sort::One(4), true),
    ("products", Sort::Several(6), false),
    ("interests", Sort::Several(5), false),
    ("company", Sort::Name, false),
    ("email", Sort::Mail, false),
    ("title", Sort::Title, false),
    ("employees", Sort::Number("integer", 10_000), false),
    ("seats", Sort::Number("integer", 1_000), false),
    ("budget", Sort::Number("money", 500_000), false),
    ("opted_in", Sort::Truth, false),
    ("renewal_on", Sort::Day, false),
];

/// The as-of day, 2026-06-30, as a number.
pub(crate) const AS_OF: i64 = 2_000;
/// How many beginnings of names there are, and names of each.
pub(crate) const BEGINNINGS: usize = 40;
pub(crate) const NAMES: usize = 5 * BEGINNINGS;
pub(crate) const DOMAINS: usize = 6 * BEGINNINGS;
pub(crate) const TITLES: [&str; 16] = [
    "analyst",
    "architect",
    "buyer",
    "chief",
    "clerk",
    "consultant",
    "director",
    "engineer",
    "head of",
    "lawyer",
    "manager",
    "owner",
    "partner",
    "planner",
    "student",
    "vice",
];
const QUEUES: usize = 12;

/// What is asked of a field. A value is a number: of a choice its place, of several a set of bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    In(Vec<i64>),
    NotIn(Vec<i64>),
    /// One of several values, or a part of a text.
    Has(i64),
    HasNot(i64),
    /// The beginning of a name.
    Starts(i64),
    AtLeast(i64),
    Below(i64),
    Between(i64, i64),
    Set,
    Unset,
}

/// A field, by its place, and what is asked of it.
pub(crate) type Condition = (usize, Test);

/// A rule: all clauses hold, each of which is one condition or another.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) when: Vec<Vec<Condition>>,
    pub(crate) queue: usize,
}

pub(crate) type Record = Vec<Option<i64>>;

/// A list of so many rules.
pub(crate) fn rules(count: usize) -> Vec<Rule> {
    let mut draws = Draws::new(seed("rules"));
    let mut rules: Vec<Rule> = Vec::new();
    let mut covered: Vec<Vec<Vec<Condition>>> = Vec::new();
    while rules.len() < count {
        let when = match draws.below(100) {
            0 => contradiction(&mut draws),
            1 | 2 if !rules.is_empty() => narrower(&rules, &mut draws),
            3 if covered.len() > 4 => covered.remove(0),
            4 => {
                covered.extend(split(&mut rules, &mut draws));
                continue;
            }
            _ => live(&rules, count, &mut draws),
        };
        push(&mut rules, when, &mut draws);
    }
    rules.truncate(count);
    rules
}

/// What somebody made of a list by so many edits: in turn another threshold, a value that moves, a
/// rule that is added, removed, moved, and another destination.
pub(crate) fn edited(before: &[Rule], edits: usize) -> Vec<Rule> {
    let mut draws = Draws::new(seed("edits"));
    let mut rules = before.to_vec();
    let mut made = 0;
    while made < edits {
        let done = match made % 6 {
            0 => threshold(&mut rules, &mut draws),
            1 => value(&mut rules, &mut draws),
            2 => {
                let (id, when) = (format!("n{made}"), around(&record(&mut draws), &mut draws));
                let rule = Rule { id, when, queue: draws.below(QUEUES) };
                rules.insert(draws.below(rules.len()), rule);
                Some(())
            }
            3 => {
                rules.remove(draws.below(rules.len()));
                Some(())
            }
            4 => {
                let rule = rules.remove(draws.below(rules.len()));
                rules.insert(draws.below(rules.len()), rule);
                Some(())
            }
            _ => redirect(&mut rules, &mut draws),
        };
        made += usize::from(done.is_some());
    }
    rules
}

fn push(rules: &mut Vec<Rule>, when: Vec<Vec<Condition>>, draws: &mut Draws) {
    let id = format!("r{}", rules.len());
    rules.push(Rule { id, when, queue: draws.below(QUEUES) });
}

/// A rule around a record that no earlier rule takes, narrow enough to leave something to the rest.
fn live(rules: &[Rule], count: usize, draws: &mut Draws) -> Vec<Vec<Condition>> {
    let share = |part: usize| {
        f64::from(u32::try_from(part).unwrap_or(1)) / f64::from(u32::try_from(count).unwrap_or(1))
    };
    let most = share(if rules.len() * 10 < count * 9 { 1 } else { 12 });
    let free = |record: &Record| rules.iter().all(|rule| !holds(&rule.when, record));
    let record = (0..1_000).map(|_| record(draws)).find(free).unwrap_or_default();
    let drawn = (0..100).map(|_| around(&record, draws));
    drawn
        .min_by(|one, other| breadth(one).max(most).total_cmp(&breadth(other).max(most)))
        .unwrap_or_default()
}

/// About the share of all records for which a condition holds.
fn breadth(when: &[Vec<Condition>]) -> f64 {
    let clause = |clause: &Vec<Condition>| clause.iter().map(share_of).sum::<f64>().min(1.0);
    when.iter().map(clause).product()
}

fn share_of((field, test): &Condition) -> f64 {
    let number = |number: i64| f64::from(i32::try_from(number).unwrap_or(i32::MAX));
    let whole = match FIELDS.get(*field) {
        Some((_, Sort::One(count), _)) => number(i64::try_from(*count).unwrap_or(1)),
        Some((_, Sort::Name | Sort::Mail, _)) => 240.0,
        Some((_, Sort::Number(_, most), _)) => number(*most),
        Some((_, Sort::Day, _)) => 800.0,
        Some((_, Sort::Title, _)) => 16.0,
        _ => 2.0,
    };
    let first = if whole > 799.0 && *field == 13 { number(AS_OF - 400) } else { 0.0 };
    let part = match test {
        Test::Set => 0.9,
        Test::Unset => 0.1,
        Test::In(values) => number(i64::try_from(values.len()).unwrap_or(1)) / whole,
        Test::NotIn(_) => 0.8,
        Test::Has(_) => 1.0 / whole,
        Test::HasNot(_) => 1.0 - 1.0 / whole,
        Test::Starts(_) => 6.0 / whole,
        Test::AtLeast(least) => 1.0 - (number(*least) - first) / whole,
        Test::Below(most) => (number(*most) - first) / whole,
        Test::Between(low, high) => number(high - low) / whole,
    };
    part.clamp(0.01 / whole, 1.0)
}

/// Two rules that share out what a third one asks for, which is returned.
fn split(rules: &mut Vec<Rule>, draws: &mut Draws) -> Option<Vec<Vec<Condition>>> {
    let record = record(draws);
    let (field, at) = (9, 10 * (1 + i64::try_from(draws.below(90)).ok()?));
    let mut core = around(&record, draws);
    core.retain(|clause| clause.iter().all(|(other, _)| *other != field));
    core.truncate(3);
    let with = |test: Vec<Condition>| [core.as_slice(), &[test]].concat();
    let halves = [
        (with(vec![(field, Test::AtLeast(at))]), at),
        (with(vec![(field, Test::Below(at)), (field, Test::Unset)]), at - 1),
    ];
    let free = halves.iter().all(|(_, value)| {
        let mut record = record.clone();
        if let Some(place) = record.get_mut(field) {
            *place = Some(*value);
        }
        rules.iter().all(|rule| !holds(&rule.when, &record))
    });
    if core.len() < 2 || !free {
        return None;
    }
    for (half, _) in halves {
        push(rules, half, draws);
    }
    Some(core)
}

/// An earlier rule that asks for more.
fn narrower(rules: &[Rule], draws: &mut Draws) -> Vec<Vec<Condition>> {
    let other = rules.get(draws.below(rules.len()));
    let mut when = other.map(|rule| rule.when.clone()).unwrap_or_default();
    if when.iter().flatten().count() > 5 {
        return when;
    }
    let record = record(draws);
    let field = draws.below(FIELDS.len());
    when.push(vec![(field, true_of(field, &record, draws))]);
    when
}

fn contradiction(draws: &mut Draws) -> Vec<Vec<Condition>> {
    let mut when = around(&record(draws), draws);
    when.truncate(3);
    when.push(vec![(10, Test::AtLeast(200))]);
    when.push(vec![(10, Test::Below(100))]);
    when
}

pub(crate) fn record(draws: &mut Draws) -> Record {
    let value = |(_, sort, required): &(&str, Sort, bool)| {
        let draw = |draws: &mut Draws, below: usize| i64::try_from(draws.below(below)).ok();
        if !required && draws.below(12) == 0 {
            return None;
        }
        match sort {
            Sort::One(count) => draw(draws, *count),
            Sort::Several(count) => Some(1 + draw(draws, (1 << count) - 1)?),
            Sort::Name => draw(draws, NAMES + BEGINNINGS),
            Sort::Mail => draw(draws, DOMAINS),
            Sort::Title => Some(1 << draw(draws, TITLES.len())?),
            Sort::Number(_, most) => draw(draws, usize::try_from(*most).ok()?),
            Sort::Truth => draw(draws, 2),
            Sort::Day => Some(AS_OF - 400 + draw(draws, 800)?),
        }
    };
    FIELDS.iter().map(value).collect()
}

/// One to six conditions that hold for a record.
fn around(record: &Record, draws: &mut Draws) -> Vec<Vec<Condition>> {
    // One condition alone takes a good part of all records: there are few such rules.
    let count = *[1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6].get(draws.below(15)).unwrap_or(&3);
    let mut fields: Vec<usize> = (0..FIELDS.len()).collect();
    let mut when = Vec::new();
    let mut conditions = 0;
    while conditions < count && !fields.is_empty() {
        let field = match count {
            1 => 6 + draws.below(2),
            _ => fields.swap_remove(draws.below(fields.len())),
        };
        let mut clause = vec![(field, true_of(field, record, draws))];
        if count > 3 && conditions + 1 < count && draws.below(8) == 0 {
            let other = draws.below(FIELDS.len());
            clause.push((other, true_of(other, &self::record(draws), draws)));
        }
        conditions += clause.len();
        when.push(clause);
    }
    when
}

/// A test that holds for what a record has in a field.
fn true_of(field: usize, record: &Record, draws: &mut Draws) -> Test {
    let sort = FIELDS.get(field).map_or(Sort::Truth, |(_, sort, _)| *sort);
    let Some(value) = record.get(field).copied().flatten() else { return Test::Unset };
    let all = |count: usize| i64::try_from(count).unwrap_or(1);
    let some = |draws: &mut Draws, count: usize, more: usize| {
        let more = 1 + draws.below(more);
        let mut values: Vec<i64> = (0..more).map(|_| all(draws.below(count))).collect();
        values.retain(|other| *other != value);
        values
    };
    let several = |mut values: Vec<i64>| {
        values.push(value);
        values.sort_unstable();
        values.dedup();
        Test::In(values)
    };
    match (sort, draws.below(10)) {
        (_, 0) => Test::Set,
        (Sort::One(count), 1) => match some(draws, count, 3) {
            none if none.is_empty() => Test::Set,
            values => Test::NotIn(values),
        },
        (Sort::One(count), _) => several(some(draws, count, 3)),
        (Sort::Name, 1..=5) if value >= all(NAMES) => Test::Starts(value - all(NAMES)),
        (Sort::Name, 1..=3) => Test::Starts(value % all(BEGINNINGS)),
        (Sort::Name, _) if value < all(NAMES) => several(some(draws, NAMES, 2)),
        (Sort::Name, _) => Test::Set,
        (Sort::Several(_) | Sort::Title, draw) => {
            let count = if let Sort::Several(count) = sort { count } else { TITLES.len() };
            let bit = all(draws.below(count));
            match value & (1 << bit) != 0 {
                true => Test::Has(bit),
                false if draw < 5 => Test::HasNot(bit),
                false => Test::Has(i64::from(value.trailing_zeros())),
            }
        }
        (Sort::Mail | Sort::Truth, _) => Test::In(vec![value]),
        (Sort::Number(..) | Sort::Day, draw) => {
            let step = if let Sort::Number(_, most) = sort { most / 50 } else { 20 };
            let low = value / step * step;
            let (less, more) = (all(draws.below(8)) * step, all(1 + draws.below(8)) * step);
            match draw {
                1..=3 => Test::AtLeast((low - less).max(step.min(value))),
                4..=6 => Test::Below(low + more),
                _ => Test::Between((low - less).max(0), low + more),
            }
        }
    }
}

fn holds(when: &[Vec<Condition>], record: &Record) -> bool {
    when.iter().all(|clause| {
        clause.iter().any(|(field, test)| passes(test, record.get(*field).copied().flatten()))
    })
}

fn passes(test: &Test, value: Option<i64>) -> bool {
    let names = i64::try_from(NAMES).unwrap_or(0);
    let beginnings = i64::try_from(BEGINNINGS).unwrap_or(1);
    let has = |bit: &i64| value.is_some_and(|value| value & (1 << bit) != 0);
    let is = |passes: &dyn Fn(i64) -> bool| value.is_some_and(passes);
    match test {
        Test::Set => value.is_some(),
        Test::Unset => value.is_none(),
        Test::In(values) => is(&|value| values.contains(&value)),
        Test::NotIn(values) => !is(&|value| values.contains(&value)),
        Test::Has(bit) => has(bit),
        Test::HasNot(bit) => !has(bit),
        Test::Starts(word) => {
            is(&|value| (value - names == *word) || value < names && value % beginnings == *word)
        }
        Test::AtLeast(least) => is(&|value| value >= *least),
        Test::Below(most) => is(&|value| value < *most),
        Test::Between(least, most) => is(&|value| (*least..=*most).contains(&value)),
    }
}

/// Another threshold.
fn threshold(rules: &mut [Rule], draws: &mut Draws) -> Option<()> {
    let rule = draws.below(rules.len());
    let mut conditions = rules.get_mut(rule)?.when.iter_mut().flatten();
    conditions.find_map(|(field, test)| match test {
        Test::AtLeast(at) | Test::Below(at) | Test::Between(_, at) => {
            *at += if *field == 13 { 20 } else { *at / 4 + 1 };
            Some(())
        }
        _ => None,
    })
}

/// A value that moves from one rule to another.
fn value(rules: &mut [Rule], draws: &mut Draws) -> Option<()> {
    let list = |(field, test): &mut Condition, from: usize| match test {
        Test::In(values) if *field < 3 && values.len() > from => Some(std::mem::take(values)),
        _ => None,
    };
    let rule = draws.below(rules.len());
    let mut conditions = rules.get_mut(rule)?.when.iter_mut().flatten();
    let (field, moved) = conditions.find_map(|condition| {
        let mut values = list(condition, 1)?;
        let moved = values.pop();
        condition.1 = Test::In(values);
        Some((condition.0, moved?))
    })?;
    let start = draws.below(rules.len());
    let (near, far) = rules.split_at_mut(start);
    let mut conditions = far.iter_mut().chain(near).flat_map(|rule| rule.when.iter_mut().flatten());
    conditions.find_map(|condition| match &mut condition.1 {
        Test::In(values) if condition.0 == field && !values.contains(&moved) => {
            values.push(moved);
            Some(())
        }
        _ => None,
    })
}

/// Another destination.
fn redirect(rules: &mut [Rule], draws: &mut Draws) -> Option<()> {
    let rule = draws.below(rules.len());
    let rule = rules.get_mut(rule)?;
    rule.queue = (rule.queue + 1 + draws.below(QUEUES - 1)) % QUEUES;
    Some(())
}

/// The model with a list as its only routing table.
pub(crate) fn model(rules: &[Rule]) -> String {
    let mut text = String::from("[model]\ncurrency = \"EUR\"\n\n[object.lead]\nname = \"Lead\"\n");
    for (field, (name, sort, required)) in FIELDS.iter().enumerate() {
        let (kind, count) = match sort {
            Sort::One(count) => ("choice", *count),
            Sort::Several(count) => ("choices", *count),
            Sort::Name | Sort::Mail | Sort::Title => ("text", 0),
            Sort::Number(kind, _) => (*kind, 0),
            Sort::Truth => ("bool", 0),
            Sort::Day => ("date", 0),
        };
        let _ = write!(text, "\n[field.lead.{name}]\ntype = \"{kind}\"\nrequired = {required}\n");
        if count > 0 {
            let values: Vec<String> = (0..count).map(|at| option(field, at)).collect();
            let _ = writeln!(text, "values = {values:?}");
        }
    }
    for queue in 0..=QUEUES {
        let _ = write!(text, "\n[queue.q{queue}]\nname = \"Queue {queue}\"\n");
    }
    let home = format!("default = \"queue.q{QUEUES}\"\ndefault_is = \"home\"\n");
    let _ = write!(text, "\n[routing.all]\nname = \"All\"\nobject = \"lead\"\n{home}");
    for Rule { id, when, queue } in rules {
        let when = criterion(when);
        let _ = write!(text, "\n[[routing.all.rule]]\nid = \"{id}\"\nname = \"{id}\"\n");
        let _ = write!(text, "when = \"{when}\"\nto = \"queue.q{queue}\"\n");
    }
    text
}

/// A condition in the criteria language.
fn criterion(when: &[Vec<Condition>]) -> String {
    let clause = |clause: &Vec<Condition>| {
        let words: Vec<String> = clause.iter().map(words).collect();
        if words.len() == 1 { words.concat() } else { format!("({})", words.join(" or ")) }
    };
    when.iter().map(clause).collect::<Vec<_>>().join(" and ")
}

fn words((field, test): &Condition) -> String {
    let (name, sort, _) = FIELDS.get(*field).copied().unwrap_or(("", Sort::Truth, false));
    let at = |value: &i64| usize::try_from(*value).unwrap_or(0);
    let text = |value: &i64| match sort {
        Sort::Name => format!("'{} {}'", beginning(at(value) % BEGINNINGS), suffix(at(value))),
        _ => format!("'{}'", option(*field, at(value))),
    };
    let each = |values: &[i64]| values.iter().map(text).collect::<Vec<_>>().join(", ");
    let number = |value: &i64| if sort == Sort::Day { day(*value) } else { value.to_string() };
    match test {
        Test::Set => format!("{name} is set"),
        Test::Unset => format!("{name} is not set"),
        Test::In(values) if sort == Sort::Truth => {
            if values == &[1] {
                name.to_owned()
            } else {
                format!("{name} = false")
            }
        }
        Test::In(values) if sort == Sort::Mail => {
            let domain = values.first().map_or(0, at);
            format!("{name} ends with '{}'", self::domain(domain))
        }
        Test::In(values) if values.len() == 1 => format!("{name} = {}", each(values)),
        Test::In(values) => format!("{name} in [{}]", each(values)),
        Test::NotIn(values) => format!("{name} not in [{}]", each(values)),
        Test::Has(bit) => format!("{name} contains '{}'", option(*field, at(bit))),
        Test::HasNot(bit) => format!("not ({name} contains '{}')", option(*field, at(bit))),
        Test::Starts(word) => format!("{name} starts with '{}'", beginning(at(word))),
        // Every other day is said as a number of days.
        Test::AtLeast(day) if sort == Sort::Day && day / 20 % 2 == 0 => {
            format!("days since {name} <= {}", AS_OF - day)
        }
        Test::AtLeast(value) => format!("{name} >= {}", number(value)),
        Test::Below(value) => format!("{name} < {}", number(value)),
        Test::Between(low, high) => format!("{name} between {} and {}", number(low), number(high)),
    }
}

/// A value of a choice, or a part of a title.
pub(crate) fn option(field: usize, at: usize) -> String {
    match FIELDS.get(field) {
        Some((_, Sort::Title, _)) => (*TITLES.get(at).unwrap_or(&"")).to_owned(),
        Some((name, ..)) => format!("{name}-{at}"),
        None => String::new(),
    }
}

/// A word of which none begins another.
pub(crate) fn beginning(at: usize) -> String {
    let first = ["Bal", "Cor", "Del", "Far", "Gon", "Hul", "Mar", "Nor"].get(at % 8);
    let second = ["der", "fin", "lek", "mos", "tan"].get(at / 8);
    format!("{}{}", first.unwrap_or(&""), second.unwrap_or(&""))
}

pub(crate) fn suffix(name: usize) -> &'static str {
    ["Works", "Labs", "Energy", "Foods", "Rail"].get(name / BEGINNINGS).unwrap_or(&"")
}

pub(crate) fn domain(at: usize) -> String {
    let ending = ["com", "de", "nl", "example", "io", "org"].get(at / BEGINNINGS).unwrap_or(&"");
    format!("@{}.{ending}", beginning(at % BEGINNINGS).to_lowercase())
}

pub(crate) fn day(value: i64) -> String {
    let day = jiff::civil::date(2026, 6, 30).checked_add(jiff::Span::new().days(value - AS_OF));
    day.map(|day| day.to_string()).unwrap_or_default()
}
