// What an auditor does, one after the other: finds a definition, sees what it said on a day in the past,
// compares that with now, routes a lead, and takes the register home. With a mouse, and without one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, done, watched } from "./support/browser.mjs";
import { site, url } from "./support/place.mjs";

const opened = await browser();
const THEN = "2026-01-31";

test("finds the SQL definition by search, without a mouse", async () => {
  const page = await watched(opened);
  await page.goto(url("index.html"));
  await page.keyboard.press("/");
  await page.keyboard.type("sales qual");
  const first = page.locator("#found [role=option]").first();
  await first.waitFor();
  assert.match(await page.locator("#search [role=status]").innerText(), /result/);
  assert.equal(await page.locator("#q").getAttribute("aria-expanded"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await first.getAttribute("aria-selected"), "true");
  assert.equal(await page.locator("#q").getAttribute("aria-activedescendant"), await first.getAttribute("id"));
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#found").isVisible(), false);
  await page.keyboard.type("definition.sql");
  await first.waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/definition\.sql\.html$/);
  // The key can be turned off, for those who press it without meaning to.
  await page.locator(".shortcut input").uncheck();
  await page.locator("h1").click();
  await page.keyboard.press("/");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "q");
  await page.locator(".shortcut input").check();
  await done(page);
});

test("sees what it said on a day in the past, and what is different now", async () => {
  const page = await watched(opened);
  await page.goto(url("entity/definition.sql.html"));
  const tools = page.locator("#versions .compare-tools");
  await tools.waitFor();
  await tools.locator("input[type=date]").fill(THEN);
  const table = page.locator("#versions table.differences");
  await table.waitFor();
  assert.match(await page.locator("#version [role=status]").innerText(), /From 2025-09-16 .* to 2026-03-17/);
  const [del, ins] = [table.locator("del").first(), table.locator("ins").first()];
  assert.ok((await del.innerText()).length > 0 && (await ins.innerText()).length > 0);
  for (const one of [del, ins]) assert.match(await one.evaluate((node) => getComputedStyle(node).textDecorationLine), /underline/);
  await page.locator("#versions details summary", { hasText: "As it was written" }).first().click();
  assert.equal(await page.locator("#versions pre").count(), 2);
  await tools.locator("input[type=date]").fill("2020-01-01");
  await page.locator("#version [role=status]", { hasText: "not there on 2020-01-01" }).waitFor();
  await page.locator("button.open-wording").first().click();
  await table.waitFor();
  await done(page);
});

