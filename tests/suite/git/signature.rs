//! Signatures: really made, then tampered with, made by the wrong people, or at the wrong time.

use super::{DAY, T, id, open};
use crate::repo::Repo;
use opmodel::git::{
    Repository, Signature, SignatureCheck, SignatureForm, SignatureStatus, SignerLists,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether a program is here; where it is not, the test has nothing to ask.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// A new key without a passphrase; the public half as `ssh-ed25519 AAAA…`.
pub(crate) fn ssh_key(folder: &Path, name: &str) -> (PathBuf, String) {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
        .arg(&path)
        .status()
        .expect("ssh-keygen");
    assert!(made.success());
    let public = fs::read_to_string(path.with_extension("pub")).expect("a public key");
    let words: Vec<&str> = public.split_whitespace().take(2).collect();
    (path, words.join(" "))
}

pub(crate) struct Signed {
    pub(crate) repo: Repo,
    pub(crate) key: PathBuf,
    pub(crate) public: String,
    pub(crate) commit: String,
}

/// A repository whose one commit is signed by Ada.
pub(crate) fn signed() -> Signed {
    let repo = Repo::new();
    let (key, public) = ssh_key(repo.dir.path(), "ada");
    repo.git(&["config", "gpg.format", "ssh"]);
    repo.git(&["config", "user.signingKey", key.to_str().unwrap()]);
    repo.write("model/a.toml", "a = 1\n");
    repo.git(&["add", "--all"]);
    repo.git_at(T, &["commit", "--quiet", "-S", "-m", "signed\n\nwith a body"]);
    let commit = repo.git(&["rev-parse", "HEAD"]);
    Signed { repo, key, public, commit }
}

fn judged(repository: &Repository, commit: &str, allowed: Option<&str>) -> Signature {
    let lists =
        SignerLists { allowed: allowed.map(|text| text.as_bytes().to_vec()), revoked: None };
    let check = SignatureCheck::new(&lists).expect("a check");
    repository.signature(id(commit), &check).expect("a signature")
}

#[test]
fn a_good_signature_names_its_signer() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, public, commit, .. } = signed();
    let repository = open(repo.path());
    let list =
        format!("bob@example.com ssh-ed25519 AAAA\nada@example.com namespaces=\"git\" {public}\n");
    let found = judged(&repository, &commit, Some(&list));
    assert_eq!(found.status, SignatureStatus::Good, "{found:?}");
    assert_eq!(found.form, Some(SignatureForm::Ssh));
    assert_eq!(found.signer.as_deref(), Some("ada@example.com"));
    assert!(found.key.unwrap().starts_with("SHA256:"));
    // The same by Git's own word.
    let file = repo.beside("allowed");
    fs::write(&file, &list).unwrap();
    repo.git(&["config", "gpg.ssh.allowedSignersFile", file.to_str().unwrap()]);
    repo.git(&["verify-commit", "HEAD"]);
    let lists = open(repo.path()).signer_lists(None).expect("the configured list");
    assert_eq!(lists.allowed.as_deref(), Some(list.as_bytes()));
}

#[test]
fn what_nobody_signed_and_what_cannot_be_judged_is_said() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, commit, .. } = signed();
    let plain = repo.commit("not signed", T + DAY);
    let repository = open(repo.path());
    assert_eq!(judged(&repository, &plain, None), Signature::ABSENT);
    let found = judged(&repository, &commit, None);
    assert_eq!(found.status, SignatureStatus::NotVerified);
    assert!(found.why.unwrap().contains("no list of allowed signers"));
    assert!(found.key.unwrap().starts_with("SHA256:"));
    let check = SignatureCheck::new(&SignerLists::default()).unwrap();
    let both = repository.signatures(&[id(&plain), id(&commit), id(&plain)], &check).unwrap();
    let both: Vec<_> = both.iter().map(|found| found.status.word()).collect();
    assert_eq!(both, ["absent", "not-verified", "absent"]);
}

#[test]
fn a_tampered_commit_is_bad_whoever_signed_it() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, public, commit, .. } = signed();
    let raw = repo.git(&["cat-file", "commit", &commit]);
    let forged = repo.beside("forged");
    fs::write(&forged, format!("{}\n", raw.replace("with a body", "with another body"))).unwrap();
    let forged = repo.git(&["hash-object", "-t", "commit", "-w", forged.to_str().unwrap()]);
    let list = format!("ada@example.com {public}\n");
    let found = judged(&open(repo.path()), &forged, Some(&list));
    assert_eq!(found.status, SignatureStatus::Bad, "{found:?}");
    assert!(found.why.unwrap().contains("does not fit the content"));
    assert_eq!(found.signer, None);
}

#[test]
fn a_signature_that_is_none_and_one_for_something_else_are_bad() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, key, public, commit } = signed();
    let raw = repo.git(&["cat-file", "commit", &commit]);
    let (head, rest) = raw.split_once("gpgsig ").unwrap();
    let (_, tail) = rest.split_once("-----END SSH SIGNATURE-----\n").unwrap();
    let store = |signature: &str| {
        let path = repo.beside("odd");
        let header = signature.trim_end().replace('\n', "\n ");
        fs::write(&path, format!("{head}gpgsig {header}\n{tail}\n")).unwrap();
        repo.git(&["hash-object", "-t", "commit", "-w", "--literally", path.to_str().unwrap()])
    };
    let list = format!("ada@example.com {public}\n");
    let torn = store("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----");
    let found = judged(&open(repo.path()), &torn, Some(&list));
    assert_eq!(found.status, SignatureStatus::Bad, "{found:?}");

    let payload = repo.beside("payload");
    fs::write(&payload, format!("{head}{tail}\n")).unwrap();
    let sign = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", "file", "-f"])
        .args([&key, &payload])
        .output()
        .unwrap();
    assert!(sign.status.success());
    let elsewhere = fs::read_to_string(payload.with_extension("sig")).unwrap();
    let found = judged(&open(repo.path()), &store(&elsewhere), Some(&list));
    assert_eq!(found.status, SignatureStatus::Bad, "{found:?}");
    assert!(found.why.unwrap().contains("something else than Git"));

    let unknown = store("-----BEGIN CROSS-----\nX\n-----END CROSS-----");
    let found = judged(&open(repo.path()), &unknown, Some(&list));
    assert_eq!(
        (found.status, found.form),
        (SignatureStatus::NotVerified, Some(SignatureForm::Unknown))
    );
}

