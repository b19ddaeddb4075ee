//! What a proposal does to real records, as a page: first who loses and who gains, then the rest.

use super::difference::RevisionRow;
use super::gaps::gaps;
use super::impact::{
    DestinationRow, GroupRow, ImpactReport, PlaceRow, PoolRow, PromiseRow, RoutingImpactRow,
    TallyRow,
};
use super::records::read_page;
use super::words::{count, list_of, thousands};
use crate::report::{Block, Line, Page, Style};

/// So many destinations and moves are shown in short.
const FEW: usize = 6;

/// How much of it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImpactExtent {
    /// All of it.
    Whole,
    /// What fits into a comment beside other things; the rest is folded away.
    Comment,
    /// Who loses and who gains alone.
    Short,
}

/// The whole report.
pub fn impact_page(report: &ImpactReport) -> Page {
    let mut page = Page::default();
    let title = Line::of("what ").quoted(report.inputs.head.rev.clone());
    page.push(Block::Heading(1, title.plain(" does to real records")));
    let named = |line: Line, row: &RevisionRow| {
        // So much of the name is found in any repository, and read at a glance.
        const DIGITS: usize = 10;
        let line = line.quoted(row.rev.clone());
        let short = row.commit.as_ref().map(|id| id.chars().take(DIGITS).collect::<String>());
        short.map_or(line.clone(), |id| line.dim(format!(" ({id})")))
    };
    let line = named(Line::new().dim("compared from "), &report.inputs.base);
    page.push(Block::Paragraph(named(line.dim(" to "), &report.inputs.head)));
    page.gap();
    page.extend(impact_evidence(report, ImpactExtent::Whole));
    page
}

/// What real records say of a proposal, below a heading of its own.
pub(super) fn impact_evidence(report: &ImpactReport, extent: ImpactExtent) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(headline(report)));
    let most = if extent == ImpactExtent::Whole { usize::MAX } else { FEW };
    who(&mut page, report, most);
    let mut rest = Page::default();
    from_to(&mut rest, report, most);
    groups(&mut rest, report, if extent == ImpactExtent::Whole { usize::MAX } else { 2 * FEW });
    if extent == ImpactExtent::Whole {
        promises(&mut rest, report);
    }
    rooms(&mut rest, report);
    match extent {
        ImpactExtent::Whole => {
            page.gap();
            page.extend(rest);
        }
        ImpactExtent::Comment if !rest.blocks.is_empty() => {
            let words = "From where to where, who enters and leaves what, and some of the records";
            page.gap();
            page.push(Block::Fold(Line::of(words), rest.blocks));
        }
        ImpactExtent::Comment | ImpactExtent::Short => {}
    }
    page.gap();
    checked(&mut page, report);
    page.extend(read_page(&report.read));
    files(&mut page, report);
    gaps(&mut page, &report.gaps);
    page.extend_nested(1, report.notes.iter().map(|note| Line::new().sentence(note)));
    page
}

/// The one sentence to take away.
fn headline(report: &ImpactReport) -> Line {
    let (touched, all) = (report.summary.touched, report.read.records);
    let object = &report.read.object;
    if all == 0 {
        let line = Line::new().with(Style::Warn, "there is no ").quoted(object.clone());
        return line.with(Style::Warn, " record to say it of");
    }
    if touched == 0 && !report.gaps.missing_fields.is_empty() {
        let told = "nothing changes for these records if the fields without a column are empty";
        let line = Line::new().with(Style::Warn, told);
        let missing = report.gaps.missing_fields.iter();
        let fields: Vec<String> = missing.map(|row| format!("`{}`", row.field)).collect();
        return line.plain(": ").sentence(&list_of(&fields));
    }
    if touched == 0 {
        let line = Line::new().with(Style::Good, "nothing changes for any of these records");
        let words = format!(": of {} ", thousands(all));
        let line = line.plain(words).quoted(object.clone());
        return line.plain(" records nobody goes elsewhere, and nobody enters or leaves anything");
    }
    let moved = report.summary.moved;
    let line = Line::new()
        .strong(format!("{} of {} ", thousands(touched), thousands(all)))
        .quoted(object.clone())
        .strong(format!(" records ({}) are treated otherwise", percent(touched, all)));
    match moved {
        0 => line.plain("; none of them goes elsewhere"),
        moved if moved == touched => line.plain("; all of these go elsewhere"),
        moved => line.plain(format!("; {} go elsewhere", thousands(moved))),
    }
}

