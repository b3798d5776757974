from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "motcua.casework.warehouse"
    label = "casework_warehouse"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.casework.warehouse.selectors import files_in_use
        from motcua.casework.warehouse.services import move_documents
        from motcua.foundation.files.contributions import register_user
        from motcua.foundation.ui.contributions import MenuEntry, register_menu
        from motcua.registry.people.contributions import register_mover

        register_menu(
            MenuEntry(area="portal", label=_("Check a document"), url_name="warehouse:verify", order=30)
        )
        register_user("warehouse", files_in_use)
        register_mover("documents", move_documents)
