//! The auditor's report as a page: the figures first, then what they are made of.

use super::changes::impact_style;
use super::drift::{approved, flag_word, refused, standing_word};
use super::drift_net::net;
use super::words::{count, list_of};
use crate::audit::{Completeness, Drift, Entry, Flag, Row, Standing};
use crate::report::{Block, Line, Page, Style};
use std::collections::{BTreeMap, BTreeSet};

/// How much of a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The figures, the exceptions and what is different in the end.
    Brief,
    /// All of it.
    Whole,
}

impl Extent {
    /// How much of a list is told, where so many are what a brief report has room for.
    pub(super) fn of(self, room: usize) -> usize {
        match self {
            Self::Brief => room,
            Self::Whole => usize::MAX,
        }
    }
}

/// So many commits are exceptions of a brief report; the others are counted.
const EXCEPTIONS: usize = 25;

/// A report as a page.
pub fn drift_page(drift: &Drift, extent: Extent) -> Page {
    let mut page = Page::default();
    opening(&mut page, drift);
    if extent == Extent::Whole {
        population(&mut page, drift);
    }
    exceptions(&mut page, drift, extent);
    net(&mut page, drift, extent);
    if extent == Extent::Whole {
        windows(&mut page, drift);
        register(&mut page, drift);
        as_of(&mut page, drift);
        stale(&mut page, drift);
    }
    page
}

pub(super) fn section(page: &mut Page, title: &str) {
    page.gap();
    page.push(Block::Heading(2, Line::of(title)));
}

/// The first ten digits of a commit.
pub(super) fn short(commit: &str) -> String {
    commit.chars().take(10).collect()
}

/// The day of an instant.
pub(super) fn day(instant: &str) -> String {
    instant.chars().take(10).collect()
}

fn opening(page: &mut Page, drift: &Drift) {
    let period = &drift.period;
    let from = period.since.as_deref().map_or_else(|| "the beginning".to_owned(), day);
    let title = format!("Drift of `{}` from {from} to {}", period.folder, period.last_day());
    page.push(Block::Heading(1, Line::new().sentence(&title)));
    if !drift.limited_to.is_empty() {
        let only = drift.limited_to.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>();
        let words = format!("only about {}", list_of(&only));
        page.push(Block::Paragraph(Line::new().sentence(&words)));
    }
    page.gap();
    let summary = &drift.summary;
    let changes = count(summary.changes, "change of meaning", "changes of meaning");
    let mut line = Line::new().strong(changes);
    if summary.follow > 0 {
        line = line.plain(format!(", and {} that follow from them", summary.follow));
    }
    if summary.adopted > 0 {
        let adopted = count(summary.adopted, "entry", "entries");
        line = line.plain(format!("; {adopted} came with the model's first commit"));
    }
    page.push(Block::Paragraph(line));
    let flags = [
        (summary.forbidden, "forbidden by policy"),
        (summary.unapproved, "unapproved"),
        (summary.self_approved, "self-approved"),
        (summary.direct_pushes, "pushed directly"),
        (summary.not_holder, "approved by somebody who did not hold the role then"),
        (summary.retroactive, "retroactive"),
        (summary.undecided_accepted, "undecided and accepted"),
        (summary.approved_earlier, "approved before they were written"),
        (summary.ids_reused, "with an id that stood for something else"),
    ];
    let some: Vec<String> = flags
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number} {words}"))
        .collect();
    let line = match some.as_slice() {
        [] => Line::new().with(Style::Good, "no change that an auditor asks about"),
        some => Line::new().with(Style::Bad, some.join(" · ")),
    };
    page.push(Block::Nested(1, line));
    if summary.follow_flagged > 0 {
        let line = format!("of those that follow, {} as well", summary.follow_flagged);
        page.push(Block::Nested(1, Line::new().dim(line)));
    }
    let mut line = Line::new().strong(format!("{} drifted net", summary.drifted));
    if summary.drifted_by_reference > 0 {
        line = line.plain(format!(" and {} by reference", summary.drifted_by_reference));
    }
    line = line.plain(format!(" · {} only oscillated", summary.only_oscillated));
    line = line.plain(format!(" · {} new or gone", summary.come_or_gone));
    page.push(Block::Nested(1, line));
    if summary.expired > 0 {
        let words = count(summary.expired, "expired exception", "expired exceptions");
        page.push(Block::Nested(1, Line::new().with(Style::Warn, format!("{words} still in use"))));
    }
    incomplete(page, drift);
}

