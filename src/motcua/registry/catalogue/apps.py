from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "motcua.registry.catalogue"
    label = "registry_catalogue"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.foundation.ui.contributions import MenuEntry, register_menu
        from motcua.foundation.ui.searching import SearchSource, register_search
        from motcua.registry.access.clients.scopes import register_scope
        from motcua.registry.access.contributions import register_landing
        from motcua.registry.catalogue import setting_up
        from motcua.registry.catalogue.policies import RIGHT
        from motcua.registry.catalogue.selectors import list_online_procedures
        from motcua.registry.catalogue.web.searching import find_procedures
        from motcua.registry.organisations.delegation.contributions import register_procedures

        setting_up.register()
        register_procedures(list_online_procedures)
        register_menu(MenuEntry(area="portal", label=_("Procedures"), url_name="catalogue:browse", order=10))
        register_search(SearchSource(area="desk", title=_("Procedures"), find=find_procedures, order=40))
        register_menu(
            MenuEntry(
                "desk",
                _("Doubtful values"),
                "catalogue-desk:doubts",
                66,
                group=_("Catalogue"),
                shows=lambda request: bool(request.actor.scopes(RIGHT)),  # type: ignore[attr-defined]
            )
        )
        register_menu(
            MenuEntry(
                "desk",
                _("Sought in vain"),
                "catalogue-desk:sought",
                67,
                group=_("Catalogue"),
                shows=lambda request: bool(request.actor.scopes(RIGHT)),  # type: ignore[attr-defined]
            )
        )
        register_landing(RIGHT, "catalogue-desk:doubts")
        from motcua.registry.catalogue.offers.menu import register as register_offers

        register_offers()
        # The name is fixed here and in rest.py, which needs the API's library.
        register_scope("procedures:read", _("Find procedures and read their forms"))
