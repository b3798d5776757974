"""The story: a birth registration over real HTTP against the running server, as design section 10 tells it.

Each step is what a browser would send: pages are fetched, their forms filled in and posted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import lxml.html

from motcua.config.demo.browser import Browser, StoryStopped, Teller, Upload, sign_in_at_desk
from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.proofs import choose_sms, see_signature_last
from motcua.config.environment import REPOSITORY

ANSWERS = REPOSITORY / "packs" / "vn" / "procedures" / "1.001193" / "example.json"
COMMUNE = "04894"


def apply(mother: Browser, teller: Teller) -> str:
    """Search, sign in, fill in, submit. Returns the dossier's address."""
    mother.get("/search/?q=dang+ky+khai+sinh")
    first = mother.page.xpath("//main//ul[@class='suggest']//a")[0]
    count = len(mother.page.xpath("//main//ul[@class='suggest']//a"))
    teller.step("A mother searches without accents: “dang ky khai sinh”", f"{count} procedures, first: {first.text}",
                first.get("href"))  # fmt: skip
    mother.get(first.get("href"))
    mother.post(mother.form("/apply/1.001193/"), {})
    sign_in(mother)
    teller.step("She signs in with her eID (OpenID Connect with PKCE)", mother.words("//summary"), mother.url)
    choose_sms(mother, teller)
    mother.post(mother.form(), {})
    pages, known = fill_in(mother)
    teller.step(
        f"The form knows her already: {known} facts shown and not asked",
        f"{pages} pages, each saved",
        mother.url,
    )
    mother.post(mother.form("/submit/"), {"declared": "1"})
    again = mother.url
    teller.step("She submits", mother.words("//p[@class='titleline']"), again)
    return again


def sign_in(mother: Browser, which: int = 0) -> None:
    """From the sign-in page through the eID stand-in, as its first person or another one, and back."""
    mother.post(mother.form("/oidc/eid/login/"), {})
    person = mother.page.xpath("//form")[0]
    button = person.xpath(".//button[@name]")[which]
    mother.post(person, {button.get("name"): button.get("value")})


def fill_in(
    mother: Browser,
    answers: Mapping[str, object] | None = None,
    papers: Mapping[str, Sequence[Upload]] | None = None,
) -> tuple[int, int]:
    """Every page with the answers, usually the example's; where papers are asked for, those of `papers` or a sample.

    Returns pages and the number of known facts.
    """
    answers = answers or example_answers()
    pages = known = 0
    while "/check/" not in mother.url:
        known += len(mother.page.xpath("//section[@class='known']//dd"))
        fill_page(mother, answers, papers)
        pages += 1
    return pages, known


def fill_page(
    person: Browser, answers: Mapping[str, object], papers: Mapping[str, Sequence[Upload]] | None = None
) -> None:
    """Answer the page one stands on and save it. Raises StoryStopped when it is not taken."""
    form, before = person.form(), person.url
    names = form.xpath(".//input[@type='file']/@name")
    sample = ("giay-to.pdf", birth_evidence(), "application/pdf")
    files = [(name, paper) for name in names for paper in (papers or {}).get(name, [sample])]
    person.post(form, values_of(form, {name: it for name, it in answers.items() if name not in names}), files)
    if person.url == before:
        raise StoryStopped(f"{before}: {person.words('//*[@data-error-summary]')}")


def example_answers() -> dict[str, str]:
    """The pack's example, for a child born yesterday and a commune that has officers."""
    answers: dict[str, str] = json.loads(ANSWERS.read_text(encoding="utf-8"))["answers"]
    yesterday = (datetime.now().astimezone() - timedelta(days=1)).strftime("%Y-%m-%d")
    return answers | {"birth_date": yesterday, "registration_commune": COMMUNE}


def values_of(form: lxml.html.FormElement, answers: Mapping[str, object]) -> dict[str, str | list[str]]:
    """What the form asks out of the answers; a date (ISO) has three boxes, a person a box for each part."""
    values: dict[str, str | list[str]] = {}
    parts = {
        f"{name}-{part}": value
        for name, person in answers.items()
        if isinstance(person, dict)
        for part, value in person.items()
    }
    answers = dict(answers) | parts
    for name in form.inputs.keys():  # noqa: SIM118  not a mapping
        base, _, part = name.rpartition("_")
        if name in answers:
            values[name] = str(answers[name])
        elif part in {"day", "month", "year"} and base in answers:
            year, month, day = str(answers[base]).split("-")
            values[name] = {"day": day, "month": month, "year": year}[part]
    if "unasked" in form.inputs.keys():  # noqa: SIM118  not a mapping
        # Like a browser with scripts, which shows questions as others are answered.
        values["unasked"] = []
    return values


def sign_in_officer(base: str, username: str, place: str = COMMUNE) -> Browser:
    """An officer of the story's commune, as reception, justice or chair, or of another place or agency."""
    return sign_in_at_desk(base, f"demo.{username}.{place}")


