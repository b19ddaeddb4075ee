//! Routing tables of two states, asked of one record.

use super::super::former::{Known, Ready};
use crate::criteria::Expr;
use crate::load::Router;
use crate::model::Address;
use crate::proof::{Destination, Fate};
use crate::records::{Asked, Questions, Row, Table, Taken};
use std::collections::BTreeMap;

/// A routing table of one state.
pub(super) struct TableSide<'s, 'a> {
    ready: &'s Ready<'a>,
    pub(super) address: Address,
    router: Router<'s, 'a>,
    /// What becomes of records: not routed, no rule, then each rule.
    pub(super) fates: Vec<Fate>,
    /// What decides, in the names of now; or why it is not known.
    says: Result<Says, String>,
}

/// What a table decides by.
struct Says {
    applies_to: Option<Expr>,
    /// The condition of each rule that has one, and the place of the rule.
    rules: Vec<(usize, Expr)>,
}

/// How a table is asked.
#[derive(Debug)]
pub(super) enum AskedTable {
    /// As a table.
    Whole(Table),
    /// Condition by condition.
    Parts { applies_to: Option<Asked>, rules: Vec<(usize, Asked)> },
}

impl AskedTable {
    /// What becomes of a record, by its place among the fates.
    pub(super) fn fate(&self, row: &Row<'_>) -> usize {
        let taken = match self {
            Self::Whole(table) => row.taken(*table),
            Self::Parts { applies_to, .. } if applies_to.is_some_and(|asked| !row.holds(asked)) => {
                Taken::Outside
            }
            Self::Parts { rules, .. } => {
                let first = rules.iter().find(|(_, asked)| row.holds(*asked));
                first.map_or(Taken::Default, |(place, _)| Taken::Rule(*place))
            }
        };
        match taken {
            Taken::Outside => 0,
            Taken::Default => 1,
            Taken::Rule(place) => place + 2,
        }
    }
}

/// The tables that route records of an object, by their address of now.
pub(super) fn tables<'s, 'a>(
    ready: &'s Ready<'a>,
    object: &str,
) -> BTreeMap<String, TableSide<'s, 'a>> {
    let Some(own) = ready.object_then(object) else { return BTreeMap::new() };
    let tables = ready.own().model().of_kind("routing");
    let about = tables.filter(|table| table.object() == Some(own.as_str()));
    about
        .map(|entity| {
            let router = Router::of(ready.own(), entity);
            let now = ready.names().now(entity.address.as_str());
            let (fates, says) = (fates(&router, ready), says(&router, ready, &own));
            (now, TableSide { ready, address: entity.address.clone(), router, fates, says })
        })
        .collect()
}

/// What a rule of a table is called now.
pub(super) fn rule_now(table: &str, id: &str, ready: &Ready<'_>) -> String {
    let now = ready.names().now(&format!("{table}.rule.{id}"));
    now.rsplit_once('.').map_or(id, |(_, id)| id).to_owned()
}

/// What becomes of records, the rules and destinations in the names of now.
fn fates(router: &Router<'_, '_>, ready: &Ready<'_>) -> Vec<Fate> {
    let routing = &router.routing;
    let now = |address: &String| ready.names().now(address);
    let destination = |to: Option<&String>, sla: Option<&String>| Destination {
        to: to.map(now),
        sla: sla.map(now),
        is_gap: false,
    };
    let default = destination(
        routing.default.as_ref().map(|to| &to.address),
        routing.default_sla.as_ref().map(|sla| &sla.address),
    );
    let default = Destination { is_gap: routing.defaults_to_gap(), ..default };
    let mut fates = vec![Fate::NotRouted, Fate::Default(default)];
    for rule in routing.rule.iter().flat_map(|rules| rules.iter()) {
        let to = rule.to.as_ref().map(|to| &to.address);
        let sla = rule.sla.as_ref().map(|sla| &sla.address);
        let id = rule_now(router.entity().address.as_str(), &rule.id, ready);
        fates.push(Fate::Rule(id, destination(to, sla)));
    }
    fates
}

fn says(router: &Router<'_, '_>, ready: &Ready<'_>, own: &str) -> Result<Says, String> {
    let meaning = |span, which: &str| -> Result<Expr, String> {
        let criterion = router.condition(span).filter(|criterion| criterion.faults.is_empty());
        let expr = criterion.and_then(|criterion| criterion.expr.as_deref());
        let expr = expr.ok_or_else(|| format!("the condition of {which} cannot be read"))?;
        ready.meaning(expr, own).map_err(|why| format!("the condition of {which}: {why}"))
    };
    let routing = &router.routing;
    let applies_to =
        routing.applies_to.as_ref().map(|at| meaning(at.span, "the table")).transpose()?;
    let mut rules = Vec::new();
    for (place, rule) in routing.rule.iter().flat_map(|rules| rules.iter()).enumerate() {
        let Some(when) = &rule.when else { continue };
        rules.push((place, meaning(when.span, &format!("rule `{}`", rule.id))?));
    }
    Ok(Says { applies_to, rules })
}

impl<'s> TableSide<'s, '_> {
    /// Every condition that decides.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Expr> {
        self.says.iter().flat_map(|says| {
            says.applies_to.iter().chain(says.rules.iter().map(|(_, condition)| condition))
        })
    }

    /// Why it cannot be asked of one reading of a record, if it cannot.
    pub(super) fn obstacle(&self, known: &Known) -> Option<String> {
        match &self.says {
            Err(why) => Some(why.clone()),
            Ok(_) => self.conditions().find_map(|condition| known.retyped(condition)),
        }
    }

    /// Whether it makes of every record what another one does, rule by rule.
    pub(super) fn same(&self, other: &Self) -> bool {
        let (Ok(one), Ok(two)) = (&self.says, &other.says) else { return false };
        let same = |one: &Option<Expr>, two: &Option<Expr>| match (one, two) {
            (Some(one), Some(two)) => one.same(two),
            (None, None) => true,
            _ => false,
        };
        let rules = || one.rules.iter().zip(&two.rules);
        self.fates == other.fates
            && same(&one.applies_to, &two.applies_to)
            && one.rules.len() == two.rules.len()
            && rules().all(|(one, two)| one.0 == two.0 && one.1.same(&two.1))
    }

    /// Asks it.
    ///
    /// # Errors
    /// Why it cannot be asked.
    pub(super) fn ask<'q>(&'q self, questions: &mut Questions<'q>) -> Result<AskedTable, String>
    where
        's: 'q,
    {
        let says = self.says.as_ref().map_err(Clone::clone)?;
        let mut ask = |expr: &Expr| {
            questions.condition(self.ready.now(), expr).map_err(|why| why.to_string())
        };
        if self.ready.is_renamed() {
            let applies_to = says.applies_to.as_ref().map(&mut ask).transpose()?;
            let rules = says.rules.iter().map(|(place, expr)| Ok((*place, ask(expr)?)));
            return Ok(AskedTable::Parts {
                applies_to,
                rules: rules.collect::<Result<_, String>>()?,
            });
        }
        questions.table(&self.router).map(AskedTable::Whole).map_err(|why| why.to_string())
    }
}
