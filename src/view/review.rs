//! A review as a page: the verdict, what is left to do before merging, then what changes.

use super::approvals::{Refused, compared, refused};
use super::changes::{Detail, change_page, changes_page_within, short_values};
use super::impact::ImpactReport;
use super::impact_page::{ImpactExtent, impact_evidence};
use super::review_report::UnexpectedRow;
use super::words::{count, list_of};
use crate::change::{Change, Consequences, Fingerprint};
use crate::finding::Severity;
use crate::git::Commit;
use crate::report::{Block, Line, Page, Style, in_ticks, markdown};
use crate::review::{Conflict, Review, Unexpected, Verdict};
use crate::rights::{NotCounted, Plan, Requirement, RoleStatus, Signature};
use std::collections::BTreeSet;

/// What a program looks for to replace an earlier comment.
const MARKER: &str = "opmodel-review";

/// The most bytes of a comment: forges take 65,536 characters, and whoever posts it adds a few.
const LONGEST_COMMENT: usize = 60_000;

/// The most rows of the first table.
const MOST_ROWS: usize = 12;

/// A review for a terminal.
pub fn review_page(review: &Review, impact: Option<&ImpactReport>) -> Page {
    let mut page = Page::default();
    let title = Line::new().plain("review of ").then(compared(&review.sides));
    page.push(Block::Heading(1, title));
    page.push(Block::Paragraph(verdict_line(review)));
    to_merge(&mut page, review);
    problems(&mut page, review);
    on_records(&mut page, impact, ImpactExtent::Comment);
    if review.verdict != Verdict::Nothing {
        page.gap();
        page.extend(changes_page_within(&review.proposal, Detail::ALL));
    }
    together(&mut page, review, Detail::ALL);
    beside(&mut page, review);
    page
}

/// A review as the comment of a pull request, never longer than a forge takes.
pub fn review_comment(review: &Review, impact: Option<&ImpactReport>) -> String {
    let steps = [
        Detail::ALL,
        Detail { changes: MOST_ROWS, ..Detail::ALL },
        Detail { changes: MOST_ROWS, witnesses: false, ..Detail::ALL },
        Detail { changes: 0, witnesses: false, ..Detail::ALL },
    ];
    let mut shortest = String::new();
    for detail in steps {
        shortest = markdown(&comment(review, impact, detail));
        if shortest.len() < LONGEST_COMMENT {
            return shortest;
        }
    }
    // Only words that are very long themselves lead here.
    let end = "\n\n… cut off here; `opmodel review` shows all of it.\n";
    let room = LONGEST_COMMENT - end.len();
    let kept = shortest.char_indices().map(|(at, c)| at + c.len_utf8());
    let kept = kept.take_while(|at| *at <= room).last().unwrap_or_default();
    shortest.get(..kept).unwrap_or_default().to_owned() + end
}

fn comment(review: &Review, impact: Option<&ImpactReport>, detail: Detail) -> Page {
    let mut page = Page::default();
    page.push(Block::Marker(MARKER));
    page.push(Block::Heading(1, Line::new().plain("Model review: ").plain(verdict_words(review))));
    table(&mut page, review);
    to_merge(&mut page, review);
    problems(&mut page, review);
    let extent = if detail.changes > 0 { ImpactExtent::Comment } else { ImpactExtent::Short };
    on_records(&mut page, impact, extent);
    let proved = review.proposal.routes.iter().filter(|table| table.is_exact()).count();
    if proved > 0 {
        page.gap();
        let tables = count(proved, "routing table", "routing tables");
        let line = format!("No record goes elsewhere but those listed, in {tables}: proved.");
        page.push(Block::Paragraph(Line::of(line)));
    }
    let shown = review.changes().filter(|change| !change.is_cosmetic()).count();
    if shown > 0 && detail.changes > 0 {
        let mut inside = changes_page_within(&review.proposal, detail);
        together(&mut inside, review, detail);
        if detail.changes < shown || !detail.witnesses {
            inside.gap();
            inside.push(Block::Paragraph(rest_line(review)));
        }
        page.gap();
        let words = format!("What changes, in full ({})", count(shown, "change", "changes"));
        page.push(Block::Fold(Line::of(words), inside.blocks));
    } else if shown > 0 {
        page.gap();
        page.push(Block::Paragraph(rest_line(review)));
    }
    beside(&mut page, review);
    page
}

/// What real records say of it, where some were read.
fn on_records(page: &mut Page, impact: Option<&ImpactReport>, extent: ImpactExtent) {
    if let Some(impact) = impact {
        page.gap();
        page.push(Block::Heading(2, Line::of("What it does to real records")));
        page.extend(impact_evidence(impact, extent));
    }
}

