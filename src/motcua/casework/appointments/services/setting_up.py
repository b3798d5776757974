"""The head of an office sets up groups, counters, the board and the kiosk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from motcua.casework.appointments.errors import BadSetting
from motcua.casework.appointments.models import Counter, Queue, ServiceGroup
from motcua.casework.appointments.policies import SETTING_UP, callable_queues, own_queue
from motcua.casework.warehouse.codes import new_code, read_code
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.text import clean_line
from motcua.registry.organisations.models import Agency

from ._acts import changing, tell

MOST_GROUPS, MOST_COUNTERS = 12, 40
_SERIES = re.compile(r"[A-Z]")


def kiosk_digest(code: str) -> str:
    """By what a kiosk's code is found, however it was typed; empty when it cannot be one."""
    symbols = read_code(code)
    return salted_hmac("motcua.queue.kiosk", symbols, algorithm="sha256").hexdigest() if symbols else ""


@transaction.atomic
def set_up_queue(*, actor: Actor, agency: Agency, at: datetime) -> Queue:
    """The queue of an agency; the one it has, where there is one. Raises Refused."""
    if actor.kind != "system" and not (actor.is_officer and actor.holds(SETTING_UP, agency.path)):
        raise Refused
    queue, is_new = Queue.objects.get_or_create(
        agency_path=agency.path, defaults={"agency": agency, "board_code": new_code()}
    )
    if is_new:
        tell(actor, "queue.set_up", ("queue", queue.id), at, agency=agency.code)
    return queue


@dataclass(frozen=True, slots=True)
class GroupValues:
    """series: one capital letter; names: by language, Vietnamese at least; see `ServiceGroup`."""

    series: str
    names: dict[str, str]
    minutes: int = 20
    places: int = 0
    is_open: bool = True


def save_group(*, actor: Actor, queue_id: UUID, values: GroupValues, at: datetime) -> ServiceGroup:
    """Enter the group of a series, or change it. Raises NotFound, BadSetting."""
    names = {language: clean_line(name)[:80] for language, name in values.names.items() if clean_line(name)}
    if not names.get("vi"):
        raise BadSetting(field="name_vi", words=_("Enter the name in Vietnamese."))
    if not _SERIES.fullmatch(values.series):
        raise BadSetting(field="series", words=_("Enter one capital letter from A to Z."))
    if not (5 <= values.minutes <= 120 and 0 <= values.places <= 50):
        raise BadSetting(field="minutes", words=_("Enter 5 to 120 minutes and 0 to 50 places."))
    with changing(queue_id, _may(actor)) as queue:
        if queue.groups.exclude(series=values.series).count() >= MOST_GROUPS:
            raise BadSetting(
                field="series", words=_("A queue has at most %(most)d groups.") % {"most": MOST_GROUPS}
            )
        group, _new = queue.groups.update_or_create(
            series=values.series,
            defaults={
                "names": names,
                "minutes": values.minutes,
                "places": values.places,
                "is_open": values.is_open,
            },
        )
        facts = {"series": group.series, "places": group.places, "open": group.is_open}
        tell(actor, "queue.group_saved", ("queue", queue.id), at, **facts)
    return group


def _may(actor: Actor) -> Q:
    """The set-up of an installation may do it everywhere."""
    return Q() if actor.kind == "system" else own_queue(actor)


@dataclass(frozen=True, slots=True)
class CounterValues:
    """groups: series it serves; empty: all."""

    number: int
    groups: Sequence[str] = ()


def save_counter(*, actor: Actor, queue_id: UUID, values: CounterValues, at: datetime) -> Counter:
    """Enter a counter, or change which groups it serves. Raises NotFound, BadSetting."""
    if not 1 <= values.number <= 99:
        raise BadSetting(field="number", words=_("Enter a number from 1 to 99."))
    with changing(queue_id, _may(actor)) as queue:
        known = set(queue.groups.values_list("series", flat=True))
        if not set(values.groups) <= known:
            raise BadSetting(field="groups", words=_("Choose among the groups of this queue."))
        if queue.counters.exclude(number=values.number).count() >= MOST_COUNTERS:
            raise BadSetting(
                field="number", words=_("A queue has at most %(most)d counters.") % {"most": MOST_COUNTERS}
            )
        counter, _new = queue.counters.update_or_create(
            number=values.number, defaults={"groups": sorted(values.groups)}
        )
        facts = {"number": counter.number, "groups": counter.groups}
        tell(actor, "queue.counter_saved", ("queue", queue.id), at, **facts)
    return counter


def new_kiosk_code(*, actor: Actor, queue_id: UUID, at: datetime) -> str:
    """A code that opens kiosks of this queue; those opened with an older one close. Raises NotFound."""
    code = new_code()
    with changing(queue_id, _may(actor)) as queue:
        Queue.objects.filter(pk=queue.pk).update(kiosk_digest=kiosk_digest(code))
        tell(actor, "queue.kiosk_code_made", ("queue", queue.id), at)
    return code


def set_printer(*, actor: Actor, queue_id: UUID, is_away: bool, at: datetime) -> None:
    """Whether the kiosk offers to print. For who calls at the queue, and who leads it. Raises NotFound."""
    may = callable_queues(actor) | own_queue(actor)
    with changing(queue_id, may) as queue:
        if queue.is_printer_away != is_away:
            Queue.objects.filter(pk=queue.pk).update(is_printer_away=is_away)
            tell(actor, "queue.printer_set", ("queue", queue.id), at, away=is_away)