/// What an auditor must know before any figure.
fn incomplete(page: &mut Page, drift: &Drift) {
    if let Some(commit) = &drift.population.completeness.cut_off_at {
        let words = format!(
            "complete only from {} on: what came before was not fetched (shallow clone)",
            short(commit)
        );
        page.push(Block::Nested(1, Line::new().with(Style::Warn, words)));
    }
    for stretch in &drift.unreadable {
        let until = match &stretch.to {
            Some(commit) => format!("until {}", short(commit)),
            None => "to the end".to_owned(),
        };
        let words = format!(
            "`{}` is unreadable from {} {} {until}: {}",
            stretch.path,
            day(&stretch.from_time),
            short(&stretch.from),
            stretch.reason
        );
        page.push(Block::Nested(1, Line::new().with(Style::Warn, "! ").sentence(&words)));
    }
    for missing in &drift.not_checked {
        let words = format!("`{}` is not compared: {}", missing.address, missing.reason);
        page.push(Block::Nested(1, Line::new().with(Style::Warn, "! ").sentence(&words)));
    }
}

/// The commits that change what approvals are judged by beside the model: who approved what can be
/// another answer by them.
fn grounds(page: &mut Page, drift: &Drift) {
    let rows: Vec<&Row> =
        drift.population.rows.iter().filter(|row| !row.touches.is_empty()).collect();
    if rows.is_empty() {
        return;
    }
    let totals = &drift.population.totals;
    let line = format!(
        "{} what approvals are judged by: {} the ledger of approvals, {} the names in `.mailmap`",
        count(rows.len(), "commit changes", "commits change"),
        totals.touching_approvals,
        totals.touching_names,
    );
    page.push(Block::Nested(1, Line::new().sentence(&line)));
    for row in rows {
        let what: Vec<&str> = row.touches.iter().map(|ground| ground.word()).collect();
        let line = Line::new()
            .with(Style::Warn, short(&row.commit))
            .plain(format!(" {} {} · ", day(&row.record_time), what.join(" and ")))
            .plain(format!("{} · {}", names(std::slice::from_ref(&row.author)), row.subject));
        page.push(Block::Nested(2, line));
    }
}

fn population(page: &mut Page, drift: &Drift) {
    section(page, "Population");
    let totals = &drift.population.totals;
    let line = format!(
        "{} on the main line ({}), {} touch the model: {} with changes of meaning, {} of form alone{}",
        count(totals.commits, "commit", "commits"),
        count(totals.merges, "merge", "merges"),
        totals.touching,
        totals.with_changes,
        totals.cosmetic,
        match totals.unreadable {
            0 => String::new(),
            number => format!(", {number} with a file that cannot be read"),
        }
    );
    page.push(Block::Nested(1, Line::of(line)));
    page.extend_nested(1, completeness(drift, &drift.population.completeness));
    grounds(page, drift);
    if totals.silenced > 0 {
        let words = count(totals.silenced, "change", "changes");
        let line = format!("{words} that the policy of their day turned off");
        page.push(Block::Nested(1, Line::of(line)));
    }
    let line = "Each commit is judged by the policy, rights, roles and exceptions of its first parent. \
        Approvals are those that the repository records: trailers of commits, and entries in \
        the ledger that come with the change. Reviews kept at a forge are not in a clone.";
    page.push(Block::Nested(1, Line::new().dim(line)));
    let anchors = &drift.population.anchors;
    for anchor in anchors {
        let line = Line::of("anchor ").code(anchor.tag.clone()).plain(format!(
            " on {} by {}, {}: signature {}",
            short(&anchor.commit),
            anchor.tagger,
            day(&anchor.when),
            anchor.signature
        ));
        page.push(Block::Nested(1, line));
    }
}

