//! Records that are with somebody else than routing says.

use super::case::Case;
use super::checks::Asker;
use super::{Deviation, Kind};
use crate::criteria::{Record, Value};
use crate::load::{DEFAULT, Router};
use crate::measure::columns::{Asks, Lacking};
use crate::measure::standing::{Roster, Whose};
use crate::model::service::Sla;
use crate::model::{Address, Entity, Model};
use crate::records::{Slot, Table, Taken};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A routing table as it is asked.
pub(super) struct RouteCheck<'a, 'm> {
    address: Address,
    table: Table,
    router: Router<'a, 'm>,
    rules: Vec<Rule>,
    default: Rule,
    /// The field in which routing writes the rule that took a record.
    marks: Option<Slot>,
    counts_days: bool,
    lacking: Lacking,
}

/// Where a rule sends records.
struct Rule {
    id: String,
    to: Option<String>,
    /// Where its promise hands on records that nobody serves.
    escalates_to: Vec<String>,
    sla: Option<String>,
}

/// A record that is with somebody else, before anybody asked what an older model said.
pub(super) struct Suspect {
    /// The deviation it is if no older model sends it where it is.
    pub(super) deviation: Deviation,
    pub(super) record: Record,
    pub(super) owner: String,
    /// The instant for which its routing is judged.
    pub(super) at: Timestamp,
}

pub(super) fn ask_routes<'a, 'm>(
    asker: &mut Asker<'_, 'a, 'm>,
    has_owner: bool,
) -> Vec<RouteCheck<'a, 'm>> {
    let scope = asker.scope;
    let kinds = [Kind::NotRouted, Kind::Misrouted, Kind::Overridden, Kind::OlderRevision];
    let tables = scope.model().of_kind("routing").filter(|it| it.object() == Some(asker.object));
    let mut checks = Vec::new();
    let mut some = false;
    for entity in tables.filter(|_| has_owner) {
        some = true;
        let router = Router::of(scope, entity);
        match ask(asker, router) {
            Some(check) => {
                asker.lacks(&kinds, Some(entity.address.as_str()), &check.lacking);
                checks.push(check);
            }
            None => asker.aside(
                kinds.to_vec(),
                Some(entity.address.as_str()),
                "one of its conditions cannot be read",
                "run `opmodel check` for what is wrong with it",
            ),
        }
    }
    if has_owner && !some {
        let help = format!("write a `[routing.…]` with `object = \"{}\"`", asker.object);
        asker.aside(kinds.to_vec(), None, "no routing table is about these records", &help);
    }
    checks
}

fn ask<'a, 'm>(
    asker: &mut Asker<'_, 'a, 'm>,
    router: Router<'a, 'm>,
) -> Option<RouteCheck<'a, 'm>> {
    let table = asker.questions.table(&router).ok()?;
    let (mut fields, mut counts_days) = (BTreeSet::new(), false);
    let scope = asker.scope;
    for criterion in scope.criteria_below(router.entity().address.as_str()) {
        let asks = Asks::of(criterion.expr.as_deref()?, scope).ok()?;
        fields.extend(asks.fields);
        counts_days |= asks.counts_days;
    }
    let model = scope.model();
    let routing = &router.routing;
    let rules = routing.rule.iter().flat_map(|rules| rules.iter());
    let rules = rules.map(|rule| {
        let to = rule.to.as_ref().map(|to| to.address.clone());
        Rule::of(model, &rule.id, to, rule.sla.as_ref().map(|sla| sla.address.clone()))
    });
    let rules: Vec<Rule> = rules.collect();
    let to = routing.default.as_ref().map(|to| to.address.clone());
    let sla = routing.default_sla.as_ref().map(|sla| sla.address.clone());
    let default = Rule::of(model, DEFAULT, to, sla);
    let object = asker.object;
    let named =
        rules.iter().chain([&default]).filter_map(|rule| field_of(rule.to.as_deref()?, object));
    fields.extend(named.map(str::to_owned));
    let lacking = asker.columns.lacking(fields.iter().map(String::as_str));
    let marks = routing.marks.as_ref().map(|at| at.value.0.clone());
    let marks = marks.and_then(|field| asker.slot(&field));
    let address = router.entity().address.clone();
    Some(RouteCheck { address, table, router, rules, default, marks, counts_days, lacking })
}

impl Rule {
    fn of(model: &Model, id: &str, to: Option<String>, sla: Option<String>) -> Self {
        let promise = sla.as_ref().and_then(|sla| model.get(sla)).map(Entity::read::<Sla>);
        let steps = promise.and_then(|promise| promise.escalation);
        let steps = steps.iter().flat_map(|steps| steps.iter());
        let escalates_to =
            steps.filter_map(|step| Some(step.reassign_to.as_ref()?.address.clone()));
        Self { id: id.to_owned(), to, escalates_to: escalates_to.collect(), sla }
    }
}

/// The field of an object that a destination names.
pub(super) fn field_of<'t>(to: &'t str, object: &str) -> Option<&'t str> {
    to.strip_prefix("field.")?.strip_prefix(object)?.strip_prefix('.')
}

/// Whether an owner is who a destination names.
pub(super) fn fits(
    roster: &Roster,
    (owner, whose): (&str, Option<Whose>),
    to: &str,
    named: impl FnOnce(&str) -> Option<String>,
    object: &str,
) -> bool {
    if let Some(field) = field_of(to, object) {
        let Some(named) = named(field) else { return false };
        let same = whose.is_some() && roster.find(&named) == whose;
        return same || named.trim().eq_ignore_ascii_case(owner);
    }
    whose.is_some_and(|whose| roster.belongs(whose, to))
}

