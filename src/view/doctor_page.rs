//! What ails exports of records, as a page: what was understood, what is missing, what to do.

use super::doctor::{
    AskingRow, ColumnRow, DoctorReport, FieldRow, InputRow, KeysRow, OptionRow, RejectRow,
    UnreadableRow,
};
use super::records::late_notes;
use super::words::{counted, list_of, thousands};
use crate::records::TRUTH;
use crate::report::{Block, Line, Page, Style};

/// So many lines of a list are shown; the JSON has them all.
const LINES: usize = 30;

/// So many values of a field, and so many askers of it.
const FEW: usize = 6;

/// The report as a page.
pub fn doctor_page(report: &DoctorReport) -> Page {
    let mut page = Page::default();
    if let Some(found) = &report.object_found {
        page.push(Block::Paragraph(Line::new().sentence(found)));
    }
    for (input, file) in report.inputs.iter().zip(&report.read.files) {
        page.gap();
        page.push(Block::Heading(1, Line::new().code(&input.name)));
        page.push(Block::Paragraph(opening(report, input, file.records)));
        page.extend_nested(1, notes(input, file.footer, file.rejected));
        page.extend_nested(2, input.closing.iter().map(|row| row_line(input, row)));
        columns(&mut page, report, input);
    }
    missing(&mut page, report);
    undeclared(&mut page, report);
    unreadable(&mut page, report);
    unsure(&mut page, report);
    keys(&mut page, report);
    rejects(&mut page, report);
    verdict(&mut page, report);
    page
}

fn opening(report: &DoctorReport, input: &InputRow, records: u64) -> Line {
    let line = Line::new()
        .strong(counted(records, "record"))
        .plain(" of ")
        .quoted(&report.read.object)
        .plain(format!("; {}", input.notation));
    let line = match input.separator.as_deref() {
        Some("\t") => line.plain(" with tabs"),
        Some(separator) => line.plain(" with ").quoted(separator),
        None => line,
    };
    let line = line.plain(format!(", {}", input.encoding));
    let line = match input.packing {
        Some(packing) => line.plain(format!(", packed with {packing}")),
        None => line,
    };
    match input.systems.as_slice() {
        [] => line,
        systems => systems.iter().enumerate().fold(line, |line, (at, system)| {
            line.plain(if at == 0 { "; its columns are called as in " } else { " or " })
                .quoted(system)
        }),
    }
}

fn notes(input: &InputRow, footer: u64, rejected: u64) -> Vec<Line> {
    let mut notes = Vec::new();
    let mut note = |words: String| notes.push(Line::new().sentence(&words));
    if input.mended_bytes > 0 {
        let bytes = thousands(input.mended_bytes);
        note(match input.encoding {
            "UTF-8" => format!("{bytes} bytes are not UTF-8 and were read as Windows-1252"),
            encoding => format!("{bytes} bytes are not {encoding} and were replaced"),
        });
    }
    if input.rows_above > 0 {
        let rows = rows(input.rows_above as u64);
        note(format!("{rows} above the header are the title of a report and were left out"));
    }
    if let Some(line) = input.rival_header {
        note(format!("line {line} names fields too; the first row was taken as the header"));
    }
    if let Some(broken) = &input.broken {
        let (line, why) = (thousands(broken.line), &broken.why);
        note(format!(
            "it breaks off at line {line}: {why}; what is said here is of what stands before"
        ));
    }
    if rejected > 0 {
        note(format!("{} could not be read; see below", rows(rejected)));
    }
    if footer > 0 {
        let hold = if footer == 1 { "holds" } else { "hold" };
        note(format!("{} {hold} no record: empty, or the footer of a report", rows(footer)));
    }
    notes
}

fn rows(number: u64) -> String {
    counted(number, "row")
}

