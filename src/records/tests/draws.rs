//! Models, conditions and exports at random.

use crate::criteria::{
    Comparison, DaysTest, Direction, Expr, Literal, Node, Reference, SetOf, Test, Value,
};
use crate::document::Limits;
use crate::load;
use crate::model::Model;
use crate::source::{RawContent, RawFile, Span};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rust_decimal::Decimal;

/// 2026-07-01T12:00:00Z
pub(super) const AS_OF: i64 = 1_782_907_200;

/// The fields: name, type in the one model and in the other, and what may stand in their cells.
pub(super) const FIELDS: [(&str, &str, &str); 12] = [
    ("country", "choice", "text"),
    ("stage", "choice", "choice"),
    ("products", "choices", "choices"),
    ("company", "text", "choice"),
    ("email", "text", "text"),
    ("employees", "integer", "number"),
    ("score", "number", "integer"),
    ("budget", "money", "money"),
    ("confirmed", "bool", "text"),
    ("renewal_on", "date", "datetime"),
    ("seen_at", "datetime", "date"),
    ("account", "reference", "text"),
];

const WORDS: [&str; 16] = [
    "NL", "nl", "DE", "AT", "Acme", "ACME Ltd", "acme", "crm", "data", "Straße", "STRASSE", "it's",
    "ΣΑΣ", "İ", "K", "true",
];

fn texts() -> BoxedStrategy<String> {
    let two = (select(WORDS.to_vec()), select(WORDS.to_vec()));
    prop_oneof![
        6 => select(WORDS.to_vec()).prop_map(str::to_owned),
        1 => two.prop_map(|(one, two)| format!("{one} {two}")),
        1 => "[a-zA-Zéß@. ]{0,12}",
    ]
    .boxed()
}

fn numbers() -> BoxedStrategy<Decimal> {
    prop_oneof![
        8 => (-30_i64..30, 0_u32..3).prop_map(|(units, scale)| Decimal::new(units, scale)),
        1 => any::<i64>().prop_map(Decimal::from),
        1 => (any::<i64>(), 0_u32..12).prop_map(|(units, scale)| Decimal::new(units, scale)),
    ]
    .boxed()
}

fn moments() -> BoxedStrategy<Timestamp> {
    let near = prop_oneof![(-4_i64..4).prop_map(|days| days * 86_400), -300_000_i64..300_000];
    let far = select(vec![-9_000_000_000_i64, 9_000_000_000, -62_000_000_000, 250_000_000_000]);
    let seconds = prop_oneof![9 => near, 1 => far];
    let more = select(vec![0_i64, 0, 0, 1_000_000, 1]);
    let all = (seconds, more, select(vec![AS_OF, AS_OF - 43_200]));
    all.prop_map(|(seconds, more, from)| {
        let nanoseconds = i128::from(from + seconds) * 1_000_000_000 + i128::from(more);
        Timestamp::from_nanosecond(nanoseconds).unwrap()
    })
    .boxed()
}

fn value() -> BoxedStrategy<Value> {
    prop_oneof![
        4 => texts().prop_map(Value::Text),
        3 => numbers().prop_map(Value::Number),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => moments().prop_map(|at| Value::Date(day(at))),
        2 => moments().prop_map(Value::DateTime),
    ]
    .boxed()
}

fn day(at: Timestamp) -> jiff::civil::Date {
    jiff::tz::TimeZone::UTC.to_datetime(at).date()
}

/// Values that a field of a type is mostly compared with.
fn value_for(kind: &str) -> BoxedStrategy<Value> {
    match kind {
        "integer" | "number" | "money" => numbers().prop_map(Value::Number).boxed(),
        "date" => moments().prop_map(|at| Value::Date(day(at))).boxed(),
        "datetime" => moments().prop_map(Value::DateTime).boxed(),
        "bool" => any::<bool>().prop_map(Value::Bool).boxed(),
        _ => texts().prop_map(Value::Text).boxed(),
    }
}

fn comparison() -> impl Strategy<Value = Comparison> {
    select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ])
}

fn test(kind: &'static str) -> BoxedStrategy<Test> {
    let literal = move || prop_oneof![5 => value_for(kind), 1 => value()].prop_map(Literal::new);
    let days = prop_oneof![
        (comparison(), -4_i64..4).prop_map(|(op, days)| DaysTest::Compare { op, days }),
        (-4_i64..4, -4_i64..4).prop_map(|(low, high)| DaysTest::Between { low, high }),
        select(vec![i64::MAX, i64::MIN, 1 << 40])
            .prop_map(|days| DaysTest::Compare { op: Comparison::Less, days }),
    ];
    let set = prop_oneof![
        5 => prop::collection::vec(literal(), 0..4).prop_map(SetOf::Values),
        1 => Just(SetOf::List(reference("list", "dach"))),
    ];
    prop_oneof![
        1 => Just(Test::IsTrue),
        4 => (comparison(), literal()).prop_map(|(op, value)| Test::Compare { op, value }),
        2 => (literal(), literal()).prop_map(|(low, high)| Test::Between { low, high }),
        3 => (set, any::<bool>()).prop_map(|(set, negated)| Test::In { set, negated }),
        1 => any::<bool>().prop_map(|negated| Test::IsSet { negated }),
        1 => literal().prop_map(Test::Contains),
        1 => literal().prop_map(Test::StartsWith),
        1 => literal().prop_map(Test::EndsWith),
        2 => (any::<bool>(), days).prop_map(|(since, test)| Test::Days {
            direction: if since { Direction::Since } else { Direction::Until },
            test
        }),
    ]
    .boxed()
}

