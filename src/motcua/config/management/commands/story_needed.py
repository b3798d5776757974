"""`motcua story_needed`: exit status 0 while nobody has submitted a dossier, 1 afterwards."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from motcua.casework.dossiers.selectors import has_dossiers


class Command(BaseCommand):
    help = "End with 0 while there is no dossier, with 1 afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(1 if has_dossiers() else 0)
