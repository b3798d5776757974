"""The ten statuses in words. Source of the codes: the national portal's interface (vietnam.md 1.1)."""

from django.utils.translation import gettext_lazy

# Status -> (words for people, state of the design system).
STATUSES = {
    1: (gettext_lazy("Submitted, waiting for acceptance"), "open"),
    2: (gettext_lazy("Accepted"), "open"),
    3: (gettext_lazy("Refused at reception"), "overdue"),
    4: (gettext_lazy("In process"), "open"),
    5: (gettext_lazy("Supplement requested"), "stopped"),
    6: (gettext_lazy("Payment requested"), "stopped"),
    7: (gettext_lazy("Withdrawn"), "stopped"),
    8: (gettext_lazy("Stopped"), "stopped"),
    9: (gettext_lazy("Result available"), "done"),
    10: (gettext_lazy("Result returned"), "done"),
}