fn rest_line(review: &Review) -> Line {
    Line::of("More than fits in a comment; all of it, with an example record each: ")
        .code(format!("opmodel review {} --head {}", review.sides.base.id, review.sides.head.id))
}

fn verdict_line(review: &Review) -> Line {
    let style = match review.verdict {
        Verdict::Refused => Style::Bad,
        Verdict::Waiting => Style::Warn,
        _ => Style::Good,
    };
    Line::new().with(style, verdict_words(review))
}

/// What a review comes to, in words: what it says first.
pub fn verdict_words(review: &Review) -> String {
    let changes = || {
        let all = review.changes().filter(|change| !change.is_cosmetic());
        let (shown, off) = (all.count(), review.proposal.meaningful_silenced().count());
        match (shown, off) {
            (_, 0) => count(shown, "change", "changes"),
            (0, _) => format!("{} that policy turns off", count(off, "change", "changes")),
            _ => format!("{} and {off} that policy turns off", count(shown, "change", "changes")),
        }
    };
    match review.verdict {
        Verdict::Nothing if review.sides.is_merged() => {
            format!("nothing to review, `{}` has all of it", review.sides.base_name)
        }
        Verdict::Nothing => "nothing in the model changes".to_owned(),
        Verdict::FormOnly => "no change in meaning (proved)".to_owned(),
        Verdict::Free => format!("{}, and nobody needs to sign", changes()),
        Verdict::Approved => format!("approved: {}, and all who must sign have", changes()),
        Verdict::Waiting => match missing(&Todo::of(&review.plan)) {
            None => format!("waiting: {}, and no decision right says who signs", changes()),
            Some(missing) => format!("waiting for {missing}: {}", changes()),
        },
        Verdict::Refused => format!("cannot be merged as it is: {}", changes()),
    }
}

/// How many signatures and pieces of evidence are missing, in words.
fn missing(todo: &[Todo]) -> Option<String> {
    let open = |evidence: bool| {
        let open = todo.iter().filter(|one| !one.is_done && one.is_evidence == evidence);
        open.map(|one| one.number).sum::<usize>()
    };
    let signatures = Some(open(false)).filter(|number| *number > 0);
    let evidence = Some(open(true)).filter(|number| *number > 0);
    let parts: Vec<String> = signatures
        .map(|number| count(number, "signature", "signatures"))
        .into_iter()
        .chain(evidence.map(|number| count(number, "piece of evidence", "pieces of evidence")))
        .collect();
    (!parts.is_empty()).then(|| list_of(&parts))
}

/// What is left to do, and what is done.
fn to_merge(page: &mut Page, review: &Review) {
    let plan = &review.plan;
    let resolve = review.conflicts.iter().map(|conflict| {
        Line::new().plain("resolve the conflict in ").quoted(conflict.path.clone())
    });
    let forbidden = review.forbidden().map(|change| {
        let line = Line::new().plain("take back ").quoted(change.address.to_string());
        line.plain(": ").sentence(&change.summary).plain("; nobody may sign this")
    });
    let mend = review.broken.iter().map(|finding| {
        let line = Line::new().plain("mend what is wrong: ");
        match &finding.address {
            Some(address) if !finding.message.contains(address.as_str()) => {
                line.quoted(address.clone()).plain(": ").sentence(&finding.message)
            }
            _ => line.sentence(&finding.message),
        }
    });
    let open: Vec<Line> = resolve.chain(forbidden).chain(mend).collect();
    if open.is_empty() && plan.requirements.is_empty() && plan.unclaimed.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Heading(2, Line::of("To merge")));
    page.blocks.extend(open.into_iter().map(|line| Block::Task(false, line)));
    for one in Todo::of(plan) {
        page.push(Block::Task(one.is_done, Line::new().sentence(&one.words())));
    }
    if !plan.unclaimed.is_empty() {
        let changes = count(plan.unclaimed.len(), "change", "changes");
        let line = Line::new()
            .plain(format!(
                "say who signs {changes}: no decision right asks anybody about {}, nor does ",
                if plan.unclaimed.len() == 1 { "it" } else { "them" }
            ))
            .quoted("decision.default");
        page.push(Block::Task(false, line));
    }
    if review.verdict == Verdict::Waiting && plan.can_be_signed() {
        let line = Line::of("to sign: approve the pull request, or run ");
        let line = line.quoted("opmodel approve FINGERPRINT --as ROLE").plain(" and commit");
        page.push(Block::Nested(1, line));
    }
    if review.verdict == Verdict::Waiting && !review.interactions.is_empty() {
        let line = Line::of("what comes only together with ");
        let line = line.quoted(review.sides.base_name.clone());
        let line = line.plain(" can be signed here once that is merged into the proposal");
        page.push(Block::Nested(1, line));
    }
    for told in not_counted(&plan.not_counted) {
        page.push(Block::Nested(1, Line::new().dim("does not count: ").sentence(&told)));
    }
    if !plan.informed.is_empty() {
        let roles: Vec<String> = plan.informed.iter().map(|role| format!("`{role}`")).collect();
        let line = Line::new().sentence(&format!("to be told: {}", list_of(&roles)));
        page.push(Block::Nested(1, line));
    }
}

