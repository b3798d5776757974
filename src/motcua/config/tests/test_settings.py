"""Settings, health and the demonstration's switch."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper

from motcua.config.database_url import read_database_url
from motcua.config.environment import Environment, MissingSetting
from motcua.config.keeping.database import Place
from motcua.config.settings import base


def settings_with(monkeypatch, **values):
    monkeypatch.setattr(base, "environment", replace(Environment(), **values))
    return base.database


def test_a_database_url_replaces_the_embedded_server(monkeypatch):
    database = settings_with(monkeypatch, database_url="postgresql://app:p%40ss@db.example:5433/motcua")(
        "app"
    )
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "5433", "motcua")
    assert (database["USER"], database["PASSWORD"]) == ("app", "p@ss")


def test_what_stands_behind_the_question_mark_reaches_the_connection_and_pg_dump(monkeypatch):
    """Without it sslmode=verify-full would silently be no check at all."""
    url = "postgresql://app:p%40ss@[::1]:5433/mot%63ua?sslmode=verify-full&sslrootcert=/etc/ca%20x.pem&keepalives=1"
    database = settings_with(monkeypatch, database_url=url)("app")
    assert (database["HOST"], database["NAME"], database["PASSWORD"]) == ("::1", "motcua", "p@ss")
    assert (database["OPTIONS"]["sslmode"], database["OPTIONS"]["sslrootcert"]) == (
        "verify-full",
        "/etc/ca x.pem",
    )
    assert database["OPTIONS"]["server_side_binding"] is True
    wrapper = DatabaseWrapper({"TIME_ZONE": None, **database})
    assert wrapper.get_connection_params()["sslmode"] == "verify-full"

    found = read_database_url(url)
    place = Place(Path("/x"), found.host, found.port, found.name, found.user, found.password, found.options)
    assert (
        place.environment().items() >= {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/etc/ca x.pem"}.items()
    )
    asked = {}
    monkeypatch.setattr("psycopg.connect", lambda **given: asked.update(given))
    place.connect()
    assert (asked["sslmode"], asked["host"], asked["password"]) == ("verify-full", "::1", "p@ss")


@pytest.mark.parametrize(
    "url",
    ["mysql://app:s3cret@h/m", "postgresql://app:s3cret@h/m?sslmod=require", "postgresql://app:s3%cret@h"],
)
def test_a_database_url_that_cannot_be_read_is_refused_without_its_password(monkeypatch, url):
    with pytest.raises(MissingSetting) as refused:
        settings_with(monkeypatch, database_url=url)("app")
    assert "cret" not in str(refused.value)


def test_the_owner_has_a_url_of_its_own_and_else_the_same(monkeypatch):
    both = {"database_url": "postgresql://app@h/m", "owner_database_url": "postgresql://owner@h/m"}
    assert settings_with(monkeypatch, **both)("owner")["USER"] == "owner"
    assert settings_with(monkeypatch, database_url="postgresql://app@h/m")("owner")["USER"] == "app"


def test_without_a_url_the_socket_of_the_embedded_server_is_used(monkeypatch, tmp_path):
    database = settings_with(monkeypatch, database_url="", owner_database_url="")("app")
    assert database["HOST"].startswith("/") and database["USER"] == "motcua_app"


def test_a_missing_secret_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.delenv("MOTCUA_MAKE_SECRETS", raising=False)
    monkeypatch.delenv("MOTCUA_SECRET_KEY", raising=False)
    with pytest.raises(MissingSetting, match="MOTCUA_SECRET_KEY"):
        replace(Environment(), var=tmp_path).secret("secret_key")


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(monkeypatch, tmp_path):
    monkeypatch.setenv("MOTCUA_MAKE_SECRETS", "1")
    monkeypatch.delenv("MOTCUA_SECRET_KEY", raising=False)
    environment = replace(Environment(), var=tmp_path)
    assert environment.secret("secret_key") == environment.secret("secret_key")
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o077 == 0


def test_live_needs_no_database(client):
    assert client.get("/health/live").content == b"live\n"


@pytest.mark.django_db
def test_ready_asks_the_database(client, monkeypatch):
    assert client.get("/health/ready").status_code == 200

    def fail(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr("motcua.config.health.connection.cursor", fail)
    assert client.get("/health/ready").status_code == 503


@pytest.mark.django_db
def test_one_click_sign_in_does_not_exist_outside_the_demonstration(client, settings):
    assert settings.DEMO is False
    assert client.post("/desk/sign-in/demo/", {"username": "demo.chair.04894"}).status_code == 404
    assert b"demo." not in client.get("/desk/sign-in/").content


def test_commands_without_a_database_start_none(tmp_path):
    """`motcua verify` on an empty folder: no secret, no server, an honest exit status."""
    command = [sys.executable, "-m", "motcua.config.cli", "verify", "--json", str(tmp_path / "none.pdf")]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environ |= {"MOTCUA_VAR": str(tmp_path / "var"), "PYTHONPATH": os.pathsep.join(sys.path)}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert not (tmp_path / "var").exists()
