//! Records that deviate from the model, as a page for whoever has to do something about it.

use super::bars;
use super::deviations::{Chosen, DeviationsReport, LimitRow};
use super::records::read_page;
use super::words::{list_of, thousands};
use crate::measure::deviations::{
    Count, Deviation, Deviations, Group, Kind, Lapse, PromiseCount, Spread,
};
use crate::measure::{Roster, RoutingDates, State};
use crate::model::Clock;
use crate::report::{Block, Line, Page, Style, in_ticks};

/// What is written for an owner where the file has no column for it.
const UNSAID: &str = "not said";

/// So many kinds are named as what to do first.
const FIRST: usize = 3;
/// So many owners are listed.
const OWNERS: usize = 12;
/// So many names are given where more could be.
const NAMES: usize = 6;

/// The page.
pub fn deviations_page(
    found: &Deviations,
    report: &DeviationsReport,
    roster: &Roster,
    limit: usize,
) -> Page {
    let mut page = read_page(&report.read);
    if report.at.commit.is_some() {
        paragraph(&mut page, &format!("by the model of `{}`", report.at.rev));
    }
    if report.read.records == 0 {
        paragraph(&mut page, "there is no record, and so nothing to judge");
        limits(&mut page, &report.limits);
        return page;
    }
    headline(&mut page, found, report);
    limits(&mut page, &report.limits);
    first(&mut page, found);
    kinds(&mut page, found);
    routing_dates(&mut page, found, &report.read.object);
    promises(&mut page, found);
    owners(&mut page, found, roster);
    worst(&mut page, found);
    waived(&mut page, found, limit);
    open_questions(&mut page, found, roster);
    page
}

fn paragraph(page: &mut Page, text: &str) {
    page.push(Block::Paragraph(Line::new().sentence(text)));
}

fn section(page: &mut Page, title: &str) {
    page.gap();
    page.push(Block::Heading(2, Line::of(title)));
}

fn headline(page: &mut Page, found: &Deviations, report: &DeviationsReport) {
    let Chosen { owner, team, new_since, .. } = &report.selection;
    if owner.is_some() || team.is_some() {
        let whose = [owner.as_deref(), team.as_deref()].into_iter().flatten();
        let whose = list_of(&whose.map(|who| format!("`{who}`")).collect::<Vec<_>>());
        let looked = records(found.looked_at);
        paragraph(page, &format!("only what belongs to {whose}: {looked}"));
    }
    let new = if new_since.is_some() { "new " } else { "" };
    let what = if found.total == 1 { "deviation" } else { "deviations" };
    let share = percent(found.records, found.looked_at);
    let told = match found.total {
        0 => format!("no {new}deviation from the model"),
        total => format!(
            "{} {new}{what} from the model in {} of {}{share}",
            thousands(total),
            thousands(found.records),
            records(found.looked_at),
        ),
    };
    let line = Line::new().with(Style::Strong, told);
    let waived = report.summary.waived;
    let line = if waived > 0 {
        line.plain(format!("; {} more waived by exceptions", thousands(waived)))
    } else {
        line
    };
    page.push(Block::Paragraph(line));
    if let (Some(earlier), Some(file)) = (&report.summary.earlier, new_since) {
        let moved = if owner.is_some() || team.is_some() { " or with others by now" } else { "" };
        let told = format!(
            "of the {} in `{file}`, {} still there and {} gone{moved}",
            thousands(earlier.before + earlier.not_looked_for),
            are(earlier.still),
            are(earlier.gone)
        );
        let apart = match earlier.not_looked_for {
            0 => String::new(),
            rest => {
                let were = if rest == 1 { "was" } else { "were" };
                format!("; {} {were} not looked for now, or could not be judged", thousands(rest))
            }
        };
        paragraph(page, &format!("{told}{apart}"));
    }
}

fn are(number: u64) -> String {
    let word = if number == 1 { "is" } else { "are" };
    format!("{} {word}", thousands(number))
}

