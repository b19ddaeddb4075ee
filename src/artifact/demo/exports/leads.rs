//! The leads: who came in during the last year, where they stand, and who has them.

use super::chance::{Chance, before, days};
use jiff::Timestamp;
use std::fmt::Write as _;

/// How many there are.
const LEADS: u32 = 3_400;

/// The columns, as the Data Loader writes their names.
const COLUMNS: &[&str] = &[
    "ID",
    "COMPANY",
    "EMAIL",
    "EMAIL_DOMAIN__C",
    "EMAIL_BOUNCED__C",
    "HASOPTEDOUTOFEMAIL",
    "JOB_LEVEL__C",
    "JOB_FUNCTION__C",
    "COUNTRYCODE",
    "STATE",
    "POSTALCODE",
    "INDUSTRY",
    "NUMBEROFEMPLOYEES",
    "PRODUCT_INTEREST__C",
    "MATCHED_ACCOUNT__C",
    "LEADSOURCE",
    "PARTNER_ACCOUNT__C",
    "LEAD_SCORE__C",
    "LAST_ENGAGED_AT__C",
    "DEMO_REQUESTED_AT__C",
    "OWNERID",
    "ACCOUNT_OWNER__C",
    "ACCOUNT_OWNER_ACTIVE__C",
    "PREVIOUS_OWNER__C",
    "PREVIOUS_OWNED_UNTIL__C",
    "LAST_CLOSED_DEAL_AT__C",
    "STATUS",
    "CREATEDDATE",
    "ROUTED_AT__C",
    "MQL_AT__C",
    "FIRST_TOUCH_AT__C",
    "LASTACTIVITYDATE",
    "MEETING_HELD_AT__C",
    "SQL_AT__C",
    "NEED__C",
    "BUDGET_CONFIRMED__C",
    "DECISION_MAKER__C",
    "TIMELINE__C",
    "DISQUALIFY_REASON__C",
    "CAMPAIGN_NOTE__C",
];

/// Countries, how often leads come from there, and the desk that calls them.
const COUNTRIES: &[(u32, (&str, Desk))] = &[
    (22, ("DE", Desk::Dach)),
    (6, ("AT", Desk::Dach)),
    (6, ("CH", Desk::Dach)),
    (9, ("NL", Desk::Benelux)),
    (5, ("BE", Desk::Benelux)),
    (1, ("LU", Desk::Benelux)),
    (4, ("SE", Desk::Nordics)),
    (3, ("DK", Desk::Nordics)),
    (2, ("NO", Desk::Nordics)),
    (2, ("FI", Desk::Nordics)),
    (8, ("GB", Desk::UkIreland)),
    (2, ("IE", Desk::UkIreland)),
    (7, ("FR", Desk::France)),
    (4, ("IT", Desk::South)),
    (3, ("ES", Desk::South)),
    (3, ("PL", Desk::Cee)),
    (2, ("CZ", Desk::Cee)),
    (8, ("US", Desk::NorthAmerica)),
    (2, ("CA", Desk::NorthAmerica)),
    (2, ("AU", Desk::Partners)),
    (2, ("IN", Desk::Partners)),
    (1, ("BR", Desk::Partners)),
    (3, ("", Desk::Triage)),
    // Typed by hand in a form that was not checked.
    (1, ("UK", Desk::UkIreland)),
];

/// A desk, by where it works.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Desk {
    Dach,
    Benelux,
    Nordics,
    UkIreland,
    France,
    South,
    Cee,
    NorthAmerica,
    Partners,
    #[default]
    Triage,
}

impl Desk {
    /// Who takes leads there, large companies first.
    fn people(self, employees: u32) -> &'static [&'static str] {
        match (self, employees) {
            (Self::Dach, 1_000..) => &["Tilda Mossgrove", "Ugo Silverpen"],
            (Self::Benelux | Self::Nordics | Self::UkIreland | Self::France, 1_000..) => {
                &["Vera Candlewyck", "Wim Stonebrooke", "Tilda Mossgrove"]
            }
            (Self::Dach | Self::Cee, _) => &["Katja Brambleby", "Levi Duskwater"],
            (Self::Benelux | Self::Nordics | Self::UkIreland, _) => {
                &["Mona Larkspurre", "Niels Ottergate"]
            }
            (Self::France | Self::South, _) => &["Odile Farraway", "Paolo Vinterre"],
            (Self::NorthAmerica, _) => &["Quincy Hartlebow", "Rosa Tumbleton"],
            (Self::Partners, _) => &["Xander Foxglovey", "Yara Millstonne"],
            (Self::Triage, _) => &["Zelda Hathersedge", "Triage"],
        }
    }
}

