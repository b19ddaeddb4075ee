//! Generated exports of leads: 36 columns, about 416 bytes a row, and the questions about them for
//! engines that speak SQL or Python.

use crate::chance::{Draws, pick, seed};
use crate::lists::{self, BEGINNINGS, Condition, DOMAINS, FIELDS, NAMES, Rule, Sort, TITLES, Test};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The columns that no rule asks about: name, and how they are typed in SQL.
const OTHERS: [(&str, &str); 22] = [
    ("id", "VARCHAR"),
    ("created_at", "TIMESTAMP"),
    ("first_name", "VARCHAR"),
    ("last_name", "VARCHAR"),
    ("phone", "VARCHAR"),
    ("street", "VARCHAR"),
    ("city", "VARCHAR"),
    ("postal_code", "VARCHAR"),
    ("website", "VARCHAR"),
    ("owner", "VARCHAR"),
    ("team", "VARCHAR"),
    ("status", "VARCHAR"),
    ("campaign", "VARCHAR"),
    ("medium", "VARCHAR"),
    ("score", "DOUBLE"),
    ("last_activity_at", "TIMESTAMP"),
    ("language", "VARCHAR"),
    ("currency", "VARCHAR"),
    ("is_converted", "BOOLEAN"),
    ("account_id", "VARCHAR"),
    ("notes", "VARCHAR"),
    ("modified_at", "TIMESTAMP"),
];

const FIRST: [&str; 12] = [
    "Ada", "Bruno", "Carla", "Dmitri", "Elif", "Femke", "Goran", "Hanna", "Ines", "Jonas", "Katja",
    "Luca",
];
const LAST: [&str; 12] = [
    "Aalto",
    "Bakker",
    "Costa",
    "Dahl",
    "Ebner",
    "Fischer",
    "Gruber",
    "Hansen",
    "Ivanova",
    "Jansen",
    "Keller",
    "Lindqvist",
];
const NOTES: [&str; 6] = [
    "",
    "Asked for a quote, call next week",
    "Met at the fair; likes the \"\"small\"\" plan",
    "Wants a demo before summer",
    "Referred by a partner",
    "Left a message\nno answer so far",
];

/// Which questions are asked of an export beside routing.
/// each by its name, as a criterion, in SQL, and for Polars.
pub(crate) const ICP: [(&str, &str, &str, &str); 6] = [
    (
        "size",
        "employees between 50 and 5_000",
        "employees BETWEEN 50 AND 5000",
        "employees.is_between(50, 5000)",
    ),
    (
        "where",
        "country in ['country-0', 'country-3', 'country-5', 'country-8', 'country-13', 'country-21']",
        "country IN ('country-0', 'country-3', 'country-5', 'country-8', 'country-13', 'country-21')",
        "country.is_in(['country-0', 'country-3', 'country-5', 'country-8', 'country-13', 'country-21'])",
    ),
    (
        "money",
        "budget >= 20_000 or seats >= 50",
        "(budget >= 20000 OR seats >= 50)",
        "((budget >= 20000) | (seats >= 50))",
    ),
    (
        "who",
        "title contains 'director' or title contains 'chief' or title contains 'head of'",
        "(contains(title, 'director') OR contains(title, 'chief') OR contains(title, 'head of'))",
        "title.str.contains_any(['director', 'chief', 'head of'])",
    ),
    (
        "own",
        "not (email ends with '@balder.com' or email ends with '@corder.de')",
        "(email IS NULL OR NOT (suffix(email, '@balder.com') OR suffix(email, '@corder.de')))",
        "(email.is_null() | ~(email.str.ends_with('@balder.com') | email.str.ends_with('@corder.de')))",
    ),
    (
        "fresh",
        "days since created_at <= 365",
        "created_at > TIMESTAMP '2026-06-30 00:00:00' - INTERVAL 366 DAY",
        "(created_at > pl.lit('2025-06-29T00:00:00Z').str.to_datetime(time_zone='UTC'))",
    ),
];

