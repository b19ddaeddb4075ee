//! `opmodel approve`: an approval written down, to be committed.

use super::address::model_at;
use super::revision::day;
use super::{Failure, Session};
use crate::change::{Change, Fingerprint};
use crate::criteria::midnight;
use crate::finding::did_you_mean;
use crate::git::Mailmap;
use crate::history::{At, Workspace};
use crate::model::Model;
use crate::proof::{DEFAULT_BUDGET, Prover};
use crate::review::Sides;
use crate::rights::{
    self, Approval, ApprovalSource, Asked, CountsFor, Entry, Holder, Ledger, People, RoleHolders,
    Signer, file_name,
};
use clap::Args;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Write down that somebody approves changes, in a file to be committed.
///
/// Changes are named by their fingerprints, as `opmodel approvals` and `opmodel diff` show them.
/// The approval goes to a file of its own in `approvals` beside the model's folder, counts from
/// the commit on, and holds through a rebase and through other spacing, brackets and units; it
/// ends when a change is written otherwise. It is as trustworthy as who may write to that folder.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel approve om1:5d0c9a3e7f21b8c4 --as role.cro\n  opmodel approve om1:5d0c9a3e7f21b8c4 om1:9ace41f573ed6aa7 --as sales-lead --by 'Bo Chen'\n  opmodel approve om1:5d0c9a3e7f21b8c4 --as role.cro --by @annlee --on 2026-06-30"
)]
pub struct Approve {
    /// The fingerprints of the changes: `om1:` and sixteen digits or letters.
    #[arg(required = true, value_name = "FINGERPRINT")]
    fingerprints: Vec<String>,
    /// The role in which they are approved, such as `role.cro`.
    #[arg(long = "as", value_name = "ROLE")]
    role: String,
    /// Who approves: a name, `Name <mail>` or `@login`; who works here by Git's configuration
    /// where none is given.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The day of the approval; today in UTC where none is given.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

impl Approve {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let fingerprints = self.fingerprints.iter().map(|text| fingerprint(text));
        let fingerprints: BTreeSet<Fingerprint> = fingerprints.collect::<Result<_, _>>()?;
        let on = match &self.on {
            Some(text) => day(text)?,
            None => session.surroundings.today(),
        };
        note_future(session, on);
        let workspace = session.workspace()?;
        let model = model_at(&workspace, &At::WorkTree)?;
        let repository = workspace.maybe_repository();
        let mailmap = repository.map(crate::git::Repository::mailmap).unwrap_or_default();
        let people = People::of(&model, &mailmap, on);
        let known = Known::of(session, &workspace);
        // What the proposal renames or takes out is asked for as the base calls it.
        let of_base;
        let (role, people) = match (role(&people, &self.role), &known) {
            (Ok(role), _) => (role, &people),
            (Err(refused), None) => return Err(refused),
            (Err(refused), Some(known)) => {
                of_base = People::of(&known.policy, &mailmap, on);
                (role(&of_base, &self.role).map_err(|_| refused)?, &of_base)
            }
        };
        let by = signer(session, &workspace, people, role, self.by.as_deref(), &mailmap)?;
        let today = People::of(&model, &mailmap, session.surroundings.today());
        note_out_of_office(session, (role, people), &today, &by);
        let entries = fingerprints.into_iter().map(|fingerprint| Entry {
            summary: known.as_ref().and_then(|known| known.summary(&fingerprint)),
            fingerprint,
            role: role.role.clone(),
            by: by.clone(),
            on,
        });
        let entries: Vec<Entry> = entries.collect();
        if let Some(known) = &known {
            note_unknown(session, &known.changes, &entries);
            note_uncounted(session, &workspace, known, &entries)?;
        }
        let before = known.map_or_else(Vec::new, |known| known.signed_before);
        record(session, &workspace, &before, entries)
    }
}

/// Says that a day to come does not put an approval off.
fn note_future(session: &mut Session<'_>, on: Date) {
    if on > session.surroundings.today() {
        session.note(&format!(
            "{on} is still to come; the approval counts from the commit on, whatever day it names"
        ));
    }
}

