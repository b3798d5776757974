"""What the addresses are about, and whose browser opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from motcua.casework.appointments.tests.factories import booked, hall, took
from motcua.casework.disposal.models import DisposalList
from motcua.casework.dossiers.models import BulkAct, Dossier, Reminder, SigningBatch
from motcua.casework.dossiers.register import Asked as Book
from motcua.casework.dossiers.selectors import open_dossier
from motcua.casework.dossiers.services.batches import Chosen as ChosenPaper
from motcua.casework.dossiers.services.batches import prepare_batch
from motcua.casework.dossiers.services.bulk_acts import Chosen, Confirmed, begin_bulk_act, run_bulk_act
from motcua.casework.dossiers.services.handing_over import Handing, make_hand_over, receivers
from motcua.casework.dossiers.services.handling import return_result
from motcua.casework.dossiers.services.intake import Intake, start_intake
from motcua.casework.dossiers.services.late_entry import Late, begin_entry
from motcua.casework.dossiers.services.noting import NewNote, write_note
from motcua.casework.dossiers.services.opinions import Question, request_opinion
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.registering import start_export, write_export
from motcua.casework.dossiers.services.returning import Returning
from motcua.casework.dossiers.services.sheets import NewBlock, issue_sheets
from motcua.casework.dossiers.services.supplements import Item, request_supplement
from motcua.casework.dossiers.services.transporting import Sending, send_papers
from motcua.casework.dossiers.tests.factories import (
    CODE,
    MORNING,
    awaiting_signature,
    filled_in,
    handed_over,
    paid,
    returned,
    seen,
    signed,
    submitted,
    taken_elsewhere,
    target,
)
from motcua.casework.dossiers.tests.linked_factories import applied
from motcua.casework.dossiers.tests.scanned import digitised
from motcua.casework.packs.tests.version_factories import sent as version_sent
from motcua.casework.warehouse.codes import share_code
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.sharing import NewShare, make_share
from motcua.community.helpdesk.services import claim_call
from motcua.community.helpdesk.tests.factories import asked
from motcua.community.surveys.tests.factories import unhappy
from motcua.community.surveys.tokens import token_of
from motcua.config.demo.papers import birth_evidence
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.oversight.indicators.publishing import publish
from motcua.oversight.indicators.tests.factories import make_month_for_all
from motcua.oversight.operations.tests.factories import make_alert
from motcua.registry.access.models import Account
from motcua.registry.access.tests.client_factories import registered
from motcua.registry.catalogue.importing import Order, import_files
from motcua.registry.catalogue.models import Doubt
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.catalogue.tests.offer_factories import entered
from motcua.registry.organisations.tests.factories import away, delegated
from motcua.registry.people.answering import make_export
from motcua.registry.people.contacts import start_change
from motcua.registry.people.data_requests import Asked, ask
from motcua.registry.people.models import Representation
from motcua.registry.people.tests.factories import mandate, representative, sign_in_anew
from tests.permissions.rows import (
    TO_CITIZENS,
    TO_DESK,
)
from tests.permissions.table import TABLE


@pytest.fixture(scope="module", autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def _message(dossier: Dossier) -> Message:
    """What the mother was told in the portal of her dossier."""
    recipient = Recipient(dossier.applicant_id)
    notice = Notice(
        "dossier_submitted",
        "test:permissions",
        context={"procedure": {"vi": "Khai sinh"}},
        reference=dossier.reference,
        concerns=("dossier", dossier.id),
        agency_path=dossier.agency_path,
    )
    return notify(recipient=recipient, notice=notice, at=MORNING)[0]


def sealed_entry(object_id: Any) -> Any:
    follow_once()
    return Entry.objects.filter(object_id=object_id, kind="dossier.accepted").get().id


def leaders_batch(world: Any) -> SigningBatch:
    dossier = awaiting_signature(world.desk, world.mother)
    chosen = ChosenPaper(dossier.id, dossier.revision, seen(dossier))
    return prepare_batch(actor=world.desk.leader, batch_id=UUID(int=3), chosen=[chosen], at=MORNING)


def receptions_bulk_act(world: Any) -> BulkAct:
    """Of two dossiers one was accepted; the other had moved."""
    dossiers = [submitted(world.desk, world.mother) for _ in range(2)]
    chosen = [Chosen(it.id, number) for number, it in enumerate(dossiers, 1)]
    confirmed = Confirmed("accept", chosen)
    made = begin_bulk_act(actor=world.desk.reception, bulk_id=UUID(int=6), confirmed=confirmed, at=MORNING)
    run_bulk_act(made.id, now=lambda: MORNING)
    return made


def _captured() -> dict[str, Any]:
    """The made-up sample of the portal's files, and a fee in it without its thousands."""
    folder = settings.PACKS / "vn" / "tests"
    files = [folder / "catalogue_sample.jsonl", folder / "catalogue_sample.csv"]
    import_files(actor=SYSTEM, order=Order(files), at=MORNING)
    doubt = Doubt.objects.filter(kind="fee_thousands", procedure="9.000005").first()
    assert doubt
    return {"doubt": doubt.pk, "how": "guess"}


