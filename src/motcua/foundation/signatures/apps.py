"""The room's place among Django's apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    name = "motcua.foundation.signatures"
    label = "foundation_signatures"
    verbose_name = _("Signatures")
