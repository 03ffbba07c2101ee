// Style sheet and scripts, minified, with a gzip beside each and a manifest that names them.
// Usage: node web/build.mjs OUT. Run by `cargo xtask assets`.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) throw new Error("usage: node web/build.mjs OUT");

// Values that tokens.css takes from the design system under its own names must be its values.
await sameTokens();

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const scripts = (await readdir(join(here, "src"))).filter((name) => name.endsWith(".ts"));
await build({
  entryPoints: [
    { in: join(here, "styles/index.css"), out: "portal" },
    ...scripts.map((name) => ({ in: join(here, "src", name), out: name.slice(0, -3) })),
  ],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});

const files = (await readdir(out)).sort();
for (const name of files) {
  const bytes = await readFile(join(out, name));
  await writeFile(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  console.log(`${name} ${bytes.length} bytes`);
}
await writeFile(join(out, "manifest.json"), JSON.stringify({ version: 1, files }));

async function sameTokens() {
  const tokens = /(--[a-z0-9-]+):\s*([^;]+);/g;
  const read = async (path) => new Map([...(await readFile(path, "utf8")).matchAll(tokens)].map(([, name, value]) => [name, value.trim()]));
  const theirs = await read(join(here, "../node_modules/@digital-go-jp/design-tokens/dist/tokens.css"));
  for (const [name, value] of await read(join(here, "styles/tokens.css"))) {
    const expected = theirs.get(name);
    if (expected !== undefined && expected.toLowerCase() !== value.toLowerCase()) {
      throw new Error(`tokens.css: ${name} is ${value}, the design system says ${expected}`);
    }
  }
}
