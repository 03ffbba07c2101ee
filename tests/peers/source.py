"""A document source of others: PyPI `oru2xds` makes an ITI-41 with MTOM/XOP of an ORU^R01.

    source.py FOLDER HOST:PORT CA CERT KEY AUTHORITY MESSAGE

It receives HL7 over MLLP, builds a CDA, sends it and reads the answer, all by its own code; the
message is sent to it by PyPI `hl7`. It speaks plain HTTP only: a hop of this script carries what it
sends to the listener over mutual TLS, byte for byte, and the answer back. Printed is the
acknowledgement that it gives to whoever sent the message.
"""

import asyncio
import http.client
import http.server
import importlib.util
import os
import ssl
import sys
import threading


def hop(address, authority, certificate, key):
    """Where plain HTTP is carried to the listener."""
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)

    class Carry(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            https = http.client.HTTPSConnection(address, context=context, timeout=60)
            https.request("POST", "/soap", body, {"Content-Type": self.headers["Content-Type"]})
            answer = https.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type", "none"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Carry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/soap"


async def main(folder, url, authority, message):
    # Its modules are written to be run from their own folder.
    package = importlib.util.find_spec("oru2xds").submodule_search_locations[0]
    sys.path.insert(0, package)
    import config

    config.SERVICE_URL = url
    config.AFFINITY_DOMAIN_ASSIGNING_AUTHORITY_OID = authority
    config.LOG_DIR_PATH = folder
    import hl7_v2x_receiver
    from hl7.mllp import open_hl7_connection, start_hl7_server

    receiver = hl7_v2x_receiver.Hl7v2x()
    server = await start_hl7_server(
        receiver.process_hl7_message, host="127.0.0.1", port=0, encoding="UTF-8"
    )
    port = server.sockets[0].getsockname()[1]
    async with server:
        reader, writer = await open_hl7_connection("127.0.0.1", port)
        with open(message, newline="", encoding="utf-8") as file:
            text = file.read().replace("\r\n", "\r").replace("\n", "\r")
        import hl7

        writer.writemessage(hl7.parse(text))
        await writer.drain()
        answer = await asyncio.wait_for(reader.readmessage(), 60)
        print(str(answer).replace("\r", "\n"))
        writer.close()


if __name__ == "__main__":
    os.environ["NO_PROXY"] = "127.0.0.1"
    folder, address, ca, certificate, key, oid, sample = sys.argv[1:]
    asyncio.run(main(folder, hop(address, ca, certificate, key), oid, sample))
