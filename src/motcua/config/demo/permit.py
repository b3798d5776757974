"""The story's building permit: what is missing, opinions and site visit at once, review, signature.

The house owner builds a workshop of grade IV beside the house: a case with opinions of two departments and a review.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from motcua.config.demo.browser import Browser, StoryStopped, Teller, wait_for
from motcua.config.demo.papers import drawing, site_photo
from motcua.config.demo.story import COMMUNE, check_and_draft, fill_in, sign, sign_in, sign_in_officer
from motcua.config.environment import REPOSITORY

PERMIT = "1.013225"
EXAMPLE = REPOSITORY / "packs" / "vn" / "procedures" / PERMIT / "example.json"
OWNER = 1  # of the eID stand-in's people
WORKSHOP = {"work": "works", "work_name": "Xưởng mộc gia đình", "grade": "IV"}
PLANS = ("Mặt bằng", "Mặt cắt")
TOLD = 2
COLOURS = REPOSITORY / "src" / "motcua" / "foundation" / "ui" / "assets" / "css" / "process.css"
PROVINCE = "H44"
MISSING = "Bản vẽ móng còn thiếu"


class Walk(NamedTuple):
    """Who walks through the permit, and the dossier's id."""

    owner: Browser
    builder: Browser
    dossier: str

    @property
    def own(self) -> str:
        return f"/dossiers/{self.dossier}/"

    @property
    def desk(self) -> str:
        return f"/desk/dossiers/{self.dossier}/"


def build(base: str, teller: Teller, folder: Path) -> Browser:
    """From the application to the signed permit among the owner's documents. Gives the owner's browser."""
    owner = Browser(base)
    dossier = _apply(owner, teller)
    reception = sign_in_officer(base, "reception")
    walk = Walk(owner, sign_in_officer(base, "construction"), dossier)
    _accept(reception, walk, teller)
    _ask_for_what_is_missing(walk, teller)
    _bring_it(walk, teller)
    _ask_and_visit(walk, teller, folder)
    _review_and_sign(walk, teller)
    reception.get(walk.desk)
    reception.post(reception.form("/acts/return-result/"), {})
    owner.get("/documents/")
    teller.step("The permit lies among his documents", owner.words("//main//li//a"), owner.url)
    return owner


def _apply(owner: Browser, teller: Teller) -> str:
    """Answers, plans as PDFs, submission. Returns the dossier's id."""
    owner.get(f"/procedures/{PERMIT}/")
    owner.post(owner.form(f"/apply/{PERMIT}/"), {})
    sign_in(owner, OWNER)
    owner.get(f"/apply/{PERMIT}/")
    owner.post(owner.form(), {})
    answers = json.loads(EXAMPLE.read_text(encoding="utf-8"))["answers"] | WORKSHOP
    plans = [(f"{title}.pdf", drawing(title), "application/pdf") for title in PLANS]
    pages, known = fill_in(owner, answers | {"registration_commune": COMMUNE}, {"drawings": plans})
    teller.step(
        "A house owner wants to build a workshop; the answers decide which pages and papers are asked",
        f"{pages} pages, {known} facts known, {len(PLANS)} plans",
        owner.url,
    )
    owner.post(owner.form("/submit/"), {"declared": "1"})
    case = owner.words("//div[@class='pagehead']//p[starts-with(., 'Case')]")
    teller.step("He submits; the case gives the time limit, papers and fee", case, owner.url)
    return owner.url.rstrip("/").rsplit("/", 1)[1]


def _accept(reception: Browser, walk: Walk, teller: Teller) -> None:
    reception.get(walk.desk)
    reception.post(reception.form("/acts/accept/"), {})
    due = reception.words("//table[@class='arithmetic']//tr[@class='is-total']/td")
    reception.post(reception.form("/acts/hand-over/"), {})
    teller.step("The desk accepts and hands over to the economy division", f"due {due}", reception.url)


def _ask_for_what_is_missing(walk: Walk, teller: Teller) -> None:
    """Form 02: everything at once; the clock stands still."""
    walk.builder.get(walk.desk)
    code = walk.builder.words("//p[@class='titleline']/*[@class='figures']")
    walk.builder.get(_link(walk.builder, "/supplement/"))
    asked = {"text": [MISSING], "about": ["component drawings"], "reason": "Cần bản vẽ móng để thẩm định."}
    walk.builder.post(walk.builder.form(), asked)
    teller.step(
        "The officer finds a plan missing and asks for it once (form 02)",
        walk.builder.words("//div[@role='status'][contains(@class, 'messages')]"),
        walk.builder.url,
    )
    told = wait_for(lambda: _latest_message(walk, code), "the message about the supplement")
    teller.step("The owner gets a message", f"“{told}”", walk.owner.url)


