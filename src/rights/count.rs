//! Counting: which approval signs for which role, and why one does not count.

use super::approval::{Approval, ApprovalSource, CountsFor};
use super::people::{Holder, Identity, People, RoleHolders, Term};
use super::plan::{Asked, NotCounted, Partly, Refusal, RoleStatus, Signature};
use super::right::Right;
use crate::change::Fingerprint;
use std::collections::{BTreeMap, BTreeSet};

/// One approval while it is counted.
struct Voice<'a> {
    approval: &'a Approval,
    identity: Identity,
    /// Whether the signer wrote the changes.
    is_author: bool,
    /// The changes it is for, or why it is for none.
    covers: Result<BTreeSet<Fingerprint>, String>,
    /// Whether it signed anything.
    counted: bool,
    /// Whether it is for any change that is asked about.
    touched: bool,
    /// The rights for which it does not count because the signer wrote the change.
    own: BTreeSet<String>,
}

/// All approvals, counted role by role.
pub(super) struct Count<'a> {
    people: &'a People,
    authors: &'a [Identity],
    voices: Vec<Voice<'a>>,
}

/// Who can sign for a role.
#[derive(Default)]
struct Eligible<'p> {
    /// The roles whose holders can, with those holders; the role itself comes first.
    roles: Vec<&'p RoleHolders>,
    note: Option<String>,
}

impl<'a> Count<'a> {
    pub(super) fn new(asked: &Asked<'a>, people: &'a People, authors: &'a [Identity]) -> Self {
        // In an order of their own, so that it does not matter in which they were found.
        let approvals: BTreeSet<&Approval> = asked.approvals.iter().collect();
        let voice = |approval: &'a Approval| {
            let identity = people.identity(&approval.by);
            Voice {
                approval,
                is_author: authors.iter().any(|author| identity.may_be(author)),
                identity,
                covers: covered(approval, asked),
                counted: false,
                touched: false,
                own: BTreeSet::new(),
            }
        };
        Self { people, authors, voices: approvals.into_iter().map(voice).collect() }
    }

    /// Whether a role has signed for the changes that a right is about.
    pub(super) fn status(
        &mut self,
        right: &Right,
        role: &str,
        changes: &BTreeSet<Fingerprint>,
    ) -> RoleStatus {
        let eligible = self.eligible(role, right.separation_of_duties);
        let mut open = changes.clone();
        let mut signatures = Vec::new();
        for voice in &mut self.voices {
            let Some(signature) = sign(voice, right, &eligible, changes) else { continue };
            if let Ok(covers) = &voice.covers {
                open.retain(|change| !covers.contains(change));
            }
            signatures.push(signature);
        }
        let signed = joined(signatures);
        let name = self.people.role(role).map_or(role, |role| &role.name).to_owned();
        let can = |holder: &&Holder| !right.separation_of_duties || !self.wrote(holder);
        let holders = eligible.roles.iter().flat_map(|role| role.in_office());
        let holders: Vec<String> = holders.filter(can).map(|holder| holder.name.clone()).collect();
        let whole = open.is_empty();
        let partly = signed
            .clone()
            .filter(|_| !whole)
            .map(|signed_by| Partly { signed_by, uncovered: open.into_iter().collect() });
        RoleStatus {
            role: role.to_owned(),
            name,
            holders,
            signed_by: signed.filter(|_| whole),
            partly,
            note: eligible.note,
        }
    }

    /// Who can sign for a role: its holders, and those of its deputies where none of them can act.
    fn eligible(&self, role: &str, separation: bool) -> Eligible<'a> {
        let mut found = Eligible::default();
        let mut next = Some(role);
        let mut reasons: Vec<String> = Vec::new();
        while let Some(address) = next.take() {
            let Some(holders) = self.people.role(address) else {
                reasons.push(format!("`{address}` is not in the model"));
                break;
            };
            if found.roles.iter().any(|seen| seen.role == holders.role) {
                break;
            }
            found.roles.push(holders);
            if holders.acting().any(|holder| !separation || !self.wrote(holder)) {
                if found.roles.len() > 1 {
                    reasons.push(format!("`{address}` stands in"));
                }
                break;
            }
            reasons.push(self.nobody(holders, separation));
            next = holders.deputy.as_deref();
        }
        found.note = (!reasons.is_empty()).then(|| reasons.join("; "));
        found
    }

    /// Whether a holder wrote the changes, or may have.
    fn wrote(&self, holder: &Holder) -> bool {
        let identity = self.people.identity(&holder.signer());
        self.authors.iter().any(|author| identity.may_be(author) || holder.may_be(author))
    }

    /// What those wrote who have a share in the proposal; which of its changes each of several wrote is not
    /// asked.
    fn written(&self) -> &'static str {
        let is_one = self.authors.split_first().is_none_or(|(first, rest)| {
            rest.iter().all(|author| author.may_be(first) || first.may_be(author))
        });
        if is_one { "the change" } else { "a part of the proposal" }
    }

    /// Why nobody of a role can act.
    fn nobody(&self, role: &RoleHolders, separation: bool) -> String {
        if role.holders.is_empty() {
            return format!("nobody holds `{}`", role.role);
        }
        let why = |holder: &Holder| match holder.term {
            Term::Acting if separation && self.wrote(holder) => {
                format!("{} wrote {}", holder.name, self.written())
            }
            term => format!("{} {}", holder.name, term.told()),
        };
        let why: Vec<String> = role.holders.iter().map(why).collect();
        format!("nobody who holds `{}` can act: {}", role.role, why.join(", "))
    }

    /// The approvals that do not count, wholly or for some right, and why.
    pub(super) fn not_counted(self) -> Vec<NotCounted> {
        let mut given: BTreeMap<_, usize> = BTreeMap::new();
        for voice in &self.voices {
            *given.entry((&voice.approval.by, &voice.approval.source)).or_default() += 1;
        }
        let told = self.voices.iter().filter_map(|voice| {
            let (refusal, reason) = voice.reason(self.people, self.written())?;
            let approval = voice.approval.clone();
            let among = given.get(&(&approval.by, &approval.source)).copied().unwrap_or(1);
            Some(NotCounted { approval, refusal, reason, among })
        });
        told.collect()
    }
}

