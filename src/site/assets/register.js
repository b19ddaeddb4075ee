// The change register: filters, sorting, the rows that are not in the page, and what is left as CSV.
"use strict";

(() => {
  const { load, element, link, id, sentence, effect, count, folded, searchable, announce, dayIn, dayField } = window.opmodel;
  // What rows are made of, and the same as words alone.
  const NODES = { element, link, sentence };
  const isThere = (child) => child !== null && child !== undefined && child !== false;
  const WORDS = {
    element: (tag, attributes, ...children) => children.flat(Infinity).filter(isThere).join(""),
    link: (href, ...words) => words.join(""),
    sentence: (text) => text.replaceAll("`", ""),
  };
  // Longer values are left to the sentence.
  const SHORT = 90;
  const table = document.getElementById("register");
  const tools = document.getElementById("register-filter");
  const more = document.getElementById("register-more");
  if (!table || !tools || !more) return;

  const AT_ONCE = 200;
  const body = table.tBodies[0];
  const total = Number(table.dataset.count);
  const parts = {};
  // The rows that came with the page, by number.
  const printed = new Map([...body.rows].map((row) => [Number(row.dataset.row), row]));
  let order = { column: "revision", falling: true };
  let limit = AT_ONCE;
  let everything = null;
  let asked = 0;

  // Everything there is, once somebody asks for more than is in the page.
  function all() {
    everything ??= Promise.all([load("register"), load("revisions"), load("model")]).then(async ([index, { revisions }, { entities, kinds }]) => {
      const pieces = [];
      for (const place of index.pieces.keys()) {
        announce(parts.status, `Loading part ${place + 1} of ${index.pieces.length}`);
        pieces.push(await load(`register/${place}`));
      }
      parts.words = new Map(kinds);
      const known = new Map(entities.map((entity) => [entity[0], { name: entity[1], href: `entity/${entity[4]}.html` }]));
      const rows = pieces.flatMap((piece) => piece.rows).map((cells, number) => made(index.columns, cells, number, revisions, known));
      return { columns: index.csv, rows };
    });
    return everything;
  }

  function made(columns, cells, number, revisions, known) {
    const row = { number };
    for (const [place, column] of columns.entries()) row[column] = cells[place];
    row.at = revisions[row.revision];
    // What a revision tells once for all its rows.
    Object.assign(row, { record_time: row.at.time, commit: row.at.id, pull_request: row.at.pull_request ?? "", committer: row.at.committer, reason: row.at.subject });
    row.known = known;
    row.about = known.get(row.entity) ?? { name: row.entity, href: null };
    row.kindOf = row.entity.split(".")[0];
    // Whoever looks for a word that a row shows finds the row.
    row.words = searchable([...cellsOf(row, WORDS).flat(Infinity).filter(isThere), row.address, row.summary, row.before, row.after, row.authors, row.approvals, row.commit].join(" "));
    return row;
  }

  function field(label, control) {
    control.id = id("register");
    return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
  }

  function choice(all, words) {
    return element("select", {}, element("option", { value: "" }, words), all.map((value) => element("option", { value }, value)));
  }

  function build() {
    parts.text = element("input", { type: "search", autocomplete: "off" });
    parts.kind = choice([], "any");
    parts.impact = choice([], "any");
    parts.standing = choice([], "any");
    parts.from = dayField();
    parts.to = dayField();
    parts.only = element("input", { type: "checkbox" });
    parts.clear = element("button", { type: "button" }, "Show all");
    parts.save = element("button", { type: "button" }, "Download these as CSV");
    parts.status = element("p", { role: "status", "aria-live": "polite", class: "summary" });
    const form = element("form", { "aria-label": "Which changes", class: "fields" },
      field("Words", parts.text), field("About", parts.kind), field("Effect", parts.impact), field("Approval", parts.standing),
      field("From", parts.from), field("To", parts.to),
      element("div", { class: "field" }, element("label", {}, parts.only, " Only what somebody wrote")));
    tools.append(form, element("p", { class: "register-buttons" }, parts.save, " ", parts.clear), parts.status);
    tools.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { limit = AT_ONCE; show(); });
    form.addEventListener("focusin", () => { fill().catch(trouble); });
    parts.clear.addEventListener("click", () => { form.reset(); limit = AT_ONCE; show(); });
    parts.save.addEventListener("click", () => { save().catch(trouble); });
    for (const head of table.tHead.rows[0].cells) sortable(head);
    more.append(parts.button = element("button", { type: "button" }, "Show more"));
    parts.button.addEventListener("click", () => { limit += AT_ONCE; show(); });
    more.hidden = total <= body.rows.length;
    parts.clear.hidden = true;
    announce(parts.status, total > body.rows.length ? `The newest ${body.rows.length} of ${count(total, "change", "changes")}.` : `${count(total, "change", "changes")}.`);
  }

  // The choices that there are are known once everything is there.
  let filled = null;
  function fill() {
    filled ??= all().then(({ rows }) => {
      const values = (column) => [...new Set(rows.map((row) => row[column]))].filter(Boolean).sort();
      for (const [control, column] of [[parts.kind, "kindOf"], [parts.impact, "impact"], [parts.standing, "standing"]]) {
        const chosen = control.value;
        control.append(...values(column).map((value) => element("option", { value }, said(column, value))));
        control.value = chosen;
      }
      announce(parts.status, "");
    });
    return filled;
  }

  // A value as people read it.
  function said(column, value) {
    if (column === "impact") return effect(value)[0];
    return column === "kindOf" ? parts.words.get(value) ?? value : value;
  }

  function sortable(head) {
    const { column } = head.dataset;
    if (!column) return;
    const words = head.textContent;
    const arrow = element("span", { class: "arrow", "aria-hidden": "true" });
    const button = element("button", { type: "button", class: "sort" }, words, " ", arrow);
    head.replaceChildren(button);
    head.setAttribute("aria-sort", column === order.column ? "descending" : "none");
    button.addEventListener("click", () => {
      order = { column, falling: order.column === column ? !order.falling : column === "revision" };
      for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", other === head ? (order.falling ? "descending" : "ascending") : "none");
      show();
    });
  }

  function isWanted(row) {
    const words = folded(parts.text.value).split(/\s+/).filter(Boolean);
    return words.every((word) => row.words.includes(word))
      && (!parts.kind.value || row.kindOf === parts.kind.value)
      && (!parts.impact.value || row.impact === parts.impact.value)
      && (!parts.standing.value || row.standing === parts.standing.value)
      && (!parts.from.value || row.at.day >= dayIn(parts.from))
      && (!parts.to.value || row.at.day <= dayIn(parts.to))
      && (!parts.only.checked || row.direct === "true");
  }

  // The newest first where nothing else decides, and within a revision as the register has them.
  function sorted(rows) {
    const { column, falling } = order;
    const key = column === "revision" ? (row) => row.revision : column === "address" ? (row) => row.about.name.toLowerCase() : (row) => String(row[column] ?? "").toLowerCase();
    const way = falling ? -1 : 1;
    return rows.map((row) => [key(row), row]).sort(([one, a], [other, b]) => (one < other ? -way : one > other ? way : b.revision - a.revision || a.number - b.number)).map(([, row]) => row);
  }

  async function chosen() {
    await fill();
    const { columns, rows } = await all();
    return { columns, rows: sorted(rows.filter(isWanted)) };
  }

  async function show() {
    asked += 1;
    const own = asked;
    try {
      const { rows } = await chosen();
      // Somebody went on typing.
      if (own !== asked) return;
      body.replaceChildren(...rows.slice(0, limit).map((row) => printed.get(row.number) ?? line(row)));
      more.hidden = rows.length <= limit;
      parts.clear.hidden = rows.length === total;
      const shown = Math.min(limit, rows.length);
      announce(parts.status, rows.length ? `${count(rows.length, "change", "changes")} of ${total.toLocaleString("en")}${shown < rows.length ? `, ${shown} shown` : ""}.` : "No change is like that.");
    } catch (error) {
      trouble(error);
    }
  }

  function line(row) {
    const made = element("tr", { id: `c${row.number}`, "data-row": row.number, "data-revision": row.revision }, cellsOf(row, NODES).map((cell) => element("td", {}, cell)));
    printed.set(row.number, made);
    return made;
  }

  // The cells of a row, as the page prints them.
  function cellsOf(row, parts) {
    const make = parts.element;
    const [word, kind] = effect(row.impact);
    const flags = row.flags.split(", ").filter((flag) => flag && flag !== row.standing);
    return [
      [make("time", { datetime: row.record_time }, row.at.day), " ", make("code", {}, row.at.short)],
      [named(row, row.address, parts)],
      [make("span", { class: `effect ${kind}` }, word)],
      [difference(row, parts), follows(row, parts),
        row.admits ? make("span", { class: "witness" }, " passes since then: ", make("code", {}, row.admits)) : null,
        row.refuses ? make("span", { class: "witness" }, " does not pass since then: ", make("code", {}, row.refuses)) : null],
      [listed(row.authors.split(/(?<=>), /).map((author) => author.replace(/ *<.*$/, "") || author).map((author) => [author])), " ",
        make("span", { class: "dim reason" }, row.reason, row.pull_request ? ` (${row.pull_request})` : null)],
      [make("span", { class: row.flags ? "standing asked" : "standing" }, row.standing),
        row.waived_by ? [" by ", named(row, row.waived_by, parts)] : null,
        row.approved.length ? make("span", { class: "approved" }, " approved by ", row.approved.map(([who, role], place) => [place ? ", " : "", `${who} as `, named(row, role, parts)])) : null,
        row.missing ? make("span", { class: "missing" }, " missing: ", row.missing.split("`").map((part, place) => (place % 2 ? named(row, part, parts) : part))) : null,
        flags.map((flag) => [" ", make("span", { class: "flag" }, flag)])],
    ];
  }

  // The values before and after, where they are short enough to be read side by side.
  function difference({ before, after, summary }, parts) {
    const short = (text) => text && [...text].length <= SHORT && !/[\n{]/.test(text);
    if (!short(before) || !short(after) || before === after) return parts.sentence(summary);
    return [parts.element("del", {}, before), " ", parts.element("span", { "aria-hidden": "true" }, "→"), " ", parts.element("ins", {}, after)];
  }

  function follows(row, parts) {
    if (row.direct === "true") return null;
    const causes = row.because.map((cause, place) => [place ? ", " : "", named(row, cause, parts)]);
    return [" ", parts.element("span", { class: "dim" }, "follows", causes.length ? [" from ", causes] : null)];
  }

  // What stands at an address by the name people use, and the way to its page.
  function named({ known }, address, parts) {
    const steps = address.split(".");
    const entity = steps.map((_, place) => steps.slice(0, place + 1).join(".")).findLast((one) => known.has(one));
    if (entity === undefined) return parts.element("code", {}, address);
    const below = address.slice(entity.length + 1).replaceAll(".", " › ");
    const { name, href } = known.get(entity);
    return [parts.link(href, name), below ? parts.element("span", { class: "dim" }, ` ${below}`) : null];
  }

  // `a, b and c`
  function listed(all) {
    return all.map((one, place) => [place === 0 ? "" : place === all.length - 1 ? " and " : ", ", one]);
  }

  // A cell in one line that no spreadsheet computes, as the tool writes it.
  function cell(value) {
    const text = String(value ?? "");
    if (/^-?\d+(\.\d+)?$/.test(text)) return text;
    let out = "";
    let atStart = true;
    for (const c of text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ")) {
      if (atStart && "=+-@＝＋－＠".includes(c)) out += "'";
      atStart = c === ";" || (atStart && (/\s/.test(c) || c === '"'));
      out += c;
    }
    return /[",\n\r]/.test(out) ? `"${out.replaceAll('"', '""')}"` : out;
  }

  async function save() {
    const { columns, rows } = await chosen();
    const text = [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((cells) => `${cells.map(cell).join(",")}\n`).join("");
    const place = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const anchor = document.createElement("a");
    anchor.href = place;
    anchor.download = rows.length === total ? "register.csv" : "register-filtered.csv";
    anchor.click();
    // The browser has taken it by then.
    window.setTimeout(() => URL.revokeObjectURL(place), 10_000);
    announce(parts.status, `${count(rows.length, "change", "changes")} downloaded.`);
  }

  function trouble(error) {
    announce(parts.status, `This cannot be shown: ${error.message}.`);
  }

  build();
})();