fn columns(page: &mut Page, report: &DoctorReport, input: &InputRow) {
    let (known, others): (Vec<&ColumnRow>, Vec<&ColumnRow>) =
        input.columns.iter().partition(|column| column.field.is_some());
    page.gap();
    let share = |column: &ColumnRow| {
        let field = report.fields.iter().find(|field| Some(&field.field) == column.field.as_ref());
        let set = field.map_or(0, |field| field.set);
        let percent = (set * 100).checked_div(report.read.records).unwrap_or(0);
        match (set, percent) {
            (0, _) => "never".to_owned(),
            (_, 0) => "< 1 %".to_owned(),
            (_, percent) => format!("{percent} %"),
        }
    };
    let row = |column: &&ColumnRow| {
        vec![
            Line::of(&column.column),
            Line::new().code(column.field.clone().unwrap_or_default()),
            Line::new().dim(column.by.clone().unwrap_or_default()),
            Line::of(share(column)),
        ]
    };
    if known.is_empty() {
        let line = Line::new().with(Style::Bad, "no column is a field of ");
        page.push(Block::Paragraph(line.quoted(&report.read.object)));
    } else {
        let head = ["column", "field", "recognised by", "set"].map(Line::of).to_vec();
        page.push(Block::Table(head, known.iter().map(row).collect()));
    }
    if others.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Heading(2, Line::of("Columns that are not used")));
    page.extend_nested(1, others.iter().take(LINES).map(|column| other(column, input)));
    more(page, others.len());
}

fn other(column: &ColumnRow, input: &InputRow) -> Line {
    let line = match column.column.trim() {
        "" => Line::new().dim("(no header)"),
        header => Line::new().code(header),
    };
    let header = |place: usize| {
        place
            .checked_sub(1)
            .and_then(|at| input.columns.get(at))
            .map(|column| column.column.clone())
    };
    match (column.repeats, column.differs) {
        (Some(place), Some(0)) => line
            .plain(" says the same as ")
            .quoted(header(place).unwrap_or_default())
            .plain(format!(", column {place}")),
        (Some(place), differs) => line
            .plain(" is the field of ")
            .quoted(header(place).unwrap_or_default())
            .plain(format!(", column {place}, which counts; "))
            .with(Style::Warn, format!("they differ in {}", records(differs.unwrap_or(0)))),
        _ if !column.may_be.is_empty() => line
            .with(Style::Warn, " may be several fields: ")
            .plain(list_of(&column.may_be))
            .plain("; say which by `columns` of the field"),
        _ => match &column.near {
            Some(near) => line.plain("; did you mean ").quoted(near).plain("?"),
            None => line,
        },
    }
}

/// How many more there are than are shown.
fn more(page: &mut Page, all: usize) {
    if all > LINES {
        let words = format!("and {} more", thousands((all - LINES) as u64));
        page.push(Block::Nested(1, Line::new().dim(words)));
    }
}

fn section(page: &mut Page, title: &str) {
    page.gap();
    page.push(Block::Heading(2, Line::of(title)));
}

/// The fields that no file has and that are asked for, and those only some files have.
fn missing(page: &mut Page, report: &DoctorReport) {
    let lacking: Vec<&FieldRow> = report.fields.iter().filter(|field| is_missed(field)).collect();
    if !lacking.is_empty() {
        section(page, "Missing, and what has no answer without it");
        let row = |field: &&FieldRow| {
            let line = Line::new().code(&field.field);
            let some = field.missing_in.len() < report.inputs.len();
            let line =
                if some { line.dim(format!(" in {}", field.missing_in.join(", "))) } else { line };
            vec![line, askers(&field.asked_by)]
        };
        let head = ["field", "asked for by"].map(Line::of).to_vec();
        page.push(Block::Table(head, lacking.iter().map(row).collect()));
    }
    if !report.unused.is_empty() {
        let all = report.unused.len();
        let line = Line::new().dim("not there either, and asked for by nothing: ");
        let shown = report.unused.iter().take(LINES).cloned().collect::<Vec<_>>();
        let line = line.dim(if all > LINES {
            format!("{} and {} more", shown.join(", "), all - LINES)
        } else {
            list_of(&shown)
        });
        page.gap();
        page.push(Block::Paragraph(line));
    }
}

pub(super) fn is_missed(field: &FieldRow) -> bool {
    !field.missing_in.is_empty() && !field.asked_by.is_empty()
}

