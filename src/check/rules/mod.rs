//! The register of rules: a file of code and a page each.

mod cases;
mod column_mapped_twice;
mod conflicting_move;
mod contradiction;
mod criterion_always_true;
mod criterion_never_true;
mod criterion_without_object;
mod crossed_limits;
mod dead_end_stage;
mod decision_covers_nothing;
mod decision_without_approver;
mod divided_value;
mod duplicate_criterion;
mod duplicate_item_id;
mod duplicate_stage_value;
mod duplicate_value;
mod effective_later;
mod ends_before_it_starts;
mod example_fails;
mod example_record;
mod exception_expired;
mod exception_subject;
mod exception_too_long;
mod exception_without_scope;
mod extents;
mod field_type_conflict;
mod field_without_values;
pub(super) mod forbidden_policy;
mod formerly_taken;
mod gate_impossible;
mod holder_left;
mod icp_empty;
mod impossible_calendar;
mod impossible_share;
mod incomplete_metric;
mod item_never_counts;
mod malformed_currency;
mod malformed_email;
pub(super) mod malformed_id;
mod misplaced_policy;
mod mixed_name;
mod no_business_calendar;
mod no_default_decision;
mod not_decided;
mod pattern_covers_nothing;
mod patterns;
mod pilot_over;
mod queue_without_member;
mod reading;
mod reference_cycle;
mod reference_without_object;
mod references;
mod required_field_without_source;
mod review_overdue;
mod role_without_holder;
mod route_sla_covers_nothing;
mod routing_gap;
mod rule_contradicts_itself;
mod rule_never_fires;
mod rule_redundant;
mod score_counted_twice;
mod segment_overlap;
mod share_without_member;
mod signal_without_date;
mod since;
mod sla_covers_nothing;
mod sla_impossible;
mod sla_setting_unused;
mod sla_timestamp;
mod stage_order;
mod stage_value_not_declared;
mod stage_without_exit;
mod stage_without_owner;
mod stated_values;
mod surveyed;
mod territory_gap;
mod territory_overlap;
mod unclear_label;
mod unfit_field;
mod unknown_field;
mod unknown_reference;
mod unknown_stage;
mod unmentioned_entity;
mod unreachable_stage;
mod unused_entity;
pub(super) mod unused_policy;
mod written;

pub(super) use cases::{Case, cases};
pub(super) use extents::{Extents, extents};
pub(super) use references::{Addresses, referred_to};
pub(super) use surveyed::{Surveyed, surveyed};

use super::Rule;

/// The id of the rule that speaks of questions without an answer.
pub(super) const NOT_DECIDED: &str = not_decided::ID;

/// All rules, by id.
pub static RULES: &[&Rule] = &[
    &reading::NOTHING_READ,
    &reading::SYNTAX,
    &reading::UNREADABLE_FILE,
    &reading::CONFLICT_MARKERS,
    &reading::NEWER_FORMAT,
    &reading::DUPLICATE_ID,
    &reading::UNKNOWN_KIND,
    &reading::UNKNOWN_PROPERTY,
    &reading::MISSING_PROPERTY,
    &reading::WRONG_VALUE,
    &reading::CRITERION_SYNTAX,
    &reading::UNKNOWN_VALUE,
    &reading::WRONG_KIND,
    &reading::TYPE_MISMATCH,
    &reading::NEVER_HOLDS,
    &reading::ALWAYS_HOLDS,
    &column_mapped_twice::RULE,
    &conflicting_move::RULE,
    &criterion_always_true::RULE,
    &criterion_never_true::RULE,
    &criterion_without_object::RULE,
    &crossed_limits::RULE,
    &dead_end_stage::RULE,
    &decision_covers_nothing::RULE,
    &decision_without_approver::RULE,
    &divided_value::RULE,
    &duplicate_criterion::RULE,
    &duplicate_item_id::RULE,
    &duplicate_stage_value::RULE,
    &duplicate_value::RULE,
    &effective_later::RULE,
    &ends_before_it_starts::RULE,
    &example_fails::RULE,
    &example_record::RULE,
    &exception_expired::RULE,
    &exception_subject::RULE,
    &exception_too_long::RULE,
    &exception_without_scope::RULE,
    &field_type_conflict::RULE,
    &field_without_values::RULE,
    &forbidden_policy::RULE,
    &formerly_taken::RULE,
    &gate_impossible::RULE,
    &holder_left::RULE,
    &icp_empty::RULE,
    &impossible_calendar::RULE,
    &impossible_share::RULE,
    &incomplete_metric::RULE,
    &item_never_counts::RULE,
    &malformed_currency::RULE,
    &malformed_email::RULE,
    &malformed_id::RULE,
    &misplaced_policy::RULE,
    &mixed_name::RULE,
    &no_business_calendar::RULE,
    &no_default_decision::RULE,
    &not_decided::RULE,
    &pattern_covers_nothing::RULE,
    &pilot_over::RULE,
    &queue_without_member::RULE,
    &reference_cycle::RULE,
    &reference_without_object::RULE,
    &required_field_without_source::RULE,
    &review_overdue::RULE,
    &role_without_holder::RULE,
    &route_sla_covers_nothing::RULE,
    &routing_gap::RULE,
    &rule_contradicts_itself::RULE,
    &rule_never_fires::RULE,
    &rule_redundant::RULE,
    &score_counted_twice::RULE,
    &segment_overlap::RULE,
    &share_without_member::RULE,
    &signal_without_date::RULE,
    &sla_covers_nothing::RULE,
    &sla_impossible::RULE,
    &sla_setting_unused::RULE,
    &sla_timestamp::RULE,
    &stage_order::RULE,
    &stage_value_not_declared::RULE,
    &stage_without_exit::RULE,
    &stage_without_owner::RULE,
    &territory_gap::RULE,
    &territory_overlap::RULE,
    &unclear_label::RULE,
    &unfit_field::RULE,
    &unknown_field::RULE,
    &unknown_reference::RULE,
    &unknown_stage::RULE,
    &unmentioned_entity::RULE,
    &unreachable_stage::RULE,
    &unused_entity::RULE,
    &unused_policy::RULE,
];
