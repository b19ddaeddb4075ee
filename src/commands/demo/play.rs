//! Playing the demonstration's history into a repository.

use crate::artifact::demo::{
    Author, Commit, Edit, Event, Files, MAIN, Merge, Tag, apply, beginning, deals, events, leads,
};
use crate::commands::Failure;
use crate::git::{NewCommit, ObjectId, Person, RepositoryBuilder};
use std::collections::BTreeMap;
use std::path::Path;

/// Builds the repository in a folder that is empty or does not exist.
pub(in crate::commands) fn build(folder: &Path) -> Result<(), Failure> {
    let builder = RepositoryBuilder::init(folder, MAIN)?;
    let files = beginning().map_err(|reason| Failure::own(&reason))?;
    let main = Branch { files, tip: None, edits: Vec::new() };
    let branches = BTreeMap::from([(MAIN, main)]);
    let mut player = Player { builder, branches, by_subject: BTreeMap::new() };
    for event in events() {
        match event {
            Event::Commit(commit) => player.commit(commit)?,
            Event::Merge(merge) => player.merge(merge)?,
            Event::Tag(tag) => player.tag(tag)?,
        }
    }
    player.builder.checkout(MAIN)?;
    exports(folder)
}

/// Writes what the company's systems export on the day, where the repository does not record it.
fn exports(folder: &Path) -> Result<(), Failure> {
    let folder = folder.join("exports");
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::disk("make the folder", &folder, error))?;
    for (name, text) in [("leads.csv", leads()), ("deals.csv", deals())] {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| Failure::disk("write", path, error))?;
    }
    Ok(())
}

/// A branch while the history is played.
#[derive(Debug, Clone)]
struct Branch {
    files: Files,
    tip: Option<ObjectId>,
    /// What was done on it, to be done again where it is merged.
    edits: Vec<&'static [Edit]>,
}

/// Plays the history into a repository.
struct Player {
    builder: RepositoryBuilder,
    branches: BTreeMap<&'static str, Branch>,
    by_subject: BTreeMap<&'static str, ObjectId>,
}

impl Player {
    fn commit(&mut self, commit: &Commit) -> Result<(), Failure> {
        let mut branch = match self.branches.get(commit.branch) {
            Some(branch) => branch.clone(),
            None => Branch { edits: Vec::new(), ..self.branch(MAIN)? },
        };
        apply(commit.edits, &mut branch.files).map_err(|reason| Failure::own(&reason))?;
        branch.edits.push(commit.edits);
        let message = self.with_ids(commit.message);
        let parents = branch.tip.into_iter().collect();
        let recorded = Recorded {
            branch: commit.branch,
            at: commit.at,
            author: commit.author,
            committer: commit.committer,
            message: &message,
        };
        let id = self.record(&recorded, &branch.files, parents)?;
        self.by_subject.insert(commit.message.lines().next().unwrap_or_default(), id);
        branch.tip = Some(id);
        self.branches.insert(commit.branch, branch);
        Ok(())
    }

    fn merge(&mut self, merge: &Merge) -> Result<(), Failure> {
        let topic = self.branch(merge.branch)?;
        let mut main = self.branch(MAIN)?;
        for edits in &topic.edits {
            apply(edits, &mut main.files).map_err(|reason| Failure::own(&reason))?;
        }
        let parents = main.tip.into_iter().chain(topic.tip).collect();
        let recorded = Recorded {
            branch: MAIN,
            at: merge.at,
            author: merge.author,
            committer: None,
            message: merge.message,
        };
        main.tip = Some(self.record(&recorded, &main.files, parents)?);
        self.branches.insert(MAIN, main);
        Ok(())
    }

    fn tag(&mut self, tag: &Tag) -> Result<(), Failure> {
        let Some(tip) = self.branch(MAIN)?.tip else { return Ok(()) };
        let (seconds, _) = instant(tag.at)?;
        let tagger = person(tag.author);
        self.builder.annotated_tag(tag.name, tip, &tagger, seconds, tag.message)?;
        Ok(())
    }

    fn branch(&self, name: &str) -> Result<Branch, Failure> {
        let unknown = || Failure::own(&format!("the demonstration has no branch `{name}` yet"));
        self.branches.get(name).cloned().ok_or_else(unknown)
    }

    fn record(
        &mut self,
        recorded: &Recorded<'_>,
        files: &Files,
        parents: Vec<ObjectId>,
    ) -> Result<ObjectId, Failure> {
        let bytes = |(path, text): (&String, &String)| (path.clone(), text.clone().into_bytes());
        let files = files.iter().map(bytes).collect();
        let (seconds, offset_minutes) = instant(recorded.at)?;
        let commit = NewCommit {
            files: &files,
            parents,
            author: person(recorded.author),
            committer: recorded.committer.map(person),
            seconds,
            offset_minutes,
            message: recorded.message,
        };
        Ok(self.builder.commit(recorded.branch, &commit)?)
    }

    /// A message in which ids stand for the first lines in braces.
    fn with_ids(&self, message: &str) -> String {
        let mut text = message.to_owned();
        for (subject, id) in &self.by_subject {
            text = text.replace(&format!("{{{subject}}}"), &id.to_string());
        }
        text
    }
}

/// What the head of a commit says.
struct Recorded<'a> {
    branch: &'a str,
    at: &'a str,
    author: Author,
    committer: Option<Author>,
    message: &'a str,
}

fn person(author: Author) -> Person {
    Person { name: author.name.to_owned(), email: author.email.to_owned() }
}

/// Seconds since 1970-01-01 UTC, and the minutes the clock was ahead of it.
fn instant(text: &str) -> Result<(i64, i32), Failure> {
    let parsed = jiff::fmt::temporal::Pieces::parse(text).ok().and_then(|pieces| {
        let offset = pieces.to_numeric_offset()?;
        let civil = pieces.date().to_datetime(pieces.time()?);
        Some((offset.to_timestamp(civil).ok()?.as_second(), offset.seconds() / 60))
    });
    parsed.ok_or_else(|| Failure::own(&format!("the demonstration's `{text}` is no instant")))
}
