"""Pages of the hall that need more than an address: an opened kiosk, a counter with a number, its head's settings."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from motcua.casework.appointments import services
from motcua.casework.appointments.tests.factories import counter_of, group_of, hall, sat_down, served, took
from motcua.casework.dossiers.tests.factories import MORNING, World


def opened_kiosk(world: World) -> Client:
    """A device that its code has opened."""
    queue = hall(world.desk)
    code = services.new_kiosk_code(actor=world.desk.leader, queue_id=queue.id, at=MORNING)
    client = Client()
    assert client.post(reverse("queue:kiosk-open"), {"code": code}).status_code == 302
    return client


def kiosk_pages(
    world: World, things: dict[str, Any]
) -> list[tuple[str, str, dict[str, str], dict[str, str] | None]]:
    """(name, address, query, what is sent)."""
    return [
        ("kiosk opened", reverse("queue:kiosk"), {}, None),
        ("kiosk priority", reverse("queue:kiosk-take", args=[things["group"]]), {}, None),
        ("kiosk number", reverse("queue:kiosk-ticket", args=[things["ticket"]]), {}, None),
        ("kiosk again", reverse("queue:kiosk-again"), {}, None),
        ("kiosk check-in", reverse("queue:kiosk-check-in"), {}, None),
        ("kiosk check-in wrong", reverse("queue:kiosk-check-in"), {}, {"code": "none"}),
    ]


def hall_pages(world: World, things: dict[str, Any]) -> list[tuple[Any, str, str, dict[str, str]]]:
    """(who, name, address, query)."""
    queue, officer = hall(world.desk), world.desk.reception
    sat_down(officer, queue, at=MORNING)
    for _ in range(5):
        served(officer, at=MORNING)
        took(queue, at=MORNING)
    took(queue, at=MORNING, ground="older")
    services.call_next(actor=officer, at=MORNING)
    group = str(group_of(queue).id)
    assert counter_of(queue).is_open
    return [
        (officer, "counter called", reverse("queue-desk:counter"), {}),
        (officer, "book for somebody", reverse("queue-desk:appointment-new"), {"group": group}),
        (world.desk.leader, "queue settings", reverse("queue-desk:settings"), {}),
        (world.mother, "book a time", reverse("queue:book", args=[queue.id]), {"group": group}),
        (world.mother, "queue measured", reverse("queue:queue", args=[queue.id]), {}),
        (world.mother, "board called", reverse("queue:board", args=[queue.board_code]), {}),
    ]
