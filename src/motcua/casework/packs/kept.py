"""What is kept of the packs that were loaded: which brought a procedure, and their files word for word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from django.db import connection
from django.db.models import Count

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.packs.models import PackFile, PackProcedure

RUNNING = (
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.IN_PROCESS,
    Status.SUPPLEMENT_REQUESTED,
    Status.FINANCIAL_OBLIGATION,
)


def pack_name(path: Path) -> str:
    """What tells packs apart: the name of the folder."""
    return path.resolve().name[:60]


def lock_loading() -> None:
    """One load at a time: a second one waits here until the first is done, and then finds what it brought."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casework_packs'))")


def foreign(pack: str, codes: Collection[str]) -> dict[str, str]:
    """Of these procedures, those that another pack brought: code -> that pack's name."""
    rows = PackProcedure.objects.filter(pk__in=codes).exclude(pack=pack)
    return dict(rows.order_by("pk").values_list("pk", "pack"))


def missing(pack: str, codes: Collection[str]) -> list[str]:
    """Codes that this pack brought before and does not bring now."""
    rows = PackProcedure.objects.filter(pack=pack).exclude(pk__in=codes)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def running_of(codes: Collection[str]) -> dict[str, int]:
    """Dossiers that run, of those procedures that have any. No query without a code."""
    if not codes:
        return {}
    rows = Dossier.objects.filter(version__procedure__in=codes, status__in=RUNNING).order_by()
    return dict(rows.values_list("version__procedure").annotate(count=Count("id")))


def forget(codes: Collection[str]) -> None:
    """They are of no pack any more."""
    PackProcedure.objects.filter(pk__in=codes).delete()


def keep_procedures(pack: str, brought: Mapping[str, tuple[str, str]]) -> None:
    """Note what a pack brought: code -> (folder of its own files or "", digest or ""). Writes only what differs."""
    held = {it.code: it for it in PackProcedure.objects.filter(pk__in=brought)}
    rows = [
        PackProcedure(code=code, pack=pack, folder=folder, digest=digest)
        for code, (folder, digest) in brought.items()
        if code not in held or (held[code].folder, held[code].digest) != (folder, digest)
    ]
    PackProcedure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["pack", "folder", "digest"]
    )


def keep_files(pack: str, path: Path, names: Iterable[str]) -> None:
    """Keep these files of the pack as they are now; each has been read as text. Writes only what differs."""
    files = {name: (path / name).read_bytes().decode() for name in names}
    held = dict(PackFile.objects.filter(pack=pack).values_list("path", "text"))
    rows = [
        PackFile(pack=pack, path=name, text=text) for name, text in files.items() if held.get(name) != text
    ]
    PackFile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pack", "path"], update_fields=["text"]
    )
    PackFile.objects.filter(pack=pack, path__in=held.keys() - files.keys()).delete()


def kept_files(pack: str, folder: str = "") -> dict[str, str]:
    """Path in the pack, or in a folder of it -> text, in order."""
    start = f"{folder}/" if folder else ""
    rows = PackFile.objects.filter(pack=pack, path__startswith=start).order_by("path")
    return {path.removeprefix(start): text for path, text in rows.values_list("path", "text")}
