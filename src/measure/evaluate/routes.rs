//! Routing tables put to records: which rule takes each, and where it goes.

use crate::load::{Criterion, DEFAULT, Router};
use crate::measure::question::{Asking, Question};
use crate::model::Entity;
use crate::model::routing::Routing;
use crate::records::{Row, Table, Taken};
use crate::source::Span;

/// A routing table before records.
#[derive(Debug, Clone)]
pub struct Routes {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// Its rules, in order.
    pub rules: Vec<RouteRule>,
    /// Where a record goes that no rule takes.
    pub default: Option<String>,
    /// Whether no record should get there.
    pub default_is_gap: bool,
    /// The table; or why it has no answer.
    pub table: Result<Table, String>,
    /// Whether it is about a record at all, where columns for that are missing.
    about: Option<Question>,
    /// The rules that ask for missing columns, by their places.
    doubts: Vec<(usize, Question)>,
}

/// A rule of a routing table.
#[derive(Debug, Clone)]
pub struct RouteRule {
    /// Its id.
    pub id: String,
    /// Where it sends records.
    pub to: Option<String>,
    /// The fields without a column that it asks for.
    pub missing: Vec<String>,
}

/// What a table makes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedRoute {
    /// The rule that takes it, missing columns taken as empty.
    pub taken: Taken,
    /// Whether it goes to the same place whatever stood in them.
    pub sure: bool,
}

impl Routes {
    pub(super) fn of(asking: &mut Asking<'_, '_, '_>, entity: &Entity) -> Self {
        let scope = asking.scope;
        let known = scope.model().get(entity.address.as_str());
        let router = known.map(|entity| Router::of(scope, entity));
        let routing: Routing = entity.read();
        let table = match &router {
            Some(router) => asking.questions.table(router).map_err(|why| why.to_string()),
            None => Err("it cannot be read".to_owned()),
        };
        let table = table.map_err(|why| unread(router.as_ref(), &routing).unwrap_or(why));
        let criterion = |span: Span| router.as_ref().and_then(|router| router.condition(span));
        let about = routing.applies_to.as_ref().and_then(|at| criterion(at.span));
        let about = about.map(|about| asking.criterion(about));
        let mut doubts = Vec::new();
        let mut rules = Vec::new();
        for (place, rule) in routing.rule.iter().flat_map(|rules| rules.iter()).enumerate() {
            let when = rule.when.as_ref().and_then(|when| criterion(when.span));
            let question = when.map(|when| asking.criterion(when));
            let missing = question.as_ref().map(|q| q.missing().to_vec()).unwrap_or_default();
            doubts.extend(question.filter(|_| !missing.is_empty()).map(|q| (place, q)));
            let to = rule.to.as_ref().map(|to| to.address.clone());
            rules.push(RouteRule { id: rule.id.clone(), to, missing });
        }
        Self {
            address: entity.address.to_string(),
            name: entity.name().to_owned(),
            rules,
            default: routing.default.as_ref().map(|to| to.address.clone()),
            default_is_gap: routing.defaults_to_gap(),
            table,
            about: about.filter(|about| !about.missing().is_empty()),
            doubts,
        }
    }

    /// What it makes of a record; nothing where it has no answer.
    pub fn judge(&self, row: &Row<'_>) -> Option<JudgedRoute> {
        let taken = row.taken(*self.table.as_ref().ok()?);
        Some(JudgedRoute { taken, sure: self.is_sure(row, taken) })
    }

    fn is_sure(&self, row: &Row<'_>, taken: Taken) -> bool {
        if self.about.as_ref().is_some_and(|about| about.answer(row).is_none()) {
            return false;
        }
        let last = match taken {
            Taken::Outside => return true,
            Taken::Rule(place) => Some(place),
            Taken::Default => None,
        };
        let there = self.told(taken).and_then(|(_, to)| to);
        let mut tried =
            self.doubts.iter().filter(|(place, _)| last.is_none_or(|last| *place <= last));
        tried.all(|(place, rule)| {
            let is_last = Some(*place) == last;
            // Another rule that sends it there as well makes no difference.
            let to = self.rules.get(*place).and_then(|rule| rule.to.as_deref());
            rule.answer(row) == Some(is_last) || !is_last && to.is_some() && to == there
        })
    }

    /// The id of the rule that takes a record, and where it goes; nothing where the table is not
    /// about it.
    pub fn told(&self, taken: Taken) -> Option<(&str, Option<&str>)> {
        match taken {
            Taken::Outside => None,
            Taken::Default => Some((DEFAULT, self.default.as_deref())),
            Taken::Rule(place) => {
                self.rules.get(place).map(|rule| (rule.id.as_str(), rule.to.as_deref()))
            }
        }
    }

    /// The fields without a column that it asks for, each once.
    pub fn missing(&self) -> Vec<String> {
        let about = self.about.iter().flat_map(Question::missing);
        let rules = self.rules.iter().flat_map(|rule| &rule.missing);
        let mut missing: Vec<String> = about.chain(rules).cloned().collect();
        missing.sort();
        missing.dedup();
        missing
    }
}

/// The rule whose condition cannot be read.
fn unread(router: Option<&Router<'_, '_>>, routing: &Routing) -> Option<String> {
    let router = router?;
    let faulty = |span: Span| -> Option<String> {
        let criterion: &Criterion<'_> = router.condition(span)?;
        criterion.faults.first().map(|fault| fault.message.clone())
    };
    if let Some(why) = routing.applies_to.as_ref().and_then(|at| faulty(at.span)) {
        return Some(format!("`applies_to` cannot be read: {why}"));
    }
    routing.rule.iter().flat_map(|rules| rules.iter()).find_map(|rule| {
        let why = faulty(rule.when.as_ref()?.span)?;
        Some(format!("the condition of rule `{}` cannot be read: {why}", rule.id))
    })
}

/// How many records each rule of a table takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RouteTally {
    /// How many the table is about.
    pub records: u64,
    /// How many it is not about.
    pub outside: u64,
    /// How many each rule takes, by its place.
    pub rules: Vec<u64>,
    /// How many no rule takes.
    pub default: u64,
    /// How many could go elsewhere if no column were missing.
    pub unsure: u64,
}

impl RouteTally {
    pub(super) fn new(routes: &Routes) -> Self {
        Self { rules: vec![0; routes.rules.len()], ..Self::default() }
    }

    pub(super) fn add(&mut self, judged: JudgedRoute) {
        self.unsure += u64::from(!judged.sure);
        self.records += u64::from(judged.taken != Taken::Outside);
        match judged.taken {
            Taken::Outside => self.outside += 1,
            Taken::Default => self.default += 1,
            Taken::Rule(place) => self.rules.get_mut(place).into_iter().for_each(|n| *n += 1),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.outside += other.outside;
        self.default += other.default;
        self.unsure += other.unsure;
        for (rule, more) in self.rules.iter_mut().zip(&other.rules) {
            *rule += more;
        }
    }
}
