// What every browser test needs: Chromium, a signed-in page, words, screenshots, axe.
//
// The portal's address comes in TASUKI_PORTAL; `cargo xtask test browser` starts a node with a
// small synthetic community and sets it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const portal = process.env.TASUKI_PORTAL;
export const artefacts = process.env.TASUKI_ARTEFACTS;
/** The generated storages, with the truth about the people in them. */
export const storages = process.env.TASUKI_STORAGES;
assert.ok(portal && artefacts && storages, "TASUKI_PORTAL, TASUKI_ARTEFACTS and TASUKI_STORAGES are set by cargo xtask test browser");

const PASSWORD = "tasuki-demo-2026";
const root = fileURLToPath(new URL("../..", import.meta.url));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Chromium as Debian has it; the switches keep it from calling anybody. */
const CHROMIUM = {
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export function browser() {
  return chromium.launch(CHROMIUM);
}

/** The same with a home of its own: its profile, and the certificates in `.pki/nssdb`. */
export function chromiumAt(home) {
  const env = { ...process.env, HOME: home };
  return chromium.launchPersistentContext(`${home}/profile`, { ...CHROMIUM, env, locale: "ja-JP", acceptDownloads: true });
}

/** The message catalogue of a language: words("ja").get("sign_in.title"). */
export async function words(lang) {
  const source = await readFile(join(root, `crates/tasuki-web/messages/${lang}.toml`), "utf8");
  const all = new Map();
  let section = "";
  for (const line of source.split("\n")) {
    section = line.match(/^\[(.+)\]$/)?.[1] ?? section;
    const entry = line.match(/^([a-z0-9_]+) = (".*")$/);
    if (entry) all.set(`${section}.${entry[1]}`, JSON.parse(entry[2]));
  }
  return (key) => all.get(key) ?? assert.fail(`no word ${key} in ${lang}`);
}

/** A page of its own context that fails the test when it breaks a promise of every page. */
export async function open(chromium, { width, height, script = true, text = 1, forcedColors = "none" }) {
  const context = await chromium.newContext({ viewport: { width, height }, javaScriptEnabled: script, locale: "ja-JP", forcedColors });
  const page = await context.newPage();
  if (text !== 1) {
    // The browser's own setting for the size of text, not its zoom.
    const fontSizes = { standard: 16 * text, fixed: 13 * text };
    await (await context.newCDPSession(page)).send("Page.setFontSizes", { fontSizes });
  }
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(`${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    // chrome: and chrome-extension: are the browser's own PDF viewer.
    if (!request.url().startsWith(portal) && !/^(data|chrome(-extension)?):/.test(request.url())) {
      complaints.push(`asked ${request.url()}`);
    }
  });
  return { page, complaints, close: () => context.close() };
}

/** Signs in, in the language asked for. */
export async function signIn(page, lang, name = "mizusawa", password = PASSWORD) {
  await page.goto(`${portal}/sign-in`);
  const w = await words(lang);
  if ((await page.locator("html").getAttribute("lang")) !== lang) {
    await page.getByRole("link", { name: (await words(lang === "ja" ? "en" : "ja"))("bar.other_language") }).click();
  }
  await page.getByLabel(w("sign_in.name")).fill(name);
  await page.getByLabel(w("sign_in.password")).fill(password);
  await page.getByRole("button", { name: w("sign_in.go") }).click();
  return w;
}

/** A screenshot for people. */
export async function picture(page, name) {
  const path = join(artefacts, `${name}.png`);
  // A loaded machine sometimes refuses one; the picture is for people and decides nothing.
  await page.screenshot({ path }).catch(() => page.screenshot({ path }));
}

/** No serious finding of axe on this page as it is without script. axe itself needs one: the same
 * address is opened by the same user in a browser that is refused the portal's own scripts. */
export async function accessiblePlain(page, where) {
  const { width, height } = page.viewportSize();
  const storageState = await page.context().storageState();
  const context = await page.context().browser().newContext({ viewport: { width, height }, storageState, locale: "ja-JP" });
  await context.route("**/*.js", (route) => route.abort());
  const plain = await context.newPage();
  await plain.goto(page.url());
  await accessible(plain, `${where}, without script`);
  await context.close();
}

/** No serious finding of axe on this page. */
export async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" ; ")}`);
  assert.deepEqual(told, [], where);
}