/// The changes an approval is for, or why it is for none.
fn covered(approval: &Approval, asked: &Asked<'_>) -> Result<BTreeSet<Fingerprint>, String> {
    if let Some(reason) = approval.withdrawn {
        return Err(reason.to_owned());
    }
    let is_named = approval.by.email.is_some() || approval.by.login.is_some();
    if matches!(approval.source, ApprovalSource::Trailer(_)) && !is_named {
        return Err("a name alone signs nothing: write `Name <mail>`".to_owned());
    }
    match &approval.counts_for {
        CountsFor::Only(changes) if changes.is_empty() => {
            Err("it does not say for which commit or change it was given".to_owned())
        }
        CountsFor::Only(changes) => Ok(changes.clone()),
        CountsFor::At(commit) => (asked.at)(commit).ok_or_else(|| {
            format!(
                "it was given at commit {}, which is not known here any more; ask for it again",
                commit.short()
            )
        }),
    }
}

/// The signature that an approval gives for a role, if it does.
fn sign(
    voice: &mut Voice<'_>,
    right: &Right,
    eligible: &Eligible<'_>,
    changes: &BTreeSet<Fingerprint>,
) -> Option<Signature> {
    let covers = voice.covers.as_ref().ok()?;
    if covers.is_disjoint(changes) {
        return None;
    }
    voice.touched = true;
    let (own, holder) = eligible.roles.iter().find_map(|role| {
        let holder = role.listed(&voice.identity).filter(|holder| holder.term.is_in_office())?;
        let named = voice.approval.role.as_ref();
        let first = eligible.roles.first().map(|role| &role.role);
        let fits = named.is_none_or(|named| *named == role.role || Some(named) == first);
        fits.then_some((Some(&role.role) == first, (role, holder)))
    })?;
    if right.separation_of_duties && voice.is_author {
        voice.own.insert(right.address.to_string());
        return None;
    }
    voice.counted = true;
    let (role, holder) = holder;
    let standing_in = if own { String::new() } else { format!(" ({}, standing in)", role.name) };
    Some(Signature {
        who: format!("{}{standing_in}", holder.name),
        source: voice.approval.source.to_string(),
        when: voice.approval.when.clone(),
    })
}

/// Several signatures as one; each name and each source once.
fn joined(signatures: Vec<Signature>) -> Option<Signature> {
    let mut signatures = signatures.into_iter();
    let first = signatures.next()?;
    let (mut who, mut source) = (vec![first.who], vec![first.source]);
    let mut when = first.when;
    for next in signatures {
        if !who.contains(&next.who) {
            who.push(next.who);
        }
        if !source.contains(&next.source) {
            source.push(next.source);
        }
        when = when.max(next.when);
    }
    Some(Signature { who: who.join(", "), source: source.join(", "), when })
}

impl Voice<'_> {
    /// Why it does not count, wholly or for some right; none where it does.
    fn reason(&self, people: &People, written: &str) -> Option<(Refusal, String)> {
        if !self.own.is_empty() {
            let rights: Vec<String> = self.own.iter().map(|right| format!("`{right}`")).collect();
            let rights = rights.join(", ");
            let reason = format!("whoever wrote {written} cannot approve it under {rights}");
            return Some((Refusal::Own, reason));
        }
        if self.counted {
            return None;
        }
        Some(match &self.covers {
            Err(reason) => (Refusal::NotForThis, reason.clone()),
            Ok(_) => self.unfit(people),
        })
    }

    /// Why it signs nothing although it stands.
    fn unfit(&self, people: &People) -> (Refusal, String) {
        let listed: Vec<_> =
            people.roles().filter_map(|role| Some((role, role.listed(&self.identity)?))).collect();
        if listed.is_empty() {
            let reason = "nobody who holds a role in the model is known by this name";
            return (Refusal::NotHolder, reason.to_owned());
        }
        let held: Vec<&str> = listed
            .iter()
            .filter(|(_, holder)| holder.term.is_in_office())
            .map(|(role, _)| role.role.as_str())
            .collect();
        if held.is_empty() {
            let gone: Vec<String> = listed
                .iter()
                .map(|(role, holder)| {
                    format!("{} {}, for `{}`", holder.name, holder.term.told(), role.role)
                })
                .collect();
            return (Refusal::NotHolder, gone.join("; "));
        }
        if let Some(role) = &self.approval.role
            && !held.contains(&role.as_str())
        {
            return (Refusal::NotHolder, format!("the signer does not hold `{role}`"));
        }
        if !self.touched {
            let reason = match &self.approval.counts_for {
                CountsFor::At(commit) => format!(
                    "at commit {} none of the changes that ask for approval was as it is now",
                    commit.short()
                ),
                CountsFor::Only(_) => {
                    "no change that asks for approval has this fingerprint".to_owned()
                }
            };
            return (Refusal::NotForThis, reason);
        }
        let held: Vec<String> = held.iter().map(|role| format!("`{role}`")).collect();
        let reason = format!("no decision right asks for {} there", held.join(" or "));
        (Refusal::NotHolder, reason)
    }
}
