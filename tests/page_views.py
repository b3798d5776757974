"""Every page there is, as its reader gets it: what test_every_page.py holds against the rules for all pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from motcua.casework.disposal.models import DisposalList
from motcua.casework.disposal.services import propose_list
from motcua.casework.dossiers.filters import keep_filter
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import recomputing, tasking
from motcua.casework.dossiers.services.batches import Chosen, prepare_batch, start_batch
from motcua.casework.dossiers.services.handling import sign_result
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    World,
    awaiting_signature,
    handed_over,
    seen,
    submitted,
    target,
)
from motcua.casework.packs.web.facts import PARTS
from motcua.casework.warehouse.models import Document
from motcua.foundation.installation.contributions import groups
from motcua.foundation.journal.services import follow_once
from motcua.foundation.ui.gallery import SCREENS
from motcua.registry.access.models import Account
from motcua.registry.organisations.tests.factories import again
from motcua.registry.organisations.web.acts import AGENCY_ACTS, OFFICER_ACTS, POST_ACTS, UNIT_ACTS
from tests.page_alerts import alert_pages
from tests.page_digitising import digitising_pages
from tests.page_figures import figure_pages
from tests.page_help import help_pages
from tests.page_intake import intake_pages
from tests.page_law import law_pages, over_pages
from tests.page_notes import note_pages
from tests.page_offers import offer_pages
from tests.page_operations import operations_pages
from tests.page_paper import paper_pages
from tests.page_procedures import applying, permit
from tests.page_queue import hall_pages, kiosk_pages, opened_kiosk
from tests.page_surveys import opened_survey_kiosk, survey_kiosk_pages, survey_pages
from tests.page_versions import version_pages
from tests.permissions.rows import PERSONS
from tests.permissions.table import TABLE
from tests.permissions.things import url_of

LANGUAGES = ("vi", "en", "de")
NIGHTLY = bool(os.environ.get("MOTCUA_NIGHTLY"))
SITE = "http://pages.example"
# Whose view of a page is looked at: the first of these who gets it.
READERS = (
    *("owner", "officer", "administrator", "data_protection", "support", "auditor", "operator"),
    *("catalogue", "colleague", "stranger"),
)
# A few of every kind in the dark: lists, tables, forms, papers.
IN_THE_DARK = (
    *(
        "console:search",
        "desk:inbox",
        "desk:dossier",
        "console:person",
        "console:audit",
        "console:audit-entry",
    ),
    *("console:settings-group", "console:certificates", "organisations:agency", "access:account"),
    *("ui:help-topic", "console:theme-preview"),
)
# Addresses behind which stand several pages: which part of the address chooses, and what else it may be.
SEVERAL: dict[str, tuple[str, Callable[[], Iterable[str]]]] = {
    "dossiers:page": ("page", lambda: ("applicant", "father_named", "birth", "name", "papers", "receiving")),
    "console:settings-group": ("settings", lambda: [group.code for group in groups()]),
    "versions:facts": ("version_part", lambda: PARTS),
    "organisations:agency-act": ("rename", lambda: AGENCY_ACTS),
    "organisations:unit-act": ("change", lambda: UNIT_ACTS),
    "organisations:post-act": ("end", lambda: POST_ACTS),
    "organisations:officer-act": ("leave", lambda: OFFICER_ACTS),
}
# What one finds when something is asked for.
ASKED = {
    "catalogue:search": {"q": "khai sinh"},
    "catalogue-desk:doubts": {"kind": "fee_thousands"},
    "portal:places": {"q": "hoan kiem"},
    "console:audit": {"kind": "dossier."},
}


@dataclass(frozen=True)
class Look:
    """Somebody asks for a page, or sends a form to it; afterwards everything is as before."""

    name: str
    url: str
    query: dict[str, str] = field(default_factory=dict)
    post: dict[str, str] | None = None
    dark: bool = False
    # A code that is looked at before.
    opens: str = ""
    # Of an error page there is one for all.
    statuses: tuple[int, ...] = (200, 422)


@dataclass(frozen=True)
class Seen:
    """A page as it came over the wire."""

    name: str
    language: str
    html: str
    policy: str

    @property
    def address(self) -> str:
        return f"{SITE}/{self.language}/{self.file_name}"

    @property
    def file_name(self) -> str:
        return f"{self.name.replace(':', '.').replace(' ', '-').replace('/', '.')}.{self.language}.html"


def gather(things: dict[str, Any], enter: Callable[[str], Client], world: World) -> list[Seen]:
    """Every page of the table in each language; by day its variants in one language in turn, the gallery in its own."""
    found: list[Seen] = []
    for reader, looks in _by_reader(things).items():
        found += _seen(enter(reader), looks)
    for actor, looks in (
        *_signers(world),
        *_asked(things, world),
        *_procedures(things, world),
        *_law(world),
        *_notes(things, world),
        *((actor, [Look(name, url)]) for actor, name, url in digitising_pages(world)),
        *((actor, [Look(name, url, post=post)]) for actor, name, url, post in intake_pages(world)),
        *((actor, [Look(name, url, post=post)]) for actor, name, url, post in version_pages(world)),
        *_help(world),
        *((actor, [Look(name, url, query, post)]) for actor, name, url, query, post in offer_pages(world)),
        *((actor, [Look(name, url, query)]) for actor, name, url, query in paper_pages(world)),
        *_many(world),
    ):
        found += _seen(_signed_in(actor), looks)
    found += _seen(
        opened_kiosk(world),
        [Look(name, url, query, post) for name, url, query, post in kiosk_pages(world, things)],
    )
    for actor, name, url, post in survey_pages(world):
        found += _seen(_signed_in(actor), [Look(name, url, post=post, statuses=(200, 422))])
    found += _seen(
        opened_survey_kiosk(world),
        [Look(name, url, post=post, statuses=(200, 404)) for name, url, post in survey_kiosk_pages(world)],
    )
    for actor, name, url, query in hall_pages(world, things):
        found += _seen(_signed_in(actor), [Look(name, url, query)])
    for actor, name, url, query, post in alert_pages(world):
        found += _seen(_signed_in(actor), [Look(name, url, query, post)])
    with override_settings(DEMO=True):
        found += _seen(enter("stranger"), _gallery(), LANGUAGES[:1])
    return found


def _by_reader(things: dict[str, Any]) -> dict[str, list[Look]]:
    found: dict[str, list[Look]] = {person: [] for person in PERSONS}
    for name, row in TABLE.items():
        reader = next((person for person in READERS if row.gets[person] in {200, 422}), None)
        if reader is None:
            continue
        found[reader] += _of_row(name, things)
    known = Dossier.objects.get(pk=things["dossier"])
    document = Document.objects.filter(subject=known.pk).first()
    assert document
    code = {"code": document.verification_code}
    found["stranger"].append(Look("warehouse:verify found", reverse("warehouse:verify"), code))
    found["stranger"].append(Look("dossiers:status found", reverse("dossiers:status"), {"code": known.code}))
    dossier = reverse("dossiers:dossier", args=[known.pk])
    found["stranger"].append(Look("error 404", "/no-such-page/", statuses=(404,)))
    found["neighbour"].append(Look("error 404 citizen", dossier, statuses=(404,)))
    found["officer"].append(Look("error 403 desk", dossier, statuses=(403,)))
    found["officer"].append(Look("new dossier", reverse("desk:dossier", args=[things["new_dossier"]])))
    shared = reverse("documents:shared-look", args=[things["share"]])
    found["stranger"] += [
        Look("shared code", reverse("documents:shared"), post={"code": things["share_code"]}),
        Look("shared closed", reverse("documents:shared"), post={"code": "none"}, statuses=(404,)),
        Look("shared looked", shared, opens=things["share_code"]),
    ]
    found["stranger"].append(Look("error 405", reverse("ui:scheme"), statuses=(405,)))
    found["officer"].append(Look("error 405 desk", reverse("ui:scheme"), statuses=(405,)))
    number = reverse("console:person-number", args=[things["person"]])
    found["officer"].append(Look("error 409", number, post={"number": "1"}, statuses=(409,)))
    return found


def _of_row(name: str, things: dict[str, Any]) -> Iterator[Look]:
    """The page, each page that shares its address, its form sent empty, what it finds, how it looks in the dark."""
    row = TABLE[name]
    part, values = SEVERAL.get(name, ("", tuple))
    urls = {name: url_of(name, things)}
    urls |= {f"{name} {value}": url_of(name, things | {part: value}) for value in values()}
    for title, url in urls.items():
        yield Look(title, url, row.query, row.post)
        if row.post is None:
            yield Look(f"{title} empty", url, post={})
    if name in ASKED:
        yield Look(f"{name} found", urls[name], ASKED[name])
    if name in IN_THE_DARK:
        yield Look(f"{name} dark", urls[name], row.query, dark=True)


def _signers(world: World) -> Iterator[tuple[Any, list[Look]]]:
    """The leader with papers to sign, who has delegated signing (as test_permissions.py did) to the deputy."""
    paper = awaiting_signature(world.desk, world.mother)
    to_draft = handed_over(world.desk, world.mother)
    one, several, every = reverse("desk:signing"), reverse("desk:signing-several"), {"all": "1"}
    this = reverse("desk:dossier", args=[paper.id])
    batch = reverse("desk:signing-batch", args=["00000000-0000-0000-0000-000000000003"])
    check = reverse("desk:signing-check")
    yield (
        world.desk.leader,
        [
            Look("leader signing", one, {"dossier": str(paper.id)}),
            Look("leader signing dark", one, {"dossier": str(paper.id)}, dark=True),
            Look("leader several", several),
            Look("leader check", check, post=every),
            Look("leader batch", batch),
            Look("leader paper of a batch", f"{batch}1/"),
            Look("leader paper of a batch dark", f"{batch}1/", dark=True),
            Look("leader returns without a reason", f"{batch}1/return/", post={}),
            Look("leader signing begun", _signing_begun(world)),
            Look("leader batch dark", batch, dark=True),
            Look("leader dossier", this),
            Look("leader inbox", reverse("desk:inbox")),
            Look("leader finds", reverse("console:search"), post={"q": "minh khoi"}),
            Look("leader delegates", reverse("delegations:new")),
            Look("leader delegates nothing", reverse("delegations:new"), post={}),
            Look("leader away", reverse("delegations:absence")),
            Look("leader deadlines", reverse("desk:deadlines")),
            Look("leader reminders", reverse("desk:reminders")),
            *_disposals(world),
            *_evaluations(world),
            *(Look(*it) for it in operations_pages(world)),
            *_recomputations(world),
            Look("leader apologises", reverse("desk:extend", args=[paper.id])),
            Look("leader apologises for nothing", reverse("desk:extend", args=[paper.id]), post={}),
            Look(
                "leader apologises too late",
                reverse("desk:extend", args=[paper.id]),
                post={"on": "2026-04-01", "reason": "Chờ ý kiến."},
            ),
        ],
    )
    yield (
        again(world.desk.deputy),
        [
            Look("deputy signing", one, {"dossier": str(paper.id)}),
            Look("deputy several", several),
            Look("deputy check", check, post=every),
            Look("deputy dossier", this),
            Look("deputy delegations", reverse("delegations:list")),
        ],
    )
    yield (
        world.desk.specialist,
        [
            Look("specialist dossier", reverse("desk:dossier", args=[to_draft.id])),
            Look("specialist waits", reverse("desk:inbox"), {"view": "waiting"}),
        ],
    )


def _recomputations(world: World) -> list[Look]:
    begin, leads = reverse("desk:recompute"), world.desk.agency.path
    return [
        Look("leader recomputes", begin),
        Look("leader recomputes nothing", begin, post={"agency": leads}),
        Look("leader recomputation", reverse("desk:recomputation", args=[_recomputation(world)])),
    ]


def _disposals(world: World) -> list[Look]:
    disposal = _disposal_proposed(world)
    return [
        Look("leader decides disposition", reverse("disposal:decide", args=[disposal])),
        Look("leader disposition", reverse("disposal:list", args=[disposal])),
    ]


def _evaluations(world: World) -> list[Look]:
    """The evaluation of the agency whose dossier was returned, with what leads there; and of a period without any."""
    follow_once()
    of_period = {"period": "2026-Q1"}
    whole = {**of_period, "agency": world.desk.agency.path}
    officer = [world.desk.specialist.person_id]
    return [
        Look("leader evaluation", reverse("indicators:evaluation"), whole),
        Look("leader evaluation dark", reverse("indicators:evaluation"), whole, dark=True),
        Look("leader evaluation of nothing", reverse("indicators:evaluation"), {"period": "2020"}),
        Look("leader evaluation of no period", reverse("indicators:evaluation"), {"period": "2026-Q9"}),
        Look("leader agencies", reverse("indicators:agencies"), of_period),
        Look("leader officers", reverse("indicators:officers"), whole),
        Look("leader officer", reverse("indicators:officer", args=officer), of_period),
        Look("leader officer dossiers", reverse("indicators:officer-dossiers", args=officer), of_period),
        Look("leader points", reverse("indicators:dossiers"), whole),
        Look("leader points of an index", reverse("indicators:dossiers"), {**whole, "index": "time"}),
        Look(
            "leader no such points", reverse("indicators:dossiers"), {**whole, "index": "time", "points": "0"}
        ),
        Look("leader own evaluation", reverse("indicators:mine"), of_period),
        *(
            Look(name, url, query, dark=name.endswith("dark"))
            for name, url, query in figure_pages(world.desk.agency.path, "2026-Q1")
        ),
        Look("leader publishes", reverse("indicators:publish"), {**whole, "period": "2026-02"}),
    ]


def _disposal_proposed(world: World) -> UUID:
    """A list of disposition that lies before the leader."""
    disposal = DisposalList.objects.filter(agency=world.desk.agency, state="open").first()
    assert disposal
    propose_list(actor=world.desk.specialist, list_id=disposal.pk, reason="Hết thời hạn.", at=MORNING)
    return disposal.pk


def _signing_begun(world: World) -> str:
    """The page of a confirmed batch of which nothing is signed yet."""
    paper = awaiting_signature(world.desk, world.mother)
    chosen = Chosen(paper.id, paper.revision, seen(paper))
    given = {"actor": world.desk.leader, "batch_id": UUID(int=10), "at": MORNING + timedelta(hours=1)}
    prepare_batch(chosen=[chosen], **given)
    start_batch(**given)
    return reverse("desk:signing-batch", args=[UUID(int=10)])


def _ready(world: World) -> Dossier:
    """A dossier whose result lies ready; the leader is away."""
    dossier = awaiting_signature(world.desk, world.mother)
    deputy = again(world.desk.deputy)
    sign_result(actor=deputy, target=target(dossier), seen_sha256=seen(dossier), at=MORNING)
    dossier.refresh_from_db()
    return dossier


def _many(world: World) -> Iterator[tuple[Any, list[Look]]]:
    """One act on many dossiers, as it is confirmed; the tasks of an officer, to be moved; filters that are kept."""
    desk, check, start = world.desk, reverse("desk:bulk-check"), reverse("desk:bulk-start")
    new, taken, ready = submitted(desk, world.mother), handed_over(desk, world.mother), _ready(world)
    tasking.claim(actor=desk.specialist, target=target(taken), at=MORNING)
    keep_filter(actor=desk.reception, name="Khai sinh", criteria={"due": "today"}, at=MORNING)
    moved = {"items": f"{taken.id} {taken.revision}", "bulk": str(UUID(int=7)), "act": "assign"}
    yield (
        desk.reception,
        [
            Look("many confirm", check, post={"act": "accept", "chosen": f"{new.id} {new.revision}"}),
            Look("many confirm refused", check, post={"act": "accept", "chosen": f"{taken.id} 1"}),
            Look(
                "many return", check, post={"act": "return-result", "chosen": f"{ready.id} {ready.revision}"}
            ),
            Look("many report refused", reverse("desk:bulk", args=[UUID(int=6)]), {"state": "refused"}),
            Look("many results", reverse("desk:uncollected")),
            Look("inbox with filters", reverse("desk:inbox"), {"filter": "none", "step": "accept"}),
            Look("inbox likely late", reverse("desk:inbox"), {"due": "late"}),
            Look("filters kept", reverse("desk:filter")),
            Look("limits near or over", reverse("desk:warned")),
            Look("filter without end", reverse("desk:filter"), post={"name": "x" * 99}),
        ],
    )
    yield (
        desk.leader,
        [
            Look("leader moves", reverse("desk:reassign")),
            Look("leader moves of", reverse("desk:reassign-officer", args=[desk.specialist.person_id])),
            Look("leader moves of nobody", reverse("desk:reassign-officer", args=[desk.deputy.person_id])),
            Look(
                "leader assigns many", check, post={"act": "assign", "chosen": f"{taken.id} {taken.revision}"}
            ),
            Look("leader assigns many empty", start, post=moved),
        ],
    )


def _recomputation(world: World) -> Any:
    """One that a job has looked at and that nobody has confirmed, with a dossier whose date would change."""
    dossier = handed_over(world.desk, world.mother)
    recomputing.begin(
        actor=world.desk.leader,
        recomputation_id=UUID(int=9),
        agency_path=world.desk.agency.path,
        reason="Quyết định nghỉ bù",
        at=MORNING,
    )
    assert dossier.due_at
    earlier = dossier.due_at - timedelta(days=1)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=earlier, basis_at=earlier)
    recomputing.look(UUID(int=9), at=MORNING)
    return UUID(int=9)


def _asked(things: dict[str, Any], world: World) -> Iterator[tuple[Any, list[Look]]]:
    """Who is asked for an opinion, and what they see of the dossier."""
    page = reverse("desk:opinion", args=[things["opinion"]])
    yield (
        world.other_desk.specialist,
        [
            Look("asked", reverse("desk:asked")),
            Look("asked opinion", page),
            Look("asked opinion empty", page, post={}),
            *(Look(name, url, statuses=(410,)) for name, url in over_pages(world)),
            Look("asked dossier", reverse("desk:dossier", args=[things["asked_dossier"]])),
        ],
    )
    yield (
        world.desk.specialist,
        [Look("asking dossier", reverse("desk:dossier", args=[things["asked_dossier"]]))],
    )


def _procedures(things: dict[str, Any], world: World) -> Iterator[tuple[Any, list[Look]]]:
    """Forms with lists, papers and cases; several tasks at once; a dossier that waits for its applicant."""
    waiting = reverse("dossiers:dossier", args=[things["supplemented"]])
    forms = [Look(name, url) for name, url in applying(world)]
    empty = [Look(f"{it.name} empty", it.url, post={}) for it in forms if it.name.startswith("page ")]
    yield world.mother, [*forms, *empty, Look("waiting dossier", waiting)]
    yield (
        world.desk.specialist,
        [Look("waiting desk dossier", reverse("desk:dossier", args=[things["supplemented"]]))],
    )
    for actor, name, url in permit(world):
        looks = [Look(name, url)]
        if "opinion" in name or "visit" in name or "apologises" in name:
            looks.append(Look(f"{name} empty", url, post={}))
        if "apologises" in name:
            sent = {"on": "2026-04-01", "reason": "Chờ ý kiến của Sở Xây dựng. " * 30}
            looks.append(Look(f"{name} looks first", url, post=sent))
        yield actor, looks


def _law(world: World) -> Iterator[tuple[Any, list[Look]]]:
    """Acts of the law, each form sent empty too."""
    for actor, name, url in law_pages(world):
        looks = [Look(name, url)]
        if "dossier" not in name and "own" not in name:
            looks.append(Look(f"{name} empty", url, post={}))
        yield actor, looks


def _notes(things: dict[str, Any], world: World) -> Iterator[tuple[Any, list[Look]]]:
    """Drafts with versions, notes, results by post; forms of the latter two sent empty."""
    for actor, name, url, query in note_pages(world, things["posted"]):
        looks = [Look(name, url, query)]
        if name in {"notes", "post again"}:
            looks += [Look(f"{name} empty", url, post={}), Look(f"{name} dark", url, query, dark=True)]
        yield actor, looks


def _help(world: World) -> Iterator[tuple[Any, list[Look]]]:
    """A screen that is shown, from both sides, and requests to be called; a screen that is over."""
    for actor, name, url, post in help_pages(world):
        yield actor, [Look(name, url, post=post, statuses=(200, 410, 422))]


def _gallery() -> Iterator[Look]:
    for scheme in ("light", "dark"):
        yield Look(f"gallery {scheme}", reverse("ui:gallery"), {"scheme": scheme})
        for screen in SCREENS:
            url = reverse("ui:gallery-screen", args=[screen])
            yield Look(f"gallery {screen} {scheme}", url, {"scheme": scheme})


def _signed_in(actor: Any) -> Client:
    client = Client()
    account = Account.objects.get(pk=actor.account_id)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _seen(client: Client, looks: Iterable[Look], languages: Sequence[str] = LANGUAGES) -> list[Seen]:
    found = []
    for number, look in enumerate(looks):
        turn = number % len(languages)
        for language in languages if NIGHTLY or look.name in TABLE else languages[turn : turn + 1]:
            client.cookies["motcua_language"] = language
            client.cookies["motcua_scheme"] = "dark" if look.dark else ""
            with transaction.atomic():
                answer = _ask(client, look)
                transaction.set_rollback(True)
            if answer.status_code not in look.statuses or not _is_page(answer):
                break
            policy = answer.headers.get("Content-Security-Policy", "")
            found.append(Seen(look.name, language, answer.content.decode(), policy))
    return found


def _ask(client: Client, look: Look) -> Any:
    if look.opens:
        client.post(reverse("documents:shared"), {"code": look.opens, "look": "1"})
    if look.post is None:
        return client.get(look.url, look.query, headers={"accept": "text/html"})
    answer = client.post(look.url, look.post)
    # What was looked for is shown behind an address without the words.
    return client.get(answer["Location"]) if look.post.get("q") and answer.status_code == 302 else answer


def _is_page(answer: Any) -> bool:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not answer.streaming and b"<html" in answer.content[:300]
