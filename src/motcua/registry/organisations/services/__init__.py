"""Writing organisations: bulk set-up and pictures here; the acts on agencies, units, posts, officers beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise

from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import store_bytes
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.chunks import put_off, running_chunk
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.sharing import shared
from motcua.foundation.kernel.text import sort_key
from motcua.foundation.signatures.images import check_image
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.organisations.models import TWO_LEVELS_SINCE, Agency, Holding, Officer, Post, Unit
from motcua.registry.organisations.nation import commune_agency
from motcua.registry.places.selectors import list_communes
from motcua.registry.places.services import ensure_places

from ._acts import Target, may_administer
from .agencies import (
    Ending,
    NewAgency,
    Renaming,
    add_code,
    end_agency,
    enter_agency,
    list_open_work,
    merge_agencies,
    rename_agency,
    split_agency,
)
from .calendars import OwnTime, set_calendar
from .keys import require_free_key
from .loading import Loaded, load_file
from .officers import Person, Taking, end_officer, enter_person, lock_officer, move_officer
from .structure import PostFacts, UnitFacts, change_unit, end_post, end_unit, enter_post, enter_unit
from .templates import enter_from_template, missing_units

__all__ = [
    "TWO_LEVELS_SINCE",
    "Ending",
    "Loaded",
    "NewAgency",
    "NewOfficer",
    "OwnTime",
    "Person",
    "PostFacts",
    "Renaming",
    "Seal",
    "Series",
    "Taking",
    "Target",
    "UnitFacts",
    "add_code",
    "change_unit",
    "end_agency",
    "end_officer",
    "end_post",
    "end_unit",
    "enter_agency",
    "enter_from_template",
    "enter_officer",
    "enter_person",
    "enter_post",
    "enter_unit",
    "list_open_work",
    "load_file",
    "load_province",
    "may_administer",
    "merge_agencies",
    "missing_units",
    "move_officer",
    "next_number",
    "rename_agency",
    "set_calendar",
    "set_seal_image",
    "set_signature_image",
    "split_agency",
    "take_many",
    "take_numbers",
]

_NEXT = """
INSERT INTO registry_organisations_numberseries (agency_id, series, period, last)
SELECT coalesce(first_id, id), %s::varchar, %s::varchar, %s::integer FROM registry_organisations_agency WHERE id = %s
ON CONFLICT (agency_id, series, period)
DO UPDATE SET last = registry_organisations_numberseries.last + excluded.last
RETURNING last
"""


def next_number(*, agency_id: UUID, series: str, period: str) -> int:
    """Take the next running number, from 1, under the series' row lock until the transaction ends.

    Source: Circular 03/2025/TT-VPCP art. 13 (dossier codes run per agency and day), Decree 30/2020/NĐ-CP art. 15.
    """
    chunk = running_chunk()
    if chunk is None:
        return take_numbers(agency_id=agency_id, series=series, period=period, count=1)[0]
    # The first number of a chunk locks the row; the next ones are counted here, and back when their act is undone.
    taken = Series(_first_entered(agency_id), series, period)
    if taken not in chunk.counters:
        chunk.counters[taken] = take_numbers(agency_id=agency_id, series=series, period=period, count=1)[0]
    else:
        chunk.counters[taken] += 1
        put_off(_advance, taken)
    return chunk.counters[taken]


@shared
def _first_entered(agency_id: UUID) -> UUID:
    """Under which a renamed agency goes on with its numbers."""
    first = Agency.objects.values_list("first_id", flat=True).get(pk=agency_id)
    return first or agency_id


def _advance(taken: Sequence[Series]) -> None:
    take_many(Counter(taken))


def take_numbers(*, agency_id: UUID, series: str, period: str, count: int) -> range:
    """Take the next `count` running numbers at once; see `next_number`. A renamed agency goes on with its numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series, period, count, agency_id])
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)


class Series(NamedTuple):
    """`agency_id`: of the agency as it was first entered, if it was renamed since."""

    agency_id: UUID
    name: str
    period: str


_NEXT_OF_MANY = """
INSERT INTO registry_organisations_numberseries (agency_id, series, period, last)
SELECT * FROM unnest(%s::uuid[], %s::varchar[], %s::varchar[], %s::integer[]) ORDER BY 1, 2, 3
ON CONFLICT (agency_id, series, period)
DO UPDATE SET last = registry_organisations_numberseries.last + excluded.last
RETURNING agency_id, series, period, last
"""


