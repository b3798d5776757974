from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "motcua.casework.dossiers"
    label = "casework_dossiers"

    def ready(self) -> None:
        from motcua.casework.dossiers.consumers import register_purposes
        from motcua.casework.dossiers.menu import register
        from motcua.casework.dossiers.selectors import files_in_use
        from motcua.foundation.files.contributions import register_user

        register()
        register_purposes()
        register_user("dossiers", files_in_use)
