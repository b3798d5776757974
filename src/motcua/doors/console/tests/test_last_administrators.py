"""The last two administrators of everything, closed by each other at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.registry.access.contributions import identify
from motcua.registry.access.errors import LastAdministrator
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.services import accounts
from motcua.registry.access.services.approvals import approve

AT = MORNING + timedelta(hours=1)


@pytest.fixture
def db(shared_database: None) -> None:
    """Several connections: what they commit is there for all."""


def administrator(actor):
    account = Account.objects.get(pk=actor.account_id)
    RoleGrant.objects.filter(account=account).delete()
    RoleGrant.objects.create(account=account, role_id="administrator", agency_path="/")
    return identify(account).actor


def test_two_administrators_do_not_close_each_other_at_once(db, world):
    """Each approval counts the other one; the second must see what the first has done."""
    RoleGrant.objects.filter(role="administrator").delete()
    one, two, third = map(administrator, (world.administrator, world.operator, world.auditor))
    with time_machine.travel(AT, tick=False):
        waiting = {
            it.account_id: accounts.close_account(actor=third, account_id=it.account_id, reason="Nghỉ", at=AT)
            for it in (one, two)
        }
        Account.objects.filter(pk=third.account_id).update(is_active=False)
        both_locked, close = Barrier(2), accounts._close

        def close_late(*given):
            # While one holds the locks, the other waits for them: neither of the two may look too early.
            try:
                both_locked.wait(1)
            except Exception:
                both_locked.abort()
            close(*given)

        def run(pair):
            who, whom = pair
            try:
                approve(actor=who, proposal_id=waiting[whom.account_id].id, at=AT)
            except LastAdministrator:
                return "last"
            finally:
                connection.close()
            return "closed"

        with patch.object(accounts, "_close", close_late), ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(run, [(one, two), (two, one)])) == ["closed", "last"]
    assert Account.objects.filter(pk__in=[one.account_id, two.account_id], is_active=True).count() == 1
