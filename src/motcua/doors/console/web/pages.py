"""What the console's pages show, as plain data for templates. No queries of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from motcua.doors.console.naming import Names, short_id
from motcua.doors.console.selectors import LetterRow, SealFacts
from motcua.doors.console.words import fact_words, kind_words
from motcua.foundation.journal.models import Batch, Entry, Verification
from motcua.foundation.journal.selectors import UNSEALED_COUNTED, ConsumerState, JournalRow, JournalState
from motcua.foundation.ui import formats


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def number_of(text: str) -> int | None:
    """A number from an address; None for anything that is none the database could hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def counted(number: int) -> str:
    return formats.format_number(number, language())


def when(moment: datetime) -> str:
    return formats.format_datetime(timezone.localtime(moment), language(), weekday=False)


def exactly(moment: datetime) -> str:
    """To the second, which is what two entries are told apart by: "9:40:07, 02/03/2026"."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M:%S}, {formats.format_date(local.date(), language(), weekday=False)}"


def entry_days(rows: Sequence[JournalRow], names: Names) -> list[dict[str, Any]]:
    """Entries by day, as they come."""
    by_day = groupby(rows, key=lambda row: timezone.localdate(row.entry.at))
    return [
        {"title": formats.format_date(day, language()), "rows": [_entry_row(row, names) for row in listed]}
        for day, listed in by_day
    ]


def _entry_row(row: JournalRow, names: Names) -> dict[str, Any]:
    entry = row.entry
    name, title, _unit = names.who(entry)
    kind, code = names.object(entry)
    return {
        "url": reverse("console:audit-entry", args=[entry.id]),
        "position": counted(row.position) if row.position else "",
        "time": f"{timezone.localtime(entry.at):%H:%M:%S}",
        "what": kind_words(entry.kind),
        "who": name,
        "who_note": title,
        "agency": names.agency(entry),
        "object": kind,
        "object_code": code,
    }


def entry_facts(entry: Entry, names: Names, basis: str = "") -> list[dict[str, Any]]:
    """The fields of one entry that say who did what to what, for the page's first table. basis: in whose name."""
    name, *post = names.who(entry)
    kind, code = names.object(entry)
    concerned = entry.concerns_id and _("Citizen %(id)s") % {"id": short_id(entry.concerns_id)}
    rows: list[tuple[str, Any, Any, bool]] = [
        (_("What happened"), kind_words(entry.kind), entry.kind, False),
        (_("When"), exactly(entry.at), _recorded(entry), False),
        (_("Who"), name, ", ".join(filter(None, post)), False),
        (_("By what right"), basis, "", False),
        (_("Agency"), names.agency(entry), "", False),
        (_("Object"), f"{kind} {code}", "", False),
        (_("Concerns"), concerned, "", False),
    ]
    return [_row(*row) for row in rows if row[1]]


def _recorded(entry: Entry) -> str:
    return _("written %(when)s") % {"when": exactly(entry.recorded_at)}


def entry_ids(entry: Entry) -> list[dict[str, Any]]:
    """All identifiers of the entry, as they are sealed."""
    values = {
        _("Entry"): entry.id,
        _("Number in order of writing"): entry.sequence,
        _("Transaction"): entry.transaction_id,
        _("Account"): entry.account_id,
        _("Person who acted"): entry.person_id,
        _("Mandate"): entry.mandate_id,
        pgettext("officer", "Post"): entry.post_id,
        _("Agency"): entry.agency_id,
        _("Object"): entry.object_id,
        _("Person concerned"): entry.concerns_id,
        _("Digest of the details (SHA-256)"): bytes(entry.detail_digest).hex()
        if entry.detail_digest
        else None,
    }
    return [_row(label, str(value), "", True) for label, value in values.items() if value is not None]


