//! Metrics: each a query of one row with its value, its target and from where on somebody must act.

use super::condition::Condition;
use super::gates::{about_entity, described};
use super::plan::{AS_OF_AT, Plan};
use super::view::{Column, Item, View, select, with};
use crate::criteria::FieldKind;
use crate::model::measure::Metric;
use crate::model::{Clock, Duration, Entity, Unit};

/// How late metrics are made that are made of none.
const FIRST: u8 = 60;

/// Metrics of metrics deeper than this are not written.
const DEEPEST: u8 = 31;

/// A metric as it is computed.
struct Figure {
    value: String,
    /// The queries that are named first.
    named: Vec<(&'static str, String)>,
    /// What it is computed over.
    from: String,
    rank: u8,
}

impl Figure {
    /// One that is computed over views as they are.
    fn plain(value: String, from: String, rank: u8) -> Self {
        Self { value, named: Vec::new(), from, rank }
    }
}

impl<'m> Plan<'_, 'm> {
    /// A metric.
    pub(super) fn metric_view(&mut self, object: &str, entity: &'m Entity) -> Result<View, String> {
        let metric: Metric = entity.read();
        let formula = metric.formula.as_ref().ok_or("it does not say how it is computed")?.word;
        let Figure { value, named, from, rank } = match formula {
            "ratio" => self.ratio(entity.address.as_str(), &metric)?,
            "kept promises" => self.kept(object, entity, &metric, Vec::new())?,
            _ => self.aggregate(object, entity, &metric, formula)?,
        };
        let pen = self.pen;
        let number = |at: Option<&crate::model::At<rust_decimal::Decimal>>| {
            let none = format!("CAST(NULL AS {})", pen.dialect.type_of(FieldKind::Number));
            at.map_or(none, |number| pen.dialect.number(&number.value.to_string()))
        };
        let items = [
            Item::new("metric", pen.text(entity.address.id())?),
            Item::new("value", value.clone()).under(told(formula)),
            Item::new("target", number(metric.target.as_ref())),
            Item::new("alert", number(metric.alert.as_ref())),
        ];
        let address = entity.address.as_str();
        Ok(View {
            name: self.views.of(address, &address.replace('.', "_")),
            rank,
            about: about_entity(entity),
            sql: with(pen, &named, &select(pen, &items, &from, 0)),
            description: described(entity),
            columns: vec![
                Column::new("metric", "Its id."),
                Column::new("value", format!("Its value: {}.", told(formula))),
                Column::new("target", "What it should be."),
                Column::new("alert", "From here on somebody must act."),
            ],
            never: Vec::new(),
        })
    }

    /// A number over the records of an object.
    fn aggregate(
        &mut self,
        object: &str,
        entity: &'m Entity,
        metric: &Metric,
        formula: &str,
    ) -> Result<Figure, String> {
        let pen = self.pen;
        let value = match formula {
            "count" => "COUNT(*)".to_owned(),
            "share" => {
                let counted = self.at(&format!("{}.counts", entity.address))?;
                let counted = counted.ok_or("it does not say which records count")?;
                let when = counted.condition.sql(6);
                let ones = format!("SUM(CASE WHEN {when} THEN 1 ELSE 0 END)");
                format!("CAST({ones} AS {}) / NULLIF(COUNT(*), 0)", self.exact())
            }
            "sum" | "average" => {
                let of = metric.of.as_ref().ok_or("it does not say what it adds up")?;
                let (column, kind) = self.field(object, of)?;
                if !matches!(kind, FieldKind::Integer | FieldKind::Number | FieldKind::Money) {
                    return Err(format!("`{}` is no number", &***of));
                }
                let column = pen.column("r", &column);
                // No record adds up to nothing; of none there is no average.
                if formula == "sum" {
                    format!("COALESCE(SUM({column}), 0)")
                } else {
                    format!("AVG({column})")
                }
            }
            "median days" => {
                let from = metric.from.as_ref().ok_or("it does not say from where it counts")?;
                let to = metric.to.as_ref().ok_or("it does not say up to where it counts")?;
                let [from, to] = [self.second_of(object, from)?, self.second_of(object, to)?];
                let days = format!("({}) / 86400.0", pen.dialect.seconds(&from, &to));
                // What ends before it begins is left out.
                format!("CASE WHEN {to} >= {from} THEN {days} END")
            }
            other => return Err(format!("`{other}` is not a formula it can be written by")),
        };
        let counted = self.counted(object, entity, metric)?;
        let from = format!("{}{counted}", self.over_judged(object));
        if formula == "median days" {
            let (median, from) = pen.dialect.median(&value, &from);
            return Ok(Figure::plain(median, from, FIRST));
        }
        Ok(Figure::plain(value, from, FIRST))
    }

