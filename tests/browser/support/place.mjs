// Where everything is that `.ci/site.sh` prepares: the tool, the demonstration and its site, a model with
// hostile names and its site, one with a long history and its site, and the cases of the simulator.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const house = path.resolve(import.meta.dirname, "../../..");

export const work = process.env.SITE_WORK ?? path.join(house, "target/ci/site");
export const pictures = path.join(work, "pictures");
export const tool = process.env.OPMODEL ?? path.join(house, "target/debug/opmodel");
export const demo = path.join(work, "demo");
export const site = path.join(work, "site");
export const hostileSite = path.join(work, "hostile-site");
export const longSite = path.join(work, "long-site");
export const cases = path.join(work, "cases");
export const assets = path.join(house, "src/site/assets");
export const readmePictures = path.join(house, ".github/pictures");

// The instant from which days are counted, also in the cases.
export const AS_OF = "2026-10-31T12:00:00Z";

export function url(file, root = site) {
  const [plain, hash] = file.split("#");
  return pathToFileURL(path.join(root, plain)).href + (hash === undefined ? "" : `#${hash}`);
}

// What the tool answers.
export function opmodel(...given) {
  return execFileSync(tool, given, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
}

// Every page of a site, by path from its root.
export function pages(root = site) {
  return readdirSync(root, { recursive: true }).map(String).map((name) => name.replaceAll(path.sep, "/")).filter((name) => name.endsWith(".html")).sort();
}
