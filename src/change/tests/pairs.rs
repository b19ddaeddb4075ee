//! Pairs of models, before and after, for kinds of change that need several things together.

use super::exact::MODEL;
use super::fixtures::EDITS;
use super::properties;
use super::world::{files, one};
use crate::model::Model;

/// A pair of models with a name.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) before: Model,
    pub(super) after: Model,
}

/// Words and what stands in their place.
type Turn = (&'static str, &'static str);

/// Models of one file.
const WRITTEN: &[(&str, &str, &str)] = &[
    (
        "a tier is another grade",
        "[icp.a]\ntier = [{ id = 'a' }, { id = 'b' }, { id = 'c' }]",
        "[icp.a]\ntier = [{ id = 'b' }, { id = 'c' }, { id = 'a' }]",
    ),
    (
        "an id that was renamed away is used again",
        "[team.a]\nlead = 'role.x'",
        "[team.b]\nformerly = ['a']\nlead = 'role.x'\n[team.a]\nlead = 'role.z'",
    ),
    (
        "a lifecycle of another object",
        "[object.lead]\n[object.contact]\n[field.lead.a]\ntype = 'integer'\n[field.contact.a]\ntype = 'integer'\n\
         [lifecycle.l]\nobject = 'lead'\nstage = [{ id = 'x', next = ['y'], exit.e = 'a > 1' }, { id = 'y' }]",
        "[object.lead]\n[object.contact]\n[field.lead.a]\ntype = 'integer'\n[field.contact.a]\ntype = 'integer'\n\
         [lifecycle.l]\nobject = 'contact'\nstage = [{ id = 'x', next = ['y'], exit.e = 'a > 2' }, { id = 'y' }]",
    ),
    (
        "a metric of which less is better now",
        "[metric.m]\nbetter = 'higher'\ntarget = 3",
        "[metric.m]\nbetter = 'lower'\ntarget = 4",
    ),
    (
        "a field of another name at the end of a promise's paths",
        "[object.lead]\n[object.account]\n[field.lead.account]\ntype = 'reference'\nobject = 'account'\n\
         [field.account.since]\ntype = 'date'\n[field.lead.done]\ntype = 'date'\n\
         [sla.s]\nobject = 'lead'\nstarts = 'account.since'\nstops = 'done'\napplies_to = 'account.since is set'\n\
         [handoff.h]\nobject = 'lead'\nrequired_fields = ['done', 'account.since']",
        "[object.lead]\n[object.account]\n[field.lead.account]\ntype = 'reference'\nobject = 'account'\n\
         [field.account.begin]\nformerly = ['since']\ntype = 'date'\n[field.lead.end]\nformerly = ['done']\ntype = 'date'\n\
         [sla.s]\nobject = 'lead'\nstarts = 'account.begin'\nstops = 'end'\napplies_to = 'account.begin is set'\n\
         [handoff.h]\nobject = 'lead'\nrequired_fields = ['end', 'account.begin']",
    ),
    (
        "an object of another name",
        "[object.lead]\n[field.lead.a]\ntype = 'integer'\n[segment.s]\nobject = 'lead'\nwhen = 'a > 1'",
        "[object.prospect]\nformerly = ['lead']\n[field.prospect.a]\nformerly = ['lead.a']\ntype = 'integer'\n\
         [segment.s]\nobject = 'prospect'\nwhen = 'a > 2'",
    ),
    (
        "an exception that is about what it waives",
        "[object.lead]\n[field.lead.a]\ntype = 'integer'\n[definition.d]\nobject = 'lead'\ncriteria.c = 'a > 1'\n\
         [exception.e]\nwaives = 'definition.d.criteria.c'\nscope = 'a > 2'",
        "[object.lead]\n[field.lead.a]\ntype = 'integer'\n[definition.d]\nobject = 'lead'\ncriteria.c = 'a > 1'\n\
         [exception.e]\nwaives = 'definition.d.criteria.c'\nscope = 'a > 3'",
    ),
];

/// Models of some files.
const FILES: &[(&str, &[Turn], &[Turn])] = &[
    (
        "an entity in another file",
        &[("model/a.toml", "[team.a]\nlead = 'role.x'"), ("model/b.toml", "[team.b]")],
        &[("model/a.toml", ""), ("model/b.toml", "[team.b]\n[team.a]\nlead = 'role.x'")],
    ),
    (
        "another comment in a file",
        &[("model/a.toml", "[team.a]\nlead = 'role.x'"), ("model/b.toml", "[team.b]")],
        &[
            ("model/a.toml", "# Who works where.\n[team.a]\nlead = \"role.x\""),
            ("model/b.toml", "[team.b]"),
        ],
    ),
    (
        "another comment in a file where something changed",
        &[("model/a.toml", "[team.a]\nlead = 'role.x'"), ("model/b.toml", "[team.b]")],
        &[
            ("model/a.toml", "# Who works where.\n[team.a]\nlead = 'role.y'"),
            ("model/b.toml", "# The other one.\n[team.b]"),
        ],
    ),
];

