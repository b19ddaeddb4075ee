//! Whatever is written, in whatever dialect and form: the same is read.

use super::forms::{gzip, utf_16, zstandard};
use super::read_as;
use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use opmodel::criteria::{Record, Value};
use opmodel::records::{Dates, Form, Numbers};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;
use std::fmt::Write as _;

/// How an export is written.
#[derive(Debug, Clone)]
struct Dialect {
    separator: char,
    quote_all: bool,
    line_end: &'static str,
    numbers: usize,
    dates: usize,
    hours: i8,
    packing: u8,
    encoding: u8,
    is_json: bool,
    order: Vec<usize>,
}

/// A lead.
#[derive(Debug, Clone)]
struct Lead {
    note: String,
    forecast: Option<usize>,
    tags: Vec<usize>,
    budget: Option<bool>,
    employees: Option<i64>,
    revenue: Option<(i64, u32)>,
    closes: Option<i32>,
    created: Option<i64>,
    marked: bool,
}

const COLUMNS: [&str; 8] = [
    "Description",
    "ForecastCategory",
    "Tags__c",
    "Budget_Confirmed__c",
    "NumberOfEmployees",
    "AnnualRevenue",
    "CloseDate",
    "CreatedDate",
];
const FORECASTS: [(&str, &str); 4] = [
    ("Forecast", "Forecast"),
    ("Commit", "Forecast"),
    ("GTX Pro", "GTX Pro"),
    ("undeclared", "undeclared"),
];
const TAGS: [&str; 3] = ["a", "b", "c"];

fn dialect() -> impl Strategy<Value = Dialect> {
    let sign = prop::sample::select(vec![',', ';', '\t', '|']);
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    let order = Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle();
    let form = (0..Numbers::EXAMPLES.len(), 0..Dates::EXAMPLES.len(), -12..13_i8);
    let shape = (0..3_u8, 0..5_u8, any::<bool>());
    (sign, any::<bool>(), end, form, shape, order).prop_map(
        |(
            separator,
            quote_all,
            line_end,
            (numbers, dates, hours),
            (packing, encoding, is_json),
            order,
        )| {
            Dialect {
                separator,
                quote_all,
                line_end,
                numbers,
                dates,
                hours,
                packing,
                encoding,
                is_json,
                order,
            }
        },
    )
}

fn lead() -> impl Strategy<Value = Lead> {
    let note = "[a-zé𝄞€][a-z,;|\t\"\r\n '{}é𝄞€]{0,12}[a-zé𝄞€]";
    let tags = prop::sample::subsequence(vec![0, 1, 2], 0..=3);
    let amount = (-99_999_999..99_999_999_i64, 0..4_u32);
    (
        note,
        prop::option::of(0..FORECASTS.len()),
        tags,
        any::<Option<bool>>(),
        prop::option::of(-5_000_000..5_000_000_i64),
        prop::option::of(amount),
        prop::option::of(-20_000..40_000_i32),
        prop::option::of(-1_000_000_000..4_000_000_000_i64),
        any::<bool>(),
    )
        .prop_map(
            |(note, forecast, tags, budget, employees, revenue, closes, created, marked)| Lead {
                note,
                forecast,
                tags,
                budget,
                employees,
                revenue,
                closes,
                created,
                marked,
            },
        )
}

impl Dialect {
    fn form(&self) -> Form {
        Form {
            numbers: Numbers::of(Numbers::EXAMPLES[self.numbers]).expect("a form"),
            dates: Dates::of(Dates::EXAMPLES[self.dates]).expect("a form"),
            zone: self.zone(),
            currency: Some("EUR".to_owned()),
        }
    }

    fn zone(&self) -> TimeZone {
        TimeZone::fixed(Offset::constant(self.hours))
    }

    fn number(&self, number: Decimal) -> String {
        let form = self.form().numbers;
        let text = number.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = if number.is_sign_negative() { "-".to_owned() } else { String::new() };
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                out.extend(form.group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(char::from(form.point));
            out.push_str(fraction);
        }
        out
    }

    fn day(&self, day: Date) -> String {
        let form = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"][self.dates];
        day.strftime(form).to_string()
    }

    /// The cells of a lead, in the order of `COLUMNS`.
    fn cells(&self, lead: &Lead) -> Vec<String> {
        let amount = |(value, scale)| Decimal::new(value, scale);
        vec![
            lead.note.clone(),
            lead.forecast.map(|at| FORECASTS[at].0.to_owned()).unwrap_or_default(),
            lead.tags.iter().map(|at| TAGS[*at]).collect::<Vec<_>>().join("; "),
            lead.budget
                .map(|truth| if truth { "Yes" } else { "FALSE" }.to_owned())
                .unwrap_or_default(),
            lead.employees.map(|n| self.number(Decimal::from(n))).unwrap_or_default(),
            lead.revenue
                .map(|revenue| {
                    let number = self.number(amount(revenue));
                    if lead.marked { format!("{number} €") } else { number }
                })
                .unwrap_or_default(),
            lead.closes.map(|days| self.day(day_of(days))).unwrap_or_default(),
            lead.created
                .map(|seconds| {
                    let instant = Timestamp::from_second(seconds).expect("an instant");
                    if lead.marked {
                        return instant.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
                    }
                    let local = self.zone().to_datetime(instant);
                    format!("{} {}", self.day(local.date()), local.strftime("%H:%M:%S"))
                })
                .unwrap_or_default(),
        ]
    }