/// Says of somebody who held the role on the day of the approval that they do not today: what
/// counts is the day that is judged.
fn note_out_of_office(
    session: &mut Session<'_>,
    (role, people): (&RoleHolders, &People),
    today: &People,
    by: &Signer,
) {
    let held = role.listed(&people.identity(by)).filter(|holder| holder.term.is_in_office());
    let now = today.role(&role.role).and_then(|role| role.listed(&today.identity(by)));
    let now = now.filter(|holder| held.is_some() && !holder.term.is_in_office());
    if let Some(holder) = now {
        let (name, told) = (&holder.name, holder.term.told());
        session.note(&format!(
            "{name} {told}, for `{}`; a proposal is judged by who holds the role on that day, so this does not count today",
            role.role
        ));
    }
}

/// The fingerprint that a word on the command line is.
fn fingerprint(text: &str) -> Result<Fingerprint, Failure> {
    let wrong = |help: String| Failure::usage(format!("`{text}` is not a fingerprint"), help);
    Fingerprint::parse(text).ok_or_else(|| {
        let small = text.trim().to_lowercase();
        match Fingerprint::parse(&format!("om1:{}", small.trim_start_matches("om1:"))) {
            Some(meant) => wrong(format!("did you mean `{meant}`?")),
            None => wrong(
                "copy it whole from `opmodel approvals`: `om1:` and sixteen digits or letters from `a` to `f`"
                    .to_owned(),
            ),
        }
    })
}

/// The role that is named, with or without its kind.
fn role<'p>(people: &'p People, named: &str) -> Result<&'p RoleHolders, Failure> {
    if named.trim().is_empty() {
        let help = "name one; `opmodel show role` lists them";
        return Err(Failure::usage("no role stands behind `--as`", help));
    }
    let full = format!("role.{named}");
    if let Some(role) = people.role(named).or_else(|| people.role(&full)) {
        return Ok(role);
    }
    let wanted = if named.starts_with("role.") { named } else { &full };
    let help = match did_you_mean(wanted, people.roles().map(|role| role.role.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "list the roles with `opmodel show role`".to_owned(),
    };
    Err(Failure::usage(format!("there is no `{wanted}` in the model on disk"), help))
}

/// Who signs, as the model names them where it does; says what would keep them from counting.
fn signer(
    session: &mut Session<'_>,
    workspace: &Workspace,
    people: &People,
    role: &RoleHolders,
    named: Option<&str>,
    mailmap: &Mailmap,
) -> Result<Signer, Failure> {
    let mut signer = match named {
        Some(text) => Signer::parse(text),
        None => configured(workspace, mailmap)?,
    };
    // A login is often written without its sign.
    let as_login = named.map(|text| Signer::parse(&format!("@{}", text.trim())));
    if let Some(login) = as_login.filter(|_| role.listed(&people.identity(&signer)).is_none())
        && role.listed(&people.identity(&login)).is_some()
    {
        signer = login;
    }
    if signer.is_nobody() {
        let help = "write a name, `Name <mail>` or `@login`";
        return Err(Failure::usage("`--by` names nobody", help));
    }
    let identity = people.identity(&signer);
    if let Some(holder) = role.listed(&identity) {
        if !holder.term.is_in_office() {
            session.note(&format!("{} does not hold `{}` on that day", holder.name, role.role));
        }
        return Ok(holder.signer());
    }
    let deputy = role.deputy.as_deref().and_then(|deputy| people.role(deputy));
    if let Some(holder) = deputy.and_then(|deputy| deputy.listed(&identity)) {
        session.note(&stands_in(role, holder));
        return Ok(holder.signer());
    }
    session.note(&format!(
        "nobody called {signer} is listed for `{}` in the model on disk; the approval counts only where the base of a proposal lists them",
        role.role
    ));
    Ok(signer)
}

