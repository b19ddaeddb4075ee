//! Metrics and signals over records, for people.

use super::evaluate_figures::{Amount, BreakdownRow, MetricRow, SignalRow};
use super::evaluate_page::{head, heading, right};
use super::words::{counted, list_of, thousands};
use crate::report::{Block, Line, Page, Style};
use rust_decimal::Decimal;

/// What metrics and signals ask somebody to do.
pub(super) fn act_lines(metrics: &[MetricRow], signals: &[SignalRow]) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in metrics.iter().filter(|row| row.verdict.as_deref() == Some("act")) {
        let told = |figure: Option<Amount>| figure.map(|it| amount(it, &bounds(row), row));
        let (value, alert) =
            (told(row.value).unwrap_or_default(), told(row.alert).unwrap_or_default());
        let beyond = if row.better == "lower" { "or more" } else { "or less" };
        let line = Line::new().with(Style::Bad, "act now: ").code(&row.metric);
        let line = line.plain(format!(" is {value}; at {alert} {beyond} somebody must act"));
        lines.push(line.then(owner(row)));
    }
    for row in signals.iter().filter(|row| row.fires == Some(true)) {
        let line = Line::new().with(Style::Bad, "fires: ").code(&row.signal);
        let found = counted(row.records, "record");
        let told = match row.threshold {
            1 => format!(", {found}"),
            least => format!(", {found}, where {} are enough", thousands(least)),
        };
        lines.push(line.plain(told).then(tells(row)));
    }
    lines
}

fn owner(row: &MetricRow) -> Line {
    match &row.owner {
        Some(owner) => Line::of("; ").code(owner).plain(" answers for it"),
        None => Line::new(),
    }
}

fn tells(row: &SignalRow) -> Line {
    if row.tells.is_empty() {
        return Line::new();
    }
    let roles: Vec<String> = row.tells.iter().map(|role| format!("`{role}`")).collect();
    Line::of("; it tells ").sentence(&list_of(&roles))
}

pub(super) fn metric_blocks(page: &mut Page, metrics: &[MetricRow]) {
    if metrics.is_empty() {
        return;
    }
    heading(page, Line::of("Metrics"));
    let values: Vec<String> =
        metrics.iter().map(|row| figure((row.value, row.rounded), &bounds(row), row)).collect();
    let wanted = |row: &MetricRow, bound: Option<Amount>| {
        bound.map(|bound| amount(bound, &bounds(row), row)).unwrap_or_default()
    };
    let targets: Vec<String> = metrics.iter().map(|row| wanted(row, row.target)).collect();
    let alerts: Vec<String> = metrics.iter().map(|row| wanted(row, row.alert)).collect();
    let cells = right(&values).into_iter().zip(right(&targets)).zip(right(&alerts));
    let rows = metrics.iter().zip(cells).map(|(row, ((value, target), alert))| {
        vec![
            Line::of("  ").code(&row.metric),
            Line::new().strong(value),
            Line::of(target),
            Line::of(alert),
            verdict(row),
            rests_on(row),
        ]
    });
    let columns = ["  metric", "is", "target", "alert at", "", "rests on"];
    page.push(Block::Table(head(&columns), rows.collect()));
    for row in metrics {
        for by in &row.by {
            breakdown(page, row, by);
        }
    }
}

fn verdict(row: &MetricRow) -> Line {
    match row.verdict.as_deref() {
        Some("met") => Line::new().with(Style::Good, "met"),
        Some("act") => Line::new().with(Style::Bad, "act now"),
        Some(_) if row.better == "lower" => Line::new().with(Style::Warn, "above target"),
        Some(_) => Line::new().with(Style::Warn, "below target"),
        None => Line::new(),
    }
}

/// How many records a figure rests on, or why there is none.
fn rests_on(row: &MetricRow) -> Line {
    if let Some(why) = &row.not_computed {
        return Line::of("not answered: ").sentence(why);
    }
    let records = counted(row.records, "record");
    if let [above, below] = row.parts.as_slice() {
        let above_all = counted(row.counted, "record");
        let below_all = thousands(row.records);
        let told = format!("{above_all} of `{above}` for {below_all} of `{below}`");
        return Line::new().sentence(&told);
    }
    let part = format!("{} of {}", thousands(row.counted), thousands(row.records));
    let told = match row.formula.as_deref() {
        Some("share") => part,
        Some("kept promises") => format!("{part} kept"),
        Some("count") => records,
        _ if row.counted == row.records => records,
        Some("median days") => format!("{part} with both dates"),
        _ => format!("{part} with a value"),
    };
    let window = row.window.as_ref().map(|window| format!(" in {window}")).unwrap_or_default();
    let reversed = match row.reversed {
        0 => String::new(),
        1 => "; 1 ends before it begins, left out".to_owned(),
        number => format!("; {} end before they begin, left out", thousands(number)),
    };
    let undecided = match row.undecided {
        0 => String::new(),
        number => format!("; {} not decided yet, left out", thousands(number)),
    };
    let line = Line::of(format!("{told}{window}{reversed}{undecided}"));
    match row.unreadable {
        0 => line,
        number => {
            let told = format!("; {} cannot be read", counted(number, "cell"));
            line.with(Style::Warn, told)
        }
    }
}

fn breakdown(page: &mut Page, metric: &MetricRow, row: &BreakdownRow) {
    let title = Line::new().code(&metric.metric).plain(" by ").code(&row.field);
    if let Some(why) = &row.not_computed {
        return page.push(Block::Nested(1, title.plain(" is not answered: ").sentence(why)));
    }
    if row.values.is_empty() {
        return;
    }
    page.push(Block::Nested(1, title));
    let figures: Vec<String> =
        row.values.iter().map(|it| figure((it.figure, it.rounded), &[], metric)).collect();
    let rows = row.values.iter().zip(right(&figures)).map(|(value, figure)| {
        vec![
            Line::of("    ").code(value.value.as_deref().unwrap_or("(not set)")),
            Line::of(figure),
            Line::new().dim(format!("of {}", thousands(value.records))),
        ]
    });
    page.push(Block::Table(head(&["", "", ""]), rows.collect()));
}

