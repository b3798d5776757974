"""Examines one PDF in a process of its own: `python -m motcua.foundation.signatures.worker`.

Standard input: one line of JSON (`at`: ISO 8601; `trust`; `evidence`), then the PDF.
Standard output: the verdict as JSON. Any other end than status 0 means that the file could not be examined.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from datetime import datetime

from motcua.foundation.signatures.evidence import evidence_from_json
from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.trust import trust_from_json
from motcua.foundation.signatures.verification import undecided, verdict_to_json

MAX_CPU_SECONDS = 5
MAX_ADDRESS_SPACE = 500 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()
    order = json.loads(sys.stdin.buffer.readline())
    try:
        verdict = examine_pdf(
            sys.stdin.buffer.read(),
            at=datetime.fromisoformat(order["at"]),
            trust=trust_from_json(order["trust"]),
            evidence=evidence_from_json(order["evidence"]),
        )
    except MemoryError:
        verdict = undecided("too_costly")
    json.dump(verdict_to_json(verdict), sys.stdout)


if __name__ == "__main__":
    main()
