"""The demonstration: one-click sign-in for officers, made-up people, a banner on every page."""

from .base import *  # noqa: F403

DEMO = True
PLACE_NAME = PLACE_NAME or "Tỉnh Phú Thọ"  # noqa: F405
if not environment.smtp_url:  # noqa: F405
    # Every e-mail becomes a file that one can look at.
    EMAIL_READY = True
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "demo" / "mail"  # noqa: F405
