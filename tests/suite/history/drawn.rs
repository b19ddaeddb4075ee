//! A small model whose parts can be turned like knobs, so that any state of it can be drawn.

use super::timeline::Files;
use std::fmt::Write as _;

/// An entity of the model: its kind, its two ids, and what it says at some setting of its knobs.
struct Noun {
    kind: &'static str,
    ids: [&'static str; 2],
    body: fn(Knobs) -> String,
}

type Knobs = [u8; 3];

/// Where the files of a state may stand; the last is never broken: it holds the policy.
const FILES: [&str; 4] = ["model/a.toml", "model/b.toml", "model/deep/c.toml", "model/model.toml"];

/// The bits of a knob that is a set; a merge takes each bit by itself.
const PLACES: [&str; 6] = ["DE", "AT", "CH", "NL", "BE", "FR"];

fn pick<'a>(choices: &[&'a str], knob: u8) -> &'a str {
    choices[usize::from(knob) % choices.len()]
}

/// The members of a set, as a list.
fn some(of: &[&str], bits: u8) -> String {
    let chosen = of.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
    let chosen: Vec<String> = chosen.map(|(_, member)| format!("'{member}'")).collect();
    format!("[{}]", chosen.join(", "))
}

fn predicate(text: &str) -> String {
    format!("object = \"lead\"\nwhen = \"{text}\"\n")
}

const SIZES: [&str; 6] = [
    "employees >= 200",
    "not (employees < 200)",
    "employees >= 100",
    "employees >= 200 and employees < 5000",
    "employees is set",
    "employees = = 3",
];
const REGIONS: [&str; 6] = [
    "country in list.served",
    "country in list.other",
    "land in list.served",
    "country in ['DE', 'AT', 'CH']",
    "country in list.reached",
    "not (country in ['NL'])",
];
const INDUSTRIES: [&str; 5] = [
    "account.industry = 'Software'",
    "account.sector = 'Software'",
    "account.industry in ['Software', 'Retail']",
    "account.industry is set",
    "industry = 'Software'",
];
const FITS: [&str; 6] = [
    "icp.core",
    "icp.core and segment.big",
    "segment.big or icp.core",
    "icp.ideal",
    "segment.big and icp.core",
    "territory.dach",
];

const NOUNS: [Noun; 20] = [
    Noun {
        kind: "list",
        ids: ["served", "reached"],
        body: |k| format!("values = {}\n", some(&PLACES, k[0])),
    },
    Noun {
        kind: "list",
        ids: ["other", "rest"],
        body: |k| format!("values = {}\n", some(&PLACES, k[0])),
    },
    Noun { kind: "object", ids: ["lead", "person"], body: |_| String::new() },
    Noun { kind: "object", ids: ["account", "company"], body: |_| String::new() },
    Noun {
        kind: "field.lead",
        ids: ["country", "land"],
        body: |k| {
            let values = [
                format!("values = {}", some(&PLACES, 0b11_1111)),
                "values_from = 'list.served'".to_owned(),
                "open = true".to_owned(),
            ];
            format!("type = \"choice\"\n{}\n", values[usize::from(k[0]) % 3])
        },
    },
    Noun {
        kind: "field.lead",
        ids: ["employees", "staff"],
        body: |k| {
            let kind = pick(&["integer", "integer", "number", "text"], k[0]);
            format!("type = \"{kind}\"\nrequired = {}\n", k[1] % 2 == 0)
        },
    },
    Noun {
        kind: "field.lead",
        ids: ["account", "firm"],
        body: |_| "type = \"reference\"\nobject = \"account\"\n".to_owned(),
    },
    Noun {
        kind: "field.account",
        ids: ["industry", "sector"],
        body: |k| {
            let values = some(&["Software", "Retail", "Steel"], k[0]);
            format!("type = \"choice\"\nvalues = {values}\n")
        },
    },
    Noun {
        kind: "field.lead",
        ids: ["created_at", "made_at"],
        body: |_| "type = \"datetime\"\n".to_owned(),
    },
    Noun {
        kind: "icp",
        ids: ["core", "ideal"],
        body: |k| {
            let mut text = "object = \"lead\"\n".to_owned();
            let size = pick(&SIZES, k[0]);
            writeln!(text, "criteria.size = \"{size}\"").unwrap();
            if k[1] % 7 != 6 {
                writeln!(text, "criteria.region = \"{}\"", pick(&REGIONS, k[1])).unwrap();
            }
            if k[2] % 3 == 1 {
                writeln!(text, "criteria.line = \"{}\"", pick(&INDUSTRIES, k[2] / 3)).unwrap();
            }
            text
        },
    },
    Noun { kind: "segment", ids: ["big", "large"], body: |k| predicate(pick(&SIZES, k[0])) },
    Noun {
        kind: "territory",
        ids: ["dach", "south"],
        body: |k| predicate(&format!("country in {}", some(&PLACES, k[0]))),
    },
    Noun {
        kind: "territory",
        ids: ["north", "sea"],
        body: |k| {
            predicate(&format!("country in {} and {}", some(&PLACES, k[0]), pick(&SIZES, k[1])))
        },
    },
    Noun {
        kind: "definition",
        ids: ["mql", "fit"],
        body: |k| {
            let size = pick(&SIZES, k[1]);
            format!(
                "object = \"lead\"\ndescription = \"{}\"\ncriteria.fit = \"{}\"\ncriteria.size = \"{size}\"\n",
                pick(&["Fits.", "Fits well.", "May fit."], k[2]),
                pick(&FITS, k[0]),
            )
        },
    },
    Noun {
        kind: "definition",
        ids: ["sql", "ready"],
        body: |k| {
            let base = pick(&["definition.mql", "definition.fit", "not definition.mql"], k[0]);
            let kind = pick(&["criteria", "criteria", "mystery"], k[2]);
            format!("object = \"lead\"\n{kind}.base = \"{base} and {}\"\n", pick(&INDUSTRIES, k[1]))
        },
    },
    Noun { kind: "routing", ids: ["inbound", "incoming"], body: routing },
    Noun { kind: "lifecycle", ids: ["lead", "way"], body: lifecycle },
    Noun {
        kind: "sla",
        ids: ["touch", "first"],
        body: |k| {
            let starts =
                pick(&["created_at", "made_at", "account.industry", "account.sector"], k[1]);
            format!(
                "object = \"lead\"\nwithin = \"{} hours\"\nstarts = \"{starts}\"\napplies_to = \"{}\"\n",
                k[0] % 5 + 1,
                pick(&FITS, k[2]),
            )
        },
    },
    Noun {
        kind: "queue",
        ids: ["one", "uno"],
        body: |k| format!("members = {}\n", some(&["role.ada", "role.bob", "role.cy"], k[0])),
    },
    Noun {
        kind: "gizmo",
        ids: ["new", "newer"],
        body: |k| format!("whirl = {}\nlabel = ['{}']\nratio = 0.{}\n", k[0], k[1], k[2]),
    },
];