#[test]
fn an_unknown_key_an_expired_one_and_one_for_other_things_are_not_allowed() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, public, commit, .. } = signed();
    let (_, other) = ssh_key(repo.dir.path(), "bob");
    let repository = open(repo.path());
    // The commit is of 14 November 2023.
    for (list, why) in [
        (format!("bob@example.com {other}\n"), "not among the allowed signers"),
        (String::new(), "not among the allowed signers"),
        (
            format!("ada@example.com valid-before=\"20231114\" {public}\n"),
            "not allowed at that time",
        ),
        (
            format!("ada@example.com valid-after=\"20231115\" {public}\n"),
            "not allowed at that time",
        ),
        (format!("ada@example.com namespaces=\"file\" {public}\n"), "something else than Git"),
    ] {
        let found = judged(&repository, &commit, Some(&list));
        assert_eq!(found.status, SignatureStatus::NotAllowed, "{list}{found:?}");
        assert!(found.why.as_ref().unwrap().contains(why), "{list}{found:?}");
        assert_eq!(found.signer, None);
        assert!(found.key.unwrap().starts_with("SHA256:"));
    }
    let then =
        format!("ada@example.com valid-after=\"20231114\",valid-before=\"20231115\" {public}\n");
    let found = judged(&repository, &commit, Some(&then));
    assert_eq!(found.status, SignatureStatus::Good, "{found:?}");
}

#[test]
fn a_key_that_was_taken_back_is_not_allowed() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, public, commit, .. } = signed();
    let list = format!("ada@example.com {public}\n").into_bytes();
    let lists =
        SignerLists { allowed: Some(list), revoked: Some(format!("{public}\n").into_bytes()) };
    let check = SignatureCheck::new(&lists).unwrap();
    let found = open(repo.path()).signature(id(&commit), &check).unwrap();
    assert_eq!(found.status, SignatureStatus::NotAllowed, "{found:?}");
    assert!(found.why.unwrap().contains("taken back"));
}

#[test]
fn annotated_tags_are_anchors() {
    if !has("ssh-keygen") {
        return;
    }
    let Signed { repo, public, commit, .. } = signed();
    repo.git_at(T + DAY, &["tag", "-s", "-m", "second quarter", "q2"]);
    repo.git_at(T + DAY, &["tag", "-a", "-m", "not signed", "plain"]);
    repo.git(&["tag", "light"]);
    repo.git_at(T + DAY, &["tag", "-a", "-m", "of a tag", "nested", "q2"]);
    let filed = repo.git(&["rev-parse", "q2"]);
    repo.git(&["update-ref", "refs/tags/q3", &filed]);
    repo.git_at(T + DAY, &["tag", "-a", "-m", "a folder", "tree", "HEAD^{tree}"]);
    repo.git(&["pack-refs", "--all"]);
    let lists = SignerLists {
        allowed: Some(format!("ada@example.com {public}\n").into_bytes()),
        revoked: None,
    };
    let check = SignatureCheck::new(&lists).unwrap();
    let anchors = open(repo.path()).anchors(&check).unwrap();
    let seen: Vec<_> = anchors
        .iter()
        .map(|a| (a.name.as_str(), a.written_name.as_deref(), a.signature.status.word()))
        .collect();
    assert_eq!(
        seen,
        [
            ("nested", None, "absent"),
            ("plain", None, "absent"),
            ("q2", None, "good"),
            ("q3", Some("q2"), "good"),
        ]
    );
    assert!(anchors.iter().all(|anchor| anchor.commit == id(&commit)));
    let q2 = &anchors[2];
    assert_eq!(q2.tagger.as_ref().unwrap().email, "carl@example.com");
    assert_eq!(q2.time.unwrap().seconds, T + DAY);
    assert_eq!(q2.signature.signer.as_deref(), Some("ada@example.com"));
}

#[test]
fn a_list_that_is_not_there_is_trouble() {
    let repo = Repo::new();
    repo.commit("first", T);
    let missing = repo.beside("missing");
    let error = open(repo.path()).signer_lists(Some(&missing)).unwrap_err();
    assert!(error.to_string().contains("read the list of signers"), "{error}");
}

#[test]
fn a_commit_whose_content_was_exchanged_is_damage() {
    let repo = Repo::new();
    let one = repo.commit("one", T);
    let two = repo.commit("two", T + DAY);
    let place = |id: &str| {
        let (folder, file) = id.split_at(2);
        repo.path().join(".git/objects").join(folder).join(file)
    };
    fs::remove_file(place(&one)).unwrap();
    fs::copy(place(&two), place(&one)).unwrap();
    let check = SignatureCheck::new(&SignerLists::default()).unwrap();
    let error = open(repo.path()).signature(id(&one), &check).unwrap_err();
    assert!(error.to_string().contains("not what its name says"), "{error}");
}
