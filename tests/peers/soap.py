"""Third-party SOAP for the tests of the listener: zeep, and the plain HTTP of the standard library.

    soap.py query HOST:PORT CA CERT KEY WSDL QUERY-ID PATIENT   zeep: a stored query (ITI-18)
    soap.py calls HOST:PORT CA CERT KEY < calls                 zeep: each line is WSDL, path, action
                                                                and body, with tabs between (@FILE is
                                                                the body of a recorded message);
                                                                printed is what zeep has read
    soap.py post  HOST:PORT CA CERT KEY CONTENT-TYPE < body     prints status, type, body
    soap.py file  HOST:PORT CA CERT KEY CONTENT-TYPE FILE       the same with the body of a file
    soap.py large HOST:PORT CA CERT KEY MIB ENVELOPE            an MTOM message with one part of so
                                                                many MiB, sent as it is made
    soap.py fetch HOST:PORT CA CERT KEY MIB ENVELOPE            the same out: SHA-1 of so many MiB of
                                                                the first part of the answer
    soap.py stall HOST:PORT CA CERT KEY HEADER                  a body of which half comes; then waits
    soap.py peer CERT KEY HOW                                   prints its port, answers one request:
                                                                garbage | drop | record
"""

import hashlib
import http.client
import socket
import ssl
import sys

PIECE = bytes(range(256)) * 4096
BOUNDARY = "part-0123456789abcdef"
MTOM = (
    f'multipart/related; boundary="{BOUNDARY}"; type="application/xop+xml"; '
    'start="<root@peer>"; start-info="application/soap+xml"'
)


def connection(address, authority, certificate, key):
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    return http.client.HTTPSConnection(address, context=context, timeout=300)


def show(response):
    print(response.status, response.getheader("Content-Type", "none"))
    sys.stdout.flush()
    sys.stdout.buffer.write(response.read())


def post(address, authority, certificate, key, content_type):
    https = connection(address, authority, certificate, key)
    body = sys.stdin.buffer.read()
    https.request("POST", "/soap", body, {"Content-Type": content_type})
    show(https.getresponse())


def file(address, authority, certificate, key, content_type, path):
    https = connection(address, authority, certificate, key)
    with open(path, "rb") as body:
        https.request("POST", "/soap", body.read(), {"Content-Type": content_type})
    show(https.getresponse())


def part_head(content_id, media_type):
    return (
        f"--{BOUNDARY}\r\nContent-ID: <{content_id}>\r\nContent-Type: {media_type}\r\n"
        "Content-Transfer-Encoding: binary\r\n\r\n"
    ).encode()


def large(address, authority, certificate, key, mib, envelope):
    def pieces():
        with open(envelope, "rb") as file:
            yield part_head("root@peer", "application/xop+xml") + file.read()
        yield b"\r\n" + part_head("content@peer", "application/octet-stream")
        for _ in range(int(mib)):
            digest.update(PIECE)
            yield PIECE
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    digest = hashlib.sha1()
    https = connection(address, authority, certificate, key)
    https.request("POST", "/soap", pieces(), {"Content-Type": MTOM}, encode_chunked=True)
    response = https.getresponse()
    print(digest.hexdigest())
    show(response)


def fetch(address, authority, certificate, key, mib, envelope):
    with open(envelope, "rb") as file:
        root = part_head("root@peer", "application/xop+xml") + file.read()
    https = connection(address, authority, certificate, key)
    body = root + f"\r\n--{BOUNDARY}--\r\n".encode()
    https.request("POST", "/soap", body, {"Content-Type": MTOM})
    response = https.getresponse()
    head = response.read(65536)
    # After the heads of the envelope's part and of the first attachment, where there is one.
    second = head.find(b"\r\n\r\n", head.index(b"\r\n\r\n") + 4)
    start = second + 4 if second > 0 else len(head)
    digest, left = hashlib.sha1(), int(mib) << 20
    piece = head[start:]
    while piece and left:
        digest.update(piece[:left])
        left -= min(left, len(piece))
        piece = response.read(1 << 20)
    while piece:
        piece = response.read(1 << 20)
    print(response.status, left, digest.hexdigest())


def stall(address, authority, certificate, key, header):
    host, port = address.rsplit(":", 1)
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    with socket.create_connection((host, int(port))) as plain:
        with context.wrap_socket(plain, server_hostname=host) as stream:
            stream.sendall(
                b"POST /soap HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\n"
                + header.encode()
                + b"\r\n\r\n4\r\nhalf\r\n"
            )
            print(stream.recv(65536).decode())


