"""Officers who sign in as they do in a real installation: password and second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import datetime

from django.test import Client

from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.services.accounts import invite

PASSWORD = "bốn từ dễ nhớ ở đây"


def totp(secret: str, *, at: float | None = None) -> str:
    """The code an app shows. Source: RFC 6238 over RFC 4226, SHA-1, six digits, 30 s."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret.replace(" ", "")), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def account_of(actor: Actor) -> Account:
    return Account.objects.get(pk=actor.account_id)


def give_password(actor: Actor, password: str = PASSWORD) -> Account:
    account = account_of(actor)
    account.set_password(password)
    account.save()
    return account


def secret_on(page: str) -> str:
    return re.search(r'<code class="figures">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")


def join(client: Client, actor: Actor, *, at: datetime) -> str:
    """The officer comes in by an invitation and enrols an app; gives the secret the app keeps."""
    code = invite(actor=SYSTEM, account_id=actor.account_id, at=at)
    client.post("/desk/join/", {"code": code})
    client.post("/desk/join/password/", {"password": PASSWORD, "again": PASSWORD})
    secret = secret_on(client.get("/desk/account/second-factor/app/").content.decode())
    client.post("/desk/account/second-factor/app/", {"code": totp(secret)})
    return secret


def give_name_and_password(client: Client, account: Account, password: str = PASSWORD):
    return client.post("/desk/sign-in/", {"login": account.username, "password": password})


def actor_of(account: Account) -> Actor:
    return identify(account).actor


def now_has(actor: Actor, role: str, path: str) -> Actor:
    """The officer with nothing but this role."""
    account = account_of(actor)
    RoleGrant.objects.filter(account=account).delete()
    RoleGrant.objects.create(account=account, role_id=role, agency_path=path)
    return actor_of(account)
