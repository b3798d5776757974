"""Agencies, absence and delegation."""

from __future__ import annotations

from tests.permissions.rows import (
    CITIZENS_REFUSED,
    POST,
    TO_DESK,
    Row,
    everybody,
    overseers,
)

ROWS = {
    # Every officer's own absence; delegations are made by leaders and administrators.
    "delegations:absence": Row(everybody(200) | {"stranger": TO_DESK} | CITIZENS_REFUSED),
    "delegations:withdraw": Row(
        everybody(404) | {"stranger": TO_DESK, "administrator": 302} | CITIZENS_REFUSED,
        ("absence",),
        post=POST,
    ),
    "delegations:list": Row(everybody(200) | {"stranger": TO_DESK} | CITIZENS_REFUSED),
    "delegations:new": Row(overseers("administrator")),
    "delegations:revoke": Row(
        everybody(404) | {"stranger": TO_DESK, "administrator": 200} | CITIZENS_REFUSED, ("delegation",)
    ),
    "offers:agencies": Row(overseers("catalogue")),
    "offers:list": Row(overseers("catalogue"), ("some_agency",)),
    # Nothing was chosen: back to the list.
    "offers:offer": Row(overseers("catalogue", gets=302), ("some_agency",), post=POST),
    "offers:end": Row(overseers("catalogue", gets=302), ("some_agency",), post=POST),
    "offers:decisions": Row(overseers("catalogue")),
    "offers:decision-enter": Row(overseers("catalogue")),
    "offers:decision": Row(overseers("catalogue"), ("decision",)),
    "organisations:list": Row(overseers("administrator")),
    "organisations:enter": Row(overseers("administrator")),
    "organisations:import": Row(overseers("administrator")),
    "organisations:officers": Row(overseers("administrator")),
    "organisations:officer": Row(overseers("administrator"), ("some_officer",)),
    "organisations:officer-act": Row(overseers("administrator"), ("some_officer", "leave")),
    "organisations:unit-act": Row(overseers("administrator"), ("some_unit", "change")),
    "organisations:post-act": Row(overseers("administrator"), ("some_post", "end")),
    "organisations:agency": Row(overseers("administrator"), ("some_agency",)),
    "organisations:agency-act": Row(overseers("administrator"), ("some_agency", "rename")),
}
