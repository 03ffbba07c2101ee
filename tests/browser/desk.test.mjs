// The identity desk worked by keyboard alone, and without script by its forms: a clerk decides, a
// colleague confirms, a decision is taken back; in both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

for (const [lang, name] of [["ja", "山本"], ["en", "伊藤"]]) {
  test(`desk: by keyboard alone, ${lang}`, async () => {
    const first = await open(chromium, { width: 1280, height: 800 });
    const w = await signIn(first.page, lang, "madoguchi");
    await look(first.page, `desk-${lang}-1-queue`, accessible);
    await find(first.page, w, name);
    await look(first.page, `desk-${lang}-2-line`, accessible);
    const line = new URL(first.page.url()).pathname;
    await decide(first.page, "1", w("desk.done_proposed"));
    await look(first.page, `desk-${lang}-3-proposed`, accessible);

    const second = await open(chromium, { width: 1280, height: 800 });
    await signIn(second.page, lang, "renkei");
    await second.page.goto(portal + line);
    await look(second.page, `desk-${lang}-4-confirm`, accessible);
    await decide(second.page, "1", w("desk.done_same"));
    await second.page.keyboard.press("u");
    await second.page.getByText(w("desk.done_undone")).waitFor();
    await look(second.page, `desk-${lang}-5-undone`, accessible);
    assert.deepEqual([...first.complaints, ...second.complaints], []);
    await first.close();
    await second.close();
  });
}

test("desk: by its forms, without script, on a tablet", async () => {
  const { page, complaints, close } = await open(chromium, { width: 768, height: 1024, script: false });
  const w = await signIn(page, "ja", "madoguchi");
  await look(page, "desk-plain-1-queue", accessiblePlain);
  await page.getByRole("row", { name: /伊藤/ }).getByRole("link").click();
  await look(page, "desk-plain-2-line", accessiblePlain);
  const line = new URL(page.url()).pathname;
  await page.getByRole("button", { name: w("line.decide_ask") }).click();
  await page.getByText(w("desk.done_asked")).waitFor();
  await page.goto(portal + line);
  await page.getByRole("button", { name: w("desk.undo") }).click();
  await page.getByText(w("desk.done_undone")).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

async function look(page, name, check) {
  await picture(page, name);
  await check(page, name);
}

/** From the queue to somebody's line with `n`, going on with `b` and Tab as a clerk would. */
async function find(page, w, name) {
  await page.keyboard.press("n");
  await page.getByRole("heading", { level: 1, name: w("line.title") }).waitFor();
  if (await page.getByRole("cell", { name: new RegExp(name) }).count()) return;
  await page.keyboard.press("b");
  await page.getByRole("heading", { level: 2, name: w("desk.queue") }).waitFor();
  const wanted = await page.getByRole("row", { name: new RegExp(name) }).getByRole("link").getAttribute("href");
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.getAttribute("href"))) === wanted) break;
  }
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: new RegExp(name) }).first().waitFor();
}

/** Presses the key of an answer and waits for what it says. */
async function decide(page, key, says) {
  await page.keyboard.press(key);
  await page.getByText(says).waitFor();
}
