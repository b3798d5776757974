"""`motcua serve`: the web server (granian, WSGI)."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from motcua.config.environment import environment
from motcua.foundation.installation.selectors import get, is_chosen, kind


def _refuse_mixing() -> None:
    """The demonstration lets in whoever clicks: never over real data, and its made-up people never among real ones."""
    there = kind()
    if settings.DEMO and there != "demo":
        raise CommandError(
            "MOTCUA_DEMO is set, and this database is not the demonstration's: unset it. `motcua demo` makes its own."
        )
    if there == "demo" and not settings.DEMO:
        raise CommandError(
            "This database holds the demonstration: made-up people, officers without passwords. "
            "Start it by `motcua demo`, or use another MOTCUA_VAR or MOTCUA_DATABASE_URL and run `motcua setup`."
        )


def let_go_of_databases() -> None:
    """To be called before processes are forked: a pool of connections does not survive it.

    The threads that make its connections stay behind, so that a copy never makes a new one, and each copy would talk
    over the same sockets.
    """
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()


class Command(BaseCommand):
    help = "Serve portal and desk. One process by default; more with --workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1)
        parser.add_argument("--threads", type=int, default=4, help="requests a worker handles at once")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_mixing()
        if not environment.base_url:
            # It stands in QR codes of signed papers, and https in it makes cookies secure.
            if not is_chosen("site.base_url"):
                raise CommandError(
                    "The address people use is not set: run `motcua setup`, or set MOTCUA_BASE_URL, "
                    "as https://motcua.example.vn."
                )
            os.environ["MOTCUA_SERVED_AT"] = get("site.base_url")
        let_go_of_databases()
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
