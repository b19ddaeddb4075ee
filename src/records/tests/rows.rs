//! Rows of every kind, however long and however many.

use super::super::{
    Field, Form, LONGEST_ROW, Opened, Pace, Questions, Read, RecordsError, Reject, fields, scan,
};
use super::draws::{self, Export};
use super::oracle::{as_of, opened};
use crate::criteria::{Comparison, Expr, Literal, Test, Value};
use crate::load::ModelScope;
use std::io;

/// The lines of the records for which the country is NL, and of all rows that are no records.
type Lines = (Vec<(usize, u64)>, Vec<(usize, u64)>);

fn with_fields<T>(with: impl FnOnce(&ModelScope<'_>, &[Field]) -> T) -> T {
    let model = draws::model(false, &[]);
    let scope = ModelScope::new(&model);
    let fields = fields(&scope, "lead");
    with(&scope, &fields)
}

fn export(columns: &[&str], rows: impl Into<Vec<u8>>) -> Export {
    let header = columns.iter().map(|column| (*column).to_owned()).collect();
    Export { header, rows: rows.into() }
}

fn scanned(
    inputs: &dyn Fn(&[Field]) -> Vec<Opened<'static>>,
    (threads, size): (usize, usize),
) -> Result<(Read, Lines), String> {
    with_fields(|scope, fields| {
        let mut questions = Questions::new("lead", fields, as_of());
        let value = Literal::new(Value::from("NL"));
        let test = Test::Compare { op: Comparison::Equal, value };
        let asked = questions.condition(scope, &Expr::atom("country", test)).unwrap();
        questions.count_all();
        let (mut found, mut rejects) = (Vec::new(), Vec::new());
        let each = |part: Vec<(usize, u64)>, rejected: Vec<Reject>| {
            found.extend(part);
            rejects.extend(rejected.iter().map(|reject| (reject.input, reject.line)));
            Ok::<(), RecordsError>(())
        };
        let read = scan(
            inputs(fields),
            &questions,
            Pace { threads, size, past_breaks: false },
            Vec::new,
            |found, row| {
                if row.holds(asked) {
                    found.push((row.input(), row.line()));
                }
            },
            each,
        );
        read.map(|read| (read, (found, rejects))).map_err(|error| error.to_string())
    })
}

const WAYS: [(usize, usize); 4] = [(1, 1 << 20), (1, 50), (2, 4_000), (3, 100)];

fn leaked(export: Export) -> &'static Export {
    Box::leak(Box::new(export))
}

#[test]
fn a_row_that_is_too_long_is_passed_over() {
    let mut rows = b"NL,1\nDE,\"".to_vec();
    rows.extend(b"not so\n\"\"".iter().cycle().take(LONGEST_ROW + 1_000));
    rows.extend(b"\",\nNL,2\nNL,\"never closed\n");
    let export = leaked(export(&["country", "employees"], rows));
    let ends = |part: &[u8]| memchr::memchr_iter(b'\n', part).count() as u64;
    let last = 2 + ends(&export.rows) - 2;
    for way in [(1, 1 << 20), (2, 1 << 18)] {
        let inputs = |fields: &[Field]| vec![opened(export, fields, &Form::default())];
        let (read, (found, rejects)) = scanned(&inputs, way).unwrap();
        assert_eq!(rejects, [(0, 3), (0, last + 1)], "{way:?}");
        assert_eq!(found, [(0, 2), (0, last)], "{way:?}");
        assert_eq!((read.rows, read.rejected), (2, 2));
    }
}

