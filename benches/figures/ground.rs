//! What the figures are measured on: made once below `target/figures/`, and again when it changes.

use crate::chance::seed;
use crate::history::{COMMITS, Course, History, USUAL};
use crate::measure::quiet;
use crate::template::{Templates, forms};
use crate::words::units;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const UNIT: &str = include_str!("unit.in");
const COMPANY: &str = include_str!("company.in");

/// Counts changes of the generator that its texts do not show.
const GENERATION: u32 = 2;

/// The folders the commands run in.
#[derive(Debug)]
pub(crate) struct Ground {
    /// A repository with the generated model and its history.
    pub(crate) company: PathBuf,
    /// The same model as JSON, for validators that read no TOML.
    pub(crate) twins: PathBuf,
    /// One file with a fault that a validator has to see, as TOML and as JSON.
    pub(crate) fault: PathBuf,
    /// A small repository with the example model and nothing else.
    pub(crate) example: PathBuf,
    /// The repository in which the example model stands.
    pub(crate) whole: PathBuf,
}

impl Ground {
    /// Makes what is not there yet.
    pub(crate) fn prepare(root: &Path, target: &Path) -> Result<Self, String> {
        let at = target.join("figures");
        let ground = Self {
            company: at.join("company"),
            twins: at.join("twins"),
            fault: at.join("fault"),
            example: at.join("example"),
            whole: at.join("whole"),
        };
        let schema = read(&root.join("schemas/model.schema.json"))?;
        let taplo = read(&root.join(".taplo.toml"))?;
        let stamp =
            format!("{GENERATION} {COMMITS} {:x}\n", seed(&[UNIT, COMPANY, &schema].concat()));
        if fs::read_to_string(at.join("stamp")).is_ok_and(|found| found == stamp) {
            ground.example(root)?;
            return Ok(ground);
        }
        clear(&at)?;
        eprint!("making the model and its history below {} … ", at.display());
        let fixed = vec![
            (".taplo.toml".to_owned(), taplo.clone()),
            ("schemas/model.schema.json".to_owned(), schema.clone()),
            ("tombi.toml".to_owned(), TOMBI.to_owned()),
        ];
        ground.company(fixed)?;
        ground.twins()?;
        ground.fault(&taplo, &schema)?;
        ground.example(root)?;
        write(&at.join("stamp"), &stamp)?;
        eprintln!("done");
        Ok(ground)
    }

    fn company(&self, fixed: Vec<(String, String)>) -> Result<(), String> {
        grown(&self.company, fixed, usize::MAX, USUAL)
    }

    fn twins(&self) -> Result<(), String> {
        for (number, path) in self.model_files()?.iter().enumerate() {
            let text = read(path)?;
            write(&self.twins.join(format!("{number}.json")), &twin(path, &text)?)?;
        }
        Ok(())
    }

    fn fault(&self, taplo: &str, schema: &str) -> Result<(), String> {
        let text = "[definition.broken]\nobject = 42\n";
        let toml = self.fault.join("model/broken.toml");
        write(&toml, text)?;
        write(&self.fault.join("broken.json"), &twin(&toml, text)?)?;
        write(&self.fault.join(".taplo.toml"), taplo)?;
        write(&self.fault.join("tombi.toml"), TOMBI)?;
        write(&self.fault.join("schemas/model.schema.json"), schema)
    }

    /// The example model as it is now, in a repository of its own, and the repository it stands in as it
    /// was committed.
    fn example(&self, root: &Path) -> Result<(), String> {
        clear(&self.whole)?;
        let mut clone = quiet(Path::new("git"));
        clone.args(["clone", "--quiet"]).arg(root).arg(&self.whole);
        if !clone.status().is_ok_and(|status| status.success()) {
            return Err(format!("{} could not be cloned", root.display()));
        }
        git(&self.whole, "status", None)?;
        clear(&self.example)?;
        for path in toml_files(&root.join("model"))? {
            let below = path.strip_prefix(root).map_err(|error| error.to_string())?;
            write(&self.example.join(below), &read(&path)?)?;
        }
        git(&self.example, "init --quiet --initial-branch=main", None)?;
        git(&self.example, "add .", None)?;
        let who = "-c user.name=Ada -c user.email=ada@company.example";
        git(&self.example, &format!("{who} commit --quiet --message=model"), None)?;
        git(&self.example, "status", None)
    }

