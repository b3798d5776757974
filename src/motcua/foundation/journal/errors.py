"""What the journal cannot do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class UnknownConsumer(DomainError):
    code = "unknown_consumer"
    message = _("Nothing named %(name)s follows the journal.")
    status = 404


class NoSuchDeadLetter(DomainError):
    code = "no_such_dead_letter"
    message = _("There is no open dead letter with the number %(number)s.")
    status = 404


class EntryLost(DomainError):
    code = "entry_lost"
    message = _("The entry of dead letter %(number)s is no longer in the journal. Verify the journal.")


class PositionAhead(DomainError):
    """A replay goes back: ahead of where the consumer is lie entries it would never be handed."""

    code = "position_ahead"
    message = _("%(name)s has come to position %(position)s only: it cannot follow again from a later one.")
    status = 422


class NotSealed(DomainError):
    code = "not_sealed"
    message = _("The journal has no sealed entry with this identifier.")
    status = 404


class CannotExtract(DomainError):
    """`code` stays the same; the message says why."""

    code = "cannot_extract"


class NoReason(CannotExtract):
    message = _("An extract from the journal needs a reason.")
    status = 422


class NoExtractMaker(CannotExtract):
    message = _("This installation has nothing that could make and sign an extract.")


class TooManyEntries(CannotExtract):
    message = _("More than %(limit)s entries match. Narrow the extract, for instance to a shorter period.")
    status = 422
