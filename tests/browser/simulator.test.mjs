// The simulator answers as the tool does: random models through their history, and the tables of the
// demonstration against `opmodel evaluate`, both in a browser.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { browser, done, watched } from "./support/browser.mjs";
import { csv, leads, rows } from "./support/leads.mjs";
import { AS_OF, cases, demo, opmodel, site, url, work } from "./support/place.mjs";

const opened = await browser();
const LEADS = 3_000;

// A page of the site that has the simulator.
const tables = readdirSync(path.join(site, "data/routing")).map((name) => name.replace(/\.js$/, ""));

async function simulator() {
  const page = await watched(opened);
  await page.goto(url(`entity/routing.${tables[0]}.html`));
  await page.waitForFunction(() => window.opmodel?.routing !== undefined);
  await page.evaluate(() => {
    const { read, route, instant, obstacles } = window.opmodel.routing;
    window.asRecord = (data, texts) => {
      const record = new Map();
      for (const [path, text] of Object.entries(texts)) {
        const field = data.fields.find((one) => one.path === path);
        const value = field ? read(text, field.type) : null;
        if (typeof value === "string") throw new Error(`${path}: ${text}: ${value}`);
        if (value) record.set(path, value);
      }
      return record;
    };
    // Where a record goes, and whether every rule before has a reason.
    window.answer = (data, table, record, asOf) => {
      const out = route(data, table, record, instant(asOf));
      if (out.lost !== undefined) return { is: "lost" };
      const silent = out.tried.filter((rule) => {
        const found = obstacles(out.judge, rule.when);
        return !found.length || found.some((one) => !one.words);
      });
      if (!out.about) return { is: null, silent };
      const to = data.names[out.rule ? out.rule.to : table.default.to][0];
      return { is: [out.rule?.id ?? "default", to], silent };
    };
    window.held = (data, table, record, asOf) => table.rules.map((rule) => {
      const out = route(data, { ...table, applies_to: null, rules: [rule] }, record, instant(asOf));
      return out.lost !== undefined ? "l" : out.place === 0 ? "1" : "0";
    }).join("");
  });
  return page;
}

test("random models through their history, record by record and condition by condition", async (t) => {
  const page = await simulator();
  const seen = { records: 0, conditions: 0, lost: 0, none: 0, first: 0, later: 0, otherwise: 0 };
  for (const name of readdirSync(cases)) {
    const one = JSON.parse(readFileSync(path.join(cases, name), "utf8"));
    const found = await page.evaluate(({ data, records, expected, as_of: asOf }) => expected.map((_, revision) => {
      const { table: place } = data.versions.findLast((version) => version.revision <= revision);
      const table = data.tables[place];
      return records.map((texts) => {
        const record = window.asRecord(data, texts);
        const { is, silent } = window.answer(data, table, record, asOf);
        return [is, window.held(data, table, record, asOf), silent ?? []];
      });
    }), one);
    for (const [revision, expected] of one.expected.entries()) {
      for (const [place, [outcome, held]] of expected.entries()) {
        const [is, heldHere, silent] = found[revision][place];
        assert.deepEqual([is, heldHere], [outcome, held], `${name}, revision ${revision}: ${JSON.stringify(one.records[place])}`);
        assert.deepEqual(silent, []);
        seen.records += 1;
        seen.conditions += held.length;
        seen[is === "lost" ? "lost" : is === null ? "none" : is[0] === "default" ? "otherwise" : is[0] === "r0" ? "first" : "later"] += 1;
      }
    }
  }
  t.diagnostic(JSON.stringify(seen));
  for (const [what, number] of Object.entries(seen)) assert.ok(number > 0, `no case with: ${what}`);
  await done(page);
});

for (const [seed, name] of tables.entries()) {
  test(`thousands of leads through routing.${name}, now and as it was, as \`opmodel evaluate\` has it`, async (t) => {
    const page = await simulator();
    const data = await page.evaluate((own) => window.opmodel.load(`routing/${own}`), name);
    for (const [place, version] of data.versions.entries()) {
      const isNow = place === data.versions.length - 1;
      const table = data.tables[version.table];
      const paths = table.fields.map((at) => data.fields[at].path);
      const records = leads(data, table, isNow ? LEADS : LEADS / 10, AS_OF, seed + 1);
      const file = path.join(work, `leads-${name}.csv`);
      writeFileSync(file, csv(paths, records));
      const [object] = data.names[table.object];
      const said = rows(opmodel("-C", demo, "evaluate", file, data.address, "--object", object.split(".")[1], "--as-of", AS_OF, "--at", version.short, "--format", "csv"));
      const [rule, to] = ["rule", "to"].map((what) => said[0].indexOf(`${data.address} ${what}`));
      assert.equal(said.length, records.length + 1);
      const given = { data, table, records, asOf: AS_OF };
      const found = await page.evaluate(({ data, table, records, asOf }) => records.map((texts) => window.answer(data, table, window.asRecord(data, texts), asOf).is), given);
      const counts = {};
      for (const [row, is] of found.entries()) {
        const own = said[row + 1];
        assert.deepEqual(is ?? ["", ""], [own[rule], own[to]], `${version.short}: ${JSON.stringify(records[row])}`);
        counts[own[rule]] = (counts[own[rule]] ?? 0) + 1;
      }
      t.diagnostic(`${version.day} ${version.short}: ${JSON.stringify(counts)}`);
    }
    await done(page);
  });
}