pub(super) fn signal_blocks(page: &mut Page, signals: &[SignalRow]) {
    if signals.is_empty() {
        return;
    }
    heading(page, Line::of("Signals"));
    let counts: Vec<String> = signals
        .iter()
        .map(|row| row.fires.map_or_else(|| "?".to_owned(), |_| thousands(row.records)))
        .collect();
    let bounds: Vec<String> = signals.iter().map(|row| thousands(row.threshold)).collect();
    let cells = right(&counts).into_iter().zip(right(&bounds));
    let rows = signals.iter().zip(cells).map(|(row, (count, bound))| {
        let (state, told) = match (row.fires, &row.not_computed) {
            (Some(true), _) => {
                (Line::new().with(Style::Bad, "fires"), within(row).then(response(row)))
            }
            (Some(false), _) => (Line::new().with(Style::Good, "quiet"), within(row)),
            (None, why) => {
                let why = why.as_deref().unwrap_or_default();
                (Line::new(), Line::of("not answered: ").sentence(why))
            }
        };
        vec![Line::of("  ").code(&row.signal), Line::of(count), Line::of(bound), state, told]
    });
    page.push(Block::Table(head(&["  signal", "records", "fires at", "", ""]), rows.collect()));
}

/// In which stretch of time records count.
fn within(row: &SignalRow) -> Line {
    match &row.window {
        Some(window) if row.undated => Line::of("counted whenever they were: ")
            .code("dated_by")
            .plain(format!(" names no field for the window of {window}")),
        Some(window) => Line::of(format!("in {window}")),
        None => Line::new(),
    }
}

fn response(row: &SignalRow) -> Line {
    let Some(response) = row.response.as_deref() else { return Line::new() };
    let stop = if row.window.is_some() { ". " } else { "" };
    Line::of(stop).dim(response)
}

/// What a metric comes to, and whether that is all that is known.
fn figure((value, rounded): (Option<Amount>, bool), beside: &[Decimal], row: &MetricRow) -> String {
    let about = if rounded { "about " } else { "" };
    value.map_or_else(|| "?".to_owned(), |value| format!("{about}{}", amount(value, beside, row)))
}

/// What a metric comes to and what it is held against.
fn bounds(row: &MetricRow) -> Vec<Decimal> {
    [row.value, row.target, row.alert].into_iter().flatten().map(|bound| bound.0).collect()
}

/// A number rounded to so many digits behind the point, or to as many more as tell it from nothing and
/// from others beside it.
fn rounded(number: Decimal, digits: u32, beside: &[Decimal]) -> Decimal {
    let nothing = [Decimal::ZERO];
    let others = || beside.iter().chain(&nothing).filter(|other| **other != number);
    let tells = |digits: &u32| {
        let own = number.round_dp(*digits);
        others().all(|other| other.round_dp(*digits) != own)
    };
    let digits = (digits..=Decimal::MAX_SCALE).find(tells).unwrap_or(Decimal::MAX_SCALE);
    number.round_dp(digits).normalize()
}

/// A value in the unit of its metric, told from others beside it.
fn amount(value: Amount, beside: &[Decimal], row: &MetricRow) -> String {
    let is_share = match row.unit.as_deref() {
        Some(unit) => unit == "share",
        None => matches!(row.formula.as_deref(), Some("share" | "kept promises")),
    };
    if is_share {
        let percent = |share: Decimal| share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share);
        // What is not all is not `100%`.
        let beside = beside.iter().copied().chain([Decimal::ONE]).map(percent);
        let beside: Vec<Decimal> = beside.collect();
        return format!("{}%", rounded(percent(value.0), 1, &beside));
    }
    let number = grouped(value.0, beside);
    match (&row.unit, row.formula.as_deref()) {
        (Some(unit), _) => format!("{number} {unit}"),
        (None, Some("median days")) if value.0 == Decimal::ONE => "1 day".to_owned(),
        (None, Some("median days")) => format!("{number} days"),
        _ => number,
    }
}

/// A number with as many digits as say something: `15,000,000`, `38,250.5`, `0.08`.
fn grouped(number: Decimal, beside: &[Decimal]) -> String {
    let digits = match number.abs() {
        large if large >= Decimal::ONE_THOUSAND => 0,
        _ => 2,
    };
    let number = rounded(number, digits, beside);
    let text = number.abs().to_string();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    let sign = if number.is_sign_negative() && !number.is_zero() { "-" } else { "" };
    match rest {
        Some(rest) => format!("{sign}{whole}.{rest}"),
        None => format!("{sign}{whole}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_say_something() {
        for (number, words) in [
            ("15000000", "15,000,000"),
            ("38250.55", "38,251"),
            ("-1234.4", "-1,234"),
            ("0.083333", "0.08"),
            ("2.70", "2.7"),
            ("0", "0"),
            ("-0.001", "-0.001"),
            ("0.000333333", "0.0003"),
        ] {
            assert_eq!(grouped(number.parse().unwrap(), &[]), words);
        }
        for (number, beside, words) in [
            ("38250.55", "38251", "38,250.6"),
            ("38251", "38250.55", "38,251"),
            ("0.3333", "0.333", "0.3333"),
            ("0.333", "0.3333", "0.333"),
            ("12", "12", "12"),
        ] {
            assert_eq!(grouped(number.parse().unwrap(), &[beside.parse().unwrap()]), words);
        }
    }
}
