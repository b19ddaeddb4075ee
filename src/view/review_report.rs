//! A review as data, which is what other programs read.

use super::change_findings::{change_findings, change_rules};
use super::difference::{ChangeRow, Inputs, RevisionRow};
use super::findings::rule_infos;
use super::impact::ImpactReport;
use super::review::{not_counted, signed};
use super::routes::RouteTable;
use crate::change::{Change, Impact, Level, NotChecked};
use crate::finding::Severity;
use crate::report::{FindingRow, RuleInfo, Tool};
use crate::review::{Conflict, Review, Unexpected, Verdict};
use crate::rights::{Missing, Requirement, RoleStatus};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The rule by which a signature or a piece of evidence is missing.
const APPROVAL_MISSING: &str = "approval-missing";
/// The rule of a file that both sides changed.
const CONFLICT: &str = "merge-conflict";
/// The rule of what is not as it was announced.
const UNEXPECTED: &str = "unexpected-change";

/// What `review --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewReport<'a> {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The revisions.
    pub inputs: ReviewInputs,
    /// What it comes to.
    pub verdict: Verdict,
    /// The exit code that goes with it.
    pub exit_code: u8,
    /// Counts.
    pub summary: ReviewSummary,
    /// What is proposed, the strictest level first, then by impact and address.
    pub changes: Vec<ChangeRow>,
    /// The routing tables under which records go elsewhere, or were looked at for it.
    pub routes: Vec<RouteTable>,
    /// What comes of it only together with what happened on the base meanwhile.
    pub interactions: Vec<InteractionRow>,
    /// The fingerprints of what the base has already.
    pub already_there: Vec<String>,
    /// What cannot be merged without a decision.
    pub conflicts: Vec<ConflictRow>,
    /// What is wrong with what comes of it, and not with the base.
    pub broken: Vec<FindingRow>,
    /// Who must sign what, and who did.
    pub approvals: ApprovalsReport,
    /// The changes that an exception waives.
    pub waived: Vec<WaivedRow>,
    /// What there is to say about exceptions, and about the approvals it writes down.
    pub findings: Vec<FindingRow>,
    /// Where the proposal is not what was announced.
    pub unexpected: Vec<UnexpectedRow>,
    /// What could not be compared.
    pub not_checked: Vec<NotChecked>,
    /// What was understood otherwise than it was written.
    pub notes: Vec<String>,
    /// What it does to real records, where some were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<&'a ImpactReport>,
}

/// The revisions of a review.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewInputs {
    /// Base and head.
    #[serde(flatten)]
    pub sides: Inputs,
    /// Where both parted.
    pub merge_base: String,
    /// Where levels, decision rights, roles and exceptions were read.
    pub policy_from: RevisionRow,
}

/// Counts of what is judged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewSummary {
    /// Changes that are more than form, interactions among them.
    pub changes: usize,
    /// Changes of form alone.
    pub cosmetic: usize,
    /// Changes of which it is not known what they do.
    pub undecided: usize,
    /// Changes that policy turned off.
    pub silenced: usize,
    /// Changes that an exception waives.
    pub waived: usize,
    /// Signatures and pieces of evidence that are missing.
    pub missing: usize,
    /// All by impact.
    pub by_impact: BTreeMap<Impact, usize>,
    /// All by level.
    pub by_level: BTreeMap<Level, usize>,
}

/// A change that comes only of both sides together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InteractionRow {
    /// The change, for the base.
    pub change: ChangeRow,
    /// Whether its record goes where neither side alone sends it.
    pub new_to_both: bool,
}

/// A file that cannot be merged without a decision.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConflictRow {
    /// The file.
    pub path: String,
    /// What both sides say, place by place; empty where one of them took the file away.
    pub places: Vec<SidedRow>,
}

/// What two sides say at one place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SidedRow {
    /// The lines of the base.
    pub base: String,
    /// The lines of the head.
    pub head: String,
}

/// Who must sign, and who did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApprovalsReport {
    /// What decision rights ask for.
    pub required: Vec<RequirementRow>,
    /// The fingerprints of changes that need an approval and have no decision right.
    pub unclaimed: Vec<String>,
    /// The roles that are to be told.
    pub informed: Vec<String>,
    /// Approvals that do not count, and why; the same reason once for a giver and a place.
    pub not_counted: Vec<String>,
}

/// What one decision right asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequirementRow {
    /// The decision right.
    pub decision: String,
    /// The fingerprints of the changes it is about.
    pub changes: Vec<String>,
    /// The roles that all must sign.
    pub all_of: Vec<SignatureRow>,
    /// The roles of which some must sign.
    pub any_of: Vec<SignatureRow>,
    /// How many of `any_of`.
    pub need: usize,
    /// What must be in the proposal, and whether it is.
    pub evidence: BTreeMap<String, bool>,
    /// Whether everything is there.
    pub met: bool,
}

