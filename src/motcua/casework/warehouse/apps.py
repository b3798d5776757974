from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "motcua.casework.warehouse"
    label = "casework_warehouse"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.casework.warehouse import consumers, setting_up
        from motcua.casework.warehouse.selectors import export_documents, files_in_use
        from motcua.casework.warehouse.services import move_documents
        from motcua.casework.warehouse.sharing import erase_shares_of, export_shares
        from motcua.foundation.files.contributions import register_user
        from motcua.foundation.journal.contributions import Consumer, register_consumer
        from motcua.foundation.notifications.contributions import register_purpose
        from motcua.foundation.ui.contributions import MenuEntry, register_menu
        from motcua.registry.access.clients.scopes import register_scope
        from motcua.registry.people.contributions import (
            PersonalData,
            register_mover,
            register_personal_data,
        )

        register_menu(
            MenuEntry(area="portal", label=_("Check a document"), url_name="warehouse:verify", order=30)
        )
        register_menu(
            MenuEntry(
                area="account",
                label=_("My documents"),
                url_name="documents:list",
                order=5,
                shows=lambda request: bool(request.actor.kind == "citizen"),  # type: ignore[attr-defined]
            )
        )
        setting_up.register()
        for purpose in consumers.PURPOSES.values():
            register_purpose(purpose)
        register_consumer(
            Consumer(name=consumers.NAME, handle=consumers.handle, kinds=consumers.KINDS, starts_at_end=True)
        )
        register_user("warehouse", files_in_use)
        # The name is fixed here and in rest.py, which needs the API's library.
        register_scope("documents:verify", _("Check documents by their code or file"))
        register_mover("documents", move_documents)
        register_personal_data(
            PersonalData(
                "results",
                _("Results issued to you"),
                export_documents,
                None,
                _("Whoever you show a result to must be able to check it (Decree 45/2020/NĐ-CP art. 16)."),
                retention="dossier.file",
            )
        )
        register_personal_data(
            PersonalData(
                "shares",
                _("Documents you shared by a code"),
                export_shares,
                erase_shares_of,
                _("May go at your wish; else they go by themselves."),
                retention="share.ended",
            )
        )
