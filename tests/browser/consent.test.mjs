// The desk's daily work from end to end: a clinic asks for a link, the hospital approves, takes a consent and
// discloses; another community sees it; the consent is withdrawn in two steps, and it is gone everywhere, the
// copies of the other community too. The patient's own sheet shows all of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, open, picture, portal, words } from "./portal.mjs";

const network = process.env.TASUKI_NETWORK;
assert.ok(network, "TASUKI_NETWORK is set by cargo xtask test browser");
/** The second community of the network: its portal is ten ports further. */
const second = network.replace(/:(\d+)/, (_, port) => `:${Number(port) + 10}`);
const PASSWORD = "tasuki-demo-2026";
const DAY = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
const HANAKO = "東京 花子";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

async function enter(name, at = network, options = {}) {
  const session = await chromium.newContext({ viewport: { width: 1280, height: 800 }, locale: "ja-JP", ...options });
  const page = await session.newPage();
  const w = await words("ja");
  await page.goto(`${at}/sign-in`);
  await page.getByLabel(w("sign_in.name")).fill(name);
  await page.getByLabel(w("sign_in.password")).fill(PASSWORD);
  await page.getByRole("button", { name: w("sign_in.go") }).click();
  return { page, w, close: () => session.close() };
}

async function look(page, name, check = accessible) {
  await picture(page, name);
  await check(page, name);
}

