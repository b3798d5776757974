"""Procedures of the national portal under the lint: what it does not say is a warning, a row that is none is an error."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from motcua.casework.packs.imported import lint_captured

PACK = settings.PACKS / "vn"
ROW = {
    "code": "1.000001",
    "name": "Thủ tục chặt cây",
    "levels": ["commune"],
    "sector": "Cây xanh",
    "decision": "1/QĐ-X",
    "agency": "Ủy ban nhân dân cấp xã",
    "audience": ["Công dân Việt Nam"],
    "channels": [
        {"channel": "direct", "time": 5, "unit": "working_day", "fee_headline": 0, "fee_amounts": []}
    ],
    "results": [{"code": "KQ.G01.000001", "name": "Giấy phép"}],
    "documents": [{"name": "Đơn", "originals": 1, "copies": 0, "case": ""}],
    "legal_basis": ["1/2024/QH15"],
}


def linted(row):
    return {it.rule: it for it in lint_captured(iter([("1.000001", {"local": row})]), PACK)}


def test_what_the_portal_does_not_say_is_a_warning():
    found = linted(ROW)
    assert {rule: it.level for rule, it in found.items()} == {
        "missing-language": "warning",
        "no-template": "warning",
    }
    assert (
        found["missing-language"].file == "imported/1.000001" and "more)" in found["missing-language"].problem
    )


def test_a_paper_that_a_register_has_and_a_law_that_is_missing_are_told():
    papers = [*ROW["documents"], {"name": "Bản sao sổ hộ khẩu", "originals": 0, "copies": 1, "case": ""}]
    found = linted(ROW | {"documents": papers, "legal_basis": []})
    assert {"already-held", "no-legal-basis"} <= set(found)
    assert "dân cư has it already" in found["already-held"].problem


@pytest.mark.parametrize(
    "row", [{}, {"code": "1.000001", "channels": [5]}, {"code": "1.000001", "documents": "x"}]
)
def test_a_row_that_makes_no_procedure_is_an_error_and_the_others_go_on(row):
    rows = [("1.000009", {"local": row}), ("1.000001", {"local": ROW})]
    found = list(lint_captured(iter(rows), PACK))
    assert "error" in {it.level for it in found if it.file == "imported/1.000009"}
    assert "error" not in {it.level for it in found if it.file == "imported/1.000001"}


def captured(data):
    rows = {}
    with (data / "procedures_index.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["code"], {})["index"] = row
    for line in (data / "procedures_local.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows.setdefault(row["code"], {})["local"] = row
    return sorted(rows.items())


def test_the_nations_procedures_have_no_errors_and_take_little_time():
    """Every fourth of them, for the sake of the tests' own time; `python -m bench.packs` takes all."""
    data = Path(os.environ.get("MOTCUA_DATA", PACK.parent.parent.parent / "shared" / "data"))
    if not (data / "procedures_index.csv").is_file():
        pytest.skip("MOTCUA_DATA does not lead to the national portal's files")
    rows = captured(data)[::4]
    found = list(lint_captured(iter(rows), PACK))
    levels = Counter(it.level for it in found)
    assert (len(rows), levels["error"]) == (661, 0)
    assert sum(it.rule == "no-template" for it in found) == len(rows)
