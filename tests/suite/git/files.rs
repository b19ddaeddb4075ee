//! Model files in commits, in the index and on disk.

use super::*;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;

#[test]
fn a_snapshot_holds_model_files_only() {
    let repo = Repo::new();
    for path in [
        "b.toml",
        "a.toml",
        "a/z.toml",
        "a.b/y.toml",
        "a-b.toml",
        ".hidden.toml",
        ".git-x/c.toml",
        "readme.md",
        "x.toml.bak",
        "LOUD.TOML",
    ] {
        repo.write(&format!("model/{path}"), path);
    }
    repo.write("model/big.toml", "x".repeat(100));
    repo.write("outside.toml", "no");
    repo.link("../outside.toml", "model/link.toml");
    repo.link("..", "model/up");
    repo.link("a.toml", "model/other");
    repo.commit("one", T);
    let repository = open(repo.path());
    let head = repository.resolve("HEAD").unwrap();
    let snapshot = repository.snapshot(&head, "model", 64).unwrap();
    let expected = [
        "model/LOUD.TOML",
        "model/a-b.toml",
        "model/a.b/y.toml",
        "model/a.toml",
        "model/a/z.toml",
        "model/b.toml",
        "model/big.toml",
        "model/link.toml",
    ];
    assert_eq!(paths(&snapshot.files), expected);
    assert_eq!(snapshot.files[3].content, RawContent::Bytes(b"a.toml".to_vec()));
    assert_eq!(snapshot.files[6].content, RawContent::TooLarge(100));
    assert_eq!(snapshot.files[7].content, RawContent::Symlink("../outside.toml".to_owned()));
    assert_eq!(snapshot.tree.unwrap().to_string(), repo.git(&["rev-parse", "HEAD:model"]));
    assert_eq!(
        paths(&repository.snapshot(&head, "./model/a//", 64).unwrap().files),
        ["model/a/z.toml"]
    );
    assert_eq!(repository.snapshot(&head, "nowhere", 64).unwrap().tree, None);
    assert_eq!(repository.snapshot(&head, "model/up", 64).unwrap().tree, None);
    assert_eq!(repository.snapshot(&head, "", 64).unwrap().files.len(), 9);
    let readme = repository.file_at(&head, "model/readme.md", 64).unwrap().unwrap();
    assert_eq!(readme.content, RawContent::Bytes(b"readme.md".to_vec()));
    assert_eq!(repository.file_at(&head, "model/none", 64).unwrap(), None);
    assert_eq!(repository.file_at(&head, "model/a", 64).unwrap(), None);

    #[cfg(unix)]
    {
        let on_disk = work_files(repo.path(), "model", 64).unwrap();
        let mut expected = expected.map(str::to_owned).to_vec();
        expected.push("model/up".to_owned());
        assert_eq!(paths(&on_disk), expected);
        assert_eq!(on_disk[7].content, RawContent::Symlink("../outside.toml".to_owned()));
        assert_eq!(on_disk[8].content, RawContent::Symlink("..".to_owned()));
        let linked = work_files(repo.path(), "model/up", 64).unwrap();
        assert_eq!(
            linked,
            [RawFile {
                path: "model/up".to_owned(),
                content: RawContent::Symlink("..".to_owned())
            }]
        );
    }
    assert!(work_files(repo.path(), "nowhere", 64).unwrap().is_empty());
    assert!(matches!(work_files(repo.path(), "../x", 64), Err(GitError::BadFolder { .. })));
    assert!(
        repository
            .work_changes(Some(&head), "model", 64)
            .unwrap()
            .iter()
            .all(|change| change.path == "model/big.toml")
    );
}

#[cfg(unix)]
#[test]
fn disk_oddities_are_entries_not_failures() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::create_dir_all(root.join("m/nested/.git")).unwrap();
    fs::write(root.join("m/nested/x.toml"), "x").unwrap();
    fs::write(root.join("m/ok.toml"), "ok").unwrap();
    fs::write(root.join("m").join(std::ffi::OsStr::from_bytes(b"caf\xe9.toml")), "latin").unwrap();
    std::process::Command::new("mkfifo").arg(root.join("m/pipe.toml")).status().unwrap();
    let mut deep = root.join("m");
    deep.extend(std::iter::repeat_n("d", 80));
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("deep.toml"), "deep").unwrap();
    let files = work_files(root, "m", LIMIT).unwrap();
    assert_eq!(paths(&files)[0], "m/caf\u{fffd}.toml");
    assert_eq!(files[0].content, RawContent::Bytes(b"latin".to_vec()));
    assert!(
        matches!(&files[1].content, RawContent::Unreadable(reason) if reason.contains("64 deep"))
    );
    assert_eq!(files[2].path, "m/ok.toml");
    assert_eq!(files[3].content, RawContent::Unreadable("it is not a regular file".to_owned()));
    assert_eq!(files.len(), 4);
}

