from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from motcua.foundation.journal.selectors import list_entries
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import find_version, get_version, search_procedures
from motcua.registry.catalogue.services import Listing, Publication, procedure_id, publish_version

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CODE = "9.000001"
LISTING = Listing(
    code=CODE,
    names={"vi": "Cấp phép thả diều", "en": "Kite permit", "de": "Drachenerlaubnis"},
    everyday=["thả diều"],
    sector="culture",
    level="commune",
    limit="3wd",
    fee={"vi": "Miễn phí"},
    sector_names={"vi": "Văn hóa"},
    is_online=True,
)
FIRST = Publication(LISTING, date(2025, 7, 1), {"procedure": {"lead": "1"}}, "a" * 64, "= Giấy phép")
SECOND = replace(FIRST, valid_from=date(2026, 4, 1), definition={"procedure": {"lead": "2"}}, digest="b" * 64)
pytestmark = pytest.mark.django_db


def publish(publication):
    return publish_version(actor=SYSTEM, publication=publication, at=AT)


def test_a_published_procedure_is_found_and_in_force():
    version = publish(FIRST)
    # First: other procedures may be loaded in this database, and typing errors are forgiven.
    assert search_procedures("tha dieu").procedures[0].code == CODE
    assert get_version(CODE, at=date(2026, 3, 10)) == version


def test_the_same_content_again_is_no_new_version_and_no_entry():
    assert publish(FIRST) == publish(FIRST)
    assert [entry.facts["version"] for entry in list_entries([procedure_id(CODE)])] == [1]


def test_new_content_ends_the_version_before_on_the_day_it_begins():
    publish(FIRST)
    publish(SECOND)
    found = [
        find_version(CODE, at=day).number for day in (date(2026, 3, 31), date(2026, 4, 1), date(2030, 1, 1))
    ]
    assert found == [1, 2, 2]


def test_before_its_first_day_a_procedure_has_no_version():
    publish(FIRST)
    with pytest.raises(NotFound):
        get_version(CODE, at=date(2025, 6, 30))


def test_a_correction_dated_before_the_version_it_corrects_leaves_no_gap():
    publish(SECOND)
    publish(replace(FIRST, digest="c" * 64))
    assert find_version(CODE, at=date(2026, 4, 1)).digest == "c" * 64
    assert list(
        ProcedureVersion.objects.filter(procedure=CODE, valid_to=None).values_list("number", flat=True)
    ) == [2]


def test_two_versions_are_never_open_at_once():
    version = publish(FIRST)
    with pytest.raises(IntegrityError, match="one_open_version"), transaction.atomic():
        ProcedureVersion.objects.create(
            procedure=version.procedure, number=2, valid_from=date(2026, 1, 1), definition={}, digest="d" * 64
        )


def test_a_procedure_has_a_code_of_the_national_list():
    with pytest.raises(IntegrityError, match="procedure_code"), transaction.atomic():
        publish(replace(FIRST, listing=replace(LISTING, code="KITE-1")))
