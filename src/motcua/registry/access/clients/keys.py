"""Keys that ID tokens are signed with: RSA, encrypted in the database, rotated without a gap."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from allauth.idp.oidc.models import PrivateKey
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.access.clients.models import SigningKey

_BITS = 2048
# Clients may hold the list of keys this long; a new key signs only when all have seen it.
_KNOWN_AFTER = timedelta(seconds=settings.IDP_OIDC_JWKS_CACHE_CONTROL)
# What the old key signed last must still be checked, by clocks that are not exact.
_CHECKED_FOR = timedelta(seconds=settings.IDP_OIDC_ID_TOKEN_EXPIRES_IN) + timedelta(hours=1)
_LOCK = 0x6D63_6B65_7973


def _box() -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"motcua oidc signing keys")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


def _make(*, at: datetime, not_before: datetime) -> SigningKey:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey.objects.create(sealed_pem=_box().encrypt(pem), issued_at=at, not_before=not_before)


@transaction.atomic
def rotate_keys(*, at: datetime) -> SigningKey:
    """Make a key that signs once all clients can know it; the one before stays published until its tokens ended.

    Keys whose time is over are deleted. Source: OpenID Connect Core 1.0, 10.1.1 (rotation of signing keys).
    """
    _lock()
    SigningKey.objects.filter(expires_at__lte=at).delete()
    before = SigningKey.objects.filter(expires_at=None).first()
    starts = at + _KNOWN_AFTER if before and _opened(before) else at
    if before:
        before.expires_at = starts + _CHECKED_FOR
        before.save(update_fields=["expires_at"])
    key = _make(at=at, not_before=starts)
    happening = Happening(
        kind="signing_key.rotated",
        object_kind="signing_key",
        object_id=key.id,
        facts={"signs_from": starts.isoformat()},
    )
    record(actor=SYSTEM, happening=happening, at=at)
    return key


def published_keys(*, at: datetime) -> list[PrivateKey]:
    """Keys that clients may meet, as allauth takes them; the first is made when there is none that can be used."""
    found = _published(at)
    if any(key.not_before and key.not_before <= at for key in found):
        return found
    with transaction.atomic():
        _lock()
        if not (found := _published(at)):
            rotate_keys(at=at)
    return found or _published(at)


def _published(at: datetime) -> list[PrivateKey]:
    keys = SigningKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=at)).order_by("issued_at", "id")
    opened = [(key, _opened(key)) for key in keys]
    return [
        PrivateKey(pem=pem, issued_at=key.issued_at, not_before=key.not_before, expires_at=key.expires_at)
        for key, pem in opened
        if pem
    ]


def _opened(key: SigningKey) -> str:
    """The key as PEM; "" when it was sealed under another SECRET_KEY."""
    try:
        return _box().decrypt(bytes(key.sealed_pem)).decode()
    except InvalidToken:
        return ""


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
