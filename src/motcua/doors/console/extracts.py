"""Extracts from the journal as signed official papers: what `motcua.foundation.journal` calls to make one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from motcua.doors.console.naming import Names, names_of
from motcua.doors.console.words import OBJECTS, kind_words
from motcua.foundation.files.official import render_official, signature_box
from motcua.foundation.files.previews import page_count
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.contributions import Criteria, Extract, SealedEntry
from motcua.foundation.journal.models import Batch, Leaf, Stamp
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.signatures.keys import load_signer, signer_certificate
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.foundation.signatures.stamp import render_stamp
from motcua.registry.organisations.models import Agency, Officer, Post
from motcua.registry.organisations.services import next_number

_TEMPLATE = settings.PACKS / "vn" / "forms" / "journal-extract.typ"
_POINTS_PER_MM = 72 / 25.4
# Official papers are written in the language of the state.
_LANGUAGE = "vi"


def make_paper(extract: Extract) -> bytes:
    """The signed PDF of an extract: who asked what for, entries with their digests, heads and time stamps.

    Without personal details; citizens by the end of their id. Signed with the key EXTRACT_KEY_REF. For an
    officer it takes the agency's next running number. Raises CannotRender, UnknownKey, ExpiredKey, CannotSign.
    """
    # Before a number is taken.
    certificate = signer_certificate(settings.EXTRACT_KEY_REF)
    with translation.override(_LANGUAGE):
        content = _content(extract, certificate.name)
    pdf = render_official(_TEMPLATE, content, at=extract.asked_at)
    box = signature_box("a4")
    stamp = render_stamp(
        signer_name=certificate.name,
        title=certificate.title,
        agency=certificate.organisation,
        at=extract.asked_at,
        size_mm=((box[2] - box[0]) / _POINTS_PER_MM, (box[3] - box[1]) / _POINTS_PER_MM),
    )
    request = SignatureRequest(
        at=extract.asked_at,
        field_name="Chu_ky_1",
        page=page_count(pdf) - 1,
        box=box,
        reason="Trích lục nhật ký",
        place=content["place"],
        stamp_pdf=stamp,
    )
    return sign_pdf(pdf, signer=load_signer(settings.EXTRACT_KEY_REF), request=request)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asked, as the head of the paper and its first lines say it."""

    superior: str | None
    agency: str
    number: str
    place: str
    name: str
    title: str


def _asker(actor: Actor, at: datetime) -> _Asker:
    if actor.post_id is None or actor.person_id is None:
        # From the command line, by who runs the installation.
        return _Asker(None, get("site.place_name") or "Hệ thống một cửa", "", get("site.place_name"), "", "")
    post = Post.objects.select_related("unit__agency").get(pk=actor.post_id)
    officer = Officer.objects.get(pk=actor.person_id)
    agency, year = post.unit.agency, str(timezone.localtime(at).year)
    number = next_number(agency_id=agency.id, series="journal_extract", period=year)
    return _Asker(
        superior=agency.name,
        agency=post.unit.name,
        number=f"{number:02d}/TNK-{post.unit.symbol}".rstrip("-"),
        place=agency.place_name.split(" ", 1)[-1],
        name=officer.full_name,
        title=post.title,
    )


def _content(extract: Extract, signer: str) -> dict[str, Any]:
    asker, names = _asker(extract.asked_by, extract.asked_at), names_of(it.entry for it in extract.entries)
    positions = [it.position for it in extract.entries]
    leaves = Leaf.objects.filter(position__in=positions).values_list("position", "hash")
    hashes = {position: bytes(digest) for position, digest in leaves}
    return {
        "superior": asker.superior,
        "agency": asker.agency,
        "number": asker.number,
        "place": asker.place,
        "asked_on": timezone.localdate(extract.asked_at).isoformat(),
        "asked_at": timezone.localtime(extract.asked_at).strftime("%Y-%m-%dT%H:%M"),
        "asker": ", ".join(filter(None, (asker.name, asker.title))) or "Quản trị hệ thống",
        "reason": extract.reason,
        "criteria": list(_criteria_words(extract.criteria)),
        "entries": [_entry_line(it, names, hashes) for it in extract.entries],
        "batches": [_batch_line(it) for it in _with_stamps(extract.batches)],
        "signer": signer,
    }


def _entry_line(sealed: SealedEntry, names: Names, hashes: dict[int, bytes]) -> dict[str, Any]:
    entry = sealed.entry
    kind, code = names.object(entry)
    local = timezone.localtime(entry.at)
    return {
        "position": _grouped(sealed.position),
        "day": f"{local:%d/%m/%Y}",
        "time": f"{local:%H:%M:%S}",
        "what": kind_words(entry.kind),
        "who": ", ".join(filter(None, (*names.who(entry), names.agency(entry)))),
        "object": kind,
        "code": code,
        "digest": _digest(hashes[sealed.position]),
    }


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _digest(value: bytes) -> str:
    """In groups of eight, as people compare them."""
    text = bytes(value).hex()
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def _with_stamps(batches: tuple[Batch, ...]) -> list[Batch]:
    """The batches with `stamped_at`: the time of the first stamp that covers each."""
    covering = Stamp.objects.filter(batch_id__gte=OuterRef("number")).order_by("batch_id")
    found = Batch.objects.filter(number__in=[it.number for it in batches]).order_by("number")
    return list(found.annotate(stamped_at=Subquery(covering.values("made_at")[:1])))


def _batch_line(batch: Any) -> dict[str, str]:
    stamped = timezone.localtime(batch.stamped_at) if batch.stamped_at else None
    return {
        "number": _grouped(batch.number),
        "positions": f"{_grouped(batch.first_position)} – {_grouped(batch.last_position)}",
        "sealed": f"{timezone.localtime(batch.sealed_at):%H:%M:%S %d/%m/%Y}",
        "stamped": f"{stamped:%H:%M:%S %d/%m/%Y}" if stamped else "chưa có",
        "head": _digest(batch.head),
    }


def _criteria_words(criteria: Criteria) -> Iterator[tuple[str, str]]:
    """What was asked for, label and value; the auditor's scope too, since it narrows what is listed."""
    if criteria.begins:
        yield "Từ", f"{timezone.localtime(criteria.begins):%H:%M ngày %d/%m/%Y}"
    if criteria.ends:
        last = timezone.localtime(criteria.ends - timedelta(minutes=1))
        yield "Đến hết", f"{last:%H:%M ngày %d/%m/%Y}"
    if criteria.kind:
        yield "Việc", _kind_or_group(criteria.kind)
    if criteria.agency:
        yield (
            "Cơ quan",
            Agency.objects.filter(pk=criteria.agency).values_list("name", flat=True).first() or "",
        )
    if criteria.officer:
        yield (
            "Cán bộ",
            Officer.objects.filter(pk=criteria.officer).values_list("full_name", flat=True).first() or "",
        )
    if criteria.person or criteria.concerns:
        yield "Liên quan đến công dân (mã)", str(criteria.person or criteria.concerns)
    if criteria.object:
        yield "Đối tượng (mã)", str(criteria.object)
    if criteria.within is not None:
        count = _grouped(len(criteria.within))
        yield "Phạm vi", f"{count} cơ quan thuộc thẩm quyền của người yêu cầu"


def _kind_or_group(kind: str) -> str:
    group = OBJECTS.get(kind.removesuffix("."))
    return _("All: %(group)s") % {"group": group[1]} if kind.endswith(".") and group else kind_words(kind)
