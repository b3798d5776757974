"""Pages of taking in at the counter in the states that the table's draft is not in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.models import Draft
from motcua.casework.dossiers.services.drafts import save_answers
from motcua.casework.dossiers.services.intake import Brings, Intake, start_intake, take_in, tick_papers
from motcua.casework.dossiers.tests.factories import CODE, MORNING, World, birth_answers
from motcua.registry.catalogue.selectors import get_version

CARD = "025197004999||TRẦN THỊ MỚI|14081997|Nữ|Số 1, Phú Thọ|01032022"


def intake_pages(world: World) -> Iterator[tuple[Any, str, str, dict[str, str] | None]]:
    """(who, name, address, what is sent)."""
    clerk, start = world.desk.reception, reverse("console:intake")
    begun, filled = _begun(world), _filled(world)
    yield clerk, "intake nobody", start, {"who": ""}
    yield clerk, "intake card of nobody", start, {"who": CARD}
    yield clerk, "intake name of nobody", start, {"name": ""}
    person = reverse("console:intake-for", args=[world.mother.person_id])
    yield clerk, "intake procedures", person, {"seen": "on", "words": "khai sinh", "find": "1"}
    yield clerk, "intake no procedure", person, {"seen": "on", "words": "qwertz", "find": "1"}
    for name in ("intake", "intake-check", "intake-away"):
        yield clerk, f"{name} filled", reverse(f"desk:{name}", args=[filled.id]), None
    yield clerk, "intake wrong", reverse("desk:intake", args=[begun.id]), {"tick-birth_evidence-copy": "x"}
    away = reverse("desk:intake-away", args=[begun.id])
    yield clerk, "intake-away no ground", away, {"refuse": "1"}
    yield clerk, "intake-away nothing missing", away, {"missing": "1"}
    taken = take_in(actor=clerk, draft_id=_filled(world).id, at=MORNING)
    yield clerk, "intake taken", reverse("desk:taken", args=[taken.id]), None


def _begun(world: World, intake: Intake | None = None) -> Draft:
    version = get_version(CODE, at=MORNING.date())
    intake = intake or Intake(world.mother.person_id)
    return start_intake(actor=world.desk.reception, version=version, intake=intake, at=MORNING)


def _filled(world: World) -> Draft:
    """By a relative who came for her, with all answers and one paper that lies there."""
    clerk = world.desk.reception
    brings = Brings(person_id=world.neighbour.person_id, helper="family", basis="Chồng")
    draft = _begun(world, Intake(world.mother.person_id, brings=brings))
    ticked = {"birth_evidence": {"original": 1, "copy": 2}}
    tick_papers(actor=clerk, draft_id=draft.id, ticked=ticked, at=MORNING)
    save_answers(actor=clerk, draft_id=draft.id, answers=birth_answers(world.desk), at=MORNING)
    return Draft.objects.get(pk=draft.id)