/// The model with a list as its routing table, and the ideal customer.
pub(crate) fn model(rules: &[Rule]) -> String {
    let mut text = lists::model(rules);
    text += "\n[field.lead.created_at]\ntype = \"datetime\"\n\n[icp.core]\nobject = \"lead\"\n";
    for (name, criterion, ..) in ICP {
        let _ = writeln!(text, "criteria.{name} = \"{criterion}\"");
    }
    text
}

/// Writes an export of so many leads, which are the same every time.
pub(crate) fn write(path: &Path, rows: usize) -> io::Result<()> {
    let mut to = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let columns = columns();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    writeln!(to, "{}", names.join(","))?;
    let days: Vec<String> = (0..2_800).map(lists::day).collect();
    let mut draws = Draws::new(seed("leads"));
    let mut row = String::new();
    for at in 0..rows {
        row.clear();
        lead(&mut row, (at, &columns), &days, &mut draws);
        to.write_all(row.as_bytes())?;
    }
    to.flush()
}

/// The columns in their order, each with the field that rules ask about: those stand among the others.
fn columns() -> Vec<(&'static str, Option<usize>)> {
    let mut asked = FIELDS.iter().enumerate().map(|(field, (name, ..))| (*name, Some(field)));
    let mut columns = Vec::new();
    for (at, (name, _)) in OTHERS.iter().enumerate() {
        columns.push((*name, None));
        if at % 3 < 2 {
            columns.extend(asked.next());
        }
    }
    columns
}

fn lead(
    row: &mut String,
    (at, columns): (usize, &[(&str, Option<usize>)]),
    days: &[String],
    draws: &mut Draws,
) {
    let record = lists::record(draws);
    let draw = draws.draw();
    let of = |words: &[&'static str], shift: u32| *pick(words, draw >> shift).unwrap_or(&"");
    let (first, last) = (of(&FIRST, 3), of(&LAST, 17));
    let number = draw >> 20 & 0xffff;
    let instant = |row: &mut String, shift: u32| {
        let place = usize::try_from(1_200 + (draw >> shift) % 800).unwrap_or(0);
        let (hour, minute, second) = (draw >> 7 & 15, draw >> 11 & 31, draw >> 16 & 31);
        let day = days.get(place).map_or("", String::as_str);
        let _ = write!(row, "{day}T{hour:02}:{minute:02}:{second:02}Z");
    };
    let mut separates = false;
    for (name, field) in columns {
        if std::mem::replace(&mut separates, true) {
            row.push(',');
        }
        if let Some(field) = *field {
            asked(row, field, record.get(field).copied().flatten(), (number, days));
            continue;
        }
        let _ = match *name {
            "id" => write!(row, "00Q{at:09}"),
            "first_name" => write!(row, "{first}"),
            "last_name" => write!(row, "{last}"),
            "phone" => write!(row, "+49 30 {number:05} {:03}", number % 997),
            "street" => write!(row, "\"{last}gasse {}, {}\"", number % 200, number % 7),
            "city" => write!(row, "{}hafen", of(&LAST, 29)),
            "postal_code" => write!(row, "{number:05}"),
            "website" => write!(row, "{}.example", last.to_lowercase()),
            "owner" => write!(row, "owner{:03}@own.test", draw % 120),
            "team" => write!(row, "Team {}", of(&FIRST, 33)),
            "status" => write!(row, "{}", of(&["Open", "Working", "Nurturing", "Closed"], 40)),
            "campaign" => write!(row, "webinar-{}", number % 40),
            "medium" => write!(row, "{}", of(&["email", "cpc", "organic", "event"], 44)),
            "score" => write!(row, "{}.{}", number % 100, number % 10),
            "language" => write!(row, "{}", of(&["de", "en", "nl", "fr"], 46)),
            "currency" => write!(row, "EUR"),
            "is_converted" => write!(row, "{}", draw & 1 == 0),
            "account_id" => write!(row, "A-{}", number * 17),
            "notes" => match of(&NOTES, 48) {
                "" => Ok(()),
                note => write!(row, "\"{note}\""),
            },
            _ => {
                instant(row, u32::try_from(name.len()).unwrap_or(1));
                Ok(())
            }
        };
    }
    row.push('\n');
}

/// What a lead has in a field that rules ask about.
fn asked(row: &mut String, field: usize, value: Option<i64>, (number, days): (u64, &[String])) {
    let Some((name, sort, _)) = FIELDS.get(field) else { return };
    let Some(value) = value else { return };
    let at = usize::try_from(value).unwrap_or(0);
    let _ = match sort {
        Sort::One(_) => write!(row, "{name}-{value}"),
        Sort::Several(count) => {
            let some = (0..*count).filter(|bit| value >> bit & 1 == 1);
            let some: Vec<String> = some.map(|bit| format!("{name}-{bit}")).collect();
            write!(row, "{}", some.join(";"))
        }
        Sort::Name if at < NAMES => {
            write!(row, "{} {}", lists::beginning(at % BEGINNINGS), lists::suffix(at))
        }
        Sort::Name => write!(row, "{} Trading {number}", lists::beginning(at - NAMES)),
        Sort::Mail => write!(row, "{}{number}{}", name, lists::domain(at % DOMAINS)),
        Sort::Title => {
            let word = TITLES.get(value.trailing_zeros() as usize).unwrap_or(&"");
            write!(
                row,
                "{} {word} {}",
                pick(&["Senior", "Junior", "Lead"], number).unwrap_or(&""),
                number % 40
            )
        }
        Sort::Number("money", _) => write!(row, "{value}.{:02}", number % 100),
        Sort::Number(..) => write!(row, "{value}"),
        Sort::Truth => write!(row, "{}", value == 1),
        Sort::Day => write!(row, "{}", days.get(at).map_or("", String::as_str)),
    };
}

/// What is asked, for another engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    Sql,
    Python,
}

