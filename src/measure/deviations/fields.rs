//! Fields that must be set, and values that nobody declared.

use super::case::Case;
use super::checks::Asker;
use super::{Deviation, Kind};
use crate::criteria::{FieldKind, Value};
use crate::finding::did_you_mean;
use crate::measure::columns::Lacking;
use crate::model::Address;
use crate::records::{Cell, Slot};

/// So much of what somebody typed is shown.
const SHOWN: usize = 60;

/// A field of the object itself.
pub(super) struct FieldCheck {
    address: Address,
    name: String,
    slot: Slot,
    required: bool,
    /// The values of a choice that takes no others.
    closed: Option<Vec<String>>,
    lacking: Lacking,
}

pub(super) fn ask_fields(asker: &mut Asker<'_, '_, '_>) -> Vec<FieldCheck> {
    let own = asker.fields.iter().filter(|field| !field.path.contains('.'));
    let mut checks = Vec::new();
    for field in own {
        let address = Address::new(format!("field.{}.{}", asker.object, field.path));
        let lacking = asker.columns.lacking([field.path.as_str()]);
        if field.required {
            asker.lacks(&[Kind::RequiredEmpty], Some(address.as_str()), &lacking);
        }
        let Some(slot) = asker.slot(&field.path) else {
            // Whoever takes what is missing as empty wants to hear that it is.
            if let (true, true, Some(slot)) =
                (field.required, lacking.is_nothing(), asker.questions.field(&field.path))
            {
                let name = field.path.clone();
                checks.push(FieldCheck {
                    address,
                    name,
                    slot,
                    required: true,
                    closed: None,
                    lacking,
                });
            }
            continue;
        };
        let closed = matches!(field.kind, FieldKind::Choice | FieldKind::Choices) && !field.open;
        let closed = closed.then(|| field.values.clone());
        let (name, required) = (field.path.clone(), field.required);
        checks.push(FieldCheck { address, name, slot, required, closed, lacking });
    }
    checks
}

/// Every field of a record.
pub(super) fn judge(case: &mut Case<'_, '_>) {
    for check in &case.checks.fields {
        if !check.lacking.allows(case.row.input()) {
            continue;
        }
        if check.required {
            case.looks(Kind::RequiredEmpty);
        }
        case.looks(Kind::UnreadableValue);
        let name = &check.name;
        let found = match case.row.cell(check.slot) {
            Cell::Unset if check.required => {
                let told = format!("`{name}` is empty, and every record must have it");
                Some((Kind::RequiredEmpty, told))
            }
            Cell::Unset => None,
            Cell::Unreadable(wanted) => {
                let text = shortened(&case.row.text(check.slot));
                Some((Kind::UnreadableValue, format!("`{name}` holds `{text}`, and not {wanted}")))
            }
            Cell::Value(value) => undeclared(check, &value),
        };
        if check.closed.is_some() {
            case.looks(Kind::UndeclaredValue);
        }
        if let Some((kind, told)) = found {
            let found: Deviation = case.deviation(kind, check.address.clone(), told);
            case.found.push(found);
        }
    }
}

fn undeclared(check: &FieldCheck, value: &Value) -> Option<(Kind, String)> {
    let declared = check.closed.as_ref()?;
    let held = match value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::Values(values) => values.as_slice(),
        _ => return None,
    };
    let other = held.iter().find(|value| !declared.contains(value))?;
    let near = did_you_mean(other, declared.iter().map(String::as_str));
    let near = near.map(|near| format!("; did somebody mean `{near}`?")).unwrap_or_default();
    let told =
        format!("`{}` holds `{}`, which is not declared{near}", check.name, shortened(other));
    Some((Kind::UndeclaredValue, told))
}

/// The beginning of a long text, without what would end the quote.
fn shortened(text: &str) -> String {
    let text = text.trim().replace('`', "'");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