#[test]
fn inputs_have_layouts_and_forms_of_their_own() {
    let one = leaked(export(&["country", "budget"], "NL,\"1,5\"\nDE,2\n"));
    let two = leaked(export(&["budget", "other", "country"], "1.5,x,NL\nx,x,nl\n,,\n\nNL\n"));
    let german =
        Form { numbers: super::super::Numbers::of("1.234,56").unwrap(), ..Form::default() };
    for way in WAYS {
        let german = german.clone();
        let inputs = move |fields: &[Field]| {
            vec![
                opened(one, fields, &german),
                opened(two, fields, &Form::default()),
                opened(one, fields, &german),
            ]
        };
        let (read, (found, rejects)) = scanned(&inputs, way).unwrap();
        assert_eq!(found, [(0, 2), (1, 2), (2, 2)], "{way:?}");
        assert_eq!(rejects, [(1, 6)], "{way:?}");
        let counts: Vec<u64> = read.inputs.iter().map(|input| input.rows).collect();
        assert_eq!((counts, read.rows, read.rejected), (vec![2, 2, 2], 6, 1));
        assert_eq!(read.inputs[1].footer, 1, "a row in which nothing stands");
        let budget = &read.counts[with_fields(|_, fields| {
            fields.iter().position(|field| field.path == "budget").unwrap()
        })];
        assert_eq!((budget.set, budget.unreadable), (5, 1), "{way:?}");
        assert_eq!(budget.sample.as_ref().unwrap().0, "x");
    }
}

#[test]
fn however_many_values_there_are_they_are_counted() {
    let rows: Vec<String> = (0..20_000).map(|at| format!("x{:05},{}\n", at, at % 7)).collect();
    let rows = rows.concat() + "NL,1\nx00000,1\n";
    let export = leaked(export(&["country", "employees"], rows));
    for way in [(1, 1 << 20), (3, 10_000)] {
        let inputs = |fields: &[Field]| vec![opened(export, fields, &Form::default())];
        let (read, (found, _)) = scanned(&inputs, way).unwrap();
        assert_eq!(found, [(0, 20_002)], "{way:?}");
        let country = with_fields(|_, fields| {
            fields.iter().position(|field| field.path == "country").unwrap()
        });
        let count = &read.counts[country];
        assert_eq!(
            (count.set, count.undeclared.len(), count.more_undeclared),
            (20_002, 1_000, 19_000)
        );
        assert_eq!(count.undeclared["x00000"], 2);
        assert_eq!(count.undeclared["x00999"], 1);
    }
}

/// Bytes that end with an error.
struct Broken(io::Cursor<Vec<u8>>);

impl io::Read for Broken {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self.0.read(to)? {
            0 => Err(io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

#[test]
fn an_input_that_breaks_off_says_how_far_it_was_read() {
    let whole = leaked(export(&["country"], "NL\n".repeat(1_000)));
    for way in WAYS {
        let inputs = |fields: &[Field]| {
            let broken = io::Cursor::new(whole.rows.clone());
            let rows: Box<dyn io::Read + Send> = Box::new(Broken(broken));
            vec![
                opened(whole, fields, &Form::default()),
                Opened { rows, ..opened(whole, fields, &Form::default()) },
            ]
        };
        let error = scanned(&inputs, way).err().unwrap();
        let why =
            "cannot read `leads.csv` to its end: the disk is gone; 1000 rows were read before";
        assert_eq!(error, why, "{way:?}");
    }
}

#[test]
fn what_cannot_be_taken_ends_the_scan() {
    let export = leaked(export(&["country"], "NL\n".repeat(10_000)));
    for (threads, size) in WAYS {
        let result = with_fields(|_, fields| {
            let questions = Questions::new("lead", fields, as_of());
            let inputs = vec![opened(export, fields, &Form::default())];
            let mut left = 3;
            let each = |(), _: Vec<Reject>| {
                left -= 1;
                let full = || RecordsError::Read {
                    input: "leads.csv".to_owned(),
                    source: io::Error::other("full"),
                };
                if left == 0 || size == 1 << 20 { Err(full()) } else { Ok(()) }
            };
            scan(
                inputs,
                &questions,
                Pace { threads, size, past_breaks: false },
                || (),
                |(), _| {},
                each,
            )
        });
        assert_eq!(result.err().unwrap().to_string(), "cannot read `leads.csv`: full");
    }
}
