from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "motcua.registry.people"
    label = "registry_people"

    def ready(self) -> None:
        from motcua.registry.access.contributions import register_identifier
        from motcua.registry.people import setting_up
        from motcua.registry.people.selectors import identify_citizen

        setting_up.register()
        register_identifier("citizen", identify_citizen)
