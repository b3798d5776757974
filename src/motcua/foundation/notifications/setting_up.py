"""What this room lets an administrator set, what can be tried, what must be there before going live."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import (
    Declaration,
    Group,
    Requirement,
    Standing,
    State,
    Trial,
    register_group,
    register_requirement,
    register_setting,
    register_trial,
)
from motcua.foundation.installation.errors import BadValue, TrialFailed
from motcua.foundation.installation.selectors import get, has_worked
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.adapters.sms import JsonSmsGate
from motcua.foundation.notifications.channels import email_ready, mail_connection, sender, sms_address
from motcua.foundation.notifications.errors import SendingFailed
from motcua.foundation.notifications.rules.addresses import normal_phone

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]|::1")
_SMTP, _SMS = "MOTCUA_SMTP_URL", "MOTCUA_SMS_URL"


def register() -> None:
    register_group(Group("mail", _("E-mail"), _("The relay that takes messages to people."), order=40))
    register_group(Group("sms", _("SMS"), _("The gate that takes short messages to telephones."), order=45))
    register_setting(*_mail(), *_sms())
    register_trial(Trial("mail", "mail", _("Send a test message"), _try_mail, _("Your e-mail address")))
    register_trial(Trial("sms", "sms", _("Send a test message"), _try_sms, _("Your mobile number")))
    register_requirement(
        Requirement("mail", _("E-mail"), lambda at: _stands("mail", email_ready()), order=40),
        Requirement("sms", _("SMS"), lambda at: _stands("sms", bool(sms_address().url)), order=41),
    )


def _mail() -> list[Declaration]:
    securities = (("starttls", _("Encrypted after STARTTLS")), ("tls", _("Encrypted from the start")),
                  ("none", _("Not encrypted (only within this machine or its network)")))  # fmt: skip
    return [
        Declaration(
            "mail.host", "text", _("Name of the relay"), _("Such as smtp.example.vn."),
            lambda: settings.EMAIL_HOST if settings.EMAIL_READY else "", _host, env=_SMTP,
        ),
        Declaration(
            "mail.port", "int", _("Port"), _("Left empty: 587, 465 or 25, by the encryption."),
            lambda: (settings.EMAIL_PORT or None) if settings.EMAIL_READY else None, env=_SMTP, bounds=(1, 65535),
        ),
        Declaration(
            "mail.security", "choice", _("Encryption"), "", _security, env=_SMTP, choices=securities,
        ),
        Declaration("mail.user", "text", _("User name"), "", lambda: settings.EMAIL_HOST_USER, env=_SMTP),
        Declaration("mail.password", "secret", _("Password"), "", lambda: settings.EMAIL_HOST_PASSWORD, env=_SMTP),
        Declaration(
            "mail.sender", "email", _("Address of the sender"), _("Left empty: no-reply at this installation."),
            "", env=_SMTP,
        ),
    ]  # fmt: skip


def _security() -> str:
    if not settings.EMAIL_READY:
        return "starttls"
    return "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"


def _sms() -> list[Declaration]:
    return [
        Declaration(
            "sms.url", "url", _("Address of the gate"), _("Its contract stands in the API's documentation."),
            lambda: settings.SMS_URL, env=_SMS,
        ),
        Declaration("sms.token", "secret", _("Token"), "", lambda: settings.SMS_TOKEN, env="MOTCUA_SMS_TOKEN"),
        Declaration(
            "sms.report_secret", "secret", _("Secret of its reports"),
            _("The gate signs with it what it reports about delivery."),
            lambda: settings.SMS_REPORT_SECRET, env="MOTCUA_SMS_REPORT_SECRET",
        ),
    ]  # fmt: skip


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise BadValue(_("Enter the name of a machine alone, such as smtp.example.vn."))
    return value


def _try_mail(to: str) -> str:
    if "@" not in to or not to.isprintable():
        raise TrialFailed(_("Enter the e-mail address that the test message goes to."))
    if not email_ready():
        raise TrialFailed(_("No relay is set up."))
    subject = _now("Test message of %(name)s") % {"name": get("site.name")}
    body = _now("This installation can send e-mail. Nothing needs to be done.")
    try:
        EmailMessage(subject, body, sender(), [to], connection=mail_connection()).send()
    except (OSError, ValueError) as error:
        # smtplib's errors are OSErrors; what the relay said is not repeated.
        reason = _(
            "The relay did not take the message (%(kind)s). Compare name, port, encryption and password."
        )
        raise TrialFailed(reason % {"kind": type(error).__name__}) from error
    return _now("The relay took the message. See whether it arrives.")


def _try_sms(to: str) -> str:
    number, gate = normal_phone(to), sms_address()
    if not number:
        raise TrialFailed(_("Enter the mobile number that the test message goes to, such as 0912 345 678."))
    if not gate.url:
        raise TrialFailed(_("No gate is set up."))
    try:
        JsonSmsGate(gate.url, gate.token).send(
            number, "Tin nhan thu nghiem. Test message.", f"test-{new_id()}"
        )
    except SendingFailed as error:
        raise TrialFailed(
            _("The gate did not take the message (%(code)s).") % {"code": error.code}
        ) from error
    return _now("The gate took the message. See whether it arrives.")


def _stands(group: str, is_set_up: bool) -> Standing:
    if not is_set_up:
        return Standing(State.WARNING, _("Not set up: people find messages on the site only."), group)
    if run := has_worked(group):
        return Standing(State.DONE, format_lazy(_("Tried on {day}."), day=f"{run.at:%d/%m/%Y}"), group)
    return Standing(State.MISSING, _("Set up, and not yet tried successfully as it stands."), group)
