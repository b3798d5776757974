"""Numbers, the call board, appointments."""

from __future__ import annotations

from tests.permissions.rows import OVERSEERS, POST, PUBLIC, TO_DESK, Row, citizens, everybody, officers

# Who calls at a counter; nobody else, whatever they look after.
_CALLING = officers(colleague=403, elsewhere=200) | dict.fromkeys(OVERSEERS, 403)
_HERE = _CALLING | {"elsewhere": 404}

ROWS = {
    "queue:list": PUBLIC,
    "queue:queue": Row(everybody(200), ("queue",)),
    "queue:book": Row(citizens(neighbour=200), ("queue",)),
    "queue:appointments": Row(citizens(neighbour=200)),
    **{
        f"queue:{name}": Row(citizens(), ("appointment",))
        for name in ("appointment", "calendar", "move", "cancel")
    },
    **{
        f"queue:{name}": Row(everybody(200), ("ticket_code",))
        for name in ("ticket", "ticket-now", "ticket-leave")
    },
    **{f"queue:{name}": Row(everybody(200), ("board_code",)) for name in ("board", "board-now")},
    "queue:kiosk": PUBLIC,
    "queue:kiosk-open": Row(everybody(422), post=POST),
    # A device that no code has opened is asked for it.
    **{f"queue:kiosk-{name}": Row(everybody(302)) for name in ("again", "check-in", "done")},
    "queue:kiosk-take": Row(everybody(302), ("group",)),
    "queue:kiosk-ticket": Row(everybody(302), ("ticket",)),
    "queue-desk:counter": Row(_CALLING),
    "queue-desk:open": Row(_CALLING | {"officer": 404, "elsewhere": 404}, post=POST),
    "queue-desk:act": Row(_CALLING | {"officer": 302, "elsewhere": 302}, post=POST),
    "queue-desk:printer": Row(_CALLING | {"officer": 404, "elsewhere": 404}, post=POST),
    # The head of the office alone.
    "queue-desk:settings": Row(everybody(403) | {"stranger": TO_DESK}),
    "queue-desk:appointments": Row(_CALLING),
    "queue-desk:appointment-new": Row(_CALLING),
    "queue-desk:appointment": Row(_HERE, ("appointment",)),
    "queue-desk:appointment-cancel": Row(_HERE, ("appointment",)),
}
