// Disaster mode on and off by two operators, as every page shows it; and the board of who takes patients in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, browser, open, picture, portal, signIn } from "./portal.mjs";

const PASSWORD = "tasuki-demo-2026";
const WORDS = "震度6強の地震";
let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

async function at(name, path) {
  const opened = await open(chromium, { width: 1280, height: 800 });
  const w = await signIn(opened.page, "ja", name);
  await opened.page.goto(`${portal}${path}`);
  return { ...opened, w };
}

test("disaster: declared by one operator, confirmed by another, shown on every page, ended", async () => {
  const one = await at("unyo", "/admin/disaster");
  const { w } = one;
  await one.page.getByLabel(w("disaster.words")).fill(WORDS);
  for (const box of await one.page.getByRole("checkbox").all()) await box.check();
  await one.page.getByLabel(w("sign_in.password")).last().fill(PASSWORD);
  await one.page.getByRole("button", { name: w("disaster.declare") }).click();
  await one.page.getByText(w("disaster.waits")).waitFor();
  assert.equal(await one.page.getByRole("button", { name: w("disaster.confirm") }).count(), 0, "somebody else confirms");
  await picture(one.page, "disaster-1-declared");
  await accessible(one.page);

  const two = await at("kanri", "/admin/disaster");
  await two.page.getByLabel(w("sign_in.password")).first().fill(PASSWORD);
  await two.page.getByRole("button", { name: w("disaster.confirm") }).click();
  await two.page.getByRole("region", { name: w("disaster.on") }).waitFor();

  const doctor = await at("mizusawa", "/emergency");
  for (const path of ["/emergency", "/patients", "/board", "/help"]) {
    await doctor.page.goto(`${portal}${path}`);
    await doctor.page.getByRole("region", { name: w("disaster.on") }).getByText(WORDS).waitFor();
  }
  await doctor.page.goto(`${portal}/emergency`);
  await picture(doctor.page, "disaster-2-on");
  await accessible(doctor.page);

  await two.page.getByLabel(w("sign_in.password")).first().fill(PASSWORD);
  await two.page.getByRole("button", { name: w("disaster.end"), exact: true }).click();
  await two.page.getByText(w("disaster.over")).first().waitFor();
  await doctor.page.goto(`${portal}/patients`);
  assert.equal(await doctor.page.getByText(WORDS).count(), 0, "off");
  for (const each of [one, two, doctor]) {
    assert.deepEqual(each.complaints, []);
    await each.close();
  }
});

test("disaster: a clerk writes the board, and it stands beside the emergency", async () => {
  const clerk = await at("madoguchi", "/board");
  const { w } = clerk;
  await clerk.page.getByLabel(w("board.department")).fill("救急科");
  await clerk.page.getByLabel(w("board.state")).selectOption("ask");
  await clerk.page.getByLabel(w("board.words")).fill("ICU 1床");
  await clerk.page.getByRole("button", { name: w("board.write") }).click();
  await clerk.page.getByRole("rowheader", { name: "救急科" }).waitFor();

  const doctor = await at("mizusawa", "/emergency");
  await doctor.page.getByRole("link", { name: w("board.title") }).click();
  await doctor.page.getByText("ICU 1床").waitFor();
  await picture(doctor.page, "board");
  await accessible(doctor.page);
  for (const each of [clerk, doctor]) {
    assert.deepEqual(each.complaints, []);
    await each.close();
  }
});
