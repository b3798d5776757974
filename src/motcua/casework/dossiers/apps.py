from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    name = "motcua.casework.dossiers"
    label = "casework_dossiers"

    def ready(self) -> None:
        from motcua.casework.dossiers import consumers, own_data
        from motcua.casework.dossiers.menu import register
        from motcua.casework.dossiers.reassigning import count_tasks_of
        from motcua.casework.dossiers.selectors import count_open, files_in_use
        from motcua.casework.dossiers.services import (
            ended_papers,
            noting,
            reminding,
            reusing,
            warnings,
            warnings_of_paper,
        )
        from motcua.casework.dossiers.services.owners import move_dossiers
        from motcua.casework.dossiers.web import found
        from motcua.casework.dossiers.web.words import PROVEN
        from motcua.casework.warehouse.contributions import register_entry_words
        from motcua.foundation.files.contributions import register_user
        from motcua.registry.organisations.contributions import register_open_work, register_work_of_officers
        from motcua.registry.people.contributions import register_mover

        register_open_work("dossiers", _("open dossiers"), count_open)
        register_work_of_officers(count_tasks_of)
        register()
        found.register()
        reusing.register_sources()
        consumers.register_purposes()
        warnings.register_purposes()
        noting.register_purposes()
        reminding.register_purposes()
        warnings_of_paper.register_purposes()
        ended_papers.register_purposes()
        register_user("dossiers", files_in_use)
        register_entry_words(PROVEN)
        register_mover("dossiers", move_dossiers)
        own_data.register()
        _follow()
        _offer_scopes()


def _follow() -> None:
    from motcua.casework.dossiers import consumers
    from motcua.casework.dossiers.services import ended_papers
    from motcua.foundation.journal.contributions import Consumer, register_consumer

    for name, handle, handle_all, kinds in (
        (consumers.NAME, consumers.handle, consumers.handle_all, consumers.KINDS),
        (
            consumers.LINKED_NAME,
            consumers.follow_linked,
            consumers.follow_all_linked,
            consumers.LINKED_KINDS,
        ),
        (ended_papers.NAME, ended_papers.handle, None, ended_papers.KINDS),
    ):
        register_consumer(
            Consumer(name=name, handle=handle, handle_all=handle_all, kinds=kinds, starts_at_end=True)
        )


def _offer_scopes() -> None:
    from motcua.casework.dossiers import policies
    from motcua.registry.access.clients.scopes import register_scope

    register_scope(policies.FILE, policies.FILE_WORDS)
    register_scope(policies.READ, policies.READ_WORDS)
    register_scope(policies.READ_AGENCY, policies.READ_AGENCY_WORDS, by_two=True)
    register_scope(policies.HANDLE, policies.HANDLE_WORDS, by_two=True)
