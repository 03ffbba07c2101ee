// A chart of a network of four communities: what is here shows at once, and the page fills as the
// others answer. Then one of them is ended: it is named on every page, and what it said before is
// shown with its age. With script and without.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessible, browser, open, picture, words } from "./portal.mjs";

const network = process.env.TASUKI_NETWORK;
const last = process.env.TASUKI_LAST;
const lastProcess = Number(process.env.TASUKI_LAST_PROCESS);
assert.ok(network && last && lastProcess, "TASUKI_NETWORK and TASUKI_LAST are set by cargo xtask test browser");

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** Opens the chart of 東京 花子 at the first community. */
async function chart(page, lang = "ja") {
  const w = await words(lang);
  await page.goto(`${network}/sign-in`);
  if (lang !== "ja") await page.getByRole("link", { name: (await words("ja"))("bar.other_language") }).click();
  await page.getByLabel(w("sign_in.name")).fill("mizusawa");
  await page.getByLabel(w("sign_in.password")).fill("tasuki-demo-2026");
  await page.getByRole("button", { name: w("sign_in.go") }).click();
  await page.getByLabel(w("patients.name")).fill("東京 花子");
  await page.getByRole("button", { name: w("patients.go") }).click();
  await page.getByRole("link", { name: "東京 花子", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
  return w;
}

/** Waits until nothing more may come, and says how many communities have not answered. */
async function missing(page) {
  await page.waitForFunction(() => !document.querySelector("[data-arrival]"), null, { timeout: 60_000 });
  const status = page.locator("#freshness [role=status]");
  const [, asked, answered] = (await status.innerText()).match(/(\d+)か所のうち(\d+)か所/);
  return Number(asked) - Number(answered);
}

/** Opens a page of the chart in which everybody is asked again. */
async function again(page, path) {
  await page.waitForTimeout(2_100);
  await page.goto(`${page.url().replace(/[^/]*$/, "")}${path}?ask=again`);
  return missing(page);
}

/** Ends the last community's node, and waits until it is gone. */
async function end() {
  process.kill(lastProcess, "SIGKILL");
  const gone = async () => / [ZX] /.test(await readFile(`/proc/${lastProcess}/stat`, "utf8").catch(() => " X "));
  while (!(await gone())) await new Promise((done) => setTimeout(done, 20));
}

/** One medicine with the badges of two communities; and what the last one knows otherwise is named. */
async function contradictions(page) {
  const w = await words("ja");
  const base = page.url().replace(/[^/]*$/, "");
  await page.goto(`${base}medications`);
  const edoxaban = page.locator(".medicines tbody tr", { hasText: "エドキサバン" });
  assert.equal(await edoxaban.count(), 1);
  assert.ok((await edoxaban.locator(".source-badge").count()) >= 3);
  await page.goto(`${base}problems`);
  const said = await page.locator(".sentence").allInnerTexts();
  const none = w("problems.conflict_none").split("}").at(-1);
  assert.ok(said.some((sentence) => sentence.includes(last) && sentence.includes(none)), said.join(" / "));
  assert.ok(said.some((sentence) => sentence.includes("骨粗鬆症")), "a disease active here and ended there");
  await picture(page, "arrival-contradictions");
  // What was given in another community stands under the order of the hospital there.
  await page.goto(`${base}injections`);
  const both = page.locator(".day-card tbody tr", { has: page.locator("td:nth-child(2) .order") });
  const badges = await both.locator("td:nth-child(1) .source-badge").allInnerTexts();
  assert.ok(new Set(badges).size >= 2, `orders of two places with what was given: ${badges}`);
  await page.goto(`${base}calendar`);
}

/** A summary of each other community stands before everything that has a date, and is made when it is opened. */
async function onDemand(page) {
  const base = page.url().replace(/[^/]*$/, "");
  await page.goto(`${base}documents`);
  const rows = page.locator("table.lines tbody tr", { hasText: "要約（オンデマンド）" });
  assert.equal(await rows.count(), 3);
  assert.match(await page.locator("table.lines tbody tr").first().innerText(), /要約（オンデマンド）/);
  await picture(page, "arrival-on-demand");
  await rows.first().getByRole("link").click();
  const made = await page.request.get(`${page.url().replace(/[?#].*$/, "")}/original`);
  assert.equal(made.headers()["content-type"], "application/pdf");
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: await made.body() }).toString();
  const squeezed = text.replace(/\s/g, "");
  for (const word of ["東京花子", "この要約に含まれない情報があります"]) assert.ok(squeezed.includes(word), `${word} in ${text}`);
  await page.goto(`${base}calendar`);
}

/** What is older than the first view comes when the reader asks for it. */
async function older(page, w) {
  const base = page.url().replace(/[^/]*$/, "");
  await page.goto(`${base}labs?years=5`);
  const [before, after] = w("merged.later").split("{count:int}");
  const lacking = async () => {
    const said = (await page.locator(".remark").allInnerTexts()).find((words) => words.includes(before) && words.includes(after));
    return Number(said?.match(/\d+/)?.[0] ?? 0);
  };
  const lacked = await lacking();
  assert.ok(lacked > 0, "older reports of others are not fetched ahead");
  await page.getByRole("link", { name: w("merged.fetch") }).click();
  await page.locator(".lab-grid").waitFor();
  assert.ok((await lacking()) < lacked, `${lacked} lacked, ${await lacking()} still do`);
  await picture(page, "arrival-older");
  await page.goto(`${base}calendar`);
}

