"""Pages of paper sheets in the states that the table's sheets are not in, and of one that is late already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.intake import Intake, take_in, tick_papers
from motcua.casework.dossiers.services.late_entry import Late, begin_entry
from motcua.casework.dossiers.services.sheets import NewBlock, issue_sheets, mark_void
from motcua.casework.dossiers.tests.factories import CODE, MORNING, World, birth_answers
from motcua.foundation.kernel.ids import new_id

WEEK_AGO = MORNING - timedelta(days=7)


def paper_pages(world: World) -> Iterator[tuple[Any, str, str, dict[str, str]]]:
    """(who, name, address, query)."""
    clerk, mother = world.desk.reception, world.mother.person_id
    block = issue_sheets(actor=clerk, new=NewBlock(new_id(), CODE, 4), at=WEEK_AGO)
    issue_sheets(actor=clerk, new=NewBlock(new_id(), "", 1), at=MORNING)
    void, late, done, blank = block.sheets.order_by("position")
    mark_void(actor=clerk, sheet_id=void.pk, reason="Bị ướt khi mất điện.", at=MORNING)
    begun = [
        begin_entry(actor=clerk, late=Late(it.code, came, why, words), intake=Intake(mother), at=MORNING)
        for it, came, why, words in (
            (late, WEEK_AGO, "other", "Lũ lụt, đường vào trụ sở bị chia cắt hai ngày."),
            (done, MORNING - timedelta(hours=1), "line", ""),
        )
    ]
    by = {"actor": clerk, "draft_id": begun[1].pk, "at": MORNING}
    tick_papers(ticked={"birth_evidence": {"original": 1}}, **by)
    drafts.save_answers(answers=birth_answers(world.desk), **by)
    entered = take_in(**by)
    for state in ("begun", "entered", "void"):
        yield clerk, f"sheets {state}", reverse("desk:sheets"), {"show": state}
    yield clerk, "sheet named", reverse("desk:sheet-enter"), {"code": blank.code}
    yield clerk, "sheet late already", reverse("desk:sheet-entry", args=[begun[0].pk]), {}
    yield clerk, "sheet of a draft", reverse("desk:intake", args=[begun[0].pk]), {}
    yield clerk, "sheet to take back", reverse("desk:sheet-void", args=[void.pk]), {}
    yield clerk, "sheet dossier", reverse("desk:dossier", args=[entered.pk]), {}
    yield world.desk.leader, "sheet deadlines", reverse("desk:deadlines"), {}
    yield world.mother, "sheet own", reverse("dossiers:dossier", args=[entered.pk]), {}
    yield world.neighbour, "sheet status", reverse("dossiers:status"), {"code": done.code}
