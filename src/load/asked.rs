//! A model as the criteria language sees it, read entity by entity as somebody asks.

use super::criteria::{Criterion, criteria_parsed, typed};
use super::scope::{Facts, ModelScope, PREDICATE_KINDS, predicate, values};
use super::uses::Uses;
use crate::criteria::{Expr, FieldFacts, Predicate, Scope};
use crate::model::{Entity, Model, Slot};
use std::sync::{Arc, OnceLock};

/// What was asked of a model so far.
#[derive(Debug)]
pub(super) struct Asked<'m> {
    model: &'m Model,
    said: Row<Said<'m>>,
    fields: Row<Option<Facts<'m>>>,
    lists: Row<Arc<[String]>>,
    slots: OnceLock<Vec<Slot<'m>>>,
    criteria: OnceLock<Vec<Criterion<'m>>>,
    /// Which criteria use which names.
    pub(super) uses: &'m Uses,
}

/// What is read of entities once it is asked for, at their places.
type Row<T> = Box<[OnceLock<Box<T>>]>;

/// What the criteria of an entity say.
#[derive(Debug)]
struct Said<'m> {
    criteria: Vec<Criterion<'m>>,
    /// All of them in one; none where one of them is faulty.
    predicate: Option<Predicate>,
}

impl<'m> Asked<'m> {
    pub(super) fn of(model: &'m Model, uses: &'m Uses) -> Self {
        Self {
            model,
            said: row(uses),
            fields: row(uses),
            lists: row(uses),
            slots: OnceLock::new(),
            criteria: OnceLock::new(),
            uses,
        }
    }

    pub(super) fn slots(&self, model: &'m Model) -> &[Slot<'m>] {
        self.slots.get_or_init(|| model.slots())
    }

    pub(super) fn criteria(&self, scope: &ModelScope<'m>) -> &[Criterion<'m>] {
        let said = || self.uses.entities().filter_map(|address| self.said(scope, address.as_str()));
        self.criteria.get_or_init(|| said().flat_map(|said| &said.criteria).cloned().collect())
    }

    pub(super) fn criteria_of(&self, scope: &ModelScope<'m>, entity: &Entity) -> &[Criterion<'m>] {
        let said = self.said(scope, entity.address.as_str());
        said.map_or_else(Default::default, |said| said.criteria.as_slice())
    }

    pub(super) fn has_object(&self, id: &str) -> bool {
        let fields = ["field.", id].concat();
        let mut declared = self.model.of_kind(&fields);
        let is_known = |field: &Entity| self.facts(field.address.as_str()).is_some();
        self.model.get(&["object.", id].concat()).is_some()
            || declared.any(|field| field.address.id() != id && is_known(field))
    }

    pub(super) fn field(&self, object: &str, name: &str) -> Option<&Facts<'m>> {
        self.facts(&["field.", object, ".", name].concat())
    }

    fn facts(&self, address: &str) -> Option<&Facts<'m>> {
        let read = |entity| Facts::of(entity, |id| self.list(id));
        self.once(&self.fields, address, read)?.as_ref()
    }

    pub(super) fn list(&self, id: &str) -> Option<Arc<[String]>> {
        let values = self.once(&self.lists, &["list.", id].concat(), values)?;
        Some(Arc::clone(values))
    }

    /// What is read of the entity at an address, where there is one that can be asked.
    fn once<'a, T>(
        &self,
        row: &'a Row<T>,
        address: &str,
        read: impl FnOnce(&'m Entity) -> T,
    ) -> Option<&'a T> {
        let place = row.get(self.uses.place(address)?)?;
        let entity = self.model.get(address)?;
        Some(place.get_or_init(|| Box::new(read(entity))))
    }

    pub(super) fn predicate(
        &self,
        scope: &ModelScope<'m>,
        kind: &str,
        id: &str,
    ) -> Option<Predicate> {
        if !PREDICATE_KINDS.contains(&kind) {
            return None;
        }
        let address = format!("{kind}.{id}");
        match self.said(scope, &address) {
            Some(said) => said.predicate.clone(),
            // Without any criterion it asks for nothing.
            None => Some(predicate(scope.model().get(&address)?, &[])),
        }
    }

    /// What an entity's criteria say, each held against the model; none where it has no criteria.
    fn said(&self, scope: &ModelScope<'m>, address: &str) -> Option<&Said<'m>> {
        let read = |entity: &'m Entity| {
            let parsed = self.uses.parsed(&entity.address);
            let mut criteria = criteria_parsed(self.model, &entity.slots(), parsed);
            for criterion in &mut criteria {
                let faults = typed(criterion, scope, &Written(scope));
                criterion.faults.extend(faults);
            }
            let is_sound = criteria.iter().all(|criterion| criterion.faults.is_empty());
            let predicate = is_sound.then(|| predicate(entity, &criteria));
            Said { criteria, predicate }
        };
        if self.uses.has_criteria(address) { self.once(&self.said, address, read) } else { None }
    }
}

/// A row in which nothing was asked for yet.
fn row<T>(uses: &Uses) -> Row<T> {
    std::iter::repeat_with(OnceLock::new).take(uses.places()).collect()
}

/// The model before its criteria were held against it: what stands for a predicate is one, whatever is
/// wrong with it.
struct Written<'a, 'm>(&'a ModelScope<'m>);

impl Scope for Written<'_, '_> {
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>> {
        self.0.field(object, name)
    }

