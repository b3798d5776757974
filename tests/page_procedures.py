"""Pages that only some procedures have: lists, papers and cases in forms, several tasks at once, steps of opinion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.services.drafts import save_answers
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import MORNING, World, empty_draft
from motcua.casework.dossiers.tests.linked_factories import LINKED, linked_draft
from motcua.casework.dossiers.tests.permit_factories import examined, officer

# A registration of stay with a list of members, a building permit with cases, papers alone without form.json.
FORMS = ("1.004194", "1.013225", "1.001776")


def applying(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of every page of the forms, filled in as the pack's examples, and of what is told before."""
    for code in FORMS:
        yield f"procedure {code}", reverse("catalogue:procedure", args=[code])
        yield f"start {code}", reverse("dossiers:start", args=[code])
        draft = empty_draft(world.mother, code=code)
        example = settings.PACKS / "vn" / "procedures" / code / "example.json"
        answers = json.loads(example.read_text(encoding="utf-8"))["answers"] if example.exists() else {}
        fields = form_of(draft.version).fields
        typed = {name: it for name, it in answers.items() if name in fields and fields[name].kind != "file"}
        typed["registration_commune"] = world.desk.agency.place_code
        save_answers(actor=world.mother, draft_id=draft.id, answers=typed, at=MORNING)
        for page in form_of(draft.version).pages:
            yield f"page {code} {page.name}", reverse("dossiers:page", args=[draft.id, page.name])
        yield f"check {code}", reverse("dossiers:check", args=[draft.id])
    # Imported with the sample of the portal's files: plain, doubtful fees, nothing told, from the index alone.
    for code in ("9.000001", "9.000005", "9.000009", "9.000013"):
        yield f"procedure captured {code}", reverse("catalogue:procedure", args=[code])
    yield from linked(world)


def linked(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of an application for linked procedures: its own pages, the check, and the whole."""
    draft = linked_draft(world)
    yield "procedure linked", reverse("catalogue:procedure", args=[LINKED])
    for page in ("linked", "residence_dwelling", "health_card_care"):
        yield f"page linked {page}", reverse("dossiers:page", args=[draft.id, page])
    yield "check linked", reverse("dossiers:check", args=[draft.id])
    case = submit_dossier(actor=world.mother, draft_id=linked_draft(world).id, at=MORNING)
    yield "linked waiting", reverse("dossiers:linked", args=[case.id])
    assert case.linked
    yield "linked status", f"{reverse('dossiers:status')}?code={case.linked.code}"


def permit(world: World) -> list[tuple[Any, str, str]]:
    """(who, name, address) of the pages of a permit on which a department's opinion and a visit are open at once."""
    dossier = examined(world).dossier
    builder = officer(f"demo.construction.{world.desk.agency.place_code}")
    department = officer("demo.construction.H44")
    page, give = (reverse(name, args=[dossier.id]) for name in ("desk:dossier", "desk:give-opinion"))
    return [
        (builder, "permit dossier", page),
        (builder, "permit visit", give),
        (builder, "permit inbox", reverse("desk:inbox")),
        (department, "permit department", page),
        (world.desk.leader, "permit apologises", reverse("desk:extend", args=[dossier.id])),
        (department, "permit opinion", give),
        (world.mother, "permit followed", reverse("dossiers:dossier", args=[dossier.id])),
    ]
