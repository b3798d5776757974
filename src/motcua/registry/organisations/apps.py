from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "motcua.registry.organisations"
    label = "registry_organisations"

    def ready(self) -> None:
        from motcua.registry.access.contributions import register_identifier
        from motcua.registry.organisations.selectors import identify_officer

        register_identifier("officer", identify_officer)