def handle(base: str, dossier: str, teller: Teller, folder: Path, mother: Browser) -> str:
    """The desk: accept, hand over, check and draft, sign, return. Gives the dossier's code."""
    path = "/desk/dossiers/" + dossier.rstrip("/").rsplit("/", 1)[1] + "/"
    reception = sign_in_officer(base, "reception")
    waiting = reception.words("//nav[contains(@class,'segments')]//strong")
    reception.get(path)
    reception.post(reception.form("/acts/accept/"), {})
    code = reception.words("//p[@class='titleline']/span[last()]")
    due = reception.words("//table[@class='arithmetic']//tr[@class='is-total']/td")
    teller.step(
        f"The desk accepts it ({waiting} waited)", f"{code}, due {due}, explained step by step", reception.url
    )
    mother.get(dossier)
    receipt = mother.page.xpath("//a[contains(text(), 'PDF') and contains(@href, '/documents/')]")[0].get(
        "href"
    )
    (folder / "receipt.pdf").write_bytes(mother.download(receipt))
    teller.step(
        "The receipt (form 01) is a PDF/A", _size(folder / "receipt.pdf"), str(folder / "receipt.pdf")
    )
    reception.get(path)
    reception.post(reception.form("/acts/hand-over/"), {})
    justice = sign_in_officer(base, "justice")
    checks = check_and_draft(justice, path.split("/")[3])
    teller.step(
        "The justice officer checks and drafts the certificate", f"{checks} checks ticked", justice.url
    )
    chair = sign_in_officer(base, "chair")
    seen = sign(chair, path.split("/")[3])
    teller.step("The chairwoman signs exactly what she saw", f"SHA-256 of the draft {seen[:16]}…", chair.url)
    reception.get(path)
    reception.post(reception.form("/acts/return-result/"), {})
    teller.step(
        "The desk returns the result to the mother's warehouse",
        reception.words("//p[@class='titleline']"),
        reception.url,
    )
    return code


def bring_to_signature(reception: Browser, dossier: str) -> None:
    """Accept, hand over, check, draft, submit: what the justice officer examines."""
    reception.get(f"/desk/dossiers/{dossier}/")
    reception.post(reception.form("/acts/accept/"), {})
    reception.post(reception.form("/acts/hand-over/"), {})
    check_and_draft(sign_in_officer(reception.base, "justice"), dossier)


def check_and_draft(officer: Browser, dossier: str) -> int:
    """Tick every check, draft, put it before the signer. Gives the number of checks."""
    officer.get(f"/desk/dossiers/{dossier}/")
    form = officer.form("/acts/draft-result/")
    checks = [box.get("value") for box in form.xpath(".//input[@name='check']")]
    officer.post(form, {"check": checks})
    officer.post(officer.form("/acts/submit-for-signature/"), {})
    return len(checks)


def sign(leader: Browser, dossier: str) -> str:
    """Sign what the queue shows. Gives the digest of the file that was seen."""
    leader.get(f"/desk/signing/?dossier={dossier}")
    form = leader.form("/acts/sign/")
    seen = str(form.fields["seen"])
    leader.post(form, {})
    return seen


def receive(mother: Browser, dossier: str, teller: Teller, folder: Path) -> None:
    """She downloads the certificate; a stranger verifies it; one byte is changed."""
    mother.get(dossier)
    card = mother.page.xpath("//section[@class='result']")[0]
    code = card.xpath(".//strong")[0].text
    stranger = Browser(mother.base)
    see_signature_last(stranger, code, teller)
    certificate = mother.download(card.xpath(".//a[@download]")[0].get("href"))
    (folder / "certificate.pdf").write_bytes(certificate)
    teller.step(
        "She downloads the signed birth certificate",
        _size(folder / "certificate.pdf"),
        str(folder / "certificate.pdf"),
    )
    stranger.get(f"/verify/?code={code}")
    teller.step(
        f"A stranger verifies it by its code {code}", stranger.words("//h2[@id='verdict']"), stranger.url
    )
    verdict = _verify(stranger, "certificate.pdf", certificate)
    changed = bytearray(certificate)
    changed[len(changed) // 3] ^= 1
    forged = _verify(stranger, "changed.pdf", bytes(changed))
    (folder / "changed.pdf").write_bytes(bytes(changed))
    teller.step("… and by the file itself; then with one bit changed", f"{verdict}; {forged}", stranger.url)


def _verify(stranger: Browser, name: str, content: bytes) -> str:
    stranger.get("/verify/")
    form = next(form for form in stranger.page.xpath("//main//form[@enctype]"))
    stranger.post(form, {}, {"file": (name, content, "application/pdf")})
    return stranger.words("//h2[@id='verdict']")


def say_satisfied(mother: Browser, dossier: str, teller: Teller) -> None:
    """One question after the result, answered once."""
    mother.get(dossier)
    question = mother.page.xpath("//section[@id='satisfaction']//a/@href")[0]
    mother.get(f"{question}?rating=3")
    mother.post(mother.form("/"), {})
    teller.step("She says how satisfied she was: very", mother.words("//main//h1"), mother.url)


def see_readers(mother: Browser, teller: Teller) -> None:
    """The data tracker of her account: every opening of her record, a dossier or a paper, by anybody in an office."""
    mother.get("/account/data-tracker/")
    readings = mother.page.xpath("//ul[@id='readings']/li")
    latest = (
        [" ".join(line.text_content().split()) for line in readings[0].xpath(".//p")[:2]] if readings else []
    )
    teller.step(
        "In the data tracker she sees who read her record",
        f"{len(readings)} readings; latest: {', '.join(latest)}",
        mother.url,
    )


def see_figures(mother: Browser, teller: Teller) -> None:
    mother.get("/figures/now/")
    teller.step("The figures move", mother.words("//*[@id='figures']"), mother.url)


def _size(path: Path) -> str:
    content = path.read_bytes()
    return f"{len(content) // 1024} KB, SHA-256 {hashlib.sha256(content).hexdigest()[:16]}…"