/// What a field of a record holds, as a text.
pub(super) fn text_of(record: &Record, field: &str) -> Option<String> {
    match record.get(field)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// Holds the owner of a record against its route; the destination is handed back. Where several tables
/// are about a record, it may be where any of them says.
pub(super) fn judge(case: &mut Case<'_, '_>) -> Option<String> {
    let covering = |route: &'_ RouteCheck<'_, '_>| {
        let allowed = route.lacking.allows(case.row.input());
        allowed.then(|| case.row.taken(route.table)).filter(|taken| *taken != Taken::Outside)
    };
    let checks = case.checks;
    let covering = checks.routes.iter().filter_map(|route| {
        let rule = match covering(route)? {
            Taken::Rule(place) => route.rules.get(place).unwrap_or(&route.default),
            _ => &route.default,
        };
        Some((route, rule))
    });
    let covering: Vec<(&RouteCheck<'_, '_>, &Rule)> = covering.collect();
    let fitting = covering.iter().find(|(_, rule)| fits_rule(case, rule));
    let (route, rule) = fitting.or(covering.first())?;
    // What stays where it is has nobody waiting for it.
    if !case.terminal {
        owner(case, route, rule);
    }
    rule.to.clone()
}

fn owner(case: &mut Case<'_, '_>, route: &RouteCheck<'_, '_>, rule: &Rule) {
    let Some(to) = &rule.to else { return };
    let checks = case.checks;
    let kinds = [Kind::NotRouted, Kind::Misrouted, Kind::Overridden, Kind::OlderRevision];
    if case.owner.is_empty() {
        case.looks(Kind::NotRouted);
        if nobody_waits(case, rule) {
            return;
        }
        let told = format!("nobody has it; {}", says(&checks.roster, rule, to));
        let found = case.deviation(Kind::NotRouted, route.address.clone(), told);
        case.found.push(Deviation { expected: Some(to.clone()), ..found });
        return;
    }
    let Some(whose) = case.whose else { return };
    for kind in kinds {
        case.looks(kind);
    }
    if fits_rule(case, rule) || is_elsewhere_today_only(case, route) {
        return;
    }
    let roster = &checks.roster;
    let expected = Some(to.clone());
    let says = says(roster, rule, to);
    let left = route.default.to.as_deref().is_some_and(|default| {
        matches!(whose, Whose::Pool(_)) && roster.address(whose) == Some(default)
    });
    let name = roster.name(whose);
    if left {
        let told = format!("still in {name}; {says}");
        let found = case.deviation(Kind::NotRouted, route.address.clone(), told);
        case.found.push(Deviation { expected, ..found });
        return;
    }
    let gone = if roster.has_left(whose) { ", who holds no role any more," } else { "" };
    let mark = route.marks.map(|slot| case.row.text(slot).trim().to_owned());
    let marked = mark.as_deref().and_then(|mark| route.rules.iter().find(|rule| rule.id == mark));
    let (kind, how) = match marked {
        Some(marked) if fits_rule(case, marked) => {
            (Kind::Misrouted, format!("; the CRM took it by the rule `{}`", marked.id))
        }
        Some(marked) => (Kind::Overridden, format!("; the CRM had routed it by `{}`", marked.id)),
        None if matches!(whose, Whose::Pool(_)) => (Kind::Misrouted, String::new()),
        None => (Kind::Overridden, String::new()),
    };
    let told = format!("{name}{gone} has it; {says}{how}");
    let found = case.deviation(kind, route.address.clone(), told);
    let found = Deviation { expected, ..found };
    let Some(at) = checks.moments.of_routing(case.row).filter(|at| *at <= checks.as_of) else {
        case.undated(Kind::OlderRevision);
        return case.found.push(found);
    };
    let (record, owner) = (case.record().clone(), case.owner.clone());
    case.suspect = Some(Suspect { deviation: found, record, owner, at });
}

fn says(roster: &Roster, rule: &Rule, to: &str) -> String {
    let by = match rule.id.as_str() {
        DEFAULT => "no rule takes it, so routing says".to_owned(),
        id => format!("by the rule `{id}` routing says"),
    };
    match to.rsplit_once('.') {
        Some((kind, field)) if kind.starts_with("field.") => {
            format!("{by} whoever is in `{field}`")
        }
        _ => format!("{by} {}", roster.name_of(to)),
    }
}

/// Whether nobody expects an owner: the rule starts a promise that is not about the record, or that
/// is settled for it.
fn nobody_waits(case: &Case<'_, '_>, rule: &Rule) -> bool {
    let Some(sla) = &rule.sla else { return false };
    let asked = &case.checks.promises.asked;
    let promise = asked.iter().find(|asked| asked.promise.address.as_str() == sla);
    promise.is_some_and(|promise| {
        promise.lacking.allows(case.row.input()) && !promise.is_awaited(case.row)
    })
}

fn fits_rule(case: &Case<'_, '_>, rule: &Rule) -> bool {
    let (checks, owner) = (case.checks, (case.owner.as_str(), case.whose));
    let mut all = rule.to.iter().chain(&rule.escalates_to);
    all.any(|to| {
        fits(&checks.roster, owner, to, |field| text_of(case.record(), field), checks.object)
    })
}

/// Whether the same rules sent the record to its owner when it was routed: days have gone by since.
fn is_elsewhere_today_only(case: &Case<'_, '_>, route: &RouteCheck<'_, '_>) -> bool {
    let then = case.checks.moments.of_routing(case.row).filter(|_| route.counts_days);
    let Some(then) = then else { return false };
    let Ok(Some(outcome)) = route.router.route(case.record(), then) else { return false };
    let rule = route.rules.iter().find(|rule| rule.id == outcome.rule);
    fits_rule(case, rule.unwrap_or(&route.default))
}
