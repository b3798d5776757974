"""What becomes of the portal's rows: a procedure.yaml, a form, a process, and versions in the database."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from motcua.casework.forms.rules.generic import generic_form
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.captured import files_of, publish_captured, usual
from motcua.casework.packs.rules.captured import is_local, procedure_of_captured
from motcua.casework.packs.rules.captured_papers import LABEL
from motcua.casework.process.rules.definition import parse_process
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.models import Captured, Procedure, ProcedureVersion
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.catalogue.services import Listing, list_procedure

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DATA = Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))
LOCAL = DATA / "procedures_local.jsonl"
# Made up, in the form of the portal's rows.
ROW = {
    "code": "9.000101",
    "name": "Cấp phép thả diều nơi công cộng",
    "levels": ["commune", "province"],
    "sector": "Văn hóa cơ sở",
    "ministry": "bo-tu-phap",
    "decision": "12/QĐ-BVH",
    "audience": ["Công dân Việt Nam", "Hợp tác xã"],
    "agency": "Ủy ban nhân dân cấp xã",
    "channels": [
        {
            "channel": "direct",
            "time": 3.0,
            "unit": "working_day",
            "fee_headline": 20000,
            "free_flag": False,
            "fee_amounts": [{"amount": "20,000", "currency": "VND"}],
            "note": "20,000 VNĐ",
        },
        {
            "channel": "online",
            "time": 5.0,
            "unit": "working_day",
            "fee_headline": 100,
            "free_flag": False,
            "fee_amounts": [{"amount": "100", "currency": "VND"}],
            "note": "100 VNĐ(100.000 đồng, theo Nghị quyết của Hội đồng nhân dân tỉnh)",
        },
    ],
    "results": [
        {"code": "000.00.00.G15", "name": "Sai mã"},
        {"code": "KQ.G16.000002", "name": "Văn bản từ chối cấp phép"},
        {"code": "KQ.G16.000001", "name": "Giấy phép thả diều"},
    ],
    "documents": [
        {"name": "a) Đơn đề nghị", "originals": 1, "copies": 0, "case": ""},
        {"name": "Giấy ủy quyền nếu nộp thay", "originals": 0, "copies": 1, "case": ""},
        {"name": "Bản vẽ con diều " + "rất dài " * 30, "originals": 1, "copies": 2, "case": "Diều lớn"},
        {"name": "Mang theo diều khi nộp", "originals": 0, "copies": 0, "case": "Lưu ý"},
        {"name": "", "originals": 1, "copies": 0, "case": ""},
    ],
    "legal_basis": ["08/2015/NĐ-CP08", "2015/NĐ-CPL", "54/2014/QH1354", "38/2015/TT-BTCT"],
    "url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1",
}
INDEX = {
    "code": "9.000102",
    "name": "Cấp phép bắn pháo giấy",
    "levels": "ministry",
    "sector": "Văn hóa",
    "ministry": "bo-tu-phap",
    "agency": "Bộ",
    "decision": "",
    "audience": "Công dân Việt Nam|Doanh nghiệp",
    "channels": "online|direct",
    "time_value": "1",
    "time_unit": "unspecified",
    "fee_direct": "",
    "fee_online": "20000",
    "result_codes": "KQ.G16.000009|TP",
    "result_names": "Giấy phép|?",
    "documents_count": "2",
    "url": "javascript:alert(1)",
}


def made(row=ROW, **changes):
    return procedure_of_captured({"local": {**row, **changes}})


class TestWhatIsStated:
    def test_the_longest_limit_is_promised_and_the_others_are_named(self):
        limit = made()["limit"]
        assert (limit["value"], limit["stated"]) == ("5wd", ["5wd", "3wd"])
        assert "3 working days" in limit["text"]["en"]

    def test_a_figure_without_a_unit_is_no_limit(self):
        channels = [{**ROW["channels"][0], "unit": None, "time": 1.0}]
        assert made(channels=channels)["limit"]["value"] is None

    def test_a_certain_amount_is_an_amount_and_a_mis_keyed_one_stays_words(self):
        counter, online = made()["fees"]
        assert (counter["amount_vnd"], counter["channels"]) == (20_000, ["counter"])
        assert "amount_vnd" not in online and "Nghị quyết" in online["text"]["vi"]

    def test_free_of_charge_counts_only_where_nothing_stands_beside_it(self):
        free = {**ROW["channels"][0], "fee_headline": 0, "free_flag": True, "fee_amounts": []}
        plain, doubtful = (
            {**free, "note": note} for note in ("Miễn phí", "Miễn phí(theo quyết định của HĐND)")
        )
        assert made(channels=[plain])["fees"][0]["amount_vnd"] == 0
        assert "amount_vnd" not in made(channels=[doubtful])["fees"][0]

    def test_codes_that_are_none_are_left_out_and_refusals_come_last(self):
        assert [it["code"] for it in made()["results"]] == ["KQ.G16.000001", "KQ.G16.000002"]

    def test_numbers_of_laws_lose_what_was_run_into_them(self):
        assert [it["number"] for it in made()["legal_basis"]] == [
            "08/2015/NĐ-CP",
            "54/2014/QH13",
            "38/2015/TT-BTC",
        ]

    def test_a_row_of_the_index_alone_makes_a_procedure_too(self):
        found = procedure_of_captured({"index": INDEX})
        assert found["publication"]["url"] == "" and found["limit"]["value"] is None
        assert found["applicants"] == ["citizen", "enterprise", "household_business"]
        assert not is_local(found, ())

    def test_customs_are_handled_elsewhere(self):
        found = made(agency="Chi cục Hải quan khu vực")
        assert not is_local(found, usual(settings.PACKS / "vn").elsewhere)


class TestPapers:
    def test_only_what_everybody_needs_is_required(self):
        needed = {it["name"]["vi"][:12]: it["needed"] for it in made()["components"]}
        assert needed == {
            "Đơn đề nghị": "upload",
            "Giấy ủy quyề": "conditional",
            "Bản vẽ con d": "conditional",
        }

    def test_a_long_name_is_short_in_the_label_and_whole_beside_it(self):
        paper = made()["components"][-1]
        assert len(paper["name"]["vi"]) <= LABEL and paper["name"]["vi"].endswith("…")
        assert (
            paper["hint"]["vi"].startswith(ROW["documents"][2]["name"].strip())
            and "bản sao: 2" in paper["hint"]["vi"]
        )

    def test_codes_stay_when_the_order_changes(self):
        turned = made(documents=ROW["documents"][::-1])["components"]
        assert {it["code"] for it in turned} == {it["code"] for it in made()["components"]}

    def test_notes_are_no_papers(self):
        assert made()["notes"] == ["Mang theo diều khi nộp"]

    def test_the_form_asks_papers_by_case_in_vietnamese_and_who_decides(self):
        form = parse_form(generic_form(made()))
        plain, large = form.page("papers").groups
        assert (plain.title, large.title["en"], large.lang) == (None, "Diều lớn", "vi")
        assert {it.lang for it in form.page("papers").fields} == {"vi"}
        assert [it.value for it in form.fields["decided_at"].options] == ["commune", "province"]


def captured(row=ROW, source="local", **changes):
    listing = Listing(
        code=row["code"], names={"vi": row["name"]}, everyday=[], sector="x", level="commune", limit="", fee={},
        sector_names={}, is_online=False, levels=["commune"], origin="import",
    )  # fmt: skip
    procedure = list_procedure(listing)
    Captured.objects.update_or_create(
        procedure=procedure,
        source=source,
        defaults={"content": {**row, **changes}, "digest": "", "read_at": AT},
    )
    return row["code"]


@pytest.mark.django_db
class TestPublishing:
    def test_what_was_captured_can_be_applied_for(self):
        assert publish_captured(actor=SYSTEM, codes=[captured()], at=AT) == 1
        version = find_version(ROW["code"], at=AT.date())
        assert version.procedure.is_online and version.valid_from.isoformat() == "2025-07-01"

    def test_the_same_again_is_no_new_version_and_no_entry(self):
        code = captured()
        before = Entry.objects.filter(kind="catalogue.published").count()
        assert [publish_captured(actor=SYSTEM, codes=[code], at=AT) for _ in range(2)] == [1, 0]
        assert Entry.objects.filter(kind="catalogue.published").count() == before + 1

    def test_what_was_captured_otherwise_later_holds_from_that_day(self):
        publish_captured(actor=SYSTEM, codes=[captured()], at=AT)
        publish_captured(actor=SYSTEM, codes=[captured(decision="13/QĐ-BVH")], at=AT)
        days = (
            ProcedureVersion.objects.filter(procedure=ROW["code"])
            .order_by("number")
            .values_list("valid_to", flat=True)
        )
        assert list(days) == [AT.date(), None]

    def test_nothing_stated_is_said_and_a_limit_of_the_pack_is_promised(self):
        channels = [{**ROW["channels"][0], "unit": None}]
        publish_captured(actor=SYSTEM, codes=[captured(channels=channels)], at=AT)
        limit = find_version(ROW["code"], at=AT.date()).definition["procedure"]["limit"]
        assert (limit["value"], limit["is_stated"]) == ("20wd", False)
        assert "states no limit" in limit["text"]["en"]

    def test_what_only_ministries_handle_has_no_version(self):
        assert publish_captured(actor=SYSTEM, codes=[captured(INDEX, "index")], at=AT) == 0
        assert not Procedure.objects.get(pk=INDEX["code"]).is_online

    def test_a_pack_keeps_what_it_models(self):
        code = captured()
        ProcedureVersion.objects.create(
            procedure_id=code, number=1, valid_from=AT.date(), definition={"procedure": {}}, digest="d" * 64
        )
        assert publish_captured(actor=SYSTEM, codes=[code], at=AT) == 0


@pytest.mark.skipif(not LOCAL.exists(), reason="The data of the national portal are not here (MOTCUA_DATA).")
def test_every_procedure_of_provinces_and_communes_makes_a_form_and_a_process():
    known = usual(settings.PACKS / "vn")
    count = 0
    with LOCAL.open(encoding="utf-8") as lines:
        for line in lines:
            files = files_of(procedure_of_captured({"local": json.loads(line)}), known)
            parse_form(files["form"])
            if count % 20 == 0:
                parse_process(files["process"])
            count += 1
    assert count == 1_601
