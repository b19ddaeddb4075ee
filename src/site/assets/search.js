// Search as you type, over everything in the site.
"use strict";

(() => {
  const { root, load, element, id, count, folded, spelt, announce } = window.opmodel;
  const form = document.getElementById("search");
  const box = document.getElementById("q");
  const list = document.getElementById("found");
  if (!form || !box || !list) return;

  const MOST = 12;
  let entries = null;
  let found = [];
  let active = -1;
  let failed = "";

  const status = element("p", { class: "sr-only", role: "status", "aria-live": "polite" });
  form.append(status);
  form.hidden = false;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
    autocomplete: "off",
    spellcheck: "false",
  })) box.setAttribute(name, value);
  list.hidden = true;

  // An entry ready for looking: what is shown, and its words without case and accents.
  function ready([address, title, kind, words, href]) {
    const step = address.split(".");
    const all = { address, id: step.slice(1).join(".") || address, title, kind, words: words ?? "" };
    const by = (fold) => Object.fromEntries(Object.entries(all).map(([name, text]) => [name, fold(text)]));
    const ways = [by(folded)];
    const other = by(spelt);
    if (Object.keys(all).some((name) => other[name] !== ways[0][name])) ways.push(other);
    return { address, title, kind, href, ways };
  }

  // How well a word fits an entry; zero where it does not.
  function fit(word, { address, id: name, title, kind, words }) {
    if (name === word || address === word || title === word) return 100;
    if (title.startsWith(word)) return 60;
    if (name.startsWith(word)) return 55;
    if (startsAWord(title, word)) return 45;
    if (startsAWord(address, word)) return 40;
    if (title.includes(word)) return 25;
    if (address.includes(word)) return 22;
    if (kind.startsWith(word)) return 18;
    if (startsAWord(words, word)) return 10;
    return words.includes(word) ? 5 : 0;
  }

  function startsAWord(text, word) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1])) return true;
    }
    return false;
  }

  // The entries in which every word is found, best first; the order of the site among equals.
  function ranked(text) {
    const whole = folded(text).trim();
    const words = whole.split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    // Each word in its ways of writing.
    const spellings = spelt(text).trim().split(/\s+/).filter(Boolean);
    const asked = words.map((word, at) => [...new Set([word, spellings[at] ?? word])]);
    const all = [];
    for (const [place, entry] of entries.entries()) {
      let score = 0;
      for (const word of asked) {
        const by = Math.max(...entry.ways.flatMap((way) => word.map((spelling) => fit(spelling, way))));
        if (!by) { score = 0; break; }
        score += by;
      }
      if (score && words.length > 1 && entry.ways.some(({ title }) => title.includes(whole))) score += 50;
      if (score) all.push({ entry, score, place });
    }
    all.sort((one, other) => other.score - one.score || one.place - other.place);
    return all.map(({ entry }) => entry);
  }

  // A text with what was looked for marked, where folding left its letters in place.
  function marked(text, words) {
    const plain = folded(text);
    if (plain.length !== text.length) return [text];
    const hit = new Uint8Array(text.length);
    for (const word of words) {
      for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) hit.fill(1, at, at + word.length);
    }
    const parts = [];
    for (let at = 0; at < text.length;) {
      let end = at + 1;
      while (end < text.length && hit[end] === hit[at]) end += 1;
      const part = text.slice(at, end);
      parts.push(hit[at] ? element("mark", {}, part) : part);
      at = end;
    }
    return parts;
  }

  function show() {
    const text = box.value.trim();
    active = -1;
    box.removeAttribute("aria-activedescendant");
    if (!text) { hide(); announce(status, ""); return; }
    if (failed) { announce(status, failed); return; }
    if (!entries) { announce(status, "Loading"); return; }
    const all = ranked(text);
    found = all.slice(0, MOST);
    const words = folded(text).split(/\s+/).filter(Boolean);
    list.replaceChildren(...found.map((entry) => {
      const option = element("a", { role: "option", id: id("hit"), href: root + entry.href, tabindex: "-1", "aria-selected": "false" },
        element("span", { class: "hit-title" }, marked(entry.title, words)), " ",
        element("span", { class: "hit-kind" }, entry.kind), " ",
        element("code", { class: "hit-address" }, marked(entry.address, words)));
      return element("li", { role: "presentation" }, option);
    }));
    if (!all.length) list.replaceChildren(element("li", { role: "presentation" }, element("span", { role: "option", "aria-disabled": "true", class: "none-found" }, `Nothing is called “${text}”`)));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    const more = all.length > found.length ? `, the best ${found.length} are shown` : "";
    announce(status, all.length ? `${count(all.length, "result", "results")}${more}` : "Nothing found");
  }

  function hide() {
    found = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(next) {
    if (!found.length) return;
    active = (next + found.length) % found.length;
    const options = [...list.querySelectorAll("a[role=option]")];
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    options[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", options[active].id);
  }

  function ask() {
    if (entries || failed) return;
    load("search").then((all) => { entries = all.map(ready); show(); }, (error) => { failed = error.message; show(); });
  }

  box.addEventListener("focus", ask);
  box.addEventListener("input", () => { ask(); show(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && found.length) { event.preventDefault(); choose(active + 1); }
    else if (event.key === "ArrowUp" && found.length) { event.preventDefault(); choose(active < 0 ? found.length - 1 : active - 1); }
    else if (event.key === "Escape" && (box.value || !list.hidden)) { event.preventDefault(); box.value = ""; show(); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const entry = found[Math.max(active, 0)];
    if (entry) { window.location.href = root + entry.href; hide(); }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget) && !list.contains(event.relatedTarget)) hide();
  });
  // A press on a result must not take the focus away before it counts.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("click", () => { if (list.hidden && box.value) show(); });
})();
