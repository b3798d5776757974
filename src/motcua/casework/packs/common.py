"""A pack's files that belong to no procedure: synonyms, everyday words, guides. Each may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from motcua.casework.packs.rules.common import LINTS
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.services import keep_pack_file

MOST_BYTES = 5_000_000


class _NoAnchors(yaml.SafeLoader):
    """Without aliases: a few lines of them would be gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("anchors and aliases (& and *) are not read")
        return super().compose_node(parent, index)


class BadWords(DomainError):
    code = "bad_pack"
    message = _("The pack was not loaded: %(file)s cannot be read: %(problem)s")
    status = 422


def read_common(path: Path) -> dict[str, Mapping[str, Any]]:
    """The files of a pack folder that are there, parsed, by their name without ".yaml". Raises BadWords."""
    files = {name: path / f"{name}.yaml" for name in LINTS}
    return {name: _parsed(file) for name, file in files.items() if file.exists()}


def _parsed(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadWords(file=file.name, problem=_("it has more than 5 MB"))
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_NoAnchors)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise BadWords(file=file.name, problem=str(error)) from error
    if not isinstance(content, dict):
        raise BadWords(file=file.name, problem=_("it must begin with a name, such as “procedures:”"))
    return content


def lint_common(files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with them, one sentence a finding, the place first."""
    for name, content in files.items():
        yield from LINTS[name](content)


def keep_common(files: Mapping[str, Mapping[str, Any]], *, actor: Actor, at: datetime) -> None:
    """For search and guides; what changed is journalled."""
    for name, content in files.items():
        keep_pack_file(actor=actor, name=name, content=content, at=at)