/// Beginnings and ends of companies' names.
const FIRST: &[&str] = &[
    "Alder", "Brack", "Corvin", "Dunmere", "Eller", "Falken", "Gold", "Hollen", "Ister", "Juniper",
    "Kessel", "Lind", "Marsh", "Nether", "Oster", "Polder", "Quern", "Rook", "Stern", "Thorn",
    "Ulmen", "Voss", "Weyder", "Yarrow", "Zeller",
];
const LAST: &[&str] = &[
    "Walzwerk",
    "Energie",
    "Logistik",
    "Foods",
    "Chemie",
    "Bau",
    "Mills",
    "Papier",
    "Kraftwerke",
    "Terminals",
    "Dairy",
    "Castings",
    "Works",
    "Brewing",
    "Plastics",
];

/// Branches, and how often each comes; the last is one that somebody misspelled.
const INDUSTRIES: &[(u32, &str)] = &[
    (30, "Manufacturing"),
    (12, "Energy"),
    (14, "Logistics"),
    (12, "Food and beverage"),
    (6, "Chemicals"),
    (6, "Construction"),
    (4, "Public sector"),
    (6, "Software"),
    (6, "Other"),
    (3, ""),
    (1, "Manufacturing "),
    (1, "manufacturing"),
    (1, "Food & Beverage"),
];

/// Statuses, and how often each stands there.
const STATUSES: &[(u32, &str)] = &[
    (14, "New"),
    (20, "Engaged"),
    (13, "MQL"),
    (11, "Working"),
    (8, "SQL"),
    (9, "Converted"),
    (15, "Nurture"),
    (8, "Disqualified"),
    (2, "Ineligible"),
];

pub(super) fn written() -> String {
    let mut out = String::new();
    row(&mut out, COLUMNS);
    let mut chance = Chance::new(20_261_102);
    for number in 0..LEADS {
        let lead = Lead::new(&mut chance);
        let cells = lead.cells(&mut chance);
        row(&mut out, &cells);
        if number % 1_300 == 700 {
            // A row that lost its end when somebody edited the file by hand.
            let cut: Vec<&str> = cells.iter().take(11).map(String::as_str).collect();
            row(&mut out, &cut);
        }
    }
    out
}

fn row<S: AsRef<str>>(out: &mut String, cells: &[S]) {
    for (at, cell) in cells.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(out, "{comma}\"{}\"", cell.as_ref().replace('"', "\"\""));
    }
    out.push_str("\r\n");
}

/// A lead, before it is written.
struct Lead {
    company: String,
    domain: String,
    mail: String,
    country: &'static str,
    desk: Desk,
    industry: &'static str,
    employees: u32,
    score: u32,
    status: &'static str,
    /// How many minutes ago it came in.
    age: u32,
}

impl Lead {
    fn new(chance: &mut Chance) -> Self {
        let first = chance.of(FIRST);
        let company = format!("{first} {}", chance.of(LAST));
        let private = chance.happens(9);
        let domain = if private {
            chance.of(&["gmail.com", "gmx.de", "outlook.com", "orange.fr"]).to_owned()
        } else {
            format!("{}.example", company.to_lowercase().replace(' ', "-"))
        };
        let person =
            chance.of(&["a.berg", "m.bakker", "j.novak", "s.rossi", "k.olsen", "p.martin"]);
        let mail = if chance.happens(4) { String::new() } else { format!("{person}@{domain}") };
        let (country, desk) = chance.weighted(COUNTRIES);
        let employees = match chance.below(10) {
            0..=2 => chance.between(5, 199),
            3 => chance.between(100, 240),
            4..=7 => chance.between(200, 999),
            _ => chance.between(1_000, 6_500),
        };
        let status = chance.weighted(STATUSES);
        let score = match status {
            "MQL" | "Working" | "SQL" | "Converted" => chance.between(52, 130),
            "Engaged" => chance.between(15, 75),
            _ => chance.between(0, 60),
        };
        let age = match status {
            "New" => chance.between(20, days(3)),
            "MQL" => chance.between(60, days(25)),
            "Working" | "SQL" => chance.between(days(3), days(70)),
            _ => chance.between(days(10), days(360)),
        };
        let industry = chance.weighted(INDUSTRIES);
        Self { company, domain, mail, country, desk, industry, employees, score, status, age }
    }