fn records(number: u64) -> String {
    let word = if number == 1 { "record" } else { "records" };
    format!("{} {word}", thousands(number))
}

/// ` (10.8%)`
fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    format!(" ({})", bars::percent(part, whole))
}

fn limits(page: &mut Page, limits: &[LimitRow]) {
    for limit in limits {
        let of = match &limit.kind {
            Some(kind) => format!("`{kind}`"),
            None if limit.found == 1 => "deviation of any kind".to_owned(),
            None => "deviations of all kinds".to_owned(),
        };
        let (found, most) = (thousands(limit.found), thousands(limit.most));
        let (style, mark, told) = match limit.exceeded {
            Some(true) => (Style::Bad, "✗ ", "more than allowed"),
            Some(false) => (Style::Good, "✓ ", "within bounds"),
            None => (Style::Warn, "? ", "cannot be said"),
        };
        let but = match limit.exceeded {
            None => format!(", but not all is judged: {}", limit.not_judged.join("; ")),
            Some(_) => String::new(),
        };
        let told = format!("{told}: {found} {of}, and at most {most} may be{but}");
        let line = Line::new().with(style, mark).sentence(&told);
        page.push(Block::Paragraph(line));
    }
}

fn first(page: &mut Page, found: &Deviations) {
    let some: Vec<_> = found.kinds.iter().filter(|(_, count)| count.deviations > 0).collect();
    // A list of one kind says by itself what to do.
    if some.is_empty() {
        return;
    }
    section(page, "What to do first");
    for (at, (kind, count)) in some.into_iter().take(FIRST).enumerate() {
        let line = Line::of(format!("{}. ", at + 1))
            .strong(format!("{} {kind}", thousands(count.deviations)))
            .plain(format!(": {}", kind.advice()));
        page.push(Block::Nested(1, line));
    }
}

fn kinds(page: &mut Page, found: &Deviations) {
    let is_shown = |count: &Count| count.judged > 0 || count.deviations > 0;
    let shown = found.kinds.iter().filter(|(_, count)| is_shown(count));
    if shown.clone().next().is_none() {
        return;
    }
    section(page, "By kind");
    let head = ["kind", "found", "records", "judged", "waived", "what it means"];
    let rows = shown.map(|(kind, count)| {
        let style = match count.deviations {
            0 => Style::Dim,
            _ if *kind <= Kind::SlaSoon => Style::Bad,
            _ => Style::Plain,
        };
        let waived = if count.waived == 0 { String::new() } else { thousands(count.waived) };
        vec![
            Line::new().code(kind.id()),
            Line::new().with(style, thousands(count.deviations)),
            Line::of(thousands(count.records)),
            Line::of(thousands(count.judged)),
            Line::of(waived),
            Line::new().dim(kind.means()),
        ]
    });
    page.push(Block::Table(head.map(Line::of).to_vec(), rows.collect()));
}

/// For which moment the owner of a record was held against routing, where some are with somebody else.
fn routing_dates(page: &mut Page, found: &Deviations, object: &str) {
    let about = [Kind::Misrouted, Kind::Overridden, Kind::OlderRevision];
    let mut some = found.kinds.iter().filter(|(kind, _)| about.contains(kind));
    if !some.any(|(_, count)| count.deviations > 0) {
        return;
    }
    let RoutingDates { routed, declared, exported, created } = &found.dated_by;
    let came = created.as_ref().map(|field| format!("`{field}`, when a record came"));
    let write =
        |field: &str| format!("write `routed_field = \"{field}\"` into `[object.{object}]`");
    let when = match (routed, declared) {
        (Some(field), true) => {
            format!("`{field}`, the date of routing that `object.{object}` names")
        }
        (Some(field), false) => format!(
            "`{field}`, by which most promises start that routing rules name ({} to say so)",
            write(field)
        ),
        (None, _) => String::new(),
    };
    let missing = match routed {
        Some(field) => format!("the export has no column for `{field}`"),
        None => format!("no date says when a record was routed ({})", write("…")),
    };
    let told = match (exported, came) {
        (true, None) => format!("are asked as of {when}"),
        (true, Some(came)) => format!("are asked as of {when}; where it is empty, as of {came}"),
        (false, Some(came)) => format!("are asked as of {came}: {missing}"),
        (false, None) => format!("are not asked: {missing}"),
    };
    paragraph(page, &format!("older revisions of the routing {told}"));
}