fn reference(kind: &str, id: &str) -> Reference {
    Reference { kind: kind.to_owned(), id: id.to_owned(), span: Span::default() }
}

/// A condition, in most cases of few parts.
pub(super) fn expr() -> impl Strategy<Value = Expr> {
    let field = select(FIELDS.to_vec());
    let atom = field
        .prop_flat_map(|(name, kind, _)| test(kind).prop_map(move |test| Expr::atom(name, test)));
    let related = test("choice").prop_map(|test| Expr::atom("account.industry", test));
    let unknown = test("text").prop_map(|test| Expr::atom("nothing", test));
    let core = Just(Expr::new(Node::Reference(reference("icp", "core"))));
    let leaf = prop_oneof![20 => atom, 2 => related, 1 => unknown, 2 => core];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let some = |least| prop::collection::vec(inner.clone(), least..6);
        prop_oneof![
            some(2).prop_map(|operands| Expr::new(Node::And(operands))),
            some(2).prop_map(|operands| Expr::new(Node::Or(operands))),
            inner.clone().prop_map(Expr::negated),
            (0_u32..5, some(0)).prop_map(|(count, of)| Expr::new(Node::AtLeast { count, of })),
        ]
    })
}

/// A model with a routing table of such conditions as a person would write.
pub(super) fn model(other: bool, rules: &[String]) -> Model {
    let mut text = String::from("[model]\ncurrency = \"EUR\"\n[object.lead]\n[object.account]\n");
    text += "[field.account.industry]\ntype = \"choice\"\nvalues = [\"crm\", \"data\"]\n";
    for (name, one, two) in FIELDS {
        let kind = if other { two } else { one };
        text.push_str(&["[field.lead.", name, "]\ntype = \"", kind, "\"\n"].concat());
        match kind {
            "choice" | "choices" => {
                text += "values = [\"NL\", \"DE\", \"AT\", \"Straße\", \"crm\"]\n";
            }
            "reference" => text += "object = \"account\"\n",
            _ => {}
        }
    }
    text +=
        "[[field.lead.stage.label]]\nid = \"nl\"\nvalue = \"NL\"\nwords = [\"Holland\", \"nl\"]\n";
    text += "[list.dach]\nvalues = [\"DE\", \"AT\", \"Straße\"]\n";
    text += "[icp.core]\nobject = \"lead\"\n";
    text += "criteria.size = \"employees >= 5 or score < 2\"\n";
    text += "criteria.where = \"country in list.dach or email starts with 'ac'\"\n";
    text += "disqualifiers.late = \"days until renewal_on < 1\"\n";
    text += "[routing.all]\nobject = \"lead\"\napplies_to = \"not (country = 'DE')\"\n";
    for (at, rule) in rules.iter().enumerate() {
        let rule =
            format!("[[routing.all.rule]]\nid = \"r{at}\"\nwhen = {rule:?}\nto = \"queue.q\"\n");
        text.push_str(&rule);
    }
    let content = RawContent::Bytes(text.into_bytes());
    let file = RawFile { path: "model/all.toml".to_owned(), content };
    load::read(vec![file], Limits::default()).model
}

/// Rules as a person would write them.
pub(super) fn rule() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        (-3_i64..9).prop_map(|number| format!("budget >= {number}")),
        (-3_i64..3).prop_map(|days| format!("days since seen_at > {days}")),
        select(vec![
            "country = 'NL'",
            "stage in ['NL', 'crm']",
            "stage != 'DE'",
            "products contains 'crm'",
            "email ends with '@acme.com'",
            "email contains 'crm'",
            "email is not set",
            "icp.core",
            "account.industry = 'crm'",
        ])
        .prop_map(str::to_owned),
    ];
    let some = prop::collection::vec(piece, 1..8);
    (some, 0_usize..4).prop_map(|(pieces, joined)| match joined {
        0 => pieces.join(" and "),
        1 => format!("at least {} of ({})", 1.max(pieces.len() / 2), pieces.join(", ")),
        2 => {
            // Too many ways to be multiplied out.
            let pairs = pieces.windows(2).map(|pair| format!("({})", pair.join(" or ")));
            let pairs: Vec<String> = pairs.collect();
            if pairs.is_empty() { pieces.join("") } else { pairs.join(" and ") }
        }
        _ => pieces.into_iter().next().unwrap_or_default(),
    })
}

