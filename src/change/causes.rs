//! What a change that nobody wrote is known by where its own words do not tell what it does: by the
//! changes that it follows from.

use super::classify::Change;
use super::fingerprint::Fingerprint;
use crate::model::Address;
use serde_json::json;
use std::collections::BTreeSet;

/// What of a field gives the words of criteria their meaning.
const OF_FIELDS: [&str; 6] = ["type", "values", "values_from", "open", "object", "required"];

/// Gives changes the fingerprints that tell them from others at the same place.
///
/// Where a change has words of its own, with what they refer to written out, only what a field may
/// hold is not seen in them; `lists` are those that fields take their values from. Where it has none,
/// all that it follows from counts.
pub(super) fn tell_apart(found: &mut [Change], direct: &[Change], lists: &BTreeSet<String>) {
    for change in found {
        let has_words = !is_blank(change);
        let unseen = |cause: &&Address| {
            !has_words || cause.kind() == "field" || lists.contains(cause.as_str())
        };
        let causes: Vec<&Address> = change.caused_by.iter().filter(unseen).collect();
        let counts = |one: &&Change| {
            let mut ends = [Some(&one.address), one.previous.as_ref()].into_iter().flatten();
            let is_cause = ends.any(|end| causes.iter().any(|by| end.is_within(by.as_str())));
            is_cause && !one.is_cosmetic() && (!has_words || gives_meaning(&one.address))
        };
        let prints: BTreeSet<&str> =
            direct.iter().filter(counts).map(|one| one.fingerprint.as_str()).collect();
        if !prints.is_empty() {
            let own = json!(change.fingerprint.as_str());
            let (kind, address) = (&change.kind.id, change.address.as_str());
            change.fingerprint = Fingerprint::of(kind, address, Some(&own), Some(&json!(prints)));
        }
    }
}

/// Whether nothing but the kind and the place tells a change from others.
fn is_blank(change: &Change) -> bool {
    change.fingerprint == Fingerprint::of(&change.kind.id, change.address.as_str(), None, None)
}

/// Whether what stands at the address of a list, or of a field or a part of one, says what criteria
/// mean.
fn gives_meaning(address: &Address) -> bool {
    let part = address.as_str().split('.').nth(3);
    address.kind() != "field" || part.is_none_or(|part| OF_FIELDS.contains(&part))
}
