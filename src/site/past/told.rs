//! Changes and revisions as templates print them.

use super::{By, Happened, Past, Revision, Row};
use crate::audit::{Approved, Class, Entry};
use crate::change::Impact;
use crate::history::entity_address;
use crate::report::pieces;
use crate::site::names::page_of;
use crate::site::prose::Text;
use crate::view::{flag_word, list_of, standing_word};
use serde::Serialize;

/// Longer values are left to the data.
const SHORT: usize = 90;

/// So many changes of a revision are told one by one.
const TOLD: usize = 5;

/// A revision in a line.
#[derive(Debug, Serialize)]
pub(super) struct RevisionTold {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) short: String,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) subject: String,
    /// Who wrote what it brought.
    pub(super) by: By,
    /// How many changes of which sort, in words.
    pub(super) counts: String,
    /// What cannot be read in it, in words.
    pub(super) unreadable: Vec<String>,
}

/// A change.
#[derive(Debug, Serialize)]
pub(super) struct RowTold {
    /// Its place in the register.
    pub(super) number: usize,
    pub(super) revision: usize,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) short: String,
    /// What it is about: the name people use, with a link where there is a page.
    pub(super) about: Text,
    pub(super) address: String,
    /// `looser`, `tighter`.
    pub(super) effect: &'static str,
    /// The class of its mark.
    pub(super) class: &'static str,
    pub(super) says: Text,
    pub(super) before: String,
    pub(super) after: String,
    /// Whether it follows from something else, and what that is.
    pub(super) follows: bool,
    pub(super) because: Vec<Text>,
    pub(super) admits: String,
    pub(super) refuses: String,
    pub(super) authors: String,
    /// When it was written and by whom, where a merge brought it.
    pub(super) written: Text,
    pub(super) reason: String,
    pub(super) pull_request: String,
    pub(super) standing: &'static str,
    /// Whether an auditor asks about it.
    pub(super) asked: bool,
    pub(super) approved: Vec<Text>,
    pub(super) missing: Vec<Text>,
    pub(super) waived: Text,
    pub(super) flags: Vec<&'static str>,
}

/// What the mark-up of a row takes beside its words, roughly, in bytes.
const MARK_UP: usize = 900;

impl RowTold {
    /// How much room it takes on a page, roughly, in bytes.
    pub(super) fn room(&self) -> usize {
        let words = [&self.before, &self.after, &self.admits, &self.refuses, &self.reason];
        let missing: usize = self.missing.iter().map(|text| text.words().len()).sum();
        let words: usize = words.into_iter().map(String::len).sum();
        MARK_UP + words + missing + self.says.words().len()
    }
}

/// What a revision did to something.
#[derive(Debug, Serialize)]
pub(super) struct HappenedTold {
    pub(super) revision: RevisionTold,
    /// Whether it is worded otherwise since then.
    pub(super) worded: bool,
    /// That it came, went, was renamed or cannot be read.
    pub(super) notes: Vec<Text>,
    /// The changes that somebody wrote; where there is none, those that follow.
    pub(super) rows: Vec<RowTold>,
    /// How many there are besides.
    pub(super) more: usize,
}

impl HappenedTold {
    /// How much room it takes on a page, roughly, in bytes.
    pub(super) fn room(&self) -> usize {
        let rows: usize = self.rows.iter().map(RowTold::room).sum();
        MARK_UP / 2 + self.revision.subject.len() + rows
    }
}

/// As many of some things, from the first, as a page has room for.
pub(super) fn fitting<T>(
    told: impl Iterator<Item = T>,
    room: usize,
    takes: impl Fn(&T) -> usize,
) -> Vec<T> {
    let mut left = room;
    let mut kept = Vec::new();
    for one in told {
        let taken = takes(&one);
        if taken > left && !kept.is_empty() {
            break;
        }
        left = left.saturating_sub(taken);
        kept.push(one);
    }
    kept
}

