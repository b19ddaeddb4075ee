//! Signatures of commits and annotated tags: whether there is one, whose it is, and whether it holds.
//!
//! INVARIANT: what could not be verified is never called good. The programs asked (`ssh-keygen`,
//! `gpg`) are those of the machine: what the repository's configuration calls a program is not run.

mod gpg;
mod programs;
mod ssh;

use super::error::reason;
use super::{CommitTime, GitError, ObjectId, Person, Repository};
use gix::bstr::ByteSlice;
pub(crate) use programs::program;
use programs::{Answer, Scratch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// A longer list of signers, in bytes, is an accident or an attack.
const LIST_LIMIT: u64 = 16 << 20;
/// More tags behind each other are an accident or an attack.
const TAG_DEPTH: usize = 16;
/// So many signatures are verified at a time, at most.
const AT_ONCE: usize = 8;

/// How a signature is written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureForm {
    /// With an SSH key.
    Ssh,
    /// With an `OpenPGP` key.
    #[serde(rename = "openpgp")]
    OpenPgp,
    /// With an X.509 certificate.
    X509,
    /// In a form this version does not know.
    Unknown,
}

impl SignatureForm {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::OpenPgp => "openpgp",
            Self::X509 => "x509",
            Self::Unknown => "unknown",
        }
    }

    fn of(signature: &[u8]) -> Self {
        let begins = |words: &[u8]| signature.starts_with(words);
        if begins(b"-----BEGIN SSH SIGNATURE-----") {
            Self::Ssh
        } else if begins(b"-----BEGIN PGP SIGNATURE-----") || begins(b"-----BEGIN PGP MESSAGE-----")
        {
            Self::OpenPgp
        } else if begins(b"-----BEGIN SIGNED MESSAGE-----") {
            Self::X509
        } else {
            Self::Unknown
        }
    }
}

/// What is known of a signature.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureStatus {
    /// There is none.
    Absent,
    /// There is one, and it could not be verified here.
    NotVerified,
    /// It fits the content, and its key belonged to an allowed signer when it was made.
    Good,
    /// It fits the content, and its key belonged to no allowed signer when it was made.
    NotAllowed,
    /// It does not fit the content, or is no signature at all.
    Bad,
}

impl SignatureStatus {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Absent, Self::NotVerified, Self::Good, Self::NotAllowed, Self::Bad];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::NotVerified => "not-verified",
            Self::Good => "good",
            Self::NotAllowed => "not-allowed",
            Self::Bad => "bad",
        }
    }
}

/// A signature and what came of verifying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What is known of it.
    pub status: SignatureStatus,
    /// How it is written; none where there is no signature.
    pub form: Option<SignatureForm>,
    /// Whose it is, as the list of allowed signers or the keyring names them; only of a good one.
    pub signer: Option<String>,
    /// The fingerprint of the key, where it is known.
    pub key: Option<String>,
    /// Why it is not good.
    pub why: Option<String>,
}

impl Signature {
    /// No signature.
    pub const ABSENT: Self =
        Self { status: SignatureStatus::Absent, form: None, signer: None, key: None, why: None };

    fn good(form: SignatureForm, signer: &str, key: &str) -> Self {
        Self {
            status: SignatureStatus::Good,
            form: Some(form),
            signer: Some(signer.to_owned()),
            key: Some(key.to_owned()),
            why: None,
        }
    }

    fn not_good(
        status: SignatureStatus,
        form: SignatureForm,
        key: Option<&str>,
        why: impl Into<String>,
    ) -> Self {
        let key = key.map(str::to_owned);
        Self { status, form: Some(form), signer: None, key, why: Some(why.into()) }
    }
}

/// An annotated tag: somebody's word on where the history stood at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The name it is found under.
    pub name: String,
    /// The name written in it, where that is another one: a tag can be filed under a foreign name,
    /// and a signature is on the name written in it.
    pub written_name: Option<String>,
    /// The tag itself.
    pub id: ObjectId,
    /// The commit it stands for.
    pub commit: ObjectId,
    /// Who made it.
    pub tagger: Option<Person>,
    /// When, by their clock.
    pub time: Option<CommitTime>,
    /// Its signature.
    pub signature: Signature,
}

/// Whose SSH keys count: the files that `ssh-keygen` reads, as they were when the work began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignerLists {
    /// The allowed signers.
    pub allowed: Option<Vec<u8>>,
    /// The keys that were taken back.
    pub revoked: Option<Vec<u8>>,
}

/// Verifies signatures with the programs of this machine.
pub struct SignatureCheck {
    scratch: Scratch,
    ssh: ssh::SshCheck,
    gpg: gpg::GpgCheck,
}

impl SignatureCheck {
    /// Ready to verify by these lists.
    ///
    /// # Errors
    /// No room on the disk for what the programs read.
    pub fn new(lists: &SignerLists) -> Result<Self, GitError> {
        let scratch = Scratch::new()?;
        let ssh = ssh::SshCheck::new(&scratch, lists)?;
        Ok(Self { scratch, ssh, gpg: gpg::GpgCheck::find() })
    }

    fn judge(&self, signed: &Signed<'_>, seconds: i64) -> Result<Signature, GitError> {
        let form = SignatureForm::of(&signed.signature);
        let unverified =
            |why: &str| Ok(Signature::not_good(SignatureStatus::NotVerified, form, None, why));
        if signed.several {
            return unverified(
                "there is more than one signature, and it is not clear which counts",
            );
        }
        match form {
            SignatureForm::Ssh => self.ssh.judge(&self.scratch, signed, seconds),
            SignatureForm::OpenPgp => self.gpg.judge(&self.scratch, signed),
            SignatureForm::X509 => unverified("opmodel does not verify X.509 signatures"),
            SignatureForm::Unknown => unverified("its form is not known to opmodel"),
        }
    }
}

/// What was signed, and the signature.
struct Signed<'a> {
    payload: std::borrow::Cow<'a, [u8]>,
    signature: Vec<u8>,
    several: bool,
}

impl Repository {
    /// The lists of signers: the file that is named, else what `gpg.ssh.allowedSignersFile` says;
    /// keys that were taken back by `gpg.ssh.revocationFile`.
    ///
    /// # Errors
    /// A file that is named and cannot be read.
    pub fn signer_lists(&self, named: Option<&Path>) -> Result<SignerLists, GitError> {
        let allowed = match named {
            Some(path) => Some(path.to_owned()),
            None => self.configured_file("gpg.ssh.allowedSignersFile")?,
        };
        let revoked = self.configured_file("gpg.ssh.revocationFile")?;
        let allowed_by = match named {
            Some(_) => "read the list of signers",
            None => "read the list of signers that Git's `gpg.ssh.allowedSignersFile` names",
        };
        let revoked_by = "read the list of keys that Git's `gpg.ssh.revocationFile` names";
        let read =
            |path: Option<PathBuf>, action| path.map(|path| read_list(&path, action)).transpose();
        Ok(SignerLists { allowed: read(allowed, allowed_by)?, revoked: read(revoked, revoked_by)? })
    }

    fn configured_file(&self, key: &'static str) -> Result<Option<PathBuf>, GitError> {
        let config = self.inner.config_snapshot();
        let path = config.trusted_path(key);
        let path = path.map_err(|error| GitError::git("read where the signers are", &error))?;
        let root = self.work_dir().unwrap_or_else(|| self.git_dir());
        Ok(path.filter(|path| !path.as_os_str().is_empty()).map(|path| root.join(path)))
    }

