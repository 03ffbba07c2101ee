// An identity provider of others for the tests of sign-in: npm `oidc-provider`, with its own pages for
// development, over TLS; and a browser without a face that signs in there.
//
//   node identity.mjs PACKAGES CERT KEY CA BACK
//
// PACKAGES is the folder in which it is installed, BACK the portal's address to come back to. The first line
// printed is the issuer. Then each line of the input is a name and an address of the provider, with a space
// between: whoever has that name signs in there, and the address that the browser is sent back to is printed.

import { readFileSync } from "node:fs";
import { createServer, Agent, request } from "node:https";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { generateKeyPairSync } from "node:crypto";

// What it says of itself is no answer of ours.
console.info = console.error;
const [packages, cert, key, ca, back] = process.argv.slice(2);
const { Provider } = createRequire(`${packages}/`)("oidc-provider");

const jwk = (type, options, more) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), use: "sig", ...more });
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `https://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    { client_id: "tasuki & co", client_secret: "a secret: with/signs?", redirect_uris: [back], response_types: ["code"], grant_types: ["authorization_code"] },
  ],
  jwks: { keys: [jwk("rsa", { modulusLength: 2048 }, { kid: "one", alg: "RS256" })] },
  cookies: { keys: ["a key of a test"] },
  // Whoever signs in as somebody strong has shown two factors.
  claims: { openid: ["sub", "amr"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  conformIdTokenClaims: false,
  // A portal at a loopback address has no TLS of its own.
  clientBasedCORS: () => false,
  pkce: { required: () => true },
});
const finished = provider.interactionFinished.bind(provider);
provider.interactionFinished = (request, response, result, more) => {
  const { login } = result;
  if (login) login.amr = login.accountId.startsWith("strong") ? ["pwd", "otp"] : ["pwd"];
  return finished(request, response, result, more);
};
server.on("request", provider.callback());
console.log(issuer);

const agent = new Agent({ ca: readFileSync(ca), keepAlive: false });

/** One request; its status, address to go on to, and text. */
function ask(address, jar, form) {
  return new Promise((done, failed) => {
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
    if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
    const sent = request(address, { agent, method: form === undefined ? "GET" : "POST", headers }, (answer) => {
      for (const cookie of answer.headers["set-cookie"] ?? []) {
        const [pair] = cookie.split(";");
        const at = pair.indexOf("=");
        jar.set(pair.slice(0, at), pair.slice(at + 1));
      }
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => done({ status: answer.statusCode, to: answer.headers.location, text }));
    });
    sent.on("error", failed);
    sent.end(form);
  });
}

/** Follows the provider's pages as somebody who types a name and agrees; where the browser is sent at last. */
async function signIn(name, address) {
  const jar = new Map();
  let [at, form] = [address, undefined];
  for (let steps = 0; steps < 12; steps += 1) {
    const answer = await ask(at, jar, form);
    form = undefined;
    if (answer.to !== undefined) {
      at = new URL(answer.to, at).href;
      if (!at.startsWith(issuer)) return at;
      continue;
    }
    const action = answer.text.match(/<form[^>]*action="([^"]+)"/)?.[1];
    const prompt = answer.text.match(/name="prompt" value="([^"]+)"/)?.[1];
    if (action === undefined || prompt === undefined) return `stopped: ${answer.status} ${answer.text.slice(0, 300).replaceAll("\n", " ")}`;
    at = new URL(action, at).href;
    form = new URLSearchParams(prompt === "login" ? { prompt, login: name, password: "x" } : { prompt }).toString();
  }
  return "stopped: too many steps";
}

for await (const line of createInterface({ input: process.stdin })) {
  const at = line.indexOf(" ");
  console.log(await signIn(line.slice(0, at), line.slice(at + 1)));
}
process.exit(0);
