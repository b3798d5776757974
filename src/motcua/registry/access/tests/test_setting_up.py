"""What the checklist says of administrators and their second factors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from motcua.foundation.installation.contributions import State
from motcua.foundation.installation.selectors import checklist
from motcua.registry.access.models import Account, RoleGrant

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_else(world):
    RoleGrant.objects.all().delete()


def holder(name, role="administrator", path="/", **period):
    account = Account.objects.create(kind=Account.Kind.OFFICER, username=name)
    RoleGrant.objects.create(account=account, role_id=role, agency_path=path, **period)
    return account


def enrol(account):
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})


def standing(key):
    return next(standing for it, standing in checklist(AT) if it.key == key)


def test_a_second_administrator_is_asked_for_and_one_whose_role_ended_does_not_count():
    holder("first")
    holder("former", valid_to=timezone.localdate(AT))
    assert standing("administrators").state == State.MISSING
    holder("second", valid_to=timezone.localdate(AT) + timedelta(days=1))
    assert standing("administrators").state == State.DONE


def test_an_administrator_without_a_second_factor_is_missing_others_are_a_warning():
    administrator = holder("first")
    enrol(holder("second"))
    assert standing("second-factors").state == State.MISSING
    assert "1 of them administer" in str(standing("second-factors").why)
    enrol(administrator)
    assert standing("second-factors").state == State.DONE
    desk = holder("desk", "reception", "/H44/H44.04894/")
    assert standing("second-factors").state == State.WARNING
    Account.objects.filter(pk=desk.pk).update(is_active=False)
    assert standing("second-factors").state == State.DONE
