//! A commit: who, when, why, and which tree.

use super::error::reason;
use super::{GitError, ObjectId, Repository};
use gix::bstr::{BStr, ByteSlice};
use gix::objs::commit::ref_iter::Token;
use jiff::Timestamp;

/// One commit of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub id: ObjectId,
    /// The commits it follows; empty for the first commit and where a shallow clone ends.
    pub parents: Vec<ObjectId>,
    /// Whether a shallow clone ends here: there are parents, and they were not fetched.
    pub boundary: bool,
    /// The tree it records.
    pub tree: ObjectId,
    /// Who wrote the change.
    pub author: Person,
    /// Who recorded it.
    pub committer: Person,
    /// When it was written, by the author's clock.
    pub author_time: CommitTime,
    /// When it was recorded, by the committer's clock.
    pub committer_time: CommitTime,
    /// The first paragraph of the message as one line.
    pub subject: String,
    /// The whole message, without trailing blank space.
    pub message: String,
    /// Whether it carries a signature; nothing is said about whose or whether it is good.
    pub signed: bool,
}

/// A name and an address, as a commit records them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
}

/// An instant and the offset of the clock that took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CommitTime {
    /// Seconds since 1970-01-01 UTC.
    pub seconds: i64,
    /// Minutes the clock was ahead of UTC.
    pub offset_minutes: i32,
}

impl CommitTime {
    /// The same, or the last instant that can be shown where a clock counted something else than
    /// seconds: what cannot be shown could not be asked for, and would be in no period.
    fn within_the_calendar(self) -> Self {
        let [first, last] = [Timestamp::MIN, Timestamp::MAX].map(Timestamp::as_second);
        Self { seconds: self.seconds.clamp(first, last), ..self }
    }
}

impl Repository {
    /// The commit of that id.
    pub fn commit(&self, id: ObjectId) -> Result<Commit, GitError> {
        let object = self.object(id)?;
        if object.kind != gix::objs::Kind::Commit {
            return Err(GitError::NotACommit {
                spec: id.to_string(),
                kind: object.kind.to_string(),
            });
        }
        let mut commit = parse(id, &object.data)?;
        if self.is_boundary(id) {
            commit.boundary = !commit.parents.is_empty();
            commit.parents.clear();
        }
        Ok(commit)
    }
}

impl Repository {
    /// The root tree of a commit, without reading the rest of it.
    pub fn tree_of(&self, id: ObjectId) -> Result<ObjectId, GitError> {
        let object = self.object(id)?;
        let mut tokens = gix::objs::CommitRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1);
        let tree = tokens.tree_id();
        tree.map(ObjectId::from).map_err(|error| GitError::Corrupt { id, reason: reason(&error) })
    }
}

/// What is kept of a commit between runs, in the order of its properties.
type Kept<T> = (Vec<[u8; 20]>, [u8; 20], [(T, T); 2], [(i64, i32); 2], (T, T), bool);

impl Commit {
    /// The commit as bytes, as it stands in a clone that has what came before it.
    pub(super) fn to_be_kept(&self) -> Vec<u8> {
        let time = |time: CommitTime| (time.seconds, time.offset_minutes);
        let kept: Kept<&str> = (
            self.parents.iter().map(|parent| *parent.as_bytes()).collect(),
            *self.tree.as_bytes(),
            [&self.author, &self.committer].map(|who| (who.name.as_str(), who.email.as_str())),
            [self.author_time, self.committer_time].map(time),
            (&self.subject, &self.message),
            self.signed,
        );
        postcard::to_stdvec(&kept).unwrap_or_default()
    }

    /// The commit that bytes stand for; none where they are not what [`Commit::to_be_kept`] makes.
    pub(super) fn kept(id: ObjectId, bytes: &[u8]) -> Option<Self> {
        let (kept, rest) = postcard::take_from_bytes::<Kept<String>>(bytes).ok()?;
        let (parents, tree, people, times, (subject, message), signed) = kept;
        let [author, committer] = people.map(|(name, email)| Person { name, email });
        let [author_time, committer_time] =
            times.map(|(seconds, offset_minutes)| CommitTime { seconds, offset_minutes });
        let object = |bytes: [u8; 20]| ObjectId::from(gix::ObjectId::Sha1(bytes));
        rest.is_empty().then(|| Self {
            id,
            parents: parents.into_iter().map(object).collect(),
            boundary: false,
            tree: object(tree),
            author,
            committer,
            author_time,
            committer_time,
            subject,
            message,
            signed,
        })
    }
}

fn parse(id: ObjectId, data: &[u8]) -> Result<Commit, GitError> {
    let mut commit = Commit {
        id,
        parents: Vec::new(),
        boundary: false,
        tree: id,
        author: Person::default(),
        committer: Person::default(),
        author_time: CommitTime::default(),
        committer_time: CommitTime::default(),
        subject: String::new(),
        message: String::new(),
        signed: false,
    };
    let (mut latin, mut people, mut text) = (false, [None, None], None);
    for token in gix::objs::CommitRefIter::from_bytes(data, gix::hash::Kind::Sha1) {
        match token.map_err(|error| GitError::Corrupt { id, reason: reason(&error) })? {
            Token::Tree { id } => commit.tree = id.into(),
            Token::Parent { id } => commit.parents.push(id.into()),
            Token::Author { signature } => people[0] = Some(signature),
            Token::Committer { signature } => people[1] = Some(signature),
            Token::Encoding(name) => latin = is_latin(name),
            Token::ExtraHeader((name, _)) => commit.signed |= name.starts_with(b"gpgsig"),
            Token::Message(message) => text = Some(message),
        }
    }
    // How the names are written is said behind them.
    let [author, committer] = people.map(|who| who.map(|who| signed_by(&who, latin)));
    (commit.author, commit.author_time) = author.unwrap_or_default();
    (commit.committer, commit.committer_time) = committer.unwrap_or_default();
    commit.message = text.map(|text| decoded(text.trim_end(), latin)).unwrap_or_default();
    commit.subject = subject_of(&commit.message);
    Ok(commit)
}

/// Who, and when, as a commit or a tag writes it, in Latin-1 where it says so.
pub(super) fn signed_by(
    signature: &gix::actor::SignatureRef<'_>,
    latin: bool,
) -> (Person, CommitTime) {
    let person = Person {
        name: decoded(signature.name.trim(), latin),
        email: decoded(signature.email.trim(), latin),
    };
    let time = signature.time().map_or_else(
        |_| CommitTime { seconds: signature.seconds(), offset_minutes: 0 },
        |time| CommitTime { seconds: time.seconds, offset_minutes: time.offset / 60 },
    );
    (person, time.within_the_calendar())
}

fn is_latin(encoding: &BStr) -> bool {
    let name = encoding.to_ascii_lowercase();
    matches!(name.as_slice(), b"iso-8859-1" | b"iso8859-1" | b"latin1" | b"latin-1")
}

fn decoded(text: &[u8], latin: bool) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) if latin => text.iter().copied().map(char::from).collect(),
        Err(_) => text.to_str_lossy().into_owned(),
    }
}

/// The first paragraph as one line, the way `git log --oneline` prints it.
fn subject_of(message: &str) -> String {
    let lines = message.lines().skip_while(|line| line.trim().is_empty());
    lines.take_while(|line| !line.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(data: &[u8]) -> Result<Commit, GitError> {
        parse(ObjectId::from(gix::ObjectId::null(gix::hash::Kind::Sha1)), data)
    }

    #[test]
    fn reads_a_commit_with_odd_headers() {
        let data = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
            parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
            author J\xfcrg Thor <a@example.com> 1700000000 +0130\n\
            committer  <> 1700000100 -0200\n\
            encoding ISO-8859-1\n\
            gpgsig -----BEGIN-----\n more\n -----END-----\n\
            \nTwo\nlines\n\nSinn f\xfcr Ordnung\n\n";
        let commit = parsed(data).unwrap();
        assert_eq!(commit.author.name, "Jürg Thor");
        assert_eq!(commit.author_time, CommitTime { seconds: 1_700_000_000, offset_minutes: 90 });
        assert_eq!(commit.committer, Person::default());
        assert_eq!(commit.committer_time.offset_minutes, -120);
        assert_eq!(commit.subject, "Two lines");
        assert_eq!(commit.message, "Two\nlines\n\nSinn für Ordnung");
        assert!(commit.signed);
        assert_eq!(commit.parents.len(), 1);
    }

    #[test]
    fn a_kept_commit_is_the_same() {
        let data = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
            parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
            author A U Thor <a@example.com> 1700000000 +0130\n\
            committer C <c@example.com> 1700000100 -0200\n\
            \nTwo\nlines\n\nS\xc3\xbcd\n";
        let commit = parsed(data).unwrap();
        let bytes = commit.to_be_kept();
        assert_eq!(Commit::kept(commit.id, &bytes), Some(commit.clone()));
        for length in 0..bytes.len() {
            assert_eq!(Commit::kept(commit.id, &bytes[..length]), None);
        }
    }

    #[test]
    fn a_torn_commit_is_damage_not_a_panic() {
        for length in 0..120 {
            let data = &b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nm"[..];
            let _ = parsed(data.get(..length).unwrap_or(data));
        }
        assert!(matches!(parsed(b"nonsense"), Err(GitError::Corrupt { .. })));
    }
}
