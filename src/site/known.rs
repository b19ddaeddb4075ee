//! What every page is made from: the facts, and what is found out once from them.

use super::Facts;
use super::prose::{Names, Text, name_of};
use super::web::Web;
use crate::finding::Finding;
use crate::model::{Entity, Model};
use crate::rights::{People, Rights};
use serde::Serialize;
use std::collections::BTreeMap;

/// The facts, and what follows from them.
pub(in crate::site) struct Known<'a> {
    pub(in crate::site) facts: &'a Facts<'a>,
    pub(in crate::site) names: Names<'a>,
    pub(in crate::site) web: Web,
    pub(in crate::site) rights: Rights,
    pub(in crate::site) people: People,
    /// The places at which the contents list each kind.
    contents: BTreeMap<String, String>,
    /// What was found, by the entity it is about.
    findings: BTreeMap<&'a str, Vec<&'a Finding>>,
}

/// Something that was found, as it is shown.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Found {
    weight: &'static str,
    rule: &'static str,
    message: Text,
    help: Option<Text>,
    about: Option<Text>,
    /// What is to be seen of it, and where.
    seen: Vec<Text>,
}

/// An entity in a list.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Listed {
    pub(in crate::site) name: String,
    pub(in crate::site) href: String,
    pub(in crate::site) address: String,
    pub(in crate::site) description: Option<String>,
}

impl<'a> Known<'a> {
    /// What follows from the facts.
    pub(in crate::site) fn of(facts: &'a Facts<'a>) -> Self {
        let model = facts.scope.model();
        let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in &facts.report.findings {
            let address = finding.address.as_deref().unwrap_or_default();
            if let Some((entity, _)) = model.entity_above(address) {
                findings.entry(entity.address.as_str()).or_default().push(finding);
            }
        }
        Self {
            facts,
            names: Names { scope: facts.scope },
            web: Web::of(facts.scope),
            rights: Rights::of(model),
            people: People::of(model, facts.mailmap, facts.as_of),
            contents: super::contents::places(model),
            findings,
        }
    }

    /// Where the contents list the entities of a kind.
    pub(in crate::site) fn contents(&self, kind: &str) -> &str {
        self.contents.get(kind).map_or("contents.html", String::as_str)
    }

    /// The model.
    pub(in crate::site) fn model(&self) -> &'a Model {
        self.facts.scope.model()
    }

    /// What was found of an entity.
    pub(in crate::site) fn found(&self, address: &str) -> Vec<Found> {
        let findings = self.findings.get(address).into_iter().flatten();
        findings.map(|finding| self.told(finding, false)).collect()
    }

    /// Something that was found, with what it is about where that is not said already.
    pub(in crate::site) fn told(&self, finding: &Finding, about: bool) -> Found {
        let address = finding.address.as_deref().filter(|_| about);
        let here = finding.label.as_deref().zip(finding.place.as_ref());
        let further = finding.labels.iter().map(|label| (label.text.as_str(), &label.place));
        let seen = here.into_iter().chain(further).map(|(words, place)| {
            let line = place.source.line(place.span.start);
            let words = self.names.sentence(words).plain(", ");
            words.code(format!("{}:{line}", place.source.path()))
        });
        Found {
            seen: seen.collect(),
            weight: finding.severity.word(),
            rule: finding.rule,
            message: self.names.sentence(&super::prose::sentence_case(&finding.message)),
            help: finding.help.as_deref().map(|help| self.names.sentence(help)),
            about: address.map(|address| self.names.link(address)),
        }
    }

    /// An entity in a list.
    pub(in crate::site) fn listed(entity: &Entity) -> Listed {
        Listed {
            name: name_of(entity),
            href: super::names::page_of(entity.address.as_str()),
            address: entity.address.to_string(),
            description: entity.table.text("description").map(str::to_owned),
        }
    }

    /// The entities of a kind in a list.
    pub(in crate::site) fn all(&self, kind: &str) -> Vec<Listed> {
        self.model().of_kind(kind).map(Self::listed).collect()
    }

    /// The owner of an entity, where it has one.
    pub(in crate::site) fn owner(&self, entity: &Entity) -> Text {
        entity.table.text("owner").map(|owner| self.names.link(owner)).unwrap_or_default()
    }
}
