// What people write into the portal: a note with a photo, refused first, read by a colleague, added to;
// a facility's own code matched and undone; and the page of infections and contraindications.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** A photo of one white point. */
const PHOTO = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");

async function chart(page, section) {
  await page.getByRole("link", { name: "東京 花子", exact: true }).first().click();
  await page.locator("#banner").waitFor();
  await page.goto(page.url().replace(/\/calendar.*$/, `/${section}`));
}

async function attach(page, w, name, mimeType, buffer) {
  const field = page.locator("#note-files");
  if (!(await field.isVisible())) await page.locator("summary", { hasText: w("notes.files") }).click();
  await field.setInputFiles({ name, mimeType, buffer });
}

for (const [lang, width, height] of [["ja", 1280, 800], ["en", 768, 1024]]) {
  test(`written: a note with a photo, refused, sent, read and added to (${lang}, ${width})`, async () => {
    const { page, complaints, close } = await open(chromium, { width, height });
    const text = `ふらつきは軽快 ${lang} ${width}`;
    const w = await signIn(page, lang);
    await chart(page, "notes");
    await page.locator("#note-text").fill(text);
    await page.locator("summary", { hasText: w("notes.points_to_watch") }).click();
    await page.locator("#note-watch").fill("血圧を朝夕測る。");
    await attach(page, w, "a.svg", "image/svg+xml", Buffer.from("<svg/>"));
    await page.getByRole("button", { name: w("notes.send") }).click();
    const refused = page.getByRole("alert");
    await refused.waitFor();
    assert.match(await refused.innerText(), /NOT-003/);
    assert.equal(await page.locator("#note-text").inputValue(), text, "what was typed is still there");
    assert.equal(await page.locator("#note-watch").inputValue(), "血圧を朝夕測る。");
    await picture(page, `written-refused-${lang}-${width}`);
    await accessible(page, "notes, refused");

    await attach(page, w, "写真.png", "image/png", PHOTO);
    await page.getByRole("button", { name: w("notes.send") }).click();
    const note = page.locator("article.note", { hasText: text });
    await note.waitFor();
    assert.equal(await note.count(), 1);
    const photo = note.locator("img");
    await photo.scrollIntoViewIfNeeded();
    assert.equal(await photo.evaluate((img) => img.decode().then(() => img.naturalWidth)), 1);
    await picture(page, `written-sent-${lang}-${width}`);
    await accessible(page, "notes, sent");

    const colleague = await open(chromium, { width, height });
    await signIn(colleague.page, lang, "wakaba");
    await chart(colleague.page, "notes");
    await colleague.page.locator("article.note", { hasText: text }).waitFor();
    await colleague.close();
    await page.reload();
    assert.match(await note.locator(".readers").innerHTML(), /若葉/, "who has read it");

    await note.getByRole("link", { name: w("notes.add"), exact: true }).click();
    await page.locator("#note-text").fill(`訂正 ${text}`);
    await page.getByRole("button", { name: w("notes.send") }).click();
    const addendum = page.locator("article.note .addendum", { hasText: `訂正 ${text}` });
    await addendum.waitFor();
    assert.equal(await addendum.count(), 1);
    await picture(page, `written-added-${lang}-${width}`);
    const strange = complaints.filter((complaint) => !/status of 415/.test(complaint));
    assert.deepEqual(strange, []);
    await close();
  });

  test(`written: infections, contraindications and checks (${lang}, ${width})`, async () => {
    const { page, complaints, close } = await open(chromium, { width, height });
    const w = await signIn(page, lang);
    await chart(page, "screening");
    await page.getByRole("heading", { level: 1, name: w("section.screening") }).waitFor();
    await picture(page, `screening-${lang}-${width}`);
    await accessible(page, "screening");
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`written: a code of a facility's own is matched and undone (${lang}, ${width})`, async () => {
    const { page, complaints, close } = await open(chromium, { width, height });
    const w = await signIn(page, lang, "unyo");
    await page.goto(`${portal}/admin/dictionary`);
    await page.getByRole("heading", { level: 1, name: w("dictionary.title") }).waitFor();
    // A facility that sends codes of its own, and an item for which something is suggested.
    const facilities = await page.locator("#facility option").evaluateAll((options) => options.map((option) => option.value));
    const suggestion = page.locator("section[aria-labelledby=open] form.inline-form > button").locator("visible=true").first();
    for (const facility of facilities) {
      await page.goto(`${portal}/admin/dictionary?facility=${facility}`);
      if ((await suggestion.count()) > 0) break;
    }
    await accessible(page, "dictionary");
    const mapped = page.locator("section[aria-labelledby=mapped] tbody tr");
    const before = await mapped.count();
    await suggestion.click();
    await page.getByRole("status").waitFor();
    assert.equal(await mapped.count(), before + 1);
    await picture(page, `dictionary-${lang}-${width}`);
    await mapped.first().getByRole("button").click();
    await page.getByRole("status").waitFor();
    assert.equal(await mapped.count(), before);
    assert.deepEqual(complaints, []);
    await close();
  });
}
