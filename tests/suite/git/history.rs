//! Ranges, walks, dates and changed files, compared with what Git prints.

use super::*;

#[test]
fn ranges_mean_what_git_means() {
    let (repo, [c1, c2, c3, c4, c5]) = with_merge();
    let repository = open(repo.path());
    let range = repository.parse_range("main~1..side").unwrap();
    assert_eq!(range.before().unwrap().id, id(&c4));
    assert_eq!(range.after().id, id(&c3));
    assert_eq!(walked(&repository, range.walk_options()), std::slice::from_ref(&c3));
    let range = repository.parse_range("main^1...side").unwrap();
    assert_eq!(range.before().unwrap().id, id(&c2));
    assert_eq!(walked(&repository, range.walk_options()), [c4.clone(), c3.clone()]);
    assert!(matches!(&range, Range::Symmetric { bases, .. } if bases.len() == 1));
    assert_eq!(repository.parse_range("side..").unwrap().after().id, id(&c5));
    assert_eq!(repository.parse_range("..side").unwrap().before().unwrap().id, id(&c5));
    let single = repository.parse_range("side").unwrap();
    assert!(single.before().is_none());
    assert_eq!(walked(&repository, single.walk_options()), [c3.clone(), c2.clone(), c1]);
    assert_eq!(repository.parse_range("HEAD^!").unwrap().before().unwrap().id, id(&c4));
    assert_eq!(repository.merge_base(id(&c4), id(&c3)).unwrap().unwrap().id, id(&c2));

    repo.git(&["checkout", "--quiet", "--orphan", "lonely"]);
    let lonely = repo.commit("lonely", T);
    let repository = open(repo.path());
    assert!(repository.merge_base(id(&lonely), id(&c5)).unwrap().is_none());
    let error = repository.parse_range("lonely...main").expect_err("no history in common");
    assert_eq!(error.to_string(), "`lonely` and `main` have no commit in common");
}

#[test]
fn walks_go_the_way_of_git() {
    let (repo, [c1, c2, c3, c4, c5]) = with_merge();
    for branch in ["one", "two", "three"] {
        repo.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repo.write(&format!("model/{branch}.toml"), branch);
        repo.commit(branch, T + 5 * DAY);
    }
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at(T + 6 * DAY, &["merge", "--quiet", "-m", "octopus", "one", "two", "three"]);
    let octopus = repo.git(&["rev-parse", "HEAD"]);
    let early = repo.commit("a clock gone wrong", T - 400 * DAY);
    let tip = repo.commit("the clock is right again", T + 7 * DAY);
    let repository = open(repo.path()).for_walking();
    assert_eq!(repository.commit(id(&octopus)).unwrap().parents.len(), 3);
    for graph in [false, true] {
        if graph {
            repo.git(&["commit-graph", "write", "--reachable"]);
        }
        let repository = open(repo.path()).for_walking();
        for order in [WalkOrder::NewestFirst, WalkOrder::ChildrenFirst] {
            let all = walked(&repository, options(&[&tip], &[], false, order));
            assert_eq!(all, lines(&repo.git(&["rev-list", "--date-order", "HEAD"])));
            let firsts = walked(&repository, options(&[&tip], &[], true, order));
            assert_eq!(firsts, lines(&repo.git(&["rev-list", "--first-parent", "HEAD"])));
            for (from, to) in [
                (&c1, &tip),
                (&c3, &tip),
                (&c5, &octopus),
                (&early, &octopus),
                (&c4, &c3),
                (&tip, &tip),
            ] {
                let expected =
                    lines(&repo.git(&["rev-list", "--date-order", to, &format!("^{from}")]));
                let options = options(&[to], &[from], false, order);
                assert_eq!(repository.count_commits(&options).unwrap(), expected.len());
                assert_eq!(walked(&repository, options), expected, "{from}..{to}");
            }
            let twice = walked(&repository, options(&[&c3, &c4, &c3], &[&c1], false, order));
            assert_eq!(twice, [c4.clone(), c3.clone(), c2.clone()]);
        }
    }
}

#[test]
fn the_commit_in_force_at_a_date() {
    let (repo, [c1, c2, _, c4, c5]) = with_merge();
    let repository = open(repo.path());
    let at = |seconds, first_parent| {
        repository
            .commit_at_date(id(&c5), seconds, first_parent)
            .unwrap()
            .map(|commit| commit.id.to_string())
    };
    assert_eq!(at(T + 10 * DAY, true), Some(c5.clone()));
    assert_eq!(at(T + 3 * DAY, true), Some(c4));
    assert_eq!(at(T + 3 * DAY - 1, true), Some(c2));
    assert_eq!(at(T, true), Some(c1));
    assert_eq!(at(T - 1, true), None);
    assert_ne!(at(T + 3 * DAY - 1, false), at(T + 3 * DAY - 1, true));
}

/// What `git diff-tree` says about model files between two commits.
fn git_changes(repo: &Repo, before: &str, after: &str) -> Vec<String> {
    let raw =
        repo.git(&["diff-tree", "-r", "--no-renames", "--name-only", before, after, "--", "model"]);
    let mut changed: Vec<String> =
        lines(&raw).into_iter().filter(|path| path.as_bytes().ends_with(b".toml")).collect();
    changed.sort();
    changed
}

#[test]
fn changed_files_are_those_git_names() {
    let repo = Repo::new();
    for number in 0..30 {
        repo.write(
            &format!("model/f{}/n{}/x{number}.toml", number % 3, number % 5),
            format!("v = {number}\n"),
        );
    }
    repo.write("model/swap.toml", "file\n");
    repo.write("model/other.txt", "text\n");
    let mut commits = vec![repo.commit("start", T)];
    repo.write("model/f0/n0/x0.toml", "v = 100\n");
    repo.write("model/other.txt", "changed\n");
    commits.push(repo.commit("edit", T + 1));
    repo.git(&["mv", "model/f1", "model/moved"]);
    commits.push(repo.commit("move", T + 2));
    repo.remove("model/swap.toml");
    repo.write("model/swap.toml/inner.toml", "now a folder\n");
    repo.write("model/swap-a.toml", "a\n");
    repo.write("model/swap.toml.toml", "a\n");
    commits.push(repo.commit("file becomes folder", T + 3));
    fs::remove_dir_all(repo.path().join("model/f2")).unwrap();
    repo.link("a", "model/f2.toml");
    repo.git(&["rm", "-rq", "--cached", "model/f2"]);
    commits.push(repo.commit("folder gone, link new", T + 4));
    repo.write("elsewhere.toml", "x\n");
    commits.push(repo.commit("elsewhere", T + 5));
    let repository = open(repo.path()).for_walking();
    let commit = |hex: &String| repository.commit(id(hex)).unwrap();
    for before in &commits {
        for after in &commits {
            let changes =
                repository.changed_files(Some(&commit(before)), &commit(after), "model").unwrap();
            let names: Vec<_> = changes.iter().map(|change| change.path.clone()).collect();
            assert_eq!(names, git_changes(&repo, before, after), "{before}..{after}");
        }
        let all = repository.changed_files(None, &commit(before), "model").unwrap();
        let listed = repository.tree_files(commit(before).tree, "model").unwrap();
        assert_eq!(all.into_iter().filter_map(|change| change.after).collect::<Vec<_>>(), listed);
    }
    let last = commit(commits.last().unwrap());
    let link = repository.tree_files(last.tree, "model").unwrap();
    assert!(link.iter().any(|file| file.path == "model/f2.toml" && file.mode == FileMode::Symlink));
}
