// The pages that merge several facilities: labs, medicines, problems and allergies, injections. One
// line for one thing with every badge, each value with its own range and unit; in both languages,
// with and without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

for (const [lang, script, width, height] of [
  ["ja", true, 1280, 800],
  ["ja", false, 768, 1024],
  ["en", true, 768, 1024],
  ["en", false, 1280, 800],
]) {
  const where = `${lang}-${width}-${script ? "script" : "plain"}`;
  test(`merged: every section, ${where}`, async () => {
    const { page, complaints, close } = await open(chromium, { width, height, script });
    const w = await signIn(page, lang);
    await page.getByRole("link", { name: "東京 花子", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
    const base = page.url().replace(/\/calendar.*$/, "");
    const look = async (name) => {
      await picture(page, `merged-${where}-${name}`);
      if (script) await accessible(page, `${where} ${name}`);
      else await accessiblePlain(page, `${where} ${name}`);
    };
    await labs(page, base, w, width, look);
    await medicines(page, base, w, look);
    await problems(page, base, w, look);
    await injections(page, base, w, look);
    await page.goto(`${base}/stays`);
    assert.ok((await page.locator("main tbody tr", { hasText: /20\d\d-\d\d-\d\d/ }).count()) > 0, "stays are there");
    await look("stays");
    await page.goto(`${base}/notes`);
    assert.ok((await page.locator(".note").count()) > 1, "notes are there in full");
    await look("notes");
    assert.deepEqual(complaints, []);
    await close();
  });
}

/** Items by dates, each value with its own range; two items as graphs; only what is out of range. */
async function labs(page, base, w, width, look) {
  await page.goto(`${base}/labs?takings=10`);
  const wide = width > 1000;
  const values = page.locator(wide ? ".lab-grid .lab" : ".lab-cards .lab");
  assert.ok((await values.count()) > 20, "values are there");
  const shown = wide ? ".lab-grid tbody th a" : ".lab-cards li a";
  // CRP comes in mg/dL and in mg/L: one row, and the other unit stands beside its value.
  const crp = page.locator(".lab-grid tbody tr", { has: page.locator("th", { hasText: /ＣＲＰ/ }) }).first();
  assert.match(await crp.textContent(), /mg\/L/);
  for (const name of ["クレアチニン", "ＣＲＰ"]) {
    await page.locator(shown, { hasText: name }).first().click();
    await page.locator(".graph h2", { hasText: name }).waitFor();
  }
  assert.equal(await page.locator(".graph svg.graph__plot").count(), 2);
  assert.ok((await page.locator(".graph__edge").count()) > 0, "a range that differs is drawn apart");
  await page.locator(".graph__values summary").first().click();
  await page.locator(".graph__values table").first().waitFor();
  await look("labs");
  const before = await page.locator(".lab-grid tbody tr:not(.group)").count();
  await page.goto(`${base}/labs?takings=10&only=abnormal`);
  const abnormal = await page.locator(".lab-grid tbody tr:not(.group)").count();
  assert.ok(abnormal > 0 && abnormal < before, `${abnormal} of ${before}`);
  await page.goto(`${base}/labs?takings=period`);
  await look("labs-period");
  for (const [name, begins] of [["labs.excel", "PK"], ["labs.csv", "\ufeff"]]) {
    const href = await page.getByRole("link", { name: w(name), exact: true }).getAttribute("href");
    const file = await page.request.get(new URL(href, page.url()).href);
    assert.match(file.headers()["content-disposition"], /^attachment; filename="tasuki-labs-/);
    assert.ok((await file.body()).toString().startsWith(begins), name);
  }
}

/** What is current, once, with the badges of all who order it; the orders of one; by dates. */
async function medicines(page, base, w, look) {
  await page.goto(`${base}/medications`);
  const edoxaban = page.locator(".medicines tbody tr", { hasText: "エドキサバン" });
  assert.equal(await edoxaban.count(), 1, "one medicine is one line");
  assert.ok((await edoxaban.locator(".source-badge").count()) >= 2, "with the badge of everybody who orders it");
  assert.ok((await page.locator(".gantt__bar").count()) > 5);
  await edoxaban.getByRole("link").first().click();
  await page.locator("#detail .order").first().waitFor();
  assert.ok((await page.locator("#detail .order").count()) >= 2);
  await look("medications");
  await page.goto(`${base}/medications?class=diabetes`);
  assert.ok((await page.locator(".gantt__bar--painted").count()) > 0, "one class is painted");
  await page.goto(`${base}/medications?view=matrix`);
  assert.ok((await page.locator(".matrix tbody tr").count()) > 3);
  await look("medications-matrix");
}

/** The sentence, the sources in their states, one disease with every wording. */
async function problems(page, base, w, look) {
  await page.goto(`${base}/problems`);
  assert.ok((await page.locator(".six > li").count()) >= 2);
  const sentence = await page.locator(".sentence").first().innerText();
  assert.match(sentence, /2/);
  const pressure = page.locator(".two tbody tr", { hasText: "高血圧症" });
  assert.equal(await pressure.count(), 1);
  assert.ok((await pressure.locator(".source-badge").count()) >= 2);
  await look("problems");
}

/** What was given stands beside what was ordered. */
async function injections(page, base, w, look) {
  await page.goto(`${base}/injections`);
  const both = page.locator(".day-card tbody tr", { has: page.locator("td:nth-child(2) .order") });
  assert.ok((await both.count()) > 0, "something was given");
  await look("injections");
}
