//! What findings of reading can say once the model is known: what was meant by a name, and which letter
//! is not what it seems.

use super::Context;
use crate::finding::{Finding, Severity, did_you_mean};
use crate::letters::odd_letters;
use crate::model::{Entity, Shape, Slot};
use crate::schema::spelt;

/// Longer words than this are not looked through for letters that look like others.
const LOOKED_THROUGH: usize = 200;

/// What people write for whoever owns a record already.
const OWNER: [&str; 8] = [
    "owner",
    "keep",
    "keep-owner",
    "current-owner",
    "same-owner",
    "existing-owner",
    "unchanged",
    "stay",
];

/// A mistake with the letter in its underlined words that is not what it seems, if there is one.
pub(super) fn with_odd_letter(finding: Finding) -> Finding {
    let place = finding.place.as_ref().filter(|_| finding.severity == Severity::Error);
    let words = place.map(|place| place.span.of(place.source.text())).unwrap_or_default();
    if words.len() > LOOKED_THROUGH || finding.message.contains("U+") {
        return finding;
    }
    let Some((_, odd)) = odd_letters(words).next() else { return finding };
    let told = odd.told();
    let help = match &finding.help {
        Some(help) if help.ends_with('?') => format!("{help} {told}"),
        Some(help) => format!("{help}; {told}"),
        None => told,
    };
    finding.help(help)
}

/// A name where an address belongs, with the address of what is called so.
pub(super) fn with_address(context: &Context<'_>, finding: Finding) -> Finding {
    if finding.rule != "wrong-value" {
        return finding;
    }
    let is_it = |slot: &&Slot<'_>| {
        let place = finding.place.as_ref();
        place.is_some_and(|place| {
            place.span == slot.node.span && place.source.path() == slot.entity.source.path()
        })
    };
    let slot = context.scope.slots().iter().find(is_it);
    match slot.and_then(|slot| address(context, slot)) {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// What to write for a name without a kind.
fn address(context: &Context<'_>, slot: &Slot<'_>) -> Option<String> {
    let Shape::Target(kinds) = slot.shape else { return None };
    let text = slot.node.as_text().filter(|text| !text.contains('.'))?;
    let id = spelt(text)?;
    let all = || kinds.iter().flat_map(|kind| context.model.of_kind(kind));
    let named: Vec<&str> =
        all().filter(|it| it.address.id() == id).map(|it| it.address.as_str()).collect();
    if !named.is_empty() {
        return Some(format!("write `{}`", named.join("` or `")));
    }
    if let Some(object) = slot.object.filter(|_| kinds.contains(&"field")) {
        if let Some(field) = field(context, object, &id) {
            return Some(format!("write `{field}`"));
        }
        if OWNER.contains(&id.as_str()) {
            return Some(format!(
                "name the field that says whose a record is, such as `field.{object}.owner`, and declare it"
            ));
        }
    }
    let held: Vec<&str> =
        all().filter(|it| holds(it, text, &id)).map(|it| it.address.as_str()).collect();
    if !held.is_empty() {
        let roles = held.join("` or `");
        return Some(format!("write `{roles}`, which `{text}` holds"));
    }
    let ids = all().map(|it| it.address.id());
    if let Some(near) = did_you_mean(&id, ids) {
        let near = all().find(|it| it.address.id() == near)?;
        return Some(format!("did you mean `{}`?", near.address));
    }
    match (*kinds, all().next()) {
        ([kind], _) => Some(format!("declare `[{kind}.{id}]` and write `{kind}.{id}`")),
        (_, Some(first)) => {
            Some(format!("write the address of one that exists, such as `{}`", first.address))
        }
        _ => None,
    }
}

/// The field of an object that is called so, or says who owns a record.
fn field(context: &Context<'_>, object: &str, id: &str) -> Option<String> {
    let address = |field: &str| Some(format!("field.{object}.{field}"));
    let known = |address: &String| context.model.get(address).is_some();
    let owner = || {
        let entity = context.model.get(&format!("object.{object}"))?;
        let field = entity.table.text("owner_field").unwrap_or("owner");
        address(field).filter(known).filter(|_| OWNER.contains(&id))
    };
    address(id).filter(known).or_else(owner)
}

/// Whether somebody of this name holds a role.
fn holds(role: &Entity, text: &str, id: &str) -> bool {
    let holders = role.table.get("holder").and_then(|node| node.as_array()).unwrap_or_default();
    let mut holders = holders.iter().filter_map(|holder| holder.as_table());
    holders.any(|holder| {
        let says = |key: &str| holder.text(key).is_some_and(|said| said.eq_ignore_ascii_case(text));
        holder.text("id") == Some(id) || says("name") || says("login")
    })
}
