from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "motcua.community.helpdesk"
    label = "community_helpdesk"

    def ready(self) -> None:
        from motcua.community.helpdesk import messages, own_data
        from motcua.community.helpdesk.menu import register

        messages.register_purposes()
        own_data.register()
        register()