    /// The signature of a commit, judged as of the instant it was recorded.
    ///
    /// # Errors
    /// The commit cannot be read, or its content is not what its name says.
    pub fn signature(
        &self,
        commit: ObjectId,
        check: &SignatureCheck,
    ) -> Result<Signature, GitError> {
        let object = self.authentic(commit)?;
        let Some(signed) = split_commit(&object.data) else { return Ok(Signature::ABSENT) };
        let tokens = gix::objs::CommitRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1);
        let committer = tokens
            .committer()
            .map_err(|error| GitError::Corrupt { id: commit, reason: reason(&error) })?;
        check.judge(&signed, committer.seconds())
    }

    /// The signatures of commits, in their order.
    ///
    /// # Errors
    /// A commit cannot be read, or its content is not what its name says.
    pub fn signatures(
        &self,
        commits: &[ObjectId],
        check: &SignatureCheck,
    ) -> Result<Vec<Signature>, GitError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(AT_ONCE);
        let share = commits.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let work = commits.chunks(share).map(|share| {
                let repository = self.clone();
                scope.spawn(move || {
                    share
                        .iter()
                        .map(|commit| repository.signature(*commit, check))
                        .collect::<Result<Vec<_>, _>>()
                })
            });
            let work: Vec<_> = work.collect();
            let mut signatures = Vec::with_capacity(commits.len());
            for thread in work {
                let done = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                signatures.extend(done?);
            }
            Ok(signatures)
        })
    }

    /// The annotated tags that stand for a commit, by name.
    ///
    /// # Errors
    /// A tag cannot be read.
    pub fn anchors(&self, check: &SignatureCheck) -> Result<Vec<Anchor>, GitError> {
        let wrong = |error: gix::Error| GitError::git("list the tags", &error);
        let references = self.inner.references().map_err(wrong)?;
        let mut anchors = Vec::new();
        for found in references.tags().map_err(wrong)? {
            let found = found.map_err(wrong)?;
            let Some(id) = found.target().try_id().map(|id| ObjectId::from(id.to_owned())) else {
                continue;
            };
            let name = found.name().shorten().to_string();
            anchors.extend(self.anchor(name, id, check)?);
        }
        anchors.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(anchors)
    }

    fn anchor(
        &self,
        name: String,
        id: ObjectId,
        check: &SignatureCheck,
    ) -> Result<Option<Anchor>, GitError> {
        let object = self.object(id)?;
        if object.kind != gix::objs::Kind::Tag {
            return Ok(None);
        }
        let corrupt = |error: gix::Error| GitError::Corrupt { id, reason: reason(&error) };
        let tag = object.try_to_tag_ref().map_err(corrupt)?;
        let Some(commit) = self.tagged(tag.target().into())? else { return Ok(None) };
        let tagger = tag.tagger().map_err(corrupt)?;
        let (tagger, time) = tagger.map(|tagger| super::commit::signed_by(&tagger, false)).unzip();
        let signature = match split_tag(&object.data) {
            None => Signature::ABSENT,
            Some(signed) => {
                check.judge(&signed, time.map_or(0, |time: CommitTime| time.seconds))?
            }
        };
        let written = tag.name.to_str_lossy().into_owned();
        let written_name = (written != name).then_some(written);
        Ok(Some(Anchor { name, written_name, id, commit, tagger, time, signature }))
    }

    /// The commit a tag leads to in the end, if it is one.
    fn tagged(&self, id: ObjectId) -> Result<Option<ObjectId>, GitError> {
        let mut id = id;
        for _ in 0..TAG_DEPTH {
            let object = self.object(id)?;
            match object.kind {
                gix::objs::Kind::Commit => return Ok(Some(id)),
                gix::objs::Kind::Tag => {
                    let corrupt = |error| GitError::Corrupt { id, reason: reason(&error) };
                    id = object.try_to_tag_ref().map_err(corrupt)?.target().into();
                }
                gix::objs::Kind::Tree | gix::objs::Kind::Blob => return Ok(None),
            }
        }
        Ok(None)
    }
}