    fn csv(&self, leads: &[Lead]) -> String {
        let header: Vec<String> = COLUMNS.iter().map(|&column| column.to_owned()).collect();
        let rows = leads.iter().map(|lead| self.cells(lead));
        let mut out = String::new();
        for row in std::iter::once(header).chain(rows) {
            for (at, column) in self.order.iter().enumerate() {
                if at > 0 {
                    out.push(self.separator);
                }
                let cell = &row[*column];
                if self.quote_all || cell.contains([self.separator, '"', '\n', '\r']) {
                    let _ = write!(out, "\"{}\"", cell.replace('"', "\"\""));
                } else {
                    out.push_str(cell);
                }
            }
            out.push_str(self.line_end);
        }
        out
    }

    fn json(&self, leads: &[Lead]) -> String {
        let mut out = String::new();
        for lead in leads {
            let cells = self.cells(lead);
            let mut object = serde_json::Map::new();
            for column in &self.order {
                let cell = &cells[*column];
                let value = match *column {
                    // Every key is there in the first lines, or it comes late.
                    _ if cell.is_empty() => json!(null),
                    2 => json!(lead.tags.iter().map(|at| TAGS[*at]).collect::<Vec<_>>()),
                    3 => json!(lead.budget),
                    4 => json!(lead.employees),
                    _ => json!(cell),
                };
                object.insert(COLUMNS[*column].to_owned(), value);
            }
            let _ = write!(out, "{}{}", serde_json::Value::Object(object), self.line_end);
        }
        out
    }

    fn bytes(&self, leads: &[Lead]) -> Vec<u8> {
        let text = if self.is_json { self.json(leads) } else { self.csv(leads) };
        let text = match self.encoding {
            0 => text.into_bytes(),
            1 => [b"\xef\xbb\xbf".to_vec(), text.into_bytes()].concat(),
            2 => [b"\xff\xfe".to_vec(), utf_16(&text, false)].concat(),
            3 => [b"\xfe\xff".to_vec(), utf_16(&text, true)].concat(),
            _ => utf_16(&text, false),
        };
        match self.packing {
            0 => text,
            1 => {
                let (one, other) = text.split_at(text.len() / 3);
                [gzip(one), gzip(other)].concat()
            }
            _ => zstandard(&text),
        }
    }

    fn record(&self, lead: &Lead) -> Record {
        let note = if self.is_json { lead.note.replace('\n', "\r") } else { lead.note.clone() };
        let mut record = Record::new().with("note", note.as_str());
        if let Some(forecast) = lead.forecast {
            record.set("forecast", FORECASTS[forecast].1);
        }
        if !lead.tags.is_empty() {
            let tags = lead.tags.iter().map(|at| TAGS[*at].to_owned()).collect();
            record.set("tags", Value::Values(tags));
        }
        if let Some(budget) = lead.budget {
            record.set("budget", Value::Bool(budget));
        }
        if let Some(employees) = lead.employees {
            record.set("employees", Value::from(employees));
        }
        if let Some((value, scale)) = lead.revenue {
            record.set("revenue", Value::Number(Decimal::new(value, scale)));
        }
        if let Some(days) = lead.closes {
            record.set("closes", Value::Date(day_of(days)));
        }
        if let Some(seconds) = lead.created {
            record.set("created", Value::DateTime(Timestamp::from_second(seconds).expect("one")));
        }
        record
    }
}

fn day_of(days: i32) -> Date {
    let since = SignedDuration::from_hours(24 * i64::from(days));
    date(1970, 1, 1).checked_add(since).expect("a day")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_what_is_read(
        dialect in dialect(),
        leads in prop::collection::vec(lead(), 1..12),
    ) {
        let read = read_as(&dialect.bytes(&leads), None, &dialect.form());
        let read = read.unwrap_or_else(|error| panic!("{error}"));
        prop_assert_eq!(&read.rejects, &vec![]);
        let want: Vec<Record> = leads.iter().map(|lead| dialect.record(lead)).collect();
        let found: Vec<Record> = read.records.into_iter().map(|(_, record)| record).collect();
        prop_assert_eq!(found, want);
    }

    #[test]
    fn nothing_is_too_strange_to_be_read_or_refused(
        bytes in prop::collection::vec(prop::sample::select(
            b"Id,;\t|\"\n\r{}[]:1a\xef\xbb\xbf\xff\xfe\0\x1f\x8b".to_vec()), 0..200),
        header in prop::sample::select(vec![&b""[..], b"Id,Description\n", b"{\"Id\": 1}\n", b"\xff\xfeI\0d\0\n\0"]),
    ) {
        let _ = read_as(&[header, &bytes].concat(), None, &Form::default());
    }
}
