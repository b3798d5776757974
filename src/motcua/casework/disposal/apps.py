from django.apps import AppConfig


class DisposalConfig(AppConfig):
    name = "motcua.casework.disposal"
    label = "casework_disposal"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from motcua.casework.disposal.policies import RIGHTS
        from motcua.casework.disposal.services import register_kind
        from motcua.foundation.ui.contributions import MenuEntry, register_menu

        register_kind()
        register_menu(
            MenuEntry(
                area="desk",
                label=_("Disposition"),
                url_name="disposal:lists",
                order=44,
                group=_("Work"),
                below=("/desk/disposal/",),
                shows=lambda request: bool(request.actor.scopes(*RIGHTS)),  # type: ignore[attr-defined]
            )
        )
