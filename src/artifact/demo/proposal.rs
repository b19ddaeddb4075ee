//! The open proposal: one branch, three meanings.

use super::edit::replace;
use super::people::ELIF;
use super::{Event, PROPOSAL};

pub(super) static EVENTS: &[Event] = &[
    Event::on(
        PROPOSAL,
        "2026-10-27T10:05:00+01:00",
        ELIF,
        "Netherlands to the DACH desk

Two of our four Dutch deals were closed from Berlin anyway, and Antwerp is
one person short until spring.",
        &[
            replace(
                "model/strategy/territories.toml",
                "country in ['DE', 'AT', 'CH']",
                "country in ['DE', 'AT', 'CH', 'NL']",
            ),
            replace(
                "model/strategy/territories.toml",
                "country in ['BE', 'NL', 'LU']",
                "country in ['BE', 'LU']",
            ),
        ],
    ),
    Event::on(
        PROPOSAL,
        "2026-10-29T17:31:00+01:00",
        ELIF,
        "What the bigger desk needs

Dutch companies are smaller, so an SQL may leave with 100 people; and the
executives in Berlin cannot answer within four hours with a country more.",
        &[
            replace(
                "model/lifecycle/lead.toml",
                "exit.size = \"employees >= 200\"",
                "exit.size = \"employees >= 100\"",
            ),
            replace(
                "model/service/slas.toml",
                "within = \"4 business hours\"",
                "within = \"8 business hours\"",
            ),
        ],
    ),
];
