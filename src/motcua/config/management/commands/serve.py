"""`motcua serve`: the web server (granian, WSGI)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import Interfaces

from motcua.config.environment import environment


class Command(BaseCommand):
    help = "Serve portal and desk. One process by default; more with --workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1)
        parser.add_argument("--threads", type=int, default=4, help="requests a worker handles at once")

    def handle(self, *args: Any, **options: Any) -> None:
        if not environment.base_url:
            # It stands in QR codes of signed papers, and https in it makes cookies secure.
            raise CommandError(
                "MOTCUA_BASE_URL is not set: the address people use, as https://motcua.example.vn."
            )
        Granian(
            "motcua.config.wsgi:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
            respawn_failed_workers=True,
            log_access=False,
        ).serve()
