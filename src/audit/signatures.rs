//! The signatures of a period: of every commit of the population, and of the tags on them.

use super::judge::{instant, who};
use super::population::Anchor;
use super::report::Drift;
use crate::git::{self, ObjectId, Signature, SignatureCheck, SignatureForm, SignatureStatus};
use crate::history::{HistoryError, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The signature of one commit or tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureRow {
    /// The commit, signed itself or named by the tag.
    pub commit: String,
    /// The tag that is signed, where it is one.
    pub tag: Option<TagRow>,
    /// What is known of it.
    pub status: SignatureStatus,
    /// How it is written.
    pub form: Option<SignatureForm>,
    /// Whose it is, as the list of allowed signers or the keyring names them; only of a good one.
    pub signer: Option<String>,
    /// The fingerprint of the key, where it is known.
    pub key: Option<String>,
    /// Why it is not good.
    pub why: Option<String>,
}

/// An annotated tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TagRow {
    /// The name it is found under.
    pub name: String,
    /// The name written in it, which is the one that is signed, where that is another one.
    pub written_name: Option<String>,
    /// The name Git has for the tag itself.
    pub id: String,
    /// Who made it.
    pub tagger: Option<String>,
    /// When, in UTC.
    pub when: Option<String>,
}

/// The signatures of a population's commits, the oldest first.
///
/// # Errors
/// A commit cannot be read, or its content is not what its name says.
pub fn commit_signatures(
    workspace: &Workspace,
    drift: &Drift,
    check: &SignatureCheck,
) -> Result<Vec<SignatureRow>, HistoryError> {
    let commits = commits(drift);
    let found = workspace.repository()?.signatures(&commits, check)?;
    let rows = commits.iter().zip(found);
    let row = |(commit, found): (&ObjectId, _)| SignatureRow::new(commit.to_string(), None, found);
    Ok(rows.map(row).collect())
}

/// The signatures of all tags that stand for a commit, by name.
///
/// # Errors
/// A tag cannot be read.
pub fn tag_signatures(
    workspace: &Workspace,
    check: &SignatureCheck,
) -> Result<Vec<SignatureRow>, HistoryError> {
    Ok(workspace.repository()?.anchors(check)?.into_iter().map(of_tag).collect())
}

/// Those signatures of tags that stand on one of a population's commits or on the one in force at its
/// start.
pub fn on_population(tags: Vec<SignatureRow>, drift: &Drift) -> Vec<SignatureRow> {
    let start = drift.period.start.as_deref().and_then(ObjectId::from_hex);
    let known: BTreeSet<ObjectId> = commits(drift).into_iter().chain(start).collect();
    let is_known = |tag: &SignatureRow| {
        ObjectId::from_hex(&tag.commit).is_some_and(|commit| known.contains(&commit))
    };
    tags.into_iter().filter(is_known).collect()
}

/// The commits of a population, the oldest first.
fn commits(drift: &Drift) -> Vec<ObjectId> {
    drift.population.rows.iter().rev().filter_map(|row| ObjectId::from_hex(&row.commit)).collect()
}

/// Signatures found now, as far as they can be held against those that were found before: tags that
/// were not known then are left out, and where one of the two could not verify what the other could,
/// what was said before stays. How many of each is said.
pub fn reconciled(
    now: Vec<SignatureRow>,
    before: &[SignatureRow],
) -> (Vec<SignatureRow>, Vec<String>) {
    let known: BTreeMap<(&str, Option<&str>), &SignatureRow> =
        before.iter().map(|row| (row.of(), row)).collect();
    let (mut new_tags, mut not_here, mut only_here) = (0, 0, 0);
    let mut rows = Vec::with_capacity(now.len());
    for row in now {
        let before = known.get(&row.of()).copied();
        let unverified = |row: &SignatureRow| row.status == SignatureStatus::NotVerified;
        match before {
            None if row.tag.is_some() => new_tags += 1,
            Some(before) if row.form == before.form && unverified(&row) => {
                not_here += usize::from(!unverified(before));
                rows.push(before.judged_as(row));
            }
            Some(before) if unverified(before) && row.status == SignatureStatus::Good => {
                only_here += 1;
                rows.push(before.judged_as(row));
            }
            _ => rows.push(row),
        }
    }
    let told = [
        (new_tags, "on these commits came after the package was made", ["1 tag", "tags"]),
        (
            not_here,
            "could not be verified here: taken as the package has them",
            ["1 signature", "signatures"],
        ),
        (
            only_here,
            "could be verified here, and could not when the package was made",
            ["1 signature", "signatures"],
        ),
    ];
    let told = told.iter().filter(|(count, _, _)| *count > 0).map(|(count, says, [one, many])| {
        let what = if *count == 1 { (*one).to_owned() } else { format!("{count} {many}") };
        format!("{what} {says}")
    });
    (rows, told.collect())
}

/// The tags among signatures, as a report shows them.
pub fn anchors(signatures: &[SignatureRow]) -> Vec<Anchor> {
    let of = |row: &SignatureRow| {
        let tag = row.tag.as_ref()?;
        Some(Anchor {
            tag: tag.name.clone(),
            commit: row.commit.clone(),
            tagger: tag.tagger.clone().unwrap_or_default(),
            when: tag.when.clone().unwrap_or_default(),
            signature: row.status.word().to_owned(),
            note: row.note(),
        })
    };
    signatures.iter().filter_map(of).collect()
}

impl SignatureRow {
    fn new(commit: String, tag: Option<TagRow>, signature: Signature) -> Self {
        let Signature { status, form, signer, key, why } = signature;
        Self { commit, tag, status, form, signer, key, why }
    }

    /// What it is a signature of, whatever came of verifying it.
    pub(super) fn of(&self) -> (&str, Option<&str>) {
        (&self.commit, self.tag.as_ref().map(|tag| tag.name.as_str()))
    }

    /// Another row with what this one says of the signature.
    fn judged_as(&self, row: Self) -> Self {
        let Self { status, signer, key, why, .. } = self.clone();
        Self { status, signer, key, why, ..row }
    }

    /// What there is to say besides its status.
    fn note(&self) -> Option<String> {
        let written = self.tag.as_ref().and_then(|tag| tag.written_name.as_ref());
        let other = written.map(|name| format!("the tag itself says to be `{name}`"));
        let signer = self.signer.as_ref().map(|signer| format!("by `{signer}`"));
        let said: Vec<String> = [signer, self.why.clone(), other].into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

fn of_tag(tag: git::Anchor) -> SignatureRow {
    let row = TagRow {
        name: tag.name,
        written_name: tag.written_name,
        id: tag.id.to_string(),
        tagger: tag.tagger.as_ref().map(who),
        when: tag.time.map(|time| instant(time.seconds)),
    };
    SignatureRow::new(tag.commit.to_string(), Some(row), tag.signature)
}
