"""The operations centre: leaders of the agency, who are in the room's own tests, and who looks after the installation."""

from __future__ import annotations

from tests.permissions.rows import POST, Row, overseers

_KEEPERS = ("operator", "administrator")

ROWS = {
    "operations:alerts": Row(overseers(*_KEEPERS)),
    # An agency's is its leaders'.
    "operations:alert": Row(overseers(*_KEEPERS, gets=404), ("alert",)),
    "operations:alert-act": Row(overseers(*_KEEPERS, gets=404), ("alert", "alert_act"), post=POST),
    "operations:alert-rules": Row(overseers(*_KEEPERS)),
    "operations:alert-rule": Row(overseers("administrator"), ("alert_rule",)),
    "operations:likely-late": Row(overseers()),
}
