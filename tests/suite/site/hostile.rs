//! Names that mean harm stay names.

use super::{built, documents, markup};
use crate::repo::Repo;
use std::fmt::Write as _;

const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\\\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "</title></pre></script><svg onload=alert(1)>{{ 7*7 }}{% raw %}",
    "a\\u202eb\\u0007\\u2028c & 'd' \\\"e\\\"",
];

fn model() -> String {
    let mut text = String::from("[object.lead]\n");
    for (number, name) in HOSTILE.iter().enumerate() {
        let _ = write!(
            text,
            "[team.t{number}]\nname = \"{name}\"\ndescription = \"{name}\"\nfunction = \"{name}\"\nresponsibilities = [\"{name}\"]\n\
             [role.r{number}]\nname = \"{name}\"\nteam = \"team.t{number}\"\n\
             [[role.r{number}.holder]]\nid = \"h\"\nname = \"{name}\"\nemail = \"{name}\"\n\
             [queue.q{number}]\nname = \"{name}\"\nmembers = [\"role.r{number}\"]\n\
             [field.lead.f{number}]\nname = \"{name}\"\ntype = \"choice\"\nvalues = [\"{name}\", \"b\"]\ncolumns = {{ \"{name}\" = \"{name}\" }}\n\
             [segment.s{number}]\nname = \"{name}\"\nobject = \"lead\"\nowner = \"{name}\"\nwhen = \"f{number} = '{}'\"\n\
             [territory.t{number}]\nname = \"{name}\"\nobject = \"lead\"\nexclusive = true\nassigned_to = [\"queue.q{number}\", \"{name}\"]\nwhen = \"f{number} = '{}'\"\n\
             [decision.d{number}]\nname = \"{name}\"\ncovers = [\"{name}\"]\napprove = [\"{name}\"]\nkinds = [\"{name}\"]\n\
             [exception.e{number}]\nname = \"{name}\"\nreason = \"{name}\"\nwaives = \"{name}\"\napproved_by = \"{name}\"\nexpires = 2020-01-01\n\
             [metric.m{number}]\nname = \"{name}\"\nobject = \"lead\"\nunit = \"{name}\"\ntarget = 1\n\
             [playbook.p{number}]\nname = \"{name}\"\ndocument = \"{name}\"\n\
             [routing.x{number}]\nname = \"{name}\"\nobject = \"lead\"\ndefault = \"queue.q{number}\"\n\
             [[routing.x{number}.rule]]\nid = \"{name}\"\nname = \"{name}\"\nwhen = \"f{number} is set\"\nto = \"{name}\"\n\
             [[routing.x{number}.rule]]\nid = \"b\"\nwhen = \"{name}\"\nto = \"queue.q{number}\"\n\
             [lifecycle.l{number}]\nname = \"{name}\"\nobject = \"lead\"\n\
             [[lifecycle.l{number}.stage]]\nid = \"{name}\"\nname = \"{name}\"\nowner = \"team.t{number}\"\nentry.\"{name}\" = \"f{number} is set\"\nnext = [\"b\", \"{name}\"]\n\
             [[lifecycle.l{number}.stage]]\nid = \"b\"\nname = \"{name}\"\nrecycle = {{ to = \"{name}\", when = \"f{number} is set\" }}\n\
             [\"{name}\".\"{name}\"]\nname = \"{name}\"\n\
             [team.\"{name}\"]\nname = \"{name}\"\n\
             [team.\"../../../up{number}\"]\nname = \"{name}\"\n",
            name.replace("\\\"", "").replace('\'', ""),
            name.replace("\\\"", "").replace('\'', ""),
        );
    }
    let long = "n".repeat(400);
    text + &format!(
        "[team.{long}]\n[team.{long}x]\n[team.CON]\n[team.con]\n[team.\"\"]\n[team.\"a/b\"]\n[team.\"a\\u0000b\"]\n"
    )
}

#[test]
fn hostile_names_are_shown_and_do_nothing() {
    let repo = Repo::new();
    repo.write("model/a.toml", model());
    repo.commit(
        "</script><script>alert(1)</script> \"><img src=x onerror=alert(1)>",
        1_700_000_000,
    );
    repo.write("model/a.toml", model().replace("2020-01-01", "2021-01-01"));
    repo.commit("javascript:alert(1)", 1_700_100_000);
    let site = built(repo.path(), &repo.beside("out"), &[]);
    let documents = documents(&site);
    markup::assert_sound(&site, &documents);
    let all: Vec<&str> = site.keys().map(String::as_str).collect();
    // No file stands anywhere but in the site, and no two differ by their letters' case alone.
    assert!(!repo.beside("up0.html").exists());
    assert!(all.iter().all(|path| !path.contains("..") && path.len() < 160), "{all:?}");
    let folded: std::collections::BTreeSet<String> =
        all.iter().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), all.len());
    for (path, bytes) in &site {
        let text = String::from_utf8_lossy(bytes);
        if markup::is_page(path) {
            assert!(!text.contains("<script>") && !text.contains("<img"), "{path}");
            assert!(!text.contains('\u{202e}') && !text.contains('\u{7}'), "{path}");
            assert!(!text.contains("href=\"javascript"), "{path}");
        }
        if path.starts_with("data/") {
            assert!(!text.contains('<') && !text.contains('\u{2028}'), "{path}");
        }
    }
    // They are there to be read all the same.
    assert!(documents["contents.html"].words().contains("<script>alert(1)</script>"));
    assert!(documents["contents.html"].words().contains("{{ 7*7 }}"));
}
