//! Routing tables as decision tables: each rule a row, with what is known of it for all records.

use super::known::Known;
use super::names::stem;
use super::prose::{Names, Text, one_line};
use super::said::{Ask, Telling};
use crate::criteria::midnight;
use crate::finding::Severity;
use crate::load::Router;
use crate::model::routing::Rule;
use crate::model::{Entity, Item};
use crate::proof::{DEFAULT_BUDGET, Prover, Survey, Table, Useless};
use serde::Serialize;

/// A routing table.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct DecisionTable {
    address: String,
    /// What its data are called.
    data: String,
    href: String,
    name: String,
    description: Option<String>,
    object: Text,
    applies_to: Option<Ask>,
    rows: Vec<Row>,
    default: Text,
    default_sla: Text,
    /// Whether no record should reach the default.
    is_gap: bool,
    /// The records that reach it all the same; or why that is not known.
    gap: Option<Text>,
    /// How many rules are of no use, or need a look.
    dead: usize,
    risky: usize,
}

/// A rule.
#[derive(Debug, Clone, Serialize)]
struct Row {
    number: usize,
    id: String,
    code: String,
    name: String,
    description: Option<String>,
    when: Option<Ask>,
    to: Text,
    sla: Text,
    protects: Option<String>,
    marks: Vec<Mark>,
}

/// What is to be known of a rule.
#[derive(Debug, Clone, Serialize)]
struct Mark {
    /// `dead` or `risky`.
    weight: &'static str,
    word: &'static str,
    words: Text,
}

/// A routing table of a model.
pub(in crate::site) fn decision_table(known: &Known<'_>, entity: &Entity) -> DecisionTable {
    let names = known.names;
    let router = Router::of(names.scope, entity);
    let telling = Telling { names, entity };
    let prover = Prover { as_of: midnight(known.facts.as_of), budget: DEFAULT_BUDGET };
    let is_gap = router.routing.defaults_to_gap();
    let survey = Table::of(&router).map(|table| prover.survey(&table, is_gap));
    let survey = survey.and_then(Result::ok);
    let rules: Vec<&Item<Rule>> =
        router.routing.rule.iter().flat_map(|rules| rules.iter()).collect();
    let useless = useless(&rules, survey.as_ref());
    let told = Rules { known, names, entity, telling, all: &rules };
    let rows: Vec<Row> = rules
        .iter()
        .zip(useless)
        .enumerate()
        .map(|(at, (rule, useless))| told.row(at, rule, useless))
        .collect();
    let count = |weight: &str| {
        rows.iter().filter(|row| row.marks.iter().any(|mark| mark.weight == weight)).count()
    };
    let when = router.routing.applies_to.as_ref();
    let written = when.and_then(|_| entity.table.get("applies_to"));
    let gap = survey.as_ref().and_then(|survey| match &survey.gap {
        Ok(Some(gap)) => Some(names.sentence(&format!("Records reach it: {}.", gap.in_words()))),
        Ok(None) => is_gap.then(|| Text::of("Proved: no record reaches it.")),
        Err(_) => Some(Text::of("Whether records reach it could not be decided.")),
    });
    let routing = &router.routing;
    DecisionTable {
        dead: count("dead"),
        risky: count("risky"),
        applies_to: written.map(|node| telling.ask(node, "applies_to", String::new())),
        object: entity.object().map(|object| names.object(object)).unwrap_or_default(),
        default: linked(names, routing.default.as_ref().map(|to| to.address.as_str())),
        default_sla: linked(names, routing.default_sla.as_ref().map(|sla| sla.address.as_str())),
        rows,
        is_gap,
        gap,
        ..empty(entity)
    }
}

fn empty(entity: &Entity) -> DecisionTable {
    DecisionTable {
        address: entity.address.to_string(),
        data: super::table::data_name(entity.address.as_str()),
        href: super::names::page_of(entity.address.as_str()),
        name: super::prose::name_of(entity),
        description: entity.table.text("description").map(str::to_owned),
        object: Text::default(),
        applies_to: None,
        rows: Vec::new(),
        default: Text::default(),
        default_sla: Text::default(),
        is_gap: false,
        gap: None,
        dead: 0,
        risky: 0,
    }
}

fn linked(names: Names<'_>, address: Option<&str>) -> Text {
    address.map(|address| names.link(address)).unwrap_or_default()
}

/// How each rule is of no use, by its place among all of them; those without a condition are not
/// part of the survey.
fn useless<'s>(rules: &[&Item<Rule>], survey: Option<&'s Survey>) -> Vec<Option<&'s Useless>> {
    let mut found = survey.into_iter().flat_map(|survey| &survey.useless);
    let one = |rule: &&Item<Rule>| match rule.when {
        Some(_) => found.next().and_then(Option::as_ref),
        None => None,
    };
    rules.iter().map(one).collect()
}

