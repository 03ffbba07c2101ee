// Emergency access by keyboard alone from sign-in to the summary, and without script; what stands on
// each step; the review that follows, and the record of access that the patient is given.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, open, picture, portal, signIn } from "./portal.mjs";

const PASSWORD = "tasuki-demo-2026";
let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

async function look(page, name, check) {
  await picture(page, name);
  await check(page);
}

/** A patient ID of the clinic, as its nurse reads it out. */
async function idAtTheClinic() {
  const { page, close } = await open(chromium, { width: 1280, height: 800 });
  const w = await signIn(page, "ja", "wakaba");
  const label = w("patients.id").replace(/\{.*$/, "").trim();
  const cell = page.locator("table.patients tbody tr").first().locator("td").nth(3);
  const id = (await cell.textContent()).trim();
  assert.ok(id && label !== undefined);
  await close();
  return id;
}

test("emergency: by keyboard alone from sign-in to the summary, judged and told", async () => {
  const id = await idAtTheClinic();
  const first = await open(chromium, { width: 1280, height: 800 });
  const { page } = first;
  const w = await signIn(page, "ja", "mizusawa");
  await page.goto(`${portal}/emergency`);
  await look(page, "emergency-1-find", accessible);
  // The field has the focus: the ID is typed, or scanned, and Enter moves on.
  await page.keyboard.type(`${id}@1314567890`);
  await page.keyboard.press("Enter");
  await page.getByText(w("emergency.confirm")).first().waitFor();
  assert.equal(await page.getByText("mg/dL").count(), 0, "nothing clinical before a reason");
  await look(page, "emergency-2-reason", accessible);
  await page.keyboard.press("Space");
  for (let step = 0; step < 2; step++) await page.keyboard.press("Tab");
  await page.keyboard.type("林 奈緒 看護師");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText(w("emergency.running")).first().waitFor();
  await look(page, "emergency-3-summary", accessible);
  await page.getByRole("link", { name: w("emergency.whole") }).click();
  await page.getByText(w("emergency.running")).first().waitFor();
  await picture(page, "emergency-4-chart");
  await page.getByRole("button", { name: w("emergency.finish") }).click();
  await page.getByText(w("emergency.number")).waitFor();
  await look(page, "emergency-5-mine", accessible);
  assert.deepEqual(first.complaints, []);
  await first.close();

  const officer = await open(chromium, { width: 1280, height: 800 });
  await signIn(officer.page, "ja", "kojo");
  await officer.page.goto(`${portal}/admin/reviews`);
  await officer.page.getByText("林 奈緒 看護師").first().waitFor();
  await look(officer.page, "emergency-6-review", accessible);
  await officer.page.getByRole("button", { name: w("reviews.justified"), exact: true }).first().click();
  await officer.page.getByRole("heading", { name: new RegExp(w("reviews.judged")) }).waitFor();
  await officer.page.goto(`${portal}/admin/audit?action=emergency`);
  await look(officer.page, "emergency-7-audit", accessible);
  assert.deepEqual(officer.complaints, []);
  await officer.close();
});

test("emergency: without script on a tablet, and nobody is nobody", async () => {
  const id = await idAtTheClinic();
  const { page, complaints, close } = await open(chromium, { width: 768, height: 1024, script: false });
  const w = await signIn(page, "ja", "mizusawa");
  await page.goto(`${portal}/emergency`);
  await look(page, "emergency-plain-1-find", accessiblePlain);
  await page.getByLabel(w("emergency.family")).fill("見知");
  await page.getByLabel(w("emergency.given")).fill("不明");
  await page.getByLabel(w("patients.birth")).fill("1950-01-01");
  await page.getByLabel(w("banner.sex")).selectOption("f");
  await page.getByRole("button", { name: w("emergency.look") }).last().click();
  await page.getByText("EMR-001").waitFor();
  await page.getByLabel(w("emergency.id")).fill(id);
  await page.getByLabel(w("emergency.facility")).selectOption("1314567890");
  await page.getByRole("button", { name: w("emergency.look") }).first().click();
  await look(page, "emergency-plain-2-reason", accessiblePlain);
  await page.getByLabel(w("emergency.life")).check();
  await page.getByLabel(w("again.password")).fill(PASSWORD);
  await page.getByRole("button", { name: w("emergency.open") }).click();
  await page.getByText(w("emergency.running")).first().waitFor();
  await look(page, "emergency-plain-3-summary", accessiblePlain);
  await page.getByRole("button", { name: w("emergency.finish") }).click();
  // That nobody fits is an answer of its own, which the browser notes.
  assert.deepEqual(complaints.filter((complaint) => !/status of 422/.test(complaint)), []);
  await close();
});

test("access: the clerk prints who looked, for the patient", async () => {
  const { page, complaints, close } = await open(chromium, { width: 1280, height: 800 });
  const w = await signIn(page, "ja", "madoguchi");
  await page.goto(`${portal}/patients?list=all`);
  await page.getByRole("link", { name: /記録を誰が見たか/ }).first().click();
  await page.getByRole("heading", { name: w("access.title") }).waitFor();
  await look(page, "access-1", accessible);
  await page.goto(`${portal}/desk/emergency`);
  await look(page, "invite-1", accessible);
  assert.deepEqual(complaints, []);
  await close();
});
