"""What the dossiers room adds to the menus of portal and desk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.policies import ANSWERING
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.selectors import CASE_RIGHTS

_LEADER = ("leader",)


class _Work(NamedTuple):
    """For who holds one of the rights; `whole`: at an agency, not for some procedures only."""

    order: int
    label: Promise
    name: str
    rights: Collection[str]
    whole: bool = False
    below: tuple[str, ...] | None = None


_WORK = (
    # The whole desk lies below its own address. Auditors and operators handle no dossiers.
    _Work(10, _("My tasks"), "inbox", CASE_RIGHTS, below=("/desk/dossiers/",)),
    _Work(12, _("Take in"), "console:intake", ("reception",), whole=True),
    _Work(15, _("Opinions asked of us"), "asked", ANSWERING),
    _Work(20, _("To sign"), "signing", _LEADER),
    _Work(25, _("Results to return"), "uncollected", CASE_RIGHTS, whole=True),
    _Work(30, _("Hand-over slips"), "hand-over", CASE_RIGHTS, whole=True),
    _Work(35, _("Register"), "register", CASE_RIGHTS, whole=True),
    _Work(36, _("Move tasks"), "reassign", _LEADER, whole=True),
    _Work(38, _("Deadlines"), "deadlines", _LEADER),
)


def register() -> None:
    register_menu(MenuEntry(area="portal", label=_("My dossiers"), url_name="dossiers:list", order=20))
    for it in _WORK:
        register_menu(
            MenuEntry(
                area="desk",
                label=it.label,
                url_name=it.name if ":" in it.name else f"desk:{it.name}",
                order=it.order,
                group=_("Work"),
                below=it.below,
                shows=_shown_for(it),
            )
        )


def _shown_for(work: _Work) -> Callable[[HttpRequest], bool]:
    def shows(request: HttpRequest) -> bool:
        actor = request.actor  # type: ignore[attr-defined]
        return bool(actor.scopes(*work.rights) if work.whole else actor.rights & set(work.rights))

    return shows