/// The source of the records in SQL: texts in lower case and lists between their separators, once.
fn source(path: &Path) -> String {
    let types = columns().into_iter().map(|(name, field)| {
        let other = OTHERS.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind);
        let kind = field.and_then(|field| FIELDS.get(field)).map(|(_, sort, _)| match sort {
            Sort::Number("money", _) => "DECIMAL(18, 2)",
            Sort::Number(..) => "BIGINT",
            Sort::Truth => "BOOLEAN",
            Sort::Day => "DATE",
            _ => "VARCHAR",
        });
        format!("'{name}': '{}'", kind.or(other).unwrap_or("VARCHAR"))
    });
    let types: Vec<String> = types.collect();
    let kept = FIELDS.iter().map(|(name, sort, _)| match sort {
        Sort::Name | Sort::Mail | Sort::Title => format!("lower({name}) AS {name}"),
        Sort::Several(_) => format!("';' || {name} || ';' AS {name}"),
        _ => (*name).to_owned(),
    });
    let kept: Vec<String> = kept.chain(["created_at".to_owned()]).collect();
    format!(
        "WITH source AS (SELECT {} FROM read_csv('{}', header = true, auto_detect = false, \
         delim = ',', quote = '\"', escape = '\"', columns = {{{}}}))\n",
        kept.join(", "),
        path.display(),
        types.join(", ")
    )
}

/// How many records meet each criterion of the ideal customer, and all.
pub(crate) fn icp(path: &Path) -> String {
    let counts = ICP.iter().map(|(_, _, sql, _)| format!("count(CASE WHEN {sql} THEN 1 END)"));
    let all: Vec<&str> = ICP.iter().map(|(_, _, sql, _)| *sql).collect();
    let counts: Vec<String> = counts.collect();
    let all = all.join(" AND ");
    format!(
        "{}SELECT {}, count(CASE WHEN {all} THEN 1 END) FROM source",
        source(path),
        counts.join(", ")
    )
}

