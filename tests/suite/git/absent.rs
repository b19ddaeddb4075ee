//! Objects that are packed, borrowed, left out, missing or damaged.

use super::*;

#[test]
fn a_shallow_clone_says_so() {
    let (repo, [c1, _, _, c4, c5]) = with_merge();
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, "../shallow"]);
    let repository = open(&repo.beside("shallow"));
    assert!(repository.is_shallow());
    assert_eq!(repository.resolve("HEAD~1").unwrap().id, id(&c4));
    let edge = repository.resolve("HEAD^1").unwrap();
    assert!(edge.boundary && edge.parents.is_empty());
    assert!(repository.shallow_boundary().contains(&edge.id));
    for spec in ["HEAD~2", "HEAD~1^", "HEAD^2^", "HEAD~50"] {
        let error = repository.resolve(spec).expect_err(spec);
        let text =
            format!("`{spec}` lies beyond the history that was fetched: this is a shallow clone");
        assert_eq!(error.to_string(), text);
        assert!(error.help().unwrap().contains("git fetch --unshallow"));
    }
    let error = repository.resolve("HEAD~1^2").expect_err("no second parent at all");
    assert!(matches!(error, GitError::BadRevision { .. }), "{error}");
    let unknown = repository.resolve(&c1).expect_err("not fetched");
    assert!(matches!(unknown, GitError::UnknownRevision { shallow: true, .. }));
    assert!(unknown.help().unwrap().contains("git fetch --unshallow"));
    for order in [WalkOrder::NewestFirst, WalkOrder::ChildrenFirst] {
        let walk: Vec<Commit> =
            repository.walk(options(&[&c5], &[], false, order)).map(Result::unwrap).collect();
        assert_eq!(walk.len(), 3);
        assert_eq!(walk.iter().filter(|commit| commit.boundary).count(), 2);
    }
    let head = repository.resolve("HEAD").unwrap();
    let side = head.parents[1];
    assert!(matches!(repository.merge_base(id(&c4), side), Err(GitError::Shallow { .. })));
    assert_eq!(repository.merge_base(id(&c4), id(&c5)).unwrap().unwrap().id, id(&c4));
    assert!(matches!(repository.commit_at_date(id(&c5), T, true), Err(GitError::Shallow { .. })));
    assert_eq!(repository.snapshot(&head, "model", LIMIT).unwrap().files.len(), 3);
    repo.git_in(&repo.beside("shallow"), &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(open(&repo.beside("shallow")).resolve("HEAD~3").unwrap().id, id(&c1));
}

#[test]
fn packed_borrowed_and_replaced_objects_are_found() {
    let (repo, [c1, .., c5]) = with_merge();
    let before = open(repo.path());
    let expected = before.snapshot(&before.resolve("HEAD").unwrap(), "model", LIMIT).unwrap();
    repo.git(&["gc", "--quiet", "--prune=now"]);
    repo.git(&["pack-refs", "--all"]);
    repo.git(&["clone", "--quiet", "--shared", ".", "../shared"]);
    for place in [repo.path().to_owned(), repo.beside("shared")] {
        let repository = open(&place);
        let head = repository.resolve("main").unwrap();
        assert_eq!(repository.snapshot(&head, "model", LIMIT).unwrap(), expected);
        assert_eq!(
            walked(&repository.for_walking(), options(&[&c5], &[], false, WalkOrder::NewestFirst))
                .len(),
            5
        );
    }
    assert_eq!(before.resolve("HEAD~3").unwrap().id, id(&c1), "a handle from before the repack");
}

