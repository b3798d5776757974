"""The first sign-in of somebody who was invited: they choose their password, by a link that works once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class ChosenPasswordForm(SetPasswordForm):
    """In our own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 12 characters. Several words are easier to keep in mind."
        )
        self.fields["new_password2"].label = _("The same password again")


@method_decorator(login_not_required, name="dispatch")
class Invitation(PasswordResetConfirmView):
    """Django's own: the token leaves the address at once, ends with its first use and after three days."""

    form_class = ChosenPasswordForm
    template_name = "console/invitation.html"
    reset_url_token = "choose"  # noqa: S105
    success_url = reverse_lazy("console:sign-in")
