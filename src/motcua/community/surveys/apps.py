from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "motcua.community.surveys"
    label = "community_surveys"

    def ready(self) -> None:
        from motcua.community.surveys import menu, messages, own_data
        from motcua.community.surveys.services import asking
        from motcua.foundation.journal.contributions import Consumer, register_consumer

        messages.register_purposes()
        own_data.register()
        menu.register()
        register_consumer(
            Consumer(
                name=asking.NAME,
                handle=asking.follow,
                handle_all=asking.follow_all,
                kinds=asking.KINDS,
                starts_at_end=True,
            )
        )
