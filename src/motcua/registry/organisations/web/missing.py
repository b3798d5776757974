"""What an officer who was entered still needs before they can work, and where it is given."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.foundation.ui.templatetags.ui import viet_datetime
from motcua.registry.access.models import Account
from motcua.registry.access.selectors import find_open_invitation, has_role


def still_missing(account: Account, *, at: datetime) -> list[dict[str, str]]:
    """Items for components/call_out; [] when nothing is missing, or the account is closed. Two queries at most."""
    if not account.is_active:
        return []
    url, items = reverse("console:account", args=[account.pk]), []
    if not has_role(account, on=timezone.localdate(at)):
        items.append(
            {
                "title": _("A role"),
                "note": _("Without one the account opens nothing."),
                "url": reverse("console:grant", args=[account.pk]),
                "url_text": _("Grant a role"),
            }
        )
    if not account.has_usable_password():
        open_one = find_open_invitation(account, at=at)
        title, note = _("An invitation"), _("Without one the officer cannot choose a password.")
        if open_one:
            title = _("An answer to the invitation")
            note = _("It is open until %(when)s.") % {"when": viet_datetime(open_one.expires_at)}
        items.append({"title": title, "note": note, "url": url, "url_text": _("Account and roles")})
    return items
