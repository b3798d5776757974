from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "motcua.casework.dossiers"
    label = "casework_dossiers"

    def ready(self) -> None:
        from motcua.casework.dossiers import consumers, policies
        from motcua.casework.dossiers.menu import register
        from motcua.casework.dossiers.selectors import files_in_use
        from motcua.casework.dossiers.web.words import PROVEN
        from motcua.casework.warehouse.contributions import register_entry_words
        from motcua.foundation.files.contributions import register_user
        from motcua.foundation.journal.contributions import Consumer, register_consumer
        from motcua.registry.access.clients.scopes import register_scope

        register()
        consumers.register_purposes()
        register_consumer(
            Consumer(name=consumers.NAME, handle=consumers.handle, kinds=consumers.KINDS, starts_at_end=True)
        )
        register_user("dossiers", files_in_use)
        register_scope(policies.FILE, policies.FILE_WORDS)
        register_scope(policies.READ, policies.READ_WORDS)
        register_scope(policies.READ_AGENCY, policies.READ_AGENCY_WORDS)
        register_entry_words(PROVEN)
