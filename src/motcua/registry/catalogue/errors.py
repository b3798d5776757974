"""Why something about the catalogue cannot be done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class NotAnnounced(DomainError):
    code = "version_not_announced"
    message = _("This version has begun or was taken back; only what is announced can be withdrawn.")
