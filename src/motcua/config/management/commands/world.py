"""`motcua world`: load the demonstration's made-up world. Refuses outside the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.config.demo.world import build_world, enter_pictures


class Command(BaseCommand):
    help = "Load places, procedures and made-up officers for the demonstration (only with MOTCUA_DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Made-up officers are entered in the demonstration only (MOTCUA_DEMO=1).")
        now = timezone.now()
        counts = build_world(at=now)
        enter_pictures(at=now)
        self.stdout.write(
            "  " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
        )