def peer(certificate, key, how):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    plain, _ = listener.accept()
    with context.wrap_socket(plain, server_side=True) as stream:
        got = b""
        while b"</soap:Envelope>" not in got:
            got += stream.recv(65536)
        if how == "garbage":
            stream.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>"
            )
        elif how == "drop":
            stream.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: "
                + MTOM.encode()
                + b"\r\nContent-Length: 4000\r\n\r\n--"
                + BOUNDARY.encode()
                + b"\r\nContent-ID: <root@peer>\r\n\r\n<s:Envelope"
            )
        else:
            stream.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            print(got.decode())


def described(wsdl, authority, certificate, key):
    """A client of a description, and its binding."""
    import requests
    from zeep import Client
    from zeep.transports import Transport

    session = requests.Session()
    # Else a bundle of the environment stands before the authority of the test.
    session.trust_env = False
    session.verify = authority
    session.cert = (certificate, key)
    # The description asks for addressing, and zeep then sends its headers.
    client = Client(wsdl, transport=Transport(session=session))
    service = next(iter(client.wsdl.services.values()))
    return client, next(iter(service.ports.values())).binding


def found(value, names):
    """The first of these attributes or elements, wherever zeep has put it."""
    if hasattr(value, "iter"):
        for node in value.iter():
            for name in names:
                if node.get(name):
                    return node.get(name)
        return None
    inner = getattr(value, "__values__", None)
    if inner is None:
        return None
    for name in names:
        if isinstance(inner.get(name), str):
            return inner[name]
    return next(filter(None, (found(one, names) for one in inner.values())), None)


def with_empty(value, node):
    """zeep reads an element that is empty as none; it is put back where it may not be missing."""
    inner = value.__values__
    for child in node:
        name = child.tag.split("}")[-1]
        if hasattr(inner.get(name), "__values__"):
            with_empty(inner[name], child)
        elif name in inner and inner[name] is None:
            inner[name] = {}
    return inner


def calls(address, authority, certificate, key):
    from lxml import etree
    from zeep import Plugin
    from zeep.exceptions import Fault

    class Body(Plugin):
        def __init__(self, node):
            self.node = node

        def egress(self, envelope, http_headers, operation, binding_options):
            body = envelope.find("{*}Body")
            body[:] = [self.node]
            return envelope, http_headers

    for line in sys.stdin.read().splitlines():
        wsdl, path, action, body = line.split("\t")
        client, binding = described(wsdl, authority, certificate, key)
        operations = binding._operations.items()
        name = next(n for n, o in operations if o.abstract.wsa_action == action)
        proxy = client.create_service(binding.name, f"https://{address}{path}")
        if body.startswith("@"):
            root = etree.parse(body[1:]).getroot()
            inside = root.find(".//{*}Body")
            node = root if inside is None else inside[0]
        else:
            node = etree.fromstring(body)
        types = client.wsdl.types
        try:
            if "-raw" in wsdl:
                # The description leaves the body open: this puts it into what zeep has made.
                client.plugins = [Body(node)]
                answer = getattr(proxy, name)("")
            else:
                value = types.get_element(node.tag).parse(node, types)
                answer = getattr(proxy, name)(**with_empty(value, node))
            if isinstance(answer, list):
                of = {etree.QName(one).localname: one.get("extension") for one in answer}
                said = of["interactionId"]
            else:
                said = found(answer, ["status"]).split(":")[-1]
            print(name, said)
        except Fault as fault:
            told = [one for one in fault.detail.iter() if one.get("code")]
            print(name, "Fault", *(f"{one.get('code')} {one.get('place')}" for one in told))


def query(address, authority, certificate, key, wsdl, query_id, patient):
    client, binding = described(wsdl, authority, certificate, key)
    proxy = client.create_service(binding.name, f"https://{address}/soap")
    operation = next(iter(binding._operations))

    def slot(name, value):
        return {"name": name, "ValueList": {"_value_1": [{"Value": value}]}}

    approved = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
    slots = [
        slot("$XDSDocumentEntryPatientId", f"'{patient}'"),
        slot("$XDSDocumentEntryStatus", approved),
    ]
    answer = getattr(proxy, operation)(
        ResponseOption={"returnComposedObjects": True, "returnType": "LeafClass"},
        AdhocQuery={"id": query_id, "Slot": slots},
    )
    print(answer.status)


if __name__ == "__main__":
    commands = [calls, post, file, large, fetch, stall, peer, query]
    {command.__name__: command for command in commands}[sys.argv[1]](*sys.argv[2:])
