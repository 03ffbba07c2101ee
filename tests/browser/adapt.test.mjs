// The portal as readers set it up for themselves: text at twice its size, the browser's zoom,
// forced colours. On every kind of page nothing is cut off, nothing scrolls in two directions but
// tables, and nothing is said by a colour that the reader has taken away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, browser, open, picture, portal, signIn } from "./portal.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** Every kind of page, after signing in; the first line of a list is opened where there is one. */
async function eachPage(page, look, lang = "ja") {
  await page.goto(`${portal}/sign-in`);
  await look("sign-in");
  const w = await signIn(page, lang);
  await look("patients");
  await page.getByRole("link", { name: "東京 花子", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: w("section.calendar") }).waitFor();
  await look("calendar");
  const base = page.url().replace(/\/calendar.*$/, "");
  const day = page.locator("table.calendar td a:visible, .day-card h2 a:visible");
  await page.goto(new URL(await day.last().getAttribute("href"), page.url()).href);
  await look("day");
  for (const section of ["labs", "medications", "documents"]) {
    await page.goto(`${base}/${section}?view=list`);
    await look(`${section}-list`);
    await page.locator("table.lines tbody a").first().click();
    await page.locator("dl.facts").first().waitFor();
    await look(`${section}-document`);
  }
  for (const [name, choice] of [["labs", ".lab-grid tbody th a, .lab-cards li a"], ["medications", ".medicines tbody th a"]]) {
    await page.goto(`${base}/${name}`);
    const line = page.locator(choice).locator("visible=true").first();
    await page.goto(new URL(await line.getAttribute("href"), page.url()).href);
    await look(name);
  }
  for (const path of [`${base}/problems`, `${base}/summary`, `${base}/injections`, `${base}/screening`, `${base}/stays`, `${base}/images`, `${base}/notes`, `${base}/medications?view=matrix`, `${base}/sources`, `${portal}/help`, `${portal}/nothing`]) {
    await page.goto(path);
    await look(path.split("/").at(-1));
  }
  await page.context().clearCookies();
  await signIn(page, lang, "madoguchi");
  await page.goto(`${portal}/desk`);
  await look("desk");
  await page.locator("table.desk tbody a").first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await look("desk-line");
}

/** What of a page is cut off or hangs out: nothing, however large the text. */
function cutOff() {
  const root = document.documentElement;
  const found = [];
  const says = (element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 30)}`;
  if (root.scrollWidth > root.clientWidth + 1) found.push(`the page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility() || element.closest(".hidden, .skip, thead, svg, iframe, option")) continue;
    const style = getComputedStyle(element);
    if (style.display === "inline") continue;
    const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
    const wider = element.scrollWidth > element.clientWidth + 2;
    const higher = element.scrollHeight > element.clientHeight + 6;
    if (scrolls && wider && !element.querySelector("table") && !element.matches(".rail")) found.push(`scrolls: ${says(element)}`);
    const clips = /hidden|clip/.test(style.overflowX + style.overflowY);
    if (clips && (wider || higher)) found.push(`clipped: ${says(element)}`);
    if (!clips && !scrolls && higher && style.position !== "absolute" && !element.querySelector("details[open] ul")) found.push(`spills: ${says(element)} ${element.scrollHeight} > ${element.clientHeight}`);
  }
  return [...new Set(found)].slice(0, 8);
}

for (const [name, setting] of [
  ["text at 200 percent on a desk", { width: 1280, height: 800, text: 2 }],
  ["text at 200 percent on a tablet", { width: 768, height: 1024, text: 2 }],
  ["zoom of 200 percent", { width: 640, height: 400 }],
  ["zoom of 400 percent", { width: 320, height: 400 }],
]) {
  test(`adapt: ${name}`, async () => {
    const { page, complaints, close } = await open(chromium, setting);
    const found = [];
    await eachPage(page, async (where) => {
      await picture(page, `adapt-${name.replaceAll(" ", "-")}-${where}`);
      for (const what of await page.evaluate(cutOff)) found.push(`${where}: ${what}`);
      await accessible(page, `${name}: ${where}`);
    });
    assert.deepEqual(found, []);
    assert.deepEqual(complaints.filter((complaint) => !complaint.endsWith("/nothing")), []);
    await close();
  });
}

/** What forced colours take away: nothing that says something may be one with its ground. */
function lost() {
  const found = [];
  const says = (element) => `${element.tagName}.${element.getAttribute("class")}`;
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  const ground = getComputedStyle(document.body).backgroundColor;
  for (const shape of shown("svg.shape, svg.state-mark")) {
    const style = getComputedStyle(shape);
    const painted = shape.matches(".shape--old") ? style.stroke : shape.matches(".shape") ? style.fill : style.color;
    if (painted === ground || painted === "none") found.push(`not seen: ${says(shape)}`);
  }
  // Borders stand where a tint has gone.
  for (const box of shown(".chip, .gap-line, td.has, .lab--H .lab__v, .lab--L .lab__v, .lab--X .lab__v, .button, .field")) {
    const style = getComputedStyle(box);
    if (parseFloat(style.borderTopWidth) === 0 || style.borderTopColor === ground) found.push(`no edge: ${says(box)}`);
  }
  for (const current of shown("[aria-current]")) {
    const style = getComputedStyle(current);
    const told = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
    if (!told && parseFloat(style.borderTopWidth) === 0) found.push(`which one is current is not told: ${says(current)}`);
  }
  return [...new Set(found)].slice(0, 8);
}

// With the runs above, every two of language, width, size of text and colours stand together once.
for (const [name, lang, setting] of [
  ["in English on a desk", "en", { width: 1280, height: 800 }],
  ["on a tablet", "ja", { width: 768, height: 1024 }],
  ["in English on a tablet with large text and forced colours", "en", { width: 768, height: 1024, text: 2, forcedColors: "active" }],
]) {
  test(`adapt: ${name}`, async () => {
    const { page, complaints, close } = await open(chromium, setting);
    const found = [];
    const look = async (where) => {
      await picture(page, `adapt-${name.replaceAll(" ", "-")}-${where}`);
      for (const what of await page.evaluate(cutOff)) found.push(`${where}: ${what}`);
      await accessible(page, `${name}: ${where}`);
    };
    await eachPage(page, look, lang);
    assert.deepEqual(found, []);
    assert.deepEqual(complaints.filter((complaint) => !complaint.endsWith("/nothing")), []);
    await close();
  });
}

test("adapt: forced colours", async () => {
  const { page, complaints, close } = await open(chromium, { width: 1280, height: 800, forcedColors: "active" });
  const found = [];
  await eachPage(page, async (where) => {
    await picture(page, `adapt-forced-colours-${where}`);
    for (const what of await page.evaluate(lost)) found.push(`${where}: ${what}`);
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    if (ring === "none") found.push(`${where}: what has the focus is not told`);
    await accessible(page, `forced colours: ${where}`);
  });
  assert.deepEqual(found, []);
  assert.deepEqual(complaints.filter((complaint) => !complaint.endsWith("/nothing")), []);
  await close();
});
