"""The made-up world's hall: what the first commune calls, at which counters, and who has booked."""

from __future__ import annotations

from datetime import datetime

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.models import Queue
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import identify_officer

GROUPS = (
    services.GroupValues(
        "A",
        {
            "vi": "Hộ tịch, chứng thực",
            "en": "Civil status, certified copies",
            "de": "Personenstand, Beglaubigung",
        },
        20,
        2,
    ),
    services.GroupValues(
        "B", {"vi": "Đất đai, xây dựng", "en": "Land, building", "de": "Grund und Boden, Bauen"}, 30, 1
    ),
    services.GroupValues(
        "C",
        {"vi": "Nhận kết quả, hỏi đáp", "en": "Fetch a result, questions", "de": "Ergebnis abholen, Fragen"},
    ),
)
COUNTERS = (
    services.CounterValues(1, ("A", "C")),
    services.CounterValues(2, ("B", "C")),
    services.CounterValues(3),
)
# Made-up people without account.
GUESTS = (services.Guest("Hà Thị Mẫu Cụ", "0900000011"), services.Guest("Bùi Mẫu Ông", "0900000012"))


def set_up_hall(agency: Agency, *, at: datetime) -> Queue:
    """Groups, counters, and no kiosk until its head makes a code. Repeatable."""
    queue = services.set_up_queue(actor=SYSTEM, agency=agency, at=at)
    if not queue.groups.exists():
        for group in GROUPS:
            services.save_group(actor=SYSTEM, queue_id=queue.id, values=group, at=at)
        for counter in COUNTERS:
            services.save_counter(actor=SYSTEM, queue_id=queue.id, values=counter, at=at)
    return queue


def enter_appointments(*, at: datetime) -> None:
    """In each hall whose reception is staffed, a few on the next day with room, unless there are some. Repeatable."""
    for queue in Queue.objects.select_related("agency"):
        account = Account.objects.filter(username=f"demo.reception.{queue.agency.place_code}").first()
        identity = identify_officer(account) if account else None
        if identity and not queue.appointments.exists():
            _book_some(queue, identity.actor, at)


def _book_some(queue: Queue, officer: Actor, at: datetime) -> None:
    group = queue.groups.get(series="A")
    day = selectors.find_day_with_room(selectors.list_days(queue, group, at=at))
    slots = selectors.day_slots(queue, group, day, at=at) if day else []
    for guest, slot in zip(GUESTS, slots, strict=False):
        wanted = services.Wanted(queue.id, group.id, slot.starts_at)
        services.book_for(actor=officer, wanted=wanted, guest=guest, at=at)
