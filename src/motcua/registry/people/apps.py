from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "motcua.registry.people"
    label = "registry_people"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in

        from motcua.foundation.files.contributions import register_user
        from motcua.registry.access.contributions import register_identifier
        from motcua.registry.people import registrations, sections, setting_up
        from motcua.registry.people.adapters.eid import remember_freshness
        from motcua.registry.people.selectors import files_in_use, identify_citizen

        setting_up.register()
        register_identifier("citizen", identify_citizen)
        register_user("people", files_in_use)
        registrations.register()
        sections.register()
        user_logged_in.connect(remember_freshness, dispatch_uid="people.remember_freshness")
