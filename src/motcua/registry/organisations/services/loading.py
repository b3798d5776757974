"""Entering agencies, units, posts and officers from a file: all of it or nothing, and a second time nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import sort_key
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import (
    TWO_LEVELS_SINCE,
    Agency,
    AgencyCode,
    Holding,
    Officer,
    Post,
    Unit,
)
from motcua.registry.organisations.rules.loading import (
    Problem,
    Row,
    UnreadableFile,
    check_rows,
    read_rows,
    superiors_first,
)
from motcua.registry.organisations.rules.trees import would_circle

from ._acts import may_administer
from .keys import is_taken

_ORDER = ("agency", "unit", "post", "officer")


@dataclass(slots=True)
class Loaded:
    """What a file led to. `entered`: rows that are new. With problems nothing was entered."""

    entered: list[Row] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(row.kind for row in self.entered)
        return {kind: counted[kind] for kind in _ORDER}


class _Wrong(Exception):
    def __init__(self, code: str, **fields: str) -> None:
        self.code, self.fields = code, fields


def load_file(*, actor: Actor, content: bytes, name: str, dry_run: bool, at: datetime) -> Loaded:
    """Read a file (YAML, CSV, XLSX by its name) and enter what is not there yet: one transaction, one entry.

    With problems, or as a dry run, nothing is entered. All problems are told at once, by line.
    """
    try:
        rows = read_rows(content, name)
    except UnreadableFile as problem:
        return Loaded(problems=[Problem(problem.line, problem.code)])
    if problems := check_rows(rows):
        return Loaded(problems=sorted(problems, key=lambda it: it.line))
    try:
        with transaction.atomic():
            loaded = _Loading(actor, rows, timezone.localdate(at)).run()
            if dry_run or loaded.problems:
                transaction.set_rollback(True)
            elif loaded.entered:
                facts = {**loaded.counts, "sha256": hashlib.sha256(content).hexdigest()}
                happening = Happening("agency.imported", "agency", new_id(), facts=facts)
                record(actor=actor, happening=happening, at=at)
    except IntegrityError:
        return Loaded(problems=[Problem(0, "changed_meanwhile")])
    return loaded


class _Loading:
    """One file being entered. Keeps what is there in dictionaries, so that a row asks the database nothing."""

    def __init__(self, actor: Actor, rows: Iterable[Row], today: date) -> None:
        self.actor, self.today = actor, today
        self.rows = {kind: [row for row in rows if row.kind == kind] for kind in _ORDER}
        self.loaded, self.seen = Loaded(), set[tuple[str, ...]]()
        self.named = {row.values.get("agency", "") for kind in _ORDER for row in self.rows[kind]}
        # Locked, so that nobody ends an agency, or fills a post of it, meanwhile.
        list(Agency.objects.select_for_update().filter(code__in=self.named).order_by("pk"))
        current = Agency.objects.filter(valid_to=None)
        self.agencies = {agency.code: agency for agency in current.select_related("parent")}
        self.new_agencies: list[Agency] = []
        self.new_codes: list[AgencyCode] = []
        self.taken = set(Agency.objects.values_list("code", flat=True))
        self.other_codes = dict(AgencyCode.objects.values_list("code", "agency__code"))

    def run(self) -> Loaded:
        self._enter(superiors_first(self.rows["agency"]), self._agency)
        Agency.objects.bulk_create(self.new_agencies)
        AgencyCode.objects.bulk_create(self.new_codes)
        units = Unit.objects.filter(agency__code__in=self.named, agency__valid_to=None)
        self.units = {(it.agency.code, it.code): it for it in units.select_related("agency", "parent")}
        self._enter(self.rows["unit"], self._unit)
        for row in [row for row in self.loaded.entered if row.kind == "unit"]:
            self._place(row)
        self._read_posts()
        self._enter(self.rows["post"], self._post)
        self._read_accounts()
        self._enter(self.rows["officer"], self._officer)
        self.loaded.problems.sort(key=lambda it: it.line)
        return self.loaded

    def _enter(self, rows: Iterable[Row], enter: Callable[[Row], bool]) -> None:
        """`enter` says whether the row is new."""
        for row in rows:
            try:
                is_new = enter(row)
            except _Wrong as wrong:
                self.loaded.problems.append(Problem(row.line, wrong.code, wrong.fields))
                continue
            if is_new:
                self.loaded.entered.append(row)
            else:
                self.loaded.unchanged += 1

    def _once(self, *key: str) -> None:
        if key in self.seen:
            raise _Wrong("twice", value=" ".join(key[1:]))
        self.seen.add(key)

    def _agency_of(self, code: str) -> Agency:
        if not (agency := self.agencies.get(code)):
            raise _Wrong("unknown_agency", value=code)
        if not may_administer(self.actor, agency.path):
            raise _Wrong("not_yours", value=code)
        return agency

    def _agency(self, row: Row) -> bool:
        values, code = row.values, row.values["code"]
        self._once("agency", code)
        superior = values.get("superior", "")
        if there := self.agencies.get(code):
            has = {
                "name": there.name,
                "level": there.level,
                "superior": there.parent.code if there.parent else "",
            }
            _same(has, {"name": values["name"], "level": values["level"], "superior": superior})
            return False
        if code in self.taken or code in self.other_codes:
            raise _Wrong("code_taken", value=code)
        parent = self._agency_of(superior) if superior else None
        if not parent and not may_administer(self.actor, "/"):
            raise _Wrong("not_yours", value=code)
        place = values.get("place_name", "")
        begins = row.begins or TWO_LEVELS_SINCE
        agency = Agency(
            code=code,
            name=values["name"],
            parent=parent,
            path=f"{parent.path if parent else '/'}{code}/",
            level=values["level"],
            place_code=values.get("place_code", ""),
            place_name=place,
            sort_key=sort_key(place.split(" ", 1)[-1] or values["name"]),
            valid_from=begins,
            calendar_stamp=parent.calendar_stamp if parent else 0,
        )
        self.agencies[code] = agency
        self.new_agencies.append(agency)
        self._old_codes(agency, values.get("old_codes", "").split())
        return True

    def _old_codes(self, agency: Agency, codes: list[str]) -> None:
        for code in codes:
            if code in self.taken or self.other_codes.setdefault(code, agency.code) != agency.code:
                raise _Wrong("code_taken", value=code)
        self.new_codes += [
            AgencyCode(code=code, agency=agency, valid_from=agency.valid_from) for code in codes
        ]

    def _unit(self, row: Row) -> bool:
        values = row.values
        key = (values["agency"], values["code"])
        agency = self._agency_of(values["agency"])
        self._once("unit", *key)
        facts = {name: values.get(name, "") for name in ("name", "symbol", "telephone")}
        if there := self.units.get(key):
            has = {name: getattr(there, name) for name in facts}
            has["parent"] = there.parent.code if there.parent else ""
            _same(has, facts | {"parent": values.get("parent", "")})
            return False
        begins = row.begins or agency.valid_from
        self.units[key] = Unit.objects.create(agency=agency, code=values["code"], valid_from=begins, **facts)
        return True

    def _place(self, row: Row) -> None:
        """Put a new unit below its parent, once all units of the file are there."""
        values = row.values
        if not values.get("parent"):
            return
        unit = self.units[values["agency"], values["code"]]
        parent = self.units.get((values["agency"], values["parent"]))
        wrong = "unknown_unit"
        if parent:
            parents = {it.pk: it.parent_id for it in self.units.values()}
            if not would_circle(parents, unit.pk, parent.pk):
                unit.parent = parent
                unit.save(update_fields=["parent"])
                return
            wrong = "circle"
        self.loaded.problems.append(Problem(row.line, wrong, {"value": values["parent"]}))

    def _unit_of(self, row: Row) -> Unit:
        self._agency_of(row.values["agency"])
        unit = self.units.get((row.values["agency"], row.values["unit"]))
        if not unit or unit.valid_to:
            raise _Wrong("unknown_unit", value=row.values["unit"])
        return unit

    def _read_posts(self) -> None:
        self.posts: dict[tuple[UUID, str], list[Post]] = {}
        units = [unit.pk for unit in self.units.values()]
        for post in Post.objects.filter(unit__in=units, valid_to=None).order_by("id"):
            self.posts.setdefault((post.unit_id, post.title), []).append(post)
        held = Holding.objects.filter(post__unit__in=units, valid_to=None)
        self.held = set(held.values_list("post_id", flat=True))

    def _post(self, row: Row) -> bool:
        values, unit = row.values, self._unit_of(row)
        self._once("post", values["agency"], values["unit"], values["title"])
        there = self.posts.setdefault((unit.pk, values["title"]), [])
        for post in there:
            _same({"rank": post.rank}, {"rank": values.get("rank", "")})
        missing = int(values.get("count") or 1) - len(there)
        begins = row.begins or unit.valid_from
        for _ in range(missing):
            there.append(
                Post.objects.create(
                    unit=unit, title=values["title"], rank=values.get("rank", ""), valid_from=begins
                )
            )
        return missing > 0

    def _read_accounts(self) -> None:
        names = [row.values["username"] for row in self.rows["officer"]]
        self.accounts = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
        current = Holding.objects.filter(officer__account__username__in=names, valid_to=None)
        related = current.select_related("officer__account", "post__unit__agency")
        self.holding = {it.officer.account.username: it for it in related}

    def _officer(self, row: Row) -> bool:
        values, unit = row.values, self._unit_of(row)
        username = values["username"]
        self._once("officer", username)
        if username in self.accounts:
            holding = self.holding.get(username)
            if not holding or (holding.post.unit_id, holding.post.title) != (unit.pk, values["title"]):
                raise _Wrong("elsewhere", value=username)
            _same({"full_name": holding.officer.full_name}, {"full_name": values["full_name"]})
            return False
        free = [it for it in self.posts.get((unit.pk, values["title"]), []) if it.pk not in self.held]
        if not free:
            raise _Wrong("no_free_post", value=values["title"])
        key = values.get("signing_key", "")
        if key and is_taken(key):
            raise _Wrong("key_taken", value=key)
        account = Account(username=username, kind=Account.Kind.OFFICER)
        account.set_unusable_password()
        account.save(force_insert=True)
        officer = Officer.objects.create(account=account, full_name=values["full_name"], signing_key=key)
        Holding.objects.create(officer=officer, post=free[0], valid_from=row.begins or self.today)
        self.held.add(free[0].pk)
        return True


def _same(has: dict[str, str], wanted: dict[str, str]) -> None:
    """What is there must be as the file says: a file enters, changes are acts on the pages."""
    for name, value in wanted.items():
        if has[name] != value:
            raise _Wrong("differs", column=name, value=value, has=has[name])
