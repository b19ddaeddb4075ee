//! Repositories found, and revisions resolved, as Git does it.

use super::*;

#[test]
fn discovers_every_kind_of_repository() {
    let (repo, [.., head]) = with_merge();
    let below = repo.path().join("model/deep");
    let found = Repository::discover(&below).unwrap().expect("found from below");
    assert_eq!(found.work_dir(), Some(repo.path().canonicalize().unwrap().as_path()));
    assert_eq!(found.prefix(&below).as_deref(), Some("model/deep"));
    assert_eq!(found.prefix(repo.path()).as_deref(), Some(""));
    assert_eq!(found.prefix(repo.dir.path()), None);
    assert!(!found.is_bare() && !found.is_shallow() && !found.is_partial());
    assert_eq!(found.head_name().unwrap().as_deref(), Some("main"));

    repo.git(&["clone", "--quiet", "--bare", ".", "../bare.git"]);
    let bare = Repository::discover(&repo.beside("bare.git")).unwrap().expect("a bare one");
    assert!(bare.is_bare());
    assert_eq!(bare.work_dir(), None);
    assert_eq!(bare.resolve("HEAD").unwrap().id.to_string(), head);
    assert!(matches!(bare.index_files(""), Err(GitError::NoWorkTree)));

    repo.git(&["worktree", "add", "--quiet", "../linked", "side"]);
    let linked = Repository::discover(&repo.beside("linked").join("model")).unwrap();
    let linked = linked.expect("a linked work tree");
    assert_eq!(linked.head_name().unwrap().as_deref(), Some("side"));
    assert_eq!(linked.prefix(&repo.beside("linked").join("model")).as_deref(), Some("model"));
    assert_ne!(linked.git_dir(), linked.common_dir());
    assert_eq!(linked.index_files("model").unwrap().files.len(), 3);

    let outside = repo.beside("outside");
    fs::create_dir(&outside).unwrap();
    assert!(Repository::discover(&outside).unwrap().is_none());
    assert!(matches!(Repository::open(&outside), Err(GitError::NotARepository { .. })));
    fs::write(outside.join(".git"), "gitdir: ../nowhere\n").unwrap();
    assert!(Repository::discover(&outside).is_err());
}

#[test]
fn reads_commits_as_git_prints_them() {
    let (repo, [_, _, c3, c4, c5]) = with_merge();
    let repository = open(repo.path());
    let merge = repository.resolve("HEAD").unwrap();
    assert_eq!(merge.id.to_string(), c5);
    assert_eq!(merge.parents, [id(&c4), id(&c3)]);
    let third = repository.resolve("HEAD^").unwrap();
    assert_eq!(third.subject, "third line");
    assert_eq!(third.message, "third\nline\n\nbody");
    assert_eq!(
        (third.author.name.as_str(), third.author.email.as_str()),
        ("Ada Author", "ada@example.com")
    );
    assert_eq!(third.committer.name, "Carl Committer");
    assert_eq!(third.committer_time.seconds, T + 3 * DAY);
    assert_eq!(third.tree.to_string(), repo.git(&["rev-parse", "HEAD^^{tree}"]));
    assert!(!third.signed && !third.boundary);
    assert_eq!(third.id.short(), c4[..10]);
}

