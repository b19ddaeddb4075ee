//! What every entity takes, and what every item of a list takes.

use super::declaration::{Declaration, noun};
use super::read::{Listed, Prose, Target, Word, targets};
use crate::model::Noun;
use jiff::civil::Date;

targets! {
    /// Who can own something.
    Owner => ["team", "role"];
}

noun! {
    /// What every entity takes.
    entity_base Common = "entity" {
        /// The name people use; the id where none is given.
        name: Prose = facet(Display).noted(),
        /// What it is for, in the words of those who use it.
        description: Prose = facet(Wording).noted(),
        /// The team or role that answers for it.
        owner: Target<Owner> = facet(Reference).stem("owner"),
        /// Ids it had before, so that history follows it through a rename.
        formerly: Listed<Word> = facet(Display).noted(),
        /// The date after which it counts as stale unless somebody has looked at it again.
        review_by: Date = facet(LargerIsLooser).stem("review-date").noted(),
        /// The date from which it is in force, for `drift`, `audit` and `backtest`; everything else judges
        /// by what is merged.
        effective_from: Date = facet(Setting).stem("effective-date"),
    }
}

noun! {
    /// What every item of a list takes.
    item_base ItemCommon = "item" {
        /// The id, unique in its list; part of the item's address.
        id: Word = facet(Identity).required(),
        /// The name people use; the id where none is given.
        name: Prose = facet(Display).noted(),
        /// What it is for.
        description: Prose = facet(Wording).noted(),
        /// Ids it had before, so that history follows it through a rename.
        formerly: Listed<Word> = facet(Display).noted(),
    }
}

/// The shared properties a noun of a role takes: `entity`, `item` or none.
pub(crate) fn base(role: &str) -> Option<&'static Declaration> {
    match role {
        "entity" => Some(Common::declaration()),
        "item" => Some(ItemCommon::declaration()),
        _ => None,
    }
}
