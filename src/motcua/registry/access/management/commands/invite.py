"""`motcua invite USERNAME`: a code with which an officer comes in, for the first administrator of an installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.access.models import Account
from motcua.registry.access.services.accounts import invite


class Command(BaseCommand):
    help = (
        "Makes an invitation: a code, good once and for 72 hours, with which the officer chooses a password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        officers = Account.objects.filter(kind=Account.Kind.OFFICER, is_active=True)
        account = officers.filter(username=options["username"]).first()
        if not account:
            raise CommandError("There is no open account of an officer with this user name.")
        code = invite(actor=SYSTEM, account_id=account.id, at=timezone.now())
        self.stdout.write(f"{code}\n{get('site.base_url')}{reverse('access:join')}")
