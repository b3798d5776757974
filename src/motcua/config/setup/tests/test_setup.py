"""Setting up from a file: read whole, refused whole, and a second run changes only what differs."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from motcua.config.setup import acts
from motcua.config.setup.answers import Answers, BadAnswers, Person, Province, read_answers
from motcua.config.setup.asking import ask_everything
from motcua.foundation.installation.errors import OtherKind
from motcua.foundation.installation.models import Installation, Setting
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.models import Entry
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency
from motcua.registry.places.services import load_places
from motcua.registry.places.tests.factories import NationData

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
EXAMPLE = Path(django_settings.REPOSITORY_DIR) / "docs" / "setup-example.yaml"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "setup.yaml"
    path.write_text(text, "utf-8")
    return path


# Reading the file.


def test_the_documented_example_can_be_used(tmp_path, monkeypatch):
    monkeypatch.setenv("EID_CLIENT_SECRET", "secret")
    for name in ("mail-password", "sms-token", "sms-report-secret"):
        (tmp_path / name).write_text("secret\n")
    answers = read_answers(written(tmp_path, EXAMPLE.read_text("utf-8")))
    assert answers.settings["mail"]["mail.password"] == "secret"
    assert answers.settings["eid"]["eid.client_secret"] == "secret"
    assert answers.administrators[0].username == "admin"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mial: {host: x}", "“mial” is not known. Did you mean “mail”?"),
        ("site: {hotlin: '1022'}", "Did you mean “hotline”?"),
        ("administrators: [{user: a}]", "Did you mean “username”?"),
        ("administrators: [{username: a}]", "full_name"),
        ("administrators: {username: a}", "a list is expected"),
        ("site: [1]", "names with values are expected"),
        ("site: {base_url: 'http://motcua.example.vn'}", "begins with https"),
        ("theme: {main: '#22aa55'}", "Enter a darker colour"),
        ("eid: {client_secret: {env: NO_SUCH_VARIABLE}}", "NO_SUCH_VARIABLE is not set"),
        ("eid: {client_secret: {file: nowhere}}", "nowhere cannot be read"),
        ("certificates: {authorities: [{file: a, source: b, valid_from: soon}]}", "a date such as"),
        ("a: [", "is not YAML"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(tmp_path, text, said):
    with pytest.raises(BadAnswers, match=said.replace("?", r"\?")):
        read_answers(written(tmp_path, text))


# Doing it.


@pytest.fixture
def places(db):
    """A made-up province of two communes, as the wheel would tell it."""
    new = {("99",): "Tỉnh Thử", ("99", "99001"): "Xã Một", ("99", "99002"): "Xã Hai"}
    nation = NationData(source="sample", new=new, old={}, successions={})
    with mock.patch("motcua.registry.places.services.read_wheel", return_value=nation):
        load_places(at=AT)
        yield


ANSWERS = Answers(
    province=Province("Z99", "Tỉnh Thử", "99"),
    settings={"site": {"site.hotline": "1900 1234", "site.base_url": "https://motcua.example.vn"}},
    administrators=(Person("admin", "Nguyễn Văn Quản", "Quản trị hệ thống"),),
    officers=(Person("desk.99001", "Lê Thị Nhận", "Công chức", agency="99001", role="reception"),),
)


@pytest.fixture
def empty(db):
    """The test database holds the demonstration's world for other tests; here it was never set up."""
    Installation.objects.update(kind="")


def test_sets_up_once_and_changes_nothing_the_second_time(empty, places):
    done = acts.set_up(ANSWERS, at=AT, dry_run=False)
    assert set(done.invitations) == {"admin", "desk.99001"}
    assert Agency.objects.filter(path__startswith="/Z99/").count() == 3
    assert get("site.hotline") == "1900 1234"
    entries = Entry.objects.count()
    again = acts.set_up(ANSWERS, at=AT, dry_run=False)
    assert again.changes == [] and again.invitations == {}
    assert Entry.objects.count() == entries


def test_a_second_run_changes_only_what_differs(empty, places):
    acts.set_up(ANSWERS, at=AT, dry_run=False)
    changed = replace(ANSWERS, settings={"site": {"site.hotline": "1900 5678"}})
    assert acts.set_up(changed, at=AT, dry_run=False).changes == ["site.hotline is set."]
    assert get("site.base_url") == "https://motcua.example.vn"