/// The rules of a table.
struct Rules<'a, 'm> {
    known: &'a Known<'m>,
    names: Names<'m>,
    entity: &'a Entity,
    telling: Telling<'a, 'm>,
    all: &'a [&'a Item<Rule>],
}

impl Rules<'_, '_> {
    fn row(&self, at: usize, rule: &Item<Rule>, useless: Option<&Useless>) -> Row {
        let path = format!("rule.{}", rule.id);
        let part = self.names.scope.model().part(&format!("{}.{path}", self.entity.address));
        let table = part.and_then(|part| part.node).and_then(|node| node.as_table());
        let text = |key: &str| table.and_then(|table| table.text(key));
        let when = table.and_then(|table| table.get("when"));
        Row {
            number: at + 1,
            id: stem(&path),
            code: rule.id.clone(),
            name: one_line(text("name").unwrap_or(&rule.id)),
            description: text("description").map(str::to_owned),
            when: when.map(|node| self.telling.ask(node, &path, String::new())),
            to: linked(self.names, rule.to.as_ref().map(|to| to.address.as_str())),
            sla: linked(self.names, rule.sla.as_ref().map(|sla| sla.address.as_str())),
            protects: text("protects").map(str::to_owned),
            marks: self.marks(rule, &path, useless),
        }
    }

    fn marks(&self, rule: &Item<Rule>, path: &str, useless: Option<&Useless>) -> Vec<Mark> {
        let mut marks: Vec<Mark> = useless.map(|how| self.proved(how)).into_iter().collect();
        let address = format!("{}.{path}", self.entity.address);
        let about = self.known.facts.report.findings.iter().filter(|finding| {
            let at = finding.address.as_deref().unwrap_or_default();
            at.strip_prefix(address.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        // What is proved has been said already.
        let proved =
            ["rule-never-fires", "rule-redundant", "rule-contradicts-itself", "not-decided"];
        for finding in about.filter(|finding| !proved.contains(&finding.rule)) {
            let (weight, word) = match finding.severity {
                Severity::Error => ("dead", "wrong"),
                _ => ("risky", "look at"),
            };
            marks.push(Mark { weight, word, words: self.names.sentence(&finding.message) });
        }
        marks.extend(self.unmanned(rule));
        marks
    }

    fn proved(&self, how: &Useless) -> Mark {
        let dead = |word, words| Mark { weight: "dead", word, words };
        match how {
            Useless::Contradiction => {
                dead("never fires", Text::of("No record can meet its condition."))
            }
            Useless::Shadowed(blockers) if blockers.is_empty() => dead(
                "never fires",
                Text::of("The table is not about any record that meets its condition."),
            ),
            Useless::Shadowed(blockers) => {
                let with_condition: Vec<_> =
                    self.all.iter().filter(|rule| rule.when.is_some()).collect();
                let names = blockers.iter().filter_map(|at| with_condition.get(*at));
                let names = names.map(|rule| {
                    let place = format!("{}.rule.{}", self.entity.address, rule.id);
                    let href = self.names.href(&place).unwrap_or_default();
                    Text::default().link(rule.id.clone(), href)
                });
                let take = if blockers.len() == 1 { " takes" } else { " take" };
                let who = Text::joined(names.collect(), " and ");
                dead("never fires", who.plain(take).plain(" every such record first."))
            }
            Useless::Redundant => Mark {
                weight: "risky",
                word: "changes nothing",
                words: Text::of("Without it, its records go to the same place."),
            },
            Useless::Undecided(why) => Mark {
                weight: "risky",
                word: "not decided",
                words: Text::of(format!(
                    "Whether it changes anything could not be decided: {why}."
                )),
            },
        }
    }

    /// A rule that sends records where nobody is.
    fn unmanned(&self, rule: &Item<Rule>) -> Option<Mark> {
        let to = rule.to.as_ref()?.address.as_str();
        if rule.protects.is_some() && to.starts_with("field.") {
            return None;
        }
        let roles = super::people::roles_behind(self.names.scope.model(), to)?;
        let acting = |role: &String| {
            self.known.people.role(role).is_some_and(|role| role.acting().next().is_some())
        };
        if roles.iter().any(acting) {
            return None;
        }
        Some(Mark {
            weight: "risky",
            word: "nobody there",
            words: Text::of("Nobody who is at their desk takes from ")
                .then(self.names.link(to))
                .plain("."),
        })
    }
}
