//! The report, put together: every commit of a period judged, then looked at from all sides.

use super::balance::Balance;
use super::chain::{Chain, Question};
use super::court::Court;
use super::entry::{Entry, Flag, Judged, Standing};
use super::freed::Freed;
use super::judge::day;
use super::population::Class;
use super::report::{Direction, Drift, Net, NetVerdict, Stretch, Summary, Window};
use super::standing::{Older, as_of, expired, stale};
use super::steps::Way;
use super::subject::{Lineage, plain, subjects_of};
use super::window::windows;
use crate::git::Commit;
use crate::history::{HistoryError, Workspace};
use crate::model::Pattern;
use std::collections::{BTreeMap, BTreeSet};

/// An entry of the register, with what it is about under the names of the end.
pub(super) struct Told {
    pub(super) entry: Entry,
    /// Its address in the end.
    pub(super) now: String,
    /// What can drift and is meant by it.
    about: BTreeSet<String>,
}

impl Drift {
    /// Judges every commit of the main line in a period, and says what is different in the end.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub fn of(workspace: &Workspace, question: &Question<'_>) -> Result<Self, HistoryError> {
        let chain = Chain::of(workspace, question)?;
        let mut court = Court::new(workspace, question.budget, question.remembers)?;
        let judged = court.judge_all(&chain.commits, question.progress)?;
        let mut lineage = Lineage::default();
        let population = chain.population(workspace, &judged)?;
        let unreadable = stretches(workspace, &judged, &chain.commits)?;
        let mut freed = Freed::default();
        let told = judged.into_iter().flat_map(|one| {
            freed.meet(&one);
            told(one, &mut lineage)
        });
        let mut told: Vec<Told> = told.collect();
        let baseline = chain.baseline(workspace)?;
        let mut drift = Self {
            limited_to: question.addresses.iter().map(|it| it.as_str().to_owned()).collect(),
            period: chain.period(workspace, question, baseline.as_ref()),
            summary: Summary::default(),
            population,
            expired: Vec::new(),
            windows: Vec::new(),
            net: Vec::new(),
            register: Vec::new(),
            as_of: Vec::new(),
            stale: Vec::new(),
            unreadable,
            not_checked: Vec::new(),
        };
        let last_day = day(question.until);
        if let (Some(before), Some(end)) = (&baseline, chain.end()) {
            let ways = ways(&told);
            let stretch = (before, &chain, end);
            let Balance { net, not_checked, after } =
                Balance::of(workspace, question, stretch, (&ways, &lineage))?;
            drift.net = net.into_iter().map(|net| walked(net, &ways, question.days)).collect();
            drift.net.sort_by(|a, b| (a.verdict, &a.address).cmp(&(b.verdict, &b.address)));
            let mut older = Older::new(workspace, court, chain.start.as_ref());
            drift.as_of = as_of(&after, &told, (&mut lineage, &mut freed), &mut older)?;
            drift.stale = stale(&after, &drift.as_of, last_day);
            drift.expired = expired(&after, last_day);
            drift.not_checked = not_checked;
        }
        freed.tell(&mut told);
        drift.register = narrowed(told, question.addresses);
        drift.narrow(question.addresses);
        drift.windows = windows(&drift.register, last_day, question.days);
        drift.summary = summary(&drift);
        Ok(drift)
    }

    /// Keeps what is asked for.
    fn narrow(&mut self, addresses: &[Pattern]) {
        if addresses.is_empty() {
            return;
        }
        let wanted = |address: &str| is_wanted(addresses, address);
        let former = |net: &Net| net.former.iter().any(|former| wanted(former));
        self.net.retain(|net| wanted(&net.address) || former(net));
        self.as_of.retain(|as_of| wanted(&as_of.address));
        self.stale.retain(|stale| wanted(&stale.address));
        self.expired.retain(|expired| {
            wanted(&expired.exception) || expired.waives.as_deref().is_some_and(wanted)
        });
    }
}

fn is_wanted(addresses: &[Pattern], address: &str) -> bool {
    addresses.iter().any(|pattern| pattern.covers(address) || pattern.is_below(address))
}

/// The entries that are asked for, under the names of the end, of their day or before it.
fn narrowed(told: Vec<Told>, addresses: &[Pattern]) -> Vec<Entry> {
    let wanted = |told: &Told| {
        let previous = told.entry.previous.iter().map(String::as_str);
        let mut names = previous.chain([told.now.as_str(), told.entry.address.as_str()]);
        addresses.is_empty() || names.any(|name| is_wanted(addresses, name))
    };
    told.into_iter().filter(wanted).map(|told| told.entry).collect()
}

/// The entries of a commit under the names of the end; commits come newest first.
pub(super) fn told(mut judged: Judged, lineage: &mut Lineage) -> Vec<Told> {
    let entries = std::mem::take(&mut judged.entries).into_iter().map(|entry| Told {
        now: lineage.now(&entry.address),
        about: subjects_of(&entry, lineage),
        entry,
    });
    let told = entries.collect();
    lineage.learn(&judged);
    told
}