impl Past {
    /// A change of the register.
    pub(super) fn row_told(&self, number: usize, row: &Row) -> RowTold {
        let entry = &row.entry;
        let revision = self.revisions.get(row.revision);
        let (before, after) = values(entry);
        let waived = entry.waived_by.as_ref();
        RowTold {
            number,
            revision: row.revision,
            day: revision.map(|revision| revision.day.clone()).unwrap_or_default(),
            time: entry.record_time.clone(),
            short: revision.map(|revision| revision.short.clone()).unwrap_or_default(),
            about: self.link(&entry.address),
            address: entry.address.clone(),
            effect: effect(entry.impact),
            class: class(entry.impact),
            says: sentence(&entry.summary),
            before,
            after,
            follows: !entry.direct,
            because: entry.caused_by.iter().map(|cause| self.link(cause)).collect(),
            admits: entry.admits.clone().unwrap_or_default(),
            refuses: entry.refuses.clone().unwrap_or_default(),
            authors: people(&entry.authors),
            written: self.written(row),
            reason: entry.reason.clone(),
            pull_request: entry.pull_request.clone().unwrap_or_default(),
            standing: standing_word(entry.standing),
            asked: !entry.flags.is_empty(),
            approved: entry.approvals.iter().map(|it| self.approved(it)).collect(),
            missing: entry.missing.iter().map(|missing| self.linked(missing)).collect(),
            waived: waived.map(|waived| self.link(&waived.exception)).unwrap_or_default(),
            flags: entry.flags.iter().map(|flag| flag_word(*flag)).collect(),
        }
    }

    /// What a revision did.
    pub(super) fn happened_told(&self, happened: &Happened<'_>) -> HappenedTold {
        let (direct, follow): (Vec<&Row>, Vec<&Row>) =
            happened.rows.iter().copied().partition(|row| row.entry.direct);
        let told = if direct.is_empty() { &follow } else { &direct };
        let rows: Vec<RowTold> =
            told.iter().take(TOLD).map(|row| self.row_told(self.number_of(row), row)).collect();
        HappenedTold {
            revision: revision_told(happened.number, happened.revision, self.by(happened)),
            worded: happened.version.is_some(),
            notes: self.notes(happened),
            more: happened.rows.len() - rows.len(),
            rows,
        }
    }

    /// When a change was written last and by whom, where a merge brought it.
    fn written(&self, row: &Row) -> Text {
        let mut makers = self.makers_of(row);
        let Some(newest) = makers.next() else { return Text::default() };
        let last = if makers.next().is_some() { "last written" } else { "written" };
        Text::of(format!("{last} {} by {}, ", newest.day, newest.author)).code(&*newest.short)
    }

    /// The place of a row in the register.
    fn number_of(&self, row: &Row) -> usize {
        let from = self.register.partition_point(|other| other.revision < row.revision);
        let rows = self.register.get(from..).unwrap_or_default();
        from + rows.iter().position(|other| std::ptr::eq(other, row)).unwrap_or_default()
    }

    fn notes(&self, happened: &Happened<'_>) -> Vec<Text> {
        let Some(version) = happened.version else { return Vec::new() };
        let mut notes = Vec::new();
        if happened.revision.class == Class::CutOff {
            let words = "it said this already; since when, and by whom, is not known here";
            notes.push(Text::of(words));
        }
        if let Some(formerly) = &version.formerly {
            notes.push(Text::of("renamed; it was called ").then(self.link(formerly)));
        }
        match (&version.said, &version.now) {
            (None, Some(now)) => {
                notes.push(Text::of("it is called ").then(self.link(now)).plain(" since then"));
            }
            (None, None) => notes.push(Text::of("taken away")),
            _ => {}
        }
        if let Some(reason) = &version.unreadable {
            let words = "its file cannot be read; what it last said still counts here: ";
            notes.push(Text::of(words).then(sentence(reason)));
        }
        notes
    }

    /// An approval that counted.
    fn approved(&self, approved: &Approved) -> Text {
        let as_role = Text::of(format!("{} as ", approved.who));
        as_role.then(self.link(&approved.role))
    }

    /// Words in which backticks mark the user's own; addresses are links.
    fn linked(&self, text: &str) -> Text {
        let parts = pieces(text).into_iter();
        parts.fold(Text::default(), |text, (is_own, part)| {
            if is_own { text.then(self.link(part)) } else { text.plain(part) }
        })
    }

    /// What stands at an address by the name people use, with a link where there is a page.
    pub(in crate::site) fn link(&self, address: &str) -> Text {
        let entity = entity_address(address);
        let below = address.strip_prefix(entity).unwrap_or_default().trim_start_matches('.');
        let Some(versions) = self.versions.get(entity) else {
            return Text::default().code(address);
        };
        let name = super::last_name(entity, versions);
        let text = Text::default().link(name, page_of(entity));
        if below.is_empty() { text } else { text.dim(format!(" {}", below.replace('.', " › "))) }
    }
}

