// The desk's daily work from end to end: a clinic asks for a link, the hospital approves, takes a consent and
// discloses; another community sees it; the consent is withdrawn in two steps, and it is gone everywhere, the
// copies of the other community too. The patient's own sheet shows all of it. A hospital of another community is
// asked for a link as well: it approves, and the clinic's doctor reads what it gives; or it sends the request back.
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
async function chart(page, w, person = HANAKO) {
  await page.getByLabel(w("patients.name")).fill(person);
  await page.getByRole("button", { name: w("patients.go") }).click();
  await page.getByRole("link", { name: person, exact: true }).click();
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

/** The clinic asks the hospital of the other community for a link, which has told by itself that it can be asked. */
async function ask(page, w, patient) {
  const group = "select[name=to] option[value*='/1316789012']";
  const until = Date.now() + 60_000;
  do {
    await page.goto(`${network}/desk/requests`);
    assert.ok(Date.now() < until, "the other community's facilities are not offered");
  } while ((await page.locator(group).count()) === 0);
  for (const [label, value] of Object.entries(patient)) {
    await page.getByLabel(w(`requests.${label}`), { exact: true }).fill(value);
  }
  await page.locator("select[name=sex]").selectOption("female");
  await page.locator("select[name=to]").selectOption(await page.locator(group).getAttribute("value"));
  await page.getByLabel(w("requests.agreed"), { exact: true }).fill(DAY);
  await look(page, "across-1-request");
  await page.getByRole("button", { name: w("requests.go") }).click();
  await page.getByText(w("requests.done_asked")).waitFor();
}

/** Opens the request about a patient on the desk of the other community, when it has come. */
async function asked(desk, w, name) {
  const opening = desk.getByRole("link", { name: w("requests.open_of").replace("{name}", name), exact: true });
  const until = Date.now() + 60_000;
  do {
    await desk.goto(`${second}/desk/requests`);
    assert.ok(Date.now() < until, "the request has not come");
  } while ((await opening.count()) === 0);
  await look(desk, "across-2-asked");
  await opening.click();
  await desk.getByText(name).first().waitFor();
}

/** Waits until the clinic's list says how its request about a patient stands. */
async function stands(page, w, name, state) {
  const line = page.locator("tr", { hasText: name }).filter({ hasText: w(state) });
  const until = Date.now() + 60_000;
  do {
    await page.goto(`${network}/desk/requests`);
    assert.ok(Date.now() < until, "the answer has not come");
  } while ((await line.count()) === 0);
}

test("requests: approved by a hospital of another community, whose record the clinic's doctor then reads", async () => {
  // A patient of that hospital, whom it discloses to nobody, and whom nobody knows here.
  const name = "林 智子";
  const theirs = await enter("sakuma", second);
  const { page: desk, w } = theirs;
  await desk.goto(`${second}/patients?name=${encodeURIComponent(name)}`);
  const id = (await desk.locator("table.patients tbody tr").first().locator("td").nth(3).innerText()).trim();
  const clinic = await enter("uketsuke");
  await clinic.page.goto(`${network}/patients?name=${encodeURIComponent(name)}`);
  assert.equal(await clinic.page.getByRole("link", { name, exact: true }).count(), 0);
  await ask(clinic.page, w, { own_id: "W-0003", kana: "ハヤシ トモコ", name, birth: "1992-07-25", phone: "03-0000-3333", their_id: id });
  await stands(clinic.page, w, name, "requests.state_asked");

  // Registered and asked is not yet tied: nothing of the other hospital's is there.
  const doctor = await enter("asano");
  const base = await chart(doctor.page, w, name);
  assert.deepEqual(await copies(doctor.page, base), []);

  await asked(desk, w, name);
  await desk.getByLabel(w("requests.other_id")).fill(id);
  await look(desk, "across-5-approve");
  await desk.getByRole("button", { name: w("requests.approve"), exact: true }).click();
  await desk.getByText(w("requests.done_approved")).waitFor();
  await stands(clinic.page, w, name, "requests.state_approved");
  await look(clinic.page, "across-6-approved");

  let seen = [];
  for (let tries = 0; tries < 20 && seen.length === 0; tries += 1) seen = await copies(doctor.page, base);
  assert.ok(seen.length > 0, "the other hospital's results are in the chart");
  await look(doctor.page, "across-7-chart");
  assert.equal((await doctor.page.goto(seen[0])).status(), 200);
  await doctor.page.getByText("双葉中央病院").first().waitFor();
  await picture(doctor.page, "across-8-copy");
  for (const session of [theirs, clinic, doctor]) await session.close();
});

test("requests: a clinic asks a hospital of another community, whose desk sends it back with a reason", async () => {
  const name = "シケン ハナ";
  const theirs = await enter("sakuma", second);
  const clinic = await enter("uketsuke");
  const { page, w } = clinic;
  await ask(page, w, { own_id: "W-0002", kana: name, birth: "1950-05-05", phone: "03-0000-2222" });

  const desk = theirs.page;
  await asked(desk, w, name);
  await look(desk, "across-3-one");
  await desk.getByLabel(w("requests.reason")).fill("該当する患者さんが見つかりません。");
  await desk.getByRole("button", { name: w("requests.return"), exact: true }).click();
  await desk.getByText(w("requests.done_returned")).waitFor();

  await stands(page, w, name, "requests.state_returned");
  await look(page, "across-4-returned");
  for (const session of [theirs, clinic]) await session.close();
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
