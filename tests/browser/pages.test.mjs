// Every page: no fault that axe knows by day and by night, no line wider than the screen, nothing asked
// of anybody, every link leads somewhere, and all of it readable on paper and without scripts.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { browser, done, fine, watched } from "./support/browser.mjs";
import { hostileSite, pages, site, url } from "./support/place.mjs";

const opened = await browser();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

// One page of each kind of entity, and every page that is not about one entity.
function kinds() {
  const seen = new Set();
  return pages().filter((name) => {
    const kind = /^entity\/([a-z]+)/.exec(name)?.[1] ?? name;
    return !seen.has(kind) && seen.add(kind);
  });
}

async function ready(page) {
  await page.waitForLoadState("load");
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve, 60)); }));
}

// By night only colours are other ones.
async function faults(page, scheme) {
  const run = scheme === "light" ? { type: "tag", values: RULES } : { type: "rule", values: ["color-contrast"] };
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axe);
  // Whoever goes from landmark to landmark has to know one from another.
  const rules = scheme === "light" ? { "landmark-unique": { enabled: true } } : {};
  const { violations } = await page.evaluate((asked) => window.axe.run(document, { ...asked, resultTypes: ["violations"], preload: false }), { runOnly: run, rules });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 1).map((node) => `${node.html.slice(0, 160)} ${node.any?.[0]?.message ?? ""}`).join(" | ")} (${nodes.length})`);
}

for (const scheme of ["light", "dark"]) {
  test(`axe finds no fault, ${scheme}`, async () => {
    const page = await watched(opened, { colorScheme: scheme });
    const found = {};
    for (const name of [...kinds(), "compare.html#2026-03-31..now", "as-of.html#2026-03-31"]) {
      await page.goto(url(name));
      await ready(page);
      const here = await faults(page, scheme);
      if (here.length) found[name] = here;
    }
    assert.deepEqual(found, {});
    await done(page);
  });
}

test("what scrolls on a small screen scrolls without a mouse", async () => {
  const page = await watched(opened, { viewport: { width: 390, height: 800 } });
  const found = {};
  for (const name of [...kinds(), "compare.html#2026-03-31..now"]) {
    await page.goto(url(name));
    await ready(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: { type: "rule", values: ["scrollable-region-focusable"] } }));
    if (violations.length) found[name] = violations[0].nodes[0].html.slice(0, 160);
  }
  assert.deepEqual(found, {});
  await done(page);
});

test("no line is wider than the screen", async () => {
  const page = await watched(opened);
  const wide = [];
  for (const width of [360, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [name, root] of [...kinds().map((name) => [name, site]), ...pages(hostileSite).map((name) => [name, hostileSite])]) {
      await page.goto(url(name, root));
      await ready(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wide.push(`${name} at ${width}: ${over}`);
    }
  }
  assert.deepEqual(wide, []);
  await done(page);
});

test("every page opens without a complaint, and nothing is asked of a network", async () => {
  const page = await watched(opened);
  for (const name of pages()) {
    await page.goto(url(name));
    await ready(page);
    assert.ok((await page.title()).length > 3, name);
    assert.equal(await page.locator("h1").count(), 1, name);
    assert.deepEqual(page.wrong, [], name);
  }
  await done(page);
});

for (const [what, root] of [["the demonstration", site], ["the hostile model", hostileSite]]) {
  test(`every link of ${what} leads somewhere, and no page is too large`, () => {
    const ids = new Map();
    const idsOf = (file) => {
      if (!ids.has(file)) ids.set(file, new Set([...readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)));
      return ids.get(file);
    };
    for (const name of pages(root)) {
      const file = path.join(root, name);
      assert.ok(statSync(file).size < 500_000, name);
      for (const [, href] of readFileSync(file, "utf8").matchAll(/\s(?:href|src)="([^"]*)"/g)) {
        const where = `${name}: ${href}`;
        assert.doesNotMatch(href, /^[a-z]+:|^\//i, where);
        const [plain, hash] = href.replaceAll("&amp;", "&").split("#");
        const to = plain ? path.join(path.dirname(file), decodeURIComponent(plain)) : file;
        assert.ok(existsSync(to), where);
        // What the scripts of these read stands behind the mark.
        if (hash && !/(compare|as-of)\.html$/.test(plain)) assert.ok(idsOf(to).has(decodeURIComponent(hash)), where);
      }
    }
  });
}

test("all of it can be read without scripts", async () => {
  const page = await watched(opened, { javaScriptEnabled: false });
  await page.goto(url("entity/definition.sql.html"));
  const text = await page.locator("main").innerText();
  assert.match(text, /budget|criteria/i);
  assert.equal(await page.locator("#search").isVisible(), false);
  assert.match(text, /needs scripts/);
  for (const name of ["compare.html", "as-of.html", "entity/routing.inbound.html"]) {
    await page.goto(url(name));
    assert.match(await page.locator("main").innerText(), /needs? scripts/, name);
  }
  await page.goto(url("entity/routing.inbound.html"));
  assert.ok((await page.locator("table tbody tr").count()) > 10);
  await page.goto(url("contents.html"));
  await page.getByRole("link", { name: "Inbound routing" }).first().click();
  assert.match(page.url(), /routing\.inbound/);
  await page.goto(url("register.html"));
  assert.ok((await page.locator("#register tbody tr").count()) > 20);
  await done(page);
});

test("on paper there is what one reads and nothing to press", async () => {
  const page = await watched(opened);
  await page.goto(url("entity/definition.sql.html"));
  await ready(page);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.locator("#search").isVisible(), false);
  assert.equal(await page.locator("nav.site").isVisible(), false);
  const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
  const light = (colour) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  assert.ok(light(ink) < 200, `ink ${ink}`);
  assert.ok(paper === "rgba(0, 0, 0, 0)" || light(paper) > 700, `paper ${paper}`);
  assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  await done(page);
});

test("a name is found however its letters can be typed", async () => {
  const page = await watched(opened);
  await page.goto(url("index.html", hostileSite));
  for (const typed of ["köln", "KOELN", "koln", "GROSSE", "große kunden", "grosse koel"]) {
    await page.locator("#q").fill(typed);
    await page.locator("#found [role=option]", { hasText: "Team Köln" }).waitFor();
  }
  await done(page);
});

test("what a model says stays text, whatever it says", async () => {
  const page = await watched(opened);
  for (const name of pages(hostileSite)) {
    await page.goto(url(name, hostileSite));
    await ready(page);
    const strangers = await page.evaluate(() => [...document.querySelectorAll("main script, main iframe, main style, img, [onerror], [onload], [onmouseover], a[href^='javascript' i], a[href*='hostile.example']")].map((one) => one.outerHTML));
    assert.deepEqual(strangers, [], name);
    fine(page);
  }
  await page.goto(url("index.html", hostileSite));
  await page.keyboard.press("/");
  await page.keyboard.type("<script>");
  await page.locator("#found [role=option]").first().waitFor();
  assert.equal(await page.locator("#found script").count(), 0);
  await page.goto(url("entity/definition.sql.html", hostileSite));
  await page.locator("table.differences").waitFor();
  assert.match(await page.locator("table.differences").innerText(), /<img src=x onerror=alert\(1\)>/);
  await page.goto(url("entity/routing.inbound.html", hostileSite));
  await page.locator("#simulator select[data-path=country]").selectOption("javascript:alert(1)");
  await page.locator("#simulator input[data-path=employees]").fill("40");
  await page.locator(".simulator-outcome", { hasText: "javascript:alert(1)" }).waitFor();
  // A point before three digits may stand between thousands.
  await page.locator("#simulator input[data-path=employees]").fill("40.000");
  await page.locator(".problem", { hasText: "write 40000 or 40: the point may stand between thousands" }).waitFor();
  for (const name of ["as-of.html#2026-02-10", "compare.html#2026-01-10..now", "register.html"]) {
    await page.goto(url(name, hostileSite));
    await ready(page);
  }
  await page.locator("#register-filter input[type=search]").fill("alert");
  await page.locator("#register-filter [role=status]", { hasText: "of" }).waitFor();
  assert.equal(await page.evaluate(() => document.querySelectorAll("main img, main svg[onload], main script").length), 0);
  await done(page);
});
