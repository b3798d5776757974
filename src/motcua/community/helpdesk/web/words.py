"""How a request stands, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.community.helpdesk.models import CallRequest

State = CallRequest.State


def state_words(call: CallRequest, now: datetime) -> tuple[str, str]:
    """State of the design system and words, as the person and the desk read them."""
    match call.state:
        case State.DONE:
            return "done", _("Called")
        case State.NOT_REACHED:
            return "stopped", _("Nobody answered")
        case State.CANCELLED:
            return "stopped", _("Called off")
    if not call.called_at and now > call.due_at:
        return "overdue", _("Overdue")
    if call.state == State.CLAIMED:
        return "open", _("An officer has taken it on")
    return "open", _("Waiting") if not call.tries else _("Waiting for the next try")