/// Who signed, and where.
pub(super) fn signed(signature: &Signature) -> String {
    match &signature.when {
        Some(when) => format!("{}, by {}, {when}", named(&signature.who), signature.source),
        None => format!("{}, by {}", named(&signature.who), signature.source),
    }
}

/// The approvals that do not count, and why.
pub(super) fn not_counted(all: &[NotCounted]) -> Vec<String> {
    let told = |one: Refused| format!("{} ({}): {}", named(&one.by), one.place, one.reason);
    refused(all).into_iter().map(told).collect()
}

/// Something that decision rights ask for, once whoever asks for it.
struct Todo {
    /// What, and how far it is.
    what: String,
    is_done: bool,
    is_evidence: bool,
    /// How many signatures are missing.
    number: usize,
    changes: BTreeSet<Fingerprint>,
    rights: BTreeSet<String>,
}

impl Todo {
    /// What a plan asks for: first who signs, then what must be there.
    fn of(plan: &Plan) -> Vec<Self> {
        let mut todo: Vec<Self> = Vec::new();
        for requirement in &plan.requirements {
            for role in &requirement.all_of {
                let what = match &role.signed_by {
                    Some(signature) => format!("{} signed: {}", who(role), signed(signature)),
                    None => format!("{} signs{}", who(role), partly(role)),
                };
                Self::add(&mut todo, requirement, (what, role.signed_by.is_some(), false, 1));
            }
            if !requirement.any_of.is_empty() {
                Self::add(&mut todo, requirement, some_of(requirement));
            }
        }
        for requirement in &plan.requirements {
            for evidence in &requirement.evidence {
                let what = format!("the proposal comes with: {}", evidence.kind);
                Self::add(&mut todo, requirement, (what, evidence.present, true, 1));
            }
        }
        todo
    }

    fn add(
        todo: &mut Vec<Self>,
        requirement: &Requirement,
        (what, is_done, is_evidence, number): (String, bool, bool, usize),
    ) {
        let (changes, rights) = (BTreeSet::new(), BTreeSet::new());
        let place = todo.iter().position(|one| one.what == what && one.is_done == is_done);
        if place.is_none() {
            todo.push(Self { what, is_done, is_evidence, number, changes, rights });
        }
        let last = todo.len().saturating_sub(1);
        if let Some(one) = todo.get_mut(place.unwrap_or(last)) {
            one.changes.extend(requirement.changes.iter().cloned());
            one.rights.insert(format!("`{}`", requirement.right));
        }
    }

    fn words(&self) -> String {
        let changes = count(self.changes.len(), "change", "changes");
        let rights: Vec<String> = self.rights.iter().cloned().collect();
        format!("{} ({changes}, {})", self.what, list_of(&rights))
    }
}

/// A role and who can sign for it.
fn who(role: &RoleStatus) -> String {
    let holders: Vec<String> = role.holders.iter().map(|holder| named(holder)).collect();
    let who = any_of(&holders);
    match &role.note {
        Some(note) if who.is_empty() => format!("`{}` ({note})", role.role),
        Some(note) => format!("`{}` ({who}; {note})", role.role),
        None => format!("`{}` ({who})", role.role),
    }
}

/// A name within a sentence. One with a backtick is set off, so that it does not end or begin the words of
/// others.
fn named(name: &str) -> String {
    if name.contains('`') { in_ticks(name) } else { name.to_owned() }
}

/// `a`, `a or b`, `a, b or c`.
fn any_of(words: &[String]) -> String {
    match words {
        [head @ .., last] if !head.is_empty() => format!("{} or {last}", head.join(", ")),
        words => words.concat(),
    }
}

/// What of it is signed already.
fn partly(role: &RoleStatus) -> String {
    let Some(partly) = &role.partly else { return String::new() };
    let open: Vec<String> = partly.uncovered.iter().map(|one| format!("`{one}`")).collect();
    format!(", {} did but for {}", named(&partly.signed_by.who), list_of(&open))
}

