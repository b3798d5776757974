"""The officers' door."""

from __future__ import annotations

from tests.permissions.rows import (
    COLOURS,
    COUNTERS,
    NO_MESSAGES,
    POST,
    Row,
    everybody,
    officers,
    overseers,
)

ROWS = {
    # Who serves at a counter, wherever it is, and who answers for the register.
    "console:intake": Row(overseers(*COUNTERS)),
    # Nobody is described.
    "console:intake-procedures": Row(overseers(*COUNTERS)),
    "console:intake-enter": Row(overseers(*COUNTERS, gets=422), post=POST),
    "console:intake-for": Row(overseers(*COUNTERS), ("person",)),
    "console:people": Row(overseers(*COUNTERS, "data_protection")),
    "console:people-find": Row(
        overseers(*COUNTERS, "data_protection", gets=302), post={"number": "025197004187"}
    ),
    "console:people-enter": Row(overseers(*COUNTERS)),
    "console:person": Row(overseers(*COUNTERS, "data_protection"), ("person",)),
    # She has a number.
    "console:person-number": Row(overseers(*COUNTERS, gets=409), ("person",), post={"number": "1"}),
    "console:person-mandate": Row(overseers(*COUNTERS), ("person",)),
    "console:person-contact": Row(overseers(*COUNTERS), ("person",)),
    "console:person-merge": Row(overseers("data_protection"), ("person",)),
    "console:organisation-enter": Row(overseers(*COUNTERS)),
    "console:organisation": Row(overseers(*COUNTERS, "data_protection"), ("organisation",)),
    "console:organisation-representative": Row(overseers(*COUNTERS), ("organisation",)),
    "console:representation-end": Row(overseers(*COUNTERS), ("organisation", "representation")),
    "console:sign-in": Row(everybody(302) | {"stranger": 200}),
    "console:demo-sign-in": Row(everybody(404), post={"username": "demo.chair.04894"}),
    "console:sign-out": Row(everybody(302), post=POST),
    "console:messages": Row(officers(elsewhere=200) | NO_MESSAGES),
    "console:message": Row(officers() | NO_MESSAGES | {"operator": 200}, ("message",)),
    # Operators only; this one was not a failure.
    "console:retry-message": Row(overseers("operator", gets=409), ("message",), post=POST),
    # Who handles no dossiers is led to where their work is.
    "console:search": Row(officers(elsewhere=200)),
    # A search that is not theirs begins anew.
    "console:found": Row(officers(officer=302, colleague=302, elsewhere=302), ("search",)),
    "console:notices": Row(officers(elsewhere=200)),
    "console:notices-read": Row(officers(officer=302, colleague=302, elsewhere=302), post=POST),
    "console:notice": Row(officers(officer=404, colleague=404), ("message",)),
    "console:audit": Row(overseers("auditor")),
    "console:audit-find": Row(overseers("auditor", gets=302), post={"q": "Ngô Thị Mẫu Thanh"}),
    "console:audit-extract": Row(overseers("auditor"), post={"reason": ""}),
    "console:audit-entry": Row(overseers("auditor"), ("entry",)),
    "console:audit-proof": Row(overseers("auditor"), ("entry",)),
    "console:seals": Row(overseers("auditor", "operator")),
    "console:following": Row(overseers("operator")),
    "console:retry": Row(overseers("operator", gets=302), ("letter",), post=POST),
    "console:accounts": Row(overseers("administrator", "support")),
    "console:account": Row(overseers("administrator", "support"), ("account",)),
    "console:invite": Row(overseers("administrator"), ("account",), post=POST),
    # A reason is missing, which is said on the account's page.
    "console:close-account": Row(overseers("administrator", gets=302), ("account",), post=POST),
    "console:open-account": Row(overseers("administrator", gets=302), ("account",), post=POST),
    "console:end-sessions": Row(overseers("administrator", "support", gets=302), ("account",), post=POST),
    "console:reset": Row(overseers("administrator", "support", gets=302), ("account",), post=POST),
    "console:grant": Row(overseers("administrator"), ("account",)),
    "console:end-role": Row(
        overseers("administrator", gets=404), ("account", "letter"), post={"reason": "-"}
    ),
    "console:roles": Row(overseers("administrator")),
    "console:role": Row(overseers("administrator"), ("role",)),
    "console:new-role": Row(overseers("administrator")),
    "console:approvals": Row(overseers("administrator", "support")),
    "console:approve": Row(overseers("administrator", gets=404), ("nothing",), post=POST),
    "console:reject": Row(overseers("administrator", "support", gets=404), ("nothing",), post=POST),
    # Who administers the whole installation.
    "console:checklist": Row(overseers("administrator")),
    "console:settings": Row(overseers("administrator")),
    "console:settings-group": Row(overseers("administrator"), ("settings",)),
    "console:settings-try": Row(
        overseers("administrator", gets=302), ("settings", "trial"), post={"mail-asked": "nobody"}
    ),
    "console:theme-preview": Row(overseers("administrator")),
    "console:theme-preview-css": Row(overseers("administrator"), query=COLOURS),
    "console:certificates": Row(overseers("administrator")),
    "console:certificates-import": Row(overseers("administrator", gets=422), post=POST),
    "console:certificates-trust": Row(overseers("administrator", gets=422), post=POST),
    "console:clients": Row(overseers("administrator")),
    "console:client-new": Row(overseers("administrator")),
    "console:client": Row(overseers("administrator"), ("client",)),
    "console:client-act": Row(overseers("administrator"), ("client", "client_act")),
}