def named_values(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Facts or details as rows; a list or group within becomes one line each."""
    return [_row(fact_words(name), _lines(value), "", _is_code(value)) for name, value in values.items()]


def _row(label: str, value: Any, note: str, code: bool) -> dict[str, Any]:
    return {
        "label": label,
        "lines": value if isinstance(value, list) else [value],
        "note": note,
        "code": code,
    }


def _is_code(value: Any) -> bool:
    """What is read letter by letter: identifiers and digests."""
    some = value[0] if isinstance(value, list) and value else value
    return isinstance(some, str) and len(some) >= 32 and " " not in some


def _lines(value: Any) -> list[str]:
    if isinstance(value, list):
        return [line for item in value for line in _lines(item)] or ["–"]
    if isinstance(value, dict):
        return [f"{fact_words(str(name))}: {', '.join(_lines(item))}" for name, item in value.items()] or [
            "–"
        ]
    if isinstance(value, bool):
        return [_("yes") if value else _("no")]
    return ["–" if value is None or value == "" else _moment(str(value))]


def _moment(text: str) -> str:
    """A moment as people read it; any other text as it is."""
    if "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return when(moment) if moment.tzinfo else text


def details_of(entry: Entry) -> dict[str, Any] | None:
    """The personal values; None when there never were any or they were erased (the digest tells)."""
    try:
        return dict(entry.detail.values)
    except ObjectDoesNotExist:
        return None


def seal_rows(seal: SealFacts) -> list[dict[str, Any]]:
    """Where and how an entry is sealed."""
    batch = seal.batch
    span = _("entries %(first)s to %(last)s, sealed %(when)s") % {
        "first": counted(batch.first_position),
        "last": counted(batch.last_position),
        "when": exactly(batch.sealed_at),
    }
    return [
        _row(_("Position"), counted(seal.leaf.position), "", False),
        _row(_("Batch"), counted(batch.number), span, False),
        _row(_("Leaf"), bytes(seal.leaf.hash).hex(), "", True),
        _row(_("Path to the root"), _("%(count)s hashes") % {"count": seal.path_length}, "", False),
        _row(_("Root of the batch"), bytes(batch.root).hex(), "", True),
        _row(_("Head after the batch"), bytes(batch.head).hex(), "", True),
        _stamp_row(seal),
    ]


def _stamp_row(seal: SealFacts) -> dict[str, Any]:
    label = _("Time stamp")
    if seal.stamp is None:
        return _row(label, _("None covers this entry yet."), "", False)
    if seal.stamp_is_bad:
        return _row(label, _("Broken: it does not stamp the head it stands at."), "", False)
    facts = seal.stamp_facts
    if facts is None:
        return _row(label, exactly(seal.stamp.made_at), _("not checked: no authority is set up here"), False)
    trust = _("trusted authority") if facts.trusted else _("authority not on the trust list")
    return _row(label, exactly(facts.at), f"{facts.authority}, {trust}", False)


def state_rows(state: JournalState) -> list[dict[str, str]]:
    """How far sealing, stamping and verification are: label, value, note, state of the design system."""
    unsealed, batch, stamp = state.unsealed, state.last_batch, state.last_stamp
    some = _("%(count)s or more") if unsealed >= UNSEALED_COUNTED else "%(count)s"
    return [
        {"label": _("Sealed entries"), "value": counted(state.sealed)},
        {"label": _("Waiting for a seal"), "value": some % {"count": counted(unsealed)}},
        {
            "label": _("Last seal"),
            "value": exactly(batch.sealed_at) if batch else _("none yet"),
            "note": _("batch %(number)s") % {"number": counted(batch.number)} if batch else "",
        },
        {
            "label": _("Last time stamp"),
            "value": exactly(stamp.made_at) if stamp else _("none yet"),
            "note": _("on batch %(number)s") % {"number": counted(stamp.batch_id)} if stamp else "",
        },
        {"label": _("Last verification"), **_verification_words(state.last_verification)},
    ]


def _verification_words(found: Verification | None) -> dict[str, str]:
    if found is None:
        return {"value": _("none yet"), "note": _("it runs every night")}
    span = {"first": counted(found.first_position), "last": counted(found.last_position)}
    note = f"{when(found.at)}, " + _("positions %(first)s to %(last)s") % span
    if found.fault_count:
        words = _("not whole: %(count)s faults, the first at position %(position)s") % {
            "count": counted(found.fault_count),
            "position": (found.faults[0].get("position") if found.faults else None) or "–",
        }
        return {"value": words, "note": note, "state": "overdue"}
    if found.unchecked:
        return {"value": _("whole as far as it could be checked"), "note": note, "state": "look"}
    return {"value": _("whole"), "note": note, "state": "done"}


def batch_row(batch: Batch) -> dict[str, str]:
    stamp = getattr(batch, "stamp", None)
    return {
        "number": counted(batch.number),
        "positions": f"{counted(batch.first_position)} – {counted(batch.last_position)}",
        "count": counted(batch.count),
        "sealed": exactly(batch.sealed_at),
        "root": bytes(batch.root).hex()[:16] + "…",
        "stamped": exactly(stamp.made_at) if stamp else "",
    }


def consumer_row(consumer: ConsumerState, letters: Sequence[LetterRow]) -> dict[str, str]:
    """`state`: of the design system. The last error is that of the latest open dead letter."""
    last = max((it.letter for it in letters if it.letter.consumer == consumer.name), default=None,
               key=lambda letter: letter.last_at)  # fmt: skip
    if consumer.tries:
        state, words = "overdue", _("failing, %(tries)s tries") % {"tries": consumer.tries}
    elif consumer.lag:
        state, words = "open", _("%(count)s entries behind") % {"count": counted(consumer.lag)}
    else:
        state, words = "done", _("up to date")
    return {
        "name": consumer.name,
        "position": counted(consumer.position),
        "lag": counted(consumer.lag),
        "state": state,
        "words": words,
        "next_try": when(consumer.not_before) if consumer.not_before else "",
        "last_error": last.reason if last else "",
        "letters": counted(consumer.dead_letters),
    }


def letter_row(row: LetterRow) -> dict[str, Any]:
    letter = row.letter
    return {
        "id": letter.pk,
        "consumer": letter.consumer,
        "position": counted(letter.position),
        "kind": kind_words(row.kind),
        "reason": letter.reason,
        "tries": counted(letter.tries),
        "first": when(letter.first_at),
        "last": when(letter.last_at) if letter.last_at != letter.first_at else "",
    }
