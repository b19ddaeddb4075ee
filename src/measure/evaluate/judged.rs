//! What comes out for one record; kept from record to record, so that nothing is made anew.

use super::routes::JudgedRoute;
use super::stages::JudgedStage;

/// What comes out for one record; everything stands in the order of the evaluation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// The ICPs.
    pub icps: Vec<JudgedFit>,
    /// The definitions.
    pub definitions: Vec<JudgedFit>,
    /// Each family with whether the record is in each of its members.
    pub families: Vec<Vec<Option<bool>>>,
    /// The routing tables; nothing where one has no answer.
    pub routes: Vec<Option<JudgedRoute>>,
    /// The lifecycles.
    pub stages: Vec<JudgedStage>,
    /// The signals: whether the record makes each fire.
    pub signals: Vec<Option<bool>>,
}

/// An ICP or a definition before a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JudgedFit {
    /// Whether the record fits.
    pub fits: Option<bool>,
    /// The same criterion by criterion.
    pub answers: Vec<Option<bool>>,
    /// The first tier that holds, by its place.
    pub tier: Option<usize>,
    /// Whether nobody knows of which tier it is.
    pub tier_unknown: bool,
}
