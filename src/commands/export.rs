//! `opmodel export`: what other tools need to know of the model, in their own forms.

mod sql;

use super::judging::refuse_doubts;
use super::output::write_file;
use super::revision::day;
use super::{Failure, Session};
use crate::history::At;
use crate::load;
use crate::report::{Block, Page, line_difference};
use crate::view::{FileOwners, GENERATED, count, file_owners, list_of};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Write what other tools need to know of the model, in their own forms.
#[derive(Debug, Args)]
pub struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Who is asked about which file, for the forge (CODEOWNERS).
    ///
    /// Behind each file of the model stand the people who hold a role whose approval a change in it
    /// may need: by login, else by e-mail address. The folder itself, and so every new file,
    /// belongs to whoever approves what no other decision right covers. People who have left or
    /// have not begun are left out. A forge asks for one of the owners; `opmodel review` says
    /// exactly whose approvals are needed.
    #[command(
        after_help = "Examples:\n  opmodel export codeowners                                what the file would say\n  opmodel export codeowners --output .github/CODEOWNERS    write it\n  opmodel export codeowners --check .github/CODEOWNERS     whether it is still right"
    )]
    Codeowners(Codeowners),
    /// The model as SQL views for a warehouse, or as a dbt package.
    ///
    /// Writes one file a view, readable, each criterion in the model's own words above its SQL. For
    /// every object: its records under the model's names (`lead_records`) and what every named
    /// predicate says of them (`lead_judged`); for every ICP and definition whether a record is one
    /// and which criteria it fails; the segments and territories it lies in; for every routing table
    /// the rule that takes it, or `default`, and where it goes; for every lifecycle which stages would
    /// let it in and out; for every promise when its clock started and stopped and how it stands,
    /// business hours counted in a view of working time; for every metric its value.
    ///
    /// The views answer as `opmodel` does. A field that is not set satisfies no comparison, and `!=`,
    /// `not in` and `not` hold for it; texts compare without regard to case, choices exactly; numbers
    /// keep ten decimal places. Values of a multi-select stand between semicolons. A field of a related
    /// object (`account.industry`) comes by a join over that object's key. Days are counted from the
    /// one row of `model_as_of`: the moment of the query, `--as-of`, or with dbt the variable `as_of`.
    /// Instants without a time zone are read in that of the session, which should be UTC.
    ///
    /// What cannot be written, for example a criterion that names no field, is left out with all that
    /// needs it, named, and ends with exit code 1; nothing is guessed.
    #[command(
        after_help = "Examples:\n  opmodel export sql --out sql                                   for PostgreSQL\n  opmodel export sql --dialect duckdb --object lead --out sql\n  opmodel export sql --dialect snowflake --system salesforce --schema raw.crm --key Id --out sql\n  opmodel export sql --dialect bigquery --dbt --out dbt          a dbt package\n  opmodel export sql --at 2026-06-30 --as-of 2026-06-30 --out quarter\n  cat sql/*.sql | psql                                           make the views, in order"
    )]
    Sql(Box<sql::Sql>),
}

#[derive(Debug, Args)]
struct Codeowners {
    /// Write it into this file; one that opmodel did not write is left alone.
    #[arg(long, value_name = "PATH", conflicts_with = "check")]
    output: Option<PathBuf>,
    /// Exit with 1 if this file is missing or says something else, and show the difference.
    #[arg(long, value_name = "PATH")]
    check: Option<PathBuf>,
    /// The day on which people hold their roles; today in UTC where none is given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

impl Export {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        match self.what {
            What::Codeowners(command) => command.run(session),
            What::Sql(command) => command.run(session),
        }
    }
}

impl Codeowners {
    fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let owners = self.owners(session)?;
        say_what_is_missing(session, &owners);
        let directory = session.directory();
        if let Some(path) = &self.check {
            return compare(session, &owners, path, &directory.join(path));
        }
        let Some(path) = &self.output else {
            session.write(&owners.text)?;
            return Ok(0);
        };
        let place = directory.join(path);
        refuse_foreign(path, &place)?;
        write_file(&place, &owners.text)?;
        let lines = count(owners.lines, "line", "lines");
        session.note(&format!("wrote {lines} of owners to {}", path.display()));
        Ok(0)
    }

    fn owners(&self, session: &mut Session<'_>) -> Result<FileOwners, Failure> {
        let as_of = match &self.as_of {
            Some(text) => day(text)?,
            None => session.surroundings.today(),
        };
        let workspace = session.workspace()?;
        session.note_left_out(&workspace, &At::WorkTree)?;
        let loaded = load::read(workspace.files(&At::WorkTree)?, workspace.limits);
        // Whoever stands in a file that cannot be read would silently own nothing any more.
        refuse_doubts(&loaded)?;
        if loaded.model.is_empty() {
            let help = Some("see `opmodel check` for all that is wrong with it".to_owned());
            let message = format!("there is nothing of a model in `{}`", workspace.folder_name());
            return Err(Failure::World { message, help });
        }
        Ok(file_owners(&loaded.model, &workspace.folder, as_of))
    }
}

fn say_what_is_missing(session: &mut Session<'_>, owners: &FileOwners) {
    if !owners.unnamed.is_empty() {
        let roles: Vec<String> = owners.unnamed.iter().map(|role| format!("`{role}`")).collect();
        let has = if roles.len() == 1 { "has" } else { "have" };
        let roles = list_of(&roles);
        session.note(&format!(
            "{roles} {has} nobody whose login or e-mail address can be written, and so own nothing"
        ));
    }
    for path in &owners.left_out {
        session.note(&format!("`{path}` cannot be written in such a file, and is left out"));
    }
    if owners.lines == 0 {
        session.note("no decision right of the model names anybody who approves");
    }
}

fn compare(
    session: &mut Session<'_>,
    owners: &FileOwners,
    path: &Path,
    place: &Path,
) -> Result<u8, Failure> {
    let path = path.display();
    let text = match std::fs::read(place) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).replace("\r\n", "\n"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::disk("read", place, error)),
    };
    if text == owners.text {
        session.note(&format!("{path} is what the decision rights say"));
        return Ok(0);
    }
    let mut page = Page::default();
    page.push(Block::Difference(0, line_difference(&text, &owners.text)));
    session.page(&page)?;
    let help = if is_foreign(&text) {
        "it was not written by this command: add the lines that are missing by hand".to_owned()
    } else {
        format!("write it anew with `opmodel export codeowners --output {path}`")
    };
    session.note(&format!("{path} is not what the decision rights say; {help}"));
    Ok(1)
}

/// Whether somebody else wrote a file.
fn is_foreign(text: &str) -> bool {
    !text.trim().is_empty() && !text.lines().any(|line| line.contains(GENERATED))
}

/// A file that somebody wrote by hand is never overwritten.
fn refuse_foreign(path: &Path, place: &Path) -> Result<(), Failure> {
    let Ok(bytes) = std::fs::read(place) else { return Ok(()) };
    if !is_foreign(&String::from_utf8_lossy(&bytes)) {
        return Ok(());
    }
    Err(Failure::World {
        message: format!("`{}` was not written by this command, and is left alone", path.display()),
        help: Some("print the lines without `--output` and add those you want by hand".to_owned()),
    })
}