/** The person's chart at a portal. */
async function chart(page, w) {
  await page.getByLabel(w("patients.name")).fill(HANAKO);
  await page.getByRole("button", { name: w("patients.go") }).click();
  await page.getByRole("link", { name: HANAKO, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
  return page.url().replace(/[^/]*$/, "");
}

/** The copies of the first community that a chart of the second shows. */
async function copies(page, base) {
  await page.goto(`${base}labs?view=list&ask=again`);
  await page.waitForFunction(() => !document.querySelector("[data-arrival]"), null, { timeout: 60_000 });
  return page.locator("a[href*='/received/']").evaluateAll((links) => links.map((link) => link.href));
}

async function take(page, w) {
  await page.getByLabel(w("consent.scope_network")).check();
  await page.getByLabel(w("consent.place")).fill("1階 総合受付");
  await page.getByRole("button", { name: w("consent.take"), exact: true }).click();
  await page.getByText(w("consent.done_taken")).waitFor();
}

test("consent: asked, approved, disclosed, seen elsewhere, withdrawn, gone everywhere", async () => {
  const desk = await enter("madoguchi");
  const { page, w } = desk;
  // What the hospital calls her.
  await page.goto(`${network}/patients?name=${encodeURIComponent(HANAKO)}`);
  const id = (await page.locator("table.patients tbody tr").first().locator("td").nth(3).innerText()).trim();

  const clinic = await enter("uketsuke");
  await clinic.page.goto(`${network}/desk/requests`);
  const field = (label, value) => clinic.page.getByLabel(w(label), { exact: true }).fill(value);
  await field("requests.own_id", "W-0001");
  await field("requests.kana", "トウキョウ ハナコ");
  await field("requests.birth", "1947-03-12");
  await clinic.page.locator("select[name=sex]").selectOption("female");
  await field("requests.phone", "03-0000-1111");
  await clinic.page.locator("select[name=to]").selectOption({ index: 1 });
  await field("requests.their_id", id);
  await field("requests.agreed", DAY);
  await look(clinic.page, "consent-1-request");
  await clinic.page.getByRole("button", { name: w("requests.go") }).click();
  await clinic.page.getByText(w("requests.done_asked")).waitFor();

  await page.goto(`${network}/desk/requests`);
  await page.getByRole("link", { name: w("requests.open"), exact: false }).first().click();
  await look(page, "consent-2-approve");
  const own = page.getByLabel(w("requests.other_id"));
  await own.fill(id);
  await page.getByRole("button", { name: w("requests.approve"), exact: true }).click();
  await page.getByText(w("requests.done_approved")).waitFor();

  await page.goto(`${network}/desk/consents`);
  await look(page, "consent-3-list");
  await page.getByLabel(w("consents.id")).fill(id);
  await page.getByRole("button", { name: w("consents.open") }).nth(1).click();
  await look(page, "consent-4-patient");
  assert.equal(await page.getByText("mg/dL").count(), 0, "nothing clinical at the desk");
  await take(page, w);
  await look(page, "consent-5-taken");

  const doctor = await enter("oyama", second);
  const base = await chart(doctor.page, w);
  let seen = [];
  for (let tries = 0; tries < 20 && seen.length === 0; tries += 1) seen = await copies(doctor.page, base);
  assert.ok(seen.length > 0, "seen in the other community");
  await doctor.page.goto(seen[0]);
  await picture(doctor.page, "consent-6-elsewhere");

  await page.getByRole("button", { name: w("consent.withdraw"), exact: true }).click();
  await page.getByText(w("consent.withdraw_means")).waitFor();
  await look(page, "consent-7-step");
  await page.getByRole("button", { name: w("consent.withdraw_yes") }).click();
  await page.getByText(w("consent.done_withdrawn")).waitFor();
  await look(page, "consent-8-withdrawn");
  const gone = async () => (await doctor.page.goto(seen[0])).status() === 404;
  const since = Date.now();
  while (!(await gone())) assert.ok(Date.now() - since < 30_000, "the copy is still there");
  const left = await copies(doctor.page, base);
  assert.ok(!left.includes(seen[0]));
  await picture(doctor.page, "consent-9-gone");

  // As it was before: others of the suite read her too.
  await take(page, w);
  for (const session of [desk, clinic, doctor]) await session.close();
});

test("requests: a clinic asks a hospital of another community, whose desk sends it back with a reason", async () => {
  const asked = await enter("sakuma", second);
  const clinic = await enter("uketsuke");
  const { page, w } = clinic;
  // The other community has told by itself which facilities of it can be asked.
  const group = "select[name=to] option[value*='/1316789012']";
  const until = Date.now() + 60_000;
  do {
    await page.goto(`${network}/desk/requests`);
    assert.ok(Date.now() < until, "the other community's facilities are not offered");
  } while ((await page.locator(group).count()) === 0);
  const field = (label, value) => page.getByLabel(w(label), { exact: true }).fill(value);
  await field("requests.own_id", "W-0002");
  await field("requests.kana", "シケン タロウ");
  await field("requests.birth", "1950-05-05");
  await page.locator("select[name=sex]").selectOption("male");
  await field("requests.phone", "03-0000-2222");
  await page.locator("select[name=to]").selectOption(await page.locator(group).getAttribute("value"));
  await field("requests.agreed", DAY);
  await look(page, "across-1-request");
  await page.getByRole("button", { name: w("requests.go") }).click();
  await page.getByText(w("requests.done_asked")).waitFor();

  const desk = asked.page;
  const opening = desk.getByRole("link", { name: w("requests.open"), exact: false });
  do {
    await desk.goto(`${second}/desk/requests`);
    assert.ok(Date.now() < until + 60_000, "the request has not come");
  } while ((await opening.count()) === 0);
  await look(desk, "across-2-asked");
  await opening.first().click();
  await desk.getByText("シケン タロウ").first().waitFor();
  await look(desk, "across-3-one");
  await desk.getByLabel(w("requests.reason")).fill("該当する患者さんが見つかりません。");
  await desk.getByRole("button", { name: w("requests.return"), exact: true }).click();
  await desk.getByText(w("requests.done_returned")).waitFor();

  const told = page.getByText(w("requests.state_returned"));
  do {
    await page.goto(`${network}/desk/requests`);
    assert.ok(Date.now() < until + 120_000, "the answer has not come");
  } while ((await told.count()) === 0);
  await look(page, "across-4-returned");
  for (const session of [asked, clinic]) await session.close();
});

test("consent: by its forms without script, on a tablet", async () => {
  const { page, w, close } = await enter("renkei", portal, { viewport: { width: 768, height: 1024 }, javaScriptEnabled: false });
  await page.goto(`${portal}/desk/consents`);
  await look(page, "consent-plain-1-list", accessiblePlain);
  await page.getByLabel(w("consents.code")).fill("0000-0000-0000");
  await page.getByRole("button", { name: w("consents.open") }).first().click();
  await page.getByText(w("consents.missing")).waitFor();
  const mine = await open(chromium, { width: 390, height: 844, script: false });
  await mine.page.goto(`${portal}/mine`);
  await look(mine.page, "consent-plain-2-mine", accessiblePlain);
  assert.deepEqual(mine.complaints, []);
  await mine.close();
  await close();
});
