//! What the files of a site are called, and the places on a page.

use crate::view::shell_word;
use faster_hex::hex_string;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A longer name is cut and ends in what tells it from others: some disks take no more.
const LONGEST: usize = 120;

/// How many bytes of a sum tell a name that was cut from others.
const BYTES: usize = 8;

/// The command that asks of a model's folder, as a shell takes it from the top of the repository.
pub(in crate::site) fn command(folder: &str) -> String {
    match folder {
        "model" => "opmodel".to_owned(),
        _ => format!("opmodel --model {}", shell_word(folder)),
    }
}

/// What an address is called in the name of a file, in a link and as a place on a page: itself where
/// it is made of ids, with `~` and two digits for every other byte.
pub(in crate::site) fn stem(address: &str) -> String {
    let mut stem = String::with_capacity(address.len());
    let mut last = '.';
    let end = address.len().saturating_sub(1);
    for (at, byte) in address.bytes().enumerate() {
        let c = char::from(byte);
        // Two dots in a row would lead out of a folder, capitals are not told apart everywhere.
        let plain = c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || matches!(c, '-' | '_')
            || (c == '.' && last != '.' && at != end);
        if plain {
            stem.push(c);
        } else {
            let _ = write!(stem, "~{byte:02x}");
        }
        last = c;
    }
    if stem.len() <= LONGEST {
        return stem;
    }
    let mut cut: String = stem.chars().take(LONGEST - 2 * BYTES - 1).collect();
    cut.push('~');
    cut.extend(hex_string(&Sha256::digest(address.as_bytes())).chars().take(2 * BYTES));
    cut
}

/// The page of an entity, from the root of the site.
pub(in crate::site) fn page_of(address: &str) -> String {
    format!("entity/{}.html", stem(address))
}

/// What leads from a page back to the root of the site.
pub(in crate::site) fn root_from(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_stay_as_they_are_and_nothing_leads_elsewhere() {
        assert_eq!(stem("definition.sql"), "definition.sql");
        assert_eq!(stem("field.lead.job_level"), "field.lead.job_level");
        assert_eq!(stem("team.../a"), "team.~2e~2e~2fa");
        assert_eq!(stem("team."), "team~2e");
        assert_eq!(stem("A"), "~41");
        assert!(stem(&"n".repeat(500)).len() <= LONGEST);
        assert_ne!(stem(&"n".repeat(500)), stem(&"n".repeat(501)));
        assert_eq!(
            (root_from("index.html"), root_from("entity/a.html")),
            (String::new(), "../".to_owned())
        );
    }

    proptest! {
        #[test]
        fn two_addresses_never_share_a_name(a in ".{0,40}", b in ".{0,40}") {
            prop_assert_eq!(stem(&a) == stem(&b), a == b);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.~".contains(c);
            prop_assert!(stem(&a).chars().all(plain));
            prop_assert!(!stem(&a).contains("..") && !stem(&a).starts_with('.'));
        }
    }
}
