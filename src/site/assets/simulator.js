// The lead simulator: a form made from the fields that a routing table asks for, the rule that takes
// what is filled in, and why each earlier one does not; now, and at any revision of the history.
"use strict";

(() => {
  const { load, element, link, id, count, announce, dayIn, dayField, isDay, routing } = window.opmodel;
  const section = document.getElementById("simulator");
  if (!section || !routing) return;

  const PREFIX = "#lead:";
  const NOT_SET = "not set";

  let data;
  let table;
  let version;
  // What is filled in, by path; what a revision does not ask for is kept for the next one.
  const filled = new Map();
  let asOf = "";
  // The day that is asked for, where there was no such table on it.
  let absent = "";
  const parts = {};

  const name = ([address, label, href]) => link(href, label || address);

  load(section.dataset.routing).then(start, (error) => {
    section.hidden = false;
    section.append(element("p", { class: "trouble" }, `The simulator cannot start: ${error.message}.`));
  });

  function start(loaded) {
    data = loaded;
    section.hidden = false;
    // The revisions at which there was a table, newest first.
    parts.versions = data.versions.filter(({ table: at }) => at !== null).reverse();
    build();
    recall();
    window.addEventListener("hashchange", recall);
  }

  function build() {
    parts.revision = element("select", { id: "simulator-revision" }, parts.versions.map((one, place) => element("option", { value: place }, revisionText(one, place))));
    parts.day = dayField({ id: "simulator-day" });
    parts.asOf = element("input", { type: "datetime-local", step: "1", id: "simulator-as-of" });
    parts.when = element("div", { class: "simulator-when" },
      field("simulator-revision", "The table", parts.revision),
      field("simulator-day", "or as it was on", parts.day),
      parts.counted = field("simulator-as-of", "Days are counted to (UTC)", parts.asOf));
    parts.form = element("form", { class: "simulator-form", "aria-label": "The record" });
    parts.clear = element("button", { type: "button" }, "Empty the form");
    parts.copy = element("button", { type: "button" }, "Copy a link to this");
    parts.copied = element("span", { role: "status", "aria-live": "polite", class: "copied" });
    parts.status = element("p", { class: "simulator-outcome", role: "status", "aria-live": "polite" });
    parts.why = element("div", { class: "simulator-why" });
    section.append(parts.when, parts.form, element("p", { class: "simulator-buttons" }, parts.clear, " ", parts.copy, " ", parts.copied), parts.status, parts.why);

    parts.revision.addEventListener("change", () => { choose(parts.versions[Number(parts.revision.value)]); parts.day.value = ""; answer(); });
    parts.day.addEventListener("change", () => { if (parts.day.value) { goTo(dayIn(parts.day)); answer(); } });
    parts.asOf.addEventListener("change", () => { asOf = parts.asOf.value ? `${parts.asOf.value}Z` : ""; answer(); });
    parts.form.addEventListener("submit", (event) => event.preventDefault());
    parts.form.addEventListener("input", (event) => { take(event.target); answer(); });
    parts.clear.addEventListener("click", () => { filled.clear(); choose(version); answer(); });
    parts.copy.addEventListener("click", copy);
  }

  function revisionText(one, place) {
    if (one.revision === null) return "as it is on this site";
    const since = `since ${one.day} (${one.short}): ${one.subject}`;
    return place === 0 && one.revision !== null ? `now, ${since}` : since;
  }

  // Shows the table as it was when a day was over, or nothing where there was none.
  function goTo(day) {
    const end = `${day}T23:59:59Z`;
    const then = isDay(day) ? data.versions.findLast((one) => one.revision !== null && one.from <= end) : undefined;
    if (then && then.table !== null) choose(then);
    else leave(day);
  }

  // Shows no table: there was none on a day.
  function leave(day) {
    absent = day;
    version ??= parts.versions[0];
    table ??= data.tables[version.table];
    parts.revision.value = "";
    for (const part of [parts.form, parts.clear, parts.counted]) part.hidden = true;
  }

  // Why there is no table on a day.
  function whyAbsent(day) {
    if (!isDay(day)) return `There is no day ${day}.`;
    if (data.cut_off && day < data.cut_off) return `Which table there was on ${day} is not known here: what was recorded before ${data.cut_off} was not fetched.`;
    return `There was no such table on ${day}.`;
  }

  function field(forId, label, control) {
    return element("div", { class: "field" }, element("label", { for: forId }, label), control);
  }

  // Shows the form of a version.
  function choose(next) {
    version = next;
    table = data.tables[next.table];
    absent = "";
    for (const part of [parts.form, parts.clear]) part.hidden = false;
    parts.revision.value = String(parts.versions.indexOf(next));
    const focused = document.activeElement?.dataset?.path;
    parts.form.replaceChildren(...table.fields.map((place) => control(data.fields[place])));
    if (focused) parts.form.querySelector(`[data-path="${CSS.escape(focused)}"]`)?.focus();
    parts.counted.hidden = !table.fields.some((place) => ["date", "datetime"].includes(data.fields[place].type));
  }

  function control(of) {
    const own = id("field");
    const text = filled.get(of.path) ?? "";
    const common = { id: own, "data-path": of.path, "data-type": of.type };
    const declared = of.values ?? [];
    const hint = { datetime: " (UTC)", choices: of.open || !declared.length ? " (several, parted by ;)" : "" }[of.type] ?? "";
    const label = element("label", { for: own }, of.label, hint, element("span", { class: "path" }, ` ${of.path}`));
    let input;
    if (of.type === "choices" && declared.length && !of.open) return boxes(of, text);
    if (of.type === "choice" && declared.length && !of.open) input = select(common, [["", NOT_SET], ...declared.map((value) => [value, value])], text);
    else if (of.type === "bool") input = select(common, [["", NOT_SET], ["true", "yes"], ["false", "no"]], text);
    else if (of.type === "date") input = element("input", { ...common, type: "date" });
    else if (of.type === "datetime") input = element("input", { ...common, type: "datetime-local", step: "1" });
    else input = element("input", { ...common, type: "text", autocomplete: "off", spellcheck: "false", inputmode: ["integer", "number", "money"].includes(of.type) ? "decimal" : undefined });
    if (input.tagName === "INPUT") input.value = of.type === "datetime" ? text.replace(/Z$/, "") : text;
    const problem = element("p", { class: "problem", id: `${own}-problem`, hidden: true });
    const made = element("div", { class: "field" }, label, input, problem);
    if (of.type === "choice" && declared.length && of.open) {
      input.setAttribute("list", `${own}-values`);
      made.append(element("datalist", { id: `${own}-values` }, declared.map((value) => element("option", { value }))));
    }
    return made;
  }

  function select(attributes, options, text) {
    const made = element("select", attributes, options.map(([value, label]) => element("option", { value }, label)));
    // A link may name a value that is not declared any more.
    if (text && !options.some(([value]) => value === text)) made.append(element("option", { value: text }, `${text} (not declared)`));
    made.value = text;
    return made;
  }

  function boxes(of, text) {
    const held = text.split(";").map((one) => one.trim());
    return element("fieldset", { class: "field" }, element("legend", {}, of.label, element("span", { class: "path" }, ` ${of.path}`)),
      element("div", { class: "boxes" }, of.values.map((value) => {
        const box = element("input", { type: "checkbox", value, "data-path": of.path, "data-type": "choices" });
        box.checked = held.includes(value);
        return element("label", {}, box, ` ${value}`);
      })));
  }

  // Takes over what somebody filled in.
  function take(input) {
    const { path, type } = input.dataset;
    if (!path) return;
    let text = input.value;
    if (input.type === "checkbox") {
      const all = parts.form.querySelectorAll(`input[type=checkbox][data-path="${CSS.escape(path)}"]:checked`);
      text = [...all].map((box) => box.value).join(";");
    } else if (type === "datetime" && text) text += "Z";
    if (text) filled.set(path, text);
    else filled.delete(path);
  }

  // The record that is filled in. One of a related object that is described is there.
  function record() {
    const values = new Map();
    let problems = 0;
    for (const place of table.fields) {
      const { path, type } = data.fields[place];
      const value = routing.read(filled.get(path) ?? "", type);
      const wrong = typeof value === "string" ? value : "";
      problems += wrong ? 1 : 0;
      mark(path, wrong);
      if (value !== null && !wrong) values.set(path, value);
    }
    for (const path of [...values.keys()]) {
      for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
        const above = path.slice(0, dot);
        if (!values.has(above)) values.set(above, ["text", "(described)"]);
      }
    }
    return { values, problems };
  }

  function mark(path, wrong) {
    const input = parts.form.querySelector(`[data-path="${CSS.escape(path)}"]`);
    const problem = input?.closest(".field").querySelector(".problem");
    if (!problem) return;
    problem.textContent = wrong;
    problem.hidden = !wrong;
    if (wrong) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", problem.id);
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  function answer() {
    keep();
    if (absent) {
      announce(parts.status, whyAbsent(absent));
      parts.why.replaceChildren();
      return;
    }
    const { values, problems } = record();
    if (problems) {
      announce(parts.status, `${count(problems, "field does", "fields do")} not hold what it says; nothing is routed.`.replace("it says", problems === 1 ? "it should" : "they should"));
      parts.why.replaceChildren();
      return;
    }
    const at = routing.instant(asOf) ?? BigInt(Date.now()) * 1_000_000n;
    tell(routing.route(data, table, values, at));
  }

  function tell(outcome) {
    const { judge, tried } = outcome;
    const rules = table.rules.length;
    parts.why.replaceChildren();
    if (outcome.lost !== undefined) {
      announce(parts.status, `This cannot be said: ${outcome.lost}.`);
      return;
    }
    if (!outcome.about) {
      announce(parts.status, "This table is not about such a record.");
      const text = data.criteria[table.applies_to][0];
      parts.why.append(element("p", {}, "It is about records for which this holds: ", element("code", {}, text)), blocked(judge, table.applies_to));
      return;
    }
    const rule = outcome.rule;
    const { to, sla } = rule ?? table.default;
    const where = to === null ? null : data.names[to];
    const promise = sla === null ? null : data.names[sla];
    const goes = where ? `It goes to ${where[1] || where[0]}` : "It goes nowhere";
    const starts = promise ? `, under the promise “${promise[1]}” if that covers it` : "";
    const by = rule ? `rule ${outcome.place + 1} of ${rules}, “${rule.name ?? rule.id}”, takes it` : "no rule takes it, and this is the default";
    const gap = !rule && table.default.gap ? " No record should get here: a rule is missing." : "";
    announce(parts.status, `${goes}${starts}: ${by}.${gap}`);
    const facts = element("dl", { class: "facts" });
    const fact = (word, ...said) => facts.append(element("div", {}, element("dt", {}, word), element("dd", {}, said)));
    if (rule) fact("Rule", rule.name ?? rule.id, " ", element("code", {}, rule.id));
    fact("Goes to", where ? name(where) : "nowhere");
    if (promise) fact("Promise", name(promise));
    if (rule) fact("Because", element("code", {}, data.criteria[rule.when][0]));
    parts.why.append(facts);
    if (tried.length) {
      const heading = element("h3", {}, tried.length === 1 ? "Why the rule before does not take it" : `Why the ${tried.length} rules before do not take it`);
      parts.why.append(heading, element("ol", { class: "tried" }, tried.map((one) => element("li", {},
        element("strong", {}, one.name ?? one.id), one.when === null ? " has no condition that can be read" : blocked(judge, one.when)))));
    }
    const left = rule ? rules - outcome.place - 1 : 0;
    if (left) parts.why.append(element("p", { class: "left" }, `${count(left, "rule", "rules")} after it ${left === 1 ? "is" : "are"} not asked.`));
  }

  // What stands in the way of a criterion.
  function blocked(judge, place) {
    try {
      return listed(routing.obstacles(judge, place));
    } catch (error) {
      if (!(error instanceof routing.Lost)) throw error;
      return element("p", {}, `cannot be said: ${error.message}`);
    }
  }

  function listed(obstacles) {
    return element("ul", { class: "obstacles" }, obstacles.map((one) => element("li", {},
      element("code", {}, one.words), one.because ? element("span", { class: "because" }, ` ${one.because}`) : null,
      one.behind.length ? listed(one.behind) : null)));
  }

  // The whole question as a link: the revision, the instant and what is filled in.
  function keep() {
    const state = new URLSearchParams();
    const newest = version === parts.versions[0];
    if (absent) state.set("on", absent);
    else if (!newest && version.short) state.set("at", version.short);
    if (asOf) state.set("as-of", asOf);
    const paths = absent ? [...filled.keys()] : table.fields.map((place) => data.fields[place].path);
    for (const path of paths) {
      if (filled.has(path)) state.set(`f.${path}`, filled.get(path));
    }
    const hash = [...state].length ? PREFIX + state : "";
    if (hash !== window.location.hash && (hash || window.location.hash.startsWith(PREFIX))) {
      window.history.replaceState(null, "", hash || window.location.pathname + window.location.search);
    }
  }

  function recall() {
    const { hash } = window.location;
    if (!hash.startsWith(PREFIX)) {
      if (!version) { choose(parts.versions[0]); answer(); }
      return;
    }
    const state = new URLSearchParams(hash.slice(PREFIX.length));
    filled.clear();
    for (const [key, text] of state) if (key.startsWith("f.")) filled.set(key.slice(2), text);
    const given = state.get("as-of") ?? "";
    asOf = routing.instant(given) === null ? "" : given;
    parts.asOf.value = asOf.replace(/Z$/, "");
    const at = state.get("at");
    const on = state.get("on");
    const known = !on && at && parts.versions.find((one) => one.short === at);
    if (on) goTo(on);
    else choose(known || parts.versions[0]);
    parts.day.value = isDay(absent) ? absent : "";
    answer();
    section.scrollIntoView();
    if (!on && at && !known) announce(parts.status, `This table did not change at ${at}; it is shown as it is now. ${parts.status.textContent}`);
  }

  async function copy() {
    const url = window.location.href;
    try {
      await navigator.clipboard.writeText(url);
      announce(parts.copied, "Copied.");
    } catch {
      announce(parts.copied, "The address of this page is the link.");
    }
  }
})();
