from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import mask_number


class Person(models.Model):
    """A natural person, as the eID last described them.

    The number is personal data: shown masked, never in a URL, log or file name.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="person"
    )
    personal_number = models.CharField(max_length=12, unique=True)
    full_name = models.CharField(max_length=300)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=[("male", "male"), ("female", "female")])
    ethnicity = models.CharField(max_length=50, blank=True)
    nationality = models.CharField(max_length=50, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    residence = models.CharField(max_length=500, blank=True)
    residence_place_code = models.CharField(max_length=5, blank=True)
    assurance_level = models.PositiveSmallIntegerField()
    verified_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal_number__regex=r"^\d{12}$"), name="personal_number_form"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.id}"

    @property
    def masked_number(self) -> str:
        return mask_number(self.personal_number)
