"""What django-allauth asks of us about second factors: our names, and secrets encrypted where they lie."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.selectors import get


def _cipher() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"motcua second factors").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


class SecondFactorAdapter(DefaultMFAAdapter):
    # In our own words: django-allauth has none in Vietnamese.
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return str(get("site.place_name") or get("site.name"))

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)