/// Who signed of a role, and for what not.
fn signed_so_far(role: &RoleStatus) -> Option<String> {
    if let Some(partly) = &role.partly {
        let open: Vec<String> = partly.uncovered.iter().map(|one| format!("`{one}`")).collect();
        return Some(format!("{}, but for {}", signed(&partly.signed_by), list_of(&open)));
    }
    role.signed_by.as_ref().map(signed)
}

/// Of several roles some sign.
fn some_of(requirement: &Requirement) -> (String, bool, bool, usize) {
    let have: Vec<String> = requirement
        .any_of
        .iter()
        .filter_map(|role| Some(format!("`{}`: {}", role.role, signed_so_far(role)?)))
        .collect();
    let roles: Vec<String> = requirement.any_of.iter().map(who).collect();
    let number = requirement.still();
    let verb = if requirement.need == 1 { "signs" } else { "sign" };
    let each = if requirement.changes.len() > 1 { " each change" } else { "" };
    let mut what = format!("{} of these {verb}{each}: {}", requirement.need, roles.join("; "));
    if !have.is_empty() {
        what = format!("{what}; so far {}", list_of(&have));
    }
    (what, number == 0, false, number)
}

/// A row for each change that was written: what, to what effect, who signs, and whether they did.
fn table(page: &mut Page, review: &Review) {
    let direct: Vec<&Change> =
        review.changes().filter(|c| !c.is_cosmetic() && c.caused_by.is_empty()).collect();
    if direct.is_empty() {
        return;
    }
    let head = ["change", "effect", "needs", "status"].map(Line::of).to_vec();
    let consequences = Consequences::among(review.changes());
    let row = |change: &&Change| row(review, &consequences, change);
    let rows = direct.iter().take(MOST_ROWS).map(row).collect();
    page.push(Block::Table(head, rows));
    if let Some(more) = direct.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        page.push(Block::Paragraph(Line::of(format!("… and {more} more, below."))));
    }
}

fn row(review: &Review, consequences: &Consequences<'_>, change: &Change) -> Vec<Line> {
    let all: Vec<&Change> = std::iter::once(change).chain(consequences.of(change)).collect();
    let fingerprints: BTreeSet<&Fingerprint> = all.iter().map(|c| &c.fingerprint).collect();
    let mut effect = Line::new().strong(change.impact.word()).plain(": ").sentence(&change.summary);
    if let Some(values) = short_values(change).filter(|_| change.before.is_some()) {
        effect = effect.plain(", ").then(values);
    }
    if let Some(more) = all.len().checked_sub(1).filter(|more| *more > 0) {
        effect =
            effect.plain(format!("; {} from it", count(more, "change follows", "changes follow")));
    }
    let needed: Vec<&Requirement> = review
        .plan
        .requirements
        .iter()
        .filter(|one| one.changes.iter().any(|own| fingerprints.contains(own)))
        .collect();
    let mut roles: Vec<String> = needed
        .iter()
        .flat_map(|one| one.all_of.iter().chain(&one.any_of))
        .map(|role| format!("`{}`", role.role))
        .collect();
    roles.sort();
    roles.dedup();
    let needs =
        if roles.is_empty() { Line::of("nobody") } else { Line::new().sentence(&list_of(&roles)) };
    vec![Line::new().code(change.address.to_string()), effect, needs, status(review, &all, &needed)]
}

fn status(review: &Review, all: &[&Change], needed: &[&Requirement]) -> Line {
    if review.forbidden().any(|one| all.iter().any(|other| other.fingerprint == one.fingerprint)) {
        return Line::new().with(Style::Bad, "refused");
    }
    if let Some(waived) = all.first().and_then(|change| review.waived(change)) {
        return Line::new().plain("waived by ").code(waived.exception.to_string());
    }
    if !needed.is_empty() {
        return if needed.iter().all(|one| one.is_met()) {
            Line::new().with(Style::Good, "signed")
        } else {
            Line::new().with(Style::Warn, "waits")
        };
    }
    let open = |change: &&Change| review.plan.unclaimed.contains(&change.fingerprint);
    if all.iter().any(open) { Line::new().with(Style::Warn, "waits") } else { Line::of("free") }
}

