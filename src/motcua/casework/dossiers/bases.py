"""What several tables of the room have in common: an owner, and where a paper comes from."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from motcua.casework.warehouse.models import Origin as Issued
from motcua.casework.warehouse.rules.digitisation import Digitisation, state_of


class Owned(models.Model):
    """In whose name something is: a person, mostly the applicant, or an organisation. One of both, never none."""

    # Their indexes begin with them.
    owner_person = models.ForeignKey(
        "registry_people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner_organisation = models.ForeignKey(
        "registry_people.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner_person=None, owner_organisation__isnull=False)
                | models.Q(owner_person__isnull=False, owner_organisation=None),
                name="%(class)s_has_one_owner",
            )
        ]

    @property
    def owner_id(self) -> UUID:
        """The person's or the organisation's id."""
        owner = self.owner_person_id or self.owner_organisation_id
        if owner is None:
            raise ValueError("the database keeps nothing without an owner")
        return owner


class Brought(models.Model):
    """That an officer fills something in, or took it in, at a counter; and who brought it, if not the person themself.

    `brought`: by which right, {"as": kind of helper, "basis": words of the paper, "mandate": id}; empty where nobody
    else came.
    """

    brought_by = models.ForeignKey(
        "registry_people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    brought = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(brought_by=None, brought={})
                | models.Q(brought_by__isnull=False, brought__has_key="as"),
                name="%(class)s_brought_by_right",
            )
        ]


class Origin(models.TextChoices):
    """Where a paper comes from. All but the first count as used again (vietnam.md 1.6, 5.3: DuocTaiSuDung)."""

    UPLOADED = "uploaded"
    WAREHOUSE = "warehouse"
    EARLIER_DOSSIER = "earlier_dossier"


def _origin_fits() -> models.Q:
    """A paper names the document or the earlier paper it comes from, and nothing where it was handed in."""
    return (
        models.Q(origin=Origin.UPLOADED, document=None, earlier=None)
        | models.Q(origin=Origin.WAREHOUSE, document__isnull=False, earlier=None)
        | models.Q(origin=Origin.EARLIER_DOSSIER, document=None, earlier__isnull=False)
    )


class Reusable(models.Model):
    """A paper that was handed in, or that the State has already."""

    origin = models.CharField(
        max_length=20, choices=Origin.choices, default=Origin.UPLOADED, db_default=Origin.UPLOADED
    )
    # Nobody looks for papers by these, so they have no index that every submission would pay for.
    document = models.ForeignKey(
        "casework_warehouse.Document", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The paper of an earlier dossier, as it was handed in there.
    earlier = models.ForeignKey(
        "casework_dossiers.Component", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=_origin_fits(), name="%(class)s_origin_fits")]

    @property
    def is_reused(self) -> bool:
        return self.origin != Origin.UPLOADED

    @property
    def reuse_state(self) -> Digitisation:
        """State of digitisation for the national portal (vietnam.md 1.6): 1 as it was handed in, 2 used again, 3 used
        again as the result of another dossier."""
        is_result = self.document is not None and self.document.origin == Issued.ISSUED
        return state_of(has_file=True, is_reused=self.is_reused, is_result=is_result)
