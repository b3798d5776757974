"""The story's people who act for others: a cooperative's head for it, a deputy for the absent chair."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from motcua.config.demo.browser import Browser, Teller, wait_for
from motcua.config.demo.story import COMMUNE, bring_to_signature, fill_in, sign, sign_in_officer
from motcua.config.environment import REPOSITORY

NOTICE = "2.002641"
EXAMPLE = REPOSITORY / "packs" / "vn" / "procedures" / NOTICE / "example.json"
COOPERATIVE, COOPERATIVE_CODE = "HỢP TÁC XÃ NÔNG NGHIỆP MẪU", "9900000023"
ABSENT_DAYS, PAUSE_BEGINS_DAYS, PAUSE_DAYS = 3, 10, 90


def suspend_business(base: str, teller: Teller) -> None:
    """A cooperative's notice from its representative to a paper that the deputy signed. The chair is back after it."""
    head = Browser(base)
    dossier = _file_notice(head, teller)
    chair = sign_in_officer(base, "chair")
    away = go_away(chair)
    teller.step("The chairwoman goes away; her deputy signs meanwhile", away, chair.url)
    reception = sign_in_officer(base, "reception")
    bring_to_signature(reception, dossier)
    _sign_for_the_chair(base, dossier, teller)
    reception.get(f"/desk/dossiers/{dossier}/")
    reception.post(reception.form("/acts/return-result/"), {})
    _see_who_signed(head, dossier, teller)
    teller.step("The chairwoman is back; the delegation ends at once", come_back(chair), chair.url)


def _file_notice(head: Browser, teller: Teller) -> str:
    """Sign in with the cooperative's account, act for it, file its notice. Returns the dossier's id."""
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    sign_in_with_account(head)
    button = head.page.xpath(f"//main//li[contains(., '{COOPERATIVE}')]//button[@name='key']")[0]
    head.post(button.getparent(), {"key": button.get("value")})
    acting = head.words("//div[@class='acting']//p")
    teller.step("The head of a cooperative signs in with its eID account", acting, head.url)
    head.get(f"/apply/{NOTICE}/")
    head.post(head.form(), {})
    begins = datetime.now().astimezone() + timedelta(days=PAUSE_BEGINS_DAYS)
    days = {"begins": begins, "ends": begins + timedelta(days=PAUSE_DAYS)}
    answers = example["answers"] | {name: f"{day:%Y-%m-%d}" for name, day in days.items()}
    pages, known = fill_in(head, answers | {"registration_commune": COMMUNE})
    head.post(head.form("/submit/"), {"declared": "1"})
    teller.step(
        f"… and files its notice that it suspends business: {pages} pages, {known} facts known",
        head.words("//p[@class='titleline']"),
        head.url,
    )
    return head.url.rstrip("/").rsplit("/", 1)[1]


def sign_in_with_account(head: Browser) -> None:
    """With the cooperative's eID account, up to the page on which one chooses for whom one acts."""
    head.get(f"/sign-in/?next=/apply/{NOTICE}/")
    head.post(head.form("/oidc/eid/login/"), {})
    button = head.page.xpath(f"//button[@name='person'][contains(@value, '{COOPERATIVE_CODE}')]")[0]
    head.post(head.form(), {"person": button.get("value")})


def go_away(chair: Browser) -> str:
    """The days and who signs meanwhile, in one step. Gives who, in which position, for which days."""
    last = datetime.now().astimezone() + timedelta(days=ABSENT_DAYS)
    chair.get("/desk/absence/")
    form = chair.page.xpath("//form[.//input[@name='last_day']]")[0]
    deputy = form.xpath(".//select[@name='stand_in']/option[@value!='']")[0]
    chair.post(form, {"last_day": f"{last:%Y-%m-%d}", "stand_in": deputy.get("value")})
    chair.get("/desk/delegations/")
    row = chair.page.xpath("//tr[@data-row]")[0]
    who, days = (" ".join(row.xpath(f"string(td[{column}])").split()) for column in (2, 4))
    return f"{who}: {days}"


def _sign_for_the_chair(base: str, dossier: str, teller: Teller) -> None:
    deputy = sign_in_officer(base, "deputy")
    seen = sign(deputy, dossier)
    teller.step("The deputy signs exactly what he saw", f"SHA-256 of the draft {seen[:16]}…", deputy.url)


def _see_who_signed(head: Browser, dossier: str, teller: Teller) -> None:
    """The confirmation is the cooperative's; a stranger reads in which position it was signed."""
    head.get(f"/dossiers/{dossier}/")
    code = head.page.xpath("//section[@class='result']//strong")[0].text
    stranger = Browser(head.base)

    def position() -> str:
        stranger.get(f"/verify/?code={code}")
        return stranger.words("//section[@class='result']//*[contains(text(), 'KT.')]")

    found = wait_for(position, "the position of the signer")
    verdict = stranger.words("//h2[@id='verdict']")
    teller.step(
        f"A stranger reads by the code {code} in which position it was signed",
        f"{verdict}: {found}",
        stranger.url,
    )


def come_back(chair: Browser) -> str:
    """Withdraw the absence, revoke the delegation: the commune is as it was. Gives the delegation's state."""
    chair.get("/desk/absence/")
    chair.post(chair.form("/withdraw/"), {})
    chair.get("/desk/delegations/")
    chair.get(chair.page.xpath("//a[contains(@href, '/revoke/')]/@href")[0])
    chair.post(chair.form(), {"reason": "Đã trở lại làm việc"})
    return " ".join(chair.page.xpath("string(//tr[@data-row][1]/td[1])").split())
