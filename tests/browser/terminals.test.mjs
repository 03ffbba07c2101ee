// A terminal's certificate in a real browser: Chromium with an NSS database of its own, into which the file is
// imported as a person would, at a node of the test's own that asks for it.
//
// TASUKI_BINARY is the node's program; `cargo xtask test browser` sets it. Which certificate Chromium shows is
// chosen by its policy AutoSelectCertificateForUrls, for a headless browser asks nobody.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, accessiblePlain, browser, chromiumAt, open, picture, portal as demo, signIn as signInAt, words } from "./portal.mjs";

const PASSWORD = "tasuki-demo-2026";
const POLICY = "/etc/chromium/policies/managed/tasuki-terminals-test.json";
const CODE = "1311234567";
const binary = process.env.TASUKI_BINARY ?? assert.fail("TASUKI_BINARY is set by cargo xtask test browser");

let folder;
let node;
let portal;

const run = (program, args) => execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
/** The policy's folder belongs to root. */
const byRoot = (command, input) => {
  const [program, ...args] = process.getuid() === 0 ? command : ["sudo", "-n", ...command];
  execFileSync(program, args, { input, stdio: ["pipe", "ignore", "inherit"] });
};
const tasuki = (...args) => run(binary, [...args, "--data", join(folder, "data")]);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tasuki-terminals-"));
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  run("openssl", ["req", "-x509", ...key, "-keyout", "portal.key", "-out", "portal.pem", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
  tasuki("init", "--portal", "127.0.0.1:0", "--health", "127.0.0.1:0");
  const config = join(folder, "data/tasuki.toml");
  const lines = `[portal]\ncertificate_file = "${join(folder, "portal.pem")}"\nprivate_key_file = "${join(folder, "portal.key")}"\nterminals = "required"\n`;
  const written = (await readFile(config, "utf8")).replace(/^terminal_days = .*\n/m, "").replace("[portal]\n", `${lines}terminal_days = 25\n`);
  await writeFile(config, written);
  tasuki("facility", "add", CODE, "--name", "東都病院");
  await writeFile(join(folder, "password"), PASSWORD);
  for (const [name, role] of [["shisetsu", "facility-administrator"], ["mizusawa", "physician"]]) {
    tasuki("user", "add", name, "--role", role, "--facility", CODE, "--person", name, "--unchecked", "--password-file", join(folder, "password"));
  }
  node = spawn(binary, ["serve", "--data", join(folder, "data")], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await new Promise((resolve) => createInterface({ input: node.stdout }).once("line", (...told) => resolve(told)));
  portal = line.trim().replace(/\/$/, "").replace("127.0.0.1", "localhost");
  byRoot(["mkdir", "-p", dirname(POLICY)]);
  const choice = JSON.stringify({ pattern: portal, filter: { ISSUER: { CN: "Tasuki terminals" } } });
  byRoot(["tee", POLICY], JSON.stringify({ AutoSelectCertificateForUrls: [choice] }));
});

after(async () => {
  if (node?.kill()) await once(node, "exit");
  byRoot(["rm", "-f", POLICY]);
  await rm(folder, { recursive: true, force: true });
});

/** A browser of a new person: a home of its own, whose database trusts the portal's certificate. */
async function person(name) {
  const home = join(folder, `home-${name}`);
  const database = join(home, ".pki/nssdb");
  await mkdir(database, { recursive: true });
  run("certutil", ["-N", "-d", `sql:${database}`, "--empty-password"]);
  run("certutil", ["-A", "-d", `sql:${database}`, "-n", "portal", "-t", "CP,,", "-i", "portal.pem"]);
  let context;
  return {
    /** Starts, or starts again: a browser reads its database when it starts. */
    open: async () => {
      await context?.close();
      context = await chromiumAt(home);
      return context.pages()[0] ?? context.newPage();
    },
    /** Imports a file as its system would. */
    take: (file, passphrase) => run("pk12util", ["-i", file, "-d", `sql:${database}`, "-W", passphrase]),
    close: () => context?.close(),
  };
}

async function signIn(page, name) {
  const w = await words("ja");
  await page.goto(`${portal}/sign-in`);
  await page.getByLabel(w("sign_in.name")).fill(name);
  await page.getByLabel(w("sign_in.password")).fill(PASSWORD);
  await page.getByRole("button", { name: w("sign_in.go") }).click();
  await page.getByRole("button", { name: w("common.sign_out") }).waitFor();
}

test("terminals: without a certificate a page says what to do; with one, the work begins; revoked, it ends", async () => {
  const w = await words("ja");
  const [id, passphrase] = tasuki("terminal", "add", "office", "--facility", CODE, "--out", join(folder, "office.p12")).trim().split(" ");
  assert.ok(id && passphrase);
  const office = await person("office");
  office.take("office.p12", passphrase);
  const admin = await office.open();
  await signIn(admin, "shisetsu");
  await admin.goto(`${portal}/admin/terminals`);
  await picture(admin, "terminals-1-list");
  await accessible(admin, "terminals");
  await admin.getByText(w("terminals.ending").replace("{count:int}", "1").replace("{days:int}", "30")).waitFor();
  await admin.getByLabel(w("terminals.name"), { exact: true }).fill("3階病棟");
  await admin.getByLabel(w("terminals.place"), { exact: true }).fill("3階");
  await admin.getByRole("button", { name: w("terminals.add_go") }).click();
  const [code, secret] = await admin.locator("code").allInnerTexts();
  await picture(admin, "terminals-2-code");
  await accessible(admin, "a terminal with its code");

  const ward = await person("ward");
  let page = await ward.open();
  const refused = await page.goto(`${portal}/sign-in`);
  assert.equal(refused.status(), 403);
  await page.getByText("TRM-001").waitFor();
  await picture(page, "terminals-3-without");
  assert.equal((await page.goto(`${portal}/public`)).status(), 200);
  await page.goto(`${portal}/terminal`);
  await accessible(page, "the page of a terminal");
  await picture(page, "terminals-4-take");
  await page.getByLabel(w("terminals.code")).fill(code);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: w("terminal.take") }).click()]);
  await download.saveAs(join(folder, "ward.p12"));
  ward.take("ward.p12", secret);

  page = await ward.open();
  await signIn(page, "mizusawa");
  await page.goto(`${portal}/terminal`);
  await page.getByRole("button", { name: w("terminal.renew"), exact: true }).waitFor();
  await picture(page, "terminals-5-renew");
  await page.goto(`${portal}/patients`);
  await admin.goto(`${portal}/admin/terminals`);
  await admin.getByRole("link", { name: "3階病棟" }).click();
  await admin.getByRole("button", { name: w("terminals.revoke_go") }).click();
  await admin.getByText(w("terminals.done_revoked")).waitFor();
  await picture(admin, "terminals-6-revoked");
  const ended = await page.goto(`${portal}/patients`);
  assert.equal(ended.status(), 403);
  await page.getByText("TRM-002").waitFor();
  await picture(page, "terminals-7-ended");
  await ward.close();
  await office.close();
});

