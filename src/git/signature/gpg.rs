//! `OpenPGP` signatures, verified by `gpg` with the keyring of whoever runs the tool.

use super::programs::{Answer, Scratch, program};
use super::{GitError, Signature, SignatureForm, SignatureStatus, Signed, first_words};
use std::ffi::OsString;
use std::path::PathBuf;

const FORM: SignatureForm = SignatureForm::OpenPgp;
/// What `gpg` finds its keyring by.
const KEPT: [&str; 4] = ["GNUPGHOME", "HOME", "USERPROFILE", "APPDATA"];
/// The lines of which exactly one says what came of a signature.
const VERDICTS: [&str; 6] = ["GOODSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "BADSIG", "ERRSIG"];

/// Asks `gpg`.
pub(super) struct GpgCheck {
    program: Option<PathBuf>,
    environment: Vec<(&'static str, OsString)>,
}

impl GpgCheck {
    pub(super) fn find() -> Self {
        let kept = KEPT.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
        let environment = kept.chain([("LC_ALL", "C".into())]).collect();
        Self { program: program("gpg"), environment }
    }

    pub(super) fn judge(
        &self,
        scratch: &Scratch,
        signed: &Signed<'_>,
    ) -> Result<Signature, GitError> {
        let Some(program) = &self.program else {
            return Ok(unverified(None, "`gpg` is not installed here"));
        };
        // Asked in vain, `gpg` would make a keyring.
        if !self.has_keyring() {
            return Ok(unverified(None, "there is no GnuPG keyring here"));
        }
        let desk = scratch.desk()?;
        let payload = desk.file("payload", &signed.payload)?;
        let signature = desk.file("signature", &signed.signature)?;
        let flags = ["--batch", "--no-tty", "--no-auto-key-retrieve", "--disable-dirmngr"];
        let mut arguments: Vec<OsString> = flags.map(OsString::from).into();
        arguments.extend(["--status-fd=1".into(), "--verify".into()]);
        arguments.extend(["--".into(), signature.into(), "-".into()]);
        Ok(match desk.run(program, &arguments, &self.environment, &payload)? {
            None => unverified(None, "`gpg` did not answer"),
            Some(answer) => verdict(&answer),
        })
    }

    fn has_keyring(&self) -> bool {
        let named = |name: &str| {
            let found = self.environment.iter().find(|(kept, _)| *kept == name);
            found.map(|(_, value)| PathBuf::from(value))
        };
        let usual = [("HOME", ".gnupg"), ("USERPROFILE", ".gnupg"), ("APPDATA", "gnupg")];
        match named("GNUPGHOME") {
            Some(folder) => folder.is_dir(),
            None => usual
                .iter()
                .any(|(name, below)| named(name).is_some_and(|folder| folder.join(below).is_dir())),
        }
    }
}

/// What the status lines say.
struct Status<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Status<'a> {
    fn read(output: &'a str) -> Self {
        let lines = output.lines().filter_map(|line| line.strip_prefix("[GNUPG:] "));
        Self(lines.map(|line| line.split_once(' ').unwrap_or((line, ""))).collect())
    }

    /// What stands behind a word, where there is such a line.
    fn behind(&self, word: &str) -> Option<&'a str> {
        self.0.iter().find(|(first, _)| *first == word).map(|(_, rest)| *rest)
    }

    fn has(&self, word: &str) -> bool {
        self.behind(word).is_some()
    }
}

