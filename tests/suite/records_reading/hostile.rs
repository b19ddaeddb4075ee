//! Exports that nobody would write on purpose: nothing panics, memory stays small, and it is said.

use super::{Outcome, leads, read, refused, scanned};
use opmodel::records::{Form, Input, LONGEST_ROW, open};
use std::io::{self, Read};

/// Bytes that are made as they are read.
struct Endless {
    head: &'static [u8],
    byte: u8,
    left: usize,
    tail: &'static [u8],
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            return self.head.read(into);
        }
        if self.left == 0 {
            return self.tail.read(into);
        }
        let given = self.left.min(into.len());
        into[..given].fill(self.byte);
        self.left -= given;
        Ok(given)
    }
}

fn streamed(head: &'static str, byte: u8, left: usize, tail: &'static str) -> Outcome {
    let bytes = Endless { head: head.as_bytes(), byte, left, tail: tail.as_bytes() };
    let fields = leads();
    let opened = open(Input::new("big", bytes), &fields, None, &Form::default()).expect("a header");
    scanned(opened, &fields).expect("rows")
}

const HUGE: usize = 100 << 20;

#[test]
fn a_row_longer_than_any_may_be_is_a_reject_and_the_next_one_is_read() {
    let found = streamed("Id,Description\n1,x\n2,\"", b'y', HUGE, "\"\n3,z\n");
    assert_eq!(found.records.len(), 2);
    assert_eq!(found.why().len(), 1);
    assert!(found.why()[0].starts_with("3: it is longer than 16 MB"), "{:?}", found.why());
    let found = streamed("Id,Description\n1,x\n2,\"", b'\n', LONGEST_ROW * 2, "\"\n3,z\n");
    assert_eq!(found.records.len(), 2);
    let found = streamed("{\"Id\": 1}\n{\"Id\": \"", b'y', LONGEST_ROW * 2, "\"}\n{\"Id\": 3}\n");
    assert_eq!((found.records.len(), found.rejects.len()), (2, 1));
    assert_eq!(found.records[1].0, 3);
    let found = streamed("Id,Description\n1,x\n", b',', LONGEST_ROW * 2, "\n3,z\n");
    assert_eq!((found.records.len(), found.rejects.len()), (2, 1));
}

#[test]
fn a_first_row_without_an_end_is_refused() {
    let bytes = Endless { head: b"Id,\"", byte: b'x', left: LONGEST_ROW * 2, tail: b"" };
    let Err(error) = open(Input::new("big", bytes), &leads(), None, &Form::default()) else {
        panic!("it was read")
    };
    assert!(error.to_string().contains("has a first row of more than 16 MB"), "{error}");
}

#[test]
fn ten_thousand_columns_are_read() {
    let mut header: Vec<String> = (0..9_998).map(|column| format!("column {column}")).collect();
    header.insert(5_000, "Description".to_owned());
    header.push("Id".to_owned());
    let row = vec!["x"; 10_000].join(",");
    let found = read(format!("{}\n{row}\n{row}\n", header.join(",")));
    assert_eq!(found.texts("note"), [Some("x".to_owned()), Some("x".to_owned())]);
    // A header longer than what is looked at first.
    let long = "y".repeat(200_000);
    let found = read(format!("Id,{long},Description\n1,,x\n"));
    assert_eq!(found.texts("note"), [Some("x".to_owned())]);
}

#[test]
fn zeros_and_stray_quotes_and_bytes_are_text() {
    let found = read(b"Id,Description\n1,a\0b\n2,5\" pipe\n3,\xf0\x9f\n\0\0\0\0");
    let notes: Vec<String> = found.texts("note").into_iter().flatten().collect();
    assert_eq!(notes, ["a\0b", "5\" pipe", "ðŸ"]);
    assert_eq!(found.rejects.len(), 1);
}

#[test]
fn a_header_alone_has_no_records() {
    for text in ["Id,Description", "Id,Description\r\n", "\u{feff}Id,Description\n\n\n"] {
        let found = read(text);
        assert_eq!((found.records.len(), found.rejects.len()), (0, 0), "{text:?}");
    }
    assert!(refused("\n \n").contains("is empty"));
}

#[test]
fn a_quote_that_is_never_closed_takes_the_rest_and_says_so() {
    for (rows, line) in [
        ("1,x,2\n2,\"y,3\n3,z,4\n", 3),
        ("1,x,2\n2,y,\"3\n3,z,4\n", 3),
        ("1,x,2\n2,y\r3,\"a\"b,\"\"\"\n", 3),
        ("1,x,2\n\"", 3),
    ] {
        let found = read(format!("Id,Description,Score__c\n{rows}"));
        let why = format!(
            "{line}: a quote in it is never closed: whatever stands behind it is taken for a part of it"
        );
        assert_eq!(found.why().last(), Some(&why), "{rows:?}");
    }
    let found = read("Id,Description,Score__c\n1,x,2\n2,y,\"3\"\n3,z,\"4\"");
    assert_eq!((found.records.len(), found.rejects.len()), (3, 0));
}

/// Gives a byte at a time.
struct Dripping<'b>(&'b [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let given = into.len().min(1);
        self.0.read(&mut into[..given])
    }
}

#[test]
fn it_does_not_matter_in_what_pieces_bytes_come() {
    let texts: [&[u8]; 4] = [
        "Id,Description\r\n1,\"Zoë\r\n𝄞\"\r\n2,x\r\n".as_bytes(),
        b"Id,Description\n1,caf\xe9\n2,\xe2\x82\n3,\xf0",
        b"\xff\xfeI\0d\0,\0N\0o\0t\0e\0\n\x001\0,\0\x34\xd8\x1e\xdd\n\0",
        b"{\"Id\": \"1\", \"Note\": \"x\"}\n{\"Id\": \"2\"}",
    ];
    for bytes in texts {
        let fields = leads();
        let dripping = Input::new("drip", Dripping(bytes));
        let opened = open(dripping, &fields, None, &Form::default()).expect("a header");
        let slowly = scanned(opened, &fields).expect("rows");
        let whole = read(bytes);
        assert!(!whole.records.is_empty());
        assert_eq!(slowly.records, whole.records);
        assert_eq!(slowly.rejects, whole.rejects);
    }
}
