//! `evaluate`: the share of promises that were kept is the one that `deviations` tells.

use super::{folder_with, opmodel};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// A Monday, 11:00 in Berlin.
const MONDAY: &str = "2026-11-23T10:00:00Z";

const MODEL: &str = r#"
[model]
format = 1
[model.calendar]
time_zone = "Europe/Berlin"
days = ["mon", "tue", "wed", "thu", "fri"]
hours = "09:00-17:00"
[calendar.night]
time_zone = "UTC"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours = "20:00-04:00"
[calendar.east]
time_zone = "America/New_York"
days = ["mon", "tue", "wed", "thu", "fri"]
hours = "08:00-16:00"
[object.lead]
owner_field = "owner"
[team.sdr]
calendar = "calendar.east"
[role.sdr]
team = "team.sdr"
[[role.sdr.holder]]
id = "ann"
[[role.sdr.holder]]
id = "ben"
[queue.night]
calendar = "calendar.night"
members = ["role.sdr"]
[queue.day]
members = ["role.sdr"]
[field.lead.owner]
type = "text"
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL"]
[field.lead.created_at]
type = "datetime"
[field.lead.routed_at]
type = "datetime"
[field.lead.touched_at]
type = "datetime"
[routing.inbound]
object = "lead"
default = "queue.day"
default_sla = "sla.model"
[[routing.inbound.rule]]
id = "night"
when = "country = 'NL'"
to = "queue.night"
sla = "sla.queue"
[sla.model]
object = "lead"
applies_to = "country is set"
starts = "routed_at"
stops = "touched_at"
within = "4 business hours"
[sla.owner]
object = "lead"
applies_to = "country != 'AT'"
starts = "created_at"
stops = "touched_at"
within = "6 business hours"
calendar_of = "owner"
restart = "owner change"
[sla.queue]
object = "lead"
applies_to = "country is set"
starts = "routed_at"
stops = "touched_at"
within = "5 business hours"
calendar_of = "queue"
[sla.wall]
object = "lead"
applies_to = "country is set"
starts = "created_at"
stops = "touched_at"
within = "1 day"
outside_hours = "waits"
stops_when = "country = 'AT'"
[metric.model]
object = "lead"
formula = "kept promises"
sla = "sla.model"
by = ["country"]
target = 0.9
[metric.owner]
object = "lead"
formula = "kept promises"
sla = "sla.owner"
[metric.queue]
object = "lead"
formula = "kept promises"
sla = "sla.queue"
[metric.wall]
object = "lead"
formula = "kept promises"
sla = "sla.wall"
[metric.recent]
object = "lead"
formula = "kept promises"
sla = "sla.wall"
population = "country = 'DE'"
window = "3 business days"
dated_by = "created_at"
"#;

/// Leads of all sorts of owners, moments and places.
fn leads() -> String {
    let mut text = "owner,country,created_at,routed_at,touched_at\n".to_owned();
    for at in 0..240_usize {
        let owner = ["ann", "ben", "", "Night", "queue.day", "somebody"][at % 6];
        let country = ["AT", "DE", "NL", "DE", ""][at % 5];
        let moment = |shift: usize| {
            let minutes = at * 137 % 20_000 + shift;
            let (day, rest) = (minutes / 1_440, minutes % 1_440);
            format!("2026-11-{:02}T{:02}:{:02}:00Z", 9 + day, rest / 60, rest % 60)
        };
        let routed = if at % 11 == 0 { String::new() } else { moment(at * 7 % 400) };
        let touched = if at % 4 == 0 { String::new() } else { moment(at * 31 % 2_900) };
        let _ = writeln!(text, "{owner},{country},{},{routed},{touched}", moment(0));
    }
    text
}

fn folder() -> tempfile::TempDir {
    folder_with(&[("model/all.toml", MODEL), ("leads.csv", &leads())])
}

fn told(folder: &Path, command: &str, format: &str) -> super::Run {
    let arguments =
        [command, "leads.csv", "--object", "lead", "--as-of", MONDAY, "--format", format];
    opmodel(folder, &arguments).exits(0)
}

#[test]
fn it_is_what_deviations_tells_of_the_same_records() {
    let folder = folder();
    let evaluated = told(folder.path(), "evaluate", "json").json();
    let deviations = told(folder.path(), "deviations", "json").json();
    let number = |row: &Value, key: &str| row[key].as_u64().expect("a number");
    let promises = deviations["promises"].as_array().expect("promises");
    assert_eq!(promises.len(), 4);
    for promise in promises {
        let address = promise["address"].as_str().expect("an address").replace("sla.", "metric.");
        let metrics = evaluated["metrics"].as_array().expect("metrics");
        let metric = metrics.iter().find(|row| row["metric"] == *address).expect("a metric");
        let [kept, late, breached] = ["kept", "late", "breached"].map(|key| number(promise, key));
        assert!(kept > 0 && late > 0 && breached > 0, "{promise}");
        assert_eq!(number(metric, "counted"), kept, "{address}");
        assert_eq!(number(metric, "records"), kept + late + breached, "{address}");
        let about = number(promise, "records");
        assert_eq!(number(metric, "undecided"), about - kept - late - breached, "{address}");
    }
}

#[test]
fn it_is_told_as_a_share_with_what_is_left_out() {
    let folder = folder();
    insta::assert_snapshot!(told(folder.path(), "evaluate", "text").out);
}
