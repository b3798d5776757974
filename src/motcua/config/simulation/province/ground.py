"""What the scenario is played on: agencies of 2024 with their officers, procedures, what is offered how far online."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.forms import component_names
from motcua.casework.packs.captured import publish_captured
from motcua.casework.packs.services import load_pack
from motcua.config.simulation.people import make_family
from motcua.config.simulation.province.quotas import FULL, PARTIAL
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.worktime.limits import Unit as LimitUnit
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.catalogue.importing import Order, import_files
from motcua.registry.catalogue.models import Offer, ProcedureVersion
from motcua.registry.catalogue.offers.services import Offering, Period, Terms, enter_offers
from motcua.registry.organisations.models import TWO_LEVELS_SINCE, Agency, Holding, Unit
from motcua.registry.organisations.services import load_file
from motcua.registry.places.models import Place
from motcua.registry.places.services import load_places

BEGINS, DAY = date(2024, 1, 1), date(2024, 6, 3)
_DATA = yaml.safe_load(Path(__file__).with_name("vinh_phuc_2024.yaml").read_text(encoding="utf-8"))
CODE = str(_DATA["province"]["code"])
SERVICES = FULL + PARTIAL
# One who receives, one who examines, one who signs: role, code of the unit, its name, title, rank.
_POSTS = (
    ("reception", "one_stop_desk", "Bộ phận Tiếp nhận và Trả kết quả", "Công chức tiếp nhận", ""),
    ("specialist", "examination", "Bộ phận thụ lý", "Công chức thụ lý", ""),
    ("leader", "leadership", "Lãnh đạo", "Lãnh đạo cơ quan", "head"),
)
_LOCAL = "procedures_local.jsonl"
# The longest limits with which a dossier can come early in the year and end late in it.
_MOST_DAYS, _MOST_MONTHS = 60, 6


class PlayedBefore(DomainError):
    code = "played_before"
    message = _(
        "The scenario was played here before, or this installation has dossiers: it needs one of its own."
    )


class CannotBegin(DomainError):
    code = "cannot_begin"
    message = _("The scenario's ground could not be laid: %(why)s")


@dataclass(frozen=True, slots=True)
class Ground:
    """Agencies by group; services by agency: which versions are offered there, those with most dossiers first; by
    version: the field that asks for its paper, and how far online it is offered. levels: how many by how far."""

    agencies: dict[str, list[Agency]]
    services: dict[str, list[ProcedureVersion]]
    papers: dict[Any, str]
    offered: dict[Any, str]
    levels: dict[str, int]


@transaction.atomic
def lay_ground(*, data: Path, seed: int, at: datetime) -> Ground:
    """`data`: folder of the national portal's files; where it has none, services are made up in the same form.

    Raises PlayedBefore, PlacesMissing, CannotBegin.
    """
    if Agency.objects.filter(code=CODE).exists():
        raise PlayedBefore
    load_places(at=at)
    load_pack(actor=SYSTEM, path=settings.PACKS / "vn", at=at)
    agencies = _enter_agencies(seed, at)
    codes = _import(data, at)
    publish_captured(actor=SYSTEM, codes=codes, at=at, since=BEGINS)
    versions = _offered(codes)
    offered = {it.pk: _level(number) for number, it in enumerate(versions)}
    services, levels = _offer(versions, agencies, at)
    papers = {it.pk: _paper(it) for found in services.values() for it in found}
    # What was of then is over since the two levels; it is looked up as of then.
    for model in (Unit, Holding):
        owner = "agency" if model is Unit else "post__unit__agency"
        model.objects.filter(**{f"{owner}__path__startswith": f"/{CODE}/"}).update(valid_to=TWO_LEVELS_SINCE)
    Agency.objects.filter(path__startswith=f"/{CODE}/").update(valid_to=TWO_LEVELS_SINCE)
    return Ground(agencies, services, papers, offered, levels)


def _enter_agencies(seed: int, at: datetime) -> dict[str, list[Agency]]:
    loaded = load_file(
        actor=SYSTEM, content=_agency_file(seed), name="vinh-phuc-2024.csv", dry_run=False, at=at
    )
    if loaded.problems:
        raise CannotBegin(why=str(loaded.problems[0]))
    rows = Agency.objects.filter(path__startswith=f"/{CODE}/").select_related("parent").order_by("path")
    found: dict[str, list[Agency]] = {"department": [], "district": [], "commune": [], "province": []}
    for row in rows:
        found[row.level].append(row)
    _grant_roles()
    return found


def _agency_file(seed: int) -> bytes:
    """As `organisations load` reads it: the agencies, three officers each."""
    columns = (
        *("kind", "code", "name", "level", "superior", "place_code", "place_name", "agency", "unit", "title"),
        *("rank", "username", "full_name", "symbol", "from"),
    )
    text = io.StringIO()
    out = csv.DictWriter(text, columns, restval="")
    out.writeheader()
    since = _DATA["valid_from"].isoformat()
    for row in _agencies():
        out.writerow({"kind": "agency", "from": since, **row})
        for number, (role, code, name, title, rank) in enumerate(_POSTS):
            random = Random(f"{seed}/{row['code']}/{role}")  # noqa: S311  nothing here is secret
            who = make_family(random, number, before=BEGINS).mother.full_name
            own = {"agency": row["code"], "from": since}
            unit = {"code": code, "name": name, "symbol": row["code"].rpartition(".")[2]}
            out.writerow({"kind": "unit", **own, **unit})
            out.writerow({"kind": "post", **own, "unit": code, "title": title, "rank": rank})
            account = {"username": f"vp2024.{role}.{row['code']}", "full_name": who}
            out.writerow({"kind": "officer", **own, "unit": code, "title": title, **account})
    return text.getvalue().encode()


def _agencies() -> Iterator[dict[str, str]]:
    top = _DATA["province"]
    yield {"code": CODE, "name": top["name"], "level": "province", **_place(top["place_code"])}
    for it in _DATA["departments"]:
        yield {"code": f"{CODE}.{it['symbol']}", "name": it["name"], "level": "department", "superior": CODE}
    then = Place.objects.filter(valid_to=TWO_LEVELS_SINCE).order_by("code")
    for district in then.filter(level=Place.Level.DISTRICT, parent__code=top["place_code"]):
        code = f"{CODE}.{district.code}"
        yield _committee(district, code, CODE, "district")
        for commune in then.filter(level=Place.Level.COMMUNE, parent=district):
            yield _committee(commune, f"{code}.{commune.code}", code, "commune")


def _place(code: str) -> dict[str, str]:
    found = Place.objects.filter(valid_to=TWO_LEVELS_SINCE, code=code).first()
    return {"place_code": code, "place_name": found.name if found else ""}


def _committee(place: Place, code: str, superior: str, level: str) -> dict[str, str]:
    name = f"Ủy ban nhân dân {place.name[:1].lower()}{place.name[1:]}"
    row = {"code": code, "name": name, "level": level, "superior": superior}
    # The code of a district has three digits, an agency's place five.
    return row | {"place_code": place.code if level == "commune" else "", "place_name": place.name}


def _grant_roles() -> None:
    held = Holding.objects.filter(post__unit__agency__path__startswith=f"/{CODE}/")
    rows = held.values_list("officer__account", "officer__account__username", "post__unit__agency__path")
    grants = [
        RoleGrant(account_id=account, role_id=str(name).split(".")[1], agency_path=path, valid_from=BEGINS)
        for account, name, path in rows
    ]
    RoleGrant.objects.bulk_create(grants)
    # Nobody signs in as people of then.
    Account.objects.filter(pk__in=[it.account_id for it in grants]).update(is_active=True)


def _import(data: Path, at: datetime) -> list[str]:
    """The codes of what was imported, of the portal or made up."""
    if (data / _LOCAL).exists():
        report = import_files(actor=SYSTEM, order=Order([data / _LOCAL]), at=at)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made-up.jsonl"
            lines = (json.dumps(row, ensure_ascii=False) for row in made_up_services())
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            report = import_files(actor=SYSTEM, order=Order([path]), at=at)
    return report.touched


def made_up_services() -> Iterator[dict[str, Any]]:
    """As the portal's file has procedures; a quarter is handled locally."""
    ministries = [it["ministries"][0] for it in _DATA["departments"]]
    for number in range(1, SERVICES + 1):
        is_local, days = number % 4 == 0, (3, 5, 7, 10, 15)[number % 5]
        channel = {"time": float(days), "unit": "working_day", "fee_headline": 0, "free_flag": True}
        yield {
            "code": f"9.1{number:05d}",
            "name": f"Thủ tục mẫu số {number}",
            "levels": ["commune" if is_local else "province"],
            "sector": f"Lĩnh vực mẫu {number % 20 + 1}",
            "ministry": ministries[number % len(ministries)],
            "decision": f"{number}/QĐ-MAU",
            "kind": "TTHC mẫu",
            "audience": ["Công dân Việt Nam"],
            "agency": "Ủy ban nhân dân cấp xã" if is_local else "Sở mẫu",
            "channels": [
                channel | {"channel": it, "fee_amounts": [], "note": ""} for it in ("online", "direct")
            ],
            "results": [{"code": f"KQ.G99.{number:06d}", "name": "Kết quả mẫu"}],
            "documents": [{"name": "Đơn đề nghị (mẫu)", "originals": 1, "copies": 0, "case": ""}],
            "legal_basis": ["1/2023/NĐ-CP"],
            "url": f"https://dichvucong.example/thu-tuc/9.1{number:05d}",
        }


