//! The manual keeps its word: its examples and its truth table are run.

use super::world::{World, read, rows, ticked};
use crate::criteria::{
    Expr, Record, SetOf, Test, Value, check, evaluate, expand, fields, manual, parse,
};
use jiff::Timestamp;

fn block(name: &str) -> Vec<&'static str> {
    let (_, block) = manual().split_once(&format!("```criteria {name}\n")).unwrap();
    block.lines().take_while(|line| !line.starts_with("```")).collect()
}

#[test]
fn good_examples_have_no_faults() {
    let world = World::of_the_manual();
    for line in block("good") {
        let expr = read(line);
        assert_eq!(check(&expr, "lead", &world), [], "{line}");
        assert!(expand(&expr, &world).is_ok(), "{line}");
    }
}

#[test]
fn bad_examples_have_the_fault_they_announce() {
    let world = World::of_the_manual();
    for line in block("bad") {
        let (text, expected) = line.split_once("# expect: ").unwrap();
        let text = text.trim_end();
        let parsed = parse(text);
        let mut faults = parsed.faults;
        if let Some(expr) = &parsed.expr {
            faults.extend(check(expr, "lead", &world));
        }
        let said: Vec<String> = faults
            .iter()
            .map(|fault| {
                let help = fault.help.as_deref().unwrap_or_default();
                format!("[{}] {}; {help}", fault.span.of(text), fault.message)
            })
            .collect();
        assert!(said.iter().any(|words| words.contains(expected)), "{text}: {said:#?}");
        assert_eq!(said.len(), 1, "{text}: {said:#?}");
    }
}

/// A value as the truth table writes it.
fn value(text: &str) -> Value {
    let set = if text.starts_with('[') { text.to_owned() } else { format!("[{text}]") };
    let expr = read(&format!("x in {set}"));
    let crate::criteria::Node::Atom(atom) = expr.node else { panic!("{text}") };
    let Test::In { set: SetOf::Values(values), .. } = atom.test else { panic!("{text}") };
    if !text.starts_with('[') {
        return values.into_iter().next().unwrap().value;
    }
    let texts = values.into_iter().map(|literal| match literal.value {
        Value::Text(text) => text,
        other => panic!("{other}"),
    });
    Value::Values(texts.collect())
}

fn answer(expr: &Expr, record: &Record, world: &World) -> bool {
    let as_of: Timestamp = "2026-06-30T12:00:00Z".parse().unwrap();
    evaluate(expr, record, "lead", world, as_of).unwrap()
}

#[test]
fn the_truth_table_is_true() {
    let world = World::of_the_manual();
    let rows = rows("## Truth table");
    assert!(rows.len() > 40, "{}", rows.len());
    for row in rows {
        let [condition, holds, fails, unset] = row.as_slice() else { panic!("{row:?}") };
        let text = *ticked(condition).first().unwrap();
        let expr = read(text);
        assert_eq!(check(&expr, "lead", &world), [], "{text}");
        let field = fields(&expr).first().unwrap().name().into_owned();
        for cell in [holds, fails] {
            let record = Record::new().with(&field, value(ticked(cell).first().unwrap()));
            assert!(cell.ends_with("holds") || cell.ends_with("fails"), "{cell}");
            assert_eq!(answer(&expr, &record, &world), cell.ends_with("holds"), "{text}: {cell}");
        }
        assert!(holds.ends_with("holds") && fails.ends_with("fails"), "{text}");
        assert_eq!(answer(&expr, &Record::new(), &world), *unset == "holds", "{text}: not set");
    }
}