#[test]
fn resolves_what_git_resolves() {
    let (repo, [.., c5]) = with_merge();
    repo.git(&["tag", "light", "HEAD~1"]);
    repo.git(&["tag", "-a", "-m", "a tag", "heavy", "HEAD~2"]);
    repo.git(&["tag", "-a", "-m", "a tag of a tag", "heavier", "heavy"]);
    repo.git(&["clone", "--quiet", ".", "../clone"]);
    let clone = repo.beside("clone");
    let specs = [
        "HEAD",
        "@",
        "HEAD~2",
        "HEAD^2",
        "HEAD^2~1",
        "HEAD^^",
        "HEAD^0",
        "HEAD~0",
        "main",
        "light",
        "heavy",
        "heavier",
        "heavy~1",
        "heavy^{}",
        "heavy^{commit}",
        "HEAD^{/first}",
        "origin/side",
        "refs/heads/main",
        "main@{upstream}",
        "@{u}",
        "@{0}",
        "main@{0}",
        "HEAD@{yesterday}",
        ":/second",
        &c5[..7],
        &c5,
    ];
    let repository = open(&clone);
    for spec in specs {
        let expected = repo.git_in(&clone, &["rev-list", "--max-count=1", spec]);
        let found = repository.resolve(spec).unwrap_or_else(|error| panic!("{spec}: {error}"));
        assert_eq!(found.id.to_string(), expected, "{spec}");
    }
    let repository = open(repo.path());
    for spec in ["@{1}", "main@{1}", "@{-1}", "main@{2}~1"] {
        let expected = repo.git(&["rev-parse", "--verify", &format!("{spec}^{{commit}}")]);
        assert_eq!(repository.resolve(spec).unwrap().id.to_string(), expected, "{spec}");
    }
}

#[test]
fn says_plainly_what_does_not_resolve() {
    let (repo, [c1, ..]) = with_merge();
    let c1 = &c1[..10];
    repo.git(&["tag", "v1.0"]);
    repo.git(&["update-ref", "refs/remotes/origin/develop", "HEAD"]);
    let repository = open(repo.path());
    let says = |spec: &str| repository.resolve(spec).expect_err(spec).to_string();
    let helps = |spec: &str| repository.resolve(spec).expect_err(spec).help().unwrap_or_default();
    assert_eq!(says("mian"), "there is no revision `mian`");
    assert_eq!(helps("mian"), "did you mean `main`?");
    assert_eq!(helps("v1.O~1"), "did you mean `v1.0`?");
    assert_eq!(helps("develop"), "did you mean `origin/develop`?");
    assert_eq!(helps("develop@{upstream}"), "did you mean `origin/develop`?");
    assert_eq!(helps("zzzzzzzz"), "list what there is with `git branch --all` and `git tag`");
    assert_eq!(says(&"1".repeat(40)), format!("there is no revision `{}`", "1".repeat(40)));
    assert_eq!(says("HEAD:model/a.toml"), "`HEAD:model/a.toml` is a file, not a commit");
    assert_eq!(says("HEAD:model"), "`HEAD:model` is a folder, not a commit");
    assert_eq!(
        says("HEAD~4"),
        format!(
            "revision `HEAD~4` cannot be resolved: commit {c1} is the first one, it has no parent"
        )
    );
    assert!(says("HEAD^3").ends_with("has 2 parents only"), "{}", says("HEAD^3"));
    for odd in [
        "",
        "^HEAD",
        "HEAD^{tree",
        "@{9}",
        "main@{upstream}",
        "HEAD~99999999999999999999",
        ":/none",
        "a b",
        "..",
        "~",
        "HEAD^@",
    ] {
        let text = says(odd);
        assert!(!text.is_empty() && !text.contains('\n'), "{odd}: {text}");
    }
    for (spec, reason) in [
        ("@{u}", "branch `main` has no upstream"),
        ("main@{upstream}", "branch `main` has no upstream"),
        ("@{9}", "the log of where `main` stood has no such entry"),
        (":/none", "no commit message contains `none`"),
        ("a b", "it is not written as Git writes revisions"),
    ] {
        assert_eq!(says(spec), format!("revision `{spec}` cannot be resolved: {reason}"));
    }
}

