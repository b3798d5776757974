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


class ArchiveNotAllowed(FileTypeNotAllowed):
    code = "file_archive_not_allowed"
    message = _(
        "The file is %(found)s. Only files of these types can be used: %(allowed)s. "
        "Take the papers out of the archive and choose them one by one."
    )


class OfficeFileNotAllowed(FileTypeNotAllowed):
    code = "file_office_not_allowed"
    message = _(
        "The file is %(found)s. Only files of these types can be used: %(allowed)s. "
        "Open it, save it as a PDF, then choose the PDF."
    )


class ProgramNotAllowed(FileTypeNotAllowed):
    code = "file_program_not_allowed"
    message = _(
        "The file is %(found)s, and programs are never taken. Only files of these types can be used: "
        "%(allowed)s. Choose the paper itself."
    )


class AmbiguousFile(FileRefused):
    """`kind` is what it claims to be, `found` what else it is."""

    code = "file_ambiguous"
    message = _(
        "The %(kind)s file also contains %(found)s, so that different programs would show different things. "
        "Print it as a new PDF or take a photo of the paper, then choose that."
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


class EncryptedPdf(FileRefused):
    """It opens without a password, but its content is encrypted to forbid changing, copying or printing."""

    code = "file_encrypted"
    message = _(
        "The PDF opens without a password but is protected (encrypted), as many official papers are, so it cannot "
        "be checked and kept for years. Open it, print it as a new PDF or take a photo of the paper, then choose that."
    )


class PictureTooLarge(UnreadableFile):
    """`megapixels` is the size of the picture, `limit` the largest one that is opened."""

    code = "file_picture_too_large"
    message = _(
        "The picture has %(megapixels)s megapixels, and at most %(limit)s can be opened. "
        "Scan it at a lower resolution, then choose it again."
    )


class TooCostly(UnreadableFile):
    """Opening it would take more time or memory than one file may."""

    code = "file_too_costly"
    message = _(
        "The %(kind)s file is built so that opening it takes too long. "
        "Print it as a new PDF or scan the paper, then choose that file."
    )


class ActivePdf(FileRefused):
    """A PDF that does more than show pages. Base of the five below."""

    code = "file_pdf_active"


class PdfWithScript(ActivePdf):
    code = "file_pdf_script"
    message = _(
        "The PDF contains a program (JavaScript). Print it as a new PDF, which has none, then choose that file."
    )


class PdfWithAction(ActivePdf):
    """`action` is its name in the standard: Launch, SubmitForm, ImportData."""

    code = "file_pdf_action"
    message = _(
        "The PDF contains an order to start programs or to send data (%(action)s). "
        "Print it as a new PDF, which has none, then choose that file."
    )


class PdfWithAttachment(ActivePdf):
    code = "file_pdf_attachment"
    message = _(
        "The PDF has other files inside it. Save these on your device and choose them one by one, "
        "and print the PDF itself as a new PDF without them."
    )


class PdfWithXfa(ActivePdf):
    code = "file_pdf_xfa"
    message = _(
        "The PDF is a form of a kind (XFA) that most programs cannot show. "
        "Fill it in, print it as a new PDF, then choose that file."
    )


class PdfWithMedia(ActivePdf):
    code = "file_pdf_media"
    message = _("The PDF contains sound, film or 3D. Print it as a new PDF, then choose that file.")


class InfectedFile(FileRefused):
    """`signature` is the scanner's name for what it found."""

    code = "file_infected"
    message = _(
        "The virus scanner found “%(signature)s” in the file. It was not kept. "
        "Check your device with a virus scanner, then scan the paper again and choose the new file."
    )


class UnscannableFile(FileRefused):
    """The virus scanner is there and does not take the file to its end: it is over its limit of size."""

    code = "file_unscannable"
    message = _(
        "The virus scanner cannot check this file: it is too large for it. The file was not kept. "
        "Scan the paper at a lower resolution or split it into several files, then choose it again."
    )


class CannotScan(FileRefused):
    """The virus scanner does not answer, and nothing is taken unscanned."""

    code = "file_cannot_scan"
    message = _(
        "Files cannot be checked for viruses at the moment, so the file was not kept. "
        "What you typed is saved. Choose the file again in a few minutes."
    )
    status = 503


class QuarantinedFile(DomainError):
    """The virus scanner found something in it after it was stored."""

    code = "file_quarantined"
    message = _("The virus scanner found “%(signature)s” in this file, so it is locked and cannot be opened.")
    status = 409


class DisposedFile(DomainError):
    """The content was erased when the time for keeping it was over. `day`: when."""

    code = "file_disposed"
    message = _("This file was erased on %(day)s, when the time for keeping it was over.")
    status = 410


class ContentLocked(DomainError):
    """The object lock of the store forbids deleting the content before `until`."""

    code = "file_content_locked"
    message = _("The store keeps this content until %(until)s; it cannot be deleted before.")
    status = 409


class FileInUse(DomainError):
    """Something still refers to the file, or a legal hold lies on it. `file` is its id."""

    code = "file_in_use"
    message = _("The file %(file)s cannot be erased: it is in use, or a legal hold forbids it.")
    status = 409


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
