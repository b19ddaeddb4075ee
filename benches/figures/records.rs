//! Records of an export against criteria and rules, beside `DuckDB` and Polars asked the same, and beside
//! the `csv` crate that only counts them.

use crate::answers::{ANSWER, read};
use crate::exports;
use crate::lists::{Rule, edited, rules};
use crate::measure::{Figure, Line, in_turn};
use crate::table;
use opmodel::load::{ModelScope, Router};
use opmodel::records::{
    Field, Form, Input, Opened, Pace, Questions, RecordsError, Row, Taken, fields, open, scan,
};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The instant that the lists count from.
const AS_OF: &str = "2026-06-30T00:00:00Z";

/// How many edits there are between the old rules and the new.
const EDITS: usize = 12;

/// A million leads.
pub(crate) fn million(target: &Path, peers: &Path) -> Result<(), String> {
    let bench = Bench::new(target, peers, 1_000_000)?;
    let counting = bench.own("csv crate, counting", "count", "1", &[&bench.csv]);
    bench.show("ICP adherence", "icp", &[50], ("≤ 0.40", 5), None)?;
    bench.show("Routing with 50 rules", "routes", &[50], ("≤ 0.29", 5), None)?;
    bench.show("Old against new, 50 rules", "routes", &[50, 50], ("≤ 0.20", 5), None)?;
    bench.show("Routing with 500 rules", "routes", &[500], ("≤ 0.067", 3), Some(counting))?;
    bench.show("Old against new, 500 rules", "routes", &[500, 500], ("≤ 0.033", 3), None)
}

/// Ten million leads. With 500 rules nobody is asked but `opmodel`: the others take many minutes.
pub(crate) fn ten_million(target: &Path, peers: &Path) -> Result<(), String> {
    let mut bench = Bench::new(target, peers, 10_000_000)?;
    bench.show("ICP adherence", "icp", &[50], ("≤ 0.40", 1), None)?;
    bench.show("Routing with 50 rules", "routes", &[50], ("≤ 0.29", 1), None)?;
    bench.show("Old against new, 50 rules", "routes", &[50, 50], ("≤ 0.20", 1), None)?;
    bench.python = None;
    let counting = bench.own("csv crate, counting", "count", "1", &[&bench.csv]);
    bench.show("Routing with 500 rules", "routes", &[500], ("", 1), Some(counting))
}

/// An export, and who is asked about it.
struct Bench {
    folder: PathBuf,
    csv: PathBuf,
    rows: usize,
    this: PathBuf,
    python: Option<PathBuf>,
}

impl Bench {
    fn new(target: &Path, peers: &Path, rows: usize) -> Result<Self, String> {
        let folder = target.join("figures-records");
        let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(fault)?;
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let csv = folder.join(format!("leads-{rows}.csv"));
        if !csv.exists() {
            eprint!("writing {rows} leads to {} … ", csv.display());
            let unfinished = folder.join("unfinished.csv");
            exports::write(&unfinished, rows).map_err(fault)?;
            fs::rename(&unfinished, &csv).map_err(fault)?;
            eprintln!("done");
        }
        let python = Some(peers.join("python/bin/python")).filter(|python| python.exists());
        Ok(Self { folder, csv, rows, this, python })
    }

    fn file(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }

    /// A line that asks this harness itself, as a process of its own.
    fn own(&self, label: &str, verb: &str, threads: &str, files: &[&PathBuf]) -> Line {
        let files = files.iter().map(|path| (*path).clone());
        let verb = format!("{ANSWER} records {verb} {threads}");
        Line::new(label, &self.this, &self.folder).with(&verb).paths(files)
    }