#[test]
fn staged_and_unstaged_changes() {
    let (repo, _) = with_merge();
    repo.write("model/a.toml", "a = 3\n");
    repo.git(&["add", "model/a.toml"]);
    repo.write("model/a.toml", "a = 4\n");
    repo.write("model/untracked.toml", "u = 1\n");
    repo.write("model/hidden/.x/untracked.toml", "u = 1\n");
    repo.git(&["rm", "--quiet", "--cached", "model/side.toml"]);
    repo.remove("model/deep/er/b.toml");
    repo.write("model/promised.toml", "p = 1\n");
    repo.git(&["add", "--intent-to-add", "model/promised.toml"]);
    let repository = open(repo.path());
    let head = repository.resolve("HEAD").unwrap();
    let staged = repository.staged_changes(Some(&head), "model").unwrap();
    let names: Vec<_> = staged
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.after.is_some()))
        .collect();
    assert_eq!(names, [("model/a.toml", true), ("model/side.toml", false)]);
    let staged_a = repository.read(staged.changes[0].after.as_ref().unwrap(), LIMIT).unwrap();
    assert_eq!(staged_a.content, RawContent::Bytes(b"a = 3\n".to_vec()));
    let work = repository.work_changes(Some(&head), "model", LIMIT).unwrap();
    let names: Vec<_> = work
        .iter()
        .map(|change| (change.path.as_str(), change.before.is_some(), change.after.is_some()))
        .collect();
    assert_eq!(
        names,
        [
            ("model/a.toml", true, true),
            ("model/deep/er/b.toml", true, false),
            ("model/promised.toml", false, true),
            ("model/untracked.toml", false, true)
        ]
    );
    assert_eq!(work[0].after.as_ref().unwrap().content, RawContent::Bytes(b"a = 4\n".to_vec()));
}

#[test]
fn content_decides_where_times_cannot() {
    let (repo, _) = with_merge();
    let repository = open(repo.path());
    let head = repository.resolve("HEAD").unwrap();
    assert!(repository.work_changes(Some(&head), "model", LIMIT).unwrap().is_empty());
    repo.write("model/a.toml", "a = 2\n");
    assert!(
        repository.work_changes(Some(&head), "model", LIMIT).unwrap().is_empty(),
        "rewritten, the same"
    );
    repo.write("model/a.toml", "a = 9\n");
    assert_eq!(
        repository.work_changes(Some(&head), "model", LIMIT).unwrap().len(),
        1,
        "the same size"
    );
    repo.write("model/a.toml", "a = 2\r\n");
    assert_eq!(
        repository.work_changes(Some(&head), "model", LIMIT).unwrap().len(),
        1,
        "line ends differ"
    );
    repo.git(&["config", "core.autocrlf", "true"]);
    let converting = open(repo.path());
    assert!(
        converting.work_changes(Some(&head), "model", LIMIT).unwrap().is_empty(),
        "line ends converted"
    );
}

#[test]
fn unchanged_files_are_not_read() {
    let (repo, _) = with_merge();
    let place = repo.path().join("model/a.toml");
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
    fs::File::open(&place).unwrap().set_modified(old).unwrap();
    repo.git(&["update-index", "--refresh"]);
    std::thread::sleep(std::time::Duration::from_millis(20));
    repo.git(&["config", "core.trustctime", "false"]);
    fs::write(&place, "a = 7\n").unwrap();
    fs::File::options().write(true).open(&place).unwrap().set_modified(old).unwrap();
    let repository = open(repo.path());
    let head = repository.resolve("HEAD").unwrap();
    let changes = repository.work_changes(Some(&head), "model", LIMIT).unwrap();
    assert!(changes.is_empty(), "same size, same times: as git, it is not looked into");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn conflicts_and_sparse_checkouts() {
    let (repo, [c1, ..]) = with_merge();
    repo.git(&["checkout", "--quiet", "-b", "rival", &c1]);
    repo.write("model/a.toml", "a = 77\n");
    repo.commit("rival", T + DAY);
    assert!(!repo.try_git(&["merge", "--quiet", "main"]));
    let repository = open(repo.path());
    let staged = repository.index_files("model").unwrap();
    assert_eq!(staged.conflicts, ["model/a.toml"]);
    assert!(staged.files.iter().all(|file| file.path != "model/a.toml"));
    repo.git(&["merge", "--abort"]);
    repo.git(&["checkout", "--quiet", "main"]);
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        repo.git(&["sparse-checkout", "set", "--cone", sparse_index, "other"]);
        let repository = open(repo.path());
        let head = repository.resolve("HEAD").unwrap();
        assert!(!repo.path().join("model/a.toml").exists());
        assert_eq!(
            repository.work_changes(Some(&head), "model", LIMIT).unwrap(),
            [],
            "{sparse_index}"
        );
        assert_eq!(repository.index_files("model").unwrap().files.len(), 3, "{sparse_index}");
        assert_eq!(repository.left_out("model").unwrap(), 3, "{sparse_index}");
        assert_eq!(repository.index_files("model/deep").unwrap().files.len(), 1, "{sparse_index}");
        assert!(repository.staged_changes(Some(&head), "model").unwrap().changes.is_empty());
    }
}
