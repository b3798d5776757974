"""The ceilings of a counter's pages: taking in, scans, calls, tickets, paper on its way, what it lets go."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.casework.appointments.tests.factories import hall, sat_down, took
from motcua.casework.disposal.models import DisposalItem, DisposalList
from motcua.casework.dossiers.models import Component
from motcua.casework.dossiers.services import showing
from motcua.casework.dossiers.services.drafts import save_answers
from motcua.casework.dossiers.services.intake import Intake, start_intake, tick_papers
from motcua.casework.dossiers.services.sheets import NewBlock, issue_sheets, mark_void
from motcua.casework.dossiers.services.transporting import Sending, send_papers
from motcua.casework.dossiers.tests.factories import (
    CODE,
    MORNING,
    birth_answers,
    filled_in,
    submitted,
    taken_elsewhere,
)
from motcua.casework.dossiers.tests.linked_factories import applied
from motcua.casework.packs.tests.version_factories import approved as version_approved
from motcua.casework.packs.tests.version_factories import published as version_published
from motcua.community.helpdesk.services import claim_call
from motcua.community.helpdesk.tests.factories import asked as call_asked
from motcua.community.surveys.tests.factories import unhappy
from motcua.foundation.kernel.ids import new_id
from motcua.registry.catalogue.selectors import get_version
from tests.counting import CITIZEN, OFFICER, queries, shown

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ceilings")]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def test_what_is_taken_in_for_others_takes_as_many_queries_with_9_rows_as_with_3(world, browse):
    """Dossiers, their paper, its way, the figure of the year; what is on its way, and results to send."""
    counter, agency, found = browse(world.other_desk.reception), browse(world.desk.reception), []
    for more in (3, 6):
        ids = [taken_elsewhere(world.desk, world.other_desk, world.mother).id for _ in range(more)]
        sending = Sending(new_id(), "papers", ids[1:])
        send_papers(actor=world.other_desk.reception, sending=sending, at=MORNING)
        pages = ((counter, "desk:taken-in"), (agency, "desk:transports"))
        found.append([queries(browser, reverse(name)) for browser, name in pages])
    assert [len(it) for it in found[0]] == [len(it) for it in found[1]], shown(found[1][0])
    counts = [len(it) for it in found[1]]
    assert counts[0] <= OFFICER + 4 and counts[1] <= OFFICER + 2, "\n\n".join(map(shown, found[1]))


def test_calls_and_screens_take_few_queries_and_as_many_with_25_requests_as_with_5(world, browse):
    browser, found = browse(world.desk.reception), []
    for more in (5, 20):
        for number in range(more):
            call = call_asked(world.desk.agency, at=MORNING, phone=f"09{more:02d}1{number:05d}")
            claim_call(actor=world.desk.reception, call_id=call.id, at=MORNING)
        found.append(queries(browser, reverse("help-calls:list")))
    # The requests, who has them, the figures.
    assert len(found[0]) == len(found[1]) <= OFFICER + 3, shown(found[1])
    draft, now = filled_in(world.desk, world.mother), MORNING + timedelta(hours=1)
    begun = showing.begin_showing(actor=world.mother, draft_id=draft.id, page="mother", at=now)
    showing.join_showing(actor=world.desk.reception, code=showing.code_of(begun.id), at=now)
    asked_of = queries(browser, reverse("desk:showing-screen", args=[begun.id]))
    # The showing, the draft, its version's content, papers, communes, places.
    assert len(asked_of) <= OFFICER + 6, shown(asked_of)
    state = queries(browse(world.mother), reverse("dossiers:show-state", args=[draft.id]))
    assert len(state) <= CITIZEN + 3, shown(state)


def test_satisfaction_takes_few_queries_and_as_many_with_6_answers_as_with_2(world, browse):
    browser, found, now = browse(world.desk.leader), [], MORNING + timedelta(minutes=30)
    for more in (2, 4):
        surveys = [unhappy(world.desk, world.mother, at=now) for _ in range(more)]
        pages = [reverse("desk-satisfaction:answers"), reverse("desk-satisfaction:cases")]
        pages.append(reverse("desk-satisfaction:case", args=[surveys[0].case.id]))
        found.append([queries(browser, page) for page in pages])
    assert [len(it) for it in found[0]] == [len(it) for it in found[1]]
    # Agencies, procedures, answers, figures, reasons; cases and procedures; the case, its steps, the reader's hand in
    # the dossier, procedures, and that it was read.
    for asked, ceiling in zip(found[1], (5, 3, 7), strict=True):
        assert len(asked) <= OFFICER + ceiling, shown(asked)
    own = queries(browse(world.mother), reverse("satisfaction:survey", args=[surveys[0].pk]))
    # The dossier, the answer with its case, what was said.
    assert len(own) <= CITIZEN + 4, shown(own)


def test_the_list_of_scans_takes_as_many_queries_with_6_papers_as_with_1(world, browse):
    dossier, found = submitted(world.desk, world.mother), []
    url = reverse("desk:digitising", args=[dossier.id])
    for more in (0, 5):
        for number in range(more):
            file = dossier.components.first().file
            Component.objects.create(dossier=dossier, code=f"more{number}", name="Giấy tờ", file=file)
        found.append(queries(browse(world.desk.reception), url))
    # The dossier, its papers, what was made of them.
    assert len(found[0]) == len(found[1]) <= OFFICER + 3, shown(found[1])


def test_the_counter_keeps_its_ceilings_however_many_forms_are_begun(world, browse):
    clerk, version = world.desk.reception, get_version(CODE, at=MORNING.date())
    browser, found = browse(clerk), []
    for _count in range(2):
        for _form in range(4):
            intake = Intake(world.mother.person_id)
            draft = start_intake(actor=clerk, version=version, intake=intake, at=MORNING)
        tick_papers(actor=clerk, draft_id=draft.id, ticked={"birth_evidence": {"copy": 2}}, at=MORNING)
        save_answers(actor=clerk, draft_id=draft.id, answers=birth_answers(world.desk), at=MORNING)
        found.append(
            {
                name: len(queries(browser, reverse(name, args=args)))
                for name, args in (
                    ("console:intake", []),
                    ("console:intake-for", [world.mother.person_id]),
                    ("desk:intake", [draft.id]),
                    ("desk:intake-check", [draft.id]),
                )
            }
        )
    assert found[0] == found[1]
    # The forms begun; the person with papers, offices and mandates, twice, in a transaction with an entry; the draft with
    # its papers, places and what can be used again; the same with agency and calendar.
    ceilings = {"console:intake": 1, "console:intake-for": 12, "desk:intake": 5, "desk:intake-check": 8}
    assert {name: count for name, count in found[0].items() if count > OFFICER + ceilings[name]} == {}


def test_lists_of_disposition_take_as_many_queries_with_25_entries_as_with_5(world, browse):
    disposal = DisposalList.objects.create(agency=world.desk.agency, made_at=MORNING)
    browser, found = browse(world.desk.reception), []
    for numbers in (range(5), range(5, 25)):
        for number in numbers:
            DisposalItem.objects.create(
                disposal=disposal,
                thing="dossier.file",
                object_id=new_id(),
                owner_id=new_id(),
                label=f"T-{number}",
                closed_on=MORNING.date(),
            )
        urls = (reverse("disposal:list", args=[disposal.id]), reverse("disposal:lists"))
        found.append([queries(browser, url) for url in urls])
    # The list, its entries, holds on them, how many; all lists.
    for asked, more, ceiling in zip(*found, (OFFICER + 4, OFFICER + 1), strict=True):
        assert len(asked) == len(more) <= ceiling, shown(more)


def test_versions_take_as_many_queries_with_several_drafts_as_with_one(world, browse):
    browser, found = browse(world.catalogue), []
    for _more in range(2):
        draft = version_published(world).draft if found else version_approved(world)
        names = (("procedures", []), ("history", [draft.code]), ("draft", [draft.pk]), ("files", [draft.pk]))
        urls = [reverse(f"versions:{name}", args=args) for name, args in names]
        found.append([queries(browser, url) for url in urls])
    # Procedures and new ones; the procedure, versions with their drafts, open ones; the draft, what is in force, others.
    for asked, more, ceiling in zip(*found, (2, 4, 3, 1), strict=True):
        assert max(len(asked), len(more)) <= OFFICER + ceiling, shown(more)


def test_linked_cases_cost_a_list_and_their_page_a_fixed_number_of_queries(world, browse):
    browser, found = browse(world.mother), []
    for more in (1, 2):
        for _ in range(more):
            dossier = applied(world)
        found.append(queries(browser, reverse("dossiers:list")))
    assert len(found[0]) == len(found[1]) <= CITIZEN + 4, shown(found[1])
    # The first dossier, the case with its parts and drafts, what was revoked, the reading, documents.
    page = queries(browser, reverse("dossiers:linked", args=[dossier.id]))
    assert len(page) <= CITIZEN + 10, shown(page)


def test_a_board_asks_one_question_and_the_hall_as_many_with_25_waiting_as_with_5(world, browse):
    queue = hall(world.desk)
    sat_down(world.desk.reception, queue, at=MORNING)
    pages = (
        (None, reverse("queue:board-now", args=[queue.board_code]), 5),
        (None, reverse("queue:queue", args=[queue.id]), 8),
        (world.desk.reception, reverse("queue-desk:counter"), OFFICER + 8),
        (world.desk.reception, reverse("queue-desk:appointments"), OFFICER + 4),
    )
    counts = []
    for more in (5, 20):
        for _ in range(more):
            took(queue, at=MORNING)
        counts.append([len(queries(browse(who), page)) for who, page, _ceiling in pages])
    assert counts[0] == counts[1]
    assert all(count <= ceiling for count, (_who, _page, ceiling) in zip(counts[1], pages, strict=True)), (
        counts
    )
    tag = browse(None).get(pages[0][1])["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert browse(None).get(pages[0][1], headers={"if-none-match": tag}).status_code == 304
    assert len(captured) == 1


def test_the_lists_of_sheets_take_as_many_queries_with_9_sheets_as_with_3(world, browse):
    """The sheets with what they became, how many of each state, blocks."""
    clerk, found = browse(world.desk.reception), []
    for more in (3, 6):
        block = issue_sheets(actor=world.desk.reception, new=NewBlock(new_id(), CODE, more * 2), at=MORNING)
        for it in block.sheets.filter(position__lte=more):
            mark_void(actor=world.desk.reception, sheet_id=it.id, reason="Bị ướt.", at=MORNING)
        found.append([queries(clerk, reverse("desk:sheets"), show=state) for state in ("blank", "void")])
    assert [len(it) for it in found[0]] == [len(it) for it in found[1]], shown(found[1][0])
    assert max(len(it) for it in found[1]) <= OFFICER + 5, shown(found[1][0])
