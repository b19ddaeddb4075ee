//! A walk over the steps of a history, under way.

use super::crew::Crew;
use super::mainline::MainLine;
use super::record::{read, written};
use super::reuse::{Moved, Reuse};
use super::shown::{Record, Shown};
use super::steps::{Step, Steps};
use super::workspace::HistoryError;
use crate::git::{Commit, Journal, ObjectId, Walk, WalkOptions};
use crate::model::Address;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

/// So many commits are looked at before the first is handed out.
const FIRST_BATCH: usize = 8;
/// So many at most are looked at together, so that memory stays as it is in a long history.
const LARGEST_BATCH: usize = 2048;
/// Fewer commits than this are not worth another thread.
const WORTH_A_THREAD: usize = 48;
/// So many merges are at hand for the commits that they brought.
const MERGES_KEPT: usize = 256;

/// What a walk tells of a commit.
#[derive(Debug)]
pub enum Told<T> {
    /// What it changed.
    Step(Box<Step>),
    /// What was kept when it was shown before.
    Shown(T),
}

/// It looks at more commits together the longer it goes on, so that the first comes at once and many
/// come fast.
pub struct Going<'s, 'w, T> {
    steps: &'s Steps<'w>,
    walk: Walk<'s>,
    line: MainLine,
    merges: HashMap<ObjectId, Arc<Commit>>,
    crew: Crew<'w, Arc<Commit>, (Result<Step, HistoryError>, bool)>,
    journal: Option<Journal>,
    shown: Option<Shown<T>>,
    /// What may be kept of the step that was handed out last.
    last: Option<Last>,
    ready: VecDeque<Met<T>>,
    reuse: Reuse<ObjectId>,
    size: usize,
    looked_at: usize,
    is_over: bool,
}

/// By what a step that was handed out is kept.
struct Last {
    commit: ObjectId,
    brought_by: Option<ObjectId>,
    moved: Vec<Moved>,
    reused: BTreeMap<Address, ObjectId>,
}

/// A commit that the walk came to.
enum Met<T> {
    Looked(Looked),
    Shown(Record<T>),
    Failed(HistoryError),
}

/// A commit to be looked at, and what is known of it.
struct Looked {
    commit: Arc<Commit>,
    brought_by: Option<Arc<Commit>>,
    step: Option<Result<Step, HistoryError>>,
    /// Whether the same will be found next time.
    lasts: bool,
}

impl<'s, 'w, T: Serialize + DeserializeOwned> Going<'s, 'w, T> {
    /// A walk that remembers steps, and what was shown of them, where it is given a way to.
    pub(super) fn new(
        steps: &'s Steps<'w>,
        options: WalkOptions,
        journal: Option<Journal>,
        shown: Option<Shown<T>>,
    ) -> Self {
        Self {
            steps,
            walk: steps.repository.walk(options),
            line: MainLine::default(),
            merges: HashMap::new(),
            crew: steps.crew(),
            journal,
            shown,
            last: None,
            ready: VecDeque::new(),
            reuse: Reuse::default(),
            size: FIRST_BATCH,
            looked_at: 0,
            is_over: false,
        }
    }

    /// Keeps what is shown of the step that was handed out last. It must depend on nothing but the
    /// step, the way it came in, and what the walk was told of how things are shown.
    pub fn keep(&mut self, what: &T) {
        self.keep_or_nothing(Some(what));
    }

    fn keep_or_nothing(&mut self, what: Option<&T>) {
        let (Some(shown), Some(last)) = (&mut self.shown, self.last.take()) else { return };
        let Last { commit, brought_by, moved, reused } = last;
        shown.put(&Record { commit, brought_by, moved, reused, what });
    }

    /// A step that may have something to say.
    fn told(
        &mut self,
        looked: Looked,
        known: Option<BTreeMap<Address, ObjectId>>,
    ) -> Option<Result<Told<T>, HistoryError>> {
        let Looked { commit, brought_by, step, lasts } = looked;
        let step = match step? {
            Ok(step) => step,
            Err(error) => return Some(Err(self.end(error))),
        };
        self.last = None;
        let reused = known.unwrap_or_else(|| {
            let moved = Moved::by(&step);
            let reused = self.reuse.of(&commit.id, &moved);
            if self.shown.is_some() && lasts {
                let brought_by = brought_by.as_ref().map(|merge| merge.id);
                let reused = reused.clone();
                self.last = Some(Last { commit: commit.id, brought_by, moved, reused });
            }
            reused
        });
        let told = self.steps.told(Step { brought_by, reused, ..step });
        if told.is_none() {
            self.keep_or_nothing(None);
        }
        told.map(|step| Ok(Told::Step(Box::new(step))))
    }

    /// What was shown before, if all that it rested on still holds.
    fn again(&mut self, record: Record<T>) -> Option<Result<Told<T>, HistoryError>> {
        let reused = self.reuse.of(&record.commit, &record.moved);
        if reused == record.reused {
            return Some(Ok(Told::Shown(record.what?)));
        }
        let mut met = match self.looked(record.commit, record.brought_by) {
            Ok(looked) => [Met::Looked(looked)],
            Err(error) => return Some(Err(self.end(error))),
        };
        self.find_out(&mut met);
        match met {
            [Met::Looked(looked)] => self.told(looked, Some(reused)),
            _ => None,
        }
    }

