"""Taken in at another commune's counter, decided where it belongs, its paper tracked, its result handed out there."""

from __future__ import annotations

import pytest

from motcua.config.demo.browser import Browser
from motcua.config.demo.story import check_and_draft, example_answers, sign, sign_in_officer, values_of
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

# Its reception takes in what the story's commune decides.
COUNTER = "08152"
CARD = "025196000001||NGUYỄN THỊ HỒNG MẪU|12031996|Nữ|Tổ 1, Phường Kỳ Sơn, Tỉnh Phú Thọ|01032022"
RECEIVER = "Nguyễn Thị Hồng Mẫu"


def test_a_dossier_of_any_counter_is_decided_where_it_belongs_and_returned_there(
    running: Running, browse: OpenBrowser
) -> None:
    clerk, agency = (sign_in_officer(running.base, "reception", *place) for place in ((COUNTER,), ()))
    dossier, code = taken_in(clerk)
    # The counter has its part, not the dossier; the agency has the dossier, and counts it.
    assert people.answer(clerk.client.get(f"{running.base}/desk/dossiers/{dossier}/")).status == 404
    for person, in_book in ((clerk, False), (agency, True)):
        assert (code in page(person, "/desk/register/")) == in_book
    send(clerk, "/desk/taken-in/", dossier)
    receive(agency, dossier)
    agency.get(f"/desk/dossiers/{dossier}/")
    agency.post(agency.form("/acts/hand-over/"), {})
    check_and_draft(sign_in_officer(running.base, "justice"), dossier)
    sign(sign_in_officer(running.base, "chair"), dossier)
    send(agency, "/desk/paper/", dossier)
    receive(clerk, dossier)
    look_at_all(running, browse, dossier)
    clerk.get(f"/desk/taken-in/{dossier}/return/")
    clerk.post(clerk.form(), {"receiver": RECEIVER})
    assert clerk.url.endswith(f"/desk/taken-in/{dossier}/")
    mother = people.citizen(running)
    mother.get(f"/dossiers/{dossier}/")
    assert mother.page.xpath("//section[contains(@class, 'result')]//a[@download]")
    # Form 05 has every hand-over of the paper.
    assert page(agency, f"/desk/dossiers/{dossier}/control/").count("Chuyển hồ sơ giấy") == 2


def taken_in(clerk: Browser) -> tuple[str, str]:
    """The mother stands at the counter with the original of her paper. Gives the dossier's id and code."""
    clerk.get("/desk/intake/")
    clerk.post(clerk.form(), {"who": CARD})
    clerk.post(clerk.form(), {"words": "khai sinh", "seen": "on", "find": "1"})
    clerk.post(clerk.form(), {"procedure": "1.001193"})
    form = clerk.form()
    answers = {name: it for name, it in example_answers().items() if name != "birth_evidence"}
    clerk.post(form, values_of(form, answers) | {"tick-birth_evidence-original": "1"})
    assert "/check/" in clerk.url, clerk.words("//*[@data-error-summary]")
    clerk.post(clerk.form(), {})
    # With its receipt, ready to be printed, though another agency decides.
    assert clerk.url.endswith("/taken/"), clerk.url
    assert clerk.page.xpath("//img[@data-print]")
    return clerk.url.split("/")[-3], clerk.words("//div[@class='desktitle']/p")


def page(person: Browser, path: str) -> str:
    return str(person.get(path).text_content())


def send(person: Browser, path: str, dossier: str) -> None:
    """By messenger, with the hand-over slip."""
    person.get(path)
    person.post(person.page.xpath("//form[@id='choose']")[0], {"chosen": dossier})
    assert dossier not in person.page.xpath("//input[@name='chosen']/@value")


def receive(person: Browser, dossier: str) -> None:
    """Everything that was listed has arrived."""
    person.get("/desk/paper/")
    person.get(person.page.xpath("//main//td/a[contains(@href, '/desk/paper/')]/@href")[0])
    person.post(person.form(), {})
    assert person.url.endswith("/desk/paper/")


def look_at_all(running: Running, browse: OpenBrowser, dossier: str) -> None:
    """The pages of the counter, on a desk and on a phone."""
    for viewport in (DESKTOP, PHONE):
        clerk = browse(base_url=running.base, viewport=viewport)
        clerk.open("/desk/sign-in/")
        clerk.press(f"form:has(input[value='demo.reception.{COUNTER}']) button")
        own = f"/desk/taken-in/{dossier}/"
        for path in ("/desk/taken-in/", own, f"{own}taken/", f"{own}return/", "/desk/paper/"):
            clerk.open(path)
            clerk.look()