/// A share in percent, with one digit behind the point.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    if whole == 0 {
        return "none".to_owned();
    }
    let permille = (part * 1000 + whole / 2) / whole;
    match permille {
        0 if part > 0 => "less than 0.1%".to_owned(),
        1000 if part < whole => "more than 99.9%".to_owned(),
        permille => format!("{}.{}%", permille / 10, permille % 10),
    }
}

/// Who loses and who gains how many records: the largest change first.
fn who(page: &mut Page, report: &ImpactReport, most: usize) {
    for table in report.routing.iter().filter(|table| table.moved > 0) {
        let mut rows: Vec<&DestinationRow> =
            table.destinations.iter().filter(|row| row.loses > 0 || row.gains > 0).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.before.abs_diff(row.after)), &row.to));
        page.gap();
        let title = Line::of("Who loses and who gains in ").quoted(table.routing.clone());
        page.push(Block::Heading(2, title));
        if rows.is_empty() {
            let promised = count_of(table.moved, "record is", "records are");
            let line = format!(
                "nobody: {promised} promised something else where they go already, or fall into a gap \
                 that goes there or come out of it"
            );
            page.push(Block::Paragraph(Line::of(line)));
            continue;
        }
        let mut head = ["", "before", "now", "loses", "gains"].map(Line::of).to_vec();
        let sums = report.sum_of.as_ref();
        head.extend(sums.map(|field| Line::of(format!("{field} before → now"))));
        let cells = |row: &&DestinationRow| {
            let mut cells = vec![
                somewhere(row.to.as_ref()),
                Line::of(thousands(row.before)),
                Line::of(thousands(row.after)),
                signed('-', row.loses),
                signed('+', row.gains),
            ];
            let both = row.sum_before.as_ref().zip(row.sum_after.as_ref());
            cells.extend(
                both.map(|(was, is)| Line::of(format!("{} → {}", amount(was), amount(is)))),
            );
            cells
        };
        page.push(Block::Table(head, rows.iter().take(most).map(cells).collect()));
        more(page, rows.len(), most, "destination", "destinations");
    }
}

fn more(page: &mut Page, all: usize, most: usize, one: &str, many: &str) {
    if let Some(more) = all.checked_sub(most).filter(|more| *more > 0) {
        let line = format!("… and {}", count(more, one, many));
        page.push(Block::Paragraph(Line::new().dim(line)));
    }
}

fn signed(sign: char, number: u64) -> Line {
    let style = if sign == '-' { Style::Removed } else { Style::Added };
    match number {
        0 => Line::new(),
        number => {
            Line::new().with(plain_in_markdown(style), format!("{sign}{}", thousands(number)))
        }
    }
}

/// Colour is for terminals; in Markdown a number is no code.
fn plain_in_markdown(style: Style) -> Style {
    match style {
        Style::Removed => Style::Bad,
        _ => Style::Good,
    }
}

fn somewhere(to: Option<&String>) -> Line {
    to.map_or_else(|| Line::of("nowhere"), |to| Line::new().code(to.clone()))
}

/// From where to where.
fn from_to(page: &mut Page, report: &ImpactReport, most: usize) {
    for table in report.routing.iter().filter(|table| !table.moves.is_empty()) {
        page.gap();
        let title = Line::of("From where to where in ").quoted(table.routing.clone());
        page.push(Block::Heading(2, title));
        let rows = table.moves.iter().take(most).map(|row| {
            let promised = row.from.sla != row.to.sla;
            [place(&row.from, promised), place(&row.to, promised)]
                .into_iter()
                .chain(tally(&row.tally))
                .collect()
        });
        page.push(Block::Table(tally_head(&["from", "to"], report), rows.collect()));
        more(page, table.moves.len(), most, "more move", "more moves");
        rules(page, table, most);
    }
    for table in report.routing.iter().filter(|table| table.moves.is_empty()) {
        let by_rule: u64 = table.rules.iter().map(|row| row.tally.records).sum();
        if by_rule > 0 {
            page.gap();
            let line = format!(
                "in `{}` another rule takes {}, and all go where they went",
                table.routing,
                count_of(by_rule, "record", "records")
            );
            page.push(Block::Paragraph(Line::new().sentence(&line)));
        }
    }
}

fn rules(page: &mut Page, table: &RoutingImpactRow, most: usize) {
    for row in table.rules.iter().take(most) {
        let line = Line::new()
            .plain(format!("{} from rule ", thousands(row.tally.records)))
            .quoted(row.from.rule.clone())
            .plain(" to rule ")
            .quoted(row.to.rule.clone());
        page.push(Block::Nested(1, line));
    }
    if let Some(more) = table.rules.len().checked_sub(most).filter(|more| *more > 0) {
        let line =
            format!("… and between {}", count(more, "more pair of rules", "more pairs of rules"));
        page.push(Block::Nested(1, Line::new().dim(line)));
    }
}

