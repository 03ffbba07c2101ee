"""How many of the messages in a folder the PyPI libraries `hl7` and `hl7apy` parse a second.

Both get text that is decoded already (Python's iso2022_jp), which is less work than ours does.
Prints one line of JSON. Run by `cargo xtask bench parse`.
"""
import json
import pathlib
import sys
import time

import hl7
from hl7apy.parser import parse_message

texts = [path.read_bytes().decode("iso2022_jp", errors="replace") for path in sorted(pathlib.Path(sys.argv[1]).iterdir())]


def rate(parse, seconds=3.0):
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        parse(texts[done % len(texts)])
        done += 1
    return round(done / (time.perf_counter() - start))


def by_hl7(text):
    message = hl7.parse(text)
    return [str(segment[5]) for segment in message.segments("OBX")]


def by_hl7apy(text):
    message = parse_message(text, find_groups=False)
    return [segment.obx_5.to_er7() for segment in message.children if segment.name == "OBX"]


print(json.dumps({"hl7": rate(by_hl7), "hl7apy": rate(by_hl7apy), "messages": len(texts)}))
