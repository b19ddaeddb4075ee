//! The quick reading is held against the careful one.

use super::read;
use crate::artifact::{Artifact, EXAMPLE, STARTER};
use crate::document::cut::blanked;
use crate::document::parse::careful;
use crate::source::{Source, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Whether the quick reading answered; where it did, the careful one says the same to the letter.
#[track_caller]
fn agrees(text: &str) -> bool {
    let Some(quick) = read(text, &[]) else { return false };
    let mut findings = Vec::new();
    let slow = careful(&Source::new("a.toml", text), text, 20, &mut findings);
    assert_eq!(findings, [], "{text}");
    // Two decimals that are equal may still be written differently.
    assert_eq!(format!("{quick:#?}"), format!("{slow:#?}"), "{text}");
    true
}

fn carried() -> impl Iterator<Item = &'static Artifact> {
    EXAMPLE.iter().chain(STARTER)
}

#[test]
fn every_file_the_tool_carries_is_read_quickly() {
    for file in carried() {
        assert!(agrees(file.text), "{}", file.path);
        assert!(agrees(&file.text.replace('\n', "\r\n")), "{}", file.path);
    }
}

#[test]
fn the_usual_is_read_quickly() {
    for text in [
        "",
        "\u{feff}a = 1",
        "# only a remark",
        "[a.b.c]\nx = 1\n[a.b.d]\n[a.e]",
        "[[a]]\nx = 1\n[a.b]\n[[a.c]]\n[[a]]\n[[a.c]]\ny = 1\n",
        "a.b.c = 1\na.b.d = 2\na.e = 3\n[f]\na.b = 1\n[f.a.c]\n",
        "a = [ # one\n  1, [2, 'x'], # two\n  { b.c = 1, b.d = [true], }, \n]\t# end",
        "a = { b = 1,\n  c = 2 # why\n}",
        "\"a b\".'c.d' . e = \"\\u00e9 \\\"\\\\\"\n",
        "a = \"\"\"\n x \\\n  y\"\"\"\"\nb = '''\nz'''\nc = \"\"",
        "a = [0, 12, -3, +4, 1_000, 0xff, 0o17, 0b1, 1.50, -2e3, 1E+2]",
        "a = [2026-01-31, 2026-01-31T10:00:00Z, 2026-01-31t10:00:00.5+01:00, 10:00:00, 2026-01-31T10:00]",
    ] {
        assert!(agrees(text), "{text}");
    }
}

#[test]
fn the_unusual_is_read_carefully() {
    let nested = |by: usize| format!("a = {}{}", "[".repeat(by), "]".repeat(by));
    let many: Vec<String> = (0..600).map(|n| format!("k{n} = 1")).collect();
    assert!(agrees(&nested(20)));
    for text in [
        "a = 1\na = 2",
        "[a]\n[a]",
        "[a.b]\n[a]",
        "[a]\nb.c = 1\n[a.b]",
        "[a.b]\n[[a]]",
        "[[a]]\n[a]",
        "a = [{}]\n[[a]]",
        "a = [{}]\n[a.b]",
        "a = {}\n[a.b]",
        "a = { b = {}, b.c = 1 }",
        "a = 1\na.b = 1",
        "[a.b]\n[a]\nb.c = 1",
        "\"\" = 1",
        "[]",
        "[a] b = 1",
        "[a\n]",
        "a = 1 b = 2",
        "a = \n1",
        "a = 1,",
        "a = [1 2]",
        "a = [,]",
        "a = {,}",
        "a = 2026-02-30",
        "a = inf",
        "a = 99999999999999999999",
        "a = 01",
        "a = True",
        "a = \"\\q\"",
        "a = \"x\ny\"",
        "a = \"\"\"x",
        "\"\"\"a\"\"\" = 1",
        "a = 'x\u{7f}'",
        "# \u{1}",
        "a = 1\r",
        "é = 1",
        "a = “b”",
        &nested(40),
        &many.join("\n"),
    ] {
        assert!(!agrees(text), "{text}");
    }
}

const KEYS: &[&str] =
    &["a", "b", "c", "d-1", "2", "\"a\"", "'b'", "\"c d\"", "\"\\u0061\"", "'é'", "\"\""];

const SCALARS: &[&str] = &[
    "0",
    "7",
    "42",
    "-1",
    "+12",
    "1_000",
    "00",
    "0x1F",
    "0o7",
    "0b101",
    "0xg",
    "123456789012345678",
    "1234567890123456789",
    "9223372036854775808",
    "1.5",
    "-0.10",
    "1e3",
    "1.e3",
    ".5",
    "6.02E+23",
    "1e400",
    "inf",
    "-nan",
    "true",
    "false",
    "yes",
    "2026-01-31",
    "2024-02-29",
    "2026-02-29",
    "0000-01-01",
    "2026-13-01",
    "2026-1-01",
    "2026-01-31T09:30:00",
    "2026-01-31 09:30:00Z",
    "2026-01-31T09:30:00.123-07:00",
    "2026-01-31T25:00:00Z",
    "09:30",
    "23:59:60",
    "\"\"",
    "\"plain – “x”\"",
    "\"a\\tb\\\\\\\"\"",
    "\"\\u00E9\\U0001F600\\x41\\e\"",
    "\"\\ud800\"",
    "\"tab\there\"",
    "'lit \\n'",
    "''",
    "\"\"\"\nmany\nlines \\\n   on\"\"\"",
    "\"\"\"\"quoted\"\"\"\"\"",
    "'''\nraw\n'''",
    "''''x'''''",
    "\"open",
    "[]",
    "{}",
];

