from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "motcua.registry.catalogue"
    label = "registry_catalogue"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.foundation.ui.contributions import MenuEntry, register_menu
        from motcua.registry.catalogue import setting_up

        setting_up.register()
        register_menu(MenuEntry(area="portal", label=_("Procedures"), url_name="catalogue:search", order=10))