fn promises(page: &mut Page, found: &Deviations) {
    let about: Vec<_> = found.promises.iter().filter(|promise| promise.about() > 0).collect();
    if about.is_empty() {
        return;
    }
    section(page, "Promises");
    let head = [
        "promise",
        "records",
        "kept",
        "late",
        "breached",
        "soon",
        "open",
        "other",
        "kept of decided",
    ];
    let rows = about.iter().map(|promise| {
        let (decided, kept) = promise.kept();
        let number = |state| Line::of(thousands(promise.at(state)));
        let other = [State::NotStarted, State::Unserved, State::Unclear];
        let other: u64 = other.into_iter().map(|state| promise.at(state)).sum();
        vec![
            Line::new().code(promise.address.as_str()),
            Line::of(thousands(promise.about())),
            number(State::Kept),
            number(State::Late),
            number(State::Overdue),
            number(State::Soon),
            number(State::Open),
            Line::of(thousands(other)),
            share(promise, kept, decided),
        ]
    });
    page.push(Block::Table(head.map(Line::of).to_vec(), rows.collect()));
    let told = "a clock that still runs is never counted as kept; other: not begun, settled without being served, or stopped before it began";
    page.push(Block::Nested(1, Line::new().dim(told)));
    stretches(page, &about);
}

/// `82.5% of 40, wanted 95%`
fn share(promise: &PromiseCount, kept: u64, decided: u64) -> Line {
    if decided == 0 {
        return Line::new().dim("none decided");
    }
    let share = bars::percent(kept, decided);
    let target = promise.target.map(|target| format!(", wanted {target}")).unwrap_or_default();
    Line::of(format!("{share} of {}{target}", thousands(decided)))
}