/// A role that signs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignatureRow {
    /// The role.
    pub role: String,
    /// Who holds it.
    pub holders: Vec<String>,
    /// Who signed and where; nothing where nobody did.
    pub signed_by: Option<String>,
}

/// A change that an exception waives.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaivedRow {
    /// What the change is known by.
    pub fingerprint: String,
    /// The exception.
    pub exception: String,
    /// Why.
    pub reason: String,
    /// The last day it holds.
    pub expires: String,
}

/// Where a proposal is not what was announced.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnexpectedRow {
    /// The kind of change.
    pub kind: String,
    /// Where.
    pub address: String,
    /// Whether it was announced and is not there; otherwise it is there and was not announced.
    pub absent: bool,
}

/// A review as findings: what changes, what stands in the way, and who has not signed yet.
pub fn review_findings(review: &Review) -> Vec<FindingRow> {
    let own = |rule: &str, severity, message: String| {
        let message = message.replace('\n', " ");
        FindingRow { message, ..FindingRow::at(rule, severity, None) }
    };
    let conflicts = review.conflicts.iter().map(|conflict| {
        let message =
            format!("`{}` was changed on both sides; resolve the conflict", conflict.path);
        FindingRow { path: Some(conflict.path.clone()), ..own(CONFLICT, Severity::Error, message) }
    });
    let wrong = review.broken.iter().chain(&review.ledger).chain(&review.plan.findings);
    let missing = review.plan.requirements.iter().flat_map(|requirement| {
        let about = format!("`{}`", requirement.right);
        requirement.missing().into_iter().map(move |missing| {
            let message = format!("{about} is missing {missing}");
            FindingRow {
                address: Some(format!("{}, {}", requirement.right, wanted(&missing))),
                ..own(APPROVAL_MISSING, Severity::Warning, message)
            }
        })
    });
    let unclaimed = review.plan.unclaimed.iter().map(|change| {
        let message = format!("no decision right says who signs `{change}`");
        let about = review.changes().find(|about| about.fingerprint == *change);
        FindingRow {
            address: about.map(|about| format!("{} {}", about.kind.id, about.address)),
            ..own(APPROVAL_MISSING, Severity::Warning, message)
        }
    });
    let unexpected = review.unexpected.iter().map(|unexpected| {
        let row = UnexpectedRow::from(unexpected);
        let what = unexpected.words();
        let message = format!("`{}` at `{}` {what}", row.kind, row.address);
        FindingRow {
            address: Some(format!("{} {}", row.kind, row.address)),
            ..own(UNEXPECTED, Severity::Error, message)
        }
    });
    let changes = change_findings(&review.all());
    // A forge shows the first few of each weight: what stands in a file comes before what stands in none.
    conflicts
        .chain(wrong.map(Into::into))
        .chain(unexpected)
        .chain(changes)
        .chain(missing)
        .chain(unclaimed)
        .collect()
}

/// What is missing, by the ids of what is asked for.
fn wanted(missing: &Missing<'_>) -> String {
    match missing {
        Missing::Approval(role) => role.role.clone(),
        Missing::Some { still, of } => {
            let roles: Vec<&str> = of.iter().map(|role| role.role.as_str()).collect();
            format!("{still} of {}", roles.join(", "))
        }
        Missing::Evidence(kind) => (*kind).to_owned(),
    }
}

/// What of a review is about files: what changes and what stands in the way, without who has not
/// signed yet, and the rules of all that.
pub fn review_scan(review: &Review) -> (Vec<FindingRow>, Vec<RuleInfo>) {
    let mut findings = review_findings(review);
    findings.retain(|finding| finding.rule != APPROVAL_MISSING);
    let own = [
        (CONFLICT, "A file that was changed on both sides, and cannot be merged by itself."),
        (
            UNEXPECTED,
            "A change that was not announced, or one that was announced and is not there.",
        ),
    ];
    let own = own.map(|(id, summary)| RuleInfo {
        id: id.to_owned(),
        summary: summary.to_owned(),
        page: summary.to_owned(),
        severity: Severity::Error,
    });
    let mut rules = change_rules(&review.all());
    let is_met = |rule: &RuleInfo| findings.iter().any(|finding| finding.rule == rule.id);
    rules.extend(own.into_iter().chain(rule_infos()).filter(is_met));
    (findings, rules)
}

/// The same where only an error fails: what must be there before merging, and is not, is one.
pub fn review_failures(review: &Review) -> Vec<FindingRow> {
    let mut findings = review_findings(review);
    for finding in findings.iter_mut().filter(|finding| finding.rule == APPROVAL_MISSING) {
        finding.severity = Severity::Error;
    }
    findings
}