// Where terminals are not asked for their certificates (the demo listens on loopback) they are kept all the same.
for (const [lang, script, width, height] of [["ja", true, 1280, 800], ["en", false, 768, 1024]]) {
  test(`terminals: enrolled, taken and revoked where none is asked for, ${lang}-${width}`, async () => {
    const check = script ? accessible : accessiblePlain;
    const chromium = await browser();
    const { page, complaints, close } = await open(chromium, { width, height, script });
    const w = await signInAt(page, lang, "shisetsu");
    await page.goto(`${demo}/admin/terminals`);
    const names = ["A", "B"].map((letter) => `${lang}-${letter}-${process.pid}`);
    await page.locator("textarea[name=list]").fill(`${names[0]},1F,mizusawa\n${names[1]}\n,3F`);
    await page.getByRole("button", { name: w("users.import_go") }).click();
    await page.getByText("TRM-009").waitFor();
    assert.equal(await page.locator("code").count(), 0, "the demo's decisions need two");
    await picture(page, `terminals-${lang}-1-list`);
    await check(page, "terminals");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth).catch(() => false);
    assert.ok(!wide, "nothing runs out of the page");
    await page.getByRole("link", { name: names[0], exact: true }).click();
    const second = await open(chromium, { width, height, script });
    await signInAt(second.page, lang, "shisetsu2");
    await second.page.goto(page.url());
    await second.page.getByRole("button", { name: w("terminals.approve_go") }).click();
    const code = await second.page.locator("code").first().innerText();
    await picture(second.page, `terminals-${lang}-2-approved`);
    await check(second.page, "a terminal with its code");
    assert.deepEqual(second.complaints, []);
    await second.close();
    await page.goto(`${demo}/terminal`);
    await picture(page, `terminals-${lang}-3-take`);
    await check(page, "the page of a terminal");
    for (const [shown, taken] of [["0000", false], [code, true]]) {
      await page.getByLabel(w("terminals.code")).fill(shown);
      const download = taken ? page.waitForEvent("download") : page.getByText("TRM-004").waitFor();
      await Promise.all([download, page.getByRole("button", { name: w("terminal.take") }).click()]);
    }
    await page.goto(`${demo}/admin/terminals`);
    await page.getByRole("link", { name: names[0], exact: true }).click();
    await page.getByRole("button", { name: w("terminals.revoke_go") }).click();
    await page.getByText(w("terminals.done_revoked")).waitFor();
    await picture(page, `terminals-${lang}-4-revoked`);
    // A refused form is a page with its status; that is what the browser tells of it.
    assert.deepEqual(complaints.filter((told) => !told.includes("422")), []);
    await close();
    await chromium.close();
  });
}