/// How it is known that no commit is missing.
fn completeness(drift: &Drift, found: &Completeness) -> Vec<Line> {
    let mut lines = Vec::new();
    let period = &drift.period;
    let end = period.end.as_deref().map(short).unwrap_or_default();
    let to = match (&period.start, &found.cut_off_at) {
        (_, Some(commit)) => format!("{}, where the shallow clone ends", short(commit)),
        (Some(start), None) => format!("{}, which was in force at the start", short(start)),
        (None, None) => "the first commit of the history".to_owned(),
    };
    lines.push(match (found.complete, found.contiguous) {
        _ if period.end.is_none() => Line::of("nothing had been recorded by then"),
        (true, _) => Line::new().with(Style::Good, "complete").plain(format!(
            ": each commit is the first parent of the one before it, from {end} back to {to}"
        )),
        (false, true) => Line::new()
            .with(Style::Warn, "cut off")
            .plain(format!(": known from {end} back to {to}")),
        (false, false) => Line::new().with(Style::Bad, "there is a gap in the chain of commits"),
    });
    if found.out_of_order > 0 {
        let words = count(found.out_of_order, "commit is", "commits are");
        lines.push(Line::of(format!("{words} dated after the next one: clocks went wrong")));
    }
    if found.replace_refs > 0 {
        let words = count(found.replace_refs, "replace ref", "replace refs");
        lines.push(Line::of(format!("{words} in this repository, not followed")));
    }
    if found.grafts {
        lines.push(Line::of("there is a file of grafts in this repository, not followed"));
    }
    lines
}

fn exceptions(page: &mut Page, drift: &Drift, extent: Extent) {
    section(page, "Exceptions");
    let mut commits: Vec<(&str, Vec<&Entry>)> = Vec::new();
    for entry in drift.register.iter().filter(|entry| !entry.flags.is_empty()) {
        match commits.last_mut().filter(|(commit, _)| *commit == entry.commit) {
            Some((_, entries)) => entries.push(entry),
            None => commits.push((&entry.commit, vec![entry])),
        }
    }
    for (_, entries) in commits.iter().take(extent.of(EXCEPTIONS)) {
        exception(page, entries, extent);
    }
    more(page, commits.len().saturating_sub(extent.of(EXCEPTIONS)), "commit", "commits");
    for expired in &drift.expired {
        let line = Line::new()
            .with(Style::Warn, "expired ")
            .code(expired.exception.clone())
            .plain(format!(" {}: its last day was {}", expired.name, expired.expired));
        let line = match &expired.waives {
            Some(waives) => line.plain(", and it still waives ").code(waives.clone()),
            None => line,
        };
        page.push(Block::Nested(1, line));
    }
    if commits.is_empty() && drift.expired.is_empty() {
        page.push(Block::Nested(1, Line::new().with(Style::Good, "none")));
    }
}

/// Says how many there is no room for.
pub(super) fn more(page: &mut Page, number: usize, one: &str, many: &str) {
    if number > 0 {
        let words = format!("and {} more, without `--brief`", count(number, one, many));
        page.push(Block::Nested(1, Line::new().sentence(&words)));
    }
}

/// One commit of the exceptions: who, why it is one, and what it changed.
fn exception(page: &mut Page, entries: &[&Entry], extent: Extent) {
    let Some(first) = entries.first() else { return };
    let mut flags: BTreeMap<Flag, usize> = BTreeMap::new();
    for flag in entries.iter().flat_map(|entry| &entry.flags) {
        *flags.entry(*flag).or_default() += 1;
    }
    let words: Vec<&str> = flags.keys().map(|flag| flag_word(*flag)).collect();
    let line = Line::new()
        .with(Style::Warn, short(&first.commit))
        .plain(format!(" {} ", day(&first.record_time)))
        .with(Style::Bad, words.join(", "))
        .plain(format!(" · {} · {}", names(&first.authors), first.reason));
    page.push(Block::Nested(1, line));
    if extent == Extent::Brief {
        return;
    }
    // What policy forbade is told, whoever wrote it.
    let (told, follow): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| entry.direct || entry.flags.contains(&Flag::Forbidden));
    for entry in &told {
        page.push(Block::Nested(2, change_line(entry)));
    }
    if !follow.is_empty() {
        let words = count(follow.len(), "change that follows", "changes that follow");
        let whence = if told.is_empty() { "from elsewhere" } else { "from this" };
        page.push(Block::Nested(2, Line::new().dim(format!("and {words} {whence}"))));
    }
    page.extend_nested(3, notes(entries).iter().map(|note| Line::new().sentence(note)));
}

