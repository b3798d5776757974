"""The building permit walked by its people: cases, a supplement, opinion and site visit at once, signature."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.services import drafts, handling, opinions, supplements, tasking
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import MORNING, picture, seen
from motcua.casework.process.models import Task
from motcua.foundation.journal.models import Entry
from motcua.registry.access.models import Account
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.selectors import identify_officer

CODE = "1.013225"
pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("work", "due"), [("house", "2026-03-25"), ("house_limited", "2026-03-25"), ("works", "2026-03-30")]
)
def test_the_limit_is_the_one_of_the_case(world, work, due):
    more = {} if work.startswith("house") else {"work_name": "Xưởng", "grade": "III", "project_decision": "x"}
    more |= {"removal_commitment": "x"} if work == "house_limited" else {}
    walk = submitted(world, work=work, **more)
    assert walk.dossier.case == work
    handling.accept_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    walk.dossier.refresh_from_db()
    assert walk.dossier.due_at.date().isoformat() == due
    entry = Entry.objects.get(object_id=walk.dossier.pk, kind="dossier.submitted")
    assert entry.facts["case"] == work


def test_form_01_names_the_case_with_its_limit_and_fee(world):
    walk = submitted(world)
    handling.accept_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    receipt = walk.dossier.documents.get(kind=OfficialDocument.Kind.RECEIPT).content
    assert receipt["case"] == "Nhà ở riêng lẻ" and receipt["limit"] == "15 ngày."
    assert "75.000" in receipt["fee"]


def test_the_pages_name_the_case(world, browse):
    walk = submitted(world)
    desk = browse(world.desk.reception).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    own = browse(world.mother).get(f"/dossiers/{walk.dossier.id}/").content.decode()
    assert "Case: Single house." in desk and "Case: Single house." in own


def test_the_department_gives_its_opinion_while_the_site_is_visited_and_the_chair_signs(world):
    walk = examined(world)
    builder = officer(f"demo.construction.{world.desk.agency.place_code}")
    assert walk.open_steps() == ["opinion_house", "visit"]
    opinions.give_opinion(
        actor=officer("demo.construction.H44"),
        target=walk.target("opinion_house"),
        answer=opinions.Answer("Phù hợp quy hoạch; cốt nền theo bản vẽ."),
        at=walk.at,
    )
    assert walk.open_steps() == ["visit"]
    opinions.give_opinion(
        actor=builder,
        target=walk.target("visit"),
        answer=opinions.Answer(
            "Ngày 10/3/2026: đất trống, chưa khởi công.", upload=picture("hien-truong.png")
        ),
        at=walk.at,
    )
    assert walk.open_steps() == ["drafting"]
    checks = ("0", "1", "2", "3")
    handling.draft_result(actor=builder, target=walk.target("drafting"), checks=checks, at=walk.at)
    handling.submit_for_signature(actor=builder, target=walk.target("drafting"), at=walk.at)
    assert walk.open_steps() == ["signing"]
    target = walk.target("signing")
    handling.sign_result(actor=world.desk.leader, target=target, seen_sha256=seen(walk.dossier), at=walk.at)
    handling.return_result(actor=world.desk.reception, target=walk.target("returning"), at=walk.at)
    walk.dossier.refresh_from_db()
    assert walk.dossier.status == 10 and walk.open_steps() == []


def test_other_works_ask_two_departments_and_pass_a_review(world):
    walk = examined(world, work="works", work_name="Xưởng", grade="III", project_decision="x")
    assert walk.open_steps() == ["opinion_environment", "opinion_works", "visit"]


def test_a_supplement_stops_the_clock_and_leads_back_to_the_examination(world):
    walk = submitted(world)
    desk, builder = world.desk.reception, officer(f"demo.construction.{world.desk.agency.place_code}")
    handling.accept_dossier(actor=desk, target=walk.target("reception"), at=walk.at)
    handling.hand_over_dossier(actor=desk, target=walk.target("reception"), at=walk.at)
    supplements.request_supplement(
        actor=builder,
        target=walk.target("examination"),
        items=[supplements.Item("Bản vẽ móng", component="drawings")],
        reason="Thiếu bản vẽ móng.",
        at=walk.at,
    )
    walk.dossier.refresh_from_db()
    assert walk.dossier.status == 5
    supplements.add_paper(
        actor=world.mother,
        dossier_id=walk.dossier.id,
        item=0,
        upload=picture("mong.png", shade=90),
        at=walk.at,
    )
    supplements.supplement(
        actor=world.mother,
        dossier_id=walk.dossier.id,
        revision=walk.dossier.revision,
        answers={},
        at=walk.at + timedelta(days=1),
    )
    walk.dossier.refresh_from_db()
    assert walk.dossier.status == 4 and walk.open_steps() == ["examination"]


def test_a_neighbouring_department_does_not_see_a_dossier_it_was_not_asked_about(world, browse):
    walk = examined(world)
    page = f"/desk/dossiers/{walk.dossier.id}/"
    assert browse(officer("demo.construction.H44")).get(page).status_code == 200
    assert browse(officer("demo.agriculture.H44")).get(page).status_code == 404


def test_the_review_puts_the_same_draft_before_the_signer(world, browse):
    walk = examined(world, work="works", work_name="Xưởng", grade="III", project_decision="x")
    place = world.desk.agency.place_code
    builder, head = officer(f"demo.construction.{place}"), officer(f"demo.economy.{place}")
    for who, step in (
        ("demo.agriculture.H44", "opinion_environment"),
        ("demo.construction.H44", "opinion_works"),
        (f"demo.construction.{place}", "visit"),
    ):
        answer = opinions.Answer("Không có ý kiến khác.")
        opinions.give_opinion(actor=officer(who), target=walk.target(step), answer=answer, at=walk.at)
    handling.draft_result(
        actor=builder, target=walk.target("drafting"), checks=("0", "1", "2", "3"), at=walk.at
    )
    handling.submit_for_signature(actor=builder, target=walk.target("drafting"), at=walk.at)
    assert walk.open_steps() == ["review"]
    page = browse(head).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    assert "/acts/submit-for-signature/" in page
    tasking.return_task(actor=head, target=walk.target("review"), reason="Sửa diện tích", at=walk.at)
    page = browse(builder).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    assert "/acts/submit-for-signature/" not in page
