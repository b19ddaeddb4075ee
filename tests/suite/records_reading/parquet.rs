//! Parquet files say the same as rows of CSV.

use super::{leads, scanned};
use jiff::tz::{Offset, TimeZone};
use opmodel::records::{Form, Input, Notation, Numbers, RecordsError, open};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::io::Cursor;
use std::sync::Arc;

const SCHEMA: &str = "message leads {
  required binary Id (UTF8);
  optional binary Description (UTF8);
  optional int64 NumberOfEmployees;
  optional double AnnualRevenue;
  optional int32 CloseDate (DATE);
  optional int64 CreatedDate (TIMESTAMP(NANOS,true));
  optional int64 Touched (TIMESTAMP(MICROS,false));
  optional group Account { optional binary Industry (UTF8); }
  optional group Tags__c (LIST) { repeated group list { optional binary element (UTF8); } }
}";

/// Two leads: one with everything, one with an id.
fn leads_file() -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).expect("a schema"));
    let packed = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(packed)).expect("a file");
    let mut rows = writer.next_row_group().expect("rows");
    let text = |text: &str| ByteArray::from(text.as_bytes().to_vec());
    let mut place = 0;
    while let Some(mut column) = rows.next_column().expect("a column") {
        let (there, level): (&[i16], i16) = match place {
            7 => (&[2, 0], 2),
            8 => (&[3, 3, 0], 3),
            _ => (&[1, 0], 1),
        };
        let nested = Some(there);
        match place {
            0 => {
                let ids = [text("1"), text("2")];
                column.typed::<ByteArrayType>().write_batch(&ids, None, None).expect("ids");
            }
            1 | 7 => {
                let value = if place == 1 { "a,\"b\"\nc" } else { "Software" };
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(&[text(value)], nested, None).expect("texts");
            }
            2 | 5 | 6 => {
                let number = match place {
                    2 => 7,
                    5 => 1_782_828_300_123_456_789,
                    _ => 1_782_828_300_000_000,
                };
                column.typed::<Int64Type>().write_batch(&[number], nested, None).expect("numbers");
            }
            3 => {
                column.typed::<DoubleType>().write_batch(&[1234.5], nested, None).expect("amounts");
            }
            4 => {
                column.typed::<Int32Type>().write_batch(&[20_634], nested, None).expect("days");
            }
            _ => {
                let tags = [text("a"), text("b")];
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(&tags, nested, Some(&[0, 1, 0])).expect("tags");
            }
        }
        assert!(level > 0);
        column.close().expect("a column");
        place += 1;
    }
    rows.close().expect("rows");
    writer.close().expect("a file");
    bytes
}

fn input(bytes: &[u8]) -> Input<'static> {
    let bytes = bytes.to_vec();
    let again = Box::new(Cursor::new(bytes.clone()));
    Input { again: Some(again), hash: true, ..Input::new("leads.parquet", Cursor::new(bytes)) }
}

#[test]
fn a_parquet_file_is_read_as_rows() {
    let form = Form {
        numbers: Numbers::of("1.234,56").expect("a form"),
        zone: TimeZone::fixed(Offset::constant(2)),
        ..Form::default()
    };
    let fields = leads();
    let opened = open(input(&leads_file()), &fields, None, &form).expect("a file");
    assert_eq!(opened.origin.notation, Notation::Parquet);
    let found = scanned(opened, &fields).expect("rows");
    let one = found.records[0].1.iter();
    let one: Vec<String> = one.map(|(field, value)| format!("{field} = {value}")).collect();
    assert_eq!(
        one,
        [
            "account.industry = 'Software'",
            "closes = 2026-06-30",
            "created = 2026-06-30T14:05:00.123456789Z",
            "employees = 7",
            "id = '1'",
            "note = 'a,\"b\"\rc'",
            "revenue = 1234.5",
            "tags = ['a', 'b']",
        ]
    );
    assert_eq!(found.records[1].1.iter().count(), 1);
    assert_eq!(found.records[1].0, 2);
    assert!(found.read.inputs[0].sha256.is_some());
}

#[test]
fn what_is_no_whole_parquet_file_is_refused() {
    let bytes = leads_file();
    let fields = leads();
    let refused = |input: Input<'static>| match open(input, &fields, None, &Form::default()) {
        Ok(_) => panic!("it was read"),
        Err(RecordsError::Unfit { what, .. }) => what,
        Err(error) => panic!("{error}"),
    };
    assert!(refused(input(&bytes[..bytes.len() / 2])).contains("is a damaged Parquet file"));
    let piped = Input::new("standard input", Cursor::new(bytes));
    assert!(refused(piped).contains("cannot be read from a pipe"));
}

#[test]
fn no_damage_makes_it_panic() {
    let whole = leads_file();
    let fields = leads();
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            let opened = open(input(&bytes), &fields, None, &Form::default());
            let Ok(opened) = opened else { continue };
            if let Err(error) = scanned(opened, &fields) {
                assert!(error.to_string().contains("the Parquet file is damaged"), "{error}");
            }
        }
    }
}
