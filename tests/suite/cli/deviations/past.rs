//! What the model said when a record was routed.

use super::found;
use crate::cli::opmodel;
use crate::repo::Repo;

/// 2026-01-01.
const JANUARY: i64 = 1_767_225_600;
/// 2026-06-01.
const JUNE: i64 = 1_780_272_000;

const LEADS: &str = r#"
[model]
format = 1
[object.account]
key_field = "aid"
[field.account.aid]
type = "text"
[field.account.branch]
type = "text"
[object.lead]
key_field = "id"
owner_field = "owner"
routed_field = "routed_at"
[field.lead.id]
type = "text"
[field.lead.owner]
type = "text"
[field.lead.account]
type = "reference"
object = "account"
[field.lead.kind]
type = "text"
[field.lead.routed_at]
type = "datetime"
[role.a]
[[role.a.holder]]
id = "ann"
[role.b]
[[role.b.holder]]
id = "bob"
[role.c]
[[role.c.holder]]
id = "cid"
[queue.old]
members = ["role.a"]
[queue.other]
"#;

/// The deviations of records, by the states of a model and the days on which they were recorded.
fn judged(states: &[(i64, &str)], object: &str, records: &str) -> Vec<String> {
    let repo = Repo::new();
    for (at, model) in states {
        repo.write("model/all.toml", *model);
        repo.commit("a state", *at);
    }
    repo.write("records.csv", records);
    let asked = ["deviations", "records.csv", "--object", object, "--format", "json"];
    let all = [&asked[..], &["--as-of", "2026-08-01"]].concat();
    found(&opmodel(repo.path(), &all).exits(0).json())
}

#[test]
fn who_had_left_when_a_record_was_routed_was_nobody_to_route_to() {
    let role = "id = \"ann\"\n[[role.a.holder]]\nid = \"ben\"\nleft = 2026-06-30\n";
    let model = LEADS.replace("id = \"ann\"\n", role);
    let model = format!("{model}[routing.r]\nobject = \"lead\"\ndefault = \"role.a\"\n");
    let leads = "id,owner,routed_at\n1,ben,2026-06-15T00:00:00Z\n2,ben,2026-07-25T00:00:00Z\n";
    let none = ["1 overridden routing.r", "2 overridden routing.r"];
    // Where the model has always said the same, no older revision is the reason; nor is a remark one.
    assert_eq!(judged(&[(JANUARY, &model)], "lead", leads), none);
    let remark = format!("{model}# a remark\n");
    assert_eq!(judged(&[(JANUARY, &model), (JUNE, &remark)], "lead", leads), none);
    // Ben has them by an older revision where it is the rule that is another one now.
    let now = model.replace("default = \"role.a\"", "default = \"role.b\"");
    let leads = "id,owner,routed_at\n1,ben,2026-05-15T00:00:00Z\n2,ben,2026-07-25T00:00:00Z\n";
    let states = [(JANUARY, &*model), (JUNE + 70 * 86_400, &*now)];
    let some = ["2 overridden routing.r", "1 older-revision routing.r"];
    assert_eq!(judged(&states, "lead", leads), some);
}

#[test]
fn each_of_several_tables_is_asked_what_it_said() {
    let tables = "[routing.first]\nobject = \"lead\"\ndefault = \"role.a\"\n\
                  [routing.second]\nobject = \"lead\"\ndefault = \"role.b\"\n";
    let then = format!("{LEADS}{tables}");
    let now = then.replace("default = \"role.b\"", "default = \"role.c\"");
    let leads = "id,owner,routed_at\n1,bob,2026-02-01T00:00:00Z\n2,bob,2026-07-01T00:00:00Z\n";
    let states = [(JANUARY, &*then), (JUNE, &*now)];
    let some = ["2 overridden routing.first", "1 older-revision routing.first"];
    assert_eq!(judged(&states, "lead", leads), some);
    // The same where it is days that have gone by since.
    let fresh = "[[routing.second.rule]]\nid = \"fresh\"\nwhen = \"days since routed_at <= 30\"\n\
                 to = \"role.b\"\n";
    let now = format!("{now}{fresh}");
    let leads = "id,owner,routed_at\n1,bob,2026-06-01T00:00:00Z\n";
    assert_eq!(judged(&[(JANUARY, &now)], "lead", leads), Vec::<String>::new());
}

#[test]
fn what_was_called_otherwise_is_followed_into_the_past() {
    let table = "[routing.r]\nobject = \"lead\"\ndefault = \"queue.other\"\n\
                 [[routing.r.rule]]\nid = \"x\"\nwhen = \"kind = 'X'\"\nto = \"queue.old\"\n\
                 [[routing.r.rule]]\nid = \"steel\"\nwhen = \"account.branch = 'Steel'\"\n\
                 to = \"queue.old\"\n\
                 [[routing.r.rule]]\nid = \"y\"\nwhen = \"kind = 'Y'\"\nto = \"role.b\"\n";
    let then = format!("{LEADS}{table}");
    // Everything has another name, and nothing goes where it went.
    let now = then
        .replace("[queue.old]\n", "[queue.new]\nformerly = [\"old\"]\n")
        .replace("to = \"queue.old\"", "to = \"queue.other\"")
        .replace("[role.b]\n", "[role.sales]\nformerly = [\"b\"]\n")
        .replace(
            "role.b.holder]]\nid = \"bob\"",
            "role.sales.holder]]\nid = \"bob\"\nknown_as = [\"Bobby\"]",
        )
        .replace("to = \"role.b\"", "to = \"queue.other\"")
        .replace("[field.account.branch]\n", "[field.account.industry]\nformerly = [\"branch\"]\n")
        .replace("account.branch", "account.industry");
    let states = [(JANUARY, &*then), (JUNE, &*now)];
    let older = |records: &[u32]| -> Vec<String> {
        records.iter().map(|id| format!("{id} older-revision routing.r")).collect()
    };
    let leads = "id,owner,kind,account,account.industry,routed_at\n\
                 1,new,X,,,2026-02-01T00:00:00Z\n2,old,X,,,2026-02-01T00:00:00Z\n\
                 3,ann,X,,,2026-02-01T00:00:00Z\n4,bob,Y,,,2026-02-01T00:00:00Z\n\
                 5,Bobby,Y,,,2026-02-01T00:00:00Z\n6,new,Z,a,Steel,2026-02-01T00:00:00Z\n";
    assert_eq!(judged(&states, "lead", leads), older(&[1, 2, 3, 4, 5, 6]));
    // The object too, with its fields.
    let own = ["id", "owner", "account", "kind", "routed_at"];
    let object = now.replace("[object.lead]\n", "[object.deal]\nformerly = [\"lead\"]\n");
    let object = own.iter().fold(object.replace("\"lead\"\nd", "\"deal\"\nd"), |model, field| {
        let is = format!("[field.deal.{field}]\nformerly = [\"lead.{field}\"]\n");
        model.replace(&format!("[field.lead.{field}]\n"), &is)
    });
    let states = [(JANUARY, &*then), (JUNE, &*object)];
    assert_eq!(judged(&states, "deal", leads), older(&[1, 2, 3, 4, 5, 6]));
}
