//! September to December 2025: the south opens, a conflict is committed, territories are dealt anew.

use super::edit::{append, replace, replace_all};
use super::people::{BRAM, CELESTE, DOV, ELIF, INES, JONAS};
use super::{Event, Merge};

const REVIEW: &str = "territory-review-2026";

pub(super) static EVENTS: &[Event] = &[
    SOUTH_OPENS,
    Event::main(
        "2025-09-15T18:47:00+02:00",
        CELESTE,
        "MQL threshold 70 for the autumn campaign

The fairs start on Thursday and we need the calls. Talked to Bram.",
        &[
            replace(
                "model/strategy/definitions.toml",
                "criteria.intent = \"score >= 80\"\n",
                "<<<<<<< HEAD
criteria.intent = \"score >= 80\"
=======
criteria.intent = \"score >= 70\"
>>>>>>> autumn-campaign
",
            ),
            replace("model/service/scoring.toml", "the threshold of 80", "the threshold of 70"),
            replace("model/examples/gates.toml", "has 79 points", "has 69 points"),
            replace("model/examples/gates.toml", "score = 79", "score = 69"),
        ],
    ),
    Event::main(
        "2025-09-16T08:31:00+02:00",
        JONAS,
        "Resolve the conflict in definitions.toml

The sync stopped over night because of the markers. Took the newer line.",
        &[replace(
            "model/strategy/definitions.toml",
            "<<<<<<< HEAD
criteria.intent = \"score >= 80\"
=======
criteria.intent = \"score >= 70\"
>>>>>>> autumn-campaign
",
            "criteria.intent = \"score >= 70\"\n",
        )],
    ),
    Event::merged(
        "2025-09-24T15:10:00+02:00",
        INES,
        JONAS,
        "Rename the queue enterprise-inbound to high-value

Leads nobody touched for a week end up here too, whatever their size, and
new people keep asking why a workshop is in the enterprise queue.

Approved-by: Fritz Oakenfield <fritz.oakenfield@quarlwick.example>
Approved-by: Jonas Wicketty <jonas.wicketty@quarlwick.example>",
        &[
            replace_all("model/", "queue.enterprise-inbound", "queue.high-value"),
            replace(
                "model/people/queues.toml",
                "name = \"Enterprise inbound\"",
                "name = \"High value\"",
            ),
            replace(
                "model/people/queues.toml",
                "touched for seven days. Whoever takes one first has it.\"\nowner = \"team.sales\"\n",
                "touched for seven days. Whoever takes one first has it.\"\nowner = \"team.sales\"\nformerly = [\"enterprise-inbound\"]\n",
            ),
        ],
    ),
    Event::tag(
        "v2025.3",
        "2025-09-30T18:00:00+02:00",
        "The model at the end of the third quarter 2025",
    ),
    Event::main(
        "2025-10-07T09:02:00+02:00",
        JONAS,
        "Public holidays 2027",
        &[replace(
            "model/model.toml",
            "2026-12-25, 2026-12-26,\n",
            "2026-12-25, 2026-12-26,\n    2027-01-01, 2027-05-01, 2027-12-25, 2027-12-26,\n",
        )],
    ),
    Event::merged(
        "2025-10-14T16:33:00+02:00",
        ELIF,
        INES,
        "ICP from 200 people instead of 300

Eleven of last year's wins had between 200 and 300 people, closed in half
the time and none has left. Below 200 it is still the whiteboard.

Approved-by: Ada Quill <ada.quill@quarlwick.example>
Approved-by: Bram Tolliver <bram.tolliver@quarlwick.example>",
        &[
            replace("model/strategy/icp.toml", "below 300 the crew", "below 200 the crew"),
            replace("model/strategy/icp.toml", "\"employees >= 300 and", "\"employees >= 200 and"),
            replace(
                "model/strategy/icp.toml",
                "when = \"employees >= 300\"",
                "when = \"employees >= 200\"",
            ),
        ],
    ),
    Event::merged(
        "2025-10-28T12:09:00+01:00",
        BRAM,
        JONAS,
        "Score: fit gives up to 60 points instead of 40

With 40 a perfect fit was worth less than two visits to the price list.
Now it weighs a little more than a demo request.

Approved-by: Ada Quill <ada.quill@quarlwick.example>",
        &[
            replace(
                "model/service/scoring.toml",
                "Fit gives at most 40 points",
                "Fit gives at most 60 points",
            ),
            replace(
                "model/service/scoring.toml",
                "Who they are.\"\ncap = 40",
                "Who they are.\"\ncap = 60",
            ),
        ],
    ),
    GRANDPORT,
    Event::on(
        REVIEW,
        "2025-11-12T17:20:00+01:00",
        ELIF,
        "Baltics to the Nordics desk

Their buyers sit in Helsinki and Stockholm, and the Berlin desk has no
Estonian. Result of the territory review, in force from January.",
        &[
            replace("model/strategy/territories.toml", "'HR', 'EE', 'LV', 'LT']", "'HR']"),
            replace("model/strategy/territories.toml", "'NO', 'SE']", "'NO', 'SE', 'EE', 'LV']"),
        ],
    ),
    Event::on(
        REVIEW,
        "2025-11-14T11:45:00+01:00",
        ELIF,
        "Quotas for 2026",
        &[
            replace("model/strategy/territories.toml", "quota = 16_300_000", "quota = 17_400_000"),
            replace("model/strategy/territories.toml", "quota = 5_600_000", "quota = 6_000_000"),
            replace("model/strategy/territories.toml", "quota = 2_300_000", "quota = 2_600_000"),
            replace("model/strategy/territories.toml", "quota = 1_100_000", "quota = 1_500_000"),
        ],
    ),
    Event::merged(
        "2025-11-19T10:26:00+01:00",
        DOV,
        INES,
        "Demo calendar: two of three signs are enough

One in four gives up when the form asks for all three. Sales would rather
have a short call too many.

Approved-by: Ada Quill <ada.quill@quarlwick.example>
Approved-by: Bram Tolliver <bram.tolliver@quarlwick.example>",
        &[
            replace(
                "model/strategy/definitions.toml",
                "at least 3 of (employees",
                "at least 2 of (employees",
            ),
            replace(
                "model/strategy/definitions.toml",
                "All three signs, or somebody calls first.",
                "Two of three signs are enough, because asking for more loses one in four.",
            ),
        ],
    ),
    Event::Merge(Merge {
        branch: REVIEW,
        at: "2025-11-24T14:00:00+01:00",
        author: INES,
        message: "Merge branch 'territory-review-2026'

Approved-by: Ada Quill <ada.quill@quarlwick.example>
Approved-by: Marek Tallowin <marek.tallowin@quarlwick.example>",
    }),
    Event::main(
        "2025-12-18T22:14:00+01:00",
        BRAM,
        "MQL threshold 60 until the end of the year

We are 60 MQLs short of the annual number. Back to 70 in January.",
        &[
            replace("model/strategy/definitions.toml", "\"score >= 70\"", "\"score >= 60\""),
            replace("model/service/scoring.toml", "the threshold of 70", "the threshold of 60"),
            replace("model/examples/gates.toml", "has 69 points", "has 59 points"),
            replace("model/examples/gates.toml", "score = 69", "score = 59"),
        ],
    ),
    Event::tag("v2025.4", "2025-12-31T12:00:00+01:00", "The model at the end of 2025"),
];

