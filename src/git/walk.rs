//! Walks through the history, newest commits first.

use super::error::reason;
use super::{Commit, GitError, Journal, ObjectId, Repository};
use gix::hashtable::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// So many commits older than all wanted ones are looked at before a hidden side is given up:
/// clocks go wrong, and a commit may be dated before its parents.
const SLACK: usize = 64;

/// Where a walk starts, where it ends and how it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkOptions {
    /// The commits it starts from.
    pub tips: Vec<ObjectId>,
    /// Commits that are left out with all their ancestors.
    pub hide: Vec<ObjectId>,
    /// Whether only the first parent of a merge is followed.
    pub first_parent: bool,
    /// In which order the commits come.
    pub order: WalkOrder,
    /// Whether commits are taken from what an earlier walk kept, and kept for a later one.
    pub remembers: bool,
}

/// The order of a walk; commits of the same second come in the order they are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WalkOrder {
    /// By committer date. Starts at once and reads no more than is asked for; where clocks were
    /// wrong, a commit can come before one of its children.
    #[default]
    NewestFirst,
    /// By committer date, but never before all children have come. Reads the dates and parents of
    /// the whole history first, from a commit-graph file where there is one.
    ChildrenFirst,
}

impl Repository {
    /// The commits from the tips back; it ends where the history or a shallow clone ends
    /// ([`Commit::boundary`]), and after the first error.
    ///
    /// For a long walk, ask a handle made by [`Repository::for_walking`].
    pub fn walk(&self, options: WalkOptions) -> Walk<'_> {
        Walk {
            repository: self,
            options,
            state: State::New,
            sequence: 0,
            queue: BinaryHeap::new(),
            seen: HashSet::default(),
            read: HashMap::default(),
            at: None,
            members: None,
            kept: None,
        }
    }

    /// How many commits the walk has.
    pub fn count_commits(&self, options: &WalkOptions) -> Result<usize, GitError> {
        let members = Members::find(self, options)?;
        Ok(members.nodes.len())
    }
}

/// A commit in the queue; the heap gives the newest, of one second the first that was put in.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Queued {
    seconds: i64,
    sequence: Reverse<usize>,
    id: ObjectId,
}

enum State {
    New,
    Going,
    /// The next step gives this error and ends the walk.
    Failing(GitError),
    Over,
}

/// A commit as far as finding the way back from it asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waypoint {
    /// Its name.
    pub id: ObjectId,
    /// The commits it follows, as in [`Commit::parents`].
    pub parents: Vec<ObjectId>,
}

/// A walk under way. Whoever needs little of most commits asks for waypoints, and for whole commits
/// only where these are wanted.
pub struct Walk<'repo> {
    repository: &'repo Repository,
    options: WalkOptions,
    state: State,
    sequence: usize,
    queue: BinaryHeap<Queued>,
    seen: HashSet<gix::ObjectId>,
    /// Commits that were read to find their place.
    read: HashMap<gix::ObjectId, Commit>,
    /// The one of them that was handed out as a waypoint last.
    at: Option<Commit>,
    members: Option<Members>,
    kept: Option<Journal>,
}

/// What commits are kept under, so that another form of them is not taken for this one.
const KEPT: &str = concat!("commits 3 ", env!("CARGO_PKG_VERSION"));

