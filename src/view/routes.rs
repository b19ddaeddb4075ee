//! The records that go elsewhere under a routing table, as data.

use crate::change::Rerouted;
use crate::proof::{Fate, Row, Witness};
use schemars::JsonSchema;
use serde::Serialize;

/// A routing table that changed, or whose words mean something else.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RouteTable {
    /// Its address.
    pub routing: String,
    /// Whether everything about it was decided.
    pub exact: bool,
    /// The records that go elsewhere; a record is in one row.
    pub rows: Vec<RouteRow>,
    /// Whether it is proved that no other record goes elsewhere.
    pub no_other_changes: bool,
    /// What was not decided, and why.
    pub undecided: Vec<String>,
}

/// Records that one rule takes before and another after.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RouteRow {
    /// What became of them.
    pub from: FateRow,
    /// What becomes of them.
    pub to: FateRow,
    /// The conditions they meet; empty where nothing is asked.
    pub include: String,
    /// The earlier rules that take some records that meet these conditions.
    pub except: Vec<String>,
    /// One of the records.
    pub witness: Witness,
    /// Where along a field it stops.
    pub edge: Option<EdgeRow>,
    /// What becomes of the witness without a field that the conditions ask for.
    pub without: Vec<WithoutRow>,
}

/// What becomes of a record.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FateRow {
    /// The rule that takes it; `default` where none does, `not routed` where the table is not about
    /// it.
    pub rule: String,
    /// Where it goes.
    pub to: Option<String>,
    /// The promise that starts with it.
    pub sla: Option<String>,
}

/// Two neighbouring values of a field: one moves, the other does not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EdgeRow {
    /// The field.
    pub field: String,
    /// The last record that moves.
    pub moves: Witness,
    /// The first that does not.
    pub stays: Witness,
}

/// The witness without one of its fields.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WithoutRow {
    /// The field.
    pub field: String,
    /// What became of it.
    pub from: FateRow,
    /// What becomes of it.
    pub to: FateRow,
}

impl From<&Rerouted> for RouteTable {
    fn from(table: &Rerouted) -> Self {
        Self {
            routing: table.routing.to_string(),
            exact: table.is_exact(),
            rows: table.rerouting.rows.iter().map(Into::into).collect(),
            no_other_changes: table.is_exact(),
            undecided: table.rerouting.undecided.clone(),
        }
    }
}

impl From<&Row> for RouteRow {
    fn from(row: &Row) -> Self {
        let edge = row.edge.as_ref().map(|edge| EdgeRow {
            field: edge.field.clone(),
            moves: edge.moves.clone(),
            stays: edge.stays.clone(),
        });
        let without = row.without.iter().map(|without| WithoutRow {
            field: without.field.clone(),
            from: (&without.before).into(),
            to: (&without.after).into(),
        });
        Self {
            from: (&row.before).into(),
            to: (&row.after).into(),
            include: row.include.clone(),
            except: row.except.clone(),
            witness: row.witness.clone(),
            edge,
            without: without.collect(),
        }
    }
}

impl From<&Fate> for FateRow {
    fn from(fate: &Fate) -> Self {
        let destination = fate.destination();
        Self {
            rule: fate.name().to_owned(),
            to: destination.and_then(|destination| destination.to.clone()),
            sla: destination.and_then(|destination| destination.sla.clone()),
        }
    }
}
