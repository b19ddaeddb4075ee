//! An evaluation against the plain judgement of each record, and against itself with columns taken away.

use super::{Evaluation, Judged, Tally, Wanted};
use crate::criteria::{Record, Value};
use crate::document::Limits;
use crate::load::{Asked, Gate, Gates, Judge, ModelScope, Router, fit};
use crate::measure::Columns;
use crate::measure::metrics::{Figure, Verdict, figures};
use crate::measure::question::Asking;
use crate::model::Model;
use crate::records::{Form, Input, Pace, Questions, RecordsError, Row, Taken, fields, open, scan};
use crate::source::{RawContent, RawFile};
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::sync::LazyLock;

mod figures_of_metrics;

const MODEL: &str = r#"
[model]
format = 1
[object.lead]
[object.account]
[field.account.industry]
type = "choice"
values = ["Energy", "Other"]
[field.lead.account]
type = "reference"
object = "account"
[field.lead.country]
type = "choice"
values = ["DE", "NL", "US"]
[field.lead.employees]
type = "integer"
[field.lead.score]
type = "integer"
[field.lead.amount]
type = "money"
[field.lead.email]
type = "text"
[field.lead.bounced]
type = "bool"
[field.lead.status]
type = "choice"
values = ["New", "MQL", "SQL", "Gone"]
[field.lead.created_at]
type = "datetime"
[field.lead.touched_at]
type = "date"

[icp.core]
object = "lead"
criteria.size = "employees >= 200 and employees < 5000"
criteria.branch = "account.industry = 'Energy' or score > 60"
disqualifiers.mail = "email ends with '@gmail.example'"
disqualifiers.bounced = "bounced"
[[icp.core.tier]]
id = "a"
when = "employees >= 1000 and amount > 100"
[[icp.core.tier]]
id = "b"
when = "country != 'US'"

[definition.mql]
object = "lead"
criteria.fit = "icp.core"
criteria.intent = "at least 2 of (score >= 40, email is set, touched_at is set)"
[definition.anybody]
object = "lead"

[segment.large]
object = "lead"
when = "employees >= 1000"
[territory.home]
object = "lead"
when = "country in ['DE', 'NL']"
[territory.abroad]
object = "lead"
when = "not territory.home"

[routing.inbound]
object = "lead"
applies_to = "status != 'Gone'"
default = "queue.triage"
[[routing.inbound.rule]]
id = "large-home"
when = "segment.large and territory.home"
to = "queue.large"
[[routing.inbound.rule]]
id = "rich"
when = "amount >= 50 and not bounced"
to = "queue.large"
[[routing.inbound.rule]]
id = "home"
when = "territory.home"
to = "queue.home"

[lifecycle.lead]
object = "lead"
stage_field = "status"
[[lifecycle.lead.stage]]
id = "new"
value = "New"
exit.reachable = "email is set"
next = ["mql", "gone", "nowhere"]
recycle = { to = "gone", when = "bounced" }
[[lifecycle.lead.stage]]
id = "mql"
value = "MQL"
entry.qualified = "definition.mql"
exit.touched = "touched_at is set"
exit.scored = "score >= 40"
required_fields = ["country", "employees"]
next = ["sql", "gone", "new"]
[[lifecycle.lead.stage]]
id = "sql"
value = "SQL"
entry.amount = "amount > 0"
next = ["gone"]
[[lifecycle.lead.stage]]
id = "gone"
value = "Gone"
terminal = true
[[lifecycle.lead.forbidden]]
id = "never-back"
to = "new"
unless = "score > 60"

[metric.all]
object = "lead"
formula = "count"
[metric.mqls]
object = "lead"
formula = "share"
population = "status != 'Gone'"
counts = "definition.mql"
by = ["country"]
target = 0.5
alert = 0.25
better = "higher"
[metric.pipeline]
object = "lead"
formula = "sum"
of = "amount"
dated_by = "created_at"
window = "10 days"
[metric.average]
object = "lead"
formula = "average"
of = "amount"
[metric.first-touch]
object = "lead"
formula = "median days"
from = "created_at"
to = "touched_at"
[metric.each]
object = "lead"
formula = "ratio"
numerator = "metric.pipeline"
denominator = "metric.all"
[metric.kept]
object = "lead"
formula = "kept promises"
population = "status != 'Gone'"
sla = "sla.touch"
by = ["country"]
[sla.touch]
object = "lead"
applies_to = "score >= 40"
stops_when = "status = 'SQL'"
starts = "created_at"
stops = "touched_at"
within = "36 hours"
[signal.bounces]
object = "lead"
when = "bounced"
threshold = 2
"#;