#[test]
fn an_unborn_branch_has_its_own_words() {
    let repo = Repo::new();
    repo.write("model/a.toml", "a = 1\n");
    let repository = open(repo.path());
    assert!(repository.is_unborn());
    for spec in ["HEAD", "@", "main", "HEAD~1"] {
        let error = repository.resolve(spec).expect_err(spec);
        assert_eq!(error.to_string(), "branch `main` has no commit yet", "{spec}");
    }
    assert!(matches!(repository.parse_range(".."), Err(GitError::Unborn { .. })));
    assert!(repository.index_files("").unwrap().files.is_empty());
    repo.git(&["add", "--all"]);
    let repository = open(repo.path());
    assert_eq!(repository.staged_changes(None, "model").unwrap().changes.len(), 1);
    assert_eq!(repository.work_changes(None, "model", LIMIT).unwrap().len(), 1);
}

#[test]
fn a_detached_head_has_no_name() {
    let (repo, [_, c2, ..]) = with_merge();
    repo.git(&["checkout", "--quiet", "--detach", &c2]);
    let repository = open(repo.path());
    assert_eq!(repository.head_name().unwrap(), None);
    assert_eq!(repository.resolve("HEAD").unwrap().id, id(&c2));
}

#[test]
fn an_ambiguous_abbreviation_lists_its_candidates() {
    let dir = tempfile::tempdir().unwrap();
    let mut builder = RepositoryBuilder::init(&dir.path().join("many"), "main").unwrap();
    let mut seen = BTreeMap::new();
    let files = BTreeMap::new();
    let clash = (0..4000).find_map(|number| {
        let made =
            builder.commit("main", &plain_commit(&files, vec![], number, "m")).unwrap().to_string();
        seen.insert(made[..4].to_owned(), made.clone()).map(|other| (made, other))
    });
    let (one, other) = clash.expect("two ids with the same four digits");
    let error = open(builder.work_dir()).resolve(&one[..4]).expect_err("ambiguous");
    let text = error.to_string();
    assert!(matches!(error, GitError::Ambiguous { .. }), "{text}");
    assert!(text.contains(&one[..5]) && text.contains(&other[..5]), "{text}");
    assert_eq!(error.help().as_deref(), Some("write more digits"));
}

#[test]
fn the_default_branch_is_what_the_remote_says() {
    let (repo, _) = with_merge();
    assert_eq!(open(repo.path()).default_branch().as_deref(), Some("main"));
    repo.git(&["checkout", "--quiet", "side"]);
    repo.git(&["clone", "--quiet", ".", "../clone"]);
    assert_eq!(open(&repo.beside("clone")).default_branch().as_deref(), Some("origin/side"));
    repo.git_in(&repo.beside("clone"), &["remote", "set-head", "origin", "--delete"]);
    assert_eq!(open(&repo.beside("clone")).default_branch().as_deref(), Some("origin/main"));
}

/// Run by the test below in a process of its own, where Git's variables are set as in a hook.
#[test]
#[ignore = "needs the environment of the test below"]
fn in_a_hook() {
    let elsewhere = tempfile::tempdir().unwrap();
    let found = Repository::discover(elsewhere.path()).unwrap().expect("named by GIT_DIR");
    let expected = std::env::var_os("GIT_WORK_TREE").unwrap();
    assert_eq!(found.work_dir(), Some(Path::new(&expected).canonicalize().unwrap().as_path()));
    assert!(found.resolve("HEAD").is_ok());
}

#[test]
fn the_environment_of_a_hook_is_honoured() {
    let (repo, _) = with_merge();
    let tree = repo.beside("tree");
    fs::create_dir(&tree).unwrap();
    let run = |git_dir: &Path| {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "git::revisions::in_a_hook", "--ignored"])
            .env("GIT_DIR", git_dir)
            .env("GIT_WORK_TREE", &tree)
            .output()
            .unwrap()
    };
    let output = run(&repo.path().join(".git"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!run(&repo.beside("nowhere")).status.success());
}

#[test]
fn a_handle_can_be_sent_to_another_thread() {
    let (repo, [.., c5]) = with_merge();
    let repository = open(repo.path());
    let ids: Vec<ObjectId> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..3)
            .map(|_| {
                let own = repository.for_walking();
                scope.spawn(move || own.resolve("HEAD").unwrap().id)
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(ids, [id(&c5); 3]);
}
