//! What a proposal is announced to do, in a file as the manual says it.

use super::{DAY, T, opmodel};
use crate::repo::Repo;

const GATE: &str = r#"
[field.lead.employees]
type = "integer"
[definition.mql]
owner = "role.lead"
object = "lead"
criteria.size = "employees >= 200"
"#;

#[test]
fn the_page_about_expectations_says_what_a_review_holds() {
    let repo = Repo::new();
    let model = |within: &str, least: &str| {
        let text = format!("{}{GATE}", super::model(within)).replace("200", least);
        repo.write("model/model.toml", text);
    };
    model("4 hours", "200");
    repo.commit("the model", T);
    let page = opmodel(repo.path(), &["explain", "expect"]).exits(0).out;
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let example = example.expect("an example on the page");
    let review = |intent: &str| {
        std::fs::write(repo.beside("intent.toml"), intent).expect("a file");
        let path = repo.beside("intent.toml").display().to_string();
        opmodel(repo.path(), &["review", "--expect", &path])
    };
    repo.git(&["checkout", "--quiet", "-b", "proposal"]);
    model("5 hours", "100");
    repo.commit("softer", T + DAY);
    review(example).exits(3).hides("announced");
    let steps = example.replace("definition.mql.criteria.size", "definition.*.criteria");
    assert_ne!(steps, example);
    review(&steps).exits(3).hides("announced");
    review("").exits(1).says("was not announced");
    model("4 hours", "100");
    repo.commit("only the gate", T + 2 * DAY);
    review(example).exits(1).says("was announced, and is not there");
    let help = opmodel(repo.path(), &["review", "--help"]).exits(0).unbroken();
    assert!(help.contains("`opmodel explain expect`"), "{help}");
}
