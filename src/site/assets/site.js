// What every page of the site shares: data that is loaded when it is asked for, parts of a page made
// without HTML, the key that leads to the search, and the day in the header.
"use strict";

window.opmodel = (() => {
  const root = document.body.dataset.root ?? "";
  const loads = new Map();
  const wholes = new Map();
  let frames = 0;

  // The data of a name. A list that is too large for one file is put together from several.
  function load(name) {
    if (!wholes.has(name)) {
      const whole = file(name).then(async (value) => {
        if (!value.in_pieces) return value;
        const { list, count: pieces } = value.in_pieces;
        const rows = (await Promise.all(Array.from({ length: pieces }, (_, number) => file(`${name}/${number}`)))).flat();
        return list ? { ...value, [list]: rows } : rows;
      });
      wholes.set(name, whole);
      whole.catch(() => wholes.delete(name));
    }
    return wholes.get(name);
  }

  // What a file hands over, once its script is there. Files cannot be fetched where a site is opened from
  // disk; scripts can be added.
  function file(name) {
    if (!loads.has(name)) {
      const entry = {};
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      loads.set(name, entry);
      const script = document.createElement("script");
      const path = name.split("/").map(encodeURIComponent).join("/");
      script.src = `${root}data/${path}.js`;
      script.addEventListener("error", () => {
        loads.delete(name);
        entry.reject(new Error(`the file data/${name}.js of this site is not there`));
      });
      script.addEventListener("load", () => {
        if (!entry.given) entry.reject(new Error(`the file data/${name}.js of this site is empty`));
        script.remove();
      });
      document.head.append(script);
    }
    return loads.get(name).promise;
  }

  // Called by the scripts in data/.
  function data(name, value) {
    const entry = loads.get(name);
    if (!entry) return;
    entry.given = true;
    entry.resolve(value);
  }

  // An element with attributes and children. Texts become text, whatever is in them.
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name === "href") made.href = place(value);
      else made.setAttribute(name, value === true ? "" : value);
    }
    const there = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
    made.append(...there.map((child) => (child instanceof Node ? child : shown(child))));
    return made;
  }

  // A text in which nothing reorders what is read, as the tool shows it everywhere.
  function shown(text) {
    return String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
  }

  // A place within the site; nothing else becomes a link.
  function place(href) {
    return /^[\w~.#/%+-]+$/.test(href) && !href.includes("//") ? href : "#";
  }

  // A link to a page of the site, or the words alone where there is none.
  function link(href, ...words) {
    return href ? element("a", { href: root + href }, ...words) : element("span", {}, ...words);
  }

  // An id that nothing else on the page has.
  function id(stem) {
    frames += 1;
    return `${stem}-${frames}`;
  }

  // A sentence of the tool, in which names and values stand between backticks.
  function sentence(text) {
    return String(text).split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));
  }

  const EFFECTS = {
    loosening: ["looser", "looser"],
    tightening: ["tighter", "tighter"],
    breaking: ["breaking", "breaking"],
    shifting: ["shifted", "other"],
    undecided: ["undecided", "other"],
    additive: ["new", "other"],
    cosmetic: ["form", "other"],
  };

  // What a change does, in a word and the class of its mark.
  function effect(impact) {
    return EFFECTS[impact] ?? [impact, "other"];
  }

  function count(number, one, many) {
    return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  }

  // The day in a field. Years have four digits here, whatever a browser lets somebody type.
  const LAST_DAY = "9999-12-30";
  function dayIn(input) {
    return input.value.length > LAST_DAY.length || input.value > LAST_DAY ? LAST_DAY : input.value;
  }

  // Whether a text looks like a day, and whether there is such a day.
  const looksLikeDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text);
  function isDay(text) {
    const at = looksLikeDay(text) ? new Date(`${text}T00:00:00Z`) : NaN;
    return !Number.isNaN(Number(at)) && at.toISOString().startsWith(text);
  }

  // A field for a day.
  function dayField(attributes = {}) {
    return element("input", { type: "date", max: LAST_DAY, ...attributes });
  }

  // Small and capital letters and accents do not matter where people look for something.
  function folded(text) {
    return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("ß", "ss");
  }

  // The same with ä, ö and ü as they are written where a keyboard or an id has none: ae, oe, ue.
  function spelt(text) {
    return folded(text.normalize("NFC").replace(/[äöü]/giu, "$&e"));
  }

  // What is looked through for a folded text: both ways of writing.
  function searchable(text) {
    const [plain, other] = [folded(text), spelt(text)];
    return other === plain ? plain : `${plain} ${other}`;
  }

  // Says a sentence to those who do not see that something changed.
  function announce(area, text) {
    const plain = shown(text);
    if (area.textContent !== plain) area.textContent = plain;
  }

  function isTyping(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  const SHORTCUT = "opmodel-no-shortcut";

  // A browser may refuse to remember anything.
  function remembered(key) {
    try {
      return window.localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function remember(key, value) {
    try {
      if (value === null) window.localStorage.removeItem(key);
      else window.localStorage.setItem(key, value);
    } catch {
      // It holds for this page.
    }
  }

  // The key `/` leads to the search, unless somebody turned that off: those who speak to their
  // computer press keys without meaning to.
  function shortcut() {
    const box = document.getElementById("q");
    if (!box) return;
    let on = remembered(SHORTCUT) === null;
    document.addEventListener("keydown", (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (on && event.key === "/" && plain && !isTyping(event.target)) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    });
    const choice = element("input", { type: "checkbox" });
    choice.checked = on;
    choice.addEventListener("change", () => {
      on = choice.checked;
      remember(SHORTCUT, on ? null : "off");
    });
    const label = element("label", { class: "shortcut" }, choice, " The key ", element("kbd", {}, "/"), " leads to the search");
    document.querySelector("body > footer")?.append(label);
  }

  // The day in the header leads to the whole model as it was then.
  function asOf() {
    const form = document.getElementById("as-of");
    const day = form?.querySelector("input[type=date]");
    if (!day) return;
    form.hidden = false;
    // The last day is said where it is asked for, and not left to what a browser makes of it.
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (day.value) window.location.href = `${root}as-of.html#${dayIn(day)}`;
      else day.focus();
    });
  }

  shortcut();
  asOf();
  return { root, load, data, element, link, id, sentence, effect, count, folded, spelt, searchable, announce, dayIn, dayField, looksLikeDay, isDay };
})();
