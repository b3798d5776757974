from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "motcua.registry.access"
    label = "registry_access"

    def ready(self) -> None:
        from motcua.registry.access import rights, setting_up, signals
        from motcua.registry.access.services import accounts, factors, roles, telling

        rights.register()
        telling.register_purposes()
        for module in (accounts, factors, roles):
            module.register()
        signals.connect()
        setting_up.register()
        from motcua.registry.access.clients import granting, provider
        from motcua.registry.access.clients.scopes import CITIZEN, DESK, register_scope

        granting.register()
        register_scope("openid", provider.OPENID, sign_in=True)
        register_scope("profile", provider.PROFILE, sign_in=True)
        register_scope("officer", provider.OFFICER, sign_in=True)
        register_scope(DESK, provider.DESK_WORDS, sign_in=True)
        register_scope(CITIZEN, provider.CITIZEN_WORDS, sign_in=True)