fn place(place: &PlaceRow, promised: bool) -> Line {
    let line = somewhere(place.to.as_ref());
    match place.sla.as_ref().filter(|_| promised) {
        Some(sla) => line.plain(" under ").code(sla.clone()),
        None if promised && place.to.is_some() => line.plain(" without a promise"),
        None => line,
    }
}

fn tally_head(first: &[&str], report: &ImpactReport) -> Vec<Line> {
    let mut head: Vec<Line> = first.iter().map(|word| Line::of(*word)).collect();
    head.push(Line::of("records"));
    head.extend(report.sum_of.as_ref().map(Line::of));
    head.push(Line::of("for example"));
    head
}

fn tally(tally: &TallyRow) -> Vec<Line> {
    let mut cells = vec![Line::of(thousands(tally.records))];
    cells.extend(tally.sum.as_ref().map(|sum| Line::of(amount(sum))));
    cells.push(examples(tally));
    cells
}

fn examples(tally: &TallyRow) -> Line {
    let mut line = Line::new();
    for (at, sample) in tally.samples.iter().enumerate() {
        let words = match &sample.key {
            Some(key) => key.clone(),
            None => format!("line {}", sample.line),
        };
        line = if at > 0 { line.plain(", ") } else { line };
        line = if sample.key.is_some() { line.code(words) } else { line.plain(words) };
    }
    line
}

/// An amount with its thousands parted, and no more than two digits behind the point.
pub(super) fn amount(digits: &str) -> String {
    let Ok(amount) = digits.parse::<rust_decimal::Decimal>() else { return digits.to_owned() };
    let text = amount.round_dp(2).normalize().to_string();
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) =
        rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    part.map_or_else(|| format!("{sign}{whole}"), |part| format!("{sign}{whole}.{part:0<2}"))
}

/// Who enters and who leaves what.
fn groups(page: &mut Page, report: &ImpactReport, most: usize) {
    if report.groups.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Heading(2, Line::of("Who enters and who leaves what")));
    let moves = |row: &&GroupRow| row.enter.records + row.leave.records > 0;
    let mut rows: Vec<&GroupRow> = report.groups.iter().filter(moves).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.enter.records.max(row.leave.records)));
    let head = ["", "", "before", "now", "enter", "leave", "proved", "for example"];
    let cells = |row: &&GroupRow| {
        vec![
            Line::of(row.sort),
            Line::new().code(row.address.clone()),
            Line::of(thousands(row.before)),
            Line::of(thousands(row.after)),
            signed('+', row.enter.records),
            signed('-', row.leave.records),
            proved(row),
            examples(if row.enter.records > 0 { &row.enter } else { &row.leave }),
        ]
    };
    if !rows.is_empty() {
        let cells = rows.iter().take(most).map(cells).collect();
        page.push(Block::Table(head.map(Line::of).to_vec(), cells));
        more(page, rows.len(), most, "more group", "more groups");
    }
    let still = report.groups.iter().filter(|row| !moves(row));
    let still: Vec<String> = still.map(|row| format!("`{}`", row.address)).collect();
    if !still.is_empty() {
        let line = format!(
            "{} of these records enters or leaves {}, though what that asks for is another",
            if rows.is_empty() { "none" } else { "and none" },
            list_of(&still)
        );
        page.push(Block::Paragraph(Line::new().sentence(&line)));
    }
}

fn proved(row: &GroupRow) -> Line {
    match (row.present, row.verdict) {
        ("new", _) => Line::of("new"),
        ("gone", _) => Line::of("gone"),
        (_, Some("undecided") | None) => Line::new().with(Style::Warn, "not decided"),
        (_, Some(verdict)) => Line::of(verdict),
    }
}

/// The promises under which another number of records comes.
fn promises(page: &mut Page, report: &ImpactReport) {
    let rows: Vec<&PromiseRow> =
        report.promises.iter().filter(|row| row.sla.is_some() && row.before != row.after).collect();
    if rows.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Heading(2, Line::of("What is promised to how many")));
    let head = ["promise", "where they come to", "team", "before", "now"].map(Line::of);
    let cells = |row: &&PromiseRow| {
        let team = row.team.as_ref().map(|team| Line::new().code(team.clone()));
        vec![
            somewhere(row.sla.as_ref()),
            somewhere(row.to.as_ref()),
            team.unwrap_or_default(),
            Line::of(thousands(row.before)),
            Line::of(thousands(row.after)),
        ]
    };
    page.push(Block::Table(head.to_vec(), rows.iter().map(cells).collect()));
}