    /// How far it came: 0 came in, 1 engaged, 2 MQL, 3 worked, 4 SQL, 5 converted.
    fn reached(&self) -> u32 {
        match self.status {
            "Engaged" | "Nurture" => 1,
            "MQL" => 2,
            "Working" => 3,
            "SQL" => 4,
            "Converted" => 5,
            _ => 0,
        }
    }

    fn cells(&self, chance: &mut Chance) -> Vec<String> {
        let course = self.course(chance);
        let mut cells = self.company_cells(chance);
        cells.extend(self.interest_cells(chance));
        cells.extend(self.owner_cells(chance));
        cells.extend(self.course_cells(&course, chance));
        cells.extend(self.found_cells(chance));
        cells
    }

    /// When what happened, in minutes ago.
    fn course(&self, chance: &mut Chance) -> Course {
        let (reached, age) = (self.reached(), self.age);
        // Routing takes minutes; on a bad day it takes a morning.
        let routed = age.saturating_sub(chance.weighted(&[(80, 4), (15, 35), (5, 400)]));
        let mql = routed.saturating_sub(chance.below(age / 6 + 1));
        let wait = chance.weighted(&[(35, 4), (25, 55), (22, 300), (12, 1_900), (6, 9_000)]);
        let is_touched = reached >= 3 || (reached == 2 && chance.happens(55));
        let touched = routed.saturating_sub(wait + chance.below(wait));
        let met = touched.saturating_sub(chance.below(days(9)));
        let sql = met.saturating_sub(chance.below(days(2)));
        let idle = touched.min(chance.below(days(45)));
        Course { routed, mql, is_touched, touched, met, sql, idle }
    }

    fn company_cells(&self, chance: &mut Chance) -> Vec<String> {
        let employees = match chance.below(100) {
            0..=6 => String::new(),
            7 => "250-500".to_owned(),
            _ => self.employees.to_string(),
        };
        let state = match self.country {
            "US" => chance.of(&["NY", "New York", "CA", "Texas", "OH", "Washington", "N.Y.", ""]),
            "CA" => chance.of(&["ON", "Quebec", "BC", ""]),
            _ => "",
        };
        let level = chance.weighted(LEVELS);
        let function = chance.of(FUNCTIONS);
        vec![
            chance.key("00Q"),
            self.company.clone(),
            self.mail.clone(),
            self.domain.clone(),
            flag(chance.happens(2)),
            flag(chance.happens(5)),
            level.to_owned(),
            function.to_owned(),
            self.country.to_owned(),
            state.to_owned(),
            chance.between(10_000, 99_999).to_string(),
            self.industry.to_owned(),
            employees,
        ]
    }

    fn interest_cells(&self, chance: &mut Chance) -> Vec<String> {
        let engaged = self.age.min(chance.below(days(100)));
        let matched = self.reached() == 5 || chance.happens(12);
        vec![
            chance.of(PRODUCTS).to_owned(),
            text(matched, "001000000000000"),
            chance.of(SOURCES).to_owned(),
            text(chance.happens(4), "001000000PARTNR"),
            self.score.to_string(),
            since(self.reached() >= 1, engaged),
            since(chance.happens(11), self.age.min(days(30))),
        ]
    }

