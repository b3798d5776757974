"""Pages of the acts of the law, each where it can be done, and of dossiers that ended or wait to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import correcting, ending, refusing, waiting
from motcua.casework.dossiers.services.opinions import Answer, Question, answer_opinion, request_opinion
from motcua.casework.dossiers.tests.factories import MORNING, World, handed_over, submitted, target

AT = MORNING + timedelta(minutes=30)


def law_pages(world: World) -> Iterator[tuple[Any, str, str]]:
    """(who, name, address)."""
    desk, mother = world.desk, world.mother
    new, working, stopped = submitted(desk, mother), handed_over(desk, mother), handed_over(desk, mother)
    why = ending.Why("court_order", "Quyết định số 01/2026/QĐ-TA")
    ending.stop_dossier(actor=desk.leader, target=target(stopped), why=why, at=AT)
    paying = _paying(world)
    letter = _letter(world)
    for who, dossier, acts in (
        (desk.reception, new, ("refuse", "transfer", "withdraw")),
        (desk.specialist, working, ("draft-refusal", "request-payment")),
        (desk.leader, working, ("stop",)),
        (desk.leader, stopped, ("recall-stop",)),
        (desk.reception, paying, ("confirm-payment",)),
    ):
        yield from ((who, f"law {act}", reverse("desk:law", args=[dossier.id, act])) for act in acts)
        yield who, f"law dossier {acts[0]}", reverse("desk:dossier", args=[dossier.id])
    given = f"{reverse('desk:correct', args=[working.id])}?field=given_name"
    yield desk.specialist, "law correct given name", given
    yield desk.specialist, "law dossier letter", reverse("desk:dossier", args=[letter.id])
    for name, dossier in (("stopped", stopped), ("paying", paying), ("letter", letter)):
        yield mother, f"law own {name}", reverse("dossiers:dossier", args=[dossier.id])
    yield mother, "law withdraw begun", reverse("dossiers:withdraw", args=[working.id])
    yield mother, "law withdraw too late", reverse("dossiers:withdraw", args=[stopped.id])


def over_pages(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of requests to the second commune that are over: answered, and stopped meanwhile."""
    for name in ("answered", "decided"):
        dossier = handed_over(world.desk, world.mother)
        question = Question("Gia đình có cư trú tại đó không?", world.other_desk.agency.id, "2wd")
        asked = request_opinion(
            actor=world.desk.specialist, target=target(dossier), question=question, at=MORNING
        )
        if name == "answered":
            answer_opinion(
                actor=world.other_desk.specialist, opinion_id=asked.id, answer=Answer("Có cư trú."), at=AT
            )
        else:
            why = ending.Why("court_order", "Quyết định số 02/2026/QĐ-TA")
            ending.stop_dossier(actor=world.desk.leader, target=target(dossier), why=why, at=AT)
        yield f"asked over {name}", reverse("desk:opinion", args=[asked.id])


def _paying(world: World) -> Dossier:
    dossier = handed_over(world.desk, world.mother)
    demand = waiting.Demand("Lệ phí trước bạ", 150_000)
    waiting.request_payment(actor=world.desk.specialist, target=target(dossier), demand=demand, at=AT)
    return dossier


def _letter(world: World) -> Dossier:
    """A letter of refusal is drafted, and a slip was corrected before."""
    dossier, by = handed_over(world.desk, world.mother), {"actor": world.desk.specialist, "at": AT}
    slip = correcting.Correction("given_name", "Anh Khôi", "Gõ thiếu chữ đệm")
    correcting.correct_data(target=target(dossier), correction=slip, **by)
    letter = refusing.Refusal("Đã đăng ký ở nơi khác.", "Luật Hộ tịch, Điều 13")
    refusing.draft_refusal(target=target(dossier), refusal=letter, **by)
    return dossier
