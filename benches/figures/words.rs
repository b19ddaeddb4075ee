//! What the generated model is made of besides its templates: the units, and sentences.

use crate::chance::{mix, pick};

/// A business unit: a region and a product line.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) region: &'static str,
    pub(crate) line: &'static str,
    pub(crate) title: String,
    pub(crate) countries: &'static [&'static str],
}

impl Unit {
    /// `uk-ireland-planner`.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.region, self.line)
    }
}

type Region = (&'static str, &'static str, &'static [&'static str]);

const REGIONS: [Region; 11] = [
    ("dach", "DACH", &["DE", "AT", "CH"]),
    ("benelux", "Benelux", &["BE", "NL", "LU"]),
    ("nordics", "Nordics", &["DK", "FI", "IS", "NO", "SE"]),
    ("uk-ireland", "UK and Ireland", &["GB", "IE"]),
    ("france", "France", &["FR", "MC", "BE"]),
    ("iberia", "Iberia", &["ES", "PT"]),
    ("south", "Southern Europe", &["IT", "GR", "MT", "CY"]),
    ("east", "Eastern Europe", &["PL", "CZ", "SK", "HU", "RO", "BG", "SI", "HR"]),
    ("baltics", "Baltics", &["EE", "LV", "LT"]),
    ("north-america", "North America", &["US", "CA"]),
    ("overseas", "Overseas", &["AU", "BR", "IN", "JP", "MX", "NZ", "SG", "ZA"]),
];

const LINES: [(&str, &str); 3] =
    [("planner", "Planner"), ("connect", "Connect"), ("inspect", "Inspect")];

/// All units.
pub(crate) fn units() -> Vec<Unit> {
    let of_region = |(region, name, countries): &Region| {
        let (region, countries) = (*region, *countries);
        LINES.map(|(line, word)| Unit { region, line, title: format!("{name} {word}"), countries })
    };
    REGIONS.iter().flat_map(of_region).collect()
}

const OPENINGS: [&str; 12] = [
    "The everyday case",
    "Only for companies that asked themselves",
    "What the team agreed on after the last review",
    "Kept apart from the rest since the reorganisation",
    "Worked by people who know the product line",
    "The larger half of what comes in",
    "A promise made to the partners",
    "Read together with the number below it",
    "Nobody likes it, and everybody needs it",
    "The part the board asks about first",
    "Measured every week, discussed every month",
    "New since the second site opened",
];

const MIDDLES: [&str; 12] = [
    "a person reacts before a machine does",
    "whoever is closest to the customer decides",
    "the threshold was found by trying, not by thinking",
    "late answers cost more than wrong ones",
    "two teams look at it from two sides",
    "the old rule let too many through",
    "what cannot be measured is left out",
    "the field is filled by the enrichment, seldom by hand",
    "a lead that waits a day has talked to somebody else",
    "exceptions are written down with a last day",
    "marketing writes first and sales calls second",
    "the value is copied from the CRM every night",
];

const ENDINGS: [&str; 12] = [
    "Looked at again when the plan for the year is made.",
    "Ask before changing it.",
    "The reason stands in the playbook.",
    "Numbers from before the change cannot be compared.",
    "Small companies are not meant.",
    "The other units do it in another way, and that is fine.",
    "One in four would be lost otherwise.",
    "It took three meetings to agree on this sentence.",
    "Whoever leaves hands it over in writing.",
    "Nothing here is set by hand.",
    "It is the number the bonus depends on.",
    "Customers never see it.",
];

/// A description of one or two sentences.
pub(crate) fn says(draw: u64) -> String {
    let of = |words: &[&'static str], salt| *pick(words, mix(draw, salt)).unwrap_or(&"");
    format!("{}: {}. {}", of(&OPENINGS, 1), of(&MIDDLES, 2), of(&ENDINGS, 3))
}

/// A short reason.
pub(crate) fn why(draw: u64) -> String {
    let middle = pick(&MIDDLES, mix(draw, 1)).unwrap_or(&"");
    let opening = pick(&OPENINGS, mix(draw, 2)).unwrap_or(&"").to_lowercase();
    format!("{opening}: {middle}")
}
