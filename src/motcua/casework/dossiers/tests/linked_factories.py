"""An application for birth, residence and health card of a child, as the mother hands it in."""

from __future__ import annotations

from typing import Any

from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import MORNING, World, birth_answers, empty_draft, picture

LINKED = "2.000986"
# What is asked beside the birth.
LATER: dict[str, Any] = {
    "with_residence": "yes",
    "with_health_card": "yes",
    "dwelling_line": "Khu 4",
    "dwelling": "family",
    "household": "join",
    "head_name": "Trần Quốc Bảo",
    "head_relation": "child",
    "head_consent": True,
    "first_care": "Trạm y tế xã Lâm Thao",
}


def linked_draft(world: World, **changes: Any) -> Draft:
    """A draft that can be submitted; the residence lies in the other commune."""
    mother = world.mother
    draft = empty_draft(mother, code=LINKED)
    drafts.add_paper(
        actor=mother, draft_id=draft.id, component="birth_evidence", upload=picture(), at=MORNING
    )
    elsewhere = {"residence_commune": world.other_desk.agency.place_code}
    answers = birth_answers(world.desk) | LATER | elsewhere | changes
    return drafts.save_answers(actor=mother, draft_id=draft.id, answers=answers, at=MORNING)


def applied(world: World, **changes: Any) -> Dossier:
    """The first dossier of the case, just submitted."""
    draft = linked_draft(world, **changes)
    return submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING)
