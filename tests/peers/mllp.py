"""HL7 v2 as others speak it: `hl7` sends and receives, `hl7apy` checks against version 2.5.

validate FILE...                       each file is one answer as it came off the wire
tls PORT AUTHORITY FILE [CERT KEY]     one message over TLS; prints the answer
consume PORT COUNT                     takes so many messages, acknowledges them, prints them
"""

import asyncio
import ssl
import sys


def validate(files):
    from hl7apy.consts import VALIDATION_LEVEL
    from hl7apy.parser import parse_message

    for name in files:
        with open(name, newline="", encoding="utf-8") as file:
            text = file.read().strip("\x0b\x1c\r\n ") + "\r"
        message = parse_message(text, validation_level=VALIDATION_LEVEL.STRICT)
        message.validate()
        print("valid", message.name)


async def tls(port, authority, name, certificate=None, key=None):
    from hl7.mllp import open_hl7_connection

    context = ssl.create_default_context(cafile=authority)
    if certificate:
        context.load_cert_chain(certificate, key)
    with open(name, encoding="utf-8") as file:
        message = file.read().replace("\n", "\r")
    reader, writer = await open_hl7_connection(
        "127.0.0.1", int(port), ssl=context, encoding="utf-8"
    )
    import hl7

    writer.writemessage(hl7.parse(message))
    await writer.drain()
    print(str(await reader.readmessage()))
    writer.close()


async def consume(port, count):
    from hl7.mllp import start_hl7_server

    done = asyncio.Event()
    left = int(count)

    async def take(reader, writer):
        nonlocal left
        while left > 0 and not writer.is_closing():
            try:
                message = await reader.readmessage()
            except asyncio.IncompleteReadError:
                break
            print(str(message).replace("\r", "|\n"), flush=True)
            writer.writemessage(message.create_ack())
            await writer.drain()
            left -= 1
        if left == 0:
            done.set()

    async with await start_hl7_server(take, port=int(port), host="127.0.0.1"):
        print("listening", flush=True)
        await done.wait()


command, *rest = sys.argv[1:]
if command == "validate":
    validate(rest)
elif command == "tls":
    asyncio.run(tls(*rest))
else:
    asyncio.run(consume(*rest))