test("goes back to the whole model of a day, and compares it with now", async () => {
  const page = await watched(opened);
  await page.goto(url("index.html"));
  await page.locator("#as-of input[type=date]").fill(THEN);
  await page.locator("#as-of button").click();
  await page.waitForURL(new RegExp(`as-of\\.html#${THEN}$`));
  await page.locator("#state .summary", { hasText: `At the end of ${THEN} the model said this` }).waitFor();
  await page.locator("#state input[type=search]").fill("definition.sql");
  const entity = page.locator("#state details.entity", { hasText: "definition.sql" }).first();
  await entity.locator("dl.facts").waitFor();
  const said = await entity.innerText();
  const data = readFileSync(path.join(site, "data/entity/definition.sql.js"), "utf8");
  const { versions } = JSON.parse(data.slice(data.indexOf(", ") + 2, data.lastIndexOf(");")));
  // The last version of that day, word for word, and not the one of now.
  const [then, now] = [versions.at(-2), versions.at(-1)];
  for (const [, , words] of then.rows) assert.ok(said.includes(words), words);
  assert.ok(now.rows.some(([, , words]) => !said.includes(words)));
  await page.locator("#state").getByRole("link", { name: "Compare with now" }).click();
  await page.waitForURL(new RegExp(`compare\\.html#${THEN}\\.\\.now$`));
  await page.locator("#comparison .summary", { hasText: "changed" }).waitFor();
  const changed = page.locator("#comparison details.entity", { has: page.getByText("definition.sql", { exact: true }) });
  await changed.locator("table.differences, .changes").first().waitFor();
  assert.match(await changed.innerText(), /looser|tighter/);
  const how = page.locator("#comparison .note");
  assert.match(await how.innerText(), /Told step by step.*no verdict on the two ends/);
  // Kinds have the words that people use.
  assert.ok((await page.locator("#comparison h2").allInnerTexts()).includes("Definitions"));
  await page.locator(".often a", { hasText: "the end of 2026-06-30" }).click();
  await how.filter({ hasText: "Decided for both ends" }).waitFor();
  await page.goto(url("compare.html"));
  await how.filter({ hasText: "One step." }).waitFor();
  await page.goto(url("as-of.html#2019-01-01"));
  await page.locator("#state .summary", { hasText: "there was none on 2019-01-01" }).waitFor();
  await page.goto(url("as-of.html#2030-02-31"));
  await page.locator("#state .summary", { hasText: "There is no day 2030-02-31." }).waitFor();
  assert.equal(await page.locator("#state details.entity").count(), 0);
  await page.goto(url("compare.html#2026-02-30..now"));
  await page.locator("#comparison .summary", { hasText: "There is no day 2026-02-30." }).waitFor();
  await page.goto(url("compare.html#nonsense..now"));
  await page.locator("#comparison .summary", { hasText: "There is no revision nonsense" }).waitFor();
  await done(page);
});

