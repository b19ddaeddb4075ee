// A browser whose pages may ask for nothing but files of the site, and may find nothing wrong.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Opens a browser for the tests of a file.
export async function browser() {
  const profile = mkdtempSync(path.join(os.tmpdir(), "opmodel-browser-"));
  const opened = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET, env: { ...process.env, HOME: profile } });
  after(async () => {
    await opened.close();
    rmSync(profile, { recursive: true, force: true });
  });
  return opened;
}

// A page that is watched. `wrong` holds what it asked for, complained of or tried in vain.
export async function watched(opened, options = {}) {
  const context = await opened.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Vienna", ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("dialog", async (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) wrong.push(`request: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    // A download ends what looked like a way to another page.
    const isDownload = request.isNavigationRequest() && request.failure()?.errorText === "net::ERR_ABORTED";
    if (!isDownload) wrong.push(`missing: ${request.url()}`);
  });
  return Object.assign(page, { wrong });
}

export function fine(page) {
  assert.deepEqual([...new Set(page.wrong)].slice(0, 5), []);
}

export async function done(page) {
  fine(page);
  await page.context().close();
}
