"""Examines one XML document in a process of its own: `python -m motcua.foundation.signatures.xml_worker`.

As `worker`: standard input is one line of JSON (`at`, `trust`), then the document. Standard output: the verdict as
one line of JSON, then the signed bytes.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from dataclasses import asdict
from datetime import datetime

from cryptography import x509

from motcua.foundation.signatures.xml_examination import XmlVerdict, examine_xml

MAX_CPU_SECONDS = 5
MAX_ADDRESS_SPACE = 500 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()
    order = json.loads(sys.stdin.buffer.readline())
    trust = [x509.load_pem_x509_certificate(pem.encode()) for pem in order["trust"]]
    try:
        verdict = examine_xml(sys.stdin.buffer.read(), at=datetime.fromisoformat(order["at"]), trust=trust)
    except MemoryError:
        verdict = XmlVerdict("INDETERMINATE", problems=("too_costly",))
    plain = asdict(verdict)
    document = plain.pop("document")
    sys.stdout.buffer.write(json.dumps(plain).encode() + b"\n" + document)


if __name__ == "__main__":
    main()