test("a day after the last one that there is becomes the last one", async () => {
  const page = await watched(opened);
  await page.goto(url("index.html"));
  await page.locator("#as-of input[type=date]").evaluate((day) => { day.value = "12026-01-31"; });
  await page.locator("#as-of button").click();
  await page.waitForURL(/as-of\.html#9999-12-30$/);
  await page.locator("#state .summary", { hasText: "At the end of 9999-12-30 the model said this" }).waitFor();
  await done(page);
});

test("every chart is there as a table too", async () => {
  const page = await watched(opened);
  await page.goto(url("timeline.html"));
  const charts = await page.locator("svg.chart").count();
  assert.ok(charts > 10);
  assert.equal(await page.locator("details table").count(), charts);
  const subject = page.locator("ul.ways > li", { hasText: "Marketing qualified lead" }).first();
  await subject.locator("summary").click();
  assert.match(await subject.locator("table").innerText(), /Looser\s+Tighter\s+Other/);
  await done(page);
});

test("the words of the register are explained beside it", async () => {
  const page = await watched(opened);
  await page.goto(url("register.html"));
  await page.locator("details.glossary summary").click();
  assert.match(await page.locator("details.glossary").innerText(), /direct push\s*It was put on the main line at once/);
  await page.goto(url("index.html"));
  assert.match(await page.locator("main").innerText(), /one that was not fetched into that copy is not told here/);
  await done(page);
});

test("routes a lead, sends it to somebody, and sees where it went before", async () => {
  const page = await watched(opened);
  await page.goto(url("entity/routing.inbound.html"));
  const outcome = page.locator(".simulator-outcome");
  await page.locator("#simulator select[data-path=country]").selectOption("AT");
  await outcome.filter({ hasText: /It goes to DACH/ }).waitFor();
  assert.equal(await outcome.getAttribute("aria-live"), "polite");
  assert.ok((await page.locator(".tried > li").count()) > 5);
  assert.match(await page.locator(".tried > li", { hasText: "Rivals" }).innerText(), /Company is not set/);
  const employees = page.locator("#simulator input[data-path=employees]");
  await employees.fill("many");
  await outcome.filter({ hasText: "nothing is routed" }).waitFor();
  assert.equal(await employees.getAttribute("aria-invalid"), "true");
  await employees.fill("4_000");
  assert.equal(await employees.getAttribute("aria-invalid"), "true");
  await employees.fill("4000");
  await outcome.filter({ hasText: /“DACH, enterprise”/ }).waitFor();
  const link = page.url();
  assert.match(link, /#lead:/);

  const other = await watched(opened);
  await other.goto(link);
  await other.locator(".simulator-outcome", { hasText: "“DACH, enterprise”" }).waitFor();
  assert.equal(await other.locator("#simulator input[data-path=employees]").inputValue(), "4000");
  await done(other);

  await page.locator("#simulator-day").fill("2025-05-10");
  await page.waitForFunction(() => document.querySelector("#simulator-revision").selectedOptions[0].textContent.includes("2025-05-05"));
  await outcome.filter({ hasText: /It goes/ }).waitFor();
  const past = page.url();
  assert.match(past, /at=[0-9a-f]{10}/);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#simulator-revision")?.selectedOptions[0].textContent.includes("2025-05-05"));
  assert.equal(page.url(), past);
  await page.getByRole("button", { name: "Empty the form" }).click();
  await page.waitForFunction(() => !window.location.hash.includes("f."));
  await done(page);
});

test("is told that there was no such table on a day, and not where another day's leads", async () => {
  const page = await watched(opened);
  await page.goto(url("entity/routing.inbound.html#lead:on=2025-01-01&f.country=AT"));
  const outcome = page.locator(".simulator-outcome");
  await outcome.filter({ hasText: "There was no such table on 2025-01-01." }).waitFor();
  assert.equal(await page.locator("#simulator form").isVisible(), false);
  assert.equal(await page.locator(".simulator-why").innerText(), "");
  assert.match(page.url(), /on=2025-01-01/);
  // What was filled in is still there on a day on which there was one, and now.
  await page.locator("#simulator-day").fill("2025-05-10");
  await outcome.filter({ hasText: /It goes/ }).waitFor();
  assert.equal(await page.locator("#simulator select[data-path=country]").inputValue(), "AT");
  await page.locator("#simulator-day").fill("2024-12-31");
  await outcome.filter({ hasText: "There was no such table on 2024-12-31." }).waitFor();
  await page.locator("#simulator-revision").selectOption("0");
  await outcome.filter({ hasText: /It goes to DACH/ }).waitFor();
  await page.goto(url("index.html"));
  await page.goto(url("entity/routing.inbound.html#lead:on=2025-02-30"));
  await outcome.filter({ hasText: "There is no day 2025-02-30." }).waitFor();
  await done(page);
});

test("fills in the simulator with the keyboard alone", async () => {
  const page = await watched(opened);
  await page.goto(url("entity/routing.inbound.html"));
  await page.locator("#simulator form").waitFor();
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.className), /skip/);
  await page.keyboard.press("Enter");
  const wanted = ["company", "country"];
  for (let presses = 0; presses < 200 && wanted.length; presses += 1) {
    await page.keyboard.press("Tab");
    const path = await page.evaluate(() => document.activeElement.dataset.path);
    if (path !== wanted[0]) continue;
    // Whoever uses the keyboard sees where they are.
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.type(path === "company" ? "Initech" : "DE");
    wanted.shift();
  }
  assert.deepEqual(wanted, []);
  await page.locator(".simulator-outcome", { hasText: "It goes to" }).waitFor();
  assert.match(page.url(), /f\.company=Initech/);
  assert.match(page.url(), /f\.country=DE/);
  await done(page);
});