fn stands_in(role: &RoleHolders, holder: &Holder) -> String {
    format!(
        "{} stands in for `{}`; that counts where nobody who holds it can act",
        holder.name, role.role
    )
}

/// Who works here, by Git's configuration.
fn configured(workspace: &Workspace, mailmap: &Mailmap) -> Result<Signer, Failure> {
    let user = workspace.maybe_repository().and_then(crate::git::Repository::user);
    let user = user.map(|user| Signer::from(&mailmap.current(&user)));
    user.ok_or_else(|| {
        let help = "say it with `--by`, for example `--by 'Ann Lee <ann.lee@example.com>'`";
        Failure::usage("it is not known who approves: Git has no `user.name` here", help)
    })
}

/// What stands here against the default branch.
struct Known {
    sides: Sides,
    policy: Model,
    changes: Vec<Change>,
    /// What was signed in earlier proposals; it counts for these alone.
    signed_before: Vec<Approval>,
}

impl Known {
    /// The changes, where they can be found out, at the levels of who judges them.
    fn of(session: &Session<'_>, workspace: &Workspace) -> Option<Self> {
        let repository = workspace.maybe_repository()?;
        let range = repository.parse_range("HEAD").ok()?;
        let sides = Sides::of_range(repository, &range).ok()?;
        let by = At::Commit(sides.policy.clone().into());
        let policy = workspace.model(&by).ok()?;
        let prover =
            Prover { as_of: midnight(session.surroundings.today()), budget: DEFAULT_BUDGET };
        let base = At::Commit(sides.merge_base.clone().into());
        let judged = workspace.policies(&by).ok()?;
        let found = workspace.changes_judged(&base, &At::WorkTree, Some(prover), &judged).ok()?;
        let (signed_before, _) = Ledger::read(&workspace.ledger(&base).ok()?);
        Some(Self { sides, policy, changes: found.changes, signed_before })
    }

    fn summary(&self, fingerprint: &Fingerprint) -> Option<String> {
        let change = self.changes.iter().find(|change| change.fingerprint == *fingerprint)?;
        Some(format!("{} {}: {}", change.impact.word(), change.address, change.summary))
    }
}

/// Says which fingerprints no change here has: a slip of the pen counts for nothing.
fn note_unknown(session: &mut Session<'_>, known: &[Change], entries: &[Entry]) {
    let is_known =
        |entry: &&Entry| known.iter().any(|change| change.fingerprint == entry.fingerprint);
    let unknown: Vec<String> = entries
        .iter()
        .filter(|entry| !is_known(entry))
        .map(|entry| format!("`{}`", entry.fingerprint))
        .collect();
    if !unknown.is_empty() {
        let which = unknown.join(", ");
        session.note(&format!("no change of this branch against the default branch is {which}"));
    }
}

/// Says which of these approvals of a holder of the role would not count as things are, and why.
fn note_uncounted(
    session: &mut Session<'_>,
    workspace: &Workspace,
    known: &Known,
    entries: &[Entry],
) -> Result<(), Failure> {
    let Known { sides, policy, changes, .. } = known;
    let mailmap = workspace.repository()?.mailmap_at(&sides.policy)?;
    let as_of = session.surroundings.today();
    let people = People::of(policy, &mailmap, as_of);
    let is_known = |entry: &&Entry| {
        let is_known = changes.iter().any(|change| change.fingerprint == entry.fingerprint);
        // Of whoever does not hold the role it is said already.
        let role = people.role(&entry.role);
        let holder = role.and_then(|role| role.listed(&people.identity(&entry.by)));
        is_known && holder.is_some_and(|holder| holder.term.is_in_office())
    };
    let approval = |entry: &Entry| {
        let only = CountsFor::Only(BTreeSet::from([entry.fingerprint.clone()]));
        let source = ApprovalSource::Ledger(String::new());
        let role = Some(entry.role.clone());
        Approval { role, ..Approval::new(entry.by.clone(), source, only) }
    };
    let approvals: Vec<Approval> = entries.iter().filter(is_known).map(approval).collect();
    let plan = rights::plan(&Asked {
        changes,
        policy,
        approvals: &approvals,
        authors: &rights::authors(&sides.proposal().writing_commits(workspace)?),
        mailmap: &mailmap,
        as_of,
        at: &|_| None,
        evidence: &[],
    });
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for not in &plan.not_counted {
        *reasons.entry(&not.reason).or_default() += 1;
    }
    for (reason, number) in reasons {
        let part = match entries.len() {
            all if number < all => format!("for {number} of the {all} changes it"),
            _ => "it".to_owned(),
        };
        session.note(&format!("as things are, {part} will not count: {reason}"));
    }
    Ok(())
}