fn routing(k: Knobs) -> String {
    let mut text = "object = \"lead\"\ndefault = \"queue.one\"\n".to_owned();
    let mut ids = ["dach", "north", "big"];
    ids.rotate_left(usize::from(k[1] / 8) % 3);
    for (at, id) in ids.iter().enumerate().filter(|(at, _)| k[1] >> at & 1 == 1) {
        let when = pick(&["territory.dach", "segment.big", "country = 'NL'"], k[0] >> (2 * at));
        let named = if k[2] % 4 == 1 && *id == "dach" {
            "id = \"south\"\nformerly = [\"dach\"]".to_owned()
        } else {
            format!("id = \"{id}\"")
        };
        writeln!(text, "[[ADDRESS.rule]]\n{named}\nwhen = \"{when}\"\nto = \"queue.one\"").unwrap();
    }
    text
}

fn lifecycle(k: Knobs) -> String {
    let mut text = "object = \"lead\"\nstage_field = \"status\"\n".to_owned();
    let limit = k[2] % 3 + 1;
    for (at, id) in ["new", "mql", "sql"].iter().enumerate() {
        let (id, formerly) = match (*id, k[2] / 3 % 3) {
            ("mql", 1) => ("warm", "formerly = [\"mql\"]\n"),
            ("mql", 2) => ("warm", ""),
            (id, _) => (id, ""),
        };
        let exit = pick(&FITS, k[0] >> at);
        let next = pick(&["mql", "sql", "warm"], k[1] >> at);
        writeln!(
            text,
            "[[ADDRESS.stage]]\nid = \"{id}\"\n{formerly}value = \"{id}\"\nlimit = \"{limit} days\"\nexit.done = \"{exit}\"\nnext = [\"{next}\"]"
        )
        .unwrap();
    }
    text
}

/// Where an entity stands and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Setting {
    there: bool,
    file: u8,
    /// Its first id, its second with the first declared, or its second alone.
    name: u8,
    knobs: Knobs,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Manner {
    /// Whole, or broken in one of several ways.
    broken: u8,
    comment: u8,
    crlf: bool,
    backwards: bool,
}

/// A state of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    settings: Vec<Setting>,
    manners: [Manner; 3],
    policy: u8,
}

/// One turn of one knob.
pub(super) type Turn = (u8, u8, u8);

impl State {
    /// The state every history begins with.
    pub(super) fn first() -> Self {
        let setting = |at: usize| Setting {
            there: true,
            file: u8::try_from(at % 3).expect("a small number"),
            name: 0,
            knobs: if at <= 1 || at == 11 { [0b111, 0, 0] } else { [3, 1, 0] },
        };
        let settings = (0..NOUNS.len()).map(setting).collect();
        Self { settings, manners: Default::default(), policy: 0 }
    }