    fn fields(&self, object: &str) -> Vec<String> {
        self.0.fields(object)
    }

    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate> {
        let known = PREDICATE_KINDS.contains(&kind);
        let entity = self.0.model().get(&format!("{kind}.{id}")).filter(|_| known)?;
        // What it says is another's to check.
        let expr = Arc::new(Expr::all(Vec::new()));
        Some(Predicate { object: entity.object().map(str::to_owned), expr })
    }

    fn is_there(&self, kind: &str, id: &str) -> bool {
        self.0.is_there(kind, id)
    }

    fn renamed(&self, address: &str) -> Option<String> {
        self.0.renamed(address)
    }

    fn predicates(&self, kind: &str) -> Vec<String> {
        self.0.predicates(kind)
    }

    fn list(&self, id: &str) -> Option<Arc<[String]>> {
        self.0.list(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::EXAMPLE;
    use crate::document::Limits;
    use crate::load::{read, users};
    use crate::source::{RawContent, RawFile};

    /// The example, and things that are wrong with a model.
    fn model() -> Model {
        let wrong = "[icp.lost]\nobject = 'account'\ncriteria.a = 'nothing = 1'\ncriteria.b = 'icp.none'\n\
             [segment.broken]\nobject = 'account'\nwhen = 'and and'\n\
             [definition.rests]\nobject = 'lead'\ncriteria.a = 'segment.broken'\ncriteria.b = 'icp.lost'\n\
             [definition.empty]\nobject = 'lead'\n[definition.nowhere]\ncriteria.a = 'x = 1'\n\
             [field.ghost.a]\ntype = 'text'\n[field.shade.a]\n[object.bare]\n";
        let file = |path: &str, text: &str| RawFile {
            path: path.to_owned(),
            content: RawContent::Bytes(text.as_bytes().to_vec()),
        };
        let files = EXAMPLE.iter().map(|artifact| file(artifact.path, artifact.text));
        read(files.chain([file("model/wrong.toml", wrong)]).collect(), Limits::default()).model
    }

    fn uses(model: &Model) -> Uses {
        let mut uses = Uses::default();
        model.entities().for_each(|entity| uses.add(entity));
        uses
    }

    #[test]
    fn what_is_read_as_it_is_asked_is_what_is_read_at_once() {
        let model = model();
        let uses = uses(&model);
        let (whole, asked) = (ModelScope::of_part(&model), ModelScope::asked(&model, &uses));
        let objects = ["lead", "account", "ghost", "shade", "bare", "none"];
        for object in objects {
            assert_eq!(whole.has_object(object), asked.has_object(object), "{object}");
        }
        for field in model.of_kind("field") {
            let (object, name) = field.address.id().split_once('.').unwrap();
            assert_eq!(whole.field(object, name), asked.field(object, name), "{}", field.address);
        }
        for entity in model.entities() {
            let (kind, id) = (entity.address.kind(), entity.address.id());
            assert_eq!(whole.predicate(kind, id), asked.predicate(kind, id), "{}", entity.address);
            assert_eq!(whole.list(id), asked.list(id));
            let criteria = |scope: &ModelScope<'_>| -> Vec<_> {
                let all = scope.criteria_of(entity).iter();
                all.map(|it| {
                    (it.address.clone(), it.object.clone(), it.expr.clone(), it.faults.clone())
                })
                .collect()
            };
            assert_eq!(criteria(&whole), criteria(&asked), "{}", entity.address);
        }
        let addresses = |scope: &ModelScope<'_>| -> Vec<_> {
            scope.criteria().iter().map(|it| it.address.clone()).collect()
        };
        assert_eq!(addresses(&whole), addresses(&asked));
        assert_eq!(whole.slots().len(), asked.slots().len());
    }

    #[test]
    fn whoever_uses_a_name_is_found_also_by_way_of_others_and_forgotten_with_its_entity() {
        let model = read(
            vec![RawFile {
                path: "a.toml".to_owned(),
                content: RawContent::Bytes(
                    b"[segment.a]\nobject = 'x'\nwhen = 'size > 1'\n\
                      [definition.b]\nobject = 'x'\ncriteria.c = 'segment.a and place in list.l'\n\
                      [sla.s]\nobject = 'x'\napplies_to = 'definition.b'\n[definition.d]\nobject = 'x'\n"
                        .to_vec(),
                ),
            }],
            Limits::default(),
        )
        .model;
        let mut uses = uses(&model);
        let found = |uses: &Uses, of: &str| -> Vec<String> {
            users([uses, &Uses::default()], std::iter::once(of)).into_iter().collect()
        };
        assert_eq!(found(&uses, "field.x.size"), ["definition.b", "segment.a", "sla.s"]);
        assert_eq!(found(&uses, "list.l"), ["definition.b", "sla.s"]);
        assert_eq!(found(&uses, "definition.d"), [""; 0]);
        let definition = crate::model::Address::new("definition.b");
        uses.forget(&definition);
        assert_eq!(found(&uses, "field.x.size"), ["segment.a"]);
        assert_eq!(found(&uses, "list.l"), [""; 0]);
        let sla = uses.place("sla.s").unwrap();
        uses.forget(&crate::model::Address::new("segment.a"));
        model.entities().filter(|it| it.address == definition).for_each(|it| uses.add(it));
        let again = uses.place("definition.b").unwrap();
        assert!(again != sla && again < uses.places(), "{again} of {}", uses.places());
        assert_eq!(uses.place("segment.a"), None);
    }
}
