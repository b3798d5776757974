"""Why a file was not taken, found or made. Each message says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class FileRefused(DomainError):
    """An upload cannot be kept. Base of the refusals, so that a form shows any of them beside its field."""

    code = "file_refused"
    status = 422


class EmptyFile(FileRefused):
    code = "file_empty"
    message = _("The file is empty. Open it to check that it has content, then choose it again.")


class FileTooLarge(FileRefused):
    """`limit` and `size` are MB (1,048,576 bytes), written as the reader's language writes numbers."""

    code = "file_too_large"
    message = _(
        "The file has %(size)s MB, and at most %(limit)s MB can be received. "
        "Scan it at a lower resolution or split it into several files, then choose it again."
    )


class FileTypeNotAllowed(FileRefused):
    """`found` completes "The file is ..."; `allowed` is a list of names of types."""

    code = "file_type_not_allowed"
    message = _(
        "The file is %(found)s. Only files of these types can be used: %(allowed)s. "
        "Save or scan it as one of them, then choose it again."
    )


class UnreadableFile(FileRefused):
    """`kind` is the name of the type that the file claims to be."""

    code = "file_unreadable"
    message = _(
        "The file looks like a %(kind)s file but cannot be opened: it is damaged or incomplete. "
        "Check that it opens on your device, or scan the paper again, then choose it again."
    )


class PasswordProtectedFile(UnreadableFile):
    code = "file_password_protected"
    message = _(
        "The %(kind)s file is protected by a password and cannot be opened. "
        "Save a copy without a password, then choose that copy."
    )


class PictureTooLarge(UnreadableFile):
    """`megapixels` is the size of the picture, `limit` the largest one that is opened."""

    code = "file_picture_too_large"
    message = _(
        "The picture has %(megapixels)s megapixels, and at most %(limit)s can be opened. "
        "Scan it at a lower resolution, then choose it again."
    )


class DamagedFile(DomainError):
    """A stored file is missing or is no longer what was stored. `file` is its id."""

    code = "file_damaged"
    message = _(
        "The stored file %(file)s is missing or damaged. An administrator must restore it from a backup."
    )
    status = 500


class CannotRender(DomainError):
    """A template failed. `template` is its file name, `reason` what typst said."""

    code = "cannot_render"
    message = _("The document could not be made from the template %(template)s: %(reason)s")
    status = 500
