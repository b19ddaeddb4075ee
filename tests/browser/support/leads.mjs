// Random leads for a routing table: values that its conditions name, their neighbours, nothing, and what
// people type.

// Numbers that are the same in every run.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let next = Math.imul(state ^ (state >>> 15), state | 1);
    next ^= next + Math.imul(next ^ (next >>> 7), next | 61);
    return ((next ^ (next >>> 14)) >>> 0) / 4294967296;
  };
}

const NASTY = ["straße", "STRASSE", "İstanbul", "ΑΣ", "ας", "Zoë", "𝔸", "'", "\"quoted\"", "a,b", "=1+1", "<script>", "　wide　", "null", "0"];

// The literals that conditions name, by path.
function literals(data) {
  const found = new Map();
  const add = (field, value) => {
    const [path] = data.asked[field];
    if (!found.has(path)) found.set(path, new Set());
    found.get(path).add(value);
  };
  const walk = (part) => {
    if (part[0] !== "test") {
      for (const inner of part.slice(3).flat()) if (Array.isArray(inner)) walk(inner);
      return;
    }
    const [, , , field, what, ...args] = part;
    if (what === "list") for (const value of data.lists[args[0]]) add(field, value);
    else if (what === "since" || what === "until") for (const days of args.filter((one) => /^-?\d+$/.test(one))) add(field, { what, days: Number(days) });
    else for (const value of args.flat(1).length && what === "in" ? args[0] : args) if (typeof value === "string") add(field, value); else if (Array.isArray(value)) add(field, String(value[1]));
  };
  for (const [, part] of data.criteria) walk(part);
  return found;
}

const DAY = 86_400_000;

export function leads(data, table, number, asOf, seed) {
  const dice = random(seed);
  const pick = (all) => all[Math.floor(dice() * all.length)];
  const named = literals(data);
  const now = Date.parse(asOf);
  const near = (days) => new Date(now + days * DAY + Math.floor(dice() * 3 - 1) * 1000);
  const values = {
    choice: (field, known) => pick([...field.values, ...known, "Something else"]),
    choices: (field, known) => [...new Set([pick([...field.values, ...known]), pick([...field.values, ...known])])].join(";"),
    text: (field, known) => {
      const word = pick([...known, ...NASTY]);
      return pick([word, word.toUpperCase(), word.toLowerCase(), `${word}x`, `x${word}`, ` ${word} `]);
    },
    reference: (field, known) => pick([...known, "005A", "005B"]),
    bool: () => pick(["true", "false", "yes", "0"]),
    integer: (field, known) => String(Number(pick([...known, "0", "7"])) + Math.floor(dice() * 3) - 1),
    number: (field, known) => pick([...known, "0", "1.5", "-2", `${pick([...known, "3"])}.000`, "0.1"]),
    money: (field, known) => pick([...known, "0", "10000", `${pick([...known, "3"])}.01`]),
    date: (field, known) => pick([...known, near(-1).toISOString().slice(0, 10), near(0).toISOString().slice(0, 10)]),
    datetime: (field, known) => pick([...known, near(-1).toISOString(), near(0).toISOString()]),
  };
  const dated = (field, { what, days }) => {
    const at = near((what === "since" ? -1 : 1) * (days + Math.floor(dice() * 3) - 1));
    return field.type === "date" ? at.toISOString().slice(0, 10) : at.toISOString();
  };
  return Array.from({ length: number }, () => {
    const record = {};
    const fill = dice();
    for (const place of table.fields) {
      const field = data.fields[place];
      if (dice() > fill) continue;
      const known = [...(named.get(field.path) ?? [])];
      const days = known.filter((one) => typeof one === "object");
      record[field.path] = days.length && dice() < 0.8 ? dated(field, pick(days)) : values[field.type](field, known.filter((one) => typeof one === "string"));
    }
    return record;
  });
}

// Records as CSV, each with its number, so that no line is empty.
export function csv(paths, records) {
  const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text);
  const lines = records.map((record, place) => [String(place), ...paths.map((path) => record[path] ?? "")]);
  return [["number", ...paths], ...lines].map((cells) => `${cells.map(cell).join(",")}\n`).join("");
}

// The rows of a CSV whose cells hold no line breaks.
export function rows(text) {
  return text.trimEnd().split("\n").map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll("\"\"", "\"") ?? plain ?? ""));
}
