//! A large model: no page grows without end.

use super::{built, documents, markup, words};
use crate::repo::Repo;
use std::fmt::Write as _;

/// No page may be larger, in bytes.
const LARGEST: usize = 500_000;

/// A model of some times ten entities, everything tied to everything.
fn model(times: usize) -> String {
    let mut text = String::from(
        "[model]\nformat = 1\nname = \"Large\"\n[object.lead]\nname = \"Lead\"\n\
         [field.lead.size]\ntype = \"integer\"\n[role.boss]\nname = \"Boss\"\n",
    );
    for n in 0..times {
        let about = format!(
            "description = \"What number {n} is for, in a sentence of about the length people write.\"\nowner = \"role.boss\"\n"
        );
        let _ = write!(
            text,
            "[field.lead.f{n}]\nname = \"Field {n}\"\n{about}type = \"choice\"\nvalues = [\"a\", \"b\"]\n\
             [definition.d{n}]\nname = \"Definition {n}\"\n{about}object = \"lead\"\ncriteria.size = \"size > {n}\"\ncriteria.kind = \"f{n} = 'a' or f{n} is not set\"\n\
             [segment.s{n}]\nname = \"Segment {n}\"\n{about}object = \"lead\"\nwhen = \"size > {n} and definition.d{n}\"\n\
             [territory.t{n}]\nname = \"Territory {n}\"\n{about}object = \"lead\"\nassigned_to = [\"queue.q{n}\"]\nwhen = \"f0 = 'a' and size = {n}\"\n\
             [queue.q{n}]\nname = \"Queue {n}\"\n{about}members = [\"role.r{n}\"]\n\
             [role.r{n}]\nname = \"Role {n}\"\n{about}\n[[role.r{n}.holder]]\nid = \"h{n}\"\nname = \"Holder {n}\"\n\
             [sla.s{n}]\nname = \"Promise {n}\"\n{about}object = \"lead\"\napplies_to = \"definition.d{n}\"\nstarts = \"size\"\nstops = \"size\"\nwithin = \"{n} hours\"\n\
             [metric.m{n}]\nname = \"Metric {n}\"\n{about}object = \"lead\"\nformula = \"count\"\npopulation = \"definition.d{n}\"\n\
             [list.l{n}]\nname = \"List {n}\"\n{about}values = [\"x{n}\"]\n\
             [example.e{n}]\nname = \"Example {n}\"\n{about}object = \"lead\"\nrecord = {{ size = {n} }}\nfails = [\"definition.d{n}\"]\n"
        );
    }
    text.push_str("[routing.all]\nname = \"All\"\nobject = \"lead\"\ndefault = \"queue.q0\"\n");
    for n in 0..times.min(150) {
        let _ = write!(
            text,
            "[[routing.all.rule]]\nid = \"r{n}\"\nname = \"Rule {n}\"\nwhen = \"size = {n}\"\nto = \"queue.q{n}\"\nsla = \"sla.s{n}\"\n"
        );
    }
    text
}

#[test]
fn no_page_of_a_large_model_is_too_large() {
    let repo = Repo::new();
    repo.write("model/large.toml", model(110));
    let site = built(repo.path(), &repo.beside("out"), &[]);
    let documents = documents(&site);
    assert!(documents.len() > 1_100);
    markup::assert_sound(&site, &documents);
    for (path, bytes) in &site {
        assert!(bytes.len() < LARGEST, "{path} has {} bytes", bytes.len());
    }
    assert!(site.contains_key("contents-2.html"));
    // Everybody's boss is referred to by all, and not all are named.
    assert!(words(&site, "entity/role.boss.html").contains("Metrics"));
}
