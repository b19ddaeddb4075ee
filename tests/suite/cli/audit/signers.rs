//! Whose signatures there are in evidence, and what becomes of them when it is verified.

use super::super::{DAY, Run, T, command, model, ran};
use super::{edit, flat, opmodel, read, seal, verify};
use crate::git::signature::{Signed, has, signed, ssh_key};
#[cfg(unix)]
use crate::repo::Repo;
use std::fs;
#[cfg(unix)]
use std::{os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

/// A model whose commits and tag Ada signed but one, and a list with her key.
fn company() -> (Signed, String) {
    let signed = signed();
    let repo = &signed.repo;
    repo.write("model/a.toml", model("4 hours"));
    repo.git(&["add", "--all"]);
    repo.git_at(T + DAY, &["commit", "--quiet", "-S", "-m", "the model"]);
    repo.write("model/a.toml", model("5 hours"));
    repo.commit("more time", T + 2 * DAY);
    repo.git_at(T + 2 * DAY, &["tag", "-s", "-m", "the quarter", "q4"]);
    let list = format!("ada@example.com {}\n", signed.public);
    (signed, list)
}

#[test]
fn signatures_stand_in_population_register_of_signatures_and_report() {
    if !has("ssh-keygen") {
        return;
    }
    let (Signed { repo, .. }, list) = company();
    fs::write(repo.beside("signers"), list).unwrap();
    let run = ["audit", "--to", "../evidence", "--allowed-signers", "../signers"];
    opmodel(repo.path(), &run).exits(0).says("commits: 1 without, 2 good").says("tags: 1 good");
    let folder = repo.beside("evidence");
    let population = read(&folder, "population.csv");
    let good: Vec<&str> = population.lines().filter(|line| line.contains(",good,")).collect();
    assert_eq!(good.len(), 2, "{population}");
    assert!(good[0].contains("ada@example.com,SHA256:"), "{population}");
    let signatures = read(&folder, "signatures.jsonl");
    let last: serde_json::Value = serde_json::from_str(signatures.lines().last().unwrap()).unwrap();
    assert_eq!(last["tag"]["name"], "q4");
    assert_eq!((&last["status"], &last["signer"]), (&"good".into(), &"ada@example.com".into()));
    assert!(read(&folder, "report.md").contains("signature good"));
    assert_eq!(
        read(&folder, "signers/allowed_signers"),
        fs::read_to_string(repo.beside("signers")).unwrap()
    );
    verify(&repo)
        .exits(0)
        .says("signatures were judged by the package's own list of allowed signers");
    let with_list = ["audit", "--verify", "../evidence", "--allowed-signers", "../signers"];
    let run = flat(opmodel(repo.path(), &with_list)).exits(0);
    assert!(!run.out.contains("own list"), "{}", run.out);
}

#[test]
fn a_list_with_the_forgers_own_key_is_found_by_the_list_one_trusts() {
    if !has("ssh-keygen") {
        return;
    }
    let (Signed { repo, .. }, list) = company();
    let (_, other) = ssh_key(repo.dir.path(), "eve");
    fs::write(repo.beside("signers"), list).unwrap();
    fs::write(repo.beside("trusted"), format!("eve@example.com {other}\n")).unwrap();
    let run = ["audit", "--to", "../evidence", "--allowed-signers", "../signers"];
    opmodel(repo.path(), &run).exits(0);
    let with_list = ["audit", "--verify", "../evidence", "--allowed-signers", "../trusted"];
    flat(opmodel(repo.path(), &with_list)).exits(1).says("`signers.allowed_signers` is");
    repo.git(&["config", "gpg.ssh.allowedSignersFile", "../trusted"]);
    verify(&repo).exits(0).says("is not the one of this repository");
    opmodel(repo.path(), &["audit"])
        .exits(0)
        .says("2 by nobody who may")
        .says("its key is not among the allowed signers");
}

#[test]
fn a_signature_said_to_be_good_and_a_tag_that_moved_are_found() {
    if !has("ssh-keygen") {
        return;
    }
    let (Signed { repo, .. }, list) = company();
    fs::write(repo.beside("signers"), list).unwrap();
    let run = ["audit", "--to", "../evidence", "--allowed-signers", "../signers"];
    opmodel(repo.path(), &run).exits(0);
    let folder = repo.beside("evidence");
    let signatures = read(&folder, "signatures.jsonl");
    edit(&folder, "signatures.jsonl", "\"status\":\"absent\"", "\"status\":\"good\"");
    seal(&folder);
    verify(&repo).exits(1).says("`status` is `good` in the package, and `absent` by");
    fs::write(folder.join("signatures.jsonl"), &signatures).unwrap();
    seal(&folder);
    repo.git_at(T + 3 * DAY, &["tag", "-s", "-m", "later", "later"]);
    fs::remove_dir_all(&folder).unwrap();
    opmodel(repo.path(), &run).exits(0);
    repo.git_at(T + 4 * DAY, &["tag", "-s", "-m", "latest", "latest"]);
    verify(&repo).exits(0).says("1 tag on these commits came after the package was made");
    repo.git(&["tag", "--delete", "q4"]);
    verify(&repo).exits(1).says("`signatures.jsonl`, entry 5").says("`q4`");
    repo.git_at(T + 5 * DAY, &["tag", "-s", "-m", "elsewhere", "q4", "HEAD~1"]);
    verify(&repo).exits(1).says("`signatures.jsonl`");
}

#[test]
fn what_cannot_be_verified_is_said_and_not_taken_for_good() {
    if !has("ssh-keygen") {
        return;
    }
    let (Signed { repo, .. }, list) = company();
    fs::write(repo.beside("signers"), list).unwrap();
    opmodel(repo.path(), &["audit"])
        .exits(0)
        .says("1 without, 2 not verified")
        .says("no list of allowed signers was given");
    let nothing = repo.beside("nothing");
    fs::create_dir(&nothing).unwrap();
    let without = |arguments: &[&str]| -> Run {
        flat(ran(command(repo.path(), arguments).env("PATH", &nothing)))
    };
    without(&["audit", "--allowed-signers", "../signers"])
        .exits(0)
        .says("2 not verified")
        .says("`ssh-keygen` is not installed here");
    // A relative folder on the path is no place for programs of the machine.
    let mut relative = command(repo.path(), &["audit", "--allowed-signers", "../signers"]);
    fs::write(repo.path().join("ssh-keygen"), "#!/bin/sh\nexit 0\n").unwrap();
    flat(ran(relative.env("PATH", "."))).exits(0).says("`ssh-keygen` is not installed here");
    opmodel(repo.path(), &["audit", "--to", "../evidence", "--allowed-signers", "../signers"])
        .exits(0)
        .says("2 good");
    without(&["audit", "--verify", "../evidence"])
        .exits(0)
        .says("3 signatures could not be verified here: taken as the package has them");
    fs::remove_dir_all(repo.beside("evidence")).unwrap();
    without(&["audit", "--to", "../evidence", "--allowed-signers", "../signers"]).exits(0);
    verify(&repo)
        .exits(0)
        .says("3 signatures could be verified here, and could not when the package was made");
}

/// A keyring of its own.
#[cfg(unix)]
struct Keyring {
    folder: PathBuf,
}

#[cfg(unix)]
impl Keyring {
    fn new(folder: PathBuf) -> Self {
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        Self { folder }
    }

    fn gpg(&self, arguments: &[&str]) {
        let output = Command::new("gpg")
            .args(["--batch", "--quiet", "--no-tty", "--homedir"])
            .arg(&self.folder)
            .args(arguments)
            .output()
            .expect("gpg");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "gpg {arguments:?}: {errors}");
    }
}

