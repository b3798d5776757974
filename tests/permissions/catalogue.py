"""The desk of who keeps the catalogue."""

from __future__ import annotations

from tests.permissions.rows import POST, Row, overseers

ROWS = {
    "catalogue-desk:doubts": Row(overseers("catalogue")),
    "catalogue-desk:doubts-many": Row(overseers("catalogue"), ("how",), query={"kind": "fee_thousands"}),
    "catalogue-desk:doubts-undo": Row(overseers("catalogue", gets=404), ("nothing",), post=POST),
    "catalogue-desk:doubt": Row(overseers("catalogue"), ("doubt",)),
}
