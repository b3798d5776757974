"""Finding on the pages: narrowing, suggestions, sectors, guides, what is sought in vain, what is used most."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.registry.catalogue.counting import (
    forget_sought,
    list_sought_in_vain,
    note_sought_in_vain,
)
from motcua.registry.catalogue.models import PackFile, Procedure, SoughtInVain
from motcua.registry.catalogue.rules.facets import Narrowing
from motcua.registry.catalogue.selectors import (
    narrow_procedures,
    procedures_by_letter,
    search_procedures,
)
from motcua.registry.catalogue.services import Listing, keep_pack_file, list_procedure

BIRTH, TODAY = "1.001193", date(2026, 8, 3)
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=VIETNAM)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pack(world):
    """The pack is loaded."""


def codes(words, **how):
    return [it.code for it in search_procedures(words, **how).procedures]


def listed(code, name, **given):
    facts = {"everyday": (), "sector": "fishing", "level": "province", "sector_names": {"vi": "Thủy sản"}}
    return list_procedure(
        Listing(code=code, names={"vi": name}, limit="", fee={}, is_online=False, **(facts | given))
    )


def kept(**file):
    return keep_pack_file(actor=SYSTEM, at=MORNING, **file)


def page(browse, name, *args, **query):
    return browse(None).get(reverse(name, args=args), query, headers={"accept-language": "en"})


def test_narrowed_results_hold_what_the_count_said():
    found = search_procedures("đăng ký")
    for kind in ("sector", "level", "online"):
        for value, count in found.counts[kind].items():
            assert search_procedures("đăng ký", narrowing=Narrowing(**{kind: value})).total == count


def test_pages_follow_each_other_without_a_gap():
    whole = codes("đăng ký", limit=100)
    first = search_procedures("đăng ký", limit=4)
    second = search_procedures("đăng ký", limit=4, after=first.next)
    assert [it.code for it in (*first.procedures, *second.procedures)] == whole[:8]
    everything, after = [], ""
    while True:
        found = narrow_procedures(Narrowing(), after=after, limit=25)
        everything += [it.code for it in found.procedures]
        after = found.next
        if not after:
            break
    assert sorted(everything) == sorted(Procedure.objects.values_list("code", flat=True))


def test_everyday_words_that_came_before_the_procedure_count_when_it_comes():
    kept(name="everyday", content={"procedures": {"6.123456": {"vi": ["đi biển bắt mực"]}}})
    assert "6.123456" not in codes("di bien bat muc")
    listed("6.123456", "Cấp giấy phép khai thác loài thân mềm")
    assert codes("di bien bat muc")[0] == "6.123456"
    kept(name="everyday", content={"procedures": {"6.123456": {"vi": ["câu mực"]}}})
    assert codes("cau muc")[0] == "6.123456"


def test_synonyms_count_as_soon_as_they_are_loaded():
    listed("6.123457", "Cấp giấy chứng nhận đăng ký tàu cá")
    assert codes("zaklodka") == []
    kept(name="synonyms", content={"groups": [{"words": {"vi": ["tàu cá", "zaklodka"]}}]})
    assert codes("zaklodka") == ["6.123457"]


def test_a_file_of_words_is_journalled_once():
    content = {"groups": [{"words": {"vi": ["tàu cá", "ghe"]}}]}
    assert kept(name="synonyms", content=content) and not kept(name="synonyms", content=content)
    assert (
        Entry.objects.filter(kind="catalogue.words_loaded", facts__file="synonyms", at=MORNING).count() == 1
    )


def test_a_removed_procedure_is_not_found():
    procedure = listed("6.123458", "Chứng nhận nuôi đà điểu")
    assert codes("nuoi da dieu")[0] == procedure.code
    Procedure.objects.filter(pk=procedure.code).update(removed_on=TODAY)
    assert procedure.code not in codes("nuoi da dieu")


def test_the_code_is_found_with_the_suffix_of_a_province():
    assert codes("1.001193.000.00.00.H62") == codes("1.001193.H19") == codes("1001193") == [BIRTH]


def test_a_suggestion_is_small_kept_for_minutes_and_the_same_for_everybody(browse, world):
    answers = [
        browse(who).get(reverse("catalogue:suggest"), {"q": "dang ky khai si"})
        for who in (None, world.mother)
    ]
    assert len(answers[0].content) <= 2048 and answers[0].content == answers[1].content
    assert "max-age=300" in answers[0]["Cache-Control"] and BIRTH in answers[0].text


@pytest.mark.parametrize("words", ["", "k", " "])
def test_nothing_is_suggested_for_less_than_two_letters(browse, words):
    assert browse(None).get(reverse("catalogue:suggest"), {"q": words}).text.strip() == ""


def test_who_finds_nothing_is_told_what_else_there_is(browse):
    text = page(browse, "catalogue:search", q="zzqx wvvq").text
    for name in ("catalogue:guides", "catalogue:browse", "helpdesk:ask"):
        assert reverse(name) in text
    assert "khai sinh" in page(browse, "catalogue:search", q="khaaai sinnnnh").text


def test_words_sought_in_vain_are_counted_but_never_those_with_figures(browse):
    for words in ("Nuôi đà điểu Phi", "nuoi da dieu phi", "tên tôi 079123456789", "xyz"):
        note_sought_in_vain(words=words, on=TODAY)
    assert list_sought_in_vain() == []  # one day may be one person
    note_sought_in_vain(words="nuôi đà điểu phi", on=TODAY + timedelta(days=1))
    assert [(it.words, it.count) for it in list_sought_in_vain()] == [("nuoi da dieu phi", 3)]
    assert not SoughtInVain.objects.filter(words__contains="079").exists()
    assert forget_sought(on=TODAY + timedelta(days=400)) == 2
    page(browse, "catalogue:search", q="zzqx wvvq")
    assert SoughtInVain.objects.get().words == "zzqx wvvq"


def test_suggestions_count_nothing_as_sought_in_vain(browse):
    browse(None).get(reverse("catalogue:suggest"), {"q": "zzqx wvvq"})
    assert not SoughtInVain.objects.exists()


def test_sectors_lead_to_their_procedures(browse):
    text = page(browse, "catalogue:browse").text
    assert "/search/?sector=H%E1%BB%99+t%E1%BB%8Bch" in text
    assert BIRTH in page(browse, "catalogue:search", sector="Hộ tịch").text
    assert BIRTH not in page(browse, "catalogue:search", sector="Đất đai").text


def test_letters_give_procedures_in_order():
    first, following = procedures_by_letter("d", limit=3)
    second, _ = procedures_by_letter("d", after=following, limit=3)
    names = [it.search_name for it in (*first, *second)]
    assert names == sorted(names) and len(set(names)) == 6 and {name[0] for name in names} == {"d"}


def test_a_guide_leads_to_procedures_and_papers_and_back(browse):
    start = page(browse, "catalogue:guide", "death")
    assert 'name="together"' in start.text
    asked = page(browse, "catalogue:guide", "death", together="no")
    assert 'name="insured"' in asked.text and 'href="/guides/death/"' in asked.text
    end = page(browse, "catalogue:guide", "death", together="no", insured="no", land="no")
    assert "1.000656" in end.text and "What you need" in end.text and "data-print" in end.text


def test_a_question_left_open_is_asked_again_with_an_error(browse):
    assert "Choose one of the answers." in page(browse, "catalogue:guide", "death", next="1").text
    assert page(browse, "catalogue:guide", "no-such").status_code == 404


def test_a_procedure_names_what_goes_with_it(browse):
    Procedure.objects.filter(pk=BIRTH).update(next_codes=["1.004873"])
    text = page(browse, "catalogue:procedure", BIRTH).text
    assert "What often goes with it" in text and "/procedures/1.004873/" in text


def test_a_catalogue_without_pack_files_has_no_guides_and_says_so(browse):
    PackFile.objects.all().delete()
    assert "No guide is entered here yet." in page(browse, "catalogue:guides").text
    assert codes("khai sinh")[0] == BIRTH
