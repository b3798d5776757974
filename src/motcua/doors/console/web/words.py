"""Codes of messages in words."""

from django.utils.translation import gettext_lazy as _

# State -> (words, state of the design system).
STATES = {
    "queued": (_("waits"), "open"),
    "sending": (_("is being sent"), "open"),
    "sent": (_("sent"), "open"),
    "delivered": (_("arrived"), "done"),
    "failed": (_("failed"), "overdue"),
    "cancelled": (_("cancelled"), "stopped"),
    "expired": (_("too late to send"), "stopped"),
}
CHANNELS = {"email": _("E-mail"), "sms": _("SMS"), "in_app": _("On this site")}
ERRORS = {
    "": "",
    "bad_address": _("Nobody can be reached at this address."),
    "address_refused": _("The mail relay refuses the address."),
    "content_refused": _("The mail relay refuses the words."),
    "relay_refuses_us": _("The mail relay does not let us in."),
    "relay_unreachable": _("The mail relay does not answer."),
    "bad_header": _("The subject or address cannot be sent."),
    "bad_number": _("The SMS gate does not know the number."),
    "gate_refused": _("The SMS gate refuses the message."),
    "gate_refuses_us": _("The SMS gate does not let us in."),
    "gate_unavailable": _("The SMS gate is not available."),
    "gate_unreachable": _("The SMS gate does not answer."),
    "bad_answer": _("The SMS gate's answer cannot be read."),
    "not_delivered": _("The SMS did not arrive."),
    "unexpected": _("An error of this program; the log says more."),
}