fn askers(asked_by: &[AskingRow]) -> Line {
    let mut line = Line::new();
    for (at, asking) in asked_by.iter().take(FEW).enumerate() {
        line = line.plain(if at == 0 { "" } else { ", " }).code(&asking.address);
        let parts = asking.parts.len();
        line = match parts {
            0 => line,
            1..=3 => line.dim(format!(" ({})", asking.parts.join(", "))),
            _ => line.dim(format!(" ({parts} parts)")),
        };
    }
    match asked_by.len().checked_sub(FEW) {
        None | Some(0) => line,
        Some(rest) => line.dim(format!(" and {rest} more")),
    }
}

fn undeclared(page: &mut Page, report: &DoctorReport) {
    let fields: Vec<&FieldRow> =
        report.fields.iter().filter(|field| !field.undeclared.is_empty()).collect();
    if fields.is_empty() {
        return;
    }
    section(page, "Values that are not declared");
    let mut rows = Vec::new();
    for field in fields {
        for (at, value) in field.undeclared.iter().take(FEW).enumerate() {
            let near = match &value.near {
                Some(near) => Line::new().plain("did you mean ").quoted(near).plain("?"),
                None => Line::new(),
            };
            let name = if at == 0 { Line::new().code(&field.field) } else { Line::new() };
            rows.push(vec![name, Line::of(&value.value), Line::of(thousands(value.count)), near]);
        }
        if let Some(rest) = field.undeclared.len().checked_sub(FEW).filter(|rest| *rest > 0) {
            let count: u64 = field.undeclared.iter().skip(FEW).map(|value| value.count).sum();
            let count = count + field.more_undeclared;
            let words = if field.more_undeclared > 0 {
                format!("{} more values, and yet others", thousands(rest as u64))
            } else {
                counted(rest as u64, "more value")
            };
            rows.push(vec![
                Line::new(),
                Line::new().dim(words),
                Line::of(thousands(count)),
                Line::new(),
            ]);
        }
    }
    let head = ["field", "value", "records", ""].map(Line::of).to_vec();
    page.push(Block::Table(head, rows));
}

fn unreadable(page: &mut Page, report: &DoctorReport) {
    let fields = report.fields.iter().filter_map(|field| Some((field, field.unreadable.as_ref()?)));
    let mut lines = Vec::new();
    for (field, cells) in fields {
        let line = Line::new()
            .code(&field.field)
            .plain(format!(": {} that should be {}, such as ", holds(cells.count), cells.wanted))
            .quoted(&cells.sample);
        let line = match (&cells.file, cells.line) {
            (Some(file), Some(at)) => line.dim(format!(" ({file}:{at})")),
            _ => line,
        };
        lines.push((line, remedy(cells)));
    }
    if lines.is_empty() {
        return;
    }
    section(page, "Cells that cannot be read, and count as empty");
    for (line, remedy) in lines {
        page.push(Block::Nested(1, line));
        page.push(Block::Nested(2, remedy));
    }
}

/// Numbers that may be thousands.
fn unsure(page: &mut Page, report: &DoctorReport) {
    let fields = report.fields.iter().filter_map(|field| Some((field, field.unsure.as_ref()?)));
    for (at, (field, cells)) in fields.enumerate() {
        if at == 0 {
            section(page, "Numbers that may be thousands");
        }
        let line = Line::new()
            .code(&field.field)
            .plain(format!(": {} read as a fraction, such as ", holds(cells.count)))
            .quoted(&cells.sample);
        let line = match (&cells.file, cells.line) {
            (Some(file), Some(at)) => line.dim(format!(" ({file}:{at})")),
            _ => line,
        };
        page.push(Block::Nested(1, line));
        let help =
            "`--numbers 1234.56` says that they are fractions, `--numbers 1.234,56` thousands";
        page.push(Block::Nested(2, Line::new().sentence(help)));
    }
}

fn holds(cells: u64) -> String {
    counted(cells, "cell")
}