#[test]
fn missing_and_damaged_objects_are_named() {
    let (repo, [_, c2, .., c5]) = with_merge();
    let lose = |hex: &str| {
        let place = repo.path().join(".git/objects").join(&hex[..2]).join(&hex[2..]);
        fs::remove_file(place).unwrap();
    };
    let blob = repo.git(&["rev-parse", "HEAD:model/side.toml"]);
    lose(&blob);
    lose(&c2);
    let repository = open(repo.path());
    let head = repository.resolve("HEAD").unwrap();
    let snapshot = repository.snapshot(&head, "model", LIMIT).unwrap();
    let unread = &snapshot.files[2];
    assert_eq!(unread.path, "model/side.toml");
    assert_eq!(
        unread.content,
        RawContent::Unreadable(format!("object {blob} is missing from the repository"))
    );
    let error = repository.resolve("HEAD~2").expect_err("missing");
    assert!(matches!(&error, GitError::MissingObject { id: missing } if *missing == id(&c2)));
    assert!(error.help().unwrap().contains("git fsck"));
    for order in [WalkOrder::NewestFirst, WalkOrder::ChildrenFirst] {
        let walk: Vec<_> = repository.walk(options(&[&c5], &[], false, order)).collect();
        assert!(walk.last().unwrap().is_err());
        assert_eq!(walk.iter().filter(|commit| commit.is_err()).count(), 1);
        let before = if order == WalkOrder::NewestFirst { 2 } else { 0 };
        assert_eq!(walk.len(), before + 1, "what comes before the loss is given");
    }
    let tree = repo.git(&["rev-parse", "HEAD:model/deep"]);
    let place = repo.path().join(".git/objects").join(&tree[..2]).join(&tree[2..]);
    fs::remove_file(&place).unwrap();
    fs::write(&place, b"garbage").unwrap();
    let error = open(repo.path()).snapshot(&head, "model", LIMIT).expect_err("damaged");
    assert!(matches!(error, GitError::Corrupt { .. }), "{error}");
}

#[test]
fn a_partial_clone_says_so() {
    let (repo, _) = with_merge();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--bare", "--filter=blob:none", &url, "../partial"]);
    let place = repo.beside("partial");
    let repository = open(&place);
    assert!(repository.is_partial());
    let head = repository.resolve("HEAD").unwrap();
    let error = repository.snapshot(&head, "model", LIMIT).expect_err("not fetched");
    assert!(error.to_string().ends_with("this is a partial clone"), "{error}");
    assert!(error.help().is_some_and(|help| help.contains("git fetch --refetch --no-filter")));
    repo.git_in(&place, &["fetch", "--quiet", "--refetch", "--no-filter"]);
    let snapshot = open(&place).snapshot(&head, "model", LIMIT).unwrap();
    assert!(
        snapshot.files.iter().all(|file| matches!(file.content, RawContent::Bytes(_))),
        "{snapshot:?}"
    );
}

#[test]
fn references_that_cannot_be_read_are_not_called_missing() {
    let repo = Repo::new();
    // As Git 2.45 and later write it; what is in `HEAD` and `refs` then stands for nothing.
    repo.git(&["config", "core.repositoryFormatVersion", "1"]);
    repo.git(&["config", "extensions.refStorage", "reftable"]);
    fs::write(repo.path().join(".git/HEAD"), "ref: refs/heads/.invalid\n").unwrap();
    let repository = Repository::open(repo.path()).unwrap();
    let error = repository.resolve("HEAD").expect_err("not supported");
    assert!(
        error.to_string().ends_with("keeps its references as `reftable`, which is not supported"),
        "{error}"
    );
    assert!(error.help().is_some_and(|help| help.contains("--ref-format=files")));
}

#[test]
fn a_sha256_repository_is_refused() {
    let repo = Repo::new();
    repo.git(&["init", "--quiet", "--object-format=sha256", "../wide"]);
    for found in [
        Repository::open(&repo.beside("wide")).map(Some),
        Repository::discover(&repo.beside("wide")),
    ] {
        let error = found.expect_err("not supported");
        assert!(
            error.to_string().ends_with("uses SHA-256 object names, which are not supported"),
            "{error}"
        );
    }
}
