// The walk that the portal is for: sign in, find 東京 花子, calendar, a day, a lab, a
// prescription, a PDF and a CDA document; in both languages, on a desk and on a tablet, with
// and without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** Bytes of a picture of the PDF frame that shows more than an empty viewer. */
const DRAWN = 14_000;

const SCREENS = [
  { width: 1280, height: 800 },
  { width: 768, height: 1024 },
];

for (const lang of ["ja", "en"]) {
  for (const screen of SCREENS) {
    for (const script of [true, false]) {
      const where = `${lang}-${screen.width}-${script ? "script" : "plain"}`;
      test(`chart: the whole walk, ${where}`, async () => {
        const { page, complaints, close } = await open(chromium, { ...screen, script });
        await walk(page, lang, where, script);
        assert.deepEqual(complaints, []);
        await close();
      });
    }
  }
}

async function walk(page, lang, where, script) {
  const show = async (name) => {
    await picture(page, `${where}-${name}`);
    if (script) await accessible(page, `${where} ${name}`);
    // The other language has the same structure.
    else if (lang === "ja") await accessiblePlain(page, `${where} ${name}`);
  };
  await page.goto(`${portal}/sign-in`);
  await show("1-sign-in");
  const w = await signIn(page, lang);

  await page.getByRole("heading", { name: w("patients.title") }).waitFor();
  await page.getByLabel(w("patients.name")).fill("東京 花子");
  await page.getByRole("button", { name: w("patients.go") }).click();
  await show("2-patients");
  await page.getByRole("link", { name: "東京 花子", exact: true }).click();

  await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
  await show("3-calendar");
  const base = new URL(page.url()).pathname.replace(/\/calendar$/, "");
  await day(page);
  await show("4-day");

  await section(page, base, w, "lab", "CRP|ＣＲＰ|ＨｂＡ１ｃ");
  await show("5-lab");
  await section(page, base, w, "prescription", "アムロジピン|メトホルミン|エドキサバン");
  await show("6-prescription");

  await paper(page, base, ["診療情報提供書"]);
  await pdf(page, script);
  await show("7-pdf");
  await paper(page, base, ["外来診療録"]);
  await page.getByText("主訴・経過").first().waitFor();
  await show("8-cda");
}

/** Opens a day that has something, by the grid or, where that is hidden, by the list. */
async function day(page) {
  const cells = page.locator("table.calendar td a");
  const link = (await cells.first().isVisible()) ? cells.last() : page.locator(".day-card h2 a").first();
  await link.click();
  await page.locator("#drawer-title").waitFor();
  assert.ok((await page.locator(".day-source").count()) > 0, "the drawer is grouped by facility");
}

/** Opens the newest document of a section whose line says `what`. */
async function section(page, base, w, kind, what) {
  const name = kind === "lab" ? "labs" : "medications";
  await page.goto(`${portal}${base}/${name}?view=list`);
  const line = page.locator("table.lines tbody tr", { hasText: new RegExp(what) }).first();
  await line.getByRole("link").last().click();
  await page.getByText(new RegExp(what)).first().waitFor();
}

/** Opens the newest document with one of these titles, wherever it is filed. */
async function paper(page, base, titles) {
  for (const name of ["documents", "records", "notes", "reports", "files", "images"]) {
    const answer = await page.goto(`${portal}${base}/${name}`);
    if (answer.status() !== 200) continue;
    const line = page.locator("table.lines tbody tr", { hasText: new RegExp(titles.join("|")) }).first();
    if ((await line.count()) === 0) continue;
    await line.getByRole("link").last().click();
    await page.locator("dl.facts").first().waitFor();
    return;
  }
  assert.fail(`no section holds ${titles}`);
}

/** The PDF is framed in the page, is a PDF, and is drawn by the browser. */
async function pdf(page, script) {
  const frame = page.locator("iframe").first();
  const answer = await page.request.get(new URL(await frame.getAttribute("src"), page.url()).href);
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()["content-type"], /^application\/pdf/);
  assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
  // Playwright's switch for scripts stops the browser's own viewer too.
  if (!script) return;
  // The browser's viewer tells nobody when it has drawn: a picture of it stops being one colour.
  let size = 0;
  for (let tries = 0; size < DRAWN && tries < 60; tries += 1) size = (await frame.screenshot()).length;
  assert.ok(size >= DRAWN, `the PDF was not drawn: its picture has ${size} bytes`);
}
