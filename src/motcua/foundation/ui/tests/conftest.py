import pytest


@pytest.fixture(autouse=True)
def own_addresses(settings):
    settings.ROOT_URLCONF = "motcua.foundation.ui.tests.urls"
    settings.LOGIN_URL = "/sign-in/"