    /// Nothing comes behind an error.
    fn end(&mut self, error: HistoryError) -> HistoryError {
        self.ready.clear();
        self.is_over = true;
        error
    }

    /// Looks at the next commits; false where there is none.
    fn read_on(&mut self) -> bool {
        let mut met = Vec::new();
        while met.len() < self.size && !self.is_over {
            let Some(waypoint) = self.walk.waypoint() else { break };
            match waypoint.map_err(HistoryError::from).and_then(|waypoint| {
                let brought_by = self.line.meet(&waypoint);
                self.looked_at += 1;
                self.meet(waypoint.id, brought_by)
            }) {
                Ok(new) => met.extend(new),
                Err(error) => {
                    met.push(Met::Failed(error));
                    break;
                }
            }
        }
        if let Some(progress) = self.steps.progress {
            progress(self.looked_at);
        }
        self.size = (self.size * 4).min(LARGEST_BATCH);
        self.find_out(&mut met);
        let found_any = !met.is_empty();
        self.ready.extend(met);
        found_any
    }

    /// What is known of the next commit, where it has to be looked at.
    fn meet(
        &mut self,
        id: ObjectId,
        brought_by: Option<ObjectId>,
    ) -> Result<Option<Met<T>>, HistoryError> {
        if let Some(record) = self.shown.as_ref().and_then(|shown| shown.get(id, brought_by)) {
            return Ok(Some(Met::Shown(record)));
        }
        let looked = self.looked(id, brought_by)?;
        Ok(self.steps.looks_at(&looked.commit).then_some(Met::Looked(looked)))
    }

    fn looked(
        &mut self,
        id: ObjectId,
        brought_by: Option<ObjectId>,
    ) -> Result<Looked, HistoryError> {
        let commit = self.commit(id)?;
        let brought_by = brought_by.map(|merge| self.merge(merge)).transpose()?;
        let known = self.journal.as_ref().filter(|_| self.steps.looks_at(&commit));
        let known = known.and_then(|journal| journal.get(id));
        let step = known.and_then(|bytes| read(bytes, &commit, self.steps.counted));
        Ok(Looked { commit, brought_by, step: step.map(Ok), lasts: true })
    }

    /// A commit; who wrote it is called as they are now.
    fn commit(&mut self, id: ObjectId) -> Result<Arc<Commit>, HistoryError> {
        let mut commit = self.walk.commit(id)?;
        let mailmap = &self.steps.mailmap;
        commit.author = mailmap.current(&commit.author);
        commit.committer = mailmap.current(&commit.committer);
        Ok(Arc::new(commit))
    }

    /// A merge that brought a commit.
    fn merge(&mut self, id: ObjectId) -> Result<Arc<Commit>, HistoryError> {
        if let Some(known) = self.merges.get(&id) {
            return Ok(Arc::clone(known));
        }
        let merge = self.commit(id)?;
        if self.merges.len() >= MERGES_KEPT {
            self.merges.clear();
        }
        self.merges.insert(id, Arc::clone(&merge));
        Ok(merge)
    }

    /// Looks at those commits of which nothing is known yet, on as many threads as pay.
    fn find_out(&mut self, met: &mut [Met<T>]) {
        let looked = met.iter_mut().filter_map(|met| match met {
            Met::Looked(looked) if looked.step.is_none() => Some(looked),
            _ => None,
        });
        let mut open: Vec<&mut Looked> = looked.collect();
        if open.is_empty() {
            return;
        }
        let commits = open.iter().map(|met| Arc::clone(&met.commit)).collect();
        match self.crew.each(commits, WORTH_A_THREAD) {
            Ok(answers) => {
                for (met, (step, lasts)) in open.iter_mut().zip(answers) {
                    (met.step, met.lasts) = (Some(step), lasts);
                }
            }
            Err(error) => {
                if let Some(first) = open.first_mut() {
                    (first.step, first.lasts) = (Some(Err(error)), false);
                }
            }
        }
        let lasting = open.into_iter().filter(|met| met.lasts);
        self.write_down(lasting.filter_map(|met| met.step.as_ref()?.as_ref().ok()));
    }

    fn write_down<'m>(&mut self, found: impl Iterator<Item = &'m Step>) {
        let Some(journal) = &mut self.journal else { return };
        // What was not fetched may be there next time.
        let partial = self.steps.repository.is_shallow();
        for step in found {
            let depends =
                step.cut_off || !step.unreadable.is_empty() || !step.readable_again.is_empty();
            if !(partial && depends) {
                journal.put_by_and_by(step.commit.id, written(step));
            }
        }
    }
}

impl<T: Serialize + DeserializeOwned> Iterator for Going<'_, '_, T> {
    type Item = Result<Told<T>, HistoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let told = match self.ready.pop_front() {
                None if self.read_on() => continue,
                None => return None,
                Some(Met::Looked(looked)) => self.told(looked, None),
                Some(Met::Shown(record)) => self.again(record),
                Some(Met::Failed(error)) => Some(Err(self.end(error))),
            };
            if told.is_some() {
                return told;
            }
        }
    }
}

impl<T> Drop for Going<'_, '_, T> {
    fn drop(&mut self) {
        if let Some(journal) = &mut self.journal {
            journal.save();
        }
    }
}
