//! Everything that is asked of each record, asked once.

use super::case::Case;
use super::fields::{FieldCheck, ask_fields};
use super::promised::ask_promises;
use super::routes::{RouteCheck, Unsaid, ask_routes};
use super::stages::{LifecycleCheck, StageCheck, ask_lifecycles};
use super::waivers::{WaiverCheck, ask_waivers};
use super::{Kind, NotChecked, PromiseCount};
use crate::criteria::Value;
use crate::load::ModelScope;
use crate::measure::columns::{Columns, Lacking};
use crate::measure::sla::{Promises, Soon};
use crate::measure::standing::{Moments, Roster, lifecycles};
use crate::model::Entity;
use crate::model::field::Object;
use crate::records::{Field, Questions, Row, Slot};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// So many fields are named where more are missing.
const NAMED: usize = 8;

/// What is asked of each record.
pub(super) struct Checks<'a, 'm> {
    pub(super) scope: &'a ModelScope<'m>,
    pub(super) object: &'a str,
    pub(super) as_of: Timestamp,
    pub(super) soon: Soon,
    pub(super) roster: Roster,
    pub(super) moments: Moments,
    pub(super) promises: Promises,
    pub(super) key: Option<Slot>,
    /// Who has a record.
    pub(super) owner: Given,
    /// When somebody was last in contact.
    pub(super) contact: Given,
    /// Which files do not say when a record was routed.
    pub(super) routed_lacking: Lacking,
    /// Which files do not say whether a record stays where it is.
    pub(super) standing_lacking: Lacking,
    pub(super) lifecycles: Vec<LifecycleCheck<'a>>,
    pub(super) fields: Vec<FieldCheck>,
    pub(super) routes: Vec<RouteCheck<'a, 'm>>,
    pub(super) waivers: Vec<WaiverCheck>,
    pub(super) not_checked: Vec<NotChecked>,
}

/// A field that records are asked for one by one: each file has it or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    /// The field; none where nothing names one, or no file says anything of it.
    pub(super) slot: Option<Slot>,
    /// The files that do not have it.
    pub(super) lacking: Lacking,
}

impl Given {
    /// Whether the file of a record has it, or nothing names it.
    pub(super) fn is_told(&self, row: &Row<'_>) -> bool {
        self.lacking.allows(row.input())
    }
}

/// Asks questions, and keeps what cannot be asked.
pub(super) struct Asker<'q, 'a, 'm> {
    pub(super) questions: &'q mut Questions<'a>,
    pub(super) scope: &'a ModelScope<'m>,
    pub(super) object: &'a str,
    pub(super) columns: &'q Columns,
    pub(super) fields: &'a [Field],
    pub(super) facts: Object,
    pub(super) not_checked: Vec<NotChecked>,
    /// By the kinds that need them the fields that files lack, and what asks for them.
    lacking: BTreeMap<Vec<Kind>, (BTreeSet<String>, BTreeSet<String>)>,
}

impl<'a, 'm> Checks<'a, 'm> {
    pub(super) fn ask(
        questions: &mut Questions<'a>,
        scope: &'a ModelScope<'m>,
        object: &'a str,
        (columns, fields): (&Columns, &'a [Field]),
        (as_of, soon): (Timestamp, Soon),
    ) -> Self {
        let model = scope.model();
        let entity = model.get(&format!("object.{object}"));
        let facts: Object = entity.map_or_else(blank, Entity::read);
        let (not_checked, lacking) = (Vec::new(), BTreeMap::new());
        let mut asker =
            Asker { questions, scope, object, columns, fields, facts, not_checked, lacking };
        let today = TimeZone::UTC.to_datetime(as_of).date();
        let roster = Roster::of(model, today);
        let moments = Moments::ask(asker.questions, scope, object, columns);
        let promises = ask_promises(&mut asker, &moments);
        let key = asker.facts.key_field.as_ref().map(|at| at.value.0.clone());
        let key = key.and_then(|field| asker.slot(&field));
        let owner = asker.owner();
        let contact = asker.facts.contact_field.as_ref().map(|at| at.value.0.clone());
        let contact = asker.given(contact.as_deref());
        let routed_lacking = columns.lacking(moments.dated_by.routed.as_deref());
        let standing_lacking = asker.standing();
        let lifecycles = ask_lifecycles(&mut asker, promises.calendars().own().is_ok());
        let fields = ask_fields(&mut asker);
        let unsaid = Unsaid { routed: &routed_lacking, standing: &standing_lacking };
        let routes = ask_routes(&mut asker, &promises, owner.slot.is_some(), &unsaid);
        let waivers = ask_waivers(&mut asker, today);
        let not_checked = asker.said();
        Self {
            scope,
            object,
            as_of,
            soon,
            roster,
            moments,
            promises,
            key,
            owner,
            contact,
            routed_lacking,
            standing_lacking,
            lifecycles,
            fields,
            routes,
            waivers,
            not_checked,
        }
    }

    /// Whether its file says who has a record.
    pub(super) fn says_owner(&self, row: &Row<'_>) -> bool {
        self.owner.slot.is_some() && self.owner.is_told(row)
    }

    /// What the stage field of a record holds, and the stage that stands for.
    pub(super) fn stage(&self, row: &Row<'_>) -> (Option<String>, Option<&StageCheck<'a>>) {
        for lifecycle in &self.lifecycles {
            let held = row.value(lifecycle.field);
            let Some(Value::Text(stage)) = held else { continue };
            let found = lifecycle.stages.get(&stage);
            return (Some(stage), found);
        }
        (None, None)
    }
}

/// All that is found of a record.
pub(super) fn judge(case: &mut Case<'_, '_>, tallies: &mut [PromiseCount]) {
    let destination = super::routes::judge(case);
    super::promised::judge(case, destination.as_deref(), tallies);
    super::stages::judge(case);
    super::fields::judge(case);
}

fn blank() -> Object {
    Object {
        systems: None,
        plural: None,
        key_field: None,
        owner_field: None,
        contact_field: None,
        routed_field: None,
    }
}

impl Asker<'_, '_, '_> {
    /// A field, where some file says something of it.
    pub(super) fn slot(&mut self, field: &str) -> Option<Slot> {
        self.columns.says(field).then(|| self.questions.field(field)).flatten()
    }

