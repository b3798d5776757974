"""A pack's files that belong to no procedure: synonyms, everyday words, guides. Each may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.packs.rules.common import LINTS
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.services import keep_pack_file


def read_common(path: Path) -> dict[str, Mapping[str, Any]]:
    """The files that are there, parsed, by their name without ".yaml". Raises OSError, yaml.YAMLError, TypeError."""
    found = {}
    for name in LINTS:
        file = path / f"{name}.yaml"
        if file.exists():
            content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            if not isinstance(content, dict):
                raise TypeError(f"{file.name}: must begin with names, as {name}.yaml of packs/vn does")
            found[name] = content
    return found


def lint_common(files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with them, one sentence a finding, the place first."""
    for name, content in files.items():
        yield from LINTS[name](content)


def keep_common(files: Mapping[str, Mapping[str, Any]], *, actor: Actor, at: datetime) -> None:
    """For search and guides; what changed is journalled."""
    for name, content in files.items():
        keep_pack_file(actor=actor, name=name, content=content, at=at)