fn value() -> impl Strategy<Value = String> {
    let scalar = select(SCALARS).prop_map(str::to_owned);
    scalar.prop_recursive(4, 12, 4, |inner| {
        let gap = select(&["", " ", "\n  ", " # why\n\t", "\r\n"][..]);
        let items = prop::collection::vec((inner.clone(), gap.clone()), 0..4);
        let pairs = prop::collection::vec((key(), inner, gap.clone()), 0..4);
        let list = (items, any::<bool>(), gap.clone()).prop_map(|(items, comma, gap)| {
            let items: Vec<_> =
                items.iter().map(|(item, gap)| format!("{gap}{item}{gap}")).collect();
            format!("[{}{}{gap}]", items.join(","), if comma { "," } else { "" })
        });
        let table = (pairs, any::<bool>(), gap).prop_map(|(pairs, comma, gap)| {
            let pairs: Vec<_> =
                pairs.iter().map(|(k, v, gap)| format!("{gap}{k} = {v}{gap}")).collect();
            format!("{{{}{}{gap}}}", pairs.join(","), if comma { "," } else { "" })
        });
        prop_oneof![list, table]
    })
}

fn key() -> impl Strategy<Value = String> {
    let dot = select(&[".", " . "][..]);
    (prop::collection::vec(select(KEYS), 1..4), dot).prop_map(|(keys, dot)| keys.join(dot))
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (key(), value()).prop_map(|(key, value)| format!("{key} = {value}")),
        3 => key().prop_map(|key| format!("[{key}]")),
        2 => key().prop_map(|key| format!(" [[ {key} ]] # more")),
        1 => select(&["", "# remark", "\t", "a", "= 1", "a == 1", "[a", "]"][..]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn made_texts_are_read_alike(
        mark in select(&["", "\u{feff}"][..]),
        lines in prop::collection::vec(line(), 0..7),
        end in select(&["\n", "\r\n", " # end\n"][..]),
    ) {
        agrees(&format!("{mark}{}", lines.join(end)));
    }

    #[test]
    fn tables_of_few_names_are_read_alike(
        lines in prop::collection::vec(
            prop_oneof![
                "[ab](\\.[ab]){0,2} = (1|\\{\\}|\\[\\]|\\[\\{\\}\\]|\\{ ?[ab]\\.[ab] = 1, [ab](\\.[ab])? = \\{\\} ?\\})",
                "\\[[abc](\\.[abc]){0,3}\\]",
                "\\[\\[[abc](\\.[abc]){0,3}\\]\\]",
            ],
            0..7,
        ),
    ) {
        agrees(&lines.join("\n"));
    }

    #[test]
    fn broken_files_are_read_alike(
        file in any::<Index>(),
        window in any::<Index>(),
        edits in prop::collection::vec((any::<Index>(), 0..6u8, "[\\[\\]{}=:\"'#,.\\\\a1_é \n\r\t\u{1}]{0,3}"), 1..4),
    ) {
        let files: Vec<&Artifact> = carried().collect();
        let mut lines: Vec<String> = files[file.index(files.len())].text.split_inclusive('\n').map(str::to_owned).collect();
        // A stretch of a file, so that one case is quick.
        let from = window.index(lines.len());
        lines.truncate(from + 30);
        lines.drain(..from);
        for (at, how, with) in &edits {
            edit(&mut lines, *at, *how, with);
        }
        agrees(&lines.concat());
    }
}

/// The stretches of a text from one header to the next.
fn stretches(text: &str) -> Vec<Span> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([at]);
    starts.iter().zip(ends).map(|(start, end)| Span::new(*start, end)).collect()
}

proptest! {
    #[test]
    fn what_is_passed_over_is_as_good_as_blank(file: Index, mask in prop::collection::vec(any::<bool>(), 8)) {
        let files: Vec<&Artifact> = carried().collect();
        let text = files[file.index(files.len())].text;
        let mut skip = stretches(text);
        let mut turns = mask.iter().cycle();
        skip.retain(|_| *turns.next().unwrap());
        let blank = read(&blanked(text, &skip), &[]).unwrap();
        prop_assert_eq!(format!("{:?}", read(text, &skip).unwrap()), format!("{blank:?}"));
        // A stretch that nothing comes upon was not understood.
        skip.push(Span::new(text.len() + 1, text.len() + 2));
        prop_assert_eq!(read(text, &skip), None);
    }
}

/// A line taken out, doubled or swapped with the next, or something done to its bytes.
fn edit(lines: &mut Vec<String>, at: Index, how: u8, with: &str) {
    let count = lines.len();
    if count == 0 {
        return;
    }
    let line = at.index(count);
    let text = &mut lines[line];
    let from = text.floor_char_boundary(at.index(text.len() + 1));
    let to = text.ceil_char_boundary((from + 1).min(text.len()));
    match how {
        0 => drop(lines.remove(line)),
        1 => {
            let again = text.clone();
            lines.insert(line, again);
        }
        2 if line + 1 < count => lines.swap(line, line + 1),
        3 => text.replace_range(from..to, ""),
        4 => {
            let again = Span::new(from, to).of(text).to_owned();
            text.insert_str(to, &again);
        }
        _ => text.replace_range(from..from, with),
    }
}
