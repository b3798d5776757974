"""One recovery code, used twice at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection
from django.test import Client
from django.utils import timezone

from motcua.registry.access.tests.factories import account_of, give_name_and_password, join


@pytest.fixture
def db(shared_database: None) -> None:
    """Several connections: what they commit is there for all."""


def test_of_two_who_use_a_recovery_code_at_once_one_gets_in(db, world):
    account = account_of(world.desk.reception)
    join(Client(), world.desk.reception, at=timezone.now())
    code = Authenticator.objects.get(user=account, type="recovery_codes").wrap().get_unused_codes()[0]
    browsers = [Client(), Client()]
    for browser in browsers:
        give_name_and_password(browser, account)
    compare, both_compare = RecoveryCodes.generate_codes, Barrier(2)

    def generate_codes(codes):
        # Without a lock both are here with the code unused; with it the other one waits for the row.
        with suppress(BrokenBarrierError):
            both_compare.wait(timeout=0.5)
        return compare(codes)

    def use(browser):
        try:
            return browser.post("/desk/sign-in/second-factor/", {"code": code}).status_code
        finally:
            connection.close()

    with patch.object(RecoveryCodes, "generate_codes", generate_codes), ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, browsers)) == [200, 302]