    /// A metric by the values of the fields it is broken down by; none where there are none.
    pub(super) fn metric_by_view(
        &mut self,
        object: &str,
        entity: &'m Entity,
    ) -> Result<Option<View>, String> {
        let metric: Metric = entity.read();
        let Some(formula) = metric.formula.as_ref().map(|formula| formula.word) else {
            return Ok(None);
        };
        let fields: Vec<String> =
            metric.by.iter().flat_map(|by| by.iter()).map(|path| path.value.0.clone()).collect();
        if fields.is_empty() || formula == "ratio" {
            return Ok(None);
        }
        let pen = self.pen;
        let text = pen.dialect.text_type();
        let mut groups = Vec::new();
        for field in &fields {
            let (column, _) = self.field(object, field)?;
            groups.push(format!("CAST({} AS {text})", pen.column("r", &column)));
        }
        let Figure { value, named, from, rank } = match formula {
            "kept promises" => {
                let name = |at: usize| format!("group_{at}");
                let items = groups.iter().enumerate();
                let items = items.map(|(at, group)| Item::new(&name(at), group.clone())).collect();
                let figure = self.kept(object, entity, &metric, items)?;
                groups = (0..groups.len()).map(|at| pen.column("p", &name(at))).collect();
                figure
            }
            "median days" if !pen.dialect.has_median_of_groups() => {
                let dialect = pen.dialect.name();
                return Err(format!(
                    "{dialect} has no median of a group, so it is not broken down"
                ));
            }
            _ => self.aggregate(object, entity, &metric, formula)?,
        };
        let mut parts = Vec::new();
        for (field, group) in fields.iter().zip(groups) {
            let items = [
                Item::new("metric", pen.text(entity.address.id())?),
                Item::new("field", pen.text(field)?),
                Item::new("field_value", group.clone()),
                Item::new("value", value.clone()).under(told(formula)),
            ];
            parts.push(select(pen, &items, &format!("{from}\nGROUP BY {group}"), 0));
        }
        let address = entity.address.as_str();
        let description = format!("{} By the values of fields.", described(entity));
        Ok(Some(View {
            name: self
                .views
                .of(&format!("{address}.by"), &format!("{}_by", address.replace('.', "_"))),
            rank,
            about: about_entity(entity),
            sql: with(pen, &named, &parts.join("UNION ALL\n")),
            description,
            columns: vec![
                Column::new("metric", "Its id."),
                Column::new("field", "The field it is broken down by."),
                Column::new("field_value", "What that field holds; nothing where it is not set."),
                Column::new("value", format!("Its value over those records: {}.", told(formula))),
            ],
            never: Vec::new(),
        }))
    }

    /// A field as an instant without parts of a second, as lengths of time are counted.
    fn second_of(&mut self, object: &str, path: &str) -> Result<String, String> {
        let instant = self.instant_of(object, path)?;
        let is_day = matches!(self.field(object, path), Ok((_, FieldKind::Date)));
        Ok(if is_day { instant } else { self.pen.dialect.whole_second(&instant) })
    }

