// What `cargo xtask bench chart` measures in a browser: how the chart of a person with very many
// documents shows itself while other communities still answer. Layout shift and largest contentful
// paint are those of the browser's own observers; bytes are those that came over the wire.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const { TASUKI_PORTAL: portal, TASUKI_PATIENT: patient } = process.env;
assert.ok(portal && patient, "TASUKI_PORTAL and TASUKI_PATIENT are set by cargo xtask bench chart");

const started = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const context = await started.newContext({ viewport: { width: 1440, height: 900 }, locale: "ja-JP" });
const page = await context.newPage();
await page.addInitScript(() => {
  globalThis.seen = { shift: 0, paint: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.seen.paint = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
});
const session = await context.newCDPSession(page);
await session.send("Network.enable");
const kinds = new Map();
let bytes = { document: 0, script: 0, all: 0 };
session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
  const kind = kinds.get(requestId);
  bytes.all += encodedDataLength;
  if (kind === "Document") bytes.document += encodedDataLength;
  if (kind === "Script") bytes.script += encodedDataLength;
});

await page.goto(`${portal}/sign-in`);
await page.locator("input[name=name]").fill("mizusawa");
await page.locator("input[name=password]").fill("tasuki-demo-2026");
await page.locator("form button").last().click();
await page.waitForURL(/patients/);
await page.goto(`${portal}/patients?id=${patient}`);
const calendar = await page.locator('a[href$="/calendar"]').first().getAttribute("href");

for (const name of ["calendar?ask=again", "labs", "medications"]) {
  bytes = { document: 0, script: 0, all: 0 };
  const target = new URL(calendar.replace(/calendar$/, name), portal).href;
  // Assets of a chart are counted too: nothing comes from the cache of the pages before.
  await session.send("Network.clearBrowserCache");
  await page.goto(target, { waitUntil: "load" });
  const first = bytes.document;
  await page.waitForFunction(() => !document.querySelector("[data-arrival]"), null, { timeout: 60_000 });
  const { shift, paint } = await page.evaluate(() => globalThis.seen);
  console.log(
    `${name.padEnd(20)} chromium: largest contentful paint ${paint.toFixed(0)} ms, layout shift ${shift.toFixed(4)}, ` +
      `page ${first} bytes, script ${bytes.script} bytes, all ${bytes.all} bytes`,
  );
}
await started.close();
