"""`motcua examples [PACK] [NAME …]`: play a pack's worked examples on a database of their own, which is thrown away."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from motcua.casework.packs.examples.cast import Cast, example_files, read_example
from motcua.casework.packs.examples.play import play
from motcua.casework.packs.rules.worked import BadExample, Example
from motcua.casework.packs.services import BadPack, load_pack
from motcua.config.demo.cast import make_cast
from motcua.config.demo.world import build_world
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.registry.access.models import Account
from motcua.registry.people.services import Applicant, find_or_enter_applicant

# The made-up world is set up before the first example and within the life of its certificates.
_WORLD = datetime.combine(date(2026, 3, 2), time(8), VIETNAM)


class Command(BaseCommand):
    help = "Play the worked examples of a pack and say where the program does otherwise than they say."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", nargs="?", type=Path, default=settings.PACKS / "vn")
        parser.add_argument("names", nargs="*", metavar="NAME", help="of examples, without .yaml; else all")

    def handle(self, *args: Any, **options: Any) -> None:
        pack = options["pack"].resolve()
        try:
            examples = _chosen(pack, options["names"])
        except BadExample as error:
            raise CommandError("\n".join(error.findings)) from error
        with _stage(pack) as cast:
            wrong = sum(self._play(example, cast, pack) for example in examples)
        if wrong:
            raise CommandError(f"{wrong} of {len(examples)} examples differ")
        self.stdout.write(f"{len(examples)} examples hold.")

    def _play(self, example: Example, cast: Cast, pack: Path) -> bool:
        """Whether it differs; told line by line."""
        try:
            findings = play(example, cast, pack)
        except (BadExample, DomainError) as error:
            findings = [str(error)]
        for finding in findings:
            self.stdout.write(f"{example.code}: {finding}")
        return bool(findings)


def _chosen(pack: Path, names: list[str]) -> list[Example]:
    """Raises CommandError where there are none, BadExample with the file's name before what is wrong in it."""
    files = {path.stem: path for path in example_files(pack)}
    if unknown := sorted(set(names) - set(files)):
        raise CommandError(f"{pack} has no example {', '.join(unknown)}")
    if not files:
        raise CommandError(f"{pack} has no worked examples (tests/examples/*.yaml)")
    found, findings = [], []
    for name in names or files:
        try:
            found.append(read_example(files[name]))
        except BadExample as error:
            findings += [f"{files[name].name}: {finding}" for finding in error.findings]
    if findings:
        raise BadExample(findings)
    return found


@contextmanager
def _stage(pack: Path) -> Iterator[Cast]:
    """The made-up world and the pack in a new database. Raises CommandError where the pack cannot be loaded."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with transaction.atomic():
            build_world(at=_WORLD)
            load_pack(actor=SYSTEM, path=pack, at=_WORLD)
            yield make_cast(
                applicant=_citizen("025197004187", "Nguyễn Thị Hồng Nhung", date(1997, 8, 14)),
                neighbour=_citizen("025188002233", "Đinh Văn Láng Giềng", date(1988, 1, 2)),
                at=_WORLD,
            )
            transaction.set_rollback(True)
    except BadPack as error:
        raise CommandError(str(error)) from error
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _citizen(number: str, name: str, born: date) -> Actor:
    """Somebody who does not exist, with an account."""
    account = Account(kind=Account.Kind.CITIZEN)
    account.set_unusable_password()
    account.save(force_insert=True)
    described = Applicant(number, name, born, "female", "Khu 4, xã Lâm Thao")
    person = find_or_enter_applicant(described, actor=SYSTEM, at=_WORLD)
    return Actor(kind="citizen", account_id=account.pk, person_id=person.pk)
