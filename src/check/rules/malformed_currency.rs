//! A currency that is not written as its code.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::root::Root;

pub(super) static RULE: Rule = Rule {
    id: "malformed-currency",
    severity: Severity::Error,
    page: include_str!("malformed_currency.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, root) in context.model.each::<Root>() {
        let Some(currency) = &root.currency else { continue };
        let text: &str = currency;
        if text.is_empty() || is_code(text) {
            continue;
        }
        let finding = Finding::new(RULE.id, format!("`{text}` is not a currency"))
            .at(entity.place(currency.span))
            .about(format!("{}.currency", entity.address))
            .help(instead(text));
        findings.push(finding);
    }
    findings
}

/// Three capital letters, as ISO 4217 has them.
fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn instead(text: &str) -> String {
    let upper = text.trim().to_uppercase();
    let upper = match upper.as_str() {
        "€" | "EURO" | "EUROS" => "EUR",
        "$" | "US$" | "DOLLAR" | "DOLLARS" => "USD",
        "£" => "GBP",
        code => code,
    };
    if is_code(upper) {
        format!("write `{upper}`")
    } else {
        "write the three capital letters of its ISO 4217 code, such as `EUR`".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{instead, is_code};

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert!(is_code("EUR") && !is_code("eur") && !is_code("EURO") && !is_code("€"));
        assert_eq!(instead("eur"), "write `EUR`");
        assert_eq!(instead("€"), "write `EUR`");
    }
}
