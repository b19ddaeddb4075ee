//! Named lists of values.

use super::declaration::noun;
use super::read::{Listed, Word};

noun! {
    /// A named list of values, for criteria such as `country in list.served-countries`.
    entity List = "list" {
        /// The values.
        values: Listed<Word> = facet(SetGrowsLooser).stem("list-value"),
    }
}