    /// Asks one question of everybody, once to compare the answers and then for the figures.
    fn show(
        &self,
        title: &str,
        verb: &str,
        sizes: &[usize],
        (wanted, rounds): (&str, usize),
        beside: Option<Line>,
    ) -> Result<(), String> {
        let lists = match sizes {
            [one] => vec![rules(*one)],
            [one, ..] => vec![rules(*one), edited(&rules(*one), EDITS)],
            [] => Vec::new(),
        };
        let mut files = vec![self.csv.clone()];
        for (at, rules) in lists.iter().enumerate() {
            files.push(self.file(&format!("{at}.toml"), &exports::model(rules))?);
        }
        let files: Vec<&PathBuf> = files.iter().collect();
        let ours = self.own("opmodel", verb, "1", &files);
        let (mine, figure) = ours.said()?;
        if figure.code != Some(0) {
            return Err(format!("`opmodel` fails: {verb}"));
        }
        let mut notes = vec![format!("{} different answers.", mine.lines().count())];
        let mut lines = vec![ours, self.own("opmodel, two threads", verb, "2", &files)];
        let mut slow = Vec::new();
        for (label, line) in self.peers(verb, &lists)? {
            let (said, figure) = line.said()?;
            if said != mine {
                notes.push(format!("`{label}` gives another answer: its figure means nothing."));
            }
            if figure.wall.as_secs() < 20 { lines.push(line) } else { slow.push(figure) }
        }
        if self.python.is_none() {
            notes.push("DuckDB and Polars are not asked, or not installed.".to_owned());
        }
        lines.extend(beside);
        let mut figures = in_turn(&lines, rounds)?;
        figures.extend(slow);
        notes.push(memory(&figures));
        let base = figures.iter().position(|figure| figure.label == "duckdb");
        let title = format!("{title}, {} records", self.rows);
        table(&title, &figures, base, &[("opmodel", wanted)], &notes);
        Ok(())
    }

    /// Those that are asked the same, on one thread each.
    fn peers(&self, verb: &str, lists: &[Vec<Rule>]) -> Result<Vec<(&'static str, Line)>, String> {
        let Some(python) = &self.python else { return Ok(Vec::new()) };
        let lists: Vec<&[Rule]> = lists.iter().map(Vec::as_slice).collect();
        let sql = match verb {
            "icp" => exports::icp(&self.csv),
            _ => exports::routes(&self.csv, &lists),
        };
        let sql = self.file("question.sql", &sql)?;
        let asks = self.file("ask_duckdb.py", DUCKDB)?;
        let duckdb = Line::new("duckdb", python, &self.folder).paths([asks, sql]);
        let text = match verb {
            "icp" => exports::polars_icp(&self.csv),
            _ => exports::polars(&self.csv, &lists),
        };
        let polars = self.file("ask_polars.py", &text)?;
        let polars = Line::new("polars", python, &self.folder).paths([polars]);
        Ok(vec![("duckdb", duckdb), ("polars", polars)])
    }
}

const DUCKDB: &str = "import sys, duckdb
connection = duckdb.connect(config={'threads': 1})
for row in connection.execute(open(sys.argv[1]).read()).fetchall(): print(*row)
";

fn memory(figures: &[Figure]) -> String {
    let peak = figures.iter().map(|figure| format!("`{}` {}", figure.label, figure.peak >> 20));
    format!("Peak memory in MB: {}.", peak.collect::<Vec<_>>().join(", "))
}

/// Gives one answer about an export.
pub(crate) fn answer(words: &[&str]) -> Result<String, String> {
    match words {
        ["count", _, csv] => {
            let reader = csv::ReaderBuilder::new().from_path(csv);
            let mut reader = reader.map_err(|error| error.to_string())?;
            let (mut record, mut count) = (csv::ByteRecord::new(), 0_u64);
            while reader.read_byte_record(&mut record).map_err(|error| error.to_string())? {
                count += 1;
            }
            Ok(format!("{count}\n"))
        }
        ["icp", threads, csv, model, ..] => icp(threads, csv, model),
        ["routes", threads, csv, models @ ..] => routes(threads, csv, models),
        _ => Err(format!("no answer is called {words:?}")),
    }
}

fn opened<'i>(csv: &str, fields: &[Field]) -> Result<Opened<'i>, String> {
    let file = File::open(csv).map_err(|error| format!("{csv}: {error}"))?;
    let (name, bytes) = (csv.to_owned(), Box::new(file));
    let input = Input { name, bytes, again: None, hash: false, separator: None };
    open(input, fields, None, &Form::default()).map_err(|error| error.to_string())
}