/// The way of each thing that changed, oldest step first.
fn ways(told: &[Told]) -> BTreeMap<String, Way<'_>> {
    let mut ways: BTreeMap<String, Way<'_>> = BTreeMap::new();
    for told in told.iter().rev() {
        for subject in &told.about {
            let way =
                ways.entry(subject.clone()).or_insert_with(|| Way { subject, entries: Vec::new() });
            way.entries.push((told.now.clone(), &told.entry));
        }
    }
    ways
}

/// What something comes to, with the steps on the way.
fn walked(mut net: Net, ways: &BTreeMap<String, Way<'_>>, days: u32) -> Net {
    if let Some(way) = ways.get(&net.address) {
        net.steps = way.steps();
        net.indirect = net.steps.iter().all(|step| step.indirect);
        net.oscillations = way.oscillations(days);
    }
    net.address = plain(&net.address);
    net
}

/// The stretches in which files could not be read, in order of their beginning.
fn stretches(
    workspace: &Workspace,
    judged: &[Judged],
    commits: &[Commit],
) -> Result<Vec<Stretch>, HistoryError> {
    let repository = workspace.repository()?;
    let mut found: Vec<Stretch> = Vec::new();
    for (judged, commit) in judged.iter().zip(commits).rev() {
        let id = commit.id.to_string();
        let open = |stretch: &&mut Stretch| stretch.to.is_none();
        let touches = judged.class != Class::NotTouching;
        for stretch in found.iter_mut().filter(open).filter(|_| touches) {
            let is_gone = || -> Result<bool, HistoryError> {
                Ok(repository.whereabouts(commit.tree, &stretch.path)?.file.is_none())
            };
            if judged.readable_again.contains(&stretch.path) || is_gone()? {
                stretch.to = Some(id.clone());
            }
        }
        for file in &judged.unreadable {
            if found.iter().any(|stretch| stretch.path == file.path && stretch.to.is_none()) {
                continue;
            }
            found.push(Stretch {
                path: file.path.clone(),
                from: id.clone(),
                from_time: super::judge::instant(commit.committer_time.seconds),
                reason: file.reason.clone(),
                to: None,
            });
        }
    }
    Ok(found)
}

/// The figures on top.
fn summary(drift: &Drift) -> Summary {
    let written = || drift.register.iter().filter(|entry| entry.direct);
    let flagged = |flag: Flag| written().filter(|entry| entry.flags.contains(&flag)).count();
    let standing = |standing| written().filter(|entry| entry.standing == standing).count();
    let adopted = standing(Standing::Adopted);
    let flags = |entry: &&Entry| !entry.direct && !entry.flags.is_empty();
    let net = |wanted: &dyn Fn(&Net) -> bool| drift.net.iter().filter(|net| wanted(net)).count();
    let adoption = |entry: &&Entry| entry.standing == Standing::Adopted;
    let follow = drift.register.iter().filter(|entry| !entry.direct && !adoption(entry)).count();
    Summary {
        changes: written().count() - adopted,
        follow,
        follow_flagged: drift.register.iter().filter(flags).count(),
        adopted,
        forbidden: flagged(Flag::Forbidden),
        unapproved: flagged(Flag::Unapproved),
        unclaimed: standing(Standing::Unclaimed),
        self_approved: flagged(Flag::SelfApproved),
        direct_pushes: flagged(Flag::DirectPush),
        not_holder: flagged(Flag::NotHolder),
        retroactive: flagged(Flag::Retroactive),
        undecided_accepted: flagged(Flag::UndecidedAccepted),
        approved_earlier: flagged(Flag::ApprovedEarlier),
        ids_reused: flagged(Flag::IdReused),
        waived: standing(Standing::Waived),
        expired: drift.expired.len(),
        near_period_end: near_an_end(&drift.windows),
        drifted: net(&|net| net.has_drifted() && !net.indirect),
        drifted_by_reference: net(&|net| net.has_drifted() && net.indirect),
        only_oscillated: net(&|net| net.only_oscillated() && !net.indirect),
        come_or_gone: net(&|net| matches!(net.verdict, NetVerdict::New | NetVerdict::Gone)),
    }
}

/// How many changes are near an end, of whatever.
fn near_an_end(windows: &[Window]) -> usize {
    let changes = windows.iter().flat_map(|window| &window.changes);
    let each: BTreeSet<(&str, &str)> =
        changes.map(|change| (change.commit.as_str(), change.fingerprint.as_str())).collect();
    each.len()
}

impl Net {
    /// Whether it was there all the time and is different in the end, or may be.
    pub fn has_drifted(&self) -> bool {
        !matches!(self.verdict, NetVerdict::New | NetVerdict::Gone | NetVerdict::Same)
    }

    /// Whether it changed and is in the end what it was.
    pub fn only_oscillated(&self) -> bool {
        let moved = |direction| !matches!(direction, Direction::Came | Direction::Went);
        self.verdict == NetVerdict::Same && self.steps.iter().any(|step| moved(step.direction))
    }
}
