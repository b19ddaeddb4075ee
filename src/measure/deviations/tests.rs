//! Small things that every list of deviations rests on.

#![expect(clippy::unwrap_used, reason = "a failing test says so by panicking")]

use super::promised::Stretches;
use super::*;
use crate::measure::sla::{Promise, Restart, RunsOn, State};
use crate::model::Duration;
use proptest::prelude::*;

fn promise() -> PromiseCount {
    let promise = Promise {
        address: Address::new("sla.x"),
        name: "X".to_owned(),
        starts: "a".to_owned(),
        stops: "b".to_owned(),
        within: Duration::parse("1 hour").unwrap(),
        target: None,
        runs_on: RunsOn::Model,
        outside: None,
        restart: Restart::Never,
    };
    PromiseCount::new(&promise, Some(24 * 3600))
}

#[test]
fn lengths_of_time_are_said_as_people_say_them() {
    let business = |seconds| Lapse { seconds, business: true, day: 8 * 3600 }.to_string();
    let wall = |seconds| Lapse { seconds, business: false, day: 24 * 3600 }.to_string();
    assert_eq!(business(59), "under 1 business min");
    assert_eq!(business(25 * 60), "25 business min");
    assert_eq!(business(2 * 3600 + 60), "2 business h 1 min");
    assert_eq!(business(8 * 3600), "1 business day");
    assert_eq!(business(3 * 8 * 3600 + 3600), "3 business days 1 h");
    assert_eq!(wall(40 * 3600), "1 day 16 h");
    assert_eq!(wall(90 * 24 * 3600 + 3600), "90 days");
}

#[test]
fn whole_hours_are_told_as_they_are() {
    for hours in [1, 22, 40, 100] {
        let mut count = promise();
        count.add(State::Kept, Stretches { system: Some(hours * 3600), people: None });
        assert_eq!(count.system.median(), Some(hours * 3600));
    }
}

#[test]
fn a_fingerprint_names_record_kind_and_address() {
    let of = |key: &str, kind, address: &str| Fingerprint::of("lead", key, kind, address);
    let one = of("1", Kind::SlaSoon, "sla.x");
    assert_eq!(Fingerprint::parse(&one.to_string()), Some(one));
    for other in [
        of("2", Kind::SlaSoon, "sla.x"),
        of("1", Kind::SlaBreached, "sla.x"),
        of("1", Kind::SlaSoon, "sla.y"),
        Fingerprint::of("deal", "1", Kind::SlaSoon, "sla.x"),
    ] {
        assert_ne!(one, other);
    }
    for text in ["", "dv1:", "om1:0123456789abcdef", "dv1:0123456789abcde", "dv1:0123456789abcdeg"]
    {
        assert_eq!(Fingerprint::parse(text), None, "{text}");
    }
}

#[test]
fn kinds_stand_in_order_and_keep_their_names() {
    let mut sorted = Kind::ALL;
    sorted.sort();
    assert_eq!(sorted, Kind::ALL);
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.id()), Some(kind));
    }
}

#[test]
fn an_earlier_list_is_read_in_either_form() {
    let print = Fingerprint::of("lead", "1", Kind::NotRouted, "routing.x");
    let waived = Fingerprint::of("lead", "2", Kind::NotRouted, "routing.x");
    let json = format!(
        r#"{{"selection": {{"kinds": [], "owner": null}}, "deviations": [
            {{"fingerprint": "{print}", "waived_by": null, "kind": "not-routed",
              "owner": "A, B", "team": null, "address": "routing.x"}},
            {{"fingerprint": "{waived}", "waived_by": "exception.x"}},
            {{"fingerprint": null, "waived_by": null}}]}}"#
    );
    let csv = format!(
        "fingerprint,waived_by,kind,address,owner,team\n\
         {print},,not-routed,routing.x,\"A, B\",\n{waived},exception.x,not-routed\n,,x\n"
    );
    for text in [json.clone(), csv] {
        let earlier = Earlier::read(&text).unwrap();
        assert!(earlier.has(print) && !earlier.has(waived));
        let gone = |still: &[Fingerprint], owner: &str| {
            earlier.gone(&still.iter().copied().collect(), |before| {
                assert_eq!((before.kind, before.team), (Some(Kind::NotRouted), None));
                assert_eq!(before.address, "routing.x");
                before.owner == Some(owner)
            })
        };
        let one = |still, gone, not_sought| Gone { still, gone, not_sought };
        assert_eq!(gone(&[], "A, B"), one(0, 1, 0));
        assert_eq!(gone(&[], "C"), one(0, 0, 1));
        assert_eq!(gone(&[print], "C"), one(1, 0, 0));
    }
    let part = json.replace(r#""kinds": []"#, r#""kinds": ["sla-soon"]"#);
    let part = Earlier::read(&part).unwrap();
    assert_eq!(part.leaves_out(&[], None, None), Some("--kind"));
    assert_eq!(part.leaves_out(&[Kind::SlaSoon], None, None), None);
    let new = json.replace(r#""owner": null"#, r#""new_since": "x.json""#);
    for bad in ["", "{", "{}", "a,b\n1,2\n", &new] {
        assert!(Earlier::read(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn a_median_is_right_to_three_digits_and_never_too_small(
        mut seconds in prop::collection::vec(0..40_000_000i64, 1..60), split in 0..60usize,
    ) {
        let (mut whole, mut halves) = (promise(), [promise(), promise()]);
        for (at, seconds) in seconds.iter().enumerate() {
            let stretches = Stretches { system: Some(*seconds), people: None };
            whole.add(State::Kept, stretches);
            let [first, second] = &mut halves;
            if at < split { first } else { second }.add(State::Kept, stretches);
        }
        let [mut first, second] = halves;
        first.merge(second);
        prop_assert_eq!(&first.system, &whole.system);
        seconds.sort_unstable();
        let exact = *seconds.get((seconds.len() - 1) / 2).unwrap();
        let about = whole.system.median().unwrap();
        prop_assert!((0..=exact / 100 + 60).contains(&(about - exact)), "{} and {}", about, exact);
    }
}
