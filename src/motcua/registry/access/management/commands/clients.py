"""`motcua clients rotate-keys`: a new key for ID tokens, without a gap."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from motcua.registry.access.clients.keys import rotate_keys


class Command(BaseCommand):
    help = "System clients: rotate-keys makes a new key that ID tokens are signed with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_subparsers(dest="what", required=True).add_parser("rotate-keys")

    def handle(self, *args: Any, **options: Any) -> None:
        key = rotate_keys(at=timezone.now())
        starts = timezone.localtime(key.not_before)
        self.stdout.write(
            f"The new key signs from {starts:%Y-%m-%d %H:%M:%S}. The old one stays published for an hour."
        )
