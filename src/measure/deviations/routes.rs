//! Records that are with somebody else than routing says.

use super::case::Case;
use super::checks::Asker;
use super::{Deviation, Kind};
use crate::load::{DEFAULT, Router};
use crate::measure::columns::Lacking;
use crate::measure::sla::{PromiseAsked, Promises};
use crate::measure::standing::{Roster, RouteAsked, RuleAsked, Whose, text_of};
use crate::model::Address;
use crate::records::{Packed, Slot};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A routing table as it is asked.
pub(super) struct RouteCheck<'a, 'm> {
    address: Address,
    asked: RouteAsked,
    router: Router<'a, 'm>,
    /// The field in which routing writes the rule that took a record.
    marks: Option<Slot>,
}

/// A record that is with somebody else, before anybody asked what an older model said.
pub(super) struct Suspect {
    /// The deviation it is if no older model sends it where it is.
    pub(super) deviation: Deviation,
    pub(super) record: Packed,
    pub(super) owner: String,
    /// The instant for which its routing is judged.
    pub(super) at: Timestamp,
}

/// Which files do not say when records were routed, and whether they stay where they are.
pub(super) struct Unsaid<'l> {
    pub(super) routed: &'l Lacking,
    pub(super) standing: &'l Lacking,
}

pub(super) fn ask_routes<'a, 'm>(
    asker: &mut Asker<'_, 'a, 'm>,
    promises: &Promises,
    has_owner: bool,
    unsaid: &Unsaid<'_>,
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
                let at = Some(entity.address.as_str());
                asker.lacks(&kinds, at, &check.asked.lacking);
                asker.lacks(&kinds, at, unsaid.standing);
                if check.asked.counts_days {
                    asker.lacks(&kinds, at, unsaid.routed);
                }
                let rules = check.asked.rules.iter().chain([&check.asked.default]);
                let started: BTreeSet<&str> =
                    rules.filter_map(|rule| rule.sla.as_deref()).collect();
                for promise in &promises.asked {
                    if started.contains(promise.promise.address.as_str()) {
                        asker.lacks(&[Kind::NotRouted], at, &promise.scope_lacking);
                    }
                }
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
    let (object, columns) = (asker.object, asker.columns);
    let asked = RouteAsked::ask(asker.questions, &router, object, columns)?;
    let marks = router.routing.marks.as_ref().map(|at| at.value.0.clone());
    let marks = marks.and_then(|field| asker.slot(&field));
    let address = router.entity().address.clone();
    Some(RouteCheck { address, asked, router, marks })
}

/// Holds the owner of a record against its route; the destination is handed back. Where several tables
/// are about a record, it may be where any of them says.
pub(super) fn judge(case: &mut Case<'_, '_>) -> Option<String> {
    let checks = case.checks;
    let covering =
        checks.routes.iter().filter_map(|route| Some((route, route.asked.rule(case.row)?)));
    let covering: Vec<(&RouteCheck<'_, '_>, &RuleAsked)> = covering.collect();
    let fitting = covering.iter().find(|(_, rule)| fits_rule(case, rule));
    let (route, rule) = fitting.or(covering.first())?;
    // What stays where it is has nobody waiting for it.
    let knows = checks.says_owner(case.row) && checks.standing_lacking.allows(case.row.input());
    if knows && !case.terminal {
        owner(case, route, rule);
    }
    rule.to.clone()
}

fn owner(case: &mut Case<'_, '_>, route: &RouteCheck<'_, '_>, rule: &RuleAsked) {
    let Some(to) = &rule.to else { return };
    let checks = case.checks;
    let kinds = [Kind::NotRouted, Kind::Misrouted, Kind::Overridden, Kind::OlderRevision];
    if case.owner.is_empty() {
        let Some(waits) = somebody_waits(case, rule) else { return };
        case.looks(Kind::NotRouted);
        if !waits {
            return;
        }
        let told = format!("nobody has it; {}", says(&checks.roster, rule, to));
        let found = case.deviation(Kind::NotRouted, route.address.clone(), told);
        case.found.push(Deviation { expected: Some(to.clone()), ..found });
        return;
    }
    let Some(whose) = case.whose else { return };
    let fits = fits_rule(case, rule);
    // Days have gone by since it was routed, and where nothing says when, nobody knows how many.
    let counts_days = checks.routes.iter().any(|route| route.asked.counts_days);
    let dated = !counts_days || checks.routed_lacking.allows(case.row.input());
    if !fits && !dated {
        return;
    }
    for kind in kinds {
        case.looks(kind);
    }
    if fits || is_elsewhere_today_only(case) {
        return;
    }
    let roster = &checks.roster;
    let expected = Some(to.clone());
    let says = says(roster, rule, to);
    let left = route.asked.default.to.as_deref().is_some_and(|default| {
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
    let marked =
        mark.as_deref().and_then(|mark| route.asked.rules.iter().find(|rule| rule.id == mark));
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
    let (record, owner) = (Packed::of(case.row), case.owner.clone());
    case.suspect = Some(Suspect { deviation: found, record, owner, at });
}

fn says(roster: &Roster, rule: &RuleAsked, to: &str) -> String {
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

/// Whether somebody expects an owner: nobody does where the rule starts a promise that is not about
/// the record, or that is settled for it. None where the file lacks what would tell.
fn somebody_waits(case: &Case<'_, '_>, rule: &RuleAsked) -> Option<bool> {
    let asked = &case.checks.promises.asked;
    let is_meant =
        |asked: &&PromiseAsked| rule.sla.as_deref() == Some(asked.promise.address.as_str());
    asked.iter().find(is_meant).map_or(Some(true), |promise| promise.is_awaited(case.row))
}

fn fits_rule(case: &Case<'_, '_>, rule: &RuleAsked) -> bool {
    let (checks, owner) = (case.checks, (case.owner.as_str(), case.whose));
    let named = |field: &str| text_of(case.record(), field);
    rule.fits(&checks.roster, owner, named, checks.object)
}

/// Whether the same rules sent the record to its owner when it was routed: days have gone by since. Of
/// several tables any may have sent it there.
fn is_elsewhere_today_only(case: &Case<'_, '_>) -> bool {
    let Some(then) = case.checks.moments.of_routing(case.row) else { return false };
    let counting = case.checks.routes.iter().filter(|route| route.asked.counts_days);
    let mut asked = counting.filter(|route| route.asked.lacking.allows(case.row.input()));
    asked.any(|route| {
        let Ok(Some(outcome)) = route.router.route(case.record(), then) else { return false };
        let rule = route.asked.rules.iter().find(|rule| rule.id == outcome.rule);
        fits_rule(case, rule.unwrap_or(&route.asked.default))
    })
}
