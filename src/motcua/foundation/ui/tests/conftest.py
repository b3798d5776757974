import pytest

from motcua.foundation.ui import contributions


@pytest.fixture(autouse=True)
def own_addresses(settings, monkeypatch):
    """The room alone: its own addresses, and none of the menu entries that higher rooms registered."""
    settings.ROOT_URLCONF = "motcua.foundation.ui.tests.urls"
    settings.LOGIN_URL = "/sign-in/"
    monkeypatch.setattr(contributions, "_entries", [])
