//! What people write by mistake, what is said of it, and that the rest of the file is read.

use super::{Limits, Table, read};
use crate::finding::Finding;
use crate::source::{RawContent, RawFile};
use proptest::prelude::*;

fn parsed(text: &str) -> (Table, Vec<Finding>) {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    let (document, findings) =
        read(RawFile { path: "model/a.toml".into(), content }, Limits::default());
    (document.map(|d| d.root).unwrap_or_default(), findings)
}

fn underlined(finding: &Finding) -> &str {
    finding.place.as_ref().map_or("", |p| p.span.of(p.source.text()))
}

/// The one finding of a line between two tables, as `underlined: message; help`.
#[track_caller]
fn slip(line: &str) -> String {
    let mut told = Vec::new();
    for gap in ["\n", "\n\n"] {
        let text = format!(
            "[object.lead]\nname = \"Lead\"\n{line}{gap}[field.lead.a]\nx = 1\n\n[field.lead.b]\ny = [1]\n"
        );
        let (root, findings) = parsed(&text);
        assert_eq!(findings.len(), 1, "{line}: {findings:#?}");
        let lead = root.get("field").and_then(|f| f.as_table()?.get("lead")?.as_table());
        let Some(lead) = lead else { unreachable!("{line}: {root:?}") };
        assert!(lead.get("a").is_some() && lead.get("b").is_some(), "{line}: {root:?}");
        let finding = &findings[0];
        let help = finding.help.as_deref().unwrap_or_default();
        told.push(format!("{}: {}; {help}", underlined(finding), finding.message));
    }
    assert_eq!(told[0], told[1]);
    told.remove(0)
}

#[test]
fn one_slip_is_one_finding_in_plain_words() {
    let lines = [
        "label \"Company\"",
        "label: \"Company\"",
        "label == \"Baz\"",
        "label =",
        "label",
        "= 3",
        "label = \"Baz",
        "label = “Baz”",
        "label = \"a\\qb\"",
        "label = Baz",
        "label = Baz Inc",
        "label = 1 b = 2",
        "required = yes",
        "required = True",
        "label = null",
        "z = 0x",
        "z = 12,5",
        "z = 31.12.2026",
        "values = [\"a\" \"b\"]",
        "values = [\"a\", \"b\"",
        "values = [\n  \"a\",\n  \"b\", # last",
        "values = [\"a, \"b\"]",
        "owner = { crm: \"x\" }",
        "owner = { crm = \"x\"",
        "label = \"\"\"a\nb",
        "[]",
        "[field..x]",
        "[stage.a.b",
        "[stage.größe]",
        "[stage.a] b",
        "\"\" = 1",
    ];
    let told: Vec<String> = lines.into_iter().map(slip).collect();
    insta::assert_snapshot!(told.join("\n"), @r##"
    label "Company": `=` is missing in `label "Company"`; write `label = "Company"`
    label:: `:` stands where `=` belongs in `label:`; write `=` between a key and its value
    ==: `==` stands where `=` belongs; write one `=` between a key and its value
    label =: `label =` has no value; write a value behind the `=`, or leave the line out
    label: `=` is missing in `label`; write `label = …`
    = 3: `= 3` has no key; write what is set before the `=`
    "Baz: this text has no closing quote; write `"` where the text ends
    “Baz”: curly quotes hold no text; write straight quotes: "…"
    \q: `\q` is not an escape; write `\\` for a backslash
    Baz: `Baz` needs quotes: it is text; write `"Baz"`
    Baz Inc: `Baz Inc` needs quotes: it is text; write `"Baz Inc"`
    b = 2: `b = 2` stands behind the value; write one `key = value` a line, and text in quotes
    yes: `yes` is not a truth value; write `true` or `false`
    True: `True` is not a truth value; write `true`
    null: `null`: TOML has no null; leave the line out
    0x: this is not a number; write digits behind it, or a plain number such as `12`
    12,5: `12,5` is not a number or a date; write `12.5`
    31.12.2026: `31.12.2026` is not a date; write `2026-12-31`
    "b": a comma is missing before `"b"`; write a comma between the two
    "b": this list is not closed; write `]` behind it
    "b",: this list is not closed; write `]` behind it
    "]: this text has no closing quote; write `"` where the text ends
    crm:: `:` stands where `=` belongs in `crm:`; write `=` between a key and its value
    "x": this inline table is not closed; write `}` behind it
    b: this text is not closed; write `"""` behind it
    []: `[]` names no table; write what the table is about, such as `[object.lead]`
    [field..x]: a step is empty in `[field..x]`; write a name between the dots, and none before the first or behind the last
    [stage.a.b: `[stage.a.b` is not closed; write `]` behind it
    [stage.größe]: `[stage.größe]` has letters other than `a` to `z`; write `[stage.groesse]`, and `name` for the words people read
    [stage.a] b: `[stage.a] b` is not a table's header; write names of letters, digits, `-` and `_` with dots between, such as `[object.lead]`
    "": a key has no name; write a name between the quotes
    "##);
}

