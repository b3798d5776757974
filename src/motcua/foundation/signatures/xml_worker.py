"""Examines one XML document in a process of its own: `python -m motcua.foundation.signatures.xml_worker`.

Standard input: an order (`orders`). Standard output: the verdict as one line of JSON, then the signed bytes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from motcua.foundation.signatures.orders import confine, read_order
from motcua.foundation.signatures.xml_examination import XmlVerdict, examine_xml


def main() -> None:
    confine()
    try:
        order = read_order(sys.stdin.buffer)
        verdict = examine_xml(order.content, at=order.at, trust=order.trust, evidence=order.evidence)
    except MemoryError:
        verdict = XmlVerdict("INDETERMINATE", problems=("too_costly",))
    plain = asdict(verdict)
    document = plain.pop("document")
    sys.stdout.buffer.write(json.dumps(plain).encode() + b"\n" + document)


if __name__ == "__main__":
    main()