/// What may be written in a cell of a field.
fn cell(kind: &'static str) -> BoxedStrategy<String> {
    let own = match kind {
        "integer" | "number" | "money" => prop_oneof![
            6 => numbers().prop_map(|number| number.to_string()),
            2 => numbers().prop_map(|number| number.to_string().replace('.', ",")),
            1 => select(vec![
                "1,234.5", "1.234,5", "€ 12", "12 EUR", "0012", "-0", "+3", "5.", ".5", "1e3", "--1",
                "99999999999999999999", "0.000000000000000000001", "12.00", "-", "3-4",
            ])
            .prop_map(str::to_owned),
        ]
        .boxed(),
        "date" | "datetime" => prop_oneof![
            4 => moments().prop_map(|at| day(at).to_string()),
            4 => moments().prop_map(|at| at.to_string()),
            2 => moments().prop_map(|at| {
                jiff::tz::TimeZone::UTC.to_datetime(at).to_string()
            }),
            1 => moments().prop_map(|at| format!("{at:.3}").replace('T', " ")),
            1 => select(vec![
                "2026-02-30", "2024-02-29", "2026-13-01", "31.12.2026", "01/07/2026", "0001-01-01",
                "9999-12-31", "2026-07-01T24:00:00Z", "2026-07-01T23:59:60Z", "2026-7-1",
                "2026-07-01T12:00Z", "2026-07-01T12:00:00+02:00", "2026-07-01 12:00:00",
                "2026-07-01T12:00:00.000Z", "2026-07-01T12:00:00.5", "2026-03-29T02:30:00",
            ])
            .prop_map(str::to_owned),
        ]
        .boxed(),
        "bool" => select(vec!["true", "FALSE", "1", "no", "yes", "x"])
            .prop_map(str::to_owned)
            .boxed(),
        "choices" => prop::collection::vec(texts(), 0..4).prop_map(|all| all.join(";")).boxed(),
        _ => texts().boxed(),
    };
    let blanks = |(before, text, after): (&str, String, &str)| format!("{before}{text}{after}");
    let blank = || select(vec!["", "", "", "", " ", "\u{a0}", "\t", "\n"]);
    prop_oneof![
        2 => Just(String::new()),
        12 => (blank(), own, blank()).prop_map(blanks),
        2 => texts(),
        1 => select(vec!["Holland", "a\"b", "two\nlines", "a,b", "\"", "\u{feff}x", "\0", "x\r"])
            .prop_map(str::to_owned),
    ]
    .boxed()
}

/// How a cell is put down: as it has to be, always in quotes, or without a thought.
fn put(text: &str, how: u8) -> Vec<u8> {
    let quoted = || format!("\"{}\"", text.replace('"', "\"\"")).into_bytes();
    match how {
        0..=6 if text.contains(['"', ',', '\n', '\r']) => quoted(),
        0..=4 | 8 => text.as_bytes().to_vec(),
        9 => [b"\"", text.as_bytes(), b"\"x"].concat(),
        10 => [text.as_bytes(), b"\xff"].concat(),
        _ => quoted(),
    }
}

/// An export: its header, and its rows as bytes.
#[derive(Debug, Clone)]
pub(super) struct Export {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<u8>,
}

/// Exports; tame ones have no more faults than exports have.
pub(super) fn export(tame: bool) -> impl Strategy<Value = Export> {
    let names: Vec<(&str, &'static str)> = FIELDS
        .iter()
        .map(|(name, kind, _)| (*name, *kind))
        .chain([("account.industry", "choice"), ("other", "text")])
        .collect();
    let columns = subsequence(names.clone(), 1..=names.len()).prop_shuffle();
    columns.prop_flat_map(move |columns| {
        let cells: Vec<_> = columns.iter().map(|(_, kind)| (cell(kind), how(tame))).collect();
        let end = select(vec!["\n", "\n", "\n", "\r\n", "\n\n", "\r"]);
        let end = if tame { select(vec!["\n", "\r\n"]).boxed() } else { end.boxed() };
        let odd = if tame { Just(0).boxed() } else { (0_u8..12).boxed() };
        let row = (cells, end, odd).prop_map(|(cells, end, odd)| {
            let mut cells: Vec<Vec<u8>> =
                cells.into_iter().map(|(text, how)| put(&text, how)).collect();
            match odd {
                1 => drop(cells.pop()),
                2 => cells.push(b"more".to_vec()),
                _ => {}
            }
            [cells.join(&b','), end.as_bytes().to_vec()].concat()
        });
        let header: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        (prop::collection::vec(row, 0..30), any::<bool>()).prop_map(move |(rows, ends)| {
            let mut rows = rows.concat();
            if !ends {
                rows.pop();
            }
            Export { header: header.clone(), rows }
        })
    })
}

fn how(tame: bool) -> BoxedStrategy<u8> {
    if tame { (0_u8..8).boxed() } else { prop_oneof![30 => 0_u8..8, 1 => 8_u8..11].boxed() }
}