const COLUMNS: [(&str, &[&str]); 11] = [
    ("account", &["", "A1"]),
    ("account.industry", &["", "Energy", "Other"]),
    ("country", &["", "DE", "NL", "US"]),
    ("employees", &["", "120", "450", "2300", "many"]),
    ("score", &["", "10", "40", "70"]),
    ("amount", &["", "0", "60.5", "250"]),
    ("email", &["", "a@b.example", "a@gmail.example"]),
    ("bounced", &["", "true", "false"]),
    ("status", &["", "New", "MQL", "SQL", "Gone", "Odd"]),
    ("created_at", &["", "2026-06-20T12:00:00Z", "2026-06-25T08:30:00Z", "2026-05-01T00:00:00Z"]),
    ("touched_at", &["", "2026-06-26", "2026-06-10"]),
];

static LEADS: LazyLock<Model> = LazyLock::new(|| model(MODEL));

fn model(text: &str) -> Model {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    let file = RawFile { path: "model.toml".to_owned(), content };
    let loaded = crate::load::read(vec![file], Limits::default());
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    loaded.model
}

fn as_of() -> Timestamp {
    "2026-06-30T00:00:00Z".parse().unwrap()
}

/// The rows of an export: for each column which of its values stands there.
type Rows = Vec<Vec<usize>>;

fn rows() -> impl Strategy<Value = Rows> {
    let cells: Vec<_> = COLUMNS.iter().map(|(_, values)| 0..values.len()).collect();
    prop::collection::vec(cells, 1..12)
}

fn export(rows: &Rows, has: &[bool]) -> String {
    let kept = |cells: Vec<&str>| -> String {
        let kept = cells.into_iter().zip(has).filter(|(_, has)| **has).map(|(cell, _)| cell);
        // A row without any value would be no record.
        kept.chain(["x"]).collect::<Vec<_>>().join(",") + "\n"
    };
    let head = kept(COLUMNS.iter().map(|(name, _)| *name).collect());
    let row = |row: &Vec<usize>| {
        kept(row.iter().zip(COLUMNS).map(|(at, (_, values))| values[*at]).collect())
    };
    head + &rows.iter().map(row).collect::<String>()
}

/// What one record is, and what came out for it.
type Seen = (Record, Judged);

fn evaluated(
    scope: &ModelScope<'_>,
    text: &str,
    check: impl Fn(&Evaluation, &Row<'_>, &Judged) + Sync,
) -> (Evaluation, Tally, Vec<Seen>) {
    let fields = fields(scope, "lead");
    let bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    let input = Input::new("leads.csv", bytes);
    let opened = vec![open(input, &fields, None, &Form::default()).unwrap()];
    let columns = Columns::of(&opened, &fields);
    let mut questions = Questions::new("lead", &fields, as_of());
    let wanted = Wanted { as_of: as_of(), addresses: &[], by: Some("country") };
    let mut asking = Asking::new(scope, &mut questions, &columns, "lead");
    let by = wanted.by.filter(|by| !columns.lacks(by));
    let wanted = Wanted { by, ..wanted };
    let evaluation = Evaluation::of(&mut asking, &wanted).unwrap();
    let fresh = || (Tally::new(&evaluation), Vec::new());
    let mut sum = fresh();
    // Each record is a part of its own, put before those that came earlier.
    let single = || Tally::new(&evaluation);
    let take = |part: &mut (Tally, Vec<Seen>), row: &Row<'_>| {
        let mut judged = Judged::default();
        evaluation.judge(row, &mut judged);
        check(&evaluation, row, &judged);
        let mut one = single();
        one.add(&evaluation, row, &judged);
        one.merge(std::mem::replace(&mut part.0, single()));
        part.0 = one;
        part.1.push((row.record(), judged));
    };
    scan::<_, RecordsError>(opened, &questions, Pace::of(2), fresh, take, |(tally, seen), _| {
        sum.0.merge(tally);
        sum.1.extend(seen);
        Ok(())
    })
    .unwrap();
    let (tally, seen) = sum;
    (evaluation, tally, seen)
}

