from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "motcua.doors.portal"
    label = "doors_portal"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.doors.portal import help, menu, sections
        from motcua.doors.portal.web.places import find_places
        from motcua.foundation.ui.searching import SearchSource, register_search

        menu.register()
        help.register()
        sections.register()
        register_search(SearchSource(area="portal", title=_("Places"), find=find_places, order=50))