/// Six countries that were not served before, with a home for their leads.
const SOUTH_OPENS: Event = Event::merged(
    "2025-09-01T09:00:00+02:00",
    ELIF,
    INES,
    "Open Southern Europe

ES, PT, IT, GR, MT and CY, worked from Lyon. Until now their leads went to
the partner desk and waited there for nine days on average.

Approved-by: Ada Quill <ada.quill@quarlwick.example>
Approved-by: Greta Thistlewood <greta.thistlewood@quarlwick.example>
Approved-by: Fritz Oakenfield <fritz.oakenfield@quarlwick.example>",
    &[
        append(
            "model/strategy/territories.toml",
            "
[territory.southern-europe]
name = \"Southern Europe\"
description = \"Food and beverage, mostly with partners at the table.\"
owner = \"role.sales-lead\"
object = \"lead\"
exclusive = true
part_of = \"territory.europe\"
assigned_to = [\"queue.southern-europe\"]
quota = 1_100_000
when = \"country in ['ES', 'PT', 'IT', 'GR', 'MT', 'CY']\"
",
        ),
        replace(
            "model/strategy/territories.toml",
            "territory.france or territory.cee",
            "territory.france or territory.southern-europe or territory.cee",
        ),
        replace("model/strategy/territories.toml", "quota = 14_800_000", "quota = 16_300_000"),
        replace(
            "model/strategy/lists.toml",
            "    \"PL\", \"CZ\"",
            "    \"ES\", \"PT\", \"IT\", \"GR\", \"MT\", \"CY\", \"PL\", \"CZ\"",
        ),
        append(
            "model/people/queues.toml",
            "
[queue.southern-europe]
name = \"Southern Europe\"
description = \"Worked from Lyon; Italian and Spanish are spoken.\"
owner = \"team.sdr\"
members = [\"role.sdr-south\"]
distribution = \"least loaded\"
capacity = 50
",
        ),
        append(
            "model/routing/inbound.toml",
            "
[[routing.inbound.rule]]
id = \"southern-europe\"
name = \"Southern Europe\"
when = \"territory.southern-europe\"
to = \"queue.southern-europe\"
sla = \"sla.first-touch\"
",
        ),
        replace(
            "model/routing/partner.toml",
            "name = \"France\"",
            "name = \"France and Southern Europe\"",
        ),
        replace(
            "model/routing/partner.toml",
            "when = \"territory.france\"",
            "when = \"territory.france or territory.southern-europe\"",
        ),
        replace(
            "model/systems/campaigns.toml",
            "\"territory.cee\", ",
            "\"territory.southern-europe\", \"territory.cee\", ",
        ),
    ],
);

const GRANDPORT: Event = Event::merged(
    "2025-11-03T10:11:00+01:00",
    ELIF,
    INES,
    "Exception: Grandport may not name a champion

Public tender. Their lawyer sent the paragraph; Severin has the copy.

Approved-by: Ada Quill <ada.quill@quarlwick.example>
Approved-by: Marek Tallowin <marek.tallowin@quarlwick.example>",
    &[
        append(
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
        ),
        replace("model/governance/cadences.toml", "\"exception.nordheller-budget\",", "\"exception.nordheller-budget\", \"exception.grandport-champion\","),
    ],
);
