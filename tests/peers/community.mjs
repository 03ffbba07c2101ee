// A community that is not Tasuki: it answers over mutual TLS with what others' systems were recorded to
// answer, and understands nothing.
//
//   node community.mjs CA CERT KEY SAMPLES PAIRS MOOD
//
// SAMPLES is the folder of recorded answers of several systems. PAIRS is a JSON list of [text, text]: what is put in the place
// of what in them, so that recordings of several occasions speak of one patient and one document. Only
// the message that an answer relates to is always put in. MOOD is what is wrong with it: nothing (`well`),
// no SOAP in answer to a query (`garbage`), a connection that ends in the middle of a document (`drop`), a
// document that nobody asked for (`stranger`), other bytes than the entry describes (`altered`). It prints its port, and then the action of each
// request that it has answered. It ends with its standard input.

import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [ca, cert, key, samples, pairs, mood] = process.argv.slice(2);
const QUERY = "urn:ihe:iti:2007:CrossGatewayQuery";
const RETRIEVE = "urn:ihe:iti:2007:CrossGatewayRetrieve";
const EPD = "epd-by-example/samples";
const IPF = "ipf/hl7v3/platform-camel/ihe/hl7v3/src/test/resources";
const RECORDED = {
  "urn:hl7-org:v3:PRPA_IN201301UV02": `${EPD}/ITI-44_response_raw.xml`,
  "urn:hl7-org:v3:PRPA_IN201302UV02": `${EPD}/ITI-44_response_raw.xml`,
  "urn:hl7-org:v3:PRPA_IN201309UV02": `${EPD}/ITI-45_response_raw.xml`,
  "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery": `${IPF}/iti55/iti55-sample-response.xml`,
  [QUERY]: `${EPD}/ITI-18_response_raw.xml`,
  [RETRIEVE]: `${EPD}/ITI-43_response_raw.xml`,
};
const SOAP = "http://www.w3.org/2003/05/soap-envelope";
const ADDRESSING = "http://www.w3.org/2005/08/addressing";
/** The content of the one document. */
const ANOTHER =
  '<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><id root="1.2.3" extension="SOMEBODY"/></patientRole></recordTarget></ClinicalDocument>';
const CONTENT = { altered: "%PDF-1.4 mistaken", another: ANOTHER }[mood] ?? "%PDF-1.4 recorded";

/** A recording of the body alone, in an envelope of its own. */
function enveloped(text) {
  if (text.includes("Envelope")) return text;
  const body = text.replace(/^\s*<\?[\s\S]*?\?>/, "");
  const headers = `<wsa:Action>urn:answer</wsa:Action><wsa:RelatesTo>-</wsa:RelatesTo>`;
  const header = `<s:Header xmlns:wsa="${ADDRESSING}">${headers}</s:Header>`;
  return `<s:Envelope xmlns:s="${SOAP}">${header}<s:Body>${body}</s:Body></s:Envelope>`;
}

function recorded(action, id) {
  let text = enveloped(readFileSync(`${samples}/${RECORDED[action]}`, "utf8"));
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
    let answer = recorded(action, of("MessageID"));
    if (mood === "stranger" && action === RETRIEVE) {
      answer = answer.replace(/(DocumentUniqueId>)[^<]*/, "$12.25.404");
    }
    const garbage = mood === "garbage" && action === QUERY;
    const [type, body] = garbage ? ["text/html", "<html>busy"] : framed(answer);
    const bytes = Buffer.from(body, "utf8");
    response.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length });
    console.log(action);
    if (mood === "drop" && action === RETRIEVE) {
      response.write(bytes.subarray(0, bytes.length - 30), () => response.destroy());
    } else {
      response.end(bytes);
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
