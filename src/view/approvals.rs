//! Who must agree to some changes, who has, and what is missing: as a page and as data.

use super::changes::impact_style;
use super::difference::{ChangeRow, Location, RevisionRow};
use super::words::{count, list_of};
use crate::change::{Change, ChangeSet, Fingerprint, Level, NotChecked};
use crate::finding::{Finding, Severity};
use crate::report::{Block, Line, Page, Style, Tool};
use crate::review::{Review, Sides};
use crate::rights::{
    ApprovalSource, CountsFor, NotCounted, Partly, Plan, Requirement, RoleStatus, Signature, Waived,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What `approvals --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApprovalsReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// What the proposal starts from; levels, rights, roles and exceptions are those of it.
    pub base: RevisionRow,
    /// What it leads to.
    pub head: RevisionRow,
    /// The day for which terms of office and expiries are judged.
    pub as_of: String,
    /// Whether nothing is missing any more, and nothing is forbidden.
    pub met: bool,
    /// What each decision right asks for.
    pub requirements: Vec<RequirementRow>,
    /// The changes that ask for approval, are waived, or are forbidden.
    pub changes: Vec<ChangeRow>,
    /// The fingerprints of the changes that policy forbids: nobody can approve them.
    pub forbidden: Vec<String>,
    /// The fingerprints of the changes that ask for approval and that no right asks anybody about.
    pub unclaimed: Vec<String>,
    /// The changes that an exception waives.
    pub waived: Vec<WaivedRow>,
    /// The roles that are told.
    pub informed: Vec<String>,
    /// The approvals that do not count, wholly or for some requirement, and why.
    pub not_counted: Vec<NotCountedRow>,
    /// What there is to say about exceptions and about the files of approvals.
    pub findings: Vec<ApprovalFinding>,
    /// What could not be compared.
    pub not_checked: Vec<NotChecked>,
}

/// What one decision right asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequirementRow {
    /// The right's address.
    pub right: String,
    /// The name people use for it.
    pub name: String,
    /// Whether nothing is missing.
    pub met: bool,
    /// What is missing, in words.
    pub missing: Vec<String>,
    /// The fingerprints of the changes it is about.
    pub changes: Vec<String>,
    /// The roles that all must approve.
    pub all_of: Vec<RoleRow>,
    /// The roles of which `need` must approve.
    pub any_of: Vec<RoleRow>,
    /// How many of `any_of` must approve.
    pub need: usize,
    /// What must be in the proposal.
    pub evidence: Vec<EvidenceRow>,
    /// Whether whoever wrote the changes cannot approve them.
    pub separation_of_duties: bool,
}

/// Whether a role has approved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoleRow {
    /// The role's address.
    pub role: String,
    /// The name people use for it.
    pub name: String,
    /// Who can sign for it.
    pub holders: Vec<String>,
    /// Who signed for all the changes.
    pub signed_by: Option<SignatureRow>,
    /// Who signed for some of them.
    pub partly: Option<PartlyRow>,
    /// What is special about who can sign.
    pub note: Option<String>,
}

/// A signature.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignatureRow {
    /// Who signed.
    pub who: String,
    /// Where: a review, a trailer, an entry of the ledger.
    pub source: String,
    /// When, as the source writes it.
    pub when: Option<String>,
}

/// Signatures that do not cover everything.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartlyRow {
    /// What is signed.
    pub signed_by: SignatureRow,
    /// The fingerprints of the changes that are left.
    pub uncovered: Vec<String>,
}

/// Whether something is in the proposal that must be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvidenceRow {
    /// What.
    pub kind: &'static str,
    /// Whether it is there.
    pub present: bool,
}

/// A change that an exception waives.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaivedRow {
    /// The change's fingerprint.
    pub change: String,
    /// The exception's address.
    pub exception: String,
    /// Why.
    pub reason: String,
    /// The last day it holds.
    pub expires: String,
}

/// An approval that does not count.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotCountedRow {
    /// Who gave it.
    pub by: String,
    /// Where: a review, a trailer, an entry of the ledger.
    pub source: String,
    /// When, as the source writes it.
    pub when: Option<String>,
    /// The role it was given in, where one is named.
    pub role: Option<String>,
    /// The fingerprints of the changes it names, where it names any.
    pub changes: Vec<String>,
    /// Why it does not count.
    pub reason: String,
}

/// Something to say about an exception or a file of approvals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApprovalFinding {
    /// Its rule.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where.
    pub location: Option<Location>,
}

impl From<&Signature> for SignatureRow {
    fn from(signature: &Signature) -> Self {
        let Signature { who, source, when } = signature.clone();
        Self { who, source, when }
    }
}

impl From<&Partly> for PartlyRow {
    fn from(partly: &Partly) -> Self {
        Self { signed_by: (&partly.signed_by).into(), uncovered: texts(&partly.uncovered) }
    }
}

impl From<&RoleStatus> for RoleRow {
    fn from(status: &RoleStatus) -> Self {
        Self {
            role: status.role.clone(),
            name: status.name.clone(),
            holders: status.holders.clone(),
            signed_by: status.signed_by.as_ref().map(Into::into),
            partly: status.partly.as_ref().map(Into::into),
            note: status.note.clone(),
        }
    }
}

impl From<&Requirement> for RequirementRow {
    fn from(requirement: &Requirement) -> Self {
        let evidence = requirement.evidence.iter();
        Self {
            right: requirement.right.to_string(),
            name: requirement.name.clone(),
            met: requirement.is_met(),
            missing: requirement.missing().iter().map(ToString::to_string).collect(),
            changes: texts(&requirement.changes),
            all_of: requirement.all_of.iter().map(Into::into).collect(),
            any_of: requirement.any_of.iter().map(Into::into).collect(),
            need: requirement.need,
            evidence: evidence
                .map(|it| EvidenceRow { kind: it.kind, present: it.present })
                .collect(),
            separation_of_duties: requirement.separation_of_duties,
        }
    }
}

impl From<&Waived> for WaivedRow {
    fn from(waived: &Waived) -> Self {
        Self {
            change: waived.change.to_string(),
            exception: waived.exception.to_string(),
            reason: waived.reason.clone(),
            expires: waived.expires.to_string(),
        }
    }
}

impl From<&NotCounted> for NotCountedRow {
    fn from(not: &NotCounted) -> Self {
        let changes = match &not.approval.counts_for {
            CountsFor::Only(changes) => changes.iter().map(ToString::to_string).collect(),
            CountsFor::At(_) => Vec::new(),
        };
        Self {
            by: not.approval.by.to_string(),
            source: not.approval.source.to_string(),
            when: not.approval.when.clone(),
            role: not.approval.role.clone(),
            changes,
            reason: not.reason.clone(),
        }
    }
}

impl From<&Finding> for ApprovalFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity,
            message: finding.message.clone(),
            help: finding.help.clone(),
            location: finding.place.as_ref().map(Into::into),
        }
    }
}

fn texts(fingerprints: &[Fingerprint]) -> Vec<String> {
    fingerprints.iter().map(ToString::to_string).collect()
}

impl ApprovalsReport {
    /// A plan for some changes, as data.
    pub fn new(
        plan: &Plan,
        changes: &ChangeSet,
        sides: [RevisionRow; 2],
        as_of: Date,
        findings: &[Finding],
    ) -> Self {
        let [base, head] = sides;
        let of_level = |level: Level| changes.changes.iter().filter(move |it| it.level == level);
        let forbidden: Vec<String> =
            of_level(Level::Forbid).map(|change| change.fingerprint.to_string()).collect();
        let shown = of_level(Level::Forbid).chain(of_level(Level::Approve));
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            base,
            head,
            as_of: as_of.to_string(),
            met: plan.is_met() && forbidden.is_empty(),
            requirements: plan.requirements.iter().map(Into::into).collect(),
            changes: shown.map(Into::into).collect(),
            forbidden,
            unclaimed: texts(&plan.unclaimed),
            waived: plan.waived.iter().map(Into::into).collect(),
            informed: plan.informed.clone(),
            not_counted: plan.not_counted.iter().map(Into::into).collect(),
            findings: plan.findings.iter().chain(findings).map(Into::into).collect(),
            not_checked: changes.not_checked.clone(),
        }
    }
}

/// Who must agree to a proposal, for people: what is missing first.
pub fn approvals_page(review: &Review) -> Page {
    let (plan, changes, findings) = (&review.plan, &review.all(), &review.ledger);
    let view = View::of(changes);
    let mut page = Page::default();
    let sides = &review.sides;
    page.push(Block::Heading(1, Line::new().plain("approvals of ").then(compared(sides))));
    let line = if sides.is_merged() {
        let line = Line::new().quoted(sides.base_name.clone()).plain(" has all that ");
        line.quoted(sides.head_name.clone()).plain(" has: nothing is proposed")
    } else {
        headline(plan)
    };
    page.push(Block::Paragraph(line));
    let forbidden: Vec<Fingerprint> =
        review.forbidden().map(|change| change.fingerprint.clone()).collect();
    view.all_of(&mut page, &forbidden, "forbidden  ", "by policy: nobody can approve");
    let (met, open): (Vec<_>, Vec<_>) = plan.requirements.iter().partition(|it| it.is_met());
    let nobody = "no decision right asks anybody about";
    if view.all_of(&mut page, &plan.unclaimed, "missing  ", nobody) {
        let help = "help: add `[decision.default]` with the role that approves all other changes";
        page.push(Block::Nested(1, Line::new().sentence(help)));
    }
    for requirement in open.into_iter().chain(met) {
        view.requirement(&mut page, requirement);
    }
    view.waived(&mut page, &plan.waived);
    not_counted(&mut page, &plan.not_counted);
    told(&mut page, &plan.informed);
    how_to_sign(&mut page, plan);
    for finding in plan.findings.iter().chain(findings) {
        page.gap();
        about(&mut page, finding);
    }
    for missing in &changes.not_checked {
        page.gap();
        let line = Line::new().with(Style::Warn, "not compared: ").code(missing.address.clone());
        page.push(Block::Paragraph(line.plain(format!(", {}", missing.reason))));
    }
    page
}

/// The sides of a proposal: `HEAD` (6b85342e05) for `main` (2f5c3eb775).
pub(super) fn compared(sides: &Sides) -> Line {
    Line::new()
        .quoted(sides.head_name.clone())
        .plain(format!(" ({}) for ", sides.head.id.short()))
        .quoted(sides.base_name.clone())
        .plain(format!(" ({})", sides.base.id.short()))
}

fn headline(plan: &Plan) -> Line {
    let asked: BTreeSet<&Fingerprint> =
        plan.requirements.iter().flat_map(|it| &it.changes).chain(&plan.unclaimed).collect();
    let waived = match plan.waived.len() {
        0 => String::new(),
        1 => "; 1 is waived".to_owned(),
        many => format!("; {many} are waived"),
    };
    if asked.is_empty() {
        return Line::new().with(Style::Good, "no change asks for an approval").plain(waived);
    }
    let asking = if asked.len() == 1 { "asks" } else { "ask" };
    let line = Line::new().strong(count(asked.len(), "change", "changes"));
    let line = line.plain(format!(" {asking} for approval{waived}; "));
    let met = plan.requirements.iter().filter(|it| it.is_met()).count();
    let all = count(plan.requirements.len(), "decision right", "decision rights");
    if plan.is_met() {
        return line.with(Style::Good, "nothing is missing");
    }
    if plan.requirements.is_empty() {
        return line.with(Style::Bad, "no decision right says whose");
    }
    line.with(Style::Bad, format!("{met} of {all} met"))
}

/// The changes by fingerprint, for naming them.
struct View<'a> {
    changes: BTreeMap<&'a Fingerprint, &'a Change>,
}

impl<'a> View<'a> {
    fn of(changes: &'a ChangeSet) -> Self {
        let changes = changes.changes.iter().map(|change| (&change.fingerprint, change));
        Self { changes: changes.collect() }
    }

    /// A change in a line: what it does, where, and its fingerprint.
    fn line(&self, fingerprint: &Fingerprint) -> Line {
        let line = match self.changes.get(fingerprint) {
            Some(change) => Line::new()
                .with(impact_style(change.impact), format!("{} ", change.impact.word()))
                .plain(format!("{}: ", change.address))
                .sentence(&change.summary)
                .plain(", "),
            None => Line::new(),
        };
        line.dim(fingerprint.to_string())
    }

    fn lines(&self, page: &mut Page, fingerprints: &[Fingerprint]) {
        page.extend_nested(2, fingerprints.iter().map(|fingerprint| self.line(fingerprint)));
    }

    /// Says of some changes what holds of all of them; whether there are any.
    fn all_of(
        &self,
        page: &mut Page,
        changes: &[Fingerprint],
        word: &'static str,
        holds: &str,
    ) -> bool {
        if changes.is_empty() {
            return false;
        }
        page.gap();
        page.push(Block::Paragraph(Line::new().with(Style::Bad, word).plain(holds)));
        self.lines(page, changes);
        true
    }

    fn requirement(&self, page: &mut Page, requirement: &Requirement) {
        page.gap();
        let (style, word) = if requirement.is_met() {
            (Style::Good, "met      ")
        } else {
            (Style::Bad, "missing  ")
        };
        let line = Line::new().with(style, word).strong(&requirement.name).plain(" ");
        let line = line.dim(format!("{}, ", requirement.right));
        let line = line.plain(count(requirement.changes.len(), "change", "changes"));
        page.push(Block::Paragraph(line));
        for role in &requirement.all_of {
            self.role(page, role, false);
        }
        let enough = requirement.still() == 0;
        let has_signed = |role: &RoleStatus| role.signed_by.is_some() || role.partly.is_some();
        if !requirement.any_of.is_empty() {
            let of = format!("{} of:", requirement.need);
            page.push(Block::Nested(1, Line::of(of)));
        }
        for role in requirement.any_of.iter().filter(|role| !enough || has_signed(role)) {
            self.role(page, role, true);
        }
        for evidence in &requirement.evidence {
            let line = Line::of(format!("evidence, {}: ", evidence.kind));
            let line = if evidence.present {
                line.with(Style::Good, "there")
            } else {
                line.with(Style::Bad, "not there")
            };
            page.push(Block::Nested(1, line));
        }
        if requirement.separation_of_duties && !requirement.is_met() {
            let words = "whoever wrote the change cannot approve it";
            page.push(Block::Nested(1, Line::new().dim(words)));
        }
        self.lines(page, &requirement.changes);
    }

    fn role(&self, page: &mut Page, role: &RoleStatus, one_of_several: bool) {
        let level = if one_of_several { 2 } else { 1 };
        let line = Line::of(format!("{}: ", role.name));
        let line = match (&role.signed_by, &role.partly) {
            (Some(signature), _) => signed(line, signature),
            (None, Some(partly)) => {
                let left = count(partly.uncovered.len(), "change", "changes");
                signed(line, &partly.signed_by).with(Style::Warn, format!("; not for {left}"))
            }
            (None, None) => unsigned(line, role),
        };
        page.push(Block::Nested(level, line));
        if let Some(partly) = &role.partly {
            let lines = partly.uncovered.iter().map(|it| Line::of("not for ").then(self.line(it)));
            page.extend_nested(level + 1, lines);
        }
        if let Some(note) = &role.note {
            page.push(Block::Nested(level + 1, Line::new().sentence(note)));
        }
    }

    fn waived(&self, page: &mut Page, waived: &[Waived]) {
        for one in waived {
            page.gap();
            let line = Line::new().with(Style::Warn, "waived   ").code(one.exception.to_string());
            let line = line.plain(format!(" until {}: {}", one.expires, one.reason));
            page.push(Block::Paragraph(line));
            page.push(Block::Nested(2, self.line(&one.change)));
        }
    }
}

fn signed(line: Line, signature: &Signature) -> Line {
    let line = line.with(Style::Good, format!("signed by {}", signature.who));
    line.dim(format!(", {}", signature.source))
}

fn unsigned(line: Line, role: &RoleStatus) -> Line {
    let line = line.with(Style::Bad, "not signed");
    match role.holders.as_slice() {
        [] => line.plain("; nobody can"),
        holders => line.plain(format!("; {} can", list_of(holders))),
    }
}

fn not_counted(page: &mut Page, not_counted: &[NotCounted]) {
    let refused = refused(not_counted);
    if refused.is_empty() {
        return;
    }
    page.gap();
    page.push(Block::Paragraph(Line::new().with(Style::Warn, "does not count")));
    let line = |one: Refused| {
        let who = format!("{}, {}", one.by, one.place);
        Line::new().strong(who).plain(": ").sentence(&one.reason)
    };
    page.extend_nested(1, refused.into_iter().map(line));
}

/// Approvals of one giver in one place that do not count for one reason.
pub(super) struct Refused {
    /// Who gave them.
    pub(super) by: String,
    /// Where, and of how many changes where not each entry of a file is meant.
    pub(super) place: String,
    /// Why they do not count.
    pub(super) reason: String,
}

/// The approvals that do not count, each reason once for a giver and a place.
pub(super) fn refused(not_counted: &[NotCounted]) -> Vec<Refused> {
    let mut found: Vec<(&NotCounted, usize)> = Vec::new();
    for one in not_counted {
        let same = |other: &NotCounted| {
            let (one, other) = ((&one.approval, &one.reason), (&other.approval, &other.reason));
            one.0.by == other.0.by && one.0.source == other.0.source && one.1 == other.1
        };
        match found.iter_mut().find(|(other, _)| same(other)) {
            Some((_, number)) => *number += 1,
            None => found.push((one, 1)),
        }
    }
    let told = |(one, number): (&NotCounted, usize)| {
        let NotCounted { approval, among, .. } = one;
        // Each entry of a file is for one change; a review and a trailer are for all there were.
        let part = match &approval.source {
            ApprovalSource::Ledger(_) if number < *among => {
                format!(", for {number} of {among} changes")
            }
            ApprovalSource::Ledger(_) if number > 1 => format!(", for {number} changes"),
            _ => String::new(),
        };
        Refused {
            by: approval.by.to_string(),
            place: format!("{}{part}", approval.source),
            reason: one.reason.clone(),
        }
    };
    found.into_iter().map(told).collect()
}

fn told(page: &mut Page, roles: &[String]) {
    if roles.is_empty() {
        return;
    }
    page.gap();
    let roles: Vec<String> = roles.iter().map(|role| format!("`{role}`")).collect();
    page.push(Block::Paragraph(Line::new().sentence(&format!("to be told: {}", list_of(&roles)))));
}

/// How a missing approval is given.
fn how_to_sign(page: &mut Page, plan: &Plan) {
    if !plan.can_be_signed() {
        return;
    }
    page.gap();
    let words = "to sign: `opmodel approve FINGERPRINT… --as ROLE` and a commit, a review at the forge, or a commit with the trailer `Approved-by: Name <mail>`";
    page.push(Block::Paragraph(Line::new().sentence(words)));
}

fn about(page: &mut Page, finding: &Finding) {
    let style = match finding.severity {
        Severity::Error => Style::Bad,
        Severity::Warning => Style::Warn,
        Severity::Note => Style::Dim,
    };
    let line = Line::new().with(style, format!("{}: ", finding.severity.word()));
    let line = line.sentence(&finding.message).dim(format!(", {}", finding.rule));
    let line = match &finding.place {
        Some(place) => {
            let Location { path, line: number } = place.into();
            line.dim(format!(", {path}:{number}"))
        }
        None => line,
    };
    page.push(Block::Paragraph(line));
    if let Some(help) = &finding.help {
        page.push(Block::Nested(1, Line::new().sentence(&format!("help: {help}"))));
    }
}