    fn owner_cells(&self, chance: &mut Chance) -> Vec<String> {
        let people = self.desk.people(self.employees);
        let owner = match self.status {
            "New" => text(chance.happens(60), chance.of(people)),
            "Nurture" | "Disqualified" | "Ineligible" => "Celeste Marrowby".to_owned(),
            // Somebody took it out of turn.
            _ if chance.happens(6) => chance.of(OTHERS).to_owned(),
            // Nobody took over from somebody who has left.
            _ if chance.happens(2) => "Former User".to_owned(),
            _ => chance.of(people).to_owned(),
        };
        let (matched, returning) = (chance.happens(10), chance.happens(5));
        let deal = returning && chance.happens(30);
        vec![
            owner,
            text(matched, chance.of(people)),
            text(matched, &flag(chance.happens(90))),
            text(returning, chance.of(people)),
            text(returning, &day(before(chance.below(days(200))))),
            text(deal, &day(before(chance.below(days(120))))),
        ]
    }

    fn course_cells(&self, course: &Course, chance: &mut Chance) -> Vec<String> {
        let reached = self.reached();
        vec![
            self.status.to_owned(),
            since(true, self.age),
            since(self.status != "New" || chance.happens(60), course.routed),
            since(reached >= 2, course.mql),
            since(course.is_touched, course.touched),
            since(course.is_touched, course.idle),
            since(reached >= 4 || (reached == 3 && chance.happens(40)), course.met),
            since(reached >= 4, course.sql),
        ]
    }

    fn found_cells(&self, chance: &mut Chance) -> Vec<String> {
        let sold = self.reached() >= 4;
        let reasoned = self.status == "Disqualified" && chance.happens(93);
        vec![
            text(sold && chance.happens(80), chance.of(NEEDS)),
            flag(sold && chance.happens(45)),
            text(sold && chance.happens(55), chance.of(DECIDERS)),
            text(sold, chance.of(TIMELINES)),
            text(reasoned, chance.of(REASONS)),
            chance.of(NOTES).to_owned(),
        ]
    }
}

/// When what happened to a lead, in minutes ago.
struct Course {
    routed: u32,
    mql: u32,
    is_touched: bool,
    touched: u32,
    met: u32,
    sql: u32,
    idle: u32,
}

const LEVELS: &[(u32, &str)] =
    &[(8, "C-level"), (14, "VP"), (28, "Director"), (35, "Manager"), (15, "Specialist")];
const FUNCTIONS: &[&str] = &["Maintenance", "Operations", "IT", "Finance", "Procurement", "Other"];
/// One product goes by a name that it had long ago.
const PRODUCTS: &[&str] =
    &["Planner", "Planner;Mobile", "Connect", "Planner;Connect", "GTX Planner", ""];
const SOURCES: &[&str] =
    &["Website", "Content", "Paid search", "Trade fair", "Webinar", "Referral", "Trial"];
const OTHERS: &[&str] = &["Paolo Vinterre", "Mona Larkspurre", "Ugo Silverpen"];
const DECIDERS: &[&str] = &["Dr. Renske Vliet", "Otto Hainbach", "Lucie Aubrac"];
/// One is a quarter that nobody declared.
const TIMELINES: &[&str] = &["This quarter", "This half-year", "Next year", "No date", "Q3"];
const REASONS: &[&str] =
    &["Company: too small", "Timing: no project", "No answer after six attempts"];
/// One would be a formula where a spreadsheet opens it.
const NOTES: &[&str] =
    &["", "", "", "=HYPERLINK(\"http://example.invalid\")", "met at the fair, hall 7"];

/// An instant so many minutes ago, or nothing.
fn since(is: bool, minutes: u32) -> String {
    if is { instant(before(minutes)) } else { String::new() }
}

/// A text, or nothing.
fn text(is: bool, text: &str) -> String {
    if is { text.to_owned() } else { String::new() }
}

fn flag(is: bool) -> String {
    if is { "true" } else { "false" }.to_owned()
}

/// What hurts, in the words of those who said it; some pressed Enter.
const NEEDS: &[&str] = &[
    "Three unplanned stops of the rolling mill in May",
    "The planner retires in spring.\nNobody else understands the spreadsheet.",
    "Auditors ask for a maintenance record, \"any record\"",
    "Spare parts are ordered twice",
];

/// An instant as Salesforce writes it.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
