//! Routing tables as data for the simulator: each as it means something now and as it did at every
//! revision of the main line at which it meant something else, all parts kept once.

mod asked;
mod condition;
mod history;
mod pools;

pub use history::{Moment, Wording, history};

use super::names::{page_of, stem};
use super::past::Past;
use crate::load::{ModelScope, Router};
use crate::model::Entity;
use asked::asked;
use condition::Conditions;
use pools::Pools;
use serde_json::{Value as Json, json};

/// Where the page of an address is, from the root of the site; none where it has none.
pub type Href<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The data of a routing table's simulator is called so: the script that has it is `data/NAME.js`.
pub(super) fn data_name(address: &str) -> String {
    format!("routing/{}", stem(address.strip_prefix("routing.").unwrap_or(address)))
}

/// The data of every routing table of a model, by the name of the data.
pub(super) fn data(scope: &ModelScope<'_>, past: Option<&Past>) -> Vec<(String, Json)> {
    let revisions = past.map(|past| past.revisions.as_slice()).unwrap_or_default();
    let moments: Vec<Moment<'_>> = revisions
        .iter()
        .map(|it| Moment { short: &it.short, day: &it.day, from: &it.from, subject: &it.subject })
        .collect();
    let wordings = past.into_iter().flat_map(|past| &past.versions).flat_map(|(address, all)| {
        all.iter().map(|version| Wording {
            at: version.at,
            address,
            said: version.said.as_ref().map(|said| (said.file.as_str(), said.text.as_str())),
        })
    });
    let href = |address: &str| scope.model().get(address).map(|_| page_of(address));
    let tables = history(scope, &moments, wordings, &href);
    // What was before is not known where it was not fetched.
    let cut_off = past.and_then(Past::cut_off).map(|oldest| Json::from(oldest.day.as_str()));
    let told = tables.into_iter().map(|(address, mut json)| {
        if let (Json::Object(table), Some(day)) = (&mut json, &cut_off) {
            table.insert("cut_off".to_owned(), day.clone());
        }
        (data_name(&address), json)
    });
    told.collect()
}

/// A routing table through time, as far as it has been looked at.
#[derive(Debug, Default)]
pub struct Story {
    pools: Pools,
    versions: Vec<Json>,
    /// What it is now; none where it is gone or not there yet.
    last: Option<usize>,
}

impl Story {
    /// Adds what a table is from a revision on, if it is another one than before.
    fn add(&mut self, when: Json, table: Option<(&ModelScope<'_>, &Entity)>, href: Href<'_>) {
        let table = table.map(|(scope, entity)| {
            let content = Written { pools: &mut self.pools, scope, href }.table(entity);
            self.pools.tables.place(content)
        });
        if self.last == table {
            return;
        }
        self.last = table;
        let mut version = json!({ "table": table });
        if let (Json::Object(version), Json::Object(when)) = (&mut version, when) {
            version.extend(when);
        }
        self.versions.push(version);
    }

    /// All of it, with the name people use now.
    fn json(self, entity: &Entity) -> Json {
        let Self { pools, versions, .. } = self;
        json!({
            "address": entity.address.as_str(),
            "name": entity.name(),
            "versions": versions,
            "tables": pools.tables.all(),
            "rules": pools.rules.all(),
            "criteria": pools.criteria.all(),
            "predicates": pools.predicates.all(),
            "lists": pools.lists.all(),
            "asked": pools.asked.all(),
            "fields": pools.fields.all(),
            "names": pools.names.all(),
        })
    }
}

/// A routing table that is being written down.
struct Written<'w, 'm> {
    pools: &'w mut Pools,
    scope: &'w ModelScope<'m>,
    href: Href<'w>,
}

impl Written<'_, '_> {
    fn table(&mut self, entity: &Entity) -> Json {
        let Self { scope, href, .. } = *self;
        let router = Router::of(scope, entity);
        let mut conditions = Conditions::new(self.pools, scope, href);
        let routing = &router.routing;
        let applies_to = routing.applies_to.as_ref();
        let applies_to =
            applies_to.map(|when| conditions.written(router.condition(when.span), when));
        let mut rules = Vec::new();
        for rule in routing.rule.iter().flat_map(|rules| rules.iter()) {
            let when = rule.when.as_ref();
            let when = when.map(|when| conditions.written(router.condition(when.span), when));
            let table = rule_named(&rule.id, entity);
            let to = rule.to.as_ref().map(|to| conditions.name(&to.address));
            let sla = rule.sla.as_ref().map(|sla| conditions.name(&sla.address));
            let content =
                json!({ "id": rule.id, "name": table, "when": when, "to": to, "sla": sla });
            rules.push(conditions.pools.rules.place(content));
        }
        let to = routing.default.as_ref().map(|to| conditions.name(&to.address));
        let sla = routing.default_sla.as_ref().map(|sla| conditions.name(&sla.address));
        let is_gap = routing.defaults_to_gap();
        let paths = asked(&router);
        let object = entity.object().unwrap_or_default();
        let fields: Vec<usize> =
            paths.iter().map(|path| conditions.form_field(object, path)).collect();
        let object = conditions.name(&format!("object.{object}"));
        json!({
            "object": object,
            "applies_to": applies_to,
            "rules": rules,
            "default": { "to": to, "sla": sla, "gap": is_gap },
            "fields": fields,
        })
    }
}

/// The name people use for a rule, where it has one.
fn rule_named<'e>(id: &str, entity: &'e Entity) -> Option<&'e str> {
    let items = entity.table.get("rule").and_then(|node| node.as_array()).unwrap_or_default();
    let mut tables = items.iter().filter_map(|item| item.as_table());
    tables.find(|table| table.text("id") == Some(id))?.text("name")
}