    fn exact(&self) -> &'static str {
        self.pen.dialect.type_of(FieldKind::Number)
    }

    /// Which records it is computed over.
    fn counted(
        &mut self,
        object: &str,
        entity: &'m Entity,
        metric: &Metric,
    ) -> Result<String, String> {
        let by = metric.dated_by.as_ref().map(|field| field.value.0.as_str());
        let window = match (&metric.window, by) {
            (None, _) => None,
            (Some(window), Some(by)) => Some((window.value, by)),
            (Some(window), None) => {
                let window = window.value;
                return Err(format!(
                    "it looks back {window}, and `dated_by` names no field for that"
                ));
            }
        };
        self.narrowed(object, (entity, "population"), window)
    }

    /// `WHERE` a criterion of an entity holds, in a stretch of time up to now by some field, with what
    /// both say.
    pub(super) fn narrowed(
        &mut self,
        object: &str,
        (entity, property): (&'m Entity, &str),
        window: Option<(Duration, &str)>,
    ) -> Result<String, String> {
        let pen = self.pen;
        let mut all = Vec::new();
        let mut remarks = Vec::new();
        if let Some(part) = self.at(&format!("{}.{property}", entity.address))? {
            remarks.push(format!("{property}: {}", part.text));
            all.push(part.condition);
        }
        if let Some((window, dated_by)) = window {
            let at = self.instant_of(object, dated_by)?;
            let now = pen.column("r", AS_OF_AT);
            let since = self.before(&now, window)?;
            remarks.push(format!("window: {window} up to the as-of instant, by {dated_by}"));
            all.push(Condition::Test(format!("{at} > {since}")));
            all.push(Condition::Test(format!("{at} <= {now}")));
        }
        if all.is_empty() {
            return Ok(String::new());
        }
        let remarks: Vec<&str> = remarks.iter().map(String::as_str).collect();
        let remarks = pen.remarks(0, &remarks);
        Ok(format!("\n{remarks}WHERE {}", Condition::all(all).sql(2)))
    }

    /// The instant a stretch of time before another.
    fn before(&self, now: &str, window: Duration) -> Result<String, String> {
        let count = -i64::from(window.count);
        let dialect = self.pen.dialect;
        match (window.clock, window.unit) {
            (Clock::Business, _) => Err(format!("a window of `{window}` has no fixed start")),
            (_, Unit::Minute) => Ok(dialect.instant_moved(now, count, "minute")),
            (_, Unit::Hour) => Ok(dialect.instant_moved(now, count, "hour")),
            (_, Unit::Day) => Ok(dialect.instant_moved(now, count * 24, "hour")),
            (_, Unit::Week) => Ok(dialect.instant_moved(now, count * 168, "hour")),
            (_, Unit::Month) => Ok(dialect.months_moved(now, count)),
        }
    }

    /// One metric for each of another.
    fn ratio(&mut self, own: &str, metric: &Metric) -> Result<Figure, String> {
        let above = metric.numerator.as_ref().ok_or("it has no numerator")?.address.clone();
        let below = metric.denominator.as_ref().ok_or("it has no denominator")?.address.clone();
        let pen = self.pen;
        let mut deepest = FIRST;
        let mut names = Vec::new();
        for address in [&above, &below] {
            let rank = self.rank_of(address, &mut vec![own.to_owned()])?;
            deepest = deepest.max(rank);
            let name = self.views.of(address, &address.replace('.', "_"));
            names.push(pen.view(&name));
        }
        let value = pen.own("value");
        let [above, below] = ["a", "b"].map(|row| format!("{row}.{value}"));
        let value = format!("CAST({above} AS {}) / NULLIF({below}, 0)", self.exact());
        let from = match names.as_slice() {
            [one, two] => format!("FROM {one} AS a\nCROSS JOIN {two} AS b"),
            _ => String::new(),
        };
        Ok(Figure::plain(value, from, Self::after(deepest)?))
    }

    /// How late a metric is made: after those it is made of. One that is left out has no rank, nor
    /// has one of which those above it are made.
    fn rank_of(&mut self, address: &str, above: &mut Vec<String>) -> Result<u8, String> {
        if above.iter().any(|other| other == address) {
            return Err(format!("`{address}` leads back to itself"));
        }
        if above.len() > usize::from(DEEPEST) {
            return Err(too_deep());
        }
        let scope = self.scope;
        let entity =
            scope.model().get(address).ok_or_else(|| format!("there is no `{address}`"))?;
        let metric: Metric = entity.read();
        let object = entity.object().ok_or_else(|| format!("`{address}` names no object"))?;
        if self.request.object.is_some_and(|asked| asked != object) {
            return Err(format!("it needs `{address}`, which is about `{object}`"));
        }
        let is_ratio = metric.formula.as_ref().is_some_and(|formula| formula.word == "ratio");
        if !is_ratio {
            let object = object.to_owned();
            return match self.metric_view(&object, entity) {
                Ok(view) => Ok(view.rank),
                Err(_) => Err(format!("it needs `{address}`, which is left out")),
            };
        }
        if let Some(rank) = self.ranks.get(address) {
            return Ok(*rank);
        }
        let (Some(one), Some(other)) = (metric.numerator, metric.denominator) else {
            return Err(format!("it needs `{address}`, which is left out"));
        };
        above.push(address.to_owned());
        let ranks = [self.rank_of(&one.address, above)?, self.rank_of(&other.address, above)?];
        above.pop();
        let rank = Self::after(ranks[0].max(ranks[1]))?;
        self.ranks.insert(address.to_owned(), rank);
        Ok(rank)
    }

    /// How late a metric is made that is made of others.
    fn after(deepest: u8) -> Result<u8, String> {
        if deepest >= FIRST + DEEPEST { Err(too_deep()) } else { Ok(deepest + 1) }
    }

    /// The share of promises that were kept, of those that were kept, broken or are overdue; over
    /// records with columns by which they are grouped.
    fn kept(
        &mut self,
        object: &str,
        entity: &'m Entity,
        metric: &Metric,
        groups: Vec<Item>,
    ) -> Result<Figure, String> {
        let pen = self.pen;
        let address = metric.sla.as_ref().ok_or("it names no promise")?.address.clone();
        let scope = self.scope;
        let sla = scope.model().get(&address).ok_or_else(|| format!("there is no `{address}`"))?;
        if sla.object() != Some(object) {
            return Err(format!("`{address}` is not about `{object}`"));
        }
        let counted = self.counted(object, entity, metric)?;
        let promised = self
            .promised(object, sla, (groups, &counted))
            .map_err(|_| format!("it needs `{address}`, which is left out"))?;
        if let Some(why) = self.undecided.get(&address) {
            return Err(format!("it needs `{address}`, which stays `unknown`: {why}"));
        }
        let states = [Item::all("t"), Item::new("state", promised.state)];
        let states = select(pen, &states, &format!("FROM {} AS t", pen.own("timed")), 2);
        let mut named = promised.named;
        named.push(("promised", states));
        let state = pen.column("p", "state");
        let ones = format!("SUM(CASE WHEN {state} = 'kept' THEN 1 ELSE 0 END)");
        let decided =
            format!("SUM(CASE WHEN {state} IN ('kept', 'broken', 'overdue') THEN 1 ELSE 0 END)");
        // What the calendar does not cover is not known, and a share of the rest is another figure.
        let unknown = format!("SUM(CASE WHEN {state} = 'unknown' THEN 1 ELSE 0 END)");
        let share = format!("CAST({ones} AS {}) / NULLIF({decided}, 0)", self.exact());
        let value = format!("CASE WHEN {unknown} = 0 THEN {share} END");
        Ok(Figure { value, named, from: format!("FROM {} AS p", pen.own("promised")), rank: FIRST })
    }
}

/// What a value is, for who reads the view.
fn told(formula: &str) -> &str {
    match formula {
        "kept promises" => "kept promises; nothing where it is not known of one whether it is kept",
        _ => formula,
    }
}

fn too_deep() -> String {
    format!("it is made of metrics of metrics, more than {DEEPEST} deep")
}