def _offered(codes: Sequence[str]) -> list[ProcedureVersion]:
    """As many as the press says: with a paper, and a limit that leaves room to be early, on the day and late."""
    rows = ProcedureVersion.objects.filter(procedure__in=codes, valid_from=BEGINS, procedure__is_online=True)
    found = [it for it in rows.select_related("procedure").order_by("procedure_id") if _is_fit(it)]
    if len(found) < SERVICES:
        raise CannotBegin(why=f"{len(found)} services of {SERVICES}")
    return found[:SERVICES]


def _is_fit(version: ProcedureVersion) -> bool:
    limit = parse_limit(version.definition["procedure"]["limit"]["value"])
    is_long = limit.unit is not LimitUnit.WORKING_HOURS and limit.unit is not LimitUnit.SAME_DAY
    most = _MOST_MONTHS if limit.unit is LimitUnit.MONTHS else _MOST_DAYS
    return is_long and 1 <= limit.count <= most and bool(component_names(version))


def _paper(version: ProcedureVersion) -> str:
    return next(iter(component_names(version)))


def _offer(
    versions: Sequence[ProcedureVersion], agencies: dict[str, list[Agency]], at: datetime
) -> tuple[dict[str, list[ProcedureVersion]], dict[str, int]]:
    """Local ones by one row for all districts and communes, the others by their department. Services by path of the
    agency, and how many by level."""
    top = agencies["province"][0]
    departments = {it.code: it for it in agencies["department"]}
    by_place: dict[tuple[Any, str, str], list[ProcedureVersion]] = {}
    services: dict[str, list[ProcedureVersion]] = {}
    for number, version in enumerate(versions):
        level = _level(number)
        decided = version.definition["procedure"]["decided"]
        if "commune" in decided["levels"]:
            place, below = top, [*agencies["district"], *agencies["commune"]]
            key = (top.pk, str(Offer.Scope.COMMUNES), level)
        else:
            place = departments[_department(decided["ministry"], number)]
            below, key = [place], (place.pk, str(Offer.Scope.OWN), level)
        by_place.setdefault(key, []).append(version)
        for agency in below:
            services.setdefault(agency.path, []).append(version)
    return services, _enter_offers(by_place, at)


