"""Who plays in `test_stateful` and `test_faults`, and how each act is done by the services."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import (
    correcting,
    drafts,
    ending,
    extending,
    handling,
    opinions,
    recomputing,
    refusing,
    supplements,
    tasking,
    transferring,
    waiting,
)
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.services.uploading import upload_result
from motcua.casework.dossiers.tests.factories import MORNING, World, picture, submitted
from motcua.casework.dossiers.tests.model_parts import Try
from motcua.casework.dossiers.tests.process_factories import LANES, run_by, step
from motcua.casework.dossiers.tests.test_generic import filled_in, pdf
from motcua.casework.dossiers.tests.ways import MIXED_CONTENT, Way
from motcua.casework.process.services import publish_definition
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.registry.access.models import Account
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.catalogue.services import Listing, Publication, publish_version
from motcua.registry.organisations.models import AgencyCalendar
from motcua.registry.organisations.selectors import identify_officer
from motcua.registry.organisations.services import OwnTime, set_calendar
from motcua.registry.organisations.services import Target as AgencyTarget
from motcua.registry.organisations.tests.factories import Desk

CODES = {"straight": "1.001193", "generic": "2.001255", "house": "1.013225", "works": "1.013225"}
WORKS = {"work": "works", "work_name": "Xưởng", "grade": "III", "project_decision": "x"}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What the acts gave or raised, in their order; they start together, each on a connection of its own."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=20)
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]


@dataclass(frozen=True)
class Players:
    """`home`: the agency that decides; `away`: the one that is asked, and to which it may be transferred."""

    world: World
    actors: dict[str, Actor]
    home: Desk
    away: Desk
    begins: ClassVar[datetime] = MORNING

    @classmethod
    def of(cls, world: World, home: Desk | None = None) -> Players:
        def officer(username: str) -> Actor:
            return identify_officer(Account.objects.get(username=username)).actor

        desk = home or world.desk
        away = world.desk if desk is world.other_desk else world.other_desk
        return cls(
            world,
            {
                "reception": desk.reception,
                "specialist": desk.specialist,
                "builder": officer(f"demo.construction.{desk.agency.place_code}"),
                "leader": desk.leader,
                "province": officer("demo.construction.H44"),
                "environment": officer("demo.agriculture.H44"),
                "stranger": away.specialist,
                "mother": world.mother,
                "neighbour": world.neighbour,
            },
            desk,
            away,
        )

    @property
    def there(self) -> Players:
        """The same roles, played by the people of the other agency."""
        return Players.of(self.world, self.away)

    @property
    def people(self) -> dict[str, UUID]:
        return {name: actor.person for name, actor in self.actors.items()}

    def actor(self, name: str) -> Actor:
        return self.actors[name]

    def page(self, dossier: Dossier, revision: int, task: UUID | None = None) -> Target:
        return Target(dossier.id, revision, task)

    # --- The applicant's --------------------------------------------------------------------------------------

    def submit(self, way: Way, *, at: datetime) -> Dossier:
        world = self.world
        if way.name == "generic":
            return submit_dossier(actor=world.mother, draft_id=filled_in(world).id, at=at)
        if way.name in {"house", "works"}:
            return self._submit_permit(at=at, **(WORKS if way.name == "works" else {}))
        dossier = submitted(world.desk, world.mother, at=at)
        if way.name == "mixed":
            run_by(dossier, MIXED_CONTENT)
        return dossier

    def _submit_permit(self, *, at: datetime, **changes: str) -> Dossier:
        mother, place = self.world.mother, self.world.desk.agency.place_code
        path = settings.PACKS / "vn" / "procedures" / CODES["house"] / "example.json"
        answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
        answers |= {"registration_commune": place} | changes
        version = get_version(CODES["house"], at=at.date())
        draft = drafts.start_draft(actor=mother, version=version, at=at)
        for name in {"drawings", *(it for it in changes if it.endswith("_decision"))}:
            answers.pop(name, None)
            upload = picture(f"{name}.png", shade=len(name))
            drafts.add_paper(actor=mother, draft_id=draft.id, component=name, upload=upload, at=at)
        drafts.save_answers(actor=mother, draft_id=draft.id, answers=answers, at=at)
        return submit_dossier(actor=mother, draft_id=draft.id, at=at)

    def bring(self, dossier: Dossier, *, at: datetime, number: int) -> None:
        upload = picture("bo-sung.png", shade=(40 + number) % 256)
        supplements.add_paper(actor=self.world.mother, dossier_id=dossier.id, item=0, upload=upload, at=at)

    def supplement(self, who: str, dossier: Dossier, *, revision: int, at: datetime) -> Dossier:
        return supplements.supplement(
            actor=self.actors[who], dossier_id=dossier.id, revision=revision, answers={}, at=at
        )

    # --- The officers' ----------------------------------------------------------------------------------------

    def answer(self, who: str, opinion_id: UUID, *, at: datetime) -> object:
        answer = opinions.Answer("Không vướng.")
        return opinions.answer_opinion(actor=self.actors[who], opinion_id=opinion_id, answer=answer, at=at)

    def call(
        self, dossier: Dossier, tried: Try, page: Target, *, checks: int, way: Way, at: datetime
    ) -> Callable[[], object]:
        """The act as the services do it; what a page shows is read now."""
        uploads = way.uploads
        ticked = tuple(str(it) for it in range(checks))
        by: dict[str, Any] = {"actor": self.actors[tried.who], "target": page, "at": at}
        outcome = tried.outcome
        draft = find_draft(dossier)
        seen = draft.stored.sha256 if draft else "0" * 64
        question = opinions.Question("?", self.away.agency.id, "2wd")
        items = [supplements.Item("Giấy xác nhận")]
        officer = self.people.get(tried.to)
        done = tasking.Done(outcome, checks=ticked)
        drafting = (
            (lambda: upload_result(upload=pdf(), checks=ticked, **by))
            if uploads
            else (lambda: handling.draft_result(checks=ticked, **by))
        )
        calls: dict[str, Callable[[], object]] = {
            "accept": lambda: handling.accept_dossier(**by),
            "hand-over": lambda: handling.hand_over_dossier(**by),
            "draft": drafting,
            "submit": lambda: tasking.submit_for_signature(outcome=outcome, **by),
            "complete": lambda: tasking.complete_task(done=done, **by),
            "return": lambda: tasking.return_task(reason="Sai tên đệm", outcome=outcome, **by),
            "sign": lambda: handling.sign_result(seen_sha256=seen, **by),
            "hand out": lambda: handling.return_result(**by),
            "opinion": lambda: opinions.give_opinion(answer=opinions.Answer("Đồng ý", outcome=outcome), **by),
            "claim": lambda: tasking.claim(**by),
            "assign": lambda: tasking.assign(officer_id=officer, **by),
            "release": lambda: tasking.hand_back(**by),
            "ask": lambda: opinions.request_opinion(question=question, **by),
            "refuse": lambda: ending.refuse_dossier(why=ending.Why("other", "Sai nơi nộp"), **by),
            "decline": lambda: refusing.draft_refusal(
                refusal=refusing.Refusal("Không đủ điều kiện", "Điều 1"), **by
            ),
            "correct": lambda: correcting.correct_data(correction=self._slip(dossier, way), **by),
            "transfer": lambda: transferring.transfer_dossier(
                agency_id=self.away.agency.id, reason="Thuộc thẩm quyền xã bên", **by
            ),
            "pay": lambda: waiting.request_payment(demand=waiting.Demand("Lệ phí", 15_000), **by),
            "request": lambda: supplements.request_supplement(
                items=items, reason="Thiếu", arose="Giấy mang đến bị rách", **by
            ),
        }
        return calls[tried.act]

    def free(self, act: str, who: str, dossier: Dossier, *, revision: int, at: datetime) -> object:
        """An act without a task."""
        actor, page = self.actors[who], self.page(dossier, revision)
        by: dict[str, Any] = {"actor": actor, "target": page, "at": at}
        if act == "withdraw":
            return ending.withdraw_own(
                actor=actor, dossier_id=dossier.id, revision=revision, reason="", at=at
            )
        calls: dict[str, Callable[[], object]] = {
            "stop": lambda: ending.stop_dossier(why=ending.Why("court_order", "QĐ 01"), **by),
            "recall stop": lambda: ending.recall_stop(**by),
            "suspend": lambda: ending.suspend_dossier(reason="Chờ giám định", **by),
            "resume": lambda: ending.resume_dossier(**by),
            "recompute": lambda: recomputing.recompute(**by),
            "extend": lambda: self.extend(who, dossier, on=at.date() + timedelta(days=3), by=by),
            "withdraw for": lambda: ending.withdraw_dossier(reason="Đơn xin rút", **by),
            "confirm": lambda: waiting.confirm_payment(receipt="BL 1", **by),
        }
        return calls[act]()

    def extend(self, who: str, dossier: Dossier, *, on: date, by: dict[str, Any]) -> object:
        given = extending.Extension(on, "Chờ ý kiến")
        return extending.extend(extension=given, **(by | {"actor": self.actors[who]}))

    @staticmethod
    def _slip(dossier: Dossier, way: Way) -> correcting.Correction:
        """Another value each time."""
        now = Dossier.objects.get(pk=dossier.pk).answers[way.slips_in]
        other = "Mẫu Hai" if now == "Mẫu Một" else "Mẫu Một"
        return correcting.Correction(way.slips_in, other, "Gõ nhầm")

    def close_office(self, dossier: Dossier, *, on: date, at: datetime) -> None:
        """A day off of the agency's own, from today's calendar on; with those it has already."""
        agency = Dossier.objects.get(pk=dossier.pk).agency_id
        rows = AgencyCalendar.objects.filter(agency=agency).order_by("-valid_from")
        closed = [*(rows[0].closed if rows else []), {"date": on.isoformat(), "reason": "Lũ"}]
        target = AgencyTarget(agency)
        set_calendar(actor=SYSTEM, target=target, own=OwnTime(closed=closed), on=at.date(), at=at)

    def open_offices(self, *, at: datetime) -> None:
        """The next example begins with the usual calendar."""
        for desk in (self.home, self.away):
            AgencyCalendar.objects.filter(agency=desk.agency).delete()
            set_calendar(actor=SYSTEM, target=AgencyTarget(desk.agency.id), own=None, on=at.date(), at=at)

    # --- What is published in between -------------------------------------------------------------------------

    def publish(self, way: Way, *, at: datetime) -> None:
        """Another limit, another process and a template that cannot be printed, from today on."""
        code = CODES.get(way.name, CODES["straight"])
        now = get_version(code, at=at.date())
        definition = copy.deepcopy(now.definition)
        definition["procedure"]["limit"]["value"] = "77wd"
        other = step("other", "leader", "complete-task", ("x", "end"))
        definition["process"] = {"start": "other", "lanes": LANES, "steps": [other]}
        digest = hashlib.sha256(f"{code} {at} {now.number}".encode()).hexdigest()
        publish_definition(code=code, digest=digest, content=definition["process"])
        names, keys = now.procedure.names, {"sector": "civil_status", "level": "commune", "fee": {}}
        listing = Listing(
            code=code, names=names, everyday=[], limit="77wd", sector_names={}, is_online=True, **keys
        )
        publication = Publication(listing, at.date(), definition, digest, "#panic()")
        publish_version(actor=SYSTEM, publication=publication, at=at)

    def take_back_versions(self, dossier: Dossier) -> None:
        """The next example begins with the version that this dossier has."""
        version = dossier.version
        later = ProcedureVersion.objects.filter(procedure=version.procedure, number__gt=version.number)
        if later.delete()[0]:
            ProcedureVersion.objects.filter(pk=version.pk).update(valid_to=None)
