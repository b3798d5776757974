"""`motcua nation load [--json]`: enter the People's Committees of all provinces and communes."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.registry.organisations.nation import load_nation
from motcua.registry.places.services import PlacesMissing


class Command(BaseCommand):
    help = "Enter the People's Committees of all provinces and communes. What is there stays."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["load"])
        parser.add_argument("--json", action="store_true", help="one object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if not options["json"]:
            self.stderr.write("Entering agencies …")
        try:
            loaded = load_nation(at=timezone.now())
        except PlacesMissing as error:
            raise CommandError("The data of places are not installed. Run `make setup`.") from error
        seconds = round(time.monotonic() - started, 1)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(loaded) | {"seconds": seconds}))
        else:
            self.stdout.write(f"{loaded.provinces} provinces, {loaded.communes} communes in {seconds} s.")
