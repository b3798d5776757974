"""The index of everything that can be found, in memory, as new as the database is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from motcua.registry.catalogue.models import Captured, LifeEvent, PackFile, Procedure
from motcua.registry.catalogue.rules.facets import Facts, audience_of
from motcua.registry.catalogue.rules.found_by import prior_of, texts_of
from motcua.registry.catalogue.rules.index import Entry, Index, Text
from motcua.registry.catalogue.rules.synonyms import Synonyms

# One value that is another one as soon as anything in the index is. Sums do not care in which order transactions end.
_STAMP = """
SELECT (SELECT concat(count(*), '/', sum(search_mark::bigint)) FROM registry_catalogue_procedure) || ' ' ||
       (SELECT concat(count(*), '/', max(read_at)) FROM registry_catalogue_captured) || ' ' ||
       (SELECT concat(count(*), '/', sum(hashtext(names::text || descriptions::text || procedure_codes::text)::bigint))
          FROM registry_catalogue_lifeevent) || ' ' ||
       (SELECT concat(string_agg(digest, '/' ORDER BY name)) FROM registry_catalogue_packfile)
"""
_COLUMNS = (
    "code",
    "names",
    "everyday",
    "sector",
    "facts",
    "levels",
    "audience",
    "is_online",
    "uses",
    "search_name",
)


@dataclass(frozen=True, slots=True)
class Findable:
    """What searching needs. `facts`: what hits are filtered and counted by, by code."""

    stamp: str
    procedures: Index
    events: Index
    life_events: Mapping[str, LifeEvent]
    facts: Mapping[str, Facts]
    # All codes, most used first, then by name.
    in_order: Sequence[str]


_lock = threading.Lock()
_kept: Findable | None = None


def findable() -> Findable:
    """The index; built anew where the database says something else than when it was built. One query, else five."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        stamp = str(cursor.fetchone()[0])
    kept = _kept
    if kept and kept.stamp == stamp:
        return kept
    with _lock:
        if not _kept or _kept.stamp != stamp:
            _kept = _build(stamp)
        return _kept


def _build(stamp: str) -> Findable:
    files = dict(PackFile.objects.exclude(name="guides").values_list("name", "content"))
    synonyms = Synonyms.of(files.get("synonyms", {}))
    rows = list(Procedure.objects.filter(removed_on=None).order_by("code").values(*_COLUMNS))
    captured = {
        code: {"name": name, "sector": sector, "agency": agency}
        for code, name, sector, agency in Captured.objects.filter(source=Captured.Source.INDEX).values_list(
            "procedure_id", "content__name", "content__sector", "content__agency"
        )
    }
    everyday = files.get("everyday", {}).get("procedures", {})
    entries = [_entry(row, captured.get(row["code"], {}), everyday.get(row["code"], {})) for row in rows]
    events = list(LifeEvent.objects.order_by("position"))
    return Findable(
        stamp=stamp,
        procedures=Index(entries, synonyms),
        events=Index([Entry(it.code, list(_event_texts(it))) for it in events], synonyms),
        life_events={it.code: it for it in events},
        facts={row["code"]: _facts(row) for row in rows},
        in_order=[
            it["code"] for it in sorted(rows, key=lambda it: (-it["uses"], it["search_name"], it["code"]))
        ],
    )


def _entry(row: Mapping[str, Any], captured: Mapping[str, Any], everyday: Mapping[str, list[str]]) -> Entry:
    """captured: what the national portal says of it. everyday: further words by language, of the pack's file."""
    sector = row["facts"].get("sector", {})
    texts = texts_of(
        [*row["names"].values(), *filter(None, [captured.get("name")])],
        [*row["everyday"], *(it for words in everyday.values() for it in words)],
        [*sector.values(), *filter(None, [captured.get("sector")])],
        [*filter(None, [captured.get("agency")])],
    )
    return Entry(row["code"], texts, prior_of(row["levels"], row["uses"]))


def _event_texts(event: LifeEvent) -> Iterator[Text]:
    yield from (Text(name) for name in event.names.values())
    for description in event.descriptions.values():
        yield from (Text(part, 0.9) for part in description.split(","))


def _facts(row: Mapping[str, Any]) -> Facts:
    return Facts(
        sector=row["facts"].get("sector", {}).get("vi") or row["sector"],
        levels=tuple(row["levels"]),
        audience=audience_of(row["audience"]),
        is_online=row["is_online"],
    )
