//! Which column is which field, and which row is the header.

use super::{leads, read, read_as};
use opmodel::records::{Form, Layout, Meaning};

/// The field of each column, `again` or `?`, or the fields it may be.
fn meant(header: &[&str], system: Option<&str>) -> Vec<String> {
    let fields = leads();
    let header = header.iter().map(|&word| word.to_owned()).collect();
    let layout = Layout::of(header, &fields, system);
    let word = |meaning: &Meaning| match meaning {
        Meaning::Field(field, by) => format!("{} by {by}", fields[*field].path),
        Meaning::Again(column) => format!("again {column}"),
        Meaning::Ambiguous(several) => several
            .iter()
            .map(|field| fields[*field].path.as_str())
            .collect::<Vec<_>>()
            .join(" or "),
        Meaning::Unknown(Some(near)) => format!("? {near}"),
        Meaning::Unknown(None) => "?".to_owned(),
    };
    layout.columns.iter().map(|column| word(&column.meaning)).collect()
}

#[test]
fn a_column_is_a_field_by_the_system_then_by_name_then_by_id() {
    assert_eq!(
        meant(&["ID", "NUMBEROFEMPLOYEES", "forecast category", "revenue", "Nothing"], None),
        ["id by crm", "employees by crm", "forecast by name", "revenue by id", "?"]
    );
    assert_eq!(
        meant(&["vid", "notes", "Created"], None),
        ["id by mail", "note by mail", "created by name"]
    );
    assert_eq!(meant(&["vid", "notes"], Some("crm")), ["? Id", "? Note"]);
}

#[test]
fn the_label_of_a_report_is_the_column_without_its_spelling() {
    assert_eq!(
        meant(&["Annual Revenue", "Budget Confirmed", "Close Date", "Number_of_Employees"], None),
        ["revenue by name", "budget by name", "closes by crm", "employees by crm"]
    );
}

#[test]
fn the_surest_word_wins_wherever_it_stands() {
    assert_eq!(meant(&["Annual revenue", "AnnualRevenue"], None), ["again 1", "revenue by crm"]);
    assert_eq!(meant(&["Email", "Id", "id"], None), ["?", "id by crm", "again 1"]);
}

#[test]
fn what_nothing_is_called_now_is_what_was_called_so_before() {
    assert_eq!(
        meant(&["Headcount", "note", "account.trade"], None),
        ["employees by former id", "note by name", "account.industry by former id"]
    );
    assert_eq!(meant(&["headcount", "employees"], None), ["again 1", "employees by name"]);
}

#[test]
fn a_field_of_a_related_record_has_the_way_to_it_in_front() {
    for header in [
        "account.industry",
        "Account.Industry",
        "ACCOUNT.INDUSTRY",
        "Account: Industry",
        "Account Industry",
    ] {
        let found = meant(&["Id", header], None);
        assert!(found[1].starts_with("account.industry by "), "{header}: {found:?}");
    }
    assert_eq!(meant(&["Industry"], None), ["? account.industry"]);
    assert_eq!(
        meant(&["AccountId", "Account.Industri"], None),
        ["account by crm", "? Account.Industry"]
    );
}

#[test]
fn a_field_further_away_has_a_column_where_a_criterion_asks_for_it() {
    let far = "account.parent.parent.industry";
    for header in ["account.parent.parent.industry", "Account.Parent.Parent.Industry"] {
        let found = meant(&["Id", header], None);
        assert!(found[1].starts_with(&format!("{far} by ")), "{header}: {found:?}");
    }
    assert_eq!(meant(&["Account.Parent.Industry"], None), ["? account.parent.parent.industry"]);
}

#[test]
fn where_two_systems_are_level_a_word_of_both_is_nobodys() {
    let mut fields = leads();
    for (field, crm, mail) in [("note", "Text", "Other"), ("score", "Other", "Text")] {
        let field = fields.iter_mut().find(|known| known.path == field).expect("a field");
        field.columns =
            [("crm".to_owned(), crm.to_owned()), ("mail".to_owned(), mail.to_owned())].into();
    }
    let layout = Layout::of(vec!["Text".to_owned()], &fields, None);
    assert_eq!(layout.systems, ["crm", "mail"]);
    assert!(matches!(&layout.columns[0].meaning, Meaning::Ambiguous(both) if both.len() == 2));
    let told = Layout::of(vec!["Text".to_owned()], &fields, Some("mail"));
    assert!(
        matches!(&told.columns[0].meaning, Meaning::Field(field, _) if fields[*field].path == "score")
    );
}

#[test]
fn of_a_column_that_is_there_twice_the_first_counts() {
    let read = read("Id,Description,Description\n1,first,second\n");
    assert_eq!(read.texts("note"), [Some("first".to_owned())]);
}

#[test]
fn separators_are_found_out_with_quotes_respected() {
    for separator in [",", ";", "\t", "|"] {
        let text = ["Id", "\"Description\"", "Tags__c"].join(separator)
            + "\n"
            + &["1", "\"a,b;c|d\te\"", "a"].join(separator)
            + "\n";
        let read = read(&text);
        assert_eq!(read.texts("note"), [Some("a,b;c|d\te".to_owned())], "{text}");
    }
    let told = read("sep=;\r\nId;Description\r\n1;x,y\r\n");
    assert_eq!(told.texts("note"), [Some("x,y".to_owned())]);
    assert_eq!(told.records[0].0, 3);
}

