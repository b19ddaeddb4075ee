// Pictures of the pages that matter, by day and by night, wide and narrow, for somebody to look at; with
// PICTURES=write also the two of the README.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { pictures, readmePictures, url } from "./support/place.mjs";

const SHOWN = [
  ["overview", "index.html"],
  ["executive", "executive.html"],
  ["audit", "audit.html"],
  ["definition", "entity/definition.sql.html"],
  ["lifecycle", "lifecycle.html"],
  ["routing", "entity/routing.inbound.html"],
  ["simulator", "entity/routing.inbound.html#lead:f.country=AT&f.employees=800&f.email_domain=example.com"],
  ["territories", "territories.html"],
  ["timeline", "timeline.html"],
  ["register", "register.html"],
  ["drift", "drift.html"],
  ["compare", "compare.html#2026-06-30..now"],
  ["as-of", "as-of.html#2026-03-31"],
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
mkdirSync(pictures, { recursive: true });

async function picture(file, to, { width, height, scheme, whole = true, before = async () => {} }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce", locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(url(file));
  await page.waitForTimeout(400);
  await before(page);
  // A page may be too long to look at.
  const size = whole ? await page.evaluate(() => document.documentElement.scrollHeight) : height;
  await page.setViewportSize({ width, height: whole ? Math.min(size, 4_000) : height });
  await page.screenshot({ path: to });
  await context.close();
}

if (process.env.PICTURES === "write") {
  mkdirSync(readmePictures, { recursive: true });
  const small = { width: 1120, height: 700, scheme: "light", whole: false };
  await picture("entity/definition.sql.html", path.join(readmePictures, "definition.png"), small);
  await picture(SHOWN.find(([name]) => name === "simulator")[1], path.join(readmePictures, "simulator.png"), {
    ...small,
    before: (page) => page.locator(".simulator-outcome").evaluate((one) => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 260)),
  });
} else {
  const only = process.argv.slice(2);
  for (const [name, file] of SHOWN.filter(([own]) => !only.length || only.includes(own))) {
    for (const scheme of ["light", "dark"]) {
      for (const width of [1280, 390]) {
        await picture(file, path.join(pictures, `${name}-${scheme}-${width}.png`), { width, height: 900, scheme });
      }
    }
  }
}
await browser.close();