/// How what is missing begins, where it is a role's approval.
const APPROVAL: &str = "the approval of ";

/// What there is to say about approvals and dates, each once.
fn notes(entries: &[&Entry]) -> Vec<String> {
    let missing: BTreeSet<&str> =
        entries.iter().flat_map(|entry| &entry.missing).map(String::as_str).collect();
    let mut notes = Vec::new();
    if !missing.is_empty() {
        let (roles, others): (Vec<&str>, Vec<&str>) =
            missing.into_iter().partition(|missing| missing.starts_with(APPROVAL));
        let roles: Vec<String> = roles.iter().map(|role| role.replacen(APPROVAL, "", 1)).collect();
        let roles = (!roles.is_empty()).then(|| format!("{APPROVAL}{}", list_of(&roles)));
        let all: Vec<String> =
            roles.into_iter().chain(others.into_iter().map(str::to_owned)).collect();
        notes.push(format!("missing: {}", all.join("; ")));
    }
    let not: BTreeSet<String> =
        entries.iter().flat_map(|entry| &entry.refused).map(refused).collect();
    notes.extend(not.into_iter().map(|not| format!("does not count: {not}")));
    let from: BTreeSet<&str> =
        entries.iter().filter_map(|entry| entry.effective_from.as_deref()).collect();
    notes.extend(from.into_iter().map(|from| format!("says to be in force from {from}")));
    let earlier = entries.iter().filter(|entry| entry.flags.contains(&Flag::ApprovedEarlier));
    let earlier: BTreeSet<String> =
        earlier.flat_map(|entry| &entry.approvals).map(approved).collect();
    notes.extend(earlier.into_iter().map(|by| {
        format!("older than the change, or given for a commit that this one copies: {by}")
    }));
    notes.extend(entries.iter().filter_map(|entry| {
        let freed = short(entry.id_freed_by.as_ref()?);
        Some(format!("`{}` stood for something else until {freed}", entry.address))
    }));
    notes
}

/// The names of people without their addresses.
fn names(people: &[String]) -> String {
    let name = |person: &String| {
        let name = person.split('<').next().unwrap_or_default().trim();
        if name.is_empty() { person.clone() } else { name.to_owned() }
    };
    list_of(&people.iter().map(name).collect::<Vec<_>>())
}

/// A change in a line.
fn change_line(entry: &Entry) -> Line {
    const SHORT: usize = 60;
    let line = Line::new()
        .with(impact_style(entry.impact), format!("{} ", entry.impact.word()))
        .code(entry.address.clone())
        .plain("  ");
    let short = |value: &&String| value.chars().count() <= SHORT && !value.contains(['\n', '{']);
    match (entry.before.as_ref().filter(short), entry.after.as_ref().filter(short)) {
        (Some(before), Some(after)) if before != after => {
            line.with(Style::Removed, before.clone()).plain(" → ").with(Style::Added, after.clone())
        }
        _ => line.sentence(&entry.summary),
    }
}

fn windows(page: &mut Page, drift: &Drift) {
    if drift.windows.is_empty() {
        return;
    }
    section(page, "Near a period's end");
    let known: BTreeMap<(&str, &str), &Entry> = drift
        .register
        .iter()
        .map(|entry| ((entry.commit.as_str(), entry.fingerprint.as_str()), entry))
        .collect();
    for window in &drift.windows {
        let line =
            Line::of(format!("{} to {}, the end of a {}", window.from, window.to, window.end_of));
        page.push(Block::Nested(1, line));
        for change in &window.changes {
            let entry = known.get(&(change.commit.as_str(), change.fingerprint.as_str()));
            let Some(entry) = entry else { continue };
            let line = Line::new()
                .with(Style::Warn, short(&entry.commit))
                .plain(format!(" {} ", day(&entry.record_time)));
            page.push(Block::Nested(2, line.then(change_line(entry))));
        }
    }
}

