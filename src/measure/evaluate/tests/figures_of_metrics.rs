//! Metrics and signals, figure by figure: what they come to, what they leave out, and why there is none.

use super::*;

fn figure(text: &str, address: &str, replace: (&str, &str)) -> Figure {
    let model = model(&MODEL.replace(replace.0, replace.1));
    let scope = ModelScope::new(&model);
    let (evaluation, tally, _) = evaluated(&scope, text, |_, _, _| {});
    let at = evaluation.metrics.iter().position(|metric| metric.address == address).unwrap();
    figures(&evaluation.metrics, &tally.metrics).swap_remove(at)
}

const TWO: &str = "status,amount,created_at,touched_at,employees\n\
    New,60,2026-06-25T00:00:00Z,2026-06-24,450\nMQL,,2026-06-26T00:00:00Z,2026-06-28,\n";

#[test]
fn a_metric_without_its_column_is_no_number() {
    let none = ("", "");
    let mqls = figure(TWO, "metric.mqls", none);
    assert_eq!(mqls.value, None);
    assert!(mqls.why.unwrap().starts_with("there is no column for `account.industry`"));
    let pipeline = figure("status,created_at\nNew,2026-06-25\n", "metric.pipeline", none);
    assert_eq!(
        (pipeline.value, pipeline.why.as_deref()),
        (None, Some("there is no column for `amount`"))
    );
    let each = figure("status,created_at\nNew,2026-06-25\n", "metric.each", none);
    let why = "`metric.pipeline` has no value: there is no column for `amount`";
    assert_eq!((each.value, each.why.as_deref()), (None, Some(why)));
}

#[test]
fn figures_say_what_they_leave_out() {
    let first = figure(TWO, "metric.first-touch", ("", ""));
    assert_eq!(
        (first.value, first.records, first.counted, first.reversed),
        (Some(2.into()), 2, 1, 1)
    );
    let average = figure(TWO, "metric.average", ("", ""));
    assert_eq!((average.value, average.records, average.counted), (Some(60.into()), 2, 1));
    let kept = figure(TWO, "metric.kept", ("", ""));
    assert_eq!(kept.why.as_deref(), Some("there is no column for `score`"));
    let head = "score,status,country,created_at,touched_at\n";
    let rows = "60,New,DE,2026-06-24T12:00:00Z,2026-06-25\n60,New,DE,2026-06-20,2026-06-25\n\
        60,New,NL,2026-06-20,\n60,New,NL,2026-06-30,\n60,New,NL,,\n60,SQL,NL,2026-06-20,\n\
        60,Gone,NL,2026-06-20,\n10,New,NL,2026-06-20,\n";
    let kept = figure(&format!("{head}{rows}"), "metric.kept", ("", ""));
    // Kept, late and overdue are decided; one still runs, one never began, one ended otherwise.
    assert_eq!((kept.counted, kept.records, kept.undecided), (1, 3, 3));
    let parts = kept.by[0].1.as_ref().unwrap().iter();
    let parts: Vec<_> = parts.map(|(_, part)| (part.counted, part.records)).collect();
    assert_eq!(parts, [(1, 2), (0, 1)]);
}

#[test]
fn a_promise_that_cannot_be_read_for_every_record_is_no_number() {
    let rows = "score,status,country,created_at,touched_at\n60,New,DE,2026-06-20,2026-06-25\n";
    let why = |replace| figure(rows, "metric.kept", replace).why.unwrap();
    for (from, to, words) in [
        ("sla = \"sla.touch\"", "sla = \"sla.other\"", "there is no `sla.other`"),
        (
            "[sla.touch]\nobject = \"lead\"",
            "[sla.touch]\nobject = \"account\"",
            "`sla.touch` is about `account` records",
        ),
        (
            "within = \"36 hours\"",
            "within = \"4 business hours\"",
            "`sla.touch`: the model has no business calendar",
        ),
        (
            "within = \"36 hours\"",
            "within = \"36 hours\"\nrestart = \"owner change\"",
            "`sla.touch`: its clock starts anew with another owner, and no date says when that was",
        ),
        (
            "within = \"36 hours\"",
            "within = \"4 business hours\"\ncalendar_of = \"owner\"\n[model.calendar]\nhours = \"09:00-17:00\"",
            "`sla.touch`: it runs by the calendar of the owner, and the model does not say which field of \
             `lead` holds the owner",
        ),
    ] {
        assert_eq!(why((from, to)), words);
    }
}

#[test]
fn a_signal_counts_what_its_window_holds_where_a_date_says_so() {
    let fired = |words: &str| {
        let of = "[signal.bounces]\nobject = \"lead\"";
        let model = model(&MODEL.replace(of, &format!("{of}\n{words}")));
        let scope = ModelScope::new(&model);
        let text =
            "bounced,created_at\ntrue,2026-06-25\ntrue,2026-05-01\nfalse,2026-06-25\ntrue,\n";
        let (evaluation, tally, _) = evaluated(&scope, text, |_, _, _| {});
        (tally.signals[0], evaluation.signals[0].is_undated())
    };
    assert_eq!(fired(""), (3, false));
    assert_eq!(fired("window = \"10 days\""), (3, true));
    assert_eq!(fired("window = \"10 days\"\ndated_by = \"created_at\""), (1, false));
}

#[test]
fn a_ratio_of_itself_and_of_nothing_is_no_number() {
    let circle = ("numerator = \"metric.pipeline\"", "numerator = \"metric.each\"");
    let each = figure(TWO, "metric.each", circle);
    assert!(each.why.unwrap().contains("computed from itself"));
    let absent = ("numerator = \"metric.pipeline\"", "numerator = \"metric.elsewhere\"");
    assert!(figure(TWO, "metric.each", absent).why.unwrap().contains("not about these records"));
    let nothing = (
        "[metric.all]\nobject = \"lead\"",
        "[metric.all]\nobject = \"lead\"\npopulation = \"amount > 900\"",
    );
    assert_eq!(figure(TWO, "metric.each", nothing).why.as_deref(), Some("`metric.all` is 0"));
}

#[test]
fn whoever_is_at_the_target_has_met_it_and_whoever_is_at_the_threshold_must_act() {
    let with = |words: &str| {
        let of = "[metric.all]\nobject = \"lead\"";
        figure(TWO, "metric.all", (of, &format!("{of}\n{words}"))).verdict
    };
    for (words, verdict) in [
        ("target = 2\nalert = 1", Some(Verdict::Met)),
        ("target = 3\nalert = 1", Some(Verdict::Missed)),
        ("target = 3\nalert = 2", Some(Verdict::Act)),
        ("target = 2\nalert = 2", Some(Verdict::Met)),
        ("target = 1\nalert = 3\nbetter = \"lower\"", Some(Verdict::Missed)),
        ("target = 2\nalert = 3\nbetter = \"lower\"", Some(Verdict::Met)),
        ("target = 0\nalert = 2\nbetter = \"lower\"", Some(Verdict::Act)),
        ("alert = 1", Some(Verdict::Met)),
        ("alert = 2", Some(Verdict::Act)),
        ("", None),
    ] {
        assert_eq!(with(words), verdict, "{words}");
    }
}
