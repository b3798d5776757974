"""What is measured: one birth registration's way, over HTTP, beside a given number of dossiers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

import lxml.html
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from bench.ground import seal
from bench.installation import Installation
from bench.measuring import Meter, Request, Row, Visitor, WrongAnswer
from bench.processes import Groups
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.bulk_staff import Staff
from motcua.casework.dossiers.services.intake import Intake, start_intake, tick_papers
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.config.demo.papers import birth_evidence
from motcua.config.simulation.births import PROCEDURE, Place, make_answers
from motcua.config.simulation.people import make_family
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.places import place_token
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.models import Agency
from motcua.registry.people.models import Person

if TYPE_CHECKING:
    from bench.api import Program

COMMUNE = Place("04894", "Phường Kỳ Sơn", "Tỉnh Phú Thọ")
EVERYWHERE = 5_000
# Before the first simulated dossier.
BEGINNING = "2020-01-01"
OFFICERS = {name: f"demo.{name}.{COMMUNE.code}" for name in ("reception", "justice", "chair")} | {
    "province": "demo.leader.H44"
}
# Entries are sealed oldest first: only the latest are looked at, as counting millions would be measured too.
_UNSEALED = """
SELECT count(*) FROM (SELECT id FROM foundation_journal_entry ORDER BY sequence DESC LIMIT 2000) latest
 WHERE NOT EXISTS (SELECT 1 FROM foundation_journal_leaf leaf WHERE leaf.entry_id = latest.id)
"""
_UNFOLLOWED = """
SELECT coalesce((SELECT max(position) FROM foundation_journal_leaf), 0)
     - coalesce((SELECT min(position) FROM foundation_journal_consumerposition), 0)
"""
# Nobody is told of what a simulation made up: at a million dossiers that would take hours.
_FOLLOWED = """
UPDATE foundation_journal_consumerposition
   SET position = coalesce((SELECT max(position) FROM foundation_journal_leaf), 0)
"""
# What is to be done later, as a look after a bulk act, is waited for by nobody.
_PENDING = """
SELECT count(*) FROM procrastinate_jobs
 WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now())
