"""The tallies counted once more, in the plainest way: what they must equal, to the last unit. Pure.

Every dossier is read from its first entry to its last, and once more for each day on which the journal said something
of it. Nothing of how the tallies are followed is used here but the names; slow, and easy to check by reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.following import Noted

Rows = dict[tuple[Any, ...], int]
_ANSWERS = {1: "dissatisfied", 2: "satisfied", 3: "very_satisfied"}
_ENDINGS = {3: "refused", 7: "withdrawn", 8: "stopped"}
_STOCK = {1: "waiting", 2: "running", 4: "running", 5: "standing", 6: "standing", 9: "ready"}
_NAMES_A_DUE_DATE = {
    "dossier.taken_in", "dossier.accepted", "dossier.supplemented", "dossier.payment_confirmed",
    "dossier.stop_recalled", "dossier.resumed", "dossier.recomputed",
}  # fmt: skip
_GIVES_THE_WHOLE_LIMIT = {
    "dossier.taken_in", "dossier.accepted", "dossier.supplemented", "dossier.payment_confirmed",
}  # fmt: skip


@dataclass(slots=True)
class Recount:
    """Rows of each table: its key -> the number. Keys: (scope, whether of what is below it, …) as the tables' own, for
    days and months with the count's name last."""

    days: Rows = field(default_factory=lambda: defaultdict(int))
    months: Rows = field(default_factory=lambda: defaultdict(int))
    stock: Rows = field(default_factory=lambda: defaultdict(int))
    flows: Rows = field(default_factory=lambda: defaultdict(int))
    arrivals: Rows = field(default_factory=lambda: defaultdict(int))
    durations: Rows = field(default_factory=lambda: defaultdict(int))


def recount(dossiers: Iterable[Sequence[Noted]], basis_of: Callable[[int], datetime | None]) -> Recount:
    """`dossiers`: the entries of each, in order of position; `basis_of`: the original due date of the n-th where no
    entry names it."""
    found = Recount()
    for number, entries in enumerate(dossiers):
        _count_dossier(found, entries, lambda number=number: basis_of(number))  # type: ignore[misc]
    return found


