//! `opmodel explain`: the manual at hand.

use super::{Failure, Session};
use crate::change::{CATALOGUE, Impact, Level};
use crate::check::{RULES, Rule};
use crate::criteria;
use crate::finding::did_you_mean;
use crate::model::{KINDS, Kind};
use crate::report::Page;
use crate::review::expect_page;
use crate::view::{kind_page, rules_page};
use clap::Args;

/// Print the page of a rule, a kind of change or of entity, or the criteria language.
///
/// Without a name it lists the rules of `check`; `criteria` is the page of the language criteria
/// are written in, `expect` that of the files for `review --expect`. Impacts (`loosening`), levels (`approve`) and kinds of entity (`definition`)
/// have pages too.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel explain                        all rules, a line each\n  opmodel explain unknown-reference\n  opmodel explain stage-exit-undecided\n  opmodel explain loosening              an impact; a level such as `approve`\n  opmodel explain definition             a kind of entity, with its properties\n  opmodel explain criteria"
)]
pub struct Explain {
    /// A rule, a kind of change or of entity, an impact, a level, `criteria` or `expect`.
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl Explain {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let Some(name) = self.name else {
            session.page(&rules_page())?;
            return Ok(0);
        };
        if name == "criteria" {
            session.write(criteria::manual())?;
        } else if name == "expect" {
            session.write(expect_page())?;
        } else if let Some(rule) = Rule::of(&name) {
            session.write(rule.page)?;
        } else if let Some(kind) = CATALOGUE.get(&name) {
            session.page(&kind_page(kind))?;
        } else if let Some(page) = word_page(&name) {
            session.page(&page)?;
        } else {
            let help = match did_you_mean(&name, pages()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "see `opmodel explain` for the rules, `opmodel kinds` for the changes".into()
                }
            };
            return Err(Failure::usage(format!("there is no page called `{name}`"), help));
        }
        Ok(0)
    }
}

/// The names of all pages.
pub(super) fn pages() -> impl Iterator<Item = &'static str> {
    let names = RULES.iter().map(|rule| rule.id).chain(["criteria", "expect"]);
    let names = names.chain(KINDS.iter().map(|kind| kind.id));
    let names = names.chain(Impact::ALL.map(Impact::word)).chain(Level::ALL.map(Level::word));
    names.chain(CATALOGUE.kinds().map(|kind| kind.id.as_str()))
}

/// The page of an impact, a level or a kind of entity.
fn word_page(name: &str) -> Option<Page> {
    let impact = Impact::of(name).map(Page::from);
    let level = || Level::of(name).map(Page::from);
    impact.or_else(level).or_else(|| Kind::of(name).map(Page::from))
}