/** With one community away the six states stand side by side, and every page says which bounds its list has. */
async function states(page) {
  const base = page.url().replace(/[^/]*$/, "");
  await page.goto(`${base}sources`);
  const shown = await page.locator(".table--marks td use").evaluateAll((uses) => uses.map((use) => use.getAttribute("href")));
  for (const state of ["data", "unknown", "kept", "gap", "off"]) {
    assert.ok(shown.includes(`#s-${state}`), `${state} in ${[...new Set(shown)]}`);
  }
  await picture(page, "states-sources");
  await accessible(page, "sources, six states");
  for (const [path, states] of [["injections", ["kept", "off"]], ["images", ["kept", "off"]], ["notes", ["kept"]], ["stays", ["off"]]]) {
    await page.goto(`${base}${path}`);
    const bounds = await page.locator(".limit-line > .state-mark use").evaluateAll((uses) => uses.map((use) => use.getAttribute("href")));
    for (const state of states) assert.ok(bounds.includes(`#s-${state}`), `${path}: ${state} in ${bounds}`);
  }
  await page.goto(`${base}problems`);
  const allergies = await page.locator(".six .state-mark use").evaluateAll((uses) => uses.map((use) => use.getAttribute("href")));
  for (const state of ["data", "none"]) assert.ok(allergies.includes(`#s-${state}`), `allergies: ${state} in ${allergies}`);
}

/** What the list of sources says of the last community. */
function ofLast(page) {
  return page.locator("#freshness a", { hasText: last.slice(0, 6) }).innerText();
}

test("arrival: a chart fills as the communities answer, and names the one that is ended", async () => {
  const { page, complaints, close } = await open(chromium, { width: 1280, height: 800 });
  await chart(page);
  const sections = await page.locator("#rail a").count();
  assert.equal(await missing(page), 0);
  assert.equal(await page.locator("#rail a").count(), sections, "nothing is lost while it fills");
  // A network that has just begun: its index learns within seconds whom each community knows.
  for (let tries = 0; tries < 20 && !/[1-9]\d*件/.test(await ofLast(page)); tries += 1) await again(page, "calendar");
  assert.match(await ofLast(page), /[1-9]\d*件/);
  await picture(page, "arrival-four");
  await accessible(page, "arrival, four communities");

  await contradictions(page);
  // The one that states that there are no allergies is the one that is ended below.
  await page.goto(page.url().replace(/[^/]*$/, "sources"));
  assert.equal(await page.locator(".table--marks td use[href='#s-none']").count(), 1);
  await accessible(page, "sources, four communities");
  await page.goto(page.url().replace(/[^/]*$/, "calendar"));
  await onDemand(page);
  await older(page, await words("ja"));

  await end();
  assert.equal(await again(page, "calendar"), 1);
  let old = 0;
  for (const path of ["summary", "labs", "medications", "injections", "problems", "stays", "documents", "images", "notes"]) {
    await page.goto(`${page.url().replace(/[^/]*$/, "")}${path}`);
    const gaps = await page.locator(".gap-line").allInnerTexts();
    assert.ok(gaps.some((gap) => gap.includes(last)), `${path}: ${last} in ${gaps}`);
    await accessible(page, `${path}, one away`);
    old += await page.getByText("時点の写し").count();
  }
  assert.ok(old > 0, "what it said before is there, and marked");
  await states(page);
  for (const preset of ["referral", "handover", "emergency"]) {
    const pdf = await page.request.get(page.url().replace(/[^/]*$/, `print/${preset}`));
    const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: await pdf.body() }).toString();
    assert.ok(text.replaceAll(" ", "").includes(last), `${preset} on paper names ${last}`);
  }
  await picture(page, "arrival-away");
  await accessible(page, "arrival, one away");
  const strange = complaints.filter((complaint) => !complaint.startsWith(`asked ${network}`));
  assert.deepEqual(strange, []);
  await close();
});

// States with the other half of what a reader may set: the run above is in Japanese, on a desk, plain.
test("arrival: with one away, in English on a tablet with large text and forced colours", async () => {
  const { page, close } = await open(chromium, { width: 768, height: 1024, text: 2, forcedColors: "active" });
  await chart(page, "en");
  await page.waitForFunction(() => !document.querySelector("[data-arrival]"), null, { timeout: 60_000 });
  const base = page.url().replace(/[^/]*$/, "");
  for (const path of ["calendar", "summary", "labs", "medications", "injections", "problems", "stays", "documents", "images", "notes", "screening", "sources"]) {
    await page.goto(`${base}${path}`);
    const gaps = await page.locator(".gap-line, .table--marks").allInnerTexts();
    assert.ok(gaps.some((gap) => gap.includes(last)), `${path}: ${last} in ${gaps}`);
    await accessible(page, `${path}, one away, in English on a tablet`);
  }
  await picture(page, "arrival-away-english-tablet");
  await close();
});

test("arrival: without script a page waits a little, and says how to see the rest", async () => {
  const { page, close } = await open(chromium, { width: 1280, height: 800, script: false });
  await chart(page);
  for (let tries = 0; tries < 200 && (await page.locator("[data-arrival]").count()) > 0; tries += 1) {
    await page.locator("#freshness a[data-no-script]").click();
  }
  const gaps = await page.locator(".gap-line").allInnerTexts();
  assert.ok(gaps.some((gap) => gap.includes(last)), `${last} in ${gaps}`);
  await close();
});
