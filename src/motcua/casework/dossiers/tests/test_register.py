"""The register: whose book, what of it, in which order; its print, its spreadsheet, and what the journal says."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.errors import BookTooLarge
from motcua.casework.dossiers.models import Dossier, RegisterExport
from motcua.casework.dossiers.register import Asked, each_line, list_lines, list_uncollected
from motcua.casework.dossiers.services import registering
from motcua.casework.dossiers.tasks import write_register
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.test_printed_forms import words_of
from motcua.casework.process.models import Token
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def book(world, **changes) -> Asked:
    year = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
    return Asked(path=world.desk.agency.path, **{**year, **changes})


def codes(lines) -> list[str]:
    return [line.dossier.code for line in lines]


@pytest.fixture
def three(world):
    """Accepted on three days, one of them returned."""
    days = [MORNING, MORNING + timedelta(days=1), MORNING + timedelta(days=6)]
    asked = {"result_by": "warehouse", "extract_copies": None}
    first = factories.returned(world.desk, world.mother, at=days[0], **asked)
    rest = [factories.accepted(world.desk, world.mother, at=day, **asked) for day in days[1:]]
    return [first, *rest]


def test_shows_who_handles_dossiers_their_own_book_latest_first(world, three):
    factories.accepted(world.other_desk, world.mother)
    lines, more = list_lines(world.desk.reception, book(world))
    assert (codes(lines), more) == ([it.code for it in reversed(three)], "")
    assert [line.serial for line in lines] == ["3", "2", "1"]
    assert list_lines(world.other_desk.reception, book(world)) == ([], "")
    assert list_lines(world.mother, book(world)) == ([], "")


def test_pages_follow_one_another_without_gap_or_repetition(world, three):
    found, after = [], ""
    while True:
        lines, after = list_lines(world.desk.leader, book(world), after=after, limit=1)
        found += codes(lines)
        if not after:
            break
    assert found == [it.code for it in reversed(three)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"since": MORNING.date() + timedelta(days=1)}, [1, 2]),
        ({"until": MORNING.date()}, [0]),
        ({"procedure": "1.000894"}, []),
        ({"procedure": "1.001193"}, [0, 1, 2]),
        ({"status": 10}, [0]),
        ({"way": "post"}, []),
        ({"way": "warehouse"}, [0, 1, 2]),
    ],
)
def test_each_filter_leaves_what_fits(world, three, changes, expected):
    found = each_line(world.desk.reception, book(world, **changes))
    assert codes(found) == [three[index].code for index in expected]


def test_a_unit_has_what_it_has_or_had_a_task_of(world, three):
    tasks = Token.objects.filter(subject=three[1].pk, kind="task")
    unit, other = world.desk.agency.units.first(), world.other_desk.agency.units.first()
    Token.objects.filter(kind="task").update(unit_id=None)
    tasks.update(unit_id=unit.id)
    found = list_lines(world.desk.reception, book(world, unit=str(unit.id)))[0]
    assert codes(found) == [three[1].code]
    assert list_lines(world.desk.reception, book(world, unit=str(other.id)))[0] == []


def test_the_unit_is_chosen_on_the_page_and_stands_on_the_print(world, browse, three):
    desk, unit = browse(world.desk.reception), world.desk.agency.units.first()
    year = {"since": "2026-01-01", "until": "2026-12-31"}
    shown = desk.get(reverse("desk:register"), year).content.decode()
    assert f'value="{unit.id}"' in shown
    foreign = world.other_desk.agency.units.first()
    assert str(foreign.id) not in shown
    assert desk.get(reverse("desk:register"), year | {"unit": str(foreign.id)}).status_code == 422
    printed = desk.post(reverse("desk:register-print"), year | {"unit": str(unit.id)})
    assert "".join(unit.name.split()) in words_of(printed.content)


def test_the_day_of_acceptance_is_that_of_ha_noi(world):
    late = MORNING.replace(hour=23, minute=30)
    dossier = factories.accepted(world.desk, world.mother, at=late)
    assert codes(each_line(world.desk.reception, book(world, until=late.date()))) == [dossier.code]
    after_midnight = factories.accepted(world.desk, world.mother, at=late + timedelta(hours=1))
    same_day = book(world, since=late.date() + timedelta(days=1))
    assert codes(each_line(world.desk.reception, same_day)) == [after_midnight.code]


def test_the_print_has_the_lines_in_the_order_of_the_book_under_a_number(world, three):
    pdf = registering.print_register(actor=world.desk.reception, asked=book(world), at=MORNING)
    text = words_of(pdf)
    places = [text.index(it.code.replace(" ", "")) for it in three]
    assert places == sorted(places)
    assert "1/STD-TTPVHCC" in text
    assert "2/STD-TTPVHCC" in words_of(
        registering.print_register(actor=world.desk.reception, asked=book(world), at=MORNING)
    )
    entry = Entry.objects.filter(kind="register.printed").order_by("sequence").first()
    assert entry
    assert (entry.object_id, entry.facts["rows"], len(entry.facts["sha256"])) == (world.desk.agency.id, 3, 64)


def test_a_book_too_long_to_print_takes_no_number(world, three, monkeypatch):
    monkeypatch.setattr(registering, "PRINT_LIMIT", 2)
    with pytest.raises(BookTooLarge):
        registering.print_register(actor=world.desk.reception, asked=book(world), at=MORNING)
    monkeypatch.undo()
    pdf = registering.print_register(actor=world.desk.reception, asked=book(world), at=MORNING)
    assert "1/STD-TTPVHCC" in words_of(pdf)


def exported(world, actor=None, **changes) -> RegisterExport:
    actor = actor or world.desk.reception
    made = registering.start_export(actor=actor, asked=book(world, **changes), language="en", at=MORNING)
    write_register(export_id=str(made.id))
    return RegisterExport.objects.get(pk=made.pk)


def sheet_of(export: RegisterExport):
    return load_workbook(BytesIO(read_file(export.file))).active


def test_the_spreadsheet_has_a_row_for_each_dossier_and_moments_as_dates(world, three):
    export = exported(world)
    rows = list(sheet_of(export).iter_rows(values_only=True))
    assert rows[0][:3] == ("No.", "Dossier code", "Procedure")
    assert [row[1] for row in rows[1:]] == [it.code for it in three]
    assert (rows[1][7].date(), rows[1][7].hour) == (MORNING.date(), 9)
    assert export.rows == 3
    assert ProcrastinateJob.objects.filter(task_name="dossiers.write_register").exists()
    entry = Entry.objects.get(kind="register.exported")
    assert (entry.facts["export"], entry.facts["since"]) == (str(export.id), "2026-01-01")


def test_the_spreadsheet_says_what_was_entered_later_from_paper(world, three):
    late = MORNING + timedelta(days=1)
    Dossier.objects.filter(pk=three[1].pk).update(entered_at=late)
    rows = list(sheet_of(exported(world)).iter_rows(values_only=True))
    assert rows[0][-1] == "Entered later"
    assert [row[-1] and row[-1].date() for row in rows[1:]] == [None, late.date(), None]


def test_what_looks_like_a_formula_stays_a_text(world):
    dossier = factories.accepted(world.desk, world.mother)
    facts = dossier.applicant_facts | {"full_name": '=HYPERLINK("http://evil.example")'}
    Dossier.objects.filter(pk=dossier.pk).update(applicant_facts=facts)
    cell = sheet_of(exported(world))["D2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://evil.example")')


def test_the_job_may_run_twice_and_an_export_is_its_officers_alone(world, three):
    export = exported(world)
    write_register(export_id=str(export.id))
    assert RegisterExport.objects.get(pk=export.pk).file_id == export.file_id
    assert registering.get_export(world.desk.reception, export.pk) == export
    with pytest.raises(NotFound):
        registering.get_export(world.desk.leader, export.pk)
    with pytest.raises(NotFound):
        exported(world, actor=world.other_desk.reception)


def test_an_export_is_forgotten_after_a_few_days(world, three):
    export = exported(world)
    assert registering.forget_exports(at=MORNING + timedelta(days=2)) == 0
    assert registering.forget_exports(at=MORNING + timedelta(days=4)) == 1
    assert StoredFile.objects.filter(pk=export.file_id).exists()  # until the sweep


def test_a_finished_result_waits_until_it_is_returned(world):
    dossier = factories.signed(world.desk, world.mother)
    factories.returned(world.desk, world.mother)
    path = world.desk.agency.path
    assert codes(list_uncollected(world.desk.reception, path)[0]) == [dossier.code]
    assert list_uncollected(world.other_desk.reception, path)[0] == []


class TestPages:
    def test_the_page_lists_the_book_and_says_so_in_the_journal(self, world, browse):
        dossier = factories.accepted(world.desk, world.mother)
        year = {"since": "2026-01-01", "until": "2026-12-31"}
        page = browse(world.desk.reception).get(reverse("desk:register"), year)
        assert dossier.code in page.content.decode()
        assert Entry.objects.get(kind="register.read").facts["rows"] == 1

    def test_a_wrong_period_is_said_and_kept(self, world, browse):
        asked = {"since": "2026-05-01", "until": "2026-04-01"}
        page = browse(world.desk.reception).get(reverse("desk:register"), asked)
        assert page.status_code == 422
        assert 'value="2026-05-01"' in page.content.decode()

    def test_another_agencys_book_is_no_choice(self, world, browse):
        asked = {"agency": world.other_desk.agency.path}
        assert browse(world.desk.reception).get(reverse("desk:register"), asked).status_code == 422

    def test_prints_and_exports_what_the_page_shows(self, world, browse):
        factories.accepted(world.desk, world.mother)
        browser = browse(world.desk.reception)
        year = {"since": "2026-01-01", "until": "2026-12-31"}
        printed = browser.post(reverse("desk:register-print"), year)
        assert printed.content.startswith(b"%PDF")
        started = browser.post(reverse("desk:register-export"), year)
        export = RegisterExport.objects.get()
        assert browser.get(started.url).status_code == 200
        write_register(export_id=str(export.id))
        file = browser.get(reverse("desk:register-file", args=[export.id]))
        assert b"".join(file.streaming_content).startswith(b"PK")
        assert browser.get(reverse("desk:register-file", args=[new_id()])).status_code == 404

    def test_lists_results_to_return(self, world, browse):
        dossier = factories.signed(world.desk, world.mother)
        page = browse(world.desk.reception).get(reverse("desk:uncollected"))
        assert dossier.code in page.content.decode()