/// What would read the cells.
fn remedy(cells: &UnreadableRow) -> Line {
    let whole = || cells.options.iter().filter(|option| option.loses.is_none());
    let most = whole().map(|option| option.reads).max().unwrap_or(0);
    if most < cells.count
        && let Some(OptionRow { option, reads, loses: Some(lost) }) =
            cells.options.iter().find(|option| option.loses.is_some() && option.reads > most)
    {
        return Line::new()
            .quoted(option)
            .plain(format!(" reads {} of them, but not ", thousands(*reads)))
            .quoted(lost)
            .plain(
                ", which is read now: the field is written in more than one form; export it in one",
            );
    }
    let mut best: Vec<String> = Vec::new();
    for option in whole().filter(|option| option.reads == most && most > 0) {
        // The plainest comes first.
        if !best.iter().any(|earlier| has_same_point(earlier, &option.option)) {
            best.push(option.option.clone());
        }
    }
    let best: Vec<String> = best.iter().map(|option| format!("`{option}`")).collect();
    match (best.as_slice(), most == cells.count) {
        ([], _) if cells.wanted == TRUTH => Line::new().sentence(
            "`true`, `yes` and `1` are true, `false`, `no` and `0` false; say by `label` \
             of the field what other words stand for",
        ),
        ([], _) => Line::new().dim("no form of numbers or dates reads them"),
        ([only], true) => Line::new().sentence(&format!("{only} reads all of them")),
        (best, true) => {
            let names = best.join(" and ");
            Line::new().sentence(&format!("{names} would read all of them: say which is meant"))
        }
        _ => {
            let each = cells.options.iter();
            let each = each.map(|it| format!("`{}` reads {}", it.option, thousands(it.reads)));
            Line::new().sentence(&list_of(&each.collect::<Vec<_>>()))
        }
    }
}

/// Whether two options differ only in what stands between thousands.
fn has_same_point(one: &str, other: &str) -> bool {
    let point = |option: &str| Some(option.strip_prefix("--numbers ")?.ends_with(",56"));
    point(one).is_some() && point(one) == point(other)
}

fn keys(page: &mut Page, report: &DoctorReport) {
    let says = |keys: &&KeysRow| keys.repeated + keys.unset > 0 || keys.one_of > 1;
    let Some(keys) = report.keys.as_ref().filter(says) else { return };
    section(page, "Keys");
    if keys.unset > 0 {
        let line = Line::of(format!("{} without ", records(keys.unset))).code(&keys.field);
        page.push(Block::Nested(1, line));
    }
    if keys.repeated > 0 {
        let line = Line::of(format!("{} with the ", records(keys.repeated)))
            .code(&keys.field)
            .plain(" of an earlier one");
        page.push(Block::Nested(1, line));
        page.extend_nested(
            2,
            keys.pairs.iter().map(|[one, other]| {
                let same = one.file == other.file;
                let second = if same {
                    format!("line {}", other.line)
                } else {
                    format!("{}:{}", other.file, other.line)
                };
                Line::new().dim(format!("{}:{} and {second}", one.file, one.line))
            }),
        );
    }
    if keys.one_of > 1 {
        let (counted, one_of) = (thousands(keys.counted), thousands(keys.one_of));
        let words = format!("{counted} were compared: about one key in {one_of}");
        page.push(Block::Nested(1, Line::new().dim(words)));
    }
}

fn records(number: u64) -> String {
    counted(number, "record")
}

fn rejects(page: &mut Page, report: &DoctorReport) {
    if report.read.rejected == 0 {
        return;
    }
    section(page, "Rows that are no records");
    for input in &report.inputs {
        page.extend_nested(1, input.rejects.iter().map(|reject| row_line(input, reject)));
    }
    let shown: usize = report.inputs.iter().map(|input| input.rejects.len()).sum();
    let rest = report.read.rejected.saturating_sub(shown as u64);
    if rest > 0 {
        let words = format!("and {} more; `--rejects FILE` writes all", thousands(rest));
        page.push(Block::Nested(1, Line::new().sentence(&words)));
    }
}

/// Where a row stands that is no record, why, and what is written in it.
fn row_line(input: &InputRow, row: &RejectRow) -> Line {
    Line::new()
        .code(format!("{}:{}", input.name, row.line))
        .plain(format!("  {}: ", row.why))
        .dim(&row.written)
}

