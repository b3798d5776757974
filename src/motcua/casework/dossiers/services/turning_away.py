"""At the counter, what cannot be taken in: refused with form 03, or what is missing said with form 02.

Source: vietnam.md 1.2 (counter -> 3), 1.3 T1, 1.5; Decree 61/2018/NĐ-CP art. 15(3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.errors import DraftMissing, GroundMissing
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.acting import Acting, finish
from motcua.casework.dossiers.services.ending import Why, refuse_unreceived
from motcua.casework.dossiers.services.intake import CHANNELS, counter_draft, receiving
from motcua.casework.dossiers.services.papers import next_form_number
from motcua.casework.dossiers.services.printing import print_form
from motcua.casework.dossiers.services.sheets import enter_sheet, sheet_of_draft
from motcua.casework.dossiers.services.submission import begin_dossier, entry_facts, keep_dossier
from motcua.casework.dossiers.services.supplements import form_02
from motcua.casework.process.selectors import find_standing
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean, clean_line
from motcua.registry.organisations.selectors import get_officer, get_reception_unit

MOST_ITEMS = 20


@transaction.atomic
def refuse_at_counter(*, actor: Actor, draft_id: UUID, why: Why, at: datetime) -> Dossier:
    """Refuse what was brought, as it stands: a dossier of status 3 with form 03, one entry `dossier.refused`.

    Raises DraftMissing, GroundMissing, NotThisCounter.
    """
    draft = counter_draft(actor, draft_id)
    if not draft or draft.counter is None:
        raise DraftMissing
    sheet = sheet_of_draft(draft_id)
    came_at = sheet.came_at if sheet and sheet.came_at else at
    dossier, papers = begin_dossier(
        draft, [], at=came_at, channel=CHANNELS["counter"], otherwise=draft.counter
    )
    dossier.entered_at = at if sheet else None
    dossier.brought_by, dossier.brought = draft.brought_by, draft.brought
    act, actor = ACTS["refuse"], receiving(actor, dossier, at)
    keep_dossier(dossier, papers, at=at)
    step = Acting(act, actor, dossier, find_standing(dossier.id), None, at)
    refuse_unreceived(step, why)
    facts = entry_facts(dossier, [])
    step.facts |= {name: value for name, value in facts.items() if name != "status"}
    if sheet:
        step.facts |= {"sheet": sheet.code, "came_at": came_at.isoformat()}
        enter_sheet(sheet, dossier, actor=actor, at=at)
    finish(step)
    draft.delete()
    return dossier


@transaction.atomic
def say_what_is_missing(
    *, actor: Actor, draft_id: UUID, items: Sequence[str], reason: str, at: datetime
) -> bytes:
    """Form 02 (PDF) for who is sent home for papers: everything that is missing, once; the draft is kept.

    items: 1 to 20 of 300 characters. Raises DraftMissing, GroundMissing.
    """
    draft = counter_draft(actor, draft_id)
    if not draft or draft.counter is None:
        raise DraftMissing
    wanted = [line for line in (clean_line(it)[:300] for it in items[:MOST_ITEMS]) if line]
    if not wanted:
        raise GroundMissing(field="items")
    words = clean(reason)[:2000]
    dossier, _papers = begin_dossier(draft, [], at=at, otherwise=draft.counter)
    content = _form_02(dossier, receiving(actor, dossier, at), wanted, words, at)
    pdf = print_form("supplement", content, at=at)
    facts = {"draft": str(draft.id), "number": content["number"], "items": len(wanted)}
    happening = Happening(
        "person.guided",
        object_kind="person",
        object_id=draft.applicant_id,
        concerns_id=draft.owner_id,
        facts=facts | {"sha256": hashlib.sha256(pdf).hexdigest()},
        details={"items": wanted, "reason": words},
    )
    record(actor=actor, happening=happening, at=at)
    return pdf


def _form_02(dossier: Dossier, actor: Actor, items: list[str], reason: str, at: datetime) -> dict[str, Any]:
    """What the form says of a dossier that never was, so without a code. Source: vietnam.md 1.5, form 02."""
    unit, dossier.reference = get_reception_unit(dossier.agency), ""
    number = next_form_number(dossier, unit, form="02", prefix="PBS-", at=at)
    return {
        **form_02(dossier, unit, number, at=at),
        "items": [{"text": it, "reason": ""} for it in items],
        "reason": reason,
        "officer": get_officer(actor.person).full_name,
    }
