"""Pages of alerts, as a leader and who looks after the installation see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, World, handed_over
from motcua.oversight.operations.alerts import acts
from motcua.oversight.operations.alerts.evaluating import watch
from motcua.oversight.operations.likely_late import look_ahead
from motcua.oversight.operations.models import LikelyLate
from motcua.oversight.operations.tests.factories import make_alert

AT = MORNING + timedelta(minutes=59)
Page = tuple[Any, str, str, dict[str, str], dict[str, str] | None]


def alert_pages(world: World) -> Iterator[Page]:
    """(who, name, address, query, what is sent)."""
    leader, path = world.desk.leader, world.desk.agency.path
    yield leader, "alerts never looked", reverse("operations:alerts"), {}, None
    yield leader, "likely late not computed", reverse("operations:likely-late"), {}, None
    watch(at=AT)
    yield leader, "alerts none", reverse("operations:alerts"), {}, None
    yield leader, "alerts mine none", reverse("operations:alerts"), {"show": "mine"}, None
    waiting = make_alert(path, at=AT, rule="accepting", severity="overdue")
    taken = make_alert(path, at=AT - timedelta(hours=2))
    over = make_alert(path, at=AT - timedelta(hours=3), rule="signing")
    acts.acknowledge(actor=leader, seen=acts.Seen(taken.id, 1), at=AT)
    acts.note(actor=leader, alert_id=taken.id, words="Đã gọi cho bộ phận một cửa.", at=AT)
    acts.resolve(actor=leader, seen=acts.Seen(over.id, 1), reason="Đã ký hết.", at=AT)
    yield leader, "alerts", reverse("operations:alerts"), {}, None
    yield leader, "alerts all", reverse("operations:alerts"), {"show": "all"}, None
    for name, alert in (("open", waiting), ("acknowledged", taken), ("over", over)):
        yield leader, f"alert {name}", reverse("operations:alert", args=[alert.id]), {}, None
    for act in ("resolve", "silence", "hand", "note"):
        yield leader, f"alert {act} empty", reverse("operations:alert-act", args=[taken.id, act]), {}, {}
    yield (
        world.administrator,
        "alert rule wrong",
        reverse("operations:alert-rule", args=["late"]),
        {},
        {"raise_at": "0"},
    )
    dossier = handed_over(world.desk, world.mother)
    look_ahead(at=AT)
    LikelyLate.objects.create(
        dossier=dossier,
        agency_path=path,
        due_at=dossier.due_at,
        step={"vi": "Thẩm tra", "en": "Check", "de": "Prüfung"},
        lies_at=path,
        since=AT,
        needed_minutes=720,
        left_minutes=300,
    )
    yield leader, "likely late", reverse("operations:likely-late"), {}, None
