//! Repositories written here, judged by Git.

use super::*;

#[test]
fn what_is_built_satisfies_git() {
    let repo = Repo::new();
    let place = repo.beside("built/inside");
    let mut builder = RepositoryBuilder::init(&place, "trunk").unwrap();
    let mut files = BTreeMap::from([
        ("README.md".to_owned(), b"read me\n".to_vec()),
        ("model/a.toml".to_owned(), b"a = 1\n".to_vec()),
        ("model/a/b.toml".to_owned(), b"b = 1\n".to_vec()),
    ]);
    let first = builder.commit("trunk", &plain_commit(&files, vec![], T, "first")).unwrap();
    files.insert("model/a/c.toml".to_owned(), b"c = 1\n".to_vec());
    let side = builder
        .commit("proposal", &plain_commit(&files, vec![first], T + DAY, "side\n\nbody\n"))
        .unwrap();
    builder.checkout("proposal").unwrap();
    files.remove("model/a/b.toml");
    let merge = builder
        .commit("trunk", &plain_commit(&files, vec![first, side], T + 2 * DAY, "merge"))
        .unwrap();
    builder.tag("light", first).unwrap();
    let tagger = Person { name: "Tag".to_owned(), email: "tag@example.com".to_owned() };
    builder.annotated_tag("v1", merge, &tagger, T + 3 * DAY, "one").unwrap();
    builder.branch("copy", side).unwrap();
    builder.checkout("trunk").unwrap();
    assert_eq!(first.to_string(), "0c659b03b448a24134e2ba26ad3b4cdd96b72739");

    assert_eq!(repo.git_in(&place, &["fsck", "--strict", "--full"]), "");
    assert_eq!(repo.git_in(&place, &["status", "--porcelain"]), "");
    assert_eq!(repo.git_in(&place, &["diff-files", "--name-only"]), "");
    assert_eq!(repo.git_in(&place, &["branch", "--show-current"]), "trunk");
    assert_eq!(repo.git_in(&place, &["log", "--format=%H %aI %s"]).lines().count(), 3);
    assert_eq!(
        repo.git_in(&place, &["log", "-1", "--format=%aI|%cn|%B", "proposal"]),
        "2023-11-15T23:43:20+01:30|Ada Author|side\n\nbody"
    );
    assert_eq!(repo.git_in(&place, &["tag", "--list"]), "light\nv1");
    assert_eq!(
        repo.git_in(&place, &["rev-parse", "v1^{commit}", "copy"]),
        format!("{merge}\n{side}")
    );
    assert!(!place.join("model/a/b.toml").exists() && place.join("model/a/c.toml").exists());
    let built = open(&place);
    assert!(
        built.work_changes(Some(&built.resolve("HEAD").unwrap()), "", LIMIT).unwrap().is_empty()
    );

    assert!(matches!(RepositoryBuilder::init(&place, "x"), Err(GitError::NotEmpty { .. })));
    assert!(matches!(
        RepositoryBuilder::init(&place.join("README.md"), "x"),
        Err(GitError::NotEmpty { .. })
    ));
    assert!(RepositoryBuilder::init(&repo.beside("odd"), "a..b").is_err());
}