/// What stands in the way whoever signs, and what was not meant.
fn problems(page: &mut Page, review: &Review) {
    for conflict in &review.conflicts {
        conflicting(page, conflict, review);
    }
    for missing in &review.proposal.not_checked {
        page.gap();
        let line = Line::new().with(Style::Bad, "not compared: ").code(missing.address.clone());
        page.push(Block::Paragraph(line.plain(format!(", {}", missing.reason))));
    }
    if let Some(first) = review.unexpected.first() {
        let title = match first {
            Unexpected::Change { is_more_than_form: true, .. } => "Not form alone",
            _ => "Not what was announced",
        };
        page.gap();
        page.push(Block::Heading(2, Line::of(title)));
    }
    for unexpected in &review.unexpected {
        let UnexpectedRow { kind, address, .. } = unexpected.into();
        let line = Line::new().quoted(kind).plain(" at ").quoted(address);
        page.push(Block::Nested(1, line.plain(format!(" {}", unexpected.words()))));
    }
}

fn conflicting(page: &mut Page, conflict: &Conflict, review: &Review) {
    page.gap();
    let line = Line::new().with(Style::Bad, "conflict in ").quoted(conflict.path.clone());
    let sides = (&review.sides.base_name, &review.sides.head_name);
    let words = if conflict.places.is_empty() {
        "both sides changed the file, one of them by taking it away"
    } else {
        "both sides changed the same lines"
    };
    page.push(Block::Paragraph(line.plain(format!(": {words}"))));
    for place in conflict.places.iter().take(MOST_ROWS) {
        let side = |name: &str, text: &str, style: Style, sign: &str| {
            let mut lines = vec![Line::new().dim(format!("{name}:"))];
            lines
                .extend(text.lines().map(|line| Line::new().with(style, format!("{sign} {line}"))));
            lines
        };
        let mut lines = side(sides.0, &place.base, Style::Removed, "-");
        lines.extend(side(sides.1, &place.head, Style::Added, "+"));
        page.push(Block::Difference(1, lines));
    }
}

/// What comes only of both sides together.
fn together(page: &mut Page, review: &Review, detail: Detail) {
    if review.interactions.is_empty() {
        return;
    }
    page.gap();
    let name = &review.sides.base_name;
    page.push(Block::Heading(
        2,
        Line::of("Only together with what happened on ").quoted(name.clone()),
    ));
    for interaction in review.interactions.iter().take(detail.changes) {
        page.gap();
        page.extend(change_page(&interaction.change, detail));
        if interaction.is_new_to_both {
            let line = "neither side alone sends this record there";
            page.push(Block::Nested(1, Line::new().with(Style::Warn, line)));
        }
    }
}

/// What is good to know beside the changes.
fn beside(page: &mut Page, review: &Review) {
    if !review.plan.waived.is_empty() {
        page.gap();
    }
    for waived in &review.plan.waived {
        let line = Line::new()
            .dim("waived: ")
            .code(waived.change.to_string())
            .plain(" by ")
            .quoted(waived.exception.to_string())
            .plain(format!(", until {}: ", waived.expires))
            .plain(waived.reason.clone());
        page.push(Block::Nested(1, line));
    }
    let findings = review.ledger.iter().chain(&review.plan.findings);
    let grave = findings.filter(|one| one.severity != Severity::Note);
    for (at, finding) in grave.enumerate() {
        if at == 0 {
            page.gap();
        }
        let line = Line::new().with(Style::Warn, "note: ").sentence(&finding.message);
        page.push(Block::Nested(1, line));
    }
    if !review.already_there.is_empty() {
        page.gap();
        let changes = count(review.already_there.len(), "change is", "changes are");
        let name = &review.sides.base_name;
        page.push(Block::Paragraph(
            Line::new().dim(format!("{changes} on ")).quoted(name.clone()).dim(" already"),
        ));
    }
    page.gap();
    let short = |commit: &Commit| commit.id.short();
    let sides = &review.sides;
    let line = format!(
        "compared from {} to {}, judged by the policy of {}",
        short(&sides.merge_base),
        short(&sides.head),
        short(&sides.policy)
    );
    page.push(Block::Paragraph(Line::new().dim(line)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::pieces;

    #[test]
    fn a_backtick_in_a_name_leaves_the_words_of_others_alone() {
        let role = RoleStatus {
            role: "role.cro".to_owned(),
            name: "CRO".to_owned(),
            holders: vec!["Bo | `".to_owned(), "Ann Lee".to_owned()],
            signed_by: None,
            partly: None,
            note: None,
        };
        let told = format!("{} signs `x`", who(&role));
        let wanted = [
            (true, "role.cro"),
            (false, " ("),
            (true, "Bo | `"),
            (false, " or Ann Lee) signs "),
            (true, "x"),
        ];
        assert_eq!(pieces(&told), wanted);
    }
}