def take_many(wanted: Mapping[Series, int]) -> dict[Series, range]:
    """Take the next numbers of many series, so many of each, in one statement; always locked in the same order."""
    if not wanted:
        return {}
    columns = [list(column) for column in zip(*wanted, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_OF_MANY, [*columns, list(wanted.values())])
        rows = [(Series(*row[:3]), int(row[3])) for row in cursor.fetchall()]
    return {series: range(last - wanted[series] + 1, last + 1) for series, last in rows}


@transaction.atomic
def load_province(*, code: str, name: str, place_code: str, at: datetime) -> Agency:
    """Enter a province's People's Committee and those of its communes; what is there already stays.

    `code`: level-1 agency code (H44); communes get `H44.<GSO code>`, an example until the province's own
    decision is entered. One journal entry for the whole load. Places are loaded where they are missing.
    """
    ensure_places(at=at)
    province, is_new = Agency.objects.get_or_create(
        code=code,
        valid_to=None,
        defaults={
            "name": f"Ủy ban nhân dân {name[0].lower()}{name[1:]}",
            "path": f"/{code}/",
            "level": "province",
            "place_code": place_code,
            "place_name": name,
            "sort_key": sort_key(name),
            "valid_from": TWO_LEVELS_SINCE,
        },
    )
    known = set(Agency.objects.filter(parent=province).values_list("code", flat=True))
    communes = [
        commune_agency(province, place)
        for place in list_communes(place_code, at=timezone.localdate(at))
        if f"{code}.{place.code}" not in known
    ]
    if not is_new and not communes:
        return province
    Agency.objects.bulk_create(communes)
    record(
        actor=SYSTEM,
        happening=Happening(
            kind="agency.loaded",
            object_kind="agency",
            object_id=province.id,
            facts={"communes": len(communes)},
        ),
        at=at,
    )
    return province


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer with the unit and post they hold and the role that goes with it."""

    username: str
    full_name: str
    unit_code: str
    unit_name: str
    title: str
    role: str
    symbol: str = ""
    telephone: str = ""
    signing_key: str = ""
    # Where the role holds; empty: at the officer's agency and below.
    scope: str = ""
    # "head" or "deputy" of the unit; the head of the unit that leads the agency is the agency's.
    rank: str = ""


@transaction.atomic
def enter_officer(*, agency: Agency, new: NewOfficer, at: datetime) -> Officer:
    """Enter unit, post, account without a password, officer and role. An account that exists is left alone."""
    account = Account.objects.filter(username=new.username).first()
    if account:
        return account.officer
    unit, _ = Unit.objects.get_or_create(
        agency=agency,
        code=new.unit_code,
        defaults={"name": new.unit_name, "symbol": new.symbol, "telephone": new.telephone},
    )
    post = Post.objects.create(unit=unit, title=new.title, rank=new.rank)
    account = Account(username=new.username, kind=Account.Kind.OFFICER)
    account.set_unusable_password()
    account.save(force_insert=True)
    officer = Officer.objects.create(account=account, full_name=new.full_name, signing_key=new.signing_key)
    Holding.objects.create(officer=officer, post=post, valid_from=TWO_LEVELS_SINCE)
    RoleGrant.objects.create(account=account, role_id=new.role, agency_path=new.scope or agency.path)
    record(
        actor=SYSTEM,
        happening=Happening(
            kind="officer.entered",
            object_kind="officer",
            object_id=officer.id,
            facts={"agency": agency.code, "post": str(post.id), "role": new.role},
        ),
        at=at,
    )
    return officer


@dataclass(frozen=True, slots=True)
class Seal:
    """An agency's seal: a PNG in red, the real seal's width (20 to 60 mm), and the key that signs for the agency."""

    png: bytes
    width_mm: int
    key_ref: str


@transaction.atomic
def set_signature_image(
    *, officer_id: UUID, png: bytes, at: datetime, actor: Actor = SYSTEM
) -> list[str | Promise]:
    """Enter the picture of an officer's signature; gives what is doubtful about it, [] when nothing is.

    Raises UnfitImage, NotFound. Papers signed before keep the picture they carry.
    Source: Decree 30/2020/NĐ-CP, annex I (blue, PNG, transparent background).
    """
    doubts = check_image(png, ink="blue")
    officer = lock_officer(actor, officer_id)
    officer.signature_image = _kept_picture(png, "chu-ky.png", officer.id)
    officer.save(update_fields=["signature_image"])
    _record("officer.signature_image_set", officer.id, {"sha256": officer.signature_image.sha256}, at, actor)
    return doubts


@transaction.atomic
def set_seal_image(
    *, agency_id: UUID, seal: Seal, at: datetime, actor: Actor = SYSTEM
) -> list[str | Promise]:
    """Enter an agency's seal: from now on its papers are signed by its key too, under the picture.

    Gives what is doubtful about the picture, [] when nothing is. Raises UnfitImage, NotFound, KeyTaken.
    Source: Decree 30/2020/NĐ-CP, annex I (red, of the real seal's size, PNG, transparent background).
    """
    doubts = check_image(seal.png, ink="red")
    agency = Agency.objects.select_for_update().filter(pk=agency_id).first()
    if not agency or not may_administer(actor, agency.path):
        raise NotFound
    require_free_key(seal.key_ref, path=agency.path)
    agency.seal_image = _kept_picture(seal.png, "con-dau.png", agency.id)
    agency.seal_mm, agency.seal_key = seal.width_mm, seal.key_ref
    agency.save(update_fields=["seal_image", "seal_mm", "seal_key"])
    facts = {"sha256": agency.seal_image.sha256, "width_mm": seal.width_mm, "key": seal.key_ref}
    _record("agency.seal_set", agency.id, facts, at, actor)
    return doubts


def _kept_picture(png: bytes, name: str, belongs_to: UUID) -> StoredFile:
    return store_bytes(content=png, name=name, media_type="image/png", belongs_to=belongs_to)


def _record(kind: str, object_id: UUID, facts: dict[str, object], at: datetime, actor: Actor) -> None:
    happening = Happening(kind=kind, object_kind=kind.split(".")[0], object_id=object_id, facts=facts)
    record(actor=actor, happening=happening, at=at)