/// Counts records by so many keys. A block tells the keys of its records; the counts stand once.
fn counted(
    (threads, csv): (&str, &str),
    questions: &Questions<'_>,
    fields: &[Field],
    keys: usize,
    key: impl Fn(&Row<'_>) -> u32 + Sync,
) -> Result<Vec<u64>, String> {
    let threads = threads.parse().map_err(|_| "no number of threads")?;
    let mut all = vec![0_u64; keys];
    let each = |part: Vec<u32>, _| {
        for key in part {
            if let Some(count) = all.get_mut(key as usize) {
                *count += 1;
            }
        }
        Ok::<(), RecordsError>(())
    };
    let inputs = vec![opened(csv, fields)?];
    let tell = |keys: &mut Vec<u32>, row: &Row<'_>| keys.push(key(row));
    let read = scan(inputs, questions, Pace::of(threads), Vec::new, tell, each);
    let read = read.map_err(|error| error.to_string())?;
    if read.rejected > 0 {
        return Err(format!("{} rows are no records", read.rejected));
    }
    Ok(all)
}

/// How many records meet each criterion of the ideal customer, and all.
fn icp(threads: &str, csv: &str, model: &str) -> Result<String, String> {
    let model = read(model)?;
    let scope = ModelScope::new(&model);
    let fields = fields(&scope, "lead");
    let as_of = AS_OF.parse().map_err(|error| format!("{error}"))?;
    let mut questions = Questions::new("lead", &fields, as_of);
    let entity = model.get("icp.core").ok_or("no ideal customer")?;
    let mut asked = Vec::new();
    for (name, ..) in exports::ICP {
        let criterion =
            scope.conditions(entity).find(|one| one.criterion.address.id().ends_with(name));
        let expr = criterion.and_then(|one| one.criterion.expr.as_deref()).ok_or(name)?;
        asked.push(questions.condition(&scope, expr).map_err(|error| error.to_string())?);
    }
    let all = (1_u32 << asked.len()) - 1;
    let counts = counted((threads, csv), &questions, &fields, all as usize + 1, |row| {
        asked.iter().rev().fold(0, |met, asked| met << 1 | u32::from(row.holds(*asked)))
    })?;
    let meeting = |wanted: u32| -> u64 {
        let each = (0_u32..).zip(&counts).filter(|(met, _)| met & wanted == wanted);
        each.map(|(_, count)| count).sum()
    };
    let counts = (0..asked.len()).map(|at| 1 << at).chain([all]);
    let counts: Vec<String> = counts.map(|wanted| meeting(wanted).to_string()).collect();
    Ok(format!("{}\n", counts.join(" ")))
}

/// How many records each rule takes, or each pair of an old rule and a new one.
fn routes(threads: &str, csv: &str, models: &[&str]) -> Result<String, String> {
    let models = models.iter().map(|model| read(model)).collect::<Result<Vec<_>, _>>()?;
    let scopes: Vec<ModelScope<'_>> = models.iter().map(ModelScope::new).collect();
    let first = scopes.first().ok_or("no model")?;
    let fields = fields(first, "lead");
    let routers: Option<Vec<Router<'_, '_>>> = scopes
        .iter()
        .map(|scope| Some(Router::of(scope, scope.model().get("routing.all")?)))
        .collect();
    let routers = routers.ok_or("no routing table")?;
    let as_of = AS_OF.parse().map_err(|error| format!("{error}"))?;
    let mut questions = Questions::new("lead", &fields, as_of);
    let tables = routers.iter().map(|router| questions.table(router));
    let tables = tables.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    let rules = |router: &Router<'_, '_>| {
        router.routing.rule.as_ref().map_or(0, |rules| rules.iter().count())
    };
    let sizes: Vec<usize> = routers.iter().map(|router| rules(router) + 1).collect();
    let keys = sizes.iter().product();
    let counts = counted((threads, csv), &questions, &fields, keys, |row| {
        let key = tables.iter().zip(&sizes).fold(0, |key, (table, size)| {
            let place = match row.taken(*table) {
                Taken::Rule(place) => place,
                Taken::Default | Taken::Outside => size - 1,
            };
            key * size + place
        });
        u32::try_from(key).unwrap_or(u32::MAX)
    })?;
    let mut said = String::new();
    for (key, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let last = sizes.last().copied().unwrap_or(1);
        let _ = match sizes.len() {
            1 => writeln!(said, "{key} {count}"),
            _ => writeln!(said, "{} {} {count}", key / last, key % last),
        };
    }
    Ok(said)
}