def _own_data(world: Any, dossier: Dossier) -> dict[str, Any]:
    """The mother's change of e-mail, her requests, a reading of her dossier, a way to sign in."""
    at = MORNING + timedelta(minutes=59)
    open_dossier(world.desk.reception, dossier.id, at=at)
    reading = Entry.objects.filter(object_id=dossier.id, kind="dossier.read").latest("sequence")
    with override_settings(EMAIL_READY=True):
        start_change(actor=world.mother, kind="email", typed="neu@example.org", signed_in_at=None, at=at)
    proof = SimpleUploadedFile("proof.pdf", birth_evidence(), "application/pdf")
    wrong = Asked("correct", ("other",), "Wrong.", evidence=proof)
    download = ask(actor=world.mother, asked=Asked("download"), at=at)
    make_export(download.id, at=at)
    way = SocialAccount.objects.create(provider="eid", uid="eid-owner", user_id=world.mother.account_id)
    return {
        "contact_kind": "email",
        "reading": reading.id,
        "data_request": ask(actor=world.mother, asked=Asked("ask", words="Why?"), at=at).id,
        "data_file": download.id,
        "data_evidence": ask(actor=world.mother, asked=wrong, at=at).id,
        "way": way.pk,
    }


def _begun(world: Any) -> Any:
    """What the first commune's counter fills in for the mother."""
    version = get_version(CODE, at=MORNING.date())
    intake = Intake(world.mother.person_id)
    return start_intake(actor=world.desk.reception, version=version, intake=intake, at=MORNING)


def _asked(world: Any) -> dict[str, Any]:
    """A dossier about which the other commune is asked, and one that waits for the mother."""
    asked, waiting = (handed_over(world.desk, world.mother) for _ in range(2))
    question = Question("Có vướng quy hoạch không?", world.other_desk.agency.id, "2wd")
    specialist = world.desk.specialist
    opinion = request_opinion(actor=specialist, target=target(asked), question=question, at=MORNING)
    items = [Item("Ảnh rõ hơn", component="birth_evidence"), Item("Tên", field="given_name")]
    request_supplement(actor=specialist, target=target(waiting), items=items, reason="Ảnh mờ", at=MORNING)
    return {"asked_dossier": asked.id, "opinion": opinion.id, "supplemented": waiting.id}


def _shelf(world: Any, dossier: Dossier) -> dict[str, Any]:
    """The mother's result in her documents, and a share of it."""
    document = Document.objects.get(subject=dossier.id)
    new = NewShare([document.id], "Nhập học", MORNING + timedelta(days=1))
    share = make_share(actor=world.mother, new=new, at=MORNING)
    return {"shelf_document": document.id, "share": share.id, "share_code": share_code(share.id)}


def _disposal(world: Any, dossier: Dossier) -> dict[str, Any]:
    """A list of disposition of the first commune with one entry."""
    disposal = DisposalList.objects.create(agency=world.desk.agency, made_at=MORNING)
    item = disposal.items.create(
        thing="dossier.file",
        object_id=dossier.pk,
        owner_id=dossier.owner_id,
        label=dossier.code or dossier.reference,
        closed_on=MORNING.date(),
    )
    return {"disposal": disposal.id, "disposal_item": item.pk}


def _books(world: Any, dossier: Dossier) -> dict[str, Any]:
    """A hand-over slip of the first commune, and an export of its register."""
    desk = world.desk
    to = next(iter(receivers(desk.agency, at=MORNING)))
    slip = make_hand_over(actor=desk.reception, handing=Handing(UUID(int=5), [dossier.id], to), at=MORNING)
    book = Book(path=desk.agency.path, since=MORNING.date(), until=MORNING.date())
    export = start_export(actor=desk.reception, asked=book, language="vi", at=MORNING)
    write_export(export.id, at=MORNING)
    return {"hand_over": slip.id, "register_export": export.id}


