"""What people do with signed documents: one shows his to a bank, one uses hers again in another application."""

from __future__ import annotations

import json
from typing import Any

from motcua.config.demo.browser import Browser, Teller
from motcua.config.demo.story import (
    COMMUNE,
    bring_to_signature,
    fill_in,
    fill_page,
    sign,
    sign_in,
    sign_in_officer,
)
from motcua.config.environment import REPOSITORY

PROCEDURES = REPOSITORY / "packs" / "vn" / "procedures"
STATUS, MARRIAGE = "1.004873", "1.000894"
BRIDE = 4  # of the eID stand-in's people
PURPOSE = "Vay vốn xây xưởng"


def share(owner: Browser, teller: Teller) -> None:
    """A code with a purpose and an end; somebody at the bank looks; the owner sees that somebody did."""
    owner.get("/documents/shares/new/")
    form = owner.form()
    document = form.xpath(".//input[@name='documents']/@value")[0]
    owner.post(
        form, {"documents": document, "purpose": PURPOSE, "receiver": "Ngân hàng Mẫu", "period": "week"}
    )
    page = owner.url
    code, until = owner.words("//p[@class='result__verdict']//strong"), owner.words("//p[@class='titleline']")
    teller.step("He shares the permit with a bank by a code", f"{code}: “{PURPOSE}”, {until}", page)
    bank = Browser(owner.base)
    bank.get("/shared/")
    bank.post(bank.form(), {"code": code})
    bank.post(bank.form("/shared/"), {})
    seen = bank.words("//section[@class='result']//h2")
    verdict = bank.words("//section[@class='result']//p[@class='result__verdict']")
    teller.step("A stranger who has the code looks at it", f"{seen}: {verdict}", bank.url)
    owner.get("/account/data-tracker/")
    latest = ", ".join(owner.words(f"//ul[@id='readings']/li[1]//p[{number}]") for number in (1, 2))
    teller.step("He sees the look in the data tracker", latest, owner.url)


def use_again(base: str, teller: Teller) -> None:
    """A certificate of marital status, signed here, is offered where the marriage asks for it."""
    bride = Browser(base)
    _begin(bride, STATUS)
    fill_in(bride, example(STATUS))
    bride.post(bride.form("/submit/"), {"declared": "1"})
    _bring_to_result(base, bride.url.rstrip("/").rsplit("/", 1)[1])
    _begin(bride, MARRIAGE)
    answers = example(MARRIAGE)
    while "/papers/" not in bride.url:
        fill_page(bride, answers)
    offered = bride.page.xpath("//main//button[@name='use'][starts-with(@value, 'bride_status_paper ')]")[0]
    bride.post(bride.form(), {"use": offered.get("value")})
    taken = bride.words("//section[@id='handed-in']//li//p")
    teller.step(
        "A bride's certificate of marital status is offered in the marriage form; no upload", taken, bride.url
    )


def _bring_to_result(base: str, dossier: str) -> None:
    reception = sign_in_officer(base, "reception")
    bring_to_signature(reception, dossier)
    sign(sign_in_officer(base, "chair"), dossier)
    reception.get(f"/desk/dossiers/{dossier}/")
    reception.post(reception.form("/acts/return-result/"), {})


def example(code: str) -> dict[str, Any]:
    """The answers of a procedure's example, for a commune that has officers."""
    text = (PROCEDURES / code / "example.json").read_text(encoding="utf-8")
    answers: dict[str, Any] = json.loads(text)["answers"]
    return answers | {"registration_commune": COMMUNE}


def _begin(person: Browser, code: str) -> None:
    person.get(f"/sign-in/?next=/apply/{code}/")
    if "/sign-in/" in person.url:
        sign_in(person, BRIDE)
    person.get(f"/apply/{code}/")
    person.post(person.form(), {})