    /// A field that records are asked for one by one.
    pub(super) fn given(&mut self, field: Option<&str>) -> Given {
        let slot = field.and_then(|field| self.slot(field));
        Given { slot, lacking: self.columns.lacking(field) }
    }

    /// The owner field, and what is not found where it is not there.
    fn owner(&mut self) -> Given {
        let kinds = vec![Kind::NotRouted, Kind::Misrouted, Kind::Overridden, Kind::OlderRevision];
        let Some(field) = self.facts.owner_field.as_ref().map(|at| at.value.0.clone()) else {
            let help = format!("write `owner_field = \"…\"` into `[object.{}]`", self.object);
            self.aside(kinds, None, "the model does not say which field holds the owner", &help);
            return Given::default();
        };
        let owner = self.given(Some(&field));
        self.lacks(&kinds, None, &owner.lacking);
        owner
    }

    /// Which files do not say whether a record stays where it is.
    fn standing(&self) -> Lacking {
        let own = lifecycles(self.scope.model(), self.object);
        let ending = own.filter(|(_, it)| it.stages().iter().any(|stage| stage.is_terminal()));
        let fields: Vec<String> =
            ending.filter_map(|(_, it)| Some(it.stage_field?.value.0)).collect();
        self.columns.lacking(fields.iter().map(String::as_str))
    }

    /// Says that something is not judged.
    pub(super) fn aside(
        &mut self,
        kinds: Vec<Kind>,
        address: Option<&str>,
        reason: &str,
        help: &str,
    ) {
        self.not_checked.push(NotChecked {
            kinds,
            reason: reason.to_owned(),
            help: help.to_owned(),
            lacks_column: false,
            parts: address.map(str::to_owned).into_iter().collect(),
        });
    }

    /// Says that files lack what is needed, if they do.
    pub(super) fn lacks(&mut self, kinds: &[Kind], address: Option<&str>, lacking: &Lacking) {
        if lacking.is_nothing() {
            return;
        }
        let (fields, addresses) = self.lacking.entry(kinds.to_vec()).or_default();
        fields.extend(lacking.fields().into_iter().map(str::to_owned));
        addresses.extend(address.map(str::to_owned));
    }

    /// What is not judged, each reason once.
    fn said(mut self) -> Vec<NotChecked> {
        for (kinds, (fields, addresses)) in std::mem::take(&mut self.lacking) {
            let what = match (addresses.len(), addresses.first()) {
                (0 | 1, _) | (_, None) => String::new(),
                (all, Some(_)) => format!(", which {all} parts of the model ask for"),
            };
            let absent = self.absent(&fields);
            self.not_checked.push(NotChecked {
                kinds,
                reason: format!("{absent}{what}"),
                help: "export them too, or add `--missing-as-empty` to take them as empty"
                    .to_owned(),
                lacks_column: true,
                parts: addresses,
            });
        }
        self.not_checked
    }

    /// Which fields no file has a column for, and which only some files have none for.
    fn absent(&self, fields: &BTreeSet<String>) -> String {
        let one = self.columns.names().count() == 1;
        let (partly, nowhere): (Vec<&String>, Vec<&String>) =
            fields.iter().partition(|field| self.columns.any(field));
        let nobody = if one { "the file has no column for" } else { "no file has a column for" };
        let told = [(nobody, nowhere), ("not every file has a column for", partly)];
        let told = told.iter().filter(|(_, fields)| !fields.is_empty()).map(|(told, fields)| {
            let named: Vec<String> = fields.iter().take(NAMED).map(|f| self.column(f)).collect();
            let more = fields.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{told} {}{more}", named.join(", "))
        });
        told.collect::<Vec<_>>().join(", and ")
    }

    /// A field with what its column is called.
    fn column(&self, path: &str) -> String {
        let field = self.fields.iter().find(|field| field.path == path);
        match field.and_then(|field| self.columns.called(field)) {
            Some(column) => format!("`{path}` (`{column}`)"),
            None => format!("`{path}`"),
        }
    }
}
