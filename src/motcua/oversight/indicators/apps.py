from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "motcua.oversight.indicators"
    label = "oversight_indicators"

    def ready(self) -> None:
        from motcua.casework.packs.contributions import register_lint
        from motcua.foundation.journal.contributions import register_consumer
        from motcua.oversight.indicators import linting, sources
        from motcua.oversight.indicators.consumers import CONSUMER
        from motcua.oversight.indicators.contributions import register_source
        from motcua.oversight.indicators.menu import register

        register_consumer(CONSUMER)
        register()
        register_lint(linting.FILES, linting.lint)
        register_source("publication", sources.publication)
        register_source("completeness", sources.completeness, is_state=True)
        register_source("offers", sources.offers, is_state=True)
