//! The validators measured beside `opmodel check`, and whether they are installed.

use crate::ground::Ground;
use crate::measure::Line;
use std::path::Path;

/// A validator: its line for the model, and its line for the file with a fault.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) model: Line,
    fault: Line,
}

/// The peers that are there, taplo first, and the names of those that are not.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) present: Vec<Peer>,
    pub(crate) missing: Vec<&'static str>,
}

/// How many rounds the slow ones take part in.
const SLOW: usize = 3;

const NAMES: [(&str, &str); 4] = [
    ("taplo", "bin/taplo"),
    ("tombi", "python/bin/tombi"),
    ("check-jsonschema", "python/bin/check-jsonschema"),
    ("ajv", "npm/node_modules/.bin/ajv"),
];

impl Peers {
    pub(crate) fn find(folder: &Path, ground: &Ground) -> Result<Self, String> {
        let (mut present, mut missing) = (Vec::new(), Vec::new());
        for (name, path) in NAMES {
            let program = folder.join(path);
            if program.exists() {
                present.push(peer(name, &program, ground)?);
            } else {
                missing.push(name);
            }
        }
        Ok(Self { present, missing })
    }
}

fn peer(name: &str, program: &Path, ground: &Ground) -> Result<Peer, String> {
    let lines = |label: &str, [model, fault]: [(&str, &Path); 2]| {
        let line = |(arguments, folder)| Line::new(label, program, folder).with(arguments);
        Peer { model: line(model), fault: line(fault) }
    };
    let (company, fault) = (ground.company.as_path(), ground.fault.as_path());
    let everywhere = |arguments| [(arguments, company), (arguments, fault)];
    let schema = "schemas/model.schema.json";
    Ok(match name {
        "taplo" => lines("taplo check", everywhere("check")),
        "tombi" => slow(lines("tombi lint", everywhere("lint --offline model"))),
        "check-jsonschema" => {
            let begin = format!("--schemafile {schema}");
            let mut peer = lines(name, everywhere(&begin));
            peer.model = peer.model.paths(ground.model_files()?);
            peer.fault = peer.fault.with("model/broken.toml");
            slow(peer)
        }
        _ => {
            let begin =
                format!("validate --spec=draft2020 --strict=false -c ajv-formats -s {schema} -d");
            let mut peer = lines("ajv validate (JSON)", everywhere(&begin));
            peer.model = peer.model.with("../twins/*.json");
            peer.fault = peer.fault.with("broken.json");
            slow(peer)
        }
    })
}

fn slow(peer: Peer) -> Peer {
    Peer { model: peer.model.at_most(SLOW), fault: peer.fault }
}

impl Peer {
    /// Whether it refuses the file with a fault: one that does not has not looked at the schema.
    pub(crate) fn sees_the_fault(&self) -> Result<bool, String> {
        Ok(self.fault.run()?.code.is_some_and(|code| code != 0))
    }
}
