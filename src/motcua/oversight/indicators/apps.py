from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "motcua.oversight.indicators"
    label = "oversight_indicators"

    def ready(self) -> None:
        from motcua.foundation.journal.contributions import register_consumer
        from motcua.oversight.indicators.consumers import CONSUMER
        from motcua.oversight.indicators.menu import register

        register_consumer(CONSUMER)
        register()
