"""What higher rooms join: where papers are looked for that the State has; parts of the page of an own dossier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from motcua.casework.dossiers.models import Dossier, Draft
    from motcua.casework.dossiers.services.reusing import Reuse
    from motcua.foundation.kernel.actors import Actor

# Who asks, for which draft or dossier, for which file questions, when -> what can be used, by question.
Find = Callable[["Actor", "Draft | Dossier", Collection[str], datetime], "Mapping[str, list[Reuse]]"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place where papers are looked for. order: the lowest is asked first, and what it has is offered first.

    The law's order (vietnam.md 8): the warehouse (10), earlier dossiers of the same owner (20), registers (from 30).
    A register gives documents that it entered into the warehouse as another system's. Its queries are few and their
    number does not depend on what there is: every page with a file question asks.
    """

    code: str
    label: str | Promise
    order: int
    find: Find


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Called from `apps.py`; a code registered again takes the place of the first."""
    _sources[source.code] = source


def list_sources() -> list[Source]:
    """In the order in which they are asked."""
    return sorted(_sources.values(), key=lambda it: it.order)


# What a panel shows of a dossier to its owner; None: nothing.
Show = Callable[["Actor", "Dossier"], "Mapping[str, object] | None"]


@dataclass(frozen=True, slots=True)
class OwnPanel:
    """A part of the page of a citizen's own dossier. template: gets what `show` gives as `panel`; few queries."""

    code: str
    template: str
    show: Show


_panels: dict[str, OwnPanel] = {}


def register_panel(panel: OwnPanel) -> None:
    """Called from `apps.py`; a code registered again takes the place of the first."""
    _panels[panel.code] = panel


def list_panels(actor: Actor, dossier: Dossier) -> list[tuple[str, Mapping[str, object]]]:
    """Template and context of each panel that has something to show, in the order of registration."""
    shown = ((it.template, it.show(actor, dossier)) for it in _panels.values())
    return [(template, context) for template, context in shown if context is not None]