fn read_list(path: &Path, action: &'static str) -> Result<Vec<u8>, GitError> {
    let failed = |source| GitError::disk(action, path, source);
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > LIST_LIMIT {
        return Err(failed(std::io::ErrorKind::FileTooLarge.into()));
    }
    fs::read(path).map_err(failed)
}

/// A commit without its signature, and the signature, taken apart the way Git does it.
fn split_commit(data: &[u8]) -> Option<Signed<'_>> {
    let mut payload = Vec::with_capacity(data.len());
    let (mut signature, mut headers) = (Vec::new(), 0);
    let (mut inside, mut foreign) = (false, false);
    let mut rest = data;
    while !rest.is_empty() {
        let end = rest.find_byte(b'\n').map_or(rest.len(), |at| at + 1);
        let (line, tail) = rest.split_at_checked(end)?;
        if line == b"\n" {
            payload.extend_from_slice(rest);
            break;
        }
        rest = tail;
        if let Some(more) = line.strip_prefix(b" ").filter(|_| inside) {
            signature.extend_from_slice(more);
        } else if let Some(first) = line.strip_prefix(b"gpgsig ") {
            signature.extend_from_slice(first);
            headers += 1;
            (inside, foreign) = (true, false);
        } else {
            inside = false;
            // A signature over the same commit under another kind of names is no part of this one.
            foreign = line.starts_with(b"gpgsig") || foreign && line.starts_with(b" ");
            if !foreign {
                payload.extend_from_slice(line);
            }
        }
    }
    (headers > 0).then_some(Signed { payload: payload.into(), signature, several: headers > 1 })
}

/// A tag without its signature, which is what follows the last line that opens one.
fn split_tag(data: &[u8]) -> Option<Signed<'_>> {
    let mut at = 0;
    let mut opened = None;
    for line in data.lines_with_terminator() {
        if SignatureForm::of(line) != SignatureForm::Unknown {
            opened = Some(at);
        }
        at += line.len();
    }
    let (payload, signature) = data.split_at_checked(opened?)?;
    Some(Signed { payload: payload.into(), signature: signature.to_vec(), several: false })
}

/// The first line a program wrote that says something, without anything that acts on a terminal.
fn first_words(answer: &Answer) -> String {
    let line = answer.errors.lines().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or("it gave no reason").chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_taken_apart_as_git_does_it() {
        let data = b"tree 1\nparent 2\ngpgsig -----BEGIN SSH SIGNATURE-----\n abc\n \n end\n\
            gpgsig-sha256 other\n more\nencoding x\n\nmessage\ngpgsig not one\n";
        let signed = split_commit(data).unwrap();
        assert_eq!(
            signed.payload.as_bstr(),
            "tree 1\nparent 2\nencoding x\n\nmessage\ngpgsig not one\n"
        );
        assert_eq!(signed.signature.as_bstr(), "-----BEGIN SSH SIGNATURE-----\nabc\n\nend\n");
        assert!(!signed.several);
        assert!(split_commit(b"tree 1\n\ngpgsig in the message\n").is_none());
        assert!(split_commit(b"tree 1\ngpgsig a\ngpgsig b\n\n").unwrap().several);
        assert!(split_commit(b"tree 1\ngpgsig a").is_some());
        assert!(split_commit(b"").is_none());
    }

    #[test]
    fn a_tag_ends_where_its_last_signature_opens() {
        let data = b"object 1\n\nwords\n-----BEGIN PGP SIGNATURE-----\nquoted\n\
            -----BEGIN SSH SIGNATURE-----\nabc\n";
        let signed = split_tag(data).unwrap();
        assert!(signed.payload.ends_with(b"quoted\n"));
        assert!(signed.signature.starts_with(b"-----BEGIN SSH"));
        assert!(split_tag(b"object 1\n\nwords -----BEGIN PGP SIGNATURE-----\n").is_none());
    }
}
