"""Why something with a ticket, a counter or an appointment could not be done."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class NobodyWaits(DomainError):
    code = "nobody_waits"
    message = _("Nobody waits whom this counter may call.")
    status = 409


class CounterTaken(DomainError):
    code = "counter_taken"
    message = _("Somebody else has opened counter %(number)s. Choose another one.")
    status = 409


class CounterBusy(DomainError):
    code = "counter_busy"
    message = _("Ticket %(label)s is still at this counter. Finish it first.")
    status = 409


class CounterNotReady(DomainError):
    code = "counter_not_ready"
    message = _("This counter is closed or paused. Open it first.")
    status = 409


class TicketMoved(DomainError):
    """Another act came first: a second window, the end of the day, the holder."""

    code = "ticket_moved"
    message = _("This ticket has moved since the page was shown. Nothing was changed.")
    status = 409


class CallAgain(DomainError):
    code = "call_again"
    message = _("Call the ticket %(calls)s times before it is set aside; it was called %(called)s times.")
    status = 409


class NoSuchService(DomainError):
    code = "no_such_service"
    message = _("This is not offered at the moment. Choose another service.")
    status = 422


class WrongKioskCode(DomainError):
    code = "wrong_kiosk_code"
    message = _("No kiosk has this code. Enter the code that the head of the office was shown.")
    status = 422


class NotCheckedIn(DomainError):
    """`why` says it in words."""

    code = "not_checked_in"
    message = _("%(why)s")
    status = 422


class SlotGone(DomainError):
    code = "slot_gone"
    message = _("This time is not free any more. Choose another one.")
    status = 409


class TooManyAppointments(DomainError):
    code = "too_many_appointments"
    message = _("You can have %(most)s appointments here at a time. Cancel or move one of them.")
    status = 409


class AppointmentChanged(DomainError):
    code = "appointment_changed"
    message = _("This appointment was changed, or is over. Nothing was done.")
    status = 409


class BadSetting(DomainError):
    """`field` says where, `words` what is wrong."""

    code = "bad_queue_setting"
    message = _("%(words)s")
    status = 422