const EXCLUSIVE: &[Turn] = &[
    ("[territory.dach]\n", "[territory.dach]\nexclusive = true\n"),
    ("[territory.west]\n", "[territory.west]\nexclusive = true\n"),
];

/// Every record lies in a territory.
const WHOLE: &[Turn] = &[
    ("[territory.dach]\n", "[territory.dach]\nexclusive = true\n"),
    ("[territory.west]\n", "[territory.west]\nexclusive = true\n"),
    ("'country in list.west'", "'country in list.west or country is not set'"),
];

const RULE_KEY: &str =
    "[[routing.inbound.rule]]\nid = 'key'\nwhen = 'employees >= 5000'\nto = 'queue.key'\n";
const RULE_KEY_TWICE: &str = "[[routing.inbound.rule]]\nid = 'first'\nwhen = 'employees >= 5000'\nto = 'queue.key'\n[[routing.inbound.rule]]\nid = 'key'\nwhen = 'employees >= 5000'\nto = 'queue.key'\n";
const RULE_DACH: &str =
    "[[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n";
const RULE_WEST: &str =
    "[[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";

/// Turns of the model that hangs together: what is turned before, and what then.
const TURNS: &[(&str, &[Turn], &[Turn])] = &[
    ("a softer ICP", &[], &[("employees >= 200", "employees >= 150")]),
    ("a softer exit before the same entry", &[], &[("employees >= 100", "employees >= 50")]),
    ("a gate that nobody passes", &[], &[("employees >= 100", "employees < 100")]),
    (
        "a gate that others pass",
        &[],
        &[("employees >= 200", "employees >= 150 and employees < 900")],
    ),
    (
        "a gate of other criteria that lets the same pass",
        &[],
        &[("exit.sized = 'employees >= 100'", "exit.known = 'employees is set'")],
    ),
    (
        "a new criterion of a definition",
        &[],
        &[(
            "criteria.score = 'score >= 60'",
            "criteria.score = 'score >= 60'\ncriteria.here = 'country is set'",
        )],
    ),
    (
        "a value leaves a list",
        &[],
        &[("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory")],
    ),
    (
        "a value leaves a list where the default is a gap",
        &[("default = 'queue.triage'", "default = 'queue.triage'\ndefault_is = 'gap'")],
        &[("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory")],
    ),
    (
        "a value goes from one territory to another",
        &[],
        &[
            ("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory"),
            ("['AT', 'CH', 'DE']\"", "['AT', 'CH', 'DE', 'NL']\""),
        ],
    ),
    (
        "a value goes from one condition of a territory to another",
        &[("'country in list.west'", "\"country in ['FR', 'NL']\"")],
        &[
            ("\"country in ['FR', 'NL']\"", "\"country in ['FR']\""),
            ("['AT', 'CH', 'DE']\"", "['AT', 'CH', 'DE', 'NL']\""),
        ],
    ),
    (
        "a value goes from one territory to another, and the field has a new one",
        &[("'country in list.west'", "\"country in ['FR', 'NL']\"")],
        &[
            (
                "values = ['AT', 'CH', 'DE', 'FR', 'NL']",
                "values = ['AT', 'BE', 'CH', 'DE', 'FR', 'NL']",
            ),
            ("\"country in ['FR', 'NL']\"", "\"country in ['FR']\""),
            ("\"country in ['AT', 'CH', 'DE']\"", "\"country in ['AT', 'CH', 'DE', 'NL']\""),
        ],
    ),
    (
        "a criterion respelled and a softer ICP",
        &[],
        &[("'icp.core'", "'(icp.core)'"), ("employees >= 200", "employees >= 150")],
    ),
    (
        "a number is a text",
        &[],
        &[("[field.lead.employees]\ntype = 'integer'", "[field.lead.employees]\ntype = 'text'")],
    ),
    (
        "a number that every record has",
        &[],
        &[(
            "[field.lead.employees]\ntype = 'integer'",
            "[field.lead.employees]\ntype = 'integer'\nrequired = true",
        )],
    ),
    ("a choice is open", &[], &[("type = 'choice'", "type = 'choice'\nopen = true")]),
    (
        "a field of another name",
        &[],
        &[
            ("[field.lead.score]", "[field.lead.points]\nformerly = ['score']"),
            ("'score >= 60'", "'points >= 60'"),
        ],
    ),
    (
        "a field of another name, and another threshold",
        &[],
        &[
            ("[field.lead.score]", "[field.lead.points]\nformerly = ['score']"),
            ("'score >= 60'", "'points >= 50'"),
        ],
    ),
    (
        "a field of another name where others use it",
        &[],
        &[
            ("[field.lead.country]", "[field.lead.nation]\nformerly = ['country']"),
            ("\"country in ['AT', 'CH', 'DE']\"", "\"nation in ['AT', 'CH', 'DE']\""),
            ("'country in list.west'", "'nation in list.west'"),
            ("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory"),
        ],
    ),
    (
        "a field of another name whose old name is another field's",
        &[],
        &[
            (
                "[field.lead.score]",
                "[field.lead.score]\ntype = 'number'\n[field.lead.points]\nformerly = ['score']",
            ),
            ("'score >= 60'", "'points >= 60'"),
        ],
    ),
    (
        "a routing table of another object",
        &[],
        &[
            (
                "[routing.inbound]\nobject = 'lead'",
                "[object.contact]\n[field.contact.employees]\ntype = 'integer'\n[routing.inbound]\nobject = 'contact'",
            ),
            ("to = 'queue.key'", "to = 'queue.west'"),
        ],
    ),
    (
        "a routing table of another owner",
        &[],
        &[("default = 'queue.triage'", "default = 'queue.triage'\nowner = 'team.x'")],
    ),
    (
        "a routing table that cannot be read, of another owner",
        &[("'territory.west'\nto", "'territory.wset'\nto")],
        &[("default = 'queue.triage'", "default = 'queue.triage'\nowner = 'team.x'")],
    ),
    (
        "a routing table of another name, and another rule",
        &[],
        &[
            ("[routing.inbound]", "[routing.incoming]\nformerly = ['inbound']"),
            (RULES, RULES_INCOMING),
        ],
    ),
    (
        "a dead rule of another name, and another rule",
        &[("'employees >= 5000'", "'employees > 9 and employees < 5'")],
        &[
            ("id = 'key'", "id = 'large'\nformerly = ['key']"),
            ("'territory.west'\nto = 'queue.west'", "'territory.west'\nto = 'queue.dach'"),
        ],
    ),
    (
        "a rule of another name and another queue",
        &[],
        &[
            ("id = 'west'\nwhen", "id = 'france'\nformerly = ['west']\nwhen"),
            ("'territory.west'\nto = 'queue.west'", "'territory.west'\nto = 'queue.dach'"),
        ],
    ),
    ("a stage has no way on", &[], &[("next = ['mql']\n", "")]),
    (
        "an ICP is gone",
        &[],
        &[("[icp.core]\nobject = 'lead'\ncriteria.size = 'employees >= 200'\n", "")],
    ),
    (
        "two territories of one value",
        &[],
        &[("['AT', 'CH', 'DE']\"", "['AT', 'CH', 'DE', 'NL']\"")],
    ),
    (
        "two exclusive territories of one value",
        EXCLUSIVE,
        &[("['AT', 'CH', 'DE']\"", "['AT', 'CH', 'DE', 'NL']\"")],
    ),
    (
        "a gap between exclusive territories",
        WHOLE,
        &[("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory")],
    ),
    (
        "a value leaves a field",
        &[],
        &[("['AT', 'CH', 'DE', 'FR', 'NL']", "['AT', 'CH', 'DE', 'FR']")],
    ),
    (
        "not every record is routed any more",
        &[],
        &[("default = 'queue.triage'", "default = 'queue.triage'\napplies_to = 'employees >= 10'")],
    ),
    ("another default", &[], &[("default = 'queue.triage'", "default = 'queue.west'")]),
    (
        "a rule without records",
        &[],
        &[("'employees >= 5000'", "'employees > 9 and employees < 5'")],
    ),
    (
        "a rule before all others",
        &[],
        &[("'employees >= 5000'", "'employees >= 0 or not (employees >= 0)'")],
    ),
    ("a rule that cannot be read", &[], &[("'territory.west'\nto", "'territory.wset'\nto")]),
    (
        "a rule of another queue",
        &[],
        &[("'territory.west'\nto = 'queue.west'", "'territory.west'\nto = 'queue.dach'")],
    ),
    ("a rule is gone", &[], &[(RULE_KEY, "")]),
    ("the same rule once more before it", &[], &[(RULE_KEY, RULE_KEY_TWICE)]),
    (
        "another promise of the default",
        &[("default = 'queue.triage'", "default = 'queue.triage'\ndefault_sla = 'sla.slow'")],
        &[("default = 'queue.triage'", "default = 'queue.triage'\ndefault_sla = 'sla.fast'")],
    ),
    (
        "a rule under another name that marks what it takes",
        &[("default = 'queue.triage'", "default = 'queue.triage'\nmarks = 'rule'")],
        &[("id = 'key'", "id = 'key-accounts'\nformerly = ['key']")],
    ),
    (
        "a gap of the queue that had the records before",
        &[("default = 'queue.triage'", "default = 'queue.west'\ndefault_is = 'gap'")],
        &[("'territory.west'\nto", "'territory.west and employees >= 10'\nto")],
    ),
    (
        "rules change places and nobody goes elsewhere",
        &[],
        &[(RULE_DACH, ""), (RULE_WEST, RULE_WEST_DACH)],
    ),
    ("rules change places", &[], &[(RULE_KEY, ""), (RULE_DACH, RULE_DACH_KEY)]),
    (
        "a queue of another name",
        &[],
        &[
            ("[queue.west]", "[queue.france]\nformerly = ['west']"),
            ("to = 'queue.west'", "to = 'queue.france'"),
        ],
    ),
    (
        "a territory of another name",
        &[],
        &[
            ("[territory.west]", "[territory.france]\nformerly = ['west']"),
            ("'territory.west'\nto", "'territory.france'\nto"),
        ],
    ),
    (
        "a territory of another name and of fewer records",
        &[],
        &[
            ("[territory.west]", "[territory.france]\nformerly = ['west']"),
            ("'territory.west'\nto", "'territory.france'\nto"),
            ("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory"),
        ],
    ),
    (
        "an ICP of another name and softer",
        &[],
        &[
            ("[icp.core]", "[icp.centre]\nformerly = ['core']"),
            ("'icp.core'", "'icp.centre'"),
            ("employees >= 200", "employees >= 150"),
        ],
    ),
    (
        "a stage of another name and a softer ICP",
        &[],
        &[
            ("next = ['mql']", "next = ['qualified']"),
            ("id = 'mql'\n", "id = 'qualified'\nformerly = ['mql']\n"),
            ("employees >= 200", "employees >= 150"),
        ],
    ),
    (
        "a lifecycle of another name and a softer ICP",
        &[],
        &[
            ("[lifecycle.lead]\n", "[lifecycle.prospect]\nformerly = ['lead']\n"),
            ("[[lifecycle.lead.stage]]\nid = 'new'", "[[lifecycle.prospect.stage]]\nid = 'new'"),
            ("[[lifecycle.lead.stage]]\nid = 'mql'", "[[lifecycle.prospect.stage]]\nid = 'mql'"),
            ("employees >= 200", "employees >= 150"),
        ],
    ),
    (
        "a stage between two others",
        &[],
        &[
            ("next = ['mql']", "next = ['known', 'mql']"),
            (
                "[[lifecycle.lead.stage]]\nid = 'mql'",
                "[[lifecycle.lead.stage]]\nid = 'known'\nnext = ['mql']\n[[lifecycle.lead.stage]]\nid = 'mql'",
            ),
        ],
    ),
];