impl Walk<'_> {
    /// The next commit, of which no more is read than finding the way takes.
    pub fn waypoint(&mut self) -> Option<Result<Waypoint, GitError>> {
        if matches!(self.state, State::Failing(_) | State::Over) {
            let State::Failing(error) = std::mem::replace(&mut self.state, State::Over) else {
                return None;
            };
            return Some(Err(error));
        }
        let next = self.advance();
        if next.is_err() {
            self.state = State::Over;
        }
        next.transpose()
    }

    /// A commit, read only once where it is that of the last waypoint.
    ///
    /// # Errors
    /// The repository does not give it.
    pub fn commit(&mut self, id: ObjectId) -> Result<Commit, GitError> {
        match self.at.take_if(|commit| commit.id == id) {
            Some(commit) => Ok(commit),
            None => self.read(id),
        }
    }

    /// A commit, as an earlier walk kept it or as it is recorded.
    fn read(&mut self, id: ObjectId) -> Result<Commit, GitError> {
        // Where a shallow clone ends is no matter of the commit.
        if self.repository.is_boundary(id) {
            return self.repository.commit(id);
        }
        let known = self.kept.as_ref().and_then(|kept| kept.get(id));
        if let Some(commit) = known.and_then(|bytes| Commit::kept(id, bytes)) {
            return Ok(commit);
        }
        let commit = self.repository.commit(id)?;
        if let Some(kept) = &mut self.kept {
            kept.put_by_and_by(id, commit.to_be_kept());
        }
        Ok(commit)
    }

    fn start(&mut self) -> Result<(), GitError> {
        self.kept = self.options.remembers.then(|| self.repository.journal(KEPT));
        let tips = std::mem::take(&mut self.options.tips);
        if self.options.order == WalkOrder::ChildrenFirst || !self.options.hide.is_empty() {
            let options = WalkOptions { tips: tips.clone(), ..self.options.clone() };
            self.members = Some(Members::find(self.repository, &options)?);
        }
        for tip in tips {
            if self.members.as_ref().is_none_or(|members| members.is_ready(tip)) {
                self.push(tip)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, id: ObjectId) -> Result<(), GitError> {
        if self.seen.insert(id.into()) {
            let known = self.members.as_ref().and_then(|members| members.seconds(id));
            let seconds = if let Some(seconds) = known {
                seconds
            } else {
                let commit = self.read(id)?;
                let seconds = commit.committer_time.seconds;
                self.read.insert(id.into(), commit);
                seconds
            };
            self.queue.push(Queued { seconds, sequence: Reverse(self.sequence), id });
            self.sequence += 1;
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<Option<Waypoint>, GitError> {
        if matches!(self.state, State::New) {
            self.state = State::Going;
            self.start()?;
        }
        self.at = None;
        let Some(Queued { id, .. }) = self.queue.pop() else { return Ok(None) };
        let known = self.members.as_mut().and_then(|members| members.parents(id));
        let parents = if let Some(parents) = known {
            parents
        } else {
            let commit = match self.read.remove(&gix::ObjectId::from(id)) {
                Some(commit) => commit,
                None => self.read(id)?,
            };
            self.at.insert(commit).parents.clone()
        };
        if let Err(error) = self.push_parents(&parents) {
            self.state = State::Failing(error);
        }
        Ok(Some(Waypoint { id, parents }))
    }

    fn push_parents(&mut self, parents: &[ObjectId]) -> Result<(), GitError> {
        let followed = if self.options.first_parent { 1 } else { usize::MAX };
        for parent in parents.iter().take(followed) {
            if self.members.as_mut().is_none_or(|members| members.release(*parent)) {
                self.push(*parent)?;
            }
        }
        Ok(())
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Commit, GitError>;

    fn next(&mut self) -> Option<Self::Item> {
        let waypoint = self.waypoint()?;
        let commit = waypoint.and_then(|waypoint| self.commit(waypoint.id));
        if commit.is_err() {
            self.state = State::Over;
        }
        Some(commit)
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        if let Some(kept) = &mut self.kept {
            kept.save();
        }
    }
}

/// What a walk needs of a commit to find its way.
pub(super) struct Node {
    seconds: i64,
    pub(super) parents: Vec<ObjectId>,
    hidden: bool,
    done: bool,
    /// How many of its children have not come yet.
    children: usize,
}

impl Node {
    fn new(seconds: i64, parents: Vec<ObjectId>) -> Self {
        Self { seconds, parents, hidden: false, done: false, children: 0 }
    }
}

impl Repository {
    /// The commit-graph file, where there is one that tells all.
    pub(super) fn graph(&self) -> Option<gix::commitgraph::Graph> {
        let graph = || self.inner.commit_graph_if_enabled().ok().flatten();
        if self.is_shallow() { None } else { graph() }
    }

    /// What finding the way back from a commit needs.
    pub(super) fn node(
        &self,
        id: ObjectId,
        graph: Option<&gix::commitgraph::Graph>,
    ) -> Result<Node, GitError> {
        if let Some(node) = graph.and_then(|graph| node_of_graph(graph, id)) {
            return Ok(node);
        }
        let object = self.object(id)?;
        let tokens = gix::objs::CommitRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1);
        let committer =
            tokens.committer().map_err(|error| GitError::Corrupt { id, reason: reason(&error) })?;
        let parents = if self.is_boundary(id) {
            Vec::new()
        } else {
            tokens.parent_ids().map(ObjectId::from).collect()
        };
        Ok(Node::new(committer.seconds(), parents))
    }
}

fn node_of_graph(graph: &gix::commitgraph::Graph, id: ObjectId) -> Option<Node> {
    let commit = graph.commit_by_id(gix::ObjectId::from(id))?;
    let parents = commit
        .iter_parents()
        .map(|at| at.ok().map(|at| ObjectId::from(graph.id_at(at).to_owned())))
        .collect::<Option<Vec<_>>>()?;
    let seconds = i64::try_from(commit.committer_timestamp()).ok()?;
    Some(Node::new(seconds, parents))
}

/// The commits of a walk that was laid out before it began.
struct Members {
    nodes: HashMap<gix::ObjectId, Node>,
}

impl Members {
    fn find(repository: &Repository, options: &WalkOptions) -> Result<Self, GitError> {
        let mut search = Search::new(repository, options)?;
        search.run()?;
        Ok(search.into_members())
    }

    fn seconds(&self, id: ObjectId) -> Option<i64> {
        self.nodes.get(&gix::ObjectId::from(id)).map(|node| node.seconds)
    }

    /// The parents of a commit, which are asked for once.
    fn parents(&mut self, id: ObjectId) -> Option<Vec<ObjectId>> {
        let node = self.nodes.get_mut(&gix::ObjectId::from(id))?;
        Some(std::mem::take(&mut node.parents))
    }

    /// Whether a commit belongs to the walk and no child of it is still to come.
    fn is_ready(&self, id: ObjectId) -> bool {
        self.nodes.get(&gix::ObjectId::from(id)).is_some_and(|node| node.children == 0)
    }

    /// Notes that a child of this commit has come; true once it was the last one.
    fn release(&mut self, id: ObjectId) -> bool {
        let Some(node) = self.nodes.get_mut(&gix::ObjectId::from(id)) else { return false };
        node.children = node.children.saturating_sub(1);
        node.children == 0
    }
}

/// The search for what the tips reach and the hidden commits do not.
struct Search<'repo> {
    repository: &'repo Repository,
    graph: Option<gix::commitgraph::Graph>,
    first_parent: bool,
    hides: bool,
    nodes: HashMap<gix::ObjectId, Node>,
    queue: BinaryHeap<Queued>,
    reached: Vec<ObjectId>,
    wanted_in_queue: usize,
    oldest_wanted: i64,
}

impl<'repo> Search<'repo> {
    fn new(repository: &'repo Repository, options: &WalkOptions) -> Result<Self, GitError> {
        let mut search = Self {
            repository,
            graph: repository.graph(),
            first_parent: options.first_parent,
            hides: !options.hide.is_empty(),
            nodes: HashMap::default(),
            queue: BinaryHeap::new(),
            reached: Vec::new(),
            wanted_in_queue: 0,
            oldest_wanted: i64::MAX,
        };
        for tip in &options.tips {
            search.reach(*tip)?;
        }
        for hidden in &options.hide {
            search.reach(*hidden)?;
            search.hide(*hidden);
        }
        Ok(search)
    }

    fn reach(&mut self, id: ObjectId) -> Result<(), GitError> {
        if self.nodes.contains_key(&gix::ObjectId::from(id)) {
            return Ok(());
        }
        let node = self.repository.node(id, self.graph.as_ref())?;
        let sequence = Reverse(self.reached.len());
        self.queue.push(Queued { seconds: node.seconds, sequence, id });
        self.nodes.insert(id.into(), node);
        self.reached.push(id);
        self.wanted_in_queue += 1;
        Ok(())
    }

    /// Hides a commit and those of its ancestors that were passed already.
    fn hide(&mut self, id: ObjectId) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(node) = self.nodes.get_mut(&gix::ObjectId::from(id)) else { continue };
            if node.hidden {
                continue;
            }
            node.hidden = true;
            if node.done {
                open.extend(&node.parents);
            } else {
                self.wanted_in_queue -= 1;
            }
        }
    }

    fn run(&mut self) -> Result<(), GitError> {
        let mut slack = SLACK;
        while let Some(Queued { id, seconds, .. }) = self.queue.pop() {
            let Some(node) = self.nodes.get_mut(&gix::ObjectId::from(id)) else { continue };
            node.done = true;
            let hidden = node.hidden;
            let followed = if self.first_parent && !hidden { 1 } else { usize::MAX };
            let parents: Vec<_> = node.parents.iter().copied().take(followed).collect();
            if !hidden {
                self.wanted_in_queue -= 1;
                self.oldest_wanted = self.oldest_wanted.min(seconds);
            }
            for parent in parents {
                self.reach(parent)?;
                if hidden {
                    self.hide(parent);
                }
            }
            if self.hides && self.wanted_in_queue == 0 {
                slack = if seconds < self.oldest_wanted { slack - 1 } else { SLACK };
                if slack == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    fn into_members(self) -> Members {
        let Self { mut nodes, reached, first_parent, hides, .. } = self;
        let followed = if first_parent { 1 } else { usize::MAX };
        for id in reached {
            let Some(node) = nodes.get(&gix::ObjectId::from(id)).filter(|node| !node.hidden) else {
                continue;
            };
            // Nearly all have one or two.
            let parents: Vec<ObjectId> = node.parents.iter().copied().take(followed).collect();
            for parent in parents {
                if let Some(parent) = nodes.get_mut(&gix::ObjectId::from(parent)) {
                    parent.children += 1;
                }
            }
        }
        if hides {
            nodes.retain(|_, node| !node.hidden);
        }
        Members { nodes }
    }
}