def test_a_dry_run_says_the_same_and_leaves_everything(empty, places):
    entries = Entry.objects.count()
    said = acts.set_up(ANSWERS, at=AT, dry_run=True)
    assert "site.hotline is set." in said.changes and said.invitations == {}
    assert Entry.objects.count() == entries and not Setting.objects.exists()
    assert not Account.objects.filter(username="admin").exists()


def test_never_over_a_demonstration(db, places):
    Installation.objects.update(kind="demo")
    with pytest.raises(OtherKind):
        acts.set_up(ANSWERS, at=AT, dry_run=False)
    assert not Setting.objects.exists()


def test_an_invitation_lets_choose_a_password_once(empty, places):
    code = acts.set_up(ANSWERS, at=timezone.now(), dry_run=False).invitations["admin"]
    client, words = Client(), "bốn từ khác nhau"
    assert client.post("/desk/join/", {"code": code}).status_code == 302
    client.post("/desk/join/password/", {"password": words, "again": words})
    assert Account.objects.get(username="admin").check_password(words)
    assert "error-summary" in Client().post("/desk/join/", {"code": code}).content.decode()


def test_a_first_administrator_administers_everything(empty, places):
    acts.set_up(replace(ANSWERS, administrators=(), officers=()), at=AT, dry_run=False)
    assert acts.first_administrator(username="chief", full_name="Trần Trưởng", title="Quản trị", at=AT)
    grant = Account.objects.get(username="chief").grants.get()
    assert (grant.role_id, grant.agency_path) == ("administrator", "/")
    assert (
        acts.first_administrator(username="chief", full_name="Trần Trưởng", title="Quản trị", at=AT) is None
    )


def test_an_officer_of_an_agency_that_is_not_there_is_refused(empty, places):
    lost = Person("lost", "Ai Đó", "Công chức", agency="12345")
    with pytest.raises(BadAnswers, match="There is no agency 12345"):
        acts.set_up(replace(ANSWERS, officers=(lost,)), at=AT, dry_run=False)


# The command.


def command(*arguments: str) -> str:
    output = io.StringIO()
    call_command("setup", *arguments, stdout=output)
    return output.getvalue()


def test_with_json_one_object_on_one_line(empty, tmp_path):
    said = command("--file", str(written(tmp_path, "site: {hotline: '1900 1234'}")), "--json")
    assert said.count("\n") == 1
    told = json.loads(said)
    assert "site.hotline is set." in told["changes"] and told["dry_run"] is False
    assert {"key", "state", "why"} == set(told["checklist"][0])


def test_without_a_terminal_a_file_is_needed(db):
    with pytest.raises(CommandError, match="name a file"):
        command()


def test_a_dry_run_where_nothing_is_there_asks_no_database(tmp_path):
    path = written(
        tmp_path, "province: {code: H44, name: Tỉnh Phú Thọ, place_code: '25'}\ntheme: {main: '#2c4a7c'}"
    )
    said = command("--file", str(path), "--dry-run", "--nothing-there")
    assert "Tỉnh Phú Thọ is entered" in said and "theme.main is set." in said


# By questions.


class Typing:
    """Answers in order; what is not listed is left as it is offered."""

    def __init__(self, **answers: str) -> None:
        self.answers, self.asked = answers, []

    def ask(self, question, default="", **_options):
        self.asked.append(str(question).strip())
        return self.answers.pop(str(question).strip().replace(" ", "_"), default)


def test_questions_are_checked_at_once_and_kept(empty, places, monkeypatch):
    typing = Typing(Telephone_number_for_help="call me")
    groups = {"Name and address: set up now?"}
    monkeypatch.setattr("motcua.config.setup.asking.Prompt.ask", typing.ask)
    monkeypatch.setattr(
        "motcua.config.setup.asking.Confirm.ask", lambda question, **_: str(question) in groups
    )
    console = mock.Mock()
    ask_everything(console, AT)
    said = " ".join(str(call.args[0]) for call in console.print.call_args_list if call.args)
    assert "Enter a telephone number" in said
    assert typing.asked.count("Telephone number for help") == 2
    assert Installation.objects.get().kind == "real"
