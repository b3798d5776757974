"""What a backup says about itself; read before anything is unpacked."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from motcua.config.keeping.errors import CannotKeep

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes and SHA-256 (hex) of a part; for `files`: of all contents together, and of their names in order."""

    size: int
    sha256: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """made_at: ISO 8601. postgresql: major version of the dumped server. migrations: "app.name". tables: rows of
    each. parts: `database`, `files`, and every file of `var` by its path. files_store: "folder", or what keeps
    the files instead, which are then not in the backup. missing: digests of files that the database names and
    that were not whole on disk; erased: of files that were erased while the backup was made. settings: names of
    secrets that the environment gives; their values are not in the backup.
    """

    made_at: str
    motcua: str
    postgresql: int
    migrations: tuple[str, ...]
    tables: Mapping[str, int]
    files_store: str
    settings: tuple[str, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()


def read_manifest(content: bytes) -> Manifest:
    """Raises CannotKeep for what is no manifest or of a newer form."""
    try:
        data: dict[str, Any] = json.loads(content)
        if data["format"] > FORMAT:
            raise CannotKeep(_NEWER)
        data["parts"] = {name: Part(**part) for name, part in data["parts"].items()}
        for name in ("migrations", "settings", "missing", "erased"):
            data[name] = tuple(data[name])
        return Manifest(**data)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise CannotKeep("The backup's manifest cannot be read.") from problem


_NEWER = "The backup was made by a newer version of motcua than this one. Install that version first."


def refuse_newer(manifest: Manifest, *, known: Collection[str], postgresql: int) -> None:
    """Raises CannotKeep when this program or its database is older than the backup.

    known: the program's migrations as "app.name". postgresql: major version that would be restored into.
    """
    if set(manifest.migrations) - set(known):
        raise CannotKeep(_NEWER)
    if manifest.postgresql > postgresql:
        raise CannotKeep(
            f"The backup comes from PostgreSQL {manifest.postgresql}; here is {postgresql}. Install that version."
        )
