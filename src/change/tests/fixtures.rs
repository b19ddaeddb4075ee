//! One edit each, and all that it is.

use super::world::{assert_mirrored, diff, example, files, kinds, one};
use crate::proof::Verdict;

/// Before, after, and the kinds of all changes.
pub(super) const EDITS: &[(&str, &str, &[&str])] = &[
    // Entities.
    ("", "[list.a]\nvalues = ['x']", &["list-added"]),
    ("", "[field.lead.a]\ntype = 'text'", &["field-added"]),
    ("", "[field.lead.a]\ntype = 'text'\nrequired = true", &["required-field-added"]),
    ("", "[decision.a]\napprove = ['role.x']", &["decision-added"]),
    // Where none stands for all, the first one given narrows.
    ("[decision.a]", "[decision.a]\nimpact = ['cosmetic']", &["decision-impact-set"]),
    ("[decision.a]\nkinds = ['sla-*']", "[decision.a]\nkinds = []", &["decision-kind-unset"]),
    ("[decision.a]\ncovers = ['sla.*']", "[decision.a]", &["decision-scope-unset"]),
    (
        "[decision.a]\ncovers = ['sla.*']",
        "[decision.a]\ncovers = ['sla.*', 'icp.*']",
        &["decision-scope-added"],
    ),
    ("[decision.a]", "[decision.a]\nany_of = ['role.x']", &["decision-alternative-set"]),
    // What stands where nothing is given.
    ("[decision.a]\nany_of = ['role.x']\nneed = 1", "[decision.a]\nany_of = ['role.x']", &[]),
    (
        "[decision.a]\nany_of = ['role.x', 'role.y', 'role.z']\nneed = 3",
        "[decision.a]\nany_of = ['role.x', 'role.y', 'role.z']",
        &["decision-quorum-lowered"],
    ),
    ("[decision.a]\ncovers = ['*']", "[decision.a]", &[]),
    ("[decision.a]\nkinds = ['*']", "[decision.a]\nkinds = []", &[]),
    (
        "[decision.a]",
        "[decision.a]\nimpact = ['breaking', 'loosening', 'tightening', 'shifting', 'additive', 'cosmetic', 'undecided']",
        &[],
    ),
    ("[decision.a]\ncovers = ['*']", "[decision.a]\ncovers = ['*', 'routing.partner']", &[]),
    ("[decision.a]\ncovers = ['sla.s']", "[decision.a]\ncovers = ['sla.s', 'sla.s.within']", &[]),
    (
        "[decision.a]\nkinds = ['stage-*']",
        "[decision.a]\nkinds = ['stage-exit-weakened', 'stage-*']",
        &[],
    ),
    (
        "[decision.a]\nkinds = ['stage-*', 'stage-added']",
        "[decision.a]\nkinds = ['stage-added']",
        &["decision-kind-removed"],
    ),
    ("[decision.a]\ncovers = ['*']", "[decision.a]\ncovers = ['sla.s']", &["decision-scope-set"]),
    (
        "[policy.sla-loosened]\nrule = 'sla-loosened'\nlevel = 'off'",
        "[policy.sla-loosened]\nlevel = 'off'",
        &[],
    ),
    (
        "[policy.a]\nrule = 'sla-loosened'\nlevel = 'off'",
        "[policy.a]\nlevel = 'off'",
        &["policy-rule-unset"],
    ),
    ("[calendar.a]", "[calendar.a]\ndays = ['mon', 'tue', 'wed', 'thu', 'fri']", &[]),
    ("[calendar.a]", "[calendar.a]\ndays = ['mon']", &["sla-clock-day-removed"]),
    ("", "[galaxy.a]\nstars = 3", &["entity-added"]),
    ("[galaxy.a]\nstars = 3", "[galaxy.a]\nstars = 4", &["unknown-property-changed"]),
    ("[team.a]\nmood = 'good'", "[team.a]", &["unknown-property-unset"]),
    ("[team.a]", "[team.b]\nformerly = ['a']", &["entity-id-renamed"]),
    (
        "[team.a]\nlead = 'role.x'",
        "[team.b]\nformerly = ['a']\nlead = 'role.y'",
        &["entity-id-renamed", "team-lead-changed"],
    ),
    (
        "[field.lead.a]\ntype = 'text'",
        "[field.lead.b]\nformerly = ['a']\ntype = 'text'",
        &["entity-id-renamed"],
    ),
    ("[team.a]", "[team.a]\nformerly = ['b']", &["team-display-changed"]),
    ("[team.a]", "[team.b]", &["team-added", "team-removed"]),
    // A pattern that a rename leaves behind.
    (
        "[sla.s]\n[decision.a]\ncovers = ['sla.s']",
        "[sla.t]\nformerly = ['s']\n[decision.a]\ncovers = ['sla.s']",
        &["decision-scope-removed", "entity-id-renamed"],
    ),
    (
        "[sla.s]\n[decision.a]\ncovers = ['sla.s', 'icp.*']",
        "[sla.t]\nformerly = ['s']\n[decision.a]\ncovers = ['sla.t', 'icp.*']",
        &["entity-id-renamed"],
    ),
    (
        "[sla.s]\n[policy.p]\nrule = 'sla-loosened'\ncovers = ['sla.s.within']",
        "[sla.t]\nformerly = ['s']\n[policy.p]\nrule = 'sla-loosened'\ncovers = ['sla.s.within']",
        &["entity-id-renamed", "policy-scope-removed"],
    ),
    // Amounts.
    ("[sla.a]\nwithin = '24h'", "[sla.a]\nwithin = '1 day'", &[]),
    ("[sla.a]\nwithin = '4h'", "[sla.a]\nwithin = '5 hours'", &["sla-loosened"]),
    ("[sla.a]\nwithin = '4h'", "[sla.a]\nwithin = '4 business hours'", &["sla-loosened"]),
    ("[sla.a]\nwithin = '1 day'", "[sla.a]\nwithin = '1 business day'", &["sla-shifted"]),
    ("[sla.a]\ntarget = '95%'", "[sla.a]\ntarget = '95.0 %'", &[]),
    ("[sla.a]\ntarget = '95%'", "[sla.a]\ntarget = '90%'", &["sla-target-loosened"]),
    ("[territory.a]\nquota = 1000", "[territory.a]\nquota = 1_000.00", &[]),
    ("[territory.a]\nquota = 1000", "[territory.a]\nquota = 1001", &["territory-quota-raised"]),
    ("[exception.a]\nexpires = 2027-01-31", "[exception.a]\nexpires = '2027-01-31'", &[]),
    (
        "[exception.a]\nexpires = 2027-01-31",
        "[exception.a]\nexpires = 2027-02-01",
        &["exception-extended"],
    ),
    (
        "[team.a]\nreview_by = 2027-01-31",
        "[team.a]\nreview_by = 2027-02-01",
        &["review-date-postponed"],
    ),
    // Flags: one that is not stated is off.
    ("[field.lead.a]", "[field.lead.a]\nrequired = false", &[]),
    ("[field.lead.a]", "[field.lead.a]\nrequired = true", &["field-required-imposed"]),
    ("[enrichment.a]", "[enrichment.a]\noverwrites = false", &[]),
    ("[enrichment.a]", "[enrichment.a]\noverwrites = true", &["enrichment-overwrite-set"]),
    (
        "[enrichment.a]\noverwrites = false",
        "[enrichment.a]\noverwrites = true",
        &["enrichment-overwrite-changed"],
    ),
    // Criteria.
    (
        "[segment.a]\nwhen = 'x = 1 and y = 2'",
        "[segment.a]\nwhen = '(y = 2) and x=1.0'",
        &["segment-rewritten"],
    ),
    ("[segment.a]\nwhen = 'x = 1'", "[segment.a]\nwhen = 'x = 2'", &["segment-undecided"]),
    ("[segment.a]\nwhen = 'x = 1'", "[segment.a]\nwhen = 'x ='", &["segment-undecided"]),
    ("[segment.a]\nwhen = 'x = 1'", "[segment.a]\nwhen = 12", &["segment-undecided"]),
    ("[segment.a]", "[segment.a]\nwhen = 'x = 1'", &["segment-set"]),
    ("[icp.a.criteria]\nb = 'x = 1'", "[icp.a.criteria]\nb = 'x in [1]'", &["icp-rewritten"]),
    (
        "[icp.a.criteria]\nb = 'x = 1'",
        "[icp.a.criteria]\nb = 'x = 1'\nc = 'y'",
        &["icp-criterion-added"],
    ),
    ("[icp.a.criteria]\nb = 'x = 1'", "[icp.a]\ncriteria = 'x = 1'", &["unknown-property-changed"]),
    (
        "[icp.a.disqualifiers]\nb = 'x = 1'",
        "[icp.a.disqualifiers]\nb = 'x = 2'",
        &["icp-disqualifier-undecided"],
    ),
    // Prose: binds only where nothing else does.
    ("[team.a]\ndescription = 'a b'", "[team.a]\ndescription = 'a  b'", &[]),
    ("[team.a]\ndescription = 'a'", "[team.a]\ndescription = 'b'", &["team-prose-changed"]),
    (
        "[definition.a]\ndescription = 'a'",
        "[definition.a]\ndescription = 'b'",
        &["binding-prose-changed"],
    ),
    (
        "[definition.a]\ncriteria = {}\ndescription = 'a'",
        "[definition.a]\ncriteria = {}\ndescription = 'b'",
        &["binding-prose-changed"],
    ),
    ("[definition.a]\ndescription = 'a'", "[definition.a]\ncriteria = {}\ndescription = 'a'", &[]),
    (
        "[definition.a]\ncriteria.x = 'y'\ndescription = 'a'",
        "[definition.a]\ncriteria.x = 'y'\ndescription = 'b'",
        &["definition-prose-changed"],
    ),
    // Lists.
    ("[list.a]\nvalues = ['x', 'y']", "[list.a]\nvalues = ['y', 'x', 'x']", &[]),
    (
        "[list.a]\nvalues = ['x', 'y']",
        "[list.a]\nvalues = ['z', 'x']",
        &["list-value-added", "list-value-removed"],
    ),
    (
        "[enrichment.a]\nproviders = ['system.a', 'system.b']",
        "[enrichment.a]\nproviders = ['system.b', 'system.a']",
        &["enrichment-provider-order-changed"],
    ),
    (
        "[enrichment.a]\nproviders = ['system.a', 'system.b']",
        "[enrichment.a]\nproviders = ['system.b', 'system.a', 'system.c']",
        &["enrichment-provider-added", "enrichment-provider-order-changed"],
    ),
    // Groups.
    (
        "[lifecycle.l]\nstage = [{ id = 'a' }]",
        "[lifecycle.l]\nstage = [{ id = 'a', recycle = { to = 'b' } }]",
        &["stage-recycle-set"],
    ),
    ("[model]", "[model.calendar]\nhours = '09:00-17:00'", &["model-calendar-set"]),
    (
        "[model.calendar]\nhours = '09:00-17:00'",
        "[model.calendar]\nhours = '08:00-17:00'",
        &["sla-clock-changed"],
    ),
    // Items.
    (
        RULES,
        "[routing.r]\nrule = [{ id = 'b' }, { id = 'c' }, { id = 'd' }, { id = 'a' }]",
        &["rule-moved"],
    ),
    (
        RULES,
        "[routing.r]\nrule = [{ id = 'd' }, { id = 'a' }, { id = 'b' }, { id = 'c' }]",
        &["rule-moved"],
    ),
    (
        RULES,
        "[routing.r]\nrule = [{ id = 'x' }, { id = 'a' }, { id = 'b' }, { id = 'c' }, { id = 'd' }]",
        &["rule-added"],
    ),
    (
        RULES,
        "[routing.r]\nrule = [{ id = 'a' }, { id = 'b2', formerly = ['b'] }, { id = 'c' }, { id = 'd' }]",
        &["item-id-renamed"],
    ),
    (RULES, "[routing.r]\nrule = [{ id = 'a' }, { id = 'b' }, { id = 'd' }]", &["rule-removed"]),
    (
        RULES,
        "[routing.r]\nrule = [{ id = 'a' }, { id = 'b' }, { id = 'c' }, { id = 'd' }, { id = 'a', to = 'queue.x' }]",
        &["unknown-property-changed"],
    ),
    (
        RULES,
        "[routing.r]\nrule = [{ id = 'a' }, { id = 'b' }, { id = 'c' }, { id = 'd' }, { to = 'queue.x' }]",
        &["unknown-property-changed"],
    ),
    (
        "[lifecycle.l]\nstage = [{ id = 'a' }, { id = 'b' }]",
        "[lifecycle.l]\nstage = [{ id = 'b' }, { id = 'a' }]",
        &["stage-moved"],
    ),
    (
        "[lifecycle.l]\nstage = [{ id = 'a' }]",
        "[lifecycle.l]\nstage = [{ id = 'a', terminal = true }]",
        &["stage-terminal-set"],
    ),
    (
        "[scoring.s]\nrule = [{ id = 'a' }, { id = 'b' }]",
        "[scoring.s]\nrule = [{ id = 'b' }, { id = 'a' }]",
        &[],
    ),
    (
        "[role.r]\nholder = [{ id = 'a' }, { id = 'b' }]",
        "[role.r]\nholder = [{ id = 'b' }, { id = 'a' }]",
        &[],
    ),
    // Records of examples: a number is not the text that looks like it.
    ("[example.e]\nrecord = { a = 1, b = 2 }", "[example.e.record]\nb = 2.0\na = 1", &[]),
    (
        "[example.e]\nrecord = { a = 1 }",
        "[example.e]\nrecord = { a = '1' }",
        &["example-record-changed"],
    ),
    // One action, one finding.
    (
        "[list.a]\nvalues = ['x', 'y']\n[list.b]\nvalues = ['z']",
        "[list.a]\nvalues = ['x']\n[list.b]\nvalues = ['y', 'z']",
        &["list-value-moved"],
    ),
    (
        "[list.a]\nvalues = ['x']\n[list.b]\nvalues = ['x']\n[list.c]\n[list.d]",
        "[list.a]\n[list.b]\n[list.c]\nvalues = ['x']\n[list.d]\nvalues = ['x']",
        &["list-value-moved", "list-value-moved"],
    ),
    (
        "[queue.a]\nmembers = ['role.x', 'role.y']\n[queue.b]",
        "[queue.a]\nmembers = ['role.x']\n[queue.b]\nmembers = ['role.y']",
        &["pool-member-moved"],
    ),
    (
        "[role.a]\nholder = [{ id = 'ada', email = 'a@x' }]\n[role.b]",
        "[role.a]\n[role.b]\nholder = [{ id = 'ada', email = 'a@x' }]",
        &["role-holder-moved"],
    ),
    (
        "[role.a]\nholder = [{ id = 'ada', email = 'a@x' }]\n[role.b]",
        "[role.a]\n[role.b]\nholder = [{ id = 'ada', email = 'a@x', since = 2030-01-01 }]",
        &["role-holder-added", "role-holder-removed"],
    ),
    (
        "[role.a]\nholder = [{ id = 'ada', email = 'a@x' }]\n[role.b]",
        "[role.a]\n[role.b]\nholder = [{ id = 'ada', email = 'm@y' }]",
        &["role-holder-added", "role-holder-removed"],
    ),
    (
        "[territory.a]\nwhen = \"country in ['DE', 'NL'] and x = 1\"\n[territory.b]\nwhen = \"country in ['FR'] and x = 1\"",
        "[territory.a]\nwhen = \"x = 1 and country in ['DE']\"\n[territory.b]\nwhen = \"country in ['FR', 'NL'] and x = 1\"",
        &["territory-scope-moved"],
    ),
    (
        "[territory.a]\nwhen = \"country in ['DE', 'NL']\"\n[territory.b]\nwhen = \"country in ['FR'] and x = 1\"",
        "[territory.a]\nwhen = \"country in ['DE']\"\n[territory.b]\nwhen = \"country in ['FR', 'NL'] and x = 1\"",
        &["territory-scope-undecided", "territory-scope-undecided"],
    ),
    (
        "[territory.a]\nobject = 'x'\nwhen = \"country in ['DE', 'NL']\"\n[territory.b]\nobject = 'y'\nwhen = \"country in ['FR']\"",
        "[territory.a]\nobject = 'x'\nwhen = \"country in ['DE']\"\n[territory.b]\nobject = 'y'\nwhen = \"country in ['FR', 'NL']\"",
        &["territory-scope-undecided", "territory-scope-undecided"],
    ),
    (
        "[territory.a]\nwhen = \"c in ['A', 'B'] and n > 1 or c in ['C']\"\n[territory.b]\nwhen = \"c in ['D']\"",
        "[territory.a]\nwhen = \"c in ['C'] and n > 1 or c in ['A']\"\n[territory.b]\nwhen = \"c in ['D', 'B']\"",
        &["territory-scope-undecided", "territory-scope-undecided"],
    ),
    (
        "[territory.a]\nwhen = \"country in ['DE', 'NL']\"\n[territory.b]\nwhen = \"country in ['FR'] and x = 1\"",
        "[territory.a]\nwhen = \"country in ['DE']\"\n[territory.b]\nwhen = \"country in ['FR', 'NL'] and x = 2\"",
        &["territory-scope-undecided", "territory-scope-undecided"],
    ),
    (
        "[list.a]\nvalues = ['x', 'y']\n[list.b]",
        "[list.a]\n[list.b]\nvalues = ['x', 'z']",
        &["list-value-added", "list-value-moved", "list-value-removed"],
    ),
    (
        "[territory.a]\nwhen = \"c in ['A', 'B', 'C']\"\n[territory.b]\nwhen = \"c in ['D']\"\n[territory.e]\nwhen = \"c in ['E']\"",
        "[territory.a]\nwhen = \"c in ['C']\"\n[territory.b]\nwhen = \"c in ['A', 'D']\"\n[territory.e]\nwhen = \"c in ['B', 'E']\"",
        &["territory-scope-moved", "territory-scope-moved"],
    ),
    (
        "[territory.a]\nwhen = \"c in ['A', 'B', 'C']\"\n[territory.b]\nwhen = \"c in ['D']\"",
        "[territory.a]\nwhen = \"c in ['C']\"\n[territory.b]\nwhen = \"c in ['A', 'D']\"",
        &["territory-scope-moved", "territory-scope-undecided"],
    ),
    // What a stage field holds is the id where no value is given.
    (
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'new' }]",
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'open', formerly = ['new'] }]",
        &["item-id-renamed", "stage-value-changed"],
    ),
    (
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'new' }]",
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'open', formerly = ['new'], value = 'new' }]",
        &["item-id-renamed"],
    ),
    (
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'new' }]",
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'new', value = 'open' }]",
        &["stage-value-changed"],
    ),
    (
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'new' }]",
        "[lifecycle.l]\nstage_field = 'status'\nstage = [{ id = 'new', value = 'new' }]",
        &[],
    ),
    (
        "[lifecycle.l]\nstage = [{ id = 'new' }]",
        "[lifecycle.l]\nstage = [{ id = 'open', formerly = ['new'] }]",
        &["item-id-renamed"],
    ),
    // What only follows a rename is no change of its own.
    (
        "[lifecycle.l]\nstage = [{ id = 'a', exit.y = 'x' }]\n[exception.e]\nwaives = 'lifecycle.l.stage.a.exit.y'\n[decision.d]\ncovers = ['lifecycle.l.stage.a']",
        "[lifecycle.m]\nformerly = ['l']\nstage = [{ id = 'b', formerly = ['a'], exit.y = 'x' }]\n[exception.e]\nwaives = 'lifecycle.m.stage.b.exit.y'\n[decision.d]\ncovers = ['lifecycle.m.stage.b']",
        &["entity-id-renamed", "item-id-renamed"],
    ),
    (
        "[lifecycle.l]\nstage = [{ id = 'a', exit.y = 'x' }]\n[exception.e]\nwaives = 'lifecycle.l.stage.a.exit.y'",
        "[lifecycle.l]\nstage = [{ id = 'b', formerly = ['a'], exit.y = 'x' }]\n[exception.e]\nwaives = 'lifecycle.l.stage.b.exit.z'",
        &["exception-subject-changed", "item-id-renamed"],
    ),
    // Who takes points from fewer records is looser, and so is who takes them less often.
    (
        "[scoring.s]\nrule = [{ id = 'a', points = -5, once_per = '1 day', decays_after = '9 days' }]",
        "[scoring.s]\nrule = [{ id = 'a', points = -5, once_per = '2 days', decays_after = '8 days' }]",
        &["score-rule-decay-loosened", "score-rule-rate-loosened"],
    ),
    (
        "[scoring.s]\nrule = [{ id = 'a', points = 5, once_per = '1 day', decays_after = '9 days' }]",
        "[scoring.s]\nrule = [{ id = 'a', points = 5, once_per = '2 days', decays_after = '8 days' }]",
        &["score-rule-decay-tightened", "score-rule-rate-tightened"],
    ),
];

