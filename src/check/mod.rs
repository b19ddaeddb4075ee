//! The rules about one model: each is one file of code and one page of the manual.
//!
//! A rule sees the whole model through [`Context`] and returns findings; it decides neither how
//! much it weighs (that is [`Rule::severity`] and the model's policy) nor how it is shown.

mod meant;
mod page;
mod policy;
mod rules;

pub use page::{Example, Page};
pub use rules::RULES;

use crate::criteria::midnight;
use crate::document::Limits;
use crate::finding::{Finding, Place, Severity};
use crate::load::{self, ModelScope};
use crate::model::Model;
use crate::proof::{Claimed, Prover, claimed};
use crate::source::{RawFile, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;

/// What a rule sees.
#[derive(Debug)]
pub struct Context<'m> {
    /// The model.
    pub model: &'m Model,
    /// Its fields, lists and criteria, ready for typing and evaluation.
    pub scope: &'m ModelScope<'m>,
    /// The day for which expiries and reviews are judged.
    pub as_of: Date,
    /// The model's folder, with `/` between parts.
    pub folder: &'m str,
    /// The ids of the kinds of change, which policy entries and decision rights may name.
    pub change_kinds: &'m BTreeSet<&'m str>,
    /// The model whose policy weighs the findings, where it is not the checked one's own.
    pub policy: Option<&'m Model>,
    /// The addresses of everything that something else refers to; examples do not count.
    pub referred: rules::Addresses<'m>,
    /// Whoever answers questions about all records there can be.
    pub prover: Prover,
    /// The examples with their records.
    cases: Vec<rules::Case<'m>>,
    /// The routing tables, and what was found out about each.
    tables: Vec<rules::Surveyed<'m>>,
    /// What each criterion says of all records.
    extents: rules::Extents,
    /// The exclusive territories of each object, and what they share and leave out.
    territories: Vec<Claimed<'m>>,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its id: a fault in kebab-case, the same string everywhere.
    pub id: &'static str,
    /// How much its findings weigh where policy says nothing.
    pub severity: Severity,
    /// Its page of the manual, in Markdown.
    pub page: &'static str,
    /// What it finds; none for a rule whose findings come from reading the files.
    pub run: Option<fn(&Context<'_>) -> Vec<Finding>>,
}

impl Rule {
    /// The rule of an id.
    pub fn of(id: &str) -> Option<&'static Self> {
        RULES.iter().copied().find(|rule| rule.id == id)
    }

    /// Its page, taken apart.
    pub fn page(&self) -> Page {
        Page::of(self.page)
    }
}

/// What was found in a model, weighed and sorted, and what was read.
#[derive(Debug)]
pub struct Report {
    /// The findings that policy leaves standing, by path and place.
    pub findings: Vec<Finding>,
    /// How many findings policy turned off, by rule.
    pub silenced: BTreeMap<&'static str, usize>,
    /// How many files were read.
    pub files: usize,
    /// How many entities of each kind were read.
    pub entities: BTreeMap<String, usize>,
    /// How many questions about all records stayed without an answer.
    pub undecided: usize,
    /// The day for which it was judged.
    pub as_of: Date,
}

impl Report {
    /// How many findings weigh this much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// How many entities were read.
    pub fn entity_count(&self) -> usize {
        self.entities.values().sum()
    }

    /// Whether the model is valid: no finding is an error.
    pub fn is_valid(&self) -> bool {
        self.count(Severity::Error) == 0
    }
}

/// How a check is done.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The day for which expiries and reviews are judged.
    pub as_of: Date,
    /// The model's folder, with `/` between parts.
    pub folder: &'a str,
    /// What is checked, for the finding that there is nothing in it.
    pub from: &'a str,
    /// The ids of the kinds of change, which policy entries and decision rights may name.
    pub change_kinds: &'a BTreeSet<&'a str>,
    /// How large things may be.
    pub limits: Limits,
    /// The most steps for one question about all records.
    pub budget: u64,
    /// The model whose policy weighs the findings; the checked one's own where none is given.
    pub policy: Option<&'a Model>,
}

/// Reads files and runs everything there is to say about them.
///
/// # Errors
/// The reason, where a schema of the tool itself is broken.
pub fn check(files: Vec<RawFile>, options: Options<'_>) -> Result<Report, String> {
    let loaded = load::read(files, options.limits);
    let mut findings = loaded.findings;
    // A model is many small pieces, and the process ends soon: giving each back would take longer
    // than most rules.
    let model = ManuallyDrop::new(loaded.model);
    if model.is_empty() {
        findings.push(nothing_read(options.from, loaded.files));
    }
    findings.extend(load::validate(&model)?);
    let scope = ManuallyDrop::new(ModelScope::new(&model));
    for criterion in scope.criteria() {
        findings.extend(load::criterion_findings(criterion));
    }
    let context = Context::new(&scope, options);
    Ok(judge(&context, findings, loaded.files))
}

impl<'m> Context<'m> {
    /// What every rule needs is found out once.
    fn new(scope: &'m ModelScope<'m>, options: Options<'m>) -> Self {
        let Options { as_of, folder, change_kinds, budget, policy, .. } = options;
        let prover = Prover { as_of: midnight(as_of), budget };
        Self {
            model: scope.model(),
            scope,
            as_of,
            folder,
            change_kinds,
            policy,
            referred: rules::referred_to(scope),
            prover,
            cases: rules::cases(scope),
            tables: rules::surveyed(scope, prover),
            extents: rules::extents(scope, prover),
            territories: claimed(scope, prover),
        }
    }
}

fn nothing_read(folder: &str, files: usize) -> Finding {
    let message = match files {
        0 => format!("there is no TOML file in `{folder}`"),
        1 => format!("the one file in `{folder}` holds no entity"),
        _ => format!("the {files} files in `{folder}` hold no entity"),
    };
    Finding::new("nothing-read", message)
        .at(Place::file(&Source::new(folder, "")))
        .help("name the model's folder with `--model`, or make a starter with `opmodel init`")
}

/// Runs every rule over a model; `given` are the findings of reading it.
fn judge(context: &Context<'_>, given: Vec<Finding>, files: usize) -> Report {
    let spelt = rules::malformed_id::with_spelling;
    let given = given.into_iter().map(spelt);
    let mut findings: Vec<Finding> =
        given.map(|finding| meant::with_address(context, finding)).collect();
    for rule in RULES {
        if let Some(run) = rule.run {
            findings.extend(run(context));
        }
    }
    let undecided = findings.iter().filter(|finding| finding.rule == rules::NOT_DECIDED).count();
    let (findings, silenced) = policy::apply(context, findings);
    let mut findings: Vec<Finding> = findings.into_iter().map(meant::with_odd_letter).collect();
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup();
    let mut entities = BTreeMap::new();
    for entity in context.model.entities() {
        *entities.entry(entity.address.kind().to_owned()).or_default() += 1;
    }
    Report { findings, silenced, files, entities, undecided, as_of: context.as_of }
}

#[cfg(test)]
mod tests;