/// How many records each rule takes, or each pair of an old rule and a new one.
pub(crate) fn routes(path: &Path, lists: &[&[Rule]]) -> String {
    let routes: Vec<String> = lists.iter().map(|rules| route(rules)).collect();
    let order: Vec<String> = (1..=lists.len()).map(|at| at.to_string()).collect();
    let (routes, order) = (routes.join(", "), order.join(", "));
    format!(
        "{}SELECT {routes}, count(*) FROM source GROUP BY {order} ORDER BY {order}",
        source(path)
    )
}

/// The place of the first rule that takes a record, in parts that no engine finds too long.
fn route(rules: &[Rule]) -> String {
    let place = |(at, rule): (usize, &Rule)| format!("WHEN {} THEN {at}", when(rule, Tongue::Sql));
    let places: Vec<String> = rules.iter().enumerate().map(place).collect();
    let parts = places.chunks(50).map(|part| format!("CASE {} END", part.join(" ")));
    let parts: Vec<String> = parts.collect();
    format!("COALESCE({}, {})", parts.join(", "), rules.len())
}

/// The criteria of the ideal customer for Polars.
pub(crate) fn polars_icp(path: &Path) -> String {
    let mut text = polars_source(path);
    let all: Vec<&str> = ICP.iter().map(|(.., python)| *python).collect();
    let counts = all.iter().enumerate().map(|(at, one)| format!("({one}).sum().alias('{at}')"));
    let counts: Vec<String> = counts.collect();
    let _ = write!(
        text,
        "found = lead.select({}, ({}).sum().alias('all')).collect(engine='streaming')\n\
         for row in found.rows(): print(*row)\n",
        counts.join(", "),
        all.join(" & ")
    );
    text
}

fn polars_source(path: &Path) -> String {
    let mut text = String::from(
        "import os\nos.environ['POLARS_MAX_THREADS'] = '1'\nimport polars as pl\nc = pl.col\n",
    );
    let _ = writeln!(text, "lead = pl.scan_csv({:?}, infer_schema=False)", path.display());
    for (name, sort, _) in FIELDS {
        let way = match sort {
            Sort::Name | Sort::Mail | Sort::Title => ".str.to_lowercase()",
            Sort::Several(_) | Sort::One(_) => "",
            Sort::Number("money", _) => ".cast(pl.Float64)",
            Sort::Number(..) => ".cast(pl.Int64)",
            Sort::Truth => " == 'true'",
            Sort::Day => ".str.to_date('%Y-%m-%d')",
        };
        let column = match sort {
            Sort::Several(_) => format!("(';' + c('{name}') + ';')"),
            _ => format!("c('{name}')"),
        };
        let _ = writeln!(text, "{name} = ({column}{way}).alias('{name}')");
    }
    let made = "created_at = c('created_at').str.to_datetime(time_zone='UTC')";
    let names: Vec<&str> = FIELDS.iter().map(|(name, ..)| *name).chain(["created_at"]).collect();
    let _ = writeln!(text, "{made}\nlead = lead.select({})", names.join(", "));
    for name in names {
        let _ = writeln!(text, "{name} = c('{name}')");
    }
    text
}

/// How many records each rule takes, or each pair of an old rule and a new one, for Polars.
pub(crate) fn polars(path: &Path, lists: &[&[Rule]]) -> String {
    let mut text = polars_source(path);
    for (at, rules) in lists.iter().enumerate() {
        let _ = writeln!(text, "r{at} = pl.coalesce([");
        for (place, rule) in rules.iter().enumerate() {
            let _ = writeln!(text, "  pl.when({}).then({place}),", when(rule, Tongue::Python));
        }
        let _ = writeln!(text, "  {}]).alias('r{at}')", rules.len());
    }
    let keys: Vec<String> = (0..lists.len()).map(|at| format!("r{at}")).collect();
    let named: Vec<String> = keys.iter().map(|key| format!("'{key}'")).collect();
    let _ = write!(
        text,
        "found = lead.select({}).group_by({n}).len().sort({n}).collect(engine='streaming')\n\
         for row in found.rows(): print(*row)\n",
        keys.join(", "),
        n = named.join(", ")
    );
    text
}