test("filters and sorts the register, and takes it home", async () => {
  const page = await watched(opened, { acceptDownloads: true });
  await page.goto(url("register.html"));
  const status = page.locator("#register-filter [role=status]");
  await page.locator("#register-filter input[type=search]").fill("sql");
  await status.filter({ hasText: /^\d+ changes? of \d+/ }).waitFor();
  const number = Number((await status.innerText()).match(/^\d+/)[0]);
  assert.ok(number > 0);
  assert.equal(await page.locator("#register tbody tr").count(), Math.min(number, 200));
  const head = page.locator("#register th", { hasText: "What" });
  await head.getByRole("button").click();
  await page.waitForFunction(() => document.querySelector("#register th[aria-sort=ascending]") !== null);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download these as CSV" }).click()]);
  assert.equal(download.suggestedFilename(), "register-filtered.csv");
  const text = readFileSync(await download.path(), "utf8");
  assert.equal(text.trimEnd().split("\n").length, number + 1);
  assert.match(text, /^record_time,commit,/);
  assert.doesNotMatch(text, /(^|,)"?[=+@]/m);
  await page.getByRole("button", { name: "Show all" }).click();
  await page.locator("#register-filter select").nth(1).selectOption("loosening");
  await status.filter({ hasText: /^\d+ changes? of \d+/ }).waitFor();
  assert.deepEqual([...new Set(await page.locator("#register tbody tr td:nth-child(3)").allInnerTexts())], ["looser"]);
  await page.locator("#register-filter input[type=search]").fill("there is nothing like that");
  await status.filter({ hasText: "No change is like that" }).waitFor();
  const [whole] = await Promise.all([page.waitForEvent("download"), page.locator("a.download").click()]);
  assert.equal(readFileSync(await whole.path(), "utf8"), readFileSync(path.join(site, "register.csv"), "utf8"));
  await done(page);
});

test("finds the words that rows of the register show, and every row shows the same", async () => {
  const page = await watched(opened);
  await page.goto(url("register.html"));
  const texts = (of) => of.locator("#register tbody tr").evaluateAll((rows) => rows.map((row) => [row.id, ...[...row.cells].map((cell) => [cell.innerText.replace(/\s+/g, " ").trim(), [...cell.querySelectorAll("a")].map((one) => one.getAttribute("href"))])]));
  const printed = await texts(page);
  const status = page.locator("#register-filter [role=status]");
  const words = page.locator("#register-filter input[type=search]");
  for (const word of ["self-approved", "direct push", "unapproved", "approved by", "missing", "Ada Quill as Chief"]) {
    const shown = printed.filter((row) => JSON.stringify(row).includes(word)).length;
    assert.ok(shown > 0, word);
    await words.fill(word);
    await page.waitForFunction(([some, least]) => [...document.querySelectorAll("#register tbody tr")].filter((row) => row.innerText.replace(/\s+/g, " ").includes(some)).length >= least, [word, Math.min(shown, 200)]);
    await status.filter({ hasText: /^\d+ changes? of \d+/ }).waitFor();
    assert.ok(Number((await status.innerText()).match(/^\d+/)[0]) >= shown, word);
  }
  // The same page without rows: all of them are made by the script.
  const bare = await watched(opened);
  const html = readFileSync(path.join(site, "register.html"), "utf8");
  await bare.route(/register\.html$/, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html.replace(/<tbody>[\s\S]*<\/tbody>/, "<tbody></tbody>") }));
  await bare.goto(url("register.html"));
  await bare.getByRole("button", { name: "Show more" }).click();
  await bare.waitForFunction((rows) => document.querySelectorAll("#register tbody tr").length >= rows, printed.length);
  const drawn = await texts(bare);
  for (const [place, row] of printed.entries()) assert.deepEqual(drawn[place], row);
  await bare.context().close();
  await done(page);
});

test("takes all of the register home as the site has it", async () => {
  const page = await watched(opened, { acceptDownloads: true });
  await page.goto(url("register.html"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download these as CSV" }).click()]);
  assert.equal(download.suggestedFilename(), "register.csv");
  const lines = (text) => { const [head, ...rows] = text.trimEnd().split("\n"); return [head, rows.sort()]; };
  assert.deepEqual(lines(readFileSync(await download.path(), "utf8")), lines(readFileSync(path.join(site, "register.csv"), "utf8")));
  await done(page);
});