/// The criteria of a gate that fail, in order.
fn failing(gate: &Gate<'_, '_>) -> Vec<String> {
    let name = |asked: &Asked<'_, '_>| asked.condition.criterion.address.to_string();
    let failing = gate.asked.iter().filter(|asked| !asked.passes()).map(name);
    failing.chain(gate.missing.iter().map(|field| format!("missing {field}"))).collect()
}

fn failing_here(gate: &super::Gate, answers: &[Option<bool>]) -> Vec<String> {
    let failing = gate.clauses.iter().zip(answers).filter(|(_, answer)| **answer == Some(false));
    let told = |clause: &super::Clause| match clause.text {
        Some(_) => clause.address.clone(),
        None => format!("missing {}", clause.name),
    };
    failing.map(|(clause, _)| told(clause)).collect()
}

/// Holds what came out for a record against the plain judgement of it.
fn compare(scope: &ModelScope<'_>, evaluation: &Evaluation, row: &Row<'_>, judged: &Judged) {
    let record = row.record();
    let judge = Judge { scope, object: "lead", record: &record, as_of: as_of() };
    let gates = Gates::of(&judge);
    for ((fit, one), plain) in evaluation.icps.iter().zip(&judged.icps).zip(&gates.icps) {
        assert_eq!(one.fits, plain.gate.is_open(), "{record:?}");
        assert_eq!(failing_here(&fit.gate, &one.answers), failing(&plain.gate));
        let tier = one.tier.and_then(|place| fit.tiers.get(place)).map(|tier| tier.id.clone());
        assert_eq!((tier, one.tier_unknown), (plain.tier.clone(), false));
    }
    for (definition, one) in evaluation.definitions.iter().zip(&judged.definitions) {
        let plain = fit(&judge, scope.model().get(&definition.address).unwrap());
        assert_eq!(one.fits, plain.gate.is_open());
    }
    let inside: Vec<&str> = evaluation
        .families
        .iter()
        .zip(&judged.families)
        .flat_map(|(family, answers)| family.members.iter().zip(answers))
        .filter(|(_, answer)| **answer == Some(true))
        .map(|(member, _)| member.address.as_str())
        .collect();
    let plain = gates.segments.iter().chain(&gates.territories);
    assert_eq!(inside, plain.map(|address| address.as_str()).collect::<Vec<_>>());
    for (routes, one) in evaluation.tables.iter().zip(&judged.routes) {
        let router = Router::of(scope, scope.model().get(&routes.address).unwrap());
        let plain =
            router.route(&record, as_of()).unwrap().map(|outcome| (outcome.rule, outcome.to));
        let one = one.unwrap();
        assert!(one.sure);
        let told = routes.told(one.taken);
        assert_eq!(told.map(|(rule, to)| (rule.to_owned(), to.map(str::to_owned))), plain);
    }
    for ((stages, one), plain) in
        evaluation.lifecycles.iter().zip(&judged.stages).zip(&gates.lifecycles)
    {
        let here = one.stage.and_then(|place| stages.stages.get(place));
        assert_eq!(here.map(|stage| stage.id.as_str()), plain.stage.as_deref());
        assert_eq!(one.stored, plain.stored.is_some());
        let Some(here) = here else { continue };
        let entry = &plain.stages[one.stage.unwrap()].1;
        assert_eq!(one.entry, entry.is_open());
        assert_eq!(failing_here(&here.entry, &one.entry_answers), failing(entry));
        assert_eq!(one.leave, plain.exit.as_ref().and_then(Gate::is_open));
        let ways = here.ways.iter().map(|way| way.to.as_str()).zip(one.ways.iter().copied());
        let plain_ways = plain.ways.iter().map(|way| (way.to.as_str(), way.open));
        assert_eq!(ways.collect::<Vec<_>>(), plain_ways.collect::<Vec<_>>(), "{record:?}");
        let back = here.back.as_ref().filter(|_| one.back == Some(true));
        assert_eq!(back.map(|(to, _)| to.clone()), plain.back);
    }
}

