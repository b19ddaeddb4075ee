//! Revisions as Git writes them, resolved to commits.

use super::error::reason;
use super::{Commit, GitError, ObjectId, Repository};
use gix::revision::spec::parse;

/// More names than this are not searched for one that was probably meant.
const NAMES_LIMIT: usize = 10_000;

/// One step from a commit to an ancestor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// `~n`: the n-th ancestor along first parents.
    Back(usize),
    /// `^n`: the n-th parent; `^0` is the commit itself.
    Parent(usize),
}

impl Repository {
    /// The commit a revision names: `HEAD~2`, `v1.0`, `main@{upstream}`, `4f2a9c`, `:/words`, ….
    ///
    /// Annotated tags give the commit they stand for.
    pub fn resolve(&self, spec: &str) -> Result<Commit, GitError> {
        self.must_keep_references_in_files()?;
        let (base, steps) = steps_of(spec);
        let mut commit = self.resolve_name(base, spec)?;
        for step in steps {
            commit = self.step(commit, step, spec)?;
        }
        Ok(commit)
    }

    fn step(&self, commit: Commit, step: Step, spec: &str) -> Result<Commit, GitError> {
        match step {
            Step::Back(0) | Step::Parent(0) => Ok(commit),
            Step::Back(times) => self.back(&commit, times, spec),
            Step::Parent(nth) => match commit.parents.get(nth - 1) {
                Some(parent) => self.commit(*parent),
                None => Err(self.no_parent(&commit, nth, spec)),
            },
        }
    }

    /// An ancestor along first parents. It never becomes another, and whoever asks whether a word is
    /// a revision asks for its commit next.
    fn back(&self, commit: &Commit, times: usize, spec: &str) -> Result<Commit, GitError> {
        let asked = (commit.id, times);
        if let Some(known) = self.ancestors.borrow().get(&asked) {
            return Ok(known.clone());
        }
        let graph = self.graph();
        let mut id = commit.id;
        for _ in 0..times {
            match self.node(id, graph.as_ref())?.parents.first() {
                Some(parent) => id = *parent,
                None => return Err(self.no_parent(&self.commit(id)?, 1, spec)),
            }
        }
        let found = self.commit(id)?;
        self.ancestors.borrow_mut().insert(asked, found.clone());
        Ok(found)
    }

    fn no_parent(&self, commit: &Commit, nth: usize, spec: &str) -> GitError {
        if commit.boundary && nth <= self.recorded_parents(commit.id) {
            return GitError::Shallow { wanted: format!("`{spec}`") };
        }
        let short = commit.id.short();
        let reason = match commit.parents.len() {
            _ if commit.boundary => format!("commit {short} has no parent number {nth}"),
            0 => format!("commit {short} is the first one, it has no parent"),
            1 => format!("commit {short} has one parent only"),
            count => format!("commit {short} has {count} parents only"),
        };
        GitError::BadRevision { spec: spec.to_owned(), reason }
    }

