from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "motcua.foundation.journal"
    label = "foundation_journal"

    def ready(self) -> None:
        from motcua.foundation.journal.roles import grant_app_role

        # After the last app, so that every table exists; procrastinate's and Django's own included.
        post_migrate.connect(grant_app_role, dispatch_uid="journal:grant_app_role")