def _elsewhere(world: Any) -> dict[str, Any]:
    """What the first commune's counter took in for the second one, its paper on the way."""
    dossier = taken_elsewhere(world.other_desk, world.desk, world.mother)
    sending = Sending(UUID(int=11), "papers", [dossier.id])
    send_papers(actor=world.desk.reception, sending=sending, at=MORNING)
    return {
        "counter_dossier": dossier.id,
        "counter_receipt": dossier.documents.get(kind="receipt").id,
        "transport": dossier.transports.get().id,
    }


def _reminder(world: Any) -> UUID:
    """The mother was reminded of her child."""
    reminder = Reminder.objects.create(
        person_id=world.mother.person_id, rule="child_six", day=MORNING.date(), given_at=MORNING
    )
    return reminder.id


def _sheets(world: Any) -> dict[str, Any]:
    """Two paper sheets of the first commune's counter; one of them is being entered for the mother."""
    clerk = world.desk.reception
    block = issue_sheets(actor=clerk, new=NewBlock(UUID(int=11), CODE, 2), at=MORNING)
    begun, blank = block.sheets.order_by("position")
    late = Late(begun.code, MORNING, "line")
    draft = begin_entry(actor=clerk, late=late, intake=Intake(world.mother.person_id), at=MORNING)
    return {"sheet_block": block.id, "sheet": blank.id, "sheet_draft": draft.id}


def _noted(world: Any, dossier: Dossier) -> dict[str, Any]:
    """A note of the counter on the dossier, and a result that went by post."""
    new = NewNote(UUID(int=6), "Bản gốc lưu ở quầy.")
    note = write_note(actor=world.desk.reception, dossier_id=dossier.id, new=new, at=MORNING)
    posted = signed(world.desk, world.mother)
    way = Returning("post", "EB123456785VN", carrier="vnpost")
    return_result(actor=world.desk.reception, target=target(posted), at=MORNING, returning=way)
    return {"note": note.id, "posted": posted.id}


def _hall(world: Any) -> dict[str, Any]:
    """The first commune's queue, a number that waits there, the mother's appointment."""
    queue = hall(world.desk)
    waiting = took(queue, at=MORNING)
    return {
        "queue": queue.id,
        "group": waiting.group_id,
        "ticket": waiting.id,
        "ticket_code": waiting.code,
        "board_code": queue.board_code,
        "appointment": booked(world.mother, queue, at=MORNING, after=timedelta(days=1)).id,
    }


def _calls(world: Any) -> dict[str, Any]:
    """Two strangers who want to be called; the counter has taken one on."""
    call, other = (asked(world.desk.agency, at=MORNING) for _ in range(2))
    claim_call(actor=world.desk.reception, call_id=call.id, at=MORNING)
    return {"call": call.id, "call_number": other.number}


def _unhappy(world: Any) -> dict[str, Any]:
    """The mother was dissatisfied with another result; the link of that one is known."""
    survey = unhappy(world.desk, world.mother, at=MORNING)
    return {"unhappy": survey.case.id, "survey_token": token_of(survey.pk)}


# What addresses name that is no row.
_NAMES = {
    "code": CODE,
    "event": "birth",
    "sitemap": "procedures",
    "guide": "birth",
    "place": "04894",
    "agency_code": "H44",
    "page": "mother",
    "pack_schema": "procedure",
    "paper_example": "birth_evidence",
    "act": "accept",
    "law_act": "draft-refusal",
    "screen": "home",
    "letter": 404,
    "search": "unknown",
    "topic": "signing",
    "nothing": UUID(int=4),
    "member": "birth",
}


def _published(world: Any) -> str:
    """A month of public figures: of one commune enough, of the other too few; the month that is published."""
    plenty = {
        "received": 120,
        "received_offered": 110,
        "finished": 98,
        "finished_early": 80,
        "finished_late": 18,
    }
    few = {"received": 2, "finished": 1, "finished_late": 1}
    make_month_for_all({world.desk.agency.path: plenty, world.other_desk.agency.path: few}, date(2026, 2, 10))
    make_month_for_all({world.desk.agency.path: {"received": 30}}, date(2026, 3, 1))
    publish(until=date(2026, 3, 1), at=MORNING)
    return "2026-02"