/// The pools for which it is too much, or that have room again.
fn rooms(page: &mut Page, report: &ImpactReport) {
    let of_note = |row: &&PoolRow| {
        let grows = row.after > row.before || row.room_after < row.room_before;
        (row.over_after && (grows || !row.over_before)) || (row.over_before && !row.over_after)
    };
    let rows: Vec<&PoolRow> = report.pools.iter().filter(of_note).collect();
    if rows.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Heading(2, Line::of("Room")));
    for row in rows {
        let room = row.room_after.unwrap_or_default();
        let people = count_of(row.people_after, "person", "people");
        let was = match (row.over_before, row.over_after) {
            (true, true) => "; it was too many before",
            (_, true) => "; before there was room",
            _ => ": there is room again",
        };
        let style = if row.over_after { Style::Warn } else { Style::Good };
        let line = Line::new().with(style, if row.over_after { "full: " } else { "" });
        let words = format!(
            "{} of these records come ({} before), and its {people} may hold {} at a time{was}",
            thousands(row.after),
            thousands(row.before),
            thousands(room)
        );
        page.push(Block::Nested(1, line.quoted(row.queue.clone()).plain(": ").plain(words)));
    }
    let words = "compared are all records of the files, open or not, with what is said of capacity: of a \
                 person, of the queue, and of a member's share the least";
    page.push(Block::Nested(1, Line::new().dim(words)));
}

/// What all this was held against, and what was not.
fn checked(page: &mut Page, report: &ImpactReport) {
    let held = report.routing.iter().filter(|table| table.checked && table.present == "both");
    let tables: Vec<String> = held.map(|table| format!("`{}`", table.routing)).collect();
    if !tables.is_empty() {
        let line = format!(
            "held against the proof: no record goes elsewhere in {} but those for which it is proved",
            list_of(&tables)
        );
        page.push(Block::Paragraph(Line::new().sentence(&line)));
    }
    let same: Vec<String> =
        report.same.iter().map(|(sort, number)| format!("{number} × {sort}")).collect();
    if !same.is_empty() {
        let line = format!("the same in both, so that nobody enters or leaves: {}", list_of(&same));
        page.push(Block::Paragraph(Line::new().dim(line)));
    }
    unchecked(page, report);
    beside_proof(page, report);
    for missing in &report.not_compared {
        let line = Line::new().with(Style::Bad, "not compared: ").quoted(missing.address.clone());
        page.push(Block::Paragraph(line.plain(", ").sentence(&missing.reason)));
    }
}

/// What is not proved, and why.
fn unchecked(page: &mut Page, report: &ImpactReport) {
    let tables = report.routing.iter().filter(|table| !table.checked);
    let tables = tables.map(|table| (&table.routing, table.unchecked.join("; ")));
    let groups = report.groups.iter();
    let groups = groups.filter_map(|group| Some((&group.address, group.undecided.clone()?)));
    for (address, why) in tables.chain(groups) {
        let line = Line::new().with(Style::Warn, "not checked: ").quoted(address.clone());
        page.push(Block::Paragraph(line.plain(": ").sentence(&why)));
    }
}

/// The records of which the proof does not speak.
fn beside_proof(page: &mut Page, report: &ImpactReport) {
    let tables = report.routing.iter().map(|table| (&table.routing, table.beside_proof));
    let groups = report.groups.iter().map(|group| (&group.address, group.beside_proof));
    for (address, number) in tables.chain(groups).filter(|(_, number)| *number > 0) {
        let line = format!(
            "{} in `{address}` {} a value that no field declares, or {} one that is required: nothing is \
             proved of such, and they are counted all the same",
            count_of(number, "record", "records"),
            if number == 1 { "holds" } else { "hold" },
            if number == 1 { "lacks" } else { "lack" },
        );
        page.push(Block::Paragraph(Line::new().sentence(&line)));
    }
}

/// The files, each by its hash.
fn files(page: &mut Page, report: &ImpactReport) {
    let known = report.read.files.iter().filter_map(|file| {
        let hash = file.sha256.as_ref()?;
        let words = format!(": {}, SHA-256 ", count_of(file.records, "record", "records"));
        Some(Line::new().quoted(file.name.clone()).plain(words).code(hash.clone()))
    });
    page.extend_nested(1, known);
}

fn count_of(number: u64, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        number => format!("{} {many}", thousands(number)),
    }
}
