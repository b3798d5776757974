"""Why a scan was not made a searchable PDF. Each message says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class DigitisingFailed(DomainError):
    """Base of all; what was handed in stays as it is."""

    code = "not_digitised"
    status = 422
    message = _("The paper could not be read. Scan it again at 300 dpi, then digitise it once more.")


class NotDigitised(DigitisingFailed):
    """The program failed for a reason of its own."""


class NoReader(DigitisingFailed):
    """This machine lacks the program, or its Vietnamese."""

    code = "no_reader"
    status = 503
    message = _(
        "This installation cannot read scans: the program for it is not installed. The paper is kept as it "
        "was handed in, and everything else goes on. Whoever runs the installation can add the program."
    )


class UnreadableScan(DigitisingFailed):
    """`part`: which of the files, from 1."""

    code = "scan_unreadable"
    message = _(
        "File %(part)s is damaged or incomplete, as when a scanner was stopped. "
        "Scan the paper again, put the new file in its place, then digitise it once more."
    )


class LockedScan(DigitisingFailed):
    code = "scan_locked"
    message = _(
        "File %(part)s is protected by a password or encrypted. "
        "Scan the paper without protection, put the new file in its place, then digitise it once more."
    )


class SignedScan(DigitisingFailed):
    code = "scan_signed"
    message = _(
        "File %(part)s carries a digital signature: it is an electronic original, and digitising it would break "
        "the signature. Use it as it is."
    )


class TooManyPages(DigitisingFailed):
    """`count`: at least so many pages."""

    code = "scan_pages"
    message = _(
        "The paper has more than %(limit)s pages (%(count)s or more), which is too many for one go. "
        "Scan it in parts and hand in each part by itself."
    )


class TooDark(DigitisingFailed):
    code = "scan_dark"
    message = _(
        "Page %(page)s is too dark to be read. Photograph it in good light or scan it lighter, "
        "put the new file in its place, then digitise it once more."
    )


class EmptyScan(DigitisingFailed):
    code = "scan_empty"
    message = _(
        "There is nothing on the paper: it may lie in the scanner with its face up. "
        "Turn it over, scan it again, put the new file in its place, then digitise it once more."
    )


class TooSlow(DigitisingFailed):
    code = "scan_slow"
    message = _(
        "Reading the paper took too long and was given up. "
        "Scan it at 300 dpi, put the new file in its place, then digitise it once more."
    )


FAILURES: dict[str, type[DigitisingFailed]] = {
    error.code: error
    for error in (
        NotDigitised,
        NoReader,
        UnreadableScan,
        LockedScan,
        SignedScan,
        TooManyPages,
        TooDark,
        EmptyScan,
        TooSlow,
    )
}
