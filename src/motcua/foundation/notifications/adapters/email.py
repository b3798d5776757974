"""E-mail over SMTP. Signing by DKIM is left to the relay, which holds the domain's key."""

from __future__ import annotations

import smtplib
from email.utils import format_datetime, parseaddr

from django.core.mail import EmailMultiAlternatives

from motcua.foundation.installation.selectors import get
from motcua.foundation.notifications.channels import mail_connection, sender
from motcua.foundation.notifications.errors import SendingFailed
from motcua.foundation.notifications.models import SETTINGS_PATH, Message
from motcua.foundation.notifications.rendering import email_html


def build_email(message: Message) -> EmailMultiAlternatives:
    """Plain text and the same as HTML. The Message-ID is the same at every try.

    Source: RFC 5322, RFC 3834 (Auto-Submitted), RFC 2369 (List-Unsubscribe).
    """
    from_address = sender()
    domain = parseaddr(from_address)[1].rpartition("@")[2]
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        from_email=from_address,
        connection=mail_connection(),
        to=[message.address],
        headers={
            "Message-ID": f"<{message.key}@{domain}>",
            "Date": format_datetime(message.created_at),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{get('site.base_url')}{SETTINGS_PATH}>",
            "Content-Language": message.language,
        },
    )
    email.attach_alternative(email_html(message), "text/html")
    return email


def send_email(message: Message) -> str:
    """Hand a message to the relay, 20 s at most for each of its answers. Gives the Message-ID.

    Raises SendingFailed: permanent when the relay refuses this address or these words for good; a relay that does
    not let us in at all is a matter for the operator, so that is tried again.
    """
    email = build_email(message)
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()), (450, b""))[0]
        raise SendingFailed("address_refused", permanent=500 <= code < 600) from error
    except smtplib.SMTPDataError as error:
        raise SendingFailed("content_refused", permanent=500 <= error.smtp_code < 600) from error
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
        raise SendingFailed("relay_refuses_us", permanent=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendingFailed("relay_unreachable", permanent=False) from error
    except ValueError as error:  # BadHeaderError, and addresses no header can hold
        raise SendingFailed("bad_header", permanent=True) from error
    return email.extra_headers["Message-ID"]