fn register(page: &mut Page, drift: &Drift) {
    page.gap();
    let title = Line::of("Change register");
    let mut inside = Page::default();
    let written = drift.register.iter().filter(|entry| entry.standing != Standing::Adopted);
    let mut last = "";
    let mut follow = 0;
    for entry in written {
        if entry.commit != last {
            told_follow(&mut inside, &mut follow);
            inside.push(Block::Nested(1, commit_line(entry)));
            last = &entry.commit;
        }
        if !entry.direct {
            follow += 1;
            continue;
        }
        inside.push(Block::Nested(2, change_line(entry).dim(format!(" · {}", stands(entry)))));
    }
    told_follow(&mut inside, &mut follow);
    if drift.summary.adopted > 0 {
        let words = count(drift.summary.adopted, "entry", "entries");
        let line =
            format!("{words} came with the model's first commit, when no policy asked anybody");
        inside.push(Block::Nested(1, Line::new().dim(line)));
    }
    if inside.blocks.is_empty() {
        inside.push(Block::Nested(1, Line::of("nothing changed its meaning")));
    }
    page.push(Block::Fold(title, inside.blocks));
}

fn told_follow(page: &mut Page, follow: &mut usize) {
    if *follow > 0 {
        let words = count(*follow, "change follows", "changes follow");
        page.push(Block::Nested(2, Line::new().dim(format!("{words} from this"))));
    }
    *follow = 0;
}

fn commit_line(entry: &Entry) -> Line {
    let line = Line::new()
        .with(Style::Warn, short(&entry.commit))
        .plain(format!(" {} ", day(&entry.record_time)))
        .strong(names(&entry.authors));
    let line = match &entry.pull_request {
        Some(request) => line.plain(format!(" {request}")),
        None => line,
    };
    let merge = if entry.made_in_merge { "  (changed in the merge itself)" } else { "" };
    line.plain(format!("  {}", entry.reason)).with(Style::Warn, merge)
}

/// What came of a change, with who approved it.
fn stands(entry: &Entry) -> String {
    let approvals: Vec<String> = entry.approvals.iter().map(approved).collect();
    match (&entry.waived_by, approvals.is_empty()) {
        (Some(waiver), _) => format!("waived by {}", waiver.exception),
        (None, true) => standing_word(entry.standing).to_owned(),
        (None, false) => format!("{}: {}", standing_word(entry.standing), approvals.join("; ")),
    }
}

fn as_of(page: &mut Page, drift: &Drift) {
    if drift.as_of.is_empty() {
        return;
    }
    page.gap();
    let rows = drift.as_of.iter().map(|as_of| {
        let since =
            as_of.record_time.as_deref().map_or_else(|| "before what was fetched".to_owned(), day);
        let how = if as_of.indirect { "by reference" } else { "" };
        vec![
            Line::of(since),
            Line::new().with(Style::Warn, as_of.commit.as_deref().map(short).unwrap_or_default()),
            Line::new().code(as_of.address.clone()),
            Line::new().dim(how),
        ]
    });
    let head = ["in force since", "commit", "what", ""].map(Line::of).to_vec();
    let table = Block::Table(head, rows.collect());
    let title =
        format!("As-of index: what is in force on {}, and since when", drift.period.last_day());
    page.push(Block::Fold(Line::of(title), vec![table]));
}

fn stale(page: &mut Page, drift: &Drift) {
    if drift.stale.is_empty() {
        return;
    }
    page.gap();
    let rows = drift.stale.iter().map(|stale| {
        let mut why = Vec::new();
        why.extend(stale.review_by.as_ref().map(|by| format!("was to be reviewed by {by}")));
        why.extend(stale.unchanged_since.as_ref().map(|day| format!("unchanged since {day}")));
        vec![
            Line::new().code(stale.address.clone()),
            Line::new().dim(stale.owner.clone().unwrap_or_default()),
            Line::of(why.join("; ")),
        ]
    });
    let head = ["what", "owner", "why"].map(Line::of).to_vec();
    let table = Block::Table(head, rows.collect());
    page.push(Block::Fold(Line::of("Nobody looked at for long"), vec![table]));
}
