"""Names beside the ids of journal entries: officers in their posts, agencies, dossiers' codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.casework.dossiers.selectors import dossier_codes
from motcua.doors.console.words import object_words
from motcua.foundation.journal.models import Entry
from motcua.registry.access.clients.selectors import client_names
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import PostHolder, post_holders


@dataclass(frozen=True, slots=True)
class Names:
    """What some entries' ids are called. Citizens have no names here: lists are masked."""

    holders: dict[tuple[UUID, UUID], PostHolder]
    agencies: dict[UUID, str]
    dossiers: dict[UUID, str]
    clients: dict[UUID, str]

    def who(self, entry: Entry) -> tuple[str, str, str]:
        """Who acted, their title (a citizen's short id) and their unit; "" where there is none."""
        if entry.actor_kind == "officer":
            holder = self._holder(entry)
            return (holder.name, holder.title, holder.unit) if holder else (_("Officer"), "", "")
        if entry.actor_kind == "citizen":
            return _("Citizen"), short_id(entry.person_id), ""
        if entry.actor_kind == "client":
            return self.clients.get(entry.account_id, "") if entry.account_id else "", _("another system"), ""
        return (_("The system") if entry.actor_kind == "system" else _("Somebody not signed in")), "", ""

    def _holder(self, entry: Entry) -> PostHolder | None:
        if entry.post_id is None or entry.person_id is None:
            return None
        return self.holders.get((entry.post_id, entry.person_id))

    def agency(self, entry: Entry) -> str:
        return self.agencies.get(entry.agency_id, "") if entry.agency_id else ""

    def object(self, entry: Entry) -> tuple[str, str]:
        """The kind of the object in words, and its legal code or the end of its id."""
        named = self.dossiers.get(entry.object_id) or self.clients.get(entry.object_id)
        return object_words(entry.object_kind), named or short_id(entry.object_id)


def short_id(identifier: UUID | None) -> str:
    """The last eight digits: enough to tell rows apart; the first ones of a version 7 are its time."""
    return f"…{identifier.hex[-8:]}" if identifier else ""


def names_of(entries: Iterable[Entry]) -> Names:
    """Four queries at most, whatever the number of entries."""
    listed = list(entries)
    agencies = {it.agency_id for it in listed if it.agency_id}
    return Names(
        holders=post_holders({it.post_id for it in listed if it.post_id}),
        agencies=dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name")) if agencies else {},
        dossiers=dossier_codes({it.object_id for it in listed if it.object_kind == "dossier"}),
        clients=client_names(
            {it.account_id for it in listed if it.actor_kind == "client" and it.account_id}
            | {it.object_id for it in listed if it.object_kind == "client"}
        ),
    )
