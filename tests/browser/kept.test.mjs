// What a doctor keeps: patients as their own, documents as bookmarks, and the charts opened last; with
// and without script, and only their own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

for (const [lang, script, width, height] of [["ja", true, 1280, 800], ["en", false, 768, 1024]]) {
  test(`kept: a patient and a document, ${lang}-${width}`, { timeout: 120_000 }, async () => {
    const { page, complaints, close } = await open(chromium, { width, height, script });
    const w = await signIn(page, lang, "wakaba");
    await page.goto(`${portal}/patients?list=mine`);
    await page.getByText(w("kept.none")).waitFor();
    await page.goto(`${portal}/patients?list=all`);
    const first = page.locator("table.patients tbody tr").first();
    const name = await first.locator("th a").innerText();
    await first.locator("th a").click();
    await page.getByRole("button", { name: w("kept.keep") }).click();
    await page.getByRole("button", { name: w("kept.release") }).waitFor();
    const chart = page.url().replace(/\/calendar.*$/, "");

    await page.goto(`${chart}/labs?view=list`);
    const row = page.locator("table.lines tbody tr").first();
    const day = (await row.locator("td").first().innerText()).slice(0, 10);
    await row.locator("a.button").click();
    await page.getByRole("button", { name: w("kept.mark") }).click();
    await page.getByRole("button", { name: w("kept.unmark") }).waitFor();
    await page.goto(`${chart}/calendar?reach=5y&only=marked`);
    const cells = page.locator("table.calendar td a");
    assert.equal(await cells.count(), 1, "one document is marked");
    await picture(page, `kept-${lang}-${width}-calendar`);
    await page.goto(`${chart}/calendar?only=marked&from=${day}&to=${day}`);
    assert.equal(await page.locator(".drawer .day-kind").count(), 1, "and the drawer holds no other");
    assert.ok(Number(await page.locator("#rail .rail__n").nth(3).innerText()) > 1, "the rail counts everything as before");

    // Without being asked the list is the doctor's own patients now.
    await page.goto(`${portal}/patients`);
    assert.deepEqual(await page.locator("table.patients th a").allInnerTexts(), [name]);
    if (script) await accessible(page, `${lang} my patients`);
    await picture(page, `kept-${lang}-${width}-patients`);
    await page.goto(`${portal}/patients?list=recent`);
    // The search index of the audit trail comes a moment after the trail.
    while (!(await page.locator("table.patients th a").allInnerTexts()).includes(name)) await page.reload();

    // Let go again; what is kept is nobody else's business.
    await page.goto(`${chart}/calendar`);
    await page.getByRole("button", { name: w("kept.release") }).click();
    await page.getByRole("button", { name: w("kept.keep") }).waitFor();
    await page.goto(`${chart}/labs?view=list`);
    await page.locator("table.lines tbody tr").first().locator("a.button").click();
    await page.getByRole("button", { name: w("kept.unmark") }).click();
    await page.getByRole("button", { name: w("kept.mark") }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
