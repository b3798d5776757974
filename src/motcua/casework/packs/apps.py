from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "motcua.casework.packs"
    label = "casework_packs"

    def ready(self) -> None:
        from motcua.casework.packs.captured import follow_decided
        from motcua.registry.catalogue.contributions import follow_decisions

        follow_decisions(follow_decided)