fn verdict(page: &mut Page, report: &DoctorReport) {
    page.gap();
    let line = match report.problems.len() {
        0 => Line::new().with(Style::Good, "fit: everything the model asks for can be answered"),
        1 => Line::new().with(Style::Bad, "1 problem"),
        many => Line::new().with(Style::Bad, format!("{many} problems")),
    };
    page.push(Block::Paragraph(line));
    page.extend_nested(
        1,
        report.problems.iter().take(LINES).map(|problem| Line::new().sentence(problem)),
    );
    more(page, report.problems.len());
}

/// What is wrong, in a sentence each.
pub(super) fn problems(report: &DoctorReport) -> Vec<String> {
    let mut problems = Vec::new();
    for (input, file) in report.inputs.iter().zip(&report.read.files) {
        of_input(&mut problems, report, input);
        problems.extend(late_notes(file));
        if file.rejected > 0 {
            let are = if file.rejected == 1 { "is no record" } else { "are no records" };
            problems.push(format!("`{}`: {} {are}", input.name, rows(file.rejected)));
        }
        if file.records == 0 {
            problems.push(format!("`{}` holds no record", input.name));
        }
    }
    let missed: Vec<String> = report
        .fields
        .iter()
        .filter(|field| is_missed(field))
        .map(|field| format!("`{}`", field.field))
        .collect();
    match missed.as_slice() {
        [] => {}
        [only] => problems.push(format!("{only} is missing, and the model asks for it")),
        many => {
            let number = many.len();
            problems.push(format!(
                "{number} fields are missing that the model asks for: {}",
                few_of(many)
            ));
        }
    }
    for field in &report.fields {
        if let Some(cells) = &field.unreadable {
            problems.push(format!("`{}`: {} cannot be read", field.field, holds(cells.count)));
        }
        if let Some(cells) = &field.unsure {
            let may = holds(cells.count);
            problems.push(format!("`{}`: {may} may be a fraction or thousands", field.field));
        }
        if !field.undeclared.is_empty() {
            let count: u64 = field.undeclared.iter().map(|value| value.count).sum();
            let count = count + field.more_undeclared;
            let are = if count == 1 {
                "1 value is".to_owned()
            } else {
                format!("{} values are", thousands(count))
            };
            problems.push(format!("`{}`: {are} not declared", field.field));
        }
    }
    if let Some(keys) = &report.keys {
        if keys.repeated > 0 {
            let told = records(keys.repeated);
            let of = match keys.one_of {
                0 | 1 => String::new(),
                many => format!(" (about one key in {} was compared)", thousands(many)),
            };
            problems.push(format!("`{}`: {told} with the key of an earlier one{of}", keys.field));
        }
        if keys.unset > 0 {
            problems.push(format!("`{}`: {} without a key", keys.field, records(keys.unset)));
        }
    }
    problems
}

/// The first of many, and how many more there are.
fn few_of(many: &[String]) -> String {
    match many.split_at_checked(FEW) {
        Some((few, rest)) if !rest.is_empty() => {
            format!("{} and {} more", few.join(", "), rest.len())
        }
        _ => list_of(many),
    }
}

fn of_input(problems: &mut Vec<String>, report: &DoctorReport, input: &InputRow) {
    let name = &input.name;
    if let Some(broken) = &input.broken {
        let line = thousands(broken.line);
        problems.push(format!("`{name}` breaks off at line {line}: {}", broken.why));
    }
    if !input.columns.iter().any(|column| column.field.is_some()) {
        let object = &report.read.object;
        problems.push(format!("`{name}`: no column is a field of `{object}`"));
    }
    if let Some(line) = input.rival_header {
        problems.push(format!("`{name}`: line {line} looks like a header too"));
    }
    for column in &input.columns {
        let header = &column.column;
        if !column.may_be.is_empty() {
            problems.push(format!("`{name}`: column `{header}` may be several fields"));
        }
        if let Some(differs) = column.differs.filter(|differs| *differs > 0) {
            let told = records(differs);
            problems.push(format!(
                "`{name}`: column `{header}` is there twice, and not the same in {told}"
            ));
        }
    }
}
