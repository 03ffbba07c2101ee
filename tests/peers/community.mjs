// A community that is not Tasuki: it answers over mutual TLS with what others' systems were recorded to
// answer, and understands nothing.
//
//   node community.mjs CA CERT KEY SAMPLES PAIRS
//
// SAMPLES is a folder of recorded answers. PAIRS is a JSON list of [text, text]: what is put in the place
// of what in them, so that recordings of several occasions speak of one patient and one document. Only
// the message that an answer relates to is always put in. It prints its port, and then the action of each
// request that it has answered. It ends with its standard input.

import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [ca, cert, key, samples, pairs] = process.argv.slice(2);
const RECORDED = {
  "urn:hl7-org:v3:PRPA_IN201301UV02": "ITI-44_response_raw.xml",
  "urn:hl7-org:v3:PRPA_IN201302UV02": "ITI-44_response_raw.xml",
  "urn:hl7-org:v3:PRPA_IN201309UV02": "ITI-45_response_raw.xml",
  "urn:ihe:iti:2007:CrossGatewayQuery": "ITI-18_response_raw.xml",
  "urn:ihe:iti:2007:CrossGatewayRetrieve": "ITI-43_response_raw.xml",
};
/** The content of the one document. */
const CONTENT = "%PDF-1.4 recorded";

function recorded(action, id) {
  let text = readFileSync(`${samples}/${RECORDED[action]}`, "utf8");
  for (const [from, to] of JSON.parse(pairs)) text = text.replaceAll(from, to);
  return text.replace(/(<wsa:RelatesTo[^>]*>)[^<]*/, `$1${id}`);
}

/** The answer as its maker sends it: with a part where it refers to one. */
function framed(text) {
  const part = text.match(/href="cid:([^"]*)"/)?.[1];
  if (part === undefined) return ["application/soap+xml; charset=UTF-8", text];
  const head = (id, type) =>
    `--uuid:b\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>\r\n\r\n`;
  const root = head("root@apache.org", 'application/xop+xml; charset=UTF-8; type="application/soap+xml"');
  const body = `${root}${text}\r\n${head(part, "application/octet-stream")}${CONTENT}\r\n--uuid:b--\r\n`;
  const type =
    'multipart/related; type="application/xop+xml"; boundary="uuid:b"; ' +
    'start="<root@apache.org>"; start-info="application/soap+xml"';
  return [type, body];
}

const options = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
const server = createServer({ ...options, requestCert: true }, (request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    const text = Buffer.concat(pieces).toString("utf8");
    const of = (name) => text.match(new RegExp(`<[a-z]*:?${name}[^>]*>([^<]*)<`))?.[1];
    const action = of("Action");
    if (RECORDED[action] === undefined) {
      response.writeHead(500).end();
      return;
    }
    const [type, body] = framed(recorded(action, of("MessageID")));
    response.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
    response.end(body);
    console.log(action);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