#[cfg(unix)]
impl Drop for Keyring {
    fn drop(&mut self) {
        let mut gpgconf = Command::new("gpgconf");
        let _ = gpgconf.arg("--homedir").arg(&self.folder).args(["--kill", "all"]).status();
    }
}

/// A repository whose model Ada signed with a key of her keyring.
#[cfg(unix)]
fn signed_by_openpgp() -> (Repo, Keyring) {
    let repo = Repo::new();
    let ring = Keyring::new(repo.beside("ring"));
    let who = "Ada Author <ada@example.com>";
    ring.gpg(&["--passphrase", "", "--quick-gen-key", who, "ed25519", "sign", "never"]);
    let program = repo.beside("gpg-of-ada");
    let home = ring.folder.display();
    fs::write(&program, format!("#!/bin/sh\nexec gpg --homedir '{home}' \"$@\"\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    repo.git(&["config", "gpg.program", program.to_str().unwrap()]);
    repo.git(&["config", "user.signingKey", "ada@example.com"]);
    repo.write("model/a.toml", model("4 hours"));
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-S", "-m", "the model"]);
    (repo, ring)
}

#[cfg(unix)]
#[test]
fn openpgp_is_judged_by_the_keyring_of_whoever_asks() {
    if !has("gpg") {
        return;
    }
    let (repo, ring) = signed_by_openpgp();
    let path = std::env::var_os("PATH").unwrap();
    let seen = |ring: &Keyring, arguments: &[&str]| -> Run {
        let mut command = command(repo.path(), arguments);
        flat(ran(command.env("GNUPGHOME", &ring.folder).env("PATH", &path)))
    };
    seen(&ring, &["audit", "--to", "../evidence"]).exits(0).says("commits: 1 good");
    let population = read(&repo.beside("evidence"), "population.csv");
    assert!(population.contains("good,Ada Author <ada@example.com>,"), "{population}");
    let other = Keyring::new(repo.beside("other"));
    seen(&other, &["audit"]).exits(0).says("its key is not in the keyring here");
    seen(&other, &["audit", "--verify", "../evidence"])
        .exits(0)
        .says("1 signature could not be verified here: taken as");
    let public = repo.beside("ada.pgp");
    ring.gpg(&["--output", public.to_str().unwrap(), "--export", "ada@example.com"]);
    other.gpg(&["--import", public.to_str().unwrap()]);
    seen(&other, &["audit"]).exits(0).says("nobody has vouched for its key");
    // Nobody's keyring is made where there was none.
    opmodel(repo.path(), &["audit"]).exits(0).says("there is no GnuPG keyring here");
    assert!(!repo.path().join(".gnupg").exists());

    let raw = repo.git(&["cat-file", "commit", "HEAD"]);
    let forged = repo.beside("forged");
    fs::write(&forged, format!("{}\n", raw.replace("\n\nthe model", "\n\nforged"))).unwrap();
    let forged = repo.git(&["hash-object", "-t", "commit", "-w", forged.to_str().unwrap()]);
    seen(&ring, &["audit", &forged])
        .exits(0)
        .says("commits: 1 bad")
        .says("it does not fit the content");
}