    pub(super) fn turn(&mut self, (what, which, value): Turn) {
        let count = NOUNS.len();
        let at = usize::from(what) % (count + 2);
        if at == count + 1 {
            self.policy = value % 4;
            return;
        }
        if at == count {
            let manner = &mut self.manners[usize::from(which / 8) % 3];
            match which % 8 {
                0 | 1 | 4 => manner.broken = value % 5,
                2 | 5 => manner.broken = 0,
                3 => manner.comment = value % 4,
                6 => manner.crlf = value % 2 == 0,
                _ => manner.backwards = value % 2 == 0,
            }
            return;
        }
        let setting = &mut self.settings[at];
        match which % 12 {
            0 => setting.there = !setting.there,
            1 => setting.file = value % 3,
            2 => setting.name = value % 3,
            3 => setting.there = true,
            which => setting.knobs[usize::from(which) % 3] = value,
        }
    }

    /// What comes of two states that go back to a third; where both differ, a bit decides.
    pub(super) fn merged(base: &Self, ours: &Self, theirs: &Self, bits: u64) -> Self {
        let mut state = ours.clone();
        let mut bit = 0;
        let mut takes_theirs = |same_ours: bool, same_theirs: bool| {
            bit += 1;
            same_ours || (!same_theirs && bits.rotate_left(bit) & 1 == 1)
        };
        for (at, noun) in NOUNS.iter().enumerate() {
            let [b, o, t] = [base, ours, theirs].map(|state| state.settings[at]);
            let s = &mut state.settings[at];
            if takes_theirs(b.there == o.there, b.there == t.there) {
                s.there = t.there;
            }
            if takes_theirs(b.file == o.file, b.file == t.file) {
                s.file = t.file;
            }
            if takes_theirs(b.name == o.name, b.name == t.name) {
                s.name = t.name;
            }
            for knob in 0..3 {
                let [b, o, t] = [b.knobs[knob], o.knobs[knob], t.knobs[knob]];
                if matches!(noun.kind, "list" | "queue") {
                    s.knobs[knob] = b ^ ((b ^ o) | (b ^ t));
                } else if takes_theirs(b == o, b == t) {
                    s.knobs[knob] = t;
                }
            }
        }
        for at in 0..state.manners.len() {
            let [b, o, t] = [base, ours, theirs].map(|state| state.manners[at]);
            if takes_theirs(b == o, b == t) {
                state.manners[at] = t;
            }
        }
        if takes_theirs(base.policy == ours.policy, base.policy == theirs.policy) {
            state.policy = theirs.policy;
        }
        state
    }

    pub(super) fn files(&self) -> Files {
        let mut files = Files::new();
        for (at, manner) in self.manners.iter().enumerate() {
            let mut tables: Vec<String> =
                (0..NOUNS.len()).filter_map(|noun| self.table(noun, at)).collect();
            if manner.backwards {
                tables.reverse();
            }
            if tables.is_empty() && manner.broken == 0 {
                continue;
            }
            if manner.comment > 0 {
                tables.insert(0, format!("# Read {} times.\n", manner.comment));
            }
            let text = tables.concat();
            let text = if manner.crlf { text.replace('\n', "\r\n") } else { text };
            files.insert(FILES[at].to_owned(), broken(text, manner.broken));
        }
        let policies = [
            "",
            "[policy.list-value-added]\nlevel = \"forbid\"\n",
            "[policy.sizes]\nrule = \"icp-broadened\"\nlevel = \"off\"\n",
            "[policy.sla-loosened]\nlevel = \"note\"\n",
        ];
        let policy = policies[usize::from(self.policy)];
        let model = format!("[model]\nformat = 1\ncurrency = \"EUR\"\n\n{policy}");
        files.insert(FILES[3].to_owned(), model.into_bytes());
        files
    }

    fn table(&self, noun: usize, file: usize) -> Option<String> {
        let (setting, noun) = (self.settings[noun], &NOUNS[noun]);
        (setting.there && usize::from(setting.file) == file).then_some(())?;
        let id = noun.ids[usize::from(setting.name.min(1))];
        let address = format!("{}.{id}", noun.kind);
        let formerly = match setting.name {
            1 => format!("formerly = [\"{}\"]\n", noun.ids[0]),
            _ => String::new(),
        };
        let body = (noun.body)(setting.knobs).replace("ADDRESS", &address);
        Some(format!("[{address}]\n{formerly}{body}\n"))
    }
}

fn broken(mut text: String, how: u8) -> Vec<u8> {
    match how {
        1 => text.push_str("[list.broken\nvalues = "),
        2 => text = format!("<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n"),
        3 => {
            let mut bytes = text.into_bytes();
            bytes.extend_from_slice(b"# \xff\xfe\n");
            return bytes;
        }
        4 => text = text.replacen('"', "'", 3),
        _ => {}
    }
    text.into_bytes()
}
