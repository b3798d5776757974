"""What must be there before going live: something to apply for."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import Requirement, Standing, State, register_requirement
from motcua.registry.catalogue.models import ProcedureVersion


def register() -> None:
    register_requirement(Requirement("procedures", _("Procedures"), _procedures, order=23))


def _procedures(at: datetime) -> Standing:
    count = ProcedureVersion.objects.filter(valid_to=None).count()
    if not count:
        return Standing(State.MISSING, _("None is published: there is nothing to apply for."))
    return Standing(
        State.DONE, format_lazy(_("{count} are published."), count=count), url_name="catalogue:search"
    )