"""
# Acts on many at once: how many requests, of how many dossiers each.
_BULKS, _BULK = 2, 50
_INTAKES = 10
_SETTLE_SECONDS = 300


class Scenario:
    """People signed in once; each `run` measures all rows with the dossiers that are there."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.base = installation, installation.web_url
        self.meter = Meter(Groups(installation.pids()), settle)
        self.stranger = Visitor(self.base)
        self.mother = self.sign_in_citizen()
        self.officers = {name: self.sign_in_officer(it) for name, it in OFFICERS.items()}
        self.citizen = Person.objects.get(account__isnull=False)
        self.programs: tuple[Program, Program] | None = None

    def grow(self, dossiers: int, seed: int) -> dict[str, object]:
        """Add simulated dossiers; gives what `motcua simulate --json` said."""
        # A province at work: narrow rights then see what one commune has.
        where = ["--everywhere"] if dossiers >= EVERYWHERE else []
        # Sealing beside it would be measured with it, and who follows would tell people of millions of entries.
        self.installation.rest()
        said = self.installation.command(
            "simulate", "--dossiers", str(dossiers), "--seed", str(seed), "--json", *where
        )
        seal()
        with connection.cursor() as cursor:
            cursor.execute(_FOLLOWED)
        self.installation.tidy()
        self.begin_again()
        return dict(json.loads(said))

    def begin_again(self) -> None:
        """After a rest."""
        self.installation.start()
        self.meter.groups = Groups(self.installation.pids())

    def run(self, requests: int, say: Callable[[str], None]) -> None:
        """Measure every row with so many requests."""
        from bench import api

        self.meter.dossiers = Dossier.objects.count()
        started = len(self.meter.rows)
        self._public(requests)
        made = self._submit(requests)
        self._citizen_pages(requests, made)
        self._desk_pages(requests)
        self._acts(made)
        self._many(min(_BULK, requests))
        api.run(self, requests)
        for row in self.meter.rows[started:]:
            _tell(row, say)

    def look_at_figures(self, requests: int, say: Callable[[str], None]) -> None:
        """What the leader of a province opens, once the indicators have followed."""
        leader = self.officers["province"]
        overview = leader.send(Request("GET", "/desk/figures/"))
        links = lxml.html.fromstring(overview.text).xpath("//main//a/@href")
        pages = {
            "figures of the year": "/desk/figures/",
            "a measure of the year": "/desk/figures/measures/on_time_rate/",
            "dossiers behind a figure": next(it for it in links if it.startswith("/desk/figures/dossiers/")),
            "map of the province": "/desk/figures/map/",
            "operations centre": "/desk/operations/",
            "operations centre, what changed": "/desk/operations/now/",
            "dossiers likely late": "/desk/operations/likely-late/",
        }
        for name, path in pages.items():
            _tell(self.meter.measure(name, leader, [Request("GET", path)] * requests), say)

    def close(self) -> None:
        """Let go of the database before it is stopped."""
        connection.close()
        if pool := getattr(connection, "pool", None):
            pool.close()

    def _public(self, requests: int) -> None:
        self.meter.measure("home", self.stranger, [Request("GET", "/")] * requests)
        words = ("dang ky khai sinh", "giay khai sinh", "ket hon", "sinh con", "the can cuoc")
        found = [Request("GET", f"/search/?q={words[number % len(words)]}") for number in range(requests)]
        self.meter.measure("search procedures", self.stranger, found)

    def _submit(self, requests: int) -> list[UUID]:
        made = [self.prepare_draft(number) for number in range(requests)]
        self.mother.send(Request("GET", f"/drafts/{made[0]}/check/"))
        posts = [Request("POST", f"/drafts/{draft}/submit/", {"declared": "1"}) for draft in made]
        self.meter.measure("submit", self.mother, posts)
        self._expect(made, 1)
        return made

    def prepare_draft(self, number: int) -> UUID:
        """A draft with all answers and one paper, through the services."""
        now, actor = timezone.now(), Actor(kind="citizen", person_id=self.citizen.id)
        today = timezone.localdate(now)
        random = Random(number)
        family = make_family(random, number, before=today - timedelta(days=1))
        answers = make_answers(random, family, COMMUNE, on=today) | self._known()
        draft = drafts.start_draft(actor=actor, version=get_version(PROCEDURE, at=today), at=now)
        upload = SimpleUploadedFile("giay-chung-sinh.pdf", paper(), content_type="application/pdf")
        drafts.add_paper(actor=actor, draft_id=draft.id, component="birth_evidence", upload=upload, at=now)
        drafts.save_answers(actor=actor, draft_id=draft.id, answers=answers, at=now)
        return draft.id

    def _known(self) -> dict[str, str]:
        """The applicant's own facts, as the form takes them from the eID."""
        mother = self.citizen
        facts = {
            "name": mother.full_name,
            "birth_date": mother.birth_date.isoformat(),
            "personal_number": mother.personal_number,
            "residence": mother.residence,
        }
        return {f"{role}_{name}": value for role in ("applicant", "mother") for name, value in facts.items()}

    def _citizen_pages(self, requests: int, made: list[UUID]) -> None:
        self.meter.measure("own list (20)", self.mother, [Request("GET", "/dossiers/")] * requests)
        pages = [Request("GET", f"/dossiers/{dossier}/") for dossier in made]
        self.meter.measure("citizen's dossier page", self.mother, pages)

    def _desk_pages(self, requests: int) -> None:
        desk = self.officers["reception"]
        self.meter.measure("inbox (20)", desk, [Request("GET", "/desk/")] * requests)
        returned = Dossier.objects.filter(agency__place_code=COMMUNE.code, status=10).order_by("-id")
        ids = list(returned.values_list("id", flat=True)[:requests])
        pages = [Request("GET", f"/desk/dossiers/{ids[number % len(ids)]}/") for number in range(requests)]
        self.meter.measure("officer's dossier page", desk, pages)
        words = ("nguyen thi mau lan", "tran mau", "khai sinh mau an", "le thi hong mau")
        found = [
            Request("GET", f"/desk/search/?q={words[number % len(words)]}") for number in range(requests)
        ]
        self.meter.measure("search dossiers", desk, found)
        self._counter(desk, requests)
        self._books(requests)

    def _counter(self, desk: Visitor, requests: int) -> None:
        """The form of taking in, with all answers in it, as the clerk sees it before the papers are looked at."""
        agency = Agency.objects.get(place_code=COMMUNE.code, level="commune", valid_to=None)
        clerk = Staff.read().clerk("reception", agency.path).actor
        begun = [self._begin_intake(number, clerk) for number in range(_INTAKES)]
        pages = [
            Request("GET", f"/desk/intake/drafts/{begun[number % _INTAKES]}/") for number in range(requests)
        ]
        self.meter.measure("intake at the counter", desk, pages)

    def _begin_intake(self, number: int, clerk: Actor) -> UUID:
        now = timezone.now()
        today = timezone.localdate(now)
        random = Random(number)
        family = make_family(random, number, before=today - timedelta(days=1))
        answers = make_answers(random, family, COMMUNE, on=today) | self._known()
        intake = Intake(self.citizen.id, has_seen=True)
        version = get_version(PROCEDURE, at=today)
        draft = start_intake(actor=clerk, version=version, intake=intake, at=now)
        ticked = {"birth_evidence": {"original": 1}}
        tick_papers(actor=clerk, draft_id=draft.id, ticked=ticked, at=now)
        drafts.save_answers(actor=clerk, draft_id=draft.id, answers=answers, at=now)
        return draft.id

    def _books(self, requests: int) -> None:
        """Form 06 of one commune, with all it holds, and the lists of its desk."""
        desk, book = self.officers["reception"], f"/desk/register/?since={BEGINNING}"
        of_commune = Dossier.objects.filter(agency__place_code=COMMUNE.code, accepted_at__isnull=False)
        rows = of_commune.order_by("-accepted_at", "-id").values_list("accepted_at", "id")
        accepted_at, last = rows[of_commune.count() // 2]
        pages = {
            "register (50)": book,
            "register, a page in the middle": f"{book}&after={place_token(accepted_at, last)}",
            "register, one procedure": f"{book}&procedure={PROCEDURE}",
            "register, one state": f"{book}&status=8",
            "uncollected results": "/desk/uncollected/",
            "inbox, waiting for applicants": "/desk/?view=waiting",
            "inbox, online, to answer": "/desk/?view=answer",
            "inbox, overdue": "/desk/?due=overdue",
        }
        for name, path in pages.items():
            self.meter.measure(name, desk, [Request("GET", path)] * requests)

    def _acts(self, made: list[UUID]) -> None:
        self._act("accept, with its receipt", "reception", made, "accept")
        self._expect(made, 2)
        self._act("hand over", "reception", made, "hand-over")
        self._act("draft the result", "justice", made, "draft-result", lambda _: {"check": ["0", "1", "2"]})
        self._act("submit for signature", "justice", made, "submit-for-signature")
        self._act("sign", "chair", made, "sign", _seen)
        self._expect(made, 9)
        self._act("return the result", "reception", made, "return-result")
        self._expect(made, 10)

    def _many(self, size: int) -> None:
        """Accepting and handing over as an officer does it from the inbox, so many at once."""
        made = [self.prepare_draft(number) for number in range(_BULKS * size)]
        for draft in made:
            submit_dossier(
                actor=Actor(kind="citizen", person_id=self.citizen.id), draft_id=draft, at=timezone.now()
            )
        settle()
        for act, name, status in (("accept", "accept", 2), ("hand-over", "hand over", 4)):
            found = Dossier.objects.in_bulk(made)
            parts = [made[start : start + size] for start in range(0, len(made), size)]
            posts = [
                Request(
                    "POST",
                    "/desk/bulk/start/",
                    {
                        "act": act,
                        "bulk": str(new_id()),
                        "items": ";".join(f"{it} {found[it].revision}" for it in part),
                    },
                )
                for part in parts
            ]
            self.meter.measure(f"{name}, one of many", self.officers["reception"], posts, each=size)
            self._expect(made, status)

    def _act(
        self,
        name: str,
        role: str,
        made: list[UUID],
        act: str,
        fields: Callable[[Dossier], dict[str, str | list[str]]] = lambda _: {},
    ) -> None:
        found = Dossier.objects.in_bulk(made)
        posts = [
            Request(
                "POST",
                f"/desk/dossiers/{dossier}/acts/{act}/",
                {"revision": str(found[dossier].revision), **fields(found[dossier])},
            )
            for dossier in made
        ]
        self.meter.measure(name, self.officers[role], posts)

    def _expect(self, made: list[UUID], status: int) -> None:
        done = Dossier.objects.filter(pk__in=made, status=status).count()
        if done != len(made):
            raise WrongAnswer(f"{done} of {len(made)} dossiers reached status {status}")

    def sign_in_citizen(self) -> Visitor:
        """The first person of the eID stand-in, through its pages."""
        visitor = Visitor(self.base)
        visitor.client.follow_redirects = True
        start = visitor.client.get("/dossiers/")
        choice, url = _post_form(visitor, start.text, str(start.url), "/oidc/eid/login/")
        _post_form(visitor, choice, url, "")
        visitor.client.follow_redirects = False
        visitor.send(Request("GET", "/dossiers/"))
        return visitor

    def sign_in_officer(self, username: str) -> Visitor:
        visitor = Visitor(self.base)
        visitor.client.get("/desk/sign-in/")
        visitor.send(Request("POST", "/desk/sign-in/demo/", {"username": username}))
        visitor.send(Request("GET", "/desk/"))
        return visitor


def _tell(row: Row, say: Callable[[str], None]) -> None:
    say(f"{row.name}: {row.p50:.1f} ms, {row.all_cpu:.1f} ms CPU")


def settle() -> None:
    """Wait until every entry is sealed and followed, and no job is left."""
    _wait_for_none(_SETTLE_SECONDS, _PENDING, _UNSEALED, _UNFOLLOWED)


def _wait_for_none(seconds: float, *counts: str) -> None:
    """Wait until each statement counts none."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            if not any(cursor.execute(count).fetchone()[0] for count in counts):
                return
        time.sleep(0.2)
    raise WrongAnswer("Worker or follower does not come to an end.")


def _seen(dossier: Dossier) -> dict[str, str | list[str]]:
    draft = find_draft(dossier)
    if not draft or not draft.file:
        raise WrongAnswer(f"{dossier} has no draft")
    return {"seen": draft.file.sha256}


def paper() -> bytes:
    """What everybody hands in, made once."""
    if not _PAPER:
        _PAPER.append(birth_evidence())
    return _PAPER[0]


_PAPER: list[bytes] = []


def _post_form(visitor: Visitor, html: str, url: str, action: str) -> tuple[str, str]:
    """Send the first form whose address ends so, as its first button does; the answer's HTML and URL."""
    page = lxml.html.fromstring(html, base_url=url)
    page.make_links_absolute(url)
    form = next(it for it in page.forms if it.method == "POST" and (it.action or "").endswith(action))
    data = dict(form.form_values())
    buttons = form.xpath(".//button[@name]")
    data |= {buttons[0].get("name"): buttons[0].get("value")} if buttons else {}
    answer = visitor.client.post(form.action or url, data=data, headers={"Referer": url})
    answer.raise_for_status()
    return answer.text, str(answer.url)
