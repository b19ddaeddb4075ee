//! Packing, encodings, notations, and the forms of systems.

use super::{by_system, leads, read, read_as, read_by, refused};
use flate2::Compression;
use flate2::write::GzEncoder;
use opmodel::records::{Dates, Encoding, Form, Input, Notation, Numbers, Packing, open};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("packed bytes");
    encoder.finish().expect("packed bytes")
}

pub(super) fn zstandard(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

pub(super) fn utf_16(text: &str, big: bool) -> Vec<u8> {
    let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(unit).collect()
}

const TEXT: &str = "Id,Description\n1,Zoë\n2,Łódź 𝄞\n";

#[test]
fn encodings_are_told_by_their_marks_and_without() {
    let note = vec![Some("Zoë".to_owned()), Some("Łódź 𝄞".to_owned())];
    let marked = |mark: &[u8], text: Vec<u8>| [mark.to_vec(), text].concat();
    for (bytes, encoding) in [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        (marked(b"\xef\xbb\xbf", TEXT.as_bytes().to_vec()), Encoding::Utf8),
        (marked(b"\xff\xfe", utf_16(TEXT, false)), Encoding::Utf16Le),
        (marked(b"\xfe\xff", utf_16(TEXT, true)), Encoding::Utf16Be),
        (utf_16(TEXT, false), Encoding::Utf16Le),
        (utf_16(TEXT, true), Encoding::Utf16Be),
    ] {
        let read = read(&bytes);
        assert_eq!(read.texts("note"), note, "{encoding:?}");
        assert_eq!(read.texts("id"), [Some("1".to_owned()), Some("2".to_owned())]);
        assert_eq!(read.read.inputs[0].origin.encoding, encoding);
        assert_eq!(read.read.inputs[0].origin.mended.count(), 0);
    }
}

#[test]
fn what_is_not_utf_8_is_windows_1252() {
    let found = read(b"Id,Description\n1,caf\xe9 \x80 5\n2,Zo\xc3\xab\n3,\x93x\x94\n4,\xff");
    let notes: Vec<String> = found.texts("note").into_iter().flatten().collect();
    assert_eq!(notes, ["café € 5", "Zoë", "“x”", "ÿ"]);
    assert_eq!(found.read.inputs[0].origin.mended.count(), 5);
}

#[test]
fn packing_is_told_by_what_the_bytes_are() {
    let twice = [gzip(b"Id,Description\n1,x\n"), gzip(b"2,y\n")].concat();
    let frames = [
        b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec(),
        zstandard(b"Id,Description\n1,x\n"),
        b"\x51\x2a\x4d\x18\0\0\0\0".to_vec(),
        zstandard(b"2,y\n"),
    ];
    for (bytes, packing) in [(twice, Packing::Gzip), (frames.concat(), Packing::Zstandard)] {
        let fields = leads();
        let input = Input { hash: true, ..Input::new("leads.csv", bytes.as_slice()) };
        let opened = open(input, &fields, None, &Form::default()).expect("an export");
        let read = super::scanned(opened, &fields).expect("rows");
        assert_eq!(read.texts("note"), [Some("x".to_owned()), Some("y".to_owned())]);
        let input = &read.read.inputs[0];
        assert_eq!(input.origin.packing, Some(packing));
        let mut hash = String::new();
        for byte in Sha256::digest(&bytes) {
            let _ = write!(hash, "{byte:02x}");
        }
        assert_eq!(input.sha256.as_deref(), Some(hash.as_str()));
    }
}

#[test]
fn what_is_cut_off_or_damaged_is_said_with_what_was_read_before() {
    let mut text = "Id,Description\n".to_owned();
    let mut state = 1_u32;
    for id in 0..40_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let _ = writeln!(text, "{id},{state:x}");
    }
    for packed in [gzip(text.as_bytes()), zstandard(text.as_bytes())] {
        let cut = refused(&packed[..packed.len() / 2]);
        assert!(cut.contains("its packed data end too early: it was cut off"), "{cut}");
        assert!(cut.contains(" rows were read before"), "{cut}");
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 64].fill(0xff);
        let told = refused(&damaged);
        assert!(told.contains("its packed data "), "{told}");
    }
    assert!(refused(&gzip(text.as_bytes())[..12]).contains("cut off"));
}

