//! SSH signatures, verified by `ssh-keygen`, whose word on lists of allowed signers is the rule.

use super::programs::{Answer, Desk, Scratch, program};
use super::{
    GitError, Signature, SignatureForm, SignatureStatus, Signed, SignerLists, first_words,
};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const FORM: SignatureForm = SignatureForm::Ssh;
/// More people than this behind one key are an accident or an attack.
const PRINCIPALS: usize = 64;

/// Asks `ssh-keygen`.
pub(super) struct SshCheck {
    program: Option<PathBuf>,
    allowed: Option<PathBuf>,
    revoked: Option<PathBuf>,
}

/// The questions about one signature.
struct Question<'a> {
    check: &'a SshCheck,
    program: &'a Path,
    desk: &'a Desk<'a>,
    payload: &'a Path,
    signature: &'a Path,
    /// When it was made, as `ssh-keygen` writes instants.
    time: String,
}

impl SshCheck {
    pub(super) fn new(scratch: &Scratch, lists: &SignerLists) -> Result<Self, GitError> {
        let file = |name, list: &Option<Vec<u8>>| {
            list.as_deref().map(|list| scratch.file(name, list)).transpose()
        };
        let allowed = file("allowed_signers", &lists.allowed)?;
        let revoked = file("revoked_keys", &lists.revoked)?;
        Ok(Self { program: program("ssh-keygen"), allowed, revoked })
    }

    pub(super) fn judge(
        &self,
        scratch: &Scratch,
        signed: &Signed<'_>,
        seconds: i64,
    ) -> Result<Signature, GitError> {
        let Some(program) = &self.program else {
            return Ok(unverified(None, "`ssh-keygen` is not installed here"));
        };
        let desk = scratch.desk()?;
        let question = Question {
            check: self,
            program,
            desk: &desk,
            payload: &desk.file("payload", &signed.payload)?,
            signature: &desk.file("signature", &signed.signature)?,
            time: instant(seconds),
        };
        question.judged()
    }
}

/// What came of asking who may have made a signature.
enum Asked {
    /// Somebody who may, and did.
    Good(Signature),
    /// Whoever it was, their key was taken back.
    Revoked,
    /// Nobody, or nobody at that time.
    Nobody(Answer),
    /// There is no list to ask.
    NoList,
    /// There was no answer.
    Silent,
}

impl Question<'_> {
    fn judged(&self) -> Result<Signature, GitError> {
        let asked = match self.signer()? {
            Asked::Good(signature) => return Ok(signature),
            asked => asked,
        };
        let Some(answer) = self.ask("check-novalidate", &[])? else { return Ok(silent(None)) };
        if !answer.success {
            return Ok(does_not_fit(&answer));
        }
        let key = key(&answer);
        Ok(match asked {
            Asked::Nobody(answer) => nobody(key, &answer),
            Asked::Revoked => not_allowed(key, "its key was taken back (revoked)"),
            Asked::NoList => unverified(Some(key), "no list of allowed signers was given"),
            Asked::Good(_) | Asked::Silent => silent(Some(key)),
        })
    }

    /// Who made it, of those who may.
    fn signer(&self) -> Result<Asked, GitError> {
        let Some(allowed) = &self.check.allowed else { return Ok(Asked::NoList) };
        let list = ["-f".into(), allowed.into()];
        let Some(found) = self.ask("find-principals", &list)? else { return Ok(Asked::Silent) };
        if !found.success {
            return Ok(Asked::Nobody(found));
        }
        let revoked = self.check.revoked.iter();
        let revoked: Vec<OsString> = revoked.flat_map(|list| ["-r".into(), list.into()]).collect();
        let names: Vec<String> = found.output.lines().map(|name| name.trim().to_owned()).collect();
        let mut last = found;
        for name in names.iter().filter(|name| !name.is_empty()).take(PRINCIPALS) {
            let who = [list.as_slice(), &["-I".into(), name.into()]].concat();
            let Some(answer) = self.ask("verify", &[who.as_slice(), &revoked].concat())? else {
                return Ok(Asked::Silent);
            };
            if answer.success {
                return Ok(Asked::Good(Signature::good(FORM, name, key(&answer))));
            }
            if !revoked.is_empty() && self.ask("verify", &who)?.is_some_and(|a| a.success) {
                return Ok(Asked::Revoked);
            }
            last = answer;
        }
        Ok(Asked::Nobody(last))
    }

    fn ask(&self, verb: &str, more: &[OsString]) -> Result<Option<Answer>, GitError> {
        let mut arguments: Vec<OsString> = vec!["-Y".into(), verb.into()];
        if verb != "find-principals" {
            arguments.extend(["-n".into(), "git".into()]);
        }
        arguments.extend(["-s".into(), self.signature.into()]);
        arguments.push(format!("-Overify-time={}", self.time).into());
        arguments.extend_from_slice(more);
        // Days in the list mean the same on every machine.
        let environment = [("TZ", "UTC0".into()), ("LC_ALL", "C".into())];
        self.desk.run(self.program, &arguments, &environment, self.payload)
    }
}

/// The fingerprint in an answer.
fn key(answer: &Answer) -> &str {
    let mut words = answer.output.split_whitespace().rev();
    words.find(|word| word.starts_with("SHA256:")).unwrap_or_default()
}

/// What a signature is that `ssh-keygen` does not accept whoever made it.
fn does_not_fit(answer: &Answer) -> Signature {
    let says = |words: &str| answer.errors.contains(words);
    let bad = |why: &str| Signature::not_good(SignatureStatus::Bad, FORM, None, why);
    if says("incorrect signature") {
        bad("it does not fit the content: one of them was changed after signing")
    } else if says("namespace does not match") {
        bad("it was made for something else than Git")
    } else if says("invalid format") || says("missing header") || says("missing footer") {
        bad("it cannot be read as an SSH signature")
    } else {
        unverified(None, &format!("`ssh-keygen` says: {}", first_words(answer)))
    }
}

/// What a signature is that fits, where nobody is found who may have made it.
fn nobody(key: &str, answer: &Answer) -> Signature {
    let says = |words: &str| answer.errors.contains(words);
    if says("key has expired") || says("key is not yet valid") {
        not_allowed(key, "its key was not allowed at that time")
    } else if says("not permitted for use in signature namespace") {
        not_allowed(key, "its key is allowed for something else than Git")
    } else if says("No principal matched") && !says("Unable to open") {
        not_allowed(key, "its key is not among the allowed signers")
    } else {
        unverified(Some(key), &format!("`ssh-keygen` says: {}", first_words(answer)))
    }
}

fn not_allowed(key: &str, why: &str) -> Signature {
    Signature::not_good(SignatureStatus::NotAllowed, FORM, Some(key), why)
}

fn unverified(key: Option<&str>, why: &str) -> Signature {
    Signature::not_good(SignatureStatus::NotVerified, FORM, key, why)
}

fn silent(key: Option<&str>) -> Signature {
    unverified(key, "`ssh-keygen` did not answer")
}

/// An instant in UTC, `20260630235959`.
fn instant(seconds: i64) -> String {
    let timestamp = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    timestamp.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y%m%d%H%M%S").to_string()
}
