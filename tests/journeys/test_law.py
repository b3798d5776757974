"""The bends of a dossier: asked twice for what is missing, late with an apology, withdrawn, refused, stopped."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import birth_evidence, drawing
from motcua.config.demo.permit import OWNER, PERMIT
from motcua.config.demo.story import check_and_draft, fill_in, sign, sign_in
from motcua.config.demo.using import example
from tests import people
from tests.journeys import law
from tests.journeys.conftest import OpenBrowser
from tests.journeys.earlier import handed_over_late
from tests.journeys.test_birth_registration import MOTHER
from tests.journeys.test_building_permit import OWNER as OWNER_SUBJECT
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

PAPER: FilePayload = {
    "name": "giay-chung-sinh.pdf",
    "mimeType": "application/pdf",
    "buffer": birth_evidence(),
}
CLOCK = "figure.clockpicture"


def test_a_mother_is_asked_twice_and_the_clock_starts_from_zero(
    running: Running, browse: OpenBrowser
) -> None:
    dossier = people.submitted(people.citizen(running))
    reception, mother = law.officer(browse, running, "reception"), law.citizen(browse, running, MOTHER)
    reception.open(law.desk(dossier))
    reception.press("main a[href*='/supplement/']")
    expect(reception.page.locator("#arose")).to_have_count(0)
    law.fill_supplement(
        reception,
        [("Giấy chứng sinh bản rõ nét", "component birth_evidence"), ("Ảnh căn cước của mẹ", "")],
        "Ảnh chụp không đọc được.",
    )
    reception.press(law.MAIN_BUTTON)
    bring_both_papers(mother, dossier)
    law.press_act(reception, dossier, "accept")
    law.press_act(reception, dossier, "hand-over")
    ask_again(browse, running, dossier)
    correct_the_name(mother, dossier)
    for person in (mother, reception):
        person.open(law.own(dossier) if person is mother else law.desk(dossier))
        expect(person.page.locator(f"{CLOCK} .clockdrawing__mark.is-restart")).to_have_count(2)
        expect(person.page.locator("table.arithmetic").first).to_contain_text(
            re.compile("toàn bộ|whole", re.I)
        )
    get_the_result(running, dossier)
    mother.open(law.own(dossier))
    assert mother.download("section.result a[download]").startswith(b"%PDF-")


def bring_both_papers(mother: law.Person, dossier: str) -> None:
    """Sent too early, then one paper, then the other on another day, then everything."""
    mother.open(law.own(dossier))
    expect(law.notice(mother)).to_contain_text("Ảnh chụp không đọc được.")
    mother.press("main a[href$='/supplement/']")
    mother.press("button[name=send]", status=422)
    law.refused_with(mother, ".")
    mother.page.locator("#file-0").set_input_files(PAPER)
    mother.press("button[name=keep]")
    law.read_pdf(mother, "main a[href*='/documents/']")
    mother.page.locator("#file-1").set_input_files(PAPER)
    mother.press("button[name=send]")
    expect(law.notice(mother)).to_have_count(0)


def ask_again(browse: OpenBrowser, running: Running, dossier: str) -> None:
    """A second form 02: only for what is new, and what was typed stays until that is said."""
    justice = law.officer(browse, running, "justice")
    justice.open(law.desk(dossier))
    justice.press("main a[href*='/supplement/']")
    law.fill_supplement(justice, [("Ghi lại tên của con", "field given_name")], "Tên viết chưa đúng.")
    justice.press(law.MAIN_BUTTON, status=422)
    law.refused_with(justice, "61/2018")
    expect(justice.page.locator("#text-0")).to_have_value("Ghi lại tên của con")
    justice.page.locator("#arose").fill("Giấy chứng sinh mới ghi tên khác.")
    justice.press(law.MAIN_BUTTON)
    expect(law.notice(justice)).to_contain_text("Tên viết chưa đúng.")


def correct_the_name(mother: law.Person, dossier: str) -> None:
    mother.open(law.own(dossier))
    mother.press("main a[href$='/supplement/']")
    expect(mother.page.locator("main")).to_contain_text("Giấy chứng sinh mới ghi tên khác.")
    mother.page.locator("[name=given_name]").fill("")
    mother.press("button[name=send]", status=422)
    law.refused_with(mother, ".")
    mother.page.locator("[name=given_name]").fill("Bảo Khôi")
    mother.press("button[name=send]")


def get_the_result(running: Running, dossier: str) -> None:
    """Draft, sign, return: without a browser, as other journeys look at these pages."""
    check_and_draft(people.officer(running, "justice"), dossier)
    sign(people.officer(running, "chair"), dossier)
    reception = people.officer(running)
    reception.get(law.desk(dossier))
    reception.post(reception.form("/acts/return-result/"), {})


def draft_of_a_permit(running: Running) -> str:
    owner = people.stranger(running)
    owner.get(f"/sign-in/?next=/apply/{PERMIT}/")
    sign_in(owner, OWNER)
    owner.get(f"/apply/{PERMIT}/")
    owner.post(owner.form(), {})
    plans = [("ban-ve.pdf", drawing("Mặt bằng"), "application/pdf")]
    fill_in(owner, example(PERMIT), {"drawings": plans})
    return owner.url.split("/")[-3]


def test_an_owner_gets_an_apology_in_time_and_only_one(running: Running, browse: OpenBrowser) -> None:
    dossier, later = handed_over_late(running, draft_of_a_permit(running))
    builder, chair = (law.officer(browse, running, who) for who in ("construction", "chair"))
    builder.open(law.desk(dossier))
    expect(builder.page.locator("main .callout--warning")).to_have_count(1)
    assert builder.page.locator("main a[href$='/extend/']").count() == 0
    chair.open(law.desk(dossier))
    promised = chair.page.locator("table.arithmetic tr.is-total td").text_content() or ""
    chair.press("main a[href$='/extend/']")
    chair.page.locator("#id_on").fill((later + timedelta(days=6 - later.weekday())).isoformat())
    chair.page.locator("#id_reason").fill("Sở Xây dựng chưa có ý kiến.")
    chair.press(law.MAIN_BUTTON, status=422)
    law.refused_with(chair, ".")
    chair.page.locator("#id_on").fill(later.isoformat())
    chair.press(law.MAIN_BUTTON)
    chair.press("main button[name=confirm]")
    read_the_apology(law.citizen(browse, running, OWNER_SUBJECT), dossier, promised)
    chair.open(f"{law.desk(dossier)}extend/")
    expect(chair.page.locator("main")).to_contain_text("61/2018")


def read_the_apology(owner: law.Person, dossier: str, promised: str) -> None:
    """The new date, the old one by which the dossier is counted, and form 04."""
    owner.open(law.own(dossier))
    clock = owner.page.locator(CLOCK)
    expect(clock.locator(".clockdrawing__mark.is-new")).to_have_count(2)
    day = re.findall(r"\d+/\d+", promised)
    expect(clock).to_contain_text(day[0] if day else promised)
    law.read_pdf(owner, "main section a[href*='/documents/']:has-text('04')")


def test_a_mother_withdraws_until_the_decision(running: Running, browse: OpenBrowser) -> None:
    at_home = people.citizen(running)
    dossier, decided = people.submitted(at_home), people.submitted(at_home)
    reception, mother = law.officer(browse, running, "reception"), law.citizen(browse, running, MOTHER)
    law.press_act(reception, dossier, "accept")
    mother.open(law.own(dossier))
    mother.press("main a[href$='/withdraw/']")
    mother.page.locator("#reason").fill("Gia đình nộp lại ở nơi khác.")
    mother.press(law.FINAL_BUTTON)
    expect(law.notice(mother)).to_contain_text("Gia đình nộp lại ở nơi khác.")
    law.read_pdf(mother, "main .callout a[href*='/documents/']")
    assert mother.page.locator("main a[href$='/withdraw/']").count() == 0
    reception.open(law.desk(dossier))
    expect(law.notice(reception)).to_contain_text("Gia đình nộp lại ở nơi khác.")
    people.handle(running, decided)
    mother.open(law.own(decided))
    assert mother.page.locator("main a[href$='/withdraw/']").count() == 0
    mother.open(f"{law.own(decided)}withdraw/")
    expect(mother.page.locator("main form")).to_have_count(0)
    expect(mother.page.locator("#withdraw")).to_contain_text("03/2025/TT-VPCP")


def test_the_counter_refuses_with_a_ground_and_the_mother_reads_it(
    running: Running, browse: OpenBrowser
) -> None:
    dossier = people.submitted(people.citizen(running))
    reception = law.officer(browse, running, "reception")
    law.act_page(reception, dossier, "refuse")
    reception.press(law.FINAL_BUTTON, status=422)
    law.refused_with(reception, ".")
    law.say_why(reception, "filed_twice", "Đã có hồ sơ nộp ngày hôm trước.")
    expect(law.notice(reception)).to_contain_text("Đã có hồ sơ nộp ngày hôm trước.")
    mother = law.citizen(browse, running, MOTHER)
    mother.open(law.own(dossier))
    expect(law.notice(mother)).to_contain_text("Đã có hồ sơ nộp ngày hôm trước.")
    law.read_pdf(mother, "main .callout a[href*='/documents/']")


def test_a_leader_stops_a_dossier_and_takes_that_back(running: Running, browse: OpenBrowser) -> None:
    dossier = people.submitted(people.citizen(running))
    reception, chair = (law.officer(browse, running, who) for who in ("reception", "chair"))
    law.press_act(reception, dossier, "accept")
    law.press_act(reception, dossier, "hand-over")
    law.act_page(chair, dossier, "stop")
    law.say_why(chair, "court_order", "Quyết định số 01/2026/QĐ-TA.", law.MAIN_BUTTON)
    expect(law.notice(chair)).to_contain_text("Quyết định số 01/2026/QĐ-TA.")
    reception.open(law.desk(dossier))
    assert reception.page.locator("main a[href*='/law/recall-stop/']").count() == 0
    mother = law.citizen(browse, running, MOTHER)
    mother.open(law.own(dossier))
    expect(law.notice(mother)).to_contain_text("Quyết định số 01/2026/QĐ-TA.")
    law.act_page(chair, dossier, "recall-stop")
    chair.press(law.MAIN_BUTTON)
    expect(law.notice(chair)).to_have_count(0)
    mother.open(law.own(dossier))
    expect(law.notice(mother)).to_have_count(0)
    expect(mother.page.locator(f"{CLOCK} .clockdrawing__mark.is-resume")).to_have_count(2)