#[test]
fn what_is_no_export_is_named() {
    for (bytes, words) in [
        (&b"PK\x03\x04rest"[..], "is a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel workbook"),
        (b"BZh91AY", "is packed with bzip2"),
        (b"\xfd7zXZ\0\0", "is packed with xz"),
        (b"%PDF-1.7", "is a PDF"),
        (b"[{\"Id\": 1}]", "is a JSON array"),
        (b"{\n \"Id\": 1\n}\n", "none of its first lines is an object"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n\n", "is empty"),
    ] {
        let told = refused(bytes);
        assert!(told.contains(words), "{told}");
    }
    assert!(refused(gzip(&gzip(b"Id\n1\n"))).contains("is packed twice"));
    #[cfg(not(feature = "parquet"))]
    assert!(refused(b"PAR1....").contains("is a Parquet file, which this build does not read"));
}

#[test]
fn lines_may_end_in_any_way() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["Id,Description", "1,x", "", "2,\"a b\"", ""].join(end);
        let read = read(&text);
        assert_eq!(read.texts("note"), [Some("x".to_owned()), Some("a b".to_owned())], "{end:?}");
        let lines: Vec<u64> = read.records.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4], "{end:?}");
    }
    let quoted = read("Id,Description\r\n1,\"a\r\nb\"\r\n2,c\r\n");
    assert_eq!(quoted.texts("note")[0].as_deref(), Some("a\r\nb"));
    assert_eq!(quoted.records[1].0, 4);
}

#[test]
fn json_lines_are_rows_with_the_keys_as_columns() {
    let found = read(concat!(
        r#"{"Id": "1", "Description": "a,\"b\"\nc", "Account": {"Industry": "Software", "x": {"y": 1}}}"#,
        "\n\n",
        r#"{"AnnualRevenue": 12345678901234567890.12, "Id": 2, "Tags__c": ["a", "b"], "Description": null}"#,
        "\nnot json\n",
        r#"{"Id": "3", "Budget_Confirmed__c": true}"#,
        "\n[1]\n",
    ));
    assert_eq!(found.read.inputs[0].origin.notation, Notation::JsonLines);
    assert_eq!(found.texts("id").into_iter().flatten().collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(found.texts("note")[0].as_deref(), Some("a,\"b\"\rc"));
    assert_eq!(found.texts("account.industry")[0].as_deref(), Some("Software"));
    assert_eq!(found.value(1, "revenue").expect("money").to_string(), "12345678901234567890.12");
    assert_eq!(found.value(1, "tags").expect("tags").to_string(), "['a', 'b']");
    assert_eq!(found.value(2, "budget").expect("truth").to_string(), "true");
    let lines: Vec<u64> = found.records.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 5]);
    assert_eq!(found.rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(found.rejects[0].cells[0], "not json");
    assert!(found.rejects[0].why.starts_with("it is no JSON object"), "{}", found.rejects[0].why);
}

#[test]
fn numbers_of_json_are_read_whatever_form_is_declared() {
    let form = Form { numbers: Numbers::of("1.234,56").expect("a form"), ..Form::default() };
    let text = br#"{"Id": "1.5", "AnnualRevenue": 1.234, "Score__c": "1.234,5"}"#;
    let found = read_as(text, None, &form).expect("an export");
    assert_eq!(found.value(0, "revenue").expect("money").to_string(), "1.234");
    assert_eq!(found.value(0, "score").expect("a number").to_string(), "1234.5");
    assert_eq!(found.texts("id")[0].as_deref(), Some("1.5"));
}

#[test]
fn keys_that_come_late_are_counted() {
    let mut text = "{\"Id\": 1}\n".repeat(1_000);
    text.push_str(
        "{\"Id\": 2, \"Description\": \"late\"}\n{\"Description\": \"again\", \"Id\": 3}\n",
    );
    let found = read(&text);
    assert_eq!(found.records.len(), 1_002);
    let late = found.read.inputs[0].origin.late.keys();
    assert_eq!(late.into_iter().collect::<Vec<_>>(), [("Description".to_owned(), 2)]);
    let late = &found.read.inputs[0].late;
    let late: Vec<_> = late.iter().map(|late| (late.count, late.field.as_deref())).collect();
    assert_eq!(late, [(2, Some("note"))]);
}

