"""What everything rests on: sealing, verification, due dates, signatures. In this process and the database's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

CHUNK = 5_000
PAPERS = 60
DUES = 20_000
_NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit` beside its goal; `at_least`: whether more is better. Source: issue of the ground, design 8."""

    name: str
    value: float
    unit: str
    goal: float
    at_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def words(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "OK" if self.is_met else "over"
        note = f" ({self.note})" if self.note else ""
        return f"{self.value:,.1f} {self.unit} {sign} {self.goal:,g}: {verdict}{note}"


def measure(entries: int, tell: Callable[[str], object]) -> list[Figure]:
    found = []
    for work in (lambda: _journal(entries), _due_dates, _signatures, _hostile):
        for figure in work():
            tell(f"{figure.name}: {figure.words}")
            found.append(figure)
    return found


def _journal(entries: int) -> list[Figure]:
    from motcua.foundation.journal.services import (
        Line,
        encode_actor,
        encode_facts,
        follow_once,
        record_lines,
        verify_journal,
    )
    from motcua.foundation.kernel.actors import SYSTEM
    from motcua.foundation.kernel.rows import NULL, encode_moment, encode_new_id

    while follow_once():  # what the requests left
        pass
    doer, moment, sealed, seconds = encode_actor(SYSTEM), encode_moment(_NOW), 0.0, 0.0
    for _ in range(entries // CHUNK):
        record_lines(
            Line(
                "dossier.read",
                doer,
                "dossier",
                encode_new_id(),
                NULL,
                _NOW,
                moment,
                encode_facts({"file": str(uuid4())}),
            )
            for _ in range(CHUNK)
        )
        begun = time.perf_counter()
        sealed += seal()
        seconds += time.perf_counter() - begun
    begun = time.perf_counter()
    report = verify_journal()
    took = time.perf_counter() - begun
    if report.fault_count:
        raise RuntimeError(f"The journal is not whole: {report.faults[:3]}")
    return [
        Figure(
            "Sealing",
            sealed / seconds,
            "entries a second",
            5_000,
            at_least=True,
            note=f"{sealed:,.0f} entries",
        ),
        Figure(
            "Verification of the journal",
            took / report.entries * 1_000_000,
            "s a million entries",
            60,
            note=f"{report.entries:,} entries in {took:.1f} s",
        ),
    ]


def seal() -> int:
    """All that waits for it, in this process; how many entries."""
    from django.utils import timezone

    from motcua.foundation.journal.sealing import Sealer

    sealer, done = Sealer(), 0
    while count := sealer.seal(at=timezone.now()):
        done += count
    return done


def _due_dates() -> list[Figure]:
    from motcua.foundation.worktime.deadlines import due
    from motcua.foundation.worktime.limits import parse_limit
    from motcua.registry.organisations.selectors import get_calendar

    calendar, limit = get_calendar(), parse_limit("10wd")
    starts = [_NOW + timedelta(minutes=37 * number) for number in range(DUES)]
    due(starts[-1], limit, calendar)
    begun = time.perf_counter()
    for start in starts:
        due(start, limit, calendar)
    took = (time.perf_counter() - begun) / DUES * 1e6
    return [Figure("Due date with its steps", took, "µs", 50, note="10 working days")]


def _signatures() -> list[Figure]:
    from django.conf import settings
    from django.utils import timezone

    from motcua.foundation.files.official import render_official, signature_box
    from motcua.foundation.signatures.batch import BatchItem, sign_batch
    from motcua.foundation.signatures.keys import load_signer
    from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
    from motcua.foundation.signatures.stamp import render_stamp

    at = timezone.now()
    keys = sorted((settings.SIGNATURES_DIR / "keys").glob("chair-*.pem"))
    signer = load_signer(keys[0].stem)
    template, data = _paper()

    def request() -> SignatureRequest:
        stamp = render_stamp(
            signer_name="Người Mẫu",
            title="Chủ tịch",
            agency="Ủy ban nhân dân xã Mẫu",
            at=at,
            size_mm=(65, 20),
        )
        return SignatureRequest(at, "Chu_ky", 0, signature_box("a4"), "Ký", "Phú Thọ", stamp)

    def draft() -> bytes:
        return render_official(template, data, at=at)

    sign_pdf(draft(), signer=signer, request=request())
    begun = time.process_time()
    for _ in range(PAPERS):
        sign_pdf(draft(), signer=signer, request=request())
    each = (time.process_time() - begun) / PAPERS * 1000
    drafts = [draft() for _ in range(PAPERS)]
    begun = time.perf_counter()
    items = (BatchItem(str(number), pdf, request()) for number, pdf in enumerate(drafts))
    signed = sum(outcome.signed is not None for outcome in sign_batch(items, signer=signer))
    rate = signed / (time.perf_counter() - begun)
    return [
        Figure("Official paper, made and signed", each, "ms CPU", 70, note="B-B with its stamp"),
        Figure(
            "Batch signing", rate, "papers a second", 15, at_least=True, note=f"{signed} papers, stamps drawn"
        ),
    ]


def _paper() -> tuple[Path, dict[str, Any]]:
    """The birth certificate that the scenario drafted last."""
    from motcua.casework.dossiers.models import OfficialDocument
    from motcua.casework.dossiers.services.papers import template_of

    draft = OfficialDocument.objects.filter(kind="draft").order_by("-made_at").first()
    if draft is None:
        raise RuntimeError("The scenario drafted nothing.")
    return template_of(draft.dossier), draft.content


def _hostile() -> list[Figure]:
    """A page tree that has no end, and an object stream that unpacks to gigabytes."""
    import resource
    import zlib

    from motcua.foundation.signatures.verification import verify_pdf

    bomb = zlib.compress(zlib.compress(bytes(1 << 30), 9), 9)
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>endobj\n"
    endless = (
        head
        + b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9/Parent 2 0 R>>endobj\n"
        + (b"3 0 obj<</FT/Sig/T(a)/V 3 0 R/Kids[3 0 R]/Parent 3 0 R>>endobj\n")
    )
    stream = b"4 0 obj<</Type/ObjStm/N 9/First 9/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(
        bomb
    )
    files = [
        endless + b"trailer<</Root 1 0 R>>\n%%EOF",
        endless + stream + bomb + b"\nendstream endobj\nxref\n0 1\ntrailer<</Root 1 0 R/Size 9>>\n%%EOF",
        b"%PDF-1.7\n" + b"1 0 obj<<" * 200_000 + b"%%EOF",
    ]
    slowest = 0.0
    for file in files:
        begun = time.perf_counter()
        verdict = verify_pdf(file, at=_NOW, trust=[])
        slowest = max(slowest, time.perf_counter() - begun)
        if verdict.is_valid:
            raise RuntimeError("A hostile file was found valid.")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        Figure("Hostile file examined", slowest, "s", 5, note="slowest of 3, process started"),
        Figure("Its memory", memory, "MB", 500, note="largest child process of this run"),
    ]