/// A revision in a line.
pub(super) fn revision_told(number: usize, revision: &Revision, by: By) -> RevisionTold {
    let unreadable = revision.unreadable.iter();
    RevisionTold {
        number,
        id: revision.id.clone(),
        short: revision.short.clone(),
        day: revision.day.clone(),
        time: revision.time.clone(),
        subject: revision.subject.clone(),
        by,
        counts: counts(revision),
        unreadable: unreadable.map(|(path, why)| format!("{path}: {why}")).collect(),
    }
}

/// How many changes of which sort, in words.
fn counts(revision: &Revision) -> String {
    if revision.class == Class::CutOff {
        return "not known: what came before was not fetched".to_owned();
    }
    let mut parts = Vec::new();
    let mut say = |number: usize, one: &str, many: &str| {
        if number > 0 {
            parts.push(format!("{number} {}", if number == 1 { one } else { many }));
        }
    };
    say(
        revision.adopted,
        "entry of the model's first commit",
        "entries of the model's first commit",
    );
    say(revision.changes, "change of meaning", "changes of meaning");
    say(revision.follow, "follows from it", "follow from it");
    say(revision.loosened, "looser", "looser");
    say(revision.tightened, "tighter", "tighter");
    if parts.is_empty() { "form alone".to_owned() } else { parts.join(", ") }
}

/// What a change does, in a word.
pub(super) fn effect(impact: Impact) -> &'static str {
    match impact {
        Impact::Loosening => "looser",
        Impact::Tightening => "tighter",
        Impact::Breaking => "breaking",
        Impact::Shifting => "shifted",
        Impact::Undecided => "undecided",
        Impact::Additive => "new",
        Impact::Cosmetic => "form",
    }
}

/// The class of the mark of a change.
fn class(impact: Impact) -> &'static str {
    match impact {
        Impact::Loosening => "looser",
        Impact::Tightening => "tighter",
        Impact::Breaking => "breaking",
        _ => "other",
    }
}

/// The values before and after, where they are short enough to be read side by side.
fn values(entry: &Entry) -> (String, String) {
    let short = |value: &Option<String>| {
        let text = value.clone()?;
        (text.chars().count() <= SHORT && !text.contains(['\n', '{'])).then_some(text)
    };
    match (short(&entry.before), short(&entry.after)) {
        (Some(before), Some(after)) if before != after => (before, after),
        _ => (String::new(), String::new()),
    }
}

/// People without their mail addresses.
pub(super) fn people(people: &[String]) -> String {
    let name = |person: &String| {
        let name = person.split('<').next().unwrap_or_default().trim();
        if name.is_empty() { person.clone() } else { name.to_owned() }
    };
    list_of(&people.iter().map(name).collect::<Vec<_>>())
}

/// Words in which backticks mark the user's own.
pub(super) fn sentence(text: &str) -> Text {
    let parts = pieces(text).into_iter();
    parts.fold(
        Text::default(),
        |text, (is_own, part)| {
            if is_own { text.code(part) } else { text.plain(part) }
        },
    )
}

/// Whether a change made something looser and nobody who had to approve it is recorded.
pub(super) fn is_softened(row: &Row) -> bool {
    row.entry.direct && row.entry.impact == Impact::Loosening && row.entry.standing.is_open()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Flag, Standing};

    #[test]
    fn words_that_are_not_plain_are_explained() {
        let glossary = include_str!("../templates/past/glossary.html").replace('’', "'");
        let standings = [
            Standing::Adopted,
            Standing::NotAsked,
            Standing::Waived,
            Standing::Approved,
            Standing::Unapproved,
            Standing::Unclaimed,
            Standing::Forbidden,
        ];
        let flags = [Flag::SelfApproved, Flag::DirectPush, Flag::Retroactive];
        let impacts = [
            Impact::Loosening,
            Impact::Tightening,
            Impact::Breaking,
            Impact::Shifting,
            Impact::Undecided,
            Impact::Additive,
            Impact::Cosmetic,
        ];
        let words = standings.into_iter().map(standing_word);
        let words = words.chain(flags.into_iter().map(flag_word));
        let explained = |word: &str| {
            glossary.split("<dt>").skip(1).any(|part| {
                let term = part.split('<').next().unwrap_or_default();
                term.split(", ").any(|one| one == word)
            })
        };
        for word in words.chain(impacts.into_iter().map(effect)) {
            assert!(explained(word), "{word}");
        }
    }
}
