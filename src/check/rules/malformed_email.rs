//! An e-mail address by which nobody's commits and approvals can be known.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::people::Role;

pub(super) static RULE: Rule = Rule {
    id: "malformed-email",
    severity: Severity::Error,
    page: include_str!("malformed_email.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, role) in context.model.each::<Role>() {
        for holder in role.holder.iter().flat_map(|holders| holders.iter()) {
            let Some(email) = &holder.email else { continue };
            let text: &str = email;
            if text.is_empty() || is_email(text) {
                continue;
            }
            let finding = Finding::new(RULE.id, format!("`{text}` is not an e-mail address"))
                .at(entity.place(email.span))
                .about(format!("{}.holder.{}.email", entity.address, holder.id))
                .help("write the address that commits carry, such as `robin@example.com`; a name at the forge is a `login`");
            findings.push(finding);
        }
    }
    findings
}

/// Whether something stands on both sides of one `@`, and no blank anywhere.
fn is_email(text: &str) -> bool {
    let sides = text.rsplit_once('@');
    sides.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_two_sides() {
        assert!(is_email("robin@example.com"));
        for bad in ["robin", "@example.com", "robin@", "robin hood@example.com"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
