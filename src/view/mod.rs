//! From what the tool knows to what it says: a neutral page and a JSON form for each subject.

mod approvals;
mod audit;
mod backtest;
mod backtest_page;
mod bars;
mod blame;
mod change_findings;
mod changes;
mod codeowners;
mod cut;
mod deviations;
mod deviations_page;
mod difference;
mod doctor;
mod doctor_page;
mod drift;
mod drift_net;
mod drift_page;
mod drift_timeline;
mod effects;
mod entity;
mod entity_source;
mod entity_text;
mod evaluate;
mod evaluate_figures;
mod evaluate_measures;
mod evaluate_page;
mod evaluate_rest;
mod evaluate_rows;
mod findings;
mod gaps;
mod gates;
mod impact;
mod impact_page;
mod log;
mod log_line;
mod log_stat;
mod log_table;
mod manual;
mod records;
mod review;
mod review_report;
mod routes;
mod trace;
mod whereabouts;
mod words;

pub use approvals::{ApprovalsReport, approvals_page};
pub use audit::{
    AuditReport, VerificationReport, WrittenRow, audit_page, package_files, verification_page,
};
pub use backtest::{BacktestReport, BacktestTold, backtest_csv};
pub use backtest_page::backtest_page;
pub use blame::{BlameReport, blame_page};
pub use change_findings::{change_findings, change_rules};
pub use changes::{changes_page, changes_page_unjudged, stat_page};
pub use codeowners::{FileOwners, GENERATED, file_owners};
pub use deviations::{
    Chosen, DeviationRow, DeviationsReport, LimitRow, deviations_csv_head, deviations_json_ends,
};
pub use deviations_page::deviations_page;
pub use difference::{ChangeRow, DatedRow, DiffReport, RevisionRow};
pub use doctor::{DoctorReport, Examined};
pub use doctor_page::doctor_page;
pub use drift::{
    DriftReport, REGISTER_COLUMNS, Reproduce, drift_csv, flag_word, register_cells, standing_word,
};
pub use drift_page::{Extent, drift_page};
pub use effects::{EffectsReport, effects_page};
pub use entity::{EntityListReport, EntityReport, Introduction, entity_page};
pub use entity_source::{entity_lines, entity_source};
pub use entity_text::entity_text;
pub use evaluate::{EvaluateReport, Evaluated};
pub use evaluate_page::{Layout as EvaluateLayout, evaluate_page};
pub use evaluate_rows::{RecordRow, record_csv, record_csv_head, record_json};
pub use findings::{findings_report, read_line, rule_infos, summary_page};
pub use impact::{ImpactReport, impact_csv};
pub use impact_page::impact_page;
pub use log::{LogRow, log_page, log_rows};
pub use log_line::{Telling, log_lines};
pub use log_stat::{
    Counted, LogCounts, LogStat, STAT_COLUMNS, StatBy, StatPer, log_stat_cells, log_stat_page,
};
pub use log_table::{LOG_COLUMNS, log_cells, log_table, log_table_rows};
pub use manual::{kind_page, kinds_page, rules_page};
pub use records::{FileRow, ReadRow, read_page};
pub use review::{review_comment, review_page, verdict_words};
pub use review_report::{ReviewReport, review_failures, review_findings, review_scan};
pub use trace::{TraceReport, trace_page};
pub use whereabouts::{WhereaboutsRow, whereabouts_page};
pub use words::{count, counted, instant, list_of, shell_word, thousands, when};

use schemars::schema_for;
use std::collections::BTreeMap;

/// The JSON Schemas of the JSON outputs, by the name of the output.
pub fn output_schemas() -> BTreeMap<String, schemars::Schema> {
    BTreeMap::from([
        ("output-approvals".to_owned(), schema_for!(ApprovalsReport)),
        ("output-audit".to_owned(), schema_for!(AuditReport<'static>)),
        ("output-audit-verify".to_owned(), schema_for!(VerificationReport<'static>)),
        ("output-backtest".to_owned(), schema_for!(BacktestReport)),
        ("output-blame".to_owned(), schema_for!(BlameReport)),
        ("output-check".to_owned(), schema_for!(crate::report::FindingsReport)),
        ("output-deviations".to_owned(), schema_for!(DeviationsReport)),
        ("output-diff".to_owned(), schema_for!(DiffReport)),
        ("output-doctor".to_owned(), schema_for!(DoctorReport)),
        ("output-drift".to_owned(), schema_for!(DriftReport<'static>)),
        ("output-evaluate".to_owned(), schema_for!(EvaluateReport)),
        ("output-evaluate-record".to_owned(), schema_for!(RecordRow)),
        ("output-impact".to_owned(), schema_for!(ImpactReport)),
        ("output-log".to_owned(), schema_for!(LogRow)),
        ("output-log-stat".to_owned(), schema_for!(LogStat)),
        ("output-review".to_owned(), schema_for!(ReviewReport<'static>)),
        ("output-show".to_owned(), schema_for!(EntityReport)),
        ("output-show-list".to_owned(), schema_for!(EntityListReport)),
        ("output-trace".to_owned(), schema_for!(TraceReport)),
        ("output-trace-table".to_owned(), schema_for!(EffectsReport)),
    ])
}
