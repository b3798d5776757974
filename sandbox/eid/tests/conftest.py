import pytest

from sandbox.eid.keys import signing_key
from sandbox.eid.provider import Provider
from sandbox.eid.store import Client
from sandbox.eid.tests.relying_party import CALLBACK, SECRET, RelyingParty
from sandbox.eid.web import create_app


@pytest.fixture(scope="session")
def key():
    return signing_key(None)


@pytest.fixture
def app(key):
    client = Client("motcua", SECRET, (CALLBACK, "http://localhost:8000/other/"))
    return create_app(Provider("http://127.0.0.1:8101", client, key))


@pytest.fixture
def browser(app):
    return app.test_client()


@pytest.fixture
def party(browser):
    return RelyingParty(browser)
