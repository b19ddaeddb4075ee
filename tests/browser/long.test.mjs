// A history that is too much for one file: no file that a page needs is large, and all of it is found.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, done, watched } from "./support/browser.mjs";
import { longSite, url } from "./support/place.mjs";

const opened = await browser();

test("no file that a page needs is large", () => {
  const files = readdirSync(longSite, { recursive: true }).map(String).filter((name) => /\.(html|js|css|svg)$/.test(name));
  for (const name of files) assert.ok(statSync(path.join(longSite, name)).size < 500_000, name);
  assert.match(readFileSync(path.join(longSite, "data/revisions.js"), "utf8"), /in_pieces/);
  assert.match(readFileSync(path.join(longSite, "data/entity/definition.long.js"), "utf8"), /"pieces":\[0,/);
});

test("what a definition said is found in its piece", async () => {
  const page = await watched(opened);
  await page.goto(url("as-of.html#2025-04-30", longSite));
  await page.locator("#state .summary", { hasText: "At the end of 2025-04-30" }).waitFor();
  const entity = page.locator("#state details.entity", { hasText: "definition.long" });
  await entity.locator("summary").first().click();
  // The revision of that evening is number 239.
  await entity.locator("dl.facts", { hasText: "score >= 249" }).waitFor();

  await page.goto(url("entity/definition.long.html", longSite));
  const tools = page.locator("#versions .compare-tools");
  await tools.locator("input[type=date]").fill("2025-02-28");
  const table = page.locator("#versions table.differences");
  await table.filter({ hasText: "score >= 127" }).waitFor();
  assert.equal(await page.locator("#versions .changes li").count(), 100);
  assert.match(await page.locator("#version").innerText(), /and 482 earlier changes, in the register/);
  await done(page);
});

test("a long stretch is told step by step, and a quarter's end is decided", async () => {
  const page = await watched(opened);
  const how = page.locator("#comparison .note");
  await page.goto(url("compare.html#2025-02-28..2025-04-30", longSite));
  await how.filter({ hasText: "each of the 122 revisions on the way" }).waitFor();
  await page.locator("#comparison table.differences", { hasText: "score >= 249" }).waitFor();
  await page.locator(".often a", { hasText: "the end of 2025-09-30" }).click();
  await how.filter({ hasText: "Decided for both ends" }).waitFor();
  // One change is left of all those in between.
  await page.locator("#comparison details.entity", { hasText: "definition.long" }).locator("table.differences").waitFor();
  assert.equal(await page.locator("#comparison details.entity", { hasText: "definition.long" }).locator(".changes li").count(), 1);
  await page.locator("#comparison h2", { hasText: "Worded the same" }).waitFor();
  await done(page);
});