/// Writes down what is not written down yet for this proposal.
fn record(
    session: &mut Session<'_>,
    workspace: &Workspace,
    before: &[Approval],
    mut entries: Vec<Entry>,
) -> Result<u8, Failure> {
    let (written, _) = Ledger::read(&workspace.ledger(&At::WorkTree)?);
    let written = Ledger::relevant(before, written);
    entries.retain(|entry| !written.iter().any(|approval| says_the_same(approval, entry)));
    let Some(name) = file_name(&entries) else {
        session.write("all of this is written down already; nothing was added\n")?;
        return Ok(0);
    };
    let folder = workspace.ledger_folder();
    let name = unused(name, |name| is_from_before(before, &format!("{folder}/{name}")));
    let place = workspace.root().join(&folder);
    refuse_link(&place)?;
    std::fs::create_dir_all(&place)
        .map_err(|error| Failure::disk("make the folder", &place, error))?;
    let file = place.join(&name);
    refuse_link(&file)?;
    let text = with_entries(&file, &entries)?;
    std::fs::write(&file, text).map_err(|error| Failure::disk("write", &file, error))?;
    let (role, by) = entries.first().map(|entry| (&entry.role, &entry.by)).unzip();
    let (role, by) = (role.cloned().unwrap_or_default(), by.map(ToString::to_string));
    let number = crate::view::count(entries.len(), "approval", "approvals");
    session.write(&format!(
        "wrote {number} as {role} by {} to {folder}/{name}\ncommit the file: an approval counts from then on\n",
        crate::report::shown(&by.unwrap_or_default())
    ))?;
    Ok(0)
}

/// Whether a file holds what was signed in an earlier proposal: the same words there would be of that one.
fn is_from_before(before: &[Approval], file: &str) -> bool {
    before.iter().any(|it| matches!(&it.source, ApprovalSource::Ledger(path) if path == file))
}

/// A name, with a number behind it where it is used.
fn unused(name: String, is_used: impl Fn(&str) -> bool) -> String {
    let stem = name.trim_end_matches(".toml");
    let numbered = (2..).map(|number| format!("{stem}-{number}.toml"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !is_used(name));
    free.unwrap_or(name)
}

/// Whether an approval that is written down is what an entry says, on whatever day.
fn says_the_same(approval: &Approval, entry: &Entry) -> bool {
    let for_it = matches!(&approval.counts_for, CountsFor::Only(these) if these.contains(&entry.fingerprint));
    for_it
        && approval.role.as_ref() == Some(&entry.role)
        && approval.by == Signer::parse(&entry.by.to_string())
}

/// What a file says with some entries behind it; what stands there already is kept.
fn with_entries(file: &Path, entries: &[Entry]) -> Result<String, Failure> {
    let mut text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::disk("read", file, error)),
    };
    for entry in entries {
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str(&entry.to_toml());
    }
    Ok(text)
}

/// Refuses a link: what is written stays in this folder.
fn refuse_link(place: &Path) -> Result<(), Failure> {
    match std::fs::symlink_metadata(place) {
        Ok(found) if found.is_symlink() => Err(Failure::World {
            message: format!("`{}` is a symbolic link; links are not followed", place.display()),
            help: Some("put the folder of approvals itself beside the model".to_owned()),
        }),
        _ => Ok(()),
    }
}