#[test]
fn the_form_is_that_of_the_system_whose_words_the_columns_are() {
    let german = Form {
        numbers: Numbers::of("1.234,56").expect("a form"),
        dates: Dates::of("31.12.2026").expect("a form"),
        ..Form::default()
    };
    let forms = by_system(&[("crm", german), ("mail", Form::default())]);
    let found = read_by(b"Id;AnnualRevenue;CloseDate\n1;1.234,50;30.06.2026\n", &forms);
    assert_eq!(found.value(0, "revenue").expect("money").to_string(), "1234.50");
    assert_eq!(found.value(0, "closes").expect("a day").to_string(), "2026-06-30");
    let found = read_by(b"vid,notes,Annual revenue\n1,x,1234.50\n", &forms);
    assert_eq!(found.value(0, "revenue").expect("money").to_string(), "1234.50");
}

#[test]
fn an_object_that_contradicts_itself_is_a_reject() {
    let found = read("{\"Id\": 1, \"Id\": 2}\n{\"Id\": 3, \"Id\": 3}\n[4]\n");
    assert_eq!(found.texts("id"), [Some("3".to_owned())]);
    assert_eq!(
        found.why(),
        ["1: it says two things of `Id`", "3: it is no JSON object: it is a list"]
    );
}

#[test]
fn half_a_letter_is_no_text() {
    let found = read(
        "{\"Id\": 1, \"Description\": \"\\ud800abc\"}\n{\"Id\": 2, \"Description\": \"\\ud83d\\ude00\"}\n{\"Id\": 3, \"Tags__c\": [\"a\", \"\\udc00\"]}\n",
    );
    assert_eq!(found.texts("id"), [Some("2".to_owned())]);
    assert_eq!(found.texts("note"), [Some("\u{1f600}".to_owned())]);
    let cut = "was cut in the middle of a sign, such as an emoji";
    let why =
        [format!("1: the text of `Description` {cut}"), format!("3: the text of `Tags__c` {cut}")];
    assert_eq!(found.why(), why);
}

#[test]
fn midnight_where_it_is_written_is_how_systems_write_a_day() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-5));
    let form = Form { zone, ..Form::default() };
    let text = "Id,CloseDate\n1,2026-12-31T00:00:00Z\n2,2026-12-31T00:00:00.000+02:00\n3,2026-12-31T03:00:00Z\n";
    let found = read_as(text.as_bytes(), None, &form).expect("a readable export");
    let days = ["2026-12-31", "2026-12-31", "2026-12-30"].map(|day| Some(day.to_owned()));
    assert_eq!(found.texts("closes"), days);
}

#[test]
fn a_header_further_down_is_no_record() {
    let found =
        read("Id,Description\n1,a\nId,Description\n2,b\n\"Id\",\"Description\"\nId,other\n");
    assert_eq!(found.texts("id"), ["1", "2", "Id"].map(|id| Some(id.to_owned())));
    let again = "it is the header again: files were put one behind the other";
    assert_eq!(found.why(), [format!("3: {again}"), format!("5: {again}")]);
    let quoted = read("\"Id\",\"Description\"\n\"1\",\"a\"\n\"Id\",\"Description\"\n\"2\",\"b\"\n");
    assert_eq!(quoted.texts("id"), ["1", "2"].map(|id| Some(id.to_owned())));
}

#[test]
fn text_in_utf_32_is_refused() {
    let text: Vec<u8> =
        "\u{feff}Id\n1\n".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    assert!(refused(text).contains("is text in UTF-32"));
}

/// As beside such a field in a criterion, whatever the zone of instants is that name none.
#[test]
fn a_day_alone_in_a_field_of_instants_is_its_first_instant_in_utc() {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let form = Form { zone, ..Form::default() };
    let read = read_as(b"Id,CreatedDate\n1,2026-01-05\n2,2026-01-05 01:00\n", None, &form);
    let read = read.expect("an export");
    let midnight =
        "2026-01-05T00:00:00Z".parse().map(opmodel::criteria::Value::DateTime).expect("an instant");
    assert_eq!([read.value(0, "created"), read.value(1, "created")], [Some(&midnight); 2]);
}