impl<'a> ReviewReport<'a> {
    /// A review as data.
    pub fn new(review: &Review, records: Option<&'a ImpactReport>) -> Self {
        let sides = &review.sides;
        let row = |name: &str, commit: &crate::git::Commit| RevisionRow {
            rev: name.to_owned(),
            commit: Some(commit.id.to_string()),
            dated: None,
        };
        let fingerprints = |of: &[crate::change::Fingerprint]| -> Vec<String> {
            of.iter().map(ToString::to_string).collect()
        };
        let plan = &review.plan;
        let interactions = review.interactions.iter().map(|interaction| InteractionRow {
            change: (&interaction.change).into(),
            new_to_both: interaction.is_new_to_both,
        });
        let waived = plan.waived.iter().map(|waived| WaivedRow {
            fingerprint: waived.change.to_string(),
            exception: waived.exception.to_string(),
            reason: waived.reason.clone(),
            expires: waived.expires.to_string(),
        });
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            inputs: ReviewInputs {
                sides: Inputs {
                    base: row(&sides.base_name, &sides.base),
                    head: row(&sides.head_name, &sides.head),
                },
                merge_base: sides.merge_base.id.to_string(),
                policy_from: row(&sides.policy_name, &sides.policy),
            },
            verdict: review.verdict,
            exit_code: review.verdict.exit_code(),
            summary: summary(review),
            changes: review.proposal.changes.iter().map(Into::into).collect(),
            routes: review.proposal.routes.iter().map(Into::into).collect(),
            interactions: interactions.collect(),
            already_there: fingerprints(&review.already_there),
            conflicts: review.conflicts.iter().map(Into::into).collect(),
            broken: review.broken.iter().map(Into::into).collect(),
            approvals: ApprovalsReport {
                required: plan.requirements.iter().map(Into::into).collect(),
                unclaimed: fingerprints(&plan.unclaimed),
                informed: plan.informed.clone(),
                not_counted: not_counted(&plan.not_counted),
            },
            waived: waived.collect(),
            findings: review.ledger.iter().chain(&plan.findings).map(Into::into).collect(),
            unexpected: review.unexpected.iter().map(Into::into).collect(),
            not_checked: review.proposal.not_checked.clone(),
            notes: sides.notes.clone(),
            records,
        }
    }
}

fn summary(review: &Review) -> ReviewSummary {
    let mut by_impact: BTreeMap<Impact, usize> = BTreeMap::new();
    let mut by_level: BTreeMap<Level, usize> = BTreeMap::new();
    for change in review.changes() {
        *by_impact.entry(change.impact).or_default() += 1;
        *by_level.entry(change.level).or_default() += 1;
    }
    let of = |impact| by_impact.get(&impact).copied().unwrap_or_default();
    ReviewSummary {
        changes: review.changes().filter(|change: &&Change| !change.is_cosmetic()).count(),
        cosmetic: of(Impact::Cosmetic),
        undecided: of(Impact::Undecided),
        silenced: review.proposal.silenced.len(),
        waived: review.plan.waived.len(),
        missing: review.plan.requirements.iter().map(|one| one.missing().len()).sum(),
        by_impact,
        by_level,
    }
}

impl From<&Requirement> for RequirementRow {
    fn from(requirement: &Requirement) -> Self {
        let roles = |of: &[RoleStatus]| of.iter().map(Into::into).collect();
        let evidence = requirement.evidence.iter();
        Self {
            decision: requirement.right.to_string(),
            changes: requirement.changes.iter().map(ToString::to_string).collect(),
            all_of: roles(&requirement.all_of),
            any_of: roles(&requirement.any_of),
            need: requirement.need,
            evidence: evidence.map(|one| (one.kind.to_owned(), one.present)).collect(),
            met: requirement.is_met(),
        }
    }
}

impl From<&RoleStatus> for SignatureRow {
    fn from(role: &RoleStatus) -> Self {
        Self {
            role: role.role.clone(),
            holders: role.holders.clone(),
            signed_by: role.signed_by.as_ref().map(signed),
        }
    }
}

impl From<&Conflict> for ConflictRow {
    fn from(conflict: &Conflict) -> Self {
        let places = conflict.places.iter();
        let places =
            places.map(|place| SidedRow { base: place.base.clone(), head: place.head.clone() });
        Self { path: conflict.path.clone(), places: places.collect() }
    }
}

impl From<&Unexpected> for UnexpectedRow {
    fn from(unexpected: &Unexpected) -> Self {
        match unexpected {
            Unexpected::Change { kind, address, .. } => {
                Self { kind: kind.clone(), address: address.clone(), absent: false }
            }
            Unexpected::Absent(expected) => Self {
                kind: expected.kind.clone(),
                address: expected.address.clone(),
                absent: true,
            },
        }
    }
}
