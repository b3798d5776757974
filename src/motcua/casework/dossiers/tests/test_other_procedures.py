"""Marriage, marital status and temporary residence from the first answer to the returned result."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from motcua.casework.dossiers.errors import ChecksMissing
from motcua.casework.dossiers.forms import file_fields, form_of
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services import drafts, handling
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.services.tasking import Done, complete_task
from motcua.casework.dossiers.tests.factories import MORNING, paid, picture, seen, target
from motcua.casework.warehouse.models import Document
from motcua.registry.catalogue.selectors import get_version

pytestmark = pytest.mark.django_db
MARRIAGE, SINGLE, STAY = "1.000894", "1.004873", "1.004194"


def submitted(world, code):
    """Filled in as the pack's example, by the mother, in the first commune."""
    path = settings.PACKS / "vn" / "procedures" / code / "example.json"
    answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
    draft = drafts.start_draft(actor=world.mother, version=get_version(code, at=MORNING.date()), at=MORNING)
    for shade, name in enumerate(set(file_fields(form_of(draft.version))) & set(answers)):
        del answers[name]
        paper = picture(f"{name}.png", shade=shade)
        drafts.add_paper(actor=world.mother, draft_id=draft.id, component=name, upload=paper, at=MORNING)
    answers |= {"registration_commune": world.desk.agency.place_code}
    drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=answers, at=MORNING)
    return submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING)


def handed_over(world, code):
    dossier = submitted(world, code)
    for act in (handling.accept_dossier, handling.hand_over_dossier):
        act(actor=world.desk.reception, target=target(dossier), at=MORNING)
    return dossier


def conditions_checked(world, dossier):
    ticked = Done(checks=("0", "1", "2", "3"))
    complete_task(actor=world.desk.specialist, target=target(dossier), done=ticked, at=MORNING)


@pytest.mark.parametrize("code", [MARRIAGE, SINGLE, STAY])
def test_goes_from_submission_to_a_signed_result_in_the_warehouse(world, code):
    dossier, desk = handed_over(world, code), world.desk
    if code == MARRIAGE:
        conditions_checked(world, dossier)
    checks = ("0", "1", "2", "3") if code == MARRIAGE else ("0", "1", "2")
    handling.draft_result(actor=desk.specialist, target=target(dossier), checks=checks, at=MORNING)
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=MORNING)
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING)
    paid(desk, dossier, amount=7_000)
    handling.return_result(actor=desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    issued = Document.objects.get(subject=dossier.id)
    assert dossier.status == Status.RETURNED
    assert issued.kind == dossier.version.definition["procedure"]["results"][0]["code"]
    assert issued.owner_id == world.mother.person_id


def test_nothing_is_drafted_before_the_conditions_of_marriage_are_checked_and_the_couple_is_there(world):
    dossier = handed_over(world, MARRIAGE)
    with pytest.raises(ChecksMissing):
        complete_task(actor=world.desk.specialist, target=target(dossier), done=Done(), at=MORNING)
    conditions_checked(world, dossier)
    with pytest.raises(ChecksMissing):
        # Everything but that both are present.
        handling.draft_result(
            actor=world.desk.specialist, target=target(dossier), checks=("1", "2", "3"), at=MORNING
        )
    assert not dossier.documents.filter(kind="draft").exists()


@pytest.mark.parametrize(
    ("code", "fee", "way"),
    [
        (MARRIAGE, "16.000 đ", "Tại quầy, khi hai bên cùng có mặt"),
        (SINGLE, "Theo nghị quyết của Hội đồng nhân dân tỉnh", "Bản điện tử"),
        (STAY, "7.000 đ", "Bản điện tử"),
    ],
)
def test_form_01_says_what_it_costs_and_how_the_result_is_received(world, code, fee, way):
    content = handed_over(world, code).documents.get(kind="receipt").content
    assert content["fee"].replace("\u00a0", " ") == fee
    assert content["return_way"].startswith(way)