/// A figure by the plainest means.
fn plain_figures(scope: &ModelScope<'_>, seen: &[Seen]) -> Vec<Option<Decimal>> {
    let number = |record: &Record, field| match record.get(field) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let seconds = |record: &Record, field| match record.get(field) {
        Some(Value::DateTime(instant)) => Some(instant.as_second()),
        Some(Value::Date(date)) => Some(crate::criteria::midnight(*date).as_second()),
        _ => None,
    };
    let holds = |record: &Record, text: &str| {
        let expr = crate::criteria::parse(text).expr.unwrap();
        crate::criteria::evaluate(&expr, record, "lead", scope, as_of()).unwrap()
    };
    let records = || seen.iter().map(|(record, _)| record);
    let all = Decimal::from(seen.len());
    let population: Vec<_> = records().filter(|r| holds(r, "status != 'Gone'")).collect();
    let mqls = population.iter().filter(|r| holds(r, "definition.mql")).count();
    let share = Decimal::from(mqls).checked_div(Decimal::from(population.len()));
    let end = as_of().as_second();
    let late = records()
        .filter(|r| seconds(r, "created_at").is_some_and(|at| at > end - 10 * 86_400 && at <= end));
    let pipeline: Decimal = late.filter_map(|r| number(r, "amount")).sum();
    let amounts: Vec<Decimal> = records().filter_map(|r| number(r, "amount")).collect();
    let sum: Decimal = amounts.iter().sum();
    let average = sum.checked_div(Decimal::from(amounts.len()));
    let mut lengths: Vec<i64> = records()
        .filter_map(|r| Some(seconds(r, "touched_at")? - seconds(r, "created_at")?))
        .filter(|length| *length >= 0)
        .collect();
    lengths.sort_unstable();
    let middle = lengths.len().checked_sub(1).map(|last| {
        let twice = lengths[last / 2] + lengths[last.div_ceil(2)];
        Decimal::from(twice) / Decimal::from(2 * 86_400)
    });
    let promised = population.iter().filter(|r| holds(r, "score >= 40"));
    let decided: Vec<bool> = promised
        .filter_map(|r| {
            let began = seconds(r, "created_at").filter(|at| *at <= end)?;
            let due = began + 36 * 3_600;
            match seconds(r, "touched_at").filter(|at| *at <= end) {
                Some(touched) => (touched >= began).then_some(touched <= due),
                None => (!holds(r, "status = 'SQL'") && end > due).then_some(false),
            }
        })
        .collect();
    let kept = Decimal::from(decided.iter().filter(|kept| **kept).count());
    let kept = kept.checked_div(Decimal::from(decided.len()));
    // In the order of the addresses: all, average, each, first-touch, kept, mqls, pipeline.
    vec![Some(all), average, Some(pipeline / all), middle, kept, share, Some(pipeline)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn what_is_said_of_a_record_is_what_its_judges_say(rows in rows()) {
        let scope = ModelScope::new(&LEADS);
        let text = export(&rows, &[true; 11]);
        let (evaluation, tally, seen) = evaluated(&scope, &text, |evaluation, row, judged| {
            compare(&scope, evaluation, row, judged);
        });
        prop_assert_eq!(tally.records, rows.len() as u64);
        prop_assert!(evaluation.missing.is_empty());
        for (at, fit) in tally.icps.iter().enumerate() {
            let fitting = seen.iter().filter(|(_, one)| one.icps[at].fits == Some(true)).count();
            prop_assert_eq!(fit.gate.passes, fitting as u64);
            let tiers: u64 = fit.tiers.iter().sum();
            prop_assert_eq!(tiers + fit.untiered, fit.gate.passes);
        }
        let by: u64 = tally.by.values.values().map(|group| group.records).sum();
        prop_assert_eq!(by, tally.records);
        let near = |one: Option<Decimal>| one.map(|one| one.round_dp(9).normalize());
        let found: Vec<_> = figures(&evaluation.metrics, &tally.metrics)
            .iter().map(|figure| near(figure.value)).collect();
        let plain: Vec<_> = plain_figures(&scope, &seen).into_iter().map(near).collect();
        prop_assert_eq!(found, plain);
    }

    #[test]
    fn an_answer_without_a_column_holds_whatever_stood_there(
        rows in rows(),
        mut has in prop::collection::vec(any::<bool>(), 11),
    ) {
        // An export without a single column is refused before.
        has[2] = true;
        let scope = ModelScope::new(&LEADS);
        let (whole, _, all) = evaluated(&scope, &export(&rows, &[true; 11]), |_, _, _| {});
        let (part, tally, some) = evaluated(&scope, &export(&rows, &has), |_, _, _| {});
        let agree = |some: Option<bool>, all: Option<bool>| some.is_none() || some == all;
        for ((_, all), (_, some)) in all.iter().zip(&some) {
            let fits = |judged: &Judged| -> Vec<_> {
                judged.icps.iter().chain(&judged.definitions).cloned().collect()
            };
            for (all, some) in fits(all).into_iter().zip(fits(some)) {
                prop_assert!(agree(some.fits, all.fits));
                prop_assert!(some.tier.is_none() || some.tier == all.tier);
                for (all, some) in all.answers.into_iter().zip(some.answers) {
                    prop_assert!(agree(some, all));
                }
            }
            let inside = |judged: &Judged| judged.families.concat();
            prop_assert!(inside(some).into_iter().zip(inside(all)).all(|(s, a)| agree(s, a)));
            let routes = all.routes.iter().zip(&some.routes);
            for (table, (all, some)) in whole.tables.iter().zip(routes) {
                let (all, some) = (all.unwrap(), some.unwrap());
                let to = |judged: super::JudgedRoute| table.told(judged.taken).map(|(_, to)| to);
                prop_assert!(!some.sure || to(some) == to(all), "{:?} {:?}", some, all);
            }
            for (all, some) in all.stages.iter().zip(&some.stages) {
                if !has[8] {
                    prop_assert!(some.stage.is_none());
                    continue;
                }
                prop_assert_eq!(some.stage, all.stage);
                prop_assert!(agree(some.entry, all.entry) && agree(some.leave, all.leave));
                let ways = some.ways.iter().zip(&all.ways);
                prop_assert!(ways.into_iter().all(|(some, all)| agree(*some, *all)));
                prop_assert!(agree(some.back, all.back));
            }
        }
        for (figure, metric) in figures(&part.metrics, &tally.metrics).iter().zip(&part.metrics) {
            prop_assert_eq!(figure.value.is_none(), figure.why.is_some(), "{}", &metric.address);
        }
        prop_assert_eq!(whole.missing.len(), 0);
    }
}

#[test]
fn a_criterion_that_cannot_be_read_answers_nothing() {
    let model = model(&MODEL.replace("employees >= 200 and", "staff >= 200 and"));
    let scope = ModelScope::new(&model);
    let text = export(&vec![vec![1, 1, 1, 2, 3, 3, 1, 2, 1, 1, 1]], &[true; 11]);
    let (evaluation, tally, _) = evaluated(&scope, &text, |_, _, judged| {
        assert_eq!(judged.icps[0].fits, None);
        assert_eq!(judged.definitions[1].fits, None);
        assert_eq!(judged.routes[0].map(|route| route.taken), Some(Taken::Rule(1)));
    });
    assert_eq!((tally.icps[0].gate.passes, tally.icps[0].gate.unknown), (0, 1));
    let why = |clause: &super::Clause| clause.question.why().unwrap_or_default();
    let size = evaluation.icps[0].gate.clauses.iter().find(|clause| clause.name == "size").unwrap();
    assert!(why(size).contains("staff"), "{}", why(size));
    let fit = &evaluation.definitions[1].gate.clauses[0];
    assert_eq!(why(fit), "`icp.core`, which it refers to, cannot be read");
}

#[test]
fn too_many_values_are_said_and_not_kept() {
    let rows: Vec<String> = (0..1_100).map(|at| format!("{at}@b.example,DE\n")).collect();
    let text = format!("email,country\n{}", rows.concat());
    let by = ("by = [\"country\"]", "by = [\"email\"]");
    let model = model(
        &MODEL
            .replace(by.0, by.1)
            .replace("counts = \"definition.mql\"", "counts = \"country = 'DE'\"")
            .replace("population = \"status != 'Gone'\"\n", ""),
    );
    let scope = ModelScope::new(&model);
    let (evaluation, tally, _) = evaluated(&scope, &text, |_, _, _| {});
    let at = evaluation.metrics.iter().position(|m| m.address == "metric.mqls").unwrap();
    let figure = figures(&evaluation.metrics, &tally.metrics).swap_remove(at);
    assert_eq!(figure.value, Some(Decimal::ONE));
    assert_eq!(
        figure.by[0].1.as_ref().err().map(String::as_str),
        Some("`email` has more than 1000 values")
    );
    assert_eq!(figure.by[1].1.as_ref().map(Vec::len), Ok(1));
}