    /// How many parents the commit itself names, fetched or not.
    fn recorded_parents(&self, id: ObjectId) -> usize {
        let Ok(object) = self.object(id) else { return 0 };
        gix::objs::CommitRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1)
            .parent_ids()
            .count()
    }

    /// The commit that a revision without steps names; `spec` is the revision as a whole.
    fn resolve_name(&self, base: &str, spec: &str) -> Result<Commit, GitError> {
        if base.starts_with('^') || base.is_empty() {
            let reason = "a revision starts with a name, for example `HEAD`".to_owned();
            return Err(GitError::BadRevision { spec: spec.to_owned(), reason });
        }
        let options = parse::Options {
            object_kind_hint: Some(parse::ObjectKindHint::Committish),
            ..parse::Options::default()
        };
        let found = gix::revision::Spec::from_bstr(base, &self.inner, options);
        let id = match found.map(|found| found.single().map(gix::Id::detach)) {
            Ok(Some(id)) => ObjectId::from(id),
            Ok(None) => {
                let reason = "it names more than one commit".to_owned();
                return Err(GitError::BadRevision { spec: spec.to_owned(), reason });
            }
            Err(error) => return Err(self.unresolved(base, spec, &error)),
        };
        self.peel(id, spec)
    }

    /// Follows annotated tags to the commit they stand for.
    fn peel(&self, id: ObjectId, spec: &str) -> Result<Commit, GitError> {
        let mut id = id;
        loop {
            let object = match self.object(id) {
                Err(GitError::MissingObject { .. }) if self.is_shallow() => {
                    return Err(GitError::Shallow { wanted: format!("`{spec}`") });
                }
                object => object?,
            };
            match object.kind {
                gix::objs::Kind::Commit => return self.commit(id),
                gix::objs::Kind::Tag => {
                    let tag = object.try_to_tag_ref();
                    let tag = tag.map_err(|e| GitError::Corrupt { id, reason: reason(&e) })?;
                    id = tag.target().into();
                }
                gix::objs::Kind::Tree => return Err(not_a_commit(spec, "folder")),
                gix::objs::Kind::Blob => return Err(not_a_commit(spec, "file")),
            }
        }
    }

    fn unresolved(&self, base: &str, spec: &str, error: &gix::Error) -> GitError {
        if let Some(branch) = self.unborn_branch(base) {
            return GitError::Unborn { branch };
        }
        if let Some(parse::Error::AmbiguousPrefix { candidates, .. }) =
            error.downcast_any_ref::<parse::Error>()
        {
            let candidates = candidates.iter().map(|(id, what)| format!("{id} ({what})")).collect();
            return GitError::Ambiguous { spec: spec.to_owned(), candidates };
        }
        let plain = !base.contains([':', '{', '^', '~', ' ']);
        let known_name = base.split_once('@').filter(|(name, _)| !name.is_empty());
        match known_name {
            Some((name, _)) if !plain && !self.names_something(name) => self.unknown(name),
            _ if plain => self.unknown(base),
            _ => GitError::BadRevision { spec: spec.to_owned(), reason: self.why_not(base, error) },
        }
    }

    /// Why a revision with something special in it cannot be resolved.
    fn why_not(&self, base: &str, error: &gix::Error) -> String {
        let branch = |name: &str| match name {
            "" | "HEAD" => self.head_name().ok().flatten().unwrap_or_else(|| "HEAD".to_owned()),
            name => name.to_owned(),
        };
        if let Some(text) = base.strip_prefix(":/") {
            return format!("no commit message contains `{text}`");
        }
        match base.split_once("@{") {
            Some((name, rest)) if rest.starts_with('u') || rest.starts_with("push") => {
                format!("branch `{}` has no upstream", branch(name))
            }
            Some((name, rest)) if rest.contains('}') => {
                format!("the log of where `{}` stood has no such entry", branch(name))
            }
            _ if error.is_validation() => "it is not written as Git writes revisions".to_owned(),
            _ => reason(error),
        }
    }

    fn names_something(&self, name: &str) -> bool {
        self.inner.try_find_reference(name).is_ok_and(|found| found.is_some())
    }

    fn unborn_branch(&self, base: &str) -> Option<String> {
        let branch = self.head_name().ok()??;
        let about_head = base == branch || ["HEAD", "@"].iter().any(|head| base.starts_with(head));
        (self.is_unborn() && about_head).then_some(branch)
    }

    fn unknown(&self, name: &str) -> GitError {
        let names = self.names();
        let at_a_remote = names
            .iter()
            .find(|known| known.split_once('/').is_some_and(|(_, branch)| branch == name));
        let near = at_a_remote
            .map(String::as_str)
            .or_else(|| crate::finding::did_you_mean(name, names.iter().map(String::as_str)));
        GitError::UnknownRevision {
            spec: name.to_owned(),
            near: near.map(ToOwned::to_owned),
            shallow: self.is_shallow(),
        }
    }

    /// The short names of branches and tags, here and at remotes.
    fn names(&self) -> Vec<String> {
        let Ok(platform) = self.inner.references() else { return Vec::new() };
        let lists = [platform.local_branches(), platform.tags(), platform.remote_branches()];
        let found = lists.into_iter().flatten().flatten().filter_map(Result::ok);
        found.take(NAMES_LIMIT).map(|found| found.name().shorten().to_string()).collect()
    }
}

fn not_a_commit(spec: &str, kind: &str) -> GitError {
    GitError::NotACommit { spec: spec.to_owned(), kind: kind.to_owned() }
}

/// Splits `HEAD~2^` into its name and its steps; what has another form stays whole.
fn steps_of(spec: &str) -> (&str, Vec<Step>) {
    if spec.starts_with([':', '^']) {
        return (spec, Vec::new());
    }
    let mut depth = 0_usize;
    let start = spec.char_indices().find_map(|(at, character)| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '~' | '^' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    });
    let Some((base, rest)) = start.and_then(|at| spec.split_at_checked(at)) else {
        return (spec, Vec::new());
    };
    match parse_steps(rest) {
        Some(steps) => (base, steps),
        None => (spec, Vec::new()),
    }
}

fn parse_steps(mut rest: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    while let Some(sign) = rest.chars().next() {
        rest = rest.strip_prefix(['~', '^'])?;
        let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits)?;
        let number = if number.is_empty() { 1 } else { number.parse().ok()? };
        steps.push(if sign == '~' { Step::Back(number) } else { Step::Parent(number) });
        rest = tail;
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_from_steps() {
        assert_eq!(steps_of("HEAD~2^"), ("HEAD", vec![Step::Back(2), Step::Parent(1)]));
        assert_eq!(steps_of("main@{1~2}^0"), ("main@{1~2}", vec![Step::Parent(0)]));
        assert_eq!(steps_of("v1^{commit}~1"), ("v1^{commit}~1", vec![]));
        assert_eq!(steps_of(":/fix~1"), (":/fix~1", vec![]));
        assert_eq!(steps_of("HEAD"), ("HEAD", vec![]));
        assert_eq!(
            steps_of("HEAD~99999999999999999999999"),
            ("HEAD~99999999999999999999999", vec![])
        );
    }
}
