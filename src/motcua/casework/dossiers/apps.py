from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "motcua.casework.dossiers"
    label = "casework_dossiers"

    def ready(self) -> None:
        from motcua.casework.dossiers.consumers import register_purposes
        from motcua.casework.dossiers.menu import register

        register()
        register_purposes()
