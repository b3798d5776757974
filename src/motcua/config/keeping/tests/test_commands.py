"""`motcua backup` and `motcua restore` from end to end: what they say about a sealed and stamped journal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from motcua.config.environment import environment
from motcua.config.keeping.restoring import verify_journal
from motcua.config.keeping.tests.test_keeping import OWNER, _place, db, into, site
from motcua.config.management.commands import backup
from motcua.foundation.journal import contributions
from motcua.foundation.journal.contributions import set_time_stamper
from motcua.foundation.journal.models import Leaf, Stamp
from motcua.foundation.journal.services import follow_once
from motcua.foundation.journal.tests.factories import entry, tamper
from motcua.foundation.signatures.tests.factories import running_stand_in
from motcua.foundation.signatures.timestamps import TimeStamper

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]
__all__ = ["db", "into", "site"]


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    with running_stand_in(tmp_path_factory.mktemp("tsa")) as running:
        yield running


@pytest.fixture
def made(site, stand_in, tmp_path, monkeypatch) -> Callable[[], Path]:
    """Backs the site up by the command; sealed, stamped, and with the file of heads outside of `var`."""
    heads = tmp_path / "other disk" / "heads.jsonl"
    monkeypatch.setattr(contributions, "_consumers", {})
    monkeypatch.setattr(contributions, "_single", {"time_stamper": None, "extract_maker": None})
    monkeypatch.setattr(settings, "JOURNAL_HEADS_FILE", heads)
    monkeypatch.setattr(settings, "VAR", site.var)
    monkeypatch.setattr(settings, "FILES_DIR", site.files)
    monkeypatch.setattr(backup, "_place", _place)
    monkeypatch.setattr(backup, "environment", replace(environment, journal_heads_file=heads))
    # The installation that is restored is one of its own, without the settings of these tests.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "motcua.config.settings.base")
    monkeypatch.setenv("MOTCUA_JOURNAL_HEADS_FILE", str(heads))
    monkeypatch.setenv("MOTCUA_TSA_URL", stand_in.url)
    (site.var / "signatures" / "trust" / "tsa").mkdir(parents=True, exist_ok=True)
    shutil.copy(stand_in.state / "authority.pem", site.var / "signatures" / "trust" / "tsa")
    (tmp_path / "identity").write_text(str(OWNER))
    set_time_stamper(TimeStamper(stand_in.url))
    for _ in range(3):
        entry()
    follow_once(stamp=True)
    assert Stamp.objects.exists()

    def make() -> Path:
        path = tmp_path / "b.tar"
        call_command("backup", str(path), "--recipient", str(OWNER.to_public()), "--json")
        return path

    return make


def restore(path: Path, folder: Path) -> None:
    call_command(
        "restore", str(path), "--into", str(folder), "--identity", str(path.parent / "identity"), "--json"
    )


def test_a_sealed_and_stamped_journal_is_restored_whole_wherever_its_heads_lay(
    made, into, tmp_path, monkeypatch, capsys
):
    path = made()
    restore(path, into)
    noted, facts = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "MOTCUA_JOURNAL_HEADS_FILE" not in noted["not_included"]
    assert facts["unchecked"] == []
    heads = tmp_path / "other disk" / "heads.jsonl"
    assert (into / "journal" / "heads.jsonl").read_bytes() == heads.read_bytes()

    # On a new machine without authority and heads it is still restored, and what was not looked at is named.
    (into / "journal" / "heads.jsonl").unlink()
    monkeypatch.delenv("MOTCUA_TSA_URL")
    assert [part.split(" (")[0] for part in verify_journal(into)] == [
        "whether the end of the journal was cut off",
        "the time stamps",
    ]
    monkeypatch.delenv("MOTCUA_JOURNAL_KEY", raising=False)
    (into / "secrets" / "journal_key").unlink(missing_ok=True)
    assert "MOTCUA_JOURNAL_KEY" in verify_journal(into)[0]


def test_a_journal_that_was_tampered_with_before_the_backup_is_called_not_whole(made, into):
    leaf = Leaf.objects.order_by("-position")[1]
    tamper(f"UPDATE foundation_journal_entry SET kind = 'dossier.signed' WHERE id = '{leaf.entry_id}'")
    path = made()
    with pytest.raises(
        CommandError, match=f"not whole: 1 faults, the first at position {leaf.position}: changed"
    ) as said:
        restore(path, into)
    assert said.value.returncode == 1
    assert (into / "journal" / "heads.jsonl").exists()
