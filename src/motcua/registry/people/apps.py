from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "motcua.registry.people"
    label = "registry_people"

    def ready(self) -> None:
        from motcua.foundation.files.contributions import register_user
        from motcua.registry.access.contributions import register_identifier
        from motcua.registry.people.selectors import files_in_use, identify_citizen

        register_identifier("citizen", identify_citizen)
        register_user("people", files_in_use)
