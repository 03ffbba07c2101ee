// Guesses at passwords from many addresses of the loopback network, so many a second by the clock, and people
// who sign in meanwhile from addresses of their own: by browsers that nobody knows, and by ones from which they
// have signed in before. For `cargo xtask bench signin`.
//
//   node guesses.mjs HOST PORT GUESSES_A_SECOND SECONDS NAME PASSWORD
import { Agent, request } from "node:http";

const [host, port, rate, seconds, name, password] = process.argv.slice(2);
const agent = new Agent({ keepAlive: false, maxSockets: 4096 });

function signIn(from, name, password, cookie) {
  const form = new URLSearchParams({ name, password }).toString();
  const began = performance.now();
  return new Promise((done) => {
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": form.length, "sec-fetch-site": "same-origin" };
    if (cookie) headers.cookie = cookie;
    const sent = request({ host, port, path: "/sign-in", method: "POST", localAddress: from, agent, headers, timeout: 60_000 }, (answer) => {
      answer.resume();
      const set = (answer.headers["set-cookie"] ?? []).find((one) => one.startsWith("__Host-tasuki-browser="));
      answer.on("end", () => done([answer.statusCode, performance.now() - began, set?.split(";")[0]]));
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => done(["none", performance.now() - began]));
    sent.end(form);
  });
}

function spread(times) {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`;
}

/** Browsers from which the user has signed in before: their cookies, one after another. */
const browsers = [];

async function known() {
  for (let n = 0; n < 10; n += 1) browsers.push((await signIn("127.0.0.1", name, password))[2]);
  if (browsers.some((cookie) => !cookie)) throw new Error("a sign-in that left no cookie of its browser");
}

/** Signs in twice a second from new addresses while `around` goes on, by browsers of both kinds; how long each took. */
async function people(label, around) {
  const kinds = { known: { times: [], failed: new Map() }, unknown: { times: [], failed: new Map() } };
  const note = (kind, [status, took]) => {
    if (status === 303) kinds[kind].times.push(took);
    else kinds[kind].failed.set(status, (kinds[kind].failed.get(status) ?? 0) + 1);
  };
  let on = true;
  const ended = around().then((told) => ((on = false), told));
  const all = [];
  for (let n = 1; on; n += 1) {
    const from = (net) => `127.${net}.${Math.floor(n / 250)}.${(n % 250) + 1}`;
    all.push(signIn(from(1), name, password).then((answer) => note("unknown", answer)));
    await new Promise((next) => setTimeout(next, 250));
    const cookie = browsers.shift();
    if (cookie) {
      const answered = signIn(from(2), name, password, cookie).then((answer) => {
        note("known", answer);
        browsers.push(answer[2] ?? cookie);
      });
      all.push(answered);
    }
    await new Promise((next) => setTimeout(next, 250));
  }
  const told = await ended;
  await Promise.all(all);
  const line = ({ times, failed }) => `${spread(times)} of ${times.length}${failed.size ? `, not signed in ${JSON.stringify([...failed])}` : ""}`;
  console.log(`${label}: known browsers ${line(kinds.known)}; unknown browsers ${line(kinds.unknown)}${told}`);
}

/** Guesses by the clock: for many names from `addresses` addresses. */
async function guesses(addresses) {
  const total = Number(rate) * Number(seconds);
  const answers = new Map();
  const all = [];
  const began = performance.now();
  for (let n = 0; n < total; n += 1) {
    const from = `127.0.${1 + Math.floor((n % addresses) / 250)}.${((n % addresses) % 250) + 1}`;
    all.push(signIn(from, n % 2 ? name : `nobody${n}`, "a-wrong-guess").then(([status]) => answers.set(status, (answers.get(status) ?? 0) + 1)));
    const wait = began + (n * 1000) / Number(rate) - performance.now();
    if (wait > 1) await new Promise((next) => setTimeout(next, wait));
  }
  await Promise.race([Promise.all(all), new Promise((next) => setTimeout(next, 20_000))]);
  return `; guesses answered ${JSON.stringify(Object.fromEntries(answers))} of ${total}`;
}

await known();
await people("nobody guesses", () => new Promise((done) => setTimeout(() => done(""), 10_000)));
await people(`${rate} guesses a second from one address`, () => guesses(1));
await people(`${rate} guesses a second from 1,000 addresses`, () => guesses(1000));
process.exit(0);
