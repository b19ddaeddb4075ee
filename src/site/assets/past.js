// The past: any two versions of an entity side by side, any two revisions of the whole model, and the
// whole model as it was on a day.
"use strict";

(() => {
  const { load, element, link, id, sentence, effect, count, folded, searchable, announce, dayIn, dayField, looksLikeDay, isDay } = window.opmodel;
  const command = document.body.dataset.command ?? "opmodel";
  const stemOf = () => decodeURIComponent(window.location.pathname.split("/").pop().replace(/\.html$/, ""));

  // What differs between two texts, word by word: pieces of both, each with whether it is only there.
  function differing(before, after) {
    const [old, now] = [words(before), words(after)];
    let start = 0;
    while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
    let end = 0;
    while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
    const [oldPart, newPart] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
    const kept = common(oldPart, newPart);
    const side = (all, part, of) => [
      [all.slice(0, start).join(""), false],
      ...part.map((word, place) => [word, !of.has(place)]),
      [all.slice(all.length - end).join(""), false],
    ].filter(([text]) => text);
    return [side(old, oldPart, kept.old), side(now, newPart, kept.now)];
  }

  function words(text) {
    return text.match(/\s+|[\p{L}\p{N}_.]+|[^\s\p{L}\p{N}_.]/gu) ?? [];
  }

  // The places of the longest run of words that both have in this order. Texts that are too long for
  // that have nothing in common.
  function common(old, now) {
    const kept = { old: new Set(), now: new Set() };
    if (!old.length || !now.length || old.length * now.length > 1_000_000) return kept;
    const width = now.length + 1;
    const longest = new Uint32Array((old.length + 1) * width);
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = now.length - 1; j >= 0; j -= 1) {
        longest[i * width + j] = old[i] === now[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
      }
    }
    for (let i = 0, j = 0; i < old.length && j < now.length;) {
      if (old[i] === now[j]) { kept.old.add(i); kept.now.add(j); i += 1; j += 1; }
      else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i += 1;
      else j += 1;
    }
    return kept;
  }

  // One side of a difference, what is only there as `<del>` or `<ins>`.
  function side(pieces, tag) {
    const joined = [];
    for (const [text, only] of pieces) {
      if (joined.length && joined.at(-1)[1] === only) joined.at(-1)[0] += text;
      else joined.push([text, only]);
    }
    return joined.map(([text, only]) => (only ? element(tag, {}, text) : text));
  }

  // Two versions of an entity, row by row; nothing where they say the same.
  function table(before, after, [then, now], name) {
    const rows = [];
    const old = new Map((before?.rows ?? []).map((row) => [row[0], row]));
    const seen = new Set();
    for (const [path, label, text] of after?.rows ?? []) {
      seen.add(path);
      const was = old.get(path);
      if (!was) rows.push([label, [element("span", { class: "nothing" }, "not there")], [element("ins", {}, text)]]);
      else if (was[2] !== text) {
        const [one, other] = differing(was[2], text);
        rows.push([label, side(one, "del"), side(other, "ins")]);
      }
    }
    for (const [path, label, text] of before?.rows ?? []) {
      if (!seen.has(path)) rows.push([label, [element("del", {}, text)], [element("span", { class: "nothing" }, "not there")]]);
    }
    if (!rows.length) return null;
    return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `What differs: ${name}` },
      element("table", { class: "differences" },
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Property"), element("th", { scope: "col" }, then), element("th", { scope: "col" }, now))),
        element("tbody", {}, rows.map(([label, was, is]) => element("tr", {}, element("th", { scope: "row" }, label), element("td", { "data-when": then }, was), element("td", { "data-when": now }, is))))));
  }

  const MOST_SENTENCES = 100;

  // Changes in words, the newest of many.
  function sentences(changes) {
    if (!changes.length) return null;
    const told = changes.slice(-MOST_SENTENCES);
    return [
      element("ul", { class: "changes" }, told.map((one) => {
        const [word, kind] = effect(one.effect);
        return element("li", {}, element("span", { class: `effect ${kind}` }, word), " ", sentence(one.says));
      })),
      changes.length > told.length ? element("p", { class: "dim" }, `and ${count(changes.length - told.length, "earlier change", "earlier changes")}, in the register`) : null,
    ];
  }

  function written(label, version) {
    if (!version?.text) return element("p", { class: "nothing" }, `${label}: not there`);
    return element("figure", { class: "written" }, element("figcaption", {}, `${label}, ${version.file}`), element("pre", { tabindex: "0" }, element("code", {}, version.text)));
  }

  // The piece of an entity's data that holds a revision; all of it where it is in one file.
  async function pieceOf(entity, stem, revision) {
    if (!entity.pieces) return entity;
    return load(`entity/${stem}/${Math.max(entity.pieces.findLastIndex((first) => first <= revision), 0)}`);
  }

  // The last version at a revision, if there is one.
  async function versionAt(entity, stem, revision) {
    const last = entity.versions.findLast((one) => one.at <= revision);
    if (!last || last.gone) return null;
    const { versions } = await pieceOf(entity, stem, last.at);
    return versions.findLast((one) => one.at === last.at) ?? null;
  }

  // What changed in meaning after one revision and until another.
  async function changesIn(entity, stem, from, to) {
    const firsts = entity.pieces ?? [0];
    const wanted = firsts.filter((first, place) => first <= to && (firsts[place + 1] ?? Infinity) > from);
    const pieces = await Promise.all(wanted.map((first) => pieceOf(entity, stem, first)));
    return pieces.flatMap(({ changes }) => changes ?? []).filter(({ at }) => at > from && at <= to);
  }

  // Everything that differs in an entity between two revisions; `decided` is what the changes come to
  // where that is known for both ends.
  async function comparison(entity, stem, from, to, labels, decided) {
    const [before, after] = await Promise.all([versionAt(entity, stem, from), versionAt(entity, stem, to)]);
    const changes = decided ?? await changesIn(entity, stem, from, to);
    if (!before !== !after) return [sentences(changes), alone(before ?? after)];
    const differs = table(before, after, labels, `${after?.name ?? ""} ${entity.address}`.trim());
    return [
      sentences(changes),
      before && after && !differs ? element("p", {}, "Both say the same; only comments, the layout or the file differ.") : differs,
      element("details", {}, element("summary", {}, "As it was written"), element("div", { class: "side-by-side" }, written(labels[0], before), written(labels[1], after))),
    ];
  }

  // A revision in a few words.
  function told(revision) {
    return `${revision.day} (${revision.short}) ${revision.subject}`;
  }

  // The number of the revision that a day, an id or `now` names; none where it names none.
  function numberOf(revisions, text) {
    if (text === "now") return revisions.length - 1;
    if (looksLikeDay(text)) return revisions.findLastIndex((one) => one.from <= `${text}T23:59:59Z`);
    const byId = /^[0-9a-f]{7,}$/.test(text) ? revisions.findIndex((one) => one.id.startsWith(text)) : -1;
    if (byId >= 0) return byId;
    return /^\d+$/.test(text) && Number(text) < revisions.length ? Number(text) : -1;
  }

  // Why a text names no state.
  function nothingAt(text) {
    return `There is no ${looksLikeDay(text) ? "day" : "revision"} ${text}.`;
  }

  // What is known of a day before the first revision.
  function before(revisions, day) {
    const [{ day: first, cut_off: isCutOff }] = revisions;
    return isCutOff ? `What there was on ${day} is not known here: what was recorded before ${first} was not fetched.` : `The model began on ${first}; there was none on ${day}.`;
  }

  function field(label, control) {
    control.id = control.id || id("past");
    return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
  }

  function trouble(area, error) {
    area.append(element("p", { class: "trouble" }, `This cannot be shown: ${error.message}.`));
  }

  // ---- An entity's page: two of its versions ----

  async function versions(section) {
    const stem = section.dataset.stem ?? stemOf();
    const [entity, { revisions }] = await Promise.all([load(`entity/${stem}`), load("revisions")]);
    const all = entity.versions;
    const label = ({ at, gone }) => told(revisions[at]) + (gone ? " (gone)" : "");
    const option = (one, place) => element("option", { value: place }, label(one));
    const pick = (chosen) => {
      const made = element("select", {}, all.map(option).reverse());
      made.value = String(Math.max(chosen, 0));
      return made;
    };
    const [then, now] = [pick(all.length - 2), pick(all.length - 1)];
    const day = dayField();
    const status = element("p", { role: "status", "aria-live": "polite", class: "summary" });
    const area = element("div", { class: "comparison" });
    const place = section.querySelector("#version") ?? section;
    place.removeAttribute("aria-live");
    place.append(element("div", { class: "compare-tools" },
      element("h3", {}, all.length > 1 ? "Compare two wordings" : "The only wording"),
      element("div", { class: "fields" }, field("The wording", then), field("or as it was on", day), field("with the wording", now))), status, area);
    // What can be done stands above a list that may be long.
    section.querySelector("ol.happened")?.before(place);
    for (const item of section.querySelectorAll("ol.happened > li[data-worded]")) {
      const at = all.findIndex((one) => one.at === Number(item.dataset.at));
      if (at < 0) continue;
      const button = element("button", { type: "button", class: "open-wording" }, at === all.length - 1 ? "Compare with the wording before" : "Compare this wording with now");
      button.addEventListener("click", () => {
        then.value = String(at === all.length - 1 ? Math.max(at - 1, 0) : at);
        now.value = String(all.length - 1);
        day.value = "";
        show().catch(failed);
        place.scrollIntoView();
        then.focus({ preventScroll: true });
      });
      item.append(button);
    }

    let shown = 0;
    async function show() {
      shown += 1;
      const own = shown;
      const pair = [all[Number(then.value)], all[Number(now.value)]].sort((one, other) => one.at - other.at);
      const labels = pair.map(({ at }) => `since ${revisions[at].day}`);
      const same = pair[0] === pair[1];
      const made = same
        ? [pair[0].gone ? nothing() : alone(await versionAt(entity, stem, pair[0].at))]
        : [steps(), ...await comparison(entity, stem, pair[0].at, pair[1].at, labels)];
      // Somebody chose something else meanwhile.
      if (own !== shown) return;
      announce(status, same ? `As it was since ${told(revisions[pair[0].at])}` : `From ${told(revisions[pair[0].at])} to ${told(revisions[pair[1].at])}`);
      area.replaceChildren(...made.flat().filter(Boolean));
    }
    const failed = (error) => { area.replaceChildren(); trouble(area, error); };
    // More than one change may lie between two wordings.
    const steps = () => (all.length > 2 ? element("p", { class: "dim" }, "The marks say what each change in between did, one after the other; the words are those of both ends.") : null);
    then.addEventListener("change", () => { day.value = ""; show().catch(failed); });
    now.addEventListener("change", () => { show().catch(failed); });
    day.addEventListener("change", () => {
      if (!day.value) return;
      const at = numberOf(revisions, dayIn(day));
      const place = all.findLastIndex((one) => one.at <= at);
      if (place < 0) { shown += 1; announce(status, at < 0 && revisions[0].cut_off ? before(revisions, dayIn(day)) : `It was not there on ${dayIn(day)}.`); area.replaceChildren(); return; }
      then.value = String(place);
      show().catch(failed);
    });
    await show();
  }

  function nothing() {
    return element("p", { class: "nothing" }, "It is not there.");
  }

  // One version by itself.
  function alone(version) {
    if (!version) return nothing();
    return element("div", {},
      version.unreadable ? element("p", { class: "trouble" }, `Its file cannot be read since then (${version.unreadable}); this is what it said before.`) : null,
      element("dl", { class: "facts" }, version.rows.map(([, label, text]) => element("div", {}, element("dt", {}, label), element("dd", {}, text)))),
      element("details", {}, element("summary", {}, "As it was written"), written("then", version)));
  }

  // ---- The whole model ----

  // What an entity is at a revision: its place among its turns, whether it is there, and its name.
  function turnAt([, name, , turns], revision) {
    const place = turns.findLastIndex(([at]) => at <= revision);
    const turn = turns[place];
    return { place, alive: turn ? turn[1] === 1 : false, name: turn?.[2] ?? name };
  }

  // Groups by kind with the words for several of one, in the order of the manual.
  function byKind(entities, kinds) {
    const groups = new Map(kinds.map(([kind]) => [kind, []]));
    for (const one of entities) groups.get(one.kind).push(one);
    return kinds.map(([kind, words]) => [words, groups.get(kind)]).filter(([, group]) => group.length);
  }

  // An entity that is opened when somebody wants to see it.
  function opened(summary, stem, fill, isOpen) {
    const made = element("details", { class: "entity" }, element("summary", {}, summary));
    let asked = false;
    const ask = () => {
      if (asked || !made.open) return;
      asked = true;
      load(`entity/${stem}`).then(fill).then((parts) => made.append(...parts.flat().filter(Boolean))).catch((error) => trouble(made, error));
    };
    made.addEventListener("toggle", ask);
    made.open = isOpen;
    return made;
  }

  const AT_ONCE = 25;

  function revisionPicker(revisions, label) {
    const day = dayField({ min: revisions[0]?.day });
    const list = revisions.length <= 2_000 ? element("select", {}, revisions.map((one, place) => element("option", { value: place }, told(one))).reverse()) : null;
    const parts = element("div", { class: "fields" }, field(label, day), list ? field("or at the revision", list) : null);
    return { parts, day, list };
  }

  async function compare(form) {
    const section = document.getElementById("comparison");
    section.removeAttribute("aria-live");
    const [{ revisions }, { entities, kinds }, { pairs }] = await Promise.all([load("revisions"), load("model"), load("ends")]);
    const from = revisionPicker(revisions, "From the end of");
    const to = revisionPicker(revisions, "to the end of");
    const status = element("p", { role: "status", "aria-live": "polite", class: "summary" });
    const how = element("p", { class: "note" });
    const area = element("div", {});
    form.setAttribute("aria-label", "What to compare");
    form.classList.add("compare-tools");
    if (pairs.length) form.append(element("p", { class: "often" }, "Asked for often: what is different now from ", pairs.map((pair, place) => [place ? ", " : "", element("a", { href: `#${pair.days[0] ?? revisions[pair.from].short}..now` }, names(pair))]), "."));
    form.append(from.parts, to.parts);
    form.hidden = false;
    section.append(status, how, area);
    let pair = ["", ""];
    let shown = 0;

    // What an earlier state is known by.
    function names({ days, tags }) {
      return [...days.map((day) => `the end of ${day}`), ...tags].join(", ");
    }

    function go(one, other) {
      window.location.hash = `#${one}..${other}`;
    }
    for (const [place, picker] of [from, to].entries()) {
      const next = (text) => go(place ? pair[0] : text, place ? text : pair[1]);
      picker.day.addEventListener("change", () => { if (picker.day.value) next(dayIn(picker.day)); });
      picker.list?.addEventListener("change", () => next(revisions[Number(picker.list.value)].short));
    }
    form.addEventListener("submit", (event) => event.preventDefault());

    function show() {
      const asked = decodeURIComponent(window.location.hash.slice(1)).split("..");
      pair = [asked[0] || revisions[Math.max(revisions.length - 2, 0)].short, asked[1] || "now"];
      const numbers = pair.map((text) => numberOf(revisions, text));
      for (const [place, picker] of [from, to].entries()) {
        picker.day.value = isDay(pair[place]) ? pair[place] : "";
        if (picker.list) picker.list.value = String(numbers[place]);
      }
      const unknown = pair.find((text, place) => (looksLikeDay(text) ? !isDay(text) : numbers[place] < 0));
      shown += 1;
      const early = revisions[0].cut_off ? pair[numbers.findIndex((number) => number < 0)] : undefined;
      if (early && !unknown) { announce(status, before(revisions, early)); how.replaceChildren(); area.replaceChildren(); return; }
      if (unknown) { announce(status, nothingAt(unknown)); how.replaceChildren(); area.replaceChildren(); return; }
      const [one, other] = numbers[0] <= numbers[1] ? numbers : [numbers[1], numbers[0]];
      tell(one, other, shown).catch((error) => { area.replaceChildren(); trouble(area, error); });
    }

    // What two ends come to, where that was decided when the site was made: by entity.
    async function decidedFor(one, other) {
      const place = other === revisions.length - 1 ? pairs.findIndex((pair) => pair.from === one) : -1;
      if (place < 0) return null;
      const { changes } = await load(`ends/${place}`);
      const found = new Map();
      for (const [entity, impact, says, direct] of changes) {
        if (!found.has(entity)) found.set(entity, []);
        found.get(entity).push({ effect: impact, says, direct: direct === 1 });
      }
      return found;
    }

    // How what is shown was decided.
    function decidedHow(one, other, decided) {
      if (one === other || one < 0) return [];
      const [then, now] = [revisions[one].short, revisions[other].short];
      if (decided) return [element("strong", {}, "Decided for both ends."), " Both states were compared as they stand, for all records there can be: what came in between and was taken back does not count. On a command line, ", element("code", {}, `${command} diff ${then} ${now}`), " compares them again."];
      if (other === one + 1) return [element("strong", {}, "One step."), " Nothing lies between these two; the marks say what the step did, as the register has it."];
      return [element("strong", {}, "Told step by step."), ` The words side by side are those of both ends. The marks above them say what each of the ${other - one} revisions on the way did, one after the other: one may have taken back what another did, so they are no verdict on the two ends. On a command line, `, element("code", {}, `${command} diff ${then} ${now}`), " decides that."];
    }

    async function tell(one, other, own) {
      const decided = await decidedFor(one, other);
      // Somebody chose something else meanwhile.
      if (own !== shown) return;
      const labels = [one, other].map((number) => (number < 0 ? "before the model" : revisions[number].day));
      const found = [];
      for (const entity of entities) {
        const [before, after] = [turnAt(entity, one), turnAt(entity, other)];
        if (before.place === after.place || (!before.alive && !after.alive)) continue;
        const [address, , kind, , stem] = entity;
        found.push({ address, kind, stem, name: after.alive ? after.name : before.name, state: !before.alive ? "new" : after.alive ? "changed" : "gone" });
      }
      const tally = (state) => ({ state, number: found.filter((entity) => entity.state === state).length });
      const tallies = ["changed", "new", "gone"].map(tally).filter(({ number }) => number > 0);
      const between = one < 0 ? "From before the model began" : `From ${told(revisions[one])}`;
      const until = other < 0 ? "to before the model began" : `to ${told(revisions[other])}`;
      announce(status, found.length ? `${between} ${until}: ${tallies.map(({ state, number }) => `${number} ${state}`).join(", ")}.` : `${between} ${until}: nothing says anything else.`);
      how.replaceChildren(...decidedHow(one, other, decided));
      area.replaceChildren(...byKind(found, kinds).map(([words, group]) => element("section", {}, element("h2", {}, words),
        group.map((entity) => opened([element("span", { class: `state ${entity.state}` }, entity.state), " ", element("strong", {}, entity.name), " ", element("code", {}, entity.address)],
          entity.stem, (data) => comparison(data, entity.stem, one, other, labels, decided && (decided.get(entity.address) ?? [])), found.length <= AT_ONCE)))), ...followed(found, decided));
    }

    // What is different though it says the same: through what it refers to.
    function followed(found, decided) {
      const worded = new Set(found.map(({ address }) => address));
      const others = entities.filter(([address]) => decided?.has(address) && !worded.has(address));
      if (!others.length) return [];
      return [element("section", {}, element("h2", {}, "Worded the same, and different through what it refers to"),
        others.map(([address, name, , , stem]) => element("details", { class: "entity" }, element("summary", {}, element("strong", {}, name), " ", element("code", {}, address)),
          sentences(decided.get(address)), element("p", {}, link(`entity/${stem}.html`, "As it is now")))))];
    }
    window.addEventListener("hashchange", show);
    show();
  }

  async function asOf(section) {
    section.removeAttribute("aria-live");
    const [{ revisions }, { entities, kinds }] = await Promise.all([load("revisions"), load("model")]);
    const picker = revisionPicker(revisions, "As of the end of");
    const filter = element("input", { type: "search", autocomplete: "off" });
    const status = element("p", { role: "status", "aria-live": "polite", class: "summary" });
    const links = element("p", {});
    const area = element("div", {});
    section.append(element("form", { class: "compare-tools", "aria-label": "What to show" }, picker.parts, element("div", { class: "fields" }, field("Only what is called", filter))), status, links, area);
    const last = revisions.length - 1;
    let shown = [];

    section.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    picker.day.addEventListener("change", () => { if (picker.day.value) window.location.hash = `#${dayIn(picker.day)}`; });
    picker.list?.addEventListener("change", () => { window.location.hash = `#${revisions[Number(picker.list.value)].short}`; });
    filter.addEventListener("input", () => list());

    function show() {
      const asked = decodeURIComponent(window.location.hash.slice(1)) || "now";
      const number = numberOf(revisions, asked);
      const onDay = isDay(asked);
      const isNone = looksLikeDay(asked) && !onDay;
      picker.day.value = onDay ? asked : "";
      if (picker.list) picker.list.value = isNone ? "" : String(number);
      links.replaceChildren();
      shown = [];
      if (number < 0 || isNone) {
        announce(status, onDay ? before(revisions, asked) : nothingAt(asked));
        list();
        return;
      }
      for (const entity of entities) {
        const turn = turnAt(entity, number);
        const [address, , kind, , stem] = entity;
        if (turn.alive) shown.push({ address, kind, stem, number, name: turn.name, now: turnAt(entity, last) });
      }
      const when = onDay ? `At the end of ${asked}` : "Then";
      announce(status, `${when} the model said this: ${count(shown.length, "entity", "entities")}, since ${told(revisions[number])}.`);
      links.replaceChildren(link(`compare.html#${asked}..now`, "Compare with now"));
      list();
    }

    function list() {
      const wanted = folded(filter.value.trim());
      const found = shown.filter(({ name, address }) => searchable(`${name} ${address}`).includes(wanted));
      area.replaceChildren(...byKind(found, kinds).map(([words, group]) => element("section", {}, element("h2", {}, words, element("span", { class: "tally" }, ` ${group.length}`)),
        group.map((one) => opened([element("strong", {}, one.name), " ", element("code", {}, one.address)], one.stem, async (entity) => {
          const version = await versionAt(entity, one.stem, one.number);
          const then = revisions[one.number].short;
          return [alone(version), element("p", {},
            one.now.alive ? link(`entity/${one.stem}.html`, "As it is now") : "It is not there any more.", " ",
            link(`compare.html#${then}..now`, "Compare the whole model with now"))];
        }, wanted !== "" && found.length <= 3)))));
    }
    window.addEventListener("hashchange", show);
    show();
  }

  // ---- ----

  const parts = { versions, compare, state: asOf };
  for (const [name, make] of Object.entries(parts)) {
    const section = document.getElementById(name);
    if (section) make(section).catch((error) => trouble(section.hidden ? section.parentElement : section, error));
  }
})();
