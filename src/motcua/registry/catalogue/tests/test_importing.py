from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.importing import (
    NotComplete,
    Order,
    TooManyRemoved,
    import_files,
)
from motcua.registry.catalogue.models import Captured, Doubt, Procedure
from motcua.registry.catalogue.reading import BadFile
from motcua.registry.catalogue.rules.doubting import FORMS
from motcua.registry.catalogue.selectors import get_procedure
from motcua.registry.catalogue.services import Listing, list_procedure

AT = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
SAMPLE = settings.PACKS / "vn" / "tests"
LOCAL, INDEX = SAMPLE / "catalogue_sample.jsonl", SAMPLE / "catalogue_sample.csv"
pytestmark = pytest.mark.django_db


def imported(*paths: Path, **options):
    return import_files(actor=SYSTEM, order=Order(paths or (LOCAL, INDEX), **options), at=AT)


def changed(folder: Path, code: str, **values) -> Path:
    """The detailed sample with other values in one procedure; None leaves it out."""
    rows = [json.loads(line) for line in LOCAL.read_text(encoding="utf-8").splitlines()]
    rows = [row | values if row["code"].startswith(code) else row for row in rows]
    path = folder / "newer.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows if row["name"]), encoding="utf-8")
    return path


def shorter(folder: Path, code: str) -> Path:
    """The index without a procedure."""
    rows = [row for row in csv.reader(io.StringIO(INDEX.read_text(encoding="utf-8"))) if row[0] != code]
    path = folder / "shorter.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_both_files_in_either_order_give_the_same_catalogue():
    first = imported(LOCAL, INDEX)
    columns = [field.name for field in Procedure._meta.fields]
    before = list(Procedure.objects.filter(code__startswith="9.").order_by("code").values(*columns))
    Doubt.objects.all().delete()
    Captured.objects.all().delete()
    Procedure.objects.filter(code__startswith="9.").delete()
    second = imported(INDEX, LOCAL)
    assert (first.read, first.created, first.changed) == (second.read, second.created, second.changed)
    assert (first.read, first.created) == (25, 13)
    assert before == list(Procedure.objects.filter(code__startswith="9.").order_by("code").values(*columns))


def test_the_sample_has_every_kind_of_doubt():
    assert set(imported().doubts) == set(FORMS)


def test_the_same_again_writes_nothing_but_its_entry():
    imported()
    read_at = set(Captured.objects.values_list("read_at", flat=True))
    again = import_files(actor=SYSTEM, order=Order((INDEX, LOCAL)), at=AT + timedelta(days=1))
    assert (again.created, again.changed, again.unchanged, again.new_doubts) == (0, 0, 13, 0)
    assert set(Captured.objects.values_list("read_at", flat=True)) == read_at
    assert Entry.objects.filter(kind="catalogue.imported").count() == 2


def test_the_original_is_kept_as_it_was_read():
    imported()
    kept = Captured.objects.get(procedure="9.000005", source="local").content
    assert kept == json.loads(LOCAL.read_text(encoding="utf-8").splitlines()[4])


def test_code_forms_lead_to_one_procedure_with_its_publisher():
    imported()
    assert (
        get_procedure("9.000012.000.00.00.H62") == get_procedure("9.000012") == get_procedure("9.000012.H62")
    )
    assert get_procedure("9.000003").publisher == "H19"


def test_what_a_pack_says_stays_and_stands_beside_what_was_captured():
    list_procedure(
        Listing(
            code="9.000001",
            names={"vi": "Thả diều", "en": "Kites"},
            everyday=(),
            sector="culture",
            level="province",
            limit="1wd",
            fee={},
            sector_names={"vi": "Thả diều (mẫu)", "en": "Kites"},
            is_online=False,
        )
    )
    imported()
    own = Procedure.objects.get(pk="9.000001")
    assert (own.names["en"], own.facts["limit"], own.origin, own.ministry) == (
        "Kites",
        "1wd",
        "pack",
        "bo-mau",
    )
    assert own.captured.count() == 2
    # A sector that the pack names in the same words is the pack's.
    assert Procedure.objects.get(pk="9.000002").sector == "culture"


def test_a_doubtful_value_is_not_shown_as_a_fact():
    imported()
    shown = {it.code: it.facts for it in Procedure.objects.filter(code__startswith="9.")}
    assert shown["9.000001"]["limit"] == "5wd" and shown["9.000001"]["fee"]["vi"] == "10.000 đ"
    assert (
        shown["9.000002"]["limit"] == "" and shown["9.000004"]["fee"] == {} and shown["9.000005"]["fee"] == {}
    )


