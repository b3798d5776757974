"""The room's place among Django's apps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    name = "motcua.foundation.signatures"
    label = "foundation_signatures"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        from motcua.foundation.journal.contributions import set_head_sealer, set_time_stamper
        from motcua.foundation.signatures import setting_up
        from motcua.foundation.signatures.seals import seal_head
        from motcua.foundation.signatures.timestamps import time_stamper

        set_time_stamper(time_stamper)
        setting_up.register()
        set_head_sealer(seal_head)
