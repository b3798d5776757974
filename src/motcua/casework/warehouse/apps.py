from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "motcua.casework.warehouse"
    label = "casework_warehouse"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.casework.warehouse.selectors import files_in_use
        from motcua.foundation.files.contributions import register_user
        from motcua.foundation.ui.contributions import MenuEntry, register_menu

        register_menu(
            MenuEntry(area="portal", label=_("Check a document"), url_name="warehouse:verify", order=30)
        )
        register_user("warehouse", files_in_use)
