//! Files the tool carries with it: the starter, the example model, editor settings.

pub mod demo;

/// A file the tool can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Artifact {
    /// Its path below the folder it is written into.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Lists files with their texts, read when the tool is built.
macro_rules! artifacts {
    ($(#[doc = $doc:literal])* $NAME:ident from $root:literal: [$($path:literal),* $(,)?]) => {
        $(#[doc = $doc])*
        pub static $NAME: &[Artifact] = &[
            $( Artifact { path: $path, text: include_str!(concat!($root, $path)) } ),*
        ];
    };
}

artifacts! {
    /// The starter of `init`, below the model's folder.
    STARTER from "starter/": [
        "fields.toml",
        "lead.toml",
        "model.toml",
        "people.toml",
    ]
}

artifacts! {
    /// The example company's model, below the model's folder.
    EXAMPLE from "../../model/": [
        "examples/gates.toml",
        "examples/inbound.toml",
        "examples/partner.toml",
        "governance/cadences.toml",
        "governance/decisions.toml",
        "governance/exceptions.toml",
        "governance/playbooks.toml",
        "lifecycle/lead.toml",
        "lifecycle/opportunity.toml",
        "measures/metrics.toml",
        "measures/signals.toml",
        "measures/views.toml",
        "model.toml",
        "objects/account.toml",
        "objects/lead.toml",
        "objects/objects.toml",
        "objects/opportunity.toml",
        "people/queues.toml",
        "people/roles.toml",
        "people/teams.toml",
        "routing/inbound.toml",
        "routing/partner.toml",
        "service/calendars.toml",
        "service/handoffs.toml",
        "service/preparation.toml",
        "service/slas.toml",
        "strategy/definitions.toml",
        "strategy/icp.toml",
        "strategy/lists.toml",
        "strategy/segments.toml",
        "strategy/territories.toml",
        "systems/campaigns.toml",
        "systems/sources.toml",
        "systems/systems.toml",
    ]
}

/// The editor's settings: which schema belongs to which files.
pub static TAPLO: &str = include_str!("taplo.toml");

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                files(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name);
            }
        }
    }

    #[test]
    fn every_file_is_carried() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (list, folder) in [(EXAMPLE, "model"), (STARTER, "src/artifact/starter")] {
            let mut found = BTreeSet::new();
            files(&root.join(folder), "", &mut found);
            let listed: BTreeSet<String> = list.iter().map(|a| a.path.to_owned()).collect();
            assert_eq!(listed, found, "{folder}");
        }
    }
}
