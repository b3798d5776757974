from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "motcua.registry.organisations"
    label = "registry_organisations"

    def ready(self) -> None:
        from motcua.foundation.files.contributions import register_user
        from motcua.registry.access.contributions import register_home, register_identifier
        from motcua.registry.organisations import menu, setting_up
        from motcua.registry.organisations.selectors import files_in_use, identify_officer, next_home
        from motcua.registry.organisations.web import delegation_menu, found

        menu.register()
        delegation_menu.register()
        found.register()
        setting_up.register()
        register_identifier("officer", identify_officer)
        register_home(next_home)
        register_user("organisations", files_in_use)
