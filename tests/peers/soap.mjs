// A SOAP client of others for the tests of the listener: npm `soap`, from the published WSDLs.
//
//   node soap.mjs PACKAGES HOST:PORT CA CERT KEY < calls
//
// PACKAGES is the folder in which it is installed. Each line of the input is a call: WSDL, wsa:Action and
// the element of the body, with tabs between. Printed is, a line for each, the name of the operation and
// the status that the client has read out of the answer, or why there is none.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";

const [packages, address, ca, cert, key] = process.argv.slice(2);
const soap = createRequire(`${packages}/`)("soap");
const ADDRESSING = "http://www.w3.org/2005/08/addressing";

/** The value of `status`, wherever the client has put it. */
function status(value) {
  if (value === null || typeof value !== "object") return undefined;
  const own = value.attributes?.status;
  if (typeof own === "string") return own.split(":").pop();
  return Object.values(value).map(status).find((found) => found !== undefined);
}

async function call(wsdl, action, body) {
  const client = await soap.createClientAsync(wsdl, {
    endpoint: `https://${address}/soap`,
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
  console.log(operation, status(answer) ?? "no status");
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [wsdl, action, body] = line.split("\t");
  try {
    await call(wsdl, action, body);
  } catch (error) {
    console.log("failed", String(error.message).slice(0, 300).replaceAll("\n", " "));
  }
}
