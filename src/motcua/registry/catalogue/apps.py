from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "motcua.registry.catalogue"
    label = "registry_catalogue"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.foundation.ui.contributions import MenuEntry, register_menu
        from motcua.registry.access.clients.scopes import register_scope

        register_menu(MenuEntry(area="portal", label=_("Procedures"), url_name="catalogue:search", order=10))
        # The name is fixed here and in rest.py, which needs the API's library.
        register_scope("procedures:read", _("Find procedures and read their forms"))
