// A SOAP client of others for the tests of the listener: npm `soap`, from the published WSDLs.
//
//   node soap.mjs PACKAGES HOST:PORT CA CERT KEY < calls
//
// PACKAGES is the folder in which it is installed. Each line of the input is a call: WSDL, path, wsa:Action
// and the element of the body, or @ and the file of a recorded message, with tabs between. Printed is, a
// line for each, the name of the operation and what the client has read out of the answer: a status, the
// interaction of an HL7 v3 message, or Fault.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";

const [packages, address, ca, cert, key] = process.argv.slice(2);
const soap = createRequire(`${packages}/`)("soap");
const ADDRESSING = "http://www.w3.org/2005/08/addressing";

/** The status or the interaction, wherever the client has put it. */
function said(value) {
  if (value === null || typeof value !== "object") return undefined;
  const own = value.attributes?.status ?? value.interactionId?.attributes?.extension;
  if (typeof own === "string") return own.split(":").pop();
  return Object.values(value).map(said).find((found) => found !== undefined);
}

/** The element of the body of a recorded message, or the message where it has no envelope. */
function recorded(file) {
  const text = readFileSync(file, "utf8").replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, "");
  return text.match(/<(?:[^\s<>/]+:)?Body[^>]*>([\s\S]*)<\/(?:[^\s<>/]+:)?Body>/)?.[1] ?? text;
}

async function call(wsdl, path, action, body) {
  const client = await soap.createClientAsync(wsdl, {
    endpoint: `https://${address}${path}`,
    forceSoap12Headers: true,
    attributesKey: "attributes",
    normalizeNames: true,
  });
  client.setSecurity(new soap.ClientSSLSecurity(key, cert, readFileSync(ca)));
  client.addSoapHeader(
    `<a:Action xmlns:a="${ADDRESSING}">${action}</a:Action>` +
      `<a:MessageID xmlns:a="${ADDRESSING}">urn:uuid:${randomUUID()}</a:MessageID>`,
  );
  const service = Object.values(Object.values(client.describe())[0])[0];
  const operation = Object.keys(service)[0];
  // What no identifier can hold is written as an underscore in its methods.
  const method = operation.replaceAll(/[^a-zA-Z$_0-9]/g, "_");
  const [answer] = await client[`${method}Async`]({ _xml: body });
  console.log(operation, said(answer) ?? "nothing");
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [wsdl, path, action, body] = line.split("\t");
  try {
    await call(wsdl, path, action, body.startsWith("@") ? recorded(body.slice(1)) : body);
  } catch (error) {
    // What the client has read as a fault has its parts.
    const what = error.root?.Envelope?.Body?.Fault === undefined ? "failed" : "call Fault";
    console.log(what, String(error.message).slice(0, 300).replaceAll("\n", " "));
  }
}
