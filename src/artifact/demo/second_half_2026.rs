//! July to October 2026: what the year left behind comes to light.

use super::Event;
use super::edit::{append, replace};
use super::people::{ELIF, FRITZ, INES, JONAS, MAREK, ZELDA};

pub(super) static EVENTS: &[Event] = &[
    Event::main(
        "2026-07-14T11:24:00+02:00",
        ZELDA,
        "Example: the dairy in Kaunas

Third lead from Lithuania this month that triage got although its country
is known: since the review nobody has LT. Fails until somebody decides.",
        &[append(
            "model/examples/inbound.toml",
            "
[example.lithuanian-dairy]
name = \"A Lithuanian dairy\"
description = \"The Baltics are worked by the Nordics desk, all three of them.\"
object = \"lead\"
as_of = 2026-07-13
record = { company = \"Rytmecio Pienas\", email = \"gamyba@rytmecio-pienas.example\", email_domain = \"rytmecio-pienas.example\", country = \"LT\", employees = 420, industry = \"Food and beverage\", lead_source = \"Website\", status = \"Engaged\", score = 45, last_engaged_at = 2026-07-10T09:30:00Z }
routes = { inbound = \"queue.nordics\" }
",
        )],
    ),
    Event::main(
        "2026-08-17T09:40:00+02:00",
        FRITZ,
        "Mona leaves at the end of August\n\nHer successor starts in October, until then Niels does both.",
        &[replace(
            "model/people/roles.toml",
            "login = \"mona-larkspurre\"\nsince = 2024-06-03\n",
            "login = \"mona-larkspurre\"\nsince = 2024-06-03\nleft = 2026-08-31\n",
        )],
    ),
    Event::merged(
        "2026-09-10T15:52:00+02:00",
        MAREK,
        INES,
        "MQL to SQL: target 31 % instead of 35 %

With the threshold where it is, 35 was not reached in any month since
April. The board has been told.

Approved-by: Ada Quill <ada.quill@quarlwick.example>",
        &[replace("model/measures/metrics.toml", "= 0.35", "= 0.31")],
    ),
    GRANDPORT_CLOSED,
    Event::tag("v2026.3", "2026-09-30T18:00:00+02:00", "The model at the end of the third quarter 2026"),
    Event::main(
        "2026-10-06T08:58:00+02:00",
        JONAS,
        "Public holidays 2028",
        &[replace(
            "model/model.toml",
            "2027-12-25, 2027-12-26,\n",
            "2027-12-25, 2027-12-26,\n    2028-01-01, 2028-05-01, 2028-12-25, 2028-12-26,\n",
        )],
    ),
    NORDIC_PILOT,
];

const GRANDPORT_CLOSED: Event = Event::main(
    "2026-09-28T12:30:00+02:00",
    ELIF,
    "Grandport is decided, the exception can go",
    &[replace(
        "model/governance/exceptions.toml",
        "
[exception.grandport-champion]
name = \"Grandport: champion still open\"
description = \"A port authority may not name a person before the tender closes.\"
owner = \"role.sales-lead\"
waives = \"lifecycle.opportunity.stage.discovery.exit.champion\"
scope = \"account.industry = 'Public sector' and account.name starts with 'Grandport'\"
reason = \"Procurement law forbids contact with individuals during the tender. The next step is the date of the tender instead.\"
approved_by = \"role.cro\"
expires = 2026-12-31
",
        "",
    )],
);

const NORDIC_PILOT: Event = Event::merged(
    "2026-10-20T16:16:00+02:00",
    FRITZ,
    INES,
    "Pilot: Nordic trials go straight to an executive

From January to June. Stopped early if the executives cannot keep up.

Approved-by: Ada Quill <ada.quill@quarlwick.example>
Approved-by: Marek Tallowin <marek.tallowin@quarlwick.example>",
    &[append(
        "model/governance/exceptions.toml",
        "
[pilot.nordic-trials]
name = \"Nordic trials straight to an executive\"
description = \"In the Nordics, whoever started a trial seems to buy when a senior person calls. Tried there before anybody rebuilds the queues elsewhere.\"
owner = \"role.sdr-lead\"
object = \"lead\"
scope = \"territory.nordics and definition.demo-scheduler and lead_source = 'Trial'\"
changes = [\"routing.inbound.rule.nordics\", \"sla.first-touch\"]
starts = 2027-01-11
ends = 2027-06-30
success = \"metric.mql-to-sql\"
succeeds_when = \"At least a third of the pilot's MQLs become SQLs in two quarters in a row, against a quarter of the others.\"
",
    )],
);
