//! `opmodel git`: Git itself calls the tool, with the real `git` binary.

use super::{DAY, T, history, model, opmodel};
use crate::repo::{Repo, system};
use std::fs;
use std::path::Path;
use std::process::Command;

/// How a run of `git` ended: whether it succeeded, and what it printed.
struct Ran {
    done: bool,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "no `{words}` in:\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn hides(self, words: &str) -> Self {
        assert!(!self.out.contains(words), "`{words}` in:\n{}", self.out);
        self
    }
}

/// Runs `git` with the tool on its path, as people have it.
fn git_with(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Ran {
    let tool = Path::new(env!("CARGO_BIN_EXE_opmodel")).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(tool.to_path_buf()).chain(std::env::split_paths(&path));
    let output = Command::new("git")
        .args(["-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::join_paths(all).expect("a path"))
        .env("HOME", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_PAGER", "cat")
        .env("LC_ALL", "C")
        .envs(system())
        .envs(settings.iter().copied())
        .output()
        .expect("a git binary on the path");
    Ran {
        done: output.status.success(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[track_caller]
fn git(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = git_with(folder, arguments, &[]);
    assert!(ran.done, "git {arguments:?}:\n{}\n{}", ran.out, ran.err);
    ran
}

fn install(repo: &Repo) {
    opmodel(repo.path(), &["git", "install"]).exits(0);
}

#[test]
fn git_shows_what_changes_mean() {
    let repo = history();
    install(&repo);
    repo.write("model/model.toml", model("7 hours"));
    repo.write("README.md", "x\n");
    git(repo.path(), &["diff"])
        .says("model/model.toml\n1 change: 1 loosening")
        .says("- 5 hours")
        .says("+ 7 hours")
        .hides("diff --git");
    repo.write("model/model.toml", format!("\n# other\n{}", model("5   hours")));
    git(repo.path(), &["diff"]).says("only form").hides("loosening");
    git(repo.path(), &["log", "-p", "--ext-diff", "-1", "HEAD~1"])
        .says("loosening sla.touch.within");
    git(repo.path(), &["show", "--ext-diff", "HEAD"]).says("only form");
    // From a folder below, as Git does it.
    git(&repo.path().join("model"), &["diff", "HEAD~2", "HEAD"]).says("+ 5 hours");
    // Another file is what it always was.
    repo.write("other.toml", "a = 1\n");
    repo.commit("other", T + 3 * DAY);
    repo.write("other.toml", "a = 2\n");
    git(repo.path(), &["diff", "--", "other.toml"]).says("diff --git").says("+a = 2");
}

#[test]
fn a_criterion_is_decided_by_fields_of_another_file() {
    let repo = Repo::new();
    let field = "[field.lead.employees]\ntype = \"integer\"\n";
    let icp = |size: &str| {
        format!(
            "[icp.core]\nowner = \"role.lead\"\nobject = \"lead\"\ncriteria.size = \"{size}\"\n"
        )
    };
    repo.write("model/model.toml", model("4 hours"));
    repo.write("model/fields.toml", field);
    repo.write("model/icp.toml", icp("employees >= 50"));
    repo.commit("the model", T);
    install(&repo);
    repo.write("model/icp.toml", icp("employees >= 30"));
    // Who judges is not known here, and so nothing is said of approvals.
    git(repo.path(), &["diff"])
        .says("loosening icp.core.criteria.size")
        .says("for example: employees = ")
        .says("this file beside the rest of the model as it is on disk")
        .hides("undecided")
        .hides("approval,")
        .hides("needs")
        .hides("om1:");
    repo.commit("smaller", T + DAY);
    git(repo.path(), &["log", "-p", "--ext-diff", "-1"]).says("loosening icp.core.criteria.size");
    // What two files declare is not taken from one of them.
    repo.write("model/more.toml", icp("employees >= 1"));
    repo.write("model/icp.toml", icp("employees >= 10"));
    git(repo.path(), &["diff"]).says("undecided").says("\nthis file alone").hides("om1:");
    // Nor is a folder of which nobody spoke a model.
    fs::write(repo.path().join(".git/info/attributes"), "*.toml diff=opmodel\n").unwrap();
    repo.remove("model/more.toml");
    git(repo.path(), &["diff"]).says("undecided").says("\nthis file alone");
}

#[test]
fn git_works_where_the_tool_is_not_found() {
    let repo = history();
    let run = opmodel(repo.path(), &["git", "install"]).exits(0);
    let tool = env!("CARGO_BIN_EXE_opmodel");
    run.complains("`opmodel` is not on the path").complains(tool);
    repo.write("model/model.toml", model("7 hours"));
    let path = std::env::var("PATH").expect("a path");
    let without = [("PATH", path.as_str())];
    let ran = git_with(repo.path(), &["diff"], &without);
    assert!(ran.done, "{}", ran.err);
    ran.says("model/model.toml: opmodel is not on the path").says("+within = \"7 hours\"");
    let ran = git_with(repo.path(), &["log", "-p", "-1", "HEAD~1"], &without);
    assert!(ran.done, "{}", ran.err);
    ran.says("+within = \"5 hours\"");
    // What an earlier version wrote is written anew, and taken out.
    let config = repo.path().join(".git/config");
    let now = fs::read_to_string(&config).unwrap();
    let (begin, rest) = now.split_once("[diff \"opmodel\"]").expect("the driver");
    let end = rest.split_once("# opmodel: end").expect("an end").1;
    let earlier = format!(
        "{begin}[diff \"opmodel\"]\n\tcommand = opmodel git diff-driver\n\ttextconv = opmodel git textconv\n# opmodel: end{end}"
    );
    fs::write(&config, &earlier).unwrap();
    opmodel(repo.path(), &["git", "install"]).exits(0).says("wrote .git/config");
    assert_eq!(fs::read_to_string(&config).unwrap(), now);
    fs::write(&config, &earlier).unwrap();
    opmodel(repo.path(), &["git", "uninstall"]).exits(0).says("cleaned .git/config");
}

#[test]
fn history_is_shown_a_property_a_line() {
    let repo = history();
    install(&repo);
    git(repo.path(), &["log", "-p", "-1", "HEAD~1"])
        .says("-sla.touch.within = \"4 hours\"")
        .says("+sla.touch.within = \"5 hours\"");
    git(repo.path(), &["show", "HEAD"]).says("a comment").hides("said once");
    git(repo.path(), &["show", "--no-textconv", "HEAD"]).says("+# said once");
}

#[test]
fn new_gone_and_renamed_files_are_compared() {
    let repo = history();
    install(&repo);
    repo.write("model/lists.toml", "[list.eu]\nvalues = ['DE', 'NL']\n");
    repo.commit("lists", T + 3 * DAY);
    git(repo.path(), &["diff", "HEAD~1", "HEAD"]).says("list.eu").says("additive");
    git(repo.path(), &["diff", "HEAD", "HEAD~1"]).says("list.eu").says("is gone");
    git(repo.path(), &["mv", "model/lists.toml", "model/our lists.toml"]);
    repo.commit("another name", T + 4 * DAY);
    git(repo.path(), &["diff", "-M", "HEAD~1", "HEAD"])
        .says("model/our lists.toml, before model/lists.toml")
        .says("no change in meaning");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let place = repo.path().join("model/our lists.toml");
        fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
        git(repo.path(), &["diff"]).says("mode 100644 → 100755").says("no change");
    }
}

#[test]
fn what_cannot_be_read_is_shown_line_by_line() {
    let repo = history();
    install(&repo);
    let broken = model("5 hours").replace("[role.lead]", "[role.lead");
    repo.write("model/model.toml", &broken);
    git(repo.path(), &["diff"]).says("shown line by line: line 15").says("+[role.lead\n");
    // A line that is wider than any terminal keeps its sign, and what it begins with.
    let long = format!("+  # {}\n", "as wide as no terminal is ".repeat(20).trim_end());
    repo.write("model/model.toml", format!("{broken}{}", long.replacen('+', "", 1)));
    git(repo.path(), &["diff"]).says(&long);
    repo.write("model/model.toml", &broken);
    repo.commit("broken", T + 3 * DAY);
    git(repo.path(), &["log", "-p", "-1"])
        .says("+# as it is written: line 15")
        .says("+[role.lead\n");
    repo.write("model/model.toml", b"\xff\xfe\x00bytes\n");
    git(repo.path(), &["diff"]).says("shown line by line");
    repo.write("model/model.toml", "name = 'x'\n[build]\ntarget = 1\n");
    git(repo.path(), &["diff", "HEAD~1"]).says("no entity of a model is in it");
    repo.write("model/model.toml", "");
    git(repo.path(), &["diff"]);
}

#[test]
fn a_conflict_is_named() {
    let repo = history();
    install(&repo);
    repo.git(&["checkout", "--quiet", "-b", "other", "HEAD~1"]);
    repo.write("model/model.toml", model("8 hours"));
    repo.commit("eight", T + 4 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("model/model.toml", model("9 hours"));
    repo.commit("nine", T + 5 * DAY);
    assert!(!repo.try_git(&["merge", "--quiet", "other"]));
    git(repo.path(), &["diff", "--cached"]).says("a merge left it in conflict");
    // A property a line, as each side alone is shown; nothing else of the file.
    git(repo.path(), &["diff"])
        .says("++<<<<<<< HEAD\n +sla.touch.within = \"9 hours\"\n++=======\n")
        .says("\n+ sla.touch.within = \"8 hours\"\n++>>>>>>> other\n")
        .hides("currency");
    git(repo.path(), &["diff", "--no-textconv"]).says("<<<<<<<");
    // Where a side cannot be read, the file is shown as it is.
    let open = fs::read_to_string(repo.path().join("model/model.toml")).unwrap();
    repo.write("model/model.toml", open.replace("\"8 hours\"", "8 hours"));
    git(repo.path(), &["diff"]).says("with `--no-textconv` Git shows both sides");
}

#[test]
fn what_is_installed_is_taken_out_to_the_byte() {
    for config in
        [None, Some("[user]\n\tname = Ada ; no line end"), Some("[core]\r\n\tbare = false\r\n")]
    {
        let repo = history();
        let file = |name: &str| repo.path().join(".git").join(name);
        if let Some(config) = config {
            fs::write(file("config"), config).unwrap();
        }
        fs::create_dir_all(file("info")).unwrap();
        fs::write(file("info/attributes"), "*.png binary").unwrap();
        let state = || ["config", "info/attributes"].map(|name| fs::read(file(name)).unwrap());
        let before = state();
        let hooks = || fs::read_dir(file("hooks")).map_or(0, Iterator::count);
        let hooks_before = hooks();
        install(&repo);
        let installed = state();
        assert_ne!(installed, before);
        let again = opmodel(repo.path(), &["git", "install"]).exits(0);
        again.says("kept .git/config").says("kept .git/hooks/pre-push").hides("wrote");
        assert_eq!(state(), installed, "installing twice is installing once");
        opmodel(repo.path(), &["git", "uninstall"]).exits(0).says("removed .git/hooks/pre-push");
        assert_eq!(state(), before);
        assert_eq!(hooks(), hooks_before);
        assert_eq!(opmodel(repo.path(), &["git", "uninstall"]).exits(0).out, "");
        assert_eq!(state(), before);
    }
}

#[test]
fn attributes_of_its_own_go_with_it() {
    let repo = history();
    repo.write("gtm plan/model.toml", model("4 hours"));
    let attributes = repo.path().join(".git/info/attributes");
    let _ = fs::remove_file(&attributes);
    install(&repo);
    opmodel(repo.path(), &["--model", "gtm plan", "git", "install"]).exits(0);
    let text = fs::read_to_string(&attributes).unwrap();
    assert!(text.contains("\nmodel/**/*.toml diff=opmodel\n\"gtm plan/**/*.toml\" diff=opmodel\n"));
    let attribute = |path: &str| repo.git(&["check-attr", "diff", path]);
    assert_eq!(attribute("model/a/b.toml"), "model/a/b.toml: diff: opmodel");
    assert_eq!(attribute("gtm plan/a.toml"), "gtm plan/a.toml: diff: opmodel");
    assert_eq!(attribute("other/model/a.toml"), "other/model/a.toml: diff: unspecified");
    opmodel(repo.path(), &["git", "uninstall"]).exits(0);
    assert!(!attributes.exists());
}

#[test]
fn two_models_are_both_checked() {
    let repo = history();
    repo.write("crm plan/model.toml", model("4 hours"));
    repo.commit("a second model", T + 3 * DAY);
    remote(&repo);
    install(&repo);
    let second = |words: &[&str]| opmodel(repo.path(), &[&["--model", "crm plan"], words].concat());
    second(&["git", "install"]).exits(0).says("before a push it checks `model` and `crm plan`");
    second(&["git", "install"]).exits(0).says("kept .git/hooks/pre-push").hides("wrote");
    let push = || git_with(repo.path(), &["push", "origin", "main"], &[]);
    let run = push();
    assert!(run.done, "{}", run.err);
    assert_eq!(run.err.matches("the model is valid").count(), 2, "{}", run.err);
    for folder in ["model", "crm plan"] {
        repo.write(&format!("{folder}/model.toml"), model("soon"));
        repo.commit("not a time", T + 4 * DAY);
        let run = push();
        assert!(!run.done && run.err.contains("`soon` is not a length of time"), "{}", run.err);
        assert!(run.err.contains("`git push --no-verify` pushes without the check"));
        repo.write(&format!("{folder}/model.toml"), model("5 hours"));
        repo.commit("a time", T + 5 * DAY);
    }
    // One goes, and the other stays; a slip of the pen takes nothing.
    let run = opmodel(repo.path(), &["--model", "crm", "git", "uninstall"]).exits(2);
    run.complains("nothing was installed for `crm`").complains("undoes it for every model");
    let run = second(&["git", "uninstall"]).exits(0);
    run.says("wrote .git/info/attributes")
        .says("before a push it checks `model`\n")
        .hides("config");
    assert_eq!(push().err.matches("the model is valid").count(), 1);
    second(&["git", "install"]).exits(0);
    opmodel(repo.path(), &["git", "uninstall"]).exits(0).says("removed .git/hooks/pre-push");
    git(repo.path(), &["show", "HEAD"]).says("+within = \"5 hours\"");
}

/// Everything `git install` may write.
fn installed(repo: &Repo) -> Vec<Option<Vec<u8>>> {
    let place = repo.path().join(".git");
    let names = ["config", "info/attributes", "hooks/pre-push"];
    names.map(|name| fs::read(place.join(name)).ok()).to_vec()
}

#[test]
fn a_folder_without_a_model_is_refused() {
    let repo = Repo::new();
    let before = installed(&repo);
    repo.write("crm/model.toml", model("4 hours"));
    repo.write("docs/list.txt", "x\n");
    for words in [&["git", "install"][..], &["--model", "docs", "git", "install"]] {
        let run = opmodel(repo.path(), words).exits(2);
        run.complains("there is nothing of a model in `").complains("with `--model`").silent();
        assert_eq!(installed(&repo), before);
    }
    opmodel(repo.path(), &["--model", "crm", "git", "install"]).exits(0);
    opmodel(repo.path(), &["--model", "crm", "git", "uninstall"]).exits(0);
    // What is on no branch yet, or not checked out, is one as well.
    repo.commit("the model", T);
    repo.remove("crm/model.toml");
    opmodel(repo.path(), &["--model", "crm", "git", "install"]).exits(0);
}

#[test]
fn folders_have_any_name() {
    let names = ["back\\slash", "!bang", "-x", "#y", "it's", "$HOME `x`", "a*[b]?", "ü"];
    for name in names {
        let repo = Repo::new();
        let folder = format!("{name}/model");
        repo.write(&format!("{folder}/model.toml"), model("4 hours"));
        repo.commit("the model", T);
        remote(&repo);
        opmodel(repo.path(), &[&format!("--model={folder}"), "git", "install"]).exits(0);
        let path = format!("{folder}/model.toml");
        let attribute = repo.git(&["check-attr", "-z", "diff", "--", &path]);
        assert!(attribute.ends_with("diff\0opmodel\0"), "{attribute}");
        repo.write(&path, model("7 hours"));
        let shown = git(repo.path(), &["diff"]).says("loosening sla.touch.within");
        assert_eq!(shown.err, "", "{name}");
        let run = git_with(repo.path(), &["push", "origin", "main"], &[]);
        assert!(run.done && run.err.contains("the model is valid"), "{name}: {}", run.err);
        repo.write(&path, model("soon"));
        repo.commit("not a time", T + DAY);
        let run = git_with(repo.path(), &["push", "origin", "main"], &[]);
        assert!(!run.done && run.err.contains("`soon` is not"), "{name}: {}", run.err);
        opmodel(repo.path(), &["git", "uninstall"]).exits(0).says("removed");
    }
    let repo = Repo::new();
    let before = installed(&repo);
    repo.write("a\nb/model.toml", model("4 hours"));
    let run = opmodel(repo.path(), &["--model", "a\nb", "git", "install"]).exits(2);
    run.complains("rename the folder");
    assert_eq!(installed(&repo), before);
}

#[test]
fn settings_of_somebody_else_stay() {
    let repo = history();
    repo.git(&["config", "diff.opmodel.command", "my-own-tool"]);
    let run = opmodel(repo.path(), &["git", "install"]).exits(0);
    run.complains("`diff.opmodel.command` is `my-own-tool` already, and stays as it is");
    assert_eq!(repo.git(&["config", "diff.opmodel.command"]), "my-own-tool");
    opmodel(repo.path(), &["git", "uninstall"]).exits(0);
    assert_eq!(repo.git(&["config", "diff.opmodel.command"]), "my-own-tool");
    // What was added between the marks is not thrown away.
    let repo = history();
    install(&repo);
    repo.git(&["config", "diff.opmodel.cachetextconv", "true"]);
    let run = opmodel(repo.path(), &["git", "uninstall"]).exits(0);
    run.complains("were changed since, and stay");
    assert_eq!(repo.git(&["config", "diff.opmodel.cachetextconv"]), "true");
}

#[test]
fn another_process_at_work_is_waited_for() {
    let repo = history();
    repo.write(".git/config.lock", "");
    let run = opmodel(repo.path(), &["git", "install"]).exits(128);
    run.complains("another Git process is at work").complains("delete that file");
    assert!(repo.path().join(".git/config.lock").exists());
}

/// A bare repository that the first can push to.
fn remote(repo: &Repo) {
    let bare = repo.beside("bare.git");
    repo.git(&["init", "--quiet", "--bare", &bare.display().to_string()]);
    repo.git(&["remote", "add", "origin", &bare.display().to_string()]);
}

#[test]
fn a_push_checks_what_is_pushed() {
    let repo = history();
    remote(&repo);
    install(&repo);
    let push = |branch: &str| git_with(repo.path(), &["push", "origin", branch], &[]);
    let run = push("main");
    assert!(run.done && run.err.contains("the model is valid"), "{}", run.err);
    // What is on disk does not count, what is pushed does.
    repo.write("model/model.toml", model("soon"));
    assert!(push("main:again").done);
    repo.commit("not a time", T + 4 * DAY);
    let run = push("main");
    assert!(!run.done && run.err.contains("`soon` is not a length of time"), "{}", run.err);
    assert!(push(":again").done, "a branch that is deleted holds nothing to check");
    repo.git(&["checkout", "--quiet", "--orphan", "pages"]);
    repo.git(&["rm", "-r", "--quiet", "-f", "model"]);
    repo.write("index.html", "x");
    repo.commit("no model here", T + 5 * DAY);
    assert!(push("pages").done);
    let run = git_with(repo.path(), &["push", "--no-verify", "origin", "main"], &[]);
    assert!(run.done, "{}", run.err);
}

#[test]
fn tags_of_whatever_it_is_are_pushed() {
    let repo = history();
    remote(&repo);
    install(&repo);
    let tag = |name: &str, of: &str| {
        repo.git(&["tag", "-a", "-m", "x", name, of]);
        git_with(repo.path(), &["push", "origin", name], &[])
    };
    for (name, of) in [("tree", "HEAD^{tree}"), ("blob", "HEAD:model/model.toml")] {
        let run = tag(name, of);
        assert!(run.done && !run.err.contains("fatal"), "{name}: {}", run.err);
    }
    let run = tag("commit", "HEAD");
    assert!(run.done && run.err.contains("the model is valid"), "{}", run.err);
    repo.write("model/model.toml", model("soon"));
    repo.commit("not a time", T + 4 * DAY);
    assert!(!tag("broken", "HEAD").done);
}

#[test]
fn a_push_without_the_tool_says_what_to_do() {
    let repo = history();
    remote(&repo);
    install(&repo);
    let git_alone = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .find(|folder| folder.join("git").exists() && !folder.join("opmodel").exists())
        .expect("the folder of git");
    let path = git_alone.to_string_lossy().into_owned();
    let run = git_with(repo.path(), &["push", "origin", "main"], &[("PATH", &path)]);
    assert!(!run.done);
    for words in ["not on the path", "`git push --no-verify`", "or delete .git/hooks/pre-push"] {
        assert!(run.err.contains(words), "{}", run.err);
    }
}

#[test]
fn a_hook_of_somebody_else_stays() {
    let repo = history();
    repo.write(".git/hooks/pre-push", "#!/bin/sh\nexit 0\n");
    let run = opmodel(repo.path(), &["git", "install"]).exits(0);
    run.complains(".git/hooks/pre-push is somebody else's")
        .complains("`pushed=$(cat); echo \"$pushed\" | opmodel git pre-push model >&2 || exit 1`");
    opmodel(repo.path(), &["git", "uninstall"]).exits(0);
    let hook = fs::read_to_string(repo.path().join(".git/hooks/pre-push")).unwrap();
    assert_eq!(hook, "#!/bin/sh\nexit 0\n");
    // The advice checks what is pushed and not what is on disk.
    remote(&repo);
    let line = "pushed=$(cat); echo \"$pushed\" | opmodel git pre-push model >&2 || exit 1\n";
    repo.write(".git/hooks/pre-push", format!("#!/bin/sh\n{line}echo \"$pushed\" | wc -l >&2\n"));
    repo.git(&["config", "core.fileMode", "false"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let place = repo.path().join(".git/hooks/pre-push");
        fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
    }
    repo.write("model/model.toml", model("soon"));
    let push = || git_with(repo.path(), &["push", "origin", "main"], &[]);
    assert!(push().done);
    repo.commit("not a time", T + 4 * DAY);
    repo.write("model/model.toml", model("4 hours"));
    assert!(!push().done);
    // One that was changed since is somebody's too.
    let repo = history();
    install(&repo);
    let place = repo.path().join(".git/hooks/pre-push");
    let changed = fs::read_to_string(&place).unwrap() + "echo mine\n";
    fs::write(&place, &changed).unwrap();
    for words in ["install", "uninstall"] {
        let run = opmodel(repo.path(), &["git", words]).exits(0);
        run.complains("was changed since").complains("delete it");
        assert_eq!(fs::read_to_string(&place).unwrap(), changed);
    }
}

#[test]
fn hooks_go_where_git_looks_for_them() {
    let repo = history();
    repo.git(&["config", "core.hooksPath", "our hooks"]);
    opmodel(repo.path(), &["git", "install"]).exits(0).says("wrote our hooks/pre-push");
    assert!(repo.path().join("our hooks/pre-push").exists());
    opmodel(&repo.path().join("model"), &["git", "uninstall"]).exits(0);
    assert!(!repo.path().join("our hooks/pre-push").exists());
    // Hooks of all repositories of a person are no place for this one's.
    let repo = history();
    repo.write(".gitconfig", "[core]\n\thooksPath = /nowhere/hooks\n");
    let run = opmodel(repo.path(), &["git", "install"]).exits(0);
    run.complains("set for more than this repository").complains("/nowhere/hooks/pre-push");
    // Whoever turned hooks off gets none, and nothing else either.
    let repo = history();
    repo.git(&["config", "core.hooksPath", "/dev/null"]);
    let before = installed(&repo);
    let run = opmodel(repo.path(), &["git", "install"]).exits(2);
    run.complains("which is no folder").complains("`git config --unset core.hooksPath`").silent();
    assert_eq!(installed(&repo), before);
}

#[test]
fn linked_work_trees_share_it() {
    let repo = history();
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "--quiet", &linked.display().to_string(), "-b", "side"]);
    let run = opmodel(&linked, &["git", "install"]).exits(0);
    let home = repo.path().file_name().unwrap().to_string_lossy();
    run.says(&format!("/{home}/.git/config\n"))
        .says(&format!("/{home}/.git/hooks/pre-push"))
        .hides("..");
    assert!(repo.path().join(".git/hooks/pre-push").exists());
    fs::write(linked.join("model/model.toml"), model("7 hours")).unwrap();
    git(&linked, &["diff"]).says("loosening sla.touch.within");
    repo.write("model/model.toml", model("7 hours"));
    git(repo.path(), &["diff"]).says("loosening sla.touch.within");
    opmodel(repo.path(), &["git", "uninstall"]).exits(0);
    git(&linked, &["diff"]).says("diff --git");
}

#[test]
fn colours_follow_the_pager_of_git() {
    let repo = history();
    install(&repo);
    repo.write("model/model.toml", model("7 hours"));
    let plain = git(repo.path(), &["diff"]);
    assert!(!plain.out.contains('\u{1b}'));
    let paged = git_with(repo.path(), &["diff"], &[("GIT_PAGER_IN_USE", "true")]);
    assert!(paged.done && paged.out.contains('\u{1b}'));
}

#[test]
fn without_a_repository_there_is_nothing_to_set_up() {
    let folder = tempfile::tempdir().unwrap();
    opmodel(folder.path(), &["git", "install"]).exits(128).complains("not inside a Git repository");
    opmodel(folder.path(), &["git", "diff-driver", "a", "b"]).exits(2).complains("git install");
    opmodel(folder.path(), &["git", "textconv", "no-such.toml"]).exits(128);
}
