from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "motcua.casework.packs"
    label = "casework_packs"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.casework.packs.versions.policies import RIGHT
        from motcua.casework.packs.versions.wording import version_words
        from motcua.foundation.ui.contributions import MenuEntry, register_menu
        from motcua.registry.catalogue.contributions import register_differences

        register_differences(version_words)
        register_menu(
            MenuEntry(
                area="desk",
                label=_("Versions of procedures"),
                url_name="versions:procedures",
                order=46,
                group=_("Work"),
                shows=lambda request: bool(request.actor.scopes(RIGHT)),  # type: ignore[attr-defined]
            )
        )
