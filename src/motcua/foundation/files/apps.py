from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "motcua.foundation.files"
    label = "foundation_files"
    verbose_name = _("Files")

    def ready(self) -> None:
        from motcua.foundation.files.crest import declaration
        from motcua.foundation.installation.contributions import register_setting

        register_setting(declaration())
        checks.register(_scanner_is_set_up, checks.Tags.security, deploy=True)


def _scanner_is_set_up(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    from django.conf import settings

    if settings.CLAMD:
        return []
    return [
        checks.Warning(
            "Uploaded files are not scanned for viruses.",
            hint="Install clamav-daemon and set MOTCUA_CLAMD=unix:/run/clamav/clamd.ctl.",
            id="foundation_files.W001",
        )
    ]
