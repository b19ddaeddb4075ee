//! A tier or a limit that is never the first to hold.

use super::contradiction::{Core, Demand, contradiction, demands};
use super::not_decided;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::model::Entity;
use crate::proof::Undecided;
use crate::source::Span;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    id: "item-never-counts",
    severity: Severity::Error,
    page: include_str!("item_never_counts.md"),
    run: Some(run),
};

/// More items than this are not pointed at.
const MAX_LABELS: usize = 8;

/// The lists of which the first item that holds counts: the kind, the property, and what one is called.
const LISTS: [(&str, &str, &str); 2] = [("icp", "tier", "tier"), ("lifecycle", "cycle", "limit")];

/// An item of such a list.
struct Turn<'c, 'm> {
    id: &'m str,
    /// Where its condition is written, or its id where it has none.
    span: Span,
    when: When<'c, 'm>,
}

/// When an item holds.
enum When<'c, 'm> {
    /// For every record.
    Always,
    /// Where its condition does.
    Where(Demand<'c, 'm>),
    /// Nobody can read when.
    Unread,
}

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (kind, list, word) in LISTS {
        for entity in context.model.of_kind(kind) {
            findings.extend(of_list(context, entity, (list, word)));
        }
    }
    findings
}

fn of_list<'m>(
    context: &Context<'m>,
    entity: &'m Entity,
    (list, word): (&str, &str),
) -> Vec<Finding> {
    let turns = turns(context, entity, list);
    let ids: BTreeSet<&str> = turns.iter().map(|turn| turn.id).collect();
    // Two of one name are spoken of as that.
    if ids.len() < turns.len() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let base = demands(context, entity);
    for (at, turn) in turns.iter().enumerate() {
        let earlier = turns.get(..at).unwrap_or_default();
        let asked = Asked { context, entity, base: &base, earlier, turn };
        let about = format!("{}.{list}.{}", entity.address, turn.id);
        match asked.why_never() {
            Ok(None) => {}
            Ok(Some(why)) => findings.push(finding(&asked, &why, (word, about))),
            Err(why) => {
                let whether = format!("whether {word} `{}` ever counts", turn.id);
                let about = (entity.place(turn.span), about);
                findings.extend(not_decided::finding(context, &whether, &why, about));
            }
        }
    }
    findings
}

/// The items of a list, in order.
fn turns<'c, 'm>(context: &'c Context<'m>, entity: &'m Entity, list: &str) -> Vec<Turn<'c, 'm>> {
    let items = entity.table.get(list).and_then(|node| node.as_array()).unwrap_or_default();
    let turn = |item: &'m crate::document::Node| {
        let table = item.as_table()?;
        let node = table.get("id")?;
        let id = node.as_text()?;
        let written = table.get("when");
        let address = entity.address.join(list).join(id).join("when");
        let own = context.scope.criteria_of(entity).iter().find(|it| it.address == address);
        let demand = own.and_then(|own| Demand::that_holds(context, own, "only for these"));
        let when = match demand {
            Some(demand) => When::Where(demand),
            None if written.is_some() => When::Unread,
            None => When::Always,
        };
        Some(Turn { id, span: written.map_or(node.span, |when| when.span), when })
    };
    items.iter().filter_map(turn).collect()
}

/// A question about one item.
struct Asked<'a, 'c, 'm> {
    context: &'c Context<'m>,
    entity: &'m Entity,
    /// What a record must meet so that the list is about it.
    base: &'a [Demand<'c, 'm>],
    earlier: &'a [Turn<'c, 'm>],
    turn: &'a Turn<'c, 'm>,
}

/// Why an item never counts.
enum Why<'a> {
    /// Earlier ones hold for all its records.
    Before(Vec<&'a str>),
    /// The list is about none of its records; the places of what keeps them out.
    Outside(Vec<(Place, &'static str)>),
}

impl<'a, 'c, 'm> Asked<'a, 'c, 'm> {
    fn why_never(&self) -> Result<Option<Why<'a>>, Undecided> {
        if let Some(all) = self.earlier.iter().find(|turn| matches!(turn.when, When::Always)) {
            return Ok(Some(Why::Before(vec![all.id])));
        }
        // What holds for all that is left is a way to say so, and one day there may be something left.
        let When::Where(own) = &self.turn.when else { return Ok(None) };
        let before = self.earlier.iter().filter_map(|turn| match &turn.when {
            When::Where(demand) => {
                let mut fails = demand.clone();
                fails.holds = false;
                Some((turn.id, fails))
            }
            _ => None,
        });
        let (ids, before): (Vec<&str>, Vec<Demand<'c, 'm>>) = before.unzip();
        let all = || self.base.iter().chain(&before).chain([own]).cloned().collect::<Vec<_>>();
        if contradiction(self.context, &all())?.is_none() {
            return Ok(None);
        }
        let outside: Vec<Demand<'c, 'm>> = self.base.iter().chain([own]).cloned().collect();
        if let Some(core) = contradiction(self.context, &outside)? {
            // Where nothing fits at all that is what is said.
            let is_empty = contradiction(self.context, self.base)?.is_some();
            return Ok((!is_empty).then(|| Why::Outside(self.places(&core))));
        }
        let all = all();
        let core = contradiction(self.context, &all)?;
        let core = core.map(|core| core.0).unwrap_or_default();
        let blocks = |demand: &Demand<'c, 'm>| {
            core.iter().any(|one| !one.holds && one.criterion.address == demand.criterion.address)
        };
        let blocking = ids.into_iter().zip(&before).filter(|(_, demand)| blocks(demand));
        Ok(Some(Why::Before(blocking.map(|(id, _)| id).collect())))
    }

    /// What of the entity's own criteria keeps the item's records out.
    fn places(&self, core: &Core<'_, '_, '_>) -> Vec<(Place, &'static str)> {
        let own = core.0.iter().filter(|demand| demand.criterion.span != self.turn.span);
        let place = |demand: &&Demand<'_, '_>| {
            let said = if demand.holds { "this must hold" } else { "this must not hold" };
            (self.entity.place(demand.criterion.span), said)
        };
        own.take(MAX_LABELS).map(place).collect()
    }
}

fn finding(asked: &Asked<'_, '_, '_>, why: &Why<'_>, (word, about): (&str, String)) -> Finding {
    let id = asked.turn.id;
    let place = asked.entity.place(asked.turn.span);
    let told =
        |message: String| Finding::new(RULE.id, message).at(place.clone()).about(about.clone());
    match why {
        Why::Outside(places) => {
            let address = &asked.entity.address;
            let message = format!(
                "{word} `{id}` never counts: no record that fits `{address}` meets its condition"
            );
            let finding = told(message).help("correct its condition, or delete it");
            places.iter().fold(finding, |finding, (place, said)| finding.also(place.clone(), *said))
        }
        Why::Before(ids) => {
            let names: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            let (names, hold) = match names.as_slice() {
                [only] => (only.clone(), "holds"),
                [first @ .., last] => (format!("{} and {last}", first.join(", ")), "hold"),
                [] => ("those before it".to_owned(), "hold"),
            };
            let message =
                format!("{word} `{id}` never counts: {names} {hold} for its records first");
            let finding = told(message);
            let blocking = asked.earlier.iter().filter(|turn| ids.contains(&turn.id));
            let finding = blocking.take(MAX_LABELS).fold(finding, |finding, turn| {
                let said = format!("`{}` comes first", turn.id);
                finding.also(asked.entity.place(turn.span), said)
            });
            let first = ids.first().copied().unwrap_or_default();
            finding.help(format!("move it before `{first}`, make `{first}` narrower, or delete it"))
        }
    }
}