const RULES: &str = "[[routing.inbound.rule]]\nid = 'key'\nwhen = 'employees >= 5000'\nto = 'queue.key'\n\
     [[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n\
     [[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";
const RULES_INCOMING: &str = "[[routing.incoming.rule]]\nid = 'key'\nwhen = 'employees >= 4000'\nto = 'queue.key'\n\
     [[routing.incoming.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n\
     [[routing.incoming.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";
const RULE_WEST_DACH: &str = "[[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n\
     [[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n";
const RULE_DACH_KEY: &str = "[[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n\
     [[routing.inbound.rule]]\nid = 'key'\nwhen = 'employees >= 5000'\nto = 'queue.key'\n";

/// A text with some words turned, each of which stands in it once.
fn turned(text: &str, turns: &[Turn]) -> String {
    turns.iter().fold(text.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    })
}

/// All pairs: those written by hand, the single edits, and those made from what nouns declare.
pub(super) fn pairs() -> Vec<Pair> {
    let named = |name: &str, before, after| Pair { name: name.to_owned(), before, after };
    let written = WRITTEN.iter().map(|(name, before, after)| named(name, one(before), one(after)));
    let of_files =
        FILES.iter().map(|(name, before, after)| named(name, files(before), files(after)));
    let turns = TURNS.iter().map(|(name, before, after)| {
        let before = turned(MODEL, before);
        named(name, one(&before), one(&turned(&before, after)))
    });
    let in_a_line = |text: &str| text.lines().collect::<Vec<_>>().join(" ⏎ ");
    let edits = EDITS.iter().map(|(before, after, _)| Pair {
        name: format!("{} → {}", in_a_line(before), in_a_line(after)),
        before: one(before),
        after: one(after),
    });
    let made = properties::pairs().into_iter();
    let made = made.map(|(name, before, after)| Pair { name, before, after });
    written.chain(of_files).chain(turns).chain(edits).chain(made).collect()
}
