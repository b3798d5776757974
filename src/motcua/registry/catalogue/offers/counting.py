"""How many procedures agencies offer online, of those that can be, and how many are public with all their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from motcua.registry.catalogue.models import Offer, Procedure, ProcedureVersion
from motcua.registry.catalogue.offers.selectors import COMMUNE, PROVINCE
from motcua.registry.catalogue.rules.completeness import missing_parts
from motcua.registry.organisations.models import Agency, valid_on
from motcua.registry.organisations.selectors.calendars import paths_above

ALL = "/"
DEPARTMENT = "department"
_LEVELS = {DEPARTMENT: {PROVINCE}, PROVINCE: {PROVINCE, COMMUNE}}
# Of these versions whether they say everything: what a version says never changes.
_complete: dict[UUID, bool] = {}


@dataclass(frozen=True, slots=True)
class Offered:
    """Procedures by how far somebody there offers them online: `full` (proactive ones, too), `partial`, and `online`
    with those that are offered as published, where nobody said how far. `eligible`: online, or published with an
    online way."""

    full: int = 0
    partial: int = 0
    online: int = 0
    eligible: int = 0


@dataclass(frozen=True, slots=True)
class Public:
    """Procedures that are handled there, and those of them that are public with all parts (I.3)."""

    complete: int
    all: int


@dataclass(frozen=True, slots=True)
class _Row:
    """An offer of whatever day."""

    code: str
    path: str
    is_own: bool
    level: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says for a day. `levels`: of agencies by path; `bearers`: top path -> codes its province bears
    or bore; `versions`: procedure -> the version in force; `offers`: by the path of their agency."""

    levels: Mapping[str, str]
    bearers: Mapping[str, set[str]]
    procedures: list[Procedure]
    versions: Mapping[str, UUID]
    offers: Mapping[str, list[_Row]]
    _handled: dict[tuple[str, str], list[Procedure]] = field(default_factory=dict)

    def reaching(self, path: str) -> dict[str, list[_Row]]:
        """By procedure, offers of agencies there and below and, for a commune, those for all communes above it."""
        is_commune = self.levels.get(path) == COMMUNE
        found: dict[str, list[_Row]] = {}
        for holder, rows in self.offers.items():
            is_below = holder.startswith(path)
            if is_below or (is_commune and path.startswith(holder)):
                for row in rows:
                    if is_below or not row.is_own:
                        found.setdefault(row.code, []).append(row)
        return found

    def handled(self, path: str, offers: Mapping[str, list[_Row]]) -> list[Procedure]:
        """Of an agency's level, the nation's and those of its province. Of a department those it ever had an offer
        for: nothing else says which are its own."""
        if path == ALL:
            return self.procedures
        level, top = self.levels.get(path, COMMUNE), paths_above(path)[0]
        if (level, top) not in self._handled:
            self._handled[level, top] = [it for it in self.procedures if self._is_handled(it, level, top)]
        found = self._handled[level, top]
        return [it for it in found if it.code in offers] if level == DEPARTMENT else found

    def _is_handled(self, procedure: Procedure, level: str, top: str) -> bool:
        is_theirs = not procedure.publisher.startswith("H") or procedure.publisher in self.bearers[top]
        return is_theirs and not _LEVELS.get(level, {level}).isdisjoint(procedure.levels)

    def online(self, path: str, procedure: Procedure, rows: Sequence[_Row]) -> str | None:
        """The best level at which somebody there offers it; "" as published; None not online."""
        valid = {it.level for it in rows if it.is_valid}
        if valid:
            return "partial" if valid == {str(Offer.Level.PARTIAL)} else "full"
        # That one commune ended its own does not say that the others did.
        ended = [it for it in rows if not (it.is_own and it.path != path and COMMUNE in procedure.levels)]
        return None if ended or not procedure.is_online or procedure.code not in self.versions else ""


def count_offered(paths: Collection[str], *, on: date) -> dict[str, Offered]:
    """By path, for agencies with all below them, or "/". Six queries at most, however many.

    Source: Decision 766/QĐ-TTg, IV.1; Decree 42/2022/NĐ-CP art. 10 (vietnam.md 5.1).
    """
    known = _look_up(paths, on)
    return {path: _offered(known, path) for path in paths}


def count_complete(paths: Collection[str], *, on: date) -> dict[str, Public]:
    """By path, as above. Seven queries at most."""
    known = _look_up(paths, on)
    _read_versions(known.versions.values())
    found = {}
    for path in paths:
        handled = known.handled(path, known.reaching(path))
        complete = sum(it.code in known.versions and _complete[known.versions[it.code]] for it in handled)
        found[path] = Public(complete, len(handled))
    return found


def _offered(known: _Known, path: str) -> Offered:
    full = partial = online = eligible = 0
    offers = known.reaching(path)
    for procedure in known.handled(path, offers):
        level = known.online(path, procedure, offers.get(procedure.code, ()))
        full += level == "full"
        partial += level == "partial"
        online += level is not None
        eligible += level is not None or "online" in procedure.channels
    return Offered(full, partial, online, eligible)


def _look_up(paths: Collection[str], on: date) -> _Known:
    levels: dict[str, str] = {}
    named = Agency.objects.filter(path__in=paths).order_by("valid_from")
    for path, level, begins in named.values_list("path", "level", "valid_from"):
        if path not in levels or begins <= on:
            levels[path] = level
    there = Q(removed_on=None) | Q(removed_on__gt=on)
    parts = ("code", "levels", "channels", "publisher", "is_online")
    versions = ProcedureVersion.objects.filter(valid_on(on)).order_by("number")
    return _Known(
        levels=levels,
        bearers=_bearers({paths_above(it)[0] for it in paths if it != ALL}),
        procedures=list(Procedure.objects.filter(there).only(*parts)),
        versions=dict(versions.values_list("procedure_id", "id")),
        offers=_offers(on),
    )


def _bearers(tops: Collection[str]) -> dict[str, set[str]]:
    """Codes of provinces, with those that went into them."""
    if not tops:
        return {}
    found: dict[str, set[str]] = {it: set() for it in tops}
    own = Agency.objects.filter(path__in=tops)
    former = Agency.objects.filter(successions__successor__path__in=tops)
    for path, *codes in own.values_list("path", "code", "codes__code"):
        found[path].update(it for it in codes if it)
    for path, code in former.values_list("successions__successor__path", "code"):
        found[path].add(code)
    return found


def _offers(on: date) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    parts = ("procedure_id", "agency_path", "scope", "level", "valid_from", "valid_to")
    for code, path, scope, level, begins, ends in Offer.objects.values_list(*parts):
        is_valid = begins <= on and (ends is None or on < ends)
        found.setdefault(path, []).append(_Row(code, path, scope == Offer.Scope.OWN, level, is_valid))
    return found


def _read_versions(ids: Iterable[UUID]) -> None:
    """One query, or none: of those not read before."""
    unread = [it for it in ids if it not in _complete]
    if not unread:
        return
    keys = ("steps", "captured", "components", "limit", "fees", "results", "legal_basis")
    rows = ProcedureVersion.objects.filter(pk__in=unread).annotate(has_form=Q(definition__has_key="form"))
    for pk, has_form, *values in rows.values_list(
        "pk", "has_form", *(f"definition__procedure__{it}" for it in keys)
    ):
        said = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
        _complete[pk] = not missing_parts({"procedure": {"limit": {}, **said}, "form": has_form})
