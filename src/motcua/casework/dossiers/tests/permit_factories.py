"""A building permit of the real pack, as far as its people have brought it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import drafts, handling, tasking
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import MORNING, picture
from motcua.casework.process.models import Task
from motcua.registry.access.models import Account
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.selectors import identify_officer

CODE = "1.013225"
# Answers that make it the case "works".
WORKS = {"work": "works", "work_name": "Xưởng", "grade": "III"}


def officer(username):
    return identify_officer(Account.objects.get(username=username)).actor


@dataclass
class Walk:
    """A dossier and where its clock stands; every act takes an hour."""

    dossier: Dossier
    at: datetime = MORNING

    def target(self, step: str) -> Target:
        self.dossier.refresh_from_db()
        self.at += timedelta(hours=1)
        task = Task.objects.get(subject=self.dossier.pk, step=step, completed_at=None)
        return Target(self.dossier.id, self.dossier.revision, task.pk)

    def open_steps(self) -> list[str]:
        tasks = Task.objects.filter(subject=self.dossier.pk, completed_at=None)
        return sorted(tasks.values_list("step", flat=True))


def submitted(world, **changes) -> Walk:
    path = settings.PACKS / "vn" / "procedures" / CODE / "example.json"
    answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
    del answers["drawings"]
    answers |= {"registration_commune": world.desk.agency.place_code} | changes
    draft = drafts.start_draft(actor=world.mother, version=get_version(CODE, at=MORNING.date()), at=MORNING)
    for component in {"drawings", *(name for name in changes if name.endswith(("_decision", "_commitment")))}:
        upload = picture(f"{component}.png", shade=len(component))
        drafts.add_paper(
            actor=world.mother, draft_id=draft.id, component=component, upload=upload, at=MORNING
        )
        answers.pop(component, None)
    drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=answers, at=MORNING)
    return Walk(submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING))


def examined(world, **changes) -> Walk:
    walk = submitted(world, **changes)
    desk, builder = world.desk.reception, officer(f"demo.construction.{world.desk.agency.place_code}")
    handling.accept_dossier(actor=desk, target=walk.target("reception"), at=walk.at)
    handling.hand_over_dossier(actor=desk, target=walk.target("reception"), at=walk.at)
    tasking.complete_task(
        actor=builder, target=walk.target("examination"), done=tasking.Done("complete"), at=walk.at
    )
    return walk
