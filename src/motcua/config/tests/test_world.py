"""`motcua world` on a database that holds something already."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from motcua.config.management.commands import world as command
from motcua.registry.access.models import Account


@pytest.fixture
def built(db, settings, monkeypatch):
    """What was built, in place of building it; the database has no kind, as before there were any."""
    settings.DEMO = True
    done = []
    monkeypatch.setattr(command, "kind", lambda: "")
    monkeypatch.setattr(command, "build_world", lambda at: done.append(at) or {})
    monkeypatch.setattr(command, "enter_province_leader", lambda at: None)
    monkeypatch.setattr(command, "enter_pictures", lambda at: None)
    return done


def test_a_demonstration_of_an_earlier_version_goes_on(built, world):
    # Its mother and neighbour signed in: accounts that are nobody's officer.
    call_command("world")
    assert len(built) == 1


def test_made_up_officers_never_come_among_real_ones(built):
    Account.objects.create(username="an.real", kind=Account.Kind.OFFICER)
    with pytest.raises(CommandError, match="not mixed in"):
        call_command("world")
    assert built == []
