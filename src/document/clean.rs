//! A quick reading of texts that have no fault at all, as nearly all have none.
//!
//! INVARIANT: where this gives a tree, the careful reading gives the same tree and no finding; the
//! tests hold the two against each other. Whatever is wrong or merely unusual gives `None`, and the
//! text is read carefully.
//!
//! How a table came to be is seen by its places: what a header made begins before its key, what a
//! path through it made (`a` in `[a.b]` or `a.b = 1`) stands where its key stands, and an inline
//! value behind it.

use super::node::{Entry, Node, Table, Value};
use super::scan::Scan;
use crate::source::Span;
use std::borrow::Cow;

/// Deepest nesting read here.
const DEEP: usize = 32;

/// Most entries of one table read here: each key is compared with those before it.
const MANY: usize = 512;

/// The tree of a text in which nothing is unusual; some stretches of whole lines are as good as blank.
pub(super) fn read(text: &str, skip: &[Span]) -> Option<Table> {
    let mut rest = Scan::new(text, skip);
    let mut root = Table::default();
    section(&mut rest, &mut root)?;
    while rest.peek().is_some() {
        let table = header(&mut rest, &mut root)?;
        section(&mut rest, table)?;
    }
    rest.is_over().then_some(root)
}

/// The entries up to the next header.
fn section(rest: &mut Scan<'_>, table: &mut Table) -> Option<()> {
    rest.layout()?;
    while !matches!(rest.peek(), None | Some(b'[')) {
        pair(rest, table, 0)?;
        rest.line_over()?;
        rest.layout()?;
    }
    Some(())
}

/// A header, and the table below it, which is new.
fn header<'t>(rest: &mut Scan<'_>, root: &'t mut Table) -> Option<&'t mut Table> {
    let start = rest.at;
    rest.eat(b'[').then_some(())?;
    let many = rest.eat(b'[');
    let through = |entry: &Entry| entry.node.span.start <= entry.key_span.start;
    let (table, key, key_span) = path(rest, root, through)?;
    (rest.eat(b']') && (!many || rest.eat(b']'))).then_some(())?;
    let span = Span::new(start, rest.at);
    rest.line_over()?;
    let entry = match place(table, &key) {
        Some(at) if many => table.entries.get_mut(at).filter(|entry| through(entry))?,
        Some(_) => return None,
        None if many => add(table, key, key_span, Node { value: Value::Array(Vec::new()), span })?,
        None => add(table, key, key_span, roomy(span))?,
    };
    match &mut entry.node.value {
        Value::Array(items) => {
            items.push(roomy(span));
            last_table(items)
        }
        Value::Table(table) if !many => Some(table),
        _ => None,
    }
}

/// A table with room for what most tables hold.
fn roomy(span: Span) -> Node {
    Node { value: Value::Table(Table { entries: Vec::with_capacity(8) }), span }
}

/// A key and its value.
fn pair(rest: &mut Scan<'_>, table: &mut Table, depth: usize) -> Option<()> {
    let through = |entry: &Entry| entry.node.span == entry.key_span;
    let (table, key, key_span) = path(rest, table, through)?;
    rest.eat(b'=').then_some(())?;
    rest.blanks();
    let node = value(rest, depth)?;
    if place(table, &key).is_some() {
        return None;
    }
    add(table, key, key_span, node).map(drop)
}

/// The last part of a dotted key and the table it goes into; blanks around it are passed.
fn path<'a, 't>(
    rest: &mut Scan<'a>,
    mut table: &'t mut Table,
    through: impl Fn(&Entry) -> bool,
) -> Option<(&'t mut Table, Cow<'a, str>, Span)> {
    for _ in 0..DEEP {
        rest.blanks();
        let (key, span) = rest.key()?;
        rest.blanks();
        if !rest.eat(b'.') {
            return Some((table, key, span));
        }
        let entry = match place(table, &key) {
            Some(at) => table.entries.get_mut(at).filter(|entry| through(entry))?,
            None => add(table, key, span, Node { value: Value::Table(Table::default()), span })?,
        };
        table = match &mut entry.node.value {
            Value::Table(table) => table,
            Value::Array(items) => last_table(items)?,
            _ => return None,
        };
    }
    None
}

fn value(rest: &mut Scan<'_>, depth: usize) -> Option<Node> {
    let start = rest.at;
    let value = match rest.peek()? {
        b'"' | b'\'' => Value::Text(rest.quoted(true)?.into_owned()),
        b'[' if depth < DEEP => Value::Array(array(rest, depth + 1)?),
        b'{' if depth < DEEP => Value::Table(inline(rest, depth + 1)?),
        _ => rest.scalar()?,
    };
    Some(Node { value, span: Span::new(start, rest.at) })
}

fn array(rest: &mut Scan<'_>, depth: usize) -> Option<Vec<Node>> {
    rest.eat(b'[').then_some(())?;
    let mut items = Vec::new();
    rest.layout()?;
    while !rest.eat(b']') {
        items.push(value(rest, depth)?);
        rest.layout()?;
        if !rest.eat(b',') {
            return rest.eat(b']').then_some(items);
        }
        rest.layout()?;
    }
    Some(items)
}

fn inline(rest: &mut Scan<'_>, depth: usize) -> Option<Table> {
    rest.eat(b'{').then_some(())?;
    let mut table = Table::default();
    rest.layout()?;
    while !rest.eat(b'}') {
        pair(rest, &mut table, depth)?;
        rest.layout()?;
        if !rest.eat(b',') {
            return rest.eat(b'}').then_some(table);
        }
        rest.layout()?;
    }
    Some(table)
}

/// Where an entry stands in a table.
fn place(table: &Table, key: &str) -> Option<usize> {
    table.entries.iter().position(|entry| entry.key == key)
}

fn add<'t>(
    table: &'t mut Table,
    key: Cow<'_, str>,
    key_span: Span,
    node: Node,
) -> Option<&'t mut Entry> {
    if table.entries.len() >= MANY {
        return None;
    }
    table.entries.push(Entry { key: key.into_owned(), key_span, node });
    table.entries.last_mut()
}

fn last_table(items: &mut [Node]) -> Option<&mut Table> {
    match &mut items.last_mut()?.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
