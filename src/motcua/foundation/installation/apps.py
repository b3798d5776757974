from django.apps import AppConfig


class InstallationConfig(AppConfig):
    name = "motcua.foundation.installation"
    label = "foundation_installation"

    def ready(self) -> None:
        from motcua.foundation.installation import own
        from motcua.foundation.installation.appearance import appearance
        from motcua.foundation.kernel.retention import set_chosen_periods
        from motcua.foundation.ui.contributions import set_appearance

        own.register()
        set_appearance(appearance)
        set_chosen_periods(own.chosen_periods)