#[test]
fn one_slip_of_a_letter_or_of_quotes_is_one_finding() {
    let lines = [
        "label = \"Baz\",",
        "label = 5, # five",
        "label => \"Baz\"",
        "label\u{a0}= \"Baz\"",
        "label =\u{a0}\"Baz\"",
        "\u{a0}label = \"Baz\"",
        "label = \"Baz\"\u{200b}",
        "la\u{200b}bel = \"Baz\"",
        "label ＝ \"Baz\"",
        "values = [\"a\"，\"b\"]",
        "n = −5",
        "lаbel = 1",
        "[stage.a]\u{a0}",
        "note = 'Robin's ICP'",
        "when = 'email ends with '@acme.example''",
        "when = \"company = \"Acme\" and a = \"b\"\" # why",
        "note = 'say \"Robin's\"'",
        "note = 'a' b = 'c'",
        "n = 90%",
        "n = 4 business hours",
        "n = €500",
        "n = 1,000,000",
        "n = 12,500.5",
        "when = employees >= 50",
        "when = country = 'DE'",
        "when = country in ['DE', 'AT']",
    ];
    let told: Vec<String> = lines.into_iter().map(slip).collect();
    let told = told.join("\n").replace('\u{a0}', "<nbsp>").replace('\u{200b}', "<zwsp>");
    insta::assert_snapshot!(told, @r##"
    ,: a comma stands behind the value; leave it out: every `key = value` has a line of its own
    ,: a comma stands behind the value; leave it out: every `key = value` has a line of its own
    =>: `=>` stands where `=` belongs; write one `=` between a key and its value
    <nbsp>: a no-break space (U+00A0) stands where a plain one belongs; delete it and write a plain space
    <nbsp>: a no-break space (U+00A0) stands where a plain one belongs; delete it and write a plain space
    <nbsp>: a no-break space (U+00A0) stands where a plain one belongs; delete it and write a plain space
    <zwsp>: a zero-width space (U+200B) stands here, which cannot be seen; delete it
    <zwsp>: a zero-width space (U+200B) stands here, which cannot be seen; delete it
    ＝: `＝` is a full-width `=` (U+FF1D); write `=`
    ，: `，` is a full-width `,` (U+FF0C); write `,`
    −: `−` is a minus sign (U+2212), not a `-`; write `-`
    а: `а` is a Cyrillic letter (U+0430) that looks like `a`; write `a`
    <nbsp>: a no-break space (U+00A0) stands where a plain one belongs; delete it and write a plain space
    ': the text ends at this `'`, and more stands behind it; write `"Robin's ICP"`
    ': the text ends at this `'`, and more stands behind it; write `"email ends with '@acme.example'"`
    ": the text ends at this `"`, and more stands behind it; write `"company = 'Acme' and a = 'b'"`
    ': the text ends at this `'`, and more stands behind it; put the whole text between `'''` and `'''`
    b: `b` stands behind the value; write one `key = value` a line, and text in quotes
    90%: `90%` is not a number or a date; write `"90%"`
    4 business hours: `4 business hours` is not a number or a date; write `"4 business hours"`
    €500: `€500` is not a number or a date; write `500`: a number has no currency of its own
    1,000,000: `1,000,000` is not a number or a date; write `1_000_000`
    12,500.5: `12,500.5` is not a number or a date; write `12_500.5`
    employees >= 50: `employees >= 50` needs quotes: it is text; write `"employees >= 50"`
    country = 'DE': `country = 'DE'` needs quotes: it is text; write `"country = 'DE'"`
    country in ['DE', 'AT']: `country in ['DE', 'AT']` needs quotes: it is text; write `"country in ['DE', 'AT']"`
    "##);
}

#[test]
fn all_faults_of_a_file_come_in_one_run() {
    let text = "[a]\nx \"1\"\ny = yes\n\n[b]\nv = [1, 2\n\n[c]\nz: 1\nw = \"no end\n\n[d]\nv = [3\n\n[e]\nok = 1\n";
    let (root, findings) = parsed(text);
    let told: Vec<&str> = findings.iter().map(underlined).collect();
    assert_eq!(told, ["x \"1\"", "yes", "2", "z:", "\"no end", "3"]);
    assert_eq!(root.entries.len(), 5);
}

#[test]
fn what_is_not_closed_shows_where_it_was_opened() {
    let (_, findings) = parsed("[a]\nv = [\"a\", \"b\"\n[b]\nw = [1]\n[c]\nx = [2]\n");
    assert_eq!(findings.len(), 1);
    let label = &findings[0].labels[0];
    assert_eq!((label.place.span.start, label.text.as_str()), (8, "opened here"));
}

#[test]
fn a_table_opened_twice_shows_both_places() {
    let (_, findings) = parsed("[sla.x]\na = 1\n[sla.y]\na = 1\n[sla.x]\nb = 1\n");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "`[sla.x]` is opened twice in this file");
    assert_eq!(findings[0].labels[0].place.span.start, 0);
}

#[test]
fn a_header_that_adds_to_a_value_shows_the_value() {
    let texts = [
        "[field.lead]\nc = {type = 'choice', values = ['a']}\n[[field.lead.c.label]]\nid = 'a'\n",
        "[field.lead.c]\nlabel = [{id = 'a'}]\n\n[[field.lead.c.label]]\nid = 'b'\n",
        "list.l = 5\n[list.l]\na = 1\n",
        "[list]\n# l = 4\n\"l\" = 5\n[list.l]\na = 1\n",
        "[a]\nb.c = 1\n[a.b]\nd = 1\n",
        "[a] # one\nb = 1\n[[a]]\nb = 2\n",
        "[ a ]\nb = 1\n[b]\nb = 2\n[a]\nc = 1\n",
        "[a.rule.one]\nname = 'x'\n[[a.rule]]\nid = 'two'\n",
    ];
    let told: Vec<String> = texts
        .into_iter()
        .map(|text| {
            let (_, findings) = parsed(text);
            assert_eq!(findings.len(), 1, "{text}: {findings:#?}");
            let finding = &findings[0];
            let label = &finding.labels[0];
            let (first, help) =
                (label.place.span.of(text), finding.help.as_deref().unwrap_or_default());
            format!("{}; {help} ({first}: {})", finding.message, label.text)
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    `[[field.lead.c.label]]` cannot add to `c`, which line 2 writes as an inline table; write it between the braces, or write `c` as a table of its own, below `[field.lead.c]` (c: written here)
    `[[field.lead.c.label]]` cannot add to `label`, which line 2 writes as a list; write it between the brackets, or write each table of the list below a header of its own (label: written here)
    `[list.l]` cannot add to `l`, which line 1 writes as a value; keep one of the two, or give one another name (list.l: set here)
    `[list.l]` cannot add to `l`, which line 3 writes as a value; keep one of the two, or give one another name ("l": set here)
    `[a.b]` cannot add to `b`, which line 2 writes with dots; keep one of the two ways (b.c: written here)
    `[[a]]` is opened before as `[a]`; write one table in single brackets, or each of several in double ones ([a]: first opened here)
    `[a]` is opened twice in this file; merge the two tables into one, or give one of them another id ([ a ]: first opened here)
    `[[a.rule]]` cannot add to `rule`, which line 1 makes a table; write `[[a.rule]]` there too, with the last step as its `id` ([a.rule.one]: made a table here)
    "#);
}

#[test]
fn beyond_the_limit_the_rest_is_counted() {
    let text: String = (0..30).map(|n| ["k", &n.to_string(), " = yes\n"].concat()).collect();
    let (_, findings) = parsed(&text);
    assert_eq!(findings.len(), 21);
    assert_eq!(findings[20].message, "and 10 more places in this file cannot be read");
}

const VALID: &str = "# head\n[object.lead]\nname = \"Lead – “x”\"\n\n[field.lead.a]\nvalues = [\n  \"a\",\n  \"b\", # c\n]\nowner = { crm = 'x' }\nnote = \"\"\"\nlong\n\"\"\"\n\n[[stage.a.item]]\nid = 2026-01-31\nn = -1.5\n";

proptest! {
    #[test]
    fn no_mutation_panics_and_every_span_fits(
        edits in prop::collection::vec((0..VALID.len(), 0..4usize, "[\\[\\]{}=:\"'#,.\\\\a1“＝−е\u{a0}\u{200b} \n\r\t]{0,3}"), 1..5),
    ) {
        let mut text = VALID.to_owned();
        for (at, cut, with) in edits {
            let from = text.floor_char_boundary(at.min(text.len()));
            let to = text.floor_char_boundary((from + cut).min(text.len())).max(from);
            text.replace_range(from..to, &with);
        }
        let (_, findings) = parsed(&text);
        for finding in &findings {
            for place in finding.place.iter().chain(finding.labels.iter().map(|l| &l.place)) {
                let span = place.span;
                prop_assert!(text.get(span.start..span.end).is_some_and(|s| !s.is_empty()), "{:?}", finding);
            }
        }
    }

    #[test]
    fn tables_behind_a_faulty_line_are_read(
        line in "[a-z]{1,3}[ =:\\[\\]{}\"“,.a-z0-9#]{0,12}",
        gap in "\n{1,2}",
    ) {
        let text = format!("[object.lead]\n{line}{gap}[field.lead]\nx = 1\n");
        let (root, _) = parsed(&text);
        prop_assert!(root.get("field").is_some(), "{:?}", root);
    }
}
