"""A pack's files that belong to no procedure: synonyms, everyday words, guides, essential services, and those of higher
rooms. Each may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from motcua.casework.packs.contributions import Lint, contributed_lints
from motcua.casework.packs.reading import Files
from motcua.casework.packs.rules.common import LINTS
from motcua.casework.packs.rules.findings import Finding, finding
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.services import keep_pack_file

# Those that searching and guides read from the database.
KEPT = ("synonyms", "everyday", "guides")


def lint_common(files: Files) -> Iterator[Finding]:
    """What is wrong with them."""
    for name, lint in LINTS.items():
        source = files.sources.get(f"{name}.yaml")
        if source is None:
            continue
        try:
            wrong = list(lint(source.content))
        except (AttributeError, TypeError, KeyError):
            wrong = [f"has another shape than {name}.yaml of packs/vn"]
        yield from (finding("common-file", source.name, why=it) for it in wrong)
    for names, contributed in contributed_lints().items():
        yield from _lint_contributed(files, names, contributed)


def _lint_contributed(files: Files, names: tuple[str, ...], lint: Lint) -> Iterator[Finding]:
    """Each file alone where their shape is far off, so that the right one is named."""
    there = {name: files.sources[name].content for name in names if name in files.sources}
    try:
        yield from [files.sources[it.file].finding(it) for it in lint(there)]
    except (AttributeError, TypeError, KeyError, ValueError, ArithmeticError):
        if len(there) > 1:
            for name in there:
                yield from _lint_contributed(files, (name,), lint)
        else:
            yield from (
                finding("common-file", it, why=f"has another shape than {it} of packs/vn") for it in there
            )


def common_of(files: Files) -> dict[str, Mapping[str, Any]]:
    """Those that can be used, parsed, by their name without ".yaml"."""
    found = {name: files.content(f"{name}.yaml") for name in KEPT}
    return {name: content for name, content in found.items() if isinstance(content, dict)}


def keep_common(files: Mapping[str, Mapping[str, Any]], *, actor: Actor, at: datetime) -> None:
    """For search and guides; what changed is journalled."""
    for name, content in files.items():
        keep_pack_file(actor=actor, name=name, content=content, at=at)
