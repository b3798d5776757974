"""What all tests share: the embedded server is up, and tests act as the role that cannot change the journal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.utils import translation

from motcua.config.environment import environment
from motcua.foundation.postgres import server

if TYPE_CHECKING:
    from django.test import Client

    from motcua.casework.dossiers.tests.factories import World
    from motcua.foundation.kernel.actors import Actor

ROOT = Path(__file__).resolve().parent

# What takes minutes and cannot be divided comes first, the longest before the others; then all else fills both workers.
LONGEST = ("running", "pages", "bench", "chaos", "races", "permissions", "ceilings")


@cache
def _group(file: str) -> str:
    """The xdist_group that the tests of a file are marked with, "" without one.

    Read from the file, as pytest-xdist silently ignores the mark with pytest 9.2 (pytest-xdist issue 1386).
    """
    found = re.search(r'xdist_group\("(\w+)"\)', (ROOT / file).read_text(encoding="utf-8"))
    return found[1] if found else ""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadgroup`, what tests of a group share is set up once, by the one worker that has them all."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class Scheduling(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid.partition("::")[0]) or super()._split_scope(nodeid)

    # Else groups come by how many tests they have.
    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers begin with what takes longest."""
    if hasattr(config, "workerinput"):
        ranks = {name: at for at, name in enumerate(LONGEST)}
        items.sort(key=lambda item: ranks.get(_group(item.nodeid.partition("::")[0]), len(ranks)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the database before Django makes its test database."""
    if not environment.database_url:
        server.ensure_running(environment.var)


@pytest.fixture(autouse=True)
def _source_language() -> Any:
    """A request leaves its language behind in the thread; the next test starts in the source language."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _no_setting_chosen() -> Iterator[None]:
    """Nobody has chosen anything until a test does, and looking that up costs no query."""
    from motcua.foundation.installation import selectors

    selectors.assume({})
    yield
    selectors.assume({})


def _step_down(connection: Any, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.APP_DATABASE_ROLE}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Any:
    """After the tables are made by their owner, every connection acts as the application's role."""
    with django_db_blocker.unblock():
        connections["default"].close()
        connection_created.connect(_step_down)
        yield
        connection_created.disconnect(_step_down)
        connections["default"].close()


@pytest.fixture(scope="session")
def world(django_db_setup: None, django_db_blocker: Any) -> World:
    """The pack, two communes with their officers and certificates, two citizens; stays in the test database."""
    from motcua.casework.dossiers.tests.factories import OPENED, World
    from motcua.config.demo.world import COMMUNES, build_world
    from motcua.registry.organisations.selectors import find_agency_of_place
    from motcua.registry.organisations.tests.factories import desk_of, overseer
    from motcua.registry.people.tests.factories import citizen
    from motcua.registry.places.tests.factories import SAMPLE

    # pytest-django makes the test database only when a test asks for `db`; else this would be the real one.
    if not connections["default"].settings_dict["NAME"].startswith("test_"):
        raise RuntimeError("There is no test database: one of the tests must use `db`.")
    with django_db_blocker.unblock(), transaction.atomic():
        # Not the wheel's 148 communes: two are enough here, and the tests do not need the wheel.
        with mock.patch("motcua.registry.places.services.read_wheel", return_value=SAMPLE):
            build_world(at=OPENED)
        desk, other = (desk_of(find_agency_of_place(code, at=OPENED.date())) for code in COMMUNES)
        return World(
            desk=desk,
            other_desk=other,
            mother=citizen(at=OPENED),
            neighbour=citizen(at=OPENED, personal_number="025188002233", full_name="Đinh Văn Láng Giềng"),
            auditor=overseer("auditor"),
            operator=overseer("operator"),
            administrator=overseer("administrator"),
            support=overseer("support"),
            data_protection=overseer("data_protection"),
            catalogue=overseer("catalogue"),
        )


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For what a module's tests set up once and only read: taken back when the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def shared_database(world: World, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the test database for tests of several connections: what they commit is there for all, and gone
    with the copy. Emptying the tables instead is what the journal refuses. A module that uses it names it `db`.
    """
    connection = connections["default"]
    name, copy = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_shared"

    def as_owner(*statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in ("RESET ROLE", *statements):
                cursor.execute(statement)

    with django_db_blocker.unblock():
        connection.close()
        as_owner(f'DROP DATABASE IF EXISTS "{copy}"', f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            # FORCE would fail over an autovacuum worker, which is the superuser's; a plain DROP ends that itself.
            own = f"datname = '{copy}' AND backend_type = 'client backend'"
            as_owner(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {own}")  # noqa: S608
            as_owner(f'DROP DATABASE "{copy}"')


@pytest.fixture
def browse(db: None) -> Callable[[Actor | None], Client]:
    """A browser in which somebody has signed in, or nobody."""
    from django.test import Client

    from motcua.registry.access.models import Account

    def open_browser(actor: Actor | None = None) -> Client:
        client = Client()
        if actor:
            account = Account.objects.get(pk=actor.account_id)
            client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser
