"""Examines one PDF in a process of its own: `python -m motcua.foundation.signatures.worker`.

Standard input: an order (`orders`). Standard output: the verdict as JSON. Any other end than status 0 means that the
file could not be examined.
"""

from __future__ import annotations

import json
import sys

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.orders import confine, read_order
from motcua.foundation.signatures.verification import undecided, verdict_to_json


def main() -> None:
    confine()
    try:
        order = read_order(sys.stdin.buffer)
        verdict = examine_pdf(order.content, at=order.at, trust=order.trust, evidence=order.evidence)
    except MemoryError:
        verdict = undecided("too_costly")
    json.dump(verdict_to_json(verdict), sys.stdout)


if __name__ == "__main__":
    main()