const RULES: &str = "[routing.r]\nrule = [{ id = 'a' }, { id = 'b' }, { id = 'c' }, { id = 'd' }]";

#[test]
fn every_edit_is_what_it_is_and_nothing_else() {
    for (before, after, expected) in EDITS {
        let changes = diff(&one(before), &one(after));
        assert_eq!(kinds(&changes.changes), *expected, "\n{before}\n→\n{after}");
        for change in &changes.changes {
            let text = &change.summary;
            assert!(!text.is_empty() && !text.contains('\n') && !text.ends_with('.'), "{text}");
        }
    }
}

#[test]
fn the_way_back_mirrors_the_way_there() {
    for (before, after, _) in EDITS {
        assert_mirrored(&one(before), &one(after), &format!("{before}\n→\n{after}"));
    }
}

#[test]
fn nothing_differs_from_itself() {
    assert!(diff(example(), example()).is_empty());
    for (before, after, _) in EDITS {
        assert!(diff(&one(before), &one(before)).is_empty(), "{before}");
        assert!(diff(&one(after), &one(after)).is_empty(), "{after}");
    }
}

#[test]
fn an_entity_in_another_file_is_only_that() {
    let text = "[team.a]\nlead = 'role.x'";
    let changes = diff(&files(&[("model/a.toml", text)]), &files(&[("model/b.toml", text)]));
    assert_eq!(kinds(&changes.changes), ["entity-file-moved"]);
    assert_eq!(changes.meaningful().count(), 0);
}

#[test]
fn an_id_that_was_renamed_away_is_not_what_it_was() {
    let base = one("[team.a]\nlead = 'role.x'");
    let head = one("[team.b]\nformerly = ['a']\nlead = 'role.x'\n[team.a]\nlead = 'role.z'");
    assert_eq!(kinds(&diff(&base, &head).changes), ["entity-id-renamed", "entity-id-reused"]);
}

#[test]
fn a_rename_taken_back_is_a_rename() {
    let base = one("[team.b]\nformerly = ['a']\nlead = 'role.x'");
    let changes = diff(&base, &one("[team.a]\nlead = 'role.y'"));
    assert_eq!(kinds(&changes.changes), ["entity-id-renamed", "team-lead-changed"]);
}

#[test]
fn what_is_not_the_same_by_form_is_honestly_undecided() {
    let base = one("[segment.a]\nwhen = 'x > 1'");
    let changes = diff(&base, &one("[segment.a]\nwhen = 'x > 2'"));
    assert!(matches!(changes.changes[0].verdict, Some(Verdict::Undecided(_))));
}
