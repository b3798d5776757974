"""Follows the journal and counts what came in: dossiers by procedure, month and channel. A replay gives the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from motcua.foundation.journal.contributions import Consumer, SealedEntry
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import positions_of
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.models import Received

NAME = "indicators.received"
# With which a dossier comes into being: its applicant's submission, or a counter's entry.
_BEGUN = frozenset({"dossier.submitted", "dossier.taken_in"})
_CHUNK = 1000
Key = tuple[str, date, int]


def handle(sealed: SealedEntry) -> None:
    handle_all([sealed])


def handle_all(sealed: Sequence[SealedEntry]) -> None:
    """Three queries, however many entries; their order does not matter."""
    _add(it.entry for it in sealed)


def reset(position: int) -> None:
    """Back to what was known at a position: counted anew, as a sum does not know what is in it."""
    Received.objects.all().delete()
    for entries in _until(position) if position else ():
        _add(entries)


def _add(entries: Iterable[Entry]) -> None:
    counts = Counter(_key(it) for it in entries if not it.facts.get("test"))
    months, procedures = {it[1] for it in counts}, {it[0] for it in counts}
    known = {
        (it.procedure, it.month, it.channel): it
        for it in Received.objects.filter(month__in=months, procedure__in=procedures)
    }
    Received.objects.bulk_create(
        Received(procedure=key[0], month=key[1], channel=key[2], count=count)
        for key, count in counts.items()
        if key not in known
    )
    changed = [known[key] for key in counts if key in known]
    for it in changed:
        it.count += counts[it.procedure, it.month, it.channel]
    Received.objects.bulk_update(changed, ["count"])


def _key(entry: Entry) -> Key:
    """In the month in which it came in, which may be before a counter entered it."""
    accepted = entry.facts.get("accepted_at")
    came = datetime.fromisoformat(accepted) if accepted else entry.at
    return str(entry.facts["procedure"]), local(came).date().replace(day=1), int(entry.facts["channel"])


def _until(position: int) -> Iterator[list[Entry]]:
    begun = Entry.objects.filter(kind__in=_BEGUN).order_by("id")
    chunk = list(begun[:_CHUNK])
    while chunk:
        positions = positions_of([it.id for it in chunk])
        yield [it for it in chunk if it.id in positions and positions[it.id] <= position]
        chunk = list(begun.filter(id__gt=chunk[-1].id)[:_CHUNK])


CONSUMER = Consumer(name=NAME, handle=handle, handle_all=handle_all, kinds=_BEGUN, reset=reset)