/// How long systems and people took, apart.
fn stretches(page: &mut Page, promises: &[&PromiseCount]) {
    let cell = |spread: &Spread, business: bool, day: Option<i64>| match spread.median() {
        Some(seconds) => {
            // Where nobody knows how long a day is, it is told in hours.
            let lapse = Lapse { seconds, business, day: day.unwrap_or(i64::MAX) };
            Line::of(lapse.to_string()).dim(format!(" of {}", thousands(spread.of)))
        }
        None => Line::new().dim("not known"),
    };
    let known = |promise: &&&PromiseCount| promise.system.of > 0 || promise.people.of > 0;
    let rows: Vec<Vec<Line>> = promises
        .iter()
        .filter(known)
        .map(|promise| {
            let business = promise.within.clock == Clock::Business;
            vec![
                Line::new().code(promise.address.as_str()),
                cell(&promise.system, false, Some(24 * 60 * 60)),
                cell(&promise.people, business, promise.day),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.gap();
    let told = "Half of the records waited no longer than this, for systems and for people:";
    page.push(Block::Paragraph(Line::of(told)));
    let head = ["promise", "until it was somebody's turn", "then until it was served"];
    page.push(Block::Table(head.map(Line::of).to_vec(), rows));
}

fn owners(page: &mut Page, found: &Deviations, roster: &Roster) {
    if found.total == 0 {
        return;
    }
    section(page, "By owner");
    let team = |team: Option<&String>| match team {
        Some(team) => Line::of(roster.name_of(team)),
        None => Line::new().dim("not known"),
    };
    let rows = found.owners.iter().take(OWNERS).map(|(holder, group)| {
        let name = match &holder.name {
            Some(name) if holder.known => Line::of(name),
            Some(name) => Line::new().with(Style::Warn, name),
            None if holder.unsaid => Line::new().dim(UNSAID),
            None => Line::new().with(Style::Warn, "nobody"),
        };
        let mut row = vec![name, team(holder.team.as_ref())];
        row.extend(group_cells(group));
        row
    });
    let head = ["owner", "team", "found", "records", "the worst of it"];
    page.push(Block::Table(head.map(Line::of).to_vec(), rows.collect()));
    let more = found.owners.len().saturating_sub(OWNERS);
    if more > 0 {
        let told = format!("and {more} more; `--owner` shows one of them, `--format json` all");
        page.push(Block::Nested(1, Line::new().sentence(&told)));
    }
    section(page, "By team");
    let rows = found.teams.iter().map(|(address, group)| {
        let mut row = vec![team(address.as_ref())];
        row.extend(group_cells(group));
        row
    });
    let head = ["team", "found", "records", "the worst of it"];
    page.push(Block::Table(head.map(Line::of).to_vec(), rows.collect()));
}

fn group_cells(group: &Group) -> [Line; 3] {
    let worst: Vec<String> = group
        .kinds
        .iter()
        .take(2)
        .map(|(kind, count)| format!("{} {kind}", thousands(*count)))
        .collect();
    [
        Line::of(thousands(group.deviations)),
        Line::of(thousands(group.records)),
        Line::of(worst.join(", ")),
    ]
}

fn worst(page: &mut Page, found: &Deviations) {
    let mut listed = 0;
    for group in found.found.chunk_by(|a, b| a.kind == b.kind) {
        let Some(one) = group.first() else { continue };
        if listed == 0 {
            section(page, "Which");
        }
        let of = found.kinds.iter().find(|(kind, _)| *kind == one.kind);
        let all = of.map_or(0, |(_, count)| count.deviations);
        let number = u64::try_from(group.len()).unwrap_or(u64::MAX);
        listed += number;
        let some = if number < all {
            format!("the worst {} of ", thousands(number))
        } else {
            String::new()
        };
        page.gap();
        let line = Line::new().strong(one.kind.id()).plain(format!(", {some}{}", thousands(all)));
        page.push(Block::Paragraph(line));
        let rows = group.iter().map(|deviation| deviation_row(deviation, found)).collect();
        let head = ["record", "owner", "what"];
        page.push(Block::Table(head.map(Line::of).to_vec(), rows));
    }
    if listed < found.total {
        page.gap();
        let more = thousands(found.total - listed);
        let told = format!(
            "{more} more: `--limit` lists more of each kind, `--kind` and `--owner` choose, `--format csv` has all"
        );
        paragraph(page, &told);
    }
}

fn deviation_row(deviation: &Deviation, found: &Deviations) -> Vec<Line> {
    let unnamed = if deviation.holder.unsaid { UNSAID } else { "nobody" };
    let owner = deviation.holder.name.as_deref().unwrap_or(unnamed);
    let address = format!(" ({})", deviation.address);
    let what = Line::new().sentence(&deviation.told).dim(address);
    vec![record(deviation, found), Line::of(owner), what]
}

/// The key of a record, or where it stands.
fn record(deviation: &Deviation, found: &Deviations) -> Line {
    match &deviation.record.key {
        Some(key) => Line::new().code(key),
        None if found.read.inputs.len() < 2 => Line::of(format!("line {}", deviation.record.line)),
        None => {
            let file = found.read.inputs.get(deviation.record.file);
            let file = file.map(|file| file.name.as_str()).unwrap_or_default();
            Line::of(format!("{file}:{}", deviation.record.line))
        }
    }
}

fn waived(page: &mut Page, found: &Deviations, limit: usize) {
    let used: Vec<_> = found.waivers.iter().filter(|waiver| waiver.deviations > 0).collect();
    if used.is_empty() {
        return;
    }
    section(page, "Exceptions");
    for waiver in used {
        let many = thousands(waiver.deviations);
        let line = Line::new().code(waiver.address.as_str());
        let line = if waiver.over {
            let told = format!(" ran out on {}: {many} it would waive are counted", waiver.expires);
            line.with(Style::Warn, told)
        } else {
            line.plain(format!(" waives {many} until {}", waiver.expires))
        };
        page.push(Block::Nested(1, line));
        page.push(Block::Nested(2, Line::new().dim(&waiver.reason)));
    }
    if found.waived.is_empty() {
        return;
    }
    let rows = found.waived.iter().take(limit).map(|deviation| {
        let mut row = vec![Line::new().code(deviation.kind.id())];
        row.extend(deviation_row(deviation, found));
        row
    });
    page.gap();
    let head = ["waived", "record", "owner", "what"];
    page.push(Block::Table(head.map(Line::of).to_vec(), rows.collect()));
}

/// What was not judged, and who is not known.
fn open_questions(page: &mut Page, found: &Deviations, roster: &Roster) {
    let undated = found.kinds.iter().filter(|(_, count)| count.undated > 0);
    let undated: Vec<String> =
        undated.map(|(kind, count)| format!("`{kind}` in {}", records(count.undated))).collect();
    if found.not_checked.is_empty() && found.unknown_owners.is_empty() && undated.is_empty() {
        return;
    }
    section(page, "Not judged");
    for it in &found.not_checked {
        let kinds: Vec<String> = it.kinds.iter().map(|kind| format!("`{kind}`")).collect();
        let of = it.address().map(|address| format!("`{address}`"));
        let what: Vec<String> = match (kinds.is_empty(), of) {
            (true, Some(of)) => vec![of],
            (false, Some(of)) => vec![format!("{} of {of}", list_of(&kinds))],
            (false, None) => vec![list_of(&kinds)],
            (true, None) => vec!["what exceptions waive".to_owned()],
        };
        let told = format!("{}: {}", what.concat(), it.reason);
        page.push(Block::Nested(1, Line::new().sentence(&told)));
        page.push(Block::Nested(2, Line::new().dim("→ ").sentence(&it.help)));
    }
    if !undated.is_empty() {
        let told = format!("nothing says when: {}", list_of(&undated));
        page.push(Block::Nested(1, Line::new().sentence(&told)));
    }
    unknown(page, &found.unknown_owners, roster);
}

/// The owners who are nobody in the model, and those who may be several.
fn unknown(page: &mut Page, owners: &[(String, u64)], roster: &Roster) {
    let (several, nobody): (Vec<_>, Vec<_>) =
        owners.iter().partition(|(owner, _)| roster.several(owner).is_some());
    let told = |owners: &[&(String, u64)], who: &str, of: &dyn Fn(&str) -> String| {
        let all: u64 = owners.iter().map(|(_, records)| records).sum();
        let named = owners.iter().take(NAMES);
        let mut names: Vec<String> = named
            .map(|(owner, many)| format!("{} ({}){}", in_ticks(owner), thousands(*many), of(owner)))
            .collect();
        if owners.len() > NAMES {
            names.push(format!("{} more", owners.len() - NAMES));
        }
        format!("routing of {} whose owner {who}: {}", records(all), list_of(&names))
    };
    if !nobody.is_empty() {
        let told = told(&nobody, "the model does not know", &|_| String::new());
        page.push(Block::Nested(1, Line::new().sentence(&told)));
        let help = "write what the CRM calls them into `known_as` of a role's holder or of a queue";
        page.push(Block::Nested(2, Line::new().dim("→ ").sentence(help)));
    }
    if !several.is_empty() {
        let of = |owner: &str| {
            let all = roster.several(owner).unwrap_or_default();
            format!(", the name of {}", list_of(&all))
        };
        let told = told(&several, "may be one of several", &of);
        page.push(Block::Nested(1, Line::new().sentence(&told)));
        let help = "give each of them an e-mail or a `known_as` that is theirs alone, and have the \
                    CRM write that";
        page.push(Block::Nested(2, Line::new().dim("→ ").sentence(help)));
    }
}
