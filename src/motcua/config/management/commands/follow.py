"""`motcua follow`: seals the journal, has it time-stamped, and lets its consumers follow."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from motcua.foundation.journal.services import Follower, follow_once


class Command(BaseCommand):
    help = "Seal the journal and let its consumers follow. Several may run; one of them works at a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when everything is sealed and followed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            sealed = follow_once(stamp=True)
            self.stdout.write(f"{sealed} entries sealed.")
            return
        follower = Follower()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: follower.stop())
        follower.run()