    /// The model's files as they are on disk.
    pub(crate) fn model_files(&self) -> Result<Vec<PathBuf>, String> {
        toml_files(&self.company.join("model"))
    }
}

/// A repository with a model of so many units and a history of that course.
pub(crate) fn grown(
    at: &Path,
    fixed: Vec<(String, String)>,
    of_units: usize,
    course: Course,
) -> Result<(), String> {
    let mut units = units();
    units.truncate(of_units);
    let templates = Templates { forms: forms(UNIT)?, units };
    create(at)?;
    git(at, "init --quiet --initial-branch=main", None)?;
    let fault = |error: std::io::Error| format!("git fast-import: {error}");
    let mut command: Command = quiet(Path::new("git"));
    command.args(["fast-import", "--quiet", "--done"]).current_dir(at).stdin(Stdio::piped());
    let mut child = command.spawn().map_err(fault)?;
    if let Some(mut input) = child.stdin.take() {
        let mut write = |piece: &[u8]| input.write_all(piece).map_err(fault);
        History::new(templates, COMPANY, fixed).stream(course, &mut write)?;
        write(b"done\n")?;
    }
    if !child.wait().map_err(fault)?.success() {
        return Err("git fast-import failed".to_owned());
    }
    git(at, "repack -adfq", None)?;
    git(at, "commit-graph write --reachable --no-progress", None)?;
    git(at, "reset --quiet --hard", None)
}

/// A repository of a long history, made where it is not there yet.
pub(crate) fn long_history(
    target: &Path,
    name: &str,
    of_units: usize,
    course: Course,
) -> Result<PathBuf, String> {
    let at = target.join("figures-long").join(name);
    let stamp = format!("{GENERATION} {course:?} {:x}\n", seed(&[UNIT, COMPANY].concat()));
    if fs::read_to_string(at.join("stamp")).is_ok_and(|found| found == stamp) {
        return Ok(at.join("repository"));
    }
    clear(&at)?;
    eprint!("making a history of {} commits below {} … ", course.commits, at.display());
    grown(&at.join("repository"), Vec::new(), of_units, course)?;
    write(&at.join("stamp"), &stamp)?;
    eprintln!("done");
    Ok(at.join("repository"))
}

/// Where tombi finds the schema.
const TOMBI: &str =
    "[[schemas]]\npath = \"schemas/model.schema.json\"\ninclude = [\"model/**/*.toml\"]\n";

/// A file as JSON; dates become text, as JSON Schema has them.
fn twin(path: &Path, text: &str) -> Result<String, String> {
    let table: toml::Table =
        text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(json(toml::Value::Table(table)).to_string())
}

fn json(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(when) => when.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, v)| (key, json(v))).collect(),
    }
}

/// Runs Git, whose own settings and whose user's are left out.
fn git(folder: &Path, arguments: &str, input: Option<Vec<u8>>) -> Result<(), String> {
    let fault = |words: String| format!("git {arguments}: {words}");
    let mut command: Command = quiet(Path::new("git"));
    command.args(arguments.split_whitespace()).current_dir(folder);
    command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| fault(error.to_string()))?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        stdin.write_all(&input).map_err(|error| fault(error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| fault(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(fault(String::from_utf8_lossy(&output.stderr).into_owned()))
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(&folder).map_err(fault)? {
            let path = entry.map_err(fault)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        create(folder)?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn clear(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{}: {error}", folder.display()))
        }
        _ => create(folder),
    }
}
