"""Pages of drafts of versions that need a state of their own: approved, outdated, sent back, announced, with errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, World
from motcua.casework.packs.rules.draft_files import PROCEDURE
from motcua.casework.packs.tests.version_factories import CODE, approved, keeper, published, sent
from motcua.casework.packs.versions import services
from motcua.casework.packs.versions.services import About, Change, Verdict


def version_pages(world: World) -> Iterator[tuple[Any, str, str, dict[str, str] | None]]:
    """(who, name, address, what is sent)."""
    keeps, reviews = world.catalogue, keeper()
    ready, waiting = approved(world), sent(world)
    broken = services.start_draft(actor=keeps, code=CODE, at=MORNING)
    wrong = Change(1, {**broken.files, PROCEDURE: "name: ["}, About(note="x"))
    services.save_draft(actor=keeps, draft_id=broken.pk, change=wrong, at=MORNING)
    back = sent(world)
    verdict = Verdict(back.revision, is_approved=False, asked_for="Name the law.")
    services.review_draft(actor=reviews, draft_id=back.pk, verdict=verdict, at=MORNING)
    soon = published(world, day=(MORNING + timedelta(days=30)).date())
    yield reviews, "version review", reverse("versions:review", args=[waiting.pk]), None
    yield (
        reviews,
        "version sent back without a word",
        reverse("versions:review", args=[waiting.pk]),
        {"revision": str(waiting.revision), "decision": "send_back"},
    )
    yield keeps, "version publish", reverse("versions:publish", args=[ready.pk]), None
    yield keeps, "version sent back", reverse("versions:draft", args=[back.pk]), None
    for name in ("draft", "files", "preview", "preview-form"):
        yield keeps, f"version broken {name}", reverse(f"versions:{name}", args=[broken.pk]), None
    yield keeps, "version history", reverse("versions:history", args=[CODE]), None
    yield keeps, "version withdraw", reverse("versions:withdraw", args=[CODE, soon.number]), None
    yield keeps, "versions found", f"{reverse('versions:procedures')}?q=hon+nhan&only=announced", None
    public = reverse("catalogue:procedure", args=[CODE])
    yield world.mother, "procedure announced", public, None
    yield world.mother, "procedure on a day", f"{public}?on={soon.valid_from}", None
    yield world.mother, "procedure on no day", f"{public}?on=soon", None
