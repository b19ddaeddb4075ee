//! A model as the criteria language sees it, read entity by entity as somebody asks.

use super::criteria::{Criterion, criteria_parsed, typed};
use super::scope::{Facts, ModelScope, PREDICATE_KINDS, predicate, values};
use super::uses::Uses;
use crate::criteria::{Expr, FieldFacts, Predicate, Scope};
use crate::model::{Entity, Model, Slot};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What was asked of a model so far.
#[derive(Debug)]
pub(super) struct Asked<'m> {
    /// What has criteria, by address.
    entities: BTreeMap<&'m str, OnceLock<Box<Said<'m>>>>,
    /// By address.
    fields: BTreeMap<&'m str, Lazily<'m, Option<Facts<'m>>>>,
    /// By id.
    lists: BTreeMap<&'m str, Lazily<'m, Arc<[String]>>>,
    slots: OnceLock<Vec<Slot<'m>>>,
    criteria: OnceLock<Vec<Criterion<'m>>>,
    /// Which criteria use which names.
    pub(super) uses: &'m Uses,
}

/// Something that is read from an entity once it is asked for.
#[derive(Debug)]
struct Lazily<'m, T> {
    entity: &'m Entity,
    read: OnceLock<Box<T>>,
}

/// What the criteria of an entity say.
#[derive(Debug)]
struct Said<'m> {
    criteria: Vec<Criterion<'m>>,
    /// All of them in one; none where one of them is faulty.
    predicate: Option<Predicate>,
}

impl<'m, T> Lazily<'m, T> {
    fn new(entity: &'m Entity) -> Self {
        Self { entity, read: OnceLock::new() }
    }

    fn get(&self, read: impl FnOnce(&'m Entity) -> T) -> &T {
        self.read.get_or_init(|| Box::new(read(self.entity)))
    }
}

impl<'m> Asked<'m> {
    pub(super) fn of(model: &'m Model, uses: &'m Uses) -> Self {
        let fields = model.of_kind("field").map(|it| (it.address.as_str(), Lazily::new(it)));
        let lists = model.of_kind("list").map(|it| (it.address.id(), Lazily::new(it)));
        let entities = uses.entities().map(|address| (address.as_str(), OnceLock::new()));
        Self {
            entities: entities.collect(),
            fields: fields.collect(),
            lists: lists.collect(),
            slots: OnceLock::new(),
            criteria: OnceLock::new(),
            uses,
        }
    }

    pub(super) fn slots(&self, model: &'m Model) -> &[Slot<'m>] {
        self.slots.get_or_init(|| model.slots())
    }

    pub(super) fn criteria(&self, scope: &ModelScope<'m>) -> &[Criterion<'m>] {
        let said = || self.entities.keys().filter_map(|address| self.said(scope, address));
        self.criteria.get_or_init(|| said().flat_map(|said| &said.criteria).cloned().collect())
    }

    pub(super) fn criteria_of(&self, scope: &ModelScope<'m>, entity: &Entity) -> &[Criterion<'m>] {
        let said = self.said(scope, entity.address.as_str());
        said.map_or_else(Default::default, |said| said.criteria.as_slice())
    }

    pub(super) fn has_object(&self, model: &Model, id: &str) -> bool {
        let fields = format!("field.{id}.");
        let mut declared = self.fields.range(fields.as_str()..);
        model.get(&format!("object.{id}")).is_some()
            || declared
                .by_ref()
                .take_while(|(address, _)| address.starts_with(&fields))
                .any(|(_, field)| self.facts(field).is_some())
    }

    pub(super) fn field(&self, object: &str, name: &str) -> Option<&Facts<'m>> {
        self.facts(self.fields.get(format!("field.{object}.{name}").as_str())?)
    }

    fn facts<'a>(&self, field: &'a Lazily<'m, Option<Facts<'m>>>) -> Option<&'a Facts<'m>> {
        field.get(|entity| Facts::of(entity, |id| self.list(id))).as_ref()
    }

    pub(super) fn list(&self, id: &str) -> Option<Arc<[String]>> {
        Some(Arc::clone(self.lists.get(id)?.get(values)))
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
        let (known, said) = self.entities.get_key_value(address)?;
        let entity = scope.model().get(known)?;
        let read = || {
            let mut criteria =
                criteria_parsed(scope.model(), &entity.slots(), self.uses.parsed(&entity.address));
            for criterion in &mut criteria {
                let faults = typed(criterion, scope, &Written(scope));
                criterion.faults.extend(faults);
            }
            let is_sound = criteria.iter().all(|criterion| criterion.faults.is_empty());
            let predicate = is_sound.then(|| predicate(entity, &criteria));
            Box::new(Said { criteria, predicate })
        };
        Some(said.get_or_init(read))
    }
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
        uses.forget(&crate::model::Address::new("definition.b"));
        assert_eq!(found(&uses, "field.x.size"), ["segment.a"]);
        assert_eq!(found(&uses, "list.l"), [""; 0]);
    }
}
