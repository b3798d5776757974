"""Pages about helping: a screen that is shown, from both sides, and requests to be called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.services import showing
from motcua.casework.dossiers.tests.factories import MORNING, World, filled_in, submitted
from motcua.community.helpdesk.services import NewCall, ask_call, claim_call
from motcua.foundation.kernel.ids import new_id

AT = MORNING + timedelta(minutes=55)
Page = tuple[Any, str, str, dict[str, str] | None]


def help_pages(world: World) -> Iterator[Page]:
    """(who, name, address, what is sent)."""
    yield from _screens(world)
    dossier, helper = submitted(world.desk, world.mother), world.desk.reception
    new = NewCall(
        new_id(), "Bà Lê Thị Mẫu", "0912345678", "vi", wish="morning", about="Tờ khai.", dossier_id=dossier.id
    )
    call = ask_call(actor=world.mother, new=new, at=AT)
    yield helper, "call waiting", reverse("help-calls:call", args=[call.id]), None
    claim_call(actor=helper, call_id=call.id, at=AT)
    yield world.mother, "call own", reverse("helpdesk:ask"), None
    yield helper, "call pass on empty", reverse("help-calls:pass-on", args=[call.id]), {}
    yield world.desk.leader, "calls leader", reverse("help-calls:list"), None


def _screens(world: World) -> Iterator[Page]:
    draft, helper = filled_in(world.desk, world.mother), world.desk.reception
    begun = showing.begin_showing(actor=world.mother, draft_id=draft.id, page="mother", at=AT)
    page, check = (
        reverse("dossiers:page", args=[draft.id, "mother"]),
        reverse("dossiers:check", args=[draft.id]),
    )
    yield world.mother, "shown code", page, None
    showing.join_showing(actor=helper, code=showing.code_of(begun.id), at=AT)
    begun.refresh_from_db()
    screen = reverse("desk:showing", args=[begun.id])
    for name in ("mother", "name", "papers"):
        showing.turn_to(begun, name)
        yield helper, f"screen {name}", screen, None
    showing.turn_to(begun, "name")
    showing.point(actor=helper, showing_id=begun.id, key="given_name", words="Có dấu.", at=AT)
    yield world.mother, "shown pointed", reverse("dossiers:page", args=[draft.id, "name"]), None
    yield world.mother, "shown check", check, None
    begun.refresh_from_db()
    showing.turn_to(begun, "check")
    yield helper, "screen check", screen, None
    showing.leave_showing(actor=helper, showing_id=begun.id, at=AT)
    yield helper, "screen over", screen, None
