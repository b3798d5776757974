"""Pages about satisfaction: the question and its answer, the desk's figures and cases, the kiosk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from motcua.casework.appointments import services as halls
from motcua.casework.appointments.tests.factories import hall
from motcua.casework.dossiers.tests.factories import MORNING, World, returned
from motcua.community.surveys.services import cases
from motcua.community.surveys.services.answering import Answer
from motcua.community.surveys.services.cases import Seen
from motcua.community.surveys.tests.factories import answered, unhappy
from motcua.foundation.worktime.moments import local
from motcua.registry.organisations.delegation.selectors import in_force
from motcua.registry.organisations.delegation.services import revoke_delegation

AT = MORNING + timedelta(minutes=50)
Page = tuple[Any, str, str, dict[str, str] | None]


def survey_pages(world: World) -> Iterator[Page]:
    """(who, name, address, what is sent)."""
    leader, mother = world.desk.leader, world.mother
    _back_at_work(leader)
    asked = reverse("satisfaction:survey", args=[returned(world.desk, mother).id])
    yield mother, "survey reasons", f"{asked}?rating=1", None
    yield mother, "survey wrong", asked, {"rating": "1", "reasons": "none"}
    answered(returned(world.desk, mother), at=AT, answer=Answer(3, ("other",), "Cảm ơn các anh chị."))
    survey = unhappy(world.desk, mother, at=AT)
    case, own = survey.case, reverse("satisfaction:survey", args=[survey.pk])
    page, work = (
        reverse("desk-satisfaction:case", args=[case.id]),
        reverse("desk-satisfaction:work", args=[case.id]),
    )
    yield mother, "survey unhappy", own, None
    yield mother, "dossier answered", reverse("dossiers:dossier", args=[survey.pk]), None
    yield leader, "unhappy cases", reverse("desk-satisfaction:cases"), None
    yield leader, "unhappy case", page, None
    cases.claim_case(actor=leader, seen=Seen(case.id, 1), at=AT)
    cases.note_call(actor=leader, seen=Seen(case.id, 2), words="Đã gọi, chưa gặp.", at=AT)
    yield leader, "unhappy case claimed", page, None
    yield leader, "unhappy case empty", work, {"revision": "3", "words": ""}
    cases.reply_to_case(actor=leader, seen=Seen(case.id, 3), words="Chúng tôi xin lỗi bà.", at=AT)
    yield mother, "survey replied", own, None
    yield leader, "unhappy cases replied", f"{reverse('desk-satisfaction:cases')}?show=replied", None
    yield leader, "satisfaction", reverse("desk-satisfaction:answers"), None
    yield leader, "satisfaction none", f"{reverse('desk-satisfaction:answers')}?q=khong-co&rating=2", None
    yield world.desk.reception, "survey by phone wrong", reverse("desk-satisfaction:phone"), {"code": "none"}


def _back_at_work(leader: Any) -> None:
    """Who delegated signing before signs again."""
    for delegation in in_force(local(MORNING).date()).filter(delegator_id=leader.person_id):
        revoke_delegation(
            actor=leader, delegation_id=delegation.pk, reason="Đã trở lại làm việc.", at=MORNING
        )


def opened_survey_kiosk(world: World) -> Client:
    """A device that the hall's code has opened."""
    queue = hall(world.desk)
    code = halls.new_kiosk_code(actor=world.desk.leader, queue_id=queue.id, at=MORNING)
    client = Client()
    assert client.post(reverse("satisfaction:kiosk-open"), {"code": code}).status_code == 302
    return client


def survey_kiosk_pages(world: World) -> list[tuple[str, str, dict[str, str] | None]]:
    """(name, address, what is sent)."""
    code, answer = returned(world.desk, world.mother).code or "", reverse("satisfaction:kiosk-answer")
    return [
        ("survey kiosk", reverse("satisfaction:kiosk"), None),
        ("survey kiosk wrong", answer, {"code": "none"}),
        ("survey kiosk question", answer, {"code": code}),
        ("survey kiosk reasons", answer, {"code": code, "rating": "1"}),
        ("survey kiosk done", reverse("satisfaction:kiosk-done"), None),
    ]