def _latest_message(walk: Walk, code: str) -> str:
    """Its title once all that name the code are there: accepted, asked to complete."""
    walk.owner.get("/messages/")
    links = walk.owner.page.xpath(f"//main//li//a[contains(., '{code}')]")
    return " ".join(links[0].text_content().split()) if len(links) >= TOLD else ""


def _bring_it(walk: Walk, teller: Teller) -> None:
    """The answer on the portal; the whole limit begins again."""
    walk.owner.get(walk.own)
    walk.owner.get(_link(walk.owner, "/supplement/"))
    paper = ("Móng.pdf", drawing("Mặt bằng móng"), "application/pdf")
    walk.owner.post(walk.owner.form(), {"send": "1"}, [("file-0", paper)])
    due = walk.owner.words("//table[@class='arithmetic']//tr[@class='is-total']/td")
    again = walk.owner.words("//table[@class='arithmetic']//th[contains(., 'again')]")
    teller.step("He answers on the portal; the clock starts anew", f"{again}; due {due}", walk.owner.url)


def _ask_and_visit(walk: Walk, teller: Teller, folder: Path) -> None:
    """Two departments and the officer at the site, all at once; the last one joins them. The owner reads one thing."""
    walk.builder.get(walk.desk)
    walk.builder.post(walk.builder.form("/acts/complete-task/"), {"outcome": "complete"})
    walk.builder.get(walk.desk)
    rows = walk.builder.page.xpath("//section[@aria-labelledby='task']//ul/li//p[1]")
    tasks = "; ".join(" ".join(row.text_content().split()) for row in rows)
    teller.step(
        "Nothing is missing: opinions and site visit at once", f"{len(rows)} tasks: {tasks}", walk.builder.url
    )
    picture = folder / "building-permit.svg"
    size = _keep_picture(walk, picture)
    teller.step(
        "The process is drawn: what is done, and the three places where it stands",
        f"{size // 1024} KB",
        str(picture),
    )
    read = [_reads(walk)]
    photo = ("hien-truong.jpg", site_photo(), "image/jpeg")
    for officer, words, files in (
        (walk.builder, "Hôm nay: đất trống, chưa khởi công, ranh giới đúng bản vẽ.", [("file", photo)]),
        (sign_in_officer(walk.owner.base, "construction", PROVINCE), "Phù hợp quy hoạch.", []),
        (sign_in_officer(walk.owner.base, "agriculture", PROVINCE), "Không có ý kiến khác.", []),
    ):
        read.append(_reads(walk))
        officer.get(walk.desk)
        officer.get(_link(officer, "/opinion/"))
        officer.post(officer.form(), {"text": words}, files)
    said = _only(read, "while opinions were asked")
    teller.step(
        "The site is visited, with a photo; two departments answer; all join",
        f"the owner reads all the time: {said}",
        officer.url,
    )


def _keep_picture(walk: Walk, path: Path) -> int:
    """The drawing of the officer's page as a file of its own, with the colours that the page has from elsewhere."""
    whole = walk.builder.client.get(walk.builder.url).text
    found = re.search(r'(<svg [^>]*class="processdrawing".*?)(<title.*?</svg>)', whole, re.DOTALL)
    if not found:
        raise StoryStopped(f"{walk.builder.url} shows no process")
    style = COLOURS.read_text(encoding="utf-8")
    return path.write_text(f"{found[1]}<style>{style}</style>{found[2]}", encoding="utf-8")


def _review_and_sign(walk: Walk, teller: Teller) -> None:
    """Draft, review by the head of the division, signature; the owner reads one thing from the review on."""
    checks = check_and_draft(walk.builder, walk.dossier)
    read = [_reads(walk)]
    head = sign_in_officer(walk.owner.base, "economy")
    head.get(walk.desk)
    head.post(head.form("/acts/submit-for-signature/"), {})
    read.append(_reads(walk))
    said = _only(read, "from level to level")
    teller.step(
        "The officer drafts, the head of the division reviews",
        f"{checks} checks; the owner reads at both levels: {said}",
        head.url,
    )
    chair = sign_in_officer(walk.owner.base, "chair")
    seen = sign(chair, walk.dossier)
    teller.step("The chairwoman signs the permit", f"SHA-256 of the draft {seen[:16]}…", chair.url)


def _reads(walk: Walk) -> str:
    """The stage as the owner's page words it."""
    walk.owner.get(walk.own)
    return walk.owner.words("//p[@class='titleline']/*[@class='strong']")


def _only(read: list[str], when: str) -> str:
    """The one thing that was read all the time. Raises StoryStopped."""
    if not read[0] or len(set(read)) > 1:
        raise StoryStopped(f"{when} the owner read {read}")
    return f"“{read[0]}”"


def _link(person: Browser, part: str) -> str:
    found = person.page.xpath(f"//main//a[contains(@href, '{part}')]/@href")
    if not found:
        raise StoryStopped(f"{person.url} has no link {part!r}")
    return str(found[0])
