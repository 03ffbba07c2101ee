// Reading that is unusual stands on the privacy officer's page as a hint: a record of somebody of the reader's
// own family name, one of somebody who works at the same facility, and many records in a day.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const desk = { width: 1280, height: 800 };

/** A new user of the hospital, signed in for the first time. */
async function employ(name, person, role) {
  const admin = await open(chromium, desk);
  const w = await signIn(admin.page, "ja", "shisetsu");
  await admin.page.goto(`${portal}/admin/users`);
  const form = admin.page.locator("form").filter({ has: admin.page.locator("select[name=role]") });
  await form.getByLabel(w("sign_in.name")).fill(name);
  await form.getByLabel(w("users.name")).fill(person);
  await form.locator("select[name=role]").selectOption(role);
  await form.getByRole("button", { name: w("users.add_go") }).click();
  const code = await admin.page.locator("code").innerText();
  await admin.close();
  const user = await open(chromium, desk);
  await user.page.goto(`${portal}/welcome?lang=ja`);
  await user.page.getByLabel(w("sign_in.name")).fill(name);
  await user.page.getByLabel(w("users.code")).fill(code);
  await user.page.getByLabel(w("account.password_new")).fill("hatsuyuki-no-asa");
  await user.page.getByRole("button", { name: w("welcome.go") }).click();
  await signIn(user.page, "ja", name, "hatsuyuki-no-asa");
  await user.page.getByRole("button", { name: w("common.sign_out") }).waitFor();
  return user;
}

/** Opens the chart of a patient by name. */
async function read(page, w, name) {
  await page.goto(`${portal}/patients`);
  await page.getByLabel(w("patients.name")).fill(name);
  await page.getByRole("button", { name: w("patients.go") }).click();
  await page.getByRole("link", { name, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
}

/** How many hints of a kind the privacy officer sees, of a reader. */
async function hints(officer, w, kind, reader) {
  await officer.page.goto(`${portal}/admin/reviews`);
  return officer.page.locator("article.review", { hasText: w(`reviews.${kind}`) }).filter({ hasText: reader }).count();
}

test("hints: own family name, and somebody who works here", async () => {
  const officer = await open(chromium, desk);
  const w = await signIn(officer.page, "ja", "kojo");
  const relative = await employ("tokyo-saburo", "東京 三郎", "physician");
  assert.equal(await hints(officer, w, "own_name", "東京 三郎"), 0);
  await read(relative.page, w, "東京 花子");
  assert.equal(await hints(officer, w, "own_name", "東京 三郎"), 1);
  await read(relative.page, w, "東京 花子");
  assert.equal(await hints(officer, w, "own_name", "東京 三郎"), 1, "once for a reader and a person");
  await picture(officer.page, "hints-own-name");
  await accessible(officer.page, "hints");

  // She begins to work here; a doctor without any reason to be suspected looks at her record.
  const colleague = await employ("tokyo-hanako", "東京 花子", "nurse");
  const doctor = await open(chromium, desk);
  await signIn(doctor.page, "ja", "mizusawa");
  await read(doctor.page, w, "東京 花子");
  assert.ok((await hints(officer, w, "colleague", "水沢 一郎")) >= 1);
  await picture(officer.page, "hints-colleague");
  for (const each of [officer, relative, colleague, doctor]) {
    assert.deepEqual(each.complaints, []);
    await each.close();
  }
});

/** What the configuration of a demo says in `unusual_charts`. */
const MANY = 12;

test("hints: many charts in a day", async () => {
  const officer = await open(chromium, desk);
  const w = await signIn(officer.page, "ja", "kojo");
  const reader = await employ("tada-yomu", "多田 読夫", "physician");
  await reader.page.goto(`${portal}/patients`);
  const links = await reader.page.locator("table.patients a[href$='/calendar']").evaluateAll((all) => all.map((link) => link.href));
  const charts = [...new Set(links)];
  assert.ok(charts.length >= MANY, `${charts.length} patients`);
  const look = async (urls) => {
    for (const url of urls) {
      await reader.page.goto(url);
      await reader.page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
    }
  };
  await look(charts.slice(0, MANY - 1));
  await look(charts.slice(0, 2));
  assert.equal(await hints(officer, w, "volume", "多田 読夫"), 0, "the same ones again are no more");
  await look(charts.slice(MANY - 1, MANY));
  assert.equal(await hints(officer, w, "volume", "多田 読夫"), 1);
  await look(charts.slice(0, 1));
  assert.equal(await hints(officer, w, "volume", "多田 読夫"), 1, "once for a reader and a day");
  await picture(officer.page, "hints-volume");
  await accessible(officer.page, "hints, volume");
  for (const each of [officer, reader]) {
    assert.deepEqual(each.complaints, []);
    await each.close();
  }
});
