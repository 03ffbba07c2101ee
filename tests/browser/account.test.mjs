// People and sign-in: a passkey of a virtual authenticator, a locked screen, a new user from invitation to
// leaving, and a patient whom a clinic's desk asks for and a hospital's desk ties.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, open, picture, portal, signIn, words } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const PASSWORD = "tasuki-demo-2026";

test("account: a passkey is added, asked for, and opens a locked screen", async () => {
  // A passkey is bound to a name: an address of numbers is none.
  const local = portal.replace("127.0.0.1", "localhost");
  const context = await chromium.newContext({ viewport: { width: 1280, height: 800 }, locale: "ja-JP" });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  const w = await words("ja");
  const begin = async () => {
    await page.goto(`${local}/sign-in`);
    await page.getByLabel(w("sign_in.name")).fill("shisetsu2");
    await page.getByLabel(w("sign_in.password")).fill(PASSWORD);
    await page.getByRole("button", { name: w("sign_in.go") }).click();
  };
  await begin();
  await page.goto(`${local}/account/passkey`);
  await look(page, "account-1-passkey");
  await page.getByLabel(w("factor.label")).fill("机の上の鍵");
  await page.getByLabel(w("again.password")).fill(PASSWORD);
  await page.getByRole("button", { name: w("factor.add_passkey") }).click();
  await page.getByText(w("account.done_added")).waitFor();
  await look(page, "account-2-added");

  await page.getByRole("button", { name: w("second.lock") }).click();
  await page.getByRole("heading", { name: w("second.locked") }).waitFor();
  await look(page, "account-3-locked");
  await page.goto(`${local}/admin/users`);
  await page.getByRole("button", { name: w("second.passkey") }).click();
  await page.getByRole("heading", { level: 1, name: w("users.title") }).waitFor();

  await context.clearCookies();
  await begin();
  await page.getByRole("heading", { name: w("second.title") }).waitFor();
  await look(page, "account-4-second");
  await page.getByRole("button", { name: w("second.passkey") }).click();
  await page.getByRole("button", { name: w("common.sign_out") }).waitFor();

  await page.goto(`${local}/account`);
  const row = page.getByRole("row", { name: /机の上の鍵/ });
  await row.getByText(w("factor.remove")).first().click();
  await row.getByLabel(w("again.password")).fill(PASSWORD);
  await row.getByRole("button").click();
  await page.getByText(w("account.done_removed")).waitFor();
  await context.close();
});

for (const [lang, script, width, height] of [["ja", true, 1280, 800], ["en", false, 768, 1024]]) {
  test(`users: from invitation to leaving, ${lang}-${width}`, async () => {
    const check = script ? accessible : accessiblePlain;
    const admin = await open(chromium, { width, height, script });
    const w = await signIn(admin.page, lang, "shisetsu");
    await admin.page.goto(`${portal}/admin/users`);
    await picture(admin.page, `users-${lang}-1`);
    await check(admin.page, "users");
    const name = `shinjin-${lang}`;
    const form = admin.page.locator("form").filter({ has: admin.page.locator("select[name=role]") });
    await form.getByLabel(w("sign_in.name")).fill(name);
    await form.getByLabel(w("users.name")).fill("新人 初子");
    await form.locator("select[name=role]").selectOption("nurse");
    await form.getByRole("button", { name: w("users.add_go") }).click();
    const code = await admin.page.locator("code").innerText();
    await picture(admin.page, `users-${lang}-2-code`);

    const user = await open(chromium, { width, height, script });
    await user.page.goto(`${portal}/welcome?lang=${lang}`);
    await picture(user.page, `users-${lang}-3-welcome`);
    await user.page.getByLabel(w("sign_in.name")).fill(name);
    await user.page.getByLabel(w("users.code")).fill(code);
    await user.page.getByLabel(w("account.password_new")).fill("hatsuyuki-no-asa");
    await user.page.getByRole("button", { name: w("welcome.go") }).click();
    await signIn(user.page, lang, name, "hatsuyuki-no-asa");
    await user.page.getByRole("button", { name: w("common.sign_out") }).waitFor();

    await admin.page.goto(`${portal}/admin/users`);
    await admin.page.getByRole("link", { name }).click();
    await picture(admin.page, `users-${lang}-4-one`);
    await check(admin.page, "a user");
    await admin.page.getByRole("button", { name: w("users.disable") }).click();
    await admin.page.getByText(w("users.done_changed")).waitFor();
    await user.page.goto(`${portal}/patients`);
    await user.page.getByRole("button", { name: w("sign_in.go") }).waitFor();
    assert.deepEqual([...admin.complaints, ...user.complaints], []);
    await admin.close();
    await user.close();
  });
}

for (const [lang, script, width, height] of [["ja", true, 1280, 800], ["en", false, 768, 1024]]) {
  test(`requests: asked at one desk, sent back at the other, ${lang}-${width}`, async () => {
    const check = script ? accessible : accessiblePlain;
    const clinic = await open(chromium, { width, height, script });
    const w = await signIn(clinic.page, lang, "uketsuke");
    await clinic.page.goto(`${portal}/desk/requests`);
    const fill = (label, text) => clinic.page.getByLabel(w(`requests.${label}`), { exact: true }).fill(text);
    await fill("own_id", `U-${lang}`);
    await fill("kana", "タカハシ ケンイチ");
    await fill("birth", "1968-11-02");
    await clinic.page.locator("select[name=sex]").selectOption("male");
    await fill("phone", "03-0000-0001");
    await clinic.page.locator("select[name=to]").selectOption({ index: 1 });
    await fill("agreed", "2026-06-01");
    await picture(clinic.page, `requests-${lang}-1-form`);
    await check(clinic.page, "requests");
    await clinic.page.getByRole("button", { name: w("requests.go") }).click();
    await clinic.page.getByText(w("requests.done_asked")).waitFor();
    await picture(clinic.page, `requests-${lang}-2-asked`);

    const hospital = await open(chromium, { width, height, script });
    await signIn(hospital.page, lang, "madoguchi");
    await hospital.page.goto(`${portal}/desk/requests`);
    await hospital.page.getByRole("row", { name: /タカハシ ケンイチ/ }).first().getByRole("link").click();
    await picture(hospital.page, `requests-${lang}-3-decide`);
    await check(hospital.page, "a request");
    await hospital.page.getByLabel(w("requests.reason")).fill("診察券番号を確かめてください");
    await hospital.page.getByRole("button", { name: w("requests.return") }).click();
    await hospital.page.getByText(w("requests.done_returned")).waitFor();

    await clinic.page.goto(`${portal}/desk/requests`);
    await clinic.page.getByText("診察券番号を確かめてください").first().waitFor();
    assert.deepEqual([...clinic.complaints, ...hospital.complaints], []);
    await clinic.close();
    await hospital.close();
  });
}

async function look(page, name) {
  await picture(page, name);
  await accessible(page, name);
}