def _set_up(world: Any) -> dict[str, Any]:
    """What administrators keep."""
    return {
        "month": _published(world),
        "some_agency": world.desk.agency.id,
        "decision": entered(world).pk,
        "some_unit": world.desk.agency.units.first().id,
        "some_post": world.desk.leader.post_id,
        "some_officer": world.desk.leader.person_id,
        "measure_code": "received",
        **{act: act for act in ("rename", "change", "end", "leave")},
        "settings": "mail",
        "trial": "mail",
        "mark": "0123456789abcdef",
        "role": "reception",
        "client": registered(world.administrator, world.desk.agency, at=MORNING)[0].id,
        "client_act": "end",
    }


@pytest.fixture(scope="module")
def things(module_db: None, world: Any) -> dict[str, Any]:
    """What the addresses are about: all the mother's, all in the first commune."""
    draft = filled_in(world.desk, world.mother)
    dossier = returned(world.desk, world.mother)
    receipt = dossier.documents.get(kind="receipt")
    file_of(receipt)
    # Before the leader is away, as the leader signs.
    noted, unhappy_one = _noted(world, dossier), _unhappy(world)
    acting = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    office = Representation.objects.get(person=acting.person_id)
    return {
        **_NAMES,
        "message": _message(dossier).id,
        "draft": draft.id,
        "counter_draft": _begun(world).id,
        "draft_paper": draft.papers.get().id,
        "dossier": dossier.id,
        "paper": dossier.components.get().id,
        "scanned": digitised(world.desk.reception, dossier.id).component,
        "first": 1,
        "receipt": receipt.id,
        "result": dossier.documents.get(kind="result").id,
        "draft_document": dossier.documents.get(kind="draft").id,
        "new_dossier": submitted(world.desk, world.mother).id,
        "entry": sealed_entry(dossier.id),
        "batch": leaders_batch(world).id,
        "place_in_batch": 1,
        "bulk_act": receptions_bulk_act(world).id,
        "account": world.desk.specialist.account_id,
        "absence": away(world.desk.leader, at=MORNING).id,
        "delegation": delegated(world.desk, at=MORNING).id,
        "mandate": mandate(world.neighbour, world.mother, at=MORNING, accepted=False).id,
        "person": world.mother.person_id,
        "linked": applied(world).id,
        **_own_data(world, dossier),
        "organisation": office.organisation_id,
        "representation": office.id,
        **_set_up(world),
        "fee_entry": paid(world.desk, dossier).id,
        "working": handed_over(world.desk, world.mother).id,
        **_asked(world),
        **_shelf(world, dossier),
        **_disposal(world, dossier),
        **_books(world, dossier),
        **_elsewhere(world),
        "reminder": _reminder(world),
        **_sheets(world),
        **noted,
        **_hall(world),
        **_calls(world),
        **unhappy_one,
        "version_draft": version_sent(world).id,
        "version_part": "limit",
        "alert": make_alert(world.desk.agency.path, at=MORNING).id,
        "alert_act": "acknowledge",
        "alert_rule": "late",
        **_captured(),
    }


@pytest.fixture(scope="module")
def enter(module_db: None, world: Any) -> Callable[[str], Client]:
    """A person's browser."""
    actors = {
        "owner": world.mother,
        "neighbour": world.neighbour,
        "officer": world.desk.reception,
        "colleague": world.desk.specialist,
        "elsewhere": world.other_desk.reception,
        "auditor": world.auditor,
        "operator": world.operator,
        "administrator": world.administrator,
        "support": world.support,
        "data_protection": world.data_protection,
        "catalogue": world.catalogue,
    }

    def browser(person: str, **options: Any) -> Client:
        client = Client(**options)
        if person != "stranger":
            account = Account.objects.get(pk=actors[person].account_id)
            client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        if person in {"owner", "neighbour"}:
            sign_in_anew(client)
        return client

    return browser


def url_of(name: str, things: dict[str, Any]) -> str:
    if name.startswith("openid_connect"):
        return reverse(name, args=["eid"])
    if ":" not in name and "_" not in name:
        return f"/{name}"
    return reverse(name, args=[things[thing] for thing in TABLE[name].things])


def outcome(response: Any) -> Any:
    """The status, or the sign-in page one is sent to with the way back."""
    location = response.headers.get("Location", "")
    for page in (TO_DESK, TO_CITIZENS):
        if location.startswith(f"{page}?next="):
            return page
    return response.status_code