fn verdict(answer: &Answer) -> Signature {
    let status = Status::read(&answer.output);
    let mut found = status.0.iter().filter(|(word, _)| VERDICTS.contains(word));
    let (Some((word, about)), None) = (found.next(), found.next()) else {
        return if status.has("NEWSIG") {
            unverified(None, "there is more than one signature, and it is not clear which counts")
        } else if status.has("NODATA") || status.has("UNEXPECTED") {
            let why = "it cannot be read as an OpenPGP signature";
            Signature::not_good(SignatureStatus::Bad, FORM, None, why)
        } else {
            unverified(None, &format!("`gpg` says: {}", first_words(answer)))
        };
    };
    let (id, name) = about.split_once(' ').unwrap_or((about, ""));
    // The key whose owner is known, not the part of it that signed.
    let valid: Vec<&str> = status.behind("VALIDSIG").unwrap_or_default().split(' ').collect();
    let key = valid.last().copied().filter(|key| !key.is_empty()).unwrap_or(id);
    let not_allowed =
        |why: &str| Signature::not_good(SignatureStatus::NotAllowed, FORM, Some(key), why);
    match *word {
        "GOODSIG" if is_vouched_for(&status) => Signature::good(FORM, name, key),
        "GOODSIG" => unverified(
            Some(key),
            "it fits the content, and nobody has vouched for its key in the keyring here",
        ),
        "EXPKEYSIG" if made_in_time(&status, &valid) => unverified(
            Some(key),
            "it fits the content, and its key has expired since, so that `gpg` does not say any more whose it is",
        ),
        "EXPKEYSIG" => not_allowed("its key had expired when it was made"),
        "EXPSIG" => unverified(Some(key), "it fits the content, and was good for a time only"),
        "REVKEYSIG" => not_allowed("its key was taken back (revoked)"),
        "BADSIG" => {
            let why = "it does not fit the content: one of them was changed after signing";
            Signature::not_good(SignatureStatus::Bad, FORM, Some(key), why)
        }
        _ if status.has("NO_PUBKEY") => unverified(Some(key), "its key is not in the keyring here"),
        _ => unverified(Some(key), &format!("`gpg` says: {}", first_words(answer))),
    }
}

fn is_vouched_for(status: &Status<'_>) -> bool {
    status.has("VALIDSIG")
        && ["TRUST_MARGINAL", "TRUST_FULLY", "TRUST_ULTIMATE"].iter().any(|word| status.has(word))
}

/// Whether a signature of a key that is expired now was made before that.
fn made_in_time(status: &Status<'_>, valid: &[&str]) -> bool {
    let number = |text: &&str| text.parse::<i64>().ok();
    let made = valid.get(2).and_then(number);
    let ends = status.behind("KEYEXPIRED").and_then(|at| number(&at));
    made.zip(ends).is_some_and(|(made, ends)| made < ends)
}

fn unverified(key: Option<&str>, why: &str) -> Signature {
    Signature::not_good(SignatureStatus::NotVerified, FORM, key, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &str) -> Signature {
        let lines: Vec<&str> = lines.lines().collect();
        let output = format!("[GNUPG:] {}\n", lines.join("\n[GNUPG:] "));
        verdict(&Answer { success: true, output, errors: String::new() })
    }

    #[test]
    fn one_verdict_counts_and_two_do_not() {
        let good = "NEWSIG\nGOODSIG ABC Ada <ada@example.com>\nVALIDSIG SUB 2026-01-01 1 0 4 0 22 8 00 PRIMARY\nTRUST_FULLY 0 pgp";
        let signature = said(good);
        assert_eq!(signature.status, SignatureStatus::Good);
        assert_eq!(signature.signer.as_deref(), Some("Ada <ada@example.com>"));
        assert_eq!(signature.key.as_deref(), Some("PRIMARY"));
        let twice = said(&format!("{good}\nNEWSIG\nBADSIG DEF Eve"));
        assert_eq!(twice.status, SignatureStatus::NotVerified);
        assert_eq!(said("NODATA 4").status, SignatureStatus::Bad);
        assert_eq!(said("").status, SignatureStatus::NotVerified);
    }

    #[test]
    fn what_nobody_vouches_for_is_not_good() {
        for trust in ["TRUST_UNDEFINED 0 pgp", "TRUST_NEVER 0 pgp", ""] {
            let lines = format!(
                "NEWSIG\nGOODSIG ABC Ada\nVALIDSIG K 2026-01-01 1 0 4 0 22 8 00 K\n{trust}"
            );
            assert_eq!(said(&lines).status, SignatureStatus::NotVerified, "{trust}");
        }
        let lines = "GOODSIG ABC Ada\nTRUST_FULLY 0 pgp";
        assert_eq!(said(lines).status, SignatureStatus::NotVerified);
    }

    #[test]
    fn a_key_that_ended_before_and_one_that_ended_after_are_told_apart() {
        let lines = |ends: i64| {
            format!(
                "NEWSIG\nKEYEXPIRED {ends}\nEXPKEYSIG ABC Eve\nVALIDSIG K 2024-01-05 100 0 4 0 22 8 00 K"
            )
        };
        assert_eq!(said(&lines(101)).status, SignatureStatus::NotVerified);
        assert_eq!(said(&lines(99)).status, SignatureStatus::NotAllowed);
        assert_eq!(said("NEWSIG\nREVKEYSIG ABC Eve").status, SignatureStatus::NotAllowed);
    }
}