def _level(number: int) -> str:
    """Spread, so that both levels occur everywhere."""
    return "full" if (number + 1) * FULL // SERVICES != number * FULL // SERVICES else "partial"


def _department(ministry: str, number: int) -> str:
    fit = [it["symbol"] for it in _DATA["departments"] if ministry in it["ministries"]]
    return f"{CODE}.{fit[number % len(fit)] if fit else _DATA['otherwise']}"


def _enter_offers(
    by_place: dict[tuple[Any, str, str], list[ProcedureVersion]], at: datetime
) -> dict[str, int]:
    levels = {"full": 0, "partial": 0}
    for (agency, scope, level), versions in by_place.items():
        for reason, some in _by_reason(level, versions):
            terms = Terms(level, scope)
            if reason:
                terms = replace(terms, reason=reason["code"], reason_words=reason["words"])
            codes = [it.procedure_id for it in some]
            report = enter_offers(
                actor=SYSTEM, offering=Offering(agency, codes, terms, Period(BEGINS)), at=at
            )
            if report.refused:
                raise CannotBegin(why=f"{report.refused[0].code}: {report.refused[0].problem}")
            levels[level] += len(report.done)
    return levels


def _by_reason(
    level: str, versions: Sequence[ProcedureVersion]
) -> Iterable[tuple[dict[str, str] | None, Sequence[ProcedureVersion]]]:
    """Partly online says why."""
    if level == "full":
        return [(None, versions)]
    reasons = _DATA["reasons"]
    parts = [(reason, versions[number :: len(reasons)]) for number, reason in enumerate(reasons)]
    return [(reason, some) for reason, some in parts if some]
