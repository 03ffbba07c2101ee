// What comes out of the printer: the chart of somebody whom one hospital does not disclose,
// printed to PDF by the browser, says nothing of that hospital's records.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { artefacts, browser, open, portal, signIn, storages } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** The hospital that keeps its records to itself, and who works there. */
const SILENT = { code: "1313456789", staff: ["東野", "雲井", "木場 剛", "辰巳"] };

test("print: nothing of an undisclosed facility", async () => {
  const { people } = JSON.parse(await readFile(join(storages, "people.json"), "utf8"));
  const person = people.find(({ planted }) => planted === "died");
  const hidden = person.registrations.find(({ facility }) => facility === SILENT.code).id;
  const disclosed = await readFile(join(storages, "disclosed.csv"), "utf8");
  assert.ok(!disclosed.includes(`${SILENT.code}:${hidden}`), "the test needs somebody undisclosed");

  const { page, close } = await open(chromium, { width: 1280, height: 800 });
  const w = await signIn(page, "ja");
  await page.goto(`${portal}/patients?birth=${person.birth}`);
  await page.getByRole("link", { name: w("patients.open"), exact: false }).first().click();
  await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
  const chart = page.url().replace(/\/calendar.*$/, "");
  let said = "";
  for (const path of ["calendar?reach=5y", "calendar?view=list", "labs", "medications", "problems", "documents", "sources"]) {
    await page.goto(`${chart}/${path}`);
    said += await printed(page, `print-${path.replace(/\W/g, "-")}`);
  }
  assert.ok(said.includes(person.family) || said.includes("渡邊"), "the print names the patient");
  assert.ok(said.includes("架空総合"), "the print names its sources");
  for (const word of [hidden, ...SILENT.staff]) {
    assert.ok(!said.includes(word) && !said.replace(/\s/g, "").includes(word.replace(/\s/g, "")), `${word} is printed`);
  }
  // Its name stands in lists of the network's members, never as a source of records.
  assert.ok(!said.includes("東雲記念病院"), "an undisclosed facility is named");
  await close();
});

/** The text of a page as the printer gets it. */
async function printed(page, name) {
  const path = join(artefacts, `${name}.pdf`);
  await page.pdf({ path, format: "A4" });
  return execFileSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
}