def _count_dossier(found: Recount, entries: Sequence[Noted], basis: Callable[[], datetime | None]) -> None:
    # What was told by the end of each day: a clock that was put back makes no day of before.
    told: dict[date, int] = {}
    latest = date.min
    for length, entry in enumerate(entries, start=1):
        latest = max(latest, entry.known_on)
        told[latest] = length
    before: Rows = {}
    for known_on, length in told.items():
        after = _flows(entries[:length], basis)
        for key in before.keys() | after.keys():
            path, day, channel, _procedure, count = key
            change = after.get(key, 0) - before.get(key, 0)
            _add(found.days, path, (day, known_on, channel, count), change)
        before = after
    for (path, day, channel, procedure, count), number in before.items():
        _add(found.months, path, (day.replace(day=1), procedure, channel, count), number)
    _count_stock(found, entries, basis)
    if (life := read(entries, basis)) is None:
        return
    came = local(life["came"])
    _add(found.arrivals, life["path"], (came.date(), (came.hour * 60 + came.minute) // 15), 1)
    if life["finished"] and life["minutes"] is not None:
        month, hours = local(life["finished"]).date().replace(day=1), (life["minutes"] + 59) // 60
        _add(found.durations, life["path"], (life["procedure"], month, hours), 1)


def _count_stock(found: Recount, entries: Sequence[Noted], basis: Callable[[], datetime | None]) -> None:
    at_end_of: dict[date, Any] = {}
    latest = date.min
    for length, entry in enumerate(entries, start=1):
        if "status" in entry.facts:
            latest = max(latest, local(_counts_from(entry)).date())
        if latest > date.min:
            at_end_of[latest] = _stands(read(entries[:length], basis))
    before = None
    for day, after in at_end_of.items():
        for stands, change in ((before, -1), (after, 1)):
            if stands:
                path, *rest = stands
                _add(found.flows, path, (day, *rest), change)
        before = after
    if before:
        path, *rest = before
        _add(found.stock, path, tuple(rest), 1)


def _add(rows: Rows, path: str, key: tuple[Any, ...], number: int) -> None:
    """To the agency itself, to all above it, and to the whole."""
    if not number:
        return
    rows[path, False, *key] += number
    above = path
    while above != "/":
        above = above.rstrip("/").rpartition("/")[0] + "/"
        rows[above, True, *key] += number


def _counts_from(entry: Noted) -> datetime:
    if entry.kind == "dossier.silence":
        return datetime.fromisoformat(entry.facts["due_at"])
    if "procedure" in entry.facts and "channel" in entry.facts:
        said = entry.facts.get("accepted_at") or entry.facts.get("came_at")
        return datetime.fromisoformat(said) if said else entry.at
    return entry.at


def read(entries: Sequence[Noted], basis: Callable[[], datetime | None]) -> dict[str, Any] | None:
    """What these entries say of a dossier; None before it came in or while nobody knows whose it is."""
    names = ["path", "came", "accepted", "finished", "ended", "minutes", "due", "answered"]
    life: dict[str, Any] = dict.fromkeys(names) | {"status": 0, "papers": 0, "rating": 0}
    life |= dict.fromkeys(["suspended", "signed", "fetched", "reused", "extended", "unnamed"], False)
    for entry in entries:
        if entry.named:
            life["path"] = entry.named
        if "procedure" in entry.facts and "channel" in entry.facts:
            life |= _filed(entry)
        _read_due(life, entry)
        if "status" in entry.facts:
            _read_status(life, entry, basis)
        _read_rest(life, entry)
    return life if life["path"] and life["came"] else None


def _read_due(life: dict[str, Any], entry: Noted) -> None:
    said, kind = entry.facts, entry.kind
    if kind == "dossier.extended":
        life["extended"] = True
    if kind not in _NAMES_A_DUE_DATE or not said.get("due_at"):
        return
    if kind in _GIVES_THE_WHOLE_LIMIT:
        life["extended"] = life["unnamed"] = False
    if said.get("basis_at"):
        life["due"] = datetime.fromisoformat(said["basis_at"])
    elif life["extended"]:
        life["unnamed"] = True
    else:
        life["due"] = datetime.fromisoformat(said["due_at"])


def _read_status(life: dict[str, Any], entry: Noted, basis: Callable[[], datetime | None]) -> None:
    status, kind = int(entry.facts["status"]), entry.kind
    life["status"], life["suspended"] = status, kind == "dossier.suspended"
    if status in (9, 10) and life["finished"] is None:
        life["finished"] = _counts_from(entry)
        if life["unnamed"]:
            life["due"] = basis()
    if status not in (9, 10):
        life["finished"] = None
    by_silence = kind == "dossier.silence" and status == 8
    if by_silence or kind in ("dossier.refused", "dossier.withdrawn", "dossier.stopped"):
        life["ended"] = _counts_from(entry)
    elif status not in (3, 7, 8):
        life["ended"] = None


def _read_rest(life: dict[str, Any], entry: Noted) -> None:
    said = entry.facts
    match entry.kind:
        case "dossier.accepted":
            life["accepted"] = entry.at
        case "dossier.taken_in":
            life["accepted"] = datetime.fromisoformat(said["accepted_at"])
        case "dossier.supplemented":
            life["papers"] += len(said.get("papers", ()))
            life["reused"] = life["reused"] or bool(said.get("reused"))
        case "dossier.payment_requested":
            life["to_pay"] = True
        case "dossier.signed":
            life["signed"] = True
        case "dossier.result_returned":
            life["fetched"] = said.get("way") == "counter"
        case "survey.answered":
            life["answered"], life["rating"] = entry.at, int(said["rating"])
    if said.get("worked_minutes") is not None:
        life["minutes"] = int(said["worked_minutes"])


def _filed(entry: Noted) -> dict[str, Any]:
    said = entry.facts
    on_paper = int(said.get("unscanned", 0))
    return {
        "came": _counts_from(entry),
        "procedure": said["procedure"],
        "channel": int(said["channel"]),
        "level": said.get("level", entry.level),
        "papers": len(said.get("papers", ())) + on_paper,
        "missing": sum(state == 0 for state in said.get("states", ())) + on_paper,
        "reused": bool(said.get("reused")),
        "to_pay": bool(said.get("to_pay")),
        "by_paper": bool(said.get("on_paper")),
        "no_result": bool(said.get("no_result")),
    }


def _stands(life: dict[str, Any] | None) -> tuple[str, str, date | None] | None:
    if life is None:
        return None
    state = "standing" if life["suspended"] else _STOCK.get(life["status"])
    return (life["path"], state, local(life["due"]).date() if life["due"] else None) if state else None


def _flows(entries: Sequence[Noted], basis: Callable[[], datetime | None]) -> Rows:
    """(path, day, channel, procedure, count) -> number."""
    life = read(entries, basis)
    if life is None:
        return {}
    found: Rows = defaultdict(int)

    def note(moment: datetime, count: str, number: int = 1) -> None:
        key = (life["path"], local(moment).date(), life["channel"], life["procedure"], count)
        found[key] += number

    note(life["came"], "submitted")
    for count in _received(life):
        note(life["accepted"], count)
    for count in _finished(life):
        note(life["finished"], count)
    if life["finished"] and life["minutes"] is not None:
        note(life["finished"], "worked_minutes", life["minutes"])
    if life["ended"]:
        note(life["ended"], _ENDINGS[life["status"]])
    for count in _answered(life):
        note(life["answered"], count)
    return found


def _received(life: dict[str, Any]) -> Iterable[str]:
    if not life["accepted"]:
        return
    yield "received"
    if life["level"]:
        yield "received_offered"
    if life["level"] in ("full", "proactive"):
        yield "received_full"
    if life["papers"]:
        yield "received_papers"
        if not life["missing"]:
            yield "received_digitised"
    if life["reused"]:
        yield "received_reused"
    if life["to_pay"]:
        yield "received_obligation"


def _finished(life: dict[str, Any]) -> Iterable[str]:
    if not life["finished"]:
        return
    yield "finished"
    if life["minutes"] is not None:
        yield "timed"
    if life["due"]:
        if life["finished"] > life["due"]:
            yield "finished_late"
        elif local(life["finished"]).date() == local(life["due"]).date():
            yield "finished_on_time"
        else:
            yield "finished_early"
    if life["signed"] or not life["no_result"]:
        yield "result_expected"
    if life["signed"]:
        yield "result_electronic"
        yield "result_digitised"
    if not life["missing"] and (life["signed"] or life["no_result"]):
        yield "finished_digitised"
        if life["channel"] == 2 and not life["by_paper"] and not life["fetched"]:
            yield "online_throughout"


def _answered(life: dict[str, Any]) -> Iterable[str]:
    if not life["answered"]:
        return
    yield "rated"
    yield _ANSWERS[life["rating"]]
    if life["rating"] == 1 or (life["finished"] and life["due"] and life["due"] < life["finished"]):
        yield "dissatisfied_or_late"
