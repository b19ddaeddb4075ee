//! Rows of every kind, however long.
