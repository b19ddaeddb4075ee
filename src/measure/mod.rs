//! What the records of an export come to under a model: who fits, where everybody goes, what should
//! not be, and what another model would make of the same records.
