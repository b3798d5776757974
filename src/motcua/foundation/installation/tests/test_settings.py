"""Settings: who changes them, what holds, what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from motcua.foundation.installation import contributions, selectors
from motcua.foundation.installation.contributions import Declaration, Trial
from motcua.foundation.installation.errors import (
    BadSettings,
    NoReasonGiven,
    OtherKind,
    SetByOperator,
    StaleSettings,
    TrialFailed,
)
from motcua.foundation.installation.models import Installation, Setting
from motcua.foundation.installation.selectors import get, is_chosen
from motcua.foundation.installation.services import Change, become, change_settings, run_trial
from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.retention import load_rules

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ADMINISTRATOR = Actor(
    kind="officer", account_id=UUID(int=1), person_id=UUID(int=2), grants=(("administrator", "/"),)
)


def change(group, actor=ADMINISTRATOR, version=None, reason="", **values):
    asked = Change(group, {f"{group}.{name}": value for name, value in values.items()}, version, reason)
    return change_settings(actor=actor, change=asked, at=AT)


def test_a_change_holds_at_once_and_is_an_entry_without_the_values():
    assert change("site", hotline="0210 384 7000") == ["site.hotline"]
    assert get("site.hotline") == "0210 384 7000"
    entry = Entry.objects.get(kind="setting.changed")
    told = entry.facts["changes"]["site.hotline"]
    assert told["before"] == "" and len(told["after"]) == 32
    assert "0210" not in str(entry.facts)


def test_what_does_not_differ_is_no_entry():
    change("site", hotline="1900 1234")
    assert change("site", hotline="1900 1234") == []
    assert Entry.objects.filter(kind="setting.changed").count() == 1


def test_the_usual_value_or_none_takes_the_choice_back():
    change("site", hotline="1900 1234")
    change("site", hotline="")
    assert not is_chosen("site.hotline") and get("site.hotline") == "1022"
    change("site", hotline="1022")
    assert not is_chosen("site.hotline")


def test_a_secret_is_encrypted_at_rest_and_never_described():
    change("mail", password="bí mật của tỉnh")
    assert "mật" not in str(Setting.objects.get(pk="mail.password").value)
    assert get("mail.password") == "bí mật của tỉnh"
    described = {it.declaration.key: it for it in selectors.describe("mail")}["mail.password"]
    assert described.value is None and described.is_set
    assert "mật" not in str(Entry.objects.get(kind="setting.changed").facts)


def test_a_secret_hidden_under_another_key_reads_as_not_set(settings):
    change("mail", password="one")
    settings.SECRET_KEY = "another secret of the installation"
    assert get("mail.password") == ""


def test_the_environment_wins_and_cannot_be_changed(settings):
    change("site", place_name="Tỉnh Lai Châu")
    settings.OPERATOR_VARIABLES, settings.PLACE_NAME = frozenset({"MOTCUA_PLACE_NAME"}), "Tỉnh Sơn La"
    assert get("site.place_name") == "Tỉnh Sơn La"
    with pytest.raises(SetByOperator):
        change("site", place_name="Tỉnh Lai Châu")


def test_only_who_administers_everything_may_change_anything():
    for grants in ((), (("operator", "/"),), (("administrator", "/H44/"),)):
        with pytest.raises(Refused):
            change("site", actor=Actor(kind="officer", grants=grants), hotline="1900 1234")
    assert not Setting.objects.exists()


def test_a_stale_form_changes_nothing():
    version = selectors.group_version("site")
    change("site", version=version, hotline="1900 1234")
    with pytest.raises(StaleSettings):
        change("site", version=version, hotline="1900 5678")
    assert get("site.hotline") == "1900 1234"


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        ("site", "hotline", "call me"),
        ("site", "base_url", "http://motcua.example.vn"),
        ("site", "base_url", "https://motcua.example.vn/path"),
        ("eid", "issuer", "https://user:password@eid.example.vn"),
        ("eid", "issuer", "http://169.254.169.254/latest"),
        ("eid", "issuer", "file:///etc/passwd"),
        ("eid", "issuer", "https://eid.example.vn\\@evil.example"),
        ("mail", "host", "smtp.example.vn:25 x"),
        ("mail", "port", "70000"),
        ("mail", "security", "some"),
        ("mail", "sender", "nobody"),
        ("theme", "main", "#ffee00"),
        ("languages", "offered", ["vi", "xx"]),
        ("languages", "default", "fr"),
    ],
)
def test_refuses_a_value_that_cannot_work(group, name, value):
    with pytest.raises(BadSettings) as refused:
        change(group, **{name: value})
    assert list(refused.value.problems) == [f"{group}.{name}"]
    assert not Setting.objects.exists()


def test_a_period_of_keeping_needs_a_reason_and_reaches_the_sweeps(settings):
    values = {"retention.draft.idle": "90"}
    with pytest.raises(NoReasonGiven):
        change_settings(actor=ADMINISTRATOR, change=Change("retention", values), at=AT)
    asked = Change("retention", values, reason="Quyết định 12/QĐ-UBND")
    change_settings(actor=ADMINISTRATOR, change=asked, at=AT)
    assert load_rules(settings.RETENTION_FILE)["draft.idle"].days == 90
    entry = Entry.objects.get(kind="setting.changed")
    assert Detail.objects.get(entry=entry).values == {"reason": "Quyết định 12/QĐ-UBND"}


def test_a_period_is_never_below_the_laws_minimum(tmp_path):
    path = tmp_path / "retention.yaml"
    path.write_text(
        "rules:\n- {thing: draft.idle, event: saved, days: 180, least: 100, source: Law, note: n}\n", "utf-8"
    )
    asked = Change("retention", {"retention.draft.idle": "30"}, reason="shorter")
    change_settings(actor=ADMINISTRATOR, change=asked, at=AT)
    assert load_rules(path)["draft.idle"].days == 100


def test_reading_asks_the_database_once_a_second_at_most():
    selectors.forget()
    get("site.hotline")
    with CaptureQueriesContext(connection) as asked:
        for _number in range(1000):
            get("site.place_name")
            get("mail.host")
    # The thousand rounds may last longer than a second on a busy machine.
    assert len(asked) <= 2


def test_what_another_process_saved_is_seen():
    selectors.forget()
    assert get("site.hotline") == "1022"
    Setting.objects.create(key="site.hotline", value="1900 1234", changed_at=AT)
    selectors.forget()
    assert get("site.hotline") == "1022"  # the stamp says that nothing changed
    Installation.objects.update(stamp=7)
    selectors.forget()
    assert get("site.hotline") == "1900 1234"


@pytest.fixture
def trial(monkeypatch):
    monkeypatch.setattr(contributions, "_trials", {})

    def run(asked: str) -> str:
        if asked == "fail":
            raise TrialFailed("It did not work.")
        return "It worked."

    contributions.register_trial(Trial("t", "site", "Try", run, "What"))


def test_a_trial_stands_until_its_settings_change(trial):
    assert selectors.has_worked("t") is None
    assert run_trial(actor=ADMINISTRATOR, key="t", asked="x", at=AT) == "It worked."
    assert selectors.has_worked("t")
    change("site", hotline="1900 1234")
    assert selectors.has_worked("t") is None


def test_a_trial_that_failed_is_an_entry_too(trial):
    with pytest.raises(TrialFailed):
        run_trial(actor=ADMINISTRATOR, key="t", asked="fail", at=AT)
    assert Entry.objects.get(kind="setting.tried").facts == {"trial": "t", "succeeded": False}
    assert selectors.has_worked("t") is None


def test_demonstration_and_real_installation_are_never_mixed():
    Installation.objects.update(kind="")  # the world of other tests is a demonstration
    assert become(Installation.Kind.REAL, at=AT)
    assert not become(Installation.Kind.REAL, at=AT)
    with pytest.raises(OtherKind, match="real installation"):
        become(Installation.Kind.DEMO, at=AT)
    assert selectors.kind() == "real"


def test_a_setting_cannot_be_declared_twice():
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        contributions.register_setting(Declaration("site.name", "text", "x"))


def test_every_requirement_says_how_it_stands():
    found = selectors.checklist(AT)
    assert {"administrators", "procedures", "eid", "mail", "backup"} <= {it.key for it, _standing in found}
    assert all(str(standing.why) for _it, standing in found)


def test_the_system_may_set_up():
    assert change("site", actor=SYSTEM, hotline="1900 1234") == ["site.hotline"]


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Luật Bảo vệ dữ liệu cá nhân"), ("de", "Gesetz über den")]
)
def test_the_law_behind_a_period_is_named_in_the_readers_language(language, words):
    with translation.override(language):
        assert words in str(contributions.declaration("retention.stored_file.unused").help)