def test_a_doubt_that_a_newer_file_mends_closes_and_another_value_opens_it_again(tmp_path):
    imported()
    doubt = Doubt.objects.get(procedure="9.000008", kind="decision_form")
    doubt.state, doubt.act = Doubt.State.CONFIRMED, doubt.pk
    doubt.save()
    imported(changed(tmp_path, "9.000008", decision="SỐ 9/QĐ-BM"))
    doubt.refresh_from_db()
    assert (doubt.state, doubt.said["value"], doubt.guess) == ("open", "SỐ 9/QĐ-BM", "9/QĐ-BM")
    report = imported(changed(tmp_path, "9.000008", decision="9/QĐ-BM"))
    doubt.refresh_from_db()
    assert (doubt.state, report.closed_doubts) == ("gone", 1)


def test_only_a_complete_import_removes(tmp_path):
    imported()
    without = changed(tmp_path, "9.000007", name=""), shorter(tmp_path, "9.000007")
    imported(*without)
    assert Procedure.objects.get(pk="9.000007").removed_on is None
    with pytest.raises(NotComplete):
        imported(without[0], complete=True)
    assert imported(*without, complete=True).removed == 1
    assert str(Procedure.objects.get(pk="9.000007").removed_on) == "2026-08-03"
    assert imported().returned == 1
    assert Procedure.objects.get(pk="9.000007").removed_on is None


def test_a_file_that_lacks_much_removes_nothing_unless_told(tmp_path, monkeypatch):
    monkeypatch.setattr("motcua.registry.catalogue.importing._MOST_REMOVED", 0)
    imported()
    paths = LOCAL, shorter(tmp_path, "9.000013")
    monkeypatch.setattr("motcua.registry.catalogue.importing._SHARE", 100)
    with pytest.raises(TooManyRemoved, match="1 of 13"):
        imported(*paths, complete=True)
    assert imported(*paths, complete=True, remove_many=True).removed == 1


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("x.jsonl", lambda text: text[:-40], "x.jsonl:12: the file ends inside this line"),
        ("x.jsonl", lambda text: text.replace('"kind"', '"kind', 1), "x.jsonl:1: this is no JSON"),
        ("x.jsonl", lambda text: text + text.splitlines()[2] + "\n", "9.000003 stands in x.jsonl:3 already"),
        ("x.jsonl", lambda text: text.replace("9.000002", "9.00000Z", 1), "is no procedure code"),
        ("x.jsonl", lambda text: text.replace('"online"', '"fax"', 1), "channels/0/channel"),
        ("x.jsonl", lambda text: text.replace("https", "javascript", 1), "url"),
        ("x.jsonl", lambda text: text.replace("diều", "\\u0000", 1), "number 0"),
        ("x.jsonl", lambda text: text.replace("diều", "\\ud800", 1), "half a character"),
        ("x.csv", lambda text: text[:-1], "the last line has no end"),
        ("x.csv", lambda text: text[: text.rindex(",")] + "\n", "16 columns instead of 17"),
        ("x.csv", lambda text: text.replace("documents_count", "papers", 1), "x.csv:1: the columns are code"),
        ("x.csv", lambda text: text.replace('"', "", 1) + '"', "x.csv"),
        ("x.txt", lambda text: text, "the name ends in '.txt'"),
    ],
)
def test_a_bad_file_says_where_and_imports_nothing(tmp_path, name, spoil, said):
    source = INDEX if name.endswith(".csv") else LOCAL
    path = tmp_path / name
    path.write_text(spoil(source.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(BadFile, match="mend: ") as caught:
        imported(LOCAL if source == INDEX else INDEX, path)
    assert said in str(caught.value)
    assert not Procedure.objects.filter(code__startswith="9.").exists() and not Captured.objects.exists()


def test_another_encoding_and_a_file_too_large_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "x.jsonl"
    path.write_bytes(LOCAL.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(BadFile, match="is no UTF-8"):
        imported(path)
    shutil.copy(LOCAL, path)
    monkeypatch.setattr("motcua.registry.catalogue.reading.LONGEST_LINE", 500)
    with pytest.raises(BadFile, match="longer than 500 bytes"):
        imported(path)
    monkeypatch.setattr("motcua.registry.catalogue.reading.MOST_BYTES", 100)
    with pytest.raises(BadFile, match="at most 0 MB"):
        imported(path)
    with pytest.raises(BadFile, match="no such file"):
        imported(tmp_path / "missing.csv")
