//! The deals: what became of the leads of the last two years.

use super::chance::{Chance, before, days};
use jiff::Timestamp;

/// How many there are.
const DEALS: u32 = 620;

/// The columns, as `HubSpot` names its properties.
const COLUMNS: &[&str] = &[
    "hs_object_id",
    "associatedcompanyid",
    "account.employees",
    "account.industry",
    "dealstage",
    "amount",
    "closedate",
    "createdate",
    "accepted_at",
    "hs_v2_date_entered_current_stage",
    "pain",
    "champion_contact_id",
    "champion.deal_role",
    "hs_next_step",
    "technical_fit_confirmed",
    "budget_approved",
    "security_review_done",
    "signed_at",
    "closed_lost_reason",
    "competitor",
    "partner_account_id",
    "hubspot_owner_id",
    "notes_last_updated",
];

/// The stages, and how many deals stand in each; won and lost as `HubSpot` calls them.
const STAGES: &[(u32, &str)] = &[
    (6, "0 Pending acceptance"),
    (10, "1 Discovery"),
    (9, "2 Scoping"),
    (8, "3 Evaluation"),
    (7, "4 Proposal"),
    (5, "5 Negotiation"),
    (2, "6 Signature"),
    (16, "closedwon"),
    (37, "closedlost"),
];

/// The people who sell.
const SELLERS: &[&str] =
    &["Tilda Mossgrove", "Ugo Silverpen", "Vera Candlewyck", "Wim Stonebrooke", "Elif Sandowry"];

pub(super) fn written() -> String {
    let mut out = String::from("\u{feff}");
    out.push_str(&COLUMNS.join(";"));
    out.push_str("\r\n");
    let mut chance = Chance::new(20_261_103);
    for _ in 0..DEALS {
        out.push_str(&deal(&mut chance).join(";"));
        out.push_str("\r\n");
    }
    out
}

fn deal(chance: &mut Chance) -> Vec<String> {
    let stage = chance.weighted(STAGES);
    let (won, lost) = (stage == "closedwon", stage == "closedlost");
    let step = stage.chars().next().and_then(|digit| digit.to_digit(10));
    // A lost deal came as far as chance let it.
    let step = step.unwrap_or_else(|| if won { 7 } else { chance.below(5) });
    let age = if won || lost {
        chance.between(days(40), days(640))
    } else {
        chance.between(days(1), days(210))
    };
    let moved = if won || lost {
        age - age / chance.between(2, 6)
    } else {
        chance.below(age.min(days(60)) + 1)
    };
    let moved = moved.min(age);
    let accepted = age.saturating_sub(chance.weighted(&[(70, 900), (20, 2_400), (10, 7_000)]));
    let is_accepted = step >= 1;
    let when = |is: bool, minutes: u32| if is { instant(before(minutes)) } else { String::new() };
    let text = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
    let flag = |is: bool| text(true, if is { "true" } else { "false" });
    // Now and then somebody moves a deal on without what the gate asks for.
    let mut met = |from: u32| step > from && !chance.happens(7);
    let (pain, champion, valued) = (met(1), met(1), met(2));
    let (technical, budget, security) = (met(3), met(4), met(5));
    let amount = chance.between(9, 190) * 1_000 + chance.of(&[0, 250, 500]);
    let reason = chance.of(&[
        "Price",
        "Missing feature",
        "Chose a competitor",
        "No decision",
        "Project stopped",
        "",
    ]);
    let rival = reason == "Chose a competitor" && chance.happens(70);
    let close = if won || lost {
        before(moved)
    } else {
        before(0) + jiff::SignedDuration::from_hours(i64::from(chance.between(0, 150)) * 24 - 240)
    };
    vec![
        chance.between(10_000_000, 99_999_999).to_string(),
        chance.between(700_000, 799_999).to_string(),
        chance.between(60, 5_200).to_string(),
        chance
            .of(&[
                "Manufacturing",
                "Energy",
                "Logistics",
                "Food and beverage",
                "Chemicals",
                "Other",
            ])
            .to_owned(),
        stage.to_owned(),
        text(valued || won, &money(amount)),
        text(step >= 2 || won || lost, &day(close)),
        when(true, age),
        when(is_accepted, accepted),
        when(true, moved),
        text(pain, "An hour of standstill costs 14,000 EUR"),
        text(champion, "88120"),
        text(champion, chance.of(&["Champion", "Economic buyer", "User"])),
        text(chance.happens(85), "Call on the offer"),
        flag(technical),
        flag(budget),
        flag(security),
        text(won && chance.happens(97), &day(before(moved))),
        text(lost, reason),
        text(
            lost && rival,
            chance.of(&["Wartungswerk Digital", "Upkeeply Systems", "Maintainosaur"]),
        ),
        text(chance.happens(22), "770001"),
        chance.of(SELLERS).to_owned(),
        when(true, moved.min(chance.below(days(30)))),
    ]
}

/// Money as it is written in German: `48.000,00 €`.
fn money(amount: u32) -> String {
    let (thousands, rest) = (amount / 1_000, amount % 1_000);
    format!("{thousands}.{rest:03},00 €")
}

/// An instant as a clock on the wall shows it, without its zone.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn day(at: Timestamp) -> String {
    at.strftime("%d.%m.%Y").to_string()
}
