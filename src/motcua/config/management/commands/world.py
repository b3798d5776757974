"""`motcua world`: load the demonstration's made-up world. Refuses outside the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from motcua.config.demo.hall import enter_appointments
from motcua.config.demo.world import build_world, enter_pictures, enter_province_leader
from motcua.foundation.installation.errors import OtherKind
from motcua.foundation.installation.selectors import kind
from motcua.registry.access.models import Account


class Command(BaseCommand):
    help = "Load places, procedures and made-up officers for the demonstration (only with MOTCUA_DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Made-up officers are entered in the demonstration only (MOTCUA_DEMO=1).")
        now = timezone.now()
        officers = Account.objects.filter(kind=Account.Kind.OFFICER)
        # A demonstration of before has no kind yet: its people signed in, its officers are all made up.
        if kind() == "" and officers.exclude(username__startswith="demo.").exists():
            raise CommandError("There are people in this database already: made-up ones are not mixed in.")
        try:
            counts = build_world(at=now)
        except OtherKind as error:
            with translation.override("en"):
                raise CommandError(str(error)) from error
        enter_province_leader(at=now)
        enter_pictures(at=now)
        enter_appointments(at=now)
        self.stdout.write(
            "  " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
        )