fn when(rule: &Rule, tongue: Tongue) -> String {
    let (and, or) = if tongue == Tongue::Sql { (" AND ", " OR ") } else { (" & ", " | ") };
    let clause = |clause: &Vec<Condition>| {
        let some: Vec<String> = clause.iter().map(|one| condition(one, tongue)).collect();
        format!("({})", some.join(or))
    };
    rule.when.iter().map(clause).collect::<Vec<_>>().join(and)
}

fn condition((field, test): &Condition, tongue: Tongue) -> String {
    let (name, sort, _) = FIELDS.get(*field).copied().unwrap_or(("", Sort::Truth, false));
    let sql = tongue == Tongue::Sql;
    let at = |value: &i64| usize::try_from(*value).unwrap_or(0);
    let text = |value: &i64| match sort {
        Sort::Name => {
            let (start, end) = (lists::beginning(at(value) % BEGINNINGS), lists::suffix(at(value)));
            format!("'{start} {end}'").to_lowercase()
        }
        _ => format!("'{}'", lists::option(*field, at(value))),
    };
    let number = |value: &i64| match (sort, sql) {
        (Sort::Day, true) => format!("DATE '{}'", lists::day(*value)),
        (Sort::Day, false) => format!("pl.lit('{}').str.to_date()", lists::day(*value)),
        _ => value.to_string(),
    };
    let each = |values: &[i64]| values.iter().map(text).collect::<Vec<_>>().join(", ");
    let called = |function: [&str; 2], part: &str| {
        let [in_sql, in_python] = function;
        if sql {
            format!("{in_sql}({name}, {part})")
        } else {
            format!("{name}.str.{in_python}({part})")
        }
    };
    let has = |bit: &i64| {
        let part = lists::option(*field, at(bit));
        let part = if matches!(sort, Sort::Several(_)) {
            format!("';{part};'")
        } else {
            format!("'{part}'")
        };
        if sql {
            format!("contains({name}, {part})")
        } else {
            format!("{name}.str.contains({part}, literal=True)")
        }
    };
    let not = |inner: String| {
        if sql {
            format!("({name} IS NULL OR NOT {inner})")
        } else {
            format!("({name}.is_null() | ~{inner})")
        }
    };
    let is_in = |values: &[i64]| {
        if sql {
            format!("{name} IN ({})", each(values))
        } else {
            format!("{name}.is_in([{}])", each(values))
        }
    };
    let compared = |sign: &str, value: &i64| format!("({name} {sign} {})", number(value));
    match test {
        Test::Set if sql => format!("{name} IS NOT NULL"),
        Test::Set => format!("{name}.is_not_null()"),
        Test::Unset if sql => format!("{name} IS NULL"),
        Test::Unset => format!("{name}.is_null()"),
        Test::In(values) if sort == Sort::Truth => match (values == &[1], sql) {
            (true, true) => name.to_owned(),
            (false, true) => format!("NOT {name}"),
            (true, false) => format!("({name} == True)"),
            (false, false) => format!("({name} == False)"),
        },
        Test::In(values) if sort == Sort::Mail => {
            let domain = format!("'{}'", lists::domain(values.first().map_or(0, at)));
            called(["suffix", "ends_with"], &domain)
        }
        Test::In(values) => is_in(values),
        Test::NotIn(values) => not(is_in(values)),
        Test::Has(bit) => has(bit),
        Test::HasNot(bit) => not(has(bit)),
        Test::Starts(word) => {
            let start = format!("'{}'", lists::beginning(at(word)).to_lowercase());
            called(["starts_with", "starts_with"], &start)
        }
        Test::AtLeast(value) => compared(">=", value),
        Test::Below(value) => compared("<", value),
        Test::Between(low, high) if sql => {
            format!("({name} BETWEEN {} AND {})", number(low), number(high))
        }
        Test::Between(low, high) => format!("{name}.is_between({}, {})", number(low), number(high)),
    }
}
