"""Every page there is, as its reader gets it: what test_every_page.py holds against the rules for all pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import World, awaiting_signature, handed_over
from motcua.foundation.ui.gallery import SCREENS
from motcua.registry.access.models import Account
from motcua.registry.organisations.tests.factories import again
from tests.test_permissions import PERSONS, TABLE, url_of

LANGUAGES = ("vi", "en", "de")
SITE = "http://pages.example"
# Whose view of a page is looked at: the first of these who gets it.
READERS = (
    *("owner", "officer", "administrator", "data_protection", "support", "auditor", "operator"),
    *("colleague", "stranger"),
)
# A few of every kind in the dark: lists, tables, forms, papers.
IN_THE_DARK = (
    *("console:search", "desk:inbox", "desk:dossier", "console:person", "console:audit", "console:audit-entry"),
    *("console:settings-group", "console:certificates", "organisations:agency", "access:account"),
    *("ui:help-topic", "console:theme-preview"),
)


@dataclass(frozen=True)
class Look:
    """Somebody asks for a page, or sends a form to it; afterwards everything is as before."""

    name: str
    url: str
    query: dict[str, str] = field(default_factory=dict)
    post: dict[str, str] | None = None
    dark: bool = False
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
    """Every page that can be opened, each form sent empty, in each language; the gallery in its own."""
    found: list[Seen] = []
    for reader, looks in _by_reader(things).items():
        found += _seen(enter(reader), looks, LANGUAGES)
    for actor, looks in _signers(world):
        found += _seen(_signed_in(actor), looks, LANGUAGES)
    with override_settings(DEMO=True):
        found += _seen(enter("stranger"), list(_gallery()), LANGUAGES[:1])
    return found


def _by_reader(things: dict[str, Any]) -> dict[str, list[Look]]:
    found: dict[str, list[Look]] = {person: [] for person in PERSONS}
    for name, row in TABLE.items():
        reader = next((person for person in READERS if row.gets[person] in {200, 422}), None)
        if reader is None:
            continue
        url = url_of(name, things)
        found[reader].append(Look(name, url, row.query, row.post))
        if row.post is None:
            found[reader].append(Look(f"{name} empty", url, post={}))
        if name in IN_THE_DARK:
            found[reader].append(Look(f"{name} dark", url, row.query, dark=True))
    dossier = reverse("dossiers:dossier", args=[things["dossier"]])
    found["stranger"].append(Look("error 404", "/no-such-page/", statuses=(404,)))
    found["neighbour"].append(Look("error 404 citizen", dossier, statuses=(404,)))
    found["officer"].append(Look("error 403 desk", dossier, statuses=(403,)))
    found["officer"].append(Look("new dossier", reverse("desk:dossier", args=[things["new_dossier"]])))
    number = reverse("console:person-number", args=[things["person"]])
    found["officer"].append(Look("error 409", number, post={"number": "1"}, statuses=(409,)))
    return found


def _signers(world: World) -> Iterator[tuple[Any, list[Look]]]:
    """The leader with papers to sign, who has delegated signing (as test_permissions.py did) to the deputy."""
    paper = awaiting_signature(world.desk, world.mother)
    to_draft = handed_over(world.desk, world.mother)
    one, several = reverse("desk:signing"), reverse("desk:signing-several")
    every = {"all": "1"}
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
            Look("leader batch dark", batch, dark=True),
            Look("leader dossier", this),
            Look("leader inbox", reverse("desk:inbox")),
            Look("leader delegates", reverse("delegations:new")),
            Look("leader delegates nothing", reverse("delegations:new"), post={}),
            Look("leader away", reverse("delegations:absence")),
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
        [Look("specialist dossier", reverse("desk:dossier", args=[to_draft.id]))],
    )


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


def _seen(client: Client, looks: list[Look], languages: tuple[str, ...]) -> list[Seen]:
    found = []
    for look in looks:
        for language in languages:
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
    return client.get(look.url, look.query) if look.post is None else client.post(look.url, look.post)


def _is_page(answer: Any) -> bool:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not answer.streaming and b"<html" in answer.content[:300]