#[test]
fn the_title_of_a_report_stands_above_the_header() {
    let text = "\"Leads by source\"\n\"As of 2026-06-30\"\n\nId,Description,Score__c\n1,x,2\n";
    let found = read(text);
    assert_eq!((found.read.inputs[0].origin.above, found.records.len()), (2, 1));
    assert_eq!(found.records[0].0, 5);
    // Where the first row names a field it is the header, whatever comes below.
    let found = read("Id,x,y\nId,Description,Score__c\n1,x,2\n");
    assert_eq!(found.read.inputs[0].origin.above, 0);
    assert_eq!(found.read.inputs[0].origin.rival, Some(2));
}

#[test]
fn the_footer_of_a_report_is_no_reject_and_a_broken_row_is_one() {
    let text = "Id,Description,Score__c\n1,x,2\n2,y\n3,z,4\n\n\"My report\"\n\
                \"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n\
                \"Confidential Information - Do Not Distribute\"\n\
                \"Generated By:  Ada Example 6/30/2026 2:05 PM\"\n\"Example Inc\"\n";
    let found = read(text);
    assert_eq!(found.why(), ["3: it has 2 cells, the header 3"]);
    assert_eq!(found.read.inputs[0].footer, 5);
    assert_eq!(found.records.len(), 2);
    // Without such a word the last rows are rejects, like any.
    let found = read("Id,Description,Score__c\n1,x,2\nMy report\n,,\n");
    assert_eq!(found.why(), ["3: it has 1 cell, the header 3"]);
    assert_eq!(found.read.inputs[0].footer, 1);
}

#[test]
fn the_order_of_columns_does_not_matter() {
    let one = read("Id,Description,AnnualRevenue\n7,x,5\n");
    let other = read("AnnualRevenue,Id,Nothing,Description\n5,7,,x\n");
    assert_eq!(one.records[0].1, other.records[0].1);
}

#[test]
fn words_for_a_value_stand_for_it_to_the_letter() {
    let read = read("Id,ForecastCategory\n1,Commit\n2,commit\n3,GTXPro\n4,Forecast\n");
    assert_eq!(
        read.texts("forecast").into_iter().flatten().collect::<Vec<_>>(),
        ["Forecast", "commit", "GTXPro", "Forecast"]
    );
    let field = leads().iter().position(|field| field.path == "forecast").expect("a field");
    let undeclared: Vec<_> = read.read.counts[field].undeclared.keys().cloned().collect();
    assert_eq!(undeclared, ["GTXPro", "commit"]);
}

#[test]
fn a_system_that_is_named_is_the_only_one() {
    let found = read_as(b"vid,forecast\n1,Pipeline\n", Some("crm"), &Form::default());
    assert_eq!(found.expect("an export").texts("id"), [None]);
}

#[test]
fn the_sums_of_a_report_are_no_record_however_wide_they_are() {
    let header = "Description,Company,NumberOfEmployees,AnnualRevenue,CloseDate\n";
    for sums in [
        "Grand Totals (12 records),,,,",
        "\"Grand Totals (1,234 records)\",,,\"1,234.50\",",
        "Total,,5,,",
        ",Total:,,\"EUR 1.234,50\",",
        "GESAMTSUMME,,5,$7.25,",
        "subtotal,,,12.5 %,",
    ] {
        let found = read(format!("{header}a,b,1,2,2026-06-30\n{sums}\n,,,,\n"));
        assert_eq!((found.records.len(), found.rejects.len()), (1, 0), "{sums}");
        let input = &found.read.inputs[0];
        assert_eq!((input.footer, input.closing.len()), (2, 1), "{sums}");
        assert_eq!(input.closing[0].why, "it is a total of a report", "{sums}");
        // Where records follow it is no footer, and said.
        let found = read(format!("{header}a,b,1,2,\n{sums}\nc,d,3,4,\n"));
        assert_eq!((found.records.len(), found.why().len()), (2, 1), "{sums}");
        assert_eq!(found.why(), ["3: it is a total of a report"]);
    }
    for record in [
        "Total,Paris,5,7,",
        "Total,,5,,2026-06-30",
        "Total,,5,,30.06.2026",
        "Total,,00Q5f00000AbCdE,,",
        "Total SE,,5,,",
        "Total,1,2,3,4",
        "Total,,,,",
        "Totals (old),,5,,",
        "x,Total,5,,",
        "Grand,,5,,",
    ] {
        let found = read(format!("{header}a,b,1,2,\n{record}\n"));
        assert_eq!((found.records.len(), found.rejects.len()), (2, 0), "{record}");
        assert_eq!(found.read.inputs[0].footer, 0, "{record}");
    }
    // A number in a field of texts, such as a key, was not summed up, and no object of JSON is a sum.
    for records in [
        "Description,Id,NumberOfEmployees,Budget_Confirmed__c\na,1,5,\nTotal,2,90000,\n",
        "{\"Description\":\"a\",\"NumberOfEmployees\":5,\"Score__c\":null}\n\
         {\"Description\":\"Total\",\"NumberOfEmployees\":90000,\"Score__c\":null}\n",
    ] {
        let found = read(records);
        assert_eq!((found.records.len(), found.rejects.len()), (2, 0), "{records}");
    }
}
