// Guesses at passwords from many addresses of the loopback network, so many a second by the clock, and people
// who sign in meanwhile from addresses of their own. For `cargo xtask bench signin`.
//
//   node guesses.mjs HOST PORT GUESSES_A_SECOND SECONDS NAME PASSWORD
import { Agent, request } from "node:http";

const [host, port, rate, seconds, name, password] = process.argv.slice(2);
const agent = new Agent({ keepAlive: false, maxSockets: 4096 });

function signIn(from, name, password) {
  const form = new URLSearchParams({ name, password }).toString();
  const began = performance.now();
  return new Promise((done) => {
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": form.length, "sec-fetch-site": "same-origin" };
    const sent = request({ host, port, path: "/sign-in", method: "POST", localAddress: from, agent, headers, timeout: 60_000 }, (answer) => {
      answer.resume();
      answer.on("end", () => done([answer.statusCode, performance.now() - began]));
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

/** Signs in twice a second from new addresses while `around` goes on; how long each took. */
async function people(label, around) {
  const times = [];
  const failed = new Map();
  let on = true;
  const ended = around().then((told) => ((on = false), told));
  const all = [];
  for (let n = 1; on; n += 1) {
    all.push(
      signIn(`127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`, name, password).then(([status, took]) => {
        if (status === 303) times.push(took);
        else failed.set(status, (failed.get(status) ?? 0) + 1);
      }),
    );
    await new Promise((next) => setTimeout(next, 500));
  }
  const told = await ended;
  await Promise.all(all);
  console.log(`${label}: ${spread(times)} of ${times.length}${failed.size ? `, not signed in ${JSON.stringify([...failed])}` : ""}${told}`);
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

await people("nobody guesses", () => new Promise((done) => setTimeout(() => done(""), 10_000)));
await people(`${rate} guesses a second from one address`, () => guesses(1));
await people(`${rate} guesses a second from 1,000 addresses`, () => guesses(1000));
process.exit(0);
